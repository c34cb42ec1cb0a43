package migrate

import (
	"context"
	"strings"
	"testing"
	"time"

	"godwit/ir/catalog"
)

// TestActionsAreThere: a foreign key that changes rows on the source and is not on the target, or acts there in another way,
// stops the run before it applies anything: what the key changes is not in the source's log.
func TestActionsAreThere(t *testing.T) {
	t.Parallel()
	r := newRig(t, families()[0])
	r.my("CREATE TABLE p (id int primary key, code int not null, key (code))")
	r.my("CREATE TABLE c (id int primary key, code int, CONSTRAINT c_code FOREIGN KEY (code) REFERENCES p (code) ON DELETE CASCADE ON UPDATE SET NULL)")
	r.my("INSERT INTO p VALUES (1, 10), (2, 20), (3, 30)")
	r.my("INSERT INTO c VALUES (1, 10), (2, 20), (3, 30)")
	r.pg("CREATE TABLE p (id int primary key, code int not null)")
	r.pg("CREATE TABLE c (id int primary key, code int)")
	child := r.table("c", []string{"id"}, col("id", tInt), col("code", tInt))
	child.ForeignKeys = []*catalog.ForeignKey{{Name: "c_code", Columns: []string{"code"}, RefTable: "p", RefColumns: []string{"code"}, OnDelete: "CASCADE", OnUpdate: "SET NULL"}}
	opts := Options{Tables: []*catalog.Table{r.table("p", []string{"id"}, col("id", tInt), col("code", tInt)), child}, Until: Until{Loaded: true}}
	run(t, r.task(), opts)
	r.my("DELETE FROM p WHERE id = 1")
	r.my("UPDATE p SET code = 21 WHERE id = 2")
	opts.Until = Until{CaughtUp: true}
	stops := func(want string) {
		t.Helper()
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if _, err := Run(ctx, r.task(), opts); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
		if got := r.dump("SELECT string_agg(id || ':' || code, ' ' ORDER BY id) FROM p"); got != "1:10 2:20 3:30" {
			t.Errorf("rows were changed: %s", got)
		}
	}
	stops("c_code")
	r.pg("ALTER TABLE p ADD UNIQUE (code)")
	r.pg("ALTER TABLE c ADD FOREIGN KEY (code) REFERENCES p (code) ON DELETE CASCADE")
	stops("ON UPDATE SET NULL")
	r.pg("ALTER TABLE c DROP CONSTRAINT c_code_fkey, ADD FOREIGN KEY (code) REFERENCES p (code) ON DELETE CASCADE ON UPDATE SET NULL")
	run(t, r.task(), opts)
	r.same("SELECT CONCAT(id, ' ', COALESCE(code, 0)) FROM c ORDER BY id", "SELECT concat(id, ' ', coalesce(code, 0)) FROM c ORDER BY id")
}

// TestTruncateReferred: a table that foreign keys refer to is emptied as on the source; where the source left rows that refer to
// nothing, the run stops before.
func TestTruncateReferred(t *testing.T) {
	t.Parallel()
	r := newRig(t, families()[0])
	r.my("CREATE TABLE p (id int primary key, code int)")
	r.my("CREATE TABLE c (id int primary key, code int, CONSTRAINT c_p FOREIGN KEY (code) REFERENCES p (id) ON DELETE CASCADE)")
	r.my("INSERT INTO p VALUES (1, 1), (2, 2)")
	r.my("INSERT INTO c VALUES (1, 1), (2, NULL)")
	r.pg("CREATE TABLE p (id int primary key, code int)")
	r.pg("CREATE TABLE c (id int primary key, code int REFERENCES p ON DELETE CASCADE)")
	child := r.table("c", []string{"id"}, col("id", tInt), col("code", tInt))
	child.ForeignKeys = []*catalog.ForeignKey{{Name: "c_p", Columns: []string{"code"}, RefTable: "p", RefColumns: []string{"id"}, OnDelete: "CASCADE"}}
	opts := Options{Tables: []*catalog.Table{r.table("p", []string{"id"}, col("id", tInt), col("code", tInt)), child}, Until: Until{CaughtUp: true}}
	run(t, r.task(), opts)
	r.db.SetMaxOpenConns(1)
	r.my("SET SESSION foreign_key_checks = 0")
	r.my("TRUNCATE c")
	r.my("TRUNCATE p")
	r.my("INSERT INTO p VALUES (5, 5)")
	r.my("INSERT INTO c VALUES (3, NULL), (4, 5)")
	run(t, r.task(), opts)
	r.same("SELECT CONCAT(id, ' ', code) FROM p ORDER BY id", "SELECT concat(id, ' ', code) FROM p ORDER BY id")
	r.same("SELECT CONCAT(id, ' ', COALESCE(code, 0)) FROM c ORDER BY id", "SELECT concat(id, ' ', coalesce(code, 0)) FROM c ORDER BY id")
	r.my("TRUNCATE p")
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	task := r.task()
	task.Apply.OnError = "except"
	if _, err := Run(ctx, task, opts); err == nil || !strings.Contains(err.Error(), "foreign_key_checks") {
		t.Errorf("error %v", err)
	}
}

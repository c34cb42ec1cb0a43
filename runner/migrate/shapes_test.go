package migrate

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"godwit/runner/postgres"
)

// TestTargetMadeAnew: a column of the target that is dropped and added again by hand, or a table that is made anew, has its name and
// takes what comes, while what was there is gone: the task tells of it, whether it runs then or not, and ends well behind a reload.
func TestTargetMadeAnew(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, sql, says string }{
		{"column", "ALTER TABLE a DROP COLUMN n, ADD COLUMN n int", `column "public"."a"."n" was dropped and added again`},
		{"column of another type", "ALTER TABLE a DROP COLUMN n, ADD COLUMN n text", `column "public"."a"."n" was dropped and added again`},
		{"table", "DROP TABLE a; CREATE TABLE public.a (id int primary key, n int)", `table "public"."a" was made anew`},
		{"table in another's place", "ALTER TABLE a RENAME TO was; CREATE TABLE public.a (LIKE was INCLUDING ALL); INSERT INTO a SELECT * FROM was", `table "public"."a" was made anew`},
	} {
		for _, running := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, running %v", c.name, running), func(t *testing.T) {
				t.Parallel()
				testTargetMadeAnew(t, c.sql, c.says, running)
			})
		}
	}
}

func testTargetMadeAnew(t *testing.T, sql, says string, running bool) {
	r := newRig(t, families()[0])
	opts := small(r)
	task := r.task()
	task.Name = "bank"
	run(t, task, opts)
	var err error
	if running {
		opts.Until = Until{}
		ctx, cancel := context.WithTimeout(context.Background(), 40*time.Second)
		defer cancel()
		time.AfterFunc(time.Second, func() { r.pg(sql) })
		_, err = Run(ctx, task, opts)
		opts.Until = Until{CaughtUp: true}
	} else {
		r.pg(sql)
		_, err = Run(context.Background(), task, opts)
	}
	if !errors.Is(err, postgres.ErrTarget) || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "godwit reload TASK.yaml "+r.schema+".a") {
		t.Fatalf("error %v", err)
	}
	r.my("UPDATE a SET n = n + 7 WHERE id %% 2 = 0")
	r.request("a")
	run(t, task, opts)
	r.sameSmall()
	r.my("UPDATE a SET n = n + 1 WHERE id < 100")
	run(t, task, opts)
	r.sameSmall()
}

// TestTargetAlteredByHand: what keeps the rows may be done by hand, and a table whose rows were brought over otherwise can stay.
func TestTargetAlteredByHand(t *testing.T) {
	t.Parallel()
	r := newRig(t, families()[0])
	opts := small(r)
	r.my("CREATE TABLE b (id int primary key)")
	r.pg("CREATE TABLE b (id int primary key)")
	opts.Tables = append(opts.Tables, r.table("b", []string{"id"}, col("id", tInt)))
	run(t, r.task(), opts)
	for _, sql := range []string{
		"ALTER TABLE a ALTER COLUMN n TYPE bigint", "ALTER TABLE a ADD COLUMN mine text DEFAULT 'x'", "ALTER TABLE a DROP COLUMN mine, ADD COLUMN mine int",
		"CREATE INDEX ON a (n)", "VACUUM FULL a", "ALTER TABLE a ALTER COLUMN n SET NOT NULL",
		`CREATE TABLE public.z (LIKE a INCLUDING ALL); INSERT INTO z SELECT * FROM a; DROP TABLE a; ALTER TABLE z RENAME TO a;
			DELETE FROM godwit.shapes WHERE task = 'test' AND nsp = 'public' AND tbl = 'a'`,
		"CREATE TABLE public.s AS SELECT * FROM godwit.shapes; DROP TABLE godwit.shapes; ALTER TABLE b RENAME TO c; CREATE TABLE public.b AS SELECT * FROM c; ALTER TABLE b ADD PRIMARY KEY (id)",
	} {
		r.pg(sql)
		r.my("UPDATE a SET n = n + 1 WHERE id %% 3 = 0")
		run(t, r.task(), opts)
		r.sameSmall()
	}
}

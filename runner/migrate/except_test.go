package migrate

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"godwit/ir/catalog"
	"godwit/ir/types"
	"godwit/runner/verify"
)

// TestExceptedValues has values with the policy except in the load, by groups of small tables and by chunks, and in the stream:
// exactly their rows are set aside, with all of the row.
func TestExceptedValues(t *testing.T) {
	eachFamily(t, allFamilies(), func(t *testing.T, r *rig) {
		r.db.SetMaxOpenConns(1)
		r.my("SET SESSION sql_mode = ''")
		var tables []*catalog.Table
		names := []string{"a", "big"}
		for _, name := range names {
			r.my("CREATE TABLE %s (id int primary key, d datetime, n varchar(20), g varchar(20) character set greek, x int)", name)
			r.pg(fmt.Sprintf("CREATE TABLE %s (id int primary key, d timestamp, n varchar(20), g varchar(20), x int)", name))
			tables = append(tables, r.table(name, []string{"id"}, col("id", tInt), col("d", types.DateTime{}), col("n", types.Text{N: 20, Charset: "utf8mb4"}),
				col("g", types.Text{N: 20, Charset: "greek"}), col("x", tInt)))
			r.my("INSERT INTO %s VALUES (1, '0000-00-00', 'n', 'g', 1), (2, '2026-01-01', CONCAT('a', CHAR(0)), 'g', 2), (3, '2026-01-01', 'n', x'41d2', 3), (4, '2026-01-01', 'n', x'e1', 4), (5, NULL, NULL, NULL, 5)", name)
		}
		r.my("INSERT INTO big SELECT id + 10, d, n, g, x FROM big WHERE id IN (4, 5)")
		for i := 20; i < 20<<9; i *= 2 {
			r.my("INSERT INTO big SELECT id + %d, d, n, g, x FROM big WHERE id > 10", i)
		}
		task := r.task()
		task.Values = Values{ZeroDates: "except", NUL: "except", InvalidText: "except"}
		opts := Options{Tables: tables, Until: Until{Loaded: true}}
		if _, err := Run(context.Background(), task, opts); err == nil || !strings.Contains(err.Error(), "apply.on_error") {
			t.Fatalf("except without on_error: %v", err)
		}
		task.Apply.OnError = "except"
		if res := run(t, task, opts); res.Exceptions != 6 {
			t.Errorf("%d rows of the load were set aside", res.Exceptions)
		}
		bad := `%[1]s id="1" load - {"id":"1","d":"0000-00-00 00:00:00","n":"n","g":"g","x":"1"}` + "\n" +
			`%[1]s id="2" load - {"id":"2","d":"2026-01-01 00:00:00","n":"a\u0000","g":"g","x":"2"}` + "\n" +
			`%[1]s id="3" load - {"id":"3","d":"2026-01-01 00:00:00","n":"n","g":{"hex":"41d2"},"x":"3"}`
		const aside = "SELECT concat_ws(' ', split_part(tbl, '.', 2), key, kind, coalesce(before, '-'), after) FROM godwit.exceptions %s ORDER BY 1"
		if got, want := r.dump(fmt.Sprintf(aside, "")), fmt.Sprintf(bad+"\n", names[0])+fmt.Sprintf(bad, names[1]); got != want {
			t.Errorf("set aside:\n%s\nwant\n%s", got, want)
		}
		for _, name := range names {
			r.same("SELECT CONCAT_WS(' ', id, x) FROM "+name+" WHERE id > 3 ORDER BY id", "SELECT concat_ws(' ', id, x) FROM "+name+" ORDER BY id")
		}
		// The stream: a row that becomes bad, one that is inserted so, one whose row was set aside, and good ones.
		r.my("UPDATE a SET g = x'd2', x = 6 WHERE id = 4")
		r.my("INSERT INTO a VALUES (6, '2026-00-01', 'n', 'g', 6), (7, '2026-01-01', 'n', 'g', 7)")
		r.my("UPDATE a SET x = 8 WHERE id = 1")
		r.my("UPDATE a SET x = 8 WHERE id = 7")
		opts.Until = Until{CaughtUp: true}
		if res := run(t, task, opts); res.Exceptions != 3 {
			t.Errorf("%d rows of the stream were set aside", res.Exceptions)
		}
		if got, want := r.dump("SELECT concat_ws(' ', id, x) FROM a ORDER BY id"), "4 4\n5 5\n7 8"; got != want {
			t.Errorf("%q, want %q", got, want)
		}
		want := `a id="1" update {"id":"1","d":"0000-00-00 00:00:00","n":"n","g":"g","x":"1"} {"id":"1","d":"0000-00-00 00:00:00","n":"n","g":"g","x":"8"}` + "\n" +
			`a id="4" update {"id":"4","d":"2026-01-01 00:00:00","n":"n","g":"α","x":"4"} {"id":"4","d":"2026-01-01 00:00:00","n":"n","g":{"hex":"d2"},"x":"6"}` + "\n" +
			`a id="6" insert - {"id":"6","d":"2026-00-01 00:00:00","n":"n","g":"g","x":"6"}`
		if got := r.dump(fmt.Sprintf(aside, "WHERE kind <> 'load'")); got != want {
			t.Errorf("set aside:\n%s\nwant\n%s", got, want)
		}
		// What was set aside is missing, and verification says so.
		if rep := r.verify(task, tables); rep.Tables[0].State == verify.Verified || rep.Tables[1].State == verify.Verified {
			t.Errorf("%+v", rep.Tables)
		}
	})
}

// TestExceptedLabels has labels that are no text with the policy except.
func TestExceptedLabels(t *testing.T) {
	eachFamily(t, oldFamilies(), func(t *testing.T, r *rig) {
		tables := badLabels(r)
		r.my("INSERT INTO e VALUES (1, 2, 1, 2), (2, 1, 6, 2), (3, 3, 1, 2)")
		task := r.task()
		task.Values.InvalidText, task.Apply.OnError = "except", "except"
		if res := run(t, task, Options{Tables: tables, Until: Until{CaughtUp: true}}); res.Exceptions != 2 {
			t.Errorf("%d rows of the load were set aside", res.Exceptions)
		}
		r.my("INSERT INTO e VALUES (4, 1, 5, 2), (5, 2, 1, 2), (6, 1, 3, 2)")
		if res := run(t, task, Options{Tables: tables, Until: Until{CaughtUp: true}}); res.Exceptions != 2 {
			t.Errorf("%d rows of the stream were set aside", res.Exceptions)
		}
		if got, want := r.dump("SELECT concat_ws(' ', id, g, s) FROM e ORDER BY id"), "3 α a\n4 a a,b"; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	})
}

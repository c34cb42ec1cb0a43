package migrate

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"godwit/ir/catalog"
	"godwit/ir/types"
	"godwit/runner/enginetest"
)

// badLabels is a table whose labels are no text, as the servers take them that check labels only when they print them, and the
// schema as such a server prints it.
func badLabels(r *rig) []*catalog.Table {
	r.db.SetMaxOpenConns(1)
	r.my("SET SESSION sql_mode = ''")
	r.my("CREATE TABLE e (id int primary key, g enum('a',x'41d2',x'e1') character set greek, s set('a',x'd242','b') character set greek, q enum('?','b') character set greek)")
	r.pg("CREATE TABLE e (id int primary key, g text CHECK (g IN ('', 'a', 'A?', 'α')), s text, q text CHECK (q IN ('?', 'b')))")
	return []*catalog.Table{r.table("e", []string{"id"}, col("id", tInt), col("g", types.Enum{Values: []string{"a", "A?", "α"}, Charset: "greek"}),
		col("s", types.Set{Values: []string{"a", "?B", "b"}, Charset: "greek"}), col("q", types.Enum{Values: []string{"?", "b"}, Charset: "greek"}))}
}

func oldFamilies() []family {
	return []family{{"mariadb", enginetest.FreshMariaDB}, {"mariadb 11.4", enginetest.FreshMariaDB114}, {"mysql 5.7", enginetest.FreshMySQL57}}
}

// TestInvalidLabels has labels of ENUM and SET that are no text: the stream, which has their numbers only, is as strict as the
// load, and both replace them by the schema's form where the task says so.
func TestInvalidLabels(t *testing.T) {
	eachFamily(t, oldFamilies(), func(t *testing.T, r *rig) {
		tables := badLabels(r)
		full := strings.HasPrefix(f(t), "mariadb")
		task := r.task()
		fails := func(until Until, id, column string) {
			t.Helper()
			_, err := Run(context.Background(), task, Options{Tables: tables, Until: until})
			for _, want := range []string{".e", "column " + column, `id="` + id + `"`, "values.invalid_text"} {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("the error lacks %q: %v", want, err)
				}
			}
		}
		r.my("INSERT INTO e VALUES (1, 3, 4, 2), (2, 0, 0, NULL)")
		run(t, task, Options{Tables: tables, Until: Until{CaughtUp: true}})
		r.my("INSERT INTO e VALUES (3, 1, 1, 2)")
		r.my("UPDATE e SET g = 2 WHERE id = 1")
		fails(Until{CaughtUp: true}, "1", "g")
		task.Values.Columns = map[string]ColumnValues{r.schema + ".e.g": {InvalidText: "replace"}}
		run(t, task, Options{Tables: tables, Until: Until{CaughtUp: true}})
		r.my("UPDATE e SET s = 7 WHERE id = 1")
		fails(Until{CaughtUp: true}, "1", "s")
		task.Values.InvalidText = "replace"
		run(t, task, Options{Tables: tables, Until: Until{CaughtUp: true}})
		r.verified(task, tables)
		want := "1 A? a,?B,b b\n2    \n3 a a b"
		if got := r.dump("SELECT concat_ws(' ', id, g, s, coalesce(q, ' ')) FROM e ORDER BY id"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
		// The same rows by the load.
		task.Name, task.Values = "again", Values{}
		r.pg("TRUNCATE e")
		fails(Until{Loaded: true}, "1", "g")
		task.Values.InvalidText = "replace"
		run(t, task, Options{Tables: tables, Until: Until{CaughtUp: true}})
		if got := r.dump("SELECT concat_ws(' ', id, g, s, coalesce(q, ' ')) FROM e ORDER BY id"); got != want {
			t.Errorf("the load: %q, want %q", got, want)
		}
		// A question mark that is one: only the log's metadata tells.
		task.Name, task.Values = "third", Values{Columns: map[string]ColumnValues{r.schema + ".e.g": {InvalidText: "replace"}, r.schema + ".e.s": {InvalidText: "replace"}}}
		r.pg("TRUNCATE e")
		run(t, task, Options{Tables: tables, Until: Until{CaughtUp: true}})
		r.my("UPDATE e SET q = '?' WHERE id = 2")
		if !full {
			fails(Until{CaughtUp: true}, "2", "q")
			return
		}
		run(t, task, Options{Tables: tables, Until: Until{CaughtUp: true}})
		if got := r.dump("SELECT q FROM e WHERE id = 2"); got != "?" {
			t.Errorf("%q", got)
		}
	})
}

// TestManyLabels follows ENUMs and SETs of all sizes of their numbers: from 512 labels on the log's size of an ENUM was taken for that
// of another definition.
func TestManyLabels(t *testing.T) {
	eachFamily(t, oldFamilies(), func(t *testing.T, r *rig) {
		var defs, targets []string
		cols := []*catalog.Column{col("id", tInt)}
		add := func(kind string, n int, ty func([]string) types.Type) {
			name := fmt.Sprint(kind[:1], n)
			labels := make([]string, n)
			for i := range labels {
				labels[i] = fmt.Sprintf("%s%d", name, i+1)
			}
			defs, targets = append(defs, name+" "+kind+"('"+strings.Join(labels, "','")+"')"), append(targets, name+" text")
			cols = append(cols, col(name, ty(labels)))
		}
		enums, sets := []int{1, 255, 256, 511, 512, 3000}, []int{1, 8, 9, 16, 17, 24, 25, 32, 33, 64}
		for _, n := range enums {
			add("enum", n, func(v []string) types.Type { return types.Enum{Values: v, Charset: "utf8mb4"} })
		}
		for _, n := range sets {
			add("set", n, func(v []string) types.Type { return types.Set{Values: v, Charset: "utf8mb4"} })
		}
		r.my("CREATE TABLE e (id int primary key, %s) CHARACTER SET utf8mb4", strings.Join(defs, ", "))
		r.pg("CREATE TABLE e (id int primary key, " + strings.Join(targets, ", ") + ")")
		opts := Options{Tables: []*catalog.Table{r.table("e", []string{"id"}, cols...)}, Until: Until{CaughtUp: true}}
		insert := func(id int) { // the last label of each
			v := []string{fmt.Sprint(id)}
			for _, n := range enums {
				v = append(v, fmt.Sprint(n))
			}
			for _, n := range sets {
				v = append(v, fmt.Sprintf("'s%d%d'", n, n))
			}
			r.my("INSERT INTO e VALUES (%s)", strings.Join(v, ", "))
		}
		insert(1)
		run(t, r.task(), opts)
		insert(2)
		r.my("UPDATE e SET e3000 = 257, e512 = 511, e256 = 1 WHERE id = 1")
		run(t, r.task(), opts)
		r.verified(r.task(), opts.Tables)
	})
}

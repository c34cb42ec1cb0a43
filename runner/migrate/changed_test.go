package migrate

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"

	"godwit/ir/catalog"
	"godwit/runner/change"
)

// failingSink loads no table of a name.
type failingSink struct {
	Sink
	table string
}

func (s failingSink) Load(ctx context.Context, c change.Chunk, rows iter.Seq2[*change.Batch, error], span func() (change.Span, error)) (change.Loaded, error) {
	if c.Table.Catalog.Name == s.table {
		return change.Loaded{}, errors.New("the load is interrupted")
	}
	return s.Sink.Load(ctx, c, rows, span)
}

// TestSchemaChangeBetweenLoads: a table whose schema changed before it was loaded stops the task with ways out that work.
func TestSchemaChangeBetweenLoads(t *testing.T) {
	eachFamily(t, families(), func(t *testing.T, r *rig) {
		for _, name := range []string{"a", "b"} {
			r.my("CREATE TABLE %s (id int primary key, n int)", name)
			r.my("INSERT INTO %s VALUES (1, 1), (2, 2)", name)
			r.pg("CREATE TABLE " + name + " (id int primary key, n int)")
		}
		table := func(name string, more ...*catalog.Column) *catalog.Table {
			return r.table(name, []string{"id"}, append([]*catalog.Column{col("id", tInt), col("n", tInt)}, more...)...)
		}
		task := r.task()
		full := task
		full.Defaults()
		opts := Options{Tables: []*catalog.Table{table("a"), table("b")}, Until: Until{CaughtUp: true}}
		broken := opts
		broken.OpenSink = func(ctx context.Context) (Sink, error) {
			s, err := OpenSink(ctx, &full, opts.Logger)
			return failingSink{s, "b"}, err
		}
		if _, err := Run(context.Background(), task, broken); err == nil || !strings.Contains(err.Error(), "interrupted") {
			t.Fatal(err)
		}
		r.my("ALTER TABLE b ADD COLUMN m int DEFAULT 5")
		r.my("INSERT INTO b VALUES (3, 3, 3)")
		r.my("INSERT INTO a VALUES (3, 3)")
		for range 2 {
			_, err := Run(context.Background(), task, opts)
			for _, want := range []string{".b has the columns", "tables.exclude", "another name", "empty target tables"} {
				if !errors.Is(err, change.ErrSchema) || !strings.Contains(err.Error(), want) {
					t.Errorf("the error lacks %q: %v", want, err)
				}
			}
		}
		// Without the table.
		task.Tables.Exclude = []string{"b"}
		run(t, task, opts)
		r.same("SELECT CONCAT(id, ' ', n) FROM a ORDER BY id", "SELECT concat(id, ' ', n) FROM a ORDER BY id")
		// Anew.
		r.pg("DROP TABLE a, b; CREATE TABLE public.a (id int primary key, n int); CREATE TABLE public.b (id int primary key, n int, m int)")
		task.Name, task.Tables.Exclude = "anew", nil
		opts.Tables = []*catalog.Table{table("a"), table("b", col("m", tInt))}
		run(t, task, opts)
		r.my("UPDATE b SET m = m + 1")
		run(t, task, opts)
		r.same("SELECT CONCAT(id, ' ', n, ' ', m) FROM b ORDER BY id", "SELECT concat(id, ' ', n, ' ', m) FROM b ORDER BY id")
	})
}

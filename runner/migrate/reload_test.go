package migrate

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"godwit/ir/catalog"
	"godwit/runner/postgres"
)

// without leaves tables out.
func without(tables []*catalog.Table, names ...string) []*catalog.Table {
	return slices.DeleteFunc(slices.Clone(tables), func(t *catalog.Table) bool { return slices.Contains(names, t.Name) })
}

// beside runs a task until the result is called, which gives its error.
func beside(t *testing.T, task Task, opts Options) (stop func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		_, err := Run(ctx, task, opts)
		ended <- err
	}()
	stop = sync.OnceValue(func() error { cancel(); return <-ended })
	t.Cleanup(func() { stop() })
	return stop
}

func (r *rig) request(tables ...string) {
	r.t.Helper()
	c, err := pgx.Connect(context.Background(), r.dstURL)
	if err != nil {
		r.t.Fatal(err)
	}
	defer c.Close(context.Background())
	for i := range tables {
		tables[i] = r.schema + "." + tables[i]
	}
	if err := postgres.Request(context.Background(), c, "bank", tables); err != nil {
		r.t.Fatal(err)
	}
}

// until waits for a condition of the target.
func (r *rig) until(cond string) {
	r.t.Helper()
	ask := pgRow[bool](r.dstURL, "SELECT "+cond)
	for end := time.Now().Add(90 * time.Second); !ask(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			r.t.Fatalf("waited in vain for %s", cond)
		}
	}
}

const isConsistent = "phase = 'consistent' FROM godwit.progress WHERE task = 'bank'"

// TestReload loads tables of a running task again while clerks work: one with a unique key, a group bound by a cascade,
// and one without key.
func TestReload(t *testing.T) {
	eachFamily(t, families(), func(t *testing.T, r *rig) {
		r.my("%s", bankMy)
		fillBank(r)
		r.pg(bankPg)
		// Keys that are in the way of a load.
		hooks := bankHooks(r.dstURL)
		opts := Options{Tables: bank(r.schema), Hooks: hooks}
		stop := beside(t, bankTask(r.srcURL, r.dstURL), opts)
		r.until(isConsistent)
		ctx, cancel := context.WithCancel(context.Background())
		clerks := startClerks(ctx, t, r.db, 7)
		defer func() { cancel(); clerks.wait() }()
		time.Sleep(500 * time.Millisecond)
		for _, q := range []string{"ALTER TABLE transfers ADD CONSTRAINT of_a FOREIGN KEY (a) REFERENCES accounts (id)",
			"UPDATE filler SET s = 'broken' WHERE id % 70 = 0", "UPDATE items SET n = -1", "UPDATE accounts SET seen = '1999-01-01'"} {
			for pgExec(r.dstURL, q) != nil { // a deadlock with the stream
			}
		}
		r.request("filler", "items", "notes", "accounts")
		r.until("count(*) = 0 FROM godwit.requests")
		r.until(isConsistent)
		if n := r.dump("SELECT count(*)::text FROM godwit.dropped_keys"); n != "0" {
			t.Errorf("%s keys were not made again", n)
		}
		if n := r.dump("SELECT count(*)::text FROM pg_constraint WHERE conname IN ('of_a', 'items_o') AND convalidated"); n != "2" {
			t.Errorf("%s of 2 foreign keys are there", n)
		}
		if n := r.dump("SELECT count(*)::text FROM pg_index WHERE indrelid = 'filler'::regclass AND indisunique"); n != "2" {
			t.Errorf("%s of 2 unique keys are there", n)
		}
		time.Sleep(300 * time.Millisecond)
		cancel()
		if n := clerks.wait(); n < 100 {
			t.Errorf("only %d transactions happened", n)
		}
		if err := stop(); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		opts.Until = Until{CaughtUp: true}
		run(t, bankTask(r.srcURL, r.dstURL), opts)
		compareBank(r)
	})
}

// TestAddAndDropTables changes the selection of a task that has begun.
func TestAddAndDropTables(t *testing.T) {
	t.Parallel()
	r := newRig(t, families()[1])
	r.my("%s", bankMy)
	fillBank(r)
	r.pg(bankPg)
	task, hooks := bankTask(r.srcURL, r.dstURL), bankHooks(r.dstURL)
	all := bank(r.schema)
	some := Options{Tables: without(all, "transfers", "items"), Hooks: hooks}
	stop := beside(t, task, some)
	r.until(isConsistent)
	ctx, cancel := context.WithCancel(context.Background())
	clerks := startClerks(ctx, t, r.db, 9)
	defer func() { cancel(); clerks.wait() }()
	time.Sleep(500 * time.Millisecond)
	if err := stop(); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	more := Options{Tables: without(all, "accounts"), Hooks: hooks}
	stop = beside(t, task, more)
	r.until("count(DISTINCT tbl) = 5 FROM godwit.chunks WHERE loaded_at IS NOT NULL")
	r.until(isConsistent)
	time.Sleep(500 * time.Millisecond)
	cancel()
	clerks.wait()
	if err := stop(); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	every := Options{Tables: all, Hooks: hooks, Until: Until{CaughtUp: true}}
	if _, err := Run(context.Background(), task, every); !errors.Is(err, postgres.ErrTarget) || !strings.Contains(err.Error(), "accounts") {
		t.Errorf("an added table with rows: %v", err)
	}
	r.pg("TRUNCATE accounts")
	run(t, task, every)
	compareBank(r)
	changed := slices.Clone(all)
	changed[0] = tableOf(r.schema, "accounts", []string{"id"}, col("id", tInt), col("balance", tText))
	if _, err := Run(context.Background(), task, Options{Tables: changed, Hooks: hooks}); !errors.Is(err, ErrOtherTask) || !strings.Contains(err.Error(), "accounts") {
		t.Errorf("other columns: %v", err)
	}
	task.Values.NUL = "strip"
	run(t, task, every) // from stop to something: what is there already is the same under both
	task.Values.NUL = "replace:?"
	if _, err := Run(context.Background(), task, every); !errors.Is(err, ErrOtherTask) || !strings.Contains(err.Error(), "policies") {
		t.Errorf("other policies: %v", err)
	}
}

var _ Reloader = postgresSink{}

// TestSelectionOfOldForm is refused when it is not the same.
func TestSelectionOfOldForm(t *testing.T) {
	r := &runner{selection: selectionForm + "x\ny a.b"}
	if _, _, err := r.differs("0123456789abcdef", false); !errors.Is(err, ErrOtherTask) {
		t.Errorf("%v", err)
	}
	if a, d, err := r.differs(selectionForm+"x\nz a.c", false); err != nil || len(a) != 1 || len(d) != 1 {
		t.Errorf("%v %v %v", a, d, err)
	}
}

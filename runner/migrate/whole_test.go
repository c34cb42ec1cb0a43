package migrate

import (
	"context"
	"testing"

	"godwit/runner/change"
)

// TestWhole calls one hook in place of two where the load left no window, with every key made before it.
func TestWhole(t *testing.T) {
	t.Parallel()
	r := newRig(t, families()[0])
	r.my("%s", bankMy)
	fillBank(r)
	r.pg(bankPg)
	r.pg("ALTER TABLE filler ADD CONSTRAINT filler_s UNIQUE (id, s)")
	task, both := bankTask(r.srcURL, r.dstURL), bankHooks(r.dstURL).Whole
	task.Load.Workers, task.Load.Lock = 1, "never" // one reader knows its moment without a lock
	calls := 0
	not := func(context.Context, []*change.Table) error {
		t.Error("a hook for a load with a window was called")
		return nil
	}
	hooks := Hooks{Loaded: not, Consistent: not, Whole: func(ctx context.Context, tables []*change.Table) error {
		calls++
		if n := r.dump("SELECT count(*)::text FROM godwit.put_off"); n != "0" {
			t.Errorf("%s keys are put off still", n)
		}
		return both(ctx, tables)
	}}
	opts := Options{Tables: bank(r.schema), Hooks: hooks, Until: Until{Loaded: true}}
	run(t, task, opts)
	if calls != 1 || r.dump("SELECT phase FROM godwit.progress") != "consistent" {
		t.Errorf("%d calls, phase %s", calls, r.dump("SELECT phase FROM godwit.progress"))
	}
	if n := r.dump("SELECT count(*)::text FROM pg_constraint WHERE conname IN ('filler_s', 'filler_pkey', 'items_o') AND convalidated"); n != "3" {
		t.Errorf("%s of 3 keys are there", n)
	}
	opts.Until = Until{CaughtUp: true}
	run(t, task, opts)
	if calls != 1 {
		t.Errorf("%d calls", calls)
	}
	compareBank(r)
}

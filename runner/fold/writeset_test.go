package fold

import (
	"math/rand/v2"
	"testing"

	"godwit/runner/change"
)

// What meets and what does not.
func TestWriteSet(t *testing.T) {
	w := newWorld()
	f := New(w.tables)
	r := rowOf
	set := func(kind change.Kind, t *change.Table, before, after change.Row) *WriteSet {
		return f.WriteSet([]*change.Tx{one(kind, t, before, after)})
	}
	parent := set(change.Insert, w.parent, nil, r(1, 7, 0))
	for _, x := range []struct {
		name string
		a, b *WriteSet
		want bool
	}{
		{"rows of other keys", parent, set(change.Insert, w.parent, nil, r(2, 8, 0)), false},
		{"the same row", parent, set(change.Update, w.parent, r(1, 7, 0), r(1, 7, 1)), true},
		{"the same unique value", parent, set(change.Delete, w.parent, r(3, 7, 0), nil), true},
		{"a unique value given up by an update", parent, set(change.Update, w.parent, r(3, 7, 0), r(3, -1, 0)), true},
		{"a unique value of another table", parent, set(change.Insert, w.child, nil, r(9, -1, 7, 0)), false},
		{"a child of the new row", parent, set(change.Insert, w.child, nil, r(9, 1, 9, 0)), true},
		{"a child that leaves", set(change.Delete, w.parent, r(1, 7, 0), nil), set(change.Update, w.child, r(9, 1, 9, 0), r(9, 2, 9, 0)), true},
		{"a child of a row that stays", set(change.Update, w.parent, r(1, 7, 0), r(1, 7, 1)), set(change.Insert, w.child, nil, r(9, 1, 9, 0)), false},
		{"two children of a row", set(change.Insert, w.child, nil, r(8, 1, 8, 0)), set(change.Insert, w.child, nil, r(9, 1, 9, 0)), false},
		{"tables that a cascade connects", set(change.Insert, w.bound, nil, r(1, 0)), set(change.Insert, w.cascade, nil, r(5, -1, 0)), true},
		{"and what refers to them", set(change.Insert, w.bound, nil, r(1, 0)), set(change.Insert, w.loose, nil, r(5, -1, -1)), true},
		{"a table without key", set(change.Insert, w.keyless, nil, r(1, 0)), set(change.Delete, w.keyless, r(2, 0), nil), true},
		{"TRUNCATE", parent, f.WriteSet([]*change.Tx{{Changes: []change.Change{{Kind: change.Truncate, Table: w.tree}}}}), true},
	} {
		if x.a.Meets(x.b) != x.want || x.b.Meets(x.a) != x.want {
			t.Errorf("%s: meets %v, want %v", x.name, x.a.Meets(x.b), x.want)
		}
	}
}

// Neighbours whose write-sets do not meet can trade places: each can be applied first, and the result is the same.
func TestWriteSetsThatDoNotMeetCommute(t *testing.T) {
	w := newWorld()
	f := New(w.tables)
	apart := 0
	for seed := range uint64(1500) {
		rnd := rand.New(rand.NewPCG(seed, 11))
		m := newModel()
		keys := 10 + rnd.IntN(60)
		history(rnd, w, m, 40, keys)
		start := m.clone()
		txs := history(rnd, w, m, 6, keys)
		a, b := txs[:3], txs[3:]
		if f.WriteSet(a).Meets(f.WriteSet(b)) {
			continue
		}
		apart++
		for _, tx := range append(append([]*change.Tx{}, b...), a...) {
			for i := range tx.Changes {
				if err := start.apply(w, &tx.Changes[i]); err != nil {
					t.Fatalf("seed %d: %v%s\nafter%s", seed, err, shownTxs(a), shownTxs(b))
				}
			}
		}
		if got, want := start.dump(w), m.dump(w); got != want {
			t.Fatalf("seed %d: the other order leaves\n%s\nwant\n%s", seed, got, want)
		}
	}
	if apart < 100 {
		t.Errorf("only %d pairs did not meet", apart)
	}
}

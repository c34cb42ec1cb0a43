package fold

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"godwit/runner/change"
)

// randomRow is a row with values from a small range, so that keys, unique values and references meet often.
func randomRow(rnd *rand.Rand, t *change.Table, n int) change.Row {
	r := make([]int, len(t.Columns))
	for i := range r {
		r[i] = rnd.IntN(n)
		if i > 0 && rnd.IntN(4) == 0 {
			r[i] = -1
		}
	}
	return rowOf(r...)
}

// randomChange is a change that the model takes; ok is false when it does not.
func randomChange(rnd *rand.Rand, w *world, m *model, n int) (c change.Change, ok bool) {
	t := w.tables[rnd.IntN(len(w.tables))]
	c = change.Change{Kind: change.Kind(rnd.IntN(3)), Table: t}
	rows := 1 + rnd.IntN(2)
	for range rows {
		var before change.Row
		if c.Kind != change.Insert {
			if len(m.rows[t]) == 0 {
				return c, false
			}
			before = slices.Clone(m.rows[t][rnd.IntN(len(m.rows[t]))])
			c.Before = append(c.Before, before)
		}
		switch c.Kind {
		case change.Insert:
			c.After = append(c.After, randomRow(rnd, t, n))
		case change.Update:
			after := slices.Clone(before)
			for _, i := range []int{rnd.IntN(len(after)), rnd.IntN(len(after))} {
				if v := randomRow(rnd, t, n)[i]; v != nil || i > 0 {
					after[i] = v
				}
			}
			c.After = append(c.After, after)
		}
	}
	if rnd.IntN(200) == 0 {
		c = change.Change{Kind: change.Truncate, Table: t}
	}
	try := m.clone()
	if try.apply(w, &c) != nil {
		return c, false
	}
	*m = *try
	return c, true
}

// history is random transactions from a state on, which it changes.
func history(rnd *rand.Rand, w *world, m *model, n, keys int) []*change.Tx {
	var out []*change.Tx
	for range n {
		tx := &change.Tx{}
		for range 1 + rnd.IntN(4) {
			if c, ok := randomChange(rnd, w, m, keys); ok {
				tx.Changes = append(tx.Changes, c)
			}
		}
		out = append(out, tx)
	}
	return out
}

// What transactions do one after the other, their fold does at once, and a target with all its keys takes it.
func TestFoldIsTheSame(t *testing.T) {
	w := newWorld()
	f := New(w.tables)
	folded, changes, rows := 0, 0, 0
	const rounds = 1500
	for seed := range uint64(rounds) {
		rnd := rand.New(rand.NewPCG(seed, 7))
		m := newModel()
		keys := 4 + rnd.IntN(30)
		history(rnd, w, m, 30, keys)
		start := m.clone()
		txs := history(rnd, w, m, 1+rnd.IntN(30), keys)
		out, ok := f.Fold(txs)
		if !ok {
			continue
		}
		folded++
		for i := range out {
			rows += out[i].Rows()
			if err := start.apply(w, &out[i]); err != nil {
				t.Fatalf("seed %d: folded change %d of %s: %v\n%s", seed, i, shown(out), err, shownTxs(txs))
			}
		}
		for _, tx := range txs {
			for i := range tx.Changes {
				changes += tx.Changes[i].Rows()
			}
		}
		if got, want := start.dump(w), m.dump(w); got != want {
			t.Fatalf("seed %d: the fold leaves\n%s\nwant\n%s\n%s", seed, got, want, shownTxs(txs))
		}
	}
	t.Logf("%d of %d folded, %d rows to %d", folded, rounds, changes, rows)
	if folded < rounds/2 || rows > changes {
		t.Errorf("only %d of %d were folded, %d rows to %d", folded, rounds, changes, rows)
	}
}

func shown(changes []change.Change) string {
	var b strings.Builder
	for _, c := range changes {
		fmt.Fprintf(&b, "\n  %s %s", c.Kind, c.Table.Name())
		for i := range c.Rows() {
			b.WriteString(" [")
			if c.Before != nil {
				b.WriteString(text(c.Before[i]))
			}
			b.WriteString(" > ")
			if c.After != nil {
				b.WriteString(text(c.After[i]))
			}
			b.WriteString("]")
		}
	}
	return b.String()
}

func shownTxs(txs []*change.Tx) string {
	var b strings.Builder
	for _, tx := range txs {
		b.WriteString("\ntransaction" + shown(tx.Changes))
	}
	return b.String()
}

func one(kind change.Kind, t *change.Table, before, after change.Row) *change.Tx {
	c := change.Change{Kind: kind, Table: t}
	if before != nil {
		c.Before = []change.Row{before}
	}
	if after != nil {
		c.After = []change.Row{after}
	}
	return &change.Tx{Changes: []change.Change{c}}
}

// The net effect, case by case.
func TestFold(t *testing.T) {
	w := newWorld()
	p, c := w.parent, w.child
	in := func(t *change.Table, v ...int) *change.Tx { return one(change.Insert, t, nil, rowOf(v...)) }
	del := func(t *change.Table, v ...int) *change.Tx { return one(change.Delete, t, rowOf(v...), nil) }
	up := func(t *change.Table, a, b change.Row) *change.Tx { return one(change.Update, t, a, b) }
	r := rowOf
	for _, x := range []struct {
		name string
		txs  []*change.Tx
		want string
	}{
		{"insert, delete", []*change.Tx{in(p, 1, 1, 1), del(p, 1, 1, 1)}, ""},
		{"insert, update", []*change.Tx{in(p, 1, 1, 1), up(p, r(1, 1, 1), r(1, 1, 2))}, "insert s.parent [ > 1 1 2]"},
		{"update, delete", []*change.Tx{up(p, r(1, 1, 1), r(1, 1, 2)), del(p, 1, 1, 2)}, "delete s.parent [1 1 1 > ]"},
		{"delete, insert", []*change.Tx{del(p, 1, 1, 1), in(p, 1, 1, 5)}, "update s.parent [1 1 1 > 1 1 5]"},
		{"update, update", []*change.Tx{up(p, r(1, 1, 1), r(1, 1, 2)), up(p, r(1, 1, 2), r(1, 1, 3))}, "update s.parent [1 1 1 > 1 1 3]"},
		{"there and back", []*change.Tx{up(p, r(1, 1, 1), r(1, 1, 2)), up(p, r(1, 1, 2), r(1, 1, 1))}, ""},
		{"moves", []*change.Tx{up(p, r(1, 1, 1), r(2, 1, 1)), up(p, r(2, 1, 1), r(3, 1, 1))}, "delete s.parent [1 1 1 > ]; insert s.parent [ > 3 1 1]"},
		{"moves and back", []*change.Tx{up(p, r(1, 1, 1), r(2, 1, 1)), up(p, r(2, 1, 1), r(1, 1, 1))}, ""},
		{"a deleted row does not come back", []*change.Tx{up(p, r(1, 1, 1), r(2, 1, 1)), del(p, 2, 1, 1)}, "delete s.parent [1 1 1 > ]"},
		{"parent first", []*change.Tx{in(p, 1, 1, 1), in(c, 1, 1, 1, 1)}, "insert s.parent [ > 1 1 1]; insert s.child [ > 1 1 1 1]"},
		{"child first", []*change.Tx{del(c, 1, 1, 1, 1), del(p, 1, 1, 1)}, "delete s.child [1 1 1 1 > ]; delete s.parent [1 1 1 > ]"},
		{"a child turns to a new parent, the old one goes", []*change.Tx{in(p, 2, 2, 1), up(c, r(1, 1, 1, 1), r(1, 2, 1, 1)), del(p, 1, 1, 1)},
			"insert s.parent [ > 2 2 1]; update s.child [1 1 1 1 > 1 2 1 1]; delete s.parent [1 1 1 > ]"},
		{"a unique value is handed on", []*change.Tx{del(c, 1, -1, 5, 1), in(c, 2, -1, 5, 1)}, "delete s.child [1 - 5 1 > ]; insert s.child [ > 2 - 5 1]"},
		{"unique values are traded", []*change.Tx{up(c, r(1, -1, 5, 1), r(1, -1, -1, 1)), up(c, r(2, -1, 6, 1), r(2, -1, 5, 1)), up(c, r(1, -1, -1, 1), r(1, -1, 6, 1))},
			"delete s.child [1 - 5 1 > ] [2 - 6 1 > ]; insert s.child [ > 1 - 6 1] [ > 2 - 5 1]"},
		{"of parents too, which has no order", []*change.Tx{up(p, r(1, 5, 1), r(1, -1, 1)), up(p, r(2, 6, 1), r(2, 5, 1)), up(p, r(1, -1, 1), r(1, 6, 1))}, "none"},
		{"an insert over a row does not fit", []*change.Tx{in(p, 1, 1, 1), in(p, 1, 1, 1)}, "none"},
		{"nothing passes TRUNCATE", []*change.Tx{in(c, 1, 1, 1, 1), {Changes: []change.Change{{Kind: change.Truncate, Table: c}}}, in(c, 1, 1, 1, 1)},
			"insert s.child [ > 1 1 1 1]; truncate s.child; insert s.child [ > 1 1 1 1]"},
		{"tables with cascades keep their order", []*change.Tx{in(w.bound, 1, 1), del(w.bound, 1, 1)}, "insert s.bound [ > 1 1]; delete s.bound [1 1 > ]"},
		{"so do tables without a key", []*change.Tx{in(w.keyless, 1, 1), del(w.keyless, 1, 1)}, "insert s.keyless [ > 1 1]; delete s.keyless [1 1 > ]"},
		{"DDL is not folded", []*change.Tx{{Changes: []change.Change{{Kind: change.DDL, Table: p}}}}, "none"},
	} {
		t.Run(x.name, func(t *testing.T) {
			out, ok := New(w.tables).Fold(x.txs)
			got := strings.ReplaceAll(strings.TrimPrefix(shown(out), "\n  "), "\n  ", "; ")
			if !ok {
				got = "none"
			}
			if got != x.want {
				t.Errorf("got  %s\nwant %s", got, x.want)
			}
		})
	}
}

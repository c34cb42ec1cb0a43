package sinktest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"godwit/runner/change"
	"godwit/runner/fold"
	"godwit/runner/migrate"
)

// The ways in which changes reach an Applier: one after the other, as their net effect, and set aside when they fail. What
// is promised of rows and position holds for all of them.
const (
	folded    = "folded"
	excepting = "excepting"
)

// ways run the tests that hold for every way of applying.
func ways(t *testing.T, h Harness) {
	for _, way := range []string{folded, excepting} {
		t.Run(way, func(t *testing.T) {
			for _, c := range []struct {
				name string
				test func(*rig)
			}{
				{"strict", testStrict}, {"skip", testSkip}, {"idempotent", testIdempotent}, {"pieces", testPieces},
				{"nothing before commit", testNothingBeforeCommit}, {"fencing", testFencing}, {"moved", testMoved}, {"resume", testResume}, {"connection lost", testConnectionLost},
			} {
				t.Run(c.name, func(t *testing.T) {
					r := newRig(t, h)
					r.way = way
					c.test(r)
				})
			}
		})
	}
}

// inWay opens the rig's kind of applier.
func (r *rig) inWay(s migrate.Sink, single bool) (migrate.Applier, error) {
	switch r.way {
	case folded:
		a, err := s.Applier(r.ctx, []*change.Table{r.table}, single)
		return &foldingApplier{Applier: a, f: fold.New([]*change.Table{r.table})}, err
	case excepting:
		e, ok := s.(migrate.Excepter)
		if !ok {
			r.t.Skip("skipped: the sink sets no changes aside")
		}
		return e.ExceptingApplier(r.ctx, []*change.Table{r.table})
	}
	return s.Applier(r.ctx, []*change.Table{r.table}, single)
}

// foldingApplier folds what it gets until it commits.
type foldingApplier struct {
	migrate.Applier
	f    *fold.Folder
	txs  []*change.Tx
	rows int
}

// Add keeps transactions; pieces and what is not strict go through.
func (a *foldingApplier) Add(ctx context.Context, tx *change.Tx, mode func(*change.Table) change.Mode) error {
	if tx.More || mode(tx.Changes[0].Table) != change.Strict {
		return a.Applier.Add(ctx, tx, mode)
	}
	a.txs = append(a.txs, tx)
	a.rows += tx.Rows()
	return nil
}

// Commit folds and commits.
func (a *foldingApplier) Commit(ctx context.Context, after string, p change.Position, at time.Time) error {
	if len(a.txs) > 0 {
		changes, ok := a.f.Fold(a.txs)
		txs := a.txs
		if ok {
			last := txs[len(txs)-1]
			txs = []*change.Tx{{ID: last.ID, At: last.At, Position: last.Position, Commit: last.Commit, Changes: changes,
				Folded: &change.Folded{Transactions: len(a.txs), Rows: a.rows}}}
		}
		a.txs, a.rows = nil, 0
		for _, tx := range txs {
			if err := a.Applier.Add(ctx, tx, always(change.Strict)); err != nil {
				return err
			}
		}
	}
	return a.Applier.Commit(ctx, after, p, at)
}

// testNetEffect: random transactions end with the same rows one after the other and folded, whatever was there before.
func testNetEffect(r *rig) {
	s := r.begun()
	seed := uint64(time.Now().UnixNano())
	rnd := rand.New(rand.NewPCG(seed, 1))
	a := r.applier(s, false)
	f := &foldingApplier{Applier: a, f: fold.New([]*change.Table{r.table})}
	h := &histories{r: r, rnd: rnd, rows: map[string]change.Row{}}
	for round := range 25 {
		n := 1 + rnd.IntN(40)
		for range n {
			if tx := h.next(round); tx != nil {
				r.must(f.Add(r.ctx, tx, always(change.Strict)))
			}
		}
		if err := r.commit(f, round+1); err != nil {
			r.t.Fatalf("seed %d, round %d: %v", seed, round, err)
		}
		r.holds(h.text())
	}
	if st := r.state(s); st.Transactions != int64(h.made) || st.Changes != int64(h.changed) {
		r.t.Errorf("%d transactions and %d changes are counted, %d and %d were made", st.Transactions, st.Changes, h.made, h.changed)
	}
}

// histories makes transactions that fit the table's keys.
type histories struct {
	r             *rig
	rnd           *rand.Rand
	rows          map[string]change.Row // by id
	made, changed int
}

func (h *histories) next(round int) *change.Tx {
	var changes []change.Change
	for range 1 + h.rnd.IntN(3) {
		if c, ok := h.change(); ok {
			changes = append(changes, c)
			h.changed++
		}
	}
	if len(changes) == 0 {
		return nil
	}
	h.made++
	tx := transaction(round+1, changes...)
	return tx
}

func (h *histories) change() (change.Change, bool) {
	id := func() string { return fmt.Sprint(h.rnd.IntN(25)) }
	n := fmt.Sprint(h.rnd.IntN(20))
	if h.rnd.IntN(3) == 0 {
		n = "-"
	}
	before := h.rows[id()]
	after := row(id(), n, fmt.Sprint("s", h.rnd.IntN(5)))
	switch h.rnd.IntN(4) {
	case 0:
		before = nil
	case 1:
		after = nil
	case 2:
		if before != nil {
			after[0] = before[0]
		}
	}
	if before == nil && after == nil || !h.fits(before, after) {
		return change.Change{}, false
	}
	if before != nil {
		delete(h.rows, string(before[0]))
	}
	if after != nil {
		h.rows[string(after[0])] = after
	}
	switch {
	case before == nil:
		return h.r.insert(after), true
	case after == nil:
		return h.r.remove(before), true
	}
	return h.r.update(before, after), true
}

func (h *histories) fits(before, after change.Row) bool {
	if after == nil {
		return true
	}
	for id, o := range h.rows {
		if before != nil && id == string(before[0]) {
			continue
		}
		if id == string(after[0]) || o[1] != nil && string(o[1]) == string(after[1]) {
			return false
		}
	}
	return true
}

// text is the rows as holds wants them.
func (h *histories) text() string {
	var out []string
	for i := range 25 {
		o := h.rows[fmt.Sprint(i)]
		if o == nil {
			continue
		}
		n := "-1"
		if o[1] != nil {
			n = string(o[1])
		}
		out = append(out, fmt.Sprintf("%d %s %s", i, n, o[2]))
	}
	return strings.Join(out, ", ")
}

// testSideBySide: two appliers of a run work at the same time and commit one after the other.
func testSideBySide(r *rig) {
	s := r.begun()
	a, b := r.applier(s, false), r.applier(s, false)
	for i := 1; i < 9; i += 2 {
		one, two := fmt.Sprint(i), fmt.Sprint(i+1)
		r.must(b.Add(r.ctx, transaction(i+1, r.insert(row(two, "-", "b"))), always(change.Strict)))
		r.must(a.Add(r.ctx, transaction(i, r.insert(row(one, "-", "a"))), always(change.Strict)))
		r.must(r.commit(a, i))
		r.at(s, one)
		r.must(r.commit(b, i+1))
		r.at(s, two)
	}
	r.holds("1 -1 a, 2 -1 b, 3 -1 a, 4 -1 b, 5 -1 a, 6 -1 b, 7 -1 a, 8 -1 b")
	r.must(b.Add(r.ctx, transaction(9, r.insert(row("9", "-", "b"))), always(change.Strict)))
	r.open() // the next run
	wantError(r.t, "a lane of the run before", r.commit(b, 9), change.ErrFenced)
}

// testExceptions: rows that the target refuses and rows that are missing are set aside by name; the others are applied.
func testExceptions(r *rig) {
	s := r.begun()
	r.way = excepting
	a, ok := r.applier(s, false).(migrate.ExceptingApplier)
	if !ok {
		r.t.Fatal("the applier does not count what it sets aside")
	}
	var many []change.Row
	for i := range 600 {
		n := fmt.Sprint(i + 1000)
		if i == 400 {
			n = "no number"
		}
		many = append(many, row(fmt.Sprint(i+1000), n, "m"))
	}
	r.apply(a, change.Strict, 1, r.insert(row("1", "1", "a"), row("2", "2", "b"), row("3", "1", "the unique value is taken"), row("4", "4", strings.Repeat("x", 101))),
		r.update(row("3", "1", "a"), row("3", "3", "missing")), r.remove(row("8", "8", "missing")), r.update(row("2", "2", "b"), row("2", "7", "c")), r.insert(many...))
	if got, err := r.h.Query("SELECT concat(count(*), '') FROM " + r.name + " WHERE id >= 1000"); err != nil || got[0] != "599" {
		r.t.Errorf("%v rows of the large change, %v", got, err)
	}
	r.exec("DELETE FROM " + r.name + " WHERE id >= 1000")
	r.holds("1 1 a, 2 7 c")
	r.at(s, "1")
	ask, codes := r.h.Exceptions, r.h.Codes
	if ask == "" {
		ask = "SELECT concat(kind, ' ', coalesce(sqlstate, '-'), ' ', transaction, ' ', position, ' ', coalesce(after, before)) FROM godwit.exceptions"
		codes = [2]string{"23505", "22001"}
	}
	got, err := r.h.Query(ask + " WHERE task = '" + r.task + "' ORDER BY id")
	r.must(err)
	if a.Excepted() != 5 || len(got) != 5 {
		r.t.Fatalf("%d rows were set aside, the table has %q", a.Excepted(), got)
	}
	for i, want := range []string{"insert " + codes[0] + ` t1 1 {"id":"3","n":"1",`, "insert " + codes[1] + " t1 1 ", `update - t1 1 {"id":"3","n":"3","s":"missing"}`,
		`delete - t1 1 {"id":"8"`, `insert - t1 1 {"id":"1400","n":"no number"`} {
		if !strings.HasPrefix(got[i], want) {
			r.t.Errorf("exception %d is %q, want %q", i, got[i], want)
		}
	}
	ddl := change.Change{Kind: change.DDL, Table: r.table, Statement: "ALTER TABLE t ADD x int"}
	if err := r.try(a, change.Strict, 2, ddl); !errors.Is(err, change.ErrRefused) {
		r.t.Errorf("a schema change is %v, not refused", err)
	}
}

package sinktest

import (
	"errors"
	"fmt"
	"strings"

	"godwit/runner/change"
	"godwit/runner/migrate"
)

// testProgress: what is recorded is read back by the next run.
func testProgress(r *rig) {
	s := r.open()
	if st := r.state(s); st.Phase != change.PhaseNew || st.Position != "" {
		r.t.Errorf("a new task is in phase %q at %q", st.Phase, st.Position)
	}
	r.must(s.Start(r.ctx, "history", "selection", At(7)))
	r.must(s.Plan(r.ctx, r.table, []change.Chunk{{Table: r.table, ID: 0, Upper: "10", Estimate: 4}, {Table: r.table, ID: 1, Lower: "10"}}))
	r.must(s.SetPhase(r.ctx, change.PhaseLoaded))
	st := r.state(r.open())
	if st.Identity != "history" || st.Selection != "selection" || st.Start != "7" || st.Position != "7" || st.Phase != change.PhaseLoaded {
		r.t.Errorf("read back: %+v", st)
	}
	chunks := st.Chunks[r.table.Name()]
	if len(chunks) != 2 || chunks[0].Upper != "10" || chunks[0].Estimate != 4 || chunks[1].Lower != "10" || chunks[0].Loaded {
		r.t.Errorf("the chunks read back as %+v", chunks)
	}
}

// planned is a task with one chunk.
func (r *rig) planned() (migrate.Sink, change.Chunk) {
	r.t.Helper()
	s, c := r.begun(), change.Chunk{Table: r.table, ID: 0}
	r.must(s.Plan(r.ctx, r.table, []change.Chunk{c}))
	return s, c
}

// testLoad: a chunk is loaded once, with its rows, its span and its entry in the ledger.
func testLoad(r *rig) {
	s, c := r.planned()
	for i, want := range []change.Loaded{{Rows: 2}, {Already: true}} {
		got, err := s.Load(r.ctx, c, batches(nil, row("1", "10", "é\t\\N\n"), row("2", "-", "-")), span(3, 5))
		r.must(err)
		if got.Rows != want.Rows || got.Already != want.Already {
			r.t.Errorf("load %d: %+v", i+1, got)
		}
	}
	r.holds("1 10 é\t\\N\n, 2 -1 NULL")
	chunks := r.state(s).Chunks[r.table.Name()]
	if len(chunks) != 1 || !chunks[0].Loaded || chunks[0].Low != "3" || chunks[0].High != "5" || chunks[0].Rows != 2 {
		r.t.Errorf("the ledger has %+v", chunks)
	}
}

// testLoadFails: a chunk whose reading breaks leaves nothing, and can be loaded then.
func testLoadFails(r *rig) {
	s, c := r.planned()
	broken := errors.New("the source went away")
	_, err := s.Load(r.ctx, c, batches(broken, row("1", "1", "a")), span(1, 1))
	wantError(r.t, "reading breaks", err, broken)
	_, err = s.Load(r.ctx, c, batches(nil, row("1", "1", "a")), func() (change.Span, error) { return change.Span{}, broken })
	wantError(r.t, "no span", err, broken)
	r.holds("")
	if r.state(s).Chunks[r.table.Name()][0].Loaded {
		r.t.Error("the ledger says that the chunk is loaded")
	}
	_, err = s.Load(r.ctx, c, batches(nil, row("1", "1", "a")), span(1, 1))
	r.must(err)
	r.holds("1 1 a")
}

// testReset: rows and ledger are emptied together.
func testReset(r *rig) {
	s, c := r.planned()
	_, err := s.Load(r.ctx, c, batches(nil, row("1", "1", "a")), span(1, 1))
	r.must(err)
	r.must(s.Reset(r.ctx, []*change.Table{r.table}))
	r.holds("")
	if r.state(s).Chunks[r.table.Name()][0].Loaded {
		r.t.Error("the ledger still has the chunk")
	}
}

// testStrict: changes in order, several of a row in one transaction, values that trade places.
func testStrict(r *rig) {
	s := r.begun()
	a := r.applier(s, false)
	r.apply(a, change.Strict, 1, r.insert(row("1", "1", "a"), row("2", "2", "b"), row("3", "-", "-")))
	r.apply(a, change.Strict, 2, r.update(row("1", "1", "a"), row("1", "1", "x")), r.update(row("1", "1", "x"), row("1", "1", "y")), r.remove(row("2", "2", "b")), r.insert(row("2", "2", "back")))
	r.holds("1 1 y, 2 2 back, 3 -1 NULL")
	r.apply(a, change.Strict, 3, r.update(row("1", "1", "y"), row("9", "1", "y")), r.update(row("2", "2", "back"), row("1", "2", "back")))
	r.holds("1 2 back, 3 -1 NULL, 9 1 y")
	r.apply(a, change.Strict, 4, change.Change{Kind: change.Truncate, Table: r.table}, r.insert(row("5", "5", "new")))
	r.holds("5 5 new")
	r.at(s, "4")
	if st := r.state(s); st.Transactions != 4 || st.CommitTime.Unix() != 4 {
		r.t.Errorf("%d transactions, the last of %v", st.Transactions, st.CommitTime)
	}
}

// testSingle: row by row gives the same.
func testSingle(r *rig) {
	a := r.applier(r.begun(), true)
	r.apply(a, change.Strict, 1, r.insert(row("1", "1", "a"), row("2", "2", "b")), r.remove(row("1", "1", "a"), row("2", "2", "b")), r.insert(row("1", "2", "c")))
	r.holds("1 2 c")
}

// testRowMissing: a change that finds no row is an error that names it, and nothing of its batch stays.
func testRowMissing(r *rig) {
	s := r.begun()
	r.apply(r.applier(s, false), change.Strict, 1, r.insert(row("1", "1", "a")))
	for name, c := range map[string]change.Change{
		"update": r.update(row("8", "8", "a"), row("8", "8", "b")), "delete": r.remove(row("8", "8", "a")), "move": r.update(row("8", "8", "a"), row("7", "8", "a")),
	} {
		err := r.tryOnce(s, 2, r.insert(row("2", "2", "b")), c)
		wantError(r.t, name, err, change.ErrRowMissing)
		if err != nil && !strings.Contains(err.Error(), `id="8"`) {
			r.t.Errorf("%s: the error does not name the row: %v", name, err)
		}
	}
	if err := r.tryOnce(s, 2, r.insert(row("1", "9", "twice"))); err == nil {
		r.t.Error("a row is inserted over another")
	}
	r.holds("1 1 a")
	r.at(s, "1")
}

// testIdempotent: changes that are in the rows already, wholly or in part, end with the same rows.
func testIdempotent(r *rig) {
	s := r.begun()
	history := []change.Change{
		r.insert(row("1", "1", "a"), row("2", "2", "b")), r.update(row("1", "1", "a"), row("1", "5", "a")), r.remove(row("2", "2", "b")),
		r.insert(row("3", "1", "c")), r.update(row("3", "1", "c"), row("4", "2", "d")), r.update(row("1", "5", "a"), row("1", "1", "e")),
	}
	// Whatever moment the rows were read at, replaying the whole history ends with the last.
	at := 0
	for n := range len(history) + 1 {
		r.exec("DELETE FROM " + r.name)
		a := r.applier(s, false)
		if n > 0 {
			at++
			r.apply(a, change.Strict, at, history[:n]...)
		}
		for range 2 {
			at++
			r.apply(a, change.Idempotent, at, history...)
			r.holds("1 1 e, 4 2 d")
		}
	}
}

// testSkip: skipped changes move the position only.
func testSkip(r *rig) {
	s := r.begun()
	r.apply(r.applier(s, false), change.Skip, 1, r.insert(row("1", "1", "a")), r.remove(row("8", "8", "x")))
	r.holds("")
	r.at(s, "1")
}

// testPieces: the pieces of a large transaction become visible together.
func testPieces(r *rig) {
	s := r.begun()
	a := r.applier(s, false)
	for i := range 5 {
		var rows []change.Row
		for j := range 2000 {
			n := fmt.Sprint(i*2000 + j)
			rows = append(rows, row(n, n, strings.Repeat("x", 100)))
		}
		tx := transaction(1, r.insert(rows...))
		if tx.More = i < 4; tx.More {
			tx.Position = nil
		}
		r.must(a.Add(r.ctx, tx, always(change.Strict)))
		r.holds("")
	}
	r.must(r.commit(a, 1))
	if got, err := r.h.Query("SELECT concat(count(*), '') FROM " + r.name); err != nil || got[0] != "10000" {
		r.t.Errorf("%v rows, %v", got, err)
	}
	if st := r.state(s); st.Transactions != 1 || st.Changes != 10000 || st.Position != "1" {
		r.t.Errorf("the progress is %+v", st)
	}
}

// testNothingBeforeCommit: until Commit nobody sees rows or position, and a closed applier leaves neither.
func testNothingBeforeCommit(r *rig) {
	s := r.begun()
	a := r.applier(s, false)
	r.must(a.Add(r.ctx, transaction(1, r.insert(row("1", "1", "a"))), always(change.Strict)))
	r.holds("")
	r.at(s, "0")
	a.Close()
	r.holds("")
	r.at(s, "0")
	r.apply(r.applier(s, false), change.Strict, 1, r.insert(row("1", "1", "a")))
	r.holds("1 1 a")
	r.at(s, "1")
}

// testFencing: once a run has taken the task over, the one before can change nothing any more.
func testFencing(r *rig) {
	old, c := r.planned()
	a := r.applier(old, false)
	r.apply(a, change.Strict, 1, r.insert(row("1", "1", "a")))
	now := r.open()
	wantError(r.t, "commit", r.try(a, change.Strict, 2, r.insert(row("2", "2", "b"))), change.ErrFenced)
	a.Close()
	late := r.applier(old, false)
	wantError(r.t, "position only", r.commit(late, 2), change.ErrFenced)
	late.Close()
	wantError(r.t, "phase", old.SetPhase(r.ctx, change.PhaseConsistent), change.ErrFenced)
	wantError(r.t, "reset", old.Reset(r.ctx, []*change.Table{r.table}), change.ErrFenced)
	_, err := old.Load(r.ctx, c, batches(nil, row("3", "3", "c")), span(1, 1))
	wantError(r.t, "load", err, change.ErrFenced)
	r.holds("1 1 a")
	r.at(now, "1")
	r.apply(r.applier(now, false), change.Strict, 2, r.insert(row("2", "2", "b")))
	r.holds("1 1 a, 2 2 b")
}

// testMoved: a transaction is not committed behind another position than the one that it follows, so that none is applied
// twice by a run that does not know that its commit arrived.
func testMoved(r *rig) {
	s := r.begun()
	r.apply(r.applier(s, false), change.Strict, 1, r.insert(row("1", "1", "a")))
	for _, n := range []int{1, 3} { // again, and behind a gap
		a := r.applier(s, false)
		err := r.try(a, change.Strict, n, r.insert(row("2", "2", "b")))
		wantError(r.t, fmt.Sprintf("transaction %d", n), err, change.ErrMoved)
		if !change.IsTransient(err) {
			r.t.Errorf("transaction %d: %v, want an error that is tried again", n, err)
		}
		a.Close()
	}
	r.at(s, "1")
	r.apply(r.applier(s, false), change.Strict, 2, r.insert(row("3", "3", "c")))
	r.holds("1 1 a, 3 3 c")
}

// testResume: a run per transaction, each of which ends in the middle of the next one, goes on from the stored position.
func testResume(r *rig) {
	r.must(r.open().Start(r.ctx, "history", "selection", At(0)))
	var want []string
	for i := 1; i <= 8; i++ {
		s := r.open()
		r.at(s, fmt.Sprint(i-1))
		a := r.applier(s, false)
		n := fmt.Sprint(i)
		r.apply(a, change.Strict, i, r.insert(row(n, n, "r")))
		r.must(a.Add(r.ctx, transaction(i+1, r.insert(row(fmt.Sprint(i+1), "-", "lost"))), always(change.Strict)))
		a.Close()
		r.must(s.Close())
		want = append(want, n+" "+n+" r")
	}
	r.holds(strings.Join(want, ", "))
}

// testConnectionLost: a lost connection is an error that may go away; nothing of the batch stays, and the next
// applier goes on.
func testConnectionLost(r *rig) {
	s := r.begun()
	a := r.applier(s, false)
	r.apply(a, change.Strict, 1, r.insert(row("1", "1", "a")))
	r.must(a.Add(r.ctx, transaction(2, r.insert(row("2", "2", "b"))), always(change.Strict)))
	r.must(r.h.Drop())
	err := r.commit(a, 2)
	if err == nil || !change.IsTransient(err) {
		r.t.Errorf("commit over a lost connection: %v, want an error that is tried again", err)
	}
	s = r.open()
	r.holds("1 1 a")
	r.at(s, "1")
	r.apply(r.applier(s, false), change.Strict, 2, r.insert(row("2", "2", "b")))
	r.holds("1 1 a, 2 2 b")
}

// testRefused: changes that a sink cannot apply are errors, not gaps.
func testRefused(r *rig) {
	s := r.begun()
	ddl := change.Change{Kind: change.DDL, Table: r.table, Statement: "ALTER TABLE t ADD x int"}
	wantError(r.t, "DDL", r.tryOnce(s, 1, ddl), change.ErrRefused)
	other := *r.table
	strange := change.Change{Kind: change.Insert, Table: &other, After: []change.Row{row("1", "1", "a")}}
	wantError(r.t, "a table that is not migrated", r.tryOnce(s, 1, strange), change.ErrRefused)
	if err := r.tryOnce(s, 1, r.insert(row("no number", "1", "a"))); err == nil {
		r.t.Error("a value that is none of its type is taken")
	}
	r.holds("")
	r.at(s, "0")
}

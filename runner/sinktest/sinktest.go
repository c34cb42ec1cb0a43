// Package sinktest is the conformance suite of sinks: what every sink must do so that rows and position never come
// apart, whatever ends a run.
package sinktest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"testing"
	"time"

	"godwit/ir/catalog"
	"godwit/ir/types"
	"godwit/runner/change"
	"godwit/runner/migrate"
)

// Harness is a sink under test with an empty schema. The statements that the suite gives to Exec and Query are the SQL
// that all targets share.
type Harness struct {
	Schema string // the target schema of tables
	Exec   func(sql string) error
	// Query returns the rows of a query, one text per row, each of one column.
	Query func(sql string) ([]string, error)
	// Open opens a sink for a task, and takes the task over.
	Open func(ctx context.Context, task string) (migrate.Sink, error)
	// Exceptions asks for what was set aside, kind, code, transaction, position and the row in one text; "" asks as on PostgreSQL. Codes
	// are those of a key that is taken and of a text that is too long.
	Exceptions string
	Codes      [2]string
	// Drop ends every connection that sinks have to the target.
	Drop func() error
}

// Run runs the suite. Each test has a table and a task of its own.
func Run(t *testing.T, h Harness) {
	for _, c := range []struct {
		name string
		test func(*rig)
	}{
		{"progress", testProgress}, {"load", testLoad}, {"load that fails", testLoadFails}, {"reset", testReset},
		{"strict", testStrict}, {"row by row", testSingle}, {"row missing", testRowMissing}, {"idempotent", testIdempotent},
		{"skip", testSkip}, {"pieces", testPieces}, {"nothing before commit", testNothingBeforeCommit},
		{"fencing", testFencing}, {"moved", testMoved}, {"resume", testResume}, {"connection lost", testConnectionLost}, {"refused", testRefused},
		{"net effect", testNetEffect}, {"side by side", testSideBySide}, {"exceptions", testExceptions},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(newRig(t, h)) })
	}
	ways(t, h)
}

// At is a position of the suite: the number of a transaction.
type At int

// String is the number.
func (a At) String() string { return strconv.Itoa(int(a)) }

// Covers compares numbers.
func (a At) Covers(other change.Position) bool {
	o, ok := other.(At)
	return ok && a >= o
}

// rig is one test: a table (id, n, s) with the key id and a unique n.
type rig struct {
	t     *testing.T
	h     Harness
	ctx   context.Context
	task  string
	name  string // of the table with its schema, on the target
	table *change.Table
	way   string // how changes are applied
}

func newRig(t *testing.T, h Harness) *rig {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	short := t.Name()[strings.LastIndexByte(t.Name(), '/')+1:]
	short = "sink_" + strings.ReplaceAll(short, "_", "")
	if strings.Contains(t.Name(), "/"+folded+"/") || strings.Contains(t.Name(), "/"+excepting+"/") {
		parts := strings.Split(t.Name(), "/")
		short += "_" + parts[len(parts)-2]
	}
	r := &rig{t: t, h: h, ctx: ctx, task: short, name: short}
	if h.Schema != "" {
		r.name = h.Schema + "." + short
	}
	column := func(name string, ty types.Type, nullable bool) *catalog.Column {
		return &catalog.Column{Name: name, Target: name, Type: ty, Nullable: nullable}
	}
	c := &catalog.Table{Schema: "src", Name: short, Target: short, TargetSchema: h.Schema, Charset: "utf8mb4",
		Columns: []*catalog.Column{column("id", types.Int{Bits: 32}, false), column("n", types.Int{Bits: 32}, true), column("s", types.Text{N: 100, Charset: "utf8mb4"}, true)},
		Keys: []*catalog.Key{{Kind: catalog.Primary, Parts: []catalog.KeyPart{{Column: "id"}}},
			{Kind: catalog.Unique, Parts: []catalog.KeyPart{{Column: "n"}}}}}
	var err error
	if r.table, err = change.NewTable(c); err != nil {
		t.Fatal(err)
	}
	r.exec("CREATE TABLE " + r.name + " (id int PRIMARY KEY, n int UNIQUE, s varchar(100))")
	return r
}

func (r *rig) exec(sql string) {
	r.t.Helper()
	if err := r.h.Exec(sql); err != nil {
		r.t.Fatalf("%s: %v", sql, err)
	}
}

// holds compares the whole table with rows "id n s", separated by commas.
func (r *rig) holds(want string) {
	r.t.Helper()
	got, err := r.h.Query("SELECT concat(id, ' ', coalesce(n, -1), ' ', coalesce(s, 'NULL')) FROM " + r.name + " ORDER BY id")
	if err != nil {
		r.t.Fatal(err)
	}
	if s := strings.Join(got, ", "); s != want {
		r.t.Errorf("the table holds %q, want %q", s, want)
	}
}

func (r *rig) open() migrate.Sink {
	r.t.Helper()
	s, err := r.h.Open(r.ctx, r.task)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { s.Close() })
	return s
}

// begun is an open sink whose task has begun at position 0.
func (r *rig) begun() migrate.Sink {
	r.t.Helper()
	s := r.open()
	r.must(s.Start(r.ctx, "history", "selection", At(0)))
	return s
}

func (r *rig) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) state(s migrate.Sink) change.State {
	r.t.Helper()
	st, err := s.State(r.ctx)
	r.must(err)
	return st
}

// at checks the stored position.
func (r *rig) at(s migrate.Sink, want string) {
	r.t.Helper()
	if got := r.state(s).Position; got != want {
		r.t.Errorf("the stored position is %q, want %q", got, want)
	}
}

func (r *rig) applier(s migrate.Sink, single bool) migrate.Applier {
	r.t.Helper()
	a, err := r.inWay(s, single)
	r.must(err)
	r.t.Cleanup(a.Close)
	return a
}

// row makes a row of texts; "-" is NULL.
func row(values ...string) change.Row {
	out := make(change.Row, len(values))
	for i, v := range values {
		if v != "-" {
			out[i] = change.Value(v)
		}
	}
	return out
}

func (r *rig) insert(rows ...change.Row) change.Change {
	return change.Change{Kind: change.Insert, Table: r.table, After: rows}
}

func (r *rig) update(before, after change.Row) change.Change {
	return change.Change{Kind: change.Update, Table: r.table, Before: []change.Row{before}, After: []change.Row{after}}
}

func (r *rig) remove(rows ...change.Row) change.Change {
	return change.Change{Kind: change.Delete, Table: r.table, Before: rows}
}

func transaction(n int, changes ...change.Change) *change.Tx {
	return &change.Tx{ID: fmt.Sprintf("t%d", n), Position: At(n), At: At(n), Commit: time.Unix(int64(n), 0), Changes: changes}
}

func always(m change.Mode) func(*change.Table) change.Mode {
	return func(*change.Table) change.Mode { return m }
}

// apply adds and commits one transaction.
func (r *rig) apply(a migrate.Applier, m change.Mode, n int, changes ...change.Change) {
	r.t.Helper()
	r.must(r.try(a, m, n, changes...))
}

func (r *rig) try(a migrate.Applier, m change.Mode, n int, changes ...change.Change) error {
	if err := a.Add(r.ctx, transaction(n, changes...), always(m)); err != nil {
		return err
	}
	return r.commit(a, n)
}

// commit ends what was added as transaction n, which follows the one before it.
func (r *rig) commit(a migrate.Applier, n int) error {
	return a.Commit(r.ctx, At(n-1).String(), At(n), time.Unix(int64(n), 0))
}

// tryOnce applies a transaction row by row with an applier of its own, which is closed whatever happens.
func (r *rig) tryOnce(s migrate.Sink, n int, changes ...change.Change) error {
	r.t.Helper()
	a := r.applier(s, true)
	defer a.Close()
	return r.try(a, change.Strict, n, changes...)
}

// batches yields rows in one batch, and then err if it is not nil.
func batches(err error, rows ...change.Row) iter.Seq2[*change.Batch, error] {
	return func(yield func(*change.Batch, error) bool) {
		b := &change.Batch{}
		b.Reset(3)
		for _, r := range rows {
			b.Values = append(b.Values, r...)
		}
		if yield(b, nil) && err != nil {
			yield(nil, err)
		}
	}
}

func span(low, high int) func() (change.Span, error) {
	return func() (change.Span, error) { return change.Span{Low: At(low), High: At(high)}, nil }
}

func wantError(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: error %v, want %v", what, err, want)
	}
}

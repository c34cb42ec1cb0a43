// Package repair mends the rows that verification found to differ, also while the change stream of a running task is
// applied to them.
//
// # Why this is right beside a running stream
//
// The stream applies changes strictly: each must find exactly the row that it changes, and each insert must find none.
// So a row may only be mended to the form that the source had at the very position that the target has reached; mended
// to a later one, the stream would trip over it, or would bring an older form back for a while.
//
// For a few rows at a time:
//
//  1. Hold: a transaction on the target locks the task's row of godwit.progress. Every commit of the stream stores its
//     position in that row, and a run that takes over takes the next epoch in it, so from now on the position P stands
//     still, and what is visible on the target is the source as of P. The lock is the fence: nothing can come between.
//  2. Read the rows on the source as they are now, then the source's position Q. It is not before any form that was read.
//  3. Wait until the watch has passed Q. The watch is a second reader of the source's log, from a position before P on,
//     which notes where each row in question was changed last. A row that was changed behind P is left for a later try:
//     the stream has yet to bring that change. A row that was not is, as it was read, the row as of P.
//  4. Write it: insert, update or delete, by what the target has. Locks are waited for less long than a deadlock takes
//     to be found, so when the stream has a row under its hands it is always the repair that gives way and tries later.
//  5. Commit, which lets the stream go on. It is held for some milliseconds each time.
//
// The log does not hold what foreign keys with actions change in child rows. Tables that such keys connect are watched
// together: an update or a delete in one of them counts as a change of every row of the others. A key whose form in the
// log cannot be compared with certainty makes every change of its table one of the row. Both only make the repair wait.
//
// Whether the task runs does not matter: when it does not, P is where it stopped, and rows changed since then are left.
// Without a task there is nothing to hold, and rows are mended as the source has them now.
//
// What is not mended, and said so: tables without key, rows that the target's foreign keys with actions would take other
// rows along with, tables with triggers, and rows that change all the time. A task that has not reached its consistent
// phase is not touched. Values are read and written as the mover does it; whether that was right is for another
// verification to say, which shares none of it.
package repair

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"godwit/ir/catalog"
	"godwit/runner/change"
	"godwit/runner/postgres"
	"godwit/runner/verify"
)

// Source is the part of a source that a repair needs.
type Source interface {
	// End is a position that covers everything that can be seen now.
	End(ctx context.Context) (change.Position, error)
	ParsePosition(text string) (change.Position, error)
	Stream(ctx context.Context, from change.Position, tables []*change.Table, out chan<- *change.Tx) error
}

// Lookup reads single rows of the source as they are now.
type Lookup interface {
	Rows(ctx context.Context, t *change.Table, where string) ([]change.Row, error)
	Close() error
}

// Options are the parts of a repair.
type Options struct {
	Source Source
	Lookup func(ctx context.Context, tables []*change.Table) (Lookup, error)
	Target *pgxpool.Pool // for describing tables
	Mender *postgres.Mender
	Tables []*catalog.Table // all that the task moves
	Values verify.Values
	// Task tells that a task's stream must be minded.
	Task     bool
	Attempts int // tries of a row that is busy; 20 if 0
	Log      func(format string, args ...any)
}

const (
	batchRows = 50                     // rows that are mended while the stream is held once
	pause     = 150 * time.Millisecond // before rows that were busy are tried again
	watchFor  = 10 * time.Second       // how long the stream is held at most while the watch comes up
	catchUp   = 10 * time.Minute       // how long the watch may take to come to the end of the log at first
)

// Row is what became of one difference.
type Row struct {
	Table string            `json:"table"`
	Kind  verify.Kind       `json:"kind"`
	Key   map[string]string `json:"key,omitempty"`
	Done  string            `json:"done,omitempty"`  // inserted, updated, deleted, untouched
	Error string            `json:"error,omitempty"` // why it was not mended
}

// Report is the outcome of a repair.
type Report struct {
	Mended int   `json:"mended"`
	Left   int   `json:"left"`
	Rows   []Row `json:"rows"`
	// Held is how long the stream was held in all.
	Held time.Duration `json:"held_ns"`
}

func (r *Report) add(row Row) {
	if row.Error != "" {
		r.Left++
	} else {
		r.Mended++
	}
	r.Rows = append(r.Rows, row)
}

// item is a difference to be mended.
type item struct {
	table          *table
	diff           verify.Diff
	source, target string // conditions
	key            string // as the watch knows it
	tries          int
	last           error
}

// table is a table with differences.
type table struct {
	*change.Table
	finder *verify.Finder
	key    []string // columns on the target
}

type runner struct {
	o      Options
	report Report
	lookup Lookup
	watch  *watch
}

// ErrNotReady tells that the task is not in a state in which its rows may be mended.
var ErrNotReady = errors.New("the task is not a consistent copy")

// Run mends the differences of a report.
func Run(ctx context.Context, rep *verify.Report, o Options) (*Report, error) {
	if o.Attempts <= 0 {
		o.Attempts = 20
	}
	if o.Log == nil {
		o.Log = func(string, ...any) {}
	}
	r := &runner{o: o}
	items, tables, err := r.items(ctx, rep)
	if err != nil || len(items) == 0 {
		return &r.report, err
	}
	if r.lookup, err = o.Lookup(ctx, changeTables(tables)); err != nil {
		return nil, err
	}
	defer r.lookup.Close()
	if o.Task {
		stop, err := r.follow(ctx, tables, items)
		if err != nil {
			return nil, err
		}
		defer stop()
	}
	for _, part := range inOrder(items, tables) {
		if err := r.all(ctx, part); err != nil {
			return &r.report, err
		}
	}
	return &r.report, nil
}

func changeTables(tables []*table) []*change.Table {
	out := make([]*change.Table, len(tables))
	for i, t := range tables {
		out[i] = t.Table
	}
	return out
}

// items takes the differences that can be mended one by one.
func (r *runner) items(ctx context.Context, rep *verify.Report) (out []*item, tables []*table, err error) {
	byName := map[string]*catalog.Table{}
	for _, t := range r.o.Tables {
		byName[t.Schema+"."+t.Name] = t
	}
	for _, t := range rep.Tables {
		if len(t.Diffs) == 0 {
			continue
		}
		tab, err := r.table(ctx, byName[t.Source])
		if err != nil {
			return nil, nil, fmt.Errorf("repair %s: %w", t.Source, err)
		}
		if !tab.finder.Keyed() || len(tab.Key) == 0 {
			for _, d := range t.Diffs {
				r.report.add(Row{Table: t.Source, Kind: d.Kind, Key: d.Key, Error: "a table without key is not mended row by row: reload it"})
			}
			continue
		}
		tables = append(tables, tab)
		for _, d := range t.Diffs {
			it := &item{table: tab, diff: d, key: keyOf(tab.finder, d, r.o.Values)}
			if it.source, it.target, err = tab.finder.Where(d); err != nil {
				return nil, nil, fmt.Errorf("repair %s: %w", t.Source, err)
			}
			out = append(out, it)
		}
	}
	return out, tables, nil
}

func (r *runner) table(ctx context.Context, t *catalog.Table) (*table, error) {
	if t == nil {
		return nil, errors.New("the task does not move this table")
	}
	ct, err := change.NewTable(t)
	if err != nil {
		return nil, err
	}
	f, err := verify.NewFinder(ctx, r.o.Target, t, r.o.Values)
	if err != nil {
		return nil, err
	}
	out := &table{Table: ct, finder: f}
	for _, k := range f.Key() {
		out.key = append(out.key, k.Target)
	}
	return out, nil
}

// all mends items, again and again while some are busy.
func (r *runner) all(ctx context.Context, items []*item) error {
	for len(items) > 0 {
		var later []*item
		for len(items) > 0 {
			n := min(batchRows, len(items))
			again, err := r.batch(ctx, items[:n])
			if err != nil {
				return err
			}
			later, items = append(later, again...), items[n:]
		}
		for _, it := range later {
			it.tries++
			if it.tries < r.o.Attempts {
				items = append(items, it)
				continue
			}
			why := "it changes all the time on the source"
			if it.last != nil {
				why = it.last.Error()
			}
			r.done(it, "", errors.New(why))
		}
		if len(items) > 0 {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(pause):
			}
		}
	}
	return nil
}

func (r *runner) done(it *item, done postgres.Mended, err error) {
	row := Row{Table: it.table.Name(), Kind: it.diff.Kind, Key: it.diff.Key, Done: string(done)}
	if err != nil {
		row.Error = err.Error()
	}
	r.report.add(row)
	r.o.Log("%s %s: %s%s", row.Table, it.diff, row.Done, row.Error)
}

// outcome is what a batch did with an item; it counts only when the transaction has committed.
type outcome struct {
	it   *item
	done postgres.Mended
	err  error
}

// batch mends a few rows while the stream is held.
func (r *runner) batch(ctx context.Context, items []*item) (later []*item, err error) {
	var all []outcome
	var began time.Time
	err = r.o.Mender.Hold(ctx, func(h *postgres.Held) error {
		began = time.Now()
		all, later = nil, nil
		at, err := r.position(h)
		if err != nil {
			return err
		}
		rows, err := r.read(ctx, items)
		if err != nil {
			return err
		}
		ready, busy, err := r.untouched(ctx, items, at)
		if err != nil {
			return err
		}
		later = busy
		var again []*item
		all, again, err = r.write(ctx, h, ready, rows)
		later = append(later, again...)
		return err
	})
	if !began.IsZero() {
		r.report.Held += time.Since(began)
	}
	if change.IsTransient(err) && ctx.Err() == nil {
		for _, it := range items {
			it.last = err
		}
		return items, nil
	}
	if err != nil {
		return nil, fmt.Errorf("repair: %w", err)
	}
	for _, o := range all {
		r.done(o.it, o.done, o.err)
	}
	return later, nil
}

// position is where the held stream stands; nil without a task.
func (r *runner) position(h *postgres.Held) (change.Position, error) {
	if !r.o.Task {
		return nil, nil
	}
	if h.Phase != change.PhaseConsistent {
		return nil, fmt.Errorf("%w: it is in phase %q; let godwit migrate go on first", ErrNotReady, h.Phase)
	}
	return r.o.Source.ParsePosition(h.Position)
}

// read reads the rows on the source.
func (r *runner) read(ctx context.Context, items []*item) (map[*item]change.Row, error) {
	out := map[*item]change.Row{}
	for _, it := range items {
		rows, err := r.lookup.Rows(ctx, it.table.Table, it.source)
		if err != nil {
			return nil, err
		}
		if len(rows) > 1 {
			return nil, fmt.Errorf("the key %s names %d rows of %s on the source", it.diff, len(rows), it.table.Name())
		}
		if len(rows) == 1 {
			out[it] = rows[0]
		}
	}
	return out, nil
}

// untouched leaves out what was changed on the source behind the position at.
func (r *runner) untouched(ctx context.Context, items []*item, at change.Position) (ready, busy []*item, err error) {
	if !r.o.Task {
		return items, nil, nil
	}
	end, err := r.o.Source.End(ctx)
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, watchFor, errors.New("the source's log is not read fast enough"))
	defer cancel()
	if err := r.watch.wait(ctx, end); err != nil {
		return nil, nil, err
	}
	for _, it := range items {
		if r.watch.touchedBehind(it, at) {
			it.last = nil
			busy = append(busy, it)
			continue
		}
		ready = append(ready, it)
	}
	return ready, busy, nil
}

// write brings the rows to the target. Rows that hold each other's unique values are written together.
func (r *runner) write(ctx context.Context, h *postgres.Held, items []*item, rows map[*item]change.Row) (all []outcome, later []*item, err error) {
	clash := map[*table][]*item{}
	for _, it := range items {
		done, err := h.Put(ctx, it.table.Table, it.target, it.table.key, rows[it])
		it.last = err
		switch {
		case errors.Is(err, postgres.ErrBusy):
			later = append(later, it)
		case postgres.IsUnique(err):
			clash[it.table] = append(clash[it.table], it)
		case err != nil && change.IsTransient(err):
			return nil, nil, err
		default:
			all = append(all, outcome{it, done, err})
		}
	}
	for t, list := range clash {
		if len(list) == 1 { // the other row may be mended in another batch
			later = append(later, list...)
			continue
		}
		var where []string
		var wanted []change.Row
		for _, it := range list {
			where, wanted = append(where, it.target), append(wanted, rows[it])
		}
		if err := h.Swap(ctx, t.Table, where, wanted); err != nil {
			for _, it := range list {
				it.last = err
			}
			later = append(later, list...)
			continue
		}
		for _, it := range list {
			all = append(all, outcome{it, postgres.Updated, nil})
		}
	}
	return all, later, nil
}

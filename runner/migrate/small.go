package migrate

import (
	"context"
	"iter"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"godwit/runner/change"
)

// Small tables cost round trips and commits, not rows: they are planned by one query for all and loaded many at a time, if
// source and sink can do that. Each keeps its own entry in the ledger.

const (
	smallRows   = 2000   // the most rows of a small table
	smallTables = 64     // the most tables of a group
	smallGroup  = 20_000 // rows from which on a group has no more tables
)

// SizedSnapshot is a Snapshot that knows the sizes of tables.
type SizedSnapshot interface {
	Snapshot
	// Sizes gives the number of rows that the source guesses for each table, and those tables that have at most rows rows
	// for sure.
	Sizes(ctx context.Context, w int, tables []*change.Table, rows int64) (guess map[*change.Table]int64, small map[*change.Table]bool, err error)
}

// GroupSink is a Sink that loads several tables in one transaction.
type GroupSink interface {
	Sink
	// PlanSmall records the only chunks of small tables.
	PlanSmall(ctx context.Context, chunks []change.Chunk) error
	// LoadSmall loads chunks of different tables, each once.
	LoadSmall(ctx context.Context, chunks []change.Chunk, rows func(change.Chunk) iter.Seq2[*change.Batch, error], span change.Span) ([]change.Loaded, error)
}

// makeKeys makes keys that were put off, several tables at a time, the largest first.
func (r *runner) makeKeys(ctx context.Context, sink Sink, chunks map[string][]change.ChunkState, all bool) error {
	off, err := sink.PutOff(ctx)
	if err != nil {
		return err
	}
	for name := range off {
		if r.byName[name] == nil {
			r.log.Warn("a table that is no longer in the task is without its keys; their definitions are in godwit.put_off on the target", "table", name)
		}
	}
	var tables []*change.Table
	rows := map[*change.Table]int64{}
	for _, t := range r.tables {
		if off[t.Name()] {
			tables = append(tables, t)
			for _, c := range chunks[t.Name()] {
				rows[t] += c.Rows
			}
		}
	}
	slices.SortStableFunc(tables, func(a, b *change.Table) int { return int(rows[b] - rows[a]) })
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(r.task.Load.Workers)
	for _, t := range tables {
		g.Go(func() error { return sink.MakeKeys(ctx, t, all, false) })
	}
	return g.Wait()
}

// gather makes jobs of small tables, many in one, and returns the tables that are left, the largest first. pinned tells
// which tables are for reader 0 only.
func (l *loader) gather(ctx context.Context, pinned func(*change.Table) bool) (rest []*change.Table, err error) {
	sink, ok := l.sink.(GroupSink)
	snap, sized := l.snap.(SizedSnapshot)
	if !ok || !sized {
		return l.tables, nil
	}
	var fresh []*change.Table
	var groups [2][]change.Chunk // those that any reader may read, and those for reader 0
	add := func(c change.Chunk) {
		i := 0
		if pinned(c.Table) {
			i = 1
		}
		groups[i] = append(groups[i], c)
	}
	for _, t := range l.tables {
		chunks := l.state.Chunks[t.Name()]
		switch {
		case !transactional(t): // has a position of its own
			rest = append(rest, t)
		case len(chunks) == 0:
			fresh = append(fresh, t)
		case len(chunks) == 1 && !chunks[0].Loaded && chunks[0].Estimate <= smallRows:
			l.tallies[t] = &tally{began: time.Now(), left: 1, estimate: chunks[0].Estimate}
			add(change.Chunk{Table: t, Estimate: chunks[0].Estimate})
		default:
			rest = append(rest, t)
		}
	}
	if len(fresh) > 0 {
		guess, small, err := snap.Sizes(ctx, 0, fresh, smallRows)
		if err != nil {
			return nil, err
		}
		var planned []change.Chunk
		for _, t := range fresh {
			if !small[t] {
				rest = append(rest, t)
				continue
			}
			c := change.Chunk{Table: t, Estimate: guess[t]}
			l.tallies[t] = &tally{began: time.Now(), left: 1, estimate: guess[t]}
			planned = append(planned, c)
			add(c)
		}
		if len(planned) > 0 {
			if err := sink.PlanSmall(ctx, planned); err != nil {
				return nil, err
			}
		}
		slices.SortStableFunc(rest, func(a, b *change.Table) int { return int(guess[b] - guess[a]) })
	}
	for i, chunks := range groups {
		for len(chunks) > 0 {
			n, rows := 0, int64(0)
			for n < len(chunks) && n < smallTables && (n == 0 || rows < smallGroup) {
				rows += chunks[n].Estimate
				n++
			}
			l.jobs.add(job{group: chunks[:n:n], pinned: i == 1})
			chunks = chunks[n:]
		}
	}
	return rest, nil
}

// group loads a group of small tables.
func (l *loader) group(ctx context.Context, w int, chunks []change.Chunk) error {
	began := time.Now()
	done, err := l.sink.(GroupSink).LoadSmall(ctx, chunks, func(c change.Chunk) iter.Seq2[*change.Batch, error] { return l.snap.Read(ctx, w, c) }, l.snap.Span(w))
	if err != nil {
		return err
	}
	took := time.Since(began) / time.Duration(len(chunks))
	for i, c := range chunks {
		l.metrics.chunk(c.Table.Name(), done[i], took)
		l.count(c.Table, done[i])
	}
	return nil
}

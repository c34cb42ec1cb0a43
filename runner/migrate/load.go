package migrate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"godwit/runner/change"
)

// loader runs the full load.
//
// A restart keeps the chunks that are loaded and reads the others at a later snapshot: each chunk remembers the span of
// its own. What the change stream does about it is in stream.mode. Two kinds of tables need rows of one known moment:
// those without key, whose changes cannot be repeated, and those bound by foreign keys with actions, whose actions the
// target repeats. The former are one chunk; the latter are emptied and loaded again when a restart would mix moments.
type loader struct {
	*runner
	src      Source
	sink     Sink
	state    change.State
	identity string
	snap     Snapshot
	jobs     *queue
	tallies  map[*change.Table]*tally
}

// tally counts the rows of a table.
type tally struct {
	mu                    sync.Mutex
	rows, bytes, estimate int64
	left                  int // chunks
	began                 time.Time
}

// ErrMoment tells that a table's rows must be of one known moment and the source does not allow it.
var ErrMoment = errors.New("the table must be read at one known moment")

func (l *loader) load(ctx context.Context) error {
	l.report(Event{Phase: PhasePlan})
	if l.complete() {
		return l.makeKeys(ctx, l.sink, l.state.Chunks, false)
	}
	snap, err := l.src.Snapshot(ctx, l.tables, l.task.Load.Workers)
	if err != nil {
		return l.changed(err)
	}
	defer snap.Close()
	l.snap = snap
	if l.state.Start == "" {
		if err := l.keepSchema(ctx, l.sink); err != nil {
			return err
		}
		if err := l.sink.Start(ctx, l.identity, l.selection, snap.Span(0).Low); err != nil {
			return err
		}
	}
	if err := l.unmix(ctx); err != nil {
		return err
	}
	if err := l.fill(ctx); err != nil {
		return err
	}
	g, gctx := errgroup.WithContext(ctx)
	stop := context.AfterFunc(gctx, l.jobs.stop)
	defer stop()
	for w := range l.task.Load.Workers {
		g.Go(func() error { return l.work(gctx, w) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return l.makeKeys(ctx, l.sink, l.state.Chunks, false) // of tables that were loaded by runs before
}

// changed says the next step where the source's schema is not the one that the tables come from. A task keeps the schema that it
// began with: the rows that are loaded, the target's tables and the position of the stream belong to it.
func (l *loader) changed(err error) error {
	if !errors.Is(err, change.ErrSchema) {
		return err
	}
	if l.state.Start == "" {
		return fmt.Errorf("%w; run the same command again, and keep schema changes off until the tables are loaded", err)
	}
	return fmt.Errorf("%w; the load of task %s began under the schema as it was, and cannot go on with this table: exclude it (tables.exclude), and the same "+
		"command loads the others; or start anew, with another name, another folder (convert.folder) and empty target tables; keep schema changes off until the "+
		"tables are loaded", err, l.task.Name)
}

// loaded tells that every chunk of a table is loaded.
func (l *loader) loaded(t *change.Table) bool {
	chunks := l.state.Chunks[t.Name()]
	return len(chunks) > 0 && !slices.ContainsFunc(chunks, func(c change.ChunkState) bool { return !c.Loaded })
}

// complete tells that every chunk of every table is loaded.
func (l *loader) complete() bool {
	if l.state.Phase == change.PhaseNew {
		return false
	}
	for _, t := range l.tables {
		chunks := l.state.Chunks[t.Name()]
		if len(chunks) == 0 {
			return false
		}
		for _, c := range chunks {
			if !c.Loaded {
				return false
			}
		}
	}
	return true
}

// unmix empties bound tables that would have rows of several moments.
func (l *loader) unmix(ctx context.Context) error {
	for _, group := range change.Bound(l.tables) {
		var moment string
		mixed, some := false, false
		for _, t := range group {
			chunks := l.state.Chunks[t.Name()]
			missing := len(chunks) == 0
			for _, c := range chunks {
				missing = missing || !c.Loaded
				if c.Loaded {
					some = true
					mixed = mixed || moment != "" && c.High != moment
					moment = c.High
				}
			}
			mixed = mixed || missing
		}
		if !mixed || !some {
			continue
		}
		l.log.Info("loading again tables bound by foreign keys with actions: the load was interrupted", "tables", names(group))
		if err := l.sink.Reset(ctx, group); err != nil {
			return err
		}
		for _, t := range group {
			for i := range l.state.Chunks[t.Name()] {
				c := &l.state.Chunks[t.Name()][i]
				c.Loaded, c.Rows, c.Bytes = false, 0, 0
			}
		}
	}
	return nil
}

func names(tables []*change.Table) string {
	s := make([]string, len(tables))
	for i, t := range tables {
		s[i] = t.Name()
	}
	return strings.Join(s, ", ")
}

// fill makes the jobs of what is not loaded.
func (l *loader) fill(ctx context.Context) error {
	l.jobs, l.tallies = newQueue(), map[*change.Table]*tally{}
	pinned := map[*change.Table]bool{}
	for _, g := range change.Bound(l.tables) {
		for _, t := range g {
			pinned[t] = true
		}
	}
	for _, t := range l.tables {
		one := pinned[t] || len(t.Key) == 0
		if one && !l.loaded(t) && (!l.snap.Span(0).Exact() || !transactional(t)) {
			return fmt.Errorf("%w: %s has %s, and the source tells no exact position without a lock; grant RELOAD to the user, "+
				"and use InnoDB tables", ErrMoment, t.Name(), why(pinned[t]))
		}
	}
	pin := func(t *change.Table) bool { return (pinned[t] || len(t.Key) == 0) && !l.snap.Exact() }
	rest, err := l.gather(ctx, pin)
	if err != nil {
		return err
	}
	for rank, t := range rest {
		l.fillTable(t, rank, pin(t))
	}
	return nil
}

func (l *loader) fillTable(t *change.Table, rank int, pin bool) {
	chunks := l.state.Chunks[t.Name()]
	l.tallies[t] = &tally{began: time.Now()}
	if len(chunks) == 0 {
		l.jobs.add(job{plan: true, chunk: change.Chunk{Table: t}, rank: rank, pinned: pin})
		return
	}
	for _, c := range chunks {
		y := l.tallies[t]
		y.estimate += c.Estimate
		if c.Loaded {
			y.rows, y.bytes = y.rows+c.Rows, y.bytes+c.Bytes
			continue
		}
		y.left++
		l.jobs.add(job{chunk: change.Chunk{Table: t, ID: c.ID, Lower: c.Lower, Upper: c.Upper, Estimate: c.Estimate}, rank: rank, pinned: pin})
	}
}

func why(bound bool) string {
	if bound {
		return "foreign keys with CASCADE or SET NULL"
	}
	return "no key"
}

// transactional tells that a snapshot of the table exists.
func transactional(t *change.Table) bool {
	switch strings.ToLower(t.Catalog.Engine) {
	case "", "innodb", "xtradb", "rocksdb", "tokudb":
		return true
	}
	return false
}

func (l *loader) work(ctx context.Context, w int) error {
	for {
		j, ok := l.jobs.next(w)
		if !ok {
			return ctx.Err()
		}
		var err error
		switch {
		case j.plan:
			err = l.plan(ctx, w, j)
		case j.keys:
			err = l.keys(ctx, j.chunk.Table)
		case j.group != nil:
			err = l.group(ctx, w, j.group)
		default:
			err = l.chunk(ctx, w, j.chunk)
		}
		l.jobs.done(err)
		if err != nil {
			return err
		}
	}
}

// keys makes the keys of a loaded table: all of them where its rows are of one known moment, else the one that locates rows.
// Rows of several moments may break the others until the change stream has mended them.
func (l *loader) keys(ctx context.Context, t *change.Table) error {
	all := l.snap.Exact() && transactional(t) && len(l.state.Chunks[t.Name()]) == 0
	return l.sink.MakeKeys(ctx, t, all, l.jobs.waiting() >= l.tallies[t].rows/keyShare)
}

// keyShare is how many rows are sorted for a key in the time that it takes to load one.
const keyShare = 4

func (l *loader) plan(ctx context.Context, w int, j job) error {
	t := j.chunk.Table
	chunks, err := l.snap.Plan(ctx, w, t, l.task.Load.ChunkRows)
	if err != nil {
		return err
	}
	if err := l.sink.Plan(ctx, t, chunks); err != nil {
		return err
	}
	y := l.tallies[t]
	y.mu.Lock()
	y.left = len(chunks)
	for _, c := range chunks {
		y.estimate += c.Estimate
	}
	y.mu.Unlock()
	for _, c := range chunks {
		l.jobs.add(job{chunk: c, rank: j.rank, pinned: j.pinned})
	}
	return nil
}

func (l *loader) chunk(ctx context.Context, w int, c change.Chunk) error {
	span := func() (change.Span, error) {
		sp := l.snap.Span(w)
		if !transactional(c.Table) { // read at some moment since the snapshot
			var err error
			sp.High, err = l.src.Position(ctx)
			return sp, err
		}
		return sp, nil
	}
	began := time.Now()
	done, err := l.sink.Load(ctx, c, l.snap.Read(ctx, w, c), span)
	if err != nil {
		return err
	}
	l.metrics.chunk(c.Table.Name(), done, time.Since(began))
	if l.count(c.Table, done) { // its keys are made while other tables are loaded
		l.jobs.add(job{keys: true, chunk: change.Chunk{Table: c.Table}})
	}
	return nil
}

// count adds a loaded chunk to its table; it tells that it was the last.
func (l *loader) count(t *change.Table, done change.Loaded) (last bool) {
	y := l.tallies[t]
	y.mu.Lock()
	defer y.mu.Unlock()
	y.rows, y.bytes, y.left = y.rows+done.Rows, y.bytes+done.Bytes, y.left-1
	e := Event{Phase: PhaseLoad, Table: t.Name(), Rows: y.rows, Estimate: max(y.estimate, y.rows), Bytes: y.bytes, TableDone: y.left == 0}
	if s := time.Since(y.began).Seconds(); s > 0 {
		e.Rate = float64(y.rows) / s
		if left := y.estimate - y.rows; left > 0 && y.left > 0 && e.Rate > 0 {
			e.ETA = float64(left) / e.Rate
		}
	}
	l.jobs.locked(func() {
		l.moved = true
		l.result.Rows += done.Rows
		l.result.Exceptions += done.Excepted
	})
	if done.Excepted > 0 {
		l.metrics.exceptions.Add(float64(done.Excepted))
		l.log.Warn("rows were set aside", "in", l.opts.Exceptions, "rows", done.Excepted, "table", t.Name())
	}
	l.report(e)
	return y.left == 0
}

// job is a table to plan, a chunk or a group of small tables to load, or a loaded table whose keys are to be made.
type job struct {
	plan   bool
	keys   bool
	chunk  change.Chunk
	group  []change.Chunk
	rank   int  // of its table; the lowest is loaded first, so that the keys of the largest are made beside other loads
	pinned bool // for reader 0 only
}

// queue hands out jobs to workers; planning jobs add more.
type queue struct {
	mu      sync.Mutex
	cond    *sync.Cond
	jobs    []job
	running int
	stopped bool
}

func newQueue() *queue {
	q := &queue{}
	q.cond = sync.NewCond(&q.mu)
	return q
}

func (q *queue) add(j job) {
	q.locked(func() { q.jobs = append(q.jobs, j) })
	q.cond.Broadcast()
}

// waiting is about how many rows of tables that are planned nobody has begun to load.
func (q *queue) waiting() (rows int64) {
	q.locked(func() {
		for _, j := range q.jobs {
			rows += j.chunk.Estimate
		}
	})
	return rows
}

func (q *queue) locked(f func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	f()
}

// before tells which of two jobs is done first: making keys, then chunks by the rank of their tables, then plans.
func (j job) before(other job) bool {
	switch {
	case j.keys || other.keys:
		return j.keys && !other.keys
	case j.plan != other.plan:
		return !j.plan
	}
	return j.rank < other.rank
}

// next waits for the first job that worker w may do. ok is false when there is nothing left to do.
func (q *queue) next(w int) (j job, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for {
		if q.stopped || len(q.jobs) == 0 && q.running == 0 {
			return job{}, false
		}
		best := -1
		for i := range q.jobs {
			if q.jobs[i].pinned && w != 0 {
				continue
			}
			if best < 0 || q.jobs[i].before(q.jobs[best]) {
				best = i
			}
		}
		if best >= 0 {
			j = q.jobs[best]
			q.jobs = append(q.jobs[:best], q.jobs[best+1:]...)
			q.running++
			return j, true
		}
		q.cond.Wait()
	}
}

func (q *queue) done(err error) {
	q.locked(func() {
		q.running--
		q.stopped = q.stopped || err != nil
	})
	q.cond.Broadcast()
}

func (q *queue) stop() {
	q.locked(func() { q.stopped = true })
	q.cond.Broadcast()
}

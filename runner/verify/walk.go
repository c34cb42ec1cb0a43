package verify

import (
	"context"
	"fmt"
	"math/big"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// candidates is how many rows may differ for a moment while a stream runs, before they are checked again.
const candidates = 50_000

// walker goes through the ranges of a table, several at a time.
type walker struct {
	v *verifier
	p *plan

	mu      sync.Mutex
	out     *Table
	pending map[string]found // behind a stream: rows that differed at the first look
	keyless cut              // how the pending rows of a table without key were found
	again   []look           // ranges with too many candidates, to be looked at again
}

type look struct {
	r   span
	try int
}

// walk compares a table; before tells that an earlier run, whose journal this one continues, had done it.
func (v *verifier) walk(ctx context.Context, p *plan, out *Table) (before bool, err error) {
	w := &walker{v: v, p: p, out: out, pending: map[string]found{}}
	mark, err := v.resume(ctx, out)
	if err != nil || mark.Done {
		return mark.Done, err
	}
	if err := v.fence(ctx); err != nil {
		return false, err
	}
	if err := p.bounds(ctx, v.source); err != nil {
		return false, err
	}
	r := span{after: mark.Upto}
	for last := false; !last; {
		if last, err = w.ranges(ctx, &r); err != nil {
			return false, err
		}
		if err := w.checkpoint(ctx); err != nil {
			return false, err
		}
		if !last && w.full() {
			out.Truncated = true
			return false, nil
		}
		if !last {
			if err := v.save(ctx, Mark{Upto: r.after, Table: *out}); err != nil {
				return false, err
			}
		}
	}
	return false, nil
}

// bounds reads the ends of the leading key column, which tell how wide buckets are.
func (p *plan) bounds(ctx context.Context, source side) error {
	if p.rangeColumn < 0 {
		return nil
	}
	col := p.mysqlCol[p.rangeColumn]
	q := fmt.Sprintf("SELECT CAST(MIN(%s) + 0 AS CHAR), CAST(MAX(%s) + 0 AS CHAR) FROM %s", col, col, source.from(p))
	return source.query(ctx, q, nil, func(c []*string) error {
		p.low, p.high = number(text(c[0]), nil), number(text(c[1]), nil)
		if p.low != nil {
			p.low.Sub(p.low, big.NewInt(1)) // open at the lower end, like every range
		}
		return nil
	})
}

// ranges compares ranges from r.after on until the next checkpoint; last tells that it came to the table's end.
func (w *walker) ranges(ctx context.Context, r *span) (last bool, err error) {
	g, gctx := errgroup.WithContext(ctx)
	began := time.Now()
	for n := 0; !last && (n == 0 || time.Since(began) < w.v.o.Checkpoint && !w.full()) && gctx.Err() == nil; n++ {
		if err = w.v.nextBound(gctx, w.p, r); err != nil {
			break
		}
		select {
		case w.v.slots <- struct{}{}:
		case <-gctx.Done():
			continue
		}
		part := *r
		g.Go(func() error {
			defer func() { <-w.v.slots }()
			return w.chunk(gctx, part)
		})
		last = r.upto == ""
		r.after = r.upto
	}
	if first := g.Wait(); first != nil {
		err = first
	}
	if err == nil {
		err = ctx.Err()
	}
	return last, err
}

// full tells that no more differences may be listed, or that too many wait to be checked again.
func (w *walker) full() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.out.Diffs) >= w.v.o.MaxDiffs || len(w.pending) > candidates
}

// nextBound finds the end of the range that starts at r.after by walking the source's key.
func (v *verifier) nextBound(ctx context.Context, p *plan, r *span) error {
	r.upto = ""
	if p.rangeColumn < 0 {
		return nil
	}
	col := p.mysqlCol[p.rangeColumn]
	q := fmt.Sprintf("SELECT CAST(%s + 0 AS CHAR) FROM %s%s ORDER BY %s LIMIT 1 OFFSET %d", col, v.source.from(p), r.where(col), col, v.o.ChunkRows-1)
	return v.source.query(ctx, q, nil, func(c []*string) error {
		r.upto = text(c[0])
		return nil
	})
}

// both runs f for the two sides at the same time.
func both[T any](ctx context.Context, v *verifier, f func(context.Context, side) (T, error)) (a, b T, err error) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { a, err = f(gctx, v.source); return })
	g.Go(func() (err error) { b, err = f(gctx, v.target); return })
	return a, b, g.Wait()
}

// chunk compares one range. Without a stream, sums that differ although no row does mean that rows changed between two
// looks: the range is looked at again, and never passed over. Behind a stream one look suffices, in which every row was
// equal or became a candidate: sums of a source that is being written to never stand still.
func (w *walker) chunk(ctx context.Context, r span) error {
	for try := 1; ; try++ {
		rows, found, more, equal, err := w.v.compareSpan(ctx, w.p, r, w.limit())
		if err != nil {
			return err
		}
		if w.v.o.Fence != nil {
			w.note(r, rows, found, more, 1)
			return w.v.pace.wait(ctx, rows.source)
		}
		if equal || len(found) > 0 {
			w.keep(rows, found, more)
			return w.v.pace.wait(ctx, rows.source)
		}
		if try >= w.v.o.Attempts {
			return fmt.Errorf("the hashes of range (%s, %s] differ, and no row does: rows change while they are compared; stop the writers or verify behind the stream", r.after, r.upto)
		}
		if err := w.v.pause(ctx); err != nil {
			return err
		}
	}
}

// limit is how many differing rows of one range are of interest.
func (w *walker) limit() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := max(w.v.o.MaxDiffs-len(w.out.Diffs), 1)
	if w.v.o.Fence != nil {
		return max(n, candidates)
	}
	return n
}

// counts is the number of rows of a range on both sides.
type counts struct{ source, target int64 }

// keep takes final differences.
func (w *walker) keep(rows counts, found []found, more bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.count(rows)
	w.add(found)
	w.out.Truncated = w.out.Truncated || more
}

func (w *walker) count(rows counts) {
	w.out.SourceRows += rows.source
	w.out.TargetRows += rows.target
	w.v.o.Progress(w.out.Source, w.out.SourceRows)
}

// add lists differences, as many as may be.
func (w *walker) add(found []found) {
	for _, f := range found {
		if len(w.out.Diffs) >= w.v.o.MaxDiffs {
			w.out.Truncated = true
			return
		}
		w.out.Diffs = append(w.out.Diffs, f.Diff)
	}
}

// note takes candidates.
func (w *walker) note(r span, rows counts, found []found, more bool, try int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if try == 1 {
		w.count(rows)
	}
	for _, f := range found {
		w.pending[f.name] = f
	}
	if len(w.p.key) == 0 {
		w.keyless = w.p.cutOf(r, max(rows.source, rows.target))
	}
	if more {
		w.again = append(w.again, look{r, try + 1})
	}
}

// checkpoint checks the candidates again, and the ranges that had too many of them.
func (w *walker) checkpoint(ctx context.Context) error {
	for {
		final, err := w.v.recheck(ctx, w.p, w.keyless, w.pending)
		if err != nil {
			return err
		}
		clear(w.pending)
		w.add(final)
		looks := w.again
		w.again = nil
		if len(looks) == 0 {
			return nil
		}
		for _, l := range looks {
			if len(final) > 0 && w.full() || l.try > w.v.o.Attempts {
				w.out.Truncated = true
				continue
			}
			rows, found, more, _, err := w.v.compareSpan(ctx, w.p, l.r, w.limit())
			if err != nil {
				return err
			}
			w.note(l.r, rows, found, more, l.try)
		}
	}
}

// compareSpan looks at one range once: equal tells that the sums are, found are the rows that differ.
func (v *verifier) compareSpan(ctx context.Context, p *plan, r span, limit int) (rows counts, out []found, more, equal bool, err error) {
	c := cut{}
	if v.o.Fence != nil {
		c = p.cutOf(r, v.o.ChunkRows) // differing sums are what is expected: no look without buckets
	}
	quick := p.client && !p.slow.Load() && len(p.key) > 0
	if p.client && c.width == nil {
		c = cut{}
	}
	a, b, err := v.sums(ctx, p, r, c, quick)
	if err != nil {
		return rows, nil, false, false, err
	}
	rows = counts{a.rows(), b.rows()}
	differing := a.differing(b)
	if len(differing) == 0 {
		return rows, nil, false, true, nil
	}
	if quick && (c.one() || 2*len(differing) > max(len(a), len(b))) {
		p.slow.Store(true)
		quick = false
	}
	if c.one() || p.client && !quick {
		out, more, err = v.narrow(ctx, p, r, p.cutOf(r, max(rows.source, rows.target)), limit)
	} else {
		out, more, err = v.rowsOf(ctx, p, r, c, a, b, limit)
	}
	return rows, out, more, false, err
}

func (v *verifier) sums(ctx context.Context, p *plan, r span, c cut, quick bool) (a, b sums, err error) {
	return both(ctx, v, func(ctx context.Context, s side) (sums, error) { return p.summarise(ctx, s, r, c, quick) })
}

// narrow finds the rows that differ in a range: buckets first, then the rows of those that differ.
func (v *verifier) narrow(ctx context.Context, p *plan, r span, c cut, limit int) (out []found, more bool, err error) {
	a, b, err := v.sums(ctx, p, r, c, false)
	if err != nil {
		return nil, false, err
	}
	return v.rowsOf(ctx, p, r, c, a, b, limit)
}

// rowsOf reads the rows of the buckets that differ and pairs them. A bucket of a range that holds many rows, since keys
// are not spread evenly, is cut again.
func (v *verifier) rowsOf(ctx context.Context, p *plan, r span, c cut, a, b sums, limit int) (out []found, more bool, err error) {
	chosen := a.differing(b)
	// Every bucket that differs holds at least one difference.
	if len(chosen) > limit {
		chosen, more = chosen[:limit], true
	}
	var part []string
	n := int64(0)
	flush := func() error {
		if len(part) == 0 {
			return nil
		}
		x, y, err := both(ctx, v, func(ctx context.Context, s side) (map[string][]row, error) { return p.readBuckets(ctx, s, r, c, part) })
		out = append(out, p.compare(x, y)...)
		part, n = part[:0], 0
		return err
	}
	for _, k := range chosen {
		rows := max(a[k].rows, b[k].rows)
		if c.width != nil && rows > crowded {
			f, m, err := v.narrow(ctx, p, c.span(k, r), cut{hashes: rows / bucketRows}, limit)
			if err != nil {
				return nil, false, err
			}
			out, more = append(out, f...), more || m
		} else {
			part, n = append(part, k), n+rows
		}
		if n >= batchRows || len(part) >= 64 {
			if err := flush(); err != nil {
				return nil, false, err
			}
		}
		if len(out) > limit {
			return out[:limit], true, nil
		}
	}
	if err := flush(); err != nil {
		return nil, false, err
	}
	if len(out) > limit {
		return out[:limit], true, nil
	}
	return out, more, nil
}

// pause waits a little.
func (v *verifier) pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(v.o.Delay):
		return nil
	}
}

// fence waits for the stream, if one runs.
func (v *verifier) fence(ctx context.Context) error {
	reached, err := v.mark(ctx)
	if err != nil {
		return err
	}
	return reached(ctx)
}

// mark takes the source's position.
func (v *verifier) mark(ctx context.Context) (reached func(context.Context) error, err error) {
	if v.o.Fence == nil {
		return func(context.Context) error { return nil }, nil
	}
	wait, err := v.o.Fence(ctx)
	if err != nil {
		return nil, fmt.Errorf("wait for the change stream: %w", err)
	}
	return func(ctx context.Context) error {
		if err := wait(ctx); err != nil {
			return fmt.Errorf("wait for the change stream: %w", err)
		}
		return nil
	}, nil
}

// pacer keeps to a rate.
type pacer struct {
	mu    sync.Mutex
	rate  int64
	rows  int64
	began time.Time
}

// wait counts rows and waits until they are due.
func (p *pacer) wait(ctx context.Context, rows int64) error {
	if p.rate <= 0 {
		return nil
	}
	p.mu.Lock()
	p.rows += rows
	due := p.began.Add(time.Duration(float64(p.rows) / float64(p.rate) * float64(time.Second)))
	p.mu.Unlock()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Until(due)):
		return nil
	}
}

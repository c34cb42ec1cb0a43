package migrate

import (
	"context"
	"errors"
	"time"

	"godwit/runner/change"
)

// errDropped ends a batch because one before it failed. It was rolled back and is applied later.
var errDropped = errors.New("a batch before this one failed")

// stalled is how long the first of several batches may take before those behind it are rolled back: one of them may hold a
// lock that the first one waits for, which the target cannot see, because who holds it waits here.
const stalled = 30 * time.Second

// lanes are target transactions that are under way side by side. Each batch waits for those before it whose write-set meets
// its own, is applied, and commits behind the one before it. So every state that commits is a state of the source.
type lanes struct {
	s      *stream
	free   []*lane
	flying []*batch // in order, from the first that has not been dealt with
	landed chan *batch
}

// lane is a connection.
type lane struct{ applier Applier }

func newLanes(s *stream, n int) *lanes {
	l := &lanes{s: s, landed: make(chan *batch, n)}
	for range n {
		l.free = append(l.free, &lane{})
	}
	return l
}

// close ends all that is under way and waits for it.
func (l *lanes) close() {
	for _, b := range l.flying {
		b.cancel()
	}
	for l.under() > 0 {
		l.release(<-l.landed)
	}
	for _, ln := range l.free {
		ln.close()
	}
}

func (ln *lane) close() {
	if ln.applier != nil {
		ln.applier.Close()
		ln.applier = nil
	}
}

// start applies a batch; it lands later. There must be a free lane.
func (l *lanes) start(ctx context.Context, b *batch) {
	ln := l.free[len(l.free)-1]
	l.free = l.free[:len(l.free)-1]
	b.earlier = append([]*batch(nil), l.flying...)
	b.beside = len(b.earlier) > 0
	ctx, b.cancel = context.WithCancel(ctx)
	b.lane, b.flew = ln, time.Now()
	l.flying = append(l.flying, b)
	go func() {
		b.err = l.fly(ctx, ln, b)
		b.earlier = nil
		if b.err != nil {
			ln.close()
		}
		close(b.done)
		l.landed <- b
	}()
}

// fly is the life of a batch in a lane.
func (l *lanes) fly(ctx context.Context, ln *lane, b *batch) error {
	txs := l.ready(b)
	for _, e := range b.earlier {
		if err := wait(ctx, e.known); err != nil {
			return err
		}
		if b.set != nil && e.set != nil && !b.set.Meets(e.set) {
			continue
		}
		if err := behind(ctx, e); err != nil {
			return err
		}
	}
	if err := l.add(ctx, ln, txs); err != nil {
		return err
	}
	if n := len(b.earlier); n > 0 {
		if err := behind(ctx, b.earlier[n-1]); err != nil {
			return err
		}
	}
	return ln.applier.Commit(ctx, b.after, b.last.Position, b.last.Commit)
}

// ready folds the batch and collects its write-set.
func (l *lanes) ready(b *batch) []*change.Tx {
	defer close(b.known)
	txs, folded := b.prepare(l.s.folder)
	if b.how.set {
		b.set = l.s.folder.WriteSet(txs)
	}
	l.s.metrics.batch(folded, b.beside)
	return txs
}

func (l *lanes) add(ctx context.Context, ln *lane, txs []*change.Tx) (err error) {
	if ln.applier == nil {
		if ln.applier, err = l.s.sink.Applier(ctx, l.s.tables, false); err != nil {
			ln.applier = nil
			return err
		}
	}
	for _, tx := range txs {
		if err := ln.applier.Add(ctx, tx, l.s.mode(tx.At)); err != nil {
			return err
		}
	}
	return nil
}

func wait(ctx context.Context, c <-chan struct{}) error {
	select {
	case <-c:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// behind waits until a batch has committed.
func behind(ctx context.Context, e *batch) error {
	if err := wait(ctx, e.done); err != nil {
		return err
	}
	if e.err != nil {
		return errDropped
	}
	return nil
}

// land takes note of a batch that has ended, and returns those that have committed, in order. When one failed, all are
// waited for: failed is that one and, behind it, those that were rolled back because of it.
func (l *lanes) land(b *batch) (committed, failed []*batch) {
	l.release(b)
	if b.err != nil {
		for l.under() > 0 { // those before it commit, those behind it drop
			l.release(<-l.landed)
		}
	}
	for len(l.flying) > 0 && l.flying[0].landed && l.flying[0].err == nil {
		committed = append(committed, l.flying[0])
		l.flying = l.flying[1:]
	}
	if len(l.flying) > 0 && l.flying[0].landed {
		failed, l.flying = l.flying, nil
	}
	return committed, failed
}

func (l *lanes) release(b *batch) {
	b.landed = true
	b.cancel()
	l.free = append(l.free, b.lane)
}

// under is the number of batches that have not ended.
func (l *lanes) under() int {
	n := 0
	for _, b := range l.flying {
		if !b.landed {
			n++
		}
	}
	return n
}

// unblock rolls back all but the first batch, when that one takes too long.
func (l *lanes) unblock() {
	if len(l.flying) < 2 || l.flying[0].landed || time.Since(l.flying[0].flew) < stalled {
		return
	}
	l.s.log.Warn("a target transaction takes long, those behind it are rolled back", "seconds", int(stalled.Seconds()))
	for _, b := range l.flying[1:] {
		b.cancel()
	}
}

package migrate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"godwit/runner/change"
)

// errAgain tells that the stream is to be read again from the applied position.
var errAgain = errors.New("read the change stream again")

// follow reads and applies until the target position is reached.
func (s *stream) follow(ctx context.Context) error {
	for {
		if err := s.pass(ctx); !errors.Is(err, errAgain) {
			return err
		}
	}
}

// pass follows the source from the applied position.
func (s *stream) pass(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	in := make(chan *change.Tx, inFlight)
	q := newBacklog()
	go func() {
		err := s.src.Stream(ctx, s.applied, s.tables, in)
		close(in)
		if err == nil {
			err = errors.New("the change stream ended")
		}
		q.source <- err
	}()
	go q.feed(ctx, in)
	s.open, s.big, s.stored = nil, nil, time.Now()
	s.lanes = newLanes(s, s.width())
	defer func() {
		cancel()
		s.lanes.close()
		if s.big != nil {
			s.big.close()
		}
		<-q.over
	}()
	timer := time.NewTicker(max(s.task.Apply.Wait/2, time.Millisecond))
	defer timer.Stop()
	for !s.reached() {
		more, err := s.work(ctx, q)
		if err != nil {
			return err
		}
		if s.reached() {
			break
		}
		if more {
			continue
		}
		if err := s.await(ctx, q, timer.C); err != nil {
			return err
		}
	}
	if s.upTo == nil {
		s.report(Event{Phase: PhaseDone, Position: s.applied.String(), Transactions: s.result.Transactions, Changes: s.result.Changes, Exceptions: s.result.Exceptions})
	}
	return nil
}

// width is how many target transactions may be under way.
func (s *stream) width() int {
	switch s.task.Apply.Mode {
	case modeAuto, modeParallel:
		return s.task.Apply.Lanes
	}
	return 1
}

// work does what can be done without waiting; more tells that there may be more of that.
func (s *stream) work(ctx context.Context, q *backlog) (more bool, err error) {
	if s.due() && len(s.lanes.free) > 0 {
		s.dispatch(ctx)
		if s.window() {
			return true, s.settled(ctx)
		}
		return true, nil
	}
	if s.full() {
		return false, nil
	}
	tx, done, err := q.next()
	switch {
	case tx != nil:
		return true, s.take(ctx, tx)
	case done && s.big != nil:
		return false, err
	case done:
		if failed := s.drain(ctx); failed != nil { // what came before the end is applied
			return false, failed
		}
		if s.reached() {
			return false, nil
		}
		return false, err
	}
	return false, nil
}

// await waits for something to do.
func (s *stream) await(ctx context.Context, q *backlog, tick <-chan time.Time) error {
	filled := q.filled
	if s.full() {
		filled = nil
	}
	if s.open == nil && len(s.lanes.flying) == 0 {
		tick = nil
	}
	select {
	case <-filled:
	case b := <-s.lanes.landed:
		return s.land(ctx, b)
	case <-tick:
		s.lanes.unblock()
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// window tells that some changes may be in the rows already, or not: then one batch is applied after the other.
func (s *stream) window() bool { return s.state.Phase != change.PhaseConsistent }

// full tells that the open batch takes no more.
func (s *stream) full() bool {
	b := s.open
	return b != nil && (b.whole >= s.task.Apply.Transactions || b.rows >= s.task.Apply.Rows || b.mem >= batchBytes ||
		s.target != nil && b.last.Position.Covers(s.target))
}

// due tells that the open batch should go.
func (s *stream) due() bool {
	return s.open != nil && (s.full() || time.Since(s.open.began) >= s.task.Apply.Wait)
}

// take adds a transaction to the open batch; s.full does not hold.
func (s *stream) take(ctx context.Context, tx *change.Tx) error {
	if s.big == nil && len(tx.Changes) == 0 && !tx.More {
		s.empty(tx)
		return nil
	}
	if err := s.schema(ctx, tx); err != nil {
		return err
	}
	if s.big != nil || tx.More {
		return s.piece(ctx, tx)
	}
	s.put(tx)
	return nil
}

func (s *stream) put(tx *change.Tx) {
	if s.open == nil {
		s.open = newBatch()
	}
	s.open.add(tx)
}

// empty moves the position without changes: with the batch that is open or by a new one, now and then.
func (s *stream) empty(tx *change.Tx) {
	if s.open != nil {
		s.open.last = tx
		return
	}
	if len(s.lanes.flying) == 0 {
		s.observe(tx.Commit)
	}
	due := time.Since(s.stored) >= idleCommit
	if o, ok := change.Compare(tx.Position, s.applied); ok && o == 0 && !due {
		return
	}
	if due || s.target != nil && tx.Position.Covers(s.target) || s.window() && s.passed(tx.Position) {
		s.put(tx)
		s.open.began = time.Time{}
	}
}

// dispatch gives the open batch to a lane.
func (s *stream) dispatch(ctx context.Context) {
	b := s.open
	s.open = nil
	b.after = s.text
	if n := len(s.lanes.flying); n > 0 {
		b.after = s.lanes.flying[n-1].last.Position.String()
	}
	if !s.window() {
		m := s.task.Apply.Mode
		b.how.fold = m == modeBatch || m == modeAuto && b.rows >= foldRows
		b.how.set = s.width() > 1
	}
	s.lanes.start(ctx, b)
}

// settled waits until nothing is under way.
func (s *stream) settled(ctx context.Context) error {
	for len(s.lanes.flying) > 0 {
		select {
		case b := <-s.lanes.landed:
			if err := s.land(ctx, b); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// drain applies all that was taken.
func (s *stream) drain(ctx context.Context) error {
	if s.open != nil {
		for len(s.lanes.free) == 0 {
			if err := s.land(ctx, <-s.lanes.landed); err != nil {
				return err
			}
		}
		s.dispatch(ctx)
	}
	return s.settled(ctx)
}

// land deals with a batch that has ended. One that failed, and those that were rolled back with it, are applied now, one
// after the other.
func (s *stream) land(ctx context.Context, b *batch) error {
	committed, failed := s.lanes.land(b)
	for _, c := range committed {
		if err := s.committed(ctx, c); err != nil {
			return err
		}
	}
	for i, f := range failed {
		if err := s.mend(ctx, f, i > 0 || f.beside || len(failed) > 1); err != nil {
			return err
		}
	}
	return nil
}

// committed takes note of a batch on the target and acknowledges it to the source.
func (s *stream) committed(ctx context.Context, b *batch) error {
	p, when := b.last.Position, b.last.Commit
	s.applied, s.text, s.moved, s.stored = p, p.String(), true, time.Now()
	s.result.Position = p
	s.result.Transactions += int64(b.whole)
	s.result.Changes += int64(b.rows)
	s.metrics.applied(b.whole, b.rows, b.bytes)
	s.observe(when)
	if err := s.src.Ack(ctx, p); err != nil {
		return fmt.Errorf("acknowledge %s: %w", p, err)
	}
	return s.settle(ctx)
}

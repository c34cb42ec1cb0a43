package migrate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"godwit/runner/change"
)

const (
	inFlight    = 64     // transactions, or pieces of at most about 1 MB, between source and sink
	retainRows  = 20_000 // a failed batch up to this size is tried again row by row, to name the row
	reportEvery = time.Second
	idleCommit  = 3 * time.Second // how often the position of an idle stream is stored, which also tells whether the task is still this run's
)

// stream applies the change stream.
//
// Until the position has passed the span of every chunk (the window), the target is no copy of one moment, and each table
// is treated by its own spans: a change before all of them is in the rows already and is skipped, a change after all of
// them is new and applied strictly, and one in between is applied so that it does not matter whether the row has it
// (change.Idempotent, and why that converges is told there, in package postgres). After the window every change is
// strict, and a row that is not there is an error.
type stream struct {
	*runner
	src   Source
	sink  Sink
	state change.State

	applied change.Position
	spans   map[*change.Table][]change.Span // distinct ones; empty after the window
	target  change.Position                 // nil: run until cancelled
	applier Applier

	// the open target transaction
	batch    []*change.Tx // nil when too large to be kept
	kept     bool
	rows     int
	txs      int
	bytes    int64
	last     *change.Tx // last whole transaction
	middle   bool       // inside a transaction in pieces
	reported time.Time
	stored   time.Time
}

func (s *stream) run(ctx context.Context) error {
	var err error
	if s.applied, err = s.src.ParsePosition(s.state.Position); err != nil {
		return err
	}
	s.result.Position = s.applied
	if err := s.readSpans(); err != nil {
		return err
	}
	if err := s.loaded(ctx); err != nil {
		return err
	}
	if err := s.settle(ctx); err != nil {
		return err
	}
	if s.opts.Until.Loaded {
		s.report(Event{Phase: PhaseDone, Position: s.applied.String()})
		return nil
	}
	if err := s.aim(ctx); err != nil {
		return err
	}
	if s.reached() {
		s.report(Event{Phase: PhaseDone, Position: s.applied.String()})
		return nil
	}
	if s.applier, err = s.sink.Applier(ctx, s.tables, false); err != nil {
		return err
	}
	defer func() { s.applier.Close() }()
	return s.follow(ctx)
}

// readSpans collects the spans of the chunks.
func (s *stream) readSpans() error {
	s.spans = map[*change.Table][]change.Span{}
	if s.state.Phase == change.PhaseConsistent {
		return nil
	}
	parsed := map[[2]string]change.Span{}
	for name, chunks := range s.state.Chunks {
		t := s.byName[name]
		if t == nil {
			return fmt.Errorf("%w: the target's ledger has table %s", ErrOtherTask, name)
		}
		seen := map[[2]string]bool{}
		for _, c := range chunks {
			k := [2]string{c.Low, c.High}
			if seen[k] {
				continue
			}
			seen[k] = true
			sp, ok := parsed[k]
			if !ok {
				var err error
				if sp.Low, err = s.src.ParsePosition(c.Low); err != nil {
					return err
				}
				if sp.High, err = s.src.ParsePosition(c.High); err != nil {
					return err
				}
				parsed[k] = sp
			}
			s.spans[t] = append(s.spans[t], sp)
		}
	}
	return nil
}

// mode is how a transaction at a place is applied to a table.
func (s *stream) mode(at change.Position) func(*change.Table) change.Mode {
	return func(t *change.Table) change.Mode {
		spans := s.spans[t]
		before, after := true, true
		for _, sp := range spans {
			before = before && sp.Low.Covers(at)
			after = after && !sp.High.Covers(at)
		}
		switch {
		case after: // also without spans
			return change.Strict
		case before:
			return change.Skip
		}
		return change.Idempotent
	}
}

// loaded calls the hook after the load, unless a run before did all there is to do.
func (s *stream) loaded(ctx context.Context) error {
	if s.state.Phase == change.PhaseConsistent {
		return nil
	}
	s.report(Event{Phase: PhaseHooks})
	if h := s.opts.Hooks.Loaded; h != nil {
		if err := h(ctx, s.tables); err != nil {
			return fmt.Errorf("after the full load: %w", err)
		}
	}
	if s.state.Phase == change.PhaseLoading {
		if err := s.sink.SetPhase(ctx, change.PhaseLoaded); err != nil {
			return err
		}
		s.state.Phase = change.PhaseLoaded
	}
	return nil
}

// passed tells that a position is behind the window.
func (s *stream) passed(p change.Position) bool {
	for _, spans := range s.spans {
		for _, sp := range spans {
			if !p.Covers(sp.High) {
				return false
			}
		}
	}
	return true
}

// settle ends the window when the position has passed every span.
func (s *stream) settle(ctx context.Context) error {
	if s.state.Phase == change.PhaseConsistent {
		return nil
	}
	if !s.passed(s.applied) {
		return nil
	}
	s.report(Event{Phase: PhaseHooks})
	if h := s.opts.Hooks.Consistent; h != nil {
		if err := h(ctx, s.tables); err != nil {
			return fmt.Errorf("on the consistent copy: %w", err)
		}
	}
	if err := s.sink.SetPhase(ctx, change.PhaseConsistent); err != nil {
		return err
	}
	s.state.Phase = change.PhaseConsistent
	clear(s.spans)
	s.log.Info("the target is a consistent copy", "position", s.applied.String())
	return nil
}

// aim sets the position to stop at.
func (s *stream) aim(ctx context.Context) error {
	s.target = s.opts.Until.Position
	if s.target != nil || !s.opts.Until.CaughtUp {
		return nil
	}
	var err error
	s.target, err = s.src.Position(ctx)
	return err
}

func (s *stream) reached() bool {
	return s.target != nil && s.applied.Covers(s.target) && s.state.Phase == change.PhaseConsistent
}

// follow reads and applies until the target position is reached.
func (s *stream) follow(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	in := make(chan *change.Tx, inFlight)
	ended := make(chan error, 1)
	go func() { ended <- s.src.Stream(ctx, s.applied, s.tables, in) }()
	running := true
	defer func() {
		cancel()
		if running {
			<-ended
		}
	}()
	s.kept, s.stored = true, time.Now()
	timer := time.NewTimer(time.Hour)
	timer.Stop()
	for {
		select {
		case tx := <-in:
			if s.txs == 0 && !s.middle {
				timer.Reset(s.task.Apply.Wait)
			}
			if err := s.take(ctx, tx); err != nil {
				return err
			}
		case <-timer.C:
			if err := s.flush(ctx); err != nil {
				return err
			}
		case err := <-ended:
			running = false
			if err == nil {
				err = errors.New("the change stream ended")
			}
			return err
		}
		if s.reached() {
			s.report(Event{Phase: PhaseDone, Position: s.applied.String(), Transactions: s.result.Transactions, Changes: s.result.Changes})
			return nil
		}
	}
}

// take adds a transaction to the open target transaction, and commits that when it is large enough.
func (s *stream) take(ctx context.Context, tx *change.Tx) error {
	if !s.middle && len(tx.Changes) == 0 && !tx.More {
		return s.empty(ctx, tx)
	}
	if err := s.schema(ctx, tx); err != nil {
		return err
	}
	if err := s.add(ctx, tx); err != nil {
		return err
	}
	if s.middle {
		return nil
	}
	full := s.txs >= s.task.Apply.Transactions || s.rows >= s.task.Apply.Rows
	if full || s.target != nil && tx.Position.Covers(s.target) {
		return s.commit(ctx)
	}
	return nil
}

func (s *stream) add(ctx context.Context, tx *change.Tx) error {
	s.rows += tx.Rows()
	s.bytes += tx.Bytes
	s.kept = s.kept && s.rows <= retainRows
	if s.kept {
		s.batch = append(s.batch, tx)
	} else {
		s.batch = nil
	}
	s.middle = tx.More
	if !tx.More {
		s.txs++
		s.last = tx
	}
	if err := s.applier.Add(ctx, tx, s.mode(tx.At)); err != nil {
		return s.byRow(ctx, err)
	}
	return nil
}

// empty moves the position without changes: by the next commit, or now and then.
func (s *stream) empty(ctx context.Context, tx *change.Tx) error {
	if s.txs > 0 {
		s.last = &change.Tx{Position: tx.Position, Commit: tx.Commit}
		return nil
	}
	s.observe(tx.Commit)
	due := time.Since(s.stored) >= idleCommit
	if o, ok := change.Compare(tx.Position, s.applied); ok && o == 0 && !due {
		return nil
	}
	due = due || s.target != nil && tx.Position.Covers(s.target) ||
		s.state.Phase != change.PhaseConsistent && s.passed(tx.Position)
	if !due {
		return nil
	}
	s.last, s.txs = tx, 0
	return s.commit(ctx)
}

// flush commits after the waiting time, unless a transaction is not whole yet: then its end commits.
func (s *stream) flush(ctx context.Context) error {
	if s.middle || s.txs == 0 {
		return nil
	}
	return s.commit(ctx)
}

// commit stores rows and position, then acknowledges them to the source.
func (s *stream) commit(ctx context.Context) error {
	p, when := s.last.Position, s.last.Commit
	if err := s.applier.Commit(ctx, p, when); err != nil {
		if err = s.byRow(ctx, err); err != nil {
			return err
		}
	}
	s.applied, s.moved, s.stored = p, true, time.Now()
	s.result.Position = p
	s.result.Transactions += int64(s.txs)
	s.result.Changes += int64(s.rows)
	s.metrics.applied(s.txs, s.rows, s.bytes)
	s.batch, s.kept, s.rows, s.txs, s.bytes, s.middle = nil, true, 0, 0, 0, false
	s.observe(when)
	if err := s.src.Ack(ctx, p); err != nil {
		return fmt.Errorf("acknowledge %s: %w", p, err)
	}
	return s.settle(ctx)
}

// byRow tries a failed batch again, row by row, so that the error names the row. It returns nil if that succeeded.
func (s *stream) byRow(ctx context.Context, cause error) error {
	if !s.kept || s.middle || len(s.batch) == 0 || s.rows == 1 || change.IsTransient(cause) || errors.Is(cause, change.ErrFenced) || ctx.Err() != nil {
		return cause
	}
	s.log.Warn("a batch failed, trying it again row by row", "error", cause, "transactions", len(s.batch))
	s.applier.Close()
	single, err := s.sink.Applier(ctx, s.tables, true)
	if err != nil {
		return err
	}
	s.applier = single
	for _, tx := range s.batch {
		if err := single.Add(ctx, tx, s.mode(tx.At)); err != nil {
			return err
		}
	}
	if err := single.Commit(ctx, s.last.Position, s.last.Commit); err != nil {
		return err
	}
	single.Close()
	s.batch = nil
	s.applier, err = s.sink.Applier(ctx, s.tables, false)
	return err
}

// observe reports progress and lag. The lag is by the clocks of both machines.
func (s *stream) observe(commit time.Time) {
	lag := -1.0
	if !commit.IsZero() {
		lag = max(time.Since(commit).Seconds(), 0)
	}
	s.metrics.lagged(lag)
	if time.Since(s.reported) < reportEvery {
		return
	}
	s.reported = time.Now()
	s.report(Event{Phase: PhaseStream, Position: s.applied.String(), Lag: lag, Transactions: s.result.Transactions, Changes: s.result.Changes})
}

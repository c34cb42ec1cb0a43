package migrate

import (
	"context"
	"fmt"
	"time"

	"godwit/runner/change"
	"godwit/runner/fold"
)

const (
	inFlight    = 8 // transactions, or pieces of at most about 1 MB of log, between the source and the backlog, which are not counted
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
	text    string                          // of applied, as it is stored on the target
	spans   map[*change.Table][]change.Span // distinct ones; empty after the window
	target  change.Position                 // nil: run until cancelled
	upTo    change.Position                 // the target in place of the options'; nil: theirs
	folder  *fold.Folder

	open     *batch // being collected; nil: none
	lanes    *lanes
	big      *piecemeal // a transaction in pieces that is being applied; nil: none
	careful  bool       // set rows of the next transaction in pieces aside that the target refuses
	reported time.Time
	stored   time.Time
}

func (s *stream) run(ctx context.Context) error {
	var err error
	if s.applied, err = s.src.ParsePosition(s.state.Position); err != nil {
		return err
	}
	s.text, s.result.Position = s.state.Position, s.applied
	if err := s.readSpans(); err != nil {
		return err
	}
	if err := s.loaded(ctx); err != nil {
		return err
	}
	if err := s.settle(ctx); err != nil {
		return err
	}
	if s.opts.Until.Loaded && s.upTo == nil {
		s.report(Event{Phase: PhaseDone, Position: s.applied.String()})
		return nil
	}
	if err := s.aim(ctx); err != nil {
		return err
	}
	if s.reached() {
		if err := s.continues(ctx); err != nil {
			return err
		}
		if s.upTo == nil {
			s.report(Event{Phase: PhaseDone, Position: s.applied.String()})
		}
		return nil
	}
	s.folder = fold.New(s.tables)
	return s.follow(ctx)
}

// continues makes sure that the source's log has the history of what is applied: one that was begun anew seems to have nothing
// that is missing. Streams find that by themselves.
func (s *stream) continues(ctx context.Context) error {
	if c, ok := s.src.(Continuer); ok {
		return c.Continues(ctx, s.applied)
	}
	return nil
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
	if s.opts.Hooks.Whole != nil && s.passed(s.applied) {
		return s.consistent(ctx, s.opts.Hooks.Whole) // the load left no window
	}
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
	return s.consistent(ctx, s.opts.Hooks.Consistent)
}

// consistent does what a consistent copy allows, and notes it.
func (s *stream) consistent(ctx context.Context, hook func(context.Context, []*change.Table) error) error {
	if err := s.makeKeys(ctx, s.sink, s.state.Chunks, true); err != nil {
		return err
	}
	if hook != nil {
		if err := hook(ctx, s.tables); err != nil {
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
	if s.target = s.upTo; s.target == nil {
		s.target = s.opts.Until.Position
	}
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

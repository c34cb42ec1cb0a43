package migrate

import (
	"context"
	"errors"
	"fmt"

	"godwit/runner/change"
)

// mend applies a batch that failed or was rolled back with one that did: once more as it is, if others were under way
// beside it; then in halves, each of them a target transaction, down to the transaction that fails; and that one row by row.
func (s *stream) mend(ctx context.Context, b *batch, beside bool) error {
	cause := b.err
	if final(ctx, cause, beside) {
		return cause
	}
	if beside {
		err := s.once(ctx, b)
		if err == nil {
			return nil
		}
		if final(ctx, err, false) {
			return err
		}
		cause = err
	}
	if len(b.txs) == 0 {
		return cause
	}
	s.log.Warn("a batch failed, trying it in parts", "error", cause, "transactions", len(b.txs))
	return s.halves(ctx, b, cause)
}

// final tells that only a new attempt, which reads the position from the target, may go on: trying again in another way is of
// no use, or the batch may be on the target. The connection of a lane that was rolled back may be lost by that.
func final(ctx context.Context, err error, beside bool) bool {
	for _, e := range []error{change.ErrFenced, change.ErrMoved, change.ErrUnsure} {
		if errors.Is(err, e) {
			return true
		}
	}
	return ctx.Err() != nil || change.IsTransient(err) && !beside
}

// halves applies a batch that failed in two parts.
func (s *stream) halves(ctx context.Context, b *batch, cause error) error {
	if len(b.txs) == 1 {
		return s.alone(ctx, b, cause)
	}
	half, after := len(b.txs)/2, b.after
	for _, txs := range [][]*change.Tx{b.txs[:half], b.txs[half:]} {
		part := b.part(after, txs)
		after = part.last.Position.String()
		err := s.once(ctx, part)
		switch {
		case err == nil:
			continue
		case final(ctx, err, false):
			return err
		}
		if err := s.halves(ctx, part, err); err != nil {
			return err
		}
	}
	return nil
}

// once applies a batch by itself.
func (s *stream) once(ctx context.Context, b *batch) error {
	txs, folded := b.prepare(s.folder)
	a, err := s.sink.Applier(ctx, s.tables, false)
	if err != nil {
		return err
	}
	defer a.Close()
	s.metrics.batch(folded, false)
	if err := s.addAll(ctx, a, txs, b); err != nil {
		return err
	}
	return s.committed(ctx, b)
}

// addAll applies the transactions of a batch, as they are or folded, and commits.
func (s *stream) addAll(ctx context.Context, a Applier, txs []*change.Tx, b *batch) error {
	for _, tx := range txs {
		if err := a.Add(ctx, tx, s.mode(tx.At)); err != nil {
			return err
		}
	}
	return a.Commit(ctx, b.after, b.last.Position, b.last.Commit)
}

// alone applies the transaction that fails, so that the error names the row, or so that the row is set aside.
func (s *stream) alone(ctx context.Context, b *batch, cause error) error {
	if s.task.Apply.OnError == "except" {
		a, err := s.excepting(ctx)
		if err != nil {
			return err
		}
		defer a.Close()
		if err := s.addAll(ctx, a, b.txs, b); err != nil {
			return err
		}
		s.excepted(a, b.txs[0])
		return s.committed(ctx, b)
	}
	if b.rows == 1 {
		return cause
	}
	a, err := s.sink.Applier(ctx, s.tables, true)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := s.addAll(ctx, a, b.txs, b); err != nil {
		return err
	}
	return s.committed(ctx, b)
}

func (s *stream) excepting(ctx context.Context) (ExceptingApplier, error) {
	e, ok := s.sink.(Excepter)
	if !ok {
		return nil, fmt.Errorf("apply.on_error: except is not supported by this target: %w", change.ErrRefused)
	}
	return e.ExceptingApplier(ctx, s.tables)
}

// excepted counts what was set aside.
func (s *stream) excepted(a ExceptingApplier, tx *change.Tx) {
	n := a.Excepted()
	if n == 0 {
		return
	}
	s.result.Exceptions += n
	s.metrics.exceptions.Add(float64(n))
	s.log.Warn("rows were set aside", "in", s.opts.Exceptions, "rows", n, "transaction", tx.ID)
}

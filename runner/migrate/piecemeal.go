package migrate

import (
	"context"

	"godwit/runner/change"
)

// keptBytes is the memory up to which a transaction in pieces is kept, so that it can be tried again row by row.
const keptBytes = 32 << 20

// piecemeal is a transaction that is too large for memory: its pieces flow into one target transaction, with nothing beside.
type piecemeal struct {
	applier   Applier
	excepting ExceptingApplier // the applier, when it sets rows aside
	batch     *batch           // the pieces as far as they are kept, and the counts of all
	kept      bool
}

func (p *piecemeal) close() {
	if p.applier != nil {
		p.applier.Close()
	}
}

// piece applies a piece, and commits with the last one.
func (s *stream) piece(ctx context.Context, tx *change.Tx) error {
	if s.big == nil {
		if err := s.drain(ctx); err != nil {
			return err
		}
		if err := s.begin(ctx); err != nil {
			return err
		}
	}
	p := s.big
	p.note(tx)
	err := p.applier.Add(ctx, tx, s.mode(tx.At))
	if err == nil && tx.More {
		return nil
	}
	if err == nil {
		err = p.applier.Commit(ctx, s.text, tx.Position, tx.Commit)
	}
	if err != nil {
		return s.pieceFailed(ctx, err)
	}
	if p.excepting != nil {
		s.excepted(p.excepting, tx)
	}
	p.close()
	s.big, s.careful = nil, false
	return s.committed(ctx, p.batch)
}

func (s *stream) begin(ctx context.Context) (err error) {
	p := &piecemeal{batch: newBatch(), kept: true}
	if s.careful {
		if p.excepting, err = s.excepting(ctx); err != nil {
			return err
		}
		p.applier = p.excepting
	} else if p.applier, err = s.sink.Applier(ctx, s.tables, false); err != nil {
		return err
	}
	s.big = p
	return nil
}

// note counts a piece and keeps it, unless there are too many.
func (p *piecemeal) note(tx *change.Tx) {
	p.batch.add(tx)
	p.batch.whole = 1
	if p.batch.mem > keptBytes {
		p.kept, p.batch.txs = false, nil
	}
}

// pieceFailed tries a transaction again row by row, if all of it has been seen and kept. To set rows aside it is read again
// from the source.
func (s *stream) pieceFailed(ctx context.Context, cause error) error {
	p := s.big
	p.close()
	p.applier = nil
	if final(ctx, cause, false) || p.excepting != nil {
		return cause
	}
	if s.task.Apply.OnError == "except" {
		s.log.Warn("a transaction failed, reading it again to set rows aside", "error", cause)
		s.careful = true
		return errAgain
	}
	if !p.kept || p.batch.last.More {
		return cause
	}
	s.big = nil
	return s.alone(ctx, p.batch, cause)
}

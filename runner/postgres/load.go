package postgres

import (
	"context"
	"fmt"
	"iter"

	"github.com/jackc/pgx/v5"

	"godwit/runner/change"
)

// Load loads a chunk: its rows and its entry in the ledger are one transaction. A chunk that is in the ledger already
// is left alone, so that a chunk may be delivered again after a lost answer. span is asked after the last row.
func (s *Sink) Load(ctx context.Context, c change.Chunk, rows iter.Seq2[*change.Batch, error], span func() (change.Span, error)) (change.Loaded, error) {
	var out change.Loaded
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		out = change.Loaded{}
		done, err := s.chunkLoaded(ctx, tx, c)
		if err != nil || done {
			out.Already = done
			return err
		}
		t, err := describe(ctx, tx, c.Table, 0, &s.opts.Policy)
		if err != nil {
			return err
		}
		aside, err := copyChunk(ctx, tx, t, rows, &out)
		if err != nil {
			return err
		}
		sp, err := span()
		if err == nil {
			err = s.recordAside(ctx, tx, c.Table, aside, sp)
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE godwit.chunks SET loaded_at = now(), rows = $4, bytes = $5, epoch = $6, low_position = $7,
			high_position = $8 WHERE task = $1 AND tbl = $2 AND id = $3`,
			s.opts.Task, c.Table.Name(), c.ID, out.Rows, out.Bytes, s.epoch, sp.Low.String(), sp.High.String())
		return err
	})
	if err != nil {
		return change.Loaded{}, fmt.Errorf("load %s chunk %d: %w", c.Table.Name(), c.ID, err)
	}
	return out, nil
}

// copyChunk copies rows into a table; it returns those that are set aside.
func copyChunk(ctx context.Context, tx pgx.Tx, t *table, rows iter.Seq2[*change.Batch, error], out *change.Loaded) ([]exceptedRow, error) {
	r := &copyReader{t: t}
	defer r.pull(rows)()
	if _, err := tx.Conn().PgConn().CopyFrom(ctx, r, t.copySQL()); err != nil {
		if failed := r.failure(); failed != nil {
			return nil, failed
		}
		return nil, err
	}
	out.Excepted = int64(len(r.aside.rows))
	out.Rows, out.Bytes = r.rows-out.Excepted, r.bytes
	return r.aside.rows, nil
}

func (s *Sink) chunkLoaded(ctx context.Context, tx pgx.Tx, c change.Chunk) (bool, error) {
	var done bool
	err := tx.QueryRow(ctx, `SELECT loaded_at IS NOT NULL FROM godwit.chunks WHERE task = $1 AND tbl = $2 AND id = $3 FOR UPDATE`,
		s.opts.Task, c.Table.Name(), c.ID).Scan(&done)
	if err != nil {
		return false, fmt.Errorf("read the ledger: %w", err)
	}
	return done, nil
}

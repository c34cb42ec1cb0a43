package sink

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"strconv"

	"godwit/runner/change"
)

// Load loads a chunk: its rows and its entry in the ledger are one transaction. A chunk that is in the ledger already
// is left alone, so that a chunk may be delivered again after a lost answer. span is asked after the last row.
func (s *Sink) Load(ctx context.Context, c change.Chunk, rows iter.Seq2[*change.Batch, error], span func() (change.Span, error)) (change.Loaded, error) {
	var out change.Loaded
	t, err := s.describe(ctx, c.Table)
	if err == nil {
		err = s.inTx(ctx, func(tx *sql.Tx) error {
			out = change.Loaded{}
			var done bool
			err := tx.QueryRowContext(ctx, "SELECT loaded_at IS NOT NULL FROM "+s.own("chunks")+s.chunkWhere(c)+" FOR UPDATE").Scan(&done)
			if err != nil {
				return fmt.Errorf("read the ledger: %w", err)
			}
			if done {
				out.Already = true
				return nil
			}
			l := loading{s: s, t: t, tx: tx}
			if err := l.rows(ctx, rows); err != nil {
				return err
			}
			sp, err := span()
			if err != nil {
				return err
			}
			out.Rows, out.Bytes = l.n, l.bytes
			_, err = tx.ExecContext(ctx, "UPDATE "+s.own("chunks")+" SET loaded_at = UTC_TIMESTAMP(6), row_count = "+strconv.FormatInt(l.n, 10)+
				", byte_count = "+strconv.FormatInt(l.bytes, 10)+", epoch = "+strconv.FormatInt(s.epoch, 10)+
				", low_position = "+quoted(sp.Low.String())+", high_position = "+quoted(sp.High.String())+s.chunkWhere(c))
			return err
		})
	}
	if err != nil {
		return change.Loaded{}, fmt.Errorf("load %s chunk %d: %w", c.Table.Name(), c.ID, err)
	}
	return out, nil
}

// loading is a chunk that is being loaded.
type loading struct {
	s        *Sink
	t        *table
	tx       *sql.Tx
	buf      []byte
	pending  int64
	n, bytes int64
}

func (l *loading) rows(ctx context.Context, rows iter.Seq2[*change.Batch, error]) error {
	for b, err := range rows {
		if err != nil {
			return err
		}
		for i := range b.Rows() {
			if err := l.row(ctx, b.Row(i)); err != nil {
				return err
			}
		}
		l.n += int64(b.Rows())
		l.bytes += b.Bytes
	}
	return l.flush(ctx)
}

func (l *loading) row(ctx context.Context, r change.Row) error {
	if l.pending == 0 {
		l.buf = append(append(l.buf[:0], "INSERT "...), l.t.head...)
	} else {
		l.buf = append(l.buf, ',')
	}
	var err error
	if l.buf, err = l.t.tuple(l.buf, r); err != nil {
		return err
	}
	l.pending++
	if len(l.buf) >= min(maxPacket, l.s.packet/2) {
		return l.flush(ctx)
	}
	return nil
}

func (l *loading) flush(ctx context.Context) error {
	if l.pending == 0 {
		return nil
	}
	if len(l.buf) > l.s.packet {
		return fmt.Errorf("a row of %d bytes is longer than the server's max_allowed_packet (%d); raise it and start again", len(l.buf), l.s.packet)
	}
	res, err := l.tx.ExecContext(ctx, string(l.buf))
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n != l.pending {
		err = fmt.Errorf("%d of %d rows were inserted", n, l.pending)
	}
	l.pending = 0
	return err
}

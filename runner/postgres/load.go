package postgres

import (
	"context"
	"fmt"
	"io"
	"iter"
	"sync"

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
		t, err := describe(ctx, tx, c.Table, 0)
		if err != nil {
			return err
		}
		r := &copyReader{t: t, policy: &s.opts.Policy}
		defer r.pull(rows)()
		if _, err := tx.Conn().PgConn().CopyFrom(ctx, r, "COPY "+t.name+" ("+t.columnList()+") FROM STDIN"); err != nil {
			if failed := r.failure(); failed != nil {
				return failed
			}
			return err
		}
		sp, err := span()
		if err != nil {
			return err
		}
		out.Rows, out.Bytes = r.rows, r.bytes
		_, err = tx.Exec(ctx, `UPDATE godwit.chunks SET loaded_at = now(), rows = $4, bytes = $5, epoch = $6, low_position = $7,
			high_position = $8 WHERE task = $1 AND tbl = $2 AND id = $3`,
			s.opts.Task, c.Table.Name(), c.ID, r.rows, r.bytes, s.epoch, sp.Low.String(), sp.High.String())
		return err
	})
	if err != nil {
		return change.Loaded{}, fmt.Errorf("load %s chunk %d: %w", c.Table.Name(), c.ID, err)
	}
	return out, nil
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

// copyReader is the text form of rows, read by COPY. When the connection breaks, COPY returns while its reader may still be in
// Read; so whoever ends the sequence waits for it.
type copyReader struct {
	mu      sync.Mutex
	closed  bool
	t       *table
	policy  *Policy
	next    func() (*change.Batch, error, bool)
	buf     []byte // encoded and not yet read
	at      int
	scratch []byte
	rows    int64
	bytes   int64
	err     error // why reading failed, other than the end
}

// pull starts reading the sequence; the result ends it.
func (r *copyReader) pull(rows iter.Seq2[*change.Batch, error]) (stop func()) {
	next, end := iter.Pull2(rows)
	r.next = next
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.closed = true
		end()
	}
}

// failure is why reading failed, nil if it did not.
func (r *copyReader) failure() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// Read implements io.Reader.
func (r *copyReader) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return 0, io.ErrClosedPipe
	}
	for r.at == len(r.buf) {
		if r.err != nil {
			return 0, r.err
		}
		b, err, ok := r.next()
		switch {
		case err != nil:
			r.err = err
			return 0, err
		case !ok:
			return 0, io.EOF
		}
		if r.err = r.encode(b); r.err != nil {
			return 0, r.err
		}
	}
	n := copy(p, r.buf[r.at:])
	r.at += n
	return n, nil
}

func (r *copyReader) encode(b *change.Batch) error {
	r.buf, r.at = r.buf[:0], 0
	for i := range b.Rows() {
		row := b.Row(i)
		for j, v := range row {
			if j > 0 {
				r.buf = append(r.buf, '\t')
			}
			c := &r.t.cols[j]
			var out []byte
			var err error
			if out, r.scratch, err = r.policy.encode(c.form, c.dateOnly, r.scratch[:0], v); err != nil {
				return r.t.valueError(j, row, err)
			}
			r.buf = appendCopy(r.buf, c.form, out)
		}
		r.buf = append(r.buf, '\n')
	}
	r.rows += int64(b.Rows())
	r.bytes += b.Bytes
	return nil
}

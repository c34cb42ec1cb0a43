package postgres

import (
	"encoding/binary"
	"encoding/hex"
	"io"
	"iter"
	"sync"

	"godwit/runner/change"
)

const (
	// messageBytes is about how much is given to COPY at a time.
	messageBytes = 64 << 10
	// largeValue is the size from which on a value is written in pieces, so that it is not in memory a second time.
	largeValue = 256 << 10
)

var (
	copyBegin = append([]byte("PGCOPY\n\xff\r\n\x00"), 0, 0, 0, 0, 0, 0, 0, 0) // no flags, no extension
	copyEnd   = []byte{0xff, 0xff}
	copyNull  = []byte{0xff, 0xff, 0xff, 0xff}
)

// copyReader is the form of rows that COPY reads. When the connection breaks, COPY returns while its reader may still be in
// Read; so whoever ends the sequence waits for it.
type copyReader struct {
	mu      sync.Mutex
	closed  bool
	t       *table
	next    func() (*change.Batch, error, bool)
	batch   *change.Batch
	row     int    // in the batch
	col     int    // in the row
	rest    []byte // of a large value that is being written
	buf     []byte // encoded and not yet read
	at      int
	scratch []byte
	ended   bool
	rows    int64
	bytes   int64
	err     error // why reading failed, other than the end
	aside   setAside
}

// pull starts reading the sequence; the result ends it.
func (r *copyReader) pull(rows iter.Seq2[*change.Batch, error]) (stop func()) {
	next, end := iter.Pull2(rows)
	r.next = next
	if r.t.binary {
		r.buf = append(r.buf, copyBegin...)
	}
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
	n := 0
	for n < len(p) {
		if r.at == len(r.buf) {
			if r.err = r.fill(); r.err != nil {
				return 0, r.err
			}
			if len(r.buf) == 0 {
				break
			}
		}
		m := copy(p[n:], r.buf[r.at:])
		r.at += m
		n += m
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// fill encodes what comes next; nothing at the end.
func (r *copyReader) fill() error {
	r.buf, r.at = r.buf[:0], 0
	for len(r.buf) < messageBytes && !r.ended {
		if len(r.rest) > 0 {
			r.piece()
			continue
		}
		if r.batch == nil || r.row == r.batch.Rows() {
			b, err, ok := r.next()
			switch {
			case err != nil:
				return err
			case !ok:
				r.ended = true
				if r.t.binary {
					r.buf = append(r.buf, copyEnd...)
				}
				return nil
			}
			r.batch, r.row, r.col = b, 0, 0
			r.rows += int64(b.Rows())
			r.bytes += b.Bytes
			continue
		}
		if r.col == 0 && r.t.excepts {
			if out, err := r.aside.take(r.t, r.batch.Row(r.row)); out || err != nil {
				r.row++
				if err != nil {
					return err
				}
				continue
			}
		}
		if err := r.encode(); err != nil {
			return err
		}
	}
	return nil
}

// encode writes the rest of a row, up to a large value.
func (r *copyReader) encode() error {
	row := r.batch.Row(r.row)
	if r.col == 0 && r.t.binary {
		r.buf = binary.BigEndian.AppendUint16(r.buf, uint16(len(row)))
	}
	for ; r.col < len(row); r.col++ {
		if len(r.rest) > 0 {
			return nil
		}
		var err error
		if r.t.binary {
			err = r.value(&r.t.cols[r.col], row[r.col])
		} else {
			err = r.text(&r.t.cols[r.col], row[r.col])
		}
		if err != nil {
			return r.t.valueError(r.col, row, err)
		}
	}
	if len(r.rest) > 0 {
		return nil
	}
	if !r.t.binary {
		r.buf = append(r.buf, '\n')
	}
	r.row, r.col = r.row+1, 0
	return nil
}

// value writes a value in the binary format.
func (r *copyReader) value(c *targetColumn, v change.Value) error {
	if v == nil {
		r.buf = append(r.buf, copyNull...)
		return nil
	}
	if c.form != plain && c.form != raw {
		var out []byte
		var err error
		out, r.scratch, err = c.policy.accept(c.form, c.dateOnly, r.scratch[:0], v)
		if err != nil {
			return err
		}
		if v = out; v == nil {
			r.buf = append(r.buf, copyNull...)
			return nil
		}
	}
	if len(v) > largeValue && c.asIs {
		r.buf = binary.BigEndian.AppendUint32(r.buf, uint32(len(v)))
		r.rest = v
		return nil
	}
	start := len(r.buf)
	buf, err := c.binary(append(r.buf, 0, 0, 0, 0), v)
	if err != nil {
		return err
	}
	binary.BigEndian.PutUint32(buf[start:], uint32(len(buf)-start-4))
	r.buf = buf
	return nil
}

// text writes a value in the text format, behind the tab that parts it from the one before.
func (r *copyReader) text(c *targetColumn, v change.Value) error {
	if r.col > 0 {
		r.buf = append(r.buf, '\t')
	}
	var out []byte
	var err error
	if out, r.scratch, err = c.policy.encode(c.form, c.dateOnly, r.scratch[:0], v); err != nil {
		return err
	}
	if len(out) > largeValue {
		if c.form == raw {
			r.buf = append(r.buf, `\\x`...)
		}
		r.rest = out
		return nil
	}
	r.buf = appendCopy(r.buf, c.form, out)
	return nil
}

// piece writes a part of a large value.
func (r *copyReader) piece() {
	part := r.rest[:min(len(r.rest), messageBytes)]
	r.rest = r.rest[len(part):]
	switch {
	case r.t.binary:
		r.buf = append(r.buf, part...)
	case r.t.cols[r.col-1].form == raw:
		r.buf = hex.AppendEncode(r.buf, part)
	default:
		r.buf = appendEscaped(r.buf, part)
	}
}

package mysql

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/go-mysql-org/go-mysql/client"
	"github.com/go-mysql-org/go-mysql/mysql"

	"godwit/ir/types"
	"godwit/runner/change"
)

// The rows of the full load are read in place: packets are taken from the network into the batch's own memory, and
// values point into it. Only what is not in canonical form as the server sends it is copied.

const (
	batchBytes  = 192 << 10 // of packets
	batchValues = 12 << 10
	// largeRow is the size from which on only one row at a time is in memory, whatever the number of readers.
	largeRow = 16 << 20
)

// rowReader reads the packets of a result from the connection below the client, whose own buffer is empty between an
// answer and the next command.
type rowReader struct {
	src   io.Reader
	seq   uint8
	buf   []byte
	r, w  int           // what is read and not yet taken
	large chan struct{} // holds one token, shared by all readers of a snapshot
	held  bool          // the token is ours
}

// errFull tells that the next packet does not fit behind those that are still needed.
var errFull = errors.New("the batch is full")

// begin prepares for the next batch: a buffer that a large row has made is given back.
func (p *rowReader) begin() {
	if len(p.buf) <= largeRow || p.w-p.r > batchBytes {
		return
	}
	old := p.buf[p.r:p.w]
	p.buf = make([]byte, batchBytes)
	p.r, p.w = 0, copy(p.buf, old)
	p.release()
}

func (p *rowReader) release() {
	if p.held {
		<-p.large
		p.held = false
	}
}

// need reads until n bytes are there. With keep the bytes before are needed and nothing may move.
func (p *rowReader) need(ctx context.Context, n int, keep bool) error {
	for p.w-p.r < n {
		if p.r+n > len(p.buf) {
			if keep {
				return errFull
			}
			if err := p.room(ctx, n); err != nil {
				return err
			}
		}
		m, err := p.src.Read(p.buf[p.w:])
		p.w += m
		if err != nil && m == 0 {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return err
		}
	}
	return nil
}

// room makes room for n bytes from r on.
func (p *rowReader) room(ctx context.Context, n int) error {
	if n <= len(p.buf) {
		p.r, p.w = 0, copy(p.buf, p.buf[p.r:p.w])
		return nil
	}
	if n > largeRow && !p.held {
		select {
		case p.large <- struct{}{}:
			p.held = true
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	grown := make([]byte, max(n+4096, 2*len(p.buf)))
	p.r, p.w = 0, copy(grown, p.buf[p.r:p.w])
	p.buf = grown
	return nil
}

// next takes a packet; a longer one than the protocol's packets is put together. It is valid until a call without keep.
func (p *rowReader) next(ctx context.Context, keep bool) ([]byte, error) {
	const header = 4
	end, size := 0, 0 // of the parts so far: with their headers, and without
	for {
		if err := p.need(ctx, end+header, keep); err != nil {
			return nil, err
		}
		h := p.buf[p.r+end : p.r+end+header]
		n := int(h[0]) | int(h[1])<<8 | int(h[2])<<16
		if h[3] != p.seq {
			return nil, fmt.Errorf("%w: packet %d where %d was due", mysql.ErrMalformPacket, h[3], p.seq)
		}
		if keep && n == mysql.MaxPayloadLen {
			return nil, errFull // parts are joined where they are, with nothing of the batch in front of them
		}
		if err := p.need(ctx, end+header+n, keep); err != nil {
			return nil, err
		}
		p.seq++
		if size > 0 {
			at := p.r + header + size
			copy(p.buf[at:], p.buf[p.r+end+header:p.r+end+header+n])
		}
		end, size = end+header+n, size+n
		if n < mysql.MaxPayloadLen {
			break
		}
	}
	out := p.buf[p.r+header : p.r+header+size : p.r+header+size]
	p.r += end
	return out, nil
}

// ask sends a query and reads up to its first row.
func (p *rowReader) ask(ctx context.Context, c *client.Conn, sql string, columns int) error {
	c.ResetSequence()
	packet := make([]byte, 5+len(sql))
	packet[4] = mysql.COM_QUERY
	copy(packet[5:], sql)
	if err := c.WritePacket(packet); err != nil {
		return transient(err)
	}
	p.src, p.seq, p.r, p.w = c.Conn.Conn, c.Sequence, 0, 0
	if p.buf == nil {
		p.buf = make([]byte, batchBytes)
	}
	first, err := p.next(ctx, false)
	if err != nil {
		return transient(err)
	}
	if len(first) == 0 {
		return mysql.ErrMalformPacket
	}
	if first[0] == mysql.ERR_HEADER {
		return transient(c.HandleErrorPacket(bytes.Clone(first)))
	}
	if n, _, _ := mysql.LengthEncodedInt(first); first[0] == mysql.OK_HEADER || first[0] == mysql.LocalInFile_HEADER || int(n) != columns {
		return mysql.ErrMalformPacket
	}
	for range columns + 1 { // column definitions and an EOF packet
		if _, err := p.next(ctx, false); err != nil {
			return transient(err)
		}
	}
	return nil
}

// fill reads rows into an empty batch until it is full; done tells that the result has ended.
func (p *rowReader) fill(ctx context.Context, c *client.Conn, t *table, b *change.Batch) (done bool, err error) {
	p.begin()
	for len(b.Values) < batchValues {
		data, err := p.next(ctx, len(b.Values) > 0)
		if err == errFull {
			return false, nil
		}
		if err != nil {
			return false, transient(err)
		}
		switch {
		case len(data) == 0:
			return false, mysql.ErrMalformPacket
		case data[0] == mysql.EOF_HEADER && len(data) < 9:
			return true, p.ended()
		case data[0] == mysql.ERR_HEADER:
			return false, transient(c.HandleErrorPacket(bytes.Clone(data)))
		}
		if err := t.appendRow(b, data); err != nil {
			return false, err
		}
	}
	return false, nil
}

// ended makes sure that nothing stands behind the end of the result.
func (p *rowReader) ended() error {
	if p.r != p.w {
		return fmt.Errorf("%w: %d bytes behind the end of a result", mysql.ErrMalformPacket, p.w-p.r)
	}
	return nil
}

// lane says how a column's text becomes canonical.
type lane int

const (
	laneCopied lane = iota // by appendText, into memory of its own
	laneAsIs
	laneUTF8     // checked
	laneASCII    // as it is while it is ASCII, else by appendText
	laneTrimmed  // without zeros in front
	lanePadded   // as it is when it has all its bytes
	laneUTF8Char // checked, without blanks at the end
)

// chooseLane sets the column's lane; what it does not know is copied.
func (c *column) chooseLane() {
	switch ty := c.col.Type.(type) {
	case types.Int:
		c.lane = laneAsIs
		if ty.ZeroFill {
			c.lane = laneTrimmed
		}
	case types.Decimal:
		c.lane = laneAsIs
		if ty.ZeroFill {
			c.lane = laneTrimmed
		}
	case types.Year:
		c.lane = laneTrimmed
	case types.Date, types.DateTime, types.Timestamp, types.Time, types.Geometry:
		c.lane = laneAsIs
	case types.Binary:
		c.lane = laneAsIs
		if ty.Fixed {
			c.lane, c.size = lanePadded, ty.N
		}
	case types.JSON:
		c.lane = laneAsIs
		if c.dec != nil {
			c.lane = laneUTF8
		}
	case types.Text:
		c.lane = charLane(c.dec)
		if ty.Fixed {
			c.lane = laneCopied
			if c.dec == (utf8Text{}) {
				c.lane = laneUTF8Char
			}
		}
	case types.Enum, types.Set:
		c.lane = charLane(c.dec)
	}
}

// charLane is the lane of text in a character set.
func charLane(d decoder) lane {
	switch d := d.(type) {
	case utf8Text:
		return laneUTF8
	case asciiText:
		return laneASCII
	case *tableText:
		for i := range 0x80 {
			if d.one[i] != string(rune(i)) {
				return laneCopied
			}
		}
		return laneASCII
	}
	return laneCopied
}

// appendRow cuts a row into its columns, in canonical form.
func (t *table) appendRow(b *change.Batch, data []byte) error {
	pos := 0
	for i := range t.cols {
		c := &t.cols[i]
		if pos >= len(data) {
			return mysql.ErrMalformPacket
		}
		n := int(data[pos])
		switch {
		case n < 0xfb:
			pos++
		case n == 0xfb:
			b.Values = append(b.Values, nil)
			pos++
			continue
		default:
			length, _, size := mysql.LengthEncodedInt(data[pos:])
			if size == 0 || length > uint64(len(data)) {
				return mysql.ErrMalformPacket
			}
			n = int(length)
			pos += size
		}
		if n > len(data)-pos {
			return mysql.ErrMalformPacket
		}
		v := data[pos : pos+n : pos+n]
		pos += n
		ok := true
		switch c.lane {
		case laneAsIs:
		case laneUTF8:
			ok = utf8.Valid(v)
		case laneUTF8Char:
			if ok = utf8.Valid(v); ok {
				v = trimBlanks(v)
			}
		case laneTrimmed:
			v = trimZeros(v)
		case lanePadded:
			ok = len(v) == c.size
		case laneASCII:
			ok = isASCII(v)
		default:
			ok = false
		}
		if !ok {
			buf := b.Scratch()
			if buf == nil {
				buf = []byte{} // an empty text that comes first is not NULL
			}
			start := len(buf)
			buf, err := c.appendText(buf, v)
			if err != nil {
				return t.rowError(i, data, err)
			}
			v = buf[start:len(buf):len(buf)]
			b.Keep(buf)
		}
		b.Values = append(b.Values, v)
		b.Bytes += int64(len(v))
	}
	if pos != len(data) {
		return mysql.ErrMalformPacket
	}
	return nil
}

// rowError names the place of a value that has no canonical form.
func (t *table) rowError(col int, data []byte, err error) error {
	key := "without key"
	cols := make(row, len(t.cols))
	if split(data, cols) == nil {
		key = t.rawKey(cols)
	}
	return fmt.Errorf("column %s of the row %s: %w", t.cols[col].col.Name, key, err)
}

func trimBlanks(v []byte) []byte {
	for len(v) > 0 && v[len(v)-1] == ' ' {
		v = v[:len(v)-1]
	}
	return v
}

func isASCII(v []byte) bool {
	for len(v) >= 8 {
		if (uint64(v[0])|uint64(v[1])|uint64(v[2])|uint64(v[3])|uint64(v[4])|uint64(v[5])|uint64(v[6])|uint64(v[7]))&0x80 != 0 {
			return false
		}
		v = v[8:]
	}
	for _, b := range v {
		if b >= 0x80 {
			return false
		}
	}
	return true
}

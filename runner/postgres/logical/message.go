package logical

import (
	"bytes"
	"encoding/binary"
	"errors"
	"time"
)

// The messages of the output plugin pgoutput, protocol version 1, without streaming of open transactions: the server
// sends a transaction when it has committed, whole. See "Logical Replication Message Formats" in the manual.

// errMessage tells of a message that cannot be read.
var errMessage = errors.New("the server sent a replication message that cannot be read")

// reader takes a message apart. After a read beyond the end every further one gives zeros, and failed is set.
type reader struct {
	b      []byte
	failed bool
}

func (r *reader) take(n int) []byte {
	if n < 0 || n > len(r.b) {
		r.failed, r.b = true, nil
		return nil
	}
	out := r.b[:n:n]
	r.b = r.b[n:]
	return out
}

func (r *reader) byte() byte {
	if b := r.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *reader) int16() int {
	if b := r.take(2); b != nil {
		return int(int16(binary.BigEndian.Uint16(b)))
	}
	return 0
}

func (r *reader) uint32() uint32 {
	if b := r.take(4); b != nil {
		return binary.BigEndian.Uint32(b)
	}
	return 0
}

func (r *reader) uint64() uint64 {
	if b := r.take(8); b != nil {
		return binary.BigEndian.Uint64(b)
	}
	return 0
}

func (r *reader) string() string {
	i := bytes.IndexByte(r.b, 0)
	if i < 0 {
		r.failed, r.b = true, nil
		return ""
	}
	s := string(r.b[:i])
	r.b = r.b[i+1:]
	return s
}

// time is microseconds since the year 2000.
func (r *reader) time() time.Time { return fromMicros(r.uint64()) }

// epoch is the server's zero of time.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func fromMicros(u uint64) time.Time {
	return epoch.Add(time.Duration(int64(u)) * time.Microsecond)
}

// relation is what the server says of a table before its first change, and again after the table changed.
type relation struct {
	oid      uint32
	schema   string
	name     string
	identity byte // 'd' primary key, 'n' none, 'f' whole rows, 'i' an index
	columns  []relationColumn
}

type relationColumn struct {
	name string
	oid  uint32 // type
}

func (r *reader) relation() relation {
	out := relation{oid: r.uint32(), schema: r.string(), name: r.string(), identity: r.byte()}
	if out.schema == "" {
		out.schema = "pg_catalog"
	}
	for range r.int16() {
		if r.failed {
			break
		}
		r.byte() // part of the identity
		c := relationColumn{name: r.string(), oid: r.uint32()}
		r.uint32() // type modifier
		out.columns = append(out.columns, c)
	}
	return out
}

// field is a column of a row as it came.
type field struct {
	kind byte // 'n' NULL, 't' text, 'u' an unchanged value that is stored out of line and not sent
	text []byte
}

// tuple reads a row into dst.
func (r *reader) tuple(dst []field) []field {
	dst = dst[:0]
	for range r.int16() {
		f := field{kind: r.byte()}
		switch f.kind {
		case 'n', 'u':
		case 't':
			f.text = r.take(int(r.uint32()))
		default: // 'b' is not asked for
			r.failed = true
		}
		if r.failed {
			break
		}
		dst = append(dst, f)
	}
	return dst
}

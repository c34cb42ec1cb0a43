package mysql

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/go-mysql-org/go-mysql/replication"
	"github.com/klauspost/compress/zstd"
)

// parsers reads events. The client library hands them on as they came: it would unpack a transaction that the server has compressed
// into memory as a whole, with all of its rows.
type parsers struct {
	outer, inner *replication.BinlogParser
	known        map[uint64]knownMap // of the file being read
	checksum     int                 // bytes behind an event
}

// knownMap is a table map as it came: there is one in front of every statement's rows, and nearly all are as the one before.
type knownMap struct {
	body []byte
	ev   *replication.TableMapEvent
}

func newParsers(family Family, rows func(*replication.RowsEvent, []byte) error) parsers {
	one := func() *replication.BinlogParser {
		p := replication.NewBinlogParser()
		p.SetFlavor(string(family))
		p.SetTimestampStringLocation(time.UTC)
		p.SetRowsEventDecodeFunc(rows)
		return p
	}
	return parsers{outer: one(), inner: one(), known: map[uint64]knownMap{}}
}

// parse reads an event as the library left it.
func (p *parsers) parse(e *replication.BinlogEvent) (*replication.BinlogEvent, error) {
	switch e.Event.(type) {
	case *replication.RotateEvent:
		return e, nil
	case *replication.FormatDescriptionEvent:
		return e, p.format(e.RawData)
	}
	if e.Header.EventType == replication.TRANSACTION_PAYLOAD_EVENT {
		return e, nil
	}
	if e.Header.EventType == replication.TABLE_MAP_EVENT {
		return p.tableMap(e)
	}
	out, err := p.outer.Parse(e.RawData)
	if err != nil {
		return nil, err
	}
	out.Header = e.Header // where the library completed it
	return out, nil
}

// tableMap reads a table map, if it is another than the last one of its number.
func (p *parsers) tableMap(e *replication.BinlogEvent) (*replication.BinlogEvent, error) {
	if len(e.RawData) < replication.EventHeaderSize+tableIDBytes+p.checksum {
		return nil, errShort
	}
	body := e.RawData[replication.EventHeaderSize : len(e.RawData)-p.checksum]
	id := little(body[:tableIDBytes])
	if k, ok := p.known[id]; ok && bytes.Equal(k.body, body) {
		return &replication.BinlogEvent{RawData: e.RawData, Header: e.Header, Event: k.ev}, nil
	}
	out, err := p.outer.Parse(e.RawData)
	if err != nil {
		return nil, err
	}
	if ev, ok := out.Event.(*replication.TableMapEvent); ok {
		p.known[id] = knownMap{bytes.Clone(body), ev}
	}
	out.Header = e.Header
	return out, nil
}

const (
	tableIDBytes = 6
	oldHeader    = 6 // of events whose table numbers have 4 bytes: servers before MySQL 5.1.4
)

// format tells both parsers how events are written. Those inside a compressed transaction have no checksums: the byte that says so
// is the last but four, see Format_description_event.
func (p *parsers) format(raw []byte) error {
	e, err := p.outer.Parse(raw)
	if err != nil {
		return err
	}
	clear(p.known)
	p.checksum = 0
	if fd, ok := e.Event.(*replication.FormatDescriptionEvent); ok {
		if fd.ChecksumAlgorithm == replication.BINLOG_CHECKSUM_ALG_CRC32 {
			p.checksum = replication.BinlogChecksumLength
		}
		if n := int(replication.TABLE_MAP_EVENT) - 1; n < len(fd.EventTypeHeaderLengths) && fd.EventTypeHeaderLengths[n] == oldHeader {
			return fmt.Errorf("%w: the log of %s is older than MySQL 5.1.4", ErrRefused, fd.ServerVersion)
		}
	}
	const behind = 5
	if len(raw) < replication.EventHeaderSize+behind {
		return errShort
	}
	bare := slices.Clone(raw)
	if at := len(bare) - behind; bare[at] == byte(replication.BINLOG_CHECKSUM_ALG_CRC32) {
		bare[at] = byte(replication.BINLOG_CHECKSUM_ALG_OFF)
	}
	_, err = p.inner.Parse(bare)
	return err
}

// payload is a compressed transaction. See Transaction_payload in MySQL's documentation of the binary log's events.
type payload struct {
	size   uint64 // unpacked
	method uint64
	packed []byte
}

// readPayload reads the fields in front of the packed bytes: each has a type, a length and a number of that length.
func readPayload(data []byte) (p payload, err error) {
	const end, size, method, unpacked = 0, 1, 2, 3
	for len(data) > 0 {
		kind := data[0]
		if kind == end {
			p.packed = data[1:]
			return p, nil
		}
		if len(data) < 2 || len(data) < 2+int(data[1]) || data[1] > 8 {
			break
		}
		n := little(data[2 : 2+int(data[1])])
		data = data[2+int(data[1]):]
		switch kind {
		case method:
			p.method = n
		case unpacked:
			p.size = n
		}
	}
	return p, errShort
}

// methods of packing.
const (
	packedZstd = 0
	packedNone = 255
)

// unpack returns what reads the events, and what ends that.
func (p *payload) unpack() (io.Reader, func(), error) {
	switch p.method {
	case packedNone:
		return bytes.NewReader(p.packed), func() {}, nil
	case packedZstd:
		d, err := zstd.NewReader(bytes.NewReader(p.packed), zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true))
		if err != nil {
			return nil, nil, err
		}
		return d, d.Close, nil
	}
	return nil, nil, fmt.Errorf("it is packed by method %d, which is not known", p.method)
}

// compressed reads a transaction that the server logged as one compressed event (MySQL 8.0.20). It has one position, behind all of
// it. Its events are read one after the other, so that only the packed bytes are in memory.
func (f *follower) compressed(e *replication.BinlogEvent) error {
	fail := func(err error) error {
		return fmt.Errorf("read compressed transaction at %s: %w", f.place(e), err)
	}
	data, ok := e.Event.(*replication.GenericEvent)
	if !ok {
		return fail(errShort)
	}
	p, err := readPayload(data.Data)
	if err != nil {
		return fail(err)
	}
	r, done, err := p.unpack()
	if err != nil {
		return fail(err)
	}
	defer done()
	f.payload = e.Header.LogPos
	read := uint64(0)
	for {
		raw, err := nextEvent(r)
		if errors.Is(err, io.EOF) && len(raw) == 0 {
			break
		}
		if err != nil {
			return fail(err)
		}
		read += uint64(len(raw))
		inner, err := f.parsers.inner.Parse(raw)
		if err != nil {
			return fail(err)
		}
		if err := f.handle(inner); err != nil {
			return err
		}
	}
	if read != p.size {
		return fail(fmt.Errorf("it has %d bytes, and %d were read", p.size, read))
	}
	f.payload = 0
	return f.finish(e)
}

// nextEvent reads an event; behind the last one it returns nothing and io.EOF.
func nextEvent(r io.Reader) ([]byte, error) {
	const sizeAt = 9
	head := make([]byte, replication.EventHeaderSize)
	if n, err := io.ReadFull(r, head); err != nil {
		return head[:n], err
	}
	size := binary.LittleEndian.Uint32(head[sizeAt:])
	if size < replication.EventHeaderSize {
		return head, errShort
	}
	// The size is not believed before its bytes have come.
	var b bytes.Buffer
	b.Write(head)
	if n, err := io.CopyN(&b, r, int64(size)-replication.EventHeaderSize); err != nil {
		return b.Bytes(), fmt.Errorf("an event of %d bytes ends behind %d: %w", size, n, io.ErrUnexpectedEOF)
	}
	return b.Bytes(), nil
}

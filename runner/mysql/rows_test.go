package mysql

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
	"testing/iotest"

	"github.com/go-mysql-org/go-mysql/mysql"

	"godwit/ir/catalog"
	"godwit/ir/types"
	"godwit/runner/change"
)

// packets writes payloads as the server does, long ones in several packets.
func packets(payloads ...[]byte) []byte {
	var out []byte
	seq := byte(0)
	for _, p := range payloads {
		for {
			n := min(len(p), mysql.MaxPayloadLen)
			out = append(append(out, byte(n), byte(n>>8), byte(n>>16), seq), p[:n]...)
			seq++
			p = p[n:]
			if n < mysql.MaxPayloadLen {
				break
			}
		}
	}
	return out
}

func textRow(values ...[]byte) (out []byte) {
	for _, v := range values {
		if v == nil {
			out = append(out, 0xfb)
			continue
		}
		out = append(mysql.AppendLengthEncodedInteger(out, uint64(len(v))), v...)
	}
	return out
}

var endOfRows = []byte{mysql.EOF_HEADER, 0, 0, 0, 0}

func blobTable(t *testing.T) *table {
	t.Helper()
	c := &catalog.Table{Schema: "s", Name: "t", Target: "t"}
	for _, name := range []string{"a", "b"} {
		c.Columns = append(c.Columns, &catalog.Column{Name: name, Target: name, Type: types.Binary{N: 1 << 30}, Nullable: true})
	}
	ct, err := change.NewTable(c)
	if err != nil {
		t.Fatal(err)
	}
	out := &table{t: ct}
	for _, col := range ct.Columns {
		cc := column{col: col}
		cc.chooseLane()
		out.cols = append(out.cols, cc)
	}
	return out
}

// Rows of any size, also those that end where a packet ends, come out whole and in order, however the network cuts them,
// and the values of a batch stay until the next one.
func TestRowsOfAnySize(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	filled := func(n int) []byte { return bytes.Repeat([]byte{byte('a' + rnd.IntN(26))}, n) }
	var want [][]byte
	var payloads [][]byte
	add := func(a, b []byte) {
		want = append(want, a, b)
		payloads = append(payloads, textRow(a, b))
	}
	for range 3000 {
		add(filled(rnd.IntN(300)), nil)
	}
	for _, n := range []int{batchBytes, batchBytes - 12, batchBytes * 3, mysql.MaxPayloadLen - 5, mysql.MaxPayloadLen - 4, mysql.MaxPayloadLen - 6, 2*mysql.MaxPayloadLen + 7, 70 << 20} {
		add(filled(5), filled(n))
		add(nil, filled(10))
	}
	for _, cut := range []func(io.Reader) io.Reader{func(r io.Reader) io.Reader { return r }, iotest.HalfReader} {
		p := &rowReader{src: cut(bytes.NewReader(packets(append(payloads, endOfRows)...))), buf: make([]byte, batchBytes), large: make(chan struct{}, 1)}
		tt := blobTable(t)
		var b change.Batch
		at := 0
		for done := false; !done; {
			b.Reset(2)
			var err error
			if done, err = p.fill(context.Background(), nil, tt, &b); err != nil {
				t.Fatal(err)
			}
			for _, v := range b.Values {
				if at == len(want) || (v == nil) != (want[at] == nil) || !bytes.Equal(v, want[at]) {
					t.Fatalf("value %d has %d bytes, and is another", at, len(v))
				}
				at++
			}
		}
		p.release()
		if at != len(want) || len(p.large) != 0 {
			t.Errorf("%d of %d values came", at, len(want))
		}
	}
}

// A stream that ends, an answer that is cut, and bytes behind the end are errors.
func TestRowsThatBreak(t *testing.T) {
	good := packets(textRow([]byte("1"), []byte("2")), endOfRows)
	skipped := bytes.Clone(good)
	skipped[len(skipped)-6]++ // the number of the last packet
	for name, stream := range map[string][]byte{
		"cut": good[:len(good)-3], "empty": nil, "behind": append(bytes.Clone(good), 1), "number": skipped,
		"short row": packets(textRow([]byte("1")), endOfRows), "long row": packets(textRow([]byte("1"), nil, nil), endOfRows), "no row": packets([]byte{}, endOfRows),
		"length": packets([]byte{5, 'a', 0xfb}, endOfRows), "huge length": packets([]byte{0xfe, 255, 255, 255, 255, 255, 255, 255, 255, 1}, endOfRows),
	} {
		p := &rowReader{src: bytes.NewReader(stream), buf: make([]byte, batchBytes), large: make(chan struct{}, 1)}
		var b change.Batch
		b.Reset(2)
		if done, err := p.fill(context.Background(), nil, blobTable(t), &b); err == nil {
			t.Errorf("%s: done=%v and no error", name, done)
		} else if name == "cut" && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

package mysql

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/go-mysql-org/go-mysql/replication"
	"github.com/klauspost/compress/zstd"

	"godwit/ir/catalog"
	"godwit/ir/types"
	"godwit/runner/change"
	"godwit/runner/endpoint"
	"godwit/runner/enginetest"
)

// tape keeps the events of a log as they came.
type tape struct {
	events []*replication.BinlogEvent
}

// HandleEvent implements replication.EventHandler.
func (t *tape) HandleEvent(e *replication.BinlogEvent) error {
	t.events = append(t.events, e)
	return nil
}

// of are the transactions of a schema, behind what stands in front of all: others write to the server as well.
func (t *tape) of(schema string) (out []*replication.BinlogEvent, groups int) {
	var group []*replication.BinlogEvent
	ours := false
	for _, e := range t.events {
		switch e.Header.EventType {
		case replication.FORMAT_DESCRIPTION_EVENT, replication.ROTATE_EVENT:
			out = append(out, e)
			continue
		case replication.GTID_EVENT, replication.ANONYMOUS_GTID_EVENT:
			group, ours = nil, false
		case replication.TABLE_MAP_EVENT:
			ours = ours || bytes.Contains(e.RawData, []byte(schema))
		}
		group = append(group, e)
		if e.Header.EventType == replication.XID_EVENT && ours {
			out = append(out, group...)
			groups++
		}
	}
	return out, groups
}

// logged runs statements on a new database and returns the events that its server logged of them, with the table they are about and
// the position in front of them.
func logged(t *testing.T, groups int, statements ...string) ([]*replication.BinlogEvent, *table, *Position) {
	t.Helper()
	url, db := enginetest.FreshMySQL80(t, "payload")
	db.SetMaxOpenConns(1)
	ep, err := endpoint.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	s, err := Open(ctx, ep, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	exec := func(q string) {
		if _, err := db.Exec(q); err != nil {
			t.Fatalf("%.100s: %v", q, err)
		}
	}
	exec("CREATE TABLE a (id INT PRIMARY KEY, s VARCHAR(200), d DECIMAL(10,2))")
	from, err := s.Position(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range statements {
		exec(q)
	}
	ct, err := change.NewTable(&catalog.Table{Schema: ep.Database, Name: "a", Target: "a", Kind: catalog.BaseTable, Charset: "utf8mb4", Columns: []*catalog.Column{
		{Name: "id", Target: "id", Type: types.Int{Bits: 32}}, {Name: "s", Target: "s", Type: types.Text{N: 200, Charset: "utf8mb4"}, Nullable: true},
		{Name: "d", Target: "d", Type: types.Decimal{Precision: 10, Scale: 2}, Nullable: true},
	}, Keys: []*catalog.Key{{Kind: catalog.Primary, Parts: []catalog.KeyPart{{Column: "id"}}}}})
	if err != nil {
		t.Fatal(err)
	}
	coded, _, err := s.coded(ctx, []*change.Table{ct})
	if err != nil {
		t.Fatal(err)
	}
	p := from.(*Position)
	cfg := s.syncerConfig(s.opts.ServerID, newFollower(ctx, s.family, p.clone(), coded, nil))
	tp := &tape{}
	cfg.SynchronousEventHandler = tp
	sync := replication.NewBinlogSyncer(cfg)
	defer sync.Close()
	streamer, err := start(sync, p)
	if err != nil {
		t.Fatal(err)
	}
	// The handler runs in the goroutine of the syncer; a heartbeat comes when there is no more.
	time.Sleep(2500 * time.Millisecond)
	sync.Close()
	if _, err := streamer.GetEvent(ctx); err == nil {
		t.Fatal("an event in spite of the handler")
	}
	events, n := tp.of(ep.Database)
	if n != groups {
		t.Fatalf("%d transactions of %d", n, groups)
	}
	return events, coded[0], p
}

// play hands events to a follower, and what comes of them to each.
func play(t *testing.T, events []*replication.BinlogEvent, tb *table, p *Position, each func(*change.Tx)) error {
	t.Helper()
	out := make(chan *change.Tx, 4)
	f := newFollower(context.Background(), MySQL, p.clone(), []*table{tb}, out)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for tx := range out {
			each(tx)
		}
	}()
	var err error
	for _, e := range events {
		if err = f.HandleEvent(e); err != nil {
			break
		}
	}
	close(out)
	<-done
	return err
}

// bare is an event without its checksum, as it is inside a compressed transaction.
func bare(e *replication.BinlogEvent) []byte {
	b := bytes.Clone(e.RawData[:len(e.RawData)-4])
	binary.LittleEndian.PutUint32(b[9:], uint32(len(b)))
	return b
}

// packed is the event of a compressed transaction, with the bytes of the events in it.
func packed(t testing.TB, last *replication.BinlogEvent, method byte, size int, body []byte) *replication.BinlogEvent {
	t.Helper()
	number := func(kind byte, n int) []byte {
		return append([]byte{kind, 8}, binary.LittleEndian.AppendUint64(nil, uint64(n))...)
	}
	raw := bytes.Clone(last.RawData[:replication.EventHeaderSize])
	raw[4] = byte(replication.TRANSACTION_PAYLOAD_EVENT)
	raw = append(raw, 2, 1, method)
	raw = append(append(append(raw, number(1, len(body))...), number(3, size)...), 0)
	raw = append(append(raw, body...), 0, 0, 0, 0)
	binary.LittleEndian.PutUint32(raw[9:], uint32(len(raw)))
	h := *last.Header
	h.EventType, h.EventSize = replication.TRANSACTION_PAYLOAD_EVENT, uint32(len(raw))
	return &replication.BinlogEvent{RawData: raw, Header: &h, Event: &replication.GenericEvent{Data: raw[replication.EventHeaderSize : len(raw)-4]}}
}

// compress makes each transaction of a log one event.
func compress(t *testing.T, events []*replication.BinlogEvent, method byte, spoil func([]byte) []byte) []*replication.BinlogEvent {
	t.Helper()
	enc, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	var out []*replication.BinlogEvent
	var body []byte
	inside := false
	for _, e := range events {
		switch e.Header.EventType {
		case replication.GTID_EVENT, replication.ANONYMOUS_GTID_EVENT:
			inside, body = true, nil
			out = append(out, e)
			continue
		}
		if !inside {
			out = append(out, e)
			continue
		}
		body = append(body, bare(e)...)
		if e.Header.EventType == replication.XID_EVENT {
			all := body
			if method == packedZstd {
				all = enc.EncodeAll(body, nil)
			}
			out = append(out, packed(t, e, method, len(body), spoil(all)))
			inside = false
		}
	}
	return out
}

// TestPayload: transactions that are compressed to one event, packed or not, are those that are not, and end at the same position.
// No server that compresses is at hand: the events are a real server's, in the envelope that the documentation describes.
func TestPayload(t *testing.T) {
	var rows []string
	for i := range 3000 {
		rows = append(rows, fmt.Sprintf("(%d, '%s', %d.25)", i+10, strings.Repeat(fmt.Sprint(i%10), 150), i))
	}
	events, tb, p := logged(t, 3, "INSERT INTO a VALUES (1, 'é', 1.5), (2, NULL, NULL)", "INSERT INTO a VALUES "+strings.Join(rows, ","), "BEGIN", "UPDATE a SET s = 'x' WHERE id < 20",
		"DELETE FROM a WHERE id = 2", "COMMIT")
	collect := func(events []*replication.BinlogEvent) (out []*change.Tx, err error) {
		err = play(t, events, tb, p, func(tx *change.Tx) {
			tx.Bytes, tx.Commit = 0, tx.Commit.Truncate(time.Second)
			if len(tx.Changes) > 0 || !tx.More && tx.Position != nil && len(out) > 0 && out[len(out)-1].More {
				out = append(out, tx)
			}
		})
		return out, err
	}
	plain, err := collect(events)
	if err != nil {
		t.Fatal(err)
	}
	whole := func(list []*change.Tx) (out []string) { // pieces may be cut elsewhere
		text := ""
		for _, tx := range list {
			for _, c := range tx.Changes {
				for i := range c.Rows() {
					before, after := c.Row(i)
					text += fmt.Sprintf("%v %q %q\n", c.Kind, before, after)
				}
			}
			if !tx.More {
				out = append(out, fmt.Sprintf("%s at %s to %s: %s", tx.ID, tx.At, tx.Position, text))
				text = ""
			}
		}
		return out
	}
	want := whole(plain)
	if len(want) != 3 {
		t.Fatalf("%d transactions", len(want))
	}
	same := func(b []byte) []byte { return b }
	for _, method := range []byte{packedZstd, packedNone} {
		got, err := collect(compress(t, events, method, same))
		if err != nil {
			t.Fatal(err)
		}
		if g := whole(got); !reflect.DeepEqual(g, want) {
			t.Errorf("method %d: %d transactions: %.300s\nwant %.300s", method, len(g), g, want)
		}
	}
	for name, spoil := range map[string]func([]byte) []byte{
		"cut":     func(b []byte) []byte { return b[:len(b)-20] },
		"torn":    func(b []byte) []byte { b[len(b)/2] ^= 0xff; return b },
		"without": func([]byte) []byte { return nil },
	} {
		for _, method := range []byte{packedZstd, packedNone} {
			if name == "torn" && method == packedNone {
				continue // a checksum is the event's, which the server of the log makes
			}
			if _, err := collect(compress(t, events, method, spoil)); err == nil {
				t.Errorf("%s, method %d: no error", name, method)
			}
		}
	}
	if _, err := collect(compress(t, events, 7, same)); err == nil || !strings.Contains(err.Error(), "packed by method 7") {
		t.Error(err)
	}
}

// TestPayloadMemory: a compressed transaction of five million rows is read piece by piece.
func TestPayloadMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: it reads five million rows")
	}
	r := rand.New(rand.NewPCG(1, 1))
	var rows []string
	for i := range 5000 {
		rows = append(rows, fmt.Sprintf("(%d, '%016x%016x%016x%016x', %d.25)", i+10, r.Uint64(), r.Uint64(), r.Uint64(), r.Uint64(), i))
	}
	events, tb, p := logged(t, 1, "INSERT INTO a VALUES "+strings.Join(rows, ","))
	const times = 1000
	var body bytes.Buffer
	w, err := zstd.NewWriter(&body, zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		t.Fatal(err)
	}
	size := 0
	put := func(b []byte) {
		size += len(b)
		if _, err := w.Write(b); err != nil {
			t.Fatal(err)
		}
	}
	var all []*replication.BinlogEvent
	var middle [][]byte // table maps and rows
	inside := false
	for _, e := range events {
		switch e.Header.EventType {
		case replication.GTID_EVENT, replication.ANONYMOUS_GTID_EVENT:
			inside = true
			all = append(all, e)
			continue
		case replication.XID_EVENT:
			for range times {
				for _, b := range middle {
					put(b)
				}
			}
			put(bare(e))
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			all = append(all, packed(t, e, packedZstd, size, body.Bytes()))
			inside = false
			continue
		}
		switch {
		case !inside:
			all = append(all, e)
		case e.Header.EventType == replication.QUERY_EVENT:
			put(bare(e))
		default:
			middle = append(middle, bare(e))
		}
	}
	var most uint64
	n, pieces := 0, 0
	began := time.Now()
	err = play(t, all, tb, p, func(tx *change.Tx) {
		n += tx.Rows()
		if pieces++; pieces%50 == 0 {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.Sys-m.HeapReleased)
		}
	})
	if err != nil || n != 5000*times {
		t.Fatalf("%d rows, %v", n, err)
	}
	t.Logf("%d rows of %d MB, packed %d MB, in %.1f s; %d MB of memory at most", n, size>>20, body.Len()>>20, time.Since(began).Seconds(), most>>20)
	if most > 1<<30 {
		t.Errorf("%d MB of memory", most>>20)
	}
}

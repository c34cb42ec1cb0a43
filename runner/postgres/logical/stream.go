package logical

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"

	"godwit/runner/change"
)

const (
	pieceBytes  = 1 << 20          // values of one piece of a transaction
	statusEvery = time.Second      // how often the server hears of us; it answers, which moves the position of an idle stream
	silence     = 90 * time.Second // how long the server may say nothing while we listen
)

// Stream follows the changes of tables after from. It ends only with an error or when ctx is done.
func (s *Source) Stream(ctx context.Context, from change.Position, tables []*change.Table, out chan<- *change.Tx) error {
	start, ok := from.(LSN)
	if !ok {
		return fmt.Errorf("follow from %s: it is no position of PostgreSQL", from)
	}
	f, err := s.follower(ctx, start, tables, out)
	if err != nil {
		return err
	}
	conn, err := s.start(ctx, start)
	if err != nil {
		return err
	}
	defer conn.Close(context.Background())
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	// Whatever ends the stream, a closed connection ends the read.
	stop := context.AfterFunc(ctx, func() { conn.Conn().Close() })
	defer stop()
	failed := make(chan error, 1)
	go func() { failed <- f.feedback(ctx, conn); cancel() }()
	err = f.follow(ctx, conn)
	cancel()
	// When our own feedback closed the connection, its reason is the cause.
	if e := <-failed; e != nil {
		err = e
	}
	return err
}

// follower prepares tables and makes sure that the slot still has everything from start on.
func (s *Source) follower(ctx context.Context, start LSN, tables []*change.Table, out chan<- *change.Tx) (*follower, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.slot(ctx)
	switch {
	case err != nil:
		return nil, err
	case !st.There:
		return nil, fmt.Errorf("%w: there is no slot %s", ErrNotArmed, s.name)
	case st.Lost:
		return nil, fmt.Errorf("%w: slot %s was given up by the server (max_slot_wal_keep_size)", ErrPositionLost, s.name)
	case st.Confirmed > start:
		// The server would silently begin behind the position.
		return nil, fmt.Errorf("%w: slot %s begins at %s, the other side has everything up to %s only", ErrPositionLost, s.name, st.Confirmed, start)
	}
	f := &follower{s: s, out: out, tables: map[string]*table{}, relations: map[uint32]*table{}, ask: make(chan struct{}, 1)}
	for _, t := range tables {
		d, err := describe(ctx, s.control, t)
		if err != nil {
			return nil, err
		}
		f.tables[change.Key(schemaOf(t), t.Catalog.Name)] = d
	}
	s.acked.Store(uint64(start))
	return f, nil
}

func schemaOf(t *change.Table) string {
	if t.Catalog.Schema == "" {
		return "public"
	}
	return t.Catalog.Schema
}

// start begins replication, when the stream before has left the slot.
func (s *Source) start(ctx context.Context, at LSN) (conn *pgconn.PgConn, err error) {
	_, err = whileInUse(ctx, func() error {
		conn, err = s.open(ctx, at)
		return err
	})
	return conn, err
}

func (s *Source) open(ctx context.Context, at LSN) (*pgconn.PgConn, error) {
	conn, err := s.replication(ctx)
	if err != nil {
		return nil, err
	}
	fail := func(err error) (*pgconn.PgConn, error) {
		conn.Close(context.Background())
		return nil, transient(fmt.Errorf("start replication from slot %s: %w", s.name, err))
	}
	q := fmt.Sprintf(`START_REPLICATION SLOT %s LOGICAL %s (proto_version '1', publication_names '%s')`,
		pgx.Identifier{s.name}.Sanitize(), at, pgx.Identifier{s.name}.Sanitize())
	conn.Frontend().Send(&pgproto3.Query{String: q})
	if err := conn.Frontend().Flush(); err != nil {
		return fail(err)
	}
	for {
		msg, err := conn.ReceiveMessage(ctx)
		if err != nil {
			return fail(err)
		}
		switch msg := msg.(type) {
		case *pgproto3.CopyBothResponse:
			return conn, nil
		case *pgproto3.ErrorResponse:
			return fail(pgconn.ErrorResponseToPgError(msg))
		}
	}
}

// follower is one stream.
type follower struct {
	s         *Source
	out       chan<- *change.Tx
	tables    map[string]*table // by schema and name
	relations map[uint32]*table // nil for tables that are not of the task

	// the transaction that is being read; nil outside of one
	tx     *change.Tx
	place  LSN // of its commit record
	pieces int
	// memory of the piece's values
	block       []byte
	old, new    []field
	passed      LSN          // last position that was handed on
	heard       atomic.Int64 // when the server was last heard, in nanoseconds; 0 while we do not listen
	ask         chan struct{}
	bytesOfPart int64
}

// follow reads messages until there is an error.
func (f *follower) follow(ctx context.Context, conn *pgconn.PgConn) error {
	for {
		f.heard.Store(time.Now().UnixNano())
		msg, err := conn.Frontend().Receive()
		f.heard.Store(0)
		if err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return change.Transient(fmt.Errorf("read the change stream: %w", err))
		}
		switch msg := msg.(type) {
		case *pgproto3.CopyData:
			err = f.message(ctx, msg.Data)
		case *pgproto3.ErrorResponse:
			err = transient(fmt.Errorf("read the change stream: %w", pgconn.ErrorResponseToPgError(msg)))
		case *pgproto3.CopyDone:
			err = change.Transient(errors.New("read the change stream: the server ended it"))
		}
		if err != nil {
			return err
		}
	}
}

func (f *follower) message(ctx context.Context, data []byte) error {
	r := &reader{b: data}
	switch r.byte() {
	case 'k':
		end, at, now := LSN(r.uint64()), r.time(), r.byte() == 1
		if r.failed {
			return errMessage
		}
		if now {
			select {
			case f.ask <- struct{}{}:
			default:
			}
		}
		return f.idle(ctx, end, at)
	case 'w':
		r.take(24) // places and the server's clock
		if err := f.change(ctx, r); err != nil {
			return err
		}
		if r.failed {
			return errMessage
		}
	}
	return nil
}

// idle hands a position on: all transactions whose commit records are in front of it were sent.
func (f *follower) idle(ctx context.Context, end LSN, at time.Time) error {
	if f.tx != nil || end < f.passed {
		return nil
	}
	f.passed = end
	return f.send(ctx, &change.Tx{ID: "log at " + end.String(), Position: end, At: end, Commit: at})
}

func (f *follower) send(ctx context.Context, tx *change.Tx) error {
	select {
	case f.out <- tx:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (f *follower) change(ctx context.Context, r *reader) error {
	switch kind := r.byte(); kind {
	case 'B':
		f.place = LSN(r.uint64())
		commit := r.time()
		f.tx = &change.Tx{ID: fmt.Sprintf("%d at %s", r.uint32(), f.place), At: f.place + 1, Commit: commit}
		f.pieces, f.bytesOfPart = 0, 0
	case 'C':
		r.byte()
		r.uint64()
		end := LSN(r.uint64())
		if f.tx == nil || r.failed {
			return errMessage
		}
		tx := f.tx
		tx.Position, f.tx, f.passed = end, nil, end
		return f.send(ctx, tx)
	case 'R':
		return f.relation(r.relation())
	case 'T':
		return f.truncate(r)
	case 'I', 'U', 'D':
		if f.tx == nil {
			return errMessage
		}
		t, known := f.relations[r.uint32()]
		if !known {
			return errMessage
		}
		if t == nil {
			return nil
		}
		if err := f.row(kind, t, r); err != nil {
			return fmt.Errorf("transaction %s: %w", f.tx.ID, err)
		}
		return f.cut(ctx)
	}
	// 'O' origin, 'Y' type and 'M' message say nothing of rows.
	return nil
}

// cut hands on what there is of a transaction that is too large to be held.
func (f *follower) cut(ctx context.Context) error {
	if f.bytesOfPart < pieceBytes {
		return nil
	}
	part := *f.tx
	part.More = true
	f.tx = &change.Tx{ID: part.ID, At: part.At, Commit: part.Commit}
	f.bytesOfPart, f.block = 0, nil
	f.pieces++
	return f.send(ctx, &part)
}

func (f *follower) relation(rel relation) error {
	t := f.tables[change.Key(rel.schema, rel.name)]
	f.relations[rel.oid] = t
	if t == nil {
		return nil
	}
	added, err := t.learn(rel)
	if err == nil && added != "" && f.tx != nil {
		f.tx.Changes = append(f.tx.Changes, change.Change{Kind: change.DDL, Table: t.t, Statement: added, Schema: rel.schema})
	}
	return err
}

func (f *follower) truncate(r *reader) error {
	n := int(r.uint32())
	r.byte() // CASCADE and RESTART IDENTITY: the tables that CASCADE reached are listed
	for range n {
		oid := r.uint32()
		if r.failed || f.tx == nil {
			return errMessage
		}
		t, known := f.relations[oid]
		if !known {
			return errMessage
		}
		if t != nil {
			f.tx.Changes = append(f.tx.Changes, change.Change{Kind: change.Truncate, Table: t.t, Statement: "TRUNCATE " + t.t.Name()})
		}
	}
	return nil
}

// row reads an insert, an update or a delete.
func (f *follower) row(kind byte, t *table, r *reader) error {
	part := r.byte()
	if kind != 'I' {
		if part != 'O' {
			return fmt.Errorf("%w: table %s has lost REPLICA IDENTITY FULL, the old row is missing", ErrNotWhole, t.t.Name())
		}
		f.old = r.tuple(f.old)
		if kind == 'U' {
			part = r.byte()
		}
	}
	if kind != 'D' {
		if part != 'N' {
			return errMessage
		}
		f.new = r.tuple(f.new)
	}
	if r.failed {
		return errMessage
	}
	var before, after change.Row
	var err error
	k := change.Insert
	if kind != 'I' {
		if before, err = f.decode(t, f.old, nil); err != nil {
			return err
		}
		k = change.Delete
	}
	if kind != 'D' {
		if after, err = f.decode(t, f.new, before); err != nil {
			return err
		}
	}
	if kind == 'U' {
		k = change.Update
	}
	f.add(k, t.t, before, after)
	return nil
}

// add puts a row behind the others of the transaction; rows that were changed the same way stand together.
func (f *follower) add(k change.Kind, t *change.Table, before, after change.Row) {
	n := len(f.tx.Changes)
	if n == 0 || f.tx.Changes[n-1].Kind != k || f.tx.Changes[n-1].Table != t {
		f.tx.Changes = append(f.tx.Changes, change.Change{Kind: k, Table: t})
		n++
	}
	c := &f.tx.Changes[n-1]
	if before != nil {
		c.Before = append(c.Before, before)
	}
	if after != nil {
		c.After = append(c.After, after)
	}
}

// decode makes a row. A value that was not sent is the one of the old row.
func (f *follower) decode(t *table, fields []field, old change.Row) (change.Row, error) {
	if len(fields) != len(t.plan) {
		return nil, errMessage
	}
	out := make(change.Row, len(t.t.Columns))
	for i, fl := range fields {
		place := t.plan[i]
		if place < 0 || fl.kind == 'n' {
			continue
		}
		col := t.t.Columns[place]
		if fl.kind == 'u' {
			if old == nil || old[place] == nil {
				return nil, fmt.Errorf("%w: table %s, column %s is stored out of line and was not sent", ErrNotWhole, t.t.Name(), col.Name)
			}
			out[place] = old[place]
			continue
		}
		v, err := f.value(t.columns[col.Name].dec, fl.text)
		if f.s.mark && errors.Is(err, ErrValue) && change.CanMark(col.Type) {
			v, err = f.value(marked, fl.text)
		}
		if err != nil {
			return nil, fmt.Errorf("table %s, column %s, %s: %w", t.t.Name(), col.Name, t.rowName(out), err)
		}
		out[place] = v
	}
	return out, nil
}

func marked(dst, src []byte) ([]byte, error) {
	return append(append(dst, change.InvalidMark), src...), nil
}

// rowName is the key of a row as far as it was read.
func (t *table) rowName(r change.Row) string {
	if k := t.t.KeyOf(r); k != "" {
		return "row " + k
	}
	return "a row without key"
}

// blockSize is the memory for values that is taken at once.
const blockSize = 64 << 10

// value decodes into memory of the piece. What a decoder appends is at most four times what it reads, or a short text.
func (f *follower) value(dec decoder, src []byte) (change.Value, error) {
	if cap(f.block)-len(f.block) < len(src)+128 {
		f.block = make([]byte, 0, max(blockSize, len(src)+128))
	}
	start := len(f.block)
	grown, err := dec(f.block, src)
	if err != nil {
		return nil, err
	}
	f.block = grown
	f.bytesOfPart += int64(len(grown) - start + 24)
	f.tx.Bytes += int64(len(src))
	return change.Value(grown[start:len(grown):len(grown)]), nil
}

// feedback tells the server now and then what is safe, and ends the stream when the server says nothing any more.
func (f *follower) feedback(ctx context.Context, conn *pgconn.PgConn) error {
	tick := time.NewTicker(statusEvery)
	defer tick.Stop()
	for {
		answer := false
		select {
		case <-ctx.Done():
			return nil
		case <-f.ask:
		case <-f.s.poke:
		case <-tick.C:
			answer = true
		}
		if at := f.heard.Load(); at != 0 && time.Since(time.Unix(0, at)) > silence {
			return change.Transient(fmt.Errorf("read the change stream: the server was silent for %s", silence))
		}
		if err := f.status(conn, answer); err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return change.Transient(fmt.Errorf("acknowledge to %s: %w", f.s.ep, err))
		}
	}
}

func (f *follower) status(conn *pgconn.PgConn, answer bool) error {
	safe := f.s.acked.Load()
	b := []byte{'r'}
	for range 3 { // written, flushed, applied
		b = binary.BigEndian.AppendUint64(b, safe)
	}
	b = binary.BigEndian.AppendUint64(b, uint64(time.Since(epoch).Microseconds()))
	if answer {
		b = append(b, 1)
	} else {
		b = append(b, 0)
	}
	packet, err := (&pgproto3.CopyData{Data: b}).Encode(nil)
	if err != nil {
		return err
	}
	return conn.Frontend().SendUnbufferedEncodedCopyData(packet)
}

package mysql

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/go-mysql-org/go-mysql/client"
	"github.com/go-mysql-org/go-mysql/mysql"

	"godwit/runner/change"
)

// Snapshot is a set of transactions that see the database at one moment, or, when no global lock may be taken, each
// at a moment of its own. Each reader must be used by one goroutine at a time.
type Snapshot struct {
	s       *Source
	readers []*reader
	tables  map[*change.Table]*table
	sizes   map[string]size // by change.Key; nil until asked for
	coded   []*table
}

type reader struct {
	conn   *client.Conn
	span   change.Span
	rows   rowReader
	batch  change.Batch
	broken bool
}

const (
	beginSnapshot = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"
	lockTries     = 3
)

// Snapshot opens a snapshot for a number of readers.
//
// Preferred is a global read lock, held while the transactions are opened and the position is read. It is given up
// after five seconds of waiting, because whoever waits for it makes all writers wait. Without the lock:
//
//   - MariaDB tells the exact place of each transaction's snapshot in its log, so each reader has an exact position.
//   - MySQL with GTIDs: the executed set is read before and the end of the log after the transaction is opened. The
//     executed set grows after a commit is visible and the log before, so the snapshot lies between the two.
//   - MySQL without GTIDs has no such bound; it is refused.
//
// Schema changes of the tables wait until the snapshot is closed.
func (s *Source) Snapshot(ctx context.Context, tables []*change.Table, readers int) (*Snapshot, error) {
	sn := &Snapshot{s: s, tables: map[*change.Table]*table{}}
	ok := false
	defer func() {
		if !ok {
			sn.Close()
		}
	}()
	large := make(chan struct{}, 1)
	for range readers {
		c, err := dial(ctx, s.ep, s.tls)
		if err != nil {
			return nil, err
		}
		sn.readers = append(sn.readers, &reader{conn: c, rows: rowReader{large: large}})
		if err := exec(ctx, c, "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ"); err != nil {
			return nil, fmt.Errorf("prepare the snapshot: %w", err)
		}
	}
	coded, err := s.codecs(ctx, sn.readers[0].conn, tables)
	if err != nil {
		return nil, err
	}
	for _, t := range coded {
		sn.tables[t.t] = t
	}
	sn.coded = coded
	if err := sn.open(ctx); err != nil {
		return nil, err
	}
	if err := s.with(ctx, func(c *client.Conn) error { return s.sameShape(ctx, c, tables) }); err != nil {
		return nil, err
	}
	ok = true
	return sn, nil
}

func (sn *Snapshot) open(ctx context.Context) error {
	if !sn.s.opts.NoLock {
		err := sn.locked(ctx)
		if err == nil || !lockRefused(err) {
			return err
		}
		sn.s.log.Warn("no global read lock, each reader has a snapshot of its own", "reason", err)
	}
	if sn.s.family == MySQL && !sn.s.gtids {
		return fmt.Errorf("%w: grant RELOAD to the user, or set gtid_mode=ON", ErrLock)
	}
	hold, err := sn.s.hold(ctx, sn.coded)
	if err != nil {
		return err
	}
	defer hold.Close()
	for _, r := range sn.readers {
		if err := sn.s.openAlone(ctx, r); err != nil {
			return fmt.Errorf("open snapshot: %w", err)
		}
	}
	return sn.touch(ctx, sn.readers)
}

// lockRefused tells a missing right and a lock that is not to be had from other failures.
func lockRefused(err error) bool {
	var my *mysql.MyError
	if !errors.As(err, &my) {
		return false
	}
	switch my.Code {
	case mysql.ER_SPECIFIC_ACCESS_DENIED_ERROR, mysql.ER_ACCESS_DENIED_ERROR, mysql.ER_DBACCESS_DENIED_ERROR, mysql.ER_LOCK_WAIT_TIMEOUT:
		return true
	}
	return false
}

// locked opens all transactions under the global read lock.
func (sn *Snapshot) locked(ctx context.Context) error {
	lock, err := dial(ctx, sn.s.ep, sn.s.tls)
	if err != nil {
		return err
	}
	defer lock.Close() // gives up the lock in every case
	if err := takeLock(ctx, lock); err != nil {
		return err
	}
	for _, r := range sn.readers {
		if err := exec(ctx, r.conn, beginSnapshot); err != nil {
			return fmt.Errorf("open snapshot: %w", err)
		}
	}
	p, err := sn.s.end(ctx, lock)
	if err != nil {
		return err
	}
	p.server = sn.s.server() // under the lock the place and the GTIDs are of one moment, however they were read
	for _, r := range sn.readers {
		r.span = change.Span{Low: p, High: p}
	}
	// The lock keeps schema changes off until the first reader does; the others need not make it longer.
	if err := sn.touch(ctx, sn.readers[:1]); err != nil {
		return err
	}
	if err := exec(ctx, lock, "UNLOCK TABLES"); err != nil {
		return err
	}
	if err := sn.s.date(ctx, p); err != nil {
		return err
	}
	return sn.touch(ctx, sn.readers[1:])
}

func takeLock(ctx context.Context, c *client.Conn) error {
	if err := exec(ctx, c, "SET SESSION lock_wait_timeout=5"); err != nil {
		return fmt.Errorf("prepare the global read lock: %w", err)
	}
	var err error
	for try := range lockTries {
		err = exec(ctx, c, "FLUSH TABLES WITH READ LOCK")
		var my *mysql.MyError
		if err == nil || !errors.As(err, &my) || my.Code != mysql.ER_LOCK_WAIT_TIMEOUT {
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(try+1) * time.Second): // let the writers go on
		}
	}
	if err != nil {
		return fmt.Errorf("take the global read lock: %w", err)
	}
	return nil
}

// openAlone opens one reader's transaction without a lock.
func (s *Source) openAlone(ctx context.Context, r *reader) error {
	if s.family == MariaDB {
		if err := exec(ctx, r.conn, beginSnapshot); err != nil {
			return err
		}
		return s.spanMariaDB(ctx, r)
	}
	cols, _, err := one(ctx, r.conn, "SELECT @@GLOBAL.gtid_executed")
	if err != nil {
		return err
	}
	low := &Position{family: MySQL}
	if err := low.parseSet(cols[0]); err != nil {
		return err
	}
	if err := exec(ctx, r.conn, beginSnapshot); err != nil {
		return err
	}
	high, err := s.end(ctx, r.conn)
	if err != nil {
		return err
	}
	high.gtids, high.my = false, nil // by file: the executed set lags behind what is visible
	r.span = change.Span{Low: low, High: high}
	return nil
}

// spanMariaDB reads the place of the session's snapshot.
// See https://mariadb.com/kb/en/enhancements-for-start-transaction-with-consistent-snapshot/
func (s *Source) spanMariaDB(ctx context.Context, r *reader) error {
	p := &Position{family: MariaDB, server: s.server()}
	err := query(ctx, r.conn, "SHOW STATUS LIKE 'binlog_snapshot_%'", func(v row) error {
		switch strings.ToLower(v.str(0)) {
		case "binlog_snapshot_file":
			p.file = v.str(1)
		case "binlog_snapshot_position":
			_, err := fmt.Sscan(v.str(1), &p.offset)
			return err
		}
		return nil
	})
	if err != nil {
		return err
	}
	if p.file == "" {
		return fmt.Errorf("%w: the server does not tell the position of a snapshot: grant RELOAD to the user", ErrLock)
	}
	r.span = change.Span{Low: p, High: p}
	told, err := s.gtidsAt(ctx, r.conn, p)
	if err == nil && !told {
		err = fmt.Errorf("%w: the server does not tell the GTIDs at %s:%d, which stands behind an event larger than its max_allowed_packet: "+
			"run FLUSH BINARY LOGS on the source, or grant RELOAD to the user", ErrLock, p.file, p.offset)
	}
	return err
}

// Readers is the number of readers.
func (sn *Snapshot) Readers() int { return len(sn.readers) }

// Span is where reader w's view lies in the log.
func (sn *Snapshot) Span(w int) change.Span { return sn.readers[w].span }

// Exact tells that every reader sees the same moment and that its position is known.
func (sn *Snapshot) Exact() bool {
	for _, r := range sn.readers {
		if o, ok := change.Compare(r.span.High, sn.readers[0].span.Low); !ok || o != 0 || !r.span.Exact() {
			return false
		}
	}
	return true
}

// Close ends the transactions.
func (sn *Snapshot) Close() error {
	for _, r := range sn.readers {
		r.conn.Close()
	}
	return nil
}

// Read reads a chunk with reader w. A batch is valid until the next one is asked for. A reader whose chunk is not read to
// its end is of no use any more.
func (sn *Snapshot) Read(ctx context.Context, w int, c change.Chunk) iter.Seq2[*change.Batch, error] {
	return func(yield func(*change.Batch, error) bool) {
		r, t := sn.readers[w], sn.tables[c.Table]
		if t == nil || r.broken {
			yield(nil, fmt.Errorf("read %s: the snapshot is closed or does not have the table", c.Table.Name()))
			return
		}
		sql, err := t.selectChunk(c)
		if err != nil {
			yield(nil, err)
			return
		}
		stop := interrupt(ctx, r.conn)
		defer stop()
		defer r.rows.release()
		r.broken = true // until the end is read
		err = r.read(ctx, t, sql, yield)
		if err == errStop {
			return
		}
		if err != nil && ctx.Err() != nil {
			err = ctx.Err()
		}
		r.broken = err != nil && !serverError(err)
		if err != nil {
			yield(nil, fmt.Errorf("read %s chunk %d: %w", c.Table.Name(), c.ID, err))
		}
	}
}

// read yields the rows of a query.
func (r *reader) read(ctx context.Context, t *table, sql string, yield func(*change.Batch, error) bool) error {
	if err := r.rows.ask(ctx, r.conn, sql, len(t.cols)); err != nil {
		return err
	}
	for {
		r.batch.Reset(len(t.cols))
		done, err := r.rows.fill(ctx, r.conn, t, &r.batch)
		if err != nil {
			return err
		}
		if r.batch.Rows() > 0 && !yield(&r.batch, nil) {
			return errStop
		}
		if done {
			return nil
		}
	}
}

// serverError tells an answer of the server from a connection that broke.
func serverError(err error) bool {
	var my *mysql.MyError
	return errors.As(err, &my)
}

// rawKey shows a row's key for messages.
func (t *table) rawKey(v row) string {
	r := make(change.Row, len(v))
	for i := range v {
		r[i] = change.Value(v[i])
	}
	if len(t.t.Key) == 0 {
		return "without key"
	}
	return t.t.KeyOf(r)
}

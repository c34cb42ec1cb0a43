package postgres

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"godwit/runner/change"
)

const (
	maxRun      = 5000    // rows per statement
	maxRunBytes = 1 << 20 // bytes per statement
	maxUnread   = 4 << 20 // bytes sent before the answers are read
	flushBytes  = 1 << 17 // bytes kept before they are sent
)

// applySession makes located rows be found by their index, whatever the statistics say: they are missing right after a
// load, and a scan per statement would never catch up.
const applySession = `SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off;
SET plan_cache_mode = force_generic_plan; SET lock_timeout = 0`

// Applier applies changes in the source's order: rows, and the position behind them, in one target transaction.
// Cascades of foreign keys are done by the target, as they were by the source, whose log does not hold them.
type Applier struct {
	s      *Sink
	conn   *pgx.Conn
	tables map[*change.Table]*table
	stmts  map[stmtKey]*statement
	single bool
	// grouped tells that answers are read by whoever adds, not whenever there are many.
	grouped  bool
	prepared int // statements so far, for their names

	pipe   *pgconn.Pipeline // nil outside a transaction
	run    run
	sent   []sent
	unread int
	unsent int
	// counted since the last commit
	txs, changes int64
}

type stmtKey struct {
	t      *table
	verb   verb
	unique int
}

// run is rows that one statement will take.
type run struct {
	stmt   *statement
	verb   verb
	t      *table
	arrays []array
	n      int
	bytes  int
	keys   map[string]struct{}
	key    []byte
	tx     string
	first  change.Row // for messages
}

// sent is a statement whose answer has not been read.
type sent struct {
	what     string
	expect   int64    // rows; -1 any
	prepares *stmtKey // the statement that it prepares; nil: none
}

// Applier opens a connection for applying changes of tables. With single every row is a statement of its own, so that
// an error names the row.
func (s *Sink) Applier(ctx context.Context, tables []*change.Table, single bool) (*Applier, error) {
	conn, err := s.ep.ConnectPostgres(ctx)
	if err != nil {
		return nil, transient(err)
	}
	a := &Applier{s: s, conn: conn, tables: map[*change.Table]*table{}, stmts: map[stmtKey]*statement{}, single: single}
	if err := a.prepare(ctx, tables); err != nil {
		a.Close()
		return nil, transient(err)
	}
	return a, nil
}

func (a *Applier) prepare(ctx context.Context, tables []*change.Table) error {
	if _, err := a.conn.Exec(ctx, session+"; "+applySession); err != nil {
		return fmt.Errorf("prepare the session: %w", err)
	}
	if err := acting(ctx, a.conn, tables); err != nil {
		return err
	}
	referrers, err := referring(ctx, a.conn, tables)
	if err != nil {
		return err
	}
	for i, t := range tables {
		d, err := describe(ctx, a.conn, t, i, &a.s.opts.Policy)
		if err != nil {
			return err
		}
		if err := d.keys(ctx, a.conn); err != nil {
			return err
		}
		d.referrers = referrers[d.name]
		a.tables[t] = d
	}
	return nil
}

// Close ends the connection; an open transaction is rolled back.
func (a *Applier) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if a.pipe != nil {
		a.conn.PgConn().Conn().Close()
	}
	a.conn.Close(ctx)
}

// Add applies a transaction or a piece of one, within the target transaction that is open, or a new one. After an error
// the Applier can only be closed.
func (a *Applier) Add(ctx context.Context, tx *change.Tx, mode func(*change.Table) change.Mode) error {
	rows, err := a.each(ctx, tx, mode, func(t *table, c *change.Change, m change.Mode) error { return a.change(t, c, m, tx.ID) })
	if err == nil {
		a.count(tx, rows)
	}
	return err
}

// each applies the changes of a transaction that are not to be skipped, and tells how many rows they are.
func (a *Applier) each(ctx context.Context, tx *change.Tx, mode func(*change.Table) change.Mode, apply func(*table, *change.Change, change.Mode) error) (rows int, err error) {
	return change.Each(tx, a.tables, mode, func(t *table, c *change.Change, m change.Mode) error {
		a.begin(ctx)
		return transient(apply(t, c, m))
	})
}

// count adds a transaction or a piece of one, of which rows were applied.
func (a *Applier) count(tx *change.Tx, rows int) {
	if tx.Folded != nil {
		rows = tx.Folded.Rows
	}
	a.txs += int64(tx.Transactions())
	a.changes += int64(rows)
}

func (a *Applier) begin(ctx context.Context) {
	if a.pipe != nil {
		return
	}
	a.pipe = a.conn.PgConn().StartPipeline(ctx)
	a.pipe.SendQueryParams("BEGIN", nil, nil, nil, nil)
	a.sent = append(a.sent, sent{what: "begin", expect: -1})
}

func (a *Applier) change(t *table, c *change.Change, m change.Mode, tx string) error {
	if c.Kind == change.Truncate {
		return a.truncate(t, tx)
	}
	if err := m.Applicable(c, tx); err != nil {
		return err
	}
	for i := range c.Rows() {
		before, after := c.Row(i)
		var err error
		if m == change.Idempotent {
			err = a.settleRow(t, before, after, tx)
		} else {
			err = a.strictRow(t, before, after, tx)
		}
		if err != nil {
			return err
		}
		if a.unread >= maxUnread && !a.grouped {
			if err := a.read(); err != nil {
				return err
			}
		}
	}
	return nil
}

// strictRow applies one row in the strict mode.
func (a *Applier) strictRow(t *table, before, after change.Row, tx string) error {
	keyed := len(t.t.Key) > 0
	switch {
	case before == nil:
		return a.row(t, verbInsert, 0, before, after, tx)
	case after == nil && keyed:
		return a.row(t, verbDelete, 0, before, after, tx)
	case after == nil:
		return a.alone(t, verbDeleteAny, 0, before, after, tx)
	case !keyed:
		return a.alone(t, verbUpdateAny, 0, before, after, tx)
	case t.sameKeys(before, after):
		return a.row(t, verbUpdate, 0, before, after, tx)
	}
	// A statement over several rows checks unique keys row by row in an order of its own.
	return a.alone(t, verbMove, 0, before, after, tx)
}

// settleRow makes the row with after's key be after, and the row with before's key be gone if that is another.
//
// Why this converges: the rows of a chunk were read at some moment S between the positions of its span, and every
// change up to the span's end is replayed with whole rows. The last change of a key up to S left the row as the chunk
// has it, or absent; replaying the changes in order ends with the same one. Changes after S are new. So when the span's
// end is passed every key has the row of the source. In between a row may be older than the chunk, and then hold a
// unique value that a row from the chunk holds as well: that one got it by a later change, which is replayed too, so it
// is evicted now and comes back then.
func (a *Applier) settleRow(t *table, before, after change.Row, tx string) error {
	if before != nil && (after == nil || !same(t.t.Key, before, after)) {
		if err := a.alone(t, verbDelete, -1, before, nil, tx); err != nil {
			return err
		}
	}
	if after == nil {
		return nil
	}
	for _, i := range t.uniques {
		if err := a.alone(t, verbEvict, i, nil, after, tx); err != nil {
			return err
		}
	}
	return a.alone(t, verbUpsert, 0, nil, after, tx)
}

func same(cols []int, a, b change.Row) bool {
	for _, i := range cols {
		if !bytes.Equal(a[i], b[i]) || (a[i] == nil) != (b[i] == nil) {
			return false
		}
	}
	return true
}

// sameKeys tells that no unique key of the row changes.
func (t *table) sameKeys(a, b change.Row) bool {
	if !same(t.t.Key, a, b) {
		return false
	}
	for _, u := range t.t.Uniques {
		if !same(u, a, b) {
			return false
		}
	}
	return true
}

// alone applies a row by a statement of its own.
func (a *Applier) alone(t *table, v verb, unique int, before, after change.Row, tx string) error {
	if err := a.endRun(); err != nil {
		return err
	}
	if err := a.row(t, v, unique, before, after, tx); err != nil {
		return err
	}
	return a.endRun()
}

// row adds a row to the run, or begins a new one. A run changes no key twice: the rows of one statement have no order.
func (a *Applier) row(t *table, v verb, unique int, before, after change.Row, tx string) error {
	r := &a.run
	if r.stmt != nil && (r.t != t || r.verb != v || r.n >= maxRun || r.bytes >= maxRunBytes || a.single || r.has(before)) {
		if err := a.endRun(); err != nil {
			return err
		}
	}
	if r.stmt == nil {
		if err := a.startRun(t, v, unique, tx); err != nil {
			return err
		}
		r.first = before
		if before == nil {
			r.first = after
		}
	}
	r.note(before)
	var scratch []byte
	for i, sl := range r.stmt.slots {
		row := after
		if sl.before {
			row = before
		}
		var n int
		var err error
		if n, scratch, err = a.value(&r.arrays[i], &t.cols[sl.col], sl.typed, row[sl.col], scratch); err != nil {
			return fmt.Errorf("transaction %s: %w", tx, t.valueError(sl.col, row, err))
		}
		r.bytes += n + 4
	}
	r.n++
	return nil
}

// value adds a value to an array.
func (a *Applier) value(to *array, c *targetColumn, typed bool, v change.Value, scratch []byte) (n int, grown []byte, err error) {
	if !typed {
		out, grown, err := c.policy.encode(c.form, c.dateOnly, scratch, v)
		if err == nil {
			to.add(out)
		}
		return len(out), grown, err
	}
	if v != nil && c.form != plain {
		if v, scratch, err = c.policy.accept(c.form, c.dateOnly, scratch, v); err != nil {
			return 0, scratch, err
		}
	}
	if v == nil {
		to.add(nil)
		return 0, scratch, nil
	}
	return len(v), scratch, to.addBinary(v, c.binary)
}

// has tells that the run has a row with this key already.
func (r *run) has(before change.Row) bool {
	if before == nil || r.t == nil || len(r.t.t.Key) == 0 {
		return false
	}
	_, ok := r.keys[string(r.keyOf(before))]
	return ok
}

func (r *run) note(before change.Row) {
	if before != nil && len(r.t.t.Key) > 0 {
		r.keys[string(r.keyOf(before))] = struct{}{}
	}
}

func (r *run) keyOf(row change.Row) []byte {
	r.key = r.key[:0]
	for _, i := range r.t.t.Key {
		r.key = binary.AppendUvarint(r.key, uint64(len(row[i])))
		r.key = append(r.key, row[i]...)
	}
	return r.key
}

func (a *Applier) startRun(t *table, v verb, unique int, tx string) error {
	k := stmtKey{t, v, max(unique, 0)}
	st := a.stmts[k]
	if st == nil {
		st = t.build(v, max(unique, 0))
		a.prepared++
		st.name = fmt.Sprintf("%s_%d", st.name, a.prepared)
		a.stmts[k] = st
		a.pipe.SendPrepare(st.name, st.sql, st.oids)
		a.sent = append(a.sent, sent{what: "prepare " + t.name, expect: -1, prepares: &k})
	}
	r := &a.run
	r.stmt, r.verb, r.t, r.n, r.bytes, r.tx = st, v, t, 0, 0, tx
	if v == verbDelete && unique == -1 {
		r.verb = verbs // a delete that need not find its row
	}
	for len(r.arrays) < len(st.slots) {
		r.arrays = append(r.arrays, array{})
	}
	for i := range st.slots {
		r.arrays[i].reset()
	}
	if r.keys == nil {
		r.keys = map[string]struct{}{}
	}
	clear(r.keys)
	return nil
}

// binaryFormat is the format of all parameters.
var binaryFormat = []int16{1}

// endRun sends the run's statement.
func (a *Applier) endRun() error {
	r := &a.run
	if r.stmt == nil {
		return nil
	}
	params := make([][]byte, len(r.stmt.slots))
	for i := range params {
		params[i] = r.arrays[i].bytes(r.stmt.slots[i].elem)
	}
	a.pipe.SendQueryPrepared(r.stmt.name, params, binaryFormat, nil)
	s := sent{expect: int64(r.n)}
	switch r.verb {
	case verbs, verbEvict, verbUpsert:
		s.expect = -1
	}
	key := r.t.t.KeyOf(r.first)
	if r.n > 1 {
		key = "rows from " + key
	}
	s.what = fmt.Sprintf("table %s, %s, transaction %s", r.t.t.Name(), key, r.tx)
	a.sent = append(a.sent, s)
	a.unread += r.bytes + 64
	a.unsent += r.bytes + 64
	r.stmt = nil
	if a.unsent < flushBytes {
		return nil
	}
	a.unsent = 0
	return a.pipe.Flush() // the target works while we go on
}

func (a *Applier) truncate(t *table, tx string) error {
	if err := a.endRun(); err != nil {
		return err
	}
	a.pipe.SendQueryParams(t.emptied(), nil, nil, nil, nil)
	a.sent = append(a.sent, sent{what: fmt.Sprintf("truncate table %s, transaction %s", t.t.Name(), tx), expect: -1})
	return nil
}

// read waits for the answers of what was sent and checks them.
func (a *Applier) read() error {
	if err := a.endRun(); err != nil {
		return err
	}
	if err := a.pipe.Sync(); err != nil {
		return err
	}
	for _, s := range a.sent {
		if err := a.answer(s); err != nil {
			return err
		}
	}
	if _, err := a.pipe.GetResults(); err != nil { // the Sync
		return err
	}
	a.sent, a.unread = a.sent[:0], 0
	return nil
}

// answer reads the next answer and checks it.
func (a *Applier) answer(s sent) error {
	res, err := a.pipe.GetResults()
	if err != nil {
		return fmt.Errorf("apply %s: %w", s.what, err)
	}
	rr, ok := res.(*pgconn.ResultReader)
	if !ok {
		return nil
	}
	tag, err := rr.Close()
	if err != nil {
		return fmt.Errorf("apply %s: %w", s.what, err)
	}
	if s.what == progressSent && tag.RowsAffected() != 1 {
		return errUnstored
	}
	if s.expect >= 0 && tag.RowsAffected() != s.expect {
		return fmt.Errorf("apply %s: %w: %d of %d rows were found", s.what, change.ErrRowMissing, tag.RowsAffected(), s.expect)
	}
	return nil
}

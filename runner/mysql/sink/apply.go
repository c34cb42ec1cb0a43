package sink

import (
	"bytes"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/go-sql-driver/mysql"

	"godwit/runner/change"
)

const (
	maxPacket     = 1 << 20   // bytes sent before the answers are read
	maxStatement  = 256 << 10 // bytes of one statement over many rows
	maxStatements = 1000      // statements sent before the answers are read
	maxRows       = 1000      // rows of one INSERT
	maxKeys       = 200       // rows of one DELETE
)

// Applier applies changes in the source's order: rows, and the position behind them, in one target transaction.
type Applier struct {
	s      *Sink
	conn   *sql.Conn
	tables map[*change.Table]*table
	single bool

	open bool   // a transaction is open, or will be by what is in buf
	buf  []byte // statements that are not sent, separated by semicolons
	sent []sent
	run  run
	// counted since the last commit
	txs, changes int64
}

// sent is a statement of the buffer, and the number of rows that it must find; -1 any.
type sent struct {
	what   what
	expect int64
	end    int // of the statement in the buffer
}

// what names a statement in messages.
type what struct {
	verb string
	t    *table
	row  change.Row
	n    int
	tx   string
}

// String names table, row and transaction.
func (w what) String() string {
	if w.t == nil {
		return w.verb
	}
	key := w.t.t.KeyOf(w.row)
	if w.n > 1 {
		key = fmt.Sprintf("%d rows from %s", w.n, key)
	}
	return fmt.Sprintf("%s table %s, %s, transaction %s", w.verb, w.t.t.Name(), key, w.tx)
}

// run is the statement over many rows that is being written at the end of the buffer.
type run struct {
	verb  string // "" for none
	t     *table
	start int // in buf
	n     int
	first change.Row
	tx    string
}

// Applier opens a connection for applying changes of tables. With single every row is a statement of its own, and its answer
// is waited for, so that an error names the row.
func (s *Sink) Applier(ctx context.Context, tables []*change.Table, single bool) (*Applier, error) {
	a := &Applier{s: s, tables: map[*change.Table]*table{}, single: single}
	if problems, err := s.triggers(ctx, tables); err != nil || len(problems) > 0 {
		return nil, errors.Join(append(problems, err)...)
	}
	for _, t := range tables {
		d, err := s.describe(ctx, t)
		if err != nil {
			return nil, err
		}
		a.tables[t] = d
	}
	var err error
	if a.conn, err = s.db.Conn(ctx); err != nil {
		return nil, transient(err)
	}
	if _, err := a.exec(ctx, "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"); err != nil {
		a.Close()
		return nil, err
	}
	return a, nil
}

// Close ends the connection; an open transaction is rolled back by the server.
func (a *Applier) Close() {
	discard(a.conn)
}

// discard closes a connection instead of giving it back to the pool.
func discard(c *sql.Conn) {
	c.Raw(func(any) error { return driver.ErrBadConn })
	c.Close()
}

// exec sends statements and returns the rows that each of them found.
func (a *Applier) exec(ctx context.Context, q string) (rows []int64, err error) {
	err = a.conn.Raw(func(c any) error {
		x, ok := c.(driver.ExecerContext)
		if !ok {
			return fmt.Errorf("the driver's connection %T runs no statements", c)
		}
		res, err := x.ExecContext(ctx, q, nil)
		if err != nil {
			return err
		}
		all, ok := res.(mysql.Result)
		if !ok {
			return fmt.Errorf("the driver's result %T has no counts", res)
		}
		rows = all.AllRowsAffected()
		return nil
	})
	return rows, transient(err)
}

// Add applies a transaction or a piece of one, within the target transaction that is open, or a new one. After an error
// the Applier can only be closed.
func (a *Applier) Add(ctx context.Context, tx *change.Tx, mode func(*change.Table) change.Mode) error {
	rows, err := a.each(tx, mode, func(t *table, c *change.Change, m change.Mode) error { return a.change(ctx, t, c, m, tx.ID) })
	if err != nil {
		return err
	}
	a.count(tx, rows)
	return nil
}

// each hands over the changes that are not to be skipped, within a target transaction, and counts their rows.
func (a *Applier) each(tx *change.Tx, mode func(*change.Table) change.Mode, do func(*table, *change.Change, change.Mode) error) (rows int, err error) {
	return change.Each(tx, a.tables, mode, func(t *table, c *change.Change, m change.Mode) error {
		a.begin()
		return do(t, c, m)
	})
}

// count adds a transaction whose changes have been taken.
func (a *Applier) count(tx *change.Tx, rows int) {
	if tx.Folded != nil {
		rows = tx.Folded.Rows
	}
	a.txs += int64(tx.Transactions())
	a.changes += int64(rows)
}

func (a *Applier) begin() {
	if !a.open {
		a.open = true
		a.alone(what{verb: "begin"}, -1, "START TRANSACTION")
	}
}

func (a *Applier) change(ctx context.Context, t *table, c *change.Change, m change.Mode, tx string) error {
	if c.Kind == change.Truncate {
		// TRUNCATE TABLE would commit what was applied before it.
		a.alone(what{verb: "empty", t: t, tx: tx}, -1, "DELETE FROM "+t.name)
		return a.trim(ctx)
	}
	if err := m.Applicable(c, tx); err != nil {
		return err
	}
	for i := range c.Rows() {
		before, after := c.Row(i)
		err := error(nil)
		if m == change.Idempotent {
			err = a.settleRow(t, before, after, tx)
		} else {
			err = a.strictRow(t, before, after, tx)
		}
		if err == nil {
			err = a.trim(ctx)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// trim sends what is enough for a packet.
func (a *Applier) trim(ctx context.Context) error {
	if a.single || len(a.buf) >= min(maxPacket, a.s.packet/2) || len(a.sent) >= maxStatements {
		return a.flush(ctx)
	}
	return nil
}

// strictRow applies one row in the strict mode.
func (a *Applier) strictRow(t *table, before, after change.Row, tx string) error {
	switch {
	case before == nil:
		return a.insert(t, "insert into", "INSERT ", after, tx)
	case after == nil && len(t.t.Key) > 0:
		return a.remove(t, before, tx, true)
	case after == nil:
		return a.locate(t, "DELETE FROM "+t.name, nil, before, tx)
	}
	return a.update(t, before, after, tx)
}

// settleRow makes the row with after's key be after, and the row with before's key be gone if that is another. Why this
// converges is told in package postgres. REPLACE takes away every other row that holds one of after's unique values.
func (a *Applier) settleRow(t *table, before, after change.Row, tx string) error {
	if before != nil && (after == nil || !same(t.t.Key, before, after)) {
		if err := a.remove(t, before, tx, false); err != nil {
			return err
		}
	}
	if after == nil {
		return nil
	}
	return a.insert(t, "replace in", "REPLACE ", after, tx)
}

func same(cols []int, a, b change.Row) bool {
	for _, i := range cols {
		if !equalValue(a[i], b[i]) {
			return false
		}
	}
	return true
}

func equalValue(a, b change.Value) bool {
	return (a == nil) == (b == nil) && bytes.Equal(a, b)
}

// alone puts a statement of its own into the buffer.
func (a *Applier) alone(w what, expect int64, sql string) {
	a.endRun()
	a.buf = append(append(a.buf, sql...), ';')
	a.queue(w, expect)
}

// queue notes the statement that ends the buffer.
func (a *Applier) queue(w what, expect int64) {
	a.sent = append(a.sent, sent{w, expect, len(a.buf)})
}

// start begins a run, or goes on with the one that is open and fits; first tells which.
func (a *Applier) start(t *table, verb string, limit int, row change.Row, tx string) (first bool) {
	r := &a.run
	if r.verb == verb && r.t == t && r.n < limit && len(a.buf)-r.start+size(row) < maxStatement && !a.single {
		r.n++
		return false
	}
	a.endRun()
	*r = run{verb: verb, t: t, start: len(a.buf), n: 1, first: row, tx: tx}
	return true
}

// endRun closes the run's statement.
func (a *Applier) endRun() {
	r := &a.run
	if r.verb == "" {
		return
	}
	a.buf = append(a.buf, ';')
	expect := int64(r.n)
	if r.verb != "insert into" && r.verb != "delete from" {
		expect = -1
	}
	a.queue(what{r.verb, r.t, r.first, r.n, r.tx}, expect)
	r.verb = ""
}

func (a *Applier) insert(t *table, verb, command string, row change.Row, tx string) error {
	if a.start(t, verb, maxRows, row, tx) {
		a.buf = append(append(a.buf, command...), t.head...)
	} else {
		a.buf = append(a.buf, ',')
	}
	var err error
	a.buf, err = t.tuple(a.buf, row)
	return t.inTx(tx, err)
}

// tuple appends a row in parentheses.
func (t *table) tuple(dst []byte, row change.Row) ([]byte, error) {
	for i := range t.cols {
		sep := byte(',')
		if i == 0 {
			sep = '('
		}
		var err error
		if dst, err = t.cols[i].literal(append(dst, sep), row[i]); err != nil {
			return dst, t.valueError(i, row, err)
		}
	}
	return append(dst, ')'), nil
}

// valueError names the place of a value that the target cannot hold.
func (t *table) valueError(col int, r change.Row, err error) error {
	key := t.t.KeyOf(r)
	if key == "" {
		key = "without key"
	}
	v, _ := change.Marked(t.cols[col].typ, r[col])
	return fmt.Errorf("table %s, column %s, row %s, value %.40q: %w", t.t.Name(), t.t.Columns[col].Name, key, []byte(v), err)
}

func (t *table) inTx(tx string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("transaction %s: %w", tx, err)
}

// byKey appends the condition that finds a row by its key. The key's index serves it.
func (t *table) byKey(dst []byte, row change.Row) ([]byte, error) {
	for n, i := range t.t.Key {
		if n > 0 {
			dst = append(dst, " AND "...)
		}
		c := &t.cols[i]
		var err error
		if dst, err = c.literal(append(append(dst, c.name...), '='), row[i]); err != nil {
			return dst, t.valueError(i, row, err)
		}
	}
	return dst, nil
}

// remove deletes by key; rows of a run are one statement.
func (a *Applier) remove(t *table, before change.Row, tx string, strict bool) error {
	verb := "delete from"
	if !strict {
		verb = "delete if there from"
	}
	sep := " OR ("
	if a.start(t, verb, maxKeys, before, tx) {
		a.buf = append(append(append(a.buf, "DELETE FROM "...), t.name...), " WHERE "...)
		sep = "("
	}
	var err error
	a.buf, err = t.byKey(append(a.buf, sep...), before)
	a.buf = append(a.buf, ')')
	return t.inTx(tx, err)
}

// update changes one row.
func (a *Applier) update(t *table, before, after change.Row, tx string) error {
	a.endRun()
	set, err := t.assignments(before, after)
	if err != nil {
		return t.inTx(tx, err)
	}
	head := "UPDATE " + t.name + " SET "
	if len(t.t.Key) == 0 {
		return a.locate(t, head, set, before, tx)
	}
	a.buf = append(append(append(a.buf, head...), set...), " WHERE "...)
	if a.buf, err = t.byKey(a.buf, before); err != nil {
		return t.inTx(tx, err)
	}
	a.buf = append(a.buf, ';')
	a.queue(what{"update", t, before, 1, tx}, 1)
	return nil
}

// assignments are the columns that change. One that the server would change by itself is always set; a row that does not change
// must be there all the same.
func (t *table) assignments(before, after change.Row) ([]byte, error) {
	var set []byte
	for i := range t.cols {
		c := &t.cols[i]
		if !c.touched && equalValue(before[i], after[i]) {
			continue
		}
		if len(set) > 0 {
			set = append(set, ',')
		}
		var err error
		if set, err = c.literal(append(append(set, c.name...), '='), after[i]); err != nil {
			return nil, t.valueError(i, after, err)
		}
	}
	if len(set) == 0 {
		set = append(append(append(set, t.cols[0].name...), '='), t.cols[0].name...)
	}
	return set, nil
}

// locate changes one of possibly several equal rows of a table without key.
func (a *Applier) locate(t *table, head string, set []byte, before change.Row, tx string) error {
	a.endRun()
	a.buf = append(append(append(a.buf, head...), set...), " WHERE "...)
	for i := range t.cols {
		if i > 0 {
			a.buf = append(a.buf, " AND "...)
		}
		var err error
		if a.buf, err = t.cols[i].equal(a.buf, before[i]); err != nil {
			return t.inTx(tx, t.valueError(i, before, err))
		}
	}
	a.buf = append(a.buf, " LIMIT 1;"...)
	a.queue(what{"change", t, before, 1, tx}, 1)
	return nil
}

// size is about what a row takes in a statement.
func size(r change.Row) int {
	n := 0
	for _, v := range r {
		n += len(v) + 8
	}
	return n
}

// flush sends the buffer, in as many packets as the server wants, and checks what each statement found.
func (a *Applier) flush(ctx context.Context) error {
	a.endRun()
	start := 0
	for from := 0; from < len(a.sent); {
		to := from + 1
		for to < len(a.sent) && a.sent[to].end-start < min(2*maxPacket, a.s.packet) {
			to++
		}
		end := a.sent[to-1].end
		if err := a.send(ctx, a.sent[from:to], a.buf[start:end]); err != nil {
			return err
		}
		from, start = to, end
	}
	a.buf, a.sent = a.buf[:0], a.sent[:0]
	return nil
}

func (a *Applier) send(ctx context.Context, list []sent, text []byte) error {
	if len(text) >= a.s.packet {
		return fmt.Errorf("apply %s: %d bytes are more than the server's max_allowed_packet (%d); raise it and start again", span(list), len(text), a.s.packet)
	}
	counts, err := a.exec(ctx, string(text))
	if err != nil {
		return fmt.Errorf("apply %s: %w", span(list), err)
	}
	if len(counts) != len(list) {
		return fmt.Errorf("apply %s: %d answers for %d statements", span(list), len(counts), len(list))
	}
	for i, s := range list {
		switch {
		case s.expect < 0 || counts[i] == s.expect:
		case s.what.verb == progressVerb:
			return errUnstored
		default:
			return fmt.Errorf("apply: %s: %w: %d of %d rows were found", s.what, change.ErrRowMissing, counts[i], s.expect)
		}
	}
	return nil
}

// span names statements: the driver does not tell which of them failed.
func span(list []sent) string {
	last := list[len(list)-1].what
	for _, s := range list {
		if s.what.t == nil {
			continue
		}
		if s.what.String() == last.String() {
			return last.String()
		}
		return fmt.Sprintf("one of %d statements, from %s to %s", len(list), s.what, last)
	}
	return last.String()
}

// progressVerb marks the statement that stores the position; it finds no row when another run has the next epoch, or when the
// position is not the one that the transaction follows.
const progressVerb = "store the position"

// errUnstored tells that the position was not stored.
var errUnstored = errors.New("the position was not stored")

// unstored tells why the position was not stored.
func (s *Sink) unstored(ctx context.Context, after string) error {
	var epoch int64
	var position string
	err := s.db.QueryRowContext(ctx, "SELECT epoch, COALESCE(position, '') FROM "+s.own("progress")+" WHERE task = "+quoted(s.opts.Task)).Scan(&epoch, &position)
	switch {
	case err != nil && !errors.Is(err, sql.ErrNoRows): // none: the task was forgotten
		return transient(fmt.Errorf("read the progress of task %s: %w", s.opts.Task, err))
	case err == nil && epoch == s.epoch:
		return change.Transient(fmt.Errorf("task %s: %w: it is %q, the transaction follows %q", s.opts.Task, change.ErrMoved, position, after))
	}
	return fmt.Errorf("task %s: %w", s.opts.Task, change.ErrFenced)
}

// Commit stores the position behind what was added and commits, if the target still has the position that it follows. Nothing
// of it is on the target before.
func (a *Applier) Commit(ctx context.Context, after string, p change.Position, commit time.Time) error {
	a.begin()
	when := "NULL"
	if !commit.IsZero() {
		when = quoted(commit.UTC().Format("2006-01-02 15:04:05.000000"))
	}
	a.alone(what{verb: progressVerb}, 1, "UPDATE "+a.s.own("progress")+" SET position = "+quoted(p.String())+", commit_time = "+when+
		", transactions = transactions + "+strconv.FormatInt(a.txs, 10)+", changes = changes + "+strconv.FormatInt(a.changes, 10)+
		", updated_at = UTC_TIMESTAMP(6) WHERE task = "+quoted(a.s.opts.Task)+" AND epoch = "+strconv.FormatInt(a.s.epoch, 10)+
		" AND position = "+quoted(after))
	if err := a.flush(ctx); errors.Is(err, errUnstored) {
		return a.s.unstored(ctx, after)
	} else if err != nil {
		return err
	}
	if _, err := a.exec(ctx, "COMMIT"); err != nil {
		return change.Transient(fmt.Errorf("commit: %w: %w", change.ErrUnsure, err))
	}
	a.open, a.txs, a.changes = false, 0, 0
	return nil
}

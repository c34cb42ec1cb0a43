package sink

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-sql-driver/mysql"

	"godwit/runner/change"
)

// exceptionsDDL is the table of changes that were set aside. Images are JSON objects of the columns' canonical values; bytes that
// are no text are {"hex": "..."}.
const exceptionsDDL = `CREATE TABLE IF NOT EXISTS %s (
  id           bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
  task         varbinary(255) NOT NULL,
  tbl          varbinary(600) NOT NULL,
  row_key      longtext NOT NULL,
  kind         varchar(10) NOT NULL,
  before_image longtext,
  after_image  longtext,
  code         int,
  message      longtext NOT NULL,
  position     longtext NOT NULL,
  tx           text NOT NULL,
  at           datetime(6) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`

// groupRows is how many rows are tried together before they are tried in halves.
const groupRows = 256

// ExceptingApplier applies changes and sets those aside that the target refuses for their values, or whose row is missing: they
// are written to the table exceptions of the progress's database in the transaction of the others. Rows are tried in groups
// behind a savepoint; a group that fails is tried in halves.
type ExceptingApplier struct {
	*Applier
	group []step
	bytes int
	n     int64
}

// step is the change of one row.
type step struct {
	t    *table
	c    change.Change
	mode change.Mode
	tx   *change.Tx
}

// ExceptingApplier opens a connection for applying changes of tables.
func (s *Sink) ExceptingApplier(ctx context.Context, tables []*change.Table) (*ExceptingApplier, error) {
	a, err := s.Applier(ctx, tables, false)
	if err != nil {
		return nil, err
	}
	return &ExceptingApplier{Applier: a}, nil
}

// Excepted is the number of rows that were set aside.
func (a *ExceptingApplier) Excepted() int64 { return a.n }

// Add applies a transaction or a piece of one, as Applier.Add does.
func (a *ExceptingApplier) Add(ctx context.Context, tx *change.Tx, mode func(*change.Table) change.Mode) error {
	rows, err := a.each(tx, mode, func(t *table, c *change.Change, m change.Mode) error { return a.steps(ctx, t, c, m, tx) })
	if err == nil {
		err = a.tryGroup(ctx)
	}
	if err != nil {
		return err
	}
	a.count(tx, rows)
	return nil
}

func (a *ExceptingApplier) steps(ctx context.Context, t *table, c *change.Change, m change.Mode, tx *change.Tx) error {
	if c.Kind != change.Insert && c.Kind != change.Update && c.Kind != change.Delete {
		if err := a.tryGroup(ctx); err != nil {
			return err
		}
		if err := a.change(ctx, t, c, m, tx.ID); err != nil {
			return err
		}
		return a.flush(ctx)
	}
	if err := m.Applicable(c, tx.ID); err != nil {
		return err
	}
	for i := range c.Rows() {
		one := change.Change{Kind: c.Kind, Table: c.Table}
		if c.Before != nil {
			one.Before = c.Before[i : i+1]
			a.bytes += size(c.Before[i])
		}
		if c.After != nil {
			one.After = c.After[i : i+1]
			a.bytes += size(c.After[i])
		}
		a.group = append(a.group, step{t, one, m, tx})
		if len(a.group) >= groupRows || a.bytes >= maxPacket {
			if err := a.tryGroup(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// tryGroup applies the group.
func (a *ExceptingApplier) tryGroup(ctx context.Context) error {
	steps := a.group
	a.group, a.bytes = nil, 0
	if err := a.flush(ctx); err != nil { // the beginning of the transaction, which is in front of the savepoint
		return err
	}
	return a.try(ctx, steps)
}

// try applies steps, all or in halves.
func (a *ExceptingApplier) try(ctx context.Context, steps []step) error {
	if len(steps) == 0 {
		return nil
	}
	if _, err := a.exec(ctx, "SAVEPOINT godwit"); err != nil {
		return err
	}
	var cause error
	for i := range steps {
		st := &steps[i]
		if cause = a.change(ctx, st.t, &st.c, st.mode, st.tx.ID); cause != nil {
			break
		}
	}
	if cause == nil {
		cause = a.flush(ctx)
	}
	if cause == nil {
		return nil
	}
	code, ok := poison(cause)
	if !ok {
		return cause
	}
	a.buf, a.sent, a.run = a.buf[:0], a.sent[:0], run{}
	if _, err := a.exec(ctx, "ROLLBACK TO SAVEPOINT godwit"); err != nil { // also where the error has ended the transaction
		return errors.Join(cause, err)
	}
	if len(steps) == 1 {
		return a.setAside(ctx, &steps[0], code, cause)
	}
	if err := a.try(ctx, steps[:len(steps)/2]); err != nil {
		return err
	}
	return a.try(ctx, steps[len(steps)/2:])
}

// setAside records a change that failed by itself.
func (a *ExceptingApplier) setAside(ctx context.Context, st *step, code uint16, cause error) error {
	c := &st.c
	row := c.After
	if c.Before != nil {
		row = c.Before
	}
	number := "NULL"
	if code != 0 {
		number = strconv.Itoa(int(code))
	}
	image := func(rows []change.Row) string {
		if rows == nil {
			return "NULL"
		}
		return quoted(string(change.Image(c.Table, rows)))
	}
	q := "INSERT INTO " + a.s.own("exceptions") + " (task, tbl, row_key, kind, before_image, after_image, code, message, position, tx, at) VALUES (" +
		strings.Join([]string{quoted(a.s.opts.Task), quoted(c.Table.Name()), quoted(c.Table.KeyOf(row[0])), quoted(c.Kind.String()), image(c.Before), image(c.After), number,
			quoted(strings.ToValidUTF8(cause.Error(), "\uFFFD")), quoted(st.tx.At.String()), quoted(st.tx.ID), "UTC_TIMESTAMP(6)"}, ", ") + ")"
	if len(q) >= a.s.packet {
		return fmt.Errorf("record an exception: %d bytes are more than the server's max_allowed_packet (%d); raise it and start again", len(q), a.s.packet)
	}
	if _, err := a.exec(ctx, q); err != nil {
		return fmt.Errorf("record an exception: %w", err)
	}
	a.n++
	return nil
}

// rowErrors are the numbers of errors that are a row's own: its values, and its constraints.
var rowErrors = map[uint16]bool{
	1048: true, 1062: true, 1264: true, 1265: true, 1292: true, 1364: true, 1366: true, 1367: true, 1406: true, 1411: true, 1416: true, 1586: true, 1644: true, 1690: true, 1526: true, 1748: true,
	1451: true, 1452: true, 1761: true, 1762: true, // foreign keys
	3140: true, 3141: true, 3144: true, 3150: true, 3156: true, // JSON
	3819: true, 4025: true, // checks
	1118: true, 1071: true, 3037: true, 3616: true, 3643: true,
}

// poison tells that an error is one of the row, or that the row is missing; code is the server's number, 0 if it is none of its.
func poison(err error) (code uint16, ok bool) {
	var my *mysql.MySQLError
	if errors.As(err, &my) {
		return my.Number, rowErrors[my.Number]
	}
	return 0, errors.Is(err, change.ErrRowMissing) || errors.Is(err, ErrValue)
}

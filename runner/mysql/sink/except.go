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

// ExceptingApplier applies changes and sets those aside that the target refuses for their values, or whose row is missing: they
// are written to the table exceptions of the progress's database in the transaction of the others.
type ExceptingApplier struct {
	*Applier
	group change.Group[*table]
	n     int64
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
	to := setter{a}
	rows, err := a.each(tx, mode, func(t *table, c *change.Change, m change.Mode) error { return a.group.Add(ctx, to, t, c, m, tx) })
	if err == nil {
		err = a.group.Flush(ctx, to)
	}
	if err != nil {
		return err
	}
	a.count(tx, rows)
	return nil
}

// setter is how changes are set aside here.
type setter struct{ *ExceptingApplier }

// Alone applies a change that is not of rows.
func (a setter) Alone(ctx context.Context, t *table, c *change.Change, m change.Mode, tx *change.Tx) error {
	if err := a.change(ctx, t, c, m, tx.ID); err != nil {
		return err
	}
	return a.flush(ctx)
}

// Try applies changes behind a savepoint.
func (a setter) Try(ctx context.Context, list []change.Single[*table]) (cause, err error) {
	if err := a.flush(ctx); err != nil { // the beginning of the transaction, which is in front of the savepoint
		return nil, err
	}
	if _, err := a.exec(ctx, "SAVEPOINT godwit"); err != nil {
		return nil, err
	}
	for i := range list {
		st := &list[i]
		if cause = a.change(ctx, st.Table, &st.Change, st.Mode, st.Tx.ID); cause != nil {
			break
		}
	}
	if cause == nil {
		cause = a.flush(ctx)
	}
	if cause == nil {
		return nil, nil
	}
	if _, ok := poison(cause); !ok {
		return nil, cause
	}
	a.buf, a.sent, a.run = a.buf[:0], a.sent[:0], run{}
	if _, err := a.exec(ctx, "ROLLBACK TO SAVEPOINT godwit"); err != nil { // also where the error has ended the transaction
		return nil, errors.Join(cause, err)
	}
	return cause, nil
}

// SetAside records a change that failed by itself.
func (a setter) SetAside(ctx context.Context, st *change.Single[*table], cause error) error {
	c := &st.Change
	number := "NULL"
	if code, _ := poison(cause); code != 0 {
		number = strconv.Itoa(int(code))
	}
	image := func(rows []change.Row) string {
		if rows == nil {
			return "NULL"
		}
		return quoted(string(change.Image(c.Table, rows)))
	}
	q := "INSERT INTO " + a.s.own("exceptions") + " (task, tbl, row_key, kind, before_image, after_image, code, message, position, tx, at) VALUES (" +
		strings.Join([]string{quoted(a.s.opts.Task), quoted(c.Table.Name()), quoted(c.Table.KeyOf(st.Row())), quoted(c.Kind.String()), image(c.Before), image(c.After), number,
			quoted(strings.ToValidUTF8(cause.Error(), "\uFFFD")), quoted(st.Tx.At.String()), quoted(st.Tx.ID), "UTC_TIMESTAMP(6)"}, ", ") + ")"
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

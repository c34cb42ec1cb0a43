package rows

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5/pgconn"
)

// Statement is one statement for PostgreSQL; Rows tells that its rows are compared.
type Statement struct {
	SQL  string
	Rows bool
}

// Session is one session of PostgreSQL in autocommit, in UTC.
type Session struct {
	conn   *pgconn.PgConn
	Errors []string // SQLSTATE and message of every statement that failed
}

// Connect opens a session.
func Connect(t testing.TB, ctx context.Context, url string) *Session {
	t.Helper()
	c, err := pgconn.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Exec(ctx, "SET client_min_messages = error; SET timezone = 'UTC'").ReadAll(); err != nil {
		t.Fatal(err)
	}
	return &Session{conn: c}
}

// Close ends the session.
func (s *Session) Close(ctx context.Context) { s.conn.Close(ctx) }

// Entry runs the statements that one source statement became. The first failure ends it and is its only result; a
// transaction that the entry opened is rolled back then.
func (s *Session) Entry(ctx context.Context, list []Statement) []Block {
	var out []Block
	before := s.conn.TxStatus()
	for _, st := range list {
		bs, err := s.statement(ctx, st)
		if err != nil {
			state := "XX000"
			if pe := (*pgconn.PgError)(nil); errors.As(err, &pe) {
				state = pe.Code
				s.Errors = append(s.Errors, pe.Code+" "+pe.Message+" in "+st.SQL)
			} else {
				s.Errors = append(s.Errors, "XX000 "+err.Error())
			}
			if before == 'I' && s.conn.TxStatus() != 'I' {
				s.conn.Exec(ctx, "ROLLBACK").ReadAll()
			}
			return []Block{{Failed: true, State: state}}
		}
		out = append(out, bs...)
	}
	return out
}

func (s *Session) statement(ctx context.Context, st Statement) ([]Block, error) {
	rs, err := readAll(s.conn.Exec(ctx, st.SQL))
	if err != nil {
		return nil, err
	}
	var out []Block
	for _, r := range rs {
		if !st.Rows || len(r.FieldDescriptions) == 0 {
			continue
		}
		b := Block{Ordered: HasOrderBy(st.SQL)}
		for _, f := range r.FieldDescriptions {
			b.Types = append(b.Types, ClassOf(f.DataTypeOID))
		}
		for _, row := range r.Rows {
			var cells []*string
			for _, v := range row {
				if v == nil {
					cells = append(cells, nil)
					continue
				}
				text := string(v)
				cells = append(cells, &text)
			}
			b.Rows = append(b.Rows, cells)
		}
		out = append(out, b)
	}
	return out, nil
}

// conditions are the condition names of the error numbers that tests tell apart.
var conditions = map[uint16]string{
	1062: "unique_violation", 1451: "foreign_key_violation", 1452: "foreign_key_violation", 1048: "not_null_violation",
	1364: "not_null_violation", 3819: "check_violation", 4025: "check_violation", 1369: "with_check_option_violation",
}

// MySQL runs one statement on a MySQL or MariaDB connection and gives every result set; a failure is the only result.
// A failure's State is the name of a condition if tests tell it apart, "" (any error) otherwise.
func MySQL(ctx context.Context, c *sql.Conn, statement string) ([]Block, error) {
	rs, err := c.QueryContext(ctx, statement)
	if err != nil {
		return mysqlFailure(err)
	}
	defer rs.Close()
	var out []Block
	for {
		cols, err := rs.Columns()
		if err != nil {
			return nil, err
		}
		b := Block{Ordered: HasOrderBy(statement)}
		for rs.Next() {
			cells := make([]*string, len(cols))
			to := make([]any, len(cols))
			for i := range cells {
				to[i] = &cells[i]
			}
			if err := rs.Scan(to...); err != nil {
				return nil, err
			}
			b.Rows = append(b.Rows, cells)
		}
		if len(cols) > 0 {
			out = append(out, b)
		}
		if !rs.NextResultSet() {
			break
		}
	}
	if err := rs.Err(); err != nil {
		return mysqlFailure(err)
	}
	return out, nil
}

func mysqlFailure(err error) ([]Block, error) {
	var me *mysql.MySQLError
	if errors.As(err, &me) {
		return []Block{{Failed: true, State: conditions[me.Number], Note: me.Error()}}, nil
	}
	return nil, err
}

// readAll reads every result. Unlike the reader's own ReadAll it keeps the columns of a result without rows.
func readAll(m *pgconn.MultiResultReader) ([]*pgconn.Result, error) {
	var out []*pgconn.Result
	for m.NextResult() {
		r := m.ResultReader()
		fields := append([]pgconn.FieldDescription(nil), r.FieldDescriptions()...)
		res := r.Read()
		res.FieldDescriptions = fields
		out = append(out, res)
	}
	return out, m.Close()
}

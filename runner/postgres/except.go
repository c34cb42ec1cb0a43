package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"godwit/runner/change"
)

// exceptionsDDL creates the table of changes that were set aside. Images are JSON objects of the columns' canonical values;
// bytes that are no text are {"hex": "..."}.
const exceptionsDDL = `
CREATE TABLE IF NOT EXISTS godwit.exceptions (
	id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	task        text COLLATE "C" NOT NULL,
	tbl         text COLLATE "C" NOT NULL,        -- on the source
	key         text NOT NULL,                    -- as messages show it, '' without a key
	kind        text NOT NULL,                    -- insert, update, delete; load for a row of the full load
	before      text,
	after       text,
	sqlstate    text,                             -- NULL: the row is missing, or the value was refused before it was sent
	message     text NOT NULL,
	position    text NOT NULL,                    -- of the source's transaction
	transaction text NOT NULL,
	at          timestamptz NOT NULL DEFAULT clock_timestamp()
);`

// ExceptingApplier applies changes and sets those aside that the target refuses for their values, or whose row is missing:
// they are written to godwit.exceptions in the transaction of the others.
type ExceptingApplier struct {
	*Applier
	group change.Group[*table]
	held  bool // a savepoint is set
	n     int64
}

// ExceptingApplier opens a connection for applying changes of tables.
func (s *Sink) ExceptingApplier(ctx context.Context, tables []*change.Table) (*ExceptingApplier, error) {
	a, err := s.Applier(ctx, tables, false)
	if err != nil {
		return nil, err
	}
	a.grouped = true
	return &ExceptingApplier{Applier: a}, nil
}

// Excepted is the number of rows that were set aside.
func (a *ExceptingApplier) Excepted() int64 { return a.n }

// Commit stores the position behind what was added and commits.
func (a *ExceptingApplier) Commit(ctx context.Context, after string, p change.Position, commit time.Time) error {
	a.held = false
	return a.Applier.Commit(ctx, after, p, commit)
}

// Add applies a transaction or a piece of one, as Applier.Add does.
func (a *ExceptingApplier) Add(ctx context.Context, tx *change.Tx, mode func(*change.Table) change.Mode) error {
	to := setter{a}
	rows, err := a.each(ctx, tx, mode, func(t *table, c *change.Change, m change.Mode) error { return a.group.Add(ctx, to, t, c, m, tx) })
	if err != nil {
		return err
	}
	if err := a.group.Flush(ctx, to); err != nil {
		return transient(err)
	}
	a.count(tx, rows)
	return nil
}

// setter is how changes are set aside here.
type setter struct{ *ExceptingApplier }

// Alone applies a change that is not of rows.
func (a setter) Alone(_ context.Context, t *table, c *change.Change, m change.Mode, tx *change.Tx) error {
	if err := a.change(t, c, m, tx.ID); err != nil {
		return err
	}
	return a.read()
}

// Try applies changes behind a savepoint.
func (a setter) Try(_ context.Context, list []change.Single[*table]) (cause, err error) {
	if a.held {
		a.send("RELEASE SAVEPOINT godwit")
	}
	a.send("SAVEPOINT godwit") // released only when the answers have been seen: a row that is missing is no error of the server
	a.held = true
	for i := range list {
		st := &list[i]
		if cause = a.change(st.Table, &st.Change, st.Mode, st.Tx.ID); cause != nil {
			break
		}
	}
	if cause == nil {
		cause = a.endRun()
	}
	a.run.stmt = nil // of a value that could not be encoded
	refused, err := a.settle()
	if err != nil {
		return nil, err
	}
	if cause == nil {
		cause = refused
	}
	if cause == nil {
		return nil, nil
	}
	if _, ok := poison(cause); !ok {
		return nil, cause
	}
	a.send("ROLLBACK TO SAVEPOINT godwit")
	refused, err = a.settle()
	return cause, errors.Join(refused, err)
}

func (a *Applier) send(sql string) {
	a.pipe.SendQueryParams(sql, nil, nil, nil, nil)
	a.sent = append(a.sent, sent{what: sql, expect: -1})
}

// settle waits for all answers and goes on behind an error of the server, which is returned as refused. Statements whose
// preparation was passed over because of it are prepared again when they are needed.
func (a *Applier) settle() (refused, err error) {
	if err := a.pipe.Sync(); err != nil {
		return nil, err
	}
	all := a.sent
	a.sent, a.unread = a.sent[:0:0], 0
	for i, s := range all {
		if refused = a.answer(s); refused == nil {
			continue
		}
		var pg *pgconn.PgError
		server := errors.As(refused, &pg)
		if !server && !errors.Is(refused, change.ErrRowMissing) {
			return nil, refused
		}
		if !server { // the answers behind it come all the same
			for _, rest := range all[i+1:] {
				if later := a.answer(rest); errors.As(later, &pg) {
					a.forget(all[i+1:])
					break
				}
			}
			break
		}
		a.forget(all[i:])
		break
	}
	if _, err := a.pipe.GetResults(); err != nil { // the Sync
		return nil, err
	}
	return refused, nil
}

// forget drops statements whose preparation was not answered.
func (a *Applier) forget(unanswered []sent) {
	for _, s := range unanswered {
		if s.prepares != nil {
			delete(a.stmts, *s.prepares)
		}
	}
}

// SetAside records a change that failed by itself.
func (a setter) SetAside(_ context.Context, st *change.Single[*table], cause error) error {
	c := &st.Change
	params := [][]byte{[]byte(a.s.opts.Task), []byte(c.Table.Name()), []byte(c.Table.KeyOf(st.Row())), []byte(c.Kind.String()),
		change.Image(c.Table, c.Before), change.Image(c.Table, c.After), nil, []byte(strings.ReplaceAll(cause.Error(), "\x00", `\0`)),
		[]byte(st.Tx.At.String()), []byte(st.Tx.ID)}
	if state, _ := poison(cause); state != "" {
		params[6] = []byte(state)
	}
	a.pipe.SendQueryParams(`INSERT INTO godwit.exceptions (task, tbl, key, kind, before, after, sqlstate, message, position, transaction)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, params, nil, nil, nil)
	a.sent = append(a.sent, sent{what: "exception of " + c.Table.Name(), expect: 1})
	refused, err := a.settle()
	if err = errors.Join(refused, err); err != nil {
		return fmt.Errorf("record an exception: %w", err)
	}
	a.n++
	return nil
}

// poison tells that an error is one of the row: its values, its constraints, or that it is missing.
func poison(err error) (sqlstate string, ok bool) {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch {
		case strings.HasPrefix(pg.Code, "22"), strings.HasPrefix(pg.Code, "23"), strings.HasPrefix(pg.Code, "44"),
			pg.Code == "54000", // the row is too large for an index
			pg.Code == "P0001": // a trigger or function of the user refuses it
			return pg.Code, true
		}
		return "", false
	}
	return "", errors.Is(err, change.ErrRowMissing) || errors.Is(err, ErrZeroDate) || errors.Is(err, ErrNUL) || errors.Is(err, ErrInvalidText) || errors.Is(err, ErrValue)
}

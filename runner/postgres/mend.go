package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"godwit/runner/change"
	"godwit/runner/endpoint"
)

// Mender writes single rows beside a running change stream, without taking the task over. While it holds the task's
// progress, no run of the task can commit, nor can another one take over: the position stands still.
type Mender struct {
	pool   *pgxpool.Pool
	task   string // "" when no task is concerned
	policy Policy
}

// OpenMender connects. Without a task there is no stream to hold.
func OpenMender(ctx context.Context, ep *endpoint.Endpoint, task string, policy Policy) (*Mender, error) {
	if err := policy.Validate(); err != nil {
		return nil, err
	}
	pool, err := ep.OpenPostgres(ctx, 1)
	if err != nil {
		return nil, transient(err)
	}
	return &Mender{pool: pool, task: task, policy: policy}, nil
}

// Close closes the connection.
func (m *Mender) Close() { m.pool.Close() }

// Held is a transaction in which the task's progress stands still.
type Held struct {
	m               *Mender
	tx              pgx.Tx
	Phase, Position string
	tables          map[*change.Table]*mended
}

type mended struct {
	*table
	guards []guard
}

// ErrBusy tells that the stream is changing the row right now, so that it must be tried again later.
var ErrBusy = errors.New("the row is being changed")

// ErrGuarded tells that a row cannot be mended by itself, because the target would change other rows along with it.
var ErrGuarded = errors.New("the target would change other rows, too")

// holdSession bounds every wait: the stream waits for us meanwhile, and we must never wait for the stream. The lock
// timeout stays below the server's deadlock_timeout, so that it is always us who give way.
const holdSession = session + `; SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '30s'`

// Hold runs f in a transaction that holds the task's progress, and commits it.
func (m *Mender) Hold(ctx context.Context, f func(*Held) error) error {
	conn, err := m.pool.Acquire(ctx)
	if err != nil {
		return transient(err)
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, holdSession); err != nil {
		return transient(err)
	}
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		h := &Held{m: m, tx: tx, tables: map[*change.Table]*mended{}}
		if m.task != "" {
			err := tx.QueryRow(ctx, `SELECT phase, coalesce(position, '') FROM godwit.progress WHERE task = $1 FOR UPDATE`, m.task).Scan(&h.Phase, &h.Position)
			if err != nil {
				return fmt.Errorf("hold the progress of task %s: %w", m.task, err)
			}
		}
		if _, err := tx.Exec(ctx, `SET LOCAL lock_timeout = '150ms'`); err != nil {
			return err
		}
		return f(h)
	})
	return transient(err)
}

// guard is a foreign key by which the target changes rows of another table.
type guard struct {
	child   string
	columns []string // referenced ones
	// asks for rows that refer to the rows that a condition, put between the two, selects
	exists, join string
}

const guardSQL = `SELECT c.conrelid::regclass::text,
	(SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(c.confkey) WITH ORDINALITY k(att, n) JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.att),
	(SELECT string_agg(format('x.%I = t.%I', b.attname, a.attname), ' AND ' ORDER BY k.n)
		FROM unnest(c.confkey, c.conkey) WITH ORDINALITY k(att, own, n)
		JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.att JOIN pg_attribute b ON b.attrelid = c.conrelid AND b.attnum = k.own)
	FROM pg_constraint c WHERE c.contype = 'f' AND c.confrelid = to_regclass($1) AND (c.confdeltype IN ('c', 'n', 'd') OR c.confupdtype IN ('c', 'n', 'd'))`

const triggerSQL = `SELECT coalesce(min(tgname::text), '') FROM pg_trigger WHERE tgrelid = to_regclass($1) AND NOT tgisinternal AND tgenabled IN ('O', 'A')`

func (h *Held) table(ctx context.Context, t *change.Table) (*mended, error) {
	if d := h.tables[t]; d != nil {
		return d, nil
	}
	d, err := describe(ctx, h.tx, t, 0, &h.m.policy)
	if err != nil {
		return nil, err
	}
	out := &mended{table: d}
	var trigger string
	if err := h.tx.QueryRow(ctx, triggerSQL, d.name).Scan(&trigger); err != nil {
		return nil, fmt.Errorf("read the triggers of %s: %w", d.name, err)
	}
	if trigger != "" {
		return nil, fmt.Errorf("%w: %s has the trigger %s, which would fire: disable it first", ErrGuarded, d.name, trigger)
	}
	rows, err := h.tx.Query(ctx, guardSQL, d.name)
	if err != nil {
		return nil, fmt.Errorf("read the foreign keys to %s: %w", d.name, err)
	}
	var g guard
	var cond string
	_, err = pgx.ForEachRow(rows, []any{&g.child, &g.columns, &cond}, func() error {
		g.exists, g.join = "SELECT EXISTS (SELECT 1 FROM "+g.child+" x, (SELECT * FROM "+d.name+" WHERE ", ") t WHERE "+cond+")"
		out.guards = append(out.guards, g)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the foreign keys to %s: %w", d.name, err)
	}
	h.tables[t] = out
	return out, nil
}

// Mended is what became of a row.
type Mended string

// What may become of a row.
const (
	Inserted  Mended = "inserted"
	Updated   Mended = "updated"
	Deleted   Mended = "deleted"
	Untouched Mended = "untouched" // absent on both sides
)

// Put makes the rows that a condition, in the target's words, selects be this row, or none when row is nil. The columns
// named in key are those that the condition compares, and are not written. A failure leaves the transaction usable.
func (h *Held) Put(ctx context.Context, t *change.Table, where string, key []string, row change.Row) (done Mended, err error) {
	d, err := h.table(ctx, t)
	if err != nil {
		return "", err
	}
	err = pgx.BeginFunc(ctx, h.tx, func(tx pgx.Tx) error {
		done, err = h.put(ctx, tx, d, where, key, row)
		return err
	})
	return done, busy(err)
}

// busy tells waits that were given up from failures.
func busy(err error) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && (pg.Code == "55P03" || pg.Code == "40P01" || pg.Code == "40001") {
		return fmt.Errorf("%w: %w", ErrBusy, err)
	}
	return err
}

func (h *Held) put(ctx context.Context, tx pgx.Tx, d *mended, where string, key []string, row change.Row) (Mended, error) {
	var n int64
	if err := tx.QueryRow(ctx, "SELECT count(*) FROM (SELECT 1 FROM "+d.name+" AS t WHERE "+where+" FOR UPDATE) x").Scan(&n); err != nil {
		return "", fmt.Errorf("lock the row: %w", err)
	}
	switch {
	case row == nil && n == 0:
		return Untouched, nil
	case row == nil || n > 1: // of several rows with one key none is the right one
		if err := d.check(ctx, tx, where, nil); err != nil {
			return "", err
		}
		if _, err := tx.Exec(ctx, "DELETE FROM "+d.name+" AS t WHERE "+where); err != nil {
			return "", err
		}
		if row == nil {
			return Deleted, nil
		}
		_, err := h.insert(ctx, tx, d, row)
		return Updated, err
	case n == 0:
		return h.insert(ctx, tx, d, row)
	}
	if err := d.check(ctx, tx, where, key); err != nil {
		return "", err
	}
	return h.update(ctx, tx, d, where, key, row)
}

// check refuses what would change rows of other tables. Columns that are not written need no check.
func (d *mended) check(ctx context.Context, tx pgx.Tx, where string, kept []string) error {
	for _, g := range d.guards {
		if kept != nil && subset(g.columns, kept) {
			continue
		}
		var found bool
		if err := tx.QueryRow(ctx, g.exists+where+g.join).Scan(&found); err != nil {
			return fmt.Errorf("look for rows of %s that refer to the row: %w", g.child, err)
		}
		if found {
			return fmt.Errorf("%w: rows of %s refer to it by a foreign key with an action; reload both tables", ErrGuarded, g.child)
		}
	}
	return nil
}

func subset(a, of []string) bool {
	have := map[string]bool{}
	for _, x := range of {
		have[x] = true
	}
	for _, x := range a {
		if !have[x] {
			return false
		}
	}
	return true
}

// values are the parameters of a row, and their expressions.
func (h *Held) values(d *mended, row change.Row) (exprs []string, args []any, err error) {
	for i := range d.cols {
		c := &d.cols[i]
		v, _, err := c.policy.encode(c.form, c.dateOnly, nil, row[i])
		if err != nil {
			return nil, nil, d.valueError(i, row, err)
		}
		p := fmt.Sprintf("$%d", i+1)
		switch {
		case v == nil && c.form == raw:
			exprs, args = append(exprs, p+"::bytea"), append(args, []byte(nil))
		case v == nil:
			exprs, args = append(exprs, p+"::text::"+c.base), append(args, (*string)(nil))
		case c.form == raw:
			exprs, args = append(exprs, p+"::bytea"), append(args, v)
		default:
			exprs, args = append(exprs, p+"::text::"+c.base), append(args, string(v))
		}
	}
	return exprs, args, nil
}

func (h *Held) insert(ctx context.Context, tx pgx.Tx, d *mended, row change.Row) (Mended, error) {
	exprs, args, err := h.values(d, row)
	if err != nil {
		return "", err
	}
	over := ""
	if d.identity {
		over = " OVERRIDING SYSTEM VALUE"
	}
	_, err = tx.Exec(ctx, "INSERT INTO "+d.name+" ("+d.columnList()+")"+over+" VALUES ("+strings.Join(exprs, ", ")+")", args...)
	return Inserted, err
}

func (h *Held) update(ctx context.Context, tx pgx.Tx, d *mended, where string, key []string, row change.Row) (Mended, error) {
	exprs, args, err := h.values(d, row)
	if err != nil {
		return "", err
	}
	var sets []string
	var used []any
	for i := range d.cols {
		if subset([]string{d.t.Columns[i].Target}, key) {
			continue
		}
		used = append(used, args[i])
		sets = append(sets, d.cols[i].name+" = "+strings.Replace(exprs[i], fmt.Sprintf("$%d", i+1), fmt.Sprintf("$%d", len(used)), 1))
	}
	if len(sets) == 0 {
		return Untouched, nil
	}
	tag, err := tx.Exec(ctx, "UPDATE "+d.name+" AS t SET "+strings.Join(sets, ", ")+" WHERE "+where, used...)
	if err == nil && tag.RowsAffected() != 1 {
		err = fmt.Errorf("%d rows were changed instead of one", tag.RowsAffected())
	}
	return Updated, err
}

// Swap makes several rows be what they should, all at once: they hold each other's unique values. The conditions and rows
// are parallel.
func (h *Held) Swap(ctx context.Context, t *change.Table, where []string, rows []change.Row) error {
	d, err := h.table(ctx, t)
	if err != nil {
		return err
	}
	return busy(pgx.BeginFunc(ctx, h.tx, func(tx pgx.Tx) error {
		for _, w := range where {
			if err := d.check(ctx, tx, w, nil); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, "DELETE FROM "+d.name+" AS t WHERE "+w); err != nil {
				return err
			}
		}
		for _, r := range rows {
			if r == nil {
				continue
			}
			if _, err := h.insert(ctx, tx, d, r); err != nil {
				return err
			}
		}
		return nil
	}))
}

// IsUnique tells that an error is of a unique key.
func IsUnique(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "23505"
}

package fallback

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"godwit/ir/catalog"
	"godwit/runner/cutover"
)

// Counters bring the next values of PostgreSQL's identities and sequences to the counters of MySQL or MariaDB. A counter never
// goes back.
type Counters struct {
	Source    *pgxpool.Pool // PostgreSQL
	Target    *sql.DB
	Tables    []*catalog.Table
	Sequences []*catalog.Sequence
}

var _ cutover.Numberer = Counters{}

// Plan reads everything and changes nothing.
func (c Counters) Plan(ctx context.Context) (out []cutover.Number, err error) {
	conn, err := c.Target.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect to the old source: %w", err)
	}
	defer conn.Close()
	// MySQL 8 caches the counters for a day; other servers do not know the variable and need none.
	if _, err := conn.ExecContext(ctx, "SET SESSION information_schema_stats_expiry = 0"); err != nil && !strings.Contains(err.Error(), "1193") {
		return nil, fmt.Errorf("ask the old source for fresh counters: %w", err)
	}
	var errs []error
	for _, t := range c.Tables {
		for _, col := range t.Columns {
			if !col.AutoIncrement {
				continue
			}
			n, ok, err := c.identity(ctx, conn, t, col)
			errs = append(errs, err)
			if ok {
				out = append(out, n)
			}
		}
	}
	for _, s := range c.Sequences {
		next, _, err := c.next(ctx, pgx.Identifier{schemaOr(s.TargetSchema), s.Target}.Sanitize())
		errs = append(errs, err)
		if next != nil {
			out = append(out, cutover.Number{Sequence: quote(s.Schema, s.Name), Next: next.String()})
		}
	}
	return out, errors.Join(errs...)
}

func schemaOr(s string) string {
	if s == "" {
		return "public"
	}
	return s
}

// quote quotes names of MySQL, joined by dots.
func quote(names ...string) string {
	for i, n := range names {
		names[i] = "`" + strings.ReplaceAll(n, "`", "``") + "`"
	}
	return strings.Join(names, ".")
}

// identity is the next value of a column; ok is false when MySQL's counter is there already.
func (c Counters) identity(ctx context.Context, dst *sql.Conn, t *catalog.Table, col *catalog.Column) (n cutover.Number, ok bool, err error) {
	table := pgx.Identifier{schemaOr(t.TargetSchema), t.Target}.Sanitize()
	var seq *string
	if err := c.Source.QueryRow(ctx, "SELECT pg_get_serial_sequence($1, $2)", table, col.Target).Scan(&seq); err != nil {
		return n, false, fmt.Errorf("find the identity of %s: %w", table, err)
	}
	if seq == nil {
		return n, false, nil // InnoDB counts on from the largest value
	}
	next, up, err := c.next(ctx, *seq)
	if err != nil || !up {
		return n, false, err
	}
	var have sql.NullString
	err = dst.QueryRowContext(ctx, "SELECT CAST(AUTO_INCREMENT AS CHAR) FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?", t.Schema, t.Name).Scan(&have)
	if err != nil {
		return n, false, fmt.Errorf("read the counter of %s.%s: %w", t.Schema, t.Name, err)
	}
	if counter, ok := new(big.Int).SetString(have.String, 10); ok && counter.Cmp(next) >= 0 {
		return n, false, nil
	}
	return cutover.Number{Sequence: quote(t.Schema, t.Name), Of: quote(t.Schema, t.Name, col.Name), Next: next.String()}, true, nil
}

// next is the value that a sequence gives out next; up is false when it counts down.
func (c Counters) next(ctx context.Context, seq string) (next *big.Int, up bool, err error) {
	var last, by int64
	var called bool
	err = c.Source.QueryRow(ctx, "SELECT last_value, is_called FROM "+seq).Scan(&last, &called)
	if err == nil {
		err = c.Source.QueryRow(ctx, "SELECT seqincrement FROM pg_sequence WHERE seqrelid = $1::text::regclass", seq).Scan(&by)
	}
	if err != nil {
		return nil, false, fmt.Errorf("read sequence %s: %w", seq, err)
	}
	next = big.NewInt(last)
	if called {
		next.Add(next, big.NewInt(by))
	}
	return next, by > 0, nil
}

// Set sets the counters, one by one: MySQL has no transaction for it, and a repetition does no harm.
func (c Counters) Set(ctx context.Context, numbers []cutover.Number) error {
	for _, n := range numbers {
		q := "ALTER TABLE " + n.Sequence + " AUTO_INCREMENT = " + n.Next
		if n.Of == "" {
			q = "DO SETVAL(" + n.Sequence + ", " + n.Next + ", 0)"
		}
		if _, err := c.Target.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("set counter %s to %s: %w", n.Sequence, n.Next, err)
		}
	}
	return nil
}

// ForeignKeys proves that the rows of MySQL keep its foreign keys, which were not checked while changes were applied. Keys that
// refer to tables that are not moved are proved as well.
func ForeignKeys(ctx context.Context, db *sql.DB, tables []*catalog.Table) (proved int, err error) {
	for _, t := range tables {
		for _, fk := range t.ForeignKeys {
			if len(fk.RefColumns) != len(fk.Columns) || len(fk.Columns) == 0 {
				return proved, fmt.Errorf("foreign key %s of %s.%s: the columns that it refers to are not known", fk.Name, t.Schema, t.Name)
			}
			schema := fk.RefSchema
			if schema == "" {
				schema = t.Schema
			}
			var on, set []string
			for i, col := range fk.Columns {
				on = append(on, "p."+quote(fk.RefColumns[i])+" = c."+quote(col))
				set = append(set, "c."+quote(col)+" IS NOT NULL")
			}
			var orphans int64
			err := db.QueryRowContext(ctx, "SELECT COUNT(*) FROM "+quote(t.Schema, t.Name)+" c WHERE "+strings.Join(set, " AND ")+
				" AND NOT EXISTS (SELECT 1 FROM "+quote(schema, fk.RefTable)+" p WHERE "+strings.Join(on, " AND ")+")").Scan(&orphans)
			if err != nil {
				return proved, fmt.Errorf("prove foreign key %s of %s.%s: %w", fk.Name, t.Schema, t.Name, err)
			}
			if orphans > 0 {
				return proved, fmt.Errorf("%d rows of %s.%s break foreign key %s: PostgreSQL does not have that key; correct the rows there and run again", orphans, t.Schema, t.Name, fk.Name)
			}
			proved++
		}
	}
	return proved, nil
}

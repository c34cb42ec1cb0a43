package cutover

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
)

// Number is the next value of an identity or a sequence.
type Number struct {
	Sequence string // of the target, quoted, with its schema
	Of       string // table and column of the target; "" for a sequence of its own
	Next     string // a whole number
}

// Counters reads the counters of a MySQL or MariaDB source and sets those of a PostgreSQL target. The target's next
// value is the larger of the source's counter and the largest value of the column on the target plus one.
type Counters struct {
	Source    *sql.DB
	Target    *pgxpool.Pool
	Tables    []*catalog.Table
	Sequences []*catalog.Sequence
}

var _ Numberer = Counters{}

// Plan reads everything and changes nothing.
func (c Counters) Plan(ctx context.Context) ([]Number, error) {
	conn, err := c.Source.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect to the source: %w", err)
	}
	defer conn.Close()
	// MySQL 8 caches the counters for a day; other servers do not know the variable and need none.
	if _, err := conn.ExecContext(ctx, "SET SESSION information_schema_stats_expiry = 0"); err != nil && !strings.Contains(err.Error(), "1193") {
		return nil, fmt.Errorf("ask the source for fresh counters: %w", err)
	}
	var out []Number
	var errs []error
	for _, t := range c.Tables {
		for _, col := range t.Columns {
			if !col.AutoIncrement {
				continue
			}
			n, err := c.identity(ctx, conn, t, col)
			errs = append(errs, err)
			out = append(out, n)
		}
	}
	for _, s := range c.Sequences {
		n, err := sequence(ctx, conn, s)
		errs = append(errs, err)
		out = append(out, n)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return out, nil
}

// ident quotes names of the target, joined by dots.
func ident(parts ...string) string { return pgx.Identifier(parts).Sanitize() }

func schemaOr(s string) string {
	if s == "" {
		return "public"
	}
	return s
}

// identity finds the sequence behind a column of the target, and its next value.
func (c Counters) identity(ctx context.Context, src *sql.Conn, t *catalog.Table, col *catalog.Column) (Number, error) {
	table := ident(schemaOr(t.TargetSchema), t.Target)
	n := Number{Of: table + "." + ident(col.Target)}
	var seq, top *string
	if err := c.Target.QueryRow(ctx, "SELECT pg_get_serial_sequence($1, $2)", table, col.Target).Scan(&seq); err != nil {
		return n, fmt.Errorf("find the identity of %s: %w", n.Of, err)
	}
	if seq == nil {
		return n, fmt.Errorf("%s counts up on the source and has no identity or serial sequence on the target; add one, or set its values yourself", n.Of)
	}
	n.Sequence = *seq
	if err := c.Target.QueryRow(ctx, "SELECT max("+ident(col.Target)+")::text FROM "+table).Scan(&top); err != nil {
		return n, fmt.Errorf("read the largest value of %s: %w", n.Of, err)
	}
	var counter sql.NullString
	err := src.QueryRowContext(ctx, "SELECT CAST(AUTO_INCREMENT AS CHAR) FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?", t.Schema, t.Name).Scan(&counter)
	if err != nil {
		return n, fmt.Errorf("read the counter of %s.%s: %w", t.Schema, t.Name, err)
	}
	n.Next, err = next(counter.String, top)
	if err != nil {
		return n, fmt.Errorf("counter of %s: %w", n.Of, err)
	}
	return n, nil
}

// next is the larger of the source's counter and the target's largest value plus one, at least 1.
func next(counter string, top *string) (string, error) {
	out := big.NewInt(1)
	raise := func(s string, by int64) error {
		v, ok := new(big.Int).SetString(s, 10)
		if !ok {
			return fmt.Errorf("%q is no whole number", s)
		}
		if v.Add(v, big.NewInt(by)); v.Cmp(out) > 0 {
			out = v
		}
		return nil
	}
	if counter != "" {
		if err := raise(counter, 0); err != nil {
			return "", err
		}
	}
	if top != nil {
		if err := raise(*top, 1); err != nil {
			return "", err
		}
	}
	return out.String(), nil
}

// sequence reads a sequence of MariaDB; values that a session has cached are skipped, as the server itself does.
func sequence(ctx context.Context, src *sql.Conn, s *catalog.Sequence) (Number, error) {
	n := Number{Sequence: ident(schemaOr(s.TargetSchema), s.Target)}
	q := "SELECT CAST(next_not_cached_value AS CHAR) FROM `" + strings.ReplaceAll(s.Schema, "`", "``") + "`.`" + strings.ReplaceAll(s.Name, "`", "``") + "`"
	if err := src.QueryRowContext(ctx, q).Scan(&n.Next); err != nil {
		return n, fmt.Errorf("read sequence %s.%s: %w", s.Schema, s.Name, err)
	}
	return n, nil
}

// Set sets the counters, all or none.
func (c Counters) Set(ctx context.Context, numbers []Number) error {
	err := pgx.BeginFunc(ctx, c.Target, func(tx pgx.Tx) error {
		for _, n := range numbers {
			if _, err := tx.Exec(ctx, "SELECT setval($1::text::regclass, $2::text::bigint, false)", n.Sequence, n.Next); err != nil {
				return fmt.Errorf("%s to %s: %w", n.Sequence, n.Next, err)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("set counters: %w", err)
	}
	return nil
}

func numberText(n []Number) string {
	var out []string
	for i, x := range n {
		if i == 5 {
			out = append(out, "...")
			break
		}
		out = append(out, x.Sequence+" = "+x.Next)
	}
	return strings.Join(out, ", ")
}

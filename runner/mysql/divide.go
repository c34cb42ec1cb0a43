package mysql

import (
	"context"
	"fmt"
	"math/big"
	"strconv"

	"github.com/go-mysql-org/go-mysql/client"
)

// Jumping along a key reads all of its index. Where the leading column is an integer, or a text taken as a number, ranges of it are
// cut by arithmetic instead, and the server's guess of the rows of each range, which it takes from the index's upper levels, says whether a
// range must be cut again. A wrong guess costs evenness, never a row: any bounds hold every row exactly once.

// divider cuts the values of a leading column into ranges.
type divider struct {
	conn   *client.Conn
	from   string
	name   string // of the column, quoted
	write  func(*big.Int) string
	rows   int64 // wanted in a range
	budget int   // guesses that may still be asked for
	cuts   []cut // ascending
}

// cut is the range of values up to and with its own, from the one before.
type cut struct {
	upTo *big.Int
	rows int64
}

// guesses is how many guesses may be asked for beside some for each range that is expected.
const guesses = 64

// divide gives bounds of the leading column; ok is false where the values do not lend themselves to it, as those of a column
// that has many rows for one value.
func (t *table) divide(ctx context.Context, c *client.Conn, col *column, rows int64) (bounds []string, ok bool, err error) {
	d := t.divider(c, col, rows)
	lo, hi, err := t.limits(ctx, c, col)
	if err != nil || lo == nil {
		return nil, lo == nil, err
	}
	if ok, err = d.divide(ctx, lo.Sub(lo, big.NewInt(1)), hi); err != nil || !ok {
		return nil, false, err
	}
	return d.bounds(), true, nil
}

func (t *table) divider(c *client.Conn, col *column, rows int64) *divider {
	return &divider{conn: c, from: t.from(), name: quote(col.col.Name), write: (*big.Int).String, rows: rows, budget: guesses}
}

// divide finds the cuts between two values.
func (d *divider) divide(ctx context.Context, lo, hi *big.Int) (ok bool, err error) {
	all, ok, err := d.guess(ctx, lo, hi)
	if err != nil || !ok {
		return false, err
	}
	d.budget += int(min(all/d.rows, 1<<20)) * 4
	if ok, err = d.part(ctx, lo, hi, all); err != nil || !ok {
		return false, err
	}
	return d.sound(ctx)
}

// sound looks whether a range in the middle has far more rows than was guessed. What the server guesses is limited by its
// statistics of the table: where they are old, all guesses are too small.
func (d *divider) sound(ctx context.Context) (bool, error) {
	if len(d.cuts) < 3 {
		return false, nil
	}
	i := len(d.cuts) / 2
	_, more, err := one(ctx, d.conn, fmt.Sprintf("SELECT 1 FROM %s WHERE %s > %s AND %s <= %s LIMIT 1 OFFSET %d",
		d.from, d.name, d.write(d.cuts[i-1].upTo), d.name, d.write(d.cuts[i].upTo), 4*d.rows))
	return !more, err
}

// part takes a range whose number of rows is guessed, or cuts it.
func (d *divider) part(ctx context.Context, lo, hi *big.Int, guess int64) (ok bool, err error) {
	if guess <= d.rows+d.rows/2 {
		d.cuts = append(d.cuts, cut{hi, guess})
		return true, nil
	}
	span := new(big.Int).Sub(hi, lo)
	n := big.NewInt((guess + d.rows - 1) / d.rows) // at least two
	if span.Cmp(n) < 0 {
		n.Set(span)
	}
	if n.Cmp(big.NewInt(2)) < 0 {
		return false, nil // one value has too many rows
	}
	from := lo
	for i := int64(1); i <= n.Int64(); i++ {
		to := new(big.Int).Mul(span, big.NewInt(i))
		to.Add(to.Div(to, n), lo)
		rows, ok, err := d.guess(ctx, from, to)
		if err != nil || !ok {
			return false, err
		}
		if ok, err := d.part(ctx, from, to, rows); err != nil || !ok {
			return false, err
		}
		from = to
	}
	return true, nil
}

// guess asks for the server's guess of the rows of a range; ok is false when it has none, or enough was asked.
func (d *divider) guess(ctx context.Context, lo, hi *big.Int) (rows int64, ok bool, err error) {
	if d.write(lo) == d.write(hi) {
		return 0, true, nil
	}
	if d.budget--; d.budget < 0 {
		return 0, false, nil
	}
	return d.explain(ctx, fmt.Sprintf("%s > %s AND %s <= %s", d.name, d.write(lo), d.name, d.write(hi)))
}

// explain asks for the server's guess of the rows that a condition holds for.
func (d *divider) explain(ctx context.Context, cond string) (rows int64, ok bool, err error) {
	plan, _, err := one(ctx, d.conn, fmt.Sprintf("EXPLAIN SELECT %s FROM %s WHERE %s", d.name, d.from, cond))
	if err != nil {
		return 0, false, err
	}
	var text string
	switch len(plan) {
	case 10: // MariaDB
		text = plan[8]
	case 12: // MySQL, with partitions and filtered
		text = plan[9]
	}
	rows, err = strconv.ParseInt(text, 10, 64)
	return rows, err == nil, nil // other servers and settings may have other forms of plans
}

// bounds are the ends of the ranges, small neighbours taken together; the last range has none.
func (d *divider) bounds() []string {
	var out []string
	sum := int64(0)
	for i, c := range d.cuts {
		if i > 0 && sum+c.rows > d.rows+d.rows/4 {
			out = append(out, d.write(d.cuts[i-1].upTo))
			sum = 0
		}
		sum += c.rows
	}
	return out
}

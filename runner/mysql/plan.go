package mysql

import (
	"context"
	"encoding/hex"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/go-mysql-org/go-mysql/client"

	"godwit/ir/types"
	"godwit/runner/change"
)

// keyColumns is the most columns of a key that bounds are made of.
const keyColumns = 3

// rangeKey lists the leading columns of the key whose values can be written as literals and compared by the server.
func (t *table) rangeKey() []*column {
	var out []*column
	for _, i := range t.t.Key {
		c := &t.cols[i]
		switch c.col.Type.(type) {
		case types.Int, types.Decimal, types.Text, types.Binary, types.Date, types.DateTime, types.Timestamp, types.Time, types.Year:
			out = append(out, c)
		default:
			return out
		}
		if len(out) == keyColumns {
			break
		}
	}
	return out
}

// literal writes a value, given as the server's bytes, so that it compares like the column: text by an introducer and
// without a collation, so that the column's collation decides.
func (c *column) literal(t *table, v []byte) string {
	switch ty := c.col.Type.(type) {
	case types.Text:
		cs, _ := charsetOf(t.t.Catalog, ty)
		return "_" + cs + " X'" + hex.EncodeToString(v) + "'"
	case types.Binary:
		return "X'" + hex.EncodeToString(v) + "'"
	case types.Int, types.Decimal, types.Year:
		return string(v)
	}
	return "'" + string(v) + "'"
}

// A bound is the literals of the key columns, joined by commas; no literal holds one.
const boundComma = ","

// above is the condition key > bound in the form a >= x AND (a > x OR b > y), which uses the index where (a, b) > (x, y)
// does not.
func above(cols []*column, v []string) string {
	name := quote(cols[0].col.Name)
	if len(cols) == 1 {
		return name + " > " + v[0]
	}
	return fmt.Sprintf("%s >= %s AND (%s > %s OR (%s))", name, v[0], name, v[0], above(cols[1:], v[1:]))
}

// upTo is the condition key <= bound.
func upTo(cols []*column, v []string) string {
	name := quote(cols[0].col.Name)
	if len(cols) == 1 {
		return name + " <= " + v[0]
	}
	return fmt.Sprintf("%s <= %s AND (%s < %s OR (%s))", name, v[0], name, v[0], upTo(cols[1:], v[1:]))
}

func (t *table) from() string { return quote(t.t.Catalog.Schema) + "." + quote(t.t.Catalog.Name) }

func (t *table) where(c change.Chunk) (string, error) {
	cols := t.rangeKey()
	var conds []string
	for _, b := range []struct {
		text string
		cond func([]*column, []string) string
	}{{c.Lower, above}, {c.Upper, upTo}} {
		if b.text == "" {
			continue
		}
		v := strings.Split(b.text, boundComma)
		if len(v) > len(cols) || len(cols) == 0 {
			return "", fmt.Errorf("chunk %d of %s does not fit the table's key: %w", c.ID, t.t.Name(), ErrSchema)
		}
		conds = append(conds, "("+b.cond(cols[:len(v)], v)+")")
	}
	if len(conds) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(conds, " AND "), nil
}

func (t *table) selectChunk(c change.Chunk) (string, error) {
	where, err := t.where(c)
	if err != nil {
		return "", err
	}
	exprs := make([]string, len(t.cols))
	for i := range t.cols {
		exprs[i] = t.cols[i].expr
	}
	return "SELECT " + strings.Join(exprs, ", ") + " FROM " + t.from() + where, nil
}

// Plan cuts a table into chunks of about rows rows. Bounds are computed by the server, and every row is between two of
// them at any time, so chunks stay valid for later snapshots. A table without a usable key is one chunk.
func (sn *Snapshot) Plan(ctx context.Context, w int, ct *change.Table, rows int64) ([]change.Chunk, error) {
	t := sn.tables[ct]
	if t == nil {
		return nil, fmt.Errorf("plan %s: the snapshot does not have the table", ct.Name())
	}
	c := sn.readers[w].conn
	known, ok := sn.sizes[change.Key(ct.Catalog.Schema, ct.Catalog.Name)]
	estimate := known.rows
	if !ok {
		var err error
		if estimate, err = t.estimate(ctx, c); err != nil {
			return nil, fmt.Errorf("plan %s: %w", ct.Name(), err)
		}
	}
	bounds, err := t.bounds(ctx, c, rows, estimate)
	if err != nil {
		return nil, fmt.Errorf("plan %s: %w", ct.Name(), err)
	}
	chunks := make([]change.Chunk, len(bounds)+1)
	each := estimate
	if len(bounds) > 0 {
		each = max(estimate/int64(len(chunks)), 1)
	}
	for i := range chunks {
		chunks[i] = change.Chunk{Table: ct, ID: i, Estimate: each}
		if i > 0 {
			chunks[i].Lower = bounds[i-1]
		}
		if i < len(bounds) {
			chunks[i].Upper = bounds[i]
		}
	}
	return chunks, nil
}

// estimate is the number of rows that the server guesses.
func (t *table) estimate(ctx context.Context, c *client.Conn) (int64, error) {
	cols, ok, err := one(ctx, c, "SELECT TABLE_ROWS FROM information_schema.TABLES WHERE TABLE_SCHEMA="+
		textLiteral(t.t.Catalog.Schema)+" AND TABLE_NAME="+textLiteral(t.t.Catalog.Name))
	if err != nil {
		return 0, err
	}
	if !ok {
		return 0, fmt.Errorf("the table does not exist on the source: %w", ErrSchema)
	}
	n, _ := strconv.ParseInt(cols[0], 10, 64)
	return n, nil
}

func textLiteral(s string) string { return "_utf8mb4 X'" + hex.EncodeToString([]byte(s)) + "'" }

func (t *table) bounds(ctx context.Context, c *client.Conn, rows, estimate int64) ([]string, error) {
	cols := t.rangeKey()
	if len(cols) == 0 {
		return nil, nil
	}
	if _, ok := cols[0].col.Type.(types.Int); ok {
		if len(t.t.Key) == 1 {
			bounds, done, err := t.even(ctx, c, cols[0], rows, estimate)
			if err != nil || done {
				return bounds, err
			}
		}
		if estimate > rows { // a small table is walked faster, and evenly
			bounds, done, err := t.divide(ctx, c, cols[0], rows)
			if err != nil || done {
				return bounds, err
			}
		}
	} else if estimate > rows {
		bounds, done, err := t.divideText(ctx, c, cols[0], rows)
		if err != nil || done {
			return bounds, err
		}
	}
	return t.walk(ctx, c, cols, rows)
}

// limits are the least and the greatest value of an integer column; nil without rows.
func (t *table) limits(ctx context.Context, c *client.Conn, col *column) (lo, hi *big.Int, err error) {
	name := quote(col.col.Name)
	v, _, err := one(ctx, c, fmt.Sprintf("SELECT MIN(%s), MAX(%s) FROM %s", name, name, t.from()))
	if err != nil {
		return nil, nil, err
	}
	lo, ok1 := new(big.Int).SetString(v[0], 10)
	hi, ok2 := new(big.Int).SetString(v[1], 10)
	if !ok1 || !ok2 {
		return nil, nil, nil
	}
	return lo, hi, nil
}

// even cuts an integer key into equal ranges when its values are dense; done is false when they are not.
func (t *table) even(ctx context.Context, c *client.Conn, col *column, rows, estimate int64) (bounds []string, done bool, err error) {
	lo, hi, err := t.limits(ctx, c, col)
	if err != nil || lo == nil {
		return nil, lo == nil, err
	}
	span := new(big.Int).Sub(hi, lo)
	if span.Cmp(big.NewInt(rows)) <= 0 {
		return nil, true, nil
	}
	dense := new(big.Int).Mul(big.NewInt(estimate), big.NewInt(2))
	if span.Cmp(dense) > 0 {
		return nil, false, nil
	}
	step := new(big.Int).Mul(span, big.NewInt(rows))
	step.Div(step, big.NewInt(max(estimate, 1)))
	if step.Sign() == 0 {
		step.SetInt64(1)
	}
	for b := new(big.Int).Add(lo, step); b.Cmp(hi) < 0; b.Add(b, step) {
		bounds = append(bounds, b.String())
	}
	return bounds, true, nil
}

// walk jumps along the key, rows at a time.
func (t *table) walk(ctx context.Context, c *client.Conn, cols []*column, rows int64) ([]string, error) {
	names := make([]string, len(cols))
	for i, col := range cols {
		names[i] = quote(col.col.Name)
	}
	list := strings.Join(names, ", ")
	var bounds []string
	var last []string
	for {
		where := ""
		if last != nil {
			where = " WHERE " + above(cols, last)
		}
		var next []string
		sql := fmt.Sprintf("SELECT %s FROM %s%s ORDER BY %s LIMIT 1 OFFSET %d", list, t.from(), where, list, rows-1)
		err := query(ctx, c, sql, func(v row) error {
			for i, col := range cols {
				next = append(next, col.literal(t, v[i]))
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		if next == nil {
			return bounds, nil
		}
		bounds = append(bounds, strings.Join(next, boundComma))
		last = next
	}
}

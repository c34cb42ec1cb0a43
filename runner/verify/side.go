package verify

import (
	"context"
	"crypto/md5"
	"database/sql"
	"encoding/hex"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// side is one server: how to run a query and how to spell it.
type side interface {
	// query runs a statement with text parameters and hands every row over as texts, valid until each returns.
	query(ctx context.Context, q string, args []string, each func([]*string) error) error
	spell() *dialect
	from(*plan) string
	columns(*plan) []string
}

type mysqlSide struct{ db *sql.DB }

func (s mysqlSide) spell() *dialect          { return mysqlDialect }
func (s mysqlSide) columns(p *plan) []string { return p.mysqlCol }
func (s mysqlSide) from(p *plan) string {
	return quoteMySQL(p.source.Schema) + "." + quoteMySQL(p.source.Name)
}

func (s mysqlSide) query(ctx context.Context, q string, args []string, each func([]*string) error) error {
	params := make([]any, len(args))
	for i, a := range args {
		params[i] = a
	}
	rows, err := s.db.QueryContext(ctx, q, params...)
	if err != nil {
		return fmt.Errorf("source: %w", err)
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		return fmt.Errorf("source: %w", err)
	}
	vals, ptrs := make([]*string, len(cols)), make([]any, len(cols))
	for i := range vals {
		ptrs[i] = &vals[i]
	}
	for rows.Next() {
		if err := rows.Scan(ptrs...); err != nil {
			return fmt.Errorf("source: %w", err)
		}
		if err := each(vals); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("source: %w", err)
	}
	return nil
}

type pgSide struct{ pool *pgxpool.Pool }

func (s pgSide) spell() *dialect          { return pgDialect }
func (s pgSide) columns(p *plan) []string { return p.pgCo }
func (s pgSide) from(p *plan) string      { return ident(p.schema) + "." + ident(p.name) }

func (s pgSide) query(ctx context.Context, q string, args []string, each func([]*string) error) error {
	params := []any{pgx.QueryExecModeExec, pgx.QueryResultFormats{pgx.TextFormatCode}}
	for _, a := range args {
		params = append(params, a)
	}
	rows, err := s.pool.Query(ctx, q, params...)
	if err != nil {
		return fmt.Errorf("target: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		raw := rows.RawValues()
		vals := make([]*string, len(raw))
		for i, v := range raw {
			if v != nil {
				x := string(v)
				vals[i] = &x
			}
		}
		if err := each(vals); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("target: %w", err)
	}
	return nil
}

// span is a range of the leading key column: after < column <= upto; "" is open. The whole table is the zero span.
type span struct{ after, upto string }

// where spells the span; its bounds are numbers that a server wrote itself.
func (r span) where(column string) string {
	var parts []string
	if r.after != "" {
		parts = append(parts, column+" > "+r.after)
	}
	if r.upto != "" {
		parts = append(parts, column+" <= "+r.upto)
	}
	if len(parts) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(parts, " AND ")
}

// sum is the count of rows and the sum of their hashes, which does not depend on order and, unlike XOR, does not let
// two equal rows cancel each other.
type sum struct {
	rows int64
	hash string
}

// sums maps a bucket of rows to its sum; with one bucket the only one is "0".
type sums map[string]sum

func (s sums) rows() int64 {
	n := int64(0)
	for _, v := range s {
		n += v.rows
	}
	return n
}

func (s sums) differing(t sums) []string {
	var out []string
	for b, v := range s {
		if t[b] != v {
			out = append(out, b)
		}
	}
	for b := range t {
		if _, ok := s[b]; !ok {
			out = append(out, b)
		}
	}
	slices.Sort(out)
	return out
}

func (p *plan) where(s side, r span) string {
	if p.rangeColumn < 0 {
		return ""
	}
	return r.where(s.columns(p)[p.rangeColumn])
}

// keyed are the columns that name a row: the key's, or all of them.
func (p *plan) keyed() []canon {
	if len(p.key) == 0 {
		return p.canons
	}
	out := make([]canon, len(p.key))
	for i, k := range p.key {
		out[i] = p.canons[k]
	}
	return out
}

// summarise computes the sums of a span on the server, or here when a column needs it. In the quick form a document is
// hashed as the server prints it: equal hashes are a proof, others are not.
func (p *plan) summarise(ctx context.Context, s side, r span, c cut, quick bool) (sums, error) {
	cs := p.canons
	if p.client {
		if !quick {
			return p.summariseHere(ctx, s, r, c)
		}
		cs = p.quick
	}
	d := s.spell()
	bucket, group := "0", ""
	if !c.one() {
		bucket, group = p.bucketOf(s, c), " GROUP BY 1"
	}
	// CONCAT gives NULL beyond max_allowed_packet, SUM passes over it, and the two sides then differ: never silent.
	q := fmt.Sprintf("SELECT %s, COUNT(*), SUM(%s) FROM %s%s%s", bucket, d.number("MD5("+rowText(cs, d)+")", hashDigits), s.from(p), p.where(s, r), group)
	out := sums{}
	err := s.query(ctx, q, nil, func(v []*string) error {
		n, err := strconv.ParseInt(text(v[1]), 10, 64)
		if err != nil {
			return fmt.Errorf("count %q: %w", text(v[1]), err)
		}
		if n > 0 {
			out[text(v[0])] = sum{n, text(v[2])}
		}
		return nil
	})
	return out, err
}

func text(v *string) string {
	if v == nil {
		return ""
	}
	return *v
}

// summariseHere reads the canonical columns of the rows and does on the client what summarise does on the server.
func (p *plan) summariseHere(ctx context.Context, s side, r span, c cut) (sums, error) {
	out, totals := sums{}, map[string]*big.Int{}
	err := p.read(ctx, s, p.where(s, r), nil, func(w row) error {
		b := w.bucket(p, c)
		h := md5.Sum([]byte(w.bytes(p.canons, nil)))
		n, _ := new(big.Int).SetString(hex.EncodeToString(h[:])[:hashDigits], 16)
		if totals[b] == nil {
			totals[b] = new(big.Int)
		}
		totals[b].Add(totals[b], n)
		x := out[b]
		x.rows++
		out[b] = x
		return nil
	})
	for b, x := range out {
		out[b] = sum{x.rows, totals[b].String()}
	}
	return out, err
}

// row is the canonical texts of the columns, nil for NULL.
type row []*string

// bytes is the text that rowText makes on a server, of all columns or of those at the places.
func (w row) bytes(cs []canon, places []int) string {
	if places == nil {
		places = make([]int, len(cs))
		for i := range places {
			places[i] = i
		}
	}
	var b strings.Builder
	for _, i := range places {
		switch {
		case w[i] == nil:
			b.WriteByte('~')
		case cs[i].sized:
			fmt.Fprintf(&b, "%d:%s", len(*w[i]), *w[i])
		default:
			b.WriteString(*w[i])
		}
		b.WriteByte('|')
	}
	return b.String()
}

// name is the key's text, or the whole row's.
func (w row) name(p *plan) string {
	if len(p.key) == 0 {
		return w.bytes(p.canons, nil)
	}
	return w.bytes(p.canons, p.key)
}

// read hands over the rows that a condition selects, JSON documents normalised.
func (p *plan) read(ctx context.Context, s side, where string, args []string, each func(row) error) error {
	d := s.spell()
	cols := make([]string, len(p.canons))
	for i, c := range p.canons {
		cols[i] = d.pick(c)
	}
	return s.query(ctx, "SELECT "+strings.Join(cols, ", ")+" FROM "+s.from(p)+where, args, func(v []*string) error {
		w := make(row, len(v))
		for i, x := range v {
			if x == nil {
				continue
			}
			c := *x
			if iv := p.canons[i].invalid; iv != nil {
				var err error
				if c, err = iv.digest(c, d == mysqlDialect); err != nil {
					return fmt.Errorf("column %s: %w", p.columns[i], err)
				}
			}
			if p.canons[i].json {
				j, err := canonicalJSON(c)
				if err != nil {
					// Not a document: the text itself, marked so that it equals no normal form.
					j = "not JSON: " + c
				}
				// A document may be of any size; its hash stands for it.
				h := md5.Sum([]byte(j))
				c = hex.EncodeToString(h[:])
			}
			w[i] = &c
		}
		return each(w)
	})
}

// readBuckets reads the rows of some buckets of a span. Where buckets are formed here they are also chosen here.
func (p *plan) readBuckets(ctx context.Context, s side, r span, c cut, chosen []string) (map[string][]row, error) {
	wanted := make(map[string]bool, len(chosen))
	for _, b := range chosen {
		wanted[b] = true
	}
	out := map[string][]row{}
	err := p.read(ctx, s, p.whereBuckets(s, r, c, chosen), nil, func(w row) error {
		if wanted[w.bucket(p, c)] {
			n := w.name(p)
			out[n] = append(out[n], w)
		}
		return nil
	})
	return out, err
}

// keysPerQuery bounds the size of a statement that reads rows by their keys.
const keysPerQuery = 100

// readKeys reads the rows with the keys of the given rows.
func (p *plan) readKeys(ctx context.Context, s side, keys map[string]row) (map[string][]row, error) {
	out := map[string][]row{}
	names := slices.Sorted(maps.Keys(keys))
	for part := range slices.Chunk(names, keysPerQuery) {
		var conds, args []string
		for _, n := range part {
			conds = append(conds, p.keyCondition(s, keys[n], &args))
		}
		err := p.read(ctx, s, " WHERE "+strings.Join(conds, " OR "), args, func(w row) error {
			// A collation may find more than the very key.
			if n := w.name(p); keys[n] != nil {
				out[n] = append(out[n], w)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (p *plan) keyCondition(s side, w row, args *[]string) string {
	d := s.spell()
	parts := make([]string, len(p.key))
	for n, i := range p.key {
		*args = append(*args, text(w[i]))
		param := d.parameter(len(*args))
		if f := p.canons[i].find; f != nil {
			parts[n] = s.columns(p)[i] + " = " + fmt.Sprintf(d.find(f), param)
			continue
		}
		parts[n] = d.pick(p.canons[i]) + " = " + param
	}
	return "(" + strings.Join(parts, " AND ") + ")"
}

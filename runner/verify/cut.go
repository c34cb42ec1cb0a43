package verify

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

const (
	hashDigits   = 15 // hexadecimal digits of the MD5 that are summed: 60 bits fit a signed number
	bucketDigits = 8
	bucketRows   = 256  // rows that a bucket is meant to have: what is read whole when one of them differs
	crowded      = 4096 // rows of a bucket beyond which it is cut again
	batchRows    = 8192 // rows that are read at a time
)

// cut says how the rows of a span are put into buckets; the zero cut makes one, named "0". Ranges of the leading key
// column are preferred: an index reads one of them. Buckets are formed by the key, so that a changed row stays in its own.
type cut struct {
	width  *big.Int // buckets are ranges of this width
	hashes int64    // or as many as this, by the hash of the key
}

func (c cut) one() bool { return c.width == nil && c.hashes <= 1 }

// cutOf cuts a span of about rows rows into ranges of the leading key column, or by hashes where there is none.
func (p *plan) cutOf(r span, rows int64) cut {
	n := max(rows/bucketRows, 1)
	lo, hi := number(r.after, p.low), number(r.upto, p.high)
	if p.rangeColumn < 0 || lo == nil || hi == nil || hi.Cmp(lo) <= 0 {
		return cut{hashes: n}
	}
	w := new(big.Int).Sub(hi, lo)
	w.Add(w.Div(w, big.NewInt(n)), big.NewInt(1))
	if !w.IsInt64() {
		return cut{hashes: n}
	}
	return cut{width: w}
}

func number(s string, or *big.Int) *big.Int {
	if s == "" {
		return or
	}
	n, ok := new(big.Int).SetString(s, 10)
	if !ok {
		return nil
	}
	return n
}

// bucketOf spells the bucket of a row.
func (p *plan) bucketOf(s side, c cut) string {
	d := s.spell()
	if c.width != nil {
		return d.divide(s.columns(p)[p.rangeColumn], c.width.String(), p.wide)
	}
	return fmt.Sprintf("%s %% %d", d.number("MD5("+rowText(p.keyed(), d)+")", bucketDigits), c.hashes)
}

// bucket is what bucketOf gives on a server.
func (w row) bucket(p *plan, c cut) string {
	switch {
	case c.one():
		return "0"
	case c.width != nil:
		n, ok := new(big.Int).SetString(text(w[p.rangeColumn]), 10)
		if !ok {
			return ""
		}
		return n.Quo(n, c.width).String()
	}
	h := md5.Sum([]byte(w.name(p)))
	n, err := strconv.ParseInt(hex.EncodeToString(h[:])[:bucketDigits], 16, 64)
	if err != nil {
		return ""
	}
	return strconv.FormatInt(n%c.hashes, 10)
}

// span is the part of a span that a bucket holds: division cuts toward zero, so the bucket 0 reaches to both sides.
func (c cut) span(bucket string, r span) span {
	b, ok := new(big.Int).SetString(bucket, 10)
	if !ok {
		return r
	}
	one := big.NewInt(1)
	first := new(big.Int).Mul(b, c.width)
	last := new(big.Int).Set(first)
	rest := new(big.Int).Sub(c.width, one)
	if b.Sign() >= 0 {
		last.Add(last, rest)
	}
	if b.Sign() <= 0 {
		first.Sub(first, rest)
	}
	first.Sub(first, one) // a span is open at its lower end
	if lo := number(r.after, nil); lo != nil && lo.Cmp(first) > 0 {
		first = lo
	}
	if hi := number(r.upto, nil); hi != nil && hi.Cmp(last) < 0 {
		last = hi
	}
	return span{first.String(), last.String()}
}

// whereBuckets spells the condition for some buckets of a span.
func (p *plan) whereBuckets(s side, r span, c cut, chosen []string) string {
	where := p.where(s, r)
	switch {
	case c.one(), p.client && len(p.key) == 0: // a document's normal form is known here only
		return where
	case c.width != nil:
		parts := make([]string, len(chosen))
		for i, b := range chosen {
			parts[i] = "(" + strings.TrimPrefix(p.where(s, c.span(b, r)), " WHERE ") + ")"
		}
		return " WHERE " + strings.Join(parts, " OR ")
	}
	word := " WHERE "
	if where != "" {
		word = " AND "
	}
	return where + word + p.bucketOf(s, c) + " IN (" + strings.Join(chosen, ", ") + ")"
}

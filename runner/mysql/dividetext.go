package mysql

import (
	"bytes"
	"context"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/go-mysql-org/go-mysql/client"

	"godwit/ir/types"
)

// A text is a number whose digits are its characters, in the order of the column's collation, which the server is asked for. That is
// a guess as well where a collation does more than compare character by character. It decides where cuts lie and nothing else:
// before bounds are used, the server says that they ascend.

// digitCount is how many characters or bytes behind the common beginning of all texts make the number.
const digitCount = 12

// alphabet are the digits of texts.
type alphabet struct {
	prefix  []byte // all texts begin with it
	of      []int  // the digit of a byte, 0 for none
	bytes   []byte // of digits; digit 0 is the end of the text
	literal func([]byte) string
}

func (a *alphabet) base() *big.Int { return big.NewInt(int64(len(a.bytes))) }

// number is that of a text. What is no digit ends it, with the greatest digits when it is the greatest text.
func (a *alphabet) number(s []byte, greatest bool) *big.Int {
	s = bytes.TrimPrefix(s, a.prefix)
	n, rest := new(big.Int), -1
	for i := range digitCount {
		if rest < 0 && (i >= len(s) || a.of[s[i]] == 0) {
			if rest = 0; greatest {
				rest = len(a.bytes) - 1
			}
		}
		digit := rest
		if rest < 0 {
			digit = a.of[s[i]]
		}
		n.Add(n.Mul(n, a.base()), big.NewInt(int64(digit)))
	}
	return n
}

// like tells that a character is of a kind with those of texts: keys are made of few kinds, and the others would be digits that no
// text has.
func like(b byte, texts ...string) bool {
	kind := func(b byte) int {
		switch {
		case b >= '0' && b <= '9':
			return 256
		case b >= 'a' && b <= 'z':
			return 257
		case b >= 'A' && b <= 'Z':
			return 258
		}
		return int(b)
	}
	for _, s := range texts {
		for i := range len(s) {
			if kind(s[i]) == kind(b) {
				return true
			}
		}
	}
	return false
}

// text is that of a number, up to its first digit 0: so a greater number has no lesser text.
func (a *alphabet) text(n *big.Int) []byte {
	var all [digitCount]int64
	rest, digit := new(big.Int).Set(n), new(big.Int)
	for i := digitCount - 1; i >= 0; i-- {
		rest.DivMod(rest, a.base(), digit)
		all[i] = digit.Int64()
	}
	out := slices.Clone(a.prefix)
	for _, d := range all {
		if d == 0 {
			break
		}
		out = append(out, a.bytes[d])
	}
	return out
}

func (a *alphabet) write(n *big.Int) string { return a.literal(a.text(n)) }

// learn sets the digits, which ascend; those of one class are the same digit.
func (a *alphabet) learn(classes [][]byte) {
	a.of, a.bytes = make([]int, 256), []byte{0}
	for i, class := range classes {
		a.bytes = append(a.bytes, class[0])
		for _, b := range class {
			a.of[b] = i + 1
		}
	}
}

// divideText gives bounds of a leading column of text or bytes; ok is false where another way must be taken.
func (t *table) divideText(ctx context.Context, c *client.Conn, col *column, rows int64) (bounds []string, ok bool, err error) {
	name := quote(col.col.Name)
	v, _, err := one(ctx, c, fmt.Sprintf("SELECT MIN(%s), MAX(%s) FROM %s", name, name, t.from()))
	if err != nil || len(v) < 2 || len(v[0])+len(v[1]) == 0 {
		return nil, false, err
	}
	a := &alphabet{literal: func(b []byte) string { return col.literal(t, b) }}
	low, high := v[0], v[1]
	compared := "%s"
	switch ty := col.col.Type.(type) {
	case types.Binary:
		a.prefix = common(low, high)
		var classes [][]byte
		for b := range 256 {
			classes = append(classes, []byte{byte(b)})
		}
		a.learn(classes)
	case types.Text:
		cs, _ := charsetOf(t.t.Catalog, ty)
		if u, wide := units[strings.ToLower(cs)]; wide {
			low, high = u.narrow(low), u.narrow(high)
			a.literal = func(b []byte) string { return col.literal(t, u.widen(b)) }
		}
		a.prefix = common(low, high)
		collation, err := t.collation(ctx, c, col)
		if err != nil || collation == "" {
			return nil, false, err
		}
		compared = "%s COLLATE " + collation
		classes, err := asciiOrder(ctx, c, cs, collation)
		if err != nil {
			return nil, false, err
		}
		seen := []string{low[len(a.prefix):], high[len(a.prefix):]}
		a.learn(slices.DeleteFunc(classes, func(class []byte) bool {
			return !slices.ContainsFunc(class, func(b byte) bool { return like(b, seen...) })
		}))
	default:
		return nil, false, nil
	}
	lo, hi := a.number([]byte(low), false), a.number([]byte(high), true)
	if lo.Cmp(hi) >= 0 {
		return nil, false, nil
	}
	if lo.Sign() > 0 {
		lo.Sub(lo, big.NewInt(1))
	}
	d := t.divider(c, col, rows)
	d.write, d.budget = a.write, textGuesses
	if ok, err := d.divide(ctx, lo, hi); err != nil || !ok {
		return nil, false, err
	}
	if ok, err := d.few(ctx, d.name+" <= "+d.write(lo), d.name+" > "+d.write(hi)); err != nil || !ok {
		return nil, false, err
	}
	bounds = slices.Compact(d.bounds())
	ok, err = ascending(ctx, c, compared, bounds)
	if err != nil || !ok {
		return nil, false, err
	}
	return bounds, true, nil
}

// unit is how character sets write a character whose characters have two or four bytes each.
type unit struct {
	size  int
	ascii int // which of the bytes is that of an ASCII character; the others are zero
}

var units = map[string]unit{"ucs2": {2, 1}, "utf16": {2, 1}, "utf16le": {2, 0}, "utf32": {4, 3}}

// narrow is a text with a byte for each character; one beyond ASCII is a byte that is no digit.
func (u unit) narrow(s string) string {
	out := make([]byte, 0, len(s)/u.size)
	for ; len(s) >= u.size; s = s[u.size:] {
		b := s[u.ascii]
		for i := range u.size {
			if i != u.ascii && s[i] != 0 || b >= 0x80 {
				b = 0xff
			}
		}
		out = append(out, b)
	}
	return string(out)
}

// widen is the bytes of a text of ASCII characters.
func (u unit) widen(s []byte) []byte {
	out := make([]byte, len(s)*u.size)
	for i, b := range s {
		out[i*u.size+u.ascii] = b
	}
	return out
}

// textGuesses is guesses for texts, whose values lie less evenly.
const textGuesses = 8 * guesses

// few tells that conditions hold for no more rows than are wanted in a range: those of the values that have no number.
func (d *divider) few(ctx context.Context, conds ...string) (bool, error) {
	for _, cond := range conds {
		rows, ok, err := d.explain(ctx, cond)
		if err != nil || !ok || rows > d.rows+d.rows/2 {
			return false, err
		}
	}
	return true, nil
}

// common is what two texts begin with; characters of several bytes are not cut.
func common(a, b string) []byte {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] && a[n] < 0x80 {
		n++
	}
	return []byte(a[:n])
}

// collation is that of a column, "" if it has none.
func (t *table) collation(ctx context.Context, c *client.Conn, col *column) (string, error) {
	v, ok, err := one(ctx, c, "SELECT COALESCE(COLLATION_NAME, '') FROM information_schema.COLUMNS WHERE TABLE_SCHEMA="+
		textLiteral(t.t.Catalog.Schema)+" AND TABLE_NAME="+textLiteral(t.t.Catalog.Name)+" AND COLUMN_NAME="+textLiteral(col.col.Name))
	if err != nil || !ok {
		return "", err
	}
	return v[0], nil
}

// asciiOrder asks the server for the order of the printable characters without the blank, which is padding to many collations.
// Characters that are equal stand together.
func asciiOrder(ctx context.Context, c *client.Conn, charset, collation string) (classes [][]byte, err error) {
	var list []string
	for b := '!'; b <= '~'; b++ {
		list = append(list, fmt.Sprintf("SELECT %d AS n, CONVERT(_ascii X'%02x' USING %s) COLLATE %s AS c", b, b, charset, collation))
	}
	err = query(ctx, c, "SELECT GROUP_CONCAT(n ORDER BY n) FROM ("+strings.Join(list, " UNION ALL ")+") x GROUP BY c ORDER BY c", func(v row) error {
		var class []byte
		for _, s := range strings.Split(v.str(0), ",") {
			n, err := strconv.ParseUint(s, 10, 8)
			if err != nil {
				return err
			}
			class = append(class, byte(n))
		}
		classes = append(classes, class)
		return nil
	})
	return classes, err
}

// ascending asks the server whether bounds ascend: rows between two that do not would be in two chunks.
func ascending(ctx context.Context, c *client.Conn, compared string, bounds []string) (bool, error) {
	const together = 200
	for len(bounds) > 1 {
		part := bounds[:min(len(bounds), together)]
		var conds []string
		for i := 1; i < len(part); i++ {
			conds = append(conds, fmt.Sprintf(compared, part[i-1])+" < "+fmt.Sprintf(compared, part[i]))
		}
		v, _, err := one(ctx, c, "SELECT "+strings.Join(conds, " AND "))
		if err != nil || len(v) != 1 || v[0] != "1" {
			return false, err
		}
		bounds = bounds[len(part)-1:]
	}
	return true, nil
}

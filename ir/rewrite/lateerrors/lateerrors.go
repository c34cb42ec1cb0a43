// Package lateerrors holds the rule for constants that no column takes.
package lateerrors

import (
	"encoding/json"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

const code = "QY0046"

const setup = "CREATE TABLE t (id INT PRIMARY KEY, n INT, s VARCHAR(5));"

// Rule is QY0046.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "late-errors",
		Doc: `The source converts a value when it stores it in a row: a constant that does not fit raises an error only if there is a row. PostgreSQL
converts constants when it plans the statement, and raises the error without any row (PostgreSQL manual, "Function Volatility Categories"). A
constant that does not fit, or a text made of constants that may not, is therefore read by a subquery, which is not planned away.`,
		Examples: []rewrite.Example{
			{Setup: setup, Source: "UPDATE t SET s = 'much too long' WHERE id = 7;", Target: "UPDATE t SET s = (SELECT 'much too long') WHERE id = 7;"},
			{Setup: setup, Source: "UPDATE t SET s = REPEAT('x', 9) WHERE id = 7;", Target: "UPDATE t SET s = (SELECT repeat('x', 9)) WHERE id = 7;"},
			{Setup: setup, Source: "UPDATE t SET s = 'fits' WHERE id = 7;", Target: "UPDATE t SET s = 'fits' WHERE id = 7;"},
		},
		Fidelity: diag.Exact,
		Looks:    ir.Kinds(ir.KindInsert, ir.KindUpdate, ir.KindDelete),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	p.Nodes(func(n ir.Node) ir.Node {
		switch n := n.(type) {
		case *ir.Delete:
			numbers(n)
		case *ir.Update:
			numbers(n)
			sets(n.Sets)
		case *ir.Insert:
			numbers(n)
			sets(n.OnDuplicate)
			if n.Conflict != nil {
				sets(n.Conflict.Sets)
			}
			if q, ok := n.Source.(*ir.Select); ok && len(q.From) > 0 {
				items(n, q)
			}
		}
		return n
	})
}

// numbers puts literals into subqueries that are computed with and are no numbers: the error comes where they are needed, which a condition
// or the branch of a CASE may prevent.
func numbers(n ir.Node) {
	ir.Walk(n, func(n ir.Node) bool {
		c, ok := n.(*ir.Cast)
		if !ok || c.Store || c.Fail != ir.FailError || !types.IsNumeric(c.To) {
			return true
		}
		if s, literal := c.X.(*ir.String); literal && strings.TrimSpace(s.Value) != "" && !number.MatchString(s.Value) {
			c.X, c.Blank = apart(s), false
		}
		return true
	})
}

// number is a text that is a number.
var number = regexp.MustCompile(`^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$`)

// apart is a value read by a subquery.
func apart(x ir.Expr) ir.Expr {
	q := tree.Select([]*ir.SelectItem{tree.Item(x, "")}, nil, nil)
	q.Span = x.Base().Span
	s := tree.Scalar(q, x.TypeOf())
	s.Span = x.Base().Span
	s.Made(code)
	return s
}

func sets(list []*ir.Assign) {
	for _, a := range list {
		a.Value = late(a.Value, a.Column.TypeOf())
	}
}

func items(i *ir.Insert, q *ir.Select) {
	if i.Table == nil || i.Table.Table == nil || q.Distinct || len(q.GroupBy) > 0 {
		return
	}
	cols := i.Takes()
	if len(cols) != len(q.Items) {
		return
	}
	for k, it := range q.Items {
		if cols[k] != nil {
			it.Expr = late(it.Expr, cols[k].Type)
		}
	}
}

// late puts a constant that the type does not take into a subquery.
func late(e ir.Expr, t types.Type) ir.Expr {
	at := &e
	for {
		c, ok := (*at).(*ir.Cast)
		if !ok {
			break
		}
		if !c.Implicit || c.Fail == ir.FailClamp || c.Fail == ir.FailNull || c.Fail == ir.FailPrefix {
			return e
		}
		at = &c.X
	}
	text, isText, ok := literal(*at)
	if ok && fits(text, isText, t) || !ok && !long(*at, t) {
		return e
	}
	*at = apart(*at)
	return e
}

// long tells that functions of constants make a text which may be too long for the column.
func long(e ir.Expr, t types.Type) bool {
	to, ok := t.(types.Text)
	from, text := e.TypeOf().(types.Text)
	if !ok || !text || to.N == 0 || from.N > 0 && from.N <= to.N {
		return false
	}
	return !ir.Find(e, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.String, *ir.Number, *ir.Null, *ir.Unary, *ir.Concat, *ir.Cast, *ir.Collate:
			return false
		case *ir.Call:
			return !lengthens[strings.ToUpper(n.Name)]
		}
		return true
	})
}

// lengthens names functions that give the same text for the same arguments.
var lengthens = map[string]bool{
	"REPEAT": true, "LPAD": true, "RPAD": true, "SPACE": true, "UPPER": true, "LOWER": true, "UCASE": true, "LCASE": true, "REPLACE": true,
	"CONCAT": true, "CONCAT_WS": true, "INSERT": true, "REVERSE": true, "TRIM": true,
}

// Misfit tells that a literal does not fit a type that is known here.
func Misfit(e ir.Expr, t types.Type) bool {
	text, isText, ok := literal(e)
	if s, known := repeated(e); known {
		text, isText, ok = s, true, true
	}
	if !ok || fits(text, isText, t) {
		return false
	}
	switch t.(type) {
	case types.Date, types.DateTime, types.Timestamp: // the source reads more forms than are told here
		return !strings.ContainsAny(text, "0123456789") || noDay(text)
	case types.Time:
		return !strings.ContainsAny(text, "0123456789")
	}
	return true
}

var plainMoment = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})(?: (\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.\d*)?)?)?$`)

// noDay tells a text in the plain form of a date, or of a moment, that is none: the 31st of April. Whether zeros are one depends on the mode.
func noDay(text string) bool {
	m := plainMoment.FindStringSubmatch(text)
	if m == nil {
		return false
	}
	n := make([]int, len(m))
	for i, x := range m[1:] {
		n[i+1], _ = strconv.Atoi(x)
	}
	if n[2] == 0 || n[3] == 0 {
		return false
	}
	day := time.Date(n[1], time.Month(n[2]), n[3], 0, 0, 0, 0, time.UTC)
	return day.Month() != time.Month(n[2]) || day.Day() != n[3] || n[4] > 23 || n[5] > 59 || n[6] > 59
}

// repeated is the text that REPEAT makes of literals, if it is not too long to be looked at.
func repeated(e ir.Expr) (string, bool) {
	c, ok := e.(*ir.Call)
	if !ok || c.Op != op.Repeat || len(c.Args) != 2 {
		return "", false
	}
	s, text := ir.Bare(c.Args[0]).(*ir.String)
	n, number := ir.Bare(c.Args[1]).(*ir.Number)
	if !text || !number {
		return "", false
	}
	times, err := strconv.Atoi(n.Text)
	if err != nil || times < 0 || times*len(s.Value) > 1<<16 {
		return "", false
	}
	return strings.Repeat(s.Value, times), true
}

// literal is the text of a constant.
func literal(e ir.Expr) (text string, isText, ok bool) {
	switch x := e.(type) {
	case *ir.String:
		return x.Value, true, true
	case *ir.Number:
		return x.Text, false, true
	case *ir.Unary:
		if n, ok := x.X.(*ir.Number); ok && x.Op == ir.Neg {
			return "-" + n.Text, false, true
		}
	}
	return "", false, false
}

// clock is a time of the source's range, which ends with 838:59:59.
var clock = regexp.MustCompile(`^-?(\d{1,2}|[0-7]\d\d|8[0-2]\d|83[0-7]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?$`)

// fits tells that the column takes the constant. A type that is not known here is taken to do so.
func fits(text string, isText bool, t types.Type) bool {
	switch t := t.(type) {
	case types.Text:
		return t.N == 0 || utf8.RuneCountInString(strings.TrimRight(text, " ")) <= t.N
	case types.Binary:
		return t.N == 0 || len(text) <= t.N
	case types.Int:
		return whole(text, t)
	case types.Decimal:
		v, ok := rational(text)
		if !ok || t.Precision == 0 {
			return ok
		}
		scale := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(t.Scale)), nil))
		limit := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(t.Precision)), nil))
		return v.Add(v.Mul(v.Abs(v), scale), big.NewRat(1, 2)).Cmp(limit) < 0 // rounded, half away from zero
	case types.Float:
		_, ok := rational(text)
		return ok
	case types.Date, types.DateTime, types.Timestamp:
		return !isText || moment(text)
	case types.Time:
		return !isText || clock.MatchString(text)
	case types.Enum:
		if v, err := strconv.Atoi(text); !isText && err == nil {
			return v > 0 && v <= len(t.Values)
		}
		return !isText || member(text, t.Values)
	case types.Set:
		if v, err := strconv.Atoi(text); !isText && err == nil {
			return v >= 0 && len(t.Values) < 63 && v < 1<<len(t.Values)
		}
		return !isText || text == "" || all(strings.Split(text, ","), t.Values)
	case types.Bit:
		v, ok := rational(text)
		return isText || t.N == 0 || ok && v.Sign() >= 0 && v.Cmp(new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), uint(t.N)))) < 0
	case types.Year:
		if _, ok := rational(text); !ok {
			return false
		}
		v, err := strconv.Atoi(text)
		return isText || err != nil || v >= 0 && v < 100 || v > 1900 && v < 2156
	case types.JSON:
		return !isText || json.Valid([]byte(text))
	}
	return true
}

// rational is the value of a text that is a number; the library's reader takes fractions and other bases too.
func rational(text string) (*big.Rat, bool) {
	if !number.MatchString(text) {
		return nil, false
	}
	return new(big.Rat).SetString(strings.TrimSpace(text))
}

func whole(text string, t types.Int) bool {
	v, ok := rational(text)
	if !ok || t.Bits == 0 {
		return ok
	}
	top := uint(t.Bits)
	low := new(big.Int)
	if !t.Unsigned {
		top--
		low.Neg(new(big.Int).Lsh(big.NewInt(1), top))
	}
	high := new(big.Int).Lsh(big.NewInt(1), top)
	high.Sub(high, big.NewInt(1))
	return v.Cmp(new(big.Rat).SetInt(low)) >= 0 && v.Cmp(new(big.Rat).SetInt(high)) <= 0
}

func moment(text string) bool {
	for _, f := range []string{"2006-01-02", "2006-01-02 15:04:05", "2006-01-02 15:04:05.999999", "2006-01-02T15:04:05", "2006-01-02 15:04"} {
		if _, err := time.Parse(f, text); err == nil {
			return true
		}
	}
	return false
}

func member(text string, values []string) bool {
	for _, v := range values {
		if strings.EqualFold(v, strings.TrimRight(text, " ")) {
			return true
		}
	}
	return false
}

func all(list, values []string) bool {
	for _, x := range list {
		if !member(x, values) {
			return false
		}
	}
	return true
}

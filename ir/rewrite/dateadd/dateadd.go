// Package dateadd holds the rule for the addition of intervals to dates.
package dateadd

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

const code = "EX0342"

var refused = &diag.Code{
	ID: "EX0343", Title: "date arithmetic that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
	Doc: `An interval is added to a value of a type, or an amount is given in a form, for which there is no exact counterpart (MySQL Reference Manual, "Date and Time
Functions", DATE_ADD).`,
	Next: "write the expression by hand", Each: 0.2,
}

var beyond = &diag.Code{
	ID: "EX0345", Title: "dates beyond the year 9999", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `MySQL gives NULL when the sum lies outside the years 0 to 9999 (Reference Manual, "Date and Time Functions", DATE_ADD); PostgreSQL goes on to the year 294276. Assumed:
no sum leaves the years 1 to 9999.`,
}

// Rule is EX0342.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "date-add",
		Doc: `DATE_ADD, DATE_SUB and + INTERVAL (MySQL Reference Manual, "Date and Time Functions"): a date stays a date unless the unit is one of the time, the last day of a month is
kept, amounts are rounded to whole units except for seconds, and text that holds a date stays text. Units of several parts ('1:30' HOUR_MINUTE) are read when the amount is a
literal, else by a helper routine.`,
		Fidelity: diag.Exact,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE t (d DATE, ts DATETIME, n INT);",
			Source: "SELECT d + INTERVAL 3 DAY AS a, DATE_ADD(d, INTERVAL 1 MONTH) AS b, ts - INTERVAL '1:30' HOUR_MINUTE AS c, DATE_ADD(ts, INTERVAL n DAY) AS e FROM t;",
			Target: "SELECT d + 3 AS a, (d + interval '1 month')::date AS b, ts - interval '1 hour 30 minutes' AS c, ts + n * interval '1 day' AS e FROM t;",
		}},
		Findings: []*diag.Code{refused, beyond},
		After: map[string]string{
			"temporal-functions": "functions that add become additions",
			"cast":               "amounts must be numbers",
			"now":                "it looks at moments as values",
		},
		Looks: ir.Kinds(ir.KindDateAdd),
		Run: func(p *rewrite.Pass) {
			first := true
			p.Exprs(func(e ir.Expr) ir.Expr {
				if d, ok := e.(*ir.DateAdd); ok {
					if first && !(fromNow(d.X) && usual(d.Amount)) {
						p.Report(beyond, d.Span, "sums of dates are assumed to stay within the years 1 to 9999")
						first = false
					}
					return lower(p, d)
				}
				return e
			})
		},
	}
}

// usual tells an amount with which no date of today leaves the years.
func usual(e ir.Expr) bool {
	v, ok := build.IntLiteral(e)
	return ok && v > -100000 && v < 100000
}

// fromNow tells that a date is the current one.
func fromNow(e ir.Expr) bool {
	switch e := e.(type) {
	case *ir.Temporal: // a literal far from the first and last years
		return e.Value >= "0200" && e.Value < "9800"
	case *ir.Cast:
		return fromNow(e.X)
	case *ir.TargetOp:
		return e.Op == "AT TIME ZONE" && fromNow(e.L)
	case *ir.TargetCall:
		return strings.HasSuffix(e.Name, "_timestamp") || len(e.Args) == 2 && strings.HasPrefix(e.Name, "date_") && fromNow(e.Args[1])
	}
	return false
}

var units = map[string]string{
	"year": "year", "quarter": "month", "month": "month", "week": "day", "day": "day", "hour": "hour", "minute": "minute", "second": "second",
	"microsecond": "microsecond",
}

// factors are how many target units one unit is.
var factors = map[string]int64{"quarter": 3, "week": 7}

func timeUnit(u string) bool {
	for _, w := range []string{"hour", "minute", "second", "microsecond"} {
		if strings.HasSuffix(u, w) {
			return true
		}
	}
	return false
}

func nullType(t types.Type) string {
	switch t.(type) {
	case types.Date:
		return "date"
	case types.Text:
		return "text"
	}
	return "timestamp"
}

// never tells a literal amount with which every date leaves the years that the source has, so that the sum is NULL.
func never(e *ir.DateAdd) bool {
	v, ok := build.IntLiteral(e.Amount)
	if !ok {
		n, number := e.Amount.(*ir.Number)
		return number && n.Kind == ir.IntNumber && len(n.Text) > 18
	}
	limit := int64(4000000)
	switch e.Unit {
	case "day", "week", "month", "quarter", "year":
	case "hour":
		limit *= 24
	case "minute":
		limit *= 24 * 60
	case "second":
		limit *= 24 * 60 * 60
	default:
		return false
	}
	return v > limit || v < -limit
}

func lower(p *rewrite.Pass, e *ir.DateAdd) ir.Expr {
	if _, span := e.X.TypeOf().(types.Time); never(e) && !span {
		return build.As(build.Null(e, e.Type), nullType(e.Type), e.Type, code)
	}
	span, literal, ok := amount(p, e)
	if !ok {
		rewrite.Refuse(p, refused, e.Span, "the amount of INTERVAL %s", strings.ToUpper(e.Unit))
		return e
	}
	sub := e.Sub
	if strings.HasPrefix(literal, "-") {
		literal, sub = literal[1:], !sub
	}
	if literal != "" {
		span = build.Make(&ir.Temporal{Kind: types.Interval{}, Value: literal}, e, types.Interval{}, code)
	}
	switch e.X.TypeOf().(type) {
	case types.Date:
		return date(e, span, sub)
	case types.DateTime, types.Timestamp:
		return add(e, build.Moment(e.X, code), span, sub)
	case types.Time:
		if timeUnit(e.Unit) && !strings.HasPrefix(e.Unit, "day") {
			return p.Helper("time_or_null", e, add(e, e.X, span, sub))
		}
	case types.Text:
		if sub {
			span = build.Op("-", e, types.Interval{}, code, nil, span)
		}
		with := build.Make(&ir.Bool{Value: timeUnit(e.Unit)}, e, types.Bool{}, "")
		return p.Helper("add_interval_text", e, e.X, span, with)
	case types.Null:
		return build.Null(e, e.Type)
	}
	rewrite.Refuse(p, refused, e.Span, "an interval is added to a value of type %s", e.X.TypeOf())
	return e
}

func add(e *ir.DateAdd, x, span ir.Expr, sub bool) ir.Expr {
	o := ir.Add
	if sub {
		o = ir.Sub
	}
	return build.Make(&ir.Binary{Op: o, L: x, R: span}, e, e.Type, code)
}

// date adds to a date: days as a number, which gives a date again.
func date(e *ir.DateAdd, span ir.Expr, sub bool) ir.Expr {
	if e.Unit == "day" || e.Unit == "week" {
		n := whole(e.Amount)
		if v, ok := build.IntLiteral(n); ok {
			v *= max(factors[e.Unit], 1)
			if v < 0 {
				v = -v
			}
			return add(e, e.X, build.Int(v), sub)
		}
		n = build.Integer(n, code)
		if e.Unit == "week" {
			n = build.Make(&ir.Binary{Op: ir.Mul, L: build.Int(7), R: n}, e, types.Int{Bits: 32}, code)
		}
		return add(e, e.X, n, e.Sub)
	}
	x := add(e, e.X, span, sub)
	if timeUnit(e.Unit) {
		return x
	}
	return build.As(x, "date", e.Type, code)
}

// whole rounds an amount, as the source does for all units but seconds.
func whole(n ir.Expr) ir.Expr {
	if build.IsInt(n) {
		return n
	}
	if x, ok := roundLiteral(n); ok {
		return build.Int(x)
	}
	return build.Call("round", n, types.Decimal{Precision: 20}, code, n)
}

func roundLiteral(n ir.Expr) (int64, bool) {
	sign := 1.0
	if u, ok := n.(*ir.Unary); ok && u.Op == ir.Neg {
		n, sign = u.X, -1
	}
	x, ok := n.(*ir.Number)
	if !ok {
		return 0, false
	}
	v, err := strconv.ParseFloat(x.Text, 64)
	if err != nil {
		return 0, false
	}
	if x.Kind == ir.FloatNumber {
		return int64(sign * math.RoundToEven(v)), true
	}
	return int64(sign * math.Round(v)), true
}

// amount is the interval, as a literal text if it is one.
func amount(p *rewrite.Pass, e *ir.DateAdd) (span ir.Expr, literal string, ok bool) {
	if strings.Contains(e.Unit, "_") {
		return compound(p, e)
	}
	unit, ok := units[e.Unit]
	if !ok {
		return nil, "", false
	}
	f := max(factors[e.Unit], 1)
	if v, ok := build.IntLiteral(e.Amount); ok {
		return nil, spell(v*f, unit), true
	}
	if e.Unit != "second" {
		if v, ok := roundLiteral(e.Amount); ok {
			return nil, spell(v*f, unit), true
		}
	} else if n, ok := e.Amount.(*ir.Number); ok {
		return nil, n.Text + " seconds", true
	}
	switch e.Amount.TypeOf().(type) {
	case types.Int, types.Decimal, types.Float, types.Year, types.Null:
	default:
		return nil, "", false
	}
	n := e.Amount
	if e.Unit != "second" {
		n = whole(n)
	}
	one := build.Make(&ir.Temporal{Kind: types.Interval{}, Value: spell(f, unit)}, e, types.Interval{}, code)
	return build.Make(&ir.Binary{Op: ir.Mul, L: n, R: one}, e, types.Interval{}, code), "", true
}

func spell(n int64, unit string) string {
	if n == 1 || n == -1 {
		return fmt.Sprintf("%d %s", n, unit)
	}
	return fmt.Sprintf("%d %ss", n, unit)
}

var digits = regexp.MustCompile(`[0-9]+`)

var order = []string{"year", "month", "day", "hour", "minute", "second", "microsecond"}

func compound(p *rewrite.Pass, e *ir.DateAdd) (ir.Expr, string, bool) {
	s, ok := build.TextLiteral(e.Amount)
	if n, num := e.Amount.(*ir.Number); num {
		s, ok = n.Text, true
	}
	if !ok {
		if _, text := e.Amount.TypeOf().(types.Text); !text {
			return nil, "", false
		}
		h := p.Helper("interval_of", e, e.Amount, build.Text(e.Unit))
		h.Type = types.Interval{}
		return h, "", true
	}
	lit, ok := readCompound(s, e.Unit)
	return nil, lit, ok
}

// readCompound reads an amount of several parts; the last number is of the smallest unit.
func readCompound(s, unit string) (string, bool) {
	first, last := -1, -1
	a, b, _ := strings.Cut(unit, "_")
	for i, u := range order {
		if u == a {
			first = i
		}
		if u == b {
			last = i
		}
	}
	parts := digits.FindAllString(s, -1)
	if first < 0 || last < first || len(parts) == 0 || len(parts) > last-first+1 {
		return "", false
	}
	sign := ""
	if strings.HasPrefix(strings.TrimSpace(s), "-") {
		sign = "-"
	}
	var out []string
	for i, d := range parts {
		u := order[last-len(parts)+1+i]
		if u == "microsecond" {
			d = (d + "000000")[:6]
		}
		n, err := strconv.ParseInt(d, 10, 64)
		if err != nil {
			return "", false
		}
		if n != 0 {
			out = append(out, spell(n, u))
		}
	}
	if len(out) == 0 {
		return "0 seconds", true
	}
	if sign != "" {
		return sign + strings.Join(out, " "), true
	}
	return strings.Join(out, " "), true
}

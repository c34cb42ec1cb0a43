package builtins

import (
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

// moment writes DATE and TIMESTAMP literals for the target.
func (l *lowering) moment(e *ir.Temporal) ir.Expr {
	if _, made := e.Kind.(types.Interval); made {
		return e
	}
	v := strings.TrimSpace(e.Value)
	if strings.HasPrefix(v, "-") || strings.HasPrefix(v, "+") {
		return l.refuse(refusedExpression, e, "the literal %s with a sign", e.Value)
	}
	switch e.Type.(type) {
	case types.Timestamp:
		e.Kind = types.Timestamp{Precision: 6}
	case types.DateTime:
		e.Kind = e.Type
	default:
		return l.refuse(refusedExpression, e, "the literal %s", e.Value)
	}
	if i := strings.IndexByte(v, '.'); i >= 0 {
		n := 0
		for j := i + 1; j < len(v) && v[j] >= '0' && v[j] <= '9'; j++ {
			n++
		}
		if n > 6 && strings.Trim(v[i+7:i+1+n], "0") != "" {
			l.note(shortened, e.Span, "the literal %s", e.Value)
			v = v[:i+7] + v[i+1+n:]
		}
	}
	e.Value = v
	l.literalZone(e)
	return e
}

// interval writes an interval literal: of months, or of hours and smaller, so that a day is 24 hours.
func (l *lowering) interval(e *ir.IntervalLit) ir.Expr {
	s, ok := intervalText(e)
	if !ok {
		return l.refuse(refusedExpression, e, "the interval %s", e.Span.Text())
	}
	return build.Make(&ir.Temporal{Kind: types.Interval{}, Value: s}, e, e.Type, code)
}

func intervalText(e *ir.IntervalLit) (string, bool) {
	v, sign := strings.TrimSpace(e.Value), ""
	if strings.HasPrefix(v, "-") {
		v, sign = v[1:], "-"
	}
	v = strings.TrimPrefix(v, "+")
	if e.From == "year" || e.From == "month" {
		y, m, found := strings.Cut(v, "-")
		months := 0
		a, err := strconv.Atoi(strings.TrimSpace(y))
		if err != nil || found != (e.To == "month") {
			return "", false
		}
		months = a
		if e.From == "year" {
			months = 12 * a
		}
		if found {
			b, err := strconv.Atoi(strings.TrimSpace(m))
			if err != nil || b > 11 {
				return "", false
			}
			months += b
		}
		return fmt.Sprintf("%s%d months", sign, months), true
	}
	units := []string{"day", "hour", "minute", "second"}
	per := []int64{86400, 3600, 60, 1}
	from, to := index(units, e.From), index(units, e.To)
	if to < 0 {
		to = from
	}
	if from < 0 || to < from {
		return "", false
	}
	fields := strings.FieldsFunc(v, func(r rune) bool { return r == ' ' || r == ':' })
	if len(fields) != to-from+1 {
		return "", false
	}
	total := new(big.Rat)
	for i, f := range fields {
		x, ok := new(big.Rat).SetString(f)
		if !ok || x.Sign() < 0 || !x.IsInt() && from+i != 3 {
			return "", false
		}
		total.Add(total, x.Mul(x, big.NewRat(per[from+i], 1)))
	}
	return sign + clock(total), true
}

// clock writes seconds as hours, minutes and seconds.
func clock(seconds *big.Rat) string {
	whole := new(big.Int).Quo(seconds.Num(), seconds.Denom())
	s := whole.Int64()
	rest := new(big.Rat).Sub(seconds, new(big.Rat).SetInt(whole))
	out := fmt.Sprintf("%02d:%02d:%02d", s/3600, s/60%60, s%60)
	if rest.Sign() != 0 {
		out += strings.TrimRight(strings.TrimPrefix(rest.FloatString(6), "0"), "0")
	}
	return out
}

func index(list []string, s string) int {
	for i, x := range list {
		if x == s {
			return i
		}
	}
	return -1
}

// intervalSum keeps + and - of intervals, and multiplies them by numbers.
func (l *lowering) intervalSum(e *ir.Binary) ir.Expr {
	if e.Op != ir.Mul {
		return build.Op(map[ir.BinaryOp]string{ir.Add: "+", ir.Sub: "-"}[e.Op], e, e.Type, code, e.L, e.R)
	}
	x, n := e.L, e.R
	if _, ok := n.TypeOf().(types.Interval); ok {
		x, n = n, x
	}
	if kindOf(n).whole() {
		return build.Op("*", e, e.Type, code, x, n)
	}
	if t := e.Type.(types.Interval); t.Months {
		return l.refuse(refusedExpression, e, "an interval of months times a number that may have a fraction")
	}
	return l.intervalTimes(e, x, n, false)
}

// intervalTimes multiplies an interval of days and seconds by a number, or divides it by one.
func (l *lowering) intervalTimes(e, x, n ir.Expr, divide bool) ir.Expr {
	args := []ir.Expr{x, decimalArgument(n)}
	if divide {
		args = append(args, build.Make(&ir.Bool{Value: true}, e, types.Type(types.Bool{}), code))
	}
	l.note(microseconds, e.Base().Span, "%s", e.Base().Span.Text())
	return l.helper("interval_times", e, args...)
}

// now is the time of day: of the statement, or of each call.
func (l *lowering) now(e *ir.Now) ir.Expr {
	if e.Zone == ir.ServerZone || e.Zone == ir.SessionZone {
		switch e.Kind.(type) {
		case types.DateTime:
			if e.Precision == 0 {
				return l.helper("sysdate", e)
			}
			return build.As(l.helper("systimestamp", e), "timestamp", e.Type, code)
		case types.Timestamp:
			return l.helper("systimestamp", e)
		}
	}
	return l.refuse(refusedExpression, e, "the time of day in this form")
}

// stamp makes a timestamp of a moment.
func (l *lowering) stamp(e ir.Expr) ir.Expr {
	if l.told(e) {
		return e
	}
	e = l.clock(e)
	if _, ok := e.TypeOf().(types.Timestamp); ok {
		return build.As(e, "timestamp", types.DateTime{Precision: 9}, code)
	}
	return e
}

func isDate(t types.Type) bool {
	d, ok := t.(types.DateTime)
	return ok && d.Precision == 0 && !d.Stamp
}

// dateFunction lowers the functions of dates; ok is false for others.
func (l *lowering) dateFunction(c *ir.Call) (ir.Expr, bool) {
	x := func(i int) ir.Expr { return c.Args[i] }
	switch c.Op {
	case op.OraSysDate:
		return l.helper("sysdate", c), true
	case op.OraSysTimestamp:
		return l.helper("systimestamp", c), true
	case op.OraLocalTimestamp:
		return build.As(l.helper("systimestamp", c), "timestamp", c.Type, code), true
	case op.OraAddDays:
		return l.addDays(c), true
	case op.OraDaysBetween:
		return l.daysBetween(c), true
	case op.OraSpan:
		a, b := l.instant(x(0)), l.instant(x(1))
		_, za := a.TypeOf().(types.Timestamp)
		_, zb := b.TypeOf().(types.Timestamp)
		if za != zb {
			if !za {
				a = build.As(a, "timestamptz", types.Timestamp{}, code)
			} else {
				b = build.As(b, "timestamptz", types.Timestamp{}, code)
			}
		}
		return l.helper("timestamp_diff", c, a, b), true
	case op.OraAddInterval:
		return build.Op(sign(c), c, c.Type, code, x(0), x(1)), true
	case op.OraAddMonthsSpan:
		i := x(1)
		if c.Word == "sub" {
			i = build.Make(&ir.Unary{Op: ir.Neg, X: i}, i, i.TypeOf(), code)
		}
		return l.helper("add_interval_months", c, x(0), i), true
	case op.OraTruncDate:
		return l.truncDate(c), true
	case op.OraRoundDate:
		return l.roundDate(c), true
	case op.OraAddMonths:
		return l.helper("add_months", c, l.stamp(x(0)), decimalArgument(x(1))), true
	case op.OraMonthsBetween:
		return l.helper("months_between", c, l.stamp(x(0)), l.stamp(x(1))), true
	case op.OraLastDay:
		return l.helper("last_day", c, l.stamp(x(0))), true
	case op.OraNextDay:
		return l.helper("next_day", c, l.stamp(x(0)), x(1)), true
	case op.OraExtract:
		return l.extract(c), true
	case op.OraFromTZ:
		return l.givenZone(c, l.helper("from_tz", c, l.stamp(x(0)), x(1))), true
	case op.OraUTC:
		return build.Op("AT TIME ZONE", c, c.Type, code, zoned(l.instant(x(0))), build.Text("UTC")), true
	case op.OraNewTime:
		return l.helper("new_time", c, l.stamp(x(0)), x(1), x(2)), true
	case op.OraTZOffset:
		return l.helper("tz_offset", c, x(0)), true
	case op.OraSessionZone:
		return l.helper("session_time_zone", c), true
	case op.OraNumToDSInterval:
		return l.helper("numtodsinterval", c, decimalArgument(x(0)), x(1)), true
	case op.OraNumToYMInterval:
		return l.helper("numtoyminterval", c, decimalArgument(x(0)), x(1)), true
	case op.OraToDSInterval:
		return l.helper("to_dsinterval", c, x(0)), true
	case op.OraToYMInterval:
		return l.helper("to_yminterval", c, x(0)), true
	}
	return nil, false
}

func zoned(e ir.Expr) ir.Expr {
	if _, ok := e.TypeOf().(types.Timestamp); ok {
		return e
	}
	return build.As(e, "timestamptz", types.Timestamp{}, code)
}

func sign(c *ir.Call) string {
	if c.Word == "sub" {
		return "-"
	}
	return "+"
}

// addDays: a number that is known becomes an interval, a whole one days, and all others go through a helper routine that rounds to seconds.
func (l *lowering) addDays(c *ir.Call) ir.Expr {
	d, n := l.dateOnly(c.Args[0]), c.Args[1]
	if isNull(d) || isNull(n) {
		return build.As(build.Null(c, c.Type), "timestamp", c.Type, code)
	}
	if v, ok := constant(n); ok {
		return build.Op(signOf(c, v), c, c.Type, code, d, span(v, n))
	}
	if unit, of := perUnit(n); unit != "" && kindOf(of).whole() {
		return build.Op(sign(c), c, c.Type, code, d, build.Op("*", n, types.Interval{}, code, of, intervalOf(unit, n)))
	}
	if c.Word == "sub" {
		n = build.Make(&ir.Unary{Op: ir.Neg, X: n}, n, n.TypeOf(), code)
	}
	return l.helper("date_add_days", c, d, decimalArgument(l.few(n)))
}

// dateOnly makes a DATE of a moment.
func (l *lowering) dateOnly(e ir.Expr) ir.Expr {
	if isDate(e.TypeOf()) || isNull(e) {
		return e
	}
	return build.Call("date_trunc", e, types.DateTime{}, code, build.Text("second"), l.stamp(e))
}

func intervalOf(text string, like ir.Expr) ir.Expr {
	return build.Make(&ir.Temporal{Kind: types.Interval{}, Value: text}, like, types.Type(types.Interval{}), code)
}

func signOf(c *ir.Call, v *big.Rat) string {
	if (c.Word == "sub") != (v.Sign() < 0) {
		return "-"
	}
	return "+"
}

// span is an interval of so many days, without sign, rounded to seconds: whole days as days (a DATE has no zone).
func span(days *big.Rat, like ir.Expr) ir.Expr {
	v := new(big.Rat).Abs(days)
	if v.IsInt() {
		if v.Cmp(big.NewRat(1, 1)) == 0 {
			return intervalOf("1 day", like)
		}
		return intervalOf(v.Num().String()+" days", like)
	}
	s := new(big.Rat).Mul(v, big.NewRat(86400, 1))
	s.Add(s, big.NewRat(1, 2))
	n := new(big.Int).Quo(s.Num(), s.Denom()).Int64()
	for _, u := range []struct {
		name string
		size int64
	}{{"hour", 3600}, {"minute", 60}} {
		if n%u.size == 0 && n > 0 {
			if n == u.size {
				return intervalOf("1 "+u.name, like)
			}
			return intervalOf(fmt.Sprintf("%d %ss", n/u.size, u.name), like)
		}
	}
	return intervalOf(fmt.Sprintf("%d seconds", n), like)
}

// perUnit tells n / 24 and the like: the unit and the number of it; n itself counts days.
func perUnit(n ir.Expr) (unit string, of ir.Expr) {
	l, r := n, ir.Expr(nil)
	switch x := n.(type) {
	case *ir.HelperCall:
		if x.Name == "divide" && len(x.Args) == 2 {
			l, r = x.Args[0], x.Args[1]
		}
	case *ir.Div:
		l, r = x.L, x.R
	}
	if r == nil {
		return "1 day", n
	}
	v, ok := constant(r)
	if !ok || !v.IsInt() {
		return "", nil
	}
	switch v.Num().Int64() {
	case 24:
		return "1 hour", l
	case 1440:
		return "1 minute", l
	case 86400:
		return "1 second", l
	}
	return "", nil
}

// daysBetween: whole days are a difference of dates.
func (l *lowering) daysBetween(c *ir.Call) ir.Expr {
	a, ok := wholeDay(c.Args[0])
	b, ok2 := wholeDay(c.Args[1])
	if ok && ok2 {
		return build.Op("-", c, c.Type, code, a, b)
	}
	return l.helper("days_between", c, l.stamp(c.Args[0]), l.stamp(c.Args[1]))
}

// wholeDay is the date of a moment at midnight; ok is false if it may have a time of day.
func wholeDay(e ir.Expr) (ir.Expr, bool) {
	switch x := e.(type) {
	case *ir.Temporal:
		if len(x.Value) == 10 {
			t := build.Make(&ir.Temporal{Kind: types.Date{}, Value: x.Value}, x, types.Date{}, code)
			return t, true
		}
	case *ir.TargetCall:
		if x.Name == "date_trunc" && len(x.Args) == 2 {
			if s, ok := x.Args[0].(*ir.String); ok {
				switch s.Value {
				case "day":
					return build.As(x.Args[1], "date", types.Date{}, code), true
				case "week", "month", "quarter", "year":
					return build.As(x, "date", types.Date{}, code), true
				}
			}
		}
	}
	return nil, false
}

var truncUnits = map[string]string{
	"YYYY": "year", "YEAR": "year", "SYYYY": "year", "SYEAR": "year", "YYY": "year", "YY": "year", "Y": "year", "RRRR": "year", "RR": "year", "Q": "quarter",
	"MM": "month", "MON": "month", "MONTH": "month", "RM": "month", "IW": "week", "DDD": "day", "DD": "day", "J": "day",
	"HH": "hour", "HH12": "hour", "HH24": "hour", "MI": "minute", "SS": "second",
}

// helperUnits are units of TRUNC and ROUND that only the helper routine has.
var helperUnits = map[string]bool{"CC": true, "SCC": true, "IYYY": true, "IYY": true, "IY": true, "I": true, "WW": true, "W": true, "DAY": true, "DY": true, "D": true}

func (l *lowering) truncDate(c *ir.Call) ir.Expr {
	x := l.stamp(c.Args[0])
	if isNull(x) {
		return build.As(build.Null(c, c.Type), "timestamp", c.Type, code)
	}
	if len(c.Args) == 1 {
		return l.target("date_trunc", c, build.Text("day"), x)
	}
	s, ok := c.Args[1].(*ir.String)
	if !ok {
		return l.helper("trunc_date", c, append([]ir.Expr{x, c.Args[1]}, l.firstDay("")...)...)
	}
	unit := strings.ToUpper(s.Value)
	if u := truncUnits[unit]; u != "" && unit != "SS" && unit != "RR" && unit != "RRRR" {
		return l.target("date_trunc", c, build.Text(u), x)
	}
	if !helperUnits[unit] {
		return l.refuse(refusedModel, c, "TRUNC to %q", s.Value)
	}
	return l.helper("trunc_date", c, append([]ir.Expr{x, s}, l.firstDay(unit)...)...)
}

func (l *lowering) roundDate(c *ir.Call) ir.Expr {
	x := l.stamp(c.Args[0])
	if isNull(x) {
		return build.As(build.Null(c, c.Type), "timestamp", c.Type, code)
	}
	if len(c.Args) == 1 {
		return l.target("date_trunc", c, build.Text("day"), build.Op("+", c, c.Type, code, x, intervalOf("12 hours", c)))
	}
	if s, ok := c.Args[1].(*ir.String); ok {
		unit := strings.ToUpper(s.Value)
		if !helperUnits[unit] && (truncUnits[unit] == "" || unit == "SS" || unit == "RR" || unit == "RRRR") {
			return l.refuse(refusedModel, c, "ROUND to %q", s.Value)
		}
		return l.helper("round_date", c, append([]ir.Expr{x, s}, l.firstDay(unit)...)...)
	}
	return l.helper("round_date", c, append([]ir.Expr{x, c.Args[1]}, l.firstDay("")...)...)
}

var weekDays = map[string]int64{"sunday": 0, "monday": 1, "friday": 5, "saturday": 6}

// weekStart is the first day of the week by the settings: that of America unless another is named.
func (l *lowering) weekStart() int64 {
	return weekDays[strings.ToLower(l.p.Settings["week-start"])]
}

// firstDay is the argument of routines that depend on the first day of the week, where it is not the default and the unit depends on it.
func (l *lowering) firstDay(unit string) []ir.Expr {
	d := l.weekStart()
	if d == 0 || unit != "" && unit != "DAY" && unit != "DY" && unit != "D" {
		return nil
	}
	return []ir.Expr{build.Int(d)}
}

// extract takes the part of a moment or interval. A moment with a zone tells its parts in UTC.
func (l *lowering) extract(c *ir.Call) ir.Expr {
	if c.Unit == "timezone_hour" || c.Unit == "timezone_minute" {
		return l.zonePart(c)
	}
	x := l.instant(c.Args[0])
	c.Args[0] = x
	if isNull(x) {
		return build.As(build.Null(c, c.Type), "numeric", c.Type, code)
	}
	switch c.Unit {
	case "year", "month", "day", "hour", "minute", "second":
	default:
		return l.refuse(refusedFunction, c, "EXTRACT of %s", strings.ToUpper(c.Unit))
	}
	switch x.TypeOf().(type) {
	case types.Interval:
		return l.helper("interval_part", c, x, build.Text(c.Unit))
	case types.Timestamp:
		c.Args[0] = build.Op("AT TIME ZONE", x, types.DateTime{Precision: 9}, code, x, build.Text("UTC"))
	}
	return c
}

// zonePart tells the hours and minutes of the zone of the moment of the call, which is that of the session; the target keeps no zone with other moments.
func (l *lowering) zonePart(c *ir.Call) ir.Expr {
	if v := l.knownZonePart(c); v != nil {
		return v
	}
	h, ok := c.Args[0].(*ir.HelperCall)
	if !ok || h.Name != "systimestamp" {
		return l.refuse(refusedFunction, c, "EXTRACT of %s of a moment that is not that of the call", strings.ToUpper(c.Unit))
	}
	return build.As(build.Call("date_part", c, types.Float{Bits: 64}, code, build.Text(c.Unit), h), "numeric", c.Type, code)
}

// atZone tells the clock of a zone: a timestamp without zone, as the target keeps no zone with a value.
func (l *lowering) atZone(e *ir.AtZone) ir.Expr {
	x := zoned(e.X)
	if isNull(e.X) {
		return build.As(e.X, "timestamp", e.Type, code)
	}
	var out ir.Expr
	switch z, literal := e.Zone.(*ir.String); {
	case e.Zone == nil:
		out = build.As(x, "timestamp", e.Type, code)
	case literal && zoneName.MatchString(z.Value):
		out = build.Op("AT TIME ZONE", e, e.Type, code, x, z)
	default:
		out = l.helper("at_zone", e, x, e.Zone)
	}
	l.clocks[out] = &clockOf{instant: x}
	return out
}

// clockOf is the instant of which the clock of a zone is told; used tells that what takes the clock needs no zone with it.
type clockOf struct {
	instant ir.Expr
	used    bool
}

var zoneName = regexp.MustCompile(`^(UTC|GMT|[A-Z][A-Za-z_]+/[A-Z][A-Za-z_/]+)$`)

// told takes the clock of a zone where only the clock counts.
func (l *lowering) told(e ir.Expr) bool {
	c := l.clocks[e]
	if c != nil {
		c.used = true
	}
	return c != nil
}

// instant is the moment itself where its zone does not matter.
func (l *lowering) instant(e ir.Expr) ir.Expr {
	if c := l.clocks[e]; c != nil {
		c.used = true
		return c.instant
	}
	return e
}

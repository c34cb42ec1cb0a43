package temporal

import (
	"regexp"
	"strings"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

var simpleUnits = map[string]op.Op{
	"year": op.Year, "quarter": op.Quarter, "month": op.Month, "day": op.DayOfMonth, "hour": op.Hour, "minute": op.Minute,
	"second": op.Second, "microsecond": op.Microsecond,
}

// masks write units of several parts as the digits of a number.
var masks = map[string]string{
	"year_month": "YYYYMM", "day_hour": "DDHH24", "day_minute": "DDHH24MI", "day_second": "DDHH24MISS", "hour_minute": "HH24MI",
	"hour_second": "HH24MISS", "minute_second": "MISS", "day_microsecond": "DDHH24MISSUS", "hour_microsecond": "HH24MISSUS",
	"minute_microsecond": "MISSUS", "second_microsecond": "SSUS",
}

func (l *lowering) extract(e *ir.Call) ir.Expr {
	if e.Unit == "epoch" {
		return e
	}
	clock := strings.HasPrefix(e.Unit, "hour") || strings.HasPrefix(e.Unit, "minute") || strings.HasPrefix(e.Unit, "second") || e.Unit == "microsecond"
	x, ok := l.temporalOf(e.Args[0], clock)
	if !ok || clock && quotedDay(e.Args[0]) {
		return l.refuse(e)
	}
	_, span := x.TypeOf().(types.Time)
	if o, ok := simpleUnits[e.Unit]; ok {
		c := build.Make(&ir.Call{Op: o, Name: e.Name, Args: []ir.Expr{x}}, e, e.Type, code)
		switch o {
		case op.Hour, op.Minute, op.Second, op.Microsecond:
			return l.signedPart(c, span && e.Word == op.Days)
		case op.DayOfMonth:
			if span && e.Word == op.Days {
				s := build.Make(&ir.Div{Kind: ir.DivTarget, L: epoch(e, x), R: build.Int(86400)}, e, types.Decimal{}, code)
				return build.As(build.Call("trunc", e, types.Decimal{}, code, s), "bigint", e.Type, code)
			}
		}
		if span {
			return l.refuse(e)
		}
		return c
	}
	if e.Unit == "week" && !span {
		return l.week(build.Make(&ir.Call{Op: op.Week, Name: e.Name, Args: []ir.Expr{x}}, e, e.Type, code))
	}
	mask := masks[e.Unit]
	switch {
	case mask == "", !l.shaped(e.Args[0]), strings.HasPrefix(e.Unit, "day") && lateDay(e.Args[0]):
		return l.refuse(e)
	case span:
		return l.spanDigits(e, x)
	}
	return build.As(build.Call("to_char", e, types.Text{}, code, x, build.Text(mask)), "bigint", e.Type, code)
}

// lateDay tells a computed date, or the literal of a date or moment: versions of the source see its time only, which has no day.
func lateDay(e ir.Expr) bool {
	if _, literal := e.(*ir.Temporal); literal {
		return true
	}
	_, date := e.TypeOf().(types.Date)
	_, name := e.(*ir.Name)
	return date && !name
}

// signedPart is a part of the time; EXTRACT keeps the sign of a duration. days tells that hours of a duration above 23 are days.
func (l *lowering) signedPart(c *ir.Call, days bool) ir.Expr {
	if _, span := c.Args[0].TypeOf().(types.Time); !span {
		return l.part(c)
	}
	if s, ok := c.Args[0].(*ir.Temporal); days && c.Op == op.Hour && !(ok && len(s.Value) > 2 && s.Value[2] == ':' && s.Value[:2] < "24") {
		return build.Call("mod", c, c.Type, code, c, build.Int(24))
	}
	return c
}

// spanDigits joins parts of a duration to one number, with its sign.
func (l *lowering) spanDigits(e *ir.Call, x ir.Expr) ir.Expr {
	dec := types.Decimal{Precision: 20, Scale: 6}
	h := l.p.Helper("time_number", e, x)
	h.Type = dec
	var n ir.Expr = h
	first, last, _ := strings.Cut(e.Unit, "_")
	switch {
	case first == "minute":
		n = build.Call("mod", e, dec, code, n, build.Int(10000))
	case first == "second":
		n = build.Call("mod", e, dec, code, n, build.Int(100))
	case first == "hour" && e.Word == op.Days:
		n = build.Call("mod", e, dec, code, n, build.Int(240000))
	case first != "hour":
		return l.refuse(e)
	}
	switch last {
	case "minute":
		n = build.Make(&ir.Div{Kind: ir.DivTarget, L: n, R: build.Int(100)}, e, dec, code)
	case "microsecond":
		n = build.Make(&ir.Binary{Op: ir.Mul, L: n, R: build.Int(1000000)}, e, dec, code)
	}
	return build.As(build.Call("trunc", e, dec, code, n), "bigint", e.Type, code)
}

var (
	dateText = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
	fullText = regexp.MustCompile(`^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d{1,6})?$`)
	timeText = regexp.MustCompile(`^-?\d{1,3}:\d{2}(:\d{2}(\.\d{1,6})?)?$`)
)

// hoursAbove is a time beyond the limit of the source.
var hoursAbove = regexp.MustCompile(`^-?(839|8[4-9]\d|9\d\d):\d{2}(:\d{2}(\.\d{1,6})?)?$`)

// temporalOf makes a date or time of a text: by the shape of a literal; other text becomes a time where that is wanted, else a date and time.
func (l *lowering) temporalOf(x ir.Expr, wantTime bool) (ir.Expr, bool) {
	switch x.TypeOf().(type) {
	case types.Date, types.DateTime, types.Timestamp, types.Time:
		return x, true
	case types.Text:
	default:
		return nil, false
	}
	s, ok := build.TextLiteral(x)
	switch {
	case ok && dateText.MatchString(s):
		return cast(x, types.Date{}), true
	case ok && fullText.MatchString(s):
		return cast(x, types.DateTime{Precision: digits(s)}), true
	case ok && timeText.MatchString(s), wantTime:
		return cast(x, types.Time{Precision: digits(s), Duration: true}), true
	}
	return cast(x, types.DateTime{Precision: 6}), true
}

func digits(s string) int {
	if i := strings.IndexByte(s, '.'); i >= 0 {
		return min(len(s)-i-1, 6)
	}
	return 0
}

// cast is a conversion by the source's rules, which the rule cast lowers; a plain literal becomes a literal.
func cast(x ir.Expr, t types.Type) ir.Expr {
	if s, ok := build.TextLiteral(x); ok {
		_, isTime := t.(types.Time)
		if !isTime || timeText.MatchString(s) {
			kind := t
			if d, ok := t.(types.DateTime); ok {
				kind = types.DateTime{Precision: d.Precision}
			}
			if valid(s, isTime) {
				return build.Make(&ir.Temporal{Kind: kind, Value: s}, x, t, code)
			}
		}
	}
	return build.Make(&ir.Cast{X: x, To: t, Fail: ir.FailNull, Implicit: true, TooLong: ir.CutLong}, x, t, code)
}

// spanOf is a value as a duration.
func (l *lowering) spanOf(e *ir.Call, x ir.Expr) (ir.Expr, bool) {
	switch x.TypeOf().(type) {
	case types.Time:
		return x, true
	case types.Text:
		if s, ok := build.TextLiteral(x); ok && hoursAbove.MatchString(s) { // the source's limit
			limit := strings.Repeat("-", strings.Count(s[:1], "-")) + "838:59:59"
			return cast(build.Make(build.Text(limit), x, types.Text{}, code), types.Time{Duration: true}), true
		}
		return cast(x, types.Time{Precision: literalDigits(x), Duration: true}), true
	case types.Int, types.Decimal:
		return cast(x, types.Time{Precision: 6, Duration: true}), true
	case types.DateTime, types.Timestamp, types.Date:
		return l.clock(e, x), true
	}
	return nil, false
}

func literalDigits(x ir.Expr) int {
	if s, ok := build.TextLiteral(x); ok {
		return digits(s)
	}
	return 6
}

// timeDiff subtracts two durations, or two moments.
func (l *lowering) timeDiff(e *ir.Call) ir.Expr {
	a, b := e.Args[0], e.Args[1]
	if !l.shaped(a) && !l.shaped(b) || isText(a) && isText(b) && (dateDigits(a) || dateDigits(b)) {
		return l.refuse(e) // two texts: dates or times?
	}
	if l.otherDays(a, b) || l.otherDays(b, a) {
		return build.Null(e, e.Type)
	}
	if !l.shaped(a) {
		b2, ok := l.temporalOf(b, false)
		if !ok {
			return l.refuse(e)
		}
		a = cast(a, spread(b2.TypeOf()))
	}
	if !l.shaped(b) {
		a2, ok := l.temporalOf(a, false)
		if !ok {
			return l.refuse(e)
		}
		b = cast(b, spread(a2.TypeOf()))
	}
	a, ok := l.temporalOf(a, false)
	b, ok2 := l.temporalOf(b, false)
	if !ok || !ok2 {
		return l.refuse(e)
	}
	_, ta := a.TypeOf().(types.Time)
	_, tb := b.TypeOf().(types.Time)
	switch {
	case ta && tb:
		return l.p.Helper("clamp_time", e, build.Make(&ir.Binary{Op: ir.Sub, L: a, R: b}, e, e.Type, code))
	case ta != tb && (isDay(e.Args[0]) || isDay(e.Args[1])):
		return l.refuse(e) // a date is read as a time here
	case ta != tb:
		return build.Null(e, e.Type)
	}
	d := build.Make(&ir.Binary{Op: ir.Sub, L: build.Moment(a, code), R: build.Moment(b, code)}, e, types.Interval{}, code)
	return l.p.Helper("seconds_time", e, epoch(e, d))
}

// otherDays tells that one is a date and the other one a moment, between which the source knows no difference.
func (l *lowering) otherDays(day, moment ir.Expr) bool {
	switch moment.TypeOf().(type) {
	case types.DateTime, types.Timestamp:
		return isDay(day)
	case types.Text:
		s, ok := build.TextLiteral(moment)
		_, date := day.TypeOf().(types.Date)
		return ok && date && strings.Contains(s, "-") && strings.Contains(s, ":")
	}
	return false
}

// quotedDay tells a text literal without a time of day.
func quotedDay(e ir.Expr) bool {
	switch x := e.(type) {
	case *ir.Cast:
		return quotedDay(x.X)
	case *ir.HelperCall:
		return len(x.Args) > 0 && quotedDay(x.Args[0])
	case *ir.String:
		return !strings.Contains(x.Value, ":")
	case *ir.Temporal:
		s := x.Span.Text()
		return s != "" && (s[0] == '\'' || s[0] == '"') && !strings.Contains(x.Value, ":")
	}
	return false
}

// isDay tells a date without a time of day, be it a text.
func isDay(e ir.Expr) bool {
	if _, ok := e.TypeOf().(types.Date); ok {
		return true
	}
	s, ok := build.TextLiteral(e)
	return ok && !strings.Contains(s, ":")
}

// shaped tells that it is known whether a value is a time or a moment.
func (l *lowering) shaped(x ir.Expr) bool {
	if _, text := x.TypeOf().(types.Text); !text {
		return true
	}
	s, ok := build.TextLiteral(x)
	return ok && (dateText.MatchString(s) || fullText.MatchString(s) || timeText.MatchString(s))
}

func isText(x ir.Expr) bool { _, text := x.TypeOf().(types.Text); return text }

// dateDigits tells a text like '2024-01-31', which is taken for a time of its first digits where a time or a moment may stand.
func dateDigits(x ir.Expr) bool {
	s, ok := build.TextLiteral(x)
	return ok && dateText.MatchString(s)
}

func spread(t types.Type) types.Type {
	if _, ok := t.(types.Time); ok {
		return types.Time{Precision: 6, Duration: true}
	}
	return types.DateTime{Precision: 6}
}

func (l *lowering) addTime(e *ir.Call) ir.Expr {
	x := e.Args[0]
	_, text := x.TypeOf().(types.Text)
	if text && (!l.shaped(x) || dateDigits(x)) {
		return l.refuse(e)
	}
	x, ok := l.temporalOf(x, false)
	t, ok2 := l.spanOf(e, e.Args[1])
	if !ok || !ok2 {
		return l.refuse(e)
	}
	o := ir.Add
	if e.Op == op.SubTime {
		o = ir.Sub
	}
	p := max(op.Precision(x.TypeOf()), op.Precision(t.TypeOf()))
	if text && p > 0 {
		p = 6
	}
	var rt types.Type = types.Time{Precision: p, Duration: true}
	if moment(x) {
		x, rt = build.Moment(x, code), types.DateTime{Precision: p}
		l.stays(e)
	}
	var sum ir.Expr = build.Make(&ir.Binary{Op: o, L: x, R: t}, e, rt, code)
	if !moment(sum) {
		sum = l.p.Helper("clamp_time", sum, sum)
		if changes(l.p.Unit) {
			l.p.Report(farTimes, e.Span, "the time %s is assumed to stay within 838:59:59", e.Span.Text())
		}
	}
	if !text {
		return sum
	}
	out := build.Make(&ir.Cast{X: sum, To: e.Type, Implicit: true, TooLong: ir.CutLong}, e, e.Type, code)
	if p == 0 {
		return out
	}
	// Text shows the fraction only when there is one.
	return build.Call("replace", e, e.Type, code, out, build.Text(".000000"), build.Text(""))
}

// changes tells a statement that stores values, where the source's strict mode takes no value out of range.
func changes(u *ir.Unit) bool {
	for _, s := range u.Stmts {
		switch s.(type) {
		case *ir.Insert, *ir.Update, *ir.Delete:
			return true
		}
	}
	return false
}

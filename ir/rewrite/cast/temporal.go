package cast

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/lateerrors"
	"godwit/ir/types"
)

// toTemporal reads text and numbers as dates and times, and converts between them.
func (l *lowering) toTemporal(e *ir.Cast) ir.Expr {
	if !types.IsTemporal(e.X.TypeOf()) && e.Fail != ir.FailError && !plainly(e.X) {
		l.note(reading, e, "texts and numbers that are read as dates or times are assumed to be some")
	}
	if _, isTime := e.To.(types.Time); isTime {
		return l.toTime(e)
	}
	switch from := e.X.TypeOf().(type) {
	case types.Text, types.Enum, types.Set, types.Binary:
		x, ok := l.readText(e)
		if !ok {
			return l.refuse(e)
		}
		return l.readMoment(e, x)
	case types.Int, types.Decimal, types.Float:
		if e.Fail == ir.FailError {
			if e.Store && build.IsFloat(e.X) {
				return l.refuse(e)
			}
			return l.fit(e, l.moment("strict_number_datetime", e, exact(e.X)))
		}
		return l.fit(e, l.moment("number_datetime", e, exact(e.X)))
	case types.Date, types.DateTime, types.Timestamp:
		return l.between(e, from)
	case types.Time:
		return l.fit(e, build.Op("+", e, types.DateTime{Precision: from.Precision}, code, today(e), e.X))
	}
	return l.refuse(e)
}

// plainly tells a text literal that is a date or time by its look, and numbers that are digits of one.
func plainly(e ir.Expr) bool {
	s, ok := build.TextLiteral(e)
	if !ok {
		n, number := e.(*ir.Number)
		return number && n.Kind == ir.IntNumber && (len(n.Text) == 8 || len(n.Text) == 14)
	}
	return strings.Trim(s, "0123456789:-. T/") == "" && strings.ContainsAny(s, ":-")
}

// readText is the text of which a date or time is read.
func (l *lowering) readText(e *ir.Cast) (ir.Expr, bool) {
	if s, ok := l.read(e); ok {
		return s, true
	}
	return l.asText(e)
}

func today(like ir.Expr) ir.Expr {
	now := build.Call("statement_timestamp", like, types.Timestamp{Precision: 6}, code)
	return build.As(now, "date", types.Date{}, code)
}

// moment calls a routine that yields a date and time with microseconds.
func (l *lowering) moment(name string, e *ir.Cast, args ...ir.Expr) ir.Expr {
	h := l.p.Helper(name, e, args...)
	h.Type = types.DateTime{Precision: 6}
	return h
}

func (l *lowering) readMoment(e *ir.Cast, x ir.Expr) ir.Expr {
	switch e.Fail {
	case ir.FailError:
		return l.fit(e, l.moment("strict_datetime", e, x))
	case ir.FailPrefix:
		if s, ok := build.TextLiteral(e.X); ok && s != "" && !strings.ContainsAny(s, "0123456789") {
			return l.refuse(e) // versions disagree: an error, or a comparison as text
		}
		return l.fit(e, l.moment("compared_datetime", e, x))
	case ir.FailClamp:
		if s, text := build.TextLiteral(e.X); !text || lateerrors.Misfit(e.X, e.To) || !dayText(s) {
			l.p.Report(zeroDate, e.Span, "a text that is no date becomes NULL")
		}
	}
	if _, date := e.To.(types.Date); date {
		return l.help("parse_date", e, x)
	}
	return l.fit(e, l.moment("parse_datetime", e, x))
}

var clockForm = regexp.MustCompile(`^\s*-?(\d+ )?\d+(:[0-5]?\d){0,2}(\.\d*)?$`)

var dayForm = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})([ T].*)?$`)

// dayText tells a text that begins with a day of the calendar.
func dayText(s string) bool {
	m := dayForm.FindStringSubmatch(s)
	if m == nil {
		return false
	}
	y, _ := strconv.Atoi(m[1])
	mon, _ := strconv.Atoi(m[2])
	d, _ := strconv.Atoi(m[3])
	t := time.Date(y, time.Month(mon), d, 0, 0, 0, 0, time.UTC)
	return t.Day() == d && int(t.Month()) == mon
}

// fit brings a date and time to the type and precision of the cast.
func (l *lowering) fit(e *ir.Cast, x ir.Expr) ir.Expr {
	switch t := e.To.(type) {
	case types.Date:
		return build.As(x, "date", t, code)
	case types.DateTime:
		return l.precise(e, x, t.Precision, t.Truncate, "timestamp")
	case types.Timestamp:
		return l.precise(e, x, t.Precision, t.Truncate, "timestamptz")
	}
	return l.refuse(e)
}

// wholeSeconds drops the fraction of a date and time or a time that becomes an integer, rounding or cutting it before.
func (l *lowering) wholeSeconds(e *ir.Cast) {
	var whole types.Type
	name := "timestamp(0)"
	switch e.X.TypeOf().(type) {
	case types.DateTime, types.Timestamp:
		whole = types.DateTime{}
	case types.Time:
		whole, name = types.Time{Duration: true}, "interval(0)"
	}
	if whole == nil || op.Precision(e.X.TypeOf()) == 0 {
		return
	}
	if e.Round == ir.RoundTruncate {
		e.X = l.cutFraction(e, e.X, 0)
		e.X.SetType(whole)
		return
	}
	if x := rounded(e, e.X, 0); x != nil {
		e.X = x
		return
	}
	e.X = build.As(e.X, name, whole, code)
}

// precise rounds or cuts the fraction of the second.
func (l *lowering) precise(e *ir.Cast, x ir.Expr, precision int, cut bool, name string) ir.Expr {
	lost := op.Precision(x.TypeOf()) > precision
	if lost && cut {
		x = l.cutFraction(e, x, precision)
		switch t := x.TypeOf().(type) { // it has no more digits, which counts where it becomes text
		case types.DateTime:
			t.Precision = precision
			x.SetType(t)
		case types.Timestamp:
			t.Precision = precision
			x.SetType(t)
		}
	}
	_, instant := x.TypeOf().(types.Timestamp)
	_, date := x.TypeOf().(types.Date)
	if op.Precision(x.TypeOf()) < precision && !e.Implicit && !e.Store {
		return build.Cast(x, e.To, code) // it shows more digits
	}
	switch {
	case lost && !cut:
		if y := rounded(e, x, precision); y != nil {
			return l.precise(e, y, precision, cut, name)
		}
		if !e.Store {
			return build.Cast(x, e.To, code)
		}
	}
	switch {
	case instant != (name == "timestamptz") || date:
		if e.Store {
			return x
		}
		return build.As(x, name, e.Type, code)
	}
	return x
}

// rounded rounds the fraction of a moment up from the half, which the target's cast does from 2000 on only; nil where that needs no care.
func rounded(e *ir.Cast, x ir.Expr, precision int) ir.Expr {
	unit := map[int][2]string{0: {"second", "0.5 seconds"}, 3: {"milliseconds", "0.0005 seconds"}}[precision]
	if unit[0] == "" {
		return nil
	}
	switch x := x.(type) {
	case *ir.Now:
		return nil
	case *ir.Temporal:
		if x.Value >= "2000" || !strings.HasSuffix(strings.TrimRight(x.Value, "0"), "5") {
			return nil
		}
	}
	half := build.Make(&ir.Temporal{Kind: types.Interval{}, Value: unit[1]}, e, types.Interval{}, code)
	t := x.TypeOf()
	sum := build.Make(&ir.Binary{Op: ir.Add, L: x, R: half}, e, t, code)
	switch m := t.(type) {
	case types.DateTime:
		m.Precision = precision
		t = m
	case types.Timestamp:
		m.Precision = precision
		t = m
	default:
		return nil
	}
	return build.Call("date_trunc", e, t, code, build.Text(unit[0]), sum)
}

// cutFraction drops digits of the fraction without rounding.
func (l *lowering) cutFraction(e *ir.Cast, x ir.Expr, precision int) ir.Expr {
	if _, span := x.TypeOf().(types.Time); span && precision != 0 && precision != 3 {
		seconds := build.Make(&ir.Call{Op: op.Extract, Name: "EXTRACT", Unit: "epoch", Args: []ir.Expr{x}}, e, types.Decimal{}, code)
		cut := build.Call("trunc", e, types.Decimal{}, code, seconds, build.Int(int64(precision)))
		one := build.Make(&ir.Temporal{Kind: types.Interval{}, Value: "1 second"}, e, types.Interval{}, code)
		return build.Make(&ir.Binary{Op: ir.Mul, L: cut, R: one}, e, e.Type, code)
	}
	return build.CutFraction(x, precision, code)
}

// between converts dates and times into one another.
func (l *lowering) between(e *ir.Cast, from types.Type) ir.Expr {
	_, fromDate := from.(types.Date)
	_, toDate := e.To.(types.Date)
	if n, ok := e.X.(*ir.Now); ok && toDate {
		n.Kind, n.Precision = types.Date{}, 0
		n.SetType(n.Kind)
		return n
	}
	if n, ok := e.X.(*ir.Now); ok && n.Zone == ir.SessionZone {
		if _, instant := e.To.(types.Timestamp); instant && !fromDate {
			n.Kind = types.Timestamp{Precision: n.Precision} // no need to tell it in the zone and back
			n.SetType(n.Kind)
		}
	}
	switch {
	case fromDate && toDate:
		return e.X
	case toDate && e.Store && e.Fail == ir.FailError:
		return e.X
	case toDate:
		return build.As(e.X, "date", e.Type, code)
	}
	return l.fit(e, e.X)
}

func (l *lowering) toTime(e *ir.Cast) ir.Expr {
	t, ok := e.To.(types.Time)
	if !ok {
		return l.refuse(e)
	}
	var x ir.Expr
	switch from := e.X.TypeOf().(type) {
	case types.Text, types.Enum, types.Set, types.Binary:
		s, ok := l.readText(e)
		if !ok {
			return l.refuse(e)
		}
		name := map[ir.CastFailure]string{ir.FailError: "strict_time", ir.FailPrefix: "compared_time"}[e.Fail]
		if name == "" {
			name = "parse_time"
		}
		if v, text := build.TextLiteral(e.X); e.Store && e.Fail == ir.FailClamp && text && !clockForm.MatchString(v) && !dayText(v) {
			l.p.Report(zeroDate, e.Span, "a text that is no time becomes NULL")
		}
		x = l.duration(name, e, s)
	case types.Int, types.Decimal, types.Float:
		name := "number_time"
		if e.Fail == ir.FailError {
			name = "strict_number_time"
		}
		x = l.duration(name, e, exact(e.X))
	case types.DateTime, types.Timestamp:
		clock := build.As(e.X, "time", types.Time{Precision: op.Precision(from)}, code)
		x = build.As(clock, "interval", types.Time{Precision: op.Precision(from), Duration: true}, code)
	case types.Date:
		clock := build.As(build.Moment(e.X, code), "time", types.Time{}, code)
		x = build.As(clock, "interval", types.Time{Duration: true}, code)
	case types.Time:
		x = e.X
	default:
		return l.refuse(e)
	}
	switch {
	case op.Precision(x.TypeOf()) < t.Precision && !e.Implicit && !e.Store:
		return build.Cast(x, t, code) // it shows more digits
	case op.Precision(x.TypeOf()) <= t.Precision:
		return x
	case t.Truncate || e.Round == ir.RoundTruncate:
		return l.cutFraction(e, x, t.Precision)
	case e.Store:
		return x
	}
	return build.Cast(x, t, code)
}

func (l *lowering) duration(name string, e *ir.Cast, args ...ir.Expr) ir.Expr {
	h := l.p.Helper(name, e, args...)
	h.Type = types.Time{Precision: 6, Duration: true}
	return h
}

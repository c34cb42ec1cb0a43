// Package temporal holds the rule for functions of dates and times.
package temporal

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

const code = "FN0300"

var refused = &diag.Code{
	ID: "FN0301", Title: "function of dates that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
	Doc: `The function is called with arguments for which there is no exact counterpart on PostgreSQL (MySQL Reference Manual, "Date and Time Functions"): text of which it
is not known whether it holds a date or a time, a locale, a unit that does not fit the type.`,
	Next: "give the argument a type by CAST, or write the expression by hand", Each: 0.2,
}

var noZero = &diag.Code{
	ID: "FN0302", Title: "days that do not exist", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `STR_TO_DATE lets days pass that do not exist (2024-02-30), and without the modes NO_ZERO_DATE and NO_ZERO_IN_DATE dates with parts that are zero
(MySQL Reference Manual, "Date and Time Functions"). PostgreSQL has no such dates; the converted code yields NULL. Assumed: the text holds proper dates.`,
}

var periods = &diag.Code{
	ID: "FN0306", Title: "numbers that are no periods", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `PERIOD_ADD and PERIOD_DIFF of a number that is no period (YYYYMM) are an error in MySQL 8 and a number in MariaDB (MySQL Reference Manual, "Date and Time Functions");
the converted code yields a number. Assumed: the numbers are periods. A sum before the year 0 is the number that MySQL 8 makes of it, with 64 bits; earlier versions and MariaDB have 32.`,
}

var systemZone = &diag.Code{
	ID: "FN0303", Title: "zone SYSTEM", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `SYSTEM is the zone of the source's server (MySQL Reference Manual, "MySQL Server Time Zone Support"); the converted code takes the zone of the session. Assumed: the
session has not set another one.`,
}

var namedZone = &diag.Code{
	ID: "FN0884", Title: "zones by name", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `CONVERT_TZ knows zones by name only where the time zone tables of the server have been filled, and is NULL otherwise (MySQL Reference Manual, "MySQL Server Time Zone Support").
PostgreSQL always knows them. Assumed: the tables are filled.`,
}

var farTimes = &diag.Code{
	ID: "FN0885", Title: "times beyond 838 hours in changes", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `ADDTIME and SUBTIME end on 838:59:59; in a statement that stores values the strict mode of the source makes an error of a sum beyond (MySQL Reference Manual, "The TIME Type"). The
converted code stores the end of the range. Assumed: no such sum occurs.`,
}

var farSeconds = &diag.Code{
	ID: "FN0304", Title: "seconds beyond 2038", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `UNIX_TIMESTAMP and FROM_UNIXTIME end on 2038-01-19 03:14:07 UTC or later, by version, and give 0 or NULL beyond (MySQL Reference Manual, "Date and Time
Functions"). PostgreSQL goes on. Assumed: no such moment occurs.`,
}

var beyond = &diag.Code{
	ID: "FN0305", Title: "moments beyond the year 9999", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `MySQL gives NULL when the sum of a moment and a time lies outside the years 0 to 9999 (MySQL Reference Manual, "Date and Time Functions", ADDTIME); PostgreSQL goes on.
Assumed: no sum leaves the years 1 to 9999.`,
}

// Rule is FN0300.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "temporal-functions",
		Doc: `Functions of dates and times (MySQL Reference Manual, "Date and Time Functions"): differences, weeks by mode, formats, Unix time, zones and durations. Literal formats become masks of
to_char where each part has one; other formats are interpreted by a helper routine.`,
		Fidelity: diag.Exact,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE t (a DATETIME, b DATETIME, d DATE);",
			Source: "SELECT DATEDIFF(b, a) AS x, DATE_FORMAT(a, '%d.%m.%Y') AS y, WEEK(d, 3) AS z, TIMESTAMPDIFF(HOUR, a, b) AS h, YEAR(d) AS w FROM t;",
			Target: `SELECT b::date - a::date AS x, to_char(a, 'DD.MM.YYYY') AS y, extract(week FROM d)::integer AS z,
trunc(extract(epoch FROM (b - a)) / 3600)::bigint AS h, extract(year FROM d)::integer AS w FROM t;`,
		}},
		Findings: []*diag.Code{refused, noZero, systemZone, namedZone, farTimes, farSeconds, beyond, periods},
		Looks:    ir.Kinds(ir.CallsTime, ir.HasArithmetic),
		Run: func(p *rewrite.Pass) {
			l := &lowering{p, fixed(p), false}
			p.Exprs(func(e ir.Expr) ir.Expr {
				switch e := e.(type) {
				case *ir.Call:
					return l.call(e)
				case *ir.Binary:
					return daysBetween(e)
				}
				return e
			})
		},
	}
}

type lowering struct {
	p *rewrite.Pass
	// fixed are the calls in expressions that must not depend on settings: to_char does, the helper routines do not.
	fixed map[*ir.Call]bool
	// far tells that the years that sums stay in have been told.
	far bool
}

// stays notes once that sums of moments are assumed to stay within the years that the source has.
func (l *lowering) stays(e *ir.Call) {
	if !l.far {
		l.far = true
		l.p.Report(beyond, e.Span, "sums of moments are assumed to stay within the years 1 to 9999")
	}
}

// fixed finds the calls in the expressions of generated columns and indexes.
func fixed(p *rewrite.Pass) map[*ir.Call]bool {
	out := map[*ir.Call]bool{}
	note := func(n ir.Node) bool {
		if c, ok := n.(*ir.Call); ok {
			out[c] = true
		}
		return true
	}
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.ColumnDef:
				if n.Generated != nil {
					ir.Walk(n.Generated, note)
				}
			case *ir.KeyPart:
				if n.Expr != nil {
					ir.Walk(n.Expr, note)
				}
			}
			return true
		})
	}
	return out
}

func (l *lowering) refuse(e *ir.Call) ir.Expr {
	rewrite.Refuse(l.p, refused, e.Span, "%s with arguments of this type", e.Name)
	return e
}

func (l *lowering) call(e *ir.Call) ir.Expr {
	for _, a := range e.Args {
		if _, null := a.(*ir.Null); null && isTemporalOp(e.Op) {
			return build.Null(e, e.Type)
		}
	}
	if l.foreignNames(e) {
		return l.refuse(e)
	}
	if ofDay(e.Op) {
		for i, a := range e.Args {
			e.Args[i] = today(a)
		}
	}
	if l.fixed[e] && (e.Op == op.DayName || e.Op == op.MonthName) {
		mask := map[op.Op]string{op.DayName: "%W", op.MonthName: "%M"}[e.Op]
		return l.p.Helper("date_format", e, build.Moment(e.Args[0], code), build.Text(mask))
	}
	switch e.Op {
	case op.LastDay:
		if _, date := e.Args[0].TypeOf().(types.Date); date {
			e.Args[0] = build.Moment(e.Args[0], code) // of a date, date_trunc would make an instant
		}
		return e
	case op.DateOf:
		return build.Day(e.Args[0], code)
	case op.TimeOf:
		return l.clock(e, e.Args[0])
	case op.TimestampOf:
		return l.timestamp(e)
	case op.Hour, op.Minute, op.Second, op.Microsecond:
		return l.part(e)
	case op.Week, op.YearWeek:
		return l.week(e)
	case op.DateDiff:
		return build.Make(&ir.Binary{Op: ir.Sub, L: build.Day(e.Args[0], code), R: build.Day(e.Args[1], code)}, e, types.Int{Bits: 32}, code)
	case op.TimestampDiff:
		return l.elapsed(e)
	case op.Extract:
		return l.extract(e)
	case op.TimeDiff:
		return l.timeDiff(e)
	case op.AddTime, op.SubTime:
		return l.addTime(e)
	case op.AddMonths:
		return build.Make(&ir.DateAdd{X: e.Args[0], Amount: e.Args[1], Unit: "month"}, e, e.Type, code)
	case op.DateFormat, op.TimeFormat, op.StrToDate, op.GetFormat:
		return l.format(e)
	case op.UnixTimestamp, op.FromUnixTime, op.ConvertTZ:
		return l.zone(e)
	}
	return l.number(e)
}

// ofDay tells the functions for which the time of day does not count.
func ofDay(o op.Op) bool {
	switch o {
	case op.DateOf, op.Year, op.Quarter, op.Month, op.DayOfMonth, op.DayOfWeek, op.Weekday, op.DayOfYear, op.WeekOfYear, op.Week, op.YearWeek,
		op.DayName, op.MonthName, op.LastDay, op.DateDiff, op.ToDays:
		return true
	}
	return false
}

// today is the current date in place of the current time.
func today(e ir.Expr) ir.Expr {
	n, ok := e.(*ir.Now)
	if _, moment := e.TypeOf().(types.DateTime); !ok || !moment {
		return e
	}
	return build.Make(&ir.Now{Kind: types.Date{}, At: n.At, Zone: n.Zone}, n, types.Date{}, "")
}

// foreignNames tells that names of days or months are wanted in another language than English.
func (l *lowering) foreignNames(e *ir.Call) bool {
	lang := l.p.Settings["lc-time-names"]
	if lang == "" || strings.HasPrefix(strings.ToLower(lang), "en_") {
		return false
	}
	switch e.Op {
	case op.DayName, op.MonthName:
		return true
	case op.DateFormat, op.FromUnixTime:
		s, ok := build.TextLiteral(e.Args[len(e.Args)-1])
		return len(e.Args) > 1 && (!ok || strings.Contains(s, "%M") || strings.Contains(s, "%W") || strings.Contains(s, "%a") || strings.Contains(s, "%b"))
	}
	return false
}

func isTemporalOp(o op.Op) bool { return len(o) > 5 && o[:5] == "time." && o != op.UnixTimestamp }

// number handles functions that make dates of numbers and numbers of dates.
func (l *lowering) number(e *ir.Call) ir.Expr {
	switch e.Op {
	case op.ToDays:
		return plus(e, minus(e, build.Day(e.Args[0], code), literalDate(e, firstDay)), 366)
	case op.ToSeconds:
		s := build.Call("trunc", e, types.Decimal{Precision: 20}, code, epoch(e, build.Moment(e.Args[0], code)))
		return build.As(plus(e, s, 62167219200), "bigint", e.Type, code)
	case op.FromDays:
		if v, ok := build.IntLiteral(e.Args[0]); ok && (v < 366 || v > 3652424) {
			return l.refuse(e)
		} else if !ok {
			l.p.Report(noZero, e.Span, "numbers of days below 366, which give the date 0000-00-00, are assumed not to occur")
		}
		if build.IsNumeric(e.Args[0]) || build.Width(e.Args[0]) == 0 && !constantOrCall(e.Args[0]) {
			return l.p.Helper("from_days", e, build.Bigint(e.Args[0], code))
		}
		return l.p.Helper("from_days", e, integers(e.Args)...)
	case op.MakeDate:
		return l.p.Helper("make_date_of_year", e, integers(e.Args)...)
	case op.MakeTime:
		return l.p.Helper("make_time_of", e, integers(e.Args[:1])[0], integers(e.Args[1:2])[0], numeric(e.Args[2]))
	case op.SecToTime:
		return l.p.Helper("seconds_time", e, numeric(e.Args[0]))
	case op.TimeToSec:
		t := l.clock(e, e.Args[0])
		x := epoch(e, t)
		if d, ok := e.Type.(types.Decimal); ok {
			return build.Cast(x, d, code)
		}
		if op.Precision(t.TypeOf()) > 0 {
			x = build.Call("trunc", e, types.Decimal{Precision: 10}, code, x)
		}
		return build.As(x, "bigint", e.Type, code)
	case op.PeriodAdd:
		if v, ok := build.IntLiteral(e.Args[0]); ok && (v <= 0 || v%100 == 0 || v%100 > 12) {
			return l.refuse(e)
		} else if !ok {
			l.p.Report(periods, e.Span, "%s is assumed to be a period", e.Args[0].Base().Span.Text())
		}
		return l.p.Helper("period_add", e, integers(e.Args)...)
	case op.PeriodDiff:
		for _, a := range e.Args {
			if v, ok := build.IntLiteral(a); ok && (v <= 0 || v%100 == 0 || v%100 > 12) {
				return l.refuse(e)
			} else if !ok {
				l.p.Report(periods, e.Span, "%s is assumed to be a period", a.Base().Span.Text())
			}
		}
		args := integers(e.Args)
		return build.Make(&ir.Binary{Op: ir.Sub, L: l.p.Helper("period_months", e, args[0]), R: l.p.Helper("period_months", e, args[1])}, e, e.Type, code)
	}
	return e
}

// integers are numbers of which those that are decimals on the target become integers.
// constantOrCall tells what is an integer on the target though its width is not known.
func constantOrCall(e ir.Expr) bool {
	_, call := e.(*ir.Call)
	return call || build.IsConstant(e)
}

func integers(list []ir.Expr) []ir.Expr {
	out := make([]ir.Expr, len(list))
	for i, x := range list {
		out[i] = x
		if t, ok := x.TypeOf().(types.Int); ok && t.Unsigned && t.Bits == 64 && build.Width(x) == 0 {
			most := &ir.Number{Text: "9223372036854775807"}
			most.Type = types.Int{Bits: 64}
			out[i] = build.Bigint(build.If(build.Compare(ir.Gt, x, most, x, code), most, ir.Clone(x), x, x.TypeOf(), code), code)
		} else if m, mod := x.(*ir.Mod); mod && ok && build.Width(m) == 0 {
			out[i] = build.Bigint(x, code) // of an unsigned divisor, which is a decimal on the target
		}
	}
	return out
}

const firstDay = "0001-01-01"

// daysBetween makes a difference of dates of TO_DAYS(a) - TO_DAYS(b).
func daysBetween(e *ir.Binary) ir.Expr {
	if e.Op != ir.Sub {
		return e
	}
	a, b := dayOf(e.L), dayOf(e.R)
	if a == nil || b == nil {
		return e
	}
	return build.Make(&ir.Binary{Op: ir.Sub, L: a, R: b}, e, types.Int{Bits: 32}, code)
}

// dayOf is the date behind a day number that this rule made; nil if it is none.
func dayOf(e ir.Expr) ir.Expr {
	sum, ok := e.(*ir.Binary)
	if !ok || sum.Op != ir.Add {
		return nil
	}
	diff, ok := sum.L.(*ir.Binary)
	if n, number := build.IntLiteral(sum.R); !ok || !number || n != 366 || diff.Op != ir.Sub {
		return nil
	}
	if d, ok := diff.R.(*ir.Temporal); !ok || d.Value != firstDay {
		return nil
	}
	return diff.L
}

func numeric(x ir.Expr) ir.Expr {
	if build.IsFloat(x) {
		return build.As(x, "numeric", x.TypeOf(), code)
	}
	return x
}

func literalDate(like ir.Expr, s string) ir.Expr {
	return build.Make(&ir.Temporal{Kind: types.Date{}, Value: s}, like, types.Date{}, code)
}

func minus(like, a, b ir.Expr) ir.Expr {
	return build.Make(&ir.Binary{Op: ir.Sub, L: a, R: b}, like, types.Int{Bits: 32}, code)
}

func plus(like, a ir.Expr, n int64) ir.Expr {
	return build.Make(&ir.Binary{Op: ir.Add, L: a, R: build.Int(n)}, like, like.TypeOf(), code)
}

// epoch is the length of a span in seconds, or a moment's distance from 1970.
func epoch(like, x ir.Expr) ir.Expr {
	return build.Make(&ir.Call{Op: op.Extract, Name: "EXTRACT", Unit: "epoch", Args: []ir.Expr{x}}, like, types.Decimal{Precision: 20, Scale: 6}, code)
}

// clock is the time part of a value as a span.
func (l *lowering) clock(e *ir.Call, x ir.Expr) ir.Expr {
	t := types.Time{Precision: op.Precision(x.TypeOf()), Duration: true}
	switch x.TypeOf().(type) {
	case types.Time:
		return x
	case types.Date, types.DateTime, types.Timestamp:
		if _, date := x.TypeOf().(types.Date); date {
			x = build.Moment(x, code)
		}
		return build.As(build.As(x, "time", t, code), "interval", t, code)
	}
	return l.refuse(e)
}

func (l *lowering) timestamp(e *ir.Call) ir.Expr {
	x := build.Moment(e.Args[0], code)
	if len(e.Args) == 1 {
		return x
	}
	l.stays(e)
	return build.Make(&ir.Binary{Op: ir.Add, L: x, R: l.clock(e, e.Args[1])}, e, e.Type, code)
}

// part is one part of the time; of a negative duration it has no sign.
func (l *lowering) part(e *ir.Call) ir.Expr {
	switch e.Args[0].TypeOf().(type) {
	case types.Date:
		e.Args[0] = build.Moment(e.Args[0], code)
		return e
	case types.Time:
		inner := build.Make(&ir.Call{Op: e.Op, Name: e.Name, Args: e.Args}, e, e.Type, code)
		return build.Call("abs", e, e.Type, code, inner)
	case types.DateTime, types.Timestamp:
		return e
	}
	return l.refuse(e)
}

func (l *lowering) week(e *ir.Call) ir.Expr {
	mode, known := int64(0), true
	if len(e.Args) > 1 {
		mode, known = build.IntLiteral(e.Args[1])
	} else if v := l.p.Settings["default-week-format"]; len(v) == 1 && v[0] >= '0' && v[0] <= '7' && e.Op == op.Week {
		mode = int64(v[0] - '0')
	}
	day := build.Day(e.Args[0], code)
	switch {
	case known && e.Op == op.Week && mode == 3:
		return build.Make(&ir.Call{Op: op.WeekOfYear, Name: e.Name, Args: e.Args[:1]}, e, e.Type, code)
	case known && e.Op == op.YearWeek && (mode == 1 || mode == 3):
		if !l.fixed[e] {
			return build.As(build.Call("to_char", e, types.Text{}, code, e.Args[0], build.Text("IYYYIW")), "integer", e.Type, code)
		}
	}
	m := build.Int(mode)
	if len(e.Args) > 1 && known {
		m = e.Args[1]
	} else if len(e.Args) > 1 {
		m = build.Call("coalesce", e, types.Int{Bits: 64}, code, e.Args[1], build.Int(0))
	}
	if e.Op == op.Week {
		return l.p.Helper("week", e, day, m)
	}
	return l.p.Helper("year_week", e, day, m)
}

var seconds = map[string]int64{"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}

// elapsed is TIMESTAMPDIFF: whole units from the first to the second moment, toward zero.
func (l *lowering) elapsed(e *ir.Call) ir.Expr {
	a, b := e.Args[0], e.Args[1]
	_, da := a.TypeOf().(types.Date)
	_, db := b.TypeOf().(types.Date)
	if e.Unit == "day" && da && db {
		return minus(e, b, a)
	}
	if !moment(a) || !moment(b) {
		return l.refuse(e)
	}
	a, b = build.Moment(a, code), build.Moment(b, code)
	switch e.Unit {
	case "month", "quarter", "year":
		h := l.p.Helper("month_diff", e, a, b)
		n := map[string]int64{"month": 1, "quarter": 3, "year": 12}[e.Unit]
		if n == 1 {
			return h
		}
		return build.Make(&ir.Div{Kind: ir.DivTarget, L: h, R: build.Int(n)}, e, e.Type, code)
	}
	s := epoch(e, build.Make(&ir.Binary{Op: ir.Sub, L: b, R: a}, e, types.Interval{}, code))
	if e.Unit == "microsecond" {
		return build.As(build.Make(&ir.Binary{Op: ir.Mul, L: s, R: build.Int(1000000)}, e, e.Type, code), "bigint", e.Type, code)
	}
	n, ok := seconds[e.Unit]
	if !ok {
		return l.refuse(e)
	}
	if n > 1 {
		s = build.Make(&ir.Div{Kind: ir.DivTarget, L: s, R: build.Int(n)}, e, types.Decimal{}, code)
	}
	return build.As(build.Call("trunc", e, types.Decimal{}, code, s), "bigint", e.Type, code)
}

func moment(e ir.Expr) bool {
	switch e.TypeOf().(type) {
	case types.Date, types.DateTime, types.Timestamp:
		return true
	}
	return false
}

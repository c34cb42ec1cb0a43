package temporal

import (
	"regexp"
	"strings"
	"time"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

// wholeTime is a time within the range of the source, with all of its parts.
var wholeTime = regexp.MustCompile(`^-?([0-7]?\d{1,2}|8[0-2]\d|83[0-8]):[0-5]\d:[0-5]\d(\.\d+)?$`)

func valid(s string, isTime bool) bool {
	if isTime {
		return wholeTime.MatchString(s)
	}
	layout := "2006-01-02"
	if len(s) > 10 {
		layout = "2006-01-02 15:04:05"
	}
	_, err := time.Parse(layout, s)
	return err == nil
}

// parts are the masks of to_char for the parts of a format.
var parts = map[byte]string{
	'Y': "YYYY", 'y': "YY", 'm': "MM", 'c': "FMMM", 'd': "DD", 'e': "FMDD", 'H': "HH24", 'k': "FMHH24", 'h': "HH12", 'I': "HH12", 'l': "FMHH12",
	'i': "MI", 's': "SS", 'S': "SS", 'f': "US", 'p': "AM", 'M': "FMMonth", 'b': "Mon", 'W': "FMDay", 'a': "Dy", 'j': "DDD", 'T': "HH24:MI:SS",
	'r': "HH12:MI:SS AM", 'v': "IW", 'x': "IYYY", 'D': "FMDDth",
}

// mask turns a format into a mask of to_char; ok is false when a part has none.
func mask(format string) (string, bool) {
	var out, plain strings.Builder
	flush := func() {
		if s := plain.String(); s != "" {
			if strings.ContainsFunc(s, func(r rune) bool {
				return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '"' || r == '\\' || r > 127
			}) {
				s = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
			}
			out.WriteString(s)
			plain.Reset()
		}
	}
	for i := 0; i < len(format); i++ {
		c := format[i]
		if c != '%' || i+1 == len(format) {
			plain.WriteByte(c)
			continue
		}
		i++
		m, ok := parts[format[i]]
		switch {
		case ok:
			flush()
			out.WriteString(m)
		case strings.IndexByte("UuVXw", format[i]) >= 0:
			return "", false
		default:
			plain.WriteByte(format[i])
		}
	}
	flush()
	return out.String(), true
}

func (l *lowering) format(e *ir.Call) ir.Expr {
	switch e.Op {
	case op.GetFormat:
		return l.standard(e)
	case op.StrToDate:
		return l.read(e)
	case op.TimeFormat:
		if s, ok := build.TextLiteral(e.Args[1]); ok && partsOfDate.MatchString(s) {
			return l.refuse(e) // zeros or NULL, by version
		}
		t := l.clock(e, e.Args[0])
		return l.p.Helper("time_format", e, t, e.Args[1])
	}
	if len(e.Args) > 2 || !moment(e.Args[0]) {
		return l.refuse(e)
	}
	return l.write(e, e.Args[0], e.Args[1])
}

var partsOfDate = regexp.MustCompile(`%[abcDdejMmUuVvWwXxYy]`)

func (l *lowering) write(e *ir.Call, x, format ir.Expr) ir.Expr {
	if s, ok := build.TextLiteral(format); ok {
		if m, ok := mask(s); ok && !l.fixed[e] {
			return build.Call("to_char", e, e.Type, code, x, build.Text(m))
		}
	}
	return l.p.Helper("date_format", e, build.Moment(x, code), format)
}

// read is STR_TO_DATE: the type follows a literal format.
func (l *lowering) read(e *ir.Call) ir.Expr {
	t := e.Type
	s, known := build.TextLiteral(e.Args[1])
	if known {
		t = op.StrToDateType(s)
	}
	if _, clock := t.(types.Time); clock && e.Word == op.NeedsDate {
		return build.Null(e, t)
	}
	l.p.Report(noZero, e.Span, "STR_TO_DATE gives NULL for days that do not exist")
	h := l.p.Helper("str_to_date", e, e.Args...)
	h.Type = types.DateTime{Precision: 6}
	switch t.(type) {
	case types.Date:
		return build.As(h, "date", t, code)
	case types.Time:
		return build.As(build.As(h, "time", t, code), "interval", t, code)
	}
	h.Type = t
	return h
}

var standards = map[string]map[string]string{
	"date":     {"USA": "%m.%d.%Y", "JIS": "%Y-%m-%d", "ISO": "%Y-%m-%d", "EUR": "%d.%m.%Y", "INTERNAL": "%Y%m%d"},
	"time":     {"USA": "%h:%i:%s %p", "JIS": "%H:%i:%s", "ISO": "%H:%i:%s", "EUR": "%H.%i.%s", "INTERNAL": "%H%i%s"},
	"datetime": {"USA": "%Y-%m-%d %H.%i.%s", "JIS": "%Y-%m-%d %H:%i:%s", "ISO": "%Y-%m-%d %H:%i:%s", "EUR": "%Y-%m-%d %H.%i.%s", "INTERNAL": "%Y%m%d%H%i%s"},
}

func (l *lowering) standard(e *ir.Call) ir.Expr {
	word := e.Word
	if word == "timestamp" {
		word = "datetime"
	}
	s, ok := build.TextLiteral(e.Args[0])
	if !ok || standards[word] == nil {
		return l.refuse(e)
	}
	f, ok := standards[word][strings.ToUpper(s)]
	if !ok {
		return build.Null(e, e.Type)
	}
	return build.Make(&ir.String{Value: f}, e, e.Type, code)
}

// zone handles the functions that depend on the session's zone.
func (l *lowering) zone(e *ir.Call) ir.Expr {
	switch e.Op {
	case op.ConvertTZ:
		for _, a := range e.Args[1:] {
			if s, ok := build.TextLiteral(a); ok && strings.EqualFold(s, "SYSTEM") {
				l.p.Report(systemZone, e.Span, "SYSTEM is taken for the zone of the session")
			} else if ok && s != "" && s[0] != '+' && s[0] != '-' {
				l.p.Report(namedZone, e.Span, "the time zone tables of the source are assumed to be filled")
			}
		}
		return l.p.Helper("convert_tz", e, build.Moment(e.Args[0], code), e.Args[1], e.Args[2])
	case op.FromUnixTime:
		return l.fromUnix(e)
	}
	if len(e.Args) == 0 {
		now := build.Call("statement_timestamp", e, types.Timestamp{Precision: 6}, code)
		return build.As(build.Call("trunc", e, types.Decimal{}, code, epoch(e, now)), "bigint", e.Type, code)
	}
	x := e.Args[0]
	if !moment(x) {
		return l.refuse(e)
	}
	s := epoch(e, x)
	if mayBeFar(x) {
		l.p.Report(farSeconds, e.Span, "%s is assumed to be of a moment before 2038-01-19 03:14:08", e.Span.Text())
	}
	if _, ok := x.TypeOf().(types.Timestamp); !ok {
		inRange := since1970(x)
		if c, ok := x.(*ir.Cast); ok && e.Word != op.OrNull && c.Implicit && c.Fail == ir.FailNull {
			c.Fail = ir.FailPrefix // what is no date gives 0
		}
		x = build.As(x, "timestamptz", types.Timestamp{Precision: op.Precision(x.TypeOf())}, code)
		s = epoch(e, x)
		if !inRange {
			args := []ir.Expr{x}
			if e.Word != op.OrNull {
				args = append(args, build.Int(0))
			}
			s = l.p.Helper("unix_time", s, args...)
		}
	}
	if t, ok := e.Type.(types.Decimal); ok {
		return build.Cast(s, t, code)
	}
	return build.As(s, "bigint", e.Type, code)
}

// mayBeFar tells that a moment may be beyond 2038-01-19: anything but a TIMESTAMP, which ends there, the current time, and earlier literals.
func mayBeFar(x ir.Expr) bool {
	switch x := x.(type) {
	case *ir.Now:
		return false
	case *ir.Temporal:
		return len(x.Value) >= 4 && x.Value[:4] >= "2038"
	}
	_, instant := x.TypeOf().(types.Timestamp)
	return !instant
}

// since1970 tells that a moment is surely not before 1970-01-02: the current time, or a literal.
func since1970(x ir.Expr) bool {
	switch x := x.(type) {
	case *ir.Now:
		return true
	case *ir.Temporal:
		return len(x.Value) >= 10 && x.Value[4] == '-' && x.Value[:10] > "1970-01-01"
	}
	return false
}

func (l *lowering) fromUnix(e *ir.Call) ir.Expr {
	var x ir.Expr
	n := e.Args[0]
	if v, ok := build.IntLiteral(n); !ok || v > 1<<31-1 {
		l.p.Report(farSeconds, e.Span, "%s is assumed to be in the range of the source", e.Span.Text())
	}
	if v, ok := build.IntLiteral(n); ok && v >= 0 {
		x = build.As(build.Call("to_timestamp", e, types.Timestamp{}, code, n), "timestamp", types.DateTime{}, code)
	} else {
		x = l.p.Helper("from_unix_time", e, numeric(n))
	}
	p := 0
	if !build.IsInt(n) {
		p = 6
	}
	x.SetType(types.DateTime{Precision: p})
	if len(e.Args) > 1 {
		return l.write(e, x, e.Args[1])
	}
	return x
}

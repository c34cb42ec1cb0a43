package builtins

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

// cast lowers a conversion.
func (l *lowering) cast(c *ir.Cast) ir.Expr {
	x := c.X
	if c.OnError != nil {
		return l.castOr(c)
	}
	if isNull(x) {
		if sql, ok := l.p.Lower.TypeSQL(c.To); ok && !c.Implicit {
			return build.As(x, sql, c.To, code)
		}
		x.SetType(c.To)
		return x
	}
	switch t := c.To.(type) {
	case types.Text:
		return l.toText(c, x, t)
	case types.Decimal, types.Int, types.Float:
		return l.toNumber(c, x)
	case types.DateTime, types.Timestamp:
		return l.toMoment(c, x)
	case types.Interval:
		return l.toInterval(c, x, t)
	case types.Binary:
		if isText(x) {
			return l.helper("hextoraw", c, x)
		}
		return x
	case types.Bool, types.XML, types.Named, types.Array, types.JSON:
		if sql, ok := l.p.Lower.TypeSQL(c.To); ok {
			return build.As(x, sql, c.To, code)
		}
	}
	return c // records, collections and objects are another rule's concern
}

// toText: numbers without leading and trailing zeros, moments by the session's format; an explicit cast cuts.
func (l *lowering) toText(c *ir.Cast, x ir.Expr, t types.Text) ir.Expr {
	out := x
	switch from := x.TypeOf().(type) {
	case types.Text:
		out = l.textToText(c, x, t)
		if c.Implicit {
			return out
		}
	case types.Decimal, types.Int:
		out = l.numberText(x, c)
	case types.Float:
		out = l.helper("float_text", c, x)
	case types.DateTime, types.Timestamp:
		out = l.momentText(c, x, c.Mask)
	case types.Interval:
		out = l.intervalText(c, x, from)
	case types.Binary:
		out = l.helper("rawtohex", c, x)
	case types.JSON:
		if out = build.As(x, "text", varchar(0), code); !c.Implicit {
			out = l.helper("json_compact", c, build.As(x, "json", from, code))
		}
	default:
		return l.refuse(refusedConversion, c, "%s to text", c.X.TypeOf())
	}
	out.SetType(varchar(0))
	if c.Implicit || t.N == 0 {
		return out
	}
	others := !l.othersFit(c, x, t.N)
	if others {
		l.note(tooShort, c.Span, "%s", c.Span.Text())
	}
	if others || !l.digitsFit(x, t.N) {
		out = l.helper("cast_number", c, out, build.Int(int64(t.N)))
		out.SetType(varchar(0))
		if !t.Fixed {
			return out
		}
	}
	if t.Fixed {
		return build.Call("rpad", c, types.Text{N: t.N, Fixed: true, EmptyIsNull: true}, code, out, build.Int(int64(t.N)))
	}
	return build.As(out, fmt.Sprintf("varchar(%d)", t.N), t, code)
}

// intervalText is an interval as text. Its type tells the digits in front and of a second: computed ones have nine.
func (l *lowering) intervalText(c *ir.Cast, x ir.Expr, from types.Interval) ir.Expr {
	digits := cmp.Or(from.Digits, 2)
	switch {
	case from.Months && digits == 2:
		return l.helper("interval_ym_text", c, x)
	case from.Months:
		return l.helper("interval_ym_text", c, x, build.Int(int64(digits)))
	}
	return l.helper("interval_ds_text", c, x, build.Int(int64(digits)), build.Int(int64(from.Precision)))
}

func varchar(n int) types.Type { return types.Text{N: n, EmptyIsNull: true} }

// textToText: a CHAR keeps its blanks, a text that is too long is an error even if only by blanks that are seen, and a CLOB without characters is NULL as VARCHAR2.
func (l *lowering) textToText(c *ir.Cast, x ir.Expr, t types.Text) ir.Expr {
	if t.EmptyIsNull && isLOB(x) && !filledText(x) {
		return l.filled(x, c)
	}
	n := textLength(c.X)
	if fixed(x) > 0 && (!t.Fixed || n > t.N) {
		x = l.blanks(x)
	}
	if c.Store && c.TooLong == ir.ErrorLong && t.N > 0 && (n == 0 || n > t.N) {
		return l.helper("fitting", c, x, build.Int(int64(t.N)))
	}
	return x
}

// textLength is how long a text is at most, 0 if that is not known.
func textLength(e ir.Expr) int {
	if s, ok := e.(*ir.String); ok {
		return len([]rune(s.Value))
	}
	t, _ := e.TypeOf().(types.Text)
	return t.N
}

// filledText tells a text that has a character: one that is written with others.
func filledText(e ir.Expr) bool {
	switch e := ir.Bare(e).(type) {
	case *ir.String:
		return e.Value != ""
	case *ir.Concat:
		return slices.ContainsFunc(e.Args, filledText)
	case *ir.TargetCall:
		return e.Name == "concat" && slices.ContainsFunc(e.Args, filledText)
	}
	return false
}

// numberText is a number as text: an integer as it is, all others without zeros that say nothing.
func (l *lowering) numberText(x, like ir.Expr) ir.Expr {
	if kindOf(x).whole() {
		if n, ok := x.(*ir.Number); ok && n.Kind == ir.IntNumber {
			s := build.Text(strings.TrimLeft(n.Text, "0"))
			if s.Value == "" {
				s.Value = "0"
			}
			s.Span = n.Span
			return s
		}
		return build.As(x, "text", varchar(0), code)
	}
	if d, ok := x.TypeOf().(types.Decimal); ok && d.Precision > 0 && d.Scale == 0 {
		if _, name := x.(*ir.Name); name {
			return build.As(x, "text", varchar(0), code)
		}
	}
	return build.Make(l.p.Helper("to_text", like, numericUnsure(x)), like, varchar(0), "")
}

// momentText is a moment as text by a model.
func (l *lowering) momentText(like ir.Expr, x ir.Expr, model string) ir.Expr {
	if l.told(x) && strings.Contains(strings.ToUpper(model), "TZ") {
		return l.refuse(refusedModel, like, "the format model %q of a moment of another zone", model)
	}
	model, known := l.zoneModel(x, model)
	if !known || ofZone(model) {
		return l.refuse(refusedModel, like, "the format model %q, which names the zone of a moment", model)
	}
	model = digitsOf(model, x.TypeOf())
	x = l.clock(x)
	if out, ok := targetModel(model, l.weekStart() == 0); ok {
		return build.Call("to_char", like, varchar(0), code, x, build.Text(out))
	}
	if _, unknown := elements(model); unknown != "" {
		return l.refuse(refusedModel, like, "the format model %q: %q is no element", model, unknown)
	}
	return build.Make(l.p.Helper("to_char", like, append([]ir.Expr{x, build.Text(model)}, l.modelDay(model)...)...), like, varchar(0), "")
}

// digitsOf names the digits of FF: as many as the type of the moment has.
func digitsOf(model string, t types.Type) string {
	list, _ := elements(model)
	n, none := 9, false
	switch t := t.(type) {
	case types.DateTime:
		n, none = t.Precision, t.Stamp // TIMESTAMP(0) has no digits to show
	case types.Timestamp:
		n = t.Precision
	}
	if (n < 1 || n > 9) && !none {
		return model
	}
	var b strings.Builder
	for _, e := range list {
		if none && e.name == "FF" {
			continue
		}
		b.WriteString(e.text)
		if e.name == "FF" {
			b.WriteString(strconv.Itoa(n))
		}
	}
	return b.String()
}

// ofZone tells a model with the name of a zone, which the target does not keep with a moment.
func ofZone(model string) bool {
	list, _ := elements(model)
	for _, e := range list {
		if e.name == "TZR" || e.name == "TZD" {
			return true
		}
	}
	return false
}

// modelDay is the first day of the week for models with D.
func (l *lowering) modelDay(model string) []ir.Expr {
	if d := l.weekStart(); d != 0 && strings.Contains(strings.ToUpper(model), "D") {
		return []ir.Expr{build.Int(d)}
	}
	return nil
}

var plainNumber = regexp.MustCompile(`^\s*([+-]?)(\d+\.?\d*|\.\d+)\s*$`)

// toNumber converts texts and numbers to a kind of number.
func (l *lowering) toNumber(c *ir.Cast, x ir.Expr) ir.Expr {
	out := x
	if isText(x) {
		if t, ok := c.To.(types.Float); ok {
			out = l.helper("to_binary_double", c, x)
			if t.Bits == 32 {
				out = build.As(out, "real", c.To, code)
			}
			return out
		}
		out = l.readNumber(c, x)
		if h, ok := out.(*ir.HelperCall); ok && l.taken[c] && h.Name == "to_number" {
			out = build.Make(l.p.Helper("plsql_number", h, h.Args...), h, h.Type, "")
		}
	} else if !types.IsNumeric(x.TypeOf()) {
		return l.refuse(refusedConversion, c, "%s to a number", x.TypeOf())
	}
	switch t := c.To.(type) {
	case types.Float:
		if f, ok := x.TypeOf().(types.Float); ok && f.Bits == t.Bits {
			return x
		}
		if in, ok := out.(*ir.Cast); ok && in.Target {
			if n, ok := in.X.(*ir.Number); ok && n.Kind == ir.FloatNumber { // 1.5f
				return build.Cast(n, t, code)
			}
		}
		return build.Cast(out, t, code)
	case types.Int:
		if isFloat(out) {
			out = l.floatNumber(c, out)
		}
		if c.Implicit && c.Store && kindOf(out) == decimal {
			return out
		}
		return build.As(out, "integer", t, code)
	case types.Decimal:
		if t.Precision == 0 || c.Implicit {
			if isFloat(out) {
				return l.floatNumber(c, out)
			}
			return out
		}
		if isFloat(out) {
			out = l.floatNumber(c, out)
		}
		return build.Cast(out, t, code)
	}
	return out
}

// floatNumber is a binary number as NUMBER, which has no NaN and no infinity.
func (l *lowering) floatNumber(c *ir.Cast, x ir.Expr) ir.Expr {
	if in, ok := x.(*ir.Cast); ok {
		if _, literal := in.X.(*ir.Number); literal { // 1.5d
			return build.As(x, "numeric", types.Decimal{}, code)
		}
	}
	if _, literal := x.(*ir.Number); literal {
		return build.As(x, "numeric", types.Decimal{}, code)
	}
	h := l.helper("float_number", c, x)
	h.SetType(types.Decimal{})
	return h
}

// intoNumbers notes the texts that SELECT takes INTO numbers: they are converted outside of the statement, where what is no number is VALUE_ERROR
// (PL/SQL Language Reference, "Predefined Exceptions").
func (l *lowering) intoNumbers(q *ir.Select) {
	if len(q.Into) == 0 {
		return
	}
	for _, it := range q.Items {
		if c, ok := it.Expr.(*ir.Cast); ok && c.Implicit && c.Store {
			l.taken[c] = true
		}
	}
}

// readNumber reads a text as a number.
func (l *lowering) readNumber(like ir.Expr, x ir.Expr) ir.Expr {
	if s, ok := x.(*ir.String); ok {
		if m := plainNumber.FindStringSubmatch(s.Value); m != nil {
			n := &ir.Number{Text: m[2]}
			if strings.Contains(m[2], ".") {
				n.Kind = ir.DecimalNumber
			} else if n.Text = strings.TrimLeft(m[2], "0"); n.Text == "" {
				n.Text = "0"
			}
			v := build.Make(n, like, types.Type(types.Decimal{}), code)
			if m[1] == "-" {
				return build.Make(&ir.Unary{Op: ir.Neg, X: v}, like, types.Type(types.Decimal{}), code)
			}
			return v
		}
	}
	return build.Make(l.p.Helper("to_number", like, l.blanks(x)), like, types.Type(types.Decimal{}), "")
}

// toMoment converts texts and moments to a kind of moment.
func (l *lowering) toMoment(c *ir.Cast, x ir.Expr) ir.Expr {
	if _, to := c.To.(types.DateTime); to {
		x = l.clock(x)
	}
	from := x.TypeOf()
	if isText(x) {
		return l.readMoment(c, x, c.To, c.Mask)
	}
	_, zone := from.(types.Timestamp)
	if _, to := c.To.(types.DateTime); to && l.told(x) {
		zone, from = false, types.DateTime{Precision: 9}
	}
	switch t := c.To.(type) {
	case types.Timestamp:
		if t.Local {
			delete(l.zones, x) // it is told in the session's zone from here on
		}
		if zone {
			return x
		}
		return build.As(x, "timestamptz", t, code)
	case types.DateTime:
		if t.Precision == 0 {
			if isDate(from) {
				return x
			}
			return build.Call("date_trunc", c, t, code, build.Text("second"), l.stamp(x))
		}
		if zone {
			return build.As(x, fmt.Sprintf("timestamp(%d)", min(t.Precision, 6)), t, code)
		}
		if d, ok := from.(types.DateTime); ok && d.Precision <= t.Precision {
			return x
		}
		return build.As(x, fmt.Sprintf("timestamp(%d)", min(t.Precision, 6)), t, code)
	}
	return l.refuse(refusedConversion, c, "%s to %s", from, c.To)
}

// readMoment reads a text by a model.
func (l *lowering) readMoment(like ir.Expr, x ir.Expr, to types.Type, model string) ir.Expr {
	if _, unknown := elements(model); unknown != "" {
		return l.refuse(refusedModel, like, "the format model %q: %q is no element", model, unknown)
	}
	if s, ok := x.(*ir.String); ok && !isZoned(to) {
		if v, ok := readLiteral(s.Value, model, !isDate(to)); ok {
			return build.Make(&ir.Temporal{Kind: types.DateTime{}, Value: v}, like, to, code)
		}
	}
	return build.Make(l.p.Helper(readers(to), like, l.blanks(x), build.Text(model)), like, to, "")
}

func isZoned(t types.Type) bool { _, ok := t.(types.Timestamp); return ok }

// readers names the routine that reads a text as a moment of the type.
func readers(t types.Type) string {
	switch {
	case isZoned(t):
		return "to_timestamp_tz"
	case isDate(t):
		return "to_date"
	}
	return "to_timestamp"
}

func (l *lowering) toInterval(c *ir.Cast, x ir.Expr, t types.Interval) ir.Expr {
	if isText(x) {
		if t.Months {
			return l.helper("to_yminterval", c, x)
		}
		return l.helper("to_dsinterval", c, x)
	}
	switch x := x.(type) {
	case *ir.HelperCall:
		if x.Name == "days_between" && !t.Months {
			return l.helper("timestamp_diff", c, x.Args...)
		}
	}
	if from, ok := x.TypeOf().(types.Interval); ok && from.Months == t.Months {
		return x
	}
	return l.refuse(refusedConversion, c, "%s to an interval", x.TypeOf())
}

// castOr is CAST(x AS type DEFAULT value ON CONVERSION ERROR).
func (l *lowering) castOr(c *ir.Cast) ir.Expr {
	other := c.OnError
	c.OnError = nil
	valid := l.valid(c, nil)
	if valid == nil {
		return l.refuse(refusedConversion, c, "DEFAULT ... ON CONVERSION ERROR for %s", c.To)
	}
	plain := &ir.Cast{X: ir.Clone(c.X), To: c.To, Mask: c.Mask, Round: c.Round, TooLong: c.TooLong}
	plain.Meta, plain.Type = c.Meta, c.Type
	return build.If(valid, l.cast(plain), other, c, c.Type, code)
}

// valid is a predicate that tells whether a text converts to the type of a cast; nil if that cannot be told. args are a model and NLS parameters.
func (l *lowering) valid(c *ir.Cast, args []ir.Expr) ir.Expr {
	b := func(name string, a ...ir.Expr) ir.Expr {
		h := l.p.Helper(name, c, a...)
		h.Type = types.Bool{}
		return h
	}
	if !isText(c.X) && !isNull(c.X) {
		return nil
	}
	model := func() []ir.Expr {
		if len(args) > 0 {
			return args[:1]
		}
		return []ir.Expr{build.Text(c.Mask)}
	}
	switch t := c.To.(type) {
	case types.Decimal:
		if t.Precision != 0 {
			return nil
		}
		return b("is_number", append([]ir.Expr{c.X}, args...)...)
	case types.DateTime:
		if t.Precision == 0 {
			return b("is_date", append([]ir.Expr{c.X}, model()...)...)
		}
		return b("is_timestamp", append([]ir.Expr{c.X}, model()...)...)
	case types.Timestamp:
		return b("is_timestamp_tz", append([]ir.Expr{c.X}, model()...)...)
	}
	return nil
}

// validate is VALIDATE_CONVERSION: 1 or 0.
func (l *lowering) validate(c *ir.Call) ir.Expr {
	x, ok := c.Args[0].(*ir.Cast)
	var v ir.Expr
	if ok && !x.Target {
		v = l.valid(x, c.Args[1:])
	}
	if v == nil {
		return l.refuse(refusedConversion, c, "VALIDATE_CONVERSION")
	}
	return build.Make(&ir.BoolValue{X: v}, c, c.Type, code)
}

// validTest takes VALIDATE_CONVERSION(...) = 1 as the condition that it is.
func (l *lowering) validTest(e *ir.Compare) ir.Expr {
	b, ok := e.L.(*ir.BoolValue)
	if !ok || e.Op != ir.Eq {
		return nil
	}
	if v, ok := literalInt(e.R); ok && v == 1 {
		if h, ok := b.X.(*ir.HelperCall); ok && strings.HasPrefix(h.Name, "is_") {
			return h
		}
	}
	return nil
}

// conversion lowers the functions that convert; ok is false for others.
func (l *lowering) conversion(c *ir.Call) (ir.Expr, bool) {
	switch c.Op {
	case op.OraToChar:
		return l.toChar(c), true
	case op.OraToDate, op.OraToTimestamp, op.OraToTimestampTZ:
		return l.givenZone(c, l.toDate(c)), true
	case op.OraToNumber:
		return l.parseNumber(c), true
	case op.OraIsValid:
		return l.validate(c), true
	}
	return nil, false
}

var aroundEquals = regexp.MustCompile(`\s*=\s*`)

// american tells an NLS parameter that names the default.
func american(e ir.Expr) bool {
	s, ok := e.(*ir.String)
	if !ok {
		return false
	}
	text := aroundEquals.ReplaceAllString(strings.ToUpper(s.Value), "=")
	for _, part := range strings.Fields(text) {
		switch strings.NewReplacer("'", "", `"`, "").Replace(part) {
		case "NLS_DATE_LANGUAGE=AMERICAN", "NLS_DATE_LANGUAGE=ENGLISH", "NLS_LANGUAGE=AMERICAN", "NLS_CALENDAR=GREGORIAN":
		default:
			return false
		}
	}
	return strings.Contains(s.Value, "=")
}

func (l *lowering) toChar(c *ir.Call) ir.Expr {
	x := c.Args[0]
	if isNull(x) || len(c.Args) > 1 && isNull(c.Args[1]) {
		return build.As(build.Null(c, c.Type), "text", c.Type, code)
	}
	s, literal := ir.Expr(nil), false
	if len(c.Args) > 1 {
		s = c.Args[1]
		_, literal = s.(*ir.String)
	}
	if s == nil {
		return l.refuse(refusedFunction, c, "%s of %s", c.Name, x.TypeOf())
	}
	switch x.TypeOf().(type) {
	case types.DateTime, types.Timestamp:
		if len(c.Args) == 3 && !american(c.Args[2]) {
			return l.refuse(otherLanguage, c, "%s", c.Span.Text())
		}
		if literal {
			return l.momentText(c, x, s.(*ir.String).Value)
		}
		args := []ir.Expr{l.clock(x), s}
		if d := l.weekStart(); d != 0 {
			args = append(args, build.Int(d))
		}
		return l.helper("to_char", c, args...)
	case types.Decimal, types.Int, types.Float:
		if literal && !numberModel(s.(*ir.String).Value) {
			return l.refuse(refusedModel, c, "the format model %q", s.(*ir.String).Value)
		}
		if isFloat(x) {
			return l.helper("char_float", c, append([]ir.Expr{x}, c.Args[1:]...)...)
		}
		return l.helper("to_char", c, append([]ir.Expr{numeric(x)}, c.Args[1:]...)...)
	}
	return l.refuse(refusedFunction, c, "%s of %s with a format model", c.Name, x.TypeOf())
}

func (l *lowering) toDate(c *ir.Call) ir.Expr {
	x := c.Args[0]
	if isNull(x) {
		return build.As(build.Null(c, c.Type), "timestamp", c.Type, code)
	}
	if len(c.Args) == 3 && !american(c.Args[2]) {
		return l.refuse(otherLanguage, c, "%s", c.Span.Text())
	}
	if len(c.Args) < 2 {
		return l.refuse(refusedFunction, c, "%s without a format model", c.Name)
	}
	if s, ok := c.Args[1].(*ir.String); ok {
		if strings.Contains(s.Value, "FF") && !isZoned(c.Type) && isDate(c.Type) {
			return l.refuse(refusedModel, c, "the format model %q of a date", s.Value)
		}
		return l.readMoment(c, x, c.Type, s.Value)
	}
	return l.helper(readers(c.Type), c, l.blanks(x), c.Args[1])
}

func (l *lowering) parseNumber(c *ir.Call) ir.Expr {
	x := c.Args[0]
	if isNull(x) {
		return build.As(build.Null(c, c.Type), "numeric", c.Type, code)
	}
	if len(c.Args) == 1 {
		return l.readNumber(c, x)
	}
	if s, ok := c.Args[1].(*ir.String); ok && !numberModel(s.Value) {
		return l.refuse(refusedModel, c, "the format model %q", s.Value)
	}
	return l.helper("to_number", c, append([]ir.Expr{l.blanks(x)}, c.Args[1:]...)...)
}

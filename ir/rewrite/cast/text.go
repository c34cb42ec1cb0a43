package cast

import (
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

func (l *lowering) toText(e *ir.Cast, t types.Text) ir.Expr {
	x, ok := l.asText(e)
	if !ok || l.recoded(e, t) {
		return l.refuse(e)
	}
	if s, literal := e.X.(*ir.String); t.Charset == "ascii" && !e.Implicit && !e.Store && !(literal && plainASCII(s.Value)) {
		if from, text := e.X.TypeOf().(types.Text); text && from.Charset != "ascii" {
			c := build.Collated(x, ir.Qualified("", "C"), types.Collation{}, code)
			x = build.Call("regexp_replace", e, e.Type, code, c, build.Text(`[^\x01-\x7f]`), build.Text("?"), build.Text("g"))
		}
	}
	if e.TooLong == ir.ErrorLong && t.N > 0 && !e.Implicit && !e.Store && !short(e.X, t.N) {
		return l.help("fitting_text", e, x, build.Int(int64(t.N)))
	}
	switch {
	case t.N > 0 && e.TooLong == ir.CutLong && (!e.Implicit || e.Store) && !short(e.X, t.N):
		if c, ok := x.(*ir.Cast); ok && c.Target && isText(c.To) {
			x = c.X
		}
		return build.Make(&ir.Cast{X: x, To: types.Text{N: t.N}, Target: true}, e, e.Type, code)
	case t.MaxBytes > 0 && e.Store && e.TooLong == ir.CutLong:
		return l.help("cut_bytes", e, x, build.Int(t.MaxBytes))
	}
	return x
}

// recoded tells an explicit conversion of text to a charset whose characters or bytes are others (CONVERT ... USING latin1).
func (l *lowering) recoded(e *ir.Cast, t types.Text) bool {
	from, ok := e.X.TypeOf().(types.Text)
	if s, literal := e.X.(*ir.String); literal && plainASCII(s.Value) {
		return false
	}
	return ok && !e.Implicit && !e.Store && t.Charset != "" && t.Charset != from.Charset && !utf8Charset(t.Charset)
}

func plainASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func isText(t types.Type) bool {
	n, ok := t.(types.Named)
	return ok && n.Name == "text"
}

// short tells that a value never has more than n characters.
func short(x ir.Expr, n int) bool {
	m := op.TextLen(x.TypeOf())
	return m > 0 && m <= n
}

// asText is the value in the source's format.
func (l *lowering) asText(e *ir.Cast) (ir.Expr, bool) {
	plain := build.Make(&ir.Cast{X: e.X, To: types.Named{Name: "text"}, Target: true}, e, e.Type, code)
	format := func(mask string) (ir.Expr, bool) {
		return build.Call("to_char", e, e.Type, code, e.X, build.Text(mask)), true
	}
	if s, ok := l.text(e); ok {
		return s, true
	}
	switch t := e.X.TypeOf().(type) {
	case types.Int:
		if t.ZeroFill && t.Width > 0 {
			return format("FM" + strings.Repeat("9", max(0, 20-t.Width)) + strings.Repeat("0", min(t.Width, 20)))
		}
		return plain, true
	case types.Decimal:
		if t.ZeroFill && t.Precision > 0 {
			mask := "FM" + strings.Repeat("0", max(1, t.Precision-t.Scale))
			if t.Scale > 0 {
				mask += "." + strings.Repeat("0", t.Scale)
			}
			return format(mask)
		}
		return plain, true
	case types.Enum, types.Date:
		return plain, true
	case types.Set:
		return e.X, true
	case types.JSON:
		return plain, true
	case types.Float:
		if _, column := e.X.(*ir.Name); !column {
			l.note(zero, e, "doubles that become text are assumed not to be a negative zero")
		}
		switch {
		case t.Digits > 0:
			return plain, true
		case t.Decimals > 0:
			n := build.As(l.help("float_text", e, e.X), "numeric", types.Decimal{}, code)
			return build.As(build.Call("round", e, types.Decimal{}, code, n, build.Int(int64(t.Decimals))), "text", e.Type, code), true
		case t.Bits == 32:
			return l.help("real_text", e, e.X), true
		}
		return l.help("float_text", e, e.X), true
	case types.Year:
		return format("FM0000")
	case types.DateTime, types.Timestamp:
		return l.momentText(e, plain)
	case types.Time:
		if t.Precision == 0 {
			return l.help("time_text", e, e.X), true
		}
		return l.help("time_text", e, e.X, build.Int(int64(t.Precision))), true
	case types.UUID:
		return plain, true
	case types.Inet:
		return build.Call("host", e, e.Type, code, e.X), true
	}
	return nil, false
}

// momentText writes all digits of the fraction, which the target's own cast would cut.
func (l *lowering) momentText(e *ir.Cast, plain ir.Expr) (ir.Expr, bool) {
	_, instant := e.X.TypeOf().(types.Timestamp)
	p := op.Precision(e.X.TypeOf())
	mask := "YYYY-MM-DD HH24:MI:SS"
	switch {
	case p == 0 && !instant:
		return plain, true
	case p == 3:
		mask += ".MS"
	case p > 0:
		mask += ".US"
	}
	x := build.Call("to_char", e, e.Type, code, e.X, build.Text(mask))
	if p == 0 || p == 3 || p >= 6 {
		return x, true
	}
	return build.Call("left", e, e.Type, code, x, build.Int(int64(20+p))), true
}

func (l *lowering) toBinary(e *ir.Cast, t types.Binary) ir.Expr {
	x := e.X
	switch from := e.X.TypeOf().(type) {
	case types.Binary:
	case types.Bit:
		if from.N > 64 || e.Store {
			return l.refuse(e)
		}
		x = build.Call("int8send", e, e.Type, code, build.As(x, "bigint", types.Int{Bits: 64}, code))
		return build.Call("substr", e, e.Type, code, x, build.Int(int64(9-(from.N+7)/8)))
	case types.Geometry:
		return l.refuse(e)
	case types.Text:
		if from.Charset != "" && !utf8Charset(from.Charset) {
			return l.refuse(e)
		}
		if s, ok := e.X.(*ir.String); ok {
			x = build.Make(&ir.Bytes{Value: []byte(s.Value)}, e, e.Type, code)
		} else {
			x = build.Call("convert_to", e, e.Type, code, x, build.Text("UTF8"))
		}
	default:
		s, ok := l.asText(e)
		if !ok {
			return l.refuse(e)
		}
		x = build.Call("convert_to", e, e.Type, code, s, build.Text("UTF8"))
	}
	if t.N == 0 {
		return x
	}
	if !e.Implicit && !e.Store && e.TooLong == ir.ErrorLong {
		x = l.help("fitting_bytes", e, x, build.Int(int64(t.N)))
		e.TooLong = ir.CutLong
		if !t.Fixed {
			return x
		}
	}
	if t.Fixed {
		pad := build.Make(&ir.Bytes{Value: make([]byte, t.N)}, e, e.Type, code)
		joined := build.Op("||", e, e.Type, code, x, pad)
		if e.Store && e.TooLong == ir.ErrorLong {
			return l.padStored(e, t, x)
		}
		return build.Call("substr", e, e.Type, code, joined, build.Int(1), build.Int(int64(t.N)))
	}
	if e.TooLong == ir.CutLong && (!e.Implicit || e.Store) {
		return build.Call("substr", e, e.Type, code, x, build.Int(1), build.Int(int64(t.N)))
	}
	return x
}

// padStored pads a value that is stored in BINARY(n) with zero bytes; one that is too long stays, so that the column's check fails.
func (l *lowering) padStored(e *ir.Cast, t types.Binary, x ir.Expr) ir.Expr {
	if b, ok := x.(*ir.Bytes); ok {
		if n := t.N - len(b.Value); n > 0 {
			return build.Make(&ir.Bytes{Value: append(append([]byte(nil), b.Value...), make([]byte, n)...)}, e, e.Type, code)
		}
		return b
	}
	return l.help("pad_bytes", e, x, build.Int(int64(t.N)))
}

// utf8Charset tells charsets whose bytes are those of UTF-8.
func utf8Charset(c string) bool {
	switch c {
	case "utf8mb4", "utf8mb3", "utf8", "ascii":
		return true
	}
	return false
}

func (l *lowering) toJSON(e *ir.Cast, t types.JSON) ir.Expr {
	if t.Kind == types.JSONText {
		x, ok := l.asText(e)
		if !ok {
			return l.refuse(e)
		}
		return x
	}
	switch e.X.TypeOf().(type) {
	case types.Text:
		if s, ok := e.X.(*ir.String); ok {
			if !json.Valid([]byte(s.Value)) && !e.Store {
				return l.refuse(e) // the target would raise the error even if no row is read
			}
			s.Value = ShortNumbers(s.Value)
		} else if !e.Store {
			l.p.Report(documents, e.Span, "numbers in the document are assumed to be written in the source's form")
		}
		return build.Cast(e.X, t, code)
	case types.JSON:
		return build.Cast(e.X, t, code)
	case types.Int, types.Decimal, types.Float:
		if b := predicate(e.X); b != nil {
			return build.Call("to_jsonb", e, e.Type, code, b)
		}
		if build.IsFloat(e.X) {
			l.p.Report(documents, e.Span, "a double in a document is assumed not to be compared as text")
		}
		return build.Call("to_jsonb", e, e.Type, code, e.X)
	}
	return l.refuse(e)
}

// predicate is the truth value behind a number that is one; nil for others.
func predicate(e ir.Expr) ir.Expr {
	switch x := e.(type) {
	case *ir.BoolValue:
		return x.X
	case *ir.Cast:
		if _, ok := x.X.TypeOf().(types.Bool); ok && x.Target {
			return x.X
		}
	}
	return nil
}

func (l *lowering) toEnum(e *ir.Cast, t types.Enum) ir.Expr {
	if t.Name == "" {
		return l.toLabel(e, t)
	}
	if e.Fail != ir.FailError && !isLabel(e.X, t) && !isPlace(e.X, t) {
		l.p.Report(adjusted, e.Span, "a value that the ENUM does not have raises an error")
	}
	kind := build.As(build.Null(e, t), t.Name, t, code)
	switch from := e.X.TypeOf().(type) {
	case types.Text:
		if t.Collation.Binary || isLabel(e.X, t) {
			return build.As(e.X, t.Name, t, code)
		}
		return l.help("to_enum", e, kind, e.X)
	case types.Enum:
		label := build.As(e.X, "text", types.Text{}, code)
		if !t.Collation.Binary && !t.Holds(from.Values) {
			return l.help("to_enum", e, kind, label) // a label that is written in another way there
		}
		return build.As(label, t.Name, t, code)
	case types.Int:
		place := e.X
		if build.Width(place) == 0 {
			place = build.As(place, "bigint", types.Int{Bits: 64}, code)
		}
		return l.help("enum_at", e, kind, place)
	case types.Float: // numbers computed from the place of another value; the source cuts the fraction off
		whole := build.Call("trunc", e, types.Float{Bits: 64}, code, e.X)
		return l.help("enum_at", e, kind, build.As(whole, "bigint", types.Int{Bits: 64}, code))
	}
	return l.refuse(e)
}

// toLabel is a value of an ENUM that no column has: variables and parameters of that type hold the text of the value.
func (l *lowering) toLabel(e *ir.Cast, t types.Enum) ir.Expr {
	if labels(e.X, t) {
		return e.X
	}
	if e.Fail != ir.FailError {
		l.p.Report(adjusted, e.Span, "a value that the ENUM does not have raises an error")
	}
	switch from := e.X.TypeOf().(type) {
	case types.Text:
		return l.help("to_label", e, list(t.Values), e.X)
	case types.Enum:
		x := e.X
		if from.Name != "" {
			x = build.As(x, "text", types.Text{}, code)
		} else if slices.Equal(from.Values, t.Values) {
			return x
		}
		return l.help("to_label", e, list(t.Values), x)
	case types.Int:
		return l.help("label_at", e, list(t.Values), build.Bigint(e.X, code))
	}
	return l.refuse(e)
}

// labels tells that an expression can only be one of the values, as written, or NULL.
func labels(e ir.Expr, t types.Enum) bool {
	switch x := e.(type) {
	case *ir.Null:
		return true
	case *ir.Case:
		for _, w := range x.Whens {
			if !labels(w.Then, t) {
				return false
			}
		}
		return x.Else == nil || labels(x.Else, t)
	}
	return isLabel(e, t)
}

// isPlace tells the number of a value, NULL, or another text that is one of the values whatever its case.
func isPlace(e ir.Expr, t types.Enum) bool {
	if tree.IsNull(e) {
		return true
	}
	if s, ok := build.TextLiteral(e); ok {
		for _, v := range t.Values {
			if strings.EqualFold(v, strings.TrimRight(s, " ")) {
				return true
			}
		}
	}
	v, ok := build.IntLiteral(e)
	return ok && v > 0 && v <= int64(len(t.Values))
}

func isLabel(e ir.Expr, t types.Enum) bool {
	s, ok := build.TextLiteral(e)
	for _, v := range t.Values {
		if ok && v == s {
			return true
		}
	}
	return false
}

func (l *lowering) toSet(e *ir.Cast, t types.Set) ir.Expr {
	strict := e.Fail == ir.FailError
	switch e.X.TypeOf().(type) {
	case types.Text, types.Set, types.Enum:
		x, ok := l.asText(e)
		switch {
		case !ok:
			return l.refuse(e)
		case !strict:
			return l.help("set_known", e, x, list(t.Values))
		}
		return l.help("to_set", e, x, list(t.Values))
	case types.Int:
		x := build.Bigint(e.X, code)
		if v, lit := build.IntLiteral(x); !strict || lit && v >= 0 && len(t.Values) < 63 && v < 1<<len(t.Values) {
			return l.help("set_of_bits", e, x, list(t.Values))
		}
		return l.help("set_of_number", e, x, list(t.Values))
	}
	return l.refuse(e)
}

// shortYear reads a literal of up to four digits as a year; '0' is 2000.
func shortYear(e ir.Expr) (int64, bool) {
	s, ok := build.TextLiteral(e)
	v, err := strconv.ParseUint(s, 10, 16)
	switch {
	case !ok || err != nil || len(s) == 3 || v > 2155 || v > 99 && v < 1901:
		return 0, false
	case len(s) == 4:
		return int64(v), true
	case v < 70:
		return int64(v) + 2000, true
	}
	return int64(v) + 1900, true
}

func (l *lowering) toYear(e *ir.Cast) ir.Expr {
	if s, ok := l.text(e); ok {
		if v, lit := shortYear(e.X); lit {
			return build.Int(v)
		}
		l.lostYear(e)
		return l.help("text_year", e, s)
	}
	switch e.X.TypeOf().(type) {
	case types.Int, types.Decimal, types.Float:
		if e.Store && e.Fail == ir.FailClamp {
			return l.help("year_or_zero", e, exact(e.X))
		}
		return l.help("to_year", e, exact(e.X))
	case types.Year:
		return e.X
	case types.Date, types.DateTime, types.Timestamp:
		return build.As(build.Call("to_char", e, types.Text{}, code, e.X, build.Text("YYYY")), "smallint", e.Type, code)
	}
	return l.refuse(e)
}

// lostYear says that a year which the type does not have becomes 0 on the source.
func (l *lowering) lostYear(e *ir.Cast) {
	if n, ok := e.X.(*ir.Number); ok {
		if v, err := strconv.Atoi(n.Text); err == nil && (v < 100 || v > 1900 && v < 2156) {
			return
		}
	}
	if e.Store && e.Fail == ir.FailClamp {
		l.p.Report(adjusted, e.Span, "a year before 1901 or after 2155 raises an error")
	}
}

func (l *lowering) toBit(e *ir.Cast, t types.Bit) ir.Expr {
	if b, ok := e.X.TypeOf().(types.Bit); ok && b.N == t.N {
		return e.X
	}
	x, ok := l.number(e)
	if !ok {
		return l.refuse(e)
	}
	if v, lit := build.IntLiteral(x); lit && v >= 0 && (t.N >= 63 || v < 1<<t.N) {
		return build.Cast(x, t, code)
	}
	if e.Store && e.Fail == ir.FailClamp {
		return build.Cast(l.help("clamp_bits", e, exact(x), build.Int(int64(t.N))), t, code)
	}
	return build.Cast(l.help("to_bit", e, exact(x), build.Int(int64(t.N))), t, code)
}

var fractions = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?[eE][-+]?\d+|-?\d+\.\d+`)

// hasFraction tells that a digit with a point or exponent behind it stands in a text, be it in quotes.
func hasFraction(doc string) bool {
	for i := 1; i < len(doc); i++ {
		if c := doc[i]; (c == '.' || c|0x20 == 'e') && doc[i-1] >= '0' && doc[i-1] <= '9' {
			return true
		}
	}
	return false
}

// ShortNumbers writes the numbers with a fraction in the text of a document as the source shows doubles: 2.50 is 2.5.
func ShortNumbers(doc string) string {
	if !hasFraction(doc) {
		return doc
	}
	return fractions.ReplaceAllStringFunc(doc, func(s string) string {
		if f, err := strconv.ParseFloat(s, 64); err == nil && strings.ContainsAny(s, "eE") && f == math.Trunc(f) && math.Abs(f) < 1e15 {
			return strconv.FormatFloat(f, 'f', 1, 64)
		}
		if s[0] == '"' || strings.ContainsAny(s, "eE") || !strings.HasSuffix(s, "0") || len(s) > 16 {
			return s
		}
		s = strings.TrimRight(s, "0")
		if strings.HasSuffix(s, ".") {
			s += "0"
		}
		return s
	})
}

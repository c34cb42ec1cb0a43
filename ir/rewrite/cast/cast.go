// Package cast holds the rule for conversions between types.
package cast

import (
	"math/big"
	"strings"
	"unicode/utf8"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

const code = "EX0306"

var (
	refused = &diag.Code{
		ID: "EX0307", Title: "conversion between types that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  `The conversion has no counterpart on PostgreSQL that gives the same values (MySQL Reference Manual, "Type Conversion in Expression Evaluation").`,
		Next: "write the conversion by hand, or change the type of one side", Learn: 0.5, Each: 0.2,
	}
	zeroDate = &diag.Code{
		ID: "EX0308", Title: "bad dates become NULL instead of zero dates", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc: `Without strict mode MySQL stores 0000-00-00 for a text that is no date, and 00:00:00 for one that is no time (Reference Manual, "Server SQL Modes"). PostgreSQL has
no such date; the converted code stores NULL for both.`,
		Next: "check that the column may be NULL and that nobody looks for zero dates", Learn: 0.25, Each: 0.1,
	}
	characters = &diag.Code{
		ID: "EX0334", Title: "bytes that are no text", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `A byte string is made text. PostgreSQL raises an error where the bytes are no UTF-8, or one of them is zero; MySQL gives NULL or the bytes as they are
(Reference Manual, "The binary Collation Compared to _bin Collations"). Assumed: the bytes are text.`,
		Next: "Nothing, if the bytes are text. Else compare and store them as bytes.", Each: 0.01,
	}
	noText = &diag.Code{
		ID: "EX0395", Title: "A literal of bytes where a text is needed", Severity: diag.Error, Fidelity: diag.Refused,
		Doc: `The literal holds bytes that are not valid in the charset of the input, and goes into a text. Which characters they stand for would be a guess; a column of bytes takes such a
literal as it is, as dumps without --hex-blob write it.`,
		Next: "Name the charset of the input (latin1), or convert the file to UTF-8.", Each: 0.1,
	}
	documents = &diag.Code{
		ID: "EX0335", Title: "numbers in documents keep their digits", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `MySQL reads numbers with a point or exponent in documents as doubles and shows 2.50 as 2.5 (Reference Manual, "The JSON Data Type"); PostgreSQL's jsonb shows
2.50. Assumed: nobody compares the text of such numbers.`,
		Next: "Nothing, if the numbers in documents are read as numbers.", Each: 0.01,
	}
	zero = &diag.Code{
		ID: "EX0338", Title: "negative zero as text", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `MySQL writes the double -0, which rounding and division make of small negative numbers, as "-0", MariaDB as "0", and so does the converted code
(MySQL Reference Manual, "Problems with Floating-Point Values"). Assumed: nobody compares the text.`,
		Next: "Nothing, or add 0 to the number.", Each: 0.01,
	}
	overflow = &diag.Code{
		ID: "EX0336", Title: "large numbers that become integers", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `MySQL takes the nearest 64-bit integer for a number beyond their range (Reference Manual, "Out-of-Range and Overflow Handling"); PostgreSQL raises an error, and
unsigned numbers above 9223372036854775807 may differ. Assumed: the numbers fit.`,
		Next: "Nothing, if the numbers have no more than 18 digits before the point.", Each: 0.01,
	}
	reading = &diag.Code{
		ID: "EX0337", Title: "values that are read as dates or times", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `A text or number is read as a date or time (Reference Manual, "String and Numeric Literals in Date and Time Context"). Dates and times as the manual writes them
are read alike; of what is none, and of dates with parts that are zero, versions make different values. Assumed: the values are dates and times.`,
		Next: "Nothing, if the values are dates and times.", Each: 0.01,
	}
	adjusted = &diag.Code{
		ID: "EX0309", Title: "values that are adjusted without strict mode", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc: `Without strict mode MySQL stores the empty text for a value that an ENUM or SET does not have, and 0 for a year out of range (Reference Manual, "Server SQL Modes");
the converted code raises an error.`,
		Next: "check that only values of the list are stored", Learn: 0.25, Each: 0.1,
	}
)

// Rule is EX0306.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "cast",
		Doc: `Conversions by MySQL's rules, both those that the code asks for and those that MySQL makes silently (Reference Manual, "Cast Functions and Operators"
and "Type Conversion in Expression Evaluation"). Text becomes a number by its leading digits, and a date by a lenient reader that gives NULL for what is none; numbers round half away
from zero; CHAR(n) cuts; UNSIGNED wraps around. Where PostgreSQL's cast does the same it is used; otherwise a helper routine. A store in strict mode needs
a cast only where PostgreSQL's assignment would not convert or would not raise the error.`,
		Fidelity: diag.Exact,
		Examples: []rewrite.Example{
			{
				Setup:  "CREATE TABLE c (s VARCHAR(20), n INT, d DATE);",
				Source: "SELECT CAST(n AS CHAR(3)) AS a, CONCAT('#', n) AS b, CAST(s AS SIGNED) AS e, s + 0 AS f FROM c;",
				Target: "SELECT n::varchar(3) AS a, '#' || n::text AS b, godwit_mysql.to_integer(s) AS e, godwit_mysql.to_float(s) + 0 AS f FROM c;",
			},
		},
		Findings: []*diag.Code{refused, zeroDate, adjusted, characters, noText, documents, overflow, reading, zero, forms},
		After: map[string]string{
			"assignment-order":      "a value that is read again keeps the conversion of its store",
			"late-errors":           "it looks at constants and how they are stored",
			"division":              "it rounds what is not cast to a number",
			"numbers-as-conditions": "it looks at conditions as they were written",
			"temporal-functions":    "functions of dates make conversions",
			"zero-dates":            "zero dates cannot be read",
		},
		Looks: ir.Kinds(ir.KindCast, ir.KindBytes),
		Run: func(p *rewrite.Pass) {
			l := &lowering{p, map[*diag.Code]bool{}}
			p.Exprs(func(e ir.Expr) ir.Expr {
				switch e := e.(type) {
				case *ir.Cast:
					if !e.Target {
						return l.cast(e)
					}
				case *ir.Bytes:
					e.Bit = false // a byte string; where it is a number the resolver has made one of it
				}
				return e
			})
		},
	}
}

type lowering struct {
	p    *rewrite.Pass
	told map[*diag.Code]bool
}

// note reports once for the unit.
func (l *lowering) note(c *diag.Code, e *ir.Cast, format string, args ...any) {
	if !l.told[c] {
		l.told[c] = true
		l.p.Report(c, e.Span, format, args...)
	}
}

func (l *lowering) refuse(e *ir.Cast) ir.Expr {
	rewrite.Refuse(l.p, refused, e.Span, "the conversion of %s to %s is not converted", e.X.TypeOf(), e.To)
	return e
}

func (l *lowering) help(name string, e *ir.Cast, args ...ir.Expr) ir.Expr {
	return l.p.Helper(name, e, args...)
}

func (l *lowering) cast(e *ir.Cast) ir.Expr {
	if types.IsUnknown(e.X.TypeOf()) || types.IsUnknown(e.To) {
		return l.refuse(e)
	}
	if _, null := e.X.TypeOf().(types.Null); null {
		return l.null(e)
	}
	switch t := e.To.(type) {
	case types.Int:
		return l.toInt(e, t)
	case types.Decimal:
		return l.toDecimal(e, t)
	case types.Float:
		return l.toFloat(e, t)
	case types.Text:
		return l.toText(e, t)
	case types.Binary:
		return l.toBinary(e, t)
	case types.Date, types.DateTime, types.Timestamp, types.Time:
		return l.toTemporal(e)
	case types.JSON:
		return l.toJSON(e, t)
	case types.Enum:
		return l.toEnum(e, t)
	case types.Set:
		return l.toSet(e, t)
	case types.Year:
		return l.toYear(e)
	case types.Bit:
		return l.toBit(e, t)
	case types.UUID, types.Inet:
		return l.toAddress(e)
	}
	return l.refuse(e)
}

func (l *lowering) null(e *ir.Cast) ir.Expr {
	if e.Implicit {
		return e.X
	}
	return build.Cast(e.X, e.To, code)
}

// number is the value as a number of the target, without rounding; ok is false when there is none.
func (l *lowering) number(e *ir.Cast) (ir.Expr, bool) {
	dec := types.Decimal{}
	switch e.X.TypeOf().(type) {
	case types.Int, types.Decimal, types.Float, types.Year:
		return e.X, true
	case types.Date, types.DateTime, types.Timestamp:
		if tree.IsNull(e.X) {
			return build.Null(e, dec), true
		}
	}
	switch t := e.X.TypeOf().(type) {
	case types.Date:
		return build.As(build.Call("to_char", e, types.Text{}, code, e.X, build.Text("YYYYMMDD")), "bigint", types.Int{Bits: 64}, code), true
	case types.DateTime, types.Timestamp:
		if op.Precision(t) == 0 {
			return build.As(build.Call("to_char", e, types.Text{}, code, e.X, build.Text("YYYYMMDDHH24MISS")), "bigint", types.Int{Bits: 64}, code), true
		}
		return build.As(build.Call("to_char", e, types.Text{}, code, e.X, build.Text("YYYYMMDDHH24MISS.US")), "numeric", dec, code), true
	case types.Time:
		h := l.help("time_number", e, e.X)
		h.SetType(dec)
		return h, true
	case types.Bit:
		if t.N < 64 {
			return build.As(e.X, "bigint", types.Int{Bits: 64}, code), true
		}
		return l.help("bit_text_number", e, e.X), true
	case types.Enum:
		if t.Name == "" {
			return build.Call("array_position", e, types.Int{Bits: 32}, code, list(t.Values), e.X), true
		}
		h := l.help("enum_position", e, e.X)
		h.SetType(types.Int{Bits: 32})
		return h, true
	case types.Set:
		h := l.help("set_bits", e, e.X, list(t.Values))
		h.SetType(types.Int{Bits: 64})
		return h, true
	case types.JSON:
		if t.Kind == types.JSONBinary {
			name := "json_number"
			if e.Fail == ir.FailError {
				name = "strict_json_number"
			}
			h := l.help(name, e, e.X)
			h.SetType(types.Float{Bits: 64})
			return h, true
		}
	}
	return nil, false
}

func list(values []string) ir.Expr {
	a := &ir.ArrayExpr{}
	for _, v := range values {
		a.Items = append(a.Items, build.Text(v))
	}
	a.Type = types.Array{Elem: types.Text{}}
	return a
}

// read is a text or byte string as text of which a number or date is read: bytes that are no characters end it.
func (l *lowering) read(e *ir.Cast) (ir.Expr, bool) {
	if _, bytes := e.X.TypeOf().(types.Binary); bytes {
		return build.Call("encode", e, types.Text{}, code, e.X, build.Text("escape")), true
	}
	return l.text(e)
}

// text is a text or byte string as text; ok is false for other values.
func (l *lowering) text(e *ir.Cast) (ir.Expr, bool) {
	switch t := e.X.TypeOf().(type) {
	case types.Text:
		return e.X, true
	case types.JSON:
		return e.X, t.Kind == types.JSONText
	case types.Binary:
		b, literal := e.X.(*ir.Bytes)
		switch {
		case literal && !utf8.Valid(b.Value):
			rewrite.Refuse(l.p, noText, e.Span, "the bytes are not valid UTF-8, and a text is needed")
		case !literal || strings.ContainsRune(string(b.Value), 0):
			l.p.Report(characters, e.Span, "the bytes are assumed to be text in UTF-8")
		}
		return build.Call("convert_from", e, types.Text{}, code, e.X, build.Text("UTF8")), true
	}
	return nil, false
}

func (l *lowering) toInt(e *ir.Cast, t types.Int) ir.Expr {
	if s, ok := l.read(e); ok {
		return l.textToInt(e, t, s)
	}
	l.wholeSeconds(e)
	if j, ok := e.X.TypeOf().(types.JSON); ok && j.Kind == types.JSONBinary && e.Store && e.Fail == ir.FailError {
		h := l.help("strict_json_integer", e, e.X)
		h.SetType(types.Decimal{})
		return h
	}
	x, ok := l.number(e)
	if !ok {
		return l.refuse(e)
	}
	if n, ok := nearest(x, t); !ok && !e.Store {
		return l.refuse(e)
	} else if n != nil && !e.Store {
		return n
	}
	if !e.Store && !build.IsConstant(x) && mayOverflow(x.TypeOf()) {
		l.note(overflow, e, "numbers that become integers are assumed to have no more than 63 bits")
	}
	switch {
	case e.Store && e.Fail == ir.FailError && e.Round != ir.RoundTruncate:
		if t.Unsigned && t.Bits == 64 && build.IsFloat(x) {
			return allDigits(build.Call("round", e, types.Float{Bits: 64}, code, build.As(wide(x), "double precision", types.Float{Bits: 64}, code))) // to the even number
		}
		if build.IsFloat(x) && ir.Find(x, isFloatLiteral) {
			return build.As(x, "double precision", x.TypeOf(), code) // such literals are decimals on the target, which round halves up
		}
		return x // assignment rounds in the same way, and raises an error out of range
	case e.Store:
		return l.clamp(e, t, x)
	case e.Implicit && e.Fail == ir.FailError:
		return build.Cast(x, t, code)
	case t.Unsigned:
		if _, place := e.X.TypeOf().(types.Enum); place || noSign(x) {
			return x
		}
		if _, dec := x.TypeOf().(types.Decimal); dec && !e.Implicit {
			return l.help("clamp_unsigned", e, x)
		}
		if build.IsFloat(x) {
			x = build.Call("round", e, x.TypeOf(), code, x) // to the even number
		}
		return l.help("to_unsigned", e, exact(x))
	case build.Width(x) > 0 || isTargetInt(x):
		return x
	}
	if f, ok := x.TypeOf().(types.Int); ok && f.Unsigned {
		return l.help("to_bits", e, x)
	}
	return build.As(x, "bigint", e.Type, code)
}

func isSingle(x ir.Expr) bool {
	t, ok := x.TypeOf().(types.Float)
	return ok && t.Bits == 32 && t.Digits == 0
}

// nearest is the 64-bit integer that a number literal out of range gives: whole numbers of 64 bits wrap around, others give the nearest.
// It is nil for literals in range and everything that is none; ok is false where versions of the source make different numbers.
func nearest(x ir.Expr, t types.Int) (out ir.Expr, ok bool) {
	sign, n := "", x
	if u, neg := x.(*ir.Unary); neg && u.Op == ir.Neg {
		sign, n = "-", u.X
	}
	lit, isNumber := n.(*ir.Number)
	if !isNumber {
		return nil, true
	}
	v, _, err := big.ParseFloat(sign+lit.Text, 10, 256, big.ToNearestEven)
	if err != nil || v.MantExp(nil) < 64 {
		return nil, true
	}
	switch {
	case lit.Kind == ir.FloatNumber && (sign != "" || t.Unsigned):
		return nil, false
	case t.Unsigned && sign != "":
		return digits("0"), true
	case t.Unsigned && v.MantExp(nil) > 64:
		return digits("18446744073709551615"), true
	case t.Unsigned:
		return nil, true
	case sign != "":
		return digits("-9223372036854775808"), true
	case lit.Kind == ir.IntNumber && v.MantExp(nil) == 64:
		i, _ := v.Int(nil)
		return digits(i.Sub(i, new(big.Int).Lsh(big.NewInt(1), 64)).String()), true
	}
	return digits("9223372036854775807"), true
}

// mayOverflow tells the types whose numbers may have more than 63 bits.
func mayOverflow(t types.Type) bool {
	switch t := t.(type) {
	case types.Float:
		return true
	case types.Decimal:
		return t.Precision == 0 || t.Precision-t.Scale > 18
	}
	return false
}

func isFloatLiteral(n ir.Node) bool {
	x, ok := n.(*ir.Number)
	return ok && x.Kind == ir.FloatNumber
}

// exact keeps a float from being handed to a routine for decimals.
func exact(x ir.Expr) ir.Expr {
	if build.IsFloat(x) {
		return build.As(wide(x), "numeric", x.TypeOf(), code)
	}
	return x
}

// allDigits is a double as a decimal with all of its digits: a cast from double to numeric keeps 15 of them only.
func allDigits(x ir.Expr) ir.Expr {
	return build.As(build.As(x, "text", types.Text{}, code), "numeric", types.Decimal{}, code)
}

// wide is a FLOAT with all of its digits, of which the target's cast to a decimal keeps six only.
func wide(x ir.Expr) ir.Expr {
	if isSingle(x) {
		return build.As(x, "double precision", types.Float{Bits: 64}, code)
	}
	return x
}

func noSign(x ir.Expr) bool {
	switch x := x.(type) {
	case *ir.Number:
		return x.Kind == ir.IntNumber
	}
	t, ok := x.TypeOf().(types.Int)
	return ok && t.Unsigned
}

func isTargetInt(x ir.Expr) bool {
	switch t := x.TypeOf().(type) {
	case types.Int:
		return !(t.Bits == 64 && t.Unsigned)
	case types.Year:
		return true
	}
	return false
}

func (l *lowering) textToInt(e *ir.Cast, t types.Int, s ir.Expr) ir.Expr {
	switch {
	case e.Fail == ir.FailError:
		return build.Cast(l.stored(e, s, "numeric"), t, code)
	case e.Store:
		h := l.p.Helper("to_decimal", e, s)
		h.Type = types.Decimal{}
		return l.clamp(e, t, h)
	case !build.IsConstant(e.X):
		l.note(overflow, e, "numbers in texts that become integers are assumed to have no more than 63 bits")
	}
	switch {
	case t.Unsigned:
		h := l.p.Helper("to_integer", e, s)
		h.Type = types.Int{Bits: 64}
		return l.help("to_unsigned", e, h)
	}
	return l.help("to_integer", e, s)
}

// clamp gives the nearest value of the type.
func (l *lowering) clamp(e *ir.Cast, t types.Int, x ir.Expr) ir.Expr {
	lo, hi := "0", ""
	switch {
	case t.Unsigned:
		hi = map[int]string{8: "255", 16: "65535", 24: "16777215", 32: "4294967295", 64: "18446744073709551615"}[t.Bits]
	default:
		lo = map[int]string{8: "-128", 16: "-32768", 24: "-8388608", 32: "-2147483648", 64: "-9223372036854775808"}[t.Bits]
		hi = map[int]string{8: "127", 16: "32767", 24: "8388607", 32: "2147483647", 64: "9223372036854775807"}[t.Bits]
	}
	if hi == "" {
		return l.refuse(e)
	}
	if !build.Repeatable(x) && !build.IsFloat(x) {
		return build.Cast(l.help("clamp_number", e, build.As(x, "numeric", x.TypeOf(), code), digits(lo), digits(hi)), t, code)
	}
	if f, ok := x.TypeOf().(types.Int); ok && f.Unsigned && ir.Find(x, isDifference) {
		x = l.help("not_below_zero", e, build.As(x, "numeric", x.TypeOf(), code))
		return build.Cast(l.help("clamp_number", e, x, digits(lo), digits(hi)), t, code)
	}
	if !isTargetInt(x) {
		x = build.Call("round", e, x.TypeOf(), code, x)
	}
	given := x
	x = build.Call("least", e, x.TypeOf(), code, build.Call("greatest", e, x.TypeOf(), code, x, digits(lo)), digits(hi))
	if !tree.Literal(e.X) || tree.IsNull(e.X) {
		// The target's functions pass over NULLs, and would give the smallest value for one.
		if !build.Repeatable(given) {
			return l.refuse(e)
		}
		there := build.Make(&ir.IsNull{X: ir.Clone(given), Not: true}, e, types.Bool{}, code)
		x = build.If(there, x, nil, e, t, code)
	}
	return build.Cast(x, t, code)
}

// isDifference tells a subtraction, or a sum with what may be negative.
func isDifference(n ir.Node) bool {
	b, ok := n.(*ir.Binary)
	return ok && (b.Op == ir.Sub || b.Op == ir.Add || b.Op == ir.Mul)
}

func digits(s string) ir.Expr {
	if s[0] == '-' {
		n := &ir.Number{Text: s[1:]}
		n.Type = types.Int{Bits: 64}
		u := &ir.Unary{Op: ir.Neg, X: n}
		u.Type = n.Type
		return u
	}
	n := &ir.Number{Text: s}
	n.Type = types.Int{Bits: 64}
	return n
}

func (l *lowering) toDecimal(e *ir.Cast, t types.Decimal) ir.Expr {
	if s, ok := l.read(e); ok {
		if e.Fail == ir.FailError {
			if x := l.stored(e, s, "numeric"); build.IsFloat(x) {
				s = x
			}
			return build.Cast(s, t, code)
		}
		h := l.p.Helper("to_decimal", e, s)
		h.Type = types.Decimal{}
		if x, literal := e.X.(*ir.String); t.Precision == 0 || literal && fewDigits(x.Value, t) {
			return build.Cast(h, t, code)
		}
		return l.help("clamp_decimal", e, h, build.Int(int64(t.Precision)), build.Int(int64(t.Scale)))
	}
	x, ok := l.number(e)
	if !ok {
		return l.refuse(e)
	}
	if !e.Store {
		x = wide(x)
	}
	switch {
	case t.Precision == 0:
		return build.As(x, "numeric", t, code)
	case e.Store && e.Fail == ir.FailError && build.IsFloat(x) && t.Precision > 15 && !build.IsConstant(x):
		return build.Cast(allDigits(x), t, code)
	case e.Store && e.Fail == ir.FailError:
		return x
	case e.Store, e.Fail != ir.FailError && build.IsConstant(x) && !fitsLiteral(x, t), !e.Implicit && e.Fail != ir.FailError && !build.IsConstant(x) && !fitsDecimal(x.TypeOf(), t):
		return l.help("clamp_decimal", e, exact(x), build.Int(int64(t.Precision)), build.Int(int64(t.Scale)))
	case build.IsFloat(x) && t.Precision > 15:
		x = build.As(x, "text", types.Text{}, code) // a cast from double to numeric keeps 15 digits only
	}
	return build.Cast(x, t, code)
}

// fitsDecimal tells that every number of the type is one of the decimal's range; others become the largest of it.
func fitsDecimal(from types.Type, t types.Decimal) bool {
	whole := t.Precision - t.Scale
	switch f := from.(type) {
	case types.Int:
		return map[int]int{8: 3, 16: 5, 24: 8, 32: 10, 64: 20}[f.Bits] <= whole
	case types.Decimal:
		return f.Precision > 0 && f.Precision-f.Scale < whole || f.Precision > 0 && f.Precision-f.Scale == whole && f.Scale <= t.Scale
	case types.Year:
		return whole >= 4
	case types.Bool:
		return whole >= 1
	}
	return false
}

// fewDigits tells a text whose number cannot be out of the decimal's range.
func fewDigits(s string, t types.Decimal) bool {
	return !strings.ContainsAny(s, "eE") && len(s) < t.Precision-t.Scale
}

// fitsLiteral tells that a number literal has no more digits before the point than the type holds.
func fitsLiteral(x ir.Expr, t types.Decimal) bool {
	if u, ok := x.(*ir.Unary); ok {
		x = u.X
	}
	n, ok := x.(*ir.Number)
	if !ok || n.Kind == ir.FloatNumber {
		return false
	}
	whole := 0
	for whole < len(n.Text) && n.Text[whole] != '.' {
		whole++
	}
	return whole <= t.Precision-t.Scale-1 || whole <= t.Precision-t.Scale && whole == len(n.Text)
}

func (l *lowering) toFloat(e *ir.Cast, t types.Float) ir.Expr {
	if t.Digits > 0 {
		d := build.Make(&ir.Cast{X: e.X, To: types.Decimal{Precision: t.Digits, Scale: t.Decimals}, Fail: e.Fail, Implicit: e.Implicit, Store: e.Store}, e, e.Type, code)
		return l.toDecimal(d, types.Decimal{Precision: t.Digits, Scale: t.Decimals})
	}
	name := "double precision"
	if t.Bits == 32 {
		name = "real"
	}
	if s, ok := l.read(e); ok {
		if e.Fail == ir.FailError {
			if c, literal := e.X.(*ir.String); e.Blank && (!literal || strings.TrimSpace(c.Value) == "") {
				return l.help("strict_float", e, s)
			} else if e.Tight && (!literal || c.Value != strings.TrimRight(c.Value, " \t\n")) {
				h := l.p.Helper("stored_float", e, s)
				h.Type = types.Float{Bits: 64}
				return h
			}
			if x := l.stored(e, s, "double precision"); t.Bits == 64 {
				return x
			}
			return build.As(s, name, t, code)
		}
		h := l.help("to_float", e, s)
		if t.Bits == 32 {
			return build.As(h, name, t, code)
		}
		return h
	}
	x, ok := l.number(e)
	switch {
	case !ok:
		return l.refuse(e)
	case !e.Store && build.IsConstant(x) && build.IsFloat(x) && ir.Find(x, isFloatLiteral):
		return build.As(x, name, t, code)
	case e.Store, build.IsFloat(x) && t.Bits == 64 && !isSingle(x):
		return x
	}
	return build.As(x, name, t, code)
}

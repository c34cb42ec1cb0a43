package resolve

import (
	"bytes"
	"math/big"
	"strings"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/types"
)

// storing says how a store treats values that do not fit.
type storing struct {
	strict bool // raise an error; otherwise the nearest value is stored
	target bool // the target converts on assignment as well (columns, variables); false for arguments
	// tight tells that nothing may stand behind a number in a text.
	tight bool
}

// pass converts an argument to the type of a parameter.
func (r *Resolver) pass(e ir.Expr, t types.Type) ir.Expr {
	strict := r.strict(r.unit.Settings)
	e = r.store(e, t, storing{strict: strict, target: !strict}) // without strict mode a parameter takes the nearest value, as a variable does
	if to, ok := t.(types.Text); ok {
		return r.fitting(e, to)
	}
	from, ok := e.TypeOf().(types.Int)
	to, ok2 := t.(types.Int)
	if _, cast := e.(*ir.Cast); !cast && ok && ok2 && from.Bits > to.Bits {
		return implicit(e, to, ir.FailError)
	}
	return e
}

// assign converts a value to the type of a column or variable.
func (r *Resolver) assign(e ir.Expr, t types.Type) ir.Expr {
	return r.store(e, t, storing{strict: r.strict(r.unit.Settings), target: true})
}

func (s storing) cast(e ir.Expr, t types.Type) ir.Expr {
	fail, long := ir.FailError, ir.ErrorLong
	if !s.strict {
		fail, long = ir.FailClamp, ir.CutLong
	}
	c, ok := implicit(e, t, fail).(*ir.Cast)
	if !ok {
		return e
	}
	c.TooLong, c.Store = long, s.target
	c.Tight = s.tight
	return c
}

// store converts a value to the type it is stored in.
func (r *Resolver) store(e ir.Expr, t types.Type, s storing) ir.Expr {
	if t == nil || types.IsUnknown(t) {
		return e
	}
	s.tight = r.sem.BlankIsZero
	switch from := e.TypeOf().(type) {
	case types.Null:
		return e
	case types.Unknown:
		switch e.(type) {
		case *ir.Default, *ir.Param:
			e.SetType(t)
		}
		return e
	case types.Row:
		r.fail(mixedClasses, e.Base().Span, "a row of %d columns is stored as one value", len(from.Types))
		return e
	}
	if d, ok := e.(*ir.Default); ok && d.Column == nil {
		return e
	}
	r.checkClass(e, t)
	r.noteUncaught(e, t, s)
	switch t := t.(type) {
	case types.Text:
		r.noteQuotient(e)
		return r.storeText(e, t, s)
	case types.Int, types.Decimal, types.Float:
		return r.storeNumber(e, t, s)
	case types.Date, types.Time, types.DateTime, types.Timestamp:
		return r.storeTemporal(e, t, s)
	case types.Enum:
		return storeEnum(e, t, s)
	case types.Set:
		return storeSet(e, t, s)
	case types.Binary:
		return r.storeBinary(e, t, s)
	case types.JSON:
		return r.storeJSON(e, t, s)
	case types.Year:
		return storeYear(e, t, s)
	case types.Bit:
		if _, ok := e.TypeOf().(types.Bit); ok && e.TypeOf() == t {
			return e
		}
		return s.cast(r.bitsOf(e), t)
	}
	if kindOf(e.TypeOf()) == kindOf(t) {
		return e
	}
	return s.cast(e, t)
}

// bitsOf is what a BIT column stores: the bytes of text and byte strings as they stand, not the number that the text shows.
func (r *Resolver) bitsOf(e ir.Expr) ir.Expr {
	var b []byte
	switch x := e.(type) {
	case *ir.Bytes:
		b = x.Value
	case *ir.String:
		if cs := r.sem.Charset(r.connection().Name); x.Charset == "" && strings.HasPrefix(cs, "utf8") {
			b = []byte(x.Value)
		}
	default:
		if k := kindOf(e.TypeOf()); k == textKind || k == binaryKind {
			r.fail(mixedClasses, e.Base().Span, "the bytes of a text are stored in a BIT column")
		}
		return r.number(e)
	}
	b = bytes.TrimLeft(b, "\x00")
	if len(b) > 8 {
		r.fail(mixedClasses, e.Base().Span, "more bytes than BIT has")
		return e
	}
	return numberOf(e, new(big.Int).SetBytes(b).String())
}

func (r *Resolver) storeText(e ir.Expr, t types.Text, s storing) ir.Expr {
	if _, ok := e.TypeOf().(types.Binary); ok {
		return s.cast(e, t)
	}
	e = r.text(e)
	if str, ok := e.(*ir.String); ok && t.Fixed && strings.HasSuffix(str.Value, " ") {
		x := &ir.String{Value: strings.TrimRight(str.Value, " "), Charset: str.Charset, National: str.National} // CHAR keeps no blanks at the end
		x.Meta = str.Meta
		x.Type = r.stringType(x)
		e = x
	}
	if s.strict || t.N == 0 && t.MaxBytes == 0 {
		return e
	}
	if str, ok := e.(*ir.String); ok {
		if cut := []rune(str.Value); t.N > 0 && len(cut) > t.N {
			x := &ir.String{Value: string(cut[:t.N])}
			x.Meta, x.Type = str.Meta, r.stringType(str)
			return x
		}
		return e
	}
	if n := op.TextLen(e.TypeOf()); n > 0 && (n <= t.N || t.N == 0) {
		return e
	}
	return s.cast(e, t)
}

func (r *Resolver) storeNumber(e ir.Expr, t types.Type, s storing) ir.Expr {
	switch kindOf(e.TypeOf()) {
	case textKind:
		return r.storeNumberText(e, t, s)
	case numberKind:
	case jsonKind:
		if s.strict {
			return s.cast(e, t) // what is no number is an error
		}
		e = r.number(e)
	default:
		_, date := e.TypeOf().(types.Date)
		_, literal := e.(*ir.Temporal)
		if _, whole := t.(types.Int); whole && date && !literal && r.sem.MomentsAreTexts {
			e = implicit(e, types.DateTime{}, ir.FailError) // a whole number is that of the moment at which the day begins
		}
		e = r.number(e)
	}
	if v, ok := exactLiteral(e); ok {
		return storeLiteral(e, v, t, s)
	}
	if fits(e.TypeOf(), t) {
		return e
	}
	return s.cast(e, t)
}

// storeNumberText stores text in a number: a literal that is one, or in strict mode an error for what is none.
func (r *Resolver) storeNumberText(e ir.Expr, t types.Type, s storing) ir.Expr {
	lit, ok := e.(*ir.String)
	if !ok {
		return s.cast(e, t)
	}
	v := leadingNumber(lit.Value)
	clean := strings.TrimSpace(lit.Value) == strings.TrimSpace(trimmed(lit.Value)) && numberPrefix.MatchString(lit.Value)
	if _, double := t.(types.Float); double && s.tight && strings.TrimRight(lit.Value, " \t\r\n") != lit.Value {
		clean = false
	}
	if s.strict && !clean {
		return s.cast(e, t)
	}
	return r.storeNumber(numberOf(lit, v), t, s)
}

// trimmed is the part of a text that is read as a number.
func trimmed(v string) string {
	m := numberPrefix.FindStringSubmatch(v)
	if m == nil {
		return ""
	}
	return m[1]
}

// exactLiteral reads an integer or decimal literal with its sign.
func exactLiteral(e ir.Expr) (*big.Rat, bool) {
	switch e := e.(type) {
	case *ir.Number:
		if e.Kind == ir.FloatNumber {
			return nil, false
		}
		return new(big.Rat).SetString(e.Text)
	case *ir.Unary:
		if e.Op != ir.Neg {
			return nil, false
		}
		if v, ok := exactLiteral(e.X); ok {
			return v.Neg(v), true
		}
	}
	return nil, false
}

// storeLiteral keeps a literal that the type holds. Without strict mode one that is too large becomes the nearest value.
func storeLiteral(e ir.Expr, v *big.Rat, t types.Type, s storing) ir.Expr {
	lo, hi, ok := limits(t)
	if !ok {
		return e
	}
	switch {
	case v.Cmp(lo) >= 0 && v.Cmp(hi) <= 0:
		if _, isInt := t.(types.Int); isInt && !v.IsInt() {
			return s.cast(e, t)
		}
		return e
	case s.strict:
		return s.cast(e, t)
	case v.Cmp(lo) < 0:
		return numberOf(e, digits(lo, t))
	}
	return numberOf(e, digits(hi, t))
}

func digits(v *big.Rat, t types.Type) string {
	if d, ok := t.(types.Decimal); ok {
		return v.FloatString(d.Scale)
	}
	return v.FloatString(0)
}

// limits are the smallest and greatest value of an exact type.
func limits(t types.Type) (lo, hi *big.Rat, ok bool) {
	one := big.NewInt(1)
	switch t := t.(type) {
	case types.Int:
		n := uint(t.Bits)
		if t.Unsigned {
			top := new(big.Int).Sub(new(big.Int).Lsh(one, n), one)
			return new(big.Rat), new(big.Rat).SetInt(top), true
		}
		top := new(big.Int).Lsh(one, n-1)
		return new(big.Rat).SetInt(new(big.Int).Neg(top)), new(big.Rat).SetInt(new(big.Int).Sub(top, one)), true
	case types.Decimal:
		if t.Precision == 0 {
			return nil, nil, false
		}
		top := new(big.Int).Sub(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(t.Precision)), nil), one)
		hi := new(big.Rat).SetFrac(top, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(t.Scale)), nil))
		lo := new(big.Rat)
		if !t.Unsigned {
			lo.Neg(hi)
		}
		return lo, hi, true
	}
	return nil, nil, false
}

// fits tells that every value of one numeric type is a value of the other, without rounding.
func fits(from, to types.Type) bool {
	switch to := to.(type) {
	case types.Float:
		if f, ok := from.(types.Float); ok {
			return to.Digits == 0 && f.Bits <= to.Bits && (!to.Unsigned || f.Unsigned)
		}
		_, isInt := asInt(from)
		return isInt && to.Bits == 64 && to.Digits == 0 && !to.Unsigned
	case types.Int:
		f, ok := asInt(from)
		if !ok {
			return false
		}
		if f.Unsigned == to.Unsigned {
			return f.Bits <= to.Bits
		}
		return f.Unsigned && f.Bits < to.Bits
	case types.Decimal:
		if unlimited(from) || isFloat(from) {
			return false
		}
		if to.Unsigned && !isUnsigned(from) {
			return false
		}
		p, s := op.DecimalOf(from)
		return to.Precision == 0 || s <= to.Scale && p-s <= to.Precision-to.Scale
	}
	return false
}

func isUnsigned(t types.Type) bool {
	switch t := t.(type) {
	case types.Int:
		return t.Unsigned
	case types.Decimal:
		return t.Unsigned
	case types.Year, types.Bit:
		return true
	}
	return false
}

func (r *Resolver) storeTemporal(e ir.Expr, t types.Type, s storing) ir.Expr {
	switch kindOf(e.TypeOf()) {
	case textKind, enumKind, setKind:
		if str, ok := e.(*ir.String); ok {
			if l := literalOf(str, t); l != nil {
				return r.storeTemporal(l, t, s)
			}
		}
		return s.cast(e, t)
	case temporalKind:
		return r.storeMoment(e, t, s)
	case numberKind:
		if n, ok := e.(*ir.Number); ok && n.Kind == ir.IntNumber {
			if _, isTime := t.(types.Time); !isTime {
				if v, isDate := readDigits(n.Text); v != "" {
					return r.storeTemporal(temporalLiteral(n, v, isDate), t, s)
				}
			}
		}
	}
	return s.cast(r.number(e), t)
}

// storeMoment stores a temporal in another one: only where digits or parts are lost, or the zone counts, there is a cast.
func (r *Resolver) storeMoment(e ir.Expr, t types.Type, s storing) ir.Expr {
	_, fromTime := e.TypeOf().(types.Time)
	_, toTime := t.(types.Time)
	if fromTime && !toTime {
		r.fail(mixedClasses, e.Base().Span, "a time is stored as a %s, which depends on the current date", t)
		return e
	}
	if _, date := e.TypeOf().(types.Date); date && !toTime {
		return e
	}
	if _, date := t.(types.Date); date && r.sem.DatesRound && op.Precision(e.TypeOf()) > 0 && !fromTime {
		e = storing{strict: s.strict}.cast(e, types.DateTime{})
	}
	if sameTemporal(e.TypeOf(), t) && op.Precision(e.TypeOf()) <= op.Precision(t) {
		return e
	}
	return s.cast(e, t)
}

func storeEnum(e ir.Expr, t types.Enum, s storing) ir.Expr {
	if isLabel(e, t) {
		return label(e, t)
	}
	if sameLabels(e.TypeOf(), t) {
		return e
	}
	return s.cast(e, t)
}

// storeSet puts the members of a literal into the order of the type.
func storeSet(e ir.Expr, t types.Set, s storing) ir.Expr {
	lit, ok := e.(*ir.String)
	if !ok {
		if x, same := e.TypeOf().(types.Set); same && strings.Join(x.Values, ",") == strings.Join(t.Values, ",") {
			return e
		}
		return s.cast(e, t)
	}
	given := map[string]bool{}
	for _, m := range strings.Split(lit.Value, ",") {
		if m != "" {
			given[strings.ToLower(m)] = true
		}
	}
	var members []string
	for _, v := range t.Values {
		if given[strings.ToLower(v)] {
			members = append(members, v)
		}
	}
	if len(members) != len(given) {
		return s.cast(e, t)
	}
	x := &ir.String{Value: strings.Join(members, ",")}
	x.Meta, x.Type = lit.Meta, t
	return x
}

func (r *Resolver) storeBinary(e ir.Expr, t types.Binary, s storing) ir.Expr {
	n := 0
	switch x := e.(type) {
	case *ir.String:
		if cs := r.sem.Charset(r.connection().Name); x.Charset == "" && strings.HasPrefix(cs, "utf8") {
			b := &ir.Bytes{Value: []byte(x.Value)}
			b.Meta, b.Type = x.Meta, types.Binary{N: len(x.Value)}
			e, n = b, len(x.Value)
		}
	case *ir.Bytes:
		n = len(x.Value)
	}
	e = r.bytes(e)
	if t.Fixed && n != t.N || !s.strict && (n == 0 || t.N > 0 && n > t.N) {
		if e.TypeOf() == types.Type(t) {
			return e
		}
		return s.cast(e, t)
	}
	return e
}

func (r *Resolver) storeJSON(e ir.Expr, t types.JSON, s storing) ir.Expr {
	if _, ok := e.TypeOf().(types.JSON); ok {
		return e
	}
	if t.Kind == types.JSONText {
		return r.text(e)
	}
	if kindOf(e.TypeOf()) != textKind {
		return r.jsonOperand(e)
	}
	c, ok := s.cast(e, t).(*ir.Cast)
	if !ok {
		return e
	}
	c.Fail = ir.FailError
	return c
}

// storeYear: numbers of two digits mean years around 2000.
func storeYear(e ir.Expr, t types.Year, s storing) ir.Expr {
	if _, ok := e.TypeOf().(types.Year); ok {
		return e
	}
	if v, ok := intLiteral(e); ok {
		switch {
		case v == 0 || v >= 1901 && v <= 2155:
			return e
		case v >= 1 && v <= 69:
			return numberOf(e, itoa(int(v)+2000))
		case v >= 70 && v <= 99:
			return numberOf(e, itoa(int(v)+1900))
		}
	}
	if str, ok := e.(*ir.String); ok && len(str.Value) == 4 && strings.Trim(str.Value, "0123456789") == "" && str.Value > "1900" && str.Value < "2156" {
		return numberOf(e, str.Value)
	}
	return s.cast(e, t)
}

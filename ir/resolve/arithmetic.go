package resolve

import (
	"strings"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/types"
)

// arithmetic resolves operators on numbers and dates.
func (r *Resolver) arithmetic(sc *scope, e ir.Expr) (ir.Expr, bool) {
	switch e := e.(type) {
	case *ir.Unary:
		r.unary(sc, e)
	case *ir.Binary:
		r.binary(sc, e)
	case *ir.Div:
		r.div(sc, e)
	case *ir.Mod:
		e.L, e.R = r.operand(r.value(sc, e.L)), r.operand(r.value(sc, e.R))
		e.Type = r.modType(e.L.TypeOf(), e.R.TypeOf())
	case *ir.DateAdd:
		r.dateAdd(sc, e)
	default:
		return nil, false
	}
	return e, true
}

func (r *Resolver) unary(sc *scope, e *ir.Unary) {
	if e.Op == ir.BitNot {
		e.X = r.bits(r.value(sc, e.X))
		e.Type = types.Int{Bits: 64, Unsigned: true}
		return
	}
	e.X = r.operand(r.value(sc, e.X))
	switch t := e.X.TypeOf().(type) {
	case types.Int:
		e.Type = types.Int{Bits: 64}
		if _, lit := e.X.(*ir.Number); lit && !t.Unsigned {
			e.Type = t
		} else if lit {
			e.Type = types.Decimal{Precision: 20}
			if n := e.X.(*ir.Number); n.Text == "9223372036854775808" {
				e.Type = types.Int{Bits: 64}
			}
		}
	case types.Year:
		e.Type = types.Int{Bits: 64}
	case types.Decimal:
		e.Type = types.Decimal{Precision: t.Precision, Scale: t.Scale}
	case types.Float:
		e.Type = types.Float{Bits: 64}
		if d, ok := digitsOf(t); ok {
			e.Type = types.Float{Bits: 64, Decimals: d}
		}
	default:
		e.Type = e.X.TypeOf()
	}
}

// bits converts an operand of a bit operator to 64 bits without sign.
func (r *Resolver) bits(e ir.Expr) ir.Expr {
	if kindOf(e.TypeOf()) == textKind && r.sem.BitsRoundAway && !r.changing && !r.assigning {
		if s, ok := e.(*ir.String); !ok || strings.ContainsAny(leadingNumber(s.Value), ".eE") {
			return implicit(implicit(r.text(e), types.Decimal{}, ir.FailPrefix), types.Int{Bits: 64}, ir.FailClamp)
		}
	}
	if x := r.wholeText(e); x != nil {
		return x
	}
	if r.hasFraction(e) {
		return implicit(e, types.Int{Bits: 64}, ir.FailClamp) // rounded to seconds, not as a number
	}
	e = r.number(e)
	switch t := e.TypeOf().(type) {
	case types.Int:
		if t.Unsigned {
			return e
		}
		if _, ok := intLiteral(e); ok {
			return e
		}
		return e
	case types.Null, types.Unknown, nil:
		return e
	}
	if isFloat(e.TypeOf()) && r.sem.BitsRoundAway {
		e = implicit(e, types.Decimal{}, ir.FailClamp)
	}
	return implicit(e, types.Int{Bits: 64}, ir.FailClamp)
}

// hasFraction tells a time or moment with a fraction, which is rounded to seconds before it is an integer.
func (r *Resolver) hasFraction(e ir.Expr) bool {
	return kindOf(e.TypeOf()) == temporalKind && op.Precision(e.TypeOf()) > 0 && r.sem.DatesRound
}

func (r *Resolver) binary(sc *scope, e *ir.Binary) {
	l, rt := r.value(sc, e.L), r.value(sc, e.R)
	switch e.Op {
	case ir.BitAnd, ir.BitOr, ir.BitXor, ir.ShiftLeft, ir.ShiftRight:
		e.L, e.R = r.bits(l), r.bits(rt)
		e.Type = types.Int{Bits: 64, Unsigned: true}
		return
	}
	e.L, e.R = r.operand(l), r.operand(rt)
	e.Type = r.sumType(e)
}

// sumType is the type of a sum, difference or product (MySQL manual, Arithmetic Operators).
func (r *Resolver) sumType(e *ir.Binary) types.Type {
	a, b := e.L.TypeOf(), e.R.TypeOf()
	if isParameter(a) {
		a = b
	}
	if isParameter(b) {
		b = a
	}
	if types.IsUnknown(a) || types.IsUnknown(b) {
		return types.Unknown{Why: "an operand has no known type"}
	}
	if isFloat(a) || isFloat(b) {
		return types.Float{Bits: 64, Decimals: decimalsOf(e.Op, a, b)}
	}
	_, nullA := a.(types.Null)
	_, nullB := b.(types.Null)
	if nullA && nullB {
		return types.Int{Bits: 64}
	}
	if nullA {
		a = b
	}
	if nullB {
		b = a
	}
	ia, okA := asInt(a)
	ib, okB := asInt(b)
	if okA && okB {
		u := ia.Unsigned || ib.Unsigned
		if e.Op == ir.Sub && mode(r.unit.Settings, "NO_UNSIGNED_SUBTRACTION", false) {
			u = false
		}
		return types.Int{Bits: 64, Unsigned: u}
	}
	return r.decimal(e.Op, a, b)
}

// decimalsOf are the digits behind the point with which the result of arithmetic over a rounded double is shown; 0 if it is shown with
// all of its digits.
func decimalsOf(o ir.BinaryOp, a, b types.Type) int {
	da, oka := digitsOf(a)
	db, okb := digitsOf(b)
	if !oka || !okb || o == ir.Mul && da > 0 && db > 0 {
		return 0
	}
	return max(da, db)
}

func digitsOf(t types.Type) (int, bool) {
	switch t := t.(type) {
	case types.Int:
		return 0, true
	case types.Decimal:
		return t.Scale, t.Precision > 0
	case types.Float:
		return t.Decimals, t.Decimals > 0 && t.Digits == 0
	}
	return 0, false
}

func (r *Resolver) decimal(o ir.BinaryOp, a, b types.Type) types.Type {
	pa, sa := op.DecimalOf(a)
	pb, sb := op.DecimalOf(b)
	if unlimited(a) || unlimited(b) {
		return types.Decimal{}
	}
	if o == ir.Mul {
		return types.Decimal{Precision: min(pa+pb, r.sem.MaxPrecision), Scale: min(sa+sb, r.sem.MaxScale)}
	}
	s := max(sa, sb)
	return types.Decimal{Precision: min(max(pa-sa, pb-sb)+s+1, r.sem.MaxPrecision), Scale: s}
}

// unlimited tells a decimal without precision: what a user variable holds.
func unlimited(t types.Type) bool {
	d, ok := t.(types.Decimal)
	return ok && d.Precision == 0
}

func isFloat(t types.Type) bool { _, ok := t.(types.Float); return ok }

func asInt(t types.Type) (types.Int, bool) {
	switch t := t.(type) {
	case types.Int:
		return t, true
	case types.Year:
		return types.Int{Bits: 16, Unsigned: true}, true
	case types.Bit:
		return types.Int{Bits: 64, Unsigned: true}, true
	}
	return types.Int{}, false
}

func (r *Resolver) div(sc *scope, e *ir.Div) {
	l, rt := r.value(sc, e.L), r.value(sc, e.R)
	e.L, e.R = r.operand(l), r.operand(rt)
	a, b := e.L.TypeOf(), e.R.TypeOf()
	if _, text := l.(*ir.String); text && e.Kind == ir.DivExact {
		e.Kind = ir.DivFloat // of a text, though its number may have become a literal without an exponent
	} else if _, text := rt.(*ir.String); text && e.Kind == ir.DivExact {
		e.Kind = ir.DivFloat
	}
	if e.Kind == ir.DivInt {
		ia, _ := asInt(a)
		ib, _ := asInt(b)
		e.Type = types.Int{Bits: 64, Unsigned: ia.Unsigned || ib.Unsigned}
		return
	}
	if isParameter(a) || isParameter(b) {
		e.Type = types.Unknown{Why: parameter}
		return
	}
	if isFloat(a) || isFloat(b) {
		e.Kind = ir.DivFloat
	}
	if e.Kind != ir.DivExact {
		e.Type = types.Float{Bits: 64}
		return
	}
	if unlimited(a) || unlimited(b) {
		e.Type = types.Decimal{}
		return
	}
	inc := e.ScaleIncrement
	if inc == 0 {
		inc = r.sem.DivScale
	}
	pa, sa := op.DecimalOf(a)
	_, sb := op.DecimalOf(b)
	if _, null := a.(types.Null); null {
		pa, sa = 1, 0
	}
	s := min(sa+inc, r.sem.MaxScale)
	e.Type = types.Decimal{Precision: min(pa-sa+sb+s, r.sem.MaxPrecision), Scale: s}
}

func (r *Resolver) modType(a, b types.Type) types.Type {
	if types.IsUnknown(a) || types.IsUnknown(b) {
		return types.Unknown{Why: "an operand has no known type"}
	}
	if isFloat(a) || isFloat(b) {
		return types.Float{Bits: 64}
	}
	ia, okA := asInt(a)
	_, okB := asInt(b)
	_, nullA := a.(types.Null)
	_, nullB := b.(types.Null)
	if (okA || nullA) && (okB || nullB) {
		return types.Int{Bits: 64, Unsigned: ia.Unsigned}
	}
	if unlimited(a) || unlimited(b) {
		return types.Decimal{}
	}
	pa, sa := op.DecimalOf(a)
	pb, sb := op.DecimalOf(b)
	return types.Decimal{Precision: max(pa, pb), Scale: max(sa, sb)}
}

// dateAdd: a literal that is plainly a date becomes one; other text stays, and so does the result.
func (r *Resolver) dateAdd(sc *scope, e *ir.DateAdd) {
	e.X = r.value(sc, e.X)
	r.nullIfMoment(e.X)
	if s, ok := e.X.(*ir.String); ok {
		if v, isDate := readTemporal(s.Value); v != "" {
			e.X = temporalLiteral(s, v, isDate)
		}
	}
	if types.IsNumeric(e.X.TypeOf()) {
		e.X = r.temporal(e.X, types.DateTime{})
	}
	e.Amount = r.value(sc, e.Amount)
	e.Amount = r.amount(e)
	e.Type = r.dateAddType(e)
}

// amount is a number, except for units of several parts; text counts by its leading integer where the unit has no fraction.
func (r *Resolver) amount(e *ir.DateAdd) ir.Expr {
	if strings.Contains(e.Unit, "_") {
		return e.Amount
	}
	if kindOf(e.Amount.TypeOf()) != textKind || e.Unit == "second" {
		return r.number(e.Amount)
	}
	if s, ok := e.Amount.(*ir.String); ok {
		whole, _, _ := strings.Cut(leadingNumber(s.Value), ".")
		if !strings.ContainsAny(whole, "eE") {
			if strings.Trim(whole, "+-") == "" {
				whole += "0"
			}
			return numberOf(s, whole)
		}
	}
	return implicit(e.Amount, types.Int{Bits: 64}, ir.FailPrefix)
}

func (r *Resolver) dateAddType(e *ir.DateAdd) types.Type {
	p := op.Precision(e.X.TypeOf())
	if strings.Contains(e.Unit, "microsecond") {
		p = 6
	}
	if d, ok := e.Amount.TypeOf().(types.Decimal); ok && e.Unit == "second" {
		p = max(p, min(d.Scale, 6))
	}
	switch e.X.TypeOf().(type) {
	case types.Date:
		if dayUnit(e.Unit) {
			return types.Date{}
		}
		return types.DateTime{Precision: p}
	case types.DateTime, types.Timestamp:
		return types.DateTime{Precision: p}
	case types.Time:
		if dayUnit(e.Unit) {
			return types.DateTime{Precision: p}
		}
		return types.Time{Precision: p, Duration: true}
	case types.Text, types.Enum, types.Set:
		t := types.Text{N: 29, Collation: r.connection()}
		t.Charset = r.sem.Charset(t.Collation.Name)
		return t
	}
	return types.DateTime{Precision: p}
}

func dayUnit(u string) bool {
	switch u {
	case "day", "week", "month", "quarter", "year", "year_month":
		return true
	}
	return false
}

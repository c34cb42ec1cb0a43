package resolve

import (
	"unicode/utf8"

	"godwit/ir"
	"godwit/ir/types"
)

// handOver converts a value to the type of a parameter or of a function's result. A target may drop what stands in
// parentheses behind such a type, as PostgreSQL does, so that digits are rounded, and shown, by the value itself.
func (r *Resolver) handOver(e ir.Expr, t types.Type) ir.Expr {
	how := storing{strict: r.strict(r.unit.Settings)}
	if _, null := e.TypeOf().(types.Null); null {
		return e
	}
	switch t := t.(type) {
	case types.Decimal:
		return allDigits(r.store(e, t, how), t)
	case types.Float:
		if t.Digits > 0 {
			return r.store(e, t, how)
		}
	case types.DateTime, types.Timestamp, types.Time:
		return r.store(e, t, how)
	}
	e = r.assign(e, t)
	switch to := t.(type) {
	case types.Text:
		return r.fitting(e, to)
	case types.Binary:
		return r.fittingBytes(e, to)
	}
	return e
}

// fittingBytes lets a strict session raise an error for more bytes than a parameter, result or variable takes, which have no length on the target.
func (r *Resolver) fittingBytes(e ir.Expr, t types.Binary) ir.Expr {
	from, ok := e.TypeOf().(types.Binary)
	if !ok || t.N == 0 || t.Fixed || !r.strict(r.unit.Settings) || from.N > 0 && from.N <= t.N {
		return e
	}
	if b, literal := e.(*ir.Bytes); literal && len(b.Value) <= t.N {
		return e
	}
	c := &ir.Cast{X: e, To: t, Fail: ir.FailError, TooLong: ir.ErrorLong}
	c.Span, c.Type = e.Base().Span, t
	return c
}

// fitting lets a strict session raise an error for a text that may be longer than the parameter or result that takes it, which the target
// does not ask for.
func (r *Resolver) fitting(e ir.Expr, t types.Text) ir.Expr {
	from, text := e.TypeOf().(types.Text)
	if !text || t.N == 0 || !r.strict(r.unit.Settings) {
		return e
	}
	if s, ok := e.(*ir.String); ok && utf8.RuneCountInString(s.Value) <= t.N {
		return e
	}
	if from.N > 0 && from.N <= t.N {
		return e
	}
	from.N, from.MaxBytes, from.Fixed = t.N, 0, false
	c := &ir.Cast{X: e, To: from, Fail: ir.FailError, TooLong: ir.ErrorLong}
	c.Span, c.Type = e.Base().Span, from
	return c
}

// allDigits gives a number that fits a decimal type all of the type's digits.
func allDigits(e ir.Expr, t types.Decimal) ir.Expr {
	if v, ok := exactLiteral(e); ok {
		return numberOf(e, v.FloatString(t.Scale))
	}
	if _, cast := e.(*ir.Cast); cast || t.Scale == 0 {
		return e
	}
	switch from := e.TypeOf().(type) {
	case types.Decimal:
		if from.Scale == t.Scale {
			return e
		}
	case types.Int, types.Year:
	default:
		return e
	}
	return implicit(e, t, ir.FailError)
}

// give converts a value to the type of the variable or parameter that takes it.
func (r *Resolver) give(e, target ir.Expr) ir.Expr {
	if n, ok := target.(*ir.Name); ok {
		if _, param := n.Ref.(*ir.ParamRef); param {
			return r.handOver(e, n.Type)
		}
		if b, bytes := n.Type.(types.Binary); bytes {
			return r.fittingBytes(r.assign(e, b), b)
		}
	}
	return r.assign(e, target.TypeOf())
}

package percents

import (
	"math/big"

	"godwit/ir"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

// most is an offset behind all rows.
const most = 1_000_000_000_000_000

// bounds makes numbers of rows that the target takes alike: NULL rows are none, a negative number is 0, and fractions are cut, where the
// target takes NULL for all rows, raises an error, and rounds (SQL Language Reference, "SELECT", row_limiting_clause).
func bounds(m *ir.QueryMeta) {
	if m.Offset != nil {
		if isNull(m.Offset) {
			m.Limit, m.Offset, m.Fetch.WithTies, m.Fetch.Percent = build.Int(0), nil, false, false
			return
		}
		m.Offset = whole(m.Offset, build.Int(most))
	}
	switch {
	case m.Limit == nil || m.Fetch.Percent:
	case isNull(m.Limit):
		m.Limit = build.Int(0)
	default:
		m.Limit = whole(m.Limit, nil)
	}
}

// whole is a number of rows without a fraction and not below 0; null stands for NULL, which is 0 without it.
func whole(e, null ir.Expr) ir.Expr {
	if r, ok := literal(e); ok {
		if r.Sign() < 0 {
			return build.Int(0)
		}
		if r.IsInt() {
			return e
		}
		n := new(big.Int).Quo(r.Num(), r.Denom())
		return build.Int(n.Int64())
	}
	if !types.IsNumeric(e.TypeOf()) {
		return e
	}
	x := e
	if !integral(e.TypeOf()) {
		x = build.Call("trunc", e, types.Decimal{}, code, x)
	}
	if null != nil && !tree.NotNull(e, nil) {
		x = build.Call("coalesce", e, types.Decimal{}, code, x, null)
	}
	return build.Call("greatest", e, types.Decimal{}, code, x, build.Int(0)) // which passes over NULL
}

func integral(t types.Type) bool {
	switch t := t.(type) {
	case types.Int:
		return true
	case types.Decimal:
		return t.Precision > 0 && t.Scale <= 0
	}
	return false
}

func literal(e ir.Expr) (*big.Rat, bool) {
	e = ir.Bare(e)
	if u, ok := e.(*ir.Unary); ok && u.Op == ir.Neg {
		r, ok := literal(u.X)
		if ok {
			r.Neg(r)
		}
		return r, ok
	}
	n, ok := e.(*ir.Number)
	if !ok {
		return nil, false
	}
	return new(big.Rat).SetString(n.Text)
}

func isNull(e ir.Expr) bool { _, ok := ir.Bare(e).(*ir.Null); return ok }

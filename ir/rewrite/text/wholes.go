package text

import (
	"math"
	"strconv"

	"godwit/ir"
	"godwit/ir/op"
)

// whole tells a floating point number that is a whole number of so few digits that no way to round it changes it: FLOOR(RAND() * 65536).
func whole(e ir.Expr) bool {
	c, ok := ir.Bare(e).(*ir.Call)
	if !ok || len(c.Args) == 0 {
		return false
	}
	switch c.Op {
	case op.Floor, op.Ceil:
	case op.Round:
		if len(c.Args) != 1 {
			return false
		}
	default:
		return false
	}
	limit, ok := limitOf(c.Args[0])
	return ok && limit < 1<<50
}

// limitOf is a number that the value of an expression of literals and RAND() is not beyond, in either direction.
func limitOf(e ir.Expr) (float64, bool) {
	switch x := ir.Bare(e).(type) {
	case *ir.Number:
		f, err := strconv.ParseFloat(x.Text, 64)
		return math.Abs(f), err == nil
	case *ir.Bytes:
		if len(x.Value) > 6 {
			return 0, false
		}
		f := 0.0
		for _, b := range x.Value {
			f = f*256 + float64(b)
		}
		return f, true
	case *ir.Unary:
		f, ok := limitOf(x.X)
		return f, ok && x.Op == ir.Neg
	case *ir.Call:
		return 1, x.Op == op.Rand
	case *ir.Binary:
		l, ok := limitOf(x.L)
		r, both := limitOf(x.R)
		switch {
		case !ok || !both:
			return 0, false
		case x.Op == ir.Mul:
			return l * r, true
		case x.Op == ir.Add || x.Op == ir.Sub:
			return l + r, true
		}
	}
	return 0, false
}

package numbers

import (
	"strconv"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

// domain wraps functions that are NULL outside their domain.
func (l *lowering) domain(e *ir.Call) ir.Expr {
	fl := types.Float{Bits: 64}
	fn := func(name string, args ...ir.Expr) ir.Expr { return build.Call(name, e, fl, code, args...) }
	switch e.Op {
	case op.Sqrt:
		return l.above(e, ir.Ge, fn("sqrt", e.Args[0]))
	case op.Ln:
		return l.above(e, ir.Gt, fn("ln", e.Args[0]))
	case op.Log10:
		return l.above(e, ir.Gt, fn("log", e.Args[0]))
	case op.Log2:
		l.p.Report(lastDigit, e.Span, "the last digit of LOG2 may differ")
		return l.above(e, ir.Gt, quotient(e, fn("ln", e.Args[0]), fn("ln", two())))
	case op.ACos:
		return l.arc(e, fn("acos", e.Args[0]))
	case op.ASin:
		return l.arc(e, fn("asin", e.Args[0]))
	case op.Log:
		return l.logarithm(e)
	case op.Exp:
		if v, ok := value(e.Args[0]); !ok || v < -700 {
			return l.p.Helper("exp_float", e, e.Args[0])
		}
	case op.Pow:
		if v, ok := value(e.Args[1]); !ok || v < 0 || v > 20 {
			if b, known := value(e.Args[0]); known && ok && b >= 1 && v > 0 {
				return e
			}
			return l.p.Helper("power_float", e, e.Args...)
		}
	}
	return e
}

func two() ir.Expr { return build.Float(build.Int(2), code) }

func quotient(like, a, b ir.Expr) ir.Expr {
	return build.Make(&ir.Div{Kind: ir.DivTarget, L: a, R: b}, like, types.Float{Bits: 64}, code)
}

// value reads a number literal with its sign and casts.
func value(e ir.Expr) (float64, bool) {
	switch e := e.(type) {
	case *ir.Number:
		v, err := strconv.ParseFloat(e.Text, 64)
		return v, err == nil
	case *ir.Unary:
		v, ok := value(e.X)
		return -v, ok && e.Op == ir.Neg
	case *ir.Cast:
		if e.Target {
			return value(e.X)
		}
	}
	return 0, false
}

// above is x where the argument is above (or at) 0, else NULL.
func (l *lowering) above(e *ir.Call, o ir.CompareOp, x ir.Expr) ir.Expr {
	a := e.Args[0]
	if v, ok := value(a); ok {
		if v > 0 || v == 0 && o == ir.Ge {
			return x
		}
		return build.As(build.Null(e, e.Type), "double precision", e.Type, code)
	}
	if !build.Repeatable(a) {
		return l.refuse(e, e.Name+" of a value that changes with each evaluation")
	}
	return build.If(build.Compare(o, bare(a), build.Int(0), e, code), x, nil, e, e.Type, code)
}

// bare is the value without a cast to double, which a comparison with 0 does not need.
func bare(a ir.Expr) ir.Expr {
	if c, ok := a.(*ir.Cast); ok && c.Target && types.IsNumeric(c.X.TypeOf()) && build.IsFloat(c) {
		return ir.Clone(c.X)
	}
	return ir.Clone(a)
}

func (l *lowering) arc(e *ir.Call, x ir.Expr) ir.Expr {
	a := e.Args[0]
	if v, ok := value(a); ok {
		if v >= -1 && v <= 1 {
			return x
		}
		return build.As(build.Null(e, e.Type), "double precision", e.Type, code)
	}
	if !build.Repeatable(a) {
		return l.refuse(e, e.Name+" of a value that changes with each evaluation")
	}
	in := build.Make(&ir.Between{X: bare(a), Lo: build.Int(-1), Hi: build.Int(1)}, e, types.Bool{}, code)
	return build.If(in, x, nil, e, e.Type, code)
}

// logarithm is LOG(base, x): NULL when one of them is not above 0 or the base is 1.
func (l *lowering) logarithm(e *ir.Call) ir.Expr {
	if len(e.Args) == 1 {
		return l.above(e, ir.Gt, build.Call("ln", e, e.Type, code, e.Args[0]))
	}
	b, x := e.Args[0], e.Args[1]
	if !build.Repeatable(b) || !build.Repeatable(x) {
		return l.refuse(e, "LOG of a value that changes with each evaluation")
	}
	fl := types.Float{Bits: 64}
	out := quotient(e, build.Call("ln", e, fl, code, x), build.Call("ln", e, fl, code, b))
	var cond ir.Expr
	and := func(c ir.Expr) {
		if cond == nil {
			cond = c
			return
		}
		cond = build.Make(&ir.Binary{Op: ir.And, L: cond, R: c}, e, types.Bool{}, code)
	}
	if v, ok := value(b); !ok {
		and(build.Compare(ir.Gt, bare(b), build.Int(0), e, code))
		and(build.Compare(ir.Ne, bare(b), build.Int(1), e, code))
	} else if v <= 0 || v == 1 {
		return build.As(build.Null(e, e.Type), "double precision", e.Type, code)
	}
	if v, ok := value(x); !ok {
		and(build.Compare(ir.Gt, bare(x), build.Int(0), e, code))
	} else if v <= 0 {
		return build.As(build.Null(e, e.Type), "double precision", e.Type, code)
	}
	if cond == nil {
		return out
	}
	return build.If(cond, out, nil, e, e.Type, code)
}

package evaluation

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite/control"
)

var decided = &diag.Code{
	ID: "PL0745", Title: "A call beside a constant that decides", Severity: diag.Info, Fidelity: diag.Approximate,
	Doc: `The source computes the operands of an expression from left to right, and stops at one that decides (MySQL Reference Manual, "Operators"). The target knows the result of f(x) > NULL, or of
f(x) = 1 AND FALSE, before it begins, and does not call the function: what it writes or raises is missing.`,
	Next: "Call the function in a statement of its own, or leave the constant out.", Each: 0.1,
}

// decides looks for calls that the target may leave out, since a constant behind them tells the result.
func (l *look) decides(n ir.Node) {
	truth, any := false, false // the operator is AND or OR; constants count in front of calls as well
	switch n := n.(type) {
	case *ir.Binary:
		truth = n.Op == ir.And || n.Op == ir.Or || n.Op == ir.Xor
		any = !truth
	case *ir.Div, *ir.Mod:
		any = true
	case *ir.Compare, *ir.Like, *ir.Between, *ir.In, *ir.Concat, *ir.Call:
	default:
		return
	}
	call, constant := false, false
	ir.Children(n, func(x ir.Node) {
		e, ok := x.(ir.Expr)
		if !ok {
			return
		}
		switch {
		case settled(e, truth):
			constant = constant || call || any
		case acts(e):
			call = true
		}
	})
	if call && constant {
		l.Report(decided, n.Base().Span, "the target knows the result without the call")
	}
}

// settled tells a constant that can decide: NULL, or TRUE and FALSE in AND and OR.
func settled(e ir.Expr, truth bool) bool {
	for {
		switch x := e.(type) {
		case *ir.Cast:
			e = x.X
		case *ir.Truth:
			e = x.X
		case *ir.BoolValue:
			e = x.X
		case *ir.Null:
			return true
		default:
			return truth && ir.IsLiteral(e)
		}
	}
}

// acts tells that an expression calls a routine that does something that is seen.
func acts(e ir.Expr) bool {
	return ir.Find(e, func(n ir.Node) bool {
		c, ok := n.(*ir.RoutineCall)
		return ok && (control.OfExpr(c) != 0 || control.Writes(c))
	})
}

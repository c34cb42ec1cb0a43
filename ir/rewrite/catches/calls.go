package catches

import (
	"strings"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

// callIn is the call of a function with a second form in a statement, nil if there is none that can be made before the statement: it has to be
// evaluated on every way through its expression, and nothing beside it may fail, run other routines or read what it changes.
func (r *run) callIn(s ir.Stmt) *ir.RoutineCall {
	var places []ir.Expr
	switch n := s.(type) {
	case *ir.SetVar:
		if len(n.Items) != 1 || n.Items[0].Value == nil {
			return nil
		}
		if c := bareCall(n.Items[0].Value); c != nil {
			if r.second(c.Routine) == nil {
				return nil
			}
			return c
		}
		if control.Target(n.Items[0].Target) == nil {
			return nil
		}
		places = []ir.Expr{n.Items[0].Value}
	case *ir.Return:
		if n.Value != nil {
			places = []ir.Expr{n.Value}
		}
	case *ir.CallProc:
		places = n.Args
	}
	c := r.onlyCall(places)
	if c == nil {
		return nil
	}
	for _, e := range places {
		if !r.alone(e, c) {
			return nil
		}
	}
	return c
}

// bareCall is the call that an assignment has as its value.
func bareCall(e ir.Expr) *ir.RoutineCall {
	if c, ok := e.(*ir.Cast); ok && c.Implicit {
		e = c.X
	}
	c, _ := e.(*ir.RoutineCall)
	return c
}

// onlyCall is the one call of a routine in expressions, if it has a second form.
func (r *run) onlyCall(list []ir.Expr) *ir.RoutineCall {
	var found *ir.RoutineCall
	many := false
	for _, e := range list {
		ir.Walk(e, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.RoutineCall:
				many = many || found != nil
				found = n
			case ir.Query:
				many = true
			}
			return !many
		})
	}
	if many || found == nil || r.second(found.Routine) == nil {
		return nil
	}
	return found
}

// alone tells that an expression always evaluates the call, and nothing beside it that may fail; or that it does not hold the call, and cannot fail.
func (r *run) alone(e ir.Expr, c *ir.RoutineCall) bool {
	if e == ir.Expr(c) {
		return true
	}
	if !ir.Find(e, func(n ir.Node) bool { return n == ir.Node(c) }) {
		reads := r.shares[c.Routine] && ir.Find(e, func(n ir.Node) bool { _, ok := n.(*ir.Name); return ok })
		return !reads && r.code.OfExpr(e) == 0
	}
	if first, ok := conditional(e); ok && (first == nil || !ir.Find(first, func(n ir.Node) bool { return n == ir.Node(c) })) {
		return false
	}
	ok := true
	ir.Children(e, func(n ir.Node) {
		x, is := n.(ir.Expr)
		ok = ok && is && r.alone(x, c)
	})
	return ok
}

// conditional tells an expression that evaluates its first operand always, and others on some ways only. first is nil where that is not known.
func conditional(e ir.Expr) (first ir.Expr, ok bool) {
	name, args := "", []ir.Expr(nil)
	switch x := e.(type) {
	case *ir.Binary:
		return x.L, x.Op == ir.And || x.Op == ir.Or
	case *ir.Compare, *ir.Concat, *ir.Cast, *ir.Unary, *ir.IsNull, *ir.IsTruth, *ir.NamedArg, *ir.HelperCall:
		return nil, false
	case *ir.Call:
		name, args = x.Name, x.Args
	case *ir.TargetCall:
		name, args = x.Name, x.Args
	}
	switch strings.ToLower(name) {
	case "upper", "lower", "trim", "ltrim", "rtrim", "length", "substr", "to_char", "to_number", "to_date", "round", "trunc", "abs", "sign", "concat":
		return nil, false
	}
	if len(args) > 0 {
		return args[0], true
	}
	return nil, true
}

// calm tells a default that cannot fail where a call leaves it out.
func (r *run) calm(e ir.Expr) bool {
	switch x := e.(type) {
	case *ir.Binary:
		return (x.Op == ir.Add || x.Op == ir.Sub || x.Op == ir.Mul) && number(x.L) && number(x.R)
	case *ir.Now:
		return true
	case *ir.Pseudo:
		return x.Name == "user"
	case *ir.Cast:
		return x.Implicit && types.IsText(x.To) && types.IsNumeric(x.X.TypeOf()) && r.calm(x.X)
	case *ir.Call:
		switch x.Op {
		case op.OraTruncDate:
			return len(x.Args) == 1 && r.calm(x.Args[0])
		case op.OraChr:
			return len(x.Args) == 1 && number(x.Args[0])
		}
	}
	return r.code.OfExpr(e) == 0
}

func number(e ir.Expr) bool {
	if c, ok := e.(*ir.Cast); ok && c.Implicit {
		e = c.X
	}
	n, ok := e.(*ir.Number)
	return ok && len(n.Text) < 20
}

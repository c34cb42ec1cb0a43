package plsql

import (
	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

// Hoist takes calls out of the expressions of a program's statements: take makes the statements that stand in front, and what stands in
// place of the call. A call that is not evaluated on every way through its expression is given to refuse.
type Hoist struct {
	// Picks tells the calls that are taken out.
	Picks func(*ir.RoutineCall) bool
	// Take replaces a call. into is the variable that a statement assigns the bare call to, nil elsewhere.
	Take func(c *ir.RoutineCall, into ir.Expr) (before []ir.Stmt, value ir.Expr)
	// Refuse is told of calls that cannot be taken out.
	Refuse func(ir.Node)
	// Temp makes a variable for a part of an expression that is worked out by itself. Nil: such parts are refused.
	Temp func(t types.Type, like ir.Node) *ir.VarDecl
}

// Statements works on the statements at and below a node; it is for ir.Map, with the statements of inner lists done before.
func (h *Hoist) Statements(n ir.Node) ir.Node {
	switch n := n.(type) {
	case *ir.Block:
		h.declarations(n)
		return n
	case *ir.SetVar:
		return h.setVar(n)
	case *ir.If:
		return h.ifStmt(n)
	case *ir.CaseStmt:
		for _, b := range n.Branches {
			h.none(b.Cond)
		}
		return h.before(n, &n.Operand)
	case *ir.Loop:
		return h.loop(n)
	case *ir.Return:
		return h.before(n, &n.Value)
	case *ir.Leave:
		return h.before(n, &n.When)
	case *ir.Iterate:
		return h.before(n, &n.When)
	case *ir.CallProc:
		list := make([]*ir.Expr, len(n.Args))
		for i := range n.Args {
			list[i] = &n.Args[i]
		}
		return h.before(n, list...)
	case *ir.Raise:
		return h.before(n, &n.Message)
	case *ir.Invocation, *ir.Execute, *ir.OpenCursor, *ir.Perform:
		h.none(n)
	}
	return n
}

func (h *Hoist) picked(n ir.Node) bool {
	return n != nil && ir.Find(n, func(x ir.Node) bool {
		c, ok := x.(*ir.RoutineCall)
		return ok && h.Picks(c)
	})
}

// none refuses calls where they cannot be taken out.
func (h *Hoist) none(n ir.Node) {
	if n != nil && h.picked(n) {
		h.Refuse(n)
	}
}

func (h *Hoist) before(s ir.Stmt, places ...*ir.Expr) ir.Node {
	var out []ir.Stmt
	for _, e := range places {
		if *e == nil || !h.picked(*e) {
			continue
		}
		list, value := h.expr(*e, nil)
		out, *e = append(out, list...), value
	}
	return spliced(out, s)
}

func spliced(before []ir.Stmt, s ir.Stmt) ir.Node {
	if len(before) == 0 {
		return s
	}
	m := s.Base()
	first := before[0].Base()
	first.Lead, m.Lead = append(m.Lead, first.Lead...), nil
	sp := &ir.Splice{Stmts: append(before, s)}
	sp.Span = m.Span
	return sp
}

// expr takes the calls out of one expression.
func (h *Hoist) expr(e ir.Expr, into ir.Expr) (before []ir.Stmt, value ir.Expr) {
	if c, ok := e.(*ir.RoutineCall); ok && h.Picks(c) {
		for _, a := range c.Args {
			h.none(a)
		}
		return h.Take(c, into)
	}
	if b, ok := e.(*ir.Binary); ok && h.conditional(b) {
		return h.shortcut(b)
	}
	if u, ok := e.(*ir.Unary); ok && u.Op == ir.Not && h.Temp != nil {
		not := *u
		before, not.X = h.expr(u.X, nil)
		return before, &not
	}
	h.always(e)
	h.changed(e)
	value = ir.MapExprs(e, func(x ir.Expr) ir.Expr {
		c, ok := x.(*ir.RoutineCall)
		if !ok || !h.Picks(c) {
			return x
		}
		list, v := h.Take(c, nil)
		before = append(before, list...)
		return v
	})
	return before, value
}

// conditional tells AND and OR with a call behind that is evaluated on some ways only.
func (h *Hoist) conditional(b *ir.Binary) bool {
	return h.Temp != nil && (b.Op == ir.And || b.Op == ir.Or) && h.picked(b.R)
}

// shortcut works out AND and OR in a variable: the right side is looked at where the left one does not tell the result.
func (h *Hoist) shortcut(b *ir.Binary) (before []ir.Stmt, value ir.Expr) {
	v := h.Temp(types.Bool{}, b)
	before, left := h.expr(b.L, nil)
	more, right := h.expr(b.R, nil)
	open := &ir.IsTruth{Not: true, Value: ir.IsFalse, X: control.Var(v)}
	if b.Op == ir.Or {
		open.Value = ir.IsTrue
	}
	open.Type, open.Span = types.Bool{}, b.Span
	both := *b
	both.L, both.R = control.Var(v), right
	first := control.Set(control.Var(v), left)
	then := control.When(open, append(more, control.Set(control.Var(v), &both))...)
	first.Span, then.Span = b.Span, b.Span
	return append(before, first, then), control.Var(v)
}

// changed refuses a call that changes a variable which the rest of the expression reads.
func (h *Hoist) changed(e ir.Expr) {
	inside := map[*ir.Name]bool{}
	outs := map[ir.Node]bool{}
	ir.Walk(e, func(n ir.Node) bool {
		c, ok := n.(*ir.RoutineCall)
		if !ok || !h.Picks(c) {
			return true
		}
		for i, a := range c.Args {
			if i < len(c.Routine.Params) && c.Routine.Params[i].Mode != 0 || len(c.Args) > len(c.Routine.Params) {
				outs[control.Target(a)] = true
			}
			ir.Walk(a, func(x ir.Node) bool {
				if m, ok := x.(*ir.Name); ok {
					inside[m] = true
				}
				return true
			})
		}
		return true
	})
	delete(outs, nil)
	ir.Walk(e, func(n ir.Node) bool {
		if m, ok := n.(*ir.Name); ok && !inside[m] && outs[control.Target(m)] {
			h.Refuse(m)
		}
		return true
	})
}

// always refuses calls that are evaluated on some ways only.
func (h *Hoist) always(e ir.Expr) {
	ir.Walk(e, func(n ir.Node) bool {
		switch x := n.(type) {
		case *ir.Case:
			h.none(x)
			return false
		case *ir.Binary:
			if x.Op == ir.And || x.Op == ir.Or {
				h.none(x.R)
			}
		case *ir.Call:
			if x.Op == op.Coalesce || x.Op == op.IfNull {
				for _, a := range x.Args[1:] {
					h.none(a)
				}
			}
		case *ir.TargetCall:
			if x.Name == "coalesce" {
				for _, a := range x.Args[1:] {
					h.none(a)
				}
			}
		case *ir.Subquery:
			h.none(x)
			return false
		}
		return true
	})
}

func (h *Hoist) setVar(n *ir.SetVar) ir.Node {
	var before []ir.Stmt
	for _, it := range n.Items {
		h.none(it.Target)
		if !h.picked(it.Value) {
			continue
		}
		if c, ok := it.Value.(*ir.RoutineCall); ok && h.Picks(c) && len(n.Items) == 1 {
			list, value := h.expr(c, it.Target)
			if value == nil {
				m := n.Base()
				list[0].Base().Lead = append(m.Lead, list[0].Base().Lead...)
				last := list[len(list)-1].Base()
				last.Trail = append(last.Trail, m.Trail...)
				sp := &ir.Splice{Stmts: list}
				sp.Span = n.Span
				return sp
			}
			before, it.Value = append(before, list...), value
			continue
		}
		list, value := h.expr(it.Value, nil)
		before, it.Value = append(before, list...), value
	}
	return spliced(before, n)
}

func (h *Hoist) ifStmt(n *ir.If) ir.Node {
	for i, b := range n.Branches {
		if i == 0 || !h.picked(b.Cond) {
			continue
		}
		rest := &ir.If{Branches: n.Branches[i:], Else: n.Else}
		rest.Span = b.Span
		n.Branches = n.Branches[:i:i]
		switch x := h.ifStmt(rest).(type) {
		case *ir.Splice:
			n.Else = x.Stmts
		case ir.Stmt:
			n.Else = []ir.Stmt{x}
		}
		break
	}
	return h.before(n, &n.Branches[0].Cond)
}

func (h *Hoist) loop(n *ir.Loop) ir.Node {
	switch n.Kind {
	case ir.RangeLoop:
		return h.before(n, &n.Lo, &n.Hi)
	case ir.WhileLoop:
		if !h.picked(n.Cond) {
			return n
		}
		list, cond := h.expr(n.Cond, nil)
		t := &ir.IsTruth{Not: true, Value: ir.IsTrue, X: cond}
		t.Type, t.Span = types.Bool{}, n.Span
		leave := &ir.Leave{When: t}
		leave.Span = n.Span
		n.Kind, n.Cond = ir.InfiniteLoop, nil
		n.Body = append(append(list, leave), n.Body...)
	case ir.QueryLoop:
		if n.Cursor != nil {
			h.none(n.Cursor)
		}
	}
	return n
}

// declarations makes assignments of values that hold such calls, and of those behind them.
func (h *Hoist) declarations(b *ir.Block) {
	var out []ir.Stmt
	for _, d := range b.Decls {
		v, ok := d.(*ir.VarDecl)
		if !ok || v.Default == nil || len(out) == 0 && !h.picked(v.Default) {
			continue
		}
		it := &ir.SetItem{Target: &ir.Name{Parts: []ir.Ident{v.Name}, Ref: &ir.VarRef{Decl: v}}, Value: v.Default}
		it.Target.SetType(v.Type)
		it.Target.Base().Span = v.Span
		it.Span = v.Span
		s := &ir.SetVar{Items: []*ir.SetItem{it}}
		s.Span = v.Span
		v.Default, v.Constant = nil, false
		switch x := h.setVar(s).(type) {
		case *ir.Splice:
			out = append(out, x.Stmts...)
		case ir.Stmt:
			out = append(out, x)
		}
	}
	if len(out) == 0 {
		return
	}
	if len(b.Catches) > 0 {
		in := &ir.Block{Body: b.Body, Catches: b.Catches}
		in.Span = b.Span
		b.Body, b.Catches = []ir.Stmt{in}, nil
	}
	b.Body = append(out, b.Body...)
}

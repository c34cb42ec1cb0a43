package handlers

import (
	"godwit/ir"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

// raising tells that evaluating the condition can raise something that a handler around takes by a protected statement.
func (r *run) raising(sc *scope, list ...ir.Expr) bool {
	if sc.silent() {
		return false
	}
	var k control.Kinds
	for _, e := range list {
		k |= control.OfExpr(e)
	}
	for s := sc; s != nil && !s.plain; s = s.parent {
		if s.handles()&k != 0 {
			return true
		}
	}
	return false
}

func (r *run) branch(n *ir.If, sc *scope, tail bool) []ir.Stmt {
	for i, b := range n.Branches {
		if !r.raising(sc, b.Cond) {
			continue
		}
		if i > 0 {
			// ELSIF c becomes ELSE IF c, so that c can be evaluated in a statement of its own.
			rest := &ir.If{Branches: n.Branches[i:], Else: n.Else}
			rest.Span = b.Span
			n.Branches, n.Else = n.Branches[:i], []ir.Stmt{rest}
			break
		}
		return r.hoisted(n, sc, tail)
	}
	for _, b := range n.Branches {
		b.Body = r.inner(b.Body, sc, tail)
	}
	if n.Else != nil {
		n.Else = r.inner(n.Else, sc, tail)
	}
	return []ir.Stmt{n}
}

// hoisted evaluates the first condition of an IF in a protected statement. When it fails, the source goes on behind the IF.
func (r *run) hoisted(n *ir.If, sc *scope, tail bool) []ir.Stmt {
	v := r.truth("condition", n)
	b := &ir.Block{Label: r.fresh("tested")}
	b.Span = n.Span
	b.Made(code)
	set := control.Set(control.Var(v), n.Branches[0].Cond)
	set.Span = n.Branches[0].Span
	leaf := r.wrap(set, r.armsLeaving(sc, n.Branches[0].Cond, set, b.Label))
	n.Branches[0].Cond = control.Var(v)
	b.Lead, n.Lead = n.Lead, nil
	b.Body = append([]ir.Stmt{leaf}, r.branch(n, sc, false)...)
	return []ir.Stmt{b}
}

// armsLeaving are the arms for evaluating a condition; where the handler would go on, the label is left.
func (r *run) armsLeaving(sc *scope, cond ir.Expr, leaf ir.Stmt, label string) []*ir.ExceptArm {
	arms := r.arms(sc, control.OfExpr(cond), leaf, false)
	for _, a := range arms {
		if !control.Leaves(a.Body) {
			a.Body = append(a.Body, &ir.Leave{Label: label})
		}
	}
	return arms
}

// truth declares a variable for the value of a condition.
func (r *run) truth(name string, at ir.Node) *ir.VarDecl {
	v := &ir.VarDecl{Name: ir.Ident{Text: r.fresh(name)}, Type: types.Bool{}, TypeSQL: "boolean"}
	v.Span = at.Base().Span
	v.Made(code)
	r.root.Decls = append([]ir.Decl{v}, r.root.Decls...)
	return v
}

func (r *run) cases(n *ir.CaseStmt, sc *scope, tail bool) []ir.Stmt {
	if n.Operand == nil && r.raising(sc, conditions(n)...) {
		return r.chain(n, sc, tail)
	}
	if r.raising(sc, conditions(n)...) {
		rewrite.Refuse(r.p, raisingCase, n.Span, "CASE statement under a handler, with a value that can raise an error")
		return []ir.Stmt{n}
	}
	if r.raising(sc, n.Operand) {
		return r.operand(n, sc)
	}
	for _, b := range n.Branches {
		b.Body = r.inner(b.Body, sc, tail)
	}
	if !n.HasElse && !sc.silent() && r.handled(sc, control.Declared) {
		n.Else, n.HasElse = []ir.Stmt{made(control.CaseNotFound(n))}, true
	}
	n.Else = r.inner(n.Else, sc, tail)
	return []ir.Stmt{n}
}

// conditions are the values and conditions of the branches.
func conditions(n *ir.CaseStmt) []ir.Expr {
	var list []ir.Expr
	for _, b := range n.Branches {
		list = append(list, b.Cond)
	}
	return list
}

func made(s ir.Stmt) ir.Stmt {
	s.Base().Made(code)
	return s
}

// chain makes IF of a CASE with conditions, which then are evaluated one by one.
func (r *run) chain(n *ir.CaseStmt, sc *scope, tail bool) []ir.Stmt {
	f := &ir.If{Branches: n.Branches, Else: n.Else}
	if !n.HasElse {
		f.Else = []ir.Stmt{made(control.CaseNotFound(n))}
	}
	f.Meta = n.Meta
	f.Made(code)
	return r.branch(f, sc, tail)
}

// operand evaluates the operand of a CASE in a protected statement. When it fails, the source goes on behind the CASE.
func (r *run) operand(n *ir.CaseStmt, sc *scope) []ir.Stmt {
	v := &ir.VarDecl{Name: ir.Ident{Text: r.fresh("operand")}, Type: n.Operand.TypeOf()}
	if _, known := r.p.Lower.TypeSQL(v.Type); !known {
		rewrite.Refuse(r.p, raisingCase, n.Span, "CASE statement under a handler, with an operand that can raise an error")
		return []ir.Stmt{n}
	}
	v.Span = n.Span
	v.Made(code)
	r.root.Decls = append([]ir.Decl{v}, r.root.Decls...)
	b := &ir.Block{Label: r.fresh("tested")}
	b.Span = n.Span
	b.Made(code)
	set := control.Set(control.Var(v), n.Operand)
	set.Span = n.Operand.Base().Span
	leaf := r.wrap(set, r.armsLeaving(sc, n.Operand, set, b.Label))
	n.Operand = control.Var(v)
	b.Lead, n.Lead = n.Lead, nil
	b.Body = append([]ir.Stmt{leaf}, r.cases(n, sc, false)...)
	return []ir.Stmt{b}
}

func (r *run) handled(sc *scope, k control.Kinds) bool {
	for s := sc; s != nil; s = s.parent {
		if s.handles()&k != 0 {
			return true
		}
	}
	return false
}

func (r *run) loop(n *ir.Loop, sc *scope) []ir.Stmt {
	r.loops++
	defer func() { r.loops-- }()
	if control.Transactional(n) {
		r.open = false
	}
	if n.Cond == nil || !r.raising(sc, n.Cond) {
		n.Body = r.inner(n.Body, sc, false)
		return []ir.Stmt{n}
	}
	// The condition becomes a statement of the body. When it fails, the source goes on behind the loop.
	v := r.truth("condition", n)
	if n.Label == "" {
		n.Label = r.fresh("tested")
	}
	set := control.Set(control.Var(v), n.Cond)
	set.Span = n.Cond.Base().Span
	leaf := r.wrap(set, r.armsLeaving(sc, n.Cond, set, n.Label))
	out := &ir.Leave{Label: n.Label, When: control.Var(v)}
	if n.Kind == ir.WhileLoop {
		not := &ir.IsTruth{Not: true, Value: ir.IsTrue, X: control.Var(v)}
		not.Type = types.Bool{}
		out.When = not
		n.Body = append([]ir.Stmt{leaf, out}, r.inner(n.Body, sc, false)...)
	} else {
		n.Body = append(r.inner(n.Body, sc, false), leaf, out)
	}
	n.Kind, n.Cond = ir.InfiniteLoop, nil
	n.Made(code)
	return []ir.Stmt{n}
}

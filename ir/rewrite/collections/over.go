package collections

import (
	"strings"

	"godwit/ir"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

// over is a loop over INDICES OF [BETWEEN] or VALUES OF a collection: from its first place to its last, gaps left out.
func (r *run) over(n *ir.Forall, loop *ir.Loop) []ir.Stmt {
	at, of := n.Var, n.Indices
	if n.Values != nil {
		at, of = r.counter("place", n), n.Values
		value := &ir.Element{X: ir.Clone(of), Index: control.Var(at)}
		value.Span, value.Type = n.Span, types.Int{Bits: 32}
		loop.Body = append([]ir.Stmt{set(control.Var(n.Var), value, n)}, loop.Body...)
	}
	call := func(method string, t types.Type, args ...ir.Expr) ir.Expr {
		c := &ir.CollectionCall{X: ir.Clone(of), Method: method, Args: args}
		c.Span, c.Type = n.Span, t
		return c
	}
	integer := types.Int{Bits: 32}
	var cond ir.Expr = &ir.IsNull{X: control.Var(at), Not: true}
	cond.SetType(types.Bool{})
	cond.Base().Span = n.Span
	var before []ir.Stmt
	if n.Lo == nil {
		before = append(before, set(control.Var(at), call("FIRST", integer), n))
	} else {
		low, high := r.counter("low", n), r.counter("high", n)
		start := build.If(call("EXISTS", types.Bool{}, control.Var(low)), control.Var(low), call("NEXT", integer, control.Var(low)), n.Lo, integer, code)
		before = append(before, set(control.Var(low), n.Lo, n), set(control.Var(high), n.Hi, n), r.known(n, low, high), set(control.Var(at), start, n))
		cond = build.Compare(ir.Le, control.Var(at), control.Var(high), n.Hi, code)
	}
	loop.Kind, loop.Cond, loop.Var, loop.Lo, loop.Hi = ir.WhileLoop, cond, nil, nil, nil
	loop.Body = append(loop.Body, set(control.Var(at), call("NEXT", integer, control.Var(at)), n))
	list := append(before, loop)
	if !r.shadowed(n.Var) {
		r.top.Decls = append(r.top.Decls, n.Var)
		return list
	}
	b := &ir.Block{Decls: []ir.Decl{n.Var}, Body: list}
	b.Span = n.Span
	b.Made(code)
	return []ir.Stmt{b}
}

// shadowed tells that the program declares something else of a variable's name.
func (r *run) shadowed(v *ir.VarDecl) bool {
	return ir.Find(r.root, func(n ir.Node) bool {
		switch d := n.(type) {
		case *ir.VarDecl:
			return d != v && strings.EqualFold(d.Name.Text, v.Name.Text)
		case *ir.ParamDecl:
			return strings.EqualFold(d.Name.Text, v.Name.Text)
		}
		return false
	})
}

// counter declares an integer of the routine.
func (r *run) counter(name string, at ir.Node) *ir.VarDecl {
	return r.local(name, types.Int{Bits: 32}, at)
}

// known raises ORA-06502 where a bound is NULL.
func (r *run) known(n *ir.Forall, low, high *ir.VarDecl) ir.Stmt {
	raise := &ir.Raise{Level: "EXCEPTION", State: "22004", Message: control.Text("ORA-06502: PL/SQL: numeric or value error")}
	is := func(v *ir.VarDecl) ir.Expr {
		return build.Make(&ir.IsNull{X: control.Var(v)}, n.Lo, types.Bool{}, code)
	}
	test := control.When(build.Op("OR", n.Lo, types.Bool{}, code, is(low), is(high)), raise)
	for _, s := range []ir.Stmt{raise, test} {
		s.Base().Span = n.Span
		s.Base().Made(code)
	}
	return test
}

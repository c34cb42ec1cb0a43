package catches

import (
	"slices"
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/plsql"
	"godwit/ir/types"
)

// block lowers a block. Its own handlers take exceptions of its statements; those of its declarations and handlers go to the guards around it.
func (r *run) block(b *ir.Block, outer *guard) []ir.Stmt {
	before := r.declarations(b, outer)
	if len(b.Catches) == 0 {
		b.Body = append(before, r.list(b.Body, outer)...)
		return []ir.Stmt{b}
	}
	g := r.guard(b, outer)
	if g == nil {
		return []ir.Stmt{b}
	}
	body := r.list(b.Body, g)
	bodies := map[*handler][]ir.Stmt{}
	for _, h := range g.handlers {
		bodies[h] = r.shown(r.list(h.catch.Body, outer))
	}
	if g.undone && (!g.loose && r.code.Loses(b.Body, plsql.Any) || outer != nil && !outer.careless() && r.code.Loses([]ir.Stmt{b}, outer.kinds()) || r.code.Transactional(&ir.Block{Body: b.Body})) {
		rewrite.Refuse(r.Pass, savepoint, b.Span, "some handlers of the block go back to its savepoint, others keep its work")
		return []ir.Stmt{b}
	}
	b.Catches = nil
	r.finish(g, body, bodies, outer)
	if len(before) > 0 {
		b.Body = append(before, b.Body...)
	}
	return []ir.Stmt{b}
}

// declarations makes assignments of values of variables that may fail where a guard has to see it.
func (r *run) declarations(b *ir.Block, g *guard) []ir.Stmt {
	if g == nil {
		return nil
	}
	var out []ir.Stmt
	for _, d := range b.Decls {
		v, ok := d.(*ir.VarDecl)
		if !ok || v.Default == nil {
			continue
		}
		set := control.Set(control.Var(v), v.Default)
		if len(out) == 0 && r.code.OfStmt(set)&g.kinds() == 0 {
			continue
		}
		set.Span = v.Span
		v.Default, v.Constant = nil, false
		out = append(out, set)
	}
	if len(out) == 0 {
		return nil
	}
	out = r.list(out, g)
	if len(b.Catches) > 0 { // they must not be seen by the block's own handlers
		in := &ir.Block{Body: b.Body, Catches: b.Catches}
		in.Span = b.Span
		in.Made(code)
		b.Body, b.Catches = []ir.Stmt{in}, nil
	}
	return out
}

// guard makes the guard of a block's handlers; nil if one of them is refused.
func (r *run) guard(b *ir.Block, outer *guard) *guard {
	g := &guard{block: b, outer: outer, loose: true}
	if !r.class(b, outer) {
		return nil
	}
	for _, c := range b.Catches {
		h := &handler{catch: c, kinds: r.code.OfCatch(c)}
		switch {
		case c.Others:
			h.conds = []string{"OTHERS"}
			r.once(c)
		case len(c.States) == 0:
			names := make([]string, len(c.Names))
			for i, n := range c.Names {
				names[i] = n.String()
			}
			rewrite.Refuse(r.Pass, unknownNames, c.Span, "the exception %s is not known", strings.Join(names, ", "))
			return nil
		default:
			for _, s := range c.States {
				h.conds = append(h.conds, condition(s))
			}
		}
		g.handlers = append(g.handlers, h)
		if control.RollbackAt(c.Body) < 0 && !c.Undone && !(outer == nil && r.again(c.Body)) {
			g.loose = false
		}
		g.undone = g.undone || c.Undone
	}
	return g
}

// class gives a handler for ORA-20000, whose state stands for a class, a test that it is that error; false where others may want the rest of the class.
func (r *run) class(b *ir.Block, outer *guard) bool {
	var own *ir.Catch
	others := outer != nil && outer.kinds()&plsql.Declared != 0
	for _, c := range b.Catches {
		if slices.Contains(c.States, "ZX000") {
			own = c
			continue
		}
		others = others || r.code.OfCatch(c)&plsql.Declared != 0
	}
	if own == nil {
		return true
	}
	if others || len(own.States) > 1 {
		rewrite.Refuse(r.Pass, wholeClass, own.Span, "a handler for ORA-20000")
		return false
	}
	number := &ir.Call{Name: "SQLCODE"}
	number.Type, number.Span = types.Int{Bits: 32}, own.Span
	test := &ir.Compare{Op: ir.Ne, L: number, R: build.Int(-20000)}
	test.Type, test.Span = types.Bool{}, own.Span
	again := &ir.RaiseNamed{}
	again.Span = own.Span
	first := control.When(test, again)
	first.Made(code)
	own.Body = append([]ir.Stmt{first}, own.Body...)
	return true
}

// once reports that OTHERS takes no cancelled statements, once for a unit.
func (r *run) once(c *ir.Catch) {
	for _, f := range r.Unit.Findings {
		if f.Code == cancels.ID {
			return
		}
	}
	r.Report(cancels, c.Span, "WHEN OTHERS does not take query_canceled")
}

// condition spells a condition name or an SQLSTATE.
func condition(s string) string {
	if control.ValidState(s) {
		return "SQLSTATE '" + s + "'"
	}
	return s
}

// again tells that a handler always raises again, and does nothing in between that could see what is undone.
func (r *run) again(list []ir.Stmt) bool {
	if len(list) == 0 || !leaves(list) {
		return false
	}
	for _, s := range list {
		if ir.Find(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.Subquery, *ir.RoutineCall, *ir.SelectInto, *ir.CallProc, *ir.Insert, *ir.Update, *ir.Delete, *ir.Merge, *ir.Execute, *ir.Return,
				*ir.FetchCursor, *ir.Loop, *ir.Leave, *ir.Iterate, *ir.Goto, *ir.Transaction, *ir.Invocation:
				return true
			case *ir.Block:
				return len(n.Catches) > 0
			}
			return false
		}) {
			return false
		}
	}
	return true
}

// leaves tells that a list always ends with an exception, RETURN or a jump.
func leaves(list []ir.Stmt) bool {
	if len(list) == 0 {
		return false
	}
	switch n := list[len(list)-1].(type) {
	case *ir.RaiseNamed:
		return true
	case *ir.If:
		for _, b := range n.Branches {
			if !leaves(b.Body) {
				return false
			}
		}
		return leaves(n.Else)
	case *ir.Block:
		return len(n.Catches) == 0 && len(n.Except) == 0 && n.Label == "" && leaves(n.Body)
	}
	return control.Leaves(list)
}

// finish puts a block together from its protected statements and the bodies of its handlers.
func (r *run) finish(g *guard, body []ir.Stmt, bodies map[*handler][]ir.Stmt, outer *guard) {
	b := g.block
	r.placed(g, bodies)
	if w, all := r.only(g, body); w != nil {
		b.Body, b.Except = all, w.Except
		for _, u := range g.uses {
			u.arm.Body = r.arm(u.handler, bodies[u.handler], nil)
			u.arm.Lead = u.handler.catch.Lead
			u.arm.Trail = u.handler.catch.Trail
		}
		r.order(b)
		return
	}
	if g.undone && len(g.uses) > 0 {
		rewrite.Refuse(r.Pass, savepoint, b.Span, "the block does more than what its handlers undo")
		return
	}
	var kept []*handler
	for _, h := range g.handlers {
		if h.uses > 1 && !r.brief[h.catch] && !short(bodies[h]) {
			kept = append(kept, h)
		}
	}
	if len(kept) > 0 {
		r.behind(g, body, bodies, kept)
		return
	}
	b.Body = body
	needs := false
	for _, u := range g.uses {
		list := bodies[u.handler]
		if u.handler.uses > 1 {
			list = clones(list)
		}
		u.arm.Body = r.arm(u.handler, list, nil)
		if u.wrap == last(body) || leaves(u.arm.Body) {
			continue
		}
		u.arm.Body = without(u.arm.Body)
		if r.plain && ir.Stmt(b) == r.top && outer == nil {
			u.arm.Body = append(u.arm.Body, &ir.Return{})
			continue
		}
		needs = true
		if b.Label == "" {
			b.Label = r.label("body")
		}
		u.arm.Body = append(u.arm.Body, &ir.Leave{Label: b.Label})
	}
	_ = needs
}

// only is the protected group of a block that has no other, with all statements of the block; nil if there are several, or work in front of it.
func (r *run) only(g *guard, body []ir.Stmt) (*ir.Block, []ir.Stmt) {
	var w *ir.Block
	for _, u := range g.uses {
		if w != nil && u.wrap != w {
			return nil, nil
		}
		w = u.wrap
	}
	if w == nil {
		return nil, nil
	}
	var out []ir.Stmt
	seen := false
	for _, s := range body {
		switch {
		case s == ir.Stmt(w):
			seen = true
			out = append(out, w.Body...)
		case r.code.Transactional(s) || !seen && r.code.Writes(s):
			return nil, nil
		default:
			out = append(out, s)
		}
	}
	if !seen {
		return nil, nil
	}
	return w, out
}

// order puts the arms of a block into the order of its handlers; handlers that nothing needs fall away.
func (r *run) order(*ir.Block) {}

// behind makes the block note which handler is to run, and run it when its statements have been left.
func (r *run) behind(g *guard, body []ir.Stmt, bodies map[*handler][]ir.Stmt, kept []*handler) {
	b := g.block
	inner := &ir.Block{Label: r.label("body"), Body: body}
	inner.Span = b.Span
	inner.Made(code)
	flag := &ir.VarDecl{Name: ir.Ident{Text: control.Unused(r.root, "failed")}, Type: types.Bool{}, TypeSQL: "boolean", Default: &ir.Bool{}}
	if len(kept) > 1 {
		flag.Name.Text, flag.Type, flag.TypeSQL, flag.Default = control.Unused(r.root, "handler"), types.Int{Bits: 32}, "integer", control.Int("0")
	}
	saved := &saved{}
	for _, h := range kept {
		saved.look(bodies[h])
	}
	flag.Span = b.Span
	decls := []ir.Decl{flag}
	if saved.state {
		saved.stateVar = textVar(control.Unused(r.root, "error_state"), b)
		decls = append(decls, saved.stateVar)
	}
	if saved.message {
		saved.messageVar = textVar(control.Unused(r.root, "error_message"), b)
		decls = append(decls, saved.messageVar)
	}
	test := &ir.If{}
	test.Span = b.Span
	test.Made(code)
	number := map[*handler]ir.Expr{}
	for i, h := range kept {
		var cond ir.Expr = control.Var(flag)
		number[h] = truth()
		if len(kept) > 1 {
			number[h] = control.Int(strconv.Itoa(i + 1))
			c := &ir.Compare{Op: ir.Eq, L: control.Var(flag), R: control.Int(strconv.Itoa(i + 1))}
			c.Type = types.Bool{}
			cond = c
		}
		br := &ir.Branch{Cond: cond, Body: r.arm(h, bodies[h], saved)}
		br.Span, br.Lead, br.Trail = h.catch.Span, h.catch.Lead, h.catch.Trail
		test.Branches = append(test.Branches, br)
	}
	for _, u := range g.uses {
		n := number[u.handler]
		if n == nil {
			list := bodies[u.handler]
			if u.handler.uses > 1 {
				list = clones(list)
			}
			u.arm.Body = r.arm(u.handler, list, nil)
			if !leaves(u.arm.Body) && u.wrap != last(body) {
				u.arm.Body = append(without(u.arm.Body), &ir.Leave{Label: inner.Label})
			}
			continue
		}
		u.arm.Body = append(append(u.handler.stores(), control.Set(control.Var(flag), ir.Clone(n))), saved.stores()...)
		if u.wrap != last(body) {
			u.arm.Body = append(u.arm.Body, &ir.Leave{Label: inner.Label})
		}
	}
	b.Decls = append(b.Decls, decls...)
	b.Body = []ir.Stmt{inner, test}
}

func truth() ir.Expr { return boolean(true) }

func boolean(value bool) ir.Expr {
	t := &ir.Bool{Value: value}
	t.Type = types.Bool{}
	return t
}

func textVar(name string, like ir.Node) *ir.VarDecl {
	v := &ir.VarDecl{Name: ir.Ident{Text: name}, Type: types.Text{}, TypeSQL: "text"}
	v.Span = like.Base().Span
	v.Made(code)
	return v
}

// label is a name for a block that the unit does not have yet.
func (r *run) label(name string) string {
	taken := map[string]bool{}
	ir.WalkStatements(r.root, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Block:
			taken[strings.ToLower(n.Label)] = true
		case *ir.Loop:
			taken[strings.ToLower(n.Label)] = true
		}
		return true
	})
	for {
		r.labels++
		out := name
		if r.labels > 1 {
			out = name + "_" + strconv.Itoa(r.labels)
		}
		if !taken[out] {
			return out
		}
	}
}

// short tells that a handler is written as often as it is needed.
func short(list []ir.Stmt) bool {
	if len(list) > 1 {
		return false
	}
	for _, s := range list {
		switch n := s.(type) {
		case *ir.Nothing, *ir.Return, *ir.Raise, *ir.RaiseNamed, *ir.Leave, *ir.Iterate:
		case *ir.SetVar:
			return len(n.Items) == 1
		default:
			return false
		}
	}
	return true
}

func last(list []ir.Stmt) *ir.Block {
	if len(list) == 0 {
		return nil
	}
	b, _ := list[len(list)-1].(*ir.Block)
	return b
}

func clones(list []ir.Stmt) []ir.Stmt {
	out := make([]ir.Stmt, len(list))
	for i, s := range list {
		out[i] = control.Copy(s)
	}
	return out
}

// without leaves out NULL statements where another follows.
func without(list []ir.Stmt) []ir.Stmt {
	var out []ir.Stmt
	for _, s := range list {
		if n, ok := s.(*ir.Nothing); ok && len(n.Lead) == 0 && len(n.Trail) == 0 {
			continue
		}
		out = append(out, s)
	}
	return out
}

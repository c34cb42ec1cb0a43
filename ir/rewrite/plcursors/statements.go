package plcursors

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

// open opens a cursor for its query, with the arguments in place of its parameters.
func (r *run) open(n *ir.OpenCursor) []ir.Stmt {
	c := r.cursorOf(n.Name, n.X, n)
	if c == nil {
		return []ir.Stmt{n}
	}
	n.Name, n.X = c.name, nil
	var out []ir.Stmt
	if c.decl != nil {
		q, before, ok := r.query(c, n.Args, n)
		if !ok {
			return []ir.Stmt{n}
		}
		out = before
		n.Query, n.Args = q, nil
		c.needed = true
	} else {
		if n.Dynamic != nil {
			n.Args, n.Using = n.Using, nil
			n.Dynamic = r.expr(n.Dynamic)
		}
		for i := range n.Args {
			n.Args[i] = r.expr(n.Args[i])
		}
		if c.opens++; !c.portal && (c.opens > 1 || r.inLoop(n)) { // a cursor variable may be opened again
			out = append(out, &ir.SetVar{Items: []*ir.SetItem{{Target: r.variable(c), Value: null(n)}}})
		}
	}
	n.Made(code)
	out = append(out, n)
	if c.found != nil {
		out = append(out, control.Set(control.Var(c.found), null(n)))
	}
	if c.count != nil {
		out = append(out, control.Set(control.Var(c.count), control.Int("0")))
	}
	if c.open != nil {
		out = append(out, control.Set(control.Var(c.open), truth(true)))
	}
	return splice(n, out)
}

// inLoop tells that a statement stands in a loop of the program.
func (r *run) inLoop(s ir.Stmt) bool {
	return ir.Find(r.root, func(n ir.Node) bool {
		l, ok := n.(*ir.Loop)
		return ok && ir.Find(l, func(x ir.Node) bool { return x == ir.Node(s) })
	})
}

// splice gives the comments of a statement to the first of those that replace it.
func splice(old ir.Stmt, list []ir.Stmt) []ir.Stmt {
	m := old.Base()
	for _, s := range list {
		if !s.Base().Span.IsValid() {
			s.Base().Span = m.Span
		}
	}
	if len(list) > 0 && list[0] != old {
		list[0].Base().Lead, m.Lead = append(m.Lead, list[0].Base().Lead...), nil
	}
	return list
}

func null(like ir.Node) ir.Expr {
	n := &ir.Null{}
	n.Type, n.Span = types.Null{}, like.Base().Span
	return n
}

func truth(v bool) ir.Expr {
	b := &ir.Bool{Value: v}
	b.Type = types.Bool{}
	return b
}

// variable is the name of a cursor as a value.
func (r *run) variable(c *cursor) ir.Expr {
	n := &ir.Name{Parts: []ir.Ident{{Text: c.name}}}
	n.Type = types.Cursor{}
	for d, x := range r.cursors {
		if x != c {
			continue
		}
		switch d := d.(type) {
		case *ir.VarDecl:
			n.Ref = &ir.VarRef{Decl: d}
		case *ir.ParamDecl:
			n.Ref = &ir.ParamRef{Param: d}
		case *ir.CursorDecl:
			n.Ref = &ir.CursorRef{Decl: d}
		}
	}
	return n
}

// query is the query of a declared cursor with arguments in place of its parameters, and the assignments that have to stand before.
func (r *run) query(c *cursor, args []ir.Expr, at ir.Node) (ir.Query, []ir.Stmt, bool) {
	if c.decl.Query == nil {
		rewrite.Refuse(r.Pass, headOnly, at.Base().Span, "the query of cursor %s is not known", c.decl.Name.Text)
		return nil, nil, false
	}
	values := map[*ir.ParamDecl]ir.Expr{}
	for i, a := range args {
		if n, ok := a.(*ir.NamedArg); ok {
			for _, p := range c.decl.Params {
				if strings.EqualFold(p.Name.Text, n.Name.Text) {
					values[p] = n.Value
				}
			}
			continue
		}
		if i < len(c.decl.Params) {
			values[c.decl.Params[i]] = a
		}
	}
	var before []ir.Stmt
	for _, p := range c.decl.Params {
		v := values[p]
		if v == nil {
			v = ir.Clone(p.Default)
		}
		if v == nil {
			rewrite.Refuse(r.Pass, headOnly, at.Base().Span, "parameter %s of cursor %s has no value", p.Name.Text, c.decl.Name.Text)
			return nil, nil, false
		}
		v = r.expr(v)
		if !simple(v) {
			d := c.params[p]
			if d == nil {
				d = &ir.VarDecl{Name: ir.Ident{Text: control.Unused(r.root, strings.ToLower(c.decl.Name.Text+"_"+p.Name.Text))}, Type: p.Type}
				d.Span = p.Span
				d.Made(code)
				c.params[p] = d
			}
			before = append(before, control.Set(control.Var(d), v))
			v = control.Var(d)
		}
		values[p] = typed(v, p.Type)
	}
	q := ir.CloneOwn(c.decl.Query)
	q = ir.MapExprs(q, func(e ir.Expr) ir.Expr {
		n, ok := e.(*ir.Name)
		if !ok {
			return e
		}
		ref, ok := n.Ref.(*ir.ParamRef)
		if !ok || values[ref.Param] == nil {
			return e
		}
		v := ir.Clone(values[ref.Param])
		v.Base().Span = n.Span
		return v
	})
	return ir.MapExprs(q, r.attr), before, true
}

// simple tells a value that may stand in a query in place of a parameter.
func simple(e ir.Expr) bool {
	switch x := e.(type) {
	case *ir.Name:
		switch x.Ref.(type) {
		case *ir.VarRef, *ir.ParamRef, *ir.RowRef:
			return true
		}
		return false
	case *ir.Cast:
		return x.Implicit && simple(x.X)
	case *ir.NamedArg:
		return false
	}
	return build.IsConstant(e)
}

// typed gives a literal NULL or text the type of the parameter.
func typed(e ir.Expr, t types.Type) ir.Expr {
	if _, ok := e.(*ir.Null); ok && t != nil {
		return build.Cast(e, t, code)
	}
	return e
}

// shut closes a cursor.
func (r *run) shut(n *ir.CloseCursor) []ir.Stmt {
	c := r.cursorOf(n.Name, n.X, n)
	if c == nil {
		return []ir.Stmt{n}
	}
	n.Name, n.X = c.name, nil
	c.needed = true
	out := []ir.Stmt{n}
	if c.open != nil {
		out = append(out, control.Set(control.Var(c.open), truth(false)))
	}
	return splice(n, out)
}

// fetch fetches a row. It tells whether it took the statement behind, which leaves where no row was found.
func (r *run) fetch(n *ir.FetchCursor, following ir.Stmt) ([]ir.Stmt, bool) {
	if n.Bulk {
		rewrite.Refuse(r.Pass, bulkFetch, n.Span, "FETCH ... BULK COLLECT is not converted here")
		return []ir.Stmt{n}, false
	}
	c := r.cursorOf(n.Name, n.X, n)
	if c == nil {
		return []ir.Stmt{n}, false
	}
	n.Name, n.X = c.name, nil
	c.needed = true
	leave := r.leaves(following, c)
	var keep []ir.Stmt
	if !n.Direct && !r.unseen(n, following, r.exits(following, c)) {
		keep = r.redirect(n)
	}
	n.Made(code)
	out := []ir.Stmt{n}
	if c.count != nil {
		f := build.As(control.Found(), "integer", types.Int{Bits: 32}, code)
		sum := build.Op("+", n.Into[0], types.Int{Bits: 32}, code, control.Var(c.count), f)
		out = append(out, control.Set(control.Var(c.count), sum))
	}
	if c.found != nil {
		out = append(out, control.Set(control.Var(c.found), control.Found()))
	}
	if leave != nil {
		out = append(append(out, leave), keep...)
		return splice(n, out), true
	}
	if len(keep) > 0 {
		test := control.When(control.Found(), keep...)
		out = append(out, test)
	}
	return splice(n, out), false
}

// leaves is EXIT WHEN NOT found of an EXIT behind a FETCH that leaves when the cursor has found no row; nil if it is none.
func (r *run) leaves(s ir.Stmt, c *cursor) ir.Stmt {
	l, ok := s.(*ir.Leave)
	if !ok || !r.asks(l.When, c, "NOTFOUND") {
		return nil
	}
	l.When = control.Negate(control.Found())
	return l
}

// exits tells an EXIT that leaves when the cursor has found no row, whatever else it asks behind OR.
func (r *run) exits(s ir.Stmt, c *cursor) bool {
	l, ok := s.(*ir.Leave)
	if !ok || l.When == nil {
		return false
	}
	cond := l.When
	for {
		b, ok := cond.(*ir.Binary)
		if !ok || b.Op != ir.Or {
			break
		}
		cond = b.L
	}
	if r.asks(cond, c, "NOTFOUND") {
		return true
	}
	u, ok := cond.(*ir.Unary) // the one that leaves has made
	if !ok || u.Op != ir.Not {
		return false
	}
	n, ok := u.X.(*ir.Name)
	if !ok {
		return false
	}
	ref, ok := n.Ref.(*ir.VarRef)
	return ok && ref.Decl.TargetName == "found"
}

// asks tells that a condition is an attribute of a cursor and nothing else.
func (r *run) asks(e ir.Expr, c *cursor, name string) bool {
	a, ok := e.(*ir.CursorAttr)
	if !ok || a.Cursor == nil || a.Name != name {
		return false
	}
	return r.attrCursor(a) == c
}

// unseen tells that nobody can see what the target puts into the variables of a FETCH that finds no row: they are read in the loop only, behind
// the EXIT.
func (r *run) unseen(n *ir.FetchCursor, following ir.Stmt, leaves bool) bool {
	if !leaves {
		return false
	}
	var loop *ir.Loop
	ir.WalkStatements(r.root, func(x ir.Node) bool {
		l, ok := x.(*ir.Loop)
		if !ok {
			return true
		}
		for i, s := range l.Body {
			if s == ir.Stmt(n) && i+1 < len(l.Body) && l.Body[i+1] == following && i == 0 {
				loop = l
			}
		}
		return true
	})
	if loop == nil || following.(*ir.Leave).Label != "" && !strings.EqualFold(following.(*ir.Leave).Label, loop.Label) {
		return false
	}
	for _, e := range n.Into {
		d := control.Target(e)
		if d == nil {
			return false
		}
		if p, ok := d.(*ir.ParamDecl); ok && p.Mode != catalog.In {
			return false
		}
		all, _ := uses(r.root, d)
		inside, _ := uses(loop, d)
		if all != inside {
			return false
		}
	}
	return true
}

// uses counts the names at or below a node that stand for a declaration.
func uses(n ir.Node, d ir.Node) (count int, names []*ir.Name) {
	ir.Walk(n, func(x ir.Node) bool {
		if m, ok := x.(*ir.Name); ok && (control.Target(m) == d || fieldOf(m) == d) {
			count++
			names = append(names, m)
		}
		return true
	})
	return count, names
}

// fieldOf is the declaration of the record whose field a name is.
func fieldOf(n *ir.Name) ir.Node {
	f, ok := n.Ref.(*ir.FieldRef)
	if !ok {
		return nil
	}
	if b, ok := f.Of.(*ir.Name); ok {
		if d := control.Target(b); d != nil {
			return d
		}
		return fieldOf(b)
	}
	return nil
}

// redirect makes a FETCH read into variables of its own and returns the assignments to its targets.
func (r *run) redirect(n *ir.FetchCursor) []ir.Stmt {
	var out []ir.Stmt
	for i, e := range n.Into {
		name := "value"
		d := control.Target(e)
		switch x := d.(type) {
		case *ir.VarDecl:
			name = x.Name.Text
		case *ir.ParamDecl:
			name = x.Name.Text
		}
		var key ir.Node = e
		if d != nil {
			key = d
		}
		v := r.next[key]
		if v == nil {
			v = &ir.VarDecl{Name: ir.Ident{Text: control.Unused(r.root, "next_"+strings.ToLower(name))}, Type: e.TypeOf()}
			if x, ok := d.(*ir.VarDecl); ok {
				v.TypeSQL = x.TypeSQL
			}
			v.Span = e.Base().Span
			v.Made(code)
			r.next[key] = v
			r.outermost().Decls = append(r.outermost().Decls, v)
		}
		n.Into[i] = control.Var(v)
		out = append(out, control.Set(e, control.Var(v)))
	}
	return out
}

// outermost is the outermost block of the routine at hand.
func (r *run) outermost() *ir.Block { return r.top }

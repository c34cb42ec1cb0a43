package plcursors

import (
	"strings"

	"godwit/ir"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

// loop lowers a loop and what is in it.
func (r *run) loop(n *ir.Loop, walk func(owner, body ir.Stmt)) []ir.Stmt {
	var before []ir.Stmt
	var c *cursor
	switch n.Kind {
	case ir.QueryLoop:
		if n.Cursor != nil {
			c, before = r.over(n)
			if r.Refused() {
				return []ir.Stmt{n}
			}
		}
	case ir.RangeLoop:
		n.Lo, n.Hi, n.Step = r.maybe(n.Lo), r.maybe(n.Hi), r.maybe(n.Step)
	default:
		n.Cond = r.maybe(n.Cond)
	}
	r.push()
	if n.Var != nil {
		r.declare(n.Var.Name.Text, n.Var)
	}
	n.Body = r.list(n.Body, walk)
	r.pop()
	if n.Kind != ir.QueryLoop || n.Query == nil {
		return append(before, n)
	}
	out := []ir.Stmt{n}
	if c != nil && current(n, c.name) {
		out = r.explicit(n, c)
	}
	if c != nil {
		before = append(before, r.start(c)...)
		r.passes(n, out, c)
		if c.open != nil {
			out = append(out, control.Set(control.Var(c.open), truth(false)))
		}
	}
	return append(before, out...)
}

// over gives a loop over a declared cursor the cursor's query.
func (r *run) over(n *ir.Loop) (*cursor, []ir.Stmt) {
	x, args := n.Cursor, []ir.Expr(nil)
	if inv, ok := x.(*ir.Invoke); ok {
		x, args = inv.X, inv.Args
	}
	name, ok := x.(*ir.Name)
	if !ok {
		rewrite.Refuse(r.Pass, otherCursor, n.Span, "the cursor of the loop is no cursor of the routine")
		return nil, nil
	}
	c := r.cursorOf(name.Parts[len(name.Parts)-1].Text, x, n)
	if c == nil {
		return nil, nil
	}
	if c.decl == nil {
		rewrite.Refuse(r.Pass, otherCursor, n.Span, "a loop over the cursor variable %s", c.name)
		return nil, nil
	}
	q, before, ok := r.query(c, args, n)
	if !ok {
		return nil, nil
	}
	n.Query, n.Cursor, n.CursorName = q, nil, c.name
	n.Made(code)
	return c, before
}

// current tells that the loop changes the row that the cursor is on.
func current(n *ir.Loop, name string) bool {
	return ir.Find(n, func(x ir.Node) bool {
		switch x := x.(type) {
		case *ir.Update:
			return strings.EqualFold(x.WhereCurrentOf, name)
		case *ir.Delete:
			return strings.EqualFold(x.WhereCurrentOf, name)
		}
		return false
	})
}

// explicit opens and fetches the cursor by itself, so that WHERE CURRENT OF can name it.
func (r *run) explicit(n *ir.Loop, c *cursor) []ir.Stmt {
	c.needed = true
	open := &ir.OpenCursor{Name: c.name, Query: n.Query}
	fetch := &ir.FetchCursor{Name: c.name, Into: []ir.Expr{control.Var(n.Var)}}
	leave := &ir.Leave{When: control.Negate(control.Found())}
	shut := &ir.CloseCursor{Name: c.name, Safe: true}
	for _, x := range []ir.Stmt{open, fetch, leave, shut} {
		x.Base().Span = n.Span
		x.Base().Made(code)
	}
	n.Var.TypeSQL = "record"
	l := &ir.Loop{Kind: ir.InfiniteLoop, Label: n.Label, Body: append([]ir.Stmt{fetch, leave}, n.Body...)}
	l.Span, l.Trail = n.Span, n.Trail
	open.Lead = n.Lead
	b := &ir.Block{Decls: []ir.Decl{n.Var}, Body: []ir.Stmt{open, l, shut}}
	b.Span = n.Span
	b.Made(code)
	return []ir.Stmt{b}
}

// start sets the attributes of a cursor in front of its loop.
func (r *run) start(c *cursor) []ir.Stmt {
	var out []ir.Stmt
	if c.count != nil {
		out = append(out, control.Set(control.Var(c.count), control.Int("0")))
	}
	if c.open != nil {
		out = append(out, control.Set(control.Var(c.open), truth(true)))
	}
	return out
}

// passes sets the attributes at the head of each pass.
func (r *run) passes(n *ir.Loop, out []ir.Stmt, c *cursor) {
	var set []ir.Stmt
	if c.count != nil {
		sum := build.Op("+", control.Var(c.count), types.Int{Bits: 32}, code, control.Var(c.count), control.Int("1"))
		set = append(set, control.Set(control.Var(c.count), sum))
	}
	if c.found != nil {
		set = append(set, control.Set(control.Var(c.found), truth(true)))
	}
	if len(set) == 0 {
		return
	}
	for _, s := range set {
		s.Base().Span = n.Span
	}
	if b, ok := out[0].(*ir.Block); ok {
		l := b.Body[1].(*ir.Loop)
		l.Body = append(append(append([]ir.Stmt{}, l.Body[:2]...), set...), l.Body[2:]...)
		return
	}
	n.Body = append(set, n.Body...)
}

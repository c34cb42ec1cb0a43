package supplied

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

// lob is a procedure of DBMS_LOB: the LOB gets its new value.
func (r *run) lob(s *ir.Invocation, c *ir.Call, name string) ir.Stmt {
	target := c.Args[0]
	switch name {
	case "OPEN", "CLOSE":
		return r.nothing(s)
	case "FREETEMPORARY":
		return r.set(s, target, build.Null(target, target.TypeOf()))
	case "CREATETEMPORARY":
		return r.set(s, target, empty(target))
	case "READ":
		return r.read(s, c)
	case "CONVERTTOBLOB", "CONVERTTOCLOB":
		return r.converted(s, c)
	}
	if r.ofRow(target) {
		rewrite.Refuse(r.Pass, locator, s.Span, "%s changes a row", c.Name)
		return s
	}
	args := []ir.Expr{ir.Clone(target)}
	switch name {
	case "WRITEAPPEND": // amount, buffer
		part := r.Helper("dbms_lob_substr", target, c.Args[2], c.Args[1], control.Int("1"))
		part.Type = c.Args[2].TypeOf()
		name, args = "APPEND", append(args, part)
	default:
		args = append(args, c.Args[1:]...)
	}
	h := r.Helper("dbms_lob_"+strings.ToLower(name), target, args...)
	h.Type = target.TypeOf()
	return r.set(s, target, h)
}

func empty(like ir.Expr) ir.Expr {
	if _, ok := like.TypeOf().(types.Binary); ok {
		return build.As(control.Text(""), "bytea", like.TypeOf(), code)
	}
	return build.Make(control.Text(""), like, like.TypeOf(), code)
}

// read is READ(lob, amount, offset, buffer): the buffer gets a part of the LOB, the amount its length.
func (r *run) read(s *ir.Invocation, c *ir.Call) ir.Stmt {
	if !r.inBody(s) {
		rewrite.Refuse(r.Pass, unnamed, s.Span, "DBMS_LOB.READ outside of a block")
		return s
	}
	buffer, amount := c.Args[3], c.Args[1]
	part := r.Helper("dbms_lob_read", buffer, c.Args[0], ir.Clone(amount), c.Args[2])
	part.Type = buffer.TypeOf()
	size := r.Helper("dbms_lob_getlength", amount, ir.Clone(buffer))
	size.Type = amount.TypeOf()
	one, two := control.Set(buffer, part), control.Set(amount, size)
	for _, x := range []*ir.SetVar{one, two} {
		x.Span, x.Items[0].Span = s.Span, s.Span
		x.Made(code)
	}
	return control.Take(code, s, one, two)
}

// ofRow tells that a variable, or a part of one, holds the locator of a row's LOB that may be changed through it: one that a locking query, a cursor over one or
// a change gave back.
func (r *run) ofRow(target ir.Expr) bool {
	d := held(target)
	if d == nil || ir.Find(target, func(n ir.Node) bool { _, is := n.(*ir.RoutineCall); return is }) {
		return true
	}
	if v, ok := d.(*catalog.PackageVar); ok && !v.Private {
		return true // other packages may fill it
	}
	found := false
	holds := func(list []ir.Expr) {
		for _, e := range list {
			found = found || held(e) == d
		}
	}
	locks := slices.ContainsFunc(r.Unit.Stmts, func(s ir.Stmt) bool {
		return ir.Find(s, func(n ir.Node) bool { _, is := n.(*ir.Locking); return is })
	})
	for _, s := range r.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.SelectInto:
				if m := ir.Common(n.Query); m != nil && len(m.Lock) > 0 {
					holds(m.Into)
				}
			case *ir.FetchCursor:
				if locks {
					holds(n.Into)
				}
			case *ir.Loop:
				found = found || locks && n.Var != nil && any(n.Var) == d
			case *ir.Execute:
				holds(n.Into)
				holds(n.Returning)
			case *ir.Insert:
				holds(n.Into)
			case *ir.Update:
				holds(n.Into)
			}
			return true
		})
	}
	return found
}

// held is what an expression is, or is a part of: a variable, a parameter or a variable of a package; nil for anything else.
func held(e ir.Expr) any {
	root := control.Root(e)
	for root != nil {
		switch x := root.Ref.(type) {
		case *ir.FieldRef:
			root = control.Root(x.Of)
			continue
		case *ir.PackageRef:
			return x.Member
		}
		if d := control.Target(root); d != nil {
			return d
		}
		return nil
	}
	return nil
}

package catches

import (
	"slices"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/plsql"
)

// Nested routines that blocks with handlers call have second forms as well, which are declared beside them. What they change of the variables
// around them is kept where they fail: the second form ends as usual.

// within declares the second forms of nested routines.
func (r *run) within() {
	r.inner, r.shares = map[*catalog.Routine]*catalog.Routine{}, map[*catalog.Routine]bool{}
	r.code = plsql.Of(r.Pass, r.root)
	for {
		b, d := r.next()
		if d == nil {
			return
		}
		o := d.Routine.Object
		r.inner[o] = secondObject(o)
		x, brief, from := secondForm(r.Pass, r.code, d.Routine, r.inner[o])
		for old, own := range from.routines {
			if second := from.routines[r.inner[old]]; second != nil {
				r.inner[own] = second
			}
		}
		r.brief[brief] = true
		n := &ir.RoutineDecl{Routine: x}
		n.Span = d.Span
		b.Decls = slices.Insert(b.Decls, slices.Index(b.Decls, ir.Decl(d))+1, ir.Decl(n))
		r.code = plsql.Of(r.Pass, r.root)
	}
}

// next is a nested routine that a block with handlers calls, and that has no second form yet, with the block that declares it.
func (r *run) next() (*ir.Block, *ir.RoutineDecl) {
	called := map[*catalog.Routine]bool{}
	ir.WalkStatements(r.root, func(n ir.Node) bool {
		if b, ok := n.(*ir.Block); ok && len(b.Catches) > 0 {
			calls(b, called)
		}
		return true
	})
	var in *ir.Block
	var found *ir.RoutineDecl
	ir.WalkStatements(r.root, func(n ir.Node) bool {
		b, ok := n.(*ir.Block)
		if !ok || found != nil {
			return found == nil
		}
		for _, d := range b.Decls {
			x, ok := d.(*ir.RoutineDecl)
			if ok && !x.Forward && x.Routine != nil && x.Routine.Object != nil && called[x.Routine.Object] && r.inner[x.Routine.Object] == nil && r.worth(x.Routine) {
				in, found = b, x
				return false
			}
		}
		return true
	})
	return in, found
}

// calls notes the routines that a node calls.
func calls(n ir.Node, into map[*catalog.Routine]bool) {
	ir.Walk(n, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.CallProc:
			into[n.Routine] = true
		case *ir.RoutineCall:
			into[n.Routine] = true
		}
		return true
	})
}

// worth tells that a nested routine needs a second form and can have one: a call that fails may have written something.
func (r *run) worth(d *ir.Routine) bool {
	if d.Body == nil || d.Autonomous || d.Pipelined || d.External != "" || !tryable(r.code, d.Object, d) {
		return false
	}
	changes := r.changesOuter(d, map[ir.Node]bool{})
	if changes {
		r.shares[d.Object] = true
	}
	return changes || r.code.Transactional(d.Body) || r.code.Loses([]ir.Stmt{d.Body}, plsql.Any)
}

// changesOuter tells that a nested routine, or one that it calls, assigns what is declared around it. own is what these declare.
func (r *run) changesOuter(d *ir.Routine, own map[ir.Node]bool) bool {
	if own[d] || d.Body == nil {
		return false
	}
	own[d] = true
	for _, x := range declared(d) {
		own[x] = true
	}
	return ir.Find(d.Body, func(n ir.Node) bool {
		for _, e := range control.Written(n) {
			if root := control.Root(e); root != nil {
				if x := control.DeclOf(root); x != nil && !own[x] {
					return true
				}
			}
		}
		var x *ir.Routine
		switch n := n.(type) {
		case *ir.CallProc:
			x = r.code.Nested(n.Routine)
		case *ir.RoutineCall:
			x = r.code.Nested(n.Routine)
		}
		return x != nil && r.changesOuter(x, own)
	})
}

// sharing tells that a statement calls a nested routine that changes variables around it: a handler sees what it changed before it failed.
func (r *run) sharing(s ir.Stmt, g *guard) bool {
	if len(r.shares) == 0 || g.careless() || r.code.OfStmt(s)&g.kinds() == 0 {
		return false
	}
	return ir.Find(s, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.RoutineDecl:
			return false
		case *ir.CallProc:
			c := r.callIn(n)
			return r.shares[n.Routine] || c != nil && r.shares[c.Routine]
		case *ir.SetVar, *ir.Return:
			c := r.callIn(n.(ir.Stmt))
			return c != nil && r.shares[c.Routine]
		}
		return false
	})
}

// unused takes away second forms that nothing calls.
func (r *run) unused() {
	for again := len(r.inner) > 0; again; {
		again = false
		called := map[*catalog.Routine]bool{}
		calls(control.Body(r.root), called)
		seconds := map[*catalog.Routine]bool{}
		for _, x := range r.inner {
			seconds[x] = true
		}
		ir.WalkStatements(r.root, func(n ir.Node) bool {
			if b, ok := n.(*ir.Block); ok {
				was := len(b.Decls)
				b.Decls = slices.DeleteFunc(b.Decls, func(d ir.Decl) bool {
					x, ok := d.(*ir.RoutineDecl)
					return ok && x.Routine != nil && seconds[x.Routine.Object] && !called[x.Routine.Object]
				})
				again = again || len(b.Decls) < was
			}
			return true
		})
	}
}

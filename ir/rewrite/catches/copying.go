package catches

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite/control"
)

// copyRoutine clones a routine so that names in the copy refer to the copy's own parameters, variables, cursors and routines.
func copyRoutine(r *ir.Routine) (*ir.Routine, *copied) {
	x := ir.Clone(r)
	c := &copied{decls: map[ir.Node]ir.Node{}, routines: map[*catalog.Routine]*catalog.Routine{}}
	from, to := declared(r), declared(x)
	for i := range from {
		c.decls[from[i]] = to[i]
	}
	ir.WalkStatements(x.Body, func(n ir.Node) bool {
		if d, ok := n.(*ir.RoutineDecl); ok && d.Routine != nil && d.Routine.Object != nil {
			o := c.routines[d.Routine.Object]
			if o == nil { // a declaration ahead and the routine are one
				v := *d.Routine.Object
				v.Params = append([]catalog.Param(nil), v.Params...)
				o = &v
				c.routines[d.Routine.Object] = o
			}
			d.Routine.Object = o
		}
		return true
	})
	ir.Walk(x, c.own)
	return x, c
}

// declared are the parameters, variables and cursors of a routine and of those in it, in textual order.
func declared(r *ir.Routine) []ir.Node {
	var out []ir.Node
	ir.Walk(r, func(n ir.Node) bool {
		switch n.(type) {
		case *ir.ParamDecl, *ir.VarDecl, *ir.CursorDecl:
			out = append(out, n)
		}
		return true
	})
	return out
}

// copied are the declarations of a routine with those of its copy.
type copied struct {
	decls    map[ir.Node]ir.Node
	routines map[*catalog.Routine]*catalog.Routine
}

// own makes a name or call in the copy refer to what the copy declares.
func (c *copied) own(n ir.Node) bool {
	switch n := n.(type) {
	case *ir.Name:
		c.name(n)
	case *ir.CallProc:
		if o := c.routines[n.Routine]; o != nil {
			n.Routine = o
		}
	case *ir.RoutineCall:
		if o := c.routines[n.Routine]; o != nil {
			n.Routine = o
		}
	}
	return true
}

func (c *copied) name(n *ir.Name) {
	switch ref := n.Ref.(type) {
	case *ir.FieldRef:
		if of, ok := ref.Of.(*ir.Name); ok {
			x := *of
			c.name(&x)
			n.Ref = &ir.FieldRef{Of: &x, Field: ref.Field}
		}
	case *ir.CursorRef:
		if d, ok := c.decls[ref.Decl].(*ir.CursorDecl); ok {
			n.Ref = &ir.CursorRef{Decl: d}
		}
	default:
		switch d := c.decls[control.Target(n)].(type) {
		case *ir.VarDecl:
			n.Ref = &ir.VarRef{Decl: d}
		case *ir.ParamDecl:
			n.Ref = &ir.ParamRef{Param: d}
		}
	}
}

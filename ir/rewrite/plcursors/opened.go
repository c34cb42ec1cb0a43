package plcursors

import (
	"strings"

	"godwit/ir"
	"godwit/ir/rewrite/control"
)

// states are what a cursor can be at a place of a program.
type states uint8

const (
	shutState states = 1 << iota
	openState
	anyState = shutState | openState
)

// opened follows one cursor through the block that declares it, and finds the reads of its attributes where it may be closed:
// INVALID_CURSOR on the source (PL/SQL Language Reference, "Named Cursor Attribute"). Whatever it cannot follow may be closed.
type opened struct {
	name   string
	unsure map[*ir.CursorAttr]bool
	// met are all states since the innermost block with handlers began, left those in which a loop is left.
	met, left states
	// around tells that nested routines open or close the cursor, jumps that GOTO is used.
	around, jumps bool
}

// findAsked finds the names of the cursors whose attributes the program reads.
func (r *run) findAsked() {
	r.asked = map[string]bool{}
	ir.Walk(r.root, func(n ir.Node) bool {
		if a, ok := n.(*ir.CursorAttr); ok {
			if x, ok := a.Cursor.(*ir.Name); ok {
				r.asked[strings.ToLower(x.Parts[len(x.Parts)-1].Text)] = true
			}
		}
		return true
	})
}

// closedReads notes the attributes of a cursor that are read where it may be closed.
func (r *run) closedReads(b *ir.Block, c *cursor) {
	if c.given || !r.asked[strings.ToLower(c.name)] || c.decl == nil && takesCursors(r.root, c.name) {
		return
	}
	f := &opened{name: c.name, unsure: r.unsure}
	f.jumps = ir.Find(b, func(n ir.Node) bool { _, ok := n.(*ir.Goto); return ok })
	for _, d := range b.Decls {
		f.nested(d)
	}
	for _, d := range b.Decls {
		if d, ok := d.(*ir.RoutineDecl); ok && !d.Forward && d.Routine != nil {
			f.stmt(d.Routine.Body, anyState)
		}
	}
	f.list(b.Body, shutState)
	for _, h := range b.Catches {
		f.list(h.Body, anyState)
	}
}

// takesCursors tells that a query hands out cursors into a variable: nothing tells when.
func takesCursors(root ir.Node, name string) bool {
	return ir.Find(root, func(n ir.Node) bool {
		var into []ir.Expr
		switch n := n.(type) {
		case *ir.FetchCursor:
			into = n.Into
		case *ir.SelectInto:
			into = n.Query.Common().Into
		}
		for _, e := range into {
			if isNamed(e, name) {
				return true
			}
		}
		return false
	})
}

func isNamed(e ir.Expr, name string) bool {
	n, ok := e.(*ir.Name)
	return ok && strings.EqualFold(n.Parts[len(n.Parts)-1].Text, name)
}

// nested notes that a nested routine opens or closes the cursor.
func (f *opened) nested(d ir.Decl) {
	if _, ok := d.(*ir.RoutineDecl); !ok {
		return
	}
	f.around = f.around || ir.Find(d, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.OpenCursor:
			return strings.EqualFold(n.Name, f.name)
		case *ir.CloseCursor:
			return strings.EqualFold(n.Name, f.name)
		}
		return false
	})
}

func (f *opened) list(list []ir.Stmt, s states) states {
	for _, x := range list {
		s = f.stmt(x, s)
		f.met |= s
	}
	return s
}

// read looks at the attributes in an expression or a plain statement.
func (f *opened) read(n ir.Node, s states) {
	ir.Walk(n, func(x ir.Node) bool {
		if a, ok := x.(*ir.CursorAttr); ok && a.Cursor != nil && a.Name != "ISOPEN" && isNamed(a.Cursor, f.name) && (f.jumps || s&shutState != 0) {
			f.unsure[a] = true
		}
		return true
	})
}

func (f *opened) stmt(x ir.Stmt, s states) states {
	switch n := x.(type) {
	case nil:
		return s
	case *ir.Block:
		return f.block(n, s)
	case *ir.If:
		return f.branches(n.Branches, n.Else, s)
	case *ir.CaseStmt:
		if n.Operand != nil {
			f.read(n.Operand, s)
		}
		return f.branches(n.Branches, n.Else, s)
	case *ir.Loop:
		return f.loop(n, s)
	case *ir.Leave:
		f.read(n, s)
		f.left |= s
		if n.When == nil {
			return 0
		}
		return s
	case *ir.OpenCursor:
		if f.read(n, s); strings.EqualFold(n.Name, f.name) {
			return openState
		}
	case *ir.FetchCursor:
		if f.read(n, s); strings.EqualFold(n.Name, f.name) {
			return openState // or it raised
		}
	case *ir.CloseCursor:
		if strings.EqualFold(n.Name, f.name) {
			return shutState
		}
	case *ir.Return:
		f.read(n, s)
		return 0
	default:
		f.read(x, s)
		if f.assigns(x) {
			return anyState
		}
	}
	if f.around && ir.Find(x, calls) {
		return anyState
	}
	return s
}

func calls(n ir.Node) bool {
	switch n.(type) {
	case *ir.RoutineCall, *ir.CallProc, *ir.Invocation:
		return true
	}
	return false
}

// assigns tells that a statement gives the cursor variable another cursor.
func (f *opened) assigns(x ir.Stmt) bool {
	n, ok := x.(*ir.SetVar)
	if !ok {
		return false
	}
	for _, it := range n.Items {
		if root := control.Root(it.Target); root != nil && isNamed(root, f.name) {
			return true
		}
	}
	return false
}

func (f *opened) branches(list []*ir.Branch, other []ir.Stmt, s states) states {
	out := states(0)
	for _, b := range list {
		f.read(b.Cond, s)
		if f.around && ir.Find(b.Cond, calls) {
			s = anyState
		}
		yes, no := f.test(b.Cond, s)
		out |= f.list(b.Body, yes)
		s = no
	}
	return out | f.list(other, s)
}

// test is the state behind a condition that asks whether the cursor is open.
func (f *opened) test(e ir.Expr, s states) (yes, no states) {
	switch x := e.(type) {
	case *ir.CursorAttr:
		if x.Cursor != nil && x.Name == "ISOPEN" && isNamed(x.Cursor, f.name) {
			return s & openState, s & shutState
		}
	case *ir.Unary:
		if x.Op == ir.Not {
			no, yes = f.test(x.X, s)
			return yes, no
		}
	}
	return s, s
}

func (f *opened) loop(n *ir.Loop, s states) states {
	outer := f.left
	if n.Kind == ir.QueryLoop && n.Cursor != nil && ir.Find(n.Cursor, func(x ir.Node) bool { e, ok := x.(ir.Expr); return ok && isNamed(e, f.name) }) {
		f.list(n.Body, openState)
		f.left |= outer
		return shutState
	}
	for range 3 { // two states: nothing new comes after that
		f.left = 0
		if n.Cond != nil {
			f.read(n.Cond, s)
		}
		s |= f.list(n.Body, s)
	}
	after := f.left | s
	if n.Kind == ir.InfiniteLoop {
		after = f.left
	}
	f.left |= outer
	return after
}

// block: its handlers begin in any state that its statements went through.
func (f *opened) block(b *ir.Block, s states) states {
	met := f.met
	f.met = s
	for _, d := range b.Decls {
		f.nested(d)
		f.read(d, s)
	}
	out := f.list(b.Body, s)
	from := f.met
	for _, h := range b.Catches {
		out |= f.list(h.Body, from)
	}
	if b.Label != "" { // jumps became EXIT of blocks
		out |= f.left
	}
	f.met |= met
	return out
}

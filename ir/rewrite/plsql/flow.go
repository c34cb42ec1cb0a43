package plsql

import (
	"godwit/ir"
	"godwit/ir/catalog"
)

// Loses tells that an exception of one of the kinds may be raised by the statements after they have written something, so that going
// back to their beginning would undo work that the source keeps. A statement that ends a transaction counts as well.
func (c *Code) Loses(list []ir.Stmt, k Kinds) bool {
	f := &flow{Code: c, kinds: k}
	f.list(list)
	return f.loses
}

// Whole tells that a call of the routine that ends with an exception has written nothing: undoing the call undoes what the source undoes.
func (c *Code) Whole(r *catalog.Routine) bool {
	if r != nil && c.nested[r] == nil && !r.Facts.Writes {
		return true
	}
	d := c.Body(r)
	if r == nil || d == nil || d.Body == nil {
		return false
	}
	if c.busy[d] || c.tired() {
		return false
	}
	c.busy[d] = true
	defer delete(c.busy, d)
	return !c.Loses([]ir.Stmt{d.Body}, Any)
}

// flow follows the statements of a body.
type flow struct {
	*Code
	kinds Kinds
	wrote bool // something may have been written so far
	loses bool
	// left tells that an exception may have been raised behind something written, whoever handles it.
	left bool
}

func (f *flow) list(list []ir.Stmt) {
	for _, s := range list {
		f.stmt(s)
	}
}

// raise is a place where exceptions may be raised.
func (f *flow) raise(k Kinds) {
	if f.wrote && k != 0 {
		f.left = true
		f.loses = f.loses || k&f.kinds != 0
	}
}

func (f *flow) stmt(s ir.Stmt) {
	switch n := s.(type) {
	case *ir.Block:
		f.block(n)
	case *ir.If:
		f.branches(n.Branches, n.Else)
	case *ir.CaseStmt:
		f.raise(f.OfExpr(n.Operand))
		if !n.HasElse {
			f.raise(Other)
		}
		f.branches(n.Branches, n.Else)
	case *ir.Loop:
		f.loop(n)
	case *ir.Transaction:
		f.loses, f.left = true, true
	default:
		f.leaf(s)
	}
}

// leaf is a statement without statements in it. What an SQL statement changed is undone where it fails.
func (f *flow) leaf(s ir.Stmt) {
	k := f.OfStmt(s)
	f.raise(k)
	if k != 0 && !f.atomic(s) {
		f.left = true
		f.loses = f.loses || k&f.kinds != 0
	}
	if f.Writes(s) {
		f.wrote = true
	}
}

// atomic tells that a statement which fails leaves nothing behind.
func (f *flow) atomic(s ir.Stmt) bool {
	switch s := s.(type) {
	case *ir.RawStmt:
		return s.Defines
	case *ir.Forall:
		return false
	}
	if n, ok := s.(*ir.Invocation); ok && quietCall(n) == nil { // one of those does all or nothing, behind its arguments
		_, raises := ApplicationError(n)
		return raises || onCollection(n)
	}
	if _, raises := ApplicationError(s); raises {
		return true
	}
	return !ir.Find(s, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.CallProc:
			return !f.Whole(n.Routine)
		case *ir.RoutineCall:
			if isSQL(s) {
				return false // undone with the statement, in both
			}
			return !f.Whole(n.Routine)
		}
		return false
	})
}

func isSQL(s ir.Stmt) bool {
	switch s.(type) {
	case *ir.Insert, *ir.Update, *ir.Delete, *ir.Merge, *ir.SelectInto, *ir.MultiInsert:
		return true
	}
	return false
}

func (f *flow) branches(list []*ir.Branch, other []ir.Stmt) {
	for _, b := range list {
		f.raise(f.OfExpr(b.Cond))
		if f.OfExpr(b.Cond)&f.kinds != 0 && f.Writes(b.Cond) {
			f.loses = true
		}
		f.wrote = f.wrote || f.Writes(b.Cond)
	}
	before, after := f.wrote, f.wrote
	for _, b := range list {
		f.wrote = before
		f.list(b.Body)
		after = after || f.wrote
	}
	f.wrote = before
	f.list(other)
	f.wrote = f.wrote || after
}

func (f *flow) loop(n *ir.Loop) {
	f.raise(f.OfExpr(n.Lo) | f.OfExpr(n.Hi))
	if n.Kind == ir.RangeLoop {
		f.raise(f.OfBound(n.Lo) | f.OfBound(n.Hi))
	}
	for range 2 { // what the first pass wrote is there in the second one
		if n.Kind == ir.QueryLoop {
			f.raise(Other | Cursor | f.calls(n.Query))
		}
		f.raise(f.OfExpr(n.Cond))
		f.list(n.Body)
	}
}

// block takes exceptions that the block handles itself for handled only where it handles all.
func (f *flow) block(b *ir.Block) {
	for _, d := range b.Decls {
		if v, ok := d.(*ir.VarDecl); ok && v.Default != nil {
			f.raise(f.stores(v.Type, v.Default))
			f.wrote = f.wrote || f.Writes(v.Default)
		}
	}
	kinds, before, left := f.kinds, f.wrote, f.left
	f.left = false
	for _, c := range b.Catches {
		if c.Others {
			f.kinds = 0
		}
	}
	for _, a := range b.Except {
		for _, x := range a.Conditions {
			if x == "OTHERS" {
				f.kinds = 0
			}
		}
	}
	f.list(b.Body)
	f.kinds = kinds
	after, stays := f.wrote, before || f.left
	for _, c := range b.Catches {
		f.wrote = stays // what was written before the statement that failed
		f.list(c.Body)
		after = after || f.wrote
	}
	f.left = f.left || left
	for _, a := range b.Except {
		f.wrote = before // its own work is undone
		f.list(a.Body)
		after = after || f.wrote
	}
	f.wrote = after
}

package idioms

import (
	"slices"

	"godwit/ir"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

// widened is the rule that makes operands wider where a sum could overflow.
const widened = "EX0302"

// sums takes the wider operand from a sum or product that goes into a variable of the operands' own width, or is returned as such:
// what does not fit is the same error there, "out of range", before the assignment or in it.
func sums(s ir.Stmt) {
	var returns types.Type
	if r, ok := s.(*ir.Routine); ok {
		returns = r.Returns
	}
	ir.Walk(control.Body(s), func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.SetItem:
			if control.Target(n.Target) != nil {
				n.Value = sum(n.Value, n.Target.TypeOf())
			}
		case *ir.Return:
			if returns != nil && n.Value != nil {
				n.Value = sum(n.Value, returns)
			}
		case ir.Expr:
			return false
		}
		return true
	})
}

func sum(e ir.Expr, to types.Type) ir.Expr {
	t, ok := to.(types.Int)
	b, is := e.(*ir.Binary)
	if !ok || !is || t.Unsigned || t.Bits != 16 && t.Bits != 32 || b.Op != ir.Add && b.Op != ir.Sub && b.Op != ir.Mul {
		return e
	}
	l, r := narrow(b.L), narrow(b.R)
	if l == b.L && r == b.R || !leaf(l) || !leaf(r) || max(build.Width(l), build.Width(r)) != t.Bits || min(build.Width(l), build.Width(r)) == 0 {
		return e
	}
	b.L, b.R = l, r
	return b
}

// narrow is the operand without the cast that made it wider.
func narrow(e ir.Expr) ir.Expr {
	if c, ok := e.(*ir.Cast); ok && c.Target && slices.Contains(c.Origin, widened) {
		return c.X
	}
	return e
}

// leaf tells a variable, column or literal: its width is that of its declaration.
func leaf(e ir.Expr) bool {
	switch n := e.(type) {
	case *ir.Name:
		t, ok := n.TypeOf().(types.Int)
		return ok && !t.Unsigned
	case *ir.Number:
		return true
	}
	return false
}

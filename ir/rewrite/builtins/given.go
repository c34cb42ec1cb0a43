package builtins

import (
	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/types"
)

// maxConstants is how many constants may be made of one another.
const maxConstants = 8

// given tells a variable that always has a value: one that is NOT NULL, the number of a loop, and a constant whose text says what it is.
func (l *lowering) given(n *ir.Name, depth int) bool {
	switch r := n.Ref.(type) {
	case *ir.VarRef:
		return r.Decl != nil && (r.Decl.NotNull || l.counts[r.Decl] || r.Decl.Constant && l.value(r.Decl.Default, depth+1))
	case *ir.PackageRef:
		if r.Member == nil || !r.Member.Constant {
			return false
		}
		d, ok := r.Member.Decl.(*ir.VarDecl)
		return ok && l.value(d.Default, depth+1)
	}
	return false
}

// value tells that what a constant is made of is neither NULL nor empty.
func (l *lowering) value(e ir.Expr, depth int) bool {
	if depth > maxConstants {
		return false
	}
	switch x := e.(type) {
	case *ir.String:
		return x.Value != ""
	case *ir.Number:
		return true
	case *ir.Name:
		return l.given(x, depth)
	case *ir.TargetCall:
		return x.Name == "chr" && len(x.Args) == 1 && l.value(x.Args[0], depth)
	case *ir.Call:
		return x.Op == op.OraChr && len(x.Args) == 1 && l.value(x.Args[0], depth)
	case *ir.RoutineCall:
		if x.Routine != nil {
			d, ok := x.Routine.Constant.(*ir.VarDecl)
			return ok && l.value(d.Default, depth+1)
		}
	case *ir.Concat:
		for _, a := range x.Args {
			if l.value(a, depth) {
				return true
			}
		}
	}
	return false
}

// loops notes the numbers of loops, which nothing assigns.
func (l *lowering) loops() {
	if !l.p.May(ir.KindLoop) {
		return
	}
	for _, s := range l.p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			if x, ok := n.(*ir.Loop); ok && x.Kind == ir.RangeLoop && x.Var != nil {
				l.counts[x.Var] = true
			}
			return true
		})
	}
}

// narrowed takes the cast off a sum of two integers that an integer is assigned: a result that does not fit is the same error, whether the sum or the
// assignment raises it.
func narrowed(e ir.Expr, to types.Type) {
	t, ok := to.(types.Int)
	b, sum := e.(*ir.Binary)
	if !ok || !sum || t.Bits != 32 || b.Op != ir.Add && b.Op != ir.Sub && b.Op != ir.Mul {
		return
	}
	for _, side := range []*ir.Expr{&b.L, &b.R} {
		c, ok := (*side).(*ir.Cast)
		if !ok || !c.Target || !isNumericCast(c) {
			continue
		}
		other := b.R
		if side == &b.R {
			other = b.L
		}
		x, y := kindOf(c.X), kindOf(other)
		if isInteger(x) && isInteger(y) && (x == integer || y == integer) { // two smallints make a smallint
			*side = c.X
		}
	}
}

func isInteger(k kind) bool { return k == small || k == integer }

func isNumericCast(c *ir.Cast) bool {
	switch t := c.To.(type) {
	case types.Named:
		return t.Name == "numeric"
	case types.Decimal:
		return t.Precision == 0
	}
	return false
}

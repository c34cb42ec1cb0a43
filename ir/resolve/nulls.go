package resolve

import (
	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/types"
)

// isNullValue tells NULL as it is written, or one that nullOf has made.
func isNullValue(e ir.Expr) bool {
	if c, ok := e.(*ir.Cast); ok && c.Target {
		e = c.X
	}
	_, ok := e.(*ir.Null)
	return ok
}

// nullOf is NULL in the place of an expression. It has the expression's type by a cast, because a target may take a bare NULL for text.
func nullOf(at ir.Expr) ir.Expr {
	t := at.TypeOf()
	n := &ir.Null{}
	n.Meta = *at.Base()
	n.SetType(types.Null{})
	switch t.(type) {
	case types.Int, types.Decimal, types.Float, types.Date, types.DateTime, types.Timestamp, types.Time:
		c := &ir.Cast{X: n, To: t, Target: true}
		c.Meta = *at.Base()
		c.SetType(t)
		return c
	case types.Text:
		n.SetType(t)
	}
	return n
}

// foldNull is NULL for a computation that is NULL because an operand is the word NULL; everything else stays.
func (r *Resolver) foldNull(e ir.Expr) ir.Expr {
	switch x := e.(type) {
	case *ir.Unary:
		if x.Op != ir.Not && isNullValue(x.X) {
			return nullOf(e)
		}
	case *ir.Binary:
		switch x.Op {
		case ir.And, ir.Or, ir.Xor:
			return e
		}
		if isNullValue(x.L) || isNullValue(x.R) {
			return nullOf(e)
		}
	case *ir.Div:
		if isNullValue(x.L) || isNullValue(x.R) {
			return nullOf(e)
		}
	case *ir.DateAdd:
		if isNullValue(x.X) || isNullValue(x.Amount) {
			return nullOf(e)
		}
	case *ir.Mod:
		if isNullValue(x.L) || isNullValue(x.R) {
			return nullOf(e)
		}
	case *ir.Call:
		if info := op.Lookup(x.Op); info != nil && info.Nulls == op.NullStrict && !info.CanRaise && info.Volatility == 0 && len(x.Args) >= info.Min {
			for _, a := range x.Args {
				if isNullValue(a) {
					return nullOf(e)
				}
			}
		}
	}
	return e
}

// output is NULL for a column of a derived table that is the word NULL there, which has no type that operators could rely on.
func output(sc *scope, e ir.Expr) ir.Expr {
	n, ok := e.(*ir.Name)
	if !ok || sc.clause == groupClause || sc.clause == orderClause {
		return e
	}
	if _, out := n.Ref.(*ir.OutputRef); !out {
		return e
	}
	if _, null := n.Type.(types.Null); !null {
		return e
	}
	x := &ir.Null{}
	x.Meta = n.Meta
	x.SetType(types.Null{})
	return x
}

package control

import (
	"math/big"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/types"
)

// Narrow tells an integer type whose range is smaller than that of the type that stands for it on the target.
func Narrow(t types.Type) (types.Int, bool) {
	i, ok := t.(types.Int)
	return i, ok && (i.Unsigned || i.Bits == 8 || i.Bits == 24)
}

// bounds are the smallest and the greatest number of an integer type.
func bounds(t types.Int) (low, high *big.Int) {
	one, low := big.NewInt(1), new(big.Int)
	if t.Unsigned {
		high = new(big.Int).Lsh(one, uint(t.Bits))
		return low, high.Sub(high, one)
	}
	high = new(big.Int).Lsh(one, uint(t.Bits-1))
	low.Neg(high)
	return low, high.Sub(high, one)
}

// FitsInt tells that every value of an expression is in the range of an integer type. Counts fit types of 32 bits.
func FitsInt(e ir.Expr, t types.Int) bool {
	low, high := bounds(t)
	switch x := ir.Bare(e).(type) {
	case nil, *ir.Null, *ir.Bool, *ir.BoolValue:
		return true
	case *ir.Number:
		v, ok := new(big.Int).SetString(x.Text, 10)
		return ok && v.Cmp(low) >= 0 && v.Cmp(high) <= 0
	case *ir.Unary:
		n, ok := ir.Bare(x.X).(*ir.Number)
		if !ok || x.Op != ir.Neg {
			break
		}
		v, ok := new(big.Int).SetString("-"+n.Text, 10)
		return ok && v.Cmp(low) >= 0 && v.Cmp(high) <= 0
	case *ir.Aggregate:
		return x.Op == op.Count && t.Bits >= 32 // more rows than that nobody counts
	case *ir.Call:
		if x.Op != op.Coalesce && x.Op != op.IfNull {
			break
		}
		for _, a := range x.Args {
			if !FitsInt(a, t) {
				return false
			}
		}
		return true
	case *ir.Case:
		for _, w := range x.Whens {
			if !FitsInt(w.Then, t) {
				return false
			}
		}
		return x.Else == nil || FitsInt(x.Else, t)
	case *ir.Name:
		f, ok := x.TypeOf().(types.Int)
		if !ok {
			return false
		}
		l, h := bounds(f)
		return l.Cmp(low) >= 0 && h.Cmp(high) <= 0
	}
	if _, null := e.TypeOf().(types.Null); null {
		return true
	}
	_, predicate := e.TypeOf().(types.Bool)
	return predicate
}

// countsUp tells a number that is counted up by small steps from one that fits, or that a statement before tells: those are taken to stay in
// the range of types of 32 bits.
func countsUp(e ir.Expr, t types.Int) bool {
	switch x := ir.Bare(e).(type) {
	case *ir.Binary:
		n, ok := ir.Bare(x.R).(*ir.Number)
		return x.Op == ir.Add && ok && len(n.Text) < 4 && n.Kind == ir.IntNumber && t.Bits >= 32 && (FitsInt(x.L, t) || countsUp(x.L, t))
	case *ir.Call:
		switch x.Op {
		case op.LastInsertID:
			return t.Bits >= 64
		case op.RowCount, op.FoundRows:
			return t.Bits >= 32
		}
	}
	return false
}

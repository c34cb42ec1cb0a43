// Package bitoperators holds the rule for operators on bits.
package bitoperators

import (
	"math/big"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

const code = "EX0304"

// Rule is EX0304.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "bit-operators",
		Doc: `MySQL's &, |, ^, ~, << and >> work on 64 unsigned bits (Reference Manual, "Bit Functions and Operators"). Where no operand can be negative
(or, for &, where one cannot) PostgreSQL's operators give the same; otherwise the bits are converted from and to an unsigned number. Shifts by 64 or more give 0.
Operators on literals are computed.`,
		Fidelity: diag.Exact,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE f (flags INT, u INT UNSIGNED);",
			Source: "SELECT flags & 4 AS a, u | 8 AS b, ~0 AS c, 1 << 3 AS d FROM f;",
			Target: "SELECT flags & 4 AS a, u | 8 AS b, 18446744073709551615 AS c, 8 AS d FROM f;",
		}},
		After: map[string]string{"division": "it looks at arithmetic as it was written"},
		Looks: ir.Kinds(ir.HasBits, ir.CallsNumber),
		Run: func(p *rewrite.Pass) {
			p.Exprs(func(e ir.Expr) ir.Expr {
				switch e := e.(type) {
				case *ir.Call:
					if e.Op == op.BitCount && len(e.Args) == 1 {
						return p.Helper("bit_count", e, counted(p, e.Args[0]))
					}
				case *ir.Unary:
					if e.Op == ir.BitNot && e.Bits == 64 {
						return not(p, e)
					}
				case *ir.Binary:
					if e.Bits == 64 {
						return binary(p, e)
					}
				}
				return e
			})
		},
	}
}

var full = new(big.Int).SetUint64(1<<64 - 1)

// constant reads a literal as 64 unsigned bits.
func constant(e ir.Expr) (*big.Int, bool) {
	switch e := e.(type) {
	case *ir.Number:
		if e.Kind != ir.IntNumber {
			return nil, false
		}
		v, ok := new(big.Int).SetString(e.Text, 10)
		return v, ok && v.Cmp(full) <= 0
	case *ir.Unary:
		if e.Op != ir.Neg {
			return nil, false
		}
		v, ok := constant(e.X)
		if !ok || v.BitLen() > 63 {
			return nil, false
		}
		return new(big.Int).And(new(big.Int).Neg(v), full), true
	}
	return nil, false
}

func literal(v *big.Int, like ir.Expr) ir.Expr {
	return build.Make(&ir.Number{Text: v.String()}, like, types.Int{Bits: 64, Unsigned: true}, code)
}

// notNegative tells that a value is an integer of the target and surely not below zero.
func notNegative(e ir.Expr) bool {
	switch e := e.(type) {
	case *ir.Number:
		return build.Width(e) > 0
	case *ir.BoolValue:
		return true
	case *ir.Binary:
		switch {
		case e.Bits != 0:
		case e.Op == ir.BitAnd:
			return notNegative(e.L) || notNegative(e.R)
		case e.Op == ir.BitOr, e.Op == ir.BitXor:
			return notNegative(e.L) && notNegative(e.R)
		case e.Op == ir.ShiftRight:
			return notNegative(e.L)
		}
		return false
	case *ir.Name:
		t, ok := e.Type.(types.Int)
		return ok && t.Unsigned && build.Width(e) > 0
	}
	return false
}

func isInteger(e ir.Expr) bool {
	if build.Width(e) > 0 {
		return true
	}
	switch e := e.(type) {
	case *ir.Binary:
		return e.Bits == 0 && notNegative(e)
	case *ir.Name:
		return false
	}
	return false
}

func not(p *rewrite.Pass, e *ir.Unary) ir.Expr {
	if v, ok := constant(e.X); ok {
		return literal(new(big.Int).Xor(v, full), e)
	}
	return fromBits(p, e, build.Make(&ir.Unary{Op: ir.BitNot, X: bits(p, e.X)}, e, types.Int{Bits: 64}, code))
}

// counted is a value as the helper routine that counts bits takes it.
func counted(p *rewrite.Pass, e ir.Expr) ir.Expr {
	if build.IsFloat(e) {
		return build.As(build.Call("round", e, e.TypeOf(), code, e), "numeric", e.TypeOf(), code)
	}
	return e
}

func fromBits(p *rewrite.Pass, like, x ir.Expr) ir.Expr { return p.Helper("from_bits", like, x) }

// bits is a value as a 64-bit integer of the target.
func bits(p *rewrite.Pass, e ir.Expr) ir.Expr {
	if h, ok := e.(*ir.HelperCall); ok && h.Name == "from_bits" {
		return h.Args[0]
	}
	if isInteger(e) {
		return build.Bigint(e, code)
	}
	h := p.Helper("to_bits", e, e)
	h.Type = types.Int{Bits: 64}
	return h
}

func binary(p *rewrite.Pass, e *ir.Binary) ir.Expr {
	l, lok := constant(e.L)
	r, rok := constant(e.R)
	if lok && rok {
		return literal(compute(e.Op, l, r), e)
	}
	switch e.Op {
	case ir.BitAnd, ir.BitOr, ir.BitXor:
		return mask(p, e)
	case ir.ShiftLeft, ir.ShiftRight:
		return shift(p, e)
	}
	return e
}

func compute(o ir.BinaryOp, l, r *big.Int) *big.Int {
	out := new(big.Int)
	switch o {
	case ir.BitAnd:
		return out.And(l, r)
	case ir.BitOr:
		return out.Or(l, r)
	case ir.BitXor:
		return out.Xor(l, r)
	}
	if r.Cmp(big.NewInt(64)) >= 0 {
		return out
	}
	if o == ir.ShiftLeft {
		return out.And(out.Lsh(l, uint(r.Uint64())), full)
	}
	return out.Rsh(l, uint(r.Uint64()))
}

func mask(p *rewrite.Pass, e *ir.Binary) ir.Expr {
	nl, nr := notNegative(e.L), notNegative(e.R)
	plain := nl && nr || e.Op == ir.BitAnd && (nl || nr)
	if plain && isInteger(e.L) && isInteger(e.R) {
		return build.Make(&ir.Binary{Op: e.Op, L: e.L, R: e.R}, e, e.Type, code)
	}
	x := build.Make(&ir.Binary{Op: e.Op, L: bits(p, e.L), R: bits(p, e.R)}, e, types.Int{Bits: 64}, code)
	if plain {
		x.Type = e.Type
		return x
	}
	return fromBits(p, e, x)
}

func shift(p *rewrite.Pass, e *ir.Binary) ir.Expr {
	n, ok := build.IntLiteral(e.R)
	if ok && n >= 0 && n < 64 && e.Op == ir.ShiftRight && notNegative(e.L) {
		return build.Make(&ir.Binary{Op: e.Op, L: build.Bigint(e.L, code), R: e.R}, e, e.Type, code)
	}
	name := "shift_left"
	if e.Op == ir.ShiftRight {
		name = "shift_right"
	}
	return p.Helper(name, e, e.L, e.R)
}

// Package simpleintegers holds the rule for arithmetic of SIMPLE_INTEGER.
package simpleintegers

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

const code = "EX0740"

// Rule is EX0740.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "simple-integers",
		Doc: `Where all operands of +, - and * are SIMPLE_INTEGER, or literals, the result wraps around instead of overflowing (PL/SQL Language Reference, "SIMPLE_INTEGER Subtype of PLS_INTEGER").
The whole is computed as numeric and brought into 32 bits at its end. Where another integer stands beside one, the result has to fit, and is an error where it does not.`,
		Fidelity: diag.Exact,
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Source: "CREATE FUNCTION f (x SIMPLE_INTEGER, y SIMPLE_INTEGER) RETURN NUMBER IS\nBEGIN\n  RETURN x * 31 + y;\nEND;",
			Target: "CREATE OR REPLACE FUNCTION f(x integer, y integer)\nRETURNS numeric\nLANGUAGE plpgsql\nAS $$\nBEGIN\n  IF x IS NULL THEN\n    RAISE EXCEPTION 'ORA-06502: PL/SQL: numeric or value error'\n      USING ERRCODE = 'invalid_character_value_for_cast';\n  END IF;\n  IF y IS NULL THEN\n    RAISE EXCEPTION 'ORA-06502: PL/SQL: numeric or value error'\n      USING ERRCODE = 'invalid_character_value_for_cast';\n  END IF;\n  RETURN godwit_oracle.simple_integer(x::numeric * 31 + y::numeric);\nEND;\n$$;",
		}},
		Looks: ir.Kinds(ir.HasArithmetic),
		Run: func(p *rewrite.Pass) {
			r := &run{Pass: p, made: map[ir.Expr]part{}}
			p.Exprs(r.expr)
		},
	}
}

type run struct {
	*rewrite.Pass
	made map[ir.Expr]part // what this rule has made
}

// part is an operand.
type part struct {
	e   ir.Expr // as numeric
	any bool    // a SIMPLE_INTEGER is in it
	all bool    // nothing else is
}

func (r *run) expr(e ir.Expr) ir.Expr {
	b, ok := e.(*ir.Binary)
	if !ok || b.Op != ir.Add && b.Op != ir.Sub && b.Op != ir.Mul || !types.IsNumeric(b.Type) {
		return e
	}
	left, right := r.part(b.L), r.part(b.R)
	if !left.any && !right.any {
		return e
	}
	t := b.Type
	b.Type = types.Decimal{}
	b.Made(code)
	if left.all && right.all {
		b.L, b.R = left.e, right.e
		h := r.Helper("simple_integer", b, b)
		h.Type = types.Int{Bits: 32, Wraps: true}
		r.made[h] = part{e: b, any: true, all: true}
		return h
	}
	b.L, b.R = wide(b.L), wide(b.R)
	if _, whole := t.(types.Int); whole {
		return build.As(b, "integer", t, code)
	}
	b.Type = t
	return b
}

// wide is an operand as numeric. BITAND of integers is one on the target, whatever it is on the source.
func wide(e ir.Expr) ir.Expr {
	if _, whole := e.TypeOf().(types.Int); whole && !literal(e) || ofBits(e) {
		return build.As(e, "numeric", types.Decimal{}, code)
	}
	return e
}

func (r *run) part(e ir.Expr) part {
	if m, ok := r.made[e]; ok {
		return m
	}
	if literal(e) {
		return part{e: e, all: true}
	}
	return part{e: wide(e), any: wraps(e) || ofBits(e), all: wraps(e)}
}

// ofBits tells the bits that two integers have in common, of which one is a SIMPLE_INTEGER.
func ofBits(e ir.Expr) bool {
	switch e := e.(type) {
	case *ir.Call:
		return e.Op == op.OraBitAnd && len(e.Args) == 2 && (wraps(e.Args[0]) || wraps(e.Args[1]))
	case *ir.TargetOp:
		return e.Op == "&" && (wraps(e.L) || wraps(e.R))
	}
	return false
}

func wraps(e ir.Expr) bool {
	t, ok := e.TypeOf().(types.Int)
	return ok && t.Wraps
}

func literal(e ir.Expr) bool {
	switch e := e.(type) {
	case *ir.Number:
		return true
	case *ir.Unary:
		return e.Op == ir.Neg && literal(e.X)
	}
	return false
}

// Package arithmetic holds the rule for the width of sums and products of integers.
package arithmetic

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

const code = "EX0302"

var unsignedSub = &diag.Code{
	ID: "EX0303", Title: "subtraction of unsigned numbers", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `MySQL raises an error when the difference of numbers, one of which is UNSIGNED, is below zero (Reference Manual, "Arithmetic Operators");
the converted code yields the negative number. Assumed: no such difference occurs.`,
	Each: 0.02,
}

// Rule is EX0302.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "integer-arithmetic",
		Doc: `MySQL computes with 64 bits whatever the columns are (Reference Manual, "Arithmetic Operators"); PostgreSQL computes with the wider of the
two operands, so that the sum or product of two INT columns can overflow. One operand is widened, except where the other is a literal that is added.`,
		Fidelity: diag.Exact,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE t (a INT, b INT, s SMALLINT);",
			Source: "SELECT a * b AS p, a + 1 AS n, s + s AS d FROM t;",
			Target: "SELECT a::bigint * b AS p, a + 1 AS n, s::integer + s AS d FROM t;",
		}},
		Findings: []*diag.Code{unsignedSub},
		After:    map[string]string{"division": "quotients have no width"},
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	p.Exprs(func(e ir.Expr) ir.Expr {
		if b, ok := e.(*ir.Binary); ok && (b.Op == ir.Add || b.Op == ir.Sub || b.Op == ir.Mul) {
			widen(p, b)
		}
		return e
	})
}

func widen(p *rewrite.Pass, b *ir.Binary) {
	if t, ok := b.Type.(types.Int); ok && t.Unsigned && b.Op == ir.Sub {
		p.Report(unsignedSub, b.Span, "the difference %s is assumed not to be below zero", b.Span.Text())
	}
	l, r := build.Width(b.L), build.Width(b.R)
	w := max(l, r)
	if l == 0 || r == 0 || w == 64 {
		return
	}
	_, constL := build.IntLiteral(b.L)
	_, constR := build.IntLiteral(b.R)
	if constL && constR || (constL || constR) && b.Op != ir.Mul {
		return
	}
	if v, ok := build.IntLiteral(b.R); ok && small(v) {
		return
	}
	if v, ok := build.IntLiteral(b.L); ok && small(v) {
		return
	}
	if w == 16 {
		b.L = build.As(b.L, "integer", types.Int{Bits: 32}, code)
		return
	}
	if constL || r == 64 {
		b.R = build.As(b.R, "bigint", types.Int{Bits: 64}, code)
		return
	}
	b.L = build.As(b.L, "bigint", types.Int{Bits: 64}, code)
}

// small tells a factor with which a product of usual values stays in 32 bits; beyond them the target raises an error.
func small(v int64) bool { return v >= -10 && v <= 10 }

// Package like holds the rule for LIKE.
package like

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/feature"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

const code = "EX0310"

var variable = &diag.Code{
	ID: "EX0311", Title: "LIKE with an escape character that is no literal", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  `The escape character of LIKE (MySQL Reference Manual, "String Comparison Functions and Operators") is computed, and the text compares without regard to case.`,
	Next: "write the escape character as a literal", Each: 0.2,
}

// Rule is EX0310.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "like",
		Doc: `LIKE follows the collation of its operands in MySQL (Reference Manual, "String Comparison Functions and Operators"), so that with
the usual collations neither case nor accents count. PostgreSQL before 18 refuses LIKE on such collations: text and pattern are folded (lower case, without accents) and compared by
bytes. A pattern without letters needs no folding. A backslash at the end of a pattern stands for itself in MySQL and is an error in PostgreSQL; it is doubled.`,
		Fidelity: diag.Exact,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE w (ci VARCHAR(20) COLLATE utf8mb4_general_ci, bin VARCHAR(20) COLLATE utf8mb4_bin);",
			Source: "SELECT bin FROM w WHERE ci LIKE 'Äpp%' AND bin LIKE 'app%' AND ci LIKE '20%';",
			Target: `SELECT bin FROM w WHERE godwit_mysql.fold(ci) COLLATE "C" LIKE 'app%' AND bin LIKE 'app%' AND ci COLLATE "C" LIKE '20%';`,
		}},
		Findings: []*diag.Code{variable},
		After: map[string]string{"having": "aliases have become what they stand for", "cast": "the operands must be text", "flow-functions": "choices between texts have their collations",
			"system-tables": "it puts patterns of names in lower case"},
		Looks: ir.Kinds(ir.KindLike),
		Run: func(p *rewrite.Pass) {
			p.Exprs(func(e ir.Expr) ir.Expr {
				if l, ok := e.(*ir.Like); ok {
					return lower(p, l)
				}
				return e
			})
		},
	}
}

func lower(p *rewrite.Pass, e *ir.Like) ir.Expr {
	if s, ok := e.Escape.(*ir.String); ok {
		r := []rune(s.Value)
		if len(r) <= 1 {
			e.Escape, e.EscapeRune = nil, 0
			if len(r) == 1 {
				e.EscapeRune = r[0]
			}
		}
	}
	if s, ok := e.Pattern.(*ir.String); ok && e.Escape == nil && e.EscapeRune != 0 {
		s.Value = complete(s.Value, e.EscapeRune)
	}
	if bytesOf(e.X) || bytesOf(e.Pattern) {
		return binary(e)
	}
	d := &build.Deriver{P: p}
	_, det, ok := p.Lower.Collation(e.Collation)
	switch {
	case !ok:
		return e
	case det:
		e.X, e.Pattern = d.ByBytes(e.X, code), d.ByBytes(e.Pattern, code)
	case d.Citext(), p.Features.Has(feature.NondeterministicLike):
		d.Agree(e.Collation, false, code, &e.X, &e.Pattern)
		return e
	case e.Escape != nil || build.HasLetters(string(e.EscapeRune)):
		rewrite.Refuse(p, variable, e.Span, "LIKE with an escape character that is a letter or computed")
	default:
		fold(d, e)
	}
	return e
}

func fold(d *build.Deriver, e *ir.Like) {
	if s, ok := e.Pattern.(*ir.String); ok && !build.HasLetters(s.Value) {
		e.X = d.ByBytes(e.X, code)
		return
	}
	e.X, e.Pattern = d.Folded(e.X, e.Collation, code), d.Folded(e.Pattern, e.Collation, code)
	e.Made(code)
}

// complete doubles an escape character at the end of a pattern, which stands for itself in the source.
func complete(s string, esc rune) string {
	n := 0
	for strings.HasSuffix(s[:len(s)-n*len(string(esc))], string(esc)) {
		n++
	}
	if n%2 == 1 {
		return s + string(esc)
	}
	return s
}

func bytesOf(e ir.Expr) bool { _, ok := e.TypeOf().(types.Binary); return ok }

// binary makes byte strings of both operands, which the target's LIKE takes as well.
func binary(e *ir.Like) ir.Expr {
	for _, x := range []*ir.Expr{&e.X, &e.Pattern} {
		if !bytesOf(*x) {
			*x = build.Call("convert_to", *x, types.Binary{}, code, *x, build.Text("UTF8"))
		}
	}
	return e
}

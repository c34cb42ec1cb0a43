// Package concat holds the rule for CONCAT, CONCAT_WS and GROUP_CONCAT's joined arguments.
package concat

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

const code = "EX0320"

var mixed = &diag.Code{
	ID: "EX0321", Title: "text and byte strings joined", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  `MySQL joins text and byte strings to a byte string (Reference Manual, "String Functions and Operators", CONCAT); the parts have different charsets.`,
	Next: "convert the parts to one type", Each: 0.2,
}

// Rule is EX0320.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "concat",
		Doc: `CONCAT gives NULL when an argument is NULL (MySQL Reference Manual, "String Functions and Operators"), which PostgreSQL's concat does not: it becomes ||. Numbers and
dates have become text before. CONCAT_WS skips NULLs and keeps empty texts in both.`,
		Fidelity: diag.Exact,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE a (x VARCHAR(9), n INT);",
			Source: "SELECT CONCAT(x, '/', n) AS c, CONCAT_WS(',', x, n) AS w FROM a;",
			Target: "SELECT x || '/' || n::text AS c, concat_ws(',', x, n::text) AS w FROM a;",
		}},
		Findings: []*diag.Code{mixed},
		After:    map[string]string{"cast": "the arguments must be text"},
		Looks:    ir.Kinds(ir.KindConcat, ir.CallsText),
		Run: func(p *rewrite.Pass) {
			p.Exprs(func(e ir.Expr) ir.Expr {
				switch e := e.(type) {
				case *ir.Concat:
					return join(p, e)
				case *ir.Call:
					if e.Op == op.ConcatWS && !sameKind(e.Args) {
						rewrite.Refuse(p, mixed, e.Span, "text and byte strings are joined by %s", e.Name)
					}
				}
				return e
			})
		},
	}
}

func sameKind(list []ir.Expr) bool {
	text, bytes := false, false
	for _, x := range list {
		switch x.TypeOf().(type) {
		case types.Binary:
			bytes = true
		case types.Null:
		default:
			text = true
		}
	}
	return !text || !bytes
}

func join(p *rewrite.Pass, e *ir.Concat) ir.Expr {
	if !sameKind(e.Args) {
		for i, a := range e.Args {
			if s, ok := a.(*ir.String); ok {
				e.Args[i] = build.Make(&ir.Bytes{Value: []byte(s.Value)}, s, types.Binary{N: len(s.Value)}, code)
			}
		}
		if !sameKind(e.Args) {
			rewrite.Refuse(p, mixed, e.Span, "text and byte strings are joined")
		}
		return e
	}
	if len(e.Args) == 1 {
		return e.Args[0]
	}
	return e
}

// Package laterals holds the rule for APPLY.
package laterals

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/types"
)

const code = "QY0375"

// Rule makes lateral joins of APPLY.
func Rule() *rewrite.Rule {
	setup := "CREATE TABLE a (id NUMBER);\nCREATE TABLE b (id NUMBER, v NUMBER);"
	return &rewrite.Rule{
		Code: code, Name: "laterals",
		Doc: `CROSS APPLY joins each row with the rows of a query that sees it: a lateral join. OUTER APPLY keeps rows without any (SQL Language Reference, "SELECT", cross_outer_apply_clause).`,
		Examples: []rewrite.Example{
			{From: dialect.Oracle, Setup: setup, Source: "SELECT a.id, x.v FROM a OUTER APPLY (SELECT b.v FROM b WHERE b.id = a.id) x;",
				Target: "SELECT a.id, x.v FROM a LEFT JOIN LATERAL (SELECT b.v FROM b WHERE b.id = a.id) AS x ON TRUE;"},
		},
		Fidelity: diag.Exact,
		Looks:    ir.Kinds(ir.KindJoin),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			if j, ok := n.(*ir.Join); ok && (j.Kind == ir.CrossApply || j.Kind == ir.OuterApply) {
				apply(j)
			}
			return true
		})
	}
}

func apply(j *ir.Join) {
	switch r := j.R.(type) {
	case *ir.Derived:
		r.Lateral = true
	case *ir.TableRef, *ir.TableFunc, *ir.CollectionTable:
	default:
		return // the printer refuses APPLY
	}
	if j.Kind == ir.CrossApply {
		j.Kind = ir.CrossJoin
	} else {
		yes := &ir.Bool{Value: true}
		yes.Span, yes.Type = j.Span, types.Bool{}
		j.Kind, j.On = ir.LeftJoin, yes
	}
	j.Made(code)
}

// Package groupids holds the rule for GROUP_ID.
package groupids

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/tree"
)

const code = "QY0345"

// Rule makes GROUP BY DISTINCT of HAVING GROUP_ID() = 0.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "group-ids",
		Doc: `GROUP_ID() numbers the repetitions of a grouping set from 0. HAVING GROUP_ID() = 0 keeps each set once, which is GROUP BY DISTINCT (SQL Language Reference, "GROUP_ID"); where no set can repeat, GROUP_ID() is 0. Any other use is refused.`,
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Setup: "CREATE TABLE t (a NUMBER, b NUMBER);",
			Source: "SELECT a, b, COUNT(*) AS c FROM t GROUP BY a, ROLLUP(a, b) HAVING GROUP_ID() = 0;",
			Target: "SELECT a, b, count(*) AS c FROM t GROUP BY DISTINCT a, ROLLUP (a, b);",
		}},
		Fidelity: diag.Exact,
		Looks:    ir.Kinds(ir.KindAggregate),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			if q, ok := n.(*ir.Select); ok {
				if q.Having != nil {
					once(q)
				}
				if distinct(q) {
					zeros(q)
				}
			}
			return true
		})
	}
}

func once(q *ir.Select) {
	var rest []ir.Expr
	for _, c := range tree.Conjuncts(q.Having) {
		if first(c) {
			q.GroupDistinct = true
			q.Made(code)
			continue
		}
		rest = append(rest, c)
	}
	q.Having = tree.And(rest...)
}

// first tells GROUP_ID() = 0 and GROUP_ID() < 1.
func first(c ir.Expr) bool {
	x, ok := c.(*ir.Compare)
	if !ok {
		return false
	}
	a, ok := ir.Bare(x.L).(*ir.Aggregate)
	if !ok || a.Op != op.OraGroupID {
		return false
	}
	n, literal := build.IntLiteral(ir.Bare(x.R))
	return literal && (x.Op == ir.Eq && n == 0 || x.Op == ir.Lt && n == 1 || x.Op == ir.Le && n == 0)
}

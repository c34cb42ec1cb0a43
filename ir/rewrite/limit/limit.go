// Package limit holds the rule for LIMIT with a count that stands for all rows.
package limit

import (
	"math/big"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
)

// Rule is QY0005.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: "QY0005", Name: "limit",
		Doc: `To take all rows from an offset on, the source needs a huge count (MySQL Reference Manual, "SELECT Statement": 18446744073709551615).
PostgreSQL counts in 64 bits with sign and refuses it; OFFSET alone says the same.`,
		Examples: []rewrite.Example{{
			Setup: "CREATE TABLE t (id INT PRIMARY KEY);", Source: "SELECT id FROM t ORDER BY id LIMIT 4, 18446744073709551615;", Target: "SELECT id FROM t ORDER BY id OFFSET 4;",
		}},
		Fidelity: diag.Exact,
		Looks:    ir.Kinds(ir.HasLimit),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			if q, ok := n.(ir.Query); ok && huge(q.Common().Limit) {
				q.Common().Limit = nil
			}
			return true
		})
	}
}

var most = big.NewInt(1<<62 - 1)

func huge(e ir.Expr) bool {
	n, ok := e.(*ir.Number)
	if !ok {
		return false
	}
	v, ok := new(big.Int).SetString(n.Text, 10)
	return ok && v.Cmp(most) > 0
}

// Package queryhints holds the rule that drops hints.
package queryhints

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
)

var dropped = &diag.Code{
	ID: "QY0100", Title: "a hint is dropped", Severity: diag.Info, Fidelity: diag.Exact,
	Doc:  "Hints about indexes, join order, priorities and caches change how the source runs a statement, not what it returns. PostgreSQL has no hints.",
	Next: "Look at the plan on the target if the statement is slow.",
}

// Rule is QY0002.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: "QY0002", Name: "query-hints",
		Doc: `Index hints, STRAIGHT_JOIN, SQL_NO_CACHE, SQL_BIG_RESULT, HIGH_PRIORITY, LOW_PRIORITY, DELAYED, QUICK and optimizer hints (MySQL Reference
Manual, "Index Hints", "Optimizer Hints", "SELECT Statement") do not change rows. They are dropped, with a note. SQL_CALC_FOUND_ROWS
asks for a count that FOUND_ROWS() reads; the rule found-rows answers that where it is read.`,
		Examples: []rewrite.Example{{
			Setup: "CREATE TABLE t (id INT PRIMARY KEY, a INT, KEY k (a));", Source: "SELECT SQL_NO_CACHE id FROM t USE INDEX (k);", Target: "SELECT id FROM t;",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{dropped},
		After:    map[string]string{"found-rows": "it reads SQL_CALC_FOUND_ROWS"},
		Looks:    ir.Kinds(ir.HasHints),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.Select:
				n.Hints = drop(p, n, n.Hints)
			case *ir.TableRef:
				n.Hints = drop(p, n, n.Hints)
			case *ir.Insert:
				n.Modifiers = drop(p, n, n.Modifiers)
			case *ir.Update:
				n.Modifiers = drop(p, n, n.Modifiers)
			case *ir.Delete:
				n.Modifiers = drop(p, n, n.Modifiers)
			case *ir.Join:
				if n.Straight {
					n.Straight = false
					p.Report(dropped, n.Span, "STRAIGHT_JOIN is dropped")
				}
			}
			return true
		})
	}
}

func drop(p *rewrite.Pass, n ir.Node, hints []string) []string {
	if len(hints) > 0 {
		p.Report(dropped, n.Base().Span, "%s is dropped", strings.Join(hints, ", "))
	}
	return nil
}

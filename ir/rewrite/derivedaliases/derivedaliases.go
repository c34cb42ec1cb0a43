// Package derivedaliases holds the rule for subqueries in FROM without a name.
package derivedaliases

import (
	"fmt"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/feature"
	"godwit/ir/rewrite"
)

const code = "QY0330"

// Rule gives subqueries in FROM a name.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "derivedaliases",
		Doc: "A subquery in FROM needs a name before PostgreSQL 16; it gets one that nothing in the statement has (PostgreSQL 16 release notes).",
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Setup: "CREATE TABLE t (id NUMBER);", Source: "SELECT id FROM (SELECT id FROM t);", Target: "SELECT id FROM (SELECT id FROM t) AS q;",
		}},
		Feature:  feature.UnnamedSubqueries,
		Fidelity: diag.Exact,
		Looks:    ir.Kinds(ir.KindDerived),
		After:    map[string]string{"rownums": "it makes subqueries"},
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	var unnamed []*ir.Derived
	used := map[string]bool{}
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.Derived:
				used[n.Alias.Text] = true
				if n.Alias.Text == "" {
					unnamed = append(unnamed, n)
				}
			case *ir.TableRef:
				used[n.Alias.Text], used[n.Name.Name()] = true, true
			case *ir.Name:
				if len(n.Parts) > 0 {
					used[n.Parts[0].Text] = true
				}
			}
			return true
		})
	}
	n := 0
	for _, d := range unnamed {
		for name := ""; d.Alias.Text == ""; {
			n++
			if name = "q"; n > 1 {
				name = fmt.Sprintf("q_%d", n)
			}
			if !used[name] && !used["Q"+name[1:]] {
				d.Alias = ir.Ident{Text: name}
			}
		}
	}
}

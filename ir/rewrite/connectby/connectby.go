// Package connectby holds the rule for hierarchical queries.
package connectby

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/tree"
)

const code = "QY0340"

var (
	unclear = &diag.Code{
		ID: "QY0341", Title: "hierarchical query that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  `A hierarchical query becomes a recursive common table expression (Oracle SQL Language Reference, "Hierarchical Queries"). Some clauses beside it, such as FOR UPDATE, ROWID, NATURAL JOIN or a condition without PRIOR and LEVEL, are not converted.`,
		Next: "Write the query with WITH.", Each: 0.5,
	}
	separated = &diag.Code{
		ID: "QY0342", Title: "paths of a hierarchical query", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "SYS_CONNECT_BY_PATH raises ORA-30004 where a value holds the separator. Assumed: none does.",
		Next: "Nothing, unless values may hold the separator.",
	}
)

// Rule makes recursive common table expressions of hierarchical queries.
func Rule() *rewrite.Rule {
	setup := "CREATE TABLE emp (id NUMBER, name VARCHAR2(10), mgr NUMBER);"
	return &rewrite.Rule{
		Code: code, Name: "connect-by",
		Doc: `A hierarchical query is walked by a recursive common table expression: joins and conditions that join tables come before the walk, WHERE behind it. Rows come in depth-first order, brothers in that of ORDER SIBLINGS BY, so each row has the array of its ancestors' numbers.
A row whose PRIOR values are those of an ancestor is a loop: ORA-01436, or with NOCYCLE the end of the branch. CONNECT BY LEVEL <= n without a table is generate_series; the first row is always there (Oracle SQL Language Reference, "Hierarchical Queries").`,
		Examples: []rewrite.Example{
			{From: dialect.Oracle, Source: "SELECT LEVEL AS n FROM dual CONNECT BY LEVEL <= 4;", Target: "SELECT level AS n FROM generate_series(1::numeric, 4) AS level;"},
			{From: dialect.Oracle, Setup: setup, Source: "SELECT name, LEVEL AS l FROM emp WHERE name <> 'x' START WITH mgr IS NULL CONNECT BY PRIOR id = mgr ORDER BY LEVEL;",
				Target: "WITH RECURSIVE walk AS (SELECT name, id, 1::numeric AS level, ARRAY[id] AS seen FROM emp WHERE mgr IS NULL UNION ALL SELECT emp.name, emp.id, walk.level + 1, godwit_oracle.connect_path(walk.seen, emp.id) FROM walk JOIN emp ON walk.id = emp.mgr) " +
					"SELECT name, emp.level AS l FROM walk AS emp WHERE name <> 'x' ORDER BY emp.level;"},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{unclear, separated},
		Looks:    ir.Kinds(ir.KindConnectBy),
		After:    map[string]string{"outerjoins": "the tables are joined before the walk"},
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	unordered := map[ir.Query]bool{}
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.SetOp:
				unordered[n.L], unordered[n.R] = true, true
			case *ir.In:
				unordered[n.Query] = true
			case *ir.Exists:
				unordered[n.Query] = true
			case *ir.Insert:
				unordered[n.Source] = true
			}
			return true
		})
	}
	p.Nodes(func(n ir.Node) ir.Node {
		s, ok := n.(*ir.Select)
		if !ok || s.Connect == nil || p.Refused() {
			return n
		}
		if len(s.From) == 0 {
			generate(p, s)
			return s
		}
		w := &walk{p: p, s: s, ordered: !unordered[s]}
		w.convert()
		return s
	})
}

func refuse(p *rewrite.Pass, n ir.Node, what string) bool {
	rewrite.Refuse(p, unclear, n.Base().Span, "%s", what)
	return false
}

// isPseudo tells a pseudocolumn by its name.
func isPseudo(n ir.Node, name string) bool {
	x, ok := n.(*ir.Pseudo)
	return ok && x.Name == name
}

func has(n ir.Node, f func(ir.Node) bool) bool { return n != nil && ir.Find(n, f) }

func isPath(n ir.Node) bool {
	c, ok := n.(*ir.Call)
	return ok && c.Op == op.OraConnectPath
}

// grouped tells that the rows of the query are no rows of the walk.
func grouped(s *ir.Select) bool {
	if len(s.GroupBy) > 0 || s.Having != nil || s.Distinct {
		return true
	}
	found := false
	for _, it := range s.Items {
		tree.InSelects(it, func(n ir.Node, in *ir.Select) bool {
			if a, ok := n.(*ir.Aggregate); ok && in == nil && a.Over == nil {
				found = true
			}
			return !found
		})
	}
	return found
}

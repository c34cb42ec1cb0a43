// Package columnlabels holds the rule for columns that are named by the text of their expression.
package columnlabels

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
)

// Rule is QY0006.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: "QY0006", Name: "column-labels",
		Doc: `A column without alias is called by the text of its expression (MySQL Reference Manual, "SELECT Statement"); PostgreSQL calls it by
the function, or ?column?. In views, in tables made from a query, and where a query around it uses the name, the text becomes an
explicit alias.`,
		Examples: []rewrite.Example{
			{Setup: "CREATE TABLE t (a INT NOT NULL);", Source: "SELECT `MAX(a)` FROM (SELECT MAX(a) FROM t) x;", Target: "SELECT \"max(a)\" FROM (SELECT max(a) AS \"max(a)\" FROM t) AS x;"},
			{Setup: "CREATE TABLE t (a INT NOT NULL);", Source: "SELECT MAX(a) FROM t;", Target: "SELECT max(a) FROM t;"},
		},
		Fidelity: diag.Exact,
		Looks:    ir.Kinds(ir.KindDerived, ir.KindCTE, ir.KindCreateView, ir.HasTableQuery),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	used := map[string]bool{}
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			if nm, ok := n.(*ir.Name); ok {
				if r, ok := nm.Ref.(*ir.OutputRef); ok {
					used[strings.ToLower(r.Column)] = true
				}
			}
			return true
		})
	}
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.Derived:
				if len(n.Columns) == 0 {
					label(p, n.Query, used)
				}
			case *ir.CTE:
				if len(n.Columns) == 0 && n.Query != nil {
					label(p, n.Query, used)
				}
			case *ir.CreateView:
				if len(n.Columns) == 0 {
					label(p, n.Query, nil)
				}
			case *ir.CreateTable:
				if n.As != nil {
					label(p, n.As, nil)
				}
			}
			return true
		})
	}
}

// label gives aliases to the items of a query (the first one of a set operation), those in used, or all when used is nil.
func label(p *rewrite.Pass, q ir.Query, used map[string]bool) {
	for {
		s, ok := q.(*ir.SetOp)
		if !ok {
			break
		}
		q = s.L
	}
	s, ok := q.(*ir.Select)
	if !ok {
		return
	}
	for _, it := range s.Items {
		switch it.Expr.(type) {
		case *ir.Name, *ir.Star:
			continue
		}
		if it.Alias.Text != "" || it.Label == "" || used != nil && !used[strings.ToLower(it.Label)] {
			continue
		}
		it.Alias = ir.Ident{Text: it.Label, Quoted: true}
		it.Made(p.Rule.Code)
	}
}

// Package nullorder holds the rule for the place of NULLs in ORDER BY.
package nullorder

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/tree"
)

// Rule is QY0001.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: "QY0001", Name: "null-order",
		Doc: `NULLs sort before all other values (MySQL Reference Manual, "Working with NULL Values"): first in an ascending order, last in a
descending one. PostgreSQL sorts them the other way round, so NULLS FIRST or NULLS LAST is written. It is left out where the
expression cannot be NULL.`,
		Examples: []rewrite.Example{
			{Setup: "CREATE TABLE t (id INT PRIMARY KEY, a INT);", Source: "SELECT id FROM t ORDER BY a, id;", Target: "SELECT id FROM t ORDER BY a NULLS FIRST, id;"},
			{Setup: "CREATE TABLE t (id INT PRIMARY KEY, a INT);", Source: "SELECT id FROM t ORDER BY a DESC;", Target: "SELECT id FROM t ORDER BY a DESC NULLS LAST;"},
		},
		Fidelity: diag.Exact,
		Looks:    ir.Kinds(ir.KindOrderItem),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.Select:
				order(n.OrderBy, n)
				for _, it := range n.Items {
					windows(it.Expr, n)
				}
				for _, o := range n.OrderBy {
					windows(o.Expr, n)
				}
				for _, w := range n.Windows {
					order(w.OrderBy, n)
				}
			case *ir.Update:
				order(n.OrderBy, over(n.Tables))
			case *ir.Delete:
				order(n.OrderBy, over(n.From))
			}
			return true
		})
	}
}

func over(from []ir.TableExpr) *ir.Select { return &ir.Select{From: from} }

// order marks the items that cannot be NULL.
func order(items []*ir.OrderItem, s *ir.Select) {
	for _, o := range items {
		e := o.Expr
		if o.Position > 0 {
			if o.Position > len(s.Items) {
				continue
			}
			e = s.Items[o.Position-1].Expr
		}
		if tree.NotNull(e, s) {
			o.Nulls = ir.NullsAny
		}
	}
}

// windows marks the orders of windows and aggregates in an expression of the select.
func windows(e ir.Expr, s *ir.Select) {
	ir.Walk(e, func(n ir.Node) bool {
		switch n := n.(type) {
		case ir.Query:
			return false
		case *ir.WindowDef:
			order(n.OrderBy, s)
		case *ir.Aggregate:
			order(n.OrderBy, s)
		}
		return true
	})
}

// Package having holds the rule for HAVING with aliases and without groups.
package having

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/tree"
)

var twice = &diag.Code{
	ID: "QY0101", Title: "HAVING, GROUP BY or ORDER BY names a select item that differs at each evaluation", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:   "The source evaluates the item once per row. PostgreSQL knows aliases only as the whole of an ORDER BY or GROUP BY item, so the expression would be evaluated a second time, with another value.",
	Next:  "Put the query into a derived table and filter or sort outside.",
	Learn: 0.2, Each: 0.3,
}

// Rule is QY0003.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: "QY0003", Name: "having",
		Doc: `HAVING may use aliases of the select list, and stands for WHERE in a query without groups (MySQL Reference Manual, "Problems with
Column Aliases", "SELECT Statement"). Aliases are replaced by their expressions; without groups and aggregates the condition moves to WHERE,
or around the query where it holds a window function.`,
		Examples: []rewrite.Example{
			{Setup: "CREATE TABLE t (k INT, n INT);", Source: "SELECT k, COUNT(*) AS c FROM t GROUP BY k HAVING c > 1;", Target: "SELECT k, count(*) AS c FROM t GROUP BY k HAVING count(*) > 1;"},
			{Setup: "CREATE TABLE t (k INT, n INT);", Source: "SELECT n AS m FROM t HAVING m > 1;", Target: "SELECT n AS m FROM t WHERE n > 1;"},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{twice},
		Looks:    ir.Kinds(ir.HasHaving),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	p.Nodes(func(n ir.Node) ir.Node {
		if s, ok := n.(*ir.Select); ok && s.Having != nil {
			return lower(p, s)
		}
		return n
	})
}

func lower(p *rewrite.Pass, s *ir.Select) ir.Node {
	h, ok := Substitute(s.Having)
	if !ok {
		rewrite.Refuse(p, twice, s.Having.Base().Span, "HAVING uses the alias of an expression that differs at each evaluation")
		return s
	}
	s.Having = h
	if tree.Grouped(s) {
		return s
	}
	if tree.HasWindow(h) {
		rewrite.Refuse(p, twice, h.Base().Span, "HAVING filters by a window function")
		return s
	}
	s.Where, s.Having = tree.And(s.Where, h), nil
	s.Made(p.Rule.Code)
	return s
}

// Substitute replaces aliases in an expression by what they stand for; ok is false where that would evaluate something
// volatile twice.
func Substitute(e ir.Expr) (out ir.Expr, ok bool) {
	ok = true
	out = ir.Map(e, func(n ir.Node) ir.Node {
		nm, isName := n.(*ir.Name)
		if !isName {
			return n
		}
		a, isAlias := nm.Ref.(*ir.AliasRef)
		if !isAlias {
			return n
		}
		if tree.Volatile(a.Item.Expr) {
			ok = false
			return n
		}
		x := ir.Clone(a.Item.Expr)
		return x
	})
	return simplify(out), ok
}

// simplify takes a predicate out of its conversions to a number and back, which substitution leaves.
func simplify(e ir.Expr) ir.Expr {
	return ir.Map(e, func(n ir.Node) ir.Node {
		if t, ok := n.(*ir.Truth); ok {
			if b, ok := t.X.(*ir.BoolValue); ok {
				return b.X
			}
		}
		return n
	})
}

package builtins

import (
	"fmt"

	"godwit/ir"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

// nested puts the groups of a query with aggregates of aggregates into a query of its own: MAX(SUM(x)) is the greatest of the sums of the groups.
func (l *lowering) nested(n ir.Node) ir.Node {
	s, ok := n.(*ir.Select)
	if !ok || len(s.GroupBy) == 0 {
		return n
	}
	twice := false
	for _, it := range s.Items {
		apart := ofSubqueries(it.Expr)
		twice = twice || ir.Find(it.Expr, func(n ir.Node) bool { a, ok := n.(*ir.Aggregate); return ok && !apart[a] && holdsAggregate(n) })
	}
	if !twice {
		return n
	}
	in := &ir.Select{From: s.From, Where: s.Where, GroupBy: s.GroupBy, Rollup: s.Rollup, Having: s.Having, Connect: s.Connect}
	in.Span, in.Row = s.Span, &types.Row{}
	d := &ir.Derived{Query: in, Alias: ir.Ident{Text: "GROUPS_"}}
	for _, it := range s.Items {
		it.Expr = l.outer(it.Expr, in, d)
	}
	for _, o := range s.OrderBy {
		o.Expr = l.outer(o.Expr, in, d)
	}
	out := &ir.Select{Items: s.Items, From: []ir.TableExpr{d}, Distinct: s.Distinct}
	out.QueryMeta = s.QueryMeta
	out.Made(code)
	return out
}

// holdsAggregate tells an aggregate over an aggregate.
func holdsAggregate(n ir.Node) bool {
	a, ok := n.(*ir.Aggregate)
	if !ok || a.Over != nil {
		return false
	}
	found := false
	for _, x := range a.Args {
		ir.Walk(x, func(c ir.Node) bool {
			switch c := c.(type) {
			case *ir.Select: // its aggregates are its own
				return false
			case *ir.Aggregate:
				found = found || c.Over == nil
			}
			return !found
		})
	}
	return found
}

// ofSubqueries are the aggregates in the queries that an expression holds: they are computed there.
func ofSubqueries(e ir.Expr) map[*ir.Aggregate]bool {
	var out map[*ir.Aggregate]bool
	ir.Walk(e, func(n ir.Node) bool {
		s, ok := n.(*ir.Select)
		if !ok {
			return true
		}
		ir.Walk(s, func(c ir.Node) bool {
			if a, ok := c.(*ir.Aggregate); ok {
				if out == nil {
					out = map[*ir.Aggregate]bool{}
				}
				out[a] = true
			}
			return true
		})
		return false
	})
	return out
}

// outer takes the inner aggregates of an expression out into the items of the query of the groups.
func (l *lowering) outer(e ir.Expr, in *ir.Select, from *ir.Derived) ir.Expr {
	apart := ofSubqueries(e)
	return ir.MapExprs(e, func(x ir.Expr) ir.Expr {
		a, ok := x.(*ir.Aggregate)
		if !ok || a.Over != nil || apart[a] || holdsName(a) {
			return x
		}
		name := fmt.Sprintf("A%d", len(in.Items)+1)
		in.Items = append(in.Items, &ir.SelectItem{Expr: a, Alias: ir.Ident{Text: name}})
		in.Row.Names, in.Row.Types = append(in.Row.Names, name), append(in.Row.Types, a.Type)
		return build.Make(&ir.Name{Parts: []ir.Ident{{Text: from.Alias.Text}, {Text: name}}, Ref: &ir.OutputRef{From: from, Column: name}}, a, a.Type, code)
	})
}

// holdsName tells an aggregate whose argument has been taken out already.
func holdsName(a *ir.Aggregate) bool {
	found := false
	for _, x := range a.Args {
		ir.Walk(x, func(n ir.Node) bool {
			if m, ok := n.(*ir.Name); ok && len(m.Parts) == 2 && m.Parts[0].Text == "GROUPS_" {
				found = true
			}
			return !found
		})
	}
	return found
}

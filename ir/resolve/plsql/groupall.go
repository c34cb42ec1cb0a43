package plsql

import (
	"godwit/ir"
	"godwit/ir/diag"
)

var groupAllItem = &diag.Code{
	ID: "QY0763", Title: "GROUP BY ALL with an item that is no expression of columns and aggregates", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  "GROUP BY ALL groups by the items of the select list that hold no aggregate (SQL Language Reference, SELECT, group_by_clause). An asterisk, a subquery or an analytic function among them is not converted.",
	Next: "Name the expressions behind GROUP BY.", Each: 0.1,
}

// groupAll makes GROUP BY ALL the list that it stands for. Constants divide nothing, and would be positions on the target.
func (r *Resolver) groupAll(s *ir.Select) {
	for _, it := range s.Items {
		switch it.Expr.(type) {
		case *ir.Number, *ir.String, *ir.Null, *ir.Bool:
			continue
		}
		aggregate, other := false, false
		ir.Walk(it.Expr, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.Aggregate:
				aggregate, other = true, other || n.Over != nil
			case *ir.Star:
				other = other || !aggregate // of COUNT(*) it is no item
			case ir.Query:
				other = true
			}
			return true
		})
		switch {
		case other:
			r.fail(groupAllItem, it.Span, "GROUP BY ALL")
			return
		case !aggregate:
			o := &ir.OrderItem{Expr: ir.Clone(it.Expr), Nulls: ir.NullsAny}
			o.Span = it.Span
			s.GroupBy = append(s.GroupBy, o)
		}
	}
}

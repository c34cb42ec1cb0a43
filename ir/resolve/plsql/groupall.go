package plsql

import (
	"strconv"

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

// positioned is the item that GROUP BY names by its position, nil for other expressions. Without the parameter group_by_position_enabled of Oracle 23ai the
// number is a constant, which divides nothing; but then the item is made of what is grouped, and divides nothing either (SQL Language Reference, SELECT,
// group_by_clause).
func positioned(s *ir.Select, e ir.Expr) ir.Expr {
	n, ok := e.(*ir.Number)
	if !ok {
		return nil
	}
	at, err := strconv.Atoi(n.Text)
	if err != nil || at < 1 || at > len(s.Items) {
		return nil
	}
	for _, it := range s.Items[:at] {
		if _, star := it.Expr.(*ir.Star); star {
			return nil // nobody has counted its columns
		}
	}
	x := s.Items[at-1].Expr
	column, other := false, false
	ir.Walk(x, func(n ir.Node) bool {
		switch n.(type) {
		case *ir.Aggregate, ir.Query:
			other = true
		case *ir.Name:
			column = true
		}
		return !other
	})
	if !column || other {
		return nil
	}
	return ir.Clone(x)
}

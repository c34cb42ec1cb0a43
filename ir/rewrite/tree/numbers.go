package tree

import "godwit/ir"

// AddColumn adds a column to what a query gives.
func AddColumn(s *ir.Select, e ir.Expr, name string) {
	s.Items = append(s.Items, Item(e, name))
	s.Row.Names, s.Row.Types = append(s.Row.Names, name), append(s.Row.Types, e.TypeOf())
}

// Numbers lets e read the numbers of sequences from columns of a query that took them; names has the column of each sequence. from is
// what gives them, nil if it is not known by a name.
func Numbers(e ir.Expr, names map[string]string, from ir.TableExpr) ir.Expr {
	return ir.MapExprs(e, func(e ir.Expr) ir.Expr {
		x, ok := e.(*ir.NextValue)
		if !ok || names[x.Sequence.String()] == "" {
			return e
		}
		n := Output("next", names[x.Sequence.String()], x.Type)
		n.Span = x.Span
		n.Ref.(*ir.OutputRef).From = from
		return n
	})
}

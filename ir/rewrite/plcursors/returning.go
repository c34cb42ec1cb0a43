package plcursors

import (
	"godwit/ir"
	"godwit/ir/rewrite/control"
)

// returning makes a query over the changed rows of a change that returns aggregates of them.
func (r *run) returning(s ir.Stmt) ir.Stmt {
	var items []*ir.SelectItem
	var into []ir.Expr
	switch n := s.(type) {
	case *ir.Update:
		items, into = n.Returning, n.Into
	case *ir.Delete:
		items, into = n.Returning, n.Into
	}
	if len(into) == 0 || !aggregates(items) || ir.Find(r.root, func(n ir.Node) bool {
		a, ok := n.(*ir.CursorAttr)
		return ok && a.Cursor == nil // SQL%ROWCOUNT would count the one row of the query
	}) {
		return s
	}
	cte := &ir.CTE{Name: ir.Ident{Text: "CHANGED"}, Stmt: s}
	cte.Span = s.Base().Span
	from := &ir.TableRef{Name: ir.Qualified("", "CHANGED"), CTE: cte}
	from.Span = cte.Span
	var columns []*ir.SelectItem
	seen := map[string]bool{}
	for _, it := range items {
		it.Expr = ir.MapExprs(it.Expr, func(e ir.Expr) ir.Expr {
			n, ok := e.(*ir.Name)
			if !ok {
				return e
			}
			c, ok := n.Ref.(*ir.ColumnRef)
			if !ok || c.Column == nil {
				return e
			}
			if !seen[c.Column.Name] {
				seen[c.Column.Name] = true
				x := &ir.SelectItem{Expr: ir.Clone(n)}
				x.Span = n.Span
				columns = append(columns, x)
			}
			out := &ir.Name{Parts: n.Parts[len(n.Parts)-1:], Ref: &ir.OutputRef{From: from, Column: c.Column.Name, Of: c.Column}}
			out.Span, out.Type = n.Span, n.Type
			return out
		})
	}
	if len(columns) == 0 { // COUNT(*) alone
		one := &ir.SelectItem{Expr: control.Int("1")}
		one.Span = cte.Span
		columns = append(columns, one)
	}
	switch n := s.(type) {
	case *ir.Update:
		n.Returning, n.Into = columns, nil
	case *ir.Delete:
		n.Returning, n.Into = columns, nil
	}
	q := &ir.Select{Items: items, From: []ir.TableExpr{from}}
	q.Span = cte.Span
	q.With = &ir.With{CTEs: []*ir.CTE{cte}}
	q.With.Span = cte.Span
	q.Into = into
	out := &ir.SelectInto{Query: q}
	out.Lead, s.Base().Lead = s.Base().Lead, nil
	return control.Take(code, s, out)
}

func aggregates(items []*ir.SelectItem) bool {
	for _, it := range items {
		if ir.Find(it, func(n ir.Node) bool {
			_, ok := n.(*ir.Aggregate)
			return ok
		}) {
			return true
		}
	}
	return false
}

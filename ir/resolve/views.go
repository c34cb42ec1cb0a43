package resolve

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/source"
)

var changedView = &diag.Code{
	ID: "NM0026", Title: "a change through a view that one of the servers does not make", Severity: diag.Error, Fidelity: diag.Refused,
	Doc: "The source changes rows through a view over a join, and takes no rows through a view with computed or repeated columns or one of ALGORITHM = TEMPTABLE; the target does the opposite " +
		"(MySQL Reference Manual, Updatable and Insertable Views; PostgreSQL manual, Updatable Views).",
	Next: "Name the table in the statement, or give the view an INSTEAD OF trigger on the target.", Each: 0.25,
}

// changeable refuses changes through views that the two servers treat differently.
func (r *Resolver) changeable(t *catalog.Table, at source.Span, insert bool) {
	if t == nil || t.Kind != catalog.ViewTable {
		return
	}
	v := r.views[t]
	if v == nil {
		return
	}
	s, ok := v.query.(*ir.Select)
	if !ok || s.Distinct || len(s.GroupBy) > 0 || s.Having != nil {
		return // neither server changes it
	}
	switch {
	case v.temporary:
		r.fail(changedView, at, "view %s, which has ALGORITHM = TEMPTABLE", t.Name)
	case !oneTable(s.From):
		r.fail(changedView, at, "view %s, which reads several tables", t.Name)
	case insert && !plainColumns(s.Items):
		r.fail(changedView, at, "view %s, which has computed or repeated columns", t.Name)
	case insert:
		based(t, s)
	}
}

// based notes which table takes the rows of a view.
func based(t *catalog.Table, s *ir.Select) {
	from, ok := s.From[0].(*ir.TableRef)
	if !ok || from.Table == nil {
		return
	}
	base := from.Table
	if base.Kind == catalog.ViewTable {
		return
	}
	t.Base, t.Of = base, nil
	for _, it := range s.Items {
		switch x := it.Expr.(type) {
		case *ir.Star:
			for _, c := range base.Columns {
				if !c.Invisible {
					t.Of = append(t.Of, c.Name)
				}
			}
		case *ir.Name:
			t.Of = append(t.Of, x.Parts[len(x.Parts)-1].Text)
		}
	}
}

func oneTable(from []ir.TableExpr) bool {
	if len(from) != 1 {
		return false
	}
	_, ok := from[0].(*ir.TableRef)
	return ok
}

// plainColumns tells that every column of a view is another column of its table.
func plainColumns(items []*ir.SelectItem) bool {
	seen := map[string]bool{}
	for _, it := range items {
		switch x := it.Expr.(type) {
		case *ir.Star:
		case *ir.Name:
			name := strings.ToLower(x.Parts[len(x.Parts)-1].Text)
			if seen[name] {
				return false
			}
			seen[name] = true
		default:
			return false
		}
	}
	return true
}

// Printed tells that nothing needs a view's query any more but to know which changes the servers make through it: what tells that is kept.
func (r *Resolver) Printed(t *catalog.Table) {
	v := r.views[t]
	if v == nil || v.busy || len(t.Columns) == 0 {
		return
	}
	q, ok := v.query.(*ir.Select)
	if !ok || q.Distinct || len(q.GroupBy) > 0 || q.Having != nil {
		v.query = nil
		return
	}
	kept := &ir.Select{}
	if oneTable(q.From) {
		kept.From = q.From
		for _, it := range q.Items {
			var x ir.Expr = &ir.Null{}
			switch e := it.Expr.(type) {
			case *ir.Star:
				x = e
			case *ir.Name:
				x = &ir.Name{Parts: slices.Clone(e.Parts)}
			}
			kept.Items = append(kept.Items, &ir.SelectItem{Expr: x})
		}
	}
	v.query = kept
}

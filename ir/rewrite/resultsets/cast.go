package resultsets

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

// cast gives the columns of the query the types that the function declares: RETURN QUERY converts nothing.
func (w *writer) cast(q ir.Query, row types.Row) ir.Query {
	switch q := q.(type) {
	case *ir.SetOp:
		if w.folds(row) { // what makes equal rows one decides by the type
			return w.around(q, row)
		}
		q.L, q.R = w.cast(q.L, row), w.cast(q.R, row)
	case *ir.Select:
		return w.selected(q, row)
	}
	return q
}

func (w *writer) selected(q *ir.Select, row types.Row) ir.Query {
	if items, ok := w.spread(q); ok {
		q.Items = items
	}
	stars := hasStar(q)
	if stars && w.passedOn(q, row) {
		return q
	}
	if stars || len(q.Items) != len(row.Types) || w.sorted(q) {
		return w.around(q, row)
	}
	for i, it := range q.Items {
		it.Expr = w.castTo(it.Expr, row.Types[i])
	}
	return q
}

func hasStar(q *ir.Select) bool {
	for _, it := range q.Items {
		if _, ok := it.Expr.(*ir.Star); ok {
			return true
		}
	}
	return false
}

// spread is the list of a query with the columns of tables in place of *, where one of them needs a cast; false if it is to stay.
func (w *writer) spread(q *ir.Select) ([]*ir.SelectItem, bool) {
	leaves := tree.Leaves(q.From)
	if !hasStar(q) || tree.Merges(q.From) {
		return nil, false
	}
	var out []*ir.SelectItem
	plain := true
	for _, it := range q.Items {
		st, ok := it.Expr.(*ir.Star)
		if !ok {
			out = append(out, it)
			continue
		}
		n := len(out)
		for _, l := range leaves {
			t, ok := l.(*ir.TableRef)
			if len(st.Qualifier) > 0 && !strings.EqualFold(st.Qualifier[len(st.Qualifier)-1].Text, tree.NameOf(l)) {
				continue
			}
			if !ok || t.Table == nil || t.CTE != nil {
				return nil, false
			}
			columns := tree.Columns(t, it, len(leaves) > 1, code)
			for _, c := range columns {
				plain = plain && w.spelled(c.Expr, Column(c.Expr.TypeOf()))
			}
			out = append(out, columns...)
		}
		if row, ok := st.Type.(types.Row); !ok || len(row.Types) != len(out)-n {
			return nil, false
		}
	}
	return out, !plain
}

// passedOn tells that the stars stand for columns which the target gives the types by itself: those of base tables, or of a function of
// this rule.
func (w *writer) passedOn(q *ir.Select, row types.Row) bool {
	for _, l := range tree.Leaves(q.From) {
		switch l := l.(type) {
		case *ir.TableRef:
			if l.Table == nil || l.CTE != nil {
				return false
			}
			for _, c := range tree.Columns(l, q.Items[0], false, code) {
				if !w.spelled(c.Expr, Column(c.Expr.TypeOf())) {
					return false
				}
			}
		case *ir.TableFunc:
			if _, ok := l.Call.(*ir.RoutineCall); !ok || len(q.Items) > 1 {
				return false
			}
			return true
		default:
			return false
		}
	}
	for _, it := range q.Items {
		if _, ok := it.Expr.(*ir.Star); !ok && !w.spelled(it.Expr, Column(it.Expr.TypeOf())) {
			return false
		}
	}
	return true
}

// sorted tells that a cast in the list could change what the query sorts or groups by: an ENUM sorts by the order of its values, and its
// text, which has the name of the column, does not.
func (w *writer) sorted(q *ir.Select) bool {
	if !q.Distinct && len(q.OrderBy) == 0 && len(q.GroupBy) == 0 {
		return false
	}
	for _, it := range q.Items {
		if _, ok := it.Expr.TypeOf().(types.Enum); ok {
			return true
		}
	}
	return false
}

// around is SELECT with casts over the query.
func (w *writer) around(q ir.Query, row types.Row) ir.Query {
	span := q.Base().Span
	d := &ir.Derived{Query: q, Alias: ir.Ident{Text: "r"}}
	d.Span = span
	names := uniqueNames(row, nil)
	out := tree.Select(nil, []ir.TableExpr{d}, nil)
	for i, t := range row.Types {
		d.Columns = append(d.Columns, ir.Ident{Text: names[i]})
		n := &ir.Name{Parts: []ir.Ident{{Text: "r"}, {Text: names[i]}}, Ref: &ir.OutputRef{From: d, Column: names[i]}}
		n.Span, n.Type = span, t
		out.Items = append(out.Items, tree.Item(w.castTo(n, t), ""))
	}
	out.Span, out.Row = span, &row
	out.Made(code)
	return out
}

func (w *writer) castTo(e ir.Expr, t types.Type) ir.Expr {
	t = Column(t)
	if w.spelled(e, t) {
		return e
	}
	c := &ir.Cast{X: e, To: t, Target: true}
	c.Span, c.Type = e.Base().Span, e.TypeOf()
	c.Made(code)
	return c
}

// spelled tells that the target gives the expression the type by itself.
func (w *writer) spelled(e ir.Expr, t types.Type) bool {
	switch x := e.(type) {
	case *ir.Name:
		switch r := x.Ref.(type) {
		case *ir.ColumnRef:
			return r.Table != nil && r.Table.Kind == catalog.BaseTable && w.sql(Column(r.Column.Type)) == w.sql(t) && !named(r.Column.Type) && !w.folded(r.Column.Type)
		case *ir.VarRef:
			return r.Decl != nil && r.Decl.TypeSQL == "" && isInt(r.Decl.Type) && w.sql(r.Decl.Type) == w.sql(t)
		case *ir.ParamRef:
			return r.Param != nil && r.Param.TypeSQL == "" && isInt(r.Param.Type) && w.sql(r.Param.Type) == w.sql(t)
		}
	case *ir.String:
		return w.sql(t) == "text"
	}
	return false
}

// folded tells that columns of the type are of one that stands for a collation.
func (w *writer) folded(t types.Type) bool {
	sql, _, ok := w.p.Lower.ColumnSQL(t)
	return ok && sql == build.Citext
}

// folds tells so of a column of a row.
func (w *writer) folds(row types.Row) bool { return slices.ContainsFunc(row.Types, w.folded) }

func isInt(t types.Type) bool {
	_, ok := t.(types.Int)
	return ok
}

// named tells that a column of the type is no text on the target, though results of the type are: a varchar, or a type of its own.
func named(t types.Type) bool {
	switch t := t.(type) {
	case types.Text:
		return t.N > 0
	case types.Enum:
		return true
	}
	return false
}

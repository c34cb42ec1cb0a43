package insertignore

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/insertcolumns"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

// parents leaves out rows whose foreign keys have no parent; ok is false where that cannot be told.
func parents(p *rewrite.Pass, i *ir.Insert) (s ir.Node, ok bool) {
	switch q := i.Source.(type) {
	case *ir.Values:
		return rows(p, i, q)
	case *ir.Select:
		if len(q.GroupBy) > 0 || q.Distinct || q.Having != nil || q.Limit != nil || tree.Grouped(q) {
			return i, false
		}
		row := tree.Row{}
		cols := i.Takes()
		if len(cols) != len(q.Items) {
			return i, false
		}
		for k, it := range q.Items {
			if _, star := it.Expr.(*ir.Star); star || cols[k] == nil || tree.HasWindow(it.Expr) {
				return i, false
			}
			row[cols[k]] = it.Expr
		}
		conds, ok := conditions(p, i.Table.Table, row)
		if !ok || selfReferring(i.Table.Table) {
			return i, false
		}
		q.Where = tree.And(append([]ir.Expr{q.Where}, conds...)...)
		return i, true
	}
	return i, false
}

func rows(p *rewrite.Pass, i *ir.Insert, v *ir.Values) (ir.Node, bool) {
	if len(v.Rows) > 1 && (len(i.Returning) > 0 || p.Counted(i)) {
		return i, false
	}
	c := shared(p, i)
	insertcolumns.List(i)
	b := &ir.Block{}
	b.Span, b.Lead, b.Trail = i.Span, i.Lead, i.Trail
	b.Made(p.Rule.Code)
	tested := false
	list := tree.Rows(i, v)
	for k, one := range tree.Apart(i, v) {
		conds, ok := conditions(p, i.Table.Table, list[k])
		if !ok {
			return i, false
		}
		if len(conds) > 0 {
			tested = true
			selected(one, v.Rows[k], conds)
		}
		b.Body = append(b.Body, one)
		if c != nil && k < len(v.Rows)-1 {
			b.Body = append(b.Body, back(p, i, c, conds))
		}
	}
	switch {
	case !tested:
		return oneByOne(p, i), true
	case len(b.Body) == 1:
		b.Body[0].Base().Lead, b.Body[0].Base().Trail = i.Lead, i.Trail
		return b.Body[0], true
	}
	return b, true
}

// selected makes a query of one row, with a condition; columns that take their default are left out.
func selected(i *ir.Insert, r *ir.RowExpr, conds []ir.Expr) {
	q := &ir.Select{Where: tree.And(conds...)}
	q.Span = r.Span
	var cols []*ir.Name
	for k, e := range r.Items {
		if tree.IsDefault(e) {
			continue
		}
		cols = append(cols, i.Columns[k])
		q.Items = append(q.Items, tree.Item(e, ""))
	}
	i.Columns, i.Source = cols, q
}

func selfReferring(t *catalog.Table) bool {
	for _, f := range t.ForeignKeys {
		if strings.EqualFold(f.RefTable, t.Name) {
			return true
		}
	}
	return false
}

// conditions are one for each foreign key that is given: a column of it is NULL, or its parent is there.
func conditions(p *rewrite.Pass, t *catalog.Table, row tree.Row) ([]ir.Expr, bool) {
	var out []ir.Expr
	for _, f := range t.ForeignKeys {
		c, ok := condition(p, t, f, row)
		if !ok {
			return nil, false
		}
		if c != nil {
			out = append(out, c)
		}
	}
	return out, true
}

func condition(p *rewrite.Pass, t *catalog.Table, f *catalog.ForeignKey, row tree.Row) (ir.Expr, bool) {
	schema := f.RefSchema
	if schema == "" {
		schema = t.Schema
	}
	parent := p.Catalog.Table(schema, f.RefTable)
	if parent == nil || len(f.RefColumns) != len(f.Columns) {
		return nil, false
	}
	from := &ir.TableRef{Name: ir.Qualified(f.RefSchema, parent.Name), Table: parent}
	var given, own []ir.Expr
	var items []*ir.SelectItem
	for k, name := range f.Columns {
		c, ref := t.Column(name), parent.Column(f.RefColumns[k])
		if c == nil || ref == nil {
			return nil, false
		}
		e, has := row[c]
		switch {
		case has && tree.IsNull(e):
			return nil, true
		case !has || tree.IsDefault(e):
			if c.Nullable && !c.HasDefault {
				return nil, true
			}
			if c.HasDefault {
				continue // an explicit default is taken to have its parent: the target raises an error otherwise
			}
			return nil, false
		case tree.Volatile(e):
			return nil, false
		}
		given = append(given, e)
		if v := row[ref]; parent == t && v != nil && !tree.IsDefault(v) && !tree.IsNull(v) && !tree.Volatile(v) {
			own = append(own, v)
		}
		items = append(items, tree.Item(tree.Column(parent, ref, from, tree.NameOf(from)), ""))
	}
	if len(given) == 0 {
		return nil, true
	}
	if len(given) < len(f.Columns) {
		return nil, false
	}
	c := there(given, tree.Select(items, []ir.TableExpr{from}, nil))
	if len(own) == len(given) { // a row may be its own parent
		var same []ir.Expr
		for k := range own {
			same = append(same, tree.Compare(ir.Eq, ir.Clone(given[k]), ir.Clone(own[k])))
		}
		c = tree.Or(c, tree.And(same...))
	}
	return c, true
}

// there is the condition that a key is NULL or among those of its parents.
func there(given []ir.Expr, q *ir.Select) ir.Expr {
	in := &ir.In{Query: q}
	in.Type = types.Bool{}
	if len(given) == 1 {
		in.X = ir.Clone(given[0])
	} else {
		r := &ir.RowExpr{}
		for _, e := range given {
			r.Items = append(r.Items, ir.Clone(e))
		}
		in.X = r
	}
	in.Span = given[0].Base().Span
	conds := []ir.Expr{}
	for _, e := range given {
		if !tree.NotNull(e, nil) || !tree.Literal(e) {
			n := &ir.IsNull{X: ir.Clone(e)}
			n.Type, n.Span = types.Bool{}, e.Base().Span
			conds = append(conds, n)
		}
	}
	return tree.Or(append(conds, in)...)
}

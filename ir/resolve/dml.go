package resolve

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/types"
)

// storesOf says how the unit's stores treat bad values; IGNORE adjusts them.
func (r *Resolver) storesOf(p ir.ErrorPolicy) storing {
	return storing{strict: r.strict(r.unit.Settings) && p != ir.IgnoreErrors, target: true}
}

func (r *Resolver) insert(sc *scope, s *ir.Insert) {
	r.with(sc, s.With)
	it := r.bindTable(s.Table)
	if it.table == nil {
		return
	}
	r.changeable(it.table, s.Span, true)
	own := sc.inner()
	own.ctes, own.outer = sc.ctes, sc.outer
	own.items = []*item{it}
	cols := r.insertColumns(own, s, it)
	if cols == nil {
		return
	}
	src := r.insertSource(sc, own, s, it, cols)
	if len(s.OnDuplicate) > 0 {
		r.onDuplicate(own, s, it, cols, src)
	}
	r.items(own, s.Returning)
}

// insertColumns lists the columns that take values, in order; nil if one of them is unknown.
func (r *Resolver) insertColumns(own *scope, s *ir.Insert, it *item) []column {
	if s.Columns == nil {
		return visible(it)
	}
	out := make([]column, 0, len(s.Columns))
	for _, n := range s.Columns {
		r.target(own, n)
		i, ok := it.column(n.Parts[len(n.Parts)-1].Text)
		if !ok {
			return nil
		}
		out = append(out, it.cols[i])
	}
	return out
}

// insertSource resolves what is inserted, converted to the columns. It returns the scope of a source select, nil for VALUES.
func (r *Resolver) insertSource(sc, own *scope, s *ir.Insert, it *item, cols []column) *scope {
	how := r.storesOf(s.OnError)
	switch q := s.Source.(type) {
	case nil:
		return nil
	case *ir.Values:
		r.insertValues(own, s, q, cols, how)
		return nil
	default:
		in := sc.inner()
		in.outer = sc.outer
		in.ctes = sc.ctes
		row := r.query(in, q)
		if len(row.Types) != len(cols) {
			r.fail(wrongArguments, s.Span, "%d columns of %s take %d values", len(cols), it.name, len(row.Types))
			return nil
		}
		r.storeColumns(q, cols, how)
		return in
	}
}

func (r *Resolver) insertValues(own *scope, s *ir.Insert, v *ir.Values, cols []column, how storing) {
	row := &types.Row{}
	for _, c := range cols {
		row.Names = append(row.Names, c.name)
		row.Types = append(row.Types, c.typ)
	}
	for _, vr := range v.Rows {
		if len(vr.Items) == 0 && s.Columns == nil || len(vr.Items) == 0 && len(cols) == 0 {
			continue
		}
		if len(vr.Items) != len(cols) {
			r.fail(wrongArguments, vr.Span, "%d columns take %d values", len(cols), len(vr.Items))
			return
		}
		for i := range vr.Items {
			vr.Items[i] = r.store(r.value(own, vr.Items[i]), cols[i].typ, how)
		}
		vr.Type = rowType(vr.Items)
	}
	v.Row = row
}

// storeColumns converts the outputs of a query to the columns that take them.
func (r *Resolver) storeColumns(q ir.Query, cols []column, how storing) {
	switch q := q.(type) {
	case *ir.SetOp:
		// A set operation compares before it stores: conversions go around it, where there are any.
		for i, c := range cols {
			if i < len(q.Row.Types) && r.store(typed(q.Row.Types[i]), c.typ, how) != nil && r.needsStore(q.Row.Types[i], c.typ, how) {
				r.storeBoth(q, i, c.typ, how)
			}
		}
	case *ir.Select:
		if len(q.Items) != len(cols) {
			return
		}
		for i, it := range q.Items {
			if _, star := it.Expr.(*ir.Star); star {
				return
			}
			it.Expr = r.store(it.Expr, cols[i].typ, how)
		}
	}
}

// needsStore tells whether a value of one type is converted when it is stored in another.
func (r *Resolver) needsStore(from, to types.Type, how storing) bool {
	x := typed(from)
	return r.store(x, to, how) != ir.Expr(x)
}

// storeBoth converts a column on both sides of UNION ALL; other set operations compare unconverted values.
func (r *Resolver) storeBoth(q ir.Query, i int, t types.Type, how storing) {
	switch q := q.(type) {
	case *ir.SetOp:
		if !q.All && how.strict && kindOf(q.Row.Types[i]) == kindOf(t) {
			return
		}
		if !q.All {
			r.fail(mixedClasses, q.Span, "the rows of the set operation are converted to %s when they are stored", t)
			return
		}
		r.storeBoth(q.L, i, t, how)
		r.storeBoth(q.R, i, t, how)
	case *ir.Select:
		if i < len(q.Items) {
			if _, star := q.Items[i].Expr.(*ir.Star); !star {
				q.Items[i].Expr = r.store(q.Items[i].Expr, t, how)
			}
		}
	}
}

// onDuplicate resolves ON DUPLICATE KEY UPDATE: it sees the table, VALUES(), the row alias, and the tables of a source select.
func (r *Resolver) onDuplicate(own *scope, s *ir.Insert, it *item, cols []column, src *scope) {
	sc := *own
	sc.changed = own
	if src != nil {
		sc.items = append(append([]*item(nil), own.items...), src.items...)
	}
	if s.RowAlias.Text != "" {
		sc.inserted = s.RowAlias.Text
		sc.insertedCols = map[string]*ir.Name{}
		for i, c := range cols {
			n := &ir.Name{Parts: []ir.Ident{{Text: c.name}}, Ref: &ir.ColumnRef{Table: it.table, Column: c.of}}
			n.Type = c.typ
			key := c.name
			if i < len(s.ColumnAliases) {
				key = s.ColumnAliases[i].Text
			}
			sc.insertedCols[strings.ToLower(key)] = n
		}
	}
	r.assignments(own, &sc, s.OnDuplicate, r.storesOf(s.OnError))
}

// assignments resolves SET column = value: the columns in one scope, the values in another.
func (r *Resolver) assignments(cols, values *scope, as []*ir.Assign, how storing) {
	for _, a := range as {
		r.target(cols, a.Column)
		if d, ok := a.Value.(*ir.Default); ok && d.Column == nil {
			d.Type = a.Column.Type
			continue
		}
		a.Value = r.store(r.value(values, a.Value), a.Column.Type, how)
	}
}

func (r *Resolver) items(sc *scope, items []*ir.SelectItem) {
	for _, it := range items {
		if st, ok := it.Expr.(*ir.Star); ok {
			r.star(sc, st)
			continue
		}
		it.Expr = r.value(sc, it.Expr)
	}
}

func (r *Resolver) update(sc *scope, s *ir.Update) {
	r.with(sc, s.With)
	for _, t := range s.Tables {
		r.tableExpr(sc, t)
	}
	if len(s.Tables) == 1 {
		if t, ok := s.Tables[0].(*ir.TableRef); ok {
			r.changeable(t.Table, s.Span, false)
		}
	}
	if s.Where != nil {
		s.Where = r.condition(sc.filter(), s.Where)
	}
	r.assignments(sc, sc, s.Sets, r.storesOf(s.OnError))
	r.orderBy(sc, s.OrderBy, 0)
	if s.Limit != nil {
		s.Limit = r.value(sc, s.Limit)
	}
	r.items(sc, s.Returning)
}

func (r *Resolver) delete(sc *scope, s *ir.Delete) {
	r.with(sc, s.With)
	for _, t := range s.From {
		r.tableExpr(sc, t)
	}
	for _, t := range s.Targets {
		r.deleteTarget(sc, t)
	}
	if len(s.From) == 1 {
		if t, ok := s.From[0].(*ir.TableRef); ok {
			r.changeable(t.Table, s.Span, false)
		}
	}
	if s.Where != nil {
		s.Where = r.condition(sc.filter(), s.Where)
	}
	r.orderBy(sc, s.OrderBy, 0)
	if s.Limit != nil {
		s.Limit = r.value(sc, s.Limit)
	}
	r.items(sc, s.Returning)
}

// deleteTarget binds a table to delete from, which FROM or USING names by alias or by name.
func (r *Resolver) deleteTarget(sc *scope, t *ir.TableRef) {
	name := t.Name.Name()
	for _, it := range sc.items {
		if r.sameTable(it.name, name) && (t.Name.Schema() == "" || r.sameSchema(it.schema, t.Name.Schema())) {
			t.Table = it.table
			return
		}
	}
	for _, it := range sc.items {
		if it.table != nil && it.table.Kind == catalog.BaseTable && r.sameTable(it.table.Name, name) && it.schema != "" {
			t.Table = it.table
			return
		}
	}
	r.fail(unknownTable, spanOr(t.Name.Span, t.Span), "the statement names no table %s to delete from", t.Name)
}

// intoTarget binds a target of INTO: a variable, parameter, or user variable.
func (r *Resolver) intoTarget(sc *scope, e ir.Expr) ir.Expr {
	switch e := e.(type) {
	case *ir.Name:
		if e.Ref != nil {
			return e
		}
		if len(e.Parts) == 1 && r.bindVariable(sc.proc, e, e.Parts[0].Text) {
			return e
		}
		if len(e.Parts) == 2 {
			if x := r.rowName(sc, e); x != nil {
				return x
			}
		}
		r.unresolved(e, "variable")
	case *ir.UserVar:
		if e.Type == nil {
			e.Type = types.Null{}
		}
	}
	return e
}

// assignRow assigns the columns of a query's row to its INTO targets, with the conversions of a store.
func (r *Resolver) assignRow(q ir.Query, c *ir.QueryMeta) {
	if len(c.Into) == 1 && len(c.Row.Types) > 1 {
		if _, ok := c.Into[0].TypeOf().(types.Row); ok {
			return
		}
	}
	if len(c.Into) != len(c.Row.Types) {
		r.fail(wrongArguments, c.Span, "%d columns are selected into %d variables", len(c.Row.Types), len(c.Into))
		return
	}
	for i, t := range c.Into {
		if v, ok := t.(*ir.UserVar); ok {
			old, known := r.vars[v.Name]
			v.Type = r.assignUserVar(v, typed(c.Row.Types[i]))
			if known && !certain(q) { // without a row it keeps its value
				r.setUserVar(v.Name, joinSession(old, r.vars[v.Name]))
			}
		}
	}
}

// certain tells a query that always has a row: of no table, or one of aggregates only.
func certain(q ir.Query) bool {
	s, ok := q.(*ir.Select)
	if !ok || s.Having != nil || s.Where != nil && len(s.From) == 0 || s.Limit != nil || len(s.GroupBy) > 0 {
		return false
	}
	if len(s.From) == 0 {
		return true
	}
	for _, it := range s.Items {
		if ir.Find(it.Expr, func(n ir.Node) bool {
			a, ok := n.(*ir.Aggregate)
			return ok && a.Over == nil
		}) {
			return true
		}
	}
	return false
}

// storeInto converts the select items of SELECT ... INTO to the types of the variables.
func (r *Resolver) storeInto(q ir.Query) {
	s, ok := q.(*ir.Select)
	if !ok || len(s.Into) != len(s.Items) {
		return
	}
	for i, t := range s.Into {
		if v, user := t.(*ir.UserVar); user {
			r.quotientKept(v, s.Items[i].Expr)
			continue
		}
		if _, star := s.Items[i].Expr.(*ir.Star); star || types.IsUnknown(t.TypeOf()) {
			continue
		}
		if !r.sem.AssignmentsAreStrict {
			r.strictValue(s.Items[i].Expr)
		}
		s.Items[i].Expr = r.give(s.Items[i].Expr, t)
	}
}

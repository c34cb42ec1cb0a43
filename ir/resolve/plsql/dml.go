package plsql

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/source"
	"godwit/ir/types"
)

// change resolves a statement that changes rows; false if it is another one.
func (r *Resolver) change(sc *scope, s ir.Stmt) bool {
	switch s := s.(type) {
	case *ir.Insert:
		r.insert(sc.inSQL().inner(), s)
	case *ir.MultiInsert:
		r.multiInsert(sc.inSQL(), s)
	case *ir.Update:
		r.update(sc.inSQL().inner(), s)
	case *ir.Delete:
		r.delete(sc.inSQL().inner(), s)
	case *ir.Merge:
		r.mergeStmt(sc.inSQL().inner(), s)
	default:
		return false
	}
	return true
}

// insert resolves INSERT: values see no columns of the table, RETURNING does.
func (r *Resolver) insert(sc *scope, s *ir.Insert) {
	r.with(sc, s.With)
	it := r.tableRef(sc, s.Table)
	own := *sc
	own.items = []*item{it}
	columns := r.targets(&own, s, it)
	if r.insertObjects(sc, s, it, columns) {
		r.returning(&own, s.Returning, s.Into, s.Bulk)
		return
	}
	switch {
	case s.Record != nil:
		s.Record = r.value(sc.block.expressions(), s.Record)
	case s.Source != nil:
		s.Source = r.inserted(sc, s.Source, columns)
	}
	r.returning(&own, s.Returning, s.Into, s.Bulk)
	r.logErrors(sc, s.LogErrors)
}

// targets are the types of the columns that an INSERT fills, nil where they are not known.
func (r *Resolver) targets(own *scope, s *ir.Insert, it *item) []types.Type {
	var out []types.Type
	if len(s.Columns) == 0 {
		r.beforeDrop(s, it)
		for _, c := range it.cols {
			if !c.hidden && !r.addedBehind(c.of, s.Span) {
				out = append(out, c.typ)
			}
		}
		return out
	}
	for _, n := range s.Columns {
		r.columnTarget(own, n)
		out = append(out, n.Type)
	}
	return out
}

// addedBehind tells that a script adds a column behind a statement, which knows nothing of it: the target fills the columns at the end that get no value.
func (r *Resolver) addedBehind(c *catalog.Column, at source.Span) bool {
	if c == nil {
		return false
	}
	a, added := r.added[c]
	return added && a.IsValid() && a.File == at.File && a.Start > at.Start
}

// beforeDrop refuses an INSERT without a list of columns before the script drops one of them: it runs behind that.
func (r *Resolver) beforeDrop(s *ir.Insert, it *item) {
	for _, c := range it.cols {
		if c.of != nil && r.early(c.of) && r.unit != nil && r.unit.Name == "" {
			r.fail(droppedLater, s.Span, "a column %s of %s is dropped behind it, and another one has its name", c.name, itemTitle(it))
			return
		}
		if d, dropped := r.dropped[c.of]; dropped && (d.File != s.Span.File || d.Start > s.Span.Start) && r.unit != nil && r.unit.Name == "" {
			r.fail(droppedLater, s.Span, "column %s of %s is dropped behind it", c.name, itemTitle(it))
			return
		}
	}
}

// columnTarget binds a column that is assigned to.
func (r *Resolver) columnTarget(sc *scope, n *ir.Name) {
	if n.Ref != nil {
		return
	}
	if r.columnName(sc, n) == nil {
		if r.mayBeOpen(sc, n) {
			n.Ref, n.Type = &ir.Unresolved{}, types.Unknown{Why: n.Dotted()}
			return
		}
		r.unresolved(n, "column")
	}
}

// inserted resolves what is inserted and converts it to the types of the columns.
func (r *Resolver) inserted(sc *scope, q ir.Query, columns []types.Type) ir.Query {
	v, ok := q.(*ir.Values)
	if !ok {
		q = r.query(sc, q)
		if n := len(q.Columns().Types); len(columns) > 0 && n != len(columns) {
			r.reject(q.Base().Span, "%d values for %d columns", n, len(columns))
			return q
		}
		return r.storeQuery(q, columns)
	}
	row := &types.Row{}
	for _, x := range v.Rows {
		r.insertedRow(sc, x, columns)
		row, _ = rowPointer(x.Type)
	}
	v.Row = row
	return v
}

func rowPointer(t types.Type) (*types.Row, bool) {
	row, ok := t.(types.Row)
	return &row, ok
}

func (r *Resolver) insertedRow(sc *scope, x *ir.RowExpr, columns []types.Type) {
	if len(columns) > 0 && len(x.Items) != len(columns) && !(len(x.Items) == 1 && len(columns) > 1) {
		r.reject(x.Span, "%d values for %d columns", len(x.Items), len(columns))
	}
	row := types.Row{}
	for i := range x.Items {
		var t types.Type
		if i < len(columns) {
			t = columns[i]
		}
		x.Items[i] = r.assigned(sc, x.Items[i], t)
		row.Names, row.Types = append(row.Names, ""), append(row.Types, x.Items[i].TypeOf())
	}
	x.Type = row
}

// assigned resolves a value that a column of a type takes.
func (r *Resolver) assigned(sc *scope, e ir.Expr, t types.Type) ir.Expr {
	if d, ok := e.(*ir.Default); ok && d.Column == nil {
		d.Type = t
		if t == nil {
			d.Type = types.Null{}
		}
		return d
	}
	e = r.value(sc, e)
	if t == nil || types.IsUnknown(t) {
		return e
	}
	return r.store(e, t)
}

// storeQuery converts the columns of a query to the types that take them: in its select list, or around a query that is no select.
func (r *Resolver) storeQuery(q ir.Query, columns []types.Type) ir.Query {
	if s, ok := q.(*ir.Select); ok && !s.Distinct && len(s.Items) == len(columns) && !hasStar(s) {
		for i, it := range s.Items {
			if !types.IsUnknown(columns[i]) && columns[i] != nil {
				it.Expr = r.store(it.Expr, columns[i])
			}
		}
		s.Row = rowOf(s.Items)
		return s
	}
	row := q.Columns()
	for i, t := range row.Types {
		if i < len(columns) && columns[i] != nil && class(t) != 0 && class(columns[i]) != 0 && class(t) != class(columns[i]) {
			return r.storedAround(q, columns)
		}
	}
	return q
}

func hasStar(s *ir.Select) bool {
	for _, it := range s.Items {
		if _, ok := it.Expr.(*ir.Star); ok {
			return true
		}
	}
	return false
}

// storedAround selects the converted columns from a query.
func (r *Resolver) storedAround(q ir.Query, columns []types.Type) ir.Query {
	d := &ir.Derived{Query: q, Alias: ir.Ident{Text: "Q"}}
	d.Span = q.Base().Span
	s := &ir.Select{From: []ir.TableExpr{d}}
	s.Span = d.Span
	row := q.Columns()
	for i, t := range row.Types {
		name := ""
		if i < len(row.Names) {
			name = row.Names[i]
		}
		if name == "" {
			r.fail(unknownType, d.Span, "the %d. column of the query has no name", i+1)
			return q
		}
		n := &ir.Name{Parts: []ir.Ident{d.Alias, {Text: name}}, Ref: &ir.OutputRef{From: d, Column: name}}
		n.Span, n.Type = d.Span, t
		it := &ir.SelectItem{Expr: n, Label: name}
		it.Span = d.Span
		if columns[i] != nil && !types.IsUnknown(columns[i]) {
			it.Expr = r.store(n, columns[i])
		}
		s.Items = append(s.Items, it)
	}
	s.Row = rowOf(s.Items)
	return s
}

func (r *Resolver) returning(sc *scope, items []*ir.SelectItem, into []ir.Expr, bulk bool) {
	labelItems(items)
	for _, it := range items {
		r.selectItem(sc, it)
	}
	f := sc.block
	for i := range into {
		into[i] = r.target(f.expressions().block, into[i])
		if i < len(items) && len(into) == len(items) {
			r.storeItem(items[i], taken(into[i], bulk))
		}
	}
}

// storeItem converts a select item to the type of what takes it.
func (r *Resolver) storeItem(it *ir.SelectItem, t types.Type) {
	if _, star := it.Expr.(*ir.Star); star || t == nil || types.IsUnknown(t) || len(fieldsOf(t)) > 0 && len(fieldsOf(it.Expr.TypeOf())) == 0 {
		return
	}
	it.Expr = r.store(it.Expr, t)
}

// into resolves the targets of SELECT ... INTO and converts the select items to their types.
func (r *Resolver) into(sc *scope, q ir.Query, c *ir.QueryMeta) {
	if len(c.Into) == 0 {
		return
	}
	f := sc.block.expressions().block
	for i := range c.Into {
		c.Into[i] = r.target(f, c.Into[i])
	}
	if len(c.Into) == 1 && r.takesRow(c) {
		return
	}
	if len(c.Into) != len(c.Row.Types) {
		r.reject(c.Span, "%d columns are selected into %d variables", len(c.Row.Types), len(c.Into))
		return
	}
	s, ok := q.(*ir.Select)
	if ok && !hasStar(s) && !s.Distinct {
		for i, it := range s.Items {
			r.storeItem(it, taken(c.Into[i], c.Bulk))
		}
		s.Row = rowOf(s.Items)
		return
	}
	for i, x := range c.Into {
		r.plainlyTaken(c.Row.Types[i], taken(x, c.Bulk), x)
	}
}

// takesRow tells that the only target is a record that takes all columns.
func (r *Resolver) takesRow(c *ir.QueryMeta) bool {
	t := taken(c.Into[0], c.Bulk)
	if types.IsUnknown(t) {
		return true
	}
	fields := fieldsOf(t)
	if len(fields) == 0 || len(c.Row.Types) == 1 && len(fieldsOf(c.Row.Types[0])) > 0 {
		return false
	}
	if len(fields) != len(c.Row.Types) {
		r.reject(c.Span, "%d columns are selected into a record of %d fields", len(c.Row.Types), len(fields))
		return true
	}
	for i, f := range fields {
		r.plainlyTaken(c.Row.Types[i], f.Type, c.Into[0])
	}
	return true
}

// assignments resolves SET: the columns in one scope, the values in another.
func (r *Resolver) assignments(cols, values *scope, list []*ir.Assign) {
	for _, a := range list {
		r.columnTarget(cols, a.Column)
		if len(a.Columns) > 0 {
			r.assignRow(cols, values, a)
			continue
		}
		a.Value = r.assigned(values, a.Value, a.Column.Type)
	}
}

// assignRow resolves (a, b) = (query).
func (r *Resolver) assignRow(cols, values *scope, a *ir.Assign) {
	var list []types.Type
	for _, n := range a.Columns {
		r.columnTarget(cols, n)
		list = append(list, n.Type)
	}
	a.Value = r.value(values, a.Value)
	sub, ok := a.Value.(*ir.Subquery)
	if !ok || sub.Query == nil || sub.Query.Columns() == nil {
		return
	}
	if n := len(sub.Query.Columns().Types); n != len(list) {
		r.reject(a.Span, "%d columns are assigned %d values", len(list), n)
		return
	}
	sub.Query = r.storeQuery(sub.Query, list)
}

func (r *Resolver) update(sc *scope, s *ir.Update) {
	r.with(sc, s.With)
	cols := sc
	for i, t := range s.Tables {
		if r.tableExpr(sc, t); i == 0 && len(s.Tables) > 1 {
			first := *sc
			cols = &first // SET names columns of the first table only
		}
	}
	r.assignments(cols, sc, s.Sets)
	if s.SetRow != nil {
		s.SetRow = r.value(sc.block.expressions(), s.SetRow)
	}
	if s.Where != nil {
		s.Where = r.condition(sc, s.Where)
	}
	r.current(sc, s.WhereCurrentOf, s)
	r.returning(sc, s.Returning, s.Into, s.Bulk)
	r.logErrors(sc, s.LogErrors)
}

func (r *Resolver) delete(sc *scope, s *ir.Delete) {
	r.with(sc, s.With)
	for _, t := range s.From {
		r.tableExpr(sc, t)
	}
	if t, ok := s.From[0].(*ir.TableRef); ok && s.Once {
		of := ir.Clone(t)
		if of.Alias.Text != "" {
			of.Name = ir.QName{Parts: []ir.Ident{of.Alias}}
		}
		s.Targets = []*ir.TableRef{of}
	}
	if s.Where != nil {
		s.Where = r.condition(sc, s.Where)
	}
	r.current(sc, s.WhereCurrentOf, s)
	r.returning(sc, s.Returning, s.Into, s.Bulk)
	r.logErrors(sc, s.LogErrors)
}

// current checks the cursor of WHERE CURRENT OF.
func (r *Resolver) current(sc *scope, name string, at ir.Node) {
	if name == "" {
		return
	}
	var x ir.Expr
	r.boundCursor(sc.block.expressions().block, name, &x, at)
}

func (r *Resolver) logErrors(sc *scope, l *ir.LogErrors) {
	if l == nil {
		return
	}
	if l.Tag != nil {
		l.Tag = r.value(sc, l.Tag)
	}
	if n, ok := l.Limit.(*ir.Name); ok {
		n.Ref, n.Type = &ir.Unresolved{}, types.Null{}
		return
	}
	if l.Limit != nil {
		l.Limit = r.value(sc, l.Limit)
	}
}

// mergeStmt resolves MERGE: the condition and the update see both sides, the insert only the source.
func (r *Resolver) mergeStmt(sc *scope, s *ir.Merge) {
	r.with(sc, s.With)
	source := *sc
	r.tableExpr(&source, s.Using)
	r.tableExpr(sc, s.Into)
	into := *sc
	sc.items = append(sc.items, source.items...)
	s.On = r.condition(sc, s.On)
	if u := s.Update; u != nil {
		r.assignments(&into, sc, u.Sets)
		if u.Where != nil {
			u.Where = r.condition(sc, u.Where)
		}
		if u.DeleteWhere != nil {
			u.DeleteWhere = r.condition(sc, u.DeleteWhere)
		}
	}
	if n := s.Insert; n != nil {
		r.mergeInsert(&into, &source, sc, n)
	}
	r.logErrors(sc, s.LogErrors)
}

func (r *Resolver) mergeInsert(into, source, both *scope, n *ir.MergeInsert) {
	var list []types.Type
	for _, c := range n.Columns {
		r.columnTarget(into, c)
		list = append(list, c.Type)
	}
	if len(n.Columns) == 0 {
		for _, it := range into.items {
			for _, c := range visible(into, it, false) {
				list = append(list, c.typ)
			}
		}
	}
	if len(list) > 0 && len(n.Values) != len(list) {
		r.reject(n.Span, "%d values for %d columns", len(n.Values), len(list))
		return
	}
	for i := range n.Values {
		var t types.Type
		if i < len(list) {
			t = list[i]
		}
		n.Values[i] = r.assigned(source, n.Values[i], t)
	}
	if n.Where != nil {
		n.Where = r.condition(source, n.Where)
	}
}

// multiInsert resolves INSERT ALL and INSERT FIRST: conditions and values see the columns of the query.
func (r *Resolver) multiInsert(sc *scope, s *ir.MultiInsert) {
	s.Query = r.query(sc, s.Query)
	in := sc.inner()
	in.items = []*item{{cols: outputs(s.Query, nil)}}
	for _, b := range s.Branches {
		if b.When != nil {
			b.When = r.condition(in, b.When)
		}
		for _, x := range b.Inserts {
			r.branchInsert(in, s, x)
		}
	}
}

func (r *Resolver) branchInsert(in *scope, s *ir.MultiInsert, x *ir.Insert) {
	it := r.tableRef(in, x.Table)
	own := *in
	own.items = []*item{it}
	columns := r.targets(&own, x, it)
	if x.Source != nil {
		x.Source = r.inserted(in, x.Source, columns)
		return
	}
	if n := len(s.Query.Columns().Types); len(columns) > 0 && n != len(columns) {
		r.reject(x.Span, "%d values for %d columns", n, len(columns))
	}
}

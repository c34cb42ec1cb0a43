package plsql

import (
	"godwit/ir"
	"godwit/ir/source"
	"godwit/ir/types"
)

func spanOr(a, b source.Span) source.Span {
	if a.IsValid() {
		return a
	}
	return b
}

// query resolves a query that stands in sc and fills its row type.
func (r *Resolver) query(sc *scope, q ir.Query) ir.Query {
	c := ir.Common(q)
	if c == nil {
		r.fail(unknownType, q.Base().Span, "a query of an unknown kind (%T)", q)
		return q
	}
	in := sc.inner()
	r.with(in, c.With)
	switch q := q.(type) {
	case *ir.Select:
		r.selectQuery(in, q)
	case *ir.SetOp:
		r.setOp(in, q)
	case *ir.Values:
		r.values(in, q)
	}
	r.limits(in, c)
	if c.Row == nil {
		c.Row = &types.Row{}
	}
	r.into(sc, q, c)
	return q
}

func (r *Resolver) limits(sc *scope, c *ir.QueryMeta) {
	for _, e := range []*ir.Expr{&c.Limit, &c.Offset} {
		if *e != nil {
			*e = r.value(sc, *e)
		}
	}
	for _, l := range c.Lock {
		r.lockedTables(sc, l)
		if l.Wait != nil {
			l.Wait = r.value(sc, l.Wait)
		}
	}
}

// lockedTables binds the columns of FOR UPDATE OF, whose tables are locked.
func (r *Resolver) lockedTables(sc *scope, l *ir.Locking) {
	for _, n := range l.Columns {
		if r.columnName(sc, n) == nil {
			r.unresolved(n, "column")
			continue
		}
		for _, it := range sc.items {
			if id := (ir.Ident{Text: it.name}); it.node != nil && it.node == itemOf(n) && !hasIdent(l.Of, id) {
				l.Of = append(l.Of, id)
			}
		}
	}
}

// itemOf is the item of FROM that a column comes through, nil if it is none.
func itemOf(n *ir.Name) ir.TableExpr {
	switch ref := n.Ref.(type) {
	case *ir.ColumnRef:
		return ref.From
	case *ir.OutputRef:
		return ref.From
	}
	return nil
}

func hasIdent(list []ir.Ident, id ir.Ident) bool {
	for _, x := range list {
		if x.Text == id.Text {
			return true
		}
	}
	return false
}

// with resolves common table expressions in order; a recursive one sees itself with the row type of its first part.
func (r *Resolver) with(sc *scope, w *ir.With) {
	if w == nil {
		return
	}
	if sc.ctes == nil {
		sc.ctes = map[string]*cte{}
	}
	r.withFunctions(sc, w)
	for _, c := range w.CTEs {
		if c.Query == nil {
			continue
		}
		e := &cte{node: c}
		own := *sc
		own.ctes = map[string]*cte{}
		own.outer = sc
		again := mentions(c.Query, c.Name.Text)
		if again {
			w.Recursive = true
			r.recursive(&own, c, e)
		}
		c.Query = r.query(&own, c.Query)
		if again {
			widen(c.Query)
		}
		e.cols = outputs(c.Query, c.Columns)
		r.searchAndCycle(c, e)
		sc.ctes[c.Name.Text] = e
	}
}

// withFunctions declares the functions of WITH FUNCTION in a frame of their own.
func (r *Resolver) withFunctions(sc *scope, w *ir.With) {
	if len(w.Functions) == 0 {
		return
	}
	f := newFrame(sc.block)
	for _, fn := range w.Functions {
		r.localRoutine(f, fn)
	}
	sc.block = f
	for _, fn := range w.Functions {
		r.routineBody(f, fn)
	}
}

// searchAndCycle adds the columns of SEARCH and CYCLE.
func (r *Resolver) searchAndCycle(c *ir.CTE, e *cte) {
	if s := c.Search; s != nil {
		in := &scope{sql: true, items: []*item{{name: c.Name.Text, cols: e.cols}}}
		for _, o := range s.By {
			o.Expr = r.value(in, o.Expr)
		}
		e.cols = append(e.cols, column{name: s.Set.Text, typ: types.Decimal{}})
	}
	if y := c.Cycle; y != nil {
		y.Value, y.Default = r.value(r.top(), y.Value), r.value(r.top(), y.Default)
		e.cols = append(e.cols, column{name: y.Set.Text, typ: y.Value.TypeOf()})
	}
}

// recursive finds the row type of a recursive expression from its first part, on a copy.
func (r *Resolver) recursive(own *scope, c *ir.CTE, e *cte) {
	first := c.Query
	for {
		s, ok := first.(*ir.SetOp)
		if !ok {
			break
		}
		first = s.L
	}
	if first == c.Query {
		return
	}
	probe := ir.Clone(first)
	r.quietly(func() {
		probe = r.query(own, probe)
		e.cols = outputs(probe, c.Columns)
		for i := range e.cols {
			e.cols[i].of = nil
			e.cols[i].typ = widened(e.cols[i].typ)
		}
	})
	own.ctes[c.Name.Text] = e
}

// widened is the type of a column of a recursive expression as the second part sees it: without limits of length and digits.
func widened(t types.Type) types.Type {
	switch t := t.(type) {
	case types.Decimal, types.Int:
		return types.Decimal{}
	case types.Text:
		t.N, t.Fixed = 0, false
		return t
	}
	return t
}

// widen takes the limits of length and digits off the columns of a recursive expression: its first part does not set them.
func widen(q ir.Query) {
	if s, ok := q.(*ir.SetOp); ok {
		widen(s.L)
	}
	row := q.Columns()
	if row == nil {
		return
	}
	for i, t := range row.Types {
		row.Types[i] = widened(t)
	}
}

func mentions(q ir.Query, name string) bool {
	return ir.Find(q, func(n ir.Node) bool {
		t, ok := n.(*ir.TableRef)
		return ok && len(t.Name.Parts) == 1 && t.Name.Name() == name
	})
}

// outputs are the columns of a query, under the given names if there are any.
func outputs(q ir.Query, names []ir.Ident) []column {
	row := q.Columns()
	if row == nil {
		return nil
	}
	of := sources(q)
	out := make([]column, len(row.Types))
	for i, t := range row.Types {
		out[i] = column{typ: t}
		if i < len(row.Names) {
			out[i].name = row.Names[i]
		}
		if i < len(names) {
			out[i].name = names[i].Text
		}
		if i < len(of) {
			out[i].of = of[i]
		}
	}
	return out
}

// sources are the columns of tables that a select yields unchanged, nil where it computes.
func sources(q ir.Query) []*catalogColumn {
	s, ok := q.(*ir.Select)
	if !ok {
		return nil
	}
	var out []*catalogColumn
	for _, it := range s.Items {
		switch x := it.Expr.(type) {
		case *ir.Star:
			row, _ := x.Type.(types.Row)
			out = append(out, make([]*catalogColumn, len(row.Types))...)
		case *ir.Name:
			out = append(out, columnOf(x))
		default:
			out = append(out, nil)
		}
	}
	return out
}

func columnOf(n *ir.Name) *catalogColumn {
	switch ref := n.Ref.(type) {
	case *ir.ColumnRef:
		return ref.Column
	case *ir.OutputRef:
		return ref.Of
	}
	return nil
}

func (r *Resolver) selectQuery(sc *scope, s *ir.Select) {
	sc.sel = s
	r.withoutDual(sc, s)
	for _, t := range s.From {
		r.tableExpr(sc, t)
	}
	r.connect(sc, s.Connect)
	if s.Where != nil {
		s.Where = r.condition(sc, s.Where)
	}
	labelItems(s.Items)
	r.groupAliases(sc, s)
	for _, it := range s.Items {
		r.selectItem(sc, it)
	}
	if s.GroupAll {
		r.groupAll(s)
	}
	for _, o := range s.GroupBy {
		if s.GroupAll {
			break // they are items, which are resolved
		}
		if x := positioned(s, o.Expr); x != nil {
			o.Expr = x
			continue
		}
		o.Expr = r.grouping(sc, o.Expr)
		r.whole([]ir.Expr{o.Expr}, "GROUP BY")
	}
	if s.Distinct {
		for _, it := range s.Items {
			r.whole([]ir.Expr{it.Expr}, "DISTINCT")
		}
	}
	if s.Having != nil {
		s.Having = r.condition(sc, s.Having)
	}
	for _, w := range s.Windows {
		r.window(sc, w)
	}
	r.orderBy(sc.withAliases(s.Items, s.GroupBy), s.OrderBy)
	s.Row = rowOf(s.Items)
}

func (r *Resolver) connect(sc *scope, c *ir.ConnectBy) {
	if c == nil {
		return
	}
	if c.Start != nil {
		c.Start = r.condition(sc, c.Start)
	}
	if c.By != nil {
		c.By = r.condition(sc, c.By)
	}
}

// labelItems gives items without alias the name of the column that they show, before that becomes something else.
func labelItems(items []*ir.SelectItem) {
	for _, it := range items {
		if n, ok := it.Expr.(*ir.Name); ok && it.Alias.Text == "" && it.Label == "" {
			it.Label = n.Parts[len(n.Parts)-1].Text
		}
	}
}

func (r *Resolver) selectItem(sc *scope, it *ir.SelectItem) {
	if st, ok := it.Expr.(*ir.Star); ok {
		r.star(sc, st)
		return
	}
	it.Expr = r.value(sc, it.Expr)
}

// grouping resolves an item of GROUP BY, which may be ROLLUP, CUBE, GROUPING SETS or a group in parentheses.
func (r *Resolver) grouping(sc *scope, e ir.Expr) ir.Expr {
	switch e := e.(type) {
	case nil:
		return nil
	case *ir.GroupingSet:
		for i := range e.Items {
			e.Items[i] = r.grouping(sc, e.Items[i])
		}
		e.Type = types.Row{}
		return e
	case *ir.RowExpr:
		row := types.Row{}
		for i := range e.Items {
			e.Items[i] = r.value(sc, e.Items[i])
			row.Names, row.Types = append(row.Names, ""), append(row.Types, e.Items[i].TypeOf())
		}
		e.Type = row
		return e
	}
	return r.value(sc, e)
}

// window resolves a definition of a window.
func (r *Resolver) window(sc *scope, w *ir.WindowDef) {
	if w == nil {
		return
	}
	for i := range w.PartitionBy {
		w.PartitionBy[i] = r.value(sc, w.PartitionBy[i])
	}
	for _, o := range w.OrderBy {
		o.Expr, o.Position = r.value(sc, o.Expr), 0
	}
	if w.Frame == nil {
		return
	}
	for _, b := range []*ir.FrameBound{w.Frame.Start, w.Frame.End} {
		if b != nil && b.Amount != nil {
			b.Amount = r.value(sc, b.Amount)
		}
	}
}

// orderBy resolves the items of ORDER BY; the number of a select item keeps its expression as it is.
func (r *Resolver) orderBy(sc *scope, items []*ir.OrderItem) {
	for _, o := range items {
		if o.Expr != nil {
			o.Expr = r.value(sc, o.Expr)
			if isObject(o.Expr) {
				o.Expr = r.ordered(sc, o.Expr)
			}
			if _, is := o.Expr.TypeOf().(types.JSON); is {
				r.fail(noOrder, o.Expr.Base().Span, "ORDER BY the document %s", text(o.Expr))
			}
		}
	}
}

// star types a star by the row it stands for.
func (r *Resolver) star(sc *scope, st *ir.Star) {
	cols, open, ok := r.starColumns(sc, st)
	if !ok {
		r.fail(unknownTable, st.Span, "no table is called %q here", st.Qualifier[len(st.Qualifier)-1].Text)
	}
	if open {
		r.fail(unknownType, st.Span, "the columns that * stands for are not known")
	}
	row := types.Row{}
	for _, c := range cols {
		row.Names = append(row.Names, c.name)
		row.Types = append(row.Types, c.typ)
	}
	st.Type = row
}

// starColumns lists what a star stands for: merged columns of joins first.
func (r *Resolver) starColumns(sc *scope, st *ir.Star) (cols []column, open, ok bool) {
	if len(st.Qualifier) > 0 {
		q := st.Qualifier[len(st.Qualifier)-1].Text
		for _, it := range sc.items {
			if it.name == q {
				return visible(sc, it, false), it.open, true
			}
		}
		return nil, false, false
	}
	for _, m := range sc.merged {
		cols = append(cols, m.from.cols[m.col])
	}
	for _, it := range sc.items {
		open = open || it.open
		cols = append(cols, visible(sc, it, true)...)
	}
	return cols, open, true
}

// visible are the columns of an item that a star shows; unmerged leaves out those that a join merged.
func visible(sc *scope, it *item, unmerged bool) []column {
	var out []column
	for _, c := range it.cols {
		if !c.hidden && !(unmerged && isMerged(sc, it, c.name)) {
			out = append(out, c)
		}
	}
	return out
}

func isMerged(sc *scope, it *item, name string) bool {
	for _, m := range sc.merged {
		if m.name == name && contains(m.all, it) {
			return true
		}
	}
	return false
}

// rowOf is the row type of a select list.
func rowOf(items []*ir.SelectItem) *types.Row {
	row := &types.Row{}
	for _, it := range items {
		if _, ok := it.Expr.(*ir.Star); ok {
			if st, ok := it.Expr.TypeOf().(types.Row); ok {
				row.Names = append(row.Names, st.Names...)
				row.Types = append(row.Types, st.Types...)
			}
			continue
		}
		row.Names = append(row.Names, itemName(it))
		row.Types = append(row.Types, it.Expr.TypeOf())
	}
	return row
}

// itemName is the name of a result column: its alias, the column's name, or the label that the source gives.
func itemName(it *ir.SelectItem) string {
	if it.Alias.Text != "" {
		return it.Alias.Text
	}
	return it.Label
}

// setOp resolves both sides and gives their columns common types.
func (r *Resolver) setOp(sc *scope, s *ir.SetOp) {
	s.L, s.R = r.query(sc, s.L), r.query(sc, s.R)
	l, q := s.L.Columns(), s.R.Columns()
	if len(l.Types) != len(q.Types) {
		r.reject(s.Span, "the parts of the set operation have %d and %d columns", len(l.Types), len(q.Types))
		s.Row = l
		return
	}
	row := &types.Row{Names: l.Names}
	for i := range l.Types {
		row.Types = append(row.Types, r.commonType([]types.Type{l.Types[i], q.Types[i]}))
	}
	s.Row = row
	r.blankedColumns(s.L, row)
	r.blankedColumns(s.R, row)
	if len(s.OrderBy) > 0 {
		sc.items = []*item{{node: nil, cols: outputs(s, nil)}}
		r.setOrder(sc, s)
	}
}

// blankedColumns gives the CHARs of a part of a set operation their blanks where the column of the whole is VARCHAR2.
func (r *Resolver) blankedColumns(q ir.Query, whole *types.Row) {
	switch q := q.(type) {
	case *ir.SetOp:
		r.blankedColumns(q.L, whole)
		r.blankedColumns(q.R, whole)
	case *ir.Select:
		for i, t := range q.Row.Types {
			if !losesBlanks(t, whole.Types[i]) {
				continue
			}
			if len(q.Items) != len(q.Row.Types) {
				r.fail(unknownType, q.Span, "* stands for a CHAR that becomes a VARCHAR2")
				return
			}
			it := q.Items[i]
			x := r.blanked(it.Expr, whole.Types[i])
			if x != it.Expr && it.Alias.Text == "" {
				it.Alias = ir.Ident{Text: itemName(it)}
			}
			it.Expr, q.Row.Types[i] = x, x.TypeOf()
		}
	}
}

// setOrder binds ORDER BY of a set operation: positions, or columns of the result by name.
func (r *Resolver) setOrder(sc *scope, s *ir.SetOp) {
	for _, o := range s.OrderBy {
		if o.Position > 0 && o.Expr != nil {
			o.Expr = r.value(r.top(), o.Expr)
			continue
		}
		if o.Expr != nil {
			o.Expr = r.value(sc, o.Expr)
		}
	}
}

func (r *Resolver) values(sc *scope, v *ir.Values) {
	row := &types.Row{}
	columns := [][]types.Type{}
	for _, x := range v.Rows {
		inner := types.Row{}
		for i := range x.Items {
			x.Items[i] = r.value(sc, x.Items[i])
			if i >= len(columns) {
				columns = append(columns, nil)
			}
			columns[i] = append(columns[i], x.Items[i].TypeOf())
			inner.Names, inner.Types = append(inner.Names, ""), append(inner.Types, x.Items[i].TypeOf())
		}
		x.Type = inner
	}
	for _, list := range columns {
		row.Names = append(row.Names, "")
		row.Types = append(row.Types, r.commonType(list))
	}
	v.Row = row
}

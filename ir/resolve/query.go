package resolve

import (
	"reflect"
	"strings"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/source"
	"godwit/ir/types"
)

func spanOr(a, b source.Span) source.Span {
	if a.IsValid() {
		return a
	}
	return b
}

// query resolves a query in a scope that is made for it, and returns the type of its rows.
func (r *Resolver) query(sc *scope, q ir.Query) *types.Row {
	c := common(q)
	if c == nil {
		r.fail(unknownType, q.Base().Span, "a query of an unknown kind (%T)", q)
		return &types.Row{}
	}
	r.with(sc, c.With)
	switch q := q.(type) {
	case *ir.Select:
		r.selectQuery(sc, q)
	case *ir.SetOp:
		r.setOp(sc, q)
	case *ir.Values:
		r.values(sc, q)
	}
	r.limits(sc, c)
	for i, t := range c.Into {
		c.Into[i] = r.intoTarget(sc, t)
	}
	if c.Row == nil {
		c.Row = &types.Row{}
	}
	if len(c.Into) > 0 {
		r.assignRow(q, c)
	}
	return c.Row
}

func common(q ir.Query) *ir.QueryMeta {
	switch q := q.(type) {
	case *ir.Select:
		return &q.QueryMeta
	case *ir.SetOp:
		return &q.QueryMeta
	case *ir.Values:
		return &q.QueryMeta
	}
	return nil
}

func (r *Resolver) limits(sc *scope, c *ir.QueryMeta) {
	if c.Limit != nil {
		c.Limit = r.value(sc.in(plainClause), c.Limit)
	}
	if c.Offset != nil {
		c.Offset = r.value(sc.in(plainClause), c.Offset)
	}
	for _, l := range c.Lock {
		if l.Wait != nil {
			l.Wait = r.value(sc.in(plainClause), l.Wait)
		}
	}
}

// with resolves common table expressions in order; a recursive one sees itself with the row type of its first part.
func (r *Resolver) with(sc *scope, w *ir.With) {
	if w == nil {
		return
	}
	for _, c := range w.CTEs {
		if c.Query == nil {
			continue
		}
		e := &cte{node: c}
		in := sc.inner()
		if w.Recursive {
			r.recursive(sc, in, c, e)
		}
		row := r.query(in, c.Query)
		r.keptRows(c.Query)
		e.cols = outputs(row, c.Columns, c.Query)
		e.open = r.takeOpen()
		sc.ctes[strings.ToLower(c.Name.Text)] = e
	}
}

// recursive finds the row type of a recursive expression from its first part, on a copy.
func (r *Resolver) recursive(sc, in *scope, c *ir.CTE, e *cte) {
	first := c.Query
	for {
		s, ok := first.(*ir.SetOp)
		if !ok {
			break
		}
		first = s.L
	}
	if first == c.Query || !mentions(c.Query, c.Name.Text) {
		return
	}
	probe := ir.Clone(first)
	quiet := r.quietly(func() {
		row := r.query(sc.inner(), probe)
		e.cols = outputs(row, c.Columns, probe)
		for i := range e.cols {
			e.cols[i].of = nil
			e.cols[i].typ = recursiveType(e.cols[i].typ)
		}
	})
	if quiet {
		in.ctes[strings.ToLower(c.Name.Text)] = e
	}
}

// recursiveType is the type of a column of a recursive expression: that of the first part, NULL being text.
func recursiveType(t types.Type) types.Type {
	if i, ok := t.(types.Int); ok && i.Bits < 64 {
		return types.Int{Bits: 64, Unsigned: i.Unsigned}
	}
	return t
}

func mentions(q ir.Query, name string) bool {
	return ir.Find(q, func(n ir.Node) bool {
		t, ok := n.(*ir.TableRef)
		return ok && len(t.Name.Parts) == 1 && strings.EqualFold(t.Name.Name(), name)
	})
}

// quietly runs f without keeping its findings; false if it failed.
func (r *Resolver) quietly(f func()) bool {
	saved, refusal := len(r.unit.Findings), r.refusal
	r.refusal = nil
	f()
	ok := r.refusal == nil
	r.unit.Findings, r.refusal = r.unit.Findings[:saved], refusal
	return ok
}

func (r *Resolver) selectQuery(sc *scope, s *ir.Select) {
	sc.sel = s
	for _, t := range s.From {
		r.tableExpr(sc, t)
	}
	plain := sc.in(plainClause)
	if s.Where != nil {
		s.Where = r.condition(sc.filter(), s.Where)
		r.truthTests(s)
	}
	for _, it := range s.Items {
		if st, ok := it.Expr.(*ir.Star); ok {
			r.star(sc, st)
			continue
		}
		it.Expr = r.value(plain, it.Expr)
	}
	r.groupBy(sc, s)
	if s.Having != nil {
		s.Having = r.condition(sc.in(havingClause), s.Having)
	}
	for _, w := range s.Windows {
		r.window(sc.in(plainClause), w)
	}
	r.orderBy(sc.in(orderClause), s.OrderBy, len(s.Items))
	r.orderSets(s)
	s.Row = r.rowOf(sc, s)
}

func (r *Resolver) groupBy(sc *scope, s *ir.Select) {
	g := sc.in(groupClause)
	for _, o := range s.GroupBy {
		if o.Position > 0 {
			r.position(g, o)
			continue
		}
		o.Expr = r.value(g, o.Expr)
	}
}

// position binds ORDER BY 2 to the second item; its Expr stays the number, with a type.
func (r *Resolver) position(sc *scope, o *ir.OrderItem) {
	if o.Expr != nil {
		o.Expr = r.value(sc, o.Expr)
	}
}

func (r *Resolver) orderBy(sc *scope, items []*ir.OrderItem, n int) {
	for _, o := range items {
		if o.Position > 0 {
			r.position(sc, o)
			continue
		}
		if _, ok := o.Expr.(*ir.Name); ok {
			o.Expr = r.value(sc.single(), o.Expr)
			continue
		}
		o.Expr = r.value(sc, o.Expr)
	}
}

// isNullIf tells NULLIF, also one that has become a CASE.
func isNullIf(e ir.Expr) bool {
	if c, ok := e.(*ir.Call); ok {
		return c.Op == op.NullIf
	}
	_, ok := e.(*ir.Case)
	return ok && strings.HasPrefix(strings.ToUpper(e.Base().Span.Text()), "NULLIF")
}

// orderSets sorts values of the type SET by their numbers, as the source does.
func (r *Resolver) orderSets(s *ir.Select) {
	r.sortedAlike(s.OrderBy, s.Items)
	r.counted(s)
	r.zeros(s, false)
	r.constantRows(s)
	r.keptSelect(s)
	for _, o := range s.OrderBy {
		x := o.Expr
		if o.Position > 0 && o.Position <= len(s.Items) {
			x = s.Items[o.Position-1].Expr
		} else if n, ok := x.(*ir.Name); ok {
			if a, ok := n.Ref.(*ir.AliasRef); ok {
				x = a.Item.Expr
			}
		}
		r.emptyTexts(x)
		if isTime(x.TypeOf()) && isNullIf(x) && r.sem.ConstantsAreStored {
			o.Expr, o.Position = r.text(ir.Clone(x)), 0 // a NULLIF of times is a text
		}
		if _, set := x.TypeOf().(types.Set); set {
			o.Expr, o.Position = r.number(ir.Clone(x)), 0
		}
	}
}

// star types a star by the row it stands for.
func (r *Resolver) star(sc *scope, st *ir.Star) {
	cols, ok := r.starColumns(sc, st)
	if !ok {
		r.fail(unknownTable, st.Span, "no table is called %q here", st.Qualifier[len(st.Qualifier)-1].Text)
	}
	row := types.Row{}
	for _, c := range cols {
		row.Names = append(row.Names, c.name)
		row.Types = append(row.Types, c.typ)
	}
	st.Type = row
}

// starColumns lists what a star stands for: merged columns of joins first.
func (r *Resolver) starColumns(sc *scope, st *ir.Star) ([]column, bool) {
	var out []column
	if len(st.Qualifier) > 0 {
		q := st.Qualifier[len(st.Qualifier)-1].Text
		for _, it := range sc.items {
			if r.sameTable(it.name, q) {
				r.openStar = r.openStar || it.open
				return visible(it), true
			}
		}
		return nil, false
	}
	for _, m := range sc.merged {
		c := m.from.cols[m.col]
		out = append(out, c)
	}
	r.openStar = r.openStar || anyOpen(sc.items)
	for _, it := range sc.items {
		for _, c := range it.cols {
			if !c.invisible && !isMerged(sc, it, c.name) {
				out = append(out, c)
			}
		}
	}
	return out, true
}

func visible(it *item) []column {
	var out []column
	for _, c := range it.cols {
		if !c.invisible {
			out = append(out, c)
		}
	}
	return out
}

func isMerged(sc *scope, it *item, name string) bool {
	for _, m := range sc.merged {
		if strings.EqualFold(m.name, name) && overlap(m.all, []*item{it}) {
			return true
		}
	}
	return false
}

// rowOf is the row type of a select.
func (r *Resolver) rowOf(sc *scope, s *ir.Select) *types.Row {
	row := &types.Row{}
	for _, it := range s.Items {
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

// itemName is the name of a result column: its alias, the column's name, or the label the source gives.
func itemName(it *ir.SelectItem) string {
	if it.Alias.Text != "" {
		return it.Alias.Text
	}
	if n, ok := it.Expr.(*ir.Name); ok {
		return n.Parts[len(n.Parts)-1].Text
	}
	return it.Label
}

// setOp resolves both sides and converts their columns to common types where they differ in class.
func (r *Resolver) setOp(sc *scope, s *ir.SetOp) {
	l := r.query(sc.inner(), s.L)
	rt := r.query(sc.inner(), s.R)
	if len(l.Types) != len(rt.Types) {
		r.fail(unknownType, s.Span, "the sides of the set operation have %d and %d columns", len(l.Types), len(rt.Types))
		s.Row = l
		return
	}
	row := &types.Row{Names: l.Names}
	for i := range l.Types {
		row.Types = append(row.Types, r.commonType(s.Span, []types.Type{l.Types[i], rt.Types[i]}))
	}
	r.mixedColumns(s, l.Types, rt.Types, row.Types)
	r.noteTimeDigits(s, l.Types, rt.Types)
	if !s.All {
		r.united(s)
	}
	r.keptRows(s)
	r.mixedCollations(s)
	r.convertColumns(s.L, row)
	r.convertColumns(s.R, row)
	s.Row = row
	// ORDER BY of a set operation sees the output columns only.
	out := &item{cols: outputs(row, nil, s)}
	o := &scope{outer: sc.outer, items: []*item{out}, ctes: sc.ctes, proc: sc.proc}
	r.orderBy(o, s.OrderBy, len(row.Types))
}

// mixedCollations refuses columns for which the sides name different collations, an error of the source.
func (r *Resolver) mixedCollations(s *ir.SetOp) {
	l, ok := s.L.(*ir.Select)
	rt, also := s.R.(*ir.Select)
	if !ok || !also || len(l.Items) != len(rt.Items) {
		return
	}
	for i, it := range l.Items {
		if !types.IsText(it.Expr.TypeOf()) || !types.IsText(rt.Items[i].Expr.TypeOf()) {
			continue
		}
		a, b := r.derive(it.Expr), r.derive(rt.Items[i].Expr)
		if a.level == explicitLevel && b.level == explicitLevel && a.coll.Name != b.coll.Name {
			r.fail(collationConflict, s.Span, "column %d of the set operation has the collations %s and %s", i+1, a.coll.Name, b.coll.Name)
		}
	}
}

// mixedColumns refuses columns of a set operation that the source converts in ways that depend on its version.
func (r *Resolver) mixedColumns(s *ir.SetOp, l, rt, row []types.Type) {
	for i := range l {
		a, b := kindOf(l[i]), kindOf(rt[i])
		if a == temporalKind && b == numberKind || a == numberKind && b == temporalKind {
			r.fail(mixedClasses, s.Span, "a date or time and a number are in column %d of the set operation", i+1)
		}
		if a == bitKind && b == bitKind && l[i] != rt[i] {
			r.fail(mixedClasses, s.Span, "column %d of the set operation joins bits of different lengths", i+1)
		}
		if kindOf(row[i]) == textKind && (quotient(s.L, i) || quotient(s.R, i)) {
			r.fail(mixedClasses, s.Span, "column %d of the set operation joins quotients or averages with texts, in which the source shows more digits", i+1)
		}
		if d, ok := row[i].(types.Decimal); ok && d.Scale > 0 && (narrow(s.L, i, s.R) || narrow(s.R, i, s.L)) {
			r.fail(mixedClasses, s.Span, "column %d of the set operation joins decimals with a part of a date, a code or a literal, of which the source cuts digits", i+1)
		}
	}
}

// quotient tells a column of decimals that are quotients or averages, or computed of such, and are not rounded.
func quotient(q ir.Query, i int) bool {
	switch q := q.(type) {
	case *ir.SetOp:
		return quotient(q.L, i) || quotient(q.R, i)
	case *ir.Select:
		if i >= len(q.Items) {
			return false
		}
		if _, ok := q.Items[i].Expr.TypeOf().(types.Decimal); !ok {
			return false
		}
		found := false
		ir.Walk(q.Items[i].Expr, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.Div:
				found = true
			case *ir.Aggregate:
				found = found || n.Op == op.Avg
			case *ir.Cast:
				return n.Implicit
			case *ir.Call:
				return n.Op != op.Round && n.Op != op.Truncate
			case *ir.Subquery:
				found = found || quotient(n.Query, 0)
				return false
			}
			return !found
		})
		return found
	}
	return false
}

// narrow tells a column that is a number for which the source reckons with too few digits beside that of another query.
func narrow(q ir.Query, i int, other ir.Query) bool {
	switch q := q.(type) {
	case *ir.SetOp:
		return narrow(q.L, i, other) || narrow(q.R, i, other)
	case *ir.Select:
		if i >= len(q.Items) {
			return false
		}
		if n, ok := q.Items[i].Expr.(*ir.Number); ok && n.Kind == ir.IntNumber && len(n.Text) > 1 {
			return !holds(other, i, len(n.Text))
		}
		if d, ok := short(q.Items[i].Expr); ok {
			return !holds(other, i, d[1])
		}
		if c, ok := q.Items[i].Expr.(*ir.Call); ok && c.Op == op.Year {
			return !holds(other, i, 4)
		}
	}
	return false
}

// holds tells that a column of a query is a column or literal of decimals with so many digits before the point.
func holds(q ir.Query, i, whole int) bool {
	s, ok := q.(*ir.Select)
	if !ok || i >= len(s.Items) {
		return false
	}
	d, ok := s.Items[i].Expr.TypeOf().(types.Decimal)
	if !ok {
		return false
	}
	switch s.Items[i].Expr.(type) {
	case *ir.Name, *ir.Number:
		return d.Precision-d.Scale >= whole
	}
	return false
}

// convertColumns converts the select items of one side of a set operation to the types of the whole.
func (r *Resolver) convertColumns(q ir.Query, row *types.Row) {
	switch q := q.(type) {
	case *ir.SetOp:
		if q.Row != nil && reflect.DeepEqual(q.Row.Types, row.Types) {
			return // its sides have these types already
		}
		r.convertColumns(q.L, row)
		r.convertColumns(q.R, row)
		q.Row.Types = append(q.Row.Types[:0:0], row.Types...)
	case *ir.Values:
		for _, v := range q.Rows {
			for i := range v.Items {
				v.Items[i] = r.unify(v.Items[i], row.Types[i])
			}
		}
	case *ir.Select:
		if len(q.Items) != len(row.Types) {
			return
		}
		for i, it := range q.Items {
			if _, star := it.Expr.(*ir.Star); !star {
				r.noteChosen(it.Expr, row.Types[i])
				it.Expr = r.unify(it.Expr, row.Types[i])
			}
		}
	}
}

func (r *Resolver) values(sc *scope, v *ir.Values) {
	if len(v.Rows) == 0 {
		v.Row = &types.Row{}
		return
	}
	cols := make([][]types.Type, len(v.Rows[0].Items))
	for _, row := range v.Rows {
		for i := range row.Items {
			row.Items[i] = r.value(sc.in(plainClause), row.Items[i])
			if i < len(cols) {
				cols[i] = append(cols[i], row.Items[i].TypeOf())
			}
		}
		row.Type = rowType(row.Items)
	}
	out := &types.Row{}
	for i, ts := range cols {
		out.Names = append(out.Names, "column_"+itoa(i))
		out.Types = append(out.Types, r.commonType(v.Span, ts))
	}
	v.Row = out
	for _, row := range v.Rows {
		for i := range row.Items {
			if i < len(cols) {
				row.Items[i] = r.unify(row.Items[i], out.Types[i])
			}
		}
	}
	o := &scope{outer: sc.outer, items: []*item{{cols: outputs(out, nil, v)}}, ctes: sc.ctes, proc: sc.proc}
	r.orderBy(o, v.OrderBy, len(out.Types))
}

func rowType(items []ir.Expr) types.Type {
	t := types.Row{}
	for _, e := range items {
		t.Names = append(t.Names, "")
		t.Types = append(t.Types, e.TypeOf())
	}
	return t
}

// window resolves a window definition.
// noPosition refuses an integer in place of a column of a window, which the source takes for a position and refuses too.
func (r *Resolver) noPosition(e ir.Expr) {
	if n, ok := e.(*ir.Number); ok && n.Kind == ir.IntNumber && r.sem.WindowsTakeNoPositions {
		r.fail(mixedClasses, e.Base().Span, "a window by %s, which is no expression", n.Text)
	}
}

func (r *Resolver) window(sc *scope, w *ir.WindowDef) {
	for i := range w.PartitionBy {
		w.PartitionBy[i] = r.value(sc, w.PartitionBy[i])
		r.noPosition(w.PartitionBy[i])
	}
	for _, o := range w.OrderBy {
		o.Expr = r.value(sc, o.Expr)
		r.noPosition(o.Expr)
		r.peersOf(w, o.Expr)
		if _, set := o.Expr.TypeOf().(types.Set); set {
			o.Expr = r.number(o.Expr)
		}
		if _, label := o.Expr.TypeOf().(types.Enum); label && r.sem.ExtendedWindowsWhole {
			r.note(labelWindow, w.Span, "a window in the order of an ENUM is assumed to end at the current row")
		}
	}
	r.sortedAlike(w.OrderBy, nil)
	if w.Extends != "" && w.Name != "" && len(w.OrderBy) == 0 && w.Frame == nil && r.sem.ExtendedWindowsWhole {
		r.note(extendedWindow, w.Span, "the window that extends %s is assumed to end at the current row", w.Extends)
	}
	if w.Frame == nil {
		return
	}
	for _, b := range []*ir.FrameBound{w.Frame.Start, w.Frame.End} {
		if b != nil && b.Amount != nil {
			b.Amount = r.value(sc, b.Amount)
			r.unsignedBound(w)
		}
	}
}

// commonType is the type of several values together, with the collation that wins.
func (r *Resolver) commonType(at source.Span, ts []types.Type) types.Type {
	for _, t := range ts {
		if _, ok := t.(types.Row); ok {
			r.fail(unknownType, at, "row values have no common type")
			return types.Unknown{Why: "row values"}
		}
	}
	if same := sameTypes(ts); same != nil {
		return same
	}
	number, date := false, false
	for _, t := range ts {
		k := kindOf(t)
		number, date = number || k == numberKind, date || k == temporalKind
	}
	if number && date {
		r.note(mixedChoice, at, "dates and numbers that become one text are assumed to be used as text only")
	}
	t := op.Common(ts)
	if t == nil {
		r.fail(unknownType, at, "the values have no common type that is known")
		return types.Unknown{Why: "no common type"}
	}
	return t
}

// sameTypes is the type when all are of one enumeration or set, so that it is kept; nil otherwise.
func sameTypes(ts []types.Type) types.Type {
	var first types.Type
	for _, t := range ts {
		if _, ok := t.(types.Null); ok {
			continue
		}
		switch t.(type) {
		case types.JSON:
			if first == nil {
				first = t
			} else if first != t {
				return nil
			}
		default:
			return nil
		}
	}
	return first
}

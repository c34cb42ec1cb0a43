package resolve

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/types"
)

// findTable finds a table or view of the catalog.
func (r *Resolver) findTable(q ir.QName) *catalog.Table {
	schema := q.Schema()
	if schema == "" {
		schema = r.schema
	}
	t := r.cat.Table(schema, q.Name())
	if t == nil && schema == "" && r.KeepDropped {
		t = r.onlyTable(q.Name())
	}
	return t
}

// onlyTable is the table of a name that one database only has, for statements with no database in use: scripts of rows often leave the
// choice to the connection. All units are declared before any is resolved, so that the names are gathered once.
func (r *Resolver) onlyTable(name string) *catalog.Table {
	if r.resolving && r.byName == nil {
		r.byName = map[string][]*catalog.Table{}
		for _, t := range r.cat.Tables() {
			key := strings.ToLower(t.Name)
			r.byName[key] = append(r.byName[key], t)
		}
	}
	list := r.byName[strings.ToLower(name)]
	if len(list) != 1 {
		return nil
	}
	if r.unit != nil && !r.choice {
		r.choice = true
		r.unit.Report(chosenDatabase.New(r.unit.Span, "table %s of database %s", list[0].Name, list[0].Schema))
	}
	return list[0]
}

// bindTable binds a table by name and lists its columns.
func (r *Resolver) bindTable(t *ir.TableRef) *item {
	it := &item{node: t, name: t.Name.Name(), schema: t.Name.Schema()}
	if t.Table == nil {
		t.Table = r.findTable(t.Name)
	}
	if t.Table == nil {
		t.Table = r.systemTable(t.Name)
	}
	if t.Table == nil {
		r.missingTable(t.Name, spanOr(t.Name.Span, t.Span))
		it.open = true
	} else {
		it.table = t.Table
		it.cols = r.columnsOf(t.Table)
		it.open = r.openViews[t.Table]
		if it.schema == "" {
			it.schema = t.Table.Schema
		}
	}
	if t.Alias.Text != "" {
		it.name, it.schema = t.Alias.Text, ""
	}
	return it
}

// columnsOf lists the columns of a table; those of a view are found by resolving its query.
func (r *Resolver) columnsOf(t *catalog.Table) []column {
	if len(t.Columns) == 0 {
		r.viewColumns(t)
	}
	out := make([]column, len(t.Columns))
	for i, c := range t.Columns {
		out[i] = column{name: c.Name, typ: c.Type, of: c, invisible: c.Invisible}
		if c.Type == nil {
			out[i].typ = types.Unknown{Why: "the column has no type"}
		}
	}
	return out
}

// tableExpr resolves an item of FROM, and adds what names can see of it to the scope.
func (r *Resolver) tableExpr(sc *scope, te ir.TableExpr) {
	switch te := te.(type) {
	case *ir.TableRef:
		r.tableRef(sc, te)
	case *ir.Derived:
		r.derived(sc, te)
	case *ir.Join:
		r.join(sc, te)
	case *ir.JSONTable:
		r.jsonTable(sc, te)
	default:
		r.fail(unknownTable, te.Base().Span, "an item of FROM of an unknown kind (%T)", te)
	}
}

func (r *Resolver) tableRef(sc *scope, t *ir.TableRef) {
	if len(t.Name.Parts) == 1 && t.Table == nil {
		if c := sc.cte(t.Name.Name()); c != nil {
			t.CTE = c.node
			it := &item{node: t, name: t.Name.Name(), cols: c.cols, open: c.open}
			if t.Alias.Text != "" {
				it.name = t.Alias.Text
			}
			sc.items = append(sc.items, it)
			return
		}
		if r.sem.SourceTable != "" && strings.EqualFold(t.Name.Name(), r.sem.SourceTable) && r.findTable(t.Name) == nil {
			sc.items = append(sc.items, &item{node: t, name: t.Name.Name()})
			return
		}
	}
	sc.items = append(sc.items, r.bindTable(t))
}

func (r *Resolver) derived(sc *scope, d *ir.Derived) {
	in := &scope{ctes: map[string]*cte{}, proc: sc.proc}
	// A derived table sees what is around its query; the items beside it only when it is lateral.
	in.outer = sc.outer
	if d.Lateral {
		in.outer = sc
	}
	r.withCTEs(in, sc)
	row := r.query(in, d.Query)
	r.keptRows(d.Query)
	sc.items = append(sc.items, &item{node: d, name: d.Alias.Text, cols: outputs(row, d.Columns, d.Query), open: r.takeOpen()})
}

// withCTEs makes the common table expressions of a scope visible in another one that is not inside it.
func (r *Resolver) withCTEs(in, sc *scope) {
	for n, c := range sc.ctes {
		in.ctes[n] = c
	}
}

// outputs are the columns of a query's rows, renamed by a list of names if there is one.
func outputs(row *types.Row, names []ir.Ident, q ir.Query) []column {
	of := underlying(q, len(row.Types))
	out := make([]column, len(row.Types))
	for i, t := range row.Types {
		out[i] = column{typ: t, of: of[i]}
		if i < len(row.Names) {
			out[i].name = row.Names[i]
		}
		if i < len(names) {
			out[i].name = names[i].Text
		}
	}
	return out
}

// underlying are the table columns that a select hands on unchanged.
func underlying(q ir.Query, n int) []*catalog.Column {
	out := make([]*catalog.Column, n)
	s, ok := q.(*ir.Select)
	if !ok || len(s.Items) != n {
		return out
	}
	for i, it := range s.Items {
		nm, ok := it.Expr.(*ir.Name)
		if !ok {
			continue
		}
		switch ref := nm.Ref.(type) {
		case *ir.ColumnRef:
			out[i] = ref.Column
		case *ir.OutputRef:
			out[i] = ref.Of
		}
	}
	return out
}

// join resolves both sides; ON sees them and what is outside the query.
func (r *Resolver) join(sc *scope, j *ir.Join) {
	if j.Kind == ir.RightJoin && (j.Natural || len(j.Using) > 0) {
		// The columns of * come from the right side first: it is a left join written the other way round.
		j.L, j.R, j.Kind = j.R, j.L, ir.LeftJoin
	}
	own := *sc
	own.items, own.merged = nil, nil
	// A lateral item on the right sees the items before it.
	start := len(sc.items)
	r.tableExpr(sc, j.L)
	mid := len(sc.items)
	r.tableExpr(sc, j.R)
	left, right := sc.items[start:mid:mid], sc.items[mid:]
	own.items = sc.items[start:]
	own.merged = sc.merged
	if j.On != nil {
		on := own
		on.clause = plainClause
		j.On = r.condition(&on, j.On)
		r.checkFractions(j.On)
	}
	names := make([]string, 0, len(j.Using))
	for _, u := range j.Using {
		names = append(names, u.Text)
	}
	if j.Natural {
		names = r.naturalNames(sc, left, right)
	}
	for _, n := range names {
		r.merge(sc, j, n, left, right)
	}
}

// naturalNames are the names of columns on both sides, in the order of the first side.
func (r *Resolver) naturalNames(sc *scope, left, right []*item) []string {
	var out []string
	seen := map[string]bool{}
	for _, l := range left {
		for _, c := range l.cols {
			k := strings.ToLower(c.name)
			if c.invisible || seen[k] || !hasColumn(right, c.name) {
				continue
			}
			seen[k] = true
			out = append(out, c.name)
		}
	}
	return out
}

func hasColumn(items []*item, name string) bool {
	for _, it := range items {
		if i, ok := it.column(name); ok && !it.cols[i].invisible {
			return true
		}
	}
	return false
}

// merge makes one column of the columns of a name on both sides: the left one, or the right one of a right join.
func (r *Resolver) merge(sc *scope, j *ir.Join, name string, left, right []*item) {
	l, lm := r.side(sc, left, name)
	rt, rm := r.side(sc, right, name)
	if l == nil && anyOpen(left) || rt == nil && anyOpen(right) {
		return
	}
	if l == nil || rt == nil {
		r.fail(unknownName, j.Span, "USING names column %q, which one side of the join does not have", name)
		return
	}
	m := &merged{name: name, from: l.item, col: l.col}
	if j.Kind == ir.RightJoin {
		m.from, m.col = rt.item, rt.col
	}
	m.all = append(append(m.all, lm...), rm...)
	kept := sc.merged[:0:0]
	for _, o := range sc.merged {
		if !strings.EqualFold(o.name, name) || !overlap(o.all, m.all) {
			kept = append(kept, o)
		}
	}
	sc.merged = append(kept, m)
}

func overlap(a, b []*item) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}

// side finds the column of a name on one side of a join, merged or not, and the items it stands for.
func (r *Resolver) side(sc *scope, items []*item, name string) (*found, []*item) {
	for _, m := range sc.merged {
		if strings.EqualFold(m.name, name) && overlap(m.all, items) {
			return &found{m.from, m.col}, m.all
		}
	}
	for _, it := range items {
		if i, ok := it.column(name); ok {
			return &found{it, i}, []*item{it}
		}
	}
	return nil, nil
}

func (r *Resolver) jsonTable(sc *scope, t *ir.JSONTable) {
	if t.Doc != nil {
		t.Doc = r.value(sc.in(plainClause), t.Doc)
	}
	if t.Path != nil {
		t.Path = r.value(sc.in(plainClause), t.Path)
	}
	it := &item{node: t, name: t.Alias.Text}
	r.jsonColumns(sc, it, t.Columns)
	sc.items = append(sc.items, it)
}

func (r *Resolver) jsonColumns(sc *scope, it *item, cols []*ir.JSONColumn) {
	for _, c := range cols {
		if c.Path != nil {
			c.Path = r.value(sc.in(plainClause), c.Path)
		}
		for _, d := range []*ir.JSONDefault{c.OnEmpty, c.OnError} {
			if d != nil && d.Value != nil {
				d.Value = r.value(sc.in(plainClause), d.Value)
			}
		}
		if c.Name.Text == "" {
			r.jsonColumns(sc, it, c.Nested)
			continue
		}
		t := c.Type
		if c.Ordinality {
			t = types.Int{Bits: 32, Unsigned: true}
		}
		t = r.fill(t, r.connection())
		if !c.Ordinality {
			c.Type = t
		}
		it.cols = append(it.cols, column{name: c.Name.Text, typ: t})
	}
}

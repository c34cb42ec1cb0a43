package plsql

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/types"
)

type catalogColumn = catalog.Column

var remoteTable = &diag.Code{
	ID: "NM0305", Title: "a table or routine behind a database link", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:   "The object is in another database, whose definitions are not known, and the target has no database links (Oracle: CREATE DATABASE LINK).",
	Next:  "Set up a foreign table (postgres_fdw, oracle_fdw) on the target and name it in place of the link.",
	Learn: 4, Each: 0.5,
}

var opaqueTable = &diag.Code{
	ID: "QY0300", Title: "an item of FROM whose columns could not be told", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:   "The columns of the rows are decided by a type or document that is not known.",
	Next:  "Give the converter the definition of the type.",
	Learn: 0.5, Each: 0.5,
}

// tableExpr resolves an item of FROM and enters it into the scope.
func (r *Resolver) tableExpr(sc *scope, t ir.TableExpr) {
	switch t := t.(type) {
	case *ir.TableRef:
		sc.items = append(sc.items, r.tableRef(sc, t))
	case *ir.Derived:
		r.derived(sc, t)
	case *ir.Join:
		r.join(sc, t)
	case *ir.CollectionTable:
		r.collectionTable(sc, t)
	case *ir.Pivot:
		r.pivot(sc, t)
	case *ir.Unpivot:
		r.unpivot(sc, t)
	case *ir.JSONTable:
		r.jsonTable(sc, t)
	case *ir.XMLTable:
		r.xmlTable(sc, t)
	case *ir.UnsupportedTable:
		sc.items = append(sc.items, &item{node: t, open: true})
	default:
		r.fail(opaqueTable, t.Base().Span, "an item of FROM of an unknown kind (%T)", t)
		sc.items = append(sc.items, &item{node: t, open: true})
	}
}

// tableRef binds a table, view or common table expression.
func (r *Resolver) tableRef(sc *scope, t *ir.TableRef) *item {
	it := &item{node: t, name: t.Alias.Text}
	if it.name == "" {
		it.name = t.Name.Name()
	}
	if t.Link.Text != "" {
		r.fail(remoteTable, spanOr(t.Name.Span, t.Span), "table %s at %s", t.Name, t.Link.Text)
		it.open = true
		return it
	}
	if len(t.Name.Parts) == 1 {
		if c := sc.cte(t.Name.Name()); c != nil {
			t.CTE, it.cols, it.open = c.node, c.cols, c.open
			return it
		}
	}
	table := r.findTable(t.Name)
	if table == nil {
		r.missingTable(t)
		it.open = true
		return it
	}
	t.Table, it.table = table, table
	it.cols = r.columnsOf(table)
	it.object = r.rowObjectType(table)
	it.open = len(it.cols) == 0
	if t.Alias.Text == "" {
		it.schema = t.Name.Schema()
	}
	if t.Sample != nil {
		t.Sample.Percent = r.value(sc, t.Sample.Percent)
		if t.Sample.Seed != nil {
			t.Sample.Seed = r.value(sc, t.Sample.Seed)
		}
	}
	for i := range t.PartitionFor {
		t.PartitionFor[i] = r.value(r.top(), t.PartitionFor[i])
	}
	return it
}

func (r *Resolver) missingTable(t *ir.TableRef) {
	if s := r.synonym(t.Name); s != nil && s.Link != "" {
		r.fail(remoteTable, spanOr(t.Name.Span, t.Span), "synonym %s stands for %s at %s", t.Name, s.ForName, s.Link)
		return
	}
	if isDictionary(t.Name) {
		r.fail(unknownView, spanOr(t.Name.Span, t.Span), "%s tells of the source's server", t.Name)
		return
	}
	r.fail(unknownTable, spanOr(t.Name.Span, t.Span), "table or view %s is not in the catalog", t.Name)
}

func (r *Resolver) derived(sc *scope, t *ir.Derived) {
	in := sc
	if !t.Lateral {
		// Items to the left are not seen; the queries around are.
		in = &scope{outer: sc.outer, ctes: sc.ctes, block: sc.block, sql: true}
	}
	t.Query = r.query(in, t.Query)
	sc.items = append(sc.items, &item{node: t, name: t.Alias.Text, cols: outputs(t.Query, t.Columns)})
}

// collectionTable is TABLE(x): its columns are those of the element, or COLUMN_VALUE.
func (r *Resolver) collectionTable(sc *scope, t *ir.CollectionTable) {
	t.X = r.value(sc, t.X)
	it := &item{node: t, name: t.Alias.Text}
	defer func() { sc.items = append(sc.items, it) }()
	c, ok := t.X.TypeOf().(types.Collection)
	if !ok {
		it.open = true
		if row, of := rowType(t.X); of {
			it.cols, it.open = row, false
			return
		}
		r.fail(opaqueTable, t.Span, "the type of the collection in TABLE(...) is not known")
		return
	}
	it.cols = elementColumns(c.Elem)
	if o, ok := c.Elem.(types.Object); ok && r.alone(o) {
		it.object = o
	}
}

// rowType are the columns of a query that is used as a collection: TABLE(SELECT collection FROM ...).
func rowType(e ir.Expr) ([]column, bool) {
	s, ok := e.(*ir.Subquery)
	if !ok || s.Query == nil || s.Query.Columns() == nil || len(s.Query.Columns().Types) != 1 {
		return nil, false
	}
	c, ok := s.Query.Columns().Types[0].(types.Collection)
	if !ok {
		return nil, false
	}
	return elementColumns(c.Elem), true
}

func elementColumns(elem types.Type) []column {
	var out []column
	for _, f := range fieldsOf(elem) {
		out = append(out, column{name: f.Name, typ: f.Type})
	}
	if out == nil {
		out = []column{{name: "COLUMN_VALUE", typ: elem}}
	}
	return out
}

// fieldsOf are the fields of a record or object type.
func fieldsOf(t types.Type) []types.Field {
	switch t := t.(type) {
	case types.Record:
		return t.Fields
	case types.Object:
		return t.Fields
	}
	return nil
}

func (r *Resolver) join(sc *scope, j *ir.Join) {
	first := len(sc.items)
	r.tableExpr(sc, j.L)
	middle := len(sc.items)
	for i := range j.PartitionL {
		j.PartitionL[i] = r.value(sc, j.PartitionL[i])
	}
	if d, ok := j.R.(*ir.Derived); ok && (j.Kind == ir.CrossApply || j.Kind == ir.OuterApply) {
		d.Lateral = true
	}
	r.tableExpr(sc, j.R)
	for i := range j.PartitionR {
		j.PartitionR[i] = r.value(sc, j.PartitionR[i])
	}
	left, right := sc.items[first:middle], sc.items[middle:]
	var names []string
	if j.Natural {
		names = shared(left, right)
	}
	for _, u := range j.Using {
		names = append(names, u.Text)
	}
	for _, name := range names {
		r.merge(sc, j, name, left, right)
	}
	if j.On != nil {
		own := *sc
		own.items = sc.items[first:]
		own.outer = sc
		j.On = r.condition(&own, j.On)
	}
}

// shared are the names that both sides of a natural join have, in the order of the left side.
func shared(left, right []*item) []string {
	var out []string
	for _, l := range left {
		for _, c := range l.cols {
			for _, it := range right {
				if !c.hidden && it.column(c.name) >= 0 {
					out = append(out, c.name)
				}
			}
		}
	}
	return out
}

func (r *Resolver) merge(sc *scope, j *ir.Join, name string, left, right []*item) {
	m := &merged{name: name}
	take := func(items []*item) {
		for _, it := range items {
			if i := it.column(name); i >= 0 {
				if m.from == nil {
					m.from, m.col = it, i
				}
				m.all = append(m.all, it)
			}
		}
	}
	if j.Kind == ir.RightJoin {
		take(right)
		take(left)
	} else {
		take(left)
		take(right)
	}
	if m.from == nil {
		if !anyOpen(left) && !anyOpen(right) {
			r.fail(unknownName, j.Span, "no table of the join has a column %s", name)
		}
		return
	}
	for i, old := range sc.merged {
		if old.name == name && contains(m.all, old.from) {
			m.all = append(m.all, old.all...)
			sc.merged = append(sc.merged[:i:i], sc.merged[i+1:]...)
			break
		}
	}
	sc.merged = append(sc.merged, m)
}

func anyOpen(items []*item) bool {
	for _, it := range items {
		if it.open {
			return true
		}
	}
	return false
}

// jsonTable resolves JSON_TABLE; its columns see the items to the left.
func (r *Resolver) jsonTable(sc *scope, t *ir.JSONTable) {
	t.Doc = r.value(sc, t.Doc)
	if t.Path != nil {
		t.Path = r.value(sc, t.Path)
	}
	it := &item{node: t, name: t.Alias.Text}
	r.jsonColumns(sc, it, t.Columns)
	sc.items = append(sc.items, it)
}

func (r *Resolver) jsonColumns(sc *scope, it *item, list []*ir.JSONColumn) {
	for _, c := range list {
		if c.Path != nil {
			c.Path = r.value(sc, c.Path)
		}
		for _, d := range []*ir.JSONDefault{c.OnEmpty, c.OnError} {
			if d != nil && d.Value != nil {
				d.Value = r.value(sc, d.Value)
			}
		}
		if c.Nested != nil {
			r.jsonColumns(sc, it, c.Nested)
			continue
		}
		switch {
		case c.Ordinality:
			it.cols = append(it.cols, column{name: c.Name.Text, typ: types.Decimal{}})
		default:
			if c.Type == nil {
				c.Type = textOf(4000)
			}
			c.Type = r.typeOf(sc.block, c.Type, c)
			it.cols = append(it.cols, column{name: c.Name.Text, typ: c.Type})
		}
	}
}

func (r *Resolver) xmlTable(sc *scope, t *ir.XMLTable) {
	r.xmlItems(sc, t.Namespaces)
	t.Path = r.value(sc, t.Path)
	r.xmlItems(sc, t.Passing)
	it := &item{node: t, name: t.Alias.Text}
	for _, c := range t.Columns {
		if c.Path != nil {
			c.Path = r.value(sc, c.Path)
		}
		if c.Default != nil {
			c.Default = r.value(sc, c.Default)
		}
		if c.Ordinality {
			c.Type = types.Decimal{}
		}
		if c.Type == nil {
			c.Type = types.XML{}
		}
		c.Type = r.typeOf(sc.block, c.Type, c)
		it.cols = append(it.cols, column{name: c.Name.Text, typ: c.Type})
	}
	if len(t.Columns) == 0 {
		it.cols = []column{{name: "COLUMN_VALUE", typ: types.XML{}}}
	}
	sc.items = append(sc.items, it)
}

func (r *Resolver) xmlItems(sc *scope, items []*ir.SelectItem) {
	for _, x := range items {
		x.Expr = r.value(sc, x.Expr)
	}
}

package resolve

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/dialect"
	"godwit/ir/types"
)

// view is a query whose columns are found when somebody asks: of a view, or of CREATE TABLE ... AS.
type view struct {
	query  ir.Query
	names  []ir.Ident
	extra  int // columns that the table declares itself
	unit   *ir.Unit
	schema string
	busy   bool
	// temporary tells ALGORITHM = TEMPTABLE.
	temporary bool
	// proc is the routine that a table's query stands in, nil for none.
	proc *program
}

// viewColumns finds the columns of a view by resolving a copy of its query where it was declared.
func (r *Resolver) viewColumns(t *catalog.Table) {
	v := r.views[t]
	if v == nil || v.busy || r.helps {
		return
	}
	v.busy = true
	unit, refusal, schema, vars, star := r.unit, r.refusal, r.schema, r.vars, r.takeOpen()
	probe := &ir.Unit{Settings: v.unit.Settings, Span: v.unit.Span}
	r.unit, r.schema = probe, v.schema
	q := ir.Clone(v.query)
	row := r.query((&scope{ctes: map[string]*cte{}, proc: v.proc}).inner(), q)
	r.addColumns(t, outputs(row, v.names, q), q)
	if r.takeOpen() {
		r.openViews[t] = true
	}
	r.unit, r.refusal, r.schema, r.vars, r.openStar = unit, refusal, schema, vars, star
	v.busy = false
}

// addColumns enters the columns of a query's rows that the table does not declare itself.
func (r *Resolver) addColumns(t *catalog.Table, cols []column, q ir.Query) {
	for _, c := range cols {
		if t.Column(c.name) != nil {
			continue
		}
		n := &catalog.Column{Name: c.name, Type: columnOf(c.typ), Nullable: true}
		if c.of != nil {
			n.Nullable = c.of.Nullable
			n.Type = c.of.Type
			n.HasDefault, n.Default = c.of.HasDefault, c.of.Default
			if c.of.AutoIncrement && t.Kind != catalog.ViewTable {
				n.HasDefault, n.Default = true, "0" // the copy counts nothing
			}
		}
		t.Columns = append(t.Columns, n)
	}
}

// columnOf is the type of a column made from a value.
func columnOf(t types.Type) types.Type {
	switch t := t.(type) {
	case types.Bool:
		return types.Int{Bits: 32}
	case types.Null:
		return types.Binary{}
	case nil:
		return types.Unknown{Why: "no type"}
	default:
		return t
	}
}

// orderTrigger numbers the triggers of a table, timing and event; FOLLOWS and PRECEDES move the others.
func (r *Resolver) orderTrigger(s *ir.CreateTrigger, schema string) {
	if r.triggers == nil {
		r.triggers = map[string][]*ir.CreateTrigger{}
	}
	key := strings.ToLower(schema+"."+s.Table.Name.Name()+" "+s.Timing+" ") + strings.Join(s.Events, ",")
	list := r.triggers[key]
	at := len(list)
	for i, o := range list {
		if s.Follows != "" && strings.EqualFold(o.Name.Name(), s.Follows) {
			at = i + 1
		}
		if s.Precedes != "" && strings.EqualFold(o.Name.Name(), s.Precedes) {
			at = i
		}
	}
	list = append(list[:at:at], append([]*ir.CreateTrigger{s}, list[at:]...)...)
	for i, o := range list {
		o.Order = i + 1
	}
	r.triggers[key] = list
}

// tableScope is a scope with the columns of one table.
func (r *Resolver) tableScope(t *catalog.Table) *scope {
	sc := &scope{ctes: map[string]*cte{}}
	if t != nil {
		sc.items = []*item{{node: &ir.TableRef{Name: ir.Qualified(t.Schema, t.Name), Table: t}, name: t.Name, schema: t.Schema, table: t, cols: r.columnsOf(t)}}
	}
	return sc
}

func (r *Resolver) createTable(sc *scope, s *ir.CreateTable) {
	if s.Object == nil {
		return
	}
	own := r.tableScope(s.Object)
	for _, c := range s.Columns {
		r.columnDef(own, c)
	}
	for _, k := range s.Keys {
		r.keyParts(own, k)
	}
	for _, c := range s.Checks {
		c.Expr = r.condition(own, c.Expr)
	}
	if s.Partition != nil {
		r.partition(own, s.Partition)
	}
	if s.As != nil {
		in := sc.inner()
		in.outer = nil
		row := r.query(in, s.As)
		r.addColumns(s.Object, outputs(row, nil, s.As), s.As)
		if r.takeOpen() {
			r.openViews[s.Object] = true
		}
	}
}

// DumpMode tells that sql_mode is the one that dumps are loaded with, which tells nothing of the mode in which tables are used.
func DumpMode(s dialect.Settings) bool { return s["sql-mode"] == "NO_AUTO_VALUE_ON_ZERO" }

// columnDef resolves the expressions of a column definition.
func (r *Resolver) columnDef(own *scope, c *ir.ColumnDef) {
	how := storing{strict: r.strict(r.unit.Settings), target: true}
	if DumpMode(r.unit.Settings) {
		how.strict = r.sem.StrictByDefault // the sessions that will insert rows have the server's mode
	}
	if c.Default != nil {
		c.Default = r.store(r.value(own, c.Default), c.Type, how)
	}
	if c.Generated != nil {
		c.Generated = r.store(r.value(own, c.Generated), c.Type, how)
	}
	if c.OnUpdate != nil {
		c.OnUpdate.Type = nowType(c.OnUpdate)
	}
	for _, k := range c.Checks {
		k.Expr = r.condition(own, k.Expr)
	}
}

func (r *Resolver) keyParts(own *scope, k *ir.KeyDef) {
	for _, p := range k.Parts {
		if p.Expr != nil {
			p.Expr = r.value(own, p.Expr)
		}
	}
}

func (r *Resolver) partition(own *scope, p *ir.PartitionBy) {
	for i := range p.Exprs {
		p.Exprs[i] = r.value(own, p.Exprs[i])
	}
	for i := range p.SubBy {
		p.SubBy[i] = r.value(own, p.SubBy[i])
	}
	r.partitions(own, p.Exprs, p.Parts)
}

// partitions resolves the bounds, with the types of what the table is partitioned by where these are known.
func (r *Resolver) partitions(own *scope, by []ir.Expr, parts []*ir.Partition) {
	for _, part := range parts {
		for i := range part.LessThan {
			if !isMaxValue(part.LessThan[i]) {
				part.LessThan[i] = r.bound(own, by, i, part.LessThan[i])
			}
		}
		for i := range part.In {
			part.In[i] = r.bound(own, by, 0, part.In[i])
		}
	}
}

func (r *Resolver) bound(own *scope, by []ir.Expr, i int, e ir.Expr) ir.Expr {
	e = r.value(own, e)
	if row, ok := e.(*ir.RowExpr); ok {
		for j := range row.Items {
			if j < len(by) {
				row.Items[j] = r.assign(row.Items[j], by[j].TypeOf())
			}
		}
		return row
	}
	if i < len(by) {
		e = r.assign(e, by[i].TypeOf())
	}
	return e
}

func isMaxValue(e ir.Expr) bool {
	n, ok := e.(*ir.Name)
	if ok && len(n.Parts) == 1 && strings.EqualFold(n.Parts[0].Text, "MAXVALUE") {
		n.Type = types.Null{}
		return true
	}
	return false
}

func (r *Resolver) alterTable(s *ir.AlterTable) {
	if s.Table.Table == nil {
		s.Table.Table = r.findTable(s.Table.Name)
	}
	if s.Table.Table == nil {
		r.fail(unknownTable, spanOr(s.Table.Name.Span, s.Table.Span), "table %s is not in the catalog", s.Table.Name)
		return
	}
	own := r.tableScope(s.Table.Table)
	for _, a := range s.Actions {
		switch {
		case a.Column != nil:
			r.columnDef(own, a.Column)
		case a.Kind == "alter default" && a.Expr != nil:
			a.Expr = r.value(own, a.Expr)
			if c := s.Table.Table.Column(a.Old.Text); c != nil {
				a.Expr = r.assign(a.Expr, c.Type)
			}
		case a.Key != nil:
			r.keyParts(own, a.Key)
		case a.Check != nil && a.Check.Expr != nil:
			a.Check.Expr = r.condition(own, a.Check.Expr)
		case len(a.Parts) > 0:
			r.partitions(own, nil, a.Parts)
		}
	}
}

func (r *Resolver) createIndex(s *ir.CreateIndex) {
	it := r.bindTable(s.Table)
	if it.table != nil {
		r.keyParts(r.tableScope(it.table), s.Key)
	}
}

func (r *Resolver) createView(s *ir.CreateView) {
	row := r.query((&scope{ctes: map[string]*cte{}}).inner(), s.Query)
	if s.Object != nil && len(s.Object.Columns) == 0 {
		r.addColumns(s.Object, outputs(row, s.Columns, s.Query), s.Query)
	}
	if s.Object != nil && r.takeOpen() {
		r.openViews[s.Object] = true
	}
}

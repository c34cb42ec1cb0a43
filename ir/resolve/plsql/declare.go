package plsql

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/types"
	"slices"
)

// declare enters what a statement creates, changes or drops. What depends on other objects (types of columns and parameters by %TYPE, columns
// of views) is completed when it is first asked for, and at the latest before the next unit is resolved: see settle.go.
func (r *Resolver) declare(u *ir.Unit, s ir.Stmt) {
	switch s := s.(type) {
	case *ir.Use:
		r.use(s.Schema.Text)
		u.Describe("other", "", "")
	case *ir.CreateTable:
		r.declareTable(u, s)
	case *ir.CreateView:
		if old := r.cat.Table(r.schemaOf(s.Name), s.Name.Name()); s.OrReplace && old != nil && old.Kind == catalog.ViewTable {
			s.Replaces = old
		}
		s.Object = r.declareView(u, s.Name, s.Columns, s.Query, "view")
		r.viewOfType(s)
	case *ir.MaterializedView:
		r.declareMaterialized(u, s)
	case *ir.AlterTable:
		r.declareAlter(u, s)
	case *ir.CreateIndex:
		r.declareIndex(u, s)
	case *ir.RenameIndex:
		r.renameIndex(s)
		u.Describe("other", "", "")
	case *ir.CreateSequence:
		r.declareSequence(u, s)
	case *ir.Synonym:
		r.declareSynonym(u, s)
	case *ir.Routine:
		r.declareRoutine(u, s)
	case *ir.Package:
		r.declarePackage(u, s)
	case *ir.ObjectType:
		r.declareObjectType(u, s)
	case *ir.TypeBody:
		r.declareTypeBody(u, s)
	case *ir.CreateTrigger:
		r.declareTrigger(u, s)
	case *ir.Drop:
		r.declareDrop(s)
		u.Describe("other", "", "")
	case *ir.RenameTables:
		for _, p := range s.Pairs {
			r.rename(p[0], p[1])
		}
		u.Describe("other", "", "")
	case *ir.Insert, *ir.Update, *ir.Delete, *ir.Truncate, *ir.Merge, *ir.MultiInsert:
		u.Describe("data", "", "")
	case *ir.QueryStmt:
		u.Describe("query", "", "")
	default:
		u.Describe("other", "", "")
	}
}

func (r *Resolver) schemaOf(q ir.QName) string {
	if s := q.Schema(); s != "" {
		return s
	}
	if s := r.home(); s != "" {
		return s // ALTER SESSION SET CURRENT_SCHEMA, CONNECT
	}
	return r.schema
}

// atHome is a name with the schema in use, where a statement of the script chose that.
func (r *Resolver) atHome(q ir.QName) ir.QName {
	if q.Schema() != "" || r.home() == "" || r.home() == r.schema {
		return q
	}
	out := ir.Qualified(r.home(), q.Name())
	out.Span = q.Span
	return out
}

func (r *Resolver) declareTable(u *ir.Unit, s *ir.CreateTable) {
	schema := r.schemaOf(s.Name)
	t := &catalog.Table{Schema: schema, Name: s.Name.Name(), Comment: s.Comment}
	u.Describe("table", schema, t.Name)
	if s.IfNotExists {
		if old := r.cat.Table(schema, t.Name); old != nil {
			s.Object, s.Exists = old, true
			return
		}
	}
	s.Object = t
	if s.TempKind == "global" {
		t.PerSession = s.OnCommit
	}
	r.objectColumns(t, s)
	for _, c := range s.Columns {
		t.Columns = append(t.Columns, r.declareColumn(t, c))
	}
	t.Checked = t.Checked || len(s.Checks) > 0
	for _, c := range s.Checks {
		enter(t, c.Name, c, c.State)
	}
	for _, k := range s.Keys {
		addKey(t, k)
	}
	for _, f := range s.ForeignKeys {
		r.addForeign(t, f)
	}
	if s.As != nil {
		r.views[t] = &view{query: s.As, names: columnNames(s.Columns), unit: u, schema: r.schema, table: true}
	}
	if len(s.OfType.Parts) > 0 {
		r.views[t] = &view{ofType: s.OfType, unit: u, schema: r.schema}
	}
	r.pending[t] = r.schema
	r.addTable(t)
}

func columnNames(cols []*ir.ColumnDef) []ir.Ident {
	var out []ir.Ident
	for _, c := range cols {
		out = append(out, c.Name)
	}
	return out
}

// declareColumn enters a column, with the keys and foreign keys that it declares.
func (r *Resolver) declareColumn(t *catalog.Table, c *ir.ColumnDef) *catalog.Column {
	if c.Generated != nil && c.GenKind == catalog.NotGenerated {
		c.GenKind = catalog.Virtual
	}
	col := &catalog.Column{
		Name: c.Name.Text, Type: c.Type, Nullable: (!c.NotNull || c.NullState.Disabled) && (!c.Primary || c.KeyState.Disabled), HasDefault: c.Default != nil && !isNull(c.Default),
		AutoIncrement: c.Counter != nil, Generated: c.GenKind, Invisible: c.Invisible, Comment: c.Comment,
	}
	if r.Profiled != nil && r.Profiled(t, col.Name) {
		col.Whole, r.keysChanged = true, true
	}
	if c.Default != nil {
		col.Value, col.Default = ir.Clone(c.Default), c.Default.Base().Span.Text()
	}
	if c.Generated != nil {
		col.Formula = ir.Clone(c.Generated)
	}
	if c.Counter != nil {
		col.Nullable = false
		if col.Type == nil {
			col.Type = types.Decimal{}
		}
	}
	c.Object = col
	enterColumn(t, c)
	part := []catalog.KeyPart{{Column: col.Name}}
	if c.Primary && !c.KeyState.Disabled {
		t.Keys = append(t.Keys, &catalog.Key{Name: c.KeyName.Text, Kind: catalog.Primary, Parts: part})
	}
	if c.Unique && !c.KeyState.Disabled {
		t.Keys = append(t.Keys, &catalog.Key{Name: c.KeyName.Text, Kind: catalog.Unique, Parts: part})
	}
	if f := c.References; f != nil {
		if len(f.Columns) == 0 {
			f.Columns = []ir.Ident{c.Name}
		}
		r.addForeign(t, f)
	}
	t.Checked = t.Checked || len(c.Checks) > 0
	return col
}

func isNull(e ir.Expr) bool { _, ok := e.(*ir.Null); return ok }

// columnOfTable finds a column by its exact name: "name" and NAME are two columns.
func columnOfTable(t *catalog.Table, name string) *catalog.Column {
	for _, c := range t.Columns {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// addKey enters a key of a table; the columns of a primary key are not nullable.
// One that is disabled is none.
func addKey(t *catalog.Table, d *ir.KeyDef) *catalog.Key {
	k := &catalog.Key{Kind: d.Kind, Name: d.Name.Text}
	for _, p := range d.Parts {
		k.Parts = append(k.Parts, catalog.KeyPart{Column: p.Column.Text, Desc: p.Desc})
		if c := columnOfTable(t, p.Column.Text); c != nil && d.Kind == catalog.Primary && !d.State.Disabled {
			c.Nullable = false
		}
	}
	if d.Kind == catalog.Primary || d.PartNulls {
		enter(t, d.Name, d, d.State)
	}
	if d.State.Disabled {
		return k
	}
	d.Object = k
	t.Keys = append(t.Keys, k)
	return k
}

func (r *Resolver) addForeign(t *catalog.Table, d *ir.ForeignKeyDef) {
	schema := d.RefTable.Schema()
	if schema == "" {
		schema = t.Schema
	}
	f := &catalog.ForeignKey{Name: d.Name.Text, RefSchema: schema, RefTable: d.RefTable.Name(), OnDelete: d.OnDelete, OnUpdate: d.OnUpdate}
	for _, c := range d.Columns {
		f.Columns = append(f.Columns, c.Text)
	}
	for _, c := range d.RefColumns {
		f.RefColumns = append(f.RefColumns, c.Text)
	}
	if f.Name != "" {
		t.ForeignNames = append(t.ForeignNames, f.Name)
	}
	t.ForeignKeys = append(t.ForeignKeys, f)
	enter(t, d.Name, d, d.State)
	r.keysChanged = true
}

func (r *Resolver) declareView(u *ir.Unit, q ir.QName, names []ir.Ident, query ir.Query, kind string) *catalog.Table {
	schema := r.schemaOf(q)
	t := &catalog.Table{Schema: schema, Name: q.Name(), Kind: catalog.ViewTable}
	u.Describe(kind, schema, t.Name)
	if query != nil {
		r.views[t] = &view{query: query, names: names, unit: u, schema: r.schema}
	}
	r.pending[t] = r.schema
	r.addTable(t)
	return t
}

func (r *Resolver) viewOfType(s *ir.CreateView) {
	if len(s.OfType.Parts) == 0 {
		return
	}
	if len(s.Under.Parts) > 0 {
		if super := r.findTable(s.Under); super != nil {
			r.superviews[super] = append(r.superviews[super], s.Name.Name())
		}
	}
	for _, id := range s.ObjectKey {
		s.Object.ObjectKey = append(s.Object.ObjectKey, id.Text)
	}
	if v := r.views[s.Object]; v != nil {
		v.ofType = s.OfType
	}
}

// declareMaterialized enters a materialized view. One over a prebuilt table takes that table's place.
func (r *Resolver) declareMaterialized(u *ir.Unit, s *ir.MaterializedView) {
	schema := r.schemaOf(s.Name)
	if old := r.cat.Table(schema, s.Name.Name()); old != nil && s.Prebuilt {
		s.Object = old
		u.Describe("materialized view", schema, s.Name.Name())
		return
	}
	s.Object = r.declareView(u, s.Name, s.Columns, s.Query, "materialized view")
}

func (r *Resolver) declareIndex(u *ir.Unit, s *ir.CreateIndex) {
	schema := s.Key.Name.Text
	u.Describe("index", r.schemaOf(s.Table.Name), schema)
	t := r.findTable(s.Table.Name)
	if t == nil {
		return
	}
	s.Table.Table = t
	addKey(t, s.Key).Index = true
}

func (r *Resolver) declareSequence(u *ir.Unit, s *ir.CreateSequence) {
	schema := r.schemaOf(s.Name)
	s.Name = r.atHome(s.Name)
	if s.Alter {
		if q := r.findSequence(s.Name); q != nil {
			q.Cycle = (q.Cycle || s.Cycle) && !s.NoCycle
		}
		u.Describe("other", "", "")
		return
	}
	r.cat.AddSequence(&catalog.Sequence{Schema: schema, Name: s.Name.Name(), Cycle: s.Cycle})
	u.Describe("sequence", schema, s.Name.Name())
}

func (r *Resolver) declareSynonym(u *ir.Unit, s *ir.Synonym) {
	schema := r.schemaOf(s.Name)
	if s.Public {
		schema = publicSchema
	}
	owner := s.For.Schema()
	if owner == "" {
		owner = r.schema
	}
	r.cat.AddSynonym(&catalog.Synonym{Schema: schema, Name: s.Name.Name(), ForSchema: owner, ForName: s.For.Name(), Link: s.Link.Text})
	u.Describe("synonym", schema, s.Name.Name())
}

// declareTrigger enters a trigger into the order of those of its table.
func (r *Resolver) declareTrigger(u *ir.Unit, s *ir.CreateTrigger) {
	schema := s.Name.Schema()
	if schema == "" && s.Table != nil {
		schema = r.schemaOf(s.Table.Name)
	}
	u.Describe("trigger", schema, s.Name.Name())
	if s.Table == nil {
		return
	}
	if t := r.findTable(s.Table.Name); t != nil && slices.Contains(s.Events, "insert") {
		t.Triggered = true
	}
	for _, e := range s.Events {
		k := triggerKey(r.schemaOf(s.Table.Name), s.Table.Name.Name(), s.Timing, e)
		l := r.triggers[k]
		if l == nil {
			l = &triggerList{names: map[string]bool{}}
			r.triggers[k] = l
		}
		l.enter(s)
	}
}

func triggerKey(schema, table, timing, event string) string {
	return schema + "\x00" + table + "\x00" + timing + "\x00" + event
}

// triggerList holds the triggers of a table, timing and event as they are declared.
type triggerList struct {
	list  []*ir.CreateTrigger
	names map[string]bool
	place map[*ir.CreateTrigger]int // in firing order, from 1; nil until it is asked for
}

// enter puts a trigger at the end, in place of an earlier one of its name.
func (l *triggerList) enter(t *ir.CreateTrigger) {
	name := t.Name.Name()
	if l.names[name] {
		l.list = slices.DeleteFunc(l.list, func(o *ir.CreateTrigger) bool { return o.Name.Name() == name })
	}
	l.list, l.names[name], l.place = append(l.list, t), true, nil
}

// order is the place of a trigger, 0 if another one of its name took it.
func (l *triggerList) order(t *ir.CreateTrigger) int {
	if l.place == nil {
		l.place = make(map[*ir.CreateTrigger]int, len(l.list))
		for i, o := range ordered(l.list) {
			l.place[o] = i + 1
		}
	}
	return l.place[t]
}

func (r *Resolver) declareDrop(s *ir.Drop) {
	for i, q := range s.Names {
		s.Names[i] = r.dropName(s.Kind, q)
		switch s.Kind {
		case "table", "view", "materialized view":
			t := r.findTable(q)
			s.Tables = append(s.Tables, t)
			if t != nil && !r.KeepDropped {
				r.dropTable(t)
			}
			continue
		case "type":
			s.Types = append(s.Types, r.findTypeQuietly(q.Schema(), q.Name()))
		case "package":
			s.Packages = append(s.Packages, r.cat.Package(r.schemaOf(q), q.Name()))
		}
		if !r.KeepDropped {
			r.dropObject(s.Kind, r.schemaOf(q), q)
		}
	}
}

// dropName is the name of what is dropped with the schema in use, unless a script that has chosen none made it.
func (r *Resolver) dropName(kind string, q ir.QName) ir.QName {
	full := r.atHome(q)
	if len(full.Parts) == len(q.Parts) {
		return q
	}
	switch kind {
	case "view", "materialized view":
		if t := r.findTable(q); t != nil && t.Schema != full.Schema() {
			return q
		}
	case "procedure", "function":
		k := catalog.Procedure
		if kind == "function" {
			k = catalog.Function
		}
		if r.cat.Routine(k, full.Schema(), q.Name()) == nil && r.cat.Routine(k, r.schema, q.Name()) != nil {
			return q
		}
	case "sequence":
		if r.cat.Sequence(full.Schema(), q.Name()) == nil && r.cat.Sequence(r.schema, q.Name()) != nil {
			return q
		}
	case "type":
		if r.cat.ObjectType(full.Schema(), q.Name()) == nil && r.cat.ObjectType(r.schema, q.Name()) != nil {
			return q
		}
	default:
		return q
	}
	return full
}

func (r *Resolver) dropObject(kind, schema string, q ir.QName) {
	switch kind {
	case "procedure":
		r.cat.DropRoutine(catalog.Procedure, schema, q.Name())
	case "function":
		r.cat.DropRoutine(catalog.Function, schema, q.Name())
	case "sequence":
		r.cat.DropSequence(schema, q.Name())
	case "package":
		r.cat.DropPackage(schema, q.Name())
	case "type":
		r.cat.DropObjectType(schema, q.Name())
	case "synonym":
		r.cat.DropSynonym(schema, q.Name())
	case "public synonym":
		r.cat.DropSynonym(publicSchema, q.Name())
	}
}

// rename gives a table, view or sequence another name.
func (r *Resolver) rename(from, to ir.QName) {
	if t := r.findTable(from); t != nil {
		r.dropTable(t)
		t.Name = to.Name()
		r.addTable(t)
		return
	}
	if s := r.findSequence(from); s != nil {
		r.cat.DropSequence(s.Schema, s.Name)
		s.Name = to.Name()
		r.cat.AddSequence(s)
	}
}

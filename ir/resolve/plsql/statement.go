package plsql

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/source"
	"godwit/ir/types"
)

// statement resolves a statement that may stand at the top level, or one of SQL in a block.
func (r *Resolver) statement(sc *scope, s ir.Stmt) ir.Stmt {
	if r.change(sc, s) {
		return s
	}
	switch s := s.(type) {
	case *ir.SetVar:
		if len(s.Items) == 1 && setting(s.Items[0].Target) {
			return s
		}
		if sc.block == nil {
			return r.bodyStmt(newFrame(nil), s)
		}
		return r.bodyStmt(sc.block, s)
	case *ir.QueryStmt:
		s.Query = r.query(sc.inSQL(), s.Query)
	case *ir.SelectInto:
		s.Query = r.query(sc.inSQL(), s.Query)
	case *ir.Execute:
		r.execute(sc, s)
	case *ir.CallProc:
		return r.callProc(sc, s)
	case *ir.Block:
		f := newFrame(sc.block)
		r.block(f, s)
	case *ir.Invocation, *ir.If, *ir.Loop, *ir.CaseStmt, *ir.OpenCursor, *ir.FetchCursor, *ir.CloseCursor, *ir.Forall, *ir.Return, *ir.RaiseNamed:
		if sc.block == nil {
			return r.bodyStmt(newFrame(nil), s)
		}
		return r.bodyStmt(sc.block, s)
	case *ir.Truncate:
		r.tableRef(sc, s.Table)
	case *ir.LockTables:
		for _, it := range s.Items {
			r.tableRef(sc, it.Table)
		}
	default:
		r.definition(s)
	}
	return s
}

// setting types a setting of the session; false for anything else.
func setting(e ir.Expr) bool {
	v, ok := e.(*ir.SysVar)
	if ok {
		v.Type = textOf(0)
	}
	return ok
}

// definition resolves the expressions of DDL and the code of units.
func (r *Resolver) definition(s ir.Stmt) {
	switch s := s.(type) {
	case *ir.CreateTable:
		r.createTable(s)
	case *ir.CommentOn:
		if s.Table = r.findTable(s.Name); s.Table == nil {
			t := &ir.TableRef{Name: s.Name}
			t.Span = s.Span
			r.missingTable(t)
		} else if s.Kind == "column" {
			r.hasColumn(s.Table, s.Column, s.Span)
		} else if s.Table.Kind == catalog.ViewTable && s.Kind == "table" {
			s.Kind = "view"
		}
	case *ir.AlterTable:
		r.alterTable(s)
	case *ir.CreateIndex:
		r.createIndex(s)
	case *ir.CreateView:
		s.Query = r.query(r.top().inSQL(), s.Query)
		r.objectView(s)
	case *ir.MaterializedView:
		s.Query = r.query(r.top().inSQL(), s.Query)
	case *ir.Routine:
		r.routineBody(newFrame(nil), s)
	case *ir.Package:
		r.packageUnit(s)
	case *ir.ObjectType:
		r.objectType(s)
	case *ir.TypeBody:
		for _, m := range s.Methods {
			r.routineBody(r.selfFrame(s.Object, m), m.Routine)
		}
	case *ir.CreateTrigger:
		r.createTrigger(s)
	case *ir.Drop:
		for i, q := range s.Names {
			if i < len(s.Tables) && s.Tables[i] == nil {
				s.Tables[i] = r.findTable(q)
			}
		}
	}
}

// callProc resolves a call whose form is known: CALL of SQL, EXECUTE of SQL*Plus.
func (r *Resolver) callProc(sc *scope, s *ir.CallProc) ir.Stmt {
	if s.Routine != nil {
		return s
	}
	inv := &ir.Invoke{X: &ir.Name{Parts: s.Name.Parts}, Args: s.Args}
	inv.Meta = s.Meta
	inv.X.Base().Span = s.Name.Span
	x := &ir.Invocation{X: inv}
	x.Meta = s.Meta
	f := sc.block
	if f == nil {
		f = newFrame(nil)
	}
	return r.invocation(f, x)
}

func (r *Resolver) execute(sc *scope, s *ir.Execute) {
	plain := sc.block.expressions()
	if s.Text != nil {
		s.Text = r.value(plain, s.Text)
	}
	for i := range s.Using {
		s.Using[i] = r.value(plain, s.Using[i])
	}
	for i := range s.Into {
		s.Into[i] = r.target(plain.block, s.Into[i])
	}
	for i := range s.Returning {
		s.Returning[i] = r.target(plain.block, s.Returning[i])
	}
}

// expressions is the scope of expressions outside of SQL statements, also where there is no block.
func (f *frame) expressions() *scope {
	if f == nil {
		f = newFrame(nil)
	}
	return f.plain()
}

// tableScope is a scope in which the columns of one table are seen.
func (r *Resolver) tableScope(t *catalog.Table) *scope {
	sc := r.top().inSQL()
	if t != nil {
		cols := r.columnsOf(t)
		sc.items = []*item{{name: t.Name, table: t, cols: cols}}
	}
	return sc
}

func (r *Resolver) createTable(s *ir.CreateTable) {
	sc := r.tableScope(s.Object)
	for _, c := range s.Columns {
		r.columnDef(sc, c)
	}
	for _, c := range s.Checks {
		c.Expr = r.condition(sc, c.Expr)
	}
	for _, k := range s.Keys {
		r.keyParts(sc, k)
	}
	for _, f := range s.ForeignKeys {
		r.foreignKey(s.Object, f)
	}
	if s.As != nil {
		s.As = r.query(r.top().inSQL(), s.As)
	}
	r.partitionBy(sc, s.Partition)
}

func (r *Resolver) columnDef(sc *scope, c *ir.ColumnDef) {
	if c.Type != nil {
		c.Type = r.typeOf(nil, c.Type, c)
	} else if c.Object != nil {
		c.Type = c.Object.Type
	}
	if c.Default != nil {
		c.Default = r.store(r.value(r.top().inSQL(), c.Default), c.Type)
	}
	if c.Generated != nil {
		c.Generated = r.store(r.value(sc, c.Generated), c.Type)
	}
	for _, k := range c.Checks {
		k.Expr = r.condition(sc, k.Expr)
	}
	if c.References != nil && c.Object != nil && len(sc.items) > 0 {
		r.foreignKey(sc.items[0].table, c.References)
	}
}

// foreignKey fills in the columns that a foreign key without a list refers to, and the type of a column that has none.
func (r *Resolver) foreignKey(t *catalog.Table, f *ir.ForeignKeyDef) {
	if t == nil || len(f.RefColumns) > 0 {
		return
	}
	parent := r.findTable(f.RefTable)
	if parent == nil || parent.PrimaryKey() == nil {
		return
	}
	for _, p := range parent.PrimaryKey().Parts {
		f.RefColumns = append(f.RefColumns, ir.Ident{Text: p.Column})
	}
	for _, k := range t.ForeignKeys {
		if k.RefTable == parent.Name && len(k.RefColumns) == 0 && len(k.Columns) == len(f.RefColumns) {
			for _, c := range f.RefColumns {
				k.RefColumns = append(k.RefColumns, c.Text)
			}
		}
	}
}

func (r *Resolver) keyParts(sc *scope, k *ir.KeyDef) {
	for _, p := range k.Parts {
		if p.Expr != nil {
			p.Expr = r.value(sc, p.Expr)
		}
	}
}

func (r *Resolver) partitionBy(sc *scope, p *ir.PartitionBy) {
	if p == nil {
		return
	}
	for i := range p.Exprs {
		p.Exprs[i] = r.value(sc, p.Exprs[i])
	}
	for i := range p.SubBy {
		p.SubBy[i] = r.value(sc, p.SubBy[i])
	}
	if p.Interval != nil {
		p.Interval = r.value(sc, p.Interval)
	}
	r.partitions(p, p.Parts, false)
	r.partitions(p, p.SubTemplate, true)
}

// partitions resolves the bounds of partitions, which take the types of the columns.
func (r *Resolver) partitions(p *ir.PartitionBy, parts []*ir.Partition, sub bool) {
	by := p.Exprs
	if sub {
		by = p.SubBy
	}
	for _, x := range parts {
		for i := range x.LessThan {
			x.LessThan[i] = r.partitionBound(x.LessThan[i], by, i)
		}
		for i := range x.In {
			if row, ok := x.In[i].(*ir.RowExpr); ok {
				for k := range row.Items {
					row.Items[k] = r.partitionBound(row.Items[k], by, k)
				}
				row.Type = types.Row{}
				continue
			}
			x.In[i] = r.partitionBound(x.In[i], by, 0)
		}
		r.partitions(p, x.Subs, true)
	}
}

// partitionBound is one bound: a value of the type of the i-th column, or MAXVALUE or DEFAULT.
func (r *Resolver) partitionBound(e ir.Expr, by []ir.Expr, i int) ir.Expr {
	if n, ok := e.(*ir.Name); ok && len(n.Parts) == 1 && (n.Parts[0].Text == "MAXVALUE" || n.Parts[0].Text == "MINVALUE") {
		n.Ref, n.Type = &ir.Unresolved{}, types.Null{}
		return n
	}
	if d, ok := e.(*ir.Default); ok {
		d.Type = types.Null{}
		return d
	}
	e = r.value(r.top().inSQL(), e)
	if i < len(by) && !types.IsUnknown(by[i].TypeOf()) {
		e = r.store(e, unlimited(by[i].TypeOf()))
	}
	return e
}

func (r *Resolver) alterTable(s *ir.AlterTable) {
	t := s.Table.Table
	if t == nil {
		if t = r.findTable(s.Table.Name); t == nil {
			r.missingTable(s.Table)
			return
		}
		s.Table.Table = t
	}
	if why := r.impossible[s]; why != "" {
		r.fail(impossibleChange, s.Span, "table %s: %s", t.Name, why)
		return
	}
	sc := r.tableScope(t)
	for _, a := range s.Actions {
		if a.Column != nil {
			if a.Kind == "alter column" && a.Column.Object == nil { // of a table made of a query, whose columns are known now
				r.modifyColumn(t, a)
				if c := a.Column.Object; c != nil { // the table itself is made without the default
					c.HasDefault, c.Value, c.Default = false, nil, ""
				}
			}
			r.columnDef(sc, a.Column)
		}
		if a.Key != nil {
			r.keyParts(sc, a.Key)
			r.hasParts(t, a.Key)
		}
		if a.Foreign != nil {
			r.foreignKey(t, a.Foreign)
		}
		if a.Check != nil && a.Check.Expr != nil {
			a.Check.Expr = r.condition(sc, a.Check.Expr)
		}
		if a.Expr != nil {
			a.Expr = r.value(sc, a.Expr)
		}
		if len(a.Parts) > 0 {
			r.partitions(&ir.PartitionBy{}, a.Parts, false)
		}
	}
}

func (r *Resolver) createIndex(s *ir.CreateIndex) {
	t := s.Table.Table
	if t == nil {
		if t = r.findTable(s.Table.Name); t == nil {
			r.missingTable(s.Table)
			return
		}
		s.Table.Table = t
	}
	r.keyParts(r.tableScope(t), s.Key)
	r.hasParts(t, s.Key)
}

// hasParts refuses a key or index over columns that the table does not have.
func (r *Resolver) hasParts(t *catalog.Table, k *ir.KeyDef) {
	for _, p := range k.Parts {
		if p.Expr == nil {
			r.hasColumn(t, p.Column, k.Span)
		}
	}
}

// hasColumn refuses the name of a column that the table or view does not have.
func (r *Resolver) hasColumn(t *catalog.Table, name ir.Ident, at source.Span) {
	if len(t.Columns) > 0 && name.Text != "" && t.Column(name.Text) == nil {
		r.fail(unknownName, at, "no column of %s is called %s", t.Name, name.Text)
	}
}

// packageUnit resolves a specification or a body in the frame of the package's members.
func (r *Resolver) packageUnit(s *ir.Package) {
	p := s.Object
	if p == nil {
		return
	}
	f := r.packFrame(p)
	for _, d := range s.Decls {
		switch d := d.(type) {
		case *ir.VarDecl:
			r.varDecl(f, d)
		case *ir.TypeDecl:
			r.typeDecl(f, d)
		case *ir.CursorDecl:
			r.cursorDecl(f, d)
		case *ir.Pragma:
			r.pragmaArgs(d)
		}
	}
	for _, d := range s.Decls {
		if x, ok := d.(*ir.RoutineDecl); ok {
			r.routineBody(f, x.Routine)
		}
	}
	if s.Init != nil {
		r.block(f, s.Init)
	}
}

func (r *Resolver) objectType(s *ir.ObjectType) {
	for _, a := range s.Attributes {
		a.Type = r.typeOf(nil, a.Type, a)
	}
	if s.Elem != nil {
		s.Elem = r.typeOf(nil, s.Elem, s)
	}
	if s.Max != nil {
		s.Max = r.value(r.top(), s.Max)
	}
	for _, m := range s.Methods {
		r.routineBody(newFrame(nil), m.Routine)
	}
	if s.Under != nil && r.findObjectType(s.Under.Schema(), s.Under.Name()) == nil {
		r.fail(unknownTypeName, s.Span, "type %s is not in the catalog", s.Under)
	}
}

func (r *Resolver) createTrigger(s *ir.CreateTrigger) {
	f := newFrame(nil)
	f.label, f.unit = s.Name.Name(), true
	if s.Table != nil {
		it := r.tableRef(r.top(), s.Table)
		s.Object = it.table
		f.trigger = &trigger{node: s, table: it.table, old: "OLD", new: "NEW", timing: s.Timing}
		if s.OldName != "" {
			f.trigger.old = s.OldName
		}
		if s.NewName != "" {
			f.trigger.new = s.NewName
		}
		if it.table == nil {
			return
		}
		r.order(s)
	}
	if s.When != nil {
		when := newFrame(nil)
		if f.trigger != nil {
			x := *f.trigger
			x.when = true
			when.trigger = &x
		}
		s.When = r.condition(when.plain().inSQL(), s.When)
	}
	r.decls(f, s.Decls)
	for _, x := range s.Sections {
		if f.trigger != nil {
			f.trigger.timing = x.Timing
		}
		r.block(f, x.Body)
	}
	if s.Body != nil {
		s.Body = r.bodyStmt(f, s.Body)
	}
}

// order tells the position of a trigger among those of its table, timing and events: as declared, but behind the one that it follows.
func (r *Resolver) order(s *ir.CreateTrigger) {
	s.Order = 1
	for _, e := range s.Events {
		if l := r.triggers[triggerKey(r.schemaOf(s.Table.Name), s.Table.Name.Name(), s.Timing, e)]; l != nil {
			s.Order = max(s.Order, l.order(s))
		}
	}
}

// ordered is a list of triggers with each one behind the one that it follows.
func ordered(list []*ir.CreateTrigger) []*ir.CreateTrigger {
	out := make([]*ir.CreateTrigger, 0, len(list))
	done := map[*ir.CreateTrigger]bool{}
	named, precede := map[string][]*ir.CreateTrigger{}, map[string][]*ir.CreateTrigger{}
	for _, t := range list {
		named[t.Name.Name()] = append(named[t.Name.Name()], t)
		if t.Precedes != "" {
			precede[t.Precedes] = append(precede[t.Precedes], t)
		}
	}
	var put func(t *ir.CreateTrigger)
	put = func(t *ir.CreateTrigger) {
		if done[t] {
			return
		}
		done[t] = true
		if t.Follows != "" {
			for _, o := range named[t.Follows] {
				put(o)
			}
		}
		for _, o := range precede[t.Name.Name()] {
			put(o)
		}
		out = append(out, t)
	}
	for _, t := range list {
		put(t)
	}
	return out
}

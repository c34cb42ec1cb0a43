package plsql

import (
	"slices"

	"godwit/ir"
	"godwit/ir/catalog"
)

// declareAlter applies ALTER TABLE to the catalog, action by action.
func (r *Resolver) declareAlter(u *ir.Unit, s *ir.AlterTable) {
	u.Describe("table", r.schemaOf(s.Table.Name), s.Table.Name.Name())
	t := r.findTable(s.Table.Name)
	if t == nil {
		return
	}
	s.Table.Table = t
	if why := r.impossibleChange(t, s); why != "" {
		r.impossible[s] = why
		return
	}
	r.switches(t, s, false)
	for _, a := range s.Actions {
		r.alterAction(t, a)
	}
}

// impossibleChange tells what keeps the source itself from carrying out a change: a column that is there already, or that is not there. Scripts
// of several versions of a schema hold such changes.
func (r *Resolver) impossibleChange(t *catalog.Table, s *ir.AlterTable) string {
	if t.Kind != catalog.BaseTable || len(t.Columns) == 0 || t.Dictionary {
		return ""
	}
	there := func(name string) bool {
		c := columnOfTable(t, name)
		return c != nil && !c.Dropped
	}
	for i, a := range s.Actions {
		if a.IfExists || slices.ContainsFunc(s.Actions[:i], func(b *ir.AlterAction) bool { return b.Kind != "add column" }) {
			continue
		}
		switch a.Kind {
		case "add column":
			if a.Column != nil && there(a.Column.Name.Text) && !r.perhaps[columnOfTable(t, a.Column.Name.Text)] {
				return "it has a column " + a.Column.Name.Text + " already"
			}
		case "drop column", "rename column":
			if !there(a.Old.Text) && !slices.ContainsFunc(s.Actions[:i], func(b *ir.AlterAction) bool { return b.Column != nil && b.Column.Name.Text == a.Old.Text }) {
				return "it has no column " + a.Old.Text
			}
			if a.Kind == "rename column" && there(a.New.Name()) && a.New.Name() != a.Old.Text {
				return "it has a column " + a.New.Name() + " already"
			}
		}
	}
	return ""
}

func (r *Resolver) alterAction(t *catalog.Table, a *ir.AlterAction) {
	switch a.Kind {
	case "add column":
		if a.Column != nil {
			r.addColumn(t, a)
		}
	case "drop column":
		r.dropColumn(t, a)
	case "modify column", "alter column":
		if a.Column != nil {
			r.modifyColumn(t, a)
		}
	case "rename column":
		r.renameColumn(t, a)
	case "alter default":
		if c := columnOfTable(t, a.Old.Text); c != nil {
			c.HasDefault, c.Value = a.Expr != nil && !isNull(a.Expr), nil
		}
	case "add key":
		if a.Key != nil {
			addKey(t, a.Key)
		}
	case "add foreign":
		if a.Foreign != nil {
			r.addForeign(t, a.Foreign)
		}
	case "add check":
		t.Checked = true
		enter(t, a.Check.Name, a.Check, a.Check.State)
	case "rename constraint":
		renameConstraint(t, a)
	case "drop key", "drop constraint", "drop primary":
		r.dropKey(t, a)
	case "rename key":
		for _, k := range t.Keys {
			if k.Name == a.Old.Text {
				k.Name = a.New.Name()
			}
		}
	case "rename":
		r.rename(ir.Qualified(t.Schema, t.Name), a.New)
	}
}

// addColumn adds a column, also in the place of one of its name that was dropped.
func (r *Resolver) addColumn(t *catalog.Table, a *ir.AlterAction) {
	old := columnOfTable(t, a.Column.Name.Text)
	if old != nil && !old.Dropped {
		return
	}
	col := r.declareColumn(t, a.Column)
	if old != nil {
		t.Columns = slices.DeleteFunc(slices.Clone(t.Columns), func(c *catalog.Column) bool { return c == old })
		r.replaced[col] = len(r.turns)
	}
	t.Columns = append(t.Columns, col)
	r.added[col] = a.Span
	r.changed(t)
}

// early tells that the unit stands before a column of the name was dropped for which this one stands now. Rows come behind all definitions.
func (r *Resolver) early(c *catalog.Column) bool {
	if c == nil || r.replaced[c] == 0 || r.unit == nil {
		return false
	}
	at := r.added[c]
	return r.turns[r.unit] != 0 && r.turns[r.unit] < r.replaced[c] || len(r.unit.Stmts) > 0 && r.unit.Stmts[0].Base().Span.File == at.File && r.unit.Stmts[0].Base().Span.Start < at.Start
}

// beforeReplaced refuses a statement that stands before a column is dropped whose name another one gets: it would mean that. Programs and views
// mean the last column.
func (r *Resolver) beforeReplaced(u *ir.Unit) {
	if len(r.replaced)+len(r.dropped) == 0 {
		return
	}
	for _, s := range u.Stmts {
		switch s.(type) {
		case *ir.Routine, *ir.CreateTrigger, *ir.Package:
			continue
		}
		if c := r.beforeDropped(s); c != nil {
			r.fail(droppedLater, s.Base().Span, "column %s is dropped behind it", c.Name)
			return
		}
		if _, view := s.(*ir.CreateView); view {
			continue
		}
		var found *catalog.Column
		ir.Walk(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.Name:
				if x, ok := n.Ref.(*ir.ColumnRef); ok && r.early(x.Column) {
					found = x.Column
				}
			case *ir.Insert:
				for _, c := range n.Columns {
					if n.Table == nil || n.Table.Table == nil {
						break
					}
					if x := columnOfTable(n.Table.Table, c.Parts[len(c.Parts)-1].Text); r.early(x) {
						found = x
					}
				}
			case *ir.CreateIndex:
				if n.Table != nil && n.Table.Table != nil && n.Key != nil {
					for _, p := range n.Key.Parts {
						if c := columnOfTable(n.Table.Table, p.Column.Text); r.early(c) {
							found = c
						}
					}
				}
			}
			return found == nil
		})
		if found != nil {
			r.fail(droppedLater, s.Base().Span, "column %s is dropped behind it, and another one has its name", found.Name)
			return
		}
	}
}

// beforeDropped is a column that a statement names and the script drops behind it, when all statements run behind the definitions.
func (r *Resolver) beforeDropped(s ir.Stmt) *catalog.Column {
	if !r.KeepDropped || len(r.dropped) == 0 {
		return nil
	}
	at := s.Base().Span
	gone := func(c *catalog.Column) bool {
		d, dropped := r.dropped[c]
		return c != nil && dropped && (d.File != at.File || d.Start > at.Start)
	}
	var found *catalog.Column
	note := func(c *catalog.Column) {
		if gone(c) {
			found = c
		}
	}
	ir.Walk(s, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.AlterTable: // they stand beside the one that drops the column
			return false
		case *ir.Name:
			note(n.Column())
		case *ir.CreateIndex:
			if n.Table != nil && n.Table.Table != nil && n.Key != nil {
				for _, p := range n.Key.Parts {
					note(columnOfTable(n.Table.Table, p.Column.Text))
				}
			}
		case *ir.CommentOn:
			return false
		}
		return found == nil
	})
	return found
}

// changed tells that the columns of a table have changed: its row is another record from now on, and types may be open.
func (r *Resolver) changed(t *catalog.Table) {
	delete(r.rows, t)
	delete(r.columns, t)
	if _, ok := r.pending[t]; !ok {
		r.pending[t] = r.schema
	}
}

func copyOf(c *catalog.Column) *catalog.Column {
	if c == nil {
		return nil
	}
	x := *c
	return &x
}

func (r *Resolver) dropColumn(t *catalog.Table, a *ir.AlterAction) {
	a.Gone = columnOfTable(t, a.Old.Text)
	a.Was = copyOf(a.Gone)
	if r.KeepDropped {
		if a.Gone != nil {
			a.Gone.Dropped = true // statements before this one use it
			r.dropped[a.Gone] = a.Span
			r.changed(t)
		}
		return
	}
	kept := t.Columns[:0:0]
	for _, c := range t.Columns {
		if c != a.Gone {
			kept = append(kept, c)
		}
	}
	t.Columns = kept
	r.changed(t)
}

// modifyColumn changes what MODIFY names: the type, the default, NOT NULL, the visibility; the rest stays.
func (r *Resolver) modifyColumn(t *catalog.Table, a *ir.AlterAction) {
	d := a.Column
	c := columnOfTable(t, d.Name.Text)
	if c == nil {
		return
	}
	a.Was = copyOf(c)
	d.Object = c
	if d.Type != nil {
		c.Type = d.Type
	} else {
		d.Type = c.Type
	}
	switch {
	case d.NotNull:
		c.Nullable = false
	case d.NullWord:
		c.Nullable = true
	}
	if d.Default != nil {
		c.HasDefault, c.Value, c.Default = !isNull(d.Default), ir.Clone(d.Default), d.Default.Base().Span.Text()
	}
	if d.Counter != nil {
		c.AutoIncrement = true
	}
	r.changed(t)
}

func (r *Resolver) renameColumn(t *catalog.Table, a *ir.AlterAction) {
	c := columnOfTable(t, a.Old.Text)
	a.Was = copyOf(c)
	if c == nil {
		return
	}
	old := c.Name
	c.Name = a.New.Name()
	for _, k := range t.Keys {
		for i := range k.Parts {
			if k.Parts[i].Column == old {
				k.Parts[i].Column = c.Name
			}
		}
	}
	r.changed(t)
}

func (r *Resolver) dropKey(t *catalog.Table, a *ir.AlterAction) {
	kept := t.Keys[:0:0]
	for _, k := range t.Keys {
		if k.Name == a.Old.Text && a.Old.Text != "" || a.Kind == "drop primary" && k.Kind == catalog.Primary {
			a.Dropped = k
			continue
		}
		kept = append(kept, k)
	}
	t.Keys = kept
	foreign := t.ForeignKeys[:0:0]
	for _, f := range t.ForeignKeys {
		if f.Name != a.Old.Text || a.Old.Text == "" {
			foreign = append(foreign, f)
		}
	}
	t.ForeignKeys = foreign
	forget(t, a)
}

package plsql

import (
	"slices"

	"godwit/ir"
	"godwit/ir/catalog"
)

// enter notes a constraint of a table as the source defines it, so that it can be switched on again (SQL Language Reference, ALTER TABLE,
// enable_disable_clause). One of the same name takes the place of the old one.
func enter(t *catalog.Table, name ir.Ident, def ir.Node, state ir.ConstraintState) {
	c := &catalog.Constraint{Name: name.Text, Disabled: state.Disabled}
	switch d := def.(type) {
	case *ir.KeyDef:
		c.Key, c.Def = d.Kind, ir.Clone(d)
		for _, p := range d.Parts {
			c.Columns = append(c.Columns, p.Column.Text)
		}
	case *ir.CheckDef:
		c.Def = ir.Clone(d)
	case *ir.ForeignKeyDef:
		c.Def = ir.Clone(d)
	}
	t.Constraints = slices.DeleteFunc(slices.Clone(t.Constraints), func(o *catalog.Constraint) bool { return o.Name != "" && o.Name == c.Name })
	t.Constraints = append(t.Constraints, c)
}

// enterColumn notes the constraints at a column.
func enterColumn(t *catalog.Table, c *ir.ColumnDef) {
	key := func(kind catalog.KeyKind) {
		d := &ir.KeyDef{Kind: kind, Name: c.KeyName, State: c.KeyState, PartNulls: kind == catalog.Unique, Parts: []*ir.KeyPart{{Column: c.Name, Nulls: ir.NullsLast}}}
		d.Span, d.Parts[0].Span = c.Span, c.Span
		enter(t, d.Name, d, d.State)
	}
	if c.Primary {
		key(catalog.Primary)
	}
	if c.Unique {
		key(catalog.Unique)
	}
	for _, k := range c.Checks {
		enter(t, k.Name, k, k.State)
	}
	if c.NotNull {
		enterNotNull(t, c)
	}
}

func enterNotNull(t *catalog.Table, c *ir.ColumnDef) {
	t.Constraints = append(t.Constraints, &catalog.Constraint{Name: c.NullName.Text, Columns: []string{c.Name.Text}, Disabled: c.NullState.Disabled})
}

// forget takes a constraint away that is dropped.
func forget(t *catalog.Table, a *ir.AlterAction) {
	if c := constraintOf(t, a); c != nil {
		t.Constraints = slices.DeleteFunc(slices.Clone(t.Constraints), func(o *catalog.Constraint) bool { return o == c })
	}
}

// constraintOf is the constraint that an action names: by its name, or as the primary key or the unique key over columns; nil if it is not known.
func constraintOf(t *catalog.Table, a *ir.AlterAction) *catalog.Constraint {
	for _, c := range t.Constraints {
		_, key := c.Def.(*ir.KeyDef)
		switch {
		case a.Kind == "drop primary", a.Key != nil && a.Key.Kind == catalog.Primary:
			if key && c.Key == catalog.Primary {
				return c
			}
		case a.Key != nil:
			if key && c.Key == catalog.Unique && slices.EqualFunc(c.Columns, a.Key.Parts, func(s string, p *ir.KeyPart) bool { return s == p.Column.Text }) {
				return c
			}
		case c.Name != "" && c.Name == a.Old.Text:
			return c
		}
	}
	return nil
}

// switches makes of ENABLE and DISABLE CONSTRAINT what adds and drops the constraint, and of a dropped primary key columns that take NULL
// again. In a text that a program executes it is not known whether the constraint is there.
func (r *Resolver) switches(t *catalog.Table, s *ir.AlterTable, executed bool) {
	var out []*ir.AlterAction
	for _, a := range s.Actions {
		switch a.Kind {
		case "enable constraint", "time constraint":
			enable(t, a, executed)
		case "disable constraint":
			out = append(out, disable(t, a, executed)...)
			continue
		case "drop primary", "drop constraint":
			out = append(out, relaxed(t, a)...)
			continue
		}
		out = append(out, a)
	}
	s.Actions = out
}

// enable adds a constraint as the table has it.
func enable(t *catalog.Table, a *ir.AlterAction, executed bool) {
	c := constraintOf(t, a)
	if c == nil || a.Kind == "time constraint" && c.Disabled {
		return // refused where it is lowered
	}
	state := ir.ConstraintState{NoValidate: a.State.NoValidate}
	time := func(old ir.ConstraintState) ir.ConstraintState {
		state.Deferrable, state.Deferred = old.Deferrable, old.Deferred
		if a.Kind == "time constraint" {
			state.Deferrable, state.Deferred = old.Deferrable || a.State.Deferred, a.State.Deferred
		}
		return state
	}
	a.Again = !c.Disabled || executed
	switch d := c.Def.(type) {
	case *ir.CheckDef:
		a.Kind, a.Check = "add check", ir.Clone(d)
		a.Check.State = time(d.State)
	case *ir.KeyDef:
		a.Kind, a.Key = "add key", ir.Clone(d)
		a.Key.State = time(d.State)
	case *ir.ForeignKeyDef:
		a.Kind, a.Foreign = "add foreign", ir.Clone(d)
		a.Foreign.State = time(d.State)
	case nil:
		a.Kind, a.Column = "alter column", notNull(a, c)
		a.Column.NotNull = true
	}
	if _, a.OfCheck = c.Def.(*ir.CheckDef); a.Again {
		a.Dropped = held(t, c)
	}
	if !executed && a.Kind != "alter column" {
		withdraw(t, c)
	}
}

// held is the key of a constraint, nil if there is none.
func held(t *catalog.Table, c *catalog.Constraint) *catalog.Key {
	if _, key := c.Def.(*ir.KeyDef); !key {
		return nil
	}
	for _, k := range t.Keys {
		if k.Kind == c.Key && !k.Index && k.Name == c.Name && sameColumns(k, c) {
			return k
		}
	}
	return nil
}

// withdraw takes a key away that is added again.
func withdraw(t *catalog.Table, c *catalog.Constraint) {
	switch d := c.Def.(type) {
	case *ir.KeyDef:
		t.Keys = slices.DeleteFunc(slices.Clone(t.Keys), func(k *catalog.Key) bool { return k.Kind == c.Key && !k.Index && k.Name == c.Name && sameColumns(k, c) })
	case *ir.ForeignKeyDef:
		t.ForeignKeys = slices.DeleteFunc(slices.Clone(t.ForeignKeys), func(f *catalog.ForeignKey) bool {
			return f.Name == c.Name && slices.EqualFunc(f.Columns, d.Columns, func(s string, id ir.Ident) bool { return s == id.Text })
		})
	}
}

func sameColumns(k *catalog.Key, c *catalog.Constraint) bool {
	return slices.EqualFunc(k.Parts, c.Columns, func(p catalog.KeyPart, s string) bool { return p.Column == s })
}

func notNull(a *ir.AlterAction, c *catalog.Constraint) *ir.ColumnDef {
	d := &ir.ColumnDef{Name: ir.Ident{Text: c.Columns[0]}}
	d.Span = a.Span
	return d
}

// disable drops a constraint and keeps its definition.
func disable(t *catalog.Table, a *ir.AlterAction, executed bool) []*ir.AlterAction {
	c := constraintOf(t, a)
	if c == nil {
		return []*ir.AlterAction{a} // refused where it is lowered
	}
	_, foreign := c.Def.(*ir.ForeignKeyDef)
	a.IfExists = c.Disabled || executed || foreign // which DISABLE ... CASCADE of the key that it refers to dropped
	if _, a.OfCheck = c.Def.(*ir.CheckDef); a.OfCheck && c.Name == "" {
		return []*ir.AlterAction{a}
	}
	if !executed {
		was := *c
		c.Disabled = true
		c = &was
	}
	if c.Def == nil {
		a.Kind, a.Column = "alter column", notNull(a, c)
		a.Column.NullWord = true
		return []*ir.AlterAction{a}
	}
	a.Old = ir.Ident{Text: c.Name}
	if _, ok := c.Def.(*ir.KeyDef); ok {
		a.Key, a.Dropped = nil, held(t, c)
		if !executed {
			withdraw(t, c)
		}
		return append([]*ir.AlterAction{a}, open(t, a, c)...)
	}
	return []*ir.AlterAction{a}
}

// relaxed is DROP of a constraint: the columns of a primary key take NULL again unless they are NOT NULL themselves; NOT NULL is no constraint
// with a name on the target.
func relaxed(t *catalog.Table, a *ir.AlterAction) []*ir.AlterAction {
	c := constraintOf(t, a)
	switch {
	case c == nil:
		return []*ir.AlterAction{a}
	case c.Def == nil && len(c.Columns) == 1:
		forget(t, a)
		a.Kind, a.Column = "alter column", notNull(a, c)
		a.Column.NullWord = true
		return []*ir.AlterAction{a}
	}
	a.IfExists = a.IfExists || c.Disabled
	_, a.OfCheck = c.Def.(*ir.CheckDef)
	return append([]*ir.AlterAction{a}, open(t, a, c)...)
}

// open lets the columns of a primary key that goes take NULL.
func open(t *catalog.Table, a *ir.AlterAction, c *catalog.Constraint) (out []*ir.AlterAction) {
	if _, key := c.Def.(*ir.KeyDef); !key || c.Key != catalog.Primary {
		return nil
	}
	for _, name := range c.Columns {
		col := columnOfTable(t, name)
		if col == nil || col.AutoIncrement || slices.ContainsFunc(t.Constraints, func(o *catalog.Constraint) bool {
			return o.Def == nil && !o.Disabled && len(o.Columns) == 1 && o.Columns[0] == name
		}) {
			continue
		}
		x := &ir.AlterAction{Kind: "alter column", Column: &ir.ColumnDef{Name: ir.Ident{Text: name}, NullWord: true}}
		x.Span, x.Column.Span = a.Span, a.Span
		out = append(out, x)
	}
	return out
}

// renameConstraint gives a constraint its new name in the catalog. IfExists is set where the target has none of that name: of what is
// disabled, and of NOT NULL.
func renameConstraint(t *catalog.Table, a *ir.AlterAction) {
	c := constraintOf(t, a)
	if c == nil {
		return
	}
	a.IfExists = c.Disabled || c.Def == nil
	was, to := c.Name, ir.Ident{Text: a.New.Name()}
	switch d := c.Def.(type) {
	case *ir.CheckDef:
		d.Name = to
	case *ir.KeyDef:
		d.Name = to
		for _, k := range t.Keys {
			if !k.Index && k.Name == was {
				k.Name = to.Text
			}
		}
	case *ir.ForeignKeyDef:
		d.Name = to
		for _, f := range t.ForeignKeys {
			if f.Name == was {
				f.Name = to.Text
			}
		}
	}
	c.Name = to.Text
}

// renameIndex gives an index its new name in the catalog.
func (r *Resolver) renameIndex(s *ir.RenameIndex) {
	for _, t := range r.cat.Tables() {
		for _, k := range t.Keys {
			if k.Index && k.Name == s.Name.Name() && t.Schema == r.schemaOf(s.Name) {
				s.Table, k.Name, k.Target = t, s.New.Text, ""
			}
		}
	}
}

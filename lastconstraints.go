package godwit

import (
	"slices"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
)

// A folder makes a table in one file, loads its rows, and makes its indexes and foreign keys in others: statements that rename, drop or switch
// what those hold have no place among them where it would be there. So constraints and indexes are made as the script leaves them.

// lastState is told of a constraint that is made as the script leaves it.
var lastState = &diag.Code{
	ID: "NM0683", Title: "Constraint that is made as the script leaves it", Severity: diag.Info, Fidelity: diag.Exact,
	Doc:  "A folder makes each constraint once, and loads rows without those that the script drops. Where the input defines a constraint and drops it later, or switches it off and on again, it is made (or not) as it is behind the last of these statements.",
	Next: "Nothing, if the scripts of the input are run in this order and all of them.",
}

// actsNoMore is told of a foreign key that changed rows before it was dropped.
var actsNoMore = &diag.Code{
	ID: "NM0684", Title: "Foreign key with an action that the script drops", Severity: diag.Review, Fidelity: diag.Approximate,
	Doc:  "A foreign key with ON DELETE is dropped, and a statement between its definition and the DROP may have deleted rows through it. In a folder such statements run behind the DROP, and delete no rows of the other table.",
	Next: "Delete the rows of the other table by a statement of its own, or convert the script statement by statement (translate).", Each: 0.25,
}

// lastConstraints gives the constraints and indexes of a script the names and states that they have last.
func (p *pipeline) lastConstraints(us []*Unit) {
	if p.opt.From != dialect.Oracle {
		return
	}
	for j, u := range us {
		if len(u.Stmts) != 1 {
			continue
		}
		switch s := u.Stmts[0].(type) {
		case *ir.AlterTable:
			if s.Table == nil || slices.ContainsFunc(us[j+1:], func(x *Unit) bool { return drops(x, relationKey(u, s.Table.Name)) }) {
				continue // with the table, or by a script that takes all away
			}
			for _, a := range slices.Clone(s.Actions) {
				switch {
				case a.Kind == "rename constraint" && len(s.Actions) == 1:
					renamedConstraint(us[:j], u, s)
				case a.Kind == "drop constraint", a.Kind == "drop primary":
					droppedConstraint(us[:j], u, s, a)
				}
			}
		case *ir.RenameIndex:
			renamedIndex(us[:j], u, s)
		}
	}
	switchedConstraints(us)
}

// madeConstraint is a constraint in the statement that makes it.
type madeConstraint struct {
	unit   *Unit
	at     int // of the unit
	name   *ir.Ident
	state  *ir.ConstraintState
	key    catalog.KeyKind // of a key
	kind   constraintKind
	acts   bool // a foreign key that changes rows
	remove func()
}

type constraintKind int

const (
	keyConstraint constraintKind = iota
	checkConstraint
	foreignConstraint
	notNullConstraint
)

// findConstraint is the constraint that an action names, where it was made last; nil if no statement of the script makes it, or several.
func findConstraint(us []*Unit, table string, a *ir.AlterAction) *madeConstraint {
	var found *madeConstraint
	for i, x := range us {
		for _, m := range constraintsOf(x, table) {
			if !m.is(a) {
				continue
			}
			if found != nil {
				return nil
			}
			m.at, found = i, m
		}
	}
	return found
}

// renamedConstraint renames a constraint where it is defined, if nothing else has its new name.
func renamedConstraint(us []*Unit, u *Unit, s *ir.AlterTable) {
	key, a := relationKey(u, s.Table.Name), s.Actions[0]
	from, to := a.Old.Text, a.New.Name()
	m := findConstraint(us, key, a)
	if m == nil || findConstraint(us, key, &ir.AlterAction{Old: ir.Ident{Text: to}}) != nil {
		return
	}
	for _, x := range us[m.at+1:] {
		for _, use := range m.uses(x, key) {
			if use.Old.Text == from {
				use.Old.Text = to
			}
		}
	}
	m.name.Text = to
	m.unit.Report(lastName.New(m.unit.Source, "constraint %s is %s from the start", from, to))
	u.Stmts, u.Kind = nil, ""
}

// droppedConstraint takes a constraint away that is dropped later. What a foreign key does to rows may have been meant by the statements between.
func droppedConstraint(us []*Unit, u *Unit, s *ir.AlterTable, a *ir.AlterAction) {
	key := relationKey(u, s.Table.Name)
	m := findConstraint(us, key, a)
	if m == nil || m.kind == notNullConstraint || a.Text != "" && referredTo(us, key) {
		return
	}
	if i := slices.IndexFunc(us[m.at+1:], changesRows); m.acts && i >= 0 {
		u.Report(actsNoMore.New(u.Source, "%s: the statement at %s", m.name.Text, us[m.at+1+i].Source))
		return
	}
	for _, x := range us[m.at+1:] {
		for _, use := range m.uses(x, key) {
			removeAction(x, use)
		}
	}
	m.unit.Report(lastState.New(m.unit.Source, "%s is dropped at %s", m, u.Source))
	m.remove()
	removeAction(u, a)
}

// switchedConstraints makes constraints that are switched off and on as they are last: enabled, or disabled from the start.
func switchedConstraints(us []*Unit) {
	done := map[*ir.Ident]bool{}
	for _, u := range us {
		s, ok := onlyAlter(u)
		if !ok {
			continue
		}
		key := relationKey(u, s.Table.Name)
		for _, a := range slices.Clone(s.Actions) {
			if a.Kind != "enable constraint" && a.Kind != "disable constraint" {
				continue
			}
			if m := findConstraint(us, key, a); m != nil && !done[m.name] {
				done[m.name] = true
				switched(us, key, m)
			}
		}
	}
}

func switched(us []*Unit, key string, m *madeConstraint) {
	if m.kind == notNullConstraint {
		return
	}
	var users []*Unit
	var uses []*ir.AlterAction
	for i, x := range us {
		for _, use := range m.uses(x, key) {
			if i < m.at || use.Kind == "drop constraint" || use.Text != "" && referredTo(us, key) {
				return
			}
			users, uses = append(users, x), append(uses, use)
		}
	}
	last := uses[len(uses)-1]
	on := last.Kind == "enable constraint"
	if on && last.State.NoValidate || !on && m.kind != keyConstraint {
		return
	}
	m.state.Disabled, m.state.NoValidate = !on, false
	word := "disabled"
	if on {
		word = "enabled"
	}
	m.unit.Report(lastState.New(m.unit.Source, "%s is %s at %s", m, word, users[len(users)-1].Source))
	for i, use := range uses {
		removeAction(users[i], use)
	}
}

// changesRows tells a statement that may change rows which are there.
func changesRows(u *Unit) bool {
	return slices.ContainsFunc(u.Stmts, func(s ir.Stmt) bool {
		switch s.(type) {
		case *ir.CreateTable, *ir.AlterTable, *ir.CreateIndex, *ir.CreateView, *ir.CreateSequence, *ir.CreateTrigger, *ir.Routine, *ir.Package, *ir.CommentOn, *ir.Grant, *ir.Insert, *ir.Transaction:
			return false
		}
		return true
	})
}

// onlyAlter is the ALTER TABLE that a unit is.
func onlyAlter(u *Unit) (*ir.AlterTable, bool) {
	if len(u.Stmts) != 1 {
		return nil, false
	}
	s, ok := u.Stmts[0].(*ir.AlterTable)
	return s, ok && s.Table != nil
}

// removeAction takes an action out of its statement, and the statement with the last one.
func removeAction(u *Unit, a *ir.AlterAction) {
	s, ok := onlyAlter(u)
	if !ok {
		return
	}
	if s.Actions = slices.DeleteFunc(s.Actions, func(o *ir.AlterAction) bool { return o == a }); len(s.Actions) == 0 {
		u.Stmts, u.Kind = nil, ""
	}
}

// is tells that an action names the constraint: by its name, or as the primary key.
func (m *madeConstraint) is(a *ir.AlterAction) bool {
	primary := a.Kind == "drop primary" || a.Key != nil && a.Key.Kind == catalog.Primary
	return a.Old.Text != "" && m.name.Text == a.Old.Text || a.Old.Text == "" && primary && m.kind == keyConstraint && m.key == catalog.Primary
}

func (m *madeConstraint) String() string {
	switch {
	case m.name.Text != "":
		return "constraint " + m.name.Text
	case m.key == catalog.Primary:
		return "the primary key"
	}
	return "a constraint"
}

func referredTo(us []*Unit, table string) bool {
	return slices.ContainsFunc(us, func(u *Unit) bool { return refersTo(u, table) })
}

// refersTo tells a foreign key to a table.
func refersTo(u *Unit, table string) bool {
	to := func(f *ir.ForeignKeyDef) bool { return f != nil && relationKey(u, f.RefTable) == table }
	return slices.ContainsFunc(u.Stmts, func(s ir.Stmt) bool {
		switch s := s.(type) {
		case *ir.CreateTable:
			return slices.ContainsFunc(s.ForeignKeys, to) || slices.ContainsFunc(s.Columns, func(c *ir.ColumnDef) bool { return to(c.References) })
		case *ir.AlterTable:
			return slices.ContainsFunc(s.Actions, func(a *ir.AlterAction) bool {
				return to(a.Foreign) || a.Column != nil && to(a.Column.References)
			})
		}
		return false
	})
}

// uses are the actions by which a statement switches or drops the constraint of a table.
func (m *madeConstraint) uses(u *Unit, table string) (out []*ir.AlterAction) {
	s, ok := onlyAlter(u)
	if !ok || relationKey(u, s.Table.Name) != table {
		return nil
	}
	for _, a := range s.Actions {
		switch a.Kind {
		case "enable constraint", "disable constraint", "drop constraint", "time constraint":
			if m.is(a) {
				out = append(out, a)
			}
		}
	}
	return out
}

// constraintsOf are the constraints that a statement gives to a table.
func constraintsOf(u *Unit, table string) (out []*madeConstraint) {
	if len(u.Stmts) != 1 {
		return nil
	}
	switch s := u.Stmts[0].(type) {
	case *ir.CreateTable:
		if relationKey(u, s.Name) != table {
			return nil
		}
		for _, c := range s.Columns {
			out = append(out, columnConstraints(u, c)...)
		}
		for _, k := range s.Keys {
			out = append(out, keyMade(u, k, func() { s.Keys = without(s.Keys, k) }))
		}
		for _, f := range s.ForeignKeys {
			out = append(out, foreignMade(u, f, func() { s.ForeignKeys = without(s.ForeignKeys, f) }))
		}
		for _, c := range s.Checks {
			out = append(out, checkMade(u, c, func() { s.Checks = without(s.Checks, c) }))
		}
	case *ir.AlterTable:
		if s.Table == nil || relationKey(u, s.Table.Name) != table {
			return nil
		}
		for _, a := range s.Actions {
			gone := func() { removeAction(u, a) }
			switch {
			case a.Column != nil:
				out = append(out, columnConstraints(u, a.Column)...)
			case a.Kind == "add key":
				out = append(out, keyMade(u, a.Key, gone))
			case a.Kind == "add foreign":
				out = append(out, foreignMade(u, a.Foreign, gone))
			case a.Kind == "add check":
				out = append(out, checkMade(u, a.Check, gone))
			}
		}
	}
	return out
}

func without[T comparable](list []T, x T) []T {
	return slices.DeleteFunc(list, func(o T) bool { return o == x })
}

func keyMade(u *Unit, k *ir.KeyDef, remove func()) *madeConstraint {
	return &madeConstraint{unit: u, name: &k.Name, state: &k.State, key: k.Kind, kind: keyConstraint, remove: remove}
}

func foreignMade(u *Unit, f *ir.ForeignKeyDef, remove func()) *madeConstraint {
	return &madeConstraint{unit: u, name: &f.Name, state: &f.State, kind: foreignConstraint, acts: f.OnDelete != "", remove: remove}
}

func checkMade(u *Unit, c *ir.CheckDef, remove func()) *madeConstraint {
	return &madeConstraint{unit: u, name: &c.Name, state: &c.State, kind: checkConstraint, remove: remove}
}

func columnConstraints(u *Unit, c *ir.ColumnDef) []*madeConstraint {
	var out []*madeConstraint
	if c.Primary != c.Unique {
		kind := catalog.Unique
		if c.Primary {
			kind = catalog.Primary
		}
		out = append(out, &madeConstraint{unit: u, name: &c.KeyName, state: &c.KeyState, key: kind, kind: keyConstraint, remove: func() {
			c.Primary, c.Unique, c.KeyName, c.KeyState = false, false, ir.Ident{}, ir.ConstraintState{}
		}})
	}
	if c.NotNull {
		out = append(out, &madeConstraint{unit: u, name: &c.NullName, state: &c.NullState, kind: notNullConstraint})
	}
	for _, k := range c.Checks {
		out = append(out, checkMade(u, k, func() { c.Checks = without(c.Checks, k) }))
	}
	if f := c.References; f != nil {
		out = append(out, foreignMade(u, f, func() { c.References = nil }))
	}
	return out
}

// renamedIndex gives an index its last name where it is made.
func renamedIndex(us []*Unit, u *Unit, s *ir.RenameIndex) {
	from, to := s.Name, ir.Qualified(s.Name.Schema(), s.New.Text)
	if len(from.Parts) == 0 {
		return
	}
	var maker *Unit
	for _, x := range us {
		c, ok := created(x)
		switch {
		case !ok && drops(x, relationKey(u, from)):
			maker = nil
		case ok && c.Key.Name.Text == to.Name(), ok && c.Key.Name.Text == from.Name() && maker != nil:
			return
		case ok && c.Key.Name.Text == from.Name():
			maker = x
		}
	}
	if maker == nil {
		return
	}
	c, _ := created(maker)
	c.Key.Name.Text = to.Name()
	kind, schema := maker.Kind, maker.Schema
	maker.Kind, maker.Object = "", ""
	maker.Make(kind, to)
	maker.Schema = schema
	maker.Report(lastName.New(maker.Source, "index %s is %s from the start", from.Name(), to.Name()))
	u.Stmts, u.Kind = nil, ""
}

// created is the index that a unit makes.
func created(u *Unit) (*ir.CreateIndex, bool) {
	if len(u.Stmts) != 1 {
		return nil, false
	}
	c, ok := u.Stmts[0].(*ir.CreateIndex)
	return c, ok && c.Key != nil
}

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
	if p.opt.From != dialect.Oracle || !slices.ContainsFunc(us, touchesConstraints) {
		return
	}
	l := newScriptLog(us)
	for j, u := range us {
		if len(u.Stmts) != 1 {
			continue
		}
		switch s := u.Stmts[0].(type) {
		case *ir.AlterTable:
			if s.Table == nil || !touchesConstraints(u) || l.dropsFrom(relationKey(u, s.Table.Name), j) {
				continue // with the table, or by a script that takes all away
			}
			for _, a := range slices.Clone(s.Actions) {
				switch {
				case a.Kind == "rename constraint" && len(s.Actions) == 1:
					l.renamedConstraint(j, s)
				case a.Kind == "drop constraint", a.Kind == "drop primary":
					l.droppedConstraint(j, s, a)
				}
			}
		case *ir.RenameIndex:
			l.renamedIndex(j, s)
		}
	}
	l.switchedConstraints()
}

// touchesConstraints tells a statement that renames, drops or switches constraints, or renames an index.
func touchesConstraints(u *Unit) bool {
	if len(u.Stmts) != 1 {
		return false
	}
	switch s := u.Stmts[0].(type) {
	case *ir.RenameIndex:
		return true
	case *ir.AlterTable:
		return slices.ContainsFunc(s.Actions, func(a *ir.AlterAction) bool {
			switch a.Kind {
			case "rename constraint", "drop constraint", "drop primary", "enable constraint", "disable constraint":
				return true
			}
			return false
		})
	}
	return false
}

// dropsFrom tells that a relation is dropped behind a place.
func (l *scriptLog) dropsFrom(key string, at int) bool {
	list := l.drops[key]
	return len(list) > 0 && list[len(list)-1] > at
}

// changed is the first statement between two that may change rows; nil if there is none.
func (l *scriptLog) changed(from, to int) *Unit {
	i, _ := slices.BinarySearch(l.changes, from)
	if i < len(l.changes) && l.changes[i] < to {
		return l.us[l.changes[i]]
	}
	return nil
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

// maxOf is how many statements about one table are looked at: in longer lists constraints are left as they come.
const maxOf = 500

// findConstraint is the constraint that an action names, where a statement before the one at end makes it; nil if none does, or several.
func (l *scriptLog) findConstraint(end int, table string, a *ir.AlterAction) *madeConstraint {
	var found *madeConstraint
	if len(l.tables[table]) > maxOf {
		return nil
	}
	for _, i := range l.tables[table] {
		if i >= end {
			break
		}
		for _, m := range constraintsOf(l.us[i], table) {
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
func (l *scriptLog) renamedConstraint(j int, s *ir.AlterTable) {
	u, a := l.us[j], s.Actions[0]
	key, from, to := relationKey(u, s.Table.Name), a.Old.Text, a.New.Name()
	m := l.findConstraint(j, key, a)
	if m == nil || l.findConstraint(j, key, &ir.AlterAction{Old: ir.Ident{Text: to}}) != nil {
		return
	}
	for _, use := range l.uses(m, key, j) {
		if use.action.Old.Text == from {
			use.action.Old.Text = to
		}
	}
	m.name.Text = to
	m.unit.Report(lastName.New(m.unit.Source, "constraint %s is %s from the start", from, to))
	u.empty()
}

// droppedConstraint takes a constraint away that is dropped later. What a foreign key does to rows may have been meant by the statements between.
func (l *scriptLog) droppedConstraint(j int, s *ir.AlterTable, a *ir.AlterAction) {
	u := l.us[j]
	key := relationKey(u, s.Table.Name)
	m := l.findConstraint(j, key, a)
	if m == nil || m.kind == notNullConstraint || a.Text != "" && l.referred[key] {
		return
	}
	if x := l.changed(m.at+1, j); m.acts && x != nil {
		u.Report(actsNoMore.New(u.Source, "%s: the statement at %s", m.name.Text, x.Source))
		return
	}
	for _, use := range l.uses(m, key, j) {
		removeAction(use.unit, use.action)
	}
	m.unit.Report(lastState.New(m.unit.Source, "%s is dropped at %s", m, u.Source))
	m.remove()
	removeAction(u, a)
}

// switchedConstraints makes constraints that are switched off and on as they are last: enabled, or disabled from the start.
func (l *scriptLog) switchedConstraints() {
	done := map[*ir.Ident]bool{}
	for _, u := range l.us {
		s, ok := onlyAlter(u)
		if !ok {
			continue
		}
		key := relationKey(u, s.Table.Name)
		for _, a := range slices.Clone(s.Actions) {
			if a.Kind != "enable constraint" && a.Kind != "disable constraint" {
				continue
			}
			if m := l.findConstraint(len(l.us), key, a); m != nil && !done[m.name] {
				done[m.name] = true
				l.switched(key, m)
			}
		}
	}
}

func (l *scriptLog) switched(key string, m *madeConstraint) {
	if m.kind == notNullConstraint {
		return
	}
	uses := l.uses(m, key, len(l.us))
	if len(uses) == 0 || len(uses) != len(l.usesFrom(0, m, key, len(l.us))) {
		return
	}
	for _, use := range uses {
		if use.action.Kind == "drop constraint" || use.action.Text != "" && l.referred[key] {
			return
		}
	}
	last := uses[len(uses)-1]
	on := last.action.Kind == "enable constraint"
	if on && last.action.State.NoValidate || !on && m.kind != keyConstraint {
		return
	}
	m.state.Disabled, m.state.NoValidate = !on, false
	word := "disabled"
	if on {
		word = "enabled"
	}
	m.unit.Report(lastState.New(m.unit.Source, "%s is %s at %s", m, word, last.unit.Source))
	for _, use := range uses {
		removeAction(use.unit, use.action)
	}
}

// constraintUse is an action by which a statement switches or drops a constraint.
type constraintUse struct {
	unit   *Unit
	action *ir.AlterAction
}

// uses are those behind the statement that makes the constraint of a table, and before the one at end.
func (l *scriptLog) uses(m *madeConstraint, table string, end int) []constraintUse {
	return l.usesFrom(m.at+1, m, table, end)
}

func (l *scriptLog) usesFrom(begin int, m *madeConstraint, table string, end int) (out []constraintUse) {
	for _, i := range l.tables[table] {
		s, ok := onlyAlter(l.us[i])
		if !ok || i < begin || i >= end {
			continue
		}
		for _, a := range s.Actions {
			switch a.Kind {
			case "enable constraint", "disable constraint", "drop constraint", "time constraint":
				if m.is(a) {
					out = append(out, constraintUse{l.us[i], a})
				}
			}
		}
	}
	return out
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
		u.empty()
	}
}

// is tells that an action names the constraint: by its name, or as the primary key.
func (m *madeConstraint) is(a *ir.AlterAction) bool {
	primary := a.Kind == "drop primary" || a.Key != nil && a.Key.Kind == catalog.Primary
	return a.Old.Text != "" && m.name.Text == a.Old.Text || a.Old.Text == "" && primary && m.kind == keyConstraint && m.key == catalog.Primary
}

func (m *madeConstraint) isPrimary() bool {
	return m.kind == keyConstraint && m.key == catalog.Primary
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
func (l *scriptLog) renamedIndex(j int, s *ir.RenameIndex) {
	from, to := s.Name, ir.Qualified(s.Name.Schema(), s.New.Text)
	if len(from.Parts) == 0 || slices.ContainsFunc(l.indexes[to.Name()], func(i int) bool { return i < j && l.creates(i, to) }) {
		return
	}
	maker := -1
	for _, i := range l.indexes[from.Name()] {
		switch {
		case i >= j:
		case created(l.us[i]) == nil:
			maker = -1
		case l.creates(i, from):
			maker = i
		}
	}
	if maker < 0 {
		return
	}
	x, u := l.us[maker], l.us[j]
	madeAs(x, to)
	l.indexes[to.Name()] = append(l.indexes[to.Name()], maker)
	x.Report(lastName.New(x.Source, "index %s is %s from the start", from.Name(), to.Name()))
	u.empty()
}

// creates tells that a statement makes the index of a name.
func (l *scriptLog) creates(i int, name ir.QName) bool {
	c := created(l.us[i])
	return c != nil && c.Key.Name.Text == name.Name()
}

// created is the index that a unit makes, nil if it makes none.
func created(u *Unit) *ir.CreateIndex {
	if len(u.Stmts) == 1 {
		if c, ok := u.Stmts[0].(*ir.CreateIndex); ok && c.Key != nil {
			return c
		}
	}
	return nil
}

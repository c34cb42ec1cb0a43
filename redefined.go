package godwit

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
)

// Code bases hold objects more than once: an install script beside the files that it was made of, old releases beside the new one. A
// converted folder has one file per object, so that one definition stays: the last where CREATE OR REPLACE was said, else the first.

// definedAnew is told of a definition that a later one replaces.
var definedAnew = &diag.Code{
	ID: "NM0370", Title: "Definition that a later one replaces", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc:  "A statement behind this one defines the same object with OR REPLACE, so that only that one is converted. Files are taken in the order in which they are given, those of a folder in the order of their names.",
	Next: "Check that the definition that the message names is the one that is in force; if not, take the other file out of the input.",
}

// definedBefore is told of a definition that fails on the source, for the object is there.
var definedBefore = &diag.Code{
	ID: "NM0371", Title: "Definition of an object that is there already", Severity: diag.Review, Fidelity: diag.Approximate,
	Doc:  "A statement in front of this one makes an object of this name (or adds the same column or constraint, or a primary key), and nothing that the converter sees takes it away in between: Oracle refuses the second statement (ORA-00955, ORA-01430, ORA-02260, ORA-02264). The first is converted, and this one is not.",
	Next: "Check which of the two is in force; if it is not the first, take that file out of the input.",
	Each: 0.05,
}

// droppedAfter is told of a DROP of what another file makes.
var droppedAfter = &diag.Code{
	ID: "NM0372", Title: "DROP of an object that another file makes", Severity: diag.Review, Fidelity: diag.Approximate,
	Doc:  "The object is made by another file of the input and by no statement behind this one, as scripts do it that take a code base away again. The object is converted, and the statement is not: run in the order of the files it would leave nothing of it.",
	Next: "Take the script out of the input, or drop the object by hand where it is not wanted.",
	Each: 0.02,
}

// droppedBefore is told of a DROP of what no statement in front of it makes.
var droppedBefore = &diag.Code{
	ID: "NM0373", Title: "DROP of an object that the input has not made", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc:  "Scripts drop what an earlier installation may have left. No statement in front of this one makes the object, so that IF EXISTS is added: where the object is not there, Oracle reports an error and goes on with the script, and the target tells a notice.",
	Next: "Nothing, if the script is the whole schema.",
}

// lastName is told of a table or column that is made with its last name.
var lastName = &diag.Code{
	ID: "NM0680", Title: "Table or column that is made with its last name", Severity: diag.Info, Fidelity: diag.Exact,
	Doc:  "A folder holds one definition of each table. Where the input makes a table and gives it or a column another name later, the table is made with that name at once, and whatever names it uses that one.",
	Next: "Nothing.",
}

// definition is an object that a statement of a script makes.
type definition struct {
	key       string
	replaces  bool // OR REPLACE
	ifMissing bool // IF NOT EXISTS
}

// scriptObjects are the objects that a script has made so far.
type scriptObjects struct {
	made  map[string]*Unit
	parts map[string][]string // what goes with a table when it is dropped
	// gone are what was dropped and is not made again, by which unit.
	gone map[string]*Unit
	last map[string]*Unit  // definitions that a later one replaces, though they are dropped in between
	full map[string]string // the key of what was made with its schema, by that of its name alone
	// names are the keys of tables, views, sequences and types by their names, which stand for one object of these kinds; primary the names of primary keys.
	names, primary map[string]string
}

// keyOf is the key of what a statement drops: a name without a schema may mean what was made with one.
func (d *scriptObjects) keyOf(kind string, n ir.QName) string {
	key := defKey(kind, n)
	if full := d.full[key]; d.made[key] == nil && d.made[full] != nil {
		return full
	}
	return key
}

// makerOf are the objects of the schema that has made what a statement drops: scripts that connect before they drop were made by others that do not.
func makerOf(schemas map[string]*scriptObjects, own *scriptObjects, s *ir.Drop) *scriptObjects {
	if len(s.Names) != 1 || s.Names[0].Schema() != "" || own.made[own.keyOf(s.Kind, s.Names[0])] != nil {
		return own
	}
	if d := schemas[""]; d != nil && d.made[defKey(s.Kind, s.Names[0])] != nil {
		return d
	}
	return own
}

// once leaves one definition of each object in a script that is taken as a whole.
func (p *pipeline) once(us []*Unit) {
	if p.opt.From != dialect.Oracle {
		return
	}
	schemas := map[string]*scriptObjects{} // by the schema that names without one are in
	for _, u := range us {
		if len(u.Stmts) != 1 {
			continue
		}
		d := schemas[strings.ToUpper(u.Schema)]
		if d == nil {
			d = &scriptObjects{made: map[string]*Unit{}, parts: map[string][]string{}, gone: map[string]*Unit{}, last: map[string]*Unit{}, full: map[string]string{}, names: map[string]string{}, primary: map[string]string{}}
			schemas[strings.ToUpper(u.Schema)] = d
		}
		switch s := u.Stmts[0].(type) {
		case *ir.Drop:
			d := makerOf(schemas, d, s)
			d.missing(u, s)
			for _, n := range s.Names {
				d.drop(u, d.keyOf(s.Kind, n))
			}
		case *ir.AlterTable:
			d.alter(u, s)
		default:
			d.define(u)
		}
	}
	for _, d := range schemas {
		for key, u := range d.gone {
			if s, ok := u.Stmts[0].(*ir.Drop); ok && len(s.Names) == 1 {
				u.leaveOut(droppedAfter, d.last[key])
			}
		}
	}
}

// missing makes the DROP of what is not there one that may find nothing.
func (d *scriptObjects) missing(u *Unit, s *ir.Drop) {
	if s.IfExists || len(s.Names) != 1 || d.made[d.keyOf(s.Kind, s.Names[0])] != nil {
		return
	}
	s.IfExists = true
	u.Report(droppedBefore.New(u.Source, "%s %s", s.Kind, s.Names[0]))
}

func (d *scriptObjects) drop(u *Unit, key string) {
	if first := d.made[key]; first != nil && first.Source.File != u.Source.File {
		d.gone[key], d.last[key] = u, first
	}
	for _, k := range d.parts[key] {
		delete(d.made, k)
	}
	delete(d.parts, key)
	delete(d.made, key)
}

// make notes what a unit makes; table is the table that it goes with, if any.
func (d *scriptObjects) make(u *Unit, key string, table *ir.QName) {
	d.made[key] = u
	if table != nil {
		k := defKey("table", *table)
		d.parts[k] = append(d.parts[k], key)
	}
}

// alter notes what ALTER TABLE adds and drops.
func (d *scriptObjects) alter(u *Unit, s *ir.AlterTable) {
	if s.Table == nil {
		return
	}
	primary := partKey("primary key", s.Table.Name, "")
	for _, a := range s.Actions {
		if strings.HasPrefix(a.Kind, "drop ") {
			delete(d.made, partKey("column", s.Table.Name, a.Old.Text))
			delete(d.made, partKey("constraint", s.Table.Name, a.Old.Text))
		}
		if a.Kind == "drop primary" || a.Kind == "drop constraint" && a.Old.Text != "" && a.Old.Text == d.primary[primary] {
			delete(d.made, partKey("constraint", s.Table.Name, d.primary[primary]))
			delete(d.made, primary)
		}
	}
	keys := additions(s)
	named := len(keys)
	for _, m := range constraintsOf(u, relationKey(u, s.Table.Name)) {
		if m.isPrimary() {
			keys = append(keys, primary)
		}
	}
	for _, key := range keys {
		if first := d.made[key]; first != nil {
			u.leaveOut(definedBefore, first)
			return
		}
	}
	for _, key := range keys[:named] {
		d.make(u, key, &s.Table.Name)
	}
	d.constraints(u, s.Table.Name)
}

// constraints notes the named constraints and the primary key that a statement gives to a table.
func (d *scriptObjects) constraints(u *Unit, table ir.QName) {
	for _, m := range constraintsOf(u, relationKey(u, table)) {
		if m.name.Text != "" {
			d.make(u, partKey("constraint", table, m.name.Text), &table)
		}
		if m.isPrimary() {
			key := partKey("primary key", table, "")
			d.make(u, key, &table)
			d.primary[key] = m.name.Text
		}
	}
}

// sameName is what was made before under the name of a definition that cannot stand beside it: a relation or type of another kind, or a procedure in
// the place of a function (SQL Language Reference, Database Object Names and Qualifiers; ORA-00955).
func (d *scriptObjects) sameName(u *Unit, def definition) *Unit {
	kind, name, _ := strings.Cut(def.key, "\x00")
	switch kind {
	case "table", "view", "materialized view", "sequence", "type":
		other := d.names[name]
		if first := d.made[other]; other != def.key && first != nil && !prebuilt(u) {
			return first
		}
		d.names[name] = def.key
	case "routine":
		first := d.made[def.key]
		if first == nil || len(first.Stmts) != 1 {
			return nil
		}
		before, ok := first.Stmts[0].(*ir.Routine)
		if now := u.Stmts[0].(*ir.Routine); ok && now.Kind != before.Kind {
			return first
		}
	}
	return nil
}

// prebuilt tells a materialized view that is built on the table of its name.
func prebuilt(u *Unit) bool {
	m, ok := u.Stmts[0].(*ir.MaterializedView)
	return ok && m.Prebuilt
}

func (d *scriptObjects) define(u *Unit) {
	def := defines(u.Stmts[0])
	first := d.made[def.key]
	if gone := d.last[def.key]; gone != nil && def.replaces {
		first = gone
	}
	if other := d.sameName(u, def); other != nil {
		u.leaveOut(definedBefore, other)
		return
	}
	delete(d.gone, def.key)
	delete(d.last, def.key)
	switch {
	case def.key == "":
		return
	case first == nil:
	case def.replaces:
		first.leaveOut(definedAnew, u)
	case def.ifMissing:
		return // it stays as it is: its condition tells
	default:
		u.leaveOut(definedBefore, first)
		return
	}
	d.make(u, def.key, tableOf(u.Stmts[0]))
	if kind, name, _ := strings.Cut(def.key, "\x00"); strings.Contains(name, ".") {
		d.full[kind+"\x00"+name[strings.LastIndexByte(name, '.')+1:]] = def.key
	}
	if t, ok := u.Stmts[0].(*ir.CreateTable); ok {
		for _, c := range t.Columns {
			d.make(u, partKey("column", t.Name, c.Name.Text), &t.Name)
		}
		d.constraints(u, t.Name)
	}
}

// tableOf is the table that an index or a trigger goes with.
func tableOf(s ir.Stmt) *ir.QName {
	var t *ir.TableRef
	switch s := s.(type) {
	case *ir.CreateIndex:
		t = s.Table
	case *ir.CreateTrigger:
		t = s.Table
	}
	if t == nil {
		return nil
	}
	return &t.Name
}

// empty leaves nothing of a unit but its findings.
func (u *Unit) empty() { u.Stmts, u.Kind = nil, "" }

// leaveOut takes a definition out of the script, for that of another unit.
func (u *Unit) leaveOut(code *diag.Code, other *Unit) {
	what := "%s is defined at %s as well, and that definition is converted"
	if code == droppedAfter {
		what = "%s is defined at %s"
	}
	u.Report(code.New(u.Source, what, objectWords(u.Stmts[0]), other.Source))
	u.empty()
}

// defines tells what a statement makes; the key is "" if it makes nothing that has a name.
func defines(s ir.Stmt) definition {
	switch s := s.(type) {
	case *ir.CreateTable:
		if s.Temporary && s.OrReplace {
			return definition{}
		}
		return definition{defKey("table", s.Name), s.OrReplace, s.IfNotExists}
	case *ir.CreateView:
		return definition{defKey("view", s.Name), s.OrReplace, s.IfNotExists}
	case *ir.MaterializedView:
		return definition{defKey("materialized view", s.Name), false, false}
	case *ir.CreateSequence:
		if s.Alter {
			return definition{}
		}
		return definition{defKey("sequence", s.Name), s.OrReplace, s.IfNotExists}
	case *ir.CreateIndex:
		if s.Key == nil || s.Key.Name.Text == "" {
			return definition{}
		}
		return definition{defKey("index", ir.QName{Parts: []ir.Ident{s.Key.Name}}), s.OrReplace, s.IfNotExists}
	case *ir.CreateTrigger:
		return definition{defKey("trigger", s.Name), s.OrReplace, s.IfNotExists}
	case *ir.Synonym:
		return definition{defKey("synonym", s.Name), s.OrReplace, false}
	case *ir.Routine:
		return definition{defKey("routine", s.Name), s.OrReplace, s.IfNotExists}
	case *ir.ObjectType:
		if s.Kind == ir.Incomplete {
			return definition{} // the whole definition follows
		}
		return definition{defKey("type", s.Name), s.OrReplace, s.IfNotExists}
	case *ir.TypeBody:
		return definition{defKey("type body", s.Name), s.OrReplace, s.IfNotExists}
	case *ir.Package:
		kind := "package"
		if s.Body {
			kind = "package body"
		}
		return definition{defKey(kind, s.Name), s.OrReplace, s.IfNotExists}
	}
	return definition{}
}

// additions are the columns and named constraints that ALTER TABLE adds.
func additions(a *ir.AlterTable) []string {
	var out []string
	add := func(kind, name string) {
		if name != "" && a.Table != nil {
			out = append(out, partKey(kind, a.Table.Name, name))
		}
	}
	for _, x := range a.Actions {
		switch {
		case x.Kind == "add column" && x.Column != nil:
			add("column", x.Column.Name.Text)
		case x.Key != nil && strings.HasPrefix(x.Kind, "add "):
			add("constraint", x.Key.Name.Text)
		case x.Foreign != nil && strings.HasPrefix(x.Kind, "add "):
			add("constraint", x.Foreign.Name.Text)
		case x.Check != nil && strings.HasPrefix(x.Kind, "add "):
			add("constraint", x.Check.Name.Text)
		}
	}
	return out
}

func defKey(kind string, n ir.QName) string {
	switch kind {
	case "procedure", "function":
		kind = "routine"
	}
	return kind + "\x00" + n.String()
}

func partKey(kind string, table ir.QName, name string) string {
	return kind + "\x00" + table.String() + "\x00" + name
}

// objectWords names what a statement makes.
func objectWords(s ir.Stmt) string {
	switch s := s.(type) {
	case *ir.AlterTable:
		return "what is added to table " + s.Table.Name.String()
	case *ir.Drop:
		return s.Kind + " " + s.Names[0].String()
	}
	kind, name, _ := strings.Cut(defines(s).key, "\x00")
	return kind + " " + name
}

// Package foreignkeys moves foreign keys behind the tables and gives them the target's actions.
package foreignkeys

import (
	"fmt"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/columntypes"
	"godwit/ir/rewrite/define"
	"godwit/ir/rewrite/session"
	"godwit/ir/types"
)

// Findings of the rule.
var (
	notUnique = &diag.Code{
		ID: "CN0201", Title: "foreign key to columns without a unique key", Severity: diag.Warning, Fidelity: diag.Approximate,
		Doc: "InnoDB lets a foreign key refer to any indexed columns; PostgreSQL wants a primary key or unique constraint over exactly these columns. The foreign key is not created " +
			"(MySQL Reference Manual, FOREIGN KEY Constraints).",
		Next: "Add a unique constraint to the parent if its values are unique, or check by a trigger.", Learn: 1, Each: 0.5,
	}
	setDefault = &diag.Code{
		ID: "CN0202", Title: "foreign key with SET DEFAULT", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  "InnoDB refuses or ignores SET DEFAULT; PostgreSQL obeys it.",
		Next: "Choose another action.", Each: 0.25,
	}
	ignoredReference = &diag.Code{
		ID: "CN0203", Title: "REFERENCES at a column is ignored", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "MySQL parses REFERENCES at a column and makes no foreign key of it (Reference Manual, FOREIGN KEY Constraints, differences from standard SQL).",
		Next: "Add the foreign key if it is wanted.",
	}
	ignoredEngine = &diag.Code{
		ID: "CN0204", Title: "foreign key of a table whose engine ignores it", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "MyISAM, MEMORY and other engines parse foreign keys and do not enforce them. The key is left out, as rows may violate it.",
		Next: "Add the foreign key if the rows obey it.",
	}
	unknownParent = &diag.Code{
		ID: "CN0206", Title: "foreign key to a table that is not known", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "Whether the target accepts the key depends on the keys of the table that it refers to.",
		Next: "Give the script or catalog that has the table.", Each: 0.1,
	}
	enumKey = &diag.Code{
		ID: "CN0207", Title: "foreign key between ENUM columns", Severity: diag.Warning, Fidelity: diag.Approximate,
		Doc:  "Each ENUM column has a type of its own on the target, and a foreign key wants the same type on both sides. The foreign key is not created.",
		Next: "Make both columns text with a CHECK, or check by a trigger.", Learn: 0.5, Each: 0.5,
	}
	ownUpdate = &diag.Code{
		ID: "CN0650", Title: "ON UPDATE of a foreign key to its own table", Severity: diag.Info, Fidelity: diag.Exact,
		Doc: "InnoDB takes ON UPDATE CASCADE and ON UPDATE SET NULL of a key that refers to its own table for RESTRICT: a row that others refer to, or that refers to itself, keeps its key " +
			"(MySQL Reference Manual, FOREIGN KEY Constraints). The target would change the rows, so the action is left out.",
		Next: "Nothing; add ON UPDATE CASCADE if the target is to do it.",
	}
	matchClause = &diag.Code{
		ID: "CN0205", Title: "MATCH clause of a foreign key", Severity: diag.Info, Fidelity: diag.Exact,
		Doc:  "The source parses MATCH and always behaves as MATCH SIMPLE, which is the target's default.",
		Next: "Nothing.",
	}
)

// Rule lowers foreign keys.
var Rule = &rewrite.Rule{
	Code: "CN0200",
	Name: "foreignkeys",
	Doc: "Foreign keys are added by ALTER TABLE behind all tables, so that their order and cycles do not matter; in a script that switches foreign_key_checks off, behind the statement that switches them on. RESTRICT and NO ACTION are one thing in InnoDB: ON DELETE becomes the default NO ACTION, ON UPDATE becomes RESTRICT, for NO ACTION would let a row go whose key another row takes in the same statement, or one that differs in case only. A key without " +
		"a name gets the name that the source gives it, table_ibfk_n (MySQL Reference Manual, FOREIGN KEY Constraints).",
	Examples: []rewrite.Example{{
		Setup:  "CREATE TABLE p (id INT PRIMARY KEY)",
		Source: "CREATE TABLE c (a INT, FOREIGN KEY (a) REFERENCES p (id) ON DELETE CASCADE)",
		Target: "CREATE TABLE c (\n  a integer\n);\nALTER TABLE c ADD CONSTRAINT c_ibfk_1 FOREIGN KEY (a) REFERENCES p (id) ON DELETE CASCADE ON UPDATE RESTRICT",
	}},
	Fidelity: diag.Exact,
	Findings: []*diag.Code{notUnique, setDefault, ignoredReference, ignoredEngine, unknownParent, enumKey, ownUpdate, matchClause, suspended, cannotSuspend},
	After: map[string]string{"createtable": "it settles which table this is", "session": "it follows whether keys are checked",
		"constraintstates": "it leaves out what is disabled"},
	Needed: func(p *rewrite.Pass) bool {
		return p.May(ir.KindCreateTable, ir.HasReferences) || p.Session != nil && p.Session.State[offKey] != nil || switches(p)
	},
	Run: run,
}

func run(p *rewrite.Pass) {
	define.Columns(p, func(_ *define.Site, c *ir.ColumnDef) {
		if c.References != nil {
			p.Report(ignoredReference, c.References.Span, "column %s", c.Name.Text)
			c.References = nil
		}
	})
	postponed := p.Session.Ordered() && session.ChecksOff(p.Session, "foreign_key_checks")
	define.Tables(p, func(s *define.Site) {
		if s.Create == nil {
			return
		}
		if postponed {
			postpone(p, s)
			return
		}
		n := 0
		for _, f := range s.Create.ForeignKeys {
			if f.Name.Text == "" {
				n++
			}
			if later(p, s, f, n) {
				continue
			}
			for _, x := range add(p, s, f, n) {
				s.Behind(x)
			}
		}
		s.Create.ForeignKeys = nil
		for _, w := range waiting(p, s) {
			for _, x := range add(p, w.site, w.key, w.n) {
				s.Behind(x)
			}
		}
	})
	if p.Session != nil && (!postponed || p.Session.At+1 >= len(p.Session.Script)) {
		overdue(p)
	}
	if switches(p) {
		switched(p)
	}
}

// offKey is the key of the session's state for the foreign keys that wait until checks are switched on.
const offKey = "foreignkeys.off"

// postpone keeps the foreign keys of a table until checks are switched on again: rows may come before those they refer to.
func postpone(p *rewrite.Pass, s *define.Site) {
	list, _ := p.Session.State[offKey].([]wait)
	n := 0
	for _, f := range s.Create.ForeignKeys {
		if f.Name.Text == "" {
			n++
		}
		list = append(list, wait{s, f, n})
	}
	p.Session.State[offKey] = list
	s.Create.ForeignKeys = nil
}

// overdue adds the foreign keys that were postponed behind the unit that switches checks on, or that is the last.
func overdue(p *rewrite.Pass) {
	list, _ := p.Session.State[offKey].([]wait)
	delete(p.Session.State, offKey)
	for _, w := range list {
		if w.site.Table != nil && p.Catalog.Table(w.site.Table.Schema, w.site.Table.Name) != w.site.Table {
			continue // dropped since
		}
		for _, x := range add(p, w.site, w.key, w.n) {
			x.Base().Made(p.Rule.Code)
			if a, ok := x.(*ir.AlterTable); ok && p.Session.Ordered() && a.Actions[0].Foreign != nil {
				a.Actions[0].Foreign.NotValid = filled(p, w.site) // the source does not look at the rows
			}
			p.Unit.Stmts = append(p.Unit.Stmts, x)
		}
	}
}

// add makes the statements that add a foreign key; none if it is left out.
func add(p *rewrite.Pass, s *define.Site, f *ir.ForeignKeyDef, n int) []ir.Stmt {
	f, retyped := Joined(p, s, f, n)
	if f == nil {
		return nil
	}
	a := &ir.AlterAction{Kind: "add foreign", Foreign: f}
	a.Span = f.Span
	x := &ir.AlterTable{Table: s.Ref(), Actions: []*ir.AlterAction{a}}
	x.Span = f.Span
	return append(retyped, x)
}

// Joined is a foreign key with its names and actions on the target, nil if it is left out, with the statements that have to stand
// before it: columns that it joins and that were made of different kinds of numbers get one.
func Joined(p *rewrite.Pass, s *define.Site, f *ir.ForeignKeyDef, n int) (*ir.ForeignKeyDef, []ir.Stmt) {
	schema := f.RefTable.Schema()
	if schema == "" && s.Table != nil {
		schema = s.Table.Schema
	}
	parent := p.Catalog.Table(schema, f.RefTable.Name())
	if f = lower(p, s, f, n, parent); f == nil {
		return nil, nil
	}
	return f, append(widen(p, s, f, parent), retype(p, s, f)...)
}

// widen makes columns decimal that a foreign key refers to and that were made integers, before a decimal refers to them.
func widen(p *rewrite.Pass, s *define.Site, f *ir.ForeignKeyDef, parent *catalog.Table) (out []ir.Stmt) {
	if s.Table == nil || parent == nil || p.Session == nil || !p.Session.InOrder {
		return nil
	}
	refs := f.RefColumns
	if k := parent.PrimaryKey(); len(refs) == 0 && k != nil {
		for _, part := range k.Parts {
			refs = append(refs, ir.Ident{Text: part.Column})
		}
	}
	for i, x := range f.Columns {
		if i >= len(refs) {
			break
		}
		c, o := s.Table.Column(x.Text), parent.Column(refs[i].Text)
		if c == nil || o == nil || o.AutoIncrement || o.Counter || !strings.HasPrefix(c.TargetType, "numeric") {
			continue
		}
		if _, decimal := o.Type.(types.Decimal); !decimal || strings.HasPrefix(o.TargetType, "numeric") {
			continue
		}
		sql, ok := p.Lower.TypeSQL(o.Type)
		if !ok {
			continue
		}
		o.Wide, o.TargetType = true, sql
		name := ir.Ident{Text: o.Target}
		d := &ir.ColumnDef{Name: name, Type: o.Type, TypeSQL: sql, Object: o}
		a := &ir.AlterAction{Kind: "set type", Old: name, Column: d}
		d.Span, a.Span = f.Span, f.Span
		t := &ir.AlterTable{Table: &ir.TableRef{Name: f.RefTable, Table: parent}, Actions: []*ir.AlterAction{a}}
		t.Span = f.Span
		t.Made(p.Rule.Code)
		out = append(out, t)
	}
	return out
}

// wait is a foreign key whose parent is made further on in the script.
type wait struct {
	site *define.Site
	key  *ir.ForeignKeyDef
	n    int
}

func waitKey(schema, table string) string {
	return "foreignkeys:waiting:" + strings.ToLower(schema+"."+table)
}

// later keeps a foreign key whose parent is not there yet until the script makes it.
func later(p *rewrite.Pass, s *define.Site, f *ir.ForeignKeyDef, n int) bool {
	if p.Session == nil || s.Table == nil {
		return false
	}
	schema := f.RefTable.Schema()
	if schema == "" {
		schema = s.Table.Schema
	}
	if p.Catalog.Table(schema, f.RefTable.Name()) != nil || p.Session.At >= len(p.Session.Script) {
		return false
	}
	for _, u := range p.Session.Script[p.Session.At:] {
		for _, st := range u.Stmts {
			t, ok := st.(*ir.CreateTable)
			if ok && strings.EqualFold(t.Name.Name(), f.RefTable.Name()) && (t.Name.Schema() == "" || strings.EqualFold(t.Name.Schema(), schema)) {
				key := waitKey(schema, f.RefTable.Name())
				list, _ := p.Session.Values[key].([]wait)
				p.Session.Values[key] = append(list, wait{s, f, n})
				return true
			}
		}
	}
	return false
}

// waiting takes the foreign keys that waited for a table.
func waiting(p *rewrite.Pass, s *define.Site) []wait {
	if p.Session == nil || s.Table == nil {
		return nil
	}
	key := waitKey(s.Table.Schema, s.Table.Name)
	list, _ := p.Session.Values[key].([]wait)
	delete(p.Session.Values, key)
	return list
}

var noForeignKeys = map[string]bool{"myisam": true, "memory": true, "aria": true, "archive": true, "csv": true, "merge": true}

// lower gives a foreign key its names and actions on the target; nil if it is left out. n counts the foreign keys of the table.
func lower(p *rewrite.Pass, s *define.Site, f *ir.ForeignKeyDef, n int, parent *catalog.Table) *ir.ForeignKeyDef {
	if s.Table != nil && noForeignKeys[strings.ToLower(s.Table.Engine)] {
		p.Report(ignoredEngine, f.Span, "foreign key %s of %s (%s)", f.Name.Text, s.Name, s.Table.Engine)
		return nil
	}
	if parent != nil {
		if !Unique(parent, f) {
			p.Report(notUnique, f.Span, "foreign key %s of %s refers to %s (%s)", f.Name.Text, s.Name, f.RefTable, names(f.RefColumns))
			return nil
		}
		if c := otherEnum(s.Table, parent, f); c != nil {
			p.Report(enumKey, f.Span, "foreign key %s of %s: column %s", f.Name.Text, s.Name, c.Name)
			return nil
		}
		targets(f.RefColumns, parent)
		if parent.Target != "" {
			f.RefTable = ir.Qualified(parent.TargetSchema, parent.Target)
		}
	}
	if parent == nil {
		rewrite.Refuse(p, unknownParent, f.Span, "table %s", f.RefTable)
		return nil
	}
	if s.Table != nil {
		targets(f.Columns, s.Table)
	}
	if f.Name.Text == "" && !p.Unit.PLSQL { // Oracle's names of their own, SYS_C…, are nothing to keep
		f.Name.Text = fmt.Sprintf("%s_ibfk_%d", strings.ToLower(s.Name.Name()), n)
	}
	if f.Match != "" {
		p.Report(matchClause, f.Span, "MATCH %s", f.Match)
		f.Match = ""
	}
	f.OnDelete, f.OnUpdate = action(p, f, f.OnDelete), action(p, f, f.OnUpdate)
	if parent == s.Table && f.OnUpdate != "" {
		p.Report(ownUpdate, f.Span, "ON UPDATE %s of foreign key %s restricts, as the key refers to its own table", f.OnUpdate, f.Name.Text)
		f.OnUpdate = ""
	}
	if f.OnUpdate == "" && !p.Unit.PLSQL {
		f.OnUpdate = "RESTRICT"
	}
	return f
}

// referred are the columns that a foreign key refers to.
func referred(parent *catalog.Table, f *ir.ForeignKeyDef) []string {
	var out []string
	for _, c := range f.RefColumns {
		out = append(out, c.Text)
	}
	if k := parent.PrimaryKey(); len(out) == 0 && k != nil {
		for _, part := range k.Parts {
			out = append(out, part.Column)
		}
	}
	return out
}

// otherEnum is a column of the key with another ENUM type than the one it refers to, nil if there is none.
func otherEnum(child, parent *catalog.Table, f *ir.ForeignKeyDef) *catalog.Column {
	if child == nil {
		return nil
	}
	refs := referred(parent, f)
	for i, x := range f.Columns {
		c := child.Column(x.Text)
		if c == nil || i >= len(refs) {
			continue
		}
		o := parent.Column(refs[i])
		if o == nil || o == c {
			continue
		}
		a, one := c.Type.(types.Enum)
		b, two := o.Type.(types.Enum)
		if (one || two) && (one != two || a.Name != b.Name || a.Name == "" && child != parent) {
			return c
		}
	}
	return nil
}

// retype makes columns bigint that were made numeric before it was known that they refer to a counter.
func retype(p *rewrite.Pass, s *define.Site, f *ir.ForeignKeyDef) (out []ir.Stmt) {
	if s.Table == nil {
		return nil
	}
	for _, x := range f.Columns {
		c := s.Table.Column(x.Text)
		if c == nil || !c.Counter || !columntypes.Numeric(p, c) {
			continue
		}
		name := ir.Ident{Text: c.Target}
		d := &ir.ColumnDef{Name: name, Type: c.Type, TypeSQL: "bigint", Object: c}
		a := &ir.AlterAction{Kind: "set type", Old: name, Column: d}
		d.Span, a.Span = f.Span, f.Span
		t := &ir.AlterTable{Table: s.Ref(), Actions: []*ir.AlterAction{a}}
		t.Span = f.Span
		t.Made(p.Rule.Code)
		out = append(out, t)
	}
	return out
}

func targets(list []ir.Ident, t *catalog.Table) {
	for i, x := range list {
		if c := t.Column(x.Text); c != nil && c.Target != "" {
			list[i].Text = c.Target
		}
	}
}

func action(p *rewrite.Pass, f *ir.ForeignKeyDef, a string) string {
	switch a = strings.ToUpper(a); a {
	case "RESTRICT", "NO ACTION":
		return ""
	case "SET DEFAULT":
		p.Report(setDefault, f.Span, "foreign key %s", f.Name.Text)
	}
	return a
}

// Unique tells whether a unique constraint of the parent covers exactly the referenced columns.
func Unique(parent *catalog.Table, f *ir.ForeignKeyDef) bool {
	if len(f.RefColumns) == 0 {
		return parent.PrimaryKey() != nil
	}
	for _, k := range parent.UniqueKeys() {
		if len(k.Parts) != len(f.RefColumns) {
			continue
		}
		found := 0
		for _, part := range k.Parts {
			for _, c := range f.RefColumns {
				if part.Prefix == 0 && part.Column != "" && strings.EqualFold(part.Column, c.Text) {
					found++
				}
			}
		}
		if found == len(k.Parts) {
			return true
		}
	}
	return false
}

func names(list []ir.Ident) string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = x.Text
	}
	return strings.Join(out, ", ")
}

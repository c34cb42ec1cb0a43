// Package drops lowers DROP and RENAME TABLE.
package drops

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/altertable"
	"godwit/ir/rewrite/columntypes"
	"godwit/ir/rewrite/define"
	"godwit/ir/rewrite/foreignkeys"
	"godwit/ir/rewrite/keys"
	"godwit/ir/rewrite/members"
	"godwit/ir/rewrite/views"
	"godwit/ir/types"
)

// Findings of the rule.
var (
	unknownTrigger = &diag.Code{
		ID: "DD0211", Title: "DROP TRIGGER of a trigger that is not known", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The target names the table of a trigger that it drops; the script does not create the trigger.",
		Next: "Add the table: DROP TRIGGER name ON table.", Each: 0.1,
	}
	dropEvent = &diag.Code{
		ID: "DD0213", Title: "DROP EVENT", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  "Events become jobs of a scheduler outside of the database's own objects. The statement is kept as a comment.",
		Next: "Remove the job from the scheduler: SELECT cron.unschedule('name').", Each: 0.1,
	}
	unknownThing = &diag.Code{
		ID: "DD0212", Title: "DROP without a counterpart", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The target has no objects of this kind.",
		Next: "Drop what the object was converted to by hand.", Each: 0.25,
	}
)

var readers = &diag.Code{
	ID: "DD0216", Title: "views fall with what they read", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: "The source leaves views behind whose table is dropped; they fail when they are used, until a table of the name is there again. The target drops them with the table: they fail as well, and have to be " +
		"made again when the table is.",
	Next: "Create the views again where the table is made anew.",
}

var renamedSequence = &diag.Code{
	ID: "DD0215", Title: "sequence keeps its next number when it is renamed", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc:  "RENAME TABLE throws away the numbers of a sequence that the source has fetched ahead (1000 unless CACHE says otherwise); the target fetches none ahead and goes on with the next number.",
	Next: "Set the number with ALTER SEQUENCE ... RESTART where it matters.",
}

// Rule lowers DROP and RENAME TABLE.
var Rule = &rewrite.Rule{
	Code: "DD0210",
	Name: "drops",
	Doc: "DROP TABLE drops the ENUM types made for the table too. DROP TEMPORARY TABLE names the schema pg_temp, so that a permanent table of the same name stays. DROP DATABASE drops the schema with all " +
		"in it. DROP TRIGGER names the table, and drops the trigger's function. RENAME TABLE is an ALTER TABLE for each table, in order.",
	Examples: []rewrite.Example{{
		Setup:  "CREATE TABLE a (id INT)",
		Source: "RENAME TABLE a TO b",
		Target: "ALTER TABLE a RENAME TO b",
	}},
	Fidelity: diag.Exact,
	Findings: []*diag.Code{unknownTrigger, dropEvent, unknownThing, readers, renamedSequence},
	After:    map[string]string{"columntypes": "it knows the types that were made for tables", "views": "it knows which views read a table", "resulttables": "it takes drops away and needs to know what they are about", "ddlcommit": "a dropped temporary table commits nothing"},
	Prepare:  prepare,
	Looks:    ir.Kinds(ir.KindCreateTrigger, ir.KindRenameTables, ir.KindDrop),
	Run:      run,
}

// prepare notes on which table a trigger is.
func prepare(p *rewrite.Pass) {
	if p.Session == nil {
		return
	}
	for _, s := range p.Unit.Stmts {
		if t, ok := s.(*ir.CreateTrigger); ok {
			p.Session.Values[triggerKey(t.Name.Name())] = t
		}
	}
}

func triggerKey(name string) string { return "drops:trigger:" + strings.ToLower(name) }

func run(p *rewrite.Pass) {
	prepare(p)
	p.Nodes(func(n ir.Node) ir.Node {
		var out []ir.Stmt
		switch s := n.(type) {
		case *ir.RenameTables:
			for _, pair := range s.Pairs {
				out = append(out, renameTable(p, s, pair)...)
			}
		case *ir.Drop:
			if len(s.Origin) > 0 {
				return n
			}
			out = drop(p, s)
		default:
			return n
		}
		if len(out) == 0 {
			return n
		}
		m := n.Base()
		for _, x := range out {
			x.Base().Span = m.Span
			x.Base().Made(p.Rule.Code)
		}
		out[0].Base().Lead = m.Lead
		out[len(out)-1].Base().Trail = m.Trail
		if len(out) == 1 {
			return out[0]
		}
		return &ir.Splice{Stmts: out}
	})
}

// renameTable renames by the names as they stand: the catalog may know a later name already.
func renameTable(p *rewrite.Pass, s *ir.RenameTables, pair [2]ir.QName) []ir.Stmt {
	if q := p.Catalog.Sequence(pair[1].Schema(), pair[1].Name()); q != nil && p.Catalog.Table(pair[1].Schema(), pair[1].Name()) == nil {
		p.Report(renamedSequence, s.Span, "sequence %s", pair[1])
		from := pair[0]
		if from.Schema() == "" {
			from = ir.Qualified(q.TargetSchema, strings.ToLower(from.Name()))
		}
		return []ir.Stmt{&ir.RawStmt{Text: "ALTER SEQUENCE " + quote(from) + " RENAME TO " + quote(ir.Qualified("", strings.ToLower(pair[1].Name())))}}
	}
	t := p.Catalog.Table(pair[1].Schema(), pair[1].Name())
	from := pair[0]
	if from.Schema() == "" && t != nil && t.TargetSchema != "" {
		from = ir.Qualified(t.TargetSchema, strings.ToLower(from.Name()))
	}
	out := altertable.Rename(p, s.Span, from, pair[1], t)
	for _, x := range out {
		if a, ok := x.(*ir.AlterTable); ok && s.IfExists {
			a.IfExists = true
		}
	}
	return out
}

func drop(p *rewrite.Pass, s *ir.Drop) []ir.Stmt {
	switch strings.ToLower(s.Kind) {
	case "table":
		return dropTables(p, s)
	case "view":
		x := copyOf(s, s.Kind)
		x.Cascade = fall(p, s)
		return []ir.Stmt{x}
	case "sequence":
		return []ir.Stmt{copyOf(s, s.Kind)}
	case "schema", "database":
		x := copyOf(s, "schema")
		x.Cascade = true
		return []ir.Stmt{x}
	case "type":
		return dropTypes(s)
	case "package":
		if len(s.Packages) == 1 && s.Packages[0] != nil && s.Packages[0].Placed() {
			return dropPackage(s.Packages[0])
		}
	case "procedure", "function":
		return []ir.Stmt{copyOf(s, "routine")} // a procedure may have become a function
	case "index":
		return dropIndex(p, s)
	case "trigger":
		return dropTrigger(p, s)
	case "event":
		if !s.IfExists {
			p.Report(dropEvent, s.Span, "event %s", s.Names[0])
		}
		return []ir.Stmt{&ir.CommentStmt{Text: s.Span.Text()}}
	}
	rewrite.Refuse(p, unknownThing, s.Span, "DROP %s", strings.ToUpper(s.Kind))
	return nil
}

// dropTypes drops object types with the schemas of their methods. Collection types and subtypes are no types of the target.
func dropTypes(s *ir.Drop) []ir.Stmt {
	var out []ir.Stmt
	for i, q := range s.Names {
		var o *catalog.ObjectType
		if i < len(s.Types) {
			o = s.Types[i]
		}
		if o != nil && o.Members.Prefixed() && len(o.Methods) > 0 {
			out = append(out, &ir.RawStmt{Text: members.Each(o.Members, "DROP ROUTINE %s CASCADE")})
		} else if o != nil && o.Members != nil && len(o.Methods) > 0 {
			out = append(out, &ir.Drop{Kind: "schema", IfExists: true, Cascade: true, Names: []ir.QName{ir.Qualified("", o.Members.TargetSchema)}})
		}
		if o != nil && (o.Under != nil || isCollection(o)) {
			out = append(out, &ir.CommentStmt{Text: "type " + q.String() + " is no type of its own"})
			continue
		}
		out = append(out, &ir.Drop{Kind: "type", IfExists: s.IfExists, Cascade: s.Cascade, Names: []ir.QName{q}})
	}
	return out
}

// dropPackage drops what a package became. What others have made of it, as views and columns, stays, so that the statement fails where there is any: the
// source would keep them as invalid, and CASCADE would take the values of columns away.
func dropPackage(k *catalog.Package) []ir.Stmt {
	text := members.Emptied(k)
	switch {
	case text == "":
		return []ir.Stmt{&ir.CommentStmt{Text: "package " + k.Name + " has no routines"}}
	case k.Prefixed():
		return []ir.Stmt{&ir.RawStmt{Text: text}}
	}
	return []ir.Stmt{&ir.RawStmt{Text: text}, &ir.Drop{Kind: "schema", Names: []ir.QName{ir.Qualified("", k.TargetSchema)}}}
}

func isCollection(o *catalog.ObjectType) bool {
	_, is := o.Type.(types.Collection)
	return is
}

// copyOf leaves CASCADE and RESTRICT out, which mean nothing on the source (MySQL Reference Manual, DROP TABLE Statement).
func copyOf(s *ir.Drop, kind string) *ir.Drop {
	return &ir.Drop{Kind: kind, IfExists: s.IfExists, Names: s.Names}
}

// spareViews takes out the names of views, which DROP TABLE IF EXISTS leaves alone on the source; the target raises an error. Dumps drop
// the table that may stand for a view so.
func spareViews(p *rewrite.Pass, s *ir.Drop) ir.Stmt {
	if !s.IfExists || s.Temporary {
		return nil
	}
	names, tables := s.Names[:0:0], s.Tables[:0:0]
	for i, q := range s.Names {
		t := tableOf(p, s, i)
		if t == nil {
			t = p.Catalog.Table(q.Schema(), q.Name())
		}
		if t != nil && t.Kind == catalog.ViewTable {
			continue
		}
		names = append(names, q)
		if i < len(s.Tables) {
			tables = append(tables, s.Tables[i])
		}
	}
	s.Names, s.Tables = names, tables
	return &ir.CommentStmt{Text: "it is a view: " + s.Span.Text()}
}

func dropTables(p *rewrite.Pass, s *ir.Drop) []ir.Stmt {
	views := spareViews(p, s)
	if len(s.Names) == 0 {
		return []ir.Stmt{views}
	}
	x := copyOf(s, "table")
	x.Cascade = fall(p, s) || s.Cascade && p.Unit.PLSQL && referred(p, s)
	var types []ir.QName
	for i, q := range x.Names {
		if s.Temporary {
			x.Names[i] = ir.Qualified("pg_temp", q.Name())
			continue
		}
		t := tableOf(p, s, i)
		switch {
		case t != nil && t.Kind == catalog.TempTable:
			x.Names[i] = ir.Qualified("", q.Name())
			continue
		case t != nil && t.Target != "":
			x.Names[i] = ir.Qualified(t.TargetSchema, t.Target)
		}
		types = append(types, columntypes.Types(p, x.Names[i])...)
	}
	out := []ir.Stmt{x}
	if len(types) > 0 {
		out = append(out, &ir.Drop{Kind: "type", IfExists: true, Names: types})
	}
	return out
}

// referred tells that foreign keys of other tables refer to what is dropped, or that it is not known: CASCADE CONSTRAINTS of Oracle drops them.
func referred(p *rewrite.Pass, s *ir.Drop) bool {
	for i := range s.Names {
		t := tableOf(p, s, i)
		if t == nil || len(t.Columns) == 0 {
			return true
		}
		for _, o := range p.Catalog.Tables() {
			if o != t && slices.ContainsFunc(o.ForeignKeys, func(f *catalog.ForeignKey) bool { return f.RefTable == t.Name }) {
				return true
			}
		}
	}
	return false
}

// fall tells whether views read what is dropped: the source leaves them behind, where they fail; the target drops them too.
func fall(p *rewrite.Pass, s *ir.Drop) bool {
	var gone []*catalog.Table
	for _, t := range s.Tables {
		if t != nil {
			gone = append(gone, t)
		}
	}
	list := views.Fall(p, gone)
	if len(list) == 0 {
		return false
	}
	names := make([]string, len(list))
	for i, v := range list {
		names[i] = v.Name
	}
	p.Report(readers, s.Span, "%s: %s", s.Names[0], strings.Join(names, ", "))
	return true
}

// tableOf is the table that a name stands for where the statement is.
func tableOf(p *rewrite.Pass, s *ir.Drop, i int) *catalog.Table {
	if i < len(s.Tables) && s.Tables[i] != nil {
		return s.Tables[i]
	}
	return p.Catalog.Table(s.Names[i].Schema(), s.Names[i].Name())
}

// dropIndex drops what a key became: a unique key is a constraint if it is over whole columns.
func dropIndex(p *rewrite.Pass, s *ir.Drop) []ir.Stmt {
	if s.On == nil || len(s.Names) != 1 {
		return []ir.Stmt{copyOf(s, "index")}
	}
	site := &define.Site{Stmt: s, Table: s.On.Table, Name: s.On.Name}
	if k := s.Dropped; k != nil && k.Target != "" {
		constraint, there := keys.Held(site.Table, k)
		if !there {
			return []ir.Stmt{&ir.CommentStmt{Text: "left out: " + s.Span.Text()}}
		}
		out, behind := foreignkeys.Detached(p, site.Table, k)
		if constraint {
			a := &ir.AlterAction{Kind: "drop constraint", IfExists: s.IfExists, Old: ir.Ident{Text: k.Target}}
			out = append(out, &ir.AlterTable{Table: site.Ref(), Actions: []*ir.AlterAction{a}})
		} else {
			out = append(out, &ir.Drop{Kind: "index", IfExists: s.IfExists, Names: []ir.QName{site.Beside(k.Target)}})
		}
		return append(out, behind...)
	}
	name := strings.ToLower(s.Names[0].Name())
	if !keys.Implied(site.Table, name) {
		return []ir.Stmt{&ir.Drop{Kind: "index", IfExists: s.IfExists, Names: []ir.QName{site.Beside(name)}}} // which fails, as on the source
	}
	if name == "primary" {
		name = site.TargetName() + "_pkey"
	}
	a := &ir.AlterAction{Kind: "drop constraint", IfExists: true, Old: ir.Ident{Text: name}}
	return []ir.Stmt{
		&ir.AlterTable{Table: site.Ref(), Actions: []*ir.AlterAction{a}},
		&ir.Drop{Kind: "index", IfExists: true, Names: []ir.QName{site.Beside(name)}},
	}
}

func dropTrigger(p *rewrite.Pass, s *ir.Drop) []ir.Stmt {
	var t *ir.CreateTrigger
	if p.Session != nil && len(s.Names) == 1 {
		t, _ = p.Session.Values[triggerKey(s.Names[0].Name())].(*ir.CreateTrigger)
	}
	if t == nil {
		if s.IfExists {
			return []ir.Stmt{&ir.CommentStmt{Text: "no such trigger: " + s.Span.Text()}}
		}
		rewrite.Refuse(p, unknownTrigger, s.Span, "trigger %s", s.Names[0])
		return nil
	}
	if t.Table == nil { // of the schema or database: it was refused
		rewrite.Refuse(p, unknownTrigger, s.Span, "trigger %s, which is on no table", s.Names[0])
		return nil
	}
	names := []string{t.TargetName}
	if t.TargetName == "" {
		names[0] = strings.ToLower(t.Name.Name())
	}
	if len(t.Sections) > 0 { // triggers of their own
		names = nil
		for _, c := range t.Sections {
			names = append(names, c.TargetName)
		}
	}
	var out []ir.Stmt
	for _, name := range names {
		x := copyOf(s, "trigger")
		x.Names = []ir.QName{ir.Qualified("", name)}
		x.On = &ir.TableRef{Name: t.Table.Name, Table: t.Table.Table}
		out = append(out, x)
	}
	return out
}

// quote writes a name for a statement that has no node.
func quote(q ir.QName) string {
	parts := make([]string, len(q.Parts))
	for i, x := range q.Parts {
		parts[i] = `"` + strings.ReplaceAll(x.Text, `"`, `""`) + `"`
	}
	return strings.Join(parts, ".")
}

package godwit

import (
	"regexp"
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
)

// Statements that change, rename, refresh or drop an object name it by its text. What a refused statement would have made is not in the catalog, or is
// there without being made: statements about it would be rejected when the folder is loaded. So names are followed through the script.

// namesOf are the names that a unit makes, those that it needs, and those that it drops.
type namesOf struct {
	makes, needs, drops []objectID
	// changes are those of needs that have to be there where the unit stands.
	changes []objectID
	renames bool // gives a relation another name
}

// notMadeYet is told of a statement about what is not there where it stands.
var notMadeYet = &diag.Code{
	ID: "NM0846", Title: "Statement about what the input has not made", Severity: diag.Error, Fidelity: diag.Refused,
	Doc: "The statement changes, renames or drops a table, sequence, index or constraint that no statement in front of it makes: nothing in the input makes it, or a statement behind this one does, with the form that it has " +
		"last (a code base with the changes of earlier releases beside its tables). The source would refuse it here as well (ORA-00942, ORA-02443, ORA-02289, ORA-01418), and so would the target.",
	Next: "Give the definition in --catalog or in front of the statement; take out changes of earlier releases that the definitions have already.", Each: 0.05,
}

// objectID names an object: the kind of its name space (relation, index, trigger, type, or what stands in a table), and for what stands in
// a table that table's name.
type objectID struct{ kind, schema, table, name string }

func (o objectID) String() string {
	if o.table != "" {
		return strings.TrimSpace(o.kind+" "+o.name) + " of table " + o.table
	}
	if o.kind == "relation" {
		return "the object " + o.name
	}
	return o.kind + " " + o.name
}

// nameList collects the names of a unit.
type nameList struct {
	unit *Unit
	out  namesOf
}

func (n *nameList) id(kind string, q ir.QName) objectID {
	schema := q.Schema()
	if schema == "" {
		schema = n.unit.Schema
	}
	return objectID{kind: kind, schema: strings.ToUpper(schema), name: q.Name()}
}

func (n *nameList) make(o objectID) { n.out.makes = append(n.out.makes, o) }
func (n *nameList) need(o objectID) { n.out.needs = append(n.out.needs, o) }

// change needs an object where the unit stands.
func (n *nameList) change(o objectID) {
	n.need(o)
	n.out.changes = append(n.out.changes, o)
}

// nameSpace is the kind of the names of an object.
func nameSpace(kind string) string {
	switch kind {
	case "table", "view", "materialized view", "sequence":
		return "relation"
	case "index", "trigger", "type":
		return kind
	}
	return ""
}

// noteNames notes the names of all units as they are written.
func (p *pipeline) noteNames(us []*Unit) map[*Unit]namesOf {
	if p.opt.From != dialect.Oracle {
		return nil
	}
	lists := make([]namesOf, len(us))
	inParallel(len(us), func(i int) {
		if u := us[i]; len(u.Stmts) == 1 && !u.rows {
			n := &nameList{unit: u}
			n.statement(u.Stmts[0])
			n.refreshed()
			lists[i] = n.out
		}
	})
	out := make(map[*Unit]namesOf, len(us))
	for i, n := range lists {
		if len(n.makes)+len(n.needs)+len(n.drops) > 0 {
			out[us[i]] = n
		}
	}
	return out
}

func (n *nameList) statement(s ir.Stmt) {
	switch s := s.(type) {
	case *ir.Unsupported:
		n.unread()
	case *ir.CreateTable:
		n.made()
		n.constraints(s.Name)
	case *ir.CreateView, *ir.MaterializedView, *ir.ObjectType, *ir.CreateTrigger:
		n.made()
	case *ir.CreateIndex:
		n.made()
		if s.Table != nil {
			n.need(n.id("relation", s.Table.Name))
		}
	case *ir.CreateSequence:
		if s.Alter {
			n.change(n.id("relation", s.Name))
			return
		}
		n.made()
	case *ir.RenameIndex:
		n.change(n.id("index", s.Name))
		n.make(n.id("index", ir.Qualified(s.Name.Schema(), s.New.Text)))
	case *ir.RenameTables:
		for _, pair := range s.Pairs {
			n.change(n.id("relation", pair[0]))
			n.make(n.id("relation", ir.Qualified(pair[0].Schema(), pair[1].Name())))
			n.out.renames = true
		}
	case *ir.AlterTable:
		n.alter(s)
	case *ir.AlterTrigger:
		n.need(n.id("trigger", s.Name))
	case *ir.CommentOn:
		n.need(n.id("relation", s.Name)) // the folder has it behind the object (see ahead.go)
		if s.Column.Text != "" {
			n.need(n.part("column", s.Name, s.Column.Text))
		}
	case *ir.Grant:
		if s.Plain && s.Object != "" {
			n.need(n.id("relation", ir.Qualified(s.Schema, s.Object)))
		}
	case *ir.Drop:
		n.drop(s)
	}
}

// made is the object that the unit is about.
func (n *nameList) made() {
	if kind := nameSpace(n.unit.Kind); kind != "" && n.unit.Name != "" {
		n.make(n.id(kind, ir.Qualified(n.unit.Schema, n.unit.Name)))
	}
}

func (n *nameList) drop(s *ir.Drop) {
	kind := nameSpace(s.Kind)
	if kind == "" {
		return
	}
	for _, q := range s.Names {
		o := n.id(kind, q)
		n.need(o)
		n.out.drops = append(n.out.drops, o)
	}
}

// part names a column or constraint of a table.
func (n *nameList) part(kind string, table ir.QName, name string) objectID {
	o := n.id(kind, table)
	o.table, o.name = o.name, name
	return o
}

// standsBefore tells an action that changes the table where it stands: keys, constraints and triggers of a folder are made behind all tables.
func standsBefore(a *ir.AlterAction) bool {
	switch a.Kind {
	case "add column", "modify column", "alter column", "drop column", "alter default", "rename column", "rename":
		return true
	}
	return false
}

func (n *nameList) alter(s *ir.AlterTable) {
	if s.Table == nil {
		return
	}
	table := s.Table.Name
	n.need(n.id("relation", table))
	for _, a := range s.Actions {
		if standsBefore(a) {
			n.change(n.id("relation", table))
			break
		}
	}
	for _, a := range s.Actions {
		switch a.Kind {
		case "add column":
			n.make(n.part("column", table, a.Column.Name.Text))
		case "modify column", "alter column":
			if a.Column != nil {
				n.need(n.part("column", table, a.Column.Name.Text))
			}
		case "drop column", "alter default":
			n.need(n.part("column", table, a.Old.Text))
		case "rename column":
			n.need(n.part("column", table, a.Old.Text))
			n.make(n.part("column", table, a.New.Name()))
		case "rename":
			n.make(n.id("relation", ir.Qualified(table.Schema(), a.New.Name())))
			n.out.renames = true
		case "rename key", "rename constraint":
			n.change(n.part("constraint", table, a.Old.Text))
			n.make(n.part("constraint", table, a.New.Name()))
		case "drop constraint":
			if a.Old.Text != "" && !a.IfExists {
				n.change(n.part("constraint", table, a.Old.Text))
				n.out.drops = append(n.out.drops, n.part("constraint", table, a.Old.Text))
			}
		case "drop primary":
			n.change(n.part("primary key", table, ""))
			n.out.drops = append(n.out.drops, n.part("primary key", table, ""))
		case "drop key", "enable constraint", "disable constraint", "time constraint":
			if a.Old.Text != "" {
				n.need(n.part("constraint", table, a.Old.Text))
			}
		}
	}
	n.constraints(table)
}

// constraints are the named constraints that the unit gives to a table.
func (n *nameList) constraints(table ir.QName) {
	for _, m := range constraintsOf(n.unit, relationKey(n.unit, table)) {
		if m.name.Text != "" {
			n.make(n.part("constraint", table, m.name.Text))
		}
		if m.isPrimary() {
			n.make(n.part("primary key", table, ""))
		}
	}
}

// A statement that was refused when it was read has no tree: what it adds is told from its text.
var (
	creates   = regexp.MustCompile(`(?is)^\s*CREATE\s+(?:(?:OR\s+REPLACE|GLOBAL|PRIVATE|TEMPORARY|UNIQUE|BITMAP|FORCE|NO\s*FORCE|EDITIONABLE|NONEDITIONABLE|SHARED|SHARDED|BLOCKCHAIN|IMMUTABLE)\s+)*(TABLE|VIEW|MATERIALIZED\s+VIEW|SEQUENCE|INDEX|TRIGGER|TYPE)\s+(?:IF\s+NOT\s+EXISTS\s+)?((?:[\w$#]+\s*\.\s*)?[\w$#]+)`)
	alterAdds = regexp.MustCompile(`(?is)^\s*ALTER\s+TABLE\s+((?:[\w$#]+\s*\.\s*)?[\w$#]+)\s+ADD\s*\(?\s*(CONSTRAINT\s+)?([\w$#]+)`)
	gathers   = regexp.MustCompile(`(?is)\bDBMS_STATS\s*\.\s*GATHER_TABLE_STATS\s*\((?:[^,;]*,)?\s*(?:TABNAME\s*=>\s*)?'([^']+)'`)
	refreshes = regexp.MustCompile(`(?is)\bDBMS_(?:MVIEW|SNAPSHOT)\s*\.\s*REFRESH\s*\(\s*(?:LIST\s*=>\s*)?'([^']+)'`)
)

func (n *nameList) unread() {
	n.made()
	if m := creates.FindStringSubmatch(n.unit.Text); m != nil && len(n.out.makes) == 0 {
		n.make(n.id(nameSpace(strings.Join(strings.Fields(strings.ToLower(m[1])), " ")), asWritten(m[2])))
		return
	}
	m := alterAdds.FindStringSubmatch(n.unit.Text)
	if m == nil {
		return
	}
	table := asWritten(m[1])
	kind := "column"
	if m[2] != "" {
		kind = "constraint"
	}
	n.make(n.part(kind, table, strings.ToUpper(m[3])))
}

// asWritten is a name without quotes.
func asWritten(text string) (q ir.QName) {
	for _, w := range strings.Split(text, ".") {
		q.Parts = append(q.Parts, ir.Ident{Text: strings.ToUpper(strings.TrimSpace(w))})
	}
	return q
}

// refreshed are the materialized views that the unit brings up to date, and tables whose statistics it gathers.
func (n *nameList) refreshed() {
	if !callsSupplied(n.unit.Text) {
		return
	}
	for _, m := range append(refreshes.FindAllStringSubmatch(n.unit.Text, -1), gathers.FindAllStringSubmatch(n.unit.Text, -1)...) {
		for _, v := range strings.Split(m[1], ",") {
			schema, name, ok := strings.Cut(strings.ToUpper(strings.TrimSpace(v)), ".")
			if !ok {
				schema, name = "", schema
			}
			n.need(n.id("relation", ir.Qualified(schema, name)))
		}
	}
}

// refreshers are the packages that refreshed looks for, behind DBMS_.
var refreshers = []string{"MVIEW", "SNAPSHOT", "STATS"}

// callsSupplied tells a text with the name of one of the refreshers in it.
func callsSupplied(text string) bool {
	for i := strings.IndexByte(text, '_'); i >= 0; {
		if i >= 4 && strings.EqualFold(text[i-4:i], "DBMS") {
			for _, r := range refreshers {
				if rest := text[i+1:]; len(rest) > len(r) && strings.EqualFold(rest[:len(r)], r) {
					return true
				}
			}
		}
		next := strings.IndexByte(text[i+1:], '_')
		if next < 0 {
			return false
		}
		i += 1 + next
	}
	return false
}

// settleNames refuses what names objects that refused statements would have made, until nothing more is found.
func (p *pipeline) settleNames(us []*Unit, all map[*Unit]namesOf) {
	for p.lostOnce(us, all) {
		p.dependents.settleGone(p)
	}
}

// lostOnce goes through the script once; true if something was refused.
func (p *pipeline) lostOnce(us []*Unit, all map[*Unit]namesOf) bool {
	made, lost, some := map[objectID]bool{}, map[objectID]bool{}, false
	s := p.standing(us, all)
	for _, u := range us {
		n, ok := all[u]
		if !ok {
			continue
		}
		if !isGone(u) {
			for _, o := range n.needs {
				if lost[o] && len(u.Outputs) > 0 && !isGone(u) {
					p.refuseNamed(u, o)
					some = true
				}
			}
			if o, is := s.missing(n, made); is && len(u.Outputs) > 0 && !isGone(u) {
				p.refuseNotMade(u, o)
				some = true
			}
		}
		for _, o := range n.drops {
			delete(made, o)
			delete(lost, o)
		}
		for _, o := range n.makes {
			if isGone(u) && !made[o] {
				lost[o] = true
			} else if !isGone(u) {
				made[o] = true
				s.renamed[o] = s.renamed[o] || n.renames
				delete(lost, o)
			}
		}
	}
	return some
}

func isGone(u *Unit) bool { return isRefused(u.Unit) || u.Status == diag.Refused }

// refuseNamed refuses a unit for an object that is not there.
func (p *pipeline) refuseNamed(u *Unit, o objectID) {
	p.refuseFor(u, o.String(), u.Source)
	if p.hollowOut(u) {
		return
	}
	u.Findings = u.Findings.Sort()
	u.Status = diag.Refused
	p.dependents.settle(p, u)
}

// refuseNotMade refuses a unit for what is not there where it stands.
func (p *pipeline) refuseNotMade(u *Unit, o objectID) {
	u.Report(notMadeYet.New(u.Source, "nothing in front of the statement makes %s", o))
	p.refuse(u, notMadeYet.ID, "statement about "+o.String())
	u.Findings = u.Findings.Sort()
	u.Status = diag.Refused
	p.dependents.settle(p, u)
}

// standingNames are the names that the units of a script make, wherever they stand, and the relations that came to their names by a change.
type standingNames struct {
	p             *pipeline
	made, renamed map[objectID]bool
}

func (p *pipeline) standing(us []*Unit, all map[*Unit]namesOf) *standingNames {
	s := &standingNames{p, map[objectID]bool{}, map[objectID]bool{}}
	for _, u := range us {
		if n, ok := all[u]; ok && !isGone(u) {
			for _, o := range n.makes {
				s.made[o] = true
			}
		}
	}
	return s
}

// missing is what a statement changes and nothing in front of it makes, if anything of that is known: what a block of the script makes stands in the catalog.
func (s *standingNames) missing(n namesOf, made map[objectID]bool) (objectID, bool) {
	for _, o := range n.changes {
		table := objectID{kind: "relation", schema: o.schema, name: o.table}
		switch {
		case made[o]:
		case o.table != "":
			if (made[table] || s.made[table]) && !s.renamed[table] {
				return o, true
			}
		case s.made[o], s.p.unknown(o):
			return o, true
		}
	}
	return objectID{}, false
}

// unknown tells that the catalog has nothing of a name either. A sequence that a block makes is made behind what changes sequences.
func (p *pipeline) unknown(o objectID) bool {
	if p.cat.Table(o.schema, o.name) != nil {
		return false
	}
	return len(p.opt.Catalog) == 0 || o.kind != "index" && p.cat.Sequence(o.schema, o.name) == nil
}

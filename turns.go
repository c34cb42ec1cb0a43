package godwit

import (
	"reflect"
	"regexp"
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/types"
	"godwit/parser/scan"
)

// A folder makes each table once, loads its rows behind that, and runs other statements last. Scripts of MySQL that change tables on their way
// (migrations, one behind the other) say something else: rows are for the columns that are there when they come, a copy has the columns of its
// time, a name means another table later. Such a script is converted in the order of its statements, and its folder holds it as one script.

// takenInTurn is told of a script that is kept in its order.
var takenInTurn = &diag.Code{
	ID: "SY0019", Title: "Script that is kept in its order", Severity: diag.Info, Fidelity: diag.Exact,
	Doc: "The input changes, renames or makes anew a table that statements before have used. One definition for each object would not do what the script does, so the folder holds the statements in their order, " +
		"in one file; procedures, functions and events that the script does not call itself stand behind the others.",
	Next: "For one file an object, convert the database itself, or a dump of its last state.",
}

// turns finds the first statement of a script that must be run in its turn.
type turns struct {
	tables   map[string]*turnTable
	fresh    map[string][]*turnTable // those that are not known to have rows, by their bare names
	bases    map[string]bool         // databases that the script has made
	views    map[string]bool         // by their bare names
	triggers bool
	defined  turnMade
	// made counts the tables. Rows may have come to the first hidden ones by what does not name them: routines, triggers, views and texts that are run.
	made, hidden int
}

// turnTable is a table that the script has made.
type turnTable struct {
	number  int  // of those before it
	used    bool // by rows, statements, views, triggers, copies
	filled  bool // by rows and statements
	copied  bool // by LIKE
	gone    bool // dropped
	columns map[string]types.Type
}

// rowHeads are the tables of INSERTs with rows that are read later (see scan.Piece), by their bare names in lower case; unknown tells that other
// statements stand among them.
type rowHeads struct {
	names   map[string]bool
	last    string // the last head
	unknown bool
}

// headTable finds the bare name of the table in the head of an INSERT.
var headTable = regexp.MustCompile("(?is)^\\s*(?:insert|replace)\\s+(?:(?:low_priority|delayed|high_priority|ignore|into)\\s+)*" +
	"(?:(?:`[^`]*`|\"[^\"]*\"|[\\w$]+)\\s*\\.\\s*)?(?:`([^`]+)`|\"([^\"]+)\"|([\\w$]+))\\s*(?:\\(|values?\\b)")

func (h *rowHeads) add(piece scan.Piece) {
	head := piece.Head()
	if h.unknown || head == h.last && head != "" {
		return
	}
	m := headTable.FindStringSubmatch(head)
	if m == nil {
		h.unknown = true
		return
	}
	if h.last = head; h.names == nil {
		h.names = map[string]bool{}
	}
	h.names[strings.ToLower(m[1]+m[2]+m[3])] = true
}

// turns tells that the scripts may have to be kept in their order.
func (s *streaming) turns() bool { return s.p.opt.From != dialect.Oracle && !s.all && !s.apart }

// inTurn is the first statement for which the script has to be run in its order, and why; nil if there is none. into are the rows that are not among
// the units, by the unit that they stand before.
func (p *pipeline) inTurn(us []*Unit, into map[int]*rowHeads) (*Unit, string) {
	if p.opt.From == dialect.Oracle {
		return nil, ""
	}
	t := &turns{tables: map[string]*turnTable{}, fresh: map[string][]*turnTable{}, bases: map[string]bool{}, views: map[string]bool{}}
	for i, u := range us {
		if h := into[i]; h != nil {
			t.rows(h)
		}
		if len(u.Stmts) != 1 {
			continue
		}
		if why := t.statement(u, u.Stmts[0]); why != "" {
			return u, why
		}
		if why := t.defined.again(u); why != "" {
			return u, why
		}
		if t.writesUnnamed(u, u.Stmts[0]) {
			t.hidden = t.made
		}
	}
	return nil, ""
}

// writesUnnamed tells a statement that may change the rows of tables that it does not name.
func (t *turns) writesUnnamed(u *Unit, s ir.Stmt) bool {
	switch s := s.(type) {
	case *ir.CreateView:
		t.views[strings.ToLower(s.Name.Name())] = true
		return false
	case *ir.CreateTrigger:
		t.triggers = true
		return false
	case *ir.Routine, *ir.CreateEvent:
		return false
	case *ir.Execute:
		return true
	case *ir.Insert, *ir.Update, *ir.Delete:
		if t.triggers || len(t.views) > 0 && t.namesView(s) {
			return true
		}
	}
	return len(callsOf(u)) > 0
}

func (t *turns) namesView(s ir.Node) bool {
	found := false
	ir.Walk(s, func(n ir.Node) bool {
		if r, ok := n.(*ir.TableRef); ok {
			found = found || t.views[strings.ToLower(r.Name.Name())]
		}
		return !found
	})
	return found
}

func (t *turns) isUsed(x *turnTable) bool   { return x.used || x.number < t.hidden }
func (t *turns) isFilled(x *turnTable) bool { return x.filled || x.number < t.hidden }

// rows notes the tables that rows go to. Those that have some are not looked at again.
func (t *turns) rows(h *rowHeads) {
	names := h.names
	if h.unknown {
		names = map[string]bool{}
		for name := range t.fresh {
			names[name] = true
		}
		if t.triggers || len(t.views) > 0 {
			t.hidden = t.made
		}
		t.defined.runAll()
	}
	for name := range names {
		if t.triggers || t.views[name] {
			t.hidden = t.made
		}
		for _, x := range t.fresh[name] {
			x.used, x.filled = true, true
		}
		t.defined.run("v\x00" + name)
		delete(t.fresh, name)
	}
}

func turnKey(u *Unit, q ir.QName) string { return strings.ToLower(relationKey(u, q)) }

// statement notes what a statement does, and tells why it has a meaning in its turn only.
func (t *turns) statement(u *Unit, s ir.Stmt) string {
	switch s := s.(type) {
	case *ir.CreateTable:
		return t.table(u, s)
	case *ir.AlterTable:
		if s.Table == nil {
			return ""
		}
		if x := t.tables[turnKey(u, s.Table.Name)]; x != nil {
			return t.altered(x, s)
		}
	case *ir.RenameTables:
		if slices.ContainsFunc(s.Pairs, func(pair [2]ir.QName) bool { return t.tables[turnKey(u, pair[0])] != nil }) {
			return "RENAME TABLE"
		}
	case *ir.CreateSchema:
		t.bases[strings.ToLower(s.Name.Text)] = true
	case *ir.Drop:
		if s.Kind == "schema" && slices.ContainsFunc(s.Names, func(q ir.QName) bool { return t.bases[strings.ToLower(q.Name())] }) {
			return "a database that is dropped"
		}
		if s.Kind == "table" {
			for _, q := range s.Names {
				if x := t.tables[turnKey(u, q)]; x != nil {
					x.gone = true
				}
			}
		}
	case *ir.CreateView:
		if x := t.tables[turnKey(u, s.Name)]; x != nil && x.gone && t.isFilled(x) {
			return "a view in the place of a table with rows"
		}
		t.uses(u, s)
	case *ir.Delete:
		if u.idle = t.nothingIn(u, s); !u.idle {
			t.uses(u, s)
		}
	case *ir.CreateIndex, *ir.Routine, *ir.CreateEvent, *ir.Grant, *ir.CommentOn:
		// indexes follow their table, programs look at it when they run
	default:
		t.uses(u, s)
	}
	return ""
}

// nothingIn tells a DELETE of all rows of a table that the script has made and that has none yet; dumps of HeidiSQL have it in front of the rows.
func (t *turns) nothingIn(u *Unit, s *ir.Delete) bool {
	if len(s.From) != 1 || len(s.Targets) > 0 || s.Where != nil || s.Limit != nil || s.With != nil {
		return false
	}
	r, ok := s.From[0].(*ir.TableRef)
	if !ok {
		return false
	}
	x := t.tables[turnKey(u, r.Name)]
	return x != nil && !t.isFilled(x) && !x.gone
}

func (t *turns) uses(u *Unit, s ir.Node) {
	defined := false // nothing is stored
	switch s.(type) {
	case *ir.CreateView, *ir.CreateTrigger:
		defined = true
	}
	ir.Walk(s, func(n ir.Node) bool {
		if r, ok := n.(*ir.TableRef); ok {
			if x := t.tables[turnKey(u, r.Name)]; x != nil {
				x.used = true
				x.filled = x.filled || !defined
			}
		}
		return true
	})
}

// table notes a table.
func (t *turns) table(u *Unit, s *ir.CreateTable) string {
	if s.Temporary {
		if s.As != nil {
			t.uses(u, s.As)
		}
		return ""
	}
	key := turnKey(u, s.Name)
	if x := t.tables[key]; x != nil && (x.gone || s.OrReplace) {
		return "a table that is made again"
	} else if x != nil && s.IfNotExists {
		return ""
	}
	x := &turnTable{number: t.made, columns: map[string]types.Type{}}
	t.made++
	for _, c := range s.Columns {
		x.columns[strings.ToLower(c.Name.Text)] = c.Type
	}
	if s.Like != nil {
		if from := t.tables[turnKey(u, *s.Like)]; from != nil {
			from.copied = true
			x.columns = from.columns
		}
	}
	if s.As != nil {
		t.uses(u, s.As)
		x.used = true
	}
	name := strings.ToLower(s.Name.Name())
	t.tables[key], t.fresh[name] = x, append(t.fresh[name], x)
	return ""
}

// altered tells why a change of a table has to be made in its turn.
func (t *turns) altered(x *turnTable, s *ir.AlterTable) string {
	for _, a := range s.Actions {
		switch a.Kind {
		case "rename":
			return "ALTER TABLE ... RENAME"
		case "rename column":
			return "a column that gets another name"
		case "change column":
			if a.Column != nil && !strings.EqualFold(a.Old.Text, a.Column.Name.Text) {
				return "a column that gets another name"
			}
		}
		if x.copied {
			return "a change of a table that was copied"
		}
		if !t.isUsed(x) {
			continue
		}
		switch a.Kind {
		case "add column", "drop column":
			return "a change of the columns of a table with rows"
		case "change column", "modify column":
			if a.Position != "" || a.Column != nil && otherFamily(x.columns[strings.ToLower(a.Column.Name.Text)], a.Column.Type) {
				return "a change of a column of a table with rows"
			}
		}
	}
	return ""
}

// otherFamily tells types whose values are written in different ways.
func otherFamily(was, is types.Type) bool {
	return was != nil && is != nil && reflect.TypeOf(was) != reflect.TypeOf(is)
}

// programsLast puts procedures, functions and events behind all others, as they look at tables when they run: those that no other statement of the
// script calls, and that it does not drop.
func programsLast(us []*Unit) []*Unit {
	called, dropped := map[string]bool{}, lastDrops(us)
	stays := func(i int, u *Unit) bool {
		p := routineOf(u)
		return p != nil && (called[strings.ToLower(p.Name.Name())] || dropped[programKey(u)] > i)
	}
	for _, u := range us {
		if routineOf(u) == nil && !isEvent(u) {
			for _, c := range callsOf(u) {
				called[strings.ToLower(c.name.Name())] = true
			}
		}
	}
	for more := true; more; {
		more = false
		for i, u := range us {
			if !stays(i, u) {
				continue
			}
			for _, c := range callsOf(u) {
				if name := strings.ToLower(c.name.Name()); !called[name] {
					called[name], more = true, true
				}
			}
		}
	}
	out, last := make([]*Unit, 0, len(us)), []*Unit(nil)
	for i, u := range us {
		if routineOf(u) != nil && !stays(i, u) || isEvent(u) && dropped[programKey(u)] <= i {
			last = append(last, u)
			continue
		}
		last = withoutBase(last, u)
		out = append(out, u)
	}
	return append(out, last...)
}

// withoutBase leaves programs out whose database the unit drops.
func withoutBase(programs []*Unit, u *Unit) []*Unit {
	if len(u.Stmts) != 1 {
		return programs
	}
	s, ok := u.Stmts[0].(*ir.Drop)
	if !ok || s.Kind != "schema" {
		return programs
	}
	return slices.DeleteFunc(programs, func(p *Unit) bool {
		in := p.Schema
		if r := routineOf(p); r != nil && r.Name.Schema() != "" {
			in = r.Name.Schema()
		}
		return slices.ContainsFunc(s.Names, func(q ir.QName) bool { return strings.EqualFold(q.Name(), in) })
	})
}

// lastDrops is where programs are dropped last, by their keys.
func lastDrops(us []*Unit) map[string]int {
	out := map[string]int{}
	for i, u := range us {
		if len(u.Stmts) == 1 {
			if d, ok := u.Stmts[0].(*ir.Drop); ok {
				for _, q := range d.Names {
					out[d.Kind+"\x00"+turnKey(u, q)] = i
				}
			}
		}
	}
	return out
}

// programKey names a routine, a trigger or an event as a statement that drops it does, "" if the unit makes none.
func programKey(u *Unit) string {
	if len(u.Stmts) != 1 {
		return ""
	}
	switch s := u.Stmts[0].(type) {
	case *ir.Routine:
		kind := "procedure"
		if s.Kind == catalog.Function {
			kind = "function"
		}
		return kind + "\x00" + turnKey(u, s.Name)
	case *ir.CreateTrigger:
		return "trigger\x00" + turnKey(u, s.Name)
	case *ir.CreateEvent:
		return "event\x00" + turnKey(u, s.Name)
	}
	return ""
}

func routineOf(u *Unit) *ir.Routine {
	if len(u.Stmts) != 1 {
		return nil
	}
	r, _ := u.Stmts[0].(*ir.Routine)
	return r
}

func isEvent(u *Unit) bool {
	if len(u.Stmts) != 1 {
		return false
	}
	_, ok := u.Stmts[0].(*ir.CreateEvent)
	return ok
}

// definitionsInTurn converts a script that is kept in its order.
func (d *dump) definitionsInTurn() {
	r := d.beginTurns()
	defer r.end()
	for i := range d.units {
		r.step(i)
	}
}

func (d *dump) beginTurns() *turnRun {
	d.units = programsLast(d.units)
	basesAgain(d.units)
	d.c.General.Add(takenInTurn.New(d.turn.Source, "the first such statement: %s", d.turnWhy))
	d.c.turned = true
	return d.p.beginTurns(d.c, d.units, d.p.newLaterForms(nil))
}

// basesAgain marks the statements that drop a database which the script has made, or make it again.
func basesAgain(us []*Unit) {
	made := map[string]bool{}
	for _, u := range us {
		if len(u.Stmts) != 1 {
			continue
		}
		switch s := u.Stmts[0].(type) {
		case *ir.CreateSchema:
			name := strings.ToLower(s.Name.Text)
			u.again, made[name] = made[name], true
		case *ir.Drop:
			u.again = s.Kind == "schema" && slices.ContainsFunc(s.Names, func(q ir.QName) bool { return made[strings.ToLower(q.Name())] })
		}
	}
}

// apartFromTurns tells units that are laid out in files of their own all the same.
func apartFromTurns(u *Unit) bool {
	if u.again {
		return false
	}
	if u.Kind == rightsKind || u.Kind == "schema" || len(u.Stmts) == 0 {
		return true
	}
	switch s := u.Stmts[0].(type) {
	case *ir.Use:
		return true
	case *ir.Drop:
		return s.Kind == "schema"
	}
	return false
}

// inTurn writes a unit behind the others, into one file.
func (l *layout) inTurn(u *Unit) {
	b := l.at("other", "", "script")
	if u.Status == diag.Refused {
		l.comment(b, u)
		return
	}
	shared, rest := shareFindings(u)
	findings := slices.Clone(rest)
	for i, o := range u.Outputs {
		if findings = append(findings, shared[i]...); onlyComment(o.SQL) {
			continue
		}
		if o.Schema != "" && o.Schema != "pg_temp" {
			l.schemas[o.Schema] = true
		}
		if b.any {
			b.write("\n")
		}
		b.write(findingComments(findings))
		findings = nil
		l.statement(b, o, u.rows)
	}
}

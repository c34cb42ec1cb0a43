// Package triggers holds the rule that makes a trigger function and a trigger of a trigger with a body.
package triggers

import (
	"fmt"
	"hash/fnv"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/feature"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/tree"
)

const code = "TR0101"

var (
	generated = &diag.Code{
		ID: "TR0102", Title: "A BEFORE INSERT trigger reads a generated number", Severity: diag.Warning, Fidelity: diag.Approximate,
		Doc:  "On the source NEW.column of an AUTO_INCREMENT column is 0 in a BEFORE INSERT trigger; on the target the number has been taken already.",
		Next: "Check what the trigger does with the number.", Each: 0.5,
	}
	rejected = &diag.Code{
		ID: "TR0108", Title: "A BEFORE INSERT trigger rejects rows of a table with generated numbers", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "The source runs BEFORE INSERT triggers before it generates the number of an AUTO_INCREMENT column: a row that the trigger rejects takes none. On the target the number is taken, and the next row gets the one behind it. Assumed: nobody minds gaps.",
		Next: "Nothing, unless the numbers have to follow one another.",
	}
	numbered = &diag.Code{
		ID: "TR0880", Title: "A trigger takes generated numbers for rows that are changed or deleted", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "A statement that changes or deletes several rows fires the trigger in the order in which it meets the rows, which is no order that a server promises. The numbers that the trigger's rows get follow it. Assumed: nobody minds which row has which number.",
		Next: "Nothing, unless the numbers have to follow the rows of the table.",
	}
	cascades = &diag.Code{
		ID: "TR0103", Title: "Foreign key actions fire triggers", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  "On the source the actions of foreign keys (CASCADE, SET NULL) fire no triggers, on the target they do. Here the table that is referred to is not known, so that the trigger cannot tell such rows.",
		Next: "Check what the trigger does when a parent row changes.", Each: 0.2,
	}
	spares = &diag.Code{
		ID: "TR0107", Title: "A trigger leaves rows out that foreign keys change", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: "On the source the actions of foreign keys (CASCADE, SET NULL) fire no triggers, on the target they do. The trigger knows such a row by the row that it refers to, which is gone. It is assumed that no " +
			"statement moves keys of the other table onto one another, or deletes rows of both tables (MySQL Reference Manual, FOREIGN KEY Constraints).",
		Next: "Nothing, unless there are such statements.",
	}
	ownTable = &diag.Code{
		ID: "TR0104", Title: "An AFTER trigger reads the table it belongs to", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  "The source runs AFTER triggers row by row while the statement goes on, the target when all rows are changed. A statement that changes several rows shows the trigger another state of the table.",
		Next: "Check statements that change several rows.", Each: 0.5,
	}
	noneBefore = &diag.Code{
		ID: "TR0106", Title: "FOLLOWS or PRECEDES of a trigger that is not known", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  "FOLLOWS and PRECEDES name a trigger of the same table, time and event; the source refuses a trigger that names another. It is converted as the only one.",
		Next: "Convert the trigger that it names with it, or remove the clause.", Each: 0.2,
	}
	order = &diag.Code{
		ID: "TR0105", Title: "The order of triggers cannot be kept", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "Triggers fire in the order of their names on the target. No name fits between those of the triggers that are there already.",
		Next: "Convert all triggers of the table together.", Each: 0.3,
	}
)

// Rule is TR0101.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "triggers",
		Doc: `CREATE TRIGGER (MySQL Reference Manual, "CREATE TRIGGER Statement") has a body of its own; the target calls a function, which
returns the row to store (NEW), the row to delete (OLD) or, after the event, nothing. Triggers of a table, timing and event run in the order of creation,
FOLLOWS and PRECEDES; on the target in the order of their names, so that names are chosen to sort.`,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE t (id INT PRIMARY KEY, v INT);",
			Source: "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.v = 1;",
			Target: "CREATE OR REPLACE FUNCTION t_g()\nRETURNS trigger\nLANGUAGE plpgsql\nAS $$\nBEGIN\n  NEW.v := 1;\n  RETURN new;\nEND;\n$$;\nCREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION t_g();",
		}},
		Feature:  feature.TriggerBodies,
		Fidelity: diag.Exact,
		Findings: []*diag.Code{generated, rejected, cascades, spares, ownTable, noneBefore, order, numbered},
		After: map[string]string{
			"handlers": "the end of the body gets a RETURN that no handler is for",
			"signal":   "as above",
		},
		Prepare: prepare,
		Looks:   ir.Kinds(ir.KindCreateTrigger),
		Run: func(p *rewrite.Pass) {
			for k, s := range p.Unit.Stmts {
				t, ok := s.(*ir.CreateTrigger)
				switch {
				case !ok || t.Target != nil: // a rule made it
				case p.Session.InOrder && !entered(p, t):
					p.Unit.Stmts[k] = refusal(t)
				default:
					trigger(p, t)
				}
			}
		},
	}
}

const sessionKey = "triggers"

// group is the triggers of one table, timing and event in firing order.
type group struct {
	timing, events string // in lower case
	members        []*member
}

type member struct {
	name, target string
	sets         []string // the columns of the new row that it sets, in lower case
}

// groups are the triggers that a session knows.
type groups struct {
	of      map[string]*group   // by table, timing and events
	byTable map[string][]*group // by the table's name without a schema, in lower case
	entered int                 // how many triggers
}

// ofTable lists the triggers of a table of this name, in whatever schema, that fire for an event.
func ofTable(p *rewrite.Pass, table ir.QName, event string) (out []*group) {
	m, _ := p.Session.Values[sessionKey].(*groups)
	if m == nil {
		return nil
	}
	for _, g := range m.byTable[strings.ToLower(table.Name())] {
		if len(g.members) > 0 && g.events == event {
			out = append(out, g)
		}
	}
	return out
}

// Sets are the columns of the new row, in lower case, that triggers of the table and event set; fires tells that there are triggers.
func Sets(p *rewrite.Pass, table ir.QName, event string) (columns map[string]bool, fires bool) {
	columns = map[string]bool{}
	for _, g := range ofTable(p, table, event) {
		for _, x := range g.members {
			fires = true
			for _, c := range x.sets {
				columns[c] = true
			}
		}
	}
	return columns, fires
}

// Before tells that the session knows a trigger of the table that fires before the event.
func Before(p *rewrite.Pass, table ir.QName, event string) bool {
	return slices.ContainsFunc(ofTable(p, table, event), func(g *group) bool { return g.timing == "before" })
}

// On tells that the session knows a trigger of the table for the event.
func On(p *rewrite.Pass, table ir.QName, event string) bool { return len(ofTable(p, table, event)) > 0 }

// Any tells that the session knows a trigger.
func Any(p *rewrite.Pass) bool {
	m, _ := p.Session.Values[sessionKey].(*groups)
	return m != nil && m.entered > 0
}

// newColumns are the columns of the new row, in lower case, that a trigger's body sets.
func newColumns(t *ir.CreateTrigger) (out []string) {
	for _, c := range assigned(t) {
		out = append(out, strings.ToLower(c.Parts[len(c.Parts)-1].Text))
	}
	return out
}

// assigned are the columns of the new row where a trigger's body sets them.
func assigned(t *ir.CreateTrigger) (out []*ir.Name) {
	add := func(e ir.Expr) {
		if c, ok := e.(*ir.Name); ok && len(c.Parts) > 1 && strings.EqualFold(c.Parts[0].Text, "new") {
			out = append(out, c)
		}
	}
	ir.Walk(t.Body, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.SetItem:
			add(n.Target)
		case *ir.Select:
			for _, e := range n.Into {
				add(e)
			}
		}
		return true
	})
	return out
}

func groupOf(p *rewrite.Pass, t *ir.CreateTrigger) *group {
	m := known(p)
	k := strings.ToLower(t.Table.Name.String() + " " + t.Timing + " " + strings.Join(t.Events, ","))
	g := m.of[k]
	if g == nil {
		g = &group{timing: strings.ToLower(t.Timing), events: strings.ToLower(strings.Join(t.Events, ","))}
		table := strings.ToLower(t.Table.Name.Name())
		m.of[k], m.byTable[table] = g, append(m.byTable[table], g)
	}
	return g
}

func known(p *rewrite.Pass) *groups {
	m, _ := p.Session.Values[sessionKey].(*groups)
	if m == nil {
		m = &groups{of: map[string]*group{}, byTable: map[string][]*group{}}
		p.Session.Values[sessionKey] = m
	}
	return m
}

// prepare enters a trigger at its place in the firing order.
func prepare(p *rewrite.Pass) {
	for _, s := range p.Unit.Stmts {
		t, ok := s.(*ir.CreateTrigger)
		if !ok || t.Table == nil {
			continue
		}
		g := groupOf(p, t)
		at, found := len(g.members), t.Follows == "" && t.Precedes == ""
		for i, m := range g.members {
			found = found || strings.EqualFold(m.name, t.Follows) || strings.EqualFold(m.name, t.Precedes)
			if t.Follows != "" && strings.EqualFold(m.name, t.Follows) {
				at = i + 1
			}
			if t.Precedes != "" && strings.EqualFold(m.name, t.Precedes) {
				at = i
			}
		}
		if !found {
			if !p.Session.InOrder {
				p.Report(noneBefore, t.Span, "no trigger %s of the same table and event is known", t.Follows+t.Precedes)
			}
			continue
		}
		known(p).entered++
		g.members = append(g.members[:at:at], append([]*member{{name: t.Name.Name(), sets: newColumns(t)}}, g.members[at:]...)...)
	}
}

// entered tells that the trigger has its place in the firing order.
func entered(p *rewrite.Pass, t *ir.CreateTrigger) bool {
	if t.Table == nil || t.Follows+t.Precedes == "" {
		return true
	}
	for _, m := range groupOf(p, t).members {
		if strings.EqualFold(m.name, t.Name.Name()) {
			return true
		}
	}
	return false
}

// refusal raises the error that the source raises for a trigger that names none of its table, time and event.
func refusal(t *ir.CreateTrigger) ir.Stmt {
	text := strings.ReplaceAll(fmt.Sprintf("Referenced trigger '%s' for the given action time and event type does not exist.", t.Follows+t.Precedes), "'", "''")
	s := &ir.RawStmt{Text: "DO $$ BEGIN RAISE EXCEPTION USING MESSAGE = '" + strings.ReplaceAll(text, "$$", "") + "'; END $$"}
	s.Span, s.Lead, s.Trail = t.Span, t.Lead, t.Trail
	s.Made(code)
	return s
}

func trigger(p *rewrite.Pass, t *ir.CreateTrigger) {
	t.ForEachRow = true
	t.TargetName = targetName(p, t)
	name := strings.ToLower(t.Table.Name.Name() + "_" + t.Name.Name())
	t.Function = ir.Qualified(schema(t), name)
	t.Target = &ir.TargetRoutine{Function: true, Language: "plpgsql", Returns: "trigger"}
	t.Target.Span = t.Span
	t.Target.Made(code)
	fitting := ranges(p, t)
	t.Body = returning(t)
	if b, ok := t.Body.(*ir.Block); ok {
		b.Body = append(fitting, b.Body...)
	}
	report(p, t)
}

func schema(t *ir.CreateTrigger) string {
	if t.Table.Table != nil {
		return t.Table.Table.Schema
	}
	return t.Table.Name.Schema()
}

// targetName finds a name that sorts between the neighbours.
func targetName(p *rewrite.Pass, t *ir.CreateTrigger) string {
	g := groupOf(p, t)
	named := false
	for _, m := range g.members {
		named = named || m.target != ""
	}
	if !named {
		g.nameAll()
	}
	for i, m := range g.members {
		if strings.EqualFold(m.name, t.Name.Name()) {
			if m.target == "" && !g.squeeze(i) {
				rewrite.Refuse(p, order, t.Span, "trigger %s: no name sorts to its place", t.Name)
			}
			return m.target
		}
	}
	return strings.ToLower(t.Name.Name())
}

// nameAll names the triggers known so far: as they are called where that sorts, else with numbers.
func (g *group) nameAll() {
	names := make([]string, len(g.members))
	for i, m := range g.members {
		names[i] = short(strings.ToLower(m.name))
	}
	sorted := sort.StringsAreSorted(names)
	for i, m := range g.members {
		m.target = names[i]
		if !sorted {
			m.target = fmt.Sprintf("t%02d_%s", i+1, names[i])
		}
	}
}

// short cuts a name so that a number fits in front of it; the names of the triggers of a table stay different.
func short(name string) string {
	const most = 57
	if len(name) <= most {
		return name
	}
	sum := fnv.New32a()
	sum.Write([]byte(name))
	cut := most - 9
	for !utf8.RuneStart(name[cut]) {
		cut--
	}
	return fmt.Sprintf("%s_%08x", name[:cut], sum.Sum32())
}

// squeeze names a trigger that came later, between those that have names.
func (g *group) squeeze(i int) bool {
	before, after := "", "\xff"
	for _, m := range g.members[:i] {
		if m.target != "" {
			before = m.target
		}
	}
	for k := len(g.members) - 1; k > i; k-- {
		if g.members[k].target != "" {
			after = g.members[k].target
		}
	}
	own := short(strings.ToLower(g.members[i].name))
	for _, c := range []string{own, before + "_" + own, "_" + own, "__" + own} {
		if before < c && c < after {
			g.members[i].target = c
			return true
		}
	}
	return false
}

// returning ends the body with what the target's trigger function returns.
func returning(t *ir.CreateTrigger) ir.Stmt {
	var value ir.Expr = &ir.Null{}
	if t.Timing == "before" {
		word := "NEW"
		if len(t.Events) == 1 && t.Events[0] == "delete" {
			word = "OLD"
		}
		d := &ir.VarDecl{Name: ir.Ident{Text: word}, TargetName: strings.ToLower(word)}
		value = &ir.Name{Parts: []ir.Ident{{Text: word}}, Ref: &ir.VarRef{Decl: d}}
	}
	ret := &ir.Return{Value: value}
	ret.Span = t.Body.Base().Span
	ret.Made(code)
	b, ok := t.Body.(*ir.Block)
	if !ok || len(b.Except) > 0 || b.Label != "" {
		out := &ir.Block{Body: append(control.List(t.Body), ret)}
		if ok && len(b.Except) == 0 && !control.LeavesLabel(b.Body, b.Label) {
			out.Decls, out.Body = b.Decls, append(b.Body, ret)
		}
		out.Span = t.Body.Base().Span
		return out
	}
	b.Body = append(b.Body, ret)
	return b
}

func report(p *rewrite.Pass, t *ir.CreateTrigger) {
	takesNumbers(p, t)
	if isBeforeInsert(t) && t.Table.Table != nil && tree.AutoIncrement(t.Table.Table) != nil && control.OfStmt(t.Body)&control.Errors != 0 {
		p.Report(rejected, t.Span, "a row of %s that the trigger rejects has taken a number on the target", t.Table.Name)
	}
	table := t.Table.Table
	if t.Timing == "before" && t.Events[0] == "insert" {
		ir.Walk(t.Body, func(n ir.Node) bool {
			if x, ok := n.(*ir.Name); ok {
				if r, ok := x.Ref.(*ir.RowRef); ok && r.New && r.Column != nil && r.Column.AutoIncrement {
					p.Report(generated, x.Span, "NEW.%s is 0 on the source, the new number on the target", r.Column.Name)
				}
			}
			return true
		})
	}
	if table == nil {
		return
	}
	own := t.Timing == "after" && reads(t.Body, table)
	if t.Events[0] != "insert" && acts(table, t.Events[0]) {
		if spared(p.Catalog, t) {
			p.Report(spares, t.Span, "trigger %s leaves rows out that a foreign key of %s changes", t.Name, table.Name)
		} else {
			p.Report(cascades, t.Span, "trigger %s also fires for rows that a foreign key of %s changes", t.Name, table.Name)
		}
	}
	if own {
		p.Report(ownTable, t.Span, "trigger %s reads its own table %s", t.Name, table.Name)
	}
}

// acts tells that a foreign key of the table changes its rows on this event.
func acts(t *catalog.Table, event string) bool {
	return slices.ContainsFunc(t.ForeignKeys, func(f *catalog.ForeignKey) bool { return acting(f, event) })
}

func changes(action string) bool {
	switch strings.ToUpper(action) {
	case "CASCADE", "SET NULL", "SET DEFAULT":
		return true
	}
	return false
}

func reads(body ir.Stmt, table *catalog.Table) bool {
	return ir.Find(body, func(n ir.Node) bool {
		r, ok := n.(*ir.TableRef)
		return ok && r.Table == table
	})
}

func isBeforeInsert(t *ir.CreateTrigger) bool {
	return strings.EqualFold(t.Timing, "before") && slices.ContainsFunc(t.Events, func(e string) bool { return strings.EqualFold(e, "insert") })
}

// takesNumbers reports a trigger that takes generated numbers for rows that are changed or deleted.
func takesNumbers(p *rewrite.Pass, t *ir.CreateTrigger) {
	if !t.ForEachRow || !slices.ContainsFunc(t.Events, func(e string) bool { return strings.EqualFold(e, "update") || strings.EqualFold(e, "delete") }) {
		return
	}
	ir.Find(t.Body, func(n ir.Node) bool {
		i, ok := n.(*ir.Insert)
		if !ok || i.Table == nil || i.Table.Table == nil || tree.AutoIncrement(i.Table.Table) == nil {
			return false
		}
		p.Report(numbered, i.Span, "the numbers of %s follow the order in which rows of %s are met", i.Table.Name, t.Table.Name)
		return true
	})
}

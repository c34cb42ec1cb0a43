// Package roworder holds the rule for AFTER triggers for each row, which the target fires behind all rows of the statement.
package roworder

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/datatypes"
)

const code = "TR0792"

var (
	early = &diag.Code{
		ID: "TR0793", Title: "An AFTER trigger that fires before its row is stored", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `On the target the trigger is the last BEFORE trigger of its row, as what it does and what the BEFORE triggers of other rows do depend on each other. It fires before the row's constraints are
checked. Assumed: nobody goes on with variables of packages or numbers of sequences that it has changed for a row that then fails.`,
		Next: "Nothing.",
	}
	late = &diag.Code{
		ID: "TR0794", Title: "An AFTER trigger that fires behind the BEFORE triggers of all rows", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc: `On the source the AFTER triggers of a row fire before the BEFORE triggers of the next row, on the target behind those of all rows that the statement changes. The trigger and a BEFORE trigger of its
table depend on each other: on variables, sequences or tables that one of them changes. It cannot fire before its row is stored, as it needs the stored row.`,
		Next: "Look at statements that change several rows, or do the work of both triggers in one.", Each: 0.3,
	}
)

// Rule is TR0792.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "row-order",
		Doc: `A statement fires the BEFORE triggers of a row, changes it and fires its AFTER triggers, then goes to the next row (PL/SQL Language Reference, "Order in Which Triggers Fire"). PostgreSQL
fires the AFTER triggers of all rows at the end of the statement. Where that shows, because an AFTER trigger and a BEFORE trigger for each row use what the other one changes, the AFTER trigger becomes the
last BEFORE trigger of its row. It stays where it needs the stored row: rows that refer to it, or its virtual columns.`,
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Setup: "CREATE TABLE t (id NUMBER);\nCREATE TABLE l (n NUMBER GENERATED ALWAYS AS IDENTITY, s VARCHAR2(9));\n" +
				"CREATE TRIGGER b BEFORE INSERT ON t FOR EACH ROW BEGIN INSERT INTO l (s) VALUES ('before'); END;\n/",
			Source: "CREATE TRIGGER a AFTER INSERT ON t FOR EACH ROW BEGIN INSERT INTO l (s) VALUES ('after'); END;\n/",
			Target: "CREATE OR REPLACE FUNCTION t_zz_a()\nRETURNS trigger\nLANGUAGE plpgsql\nAS $$\nBEGIN\n  INSERT INTO l (s) VALUES ('after');\n  RETURN new;\nEND;\n$$;\n" +
				"CREATE TRIGGER zz_a BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION t_zz_a();",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{early, late},
		After:    map[string]string{"compound-triggers": "sections are triggers of their own"},
		Looks:    ir.Kinds(ir.KindCreateTrigger, ir.KindRoutine, ir.KindPackage, ir.KindRoutineDecl),
		Prepare:  prepare,
		Run: func(p *rewrite.Pass) {
			for _, s := range p.Unit.Stmts {
				if t, ok := s.(*ir.CreateTrigger); ok && t.ForEachRow && t.Timing == "after" && t.Body != nil && t.Target == nil {
					place(p, t)
				}
			}
		},
	}
}

// row is a trigger, or a section of one, that fires for each row.
type row struct {
	name    string
	events  []string
	after   bool
	does    *effects
	columns bool // it reads virtual columns of its row
}

// known is what the rule knows of the session's triggers and routines.
type known struct {
	rows     map[*catalog.Table][]*row
	others   map[*catalog.Table][]*effects // of triggers for whole statements
	routines map[*catalog.Routine]*effects
	early    map[*catalog.Table]map[string]bool // the names of triggers that fire with the BEFORE triggers
	last     map[string]int                     // by table and event, where the script has its last BEFORE trigger for each row
}

const key = "row-order.known"

func knownOf(p *rewrite.Pass) *known {
	k, _ := p.Session.Values[key].(*known)
	if k == nil {
		k = &known{rows: map[*catalog.Table][]*row{}, others: map[*catalog.Table][]*effects{}, routines: map[*catalog.Routine]*effects{}}
		p.Session.Values[key] = k
	}
	return k
}

// prepare notes what triggers and routines do.
func prepare(p *rewrite.Pass) {
	k := knownOf(p)
	for _, s := range p.Unit.Stmts {
		if t, ok := s.(*ir.CreateTrigger); ok {
			k.trigger(t)
		}
		ir.Walk(s, func(n ir.Node) bool {
			if r, ok := n.(*ir.Routine); ok && r.Object != nil && r.Body != nil {
				k.routines[r.Object] = effectsOf(r.Body)
			}
			_, expr := n.(ir.Expr)
			return !expr
		})
	}
	k.early = nil
}

func (k *known) trigger(t *ir.CreateTrigger) {
	if t.Table == nil || t.Table.Table == nil {
		return
	}
	table, name := t.Table.Table, strings.ToLower(t.Name.Name())
	if t.Body != nil {
		e := effectsOf(t.Body)
		if !t.ForEachRow || t.Timing == "instead of" {
			k.others[table] = append(k.others[table], e)
			return
		}
		k.rows[table] = append(k.rows[table], &row{name: name, events: t.Events, after: t.Timing == "after", does: e, columns: virtual(t.Body)})
	}
	for _, s := range t.Sections {
		e := effectsOf(s.Body)
		if !strings.HasSuffix(s.Timing, "each row") {
			k.others[table] = append(k.others[table], e)
			continue
		}
		k.rows[table] = append(k.rows[table], &row{name: name, events: t.Events, after: s.Timing == "after each row", does: e, columns: virtual(s.Body)})
	}
}

// virtual tells that a trigger reads a column of its row that the target computes when it stores the row.
func virtual(body ir.Node) bool {
	return ir.Find(body, func(n ir.Node) bool {
		x, ok := n.(*ir.Name)
		if !ok {
			return false
		}
		r, ok := x.Ref.(*ir.RowRef)
		return ok && r.New && r.Column != nil && r.Column.Generated != catalog.NotGenerated
	})
}

// place lets an AFTER trigger fire with the BEFORE triggers of its row where that makes a difference.
func place(p *rewrite.Pass, t *ir.CreateTrigger) {
	k := knownOf(p)
	table := t.Table.Table
	if table == nil || !k.meets(p, t) {
		return
	}
	name := "zz_" + datatypes.Fold(t.Name.Name())
	if t.TargetName != "" {
		name = "zz_" + t.TargetName
	}
	why := k.stays(p, t, name)
	if why != "" {
		p.Report(late, t.Span, "trigger %s: %s", t.Name, why)
		return
	}
	t.Timing, t.TargetName = "before", name
	t.Made(code)
	p.Report(early, t.Span, "trigger %s", t.Name)
}

// meets tells that an AFTER trigger depends on BEFORE triggers of its table, or they on it. Triggers that a session has not met yet, which come
// behind it, may do anything.
func (k *known) meets(p *rewrite.Pass, t *ir.CreateTrigger) bool {
	table := t.Table.Table
	name := strings.ToLower(t.Name.Name())
	if k.early == nil {
		k.early = map[*catalog.Table]map[string]bool{}
	}
	if k.early[table] == nil {
		k.early[table] = k.moved(table)
	}
	if k.early[table][name] {
		return true
	}
	for _, r := range k.rows[table] {
		if r.name == name && r.after && p.Session.InOrder && k.laterBefore(p, t) {
			return !k.closed(r.does).none()
		}
	}
	return false
}

// moved are the AFTER triggers of a table that have to fire with its BEFORE triggers: those that depend on one of these, and those that depend on
// one that does.
func (k *known) moved(table *catalog.Table) map[string]bool {
	out := map[string]bool{}
	before := slices.DeleteFunc(slices.Clone(k.rows[table]), func(r *row) bool { return r.after })
	for again := true; again; {
		again = false
		for _, a := range k.rows[table] {
			if !a.after || out[a.name] {
				continue
			}
			mine := k.closed(a.does)
			if mine.previous() || slices.ContainsFunc(before, func(b *row) bool { return share(a.events, b.events) && mine.conflicts(k.closed(b.does)) }) {
				out[a.name], again = true, true
				before = append(before, a)
			}
		}
	}
	return out
}

func share(a, b []string) bool {
	return slices.ContainsFunc(a, func(e string) bool { return slices.Contains(b, e) })
}

// laterBefore tells that a BEFORE trigger for each row of the same table comes behind a trigger of a script that is translated in order.
func (k *known) laterBefore(p *rewrite.Pass, t *ir.CreateTrigger) bool {
	if k.last == nil {
		k.last = map[string]int{}
		for i, u := range p.Session.Script {
			for _, s := range u.Stmts {
				if x, ok := s.(*ir.CreateTrigger); ok && x.Table != nil && firesBefore(x) {
					for _, e := range x.Events {
						k.last[lastKey(x, e)] = i
					}
				}
			}
		}
	}
	return slices.ContainsFunc(t.Events, func(e string) bool { return k.last[lastKey(t, e)] > p.Session.At })
}

func lastKey(t *ir.CreateTrigger, event string) string {
	return strings.ToLower(t.Table.Name.Name()) + "\x00" + event
}

// firesBefore tells a trigger that fires before rows are changed.
func firesBefore(t *ir.CreateTrigger) bool {
	return t.Timing == "before" && t.ForEachRow || slices.ContainsFunc(t.Sections, func(s *ir.TriggerSection) bool { return s.Timing == "before each row" })
}

// stays tells why an AFTER trigger cannot fire before its row is stored; "" if it can.
func (k *known) stays(p *rewrite.Pass, t *ir.CreateTrigger, name string) string {
	table := t.Table.Table
	for _, r := range k.rows[table] {
		if !r.after && r.name >= name {
			return "trigger " + strings.ToUpper(r.name) + " has a name that sorts behind it"
		}
	}
	e := &effects{}
	for _, r := range k.rows[table] {
		if r.after && r.name == strings.ToLower(t.Name.Name()) {
			e = k.closed(r.does)
			if r.columns || t.When != nil && virtual(t.When) {
				return "it reads a virtual column"
			}
		}
	}
	if e.unknown {
		return "what it does is not known"
	}
	for x := range e.touched() {
		other, ok := x.(*catalog.Table)
		if !ok {
			continue
		}
		if other == table {
			return "it uses its own table"
		}
		for _, f := range other.ForeignKeys {
			if p.Catalog.Table(f.RefSchema, f.RefTable) == table || strings.EqualFold(f.RefTable, table.Name) {
				return "rows of " + other.Name + " refer to the stored row"
			}
		}
	}
	return ""
}

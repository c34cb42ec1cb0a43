// Package pltriggers holds the rule for triggers of PL/SQL.
package pltriggers

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

const code = "TR0200"

var (
	otherEvent = &diag.Code{
		ID: "TR0201", Title: "A trigger on a schema or database, or on an event that is no change of rows", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "Triggers on DDL, LOGON, STARTUP and the like are not converted.",
		Next: "Write an event trigger by hand, or do the work where the event is caused.", Learn: 0.5, Each: 2,
	}
	mutating = &diag.Code{
		ID: "TR0203", Title: "A BEFORE INSERT trigger that reads the table it belongs to", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `The source raises ORA-04091 (the table is mutating) where such a trigger runs for INSERT ... SELECT. The target raises nothing: the trigger sees the rows before it. Assumed: no statement relies
on the error.`,
		Next: "Nothing, unless an INSERT ... SELECT has to fail.",
	}
	mutated = &diag.Code{
		ID: "TR0206", Title: "A row trigger that reads or changes the table it belongs to", Severity: diag.Error, Fidelity: diag.Refused,
		Doc: `The source raises ORA-04091 (the table is mutating) whenever a row trigger on UPDATE or DELETE, or AFTER INSERT, reads or changes its own table. The target raises nothing, and shows an AFTER
trigger all rows that the statement has changed.`,
		Next: "Use a trigger FOR EACH STATEMENT.", Each: 0.5,
	}
	anyColumn = &diag.Code{
		ID: "TR0204", Title: "UPDATING with a column that is computed", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The column of UPDATING is not written as a text.",
		Next: "Write the column's name.", Each: 0.3,
	}
	unknown = &diag.Code{
		ID: "TR0230", Title: "ALTER TRIGGER of a trigger that is not among the converted ones", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The target names the table of a trigger that it enables or disables; the script does not create the trigger before.",
		Next: "Write ALTER TABLE ... ENABLE TRIGGER or DISABLE TRIGGER.", Each: 0.1,
	}
	precedes = &diag.Code{
		ID: "TR0205", Title: "The order of triggers is not known", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "PRECEDES, or FOLLOWS of a trigger that is not among the converted ones. Triggers fire in the order of their names on the target.",
		Next: "Convert the trigger that it names with it.", Each: 0.2,
	}
)

// Rule is TR0200.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "pl-triggers",
		Doc: `Triggers (PL/SQL Language Reference, "PL/SQL Triggers") call a function on the target, which returns the row to store (NEW), the row to delete (OLD) or nothing. INSERTING, UPDATING and
DELETING are comparisons of TG_OP. UPDATING('column') asks for the columns of SET, whatever their values: a statement trigger on UPDATE OF the column raises a setting of the transaction that the
function reads. FOLLOWS is a name that sorts behind the other one. WHEN that asks for a row which not all events have goes into the function.`,
		Examples: []rewrite.Example{
			{From: dialect.Oracle, Setup: "CREATE TABLE t (id NUMBER, v NUMBER);",
				Source: "CREATE TRIGGER g BEFORE INSERT OR DELETE ON t FOR EACH ROW\nBEGIN\n  IF INSERTING THEN\n    :NEW.v := 1;\n  END IF;\nEND;\n/",
				Target: "CREATE OR REPLACE FUNCTION t_g()\nRETURNS trigger\nLANGUAGE plpgsql\nAS $$\nBEGIN\n  IF tg_op = 'INSERT' THEN\n    NEW.v := 1;\n  END IF;\n  IF tg_op = 'DELETE' THEN\n    RETURN old;\n  END IF;\n  RETURN new;\nEND;\n$$;\nCREATE TRIGGER g BEFORE INSERT OR DELETE ON t FOR EACH ROW EXECUTE FUNCTION t_g();"},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{otherEvent, mutating, mutated, anyColumn, precedes, unknown},
		After:    map[string]string{"autonomous": "what an autonomous trigger does is a routine of its own", "gotos": "it looks at the ends of bodies", "compound-triggers": "sections are triggers of their own", "row-order": "it tells when a trigger fires"},
		Looks:    ir.Kinds(ir.KindCreateTrigger, ir.KindAlterTrigger),
		Run: func(p *rewrite.Pass) {
			var out []ir.Stmt
			for _, s := range p.Unit.Stmts {
				if a, ok := s.(*ir.AlterTrigger); ok {
					list := alter(p, a)
					if p.Refused() {
						return
					}
					out = append(out, list...)
					continue
				}
				t, ok := s.(*ir.CreateTrigger)
				if !ok || t.Target != nil || t.Body == nil { // made by a rule
					out = append(out, s)
					continue
				}
				list := trigger(p, t)
				if p.Refused() {
					return
				}
				out = append(out, list...)
			}
			p.Unit.Stmts = out
		},
	}
}

const (
	namesKey = "pl-triggers.names"
	madeKey  = "pl-triggers.made"
)

// madeTrigger is a trigger of the target.
type madeTrigger struct{ schema, table, name string }

// made are the triggers that those of the source became.
func made(p *rewrite.Pass) map[string][]madeTrigger {
	m, _ := p.Session.Values[madeKey].(map[string][]madeTrigger)
	if m == nil {
		m = map[string][]madeTrigger{}
		p.Session.Values[madeKey] = m
	}
	return m
}

// switched is the statement that enables or disables a trigger.
func switched(m madeTrigger, disable bool, at ir.Node) ir.Stmt {
	word := "ENABLE"
	if disable {
		word = "DISABLE"
	}
	d := &ir.RawStmt{Text: "ALTER TABLE " + qualified(m.schema, m.table) + " " + word + " TRIGGER " + quote(m.name)}
	d.Span = at.Base().Span
	d.Made(code)
	return d
}

// alter is ALTER TRIGGER ... ENABLE or DISABLE.
func alter(p *rewrite.Pass, a *ir.AlterTrigger) []ir.Stmt {
	list := made(p)[strings.ToLower(a.Name.Name())]
	if len(list) == 0 {
		rewrite.Refuse(p, unknown, a.Span, "trigger %s", a.Name)
		return nil
	}
	var out []ir.Stmt
	for _, m := range list {
		out = append(out, switched(m, a.Disable, a))
	}
	out[0].Base().Lead = a.Lead
	return out
}

// fold is the name of an object on the target.
func fold(s string) string {
	if s == strings.ToUpper(s) {
		return strings.ToLower(s)
	}
	return s
}

func trigger(p *rewrite.Pass, t *ir.CreateTrigger) []ir.Stmt {
	for _, e := range t.Events {
		if e != "insert" && e != "update" && e != "delete" {
			rewrite.Refuse(p, otherEvent, t.Span, "trigger %s on %s", t.Name, strings.ToUpper(e))
			return nil
		}
	}
	if t.On != "" || t.Table == nil {
		rewrite.Refuse(p, otherEvent, t.Span, "trigger %s on %s", t.Name, t.On)
		return nil
	}
	if t.TargetName != "" { // a section of a compound trigger
		return one(p, t, t.TargetName)
	}
	return one(p, t, fold(t.Name.Name()))
}

// one gives a trigger with a body its form.
func one(p *rewrite.Pass, t *ir.CreateTrigger, name string) []ir.Stmt {
	if t.Timing == "instead of" {
		t.ForEachRow = true
	}
	t.OldName, t.NewName = "", ""
	t.TargetName = order(p, t, name)
	table := fold(t.Table.Name.Name())
	schema := t.Table.Name.Schema()
	if x := t.Table.Table; x != nil && x.Target != "" {
		table, schema = x.Target, x.TargetSchema
	}
	t.Function = ir.Qualified(schema, table+"_"+name)
	t.Target = &ir.TargetRoutine{Function: true, Language: "plpgsql", Returns: "trigger"}
	t.Target.Span = t.Span
	t.Target.Made(code)
	report(p, t)
	columns := events(p, t)
	t.Body = block(t.Body)
	when(t)
	returns(t)
	out := flags(t, name, schema, table, columns)
	out = append(out, t)
	m, key := madeTrigger{schema, table, t.TargetName}, strings.ToLower(t.Name.Name())
	if l := made(p)[key]; !slices.Contains(l, m) {
		made(p)[key] = append(l, m)
	}
	if t.Disabled {
		t.Disabled = false
		out = append(out, switched(m, true, t))
	}
	if len(out) > 0 && out[0] != ir.Stmt(t) {
		out[0].Base().Lead, t.Lead = t.Lead, nil
	}
	return out
}

// order is the trigger's name, which sorts behind that of the trigger that it follows.
func order(p *rewrite.Pass, t *ir.CreateTrigger, name string) string {
	m, _ := p.Session.Values[namesKey].(map[string]string)
	if m == nil {
		m = map[string]string{}
		p.Session.Values[namesKey] = m
	}
	if t.Precedes != "" {
		rewrite.Refuse(p, precedes, t.Span, "trigger %s precedes %s", t.Name, t.Precedes)
		return name
	}
	if t.Follows != "" {
		other, ok := m[strings.ToLower(t.Follows)]
		if !ok {
			rewrite.Refuse(p, precedes, t.Span, "trigger %s follows %s, which is not known", t.Name, t.Follows)
			return name
		}
		if name <= other {
			name = other + "_" + name
		}
		t.Follows = ""
	}
	m[strings.ToLower(t.Name.Name())] = name
	return name
}

func report(p *rewrite.Pass, t *ir.CreateTrigger) {
	if !t.ForEachRow || t.Table.Table == nil || t.Timing == "instead of" {
		return
	}
	own := ir.Find(t.Body, func(n ir.Node) bool {
		r, ok := n.(*ir.TableRef)
		return ok && r.Table == t.Table.Table
	})
	if own && (t.Timing == "after" || len(t.Events) > 1 || t.Events[0] != "insert") {
		rewrite.Refuse(p, mutated, t.Span, "trigger %s reads or changes its own table %s", t.Name, t.Table.Name)
		return
	}
	if own {
		p.Report(mutating, t.Span, "trigger %s reads or changes its own table %s", t.Name, t.Table.Name)
	}
}

func block(body ir.Stmt) *ir.Block {
	if b, ok := body.(*ir.Block); ok {
		return b
	}
	b := &ir.Block{Body: []ir.Stmt{body}}
	b.Span = body.Base().Span
	return b
}

// is compares TG_OP with an event.
func is(event string, like ir.Expr) ir.Expr {
	n := &ir.Name{Parts: []ir.Ident{{Text: "TG_OP"}}, Ref: &ir.VarRef{Decl: &ir.VarDecl{Name: ir.Ident{Text: "TG_OP"}, TargetName: "tg_op"}}}
	n.Type = types.Text{}
	return build.Compare(ir.Eq, n, control.Text(strings.ToUpper(event)), like, code)
}

// events replaces INSERTING, UPDATING and DELETING, and gives the columns that UPDATING asks for.
func events(p *rewrite.Pass, t *ir.CreateTrigger) []string {
	var columns []string
	t.Body = ir.MapExprs(t.Body, func(e ir.Expr) ir.Expr {
		x, ok := e.(*ir.TriggerEvent)
		if !ok {
			return e
		}
		if x.Column == nil {
			return is(x.Event, x)
		}
		c, ok := build.TextLiteral(bare(x.Column))
		if !ok {
			rewrite.Refuse(p, anyColumn, x.Span, "UPDATING with a value")
			return e
		}
		name := fold(strings.ToUpper(c))
		if tab := t.Table.Table; tab != nil {
			if col := tab.Column(c); col != nil && col.Target != "" {
				name = col.Target
			}
		}
		if !slices.Contains(columns, name) {
			columns = append(columns, name)
		}
		setting := build.Call("current_setting", x, types.Text{}, code, control.Text(setting(t, name)), truth())
		raised := build.Compare(ir.Eq, setting, control.Text("on"), x, code)
		both := &ir.Binary{Op: ir.And, L: is("update", x), R: raised}
		return build.Make(both, x, types.Bool{}, code)
	})
	return columns
}

func truth() ir.Expr {
	b := &ir.Bool{Value: true}
	b.Type = types.Bool{}
	return b
}

func bare(e ir.Expr) ir.Expr {
	for {
		c, ok := e.(*ir.Cast)
		if !ok || !c.Implicit {
			return e
		}
		e = c.X
	}
}

// setting is the name of the setting that tells that a column stands in SET.
func setting(t *ir.CreateTrigger, column string) string {
	clean := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_' {
				return r
			}
			return '_'
		}, strings.ToLower(s))
	}
	return "updating_" + clean(t.Table.Name.Name()) + "." + clean(column)
}

// flags makes the statement triggers that raise and lower the settings.
func flags(t *ir.CreateTrigger, name, schema, table string, columns []string) []ir.Stmt {
	if len(columns) == 0 {
		return nil
	}
	function := qualified(schema, table+"_"+name+"_updating")
	raw := func(text string) ir.Stmt {
		s := &ir.RawStmt{Text: text}
		s.Span = t.Span
		s.Made(code)
		return s
	}
	out := []ir.Stmt{raw("CREATE OR REPLACE FUNCTION " + function + "()\nRETURNS trigger\nLANGUAGE plpgsql\nAS $$\nBEGIN\n  PERFORM set_config(TG_ARGV[0], TG_ARGV[1], true);\n  RETURN NULL;\nEND;\n$$")}
	for _, c := range columns {
		key := "'" + setting(t, c) + "'"
		out = append(out,
			raw("CREATE OR REPLACE TRIGGER "+quote("_0_"+name+"_"+c)+" BEFORE UPDATE ON "+qualified(schema, table)+"\n  FOR EACH STATEMENT EXECUTE FUNCTION "+function+"("+key+", 'off')"),
			raw("CREATE OR REPLACE TRIGGER "+quote("_1_"+name+"_"+c)+" BEFORE UPDATE OF "+quote(c)+" ON "+qualified(schema, table)+"\n  FOR EACH STATEMENT EXECUTE FUNCTION "+function+"("+key+", 'on')"))
	}
	return out
}

func qualified(schema, name string) string {
	if schema == "" {
		return quote(name)
	}
	return quote(fold(schema)) + "." + quote(name)
}

func quote(name string) string {
	plain := name != ""
	for i, c := range name {
		if !(c >= 'a' && c <= 'z' || c == '_' || i > 0 && c >= '0' && c <= '9') {
			plain = false
		}
	}
	if plain && !reserved[name] {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// reserved are words of the target that tables and columns are called by.
var reserved = map[string]bool{
	"user": true, "order": true, "group": true, "table": true, "column": true, "check": true, "default": true, "end": true, "from": true, "to": true, "select": true,
	"where": true, "desc": true, "asc": true, "limit": true, "offset": true, "primary": true, "references": true, "unique": true, "grant": true, "all": true, "any": true,
	"case": true, "when": true, "then": true, "else": true, "in": true, "not": true, "null": true, "on": true, "or": true, "and": true, "as": true, "do": true, "for": true,
	"into": true, "is": true, "like": true, "only": true, "true": true, "false": true, "union": true, "using": true, "window": true, "with": true, "analyse": true, "analyze": true,
	"both": true, "leading": true, "trailing": true, "current_date": true, "current_user": true, "session_user": true, "placing": true, "some": true, "symmetric": true, "variadic": true,
	"array": true, "cast": true, "collate": true, "constraint": true, "create": true, "distinct": true, "except": true, "fetch": true, "foreign": true, "having": true, "initially": true,
	"intersect": true, "lateral": true, "returning": true, "deferrable": true, "asymmetric": true, "localtime": true, "localtimestamp": true,
}

// when moves the condition into the function where it asks for a row that an event does not have.
func when(t *ir.CreateTrigger) {
	if t.When == nil {
		return
	}
	oldRow, newRow := false, false
	ir.Walk(t.When, func(n ir.Node) bool {
		if x, ok := n.(*ir.Name); ok {
			if r, ok := x.Ref.(*ir.RowRef); ok {
				oldRow, newRow = oldRow || !r.New, newRow || r.New
			}
		}
		return true
	})
	if !(oldRow && slices.Contains(t.Events, "insert")) && !(newRow && slices.Contains(t.Events, "delete")) {
		return
	}
	test := control.When(t.When, t.Body)
	if b := t.Body.(*ir.Block); len(b.Decls) == 0 && len(b.Catches) == 0 && b.Label == "" {
		test.Branches[0].Body = b.Body
	}
	test.Made(code)
	b := &ir.Block{Body: []ir.Stmt{test}}
	b.Span = t.Body.Base().Span
	t.Body, t.When = b, nil
}

// returns makes the function return what the target wants.
func returns(t *ir.CreateTrigger) {
	make := func(at ir.Node) []ir.Stmt {
		var out []ir.Stmt
		switch {
		case !t.ForEachRow || t.Timing == "after":
			out = []ir.Stmt{&ir.Return{Value: null()}}
		case len(t.Events) == 1 && t.Events[0] == "delete":
			out = []ir.Stmt{&ir.Return{Value: row("OLD")}}
		case slices.Contains(t.Events, "delete"):
			cond := is("delete", null())
			out = []ir.Stmt{control.When(cond, &ir.Return{Value: row("OLD")}), &ir.Return{Value: row("NEW")}}
		default:
			out = []ir.Stmt{&ir.Return{Value: row("NEW")}}
		}
		for _, s := range out {
			s.Base().Span = at.Base().Span
			s.Base().Made(code)
		}
		return out
	}
	enter := func(n ir.Node) bool {
		_, decl := n.(*ir.RoutineDecl)
		return !decl && ir.HoldsStatements(n)
	}
	body := ir.MapPre(t.Body, enter, func(n ir.Node) ir.Node {
		x, ok := n.(*ir.Return)
		if !ok || x.Value != nil {
			return n
		}
		return control.Take(code, x, make(x)...)
	}).(*ir.Block)
	if len(body.Catches) > 0 || body.Label != "" {
		out := &ir.Block{Body: []ir.Stmt{body}}
		out.Span = body.Span
		body = out
	}
	if !control.Leaves(body.Body) {
		body.Body = append(body.Body, make(body)...)
	}
	t.Body = body
}

func null() ir.Expr {
	n := &ir.Null{}
	n.Type = types.Null{}
	return n
}

func row(word string) ir.Expr {
	d := &ir.VarDecl{Name: ir.Ident{Text: word}, TargetName: strings.ToLower(word)}
	return &ir.Name{Parts: []ir.Ident{{Text: word}}, Ref: &ir.VarRef{Decl: d}}
}

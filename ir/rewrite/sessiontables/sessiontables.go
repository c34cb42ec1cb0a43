// Package sessiontables holds the rules for temporary tables that all sessions have.
package sessiontables

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/define"
)

const code = "DD0450"

var (
	eachSession = &diag.Code{
		ID: "DD0451", Title: "temporary table that each session makes", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: "All sessions have a global temporary table, and each sees its own rows. The target's temporary tables belong to the session that makes them. The table is made empty as a model; a procedure makes the session's copy " +
			"of it, which hides the model, and converted code calls the procedure before it uses the table. The model takes no rows (Oracle SQL Language Reference, CREATE TABLE; PostgreSQL manual, CREATE TABLE).",
		Next: "Call the procedure in SQL that is not converted, before the table is used.",
	}
	viewOver = &diag.Code{
		ID: "DD0452", Title: "view of a temporary table", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "A view is bound to one table when it is made. The rows of the temporary table are in another one in each session.",
		Next: "Make the view in each session behind the table, as a temporary view, or write the query in its place.", Each: 0.5,
	}
	triggerOn = &diag.Code{
		ID: "DD0453", Title: "trigger on a temporary table", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The copy of the table that a session makes has the columns, keys, checks and indexes of its model, but not its triggers.",
		Next: "Create the trigger in the procedure that makes the session's table.", Each: 0.5,
	}
	lasting = &diag.Code{
		ID: "DD0454", Title: "rows of a temporary table that end with the statement", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc: "COMMIT empties the table. The source's transaction goes on until COMMIT or ROLLBACK; a client of the target that has begun no transaction commits each statement, and with it the rows are gone " +
			"(PostgreSQL manual, CREATE TABLE, ON COMMIT).",
		Next: "Put BEGIN and COMMIT around the statements that use the rows.", Each: 0.1,
	}
)

// trigger is the name of the triggers of models.
const trigger = "_model"

// Rule lowers global and private temporary tables.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "sessiontables",
		Doc: "A global temporary table becomes a model without rows, and a procedure that makes the session's temporary table like it unless it is there. Routines call the procedure first, and again where they roll back; " +
			"so do statements outside of routines. A private temporary table is a temporary table of the target (Oracle SQL Language Reference, CREATE TABLE, Temporary Tables).",
		Examples: []rewrite.Example{
			{
				From: dialect.Oracle, Setup: "CREATE GLOBAL TEMPORARY TABLE g (a NUMBER) ON COMMIT PRESERVE ROWS;", Source: "INSERT INTO g (a) VALUES (1);",
				Target: "CALL make_g();\nINSERT INTO g (a) VALUES (1);",
			},
			{
				From: dialect.Oracle, Source: "CREATE GLOBAL TEMPORARY TABLE g (a NUMBER);",
				Target: "CREATE TABLE g (\n  a numeric\n);\nCREATE OR REPLACE TRIGGER _model BEFORE INSERT ON g FOR EACH STATEMENT EXECUTE FUNCTION godwit_oracle.temporary_model();\n" +
					"CREATE OR REPLACE PROCEDURE make_g()\nLANGUAGE plpgsql\nAS $$\nBEGIN\n  IF to_regclass('pg_temp.g') IS NULL THEN\n    CREATE TEMPORARY TABLE g (LIKE g INCLUDING ALL) ON COMMIT DELETE ROWS;\n  END IF;\nEND;\n$$;",
			},
		},
		Fidelity: diag.Assumed,
		Findings: []*diag.Code{eachSession, viewOver, triggerOn, lasting},
		Looks:    ir.Kinds(ir.KindCreateTable, ir.KindTableRef, ir.KindDrop),
		After:    map[string]string{"createtable": "it settles which statements make a table", "partnulls": "the procedure stands behind the keys"},
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	p.Statements(func(n ir.Node) ir.Node {
		if t, ok := n.(*ir.CreateTable); ok {
			return create(p, t)
		}
		return n
	})
	if p.Refused() {
		return
	}
	var out []ir.Stmt
	for _, s := range p.Unit.Stmts {
		list := uses(p, s)
		if p.Refused() {
			return
		}
		out = append(out, list...)
	}
	p.Unit.Stmts = out
}

func create(p *rewrite.Pass, t *ir.CreateTable) ir.Node {
	switch t.TempKind {
	case "":
		return t
	case "private":
		t.TempKind = ""
		if strings.EqualFold(t.OnCommit, "drop") {
			p.Report(lasting, t.Span, "table %s is dropped by COMMIT", t.Name)
		} else {
			t.OnCommit = ""
		}
		return t
	}
	t.TempKind, t.Temporary = "", false
	p.Report(eachSession, t.Span, "table %s", t.Name)
	keep := strings.ToUpper(t.OnCommit)
	t.OnCommit = ""
	s := &define.Site{Pass: p, Stmt: t, Table: t.Object, Name: t.Name, Create: t}
	p.Unit.NeedHelper("temporary_model")
	guard := define.At(&ir.CreateTrigger{
		Name: ir.Qualified("", trigger), TargetName: trigger, OrReplace: true, Timing: "before", Events: []string{"insert"},
		Table: s.Ref(), Function: ir.Qualified(p.HelperSchema(), "temporary_model"),
	}, t.Span, code)
	name, model := s.Target().Name(), s.Target()
	tag := "$$"
	if strings.Contains(name+printed(model), tag) {
		tag = "$make$"
	}
	make := "CREATE OR REPLACE PROCEDURE " + printed(maker(model)) + "()\nLANGUAGE plpgsql\nAS " + tag + "\nBEGIN\n  IF to_regclass('pg_temp." + strings.ReplaceAll(plain(name), "'", "''") + "') IS NULL THEN\n    CREATE TEMPORARY TABLE " +
		plain(name) + " (LIKE " + printed(model) + " INCLUDING ALL) ON COMMIT " + keep + ";\n  END IF;\nEND;\n" + tag
	return &ir.Splice{Stmts: []ir.Stmt{t, guard, define.At(&ir.RawStmt{Text: make}, t.Span, code)}}
}

// maker is the procedure that makes the session's table.
func maker(table ir.QName) ir.QName { return ir.Qualified(table.Schema(), "make_"+table.Name()) }

// target is a table's name on the target.
func target(t *catalog.Table) ir.QName {
	if t.Target == "" {
		return ir.Qualified("", strings.ToLower(t.Name))
	}
	return ir.Qualified(t.TargetSchema, t.Target)
}

// plain is a name as the target reads it.
func plain(s string) string {
	for i, r := range s {
		if r != '_' && (r < 'a' || r > 'z') && (i == 0 || r < '0' || r > '9') {
			return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
		}
	}
	return s
}

func printed(q ir.QName) string {
	if q.Schema() == "" {
		return plain(q.Name())
	}
	return plain(q.Schema()) + "." + plain(q.Name())
}

// uses puts the calls of makers where the statement needs them.
func uses(p *rewrite.Pass, s ir.Stmt) []ir.Stmt {
	refs := refsIn(s)
	if len(refs) == 0 {
		return []ir.Stmt{s}
	}
	switch n := s.(type) {
	case *ir.CreateTable:
		if n.As == nil && n.Like == nil {
			return []ir.Stmt{s}
		}
	case *ir.AlterTable, *ir.CreateIndex, *ir.CommentOn, *ir.Grant, *ir.RenameTables:
		return []ir.Stmt{s}
	case *ir.CreateView, *ir.MaterializedView:
		rewrite.Refuse(p, viewOver, s.Base().Span, "of table %s", refs[0].Name)
		return nil
	case *ir.CreateTrigger:
		if n.Body == nil {
			return []ir.Stmt{s}
		}
		if n.Table != nil && n.Table.Table != nil && n.Table.Table.PerSession != "" {
			rewrite.Refuse(p, triggerOn, n.Span, "trigger %s on table %s", n.Name, n.Table.Name)
			return nil
		}
		n.Body = first(n.Body, calls(refs, s))
		unqualified(refs)
		return []ir.Stmt{s}
	case *ir.Drop:
		return drop(p, n)
	}
	if control.IsProgram(s) {
		program(s, refs)
		unqualified(refs)
		return []ir.Stmt{s}
	}
	if p.Session != nil && p.Session.InOrder {
		for _, r := range refs {
			if open, _ := p.Session.State["transaction"].(bool); r.Table.PerSession == "DELETE ROWS" && !open && changes(s) {
				p.Report(lasting, s.Base().Span, "table %s", r.Name)
			}
		}
	}
	list := calls(refs, s)
	list[0].Base().Lead, s.Base().Lead = s.Base().Lead, nil
	unqualified(refs)
	return append(list, s)
}

func changes(s ir.Stmt) bool {
	switch s.(type) {
	case *ir.Insert, *ir.Merge, *ir.MultiInsert, *ir.Update, *ir.Delete:
		return true
	}
	return false
}

// refsIn are the temporary tables that stand in a statement.
func refsIn(s ir.Stmt) (out []*ir.TableRef) {
	ir.Walk(s, func(n ir.Node) bool {
		if r, ok := n.(*ir.TableRef); ok && r.Table != nil && r.Table.PerSession != "" {
			out = append(out, r)
		}
		return true
	})
	if d, ok := s.(*ir.Drop); ok {
		for i, t := range d.Tables {
			if t != nil && t.PerSession != "" {
				out = append(out, &ir.TableRef{Name: d.Names[i], Table: t})
			}
		}
	}
	return out
}

// unqualified takes the schema away from the tables: the session's own have none.
func unqualified(refs []*ir.TableRef) {
	for _, r := range refs {
		if q := target(r.Table); q.Schema() != "" {
			r.Part = ir.Qualified("", q.Name())
		}
	}
}

// calls are the calls of the makers of all tables, each once.
func calls(refs []*ir.TableRef, at ir.Stmt) (out []ir.Stmt) {
	seen := map[*catalog.Table]bool{}
	for _, r := range refs {
		if !seen[r.Table] {
			seen[r.Table] = true
			out = append(out, define.At(&ir.RawStmt{Text: "CALL " + printed(maker(target(r.Table))) + "()"}, at.Base().Span, code))
		}
	}
	return out
}

// program puts the calls at the beginning of a routine or block, and behind each ROLLBACK, which takes tables away that the transaction made.
func program(s ir.Stmt, refs []*ir.TableRef) {
	switch n := s.(type) {
	case *ir.Routine:
		n.Body = first(n.Body, calls(refs, s))
	case *ir.Block:
		*n = *first(n, calls(refs, s)).(*ir.Block)
	}
	ir.MapStmts([]ir.Stmt{s}, ir.HoldsStatements, func(n ir.Node) ir.Node {
		t, ok := n.(*ir.Transaction)
		if !ok || t.Kind != ir.RollbackTransaction {
			return n
		}
		return &ir.Splice{Stmts: append([]ir.Stmt{t}, calls(refs, t)...)}
	})
}

// first puts statements in front of a body. Handlers undo what their block did, so that one with handlers stands behind them in a block of its own.
func first(body ir.Stmt, list []ir.Stmt) ir.Stmt {
	b, ok := body.(*ir.Block)
	if !ok {
		out := &ir.Block{Body: append(list, body)}
		out.Span = body.Base().Span
		return out
	}
	if len(b.Catches)+len(b.Except) == 0 {
		b.Body = append(list, b.Body...)
		return b
	}
	outer := *b
	inner := &ir.Block{Body: b.Body, Except: b.Except, Catches: b.Catches}
	inner.Span = b.Span
	outer.Except, outer.Catches = nil, nil
	outer.Body = append(list, inner)
	return &outer
}

// drop drops the session's table and the maker with the model.
func drop(p *rewrite.Pass, d *ir.Drop) []ir.Stmt {
	if !strings.EqualFold(d.Kind, "table") {
		return []ir.Stmt{d}
	}
	var out []ir.Stmt
	for _, t := range d.Tables {
		if t == nil || t.PerSession == "" {
			continue
		}
		q := target(t)
		out = append(out, define.At(&ir.RawStmt{Text: "DROP PROCEDURE IF EXISTS " + printed(maker(q)) + "()"}, d.Span, code))
		if p.Session != nil && p.Session.InOrder {
			out = append(out, define.At(&ir.RawStmt{Text: "DROP TABLE IF EXISTS pg_temp." + plain(q.Name())}, d.Span, code))
		}
	}
	return append(out, d)
}

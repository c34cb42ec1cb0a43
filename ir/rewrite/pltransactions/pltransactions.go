// Package pltransactions holds the rule for transactions of PL/SQL and of scripts whose statements begin transactions by themselves.
package pltransactions

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/plsql"
)

const code = "TX0300"

var (
	inFunction = &diag.Code{
		ID: "TX0301", Title: "A function or trigger that ends the transaction", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "Functions and triggers of the target cannot COMMIT or ROLLBACK (PostgreSQL manual, \"Transaction Management\").",
		Next: "Make a procedure of the function, or commit in the caller.", Learn: 0.5, Each: 1,
	}
	openCursor = &diag.Code{
		ID: "TX0302", Title: "A cursor that stays open across COMMIT", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "COMMIT and ROLLBACK close cursors on the target, but for those of FOR loops over a query. Here a cursor is used behind a statement or a call that ends the transaction, as in a loop that fetches from it.",
		Next: "Use a cursor FOR loop.", Each: 0.5,
	}
	autonomous = &diag.Code{
		ID: "TX0303", Title: "An autonomous transaction", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "PRAGMA AUTONOMOUS_TRANSACTION runs a routine in a transaction of its own. The target has no such thing; it takes a second connection (dblink, or a worker of an extension).",
		Next: "Convert with --autonomous dblink, or log in another way.", Learn: 1, Each: 1,
	}
	savepoint = &diag.Code{
		ID: "TX0304", Title: "A savepoint that blocks cannot express", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "PL/pgSQL has no SAVEPOINT; a block with exception arms undoes its own statements. That is the same where ROLLBACK TO stands behind the statements that it undoes, or at the head of a handler of their block.",
		Next: "Put the statements into a block, and raise an exception where the source goes back to the savepoint.", Learn: 0.5, Each: 1,
	}
	scriptRollback = &diag.Code{
		ID: "TX0305", Title: "ROLLBACK or SAVEPOINT in a script", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The source begins a transaction with the first change by itself. Files of the target are run statement by statement, and calls that COMMIT cannot stand in a transaction that a script has begun.",
		Next: "Take the statements that are rolled back out of the script.", Each: 0.1,
	}
	setInside = &diag.Code{
		ID: "TX0306", Title: "SET TRANSACTION in a routine", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "On the target a transaction's mode is set before its first statement; a routine runs in one that has begun.",
		Next: "Set the mode where the transaction begins.", Each: 0.3,
	}
	implicit = &diag.Code{
		ID: "TX0307", Title: "COMMIT in a script", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "The source begins a transaction with the first change by itself, and COMMIT ends it. The target commits each statement of a script. Assumed: nobody relies on changes being undone where the script breaks off.",
		Next: "Put BEGIN and COMMIT around statements that belong together.",
	}
)

// Rule is TX0300.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "pl-transactions",
		Doc: `COMMIT, ROLLBACK and SAVEPOINT (PL/SQL Language Reference, "Transaction Processing and Control"). Procedures of the target can end the transaction, functions and triggers cannot. The
statements between SAVEPOINT and ROLLBACK TO are a block that ends with an exception of its own, which its own arm takes; a block whose handlers begin with ROLLBACK TO is a block with exception arms as it
stands. In a script a transaction begins in front of statements that are rolled back later.`,
		Examples: []rewrite.Example{
			{From: dialect.Oracle, Setup: "CREATE TABLE t (id NUMBER);",
				Source: "CREATE PROCEDURE p AUTHID CURRENT_USER IS\nBEGIN\n  SAVEPOINT s;\n  DELETE FROM t;\n  IF SQL%ROWCOUNT > 1 THEN\n    ROLLBACK TO s;\n  END IF;\n  COMMIT;\nEND;\n/",
				Target: "CREATE OR REPLACE PROCEDURE p()\nLANGUAGE plpgsql\nAS $$\nDECLARE\n  sql_rowcount integer;\nBEGIN\n  BEGIN\n    DELETE FROM t;\n    GET DIAGNOSTICS sql_rowcount = ROW_COUNT;\n    IF sql_rowcount > 1 THEN\n      RAISE EXCEPTION 'back to savepoint s' USING ERRCODE = 'ZR001';\n    END IF;\n  EXCEPTION\n    WHEN SQLSTATE 'ZR001' THEN\n      NULL;\n  END;\n  COMMIT;\nEND;\n$$;"},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{inFunction, openCursor, autonomous, savepoint, scriptRollback, setInside, implicit, alone, early, deferredAlone},
		After:    map[string]string{"autonomous": "it makes routines that end transactions", "pl-cursors": "loops over cursors have their form", "raising": "it raises exceptions of its own"},
		Run: func(p *rewrite.Pass) {
			if p.Unit.Executed {
				return
			}
			if p.Session.InOrder {
				script(p)
			} else {
				file(p)
			}
			for _, s := range p.Unit.Stmts {
				if control.IsProgram(s) && !p.Refused() {
					program(p, s)
				}
			}
		},
	}
}

func program(p *rewrite.Pass, s ir.Stmt) {
	if r, ok := s.(*ir.Routine); ok && r.Autonomous {
		rewrite.Refuse(p, autonomous, r.Span, "%s", r.Name)
		return
	}
	ir.WalkStatements(s, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Pragma:
			if n.Name == "AUTONOMOUS_TRANSACTION" {
				rewrite.Refuse(p, autonomous, n.Span, "an autonomous transaction")
			}
		case *ir.SetTransaction:
			rewrite.Refuse(p, setInside, n.Span, "SET TRANSACTION")
		case *ir.Routine:
			if n.Autonomous {
				rewrite.Refuse(p, autonomous, n.Span, "%s", n.Name)
			}
		}
		return !p.Refused()
	})
	if p.Refused() {
		return
	}
	r := &run{Pass: p, root: s, code: plsql.Of(p, s)}
	r.savepoints()
	if p.Refused() {
		return
	}
	r.ends(s)
	r.cursors(s)
}

type run struct {
	*rewrite.Pass
	root  ir.Stmt
	code  *plsql.Code
	marks int
}

// ends refuses transaction statements where the target has none.
func (r *run) ends(s ir.Stmt) {
	var walk func(n ir.Node, function bool, fetching bool)
	walk = func(n ir.Node, function, fetching bool) {
		switch x := n.(type) {
		case *ir.Routine:
			function, fetching = x.Kind == catalog.Function, false
		case *ir.CreateTrigger:
			function = true
		case *ir.Loop:
			fetching = fetching || fetches(x)
		case *ir.Transaction:
			switch {
			case x.Kind == ir.SetSavepoint || x.Kind == ir.RollbackToSavepoint || x.Kind == ir.ReleaseSavepoint:
				rewrite.Refuse(r.Pass, savepoint, x.Span, "savepoint %s", x.Savepoint.Text)
			case function:
				rewrite.Refuse(r.Pass, inFunction, x.Span, "COMMIT or ROLLBACK in a function or trigger")
			case fetching:
				rewrite.Refuse(r.Pass, openCursor, x.Span, "COMMIT or ROLLBACK in a loop that fetches from a cursor")
			}
		case ir.Expr:
			return
		}
		if !r.Refused() {
			ir.Children(n, func(c ir.Node) { walk(c, function, fetching) })
		}
	}
	walk(s, false, false)
}

func fetches(l *ir.Loop) bool {
	return ir.Find(l, func(n ir.Node) bool {
		_, ok := n.(*ir.FetchCursor)
		return ok
	})
}

// savepoints makes blocks of savepoints.
func (r *run) savepoints() {
	control.EachList(r.root, func(list []ir.Stmt) []ir.Stmt { // those that nothing goes back to
		for i := 0; i < len(list); i++ {
			if t, ok := list[i].(*ir.Transaction); ok && t.Kind == ir.SetSavepoint && goes(r.root, t.Savepoint.Text) == 0 {
				list = without(list, i)
				i--
			}
		}
		return list
	})
	control.EachList(r.root, func(list []ir.Stmt) []ir.Stmt {
		for i := len(list) - 1; i >= 0 && !r.Refused(); i-- { // inner ones first: they stand in the block of the outer one
			t, ok := list[i].(*ir.Transaction)
			if !ok || t.Kind != ir.SetSavepoint {
				continue
			}
			list = r.savepoint(list, i, t)
			if list[min(i, len(list)-1)] != ir.Stmt(t) { // else refused later
				i = len(list)
			}
		}
		return list
	})
}

func isTo(s ir.Node, name string) bool {
	t, ok := s.(*ir.Transaction)
	return ok && t.Kind == ir.RollbackToSavepoint && strings.EqualFold(t.Savepoint.Text, name)
}

// goes counts the ways back to a savepoint at and below a node.
func goes(n ir.Node, name string) int {
	k := 0
	ir.Walk(n, func(x ir.Node) bool {
		if isTo(x, name) {
			k++
		}
		return true
	})
	return k
}

func without(list []ir.Stmt, i int) []ir.Stmt {
	out := append([]ir.Stmt(nil), list[:i]...)
	if i+1 < len(list) {
		m := list[i+1].Base()
		m.Lead = append(append([]ir.Comment(nil), list[i].Base().Lead...), m.Lead...)
	}
	return append(out, list[i+1:]...)
}

// savepoint makes a block of one savepoint at its place in a list; the list is as it was where that cannot be.
func (r *run) savepoint(list []ir.Stmt, i int, t *ir.Transaction) []ir.Stmt {
	name := t.Savepoint.Text
	if out, ok := r.handled(list, i, name); ok {
		return out
	}
	last := -1
	for k := i + 1; k < len(list); k++ {
		if goes(list[k], name) > 0 {
			last = k
			break
		}
	}
	if last < 0 || r.code.Transactional(&ir.Block{Body: list[i+1 : last]}) {
		return list
	}
	region := append([]ir.Stmt(nil), list[i+1:last]...)
	state := r.state()
	raise := func(at ir.Node) ir.Stmt {
		x := &ir.Raise{Level: "EXCEPTION", State: state, Message: control.Text("back to savepoint " + strings.ToLower(name))}
		x.Span = at.Base().Span
		x.Made(code)
		return x
	}
	arm := &ir.ExceptArm{Conditions: []string{"SQLSTATE '" + state + "'"}, Body: []ir.Stmt{&ir.Nothing{}}}
	arm.Span = t.Span
	if isTo(list[last], name) {
		region = append(region, raise(list[last]))
	} else {
		f, ok := list[last].(*ir.If)
		if !ok || !r.tails(f, name, raise, arm) || goes(f, name) > 0 {
			return list
		}
		region = append(region, f)
	}
	b := &ir.Block{Body: region, Except: []*ir.ExceptArm{arm}}
	b.Span = t.Span
	b.Lead = t.Lead
	b.Made(code)
	rest := list[last+1:]
	out := append(append([]ir.Stmt(nil), list[:i]...), b)
	for _, s := range rest {
		if goes(s, name) > 0 { // it goes back once more, to the same place
			again := *t
			again.Lead = nil
			out = append(out, &again)
			break
		}
	}
	return append(out, rest...)
}

// state is a private state of the way back to a savepoint.
func (r *run) state() string {
	r.marks++
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	return "ZR0" + string(digits[r.marks/36%36]) + string(digits[r.marks%36])
}

// tails replaces ROLLBACK TO at the end of branches by raising; what follows a single one goes into the arm.
func (r *run) tails(f *ir.If, name string, raise func(ir.Node) ir.Stmt, arm *ir.ExceptArm) bool {
	single := goes(f, name) == 1
	tail := func(list []ir.Stmt) ([]ir.Stmt, bool) {
		for k, s := range list {
			if !isTo(s, name) {
				continue
			}
			if k < len(list)-1 {
				if !single {
					return list, false
				}
				arm.Body = append([]ir.Stmt(nil), list[k+1:]...)
			}
			return append(append([]ir.Stmt(nil), list[:k]...), raise(s)), true
		}
		return list, true
	}
	ok := true
	for _, b := range f.Branches {
		out, fine := tail(b.Body)
		b.Body, ok = out, ok && fine
	}
	if f.Else != nil {
		out, fine := tail(f.Else)
		f.Else, ok = out, ok && fine
	}
	return ok
}

// handled recognises a block with handlers that go back to its beginning: the savepoint stands in front of the block, or at its head.
func (r *run) handled(list []ir.Stmt, i int, name string) ([]ir.Stmt, bool) {
	var b *ir.Block
	head := false
	if i+1 < len(list) {
		b, _ = list[i+1].(*ir.Block)
	}
	if b == nil || len(b.Catches) == 0 {
		b = r.owner(list)
		head = true
		if b == nil || len(b.Catches) == 0 {
			return nil, false
		}
		for _, s := range list[:i] {
			if r.code.Writes(s) || r.code.OfStmt(s) != 0 {
				return nil, false
			}
		}
	}
	inside := 0
	for _, c := range b.Catches {
		if len(c.Body) > 0 && isTo(c.Body[0], name) {
			inside++
		}
	}
	if inside == 0 || inside != goes(r.root, name) {
		return nil, false
	}
	if head && r.code.Transactional(&ir.Block{Body: without(list, i)}) || !head && r.code.Transactional(&ir.Block{Body: b.Body}) {
		return nil, false
	}
	for _, c := range b.Catches {
		if len(c.Body) > 0 && isTo(c.Body[0], name) {
			c.Undone = true
			c.Body = without(c.Body, 0)
			if len(c.Body) == 0 {
				c.Body = []ir.Stmt{&ir.Nothing{}}
			}
		}
	}
	return without(list, i), true
}

// owner is the block whose statements a list is.
func (r *run) owner(list []ir.Stmt) *ir.Block {
	var out *ir.Block
	ir.WalkStatements(r.root, func(n ir.Node) bool {
		if b, ok := n.(*ir.Block); ok && len(b.Body) == len(list) && len(list) > 0 && b.Body[0] == list[0] {
			out = b
		}
		return true
	})
	return out
}

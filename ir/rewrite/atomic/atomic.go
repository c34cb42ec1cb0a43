// Package atomic holds the rule about what stays when an error ends a procedure.
package atomic

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
)

const code = "TX0180"

var undone = &diag.Code{
	ID: "TX0181", Title: "An error undoes the whole call", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `With autocommit each statement of a procedure commits on the source: when a later statement ends the call with an error, what was
written before stays (MySQL Reference Manual, "autocommit, Commit, and Rollback"). The target runs a call as one statement and undoes all of it. It is
assumed that nobody wants half of the work.`,
	Next: "Nothing, if the procedure is meant to do all or nothing. Else put COMMIT behind the writes that must stay, and call it outside of transactions.",
}

var leftOpen = &diag.Code{
	ID: "TX0182", Title: "An error leaves a transaction open", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `A procedure that began a transaction and has no handler for errors: on the source an error ends the call, and the transaction stays open with
what was written in it, for the caller to end. On the target the error undoes it. It is assumed that callers roll back after an error, as
drivers' and pools' own resets do.`,
	Next: "Nothing, if callers roll back after an error. Else add a handler that ends the transaction.",
}

// Rule is TX0180.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "atomic-calls",
		Doc: `A procedure that writes and may fail afterwards, outside a transaction: the source keeps the writes before the error, the target none of the
call. The rule changes nothing; it says so where it can happen. Functions and triggers are part of a statement on both sides, which undoes them.`,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE t (id INT PRIMARY KEY);",
			Source: "CREATE PROCEDURE p(n INT)\nBEGIN\n  INSERT INTO t (id) VALUES (n);\n  INSERT INTO t (id) VALUES (n + 1);\nEND;",
			Target: "CREATE OR REPLACE PROCEDURE p(n integer)\nLANGUAGE plpgsql\nAS $$\nBEGIN\n  INSERT INTO t (id) VALUES (n);\n  INSERT INTO t (id) VALUES (n + 1);\nEND;\n$$;",
		}},
		Fidelity: diag.Assumed,
		Findings: []*diag.Code{undone, leftOpen},
		Prepare:  look,
		Looks:    ir.Kinds(ir.KindRoutine, ir.KindCreateEvent),
	}
}

// look runs before bodies are rewritten: handlers and transactions still stand as the source has them.
func look(p *rewrite.Pass) {
	keep(p)
	for _, s := range p.Unit.Stmts {
		if r, ok := s.(*ir.Routine); ok && r.Returns != nil {
			continue
		}
		switch s.(type) {
		case *ir.Routine, *ir.CreateEvent:
		default:
			continue
		}
		w := follow(control.Body(s))
		if w.stuck != nil {
			p.Report(leftOpen, w.stuck.Base().Span, "an error here leaves the transaction open on the source; the target undoes it")
		}
		_, event := s.(*ir.CreateEvent)
		switch {
		case w.late != nil && (p.Policy.Autocommit == "" || p.Policy.Autocommit == "atomic" || event && p.Policy.Autocommit == "auto"):
			Report(p, w.late, "")
		case w.late == nil && w.lost != nil:
			p.Report(undone, w.lost.Base().Span, "an error here undoes what the call wrote into its temporary tables; the source keeps it")
		}
	}
}

// Report says what an error of the statement undoes, and why the procedure does not commit before it, "" if nothing asks for that.
func Report(p *rewrite.Pass, late ir.Stmt, why string) {
	if why != "" {
		p.Report(undone, late.Base().Span, "an error here undoes what the call wrote before; the source keeps it. No commit can stand before it: %s", why)
		return
	}
	p.Report(undone, late.Base().Span, "an error here undoes what the call wrote before; the source keeps it")
}

// Late is the first statement of a body that may fail after a write outside of transactions; nil if there is none.
func Late(body ir.Stmt) ir.Stmt { return follow(body).late }

func follow(body ir.Stmt) *walk {
	w := &walk{made: map[string]bool{}}
	w.stmt(body)
	return w
}

// walk follows the statements in the order in which they run.
type walk struct {
	open  bool            // a transaction was begun
	wrote bool            // on some path
	late  ir.Stmt         // the first statement that may fail after a write
	temp  bool            // rows of a temporary table of the routine's own were written on some path
	lost  ir.Stmt         // the first statement that may fail after such a write, where nothing else was written
	made  map[string]bool // temporary tables that the routine has made
	stuck ir.Stmt         // the first statement that may fail after a write of an open transaction, where no handler takes it
	taken int             // blocks around that have a handler for all errors
	rows  int             // blocks around that have a handler for NOT FOUND
	ever  bool            // something was written at any time in the block
	began bool            // a transaction was open at any time in the block
	inner bool            // something was written in the open transaction
}

func (w *walk) list(list []ir.Stmt) {
	for _, s := range list {
		w.stmt(s)
	}
}

func (w *walk) stmt(s ir.Stmt) {
	switch n := s.(type) {
	case nil:
	case *ir.Block:
		w.block(n)
	case *ir.If:
		w.branches(n.Branches, n.Else)
	case *ir.CaseStmt:
		if n.Operand != nil {
			w.expr(n.Operand)
		}
		w.branches(n.Branches, n.Else)
		if !n.HasElse && w.taken == 0 {
			w.fails(n)
		}
	case *ir.Loop:
		if n.Cond != nil {
			w.expr(n.Cond)
		}
		w.list(n.Body)
		w.list(n.Body) // what is written in one turn stays when the next one fails
	case *ir.Transaction:
		if n.Savepoint.Text != "" {
			return // the transaction goes on
		}
		w.open, w.inner = n.Kind == ir.BeginTransaction, false
		w.began = w.began || w.open
		if !w.open {
			w.wrote = false // committed on both sides, or undone on both
		}
	default:
		w.leaf(s)
	}
}

// block follows the declarations, the statements, and then the handlers, which run at any time.
func (w *walk) block(b *ir.Block) {
	errors, rows := takes(b, ir.SQLException), takes(b, ir.NotFound)
	for _, d := range b.Decls {
		switch d := d.(type) {
		case *ir.VarDecl:
			if d.Default != nil {
				w.expr(d.Default)
			}
		case *ir.Handler:
			w.wrote = w.wrote || d.Action == ir.ContinueHandler && control.Writes(d.Body)
		}
	}
	w.taken, w.rows = w.taken+errors, w.rows+rows
	ever, began := w.ever, w.began
	w.ever, w.began = w.wrote, w.open
	w.list(b.Body)
	w.taken, w.rows = w.taken-errors, w.rows-rows
	after := *w
	for _, d := range b.Decls {
		h, ok := d.(*ir.Handler)
		if !ok {
			continue
		}
		w.open, w.wrote = false, after.ever
		w.stmt(h.Body)
		wrote := w.wrote
		if after.began {
			w.open, w.inner = true, true
			w.stmt(h.Body)
			if w.open && h.Action == ir.ExitHandler && w.stuck == nil {
				w.stuck = h.Body
			}
		}
		w.open, w.inner, w.wrote = after.open, after.inner, after.wrote || wrote
	}
	w.ever, w.began = ever || after.ever || w.wrote, began || after.began
}

// takes is 1 if the block has a handler for all conditions of the kind.
func takes(b *ir.Block, kind ir.ConditionKind) int {
	for _, d := range b.Decls {
		h, ok := d.(*ir.Handler)
		if !ok {
			continue
		}
		for _, c := range h.Conditions {
			if c.Kind == kind {
				return 1
			}
		}
	}
	return 0
}

func (w *walk) leaf(s ir.Stmt) {
	k := control.OfStmt(s)
	if _, into := s.(*ir.SelectInto); k&control.Errors != 0 && w.taken == 0 || k&control.NoRow != 0 && !into && w.rows == 0 {
		w.fails(s)
	}
	if w.temporary(s) {
		w.temp = w.temp || !w.open
		return
	}
	if w.open {
		w.inner = w.inner || control.Writes(s)
		return
	}
	w.wrote = w.wrote || control.Writes(s)
	w.ever = w.ever || w.wrote
}

// only is the one table of a list, nil if there is another thing.
func only(list []ir.TableExpr) *ir.TableRef {
	if len(list) != 1 {
		return nil
	}
	t, _ := list[0].(*ir.TableRef)
	return t
}

// fails notes a statement whose error may leave the call.
func (w *walk) fails(s ir.Stmt) {
	switch {
	case w.open:
		if w.inner && w.stuck == nil {
			w.stuck = s
		}
	case w.wrote && w.late == nil:
		w.late = s
	case w.temp && w.lost == nil:
		w.lost = s
	}
}

// temporary tells that a statement writes nothing but temporary tables that the routine makes: they are gone with the session.
func (w *walk) temporary(s ir.Stmt) bool {
	var t *ir.TableRef
	switch n := s.(type) {
	case *ir.CreateTable:
		if n.Temporary {
			w.made[strings.ToLower(n.Name.Name())] = true
		}
		return n.Temporary
	case *ir.Drop:
		return n.Temporary
	case *ir.Insert:
		t = n.Table
	case *ir.Truncate:
		t = n.Table
	case *ir.Update:
		t = only(n.Tables)
	case *ir.Delete:
		t = only(n.From)
	}
	return t != nil && w.made[strings.ToLower(t.Name.Name())] && !ir.Find(s, func(n ir.Node) bool {
		c, ok := n.(*ir.RoutineCall)
		return ok && control.Writes(c)
	})
}

// expr is a condition, which may call what writes.
func (w *walk) expr(e ir.Expr) {
	s := &ir.Do{Items: []ir.Expr{e}}
	s.Span = e.Base().Span
	w.leaf(s)
}

// branches takes it that something is written if any branch writes.
func (w *walk) branches(list []*ir.Branch, rest []ir.Stmt) {
	for _, b := range list {
		if b.Cond != nil {
			w.expr(b.Cond)
		}
	}
	before, after := w.wrote, false
	for _, b := range list {
		w.wrote = before
		w.list(b.Body)
		after = after || w.wrote
	}
	w.wrote = before
	w.list(rest)
	w.wrote = w.wrote || after
}

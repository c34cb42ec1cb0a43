package transactions

import (
	"cmp"
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
)

const routineCode = "TX0110"

var (
	inHandler = &diag.Code{
		ID: "TX0111", Title: "A transaction ends inside a protected block", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "PL/pgSQL cannot COMMIT or ROLLBACK while a block with exception arms is open (Transaction Management), and a cursor does not outlive the end of its transaction.",
		Next: "Move the transaction statements out of the block with handlers, or to the caller.", Learn: 1, Each: 1,
	}
	noStart = &diag.Code{
		ID: "TX0112", Title: "ROLLBACK in a routine that starts no transaction", Severity: diag.Warning, Fidelity: diag.Approximate,
		Doc:  "Without START TRANSACTION before, ROLLBACK undoes what the caller's transaction did; called with autocommit it undoes nothing. On the target it undoes all that the call has done so far.",
		Next: "Check how the procedure is called, or begin the transaction in the procedure.", Each: 0.5,
	}
	leftOpen = &diag.Code{
		ID: "TX0113", Title: "A routine leaves a transaction open", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "START TRANSACTION without COMMIT or ROLLBACK behind it leaves the transaction open for the caller. On the target a call that ends commits.",
		Next: "End the transaction in the procedure, or begin it in the caller.", Learn: 0.5, Each: 0.5,
	}
	savepoints = &diag.Code{
		ID: "TX0114", Title: "SAVEPOINT in a routine", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "PL/pgSQL has no SAVEPOINT; a block with exception arms undoes its own statements only.",
		Next: "Put the statements into a block, and raise an error where the source goes back to the savepoint.", Learn: 0.5, Each: 1,
	}
	locksInside = &diag.Code{
		ID: "TX0115", Title: "LOCK TABLES or autocommit in a routine", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "Routines cannot lock tables on the source, and a change of autocommit lasts beyond the call.",
		Next: "Set autocommit in the session that calls.", Each: 0.3,
	}
)

// Routines is TX0110.
func Routines() *rewrite.Rule {
	return &rewrite.Rule{
		Code: routineCode, Name: "routine-transactions",
		Doc: `START TRANSACTION, COMMIT and ROLLBACK in procedures. A procedure of the target is in a transaction always, and COMMIT begins the next one: START TRANSACTION falls
away, or is a COMMIT where something may have been written before it (MySQL Reference Manual, "Statements That Cause an Implicit Commit").`,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE t (id INT);",
			Source: "DELIMITER //\nCREATE PROCEDURE p() SQL SECURITY INVOKER BEGIN START TRANSACTION; UPDATE t SET id = 1; COMMIT; END//",
			Target: "CREATE OR REPLACE PROCEDURE p()\nLANGUAGE plpgsql\nAS $$\nBEGIN\n  UPDATE t SET id = 1;\n  COMMIT;\nEND;\n$$;",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{inHandler, noStart, leftOpen, savepoints, locksInside, endsTransactions},
		After:    map[string]string{"handlers": "a block that undoes its own transaction needs no transaction statements", "autocommit": "it has to see where transactions begin", "held-cursors": "a cursor whose rows are held outlives the transaction"},
		Looks:    ir.Kinds(ir.KindTransaction, ir.KindSetTransaction, ir.KindLockTables, ir.KindSysVar),
		Run: func(p *rewrite.Pass) {
			for _, s := range p.Unit.Stmts {
				if control.IsProgram(s) && !p.Refused() {
					routine(p, s)
				}
			}
		},
	}
}

// body follows the statements of a routine in textual order.
type body struct {
	*rewrite.Pass
	root    ir.Node
	started bool
	open    *ir.Transaction
	ended   *ir.Transaction // the first statement that stays a COMMIT or ROLLBACK
	wrote   bool
	arms    int                        // blocks with exception arms around
	cuts    map[*ir.Transaction]string // see cutting
}

func routine(p *rewrite.Pass, s ir.Stmt) {
	b := &body{Pass: p, root: s}
	b.cuts = cuts(s)
	b.wrote = ir.Find(s, func(n ir.Node) bool {
		l, ok := n.(*ir.Loop)
		return ok && control.Transactional(l) && control.Writes(l)
	})
	savepointBlocks(p, s)
	if code := control.Body(s); code != nil {
		x := b.stmt(code)
		if _, ok := x.(*ir.Splice); ok {
			x = &ir.Nothing{}
		}
		control.SetBody(s, x)
	}
	if t := b.ended; t != nil && !p.Refused() {
		p.Report(endsTransactions, t.Span, "%s ends the transaction, which must not be the caller's", firstWords(t))
	}
	if b.open != nil && !p.Refused() {
		rewrite.Refuse(p, leftOpen, b.open.Span, "START TRANSACTION without COMMIT or ROLLBACK behind it")
	}
}

func (b *body) list(list []ir.Stmt) []ir.Stmt {
	var out []ir.Stmt
	for _, s := range list {
		x := b.stmt(s)
		if sp, ok := x.(*ir.Splice); ok {
			out = append(out, sp.Stmts...)
			continue
		}
		out = append(out, x)
	}
	return out
}

func (b *body) stmt(s ir.Stmt) ir.Stmt {
	switch n := s.(type) {
	case *ir.Block:
		b.block(n)
	case *ir.If, *ir.CaseStmt, *ir.Loop:
		control.Below(s, b.list)
	case *ir.Transaction:
		return b.transaction(n)
	case *ir.SetTransaction:
		return b.setTransaction(n)
	case *ir.LockTables:
		rewrite.Refuse(b.Pass, locksInside, n.Span, "LOCK TABLES in a routine")
	case *ir.SetVar:
		for _, it := range n.Items {
			if v, ok := it.Target.(*ir.SysVar); ok && strings.EqualFold(v.Name, "autocommit") {
				rewrite.Refuse(b.Pass, locksInside, it.Span, "SET autocommit in a routine")
			}
		}
		b.wrote = b.wrote || control.Writes(s)
	default:
		b.wrote = b.wrote || control.Writes(s)
	}
	return s
}

func (b *body) block(n *ir.Block) {
	protected := len(n.Except) > 0
	if protected {
		b.arms++
	}
	before := b.wrote
	n.Body = b.list(n.Body)
	if protected {
		b.arms--
	}
	// An arm runs when its block is undone: it may end the transaction again.
	after := b.wrote
	for _, a := range n.Except {
		open := b.open
		b.wrote = before
		a.Body = b.list(a.Body)
		b.open = open
		after = after || b.wrote
	}
	b.wrote = after
}

func (b *body) transaction(n *ir.Transaction) ir.Stmt {
	switch n.Kind {
	case ir.SetSavepoint, ir.RollbackToSavepoint, ir.ReleaseSavepoint:
		rewrite.Refuse(b.Pass, savepoints, n.Span, "savepoint %s in a routine", n.Savepoint.Text)
		return n
	case ir.BeginTransaction:
		return b.begin(n)
	}
	if n.Release {
		rewrite.Refuse(b.Pass, refusedForm, n.Span, "RELEASE ends the session")
		return n
	}
	if !b.mayEnd(n) {
		return n
	}
	if n.Kind == ir.RollbackTransaction && !b.started && b.wrote {
		b.Report(noStart, n.Span, "ROLLBACK without START TRANSACTION before it in the routine")
	}
	b.open, b.ended = nil, cmp.Or(b.ended, n)
	if n.Chain {
		b.open = n
	}
	return n
}

// mayEnd tells that the target can end a transaction here.
func (b *body) mayEnd(n *ir.Transaction) bool {
	switch {
	case b.arms > 0:
		rewrite.Refuse(b.Pass, inHandler, n.Span, "%s stands inside a block with handlers", firstWords(n))
		return false
	case b.cuts[n] != "":
		rewrite.Refuse(b.Pass, inHandler, n.Span, "%s stands between OPEN and the end of cursor %s", firstWords(n), b.cuts[n])
		return false
	}
	return true
}

// begin commits what was written before.
func (b *body) begin(n *ir.Transaction) ir.Stmt {
	if n.Snapshot || n.ReadOnly != nil && *n.ReadOnly {
		rewrite.Refuse(b.Pass, refusedForm, n.Span, "START TRANSACTION with modes in a routine")
		return n
	}
	again := b.open != nil || b.wrote
	b.started, b.open = true, n
	if !again {
		return gone(n)
	}
	if !b.mayEnd(n) {
		return n
	}
	b.ended = cmp.Or(b.ended, n)
	return control.Take(routineCode, n, &ir.Transaction{Kind: ir.CommitTransaction})
}

// gone leaves a statement out; comments need something to stand at.
func gone(n ir.Stmt) ir.Stmt {
	if m := n.Base(); len(m.Lead)+len(m.Trail) > 0 {
		return control.Take(routineCode, n, &ir.Nothing{})
	}
	return &ir.Splice{}
}

// setTransaction is for the next transaction, which has to begin right behind it.
func (b *body) setTransaction(n *ir.SetTransaction) ir.Stmt {
	rewrite.Refuse(b.Pass, refusedForm, n.Span, "SET TRANSACTION in a routine")
	return n
}

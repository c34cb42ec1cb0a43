// Package transactions holds the rules for transactions, autocommit and table locks: of the session, and of routines.
package transactions

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/calls"
	"godwit/ir/rewrite/ddlcommit"
)

const code = "TX0100"

var (
	isolation = &diag.Code{
		ID: "TX0101", Title: "An isolation level with other rules", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "REPEATABLE READ and SERIALIZABLE raise serialization failures on the target where the source waits for locks or lets the last writer win; READ UNCOMMITTED is READ COMMITTED. It is assumed that programs repeat a transaction that fails with SQLSTATE 40001.",
		Next: "Repeat transactions that fail with SQLSTATE 40001.", Each: 0.1,
	}
	locked = &diag.Code{
		ID: "TX0102", Title: "Table locks become a transaction", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "Locks on tables last as long as a transaction on the target, so that the statements up to UNLOCK TABLES form one. It is assumed that none of them fails: the source would keep those before it.",
		Next: "Use row locks (SELECT ... FOR UPDATE) in a transaction instead.", Each: 0.2,
	}
	leftOut = &diag.Code{
		ID: "TX0104", Title: "A transaction statement of a script is left out", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "The objects and rows of the script go to files of their own; transactions and locks of the script have no meaning there.",
		Next: "Nothing, unless the script is meant as a program: then translate it.",
	}
	refusedForm = &diag.Code{
		ID: "TX0105", Title: "A transaction statement without a counterpart", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "COMMIT RELEASE ends the session, SET GLOBAL TRANSACTION changes the server, and SET TRANSACTION inside a transaction is an error on the source.",
		Next: "Remove the clause, or configure the target server.", Each: 0.1,
	}
)

// Rule is TX0100.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "transactions",
		Doc: `Follows the transactions of a session (MySQL Reference Manual, "START TRANSACTION, COMMIT, and ROLLBACK Statements"). SET TRANSACTION is for the
next transaction on the source, so that its modes go to the next BEGIN. With autocommit off a transaction is open always: COMMIT and ROLLBACK begin the next one.
LOCK TABLES ... UNLOCK TABLES is a transaction that locks the tables. A savepoint outside of a transaction has no effect. A procedure that begins with the end of a transaction is called behind it.`,
		Examples: []rewrite.Example{
			{Setup: "CREATE TABLE t (id INT);", Source: "LOCK TABLES t WRITE;\nUPDATE t SET id = 1;\nUNLOCK TABLES;", Target: "BEGIN;\nLOCK TABLE t IN ACCESS EXCLUSIVE MODE;\nUPDATE t SET id = 1;\nCOMMIT;"},
			{Setup: "CREATE TABLE t (id INT);", Source: "SET autocommit = 0;\nUPDATE t SET id = 1;\nROLLBACK;", Target: "BEGIN;\nUPDATE t SET id = 1;\nROLLBACK AND CHAIN;"},
			{Source: "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;\nSTART TRANSACTION;", Target: "-- SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;\nBEGIN ISOLATION LEVEL SERIALIZABLE;"},
		},
		Fidelity: diag.Assumed,
		Findings: []*diag.Code{isolation, locked, leftOut, refusedForm, calledInside},
		Prepare:  keepFirst,
		Needed: func(p *rewrite.Pass) bool {
			return p.Session.InOrder || follows(p) || p.May(ir.KindTransaction, ir.KindSetTransaction, ir.KindLockTables, ir.KindSysVar)
		},
		Run: run,
	}
}

// follows tells that the session's state has something that a statement of any kind may end or need.
func follows(p *rewrite.Pass) bool {
	return calls.InTransaction(p) || !Autocommit(p.Session) || p.Session.State[locksHeld] != nil || p.Session.State[nextModes] != nil
}

// Keys of the session's state.
const (
	autocommitOff = "transactions.autocommit-off"
	locksHeld     = "transactions.locks"
	nextModes     = "transactions.next"
)

// Autocommit tells whether the session commits each statement.
func Autocommit(s *rewrite.Session) bool {
	off, _ := s.State[autocommitOff].(bool)
	return !off
}

type pass struct {
	*rewrite.Pass
	out []ir.Stmt
}

func run(p *rewrite.Pass) {
	r := &pass{Pass: p}
	for _, s := range p.Unit.Stmts {
		r.statement(s)
	}
	if !p.Refused() {
		p.Unit.Stmts = r.out
	}
}

func (r *pass) open() bool { return calls.InTransaction(r.Pass) }

func (r *pass) setOpen(v bool) { r.Session.State[calls.TransactionOpen] = v }

func (r *pass) locks() []*ir.LockItem {
	l, _ := r.Session.State[locksHeld].([]*ir.LockItem)
	return l
}

// put adds statements that stand for s; the first takes its comments.
func (r *pass) put(s ir.Stmt, list ...ir.Stmt) {
	for i, x := range list {
		m := x.Base()
		if x != s {
			m.Span = s.Base().Span
			if i == 0 {
				m.Lead = append(m.Lead, s.Base().Lead...)
				s.Base().Lead = nil
			}
		}
		m.Made(code)
		r.out = append(r.out, x)
	}
}

// drop keeps the statement as a comment.
func (r *pass) drop(s ir.Stmt) { r.put(s, &ir.CommentStmt{Text: s.Base().Span.Text()}) }

func raw(text string) ir.Stmt { return &ir.RawStmt{Text: text} }

func (r *pass) statement(s ir.Stmt) {
	switch n := s.(type) {
	case *ir.Transaction:
		if !r.Session.InOrder {
			r.Report(leftOut, n.Span, "%s has no meaning for files by object", firstWords(n))
			r.drop(s)
			return
		}
		r.transaction(n)
	case *ir.SetTransaction:
		r.setTransaction(n)
	case *ir.LockTables:
		r.lockTables(n)
	case *ir.SetVar:
		r.setVar(n)
	default:
		r.other(s)
	}
}

func firstWords(s ir.Stmt) string {
	w := strings.Fields(s.Base().Span.Text())
	return strings.ToUpper(strings.Join(w[:min(2, len(w))], " "))
}

func (r *pass) transaction(n *ir.Transaction) {
	if n.Release {
		rewrite.Refuse(r.Pass, refusedForm, n.Span, "RELEASE ends the session")
		return
	}
	switch n.Kind {
	case ir.BeginTransaction:
		r.unlock(n)
		r.begin(n)
		r.put(n, n)
	case ir.CommitTransaction, ir.RollbackTransaction:
		r.end(n)
	default:
		r.savepoint(n)
	}
}

// begin gives BEGIN its modes.
func (r *pass) begin(n *ir.Transaction) {
	if next, ok := r.Session.State[nextModes].(*ir.SetTransaction); ok {
		n.Isolation = next.Isolation
		if n.ReadOnly == nil {
			n.ReadOnly = next.ReadOnly
		}
		delete(r.Session.State, nextModes)
	}
	if n.Snapshot && n.Isolation == "" {
		n.Isolation = "repeatable read"
		r.Report(isolation, n.Span, "WITH CONSISTENT SNAPSHOT is REPEATABLE READ; the snapshot is taken by the first statement")
	}
	r.setOpen(true)
}

// end is COMMIT or ROLLBACK. Locks of tables outlive it on the source.
func (r *pass) end(n *ir.Transaction) {
	held := r.locks()
	switch {
	case held != nil && Autocommit(r.Session):
		r.drop(n) // each statement has been committed already
	case held != nil:
		r.put(n, n, raw("BEGIN"))
		r.relock(n, held)
	case n.Chain && !r.open():
		b := &ir.Transaction{Kind: ir.BeginTransaction}
		r.begin(b)
		r.put(n, b)
	default:
		n.Chain = n.Chain || r.always()
		r.put(n, n)
		r.setOpen(n.Chain)
	}
}

// always tells that a transaction is open always.
func (r *pass) always() bool { return !Autocommit(r.Session) && r.open() && r.Session.InOrder }

func (r *pass) savepoint(n *ir.Transaction) {
	if r.open() {
		r.put(n, n)
		return
	}
	if !Autocommit(r.Session) {
		r.implicit(n)
		r.put(n, n)
		return
	}
	if n.Kind == ir.SetSavepoint {
		r.drop(n)
		return
	}
	r.put(n, n) // an error on both sides
}

func (r *pass) setTransaction(n *ir.SetTransaction) {
	if n.Isolation != "" && n.Isolation != "read committed" {
		r.Report(isolation, n.Span, "%s has other rules on the target", strings.ToUpper(n.Isolation))
	}
	switch {
	case n.Scope == "global":
		rewrite.Refuse(r.Pass, refusedForm, n.Span, "SET GLOBAL TRANSACTION changes the server")
	case !r.Session.InOrder:
		r.drop(n)
	case n.Scope == "session":
		r.put(n, n)
	case r.open():
		rewrite.Refuse(r.Pass, refusedForm, n.Span, "SET TRANSACTION inside a transaction is an error on the source")
	default:
		r.Session.State[nextModes] = n
		r.drop(n)
	}
}

// lockTables begins a transaction that holds the locks. Locks that are held are given back, and an open transaction is committed.
func (r *pass) lockTables(n *ir.LockTables) {
	if !r.Session.InOrder {
		r.Report(leftOut, n.Span, "%s has no meaning for files by object", firstWords(n))
		r.drop(n)
		return
	}
	if n.Unlock {
		if r.locks() == nil {
			r.drop(n)
			return
		}
		r.unlock(n)
		return
	}
	if r.locks() == nil && !r.open() && Autocommit(r.Session) && r.loads(n) {
		r.drop(n)
		return
	}
	r.unlock(n)
	if r.open() {
		r.put(n, &ir.Transaction{Kind: ir.CommitTransaction})
		r.setOpen(false)
	}
	r.Report(locked, n.Span, "the statements up to UNLOCK TABLES form one transaction")
	r.put(n, raw("BEGIN"))
	r.relock(n, n.Items)
	r.Session.State[locksHeld] = n.Items
}

// loads tells that up to UNLOCK TABLES there are only rows for the one table that is locked, as dumps have it. Each INSERT commits by
// itself on both sides then; the lock is about speed.
func (r *pass) loads(n *ir.LockTables) bool {
	if len(n.Items) != 1 || !n.Items[0].Write {
		return false
	}
	name := n.Items[0].Table.Name
	same := func(t *ir.TableRef) bool {
		return t != nil && strings.EqualFold(t.Name.Name(), name.Name()) && strings.EqualFold(t.Name.Schema(), name.Schema())
	}
	for k := r.Session.At + 1; k < len(r.Session.Script); k++ {
		for _, s := range r.Session.Script[k].Stmts {
			switch s := s.(type) {
			case *ir.LockTables:
				return s.Unlock
			case *ir.CommentStmt:
			case *ir.AlterTable:
				if !same(s.Table) || slices.ContainsFunc(s.Actions, func(a *ir.AlterAction) bool { return a.Kind != "disable keys" && a.Kind != "enable keys" }) {
					return false
				}
			case *ir.Insert:
				if _, rows := s.Source.(*ir.Values); !rows || !same(s.Table) {
					return false
				}
			default:
				return false
			}
		}
	}
	return false
}

// relock locks the tables, those of one mode together. Raw transaction statements are none of the script's: definitions do not end them.
func (r *pass) relock(n ir.Stmt, items []*ir.LockItem) {
	for _, write := range []bool{true, false} {
		l := &ir.LockTables{}
		for _, it := range items {
			if it.Write == write {
				l.Items = append(l.Items, ir.Clone(it))
			}
		}
		if len(l.Items) > 0 {
			r.put(n, l)
		}
	}
}

func (r *pass) unlock(n ir.Stmt) {
	if r.locks() == nil {
		return
	}
	delete(r.Session.State, locksHeld)
	r.put(n, raw("COMMIT"))
}

// setVar carries out autocommit, and the variables that stand for SET TRANSACTION.
func (r *pass) setVar(n *ir.SetVar) {
	var kept []*ir.SetItem
	var out []ir.Stmt
	for _, it := range n.Items {
		v, ok := it.Target.(*ir.SysVar)
		if !ok || v.Scope == "global" {
			kept = append(kept, it)
			continue
		}
		switch v.Name {
		case "autocommit":
			on, ok := Truth(it.Value)
			if !ok {
				kept = append(kept, it)
				continue
			}
			out = append(out, r.autocommit(n, on)...)
		default:
			st := Modes(it, v)
			if st == nil {
				kept = append(kept, it)
				continue
			}
			before := len(r.out)
			r.setTransaction(st)
			out = append(out, r.out[before:]...)
			r.out = r.out[:before]
		}
	}
	if len(kept) == len(n.Items) {
		r.other(n)
		return
	}
	if len(kept) > 0 {
		n.Items = kept
		r.out = append(r.out, n)
	} else if len(out) == 0 {
		r.drop(n)
	}
	r.put(n, out...)
}

// autocommit commits an open transaction when it is switched on.
func (r *pass) autocommit(n *ir.SetVar, on bool) []ir.Stmt {
	was := Autocommit(r.Session)
	r.Session.State[autocommitOff] = !on
	if !r.Session.InOrder {
		return nil
	}
	if !on {
		if !was || r.open() || r.locks() != nil {
			return nil
		}
		b := &ir.Transaction{Kind: ir.BeginTransaction}
		r.begin(b)
		return []ir.Stmt{b}
	}
	if was || !r.open() {
		return nil
	}
	r.setOpen(false)
	return []ir.Stmt{&ir.Transaction{Kind: ir.CommitTransaction}}
}

// Truth is the value of a switch: 0, 1, ON, OFF, TRUE, FALSE or DEFAULT (on).
func Truth(e ir.Expr) (on, ok bool) {
	switch x := e.(type) {
	case nil:
		return true, true
	case *ir.Number:
		return x.Text != "0", x.Text == "0" || x.Text == "1"
	case *ir.Bool:
		return x.Value, true
	case *ir.String:
		switch strings.ToUpper(x.Value) {
		case "ON", "TRUE", "1":
			return true, true
		case "OFF", "FALSE", "0":
			return false, true
		}
	case *ir.BoolValue:
		return Truth(x.X)
	}
	return false, false
}

// Modes is the SET TRANSACTION that an assignment of a variable stands for, nil if it is another variable.
func Modes(it *ir.SetItem, v *ir.SysVar) *ir.SetTransaction {
	s := &ir.SetTransaction{Scope: "session"}
	s.Span = it.Span
	if v.Scope == "" && strings.HasPrefix(v.Span.Text(), "@@") {
		s.Scope = "" // for the next transaction only
	}
	switch v.Name {
	case "transaction_isolation", "tx_isolation":
		x, ok := it.Value.(*ir.String)
		if !ok {
			return nil
		}
		level := strings.ToLower(strings.ReplaceAll(x.Value, "-", " "))
		switch level {
		case "read uncommitted", "read committed", "repeatable read", "serializable":
			s.Isolation = level
			return s
		}
	case "transaction_read_only", "tx_read_only":
		if on, ok := Truth(it.Value); ok && it.Value != nil {
			s.ReadOnly = &on
			return s
		}
	}
	return nil
}

// other begins the transaction of a session without autocommit, and notes what commits.
func (r *pass) other(s ir.Stmt) {
	switch {
	case ddlcommit.Commits(s) && r.always():
		r.put(s, &ir.Transaction{Kind: ir.CommitTransaction, Chain: true})
		r.out = append(r.out, s)
		r.put(s, &ir.Transaction{Kind: ir.CommitTransaction, Chain: true})
	case ddlcommit.Commits(s):
		r.out = append(r.out, s)
		if !r.open() {
			return
		}
		r.setOpen(false)
	case !Autocommit(r.Session) && !r.open() && r.locks() == nil && r.Session.InOrder && touches(s):
		r.implicit(s)
		r.out = append(r.out, s)
	default:
		if touches(s) {
			delete(r.Session.State, nextModes)
		}
		r.called(s)
		r.out = append(r.out, s)
	}
}

func (r *pass) implicit(s ir.Stmt) {
	b := &ir.Transaction{Kind: ir.BeginTransaction}
	r.begin(b)
	r.put(s, b)
}

// touches tells that the statement uses tables, so that it begins a transaction.
func touches(s ir.Stmt) bool {
	switch s.(type) {
	case *ir.Routine, *ir.CreateTrigger, *ir.CreateEvent, *ir.Unsupported, *ir.Use, *ir.CommentStmt:
		return false
	}
	return ir.Find(s, func(n ir.Node) bool {
		switch n.(type) {
		case *ir.TableRef, *ir.RoutineCall, *ir.CallProc, *ir.Execute:
			return true
		}
		return false
	})
}

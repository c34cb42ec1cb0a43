package pltransactions

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
)

var alone = &diag.Code{
	ID: "TX0308", Title: "LOCK TABLE or SET TRANSACTION in a script", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc:  "What the statement sets holds up to the end of the transaction. Each statement of the script is committed by itself on the target: the files of a converted folder are run so, a call behind the statement commits, or the script does not end the transaction. The statement is left out. Assumed: no other session changes the tables while the script runs.",
	Next: "Put BEGIN and COMMIT around the statements that belong together if other sessions use the tables while the script runs.",
}

var early = &diag.Code{
	ID: "DD0470", Title: "Deferred constraint that is checked with each statement", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc:  "A deferred constraint is checked where the transaction ends (Oracle SQL Language Reference, SET CONSTRAINTS). Each statement of the script is a transaction of its own on the target: a call among the statements commits, or the script does not end the transaction. Assumed: each statement alone leaves rows that meet the constraints; one that does not fails.",
	Next: "Put BEGIN and COMMIT around the statements that belong together.",
}

var deferredAlone = &diag.Code{
	ID: "DD0471", Title: "SET CONSTRAINTS without a transaction", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  "SET CONSTRAINTS holds up to the end of the transaction. The statements of the script are transactions of their own on the target: the files of a converted folder are run so, a call among the statements commits, or the script does not end the transaction.",
	Next: "Put BEGIN and COMMIT around the statements that belong together.", Each: 0.2,
}

const openKey = "pl-transactions.open"

// script gives statements of a script that are rolled back later a transaction.
func script(p *rewrite.Pass) {
	open, _ := p.Session.State[openKey].(bool)
	var out []ir.Stmt
	for _, s := range p.Unit.Stmts {
		t, ok := s.(*ir.Transaction)
		switch {
		case !ok && !open && changes(s) && (undone(p) || late(p, s)):
			if commits(p) || !undone(p) && !ended(p) {
				if late(p, s) {
					p.Report(early, s.Base().Span, "the constraints are checked with each statement")
				}
				out = append(out, s)
				continue
			}
			out = append(out, begin(s), s)
			open = true
		case !open && within(s) != "":
			if commits(p) || !ended(p) {
				if _, set := s.(*ir.SetConstraints); set {
					rewrite.Refuse(p, deferredAlone, s.Base().Span, "SET CONSTRAINTS of a transaction that does not end in the script, or that a call ends")
					return
				}
				out = append(out, comment(p, s, within(s)))
				continue
			}
			if m, mode := s.(*ir.SetTransaction); mode {
				b := begin(s)
				b.Isolation, b.ReadOnly, b.Trail = m.Isolation, m.ReadOnly, m.Trail
				out = append(out, b)
			} else {
				out = append(out, begin(s), s)
			}
			open = true
		case !ok && open && definition(s):
			c := &ir.Transaction{Kind: ir.CommitTransaction}
			c.Span = s.Base().Span
			c.Made(code)
			out = append(out, c, s)
			open = false
		case !ok:
			out = append(out, s)
		case open:
			out = append(out, t)
			open = t.Kind != ir.CommitTransaction && t.Kind != ir.RollbackTransaction
		case t.Kind == ir.CommitTransaction:
			out = append(out, comment(p, t, "COMMIT"))
		case t.Kind == ir.RollbackTransaction && !changed(p):
			out = append(out, comment(p, t, "ROLLBACK"))
		default:
			rewrite.Refuse(p, scriptRollback, t.Span, "nothing is open here, or a call among the statements commits")
			return
		}
	}
	p.Session.State[openKey] = open
	if !p.Refused() {
		p.Unit.Stmts = out
	}
}

// late tells that a statement changes a table with a constraint that waits for the end of the transaction, or one that such a constraint refers to.
func late(p *rewrite.Pass, s ir.Stmt) bool {
	found := false
	ir.Walk(s, func(n ir.Node) bool {
		t, ok := n.(*ir.TableRef)
		found = found || ok && t.Table != nil && deferred(p, t.Table)
		return !found
	})
	return found
}

func deferred(p *rewrite.Pass, t *catalog.Table) bool {
	for _, o := range p.Catalog.Tables() {
		for _, c := range o.Constraints {
			switch d := c.Def.(type) {
			case *ir.KeyDef:
				if o == t && d.State.Deferred && !c.Disabled {
					return true
				}
			case *ir.ForeignKeyDef:
				if d.State.Deferred && !c.Disabled && (o == t || d.RefTable.Name() == t.Name) {
					return true
				}
			}
		}
	}
	return false
}

// begin makes the statement that begins a transaction in front of another.
func begin(s ir.Stmt) *ir.Transaction {
	b := &ir.Transaction{Kind: ir.BeginTransaction}
	b.Span, b.Lead = s.Base().Span, s.Base().Lead
	s.Base().Lead = nil
	b.Made(code)
	return b
}

// within names a statement that the target takes in transactions only, "" for others. A transaction that only reads sees what was
// committed when it began.
func within(s ir.Stmt) string {
	switch s := s.(type) {
	case *ir.SetTransaction:
		if s.ReadOnly != nil && *s.ReadOnly && s.Isolation == "" {
			s.Isolation = "repeatable read"
		}
		return "SET TRANSACTION"
	case *ir.LockTable:
		return "LOCK TABLE"
	case *ir.SetConstraints:
		return "SET CONSTRAINTS"
	}
	return ""
}

// ended tells that the script ends the transaction that begins with this unit.
func ended(p *rewrite.Pass) bool {
	found := false
	ahead(p, func(s ir.Stmt) bool {
		t, ok := s.(*ir.Transaction)
		found = definition(s) || ok && (t.Kind == ir.CommitTransaction || t.Kind == ir.RollbackTransaction)
		return !found
	})
	return found
}

// file leaves COMMIT out of files, as well as what holds up to it, and refuses what goes back.
func file(p *rewrite.Pass) {
	for i, s := range p.Unit.Stmts {
		if _, set := s.(*ir.SetConstraints); set {
			rewrite.Refuse(p, deferredAlone, s.Base().Span, "SET CONSTRAINTS in a file whose statements are run one by one")
			return
		}
		if word := within(s); word != "" {
			p.Unit.Stmts[i] = comment(p, s, word)
			continue
		}
		t, ok := s.(*ir.Transaction)
		if !ok {
			continue
		}
		if t.Kind != ir.CommitTransaction {
			rewrite.Refuse(p, scriptRollback, t.Span, "ROLLBACK or SAVEPOINT in a script")
			return
		}
		p.Unit.Stmts[i] = comment(p, t, "COMMIT")
	}
}

func comment(p *rewrite.Pass, s ir.Stmt, word string) ir.Stmt {
	m := s.Base()
	switch word {
	case "COMMIT":
		p.Report(implicit, m.Span, "each statement is committed by itself")
	case "SET TRANSACTION", "LOCK TABLE":
		p.Report(alone, m.Span, "%s", word)
	}
	c := &ir.CommentStmt{Text: word + ";"}
	c.Span, c.Lead, c.Trail = m.Span, m.Lead, m.Trail
	c.Made(code)
	return c
}

func changes(s ir.Stmt) bool {
	switch s.(type) {
	case *ir.Insert, *ir.Update, *ir.Delete, *ir.Merge, *ir.MultiInsert, *ir.Block, *ir.CallProc:
		return true
	}
	return false
}

// definition tells a statement that commits before and behind it.
func definition(s ir.Stmt) bool {
	switch s.(type) {
	case *ir.CreateTable, *ir.AlterTable, *ir.CreateIndex, *ir.CreateView, *ir.CreateSequence, *ir.Drop, *ir.Truncate, *ir.Grant, *ir.Routine, *ir.CreateTrigger,
		*ir.Package, *ir.ObjectType, *ir.TypeBody, *ir.CommentOn, *ir.RenameTables:
		return true
	}
	return false
}

// undone tells that the script goes back before it commits what this unit changes.
func undone(p *rewrite.Pass) bool {
	found := false
	ahead(p, func(s ir.Stmt) bool {
		t, ok := s.(*ir.Transaction)
		if ok {
			found = t.Kind != ir.CommitTransaction
		}
		return !ok && !definition(s)
	})
	return found
}

// commits tells that a call among the statements up to the end of the transaction commits by itself.
func commits(p *rewrite.Pass) bool {
	found := ends(p.Unit.Stmts)
	ahead(p, func(s ir.Stmt) bool {
		found = found || ends([]ir.Stmt{s})
		t, ok := s.(*ir.Transaction)
		return !(ok && (t.Kind == ir.CommitTransaction || t.Kind == ir.RollbackTransaction)) && !definition(s)
	})
	return found
}

func ends(list []ir.Stmt) bool {
	for _, s := range list {
		if _, top := s.(*ir.Transaction); top {
			continue
		}
		if ir.Find(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.Transaction:
				return true
			case *ir.Execute:
				return n.Defines != nil
			case *ir.CallProc:
				return n.Routine != nil && n.Routine.Facts.Transaction
			}
			return false
		}) {
			return true
		}
	}
	return false
}

// ahead gives f the statements behind the unit until it returns false.
func ahead(p *rewrite.Pass, f func(ir.Stmt) bool) {
	for k := p.Session.At + 1; k < len(p.Session.Script); k++ {
		for _, s := range p.Session.Script[k].Stmts {
			if !f(s) {
				return
			}
		}
	}
}

// changed tells that a statement before this one in the script has changed something that is not committed.
func changed(p *rewrite.Pass) bool {
	for k := p.Session.At - 1; k >= 0 && k < len(p.Session.Script); k-- {
		for _, s := range p.Session.Script[k].Stmts {
			if c, ok := s.(*ir.CommentStmt); ok && (c.Text == "COMMIT;" || c.Text == "ROLLBACK;") {
				return false
			}
			if t, ok := s.(*ir.Transaction); ok && (t.Kind == ir.CommitTransaction || t.Kind == ir.RollbackTransaction) || definition(s) {
				return false
			}
			if changes(s) {
				return true
			}
		}
	}
	return false
}

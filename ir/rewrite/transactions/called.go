package transactions

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
)

var (
	endsTransactions = &diag.Code{
		ID: "TX0890", Title: "A procedure that ends transactions", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `START TRANSACTION, COMMIT and ROLLBACK of a procedure end the transaction of its caller on the source. A procedure of the target cannot do so: inside a transaction of its caller it raises
invalid_transaction_termination there. Assumed: the procedure is called outside of transactions.`,
		Next: "End the transaction before the CALL.",
	}
	calledInside = &diag.Code{
		ID: "TX0891", Title: "A call that ends transactions, inside a transaction", Severity: diag.Error, Fidelity: diag.Refused,
		Doc: `The procedure commits or rolls back what its caller has written in a transaction, behind statements of its own. On the target a procedure cannot end a transaction that its caller has begun. (Where
a procedure begins with START TRANSACTION, COMMIT or ROLLBACK, the transaction is ended in front of the CALL.)`,
		Next: "End the transaction before the CALL.", Each: 0.3,
	}
)

// firstKey is where the session keeps what procedures do to the transaction of their caller before anything else: COMMIT or ROLLBACK.
const firstKey = "transactions.first"

// keepFirst notes the procedures of the unit that begin with the end of a transaction.
func keepFirst(p *rewrite.Pass) {
	for _, s := range p.Unit.Stmts {
		r, ok := s.(*ir.Routine)
		if !ok || r.Object == nil || r.Body == nil {
			continue
		}
		if k, ok := first([]ir.Stmt{r.Body}); ok {
			m, _ := p.Session.Values[firstKey].(map[*catalog.Routine]ir.TransactionKind)
			if m == nil {
				m = map[*catalog.Routine]ir.TransactionKind{}
				p.Session.Values[firstKey] = m
			}
			m[r.Object] = k
		}
	}
}

// first tells that the statements end the transaction in front of everything that can fail, return or change rows.
func first(list []ir.Stmt) (ir.TransactionKind, bool) {
	for _, s := range list {
		switch n := s.(type) {
		case *ir.Block:
			for _, d := range n.Decls {
				if v, ok := d.(*ir.VarDecl); ok && v.Default != nil && control.OfExpr(v.Default) != 0 {
					return 0, false
				}
			}
			return first(n.Body)
		case *ir.CommentStmt, *ir.Nothing:
		case *ir.SetVar:
			if control.OfStmt(n) != 0 || ofSession(n) {
				return 0, false
			}
		case *ir.Transaction:
			switch {
			case n.Chain || n.Release:
				return 0, false
			case n.Kind == ir.BeginTransaction, n.Kind == ir.CommitTransaction:
				return ir.CommitTransaction, true
			case n.Kind == ir.RollbackTransaction:
				return ir.RollbackTransaction, true
			}
			return 0, false
		default:
			return 0, false
		}
	}
	return 0, false
}

// ofSession tells that SET sets something of the session.
func ofSession(n *ir.SetVar) bool {
	for _, it := range n.Items {
		if _, ok := it.Target.(*ir.SysVar); ok {
			return true
		}
	}
	return false
}

// called ends the transaction in front of a call of a procedure that would end it.
func (r *pass) called(s ir.Stmt) {
	if !r.Session.InOrder || !r.open() && r.locks() == nil {
		return
	}
	var c *ir.CallProc
	ir.Walk(s, func(n ir.Node) bool {
		if x, ok := n.(*ir.CallProc); ok && x.Routine != nil && x.Routine.Facts.Transaction {
			c = x
		}
		return c == nil
	})
	if c == nil || control.IsProgram(s) {
		return
	}
	m, _ := r.Session.Values[firstKey].(map[*catalog.Routine]ir.TransactionKind)
	kind, ok := m[c.Routine]
	if !ok || !Autocommit(r.Session) || r.locks() != nil {
		rewrite.Refuse(r.Pass, calledInside, s.Base().Span, "%s ends transactions, and is called inside one", c.Routine.Name)
		return
	}
	r.put(s, &ir.Transaction{Kind: kind})
	r.setOpen(false)
}

package autocommit

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/resultsets"
)

var lostRows = &diag.Code{
	ID: "TX0771", Title: "Rows that a ROLLBACK takes along", Severity: diag.Info, Fidelity: diag.Approximate,
	Doc: `A result that a procedure returned has been sent when a ROLLBACK comes (MySQL Reference Manual, "START TRANSACTION, COMMIT, and ROLLBACK Statements"). On the target it is a cursor, which is gone
with the transaction that it was opened in: after a ROLLBACK of that transaction FETCH raises invalid_cursor_name. Outside of the procedure's own transactions a COMMIT stands behind the cursor.`,
	Next: "Return the rows behind the end of the transaction.", Each: 0.1,
}

// rollsRows tells that the procedure returns rows by cursors that a ROLLBACK in it would close.
func rollsRows(r *ir.Routine, f *resultsets.Form) bool {
	return f != nil && f.Held && ir.Find(r, func(n ir.Node) bool {
		s, ok := n.(ir.Stmt)
		return ok && control.IsTransaction(s, ir.RollbackTransaction)
	})
}

// keeps tells that a COMMIT is needed behind the statement: it writes, or opens a cursor that a ROLLBACK would close.
func (w *walk) keeps(s ir.Stmt) bool {
	return control.Writes(s) || w.rolls && returns(s)
}

func returns(s ir.Stmt) bool {
	return ir.Find(s, func(n ir.Node) bool {
		x, ok := n.(*ir.ReturnRows)
		return ok && x.Held
	})
}

// tell reports rows that are returned in a transaction of the procedure.
func (w *walk) tell(s ir.Stmt) {
	if w.rolls && w.open && returns(s) {
		w.lost = append(w.lost, s)
	}
}

package control

import (
	"slices"

	"godwit/ir"
)

// OwnTransaction recognises a block with START TRANSACTION ... COMMIT among its statements whose handlers for errors all begin
// with ROLLBACK: when nothing is written before and nothing can fail behind, the transaction is that of the call, and the ROLLBACK
// is undoing the block. start and end are the two statements.
func OwnTransaction(b *ir.Block) (start, end int, ok bool) {
	handled := false
	for _, d := range b.Decls {
		h, is := d.(*ir.Handler)
		if !is {
			continue
		}
		list := List(h.Body)
		if !forErrors(h) {
			if Transactional(h.Body) {
				return 0, 0, false
			}
			continue
		}
		if numbered(h) { // its statements get blocks of their own, which look at the error
			return 0, 0, false
		}
		if at := RollbackAt(list); h.Action != ir.ExitHandler || at < 0 || Transactional(block(list[at+1:])) || takesSoft(h) && softly(b.Body) {
			return 0, 0, false
		}
		handled = true
	}
	if !handled {
		return 0, 0, false
	}
	start, end = -1, -1
	for i, s := range b.Body {
		switch {
		case IsTransaction(s, ir.BeginTransaction) && start < 0:
			start = i
		case IsTransaction(s, ir.CommitTransaction) && end < 0:
			end = i
		case ends(s):
			return 0, 0, false
		}
	}
	if start < 0 || end < start || Writes(block(b.Body[:start])) || !quiet(b.Body[end+1:]) {
		return 0, 0, false
	}
	return start, end, true
}

// ends tells that a statement ends or begins transactions: savepoints inside of one do not.
func ends(s ir.Stmt) bool {
	return ir.Find(s, func(n ir.Node) bool {
		if t, ok := n.(*ir.Transaction); ok {
			return t.Kind != ir.SetSavepoint && t.Kind != ir.RollbackToSavepoint && t.Kind != ir.ReleaseSavepoint
		}
		c, ok := n.(*ir.CallProc)
		return ok && c.Routine != nil && c.Routine.Facts.Transaction
	})
}

// RollbackAt is the place of the ROLLBACK that a handler's statements begin with, -1 if they do not. What is in front of it only reads the
// diagnostics and sets variables.
func RollbackAt(list []ir.Stmt) int {
	for i, s := range list {
		switch n := s.(type) {
		case *ir.Nothing, *ir.CommentStmt, *ir.GetDiagnostics:
		case *ir.SetVar:
			if ir.Find(n, func(x ir.Node) bool {
				switch x.(type) {
				case *ir.Subquery, *ir.RoutineCall:
					return true
				}
				return false
			}) {
				return -1
			}
		default:
			if IsTransaction(s, ir.RollbackTransaction) {
				return i
			}
			return -1
		}
	}
	return -1
}

// takesSoft tells that a handler also takes conditions that are no errors.
func takesSoft(h *ir.Handler) bool {
	return slices.ContainsFunc(h.Conditions, func(c ir.Condition) bool {
		return c.Kind == ir.NotFound || c.Kind == ir.SQLWarning || c.Kind == ir.ByName || c.Kind == ir.ByCode && c.Code == 1329 ||
			c.Kind == ir.ByState && (IsNotFound(c.State) || IsWarning(c.State))
	})
}

// softly tells that a statement may leave a condition that is no error.
func softly(list []ir.Stmt) bool {
	return ir.Find(block(list), func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.SelectInto:
			return OfStmt(n)&NoRow != 0
		case *ir.FetchCursor, *ir.CallProc:
			return true
		case *ir.Signal:
			return n.Condition == nil || n.Condition.Kind != ir.ByState || IsNotFound(n.Condition.State) || IsWarning(n.Condition.State)
		}
		return false
	})
}

// numbered tells that a handler names an error by its number.
func numbered(h *ir.Handler) bool {
	return slices.ContainsFunc(h.Conditions, func(c ir.Condition) bool { return c.Kind == ir.ByCode && c.Code != 1329 })
}

func forErrors(h *ir.Handler) bool {
	for _, c := range h.Conditions {
		switch {
		case c.Kind == ir.NotFound, c.Kind == ir.SQLWarning, c.Kind == ir.ByCode && c.Code == 1329,
			c.Kind == ir.ByState && (IsNotFound(c.State) || IsWarning(c.State)):
		default:
			return true
		}
	}
	return false
}

// quiet tells that nothing in the list writes or raises an error.
func quiet(list []ir.Stmt) bool {
	return OfList(list)&Errors == 0 && !Writes(block(list))
}

// IsTransaction tells that the statement is a plain transaction statement of the kind.
func IsTransaction(s ir.Stmt, k ir.TransactionKind) bool {
	t, ok := s.(*ir.Transaction)
	return ok && t.Kind == k && !t.Chain && !t.Release
}

func block(list []ir.Stmt) *ir.Block { return &ir.Block{Body: list} }

// Absorbed tells that no transaction statement of the body is left when OwnTransaction was used on its outermost block.
func Absorbed(body ir.Stmt) bool {
	if !Transactional(body) {
		return true
	}
	b, ok := body.(*ir.Block)
	if !ok {
		return false
	}
	_, _, ok = OwnTransaction(b)
	return ok
}

// RowsUndone tells that rows which the body of OwnTransaction's block returns through a cursor may be lost: something behind them can raise an error, and
// undoing the block closes the cursor.
func RowsUndone(list []ir.Stmt) bool {
	returned := false
	for _, s := range list {
		if _, ok := s.(*ir.Transaction); ok {
			continue
		}
		raises := OfStmt(s)&Errors != 0
		if returned && raises {
			return true
		}
		if !ir.Find(s, returnsRows) {
			continue
		}
		returned = true
		if _, plain := s.(*ir.ReturnRows); !plain && raises {
			return true
		}
	}
	return false
}

func returnsRows(n ir.Node) bool {
	switch n := n.(type) {
	case *ir.ReturnRows:
		return true
	case *ir.CallProc:
		return n.Routine == nil || n.Routine.Facts.Results != 0
	}
	return false
}

package control

import "godwit/ir"

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
		if h.Action != ir.ExitHandler || len(list) == 0 || !IsTransaction(list[0], ir.RollbackTransaction) || Transactional(block(list[1:])) {
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
		case Transactional(s):
			return 0, 0, false
		}
	}
	if start < 0 || end < start || Writes(block(b.Body[:start])) || !quiet(b.Body[end+1:]) {
		return 0, 0, false
	}
	return start, end, true
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

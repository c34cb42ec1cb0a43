package handlers

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/rewrite/control"
)

// Statements of an open transaction under EXIT handlers that begin with ROLLBACK need no block each: whatever of them was done is undone anyway. They
// get one block, whose arms are the handlers with their ROLLBACK.

// inner is list for a branch or the body of a loop: behind it the transaction is as it was before.
func (r *run) inner(list []ir.Stmt, sc *scope, tail bool) []ir.Stmt {
	open := r.open
	list = r.list(list, sc, tail)
	r.open = open
	return list
}

// openBehind tells that a transaction is open behind the statement on all paths.
func (r *run) openBehind(s ir.Stmt, before bool) bool {
	switch n := s.(type) {
	case *ir.Transaction:
		switch n.Kind {
		case ir.BeginTransaction:
			return true
		case ir.CommitTransaction, ir.RollbackTransaction:
			return n.Chain
		}
		return before
	case *ir.If:
		return before && staysOpen(n.Branches, n.Else)
	case *ir.CaseStmt:
		return before && staysOpen(n.Branches, n.Else)
	case *ir.Block:
		if len(n.Decls) == 0 && len(n.Except) == 0 {
			return r.open // its statements have been followed
		}
	}
	return before && !control.Transactional(s) && !calls([]ir.Stmt{s}, transactional)
}

// staysOpen tells that branches which end the transaction do not go on behind the statement.
func staysOpen(list []*ir.Branch, rest []ir.Stmt) bool {
	ok := !control.Transactional(listNode(rest)) || control.Leaves(rest)
	for _, b := range list {
		ok = ok && (!control.Transactional(listNode(b.Body)) || control.Leaves(b.Body))
	}
	return ok
}

// segmentOf counts the statements from the first of the list on that one block can hold, 0 if there is no use in it.
func (r *run) segmentOf(list []ir.Stmt, sc *scope) int {
	s := r.undoing(sc)
	if !r.open || s == nil {
		return 0
	}
	n := 0
	for n < len(list) && !control.Transactional(list[n]) && !calls(list[n:n+1], transactional) {
		n++
	}
	for n > 0 && control.OfStmt(list[n-1])&control.Anything == 0 {
		n--
	}
	list = list[:n]
	if raising(list) < 2 || r.seen(s, list) || !keepsCursors(s, list) || ignoring(list) && s.takesNumbers() || r.shared(s, list) {
		return 0
	}
	return n
}

// undoing is the scope around whose handlers take all errors and begin with ROLLBACK, nil if the nearest one with handlers for errors is another.
func (r *run) undoing(sc *scope) *scope {
	for s := sc; s != nil; s = s.parent {
		switch {
		case s.plain:
			return nil
		case s.handles()&control.Errors != 0:
			if s.undoes() && quietAround(s) {
				return s
			}
			return nil
		case !s.softKept():
			return nil
		}
	}
	return nil
}

func (sc *scope) undoes() bool {
	all := false
	for _, h := range sc.own {
		list := control.List(h.Body)
		at := control.RollbackAt(list)
		undoes := h.Action == ir.ExitHandler && !h.numbered() && at >= 0 && !control.Transactional(listNode(list[at+1:]))
		switch {
		case h.kinds()&control.Errors != 0 && !undoes:
			return false
		case h.kinds()&control.Errors == 0 && control.Transactional(h.Body) && (!undoes || h.kinds()&control.NoRow == 0):
			return false
		case h.kinds()&control.NoRow != 0 && control.Transactional(h.Body) && resignals(h.Body):
			return false
		}
		all = all || slices.ContainsFunc(h.conds, func(c condition) bool { return c.kinds&control.Errors == control.Errors })
	}
	return all
}

// softKept tells that no handler of the scope ends transactions.
func (sc *scope) softKept() bool {
	return !slices.ContainsFunc(sc.own, func(h *bound) bool { return control.Transactional(h.Body) })
}

// quietAround tells that no handler outside of the scope, which may take what is no error, ends transactions.
func quietAround(sc *scope) bool {
	for s := sc.parent; s != nil; s = s.parent {
		if !s.softKept() {
			return false
		}
	}
	return true
}

func resignals(n ir.Node) bool {
	return ir.Find(n, func(x ir.Node) bool {
		s, ok := x.(*ir.Signal)
		return ok && s.Resignal
	})
}

// raising counts the statements that can raise errors.
func raising(list []ir.Stmt) int {
	n := 0
	for _, s := range list {
		switch x := s.(type) {
		case *ir.Block:
			n += raising(x.Body)
		case *ir.If:
			for _, b := range x.Branches {
				n += raising(b.Body)
			}
			n += raising(x.Else)
		case *ir.CaseStmt:
			for _, b := range x.Branches {
				n += raising(b.Body)
			}
			n += raising(x.Else)
		case *ir.Loop:
			n += raising(x.Body)
		default:
			if control.OfStmt(s)&control.Errors != 0 {
				n++
			}
		}
	}
	return n
}

// keepsCursors tells that undoing the statements closes no cursor that is read behind the scope, and takes no rows back that are returned.
func keepsCursors(sc *scope, list []ir.Stmt) bool {
	local := map[string]bool{}
	ir.Walk(sc.block, func(n ir.Node) bool {
		if c, ok := n.(*ir.CursorDecl); ok {
			local[strings.ToLower(c.Name.Text)] = true
		}
		return true
	})
	return !ir.Find(listNode(list), func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.OpenCursor:
			return !local[strings.ToLower(n.Name)]
		case *ir.ReturnRows:
			return true
		case *ir.CallProc:
			return n.Routine == nil || n.Routine.Facts.Results != 0
		}
		return false
	})
}

func ignoring(list []ir.Stmt) bool { return slices.ContainsFunc(list, ignores) }

// shared tells that handlers tell errors apart, or read their numbers, for which the target has one condition in the statements as a whole.
func (r *run) shared(sc *scope, list []ir.Stmt) bool {
	d := r.declaredBy(listNode(list))
	if !(d.child && d.parent || d.missing && d.null) {
		return false
	}
	return slices.ContainsFunc(sc.own, func(h *bound) bool {
		return slices.ContainsFunc(h.conds, func(c condition) bool { return c.rank < 2 }) ||
			ir.Find(h.Body, func(n ir.Node) bool { _, ok := n.(*ir.GetDiagnostics); return ok })
	})
}

// segment makes the block.
func (r *run) segment(list []ir.Stmt, sc *scope) ir.Stmt {
	b := &ir.Block{Body: slices.Clone(list)}
	b.Span = list[0].Base().Span
	b.Lead, list[0].Base().Lead = list[0].Base().Lead, nil
	b.Made(code)
	b.Body = r.list(b.Body, &scope{parent: sc, block: b, plain: true, segment: true}, false)
	for _, s := range b.Body {
		r.partial(s)
	}
	b.Except = onceEach(append(r.arms(sc, control.NoRow, b, false), r.arms(sc, control.Errors, b, false)...))
	return b
}

// onceEach leaves out arms of the handler that takes everything else as well.
func onceEach(arms []*ir.ExceptArm) []*ir.ExceptArm {
	at := slices.IndexFunc(arms, func(a *ir.ExceptArm) bool { return slices.Contains(a.Conditions, "OTHERS") })
	if at < 0 {
		return arms
	}
	all := arms[at]
	return slices.DeleteFunc(arms, func(a *ir.ExceptArm) bool { return a != all && a.Span == all.Span })
}

// crosses tells that the handler ends the transaction, from inside a block that its arms undo: the condition has to be raised.
func (r *run) crosses(sc *scope, h *bound) bool {
	if !control.Transactional(h.Body) {
		return false
	}
	for s := sc; s != nil && s != h.scope; s = s.parent {
		if s.segment {
			return true
		}
	}
	return false
}

package handlers

import (
	"slices"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite/atomic"
	"godwit/ir/rewrite/autocommit"
	"godwit/ir/rewrite/control"
)

// choosePlain decides whether EXCEPTION arms of the whole block mean the same as protected statements, and prepares the
// block for it. The target undoes the whole block, the source only the failing statement.
func (r *run) choosePlain(sc *scope) {
	kinds := sc.handles() & control.Errors
	if kinds == 0 {
		return
	}
	for s := sc.parent; s != nil; s = s.parent {
		if s.segment {
			break
		}
		if !s.plain && s.handles()&control.Errors != 0 {
			return
		}
	}
	for _, h := range sc.own {
		if h.kinds()&control.Errors != 0 && (h.Action != ir.ExitHandler || h.numbered()) {
			return
		}
	}
	b := sc.block
	if control.OfList(b.Body)&kinds == 0 {
		return
	}
	if r.seen(sc, sc.block.Body) || sc.around()&control.NoRow != 0 && len(r.noData(b)) > 0 {
		return
	}
	if r.ownTransaction(sc) {
		sc.plain = true
		return
	}
	if control.Transactional(listNode(b.Body)) || calls(b.Body, transactional) || autocommit.Here(r.p) && control.Writes(b) {
		return
	}
	if sc.around()&control.Errors == 0 && sc.raisesAgain() {
		sc.plain = true
		return
	}
	sc.plain = unwritten(b, kinds)
}

// seen tells that a variable whose new value may not fit is read when a handler for errors of the scope has run: the source makes it NULL when its
// value fails, which only an arm of the statement itself can do.
func (r *run) seen(sc *scope, list []ir.Stmt) bool {
	inside := listNode(list)
	for decl := range failing(list) {
		if sc.assigns(decl) {
			continue
		}
		if p, ok := decl.(*ir.ParamDecl); ok && p.Mode != catalog.In {
			return true
		}
		all, _ := control.Uses(r.top, decl)
		here, _ := control.Uses(inside, decl)
		for _, h := range sc.own {
			if reads, _ := control.Uses(h.Body, decl); h.kinds()&control.Errors != 0 && len(reads) > 0 {
				return true
			}
		}
		own := slices.ContainsFunc(sc.block.Decls, func(d ir.Decl) bool { return ir.Node(d) == decl })
		if !own && (len(all) > len(here) || r.loops > 0 && len(here) > 0) {
			return true
		}
	}
	return false
}

// assigns tells that every handler for errors of the scope gives the variable a value before anything reads it.
func (sc *scope) assigns(decl ir.Node) bool {
	for _, h := range sc.own {
		if h.kinds()&control.Errors == 0 {
			continue
		}
		done := false
		for _, s := range control.List(h.Body) {
			reads, writes := control.Uses(s, decl)
			if len(reads) > 0 {
				return false
			}
			set, ok := s.(*ir.SetVar)
			if done = ok && len(writes) > 0 && control.OfStmt(set)&control.Errors == 0; done {
				break
			}
			if jumps(s) || control.OfStmt(s)&control.Errors != 0 {
				return false
			}
		}
		if !done {
			return false
		}
	}
	return true
}

// failing are the variables and parameters that statements of the list give values that may not fit.
func failing(list []ir.Stmt) map[ir.Node]bool {
	out := map[ir.Node]bool{}
	add := func(e ir.Expr) {
		if d := control.Target(e); d != nil {
			out[d] = true
		}
	}
	ir.Walk(listNode(list), func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.SetItem:
			one := &ir.SetVar{Items: []*ir.SetItem{n}}
			if control.OfStmt(one)&control.Data != 0 {
				add(n.Target)
			}
		case *ir.SelectInto:
			if control.OfStmt(n)&control.Data != 0 {
				for _, e := range control.Into(n.Query) {
					add(e)
				}
			}
		}
		return true
	})
	return out
}

// numbered tells that the handler looks for an error number that the target does not keep.
func (b *bound) numbered() bool {
	return slices.ContainsFunc(b.conds, func(c condition) bool { return c.errno != "" })
}

// raisesAgain tells that every handler for errors ends by raising, so that the caller sees an error whatever was undone.
func (sc *scope) raisesAgain() bool {
	for _, h := range sc.own {
		if h.kinds()&control.Errors == 0 {
			continue
		}
		list := control.List(h.Body)
		if len(list) == 0 {
			return false
		}
		s, ok := list[len(list)-1].(*ir.Signal)
		if !ok || control.NoRowMark(s) != "" {
			return false
		}
		for _, x := range list[:len(list)-1] {
			if control.Transactional(x) || jumps(x) {
				return false
			}
		}
	}
	return true
}

func jumps(n ir.Node) bool {
	return ir.Find(n, func(x ir.Node) bool {
		switch x.(type) {
		case *ir.Return, *ir.Leave, *ir.Iterate:
			return true
		}
		return false
	})
}

// ownTransaction uses control.OwnTransaction on the block and takes the transaction statements out.
func (r *run) ownTransaction(sc *scope) bool {
	if r.function || sc.around()&control.Errors != 0 || calls(sc.block.Body, r.ends) || !sc.alone() {
		return false
	}
	start, end, ok := control.OwnTransaction(sc.block)
	if !ok || throughCursors(sc.block) && control.RowsUndone(sc.block.Body) {
		return false
	}
	r.takeOut(sc, start, end)
	return true
}

// throughCursors tells that the block returns rows through cursors, which end with what is undone.
func throughCursors(b *ir.Block) bool {
	return ir.Find(b, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.ReturnRows:
			return n.Cursor != ""
		case *ir.CallProc:
			return n.Routine == nil || n.Routine.Facts.Results != 0
		}
		return false
	})
}

// alone tells that nothing is written before the block, and that nothing behind it writes or fails: then the transaction of the block is
// all that the call does.
func (sc *scope) alone() bool {
	for s := sc; s.parent != nil; s = s.parent {
		list := s.parent.block.Body
		i := slices.IndexFunc(list, func(x ir.Stmt) bool { return x == ir.Stmt(s.block) })
		if i < 0 || control.Writes(listNode(list[:i])) || control.OfList(list[i+1:])&control.Errors != 0 || control.Writes(listNode(list[i+1:])) {
			return false
		}
	}
	return true
}

func (r *run) takeOut(sc *scope, start, end int) {
	b := sc.block
	r.p.Report(ownTransaction, b.Body[start].Base().Span,
		"the transaction of this block becomes the transaction of the call: the routine must not be called inside another one")
	var body []ir.Stmt
	for i, s := range b.Body {
		if i == start || i == end {
			if n := r.nothingFor(s); n != nil {
				body = append(body, n)
			}
			continue
		}
		body = append(body, s)
	}
	b.Body, b.Transaction = body, true
	for _, h := range sc.own {
		if h.kinds()&control.Errors == 0 {
			continue
		}
		list := control.List(h.Body)
		at := control.RollbackAt(list)
		rest := &ir.Block{Body: append(slices.Clone(list[:at]), list[at+1:]...)}
		rest.Span = h.Body.Base().Span
		h.Body = rest
	}
}

// nothingFor keeps the comments of a statement that goes away, nil if it has none.
func (r *run) nothingFor(s ir.Stmt) ir.Stmt {
	if len(s.Base().Lead) == 0 && len(s.Base().Trail) == 0 {
		return nil
	}
	n := &ir.Nothing{}
	return control.Take(code, s, n)
}

func listNode(list []ir.Stmt) ir.Node { return &ir.Block{Body: list} }

func calls(list []ir.Stmt, f func(*ir.CallProc) bool) bool {
	return ir.Find(listNode(list), func(n ir.Node) bool {
		c, ok := n.(*ir.CallProc)
		return ok && f(c)
	})
}

// ends tells that a call ends transactions, by its statements or by the policy.
func (r *run) ends(c *ir.CallProc) bool {
	return transactional(c) || autocommit.On(r.p) && atomic.Commits(r.p, c.Routine)
}

func transactional(c *ir.CallProc) bool { return c.Routine == nil || c.Routine.Facts.Transaction }

// undo answers whether undoing a list of statements is undoing the one that failed.
type undo struct {
	kinds control.Kinds
	// local are the cursors that are closed when the block is left, whatever happens.
	local map[string]bool
}

// unwritten tells that nothing has been written in the block when a statement raises one of the kinds, so that undoing
// the block is undoing the statement.
func unwritten(b *ir.Block, kinds control.Kinds) bool {
	u := &undo{kinds: kinds, local: map[string]bool{}}
	ir.Walk(b, func(n ir.Node) bool {
		if c, ok := n.(*ir.CursorDecl); ok {
			u.local[c.Name.Text] = true
		}
		return true
	})
	_, ok := u.list(b.Body, false)
	return ok
}

// list follows the statements; before and after tell whether something may have been written by then. ok is false
// when a statement may raise after a write.
func (u *undo) list(list []ir.Stmt, before bool) (after, ok bool) {
	for _, s := range list {
		if before, ok = u.stmt(s, before); !ok {
			return before, false
		}
	}
	return before, true
}

func (u *undo) stmt(s ir.Stmt, before bool) (after, ok bool) {
	switch n := s.(type) {
	case *ir.Block:
		if before && control.OfStmt(&ir.Block{Decls: n.Decls})&u.kinds != 0 {
			return before, false
		}
		return u.list(handlerBodies(n), before)
	case *ir.If:
		var lists [][]ir.Stmt
		for _, b := range n.Branches {
			if before && control.OfExpr(b.Cond)&u.kinds != 0 {
				return before, false
			}
			lists = append(lists, b.Body)
		}
		return u.anyOf(append(lists, n.Else), before)
	case *ir.CaseStmt:
		lists := [][]ir.Stmt{n.Else}
		for _, b := range n.Branches {
			lists = append(lists, b.Body)
		}
		heads := &ir.CaseStmt{Operand: n.Operand, HasElse: n.HasElse, Branches: conditionsOnly(n.Branches)}
		if before && control.OfStmt(heads)&u.kinds != 0 {
			return before, false
		}
		return u.anyOf(lists, before)
	case *ir.Loop:
		for range 2 {
			if before && (control.OfExpr(n.Cond)|control.OfQuery(n.Query))&u.kinds != 0 {
				return before, false
			}
			if before, ok = u.list(n.Body, before); !ok {
				return before, false
			}
		}
		return before, true
	}
	if before && control.OfStmt(s)&u.kinds != 0 {
		return before, false
	}
	return before || u.leaves(s), true
}

// leaves tells that the statement does something that an undo takes back: a write, a cursor that is still needed.
func (u *undo) leaves(s ir.Stmt) bool {
	switch n := s.(type) {
	case *ir.OpenCursor:
		return !u.local[n.Name]
	case *ir.ReturnRows:
		return true
	}
	return control.Writes(s)
}

// handlerBodies are the statements of a block with those of its handlers, which may run at any time, behind them.
func handlerBodies(b *ir.Block) []ir.Stmt {
	list := append([]ir.Stmt(nil), b.Body...)
	for _, d := range b.Decls {
		if h, ok := d.(*ir.Handler); ok {
			list = append(list, h.Body)
		}
	}
	return list
}

func conditionsOnly(list []*ir.Branch) []*ir.Branch {
	out := make([]*ir.Branch, len(list))
	for i, b := range list {
		out[i] = &ir.Branch{Cond: b.Cond}
	}
	return out
}

func (u *undo) anyOf(lists [][]ir.Stmt, before bool) (after, ok bool) {
	after = before
	for _, l := range lists {
		a, ok := u.list(l, before)
		if !ok {
			return a, false
		}
		after = after || a
	}
	return after, true
}

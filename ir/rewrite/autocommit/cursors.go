package autocommit

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/rewrite/atomic"
	"godwit/ir/rewrite/control"
)

// holds tells that the statement runs while a cursor is open, which would end with its transaction; it counts what is opened and closed.
func (w *walk) holds(s ir.Stmt) bool {
	held := w.cursors > 0
	switch s.(type) {
	case *ir.OpenCursor:
		w.cursors++
		return true
	case *ir.CloseCursor:
		w.cursors = max(0, w.cursors-1)
		return held
	case *ir.Block:
		if len(s.(*ir.Block).Except) == 0 {
			return held
		}
		if opens(s) {
			w.cursors++
			return true
		}
		if ir.Find(s, func(n ir.Node) bool { _, ok := n.(*ir.CloseCursor); return ok }) {
			w.cursors = max(0, w.cursors-1)
		}
		return held
	case *ir.Loop:
		return held || ir.Find(s, func(n ir.Node) bool {
			switch n.(type) {
			case *ir.OpenCursor, *ir.FetchCursor:
				return true
			}
			return false
		})
	}
	return held
}

// leftEarly tells a block that statements inside leave while a cursor is open, past the commit behind its CLOSE.
func leftEarly(s ir.Stmt) bool {
	b, ok := s.(*ir.Block)
	if !ok || b.Label == "" || len(b.Except) > 0 || !opens(b) || !control.Writes(b) {
		return false
	}
	return ir.Find(b, func(n ir.Node) bool {
		l, ok := n.(*ir.Leave)
		return ok && strings.EqualFold(l.Label, b.Label)
	})
}

func opens(s ir.Stmt) bool {
	return ir.Find(s, func(n ir.Node) bool { _, ok := n.(*ir.OpenCursor); return ok })
}

// kept are statements that commit nothing until an error leaves the call: then what was written before is committed, and the error goes on.
func (w *walk) kept(s ir.Stmt) []ir.Stmt {
	switch n := s.(type) {
	case *ir.Block:
		w.keptBlock(n)
	case *ir.If:
		w.keptBranches(n.Branches)
		n.Else = w.keptList(n.Else)
	case *ir.CaseStmt:
		if n.Operand != nil && control.OfExpr(n.Operand) != 0 {
			w.fail("a CASE statement that may fail while a cursor is open")
		}
		if !n.HasElse {
			n.HasElse, n.Else = true, []ir.Stmt{control.CaseNotFound(n)}
		}
		w.keptBranches(n.Branches)
		n.Else = w.keptList(n.Else)
	case *ir.Loop:
		if (control.OfExpr(n.Cond)|control.OfQuery(n.Query)|control.OfExpr(n.Lo)|control.OfExpr(n.Hi))&control.Errors != 0 {
			w.fail("a loop whose condition may fail while a cursor is open")
		}
		n.Body = w.keptList(n.Body)
	case *ir.Transaction:
		w.fail("a transaction statement while a cursor is open")
	case *ir.OpenCursor, *ir.CloseCursor, *ir.FetchCursor:
	case *ir.Signal, *ir.Raise:
		if x, ok := s.(*ir.Raise); ok && x.Level != "" && x.Level != "EXCEPTION" {
			break // a warning
		}
		if control.OfStmt(s)&control.Errors != 0 {
			return []ir.Stmt{w.commit(s), s}
		}
	case *ir.CallProc:
		if atomic.Commits(w.p, n.Routine) || n.Routine == nil {
			w.fail("a call of a procedure that commits its writes, while a cursor is open")
		}
		return []ir.Stmt{w.arm(s)}
	default:
		if control.OfStmt(s)&control.Errors != 0 {
			return []ir.Stmt{w.arm(s)}
		}
	}
	return []ir.Stmt{s}
}

func (w *walk) keptList(list []ir.Stmt) []ir.Stmt {
	var out []ir.Stmt
	for _, s := range list {
		out = append(out, w.kept(s)...)
	}
	return out
}

func (w *walk) keptBranches(list []*ir.Branch) {
	for _, b := range list {
		if control.OfExpr(b.Cond)&control.Errors != 0 {
			w.fail("a condition that may fail while a cursor is open")
		}
		b.Body = w.keptList(b.Body)
	}
}

// keptBlock gives a protected statement an arm for what its own arms do not take.
func (w *walk) keptBlock(n *ir.Block) {
	for _, d := range n.Decls {
		if v, ok := d.(*ir.VarDecl); ok && control.OfExpr(v.Default)&control.Errors != 0 {
			w.fail("a declaration that may fail while a cursor is open")
		}
	}
	if len(n.Except) == 0 {
		n.Body = w.keptList(n.Body)
		return
	}
	all := false
	for _, a := range n.Except {
		all = all || slices.Contains(a.Conditions, "OTHERS")
		a.Body = w.keptList(a.Body)
	}
	if all {
		return
	}
	n.Except = append(n.Except, w.others(n))
}

// arm protects a statement.
func (w *walk) arm(s ir.Stmt) ir.Stmt {
	b := &ir.Block{}
	control.Take(code, s, b)
	b.Body, b.Except = []ir.Stmt{s}, []*ir.ExceptArm{w.others(s)}
	return b
}

// others commits and raises again.
func (w *walk) others(at ir.Stmt) *ir.ExceptArm {
	a := &ir.ExceptArm{Conditions: []string{"OTHERS"}, Body: []ir.Stmt{w.commit(at), &ir.Raise{}}}
	a.Span = at.Base().Span
	a.Made(code)
	return a
}

package handlers

import (
	"godwit/ir"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/triggers"
)

// lateDiagnostics takes out GET DIAGNOSTICS that a handler runs behind anything else, where the source finds nothing there any more, and reports it.
func (r *run) lateDiagnostics(h *ir.Handler) {
	l := &lateWalk{run: r, gone: map[*ir.GetDiagnostics]bool{}}
	l.stmt(h.Body)
	if len(l.gone) == 0 {
		return
	}
	h.Body = ir.Map[ir.Node](h.Body, func(n ir.Node) ir.Node {
		if g, ok := n.(*ir.GetDiagnostics); ok && l.gone[g] {
			if len(g.Lead)+len(g.Trail) == 0 {
				return &ir.Splice{}
			}
			return control.Take(code, g, &ir.Nothing{})
		}
		return n
	}).(ir.Stmt)
}

type lateWalk struct {
	*run
	dirty bool // something else has run
	gone  map[*ir.GetDiagnostics]bool
}

func (l *lateWalk) stmt(s ir.Stmt) {
	switch n := s.(type) {
	case nil, *ir.Nothing, *ir.CommentStmt:
	case *ir.Block:
		for _, d := range n.Decls {
			_, variable := d.(*ir.VarDecl)
			l.dirty = l.dirty || variable
		}
		for _, x := range n.Body {
			l.stmt(x)
		}
	case *ir.SetVar:
		l.dirty = l.dirty || !n.Diagnostics
	case *ir.GetDiagnostics:
		n.Late = n.Late || l.dirty
		if !l.dirty || n.Stacked || n.Condition == nil {
			return
		}
		if n.Cleared {
			l.gone[n] = true
			l.tell(nothingFound, n, "GET DIAGNOSTICS CONDITION behind another statement or declaration of the handler finds nothing: the variables keep their values")
			return
		}
		l.tell(clearedDiagnostics, n, "GET DIAGNOSTICS CONDITION behind another statement or declaration of the handler: MySQL 8.0 finds nothing there, and the variables keep their values")
	default:
		l.dirty = true
		ir.Walk(s, func(x ir.Node) bool {
			if g, ok := x.(*ir.GetDiagnostics); ok {
				l.stmt(g)
			}
			_, inner := x.(*ir.Handler)
			return !inner
		})
	}
}

// partial reports a change of several rows, or with a trigger, that a function or trigger goes on behind: the source undoes nothing of it there.
func (r *run) partial(s ir.Stmt) {
	if !r.function {
		return
	}
	ir.Walk(s, func(n ir.Node) bool {
		if stays(r.p, n) {
			r.tell(halfDone, n, "when the statement fails, the source keeps the rows that it changed before, and what triggers wrote; the target undoes the statement")
		}
		return true
	})
}

func stays(p *rewrite.Pass, n ir.Node) bool {
	switch n := n.(type) {
	case *ir.Insert:
		return n.Replace || len(n.OnDuplicate) > 0 || !oneRow(n.Source) || triggers.On(p, n.Table.Name, "insert")
	case *ir.Update, *ir.Delete:
		return true
	}
	return false
}

func oneRow(q ir.Query) bool {
	if v, ok := q.(*ir.Values); ok {
		return len(v.Rows) == 1
	}
	return q == nil || control.ExactlyOne(q)
}

// twice refuses handlers of one block for the same condition, as the source does.
func (r *run) twice(sc *scope) {
	seen := map[ir.Condition]bool{}
	for _, d := range sc.block.Decls {
		h, ok := d.(*ir.Handler)
		if !ok {
			continue
		}
		for _, c := range h.Conditions {
			if c.Kind == ir.ByName {
				v := sc.declared(c.Name)
				if v == nil {
					continue
				}
				c = *v
			}
			key := ir.Condition{Kind: c.Kind, State: c.State, Code: c.Code}
			if seen[key] {
				rewrite.Refuse(r.p, doubleHandler, h.Span, "a second handler for the same condition in one block")
				return
			}
			seen[key] = true
		}
	}
}

package plcursors

import (
	"slices"

	"godwit/ir"
	"godwit/ir/diag"
)

var ofCaller = &diag.Code{
	ID: "PL0786", Title: "SQL%ROWCOUNT of the caller's statement", Severity: diag.Review, Fidelity: diag.Approximate,
	Doc:  "The attributes of the implicit cursor tell the last SQL statement of the session, which may be one of another routine (PL/SQL Language Reference, Implicit Cursors). A routine that reads them before it has run a statement of its own is told of its caller's on the source; on the target SQL%ROWCOUNT, SQL%FOUND and SQL%NOTFOUND are NULL there.",
	Next: "Give the number of rows to the routine as a parameter.", Each: 0.2,
}

// early finds the attributes of the implicit cursor that a routine may read before it has run a statement itself.
type early struct{ told func(a *ir.CursorAttr) }

// list goes over statements; ran tells, before and after, that one that counts has surely run.
func (w early) list(list []ir.Stmt, ran bool) bool {
	for _, s := range list {
		if ran {
			return true
		}
		ran = w.stmt(s)
	}
	return ran
}

func (w early) stmt(s ir.Stmt) bool {
	switch n := s.(type) {
	case *ir.Block:
		for _, d := range n.Decls {
			if _, routine := d.(*ir.RoutineDecl); !routine {
				w.reads(d)
			}
		}
		ran := w.list(n.Body, false)
		for _, c := range n.Catches { // of a statement that failed another finding tells
			w.list(c.Body, ran || slices.ContainsFunc(n.Body, runs))
		}
		return ran
	case *ir.If:
		return w.branches(n.Branches, n.Else, n.Else != nil)
	case *ir.CaseStmt:
		if n.Operand != nil {
			w.reads(n.Operand)
		}
		return w.branches(n.Branches, n.Else, true)
	case *ir.Loop:
		if n.Cond != nil {
			w.reads(n.Cond)
		}
		ran := w.list(n.Body, false)
		_, lo := n.Lo.(*ir.Number)
		_, hi := n.Hi.(*ir.Number)
		return ran && (n.Kind == ir.InfiniteLoop || lo && hi)
	}
	w.reads(s)
	return runs(s)
}

// runs tells that a statement is or holds one that counts, a call, the end of a transaction, or one that leaves.
func runs(s ir.Stmt) bool {
	return ir.Find(s, func(x ir.Node) bool {
		switch x := x.(type) {
		case *ir.CallProc, *ir.Invocation, *ir.Transaction, *ir.Raise, *ir.RaiseNamed, *ir.Return: // the last three go elsewhere
			return true
		case ir.Stmt:
			return counts(x)
		}
		return false
	})
}

func (w early) branches(list []*ir.Branch, other []ir.Stmt, whole bool) bool {
	all := whole
	for _, b := range list {
		if b.Cond != nil {
			w.reads(b.Cond)
		}
		all = w.list(b.Body, false) && all
	}
	if other != nil {
		all = w.list(other, false) && all
	}
	return all
}

func (w early) reads(n ir.Node) {
	ir.Walk(n, func(x ir.Node) bool {
		if a, ok := x.(*ir.CursorAttr); ok && a.Cursor == nil && a.Name != "ISOPEN" {
			w.told(a)
		}
		return true
	})
}

// callers tells the attributes that are the caller's.
func (r *run) callers(owner, body ir.Stmt) {
	if _, ok := owner.(*ir.Routine); ok {
		early{func(a *ir.CursorAttr) {
			r.Report(ofCaller, a.Span, "SQL%%%s before a statement of the routine itself", a.Name)
		}}.stmt(body)
	}
}

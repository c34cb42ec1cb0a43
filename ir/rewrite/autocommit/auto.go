package autocommit

import (
	"godwit/ir"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/atomic"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/resultsets"
)

// auto gives the procedures commits where they can stand.
func auto(p *rewrite.Pass) {
	for _, s := range p.Unit.Stmts {
		switch n := s.(type) {
		case *ir.Routine:
			if n.Returns == nil {
				paths(p, n)
				try(p, n)
				continue
			}
			atomically(p, n)
		case *ir.CreateTrigger, *ir.CreateEvent:
			atomically(p, n)
		}
	}
}

// try lets a procedure commit, or leaves it as it is and says what an error undoes.
func try(p *rewrite.Pass, r *ir.Routine) {
	f := resultsets.FormOf(p, r.Object)
	rolls := rollsRows(r, f)
	if !atomic.Commits(p, r.Object) && !rolls {
		return
	}
	late := atomic.LateOf(p, r.Object)
	b, ok := r.Body.(*ir.Block)
	if !ok {
		stays(p, r, late, "")
		return
	}
	if !canCommit(f) {
		stays(p, r, late, "the procedure returns rows")
		return
	}
	rehearsal := &walk{p: p, auto: true, rolls: rolls}
	if rehearsal.whole(ir.Clone(b)); rehearsal.failed != "" {
		stays(p, r, late, rehearsal.failed)
		return
	}
	w := &walk{p: p, auto: true, rolls: rolls}
	w.whole(b)
	for _, s := range w.lost {
		p.Report(lostRows, s.Base().Span, "a ROLLBACK behind it closes the cursor of these rows")
	}
	protect(p, r, false)
	if w.made > 0 {
		p.Unit.NeedHelper("autocommit")
		p.Report(insideTransaction, r.Span, "%s commits each write, but not inside a transaction of its caller", r.Name)
	}
}

// canCommit tells that what the procedure returns outlives its transactions.
func canCommit(f *resultsets.Form) bool {
	return f == nil || f.Held || f.Kind == resultsets.None || f.Kind == resultsets.OutRow
}

// stays leaves a procedure without commits, and says what an error undoes and why.
func stays(p *rewrite.Pass, r *ir.Routine, late ir.Stmt, why string) {
	if late != nil {
		atomic.Report(p, late, why)
	}
	atomically(p, r)
}

// atomically lets no call commit in a routine.
func atomically(p *rewrite.Pass, s ir.Stmt) { protect(p, s, true) }

// protect switches commits off around calls: all of them, or those under a handler or in a transaction.
func protect(p *rewrite.Pass, s ir.Stmt, all bool) {
	body := control.Body(s)
	if body == nil {
		return
	}
	g := &protector{Pass: p}
	x := g.stmt(body, all)
	if len(x) == 1 {
		control.SetBody(s, x[0])
		return
	}
	b := &ir.Block{Body: x}
	b.Span = s.Base().Span
	control.SetBody(s, b)
}

type protector struct {
	*rewrite.Pass
	open bool
}

func (g *protector) list(list []ir.Stmt, all bool) []ir.Stmt {
	var out []ir.Stmt
	for _, s := range list {
		out = append(out, g.stmt(s, all)...)
	}
	return out
}

func (g *protector) stmt(s ir.Stmt, all bool) []ir.Stmt {
	switch n := s.(type) {
	case *ir.Block:
		n.Body = g.list(n.Body, all || len(n.Except) > 0)
		for _, a := range n.Except {
			a.Body = g.list(a.Body, all)
		}
	case *ir.If:
		for _, b := range n.Branches {
			b.Body = g.list(b.Body, all)
		}
		n.Else = g.list(n.Else, all)
	case *ir.CaseStmt:
		for _, b := range n.Branches {
			b.Body = g.list(b.Body, all)
		}
		n.Else = g.list(n.Else, all)
	case *ir.Loop:
		n.Body = g.list(n.Body, all)
	case *ir.Transaction:
		g.open = n.Kind == ir.BeginTransaction || n.Chain || g.open && n.Kind != ir.CommitTransaction && n.Kind != ir.RollbackTransaction
	case *ir.CallProc:
		if (all || g.open) && atomic.Commits(g.Pass, n.Routine) {
			return []ir.Stmt{g.set(n, "on"), n, g.set(n, "")}
		}
	}
	return []ir.Stmt{s}
}

// set is PERFORM set_config('godwit.atomic', value, true); an error takes it back.
func (g *protector) set(at ir.Stmt, value string) ir.Stmt {
	r := &ir.RawStmt{Text: "PERFORM set_config('godwit.atomic', '" + value + "', true)"}
	r.Span = at.Base().Span
	r.Made(code)
	return r
}

package atomic

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite"
)

const key = "atomic.procedures"

// seen is what Prepare keeps of a procedure.
type seen struct {
	late  ir.Stmt // may fail after a write; nil if nothing does
	calls []*catalog.Routine
	busy  bool
}

func procedures(p *rewrite.Pass) map[*catalog.Routine]*seen {
	m, _ := p.Session.Values[key].(map[*catalog.Routine]*seen)
	if m == nil {
		m = map[*catalog.Routine]*seen{}
		p.Session.Values[key] = m
	}
	return m
}

// asked tells that the policy asks for commits.
func asked(p *rewrite.Pass) bool {
	return p.Policy.Autocommit == "commit" || p.Policy.Autocommit == "auto"
}

func keep(p *rewrite.Pass) {
	if !asked(p) {
		return
	}
	for _, s := range p.Unit.Stmts {
		r, ok := s.(*ir.Routine)
		if !ok || r.Returns != nil || r.Object == nil || r.Body == nil {
			continue
		}
		x := &seen{late: Late(r.Body)}
		ir.Walk(r.Body, func(n ir.Node) bool {
			if c, ok := n.(*ir.CallProc); ok && c.Routine != nil {
				x.calls = append(x.calls, c.Routine)
			}
			return true
		})
		procedures(p)[r.Object] = x
	}
}

// LateOf is the first statement of a procedure that may fail after a write; nil if there is none.
func LateOf(p *rewrite.Pass, c *catalog.Routine) ir.Stmt {
	if x := procedures(p)[c]; x != nil {
		return x.late
	}
	return nil
}

// Commits tells that a procedure gets COMMITs by the policy, itself or in what it calls.
func Commits(p *rewrite.Pass, c *catalog.Routine) bool {
	if !asked(p) || c == nil {
		return false
	}
	x := procedures(p)[c]
	if x == nil || x.busy {
		return false
	}
	if x.late != nil {
		return true
	}
	x.busy = true
	defer func() { x.busy = false }()
	for _, y := range x.calls {
		if Commits(p, y) {
			return true
		}
	}
	return false
}

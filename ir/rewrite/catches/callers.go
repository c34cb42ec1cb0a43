package catches

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/plsql"
)

const calledKey = "catches.called"

// Renew does what is done before any unit is rewritten for one that is converted again: its routines have new entries in the catalog.
func Renew(p *rewrite.Pass) { prepare(p) }

// prepare keeps the bodies of routines, and notes those that handlers call.
func prepare(p *rewrite.Pass) {
	plsql.Note(p)
	mentionsOf(p).scan(p)
	m, _ := p.Session.Values[calledKey].(map[*catalog.Routine]bool)
	if m == nil {
		m = map[*catalog.Routine]bool{}
		p.Session.Values[calledKey] = m
	}
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			c, ok := n.(*ir.Catch)
			if !ok {
				return true
			}
			ir.Walk(c, func(n ir.Node) bool {
				switch n := n.(type) {
				case *ir.CallProc:
					m[n.Routine] = true
				case *ir.RoutineCall:
					m[n.Routine] = true
				}
				return true
			})
			return true
		})
	}
}

// handled tells that a handler calls the routine.
func handled(p *rewrite.Pass, r *catalog.Routine) bool {
	m, _ := p.Session.Values[calledKey].(map[*catalog.Routine]bool)
	return r != nil && m[r]
}

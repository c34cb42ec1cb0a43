package catches

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
)

const laterKey = "catches.later"

// later notes a second form that a catalog's own routines do not need, with what was found when it was made: statements behind the catalog
// call it, and bring its definition along.
func later(p *rewrite.Pass, first ir.Stmt, x *ir.Routine, make func() ir.Stmt) ir.Stmt {
	r, ok := first.(*ir.Routine)
	if !ok || !mentionsOf(p).late(r.Object.Name) {
		return make()
	}
	n := len(p.Unit.Findings)
	out := make()
	m, _ := p.Session.Values[laterKey].(map[*catalog.Routine][]diag.Finding)
	if m == nil {
		m = map[*catalog.Routine][]diag.Finding{}
		p.Session.Values[laterKey] = m
	}
	m[x.Object] = append([]diag.Finding{}, p.Unit.Findings[n:]...)
	return out
}

// Later tells that statements behind the catalog need the definition of this second form, and what was found when it was made.
func Later(s *rewrite.Session, o *catalog.Routine) ([]diag.Finding, bool) {
	m, _ := s.Values[laterKey].(map[*catalog.Routine][]diag.Finding)
	list, ok := m[o]
	return list, ok
}

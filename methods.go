package godwit

import (
	"slices"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
)

// withoutMethods leaves the methods out of an object type in which all reasons stand that refuse it: types that are not converted, mostly. Nothing of
// a method's declaration is on the target, and its body is left out by itself. MAP and ORDER methods stay: comparisons would be others without them.
// again does what was done before.
func (p *pipeline) withoutMethods(u *Unit, again func()) {
	s := u.objectType
	if s == nil {
		return
	}
	left := map[*ir.Method]diag.Finding{}
	for _, f := range u.Findings {
		if f.Fidelity != diag.Refused {
			continue
		}
		m := methodAt(s, f)
		if m == nil {
			return
		}
		left[m] = f

	}
	if len(left) == 0 {
		return
	}
	for i := range u.Findings {
		if u.Findings[i].Fidelity == diag.Refused {
			u.Findings[i].Fidelity = diag.Approximate
		}
	}
	for _, m := range slices.Clone(s.Methods) {
		if f, ok := left[m]; ok {
			u.Findings.Add(memberLeft.New(f.Span, "method %s is not converted: %s", m.Routine.Name.Name(), f.Code))
			p.forgetMethod(s, m)
		}
	}
	u.Stmts = []ir.Stmt{s}
	again()
}

// methodAt is the method that a finding stands in, nil if the type is not the same without it.
func methodAt(s *ir.ObjectType, f diag.Finding) *ir.Method {
	for _, m := range s.Methods {
		if m.Kind != "map member" && m.Kind != "order member" && (holds(m.Span, f.Span) || holds(m.Routine.Span, f.Span)) {
			return m
		}
	}
	return nil
}

// forgetMethod takes a method out of a type, of which the catalog keeps only what its body is known by; what calls it already is refused.
func (p *pipeline) forgetMethod(s *ir.ObjectType, m *ir.Method) {
	s.Methods = slices.DeleteFunc(s.Methods, func(x *ir.Method) bool { return x == m })
	r := m.Routine.Object
	if s.Object == nil || r == nil {
		return
	}
	is := func(x *catalog.Routine) bool { return x == r }
	if r.Method != nil {
		r.Method.Gone = true
	}
	if s.Object.Members != nil {
		s.Object.Members.Keep(func(*catalog.PackageVar) bool { return true }, func(x *catalog.Routine) bool { return !is(x) })
	}
	p.dependents.refused[r] = objectName(r)
	if r.Method != nil && r.Method.Dispatch != nil {
		p.dependents.refused[r.Method.Dispatch] = objectName(r)
	}
}

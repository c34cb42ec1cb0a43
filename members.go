package godwit

import (
	"slices"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite/datatypes"
	"godwit/ir/source"
)

// A package or object type is one statement of the source and many objects: what cannot be converted in one of its members costs that member, not the
// package. The unit is converted again from the tree that it was parsed to, without the members in which the reasons stand: a
// routine that has a body is kept with one that raises an error, so that what calls it can be converted; all else is left out, and
// what uses that is found by the next round.

// memberLeft is what is told of a member of a package or type body that is not converted.
var memberLeft = &diag.Code{
	ID: "PK0210", Title: "Part of a package that is not converted", Severity: diag.Warning, Fidelity: diag.Approximate,
	Doc: "A finding refuses a part of the package, type or type body. All other parts are converted. A routine that is not converted is there with its parameters and raises an error that names the reason when it is called; " +
		"other declarations are left out, and routines that use them are not converted either.",
	Next: "Convert the part by hand.", Each: 0.1, // the reasons have their own hours
}

// maxRounds is how often a unit is converted again; each round takes a member away.
const maxRounds = 200

// keepTree keeps a copy of the tree of a unit that has members, and of routines of Oracle.
func (u *Unit) keepTree(oracle bool) {
	if len(u.Stmts) != 1 || u.tree != nil {
		return
	}
	switch s := u.Stmts[0].(type) {
	case *ir.Package:
		u.tree = ir.Clone[ir.Stmt](s)
	case *ir.TypeBody:
		u.tree = ir.Clone[ir.Stmt](s)
	case *ir.ObjectType:
		u.objectType = s
	case *ir.Routine:
		if oracle && s.Body != nil {
			u.tree = ir.Clone[ir.Stmt](s)
		}
	}
}

// withoutFailures converts a refused unit again without the members in which the reasons stand; again does what was done before. False tells
// that the unit stays refused.
func (p *pipeline) withoutFailures(u *Unit, again func()) bool {
	for range maxRounds {
		if u.tree == nil || !isRefused(u.Unit) || !u.takeOut() && !u.hollow() {
			break
		}
		u.Stmts, u.Outputs, u.Helpers = []ir.Stmt{ir.Clone(u.tree)}, nil, nil
		datatypes.Forget(p.session, u.Unit)
		p.guard(u, "declare", func() { p.res.Declare(u.Unit) })
		p.renewed(u)
		again()
	}
	if isRefused(u.Unit) {
		u.refusedAgain()
		return false
	}
	return true
}

// takeOut takes the members out of the tree that hold the refusing findings; false if there are none, or if one stands elsewhere.
func (u *Unit) takeOut() bool {
	var kept diag.List
	var places []diag.Finding
	for _, f := range u.Findings {
		switch {
		case f.Fidelity == diag.Refused:
			places = append(places, f)
		case f.Code == memberLeft.ID || f.Code == routineLeft.ID || slices.ContainsFunc(u.left, func(l diag.Finding) bool { return l == f }):
			kept = append(kept, f)
		}
	}
	if len(places) == 0 {
		return false
	}
	var left []diag.Finding
	round := map[source.Span]bool{}
	for _, f := range places {
		name, found := u.without(f, round)
		if !found {
			return false
		}
		f.Fidelity = diag.Approximate
		left = append(left, f)
		switch {
		case name != "" && u.standsAlone() != nil:
			left = append(left, routineLeft.New(f.Span, "%s is not converted: %s", name, f.Code))
		case name != "":
			left = append(left, memberLeft.New(f.Span, "%s is not converted: %s", name, f.Code))
		}
	}
	u.left = append(u.left, left...)
	u.Findings = append(kept, left...)
	return true
}

// without takes the member out of the tree that holds a finding; name is "" if that was done before. round holds the members of this round.
func (u *Unit) without(f diag.Finding, round map[source.Span]bool) (name string, found bool) {
	for done := range round {
		if holds(done, f.Span) {
			return "", true
		}
	}
	switch s := u.tree.(type) {
	case *ir.Routine:
		if u.stubAlone(f) {
			round[u.Source] = true
			return "routine " + s.Name.Name(), true
		}
	case *ir.Package:
		for i, d := range s.Decls {
			if !holds(d.Base().Span, f.Span) {
				continue
			}
			if field := u.withoutField(s, d, f, round); field != "" {
				return field, true
			}
			round[d.Base().Span] = true
			r, ok := d.(*ir.RoutineDecl)
			if ok && s.Body && !r.Forward && r.Routine.Body != nil {
				if isStub(r.Routine) { // its head is the reason
					s.Decls = slices.Delete(s.Decls, i, i+1)
					return "", true
				}
				stub(r.Routine, f)
				return "routine " + r.Routine.Name.Name(), true
			}
			s.Decls = slices.Delete(s.Decls, i, i+1)
			return declared(d), true
		}
	case *ir.TypeBody:
		for i, m := range s.Methods {
			if holds(m.Span, f.Span) || holds(m.Routine.Span, f.Span) {
				if m.Routine.Body == nil {
					return "", false
				}
				if isStub(m.Routine) { // its head is the reason, which the type is without as well
					s.Methods = slices.Delete(s.Methods, i, i+1)
					return "", true
				}
				round[m.Span] = true
				stub(m.Routine, f)
				return "method " + m.Routine.Name.Name(), true
			}
		}
	}
	return "", false
}

func declared(d ir.Decl) string {
	switch d := d.(type) {
	case *ir.RoutineDecl:
		return "routine " + d.Routine.Name.Name()
	case *ir.VarDecl:
		return "variable " + d.Name.Text
	case *ir.TypeDecl:
		return "type " + d.Name.Text
	case *ir.CursorDecl:
		return "cursor " + d.Name.Text
	case *ir.ExceptionDecl: // of what the parser could not read
		return "declaration " + d.Name.Text
	}
	return "a declaration"
}

func holds(outer, inner source.Span) bool {
	return outer.IsValid() && inner.IsValid() && outer.File == inner.File && outer.Start <= inner.Start && inner.End <= outer.End
}

package godwit

import (
	"slices"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite/datatypes"
	"godwit/ir/types"
)

// A specification that is declared again without some of its members makes new objects in the catalog. Those that are still there keep the
// names that calls may have been written with; what used the others is refused.

// membersOf are the objects that a package's declarations have made, by how messages name them.
type membersOf struct {
	pack     *catalog.Package
	vars     []*catalog.PackageVar
	routines []*catalog.Routine
	types    []*ir.TypeDecl
}

// packageMembers tells the members of the package that a unit declares; nil for other units.
func packageMembers(u *Unit) *membersOf {
	if len(u.Stmts) != 1 {
		return nil
	}
	k, ok := u.Stmts[0].(*ir.Package)
	if !ok || k.Object == nil {
		return nil
	}
	m := &membersOf{pack: k.Object, vars: slices.Clone(k.Object.Vars), routines: slices.Clone(k.Object.Routines)}
	for _, d := range k.Decls {
		if t, ok := d.(*ir.TypeDecl); ok {
			m.types = append(m.types, t)
		}
	}
	return m
}

// renewed hands the names of a package's members on to those that were declared again, and refuses what needs the others.
func (p *pipeline) renewed(u *Unit) {
	p.dependents.stubbed(u)
	p.renewedAlone(u)
	old, now := u.members, packageMembers(u)
	u.members = now
	if old == nil || now == nil {
		return
	}
	if !now.pack.Placed() {
		now.pack.PlaceAs(old.pack)
	}
	title := func(name string) string { return old.pack.Name + "." + name }
	for _, v := range old.vars {
		i := slices.IndexFunc(now.vars, func(x *catalog.PackageVar) bool { return x.Name == v.Name })
		switch {
		case i < 0:
			p.dependents.gone(v, title(v.Name))
		case now.vars[i].Target == "":
			now.vars[i].Target = v.Target
		}
	}
	for _, o := range old.routines {
		i := slices.IndexFunc(now.routines, func(x *catalog.Routine) bool { return sameRoutine(x, o) })
		switch {
		case i < 0:
			p.dependents.gone(o, title(o.Name))
		case now.routines[i].Target == "":
			now.routines[i].TargetSchema, now.routines[i].Target = o.TargetSchema, o.Target
		}
	}
	for _, t := range old.types {
		if d := declOf(t.Defined); d != nil && !slices.ContainsFunc(now.types, func(x *ir.TypeDecl) bool { return x.Name.Text == t.Name.Text }) {
			p.dependents.gone(d, title(t.Name.Text))
		}
	}
}

// sameRoutine tells that a routine was declared again.
func sameRoutine(a, b *catalog.Routine) bool {
	return a == b || a.Name == b.Name && a.Kind == b.Kind && slices.EqualFunc(a.Params, b.Params, func(x, y catalog.Param) bool {
		return x.Name == y.Name && x.Mode == y.Mode && typeText(x.Type) == typeText(y.Type)
	})
}

func typeText(t types.Type) string {
	if t == nil {
		return ""
	}
	return t.String()
}

// declOf is what tells a declared type from others; nil for those that are not declared.
func declOf(t types.Type) any {
	switch t := t.(type) {
	case types.Record:
		if t.RecordDecl != nil && t.Of == nil {
			return t.RecordDecl
		}
	case types.Collection:
		if t.CollectionDecl != nil {
			return t.CollectionDecl
		}
	}
	return nil
}

// stubbed notes the routines of a body that do nothing but raise an error.
func (d *dependents) stubbed(u *Unit) {
	for _, s := range u.Stmts {
		k, ok := s.(*ir.Package)
		if !ok || !k.Body {
			continue
		}
		for _, m := range k.Decls {
			if r, ok := m.(*ir.RoutineDecl); ok && r.Routine.Object != nil && r.Routine.Body != nil && isStub(r.Routine) {
				d.stubs[r.Routine.Object] = k.Name.Name() + "." + r.Routine.Name.Name()
			}
		}
	}
}

// gone notes that something is not there any more, so that what needs it is refused.
func (d *dependents) gone(o any, name string) {
	if d.refused[o] != "" {
		return
	}
	d.refused[o] = name
	d.left = append(d.left, o)
	for _, x := range d.users[o] {
		if !d.doomed[x] {
			d.doomed[x] = true
			d.failsWith(x)
		}
	}
}

// settleGone refuses the units that were written before something was gone that they need.
func (d *dependents) settleGone(p *pipeline) {
	for _, o := range d.left {
		d.refuseUsers(p, o, nil)
	}
	d.left = nil
	d.settleStubs(p)
}

// hollowOut converts a body again that was refused when it was converted already: without the members that hold the reasons, or with
// nothing but routines that raise an error, so that what calls them is not lost; false if there are none.
func (p *pipeline) hollowOut(u *Unit) bool {
	if u.tree == nil || !u.takeOut() && !u.hollow() {
		return false
	}
	u.Stmts, u.Outputs, u.Helpers = []ir.Stmt{ir.Clone(u.tree)}, nil, nil
	datatypes.Forget(p.session, u.Unit)
	p.guard(u, "declare", func() { p.res.Declare(u.Unit) })
	p.renewed(u)
	again := func() {
		p.resolve(p.res, u)
		if !isRefused(u.Unit) {
			p.res.Facts()
			p.renewPrograms(u)
			p.runRules(u)
		}
	}
	again()
	if !p.withoutFailures(u, again) {
		return false
	}
	p.print(u)
	u.Findings = u.Findings.Sort()
	u.Status = u.Findings.Worst()
	return u.Status != diag.Refused
}

// hollow leaves the body of a package or type with nothing but routines that raise an error, where the reason stands in none of its members;
// false if there is none that was not hollowed out before.
func (u *Unit) hollow() bool {
	var why *diag.Finding
	for i := range u.Findings {
		if f := &u.Findings[i]; f.Fidelity == diag.Refused && why == nil {
			why = f
		}
	}
	if why == nil || why.Code == missingSpecCode || !u.stubAlone(*why) && !hollowed(u.tree, *why) {
		return false
	}
	f := *why
	f.Fidelity = diag.Approximate
	left := diag.List{f, memberLeft.New(f.Span, "the whole body is not converted: %s", f.Code)}
	if r := u.standsAlone(); r != nil {
		left[1] = routineLeft.New(f.Span, "routine %s is not converted: %s", r.Name.Name(), f.Code)
	}
	u.left = append(u.left, left...)
	u.Findings = append(diag.List(nil), u.left...)
	return true
}

// hollowed takes out of a body what hollow takes out; false if nothing is left to be done.
func hollowed(tree ir.Stmt, why diag.Finding) bool {
	some := false
	take := func(r *ir.Routine) {
		if !isStub(r) {
			some = true
			stub(r, why)
		}
	}
	switch k := tree.(type) {
	case *ir.Package:
		if !k.Body {
			return false
		}
		some = k.Init != nil
		var routines []ir.Decl
		for _, d := range k.Decls {
			r, ok := d.(*ir.RoutineDecl)
			if !ok || r.Forward || r.Routine.Body == nil {
				some = true
				continue
			}
			take(r.Routine)
			routines = append(routines, d)
		}
		k.Decls, k.Init = routines, nil
		return some && len(routines) > 0
	case *ir.TypeBody:
		for _, m := range k.Methods {
			if m.Routine.Body != nil {
				take(m.Routine)
			}
		}
	}
	return some
}

// missingSpecCode is the finding of a body whose specification is not there, so that nothing can call it.
const missingSpecCode = "PK0200"

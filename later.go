package godwit

import (
	"slices"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite/catches"
)

// What a routine wrote before it failed stays where the caller handles the exception. The caller calls a second form of the routine there,
// which is written where the routines are converted and one of them calls it so. Statements that are translated later, over a catalog, may
// be the first that do: they bring the definition along.

// bringsForm is told of a second form that a statement makes.
var bringsForm = &diag.Code{
	ID: "EH0790", Title: "A second form of a routine that the statement brings along", Severity: diag.Info, Fidelity: diag.Exact,
	Doc:  "The statement handles exceptions of a routine of the catalog. What the routine wrote before it failed stays on the source; on the target a second form of the routine does that (its name ends in _try). No routine of the catalog needs it, so that it is made in front of the statement.",
	Next: "Convert the statement together with the routines, if the second form shall be made with them.",
}

// laterForms are the second forms of a catalog's routines that the catalog itself does not need.
type laterForms struct {
	p    *pipeline
	made map[*catalog.Routine]laterForm
}

type laterForm struct {
	unit *Unit
	def  *ir.Routine
}

// loadCatalogFor loads the catalog for statements that are translated behind it.
func (p *pipeline) loadCatalogFor(callers []*Unit) (*laterForms, error) {
	if len(p.opt.Catalog) > 0 {
		for _, u := range callers {
			p.session.Callers = append(p.session.Callers, u.Unit)
		}
	}
	units, err := p.catalogUnits()
	p.session.Callers = nil
	if err != nil {
		return nil, err
	}
	return p.newLaterForms(units), nil
}

// lowerWith takes a unit through all phases, with the definitions that it brings along.
func (p *pipeline) lowerWith(u *Unit, f *laterForms) {
	p.rewrite(u)
	f.bring(u)
	p.print(u)
	p.finish(u)
}

// newLaterForms finds them in the units of a catalog.
func (p *pipeline) newLaterForms(units []*Unit) *laterForms {
	f := &laterForms{p: p, made: map[*catalog.Routine]laterForm{}}
	for _, u := range units {
		if u.Status == diag.Refused {
			continue
		}
		for _, s := range u.Stmts {
			r, ok := s.(*ir.Routine)
			if !ok || r.Object == nil {
				continue
			}
			if _, late := catches.Later(p.session, r.Object); late {
				f.made[r.Object] = laterForm{u, r}
			}
		}
	}
	return f
}

// bring puts the definitions that a unit calls in front of it, once in a session.
func (f *laterForms) bring(u *Unit) {
	if len(f.made) == 0 || isRefused(u.Unit) {
		return
	}
	var defs []ir.Stmt
	for _, s := range u.Stmts {
		defs = f.called(u, s, defs)
	}
	if len(defs) > 0 {
		u.Stmts = slices.Concat(defs, u.Stmts)
	}
}

// called adds the definitions that a node calls: what they call themselves comes first.
func (f *laterForms) called(u *Unit, n ir.Node, defs []ir.Stmt) []ir.Stmt {
	ir.Walk(n, func(n ir.Node) bool {
		c, ok := n.(*ir.CallProc)
		if !ok {
			return true
		}
		form, ok := f.made[c.Routine]
		if !ok {
			return true
		}
		delete(f.made, c.Routine)
		defs = append(f.called(u, form.def, defs), form.def)
		u.Report(bringsForm.New(u.Source, "%s", form.def.Object.Target))
		found, _ := catches.Later(f.p.session, form.def.Object)
		for _, x := range found {
			x.Span = u.Source
			u.Report(x)
		}
		for h := range form.unit.Helpers {
			u.NeedHelper(h)
		}
		return true
	})
	return defs
}

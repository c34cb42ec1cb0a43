package godwit

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
)

// withoutBody is what is told of a specification whose routines have no body.
var withoutBody = &diag.Code{
	ID: "PK0820", Title: "Specification without its body", Severity: diag.Warning, Fidelity: diag.Approximate,
	Doc: "The input declares routines of a package, or methods of an object type, and has no body of it, or one that cannot be read. Nothing is made for them: " +
		"routines that call them are converted and fail when they come to the call; statements of the script, views, tables and indexes that call them are refused.",
	Next: "Give the converter the body, or make routines of these names by hand.", Each: 0.1,
}

// bodiless notes the routines of packages and types that are declared and have no body in the script.
func (p *pipeline) bodiless(us []*Unit) {
	if p.opt.From != dialect.Oracle {
		return
	}
	bodies := map[*catalog.Package]bool{}
	for _, u := range us {
		for _, s := range u.Stmts {
			if k, ok := s.(*ir.Package); ok && k.Body && k.Object != nil {
				bodies[k.Object] = true
			}
		}
	}
	for _, u := range us {
		if len(u.Stmts) != 1 {
			continue
		}
		var names []string
		title := ""
		lost := func(o *catalog.Routine) {
			if o != nil && p.dependents.stubs[o] == "" {
				p.dependents.stubs[o] = title + "." + o.Name
				names = append(names, o.Name)
			}
		}
		switch s := u.Stmts[0].(type) {
		case *ir.Package:
			if s.Body || s.Object == nil || bodies[s.Object] {
				continue
			}
			title = s.Name.Name()
			for _, d := range s.Decls {
				if r, ok := d.(*ir.RoutineDecl); ok && r.Routine.Body == nil && r.Routine.External == "" {
					lost(r.Routine.Object)
				}
			}
		case *ir.ObjectType:
			if s.Object == nil || s.Object.HasBody {
				continue
			}
			title = s.Name.Name()
			for _, o := range s.Object.Methods {
				if o.Method == nil || !o.Method.Abstract {
					lost(o)
				}
			}
		}
		if len(names) > 0 {
			u.Report(withoutBody.New(u.Source, "%s has no body: %s", title, strings.Join(names, ", ")))
		}
	}
}

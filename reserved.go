package godwit

import (
	"cmp"
	"slices"

	"godwit/ir"
	"godwit/ir/catalog"
)

// Members of packages that have prefixed names may meet other objects, and each other. Who gives way must not depend on which statement
// comes first: a script that is translated in order has the names that it has as a catalog.

// packageNames are the members that a statement declares in a package, or the methods of a type.
type packageNames struct {
	schema, name      string
	routines, records []string
}

// reserve gives the members of the packages of a script their names, and leaves those of other objects to these.
func (p *pipeline) reserve(us []*Unit) {
	if p.opt.Policy.Packages != "prefix" {
		return
	}
	var list []packageNames
	for _, u := range us {
		if len(u.Stmts) == 1 && !u.rows {
			p.keepName(u)
			if k, ok := declaredNames(u.Stmts[0]); ok {
				k.schema = cmp.Or(k.schema, u.Schema, p.opt.Schema)
				list = append(list, k)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b packageNames) int {
		return cmp.Or(cmp.Compare(a.schema, b.schema), cmp.Compare(a.name, b.name))
	})
	for _, k := range list {
		p.emitter.Reserve(p.cat, k.schema, k.name, catalog.RelationSpace, k.records)
		p.emitter.Reserve(p.cat, k.schema, k.name, catalog.RoutineSpace, k.routines)
	}
}

// keepName leaves the name of what a unit makes to it.
func (p *pipeline) keepName(u *Unit) {
	schema := cmp.Or(u.Schema, p.opt.Schema)
	switch u.Kind {
	case "procedure", "function":
		p.emitter.Keep(p.cat, catalog.RoutineSpace, schema, u.Name)
	case "table", "view", "materialized view", "sequence", "index", "type":
		p.emitter.Keep(p.cat, catalog.RelationSpace, schema, u.Name)
	}
}

// declaredNames are the members that a specification, a body or an object type declares.
func declaredNames(s ir.Stmt) (packageNames, bool) {
	k := packageNames{}
	var methods []*ir.Method
	switch s := s.(type) {
	case *ir.Package:
		k.schema, k.name = s.Name.Schema(), s.Name.Name()
		for _, d := range s.Decls {
			switch d := d.(type) {
			case *ir.VarDecl:
				k.routines = append(k.routines, d.Name.Text)
			case *ir.RoutineDecl:
				if d.Routine != nil {
					k.routines = append(k.routines, d.Routine.Name.Name())
				}
			case *ir.TypeDecl:
				if d.Kind == ir.RecordType {
					k.records = append(k.records, d.Name.Text)
				}
			}
		}
	case *ir.ObjectType:
		k.schema, k.name, methods = s.Name.Schema(), s.Name.Name(), s.Methods
	case *ir.TypeBody:
		k.schema, k.name, methods = s.Name.Schema(), s.Name.Name(), s.Methods
	default:
		return k, false
	}
	for _, m := range methods {
		if m.Routine != nil {
			k.routines = append(k.routines, m.Routine.Name.Name())
		}
	}
	return k, true
}

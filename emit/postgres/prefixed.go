package postgres

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/types"
)

// MemberRenamed is reported for members of packages whose prefixed names something else has.
var MemberRenamed = &diag.Code{
	ID: "NM0704", Title: "a member of a package gets another name", Severity: diag.Review, Fidelity: diag.Assumed,
	Doc: "With --packages prefix the members of a package stand in the schema of its owner as package_member. Where a function, table or type of the schema, a member of another package or a function of PostgreSQL " +
		"has that name, the member is package__member. Converted code calls it so.",
	Next: "Use the new name in SQL that is not converted, or convert with packages as schemas.",
	Each: 0.1,
}

// serverFunctions are the functions of PostgreSQL 15 to 18 with an underscore in their names, but those that begin with pg_. A call without a schema may
// reach them instead of a member of that name.
//
//go:embed serverfunctions.txt
var serverFunctions string

var serverHas = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for _, n := range strings.Fields(serverFunctions) {
		out[n] = true
	}
	return out
})

// ofServer tells a name that a name without a schema finds in the server's own schema first.
func ofServer(space catalog.Space, name string) bool {
	if strings.HasPrefix(name, "pg_") || keywords[name] != 0 {
		return true
	}
	return space == catalog.RoutineSpace && serverHas()[name] || space == catalog.RelationSpace && strings.HasPrefix(name, "txid_")
}

// newMembers names members of packages beside the other objects of a catalog.
func newMembers(cat *catalog.Catalog) *catalog.Members {
	return catalog.NewMembers(shorten, func(k *catalog.Package, space catalog.Space, name string) bool {
		if k.TargetSchema == "" && ofServer(space, name) {
			return true
		}
		for _, n := range []string{strings.ToUpper(name), name} {
			switch space {
			case catalog.RoutineSpace:
				if cat.Routine(catalog.Function, k.Schema, n) != nil || cat.Routine(catalog.Procedure, k.Schema, n) != nil {
					return true
				}
			case catalog.RelationSpace:
				if cat.Table(k.Schema, n) != nil || cat.Sequence(k.Schema, n) != nil || cat.ObjectType(k.Schema, n) != nil {
					return true
				}
			}
		}
		return false
	})
}

// prefixes lets packages be prefixed names, where the options say so.
func (e *Emitter) prefixes(cat *catalog.Catalog) *catalog.Members {
	if e.opt.Packages == "prefix" && cat.Members == nil {
		cat.Members = newMembers(cat)
	}
	return cat.Members
}

// Keep leaves the name of an object that a script makes to it: members of packages get others. It does nothing where packages are schemas.
func (e *Emitter) Keep(cat *catalog.Catalog, space catalog.Space, schema, name string) {
	if m := e.prefixes(cat); m != nil {
		m.Keep(e.schema(schema), space, e.fold(name))
	}
}

// Reserve gives the members of a package their names before it is in the catalog, so that they do not depend on what comes first.
func (e *Emitter) Reserve(cat *catalog.Catalog, schema, name string, space catalog.Space, members []string) {
	if e.prefixes(cat) == nil {
		return
	}
	k := &catalog.Package{Schema: schema, Name: name}
	cat.Place(k, e.schema(schema), e.fold(name))
	for _, m := range members {
		k.TargetName(space, e.fold(m))
	}
}

// beside keeps the names of members of packages free.
func (n *Names) beside(cat *catalog.Catalog) {
	if cat.Members == nil {
		return
	}
	has := func(space catalog.Space) func(string) bool {
		return func(k string) bool {
			schema, name, _ := strings.Cut(k, "\x00")
			return cat.Members.Has(schema, space, name)
		}
	}
	n.a.routines.members, n.a.relations.members = has(catalog.RoutineSpace), has(catalog.RelationSpace)
}

// packages gives packages their places and what is in them its names. A package is a schema of its name; where several owners have
// one of that name, the owner stands before it. By the option Packages its members stand in the owner's schema.
func (e *Emitter) packages(cat *catalog.Catalog) diag.List {
	e.prefixes(cat)
	n := &memberNames{assigner: assigner{e: e}, cat: cat, owners: map[string]string{}, told: map[string]bool{}}
	all := cat.Packages()
	for _, p := range all {
		if p.Placed() {
			n.owners[p.TargetSchema] = p.Schema
		}
	}
	for _, t := range cat.ObjectTypes() {
		if t.Members != nil && t.Members.Placed() {
			n.owners[t.Members.TargetSchema] = t.Schema
		}
	}
	for _, p := range all {
		n.place(p)
		for _, v := range p.Vars {
			if v.Target == "" {
				v.Target = n.target(p, catalog.RoutineSpace, v.Name)
			}
		}
		n.routines(p)
	}
	for _, t := range cat.ObjectTypes() {
		if t.Target == "" {
			t.TargetSchema, t.Target = e.schema(t.Schema), e.fold(t.Name)
		}
		if t.Members != nil {
			n.place(t.Members)
			n.routines(t.Members)
		}
	}
	return n.findings
}

// memberNames gives the members of packages their names.
type memberNames struct {
	assigner
	cat    *catalog.Catalog
	owners map[string]string // of the schemas that packages are
	told   map[string]bool   // names that something was reported of: overloads share one
}

// place gives a package, or what holds the methods of a type, its place.
func (n *memberNames) place(p *catalog.Package) {
	if p.Placed() {
		return
	}
	base := n.e.fold(p.Name)
	if n.cat.Members != nil {
		n.cat.Place(p, n.e.schema(p.Schema), base)
		n.records(p)
		return
	}
	if o, taken := n.owners[base]; taken && o != p.Schema {
		base = shorten(n.e.fold(p.Schema) + "_" + base)
	}
	n.cat.Place(p, "", base)
	n.owners[base] = p.Schema
}

// records keeps the names of a package's records free, before keys get theirs.
func (n *memberNames) records(p *catalog.Package) {
	var names []string
	for name, t := range p.Types {
		if r, ok := t.(types.Record); ok && r.RecordDecl != nil && r.Of == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		n.target(p, catalog.RelationSpace, name)
	}
}

// routines gives the routines of a package their names.
func (n *memberNames) routines(p *catalog.Package) {
	for _, r := range p.Routines {
		if r.Target == "" {
			r.TargetSchema, r.Target = p.TargetSchema, n.target(p, catalog.RoutineSpace, r.Name)
		}
	}
}

// target names a member.
func (n *memberNames) target(p *catalog.Package, space catalog.Space, name string) string {
	own := n.e.fold(name)
	out := p.TargetName(space, own)
	object := objectName("package", p.Schema, p.Name)
	switch plain := p.Plain(own); {
	case out == plain || n.told[p.TargetSchema+"."+out]:
		return out
	case out == shorten(plain):
		n.report(NameShortened, object, "the name %s becomes %s", plain, out)
	default:
		n.report(MemberRenamed, object, "%s.%s becomes %s, because %s is the name of something else", p.Name, name, out, shorten(plain))
	}
	n.told[p.TargetSchema+"."+out] = true
	return out
}

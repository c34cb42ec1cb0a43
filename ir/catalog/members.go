package catalog

import (
	"fmt"
	"sort"
)

// Space is one of the name spaces of a target's schema: routines do not meet what is no routine.
type Space int

// The name spaces that packages have names in.
const (
	RoutineSpace  Space = iota // functions and procedures
	RelationSpace              // types, tables, views, sequences and indexes
)

// Members gives what packages declare and need its names where a package is no schema of its own: beside the other objects of a schema, as
// package_member. It is the one place that does; a name that was given stays, so that a package that is declared again keeps its names.
type Members struct {
	// Shorten cuts a name to the length that the target takes.
	Shorten func(name string) string
	// Taken tells that the server, or an object of the package's schema that is no member of a package, has a name.
	Taken func(k *Package, space Space, name string) bool

	names  map[home]map[member]string
	owners map[place]owner
	others map[place]bool // of objects that are no members
}

// home is what is common to the names of a package: the schema on the target and what they begin with.
type home struct{ schema, base string }

// member is a name as it is where the package is a schema.
type member struct {
	space Space
	name  string
}

type owner struct {
	home
	member
}

type place struct {
	schema string
	space  Space
	name   string
}

// NewMembers has given no names yet.
func NewMembers(shorten func(string) string, taken func(*Package, Space, string) bool) *Members {
	return &Members{Shorten: shorten, Taken: taken, names: map[home]map[member]string{}, owners: map[place]owner{}, others: map[place]bool{}}
}

// Keep leaves a name to an object that is no member of a package, whether or not it is in the catalog yet.
func (m *Members) Keep(schema string, space Space, name string) {
	m.others[place{schema, space, name}] = true
}

// Has tells that a member of a package has a name.
func (m *Members) Has(schema string, space Space, name string) bool {
	if m == nil {
		return false
	}
	_, has := m.owners[place{schema, space, name}]
	return has
}

// give finds the first name that is free: package_member, then package__member, then the same with numbers.
func (m *Members) give(k *Package, space Space, name string) string {
	of, id := k.home(), member{space, name}
	if n, given := m.names[of][id]; given {
		return n
	}
	if m.names[of] == nil {
		m.names[of] = map[member]string{}
	}
	for i := 0; ; i++ {
		n := k.base + "_" + name
		if i > 0 {
			n = k.base + "__" + name
		}
		if i > 1 {
			n = fmt.Sprintf("%s_%d", n, i)
		}
		n = m.Shorten(n)
		at := place{k.TargetSchema, space, n}
		if _, taken := m.owners[at]; !taken && !m.others[at] && !m.Taken(k, space, n) {
			m.names[of][id], m.owners[at] = n, owner{of, id}
			return n
		}
	}
}

// Place gives a package its place on the target: a schema of the name base, or, where members stand beside other objects, names that begin
// with base in the schema beside.
func (c *Catalog) Place(k *Package, beside, base string) {
	if k.members = c.Members; k.members == nil {
		k.TargetSchema = base
		return
	}
	k.TargetSchema, k.base = beside, base
}

func (p *Package) home() home { return home{p.TargetSchema, p.base} }

// Placed tells that a package has its place on the target.
func (p *Package) Placed() bool { return p.TargetSchema != "" || p.members != nil }

// PlaceAs puts a package that was declared again where it was.
func (p *Package) PlaceAs(old *Package) {
	p.TargetSchema, p.base, p.members = old.TargetSchema, old.base, old.members
}

// Prefixed tells that the package is no schema: its members stand beside other objects.
func (p *Package) Prefixed() bool { return p != nil && p.members != nil }

// Plain is the name of a member by the simplest rule: what TargetName gives where nothing is in the way.
func (p *Package) Plain(name string) string {
	if p.members == nil {
		return name
	}
	return p.base + "_" + name
}

// TargetName is the name on the target of what the package declares or needs, in the schema TargetSchema; name is the one that it has where the package is a
// schema. What is in no package (nil) has its own.
func (p *Package) TargetName(space Space, name string) string {
	if p == nil || p.members == nil {
		return name
	}
	return p.members.give(p, space, name)
}

// OwnName is the name whose TargetName is a name.
func (p *Package) OwnName(space Space, target string) string {
	if p == nil || p.members == nil {
		return target
	}
	if o, ok := p.members.owners[place{p.TargetSchema, space, target}]; ok && o.home == p.home() {
		return o.name
	}
	return target
}

// Beside is the name on the target of a routine that is made for a routine of a package: that of the routine with a suffix.
func (p *Package) Beside(target, suffix string) string {
	if p == nil || target == "" {
		return target + suffix
	}
	return p.TargetName(RoutineSpace, p.OwnName(RoutineSpace, target)+suffix)
}

// StateName is the name by which the session holds a member; an empty one stands for the package.
func (p *Package) StateName(name string) string {
	out := p.TargetSchema
	if p.members != nil {
		if out != "" {
			out += "."
		}
		out += p.base + "." // which a package alone has as well: no variable of a package has such a name
		return out + name
	}
	if name != "" {
		out += "." + name
	}
	return out
}

// Given lists the names that members of the package have in a space.
func (p *Package) Given(space Space) []string {
	if p.members == nil {
		return nil
	}
	var out []string
	for id, n := range p.members.names[p.home()] {
		if id.space == space {
			out = append(out, n)
		}
	}
	sort.Strings(out)
	return out
}

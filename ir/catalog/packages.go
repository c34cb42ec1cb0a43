package catalog

import (
	"slices"
	"sort"
	"strings"
	"sync"

	"godwit/ir/types"
)

// Package is a package: types, variables, cursors and routines under one name.
type Package struct {
	Schema, Name string
	Vars         []*PackageVar
	Types        map[string]types.Type // by upper-case name
	Exceptions   map[string]*Exception // by upper-case name
	Routines     []*Routine            // in order, overloads among them
	// HasBody tells that the body is known; Init that it has statements that run on the first use.
	HasBody, Init bool
	// TargetSchema is the schema on the target that holds the members.
	TargetSchema string
	// base and members are set where that schema holds other objects too, see Members.
	base    string
	members *Members

	vars, routines nameIndex
}

// nameIndex says where the members of a name stand in a list of a package: packages of thousands of members are asked for each.
type nameIndex struct {
	sync.Mutex
	n  int // how many of the list are in it
	of map[string][]int
}

// places are those of the members of a name in a list that has only grown since the last time, or has become shorter.
func (x *nameIndex) places(name string, n int, nameOf func(int) string) []int {
	x.Lock()
	defer x.Unlock()
	if x.of == nil || x.n > n {
		x.n, x.of = 0, make(map[string][]int, n)
	}
	for ; x.n < n; x.n++ {
		k := strings.ToUpper(nameOf(x.n))
		x.of[k] = append(x.of[k], x.n)
	}
	return x.of[strings.ToUpper(name)]
}

func (x *nameIndex) forget() {
	x.Lock()
	defer x.Unlock()
	x.of = nil
}

// Keep leaves the members for which a function says so.
func (p *Package) Keep(v func(*PackageVar) bool, r func(*Routine) bool) {
	p.Vars = slices.DeleteFunc(slices.Clone(p.Vars), func(x *PackageVar) bool { return !v(x) })
	p.Routines = slices.DeleteFunc(slices.Clone(p.Routines), func(x *Routine) bool { return !r(x) })
	p.vars.forget()
	p.routines.forget()
}

// PackageVar is a variable, constant or cursor of a package.
type PackageVar struct {
	Name     string
	Type     types.Type
	Constant bool
	Private  bool // declared in the body
	// Decl is the ir.Decl that declares it.
	Decl   any
	Target string // name on the target
}

// Exception is a declared exception.
type Exception struct {
	Name  string
	Code  int    // error number of EXCEPTION_INIT, 0 if none
	State string // SQLSTATE on the target
}

// Var finds a variable; names are compared without regard to case, as they are folded.
func (p *Package) Var(name string) *PackageVar {
	if at := p.vars.places(name, len(p.Vars), func(i int) string { return p.Vars[i].Name }); len(at) > 0 {
		return p.Vars[at[0]]
	}
	return nil
}

// Named lists the routines of a name, in order.
func (p *Package) Named(name string) []*Routine {
	var out []*Routine
	for _, i := range p.routines.places(name, len(p.Routines), func(i int) string { return p.Routines[i].Name }) {
		out = append(out, p.Routines[i])
	}
	return out
}

// Synonym is another name of an object.
type Synonym struct {
	Schema, Name       string // Schema is "PUBLIC" of public ones
	ForSchema, ForName string
	Link               string
}

// AddPackage adds or replaces a package.
func (c *Catalog) AddPackage(p *Package) { c.packages[c.foldKey("k", p.Schema, p.Name)] = p }

// Package finds a package.
func (c *Catalog) Package(schema, name string) *Package {
	return c.packages[c.foldKey("k", schema, name)]
}

// DropPackage removes a package.
func (c *Catalog) DropPackage(schema, name string) { delete(c.packages, c.foldKey("k", schema, name)) }

// Packages lists packages by schema and name.
func (c *Catalog) Packages() []*Package {
	out := make([]*Package, 0, len(c.packages))
	for _, p := range c.packages {
		out = append(out, p)
	}
	sort.Slice(out, func(i, j int) bool {
		return out[i].Schema+"\x00"+out[i].Name < out[j].Schema+"\x00"+out[j].Name
	})
	return out
}

// AddObjectType adds or replaces a type.
func (c *Catalog) AddObjectType(t *ObjectType) { c.objectTypes[c.foldKey("t", t.Schema, t.Name)] = t }

// ObjectType finds a type.
func (c *Catalog) ObjectType(schema, name string) *ObjectType {
	return c.objectTypes[c.foldKey("t", schema, name)]
}

// ObjectTypes lists types by schema and name.
func (c *Catalog) ObjectTypes() []*ObjectType {
	out := make([]*ObjectType, 0, len(c.objectTypes))
	for _, t := range c.objectTypes {
		out = append(out, t)
	}
	sort.Slice(out, func(i, j int) bool {
		return out[i].Schema+"\x00"+out[i].Name < out[j].Schema+"\x00"+out[j].Name
	})
	return out
}

// HasObjectTypes tells that there are types of objects.
func (c *Catalog) HasObjectTypes() bool { return len(c.objectTypes) > 0 }

// DropObjectType removes a type.
func (c *Catalog) DropObjectType(schema, name string) {
	delete(c.objectTypes, c.foldKey("t", schema, name))
}

// AddSynonym adds or replaces a synonym.
func (c *Catalog) AddSynonym(s *Synonym) { c.synonyms[c.foldKey("y", s.Schema, s.Name)] = s }

// Synonym finds a synonym of a schema.
func (c *Catalog) Synonym(schema, name string) *Synonym {
	return c.synonyms[c.foldKey("y", schema, name)]
}

// DropSynonym removes a synonym.
func (c *Catalog) DropSynonym(schema, name string) { delete(c.synonyms, c.foldKey("y", schema, name)) }

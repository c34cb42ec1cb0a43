package catalog

import (
	"sort"

	"godwit/ir/types"
)

// ObjectType is an object or collection type of a schema.
type ObjectType struct {
	Schema, Name string
	Type         types.Type // types.Object or types.Collection
	Methods      []*Routine
	HasBody      bool
	// Under is the supertype, nil if there is none; Subtypes are the types directly below this one.
	Under    *ObjectType
	Subtypes []*ObjectType
	// Final tells that there can be no subtypes, Abstract that there are no objects of exactly this type (NOT INSTANTIABLE).
	Final, Abstract bool
	// Supplied tells a type that the source's server brings: no statement makes it.
	Supplied bool
	Security string // "invoker" of AUTHID CURRENT_USER, "definer" or "" for the default (definer)
	// Members holds the methods as a package holds its routines; its TargetSchema is the schema on the target that they are in.
	Members *Package

	TargetSchema, Target string
}

// Method is what a routine is to an object type.
type Method struct {
	Of *ObjectType
	// Kind is "member", "static", "constructor", "map member" or "order member".
	Kind string
	// Overriding tells that it takes the place of a method of a supertype, Final that no subtype may override it, Abstract that it
	// has no body.
	Overriding, Final, Abstract bool
	// Gone tells that the declaration is not converted: nothing may call the method, but its body is known by it.
	Gone bool
	// Dispatch is what calls name where subtypes override the method: it runs the one of the object's own type.
	Dispatch *Routine
	// Comparison is what comparisons of objects name, of a MAP or ORDER method: it is NULL where an object is.
	Comparison *Routine
	// Place is what ORDER BY names, of an ORDER method: the place of an object among those of a list.
	Place *Routine
}

// Root is the type at the top of the hierarchy.
func (o *ObjectType) Root() *ObjectType {
	for o.Under != nil {
		o = o.Under
	}
	return o
}

// Below lists the type and all types below it, supertypes first.
func (o *ObjectType) Below() []*ObjectType {
	out := []*ObjectType{o}
	list := append([]*ObjectType(nil), o.Subtypes...)
	sort.Slice(list, func(i, j int) bool {
		if list[i].Name != list[j].Name {
			return list[i].Name < list[j].Name
		}
		return list[i].Schema < list[j].Schema
	})
	for _, s := range list {
		out = append(out, s.Below()...)
	}
	return out
}

// PlaceUnder makes the type one below another, nil for one that has no supertype.
func (o *ObjectType) PlaceUnder(super *ObjectType) {
	if o.Under == super {
		return
	}
	if o.Under != nil {
		list := o.Under.Subtypes[:0:0]
		for _, s := range o.Under.Subtypes {
			if s != o {
				list = append(list, s)
			}
		}
		o.Under.Subtypes = list
	}
	for s := super; s != nil; s = s.Under {
		if s == o {
			super = nil // a circle
		}
	}
	o.Under = super
	if super != nil {
		super.Subtypes = append(super.Subtypes, o)
	}
}

// Implementation is the method that runs for an object of exactly the type o where r, a method of o or of a supertype of it, is called.
func (r *Routine) Implementation(o *ObjectType) *Routine {
	for ; o != nil && o != r.Method.Of; o = o.Under {
		for _, m := range o.Methods {
			if m.overrides(r) {
				return m
			}
		}
	}
	return r
}

// Overridden tells that a type below that of the method overrides it.
func (r *Routine) Overridden() bool {
	if r.Method == nil || r.Method.Dispatch == nil {
		return false
	}
	for _, s := range r.Method.Of.Below()[1:] {
		for _, m := range s.Methods {
			if m.overrides(r) {
				return true
			}
		}
	}
	return false
}

func (r *Routine) overrides(base *Routine) bool {
	if r.Name != base.Name || r.Kind != base.Kind || r.Method == nil || !r.Method.Overriding || r.Method.Gone || len(r.Params) != len(base.Params) {
		return false
	}
	return r.SameArguments(base)
}

// SameArguments tells that two members take arguments of the same types behind the object.
func (r *Routine) SameArguments(other *Routine) bool {
	if len(r.Params) != len(other.Params) {
		return false
	}
	for i := 1; i < len(r.Params); i++ {
		a, b := r.Params[i].Type, other.Params[i].Type
		if a == nil || b == nil || a.String() != b.String() {
			return false
		}
		x, text := a.(types.Text)
		if y, ok := b.(types.Text); ok && text && x.EmptyIsNull != y.EmptyIsNull { // a CLOB is no VARCHAR2
			return false
		}
	}
	return true
}

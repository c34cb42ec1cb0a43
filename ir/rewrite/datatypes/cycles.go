package datatypes

import (
	"godwit/ir/catalog"
	"godwit/ir/types"
)

// Composite types of the target cannot hold themselves, directly or through others. A collection whose elements hold collections of the same type
// is jsonb wherever it is used, with its elements as objects, so that a tree of objects needs no type that holds itself.

// Parts are the types inside of a type that has some, by what declares it: all types of a hierarchy are one. declared is nil for others.
func Parts(t types.Type) (declared any, parts []types.Type) {
	add := func(list []types.Field) {
		for _, f := range list {
			parts = append(parts, f.Type)
		}
	}
	switch x := t.(type) {
	case types.Collection:
		if x.CollectionDecl == nil {
			return nil, nil
		}
		return x.CollectionDecl, []types.Type{x.Elem}
	case types.Record:
		if x.RecordDecl == nil {
			return nil, nil
		}
		add(x.Fields)
		return x.RecordDecl, parts
	case types.Object:
		if x.ObjectDecl == nil {
			return nil, nil
		}
		o, ok := x.Of.(*catalog.ObjectType)
		if !ok {
			add(x.Fields)
			return x.ObjectDecl, parts
		}
		for _, below := range o.Root().Below() {
			if y, ok := below.Type.(types.Object); ok && y.ObjectDecl != nil {
				add(y.Fields)
			}
		}
		return o.Root(), parts
	}
	return nil, nil
}

// Holds tells that one of the types is declared by d or holds what is. through tells whether the parts of a type count, nil for all.
func Holds(list []types.Type, d any, through func(types.Type) bool) bool {
	seen := map[any]bool{}
	var holds func(list []types.Type) bool
	holds = func(list []types.Type) bool {
		for _, t := range list {
			x, parts := Parts(t)
			if x == nil || seen[x] || through != nil && !through(t) {
				continue
			}
			seen[x] = true
			if x == d || holds(parts) {
				return true
			}
		}
		return false
	}
	return holds(list)
}

// inItself tells that the elements of a collection hold collections of the same type.
func inItself(d *types.CollectionDecl) bool { return Holds([]types.Type{d.Elem}, d, nil) }

// Composed tells a type whose parts are parts of a composite type on the target: what is kept as jsonb is not.
func Composed(t types.Type) bool {
	c, ok := t.(types.Collection)
	return !ok || c.CollectionDecl == nil || c.Target != JSON
}

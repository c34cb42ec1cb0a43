package datatypes

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite"
	"godwit/ir/types"
)

// Composite types of the target cannot hold themselves, directly or through others. A collection whose elements hold collections of the same type
// is jsonb wherever it is used, with its elements as objects. An attribute that is an object of the same hierarchy, or of a type that holds one, is
// jsonb in the composite type, and an object where it is used.

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

// InItself tells that the elements of a collection hold collections of the same type.
func InItself(d *types.CollectionDecl) bool { return Holds([]types.Type{d.Elem}, d, nil) }

// Encoded tells that an attribute of the hierarchy, by its name on the target, is kept as jsonb.
func (f *Family) Encoded(name string) bool {
	if f.encoded == nil {
		f.encoded = map[string]bool{}
		for _, x := range f.Fields {
			if _, object := x.Type.(types.Object); object && Holds([]types.Type{x.Type}, f.Root, kept) {
				f.encoded[x.Name] = true
			}
		}
	}
	return f.encoded[name]
}

// kept tells a type whose parts are parts of a composite type once it has its form on the target.
func kept(t types.Type) bool {
	c, ok := t.(types.Collection)
	if !ok || c.CollectionDecl == nil {
		return true
	}
	_, nested := c.Elem.(types.Collection)
	return !nested && !InItself(c.CollectionDecl)
}

// EncodedAttribute tells an attribute that is kept as jsonb in the composite type of the object before it.
func EncodedAttribute(p *rewrite.Pass, e ir.Expr) bool {
	if _, object := e.TypeOf().(types.Object); !object {
		return false
	}
	var of ir.Expr
	var name string
	switch x := e.(type) {
	case *ir.Field:
		of, name = x.X, x.Name
	case *ir.Name:
		ref, ok := x.Ref.(*ir.FieldRef)
		if !ok {
			return false
		}
		of, name = ref.Of, Fold(ref.Field)
	default:
		return false
	}
	f, _ := FamilyOfType(p, of.TypeOf())
	return f != nil && f.Encoded(name)
}

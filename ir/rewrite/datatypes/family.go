package datatypes

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite"
	"godwit/ir/types"
)

// Family is a hierarchy of object types, which is one composite type on the target: the attribute Tag tells an object's own type, Fields are the attributes of
// all types in order, with Tag as the first.
type Family struct {
	Root   *catalog.ObjectType
	Tag    string
	Fields []types.Field
	// Decl is the composite type.
	Decl  *types.ObjectDecl
	types map[*catalog.ObjectType]bool
	// names are the attributes of each type on the target, by their names in upper case.
	names map[*types.ObjectDecl]map[string]string
	// encoded are the attributes that are kept as jsonb, by their names on the target; nil before anyone asked.
	encoded map[string]bool
}

const familiesKey = "datatypes.families"

func families(p *rewrite.Pass) map[*catalog.ObjectType]*Family {
	m, _ := p.Session.Values[familiesKey].(map[*catalog.ObjectType]*Family)
	if m == nil {
		m = map[*catalog.ObjectType]*Family{}
		p.Session.Values[familiesKey] = m
	}
	return m
}

// HasFamilies tells that a type with subtypes is known.
func HasFamilies(p *rewrite.Pass) bool { return len(families(p)) > 0 }

// NoteFamily notes the hierarchy of a type when the first of its types is seen; types that come later are no part of it.
func NoteFamily(p *rewrite.Pass, o *catalog.ObjectType) {
	root := o.Root()
	if _, known := families(p)[root]; known {
		return
	}
	all := root.Below()
	if len(all) == 1 {
		if root.Final {
			return
		}
		families(p)[root] = nil // subtypes come too late
		return
	}
	f := &Family{Root: root, types: map[*catalog.ObjectType]bool{}, names: map[*types.ObjectDecl]map[string]string{}}
	used := map[string]bool{}
	f.Tag = free(used, "type_name", all)
	f.Fields = []types.Field{{Name: f.Tag, Type: types.Text{N: 128}}}
	for _, t := range all {
		f.add(t, used)
	}
	f.Decl = &types.ObjectDecl{Name: root.Name, Fields: f.Fields, Of: root}
	families(p)[root] = f
}

// free is a name that no attribute of the types has.
func free(used map[string]bool, name string, all []*catalog.ObjectType) string {
	for _, t := range all {
		d, _ := t.Type.(types.Object)
		for _, x := range d.Fields {
			if strings.EqualFold(x.Name, name) {
				return free(used, name+"_", all)
			}
		}
	}
	used[name] = true
	return name
}

// add gives the attributes of a type that are its own their places, and the inherited ones the names that the supertype has.
func (f *Family) add(o *catalog.ObjectType, used map[string]bool) {
	d, _ := o.Type.(types.Object)
	f.types[o] = true
	names := map[string]string{}
	f.names[d.ObjectDecl] = names
	inherited := map[string]string{}
	if o.Under != nil {
		super, _ := o.Under.Type.(types.Object)
		inherited = f.names[super.ObjectDecl]
	}
	for _, x := range d.Fields {
		key := strings.ToUpper(x.Name)
		if n, ok := inherited[key]; ok {
			names[key] = n
			continue
		}
		n := Fold(x.Name)
		if used[n] {
			n = Fold(o.Name) + "_" + n // a subtype of another branch has one of that name
		}
		for used[n] {
			n += "_"
		}
		used[n], names[key] = true, n
		f.Fields = append(f.Fields, types.Field{Name: n, Type: x.Type})
	}
}

// Has tells that a type is one of those that the composite type was made for.
func (f *Family) Has(o *catalog.ObjectType) bool { return f.types[o] }

// FamilyOf is the hierarchy of a type that has subtypes or a supertype; nil for others.
func FamilyOf(p *rewrite.Pass, o *catalog.ObjectType) *Family {
	f := families(p)[o.Root()]
	if f == nil && o.Under != nil {
		return &Family{Root: o.Root()} // without the type
	}
	return f
}

// FamilyOfType is FamilyOf for the type of an expression.
func FamilyOfType(p *rewrite.Pass, t types.Type) (*Family, *catalog.ObjectType) {
	x, ok := t.(types.Object)
	if !ok || x.ObjectDecl == nil {
		return nil, nil
	}
	o, ok := x.Of.(*catalog.ObjectType)
	if !ok {
		return nil, nil
	}
	return FamilyOf(p, o), o
}

// Attribute is the name that an attribute of a type has on the target.
func (f *Family) Attribute(d *types.ObjectDecl, name string) string {
	if n, ok := f.names[d][strings.ToUpper(name)]; ok {
		return n
	}
	return Fold(name)
}

// TypeName is what Tag says of objects of a type.
func TypeName(o *catalog.ObjectType) string { return Fold(o.Name) }

// ObjectSQL spells an object type, "" for other types.
func ObjectSQL(t types.Type) string {
	x, ok := t.(types.Object)
	if !ok || x.ObjectDecl == nil {
		return ""
	}
	object(x.ObjectDecl)
	return x.Target
}

// IsOneOf tells that an object's own type is one of the names.
func (f *Family) IsOneOf(x ir.Expr, names []ir.Expr, like ir.Node, code string) ir.Expr {
	tag := f.TagOf(x)
	var e ir.Expr = &ir.In{X: tag, List: names}
	if len(names) == 1 {
		e = &ir.Compare{Op: ir.Eq, L: tag, R: names[0]}
	}
	e.Base().Span = like.Base().Span
	e.SetType(types.Bool{})
	e.Base().Made(code)
	return e
}

// IsVariable tells a variable or parameter: the target takes a.b for an attribute of it, and for a column of others.
func IsVariable(n *ir.Name) bool {
	switch n.Ref.(type) {
	case *ir.VarRef, *ir.ParamRef:
		return true
	}
	return false
}

// TagOf is the name of an object's own type.
func (f *Family) TagOf(x ir.Expr) ir.Expr {
	var e ir.Expr
	if n, ok := x.(*ir.Name); ok && IsVariable(n) {
		e = &ir.Name{Parts: append(n.Parts[:len(n.Parts):len(n.Parts)], ir.Ident{Text: strings.ToUpper(f.Tag)}), Ref: &ir.FieldRef{Of: n, Field: strings.ToUpper(f.Tag)}}
	} else {
		e = &ir.Field{X: x, Name: f.Tag}
	}
	e.Base().Span = x.Base().Span
	e.SetType(types.Text{})
	return e
}

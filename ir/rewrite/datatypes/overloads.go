package datatypes

import (
	"fmt"

	"godwit/ir/catalog"
	"godwit/ir/rewrite"
	"godwit/ir/types"
)

// Overloads gives routines of one name names of their own where the target would take them for one, or could not choose between them.
// What was declared again, because a part of the body had been refused, gets its name back.
func Overloads(p *rewrite.Pass, k *catalog.Package) {
	for _, v := range k.Vars {
		if v.Target == "" {
			v.Target = k.TargetName(catalog.RoutineSpace, Fold(v.Name))
		}
	}
	named := map[string][]*form{}
	for _, o := range k.Routines {
		if o.Target == "" {
			o.TargetSchema, o.Target = k.TargetSchema, k.TargetName(catalog.RoutineSpace, Fold(o.Name))
		}
		f := formOf(p, o)
		for i := 2; ; i++ {
			if !f.meets(named[o.Target]) {
				named[o.Target] = append(named[o.Target], f)
				break
			}
			p.Changing()
			o.Target = k.TargetName(catalog.RoutineSpace, fmt.Sprintf("%s_%d", Fold(o.Name), i))
		}
	}
}

// form is what tells a routine from others of its name on the target: the types of what a call hands over.
type form struct {
	of       *catalog.Routine
	types    []string
	params   []types.Type
	required int // so many have no default
}

func formOf(p *rewrite.Pass, o *catalog.Routine) *form {
	f := &form{of: o}
	for _, x := range o.Params {
		if x.Mode == catalog.Out {
			continue
		}
		f.types, f.params = append(f.types, spelled(p, x.Type)), append(f.params, x.Type)
		if !x.Default {
			f.required = len(f.types)
		}
	}
	return f
}

// spelled is a type on the target. A record of a package whose unit comes later has no name yet, and is none but itself.
func spelled(p *rewrite.Pass, t types.Type) string {
	if r, ok := t.(types.Record); ok && r.RecordDecl != nil && r.Target == "" && r.Of == nil {
		return fmt.Sprintf("%p", r.RecordDecl)
	}
	return Bare(Loose(p, t))
}

// BothTake tells that two routines take the same first n arguments.
func BothTake(p *rewrite.Pass, o, x *catalog.Routine, n int) bool {
	if n > len(o.Params) || n > len(x.Params) {
		return false
	}
	for i := range max(len(o.Params), len(x.Params)) {
		switch {
		case i >= n:
			if i < len(o.Params) && !o.Params[i].Default || i < len(x.Params) && !x.Params[i].Default {
				return false
			}
		case spelled(p, o.Params[i].Type) != spelled(p, x.Params[i].Type):
			return false
		}
	}
	return true
}

func (f *form) meets(others []*form) bool {
	for _, o := range others {
		if o.of != f.of && (f.same(o) || f.shares(o)) {
			return true
		}
	}
	return false
}

// same tells that two forms take the same.
func (f *form) same(o *form) bool { return len(f.types) == len(o.types) && f.alike(o, len(f.types)) }

// shares tells that there are calls of one form that the other takes as well, because it has defaults: the target refuses these. On the source a
// function and a procedure are told apart by where they are called, and types by more than the target knows; other calls it refuses too.
func (f *form) shares(o *form) bool {
	for n := max(f.required, o.required); n <= min(len(f.types), len(o.types)); n++ {
		if f.alike(o, n) && (f.of.Kind != o.of.Kind || !f.equal(o, n)) {
			return true
		}
	}
	return false
}

func (f *form) alike(o *form, n int) bool {
	for i := range n {
		if f.types[i] != o.types[i] {
			return false
		}
	}
	return true
}

func (f *form) equal(o *form, n int) bool {
	for i := range n {
		if f.params[i].String() != o.params[i].String() {
			return false
		}
	}
	return true
}

// Bare is a type without length and digits.
func Bare(sql string) string {
	for i := range len(sql) {
		if sql[i] == '(' {
			return sql[:i]
		}
	}
	return sql
}

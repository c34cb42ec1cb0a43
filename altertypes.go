package godwit

import (
	"slices"
	"strings"
	"unicode"

	"godwit/ir"
	"godwit/ir/diag"
)

// typeChanged is told of an ALTER TYPE whose change the definition of the type has.
var typeChanged = &diag.Code{
	ID: "DD0769", Title: "A type that is made as it is last", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc:  "ALTER TYPE adds, changes or drops attributes, adds methods, or changes a collection (Database PL/SQL Language Reference, ALTER TYPE Statement). The type is made with them; what a script does with the type before the change is judged by the type as it is last. Objects that statements have made before have NULL in the attributes that are added.",
	Next: "Nothing, if the script defines objects. A statement in between that names the attributes as they were is refused.",
}

// lastTypes gives definitions of types the changes that ALTER TYPE makes later in the script. A change of a type that the script does not make, or makes several times behind it, stays; so does
// one that drops attributes where statements have named the type before.
func lastTypes(units []*Unit) {
	some, drops := false, false
	for _, u := range units {
		if a, is := alterOf(u); is {
			some, drops = true, drops || len(a.Dropped) > 0
		}
	}
	if !some {
		return
	}
	used := map[string]bool{}             // types that statements name behind their definition: a constructor means the attributes as they are then
	before := map[string]*ir.ObjectType{} // the last definition so far
	all := map[string][]*ir.ObjectType{}
	made := &builtBefore{units: units}
	for _, u := range units {
		if t, ok := typeOf(u); ok {
			all[typeKey(u, t.Name)] = append(all[typeKey(u, t.Name)], t)
		}
	}
	for i, u := range units {
		if t, ok := typeOf(u); ok {
			before[typeKey(u, t.Name)] = t
			made.define(u, t)
			delete(used, t.Name.Name())
			continue
		}
		a, ok := alterOf(u)
		if !ok {
			if drops {
				mention(u, used)
			}
			continue
		}
		key := typeKey(u, a.Name)
		t := before[key]
		if t == nil && len(all[key]) == 1 {
			t = all[key][0]
		}
		if len(a.Dropped) > 0 && (before[key] == nil || used[a.Name.Name()]) {
			continue
		}
		has := 0
		if t != nil {
			has = len(t.Attributes)
		}
		if t != nil && changeType(t, a) {
			if n := len(t.Attributes) - has; n > 0 && before[key] != nil {
				made.extend(i, t, has, n)
			}
			u.Report(typeChanged.New(u.Source, "type %s", a.Name))
			u.empty()
		}
	}
}

// mention notes the names in a statement that is no table with columns of its own: rows of a table OF a type are in the order of the attributes.
func mention(u *Unit, names map[string]bool) {
	words := strings.FieldsFunc(strings.ToUpper(u.Text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("_$#", r)
	})
	if len(u.Stmts) == 1 {
		if _, table := u.Stmts[0].(*ir.CreateTable); table && !slices.Contains(words, "OF") {
			return
		}
	}
	for _, w := range words {
		names[w] = true
	}
}

func alterOf(u *Unit) (*ir.AlterType, bool) {
	if len(u.Stmts) != 1 {
		return nil, false
	}
	a, ok := u.Stmts[0].(*ir.AlterType)
	return a, ok
}

// typeOf is the definition that a unit is; a declaration of the name alone is none.
func typeOf(u *Unit) (*ir.ObjectType, bool) {
	if len(u.Stmts) != 1 {
		return nil, false
	}
	t, ok := u.Stmts[0].(*ir.ObjectType)
	return t, ok && t.Kind != ir.Incomplete
}

func typeKey(u *Unit, q ir.QName) string {
	schema := q.Schema()
	if schema == "" {
		schema = u.Schema
	}
	return strings.ToUpper(schema) + "." + q.Name()
}

// changeType changes a definition; false, and nothing is changed, if the change does not fit it.
func changeType(t *ir.ObjectType, a *ir.AlterType) bool {
	at := func(name string) int {
		return slices.IndexFunc(t.Attributes, func(f *ir.FieldDecl) bool { return f.Name.Text == name })
	}
	for _, f := range a.Attributes {
		if (at(f.Name.Text) >= 0) != a.Modify {
			return false
		}
	}
	for _, d := range a.Dropped {
		if at(d.Text) < 0 {
			return false
		}
	}
	if array := t.Kind == ir.ObjectArray; a.Max != nil && !array || a.Elem != nil && !array && t.Kind != ir.ObjectTable {
		return false
	}
	for _, f := range a.Attributes {
		if i := at(f.Name.Text); i >= 0 {
			t.Attributes[i] = f
		} else {
			t.Attributes = append(t.Attributes, f)
		}
	}
	for _, d := range a.Dropped {
		i := at(d.Text)
		t.Attributes = slices.Delete(t.Attributes, i, i+1)
	}
	t.Methods = append(t.Methods, a.Methods...)
	if a.Max != nil {
		t.Max = a.Max
	}
	if a.Elem != nil {
		t.Elem = a.Elem
	}
	t.NotFinal = t.NotFinal && !a.Final || a.NotFinal
	return true
}

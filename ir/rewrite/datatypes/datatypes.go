// Package datatypes gives the records, collections and object types of PL/SQL their types on the target.
//
// A record is a composite type. A collection is an array where its places can only be filled from the first one on: a nested table or
// varray of values or records. Others are jsonb: an associative array is an object with its keys; a nested table of which places can be
// deleted, or whose elements are collections or hold collections of its type, is an object with the numbers of its places and, under the empty key, the last place.
package datatypes

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/plsql"
	"godwit/ir/types"
)

// Form is how a collection is kept on the target.
type Form int

// Forms of collections.
const (
	Unknown Form = iota
	Array        // an array
	Map          // jsonb, an associative array
	Places       // jsonb, a nested table or varray with its last place under the empty key
)

// JSON is the type of collections that are no arrays.
const JSON = "jsonb"

// FormOf is the form of a type, Unknown if it is no collection or has no type on the target yet.
func FormOf(t types.Type) Form {
	c, ok := t.(types.Collection)
	switch {
	case !ok || c.CollectionDecl == nil:
		return Unknown
	case strings.HasSuffix(c.Target, "[]"):
		return Array
	case c.Target == JSON && c.Key != nil:
		return Map
	case c.Target == JSON:
		return Places
	}
	return Unknown
}

// Quote writes a name of the target.
func Quote(name string) string {
	for i, c := range name {
		if !(c >= 'a' && c <= 'z' || c == '_' || i > 0 && c >= '0' && c <= '9') {
			return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
		}
	}
	return name
}

// Qualified writes a name with its schema, "" for none.
func Qualified(schema, name string) string {
	if schema == "" {
		return Quote(name)
	}
	return Quote(schema) + "." + Quote(name)
}

// Fold is the name that an identifier of the source has on the target.
func Fold(s string) string {
	if s == strings.ToUpper(s) {
		return strings.ToLower(s)
	}
	return s
}

// SQL spells a type for variables, parameters and casts, "" if the target has none.
func SQL(p *rewrite.Pass, t types.Type) string {
	switch x := t.(type) {
	case nil:
		return ""
	case types.Cursor:
		return "refcursor"
	case types.XML:
		return "xml"
	case types.Record:
		if x.RecordDecl == nil {
			return ""
		}
		Row(x.RecordDecl)
		OfDictionary(p, x.RecordDecl)
		return x.Target
	case types.Collection:
		if x.CollectionDecl == nil {
			return ""
		}
		if x.Target == "" {
			Collection(p, x.CollectionDecl, false)
		}
		return x.Target
	case types.Object:
		if x.ObjectDecl == nil {
			return ""
		}
		if x.Target == "" {
			object(x.ObjectDecl)
		}
		return x.Target
	}
	if types.IsUnknown(t) {
		return ""
	}
	s, ok := p.Lower.TypeSQL(t)
	if !ok {
		return ""
	}
	return s
}

// Loose spells a type without limits of length and digits.
func Loose(p *rewrite.Pass, t types.Type) string { return SQL(p, plsql.Unlimited(t)) }

// OfDictionary notes that a row is one of a view of the data dictionary, which is a helper.
func OfDictionary(p *rewrite.Pass, d *types.RecordDecl) {
	if t, ok := d.Of.(*catalog.Table); ok && t != nil && t.Dictionary {
		p.Unit.NeedHelper(t.Target)
	}
}

// Row gives the row of a table its type on the target, which is the table's.
func Row(d *types.RecordDecl) {
	t, ok := d.Of.(*catalog.Table)
	if !ok || t == nil || d.Target != "" {
		return
	}
	name := t.Target
	if name == "" {
		name = Fold(t.Name)
	}
	schema := t.TargetSchema
	if t.Kind == catalog.TempTable {
		schema = ""
	}
	d.Target = Qualified(schema, name)
	for i := range d.Fields {
		if d.Fields[i].Target == "" {
			d.Fields[i].Target = Fold(d.Fields[i].Name)
		}
	}
}

// Collection gives a collection its type on the target. sparse tells that places of it are deleted.
func Collection(p *rewrite.Pass, d *types.CollectionDecl, sparse bool) {
	if d.Target != "" {
		return
	}
	_, nested := d.Elem.(types.Collection)
	if d.Key != nil || nested || sparse || InItself(d) {
		d.Target = JSON // the elements may be spelled with it
		if SQL(p, d.Elem) == "" {
			d.Target = ""
		}
		return
	}
	if s := SQL(p, d.Elem); s != "" {
		d.Target = s + "[]"
	}
}

// object finds the composite type of an object type: all types of a hierarchy are one.
func object(d *types.ObjectDecl) {
	if o, ok := d.Of.(*catalog.ObjectType); ok {
		o = o.Root()
		name := o.Target
		if name == "" {
			name = Fold(o.Name)
		}
		d.Target = Qualified(o.TargetSchema, name)
	}
}

// Composite makes the statement that creates a record's type on the target; nil where a field has no type there.
func Composite(p *rewrite.Pass, d *types.RecordDecl, schema, name, code string, at ir.Node) *ir.CreateType {
	c := &ir.CreateType{Name: ir.Qualified(schema, name)}
	c.Span = at.Base().Span
	c.Made(code)
	for i := range d.Fields {
		f := &d.Fields[i]
		x := &ir.FieldDecl{Name: ir.Ident{Text: Fold(f.Name), Quoted: true}, Type: f.Type, TypeSQL: SQL(p, f.Type)}
		if x.TypeSQL == "" {
			return nil
		}
		f.Target = x.Name.Text
		x.Span = at.Base().Span
		c.Fields = append(c.Fields, x)
	}
	note(p, d)
	d.Target = Qualified(schema, name)
	return c
}

const madeKey = "datatypes.made"

// note keeps what a record's type was called before a unit made it.
func note(p *rewrite.Pass, d *types.RecordDecl) {
	m, _ := p.Session.Values[madeKey].(map[*ir.Unit]map[*types.RecordDecl]string)
	if m == nil {
		m = map[*ir.Unit]map[*types.RecordDecl]string{}
		p.Session.Values[madeKey] = m
	}
	if m[p.Unit] == nil {
		m[p.Unit] = map[*types.RecordDecl]string{}
	}
	if _, ok := m[p.Unit][d]; !ok {
		m[p.Unit][d] = d.Target
	}
}

// Forget takes back the types that a unit has made, whose conversion begins anew.
func Forget(s *rewrite.Session, u *ir.Unit) {
	m, _ := s.Values[madeKey].(map[*ir.Unit]map[*types.RecordDecl]string)
	for d, was := range m[u] {
		d.Target = was
	}
	delete(m, u)
}

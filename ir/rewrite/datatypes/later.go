package datatypes

import (
	"godwit/ir"
	"godwit/ir/rewrite"
	"godwit/ir/types"
)

const laterKey = "datatypes.later"

// Later notes the name of a package's record that a later unit makes. A body may stand before its specification, and would else make a
// type of its own for the first variable of that record.
func Later(p *rewrite.Pass, d *types.RecordDecl, schema, name string) {
	m, _ := p.Session.Values[laterKey].(map[*types.RecordDecl]ir.QName)
	if m == nil {
		m = map[*types.RecordDecl]ir.QName{}
		p.Session.Values[laterKey] = m
	}
	m[d] = ir.Qualified(schema, name)
}

// Named gives a record that a later unit makes its name; false where no unit does, or a field has no type on the target.
func Named(p *rewrite.Pass, d *types.RecordDecl) bool {
	m, _ := p.Session.Values[laterKey].(map[*types.RecordDecl]ir.QName)
	q, ok := m[d]
	if !ok || d.Target != "" {
		return d.Target != ""
	}
	for i := range d.Fields {
		f := &d.Fields[i]
		if r, is := f.Type.(types.Record); is && r.RecordDecl != nil && r.Target == "" && !Named(p, r.RecordDecl) {
			Row(r.RecordDecl)
		}
		if SQL(p, f.Type) == "" {
			return false
		}
	}
	for i := range d.Fields {
		d.Fields[i].Target = Fold(d.Fields[i].Name)
	}
	d.Target = Qualified(q.Schema(), q.Name())
	return true
}

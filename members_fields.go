package godwit

import (
	"slices"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/source"
)

// withoutField takes the field out of a record type that holds a finding, so that what uses the other fields is converted; it gives the
// name of what is left out. "" tells that the type must go as a whole: the field is its only one, or its default may do something.
// What needs all fields of the record is refused (see TY0610). A specification loses no field once other units may have been resolved.
func (u *Unit) withoutField(k *ir.Package, d ir.Decl, f diag.Finding, round map[source.Span]bool) string {
	t, ok := d.(*ir.TypeDecl)
	if !ok || t.Kind != ir.RecordType || len(t.Fields) < 2 || u.resolved && !k.Body {
		return ""
	}
	for i, x := range t.Fields {
		if !holds(x.Span, f.Span) {
			continue
		}
		if x.Default != nil && !ir.IsLiteral(x.Default) {
			return ""
		}
		round[x.Span] = true
		t.Fields = slices.Delete(t.Fields, i, i+1)
		t.Partial = true
		return "field " + x.Name.Text + " of type " + t.Name.Text
	}
	return ""
}

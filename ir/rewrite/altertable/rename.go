package altertable

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite"
	"godwit/ir/source"
)

// Rename gives a table another name, and another schema where the new name has one.
func Rename(p *rewrite.Pass, span source.Span, from ir.QName, to ir.QName, t *catalog.Table) []ir.Stmt {
	var out []ir.Stmt
	do := func(at ir.QName, a *ir.AlterAction) {
		a.Span = span
		x := &ir.AlterTable{Table: &ir.TableRef{Name: at}, Actions: []*ir.AlterAction{a}}
		x.Span = span
		x.Made(p.Rule.Code)
		out = append(out, x)
	}
	name := strings.ToLower(to.Name())
	if !strings.EqualFold(from.Name(), name) {
		do(from, &ir.AlterAction{Kind: "rename", New: ir.Qualified("", name)})
	}
	schema := strings.ToLower(to.Schema())
	if schema != "" && schema != strings.ToLower(from.Schema()) {
		do(ir.Qualified(from.Schema(), name), &ir.AlterAction{Kind: "set schema", New: ir.Qualified("", schema)})
	} else {
		schema = from.Schema()
	}
	if t != nil && t.Kind != catalog.TempTable {
		t.TargetSchema = schema
	}
	if t != nil {
		t.Target = name
	}
	return out
}

package altertable

import (
	"fmt"
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/columntypes"
	"godwit/ir/rewrite/onupdatenow"
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
	raw := func(format string, args ...any) {
		x := &ir.RawStmt{Text: fmt.Sprintf(format, args...)}
		x.Span = span
		x.Made(p.Rule.Code)
		out = append(out, x)
	}
	updated := t != nil && t.Kind == catalog.BaseTable && slices.ContainsFunc(t.Columns, func(c *catalog.Column) bool { return c.OnUpdateNow })
	function := ir.Qualified(from.Schema(), name+"_on_update")
	if old := strings.ToLower(from.Name()); old != name {
		do(from, &ir.AlterAction{Kind: "rename", New: ir.Qualified("", name)})
		if updated { // so that a table that takes the old name can have a trigger of its own
			raw("ALTER TRIGGER %s ON %s RENAME TO %s", quote(ir.Qualified("", onupdatenow.TriggerName(old))), quote(ir.Qualified(from.Schema(), name)),
				quote(ir.Qualified("", onupdatenow.TriggerName(name))))
			raw("ALTER FUNCTION %s RENAME TO %s", quote(ir.Qualified(from.Schema(), old+"_on_update")), quote(ir.Qualified("", name+"_on_update")))
		}
	}
	schema := strings.ToLower(to.Schema())
	if schema != "" && schema != strings.ToLower(from.Schema()) {
		do(ir.Qualified(from.Schema(), name), &ir.AlterAction{Kind: "set schema", New: ir.Qualified("", schema)})
		for _, q := range columntypes.Types(p, from) {
			raw("ALTER TYPE %s SET SCHEMA %s", quote(q), quote(ir.Qualified("", schema)))
		}
		if updated {
			raw("ALTER FUNCTION %s SET SCHEMA %s", quote(function), quote(ir.Qualified("", schema)))
		}
		columntypes.Moved(t, schema)
	} else {
		schema = from.Schema()
	}
	columntypes.Move(p, from, ir.Qualified(schema, name))
	p.Changing()
	if t != nil && t.Kind != catalog.TempTable {
		t.TargetSchema = schema
	}
	if t != nil {
		t.Target = name
	}
	return out
}

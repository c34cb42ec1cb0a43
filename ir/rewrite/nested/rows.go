package nested

import (
	"fmt"
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/datatypes"
	"godwit/ir/rewrite/plsql"
	"godwit/ir/types"
)

// row gives the row of a loop that a nested routine reads a type, as the parameter that takes it needs one; false where it can have none.
func (r *run) row(d *ir.VarDecl, x *sub) bool {
	if r.rows[d] != "" {
		return !x.writes[d]
	}
	owner, ok := r.root.(*ir.Routine)
	t, record := d.Type.(types.Record)
	if !ok || !record || t.RecordDecl == nil || len(t.Fields) == 0 || x.writes[d] || t.Of != nil {
		return false
	}
	if t.Target == "" && !datatypes.Named(r.Pass, t.RecordDecl) {
		schema := owner.Name.Schema()
		if owner.Object != nil && owner.Object.TargetSchema != "" {
			schema = owner.Object.TargetSchema
		}
		base := ownerName(owner) + "_" + strings.ToLower(d.Name.Text) + "_row"
		name := inPackage(owner, catalog.RelationSpace, r.Lower.Fold(base))
		for i := 2; r.taken[name]; i++ {
			name = inPackage(owner, catalog.RelationSpace, r.Lower.Fold(fmt.Sprintf("%s_%d", base, i)))
		}
		r.taken[name] = true
		c := r.composite(t.RecordDecl, schema, name, d)
		if c == nil {
			return false
		}
		r.types = append(r.types, c)
	}
	r.rows[d] = t.Target
	return true
}

// composite creates the type of a row, without limits of length and digits: the target would cut what is longer. A CHAR would lose its blanks.
func (r *run) composite(d *types.RecordDecl, schema, name string, at ir.Node) *ir.CreateType {
	was := append([]types.Field(nil), d.Fields...)
	if slices.ContainsFunc(was, func(f types.Field) bool { t, ok := f.Type.(types.Text); return ok && t.Fixed }) {
		return nil
	}
	for i, f := range was {
		d.Fields[i].Type = plsql.Unlimited(f.Type)
	}
	c := datatypes.Composite(r.Pass, d, schema, name, code, at)
	for i := range was {
		d.Fields[i].Type = was[i].Type
	}
	return c
}

// argument is what a call passes for a declaration that a nested routine uses.
func (r *run) argument(d ir.Node) ir.Expr {
	v, ok := d.(*ir.VarDecl)
	if !ok || r.rows[v] == "" {
		return name(d)
	}
	t, _ := v.Type.(types.Record)
	row := &ir.RowExpr{}
	row.Type, row.Span = t, v.Span
	for _, f := range t.Fields {
		n := &ir.Name{Parts: []ir.Ident{v.Name, {Text: f.Name}}, Ref: &ir.FieldRef{Of: name(v), Field: f.Name}}
		n.Type, n.Span = f.Type, v.Span
		row.Items = append(row.Items, n)
	}
	return build.As(row, r.rows[v], t, code)
}

package plsql

import (
	"strings"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/types"
)

// dotted is what stands behind a column of JSON text, alias.column.member.member: the scalar at that path, or the object or array as text (JSON Developer's
// Guide, "Simple Dot-Notation Access to JSON Data"). nil if base is no column of text, whose parts nothing else can be.
func (r *Resolver) dotted(sc *scope, base ir.Expr, n *ir.Name, k int) ir.Expr {
	c, ok := base.(*ir.Name)
	if !ok || !sc.sql || k < 2 || !types.IsText(base.TypeOf()) {
		return nil
	}
	switch c.Ref.(type) {
	case *ir.ColumnRef, *ir.OutputRef:
	default:
		return nil
	}
	members := spelledParts(n)
	if members == nil {
		return nil
	}
	path := "$"
	for _, m := range members[k:] {
		if strings.ContainsAny(m, "\"\\") {
			return nil
		}
		if !plainMember(m) {
			m = `"` + m + `"`
		}
		path += "." + m
	}
	get := func(name string, doc ir.Expr) ir.Expr {
		p := &ir.String{Value: path}
		p.Span, p.Type = n.Span, varchar(len(path))
		x := &ir.JSONExpr{Name: name, Args: []ir.Expr{doc, p}}
		x.Meta = n.Meta
		return typed(x, varchar(4000))
	}
	return call(n, op.Coalesce, "COALESCE", varchar(4000), get("json_value", c), get("json_query", ir.Clone(c)))
}

// spelledParts are the parts of a name as they are written, as members of JSON are told apart by upper and lower case; nil where the text is another one.
func spelledParts(n *ir.Name) []string {
	parts := strings.Split(n.Span.Text(), ".")
	if len(parts) != len(n.Parts) {
		return nil
	}
	for i, p := range parts {
		p = strings.TrimSpace(p)
		if q := strings.TrimSuffix(strings.TrimPrefix(p, `"`), `"`); len(q) == len(p)-2 {
			p = q
		}
		if !strings.EqualFold(p, n.Parts[i].Text) {
			return nil
		}
		parts[i] = p
	}
	return parts
}

// plainMember tells a name that stands in a path without quotes.
func plainMember(m string) bool {
	for i, c := range m {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return m != ""
}

package plsql

import (
	"strings"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/types"
)

// dotted is what stands behind a column of JSON, alias.column.member.member: the value at that path (JSON Developer's Guide, "Simple Dot-Notation Access to JSON
// Data"). nil if base is no column of JSON or of text, whose parts nothing else can be.
func (r *Resolver) dotted(sc *scope, base ir.Expr, n *ir.Name, k int) ir.Expr {
	if _, path := documentAt(base); path == "" || !sc.sql || k < 2 {
		return nil
	}
	members := spelledParts(n)
	if members == nil {
		return nil
	}
	path := "$"
	for _, m := range members[k:] {
		step := memberStep(m)
		if step == "" {
			return nil
		}
		path += step
	}
	return atPath(n, base, path)
}

// memberStep is the step of a path to a member, "" for names that are not written in one.
func memberStep(m string) string {
	switch {
	case strings.ContainsAny(m, "\"\\"):
		return ""
	case !plainMember(m):
		return `."` + m + `"`
	}
	return "." + m
}

// atPath is the value at a path of a document: of a text the scalar, or the object or array as text; of JSON the part as JSON.
func atPath(at, doc ir.Expr, path string) ir.Expr {
	p := &ir.String{Value: path}
	p.Span, p.Type = at.Base().Span, varchar(len(path))
	if _, is := doc.TypeOf().(types.JSON); is {
		return supplied(at, "JSON_DOT", []ir.Expr{doc, p}, types.JSON{})
	}
	get := func(name string, doc ir.Expr) ir.Expr {
		x := &ir.JSONExpr{Name: name, Args: []ir.Expr{doc, ir.Clone(p)}}
		x.Meta = *at.Base()
		return typed(x, varchar(4000))
	}
	return call(at, op.Coalesce, "COALESCE", varchar(4000), get("json_value", doc), get("json_query", ir.Clone(doc)))
}

// documentAt is the column that an expression reads a document from, and the path there; "" for other expressions.
func documentAt(e ir.Expr) (doc ir.Expr, path string) {
	switch e := e.(type) {
	case *ir.Name:
		switch e.Ref.(type) {
		case *ir.ColumnRef, *ir.OutputRef:
			if _, is := e.Type.(types.JSON); is || types.IsText(e.Type) {
				return e, "$"
			}
		}
	case *ir.Call:
		x := e.Args
		if e.Op == op.Coalesce {
			if v, ok := e.Args[0].(*ir.JSONExpr); ok && v.Name == "json_value" && v.Span == e.Span {
				x = v.Args
			}
		} else if e.Op != op.OraSupplied || e.Name != "JSON_DOT" {
			return nil, ""
		}
		if len(x) == 2 {
			if p, ok := x[1].(*ir.String); ok {
				return x[0], p.Value
			}
		}
	}
	return nil, ""
}

// subscripted is alias.column.member[n], an element of a document.
func (r *Resolver) subscripted(sc *scope, e *ir.Subscript) ir.Expr {
	x := r.value(sc, e.X)
	n, ok := e.Index.(*ir.Number)
	doc, path := documentAt(x)
	if path == "" || !ok || !sc.sql {
		if e.X = x; types.IsUnknown(x.TypeOf()) {
			return typed(e, x.TypeOf())
		}
		return e
	}
	return atPath(e, doc, path+"["+n.Text+"]")
}

// fieldAt is a member of what an element of a document holds, alias.column.member[n].member; nil if x is no part of a document.
func fieldAt(sc *scope, e *ir.Field) ir.Expr {
	doc, path := documentAt(e.X)
	s := e.Span.Text()
	name := strings.Trim(strings.TrimSpace(s[strings.LastIndexByte(s, '.')+1:]), `"`)
	step := memberStep(name)
	if path == "" || !sc.sql || step == "" || !strings.EqualFold(name, e.Name) || !strings.HasSuffix(path, "]") && !strings.Contains(path, "].") {
		return nil
	}
	return atPath(e, doc, path+step)
}

// docItemMethod is a method that ends a path, such as alias.column.member.number() (JSON Developer's Guide, "SQL/JSON Path Expression Item Methods"); nil for others.
func docItemMethod(base ir.Expr, name string, inv *ir.Invoke) ir.Expr {
	doc, path := documentAt(base)
	if path == "" || path == "$" || len(inv.Args) > 0 {
		return nil
	}
	var t types.Type
	switch strings.ToUpper(name) {
	case "NUMBER":
		t = number
	case "STRING":
		t = varchar(4000)
	default:
		return nil
	}
	p := &ir.String{Value: path}
	p.Span, p.Type = inv.Span, varchar(len(path))
	x := &ir.JSONExpr{Name: "json_value", Args: []ir.Expr{documentText(doc), p}, Returning: t}
	x.Meta = inv.Meta
	return typed(x, t)
}

// documentText is a document as the text that JSON functions read.
func documentText(e ir.Expr) ir.Expr {
	if _, is := e.TypeOf().(types.JSON); !is {
		return e
	}
	c := &ir.Cast{X: e, To: types.Text{Collation: binaryText}, Implicit: true}
	c.Span = e.Base().Span
	return typed(c, c.To)
}

// spelledParts are the parts of a name as they are written, as members of JSON are told apart by upper and lower case; nil where the text is another one.
func spelledParts(n *ir.Name) []string {
	parts := strings.Split(n.Span.Text(), ".")
	if len(parts) < len(n.Parts) {
		return nil
	}
	parts = parts[:len(n.Parts)] // a method may stand behind them
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

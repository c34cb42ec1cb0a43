package json

import (
	encoding "encoding/json"
	"strconv"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

var fits = &diag.Code{
	ID: "FN0434", Title: "values of JSON_TABLE fit their columns", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `Versions differ in what JSON_TABLE makes of values that do not fit their columns (MySQL Reference Manual, "JSON Table Functions"; MariaDB Knowledge Base, "JSON_TABLE"): text that is no number, or longer than
the column. The converted query gives NULL for them, and an error for numbers out of range. Assumed: there are none.`,
}

// table makes a query of JSON_TABLE: a row for each value at the path, and an expression for each column.
func (l *lowering) table(t *ir.JSONTable) ir.Node {
	refuse := func(what string) ir.Node {
		l.refuseAt(t.Doc, what)
		return t
	}
	path, ok := l.literalPath(t.Path)
	if !ok {
		return refuse("JSON_TABLE with this path")
	}
	if t.OnError != nil || t.OnEmpty != nil || len(t.Passing) > 0 || t.Text != "" {
		return refuse("JSON_TABLE with ON ERROR, ON EMPTY, PASSING or TYPE")
	}
	doc := t.Doc
	switch x := doc.TypeOf().(type) {
	case types.Text:
		doc = build.Cast(doc, document, code)
	case types.JSON:
		if x.Kind == types.JSONText {
			doc = build.Cast(doc, document, code)
		}
	default:
		return refuse("JSON_TABLE over a value of type " + doc.TypeOf().String())
	}
	l.binary = isDocument(t.Doc)
	all := l.p.Helper("json_all", doc, doc, array(path))
	all.SetType(document)
	rows := &ir.TableFunc{
		Call:    build.Call("jsonb_array_elements", t.Doc, document, code, all),
		Alias:   ir.Ident{Text: "item"},
		Columns: []ir.Ident{{Text: "value"}, {Text: "position"}}, Ordinality: true,
	}
	rows.Span = t.Span
	q := &ir.Select{From: []ir.TableExpr{rows}}
	q.Span, q.Row = t.Span, &types.Row{}
	for _, c := range t.Columns {
		if c.Name.Text == "" {
			return refuse("NESTED PATH of JSON_TABLE")
		}
		x, why := l.column(c)
		if why != "" {
			return refuse("the column " + c.Name.Text + " of JSON_TABLE with " + why)
		}
		it := &ir.SelectItem{Expr: x, Alias: c.Name, Label: c.Name.Text}
		it.Span = c.Span
		q.Items = append(q.Items, it)
		q.Row.Names, q.Row.Types = append(q.Row.Names, c.Name.Text), append(q.Row.Types, x.TypeOf())
	}
	l.note(fits, t.Doc, "the values of JSON_TABLE are assumed to fit its columns")
	d := &ir.Derived{Query: q, Alias: t.Alias, Lateral: true}
	d.Span = t.Span
	d.Made(code)
	return d
}

func (l *lowering) literalPath(e ir.Expr) ([]step, bool) {
	s, ok := build.TextLiteral(e)
	if !ok {
		return nil, false
	}
	return parsePath(s)
}

func element(like *ir.JSONColumn, name string, t types.Type) *ir.Name {
	n := &ir.Name{Parts: []ir.Ident{{Text: "item"}, {Text: name}}, Ref: &ir.OutputRef{Column: name}}
	n.Span, n.Type = like.Span, t
	return n
}

// column is the expression of a column; why tells why there is none.
func (l *lowering) column(c *ir.JSONColumn) (x ir.Expr, why string) {
	if c.Ordinality {
		return element(c, "position", types.Int{Bits: 32, Unsigned: true}), ""
	}
	path, ok := l.literalPath(c.Path)
	if !ok || isWild(path) && !c.Exists {
		return nil, "this path"
	}
	if c.Format || c.Wrapper != "" || c.Text != "" {
		return nil, "FORMAT JSON or clauses of its own"
	}
	at := l.at(element(c, "value", document), path)
	if c.Exists {
		if _, number := c.Type.(types.Int); !number {
			return nil, "EXISTS as " + c.Type.String()
		}
		is := build.Make(&ir.IsNull{Not: true, X: at}, at, types.Bool{}, code)
		return build.Make(&ir.BoolValue{X: is}, at, c.Type, code), ""
	}
	if c.OnError != nil && (c.OnError.Error || c.OnError.Value != nil) {
		return nil, "its own answer ON ERROR"
	}
	if c.OnEmpty != nil && c.OnEmpty.Error {
		return nil, "ERROR ON EMPTY"
	}
	x, ok = l.convert(at, c.Type)
	if !ok {
		return nil, "the type " + c.Type.String()
	}
	if c.OnEmpty != nil && c.OnEmpty.Value != nil {
		v, ok := l.fallback(c.OnEmpty.Value, c.Type)
		if !ok {
			return nil, "this DEFAULT ON EMPTY"
		}
		x = build.If(build.Make(&ir.IsNull{X: ir.Clone(at)}, at, types.Bool{}, code), v, x, at, c.Type, code)
	}
	return l.collated(x, c.Type), ""
}

// convert makes a value of the column's type; ok is false for types without a counterpart.
func (l *lowering) convert(at ir.Expr, t types.Type) (ir.Expr, bool) {
	number := func() ir.Expr {
		h := l.p.Helper("json_column_number", at, at)
		h.SetType(types.Decimal{})
		return h
	}
	switch t := t.(type) {
	case types.JSON:
		return at, true
	case types.Text:
		n := t.N
		if n == 0 {
			n = 1 << 30
		}
		h := l.p.Helper("json_column", at, at, build.Int(int64(n)))
		h.SetType(t)
		return h, true
	case types.Int:
		if t.Bits == 64 {
			return build.Cast(number(), t, code), true
		}
		// Doubles round to even.
		return build.Cast(build.As(number(), "double precision", types.Float{Bits: 64}, code), t, code), true
	case types.Decimal, types.Float:
		return build.Cast(number(), t, code), true
	}
	return nil, false
}

// fallback is the literal behind DEFAULT as a value of the column's type. Where documents are no texts it is a JSON literal.
func (l *lowering) fallback(e ir.Expr, t types.Type) (ir.Expr, bool) {
	s, text := build.TextLiteral(e)
	if len(s) > 1 && s[0] == '"' {
		v := ""
		if _, text := t.(types.Text); !text || !l.binary || encoding.Unmarshal([]byte(s), &v) != nil {
			return nil, false
		}
		e = build.Text(v)
	}
	switch t := t.(type) {
	case types.Text:
		return e, text && (t.N == 0 || op.TextLen(e.TypeOf()) <= t.N)
	case types.Int:
		if v, ok := build.IntLiteral(e); ok {
			return build.Int(v), true
		}
		v, err := strconv.ParseInt(s, 10, 32)
		return build.Int(v), text && err == nil
	case types.Decimal:
		if !text {
			_, ok := e.(*ir.Number)
			return e, ok
		}
		if _, err := strconv.ParseFloat(s, 64); err != nil {
			return nil, false
		}
		return build.Cast(e, t, code), true
	}
	return nil, false
}

// collated gives a text the collation that the column has in the source.
func (l *lowering) collated(x ir.Expr, t types.Type) ir.Expr {
	c, ok := types.CollationOf(t)
	if !ok || c.IsZero() {
		return x
	}
	name, _, ok := l.p.Lower.Collation(c)
	if !ok {
		return x
	}
	return build.Collated(x, name, c, code)
}

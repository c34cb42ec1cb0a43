// Package xmltables holds the rule for XMLTABLE of Oracle.
package xmltables

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/tree"
	"godwit/ir/rewrite/xpath"
	"godwit/ir/types"
)

const code = "QY0753"

var unclear = &diag.Code{
	ID: "QY0754", Title: "XMLTABLE that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
	Doc: `Rows and columns are those of paths of elements, attributes and text(), with places or comparisons with a text as conditions; columns are texts, numbers and XML (Oracle SQL Language Reference, "XMLTABLE"). ` +
		`Other XQuery, paths upwards, several documents, defaults that are no literals and columns of other types are not converted.`,
	Next: "Write the rows with the target's XMLTABLE or xpath().", Each: 0.5,
}

// Rule makes a query of XMLTABLE, whose columns are XML functions.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "xml-tables", Language: rewrite.PLSQL,
		Doc: `XMLTABLE is a query with a row for each node at its path; its columns are values at paths from that node (SQL Language Reference, "XMLTABLE"). The target's own XMLTABLE knows empty texts, takes no default namespace and no fragments, ` +
			`so that it is not used.`,
		Examples: []rewrite.Example{
			{From: dialect.Oracle, Setup: "CREATE TABLE d (id NUMBER, doc XMLTYPE);", Source: "SELECT t.n FROM d, XMLTABLE('/r/e' PASSING d.doc COLUMNS n NUMBER PATH '@n') t;",
				Target: `SELECT t.n
FROM
  d,
  LATERAL (
    SELECT godwit_oracle.to_number(godwit_oracle.xml_value(item.value, '*/@n')) AS n
    FROM unnest(godwit_oracle.xml_nodes(d.doc, '/r/e')) WITH ORDINALITY AS item (value, place)
  ) AS t;`},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{unclear},
		Looks:    ir.Kinds(ir.KindXMLTable),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	p.Derive(code, func(e ir.TableExpr) (*ir.Select, ir.Ident) {
		t, ok := e.(*ir.XMLTable)
		if !ok {
			return nil, ir.Ident{}
		}
		l := &lowering{p: p, t: t, row: &types.Row{}}
		q := l.table()
		if q == nil {
			rewrite.Refuse(p, unclear, t.Span, "XMLTABLE with %s", l.why)
		}
		return q, t.Alias
	})
}

// lowering is one XMLTABLE.
type lowering struct {
	p         *rewrite.Pass
	t         *ir.XMLTable
	row       *types.Row
	items     []*ir.SelectItem
	spaces    ir.Expr // nil if there are none
	byDefault bool
	why       string // it is not converted
}

const alias = "item"

func text(n int) types.Text { return types.Text{N: n, EmptyIsNull: true} }

// table is the query; nil tells that there is none.
func (l *lowering) table() *ir.Select {
	t := l.t
	if len(t.Passing) != 1 {
		l.why = "several documents, or none"
		return nil
	}
	doc := t.Passing[0].Expr
	if _, ok := doc.TypeOf().(types.XML); !ok {
		l.why = "a document of type " + doc.TypeOf().String()
		return nil
	}
	if !l.namespaces() {
		l.why = "these namespaces"
		return nil
	}
	path, ok := l.path(t.Path)
	if !ok {
		l.why = "this path of its rows"
		return nil
	}
	args := []ir.Expr{doc, build.Text(within(path.Text))}
	if l.spaces != nil {
		args = append(args, l.spaces)
	}
	h := l.p.Helper("xml_nodes", doc, args...)
	h.SetType(types.Array{Elem: types.XML{}})
	rows := build.Call("unnest", doc, types.XML{}, code, h)
	from := &ir.TableFunc{Call: rows, Alias: ir.Ident{Text: alias}, Columns: []ir.Ident{{Text: "value"}, {Text: "place"}}, Ordinality: true}
	from.Span = t.Span
	if len(t.Columns) == 0 {
		l.add("COLUMN_VALUE", l.value(t, "value", types.XML{}))
	}
	for _, c := range t.Columns {
		x := l.column(c, path.Leaf)
		if x == nil {
			if l.why == "" {
				l.why = "column " + c.Name.Text
			}
			return nil
		}
		l.add(c.Name.Text, x)
	}
	q := &ir.Select{From: []ir.TableExpr{from}, Items: l.items}
	q.Span, q.Row = t.Span, l.row
	return q
}

func within(path string) string {
	if path == "" {
		return "node()"
	}
	return path
}

// namespaces reads XMLNAMESPACES.
func (l *lowering) namespaces() bool {
	var pairs [][2]string
	for _, n := range l.t.Namespaces {
		uri, ok := build.TextLiteral(n.Expr)
		if !ok {
			return false
		}
		prefix := n.Alias.Text
		pairs, l.byDefault = xpath.Declared(pairs, prefix, uri, l.byDefault)
	}
	if len(pairs) == 0 {
		return true
	}
	array := types.Array{Elem: text(0)}
	var list []ir.Expr
	for _, p := range pairs {
		list = append(list, build.Make(&ir.ArrayExpr{Items: []ir.Expr{build.Text(p[0]), build.Text(p[1])}}, l.t.Path, types.Type(array), code))
	}
	l.spaces = build.Make(&ir.ArrayExpr{Items: list}, l.t.Path, types.Type(array), code)
	return true
}

func (l *lowering) path(e ir.Expr) (xpath.Path, bool) {
	s, ok := build.TextLiteral(e)
	if !ok {
		return xpath.Path{}, false
	}
	return xpath.Read(s, l.byDefault)
}

func (l *lowering) value(at ir.Node, name string, t types.Type) *ir.Name {
	n := tree.Output(alias, name, t)
	n.Span = at.Base().Span
	return n
}

func (l *lowering) add(name string, x ir.Expr) {
	it := &ir.SelectItem{Expr: x, Alias: ir.Ident{Text: name}, Label: name}
	it.Span = x.Base().Span
	l.items = append(l.items, it)
	l.row.Names = append(l.row.Names, name)
	l.row.Types = append(l.row.Types, x.TypeOf())
}

// column is the value of a column; nil tells that there is none. leaf tells rows that are texts or attributes.
func (l *lowering) column(c *ir.XMLColumn, leaf bool) ir.Expr {
	if c.Ordinality {
		return build.Cast(l.value(c, "place", types.Int{Bits: 64}), types.Decimal{}, code)
	}
	given := c.Name.Text
	if c.Path != nil {
		s, ok := build.TextLiteral(c.Path)
		if !ok {
			return nil
		}
		given = s
	}
	read, ok := xpath.Read(given, l.byDefault)
	if !ok || leaf && read.Text != "" {
		return nil
	}
	path, ok := read.Within(given)
	if !ok {
		return nil
	}
	switch t := c.Type.(type) {
	case types.Text:
		if t.Fixed {
			return nil
		}
	case types.Decimal, types.XML:
	default:
		return nil
	}
	x := &ir.XMLExpr{Name: "xmlcolumn", Items: []*ir.SelectItem{{Expr: l.value(c, "value", types.XML{})}, {Expr: build.Text(path)}}}
	if l.spaces != nil {
		x.Items = append(x.Items, &ir.SelectItem{Expr: ir.Clone(l.spaces)})
	}
	x.Span, x.ExprMeta.Type = c.Span, c.Type
	if c.Default == nil {
		return x
	}
	return l.withDefault(c, x, path)
}

// withDefault gives a column that has no node its default, a literal of its kind.
func (l *lowering) withDefault(c *ir.XMLColumn, x *ir.XMLExpr, path string) ir.Expr {
	switch d := c.Default.(type) {
	case *ir.Number:
		if !types.IsNumeric(c.Type) {
			return nil
		}
	case *ir.String:
		if !types.IsText(c.Type) || d.Value == "" {
			return nil
		}
	default:
		return nil
	}
	args := []ir.Expr{l.value(c, "value", types.XML{}), build.Text(path)}
	if l.spaces != nil {
		args = append(args, ir.Clone(l.spaces))
	}
	there := l.p.Helper("xml_exists", x, args...)
	there.SetType(types.Bool{})
	return build.If(there, x, c.Default, x, c.Type, code)
}

// Package jsontables holds the rule for JSON_TABLE of Oracle.
package jsontables

import (
	"regexp"
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

const code = "QY0710"

var unclear = &diag.Code{
	ID: "QY0711", Title: "JSON_TABLE that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
	Doc: `Rows are those of a path of members, indexes and [*]; columns are texts, numbers and JSON at such paths (Oracle SQL Language Reference, "JSON_TABLE"). Filters, methods and wildcards of members in the path of the rows, PASSING, ` +
		`values ON EMPTY of the whole table, several NESTED PATH side by side, columns of other types and further clauses are not converted.`,
	Next: "Write the rows with jsonb_path_query or jsonb_array_elements.", Each: 0.5,
}

// Rule makes a query of JSON_TABLE, whose columns are JSON functions.
func Rule() *rewrite.Rule {
	setup := "CREATE TABLE j (id NUMBER, doc CLOB);"
	return &rewrite.Rule{
		Code: code, Name: "json-tables", Language: rewrite.PLSQL,
		Doc: `JSON_TABLE is a query with a row for each value at its path; its columns are JSON_VALUE, JSON_QUERY and JSON_EXISTS of that value (SQL Language Reference, "JSON_TABLE"). The target's own JSON_TABLE (PostgreSQL 17) takes other documents, ` +
			`knows empty texts and keeps no order of members, so that it is not used.`,
		Examples: []rewrite.Example{
			{From: dialect.Oracle, Setup: setup, Source: "SELECT t.n FROM j, JSON_TABLE(j.doc, '$.items[*]' COLUMNS (n NUMBER PATH '$.n')) t;",
				Target: `SELECT t.n
FROM
  j,
  LATERAL (
    SELECT
      godwit_oracle.to_number(godwit_oracle."json_value"(item.value, '$.n', 'number', 'null')) AS n
    FROM godwit_oracle.json_items(j.doc, ARRAY['.items', '[*]']) WITH ORDINALITY AS item (
        value,
        place
      )
  ) AS t;`},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{unclear},
		Looks:    ir.Kinds(ir.KindJSONTable),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	p.Derive(code, func(e ir.TableExpr) (*ir.Select, ir.Ident) {
		t, ok := e.(*ir.JSONTable)
		if !ok {
			return nil, ir.Ident{}
		}
		l := &lowering{p: p, t: t, row: &types.Row{}}
		q := l.table()
		if q == nil {
			rewrite.Refuse(p, unclear, t.Span, "JSON_TABLE with %s", l.why)
		}
		return q, t.Alias
	})
}

// lowering is one JSON_TABLE.
type lowering struct {
	p     *rewrite.Pass
	t     *ir.JSONTable
	items []*ir.SelectItem
	row   *types.Row
	from  ir.TableExpr
	depth int
	why   string // it is not converted
}

func text(n int) types.Text { return types.Text{N: n, EmptyIsNull: true} }

// table is the query; nil tells that there is none.
func (l *lowering) table() *ir.Select {
	t, doc := l.t, l.t.Doc
	switch {
	case t.Text != "":
		l.why = "TYPE"
	case len(t.Passing) > 0:
		l.why = "PASSING"
	case t.OnEmpty != nil && (t.OnEmpty.Error || t.OnEmpty.Value != nil):
		l.why = "an answer ON EMPTY of its own"
	case t.OnError != nil && t.OnError.Value != nil:
		l.why = "a value ON ERROR"
	}
	switch doc.TypeOf().(type) {
	case types.Text:
	case types.JSON:
		doc = build.As(doc, "text", text(0), code)
	case types.Binary: // a document in a BLOB is taken for UTF-8; other bytes are an error
		doc = build.Call("convert_from", doc, text(0), code, doc, build.Text("UTF8"))
	default:
		l.why = "a document of type " + doc.TypeOf().String()
	}
	if l.why != "" || !l.rows(doc, t.Path) || !l.columns(t.Columns) {
		return nil
	}
	q := &ir.Select{From: []ir.TableExpr{l.from}, Items: l.items}
	q.Span, q.Row = t.Span, l.row
	return q
}

func (l *lowering) strict() bool { return l.t.OnError != nil && l.t.OnError.Error }

// rows adds the values at a path of a document; those within another value are there or not.
func (l *lowering) rows(doc, path ir.Expr) bool {
	steps, ok := rowSteps(path)
	if !ok {
		l.why = "this path of its rows"
		return false
	}
	list := make([]ir.Expr, len(steps))
	for i, s := range steps {
		list[i] = build.Text(s)
	}
	array := types.Array{Elem: text(0)}
	var of ir.Expr = build.Make(&ir.ArrayExpr{Items: list}, l.t.Doc, types.Type(array), code)
	if len(list) == 0 {
		of = build.As(of, "text[]", array, code)
	}
	args := []ir.Expr{doc, of}
	if l.strict() {
		args = append(args, build.Make(&ir.Bool{Value: true}, doc, types.Type(types.Bool{}), code))
	}
	h := l.p.Helper("json_items", doc, args...)
	h.SetType(text(0))
	l.depth++
	f := &ir.TableFunc{Call: h, Alias: ir.Ident{Text: l.alias()}, Columns: []ir.Ident{{Text: "value"}, {Text: "place"}}, Ordinality: true}
	f.Span = l.t.Span
	if l.from == nil {
		l.from = f
		return true
	}
	f.Lateral = true
	on := build.Make(&ir.Bool{Value: true}, doc, types.Type(types.Bool{}), code)
	j := &ir.Join{Kind: ir.LeftJoin, L: l.from, R: f, On: on}
	j.Span = l.t.Span
	l.from = j
	return true
}

func (l *lowering) alias() string {
	if l.depth == 1 {
		return "item"
	}
	return "item_" + strconv.Itoa(l.depth)
}

func (l *lowering) value(c *ir.JSONColumn, name string, t types.Type) *ir.Name {
	n := tree.Output(l.alias(), name, t)
	n.Span = c.Span
	return n
}

// columns adds the columns of a level, and of the one within it.
func (l *lowering) columns(list []*ir.JSONColumn) bool {
	var inner *ir.JSONColumn
	behind := false
	for _, c := range list {
		if c.Nested != nil {
			if inner != nil {
				l.why = "several NESTED PATH"
				return false
			}
			inner = c
			continue
		}
		behind = behind || inner != nil
		x := l.column(c)
		if x == nil {
			if l.why == "" {
				l.why = "the column " + c.Name.Text
			}
			return false
		}
		it := &ir.SelectItem{Expr: x, Alias: c.Name, Label: c.Name.Text}
		it.Span = c.Span
		l.items = append(l.items, it)
		l.row.Names, l.row.Types = append(l.row.Names, c.Name.Text), append(l.row.Types, x.TypeOf())
	}
	if inner == nil {
		return true
	}
	if inner.Text != "" || behind {
		l.why = "columns or clauses behind NESTED PATH"
		return false
	}
	return l.rows(l.value(inner, "value", text(0)), inner.Path) && l.columns(inner.Nested)
}

// column is the value of a column, nil if it is not converted.
func (l *lowering) column(c *ir.JSONColumn) ir.Expr {
	if c.Ordinality {
		return build.Cast(l.value(c, "place", types.Int{Bits: 64}), types.Decimal{}, code)
	}
	if c.Text != "" || c.Path == nil {
		l.why = "the column " + c.Name.Text + " and " + c.Text
		return nil
	}
	x := &ir.JSONExpr{Name: "json_value", Args: []ir.Expr{l.value(c, "value", text(0)), c.Path}, OnError: c.OnError, OnEmpty: c.OnEmpty, Wrapper: c.Wrapper}
	if x.OnError == nil && l.strict() {
		x.OnError = l.t.OnError
	}
	x.Span, x.Type = c.Span, c.Type
	t, isText := c.Type.(types.Text)
	switch {
	case c.Exists:
		if c.OnError != nil || c.OnEmpty != nil {
			return nil
		}
		x.Name, x.Type, x.OnError = "json_exists", types.Bool{}, nil
		return answer(x, c.Type)
	case c.Format || c.Wrapper != "":
		x.Name = "json_query"
		if !isText {
			return nil
		}
		return l.short(x, t)
	case isText:
		return l.short(x, t)
	}
	if _, ok := c.Type.(types.Decimal); !ok {
		l.why = "the column " + c.Name.Text + " of type " + c.Type.String()
		return nil
	}
	return x
}

// answer is what EXISTS gives: a text or a number.
func answer(x ir.Expr, t types.Type) ir.Expr {
	switch t := t.(type) {
	case types.Text:
		if t.N == 0 || t.N >= len("false") {
			return build.If(x, build.Text("true"), build.Text("false"), x, text(5), code)
		}
	case types.Decimal:
		return build.If(x, build.Int(1), build.Int(0), x, types.Decimal{}, code)
	}
	return nil
}

// short gives NULL for values that are too long for a column, as NULL ON ERROR does.
func (l *lowering) short(x *ir.JSONExpr, t types.Text) ir.Expr {
	if t.N == 0 || t.N >= 4000 {
		return x
	}
	if t.Fixed || x.OnError != nil && (x.OnError.Error || x.OnError.Value != nil) {
		l.why = "values ON ERROR of a short column"
		return nil
	}
	x.Type = text(4000)
	args := []ir.Expr{x, build.Int(int64(t.N))}
	if t.Unit == types.Bytes {
		args = append(args, build.Make(&ir.Bool{Value: true}, x, types.Type(types.Bool{}), code))
	}
	h := l.p.Helper("json_short", x, args...)
	h.SetType(t)
	return h
}

var (
	rowPath = regexp.MustCompile(`^\$(\.([A-Za-z_][A-Za-z0-9_]*|"[^"\\]+")|\[\d+\]|\[\*\])*$`)
	rowStep = regexp.MustCompile(`\.([A-Za-z_][A-Za-z0-9_]*)|\."([^"\\]+)"|(\[(?:\d+|\*)\])`)
)

// rowSteps are the steps of a path: a dot and a member, [number] or [*]. A path within another may leave out what stands for its value.
func rowSteps(e ir.Expr) (steps []string, ok bool) {
	s, ok := build.TextLiteral(e)
	if !ok {
		return nil, false
	}
	path := strings.Join(strings.Fields(strings.ReplaceAll(s, " [", "[")), " ")
	switch {
	case strings.HasPrefix(path, "["):
		path = "$" + path
	case !strings.HasPrefix(path, "$"):
		path = "$." + path
	}
	if !rowPath.MatchString(path) {
		return nil, false
	}
	for _, m := range rowStep.FindAllStringSubmatch(path, -1) {
		if m[3] != "" {
			steps = append(steps, m[3])
			continue
		}
		steps = append(steps, "."+m[1]+m[2])
	}
	return steps, true
}

// Package json holds the rule for functions of JSON documents.
package json

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

const code = "FN0430"

var (
	refused = &diag.Code{
		ID: "FN0431", Title: "JSON function that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
		Doc: `The function, its path or the type of a value has no exact counterpart (MySQL Reference Manual, "JSON Functions"): paths that are not literals or hold ** or ranges, JSON_SEARCH with paths,
JSON_PRETTY and the like, times and bytes inside documents, sorting by documents, and comparisons that depend on the source's rules for text.`,
		Next: "write the path as a literal, or convert the value to a number or text by CAST or JSON_UNQUOTE first", Learn: 0.5, Each: 0.25,
	}
	normalised = &diag.Code{
		ID: "FN0432", Title: "documents lose the form of their text", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc: `MariaDB keeps documents as texts: the order of the keys, equal keys and the form of numbers stay as written (MariaDB Knowledge Base, "JSON Data Type"). The converted functions
give PostgreSQL's jsonb, which sorts keys and keeps the last of equal ones; the document is the same.`,
		Next: "check that nobody compares or shows the text of the document", Each: 0.1,
	}
	hours = &diag.Code{
		ID: "FN0435", Title: "long times in documents", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `A TIME in a document shows its hours (MySQL Reference Manual, "The JSON Data Type"); early versions of MySQL 8.0 show them modulo 32. The converted code shows them.
Assumed: no time in a document has 32 hours or more.`,
	}
	numbers = &diag.Code{
		ID: "FN0433", Title: "numbers in documents keep their digits", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `MySQL reads numbers with a point or exponent in documents as doubles and shows 2.50 as 2.5 and 1e2 as 100.0 (MySQL Reference Manual, "The JSON Data Type"); PostgreSQL's jsonb shows
2.50 and 100. Assumed: nobody compares the text of such numbers.`,
	}
)

// Rule is FN0430.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "json-functions",
		Doc: `Functions of JSON documents (MySQL Reference Manual, "JSON Functions"). Documents are jsonb. A literal path of keys and positions becomes the operator ->, step by step; position 0,
which in MySQL is also the value itself where there is no array, and wildcards go through helper routines, as does whatever changes documents. JSON null is not NULL: the text of
a value comes from a helper routine that keeps the two apart. Documents compare with numbers, texts and truth values by MySQL's order of types. JSON_TABLE becomes a
query over the values at its path.`,
		Fidelity: diag.Exact,
		Examples: []rewrite.Example{
			{
				Setup:  "CREATE TABLE d (id INT PRIMARY KEY, j JSON);",
				Source: "SELECT j->'$.a.b' AS x, j->>'$.name' AS y, JSON_LENGTH(j, '$.tags') AS z FROM d WHERE j->'$.n' = 5;",
				Target: `SELECT j -> 'a' -> 'b' AS x, godwit_mysql.json_unquote(j -> 'name') AS y, godwit_mysql.json_length(j -> 'tags') AS z
FROM d WHERE j -> 'n' = '5'::jsonb;`,
			},
			{
				Setup:  "CREATE TABLE d (id INT PRIMARY KEY, j JSON);",
				Source: "UPDATE d SET j = JSON_SET(j, '$.a', 1) WHERE JSON_CONTAINS(j, '\"x\"', '$.tags');",
				Target: `UPDATE d SET j = godwit_mysql.json_put(j, ARRAY['.a'], '1'::jsonb, 'set')
WHERE godwit_mysql.json_contains(j -> 'tags', '"x"'::jsonb) <> 0;`,
			},
		},
		Findings: []*diag.Code{refused, normalised, numbers, hours, fits},
		Looks:    ir.Kinds(ir.HasDocument, ir.CallsJSON, ir.KindJSONTable),
		Run:      run,
	}
}

type lowering struct {
	p *rewrite.Pass
	// never are values that are never NULL where they stand.
	never map[ir.Expr]bool
	// inner are documents that are read as documents again.
	inner map[ir.Expr]bool
	// texts are documents of a source whose documents are texts; scalars are values made documents for a comparison.
	texts   map[ir.Expr]bool
	scalars map[ir.Expr]ir.Expr
	noted   map[*diag.Code]bool
	// groups are the items of GROUP BY, which do not sort.
	groups map[*ir.OrderItem]bool
	// binary tells that the document of the JSON_TABLE at hand is no text.
	binary bool
}

// documents tells that the unit has a document anywhere.
func documents(u *ir.Unit) bool {
	for _, s := range u.Stmts {
		if ir.Find(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.JSONTable:
				return true
			case *ir.Call:
				return strings.HasPrefix(string(n.Op), "json.") || isDocument(n)
			case ir.Expr:
				return isDocument(n)
			}
			return false
		}) {
			return true
		}
	}
	return false
}

func run(p *rewrite.Pass) {
	if !documents(p.Unit) {
		return
	}
	l := &lowering{p, map[ir.Expr]bool{}, map[ir.Expr]bool{}, map[ir.Expr]bool{}, map[ir.Expr]ir.Expr{}, map[*diag.Code]bool{}, map[*ir.OrderItem]bool{}, false}
	for _, s := range p.Unit.Stmts {
		tree.InSelects(s, l.mark)
	}
	p.Nodes(func(n ir.Node) ir.Node {
		switch n := n.(type) {
		case *ir.Call:
			if strings.HasPrefix(string(n.Op), "json.") {
				return l.call(n)
			}
		case *ir.Compare:
			return l.compare(n)
		case *ir.Between:
			return l.between(n)
		case *ir.In:
			l.in(n)
		case *ir.JSONTable:
			return l.table(n)
		case *ir.OrderItem:
			if isDocument(n.Expr) && !l.groups[n] {
				l.refuseAt(n.Expr, "sorting by a document")
			}
		}
		return n
	})
}

// mark looks at the expressions as they stand in their queries.
func (l *lowering) mark(n ir.Node, s *ir.Select) bool {
	switch n := n.(type) {
	case *ir.Select:
		for _, o := range n.GroupBy {
			l.groups[o] = true
		}
		for _, o := range n.OrderBy {
			if o.Position > 0 && o.Position <= len(n.Items) && isDocument(n.Items[o.Position-1].Expr) {
				l.refuseAt(n.Items[o.Position-1].Expr, "sorting by a document")
			}
		}
	case *ir.Call:
		if !strings.HasPrefix(string(n.Op), "json.") {
			return true
		}
		for _, a := range n.Args {
			l.inner[a] = true
			if tree.Literal(a) && !tree.IsNull(a) || s != nil && tree.NotNull(a, s) {
				l.never[a] = true
			}
		}
	case *ir.HelperCall:
		if n.Name == "json_number" || n.Name == "strict_json_number" || n.Name == "strict_json_integer" {
			l.inner[n.Args[0]] = true
		}
	case *ir.Compare:
		l.inner[n.L], l.inner[n.R] = true, true
	case *ir.IsNull:
		l.inner[n.X] = true
	}
	return true
}

func isDocument(e ir.Expr) bool {
	if e == nil {
		return false
	}
	j, ok := e.TypeOf().(types.JSON)
	return ok && j.Kind == types.JSONBinary
}

func (l *lowering) refuseAt(e ir.Expr, what string) ir.Expr {
	rewrite.Refuse(l.p, refused, e.Base().Span, "%s is not converted", what)
	return e
}

func (l *lowering) refuse(e *ir.Call, what string) ir.Expr {
	name := e.Name
	if name == "" || name == "JSON" {
		name = "a document"
	}
	return l.refuseAt(e, name+" "+what)
}

// note reports once for the unit.
func (l *lowering) note(c *diag.Code, e ir.Expr, format string, args ...any) {
	if !l.noted[c] {
		l.noted[c] = true
		l.p.Report(c, e.Base().Span, format, args...)
	}
}

// out is a document as a result.
func (l *lowering) out(e *ir.Call, x ir.Expr) ir.Expr {
	if e.Word != "text" {
		return x
	}
	l.texts[x] = true
	if !l.inner[e] {
		l.note(normalised, e, "%s gives a document of type jsonb", e.Name)
	}
	return x
}

func (l *lowering) call(e *ir.Call) ir.Expr {
	for i, a := range e.Args {
		e.Args[i] = l.lenient(e, i, a)
	}
	switch e.Op {
	case op.JSONExtract, op.JSONExtractText, op.JSONValue, op.JSONQuery, op.JSONExists, op.JSONContains, op.JSONContainsPath, op.JSONLength, op.JSONKeys:
		return l.read(e)
	case op.JSONSet, op.JSONInsert, op.JSONReplace, op.JSONRemove, op.JSONArrayAppend, op.JSONArrayInsert:
		return l.change(e)
	case op.JSONArray, op.JSONObject:
		return l.build(e)
	case op.JSONScalar:
		x, ok := l.value(e.Args[0], false, true)
		if !ok || types.IsTemporal(e.Args[0].TypeOf()) {
			return l.refuse(e, "compared with a value of type "+e.Args[0].TypeOf().String())
		}
		l.scalars[x] = e.Args[0]
		return x
	case op.JSONUnquote:
		return l.unquote(e)
	case op.JSONQuote:
		if _, null := e.Args[0].TypeOf().(types.Null); null {
			return build.As(e.Args[0], "text", e.Type, code)
		}
		return build.As(build.Call("to_json", e, e.Type, code, text(e.Args[0])), "text", e.Type, code)
	case op.JSONSearch:
		return l.search(e)
	case op.JSONDepth:
		return l.p.Helper("json_depth", e, e.Args...)
	case op.JSONPretty:
		if e.Word == "text" || len(e.Args) > 1 {
			return l.refuse(e, "with these arguments")
		}
		if tree.IsNull(e.Args[0]) {
			return build.Null(e, e.Type)
		}
		return l.p.Helper("json_pretty", e, e.Args...)
	case op.JSONType:
		return l.p.Helper("json_type", e, e.Args...)
	case op.JSONOverlaps:
		return l.p.Helper("json_overlaps", e, e.Args...)
	case op.JSONEquals:
		eq := build.Compare(ir.Eq, e.Args[0], e.Args[1], e, code)
		return build.Make(&ir.BoolValue{X: eq}, e, e.Type, code)
	case op.JSONValid:
		return l.valid(e)
	case op.JSONMerge:
		return l.out(e, l.fold("json_merge", e))
	case op.JSONMergePatch:
		return l.out(e, l.fold("json_merge_patch", e))
	case op.JSONMemberOf:
		x, ok := l.value(e.Args[0], e.Word == "text", true)
		if !ok {
			return l.refuse(e, "with a value of this type")
		}
		return l.p.Helper("json_member", e, x, e.Args[1])
	}
	return l.refuse(e, "with these arguments")
}

// lenient reads a text that may hold no document: an error in MySQL, NULL where documents are texts.
func (l *lowering) lenient(e *ir.Call, i int, a ir.Expr) ir.Expr {
	c, ok := a.(*ir.Cast)
	if e.Word != "text" || !ok || !c.Target || !isDocument(c) {
		return a
	}
	if _, text := c.X.TypeOf().(types.Text); !text {
		return a
	}
	if _, literal := c.X.(*ir.String); literal && validLiteral(c.X.(*ir.String).Value) {
		return a
	}
	h := l.p.Helper("json_of", c, c.X)
	h.SetType(document)
	l.never[h] = false
	return h
}

// text makes a text of a literal whose type the target would not know.
func text(e ir.Expr) ir.Expr {
	if _, ok := e.(*ir.String); ok {
		return build.As(e, "text", e.TypeOf(), code)
	}
	return e
}

func (l *lowering) fold(name string, e *ir.Call) ir.Expr {
	x := e.Args[0]
	for _, a := range e.Args[1:] {
		h := l.p.Helper(name, e, x, a)
		h.SetType(document)
		x = h
	}
	return x
}

func (l *lowering) valid(e *ir.Call) ir.Expr {
	x := e.Args[0]
	switch t := x.TypeOf().(type) {
	case types.Null:
		return build.As(x, "integer", e.Type, code)
	case types.Text:
		return l.p.Helper("json_valid", e, text(x))
	case types.JSON:
		if t.Kind == types.JSONBinary {
			x = build.As(x, "text", types.Text{}, code)
		}
		return l.p.Helper("json_valid", e, x)
	}
	return l.refuse(e, "of a value of this type")
}

func (l *lowering) unquote(e *ir.Call) ir.Expr {
	x := e.Args[0]
	switch t := x.TypeOf().(type) {
	case types.Null:
		return build.As(x, "text", e.Type, code)
	case types.Text:
		return l.p.Helper("unquote_text", e, text(x))
	case types.JSON:
		if t.Kind == types.JSONText {
			return l.p.Helper("unquote_text", e, x)
		}
		return l.p.Helper("json_unquote", e, x)
	}
	return l.refuse(e, "of a value of this type")
}

// search is JSON_SEARCH without an escape character and paths of its own.
func (l *lowering) search(e *ir.Call) ir.Expr {
	mode, ok := build.TextLiteral(e.Args[1])
	mode = strings.ToLower(mode)
	if len(e.Args) > 3 && !tree.IsNull(e.Args[3]) || len(e.Args) > 4 || !ok || mode != "one" && mode != "all" || e.Word == "text" {
		return l.refuse(e, "with these arguments")
	}
	return l.p.Helper("json_search", e, e.Args[0], build.Make(&ir.Bool{Value: mode == "all"}, e, types.Bool{}, ""), text(e.Args[2]))
}

// build is JSON_ARRAY and JSON_OBJECT.
func (l *lowering) build(e *ir.Call) ir.Expr {
	name := "jsonb_build_array"
	if e.Op == op.JSONObject {
		name = "jsonb_build_object"
		if len(e.Args)%2 != 0 {
			return l.refuse(e, "with a key that has no value")
		}
	}
	args := make([]ir.Expr, len(e.Args))
	for i, a := range e.Args {
		x, ok := l.item(a, e.Word == "text")
		if _, doc := a.TypeOf().(types.JSON); !ok || e.Op == op.JSONObject && i%2 == 0 && doc {
			return l.refuse(e, "with a value of type "+a.TypeOf().String())
		}
		args[i] = x
	}
	return l.out(e, build.Call(name, e, document, code, args...))
}

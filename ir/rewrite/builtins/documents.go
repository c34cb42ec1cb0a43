package builtins

import (
	"regexp"
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

// json lowers a JSON function: documents are texts, values come out of helper routines.
func (l *lowering) json(e *ir.JSONExpr) ir.Expr {
	if e.Text != "" || len(e.Passing) > 0 || e.Unique && e.Name != "json_object" || e.Strict || e.Pretty {
		return l.refuse(refusedFunction, e, "%s with further clauses", e.Name)
	}
	switch e.Name {
	case "json_value":
		return l.jsonValue(e)
	case "json_query":
		return l.jsonQuery(e)
	case "json_exists":
		if p, _, ok := l.path(e, false); ok && e.OnError == nil && e.OnEmpty == nil {
			return l.helper("json_exists", e, l.document(e), p)
		}
	case "is_json":
		_, bytes := e.Args[0].TypeOf().(types.Binary)
		if len(e.Args) == 1 && (isText(e.Args[0]) || bytes) && !e.Unique {
			x := l.helper("is_json", e, l.document(e))
			if e.Not {
				return build.Make(&ir.Unary{Op: ir.Not, X: x}, e, types.Type(types.Bool{}), code)
			}
			return x
		}
	case "json_object", "json_objectagg":
		return l.jsonObject(e)
	case "json_array", "json_arrayagg":
		return l.jsonArray(e)
	case "json_transform":
		return l.jsonTransform(e)
	case "json_mergepatch":
		if len(e.Args) == 2 && isText(e.Args[0]) && isText(e.Args[1]) && e.OnError == nil && (e.Returning == nil || types.IsText(e.Returning)) {
			l.note(patched, e.Span, "%s", e.Span.Text())
			return l.helper("json_mergepatch", e, e.Args...)
		}
	}
	return l.refuse(refusedFunction, e, "%s", e.Name)
}

var patched = &diag.Code{
	ID: "FN0768", Title: "The order of the members of a patched document", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc:  "JSON_MERGEPATCH (RFC 7396) and JSON_TRANSFORM give a document as a text. Members keep their place, new ones stand behind them; documents that are no JSON raise an error.",
	Next: "Nothing, unless texts of documents are compared.", Each: 0.01,
}

var filtered = &diag.Code{
	ID: "FN0723", Title: "Comparisons of values of one type in a JSON path", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc:  `A filter compares members with literals (JSON Developer's Guide, "SQL/JSON Path Expression Syntax"). The source converts a text that is compared with a number, the target finds such values neither equal nor unequal. Assumed: members have the type of the literals.`,
	Next: "Check that numbers of the documents are no texts.", Each: 0.01,
}

// filteredPath is a path with filters that mean the same on the target: comparisons of members with literals, AND, OR and brackets.
var filteredPath = regexp.MustCompile(`^\$` + pathSteps + `(\s*\?\s*\(` + filterTokens + `\)` + pathSteps + `)+$`)

const (
	pathSteps    = `(\.([A-Za-z_][A-Za-z0-9_]*|"[^"\\]+"|\*)|\[(\d+|\*)\])*`
	filterTokens = `(\s*(@` + pathSteps + `|"[^"\\]*"|-?\d+(\.\d+)?|==|!=|<>|<=|>=|<|>|&&|\|\||\(|\)|true|false|null)\s*)+`
)

var simplePath = regexp.MustCompile(`^\$(\.([A-Za-z_][A-Za-z0-9_]*|"[^"\\]+")|\[\d+\])*$`)
var pathStep = regexp.MustCompile(`\.([A-Za-z_][A-Za-z0-9_]*)|\."([^"\\]+)"|\[(\d+)\]`)

// path is the path of a JSON function, and its steps; simple asks for a path of members and indexes only.
func (l *lowering) path(e *ir.JSONExpr, simple bool) (path ir.Expr, steps []string, ok bool) {
	if len(e.Args) == 0 || !isText(e.Args[0]) {
		return nil, nil, false
	}
	if len(e.Args) == 1 {
		return build.Text("$"), nil, true
	}
	s, literal := e.Args[1].(*ir.String)
	if !literal {
		return nil, nil, false
	}
	p := strings.TrimSpace(s.Value)
	if !simple && filteredPath.MatchString(p) {
		l.note(filtered, e.Span, "%s", p)
		return build.Text(p), nil, true
	}
	if !simplePath.MatchString(p) && (simple || strings.ContainsAny(p, "?@(") || strings.Contains(p, "..")) {
		return nil, nil, false
	}
	for _, m := range pathStep.FindAllStringSubmatch(p, -1) {
		steps = append(steps, m[1]+m[2]+m[3])
	}
	return build.Text(p), steps, true
}

func (l *lowering) document(e *ir.JSONExpr) ir.Expr { return e.Args[0] }

// mode tells what happens on an error or where there is nothing: null, error or a value.
func mode(d *ir.JSONDefault) (string, ir.Expr) {
	switch {
	case d == nil:
		return "", nil
	case d.Error:
		return "error", nil
	case d.Value == nil || isNull(d.Value):
		return "null", nil
	}
	return "value", d.Value
}

func (l *lowering) jsonValue(e *ir.JSONExpr) ir.Expr {
	p, _, ok := l.path(e, false)
	if !ok {
		return l.refuse(refusedFunction, e, "JSON_VALUE with this path")
	}
	kind := "text"
	switch e.Type.(type) {
	case types.Text:
	case types.Decimal:
		kind = "number"
	default:
		return l.refuse(refusedFunction, e, "JSON_VALUE returning %s", e.Type)
	}
	onError, errorValue := mode(e.OnError)
	onEmpty, emptyValue := mode(e.OnEmpty)
	args := []ir.Expr{l.document(e), p}
	if kind != "text" || onError != "" || onEmpty != "" {
		if onError == "" {
			onError = "null"
		}
		args = append(args, build.Text(kind), build.Text(onError))
		if onEmpty != "" || errorValue != nil {
			args = append(args, l.defaultText(e, errorValue))
		}
		if onEmpty != "" {
			args = append(args, build.Text(onEmpty), l.defaultText(e, emptyValue))
		}
	}
	h := l.p.Helper("json_value", e, args...)
	if kind == "text" {
		return h
	}
	h.Type = varchar(0)
	x := l.readNumber(e, h)
	if t := e.Type.(types.Decimal); t.Precision > 0 {
		return build.Cast(x, t, code)
	}
	return x
}

func (l *lowering) defaultText(e *ir.JSONExpr, x ir.Expr) ir.Expr {
	switch {
	case x == nil:
		return build.Make(&ir.Null{}, e, varchar(0), code)
	case types.IsNumeric(x.TypeOf()):
		return build.As(x, "text", varchar(0), code)
	}
	return x
}

func (l *lowering) jsonQuery(e *ir.JSONExpr) ir.Expr {
	p, steps, ok := l.path(e, true)
	if !ok || !isText(e) {
		return l.refuse(refusedFunction, e, "JSON_QUERY with this path or result")
	}
	onError, errorValue := mode(e.OnError)
	onEmpty, emptyValue := mode(e.OnEmpty)
	if errorValue != nil || emptyValue != nil {
		return l.refuse(refusedFunction, e, "JSON_QUERY with a value ON ERROR or ON EMPTY")
	}
	items := make([]ir.Expr, len(steps))
	for i, s := range steps {
		items[i] = build.Text(s)
	}
	list := build.As(build.Make(&ir.ArrayExpr{Items: items}, e, types.Array{Elem: varchar(0)}, code), "text[]", types.Array{Elem: varchar(0)}, code)
	args := []ir.Expr{l.document(e), p, list}
	wrapper := e.Wrapper
	if wrapper == "without" {
		wrapper = ""
	}
	if wrapper != "" || onError != "" || onEmpty != "" {
		if onError == "" {
			onError = "null"
		}
		args = append(args, build.Text(wrapper), build.Text(onError))
		if onEmpty != "" {
			args = append(args, build.Text(onEmpty))
		}
	}
	return l.helper("json_query", e, args...)
}

// jsonText is a value as JSON text; nil if its type has no form that is known.
func (l *lowering) jsonText(x ir.Expr, formatted bool) ir.Expr {
	as := func(v ir.Expr) ir.Expr {
		return build.As(build.Call("to_json", x, varchar(0), code, v), "text", varchar(0), code)
	}
	if isNull(x) {
		return build.As(x, "text", varchar(0), code)
	}
	if h, ok := x.(*ir.HelperCall); ok && strings.HasPrefix(h.Name, "json_") && h.Name != "json_value" || formatted {
		return x
	}
	switch t := x.TypeOf().(type) {
	case types.Text:
		if s, ok := x.(*ir.String); ok {
			return as(build.As(s, "text", varchar(0), code))
		}
		return as(l.blanks(x))
	case types.Decimal, types.Int:
		if kindOf(x).whole() {
			return as(x)
		}
		return as(build.Call("trim_scale", x, x.TypeOf(), code, numeric(x)))
	case types.Bool:
		return as(x)
	case types.DateTime:
		if t.Precision == 0 {
			return as(build.Call("to_char", x, varchar(0), code, x, build.Text(`YYYY-MM-DD"T"HH24:MI:SS`)))
		}
	}
	return nil
}

// values are the arguments as an array of JSON texts, or those of the rows of a group.
func (l *lowering) values(e *ir.JSONExpr) ir.Expr {
	items := make([]ir.Expr, len(e.Args))
	for i, a := range e.Args {
		items[i] = l.jsonText(a, i < len(e.Formatted) && e.Formatted[i])
		if items[i] == nil {
			return l.refuse(refusedFunction, e, "%s of %s", e.Name, a.TypeOf())
		}
	}
	return l.array(e, items)
}

func (l *lowering) array(e *ir.JSONExpr, items []ir.Expr) ir.Expr {
	t := types.Array{Elem: varchar(0)}
	if strings.HasSuffix(e.Name, "agg") && len(items) == 1 {
		l.sortKeys(e.OrderBy)
		order := make([]*ir.OrderItem, len(e.OrderBy))
		for i, o := range e.OrderBy {
			order[i] = ir.Clone(o)
			l.done[order[i]] = true
		}
		return build.Make(&ir.Aggregate{Name: e.Name, TargetName: "array_agg", Args: items, OrderBy: order}, e, t, code)
	}
	x := build.Make(&ir.ArrayExpr{Items: items}, e, t, code)
	if len(items) == 0 {
		return build.As(x, "text[]", t, code)
	}
	return x
}

func (l *lowering) jsonObject(e *ir.JSONExpr) ir.Expr {
	if !isText(e) || len(e.Keys) != len(e.Args) || e.Unique {
		return l.refuse(refusedFunction, e, "%s in this form", e.Name)
	}
	keys := make([]ir.Expr, len(e.Keys))
	for i, k := range e.Keys {
		if keys[i] = k; !isText(k) {
			return l.refuse(refusedFunction, e, "a key that is no text")
		}
	}
	args := []ir.Expr{l.array(e, keys), l.values(e)}
	if e.NullOn == "absent" {
		args = append(args, build.Make(&ir.Bool{Value: true}, e, types.Type(types.Bool{}), code))
	}
	return l.helper("json_object", e, args...)
}

func (l *lowering) jsonArray(e *ir.JSONExpr) ir.Expr {
	if !isText(e) {
		return l.refuse(refusedFunction, e, "%s in this form", e.Name)
	}
	args := []ir.Expr{l.values(e)}
	if e.NullOn == "null" {
		args = append(args, build.Make(&ir.Bool{}, e, types.Type(types.Bool{}), code))
	}
	return l.helper("json_array", e, args...)
}

// jsonTransform is one operation of JSON_TRANSFORM. Steps of the path are members with a dot in front of them, and indexes.
func (l *lowering) jsonTransform(e *ir.JSONExpr) ir.Expr {
	if e.Change == "" || e.OnError != nil || e.OnEmpty != nil || e.Wrapper != "" || !isText(e.Args[0]) || e.Returning != nil && !types.IsText(e.Returning) {
		return l.refuse(refusedFunction, e, "JSON_TRANSFORM in this form")
	}
	paths := e.Args[1:]
	var value ir.Expr = build.Make(&ir.Null{}, e, varchar(0), code)
	if e.Change != "keep" && e.Change != "remove" {
		paths = e.Args[1:2]
		if e.Change == "rename" {
			if value = e.Args[2]; !isText(value) || isNull(value) {
				return l.refuse(refusedFunction, e, "RENAME to what is no text")
			}
		} else if value = l.jsonText(e.Args[2], len(e.Formatted) > 2 && e.Formatted[2]); value == nil {
			return l.refuse(refusedFunction, e, "JSON_TRANSFORM with a value of type %s", e.Args[2].TypeOf())
		}
	}
	var steps []ir.Expr
	for _, p := range paths {
		s, ok := p.(*ir.String)
		if !ok || !simplePath.MatchString(strings.TrimSpace(s.Value)) || strings.TrimSpace(s.Value) == "$" {
			return l.refuse(refusedFunction, e, "JSON_TRANSFORM with this path")
		}
		for i, m := range pathStep.FindAllStringSubmatch(s.Value, -1) {
			step := "." + m[1] + m[2]
			if m[3] != "" {
				step = m[3]
			}
			if e.Change == "keep" && (i > 0 || m[3] != "") {
				return l.refuse(refusedFunction, e, "KEEP of what is no member of the document")
			}
			steps = append(steps, build.Text(step))
		}
	}
	l.note(patched, e.Span, "%s", e.Span.Text())
	t := types.Array{Elem: varchar(0)}
	list := build.As(build.Make(&ir.ArrayExpr{Items: steps}, e, t, code), "text[]", t, code)
	args := []ir.Expr{e.Args[0], build.Text(e.Change), list, value}
	if e.Missing != "" || e.Existing != "" {
		args = append(args, build.Text(e.Missing), build.Text(e.Existing))
	}
	h := l.helper("json_transform", e, args...)
	h.SetType(varchar(0))
	return h
}

package builtins

import (
	"regexp"
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/xpath"
	"godwit/ir/types"
)

var (
	xmlForm = &diag.Code{
		ID: "FN0750", Title: "XML as text", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `Documents become texts as they were written, with their blanks and their declaration; elements without content that XMLELEMENT makes are <a></a>, numbers in them are what TO_CHAR gives, and XMLTYPE(text) is not called with NULL (XML DB Developer's Guide, "Generation of XML Data"). ` +
			`The source may lay documents out in another way, more so those that were stored. Assumed: nobody compares such texts.`,
		Next: "Compare values that EXTRACTVALUE or XMLTABLE gives.", Each: 0.1,
	}
	xmlNodes = &diag.Code{
		ID: "FN0751", Title: "Nodes of XML as text", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc: `Elements that EXTRACT or XMLQUERY finds become texts as the target's library writes them: empty elements as <a/>, namespaces declared in each, quotation marks in texts without entities (SQL Language Reference, "EXTRACT (XML)"). ` +
			`Texts and attributes that are found hold &, < and > as entities, as on the source; quotation marks in them may be entities there.`,
		Next: "Take the value with EXTRACTVALUE, XMLCAST or XMLTABLE, which give it without entities.", Each: 0.2,
	}
	xmlDate = &diag.Code{
		ID: "FN0752", Title: "A date in XML", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  `XMLELEMENT, XMLFOREST and XMLATTRIBUTES write a DATE as YYYY-MM-DD, without its time (XML DB Developer's Guide, "Formatting of XML Dates and Timestamps"); so does the target, for TIMESTAMP(0) too.`,
		Next: "Write TO_CHAR around the date.", Each: 0.1,
	}
)

// xmlParts is what is known of XML that the rule made.
type xmlParts struct {
	// plain is the value as text: no XML has to be made of it and read again.
	plain ir.Expr
	// texts is what //text() finds in it, where that is known.
	texts ir.Expr
	// doc, path and spaces are what nodes were searched by.
	doc, path, spaces ir.Expr
	found             bool
}

var (
	xmlName   = regexp.MustCompile(`^[A-Za-z_][\w.-]*(:[A-Za-z_][\w.-]*)?$`)
	xmlLetter = regexp.MustCompile(`^[^&<>"']+$`)
)

// xml lowers an XML function.
func (l *lowering) xml(e *ir.XMLExpr) ir.Expr {
	var x ir.Expr
	switch e.Name {
	case "xmlelement":
		x = l.xmlElement(e)
	case "xmlforest":
		x = l.xmlForest(e)
	case "xmlconcat":
		x = l.xmlConcat(e)
	case "xmlcomment", "xmlcdata":
		x = l.xmlMarked(e)
	case "xmlparse":
		x = l.xmlParse(e)
	case "xmlserialize", "text":
		x = l.xmlText(e)
	case "extract", "xmlquery", "xmlexists", "existsnode", "extractvalue", "xmlsequence":
		x = l.xmlFound(e)
	case "xmlcast":
		x = l.xmlCast(e)
	case "xmlcolumn":
		x = l.xmlColumn(e)
	}
	if x == nil {
		return l.refuse(refusedFunction, e, "%s in this form", strings.ToUpper(e.Name))
	}
	return x
}

// known keeps what is known of XML that was made.
func (l *lowering) known(x ir.Expr, p *xmlParts) ir.Expr {
	if l.xmls == nil {
		l.xmls = map[ir.Expr]*xmlParts{}
	}
	l.xmls[x] = p
	return x
}

// asXML makes XML of a text.
func (l *lowering) asXML(e ir.Expr, plain, texts ir.Expr) ir.Expr {
	l.note(xmlForm, e.Base().Span, "XML is made here")
	return l.known(build.As(ir.Clone(plain), "xml", types.XML{}, code), &xmlParts{plain: plain, texts: texts})
}

// content is a value inside of an element, as XML and as the text that is found there; nil if its type has no form that is known.
func (l *lowering) content(x ir.Expr) (ir.Expr, bool) {
	escaped := func(v ir.Expr) ir.Expr {
		return build.Make(l.p.Helper("xml_escape", x, v), x, varchar(0), code)
	}
	switch t := x.TypeOf().(type) {
	case types.Null:
		return build.As(x, "text", varchar(0), code), true
	case types.Text:
		if s, ok := x.(*ir.String); ok && xmlLetter.MatchString(s.Value) {
			return x, true
		}
		return escaped(l.blanks(x)), true
	case types.DateTime:
		if t.Precision > 0 {
			return nil, false
		}
		l.note(xmlDate, x.Base().Span, "a date without its time")
		return build.Call("to_char", x, varchar(0), code, x, build.Text("YYYY-MM-DD")), true
	case types.XML:
		if p := l.xmls[x]; p != nil && p.plain != nil {
			return p.plain, false
		}
		if _, made := x.(*ir.Aggregate); made {
			return build.As(x, "text", varchar(0), code), false
		}
		return build.Make(l.p.Helper("xml_content", x, x), x, varchar(0), code), false
	}
	return nil, false
}

// joined is values one behind the other.
func joined(at ir.Expr, list []ir.Expr) ir.Expr {
	if len(list) == 1 {
		return list[0]
	}
	return build.Call("concat", at, varchar(0), code, list...)
}

func (l *lowering) textArray(at ir.Expr, list []ir.Expr) ir.Expr {
	return build.As(build.Make(&ir.ArrayExpr{Items: list}, at, types.Type(types.Array{Elem: varchar(0)}), code), "text[]", types.Array{Elem: varchar(0)}, code)
}

// nameOf is the name of an element or attribute: its alias, or that of the column.
func nameOf(it *ir.SelectItem) string {
	if it.Alias.Text != "" {
		return it.Alias.Text
	}
	return it.Label
}

func (l *lowering) xmlElement(e *ir.XMLExpr) ir.Expr {
	if !xmlName.MatchString(e.Tag.Text) {
		return nil
	}
	var list []ir.Expr
	plain := true
	for _, it := range e.Items {
		x, text := l.content(it.Expr)
		if x == nil || it.Alias.Text != "" {
			return nil
		}
		plain = plain && text
		list = append(list, x)
	}
	var inner ir.Expr = build.Null(e, varchar(0))
	if len(list) > 0 {
		inner = joined(e, list)
	}
	args := []ir.Expr{build.Text(e.Tag.Text), inner}
	if len(e.Attrs) > 0 {
		var names []ir.Expr
		for _, it := range e.Attrs {
			v := l.attribute(it)
			if v == nil || !xmlName.MatchString(nameOf(it)) {
				return nil
			}
			names = append(names, build.Text(nameOf(it)), v)
		}
		args = append(args, l.textArray(e, names))
	}
	h := build.Make(l.p.Helper("xml_element", e, args...), e, varchar(0), code)
	var texts ir.Expr
	if plain && len(list) > 0 {
		texts = inner
	}
	return l.asXML(e, h, texts)
}

// attribute is the value of an attribute, before it is escaped.
func (l *lowering) attribute(it *ir.SelectItem) ir.Expr {
	switch t := it.Expr.TypeOf().(type) {
	case types.Null:
		return build.As(it.Expr, "text", varchar(0), code)
	case types.Text:
		return l.blanks(it.Expr)
	case types.DateTime:
		if t.Precision == 0 {
			l.note(xmlDate, it.Expr.Base().Span, "a date without its time")
			return build.Call("to_char", it.Expr, varchar(0), code, it.Expr, build.Text("YYYY-MM-DD"))
		}
	}
	return nil
}

func (l *lowering) xmlForest(e *ir.XMLExpr) ir.Expr {
	var names, contents []ir.Expr
	for _, it := range e.Items {
		x, _ := l.content(it.Expr)
		if x == nil || !xmlName.MatchString(nameOf(it)) {
			return nil
		}
		names, contents = append(names, build.Text(nameOf(it))), append(contents, x)
	}
	return l.asXML(e, build.Make(l.p.Helper("xml_forest", e, l.textArray(e, names), l.textArray(e, contents)), e, varchar(0), code), nil)
}

func (l *lowering) xmlConcat(e *ir.XMLExpr) ir.Expr {
	var list []ir.Expr
	for _, it := range e.Items {
		if _, ok := it.Expr.TypeOf().(types.XML); !ok {
			return nil
		}
		x, _ := l.content(it.Expr)
		list = append(list, x)
	}
	plain := build.Call("nullif", e, varchar(0), code, joined(e, list), build.Text(""))
	return l.asXML(e, plain, nil)
}

// xmlMarked is a comment or a CDATA section.
func (l *lowering) xmlMarked(e *ir.XMLExpr) ir.Expr {
	if len(e.Items) != 1 || !isText(e.Items[0].Expr) {
		return nil
	}
	before, behind := "<!--", "-->"
	if e.Name == "xmlcdata" {
		before, behind = "<![CDATA[", "]]>"
	}
	concat := func(a, b ir.Expr) ir.Expr { return build.Op("||", e, varchar(0), code, a, b) }
	return l.asXML(e, concat(concat(build.Text(before), l.blanks(e.Items[0].Expr)), build.Text(behind)), nil)
}

func (l *lowering) xmlParse(e *ir.XMLExpr) ir.Expr {
	x := e.Items[0].Expr
	if !isText(x) || e.Text != "" || len(e.Items) != 1 {
		return nil
	}
	l.note(xmlForm, e.Span, "a document is read here")
	if e.Word == "content" {
		return build.As(x, "xml", types.XML{}, code)
	}
	return l.helper("xml_document", e, x)
}

// xmlAgg joins the XML of the rows of a group; NULL is left out.
func (l *lowering) xmlAgg(e *ir.Aggregate) ir.Expr {
	p := l.xmls[e.Args[0]]
	if e.Over != nil || e.Distinct || e.Keep != nil {
		return l.refuse(refusedFunction, e, "XMLAGG in this form")
	}
	if p == nil || p.plain == nil {
		e.TargetName = "xmlagg"
		return e
	}
	list := func(x ir.Expr) ir.Expr {
		a := ir.Clone(e)
		a.TargetName, a.Args = "string_agg", []ir.Expr{x, build.Text("")}
		a.Type = varchar(0)
		for _, o := range a.OrderBy {
			l.done[o] = true
		}
		return a
	}
	out := &xmlParts{plain: list(p.plain)}
	if p.texts != nil {
		out.texts = list(p.texts)
	}
	return l.known(build.As(ir.Clone(out.plain), "xml", types.XML{}, code), out)
}

// xmlText is XML as a text.
func (l *lowering) xmlText(e *ir.XMLExpr) ir.Expr {
	x := e.Items[0].Expr
	if _, ok := x.TypeOf().(types.XML); !ok || e.Text != "" && !strings.EqualFold(strings.TrimSpace(e.Text), "NO INDENT") {
		return nil
	}
	out := build.As(x, "text", e.ExprMeta.Type, code)
	if p := l.xmls[x]; p != nil && p.plain != nil {
		out = p.plain
	} else if p != nil && p.found && e.Word != "number" {
		l.note(xmlNodes, e.Span, "what a path finds becomes a text")
	} else {
		l.note(xmlForm, e.Span, "a document becomes a text")
	}
	if t, ok := e.ExprMeta.Type.(types.Text); ok {
		if e.Name == "xmlserialize" && t.N > 0 {
			return l.helper("fitting", e, out, build.Int(int64(t.N)))
		}
		return out
	}
	return nil
}

// spaces are namespaces as pairs.
func (l *lowering) spaces(e ir.Expr, pairs [][2]string) ir.Expr {
	if len(pairs) == 0 {
		return nil
	}
	t := types.Array{Elem: varchar(0)}
	var list []ir.Expr
	for _, p := range pairs {
		list = append(list, build.Make(&ir.ArrayExpr{Items: []ir.Expr{build.Text(p[0]), build.Text(p[1])}}, e, types.Type(t), code))
	}
	return build.Make(&ir.ArrayExpr{Items: list}, e, types.Type(t), code)
}

// sought tells the document, the path and the namespaces of a function that searches.
func (l *lowering) sought(e *ir.XMLExpr) (doc ir.Expr, path xpath.Path, spaces ir.Expr) {
	if len(e.Items) < 2 {
		return nil, path, nil
	}
	doc, at := e.Items[0].Expr, e.Items[1].Expr
	if e.Name == "xmlquery" || e.Name == "xmlexists" {
		doc, at = at, doc
		rest := strings.ToUpper(strings.Join(strings.Fields(e.Text), " "))
		if len(e.Items) != 2 || rest != "" && rest != "RETURNING CONTENT" && rest != "RETURNING CONTENT NULL ON EMPTY" {
			return nil, path, nil
		}
	}
	text, ok := build.TextLiteral(at)
	if _, xml := doc.TypeOf().(types.XML); !ok || !xml {
		return nil, path, nil
	}
	byDefault := false
	if len(e.Items) == 3 && !isNull(e.Items[2].Expr) {
		declared, literal := build.TextLiteral(e.Items[2].Expr)
		pairs, d, known := xpath.Namespaces(declared)
		if !literal || !known {
			return nil, path, nil
		}
		byDefault, spaces = d, l.spaces(e, pairs)
	}
	if path, ok = xpath.Read(text, byDefault); !ok {
		return nil, path, nil
	}
	return doc, path, spaces
}

// xmlFound is a function that searches a document by a path.
func (l *lowering) xmlFound(e *ir.XMLExpr) ir.Expr {
	if e.Name == "xmlsequence" {
		return l.xmlSequence(e)
	}
	doc, path, spaces := l.sought(e)
	if doc == nil {
		return nil
	}
	if p := l.xmls[doc]; p != nil && p.texts != nil && path.Text == "//text()" && e.Name == "extract" {
		return l.known(build.As(ir.Clone(p.texts), "xml", types.XML{}, code), &xmlParts{plain: p.texts})
	}
	text := path.Text
	if text == "" {
		text = "node()"
	}
	args := []ir.Expr{doc, build.Text(text)}
	with := func(list ...ir.Expr) []ir.Expr {
		if spaces != nil {
			list = append(list, spaces)
		}
		return list
	}
	switch e.Name {
	case "extractvalue":
		return l.helper("xml_value", e, with(append(args, build.Make(&ir.Bool{Value: true}, e, types.Type(types.Bool{}), code))...)...)
	case "xmlexists":
		return l.helper("xml_exists", e, with(args...)...)
	case "existsnode":
		h := build.Make(l.p.Helper("xml_exists", e, with(args...)...), e, types.Type(types.Bool{}), code)
		return build.As(h, "integer", e.ExprMeta.Type, code)
	}
	return l.known(l.helper("xml_extract", e, with(args...)...), &xmlParts{doc: doc, path: build.Text(text), spaces: spaces, found: true})
}

// xmlSequence is the nodes that a path finds, one by one.
func (l *lowering) xmlSequence(e *ir.XMLExpr) ir.Expr {
	x := e.Items[0].Expr
	args := []ir.Expr{x, build.Text("/node()")}
	if p := l.xmls[x]; p != nil && p.doc != nil {
		args = []ir.Expr{p.doc, p.path}
		if p.spaces != nil {
			args = append(args, p.spaces)
		}
	}
	return l.helper("xml_nodes", e, args...)
}

// xmlCast is XMLCAST(XMLQUERY(...) AS type).
func (l *lowering) xmlCast(e *ir.XMLExpr) ir.Expr {
	x := e.Items[0].Expr
	p := l.xmls[x]
	if p == nil || p.doc == nil || e.Text != "" {
		return nil
	}
	args := []ir.Expr{p.doc, p.path}
	if p.spaces != nil {
		args = append(args, build.Make(&ir.Bool{}, e, types.Type(types.Bool{}), code), p.spaces)
	}
	return l.xmlTyped(e, args...)
}

// xmlColumn is a column of XMLTABLE: the row's node, the path from it and its namespaces.
func (l *lowering) xmlColumn(e *ir.XMLExpr) ir.Expr {
	args := []ir.Expr{e.Items[0].Expr, e.Items[1].Expr}
	_, xml := e.ExprMeta.Type.(types.XML)
	if len(e.Items) > 2 {
		if !xml {
			args = append(args, build.Make(&ir.Bool{}, e, types.Type(types.Bool{}), code))
		}
		args = append(args, e.Items[2].Expr)
	}
	if xml {
		return l.known(l.helper("xml_extract", e, args...), &xmlParts{found: true})
	}
	return l.xmlTyped(e, args...)
}

// xmlTyped is the value at a path as a text or number.
func (l *lowering) xmlTyped(e *ir.XMLExpr, args ...ir.Expr) ir.Expr {
	h := build.Make(l.p.Helper("xml_value", e, args...), e, varchar(0), code)
	switch t := e.ExprMeta.Type.(type) {
	case types.Text:
		if t.Fixed {
			return nil
		}
		if t.N > 0 {
			return l.helper("fitting", e, h, build.Int(int64(t.N)))
		}
		return build.Make(h, e, types.Type(t), code)
	case types.Decimal:
		n := l.readNumber(e, h)
		if t.Precision > 0 {
			return build.Cast(n, t, code)
		}
		return n
	}
	return nil
}

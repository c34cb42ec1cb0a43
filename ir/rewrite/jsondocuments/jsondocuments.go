// Package jsondocuments holds the rule for JSON_OBJECT_T and its likes, whose values are references.
package jsondocuments

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

const code = "EX0764"

var (
	assumed = &diag.Code{
		ID: "PL0765", Title: "JSON documents of PL/SQL are values of the type json", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: "Keys keep the order in which they were put, numbers the digits with which they were written. Texts that are parsed are strict JSON. A text of length 0 that a variable holds becomes null, as NULL does. " +
			"What is asked of a value of another type (get_String of a number), and what the manual does not tell, raises an error on the target.",
		Next: "Look for get_String where documents hold numbers, and for documents that are parsed from NULL.",
	}
	shared = &diag.Code{
		ID: "PL0766", Title: "A JSON document that is changed while it has several names", Severity: diag.Error, Fidelity: diag.Refused,
		Doc: "Variables of JSON_OBJECT_T and its likes are references: what get_Object, get_Array and TREAT give, and what was assigned, appended or handed over, is the same document, and a change shows in all of " +
			"them. On the target each is a value of its own.",
		Next: "Change the document before it is put into another one, and put back what get_Object has taken out: o.put('k', part).", Each: 0.5,
	}
	held = &diag.Code{
		ID: "PL0767", Title: "A collection of JSON documents", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "Collections whose places are kept as keys lose the order of the keys of documents in them.",
		Next: "Keep the texts of the documents in the collection.", Each: 0.5,
	}
)

// Rule is EX0764.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "json-documents",
		Doc: `JSON_OBJECT_T, JSON_ARRAY_T and JSON_ELEMENT_T are references to documents (PL/SQL Packages and Types Reference, "JSON Data Structures"; JSON Developer's Guide, "Overview of PL/SQL Object Types for JSON").
On the target they are values of the type json. That is the same as long as no document is changed that can be reached by another name; what may be is refused. A method that changes is an assignment of the changed document.`,
		Examples: []rewrite.Example{{
			From:   dialect.Oracle,
			Source: "CREATE FUNCTION f(n NUMBER) RETURN CLOB AUTHID CURRENT_USER IS\n  o JSON_OBJECT_T := JSON_OBJECT_T();\nBEGIN\n  o.put('n', n);\n  RETURN o.to_clob;\nEND;\n/",
			Target: "CREATE OR REPLACE FUNCTION f(n numeric)\nRETURNS text\nLANGUAGE plpgsql\nAS $$\nDECLARE\n  o json := godwit_oracle.json_doc_parse('{}', 'object');\nBEGIN\n  o := godwit_oracle.json_doc_put(o, 'n', godwit_oracle.json_doc_value(n));\n  RETURN godwit_oracle.json_doc_text(o);\nEND;\n$$;",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{assumed, shared, held},
		Looks:    ir.Kinds(ir.KindCall),
		Run: func(p *rewrite.Pass) {
			for _, s := range p.Unit.Stmts {
				program(p, s)
			}
		},
	}
}

func isDocument(t types.Type) bool { return t == types.Type(types.Named{Name: "json"}) }

// docCall is the operation of documents that an expression is, "" for others.
func docCall(e ir.Node) (c *ir.Call, name string) {
	c, ok := e.(*ir.Call)
	if !ok || c.Op != op.OraSupplied {
		return nil, ""
	}
	name, ok = strings.CutPrefix(c.Name, "JSON_DOC.")
	if !ok {
		return nil, ""
	}
	return c, name
}

func program(p *rewrite.Pass, s ir.Stmt) {
	var first ir.Node
	ir.Walk(s, func(n ir.Node) bool {
		if c, _ := docCall(n); c != nil && first == nil {
			first = c
		}
		return first == nil
	})
	if first == nil {
		return
	}
	ir.Walk(s, func(n ir.Node) bool {
		if x, ok := n.(ir.Expr); ok && x.TypeOf() != nil && loses(x.TypeOf()) && !p.Refused() {
			rewrite.Refuse(p, held, n.Base().Span, "%s", n.Base().Span.Text())
		}
		return true
	})
	p.Report(assumed, first.Base().Span, "%s", first.Base().Span.Text())
	f := &flow{pass: p, declared: map[ir.Node]int{}, taken: takenParts(s)}
	f.node(s)
	f.judge()
}

// loses tells a collection whose form keeps documents as parts of other documents.
func loses(t types.Type) bool {
	c, ok := t.(types.Collection)
	if !ok || c.CollectionDecl == nil {
		return false
	}
	if r, ok := c.Elem.(types.Record); ok && r.RecordDecl != nil {
		return slices.ContainsFunc(r.Fields, func(f types.Field) bool { return isDocument(f.Type) })
	}
	return isDocument(c.Elem)
}

// kind is what happens to a variable at an event.
type kind int

const (
	fresh   kind = iota // it takes a document that has no other name
	named               // it, or its document, gets another name
	changed             // its document is changed
)

// event is something that happens to the document of a variable.
type event struct {
	kind    kind
	of      ir.Node // its declaration; nil for what is no plain variable
	at      ir.Node
	routine int
	path    []step // the lists of statements around it, the outermost first
}

// step is a statement in a list.
type step struct {
	list, index int
	loop        bool // the list is the body of a loop
}

// flow gathers the events of a program in the order of its text.
type flow struct {
	pass     *rewrite.Pass
	events   []event
	path     []step
	lists    int
	routine  int
	routines int
	jumps    bool
	declared map[ir.Node]int  // the routine that declares a variable
	taken    map[ir.Node]bool // see takenParts
}

func (f *flow) add(k kind, of, at ir.Node) {
	f.events = append(f.events, event{k, of, at, f.routine, append([]step(nil), f.path...)})
}

// list takes the statements of a list in turn.
func (f *flow) list(list []ir.Stmt, loop bool) {
	f.lists++
	id := f.lists
	for i, s := range list {
		f.path = append(f.path, step{id, i, loop})
		f.node(s)
		f.path = f.path[:len(f.path)-1]
	}
}

func (f *flow) node(n ir.Node) {
	switch n := n.(type) {
	case nil:
	case *ir.Routine:
		outer := f.routine
		f.routines++
		f.routine = f.routines
		for _, d := range n.Params {
			f.declared[d] = f.routine
		}
		f.rest(n)
		f.routine = outer
	case *ir.VarDecl:
		f.declared[n] = f.routine
		if n.Default != nil && isDocument(n.Type) {
			f.value(n, n.Default)
		} else {
			f.rest(n)
		}
	case *ir.Block:
		for _, d := range n.Decls {
			f.node(d)
		}
		f.list(n.Body, false)
		for _, c := range n.Catches {
			f.node(c)
		}
		for _, c := range n.Except {
			f.node(c)
		}
	case *ir.Catch:
		f.list(n.Body, false)
	case *ir.ExceptArm:
		f.list(n.Body, false)
	case *ir.Loop:
		f.loop(n)
	case *ir.If:
		for _, b := range n.Branches {
			f.node(b)
		}
		f.list(n.Else, false)
	case *ir.CaseStmt:
		f.rest(&ir.CaseStmt{StmtMeta: n.StmtMeta, Operand: n.Operand, Branches: n.Branches})
		f.list(n.Else, false)
	case *ir.Branch:
		if n.Cond != nil {
			f.node(n.Cond)
		}
		f.list(n.Body, false)
	case *ir.Goto:
		f.jumps = true
	case *ir.Return:
		if n.Value != nil && variable(n.Value) == nil { // nothing runs behind it
			f.node(n.Value)
		}
	case *ir.SetItem:
		f.assignment(n)
	case *ir.IsNull:
		if variable(n.X) == nil {
			f.node(n.X)
		}
	case *ir.CallProc:
		f.call(n.Routine, n.Args)
	case *ir.RoutineCall:
		f.call(n.Routine, n.Args)
	case *ir.Call:
		f.operation(n)
	case *ir.Name:
		if isDocument(n.Type) {
			f.add(named, variable(n), n)
		}
	default:
		f.rest(n)
	}
}

func (f *flow) rest(n ir.Node) { ir.Children(n, f.node) }

func (f *flow) loop(n *ir.Loop) {
	for _, x := range []ir.Node{n.Cond, n.Lo, n.Hi, n.Query, n.Cursor, n.Step} {
		if x != nil {
			f.node(x)
		}
	}
	f.list(n.Body, true)
}

// variable is the declaration of the local variable or parameter of documents that an expression is, nil for others.
func variable(e ir.Node) ir.Node {
	n, ok := e.(*ir.Name)
	if !ok || !isDocument(n.Type) {
		return nil
	}
	d := control.Target(n)
	if v, ok := d.(*ir.VarDecl); ok && v.Package != nil {
		return nil
	}
	return d
}

// changes are the operations that give a changed document.
var changes = map[string]bool{"PUT": true, "APPEND": true, "REMOVE": true, "PLACE": true, "RENAME": true}

// assignment is a change of a document, or a variable that takes one.
func (f *flow) assignment(n *ir.SetItem) {
	if n.Value == nil || !isDocument(n.Target.TypeOf()) {
		f.rest(n)
		return
	}
	if c, name := docCall(n.Value); c != nil && changes[name] {
		for _, a := range c.Args[1:] {
			f.node(a)
		}
		f.add(changed, variable(c.Args[0]), n)
		_, param := variable(c.Args[0]).(*ir.ParamDecl) // the caller may know parts of it
		if deep(c) && (param || f.taken[variable(c.Args[0])]) {
			f.refuse(f.events[len(f.events)-1])
		}
		return
	}
	f.value(variable(n.Target), n.Value)
}

// deep tells that a part of a document is changed in its place: o.get_object('k').put(...).
func deep(c *ir.Call) bool {
	if len(c.Args) < 3 {
		return false
	}
	inner, name := docCall(c.Args[2])
	if inner == nil || !changes[name] {
		return false
	}
	_, part := docCall(inner.Args[0])
	return part == "MEMBER"
}

// takenParts are the variables of whose documents parts have other names, or stand in other documents: what get, get_Object and TREAT give and no method reads, and
// what is put into a document and is not new.
func takenParts(s ir.Stmt) map[ir.Node]bool {
	read, out := map[ir.Node]bool{}, map[ir.Node]bool{}
	ir.Walk(s, func(n ir.Node) bool {
		c, name := docCall(n)
		if c == nil || len(c.Args) == 0 {
			return true
		}
		word, _ := c.Args[len(c.Args)-1].(*ir.String)
		if changes[name] && slices.ContainsFunc(c.Args[1:], func(a ir.Expr) bool { return isDocument(a.TypeOf()) && !fresher(a) }) {
			out[root(c)] = true
		}
		if name != "PART" || word != nil && word.Value == "any" {
			read[c.Args[0]] = read[c.Args[0]] || name != "MEMBER" && name != "ITEM" || read[c]
		}
		if !read[c] && (name == "ITEM" || name == "MEMBER" || name == "PART" && !read[c.Args[0]]) {
			out[root(c)] = true
		}
		return true
	})
	return out
}

// fresher tells a value that no name reaches but that of the document it is put into.
func fresher(e ir.Expr) bool {
	c, name := docCall(e)
	if c == nil {
		return false
	}
	word, _ := c.Args[len(c.Args)-1].(*ir.String)
	return name == "VALUE" || name == "PARSE" || changes[name] || name == "PART" && word != nil && word.Value == "any"
}

// root is the variable whose document an expression reads.
func root(e ir.Node) ir.Node {
	for {
		c, _ := docCall(e)
		if c == nil || len(c.Args) == 0 {
			return variable(e)
		}
		e = c.Args[0]
	}
}

// value is a document that a variable takes.
func (f *flow) value(of ir.Node, value ir.Expr) {
	f.node(value)
	if of == nil {
		return
	}
	k := named
	if _, null := value.(*ir.Null); null {
		k = fresh
	}
	if c, name := docCall(value); c != nil {
		if word, ok := c.Args[len(c.Args)-1].(*ir.String); name == "PARSE" || name == "PART" && ok && word.Value == "any" { // x.clone()
			k = fresh
		}
	}
	f.add(k, of, value)
}

// operation: a method reads its document, and gives it no other name unless it gives the document itself.
func (f *flow) operation(n *ir.Call) {
	c, name := docCall(n)
	if c == nil || len(c.Args) == 0 || variable(c.Args[0]) == nil {
		f.rest(n)
		return
	}
	word := ""
	if s, ok := c.Args[len(c.Args)-1].(*ir.String); ok {
		word = s.Value
	}
	if name == "PART" && word != "any" {
		f.add(named, variable(c.Args[0]), n)
	}
	for _, a := range c.Args[1:] {
		f.node(a)
	}
}

// call hands documents over: one that a routine may change must have no other name.
func (f *flow) call(o *catalog.Routine, args []ir.Expr) {
	var given []ir.Expr // documents that come back
	for i, a := range args {
		name := ""
		if n, ok := a.(*ir.NamedArg); ok {
			a, name = n.Value, n.Name.Text
		}
		switch m := mode(o, i, name); {
		case !isDocument(a.TypeOf()) || m == catalog.In:
			f.node(a)
		default:
			given = append(given, a)
		}
	}
	for _, a := range given {
		f.add(changed, variable(a), a)
	}
	for i, a := range given { // two parameters for one document
		for _, b := range given[:i] {
			if variable(a) == variable(b) {
				f.add(changed, nil, a)
			}
		}
	}
}

// mode is that of a parameter, IN OUT if it is not known.
func mode(o *catalog.Routine, i int, name string) catalog.ParamMode {
	if o == nil {
		return catalog.InOut
	}
	if name != "" {
		i = slices.IndexFunc(o.Params, func(p catalog.Param) bool { return strings.EqualFold(p.Name, name) })
	}
	if i < 0 || i >= len(o.Params) {
		return catalog.InOut
	}
	return o.Params[i].Mode
}

// judge refuses changes of documents that may have several names.
func (f *flow) judge() {
	for i, m := range f.events {
		if f.pass.Refused() {
			return
		}
		p, param := m.of.(*ir.ParamDecl)
		back := param && p.Mode != catalog.In // the caller goes on with it, and must know of no other name
		if m.kind == named && back {
			f.refuse(m)
		}
		if m.kind != changed {
			continue
		}
		if m.of == nil || f.declared[m.of] != m.routine || param && !back {
			f.refuse(m)
			continue
		}
		for j, e := range f.events {
			if e.of == m.of && e.kind == named && (f.jumps || e.routine != m.routine || f.reaches(j, i)) {
				f.refuse(m)
				break
			}
		}
	}
}

func (f *flow) refuse(e event) {
	rewrite.Refuse(f.pass, shared, e.at.Base().Span, "%s", e.at.Base().Span.Text())
}

// reaches tells that the change m may see the name e: no fresh document is taken between the two on every way.
func (f *flow) reaches(e, m int) bool {
	around := sharedLoop(f.events[e].path, f.events[m].path)
	if e > m && around < 0 {
		return false
	}
	for k, x := range f.events[:m] {
		if x.kind != fresh || x.of != f.events[m].of || x.routine != f.events[m].routine || !before(x.path, f.events[m].path) {
			continue
		}
		if e < m && k > e || e > m && holds(x.path, around) {
			return false
		}
	}
	return true
}

// sharedLoop is the innermost loop around both, -1 if there is none.
func sharedLoop(a, b []step) int {
	list := -1
	for i := 0; i < len(a) && i < len(b) && a[i].list == b[i].list; i++ {
		if a[i].loop {
			list = a[i].list
		}
		if a[i].index != b[i].index {
			break
		}
	}
	return list
}

func holds(path []step, list int) bool {
	for _, s := range path {
		if s.list == list {
			return true
		}
	}
	return false
}

// before tells that the statement at the end of a path stands in a list around the other one, in front of it.
func before(a, b []step) bool {
	if len(a) == 0 {
		return true // a declaration
	}
	i := len(a) - 1
	return i < len(b) && a[i].list == b[i].list && (a[i].index < b[i].index || a[i].index == b[i].index && len(b) > len(a)) // a declaration of a block, and what is in it
}

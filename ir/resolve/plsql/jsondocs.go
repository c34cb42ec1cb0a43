package plsql

import (
	"strings"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/types"
)

// document is the type of JSON_ELEMENT_T and its subtypes: which of them a value is, the value tells (PL/SQL Packages and Types Reference, JSON Data Structures).
var document = types.Named{Name: "json"}

// documentKinds are what the subtypes of JSON_ELEMENT_T hold.
var documentKinds = map[string]string{"JSON_ELEMENT_T": "any", "JSON_OBJECT_T": "object", "JSON_ARRAY_T": "array", "JSON_SCALAR_T": "scalar"}

func isDocument(t types.Type) bool { return t == types.Type(document) }

// docCall is an operation of documents: the helper routine of its name.
func docCall(at ir.Expr, name string, t types.Type, args ...ir.Expr) *ir.Call {
	c := &ir.Call{Op: op.OraSupplied, Name: "JSON_DOC." + name, Args: args}
	c.Span, c.Type = at.Base().Span, t
	return c
}

func docWord(at ir.Expr, s string) ir.Expr {
	x := &ir.String{Value: s}
	x.Span, x.Type = at.Base().Span, textOf(0)
	return x
}

// document is JSON_OBJECT_T(), JSON_OBJECT_T(text), JSON_OBJECT_T.PARSE(text) and the like.
func (r *Resolver) document(inv *ir.Invoke, name string) ir.Expr {
	of, parse := strings.CutSuffix(name, ".PARSE")
	kind := documentKinds[of]
	if len(inv.Args) == 0 {
		return docCall(inv, "PARSE", document, docWord(inv, map[string]string{"object": "{}", "array": "[]"}[kind]), docWord(inv, kind))
	}
	x := inv.Args[0]
	switch {
	case types.IsText(x.TypeOf()) && !isNullType(x.TypeOf()):
		return docCall(inv, "PARSE", document, x, docWord(inv, kind))
	case isDocument(x.TypeOf()) && !parse:
		return docCall(inv, "PART", document, x, docWord(inv, kind))
	}
	r.fail(unknownFunction, inv.Span, "%s of %s", name, typeName(x.TypeOf()))
	return docCall(inv, "PARSE", document, x, docWord(inv, kind))
}

// treatDocument is TREAT(x AS JSON_OBJECT_T): the same value, which must be of the type.
func (r *Resolver) treatDocument(e *ir.Treat, name string) ir.Expr {
	if documentKinds[name] == "" || !isDocument(e.X.TypeOf()) {
		return nil
	}
	return docCall(e, "PART", document, e.X, docWord(e, documentKinds[name]))
}

// docReads are the methods that read a member or an element: the routine that takes it, and its type.
var docReads = map[string]struct {
	routine, word string
	typ           types.Type
}{
	"GET":         {"", "", document},
	"GET_STRING":  {"STRING", "", varchar(0)},
	"GET_CLOB":    {"STRING", "", types.Text{Collation: binaryText}},
	"GET_NUMBER":  {"NUMBER", "", number},
	"GET_BOOLEAN": {"BOOLEAN", "", types.Bool{}},
	"GET_OBJECT":  {"MEMBER", "object", document},
	"GET_ARRAY":   {"MEMBER", "array", document},
}

var docTests = map[string]string{"IS_OBJECT": "object", "IS_ARRAY": "array", "IS_SCALAR": "scalar", "IS_STRING": "string", "IS_NUMBER": "number", "IS_BOOLEAN": "boolean", "IS_TRUE": "true",
	"IS_FALSE": "false", "IS_NULL": "null"}

// docMethod is a method of JSON_ELEMENT_T or a subtype; nil if it is not converted.
func (r *Resolver) docMethod(sc *scope, base ir.Expr, name string, args []ir.Expr, at ir.Expr) ir.Expr {
	if sc.sql {
		return nil
	}
	for i := range args {
		if _, named := args[i].(*ir.NamedArg); named {
			return nil
		}
		if s, ok := args[i].(*ir.Null); ok && strings.HasSuffix(s.Span.Text(), "'") { // a literal '' is an empty text in a document
			args[i] = docCall(s, "PARSE", document, docWord(s, `""`), docWord(s, "any"))
			continue
		}
		args[i] = r.value(sc, args[i])
	}
	name = strings.ToUpper(name)
	if test := docTests[name]; test != "" && len(args) == 0 {
		return docCall(at, "IS", types.Bool{}, base, docWord(at, test))
	}
	if m, ok := docReads[name]; ok && len(args) == 1 {
		item := r.docItem(base, args[0], at)
		switch {
		case item == nil || m.routine == "":
			return item
		case m.word != "":
			return docCall(at, m.routine, m.typ, item, docWord(at, m.word))
		}
		return docCall(at, m.routine, m.typ, item)
	}
	switch {
	case name == "HAS" && len(args) == 1 && types.IsText(args[0].TypeOf()):
		x := &ir.IsNull{Not: true, X: r.docItem(base, args[0], at)}
		x.Span, x.Type = at.Base().Span, types.Bool{}
		return x
	case name == "GET_SIZE" && len(args) == 0:
		return docCall(at, "SIZE", number, base)
	case name == "GET_KEYS" && len(args) == 0:
		return docCall(at, "KEYS", standard["JSON_KEY_LIST"], base)
	case (name == "TO_STRING" || name == "STRINGIFY") && len(args) == 0:
		return docCall(at, "TEXT", varchar(0), base)
	case name == "TO_CLOB" && len(args) == 0:
		return docCall(at, "TEXT", types.Text{Collation: binaryText}, base)
	case name == "CLONE" && len(args) == 0:
		return docCall(at, "PART", document, base, docWord(at, "any"))
	}
	return r.docChange(base, name, args, at)
}

// docItem is a member of an object, by a key, or an element of an array, by its place from 0 on.
func (r *Resolver) docItem(base, key, at ir.Expr) ir.Expr {
	switch {
	case isNullType(key.TypeOf()):
		return nil
	case types.IsText(key.TypeOf()), types.IsNumeric(key.TypeOf()):
		return docCall(at, "ITEM", document, base, key)
	}
	return nil
}

// docChange is a method that changes the document: a call that gives the new one, which invocation assigns.
func (r *Resolver) docChange(base ir.Expr, name string, args []ir.Expr, at ir.Expr) ir.Expr {
	text := len(args) > 0 && types.IsText(args[0].TypeOf()) && !isNullType(args[0].TypeOf())
	switch {
	case name == "PUT" && len(args) == 2 && text:
		if v := r.docValue(args[1]); v != nil {
			return docCall(at, "PUT", document, base, args[0], v)
		}
	case name == "PUT_NULL" && len(args) == 1 && text:
		return docCall(at, "PUT", document, base, args[0], docCall(at, "PARSE", document, docWord(at, "null"), docWord(at, "any")))
	case name == "PUT" && (len(args) == 2 || len(args) == 3) && types.IsNumeric(args[0].TypeOf()):
		if v := r.docValue(args[1]); v != nil {
			return placedDocument(at, base, args[0], v, args[2:])
		}
	case name == "PUT_NULL" && (len(args) == 1 || len(args) == 2) && types.IsNumeric(args[0].TypeOf()):
		return placedDocument(at, base, args[0], docCall(at, "PARSE", document, docWord(at, "null"), docWord(at, "any")), args[1:])
	case name == "RENAME_KEY" && len(args) == 2 && text && types.IsText(args[1].TypeOf()):
		return docCall(at, "RENAME", document, base, args[0], args[1])
	case name == "APPEND" && len(args) == 1:
		if v := r.docValue(args[0]); v != nil {
			return docCall(at, "APPEND", document, base, v)
		}
	case name == "APPEND_NULL" && len(args) == 0:
		return docCall(at, "APPEND", document, base, docCall(at, "PARSE", document, docWord(at, "null"), docWord(at, "any")))
	case name == "REMOVE" && len(args) == 1 && (text || types.IsNumeric(args[0].TypeOf())):
		return docCall(at, "REMOVE", document, base, args[0])
	}
	return nil
}

// placedDocument is an array with a value at a place: before the element there, or instead of it where overwrite says so.
func placedDocument(at, base, place, value ir.Expr, overwrite []ir.Expr) ir.Expr {
	args := []ir.Expr{base, place, value}
	if len(overwrite) > 0 {
		if _, is := overwrite[0].TypeOf().(types.Bool); !is {
			return nil
		}
		args = append(args, overwrite[0])
	}
	return docCall(at, "PLACE", document, args...)
}

// docValue is a value that becomes part of a document; nil for types whose form there is not known.
func (r *Resolver) docValue(e ir.Expr) ir.Expr {
	t := e.TypeOf()
	switch {
	case isDocument(t):
		return e
	case isNullType(t):
		return nil
	case types.IsText(t):
		return docCall(e, "VALUE", document, e)
	}
	switch t.(type) {
	case types.Bool, types.Decimal, types.Int:
		return docCall(e, "VALUE", document, e)
	}
	return nil
}

// changedDocument is o.put(...) as the assignment of the new document, nil for other calls.
func changedDocument(s *ir.Invocation) ir.Stmt {
	c, ok := s.X.(*ir.Call)
	if !ok || c.Op != op.OraSupplied {
		return nil
	}
	switch c.Name {
	case "JSON_DOC.PUT", "JSON_DOC.APPEND", "JSON_DOC.REMOVE", "JSON_DOC.PLACE", "JSON_DOC.RENAME":
	default:
		return nil
	}
	for { // o.get_object('k').put(...) puts the changed part back into o
		part, key := partOf(c.Args[0])
		if part == nil {
			break
		}
		c = docCall(c, "PUT", document, ir.Clone(part), ir.Clone(key), c)
	}
	n := &ir.SetVar{Items: []*ir.SetItem{{Target: ir.Clone(c.Args[0]), Value: c}}}
	n.Meta = s.Meta
	n.Items[0].Span = s.Span
	return n
}

// partOf is the document and the key of which get_Object or get_Array took a member, nil for others. The key must be a literal: it stands in two places.
func partOf(e ir.Expr) (doc, key ir.Expr) {
	member, ok := e.(*ir.Call)
	if !ok || member.Name != "JSON_DOC.MEMBER" {
		return nil, nil
	}
	item, ok := member.Args[0].(*ir.Call)
	if !ok || item.Name != "JSON_DOC.ITEM" {
		return nil, nil
	}
	if _, literal := item.Args[1].(*ir.String); !literal {
		return nil, nil
	}
	return item.Args[0], item.Args[1]
}

package json

import (
	encoding "encoding/json"
	"strings"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

func validLiteral(s string) bool { return encoding.Valid([]byte(s)) }

// path reads an argument that is a literal path.
func (l *lowering) path(e *ir.Call, a ir.Expr) ([]step, bool) {
	s, ok := build.TextLiteral(a)
	if !ok {
		l.refuse(e, "with a path that is no literal")
		return nil, false
	}
	steps, ok := parsePath(s)
	if !ok {
		l.refuse(e, "with the path "+s)
	}
	return steps, ok
}

// at is the value at a path.
func (l *lowering) at(doc ir.Expr, steps []step) ir.Expr {
	if n, null := doc.(*ir.Null); null {
		doc = build.Cast(n, document, code)
	}
	if isWild(steps) {
		h := l.p.Helper("json_all", doc, doc, array(steps))
		h.SetType(document)
		return h
	}
	if !plain(steps) {
		h := l.p.Helper("json_get", doc, doc, array(steps))
		h.SetType(document)
		return h
	}
	for _, s := range steps {
		doc = build.Op("->", doc, document, code, doc, s.operand())
	}
	return doc
}

func (s step) operand() ir.Expr {
	if s.index < 0 {
		return build.Text(s.key)
	}
	return build.Int(int64(s.index))
}

// read are the functions that look at one or more paths of a document.
func (l *lowering) read(e *ir.Call) ir.Expr {
	for _, a := range e.Args {
		if _, null := a.TypeOf().(types.Null); null {
			return build.Null(e, e.Type)
		}
	}
	switch e.Op {
	case op.JSONContainsPath:
		return l.containsPath(e)
	case op.JSONContains:
		return l.contains(e)
	case op.JSONExtract:
		if len(e.Args) > 2 {
			return l.several(e)
		}
	}
	doc := e.Args[0]
	if len(e.Args) > 1 {
		steps, ok := l.path(e, e.Args[1])
		if !ok {
			return e
		}
		if isWild(steps) && e.Op != op.JSONExtract && e.Op != op.JSONExtractText && e.Op != op.JSONExists {
			return l.refuse(e, "with a wildcard in its path")
		}
		if e.Op == op.JSONValue && e.Word != "text" && plain(steps) && len(steps) > 0 {
			n := len(steps) - 1
			return build.Op("->>", e, e.Type, code, l.at(doc, steps[:n]), steps[n].operand())
		}
		doc = l.at(doc, steps)
	}
	switch e.Op {
	case op.JSONExtract:
		if e.Word != "text" {
			l.note(numbers, e, "numbers in documents are assumed to be written in one form")
		}
		return l.out(e, doc)
	case op.JSONExtractText:
		return l.p.Helper("json_unquote", e, doc)
	case op.JSONValue:
		if e.Word == "text" {
			return l.p.Helper("json_scalar", e, doc)
		}
		return build.Op("#>>", e, e.Type, code, doc, build.Text("{}"))
	case op.JSONExists:
		return l.p.Helper("json_paths", e, e.Args[0], truthLiteral(false), doc)
	case op.JSONLength:
		return l.p.Helper("json_length", e, doc)
	case op.JSONKeys:
		h := l.p.Helper("json_keys", e, doc)
		h.SetType(document)
		return l.out(e, h)
	}
	return l.refuse(e, "with a path to a container") // JSON_QUERY gives the text as it is written
}

func truthLiteral(v bool) ir.Expr {
	b := &ir.Bool{Value: v}
	b.Type = types.Bool{}
	return b
}

// several is JSON_EXTRACT with more than one path: an array of what is there.
func (l *lowering) several(e *ir.Call) ir.Expr {
	if e.Word == "text" {
		return l.refuse(e, "with several paths, whose values come in the order of the document,")
	}
	var found []ir.Expr
	for _, a := range e.Args[1:] {
		steps, ok := l.path(e, a)
		if !ok {
			return e
		}
		if isWild(steps) {
			return l.refuse(e, "with several paths and wildcards")
		}
		found = append(found, l.at(e.Args[0], steps))
	}
	h := l.p.Helper("json_several", e, found...)
	h.SetType(document)
	return l.out(e, h)
}

func (l *lowering) contains(e *ir.Call) ir.Expr {
	doc := e.Args[0]
	if len(e.Args) > 2 {
		steps, ok := l.path(e, e.Args[2])
		if !ok {
			return e
		}
		if isWild(steps) {
			return l.refuse(e, "with a wildcard in its path")
		}
		doc = l.at(doc, steps)
	}
	h := l.p.Helper("json_contains", e, doc, e.Args[1])
	if e.Word != "text" || len(e.Args) == 2 {
		return h
	}
	// Where documents are texts nothing at the path is 0, not NULL.
	in := build.Call("coalesce", e, e.Type, code, h, build.Int(0))
	known := build.Make(&ir.IsNull{Not: true, X: ir.Clone(e.Args[0])}, e, types.Bool{}, code)
	return build.If(known, in, nil, e, e.Type, code)
}

func (l *lowering) containsPath(e *ir.Call) ir.Expr {
	s, ok := build.TextLiteral(e.Args[1])
	if !ok || !strings.EqualFold(s, "one") && !strings.EqualFold(s, "all") {
		return l.refuse(e, "without the literal 'one' or 'all'")
	}
	if _, null := e.Args[0].(*ir.Null); null {
		return build.Null(e, e.Type)
	}
	args := []ir.Expr{e.Args[0], truthLiteral(strings.EqualFold(s, "all"))}
	for _, a := range e.Args[2:] {
		steps, ok := l.path(e, a)
		if !ok {
			return e
		}
		args = append(args, l.at(e.Args[0], steps))
	}
	return l.p.Helper("json_paths", e, args...)
}

// change are the functions that give a changed document.
func (l *lowering) change(e *ir.Call) ir.Expr {
	modes := map[op.Op]string{op.JSONSet: "set", op.JSONInsert: "insert", op.JSONReplace: "replace"}
	doc := e.Args[0]
	if _, null := doc.TypeOf().(types.Null); null {
		return build.Cast(doc, document, code)
	}
	each := 2
	if e.Op == op.JSONRemove {
		each = 1
	}
	if (len(e.Args)-1)%each != 0 {
		return l.refuse(e, "with a path that has no value")
	}
	for i := 1; i < len(e.Args); i += each {
		steps, ok := l.path(e, e.Args[i])
		if !ok {
			return e
		}
		if isWild(steps) || hasLast(steps) && e.Op != op.JSONRemove {
			return l.refuse(e, "with wildcards in its path")
		}
		var v ir.Expr
		if each == 2 {
			if v, ok = l.value(e.Args[i+1], e.Word == "text", false); !ok {
				return l.refuse(e, "with a value of type "+e.Args[i+1].TypeOf().String())
			}
		}
		var h *ir.HelperCall
		switch e.Op {
		case op.JSONRemove:
			if len(steps) == 0 {
				return l.refuse(e, "of the whole document")
			}
			h = l.p.Helper("json_cut", e, doc, array(steps))
		case op.JSONArrayAppend:
			h = l.p.Helper("json_append", e, doc, array(steps), v)
		case op.JSONArrayInsert:
			if len(steps) == 0 || steps[len(steps)-1].index < 0 {
				return l.refuse(e, "with a path that does not end in a position")
			}
			h = l.p.Helper("json_insert_at", e, doc, array(steps), v)
		default:
			h = l.p.Helper("json_put", e, doc, array(steps), v, build.Text(modes[e.Op]))
		}
		h.SetType(document)
		doc = h
	}
	return l.out(e, doc)
}

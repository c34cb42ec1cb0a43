package plsql

import (
	"strings"

	"godwit/ir"
	"godwit/ir/types"
)

// part resolves the nodes of expressions that depend on names of objects: fields, elements, cursors and their attributes, sequences, values of
// rows. ok is false for other nodes.
func (r *Resolver) part(sc *scope, e ir.Expr) (ir.Expr, bool) {
	switch e := e.(type) {
	case *ir.Field:
		return r.fieldExpr(sc, e), true
	case *ir.NamedArg:
		e.Value = r.value(sc, e.Value)
		e.Type = e.Value.TypeOf()
		return e, true
	case *ir.CursorAttr:
		return r.cursorAttr(sc, e), true
	case *ir.CursorExpr:
		e.Query = r.query(sc, e.Query)
		e.Type = types.Cursor{Row: recordOf("cursor", e.Query)}
		return e, true
	case *ir.NextValue:
		return r.nextValue(e), true
	case *ir.Pseudo:
		if k := len(e.Qualifier); k > 0 && strings.EqualFold(e.Name, "rowid") && !seesItem(sc, e.Qualifier[k-1].Text) {
			n := &ir.Name{Parts: append(e.Qualifier[:k:k], ir.Ident{Text: "ROWID"})} // a field of a record
			n.Meta = e.Meta
			return r.expr(sc, n), true
		}
		t, ok := pseudoColumns[strings.ToUpper(e.Name)]
		if !ok {
			r.fail(unknownName, e.Span, "the value %s", e.Name)
			t = types.Unknown{Why: e.Name}
		}
		e.Type = t
		return e, true
	case *ir.TriggerEvent:
		if e.Column != nil {
			e.Column = r.value(sc, e.Column)
		}
		e.Type = types.Bool{}
		return e, true
	case *ir.Element, *ir.Construct, *ir.CollectionCall, *ir.RoutineCall:
		return e, e.TypeOf() != nil // made by this package, and resolved then
	}
	return e, false
}

// fieldExpr is x.name, where x is no plain name: a field, an attribute, or a method without arguments.
func (r *Resolver) fieldExpr(sc *scope, e *ir.Field) ir.Expr {
	e.X = r.value(sc, e.X)
	n := &ir.Name{Parts: []ir.Ident{{Text: e.Name}}}
	n.Meta = e.Meta
	x := r.field(sc, e.X, n.Parts[0], n, 1)
	switch x := x.(type) {
	case nil:
		if x := fieldAt(sc, e); x != nil {
			return x
		}
		r.fail(unknownName, e.Span, "%s has no field %s", text(e.X), e.Name)
		e.Type = types.Unknown{Why: e.Name}
		return e
	case *ir.Field:
		x.Meta = e.Meta
		return x
	case *ir.Name:
		if _, open := x.Ref.(*ir.Unresolved); open {
			e.Type = x.Type
			return e
		}
		return x
	}
	return x
}

func (r *Resolver) cursorAttr(sc *scope, e *ir.CursorAttr) ir.Expr {
	if n, ok := e.Cursor.(*ir.Name); ok && len(n.Parts) == 1 && n.Parts[0].Text == "SQL" {
		e.Cursor = nil
	}
	if e.Cursor != nil {
		e.Cursor = r.cursorByName(sc, e.Cursor)
	}
	if e.Index != nil {
		e.Index = r.store(r.value(sc, e.Index), types.Int{Bits: 32})
	}
	switch e.Name {
	case "FOUND", "NOTFOUND", "ISOPEN":
		e.Type = types.Bool{}
	default:
		e.Type = types.Int{Bits: 32}
	}
	return e
}

// cursorByName binds a cursor by its name alone.
func (r *Resolver) cursorByName(sc *scope, e ir.Expr) ir.Expr {
	if n, ok := e.(*ir.Name); ok {
		return r.name(sc, n)
	}
	return r.value(sc, e)
}

func (r *Resolver) nextValue(e *ir.NextValue) ir.Expr {
	e.Type = types.Decimal{}
	if e.Ref == nil {
		e.Ref = r.findSequence(e.Sequence)
	}
	if e.Ref != nil && e.Ref.Schema == r.home() {
		e.Sequence = r.atHome(e.Sequence)
	}
	if e.Ref == nil {
		r.fail(unknownName, spanOr(e.Sequence.Span, e.Span), "no sequence is called %s", e.Sequence)
	}
	return e
}

// triggerEvent is INSERTING, UPDATING [(column)] or DELETING in a trigger; nil if the name is none of these.
func (r *Resolver) triggerEvent(sc *scope, n *ir.Name, args []ir.Expr, at ir.Node) ir.Expr {
	if len(n.Parts) != 1 || sc.block.rows() == nil {
		return nil
	}
	event := map[string]string{"INSERTING": "insert", "UPDATING": "update", "DELETING": "delete"}[n.Parts[0].Text]
	if event == "" || len(args) > 1 {
		return nil
	}
	e := &ir.TriggerEvent{Event: event}
	e.Meta, e.Type = *at.Base(), types.Bool{}
	if len(args) == 1 {
		e.Column = r.value(sc, args[0])
	}
	return e
}

package plsql

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/types"
)

// partialRecord refuses what a record would have to be whole for.
var partialRecord = &diag.Code{
	ID: "TY0610", Title: "A record without all of its fields", Severity: diag.Error, Fidelity: diag.Refused,
	Doc: "A field of the record type is not converted and left out (PK0210). Its other fields are used by their names as before, and whole records are assigned and passed on. " +
		"Where columns go to fields by position (INTO a record, rows of a record, values of a type between parentheses) the missing one would shift them.",
	Next: "Name the fields one by one, or convert the routine by hand.", Each: 0.3,
}

// wholeRecords refuses a unit that uses a record by position which lacks fields.
func (r *Resolver) wholeRecords(u *ir.Unit) {
	if !r.partial || r.refusal != nil {
		return
	}
	for _, s := range u.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.SetItem:
				if n.Value != nil && movesFields(n.Target.TypeOf(), n.Value.TypeOf()) {
					r.fail(partialRecord, spanOr(n.Span, n.Target.Base().Span), "a record of another type is assigned")
				}
			case *ir.Construct:
				if t, ok := n.TypeOf().(types.Record); ok && lacksFields(t) {
					r.fail(partialRecord, n.Span, "%s is made of values", n.TypeOf())
				}
			case *ir.SelectInto, *ir.Execute, *ir.FetchCursor, *ir.OpenCursor, *ir.Insert, *ir.Update, *ir.Delete, *ir.Merge, *ir.MultiInsert, *ir.QueryStmt, *ir.Subquery, *ir.TableFunc, *ir.CursorDecl:
				r.namedFields(n)
			}
			return true
		})
	}
}

// movesFields tells that records of two types are assigned to each other, one of which lacks fields.
func movesFields(a, b types.Type) bool {
	x, isX := a.(types.Record)
	y, isY := b.(types.Record)
	return isX && isY && x.RecordDecl != y.RecordDecl && (x.Partial || y.Partial)
}

// lacksFields tells that values of the type are, or are collections of, records that lack fields.
func lacksFields(t types.Type) bool {
	switch t := t.(type) {
	case types.Record:
		return t.RecordDecl != nil && t.Partial
	case types.Collection:
		return t.CollectionDecl != nil && t.Elem != t && lacksElement(t.Elem, 0)
	}
	return false
}

// lacksElement looks into collections of collections, which may hold themselves.
func lacksElement(t types.Type, depth int) bool {
	c, ok := t.(types.Collection)
	if !ok {
		return lacksFields(t)
	}
	return c.CollectionDecl != nil && depth < 8 && lacksElement(c.Elem, depth+1)
}

// namedFields refuses SQL that holds records which lack fields other than to name one of their fields.
func (r *Resolver) namedFields(n ir.Node) {
	ir.Walk(n, func(x ir.Node) bool {
		e, ok := x.(ir.Expr)
		if !ok {
			return true
		}
		if of := ownerOf(e); of != nil {
			r.indexes(of)
			return false
		}
		if lacksFields(e.TypeOf()) {
			r.fail(partialRecord, e.Base().Span, "%s stands for all of its fields", text(e))
			return false
		}
		return true
	})
}

// ownerOf is the record that an expression is a field of, nil for all else.
func ownerOf(e ir.Expr) ir.Expr {
	switch e := e.(type) {
	case *ir.Field:
		return e.X
	case *ir.Name:
		if f, ok := e.Ref.(*ir.FieldRef); ok && !lacksFields(e.TypeOf()) {
			return f.Of
		}
	}
	return nil
}

// indexes looks at the indexes on the way to a field.
func (r *Resolver) indexes(e ir.Expr) {
	switch e := e.(type) {
	case *ir.Element:
		r.indexes(e.X)
		r.namedFields(e.Index)
	case *ir.Field:
		r.indexes(e.X)
	case *ir.Name:
		if f, ok := e.Ref.(*ir.FieldRef); ok && f.Of != nil {
			r.indexes(f.Of)
		}
	default:
		if _, ok := e.TypeOf().(types.Record); !ok {
			r.namedFields(e)
		}
	}
}

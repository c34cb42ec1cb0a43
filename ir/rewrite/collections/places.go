package collections

import (
	"godwit/ir"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/datatypes"
	"godwit/ir/types"
)

// Nested tables that are jsonb, because their elements hold collections of the same type or because places of them can be deleted, and that queries
// or operators take as a whole.

// rowsOf are the elements of a collection that is jsonb, in order, as the rows of a call in FROM; nil where the elements are no objects or records.
func (r *run) rowsOf(x ir.Expr, c types.Collection) ir.Expr {
	if datatypes.FormOf(c) != datatypes.Places && (datatypes.FormOf(c) != datatypes.Map || isTextKey(c)) {
		return nil
	}
	switch c.Elem.(type) {
	case types.Record, types.Object:
	default:
		return nil
	}
	sql := datatypes.SQL(r.Pass, c.Elem)
	if sql == "" {
		return nil
	}
	null := build.As(build.Null(x, types.Null{}), sql, c.Elem, code)
	return r.helper("map_rows", x, c, null, x)
}

// fromArray is an array of elements as a collection of the type.
func (r *run) fromArray(x ir.Expr, t types.Type) ir.Expr {
	if form := datatypes.FormOf(t); form == datatypes.Places {
		return r.helper("map_of", x, t, x, truth(true))
	}
	return x
}

// orNull is jsonb with NULL for the null that stands for an object, or a nested table, that is NULL. Records and associative arrays never are.
func orNull(e ir.Expr, t types.Type) ir.Expr {
	switch t := t.(type) {
	case types.Record:
		return e
	case types.Collection:
		if t.Key != nil {
			return e
		}
	}
	return build.Call("nullif", e, t, code, e, build.Text("null"))
}

// withNull takes orNull away, where an attribute is read: it is NULL of both.
func withNull(e ir.Expr) ir.Expr {
	if c, ok := e.(*ir.TargetCall); ok && c.Name == "nullif" && len(c.Args) == 2 {
		return c.Args[0]
	}
	return e
}

// tables is a part of a collection, for an assignment to a part of that: a nested table that is NULL raises ORA-06531 there.
func (r *run) tables(e ir.Expr) ir.Expr {
	if c, ok := e.TypeOf().(types.Collection); ok && c.Key == nil {
		return orNull(e, c)
	}
	return e
}

// orNothing is a part of a record or associative array, for an assignment to a part of that, which makes it where it is not there.
func (r *run) orNothing(e ir.Expr) ir.Expr {
	t := e.TypeOf()
	if c, ok := t.(types.Collection); ok && c.Key == nil {
		return orNull(e, c)
	}
	return build.Call("coalesce", e, t, code, e, r.nothing(t, e))
}

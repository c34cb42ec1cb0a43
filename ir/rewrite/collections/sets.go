package collections

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/datatypes"
	"godwit/ir/types"
)

var setOrder = &diag.Code{
	ID: "PL0670", Title: "The order of the elements that an operator on collections leaves", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc:  "Nested tables have no order (SQL Language Reference, Multiset Operators); SET, MULTISET EXCEPT, INTERSECT and DISTINCT leave the elements of the first operand in its order here, as in the manual's examples. Of the same elements the first stays, and EXCEPT takes the first away.",
	Next: "Sort the elements where their order matters.",
}

// asArray is jsonb as an array of a type.
func (r *run) asArray(e ir.Expr, sql string, t types.Type) ir.Expr {
	null := build.As(build.Null(e, types.Null{}), sql, t, code)
	return r.helper("map_array", e, t, null, e)
}

// comparable tells elements that the target compares as the source does.
func comparable(t types.Type) bool {
	switch x := t.(type) {
	case types.Decimal, types.Int, types.Bool:
		return true
	case types.Text:
		return !x.Fixed
	}
	return types.IsTemporal(t)
}

// elements is a nested table as an array whose elements can be compared; nil if it is something else.
func (r *run) elements(e ir.Expr) ir.Expr {
	c, ok := e.TypeOf().(types.Collection)
	if !ok || c.CollectionDecl == nil || c.Key != nil || !comparable(c.Elem) {
		return nil
	}
	switch form(r, e) {
	case datatypes.Array:
		return e
	case datatypes.Places:
		return r.asArray(e, datatypes.SQL(r.Pass, c.Elem)+"[]", c)
	}
	return nil
}

// tableOf is an array as a nested table of the form that its type has.
func (r *run) tableOf(list ir.Expr, t types.Type, like ir.Expr) ir.Expr {
	if datatypes.FormOf(t) != datatypes.Places {
		return list
	}
	is := build.Make(&ir.IsNull{X: ir.Clone(like), Not: true}, like, types.Bool{}, code)
	return build.If(is, r.fromArray(list, t), nil, like, t, code)
}

// set is SET of a nested table.
func (r *run) set(c *ir.CollectionCall, t types.Collection) ir.Expr {
	list := r.elements(c.X)
	if list == nil || list != c.X && !plain(c.X) {
		r.refuse(c, "SET of such a collection")
		return c
	}
	r.Report(setOrder, c.Span, "SET")
	return r.tableOf(r.helper("array_distinct", c, t, list), t, c.X)
}

// multisets is MULTISET UNION, EXCEPT and INTERSECT: NULL where one of both is NULL.
func (r *run) multisets(x *ir.MultisetOp) ir.Expr {
	datatypes.SQL(r.Pass, x.Type)
	l, right := form(r, x.L), form(r, x.R)
	if x.Op == ir.Union && !x.Distinct {
		switch {
		case l == datatypes.Places && right == datatypes.Places:
			return r.helper("map_union", x, x.L.TypeOf(), x.L, x.R)
		case l == datatypes.Array && right == datatypes.Array:
			return r.helper("array_union", x, x.L.TypeOf(), x.L, x.R)
		}
	}
	a, b := r.elements(x.L), r.elements(x.R)
	if a == nil || b == nil || l != datatypes.Array || right != datatypes.Array {
		r.refuse(x, "an operator on collections")
		return x
	}
	name := map[ir.SetKind]string{ir.Union: "array_union", ir.Except: "array_except", ir.Intersect: "array_intersect"}[x.Op]
	t := x.L.TypeOf()
	r.Report(setOrder, x.Span, "an operator on collections")
	if x.Distinct && x.Op == ir.Except { // one in the second takes all of the same away
		return r.helper(name, x, t, r.helper("array_distinct", x, t, a), b)
	}
	out := r.helper(name, x, t, a, b)
	if x.Distinct {
		out = r.helper("array_distinct", x, t, out)
	}
	return out
}

// compared is = and <> of two nested tables.
func (r *run) compared(x *ir.Compare) ir.Expr {
	a, b := r.elements(x.L), r.elements(x.R)
	if a == nil || b == nil || x.Op != ir.Eq && x.Op != ir.Ne || !same(x.L.TypeOf(), x.R.TypeOf()) {
		r.refuse(x, "a comparison of collections")
		return x
	}
	var e ir.Expr = r.helper("array_equal", x, types.Bool{}, a, b)
	if x.Op == ir.Ne {
		e = not(e)
	}
	return e
}

// same tells two collections of one type that is no varray.
func same(a, b types.Type) bool {
	x, _ := a.(types.Collection)
	y, _ := b.(types.Collection)
	return x.CollectionDecl == y.CollectionDecl && x.CollectionDecl != nil && x.Max == 0
}

func not(e ir.Expr) ir.Expr {
	return build.Make(&ir.Unary{Op: ir.Not, X: e}, e, types.Bool{}, code)
}

// test is MEMBER OF and the like.
func (r *run) test(x *ir.CollectionTest) ir.Expr {
	datatypes.SQL(r.Pass, x.X.TypeOf())
	var e ir.Expr
	switch x.Kind {
	case "member":
		e = r.member(x)
	case "empty":
		e = r.isEmpty(x)
	case "set":
		if list := r.elements(x.X); list != nil && list == x.X {
			e = build.Compare(ir.Eq, r.count(r.helper("array_distinct", x, x.X.TypeOf(), list)), r.count(ir.Clone(list)), x, code)
		}
	case "submultiset":
		a, b := r.elements(x.X), ir.Expr(nil)
		if x.Of != nil {
			b = r.elements(x.Of)
		}
		if a != nil && b != nil && same(x.X.TypeOf(), x.Of.TypeOf()) {
			e = build.Compare(ir.Eq, r.count(r.helper("array_except", x, x.X.TypeOf(), a, b)), control.Int("0"), x, code)
		}
	}
	if e == nil {
		r.refuse(x, "a test of a collection")
		return x
	}
	if x.Not {
		e = not(e)
	}
	return e
}

func (r *run) count(e ir.Expr) ir.Expr {
	return build.Call("cardinality", e, types.Int{Bits: 32}, code, e)
}

// member is MEMBER OF: NULL where the value is.
func (r *run) member(x *ir.CollectionTest) ir.Expr {
	if x.Of == nil {
		return nil
	}
	datatypes.SQL(r.Pass, x.Of.TypeOf())
	list := x.Of
	if datatypes.FormOf(x.Of.TypeOf()) != datatypes.Array || x.Not {
		if list = r.elements(x.Of); list == nil {
			return nil
		}
	}
	return build.Op("=", x, types.Bool{}, code, x.X, build.Call("ANY", list, types.Bool{}, code, list))
}

// isEmpty is IS EMPTY.
func (r *run) isEmpty(x *ir.CollectionTest) ir.Expr {
	var n ir.Expr
	switch datatypes.FormOf(x.X.TypeOf()) {
	case datatypes.Array:
		n = r.count(x.X)
	case datatypes.Map, datatypes.Places:
		n = r.helper("map_count", x, types.Int{Bits: 32}, x.X)
	default:
		return nil
	}
	op := ir.Eq
	if x.Not {
		op, x.Not = ir.Ne, false
	}
	return build.Compare(op, n, control.Int("0"), x, code)
}

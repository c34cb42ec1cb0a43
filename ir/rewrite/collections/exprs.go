package collections

import (
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/datatypes"
	"godwit/ir/types"
)

// helper is a call of a helper routine.
func (r *run) helper(name string, like ir.Expr, t types.Type, args ...ir.Expr) *ir.HelperCall {
	h := r.Helper(name, like, args...)
	h.Type = t
	return h
}

// expr makes the target's form of one expression whose operands have theirs.
func (r *run) expr(e ir.Expr) ir.Expr {
	switch x := e.(type) {
	case *ir.Name:
		if !r.written[e] {
			return datatypes.Inner(x)
		}
	case *ir.Element:
		return r.element(x)
	case *ir.Field:
		return r.field(x)
	case *ir.CollectionCall:
		return r.method(x)
	case *ir.Construct:
		return r.construct(x)
	case *ir.CollectionTest:
		return r.test(x)
	case *ir.MultisetOp:
		return r.multisets(x)
	case *ir.Multiset:
		return r.multiset(x)
	case *ir.Cast:
		if _, ok := x.To.(types.Collection); ok && !x.Target {
			datatypes.SQL(r.Pass, x.To)
			if _, null := x.X.(*ir.Null); null {
				if t := x.To.(types.Collection); t.Key != nil && datatypes.FormOf(t) == datatypes.Map { // it is never NULL
					return build.As(build.Make(control.Text("{}"), x, types.Text{}, ""), datatypes.JSON, t, code)
				}
				return build.Null(x, x.To)
			}
			if datatypes.FormOf(x.To) == datatypes.Array {
				if r.isArrayOf(x.X, x.To) {
					x.X.SetType(x.To)
					return x.X
				}
				x.Target = true
				x.To, x.Type = types.Named{Name: datatypes.SQL(r.Pass, x.To)}, x.To
				return x
			}
			if _, query := x.X.(*ir.Subquery); query && datatypes.FormOf(x.To) == datatypes.Places {
				return r.fromArray(x.X, x.To)
			}
			r.refuse(x, "a conversion to a collection")
		}
	case *ir.Compare:
		if isCollection(x.L) || isCollection(x.R) {
			return r.compared(x)
		}
	}
	return e
}

func isCollection(e ir.Expr) bool { _, ok := e.TypeOf().(types.Collection); return ok }

func (r *run) refuse(n ir.Node, what string) {
	rewrite.Refuse(r.Pass, notConverted, n.Base().Span, "%s", what)
}

// isArrayOf tells an array of a query whose rows have exactly the type of a collection's elements.
func (r *run) isArrayOf(e ir.Expr, t types.Type) bool {
	s, ok := e.(*ir.Subquery)
	if !ok || !s.Array {
		return false
	}
	q, ok := s.Query.(*ir.Select)
	if !ok || len(q.Items) != 1 {
		return false
	}
	c, ok := q.Items[0].Expr.(*ir.Cast)
	if !ok || !c.Target {
		return false
	}
	to, named := c.To.(types.Named)
	return named && to.Name+"[]" == datatypes.SQL(r.Pass, t)
}

// place is an index or a count of an array: the target takes no numeric for it, and rounds it as the source does.
func place(index ir.Expr) ir.Expr {
	if isWhole(index) {
		return index
	}
	return build.As(index, "integer", types.Int{Bits: 32}, code)
}

// isWhole tells that the target takes an expression for an integer of 32 bits. A text that is read as a number is none before it is stored.
func isWhole(e ir.Expr) bool {
	switch x := e.(type) {
	case *ir.Number:
		return !strings.ContainsAny(x.Text, ".eEdDfF")
	case *ir.Cast:
		if x.Implicit && !x.Target {
			return isWhole(x.X)
		}
	case *ir.String:
		return x.Value != "" && strings.Trim(x.Value, "0123456789") == ""
	}
	switch t := e.TypeOf().(type) {
	case types.Decimal, types.Float, types.Text:
		return false
	case types.Int:
		return t.Bits <= 32
	}
	return true
}

// whole are the arguments of a method that the helper routines take as integers.
func whole(args []ir.Expr) []ir.Expr {
	out := make([]ir.Expr, len(args))
	for i, a := range args {
		out[i] = place(a)
	}
	return out
}

// element is an element that is read.
func (r *run) element(e *ir.Element) ir.Expr {
	c, ok := e.X.TypeOf().(types.Collection)
	if !ok {
		r.refuse(e, "an element of something that is no collection")
		return e
	}
	datatypes.SQL(r.Pass, c)
	e.X = r.present(e.X)
	if datatypes.FormOf(c) == datatypes.Array {
		if r.proven[e] {
			return build.Make(&ir.Subscript{X: e.X, Index: e.Index}, e, e.Type, code)
		}
		return r.helper("array_item", e, e.Type, limited(e.X, e.X, place(e.Index))...)
	}
	switch datatypes.FormOf(c) {
	case datatypes.Map, datatypes.Places:
		return r.fromJSON(e.X, e.Index, e.Type, e)
	}
	r.refuse(e, "an element of "+c.String())
	return e
}

// present is an associative array that a field holds: it is never NULL, but the field of a record that EXTEND made is on the target.
func (r *run) present(x ir.Expr) ir.Expr {
	c, ok := x.TypeOf().(types.Collection)
	if _, field := x.(*ir.Field); !ok || !field || c.Key == nil {
		return x
	}
	return r.orNothing(x)
}

// fromJSON is an element of a collection that is jsonb as a value of its type.
func (r *run) fromJSON(x, key ir.Expr, t types.Type, like ir.Expr) ir.Expr {
	key = r.key(x, key)
	switch t := t.(type) {
	case types.Collection:
		if sql := datatypes.SQL(r.Pass, t); datatypes.FormOf(t) == datatypes.Array {
			return r.asArray(r.helper("map_item", like, t, x, key), sql, t)
		}
		return orNull(r.helper("map_item", like, t, x, key), t)
	case types.Record, types.Object:
		sql := datatypes.SQL(r.Pass, t)
		return r.populated(orNull(r.helper("map_item", like, t, x, key), t), sql, t)
	}
	h := r.helper("map_text", like, types.Text{}, x, key)
	return r.typed(h, t)
}

// populated is jsonb as a value of a composite type.
func (r *run) populated(item ir.Expr, sql string, t types.Type) ir.Expr {
	null := build.As(build.Null(item, types.Null{}), sql, t, code)
	return build.Call("jsonb_populate_record", item, t, code, null, item)
}

// typed is a text as a value of a type.
func (r *run) typed(e ir.Expr, t types.Type) ir.Expr {
	if x, ok := t.(types.Text); ok && !x.Fixed {
		e.SetType(t)
		return e
	}
	return build.As(e, datatypes.Loose(r.Pass, t), t, code)
}

// key is the key of an element as the helper routines take it: an integer or a text.
func (r *run) key(x, key ir.Expr) ir.Expr {
	c, _ := x.TypeOf().(types.Collection)
	if _, text := c.Key.(types.Text); text {
		if n, ok := key.(*ir.Null); ok {
			return build.As(n, "text", types.Text{}, code)
		}
		return key
	}
	if _, ok := key.TypeOf().(types.Int); ok && isWhole(key) {
		if _, null := key.(*ir.Null); !null {
			return key
		}
	}
	return build.As(key, "integer", types.Int{Bits: 32}, code)
}

// field is a field of a record that is no plain variable.
func (r *run) field(f *ir.Field) ir.Expr {
	switch f.X.TypeOf().(type) {
	case types.Record, types.Object:
	default:
		return f
	}
	if t := ir.OfDictionary(f.X); t != nil {
		if c := t.Column(strings.ToUpper(f.Name)); c != nil && c.Target == "" { // the map would not have it, and give NULL
			r.refuse(f, "column "+c.Name+" of rows of "+t.Name+", which has no counterpart")
		}
	}
	f.Name = datatypes.Fold(f.Name)
	c, ok := f.X.(*ir.TargetCall)
	if !ok || c.Name != "jsonb_populate_record" || len(c.Args) != 2 {
		return f
	}
	of := withNull(c.Args[1])
	switch t := f.Type.(type) {
	case types.Record, types.Object:
		return f
	case types.Collection:
		if datatypes.FormOf(t) == datatypes.Array {
			return f
		}
		return orNull(build.Op("->", f, t, code, of, control.Text(f.Name)), t)
	}
	return r.typed(build.Op("->>", f, types.Text{}, code, of, control.Text(f.Name)), f.Type)
}

// method is a method of a collection in an expression.
func (r *run) method(c *ir.CollectionCall) ir.Expr {
	t, ok := c.X.TypeOf().(types.Collection)
	if !ok {
		r.refuse(c, "a method of something that is no collection")
		return c
	}
	datatypes.SQL(r.Pass, t)
	form := datatypes.FormOf(t)
	if form == datatypes.Unknown {
		r.refuse(c, "a method of "+t.String())
		return c
	}
	c.X = r.present(c.X)
	array := form == datatypes.Array
	lower := strings.ToLower(c.Method)
	switch c.Method {
	case "COUNT":
		if array {
			return r.helper("array_count", c, c.Type, c.X)
		}
		return r.helper("map_count", c, c.Type, c.X)
	case "CARDINALITY": // NULL of NULL
		if array {
			return build.Call("cardinality", c, c.Type, code, c.X)
		}
		if plain(c.X) {
			there := build.Make(&ir.IsNull{X: ir.Clone(c.X), Not: true}, c, types.Bool{}, code)
			return build.If(there, r.helper("map_count", c, c.Type, c.X), nil, c, c.Type, code)
		}
	case "SET":
		return r.set(c, t)
	case "LIMIT":
		if t.Max == 0 {
			return build.Null(c, c.Type)
		}
		return build.Make(control.Int(strconv.Itoa(t.Max)), c, c.Type, code)
	case "EXISTS":
		if len(c.Args) == 1 {
			if array {
				return r.helper("array_exists", c, c.Type, c.X, place(c.Args[0]))
			}
			return r.helper("map_exists", c, c.Type, c.X, r.key(c.X, c.Args[0]))
		}
	case "FIRST", "LAST", "NEXT", "PRIOR":
		if array {
			return r.helper("array_key", c, c.Type, append([]ir.Expr{c.X, control.Text(lower)}, whole(c.Args)...)...)
		}
		var key ir.Expr
		if len(c.Args) == 1 {
			key = r.key(c.X, c.Args[0])
		} else {
			sql := "integer"
			if _, text := t.Key.(types.Text); text {
				sql = "text"
			}
			key = build.As(build.Null(c, types.Null{}), sql, c.Type, code)
		}
		return r.helper("map_key", c, c.Type, c.X, control.Text(lower), key)
	}
	r.refuse(c, "the method "+c.Method)
	return c
}

// construct makes a value of a collection, record or object type.
func (r *run) construct(c *ir.Construct) ir.Expr {
	switch t := c.Type.(type) {
	case types.Record:
		r.row(t, "row", c)
		return r.composed(c, t.Fields, datatypes.SQL(r.Pass, t))
	case types.Object:
		return r.composed(c, t.Fields, datatypes.SQL(r.Pass, t))
	case types.Collection:
		return r.listed(c, t)
	}
	r.refuse(c, "a constructor of "+c.Name.String())
	return c
}

func (r *run) composed(c *ir.Construct, fields []types.Field, sql string) ir.Expr {
	row := &ir.RowExpr{Items: make([]ir.Expr, len(fields))}
	for i, a := range c.Args {
		if n, ok := a.(*ir.NamedArg); ok {
			for k, f := range fields {
				if strings.EqualFold(f.Name, n.Name.Text) {
					row.Items[k] = n.Value
				}
			}
			continue
		}
		if i < len(fields) {
			row.Items[i] = a
		}
	}
	rec, _ := c.Type.(types.Record)
	for i, e := range row.Items {
		if e == nil {
			if rec.RecordDecl != nil {
				e = datatypes.InitialField(r.Pass, rec.RecordDecl, fields[i], c, code)
			}
			if e == nil {
				e = build.Null(c, types.Null{})
			}
		}
		row.Items[i] = r.stored(e, fields[i].Type)
	}
	if sql == "" {
		r.refuse(c, "a constructor of "+c.Name.String())
		return c
	}
	row.Type, row.Span = c.Type, c.Span
	return build.As(row, sql, c.Type, code)
}

// stored is a value that goes where the target cuts texts silently.
func (r *run) stored(e ir.Expr, t types.Type) ir.Expr {
	x, ok := t.(types.Text)
	if !ok || x.N == 0 {
		return e
	}
	switch v := e.(type) {
	case *ir.Null:
		return e
	case *ir.String:
		if len(v.Value) <= x.N {
			return e
		}
	}
	if from, ok := e.TypeOf().(types.Text); ok && from.N > 0 && from.N <= x.N && from.Unit == x.Unit {
		return e
	}
	if h, ok := e.(*ir.HelperCall); ok && h.Name == "fitting" {
		return e
	}
	return r.helper("fitting", e, types.Text{EmptyIsNull: true}, e, control.Int(strconv.Itoa(x.N)))
}

// listed makes a collection of its elements.
func (r *run) listed(c *ir.Construct, t types.Collection) ir.Expr {
	datatypes.SQL(r.Pass, t)
	form := datatypes.FormOf(t)
	var values []ir.Expr
	for i, a := range c.Args {
		if n, ok := a.(*ir.NamedArg); ok {
			if form != datatypes.Map {
				r.refuse(c, "elements by index")
				return c
			}
			key := n.Key
			if key == nil {
				key = &ir.Name{Parts: []ir.Ident{n.Name}}
				r.refuse(c, "elements by name")
				return c
			}
			values = append(values, build.As(key, "text", types.Text{}, code), r.json(n.Value, t.Elem))
			continue
		}
		if form == datatypes.Map { // values without an index have 1, 2 and so on
			if _, text := t.Key.(types.Text); text {
				r.refuse(c, "elements without an index")
				return c
			}
			values = append(values, control.Text(strconv.Itoa(i+1)), r.json(a, t.Elem))
			continue
		}
		values = append(values, a)
	}
	switch form {
	case datatypes.Map:
		if len(values) == 0 {
			return build.As(build.Make(control.Text("{}"), c, types.Text{}, ""), datatypes.JSON, t, code)
		}
		return build.Call("jsonb_build_object", c, t, code, values...)
	case datatypes.Array:
		return r.arrayOf(values, t, c)
	case datatypes.Places:
		if _, nested := t.Elem.(types.Collection); !nested {
			return r.helper("map_of", c, t, r.arrayOf(values, types.Collection{CollectionDecl: &types.CollectionDecl{Elem: t.Elem, Target: datatypes.SQL(r.Pass, t.Elem) + "[]"}}, c), truth(true))
		}
		args := []ir.Expr{control.Text(""), control.Int(strconv.Itoa(len(values)))}
		for i, v := range values {
			args = append(args, control.Text(strconv.Itoa(i+1)), r.json(v, t.Elem))
		}
		return build.Call("jsonb_build_object", c, t, code, args...)
	}
	r.refuse(c, "a constructor of "+c.Name.String())
	return c
}

func truth(v bool) ir.Expr {
	b := &ir.Bool{Value: v}
	b.Type = types.Bool{}
	return b
}

func (r *run) arrayOf(values []ir.Expr, t types.Collection, like ir.Expr) ir.Expr {
	sql := t.Target
	if t.Max > 0 && len(values) > t.Max {
		r.refuse(like, "more elements than the varray takes")
	}
	if len(values) == 0 {
		return build.As(build.Make(control.Text("{}"), like, types.Text{}, ""), sql, t, code)
	}
	a := &ir.ArrayExpr{}
	for _, v := range values {
		a.Items = append(a.Items, r.stored(v, t.Elem))
	}
	return build.As(build.Make(a, like, t, ""), sql, t, code)
}

// multiset is a query as a collection.
func (r *run) multiset(x *ir.Multiset) ir.Expr {
	s := &ir.Subquery{Query: x.Query, Array: true}
	q, ok := x.Query.(*ir.Select)
	if ok && len(q.Items) != 1 {
		r.refuse(x, "MULTISET of several columns")
	} else if to, into := x.Type.(types.Collection); ok && into {
		q.Items[0].Expr = r.fitted(q.Items[0].Expr, to.Elem)
		if h, ok := q.Items[0].Expr.(*ir.HelperCall); ok && h.Name == "fitting" {
			q.Items[0].Expr = r.helper("fitting_element", h, h.Type, h.Args...) // ORA-22814, which is no VALUE_ERROR
		}
	}
	return build.Make(s, x, x.Type, code)
}

// json is a value of a type as jsonb.
func (r *run) json(e ir.Expr, t types.Type) ir.Expr {
	if _, null := e.(*ir.Null); null {
		return build.As(build.Make(control.Text("null"), e, types.Text{}, ""), datatypes.JSON, t, code)
	}
	switch x := t.(type) {
	case types.Collection:
		datatypes.SQL(r.Pass, x)
		if datatypes.FormOf(x) == datatypes.Array {
			return build.Call("to_jsonb", e, t, code, e)
		}
		return e
	case types.Record, types.Object:
		sql := datatypes.SQL(r.Pass, t)
		if rec, ok := x.(types.Record); ok {
			if from, ok := e.TypeOf().(types.Record); ok && from.RecordDecl != rec.RecordDecl {
				row := &ir.RowExpr{Items: fieldsOf(e, from)}
				row.Type, row.Span = t, e.Base().Span
				e = build.As(row, sql, t, code)
			}
		}
		return build.Call("to_jsonb", e, t, code, e)
	}
	e = r.stored(e, t)
	sql := datatypes.Loose(r.Pass, t)
	if d, ok := t.(types.Decimal); ok && d.Precision > 0 {
		sql = datatypes.SQL(r.Pass, t)
	}
	if h, ok := e.(*ir.HelperCall); ok && h.Name == "fitting" {
		return build.Call("to_jsonb", e, t, code, e)
	}
	if n, ok := e.(*ir.Name); ok && n.TypeOf() != nil && datatypes.Loose(r.Pass, n.TypeOf()) == sql {
		return build.Call("to_jsonb", e, t, code, e)
	}
	return build.Call("to_jsonb", e, t, code, build.As(e, sql, t, code))
}

// fieldsOf are the fields of a record.
func fieldsOf(e ir.Expr, t types.Record) []ir.Expr {
	var out []ir.Expr
	for _, f := range t.Fields {
		n, ok := e.(*ir.Name)
		if !ok {
			x := &ir.Field{X: ir.Clone(e), Name: datatypes.Fold(f.Name)}
			x.Span, x.Type = e.Base().Span, f.Type
			out = append(out, x)
			continue
		}
		x := &ir.Name{Parts: append(n.Parts[:len(n.Parts):len(n.Parts)], ir.Ident{Text: f.Name}), Ref: &ir.FieldRef{Of: ir.Clone(n), Field: f.Name}}
		x.Span, x.Type = n.Span, f.Type
		out = append(out, x)
	}
	return out
}

package collections

import (
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/datatypes"
	"godwit/ir/types"
)

// plain tells that a place is assigned on the target as it stands: a variable or a field of one.
func plain(e ir.Expr) bool {
	switch x := e.(type) {
	case *ir.Name, *ir.UserVar, *ir.Param:
		return true
	case *ir.NamedArg:
		return plain(x.Value)
	}
	return false
}

func form(r *run, e ir.Expr) datatypes.Form {
	datatypes.SQL(r.Pass, e.TypeOf())
	return datatypes.FormOf(e.TypeOf())
}

// variable declares a variable of the routine.
func (r *run) local(name string, t types.Type, at ir.Node) *ir.VarDecl {
	d := &ir.VarDecl{Name: ir.Ident{Text: control.Unused(r.root, name)}, Type: t}
	d.Span = at.Base().Span
	d.Made(code)
	r.top.Decls = append(r.top.Decls, d)
	r.variable(d, false)
	if d.Default != nil {
		if _, ok := t.(types.Collection); !ok {
			d.Default = nil
		}
	}
	return d
}

// assign are the statements that assign an element, or a field of one.
func (r *run) assign(target, value ir.Expr, at ir.Node) []ir.Stmt {
	if m := value.Base(); !m.Span.IsValid() {
		m.Span = at.Base().Span // a refusal must name the routine that it stands in
	}
	switch x := target.(type) {
	case *ir.Element:
		if form(r, x.X) == datatypes.Array {
			return r.assignArray(x, nil, value, at)
		}
		return r.assign(x.X, r.put(x.X, x.Index, r.json(value, x.Type)), at)
	case *ir.Field:
		if e, ok := x.X.(*ir.Element); ok && form(r, e.X) == datatypes.Array {
			return r.assignArray(e, x, value, at)
		}
		if !r.inJSON(x.X) {
			d := r.local("item", x.X.TypeOf(), at)
			f := fieldName(d, x)
			return append([]ir.Stmt{set(control.Var(d), x.X, at), set(f, value, at)}, r.assign(ir.Clone(x.X), control.Var(d), at)...)
		}
		return r.assignJSON(x.X, r.withField(x, r.json(value, x.Type)), at)
	}
	return []ir.Stmt{set(target, value, at)}
}

func fieldName(d *ir.VarDecl, x *ir.Field) *ir.Name {
	n := &ir.Name{Parts: []ir.Ident{d.Name, {Text: strings.ToUpper(x.Name)}}, Ref: &ir.FieldRef{Of: control.Var(d), Field: x.Name}}
	n.Span, n.Type = x.Span, x.Type
	return n
}

func set(target, value ir.Expr, at ir.Node) ir.Stmt {
	s := control.Set(target, value)
	s.Span = at.Base().Span
	s.Items[0].Span = s.Span
	s.Made(code)
	return s
}

// limited adds the limit of a varray to the arguments of a helper.
func limited(x ir.Expr, args ...ir.Expr) []ir.Expr {
	if t, ok := x.TypeOf().(types.Collection); ok && t.CollectionDecl != nil && t.Max > 0 {
		return append(args, control.Int(strconv.Itoa(t.Max)))
	}
	return args
}

// assignArray assigns an element of an array, or a field of one.
func (r *run) assignArray(e *ir.Element, f *ir.Field, value ir.Expr, at ir.Node) []ir.Stmt {
	x := e.X
	var before, after []ir.Stmt
	if _, ok := x.(*ir.Name); !ok {
		d := r.local("list", x.TypeOf(), at)
		before = []ir.Stmt{set(control.Var(d), x, at)}
		after = r.assign(ir.Clone(x), control.Var(d), at)
		x = control.Var(d)
	}
	index := e.Index
	if !r.proven[e] {
		index = r.helper("subscript", e, types.Int{Bits: 32}, limited(x, ir.Clone(x), place(index))...)
	}
	var target ir.Expr = build.Make(&ir.Subscript{X: x, Index: index}, e, e.Type, code)
	if f != nil {
		g := &ir.Field{X: target, Name: datatypes.Fold(f.Name)}
		g.Span, g.Type = f.Span, f.Type
		target = g
	} else if t, ok := e.Type.(types.Text); ok && t.N > 0 {
		value = r.stored(value, t)
	}
	return append(append(before, set(target, value, at)), after...)
}

// inJSON tells that a record is kept in a collection that is jsonb.
func (r *run) inJSON(e ir.Expr) bool {
	switch x := e.(type) {
	case *ir.Element:
		f := form(r, x.X)
		return f == datatypes.Map || f == datatypes.Places
	case *ir.Field:
		return r.inJSON(x.X)
	}
	return false
}

// assignJSON assigns jsonb to a record that is kept in a collection.
func (r *run) assignJSON(target, value ir.Expr, at ir.Node) []ir.Stmt {
	switch x := target.(type) {
	case *ir.Element:
		return r.assign(x.X, r.put(x.X, x.Index, value), at)
	case *ir.Field:
		return r.assignJSON(x.X, r.withField(x, value), at)
	}
	r.refuse(target, "an assignment to a part of a record")
	return nil
}

// withField is the record before a field with another value of it, as jsonb.
func (r *run) withField(f *ir.Field, value ir.Expr) ir.Expr {
	one := build.Call("jsonb_build_object", f, types.JSON{}, code, control.Text(datatypes.Fold(f.Name)), value)
	return build.Op("||", f, types.JSON{}, code, r.there(f.X), one)
}

// put is a collection with another value of an element.
func (r *run) put(x, key, value ir.Expr) ir.Expr {
	return r.helper("map_put", x, x.TypeOf(), r.there(x), r.key(x, ir.Clone(key)), value)
}

// there is a collection or record for an assignment to a part of it, as jsonb: what an associative array does not have yet is made.
func (r *run) there(e ir.Expr) ir.Expr {
	switch x := e.(type) {
	case *ir.Element:
		if form(r, x.X) == datatypes.Array {
			return r.orNothing(ir.Clone(e))
		}
		c, _ := x.X.TypeOf().(types.Collection)
		if c.Key == nil {
			return r.tables(r.helper("map_item", e, e.TypeOf(), r.there(x.X), r.key(x.X, ir.Clone(x.Index))))
		}
		key := r.key(x.X, ir.Clone(x.Index))
		if _, text := c.Key.(types.Text); !text {
			key = build.As(key, "text", types.Text{}, code)
		}
		item := build.Op("->", e, e.TypeOf(), code, r.there(x.X), key)
		return r.orNothing(neverNull(item))
	case *ir.Field:
		if !r.inJSON(x.X) {
			return r.orNothing(ir.Clone(e))
		}
		return r.orNothing(neverNull(build.Op("->", e, e.TypeOf(), code, r.there(x.X), control.Text(datatypes.Fold(x.Name)))))
	}
	return ir.Clone(e)
}

// neverNull is a part of a jsonb that holds a record or an associative array, NULL where it holds none yet: a record whose fields are all NULL
// may have become a null of JSON, and that with an object behind it would be an array.
func neverNull(e ir.Expr) ir.Expr {
	switch t := e.TypeOf().(type) {
	case types.Record:
	case types.Collection:
		if t.Key == nil {
			return e
		}
	default:
		return e
	}
	return build.Call("nullif", e, e.TypeOf(), code, e, build.Text("null"))
}

// nothing is a record or collection that was made by an assignment to a part of it.
func (r *run) nothing(t types.Type, like ir.Expr) ir.Expr {
	if _, ok := t.(types.Record); ok {
		if first := datatypes.Initial(r.Pass, t, like, code); first != nil {
			return build.Call("to_jsonb", like, t, code, first)
		}
	}
	return build.Make(control.Text("{}"), like, types.Text{}, code)
}

// change is EXTEND, TRIM or DELETE as a statement.
func (r *run) change(n *ir.Invocation, c *ir.CollectionCall) []ir.Stmt {
	t, ok := c.X.TypeOf().(types.Collection)
	if !ok {
		r.refuse(n, "a method of something that is no collection")
		return []ir.Stmt{n}
	}
	f := form(r, c.X)
	x := ir.Clone(c.X)
	prefix := "map_"
	if f == datatypes.Array {
		prefix = "array_"
	}
	var value ir.Expr
	switch {
	case f == datatypes.Unknown:
	case c.Method == "EXTEND" && t.Key == nil:
		args := append([]ir.Expr{x}, whole(c.Args)...)
		if t.Max > 0 {
			for len(args) < 3 {
				if len(args) == 1 {
					args = append(args, control.Int("1"))
				} else {
					args = append(args, build.Null(c, types.Null{}))
				}
			}
			args = append(args, control.Int(strconv.Itoa(t.Max)))
		}
		value = r.helper(prefix+"extend", c, t, args...)
	case c.Method == "TRIM" && t.Key == nil:
		value = r.helper(prefix+"trim", c, t, append([]ir.Expr{x}, whole(c.Args)...)...)
	case c.Method == "DELETE" && len(c.Args) == 0:
		value = r.helper(prefix+"clear", c, t, x)
	case c.Method == "DELETE" && f == datatypes.Array:
		r.gap(c)
	case c.Method == "DELETE":
		low := r.key(c.X, c.Args[0])
		high := ir.Clone(low)
		if len(c.Args) == 2 {
			high = r.key(c.X, c.Args[1])
		}
		value = r.helper("map_delete", c, t, x, low, high)
	}
	if value == nil {
		if !r.Refused() {
			r.refuse(n, "the method "+c.Method)
		}
		return []ir.Stmt{n}
	}
	return r.assign(c.X, value, n)
}

package plsql

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/types"
)

// Objects compare by what their MAP method makes of them, or by their ORDER method; without one they are equal where all attributes are
// (Object-Relational Developer's Guide, "Methods for Comparing Objects").

var noOrder = &diag.Code{
	ID: "TY0560", Title: "objects that are compared or ordered in a way that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
	Doc: "Objects of a type without a MAP or ORDER method compare with = and <> only, by their attributes: not where an attribute is a collection or a LOB, where the type has subtypes, or where the object " +
		"is the result of a call. GROUP BY, DISTINCT and set operations on whole objects, and ORDER BY by an ORDER method where rows are grouped or distinct, have no equivalent.",
	Next: "Write a MAP method, or compare and order by attributes.", Learn: 0.2, Each: 0.3,
}

func isObject(e ir.Expr) bool { _, ok := e.TypeOf().(types.Object); return ok }

// below tells that a type is a subtype of another.
func below(d, super *types.ObjectDecl) bool {
	for n := 0; d != nil && n < maxSynonyms; d, n = d.Super, n+1 {
		if d == super {
			return true
		}
	}
	return false
}

// comparer is the MAP or ORDER method of an object's type, nil if it has none.
func (r *Resolver) comparer(t types.Type) *catalog.Routine {
	x, ok := t.(types.Object)
	if !ok || x.ObjectDecl == nil {
		return nil
	}
	var out *catalog.Routine
	for o := r.objects[x.ObjectDecl]; o != nil; o = o.Under {
		for _, m := range o.Methods {
			if m.Method.Comparison != nil {
				out = m // the topmost one: all objects of the hierarchy compare by it
			}
		}
	}
	return out
}

func isMap(o *catalog.Routine) bool { return o != nil && o.Method.Kind == "map member" }

// comparison is a call of what compares objects by a MAP or ORDER method.
func (r *Resolver) comparison(o *catalog.Routine, at ir.Node, args ...ir.Expr) ir.Expr {
	c := &ir.RoutineCall{Name: memberName(o.Method.Of, o.Name), Routine: o.Method.Comparison, Args: args}
	c.Meta, c.Type = *at.Base(), o.Returns
	return c
}

// mapped is what the MAP method makes of an object; nil if there is none.
func (r *Resolver) mapped(e ir.Expr) ir.Expr {
	if o := r.comparer(e.TypeOf()); isMap(o) {
		return r.comparison(o, e, e)
	}
	return nil
}

// mapAll puts what MAP methods make of them in place of objects that are compared with each other.
func (r *Resolver) mapAll(list []*ir.Expr) {
	for _, x := range list {
		if !isObject(*x) {
			continue
		}
		m := r.mapped(*x)
		if m == nil {
			r.fail(noOrder, (*x).Base().Span, "%s is compared", text(*x))
			return
		}
		*x = m
	}
}

// compareObjects is a comparison of two objects.
func (r *Resolver) compareObjects(e *ir.Compare) ir.Expr {
	o := r.comparer(e.L.TypeOf())
	switch {
	case isMap(o):
		e.L, e.R = r.comparison(o, e.L, e.L), r.comparison(o, e.R, e.R)
		r.pair(&e.L, &e.R)
		return typed(e, types.Bool{})
	case o != nil:
		zero := &ir.Number{Text: "0", Kind: ir.IntNumber}
		zero.Span, zero.Type = e.Span, number
		e.L, e.R = r.comparison(o, e, e.L, e.R), zero
		return typed(e, types.Bool{})
	}
	l, okL := r.attributes(e.L)
	x, okR := r.attributes(e.R)
	if !okL || !okR || len(l) != len(x) || len(l) == 0 || e.Op != ir.Eq && e.Op != ir.Ne {
		r.fail(noOrder, e.Span, "%s", text(e))
		return typed(e, types.Bool{})
	}
	for i := range l {
		r.against(&l[i], &x[i])
	}
	if len(l) == 1 {
		e.L, e.R = l[0], x[0]
		return typed(e, types.Bool{})
	}
	e.L, e.R = rowOfValues(l, e.L), rowOfValues(x, e.R)
	return typed(e, types.Bool{})
}

func rowOfValues(list []ir.Expr, like ir.Expr) ir.Expr {
	row, t := &ir.RowExpr{Items: list}, types.Row{}
	for _, x := range list {
		t.Names, t.Types = append(t.Names, ""), append(t.Types, x.TypeOf())
	}
	row.Span, row.Type = like.Base().Span, t
	return row
}

// attributes are the values by which an object without MAP and ORDER method compares, those of objects in it among them; ok is false if they
// cannot be told without computing the object more than once, or do not compare.
func (r *Resolver) attributes(e ir.Expr) (out []ir.Expr, ok bool) {
	t, _ := e.TypeOf().(types.Object)
	o := r.objects[t.ObjectDecl]
	if o == nil || len(o.Root().Below()) > 1 {
		return nil, false
	}
	for i, f := range t.Fields {
		a := attribute(e, f, i)
		if a == nil {
			return nil, false
		}
		switch x := f.Type.(type) {
		case types.Object:
			if m := r.mapped(a); m != nil {
				a = m
				break
			}
			if r.comparer(x) != nil {
				return nil, false
			}
			inner, known := r.attributes(a)
			if !known {
				return nil, false
			}
			out = append(out, inner...)
			continue
		case types.Collection, types.XML, types.JSON:
			return nil, false
		case types.Text, types.Binary:
			if isCLOB(x) || isLarge(x) {
				return nil, false
			}
		}
		out = append(out, a)
	}
	return out, true
}

// isLarge tells a BLOB.
func isLarge(t types.Type) bool {
	b, ok := t.(types.Binary)
	return ok && b.MaxBytes > 1<<16
}

// attribute is the i-th attribute of an object that is a variable, column or attribute, or is made in place; nil for others.
func attribute(e ir.Expr, f types.Field, i int) ir.Expr {
	switch x := e.(type) {
	case *ir.Name:
		return fieldOf(ir.Clone(x), ir.Ident{Text: f.Name, Quoted: true}, f, nil, 0)
	case *ir.Field:
		if _, name := x.X.(*ir.Name); name {
			return fieldOf(ir.Clone(x), ir.Ident{Text: f.Name, Quoted: true}, f, nil, 0)
		}
	case *ir.Construct:
		if i < len(x.Args) {
			if _, named := x.Args[i].(*ir.NamedArg); !named {
				return x.Args[i]
			}
		}
	}
	return nil
}

// ordered is an item of ORDER BY that is an object: its MAP method's result, or its place by the ORDER method.
func (r *Resolver) ordered(sc *scope, e ir.Expr) ir.Expr {
	if n, ok := e.(*ir.Name); ok {
		if ref, alias := n.Ref.(*ir.AliasRef); alias {
			e = ir.Clone(ref.Item.Expr)
		}
	}
	o := r.comparer(e.TypeOf())
	switch {
	case isMap(o):
		return r.comparison(o, e, e)
	case o == nil || o.Method.Place == nil || sc.sel == nil || len(sc.sel.GroupBy) > 0 || sc.sel.Having != nil || sc.sel.Distinct:
		r.fail(noOrder, e.Base().Span, "ORDER BY %s", text(e))
		return e
	}
	c := &ir.RoutineCall{Name: memberName(o.Method.Of, o.Name), Routine: o.Method.Place, Args: []ir.Expr{e}}
	c.Meta, c.Type = *e.Base(), types.Decimal{}
	return c
}

// whole refuses objects where the server would have to tell which of them are the same.
func (r *Resolver) whole(list []ir.Expr, where string) {
	for _, e := range list {
		if e != nil && isObject(e) {
			r.fail(noOrder, e.Base().Span, "%s of the object %s", where, text(e))
		}
	}
}

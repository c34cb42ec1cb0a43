package plsql

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/types"
)

// Methods of object types (Object-Relational Developer's Guide, "Basic Components of Oracle Objects"): those of the supertypes are inherited, and the one
// of the object's own type runs where it overrides them.

// method is a call of a method of an object: the object is its first argument. A call of (x AS type) is one of that type's own method.
func (r *Resolver) method(sc *scope, base ir.Expr, t types.Object, name string, args []ir.Expr, at ir.Node) ir.Expr {
	o := r.objects[t.ObjectDecl]
	if o == nil {
		return nil
	}
	list := r.members(o, name)
	if list == nil {
		return nil
	}
	own := false
	if x, ok := base.(*ir.Treat); ok && x.Super {
		base, own = x.X, true
	}
	e := r.callResolved(sc, list, memberName(o, name), append([]ir.Expr{base}, r.arguments(sc, args)...), at)
	if c, ok := e.(*ir.RoutineCall); ok && c.Routine != nil && !own {
		dispatched(c)
	}
	return e
}

// dispatched makes a call run the method of the object's own type.
func dispatched(c *ir.RoutineCall) {
	if c.Routine.Overridden() {
		c.Routine = c.Routine.Method.Dispatch
	}
}

// members are the members of a name that objects of a type have: its own, and those of its supertypes that it does not override.
func (r *Resolver) members(o *catalog.ObjectType, name string) []*catalog.Routine {
	var list []*catalog.Routine
	for ; o != nil; o = o.Under {
		r.settleObject(o)
		below := list // forms of one type hide none of each other
		for _, m := range o.Methods {
			if m.Name == name && isMember(m) && !m.Method.Gone && !hides(below, m) {
				list = append(list, m)
			}
		}
	}
	return list
}

// hides tells that a method of the list takes the place of one of a supertype.
func hides(list []*catalog.Routine, m *catalog.Routine) bool {
	for _, x := range list {
		if x.Kind == m.Kind && x.SameArguments(m) {
			return true
		}
	}
	return false
}

func memberName(o *catalog.ObjectType, name string) ir.QName {
	q := ir.Qualified(o.Schema, o.Name)
	q.Parts = append(q.Parts, ir.Ident{Text: name})
	return q
}

// alone tells that a type has neither subtypes nor a supertype: its attributes are all of an object.
func (r *Resolver) alone(t types.Object) bool {
	o := r.objects[t.ObjectDecl]
	return o != nil && o.Final && o.Under == nil && len(o.Subtypes) == 0
}

// valueOf is VALUE(alias), the row as an object, or its only value where it has no attributes; nil for all else.
func (r *Resolver) valueOf(sc *scope, inv *ir.Invoke, name string) ir.Expr {
	if name != "VALUE" || len(inv.Args) != 1 || !sc.sql {
		return nil
	}
	if n, ok := inv.Args[0].(*ir.Name); ok && len(n.Parts) == 1 {
		if x := scalarRow(sc, n.Parts[0].Text, inv); x != nil {
			return x
		}
		return r.rowObject(sc, n.Parts[0].Text, inv)
	}
	return nil
}

// rowObject is a row of an item of FROM as the object that it is; nil if no such item is of objects.
func (r *Resolver) rowObject(sc *scope, alias string, at ir.Node) ir.Expr {
	for ; sc != nil; sc = sc.outer {
		for _, it := range sc.items {
			if it.name != alias || it.object == nil {
				continue
			}
			if it.table == nil {
				r.note(nullElement, at.Base().Span, "elements of type %s", it.object)
			}
			c := &ir.Construct{Name: ir.Qualified("", it.object.String())}
			c.Span, c.Type = at.Base().Span, it.object
			for i, col := range it.cols {
				n := &ir.Name{Parts: []ir.Ident{{Text: alias}, {Text: col.name}}}
				n.Span = c.Span
				bindColumn(n, found{it, i})
				c.Args = append(c.Args, n)
			}
			return c
		}
	}
	return nil
}

// static is a call of a static method of a type or of a supertype.
func (r *Resolver) static(sc *scope, o *catalog.ObjectType, name string, inv *ir.Invoke) ir.Expr {
	for ; o != nil; o = o.Under {
		r.settleObject(o)
		var list []*catalog.Routine
		for _, m := range o.Methods {
			if m.Name == name && m.Method.Kind == "static" && !m.Method.Gone {
				list = append(list, m)
			}
		}
		if list != nil {
			return r.callNamed(sc, list, memberName(o, name), inv.Args, inv)
		}
	}
	return nil
}

// methodOfSelf is a call of a method by its name alone, in a method of the type.
func (r *Resolver) methodOfSelf(sc *scope, f *frame, name string, args []ir.Expr, at ir.Node) ir.Expr {
	o := f.object
	if o == nil {
		return nil
	}
	self := f.names["SELF"]
	if self != nil && r.members(o, name) != nil {
		n := &ir.Name{Parts: []ir.Ident{{Text: "SELF"}}}
		n.Span = at.Base().Span
		t, _ := o.Type.(types.Object)
		if base := r.entityValue(sc, self, n, 1); base != nil {
			return r.method(sc, base, t, name, args, at)
		}
	}
	inv := &ir.Invoke{Args: args}
	inv.Meta = *at.Base()
	return r.static(sc, o, name, inv)
}

// constructor is a call of a declared constructor that takes the arguments; nil if the one of the attributes is meant.
func (r *Resolver) constructor(sc *scope, o *catalog.ObjectType, q ir.QName, inv *ir.Invoke) ir.Expr {
	var list []*catalog.Routine
	for _, m := range o.Methods {
		if m.Method.Kind == "constructor" && !m.Method.Gone {
			list = append(list, m)
		}
	}
	if list == nil {
		return nil
	}
	probe := make([]ir.Expr, len(inv.Args))
	r.quietly(func() { probe = r.arguments(sc, cloneAll(inv.Args)) })
	fits := false
	for _, m := range list {
		r.settleRoutine(m)
		fits = fits || cost(m.Params, probe) >= 0
	}
	if !fits || r.attributesFit(o, list, probe) {
		return nil
	}
	return r.callNamed(sc, list, memberName(o, o.Name), inv.Args, inv)
}

// attributesFit tells that the constructor of the attributes takes the arguments better than all declared ones. A declared constructor with the
// attributes' names and types hides it.
func (r *Resolver) attributesFit(o *catalog.ObjectType, list []*catalog.Routine, args []ir.Expr) bool {
	var params []catalog.Param
	for _, f := range fieldsOf(o.Type) {
		params = append(params, catalog.Param{Name: f.Name, Type: f.Type})
	}
	own := cost(params, args)
	if own < 0 {
		return false
	}
	for _, m := range list {
		if c := cost(m.Params, args); c >= 0 && (c <= own || sameParams(m.Params, params)) {
			return false
		}
	}
	return true
}

func sameParams(a, b []catalog.Param) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !strings.EqualFold(a[i].Name, b[i].Name) {
			return false
		}
	}
	return true
}

func cloneAll(list []ir.Expr) []ir.Expr {
	out := make([]ir.Expr, len(list))
	for i, e := range list {
		out[i] = ir.Clone(e)
	}
	return out
}

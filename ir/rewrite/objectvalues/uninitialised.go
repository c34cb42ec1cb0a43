package objectvalues

import (
	"godwit/ir"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/datatypes"
	"godwit/ir/types"
)

// The target makes an object where an attribute of one that is NULL is assigned. The source raises ACCESS_INTO_NULL, as a check in front of
// the assignment does, where the variable is not known to hold an object.

// checked puts checks in front of assignments to attributes.
func (r *run) checked() {
	if r.Refused() {
		return
	}
	for _, s := range r.Unit.Stmts {
		body := control.Body(s)
		if body == nil || !control.IsProgram(s) {
			continue
		}
		made := holding(body)
		ir.Map[ir.Stmt](body, func(n ir.Node) ir.Node {
			switch x := n.(type) {
			case *ir.SetVar:
				var targets []ir.Expr
				for _, i := range x.Items {
					targets = append(targets, i.Target)
				}
				return r.check(x, targets, made)
			case *ir.SelectInto:
				if q, ok := x.Query.(*ir.Select); ok {
					return r.check(x, q.Into, made)
				}
			}
			return n
		})
	}
}

// check puts checks of the objects whose attributes are targets in front of a statement.
func (r *run) check(s ir.Stmt, targets []ir.Expr, made map[ir.Node]bool) ir.Node {
	var list []ir.Stmt
	seen := map[ir.Node]bool{}
	for _, t := range targets {
		o := objectOf(t)
		if o == nil || made[declared(o)] {
			continue
		}
		if d := declared(o); d != nil {
			if seen[d] {
				continue
			}
			seen[d] = true
		}
		h := r.Helper("check_object", nil, ir.Clone(o))
		h.Type, h.Span = types.Null{}, s.Base().Span
		c := &ir.Perform{Expr: h}
		c.Span = s.Base().Span
		list = append(list, c)
	}
	if list == nil {
		return s
	}
	return control.Take(code, s, append(list, s)...)
}

// objectOf is the object, a variable or an element, that a target is an attribute of; nil for other targets. SELF is an object in every method.
func objectOf(target ir.Expr) ir.Expr {
	var of ir.Expr
	switch x := target.(type) {
	case *ir.Name:
		ref, ok := x.Ref.(*ir.FieldRef)
		if !ok {
			return nil
		}
		n, ok := ref.Of.(*ir.Name)
		if !ok || !datatypes.IsVariable(n) || n.Parts[len(n.Parts)-1].Text == "SELF" {
			return nil
		}
		of = n
	case *ir.Field:
		of = x.X
	}
	if of == nil {
		return nil
	}
	if _, object := of.TypeOf().(types.Object); !object {
		return nil
	}
	return of
}

// declared is the declaration of a variable, nil for what is none.
func declared(e ir.Expr) ir.Node {
	if n, ok := e.(*ir.Name); ok {
		if v, ok := n.Ref.(*ir.VarRef); ok && v.Decl != nil {
			return v.Decl
		}
		if v, ok := n.Ref.(*ir.ParamRef); ok && v.Param != nil {
			return v.Param
		}
	}
	return nil
}

// holding are the variables that hold an object from their declaration on: they begin with one, and no statement may give them anything else.
func holding(body ir.Stmt) map[ir.Node]bool {
	made := map[ir.Node]bool{}
	lost := map[ir.Node]bool{}
	lose := func(list ...ir.Expr) {
		for _, e := range list {
			if d := declared(e); d != nil {
				lost[d] = true
			}
		}
	}
	ir.Walk(body, func(n ir.Node) bool {
		switch x := n.(type) {
		case *ir.VarDecl:
			made[x] = isMade(x.Default)
		case *ir.SetItem:
			if !isMade(x.Value) {
				lose(x.Target)
			}
		case *ir.Select:
			lose(x.Into...)
		case *ir.FetchCursor:
			lose(x.Into...)
		case *ir.CallProc:
			lose(x.Args...)
		case *ir.RoutineCall:
			lose(x.Args...)
		case *ir.NamedArg:
			lose(x.Value)
		}
		return true
	})
	for d := range lost {
		delete(made, d)
	}
	return made
}

// isMade tells a constructor.
func isMade(e ir.Expr) bool {
	switch x := e.(type) {
	case *ir.Construct:
		_, object := x.Type.(types.Object)
		return object
	case *ir.RoutineCall:
		return x.Routine != nil && x.Routine.Method != nil && x.Routine.Method.Kind == "constructor"
	}
	return false
}

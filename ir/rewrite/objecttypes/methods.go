package objecttypes

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/datatypes"
	"godwit/ir/types"
)

// Behind the names of methods that are not what a call of the method names.
const (
	ownSuffix    = "_own"     // a method that subtypes override
	orNullSuffix = "_or_null" // a MAP or ORDER method for comparisons: NULL where an object is
	placeSuffix  = "_place"   // the place of an object in a list, by the ORDER method
)

// methodNames gives the methods of a type their names on the target.
func methodNames(p *rewrite.Pass, o *catalog.ObjectType) {
	if o.Members == nil {
		return
	}
	for _, x := range o.Methods {
		if x.Method.Dispatch != nil && x.Method.Dispatch.Target != "" {
			return // named before
		}
	}
	datatypes.Overloads(p, o.Members)
	for _, x := range o.Methods {
		named := func(r *catalog.Routine, suffix string) {
			if r != nil {
				r.TargetSchema, r.Target = x.TargetSchema, o.Members.Beside(x.Target, suffix)
			}
		}
		named(x.Method.Dispatch, "")
		named(x.Method.Comparison, orNullSuffix)
		named(x.Method.Place, placeSuffix)
		if x.Overridden() {
			x.Target = o.Members.Beside(x.Target, ownSuffix)
		}
	}
}

// typeBody makes routines of the methods.
func typeBody(p *rewrite.Pass, n *ir.TypeBody) []ir.Stmt {
	o := n.Object
	if o == nil || o.Members == nil {
		rewrite.Refuse(p, incomplete, n.Span, "type body %s", n.Name)
		return nil
	}
	methodNames(p, o)
	var out []ir.Stmt
	for _, m := range n.Methods {
		r := m.Routine
		if r.Object == nil || r.Object.Method != nil && r.Object.Method.Gone || r.Body == nil && r.External == "" {
			continue
		}
		r.OrReplace, r.Name = true, ir.Qualified(r.Object.TargetSchema, r.Object.Target)
		if r.Security == "" {
			r.Security = o.Security
		}
		if b := block(r); b != nil && r.Object.Method.Dispatch != nil {
			b.Body = append([]ir.Stmt{checkSelf(p, r)}, b.Body...)
		}
		r.Lead = append(append([]ir.Comment(nil), m.Lead...), r.Lead...)
		r.Made(code)
		out = append(out, r)
	}
	if len(out) == 0 {
		c := &ir.CommentStmt{Text: "type body " + n.Name.String()}
		out = append(out, c)
	}
	first := out[0].Base()
	first.Lead = append(append([]ir.Comment(nil), n.Lead...), first.Lead...)
	if !first.Span.IsValid() {
		first.Span = n.Span
	}
	return out
}

// block is the body of a routine as a block.
func block(r *ir.Routine) *ir.Block {
	if r.Body == nil {
		return nil
	}
	b, ok := r.Body.(*ir.Block)
	if !ok {
		b = &ir.Block{Body: []ir.Stmt{r.Body}}
		b.Span = r.Span
		r.Body = b
	}
	return b
}

// checkSelf raises the error of a method that is called of an object that is NULL.
func checkSelf(p *rewrite.Pass, r *ir.Routine) ir.Stmt {
	h := p.Helper("check_self", nil, parameter(r.Params[0]))
	h.Type, h.Span = types.Null{}, r.Span
	s := &ir.Perform{Expr: h}
	s.Span = r.Span
	s.Made(code)
	return s
}

func parameter(d *ir.ParamDecl) *ir.Name {
	n := &ir.Name{Parts: []ir.Ident{d.Name}, Ref: &ir.ParamRef{Param: d}}
	n.Span, n.Type = d.Span, d.Type
	return n
}

// made is a routine beside a method, with the same parameters.
func made(m *ir.Method, o *catalog.Routine, params []*ir.ParamDecl, body ...ir.Stmt) *ir.Routine {
	r := &ir.Routine{Kind: o.Kind, Name: ir.Qualified(o.TargetSchema, o.Target), OrReplace: true, Params: params, Returns: o.Returns, Object: o, Security: "invoker"}
	b := &ir.Block{Body: body}
	r.Body = b
	for _, n := range []ir.Node{r, b} {
		n.Base().Span = m.Span
	}
	r.Made(code)
	return r
}

func cloneParams(list []*ir.ParamDecl) []*ir.ParamDecl {
	out := make([]*ir.ParamDecl, len(list))
	for i, d := range list {
		out[i] = ir.Clone(d)
	}
	return out
}

// dispatcher is the routine that calls of an overridden method name: it runs the method of the object's own type.
func dispatcher(p *rewrite.Pass, m *ir.Method) ir.Stmt {
	x := m.Routine.Object
	params := cloneParams(m.Routine.Params)
	r := made(m, x.Method.Dispatch, params)
	b := r.Body.(*ir.Block)
	f := datatypes.FamilyOf(p, x.Method.Of)
	if f == nil {
		return r
	}
	names := map[*catalog.Routine][]ir.Expr{}
	var list []*catalog.Routine
	for _, t := range x.Method.Of.Below() {
		i := x.Implementation(t)
		if t.Abstract || i == x {
			continue
		}
		if names[i] == nil {
			list = append(list, i)
		}
		names[i] = append(names[i], control.Text(datatypes.TypeName(t)))
	}
	choice := &ir.If{}
	choice.Span = m.Span
	for _, i := range list {
		branch := &ir.Branch{Cond: f.IsOneOf(parameter(params[0]), names[i], m, code), Body: run(i, params, m)}
		branch.Span = m.Span
		choice.Branches = append(choice.Branches, branch)
	}
	if x.Method.Abstract {
		b.Body = append(b.Body, checkSelf(p, r))
	} else {
		choice.Else = run(x, params, m)
	}
	b.Body = append(b.Body, choice)
	if x.Method.Abstract && x.Kind == catalog.Function {
		e := &ir.Raise{Level: "EXCEPTION", State: "XX000", Message: control.Text("ORA-06501: PL/SQL: program error")}
		e.Span = m.Span
		b.Body = append(b.Body, e)
	}
	return r
}

// run calls a method with the parameters of the routine around it.
func run(o *catalog.Routine, params []*ir.ParamDecl, m *ir.Method) []ir.Stmt {
	args := make([]ir.Expr, len(params))
	for i, d := range params {
		args[i] = parameter(d)
	}
	name := ir.Qualified(o.TargetSchema, o.Target)
	if o.Kind == catalog.Procedure {
		c := &ir.CallProc{Name: name, Routine: o, Args: args}
		c.Span = m.Span
		return []ir.Stmt{c}
	}
	c := &ir.RoutineCall{Name: name, Routine: o, Args: args}
	c.Span, c.Type = m.Span, o.Returns
	s := &ir.Return{Value: c}
	s.Span = m.Span
	return []ir.Stmt{s}
}

// comparison is the MAP or ORDER method for comparisons.
func comparison(m *ir.Method) ir.Stmt {
	x := m.Routine.Object
	params := cloneParams(m.Routine.Params)
	r := made(m, x.Method.Comparison, params, run(x.Method.Dispatch, params, m)...)
	r.NullOnNull = true
	return r
}

// place is the routine that ORDER BY names for an ORDER method: how many objects of a list come before an object.
func place(m *ir.Method) ir.Stmt {
	x := m.Routine.Object
	self := m.Routine.Params[0]
	list := &ir.ParamDecl{Name: ir.Ident{Text: "LIST"}, Type: types.Array{Elem: self.Type}, TypeSQL: datatypes.ObjectSQL(self.Type) + "[]"}
	one := &ir.ParamDecl{Name: ir.Ident{Text: "SELF"}, Type: self.Type}
	count := &ir.VarDecl{Name: ir.Ident{Text: "PLACE"}, Type: types.Int{Bits: 32}, Default: control.Int("0")}
	i := &ir.VarDecl{Name: ir.Ident{Text: "I"}, Type: types.Int{Bits: 32}}
	for _, d := range []ir.Node{list, one, count, i} {
		d.Base().Span = m.Span
	}
	item := &ir.Subscript{X: parameter(list), Index: control.Var(i)}
	item.Type, item.Span = self.Type, m.Span
	c := &ir.RoutineCall{Routine: x.Method.Comparison, Args: []ir.Expr{item, parameter(one)}}
	c.Name, c.Type, c.Span = ir.Qualified(c.Routine.TargetSchema, c.Routine.Target), x.Returns, m.Span
	before := build.Compare(ir.Lt, c, control.Int("0"), c, code)
	next := &ir.Binary{Op: ir.Add, L: control.Var(count), R: control.Int("1")}
	next.Type, next.Span = count.Type, m.Span
	loop := &ir.Loop{Kind: ir.RangeLoop, Var: i, Lo: control.Int("1"), Hi: build.Call("cardinality", parameter(list), i.Type, code, parameter(list)),
		Body: []ir.Stmt{control.When(before, control.Set(control.Var(count), next))}}
	loop.Span = m.Span
	result := &ir.Return{Value: control.Var(count)}
	result.Span = m.Span
	r := made(m, x.Method.Place, []*ir.ParamDecl{list, one}, loop, result)
	r.Body.(*ir.Block).Decls = []ir.Decl{count}
	r.NullOnNull = true
	return r
}

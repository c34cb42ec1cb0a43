package objectvalues

import (
	"strconv"

	"godwit/ir"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

// The target takes the columns of a row for the fields of a composite variable. Where an object is selected into a variable, the row goes into a record
// first, and its columns are assigned from there.

// taken rewrites the statements of programs that take objects.
func (r *run) taken() {
	if r.Refused() {
		return
	}
	for _, s := range r.Unit.Stmts {
		if control.IsProgram(s) {
			r.takenIn(s)
		}
	}
}

func (r *run) takenIn(s ir.Stmt) {
	body := control.Body(s)
	if body == nil {
		return
	}
	top, ok := body.(*ir.Block)
	if !ok {
		top = &ir.Block{Body: []ir.Stmt{body}}
		top.Span = body.Base().Span
	}
	ir.Map[ir.Stmt](top, func(n ir.Node) ir.Node {
		switch x := n.(type) {
		case *ir.SelectInto:
			return r.selected(s, top, x)
		case *ir.FetchCursor:
			r.refuseInto(x, x.Into, x.Bulk)
		case *ir.Execute:
			r.refuseInto(x, append(x.Into[:len(x.Into):len(x.Into)], x.Returning...), false)
		case *ir.Insert:
			r.refuseInto(x, x.Into, false)
		case *ir.Update:
			r.refuseInto(x, x.Into, false)
		case *ir.Delete:
			r.refuseInto(x, x.Into, false)
		}
		return n
	})
	if !ok && len(top.Decls) > 0 {
		control.SetBody(s, top)
	}
}

func takesObject(into []ir.Expr) bool {
	for _, e := range into {
		if _, ok := e.TypeOf().(types.Object); ok {
			return true
		}
	}
	return false
}

// refuseInto refuses other statements that give an object to a variable.
func (r *run) refuseInto(s ir.Stmt, into []ir.Expr, bulk bool) {
	if !bulk && takesObject(into) {
		rewrite.Refuse(r.Pass, intoObject, s.Base().Span, "an object is fetched or returned into a variable")
	}
}

func (r *run) selected(root ir.Stmt, top *ir.Block, n *ir.SelectInto) ir.Node {
	q, ok := n.Query.(*ir.Select)
	if !ok || q.Bulk || !takesObject(q.Into) || len(q.Into) != len(q.Items) {
		return n
	}
	if len(q.Items) == 1 && attributes(q) {
		return n
	}
	for i, it := range q.Items {
		it.Alias = ir.Ident{Text: "VALUE_" + strconv.Itoa(i+1)}
	}
	row, sets := r.row(root, top, q.Into, n)
	q.Into = []ir.Expr{control.Var(row)}
	return control.Take(code, n, append([]ir.Stmt{n}, sets...)...)
}

// attributes selects the attributes of an object that the query itself makes one by one, as the target takes them.
func attributes(q *ir.Select) bool {
	made, ok := ir.Bare(q.Items[0].Expr).(*ir.Construct)
	if _, object := q.Items[0].Expr.TypeOf().(types.Object); !ok || !object || len(made.Args) < 2 {
		return false
	}
	var items []*ir.SelectItem
	for _, a := range made.Args {
		if _, named := a.(*ir.NamedArg); named {
			return false
		}
		it := &ir.SelectItem{Expr: a}
		it.Span = a.Base().Span
		items = append(items, it)
	}
	q.Items = items
	return true
}

// row declares a record, and makes the assignments of its columns to the targets.
func (r *run) row(root ir.Stmt, top *ir.Block, into []ir.Expr, at ir.Node) (*ir.VarDecl, []ir.Stmt) {
	t := types.Row{}
	d := &ir.VarDecl{Name: ir.Ident{Text: control.Unused(root, "object_row")}, TypeSQL: "record"}
	d.Span = at.Base().Span
	d.Made(code)
	var sets []ir.Stmt
	for i, e := range into {
		name := "VALUE_" + strconv.Itoa(i+1)
		t.Names, t.Types = append(t.Names, name), append(t.Types, e.TypeOf())
		of := &ir.Name{Parts: []ir.Ident{d.Name}, Ref: &ir.VarRef{Decl: d}}
		x := &ir.Name{Parts: []ir.Ident{d.Name, {Text: name}}, Ref: &ir.FieldRef{Of: of, Field: name}}
		for _, n := range []*ir.Name{of, x} {
			n.Span, n.Type = at.Base().Span, e.TypeOf()
		}
		sets = append(sets, control.Set(e, x))
	}
	d.Type = t
	top.Decls = append(top.Decls, d)
	return d, sets
}

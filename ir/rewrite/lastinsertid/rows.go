package lastinsertid

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/lateerrors"
	"godwit/ir/rewrite/tree"
	"godwit/ir/rewrite/triggers"
	"godwit/ir/types"
)

// maxRows is how many rows of one statement are inserted one by one, so that the number of the first stays when a later one fails.
const maxRows = 50

// madeBlock tells a block that a rule made of one statement of the script.
func madeBlock(s ir.Stmt) (*ir.Block, bool) {
	b, ok := s.(*ir.Block)
	if !ok {
		return nil, false
	}
	for _, code := range b.Origin {
		if strings.HasPrefix(code, "QY") {
			return b, true
		}
	}
	return nil, false
}

// block lets every INSERT of a block give its number; the first of them is kept as soon as it is there.
func (r *pass) block(b *ir.Block) {
	variable := func(name string) *ir.VarDecl {
		d := &ir.VarDecl{Name: ir.Ident{Text: control.Unused(b, name)}, Type: types.Int{Bits: 64}}
		d.Span = b.Span
		d.Made(code)
		return d
	}
	id, first := variable("new_id"), variable("first_id")
	kept := false
	control.Lists(&b.Body, func(list *[]ir.Stmt) {
		var out []ir.Stmt
		counted := false
		for k, s := range *list {
			if counted { // the INSERT before has told how many rows came
				counted = false
				continue
			}
			i, ok := s.(*ir.Insert)
			if !ok || i.Table == nil || i.Table.Table == nil || counter(i.Table.Table) == nil || r.Refused() {
				out = append(out, s)
				continue
			}
			c := counter(i.Table.Table)
			g := numbers(i, c)
			if g == none {
				out = append(out, s)
				continue
			}
			if g == some || i.Conflict != nil && len(i.Conflict.Sets) > 0 || len(i.Returning) > 0 || i.With != nil {
				rewrite.Refuse(r.Pass, unclear, i.Span, "this statement takes a number for some rows or paths only, or returns rows")
				return
			}
			kept = true
			var next ir.Stmt
			if k+1 < len(*list) {
				next = (*list)[k+1]
			}
			var put ir.Stmt
			put, counted = r.into(i, c, id, next)
			out = append(out, put, r.keepFirst(i, id, first))
		}
		*list = out
	})
	if kept {
		b.Decls = append(b.Decls, id, first)
	}
}

// into is the INSERT that puts its number, or the least of them, into a variable; counted tells that it puts the number of rows where the next
// statement would.
func (r *pass) into(i *ir.Insert, c *catalog.Column, id *ir.VarDecl, next ir.Stmt) (s ir.Stmt, counted bool) {
	if single(i) {
		i.Returning = []*ir.SelectItem{tree.Item(tree.Column(i.Table.Table, c, nil, ""), "")}
		i.Into = []ir.Expr{control.Var(id)}
		i.Made(code)
		return i, false
	}
	w := &ir.With{CTEs: []*ir.CTE{tree.Changing("inserted", i)}}
	i.Returning = []*ir.SelectItem{tree.Item(tree.Column(i.Table.Table, c, nil, ""), "")}
	name := c.Target
	if name == "" {
		name = strings.ToLower(c.Name)
	}
	least := &ir.Aggregate{Op: op.Min, Name: "MIN", TargetName: "min", Args: []ir.Expr{tree.Output("", name, c.Type)}}
	least.Type = c.Type
	q := tree.Select([]*ir.SelectItem{tree.Item(least, "")}, []ir.TableExpr{tree.CTERef("inserted")}, nil)
	q.With, q.Span, q.Into = w, i.Span, []ir.Expr{control.Var(id)}
	if d, ok := next.(*ir.GetDiagnostics); ok && len(d.Items) == 1 && d.Items[0].Name == "ROW_COUNT" {
		q.Items, q.Into = append(q.Items, tree.Item(tree.CountStar(), "")), append(q.Into, d.Items[0].Target)
		counted = true
	}
	x := &ir.SelectInto{Query: q}
	x.Span = i.Span
	x.Made(code)
	return x, counted
}

// keepFirst is first := coalesce(first, set_last_insert_id(id)).
func (r *pass) keepFirst(at ir.Node, id, first *ir.VarDecl) ir.Stmt {
	h := r.Helper("set_last_insert_id", nil, control.Var(id))
	h.Type = types.Int{Bits: 64}
	x := tree.Call("coalesce", types.Int{Bits: 64}, control.Var(first), h)
	x.Span = at.Base().Span
	s := control.Set(control.Var(first), x)
	s.Base().Span = at.Base().Span
	s.Base().Made(code)
	return s
}

// single tells an INSERT of one row at most.
func single(i *ir.Insert) bool {
	switch q := i.Source.(type) {
	case nil:
		return true
	case *ir.Values:
		return len(q.Rows) == 1
	case *ir.Select:
		return len(q.From) == 0
	}
	return false
}

// late tells that the rows may be refused behind the values that the statement returns: by a foreign key or a trigger.
func (r *pass) late(i *ir.Insert) bool {
	_, fires := triggers.Sets(r.Pass, i.Table.Name, "insert")
	return fires || len(i.Table.Table.ForeignKeys) > 0
}

// misfits tells that a row behind the first has a value that its column may not take.
func misfits(i *ir.Insert) bool {
	v, ok := i.Source.(*ir.Values)
	if !ok {
		return false
	}
	cols := i.Takes()
	for n, r := range v.Rows {
		for k, e := range r.Items {
			if n > 0 && k < len(cols) && cols[k] != nil && (lateerrors.Misfit(ir.Bare(e), cols[k].Type) || ir.Find(e, func(x ir.Node) bool { _, sub := x.(*ir.Subquery); return sub })) {
				return true
			}
		}
	}
	return false
}

// rowByRow is a block that inserts the rows one by one, nil where they are too many or come from a query.
func (r *pass) rowByRow(i *ir.Insert) *ir.Block {
	if i.With != nil || i.Conflict != nil && len(i.Conflict.Sets) > 0 || len(i.Returning) > 0 {
		return nil
	}
	v, ok := i.Source.(*ir.Values)
	if ok && len(v.Rows) > maxRows || !ok && !single(i) {
		return nil
	}
	b := tree.InPlace(i, code)
	if !ok || len(v.Rows) == 1 {
		b.Body = []ir.Stmt{i}
	} else {
		for _, one := range tree.Apart(i, v) {
			b.Body = append(b.Body, one)
		}
	}
	r.block(b)
	return b
}

// mayFail tells that a row behind the first may fail: by a key other than the counted one, or a value that is not there.
func mayFail(i *ir.Insert, c *catalog.Column) bool {
	for _, k := range i.Table.Table.UniqueKeys() {
		if len(k.Parts) != 1 || !strings.EqualFold(k.Parts[0].Column, c.Name) {
			return true
		}
	}
	return false
}

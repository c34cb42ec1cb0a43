package autonomous

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/datatypes"
	"godwit/ir/types"
)

// trigger makes the procedure that does the work of an autonomous trigger: it takes the rows as parameters that are called like them.
func (r *run) trigger(t *ir.CreateTrigger) ir.Stmt {
	if t.Timing == "compound" || len(t.Sections) > 0 {
		for _, d := range t.Decls {
			if x, ok := d.(*ir.Pragma); ok && x.Name == "AUTONOMOUS_TRANSACTION" {
				rewrite.Refuse(r.Pass, form, t.Span, "the compound trigger %s", t.Name)
			}
		}
		return nil
	}
	if t.Body == nil || !taken(t.Body) {
		return nil
	}
	if t.Table == nil || t.Table.Table == nil || t.On != "" {
		rewrite.Refuse(r.Pass, form, t.Span, "the trigger %s is not one of a table", t.Name)
		return nil
	}
	table := t.Table.Table
	row := &types.RecordDecl{Of: table}
	datatypes.Row(row)
	o := &catalog.Routine{Schema: table.Schema, Name: t.Name.Name(), TargetSchema: table.TargetSchema, Target: strings.ToLower(t.Table.Name.Name() + "_" + t.Name.Name())}
	r.uses(o, t)
	inner := r.inner(ir.Qualified(table.TargetSchema, o.Target), o, t)
	inner.Body, inner.Security = t.Body, "invoker"
	c := &call{run: r, like: t, schema: table.TargetSchema, name: inner.Object.Target}
	if op := r.operation(inner, t); op != nil {
		inner.Params = append(inner.Params, op)
		c.add(catalog.In, "text", triggerName("TG_OP", types.Text{}))
	}
	old, young, assigned := rowsOf(inner.Body)
	if t.Timing == "instead of" {
		t.ForEachRow = true
	}
	for _, x := range []struct {
		name string
		used bool
		mode catalog.ParamMode
	}{{"OLD", old, catalog.In}, {"NEW", young, mode(assigned)}} {
		if !x.used {
			continue
		}
		d := &ir.ParamDecl{Name: ir.Ident{Text: x.name}, Mode: x.mode, Type: types.Record{RecordDecl: row}, TypeSQL: row.Target, TargetName: strings.ToLower(x.name)}
		d.Span = t.Span
		d.Made(code)
		inner.Params = append(inner.Params, d)
		c.add(x.mode, row.Target, triggerName(x.name, d.Type))
	}
	r.end(inner)
	t.Body = c.body(t.Body)
	r.Report(apart, t.Span, "trigger %s", t.Name)
	return inner
}

func mode(assigned bool) catalog.ParamMode {
	if assigned {
		return catalog.InOut
	}
	return catalog.In
}

// triggerName is a name that the target gives a trigger function.
func triggerName(name string, t types.Type) ir.Expr {
	n := &ir.Name{Parts: []ir.Ident{{Text: name}}, Ref: &ir.VarRef{Decl: &ir.VarDecl{Name: ir.Ident{Text: name}, TargetName: strings.ToLower(name)}}}
	n.Type = t
	return n
}

// operation replaces INSERTING, UPDATING and DELETING by comparisons of a parameter, which it gives; nil where none is asked for.
func (r *run) operation(inner *ir.Routine, t *ir.CreateTrigger) *ir.ParamDecl {
	d := &ir.ParamDecl{Name: ir.Ident{Text: "TG_OP"}, Type: types.Text{}, TypeSQL: "text", TargetName: "tg_op"}
	d.Span = t.Span
	d.Made(code)
	used := false
	inner.Body = ir.MapExprs(inner.Body, func(e ir.Expr) ir.Expr {
		x, ok := e.(*ir.TriggerEvent)
		if !ok {
			return e
		}
		if x.Column != nil {
			rewrite.Refuse(r.Pass, form, x.Span, "UPDATING with a column in the trigger %s", t.Name)
			return e
		}
		used = true
		return build.Compare(ir.Eq, paramName(d), control.Text(strings.ToUpper(x.Event)), x, code)
	})
	if !used {
		return nil
	}
	return d
}

// rowsOf tells which rows a body names, and whether it assigns to the new one.
func rowsOf(body ir.Stmt) (old, young, assigned bool) {
	ir.Walk(body, func(n ir.Node) bool {
		if x, ok := n.(*ir.Name); ok {
			if ref, ok := x.Ref.(*ir.RowRef); ok {
				old, young = old || !ref.New, young || ref.New
			}
		}
		for _, e := range control.Written(n) {
			if root := control.Root(e); root != nil {
				if ref, ok := root.Ref.(*ir.RowRef); ok {
					assigned = assigned || ref.New
				}
			}
		}
		return true
	})
	return old, young, assigned
}

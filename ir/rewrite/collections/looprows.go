package collections

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/datatypes"
	"godwit/ir/types"
)

// loopRows gives the row of a loop over a query the type of the parameter that takes it whole. The target knows the row's fields only while the
// loop runs, and looks for the routine with an argument of no type.
func (r *run) loopRows(s ir.Stmt, loops map[*ir.VarDecl]bool) {
	if len(loops) == 0 {
		return
	}
	ir.Walk(s, func(n ir.Node) bool {
		switch c := n.(type) {
		case *ir.RoutineCall:
			r.rowArguments(c.Routine, c.Args, loops)
		case *ir.CallProc:
			r.rowArguments(c.Routine, c.Args, loops)
		}
		return true
	})
}

func (r *run) rowArguments(o *catalog.Routine, args []ir.Expr, loops map[*ir.VarDecl]bool) {
	if o == nil {
		return
	}
	for i := range args {
		place, value := i, &args[i]
		if n, ok := args[i].(*ir.NamedArg); ok {
			value = &n.Value
			for k, x := range o.Params {
				if strings.EqualFold(x.Name, n.Name.Text) {
					place = k
				}
			}
		}
		if place >= len(o.Params) || o.Params[place].Mode != catalog.In {
			continue
		}
		to, ok := o.Params[place].Type.(types.Record)
		if !ok || to.RecordDecl == nil || !loopRow(*value, loops) {
			continue
		}
		r.spell(to)
		from, _ := (*value).TypeOf().(types.Record)
		sql := datatypes.SQL(r.Pass, to)
		if from.RecordDecl == nil || len(from.Fields) != len(to.Fields) || sql == "" {
			continue
		}
		row := &ir.RowExpr{Items: fieldsOf(*value, from)}
		for k := range row.Items {
			row.Items[k] = r.fitted(row.Items[k], to.Fields[k].Type)
		}
		row.Type, row.Span = to, (*value).Base().Span
		*value = build.As(row, sql, to, code)
	}
}

// loopRow tells the row of a loop.
func loopRow(e ir.Expr, loops map[*ir.VarDecl]bool) bool {
	n, ok := e.(*ir.Name)
	if !ok {
		return false
	}
	v, ok := n.Ref.(*ir.VarRef)
	return ok && loops[v.Decl]
}

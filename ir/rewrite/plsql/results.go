package plsql

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

// ResultName is the name of the column, or parameter, that holds the result of a function that gives values back through parameters as well.
func ResultName(params []string) string {
	for _, p := range params {
		if strings.EqualFold(p, "result") {
			return "function_result"
		}
	}
	return "result"
}

// ByRow lets the row that a call gives go into a record, from which its columns are assigned, where a variable among those that take them is a row itself: the target
// takes the columns for the fields of that. The record has to be declared; it is nil where it is not needed. Columns are the names of the row's columns, in the order of INTO.
func ByRow(root ir.Node, q *ir.Select, columns []string, c *ir.RoutineCall) (*ir.VarDecl, []ir.Stmt) {
	if !slices.ContainsFunc(q.Into, composite) {
		return nil, nil
	}
	d := &ir.VarDecl{Name: ir.Ident{Text: control.Unused(root, strings.ToLower(c.Name.Name())+"_row")}, TypeSQL: "record", Type: types.Row{}}
	d.Span = c.Span
	var sets []ir.Stmt
	for i, target := range q.Into {
		x := &ir.Name{Parts: []ir.Ident{d.Name, {Text: columns[i]}}, Ref: &ir.FieldRef{Of: control.Var(d), Field: columns[i]}}
		x.Span, x.Type = c.Span, target.TypeOf()
		sets = append(sets, control.Set(target, x))
	}
	q.Into = []ir.Expr{control.Var(d)}
	return d, sets
}

// composite tells a variable that is a row itself.
func composite(e ir.Expr) bool {
	switch e.TypeOf().(type) {
	case types.Record, types.Object, types.Row:
		return true
	}
	return false
}

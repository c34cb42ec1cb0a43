package resolve

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
)

var anyValue = &diag.Code{
	ID: "QY0772", Title: "ANY_VALUE of a group", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `ANY_VALUE gives the value of some row of the group (MySQL Reference Manual, "Miscellaneous Functions"): of the row that the source reads first, NULL among them, and on the target of
another one. Assumed: the value is the same in all rows of a group.`,
	Next: "Write MIN or MAX where the values differ.",
	Each: 0.01,
}

// noteAnyValue tells of ANY_VALUE over what may differ in a group.
func (r *Resolver) noteAnyValue(sc *scope, e *ir.Aggregate) {
	if e.Op != op.AnyValue || len(e.Args) != 1 {
		return
	}
	if ungroupedAny(sc, e) {
		return
	}
	n, ok := e.Args[0].(*ir.Name)
	if !ok && bareLiteral(e.Args[0]) != nil {
		return
	}
	if ok && sc.sel != nil {
		for _, g := range sc.sel.GroupBy {
			if k, ok := g.Expr.(*ir.Name); ok && strings.EqualFold(k.Dotted(), n.Dotted()) {
				return
			}
		}
	}
	r.note(anyValue, e.Span, "%s is assumed to be the same in all rows of a group", e.Args[0].Base().Span.Text())
}

// ungroupedAny tells ANY_VALUE in a query without groups and aggregates: it is no aggregate on the source, and the value itself for each row.
func ungroupedAny(sc *scope, e *ir.Aggregate) bool {
	if e.Op != op.AnyValue || e.Over != nil || len(e.Args) != 1 || sc.sel == nil || len(sc.sel.GroupBy) > 0 {
		return false
	}
	s := sc.sel
	nodes := []ir.Expr{s.Having}
	for _, it := range s.Items {
		nodes = append(nodes, it.Expr)
	}
	for _, o := range s.OrderBy {
		nodes = append(nodes, o.Expr)
	}
	return !slices.ContainsFunc(nodes, aggregates)
}

// aggregates tells an expression with an aggregate of its own query other than ANY_VALUE.
func aggregates(e ir.Expr) bool {
	found := false
	if e == nil {
		return false
	}
	ir.Walk(e, func(n ir.Node) bool {
		switch n := n.(type) {
		case ir.Query:
			return false
		case *ir.Aggregate:
			found = found || n.Over == nil && n.Op != op.AnyValue
		}
		return !found
	})
	return found
}

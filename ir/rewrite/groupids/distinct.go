package groupids

import (
	"strings"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/rewrite/control"
)

// distinct tells that no grouping set of a query repeats: it has no more than one ROLLUP or CUBE, and names no column twice.
func distinct(q *ir.Select) bool {
	if len(q.GroupBy) == 0 {
		return false
	}
	seen, sets := map[string]bool{}, 0
	plain := func(e ir.Expr) bool {
		n, ok := ir.Bare(e).(*ir.Name)
		if !ok || n.Ref == nil {
			return false
		}
		key := strings.ToUpper(n.Parts[len(n.Parts)-1].Text)
		again := seen[key]
		seen[key] = true
		return !again
	}
	for _, o := range q.GroupBy {
		set, ok := o.Expr.(*ir.GroupingSet)
		if !ok {
			if !plain(o.Expr) {
				return false
			}
			continue
		}
		if sets++; sets > 1 || set.Kind != "rollup" && set.Kind != "cube" {
			return false
		}
		for _, e := range set.Items {
			if !plain(e) {
				return false
			}
		}
	}
	return true
}

// zeros replaces GROUP_ID() of the query itself.
func zeros(q *ir.Select) {
	zero := func(n ir.Node) ir.Node {
		a, ok := n.(*ir.Aggregate)
		if !ok || a.Op != op.OraGroupID {
			return n
		}
		x := control.Int("0")
		x.Meta, x.Type = a.Meta, a.Type
		x.Made(code)
		return x
	}
	own := func(e ir.Expr) ir.Expr {
		if e == nil || ir.Find(e, func(n ir.Node) bool { _, inner := n.(ir.Query); return inner }) {
			return e
		}
		return ir.Map(e, zero)
	}
	for _, it := range q.Items {
		it.Expr = own(it.Expr)
	}
	q.Having = own(q.Having)
	for _, o := range q.OrderBy {
		o.Expr = own(o.Expr)
	}
}

package builtins

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

var (
	oftenest = &diag.Code{
		ID: "FN0720", Title: "STATS_MODE of several values that are as frequent", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  `Where several values are the most frequent, STATS_MODE gives one of them (SQL Language Reference, "STATS_MODE"), and the target's mode() the least. Nobody can tell which one the source would give.`,
		Next: "Check whether several values may be as frequent; choose one of them by a query where it matters.", Each: 0.1,
	}
	gatheredNulls = &diag.Code{
		ID: "FN0721", Title: "COLLECT of NULLs, or of no rows", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  `The manual says neither whether COLLECT gathers NULLs nor what it gives without a row (SQL Language Reference, "COLLECT"). On the target NULLs are elements, and the result of no rows is NULL.`,
		Next: "Leave NULLs out with WHERE, and group the rows.", Each: 0.1,
	}
)

// mode: STATS_MODE is the most frequent value other than NULL.
func (l *lowering) mode(e *ir.Aggregate) ir.Expr {
	if e.Distinct || e.Over != nil {
		return l.refuse(refusedFunction, e, "STATS_MODE in this form")
	}
	l.p.Report(oftenest, e.Span, "STATS_MODE")
	o := &ir.OrderItem{Expr: e.Args[0], Nulls: ir.NullsAny}
	o.Span = e.Span
	e.OrderBy, e.Args, e.Within, e.TargetName = []*ir.OrderItem{o}, nil, true, "mode"
	return e
}

// collect gathers the elements of a collection; resolution has given it the type that CAST names.
func (l *lowering) collect(e *ir.Aggregate) ir.Expr {
	t, ok := e.Type.(types.Collection)
	switch {
	case !ok || t.Name == "COLLECT":
		return l.refuse(refusedFunction, e, "COLLECT without CAST")
	case t.Max > 0 && t.Max < longestList || e.Over != nil:
		return l.refuse(refusedFunction, e, "COLLECT into a VARRAY")
	case e.Distinct && len(e.OrderBy) > 0:
		return l.refuse(refusedFunction, e, "COLLECT(DISTINCT ...) in an order")
	}
	if s := l.selectOf(e.Args[0]); !l.notNull(e.Args[0]) || s == nil || len(s.GroupBy) == 0 || grandTotal(s) {
		l.p.Report(gatheredNulls, e.Span, "COLLECT")
	}
	e.TargetName = "array_agg"
	return e
}

// selectOf is the select that an expression's columns stand in, nil if it has none.
func (l *lowering) selectOf(e ir.Expr) (s *ir.Select) {
	ir.Walk(e, func(n ir.Node) bool {
		if c, ok := n.(*ir.Name); ok && s == nil {
			s = l.sel[c]
		}
		return true
	})
	return s
}

// longestList is the length of the arrays that ODCI's types are: no query is meant to fill them.
const longestList = 32767

// grandTotal tells that GROUP BY may give a row without a row behind it.
func grandTotal(s *ir.Select) bool {
	for _, o := range s.GroupBy {
		if _, sets := o.Expr.(*ir.GroupingSet); sets {
			return true
		}
	}
	return false
}

// bits: BIT_AND_AGG and its likes take whole numbers, cut to them, and leave NULLs out. What needs more than 64 bits is an error on the target.
func (l *lowering) bits(e *ir.Aggregate) ir.Expr {
	if e.Over != nil {
		return l.refuse(refusedFunction, e, "%s over a window", e.Name)
	}
	x := build.Call("trunc", e.Args[0], e.Args[0].TypeOf(), code, numeric(e.Args[0]))
	e.Args[0] = build.As(x, "bigint", types.Int{Bits: 64}, code)
	e.TargetName = strings.ToLower(strings.TrimSuffix(e.Name, "_AGG"))
	t := e.Type
	e.Type = types.Int{Bits: 64}
	return build.As(e, "numeric", t, code)
}

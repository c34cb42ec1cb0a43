package division

import (
	"strings"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

// merged moves the rounding of quotients out of derived tables and common table expressions that the source merges into the query
// around them: arithmetic on them goes on with all digits there.
func (r rounder) merged() {
	for range 4 {
		outer := map[*ir.Name]bool{}
		for it, names := range r.references() {
			x, ok := r.full[it.Expr]
			if !ok || it.Alias.Text == "" {
				continue
			}
			it.Expr = x
			for _, n := range names {
				outer[n] = true
			}
		}
		if len(outer) == 0 {
			return
		}
		r.roundOutside(outer)
	}
}

// references finds the select items of merged queries that hold quotients, with the names that refer to them.
func (r rounder) references() map[*ir.SelectItem][]*ir.Name {
	out, shown := map[*ir.SelectItem][]*ir.Name{}, map[ir.Query]bool{}
	for _, s := range r.p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.Name:
				o, ok := n.Ref.(*ir.OutputRef)
				if !ok {
					return true
				}
				if q := mergeable(o.From); q != nil {
					if it := item(q, o.Column); it != nil {
						out[it] = append(out[it], n)
					}
				}
			case *ir.Select:
				for _, it := range n.Items {
					if _, star := it.Expr.(*ir.Star); star {
						stars(n, shown)
					}
				}
			case *ir.Join:
				if len(n.Using) > 0 || n.Natural {
					for q := range under(n) {
						shown[q] = true
					}
				}
			}
			return true
		})
	}
	for it := range out {
		for q := range shown {
			if s, ok := q.(*ir.Select); ok && has(s, it) {
				delete(out, it)
			}
		}
	}
	return out
}

func has(s *ir.Select, it *ir.SelectItem) bool {
	for _, x := range s.Items {
		if x == it {
			return true
		}
	}
	return false
}

// stars notes the queries whose columns a star shows as they are.
func stars(s *ir.Select, shown map[ir.Query]bool) {
	for _, f := range s.From {
		for q := range under(f) {
			shown[q] = true
		}
	}
}

func under(n ir.Node) map[ir.Query]bool {
	out := map[ir.Query]bool{}
	ir.Walk(n, func(n ir.Node) bool {
		if f, ok := n.(ir.TableExpr); ok {
			if q := mergeable(f); q != nil {
				out[q] = true
			}
		}
		return true
	})
	return out
}

// mergeable is the query of a derived table or common table expression that the source merges into the query around it; nil otherwise.
func mergeable(f ir.TableExpr) *ir.Select {
	var q ir.Query
	switch f := f.(type) {
	case *ir.Derived:
		if len(f.Columns) == 0 {
			q = f.Query
		}
	case *ir.TableRef:
		if f.CTE != nil && len(f.CTE.Columns) == 0 {
			q = f.CTE.Query
		}
	}
	s, ok := q.(*ir.Select)
	if !ok || s.Distinct || tree.Grouped(s) || s.Limit != nil || s.Offset != nil || len(s.From) == 0 {
		return nil
	}
	for _, it := range s.Items {
		if tree.HasWindow(it.Expr) || tree.HasAggregate(it.Expr) {
			return nil
		}
	}
	return s
}

func item(s *ir.Select, column string) *ir.SelectItem {
	for _, it := range s.Items {
		if strings.EqualFold(it.Alias.Text, column) {
			return it
		}
	}
	return nil
}

// roundOutside rounds the names where they are seen, and leaves them alone inside arithmetic, which is rounded itself. A group has
// the rounded value.
func (r rounder) roundOutside(names map[*ir.Name]bool) {
	inner := map[ir.Expr]bool{}
	for _, x := range r.full {
		inner[x] = true
	}
	fixed := map[ir.Expr]bool{}
	for _, s := range r.p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			if i, ok := n.(*ir.SelectItem); ok {
				if c, ok := i.Expr.(*ir.Name); ok && names[c] && i.Alias.Text == "" {
					i.Alias = c.Parts[len(c.Parts)-1]
				}
			}
			if q, ok := n.(*ir.Select); ok && tree.Grouped(q) {
				group(q, fixed)
			}
			return true
		})
	}
	r.p.Exprs(func(e ir.Expr) ir.Expr {
		if n, ok := e.(*ir.Name); ok {
			if !names[n] {
				return e
			}
			out := r.seen(n)
			if fixed[n] {
				delete(r.full, out)
			}
			return out
		}
		return r.again(e, inner)
	})
}

// group notes the names of a grouped query outside of aggregates.
func group(q *ir.Select, fixed map[ir.Expr]bool) {
	note := func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Aggregate, ir.Query:
			return false
		case *ir.Name:
			fixed[n] = true
		}
		return true
	}
	for _, it := range q.Items {
		ir.Walk(it, note)
	}
	for _, o := range append(append([]*ir.OrderItem(nil), q.GroupBy...), q.OrderBy...) {
		ir.Walk(o, note)
	}
	if q.Having != nil {
		ir.Walk(q.Having, note)
	}
}

// again opens rounded operands of what has been converted before.
func (r rounder) again(e ir.Expr, inner map[ir.Expr]bool) ir.Expr {
	switch e := e.(type) {
	case *ir.TargetCall:
		if _, rounded := r.full[e]; rounded || e.Name == "nullif" && len(e.Args) == 2 && build.IsNumeric(e.Args[0]) {
			e.Args[0] = r.open(e.Args[0])
		}
		return e
	case *ir.Div:
		e.L, e.R = r.open(e.L), r.open(e.R)
		return e
	case *ir.Mod:
		e.L, e.R = r.open(e.L), r.open(e.R)
		return e
	case *ir.Binary:
		if inner[e] {
			e.L, e.R = r.open(e.L), r.open(e.R)
			return e
		}
	case *ir.Unary:
		if inner[e] {
			e.X = r.open(e.X)
			return e
		}
	case *ir.Case, *ir.Subquery:
		if inner[e] {
			return r.inside(e)
		}
	case *ir.Call:
		if inner[e] {
			return r.inside(e)
		}
	case *ir.Aggregate:
		if len(e.Args) != 1 || e.Op != op.Avg && e.Op != op.Sum && e.Op != op.Min && e.Op != op.Max {
			return e
		}
		x := r.open(e.Args[0])
		if x == e.Args[0] || inner[e] {
			e.Args[0] = x
			return e
		}
		e.Args[0] = x
		if _, decimal := e.Type.(types.Decimal); decimal {
			return r.seen(e)
		}
		return e
	}
	return r.expr(e)
}

// inside opens the operands of a choice that is rounded already.
func (r rounder) inside(e ir.Expr) ir.Expr {
	x := r.expr(e)
	if y := r.open(x); y != x {
		delete(r.full, x)
		return y
	}
	return e
}

package connectby

import (
	"godwit/ir"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

var turned = map[ir.CompareOp]ir.CompareOp{ir.Lt: ir.Gt, ir.Le: ir.Ge, ir.Gt: ir.Lt, ir.Ge: ir.Le}

// generate makes a series of numbers of CONNECT BY LEVEL <= n without a table.
func generate(p *rewrite.Pass, s *ir.Select) {
	if s.Siblings || len(s.Lock) > 0 || s.Connect.Start != nil {
		refuse(p, s, "START WITH, ORDER SIBLINGS BY or FOR UPDATE without a table")
		return
	}
	var last ir.Expr
	var open []ir.Expr
	for _, c := range tree.Conjuncts(s.Connect.By) {
		if distinguishes(c) {
			continue
		}
		n, ok := bound(c)
		if !ok || last != nil {
			open = append(open, c)
			continue
		}
		last = n
	}
	if len(open) > 0 {
		step(p, s, open)
		return
	}
	if last == nil {
		refuse(p, s, "CONNECT BY without an end")
		return
	}
	f := &ir.TableFunc{Alias: ir.Ident{Text: "level"}}
	f.Call = build.Call("generate_series", last, types.Decimal{}, code, build.Cast(build.Int(1), types.Decimal{}, code), last)
	f.Span = s.Connect.Span
	f.Made(code)
	from(p, s, f)
}

// step makes a series of numbers that goes on while a condition is true of the next one, such as REGEXP_SUBSTR(list, '[^,]+', 1, LEVEL) IS NOT NULL.
func step(p *rewrite.Pass, s *ir.Select, open []ir.Expr) {
	if !has(s.Connect.By, func(n ir.Node) bool { return isPseudo(n, "level") }) {
		refuse(p, s.Connect, "CONNECT BY without a table and with a condition without LEVEL")
		return
	}
	at := s.Connect.Span
	column := func(from ir.TableExpr) ir.Expr {
		n := tree.Output("levels", "level", types.Decimal{})
		n.Span, n.Ref = at, &ir.OutputRef{From: from, Column: "level"}
		return n
	}
	cte := &ir.CTE{Name: ir.Ident{Text: "levels"}, Columns: []ir.Ident{{Text: "level"}}}
	ref := func() *ir.TableRef {
		t := &ir.TableRef{Name: ir.Qualified("", "levels"), CTE: cte}
		t.Span = at
		return t
	}
	before := ref()
	up := func() ir.Expr {
		return build.Make(&ir.Binary{Op: ir.Add, L: column(before), R: build.Int(1)}, column(before), types.Decimal{}, code)
	}
	var cond ir.Expr
	for _, c := range tree.Conjuncts(s.Connect.By) {
		if distinguishes(c) {
			continue
		}
		c = ir.MapExprs(c, func(e ir.Expr) ir.Expr {
			if isPseudo(e, "level") {
				return up()
			}
			return e
		})
		if has(c, func(n ir.Node) bool { _, q := n.(*ir.Pseudo); _, r := n.(*ir.Prior); return q || r }) {
			refuse(p, c, "CONNECT BY without a table and with another condition than one on LEVEL")
			return
		}
		cond = tree.And(cond, c)
	}
	one := build.Cast(build.Int(1), types.Decimal{}, code)
	one.Base().Span = at
	first := tree.Select([]*ir.SelectItem{tree.Item(one, "")}, nil, nil)
	next := tree.Select([]*ir.SelectItem{tree.Item(up(), "")}, []ir.TableExpr{before}, cond)
	first.Span, next.Span = at, at
	u := &ir.SetOp{Kind: ir.Union, All: true, L: first, R: next}
	u.Span, u.Row = at, &types.Row{Names: []string{"level"}, Types: []types.Type{types.Decimal{}}}
	cte.Query, cte.Span = u, at
	all := ref()
	q := tree.Select([]*ir.SelectItem{tree.Item(column(all), "level")}, []ir.TableExpr{all}, nil)
	q.With = &ir.With{Recursive: true, CTEs: []*ir.CTE{cte}}
	q.Span, q.With.Span = at, at
	d := &ir.Derived{Query: q, Alias: ir.Ident{Text: "levels"}}
	d.Span = at
	d.Made(code)
	from(p, s, d)
}

// from takes the numbers from the item of FROM that makes them.
func from(p *rewrite.Pass, s *ir.Select, f ir.TableExpr) {
	rownum := s.Where == nil
	replace := func(e ir.Expr) ir.Expr {
		if isPseudo(e, "level") || rownum && isPseudo(e, "rownum") {
			n := tree.Output("", "level", types.Decimal{})
			n.Span = e.Base().Span
			n.Ref = &ir.OutputRef{From: f, Column: "level"}
			return n
		}
		return e
	}
	s.Connect = nil
	each(s, func(e ir.Expr) ir.Expr { return ir.MapExprs(e, replace) })
	s.From = []ir.TableExpr{f}
	if left := leftPseudo(s); left != nil {
		refuse(p, left, "CONNECT_BY_ISLEAF, PRIOR and the like without a table")
	}
}

// distinguishes tells PRIOR SYS_GUID() IS NOT NULL: it is always true, and there so that rows are never taken for loops.
func distinguishes(c ir.Expr) bool {
	n, ok := c.(*ir.IsNull)
	if !ok || !n.Not {
		return false
	}
	x, ok := ir.Bare(n.X).(*ir.Prior)
	return ok && !has(x.X, func(n ir.Node) bool { _, name := n.(*ir.Name); return name }) && has(x.X, changes)
}

// changes tells a call that gives another value each time.
func changes(n ir.Node) bool {
	switch n.(type) {
	case *ir.Call, *ir.RoutineCall, *ir.HelperCall, *ir.TargetCall, *ir.Invoke:
		return true
	}
	return false
}

// bound is the number of the last row; the first row is there whatever the condition says.
func bound(c ir.Expr) (ir.Expr, bool) {
	x, ok := c.(*ir.Compare)
	if !ok {
		return nil, false
	}
	o, n := x.Op, x.R
	if !counts(x.L) {
		if !counts(x.R) {
			return nil, false
		}
		o, n = turned[x.Op], x.L
	}
	if has(n, func(n ir.Node) bool { _, p := n.(*ir.Pseudo); _, q := n.(*ir.Prior); return p || q }) {
		return nil, false
	}
	v, literal := build.IntLiteral(n)
	switch {
	case literal && o == ir.Le:
		return build.Int(max(v, 1)), true
	case literal && o == ir.Lt:
		return build.Int(max(v-1, 1)), true
	case o == ir.Le:
		return first(n, n), true
	case o == ir.Lt:
		up := build.Call("ceil", n, types.Decimal{}, code, n)
		b := build.Make(&ir.Binary{Op: ir.Sub, L: up, R: build.Int(1)}, n, types.Decimal{}, code)
		return first(b, n), true
	}
	return nil, false
}

func counts(e ir.Expr) bool {
	return isPseudo(ir.Bare(e), "level") || isPseudo(ir.Bare(e), "rownum")
}

func first(n, like ir.Expr) ir.Expr {
	return build.Call("greatest", like, types.Decimal{}, code, n, build.Int(1))
}

// each maps the expressions of a query that belong to its result: not its FROM.
func each(s *ir.Select, f func(ir.Expr) ir.Expr) {
	for _, it := range s.Items {
		it.Expr = f(it.Expr)
	}
	for _, e := range []*ir.Expr{&s.Where, &s.Having, &s.Limit, &s.Offset} {
		if *e != nil {
			*e = f(*e)
		}
	}
	orders := append(append([]*ir.OrderItem(nil), s.GroupBy...), s.OrderBy...)
	for _, w := range s.Windows {
		for i := range w.PartitionBy {
			w.PartitionBy[i] = f(w.PartitionBy[i])
		}
		orders = append(orders, w.OrderBy...)
	}
	for _, o := range orders {
		if o.Expr != nil {
			o.Expr = f(o.Expr)
		}
	}
}

// leftPseudo is something of a hierarchical query that is left in the query itself.
func leftPseudo(s *ir.Select) (found ir.Node) {
	tree.InSelects(s, func(n ir.Node, in *ir.Select) bool {
		if in != s {
			return true
		}
		switch x := n.(type) {
		case *ir.Prior, *ir.RootOf:
			found = n
		case *ir.Pseudo:
			switch x.Name {
			case "level", "connect_by_isleaf", "connect_by_iscycle":
				found = n
			}
		case *ir.Call:
			if isPath(n) {
				found = n
			}
		}
		return found == nil
	})
	return found
}

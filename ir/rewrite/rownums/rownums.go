// Package rownums holds the rule for ROWNUM.
package rownums

import (
	"slices"
	"strconv"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

const code = "QY0320"

var unclear = &diag.Code{
	ID: "QY0321", Title: "ROWNUM in a place that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
	Doc: "ROWNUM numbers the rows that pass WHERE, before they are grouped or sorted. A condition on it is converted where it limits the rows from above and stands beside the others by AND " +
		"(Oracle SQL Language Reference, ROWNUM Pseudocolumn).",
	Next: "Write the limit with FETCH FIRST, or the number with ROW_NUMBER() OVER (...).", Each: 0.5,
}

var order = &diag.Code{
	ID: "QY0392", Title: "Rows numbered by ROWNUM in an UPDATE", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc:  "UPDATE ... SET n = ROWNUM numbers the rows in the order in which the source comes to them, which nothing defines. The target numbers them in its own. Assumed: any order will do.",
	Next: "Number the rows by ROW_NUMBER() OVER (ORDER BY ...) where the order counts.",
}

// Rule makes limits and row numbers of ROWNUM.
func Rule() *rewrite.Rule {
	setup := "CREATE TABLE t (id NUMBER, v NUMBER);"
	return &rewrite.Rule{
		Code: code, Name: "rownums",
		Doc: "ROWNUM <= n beside other conditions is LIMIT n. Where the same query groups or sorts, it does so with the rows that were limited before: they come from a subquery. In a select list ROWNUM is row_number() OVER (), " +
			"which numbers rows in the order of a subquery in FROM. UPDATE and DELETE change the rows that such a subquery finds (Oracle SQL Language Reference, ROWNUM Pseudocolumn).",
		Examples: []rewrite.Example{
			{From: dialect.Oracle, Setup: setup, Source: "SELECT id FROM t WHERE v > 1 AND ROWNUM <= 3;", Target: "SELECT id FROM t WHERE v > 1 LIMIT 3;"},
			{From: dialect.Oracle, Setup: setup, Source: "SELECT ROWNUM AS n, id FROM (SELECT id FROM t ORDER BY v) q WHERE ROWNUM < 3;",
				Target: "SELECT row_number() OVER () AS n, id FROM (SELECT id FROM t ORDER BY v) AS q LIMIT 2;"},
			{From: dialect.Oracle, Setup: setup, Source: "DELETE FROM t WHERE v > 1 AND ROWNUM <= 3;",
				Target: "DELETE FROM t WHERE ctid = ANY(ARRAY(SELECT ctid FROM t WHERE v > 1 LIMIT 3));"},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{unclear, order},
		Looks:    ir.Kinds(ir.KindPseudo),
		After:    map[string]string{"outerjoins": "the tables are joined before their rows are limited", "connect-by": "rows are numbered behind the walk"},
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	p.Nodes(func(n ir.Node) ir.Node {
		switch s := n.(type) {
		case *ir.Select:
			return query(p, s)
		case *ir.Update:
			if hasRownum(s) {
				change(p, s, &s.Where, s.Tables)
			}
		case *ir.Delete:
			if hasRownum(s) {
				change(p, s, &s.Where, s.From)
			}
		}
		return n
	})
}

func isRownum(n ir.Node) bool {
	x, ok := n.(*ir.Pseudo)
	return ok && x.Name == "rownum"
}

// hasRownum tells that ROWNUM of this query is in the node, not that of a query inside.
func hasRownum(n ir.Node) bool {
	found := false
	var visit func(ir.Node)
	visit = func(x ir.Node) {
		if isRownum(x) {
			found = true
		}
		if q, ok := x.(ir.Query); ok && ir.Node(q) != n {
			return
		}
		ir.Children(x, visit)
	}
	visit(n)
	return found
}

func query(p *rewrite.Pass, s *ir.Select) ir.Node {
	if !hasRownum(s) {
		return s
	}
	limit, rest, ok := limits(p, s.Where)
	if !ok {
		rewrite.Refuse(p, unclear, s.Span, "ROWNUM in WHERE")
		return s
	}
	if limit != nil {
		if !apart(s) {
			if s.Limit != nil || s.Offset != nil || s.Connect != nil {
				rewrite.Refuse(p, unclear, s.Span, "ROWNUM beside FETCH FIRST or CONNECT BY")
				return s
			}
			s.Where, s.Limit = rest, limit
		} else if !limitFirst(s, rest, limit) {
			rewrite.Refuse(p, unclear, s.Span, "ROWNUM in a query that groups or sorts rows of several tables")
			return s
		}
	}
	if hasRownum(s) && (len(s.GroupBy) > 0 || s.Distinct || aggregates(s)) {
		if limit == nil && !limitFirst(s, rest, nil) || !inner(s) {
			rewrite.Refuse(p, unclear, s.Span, "ROWNUM beside groups")
		}
		return s
	}
	return numbered(p, s)
}

// inner numbers the rows in the subquery that they come from, for a query that groups them.
func inner(s *ir.Select) bool {
	d, ok := s.From[0].(*ir.Derived)
	if !ok || slices.ContainsFunc(s.Items, func(it *ir.SelectItem) bool { _, star := it.Expr.(*ir.Star); return star }) {
		return false
	}
	in, ok := d.Query.(*ir.Select)
	if !ok {
		return false
	}
	replace := func(e ir.Expr) ir.Expr {
		return ir.MapExprs(e, func(e ir.Expr) ir.Expr {
			if !isRownum(e) {
				return e
			}
			n := &ir.Name{Parts: []ir.Ident{d.Alias, {Text: "rownum"}}, Ref: &ir.OutputRef{From: d, Column: "rownum"}}
			return build.Make(n, e, e.TypeOf(), code)
		})
	}
	for _, it := range s.Items {
		it.Expr = replace(it.Expr)
	}
	for _, o := range append(append([]*ir.OrderItem(nil), s.GroupBy...), s.OrderBy...) {
		if o.Expr != nil {
			o.Expr = replace(o.Expr)
		}
	}
	if s.Having != nil {
		s.Having = replace(s.Having)
	}
	a := &ir.Aggregate{Name: "ROW_NUMBER", TargetName: "row_number", Over: &ir.WindowDef{}}
	a.Span, a.Over.Span, a.Type = s.Span, s.Span, types.Int{Bits: 64}
	a.Made(code)
	it := &ir.SelectItem{Expr: a, Alias: ir.Ident{Text: "rownum"}}
	it.Span = s.Span
	in.Items = append(in.Items, it)
	return !hasRownum(s)
}

// apart tells that the query does something with the rows that were limited.
func apart(s *ir.Select) bool {
	return len(s.OrderBy) > 0 || len(s.GroupBy) > 0 || s.Having != nil || s.Distinct || len(s.Lock) > 0 || aggregates(s) || windows(s)
}

func aggregates(s *ir.Select) bool {
	return slices.ContainsFunc(s.Items, func(it *ir.SelectItem) bool {
		return find(it.Expr, func(n ir.Node) bool { a, ok := n.(*ir.Aggregate); return ok && a.Over == nil })
	})
}

func windows(s *ir.Select) bool {
	return slices.ContainsFunc(s.Items, func(it *ir.SelectItem) bool {
		return find(it.Expr, func(n ir.Node) bool { a, ok := n.(*ir.Aggregate); return ok && a.Over != nil })
	})
}

// find looks in an expression, and not in queries inside.
func find(n ir.Node, f func(ir.Node) bool) bool {
	if f(n) {
		return true
	}
	if _, ok := n.(ir.Query); ok {
		return false
	}
	found := false
	ir.Children(n, func(x ir.Node) { found = found || find(x, f) })
	return found
}

// limitFirst lets the rows of the one table of the query come from a subquery that limits them.
func limitFirst(s *ir.Select, where, limit ir.Expr) bool {
	if len(s.From) != 1 || s.Connect != nil {
		return false
	}
	t, ok := s.From[0].(*ir.TableRef)
	if !ok {
		return wrapDerived(s, where, limit)
	}
	alias := t.Alias
	if alias.Text == "" {
		alias = ir.Ident{Text: t.Name.Name()}
	}
	star := &ir.Star{}
	star.Span = t.Span
	in := &ir.Select{Items: []*ir.SelectItem{{Expr: star}}, From: []ir.TableExpr{t}, Where: where}
	in.Span, in.Limit, in.Items[0].Span = s.Span, limit, t.Span
	d := &ir.Derived{Query: in, Alias: alias}
	d.Span = t.Span
	d.Made(code)
	s.From[0], s.Where = d, nil
	return unqualified(s, alias)
}

// unqualified takes the schema off the columns of the table, which comes from a subquery now.
func unqualified(s *ir.Select, alias ir.Ident) bool {
	ir.Walk(s, func(n ir.Node) bool {
		if x, ok := n.(*ir.Name); ok && len(x.Parts) > 2 && x.Parts[len(x.Parts)-2].Text == alias.Text {
			if _, column := x.Ref.(*ir.ColumnRef); column {
				x.Parts = x.Parts[len(x.Parts)-2:]
			}
		}
		return true
	})
	return true
}

// wrapDerived limits the rows of a subquery by another one around it.
func wrapDerived(s *ir.Select, where, limit ir.Expr) bool {
	d, ok := s.From[0].(*ir.Derived)
	if !ok || d.Alias.Text == "" && where != nil && qualifies(s) {
		return false
	}
	star := &ir.Star{}
	star.Span = d.Span
	in := &ir.Select{Items: []*ir.SelectItem{{Expr: star}}, From: []ir.TableExpr{d}, Where: where}
	in.Span, in.Limit, in.Items[0].Span = s.Span, limit, d.Span
	outer := &ir.Derived{Query: in, Alias: d.Alias}
	outer.Span = d.Span
	outer.Made(code)
	s.From[0], s.Where = outer, nil
	return true
}

func qualifies(s *ir.Select) bool {
	return find(s, func(n ir.Node) bool { x, ok := n.(*ir.Name); return ok && len(x.Parts) > 1 })
}

// numbered puts row numbers in the place of ROWNUM in the select list; anywhere else it is refused.
func numbered(p *rewrite.Pass, s *ir.Select) ir.Node {
	for _, it := range s.Items {
		if !hasRownum(it) {
			continue
		}
		if isRownum(it.Expr) && it.Alias.Text == "" { // what reads the row asks for it by this name
			it.Alias = ir.Ident{Text: "rownum"}
		}
		it.Expr = ir.MapExprs(it.Expr, func(e ir.Expr) ir.Expr {
			if !isRownum(e) {
				return e
			}
			a := build.Make(&ir.Aggregate{Name: "ROW_NUMBER", TargetName: "row_number", Over: &ir.WindowDef{}}, e, e.TypeOf(), code)
			a.Over.Span = a.Span
			return a
		})
	}
	if hasRownum(s) {
		rewrite.Refuse(p, unclear, s.Span, "ROWNUM in ORDER BY or a condition of a join")
	}
	return s
}

// limits takes the conditions on ROWNUM out of a condition: limit is the number of rows, nil if there is none.
func limits(p *rewrite.Pass, where ir.Expr) (limit, rest ir.Expr, ok bool) {
	if where == nil {
		return nil, nil, true
	}
	for _, c := range tree.Conjuncts(where) {
		if !hasRownum(c) {
			rest = and(rest, c)
			continue
		}
		n, found := bound(p, c)
		if !found {
			return nil, nil, false
		}
		if limit != nil {
			limit = least(limit, n)
			continue
		}
		limit = n
	}
	return limit, rest, true
}

func least(a, b ir.Expr) ir.Expr {
	x, xok := build.IntLiteral(a)
	y, yok := build.IntLiteral(b)
	if xok && yok {
		if y < x {
			return b
		}
		return a
	}
	return build.Call("least", a, types.Int{Bits: 64}, code, a, b)
}

func and(a, b ir.Expr) ir.Expr {
	if a == nil {
		return b
	}
	x := &ir.Binary{Op: ir.And, L: a, R: b}
	x.Span, x.Type = a.Base().Span, types.Bool{}
	return x
}

// bound is the number of rows that a condition on ROWNUM lets pass: ROWNUM counts rows that pass, so that one that begins above 1 lets none pass.
func bound(p *rewrite.Pass, c ir.Expr) (ir.Expr, bool) {
	switch c := c.(type) {
	case *ir.Compare:
		op, n := c.Op, c.R
		if !isRownum(ir.Bare(c.L)) {
			if !isRownum(ir.Bare(c.R)) {
				return nil, false
			}
			op, n = turned[c.Op], c.L
		}
		return passing(op, n)
	case *ir.Between:
		if lo, ok := integer(c.Lo); !c.Not && ok && isRownum(ir.Bare(c.X)) {
			if lo > 1 {
				return number(0, c), true
			}
			return passing(ir.Le, c.Hi)
		}
	}
	return nil, false
}

var turned = map[ir.CompareOp]ir.CompareOp{ir.Eq: ir.Eq, ir.Ne: ir.Ne, ir.Lt: ir.Gt, ir.Le: ir.Ge, ir.Gt: ir.Lt, ir.Ge: ir.Le}

func integer(e ir.Expr) (int64, bool) { return build.IntLiteral(ir.Bare(e)) }

func passing(op ir.CompareOp, n ir.Expr) (ir.Expr, bool) {
	if hasRownum(n) || find(n, func(x ir.Node) bool { return column(x) }) {
		return nil, false
	}
	v, literal := integer(n)
	switch {
	case literal && op == ir.Le:
		return number(max(v, 0), n), true
	case literal && op == ir.Lt:
		return number(max(v-1, 0), n), true
	case literal && op == ir.Eq:
		if v == 1 {
			return number(1, n), true
		}
		return number(0, n), true
	case literal && (op == ir.Ge && v > 1 || op == ir.Gt && v > 0):
		return number(0, n), true
	case literal && op == ir.Ne && v > 0:
		return number(v-1, n), true
	}
	switch op {
	case ir.Le:
		return whole("floor", n), true
	case ir.Lt:
		up := build.Op("-", n, types.Decimal{}, code, build.Call("ceil", n, types.Decimal{}, code, n), build.Int(1))
		return atLeast(up), true
	}
	return nil, false
}

// column tells a value that differs from row to row.
func column(n ir.Node) bool {
	x, ok := n.(*ir.Name)
	if !ok {
		return false
	}
	switch x.Ref.(type) {
	case *ir.ColumnRef, *ir.OutputRef:
		return true
	}
	return false
}

// whole is a number of rows that a value stands for; NULL lets none pass.
func whole(function string, n ir.Expr) ir.Expr {
	return atLeast(build.Call(function, n, types.Decimal{}, code, n))
}

func atLeast(n ir.Expr) ir.Expr {
	return build.Call("greatest", n, types.Decimal{}, code, build.Call("coalesce", n, types.Decimal{}, code, n, build.Int(0)), build.Int(0))
}

func number(v int64, like ir.Expr) ir.Expr {
	n := build.Make(&ir.Number{Text: strconv.FormatInt(v, 10)}, like, types.Int{Bits: 64}, code)
	return n
}

// change limits the rows of UPDATE and DELETE.
func change(p *rewrite.Pass, s ir.Stmt, where *ir.Expr, tables []ir.TableExpr) {
	limit, rest, ok := limits(p, *where)
	var t *ir.TableRef
	if len(tables) == 1 {
		t, _ = tables[0].(*ir.TableRef)
	}
	if u, update := s.(*ir.Update); ok && t != nil && update && setsRownum(u) {
		numberedChange(p, u, t, rest, limit)
		return
	}
	if !ok || limit == nil || t == nil {
		rewrite.Refuse(p, unclear, s.Base().Span, "ROWNUM in a change of rows")
		return
	}
	in := rowsOf(s, t, rest, limit)
	rows := build.Make(&ir.Subquery{Query: in, Array: true}, ctid(s), types.Array{Elem: types.Named{Name: "tid"}}, code)
	*where = build.Op("=", ctid(s), types.Bool{}, code, ctid(s), build.Call("ANY", ctid(s), types.Bool{}, code, rows))
	if hasRownum(s) {
		rewrite.Refuse(p, unclear, s.Base().Span, "ROWNUM in a change of rows")
	}
}

// rowsOf is the query of the rows of a table that a change takes.
func rowsOf(s ir.Stmt, t *ir.TableRef, rest, limit ir.Expr) *ir.Select {
	inner := *t
	in := &ir.Select{Items: []*ir.SelectItem{{Expr: ctid(s)}}, From: []ir.TableExpr{&inner}, Where: rest}
	in.Span, in.Limit, in.Items[0].Span = s.Base().Span, limit, s.Base().Span
	if in.Where != nil {
		in.Where = ir.MapExprs(in.Where, func(e ir.Expr) ir.Expr {
			if x, isName := e.(*ir.Name); isName {
				if r, isColumn := x.Ref.(*ir.ColumnRef); isColumn && r.From == ir.TableExpr(t) {
					own := *r
					own.From = &inner
					x.Ref = &own
				}
			}
			return e
		})
	}
	return in
}

func setsRownum(u *ir.Update) bool {
	return slices.ContainsFunc(u.Sets, func(a *ir.Assign) bool { return a.Value != nil && hasRownum(a.Value) })
}

// numberedChange numbers the rows that UPDATE changes in a subquery beside the table.
func numberedChange(p *rewrite.Pass, u *ir.Update, t *ir.TableRef, rest, limit ir.Expr) {
	if len(u.From) > 0 || u.WhereCurrentOf != "" {
		rewrite.Refuse(p, unclear, u.Span, "ROWNUM in a change of rows")
		return
	}
	in := rowsOf(u, t, rest, limit)
	row := &ir.Aggregate{Name: "ROW_NUMBER", TargetName: "row_number", Over: &ir.WindowDef{}}
	row.Over.Span = u.Span
	in.Items = append(in.Items, &ir.SelectItem{Expr: build.Make(row, ctid(u), types.Int{Bits: 64}, code), Alias: ir.Ident{Text: "row_number"}})
	in.Items[1].Span = u.Span
	d := &ir.Derived{Query: in, Alias: ir.Ident{Text: "numbered_rows"}}
	d.Span = u.Span
	d.Made(code)
	named := func(qualifier, column string, typ types.Type) *ir.Name {
		n := tree.Output(qualifier, column, typ)
		n.Span = u.Span
		n.Made(code)
		return n
	}
	for _, a := range u.Sets {
		if a.Value != nil {
			a.Value = ir.MapExprs(a.Value, func(e ir.Expr) ir.Expr {
				if isRownum(e) {
					return named("numbered_rows", "row_number", e.TypeOf())
				}
				return e
			})
		}
	}
	tid := types.Named{Name: "tid"}
	u.From = []ir.TableExpr{d}
	u.Where = build.Op("=", ctid(u), types.Bool{}, code, named(tree.NameOf(t), "CTID", tid), named("numbered_rows", "CTID", tid))
	if hasRownum(u) {
		rewrite.Refuse(p, unclear, u.Span, "ROWNUM in a change of rows")
		return
	}
	p.Report(order, u.Span, "the rows are numbered in the order in which the target reads them")
}

func ctid(s ir.Stmt) *ir.Name {
	n := &ir.Name{Parts: []ir.Ident{{Text: "CTID"}}}
	n.Span, n.Type = s.Base().Span, types.Named{Name: "tid"}
	n.Made(code)
	return n
}

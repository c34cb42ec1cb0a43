// Package orderalias holds the rule for expressions over aliases in ORDER BY and GROUP BY.
package orderalias

import (
	"strconv"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/having"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

var (
	twice = &diag.Code{
		ID: "QY0102", Title: "ORDER BY computes with a select item that differs at each evaluation", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "The source evaluates the item once per row; PostgreSQL would evaluate it again for the order.",
		Next:  "Put the query into a derived table and sort outside.",
		Learn: 0.2, Each: 0.3,
	}
	distinct = &diag.Code{
		ID: "QY0103", Title: "SELECT DISTINCT is sorted by what is not in its list", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "Rows that DISTINCT makes one may have several values to sort by; the source takes any of them, without ONLY_FULL_GROUP_BY only.",
		Next:  "Add the expression to the select list, or group and sort by an aggregate.",
		Learn: 0.3, Each: 0.3,
	}
	rollup = &diag.Code{
		ID: "QY0707", Title: "WITH ROLLUP over a constant", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The rows that sum up stand behind the others, which GROUPING tells apart on the target; it takes no constant of GROUP BY.",
		Next: "Leave the constant out of GROUP BY.", Each: 0.1,
	}
)

var repeated = &diag.Code{
	ID: "QY0884", Title: "WITH ROLLUP over one expression twice", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  "The source sums up for each place of GROUP BY, also where two places hold the same column, and shows NULL for it in the total rows of either; grouping sets of the target know a column once.",
	Next: "Name the column once in GROUP BY.", Each: 0.1,
}

// Rule is QY0004.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: "QY0004", Name: "order-alias",
		Doc: `ORDER BY and GROUP BY may compute with aliases of the select list (MySQL Reference Manual, "Problems with Column Aliases"). PostgreSQL
knows an alias only where it stands alone: elsewhere the expression takes its place. A set operation that is sorted by an
expression becomes a derived table, because PostgreSQL sorts set operations by output columns only. SELECT DISTINCT that is sorted by an
expression outside its list becomes GROUP BY. Literals in ORDER BY and GROUP BY, which PostgreSQL refuses, are left out. The order that WITH ROLLUP and GROUP BY ... DESC imply is spelt.`,
		Examples: []rewrite.Example{
			{Setup: "CREATE TABLE t (id INT PRIMARY KEY, n INT NOT NULL);", Source: "SELECT id, n * 2 AS d FROM t ORDER BY -d;", Target: "SELECT id, n::bigint * 2 AS d FROM t ORDER BY -(n::bigint * 2);"},
			{Setup: "CREATE TABLE t (id INT PRIMARY KEY, n INT NOT NULL);", Source: "SELECT DISTINCT n FROM t ORDER BY -n;", Target: "SELECT n FROM t GROUP BY 1 ORDER BY -n::bigint;"},
			{Setup: "CREATE TABLE t (id INT PRIMARY KEY, n INT NOT NULL);", Source: "SELECT n, COUNT(*) FROM t GROUP BY n WITH ROLLUP;", Target: "SELECT n, count(*) FROM t GROUP BY ROLLUP (n) HAVING count(*) > 0 ORDER BY grouping(n), n NULLS FIRST;"},
			{Setup: "CREATE TABLE t (id INT PRIMARY KEY, n INT NOT NULL);", Source: "SELECT COUNT(*) FROM t GROUP BY NULL ORDER BY NULL;", Target: "SELECT count(*) FROM t HAVING count(*) > 0;"},
			{Setup: "CREATE TABLE t (id INT PRIMARY KEY, n INT NOT NULL);", Source: "SELECT n AS d FROM t GROUP BY d ORDER BY d;", Target: "SELECT n AS d FROM t GROUP BY d ORDER BY d;"},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{twice, distinct, rollup, repeated},
		After:    map[string]string{"having": "it leaves aliases in ORDER BY"},
		Looks:    ir.Kinds(ir.KindOrderItem),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	p.Nodes(func(n ir.Node) ir.Node {
		switch n := n.(type) {
		case *ir.Select:
			sel(p, n)
		case *ir.SetOp:
			return setOp(p, n)
		}
		return n
	})
}

func sel(p *rewrite.Pass, s *ir.Select) {
	constants(p, s)
	if s.Rollup && repeats(s) {
		rewrite.Refuse(p, repeated, s.Span, "WITH ROLLUP over one expression twice")
		return
	}
	groupOrder(p, s)
	for _, list := range [][]*ir.OrderItem{s.GroupBy, s.OrderBy} {
		for _, o := range list {
			item(p, o)
		}
	}
	s.OrderBy = variable(s.OrderBy) // names of literals are literals now
	if !s.Distinct {
		return
	}
	for _, o := range s.OrderBy {
		if o.Position == 0 && !listed(s, o.Expr) {
			if !asGroups(p, s) {
				rewrite.Refuse(p, distinct, o.Span, "DISTINCT is sorted by an expression that is not in the select list")
			}
			return
		}
	}
}

// repeats tells that two places of GROUP BY hold the same.
func repeats(s *ir.Select) bool {
	for i, g := range s.GroupBy {
		for _, before := range s.GroupBy[:i] {
			if tree.Equal(keyOf(s, g), keyOf(s, before)) {
				return true
			}
		}
	}
	return false
}

// constants drops literals from ORDER BY and GROUP BY, which the target refuses. Without other groups, HAVING keeps the one group
// from standing for no rows; of no rows, the source's WITH ROLLUP makes no total either.
func constants(p *rewrite.Pass, s *ir.Select) {
	s.OrderBy = variable(s.OrderBy)
	if len(s.GroupBy) == 0 {
		return
	}
	if !s.Rollup {
		s.GroupBy = variable(s.GroupBy)
		if len(s.GroupBy) > 0 {
			return
		}
	}
	some := tree.Compare(ir.Gt, tree.CountStar(), tree.Int("0"))
	some.Made(p.Rule.Code)
	s.Having = tree.And(some, s.Having)
}

// groupOrder spells the order that GROUP BY ... DESC and WITH ROLLUP imply: total rows come behind the rows that they sum up.
func groupOrder(p *rewrite.Pass, s *ir.Select) {
	desc := false
	for _, g := range s.GroupBy {
		desc = desc || g.Desc
	}
	if len(s.OrderBy) > 0 || !s.Rollup && !desc {
		return
	}
	for _, g := range s.GroupBy {
		if s.Rollup && constant(keyOf(s, g)) {
			rewrite.Refuse(p, rollup, g.Span, "WITH ROLLUP over %s, which is the same for all rows", g.Span.Text())
			return
		}
		if s.Rollup {
			s.OrderBy = append(s.OrderBy, total(p, s, g))
		}
		o := ir.Clone(g)
		byNumber(p, s, o)
		o.Desc, o.Nulls = g.Desc, ir.NullsFirst
		if g.Desc {
			o.Nulls = ir.NullsLast
		}
		if !s.Rollup && o.Position == 0 && tree.NotNull(o.Expr, s) {
			o.Nulls = ir.NullsAny
		}
		o.Made(p.Rule.Code)
		s.OrderBy = append(s.OrderBy, o)
	}
}

// byNumber sorts a SET by its number.
func byNumber(p *rewrite.Pass, s *ir.Select, o *ir.OrderItem) {
	key := keyOf(s, o)
	t, set := key.TypeOf().(types.Set)
	if !set {
		return
	}
	labels := &ir.ArrayExpr{}
	for _, v := range t.Values {
		x := &ir.String{Value: v}
		x.Type = types.Text{}
		labels.Items = append(labels.Items, x)
	}
	labels.Type = types.Array{Elem: types.Text{}}
	h := p.Helper("set_bits", key, ir.Clone(key), labels)
	h.Type = types.Int{Bits: 64}
	o.Expr, o.Position = h, 0
}

// keyOf is the expression of a group, which may be given by number or alias.
func keyOf(s *ir.Select, g *ir.OrderItem) ir.Expr {
	if g.Position > 0 && g.Position <= len(s.Items) {
		return s.Items[g.Position-1].Expr
	}
	if n, ok := g.Expr.(*ir.Name); ok {
		if a, ok := n.Ref.(*ir.AliasRef); ok {
			return a.Item.Expr
		}
	}
	return g.Expr
}

// constant tells an expression without names and subqueries.
func constant(e ir.Expr) bool {
	return !ir.Find(e, func(n ir.Node) bool {
		switch n.(type) {
		case *ir.Name, *ir.Subquery, *ir.Exists, *ir.UserVar:
			return true
		}
		return false
	})
}

// total sorts the rows in which a group is summed up behind the others.
func total(p *rewrite.Pass, s *ir.Select, g *ir.OrderItem) *ir.OrderItem {
	key := keyOf(s, g)
	x := &ir.Aggregate{Op: op.Grouping, Name: "GROUPING", Args: []ir.Expr{ir.Clone(key)}, TargetName: "grouping"}
	x.Type = types.Int{Bits: 64}
	o := &ir.OrderItem{Expr: x, Nulls: ir.NullsAny}
	x.Span, o.Span = g.Span, g.Span
	o.Made(p.Rule.Code)
	return o
}

// variable are the items that are no literals.
func variable(list []*ir.OrderItem) []*ir.OrderItem {
	var out []*ir.OrderItem
	for _, o := range list {
		if o.Position > 0 || !tree.Literal(plain(o.Expr)) {
			out = append(out, o)
		}
	}
	return out
}

func plain(e ir.Expr) ir.Expr {
	switch x := e.(type) {
	case *ir.Collate:
		return plain(x.X)
	case *ir.BoolValue:
		return plain(x.X)
	case *ir.Unary:
		if x.Op == ir.Neg {
			return plain(x.X)
		}
	}
	return e
}

// asGroups makes groups of what DISTINCT makes one, so that the rest can be sorted by what the groups determine, or by the value of any
// row of a group (the rule lax-group-by). Where all groups of a query are listed, DISTINCT says nothing.
func asGroups(p *rewrite.Pass, s *ir.Select) bool {
	for _, it := range s.Items {
		if _, star := it.Expr.(*ir.Star); star || tree.HasWindow(it.Expr) {
			return false
		}
	}
	if tree.Grouped(s) {
		for _, g := range s.GroupBy {
			if g.Position == 0 && !listed(s, g.Expr) {
				return false
			}
		}
		s.Distinct = s.Rollup
		return !s.Rollup
	}
	for i := range s.Items {
		g := &ir.OrderItem{Expr: tree.Int(strconv.Itoa(i + 1)), Position: i + 1, Nulls: ir.NullsAny}
		g.Span = s.Items[i].Span
		g.Made(p.Rule.Code)
		s.GroupBy = append(s.GroupBy, g)
	}
	s.Distinct, s.LaxGroup = false, true
	return true
}

func item(p *rewrite.Pass, o *ir.OrderItem) {
	n, alone := o.Expr.(*ir.Name)
	if o.Position > 0 || alone && isAlias(n) {
		return
	}
	x, ok := having.Substitute(o.Expr)
	if !ok {
		rewrite.Refuse(p, twice, o.Span, "ORDER BY computes with the alias of an expression that differs at each evaluation")
		return
	}
	o.Expr = x
}

func isAlias(n *ir.Name) bool { _, ok := n.Ref.(*ir.AliasRef); return ok }

// listed tells whether an expression is one of the select items.
func listed(s *ir.Select, e ir.Expr) bool {
	if n, ok := e.(*ir.Name); ok && isAlias(n) {
		return true
	}
	for _, it := range s.Items {
		if st, ok := it.Expr.(*ir.Star); ok {
			if n, isName := e.(*ir.Name); isName && tree.From(n) != nil && (len(st.Qualifier) == 0 || st.Qualifier[len(st.Qualifier)-1].Text == tree.NameOf(tree.From(n))) {
				return true
			}
		}
		if tree.Equal(it.Expr, e) {
			return true
		}
	}
	return false
}

// setOp wraps a set operation that is sorted by more than plain output columns.
func setOp(p *rewrite.Pass, q *ir.SetOp) ir.Node {
	plain := true
	for _, o := range q.OrderBy {
		if _, name := o.Expr.(*ir.Name); !name && o.Position == 0 {
			plain = false
		}
	}
	if plain {
		return q
	}
	inner := *q
	inner.OrderBy, inner.Limit, inner.Offset, inner.Lock, inner.Into, inner.With = nil, nil, nil, nil, nil, nil
	d := &ir.Derived{Query: &inner, Alias: ir.Ident{Text: "u"}}
	d.Span = q.Span
	star := &ir.Star{}
	star.Type = types.Row{}
	if q.Row != nil {
		star.Type = *q.Row
	}
	s := &ir.Select{Items: []*ir.SelectItem{tree.Item(star, "")}, From: []ir.TableExpr{d}}
	s.QueryMeta = q.QueryMeta
	for _, o := range s.OrderBy {
		o.Expr = ir.Map(o.Expr, func(n ir.Node) ir.Node {
			if nm, ok := n.(*ir.Name); ok {
				if r, ok := nm.Ref.(*ir.OutputRef); ok && r.From == nil {
					r.From = d
				}
			}
			return n
		})
	}
	s.Made(p.Rule.Code)
	return s
}

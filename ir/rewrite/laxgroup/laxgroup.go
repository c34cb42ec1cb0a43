// Package laxgroup holds the rule for columns that are neither grouped nor aggregated.
package laxgroup

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/feature"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

var (
	anyRow = &diag.Code{
		ID: "QY0107", Title: "a column outside GROUP BY takes the value of any row of its group", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "Without ONLY_FULL_GROUP_BY the server is free to choose the row. The same freedom is taken on the target; where the column differs within a group the two may choose differently.",
		Next: "Check that the column is the same in all rows of a group, or say which value is meant.",
	}
	spelling = &diag.Code{
		ID: "QY0134", Title: "a group of texts that differ in case or accents shows one of them", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "GROUP BY, DISTINCT and UNION make one group of texts that are equal by their collation. Which spelling stands for the group is open on both sides; the source usually shows the first row's.",
		Each: 0.01,
	}
	loose = &diag.Code{
		ID: "QY0841", Title: "a column that is neither grouped nor aggregated", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The source raises ORA-00979, or ORA-00937 without GROUP BY (SQL Language Reference, SELECT, group_by_clause).",
		Next: "Name the column behind GROUP BY, or aggregate it.", Each: 0.2,
	}
	starred = &diag.Code{
		ID: "QY0108", Title: "* in a query with groups", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "The columns of * are not all grouped, and which row of the group they come from is open.",
		Next:  "List the columns, with an aggregate for those that are not grouped.",
		Learn: 0.2, Each: 0.3,
	}
)

// Rule is QY0008.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: "QY0008", Name: "lax-group-by", Feature: feature.LaxGroupBy,
		Doc: `A column that is neither grouped nor aggregated has the value of any row of the group (MySQL Reference Manual, "MySQL Handling of GROUP
BY"); with ONLY_FULL_GROUP_BY only where the grouped columns determine it. PostgreSQL sees that only where the primary key is
grouped. Elsewhere the column becomes any_value (PostgreSQL 16), min, or the first element of array_agg: the last where several
columns must come from one row, or where the type has no min; * without aggregates becomes DISTINCT ON. It is never added to GROUP BY, which would make more groups.`,
		Examples: []rewrite.Example{
			{Setup: "CREATE TABLE sale (id INT PRIMARY KEY, shop INT, shop_name DATE, amt INT);", Source: "SELECT shop, shop_name, COUNT(*) FROM sale GROUP BY shop;", Target: "SELECT shop, min(shop_name) AS shop_name, count(*) FROM sale GROUP BY shop;"},
			{Setup: "CREATE TABLE sale (id INT PRIMARY KEY, shop INT, amt INT);", Source: "SELECT * FROM sale GROUP BY shop;", Target: "SELECT DISTINCT ON (shop) * FROM sale;"},
			{Setup: "CREATE TABLE sale (id INT PRIMARY KEY, shop INT);", Source: "SELECT id, shop, COUNT(*) FROM sale GROUP BY id;", Target: "SELECT id, shop, count(*) FROM sale GROUP BY id;"},
		},
		Fidelity: diag.Assumed,
		Findings: []*diag.Code{anyRow, spelling, loose, starred},
		After: map[string]string{
			"having":      "aliases in HAVING have become expressions, and HAVING without groups is gone",
			"order-alias": "aliases in ORDER BY have become expressions",
			"null-order":  "NULLs are judged by the columns as they stand",
		},
		Looks: ir.Kinds(ir.KindSelect),
		Run:   run,
	}
}

func run(p *rewrite.Pass) {
	groups := p.May(ir.HasGroups, ir.KindAggregate)
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			switch q := n.(type) {
			case *ir.Select:
				if groups {
					sel(p, q)
				}
				q.LaxGroup = false
			case *ir.SetOp:
				sides(p, q)
			}
			return !p.Refused()
		})
	}
}

// spelt notes that a text in the list of groups has one of several spellings.
func spelt(p *rewrite.Pass, e ir.Expr) {
	t, ok := e.TypeOf().(types.Text)
	if !ok || !t.Collation.CaseInsensitive && !t.Collation.AccentInsensitive || tree.Literal(e) {
		return
	}
	for _, f := range p.Unit.Findings {
		if f.Code == spelling.ID {
			return
		}
	}
	p.Report(spelling, e.Base().Span, "texts that are equal by %s make one group, which shows one of them", t.Collation.Name)
}

// sides notes texts of which a set operation leaves out those that are equal.
func sides(p *rewrite.Pass, q *ir.SetOp) {
	if q.All {
		return
	}
	for _, side := range []ir.Query{q.L, q.R} {
		if s, ok := side.(*ir.Select); ok {
			for _, it := range s.Items {
				spelt(p, it.Expr)
			}
		}
	}
}

// group is one select that makes groups.
type group struct {
	p     *rewrite.Pass
	s     *ir.Select
	items map[ir.TableExpr]bool // the items of FROM of this select
	keys  []ir.Expr
	fixed map[ir.TableExpr]bool // tables whose primary key is grouped
	loose []*ir.Name
}

func sel(p *rewrite.Pass, s *ir.Select) {
	if s.Distinct {
		for _, it := range s.Items {
			spelt(p, it.Expr)
		}
	}
	if !tree.Grouped(s) {
		return
	}
	g := &group{p: p, s: s, items: map[ir.TableExpr]bool{}, fixed: map[ir.TableExpr]bool{}}
	for _, t := range tree.Leaves(s.From) {
		g.items[t] = true
	}
	for _, o := range s.GroupBy {
		g.keys = append(g.keys, parts(g.key(o))...)
	}
	if !p.Unit.PLSQL { // there the key determines nothing (ORA-00979)
		g.fix()
	}
	for _, it := range s.Items {
		if g.grouped(it.Expr) {
			spelt(p, it.Expr)
		}
		if st, ok := it.Expr.(*ir.Star); ok && !g.starFixed(st) {
			if !g.oneRow() {
				rewrite.Refuse(p, starred, st.Span, "* stands in a query with GROUP BY")
			}
			return
		}
		g.find(it.Expr)
	}
	if s.Having != nil {
		g.find(s.Having)
	}
	for _, o := range s.OrderBy {
		if o.Position == 0 {
			g.find(o.Expr)
		}
	}
	switch {
	case len(g.loose) == 0:
	case p.Unit.PLSQL:
		rewrite.Refuse(p, loose, g.loose[0].Span, "%s", g.loose[0].Span.Text())
	default:
		g.rewrite()
	}
}

// oneRow takes one row of each group where nothing is aggregated: DISTINCT ON.
func (g *group) oneRow() bool {
	s := g.s
	if len(s.GroupBy) == 0 || s.Rollup || s.Having != nil || s.Distinct || len(s.OrderBy) > 0 {
		return false
	}
	for _, it := range s.Items {
		if tree.HasAggregate(it.Expr) || tree.HasWindow(it.Expr) {
			return false
		}
	}
	g.p.Report(anyRow, s.Span, "the columns of * take the values of any row of their group")
	for _, k := range g.keys {
		s.DistinctOn = append(s.DistinctOn, ir.Clone(k))
	}
	s.GroupBy = nil
	s.Made(g.p.Rule.Code)
	return true
}

// key is the expression of an item of GROUP BY: of a position or an alias, the select item's.
func (g *group) key(o *ir.OrderItem) ir.Expr {
	if o.Position > 0 && o.Position <= len(g.s.Items) {
		return g.s.Items[o.Position-1].Expr
	}
	if n, ok := o.Expr.(*ir.Name); ok {
		if a, ok := n.Ref.(*ir.AliasRef); ok {
			return a.Item.Expr
		}
	}
	return o.Expr
}

// fix finds the tables whose whole primary key is grouped: the target lets their columns stand.
func (g *group) fix() {
	if g.s.Rollup {
		return
	}
	for t := range g.items {
		ref, ok := t.(*ir.TableRef)
		if !ok || ref.Table == nil || ref.Table.Kind == catalog.ViewTable || ref.Table.PrimaryKey() == nil {
			continue
		}
		all := true
		for _, part := range ref.Table.PrimaryKey().Parts {
			all = all && part.Prefix == 0 && g.groupsColumn(t, part.Column)
		}
		g.fixed[t] = all
	}
}

func (g *group) groupsColumn(t ir.TableExpr, column string) bool {
	for _, k := range g.keys {
		if n, ok := k.(*ir.Name); ok {
			if r, ok := n.Ref.(*ir.ColumnRef); ok && r.From == t && r.Column != nil && strings.EqualFold(r.Column.Name, column) {
				return true
			}
		}
	}
	return false
}

func (g *group) starFixed(st *ir.Star) bool {
	for t := range g.items {
		if len(st.Qualifier) > 0 && st.Qualifier[len(st.Qualifier)-1].Text != tree.NameOf(t) {
			continue
		}
		if !g.fixed[t] {
			return false
		}
	}
	return true
}

func (g *group) grouped(e ir.Expr) bool {
	for _, k := range g.keys {
		if tree.Equal(k, e) {
			return true
		}
	}
	return false
}

// find collects the columns of an expression that are neither grouped nor aggregated.
func (g *group) find(e ir.Expr) {
	ir.Walk(e, func(n ir.Node) bool {
		x, ok := n.(ir.Expr)
		if !ok {
			return true
		}
		if g.grouped(x) {
			return false
		}
		switch x := x.(type) {
		case *ir.Aggregate:
			return x.Over != nil
		case *ir.Name:
			if g.isLoose(x) {
				g.loose = append(g.loose, x)
			}
		}
		return true
	})
}

// parts are the expressions of ROLLUP, CUBE, GROUPING SETS and groups in parentheses; any other is its own part.
func parts(e ir.Expr) []ir.Expr {
	var list []ir.Expr
	switch e := e.(type) {
	case *ir.GroupingSet:
		list = e.Items
	case *ir.RowExpr:
		list = e.Items
	default:
		return []ir.Expr{e}
	}
	var out []ir.Expr
	for _, x := range list {
		out = append(out, parts(x)...)
	}
	return out
}

func (g *group) isLoose(n *ir.Name) bool {
	from := tree.From(n)
	return from != nil && g.items[from] && !g.fixed[from]
}

// rewrite replaces the loose columns.
func (g *group) rewrite() {
	lax := !tree.Mode(g.p.Settings, "ONLY_FULL_GROUP_BY", false)
	several := false
	for _, n := range g.loose {
		several = several || !tree.Equal(n, g.loose[0])
	}
	if g.s.LaxGroup && lax {
		g.p.Report(anyRow, g.loose[0].Span, "%s is neither grouped nor aggregated", g.loose[0].Parts[len(g.loose[0].Parts)-1].Text)
	}
	marked := map[*ir.Name]bool{}
	for _, n := range g.loose {
		marked[n] = true
	}
	replace := func(e ir.Expr) ir.Expr {
		return ir.Map(e, func(n ir.Node) ir.Node {
			if nm, ok := n.(*ir.Name); ok && marked[nm] {
				return g.pick(nm, lax && several)
			}
			return n
		})
	}
	for _, it := range g.s.Items {
		if n, ok := it.Expr.(*ir.Name); ok && marked[n] && it.Alias.Text == "" {
			it.Alias = n.Parts[len(n.Parts)-1]
		}
		it.Expr = replace(it.Expr)
	}
	if g.s.Having != nil {
		g.s.Having = replace(g.s.Having)
	}
	for _, o := range g.s.OrderBy {
		if o.Position == 0 {
			o.Expr = replace(o.Expr)
		}
	}
}

// pick takes the value of a column from a row of the group.
func (g *group) pick(n *ir.Name, oneRow bool) ir.Expr {
	a := &ir.Aggregate{Name: "ANY_VALUE", Args: []ir.Expr{n}, TargetName: "any_value"}
	a.Span, a.Type = n.Span, n.Type
	a.Made(g.p.Rule.Code)
	switch {
	case g.p.Features.Has(feature.AnyValue) && !oneRow:
		return a
	case !oneRow && hasMin(n.Type):
		a.TargetName = "min"
		return a
	}
	a.TargetName = "array_agg"
	a.Type = types.Array{Elem: n.Type}
	sub := &ir.Subscript{X: a, Index: tree.Int("1")}
	sub.Span, sub.Type = n.Span, n.Type
	sub.Made(g.p.Rule.Code)
	return sub
}

// hasMin tells whether the target has min for the type in every version.
func hasMin(t types.Type) bool {
	switch t := t.(type) {
	case types.Int, types.Decimal, types.Float, types.Year, types.Date, types.DateTime, types.Timestamp, types.Time, types.Enum, types.Set:
		return true
	case types.Text:
		return true
	case types.JSON:
		return t.Kind == types.JSONText
	}
	return false
}

package tree

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
)

// Flatten takes inner joins apart: their tables and their conditions. It is false where a join is an outer one, merges columns, or
// holds something that may read the other tables.
func Flatten(list []ir.TableExpr) (leaves []ir.TableExpr, conds []ir.Expr, ok bool) {
	for _, t := range list {
		switch t := t.(type) {
		case *ir.Join:
			if t.Kind != ir.InnerJoin && t.Kind != ir.CrossJoin || t.Natural || len(t.Using) > 0 {
				return nil, nil, false
			}
			l, c, ok := Flatten([]ir.TableExpr{t.L, t.R})
			if !ok {
				return nil, nil, false
			}
			leaves, conds = append(leaves, l...), append(conds, c...)
			if t.On != nil {
				conds = append(conds, t.On)
			}
		case *ir.TableRef:
			leaves = append(leaves, t)
		case *ir.Derived:
			if t.Lateral {
				return nil, nil, false
			}
			leaves = append(leaves, t)
		default:
			return nil, nil, false
		}
	}
	return leaves, conds, true
}

// Conditions are the conditions of all joins, whatever their kind.
func Conditions(list []ir.TableExpr) []ir.Expr {
	var out []ir.Expr
	for _, t := range list {
		if j, ok := t.(*ir.Join); ok {
			out = append(out, Conditions([]ir.TableExpr{j.L, j.R})...)
			if j.On != nil {
				out = append(out, j.On)
			}
		}
	}
	return out
}

// Conjuncts takes conditions apart at AND.
func Conjuncts(list ...ir.Expr) []ir.Expr {
	var out []ir.Expr
	for _, e := range list {
		b, ok := e.(*ir.Binary)
		switch {
		case e == nil:
		case ok && b.Op == ir.And:
			out = append(out, Conjuncts(b.L, b.R)...)
		default:
			out = append(out, e)
		}
	}
	return out
}

// Sources are the items of FROM whose columns an expression reads.
func Sources(e ir.Node) map[ir.TableExpr]bool {
	out := map[ir.TableExpr]bool{}
	ir.Walk(e, func(n ir.Node) bool {
		if nm, ok := n.(*ir.Name); ok {
			if f := From(nm); f != nil {
				out[f] = true
			}
		}
		return true
	})
	return out
}

// Determined are the items of FROM of which at most one row joins a row of the first one: those with a unique key whose columns
// all equal something that is determined already.
func Determined(first ir.TableExpr, leaves []ir.TableExpr, conds []ir.Expr) map[ir.TableExpr]bool {
	known := map[ir.TableExpr]bool{first: true}
	conds = Conjuncts(conds...)
	for again := true; again; {
		again = false
		for _, l := range leaves {
			if !known[l] && single(l, conds, known) {
				known[l], again = true, true
			}
		}
	}
	return known
}

func single(l ir.TableExpr, conds []ir.Expr, known map[ir.TableExpr]bool) bool {
	fixed := map[string]bool{}
	for _, e := range conds {
		c, ok := e.(*ir.Compare)
		if !ok || c.Op != ir.Eq {
			continue
		}
		for _, s := range [][2]ir.Expr{{c.L, c.R}, {c.R, c.L}} {
			n, ok := s[0].(*ir.Name)
			if ok && From(n) == l && within(s[1], known) {
				fixed[strings.ToLower(n.Parts[len(n.Parts)-1].Text)] = true
			}
		}
	}
	for _, key := range keysOf(l) {
		all := len(key) > 0
		for _, c := range key {
			all = all && fixed[strings.ToLower(c)]
		}
		if all {
			return true
		}
	}
	return false
}

func within(e ir.Expr, known map[ir.TableExpr]bool) bool {
	for f := range Sources(e) {
		if !known[f] {
			return false
		}
	}
	return true
}

// keysOf are the unique keys of an item of FROM, by the names of their columns.
func keysOf(t ir.TableExpr) [][]string {
	var out [][]string
	switch t := t.(type) {
	case *ir.TableRef:
		if t.Table == nil {
			return nil
		}
		for _, k := range t.Table.UniqueKeys() {
			var names []string
			for _, c := range KeyColumns(t.Table, k) {
				names = append(names, c.Name)
			}
			out = append(out, names)
		}
	case *ir.Derived:
		if q, ok := t.Query.(*ir.Select); ok && len(t.Columns) == 0 {
			if names := groupNames(q); names != nil {
				out = append(out, names)
			}
		}
	}
	return out
}

// groupNames are the names of the select items that a query is grouped by; nil if it is not, or by anything else.
func groupNames(q *ir.Select) []string {
	var out []string
	for _, g := range q.GroupBy {
		name := ""
		for k, it := range q.Items {
			a, isAlias := g.Expr.(*ir.Name)
			if isAlias {
				r, ok := a.Ref.(*ir.AliasRef)
				isAlias = ok && r.Item == it
			}
			if isAlias || g.Position == k+1 || Equal(it.Expr, g.Expr) {
				name = itemName(it)
			}
		}
		if name == "" {
			return nil
		}
		out = append(out, name)
	}
	return out
}

// Renamed is a table under another name.
func Renamed(t *ir.TableRef, alias string) *ir.TableRef {
	c := ir.Clone(t)
	c.Alias = ir.Ident{Text: alias}
	c.Hints = nil
	return c
}

// Changeable tells that rows of an item of FROM can be told apart, so that a statement can find them again: a table, no view.
func Changeable(t ir.TableExpr) (*ir.TableRef, bool) {
	r, ok := t.(*ir.TableRef)
	if !ok || r.Table == nil || r.CTE != nil {
		return r, false
	}
	return r, r.Table.Kind == catalog.BaseTable || r.Table.Kind == catalog.TempTable
}

// SameRow is the condition that two items of FROM over one table stand on the same row.
func SameRow(a, b *ir.TableRef) ir.Expr {
	x, y := RowID(a.Table, a, NameOf(a)), RowID(b.Table, b, NameOf(b))
	var conds []ir.Expr
	for i := range x {
		conds = append(conds, Compare(ir.Eq, x[i], y[i]))
	}
	return And(conds...)
}

// Used tells that a statement has a name for a table, common table expression or variable that equals the given one.
func Used(list []ir.Stmt, name string) bool {
	for _, s := range list {
		if ir.Find(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.TableRef:
				return strings.EqualFold(n.Name.Name(), name) || strings.EqualFold(n.Alias.Text, name)
			case *ir.Derived:
				return strings.EqualFold(n.Alias.Text, name)
			case *ir.CTE:
				return strings.EqualFold(n.Name.Text, name)
			case *ir.VarDecl:
				return strings.EqualFold(n.Name.Text, name) || strings.EqualFold(n.TargetName, name)
			case *ir.ParamDecl:
				return strings.EqualFold(n.Name.Text, name) || strings.EqualFold(n.TargetName, name)
			}
			return false
		}) {
			return true
		}
	}
	return false
}

// Unused is the name, or with a number behind it the first that the statements do not use.
func Unused(list []ir.Stmt, name string) string {
	out := name
	for i := '2'; Used(list, out) && i <= '9'; i++ {
		out = name + "_" + string(i)
	}
	return out
}

// Materialized is a common table expression that is computed once.
func Materialized(name string, q ir.Query) *ir.CTE {
	yes := true
	c := &ir.CTE{Name: ir.Ident{Text: name}, Query: q, Materialized: &yes}
	c.Span = q.Base().Span
	return c
}

// AddCTE gives a statement's WITH clause one more common table expression.
func AddCTE(w *ir.With, c ...*ir.CTE) *ir.With {
	if w == nil {
		w = &ir.With{}
	}
	w.CTEs = append(w.CTEs, c...)
	return w
}

// RowNames are the names under which a query gives the columns that tell rows apart.
func RowNames(id []*ir.Name, prefix string) []string {
	out := make([]string, len(id))
	for i, n := range id {
		out[i] = prefix + strings.ToLower(n.Parts[len(n.Parts)-1].Text)
	}
	return out
}

// AmongOutputs is the condition that a row's identity is among the rows of a common table expression.
func AmongOutputs(id []*ir.Name, cte string, names []string) ir.Expr {
	var items []*ir.SelectItem
	for i, n := range names {
		items = append(items, Item(Output(cte, n, id[i].Type), ""))
	}
	return Among(id, Select(items, []ir.TableExpr{CTERef(cte)}, nil))
}

// Identity gives select items for the columns that tell rows apart, under names of their own where they differ.
func Identity(id []*ir.Name, names []string) []*ir.SelectItem {
	var items []*ir.SelectItem
	for i, n := range id {
		alias := names[i]
		if strings.EqualFold(alias, n.Parts[len(n.Parts)-1].Text) {
			alias = ""
		}
		items = append(items, Item(n, alias))
	}
	return items
}

// Constant tells that a value reads no column.
func Constant(e ir.Expr) bool {
	return !ir.Find(e, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Name:
			return From(n) != nil
		case ir.Query:
			return true
		}
		return false
	})
}

// Passing is a block that passes over keys that are there already, and rows without parents or with children.
func Passing(at ir.Node, body []ir.Stmt) *ir.Block {
	arm := &ir.ExceptArm{Conditions: []string{"unique_violation", "foreign_key_violation"}, Body: []ir.Stmt{&ir.Nothing{}}}
	b := &ir.Block{Body: body, Except: []*ir.ExceptArm{arm}}
	b.Span, arm.Span = at.Base().Span, at.Base().Span
	return b
}

// SetsKeys tells that assignments change a unique key, a generated column of one, a foreign key, or what one refers to.
func SetsKeys(cat *catalog.Catalog, t *catalog.Table, sets []*ir.Assign) bool {
	names := map[string]bool{}
	for _, a := range sets {
		names[strings.ToLower(a.Column.Parts[len(a.Column.Parts)-1].Text)] = true
	}
	any := func(list []string) bool {
		for _, c := range list {
			if names[strings.ToLower(c)] {
				return true
			}
		}
		return false
	}
	for _, k := range t.UniqueKeys() {
		cols := KeyColumns(t, k)
		if cols == nil {
			return true
		}
		for _, c := range cols {
			if names[strings.ToLower(c.Name)] || c.Generated != catalog.NotGenerated {
				return true
			}
		}
	}
	for _, f := range t.ForeignKeys {
		if any(f.Columns) {
			return true
		}
	}
	for _, o := range cat.Tables() {
		for _, f := range o.ForeignKeys {
			if strings.EqualFold(f.RefTable, t.Name) && any(f.RefColumns) {
				return true
			}
		}
	}
	return false
}

// HeldBelow tells that a foreign key may keep a row of the table, or one that goes with it, from being deleted.
func HeldBelow(cat *catalog.Catalog, t *catalog.Table) bool {
	seen := map[string]bool{}
	var held func(t *catalog.Table) bool
	held = func(t *catalog.Table) bool {
		if seen[strings.ToLower(t.Name)] {
			return false
		}
		seen[strings.ToLower(t.Name)] = true
		if Held(cat, t) {
			return true
		}
		for _, o := range cat.Tables() {
			for _, f := range o.ForeignKeys {
				if strings.EqualFold(f.RefTable, t.Name) && strings.EqualFold(f.OnDelete, "CASCADE") && held(o) {
					return true
				}
			}
		}
		return false
	}
	return held(t)
}

// CascadesIntoKeys tells whether new values of the assigned columns go on into a unique key of another table, by a foreign key with ON UPDATE.
func CascadesIntoKeys(cat *catalog.Catalog, t *catalog.Table, sets []*ir.Assign) bool {
	for _, o := range cat.Tables() {
		for _, f := range o.ForeignKeys {
			if strings.EqualFold(f.RefTable, t.Name) && (strings.EqualFold(f.OnUpdate, "CASCADE") || strings.EqualFold(f.OnUpdate, "SET NULL")) && assignsAny(sets, f.RefColumns) && inKey(o, f.Columns) {
				return true
			}
		}
	}
	return false
}

func assignsAny(sets []*ir.Assign, columns []string) bool {
	return slices.ContainsFunc(sets, func(a *ir.Assign) bool {
		return slices.ContainsFunc(columns, func(c string) bool { return strings.EqualFold(a.Column.Parts[len(a.Column.Parts)-1].Text, c) })
	})
}

// inKey tells whether a column is part of a unique key of the table.
func inKey(t *catalog.Table, columns []string) bool {
	for _, k := range t.UniqueKeys() {
		for _, p := range k.Parts {
			if p.Column == "" || slices.ContainsFunc(columns, func(c string) bool { return strings.EqualFold(c, p.Column) }) {
				return true
			}
		}
	}
	return false
}

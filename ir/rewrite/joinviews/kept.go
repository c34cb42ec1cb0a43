package joinviews

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/tree"
)

// apart takes a query over inner joins apart into its tables and the conditions between them; nil where it is no such query.
func apart(s *ir.Select) (list []*ir.TableRef, conds []ir.Expr) {
	leaves, on, ok := tree.Flatten(s.From)
	if !ok || len(leaves) < 2 {
		return nil, nil
	}
	for _, l := range leaves {
		r, ok := l.(*ir.TableRef)
		if !ok || r.Table == nil || r.CTE != nil {
			return nil, nil
		}
		list = append(list, r)
	}
	conds = tree.Conjuncts(append(on, s.Where)...)
	for _, c := range conds {
		if ir.Find(c, func(n ir.Node) bool { _, outer := n.(*ir.OuterMark); return outer }) {
			return nil, nil
		}
	}
	return list, conds
}

// kept tells that each row of a table stands once at most in the rows of the query: every other table is found by a unique key whose
// columns equal columns of those before it, or constants (Administrator's Guide, "Key-Preserved Tables").
func kept(t *ir.TableRef, list []*ir.TableRef, conds []ir.Expr) bool {
	if t.Table.Kind == catalog.ViewTable || !unique(t.Table, func(string) bool { return true }) {
		return false
	}
	seen := map[ir.TableExpr]bool{t: true}
	for more := true; more; {
		more = false
		for _, u := range list {
			if !seen[u] && unique(u.Table, func(c string) bool { return fixed(u, c, seen, conds) }) {
				seen[u], more = true, true
			}
		}
	}
	return len(seen) == len(list)
}

// unique tells that the table has a unique key all of whose columns are told by is.
func unique(t *catalog.Table, is func(string) bool) bool {
	for _, k := range t.Keys {
		if k.Kind != catalog.Primary && k.Kind != catalog.Unique {
			continue
		}
		all := len(k.Parts) > 0
		for _, part := range k.Parts {
			all = all && part.Column != "" && is(part.Column)
		}
		if all {
			return true
		}
	}
	return false
}

// fixed tells that a condition makes the column equal to something that the tables seen have.
func fixed(u *ir.TableRef, column string, seen map[ir.TableExpr]bool, conds []ir.Expr) bool {
	for _, e := range conds {
		c, ok := e.(*ir.Compare)
		if !ok || c.Op != ir.Eq {
			continue
		}
		for _, side := range [][2]ir.Expr{{c.L, c.R}, {c.R, c.L}} {
			n, ok := side[0].(*ir.Name)
			if !ok {
				continue
			}
			r, ok := n.Ref.(*ir.ColumnRef)
			if !ok || r.From != ir.TableExpr(u) || r.Column == nil || r.Column.Name != column {
				continue
			}
			known := true
			for s := range tree.Sources(side[1]) {
				known = known && seen[s]
			}
			if known {
				return true
			}
		}
	}
	return false
}

// removeJoined deletes from a query over a join: rows of the first table whose key the rows of the query keep go, the other tables stand beside it.
func removeJoined(d *ir.Delete) {
	v := viewOf(d.From)
	if v == nil || len(d.Returning) > 0 || d.WhereCurrentOf != "" || d.Limit != nil || d.LogErrors != nil || d.Where != nil && !v.known(d.Where) {
		return
	}
	list, conds := apart(v.s)
	for _, t := range list {
		if !kept(t, list, conds) {
			continue
		}
		d.From = []ir.TableExpr{t}
		for _, u := range list {
			if u != t {
				d.Using = append(d.Using, u)
			}
		}
		d.Where = tree.And(append(conds, v.replaced(d.Where))...)
		d.Made(code)
		return
	}
}

// insert puts the table whose columns are given into the place of a view over a join, or refuses.
func insert(p *rewrite.Pass, i *ir.Insert) {
	m, known := p.Session.Values[key].(map[*catalog.Table]*ir.Select)
	if !known || i.Table == nil || i.Table.Table == nil || m[i.Table.Table] == nil {
		return
	}
	if !insertKept(i, &view{s: own(m[i.Table.Table])}) {
		rewrite.Refuse(p, unclear, i.Span, "INSERT into view %s", i.Table.Table.Name)
	}
}

func insertKept(i *ir.Insert, v *view) bool {
	list, conds := apart(v.s)
	if len(list) == 0 || len(i.Returning) > 0 || i.LogErrors != nil || len(i.Columns) == 0 || i.Record != nil {
		return false
	}
	var t *ir.TableRef
	columns := make([]*ir.Name, len(i.Columns))
	for k, c := range i.Columns {
		n, ok := v.item(c.Parts[len(c.Parts)-1].Text).(*ir.Name)
		if !ok {
			return false
		}
		r, ok := n.Ref.(*ir.ColumnRef)
		if !ok {
			return false
		}
		of, ok := r.From.(*ir.TableRef)
		if !ok || t != nil && of != t {
			return false
		}
		t = of
		columns[k] = ir.Clone(n)
		columns[k].Parts = columns[k].Parts[len(columns[k].Parts)-1:]
	}
	if !kept(t, list, conds) {
		return false
	}
	t.Alias, t.Span = ir.Ident{}, i.Table.Span
	i.Table, i.Columns = t, columns
	i.Made(code)
	return true
}

// starred is the column of that name of the tables of a query that * stands for, nil if several have it or a table is not known.
func (v *view) starred(s *ir.Star, column string) ir.Expr {
	var found *ir.Name
	for _, l := range tree.Leaves(v.s.From) {
		r, ok := l.(*ir.TableRef)
		if !ok || r.Table == nil || r.CTE != nil {
			return nil
		}
		if len(s.Qualifier) > 0 && s.Qualifier[len(s.Qualifier)-1].Text != tree.NameOf(r) {
			continue
		}
		c := r.Table.Column(column)
		if c == nil {
			continue
		}
		if found != nil {
			return nil
		}
		found = tree.Column(r.Table, c, r, "")
		if len(tree.Leaves(v.s.From)) > 1 {
			found = tree.Column(r.Table, c, r, tree.NameOf(r))
		}
		found.Span = s.Span
	}
	if found == nil {
		return nil
	}
	return found
}

package plsql

import "godwit/ir"

// groupAliases puts the expressions of select items where GROUP BY and HAVING name their aliases, which Oracle 23ai allows (SQL Language Reference, SELECT,
// group_by_clause). A column of that name comes first, and whatever else the name stands for: earlier versions know no aliases there.
func (r *Resolver) groupAliases(sc *scope, s *ir.Select) {
	if len(s.GroupBy) == 0 && s.Having == nil || s.GroupAll {
		return
	}
	var of map[string]ir.Expr
	for _, it := range s.Items {
		if it.Alias.Text == "" {
			continue
		}
		if of == nil {
			of = map[string]ir.Expr{}
		}
		if _, twice := of[it.Alias.Text]; twice {
			of[it.Alias.Text] = nil // nobody can tell which is meant
			continue
		}
		of[it.Alias.Text] = it.Expr
	}
	if of == nil {
		return
	}
	enter := func(n ir.Node) bool { _, query := n.(ir.Query); return !query }
	put := func(n ir.Node) ir.Node {
		name, ok := n.(*ir.Name)
		if !ok || len(name.Parts) != 1 || of[name.Parts[0].Text] == nil || r.isBound(sc, name) {
			return n
		}
		return ir.Clone(of[name.Parts[0].Text])
	}
	for _, o := range s.GroupBy {
		o.Expr = ir.MapPre(o.Expr, enter, put)
	}
	if s.Having != nil {
		s.Having = ir.MapPre(s.Having, enter, put)
	}
}

// isBound tells that a name stands for something without aliases.
func (r *Resolver) isBound(sc *scope, n *ir.Name) bool {
	found := false
	r.quietly(func() { found = r.bound(sc, ir.Clone(n)) != nil })
	return found
}

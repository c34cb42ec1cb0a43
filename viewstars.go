package godwit

import (
	"strings"

	"godwit/ir"
	"godwit/ir/rewrite/tree"
)

// viewStars writes * out in views over tables that get more columns behind them. A view has the columns that its tables had when it was made
// (SQL Language Reference, "CREATE VIEW"; MySQL Reference Manual, "CREATE VIEW Statement"); a folder makes it behind ALTER TABLE.
// It runs behind lastColumns.
func (p *pipeline) viewStars(us []*Unit) {
	v := &viewStars{added: map[string][]int{}}
	for i, u := range us {
		s, ok := onlyAlter(u)
		for k := 0; ok && k < len(s.Actions); k++ {
			if s.Actions[k].Kind == "add column" {
				v.added[relationKey(u, s.Table.Name)] = append(v.added[relationKey(u, s.Table.Name)], i)
				break
			}
		}
	}
	if len(v.added) == 0 {
		return
	}
	for j, u := range us {
		q := viewQuery(u)
		if q == nil || ir.Find(q, func(n ir.Node) bool { _, ok := n.(*ir.CTE); return ok }) {
			continue
		}
		ir.Walk(q, func(n ir.Node) bool {
			if s, ok := n.(*ir.Select); ok {
				if v.log == nil {
					v.log = newScriptLog(us)
				}
				v.expand(s, j)
			}
			return true
		})
	}
}

// viewQuery is the query of a unit that makes a view, nil if it makes none.
func viewQuery(u *Unit) ir.Query {
	if len(u.Stmts) != 1 {
		return nil
	}
	switch s := u.Stmts[0].(type) {
	case *ir.CreateView:
		return s.Query
	case *ir.MaterializedView:
		return s.Query
	}
	return nil
}

type viewStars struct {
	log   *scriptLog
	added map[string][]int // the units that add columns, by relationKey
}

// expand writes out the stars of a query in the j-th unit.
func (v *viewStars) expand(s *ir.Select, j int) {
	var out []*ir.SelectItem
	for _, it := range s.Items {
		if st, ok := it.Expr.(*ir.Star); ok {
			out = append(out, v.star(s, it, st, j)...)
		} else {
			out = append(out, it)
		}
	}
	s.Items = out
}

func (v *viewStars) star(s *ir.Select, it *ir.SelectItem, st *ir.Star, j int) []*ir.SelectItem {
	leaves := tree.Leaves(s.From)
	var out []*ir.SelectItem
	some := false
	for _, l := range leaves {
		if n := len(st.Qualifier); n > 0 && !strings.EqualFold(st.Qualifier[n-1].Text, tree.NameOf(l)) {
			continue
		}
		if names := v.columns(l, j); names != nil {
			some = true
			for _, c := range names {
				out = append(out, part(it, &ir.Name{Parts: qualified(l, c, len(leaves) > 1 || len(st.Qualifier) > 0)}))
			}
		} else if len(st.Qualifier) > 0 || len(leaves) == 1 || tree.NameOf(l) == "" {
			return []*ir.SelectItem{it}
		} else {
			out = append(out, part(it, &ir.Star{Qualifier: qualified(l, ir.Ident{}, true)}))
		}
	}
	if !some || len(st.Qualifier) == 0 && tree.Merges(s.From) {
		return []*ir.SelectItem{it}
	}
	return out
}

// qualified is the name of a column, or of all where it has no text, with its table's before it.
func qualified(t ir.TableExpr, column ir.Ident, with bool) (parts []ir.Ident) {
	if with {
		table := ir.Ident{Text: tree.NameOf(t), Quoted: true}
		if r, ok := t.(*ir.TableRef); ok {
			if table = r.Alias; table.Text == "" {
				table = r.Name.Parts[len(r.Name.Parts)-1]
			}
		}
		parts = append(parts, table)
	}
	if column.Text != "" {
		parts = append(parts, column)
	}
	return parts
}

// part is an item of a select list in the place of another one.
func part(at *ir.SelectItem, e ir.Expr) *ir.SelectItem {
	e.Base().Span = at.Expr.Base().Span
	it := &ir.SelectItem{Expr: e}
	it.Span = at.Span
	return it
}

// columns are those that a table has at the j-th unit, nil if it has the same at the end, or if that is not known.
func (v *viewStars) columns(t ir.TableExpr, j int) []ir.Ident {
	r, ok := t.(*ir.TableRef)
	if !ok || r.Link.Text != "" {
		return nil
	}
	u := v.log.us[j]
	key := relationKey(u, r.Name)
	if len(between(v.added[key], j+1, len(v.log.us))) == 0 {
		return nil
	}
	i := v.log.makerOf(key, j)
	if i < 0 || !plainTable(v.log.us[i]) {
		return nil
	}
	var out []ir.Ident
	for _, c := range v.log.us[i].Stmts[0].(*ir.CreateTable).Columns {
		if c.Invisible {
			return nil
		}
		out = append(out, c.Name)
	}
	for _, k := range between(v.log.tables[key], i+1, len(v.log.us)) {
		s, ok := onlyAlter(v.log.us[k])
		if !ok || relationKey(v.log.us[k], s.Table.Name) != key {
			continue
		}
		for _, a := range s.Actions {
			switch {
			case a.Kind == "add column" && k > j:
			case a.Kind == "add column" && a.Position == "" && a.Column != nil && !a.Column.Invisible:
				out = append(out, a.Column.Name)
			case a.Kind == "add column", a.Kind == "drop column", a.Kind == "rename column", a.Kind == "change column", a.Kind == "modify column" && a.Position != "":
				return nil
			}
		}
	}
	return out
}

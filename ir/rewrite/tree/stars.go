package tree

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
)

// EachStar gives f each * of a query's list with each table that it stands for.
func EachStar(s *ir.Select, f func(*ir.Star, *catalog.Table)) {
	for _, it := range s.Items {
		if st, ok := it.Expr.(*ir.Star); ok {
			for _, t := range s.From {
				starOver(t, st, f)
			}
		}
	}
}

func starOver(t ir.TableExpr, st *ir.Star, f func(*ir.Star, *catalog.Table)) {
	switch t := t.(type) {
	case *ir.Join:
		starOver(t.L, st, f)
		starOver(t.R, st, f)
	case *ir.TableRef:
		called := t.Alias.Text
		if called == "" {
			called = t.Name.Name()
		}
		if len(st.Qualifier) == 0 || strings.EqualFold(st.Qualifier[len(st.Qualifier)-1].Text, called) {
			f(st, t.Table)
		}
	}
}

// Columns are the columns of a table that * stands for, in the place of an item of a list.
func Columns(t *ir.TableRef, it *ir.SelectItem, qualified bool, code string) []*ir.SelectItem {
	q := ""
	if qualified {
		q = NameOf(t)
	}
	var out []*ir.SelectItem
	for _, c := range t.Table.Columns {
		if c.Hidden() {
			continue
		}
		n := Column(t.Table, c, t, q)
		n.Span = it.Span
		x := Item(n, "")
		x.Made(code)
		out = append(out, x)
	}
	return out
}

// Merges tells that joins of the list have common columns: * gives them once, and first.
func Merges(list []ir.TableExpr) bool {
	for _, t := range list {
		if j, ok := t.(*ir.Join); ok && (j.Natural || len(j.Using) > 0 || Merges([]ir.TableExpr{j.L, j.R})) {
			return true
		}
	}
	return false
}

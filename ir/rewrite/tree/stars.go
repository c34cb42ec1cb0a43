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

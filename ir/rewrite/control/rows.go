package control

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite/tree"
)

// ExactlyOne tells that the query yields one row, whatever the tables hold: an aggregate without groups, or a query without FROM.
func ExactlyOne(q ir.Query) bool {
	s, ok := q.(*ir.Select)
	if !ok || s.Limit != nil && !isPositive(s.Limit) || s.Offset != nil || s.Having != nil || len(s.GroupBy) > 0 {
		return false
	}
	if hasAggregate(s) {
		return true
	}
	return len(s.From) == 0 && s.Where == nil && s.Connect == nil
}

func isPositive(e ir.Expr) bool {
	n, ok := e.(*ir.Number)
	return ok && strings.Trim(n.Text, "0") != ""
}

func hasAggregate(s *ir.Select) bool {
	for _, i := range s.Items {
		found := false
		ir.Walk(i, func(n ir.Node) bool {
			if _, sub := n.(*ir.Subquery); sub {
				return false
			}
			if a, ok := n.(*ir.Aggregate); ok && a.Over == nil {
				found = true
			}
			return true
		})
		if found {
			return true
		}
	}
	return false
}

// AtMostOne tells that the query yields no more than one row: ExactlyOne, LIMIT 1, or every column of a unique key of
// its only table compared with a value from outside.
func AtMostOne(q ir.Query) bool {
	if ExactlyOne(q) {
		return true
	}
	s, ok := q.(*ir.Select)
	if !ok {
		return false
	}
	if n, ok := s.Limit.(*ir.Number); ok && n.Text == "1" {
		return true
	}
	if len(s.From) == 0 && len(s.GroupBy) == 0 && s.Connect == nil {
		return true
	}
	if len(s.From) != 1 {
		return false
	}
	t, ok := s.From[0].(*ir.TableRef)
	return ok && t.Table != nil && keyed(t, s.Where)
}

// keyed tells that the condition binds all columns of a unique key that holds no NULLs.
func keyed(t *ir.TableRef, where ir.Expr) bool {
	bound := map[string]bool{}
	for _, c := range tree.Conjuncts(where) {
		if col := boundColumn(c, t); col != "" {
			bound[strings.ToLower(col)] = true
		}
	}
	for _, k := range t.Table.UniqueKeys() {
		if keyBound(k, bound) {
			return true
		}
	}
	return false
}

func keyBound(k *catalog.Key, bound map[string]bool) bool {
	for _, p := range k.Parts {
		if p.Column == "" || p.Prefix > 0 || !bound[strings.ToLower(p.Column)] {
			return false
		}
	}
	return len(k.Parts) > 0
}

// boundColumn is the column that the condition sets equal to a value from outside the table, "" if it does no such thing.
func boundColumn(e ir.Expr, t *ir.TableRef) string {
	c, ok := e.(*ir.Compare)
	if !ok || c.Op != ir.Eq {
		return ""
	}
	if col := columnOf(c.L, t); col != "" && outside(c.R) {
		return col
	}
	if col := columnOf(c.R, t); col != "" && outside(c.L) {
		return col
	}
	return ""
}

func columnOf(e ir.Expr, t *ir.TableRef) string {
	n, ok := e.(*ir.Name)
	if !ok {
		return ""
	}
	r, ok := n.Ref.(*ir.ColumnRef)
	if !ok || r.Column == nil || r.Table != t.Table {
		return ""
	}
	return r.Column.Name
}

// outside tells that the value reads no column.
func outside(e ir.Expr) bool {
	return !ir.Find(e, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Name:
			switch n.Ref.(type) {
			case *ir.VarRef, *ir.ParamRef, *ir.RowRef:
				return false
			}
			return true
		case *ir.Subquery, *ir.RoutineCall:
			return true
		case *ir.Call:
			return n.Op == ""
		}
		return false
	})
}

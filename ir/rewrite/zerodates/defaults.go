package zerodates

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

// defaults refuses rows that take the zero date from a column's default, which the target's column does not have, and zero dates that the
// policy makes NULL where a column takes no NULL.
func defaults(p *rewrite.Pass) {
	if Replacement(p) != "" {
		return
	}
	for _, s := range p.Unit.Stmts {
		if i, ok := s.(*ir.Insert); ok {
			insert(p, i)
			continue
		}
		ir.Walk(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.Insert:
				insert(p, n)
			case *ir.Update:
				sets(p, n.Sets)
			}
			return !p.Refused()
		})
	}
}

func insert(p *rewrite.Pass, i *ir.Insert) {
	if i.Table == nil || i.Table.Table == nil || !hasMoments(i.Table.Table) {
		return
	}
	cols := i.Takes()
	has := map[*catalog.Column]bool{}
	for k, c := range cols {
		has[c] = true
		if v, ok := i.Source.(*ir.Values); ok && isMoment(c) {
			for _, r := range v.Rows {
				if k < len(r.Items) {
					given(p, c, r.Items[k])
				}
			}
		}
	}
	for _, c := range i.Table.Table.Columns {
		if !has[c] && byDefault(p, c) {
			rewrite.Refuse(p, stored, i.Span, "column %s is left out, and its default is a zero date", c.Name)
			return
		}
	}
	sets(p, i.OnDuplicate)
}

func sets(p *rewrite.Pass, list []*ir.Assign) {
	for _, a := range list {
		if r, ok := a.Column.Ref.(*ir.ColumnRef); ok && isMoment(r.Column) {
			given(p, r.Column, a.Value)
		}
	}
}

// given looks at a value for a column of dates.
func given(p *rewrite.Pass, c *catalog.Column, e ir.Expr) {
	switch {
	case tree.IsDefault(e):
		if byDefault(p, c) {
			rewrite.Refuse(p, stored, e.Base().Span, "the default of column %s is a zero date", c.Name)
		}
	case p.Policy.ZeroDates == "null" && !c.Nullable:
		x, ok := e.(*ir.Cast)
		if !ok || !x.Store {
			return
		}
		if s, ok := literal(x.X); ok {
			if zero, whole := Is(s); zero && !fails(p, x, whole) {
				rewrite.Refuse(p, stored, e.Base().Span, "a zero date would be NULL by the policy, and column %s takes none", c.Name)
			}
		}
	}
}

// byDefault tells that a column without value holds a zero date on the source, and something else, or nothing, on the target.
func byDefault(p *rewrite.Pass, c *catalog.Column) bool {
	if !isMoment(c) || !c.HasDefault || c.Generated != catalog.NotGenerated || p.Policy.ZeroDates == "null" && c.Nullable {
		return false
	}
	s := strings.Trim(c.Default, `'" `)
	if strings.Trim(s, "0") == "" {
		return true // DEFAULT 0
	}
	zero, _ := Is(s)
	return zero
}

func hasMoments(t *catalog.Table) bool {
	for _, c := range t.Columns {
		if isMoment(c) {
			return true
		}
	}
	return false
}

func isMoment(c *catalog.Column) bool {
	if c == nil {
		return false
	}
	switch c.Type.(type) {
	case types.Date, types.DateTime, types.Timestamp:
		return true
	}
	return false
}

package collation

import (
	"godwit/ir"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

// distinct makes the rows of SELECT DISTINCT equal by the source's collations.
func (l *lowering) distinct(s *ir.Select) {
	if !s.Distinct {
		return
	}
	for _, i := range s.Items {
		l.output(i, true)
	}
}

// output gives a value of a select list the collation of its type.
func (l *lowering) output(i *ir.SelectItem, equality bool) {
	if _, star := i.Expr.(*ir.Star); star {
		return
	}
	t, ok := i.Expr.TypeOf().(types.Text)
	if !ok || t.Collation.IsZero() {
		return
	}
	if s, literal := i.Expr.(*ir.String); literal && (equality || !build.HasLetters(s.Value)) {
		return
	}
	l.d.Agree(t.Collation, equality, code, &i.Expr)
}

// grouped writes expressions that GROUP BY had to give a collation in the same way everywhere in the query: the target takes
// them for the same value only then.
func (l *lowering) grouped(s *ir.Select) {
	for _, g := range s.GroupBy {
		c, ok := g.Expr.(*ir.Collate)
		if !ok || !l.wrapped[c] {
			continue
		}
		same := func(n ir.Node) ir.Node {
			if e, ok := n.(ir.Expr); ok && tree.Equal(e, c.X) {
				return ir.Clone[ir.Expr](c)
			}
			return n
		}
		enter := func(n ir.Node) bool {
			e, ok := n.(ir.Expr)
			_, query := n.(ir.Query)
			return !query && !(ok && tree.Equal(e, c))
		}
		for _, i := range s.Items {
			i.Expr = ir.MapPre(i.Expr, enter, same)
		}
		if s.Having != nil {
			s.Having = ir.MapPre(s.Having, enter, same)
		}
		for _, o := range s.OrderBy {
			if o.Position == 0 && o.Expr != nil {
				o.Expr = ir.MapPre(o.Expr, enter, same)
			}
		}
	}
}

// leaves are the selects that a set operation combines; nil when there is something else among them.
func leaves(q ir.Query) []*ir.Select {
	switch q := q.(type) {
	case *ir.Select:
		return []*ir.Select{q}
	case *ir.SetOp:
		a, b := leaves(q.L), leaves(q.R)
		if a == nil || b == nil {
			return nil
		}
		return append(a, b...)
	}
	return nil
}

// united makes the rows of UNION, EXCEPT and INTERSECT equal by the source's collations.
func (l *lowering) united(q *ir.SetOp) {
	list := leaves(q)
	if q.Row == nil || list == nil {
		return
	}
	for i, t := range q.Row.Types {
		t, ok := t.(types.Text)
		if !ok || t.Collation.IsZero() {
			continue
		}
		var ops []*ir.Expr
		for _, s := range list {
			if len(s.Items) != len(q.Row.Types) {
				return // a star: its columns have their own collations
			}
			ops = append(ops, &s.Items[i].Expr)
		}
		if !allText(ops) {
			continue
		}
		l.d.Agree(t.Collation, true, code, ops...)
	}
}

// stored gives the columns of a view, or of a table made by a query, their collations.
func (l *lowering) stored(q ir.Query) {
	list := leaves(q)
	if len(list) == 0 {
		return
	}
	for _, i := range list[0].Items {
		l.output(i, false)
	}
}

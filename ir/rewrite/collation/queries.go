package collation

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
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
		l.apart(i.Expr, "SELECT DISTINCT")
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
		l.apart(g.Expr, "GROUP BY")
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
			if i < len(s.Items) {
				l.apart(s.Items[i].Expr, "a set operation")
			}
			if len(s.Items) != len(q.Row.Types) {
				l.stars(list, "a set operation")
				return // a star: its columns have their own collations
			}
			ops = append(ops, &s.Items[i].Expr)
		}
		if !allText(ops) {
			continue
		}
		if l.d.Citext() && len(ops) > 2 { // two literals beside each other are texts before the third item is looked at
			l.cast(t.Collation, ops)
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
	if !l.d.Citext() {
		list = list[:1] // the others follow; types do not
	}
	for _, s := range list {
		for _, i := range s.Items {
			l.output(i, false)
		}
	}
}

// blanks tells that a value is a column in which texts that end in blanks are known to be stored, and that ignores them.
func (l *lowering) blanks(e ir.Expr) bool {
	n, ok := e.(*ir.Name)
	if !ok {
		return false
	}
	c, text := types.CollationOf(n.Type)
	if !text || !c.PadSpace {
		return false
	}
	switch r := n.Ref.(type) {
	case *ir.ColumnRef:
		return r.Column != nil && r.Column.Blanks
	case *ir.OutputRef:
		return r.Of != nil && r.Of.Blanks
	case *ir.RowRef:
		return r.Column != nil && r.Column.Blanks
	case *ir.AliasRef:
		return l.blanks(r.Item.Expr)
	}
	return false
}

// trim drops the blanks at the end of a column that has such texts.
func (l *lowering) trim(e *ir.Expr) {
	if l.blanks(*e) {
		*e = build.Call("rtrim", *e, (*e).TypeOf(), code, *e)
	}
}

// apart reports that texts which differ in trailing blanks only are kept apart.
func (l *lowering) apart(e ir.Expr, what string) {
	if e != nil && l.blanks(e) {
		l.p.Report(blankRows, e.Base().Span, "%s keeps texts of %s apart that differ in trailing blanks", what, e.Base().Span.Text())
	}
}

// lookIn reports IN (query) over a column with trailing blanks.
func (l *lowering) lookIn(n *ir.In) {
	l.apart(n.X, "IN (query)")
	for _, s := range leaves(n.Query) {
		for _, i := range s.Items {
			l.apart(i.Expr, "IN (query)")
		}
	}
}

var exactText = &diag.Code{
	ID: "EX0333", Title: "text compares exactly", Severity: diag.Review, Fidelity: diag.Approximate,
	Doc: `The conversion was asked for without case-insensitive collations. The source compares, sorts and groups this text without regard to case (MySQL Reference Manual, "Character Sets,
Collations, Unicode"); PostgreSQL does so by its characters as they are.`,
	Next: "compare lower(...) on both sides where case must not count, or convert with the collations (icu)", Learn: 0.5, Each: 0.1,
}

// reportExact reports, once a unit, that texts are told apart which the source takes for equal.
func reportExact(p *rewrite.Pass) {
	ignores := func(t types.Type) bool {
		c, ok := types.CollationOf(t)
		return ok && c.CaseInsensitive
	}
	for _, s := range p.Unit.Stmts {
		found := ir.Find(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.ColumnDef:
				return ignores(n.Type)
			case *ir.Select:
				return n.Distinct
			case *ir.SetOp:
				return !n.All
			case *ir.OrderItem:
				return n.Expr != nil && ignores(n.Expr.TypeOf())
			case *ir.Like:
				return n.Collation.CaseInsensitive
			case *ir.Compare, *ir.In, *ir.Between, *ir.Quantified, *ir.Case, *ir.Call, *ir.Aggregate, *ir.HelperCall, *ir.TargetCall:
				text := false
				ir.Children(n, func(c ir.Node) {
					x, ok := c.(ir.Expr)
					text = text || ok && ignores(x.TypeOf())
				})
				return text
			}
			return false
		})
		if found {
			p.Report(exactText, p.Unit.Span, "texts are compared with regard to case")
			return
		}
	}
}

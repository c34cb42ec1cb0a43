package resolve

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/types"
)

// Findings of queries in which the source takes other digits, other rows or other groups than the text says.
var (
	filteredDigits = &diag.Code{
		ID: "QY0734", Title: "digits of a quotient that HAVING looks at", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: "HAVING compares a quotient or average of the select list by all digits that it was computed with and not by those that the query shows: with a / b AS q, q > 0.3333 holds for one third " +
			"(MySQL Reference Manual, \"Arithmetic Operators\"). Assumed: no group is that near.",
		Next: "Round the quotient.",
		Each: 0.02,
	}
	joinedFraction = &diag.Code{
		ID: "QY0735", Title: "integer column that is joined with a fraction", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "An integer column equals no number with a fraction, but early versions of MySQL 8.0 and MariaDB round the number when they look it up in the key of a joined table, and find rows.",
		Next:  "Compare with a whole number.",
		Learn: 0.1, Each: 0.1,
	}
	timeDigits = &diag.Code{
		ID: "QY0736", Title: "times with different digits in one column", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "The column of a set operation shows as many digits of the second as its most precise part, 01:00:00.0 beside 00:59:59.5; the target shows the digits that each time has. Assumed: the times are not compared as texts.",
		Next: "Nothing, or format the times.",
		Each: 0.01,
	}
	earlyAggregate = &diag.Code{
		ID: "QY0738", Title: "aggregate over columns of the query around in WHERE", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: "An aggregate in a subquery of WHERE, all columns of which belong to the query around, is computed over the rows of the subquery (SQL standard; MySQL Reference Manual, \"Subqueries\"). " +
			"Early versions of MySQL 8.0 give other values. Assumed: what the standard says is wanted.",
		Next: "Multiply by COUNT(*), or use a column of the inner query.",
		Each: 0.02,
	}
	rankDigits = &diag.Code{
		ID: "QY0739", Title: "digits of CUME_DIST and PERCENT_RANK", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "MariaDB shows ten digits behind the point of CUME_DIST and PERCENT_RANK (MariaDB documentation, \"CUME_DIST\"); the target shows all that a double has. Assumed: no digit behind the tenth counts.",
		Next: "Nothing, or round the value.",
		Each: 0.01,
	}
	outerAggregate = &diag.Code{
		ID: "QY0737", Title: "aggregate of columns of the query around", Severity: diag.Error, Fidelity: diag.Refused,
		Doc: "An aggregate in WHERE of another query, all columns of which belong to that query, is computed over the rows of the inner one; PostgreSQL takes it for an aggregate of the outer query, which WHERE cannot have. In the select list " +
			"it is one of the outer query, of which without ONLY_FULL_GROUP_BY one row is left.",
		Next:  "Multiply by COUNT(*), or use a column of the inner query.",
		Learn: 0.1, Each: 0.1,
	}
)

// noteFilteredDigits tells of HAVING by the alias of a quotient. It is true, for use in a chain of conditions.
func (r *Resolver) noteFilteredDigits(n *ir.Name) bool {
	a, ok := n.Ref.(*ir.AliasRef)
	if ok && r.sem.EarlyErrors {
		if _, dec := n.Type.(types.Decimal); dec && keepsDigits(a.Item.Expr) {
			r.note(filteredDigits, n.Span, "the digits of %s behind those that the query shows are assumed not to count", n.Dotted())
		}
	}
	return true
}

// checkFractions refuses integer columns that a condition of a join compares with fractions.
func (r *Resolver) checkFractions(on ir.Expr) {
	ir.Walk(on, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Subquery, *ir.Exists:
			return false
		case *ir.Compare:
			if n.Op == ir.Eq && (wholeColumn(n.L) && fraction(n.R) || wholeColumn(n.R) && fraction(n.L)) {
				r.fail(joinedFraction, n.Span, "%s compares an integer column with a fraction", n.Span.Text())
			}
		}
		return true
	})
}

func wholeColumn(e ir.Expr) bool {
	n, ok := e.(*ir.Name)
	if !ok {
		return false
	}
	_, whole := n.Type.(types.Int)
	return whole
}

// fraction tells a number literal that is no whole number.
func fraction(e ir.Expr) bool {
	if u, ok := e.(*ir.Unary); ok && u.Op == ir.Neg {
		e = u.X
	}
	n, ok := e.(*ir.Number)
	if !ok {
		return false
	}
	_, digits, point := strings.Cut(n.Text, ".")
	return point && strings.Trim(digits, "0") != ""
}

// noteTimeDigits tells of times with different digits in one column of a set operation.
func (r *Resolver) noteTimeDigits(s *ir.SetOp, l, rt []types.Type) {
	for i := range l {
		_, a := l[i].(types.Time)
		_, b := rt[i].(types.Time)
		if a && b && (op.Precision(l[i]) != op.Precision(rt[i]) || computesTimes(s.L, i) || computesTimes(s.R, i)) {
			r.note(timeDigits, s.Span, "the times of column %d are assumed to be looked at as times", i+1)
		}
	}
}

// computesTimes tells a column with sums or differences of times, whose digits its type does not tell.
func computesTimes(q ir.Query, i int) bool {
	switch q := q.(type) {
	case *ir.SetOp:
		return computesTimes(q.L, i) || computesTimes(q.R, i)
	case *ir.Select:
		if i < len(q.Items) {
			c, ok := q.Items[i].Expr.(*ir.Call)
			return ok && (c.Op == op.TimeDiff || c.Op == op.AddTime || c.Op == op.SubTime)
		}
	}
	return false
}

// noteRank tells of the digits of ranks between 0 and 1.
func (r *Resolver) noteRank(e *ir.Aggregate) {
	if r.sem.RanksTakeNoFrame && (e.Op == op.CumeDist || e.Op == op.PercentRank) {
		r.note(rankDigits, e.Span, "the digits of %s behind the tenth are assumed not to count", e.Name)
	}
}

// strictField refuses FIELD that reads texts as numbers in a change of rows, where what is none is an error.
func (r *Resolver) strictField(c *ir.Call) {
	text, number := false, false
	for _, a := range c.Args {
		switch kindOf(a.TypeOf()) {
		case textKind, enumKind, setKind:
			text = true
		case numberKind, bitKind:
			number = true
		}
	}
	if text && number {
		r.fail(mixedClasses, c.Span, "FIELD compares texts with numbers in a change of rows, where a text that is no number is an error")
	}
}

// ownAggregate keeps an aggregate, all columns of which belong to the query around, in its own query where the other one is in WHERE: a filter that
// is always true names a column of its own.
func (r *Resolver) ownAggregate(sc *scope, e *ir.Aggregate) {
	if e.Over != nil || sc.outer == nil {
		return
	}
	outside, inside := false, false
	for _, a := range e.Args {
		ir.Walk(a, func(n ir.Node) bool {
			name, ok := n.(*ir.Name)
			if !ok {
				return true
			}
			switch from, column := itemOf(name); {
			case !column:
			case sc.holds(from):
				inside = true
			default:
				outside = true
			}
			return true
		})
	}
	if !outside && !inside && sc.where {
		r.fail(outerAggregate, e.Span, "%s names no column and stands in WHERE, where it is one of the query around", e.Span.Text())
		return
	}
	if !outside || inside {
		return
	}
	if !sc.outer.where {
		if s := sc.outer.sel; s != nil && s.LaxGroup && len(s.GroupBy) == 0 {
			r.fail(outerAggregate, e.Span, "all columns of %s belong to the query around, which becomes one row by it", e.Span.Text())
		}
		return
	}
	own := r.anyColumn(sc, e)
	if own == nil || e.Filter != nil {
		r.fail(outerAggregate, e.Span, "all columns of %s belong to the query around", e.Span.Text())
		return
	}
	if r.sem.EarlyErrors {
		r.note(earlyAggregate, e.Span, "%s is assumed to be computed over the rows of its own query", e.Span.Text())
	}
	null := &ir.IsNull{X: own}
	some := &ir.IsNull{X: ir.Clone(own), Not: true}
	either := &ir.Binary{Op: ir.Or, L: null, R: some}
	for _, m := range []*ir.ExprMeta{&null.ExprMeta, &some.ExprMeta, &either.ExprMeta} {
		m.Span, m.Type = e.Span, types.Bool{}
	}
	e.Filter = either
}

// itemOf is the item of FROM that a name is a column of.
func itemOf(n *ir.Name) (from ir.TableExpr, column bool) {
	switch ref := n.Ref.(type) {
	case *ir.ColumnRef:
		return ref.From, true
	case *ir.OutputRef:
		return ref.From, true
	}
	return nil, false
}

func (sc *scope) holds(from ir.TableExpr) bool {
	for _, it := range sc.items {
		if it.node == from {
			return true
		}
	}
	return false
}

// anyColumn is a column of the first table of the query; nil if there is none.
func (r *Resolver) anyColumn(sc *scope, at ir.Expr) ir.Expr {
	for _, it := range sc.items {
		if it.name == "" || it.open || len(it.cols) == 0 {
			continue
		}
		n := &ir.Name{Parts: []ir.Ident{{Text: it.name}, {Text: it.cols[0].name}}}
		n.Span = at.Base().Span
		if r.columnName(sc, n, "", it.name, it.cols[0].name) {
			return n
		}
	}
	return nil
}

package resolve

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/types"
)

var allCounted = &diag.Code{
	ID: "QY0880", Title: "COUNT of what may be NULL beside a count of all rows", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `COUNT(x) counts the rows in which x is not NULL (MySQL Reference Manual, "Aggregate Functions"), on the target too. Early versions of MySQL 8.0 (8.0.15 among them; MySQL 5.7 and
MariaDB do not) give the number of all rows for each COUNT of a query without WHERE and groups, if one of them counts all rows: SELECT COUNT(*), COUNT(x) FROM t.`,
	Next: "Nothing if the manual's number is wanted.",
	Each: 0.02,
}

var partMaximum = &diag.Code{
	ID: "FN0880", Title: "sums of GREATEST or LEAST of doubles and NULL", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `GREATEST and LEAST are NULL if an argument is (MySQL Reference Manual, "Comparison Functions and Operators"), and sums and averages pass over NULL, on the target too. MySQL 5.7 and early versions of
MySQL 8.0 (8.0.15 among them) add the greatest or least of the arguments in front of the NULL, where the result is a double.`,
	Next: "Nothing if the manual's sum is wanted.",
	Each: 0.02,
}

var cutResult = &diag.Code{
	ID: "FN0881", Title: "results that early versions cut", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `Early versions of MySQL 8.0 (8.0.15 among them) keep too few digits of some results in temporary tables, as they make them for joins that are sorted, groups, windows and unions: HEX of negative numbers of less than 64
bits, CEIL and FLOOR of numbers of more than 17 digits, TO_SECONDS, TIME_FORMAT of negative times. The converted code gives the whole result.`,
	Next: "Nothing if the whole result is wanted.",
	Each: 0.02,
}

var lostDays = &diag.Code{
	ID: "FN0882", Title: "EXTRACT of days and hours of a computed moment", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `EXTRACT(DAY_HOUR FROM x) and other units that begin with a day have the day of the month of a moment (MySQL Reference Manual, "Date and Time Functions"), on the target too. Early versions of MySQL 8.0 (8.0.15 among
them) leave the day out where the moment is the result of some functions, such as CAST, TIMESTAMP, FROM_UNIXTIME, IFNULL and NOW.`,
	Next: "Nothing if the manual's number is wanted.",
	Each: 0.02,
}

var nullIfWhole = &diag.Code{
	ID: "FN0883", Title: "NULLIF of a literal and a BIGINT or YEAR", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `NULLIF(a, b) is a where the two differ (MySQL Reference Manual, "Flow Control Functions"), on the target too. MySQL converts a text that is a constant to the type of the BIGINT or YEAR column b first, and gives the
number at its beginning: NULLIF('12abc', id) is 12.`,
	Next: "Nothing if the manual's text is wanted.",
	Each: 0.02,
}

var unsignedRange = &diag.Code{
	ID: "EX0881", Title: "a window by distances from an unsigned number", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `The bounds of RANGE n PRECEDING are sums and differences of the row's value. Of an UNSIGNED value below n MySQL makes none: it raises the error of a number that is out of range (MySQL Reference
Manual, "Arithmetic Operators"), where the target takes the number below zero. Assumed: no value is below n.`,
	Next: "Nothing, unless the error is wanted.",
	Each: 0.02,
}

// unsignedBound notes a window whose bounds are computed from unsigned numbers.
func (r *Resolver) unsignedBound(w *ir.WindowDef) {
	if !r.sem.EarlyErrors || w.Frame.Unit != "range" || len(w.OrderBy) != 1 {
		return
	}
	if t, ok := w.OrderBy[0].Expr.TypeOf().(types.Int); ok && t.Unsigned {
		r.note(unsignedRange, w.Span, "the bounds of the window are assumed not to be below zero")
	}
}

var twoZeros = &diag.Code{
	ID: "QY0881", Title: "groups of doubles that may be zero below zero", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `A double may be 0 or -0, which are equal on both servers. MySQL makes two groups of them where DISTINCT, GROUP BY or UNION look for equal rows, the target makes one. Products, remainders and
negations of doubles are -0 where a factor is 0 and the other one below zero. Assumed: none is.`,
	Next: "Nothing, unless both are wanted; x + 0 is never -0.",
	Each: 0.02,
}

// zeros notes groups of doubles that are computed in a way that may give -0.
func (r *Resolver) zeros(s *ir.Select, grouped bool) {
	if !r.sem.EarlyErrors {
		return
	}
	for _, it := range s.Items {
		if (grouped || s.Distinct) && r.mayBeMinusZero(it.Expr) {
			r.note(twoZeros, it.Span, "%s is assumed to be no zero below zero", it.Expr.Base().Span.Text())
			return
		}
	}
	for _, g := range s.GroupBy {
		if x := behind(g.Expr); g.Position == 0 && x != nil && r.mayBeMinusZero(x) {
			r.note(twoZeros, g.Span, "%s is assumed to be no zero below zero", g.Span.Text())
			return
		}
	}
}

// united does so for all queries of a set operation.
func (r *Resolver) united(q ir.Query) {
	switch q := q.(type) {
	case *ir.SetOp:
		r.united(q.L)
		r.united(q.R)
	case *ir.Select:
		r.zeros(q, true)
	}
}

func (r *Resolver) mayBeMinusZero(e ir.Expr) bool {
	if _, double := e.TypeOf().(types.Float); !double {
		return false
	}
	return ir.Find(e, func(n ir.Node) bool {
		switch n := n.(type) {
		case ir.Query:
			return false
		case *ir.Binary:
			return n.Op == ir.Mul
		case *ir.Mod:
			return true
		case *ir.Div:
			return n.Kind == ir.DivFloat
		case *ir.Unary:
			return n.Op == ir.Neg && !isLiteral(n.X)
		case *ir.Call:
			return n.Op == op.Round || n.Op == op.Truncate || n.Op == op.Ceil
		}
		return false
	})
}

// earlyCall notes calls whose results early versions cut, or take from what is only a part of the argument.
func (r *Resolver) earlyCall(e *ir.Call) {
	if !r.sem.EarlyErrors || len(e.Args) == 0 {
		return
	}
	x := e.Args[0]
	t, whole := x.TypeOf().(types.Int)
	_, column := behind(x).(*ir.Name)
	switch e.Op {
	case op.Hex:
		if whole && !t.Unsigned && t.Bits < 64 && column {
			r.note(cutResult, e.Span, "%s is assumed not to be below zero, or to be seen in all of its digits", e.Span.Text())
		}
	case op.Ceil, op.Floor:
		if whole && t.Bits == 64 && (!column || t.Unsigned) {
			r.note(cutResult, e.Span, "%s is assumed to have no more than 17 digits, or to be seen in all of them", e.Span.Text())
		}
	case op.ToSeconds:
		r.note(cutResult, e.Span, "%s is assumed to be seen in all of its digits", e.Span.Text())
	case op.TimeFormat:
		if f, ok := ir.Bare(e.Args[len(e.Args)-1]).(*ir.String); ok && strings.ContainsAny(f.Value, "prTf") {
			r.note(cutResult, e.Span, "%s is assumed not to be below zero, or to be seen in all of its letters", e.Span.Text())
		}
	case op.Extract:
		if strings.HasPrefix(strings.ToLower(e.Unit), "day_") && !column && losesDay(x) {
			r.note(lostDays, e.Span, "%s is assumed to have the day", e.Span.Text())
		}
	}
}

// losesDay tells a moment that is made by a function which may lose its day, or by an explicit conversion.
func losesDay(e ir.Expr) bool {
	switch x := e.(type) {
	case *ir.Call:
		return x.Op != op.StrToDate && x.Op != op.AddTime && x.Op != op.SubTime
	case *ir.Cast:
		return !x.Implicit || losesDay(x.X)
	case *ir.Now, *ir.Case:
		return true
	}
	return false
}

// counted notes the counts of a query that early versions take from the number of rows.
func (r *Resolver) counted(s *ir.Select) {
	if !r.sem.EarlyErrors || len(s.From) == 0 || !alwaysTrue(s.Where) || len(s.GroupBy) > 0 {
		return
	}
	exact, other := false, (*ir.Aggregate)(nil)
	look := func(n ir.Node) bool {
		switch n := n.(type) {
		case ir.Query:
			return false
		case *ir.Aggregate:
			if n.Op != op.Count || n.Over != nil || n.Distinct || len(n.Args) != 1 {
				return false
			}
			if _, star := n.Args[0].(*ir.Star); star || !mayBeNull(n.Args[0]) {
				exact = true
			} else if other == nil {
				other = n
			}
			return false
		}
		return true
	}
	for _, it := range s.Items {
		ir.Walk(it, look)
	}
	if s.Having != nil {
		ir.Walk(s.Having, look)
	}
	for _, o := range s.OrderBy {
		ir.Walk(o, look)
	}
	if exact && other != nil {
		r.note(allCounted, other.Span, "%s is assumed to leave out NULL, also beside a count of all rows", other.Span.Text())
	}
}

// alwaysTrue tells a condition that every row meets.
func alwaysTrue(e ir.Expr) bool {
	switch x := ir.Bare(e).(type) {
	case nil:
		return true
	case *ir.Bool:
		return x.Value
	case *ir.Truth:
		return alwaysTrue(x.X)
	}
	v, ok := intLiteral(e)
	return ok && v != 0
}

// partSums notes sums and averages of a choice among doubles, of which one may be NULL behind others.
func (r *Resolver) partSums(e *ir.Aggregate) {
	if !r.sem.EarlyErrors || e.Op != op.Sum && e.Op != op.Avg || len(e.Args) != 1 {
		return
	}
	ir.Find(e.Args[0], func(n ir.Node) bool {
		c, ok := n.(*ir.Call)
		if !ok || c.Op != op.Greatest && c.Op != op.Least || len(c.Args) < 2 || !anyOf(c.Args[1:], mayBeNull) {
			return false
		}
		if _, double := c.Type.(types.Float); double {
			r.note(partMaximum, e.Span, "%s is assumed to pass over NULL", e.Span.Text())
			return true
		}
		return false
	})
}

// wideColumn tells a column of 64 bits, or a year.
func wideColumn(e ir.Expr, t types.Type) bool {
	if column, _ := isColumn(e); !column {
		return false
	}
	if i, ok := t.(types.Int); ok {
		return i.Bits == 64
	}
	_, year := t.(types.Year)
	return year
}

package resolve

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/types"
)

var clipped = &diag.Code{
	ID: "QY0770", Title: "integer functions in stored decimals", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `AVG, and a choice between a whole number and one with a fraction, have a DECIMAL type that holds their values (MySQL Reference Manual, "Aggregate Function Descriptions"). MySQL 5.7 and early
versions of MySQL 8.0 count too few digits for MONTH, DAY, HOUR, TO_DAYS, ASCII and others of the kind: where such a decimal is kept in a derived table, a set operation or for a window, they make 9.9999 of
the average 12. Assumed: what the manual says is wanted.`,
	Next: "Nothing, or cast the function to DECIMAL(20).",
	Each: 0.01,
}

// shortInts are the digits that early versions count for a function, and those that it may have.
var shortInts = map[op.Op][2]int{
	op.Month: {1, 2}, op.DayOfMonth: {1, 2}, op.Hour: {1, 3}, op.Minute: {1, 2}, op.Second: {1, 2}, op.Week: {1, 2}, op.WeekOfYear: {1, 2}, op.DayOfYear: {2, 3},
	op.DayOfWeek: {0, 1}, op.Weekday: {0, 1}, op.Quarter: {0, 1}, op.YearWeek: {5, 6}, op.ToDays: {5, 6}, op.ToSeconds: {5, 11}, op.PeriodAdd: {5, 6}, op.ASCII: {2, 3},
}

// shortUnits are the same for the units of EXTRACT.
var shortUnits = map[string][2]int{
	"year": {3, 4}, "month": {1, 2}, "day": {1, 2}, "hour": {1, 3}, "minute": {1, 2}, "second": {1, 2}, "week": {1, 2}, "quarter": {0, 1},
	"year_month": {5, 6}, "hour_minute": {3, 5}, "hour_second": {5, 7}, "minute_second": {3, 4},
}

// short gives both numbers of digits of a function, ok for the functions of which early versions count too few.
func short(e ir.Expr) (d [2]int, ok bool) {
	for {
		c, cast := e.(*ir.Cast)
		if !cast || !c.Implicit {
			break
		}
		e = c.X
	}
	c, call := e.(*ir.Call)
	if !call {
		return d, false
	}
	if c.Op == op.Extract {
		d, ok = shortUnits[c.Unit]
		return d, ok
	}
	d, ok = shortInts[c.Op]
	return d, ok
}

// keptAverage notes AVG of such a function in a window, which keeps its value.
func (r *Resolver) keptAverage(e *ir.Aggregate) {
	if e.Over != nil {
		r.shortAverage(e)
	}
}

func (r *Resolver) shortAverage(e *ir.Aggregate) {
	if e.Op != op.Avg || len(e.Args) != 1 || !r.sem.EarlyErrors {
		return
	}
	if _, ok := short(e.Args[0]); ok {
		r.note(clipped, e.Span, "%s is assumed to keep all of its digits", e.Span.Text())
	}
}

// keptRows notes decimals with too few digits among the columns of a query whose rows are kept.
func (r *Resolver) keptRows(q ir.Query) {
	if !r.sem.EarlyErrors {
		return
	}
	switch q := q.(type) {
	case *ir.SetOp:
		r.keptRows(q.L)
		r.keptRows(q.R)
	case *ir.Select:
		for _, it := range q.Items {
			r.keptValue(it.Expr)
		}
	}
}

// keptSelect is keptRows for a query that keeps its rows itself: it groups, sorts out equal ones or has windows.
func (r *Resolver) keptSelect(s *ir.Select) {
	windows := false
	for _, it := range s.Items {
		windows = windows || ir.Find(it.Expr, func(n ir.Node) bool {
			a, ok := n.(*ir.Aggregate)
			return ok && a.Over != nil
		})
	}
	if windows || s.Distinct || len(s.GroupBy) > 0 {
		for _, it := range s.Items {
			if windows || !ir.Find(it.Expr, func(n ir.Node) bool { _, ok := n.(*ir.Aggregate); return ok }) {
				r.keptValue(it.Expr)
			}
		}
	}
}

func (r *Resolver) keptValue(e ir.Expr) {
	if e == nil || !r.sem.EarlyErrors {
		return
	}
	ir.Walk(e, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Subquery, *ir.Exists:
			return false
		case *ir.Aggregate:
			r.shortAverage(n)
		case *ir.Case:
			var list []ir.Expr
			for _, w := range n.Whens {
				list = append(list, w.Then)
			}
			r.shortChoice(n, append(list, n.Else))
		case *ir.Call:
			switch n.Op {
			case op.Coalesce, op.IfNull, op.Greatest, op.Least:
				r.shortChoice(n, n.Args)
			}
		}
		return true
	})
}

// shortChoice notes a decimal that is chosen among such a function and numbers with fewer digits.
func (r *Resolver) shortChoice(e ir.Expr, among []ir.Expr) {
	if d, ok := e.TypeOf().(types.Decimal); ok && d.Scale > 0 && tooShort(among) {
		r.note(clipped, e.Base().Span, "%s is assumed to keep all of its digits", e.Base().Span.Text())
	}
}

// tooShort tells that the digits counted for all of the values are fewer than one of them may have.
func tooShort(among []ir.Expr) bool {
	counted, real := 0, 0
	for _, x := range among {
		if x == nil {
			continue
		}
		if d, ok := short(x); ok {
			counted, real = max(counted, d[0]), max(real, d[1])
		} else if _, null := x.TypeOf().(types.Null); !null {
			p, s := op.DecimalOf(x.TypeOf())
			counted = max(counted, p-s)
		}
	}
	return real > counted
}

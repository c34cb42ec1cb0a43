package resolve

import (
	"godwit/ir"
	"godwit/ir/diag"
)

var boundWithout = &diag.Code{
	ID: "EX0690", Title: "BETWEEN over dates with a bound that may be NULL", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `A value between a bound and NULL is unknown, unless the bound alone makes it false (MySQL Reference Manual, "Comparison Functions and Operators"). MySQL 5.7 and early versions of MySQL 8.0 take it the
other way round where dates are compared and one of them is written as a text, or is a literal NULL: DATE '2024-01-01' BETWEEN '2023-01-01' AND NULL is false there, and NOT BETWEEN true. The converted code does what the manual says.
Assumed: the bound is not NULL, or it does not matter whether the result is false or unknown.`,
	Next: "Check NOT BETWEEN with bounds that may be NULL.",
	Each: 0.02,
}

// boundsOfDates notes a BETWEEN over dates, one of which is a text or a literal NULL, with a bound that may be NULL.
func (r *Resolver) boundsOfDates(e *ir.Between, x, lo, hi ir.Expr) {
	if !r.sem.EarlyErrors || !mayBeNull(lo) && !mayBeNull(hi) {
		return
	}
	for _, o := range []ir.Expr{x, lo, hi} {
		if _, null := o.(*ir.Null); null || kindOf(o.TypeOf()) == textKind {
			r.note(boundWithout, e.Span, "the bounds of %s are assumed to have values", e.Span.Text())
			return
		}
	}
}

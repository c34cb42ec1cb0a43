package resolve

import (
	"slices"

	"godwit/ir"
	"godwit/ir/diag"
)

var equalRows = &diag.Code{
	ID: "QY0690", Title: "OFFSET behind DISTINCT of constants", Severity: diag.Review, Fidelity: diag.Approximate,
	Doc: `DISTINCT leaves one row of equal ones, and OFFSET skips rows of what is left (MySQL Reference Manual, "DISTINCT Optimization"). Where all columns are constants MariaDB stops at the first row and lets OFFSET skip rows
of the table, so that SELECT DISTINCT 1 FROM t LIMIT 1 OFFSET 1 gives a row if the table has two. The converted query gives none.`,
	Next: "Ask with EXISTS whether the table has so many rows.",
	Each: 0.02,
}

// constantRows reports a query whose rows are all equal, and of which some are skipped.
func (r *Resolver) constantRows(s *ir.Select) {
	if !r.sem.OffsetSkipsEqualRows || !s.Distinct || s.Offset == nil || len(s.From) == 0 {
		return
	}
	if !slices.ContainsFunc(s.Items, func(it *ir.SelectItem) bool { return !isConstant(it.Expr) }) {
		r.note(equalRows, s.Span, "OFFSET")
	}
}

package resolve

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/types"
)

var nullIfDate = &diag.Code{
	ID: "FN0650", Title: "NULLIF of texts that is used as a date or time", Severity: diag.Review, Fidelity: diag.Approximate,
	Doc: `NULLIF(a, b) is a where the two differ (MySQL Reference Manual, "Flow Control Functions"), also where a is a text that is read as a date or time. MySQL 5.7 and early versions of MySQL 8.0 read
the number at its beginning instead, which is NULL or another time: DAY(NULLIF('2024-01-31', '')) is NULL there, and a moment is rounded to seconds first. The converted code does what the manual says.`,
	Next: "Check whether the source's NULL is relied on.",
	Each: 0.05,
}

// nullIfMoment reports NULLIF of texts, and of moments with parts of a second, where a date or time is wanted.
func (r *Resolver) nullIfMoment(e ir.Expr) {
	if r.sem.EarlyErrors && isNullIf(e) && (kindOf(e.TypeOf()) == textKind || kindOf(e.TypeOf()) == temporalKind && op.Precision(e.TypeOf()) > 0) {
		r.note(nullIfDate, e.Base().Span, "%s is NULL or another time in versions of the source", e.Base().Span.Text())
	}
}

// nullIfCast does so for an explicit conversion.
func (r *Resolver) nullIfCast(e *ir.Cast) {
	if types.IsTemporal(e.To) {
		r.nullIfMoment(e.X)
	}
}

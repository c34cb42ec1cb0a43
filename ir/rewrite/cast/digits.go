package cast

import (
	"regexp"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

var forms = &diag.Code{
	ID: "EX0774", Title: "texts that only the target reads as numbers", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `Under strict mode a text that is stored as a number has to be one in decimal digits; everything else is an error (MySQL Reference Manual, "Server SQL Modes"). PostgreSQL reads
NaN and Infinity as numbers too, and from version 16 on 0x1F, 0o17, 0b11 and 1_000 (PostgreSQL manual, "Numeric Types"). Assumed: no text is written so.`,
	Next: "Nothing, if the texts are decimal numbers.", Each: 0.01,
}

// decimal is a text that the source takes for a number, others one that only the target takes for one.
var (
	decimal = regexp.MustCompile(`^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$`)
	others  = regexp.MustCompile(`(?i)^\s*[-+]?(nan|inf|infinity|0[xob].*|.*_.*)\s*$`)
)

// stored is a text as a number under strict mode, by a cast to a type of the target: a literal that only the target takes for a number is an error, other texts are assumed to be none.
func (l *lowering) stored(e *ir.Cast, s ir.Expr, name string) ir.Expr {
	var t types.Type = types.Decimal{}
	if name != "numeric" {
		t = types.Float{Bits: 64}
	}
	text, literal := written(s)
	switch {
	case !literal:
		l.note(forms, e, "the texts of %s are assumed to be decimal numbers", e.X.Base().Span.Text())
	case !decimal.MatchString(text) && others.MatchString(text):
		h := l.p.Helper("stored_float", e, s)
		h.Type = types.Float{Bits: 64}
		return h
	}
	return build.As(s, name, t, code)
}

// written is the text of a literal, which may stand in a subquery of its own.
func written(e ir.Expr) (string, bool) {
	switch x := e.(type) {
	case *ir.String:
		return x.Value, true
	case *ir.Collate:
		return written(x.X)
	case *ir.Subquery:
		if q, ok := x.Query.(*ir.Select); ok && len(q.Items) == 1 && len(q.From) == 0 && q.Where == nil {
			return written(q.Items[0].Expr)
		}
	}
	return "", false
}

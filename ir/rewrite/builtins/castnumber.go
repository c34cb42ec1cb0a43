package builtins

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/types"
)

var tooShort = &diag.Code{
	ID: "FN0722", Title: "CAST to a text that may be too short", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc:  `CAST of a number to a text that is too short raises ORA-25137 (SQL Language Reference, "CAST"), which is about all operands that are no texts. Assumed: so does that of a moment, an interval, a BINARY_DOUBLE and a RAW; nothing is cut.`,
	Next: "Cast to a longer text, or cut with SUBSTR.", Each: 0.01,
}

// longest is how many characters a NUMBER of any size has as text (SQL Language Reference, TO_CHAR (number)).
const longest = 40

// digitsFit tells that a number as text has no more than so many characters; true of what is no number. An explicit CAST cuts a text, but raises an
// error for a number (ORA-25137).
func (l *lowering) digitsFit(x ir.Expr, characters int) bool {
	if characters >= longest {
		return true
	}
	if n, ok := ir.Bare(x).(*ir.Number); ok && n.Kind == ir.IntNumber {
		return len(n.Text) <= characters
	}
	switch t := x.TypeOf().(type) {
	case types.Int:
		return characters >= 11
	case types.Decimal:
		switch {
		case t.Precision == 0:
			return false
		case t.Scale > 0:
			return max(t.Precision, t.Scale)+2 <= characters // with a sign and a point
		}
		return t.Precision-t.Scale+1 <= characters
	}
	return true
}

// othersFit tells that a value that is neither number nor text has no more than so many characters as text.
func (l *lowering) othersFit(c *ir.Cast, x ir.Expr, characters int) bool {
	width := 0
	switch t := x.TypeOf().(type) {
	case types.Float:
		width = 24
	case types.DateTime, types.Timestamp:
		width = modelWidth(digitsOf(c.Mask, t))
	case types.Interval:
		width = 30
		if t.Months {
			width = 13
		}
	case types.Binary:
		if width = 2 * max(t.N, int(t.MaxBytes)); width == 0 {
			width = longest
		}
	}
	return width <= characters
}

// elementWidths are the most characters of elements of format models that take others than they are written with.
var elementWidths = map[string]int{"HH24": 2, "HH12": 2, "FM": 0, "FX": 0, "MONTH": 9, "DAY": 9, "RM": 4, "Q": 1, "D": 1, "J": 7, "SYYYY": 5, "TZR": 32, "TZH": 3, "YEAR": 42, "DL": 30, "DS": 10, "TS": 15, "FF": 9, "X": 1}

// modelWidth is the most characters of a moment by a format model.
func modelWidth(model string) int {
	list, _ := elements(model)
	width := 0
	for _, e := range list {
		name, suffix, _ := strings.Cut(e.name, " ")
		switch w, other := elementWidths[name]; {
		case suffix != "":
			width += 42 // in words
		case len(name) == 3 && strings.HasPrefix(name, "FF"):
			width += int(name[2] - '0')
		case other:
			width += w
		default:
			width += len(e.text)
		}
	}
	return width
}

package builtins

import (
	"godwit/ir"
	"godwit/ir/types"
)

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

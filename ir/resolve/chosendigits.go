package resolve

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/types"
)

var chosenDigits = &diag.Code{
	ID: "TY0742", Title: "digits of a chosen number in a column of texts", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `LEAST, GREATEST, COALESCE, IF and CASE among numbers with different digits behind the point show all results with the most of them. Where a set operation makes a column of texts of such a
number, MySQL writes the digits that the chosen one has itself: LEAST(1, 2.50) is 1, and not 1.00 (MySQL Reference Manual, "Comparison Functions and Operators"). Assumed: nobody compares such texts.`,
	Next: "Cast the number to a DECIMAL in front of the set operation.",
	Each: 0.02,
}

// noteChosen tells of numbers chosen among others with fewer digits behind the point that become texts of a set operation.
func (r *Resolver) noteChosen(e ir.Expr, t types.Type) {
	d, ok := e.TypeOf().(types.Decimal)
	if _, text := t.(types.Text); !ok || !text || d.Scale <= 0 {
		return
	}
	var among []ir.Expr
	switch n := ir.Bare(e).(type) {
	case *ir.Case:
		for _, w := range n.Whens {
			among = append(among, w.Then)
		}
		among = append(among, n.Else)
	case *ir.Call:
		switch n.Op {
		case op.Coalesce, op.IfNull, op.Greatest, op.Least:
			among = n.Args
		}
	}
	for _, x := range among {
		if x != nil && written(ir.Bare(x)) < d.Scale {
			r.note(chosenDigits, e.Base().Span, "the text of %s is assumed not to be looked at", e.Base().Span.Text())
			return
		}
	}
}

// written is how many digits a number has behind the point, of a literal those that it is written with.
func written(e ir.Expr) int {
	if n, ok := e.(*ir.Number); ok && n.Span.IsValid() {
		_, digits, _ := strings.Cut(n.Span.Text(), ".")
		return len(digits)
	}
	return scaleOf(e.TypeOf())
}

// scaleOf is how many digits a number has behind the point; those of other types are not told apart.
func scaleOf(t types.Type) int {
	switch t := t.(type) {
	case types.Decimal:
		return t.Scale
	case types.Int:
		return 0
	}
	return 1 << 30
}

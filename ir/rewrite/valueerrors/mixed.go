package valueerrors

import (
	"slices"

	"godwit/ir"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

// mixed makes a handler ask for the place of the error: one that arises inside of a statement of SQL is about a column, and any other one about a
// variable. VALUE_ERROR, which is about variables, hands the former on.
func (w *sides) mixed(c *ir.Catch, all []*ir.Catch) {
	c.Mixed = true
	if !valueError(c) {
		return
	}
	is := func(number string) ir.Expr {
		x := &ir.Compare{Op: ir.Eq, L: numberOf(c), R: control.Int(number)}
		x.Type, x.Span = types.Bool{}, c.Span
		return x
	}
	either := &ir.Binary{Op: ir.Or, L: is("-12899"), R: is("-1438")}
	either.Type, either.Span = types.Bool{}, c.Span
	guard(c, either, instead(all[slices.Index(all, c)+1:], func(other *ir.Catch) bool {
		return takes(other, tooManyDigits) || takes(other, -12899)
	}))
}

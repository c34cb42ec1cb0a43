package valueerrors

import (
	"slices"

	"godwit/ir"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

// overflowState is the state of ORA-01426 where a helper routine raises it, tooLarge the condition that the target has for it, and for a number with
// too many digits (ORA-06502).
const overflowState, tooLarge = "ZZ13M", "numeric_value_out_of_range"

// ofOverflow tells a handler of ORA-01426, whose exception a program declares.
func ofOverflow(c *ir.Catch) bool { return slices.Contains(c.States, overflowState) }

// overflows tells ORA-01426 (PL/SQL Language Reference, "PLS_INTEGER and BINARY_INTEGER Data Types") from VALUE_ERROR, which are one condition of
// the target: the handler that stands first asks for the number, and does what the one does that is meant.
func overflows(p *rewrite.Pass, b *ir.Block) {
	first := slices.IndexFunc(b.Catches, func(c *ir.Catch) bool { return slices.Contains(c.States, tooLarge) && (valueError(c) != ofOverflow(c)) })
	if first < 0 {
		return
	}
	c := b.Catches[first]
	x := &ir.Compare{Op: ir.Eq, L: numberOf(c), R: control.Int("-1426")}
	if ofOverflow(c) {
		x.Op = ir.Ne
	}
	x.Type, x.Span = types.Bool{}, c.Span
	guard(c, x, instead(b.Catches[first+1:], func(other *ir.Catch) bool {
		return ofOverflow(c) && valueError(other) || !ofOverflow(c) && ofOverflow(other)
	}))
	c.Assigned = true
}

// guard makes a handler do something else where the error is another one.
func guard(c *ir.Catch, x ir.Expr, rest []ir.Stmt) {
	other := control.When(x, rest...)
	other.Made(sizesCode)
	if leaves(other.Branches[0].Body) {
		c.Body = append([]ir.Stmt{other}, c.Body...)
	} else {
		other.Else = c.Body
		c.Body = []ir.Stmt{other}
	}
}

// numberOf is SQLCODE.
func numberOf(c *ir.Catch) ir.Expr {
	n := &ir.Name{Parts: []ir.Ident{{Text: "SQLCODE"}}}
	n.Type, n.Span = types.Int{Bits: 32}, c.Span
	return n
}

// instead is what the handlers behind one do with the other error: the handler of its name, that of all others, or none.
func instead(rest []*ir.Catch, takes func(*ir.Catch) bool) []ir.Stmt {
	for _, c := range rest {
		if c.Others || takes(c) {
			var out []ir.Stmt
			for _, s := range c.Body {
				out = append(out, control.Copy(s))
			}
			return out
		}
	}
	again := &ir.RaiseNamed{}
	again.Made(sizesCode)
	return []ir.Stmt{again}
}

// leaves tells statements that do not come to their end.
func leaves(list []ir.Stmt) bool {
	r, ok := list[len(list)-1].(*ir.RaiseNamed)
	return ok && len(list) == 1 && len(r.Name.Parts) == 0
}

package triggers

import (
	"slices"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/columntypes"
	"godwit/ir/types"
)

// ranges checks the columns that the trigger sets before the event: the source raises the error of a value that is out of range before it runs
// the trigger, and the target's CHECK constraint sees only what the trigger has made of it.
func ranges(p *rewrite.Pass, t *ir.CreateTrigger) (out []ir.Stmt) {
	if t.Timing != "before" || t.Table.Table == nil || p.Policy.NoRangeChecks || slices.Contains(t.Events, "delete") {
		return nil
	}
	seen := map[string]bool{}
	for _, n := range assigned(t) {
		row, ok := n.Ref.(*ir.RowRef)
		if !ok || seen[row.Column.Name] {
			continue
		}
		seen[row.Column.Name] = true
		lo, hi := bounds(row.Column)
		if lo == "" {
			continue
		}
		x := &ir.Perform{Expr: p.Helper("in_range", n, ir.Clone(n), number(lo, n), number(hi, n))}
		x.Span = t.Span
		x.Made(code)
		out = append(out, x)
	}
	return out
}

// bounds are the ends of the range that a CHECK constraint of the column holds, "" if it has none.
func bounds(c *catalog.Column) (lo, hi string) {
	switch t := c.Type.(type) {
	case types.Int:
		return columntypes.Limits(t)
	case types.Year:
		return "0", "2155"
	case types.Decimal:
		if t.Unsigned {
			return "0", "1e66"
		}
	}
	return "", ""
}

func number(s string, like ir.Expr) ir.Expr {
	if s[0] == '-' {
		return build.Make(&ir.Unary{Op: ir.Neg, X: number(s[1:], like)}, like, types.Decimal{}, code)
	}
	return build.Make(&ir.Number{Text: s}, like, types.Decimal{}, code)
}

package resolve

import (
	"godwit/ir"
	"godwit/ir/types"
)

// strictReads makes the conversions inside a strict change of rows fail, not only those of what is stored: a query would go on with
// the digits in front of what is no number, and a warning (Server SQL Modes, "Strict SQL Mode").
func (r *Resolver) strictReads(s ir.Stmt, p ir.ErrorPolicy) {
	if !r.strict(r.unit.Settings) || p == ir.IgnoreErrors {
		return
	}
	ir.Walk(s, func(n ir.Node) bool {
		c, ok := n.(*ir.Cast)
		if !ok || c.Fail != ir.FailPrefix {
			return true
		}
		switch c.To.(type) {
		case types.Int, types.Decimal, types.Float:
			if k := kindOf(c.X.TypeOf()); k == textKind {
				c.Fail = ir.FailError
			}
		case types.Date, types.DateTime, types.Timestamp, types.Time:
			if c.Implicit {
				c.Fail = ir.FailError
			}
		}
		return true
	})
}

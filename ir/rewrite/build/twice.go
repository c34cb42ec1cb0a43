package build

import (
	"godwit/ir"
	"godwit/ir/op"
)

// stateful are the helper routines that do not give the same value twice, or have effects.
var stateful = map[string]bool{
	"var_get": true, "var_set": true, "last_insert_id": true, "set_last_insert_id": true, "identity_moved": true,
	"sleep": true, "get_lock": true, "release_lock": true, "is_free_lock": true, "lock_holder": true, "set_sequence": true,
}

// Repeatable tells that an expression may be written twice: each evaluation gives the same value, and none has effects.
// What it costs does not count.
func Repeatable(e ir.Expr) bool {
	return !ir.Find(e, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Call:
			i := op.Lookup(n.Op)
			return i == nil || i.Volatility == op.Volatile
		case *ir.TargetCall:
			return n.Name == "random" || n.Name == "gen_random_uuid" || n.Name == "clock_timestamp"
		case *ir.HelperCall:
			return stateful[n.Name]
		case *ir.AssignExpr, *ir.RoutineCall, *ir.UnsupportedExpr, *ir.Subquery:
			return true
		case *ir.NextValue:
			return !n.Previous
		case *ir.Now:
			return n.At == ir.AtCall
		}
		return false
	})
}

package outcalls

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite/plsql"
)

// captured finds the defaults of nested routines that read variables and parameters around them. Such a default is computed where the call stands: a
// routine of the target knows what it is given only. Calls state it, and drop takes it from the routine behind them.
func (r *run) captured(s ir.Stmt) (drop func()) {
	last := map[*ir.Routine]int{}
	r.around = map[*catalog.Routine]bool{}
	ir.WalkStatements(s, func(n ir.Node) bool {
		d, ok := n.(*ir.RoutineDecl)
		if !ok || d.Routine == nil || d.Routine.Object == nil || ir.Stmt(d.Routine) == s {
			return true
		}
		o := d.Routine.Object
		for k, p := range d.Routine.Params {
			if p.Default != nil && k < len(o.Params) && plsql.InUse(p.Default) {
				last[d.Routine] = k
				o.Params[k].Default = false
				r.around[o] = true
			}
		}
		return true
	})
	return func() {
		for d, k := range last {
			for _, p := range d.Params[:k+1] {
				p.Default = nil
			}
		}
	}
}

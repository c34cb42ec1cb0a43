package resolve

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/types"
)

// Some units need nothing of what the session has done, and leave nothing behind: definitions of tables, indexes, routines, triggers and
// events that do not touch user variables, and make, change and call nothing. They are resolved when all others are, side by side, by
// helpers that share what has been declared.

// Apart tells that a unit that is declared may be resolved by a helper, in any order with others of its kind, when all units that are
// not are resolved.
func (r *Resolver) Apart(u *ir.Unit) bool {
	if len(u.Stmts) != 1 {
		return false
	}
	reasons := &entangled
	switch s := u.Stmts[0].(type) {
	case *ir.CreateTable:
		if s.Temporary {
			return false
		}
		reasons = &entangledTable
	case *ir.CreateIndex:
		reasons = &entangledTable
	case *ir.Routine, *ir.CreateTrigger, *ir.CreateEvent:
	default:
		return false
	}
	var kinds ir.NodeKinds
	kinds.Look(u.Stmts[0])
	return !kinds.Meets(reasons)
}

// entangled are the kinds of nodes that let a routine depend on the session, or change what others depend on.
var entangled = func() ir.NodeKinds {
	kinds := probed
	kinds.Join(ir.Kinds(ir.KindCreateIndex, ir.KindCreateView, ir.KindUse, ir.KindPrepare))
	return kinds
}()

// entangledTable are those of a table and its indexes.
var entangledTable = ir.Kinds(ir.KindUserVar, ir.KindAssignExpr, ir.HasTableQuery, ir.HasLike)

// Helpers makes n resolvers that share what this one knows: each resolves units that are apart, one after the other, while the others do
// the same and this one does nothing. Adopt ends that.
func (r *Resolver) Helpers(n int) []*Resolver {
	r.resolving = true
	r.onlyTable("") // gathers the names of tables
	r.resolving = false
	for t := range r.views {
		if len(t.Columns) == 0 {
			r.viewColumns(t)
		}
	}
	out := make([]*Resolver, n)
	for i := range out {
		h := *r
		h.cat = r.cat.Shared()
		h.effects = map[*catalog.Routine]map[string]types.Type{}
		h.helps = true
		out[i] = &h
	}
	return out
}

// Adopt takes over what helpers have found. last is the last of all units if it was apart, else nil.
func (r *Resolver) Adopt(helpers []*Resolver, last *ir.Unit) {
	for _, h := range helpers {
		for o, e := range h.effects {
			r.effects[o] = e
		}
	}
	if last != nil {
		r.use(r.inUse[last])
	}
}

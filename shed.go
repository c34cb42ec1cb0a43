package godwit

import (
	"sync/atomic"

	"godwit/emit"
	"godwit/ir"
	"godwit/ir/catalog"
)

// printing is a unit that is printed while others are rewritten.
type printing struct {
	unit *Unit
	done atomic.Bool
}

// printings follow the units of a script while they are printed, to let go of their trees: those of a large script are several times
// as large as its texts.
type printings struct {
	list []printing
	next int // the first that is still whole
}

// settled lets go of what was printed before the first unit that is not.
func (l *printings) settled(forget func(*catalog.Table)) {
	for l.next < len(l.list) && l.list[l.next].done.Load() {
		l.list[l.next].unit.shed(forget)
		l.next++
	}
}

// shed lets go of the bodies, queries and columns of a unit that is printed; forget is told the views whose queries are gone. Rules that have
// to know what a program or a view behind them does note it before any unit is rewritten (see rewrite.Prepare), since rules change nodes in
// place; from the unit itself nothing is read any more but its kinds, its names and its places. Programs of PL/SQL may be converted a second
// time (see members.go) and stay.
func (u *Unit) shed(forget func(*catalog.Table)) {
	if u.PLSQL || u.tree != nil || len(u.inner) > 0 {
		return
	}
	for _, s := range u.Stmts {
		switch s := s.(type) {
		case *ir.Routine:
			s.Body = nil
		case *ir.CreateTrigger:
			s.Body = nil
		case *ir.CreateEvent:
			s.Body = nil
		case *ir.CreateTable:
			s.Columns, s.Keys, s.ForeignKeys, s.Checks, s.Partition, s.Options = nil, nil, nil, nil, nil, nil
		case *ir.AlterTable:
			s.Actions = nil
		case *ir.CreateView:
			if u.reads == nil {
				u.reads = map[*ir.CreateView][]*catalog.Table{}
			}
			u.reads[s] = readBy(s.Query)
			s.Query = nil
			if s.Object != nil && forget != nil {
				forget(s.Object)
			}
		}
	}
}

// readsOf are the tables and views that a view of the unit reads.
func (u *Unit) readsOf(v *ir.CreateView) []*catalog.Table {
	if l, ok := u.reads[v]; ok {
		return l
	}
	return readBy(v.Query)
}

func readBy(q ir.Query) []*catalog.Table {
	var out []*catalog.Table
	ir.Walk(q, func(n ir.Node) bool {
		if t, ok := n.(*ir.TableRef); ok && t.Table != nil {
			out = append(out, t.Table)
		}
		return true
	})
	return out
}

// mapped lets go of the places of a unit's lines, which the map of its file has.
func (u *Unit) mapped() {
	for i := range u.Outputs {
		u.Outputs[i].Lines = emit.Lines{}
	}
}

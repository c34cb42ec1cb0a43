package transactions

import (
	"fmt"
	"strings"

	"godwit/ir"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

// saves makes blocks of savepoints: the statements between SAVEPOINT and ROLLBACK TO become a block that is left by an error of its own, which undoes
// them. That is the same where the way back stands in the list of the savepoint or at the end of a branch there, in a transaction of the routine.
type saves struct {
	*rewrite.Pass
	root  ir.Stmt
	marks int
}

func savepointBlocks(p *rewrite.Pass, root ir.Stmt) {
	b, ok := control.Body(root).(*ir.Block)
	if !ok || !ir.Find(b, func(n ir.Node) bool { return isSavepoint(n, "") }) {
		return
	}
	s := &saves{Pass: p, root: root}
	b.Body, _ = s.list(b.Body, b.Transaction)
}

// isSavepoint tells SAVEPOINT of the name, or any where that is "".
func isSavepoint(n ir.Node, name string) bool {
	t, ok := n.(*ir.Transaction)
	return ok && t.Kind == ir.SetSavepoint && (name == "" || strings.EqualFold(t.Savepoint.Text, name))
}

func isBack(n ir.Node, name string) bool {
	t, ok := n.(*ir.Transaction)
	return ok && t.Kind == ir.RollbackToSavepoint && strings.EqualFold(t.Savepoint.Text, name)
}

// list follows the statements of a list; open tells that a transaction of the routine is open.
func (s *saves) list(list []ir.Stmt, open bool) ([]ir.Stmt, bool) {
	for i := 0; i < len(list); i++ {
		switch n := list[i].(type) {
		case *ir.Transaction:
			switch n.Kind {
			case ir.BeginTransaction:
				open = true
			case ir.CommitTransaction, ir.RollbackTransaction:
				open = n.Chain
			case ir.SetSavepoint:
				if out, ok := s.block(list, i, n); open && ok {
					list = out
					i-- // what stands there now is followed next
				}
			}
		case *ir.Block:
			n.Body, open = s.list(n.Body, open || n.Transaction)
			open = open && !n.Transaction
			for _, a := range n.Except {
				a.Body, _ = s.list(a.Body, open)
			}
		case *ir.If:
			open = s.branches(n.Branches, &n.Else, open)
		case *ir.CaseStmt:
			open = s.branches(n.Branches, &n.Else, open)
		case *ir.Loop:
			ends := control.Transactional(&ir.Block{Body: withoutSavepoints(n.Body)})
			n.Body, _ = s.list(n.Body, open && !ends)
			open = open && !ends
		}
	}
	return list, open
}

func (s *saves) branches(list []*ir.Branch, rest *[]ir.Stmt, open bool) bool {
	out := open
	one := func(body []ir.Stmt) []ir.Stmt {
		leaves := control.Leaves(body)
		body, end := s.list(body, open)
		out = out && (end || leaves)
		return body
	}
	for _, b := range list {
		b.Body = one(b.Body)
	}
	if len(*rest) > 0 {
		*rest = one(*rest)
	}
	return out
}

// withoutSavepoints are the statements of a list that are not about savepoints.
func withoutSavepoints(list []ir.Stmt) []ir.Stmt {
	var out []ir.Stmt
	for _, s := range list {
		if t, ok := s.(*ir.Transaction); ok && t.Savepoint.Text != "" {
			continue
		}
		if f, ok := s.(*ir.If); ok {
			for _, b := range f.Branches {
				out = append(out, withoutSavepoints(b.Body)...)
			}
			out = append(out, withoutSavepoints(f.Else)...)
			continue
		}
		out = append(out, s)
	}
	return out
}

// block makes the block of a savepoint at its place in a list; ok is false where it cannot be.
func (s *saves) block(list []ir.Stmt, at int, t *ir.Transaction) ([]ir.Stmt, bool) {
	name := t.Savepoint.Text
	if !s.alone(name) {
		return nil, false
	}
	last, released := -1, -1
	for k := at + 1; k < len(list); k++ {
		if last < 0 && ir.Find(list[k], func(n ir.Node) bool { return isBack(n, name) }) {
			last = k
		}
		if r, ok := list[k].(*ir.Transaction); ok && r.Kind == ir.ReleaseSavepoint && strings.EqualFold(r.Savepoint.Text, name) {
			released = k
			break
		}
	}
	if last < 0 {
		if s.goesBack(name) {
			return nil, false
		}
		if released >= 0 {
			list = drop(list, released)
		}
		return drop(list, at), true
	}
	region := append([]ir.Stmt(nil), list[at+1:last]...)
	out := &outer{}
	raise := s.raise(t)
	arm := &ir.ExceptArm{Conditions: []string{"SQLSTATE '" + raise.State + "'"}, Body: []ir.Stmt{&ir.Nothing{}}}
	arm.Span = t.Span
	arm.Made(routineCode)
	switch n := list[last].(type) {
	case *ir.Transaction:
		region = append(region, raise)
	case *ir.If:
		if !s.tails(n, name, raise, arm) {
			return nil, false
		}
		arm.Body = unreleased(arm.Body, name)
		for _, b := range n.Branches {
			b.Body = unreleased(b.Body, name)
		}
		n.Else = unreleased(n.Else, name)
		region = append(region, n)
	default:
		return nil, false
	}
	if released >= 0 {
		list = drop(list, released)
	}
	if region = out.list(region); out.differ || !undoable(withoutSavepoints(region)) || !undoable(withoutSavepoints(arm.Body)) && !out.found() {
		return nil, false
	}
	b := &ir.Block{Body: region, Except: []*ir.ExceptArm{arm}}
	if out.found() {
		b.Except = append(b.Except, out.arm)
	}
	b.Span, b.Lead = t.Span, t.Lead
	b.Made(routineCode)
	all := append(append([]ir.Stmt(nil), list[:at]...), b)
	return append(all, list[last+1:]...), true
}

// outer is the handler of statements between a savepoint and the way back that undoes the whole transaction and leaves: a ROLLBACK cannot stand inside
// the block of the savepoint, so that its arm becomes one of that block.
type outer struct {
	arm    *ir.ExceptArm
	differ bool // the statements have several
}

func (o *outer) found() bool { return o.arm != nil }

// list takes the handler off the statements of a list.
func (o *outer) list(list []ir.Stmt) []ir.Stmt {
	var out []ir.Stmt
	for _, s := range list {
		switch n := s.(type) {
		case *ir.Block:
			n.Body = o.list(n.Body)
			if !control.Transactional(&ir.Block{Except: n.Except}) {
				break
			}
			if o.take(n); o.differ {
				return list
			}
			if len(n.Decls) == 0 && n.Label == "" && len(n.Body) > 0 {
				n.Body[0].Base().Lead = append(n.Lead, n.Body[0].Base().Lead...)
				out = append(out, n.Body...)
				continue
			}
		default:
			control.Below(s, o.list)
		}
		out = append(out, s)
	}
	return out
}

// asks tells that an arm reads what error it is for: the answer is made for the statement that fails.
func asks(a *ir.ExceptArm) bool {
	return ir.Find(&ir.Block{Body: a.Body}, func(n ir.Node) bool {
		_, ok := n.(*ir.HelperCall)
		return ok
	})
}

// take takes the only arm of a block, which is for all errors.
func (o *outer) take(b *ir.Block) {
	a := b.Except[0]
	if len(b.Except) != 1 || len(a.Conditions) != 1 || a.Conditions[0] != "OTHERS" || control.RollbackAt(a.Body) < 0 || !control.Leaves(a.Body) ||
		o.arm != nil && (o.arm.Span != a.Span || asks(a)) {
		o.differ = true
		return
	}
	if o.arm == nil {
		o.arm = a
	}
	b.Except = nil
}

// alone tells that the name stands for one savepoint, which is gone back to once at most.
func (s *saves) alone(name string) bool {
	set, back := 0, 0
	ir.Walk(s.root, func(n ir.Node) bool {
		if isSavepoint(n, name) {
			set++
		}
		if isBack(n, name) {
			back++
		}
		return true
	})
	return set == 1 && back <= 1
}

func (s *saves) goesBack(name string) bool {
	return ir.Find(s.root, func(n ir.Node) bool { return isBack(n, name) })
}

// undoable tells statements that a block can hold, and whose undoing is what the source undoes: none that ends transactions, defines tables, opens a cursor or
// returns rows.
func undoable(list []ir.Stmt) bool {
	return !ir.Find(&ir.Block{Body: list}, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Transaction:
			return n.Kind != ir.SetSavepoint && n.Kind != ir.RollbackToSavepoint && n.Kind != ir.ReleaseSavepoint
		case *ir.CallProc:
			return n.Routine == nil || n.Routine.Facts.Transaction || n.Routine.Facts.Results != 0
		case *ir.Insert, *ir.Update, *ir.Delete, *ir.SetVar, *ir.SelectInto, *ir.If, *ir.CaseStmt, *ir.Loop, *ir.Block, *ir.Nothing, *ir.CommentStmt, *ir.GetDiagnostics,
			*ir.Signal, *ir.Raise, *ir.Leave, *ir.Iterate, *ir.Return, *ir.FetchCursor, *ir.Perform:
			return false
		}
		_, statement := n.(ir.Stmt)
		return statement
	})
}

// unreleased leaves RELEASE SAVEPOINT out of a list.
func unreleased(list []ir.Stmt, name string) []ir.Stmt {
	for i := 0; i < len(list); i++ {
		if t, ok := list[i].(*ir.Transaction); ok && t.Kind == ir.ReleaseSavepoint && strings.EqualFold(t.Savepoint.Text, name) {
			list = drop(list, i)
			i--
		}
	}
	return list
}

// tails makes raising of the way back at the end of a branch; what follows it there goes behind the block.
func (s *saves) tails(f *ir.If, name string, raise *ir.Raise, arm *ir.ExceptArm) bool {
	lists := []*[]ir.Stmt{&f.Else}
	for _, b := range f.Branches {
		lists = append(lists, &b.Body)
	}
	for _, l := range lists {
		for k, x := range *l {
			if !isBack(x, name) {
				continue
			}
			if k < len(*l)-1 {
				arm.Body = append([]ir.Stmt(nil), (*l)[k+1:]...)
			}
			*l = append(append([]ir.Stmt(nil), (*l)[:k]...), raise)
			return true
		}
	}
	return false
}

// raise is the error that leaves the block of a savepoint.
func (s *saves) raise(t *ir.Transaction) *ir.Raise {
	s.marks++
	m := control.Text("back to savepoint " + strings.ToLower(t.Savepoint.Text))
	m.Type = types.Text{}
	r := &ir.Raise{Level: "EXCEPTION", State: fmt.Sprintf("ZR%03d", s.marks), Message: m}
	r.Span = t.Span
	r.Made(routineCode)
	return r
}

// drop leaves a statement out; its comments go to the next one.
func drop(list []ir.Stmt, i int) []ir.Stmt {
	out := append([]ir.Stmt(nil), list[:i]...)
	if i+1 < len(list) {
		m := list[i+1].Base()
		m.Lead = append(append([]ir.Comment(nil), list[i].Base().Lead...), m.Lead...)
	}
	return append(out, list[i+1:]...)
}

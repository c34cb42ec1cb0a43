package pltransactions

import (
	"maps"
	"strings"

	"godwit/ir"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
)

// cursors refuses cursors that are used behind the end of the transaction that they were opened in, be it in a routine that is called.
func (r *run) cursors(s ir.Stmt) {
	if !ir.Find(s, fetching) {
		return
	}
	r.lives(control.Body(s))
	ir.WalkStatements(s, func(n ir.Node) bool {
		if d, ok := n.(*ir.RoutineDecl); ok && d.Routine != nil && d.Routine.Body != nil {
			r.lives(d.Routine.Body)
		}
		return true
	})
}

func fetching(n ir.Node) bool {
	_, ok := n.(*ir.FetchCursor)
	return ok
}

// lives follows the cursors of a body, in which those that it does not open are open.
func (r *run) lives(body ir.Stmt) {
	if body == nil || r.Refused() {
		return
	}
	l := &lives{run: r, open: map[string]bool{}, lost: map[string]bool{}, left: map[string]bool{}}
	opened := map[string]bool{}
	ir.Walk(body, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.RoutineDecl:
			return false
		case *ir.OpenCursor:
			opened[strings.ToLower(n.Name)] = true
		case *ir.FetchCursor:
			l.open[strings.ToLower(n.Name)] = true
		}
		return true
	})
	for name := range opened {
		delete(l.open, name)
	}
	l.stmt(body)
}

// lives are the cursors that may be open at a statement, and those that the end of a transaction may have closed.
type lives struct {
	*run
	open, lost map[string]bool
	left       map[string]bool // lost where a jump leaves a loop or a block
}

func (l *lives) list(list []ir.Stmt) {
	for _, s := range list {
		l.stmt(s)
	}
}

func (l *lives) stmt(s ir.Stmt) {
	if l.Refused() {
		return
	}
	switch n := s.(type) {
	case *ir.Block:
		l.block(n)
	case *ir.If:
		l.branches(n.Branches, n.Else)
	case *ir.CaseStmt:
		l.branches(n.Branches, n.Else)
	case *ir.Loop:
		for range 2 { // what the first pass lost is lost in the second one
			l.list(n.Body)
		}
		maps.Copy(l.lost, l.left)
	case *ir.Leave, *ir.Iterate:
		maps.Copy(l.left, l.lost)
	case *ir.OpenCursor:
		name := strings.ToLower(n.Name)
		l.open[name] = true
		delete(l.lost, name)
	case *ir.FetchCursor:
		l.use(n.Name, n)
	case *ir.CloseCursor:
		l.use(n.Name, n)
		delete(l.open, strings.ToLower(n.Name))
	case *ir.Transaction:
		l.end()
	case *ir.CallProc:
		if l.code.Transactional(n) && !l.apart(n) {
			l.end()
		}
	}
}

// apart tells a call of an autonomous routine: its transaction is another one.
func (l *lives) apart(n *ir.CallProc) bool {
	d := l.code.Body(n.Routine)
	return d != nil && d.Autonomous
}

func (l *lives) end() { maps.Copy(l.lost, l.open) }

func (l *lives) use(name string, at ir.Stmt) {
	if l.lost[strings.ToLower(name)] {
		rewrite.Refuse(l.Pass, openCursor, at.Base().Span, "the transaction may have ended since the cursor %s was opened", strings.ToLower(name))
	}
}

// block goes on with what its statements or one of its handlers leave. Cursors that are opened in a block are not followed into its handlers.
func (l *lives) block(b *ir.Block) {
	open, lost := maps.Clone(l.open), maps.Clone(l.lost)
	l.list(b.Body)
	outOpen, outLost := l.open, l.lost
	handler := func(body []ir.Stmt) {
		l.open, l.lost = maps.Clone(open), maps.Clone(lost)
		l.list(body)
		if !control.Leaves(body) {
			maps.Copy(outOpen, l.open)
			maps.Copy(outLost, l.lost)
		}
	}
	for _, c := range b.Catches {
		handler(c.Body)
	}
	for _, a := range b.Except {
		handler(a.Body)
	}
	l.open, l.lost = outOpen, outLost
	if b.Label != "" {
		maps.Copy(l.lost, l.left)
	}
}

// branches go on with what any of them leaves.
func (l *lives) branches(list []*ir.Branch, other []ir.Stmt) {
	open, lost := l.open, l.lost
	outOpen, outLost := map[string]bool{}, map[string]bool{}
	one := func(body []ir.Stmt) {
		l.open, l.lost = maps.Clone(open), maps.Clone(lost)
		l.list(body)
		if !control.Leaves(body) {
			maps.Copy(outOpen, l.open)
			maps.Copy(outLost, l.lost)
		}
	}
	for _, b := range list {
		one(b.Body)
	}
	one(other)
	l.open, l.lost = outOpen, outLost
}

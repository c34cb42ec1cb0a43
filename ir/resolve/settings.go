package resolve

import (
	"slices"
	"strings"

	"godwit/ir"
)

// transactionOf makes a transaction of SET autocommit = 0 ... SET autocommit = 1 in the outermost statements of a procedure: the first begins one, the second
// commits what is open (MySQL Reference Manual, "autocommit, Commit, and Rollback"). It leaves a body as it is where the session may stay without
// autocommit, or where something is written behind the end of the first transaction, which the source does in a second one.
func transactionOf(s *ir.Routine) {
	b, ok := s.Body.(*ir.Block)
	if !ok || s.Returns != nil {
		return
	}
	off := slices.IndexFunc(b.Body, func(x ir.Stmt) bool { return setsAutocommit(x, false) })
	if off < 0 {
		return
	}
	on := off + 1 + slices.IndexFunc(b.Body[off+1:], func(x ir.Stmt) bool { return setsAutocommit(x, true) })
	if on == off {
		return
	}
	g := &settings{routine: s, region: b.Body[off+1 : on]}
	if !g.plain(b, off, on) {
		return
	}
	begin := &ir.Transaction{Kind: ir.BeginTransaction, Setting: true}
	begin.Meta = *b.Body[off].Base()
	b.Body[off] = begin
	if len(g.region) > 0 && ir.IsBegin(g.region[0]) {
		b.Body[off] = g.region[0]
		b.Body[off].(*ir.Transaction).Setting = true
		b.Body[off+1] = nil
	}
	if g.ended {
		b.Body[on] = nil
	} else {
		commit := &ir.Transaction{Kind: ir.CommitTransaction}
		commit.Meta = *b.Body[on].Base()
		b.Body[on] = commit
	}
	b.Body = slices.DeleteFunc(b.Body, func(x ir.Stmt) bool { return x == nil })
	g.drop()
}

// settings is the part of a procedure that runs without autocommit.
type settings struct {
	routine *ir.Routine
	region  []ir.Stmt
	ended   bool // the transaction has ended before the part does, on every path
}

func (g *settings) plain(b *ir.Block, off, on int) bool {
	for i, s := range b.Body {
		if i != off && i != on && (i < off || i > on) && (ends(s) || sets(s)) {
			return false
		}
	}
	for i, s := range g.region {
		if sets(s) || ir.Find(s, func(n ir.Node) bool { return g.leaves(n) || commitsElse(n) }) || i > 0 && ir.Find(s, func(n ir.Node) bool { x, ok := n.(ir.Stmt); return ok && ir.IsBegin(x) }) {
			return false
		}
		if !ends(s) {
			continue
		}
		if !endsLast(s) || slices.ContainsFunc(g.region[i+1:], func(x ir.Stmt) bool { return statementFacts(x).Writes || ends(x) }) {
			return false
		}
		g.ended = endsAlways(s)
	}
	return g.handlers(b)
}

// handlers tells that every handler leaves the session as it was, and none goes on behind the end of the transaction.
func (g *settings) handlers(b *ir.Block) bool {
	for _, d := range b.Decls {
		h, ok := d.(*ir.Handler)
		if !ok {
			continue
		}
		list := listOf(h.Body)
		switch {
		case h.Action == ir.ContinueHandler:
			if ends(h.Body) || sets(h.Body) || ir.Find(h.Body, g.leaves) {
				return false
			}
		case !g.restores(list):
			return false
		}
	}
	return !ir.Find(&ir.Block{Body: b.Body}, func(n ir.Node) bool {
		h, ok := n.(*ir.Handler)
		return ok && (ends(h.Body) || sets(h.Body))
	})
}

// restores tells that the statements of a handler end the transaction, and set autocommit behind it or raise the error on.
func (g *settings) restores(list []ir.Stmt) bool {
	at := slices.IndexFunc(list, func(s ir.Stmt) bool {
		t, ok := s.(*ir.Transaction)
		return ok && t.Kind == ir.RollbackTransaction && !t.Chain && !t.Release
	})
	if at < 0 || slices.ContainsFunc(list[:at], func(s ir.Stmt) bool { return ends(s) || sets(s) }) {
		return false
	}
	set := false
	for _, s := range list[at+1:] {
		switch {
		case setsAutocommit(s, true):
			set = true
		case ends(s) || sets(s) || !set && statementFacts(s).Writes:
			return false
		}
	}
	if set {
		return true
	}
	raise, ok := list[len(list)-1].(*ir.Signal)
	return ok && raise != nil
}

// drop takes the settings out of handlers: a ROLLBACK stands before them.
func (g *settings) drop() {
	for _, d := range g.routine.Body.(*ir.Block).Decls {
		if h, ok := d.(*ir.Handler); ok {
			if b, ok := h.Body.(*ir.Block); ok {
				b.Body = slices.DeleteFunc(b.Body, func(s ir.Stmt) bool { return setsAutocommit(s, true) })
			}
		}
	}
}

func listOf(s ir.Stmt) []ir.Stmt {
	if b, ok := s.(*ir.Block); ok {
		return b.Body
	}
	return []ir.Stmt{s}
}

// setsAutocommit tells a statement that does nothing else.
func setsAutocommit(s ir.Stmt, on bool) bool {
	set, ok := s.(*ir.SetVar)
	if !ok || len(set.Items) != 1 || !autocommitItem(set.Items[0]) {
		return false
	}
	text := ""
	switch v := set.Items[0].Value.(type) {
	case *ir.Number:
		text = v.Text
	case *ir.String:
		text = strings.ToUpper(v.Value)
	case *ir.Bool:
		return v.Value == on
	case *ir.BoolValue:
		b, ok := v.X.(*ir.Bool)
		return ok && b.Value == on
	}
	if on {
		return text == "1" || text == "ON"
	}
	return text == "0" || text == "OFF"
}

func autocommitItem(it *ir.SetItem) bool {
	v, ok := it.Target.(*ir.SysVar)
	return ok && v.Scope != "global" && strings.EqualFold(v.Name, "autocommit")
}

// sets tells that autocommit is set somewhere in the statement.
func sets(s ir.Stmt) bool {
	return ir.Find(s, func(n ir.Node) bool { it, ok := n.(*ir.SetItem); return ok && autocommitItem(it) })
}

// ends tells that the statement may end the transaction by COMMIT or ROLLBACK.
func ends(s ir.Stmt) bool {
	return ir.Find(s, func(n ir.Node) bool {
		t, ok := n.(*ir.Transaction)
		return ok && (t.Kind == ir.CommitTransaction || t.Kind == ir.RollbackTransaction)
	})
}

// endsLast tells that what ends the transaction is a branch's last statement that writes, and stands in no loop.
func endsLast(s ir.Stmt) bool {
	switch n := s.(type) {
	case *ir.Transaction:
		return !n.Chain && !n.Release
	case *ir.If:
		for _, b := range n.Branches {
			if !listEndsLast(b.Body) {
				return false
			}
		}
		return listEndsLast(n.Else)
	}
	return !ends(s)
}

func listEndsLast(list []ir.Stmt) bool {
	for i, s := range list {
		if !ends(s) {
			continue
		}
		return endsLast(s) && !slices.ContainsFunc(list[i+1:], func(x ir.Stmt) bool { return statementFacts(x).Writes || ends(x) })
	}
	return true
}

// endsAlways tells that the transaction is over behind the statement.
func endsAlways(s ir.Stmt) bool {
	switch n := s.(type) {
	case *ir.Transaction:
		return true
	case *ir.If:
		for _, b := range n.Branches {
			if !slices.ContainsFunc(b.Body, endsAlways) {
				return false
			}
		}
		return slices.ContainsFunc(n.Else, endsAlways)
	}
	return false
}

// leaves tells what may jump over the statement that sets autocommit again.
func (g *settings) leaves(n ir.Node) bool {
	switch n := n.(type) {
	case *ir.Leave:
		return !slices.ContainsFunc(g.region, func(s ir.Stmt) bool { return ir.Find(s, func(x ir.Node) bool { return labelled(x, n.Label) }) })
	case *ir.Return:
		return true
	}
	return false
}

func labelled(n ir.Node, label string) bool {
	switch n := n.(type) {
	case *ir.Loop:
		return strings.EqualFold(n.Label, label)
	case *ir.Block:
		return strings.EqualFold(n.Label, label)
	}
	return false
}

// commitsElse tells what ends transactions besides COMMIT and ROLLBACK.
func commitsElse(n ir.Node) bool {
	switch x := n.(type) {
	case *ir.Transaction:
		return x.Kind != ir.CommitTransaction && x.Kind != ir.RollbackTransaction && x.Kind != ir.BeginTransaction
	case *ir.CreateTable:
		return !x.Temporary
	case *ir.Drop:
		return !x.Temporary
	}
	return nodeFacts(n).Transaction
}

package autocommit

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
)

var somePaths = &diag.Code{
	ID: "TX0650", Title: "A write in a transaction that is open on some paths only", Severity: diag.Review, Fidelity: diag.Approximate,
	Doc: `A branch ended the transaction and another did not. Where it is ended, the source commits the write behind the branches at once (autocommit); the target has it in the next transaction, which a ROLLBACK
or an error undoes with it.`,
	Next: "End the transaction on all paths before the write, or begin it again.", Each: 0.2,
}

// transaction is whether a transaction is open at a place.
type transaction int

const (
	closed transaction = iota
	opened
	unclear
)

// paths follows the transactions of a procedure and reports the first write at a place where one is open on some paths only.
func paths(p *rewrite.Pass, r *ir.Routine) {
	if r.Body == nil || !ir.Find(r.Body, func(n ir.Node) bool { _, ok := n.(*ir.Transaction); return ok }) {
		return
	}
	f := &follower{}
	f.list([]ir.Stmt{r.Body}, closed)
	if f.found != nil {
		p.Report(somePaths, f.found.Base().Span, "the transaction is open on some of the paths to this write only")
	}
}

type follower struct{ found ir.Stmt }

func (f *follower) list(list []ir.Stmt, at transaction) transaction {
	for _, s := range list {
		at = f.stmt(s, at)
	}
	return at
}

func (f *follower) stmt(s ir.Stmt, at transaction) transaction {
	switch n := s.(type) {
	case *ir.Transaction:
		switch {
		case n.Kind == ir.BeginTransaction || n.Chain:
			return opened
		case n.Kind == ir.CommitTransaction || n.Kind == ir.RollbackTransaction:
			return closed
		}
		return at
	case *ir.Block:
		end := f.list(n.Body, at)
		for _, arm := range n.Except {
			if x := f.list(arm.Body, at); !control.Leaves(arm.Body) && x != at && x != end {
				end = unclear
			}
		}
		return end
	case *ir.If:
		return f.branches(n.Branches, n.Else, at)
	case *ir.CaseStmt:
		return f.branches(n.Branches, n.Else, at)
	case *ir.Loop:
		return joined(at, f.list(n.Body, at))
	}
	if at == unclear && f.found == nil && control.Writes(s) {
		f.found = s
	}
	return at
}

func (f *follower) branches(list []*ir.Branch, rest []ir.Stmt, at transaction) transaction {
	var ends []transaction
	for _, b := range list {
		if x := f.list(b.Body, at); !control.Leaves(b.Body) {
			ends = append(ends, x)
		}
	}
	if x := f.list(rest, at); !control.Leaves(rest) {
		ends = append(ends, x)
	}
	if len(ends) == 0 {
		return at
	}
	end := ends[0]
	for _, x := range ends[1:] {
		end = joined(end, x)
	}
	return end
}

func joined(a, b transaction) transaction {
	if a == b {
		return a
	}
	return unclear
}

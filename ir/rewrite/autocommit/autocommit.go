// Package autocommit holds the rule that ends the transaction behind each write of a procedure, as a session with autocommit does.
package autocommit

import (
	"slices"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/atomic"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/resultsets"
)

const code = "TX0190"

var (
	commits = &diag.Code{
		ID: "TX0191", Title: "A procedure commits each write", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `The policy autocommit "commit" puts COMMIT behind each write of a procedure that writes and may fail afterwards. The target ends such a call with
an error inside a transaction of the caller (invalid_transaction_termination); the source goes on in the caller's transaction. It is assumed that the procedure is called outside of transactions.`,
		Next: "Call the procedure outside of transactions, or convert with autocommit: atomic.",
	}
	insideTransaction = &diag.Code{
		ID: "TX0193", Title: "A procedure commits each write outside of transactions", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `Behind each write that something may fail behind, the procedure commits, as a session with autocommit does, unless its caller has begun a transaction or calls it under a
handler, from a function or from a trigger. There an error undoes the whole call; the source keeps what was written before it.`,
		Next: "Nothing, if callers roll back after an error.",
	}
	cannot = &diag.Code{
		ID: "TX0192", Title: "Writes that cannot be committed one by one", Severity: diag.Error, Fidelity: diag.Refused,
		Doc: `The policy autocommit "commit" asks for COMMIT behind a write where the target has no place for one: a procedure that returns rows by cursors or as a function,
a loop that fetches from a cursor, a block with exception arms and several writes, a call from a function, trigger, event or open transaction, a transaction that is open on some paths only.`,
		Next: "Convert the routine with autocommit: atomic, or move its writes to a procedure of their own.", Learn: 0.5, Each: 1,
	}
)

// Rule is TX0190.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "autocommit",
		Doc: `With autocommit each statement of a procedure outside START TRANSACTION is a transaction of its own (MySQL Reference Manual, "autocommit, Commit, and
Rollback"). Under the policy autocommit "commit" the rule puts COMMIT behind each write that something may fail behind; a write with an exception arm
of its own is followed by COMMIT outside the arm's block, and what a handler writes by one in the arm. Functions and triggers are part of a statement on both sides. Without the policy
(the default, "atomic") the rule does nothing. Under "auto" a helper procedure commits only where no transaction of the caller is open, and
where no COMMIT can stand the procedure stays atomic, with a finding.`,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE t (id INT PRIMARY KEY);",
			Source: "CREATE PROCEDURE p(n INT) SQL SECURITY INVOKER\nBEGIN\n  INSERT INTO t (id) VALUES (n);\n  INSERT INTO t (id) VALUES (n + 1);\nEND;",
			Target: "CREATE OR REPLACE PROCEDURE p(n integer)\nLANGUAGE plpgsql\nAS $$\nBEGIN\n  INSERT INTO t (id) VALUES (n);\n  COMMIT;\n  INSERT INTO t (id) VALUES (n + 1);\nEND;\n$$;",
			Policy: rewrite.Policy{Autocommit: "commit"},
		}},
		Fidelity: diag.Assumed,
		Findings: []*diag.Code{commits, insideTransaction, cannot, somePaths, lostRows},
		After: map[string]string{
			"handlers":   "what is protected stands in a block of its own",
			"resultsets": "it decides the form of the procedure",
		},
		Looks:  ir.Kinds(ir.KindRoutine, ir.KindCreateTrigger, ir.KindCreateEvent),
		Needed: func(p *rewrite.Pass) bool { return On(p) || Auto(p) },
		Run:    run,
	}
}

// On tells that the policy asks for COMMIT behind each write.
func On(p *rewrite.Pass) bool { return p.Policy.Autocommit == "commit" }

// Auto tells that the policy asks for commits where they can stand.
func Auto(p *rewrite.Pass) bool { return p.Policy.Autocommit == "auto" }

// Here tells that the unit is a procedure that gets COMMITs.
func Here(p *rewrite.Pass) bool {
	for _, s := range p.Unit.Stmts {
		if r, ok := s.(*ir.Routine); ok && atomic.Commits(p, r.Object) {
			return true
		}
	}
	return false
}

func run(p *rewrite.Pass) {
	if Auto(p) {
		auto(p)
		return
	}
	if !On(p) {
		return
	}
	for _, s := range p.Unit.Stmts {
		switch n := s.(type) {
		case *ir.Routine:
			if n.Returns == nil {
				procedure(p, n)
				continue
			}
			callers(p, n)
		case *ir.CreateTrigger, *ir.CreateEvent:
			callers(p, n)
		}
	}
}

// callers refuses calls of committing procedures from where nothing can be committed, and events that would need it themselves.
func callers(p *rewrite.Pass, s ir.Stmt) {
	if e, ok := s.(*ir.CreateEvent); ok && atomic.Late(e.Body) != nil {
		rewrite.Refuse(p, cannot, s.Base().Span, "an event that writes and may fail afterwards")
		return
	}
	ir.Walk(s, func(n ir.Node) bool {
		if c, ok := n.(*ir.CallProc); ok && atomic.Commits(p, c.Routine) && !p.Refused() {
			rewrite.Refuse(p, cannot, c.Span, "%s commits its writes and cannot be called here", c.Name)
		}
		return true
	})
}

// walk follows a procedure's statements in textual order.
type walk struct {
	p    *rewrite.Pass
	open bool // a transaction of the source's own is open
	made int  // COMMITs written
	// fetches tells that the procedure fetches from cursors.
	fetches bool
	// auto writes calls of the helper.
	auto bool
	// failed tells why a commit could not stand, "" if all can.
	failed string
	// cursors are how many are open.
	cursors int
	// rolls tells that a ROLLBACK would close the cursors of results, lost are results that one may close.
	rolls bool
	lost  []ir.Stmt
}

func procedure(p *rewrite.Pass, r *ir.Routine) {
	if !atomic.Commits(p, r.Object) {
		return
	}
	b, ok := r.Body.(*ir.Block)
	if !ok {
		return // one statement: nothing can fail behind it
	}
	w := &walk{p: p, fetches: ir.Find(r, func(n ir.Node) bool { _, ok := n.(*ir.FetchCursor); return ok })}
	w.whole(b)
	if w.made == 0 || p.Refused() {
		return
	}
	if !canCommit(resultsets.FormOf(p, r.Object)) {
		rewrite.Refuse(p, cannot, r.Span, "%s returns rows and writes", r.Name)
		return
	}
	p.Report(commits, r.Span, "%s commits each write: it must not be called inside a transaction", r.Name)
}

// whole is the body of a procedure, which may have exception arms of its own. Nothing commits behind it: the call ends with its transaction.
func (w *walk) whole(b *ir.Block) {
	if n := len(w.list([]ir.Stmt{b})); n > 1 {
		w.made--
	}
	if n := len(b.Body); len(b.Except) == 0 && n > 1 && isMade(b.Body[n-1]) {
		b.Body = b.Body[:n-1]
		w.made--
	}
}

func isMade(s ir.Stmt) bool {
	if r, ok := s.(*ir.RawStmt); ok {
		return slices.Contains(r.Origin, code)
	}
	t, ok := s.(*ir.Transaction)
	return ok && t.Kind == ir.CommitTransaction && slices.Contains(t.Origin, code)
}

func (w *walk) commit(at ir.Stmt) ir.Stmt {
	w.made++
	if w.auto {
		c := &ir.RawStmt{Text: "CALL " + w.p.HelperSchema() + ".autocommit()"}
		c.Span = at.Base().Span
		c.Made(code)
		return c
	}
	t := &ir.Transaction{Kind: ir.CommitTransaction}
	t.Span = at.Base().Span
	t.Made(code)
	return t
}

func (w *walk) refuse(at ir.Stmt, why string) {
	if w.auto {
		w.fail(why)
		return
	}
	if !w.p.Refused() {
		rewrite.Refuse(w.p, cannot, at.Base().Span, "%s", why)
	}
}

// fail keeps the first reason why a commit cannot stand.
func (w *walk) fail(why string) {
	if w.failed == "" {
		w.failed = why
	}
}

func (w *walk) list(list []ir.Stmt) []ir.Stmt {
	var out []ir.Stmt
	wrote := false
	for _, s := range list {
		if w.auto && !w.open && w.holds(s) {
			wrote = wrote || control.Writes(s)
			out = append(out, w.kept(s)...)
			if w.cursors == 0 && wrote {
				out, wrote = append(out, w.commit(s)), false
			}
			continue
		}
		open := w.open
		out = append(out, w.stmt(s)...)
		if w.auto && !open && !w.open && w.cursors == 0 && leftEarly(s) {
			out = append(out, w.commit(s))
		}
	}
	return out
}

func (w *walk) stmt(s ir.Stmt) []ir.Stmt {
	switch n := s.(type) {
	case *ir.Block:
		if len(n.Except) > 0 {
			return w.protected(n)
		}
		n.Body = w.list(n.Body)
		return []ir.Stmt{n}
	case *ir.If:
		first := control.Writes(n.Branches[0].Cond)
		if w.heads(n.Branches[1:]) || first && (!w.auto || w.open) {
			w.refuse(s, "a condition that writes")
		}
		w.branches(s, n.Branches, &n.Else)
		if first {
			w.behindHead(n, n.Branches, &n.Else)
		}
		return []ir.Stmt{n}
	case *ir.CaseStmt:
		first := n.Operand != nil && control.Writes(n.Operand) || n.Operand == nil && control.Writes(n.Branches[0].Cond)
		rest := n.Branches
		if n.Operand == nil {
			rest = rest[1:]
		}
		if w.heads(rest) || first && (!w.auto || w.open || !n.HasElse) {
			w.refuse(s, "a condition that writes")
		}
		w.branches(s, n.Branches, &n.Else)
		if first {
			w.behindHead(n, n.Branches, &n.Else)
		}
		return []ir.Stmt{n}
	case *ir.Loop:
		return w.loop(n)
	case *ir.Transaction:
		w.open = n.Kind == ir.BeginTransaction || n.Chain || w.open && n.Kind != ir.CommitTransaction && n.Kind != ir.RollbackTransaction
		return []ir.Stmt{n}
	}
	return w.leaf(s)
}

// leaf is a statement without statements in it.
func (w *walk) leaf(s ir.Stmt) []ir.Stmt {
	if c, ok := s.(*ir.CallProc); ok && w.open && atomic.Commits(w.p, c.Routine) && !w.auto {
		w.refuse(s, "a call of a procedure that commits its writes, in an open transaction")
	}
	w.tell(s)
	if w.open || !w.keeps(s) {
		return []ir.Stmt{s}
	}
	if r, ok := s.(*ir.Return); ok {
		return []ir.Stmt{r}
	}
	return []ir.Stmt{s, w.commit(s)}
}

// behindHead commits what the first condition wrote, in each branch.
func (w *walk) behindHead(at ir.Stmt, list []*ir.Branch, rest *[]ir.Stmt) {
	for _, b := range list {
		b.Body = append([]ir.Stmt{w.commit(at)}, b.Body...)
	}
	*rest = append([]ir.Stmt{w.commit(at)}, *rest...)
}

func (w *walk) heads(list []*ir.Branch) bool {
	for _, b := range list {
		if b.Cond != nil && control.Writes(b.Cond) {
			return true
		}
	}
	return false
}

// branches takes the branches from the same start; a transaction has to be open behind all of them or none that go on.
func (w *walk) branches(at ir.Stmt, list []*ir.Branch, rest *[]ir.Stmt) {
	before := w.open
	var ends []bool
	one := func(body []ir.Stmt) []ir.Stmt {
		w.open = before
		leaves := control.Leaves(body)
		body = w.list(body)
		if !leaves {
			ends = append(ends, w.open)
		}
		return body
	}
	for _, b := range list {
		b.Body = one(b.Body)
	}
	if *rest != nil {
		*rest = one(*rest)
	} else {
		ends = append(ends, before)
	}
	w.join(at, ends, before)
}

func (w *walk) join(at ir.Stmt, ends []bool, before bool) {
	w.open = before
	for i, e := range ends {
		if i == 0 {
			w.open = e
		}
		if e != ends[0] {
			w.refuse(at, "a transaction that is open on some paths only")
		}
	}
}

func (w *walk) loop(n *ir.Loop) []ir.Stmt {
	if n.Cond != nil && control.Writes(n.Cond) || n.Query != nil && control.Writes(n.Query) {
		w.refuse(n, "a condition that writes")
	}
	before, made := w.open, w.made
	n.Body = w.list(n.Body)
	w.join(n, []bool{before, w.open}, before)
	if w.made > made && w.fetches {
		w.refuse(n, "a loop that writes, in a procedure that fetches from cursors: a cursor ends with its transaction")
	}
	return []ir.Stmt{n}
}

// protected is a block with exception arms: one statement, or the transaction of the block. What it wrote is committed behind it, what
// an arm writes in the arm: there the block's own subtransaction has ended.
func (w *walk) protected(n *ir.Block) []ir.Stmt {
	before := w.open
	wrote := false
	for _, s := range n.Body {
		wrote = wrote || w.keeps(s)
		w.tell(s)
		if control.Transactional(s) && !before {
			if _, call := s.(*ir.CallProc); !call {
				w.refuse(s, "a transaction statement inside a block with exception arms")
			}
		}
		if c, ok := s.(*ir.CallProc); ok && atomic.Commits(w.p, c.Routine) && !w.auto {
			w.refuse(s, "a call of a procedure that commits its writes, under a handler")
		}
	}
	ends := []bool{before}
	for _, a := range n.Except {
		w.open = before
		leaves := control.Leaves(a.Body)
		a.Body = w.list(a.Body)
		if !leaves {
			ends = append(ends, w.open)
		}
	}
	w.join(n, ends, before)
	if before || !wrote {
		return []ir.Stmt{n}
	}
	return []ir.Stmt{n, w.commit(n)}
}

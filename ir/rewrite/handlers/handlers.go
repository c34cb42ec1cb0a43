// Package handlers holds the rule that turns handlers of conditions into exception arms.
package handlers

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/feature"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/autocommit"
	"godwit/ir/rewrite/control"
)

const code = "EH0101"

// Rule is EH0101.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "handlers",
		Doc: `DECLARE ... HANDLER (MySQL Reference Manual, "DECLARE ... HANDLER Statement" and "Scope Rules for Handlers") undoes
the statement that failed and nothing else, then goes on behind it (CONTINUE) or leaves the block of the handler (EXIT). An
EXCEPTION arm of PL/pgSQL undoes its whole block. So each statement that can raise a handled condition gets a block of its own,
whose arm runs the handler and falls through or leaves. Where undoing the whole block is the same (nothing was written
before, the handler raises again, or it begins with ROLLBACK of a transaction that the block itself started) the block gets
the arms as it stands. Handlers inside a block come before those around it, error codes before SQLSTATEs before classes.
NOT FOUND needs no arm: what finds no row is known, and the handler stands there.`,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE t (id INT PRIMARY KEY, v INT);",
			Source: "DELIMITER //\nCREATE PROCEDURE p() SQL SECURITY INVOKER BEGIN DECLARE CONTINUE HANDLER FOR 1062 UPDATE t SET v = 2; INSERT INTO t VALUES (1, 1); INSERT INTO t VALUES (1, 1); END//",
			Target: "CREATE OR REPLACE PROCEDURE p()\nLANGUAGE plpgsql\nAS $$\nBEGIN\n  BEGIN\n    INSERT INTO t VALUES (1, 1);\n  EXCEPTION\n    WHEN unique_violation THEN\n      UPDATE t SET v = 2;\n  END;\n  BEGIN\n    INSERT INTO t VALUES (1, 1);\n  EXCEPTION\n    WHEN unique_violation THEN\n      UPDATE t SET v = 2;\n  END;\nEND;\n$$;",
		}},
		Feature:  feature.ContinueHandlers,
		Fidelity: diag.Exact,
		Findings: []*diag.Code{warningHandler, keptByZero, unknownCondition, undoHandler, callUndone, callCommits, serverMessage, lostWrites, ownTransaction, innerNotFound, hardDiagnostics, oneCondition, pushedCondition, clearedDiagnostics, nothingFound, sharedCondition, firstOfTwo, halfDone, badLabel, badDouble, failedNumber, doubleHandler, raisingCase, failedFetch},
		After: map[string]string{
			"cursor-loop":         "a flag that only ends a cursor loop needs no handler",
			"select-into":         "it marks where a query finds no row",
			"row-count":           "the count is taken behind the statement",
			"fetch":               "it marks where a FETCH finds no row",
			"autocommit-settings": "it tells of transactions that a handler may take out",
		},
		Prepare: prepare,
		Looks:   ir.Kinds(ir.KindRoutine, ir.KindCreateTrigger, ir.KindCreateEvent, ir.KindBlock),
		Needed: func(p *rewrite.Pass) bool {
			return p.May(ir.KindHandler, ir.KindConditionDecl, ir.KindSignal, ir.KindGetDiagnostics)
		},
		Run: func(p *rewrite.Pass) {
			for _, s := range p.Unit.Stmts {
				Routine(p, s)
			}
		},
	}
}

// run is the work on one routine.
type run struct {
	p        *rewrite.Pass
	function bool
	names    map[string]bool // labels in use
	warned   map[*ir.Handler]bool
	told     map[string]bool
	root     *ir.Block // where variables for conditions go
	again    map[*ir.Raise]origin
	number   *ir.VarDecl // holds the error number that a SIGNAL gave; nil until one is read
	found    *ir.VarDecl // what FOUND was behind a FETCH; nil until one is kept
	top      ir.Node     // the whole routine
	open     bool        // a transaction that the routine has begun is open
	loops    int         // loops around
}

// origin is where an error comes from that a handler raises again: the handler, and the statement that failed, nil in arms of a whole block.
type origin struct {
	h    *bound
	leaf ir.Stmt
}

// Routine replaces the handlers of one routine, trigger, event or anonymous block.
func Routine(p *rewrite.Pass, s ir.Stmt) {
	r := &run{p: p, names: map[string]bool{}, warned: map[*ir.Handler]bool{}, told: map[string]bool{}, again: map[*ir.Raise]origin{}, top: s}
	ir.WalkStatements(s, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Block:
			r.names[n.Label] = true
		case *ir.Loop:
			r.names[n.Label] = true
		}
		return true
	})
	switch s.(type) {
	case *ir.Routine, *ir.CreateTrigger, *ir.CreateEvent, *ir.Block:
		r.rekeyed(s)
	}
	switch n := s.(type) {
	case *ir.Routine:
		r.function = n.Returns != nil
		if r.function {
			r.returned(n)
		}
		n.Body = r.body(n.Body)
	case *ir.CreateTrigger:
		r.function = true
		n.Body = r.body(n.Body)
	case *ir.CreateEvent:
		n.Body = r.body(n.Body)
	case *ir.Block:
		r.block(n, nil)
	}
}

func (r *run) body(s ir.Stmt) ir.Stmt {
	if s == nil {
		return nil
	}
	b, ok := s.(*ir.Block)
	if !ok {
		b = &ir.Block{Body: []ir.Stmt{s}}
		b.Span = s.Base().Span
		r.block(b, nil)
		if len(b.Body) == 1 && len(b.Decls) == 0 {
			return b.Body[0]
		}
		return b
	}
	r.block(b, nil)
	return b
}

// block processes a block in place.
func (r *run) block(b *ir.Block, parent *scope) {
	if r.root == nil {
		r.root = b
	}
	sc := &scope{parent: parent, block: b}
	r.twice(sc)
	r.bindHandlers(sc)
	if r.p.Refused() {
		return
	}
	r.choosePlain(sc)
	b.Body = r.list(b.Body, sc, true)
	if sc.plain {
		for _, s := range b.Body {
			r.partial(s)
		}
		b.Except = append(b.Except, r.arms(sc, control.Errors, nil, true)...)
	}
	for _, h := range sc.own {
		r.lost(h)
	}
	b.Decls = withoutHandlers(b)
}

// withoutHandlers drops handlers and conditions and hands their comments to what follows.
func withoutHandlers(b *ir.Block) []ir.Decl {
	var out []ir.Decl
	for _, d := range b.Decls {
		switch d.(type) {
		case *ir.Handler, *ir.ConditionDecl:
			continue
		}
		out = append(out, d)
	}
	return out
}

// list processes statements; tail tells that the end of the list is the end of the scope's block.
func (r *run) list(list []ir.Stmt, sc *scope, tail bool) []ir.Stmt {
	var out []ir.Stmt
	for i := 0; i < len(list); i++ {
		if r.p.Refused() {
			return list
		}
		if n := r.segmentOf(list[i:], sc); n > 0 {
			out = append(out, r.segment(list[i:i+n], sc))
			i += n - 1
			continue
		}
		open := r.open
		out = append(out, r.stmt(list[i], sc, tail && i == len(list)-1)...)
		if i+1 < len(list) && counted(out[len(out)-1], list[i], list[i+1]) {
			i++
		} else if i+1 < len(list) {
			if pair := r.fetched(out[len(out)-1], list[i], list[i+1], sc, tail && i+1 == len(list)-1); pair != nil {
				out = append(out[:len(out)-1], pair...)
				i++
			}
		}
		r.open = r.openBehind(list[i], open)
	}
	return out
}

// counted takes GET DIAGNOSTICS, which another rule put behind a statement for the number of its rows, into the block of the statement: where that fails
// there is no number.
func counted(made, s, next ir.Stmt) bool {
	b, ok := made.(*ir.Block)
	if !ok || len(b.Except) == 0 || len(b.Body) != 1 || b.Body[0] != s {
		return false
	}
	get, ok := next.(*ir.GetDiagnostics)
	if !ok || !slices.Contains(get.Origin, "PL0401") {
		return false
	}
	b.Body = append(b.Body, get)
	return true
}

func (r *run) stmt(s ir.Stmt, sc *scope, tail bool) []ir.Stmt {
	switch n := s.(type) {
	case *ir.Block:
		return r.nested(n, sc, tail)
	case *ir.If:
		return r.branch(n, sc, tail)
	case *ir.CaseStmt:
		return r.cases(n, sc, tail)
	case *ir.Loop:
		return r.loop(n, sc)
	case *ir.Signal:
		return r.signal(n, sc, tail)
	case *ir.SetVar:
		if len(n.Items) > 1 && !sc.silent() && control.OfStmt(n) != 0 {
			return r.single(n, sc)
		}
	}
	return []ir.Stmt{r.protect(s, sc, tail)}
}

// single makes a statement of each assignment: the source goes on with the next one when one fails.
func (r *run) single(n *ir.SetVar, sc *scope) []ir.Stmt {
	var out []ir.Stmt
	for _, i := range n.Items {
		one := &ir.SetVar{Items: []*ir.SetItem{i}}
		one.Span = i.Span
		one.Made(code)
		out = append(out, r.protect(one, sc, false))
	}
	out[0].Base().Lead = append(n.Lead, out[0].Base().Lead...)
	out[len(out)-1].Base().Trail = append(out[len(out)-1].Base().Trail, n.Trail...)
	return out
}

// nested processes an inner block. One that another rule made around a query or FETCH stays one leaf.
func (r *run) nested(b *ir.Block, sc *scope, tail bool) []ir.Stmt {
	if len(b.Except) == 0 {
		r.block(b, sc)
		return []ir.Stmt{b}
	}
	leaf := b.Body[0]
	kinds := r.kinds(leaf)&^control.NoRow | dataOf(leaf)
	for _, a := range b.Except {
		a.Body = r.inner(a.Body, sc, tail)
	}
	if !sc.silent() {
		b.Except = append(b.Except, r.failedStore(leaf, r.arms(sc, kinds, leaf, tail))...)
	}
	return []ir.Stmt{b}
}

// dataOf is what a strict SELECT ... INTO can raise beside "no row".
func dataOf(s ir.Stmt) control.Kinds {
	if n, ok := s.(*ir.SelectInto); ok && n.Strict && !control.AtMostOne(n.Query) {
		return control.Data
	}
	return 0
}

// silent tells that no handler around needs protected statements.
func (sc *scope) silent() bool {
	for s := sc; s != nil; s = s.parent {
		if s.plain {
			return true
		}
		if len(s.own) > 0 {
			return false
		}
	}
	return true
}

// protect puts a statement that can raise a handled condition into a block of its own.
func (r *run) protect(s ir.Stmt, sc *scope, tail bool) ir.Stmt {
	kinds := r.kinds(s)
	if kinds == 0 {
		return s
	}
	r.checkCall(s, sc, kinds)
	r.checkLabels(s, sc)
	r.checkNumber(s, sc)
	if sc.silent() {
		return s
	}
	if ignores(s) && sc.takesNumbers() {
		r.tell(warningHandler, s, "IGNORE leaves warnings with the numbers of the errors that it passes over; the source runs the handler for them")
	}
	arms := r.arms(sc, kinds, s, tail)
	if len(arms) == 0 {
		return s
	}
	r.partial(s)
	return r.wrap(s, r.failedStore(s, arms))
}

func (r *run) wrap(s ir.Stmt, arms []*ir.ExceptArm) *ir.Block {
	b := &ir.Block{Body: []ir.Stmt{s}, Except: arms}
	b.Span = s.Base().Span
	b.Lead, s.Base().Lead = s.Base().Lead, nil
	b.Made(code)
	return b
}

// checkCall reports what a handler around a call cannot keep.
func (r *run) checkCall(s ir.Stmt, sc *scope, kinds control.Kinds) {
	c, ok := s.(*ir.CallProc)
	if !ok {
		return
	}
	var all control.Kinds
	plain := true
	for x := sc; x != nil; x = x.parent {
		all |= x.handles()
		if x.handles()&control.Errors != 0 && !x.plain {
			plain = false
		}
	}
	if all&control.NoRow != 0 && kinds&control.NoRow != 0 && !Quiet(r.p, c.Routine) {
		r.tell(innerNotFound, s, "a NOT FOUND condition that %s leaves behind without handling it does not run this routine's handler", c.Name)
	}
	if all&control.Errors == 0 {
		return
	}
	if r.ends(c) && c.Routine != nil {
		rewrite.Refuse(r.p, callCommits, s.Base().Span, "call of %s, which ends transactions, under a handler", c.Name)
		return
	}
	if (c.Routine == nil || c.Routine.Facts.Writes) && !Clean(r.p, c.Routine) && !(plain && r.rethrows(sc)) {
		r.tell(callUndone, s, "when %s fails, what it wrote before is undone with it", c.Name)
	}
}

func (r *run) rethrows(sc *scope) bool {
	for x := sc; x != nil; x = x.parent {
		if x.handles()&control.Errors != 0 && !x.raisesAgain() {
			return false
		}
	}
	return true
}

// lost reports writes of a handler that ends with an error: the target undoes them with the call.
func (r *run) lost(h *bound) {
	if h.kinds()&control.Errors == 0 || !control.Writes(h.Body) || autocommit.Auto(r.p) && autocommit.Here(r.p) {
		return
	}
	list := control.List(h.Body)
	if _, ok := list[len(list)-1].(*ir.Signal); ok {
		r.tell(lostWrites, h.Body, "the handler writes and then raises: an error that leaves the call undoes what it wrote")
	}
}

// tell reports a finding once a place.
func (r *run) tell(c *diag.Code, at ir.Node, format string, args ...any) {
	k := c.ID + at.Base().Span.String()
	if at.Base().Span.IsValid() && r.told[k] {
		return
	}
	r.told[k] = true
	r.p.Report(c, at.Base().Span, format, args...)
}

func equalFold(a, b string) bool { return strings.EqualFold(a, b) }

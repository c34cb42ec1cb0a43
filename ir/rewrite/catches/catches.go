// Package catches holds the rule for blocks with an EXCEPTION part whose work stays when an exception is handled.
package catches

import (
	"slices"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/feature"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/plsql"
	"godwit/ir/types"
)

const code = "EH0229"

var (
	partCall = &diag.Code{
		ID: "EH0221", Title: "A call in a block with handlers that may fail half-way", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc: `On the source a routine that ends with an exception leaves behind what it wrote before, where its caller handles the exception. On the target the caller's
handler undoes the whole call. It matters where the routine writes, and fails behind that.`,
		Next: "Check whether the caller needs what the routine wrote before it failed; handle the exception in the routine if so.", Each: 0.3,
	}
	heldLoop = &diag.Code{
		ID: "EH0222", Title: "The query of a loop that commits is not protected by the handlers around it", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "A loop over a query with COMMIT in it cannot stand in a block with exception arms, and a cursor of its own would not outlive COMMIT. The statements of the loop are protected one by one; an error of the query itself is not handled. Assumed: the query does not fail.",
		Next: "Check that the query of the loop cannot fail.", Each: 0.3,
	}
	committing = &diag.Code{
		ID: "EH0223", Title: "A call that ends the transaction, in a block with handlers", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "A procedure that is called inside a block with exception arms cannot COMMIT or ROLLBACK on the target.",
		Next: "Move the transaction statements to the caller, or the call out of the block.", Learn: 0.5, Each: 0.5,
	}
	unknownNames = &diag.Code{
		ID: "EH0224", Title: "A handler for an exception that is not known", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The name behind WHEN is no predefined exception and no declared one that is known.",
		Next: "Convert the package that declares the exception together with the routine.", Each: 0.2,
	}
	cancels = &diag.Code{
		ID: "EH0225", Title: "WHEN OTHERS does not take a cancelled statement", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "On the target WHEN OTHERS does not take query_canceled (a statement that was cancelled or timed out). It is assumed that nobody wants to go on after that.",
		Next: "Add query_canceled to the handler where a cancelled statement has to be handled.",
	}
	savepoint = &diag.Code{
		ID: "EH0227", Title: "A savepoint across blocks with handlers", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "Going back to a savepoint is leaving a block with exception arms on the target. Here handlers keep a part of the work of the same stretch of code.",
		Next: "Put the statements behind the savepoint into a block whose handler goes back to it.", Learn: 0.5, Each: 1,
	}
	wholeClass = &diag.Code{
		ID: "EH0228", Title: "A handler for ORA-20000 among others", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "ORA-20000 is the SQLSTATE ZX000, which stands for all states that begin with ZX in a handler of the target. Beside handlers for other errors of RAISE_APPLICATION_ERROR, or OTHERS, the two cannot be told apart.",
		Next: "Use another number.", Each: 0.2,
	}
	outside = &diag.Code{
		ID: "EH0226", Title: "SQLCODE or SQLERRM of a caller's exception", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  "SQLCODE and SQLERRM in a routine tell the exception that a caller of the routine handles at that moment (PL/SQL Language Reference, Retrieving Error Code and Error Message). A handler notes its error around the statements that call such a routine; in a condition, a bound or the query of a loop it cannot, and the routine is told that there is no error.",
		Next: "Assign the result of the call to a variable first.", Each: 0.2,
	}
	inTrigger = &diag.Code{
		ID: "EH0785", Title: "SQLCODE or SQLERRM of a trigger outside of its handlers", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "The trigger reads SQLCODE or SQLERRM outside of its own handlers: it is told that there is no error. Assumed: no statement of a handler fires it, or what the handler's error is does not matter in the trigger.",
		Next: "Give the number to the trigger in a column or a variable of a package.", Each: 0.1,
	}
)

// Rule is EH0229.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "catches",
		Doc: `A block with an EXCEPTION part (PL/SQL Language Reference, "Exception Handlers"): the failing statement is undone, what the block did before stays, and control leaves the
block. PL/pgSQL undoes the whole block. Where nothing was written before a statement that can fail, both are the same and the block stays as it is. Otherwise statements are protected in
groups that lose nothing, each of which leaves the block when it fails; a longer handler stands once behind the block. A COMMIT stands between the groups.`,
		Examples: []rewrite.Example{
			{From: dialect.Oracle, Setup: "CREATE TABLE t (id NUMBER PRIMARY KEY);",
				Source: "CREATE PROCEDURE p AUTHID CURRENT_USER IS\nBEGIN\n  INSERT INTO t VALUES (1);\n  INSERT INTO t VALUES (2);\nEXCEPTION\n  WHEN DUP_VAL_ON_INDEX THEN NULL;\nEND;\n/",
				Target: "CREATE OR REPLACE PROCEDURE p()\nLANGUAGE plpgsql\nAS $$\nBEGIN\n  BEGIN\n    INSERT INTO t VALUES (1);\n  EXCEPTION\n    WHEN unique_violation THEN\n      RETURN;\n  END;\n  BEGIN\n    INSERT INTO t VALUES (2);\n  EXCEPTION\n    WHEN unique_violation THEN\n      NULL;\n  END;\nEND;\n$$;"},
			{From: dialect.Oracle, Setup: "CREATE TABLE t (id NUMBER PRIMARY KEY, v NUMBER);",
				Source: "CREATE FUNCTION f(n NUMBER) RETURN NUMBER AUTHID CURRENT_USER IS\n  x NUMBER;\nBEGIN\n  SELECT v INTO x FROM t WHERE id = n;\n  RETURN x;\nEXCEPTION\n  WHEN NO_DATA_FOUND THEN RETURN 0;\nEND;\n/",
				Target: "CREATE OR REPLACE FUNCTION f(n numeric)\nRETURNS numeric\nLANGUAGE plpgsql\nAS $$\nDECLARE\n  x numeric;\nBEGIN\n  SELECT v INTO STRICT x FROM t WHERE id = n;\n  RETURN x;\nEXCEPTION\n  WHEN no_data_found THEN\n    RETURN 0;\nEND;\n$$;"},
		},
		Feature:  feature.StatementUndo,
		Fidelity: diag.Exact,
		Findings: []*diag.Code{partCall, heldLoop, committing, unknownNames, cancels, savepoint, wholeClass, outside, inTrigger},
		After:    map[string]string{"json-documents": "blocks stand where the source has them", "raising": "it tells which exceptions are raised", "value-errors": "it tells what VALUE_ERROR takes", "pl-transactions": "blocks that go back to a savepoint undo their work", "pl-triggers": "the function of a trigger returns"},
		Looks:    ir.Kinds(ir.KindRoutine, ir.KindCreateTrigger, ir.KindBlock),
		Prepare:  prepare,
		Run: func(p *rewrite.Pass) {
			var out []ir.Stmt
			for _, s := range p.Unit.Stmts {
				if !control.IsProgram(s) || p.Refused() {
					out = append(out, s)
					continue
				}
				x, brief := second(p, s)
				out = append(out, program(p, s, nil))
				if x != nil { // a pointer to nothing is no statement
					out = append(out, later(p, s, x, func() ir.Stmt { return program(p, x, brief) }))
				}
			}
			if !p.Refused() { // a refusal replaces the unit's
				p.Unit.Stmts = out
			}
		},
	}
}

// program lowers a program; brief is a handler that is written as often as it is needed.
func program(p *rewrite.Pass, s ir.Stmt, brief *ir.Catch) ir.Stmt {
	r := &run{Pass: p, root: s, brief: map[*ir.Catch]bool{brief: true}}
	r.within()
	for _, d := range nested(s) {
		r.body(d, d.Body)
	}
	r.body(s, control.Body(s))
	if b, ok := r.result.(*ir.Block); ok {
		if _, is := s.(*ir.Block); is {
			s = b
		}
	}
	r.leftovers(s)
	r.unused()
	return s
}

// nested are the routines that a program declares, inner ones first.
func nested(s ir.Stmt) []*ir.Routine {
	var out []*ir.Routine
	ir.WalkStatements(s, func(n ir.Node) bool {
		if d, ok := n.(*ir.RoutineDecl); ok && d.Routine != nil && d.Routine.Body != nil {
			out = append([]*ir.Routine{d.Routine}, out...)
		}
		return true
	})
	return out
}

type run struct {
	*rewrite.Pass
	code   *plsql.Code
	root   ir.Stmt
	top    ir.Stmt // the body of the routine at hand
	plain  bool    // RETURN alone leaves it
	labels int
	brief  map[*ir.Catch]bool
	result ir.Stmt
	inner  map[*catalog.Routine]*catalog.Routine // second forms of nested routines
	shares map[*catalog.Routine]bool             // nested routines that change what is declared around them
}

func (r *run) body(s, body ir.Stmt) {
	r.top, r.plain = body, false
	switch n := s.(type) {
	case *ir.Routine:
		r.plain = n.Kind == catalog.Procedure
	case *ir.Block:
		r.plain = true
	}
	if body == nil {
		return
	}
	out := r.list([]ir.Stmt{body}, nil)
	r.result = one(out, body)
	control.SetBody(s, r.result)
	if d, ok := s.(*ir.Routine); ok {
		d.Body = r.result
	}
}

func one(list []ir.Stmt, like ir.Stmt) ir.Stmt {
	if len(list) == 1 {
		return list[0]
	}
	b := &ir.Block{Body: list}
	b.Span = like.Base().Span
	return b
}

// guard is a block whose handlers take exceptions of the statements at hand.
type guard struct {
	block    *ir.Block
	handlers []*handler
	outer    *guard
	// loose tells that no work has to be kept: the handlers undo all of it anyway.
	loose  bool
	undone bool // a handler undoes the block
	uses   []*use
}

type handler struct {
	catch *ir.Catch
	kinds plsql.Kinds
	conds []string
	uses  int
	// context is the variable for the place of the error, nil if nobody asks.
	context *ir.VarDecl
}

// use is an exception arm that stands for a handler.
type use struct {
	handler *handler
	arm     *ir.ExceptArm
	wrap    *ir.Block
}

func (g *guard) kinds() plsql.Kinds {
	var k plsql.Kinds
	for ; g != nil; g = g.outer {
		for _, h := range g.handlers {
			k |= h.kinds
		}
	}
	return k
}

// careless tells that going back undoes nothing that has to stay.
func (g *guard) careless() bool {
	for ; g != nil; g = g.outer {
		if !g.loose {
			return false
		}
	}
	return true
}

// list protects statements by the guards around them.
func (r *run) list(list []ir.Stmt, g *guard) []ir.Stmt {
	var out, group []ir.Stmt
	flush := func() {
		if len(group) > 0 {
			out = append(out, r.wrap(group, g))
			group = nil
		}
	}
	for _, s := range list {
		switch {
		case g == nil:
			out = append(out, r.split(s, nil)...)
		case r.sharing(s, g):
			flush()
			out = append(out, r.split(s, g)...)
		case r.code.Transactional(s) && r.code.OfStmt(s)&g.kinds() == 0: // nothing of it has to be handled
			flush()
			out = append(out, r.split(s, nil)...)
		case r.joins(group, s, g):
			group = append(group, r.split(s, nil)...)
		case r.joins(nil, s, g):
			flush()
			if r.code.OfStmt(s)&g.kinds() == 0 {
				out = append(out, r.split(s, nil)...)
				continue
			}
			group = append(group, r.split(s, nil)...)
		default:
			flush()
			out = append(out, r.split(s, g)...)
		}
	}
	flush()
	return out
}

// joins tells that a statement can be protected together with those before it.
func (r *run) joins(group []ir.Stmt, s ir.Stmt, g *guard) bool {
	if r.code.Transactional(s) {
		return false
	}
	if len(group) == 0 && r.code.OfStmt(s)&g.kinds() == 0 {
		return true
	}
	if g.careless() {
		return true
	}
	return !r.code.Loses(append(append([]ir.Stmt(nil), group...), s), g.kinds())
}

// wrap puts statements into a block with an arm for each handler that may take one of their exceptions.
func (r *run) wrap(group []ir.Stmt, g *guard) ir.Stmt {
	kinds := r.code.OfList(group)
	if kinds&g.kinds() == 0 {
		return one(group, group[0])
	}
	w := &ir.Block{Body: group}
	w.Span = group[0].Base().Span
	w.Made(code)
	taken := map[string]bool{}
	for at := g; at != nil; at = at.outer {
		all := false
		for _, h := range at.handlers {
			if h.kinds&kinds == 0 || !h.takes(group) {
				continue
			}
			var conds []string
			for _, c := range h.conds {
				if !taken[c] {
					taken[c] = true
					conds = append(conds, c)
				}
			}
			if len(conds) == 0 {
				continue // an inner handler takes them
			}
			arm := &ir.ExceptArm{Conditions: conds}
			arm.Span = h.catch.Span
			w.Except = append(w.Except, arm)
			at.uses = append(at.uses, &use{handler: h, arm: arm, wrap: w})
			h.uses++
			all = all || h.catch.Others
		}
		if all {
			break
		}
	}
	return w
}

// takes tells that a handler may take what a group raises: of a RAISE alone the exception is known.
func (h *handler) takes(group []ir.Stmt) bool {
	if len(group) != 1 || h.catch.Others {
		return true
	}
	r, ok := group[0].(*ir.Raise)
	return !ok || r.State == "" || r.Code != nil || slices.Contains(h.catch.States, r.State)
}

// split handles what stands in a statement; with guards it protects the statements in it one by one.
func (r *run) split(s ir.Stmt, g *guard) []ir.Stmt {
	switch n := s.(type) {
	case *ir.Block:
		if g != nil && len(n.Except) > 0 {
			rewrite.Refuse(r.Pass, savepoint, n.Span, "work behind the savepoint is kept where a handler around it runs")
			return []ir.Stmt{s}
		}
		return r.block(n, g)
	case *ir.If:
		return r.ifStmt(n, g)
	case *ir.CaseStmt:
		return r.caseStmt(n, g)
	case *ir.Loop:
		return r.loop(n, g)
	case *ir.Transaction:
		return []ir.Stmt{s}
	}
	if g == nil {
		return []ir.Stmt{s}
	}
	if list := r.attempt(s, g); list != nil {
		return list
	}
	if r.code.Transactional(s) {
		rewrite.Refuse(r.Pass, committing, s.Base().Span, "the call ends the transaction, and stands in a block with handlers")
		return []ir.Stmt{s}
	}
	if r.joins(nil, s, g) {
		return []ir.Stmt{r.wrap([]ir.Stmt{s}, g)}
	}
	r.Report(partCall, s.Base().Span, "what the call wrote before it failed is undone where the exception is handled")
	return []ir.Stmt{r.wrap([]ir.Stmt{s}, g)}
}

// protected is one statement with the arms of the guards.
func (r *run) protected(s ir.Stmt, g *guard) []ir.Stmt { return r.list([]ir.Stmt{s}, g) }

// value computes an expression in a statement of its own where the guards have to see its exceptions.
func (r *run) value(e ir.Expr, name, sql string, g *guard, decls *[]ir.Decl) (ir.Expr, []ir.Stmt) {
	if g == nil || e == nil || r.code.OfExpr(e)&g.kinds() == 0 {
		return e, nil
	}
	t := e.TypeOf()
	if sql == "boolean" {
		t = types.Bool{}
	}
	v := &ir.VarDecl{Name: ir.Ident{Text: control.Unused(r.root, name)}, Type: t, TypeSQL: sql}
	v.Span = e.Base().Span
	v.Made(code)
	*decls = append(*decls, v)
	return control.Var(v), r.protected(control.Set(control.Var(v), e), g)
}

// bound computes the bound of a loop in a statement of its own: a NULL is VALUE_ERROR, which the guards have to see.
func (r *run) bound(e ir.Expr, name string, g *guard, decls *[]ir.Decl) (ir.Expr, []ir.Stmt) {
	if r.code.OfBound(e)&g.kinds() == 0 {
		return e, nil
	}
	v := &ir.VarDecl{Name: ir.Ident{Text: control.Unused(r.root, name)}, Type: types.Int{Bits: 32}, TypeSQL: "integer", NotNull: true, Default: control.Int("0")}
	v.Span = e.Base().Span
	v.Made(code)
	*decls = append(*decls, v)
	return control.Var(v), r.protected(control.Set(control.Var(v), e), g)
}

// with puts declarations around statements.
func with(decls []ir.Decl, list []ir.Stmt, like ir.Stmt) []ir.Stmt {
	if len(decls) == 0 {
		return list
	}
	b := &ir.Block{Decls: decls, Body: list}
	b.Span = like.Base().Span
	b.Made(code)
	return []ir.Stmt{b}
}

func (r *run) ifStmt(n *ir.If, g *guard) []ir.Stmt {
	var decls []ir.Decl
	var out []ir.Stmt
	for i, b := range n.Branches {
		if i > 0 && g != nil && r.code.OfExpr(b.Cond)&g.kinds() != 0 { // computed when those before were false
			rest := &ir.If{Branches: n.Branches[i:], Else: n.Else}
			rest.Span = b.Span
			n.Branches, n.Else = n.Branches[:i:i], r.ifStmt(rest, g)
			return with(decls, append(out, n), n)
		}
		cond, before := r.value(b.Cond, "condition", "boolean", g, &decls)
		b.Cond = cond
		out = append(out, before...)
		b.Body = r.list(b.Body, g)
	}
	if n.Else != nil {
		n.Else = r.list(n.Else, g)
	}
	return with(decls, append(out, n), n)
}

func (r *run) caseStmt(n *ir.CaseStmt, g *guard) []ir.Stmt {
	var decls []ir.Decl
	operand, out := r.value(n.Operand, "operand", "", g, &decls)
	n.Operand = operand
	if g != nil {
		for _, b := range n.Branches {
			if r.code.OfExpr(b.Cond)&g.kinds() != 0 {
				return with(decls, append(out, r.chain(n, g)...), n)
			}
		}
		if !n.HasElse {
			n.HasElse, n.Else = true, []ir.Stmt{control.CaseNotFound(n)}
		}
	}
	for _, b := range n.Branches {
		b.Body = r.list(b.Body, g)
	}
	if n.Else != nil {
		n.Else = r.list(n.Else, g)
	}
	return with(decls, append(out, n), n)
}

// chain makes IF of a CASE whose conditions can fail.
func (r *run) chain(n *ir.CaseStmt, g *guard) []ir.Stmt {
	f := &ir.If{Branches: n.Branches, Else: n.Else}
	f.Meta = n.Meta
	if !n.HasElse {
		f.Else = []ir.Stmt{control.CaseNotFound(n)}
	}
	if n.Operand != nil {
		for _, b := range f.Branches {
			c := &ir.Compare{Op: ir.Eq, L: ir.Clone(n.Operand), R: b.Cond, Collation: n.Collation}
			c.Type, c.Span = types.Bool{}, b.Span
			b.Cond = c
		}
	}
	return r.ifStmt(f, g)
}

func (r *run) loop(n *ir.Loop, g *guard) []ir.Stmt {
	if g == nil {
		n.Body = r.list(n.Body, nil)
		return []ir.Stmt{n}
	}
	switch n.Kind {
	case ir.WhileLoop:
		if r.code.OfExpr(n.Cond)&g.kinds() != 0 {
			var decls []ir.Decl
			cond, test := r.value(n.Cond, "condition", "boolean", g, &decls)
			t := &ir.IsTruth{Not: true, Value: ir.IsTrue, X: cond}
			t.Type, t.Span = types.Bool{}, n.Span
			leave := &ir.Leave{When: t}
			leave.Span = n.Span
			n.Kind, n.Cond = ir.InfiniteLoop, nil
			n.Body = append(append(test, leave), r.list(n.Body, g)...)
			return with(decls, []ir.Stmt{n}, n)
		}
	case ir.RangeLoop:
		var decls []ir.Decl
		lo, a := r.bound(n.Lo, "first_value", g, &decls)
		hi, b := r.bound(n.Hi, "last_value", g, &decls)
		n.Lo, n.Hi = lo, hi
		n.Body = r.list(n.Body, g)
		return with(decls, append(append(a, b...), n), n)
	case ir.QueryLoop:
		return r.queryLoop(n, g)
	}
	n.Body = r.list(n.Body, g)
	return []ir.Stmt{n}
}

// queryLoop opens and fetches the query by itself, so that its exceptions are handled.
func (r *run) queryLoop(n *ir.Loop, g *guard) []ir.Stmt {
	if n.Query == nil || r.code.Transactional(n) {
		if !g.careless() {
			r.Report(heldLoop, n.Span, "an error of the loop's query is not handled")
		}
		n.Body = r.list(n.Body, g)
		return []ir.Stmt{n}
	}
	name := n.CursorName
	if name == "" {
		name = control.Unused(r.root, "rows")
	}
	c := &ir.CursorDecl{Name: ir.Ident{Text: name}, Unbound: true}
	c.Span = n.Span
	c.Made(code)
	into := n.Targets
	decls := []ir.Decl{c}
	if len(into) == 0 && n.Var != nil {
		n.Var.TypeSQL = "record"
		decls = append(decls, n.Var)
		into = []ir.Expr{control.Var(n.Var)}
	}
	open := &ir.OpenCursor{Name: name, Query: n.Query}
	fetch := &ir.FetchCursor{Name: name, Into: into}
	leave := &ir.Leave{When: control.Negate(control.Found())}
	shut := &ir.CloseCursor{Name: name, Safe: true}
	for _, x := range []ir.Stmt{open, fetch, leave, shut} {
		x.Base().Span = n.Span
		x.Base().Made(code)
	}
	body := append(r.protected(fetch, g), leave)
	l := &ir.Loop{Kind: ir.InfiniteLoop, Label: n.Label, Body: append(body, r.list(n.Body, g)...)}
	l.Meta = n.Meta
	out := append(r.protected(open, g), l, shut)
	return with(decls, out, n)
}

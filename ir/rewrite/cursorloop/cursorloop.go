// Package cursorloop holds the rule for loops over cursors that a flag of a NOT FOUND handler ends.
package cursorloop

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/fetch"
)

const code = "PL0101"

// Rule is PL0101.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "cursor-loop",
		Doc: `A CONTINUE handler for NOT FOUND that sets a flag, and a loop that fetches and leaves when the flag is set (MySQL Reference
Manual, "Cursors"), is FETCH and EXIT WHEN NOT FOUND. This holds where nothing else sets the flag or raises NOT FOUND inside the
handler's block, and the flag is not set when the loop begins. FETCH in front of WHILE NOT done and again at its end is one FETCH at its head. The variables are fetched directly where nobody reads them once the loop is left;
PL/pgSQL sets them to NULL behind the last row, the source keeps them.`,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE t (id INT PRIMARY KEY, v INT);",
			Source: "DELIMITER //\nCREATE PROCEDURE p() SQL SECURITY INVOKER BEGIN DECLARE d INT DEFAULT 0; DECLARE x INT; DECLARE c CURSOR FOR SELECT id FROM t; DECLARE CONTINUE HANDLER FOR NOT FOUND SET d = 1; OPEN c; DELETE FROM t; l: LOOP FETCH c INTO x; IF d THEN LEAVE l; END IF; UPDATE t SET v = 1 WHERE id = x; END LOOP; CLOSE c; END//",
			Target: "CREATE OR REPLACE PROCEDURE p()\nLANGUAGE plpgsql\nAS $$\nDECLARE\n  x integer;\n  c refcursor;\nBEGIN\n  OPEN c FOR\n    SELECT id FROM t;\n  DELETE FROM t;\n  <<l>>\n  LOOP\n    FETCH c INTO x;\n    EXIT l WHEN NOT found;\n    UPDATE t SET v = 1 WHERE id = x;\n  END LOOP l;\n  CLOSE c;\nEND;\n$$;",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{leftover},
		Looks:    ir.Kinds(ir.KindHandler),
		Run: func(p *rewrite.Pass) {
			for _, s := range p.Unit.Stmts {
				if control.IsProgram(s) {
					leftovers(p, s)
					program(s)
				}
			}
		},
	}
}

func program(s ir.Stmt) {
	r := &run{root: s, next: map[ir.Node]*ir.VarDecl{}}
	ir.Walk(s, func(n ir.Node) bool {
		if b, ok := n.(*ir.Block); ok {
			r.block(b)
		}
		return true
	})
	fetch.Declare(s, r.order)
}

type run struct {
	root  ir.Stmt
	next  map[ir.Node]*ir.VarDecl
	order []*ir.VarDecl
}

// idiom is one loop that a flag ends.
type idiom struct {
	list  []ir.Stmt // where the loop stands
	at    int
	loop  *ir.Loop
	fetch *ir.FetchCursor
	test  *ir.If // IF done THEN ... LEAVE; or IF NOT done THEN ...
	// inverted: the test is IF NOT done, or the loop's own condition.
	inverted bool
	nested   bool // inside another loop of the handler's block
}

// block looks at the handlers of one block.
func (r *run) block(b *ir.Block) {
	for _, d := range b.Decls {
		h, ok := d.(*ir.Handler)
		if !ok {
			continue
		}
		flag := flagOf(h)
		if flag == nil || forNoRow(b) > 1 {
			continue
		}
		c := &candidate{run: r, block: b, handler: h, flag: flag}
		back := c.prime()
		if c.collect() && c.sound() {
			c.rewrite()
			continue
		}
		back()
		shared := &candidate{run: r, block: b, handler: h, flag: flag}
		shared.direct(b.Body)
	}
}

// flagOf is the variable that a CONTINUE handler for NOT FOUND sets and does nothing else.
func flagOf(h *ir.Handler) *ir.VarDecl {
	if h.Action != ir.ContinueHandler || len(h.Conditions) != 1 || !isNotFound(h.Conditions[0]) {
		return nil
	}
	list := control.List(h.Body)
	if len(list) != 1 {
		return nil
	}
	s, ok := list[0].(*ir.SetVar)
	if !ok || len(s.Items) != 1 || constant(s.Items[0].Value) != yes {
		return nil
	}
	d, _ := control.Target(s.Items[0].Target).(*ir.VarDecl)
	return d
}

// forNoRow counts the handlers of a block that may take what a FETCH raises; the most specific does.
func forNoRow(b *ir.Block) int {
	n := 0
	for _, d := range b.Decls {
		h, ok := d.(*ir.Handler)
		if !ok {
			continue
		}
		for _, c := range h.Conditions {
			if isNotFound(c) || c.Kind == ir.ByName {
				n++
				break
			}
		}
	}
	return n
}

func isNotFound(c ir.Condition) bool {
	return c.Kind == ir.NotFound || c.Kind == ir.ByState && c.State == "02000" || c.Kind == ir.ByCode && c.Code == 1329
}

type truth int

const (
	unknown truth = iota
	yes
	no
)

// constant is the truth of a literal.
func constant(e ir.Expr) truth {
	switch x := e.(type) {
	case *ir.Number:
		if strings.Trim(x.Text, "0.") == "" {
			return no
		}
		return yes
	case *ir.Bool:
		if x.Value {
			return yes
		}
		return no
	case *ir.Cast:
		return constant(x.X)
	case *ir.BoolValue:
		return constant(x.X)
	case *ir.Null:
		return no
	}
	return unknown
}

// tests tells what a condition says of the flag: yes for "done", no for "not done".
func tests(e ir.Expr, flag *ir.VarDecl) truth {
	switch x := e.(type) {
	case *ir.Name:
		if control.Target(x) == ir.Node(flag) {
			return yes
		}
	case *ir.Truth:
		return tests(x.X, flag)
	case *ir.BoolValue:
		return tests(x.X, flag)
	case *ir.Cast:
		return tests(x.X, flag)
	case *ir.IsTruth:
		return isTruth(x, flag)
	case *ir.Unary:
		if x.Op == ir.Not {
			return flip(tests(x.X, flag))
		}
	case *ir.Compare:
		t := tests(x.L, flag)
		if t == unknown || x.Op != ir.Eq && x.Op != ir.Ne && x.Op != ir.NullSafeEq {
			return unknown
		}
		c := constant(x.R)
		if x.Op == ir.Ne {
			c = flip(c)
		}
		if c == no {
			return flip(t)
		}
		if c == yes {
			return t
		}
	}
	return unknown
}

func isTruth(x *ir.IsTruth, flag *ir.VarDecl) truth {
	t := tests(x.X, flag)
	if x.Value == ir.IsUnknown || x.Not {
		return unknown
	}
	if x.Value == ir.IsFalse {
		return flip(t)
	}
	return t
}

func flip(t truth) truth {
	switch t {
	case yes:
		return no
	case no:
		return yes
	}
	return unknown
}

// candidate is one handler with its flag.
type candidate struct {
	*run
	block   *ir.Block
	handler *ir.Handler
	flag    *ir.VarDecl
	loops   []*idiom
	// resets are the statements that set the flag to false.
	resets []*ir.SetVar
}

// collect finds the loops and resets inside the block; false if the handler can run for anything else than their FETCH.
func (c *candidate) collect() bool {
	if !c.flagStarts() {
		return false
	}
	return c.walk(c.block.Body, false)
}

// flagStarts tells that the flag is declared in this block, false at first.
func (c *candidate) flagStarts() bool {
	if c.flag.Default != nil && constant(c.flag.Default) != no {
		return false
	}
	for _, d := range c.block.Decls {
		if d == ir.Decl(c.flag) {
			return true
		}
	}
	return false
}

func (c *candidate) walk(list []ir.Stmt, inLoop bool) bool {
	for i, s := range list {
		if !c.one(list, i, s, inLoop) {
			return false
		}
	}
	return true
}

func (c *candidate) one(list []ir.Stmt, i int, s ir.Stmt, inLoop bool) bool {
	switch n := s.(type) {
	case *ir.Loop:
		id := c.match(n)
		if id == nil {
			return !mayFindNothing(n) && c.walk(n.Body, true)
		}
		id.list, id.at, id.nested = list, i, inLoop
		c.loops = append(c.loops, id)
		return c.walk(id.rest(), true)
	case *ir.If:
		for _, b := range n.Branches {
			if !c.walk(b.Body, inLoop) {
				return false
			}
		}
		return c.walk(n.Else, inLoop)
	case *ir.CaseStmt:
		for _, b := range n.Branches {
			if !c.walk(b.Body, inLoop) {
				return false
			}
		}
		return c.walk(n.Else, inLoop)
	case *ir.Block:
		return c.inner(n, inLoop)
	case *ir.SetVar:
		c.reset(n)
		return true
	}
	return control.OfStmt(s)&control.NoRow == 0 || isCall(s)
}

// inner is a nested block: one with a handler of its own for NOT FOUND never runs this one.
func (c *candidate) inner(b *ir.Block, inLoop bool) bool {
	for _, d := range b.Decls {
		h, ok := d.(*ir.Handler)
		if !ok {
			continue
		}
		if len(h.Conditions) == 1 && isNotFound(h.Conditions[0]) {
			return control.OfStmt(listOf(control.List(h.Body)))&control.NoRow == 0
		}
		if control.OfStmt(h.Body)&control.NoRow != 0 {
			return false
		}
	}
	return c.walk(b.Body, inLoop)
}

func listOf(list []ir.Stmt) ir.Stmt { return &ir.Block{Body: list} }

// isCall tells a CALL, whose NOT FOUND condition the rule for handlers speaks about.
func isCall(s ir.Stmt) bool {
	_, ok := s.(*ir.CallProc)
	return ok
}

func mayFindNothing(n *ir.Loop) bool { return control.OfExpr(n.Cond)&control.NoRow != 0 }

func (c *candidate) reset(n *ir.SetVar) {
	if len(n.Items) == 1 && control.Target(n.Items[0].Target) == ir.Node(c.flag) && constant(n.Items[0].Value) == no {
		c.resets = append(c.resets, n)
	}
}

// match recognises the loop.
func (c *candidate) match(n *ir.Loop) *idiom {
	if len(n.Body) < 2 {
		return nil
	}
	f, ok := n.Body[0].(*ir.FetchCursor)
	if !ok {
		return nil
	}
	t, ok := n.Body[1].(*ir.If)
	if !ok || len(t.Branches) != 1 || t.Else != nil {
		return nil
	}
	id := &idiom{loop: n, fetch: f, test: t}
	switch tests(t.Branches[0].Cond, c.flag) {
	case yes:
		if n.Kind == ir.InfiniteLoop && leavesLoop(t.Branches[0].Body, n.Label) {
			return id
		}
	case no:
		id.inverted = true
		if len(n.Body) != 2 {
			return nil
		}
		if n.Kind == ir.WhileLoop && tests(n.Cond, c.flag) == no || n.Kind == ir.RepeatLoop && tests(n.Cond, c.flag) == yes {
			return id
		}
	}
	return nil
}

func leavesLoop(list []ir.Stmt, label string) bool {
	if len(list) == 0 {
		return false
	}
	l, ok := list[len(list)-1].(*ir.Leave)
	return ok && l.When == nil && strings.EqualFold(l.Label, label)
}

// rest is what runs for a row.
func (id *idiom) rest() []ir.Stmt {
	if id.inverted {
		return id.test.Branches[0].Body
	}
	return id.loop.Body[2:]
}

// sound tells that the flag is false at the head of each loop, and that nothing but the handler and resets writes it.
func (c *candidate) sound() bool {
	if len(c.loops) == 0 {
		return false
	}
	_, writes := control.Uses(c.root, c.flag)
	if len(writes) != 1+len(c.resets) {
		return false
	}
	for k, id := range c.loops {
		if !c.startsFalse(k, id) {
			return false
		}
		for _, s := range id.rest() {
			if reads, w := control.Uses(s, c.flag); len(reads)+len(w) > 0 {
				return false
			}
		}
	}
	return true
}

func (c *candidate) startsFalse(k int, id *idiom) bool {
	for i := id.at - 1; i >= 0; i-- {
		if s, ok := id.list[i].(*ir.SetVar); ok && c.isReset(s) {
			return true
		}
		if c.holdsLoop(id.list[i]) {
			return false
		}
	}
	if id.inverted && id.loop.Kind == ir.WhileLoop && isNull(c.flag.Default) {
		return false // WHILE NOT NULL never begins
	}
	return k == 0 && !id.nested
}

func isNull(e ir.Expr) bool {
	_, null := e.(*ir.Null)
	return e == nil || null
}

func (c *candidate) isReset(s *ir.SetVar) bool {
	for _, x := range c.resets {
		if x == s {
			return true
		}
	}
	return false
}

func (c *candidate) holdsLoop(s ir.Stmt) bool {
	return ir.Find(s, func(n ir.Node) bool {
		for _, id := range c.loops {
			if n == ir.Node(id.loop) {
				return true
			}
		}
		return false
	})
}

// rewrite replaces the flag by FOUND.
func (c *candidate) rewrite() {
	keepFlag := c.flagRead()
	for _, id := range c.loops {
		c.quiet(id)
		c.loop(id, keepFlag)
	}
	c.drop(c.block, ir.Decl(c.handler))
	if keepFlag {
		return
	}
	ir.MapPre(ir.Stmt(c.block), nil, func(n ir.Node) ir.Node {
		if s, ok := n.(*ir.SetVar); ok && c.isReset(s) {
			if len(s.Lead)+len(s.Trail) == 0 {
				return nil
			}
			return control.Take(code, s, &ir.Nothing{})
		}
		return n
	})
	c.drop(c.block, c.flag)
}

// flagRead tells that the flag is read outside the tests of the loops.
func (c *candidate) flagRead() bool {
	reads, _ := control.Uses(c.root, c.flag)
	n := 0
	for _, id := range c.loops {
		r, _ := control.Uses(id.test.Branches[0].Cond, c.flag)
		n += len(r)
		if id.loop.Cond != nil {
			r, _ = control.Uses(id.loop.Cond, c.flag)
			n += len(r)
		}
	}
	return len(reads) > n
}

func (c *candidate) drop(b *ir.Block, d ir.Decl) {
	for i, x := range b.Decls {
		if x == d {
			b.Decls = append(b.Decls[:i:i], b.Decls[i+1:]...)
			return
		}
	}
}

func (c *candidate) loop(id *idiom, keepFlag bool) {
	rest := id.rest()
	var out []ir.Stmt
	if !id.inverted {
		out = append(out, id.test.Branches[0].Body...)
	} else {
		out = append(out, &ir.Leave{Label: id.loop.Label})
		out[0].Base().Span = id.test.Span
	}
	if keepFlag {
		set := control.Set(control.Var(c.flag), control.Int("1"))
		set.Span = id.test.Span
		out = append([]ir.Stmt{set}, out...)
	}
	assigns := c.redirect(id)
	id.loop.Body = append([]ir.Stmt{id.fetch, c.leave(id, out)}, append(assigns, rest...)...)
	id.loop.Kind, id.loop.Cond = ir.InfiniteLoop, nil
	id.loop.Made(code)
	control.MarkDone(id.fetch)
}

func (c *candidate) leave(id *idiom, out []ir.Stmt) ir.Stmt {
	notFound := control.Negate(control.Found())
	if l, ok := out[0].(*ir.Leave); ok && len(out) == 1 {
		l.When = notFound
		l.Lead = append(id.test.Lead, l.Lead...)
		l.Trail = append(l.Trail, id.test.Trail...)
		return l
	}
	t := control.When(notFound, out...)
	control.Take(code, id.test, t)
	return t
}

// redirect fetches into variables of their own where the old values may be read after the last row.
func (c *candidate) redirect(id *idiom) []ir.Stmt {
	if c.outliving(id) {
		return fetch.Redirect(c.root, id.fetch, c.next, &c.order)
	}
	return nil
}

// outlives tells that somebody reads the variable elsewhere than for a row of this loop.
func (c *candidate) outlives(d ir.Node, id *idiom) bool {
	if d == nil {
		return true
	}
	if p, ok := d.(*ir.ParamDecl); ok && p.Mode != catalog.In {
		return true
	}
	all, _ := control.Uses(c.root, d)
	n := 0
	for _, s := range id.rest() {
		r, _ := control.Uses(s, d)
		n += len(r)
	}
	return len(all) > n
}

package oracle

import "godwit/ir"

// loop reads LOOP, WHILE or FOR. The statement begins at the i-th token, perhaps with its label.
func (p *parser) loop(i int, label string) ir.Stmt {
	p.Enter()
	defer p.Leave()
	l := &ir.Loop{Label: label}
	switch p.Kind() {
	case kWhile:
		p.Next()
		l.Kind, l.Cond = ir.WhileLoop, p.expr()
		l.Body = p.loopBody()
	case kFor:
		p.forHead(l)
		guards := p.iterationGuards()
		for p.Accept(kComma) {
			p.furtherIteration(i)
		}
		l.Body = p.loopBody()
		l.Body = guarded(l.Body, guards)
	default:
		l.Kind, l.Body = ir.InfiniteLoop, p.loopBody()
	}
	l.Span = p.SpanFrom(i)
	return l
}

// loopBody reads LOOP statements END LOOP [label].
func (p *parser) loopBody() []ir.Stmt {
	p.Expect(kLoop)
	out := p.stmts()
	p.Expect(kEnd)
	p.Expect(kLoop)
	if p.isName() { // the server does not compare it with the loop's label
		p.Next()
	}
	return out
}

// forHead reads FOR variable IN with what it runs over.
func (p *parser) forHead(l *ir.Loop) {
	i := p.Expect(kFor)
	l.Var = p.iterand()
	if p.Accept(kComma) {
		p.iterand()
		p.report(codeIterator, p.SpanFrom(i), "a loop over pairs is not converted")
	}
	p.Expect(kIn)
	switch {
	case p.Kind() == kLP && p.Ahead(1) == kExecute:
		p.dynamicIteration(l)
	case p.queryAhead():
		p.Expect(kLP)
		l.Kind, l.Query = ir.QueryLoop, p.query()
		p.Expect(kRP)
	default:
		p.iteration(l)
	}
}

// dynamicIteration reads (EXECUTE IMMEDIATE text [USING ...]).
func (p *parser) dynamicIteration(l *ir.Loop) {
	i := p.Next()
	p.executeImmediate()
	p.Expect(kRP)
	p.report(codeIterator, p.SpanFrom(i), "a loop over EXECUTE IMMEDIATE is not converted")
	l.Kind = ir.InfiniteLoop
}

// queryAhead tells that the parentheses here hold a query.
func (p *parser) queryAhead() bool {
	k := 0
	for p.Ahead(k) == kLP {
		k++
	}
	return k > 0 && (p.Ahead(k) == kSelect || p.Ahead(k) == kWith)
}

// iterand reads the variable of a loop, with its type if it has one.
func (p *parser) iterand() *ir.VarDecl {
	i := p.Pos
	v := &ir.VarDecl{Name: p.ident()}
	mutable := p.acceptAny("MUTABLE", "IMMUTABLE") == "MUTABLE"
	if p.Kind() != kIn && p.Kind() != kComma {
		v.Type = p.dataType()
	}
	v.Span = p.SpanFrom(i)
	if mutable {
		p.report(codeIterator, v.Span, "a loop variable that can be assigned to is not converted")
	}
	return v
}

// iteration reads [REVERSE] lo .. hi [BY step], or the cursor that a loop runs over.
func (p *parser) iteration(l *ir.Loop) {
	i := p.Pos
	if w := p.iterationWord(); w != "" {
		p.expr()
		p.report(codeIterator, p.SpanFrom(i), "a loop over %s is not converted", w)
		l.Kind, l.Cond = ir.InfiniteLoop, nil
		return
	}
	l.Reverse = p.is("REVERSE") && p.Ahead(1) != kDotDot && p.Ahead(1) != kLoop && p.Ahead(1) != kDot
	if l.Reverse {
		p.Next()
	}
	if !l.Reverse && p.cursorAhead() {
		l.Kind, l.Cursor = ir.QueryLoop, p.designator()
		return
	}
	l.Kind, l.Lo = ir.RangeLoop, p.expr()
	if p.Kind() != kDotDot && p.Kind() != kLoop {
		p.report(codeIterator, p.SpanFrom(i), "a loop over single values is not converted")
		return
	}
	p.Expect(kDotDot)
	l.Hi = p.expr()
	if p.Accept(kBy) {
		l.Step = p.expr()
	}
}

// iterationWord reads the words that begin an iteration over a collection or a value that is computed again; "" if there are none.
func (p *parser) iterationWord() string {
	switch {
	case p.Kind() == kValues && p.Ahead(1) == kOf, p.isWords("INDICES", "OF"), p.isWords("PAIRS", "OF"):
		w := p.upper(p.Pos)
		p.Pos += 2
		return w + " OF"
	case p.is("REPEAT") && p.Ahead(1) != kLP && p.Ahead(1) != kDotDot && p.Ahead(1) != kLoop && p.Ahead(1) != kDot:
		p.Next()
		return "REPEAT"
	}
	return ""
}

// cursorAhead tells that a name with or without arguments stands here, and then LOOP.
func (p *parser) cursorAhead() bool {
	from := p.Pos
	defer func() { p.Pos = from }()
	if p.Kind() == kBind {
		return p.Ahead(1) == kLoop
	}
	if !p.isName() {
		return false
	}
	p.Next()
	for p.Kind() == kDot {
		p.Next()
		p.Next()
	}
	if p.Kind() == kLP {
		p.parens()
	}
	return p.Kind() == kLoop
}

// guard is WHILE or WHEN of an iteration.
type guard struct {
	when bool
	cond ir.Expr
}

// iterationGuards reads [WHILE condition] [WHEN condition].
func (p *parser) iterationGuards() (out []guard) {
	for {
		switch p.Kind() {
		case kWhile, kWhen:
			when := p.At(p.Next()).Kind == kWhen
			out = append(out, guard{when, p.expr()})
		default:
			return out
		}
	}
}

// guarded makes the body of a loop that tests its guards at each pass: WHEN leaves the pass out, WHILE ends the loop.
func guarded(body []ir.Stmt, guards []guard) []ir.Stmt {
	for i := len(guards) - 1; i >= 0; i-- {
		g := guards[i]
		s := g.cond.Base().Span
		n := &ir.If{StmtMeta: stmt(s), Branches: []*ir.Branch{{PartMeta: part(s), Cond: g.cond, Body: body}}}
		if !g.when {
			n.Else = []ir.Stmt{&ir.Leave{StmtMeta: stmt(s)}}
		}
		body = []ir.Stmt{n}
	}
	return body
}

// furtherIteration reads a second iteration of the same loop, which begins at the i-th token.
func (p *parser) furtherIteration(i int) {
	p.iteration(&ir.Loop{})
	p.iterationGuards()
	p.report(codeIterator, p.SpanFrom(i), "a loop with several iterations is not converted")
}

// leaveStmt reads EXIT or CONTINUE [label] [WHEN condition].
func (p *parser) leaveStmt() ir.Stmt {
	i := p.Next()
	label := ""
	var when ir.Expr
	if p.isName() {
		label = p.ident().Text
	}
	if p.Accept(kWhen) {
		when = p.expr()
	}
	if p.At(i).Kind == kExit {
		return &ir.Leave{StmtMeta: p.sinceStmt(i), Label: label, When: when}
	}
	return &ir.Iterate{StmtMeta: p.sinceStmt(i), Label: label, When: when}
}

// forall reads FORALL index IN bounds [SAVE EXCEPTIONS] statement.
func (p *parser) forall() ir.Stmt {
	i := p.Next()
	s := &ir.Forall{}
	v := p.Pos
	id := p.ident()
	s.Var = &ir.VarDecl{DeclMeta: p.sinceDecl(v), Name: id}
	p.Expect(kIn)
	p.bounds(s)
	if p.acceptWords("SAVE", "EXCEPTIONS") {
		s.SaveExceptions = true
	}
	j := p.Pos
	switch p.Kind() {
	case kInsert, kUpdate, kDelete, kMerge:
		s.Body = p.dml()
	case kExecute:
		s.Body = p.executeImmediate()
	default:
		p.Fail("INSERT", "UPDATE", "DELETE", "MERGE", "EXECUTE IMMEDIATE")
	}
	p.comments(s.Body, j)
	s.Span = p.SpanFrom(i)
	return s
}

// bounds reads what FORALL runs over.
func (p *parser) bounds(s *ir.Forall) {
	switch {
	case p.acceptWords("INDICES", "OF"):
		s.Indices = p.designator()
		if p.Accept(kBetween) {
			s.Lo = p.bound()
			p.Expect(kAnd)
			s.Hi = p.bound()
		}
	case p.acceptWords("VALUES", "OF"):
		s.Values = p.designator()
	default:
		s.Lo = p.expr()
		p.Expect(kDotDot)
		s.Hi = p.expr()
	}
}

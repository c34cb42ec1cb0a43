package oracle

import (
	"slices"

	"godwit/ir"
)

// plsqlBlock reads a block at the top level of a script: [labels] [DECLARE declarations] BEGIN ... END.
func (p *parser) plsqlBlock() ir.Stmt {
	p.plsql = true
	i := p.Pos
	label := ""
	for p.Kind() == kLabelOpen {
		label = p.labelName()
	}
	b := p.block(i, label)
	b.Anonymous = true
	return b
}

// labelName reads <<name>>.
func (p *parser) labelName() string {
	p.Expect(kLabelOpen)
	id := p.anyIdent()
	p.Expect(kLabelClose)
	return id.Text
}

// block reads [DECLARE declarations] BEGIN ... END [label]. The statement begins at the i-th token, perhaps with its label.
func (p *parser) block(i int, label string) *ir.Block {
	p.Enter()
	defer p.Leave()
	b := &ir.Block{Label: label}
	if p.Accept(kDeclare) {
		b.Decls = p.decls(nil)
	}
	p.blockBody(b)
	if p.isWord() {
		p.Next() // the server does not compare it with the label
	}
	b.Span = p.SpanFrom(i)
	return b
}

// blockBody reads BEGIN statements [EXCEPTION handlers] END.
func (p *parser) blockBody(b *ir.Block) {
	p.Expect(kBegin)
	b.Body = p.stmts()
	if p.Accept(kException) {
		b.Catches = p.catches()
	}
	p.Expect(kEnd)
}

// endName reads the name behind END if there is one: it has to be that of what ends.
func (p *parser) endName(name string) {
	if !p.isWord() {
		return
	}
	if id := p.identAt(p.Pos); id.Text != name {
		if name == "" {
			p.Fail(kindName(kSemi))
		}
		p.Fail(name, kindName(kSemi))
	}
	p.Next()
}

// catches reads the handlers of an EXCEPTION part.
func (p *parser) catches() []*ir.Catch {
	var out []*ir.Catch
	for p.Kind() == kWhen {
		out = append(out, p.catch())
	}
	if len(out) == 0 {
		p.Fail("WHEN")
	}
	return out
}

// catch reads WHEN names THEN statements.
func (p *parser) catch() *ir.Catch {
	i := p.Expect(kWhen)
	c := &ir.Catch{}
	for more := true; more; more = p.Accept(kOr) {
		if p.is("OTHERS") && (p.Ahead(1) == kThen || p.Ahead(1) == kOr) {
			p.Next()
			c.Others = true
			continue
		}
		c.Names = append(c.Names, p.qname())
	}
	p.Expect(kThen)
	c.Body = p.stmts()
	c.Span = p.SpanFrom(i)
	p.comments(c, i)
	return c
}

// stmts reads statements, up to a word that ends the list. There is at least one.
func (p *parser) stmts() []ir.Stmt {
	var room [16]ir.Stmt
	out := room[:0]
	for !p.endsStmts() {
		switch {
		case p.Kind() == kLabelOpen:
			out = p.labeled(out)
		case p.Kind() == kPragma && (p.isAt(p.Pos+1, "INLINE") || p.isAt(p.Pos+1, "COVERAGE")):
			p.pragmaAdvice()
		default:
			out = append(out, p.plsqlStmt())
		}
	}
	if len(out) == 0 {
		p.Fail("a statement")
	}
	return slices.Clone(out)
}

// endsStmts tells that no statement can begin here.
func (p *parser) endsStmts() bool {
	switch p.Kind() {
	case kEnd, kElse, kElsif, kWhen, kException, kEOF:
		return true
	}
	return false
}

// pragmaAdvice reads PRAGMA INLINE and PRAGMA COVERAGE among statements: advice to the compiler, and a mark for reports of coverage.
func (p *parser) pragmaAdvice() {
	i := p.Next()
	name := p.upper(p.Next())
	p.parens()
	p.report(codeOption, p.SpanFrom(i), "PRAGMA %s is left out", name)
	p.Expect(kSemi)
}

// labeled reads labels with the statement behind them. The last one is the label of a block or loop; all others stand alone.
func (p *parser) labeled(out []ir.Stmt) []ir.Stmt {
	for {
		i := p.Pos
		name := p.labelName()
		switch p.Kind() {
		case kBegin, kDeclare, kLoop, kWhile, kFor:
			if p.isCallOrTarget() {
				break
			}
			var s ir.Stmt
			if k := p.Kind(); k == kBegin || k == kDeclare {
				s = p.block(i, name)
			} else {
				s = p.loop(i, name)
			}
			return append(out, p.ended(i, s))
		}
		l := &ir.LabelStmt{StmtMeta: p.sinceStmt(i), Name: name}
		p.comments(l, i)
		out = append(out, l)
		if p.Kind() != kLabelOpen {
			return out
		}
	}
}

// plsqlStmt reads a statement of a block with its semicolon.
func (p *parser) plsqlStmt() ir.Stmt {
	i := p.Pos
	return p.ended(i, p.bareStmt())
}

// ended gives the statement that begins at the i-th token its comments, and reads its semicolon.
func (p *parser) ended(i int, s ir.Stmt) ir.Stmt {
	p.comments(s, i)
	p.Expect(kSemi)
	return s
}

package oracle

import "godwit/ir"

// cursorName reads the name of a cursor or cursor variable: a plain name, or an expression of another form.
func (p *parser) cursorName() (name string, x ir.Expr) {
	x = p.designator()
	if n, ok := x.(*ir.Name); ok && len(n.Parts) == 1 {
		return n.Parts[0].Text, nil
	}
	return "", x
}

// openStmt reads OPEN cursor [(arguments)], or OPEN variable FOR query or text [USING ...].
func (p *parser) openStmt() ir.Stmt {
	i := p.Next()
	s := &ir.OpenCursor{}
	s.Name, s.X = p.cursorName()
	if c, ok := s.X.(*ir.Invoke); ok && p.Kind() != kFor {
		s.X, s.Args = c.X, c.Args
		if n, ok := c.X.(*ir.Name); ok && len(n.Parts) == 1 {
			s.X, s.Name = nil, n.Parts[0].Text
		}
	}
	if p.Accept(kFor) {
		p.openFor(s)
	}
	s.Span = p.SpanFrom(i)
	return s
}

// openFor reads the query or text that a cursor variable is opened for.
func (p *parser) openFor(s *ir.OpenCursor) {
	if k := p.Kind(); k == kSelect || k == kWith || p.queryAhead() {
		s.Query = p.query()
		return
	}
	s.Dynamic = p.expr()
	if p.Accept(kUsing) {
		i := p.Pos
		values, modes := p.usingList()
		s.Using = values
		if modes != nil {
			p.report(codePart, p.SpanFrom(i), "a value that OPEN ... USING gives back is not converted")
		}
	}
}

// fetchStmt reads FETCH cursor [BULK COLLECT] INTO targets [LIMIT n].
func (p *parser) fetchStmt() ir.Stmt {
	i := p.Next()
	s := &ir.FetchCursor{}
	s.Name, s.X = p.cursorName()
	s.Into, s.Bulk = p.intoClause()
	if s.Into == nil {
		p.Fail("INTO", "BULK COLLECT INTO")
	}
	if s.Bulk && p.acceptWord("LIMIT") {
		s.Limit = p.expr()
	}
	s.Span = p.SpanFrom(i)
	return s
}

func (p *parser) closeStmt() ir.Stmt {
	i := p.Next()
	s := &ir.CloseCursor{}
	s.Name, s.X = p.cursorName()
	s.Span = p.SpanFrom(i)
	return s
}

package oracle

import "godwit/ir"

// createPackage reads PACKAGE [BODY] behind CREATE, which is the i-th token.
func (p *parser) createPackage(i int, h *createHead) ir.Stmt {
	p.plsql = true
	p.Expect(kPackage)
	k := &ir.Package{OrReplace: h.orReplace, Body: p.acceptWord("BODY")}
	k.IfNotExists = p.unless() || h.ifNotExists
	k.Name = p.qname()
	for p.packageClause(k) {
	}
	if p.Kind() != kIs && p.Kind() != kAs {
		p.Fail("IS", "AS")
	}
	p.headComments(&k.Meta)
	k.Decls = p.members()
	if p.Kind() == kBegin && k.Body {
		j := p.Pos
		k.Init = &ir.Block{}
		p.blockBody(k.Init)
		k.Init.Span = p.SpanFrom(j)
		p.comments(k.Init, j)
	} else {
		p.Expect(kEnd)
	}
	p.endName(k.Name.Name())
	k.Span = p.SpanFrom(i)
	return k
}

// packageClause reads one clause before IS; false if there is none.
func (p *parser) packageClause(k *ir.Package) bool {
	if p.acceptWord("AUTHID") {
		k.Security = p.authid()
		return true
	}
	return p.unitClause()
}

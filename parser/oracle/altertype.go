package oracle

import "godwit/ir"

// alterType reads on behind ALTER TYPE name: attributes and methods that are added, attributes that change or go, the limit and the elements of a collection, and
// NOT FINAL (Database PL/SQL Language Reference, ALTER TYPE Statement). nil for all else, of which nothing is read then.
func (p *parser) alterType(i int, name ir.QName) ir.Stmt {
	from := p.Pos
	n := &ir.AlterType{Name: name}
	for more := true; more; more = p.Accept(kComma) {
		if !p.typeChange(n) {
			p.Pos = from
			return nil
		}
	}
	if !p.typeDependents() {
		p.Pos = from
		return nil
	}
	n.Span = p.SpanFrom(i)
	return n
}

func (p *parser) typeChange(n *ir.AlterType) bool {
	switch {
	case p.acceptWords("ADD", "ATTRIBUTE"):
		n.Attributes = append(n.Attributes, p.typeAttributes()...)
	case p.acceptWords("MODIFY", "ATTRIBUTE"):
		n.Modify = true
		n.Attributes = append(n.Attributes, p.typeAttributes()...)
	case p.acceptWords("DROP", "ATTRIBUTE"):
		paren := p.Accept(kLP)
		for more := true; more; more = paren && p.Accept(kComma) {
			n.Dropped = append(n.Dropped, p.anyIdent())
		}
		if paren {
			p.Expect(kRP)
		}
	case p.acceptWords("MODIFY", "LIMIT"):
		n.Max = p.expr()
	case p.acceptWords("MODIFY", "ELEMENT", "TYPE"):
		n.Elem = p.dataType()
	case p.acceptWords("NOT", "FINAL"):
		n.NotFinal = true
	case p.acceptWord("FINAL"):
		n.Final = true
	case p.acceptWord("ADD"):
		if !p.atMethod() {
			return false
		}
		j := p.Pos
		m := p.method(n.Name)
		m.Routine.Span = p.SpanFrom(j)
		m.Span = m.Routine.Span
		n.Methods = append(n.Methods, m)
	default:
		return false
	}
	return !n.Modify || len(n.Dropped) == 0 && len(n.Methods) == 0
}

// typeAttributes reads name type, or a list of them in parentheses.
func (p *parser) typeAttributes() (out []*ir.FieldDecl) {
	paren := p.Accept(kLP)
	for more := true; more; more = paren && p.Accept(kComma) {
		j := p.Pos
		f := &ir.FieldDecl{Name: p.anyIdent()}
		f.Type = p.dataType()
		f.Span = p.SpanFrom(j)
		out = append(out, f)
	}
	if paren {
		p.Expect(kRP)
	}
	return out
}

// typeDependents reads what becomes of what depends on the type; false if something else follows.
func (p *parser) typeDependents() bool {
	for p.Kind() != kEOF && p.Kind() != kSemi {
		switch {
		case p.acceptWord("CASCADE"), p.acceptWord("INVALIDATE"), p.acceptWord("FORCE"), p.acceptWords("INCLUDING", "TABLE", "DATA"), p.acceptWords("CONVERT", "TO", "SUBSTITUTABLE"):
		default:
			return false
		}
	}
	return true
}

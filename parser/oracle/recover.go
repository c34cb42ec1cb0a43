package oracle

import (
	"godwit/ir"
	"godwit/parser/scan"
)

// A construct that is understood and cannot be converted costs the routine that it stands in. The others of a package are read on.

// bodyOf reads the declarations and the block of a routine, which begin at the current token. Where they have to be refused, the body is
// one statement that says so.
func (p *parser) bodyOf(r *ir.Routine) {
	from, enter := p.Pos, p.Depth()
	defer func() {
		if !p.refuses {
			return // without recover: a panic that is stopped and goes on at each of many levels takes quadratic time
		}
		p.refuses = false
		x := recover()
		gone, ok := x.(*refusal)
		if !ok {
			panic(x)
		}
		p.Pos = from
		p.SetDepth(enter)
		if !p.skipRoutine() {
			panic(x)
		}
		p.sql = false
		p.exprStack = p.exprStack[:0]
		p.unit.Report(gone.code.New(gone.span, "%s is not converted", gone.what))
		s := p.SpanFrom(from)
		b := &ir.Block{StmtMeta: stmt(s), Body: []ir.Stmt{&ir.Unsupported{StmtMeta: stmt(s), Text: s.Text(), Code: gone.code.ID, What: gone.what}}}
		p.endName(r.Name.Name())
		r.Body = b
	}()
	b := &ir.Block{}
	p.Accept(kDeclare) // not the server's, but migrated code has it
	b.Decls = p.decls(nil)
	p.blockBody(b)
	b.Span = p.SpanFrom(from)
	p.endName(r.Name.Name())
	r.Body = b
}

// skipRoutine steps over declarations and BEGIN ... END; false if the end was not found.
func (p *parser) skipRoutine() bool {
	for {
		switch p.Kind() {
		case kEOF:
			return false
		case kBegin:
			return p.skipBlock()
		case kProcedure, kFunction:
			if !p.skipNested() {
				return false
			}
		default:
			p.skipDecl()
		}
	}
}

// skipNested steps over a routine among declarations.
func (p *parser) skipNested() bool {
	for p.Kind() != kIs && p.Kind() != kAs {
		switch p.Kind() {
		case kEOF:
			return false
		case kSemi:
			p.Next()
			return true
		case kLP:
			p.parens()
		default:
			p.Next()
		}
	}
	p.Next()
	if !p.skipRoutine() {
		return false
	}
	p.skipDecl() // the name and the semicolon
	return true
}

// skipDecl steps over the rest of a declaration with its semicolon.
func (p *parser) skipDecl() {
	for p.Kind() != kSemi && p.Kind() != kEOF {
		p.Next()
	}
	p.Accept(kSemi)
}

// skipBlock steps over BEGIN ... END, counting what END closes.
func (p *parser) skipBlock() bool {
	depth := 0
	for p.Kind() != kEOF {
		k := p.Kind()
		after := scan.EOF
		if p.Pos > 0 {
			after = p.At(p.Pos - 1).Kind
		}
		p.Next()
		switch {
		case after == kDot || after == kEnd && k != kEnd:
			// a name behind a dot, or what END belongs to
		case k == kBegin || k == kIf || k == kCase || k == kLoop:
			depth++
		case k == kEnd:
			if depth--; depth == 0 {
				return true
			}
		}
	}
	return false
}

package oracle

import (
	"strconv"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/source"
	"godwit/parser/scan"
)

// A construct that is understood and cannot be converted costs the routine that it stands in. What cannot be read costs the member of a
// package that it stands in. The others of a package are read on.

// bodyOf reads the declarations and the block of a routine, which begin at the current token. Where they have to be refused, the body is
// one statement that says so.
func (p *parser) bodyOf(r *ir.Routine) {
	from, enter, member := p.Pos, p.Depth(), p.routines == 0
	p.routines++
	defer func() {
		p.routines--
		if !p.refuses && !member {
			return // without recover: a panic that is stopped and goes on at each of many levels takes quadratic time
		}
		x := recover()
		if x == nil {
			return
		}
		gone := p.goneFor(x)
		if gone == nil {
			panic(x)
		}
		p.again(from, enter)
		if !p.skipRoutine(gone.unread) || gone.unread && !p.endsRoutine(r) {
			p.lost = true
			panic(x)
		}
		p.unit.Report(gone.finding())
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

// goneFor tells what a panic refuses, nil if it is none of the parser's own.
func (p *parser) goneFor(x any) *refusal {
	switch x := x.(type) {
	case *refusal:
		p.refuses = false
		return x
	case *scan.SyntaxError:
		if x.Depth > 0 {
			return &refusal{code: codeDepth, what: "what is nested in more than " + strconv.Itoa(x.Depth) + " levels", span: x.Span(), unread: true}
		}
		return &refusal{code: codeSyntax, what: "syntax error: " + x.Error(), span: x.Span(), unread: true}
	}
	return nil
}

func (g *refusal) finding() diag.Finding {
	if g.code == codeSyntax {
		return g.code.New(g.span, "%s", g.what)
	}
	return g.code.New(g.span, "%s is not converted", g.what)
}

// again goes back to a token, as if nothing behind it had been read.
func (p *parser) again(from, depth int) {
	p.Pos = from
	p.SetDepth(depth)
	p.sql = false
	p.exprStack = p.exprStack[:0]
}

// endsRoutine tells that the end of the routine stands here: what cannot be read may hide an END.
func (p *parser) endsRoutine(r *ir.Routine) bool {
	if p.isName() {
		return p.identAt(p.Pos).Text == r.Name.Name() && (p.Ahead(1) == kSemi || p.Ahead(1) == kEOF)
	}
	return p.Kind() == kSemi || p.Kind() == kEOF
}

// members reads the declarations of a package. One that cannot be read, or is refused, is a name that a finding stands at.
func (p *parser) members() []ir.Decl {
	var out []ir.Decl
	for p.Kind() != kBegin && p.Kind() != kEnd && p.Kind() != kEOF {
		out = append(out, p.member())
	}
	unread := map[string]bool{}
	for _, d := range out {
		if x, ok := d.(*ir.ExceptionDecl); ok && p.unread[x] {
			unread[x.Name.Text] = true
		}
	}
	for _, d := range out {
		if r, ok := d.(*ir.RoutineDecl); ok && unread[r.Routine.Name.Name()] { // calls of that one must not become calls of this one
			p.unit.Report(codeSyntax.New(r.Routine.Name.Span, "a routine of the name %s has a head that cannot be read", r.Routine.Name.Name()))
		}
	}
	return out
}

// member reads a declaration of a package.
func (p *parser) member() (d ir.Decl) {
	from, enter := p.Pos, p.Depth()
	defer func() {
		x := recover()
		if x == nil {
			return
		}
		gone := p.goneFor(x)
		if gone == nil || p.lost || p.At(from).Kind == kPragma { // it changes the meaning of others
			panic(x)
		}
		p.again(from, enter)
		if k := p.Kind(); k == kProcedure || k == kFunction {
			if !p.skipNested(true) {
				panic(x)
			}
		} else if p.skipDecl(); p.Kind() == kEOF {
			panic(x)
		}
		name := from
		switch p.At(from).Kind {
		case kProcedure, kFunction, kType, kSubtype, kCursor:
			name++
		}
		s := p.SpanFrom(from)
		if !holds(s, gone.span) {
			panic(x)
		}
		p.unit.Report(gone.finding())
		left := &ir.ExceptionDecl{DeclMeta: ir.DeclMeta{Meta: ir.Meta{Span: s}}, Name: p.identAt(name)}
		if p.unread == nil {
			p.unread = map[*ir.ExceptionDecl]bool{}
		}
		p.unread[left], d = name > from, left
	}()
	d = p.decl()
	p.comments(d, from)
	p.Expect(kSemi)
	return d
}

func holds(outer, inner source.Span) bool {
	return inner.IsValid() && outer.File == inner.File && outer.Start <= inner.Start && inner.End <= outer.End
}

// skipRoutine steps over declarations and BEGIN ... END; false if the end was not found. unread tells that they cannot be read: a routine
// that begins in the block belongs to what stands behind the end then.
func (p *parser) skipRoutine(unread bool) bool {
	for {
		switch p.Kind() {
		case kEOF:
			return false
		case kBegin:
			return p.skipBlock(unread)
		case kProcedure, kFunction:
			if !p.skipNested(unread) {
				return false
			}
		default:
			p.skipDecl()
		}
	}
}

// skipNested steps over a routine among declarations.
func (p *parser) skipNested(unread bool) bool {
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
	if !p.skipRoutine(unread) {
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
func (p *parser) skipBlock(unread bool) bool {
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
		case unread && (k == kProcedure || k == kFunction):
			return false
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

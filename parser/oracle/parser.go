// Package oracle is the front end of Oracle's SQL and PL/SQL: a splitter that reads scripts as SQL*Plus does, a lexer with conditional
// compilation, and a recursive descent parser that builds the IR.
//
// Keywords are few: all other words are names whose text is asked for where they mean something. The parser accepts more than the
// server does; what is understood and not converted is refused by name.
package oracle

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/source"
	"godwit/parser/scan"
)

// maxNesting is the number of parentheses, calls, queries, blocks and prefix operators that may stand in one another.
const maxNesting = 3000

// parser reads the statements of one piece by recursive descent and builds the IR while it reads. Its methods are named after what they
// read; each begins at the first token of that and ends behind its last one. It can be used again for the next piece.
type parser struct {
	scan.Cursor
	lexer  lexer
	words  []wordInfo
	opts   scan.Options
	state  snapshot
	unit   *ir.Unit
	binds  int               // placeholders without a name seen so far
	plsql  bool              // inside a block or a routine
	here   unitPlace         // filled where $$name stands somewhere
	sql    bool              // inside a query or a statement that changes rows
	uppers map[string]string // names in upper case, by their spelling

	exprStack []ir.Expr                  // expressions of lists that are not complete yet
	routines  int                        // that the current token stands in
	unread    map[*ir.ExceptionDecl]bool // members that are names only, whether they are more than variables
	lost      bool                       // the end of a member is not certain
	refuses   bool                       // a refusal is on its way to the routine that it stands in
	idents    []ir.Ident                 // parts of the name at hand
	constants map[string]int             // what the unit declares for sizes, nil before the first is asked for
	pool
}

// pool holds memory for the nodes that scripts are full of.
type pool struct {
	numbers  scan.Slab[ir.Number]
	strings  scan.Slab[ir.String]
	names    scan.Slab[ir.Name]
	nulls    scan.Slab[ir.Null]
	binaries scan.Slab[ir.Binary]
	compares scan.Slab[ir.Compare]
	exprs    scan.Slab[ir.Expr]
	parts    scan.Slab[ir.Ident]
}

// begin makes the parser ready for the next statement.
func (p *parser) begin(j *job, u *ir.Unit) {
	p.state, p.unit, p.binds, p.plsql, p.sql = j.snapshot, u, 0, false, false
	p.exprStack, p.refuses, p.routines, p.unread, p.lost = p.exprStack[:0], false, 0, nil, false
	p.constants = nil
}

// ---- words ----

// upper is the text of the i-th token in upper case.
func (p *parser) upper(i int) string {
	t := p.At(i)
	if t.Word > plainString {
		return p.words[t.Word].upper
	}
	return p.upperName(p.TextAt(i))
}

func toUpper(s string) string { return strings.ToUpper(s) }

// is tells whether the current token is the word, which is in upper case; a quoted name is none.
func (p *parser) is(word string) bool {
	t := p.Cur()
	return t.End-t.Start == len(word) && (t.Kind == kIdent || t.Kind >= kAll) && scan.SameWord(word, p.Text())
}

// isAt tells whether the i-th token is the word, which is in upper case.
func (p *parser) isAt(i int, word string) bool {
	if i < 0 || i >= len(p.Tokens.List) {
		return false
	}
	t := p.At(i)
	return t.End-t.Start == len(word) && (t.Kind == kIdent || t.Kind >= kAll) && scan.SameWord(word, p.TextAt(i))
}

// isWords tells whether the words, which are in upper case, stand here one after another.
func (p *parser) isWords(words ...string) bool {
	for k, w := range words {
		if !p.isAt(p.Pos+k, w) {
			return false
		}
	}
	return true
}

// acceptWord steps over the word, which is in upper case.
func (p *parser) acceptWord(word string) bool {
	if !p.is(word) {
		return false
	}
	p.Next()
	return true
}

// acceptWords steps over the words if all of them stand here.
func (p *parser) acceptWords(words ...string) bool {
	if !p.isWords(words...) {
		return false
	}
	p.Pos += len(words)
	return true
}

// acceptAny steps over one of the words and gives it, "" if none of them stands here.
func (p *parser) acceptAny(words ...string) string {
	for _, w := range words {
		if p.acceptWord(w) {
			return w
		}
	}
	return ""
}

// expectWord steps over the word and returns its index; anything else is an error.
func (p *parser) expectWord(word string) int {
	if !p.is(word) {
		p.Fail(word)
	}
	return p.Next()
}

// expectWords steps over the words; anything else is an error.
func (p *parser) expectWords(words ...string) {
	for _, w := range words {
		p.expectWord(w)
	}
}

// ---- nodes ----

func part(s source.Span) ir.PartMeta   { return ir.PartMeta{Meta: ir.Meta{Span: s}} }
func expr(s source.Span) ir.ExprMeta   { return ir.ExprMeta{Meta: ir.Meta{Span: s}} }
func query(s source.Span) ir.QueryMeta { return ir.QueryMeta{Meta: ir.Meta{Span: s}} }
func table(s source.Span) ir.TableMeta { return ir.TableMeta{Meta: ir.Meta{Span: s}} }
func stmt(s source.Span) ir.StmtMeta   { return ir.StmtMeta{Meta: ir.Meta{Span: s}} }
func decl(s source.Span) ir.DeclMeta   { return ir.DeclMeta{Meta: ir.Meta{Span: s}} }

// since are the parts of a node that reaches from the i-th token to the one before the current token.
func (p *parser) sincePart(i int) ir.PartMeta   { return part(p.SpanFrom(i)) }
func (p *parser) sinceExpr(i int) ir.ExprMeta   { return expr(p.SpanFrom(i)) }
func (p *parser) sinceStmt(i int) ir.StmtMeta   { return stmt(p.SpanFrom(i)) }
func (p *parser) sinceTable(i int) ir.TableMeta { return table(p.SpanFrom(i)) }
func (p *parser) sinceDecl(i int) ir.DeclMeta   { return decl(p.SpanFrom(i)) }

// report adds a finding at a place.
func (p *parser) report(c *diag.Code, s source.Span, format string, args ...any) {
	p.unit.Report(c.New(s, format, args...))
}

// refuse makes a statement that is not converted of everything since the i-th token, with its finding.
func (p *parser) refuse(i int, c *diag.Code, what string) ir.Stmt {
	s := p.SpanFrom(i)
	if c.Severity == diag.Info {
		p.report(c, s, "%s is left out", what)
	} else {
		p.report(c, s, "%s is not converted", what)
	}
	return &ir.Unsupported{StmtMeta: stmt(s), Text: s.Text(), Code: c.ID, What: what}
}

// refuseRest is refuse with everything up to the end of the statement.
func (p *parser) refuseRest(i int, c *diag.Code, what string) ir.Stmt {
	p.soup()
	return p.refuse(i, c, what)
}

// refuseExpr makes an expression that is not converted, with its finding.
func (p *parser) refuseExpr(s source.Span, what string) ir.Expr {
	p.report(codePart, s, "%s is not converted", what)
	return &ir.UnsupportedExpr{ExprMeta: expr(s), Text: s.Text(), Code: codePart.ID}
}

// refusal ends a unit that is understood and cannot be converted. The barrier around the unit recovers it.
type refusal struct {
	code   *diag.Code
	what   string
	span   source.Span
	unread bool // the text cannot be read
}

// giveUp refuses the whole unit for what stands from the i-th token to the one before the current token.
func (p *parser) giveUp(i int, c *diag.Code, what string) {
	p.refuses = true
	panic(&refusal{code: c, what: what, span: p.SpanFrom(i)})
}

// ---- names ----

// identAt is the name of the i-th token: in upper case if it is not quoted.
func (p *parser) identAt(i int) ir.Ident {
	if p.At(i).Kind == kQIdent {
		s := p.TextAt(i)
		return ir.Ident{Text: s[1 : len(s)-1], Quoted: true}
	}
	return ir.Ident{Text: p.upper(i)}
}

// isName tells that a name of an object, a column or a variable may stand here.
func (p *parser) isName() bool {
	k := p.Kind()
	return nameKinds[k]&asName != 0 || !p.plsql && isBlockWord(k) || p.sql && k == kException && p.Ahead(1) != kWhen
}

// isBlockWord tells that the word is reserved in blocks only, and a name elsewhere.
func isBlockWord(k scan.Kind) bool {
	switch k {
	case kBegin, kDeclare, kElsif, kEnd, kException, kIf:
		return true
	}
	return false
}

// isAlias tells that a name stands here which may be an alias without AS.
func (p *parser) isAlias() bool { return nameKinds[p.Kind()]&asAlias != 0 }

// isWord tells that a word or a quoted name stands here, reserved or not.
func (p *parser) isWord() bool {
	k := p.Kind()
	return k == kIdent || k == kQIdent || k >= kAll
}

// ident reads a name.
func (p *parser) ident() ir.Ident {
	if !p.isName() {
		p.Fail("a name")
	}
	return p.identAt(p.Next())
}

// anyIdent reads a name where nothing but a name can stand, so that it may be any word.
func (p *parser) anyIdent() ir.Ident {
	if !p.isWord() {
		p.Fail("a name")
	}
	return p.identAt(p.Next())
}

// qname reads a name with its qualifiers.
func (p *parser) qname() ir.QName {
	i := p.Pos
	parts := p.nameParts()
	return ir.QName{Parts: parts, Span: p.SpanFrom(i)}
}

// nameParts reads the parts of a qualified name.
func (p *parser) nameParts() []ir.Ident {
	first := p.ident()
	if p.Kind() != kDot {
		return p.oneName(first)
	}
	p.idents = append(p.idents[:0], first)
	for p.Kind() == kDot && nameKinds[p.Ahead(1)] != 0 {
		p.Next()
		p.idents = append(p.idents, p.identAt(p.Next()))
	}
	return p.pool.parts.Slice(p.idents)
}

func (p *parser) oneName(id ir.Ident) []ir.Ident {
	one := [1]ir.Ident{id}
	return p.pool.parts.Slice(one[:])
}

// identList reads names with commas.
func (p *parser) identList() []ir.Ident {
	p.idents = append(p.idents[:0], p.ident())
	for p.Accept(kComma) {
		p.idents = append(p.idents, p.ident())
	}
	return p.pool.parts.Slice(p.idents)
}

// parenIdents reads names in parentheses, which may be any words.
func (p *parser) parenIdents() []ir.Ident {
	p.Expect(kLP)
	p.idents = append(p.idents[:0], p.anyIdent())
	for p.Accept(kComma) {
		p.idents = append(p.idents, p.anyIdent())
	}
	p.Expect(kRP)
	return p.pool.parts.Slice(p.idents)
}

// maybeParenIdents reads names in parentheses if there are any.
func (p *parser) maybeParenIdents() []ir.Ident {
	if p.Kind() != kLP {
		return nil
	}
	return p.parenIdents()
}

// ---- texts ----

// stringAt is the value of the string token i.
func (p *parser) stringAt(i int) string {
	t := p.TextAt(i)
	if p.At(i).Word == plainString {
		return t[1 : len(t)-1]
	}
	return decodeString(t)
}

// str reads a text.
func (p *parser) str() string { return p.stringAt(p.Expect(kString)) }

// decodeString is the value of a text literal: '..', n'..', q'[..]' or nq'[..]'.
func decodeString(s string) string {
	if s != "" && s[0]|0x20 == 'n' {
		s = s[1:]
	}
	if s != "" && s[0]|0x20 == 'q' {
		_, n := firstRune(s[2:])
		return s[2+n : len(s)-1-n]
	}
	return strings.ReplaceAll(s[1:len(s)-1], "''", "'")
}

// isNational tells that the string token i is of the national character set.
func (p *parser) isNational(i int) bool { return p.TextAt(i)[0]|0x20 == 'n' }

// wordsFrom joins the texts of the tokens from i to the one before j in upper case.
func (p *parser) wordsFrom(i, j int) string {
	if j == i+1 {
		return p.upper(i)
	}
	var b strings.Builder
	for k := i; k < j; k++ {
		if k > i {
			b.WriteByte(' ')
		}
		if p.At(k).Kind == kString || p.At(k).Kind == kQIdent {
			b.WriteString(p.TextAt(k))
			continue
		}
		b.WriteString(p.upper(k))
	}
	return b.String()
}

// soup steps over everything up to the end of the statement.
func (p *parser) soup() {
	for p.Kind() != kSemi && p.Kind() != kEOF {
		p.Next()
	}
}

// parens steps over a group in parentheses, the current token being the first.
func (p *parser) parens() {
	p.Expect(kLP)
	for depth := 1; depth > 0; {
		switch p.Kind() {
		case kLP:
			depth++
		case kRP:
			depth--
		case kEOF:
			p.Fail(`")"`)
		}
		p.Next()
	}
}

// ---- comments ----

// comments attaches to a node the comments that stand before its first token and behind its last one.
func (p *parser) comments(n ir.Node, first int) {
	k := p.Kind()
	p.Attach(n, first, k == kComma || k == kSemi)
}

package mysql

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/parser/scan"
)

// maxNesting is the number of parentheses, calls, queries, blocks and prefix operators that may stand in one another.
const maxNesting = 3000

// parser reads the statements of one piece by recursive descent and builds the IR while it reads. Its methods are named after what they
// read; each begins at the first token of that and ends behind its last one. It can be used again for the next piece.
type parser struct {
	scan.Cursor
	lexer   lexer
	words   []wordInfo
	mode    Mode
	opts    scan.Options
	state   snapshot
	unit    *ir.Unit
	params  int  // placeholders seen so far
	routine bool // inside a stored program
	stores  bool // inside a statement that changes rows: division by zero may be an error there
	divInc  int  // div_precision_increment
	// locals are the names of the variables and parameters declared so far, in lower case, each with the place of its last one among them; declared counts them.
	locals   map[string]int
	declared int
	labels   []string // of the blocks and loops around, in lower case
	cursors  map[string]*declaredCursor
	// inKey tells that the parts of a key are read, multiValued that one of them is the values of an array.
	inKey, multiValued bool
	// unless tells that the key, foreign key or check that was read last has IF NOT EXISTS.
	unless bool
	// rawTexts tells that texts of the statement may hold bytes that are no characters.
	rawTexts bool

	exprStack []ir.Expr  // expressions of lists that are not complete yet
	argStack  []arg      // arguments of calls that are not complete yet
	idents    []ir.Ident // parts of the name at hand
	pool
}

// pool holds memory for the nodes that scripts are full of.
type pool struct {
	numbers  scan.Slab[ir.Number]
	strings  scan.Slab[ir.String]
	names    scan.Slab[ir.Name]
	rows     scan.Slab[ir.RowExpr]
	nulls    scan.Slab[ir.Null]
	binaries scan.Slab[ir.Binary]
	compares scan.Slab[ir.Compare]
	exprs    scan.Slab[ir.Expr]
	parts    scan.Slab[ir.Ident]
}

// begin makes the parser ready for the next statement.
func (p *parser) begin(j *job, u *ir.Unit) {
	p.mode, p.state, p.unit = j.mode, j.snapshot, u
	p.params, p.routine, p.stores, p.locals, p.declared, p.labels, p.cursors = 0, false, false, nil, 0, nil, nil
	p.divInc = divIncrement(j.settings)
}

func (p *parser) mariadb() bool { return p.opts.Dialect == dialect.MariaDB }

// upper is the text of the i-th token in upper case.
func (p *parser) upper(i int) string {
	t := p.At(i)
	if t.Word > plainString && p.words[t.Word].upper != "" && t.End-t.Start == len(p.words[t.Word].upper) {
		return p.words[t.Word].upper
	}
	return strings.ToUpper(p.TextAt(i))
}

// is tells whether the current token is the word, which is in upper case.
func (p *parser) is(word string) bool {
	t := p.Cur()
	return t.End-t.Start == len(word) && scan.SameWord(word, p.Text())
}

// acceptWord steps over an identifier of that text, which is in upper case.
func (p *parser) acceptWord(word string) bool {
	if p.Kind() != kIdent || !p.is(word) {
		return false
	}
	p.Next()
	return true
}

func part(s source.Span) ir.PartMeta   { return ir.PartMeta{Meta: ir.Meta{Span: s}} }
func expr(s source.Span) ir.ExprMeta   { return ir.ExprMeta{Meta: ir.Meta{Span: s}} }
func query(s source.Span) ir.QueryMeta { return ir.QueryMeta{Meta: ir.Meta{Span: s}} }
func table(s source.Span) ir.TableMeta { return ir.TableMeta{Meta: ir.Meta{Span: s}} }
func stmt(s source.Span) ir.StmtMeta   { return ir.StmtMeta{Meta: ir.Meta{Span: s}} }
func decl(s source.Span) ir.DeclMeta   { return ir.DeclMeta{Meta: ir.Meta{Span: s}} }

// since are the parts of a node that reaches from the i-th token to the one before the current token.
func (p *parser) sincePart(i int) ir.PartMeta { return part(p.SpanFrom(i)) }
func (p *parser) sinceExpr(i int) ir.ExprMeta { return expr(p.SpanFrom(i)) }
func (p *parser) sinceStmt(i int) ir.StmtMeta { return stmt(p.SpanFrom(i)) }

// report adds a finding at a place.
func (p *parser) report(c *diag.Code, s source.Span, format string, args ...any) {
	p.unit.Report(c.New(s, format, args...))
}

// refuse makes a statement that is not converted of everything since the i-th token, with its finding.
func (p *parser) refuse(i int, c *diag.Code, what string) ir.Stmt {
	s := p.SpanFrom(i)
	p.report(c, s, "%s is not converted", what)
	return &ir.Unsupported{StmtMeta: stmt(s), Text: s.Text(), Code: c.ID, What: what}
}

// refuseExpr makes an expression that is not converted, with its finding.
func (p *parser) refuseExpr(s source.Span, what string) ir.Expr {
	p.report(codePart, s, "%s is not converted", what)
	return &ir.UnsupportedExpr{ExprMeta: expr(s), Text: s.Text(), Code: codePart.ID}
}

// ---- names ----

// identAt is the unquoted name of the i-th token.
func (p *parser) identAt(i int) ir.Ident { return identOf(p.At(i), p.Tokens.File.Text) }

// identOf is the unquoted name of a token.
func identOf(t *scan.Token, src string) ir.Ident {
	if t.Kind == kQIdent {
		return ir.Ident{Text: unquoteName(src[t.Start:t.End]), Quoted: true}
	}
	return ir.Ident{Text: src[t.Start:t.End]}
}

// nameKinds are the kinds that can be names: identifiers, and keywords that are not reserved.
var nameKinds = makeNameKinds()

func makeNameKinds() (t [len(kindNames)]bool) {
	for _, k := range []scan.Kind{kIdent, kQIdent, kAfter, kBegin, kClose, kColumns, kComment, kDefiner, kDo, kEnd, kEvent, kExecute, kFunction, kHandler, kModify, kOpen,
		kOption, kPrepare, kReturns, kRows, kSequence, kSigned, kTemporary, kTruncate, kUntil, kValue, kView, kTypePrefix, kScope, kOffset, kReturning} {
		t[k] = true
	}
	return t
}

// isName tells that a name stands here.
func (p *parser) isName() bool { return nameKinds[p.Kind()] }

// isAlias tells that a name stands here which may be an alias without AS.
func (p *parser) isAlias() bool {
	k := p.Kind()
	return nameKinds[k] && k != kOffset && k != kReturning
}

// ident reads a name.
func (p *parser) ident() ir.Ident {
	if !p.isName() {
		p.Fail("a name")
	}
	return p.identAt(p.Next())
}

// qname reads a name with its qualifiers.
func (p *parser) qname() ir.QName {
	i := p.Pos
	parts := p.nameParts()
	if len(parts) == 2 {
		parts = p.ownName(parts)
	}
	return ir.QName{Parts: parts, Span: p.SpanFrom(i)}
}

// ownName leaves out the name of the database that a dump is of.
func (p *parser) ownName(parts []ir.Ident) []ir.Ident {
	if p.state.dumped != "" && len(parts) > 1 && parts[0].Text == p.state.dumped {
		return parts[1:]
	}
	return parts
}

// nameParts reads the parts of a qualified name.
func (p *parser) nameParts() []ir.Ident {
	first := p.ident()
	if p.Kind() != kDot {
		return p.oneName(first)
	}
	p.idents = append(p.idents[:0], first)
	for p.Accept(kDot) {
		p.idents = append(p.idents, p.ident())
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

// parenIdents reads names in parentheses; there may be none.
func (p *parser) parenIdents() []ir.Ident {
	p.Expect(kLP)
	out := []ir.Ident{}
	if p.Kind() != kRP {
		out = p.identList()
	}
	p.Expect(kRP)
	return out
}

// maybeParenIdents reads names in parentheses if there are any.
func (p *parser) maybeParenIdents() []ir.Ident {
	if p.Kind() != kLP {
		return nil
	}
	return p.parenIdents()
}

// charsetName reads the name of a charset or collation, and gives it in lower case.
func (p *parser) charsetName() string {
	if !p.isName() && p.Kind() != kString && p.Kind() != kBinary {
		p.Fail("the name of a charset or collation")
	}
	return strings.ToLower(p.plain(p.Next()))
}

// plain is the value of a literal or word.
func (p *parser) plain(i int) string { return plainText(p.At(i), p.Tokens.File.Text) }

// stringAt is the value of the string token i.
func (p *parser) stringAt(i int) string {
	t := p.TextAt(i)
	if p.At(i).Word == plainString {
		return t[1 : len(t)-1]
	}
	return decodeString(t, p.mode)
}

// str reads a string.
func (p *parser) str() string { return p.stringAt(p.Expect(kString)) }

// wordsFrom joins the texts of the tokens from i to the one before j in upper case.
func (p *parser) wordsFrom(i, j int) string {
	if j == i+1 && p.At(i).Kind >= kAdd {
		return p.upper(i)
	}
	var b strings.Builder
	for k := i; k < j; k++ {
		if k > i {
			b.WriteByte(' ')
		}
		w := p.upper(k)
		if strings.ContainsAny(w, " \t\r\n") && p.At(k).Kind != kString {
			w = strings.Join(strings.Fields(w), " ")
		}
		b.WriteString(w)
	}
	return b.String()
}

// soup steps over everything up to the end of the statement.
func (p *parser) soup() {
	for p.Kind() != kSemi && p.Kind() != kEOF {
		p.Next()
	}
}

// soupTail is soup that does not continue a name.
func (p *parser) soupTail() {
	if p.Kind() == kDot || p.Kind() == kLP {
		p.Fail("end of statement")
	}
	p.soup()
}

func (p *parser) ifExists() bool {
	if p.Kind() != kIf {
		return false
	}
	p.Next()
	p.Expect(kExists)
	return true
}

func (p *parser) ifNotExists() bool {
	if p.Kind() != kIf {
		return false
	}
	p.Next()
	p.Expect(kNot)
	p.Expect(kExists)
	return true
}

// ---- comments ----

// comments attaches to a node the comments that stand before its first token and behind its last one.
func (p *parser) comments(n ir.Node, first int) {
	k := p.Kind()
	p.Attach(n, first, k == kComma || k == kSemi)
}

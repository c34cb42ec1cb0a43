package mysql

import (
	"strings"

	"github.com/antlr4-go/antlr/v4"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/source"
	g "godwit/parser/mysql/internal/gram"
	"godwit/parser/scan"
)

// builder makes IR of the parse trees of one piece. Its methods are named after the productions of the grammar.
type builder struct {
	ts      *scan.Tokens
	mode    Mode
	opts    scan.Options
	state   snapshot
	unit    *ir.Unit
	params  int             // placeholders seen so far
	routine bool            // inside a stored program
	stores  bool            // inside a statement that changes rows: division by zero may be an error there
	divInc  int             // div_precision_increment
	taken   map[int]bool    // comments that belong to a node, by their offset
	locals  map[string]bool // names of variables and parameters declared so far, in lower case
}

// tree is what all contexts of the generated parser have.
type tree interface {
	GetStart() antlr.Token
	GetStop() antlr.Token
}

// first and last are the indexes of a tree's tokens.
func first(t tree) int { return t.GetStart().GetTokenIndex() }

func last(t tree) int {
	if t.GetStop() == nil {
		return first(t)
	}
	return max(t.GetStop().GetTokenIndex(), first(t))
}

func (b *builder) span(t tree) source.Span { return b.ts.Span(first(t), last(t)) }

func (b *builder) text(t tree) string { return b.span(t).Text() }

func (b *builder) tokenSpan(n antlr.TerminalNode) source.Span {
	i := n.GetSymbol().GetTokenIndex()
	return b.ts.Span(i, i)
}

func (b *builder) tokens(t tree) []scan.Token { return b.ts.List[first(t) : last(t)+1] }

func part(s source.Span) ir.PartMeta   { return ir.PartMeta{Meta: ir.Meta{Span: s}} }
func expr(s source.Span) ir.ExprMeta   { return ir.ExprMeta{Meta: ir.Meta{Span: s}} }
func query(s source.Span) ir.QueryMeta { return ir.QueryMeta{Meta: ir.Meta{Span: s}} }
func table(s source.Span) ir.TableMeta { return ir.TableMeta{Meta: ir.Meta{Span: s}} }
func stmt(s source.Span) ir.StmtMeta   { return ir.StmtMeta{Meta: ir.Meta{Span: s}} }
func decl(s source.Span) ir.DeclMeta   { return ir.DeclMeta{Meta: ir.Meta{Span: s}} }

// report adds a finding at a place.
func (b *builder) report(c *diag.Code, s source.Span, format string, args ...any) {
	b.unit.Report(c.New(s, format, args...))
}

// refuse makes a statement that is not converted, with its finding.
func (b *builder) refuse(t tree, c *diag.Code, what string) ir.Stmt {
	s := b.span(t)
	b.report(c, s, "%s is not converted", what)
	return &ir.Unsupported{StmtMeta: stmt(s), Text: s.Text(), Code: c.ID, What: what}
}

// refuseExpr makes an expression that is not converted, with its finding.
func (b *builder) refuseExpr(s source.Span, what string) ir.Expr {
	b.report(codePart, s, "%s is not converted", what)
	return &ir.UnsupportedExpr{ExprMeta: expr(s), Text: s.Text(), Code: codePart.ID}
}

// ident is the unquoted name of a token.
func identOf(t *scan.Token) ir.Ident {
	if t.Type == g.MySQLParserQIDENT {
		return ir.Ident{Text: unquoteName(t.Text), Quoted: true}
	}
	return ir.Ident{Text: t.Text}
}

func (b *builder) ident(c g.IIdentContext) ir.Ident {
	if c == nil {
		return ir.Ident{}
	}
	return identOf(&b.ts.List[first(c)])
}

func (b *builder) idents(l []g.IIdentContext) []ir.Ident {
	out := make([]ir.Ident, len(l))
	for i, c := range l {
		out[i] = b.ident(c)
	}
	return out
}

func (b *builder) parenIdents(c g.IParenIdentsContext) []ir.Ident {
	if c == nil {
		return nil
	}
	return b.idents(c.AllIdent())
}

func (b *builder) qname(c g.IQnameContext) ir.QName {
	return ir.QName{Parts: b.idents(c.AllIdent()), Span: b.span(c)}
}

// charsetName is the name of a charset or collation in lower case.
func (b *builder) charsetName(c g.ICharsetNameContext) string {
	if c == nil {
		return ""
	}
	return strings.ToLower(plainText(&b.ts.List[first(c)]))
}

// stringOf is the value of a string token.
func (b *builder) stringOf(n antlr.TerminalNode) string {
	if n == nil {
		return ""
	}
	return decodeString(n.GetText(), b.mode)
}

// words joins the texts of tokens in upper case, for messages and simple statements.
func words(t []scan.Token) string {
	w := make([]string, len(t))
	for i := range t {
		w[i] = strings.ToUpper(t[i].Text)
	}
	return strings.Join(w, " ")
}

// comments attaches to a node the comments that stand before its first token and behind its last one. Parts are built
// before what they are part of, and each comment is taken once. Statements take all that is left within them.
func (b *builder) comments(n ir.Node, t tree) {
	if len(b.ts.Comments) == 0 {
		return
	}
	m := n.Base()
	lead := b.fresh(b.ts.LeadingComments(first(t)))
	end := last(t)
	if _, ok := n.(ir.Stmt); ok {
		for i := first(t) + 1; i <= end; i++ {
			m.Trail = append(m.Trail, b.fresh(b.ts.CommentNodes(i))...)
		}
	}
	m.Lead = append(lead, m.Lead...)
	if end+1 < len(b.ts.List) {
		switch b.ts.List[end+1].Type {
		case g.MySQLParserCOMMA, g.MySQLParserSEMI:
			m.Trail = append(m.Trail, b.fresh(b.ts.TrailingComments(end))...)
			end++
		}
	}
	m.Trail = append(m.Trail, b.fresh(b.ts.TrailingComments(end))...)
}

// fresh keeps the comments that no node has taken yet, and takes them.
func (b *builder) fresh(l []ir.Comment) []ir.Comment {
	var out []ir.Comment
	for _, c := range l {
		if !b.taken[c.Span.Start] {
			if b.taken == nil {
				b.taken = map[int]bool{}
			}
			b.taken[c.Span.Start] = true
			out = append(out, c)
		}
	}
	return out
}

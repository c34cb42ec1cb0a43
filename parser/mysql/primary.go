package mysql

import (
	"strings"
	"unicode/utf8"

	"godwit/ir"
	"godwit/ir/source"
	"godwit/ir/types"
	"godwit/parser/scan"
)

// primary reads an operand without operators.
func (p *parser) primary() ir.Expr {
	i := p.Pos
	switch k := p.Kind(); k {
	case kNumber, kString, kHex, kBit, kIntroducer, kNull, kTrue, kFalse, kTemporal:
		return p.literal()
	case kUserVar:
		p.Next()
		return p.userVar(i)
	case kSysVar:
		p.Next()
		scope, n := sysVarName(p.TextAt(i))
		return &ir.SysVar{ExprMeta: expr(p.Span(i)), Scope: scope, Name: n}
	case kParam:
		p.Next()
		p.params++
		return &ir.Param{ExprMeta: expr(p.Span(i)), Index: p.params}
	case kLP:
		return p.parenthesised()
	case kRow:
		p.Next()
		p.Expect(kLP)
		list := p.exprList()
		p.Expect(kRP)
		return &ir.RowExpr{ExprMeta: p.sinceExpr(i), Items: list}
	case kExists:
		p.Next()
		p.Expect(kLP)
		q := p.parenQuery()
		p.Expect(kRP)
		return &ir.Exists{ExprMeta: p.sinceExpr(i), Query: q}
	case kCase:
		return p.caseExpr()
	case kIf, kLeft, kRight, kRepeat, kReplace, kInsert, kMod, kDatabase, kCharset:
		p.Next()
		if p.Kind() != kLP {
			p.Fail(kindName(kLP))
		}
		return p.call(ir.QName{Parts: p.oneName(ir.Ident{Text: p.TextAt(i)}), Span: p.Span(i)}, i)
	default:
		if nameKinds[k] {
			return p.ref()
		}
		return p.rarePrimary(i, k)
	}
}

// rarePrimary reads operands that begin with a keyword of their own.
func (p *parser) rarePrimary(i int, k scan.Kind) ir.Expr {
	switch k {
	case kInterval:
		p.Next()
		amount := p.expr()
		unit := strings.ToLower(p.ident().Text)
		return &interval{Null: ir.Null{ExprMeta: p.sinceExpr(i)}, amount: amount, unit: unit}
	case kMatch:
		return p.match()
	case kConvert:
		return p.convert()
	case kValues:
		return p.inserted()
	case kDefault:
		p.Next()
		d := &ir.Default{}
		if p.Accept(kLP) {
			d.Column = p.colRef()
			p.Expect(kRP)
		}
		d.Span = p.SpanFrom(i)
		return d
	case kNextValueFor, kPreviousValueFor:
		p.Next()
		q := p.qname()
		return &ir.NextValue{ExprMeta: p.sinceExpr(i), Sequence: q, Previous: k == kPreviousValueFor}
	case kLBrace:
		return p.odbc()
	}
	p.Fail("an expression")
	return nil
}

func (p *parser) userVar(i int) *ir.UserVar {
	return &ir.UserVar{ExprMeta: expr(p.Span(i)), Name: userVarName(p.TextAt(i))}
}

// parenthesised is a value, a row or a subquery in parentheses.
func (p *parser) parenthesised() ir.Expr {
	i := p.Next()
	q, list := p.parenBody()
	p.Expect(kRP)
	switch {
	case q != nil:
		return &ir.Subquery{ExprMeta: p.sinceExpr(i), Query: q}
	case len(list) == 1:
		return list[0]
	}
	return &ir.RowExpr{ExprMeta: p.sinceExpr(i), Items: list}
}

// parenBody is what stands in parentheses: a query, or values. ((SELECT 1) UNION SELECT 2) begins like a value.
func (p *parser) parenBody() (ir.Query, []ir.Expr) {
	i := p.Pos
	switch p.Kind() {
	case kSelect, kTable, kValuesRow, kWith:
		return p.query(), nil
	}
	list := p.exprList()
	if !p.atQueryRest() {
		return nil, list
	}
	if len(list) == 1 {
		if sub, ok := list[0].(*ir.Subquery); ok {
			return p.queryRest(sub.Query, i), nil
		}
	}
	p.Fail(`")"`)
	return nil, nil
}

// parenQuery is a query in parentheses, where only a query can stand.
func (p *parser) parenQuery() ir.Query {
	i := p.Pos
	q, list := p.parenBody()
	if q != nil {
		return q
	}
	if len(list) == 1 {
		if s, ok := list[0].(*ir.Subquery); ok {
			return s.Query
		}
	}
	s := p.SpanFrom(i)
	p.report(codePart, s, "a list of values in place of a query is not converted")
	return &ir.Select{QueryMeta: query(s), Items: []*ir.SelectItem{{PartMeta: part(s), Expr: &ir.UnsupportedExpr{ExprMeta: expr(s), Text: s.Text(), Code: codePart.ID}}}}
}

// literal reads a constant.
func (p *parser) literal() ir.Expr {
	i := p.Next()
	s := p.Span(i)
	switch p.At(i).Kind {
	case kNumber:
		return p.number(i)
	case kString:
		return p.stringNode(i)
	case kNull:
		n := p.pool.nulls.New()
		n.Span = s
		return n
	case kTrue:
		return &ir.Number{ExprMeta: expr(s), Text: "1"}
	case kFalse:
		return &ir.Number{ExprMeta: expr(s), Text: "0"}
	case kTemporal:
		v := p.str()
		return p.temporal(p.sinceExpr(i), p.upper(i), v)
	case kIntroducer:
		return p.introduced(i)
	}
	return p.bytesLiteral(i, "")
}

// number makes the node of the number token i.
func (p *parser) number(i int) ir.Expr {
	n := p.pool.numbers.New()
	n.Span, n.Text = p.Span(i), p.TextAt(i)
	n.Kind = numberKind(n.Text)
	return n
}

func numberKind(t string) ir.NumberKind {
	k := ir.IntNumber
	for j := 0; j < len(t); j++ {
		switch t[j] {
		case '.':
			k = ir.DecimalNumber
		case 'e', 'E':
			return ir.FloatNumber
		}
	}
	return k
}

// stringNode makes the node of the string token i.
func (p *parser) stringNode(i int) ir.Expr {
	if p.rawTexts {
		// what is no text in the script's charset can only be meant for a column of bytes, which takes it as it is
		if v := p.stringAt(i); !utf8.ValidString(v) {
			return &ir.Bytes{ExprMeta: expr(p.Span(i)), Value: []byte(v), Charset: "binary"}
		}
	}
	n := p.pool.strings.New()
	n.Span, n.Value = p.Span(i), p.stringAt(i)
	c := p.TextAt(i)[0]
	n.National = c == 'N' || c == 'n'
	return n
}

// introduced is _charset'...' or the like.
func (p *parser) introduced(i int) ir.Expr {
	charset := strings.ToLower(p.TextAt(i)[1:])
	k := p.Kind()
	if k != kString && k != kHex && k != kBit {
		p.Fail("a string")
	}
	j := p.Next()
	if k != kString {
		return p.bytesLiteral(i, charset)
	}
	v := p.stringAt(j)
	if charset == "binary" {
		return &ir.Bytes{ExprMeta: p.sinceExpr(i), Value: []byte(v), Charset: charset}
	}
	c := p.TextAt(j)[0]
	return &ir.String{ExprMeta: p.sinceExpr(i), Value: v, Charset: charset, National: c == 'N' || c == 'n'}
}

// bytesLiteral is the hexadecimal or bit literal that ends before the current token.
func (p *parser) bytesLiteral(i int, charset string) ir.Expr {
	m, t := p.sinceExpr(i), p.Pos-1
	switch p.At(t).Kind {
	case kHex:
		if v, ok := hexBytes(p.TextAt(t)); ok {
			return &ir.Bytes{ExprMeta: m, Value: v, Charset: charset}
		}
	case kBit:
		if v, ok := bitBytes(p.TextAt(t)); ok {
			return &ir.Bytes{ExprMeta: m, Value: v, Bit: true, Charset: charset}
		}
	}
	return p.refuseExpr(m.Span, "this literal")
}

func (p *parser) temporal(m ir.ExprMeta, kind, value string) ir.Expr {
	t := &ir.Temporal{ExprMeta: m, Value: value}
	digits := 0
	if i := strings.LastIndexByte(value, '.'); i >= 0 {
		digits = min(len(value)-i-1, 6)
	}
	switch kind {
	case "DATE", "D":
		t.Kind = types.Date{}
	case "TIME", "T":
		t.Kind = types.Time{Precision: digits, Duration: true}
	default:
		t.Kind = types.DateTime{Precision: digits}
	}
	return t
}

// odbc is {d '...'}, {t '...'}, {ts '...'}; {fn f(x)} is f(x).
func (p *parser) odbc() ir.Expr {
	i := p.Next()
	w := p.upper(p.Expect(kIdent))
	e := p.expr()
	p.Expect(kRBrace)
	switch w {
	case "D", "T", "TS":
		if s, ok := e.(*ir.String); ok {
			return p.temporal(p.sinceExpr(i), w, s.Value)
		}
	}
	return e
}

func (p *parser) caseExpr() ir.Expr {
	i := p.Next()
	e := &ir.Case{}
	if p.Kind() != kWhen {
		e.Operand = p.expr()
	}
	for first := true; first || p.Kind() == kWhen; first = false {
		start := p.Span(p.Expect(kWhen))
		w := &ir.When{Cond: p.expr()}
		p.Expect(kThen)
		w.Then = p.expr()
		w.Span = source.Cover(start, w.Then.Base().Span)
		e.Whens = append(e.Whens, w)
	}
	if p.Accept(kElse) {
		e.Else = p.expr()
	}
	p.Expect(kEnd)
	e.Span = p.SpanFrom(i)
	return e
}

// match is MATCH (columns) AGAINST (text mode).
func (p *parser) match() ir.Expr {
	i := p.Next()
	e := &ir.Match{}
	paren := p.Accept(kLP)
	for more := true; more; more = p.Accept(kComma) {
		e.Columns = append(e.Columns, p.colRef())
	}
	if paren {
		p.Expect(kRP)
	}
	if !p.acceptWord("AGAINST") {
		p.Fail("AGAINST")
	}
	p.Expect(kLP)
	e.Against = p.expr()
	mode := p.Pos
	p.Accept(kMatchMode)
	if p.Accept(kWith) {
		p.Expect(kIdent)
		p.Expect(kIdent)
	}
	if p.Pos > mode {
		e.Mode = strings.ToLower(p.wordsFrom(mode, p.Pos))
	}
	p.Expect(kRP)
	e.Span = p.SpanFrom(i)
	return e
}

// convert is CONVERT(x, type) or CONVERT(x USING charset).
func (p *parser) convert() ir.Expr {
	i := p.Next()
	p.Expect(kLP)
	x := p.expr()
	if p.Accept(kComma) {
		from := p.Pos
		t := p.typeSpec()
		text := p.Source(from)
		p.Expect(kRP)
		return p.cast(p.sinceExpr(i), x, &t, text)
	}
	p.Expect(kUsing)
	cs := p.charsetName()
	p.Expect(kRP)
	m := p.sinceExpr(i)
	if cs == "binary" {
		return &ir.Cast{ExprMeta: m, X: x, To: types.Binary{}, Fail: ir.FailPrefix}
	}
	return &ir.Cast{ExprMeta: m, X: x, To: types.Text{Charset: cs}, Fail: ir.FailPrefix}
}

// cast is CAST(x AS type): text is cut, numbers take the leading digits, bad dates are NULL (Cast Functions and Operators).
func (p *parser) cast(m ir.ExprMeta, x ir.Expr, spec *typeSpec, text string) ir.Expr {
	t, ok := p.castType(spec)
	if !ok {
		return p.refuseExpr(m.Span, "a cast to "+text)
	}
	e := &ir.Cast{ExprMeta: m, X: x, To: t, Round: ir.RoundHalfAway, TooLong: ir.CutLong}
	switch t.(type) {
	case types.Int, types.Float:
		e.Fail = ir.FailPrefix
	case types.Decimal:
		e.Fail = ir.FailPrefix
	case types.Date, types.Time, types.DateTime, types.Timestamp, types.Year:
		e.Fail = ir.FailNull
	default:
		e.Fail = ir.FailError
	}
	switch t.(type) {
	case types.Int, types.Time:
		if p.cutsFractions() {
			e.Round = ir.RoundTruncate // of the second's fraction only
		}
	}
	return e
}

// inserted is VALUES(column) of ON DUPLICATE KEY UPDATE.
func (p *parser) inserted() ir.Expr {
	i := p.Next()
	l := p.parenExprs()
	m := p.sinceExpr(i)
	if len(l) == 1 {
		if n, ok := l[0].(*ir.Name); ok {
			return &ir.Inserted{ExprMeta: m, Column: n}
		}
	}
	return p.refuseExpr(m.Span, "VALUES(...) of something else than a column")
}

// colRef reads the name of a column.
func (p *parser) colRef() *ir.Name {
	i := p.Pos
	parts := p.nameParts()
	n := p.pool.names.New()
	n.Span, n.Parts = p.SpanFrom(i), parts
	return n
}

// ref reads a name, or the call of a function, with what follows it.
func (p *parser) ref() ir.Expr {
	i := p.Pos
	parts, star := p.refParts()
	if len(parts) > 2 || len(parts) == 2 && (star || p.Kind() == kLP) {
		parts = p.ownName(parts)
	}
	switch {
	case star:
		return &ir.Star{ExprMeta: p.sinceExpr(i), Qualifier: parts}
	case p.Kind() == kLP:
		return p.call(ir.QName{Parts: parts, Span: p.SpanFrom(i)}, i)
	case p.Kind() == kOver || p.Kind() == kNullsTreatment || p.Kind() == kWithinGroup:
		p.Fail(`"("`)
	}
	if len(parts) == 1 && !parts[0].Quoted && p.At(i).Word != 0 {
		if e := p.bareFunction(i); e != nil {
			return e
		}
	}
	n := p.pool.names.New()
	n.Span, n.Parts = p.SpanFrom(i), parts
	return n
}

// refParts reads the parts of a name; star tells that it ends with .*
func (p *parser) refParts() (parts []ir.Ident, star bool) {
	first := p.identAt(p.Next())
	if p.Kind() != kDot {
		return p.oneName(first), false
	}
	p.idents = append(p.idents[:0], first)
	for !star && p.Accept(kDot) {
		if star = p.Accept(kStar); !star {
			p.idents = append(p.idents, p.ident())
		}
	}
	return p.pool.parts.Slice(p.idents), star
}

// bareFunction is a function that needs no parentheses, nil if the token i is none.
func (p *parser) bareFunction(i int) ir.Expr {
	w, s := p.upper(i), p.Span(i)
	switch w {
	case "CURRENT_USER", "CURRENT_ROLE":
		return p.builtin(w, nil, "", "", s)
	}
	return p.nowFunction(w, nil, s, true)
}

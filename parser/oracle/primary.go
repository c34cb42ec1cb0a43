package oracle

import (
	"strings"

	"godwit/ir"
	"godwit/ir/source"
	"godwit/ir/types"
	"godwit/parser/scan"
)

// primary reads an operand without operators.
func (p *parser) primary() ir.Expr {
	i := p.Pos
	switch k := p.Kind(); k {
	case kIdent, kQIdent:
		if k == kIdent && (p.Ahead(1) == kString || p.Ahead(1) == kIdent || p.Ahead(1) == kQIdent) {
			if e := p.wordBefore(i); e != nil {
				return e
			}
		}
		return p.ref()
	case kNumber, kString, kNull:
		return p.literal()
	case kTrue, kFalse:
		p.Next()
		return &ir.Bool{ExprMeta: expr(p.Span(i)), Value: k == kTrue}
	case kLP:
		return p.parenthesised()
	case kBind, kParam:
		return p.bind()
	case kCase:
		return p.caseExpr()
	case kExists:
		p.Next()
		p.Expect(kLP)
		q, list := asQuery(p.parenBody())
		p.Expect(kRP)
		if list != nil {
			return p.refuseExpr(p.SpanFrom(i), "EXISTS of a list")
		}
		return &ir.Exists{ExprMeta: p.sinceExpr(i), Query: q}
	case kInterval:
		if p.Ahead(1) == kString {
			return p.intervalLiteral()
		}
	case kCursor:
		if p.Ahead(1) == kLP && p.queryBehind(1) {
			p.Next()
			q := p.parenQuery()
			return &ir.CursorExpr{ExprMeta: p.sinceExpr(i), Query: q}
		}
	case kDefault:
		p.Next()
		return &ir.Default{ExprMeta: expr(p.Span(i))}
	case kInquiry:
		return p.inquiry()
	}
	if p.isName() {
		return p.ref()
	}
	p.Fail("an expression")
	return nil
}

// wordBefore reads what begins with a word before a text or a name: DATE '...', TIMESTAMP '...', NEW type(...); nil if it is none of them.
func (p *parser) wordBefore(i int) ir.Expr {
	t := p.Cur()
	switch t.End - t.Start {
	case 3:
		if p.is("NEW") && (p.callBehind(i+1) || p.emptyConstructor(i+1)) {
			p.Next()
			e := p.ref()
			if n, ok := e.(*ir.Name); ok {
				inv := &ir.Invoke{X: n}
				inv.Meta = n.Meta
				e = inv
			}
			if c, ok := e.(*ir.Invoke); ok {
				c.New = true
				c.Span = p.SpanFrom(i)
			}
			return e
		}
	case 4:
		if p.is("DATE") && p.Ahead(1) == kString {
			p.Next()
			v := p.str()
			return &ir.Temporal{ExprMeta: p.sinceExpr(i), Kind: types.DateTime{}, Value: v}
		}
	case 9:
		if p.is("TIMESTAMP") && p.Ahead(1) == kString {
			p.Next()
			v := p.str()
			return &ir.Temporal{ExprMeta: p.sinceExpr(i), Kind: timestampKind(v), Value: v}
		}
	}
	return nil
}

// callBehind tells that a name and a parenthesis stand at the i-th token.
func (p *parser) callBehind(i int) bool {
	for k := i - p.Pos; nameKinds[p.Ahead(k)] != 0; k += 2 {
		switch p.Ahead(k + 1) {
		case kLP:
			return true
		case kDot:
		default:
			return false
		}
	}
	return false
}

// emptyConstructor tells that the name of a type without arguments stands at the i-th token, which makes an object of it: NEW JSON_OBJECT_T;
// (PL/SQL Language Reference, "Expression", constructor without parentheses). In a query NEW can be a name that an alias follows.
func (p *parser) emptyConstructor(i int) bool {
	k := i - p.Pos
	if nameKinds[p.Ahead(k)] == 0 {
		return false
	}
	for k++; p.Ahead(k) == kDot; k += 2 {
		if nameKinds[p.Ahead(k+1)] == 0 {
			return false
		}
	}
	if w := p.upper(p.Pos + k - 1); w == "JSON_OBJECT_T" || w == "JSON_ARRAY_T" {
		return true
	}
	return p.plsql && (p.Ahead(k) == kSemi || p.Ahead(k) == kRP)
}

// timestampKind is the type of a TIMESTAMP literal: what stands behind the time of day is a zone.
func timestampKind(v string) types.Type {
	digits := 0
	_, clock, _ := strings.Cut(strings.TrimSpace(v), " ")
	if _, frac, ok := strings.Cut(clock, "."); ok {
		for digits < len(frac) && isDigit(frac[digits]) {
			digits++
		}
	}
	if strings.ContainsAny(clock, "+-/") || strings.IndexFunc(clock, func(r rune) bool { return r < 128 && isIdentStart(byte(r)) }) >= 0 {
		return types.Timestamp{Precision: digits}
	}
	return types.DateTime{Precision: digits, Stamp: digits == 0}
}

// literal reads a number, a text or NULL. The empty text is NULL.
func (p *parser) literal() ir.Expr {
	i := p.Next()
	switch p.At(i).Kind {
	case kNumber:
		return p.numberLiteral(i)
	case kString:
		if v := p.stringAt(i); v != "" {
			n := p.pool.strings.New()
			n.Span, n.Value, n.National = p.Span(i), v, p.isNational(i)
			return n
		}
	}
	n := p.pool.nulls.New()
	n.Span = p.Span(i)
	return n
}

// text reads a text that a clause asks for.
func (p *parser) text() *ir.String {
	i := p.Expect(kString)
	return &ir.String{ExprMeta: expr(p.Span(i)), Value: p.stringAt(i)}
}

// numberLiteral makes the node of the number token i. 1e3 is a NUMBER as 1000 is; 1f and 1d are binary.
func (p *parser) numberLiteral(i int) ir.Expr {
	n := p.pool.numbers.New()
	n.Span, n.Text = p.Span(i), p.TextAt(i)
	switch last := n.Text[len(n.Text)-1] | 0x20; {
	case last == 'f':
		n.Text, n.Kind = n.Text[:len(n.Text)-1], ir.FloatNumber
		return &ir.Cast{ExprMeta: expr(n.Span), X: n, To: types.Float{Bits: 32}}
	case last == 'd':
		n.Text, n.Kind = n.Text[:len(n.Text)-1], ir.FloatNumber
	case strings.ContainsAny(n.Text, ".eE"):
		n.Kind = ir.DecimalNumber
	}
	return n
}

// bind reads a bind variable, or a column of the old or new row of a trigger: that is a Name whose first part begins with the colon.
func (p *parser) bind() ir.Expr {
	i := p.Next()
	p.binds++
	n := &ir.Param{ExprMeta: expr(p.Span(i)), Index: p.binds}
	if p.At(i).Kind == kParam {
		return n
	}
	n.Name = p.upper(i)[1:]
	if t := p.TextAt(i); strings.HasPrefix(t, `:"`) {
		n.Name = t[2 : len(t)-1]
	}
	if p.Kind() == kDot && nameKinds[p.Ahead(1)] != 0 {
		p.binds--
		p.idents = append(p.idents[:0], ir.Ident{Text: ":" + n.Name})
		p.restOfName()
		x := p.pool.names.New()
		x.Parts = p.pool.parts.Slice(p.idents)
		x.Span = p.SpanFrom(i)
		return p.selected(i, x)
	}
	if p.Kind() == kPercent {
		return p.selected(i, n)
	}
	return n
}

// bindTarget reads a bind variable that takes a value.
func (p *parser) bindTarget() ir.Expr { return p.bind() }

// restOfName reads the parts of a name behind its first one onto the stack.
func (p *parser) restOfName() {
	for p.Kind() == kDot && nameKinds[p.Ahead(1)] != 0 {
		p.Next()
		p.idents = append(p.idents, p.identAt(p.Next()))
	}
}

// queryBehind tells that a query in parentheses begins at the k-th token from here, which is a parenthesis.
func (p *parser) queryBehind(k int) bool {
	for p.Ahead(k) == kLP {
		k++
	}
	return p.Ahead(k) == kSelect || p.Ahead(k) == kWith
}

// parenthesised is a value, a row or a subquery in parentheses.
func (p *parser) parenthesised() ir.Expr {
	i := p.Next()
	q, list := p.parenBody()
	if p.Kind() == kAs && p.plsql && len(list) == 1 {
		return p.selected(i, p.supertypeCall(i, list[0]))
	}
	p.Expect(kRP)
	var e ir.Expr
	switch {
	case q != nil:
		e = &ir.Subquery{ExprMeta: p.sinceExpr(i), Query: q}
	case len(list) == 1:
		e = list[0]
	default:
		e = &ir.RowExpr{ExprMeta: p.sinceExpr(i), Items: list}
	}
	if k := p.Kind(); k == kIdent && (p.is("DAY") || p.is("YEAR")) {
		e = p.difference(i, e)
	}
	if k := p.Kind(); k == kDot || k == kPlusMark {
		return p.selected(i, e)
	}
	return e
}

// difference reads DAY TO SECOND behind a difference in parentheses, which makes an interval of it.
func (p *parser) difference(i int, e ir.Expr) ir.Expr {
	if p.Ahead(1) != kTo && !(p.Ahead(1) == kLP && p.Ahead(2) == kNumber && p.Ahead(3) == kRP && p.Ahead(4) == kTo) {
		return e
	}
	n := &ir.IntervalLit{Leading: -1, Fraction: -1}
	p.intervalUnits(n)
	if n.From == "year" {
		p.giveUp(i, codePart, "a difference as an interval of years")
	}
	return &ir.Cast{ExprMeta: p.sinceExpr(i), X: e, To: types.Interval{Precision: fraction(n.Fraction), Digits: max(n.Leading, 0)}}
}

func fraction(digits int) int {
	if digits < 0 {
		return 6
	}
	return digits
}

// parenBody is what stands in parentheses: a query, or values. ((SELECT ...) UNION SELECT ...) begins like a value.
func (p *parser) parenBody() (ir.Query, []ir.Expr) {
	i := p.Pos
	if k := p.Kind(); k == kSelect || k == kWith || k == kValues && p.Ahead(1) == kLP {
		return p.query(), nil
	}
	list := p.exprList()
	if len(list) != 1 || !p.atQueryRest() {
		return nil, list
	}
	if sub, ok := list[0].(*ir.Subquery); ok {
		return p.queryRest(sub.Query, i), nil
	}
	p.Fail(`")"`)
	return nil, nil
}

// parenQuery is a query in parentheses, where only a query can stand.
func (p *parser) parenQuery() ir.Query {
	i := p.Expect(kLP)
	q, list := asQuery(p.parenBody())
	p.Expect(kRP)
	if list != nil {
		p.FailAt(i+1, "a query")
	}
	return q
}

// intervalLiteral reads INTERVAL 'value' unit [TO unit].
func (p *parser) intervalLiteral() ir.Expr {
	i := p.Next()
	n := &ir.IntervalLit{Value: p.str(), Leading: -1, Fraction: -1}
	p.intervalUnits(n)
	n.Span = p.SpanFrom(i)
	return n
}

// intervalUnits reads the units of an interval with their precisions.
func (p *parser) intervalUnits(n *ir.IntervalLit) {
	n.From = p.intervalUnit()
	if p.Accept(kLP) {
		n.Leading = p.number()
		if p.Accept(kComma) {
			n.Fraction = p.number()
		}
		p.Expect(kRP)
	}
	if !p.Accept(kTo) {
		return
	}
	n.To = p.intervalUnit()
	if p.Accept(kLP) {
		n.Fraction = p.number()
		p.Expect(kRP)
	}
}

func (p *parser) intervalUnit() string {
	switch w := p.acceptAny("DAY", "HOUR", "MINUTE", "SECOND", "YEAR", "MONTH"); w {
	case "":
		p.Fail("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND")
		return ""
	default:
		return strings.ToLower(w)
	}
}

// caseExpr reads CASE ... END.
func (p *parser) caseExpr() ir.Expr {
	i := p.Next()
	p.Enter()
	defer p.Leave()
	e := &ir.Case{}
	if p.Kind() != kWhen {
		e.Operand = p.expr()
	}
	searched := make([]bool, 0, 8)
	for first := true; first || p.Kind() == kWhen; first = false {
		start := p.Span(p.Expect(kWhen))
		c, whole := p.caseChoice(e.Operand)
		searched = append(searched, whole)
		w := &ir.When{Cond: c}
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
	if p.becomesSearched(e.Operand, searched) {
		for j, w := range e.Whens {
			if !searched[j] {
				w.Cond = equal(e.Operand, w.Cond)
			}
		}
		e.Operand = nil
	}
	return e
}

// ref reads a name, or the call of a function, with what follows it.
func (p *parser) ref() ir.Expr {
	i := p.Pos
	first := p.identAt(p.Next())
	k := p.Kind()
	if k != kDot {
		switch {
		case k == kLP && !first.Quoted:
			if e := p.special(i, first.Text); e != nil {
				return p.selected(i, e)
			}
		case !first.Quoted:
			if e := p.bareWord(i, first.Text); e != nil {
				return e
			}
		}
		return p.selected(i, p.nameNode(i, p.oneName(first)))
	}
	p.idents = append(p.idents[:0], first)
	p.restOfName()
	if p.Kind() == kDot && p.Ahead(1) == kStar {
		p.Pos += 2
		return &ir.Star{ExprMeta: p.sinceExpr(i), Qualifier: p.pool.parts.Slice(p.idents)}
	}
	if e := p.qualifiedWord(i); e != nil {
		return e
	}
	return p.selected(i, p.nameNode(i, p.pool.parts.Slice(p.idents)))
}

func (p *parser) nameNode(i int, parts []ir.Ident) *ir.Name {
	n := p.pool.names.New()
	n.Span, n.Parts = p.SpanFrom(i), parts
	return n
}

// qualifiedWord is sequence.NEXTVAL, or a pseudo column of a table; nil if the parts at hand are neither.
func (p *parser) qualifiedWord(i int) ir.Expr {
	n := len(p.idents) - 1
	if p.idents[n].Quoted || p.Kind() == kLP {
		return nil
	}
	switch w := p.idents[n].Text; w {
	case "NEXTVAL", "CURRVAL":
		m := p.sinceExpr(i)
		if p.Kind() == kAt {
			p.Next()
			p.dbLink()
			p.giveUp(i, codePart, "a sequence behind a database link")
		}
		q := ir.QName{Parts: p.pool.parts.Slice(p.idents[:n]), Span: m.Span}
		return &ir.NextValue{ExprMeta: m, Sequence: q, Previous: w == "CURRVAL"}
	case "ROWID", "ORA_ROWSCN", "OBJECT_VALUE":
		if p.sql {
			e := &ir.Pseudo{ExprMeta: p.sinceExpr(i), Name: strings.ToLower(w), Qualifier: p.pool.parts.Slice(p.idents[:n])}
			return p.marked(e)
		}
	}
	return nil
}

// bareWord is a value that is written as a single word: a pseudo column or the time of day; nil if the word is none of them.
func (p *parser) bareWord(i int, w string) ir.Expr {
	switch w {
	case "ROWNUM", "LEVEL", "ROWID", "CONNECT_BY_ISLEAF", "CONNECT_BY_ISCYCLE", "ORA_ROWSCN", "OBJECT_VALUE":
		if !p.sql {
			return nil
		}
		return p.marked(&ir.Pseudo{ExprMeta: expr(p.Span(i)), Name: strings.ToLower(w)})
	case "USER", "UID":
		if p.Kind() == kPercent || p.Kind() == kAt {
			return nil
		}
		return &ir.Pseudo{ExprMeta: expr(p.Span(i)), Name: strings.ToLower(w)}
	case "SYSDATE", "SYSTIMESTAMP", "CURRENT_DATE", "CURRENT_TIMESTAMP", "LOCALTIMESTAMP":
		return p.now(i, w, 6)
	}
	return nil
}

// marked reads (+) behind a pseudo column.
func (p *parser) marked(e ir.Expr) ir.Expr {
	if !p.Accept(kPlusMark) {
		return e
	}
	return &ir.OuterMark{ExprMeta: expr(source.Cover(e.Base().Span, p.Span(p.Pos-1))), X: e}
}

// now is the date or time of day. In a statement of a script it is that of the statement's start; elsewhere each call tells it anew, since
// a block takes time and the statements in it have starts of their own.
func (p *parser) now(i int, w string, digits int) ir.Expr {
	n := &ir.Now{ExprMeta: p.sinceExpr(i), Precision: digits}
	if p.plsql || !p.sql {
		n.At = ir.AtCall
	}
	switch w {
	case "SYSDATE":
		n.Kind, n.Zone, n.Precision = types.DateTime{}, ir.ServerZone, 0
	case "CURRENT_DATE":
		n.Kind, n.Precision = types.DateTime{}, 0
	case "SYSTIMESTAMP":
		n.Kind, n.Zone = types.Timestamp{Precision: digits}, ir.ServerZone
	case "CURRENT_TIMESTAMP":
		n.Kind = types.Timestamp{Precision: digits}
	case "LOCALTIMESTAMP":
		n.Kind = types.DateTime{Precision: digits, Stamp: digits == 0}
	}
	return n
}

// selected reads what stands behind a name, a call or a value in parentheses: arguments, fields, attributes of cursors, (+).
func (p *parser) selected(i int, e ir.Expr) ir.Expr {
	for {
		switch p.Kind() {
		case kLP:
			e = p.invocation(i, e)
		case kDot:
			if !p.nameBehind() {
				return e
			}
			p.Next()
			id := p.anyIdent()
			e = &ir.Field{ExprMeta: p.sinceExpr(i), X: e, Name: id.Text}
		case kPlusMark:
			p.Next()
			return &ir.OuterMark{ExprMeta: p.sinceExpr(i), X: e}
		case kPercent:
			e = p.cursorAttr(i, e)
		case kAt:
			p.Next()
			c := &ir.Invoke{X: e, Link: p.dbLink()}
			if p.Kind() == kLP {
				c.Args = p.arguments()
			}
			c.Span = p.SpanFrom(i)
			e = c
		case kLBracket:
			e = p.jsonStep(i, e)
		default:
			return e
		}
	}
}

// nameBehind tells that a dot and a word stand here.
func (p *parser) nameBehind() bool {
	k := p.Ahead(1)
	return k == kIdent || k == kQIdent || k >= kAll
}

// jsonStep reads [n] of a path into a JSON document.
func (p *parser) jsonStep(i int, e ir.Expr) ir.Expr {
	p.Next()
	if p.Kind() != kNumber || p.Ahead(1) != kRBracket {
		for p.Kind() != kRBracket {
			if p.Kind() == kEOF || p.Kind() == kSemi {
				p.Fail(kindName(kRBracket))
			}
			p.Next()
		}
		p.Next()
		p.giveUp(i, codePart, "a path into a JSON document that names several elements")
	}
	n := p.numberLiteral(p.Next())
	p.Expect(kRBracket)
	return &ir.Subscript{ExprMeta: p.sinceExpr(i), X: e, Index: n}
}

// cursorAttr reads an attribute of a cursor.
func (p *parser) cursorAttr(i int, e ir.Expr) ir.Expr {
	p.Next()
	n := &ir.CursorAttr{Cursor: e, Name: p.acceptAny("FOUND", "NOTFOUND", "ROWCOUNT", "ISOPEN", "BULK_ROWCOUNT", "BULK_EXCEPTIONS")}
	if n.Name == "" {
		p.Fail("FOUND", "NOTFOUND", "ROWCOUNT", "ISOPEN", "BULK_ROWCOUNT", "BULK_EXCEPTIONS")
	}
	if c, ok := e.(*ir.Name); ok && len(c.Parts) == 1 && !c.Parts[0].Quoted && c.Parts[0].Text == "SQL" {
		n.Cursor = nil
	}
	if n.Name == "BULK_ROWCOUNT" || n.Name == "BULK_EXCEPTIONS" {
		if p.Accept(kLP) {
			n.Index = p.expr()
			p.Expect(kRP)
		}
		if p.Accept(kDot) {
			n.Part = p.anyIdent().Text
		}
	}
	n.Span = p.SpanFrom(i)
	return n
}

// colRef reads the name of a column.
func (p *parser) colRef() *ir.Name {
	i := p.Pos
	if !p.isName() { // words of PL/SQL are names in SQL
		return p.nameNode(i, p.oneName(p.anyIdent()))
	}
	return p.nameNode(i, p.nameParts())
}

// isOperandStart tells that a value may begin with the kind.
func isOperandStart(k scan.Kind) bool {
	switch k {
	case kIdent, kQIdent, kNumber, kString, kBind, kParam, kLP:
		return true
	}
	return false
}

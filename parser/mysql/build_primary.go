package mysql

import (
	"strings"

	"github.com/antlr4-go/antlr/v4"

	"godwit/ir"
	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/ir/types"
	g "godwit/parser/mysql/internal/gram"
)

func (b *builder) mariadb() bool { return b.opts.Dialect == dialect.MariaDB }

// primary is an operand without operators.
func (b *builder) primary(c g.IPrimaryContext) ir.Expr {
	m := expr(b.span(c))
	switch {
	case c.Literal() != nil:
		return b.literal(c.Literal())
	case c.Ref() != nil:
		return b.ref(c.Ref())
	case c.USERVAR() != nil:
		return &ir.UserVar{ExprMeta: m, Name: userVarName(c.USERVAR().GetText())}
	case c.SYSVAR() != nil:
		scope, n := sysVarName(c.SYSVAR().GetText())
		return &ir.SysVar{ExprMeta: m, Scope: scope, Name: n}
	case c.PARAM() != nil:
		b.params++
		return &ir.Param{ExprMeta: m, Index: b.params}
	case c.EXISTS() != nil:
		return &ir.Exists{ExprMeta: m, Query: b.parenQuery(c.ParenBody())}
	case c.ParenBody() != nil:
		return b.parenthesised(c, m.Span)
	case c.ROW() != nil:
		return &ir.RowExpr{ExprMeta: m, Items: b.exprs(c.ExprList())}
	case c.CaseExpr() != nil:
		return b.caseExpr(c.CaseExpr())
	case c.INTERVAL() != nil:
		return &interval{Null: ir.Null{ExprMeta: m}, amount: b.expr(c.Expr()), unit: strings.ToLower(b.ident(c.Ident()).Text)}
	case c.MATCH() != nil:
		return b.match(c, m)
	case c.CONVERT() != nil:
		return b.convert(c, m)
	case c.VALUES() != nil:
		return b.inserted(c, m)
	case c.DEFAULT() != nil:
		d := &ir.Default{ExprMeta: m}
		if c.ColRef() != nil {
			d.Column = b.colRef(c.ColRef())
		}
		return d
	case c.KwCall() != nil:
		k := c.KwCall()
		return b.call(ir.QName{Parts: []ir.Ident{{Text: k.GetStart().GetText()}}, Span: b.span(k)}, k.Args(), nil, b.span(k))
	case c.NEXT_VALUE_FOR() != nil, c.PREVIOUS_VALUE_FOR() != nil:
		return &ir.NextValue{ExprMeta: m, Sequence: b.qname(c.Qname()), Previous: c.PREVIOUS_VALUE_FOR() != nil}
	case c.LBRACE() != nil:
		return b.odbc(c, m)
	}
	return b.refuseExpr(m.Span, "this operand")
}

// parenthesised is a value, a row or a subquery in parentheses.
func (b *builder) parenthesised(c g.IPrimaryContext, s source.Span) ir.Expr {
	q, list := b.parenBody(c.ParenBody())
	switch {
	case q != nil:
		return &ir.Subquery{ExprMeta: expr(s), Query: q}
	case len(list) == 1:
		return list[0]
	}
	return &ir.RowExpr{ExprMeta: expr(s), Items: list}
}

// parenBody is what stands in parentheses: a query, or values. ((SELECT 1) UNION SELECT 2) begins like a value.
func (b *builder) parenBody(c g.IParenBodyContext) (ir.Query, []ir.Expr) {
	switch {
	case c.QuerySpecStart() != nil:
		return b.querySpecStart(c.QuerySpecStart()), nil
	case c.WithClause() != nil:
		q := b.queryBody(c.QueryBody())
		return b.withOn(q, c.WithClause()), nil
	}
	list := b.exprs(c.ExprList())
	rest := c.QueryRest()
	if rest == nil || rest.GetChildCount() == 0 {
		return nil, list
	}
	if len(list) == 1 {
		if sub, ok := list[0].(*ir.Subquery); ok {
			return b.queryRest(sub.Query, rest, b.span(c)), nil
		}
	}
	return nil, []ir.Expr{b.refuseExpr(b.span(c), "a list followed by a query")}
}

// parenQuery is a query in parentheses, where only a query can stand.
func (b *builder) parenQuery(c g.IParenBodyContext) ir.Query {
	q, list := b.parenBody(c)
	if q != nil {
		return q
	}
	if len(list) == 1 {
		if s, ok := list[0].(*ir.Subquery); ok {
			return s.Query
		}
	}
	b.report(codePart, b.span(c), "a list of values in place of a query is not converted")
	return &ir.Select{QueryMeta: query(b.span(c)), Items: []*ir.SelectItem{{PartMeta: part(b.span(c)), Expr: &ir.UnsupportedExpr{ExprMeta: expr(b.span(c)), Text: b.text(c), Code: codePart.ID}}}}
}

func (b *builder) literal(c g.ILiteralContext) ir.Expr {
	m := expr(b.span(c))
	charset := ""
	if c.INTRODUCER() != nil {
		charset = strings.ToLower(strings.TrimPrefix(c.INTRODUCER().GetText(), "_"))
	}
	switch {
	case c.NUMBER() != nil:
		return number(m, c.NUMBER().GetText())
	case c.TEMPORAL() != nil:
		return b.temporal(m, c.TEMPORAL().GetText(), b.stringOf(c.STRING()))
	case c.STRING() != nil:
		t := c.STRING().GetText()
		v := decodeString(t, b.mode)
		if charset == "binary" {
			return &ir.Bytes{ExprMeta: m, Value: []byte(v), Charset: charset}
		}
		return &ir.String{ExprMeta: m, Value: v, Charset: charset, National: t[0] == 'N' || t[0] == 'n'}
	case c.HEX() != nil:
		if v, ok := hexBytes(c.HEX().GetText()); ok {
			return &ir.Bytes{ExprMeta: m, Value: v, Charset: charset}
		}
	case c.BIT() != nil:
		if v, ok := bitBytes(c.BIT().GetText()); ok {
			return &ir.Bytes{ExprMeta: m, Value: v, Bit: true, Charset: charset}
		}
	case c.NULL() != nil:
		return &ir.Null{ExprMeta: m}
	case c.TRUE() != nil:
		return &ir.Number{ExprMeta: m, Text: "1"}
	case c.FALSE() != nil:
		return &ir.Number{ExprMeta: m, Text: "0"}
	}
	return b.refuseExpr(m.Span, "this literal")
}

func number(m ir.ExprMeta, t string) ir.Expr {
	n := &ir.Number{ExprMeta: m, Text: t}
	switch {
	case strings.ContainsAny(t, "eE"):
		n.Kind = ir.FloatNumber
	case strings.Contains(t, "."):
		n.Kind = ir.DecimalNumber
	}
	return n
}

func (b *builder) temporal(m ir.ExprMeta, kind, value string) ir.Expr {
	t := &ir.Temporal{ExprMeta: m, Value: value}
	p := 0
	if i := strings.LastIndexByte(value, '.'); i >= 0 {
		p = min(len(value)-i-1, 6)
	}
	switch strings.ToUpper(kind) {
	case "DATE", "D":
		t.Kind = types.Date{}
	case "TIME", "T":
		t.Kind = types.Time{Precision: p, Duration: true}
	default:
		t.Kind = types.DateTime{Precision: p}
	}
	return t
}

// odbc is {d '...'}, {t '...'}, {ts '...'}; {fn f(x)} is f(x).
func (b *builder) odbc(c g.IPrimaryContext, m ir.ExprMeta) ir.Expr {
	e := b.expr(c.Expr())
	switch w := strings.ToLower(c.IDENT().GetText()); w {
	case "d", "t", "ts":
		if s, ok := e.(*ir.String); ok {
			return b.temporal(m, w, s.Value)
		}
	}
	return e
}

func (b *builder) caseExpr(c g.ICaseExprContext) ir.Expr {
	e := &ir.Case{ExprMeta: expr(b.span(c))}
	var when ir.Expr
	var start source.Span
	expect := "CASE"
	for _, ch := range c.GetChildren() {
		switch x := ch.(type) {
		case antlr.TerminalNode:
			expect = strings.ToUpper(x.GetText())
			if expect == "WHEN" {
				start = b.tokenSpan(x)
			}
		case g.IExprContext:
			v := b.expr(x)
			switch expect {
			case "CASE":
				e.Operand = v
			case "WHEN":
				when = v
			case "THEN":
				e.Whens = append(e.Whens, &ir.When{PartMeta: part(source.Cover(start, v.Base().Span)), Cond: when, Then: v})
			case "ELSE":
				e.Else = v
			}
		}
	}
	return e
}

func (b *builder) match(c g.IPrimaryContext, m ir.ExprMeta) ir.Expr {
	e := &ir.Match{ExprMeta: m, Against: b.expr(c.Expr())}
	for _, r := range c.MatchCols().AllColRef() {
		e.Columns = append(e.Columns, b.colRef(r))
	}
	if c.MatchMode() != nil {
		e.Mode = strings.ToLower(strings.TrimSpace(words(b.tokens(c.MatchMode()))))
	}
	return e
}

// convert is CONVERT(x, type) or CONVERT(x USING charset).
func (b *builder) convert(c g.IPrimaryContext, m ir.ExprMeta) ir.Expr {
	x := b.expr(c.Expr())
	if c.DataType() != nil {
		return b.cast(m, x, c.DataType())
	}
	cs := b.charsetName(c.CharsetName())
	if cs == "binary" {
		return &ir.Cast{ExprMeta: m, X: x, To: types.Binary{}, Fail: ir.FailPrefix}
	}
	return &ir.Cast{ExprMeta: m, X: x, To: types.Text{Charset: cs}, Fail: ir.FailPrefix}
}

// cast is CAST(x AS type): text is cut, numbers take the leading digits, bad dates are NULL (Cast Functions and Operators).
func (b *builder) cast(m ir.ExprMeta, x ir.Expr, c g.IDataTypeContext) ir.Expr {
	t, ok := b.castType(c)
	if !ok {
		return b.refuseExpr(m.Span, "a cast to "+b.text(c))
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
		if b.cutsFractions() {
			e.Round = ir.RoundTruncate // of the second's fraction only
		}
	}
	return e
}

// inserted is VALUES(column) of ON DUPLICATE KEY UPDATE.
func (b *builder) inserted(c g.IPrimaryContext, m ir.ExprMeta) ir.Expr {
	l := b.exprs(c.ExprList())
	if len(l) == 1 {
		if n, ok := l[0].(*ir.Name); ok {
			return &ir.Inserted{ExprMeta: m, Column: n}
		}
	}
	return b.refuseExpr(m.Span, "VALUES(...) of something else than a column")
}

func (b *builder) colRef(c g.IColRefContext) *ir.Name {
	return &ir.Name{ExprMeta: expr(b.span(c)), Parts: b.idents(c.AllIdent())}
}

// ref is a name, or the call of a function, with what follows it.
func (b *builder) ref(c g.IRefContext) ir.Expr {
	parts := []ir.Ident{b.ident(c.Ident())}
	post := c.AllPostfix()
	i := 0
	for ; i < len(post) && post[i].DOT() != nil; i++ {
		if post[i].STAR() != nil {
			if i+1 < len(post) {
				return b.refuseExpr(b.span(c), "what follows .*")
			}
			return &ir.Star{ExprMeta: expr(b.span(c)), Qualifier: parts}
		}
		parts = append(parts, b.ident(post[i].Ident()))
	}
	if i == len(post) {
		return b.name(parts, b.span(c))
	}
	if post[i].LP() == nil || post[i].WITHIN_GROUP() != nil || post[i].OVER() != nil {
		return b.refuseExpr(b.span(c), "OVER without a function")
	}
	q := ir.QName{Parts: parts, Span: b.ts.Span(first(c), first(post[i])-1)}
	return b.call(q, post[i].Args(), post[i+1:], b.span(c))
}

// name is a column, variable or alias; or one of the functions that need no parentheses.
func (b *builder) name(parts []ir.Ident, s source.Span) ir.Expr {
	if len(parts) == 1 && !parts[0].Quoted {
		if e := b.nowFunction(strings.ToUpper(parts[0].Text), nil, s, true); e != nil {
			return e
		}
		switch strings.ToUpper(parts[0].Text) {
		case "CURRENT_USER", "CURRENT_ROLE":
			return b.builtin(strings.ToUpper(parts[0].Text), nil, "", "", s)
		}
	}
	return &ir.Name{ExprMeta: expr(s), Parts: parts}
}

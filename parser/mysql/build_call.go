package mysql

import (
	"strconv"
	"strings"

	"github.com/antlr4-go/antlr/v4"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/source"
	"godwit/ir/types"
	g "godwit/parser/mysql/internal/gram"
)

// callArgs are the arguments of a call as they were written.
type callArgs struct {
	list     []g.IArgContext
	ctx      g.IArgsContext
	distinct bool
}

// call is the call of a function: built in or stored.
func (b *builder) call(q ir.QName, args g.IArgsContext, post []g.IPostfixContext, s source.Span) ir.Expr {
	a := callArgs{ctx: args}
	if args != nil {
		a.list, a.distinct = args.AllArg(), args.DISTINCT() != nil
	}
	if len(q.Parts) > 1 || q.Parts[0].Quoted {
		if len(post) > 0 {
			return b.refuseExpr(s, "a stored function with a window")
		}
		return b.routineCall(q, a, s)
	}
	name := strings.ToUpper(q.Parts[0].Text)
	if e := b.specialCall(name, a, s); e != nil && len(post) == 0 {
		return e
	}
	o, ok := LookupFunction(name, len(a.list))
	if !ok {
		if len(post) > 0 {
			return b.refuseExpr(s, "the window function "+name)
		}
		return b.routineCall(q, a, s)
	}
	if !AcceptsArguments(o, len(a.list)) && !aggregateOf(o) && op.Lookup(o) != nil {
		b.report(codePart, s, "%s with %d arguments is not converted", name, len(a.list))
		return &ir.UnsupportedExpr{ExprMeta: expr(s), Text: s.Text(), Code: codePart.ID}
	}
	if aggregateOf(o) || len(post) > 0 {
		return b.aggregate(o, name, a, post, s)
	}
	return b.plainCall(o, name, a, s)
}

func aggregateOf(o op.Op) bool {
	i := op.Lookup(o)
	return i != nil && i.Kind != op.Function
}

// builtin makes a Call of a built-in function.
func (b *builder) builtin(name string, args []ir.Expr, unit, word string, s source.Span) ir.Expr {
	o, _ := LookupFunction(name, len(args))
	return &ir.Call{ExprMeta: expr(s), Op: o, Name: name, Args: args, Unit: unit, Word: word}
}

// values are the plain arguments; an argument of any other form is refused.
func (b *builder) values(a callArgs) []ir.Expr {
	out := make([]ir.Expr, 0, len(a.list))
	for _, x := range a.list {
		out = append(out, b.arg(x))
	}
	return out
}

// arg is one plain argument.
func (b *builder) arg(x g.IArgContext) ir.Expr {
	switch {
	case x.STAR() != nil:
		return &ir.Star{ExprMeta: expr(b.span(x))}
	case x.ArgTail() != nil || len(x.AllExpr()) != 1 || x.LEADING() != nil || x.TRAILING() != nil || x.BOTH() != nil:
		return b.refuseExpr(b.span(x), "an argument of this form")
	}
	return b.expr(x.Expr(0))
}

func (b *builder) routineCall(q ir.QName, a callArgs, s source.Span) ir.Expr {
	if a.distinct || a.ctx != nil && (a.ctx.OrderBy() != nil || a.ctx.SEPARATOR() != nil) {
		return b.refuseExpr(s, "DISTINCT or ORDER BY in the call of a stored function")
	}
	return &ir.RoutineCall{ExprMeta: expr(s), Name: q, Args: b.values(a)}
}

// specialCall builds functions that are nodes of their own, or whose arguments have a syntax of their own; nil for all others.
func (b *builder) specialCall(name string, a callArgs, s source.Span) ir.Expr {
	m := expr(s)
	n := len(a.list)
	if e := b.dateCall(name, a, s); e != nil {
		return e
	}
	switch name {
	case "CONCAT":
		if n > 0 {
			return &ir.Concat{ExprMeta: m, Args: b.values(a), Null: ir.NullPropagates}
		}
	case "CAST":
		if n == 1 && a.list[0].ArgTail() != nil && a.list[0].ArgTail().DataType() != nil && a.list[0].ArgTail().IDENT() == nil && a.list[0].ArgTail().AS() != nil {
			return b.cast(m, b.expr(a.list[0].Expr(0)), a.list[0].ArgTail().DataType())
		}
		return b.refuseExpr(s, "a cast of this form")
	case "MOD":
		if n == 2 {
			v := b.values(a)
			return &ir.Mod{ExprMeta: m, Zero: b.zero(), L: v[0], R: v[1]}
		}
	case "IF":
		if n == 3 {
			v := b.values(a)
			return &ir.Case{ExprMeta: m, Whens: []*ir.When{{PartMeta: part(s), Cond: v[0], Then: v[1]}}, Else: v[2]}
		}
	case "ISNULL":
		if n == 1 {
			return &ir.IsNull{ExprMeta: m, X: b.values(a)[0]}
		}
	case "VALUE":
		if n == 1 && b.mariadb() {
			if c, ok := b.arg(a.list[0]).(*ir.Name); ok {
				return &ir.Inserted{ExprMeta: m, Column: c}
			}
		}
	case "TRIM":
		return b.trim(a, s)
	case "SUBSTRING", "SUBSTR", "MID":
		return b.substring(name, a, s)
	case "POSITION":
		return b.position(a, s)
	case "CHAR", "CHR":
		return b.char(name, a, s)
	case "WEIGHT_STRING":
		if n == 1 && a.list[0].ArgTail() != nil {
			return b.builtin(name, []ir.Expr{b.expr(a.list[0].Expr(0))}, "", strings.ToLower(b.text(a.list[0].ArgTail())), s)
		}
	case "JSON_VALUE":
		return b.jsonValue(a, s)
	case "SETVAL":
		if n >= 2 && n <= 4 && b.mariadb() {
			if c, ok := b.arg(a.list[0]).(*ir.Name); ok {
				return &ir.NextValue{ExprMeta: m, Sequence: ir.QName{Parts: c.Parts, Span: c.Span}, Set: b.values(a)[1:]}
			}
		}
	case "NEXTVAL", "LASTVAL":
		if n == 1 && b.mariadb() {
			if c, ok := b.arg(a.list[0]).(*ir.Name); ok {
				return &ir.NextValue{ExprMeta: m, Sequence: ir.QName{Parts: c.Parts, Span: c.Span}, Previous: name == "LASTVAL"}
			}
		}
	}
	return nil
}

// trim is TRIM([LEADING | TRAILING | BOTH] [x] FROM y).
func (b *builder) trim(a callArgs, s source.Span) ir.Expr {
	if len(a.list) != 1 {
		return nil
	}
	x := a.list[0]
	word := ""
	for w, n := range map[string]antlr.TerminalNode{"leading": x.LEADING(), "trailing": x.TRAILING(), "both": x.BOTH()} {
		if n != nil {
			word = w
		}
	}
	e := x.AllExpr()
	switch {
	case x.ArgTail() != nil && x.ArgTail().FROM() != nil && x.ArgTail().FOR() == nil:
		return b.builtin("TRIM", []ir.Expr{b.expr(x.ArgTail().Expr(0)), b.expr(e[0])}, "", "", s)
	case len(e) == 2:
		return b.builtin("TRIM", []ir.Expr{b.expr(e[1]), b.expr(e[0])}, "", word, s)
	case len(e) == 1 && x.ArgTail() == nil:
		return b.builtin("TRIM", []ir.Expr{b.expr(e[0])}, "", word, s)
	}
	return b.refuseExpr(s, "TRIM of this form")
}

// substring is SUBSTRING(x FROM a FOR b), or with commas.
func (b *builder) substring(name string, a callArgs, s source.Span) ir.Expr {
	if len(a.list) != 1 || a.list[0].ArgTail() == nil {
		return nil
	}
	t := a.list[0].ArgTail()
	args := []ir.Expr{b.expr(a.list[0].Expr(0))}
	switch {
	case t.FROM() != nil:
		for _, e := range t.AllExpr() {
			args = append(args, b.expr(e))
		}
	case t.FOR() != nil:
		args = append(args, &ir.Number{ExprMeta: expr(s), Text: "1"}, b.expr(t.Expr(0)))
	default:
		return b.refuseExpr(s, name+" of this form")
	}
	return b.builtin(name, args, "", "", s)
}

// position is POSITION(a IN b), which the grammar reads as one expression.
func (b *builder) position(a callArgs, s source.Span) ir.Expr {
	if len(a.list) != 1 || len(a.list[0].AllExpr()) != 1 || a.list[0].ArgTail() != nil {
		return b.refuseExpr(s, "POSITION of this form")
	}
	items := b.flatten(a.list[0].Expr(0).GetChildren())
	for i, it := range items {
		if it.kind == itemOp && it.op == g.MySQLParserIN && !it.not && i+1 < len(items) {
			l, x := exprReader{b: b, items: items[:i]}, exprReader{b: b, items: items[i+1:]}
			lv, xv := l.binary(1), x.or()
			if l.i == i && x.i == len(items)-i-1 {
				return b.builtin("POSITION", []ir.Expr{lv, xv}, "", "", s)
			}
		}
	}
	return b.refuseExpr(s, "POSITION of this form")
}

// char is CHAR(n, ... USING charset).
func (b *builder) char(name string, a callArgs, s source.Span) ir.Expr {
	if len(a.list) == 0 || a.list[len(a.list)-1].ArgTail() == nil {
		return nil
	}
	tail := a.list[len(a.list)-1].ArgTail()
	if tail.USING() == nil {
		return b.refuseExpr(s, name+" of this form")
	}
	var args []ir.Expr
	for _, x := range a.list {
		if len(x.AllExpr()) != 1 {
			return b.refuseExpr(s, name+" of this form")
		}
		args = append(args, b.expr(x.Expr(0)))
	}
	return b.builtin(name, args, "", b.charsetName(tail.CharsetName()), s)
}

// jsonValue is JSON_VALUE(doc, path [RETURNING type] [on empty] [on error]).
func (b *builder) jsonValue(a callArgs, s source.Span) ir.Expr {
	if len(a.list) != 2 || a.list[1].ArgTail() == nil {
		return nil
	}
	t := a.list[1].ArgTail()
	if t.RETURNING() == nil || len(t.AllJtOn()) > 0 || len(a.list[0].AllExpr()) != 1 {
		return b.refuseExpr(s, "JSON_VALUE with ON EMPTY or ON ERROR")
	}
	v := b.builtin("JSON_VALUE", []ir.Expr{b.arg(a.list[0]), b.expr(a.list[1].Expr(0))}, "", "", s)
	return b.cast(expr(s), v, t.DataType())
}

// dateUnits are the units of INTERVAL, EXTRACT and TIMESTAMPADD.
var dateUnits = map[string]bool{
	"microsecond": true, "second": true, "minute": true, "hour": true, "day": true, "week": true, "month": true, "quarter": true, "year": true,
	"second_microsecond": true, "minute_microsecond": true, "minute_second": true, "hour_microsecond": true, "hour_second": true, "hour_minute": true,
	"day_microsecond": true, "day_second": true, "day_minute": true, "day_hour": true, "year_month": true,
}

// unitArg is an argument that is a unit's name; "" if it is none.
func (b *builder) unitArg(x g.IArgContext) string {
	w := strings.TrimPrefix(strings.ToLower(strings.TrimSpace(b.text(x.Expr(0)))), "sql_tsi_")
	if w == "frac_second" {
		w = "microsecond"
	}
	if dateUnits[w] {
		return w
	}
	return ""
}

// dateCall builds the functions of dates that are nodes of their own; nil for all others.
func (b *builder) dateCall(name string, a callArgs, s source.Span) ir.Expr {
	n := len(a.list)
	switch name {
	case "NOW", "CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP", "SYSDATE", "CURDATE", "CURRENT_DATE", "CURTIME", "CURRENT_TIME", "UTC_DATE", "UTC_TIME", "UTC_TIMESTAMP":
		return b.nowFunction(name, a.list, s, false)
	case "DATE_ADD", "DATE_SUB", "ADDDATE", "SUBDATE":
		return b.dateAdd(name, a, s)
	case "TIMESTAMPADD":
		if n == 3 {
			if u := b.unitArg(a.list[0]); u != "" {
				return &ir.DateAdd{ExprMeta: expr(s), Amount: b.arg(a.list[1]), X: b.arg(a.list[2]), Unit: u}
			}
		}
		return b.refuseExpr(s, "TIMESTAMPADD of this form")
	case "TIMESTAMPDIFF":
		if n == 3 {
			if u := b.unitArg(a.list[0]); u != "" {
				return &ir.Call{ExprMeta: expr(s), Op: op.TimestampDiff, Name: name, Args: []ir.Expr{b.arg(a.list[1]), b.arg(a.list[2])}, Unit: u}
			}
		}
		return b.refuseExpr(s, "TIMESTAMPDIFF of this form")
	case "EXTRACT":
		if n == 1 && a.list[0].ArgTail() != nil && a.list[0].ArgTail().FROM() != nil {
			if u := b.unitArg(a.list[0]); u != "" {
				c := &ir.Call{ExprMeta: expr(s), Op: op.Extract, Name: name, Args: []ir.Expr{b.expr(a.list[0].ArgTail().Expr(0))}, Unit: u}
				if b.mariadb() {
					c.Word = dialectWords[c.Op]
				}
				return c
			}
		}
		return b.refuseExpr(s, "EXTRACT of this form")
	case "GET_FORMAT":
		if n == 2 && len(a.list[0].AllExpr()) == 1 {
			return &ir.Call{ExprMeta: expr(s), Op: op.GetFormat, Name: name, Args: []ir.Expr{b.arg(a.list[1])}, Word: strings.ToLower(b.text(a.list[0]))}
		}
	}
	return nil
}

// dialectWords tell how MariaDB's functions differ from MySQL's of the same name.
var dialectWords = map[op.Op]string{op.Extract: op.Days, op.TimeToSec: op.Fraction, op.UnixTimestamp: op.OrNull, op.Replace: op.Unread}

// dateAdd is DATE_ADD(x, INTERVAL n unit) and its likes; a plain number is days.
func (b *builder) dateAdd(name string, a callArgs, s source.Span) ir.Expr {
	if len(a.list) != 2 || len(a.list[1].AllExpr()) != 1 {
		return b.refuseExpr(s, name+" of this form")
	}
	e := &ir.DateAdd{ExprMeta: expr(s), X: b.arg(a.list[0]), Unit: "day", Sub: strings.Contains(name, "SUB")}
	v := b.operandExpr(a.list[1].Expr(0))
	if iv, ok := v.(*interval); ok {
		e.Amount, e.Unit = iv.amount, iv.unit
		return e
	}
	if strings.HasPrefix(name, "DATE_") {
		return b.refuseExpr(s, name+" without INTERVAL")
	}
	e.Amount = v
	return e
}

// nowFunction builds "now" in all its spellings; nil if the name is none of them. bare tells that no parentheses follow.
func (b *builder) nowFunction(name string, args []g.IArgContext, s source.Span, bare bool) ir.Expr {
	e := &ir.Now{ExprMeta: expr(s), At: ir.AtStatement, Zone: ir.SessionZone}
	switch name {
	case "CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP":
	case "NOW":
		if bare {
			return nil
		}
	case "SYSDATE":
		if bare {
			return nil
		}
		e.At = ir.AtCall
	case "CURDATE", "CURTIME":
		if bare {
			return nil
		}
	case "CURRENT_DATE", "CURRENT_TIME":
	case "UTC_DATE", "UTC_TIME", "UTC_TIMESTAMP":
		e.Zone = ir.UTC
	default:
		return nil
	}
	if len(args) > 0 {
		p, err := strconv.Atoi(b.text(args[0]))
		if err != nil || p < 0 || p > 6 || len(args) > 1 {
			return b.refuseExpr(s, name+" of this form")
		}
		e.Precision = p
	}
	switch {
	case strings.HasSuffix(name, "DATE") && name != "SYSDATE":
		e.Kind = types.Date{}
	case strings.HasSuffix(name, "_TIME") || name == "CURTIME":
		e.Kind = types.Time{Precision: e.Precision, Duration: true}
	default:
		e.Kind = types.DateTime{Precision: e.Precision}
	}
	return e
}

// plainCall is a call of a built-in function with plain arguments.
func (b *builder) plainCall(o op.Op, name string, a callArgs, s source.Span) ir.Expr {
	if a.distinct || a.ctx != nil && (a.ctx.OrderBy() != nil || a.ctx.SEPARATOR() != nil || len(a.ctx.AllLimit()) > 0) {
		return b.refuseExpr(s, "DISTINCT or ORDER BY in "+name)
	}
	c := &ir.Call{ExprMeta: expr(s), Op: o, Name: name, Args: b.values(a)}
	if strings.HasPrefix(string(o), "text.regexp_") {
		c.Word = b.regexpFlavor()
	}
	if b.mariadb() {
		c.Word += dialectWords[o]
	} else if o == op.StrToDate && b.mode.NoZeroDate {
		c.Word = op.NeedsDate
	}
	return c
}

// aggregate is an aggregate or window function.
func (b *builder) aggregate(o op.Op, name string, a callArgs, post []g.IPostfixContext, s source.Span) ir.Expr {
	e := &ir.Aggregate{ExprMeta: expr(s), Op: o, Name: name, Distinct: a.distinct, Args: b.values(a)}
	if a.ctx != nil {
		if a.ctx.OrderBy() != nil {
			e.OrderBy = b.orderBy(a.ctx.OrderBy())
		}
		if a.ctx.SEPARATOR() != nil {
			t := a.ctx.STRING()
			e.Separator = &ir.String{ExprMeta: expr(b.tokenSpan(t)), Value: b.stringOf(t)}
		}
		for _, l := range a.ctx.AllLimit() {
			if l.LIMIT() == nil || len(l.AllExpr()) != 1 {
				return b.refuseExpr(s, name+" with an offset")
			}
			e.Limit = b.expr(l.Expr(0))
		}
	}
	for _, p := range post {
		switch {
		case p.NULLS_TREATMENT() != nil:
			e.IgnoreNulls = strings.HasPrefix(strings.ToUpper(p.GetText()), "IGNORE")
		case p.OVER() != nil && p.WindowSpec() != nil:
			e.Over = b.windowSpec(p.WindowSpec())
		case p.OVER() != nil:
			e.Over = &ir.WindowDef{PartMeta: part(b.span(p)), Name: b.ident(p.Ident()).Text, Reference: true}
		case p.WITHIN_GROUP() != nil:
			e.OrderBy = b.orderBy(p.OrderBy())
		default:
			return b.refuseExpr(s, "what follows the call of "+name)
		}
	}
	if i := op.Lookup(o); i != nil && i.Kind == op.WindowFunction && e.Over == nil && o != op.Median && o != op.PercentileCont && o != op.PercentileDisc {
		return b.refuseExpr(s, name+" without OVER")
	}
	return e
}

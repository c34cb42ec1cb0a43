package mysql

import (
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/source"
	"godwit/ir/types"
)

// call reads the arguments of a function, built in or stored, and what follows them. The call begins at the i-th token.
func (p *parser) call(q ir.QName, i int) ir.Expr {
	name, fn := "", (*function)(nil)
	if len(q.Parts) == 1 && !q.Parts[0].Quoted {
		name = p.upper(i)
		fn = p.words[p.At(i).Word].fn
	}
	if name == "POSITION" {
		return p.position(i)
	}
	base := len(p.argStack)
	a := p.args()
	e := p.callNode(q, name, fn, &a, i)
	clear(p.argStack[base:])
	p.argStack = p.argStack[:base]
	return e
}

func (p *parser) callNode(q ir.QName, name string, fn *function, a *callArgs, i int) ir.Expr {
	var post []postfix
	for p.Kind() == kOver || p.Kind() == kNullsTreatment || p.Kind() == kWithinGroup {
		post = append(post, p.postfixOf())
	}
	s := p.SpanFrom(i)
	if name == "" {
		if len(post) > 0 {
			return p.refuseExpr(s, "a stored function with a window")
		}
		return p.routineCall(q, a, s)
	}
	if len(post) == 0 {
		if e := p.specialCall(name, a, s); e != nil {
			return e
		}
	}
	o, ok := lookupFunction(fn, name, len(a.list))
	if !ok {
		if len(post) > 0 {
			return p.refuseExpr(s, "the window function "+name)
		}
		return p.routineCall(q, a, s)
	}
	info := op.Lookup(o)
	aggregate := info != nil && info.Kind != op.Function
	if !aggregate && info != nil && !AcceptsArguments(o, len(a.list)) {
		return p.refuseExpr(s, name+" with "+strconv.Itoa(len(a.list))+" arguments")
	}
	if aggregate || len(post) > 0 {
		return p.aggregate(o, name, a, post, s)
	}
	return p.plainCall(o, name, a, s)
}

// postfix is what follows the arguments of an aggregate or window function.
type postfix struct {
	ignoreNulls bool
	over        *ir.WindowDef
	within      []*ir.OrderItem
}

func (p *parser) postfixOf() postfix {
	i := p.Pos
	switch p.Kind() {
	case kNullsTreatment:
		return postfix{ignoreNulls: strings.HasPrefix(p.upper(p.Next()), "IGNORE")}
	case kWithinGroup:
		p.Next()
		p.Expect(kLP)
		l := p.orderBy()
		p.Expect(kRP)
		return postfix{within: l}
	}
	p.Next()
	if p.Kind() == kLP {
		return postfix{over: p.windowSpec()}
	}
	id := p.ident()
	return postfix{over: &ir.WindowDef{PartMeta: p.sincePart(i), Name: id.Text, Reference: true}}
}

// builtin makes a Call of a built-in function.
func (p *parser) builtin(name string, args []ir.Expr, unit, word string, s source.Span) ir.Expr {
	o, _ := LookupFunction(name, len(args))
	return &ir.Call{ExprMeta: expr(s), Op: o, Name: name, Args: args, Unit: unit, Word: word}
}

func (p *parser) routineCall(q ir.QName, a *callArgs, s source.Span) ir.Expr {
	if a.distinct || a.orderBy != nil || a.separator != nil {
		return p.refuseExpr(s, "DISTINCT or ORDER BY in the call of a stored function")
	}
	return &ir.RoutineCall{ExprMeta: expr(s), Name: q, Args: p.values(a)}
}

// specialCall builds functions that are nodes of their own, or whose arguments have a syntax of their own; nil for all others.
func (p *parser) specialCall(name string, a *callArgs, s source.Span) ir.Expr {
	n := len(a.list)
	switch name {
	case "CONCAT":
		if n > 0 {
			return &ir.Concat{ExprMeta: expr(s), Args: p.values(a), Null: ir.NullPropagates}
		}
	case "CAST":
		if n == 1 && a.list[0].tail == kAs && !a.list[0].array {
			return p.cast(expr(s), p.valueOf(a.list[0].e), a.list[0].spec, castText(a.list[0].tailText))
		}
		if n == 1 && a.list[0].tail == kAs && a.list[0].array && p.inKey {
			p.multiValued = true
			return p.valueOf(a.list[0].e)
		}
		return p.refuseExpr(s, "a cast of this form")
	case "MOD":
		if n == 2 {
			v := p.values(a)
			return &ir.Mod{ExprMeta: expr(s), Zero: p.zero(), L: v[0], R: v[1]}
		}
	case "IF":
		if n == 3 {
			v := p.values(a)
			return &ir.Case{ExprMeta: expr(s), Whens: []*ir.When{{PartMeta: part(s), Cond: v[0], Then: v[1]}}, Else: v[2]}
		}
	case "DECODE_ORACLE":
		if n >= 3 && p.mariadb() {
			return p.decode(p.values(a), s)
		}
	case "ISNULL":
		if n == 1 {
			return &ir.IsNull{ExprMeta: expr(s), X: p.values(a)[0]}
		}
	case "VALUE", "SETVAL", "NEXTVAL", "LASTVAL":
		if p.mariadb() && n > 0 {
			return p.mariadbCall(name, a, s)
		}
	case "TRIM":
		return p.trim(a, s)
	case "SUBSTRING", "SUBSTR", "MID":
		return p.substring(name, a, s)
	case "CHAR", "CHR":
		return p.char(name, a, s)
	case "WEIGHT_STRING":
		if n == 1 && !a.list[0].plain() && a.list[0].e != nil {
			return p.builtin(name, []ir.Expr{p.valueOf(a.list[0].e)}, "", strings.ToLower(a.list[0].tailText), s)
		}
	case "JSON_VALUE":
		return p.jsonValue(a, s)
	default:
		return p.dateCall(name, a, s)
	}
	return nil
}

// decode is MariaDB's DECODE_ORACLE(value, search, result, ..., default): NULL finds NULL. The value is written again for each search,
// so that it has to be a name or a literal; nil if it is none.
func (p *parser) decode(v []ir.Expr, s source.Span) ir.Expr {
	switch v[0].(type) {
	case *ir.Name, *ir.String, *ir.Number, *ir.Null:
	default:
		return nil
	}
	c := &ir.Case{ExprMeta: expr(s)}
	for i := 1; i+1 < len(v); i += 2 {
		cond := &ir.Compare{ExprMeta: expr(s), Op: ir.NullSafeEq, L: ir.Clone(v[0]), R: v[i]}
		c.Whens = append(c.Whens, &ir.When{PartMeta: part(s), Cond: cond, Then: v[i+1]})
	}
	if len(v)%2 == 0 {
		c.Else = v[len(v)-1]
	}
	return c
}

// castText is the type in "AS type".
func castText(tail string) string { return strings.TrimSpace(tail[len("as"):]) }

// mariadbCall builds VALUE(column) and the functions of sequences; nil if it is none of them.
func (p *parser) mariadbCall(name string, a *callArgs, s source.Span) ir.Expr {
	c, ok := a.list[0].e.(*ir.Name)
	n := len(a.list)
	switch {
	case !ok || !a.list[0].plain():
	case name == "VALUE":
		if n == 1 {
			return &ir.Inserted{ExprMeta: expr(s), Column: c}
		}
	case name == "SETVAL":
		if n >= 2 && n <= 4 {
			return &ir.NextValue{ExprMeta: expr(s), Sequence: ir.QName{Parts: p.ownName(c.Parts), Span: c.Span}, Set: p.values(a)[1:]}
		}
	case n == 1:
		return &ir.NextValue{ExprMeta: expr(s), Sequence: ir.QName{Parts: p.ownName(c.Parts), Span: c.Span}, Previous: name == "LASTVAL"}
	}
	return nil
}

// trim is TRIM([LEADING | TRAILING | BOTH] [x] FROM y).
func (p *parser) trim(a *callArgs, s source.Span) ir.Expr {
	if len(a.list) != 1 {
		return nil
	}
	x := &a.list[0]
	word := ""
	switch x.trim {
	case kLeading:
		word = "leading"
	case kTrailing:
		word = "trailing"
	case kBoth:
		word = "both"
	}
	switch {
	case x.tail == kFrom && x.size == nil, x.trim != kEOF && x.from != nil && x.e != nil:
		return p.builtin("TRIM", []ir.Expr{p.valueOf(x.from), p.valueOf(x.e)}, "", word, s)
	case x.trim != kEOF && x.from != nil:
		return p.builtin("TRIM", []ir.Expr{p.valueOf(x.from)}, "", word, s)
	case x.e != nil && x.tail == kEOF:
		return p.builtin("TRIM", []ir.Expr{p.valueOf(x.e)}, "", word, s)
	}
	return p.refuseExpr(s, "TRIM of this form")
}

// substring is SUBSTRING(x FROM a FOR b), or with commas.
func (p *parser) substring(name string, a *callArgs, s source.Span) ir.Expr {
	if len(a.list) != 1 || a.list[0].tail == kEOF {
		return nil
	}
	x := &a.list[0]
	args := []ir.Expr{p.valueOf(x.e)}
	switch x.tail {
	case kFrom:
		args = append(args, p.valueOf(x.from))
		if x.size != nil {
			args = append(args, p.valueOf(x.size))
		}
	case kFor:
		args = append(args, &ir.Number{ExprMeta: expr(s), Text: "1"}, p.valueOf(x.size))
	default:
		return p.refuseExpr(s, name+" of this form")
	}
	return p.builtin(name, args, "", "", s)
}

// position reads POSITION(a IN b).
func (p *parser) position(i int) ir.Expr {
	p.Expect(kLP)
	l := p.climb(powerBinary)
	p.Expect(kIn)
	r := p.expr()
	p.Expect(kRP)
	return p.builtin("POSITION", []ir.Expr{l, r}, "", "", p.SpanFrom(i))
}

// char is CHAR(n, ... USING charset).
func (p *parser) char(name string, a *callArgs, s source.Span) ir.Expr {
	n := len(a.list)
	if n == 0 || a.list[n-1].tail == kEOF {
		return nil
	}
	if a.list[n-1].tail != kUsing {
		return p.refuseExpr(s, name+" of this form")
	}
	var args []ir.Expr
	for k := range a.list {
		if a.list[k].e == nil || k < n-1 && !a.list[k].plain() {
			return p.refuseExpr(s, name+" of this form")
		}
		args = append(args, p.valueOf(a.list[k].e))
	}
	return p.builtin(name, args, "", a.list[n-1].charset, s)
}

// jsonValue is JSON_VALUE(doc, path [RETURNING type] [on empty] [on error]).
func (p *parser) jsonValue(a *callArgs, s source.Span) ir.Expr {
	if len(a.list) != 2 || a.list[1].tail == kEOF {
		return nil
	}
	t := &a.list[1]
	if t.tail != kReturning || t.on || !a.list[0].plain() {
		return p.refuseExpr(s, "JSON_VALUE with ON EMPTY or ON ERROR")
	}
	v := p.builtin("JSON_VALUE", []ir.Expr{p.plainArg(&a.list[0]), p.valueOf(t.e)}, "", "", s)
	return p.cast(expr(s), v, t.spec, strings.TrimSpace(t.tailText[len("returning"):]))
}

// plainCall is a call of a built-in function with plain arguments.
func (p *parser) plainCall(o op.Op, name string, a *callArgs, s source.Span) ir.Expr {
	if a.distinct || a.orderBy != nil || a.separator != nil || len(a.limits) > 0 {
		return p.refuseExpr(s, "DISTINCT or ORDER BY in "+name)
	}
	c := &ir.Call{ExprMeta: expr(s), Op: o, Name: name, Args: p.values(a)}
	if strings.HasPrefix(string(o), "text.regexp_") {
		c.Word = p.regexpFlavor()
	}
	if p.mariadb() {
		c.Word += dialectWords[o]
	} else if o == op.StrToDate && p.mode.NoZeroDate {
		c.Word = op.NeedsDate
	}
	return c
}

// aggregate is an aggregate or window function.
func (p *parser) aggregate(o op.Op, name string, a *callArgs, post []postfix, s source.Span) ir.Expr {
	e := &ir.Aggregate{ExprMeta: expr(s), Op: o, Name: name, Distinct: a.distinct, Args: p.values(a), OrderBy: a.orderBy}
	if a.separator != nil {
		e.Separator = a.separator
	}
	for i := range a.limits {
		if a.limits[i].Offset != nil || a.limits[i].Limit == nil {
			return p.refuseExpr(s, name+" with an offset")
		}
		e.Limit = a.limits[i].Limit
	}
	for _, x := range post {
		switch {
		case x.over != nil:
			e.Over = x.over
		case x.within != nil:
			e.OrderBy = x.within
		default:
			e.IgnoreNulls = x.ignoreNulls
		}
	}
	if i := op.Lookup(o); i != nil && i.Kind == op.WindowFunction && e.Over == nil && o != op.Median && o != op.PercentileCont && o != op.PercentileDisc {
		return p.refuseExpr(s, name+" without OVER")
	}
	return e
}

// ---- dates ----

// dateUnit is the unit of INTERVAL, EXTRACT and TIMESTAMPADD that an argument names; "" if it is none.
func (a *arg) dateUnit() string {
	w := strings.TrimPrefix(strings.ToLower(strings.TrimSpace(a.text)), "sql_tsi_")
	switch w {
	case "frac_second":
		return "microsecond"
	case "microsecond", "second", "minute", "hour", "day", "week", "month", "quarter", "year",
		"second_microsecond", "minute_microsecond", "minute_second", "hour_microsecond", "hour_second", "hour_minute",
		"day_microsecond", "day_second", "day_minute", "day_hour", "year_month":
		return w
	}
	return ""
}

// dateCall builds the functions of dates that are nodes of their own; nil for all others.
func (p *parser) dateCall(name string, a *callArgs, s source.Span) ir.Expr {
	switch name {
	case "NOW", "CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP", "SYSDATE", "CURDATE", "CURRENT_DATE", "CURTIME", "CURRENT_TIME", "UTC_DATE", "UTC_TIME", "UTC_TIMESTAMP":
		return p.nowFunction(name, a.list, s, false)
	case "DATE_ADD", "DATE_SUB", "ADDDATE", "SUBDATE":
		return p.dateAdd(name, a, s)
	case "TIMESTAMPADD", "TIMESTAMPDIFF":
		if len(a.list) == 3 {
			if u := a.list[0].dateUnit(); u != "" {
				x, y := p.plainArg(&a.list[1]), p.plainArg(&a.list[2])
				if name == "TIMESTAMPADD" {
					return &ir.DateAdd{ExprMeta: expr(s), Amount: x, X: y, Unit: u}
				}
				return &ir.Call{ExprMeta: expr(s), Op: op.TimestampDiff, Name: name, Args: []ir.Expr{x, y}, Unit: u}
			}
		}
		return p.refuseExpr(s, name+" of this form")
	case "EXTRACT":
		return p.extract(a, s)
	case "GET_FORMAT":
		if len(a.list) == 2 && a.list[0].e != nil {
			return &ir.Call{ExprMeta: expr(s), Op: op.GetFormat, Name: name, Args: []ir.Expr{p.plainArg(&a.list[1])}, Word: strings.ToLower(a.list[0].text)}
		}
	}
	return nil
}

// extract is EXTRACT(unit FROM x).
func (p *parser) extract(a *callArgs, s source.Span) ir.Expr {
	if len(a.list) != 1 || a.list[0].tail != kFrom || a.list[0].dateUnit() == "" {
		return p.refuseExpr(s, "EXTRACT of this form")
	}
	x := &a.list[0]
	c := &ir.Call{ExprMeta: expr(s), Op: op.Extract, Name: "EXTRACT", Args: []ir.Expr{p.valueOf(x.from)}, Unit: x.dateUnit()}
	if p.mariadb() {
		c.Word = dialectWords[c.Op]
	}
	return c
}

// dialectWords tell how MariaDB's functions differ from MySQL's of the same name.
var dialectWords = map[op.Op]string{op.Extract: op.Days, op.TimeToSec: op.Fraction, op.UnixTimestamp: op.OrNull, op.Replace: op.Unread}

// dateAdd is DATE_ADD(x, INTERVAL n unit) and its likes; a plain number is days.
func (p *parser) dateAdd(name string, a *callArgs, s source.Span) ir.Expr {
	if len(a.list) != 2 || a.list[1].e == nil || a.list[1].tail != kEOF {
		return p.refuseExpr(s, name+" of this form")
	}
	e := &ir.DateAdd{ExprMeta: expr(s), X: p.plainArg(&a.list[0]), Unit: "day", Sub: strings.Contains(name, "SUB")}
	if iv, ok := a.list[1].e.(*interval); ok {
		e.Amount, e.Unit = iv.amount, iv.unit
		return e
	}
	if strings.HasPrefix(name, "DATE_") {
		return p.refuseExpr(s, name+" without INTERVAL")
	}
	e.Amount = a.list[1].e
	return e
}

// nowFunction builds "now" in all its spellings; nil if the name is none of them. bare tells that no parentheses follow.
func (p *parser) nowFunction(name string, args []arg, s source.Span, bare bool) ir.Expr {
	at, zone := ir.AtStatement, ir.SessionZone
	switch name {
	case "CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP", "CURRENT_DATE", "CURRENT_TIME":
	case "NOW", "CURDATE", "CURTIME", "SYSDATE":
		if bare {
			return nil
		}
		if name == "SYSDATE" {
			at = ir.AtCall
		}
	case "UTC_DATE", "UTC_TIME", "UTC_TIMESTAMP":
		zone = ir.UTC
	default:
		return nil
	}
	digits := 0
	if len(args) > 0 {
		n, err := strconv.Atoi(args[0].text)
		if err != nil || n < 0 || n > 6 || len(args) > 1 {
			return p.refuseExpr(s, name+" of this form")
		}
		digits = n
	}
	e := &ir.Now{ExprMeta: expr(s), At: at, Zone: zone, Precision: digits}
	switch {
	case strings.HasSuffix(name, "DATE") && name != "SYSDATE":
		e.Kind = types.Date{}
	case strings.HasSuffix(name, "_TIME") || name == "CURTIME":
		e.Kind = types.Time{Precision: digits, Duration: true}
	default:
		e.Kind = types.DateTime{Precision: digits}
	}
	return e
}

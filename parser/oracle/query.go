package oracle

import (
	"slices"
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/source"
)

// inSQL makes the parser read a part of a query or of a statement that changes rows; the result undoes it.
func (p *parser) inSQL() (old bool) {
	old = p.sql
	p.sql = true
	return old
}

// query reads a query with its WITH.
func (p *parser) query() ir.Query {
	p.Enter()
	old := p.inSQL()
	defer func() {
		p.sql = old
		p.Leave()
	}()
	if p.Kind() != kWith {
		return p.queryBody()
	}
	w := p.with()
	return withOn(p.queryBody(), w)
}

// queryBody reads a query that has no WITH of its own.
func (p *parser) queryBody() ir.Query {
	i := p.Pos
	return p.queryRest(p.queryTerm(), i)
}

// withOn puts WITH on a query; a parenthesised query that has its own is wrapped.
func withOn(q ir.Query, w *ir.With) ir.Query {
	if q.Common().With != nil {
		q = wrap(q)
	}
	q.Common().With = w
	q.Common().Span = source.Cover(w.Span, q.Common().Span)
	return q
}

// with reads WITH. Which expressions are recursive resolution tells: there is no word for it.
func (p *parser) with() *ir.With {
	i := p.Expect(kWith)
	w := &ir.With{}
	for p.Kind() == kFunction || p.Kind() == kProcedure {
		w.Functions = append(w.Functions, p.withRoutine())
	}
	for more := len(w.Functions) == 0 || p.Kind() != kSelect && p.Kind() != kLP; more; more = p.Accept(kComma) {
		w.CTEs = append(w.CTEs, p.cte())
	}
	w.Span = p.SpanFrom(i)
	return w
}

// withRoutine reads a routine of WITH.
func (p *parser) withRoutine() *ir.Routine {
	sql, plsql := p.sql, p.plsql
	p.sql, p.plsql = false, true
	i := p.Pos
	d, ok := p.routineDecl().(*ir.RoutineDecl)
	p.sql, p.plsql = sql, plsql
	p.Accept(kSemi)
	if !ok || d.Forward {
		p.giveUp(i, codePart, "a routine of WITH without a body")
	}
	return d.Routine
}

func (p *parser) cte() *ir.CTE {
	i := p.Pos
	c := &ir.CTE{Name: p.ident(), Columns: p.maybeParenIdents()}
	if p.Kind() == kUsing || p.is("ANALYTIC") {
		p.Next()
		p.giveUp(i, codePart, "an analytic view in WITH")
	}
	p.Expect(kAs)
	c.Query = p.parenQuery()
	if p.is("SEARCH") {
		c.Search = p.searchClause()
	}
	if p.is("CYCLE") {
		c.Cycle = p.cycleClause()
	}
	c.Span = p.SpanFrom(i)
	return c
}

// searchClause reads SEARCH DEPTH | BREADTH FIRST BY ... SET column.
func (p *parser) searchClause() *ir.SearchClause {
	i := p.Next()
	s := &ir.SearchClause{}
	switch p.acceptAny("DEPTH", "BREADTH") {
	case "BREADTH":
		s.Breadth = true
	case "":
		p.Fail("DEPTH", "BREADTH")
	}
	p.expectWord("FIRST")
	p.Expect(kBy)
	s.By = p.orderItems()
	p.Expect(kSet)
	s.Set = p.ident()
	s.Span = p.SpanFrom(i)
	return s
}

// cycleClause reads CYCLE columns SET column TO value DEFAULT value.
func (p *parser) cycleClause() *ir.CycleClause {
	i := p.Next()
	c := &ir.CycleClause{Columns: p.identList()}
	p.Expect(kSet)
	c.Set = p.ident()
	p.Expect(kTo)
	c.Value = p.expr()
	p.Expect(kDefault)
	c.Default = p.expr()
	c.Span = p.SpanFrom(i)
	return c
}

// wrap makes SELECT * FROM (q), so that clauses can be added outside of it.
func wrap(q ir.Query) ir.Query {
	s := q.Base().Span
	return &ir.Select{
		QueryMeta: query(s),
		Items:     []*ir.SelectItem{{PartMeta: part(s), Expr: &ir.Star{ExprMeta: expr(s)}}},
		From:      []ir.TableExpr{&ir.Derived{TableMeta: table(s), Query: q, Alias: ir.Ident{Text: "Q"}}},
	}
}

// atQueryRest tells that something stands here which continues a query.
func (p *parser) atQueryRest() bool {
	switch p.Kind() {
	case kUnion, kIntersect, kMinusRows, kExcept, kOrder, kFetch:
		return true
	case kFor:
		return p.Ahead(1) == kUpdate
	case kIdent:
		return p.atOffset()
	}
	return false
}

// atOffset tells that OFFSET n ROWS stands here.
func (p *parser) atOffset() bool {
	t := p.Cur()
	return t.End-t.Start == len("OFFSET") && p.is("OFFSET") && (isOperandStart(p.Ahead(1)) || p.Ahead(1) == kNull || p.Ahead(1) == kMinus)
}

// queryRest reads set operations, ORDER BY, the number of rows and locks behind the first term, which begins at the i-th token.
func (p *parser) queryRest(q ir.Query, i int) ir.Query {
	if !p.atQueryRest() {
		return q
	}
	q = p.setOps(q)
	if p.Kind() == kOrder || p.Kind() == kFetch || p.Kind() == kIdent && p.atOffset() {
		if m := q.Common(); len(m.OrderBy) > 0 || m.Limit != nil || m.Offset != nil {
			q = wrap(q)
		}
	}
	m := q.Common()
	for p.queryTail(m) {
	}
	m.Span = source.Cover(m.Span, p.SpanFrom(i))
	return q
}

// queryTail reads one clause behind the terms; false if there is none.
func (p *parser) queryTail(m *ir.QueryMeta) bool {
	switch k := p.Kind(); {
	case k == kOrder:
		m.Siblings = p.isAt(p.Pos+1, "SIBLINGS")
		m.OrderBy = p.orderBy()
	case k == kFetch:
		p.fetchFirst(m)
	case k == kFor && p.Ahead(1) == kUpdate:
		m.Lock = append(m.Lock, p.lock())
	case k == kIdent && p.atOffset():
		i := p.Next()
		m.Offset = p.expr()
		p.rowWord()
		if m.Fetch == nil {
			m.Fetch = &ir.Fetch{}
			m.Fetch.Span = p.SpanFrom(i)
		}
	default:
		return false
	}
	return true
}

func (p *parser) rowWord() {
	if p.Kind() != kRow && p.Kind() != kRows {
		p.Fail("ROW", "ROWS")
	}
	p.Next()
}

// setOps folds set operations from the left: all have the same precedence (SQL Language Reference, The UNION [ALL], INTERSECT, MINUS
// Operators).
func (p *parser) setOps(q ir.Query) ir.Query {
	for {
		s := &ir.SetOp{L: q}
		switch p.Kind() {
		case kUnion:
		case kIntersect:
			s.Kind = ir.Intersect
		case kMinusRows, kExcept:
			s.Kind = ir.Except
		default:
			return q
		}
		p.Next()
		if s.All = p.Accept(kAll); !s.All {
			p.Accept(kDistinct)
		}
		s.R = p.queryTerm()
		s.Span = source.Cover(q.Base().Span, s.R.Base().Span)
		if m := q.Common(); len(m.Into) > 0 { // it belongs to the whole query
			s.Into, s.Bulk, m.Into, m.Bulk = m.Into, m.Bulk, nil, false
		}
		q = s
	}
}

// fetchFirst reads FETCH FIRST [n [PERCENT]] ROWS ONLY | WITH TIES.
func (p *parser) fetchFirst(m *ir.QueryMeta) {
	i := p.Next()
	if w := p.acceptAny("EXACT", "APPROX", "APPROXIMATE"); w != "" && w != "EXACT" {
		p.giveUp(i, codePart, "FETCH APPROX")
	}
	if p.acceptAny("FIRST", "NEXT") == "" {
		p.Fail("FIRST", "NEXT")
	}
	f := &ir.Fetch{}
	if p.Kind() == kRow || p.Kind() == kRows {
		m.Limit = &ir.Number{ExprMeta: p.sinceExpr(i), Text: "1"}
	} else {
		m.Limit = p.expr()
		f.Percent = p.acceptWord("PERCENT")
	}
	if j := p.Pos; p.acceptAny("PARTITIONS", "PARTITION") != "" {
		p.giveUp(j, codePart, "FETCH FIRST n PARTITIONS")
	}
	p.rowWord()
	if p.Kind() == kWith {
		p.Next()
		p.expectWord("TIES")
		f.WithTies = true
	} else {
		p.expectWord("ONLY")
	}
	f.Span = p.SpanFrom(i)
	m.Fetch = f
}

// lock reads FOR UPDATE with its options.
func (p *parser) lock() *ir.Locking {
	i := p.Pos
	p.Pos += 2
	l := &ir.Locking{}
	if p.Accept(kOf) {
		for more := true; more; more = p.Accept(kComma) {
			l.Columns = append(l.Columns, p.colRef())
		}
	}
	switch {
	case p.acceptWord("NOWAIT"):
		l.NoWait = true
	case p.acceptWords("SKIP", "LOCKED"):
		l.SkipLocked = true
	case p.acceptWord("WAIT"):
		l.Wait = p.expr()
	}
	l.Span = p.SpanFrom(i)
	return l
}

// queryTerm reads an operand of a set operation.
func (p *parser) queryTerm() ir.Query {
	switch p.Kind() {
	case kSelect:
		return p.selectQuery()
	case kLP:
		p.Next()
		q := p.query()
		p.Expect(kRP)
		return q
	case kValues:
		return p.valuesQuery()
	}
	p.Fail("a query")
	return nil
}

// valuesQuery reads VALUES (...), (...).
func (p *parser) valuesQuery() *ir.Values {
	i := p.Expect(kValues)
	v := &ir.Values{}
	for more := true; more; more = p.Accept(kComma) {
		v.Rows = append(v.Rows, p.row())
	}
	v.Span = p.SpanFrom(i)
	return v
}

// row reads values in parentheses.
func (p *parser) row() *ir.RowExpr {
	i := p.Pos
	r := &ir.RowExpr{Items: p.parenExprs()}
	r.Span = p.SpanFrom(i)
	return r
}

// selectQuery reads SELECT with its clauses up to WINDOW.
func (p *parser) selectQuery() ir.Query {
	i := p.Expect(kSelect)
	q := &ir.Select{}
	switch p.Kind() {
	case kDistinct, kUnique:
		p.Next()
		q.Distinct = true
	case kAll:
		p.Next()
	}
	q.Hints = p.hints(i)
	q.Items = p.selectItems()
	q.Into, q.Bulk = p.intoClause()
	if p.Accept(kFrom) {
		q.From = p.from()
	}
	if p.Accept(kWhere) {
		q.Where = p.expr()
	}
	if p.Kind() == kStart || p.Kind() == kConnect {
		q.Connect = p.connectBy()
	}
	for p.selectClause(q) {
	}
	q.Span = p.SpanFrom(i)
	return q
}

// selectClause reads GROUP BY, HAVING, WINDOW, or a clause that is refused; false if there is none.
func (p *parser) selectClause(q *ir.Select) bool {
	i := p.Pos
	switch k := p.Kind(); {
	case k == kGroup && p.Ahead(1) == kBy && p.Ahead(2) == kAll && q.GroupBy == nil && !q.GroupAll:
		p.Pos += 3
		q.GroupAll = true
	case k == kGroup && q.GroupBy == nil && !q.GroupAll:
		q.GroupBy = p.groupBy()
	case k == kHaving && q.Having == nil:
		p.Next()
		q.Having = p.expr()
	case k == kModel:
		p.Next()
		p.giveUp(i, codePart, "the MODEL clause")
	case k == kIdent && p.is("WINDOW") && p.Ahead(2) == kAs && p.Ahead(3) == kLP:
		p.Next()
		q.Windows = p.windowDefs()
	case k == kIdent && p.is("QUALIFY") && p.clauseBehind():
		p.Next()
		p.giveUp(i, codePart, "the QUALIFY clause")
	default:
		return false
	}
	return true
}

// clauseBehind tells that a value stands behind the word at hand, so that it is no alias.
func (p *parser) clauseBehind() bool {
	k := p.Ahead(1)
	return isOperandStart(k) || k == kNot || k == kExists || k == kCase
}

// hints takes the optimizer hints that stand behind the i-th token, the first word of a statement.
func (p *parser) hints(i int) []string {
	if len(p.Tokens.Comments) == 0 {
		return nil
	}
	var out []string
	from, _, to := p.Tokens.CommentsBefore(i + 1)
	for _, c := range p.Tokens.Comments[from:to] {
		if c.Hint {
			out = append(out, p.Tokens.File.Text[c.Start:c.End])
		}
	}
	return out
}

// selectItems reads a select list.
func (p *parser) selectItems() []*ir.SelectItem {
	var room [8]*ir.SelectItem
	l := room[:0]
	for more := true; more; more = p.Accept(kComma) {
		l = append(l, p.selectItem())
	}
	return slices.Clone(l)
}

// selectItem reads an item of a select list.
func (p *parser) selectItem() *ir.SelectItem {
	i := p.Pos
	n := &ir.SelectItem{}
	if p.Kind() == kStar {
		p.Next()
		n.Expr = &ir.Star{ExprMeta: expr(p.Span(i))}
	} else {
		n.Expr = p.expr()
		end := p.Pos
		switch {
		case p.Accept(kAs):
			n.Alias = p.anyIdent()
		case p.isAlias(), p.Kind() == kCase && (p.Ahead(1) == kComma || p.Ahead(1) == kFrom): // CASE is reserved in PL/SQL only
			n.Alias = p.identAt(p.Next())
		default:
			n.Label = p.columnLabel(n.Expr, i, end)
		}
	}
	n.Span = p.SpanFrom(i)
	p.comments(n, i)
	return n
}

// columnLabel is the name of a result column without alias: a column's own name, or the text in upper case without blanks.
func (p *parser) columnLabel(e ir.Expr, i, end int) string {
	switch e := e.(type) {
	case *ir.Star:
		return ""
	case *ir.Name:
		return e.Parts[len(e.Parts)-1].Text
	}
	if end == i+1 {
		return toUpper(strings.ReplaceAll(p.TextAt(i), " ", ""))
	}
	var b strings.Builder
	for k := i; k < end; k++ {
		b.WriteString(p.TextAt(k))
	}
	return toUpper(strings.Join(strings.Fields(b.String()), ""))
}

// connectBy reads START WITH and CONNECT BY, in either order.
func (p *parser) connectBy() *ir.ConnectBy {
	i := p.Pos
	c := &ir.ConnectBy{}
	for {
		switch {
		case p.Kind() == kStart && c.Start == nil:
			p.Next()
			p.Expect(kWith)
			c.Start = p.expr()
			continue
		case p.Kind() == kConnect && c.By == nil:
			p.Next()
			p.Expect(kBy)
			c.NoCycle = p.acceptWord("NOCYCLE")
			c.By = p.expr()
			continue
		case c.By == nil:
			p.Fail("CONNECT BY")
		}
		c.Span = p.SpanFrom(i)
		return c
	}
}

// ---- GROUP BY and ORDER BY ----

func (p *parser) groupBy() []*ir.OrderItem {
	p.Next()
	p.Expect(kBy)
	var out []*ir.OrderItem
	for more := true; more; more = p.Accept(kComma) {
		i := p.Pos
		e := p.groupItem()
		out = append(out, &ir.OrderItem{PartMeta: p.sincePart(i), Expr: e, Nulls: ir.NullsAny})
	}
	return out
}

// groupItem reads an expression, a group of them, ROLLUP, CUBE or GROUPING SETS.
func (p *parser) groupItem() ir.Expr {
	i := p.Pos
	switch {
	case p.Kind() == kLP && p.Ahead(1) == kRP:
		p.Pos += 2
		return &ir.GroupingSet{ExprMeta: p.sinceExpr(i)}
	case p.Kind() == kIdent && (p.is("ROLLUP") || p.is("CUBE")) && p.Ahead(1) == kLP:
		kind := strings.ToLower(p.TextAt(p.Next()))
		return p.groupingSet(i, kind)
	case p.isWords("GROUPING", "SETS"):
		p.Pos += 2
		return p.groupingSet(i, "sets")
	}
	e := p.expr()
	if r, ok := e.(*ir.RowExpr); ok {
		return &ir.GroupingSet{ExprMeta: r.ExprMeta, Items: r.Items}
	}
	return e
}

// groupingSet reads the items of ROLLUP, CUBE or GROUPING SETS.
func (p *parser) groupingSet(i int, kind string) ir.Expr {
	p.Enter()
	defer p.Leave()
	g := &ir.GroupingSet{Kind: kind}
	p.Expect(kLP)
	for more := true; more; more = p.Accept(kComma) {
		g.Items = append(g.Items, p.groupItem())
	}
	p.Expect(kRP)
	g.Span = p.SpanFrom(i)
	return g
}

// orderBy reads ORDER [SIBLINGS] BY.
func (p *parser) orderBy() []*ir.OrderItem {
	p.Expect(kOrder)
	p.acceptWord("SIBLINGS")
	p.Expect(kBy)
	return p.orderItems()
}

func (p *parser) orderItems() []*ir.OrderItem {
	var out []*ir.OrderItem
	for more := true; more; more = p.Accept(kComma) {
		out = append(out, p.orderItem())
	}
	return out
}

// orderItem reads an item of ORDER BY. NULLs come last, with DESC first (SQL Language Reference, SELECT, order_by_clause).
func (p *parser) orderItem() *ir.OrderItem {
	i := p.Pos
	o := &ir.OrderItem{Expr: p.expr(), Nulls: ir.NullsLast}
	if p.Accept(kDesc) {
		o.Desc, o.Nulls = true, ir.NullsFirst
	} else {
		p.Accept(kAsc)
	}
	if p.acceptWord("NULLS") {
		switch p.acceptAny("FIRST", "LAST") {
		case "FIRST":
			o.Nulls = ir.NullsFirst
		case "LAST":
			o.Nulls = ir.NullsLast
		default:
			p.Fail("FIRST", "LAST")
		}
	}
	if n, ok := o.Expr.(*ir.Number); ok && n.Kind == ir.IntNumber {
		o.Position, _ = strconv.Atoi(n.Text)
	}
	o.Span = p.SpanFrom(i)
	return o
}

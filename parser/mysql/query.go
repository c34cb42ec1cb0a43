package mysql

import (
	"slices"
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/source"
)

// atQuery tells that a query begins here.
func (p *parser) atQuery() bool {
	switch p.Kind() {
	case kSelect, kWith, kLP, kTable, kValues, kValuesRow:
		return true
	}
	return false
}

// query reads a query with its WITH.
func (p *parser) query() ir.Query {
	p.Enter()
	defer p.Leave()
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

func (p *parser) with() *ir.With {
	i := p.Expect(kWith)
	w := &ir.With{Recursive: p.Accept(kRecursive)}
	for more := true; more; more = p.Accept(kComma) {
		w.CTEs = append(w.CTEs, p.cte())
	}
	w.Span = p.SpanFrom(i)
	return w
}

func (p *parser) cte() *ir.CTE {
	i := p.Pos
	c := &ir.CTE{Name: p.ident(), Columns: p.maybeParenIdents()}
	p.Expect(kAs)
	p.Expect(kLP)
	c.Query = p.query()
	p.Expect(kRP)
	if p.acceptWord("CYCLE") { // CYCLE a SET b ..., or MariaDB's CYCLE a RESTRICT
		p.cycle()
		p.report(codeBehaviour, p.SpanFrom(i), "the CYCLE clause of %s is left out: the query does not end where the source would stop at a cycle", c.Name.Text)
	}
	c.Span = p.SpanFrom(i)
	return c
}

func (p *parser) cycle() {
	p.identList()
	if p.Accept(kRestrict) {
		return
	}
	p.Expect(kSet)
	p.ident()
	p.Expect(kIdent)
	p.ident()
	p.Expect(kIdent)
}

// wrap makes SELECT * FROM (q), so that clauses can be added outside of it.
func wrap(q ir.Query) ir.Query {
	s := q.Base().Span
	return &ir.Select{
		QueryMeta: query(s),
		Items:     []*ir.SelectItem{{PartMeta: part(s), Expr: &ir.Star{ExprMeta: expr(s)}}},
		From:      []ir.TableExpr{&ir.Derived{TableMeta: table(s), Query: q, Alias: ir.Ident{Text: "q"}}},
	}
}

// atQueryRest tells that something stands here which continues a query.
func (p *parser) atQueryRest() bool {
	switch p.Kind() {
	case kUnion, kExcept, kIntersect, kOrder, kLimit, kOffset, kFetch, kFor, kLock, kInto:
		return true
	}
	return false
}

// queryRest reads set operations, ORDER BY, LIMIT, locks and INTO behind the first term, which begins at the i-th token.
func (p *parser) queryRest(q ir.Query, i int) ir.Query {
	if !p.atQueryRest() {
		return q
	}
	q = p.setOps(q)
	if p.Kind() == kOrder || p.atLimit() {
		if m := q.Common(); len(m.OrderBy) > 0 || m.Limit != nil {
			q = wrap(q)
		}
	}
	m := q.Common()
	if p.Kind() == kOrder {
		m.OrderBy = p.orderBy()
	}
	for p.queryTail(m) {
	}
	m.Span = source.Cover(m.Span, p.SpanFrom(i))
	return q
}

// queryTail reads one clause behind ORDER BY; false if there is none.
func (p *parser) queryTail(m *ir.QueryMeta) bool {
	switch {
	case p.atLimit():
		p.limit(m)
	case p.Kind() == kFor || p.Kind() == kLock:
		m.Lock = append(m.Lock, p.lock())
	case p.Kind() == kInto:
		p.into(m)
	default:
		return false
	}
	return true
}

// setOps folds set operations; INTERSECT binds tighter than UNION and EXCEPT (Set Operations with UNION, INTERSECT, and EXCEPT).
func (p *parser) setOps(q ir.Query) ir.Query {
	var left *ir.SetOp // UNION or EXCEPT that waits for its right operand
	for {
		k := p.Kind()
		if k != kUnion && k != kExcept && k != kIntersect {
			break
		}
		p.Next()
		all := p.Accept(kAll)
		if !all {
			p.Accept(kDistinct)
		}
		x := p.queryTerm()
		switch {
		case k == kIntersect:
			q = setOp(ir.Intersect, all, q, x)
			continue
		case left != nil:
			q = completed(left, q)
		}
		left = &ir.SetOp{Kind: ir.Union, All: all, L: q}
		if k == kExcept {
			left.Kind = ir.Except
		}
		q = x
	}
	if left != nil {
		q = completed(left, q)
	}
	return q
}

func completed(s *ir.SetOp, r ir.Query) ir.Query {
	s.R = r
	s.Span = source.Cover(s.L.Base().Span, r.Base().Span)
	return s
}

func setOp(k ir.SetKind, all bool, l, r ir.Query) ir.Query {
	return completed(&ir.SetOp{Kind: k, All: all, L: l}, r)
}

// atLimit tells that LIMIT, OFFSET or FETCH stands here.
func (p *parser) atLimit() bool {
	k := p.Kind()
	return k == kLimit || k == kOffset || k == kFetch
}

func (p *parser) limit(m *ir.QueryMeta) {
	i := p.Pos
	switch p.Kind() {
	case kFetch:
		p.fetchFirst(m)
	case kOffset:
		p.Next()
		m.Offset = p.expr()
		if p.Kind() == kRow || p.Kind() == kRows {
			p.Next()
		}
	default:
		p.Next()
		m.Limit = p.expr()
		if p.Accept(kComma) {
			m.Offset, m.Limit = m.Limit, p.expr()
		}
		if p.Accept(kRows) { // ROWS EXAMINED n
			p.Expect(kIdent)
			p.expr()
			p.report(codeBehaviour, p.SpanFrom(i), "LIMIT ROWS EXAMINED is left out: the query does not stop early")
		}
	}
}

// fetchFirst is FETCH FIRST n ROWS ONLY (MariaDB).
func (p *parser) fetchFirst(m *ir.QueryMeta) {
	i := p.Next()
	p.Expect(kIdent)
	n := p.Pos
	switch p.Kind() {
	case kNumber, kParam, kUserVar:
		m.Limit = p.primary()
	default:
		n = -1
	}
	if p.Kind() != kRow && p.Kind() != kRows {
		p.Fail("ROW", "ROWS")
	}
	p.Next()
	ties := p.Accept(kWith)
	p.Expect(kIdent)
	s := p.SpanFrom(i)
	switch {
	case ties:
		p.report(codePart, s, "FETCH ... WITH TIES is not converted")
		m.Limit = &ir.UnsupportedExpr{ExprMeta: expr(s), Text: s.Text(), Code: codePart.ID}
	case n < 0:
		m.Limit = &ir.Number{ExprMeta: expr(s), Text: "1"}
	}
}

// lock is FOR UPDATE, FOR SHARE or LOCK IN SHARE MODE with its options.
func (p *parser) lock() *ir.Locking {
	i := p.Pos
	l := &ir.Locking{Share: true}
	if p.Accept(kLock) {
		p.Expect(kIn)
		p.Expect(kIdent)
		p.Expect(kIdent)
		l.Span = p.SpanFrom(i)
		return l
	}
	p.Expect(kFor)
	if l.Share = !p.Accept(kUpdate); l.Share && !p.acceptWord("SHARE") {
		p.Fail("UPDATE", "SHARE")
	}
	if p.Accept(kOf) {
		for more := true; more; more = p.Accept(kComma) {
			q := p.qname()
			l.Of = append(l.Of, q.Parts[len(q.Parts)-1])
		}
	}
	p.lockOptions(l)
	l.Span = p.SpanFrom(i)
	return l
}

// lockOptions are NOWAIT, SKIP LOCKED and WAIT n.
func (p *parser) lockOptions(l *ir.Locking) {
	if p.Kind() != kIdent {
		return
	}
	w := p.upper(p.Next())
	k := p.Kind()
	if k == kIdent || k == kNumber {
		p.Next()
	}
	switch {
	case w == "NOWAIT":
		l.NoWait = true
	case w == "SKIP" && k == kIdent:
		l.SkipLocked = true
	case w == "WAIT" && k == kNumber:
		l.Wait = p.number(p.Pos - 1)
	default:
		p.FailAt(p.Pos-1, "NOWAIT", "SKIP LOCKED", "WAIT n")
	}
}

func (p *parser) into(m *ir.QueryMeta) {
	i := p.Expect(kInto)
	m.Into = nil
	if p.Accept(kOutFile) {
		p.Expect(kString)
		p.outFile()
		m.IntoFile = p.Source(i)
		p.report(codePart, p.SpanFrom(i), "INTO OUTFILE is not converted: the file would be written by the target's server")
		return
	}
	m.Into = p.intoTargets()
}

// outFile reads the format of INTO OUTFILE.
func (p *parser) outFile() {
	if p.Accept(kCharset) {
		p.charsetName()
	}
	for {
		switch p.Kind() {
		case kIdent, kString, kColumns, kBy, kHex:
			p.Next()
		default:
			return
		}
	}
}

func (p *parser) intoTargets() []ir.Expr {
	var out []ir.Expr
	for more := true; more; more = p.Accept(kComma) {
		out = append(out, p.intoTarget())
	}
	return out
}

// intoTarget is a user variable, a local variable or a field of a record.
func (p *parser) intoTarget() ir.Expr {
	if p.Kind() == kUserVar {
		return p.userVar(p.Next())
	}
	return p.colRef()
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
	case kTable:
		return p.tableQuery()
	case kValues, kValuesRow:
		return p.valuesQuery()
	}
	p.Fail("a query")
	return nil
}

// tableQuery is TABLE t: SELECT * FROM t.
func (p *parser) tableQuery() ir.Query {
	i := p.Expect(kTable)
	n := p.qname()
	s := p.SpanFrom(i)
	return &ir.Select{
		QueryMeta: query(s),
		Items:     []*ir.SelectItem{{PartMeta: part(s), Expr: &ir.Star{ExprMeta: expr(s)}}},
		From:      []ir.TableExpr{&ir.TableRef{TableMeta: table(n.Span), Name: n}},
	}
}

// valuesQuery is VALUES ROW(...), ROW(...), and what INSERT writes in its place: VALUES (...), VALUE (...).
func (p *parser) valuesQuery() *ir.Values {
	i := p.Pos
	v := &ir.Values{}
	if p.Kind() == kValuesRow {
		p.Next()
		j := p.Pos
		v.Rows = append(v.Rows, p.rowTail(j))
	} else {
		p.Next()
		v.Rows = append(v.Rows, p.rowValue())
	}
	for p.Accept(kComma) {
		v.Rows = append(v.Rows, p.rowValue())
	}
	v.Span = p.SpanFrom(i)
	return v
}

func (p *parser) rowValue() *ir.RowExpr {
	i := p.Pos
	p.Accept(kRow)
	return p.rowTail(i)
}

func (p *parser) rowTail(i int) *ir.RowExpr {
	r := p.pool.rows.New()
	r.Items = p.parenExprs()
	r.Span = p.SpanFrom(i)
	return r
}

// selectQuery is SELECT with its clauses up to WINDOW.
func (p *parser) selectQuery() ir.Query {
	i := p.Expect(kSelect)
	q := &ir.Select{LaxGroup: !p.mode.OnlyFullGroupBy}
	p.selectOptions(q)
	p.hints(q, i)
	q.Items = p.selectItems()
	if p.Kind() == kInto {
		p.into(&q.QueryMeta)
	}
	if p.Kind() == kFrom {
		q.From = p.from()
	}
	if p.Accept(kWhere) {
		q.Where = p.expr()
	}
	if p.Kind() == kGroup {
		p.groupBy(q)
	}
	if p.Accept(kHaving) {
		q.Having = p.expr()
	}
	if p.Accept(kWindow) {
		for more := true; more; more = p.Accept(kComma) {
			q.Windows = append(q.Windows, p.windowDef())
		}
	}
	q.Span = p.SpanFrom(i)
	return q
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

// selectOptions are the words behind SELECT.
func (p *parser) selectOptions(q *ir.Select) {
	for {
		switch p.Kind() {
		case kDistinct:
			q.Distinct = true
		case kAll:
		case kStraightJoin, kSelectOpt, kPriority:
			q.Hints = append(q.Hints, p.upper(p.Pos))
		default:
			return
		}
		p.Next()
	}
}

// hints takes the optimizer hints that stand behind SELECT.
func (p *parser) hints(q *ir.Select, at int) {
	if len(p.Tokens.Comments) == 0 {
		return
	}
	from, _, to := p.Tokens.CommentsBefore(at + 1)
	for _, c := range p.Tokens.Comments[from:to] {
		if c.Hint {
			q.Hints = append(q.Hints, p.Tokens.File.Text[c.Start:c.End])
		}
	}
}

// selectItem is an item of a select list. Without an alias the column is named after the text (SELECT Statement).
func (p *parser) selectItem() *ir.SelectItem {
	i := p.Pos
	n := &ir.SelectItem{}
	if p.Kind() == kStar {
		p.Next()
		n.Expr = &ir.Star{ExprMeta: expr(p.Span(i))}
	} else {
		n.Expr = p.expr()
		end := p.Pos
		if !p.itemAlias(n) {
			n.Label = label(n.Expr, p.Tokens.Span(i, end-1).Text())
		}
	}
	n.Span = p.SpanFrom(i)
	p.comments(n, i)
	return n
}

// itemAlias reads the alias of a select item; false if there is none.
func (p *parser) itemAlias(n *ir.SelectItem) bool {
	as := p.Accept(kAs)
	switch {
	case p.Kind() == kString:
		n.Alias = ir.Ident{Text: p.str(), Quoted: true}
	case as:
		n.Alias = p.ident()
	case p.isAlias():
		n.Alias = p.identAt(p.Next())
	default:
		return false
	}
	return true
}

// label is the name of a result column without alias.
func label(e ir.Expr, text string) string {
	switch e := e.(type) {
	case *ir.Star:
		return ""
	case *ir.Name:
		return e.Parts[len(e.Parts)-1].Text
	case *ir.String:
		return e.Value
	}
	return text
}

func (p *parser) groupBy(q *ir.Select) {
	p.Expect(kGroup)
	p.Expect(kBy)
	q.GroupBy = p.orderItems()
	if p.Accept(kWithRollup) {
		q.Rollup = true
	}
	if len(q.GroupBy) != 1 {
		return
	}
	if f, ok := q.GroupBy[0].Expr.(*ir.RoutineCall); ok && strings.EqualFold(f.Name.String(), "rollup") {
		q.Rollup, q.GroupBy = true, nil
		for _, a := range f.Args {
			q.GroupBy = append(q.GroupBy, orderNode(a, false, a.Base().Span))
		}
	}
}

func (p *parser) orderBy() []*ir.OrderItem {
	p.Expect(kOrder)
	p.Expect(kBy)
	return p.orderItems()
}

func (p *parser) orderItems() []*ir.OrderItem {
	var out []*ir.OrderItem
	for more := true; more; more = p.Accept(kComma) {
		i := p.Pos
		e := p.expr()
		desc := p.Accept(kDesc)
		if !desc {
			p.Accept(kAsc)
		}
		out = append(out, orderNode(e, desc, p.SpanFrom(i)))
	}
	return out
}

// orderNode is an item of ORDER BY: NULL is the lowest value (Working with NULL Values).
func orderNode(e ir.Expr, desc bool, s source.Span) *ir.OrderItem {
	o := &ir.OrderItem{PartMeta: part(s), Expr: e, Desc: desc, Nulls: ir.NullsFirst}
	if desc {
		o.Nulls = ir.NullsLast
	}
	if n, ok := e.(*ir.Number); ok && n.Kind == ir.IntNumber {
		o.Position, _ = strconv.Atoi(n.Text)
	}
	return o
}

// ---- windows ----

func (p *parser) windowDef() *ir.WindowDef {
	i := p.Pos
	id := p.ident()
	p.Expect(kAs)
	w := p.windowSpec()
	w.Name, w.Span = id.Text, p.SpanFrom(i)
	return w
}

func (p *parser) windowSpec() *ir.WindowDef {
	i := p.Expect(kLP)
	w := &ir.WindowDef{}
	if p.Kind() == kIdent || p.Kind() == kQIdent {
		w.Extends = p.ident().Text
	}
	if p.Accept(kPartition) {
		p.Expect(kBy)
		w.PartitionBy = p.exprList()
	}
	if p.Kind() == kOrder {
		w.OrderBy = p.orderBy()
		for _, o := range w.OrderBy {
			o.Position = 0 // a number is a constant here
		}
	}
	if p.Kind() == kRows || p.Kind() == kRange {
		w.Frame = p.frame()
	}
	p.Expect(kRP)
	w.Span = p.SpanFrom(i)
	return w
}

func (p *parser) frame() *ir.Frame {
	i := p.Pos
	f := &ir.Frame{Unit: strings.ToLower(p.TextAt(p.Next()))}
	if p.Accept(kBetween) {
		f.Start = p.frameBound()
		p.Expect(kAnd)
		f.End = p.frameBound()
	} else {
		f.Start = p.frameBound()
	}
	f.Span = p.SpanFrom(i)
	return f
}

// frameBound is UNBOUNDED PRECEDING, CURRENT ROW, n FOLLOWING or INTERVAL n unit PRECEDING.
func (p *parser) frameBound() *ir.FrameBound {
	i := p.Pos
	f := &ir.FrameBound{}
	e := p.frameAmount()
	first := strings.ToLower(p.Source(i))
	if p.Kind() != kIdent && p.Kind() != kRow {
		p.Fail("PRECEDING", "FOLLOWING", "CURRENT ROW")
	}
	f.Kind = strings.ToLower(p.TextAt(p.Next()))
	f.Span = p.SpanFrom(i)
	switch first {
	case "current":
		f.Kind = "current row"
		return f
	case "unbounded":
		f.Kind = "unbounded " + f.Kind
		return f
	}
	f.Amount = e
	if iv, ok := e.(*interval); ok {
		f.Amount, f.Unit = iv.amount, iv.unit
	}
	if f.Kind != "preceding" && f.Kind != "following" {
		f.Amount = p.refuseExpr(f.Span, "this bound of a window frame")
		f.Kind = "preceding"
	}
	return f
}

// frameAmount reads the amount of a bound. It ends before AND, which belongs to the frame.
func (p *parser) frameAmount() ir.Expr {
	p.Enter()
	e := p.climb(powerBinary)
	p.Leave()
	return e
}

package mysql

import (
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/source"
	g "godwit/parser/mysql/internal/gram"
)

// meta gives the common part of a query.
func meta(q ir.Query) *ir.QueryMeta {
	switch q := q.(type) {
	case *ir.Select:
		return &q.QueryMeta
	case *ir.SetOp:
		return &q.QueryMeta
	case *ir.Values:
		return &q.QueryMeta
	}
	panic("unknown query")
}

func (b *builder) query(c g.IQueryContext) ir.Query {
	q := b.queryBody(c.QueryBody())
	if c.WithClause() != nil {
		q = b.withOn(q, c.WithClause())
	}
	return q
}

func (b *builder) queryBody(c g.IQueryBodyContext) ir.Query {
	return b.queryRest(b.queryTerm(c.QueryTerm()), c.QueryRest(), b.span(c))
}

func (b *builder) insertQuery(c g.IInsertQueryContext) ir.Query {
	q := b.queryRest(b.queryTermNV(c.QueryTermNV()), c.QueryRest(), b.span(c))
	if c.WithClause() != nil {
		q = b.withOn(q, c.WithClause())
	}
	return q
}

func (b *builder) querySpecStart(c g.IQuerySpecStartContext) ir.Query {
	var q ir.Query
	switch {
	case c.QuerySpec() != nil:
		q = b.querySpec(c.QuerySpec())
	case c.TABLE() != nil:
		q = b.tableQuery(c.Qname(), b.span(c))
	default:
		q = b.rowsQuery(c.RowTail(), c.AllRowValue(), b.span(c))
	}
	return b.queryRest(q, c.QueryRest(), b.span(c))
}

// withOn puts WITH on a query; a parenthesised query that has its own is wrapped.
func (b *builder) withOn(q ir.Query, c g.IWithClauseContext) ir.Query {
	if meta(q).With != nil {
		q = wrap(q)
	}
	meta(q).With = b.with(c)
	meta(q).Span = source.Cover(b.span(c), meta(q).Span)
	return q
}

func (b *builder) with(c g.IWithClauseContext) *ir.With {
	w := &ir.With{PartMeta: part(b.span(c)), Recursive: c.RECURSIVE() != nil}
	for _, x := range c.AllCte() {
		if len(x.AllIDENT()) > 0 {
			b.report(codeBehaviour, b.span(x), "the CYCLE clause of %s is left out: the query does not end where the source would stop at a cycle", b.ident(x.Ident(0)).Text)
		}
		w.CTEs = append(w.CTEs, &ir.CTE{PartMeta: part(b.span(x)), Name: b.ident(x.Ident(0)), Columns: b.parenIdents(x.ParenIdents()), Query: b.query(x.Query())})
	}
	return w
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

// queryRest adds set operations, ORDER BY, LIMIT, locks and INTO to the first term.
func (b *builder) queryRest(q ir.Query, c g.IQueryRestContext, s source.Span) ir.Query {
	if c == nil || c.GetChildCount() == 0 {
		return q
	}
	q = b.setOps(q, c)
	m := meta(q)
	if (c.OrderBy() != nil || limits(c)) && (len(m.OrderBy) > 0 || m.Limit != nil) {
		q = wrap(q)
		m = meta(q)
	}
	if c.OrderBy() != nil {
		m.OrderBy = b.orderBy(c.OrderBy())
	}
	for _, t := range c.AllQueryTail() {
		b.queryTail(m, t)
	}
	m.Span = source.Cover(m.Span, s)
	return q
}

func limits(c g.IQueryRestContext) bool {
	for _, t := range c.AllQueryTail() {
		if t.Limit() != nil {
			return true
		}
	}
	return false
}

// setOps folds set operations; INTERSECT binds tighter than UNION and EXCEPT (Set Operations with UNION, INTERSECT, and EXCEPT).
func (b *builder) setOps(q ir.Query, c g.IQueryRestContext) ir.Query {
	terms, ops := []ir.Query{q}, c.AllSetOp()
	kinds := make([]g.ISetOpContext, 0, len(ops))
	for i, t := range c.AllQueryTerm() {
		x := b.queryTerm(t)
		if ops[i].INTERSECT() != nil {
			terms[len(terms)-1] = setOp(ops[i], terms[len(terms)-1], x)
			continue
		}
		terms, kinds = append(terms, x), append(kinds, ops[i])
	}
	q = terms[0]
	for i, k := range kinds {
		q = setOp(k, q, terms[i+1])
	}
	return q
}

func setOp(c g.ISetOpContext, l, r ir.Query) ir.Query {
	s := &ir.SetOp{QueryMeta: query(source.Cover(l.Base().Span, r.Base().Span)), All: c.ALL() != nil, L: l, R: r}
	switch {
	case c.EXCEPT() != nil:
		s.Kind = ir.Except
	case c.INTERSECT() != nil:
		s.Kind = ir.Intersect
	}
	return s
}

func (b *builder) queryTail(m *ir.QueryMeta, c g.IQueryTailContext) {
	switch {
	case c.Limit() != nil:
		b.limit(m, c.Limit())
	case c.LockClause() != nil:
		m.Lock = append(m.Lock, b.lock(c.LockClause()))
	case c.IntoClause() != nil:
		b.into(m, c.IntoClause())
	}
}

func (b *builder) limit(m *ir.QueryMeta, c g.ILimitContext) {
	e := c.AllExpr()
	switch {
	case c.FetchFirst() != nil:
		b.fetchFirst(m, c.FetchFirst())
	case c.LIMIT() == nil:
		m.Offset = b.expr(e[0])
	case c.ROWS() != nil:
		b.report(codeBehaviour, b.span(c), "LIMIT ROWS EXAMINED is left out: the query does not stop early")
		e = e[:len(e)-1]
		fallthrough
	default:
		if c.COMMA() != nil {
			m.Offset, m.Limit = b.expr(e[0]), b.expr(e[1])
			return
		}
		if len(e) > 0 {
			m.Limit = b.expr(e[0])
		}
	}
}

// fetchFirst is FETCH FIRST n ROWS ONLY (MariaDB).
func (b *builder) fetchFirst(m *ir.QueryMeta, c g.IFetchFirstContext) {
	if c.WITH() != nil {
		b.report(codePart, b.span(c), "FETCH ... WITH TIES is not converted")
		m.Limit = &ir.UnsupportedExpr{ExprMeta: expr(b.span(c)), Text: b.text(c), Code: codePart.ID}
		return
	}
	switch {
	case c.NUMBER() != nil:
		m.Limit = number(expr(b.tokenSpan(c.NUMBER())), c.NUMBER().GetText())
	case c.PARAM() != nil:
		b.params++
		m.Limit = &ir.Param{ExprMeta: expr(b.tokenSpan(c.PARAM())), Index: b.params}
	case c.USERVAR() != nil:
		m.Limit = &ir.UserVar{ExprMeta: expr(b.tokenSpan(c.USERVAR())), Name: userVarName(c.USERVAR().GetText())}
	default:
		m.Limit = &ir.Number{ExprMeta: expr(b.span(c)), Text: "1"}
	}
}

// lock is FOR UPDATE, FOR SHARE or LOCK IN SHARE MODE with its options.
func (b *builder) lock(c g.ILockClauseContext) *ir.Locking {
	l := &ir.Locking{PartMeta: part(b.span(c)), Share: c.UPDATE() == nil}
	for _, q := range c.AllQname() {
		n := b.qname(q)
		l.Of = append(l.Of, n.Parts[len(n.Parts)-1])
	}
	if c.LOCK() != nil {
		return l
	}
	t := b.tokens(c)
	for i := range t {
		switch strings.ToUpper(t[i].Text) {
		case "NOWAIT":
			l.NoWait = true
		case "SKIP":
			l.SkipLocked = true
		case "WAIT":
			if i+1 < len(t) {
				l.Wait = number(expr(b.ts.Span(t[i+1].Index(), t[i+1].Index())), t[i+1].Text)
			}
		}
	}
	return l
}

func (b *builder) into(m *ir.QueryMeta, c g.IIntoClauseContext) {
	m.Into = nil
	if c.OUTFILE() != nil {
		m.IntoFile = b.text(c)
		b.report(codePart, b.span(c), "INTO OUTFILE is not converted: the file would be written by the target's server")
		return
	}
	for _, t := range c.AllIntoTarget() {
		m.Into = append(m.Into, b.intoTarget(t))
	}
}

// intoTarget is a user variable, a local variable or a field of a record.
func (b *builder) intoTarget(c g.IIntoTargetContext) ir.Expr {
	if c.USERVAR() != nil {
		return &ir.UserVar{ExprMeta: expr(b.span(c)), Name: userVarName(c.USERVAR().GetText())}
	}
	return &ir.Name{ExprMeta: expr(b.span(c)), Parts: b.idents(c.AllIdent())}
}

func (b *builder) queryTerm(c g.IQueryTermContext) ir.Query {
	if c.ValuesTerm() != nil {
		v := c.ValuesTerm()
		return b.rowsQuery(v.RowTail(), v.AllRowValue(), b.span(v))
	}
	return b.queryTermNV(c.QueryTermNV())
}

func (b *builder) queryTermNV(c g.IQueryTermNVContext) ir.Query {
	switch {
	case c.QuerySpec() != nil:
		return b.querySpec(c.QuerySpec())
	case c.Query() != nil:
		return b.query(c.Query())
	}
	return b.tableQuery(c.Qname(), b.span(c))
}

// tableQuery is TABLE t: SELECT * FROM t.
func (b *builder) tableQuery(c g.IQnameContext, s source.Span) ir.Query {
	return &ir.Select{
		QueryMeta: query(s),
		Items:     []*ir.SelectItem{{PartMeta: part(s), Expr: &ir.Star{ExprMeta: expr(s)}}},
		From:      []ir.TableExpr{&ir.TableRef{TableMeta: table(b.span(c)), Name: b.qname(c)}},
	}
}

// rowsQuery is VALUES ROW(...), ROW(...). A first row that the grammar reads apart is tail.
func (b *builder) rowsQuery(tail g.IRowTailContext, rows []g.IRowValueContext, s source.Span) *ir.Values {
	v := &ir.Values{QueryMeta: query(s)}
	if tail != nil {
		v.Rows = append(v.Rows, &ir.RowExpr{ExprMeta: expr(b.span(tail)), Items: b.exprs(tail.ExprList())})
	}
	for _, r := range rows {
		v.Rows = append(v.Rows, &ir.RowExpr{ExprMeta: expr(b.span(r)), Items: b.exprs(r.ExprList())})
	}
	return v
}

func (b *builder) querySpec(c g.IQuerySpecContext) ir.Query {
	q := &ir.Select{QueryMeta: query(b.span(c)), LaxGroup: !b.mode.OnlyFullGroupBy}
	for _, o := range c.AllSelectOpt() {
		switch {
		case o.DISTINCT() != nil:
			q.Distinct = true
		case o.ALL() != nil:
		default:
			q.Hints = append(q.Hints, strings.ToUpper(o.GetText()))
		}
	}
	b.hints(q, first(c))
	for _, i := range c.AllSelectItem() {
		q.Items = append(q.Items, b.selectItem(i))
	}
	if c.IntoClause() != nil {
		b.into(&q.QueryMeta, c.IntoClause())
	}
	if c.FromClause() != nil {
		q.From = b.from(c.FromClause())
	}
	if c.WhereClause() != nil {
		q.Where = b.expr(c.WhereClause().Expr())
	}
	if c.GroupBy() != nil {
		b.groupBy(q, c.GroupBy())
	}
	if c.HavingClause() != nil {
		q.Having = b.expr(c.HavingClause().Expr())
	}
	if c.WindowClause() != nil {
		for _, w := range c.WindowClause().AllWindowDef() {
			d := b.windowSpec(w.WindowSpec())
			d.Name, d.Span = b.ident(w.Ident()).Text, b.span(w)
			q.Windows = append(q.Windows, d)
		}
	}
	return q
}

// hints takes the optimizer hints that stand behind SELECT.
func (b *builder) hints(q *ir.Select, at int) {
	for _, c := range b.ts.Comments {
		if c.Hint && c.Before == at+1 {
			q.Hints = append(q.Hints, b.ts.File.Text[c.Start:c.End])
		}
	}
}

// selectItem is an item of a select list. Without an alias the column is named after the text (SELECT Statement).
func (b *builder) selectItem(c g.ISelectItemContext) *ir.SelectItem {
	i := &ir.SelectItem{PartMeta: part(b.span(c))}
	b.comments(i, c)
	if c.STAR() != nil {
		i.Expr = &ir.Star{ExprMeta: expr(b.span(c))}
		return i
	}
	i.Expr = b.expr(c.Expr())
	switch {
	case c.Ident() != nil:
		i.Alias = b.ident(c.Ident())
	case c.AliasIdent() != nil:
		i.Alias = identOf(&b.ts.List[first(c.AliasIdent())])
	case c.STRING() != nil:
		i.Alias = ir.Ident{Text: b.stringOf(c.STRING()), Quoted: true}
	default:
		i.Label = label(i.Expr, b.text(c.Expr()))
	}
	return i
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

func (b *builder) groupBy(q *ir.Select, c g.IGroupByContext) {
	q.Rollup = c.WITH_ROLLUP() != nil
	items := c.AllGroupItem()
	for _, i := range items {
		e := b.expr(i.Expr())
		if f, ok := e.(*ir.RoutineCall); ok && len(items) == 1 && strings.EqualFold(f.Name.String(), "rollup") {
			q.Rollup = true
			for _, a := range f.Args {
				q.GroupBy = append(q.GroupBy, b.orderNode(a, false, a.Base().Span))
			}
			return
		}
		q.GroupBy = append(q.GroupBy, b.orderNode(e, i.DESC() != nil, b.span(i)))
	}
}

func (b *builder) orderBy(c g.IOrderByContext) []*ir.OrderItem { return b.orderItems(c.AllOrderItem()) }

func (b *builder) orderItems(l []g.IOrderItemContext) []*ir.OrderItem {
	out := make([]*ir.OrderItem, len(l))
	for i, c := range l {
		out[i] = b.orderNode(b.expr(c.Expr()), c.DESC() != nil, b.span(c))
	}
	return out
}

// orderNode is an item of ORDER BY: NULL is the lowest value (Working with NULL Values).
func (b *builder) orderNode(e ir.Expr, desc bool, s source.Span) *ir.OrderItem {
	o := &ir.OrderItem{PartMeta: part(s), Expr: e, Desc: desc, Nulls: ir.NullsFirst}
	if desc {
		o.Nulls = ir.NullsLast
	}
	if n, ok := e.(*ir.Number); ok && n.Kind == ir.IntNumber {
		o.Position, _ = strconv.Atoi(n.Text)
	}
	return o
}

func (b *builder) windowSpec(c g.IWindowSpecContext) *ir.WindowDef {
	w := &ir.WindowDef{PartMeta: part(b.span(c)), PartitionBy: b.exprs(c.ExprList())}
	switch {
	case c.IDENT() != nil:
		w.Extends = c.IDENT().GetText()
	case c.QIDENT() != nil:
		w.Extends = unquoteName(c.QIDENT().GetText())
	}
	if c.OrderBy() != nil {
		w.OrderBy = b.orderBy(c.OrderBy())
		for _, o := range w.OrderBy {
			o.Position = 0 // a number is a constant here
		}
	}
	if f := c.Frame(); f != nil {
		w.Frame = &ir.Frame{PartMeta: part(b.span(f)), Unit: strings.ToLower(f.GetStart().GetText())}
		bounds := f.AllFrameBound()
		w.Frame.Start = b.frameBound(bounds[0])
		if len(bounds) > 1 {
			w.Frame.End = b.frameBound(bounds[1])
		}
	}
	return w
}

// frameBound is UNBOUNDED PRECEDING, CURRENT ROW, n FOLLOWING or INTERVAL n unit PRECEDING.
func (b *builder) frameBound(c g.IFrameBoundContext) *ir.FrameBound {
	f := &ir.FrameBound{PartMeta: part(b.span(c)), Kind: strings.ToLower(c.GetStop().GetText())}
	switch strings.ToLower(b.text(c.Expr())) {
	case "current":
		f.Kind = "current row"
		return f
	case "unbounded":
		f.Kind = "unbounded " + f.Kind
		return f
	}
	f.Amount = b.operandExpr(c.Expr())
	if iv, ok := f.Amount.(*interval); ok {
		f.Amount, f.Unit = iv.amount, iv.unit
	}
	if f.Kind != "preceding" && f.Kind != "following" {
		f.Amount = b.refuseExpr(b.span(c), "this bound of a window frame")
		f.Kind = "preceding"
	}
	return f
}

// ---- FROM ----

func (b *builder) from(c g.IFromClauseContext) []ir.TableExpr {
	l := b.tableRefs(c.AllTableRef())
	if len(l) == 1 {
		if t, ok := l[0].(*ir.TableRef); ok && len(t.Name.Parts) == 1 && !t.Name.Parts[0].Quoted && strings.EqualFold(t.Name.Name(), "dual") {
			return nil
		}
	}
	return l
}

func (b *builder) tableRefs(l []g.ITableRefContext) []ir.TableExpr {
	out := make([]ir.TableExpr, len(l))
	for i, c := range l {
		out[i] = b.tableRef(c)
	}
	return out
}

// pendingJoin is a join whose condition stands behind a later table: a JOIN b JOIN c ON x ON y.
type pendingJoin struct {
	left ir.TableExpr
	tail g.IJoinTailContext
}

// tableRef folds a list of joins. Which joins have a condition is told from the right, since each ON belongs to the nearest open join.
func (b *builder) tableRef(c g.ITableRefContext) ir.TableExpr {
	cur := b.tableFactor(c.TableFactor())
	tails := c.AllJoinTail()
	if len(tails) == 0 {
		return cur
	}
	conditions := b.conditioned(tails)
	var open []pendingJoin
	for i, t := range tails {
		right := b.tableFactor(t.TableFactor())
		conds := t.AllJoinCond()
		switch {
		case !conditions[i]:
			cur = b.join(cur, t, right, nil)
			continue
		case len(conds) == 0:
			open = append(open, pendingJoin{cur, t})
			cur = right
			continue
		}
		cur = b.join(cur, t, right, conds[0])
		for _, k := range conds[1:] {
			if len(open) == 0 {
				b.report(codePart, b.span(k), "a join condition without its join is not converted")
				break
			}
			p := open[len(open)-1]
			open = open[:len(open)-1]
			cur = b.join(p.left, p.tail, cur, k)
		}
	}
	for i := len(open) - 1; i >= 0; i-- {
		b.report(codePart, b.span(open[i].tail), "an outer join without condition is not converted")
		cur = b.join(open[i].left, open[i].tail, cur, nil)
	}
	return cur
}

// conditioned tells for each join whether it has a condition.
func (b *builder) conditioned(tails []g.IJoinTailContext) []bool {
	out := make([]bool, len(tails))
	avail := 0
	for i := len(tails) - 1; i >= 0; i-- {
		avail += len(tails[i].AllJoinCond())
		o := tails[i].JoinOp()
		switch {
		case o.NATURAL() != nil:
		case avail > 0:
			avail--
			out[i] = true
		case o.LEFT() != nil || o.RIGHT() != nil:
			out[i] = true
		}
	}
	return out
}

func (b *builder) join(l ir.TableExpr, t g.IJoinTailContext, r ir.TableExpr, cond g.IJoinCondContext) ir.TableExpr {
	o := t.JoinOp()
	s := source.Cover(l.Base().Span, r.Base().Span)
	j := &ir.Join{L: l, R: r, Natural: o.NATURAL() != nil, Straight: o.STRAIGHT_JOIN() != nil}
	switch {
	case o.LEFT() != nil:
		j.Kind = ir.LeftJoin
	case o.RIGHT() != nil:
		j.Kind = ir.RightJoin
	case cond == nil && !j.Natural:
		j.Kind = ir.CrossJoin
	}
	if cond != nil {
		s = source.Cover(s, b.span(cond))
		if cond.Expr() != nil {
			j.On = b.expr(cond.Expr())
		} else {
			j.Using = b.parenIdents(cond.ParenIdents())
		}
	}
	j.TableMeta = table(s)
	return j
}

func (b *builder) tableFactor(c g.ITableFactorContext) ir.TableExpr {
	s := b.span(c)
	switch {
	case c.Qname() != nil:
		return b.namedTable(c, s)
	case c.LATERAL() != nil:
		d := &ir.Derived{TableMeta: table(s), Query: b.query(c.Query()), Lateral: true}
		b.derivedAlias(d, c.DerivedAlias())
		return d
	case c.ParenTable() != nil:
		return b.parenTable(c, s)
	case c.JsonTable() != nil:
		j := b.jsonTable(c.JsonTable())
		j.Alias, j.Span = b.tableAlias(c.TableAlias()), s
		return j
	}
	return b.tableRef(c.TableRef())
}

func (b *builder) namedTable(c g.ITableFactorContext, s source.Span) ir.TableExpr {
	t := &ir.TableRef{TableMeta: table(s), Name: b.qname(c.Qname()), Alias: b.tableAlias(c.TableAlias())}
	if c.PartitionSel() != nil {
		t.Partitions = b.parenIdents(c.PartitionSel().ParenIdents())
	}
	if c.SystemTime() != nil {
		t.AsOf = b.text(c.SystemTime())
	}
	if c.PortionOf() != nil {
		b.report(codePart, b.span(c.PortionOf()), "FOR PORTION OF is not converted")
	}
	for _, h := range c.AllIndexHint() {
		t.Hints = append(t.Hints, b.text(h))
	}
	return t
}

func (b *builder) tableAlias(c g.ITableAliasContext) ir.Ident {
	switch {
	case c == nil:
		return ir.Ident{}
	case c.STRING() != nil:
		return ir.Ident{Text: b.stringOf(c.STRING()), Quoted: true}
	case c.Ident() != nil:
		return b.ident(c.Ident())
	}
	return identOf(&b.ts.List[first(c.AliasIdent())])
}

func (b *builder) derivedAlias(d *ir.Derived, c g.IDerivedAliasContext) {
	if c == nil {
		return
	}
	if c.Ident() != nil {
		d.Alias = b.ident(c.Ident())
	} else {
		d.Alias = identOf(&b.ts.List[first(c.AliasIdent())])
	}
	d.Columns = b.parenIdents(c.ParenIdents())
}

// parenTable is a derived table, or joins in parentheses. ((SELECT 1) UNION SELECT 2) begins like the latter.
func (b *builder) parenTable(c g.ITableFactorContext, s source.Span) ir.TableExpr {
	p := c.ParenTable()
	var q ir.Query
	switch {
	case p.QueryBodyStart() != nil:
		st := p.QueryBodyStart()
		if st.QuerySpec() != nil {
			q = b.querySpec(st.QuerySpec())
		} else {
			q = b.tableQuery(st.Qname(), b.span(st))
		}
		q = b.queryRest(q, st.QueryRest(), b.span(st))
	case p.WithClause() != nil:
		q = b.withOn(b.queryBody(p.QueryBody()), p.WithClause())
	case p.ValuesTerm() != nil:
		v := p.ValuesTerm()
		q = b.queryRest(b.rowsQuery(v.RowTail(), v.AllRowValue(), b.span(v)), p.QueryRest(), b.span(p))
	default:
		return b.parenJoins(c, p, s)
	}
	d := &ir.Derived{TableMeta: table(s), Query: q}
	b.derivedAlias(d, c.DerivedAlias())
	return d
}

func (b *builder) parenJoins(c g.ITableFactorContext, p g.IParenTableContext, s source.Span) ir.TableExpr {
	l := b.tableRefs(p.AllTableRef())
	rest := p.QueryRest()
	d, isDerived := l[0].(*ir.Derived)
	if isDerived && len(l) == 1 && (d.Alias.Text == "" || rest.GetChildCount() > 0) && !d.Lateral {
		x := &ir.Derived{TableMeta: table(s), Query: b.queryRest(d.Query, rest, b.span(p)), Alias: d.Alias, Columns: d.Columns}
		b.derivedAlias(x, c.DerivedAlias())
		return x
	}
	if rest.GetChildCount() > 0 || c.DerivedAlias() != nil {
		b.report(codePart, s, "joined tables in parentheses with an alias or a query behind them are not converted")
	}
	t := l[0]
	for _, r := range l[1:] {
		t = &ir.Join{TableMeta: table(source.Cover(t.Base().Span, r.Base().Span)), Kind: ir.CrossJoin, L: t, R: r}
	}
	return t
}

func (b *builder) jsonTable(c g.IJsonTableContext) *ir.JSONTable {
	return &ir.JSONTable{TableMeta: table(b.span(c)), Doc: b.expr(c.Expr(0)), Path: b.expr(c.Expr(1)), Columns: b.jtColumns(c.JtColumns())}
}

func (b *builder) jtColumns(c g.IJtColumnsContext) []*ir.JSONColumn {
	var out []*ir.JSONColumn
	for _, x := range c.AllJtCol() {
		out = append(out, b.jtCol(x))
	}
	return out
}

func (b *builder) jtCol(c g.IJtColContext) *ir.JSONColumn {
	col := &ir.JSONColumn{PartMeta: part(b.span(c))}
	if c.STRING() != nil {
		col.Path = &ir.String{ExprMeta: expr(b.tokenSpan(c.STRING())), Value: b.stringOf(c.STRING())}
	}
	if c.JtColumns() != nil {
		col.Nested = b.jtColumns(c.JtColumns())
		return col
	}
	col.Name = b.ident(c.Ident())
	if c.FOR() != nil {
		col.Ordinality = true
		return col
	}
	col.Exists = c.EXISTS() != nil
	col.Type, _ = b.dataType(c.DataType())
	for _, o := range c.AllJtOn() {
		d := b.jtOn(o)
		if strings.EqualFold(o.GetStop().GetText(), "empty") {
			col.OnEmpty = d
		} else {
			col.OnError = d
		}
	}
	return col
}

func (b *builder) jtOn(c g.IJtOnContext) *ir.JSONDefault {
	d := &ir.JSONDefault{PartMeta: part(b.span(c))}
	switch {
	case c.DEFAULT() != nil:
		d.Value = b.primary(c.Primary())
	case c.NULL() == nil:
		d.Error = true
	}
	return d
}

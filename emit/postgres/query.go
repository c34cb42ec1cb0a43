package postgres

import (
	"strings"

	"godwit/emit"
	"godwit/ir"
)

// subquery is a query in parentheses.
func (p *printer) subquery(q ir.Query) emit.Doc {
	if q == nil {
		p.fail(nil, "a query is missing")
		return txt("(SELECT NULL)")
	}
	return emit.Enclose("(", p.query(q), ")")
}

// query prints a query as one group: on one line if it fits, else a line per clause.
func (p *printer) query(q ir.Query) emit.Doc { return p.queryInto(q, nil) }

// queryInto prints a query with PL/pgSQL's INTO clause behind the select list.
func (p *printer) queryInto(q ir.Query, into emit.Doc) emit.Doc {
	m := ir.Common(q)
	if m == nil {
		p.fail(q, "a query without a known kind")
		return txt("SELECT NULL")
	}
	var parts []emit.Doc
	if m.With != nil {
		parts = append(parts, p.with(m.With))
	}
	switch q := q.(type) {
	case *ir.Select:
		parts = append(parts, p.selectClauses(q, into)...)
	case *ir.SetOp:
		parts = append(parts, p.setOp(q, into)...)
	case *ir.Values:
		if into != nil {
			p.fail(q, "VALUES into variables")
		}
		parts = append(parts, p.values(q))
	}
	parts = append(parts, p.tail(m)...)
	return emit.Mark(q.Base(), emit.Group(emit.Join(emit.Line, parts)))
}

// tail is ORDER BY, LIMIT, OFFSET and the locking clauses.
func (p *printer) tail(m *ir.QueryMeta) []emit.Doc {
	var parts []emit.Doc
	if len(m.OrderBy) > 0 {
		parts = append(parts, p.orderBy(m.OrderBy))
	}
	ties := m.Fetch != nil && m.Fetch.WithTies && m.Limit != nil
	if m.Limit != nil && !ties {
		parts = append(parts, emit.Cat(txt("LIMIT "), p.expr(m.Limit, precOther)))
	}
	if m.Offset != nil {
		parts = append(parts, emit.Cat(txt("OFFSET "), p.expr(m.Offset, precOther)))
	}
	if ties {
		count := p.any(m.Limit)
		switch m.Limit.(type) {
		case *ir.Number, *ir.Subquery:
		default:
			count = parens(count)
		}
		parts = append(parts, emit.Cat(txt("FETCH FIRST "), count, txt(" ROWS WITH TIES")))
	}
	for _, l := range m.Lock {
		parts = append(parts, emit.Mark(l.Base(), p.locking(l)))
	}
	if m.IntoFile != "" {
		p.fail(nil, "SELECT INTO OUTFILE")
	}
	return parts
}

func (p *printer) locking(l *ir.Locking) emit.Doc {
	d := []emit.Doc{txt(not(l.Share, "FOR UPDATE", "FOR SHARE"))}
	if len(l.Of) > 0 {
		d = append(d, txt("OF"), p.idents(l.Of))
	}
	switch {
	case l.Wait != nil:
		p.fail(l, "FOR UPDATE WAIT n")
	case l.NoWait:
		d = append(d, txt("NOWAIT"))
	case l.SkipLocked:
		d = append(d, txt("SKIP LOCKED"))
	}
	return emit.Words(d...)
}

func (p *printer) with(w *ir.With) emit.Doc {
	head := "WITH "
	if w.Recursive {
		head = "WITH RECURSIVE "
	}
	docs := make([]emit.Doc, len(w.CTEs))
	for i, c := range w.CTEs {
		docs[i] = emit.Mark(c.Base(), p.cte(c))
	}
	return emit.Mark(w.Base(), emit.Cat(txt(head), emit.Join(emit.Cat(txt(","), emit.Line), docs)))
}

func (p *printer) cte(c *ir.CTE) emit.Doc {
	head := []emit.Doc{txt(p.ident(c.Name))}
	if len(c.Columns) > 0 {
		head = append(head, emit.Enclose("(", p.idents(c.Columns), ")"))
	}
	head = append(head, txt("AS"))
	if c.Materialized != nil {
		head = append(head, txt(not(*c.Materialized, "NOT MATERIALIZED", "MATERIALIZED")))
	}
	if c.Query != nil {
		head = append(head, p.subquery(c.Query))
		if c.Cycle != nil {
			head = append(head, emit.Mark(c.Cycle.Base(), p.cycle(c.Cycle)))
		}
		return emit.Words(head...)
	}
	return emit.Words(append(head, emit.Enclose("(", p.stmt(c.Stmt), ")"))...)
}

func (p *printer) selectClauses(q *ir.Select, into emit.Doc) []emit.Doc {
	head := []emit.Doc{txt("SELECT")}
	switch {
	case len(q.DistinctOn) > 0:
		head = append(head, txt("DISTINCT ON"), emit.Enclose("(", p.exprs(q.DistinctOn), ")"))
	case q.Distinct:
		head = append(head, txt("DISTINCT"))
	}
	list := emit.Words(head...)
	if len(q.Items) > 0 {
		list = emit.Group(list, emit.Nest(emit.Line, emit.List(p.selectItems(q.Items))))
	}
	parts := []emit.Doc{list}
	if into != nil {
		parts = append(parts, into)
	}
	if len(q.From) > 0 {
		parts = append(parts, p.from("FROM", q.From))
	}
	if q.Where != nil {
		parts = append(parts, p.condition("WHERE", q.Where))
	}
	if len(q.GroupBy) > 0 {
		parts = append(parts, p.groupBy(q))
	}
	if q.Having != nil {
		parts = append(parts, p.condition("HAVING", q.Having))
	}
	if len(q.Windows) > 0 {
		docs := make([]emit.Doc, len(q.Windows))
		for i, w := range q.Windows {
			docs[i] = emit.Cat(txt(Quote(p.e.fold(w.Name))+" AS "), emit.Mark(w.Base(), p.windowBody(w)))
		}
		parts = append(parts, emit.Group(txt("WINDOW "), emit.Nest(emit.List(docs))))
	}
	return parts
}

func (p *printer) groupBy(q *ir.Select) emit.Doc {
	docs := make([]emit.Doc, len(q.GroupBy))
	for i, o := range q.GroupBy {
		if o.Position > 0 {
			docs[i] = txtf("%d", o.Position)
		} else {
			docs[i] = p.groupingItem(o.Expr)
		}
	}
	if q.Rollup {
		return emit.Group(txt("GROUP BY ROLLUP "), emit.Enclose("(", emit.List(docs), ")"))
	}
	if q.GroupDistinct {
		return emit.Group(txt("GROUP BY DISTINCT"), emit.Nest(emit.Line, emit.List(docs)))
	}
	return emit.Group(txt("GROUP BY"), emit.Nest(emit.Line, emit.List(docs)))
}

func (p *printer) selectItems(items []*ir.SelectItem) []emit.Doc {
	docs := make([]emit.Doc, len(items))
	for i, it := range items {
		docs[i] = emit.Mark(it.Base(), p.selectItem(it))
	}
	return docs
}

func (p *printer) selectItem(it *ir.SelectItem) emit.Doc {
	d := p.any(it.Expr)
	if it.Alias.Text == "" {
		return d
	}
	return emit.Cat(d, txt(" AS "+quoteLabel(p.e.fold(it.Alias.Text))))
}

// condition is WHERE, HAVING or ON with its predicate; an AND chain breaks before each AND.
func (p *printer) condition(word string, x ir.Expr) emit.Doc {
	if b, ok := x.(*ir.Binary); ok && b.Op == ir.And {
		return emit.Group(txt(word+" "), emit.Nest(emit.Mark(b.Base(), p.chain(b, ir.And, "AND", precAnd))))
	}
	return emit.Group(txt(word+" "), emit.Nest(p.any(x)))
}

func (p *printer) from(word string, list []ir.TableExpr) emit.Doc {
	docs := make([]emit.Doc, len(list))
	for i, t := range list {
		docs[i] = p.table(t)
	}
	if len(docs) == 1 { // a line for each join, unless the whole query fits on one
		return emit.Cat(txt(word+" "), emit.Nest(docs[0]))
	}
	return emit.Group(txt(word), emit.Nest(emit.Line, emit.List(docs)))
}

func (p *printer) table(t ir.TableExpr) emit.Doc {
	switch t := t.(type) {
	case *ir.TableRef:
		return emit.Mark(t.Base(), p.tableRef(t))
	case *ir.Derived:
		d := p.subquery(t.Query)
		if t.Lateral {
			d = emit.Cat(txt("LATERAL "), d)
		}
		return emit.Mark(t.Base(), p.aliased(d, t.Alias, t.Columns))
	case *ir.Join:
		return p.joined(t)
	case *ir.TableFunc:
		return emit.Mark(t.Base(), p.tableFunc(t))
	case *ir.JSONTable:
		return emit.Mark(t.Base(), p.jsonTable(t))
	}
	p.fail(t, "an item of FROM")
	return txt("NULL")
}

func (p *printer) tableRef(t *ir.TableRef) emit.Doc {
	name := p.tableName(t.Name, t.Table)
	if t.CTE != nil {
		name = p.ident(t.Name.Parts[len(t.Name.Parts)-1])
	}
	if len(t.Part.Parts) > 0 {
		name = p.qname(t.Part, nil)
	}
	if t.AsOf != "" || len(t.Partitions) > 0 {
		why, _ := p.e.Expressible(t)
		p.fail(t, why)
	}
	d := emit.Text(name)
	if t.Alias.Text != "" {
		d = p.aliased(d, t.Alias, t.ColumnAliases)
	}
	if t.Sample != nil {
		d = emit.Cat(d, emit.Mark(t.Sample.Base(), p.sample(t.Sample)))
	}
	return d
}

func (p *printer) aliased(d emit.Doc, alias ir.Ident, columns []ir.Ident) emit.Doc {
	if alias.Text == "" {
		return d
	}
	d = emit.Cat(d, txt(" AS "+p.ident(alias)))
	if len(columns) > 0 {
		d = emit.Cat(d, txt(" "), emit.Enclose("(", p.idents(columns), ")"))
	}
	return d
}

var joinWords = map[ir.JoinKind]string{
	ir.InnerJoin: "JOIN", ir.LeftJoin: "LEFT JOIN", ir.RightJoin: "RIGHT JOIN", ir.FullJoin: "FULL JOIN", ir.CrossJoin: "CROSS JOIN",
}

// joined prints a left-deep chain of joins with a line for each; a join on the right side gets parentheses.
func (p *printer) joined(j *ir.Join) emit.Doc {
	left := p.table(j.L)
	right := p.table(j.R)
	if _, deep := j.R.(*ir.Join); deep {
		right = emit.Enclose("(", right, ")")
	}
	kind := j.Kind
	if kind == ir.InnerJoin && j.On == nil && len(j.Using) == 0 && !j.Natural {
		kind = ir.CrossJoin
	}
	word := joinWords[kind]
	if j.Natural {
		word = "NATURAL " + word
	}
	d := []emit.Doc{txt(word + " "), right}
	switch {
	case j.On != nil && kind == ir.CrossJoin:
		d = append([]emit.Doc{txt("JOIN "), right}, txt(" "), p.condition("ON", j.On))
	case j.On != nil:
		d = append(d, txt(" "), p.condition("ON", j.On))
	case len(j.Using) > 0:
		d = append(d, txt(" USING "), emit.Enclose("(", p.idents(j.Using), ")"))
	case kind != ir.CrossJoin && !j.Natural:
		p.fail(j, "an outer join without a condition")
	}
	return emit.Cat(left, emit.Line, emit.Mark(j.Base(), emit.Cat(d...)))
}

func (p *printer) tableFunc(t *ir.TableFunc) emit.Doc {
	d := p.any(t.Call)
	if t.Lateral {
		d = emit.Cat(txt("LATERAL "), d)
	}
	if t.Ordinality {
		d = emit.Cat(d, txt(" WITH ORDINALITY"))
	}
	if len(t.Types) == 0 || len(t.Types) != len(t.Columns) {
		return p.aliased(d, t.Alias, t.Columns)
	}
	columns := make([]emit.Doc, len(t.Types))
	for i, x := range t.Types {
		sql, ok := p.e.TypeSQL(x)
		if !ok {
			p.fail(t, "a column of type "+typeName(x))
		}
		columns[i] = txt(p.ident(t.Columns[i]) + " " + sql)
	}
	return emit.Cat(d, txt(" AS "+p.ident(t.Alias)+" "), emit.Enclose("(", emit.List(columns), ")"))
}

func (p *printer) setOp(q *ir.SetOp, into emit.Doc) []emit.Doc {
	word := [...]string{"UNION", "EXCEPT", "INTERSECT"}[q.Kind]
	if q.All {
		word += " ALL"
	}
	left := p.branch(q.L, q.Kind, false, into)
	return []emit.Doc{left, txt(word), p.branch(q.R, q.Kind, true, nil)}
}

// branch prints a side of a set operation, in parentheses where it is one with clauses of its own or of another kind.
func (p *printer) branch(q ir.Query, kind ir.SetKind, right bool, into emit.Doc) emit.Doc {
	m := ir.Common(q)
	if m == nil {
		return p.subquery(q)
	}
	own := m.With != nil || len(m.OrderBy) > 0 || m.Limit != nil || m.Offset != nil || len(m.Lock) > 0
	if s, ok := q.(*ir.SetOp); ok {
		// UNION and EXCEPT associate to the left, INTERSECT binds tighter.
		own = own || right || s.Kind != kind
	}
	if own {
		return p.subquery(q)
	}
	return p.queryInto(q, into)
}

func (p *printer) values(q *ir.Values) emit.Doc {
	docs := make([]emit.Doc, len(q.Rows))
	for i, r := range q.Rows {
		items := make([]emit.Doc, len(r.Items))
		for k, x := range r.Items {
			items[k] = p.any(x)
		}
		docs[i] = emit.Mark(r.Base(), emit.Pack("(", items, ")"))
	}
	switch len(docs) {
	case 0:
		p.fail(q, "VALUES without rows")
	case 1:
		return emit.Cat(txt("VALUES "), docs[0])
	}
	return emit.Group(txt("VALUES"), emit.Nest(emit.Line, emit.List(docs)))
}

// jsonTable is the target's own JSON_TABLE (17 and later) with the same clauses.
func (p *printer) jsonTable(t *ir.JSONTable) emit.Doc {
	in := emit.Cat(p.any(t.Doc), txt(", "), p.any(t.Path), emit.Line, p.jsonColumns(t.Columns))
	return p.aliased(emit.Cat(txt("JSON_TABLE"), emit.Enclose("(", in, ")")), t.Alias, nil)
}

func (p *printer) jsonColumns(list []*ir.JSONColumn) emit.Doc {
	docs := make([]emit.Doc, len(list))
	for i, c := range list {
		docs[i] = emit.Mark(c.Base(), p.jsonColumn(c))
	}
	return emit.Cat(txt("COLUMNS "), emit.Enclose("(", emit.List(docs), ")"))
}

func (p *printer) jsonColumn(c *ir.JSONColumn) emit.Doc {
	if len(c.Nested) > 0 {
		return emit.Words(txt("NESTED PATH"), p.any(c.Path), p.jsonColumns(c.Nested))
	}
	d := []emit.Doc{txt(p.ident(c.Name))}
	if c.Ordinality {
		return emit.Words(append(d, txt("FOR ORDINALITY"))...)
	}
	sql, ok := p.e.TypeSQL(c.Type)
	if !ok {
		p.fail(c, "a JSON_TABLE column of type "+typeName(c.Type))
	}
	d = append(d, txt(sql))
	if c.Exists {
		d = append(d, txt("EXISTS"))
	}
	if c.Path != nil {
		d = append(d, txt("PATH"), p.any(c.Path))
	}
	return emit.Words(append(d, p.jsonDefault(c.OnEmpty, "EMPTY"), p.jsonDefault(c.OnError, "ERROR"))...)
}

func (p *printer) jsonDefault(d *ir.JSONDefault, on string) emit.Doc {
	switch {
	case d == nil:
		return nil
	case d.Error:
		return txt("ERROR ON " + on)
	case d.Value == nil:
		return txt("NULL ON " + on)
	}
	return emit.Cat(txt("DEFAULT "), p.any(d.Value), txt(" ON "+on))
}

func (p *printer) returning(items []*ir.SelectItem) emit.Doc {
	return emit.Group(txt("RETURNING"), emit.Nest(emit.Line, emit.List(p.selectItems(items))))
}

func upper(s string) string { return strings.ToUpper(s) }

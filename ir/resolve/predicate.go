package resolve

import (
	"godwit/ir"
	"godwit/ir/types"
)

// predicate resolves what yields a truth value.
func (r *Resolver) predicate(sc *scope, e ir.Expr) (ir.Expr, bool) {
	switch e := e.(type) {
	case *ir.Compare:
		rowBehind(e)
		return r.compare(e, r.value(sc, e.L), r.value(sc, e.R)), true
	case *ir.Like:
		r.like(sc, e)
	case *ir.Regexp:
		e.X, e.Pattern = r.text(r.value(sc, e.X)), r.text(r.value(sc, e.Pattern))
		e.Collation = r.combine(e.Span, []ir.Expr{e.X, e.Pattern}).coll
	case *ir.Between:
		return r.between(sc, e), true
	case *ir.In:
		return r.in(sc, e), true
	case *ir.Exists:
		r.query(sc.inner(), e.Query)
	case *ir.Quantified:
		r.quantified(sc, e)
	case *ir.IsNull:
		e.X = r.value(sc, e.X)
		r.nullOfEqual(e)
	case *ir.IsTruth:
		e.X = r.condition(sc, e.X)
	case *ir.Unary:
		if e.Op != ir.Not {
			return nil, false
		}
		e.X = r.condition(sc, e.X)
	case *ir.Binary:
		if e.Op != ir.And && e.Op != ir.Or && e.Op != ir.Xor {
			return nil, false
		}
		e.L, e.R = r.condition(sc, e.L), r.condition(sc, e.R)
	default:
		return nil, false
	}
	e.SetType(types.Bool{})
	return e, true
}

func (r *Resolver) like(sc *scope, e *ir.Like) {
	e.X, e.Pattern = r.text(r.value(sc, e.X)), r.text(r.value(sc, e.Pattern))
	r.characters(&e.X, &e.Pattern)
	if e.Escape != nil {
		e.Escape = r.text(r.value(sc, e.Escape))
	}
	e.Collation = r.combine(e.Span, []ir.Expr{e.X, e.Pattern}).coll
}

// rowBehind puts a row in front of the query that it is compared with, as the target wants it.
func rowBehind(e *ir.Compare) {
	_, query := e.L.(*ir.Subquery)
	row, is := e.R.(*ir.RowExpr)
	if !query || !is || len(row.Items) < 2 {
		return
	}
	if o, ok := map[ir.CompareOp]ir.CompareOp{ir.Eq: ir.Eq, ir.Ne: ir.Ne, ir.Lt: ir.Gt, ir.Gt: ir.Lt, ir.Le: ir.Ge, ir.Ge: ir.Le}[e.Op]; ok {
		e.L, e.R, e.Op = e.R, e.L, o
	}
}

// compare fills a comparison of two resolved values.
func (r *Resolver) compare(e *ir.Compare, l, rt ir.Expr) ir.Expr {
	if lr, rr := rowsOf(l, rt); lr != nil {
		r.rows(e.Op, lr, rr)
	}
	l, rt = r.rowAndQuery(l, rt), r.rowAndQuery(rt, l)
	c, target := r.class(l, rt)
	if e.Op != ir.Eq && e.Op != ir.Ne && e.Op != ir.NullSafeEq {
		c = asOrder(c, l, rt)
	}
	if c == asJSON {
		l, rt = truthValue(l), truthValue(rt) // the documents true and false
	}
	e.L, e.R = r.convert(l, c, target, rt), r.convert(rt, c, target, l)
	e.Type = types.Bool{}
	e.Collation = r.textCollation(e, e.L, e.R)
	return e
}

// rowAndQuery converts the fields of a row to what they compare as with the row of a subquery; other values stay.
func (r *Resolver) rowAndQuery(x, other ir.Expr) ir.Expr {
	_, row := x.(*ir.RowExpr)
	q, ok := other.(*ir.Subquery)
	if !row || !ok {
		return x
	}
	t, ok := q.Type.(types.Row)
	if !ok {
		return x
	}
	x = r.againstQuery(x, q.Query, &t)
	q.Type = t
	return x
}

// rowsOf are two rows of the same length, nil if the values are none.
func rowsOf(l, rt ir.Expr) (a, b *ir.RowExpr) {
	a, ok := l.(*ir.RowExpr)
	b, ok2 := rt.(*ir.RowExpr)
	if !ok || !ok2 || len(a.Items) != len(b.Items) {
		return nil, nil
	}
	return a, b
}

// rows converts the fields of two rows to what they compare as.
func (r *Resolver) rows(o ir.CompareOp, a, b *ir.RowExpr) {
	for i := range a.Items {
		x, y := a.Items[i], b.Items[i]
		c, target := r.class(x, y)
		if o != ir.Eq && o != ir.Ne && o != ir.NullSafeEq {
			c = asOrder(c, x, y)
		}
		x, y = r.convert(x, c, target, y), r.convert(y, c, target, x)
		a.Items[i], b.Items[i] = r.alike(x, y), y
	}
	a.Type, b.Type = rowType(a.Items), rowType(b.Items)
}

// alike gives a text field of a row the collation by which it compares with the other row's, where theirs differ.
func (r *Resolver) alike(x, y ir.Expr) ir.Expr {
	tx, ok := x.TypeOf().(types.Text)
	ty, ok2 := y.TypeOf().(types.Text)
	if !ok || !ok2 || tx.Collation == ty.Collation {
		return x
	}
	d := r.combine(x.Base().Span, []ir.Expr{x, y})
	if d.coll.IsZero() {
		return x
	}
	c := &ir.Collate{X: x, Collation: d.coll, Name: ir.Qualified("", d.coll.Name)}
	c.Span = x.Base().Span
	tx.Collation, tx.Charset = d.coll, d.charset
	c.Type = tx
	return c
}

// rowsDiffer tells that a row and those of a list have fields that are converted before they compare.
func (r *Resolver) rowsDiffer(x ir.Expr, list []ir.Expr) bool {
	for _, v := range list {
		a, b := rowsOf(x, v)
		if a == nil {
			continue
		}
		for i := range a.Items {
			if c, _ := r.class(a.Items[i], b.Items[i]); c != asIs {
				return true
			}
		}
	}
	return false
}

// asOrder is the class in which two values compare where their order counts: an enumeration is its text then.
func asOrder(c class, a, b ir.Expr) class {
	if c == asLabel || c == asIs && kindOf(a.TypeOf()) == enumKind && kindOf(b.TypeOf()) == enumKind {
		return asText
	}
	return c
}

// compared is a new comparison of two resolved values.
func (r *Resolver) compared(o ir.CompareOp, l, rt ir.Expr) ir.Expr {
	e := &ir.Compare{Op: o}
	e.Span = rt.Base().Span
	return r.compare(e, l, rt)
}

// textCollation is the collation by which values compare, zero when none of them is text.
func (r *Resolver) textCollation(at ir.Expr, es ...ir.Expr) types.Collation {
	text := false
	for _, x := range es {
		switch t := x.TypeOf().(type) {
		case types.Text, types.Enum, types.Set:
			text = true
		case types.Binary:
			return types.Collation{}
		case types.Row:
			return r.rowCollation(at, es, t)
		}
	}
	if !text {
		return types.Collation{}
	}
	return r.combine(at.Base().Span, es).coll
}

// rowCollation is the collation of the first text field, if all text fields compare alike; otherwise the fields keep their own.
func (r *Resolver) rowCollation(at ir.Expr, es []ir.Expr, t types.Row) types.Collation {
	var out types.Collation
	for _, f := range t.Types {
		c, ok := types.CollationOf(f)
		if !ok || c.IsZero() {
			continue
		}
		if !out.IsZero() && out != c {
			r.fail(collationConflict, at.Base().Span, "the fields of the compared rows have the collations %s and %s", out.Name, c.Name)
		}
		out = c
	}
	return out
}

func (r *Resolver) between(sc *scope, e *ir.Between) ir.Expr {
	x, lo, hi := r.value(sc, e.X), r.value(sc, e.Lo), r.value(sc, e.Hi)
	c1, t1 := r.class(x, lo)
	c2, t2 := r.class(x, hi)
	c1, c2 = asOrder(c1, x, lo), asOrder(c2, x, hi)
	e.Type = types.Bool{}
	if r.numbersBetween(x, lo, hi) {
		e.X, e.Lo, e.Hi = r.float(x), r.float(lo), r.float(hi)
		return e
	}
	if column, _ := isColumn(x); datesAndNumbers(x, lo, hi) && kindOf(lo.TypeOf()) != kindOf(hi.TypeOf()) && !(column && c1 == asTemporal && c2 == asTemporal) {
		r.fail(mixedClasses, e.Span, "dates and numbers are mixed in BETWEEN")
		return e
	}
	if c1 == c2 || c1 == asIs || c2 == asIs {
		c, t := c1, t1
		if c1 == asIs {
			c, t = c2, t2
		}
		if c == asTemporal && t1 != nil && t2 != nil {
			if isTime(t1) != isTime(t2) {
				r.fail(mixedClasses, e.Span, "times and dates are mixed in BETWEEN")
				return e
			}
			t = wider(t1, t2)
		}
		if c == asTemporal || types.IsTemporal(x.TypeOf()) {
			r.boundsOfDates(e, x, lo, hi)
		}
		e.X, e.Lo, e.Hi = r.convert(x, c, t, lo), r.convert(lo, c, t, x), r.convert(hi, c, t, x)
		e.Collation = r.textCollation(e, e.X, e.Lo, e.Hi)
		return e
	}
	if (c1 == asNumber || c2 == asNumber) && !datesAndNumbers(x, lo, hi) {
		e.X, e.Lo, e.Hi = r.number(x), r.number(lo), r.number(hi)
		return e
	}
	r.fail(mixedClasses, e.Span, "the bounds of BETWEEN compare with the value in different ways")
	e.X, e.Lo, e.Hi = x, lo, hi
	return e
}

// numbersBetween tells a BETWEEN over dates or times and numbers that compares doubles: no constant takes the type of a column in it.
func (r *Resolver) numbersBetween(x, lo, hi ir.Expr) bool {
	column, known := isColumn(x)
	return r.sem.ConstantsAreStored && datesAndNumbers(x, lo, hi) && known && (!column || kindOf(x.TypeOf()) == textKind || !isConstant(lo) && !isConstant(hi)) &&
		simpleKind(x) && simpleKind(lo) && simpleKind(hi)
}

// simpleKind tells texts, numbers, dates and times.
func simpleKind(e ir.Expr) bool {
	switch kindOf(e.TypeOf()) {
	case textKind, numberKind, temporalKind:
		return true
	}
	return false
}

// in converts x and the values of the list; values that compare in different ways make a chain of comparisons.
func (r *Resolver) in(sc *scope, e *ir.In) ir.Expr {
	e.X = r.value(sc, e.X)
	e.Type = types.Bool{}
	if e.Query != nil {
		row := r.query(sc.inner(), e.Query)
		e.X = r.againstQuery(e.X, e.Query, row)
		e.Collation = r.queryCollation(e, e.X, row)
		r.lookups(e, e.X, e.Query)
		return e
	}
	for i := range e.List {
		e.List[i] = r.value(sc, e.List[i])
	}
	if isNullValue(e.X) && len(e.List) > 1 && !ir.Find(e, isQuery) {
		e.List = e.List[:1] // NULL, whatever the values are
		e.List[0] = e.X
		return e
	}
	if len(e.List) > 1 && documentsAmongOthers(append([]ir.Expr{e.X}, e.List...)...) {
		r.fail(mixedClasses, e.Span, "documents and other values in a list compare as texts or doubles; write comparisons by = joined by OR")
		return e
	}
	if r.rowsDiffer(e.X, e.List) {
		return r.chain(e)
	}
	var out ir.Expr = e
	r.comparable(e.X, e.List, func(x ir.Expr, list []ir.Expr, c types.Collation) {
		e.X, e.List, e.Collation = x, list, c
	}, func() { out = r.chain(e) })
	return out
}

// documentsAmongOthers tells that some of the values are documents, and some are neither documents nor NULL.
func documentsAmongOthers(es ...ir.Expr) bool {
	documents, others := false, false
	for _, e := range es {
		k := kindOf(e.TypeOf())
		documents, others = documents || k == jsonKind, others || k != jsonKind && k != noKind
	}
	return documents && others
}

// datesAndNumbers tells that both are among the values: which of them are compared as dates differs between versions of the source.
func datesAndNumbers(es ...ir.Expr) bool {
	date, number := false, false
	for _, e := range es {
		k := kindOf(e.TypeOf())
		date, number = date || k == temporalKind, number || k == numberKind
	}
	return date && number
}

// chain is x = a OR x = b, or x <> a AND x <> b.
func (r *Resolver) chain(e *ir.In) ir.Expr {
	if datesAndNumbers(append([]ir.Expr{e.X}, e.List...)...) {
		r.fail(mixedClasses, e.Span, "dates and numbers are mixed in the list")
		return e
	}
	cmp, join := ir.Eq, ir.Or
	if e.Not {
		cmp, join = ir.Ne, ir.And
	}
	var out ir.Expr
	for _, v := range e.List {
		c := r.compared(cmp, ir.Clone(e.X), v)
		if out == nil {
			out = c
			continue
		}
		b := &ir.Binary{Op: join, L: out, R: c}
		b.Span, b.Type = e.Span, types.Bool{}
		out = b
	}
	return out
}

// comparable converts a value and those it is compared with; apart is called when they compare in different ways.
func (r *Resolver) comparable(x ir.Expr, list []ir.Expr, together func(ir.Expr, []ir.Expr, types.Collation), apart func()) {
	cls, target := asIs, types.Type(nil)
	for _, v := range list {
		c, t := r.class(x, v)
		if r.yearLiteral(v, x) != nil || len(list) > 1 && r.yearLiteral(x, v) != nil {
			r.fail(mixedClasses, v.Base().Span, "a year of two digits in a list means different years in different versions; write four digits")
		}
		switch {
		case c == asIs:
		case cls == asIs:
			cls, target = c, t
		case cls != c:
			apart()
			return
		case c == asTemporal && isTime(target) != isTime(t):
			apart()
			return
		case c == asTemporal:
			target = wider(target, t)
		}
	}
	if cls == asNumber && kindOf(x.TypeOf()) == textKind && anyText(list) {
		apart() // a text compares with a text as text, with a number as a number
		return
	}
	if cls == asLabel && !r.allLabels(x, list) {
		cls = asText
	}
	out := make([]ir.Expr, len(list))
	for i, v := range list {
		out[i] = r.convert(v, cls, target, x)
	}
	nx := x
	if len(list) > 0 {
		nx = r.convert(x, cls, target, list[0])
	}
	together(nx, out, r.textCollation(x, append([]ir.Expr{nx}, out...)...))
}

func isTime(t types.Type) bool { _, ok := t.(types.Time); return ok }

func isQuery(n ir.Node) bool { _, ok := n.(ir.Query); return ok }

func anyText(list []ir.Expr) bool {
	for _, v := range list {
		if kindOf(v.TypeOf()) == textKind {
			return true
		}
	}
	return false
}

// againstQuery converts x to compare with the rows of a query; where the rows would have to be converted, the select items are.
func (r *Resolver) againstQuery(x ir.Expr, q ir.Query, row *types.Row) ir.Expr {
	xs := []ir.Expr{x}
	if e, ok := x.(*ir.RowExpr); ok {
		xs = e.Items
	}
	if len(xs) != len(row.Types) {
		return x
	}
	s, isSelect := q.(*ir.Select)
	for i := range xs {
		probe := typed(row.Types[i])
		if isSelect && i < len(s.Items) {
			if _, star := s.Items[i].Expr.(*ir.Star); !star {
				probe = s.Items[i].Expr
			}
		}
		c, t := r.class(xs[i], probe)
		if c == asLabel && kindOf(probe.TypeOf()) == textKind {
			c, t = asText, nil // a literal of a query's list is a text on the target
			if label, ok := findLabel(probe, xs[i].TypeOf()); ok {
				probe.(*ir.String).Value = label
			}
		}
		nx, np := r.convert(xs[i], c, t, probe), r.convert(probe, c, t, xs[i])
		switch {
		case np == probe:
		case isSelect && i < len(s.Items) && probe == s.Items[i].Expr:
			s.Items[i].Expr = np
			row.Types[i] = np.TypeOf()
		default:
			r.fail(mixedClasses, x.Base().Span, "the rows of the subquery would have to be converted to %s", np.TypeOf())
		}
		xs[i] = nx
	}
	if e, ok := x.(*ir.RowExpr); ok {
		e.Type = rowType(e.Items)
		return e
	}
	return xs[0]
}

// typed stands for a value of a type.
func typed(t types.Type) ir.Expr {
	n := &ir.Name{}
	n.Type = t
	return n
}

func (r *Resolver) queryCollation(at ir.Expr, x ir.Expr, row *types.Row) types.Collation {
	if len(row.Types) != 1 {
		return r.rowCollation(at, nil, *row)
	}
	return r.textCollation(at, x, typed(row.Types[0]))
}

func (r *Resolver) quantified(sc *scope, e *ir.Quantified) {
	e.X = r.value(sc, e.X)
	row := r.query(sc.inner(), e.Query)
	e.X = r.againstQuery(e.X, e.Query, row)
	e.Collation = r.queryCollation(e, e.X, row)
	r.lookups(e, e.X, e.Query)
}

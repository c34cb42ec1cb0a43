package aggregates

import (
	"slices"
	"strconv"

	"godwit/ir"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

// groupConcat is string_agg in the plain case. DISTINCT values of one argument that sort by the argument itself, as numbers or
// dates, go through an array; a LIMIT takes the first elements of one.
func (l *lowering) groupConcat(e *ir.Aggregate) ir.Expr {
	l.typedNull(e, "text")
	e.Made(code)
	if e.Over != nil || len(e.Args) == 0 || !l.positions(e) {
		return l.refuse(joined, e, "GROUP_CONCAT in this form")
	}
	unsorted(e)
	sep := e.Separator
	if sep == nil {
		sep = build.Text(",")
	}
	if len(e.OrderBy) == 0 && !(e.Distinct && len(e.Args) > 1) {
		l.once(unordered, e, "GROUP_CONCAT joins values in an order that is not said")
	}
	value := e.Args[0]
	if len(e.Args) > 1 {
		value = build.Make(&ir.Concat{Args: e.Args}, e, e.Type, code)
	}
	_, binary := e.Type.(types.Binary)
	if binary {
		s, ok := build.TextLiteral(sep)
		if !ok {
			return l.refuse(joined, e, "GROUP_CONCAT of byte strings with a separator that is no literal")
		}
		sep = build.Make(&ir.Bytes{Value: []byte(s)}, e, e.Type, code)
		if len(e.Args) > 1 {
			return l.refuse(joined, e, "GROUP_CONCAT of several values with bytes or bits among them")
		}
	} else if e.Distinct && len(e.Args) == 1 && l.folds(bare(value)) {
		value = l.collated(bare(value))
		if e.Limit == nil && (len(e.OrderBy) == 0 || len(e.OrderBy) == 1 && sameText(e.OrderBy[0].Expr, value)) {
			return l.cut(e, l.folded(e, value, sep), false)
		}
	} else if e.Distinct && bare(value) == value {
		value = l.collated(value)
	}
	out := l.join(e, value, sep)
	if l.p.Refused() {
		return e
	}
	return l.cut(e, out, binary)
}

// folds tells texts of the type citext.
func (l *lowering) folds(e ir.Expr) bool {
	t, text := e.TypeOf().(types.Text)
	return text && l.d.Of(t.Collation, build.Implicit).Folds()
}

// folded joins the distinct values of texts of the type citext. string_agg makes plain texts of them before it looks for equal ones; a list does not.
func (l *lowering) folded(e *ir.Aggregate, value, sep ir.Expr) ir.Expr {
	for _, o := range e.OrderBy {
		o.Expr, o.Nulls = ir.Clone(value), ir.NullsAny
	}
	a := build.Make(&ir.Aggregate{Name: e.Name, Distinct: true, Args: []ir.Expr{value}, OrderBy: e.OrderBy, TargetName: "array_agg"}, e, types.Array{Elem: value.TypeOf()}, code)
	a.Filter = tree.And(e.Filter, l.present(e, []ir.Expr{value}))
	return build.Call("array_to_string", e, e.Type, code, a, sep)
}

// positions replaces ORDER BY 2 by the second argument as it was before it became text.
func (l *lowering) positions(e *ir.Aggregate) bool {
	for _, o := range e.OrderBy {
		n, ok := build.IntLiteral(o.Expr)
		if o.Position > 0 {
			n, ok = int64(o.Position), true
		}
		if !ok {
			continue
		}
		if n < 1 || n > int64(len(e.Args)) {
			return false
		}
		o.Expr, o.Position = ir.Clone(bare(e.Args[n-1])), 0
	}
	return true
}

// unsorted leaves out what sorts nothing: constants, and any order of one constant. DISTINCT takes no such order on the target.
func unsorted(e *ir.Aggregate) {
	if e.Distinct && len(e.Args) == 1 && build.IsConstant(bare(e.Args[0])) {
		e.OrderBy = nil
	}
	e.OrderBy = slices.DeleteFunc(e.OrderBy, func(o *ir.OrderItem) bool { return build.IsConstant(o.Expr) })
}

// bare is a value without the cast to text that joining needs.
func bare(e ir.Expr) ir.Expr {
	x := e
	if c, ok := x.(*ir.Collate); ok {
		x = c.X
	}
	if c, ok := x.(*ir.Cast); ok && c.Target {
		if _, text := c.Type.(types.Text); text {
			return c.X
		}
	}
	return e
}

func (l *lowering) join(e *ir.Aggregate, value, sep ir.Expr) ir.Expr {
	if !e.Distinct {
		l.nullsAsZero(e)
	}
	direct := func() *ir.Aggregate {
		a := build.Make(&ir.Aggregate{Name: e.Name, Distinct: e.Distinct, Args: []ir.Expr{value, sep}, OrderBy: e.OrderBy, TargetName: "string_agg"}, e, e.Type, code)
		a.Filter = e.Filter
		return a
	}
	own := len(e.Args) == 1 && len(e.OrderBy) <= 1
	switch {
	case e.Limit != nil:
		return l.limited(e, value, sep)
	case !e.Distinct:
		return direct()
	case len(e.Args) > 1:
		return l.records(e, sep)
	case len(e.OrderBy) == 0:
		return direct()
	case own && sameText(e.OrderBy[0].Expr, value):
		if c, ok := value.(*ir.Collate); ok { // the target takes the order for another expression where it makes text of the value under COLLATE
			c.X = build.As(c.X, "text", c.X.TypeOf(), code)
		}
		e.OrderBy[0].Expr, e.OrderBy[0].Nulls = ir.Clone(value), ir.NullsAny
		return direct()
	case own && bare(value) != value && tree.Equal(e.OrderBy[0].Expr, bare(value)):
		x := bare(value)
		e.OrderBy[0].Nulls = ir.NullsAny
		a := build.Make(&ir.Aggregate{Name: e.Name, Distinct: true, Args: []ir.Expr{x}, OrderBy: e.OrderBy, TargetName: "array_agg"}, e, types.Array{Elem: x.TypeOf()}, code)
		a.Filter = tree.And(e.Filter, l.present(e, []ir.Expr{x}))
		return build.Call("array_to_string", e, e.Type, code, a, sep)
	case len(e.Args) == 1 && l.ofRows(e.Args[0]):
		return l.firstPlaces(e, value, sep)
	}
	return l.refuse(joined, e, "GROUP_CONCAT(DISTINCT ...) in an order by something else")
}

// ofRows tells that a value has a column outside of subqueries: without one the target takes an aggregate over it for one of the query around.
func (l *lowering) ofRows(e ir.Expr) bool {
	found := false
	ir.Walk(e, func(n ir.Node) bool {
		if _, sub := n.(*ir.Subquery); sub {
			return false
		}
		if x, ok := n.(*ir.Name); ok && (x.Column() != nil || tree.From(x) != nil) {
			found = true
		}
		return true
	})
	return found
}

// firstPlaces sorts all values, keeps each at the first place it has, and joins them.
func (l *lowering) firstPlaces(e *ir.Aggregate, value, sep ir.Expr) ir.Expr {
	l.nullsAsZero(e)
	l.once(firstPlace, e, "values of GROUP_CONCAT(DISTINCT ...) stand where they come first in the order")
	a := build.Make(&ir.Aggregate{Name: e.Name, Args: []ir.Expr{value}, OrderBy: e.OrderBy, TargetName: "array_agg"}, e, types.Array{Elem: value.TypeOf()}, code)
	a.Filter = e.Filter // NULL falls away when the values are joined
	g := &ir.TableFunc{Call: build.Call("unnest", e, a.Type, code, a), Alias: ir.Ident{Text: "g"}, Columns: []ir.Ident{{Text: "v"}, {Text: "i"}}, Ordinality: true}
	g.Span = e.Span
	place := types.Int{Bits: 64}
	first := build.Make(&ir.Aggregate{Name: e.Name, Args: []ir.Expr{column(g, "i", place)}, TargetName: "min"}, e, place, code)
	in := tree.Select([]*ir.SelectItem{tree.Item(column(g, "v", value.TypeOf()), ""), tree.Item(first, "i")}, []ir.TableExpr{g}, nil)
	in.Row.Names[0] = "v"
	in.GroupBy = []*ir.OrderItem{{Expr: column(g, "v", value.TypeOf()), Nulls: ir.NullsAny}}
	d := &ir.Derived{Query: in, Alias: ir.Ident{Text: "d"}}
	d.Span = e.Span
	s := build.Make(&ir.Aggregate{Name: e.Name, Args: []ir.Expr{tree.Output("", "v", value.TypeOf()), sep}, TargetName: "string_agg"}, e, e.Type, code)
	s.OrderBy = []*ir.OrderItem{{Expr: tree.Output("", "i", place), Nulls: ir.NullsAny}}
	return build.Make(tree.Scalar(tree.Select([]*ir.SelectItem{tree.Item(s, "")}, []ir.TableExpr{d}, nil), e.Type), e, e.Type, code)
}

// records makes the rows of several arguments distinct as records, and joins them behind that.
func (l *lowering) records(e *ir.Aggregate, sep ir.Expr) ir.Expr {
	g := &ir.TableFunc{Alias: ir.Ident{Text: "g"}}
	g.Span = e.Span
	row, text := &ir.RowExpr{}, []ir.Expr{}
	row.Span = e.Span
	var values []ir.Expr
	for _, a := range e.Args {
		x := bare(a)
		if c, ok := a.(*ir.Collate); ok && x != a {
			a = c.X
		}
		if build.IsConstant(x) {
			text = append(text, a)
			continue
		}
		t := recordType(x.TypeOf())
		if _, cast := a.(*ir.Cast); t == nil || x == a && !types.IsText(a.TypeOf()) || x != a && !cast {
			return l.refuse(joined, e, "GROUP_CONCAT(DISTINCT ...) of several arguments, one of type %s", x.TypeOf())
		}
		sql, _ := l.p.Lower.TypeSQL(t)
		if l.folds(x) {
			t, sql = types.Named{Name: build.Citext}, build.Citext
		}
		row.Items = append(row.Items, build.As(x, sql, x.TypeOf(), code))
		values = append(values, x)
		name := "v" + strconv.Itoa(len(values))
		g.Columns, g.Types = append(g.Columns, ir.Ident{Text: name}), append(g.Types, t)
		v := ir.Expr(column(g, name, x.TypeOf()))
		if x != a {
			v = build.As(v, "text", e.Type, code)
		}
		text = append(text, v)
	}
	if len(row.Items) < 2 {
		return l.refuse(joined, e, "GROUP_CONCAT(DISTINCT ...) of one argument and literals")
	}
	var order []*ir.OrderItem
	for _, o := range e.OrderBy {
		at := -1
		for i, v := range values {
			if sameText(o.Expr, v) {
				at = i
			}
		}
		if at < 0 {
			return l.refuse(joined, e, "GROUP_CONCAT(DISTINCT ...) in an order by something else")
		}
		o.Expr, o.Nulls = l.collated(column(g, g.Columns[at].Text, values[at].TypeOf())), ir.NullsAny
		order = append(order, o)
	}
	a := build.Make(&ir.Aggregate{Name: e.Name, Distinct: true, Args: []ir.Expr{row}, TargetName: "array_agg"}, e, types.Array{Elem: types.Row{}}, code)
	a.Filter = tree.And(e.Filter, l.present(e, values))
	g.Call = build.Call("unnest", e, a.Type, code, a)
	s := build.Make(&ir.Aggregate{Name: e.Name, Args: []ir.Expr{build.Make(&ir.Concat{Args: text}, e, e.Type, code), sep}, OrderBy: order, TargetName: "string_agg"}, e, e.Type, code)
	return build.Make(tree.Scalar(tree.Select([]*ir.SelectItem{tree.Item(s, "")}, []ir.TableExpr{g}, nil), e.Type), e, e.Type, code)
}

func column(g *ir.TableFunc, name string, t types.Type) *ir.Name {
	n := tree.Output("", name, t)
	n.Ref = &ir.OutputRef{From: g, Column: name}
	n.Span = g.Span
	return n
}

// recordType is the type of a value in a record, nil if it has none that is sure.
func recordType(t types.Type) types.Type {
	switch t := t.(type) {
	case types.Int:
		if t.Bits == 64 && t.Unsigned {
			return types.Decimal{}
		}
		return types.Int{Bits: 64}
	case types.Decimal:
		return types.Decimal{}
	case types.Text:
		return types.Text{}
	case types.Date:
		return t
	}
	return nil
}

// nullsAsZero: the order inside GROUP_CONCAT compares stored values without looking at NULL, so that NULL sorts like 0. It makes no
// difference for what has no values below zero.
func (l *lowering) nullsAsZero(e *ir.Aggregate) {
	for _, o := range e.OrderBy {
		switch t := o.Expr.TypeOf().(type) {
		case types.Int:
			if t.Unsigned {
				continue
			}
		case types.Decimal, types.Float:
		default:
			continue
		}
		if s := l.owner[e]; o.Nulls != ir.NullsAny && !(s != nil && tree.NotNull(o.Expr, s)) {
			o.Expr = build.Call("coalesce", o.Expr, o.Expr.TypeOf(), code, o.Expr, build.Int(0))
			o.Nulls = ir.NullsAny
		}
	}
}

// sameText compares an order with the value, whatever collation either was given.
func sameText(a, b ir.Expr) bool {
	plain := func(e ir.Expr) ir.Expr {
		if c, ok := e.(*ir.Collate); ok {
			return c.X
		}
		return e
	}
	return tree.Equal(plain(a), plain(b))
}

// limited takes the first values of an array.
func (l *lowering) limited(e *ir.Aggregate, value, sep ir.Expr) ir.Expr {
	if e.Distinct && len(e.OrderBy) > 0 && !(len(e.Args) == 1 && len(e.OrderBy) == 1 && sameText(e.OrderBy[0].Expr, value)) {
		return l.refuse(joined, e, "GROUP_CONCAT(DISTINCT ... LIMIT ...) in an order by something else")
	}
	a := build.Make(&ir.Aggregate{Name: e.Name, Distinct: e.Distinct, Args: []ir.Expr{value}, OrderBy: e.OrderBy, TargetName: "array_agg"}, e, types.Array{Elem: value.TypeOf()}, code)
	a.Filter = tree.And(e.Filter, l.present(e, []ir.Expr{value}))
	g := &ir.TableFunc{Call: build.Call("unnest", e, a.Type, code, a), Alias: ir.Ident{Text: "g"}, Columns: []ir.Ident{{Text: "v"}, {Text: "i"}}, Ordinality: true}
	g.Span = e.Span
	v, i := tree.Output("", "v", value.TypeOf()), tree.Output("", "i", types.Int{Bits: 64})
	for _, n := range []*ir.Name{v, i} {
		if r, ok := n.Ref.(*ir.OutputRef); ok {
			r.From = g
		}
	}
	first := build.Compare(ir.Le, ir.Clone(i), e.Limit, e, code)
	s := build.Make(&ir.Aggregate{Name: e.Name, Args: []ir.Expr{v, sep}, TargetName: "string_agg"}, e, e.Type, code)
	s.OrderBy = []*ir.OrderItem{{Expr: i, Nulls: ir.NullsAny}}
	return build.Make(tree.Scalar(tree.Select([]*ir.SelectItem{tree.Item(s, "")}, []ir.TableExpr{g}, first), e.Type), e, e.Type, code)
}

// cut keeps a limit that was set below the default.
func (l *lowering) cut(e *ir.Aggregate, out ir.Expr, binary bool) ir.Expr {
	limit, err := strconv.Atoi(l.p.Unit.Settings["group-concat-max-len"])
	if err != nil || limit >= 1024 || limit < 4 {
		l.once(length, e, "GROUP_CONCAT is assumed to stay within group_concat_max_len")
		return out
	}
	if binary {
		return build.Call("substr", e, e.Type, code, out, build.Int(1), build.Int(int64(limit)))
	}
	h := l.p.Helper("cut_bytes", e, out, build.Int(int64(limit)))
	h.Type = e.Type
	return h
}

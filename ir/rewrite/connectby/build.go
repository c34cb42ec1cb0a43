package connectby

import (
	"godwit/ir"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

var numbers = types.Array{Elem: types.Int{Bits: 64}}

// build makes the recursive common table expression, and lets the query select from it.
func (w *walk) build(by []ir.Expr) {
	s := w.s
	first := &ir.Select{From: w.from}
	next := &ir.Select{}
	first.Span, next.Span = s.Connect.Span, s.Connect.Span
	for _, c := range by { // columns of PRIOR are carried
		next.Where = tree.And(next.Where, w.following(c))
	}
	keys := w.keys(w.first)
	following := w.keys(w.following)
	w.list(first, next)
	if s.Connect.Start != nil {
		first.Where = w.first(s.Connect.Start)
	}
	for _, c := range w.before {
		first.Where = tree.And(first.Where, ir.Clone(c))
	}
	on := next.Where
	next.Where = nil
	for _, c := range w.before {
		next.Where = tree.And(next.Where, w.following(c))
	}
	right := w.next[0]
	for _, t := range w.next[1:] {
		j := &ir.Join{Kind: ir.CrossJoin, L: right, R: t}
		j.Span = t.Base().Span
		right = j
	}
	j := &ir.Join{Kind: ir.InnerJoin, L: w.ref, R: right, On: on}
	j.Span = s.Connect.Span
	next.From = []ir.TableExpr{j}
	w.numbers(first, next, keys, following)
	w.ends(first, next)
	first.Row, next.Row = rowOf(first), rowOf(first)
	u := &ir.SetOp{Kind: ir.Union, All: true, L: first, R: next}
	u.Span, u.Row = s.Connect.Span, first.Row
	w.cte.Query = u
	if s.With == nil {
		s.With = &ir.With{}
		s.With.Span = s.Connect.Span
	}
	s.With.CTEs, s.With.Recursive = append(s.With.CTEs, w.cte), true
	w.finish()
	if left := leftPseudo(s); left != nil {
		w.refuse(left, "CONNECT_BY_ROOT, PRIOR and the like in this place")
	}
}

func rowOf(s *ir.Select) *types.Row {
	row := &types.Row{}
	for _, it := range s.Items {
		name := it.Alias.Text
		if n, ok := it.Expr.(*ir.Name); ok && name == "" {
			name = n.Parts[len(n.Parts)-1].Text
		}
		row.Names, row.Types = append(row.Names, name), append(row.Types, it.Expr.TypeOf())
	}
	return row
}

func add(s *ir.Select, e ir.Expr, alias string) {
	it := tree.Item(e, alias)
	it.Span = s.Span
	s.Items = append(s.Items, it)
}

// list are the values that the walk carries from row to row.
func (w *walk) list(first, next *ir.Select) {
	for _, c := range w.columns {
		alias := ""
		if len(w.leaves) > 1 {
			alias = c.name
		}
		a := ir.Clone(c.of)
		a.Parts = []ir.Ident{{Text: tree.NameOf(c.from)}, c.of.Parts[len(c.of.Parts)-1]}
		if len(w.leaves) == 1 {
			a.Parts = a.Parts[1:]
		}
		a.Ref = refTo(a.Ref, c.from)
		if alias == a.Parts[len(a.Parts)-1].Text {
			alias = ""
		}
		add(first, a, alias)
		b := ir.Clone(a)
		add(next, w.toTwin(b), "")
	}
	if w.level {
		add(first, build.Cast(build.Int(1), types.Decimal{}, code), "level")
		like := first.Items[len(first.Items)-1].Expr
		add(next, build.Make(&ir.Binary{Op: ir.Add, L: w.above("level", like, types.Decimal{}), R: build.Int(1)}, like, types.Decimal{}, code), "")
	}
	for _, x := range w.extras {
		add(first, x.first, x.name)
		add(next, x.next, "")
	}
}

// keys are the items of ORDER SIBLINGS BY.
func (w *walk) keys(of func(ir.Expr) ir.Expr) (out []*ir.OrderItem) {
	if !w.s.Siblings {
		return nil
	}
	for _, o := range w.s.OrderBy {
		c := ir.Clone(o)
		c.Expr = of(o.Expr)
		out = append(out, c)
	}
	return out
}

// numbers gives each row the array of the numbers of its ancestors and itself: in their order rows are in that of the walk.
func (w *walk) numbers(first, next *ir.Select, keys, following []*ir.OrderItem) {
	if !w.ord {
		return
	}
	a := w.number(first, keys)
	add(first, build.Make(&ir.ArrayExpr{Items: []ir.Expr{a}}, a, numbers, code), "ord")
	b := w.number(next, following)
	add(next, build.Op("||", b, numbers, code, w.above("ord", b, numbers), b), "")
}

func (w *walk) number(in *ir.Select, keys []*ir.OrderItem) ir.Expr {
	a := &ir.Aggregate{Name: "ROW_NUMBER", TargetName: "row_number", Over: &ir.WindowDef{OrderBy: keys}}
	a.Span, a.Over.Span, a.Type = in.Span, in.Span, types.Int{Bits: 64}
	a.Made(code)
	return a
}

// ends lets branches end where a row is its own ancestor, or raises the error of the source there.
func (w *walk) ends(first, next *ir.Select) {
	if !w.seen {
		return
	}
	key, list := w.key(w.first), types.Array{Elem: types.Unknown{}}
	first1 := build.Make(&ir.ArrayExpr{Items: []ir.Expr{key}}, key, list, code)
	add(first, first1, "seen")
	again := w.key(w.following)
	above := w.above("seen", again, list)
	if !w.s.Connect.NoCycle {
		add(next, w.p.Helper("connect_path", above, above, again), "")
		return
	}
	add(next, build.Op("||", again, list, code, above, again), "")
	loop := build.Op("=", again, types.Bool{}, code, ir.Clone(again), build.Call("ANY", again, types.Bool{}, code, ir.Clone(above)))
	if !w.loops {
		next.Where = tree.And(next.Where, build.Make(&ir.IsTruth{Not: true, Value: ir.IsTrue, X: loop}, again, types.Bool{}, code))
		return
	}
	add(first, build.Make(&ir.Bool{}, key, types.Bool{}, code), "loops")
	f := build.Make(&ir.Bool{}, again, types.Bool{}, code)
	add(next, build.Call("coalesce", again, types.Bool{}, code, loop, f), "")
	next.Where = tree.And(next.Where, build.Make(&ir.Unary{Op: ir.Not, X: w.above("loops", again, types.Bool{})}, again, types.Bool{}, code))
}

// key is what tells whether a row was there before: the values of PRIOR.
func (w *walk) key(of func(ir.Expr) ir.Expr) ir.Expr {
	if len(w.priors) == 1 {
		x := of(w.priors[0])
		t := unlimited(x.TypeOf())
		if d, ok := x.TypeOf().(types.Decimal); ok && d.Precision == 0 {
			return x
		}
		return build.Cast(x, t, code)
	}
	var args []ir.Expr
	for _, x := range w.priors {
		args = append(args, of(x))
	}
	return build.Call("jsonb_build_array", w.priors[0], types.Unknown{}, code, args...)
}

// finish lets the query select from the walk.
func (w *walk) finish() {
	s := w.s
	s.From = []ir.TableExpr{w.out}
	like := ir.Expr(tree.Int("1"))
	like.Base().Span = s.Span
	if w.leaf || w.loops || w.rownum() {
		w.around(like)
	}
	if w.ord && (s.Siblings || len(s.OrderBy) == 0) && w.ordered && !grouped(s) {
		o := &ir.OrderItem{Expr: w.walked("ord", like, numbers), Nulls: ir.NullsLast}
		o.Span = s.Span
		s.OrderBy = []*ir.OrderItem{o}
	} else if s.Siblings {
		s.OrderBy = nil
	}
	s.Connect, s.Siblings = nil, false
	s.Made(code)
}

// around selects from the walk what is known only of all of its rows: whether a row is a leaf, and whether it closes a loop. Rows are
// in the order of the walk for ROWNUM.
func (w *walk) around(like ir.Expr) {
	name := w.cte.Name.Text
	from := tree.CTERef(name)
	from.CTE, from.Span = w.cte, w.s.Span
	col := func(c string, t types.Type) ir.Expr {
		n := tree.Output(name, c, t)
		n.Ref.(*ir.OutputRef).From, n.Span = from, w.s.Span
		return n
	}
	star := &ir.Star{Qualifier: []ir.Ident{{Text: name}}}
	star.Span, star.Type = w.s.Span, types.Row{}
	in := &ir.Select{From: []ir.TableExpr{from}}
	in.Span = w.s.Span
	add(in, star, "")
	if w.leaf {
		in.Items = append(in.Items, w.leafItem(col, like))
	}
	if w.loops {
		in.Items = append(in.Items, w.cycleItem(col, like))
		in.Where = build.Make(&ir.Unary{Op: ir.Not, X: col("loops", types.Bool{})}, like, types.Bool{}, code)
	}
	if w.rownum() {
		o := &ir.OrderItem{Expr: col("ord", numbers), Nulls: ir.NullsLast}
		o.Span = w.s.Span
		in.OrderBy = []*ir.OrderItem{o}
	}
	row := rowOf(w.cte.Query.(*ir.SetOp).L.(*ir.Select))
	for _, it := range in.Items[1:] {
		row.Names, row.Types = append(row.Names, it.Alias.Text), append(row.Types, it.Expr.TypeOf())
	}
	in.Row = row
	d := &ir.Derived{Query: in, Alias: ir.Ident{Text: tree.NameOf(w.out)}}
	d.Span = w.s.Span
	d.Made(code)
	w.s.From = []ir.TableExpr{d}
}

// leafItem tells rows without children: in the order of the walk the next row is not below.
func (w *walk) leafItem(col func(string, types.Type) ir.Expr, like ir.Expr) *ir.SelectItem {
	o := &ir.OrderItem{Expr: col("ord", numbers), Nulls: ir.NullsLast}
	o.Span = w.s.Span
	a := &ir.Aggregate{Name: "LEAD", TargetName: "lead", Args: []ir.Expr{col("level", types.Decimal{})}, Over: &ir.WindowDef{OrderBy: []*ir.OrderItem{o}}}
	a.Span, a.Over.Span, a.Type = w.s.Span, w.s.Span, types.Decimal{}
	a.Made(code)
	below := build.Compare(ir.Gt, a, col("level", types.Decimal{}), like, code)
	return tree.Item(build.If(below, build.Int(0), build.Int(1), like, types.Decimal{}, code), "is_leaf")
}

// cycleItem tells rows with a child that is an ancestor: the walk has such children, marked.
func (w *walk) cycleItem(col func(string, types.Type) ir.Expr, like ir.Expr) *ir.SelectItem {
	child := tree.CTERef(w.cte.Name.Text)
	child.CTE, child.Alias, child.Span = w.cte, ir.Ident{Text: "child"}, w.s.Span
	of := func(c string, t types.Type) ir.Expr {
		n := tree.Output("child", c, t)
		n.Ref.(*ir.OutputRef).From, n.Span = child, w.s.Span
		return n
	}
	path := build.Call("trim_array", like, numbers, code, of("ord", numbers), build.Int(1))
	where := tree.And(of("loops", types.Bool{}), build.Compare(ir.Eq, path, col("ord", numbers), like, code))
	q := tree.Select([]*ir.SelectItem{tree.Item(tree.Int("1"), "")}, []ir.TableExpr{child}, where)
	q.Span = w.s.Span
	e := build.Make(&ir.Exists{Query: q}, like, types.Bool{}, code)
	return tree.Item(build.If(e, build.Int(1), build.Int(0), like, types.Decimal{}, code), "is_cycle")
}

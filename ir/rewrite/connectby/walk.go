package connectby

import (
	"slices"
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

// walk is the conversion of one hierarchical query.
type walk struct {
	p       *rewrite.Pass
	s       *ir.Select
	ordered bool // the order of the rows may be seen

	leaves []ir.TableExpr
	from   []ir.TableExpr // of the first rows
	next   []ir.TableExpr // of the following rows, the same tables again
	twin   map[ir.TableExpr]ir.TableExpr
	before []ir.Expr // conditions that join the tables
	cte    *ir.CTE
	ref    *ir.TableRef // the walk among the tables of the following rows
	out    *ir.TableRef // the walk in FROM of the query
	taken  map[string]bool

	columns []*column
	extras  []*extra
	level   bool
	priors  []ir.Expr // values of PRIOR in CONNECT BY
	seen    bool
	ord     bool
	loops   bool
	leaf    bool
}

// column is a column of the tables that the walk carries.
type column struct {
	of   *ir.Name
	from ir.TableExpr
	name string // in the walk
}

// extra is a value that the walk carries: PRIOR, CONNECT_BY_ROOT, or a path.
type extra struct {
	x           ir.Expr
	name        string
	first, next ir.Expr
	t           types.Type
}

func (w *walk) refuse(n ir.Node, what string) bool { return refuse(w.p, n, what) }

func (w *walk) convert() {
	if !w.analyse() {
		return
	}
	by := w.by()
	if w.p.Refused() || !w.conditions(by) {
		return
	}
	w.facts()
	w.references()
	w.build(by)
}

// analyse looks at the tables.
func (w *walk) analyse() bool {
	s := w.s
	if len(s.Lock) > 0 {
		return w.refuse(s, "FOR UPDATE of a hierarchical query")
	}
	w.leaves = tree.Leaves(s.From)
	for _, t := range w.leaves {
		switch t := t.(type) {
		case *ir.TableRef, *ir.Derived:
			if d, ok := t.(*ir.Derived); ok && d.Alias.Text == "" {
				d.Alias = ir.Ident{Text: w.p.Fresh("q")}
			}
		default:
			return w.refuse(t, "this item of FROM in a hierarchical query")
		}
	}
	if has(&ir.Select{From: s.From}, func(n ir.Node) bool { j, ok := n.(*ir.Join); return ok && (j.Natural || len(j.Using) > 0) }) && len(w.leaves) > 1 {
		return w.refuse(s, "NATURAL JOIN or USING in a hierarchical query")
	}
	w.taken = map[string]bool{"level": true, "ord": true, "seen": true, "loops": true, "is_leaf": true, "is_cycle": true}
	w.from = s.From
	w.twin = map[ir.TableExpr]ir.TableExpr{}
	for _, t := range s.From {
		c := ir.Clone(t)
		w.next = append(w.next, c)
		a, b := tree.Leaves([]ir.TableExpr{t}), tree.Leaves([]ir.TableExpr{c})
		for i := range a {
			w.twin[a[i]] = b[i]
		}
	}
	for i, t := range w.next {
		w.next[i] = ir.MapExprs(t, w.toTwin)
	}
	return true
}

// toTwin lets a column come from the second use of its table.
func (w *walk) toTwin(e ir.Expr) ir.Expr {
	n, ok := e.(*ir.Name)
	if !ok {
		return e
	}
	t := w.twin[tree.From(n)]
	if t == nil {
		return e
	}
	n.Ref = refTo(n.Ref, t)
	n.Parts = []ir.Ident{{Text: tree.NameOf(t)}, n.Parts[len(n.Parts)-1]}
	return n
}

func refTo(r ir.Ref, t ir.TableExpr) ir.Ref {
	switch r := r.(type) {
	case *ir.ColumnRef:
		c := *r
		c.From = t
		return &c
	case *ir.OutputRef:
		c := *r
		c.From = t
		return &c
	}
	return r
}

// by are the conditions of CONNECT BY, without those that are only there to distinguish rows.
func (w *walk) by() []ir.Expr {
	var out []ir.Expr
	check, leveled := true, false
	for _, c := range tree.Conjuncts(w.s.Connect.By) {
		if distinguishes(c) {
			check = false
			continue
		}
		if has(c, func(n ir.Node) bool { return isPseudo(n, "rownum") || isPseudo(n, "rowid") || isPath(n) }) {
			w.refuse(c, "ROWNUM, ROWID or a path in CONNECT BY")
			return nil
		}
		leveled = leveled || has(c, func(n ir.Node) bool { return isPseudo(n, "level") })
		ir.Walk(c, func(n ir.Node) bool {
			if x, ok := n.(*ir.Prior); ok {
				if !slices.ContainsFunc(w.priors, func(e ir.Expr) bool { return tree.Equal(e, ir.Bare(x.X)) }) {
					w.priors = append(w.priors, ir.Bare(x.X))
				}
				if has(x.X, changes) {
					w.refuse(x, "a function after PRIOR in CONNECT BY")
				}
				if has(x.X, func(n ir.Node) bool { return isPseudo(n, "level") }) {
					w.refuse(x, "PRIOR LEVEL")
				}
			}
			return true
		})
		out = append(out, c)
	}
	if len(w.priors) == 0 && !leveled {
		w.refuse(w.s, "CONNECT BY without PRIOR and LEVEL")
	}
	w.seen = check && len(w.priors) > 0
	return out
}

// conditions takes those that join the tables out of WHERE; they come before the walk.
func (w *walk) conditions(by []ir.Expr) bool {
	var rest []ir.Expr
	for _, c := range tree.Conjuncts(w.s.Where) {
		used := map[ir.TableExpr]bool{}
		special := false
		ir.Walk(c, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.Name:
				if t := tree.From(n); w.twin[t] != nil {
					used[t] = true
				}
			case *ir.Prior, *ir.RootOf, *ir.Pseudo:
				special = true
			}
			return true
		})
		if len(used) > 1 && !special {
			w.before = append(w.before, c)
			continue
		}
		rest = append(rest, c)
	}
	w.s.Where = tree.And(rest...)
	return true
}

// facts tells what the walk has to carry.
func (w *walk) facts() {
	in := func(f func(ir.Node) bool) bool { return has(w.s, f) }
	w.leaf = in(func(n ir.Node) bool { return isPseudo(n, "connect_by_isleaf") })
	w.loops = in(func(n ir.Node) bool { return isPseudo(n, "connect_by_iscycle") })
	w.level = in(func(n ir.Node) bool { return isPseudo(n, "level") }) || w.leaf || w.loops
	if in(func(n ir.Node) bool { return isPseudo(n, "rowid") }) {
		w.refuse(w.s, "ROWID in a hierarchical query")
	}
	if w.loops && !w.s.Connect.NoCycle {
		w.refuse(w.s, "CONNECT_BY_ISCYCLE without NOCYCLE")
	}
	w.ord = w.leaf || w.loops || w.s.Siblings || w.rownum() || w.ordered && len(w.s.OrderBy) == 0 && !grouped(w.s)
}

// rownum tells that rows are numbered or limited in the order of the walk.
func (w *walk) rownum() bool {
	return has(w.s, func(n ir.Node) bool { return isPseudo(n, "rownum") })
}

func (w *walk) name(base string) string {
	n := base
	for i := 2; w.taken[n]; i++ {
		n = base + "_" + strconv.Itoa(i)
	}
	w.taken[n] = true
	return n
}

// carry is the column of the walk that holds a column of the tables.
func (w *walk) carry(n *ir.Name) *column {
	from := tree.From(n)
	last := n.Parts[len(n.Parts)-1].Text
	for _, c := range w.columns {
		if c.from == from && c.of.Parts[len(c.of.Parts)-1].Text == last {
			return c
		}
	}
	c := &column{of: n, from: from, name: last}
	if len(w.leaves) > 1 && w.taken[strings.ToLower(last)] {
		c.name = w.name(strings.ToLower(tree.NameOf(from) + "_" + last))
	} else {
		w.taken[strings.ToLower(last)] = true
	}
	w.columns = append(w.columns, c)
	return c
}

// unused makes a name for the walk that no table of the unit has.
func (w *walk) unused() string {
	used := map[string]bool{}
	for _, s := range w.p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.TableRef:
				used[strings.ToLower(n.Name.Name())], used[strings.ToLower(n.Alias.Text)] = true, true
			case *ir.Derived:
				used[strings.ToLower(n.Alias.Text)] = true
			case *ir.CTE:
				used[strings.ToLower(n.Name.Text)] = true
			}
			return true
		})
	}
	n := "walk"
	for i := 2; used[n]; i++ {
		n = "walk_" + strconv.Itoa(i)
	}
	return n
}

// references replaces what the query says about the walk, and finds the columns that it needs.
func (w *walk) references() {
	s := w.s
	w.cte = &ir.CTE{Name: ir.Ident{Text: w.unused()}}
	w.cte.Span = s.Connect.Span
	w.cte.Made(code)
	w.ref = tree.CTERef(w.cte.Name.Text)
	w.ref.CTE = w.cte
	w.out = tree.CTERef(w.cte.Name.Text)
	w.out.CTE, w.out.Span = w.cte, s.Connect.Span
	if len(w.leaves) == 1 {
		w.out.Alias = ir.Ident{Text: tree.NameOf(w.leaves[0])}
	}
	w.stars()
	if s.Siblings {
		for _, o := range s.OrderBy {
			o.Expr = itemsOf(s, o)
			o.Position = 0
		}
	}
	orders := s.OrderBy
	if s.Siblings {
		s.OrderBy = nil
	}
	each(s, func(e ir.Expr) ir.Expr { return ir.MapExprs(e, w.outside) })
	if s.Siblings {
		s.OrderBy = orders
	}
	keep := func(n ir.Node) {
		ir.Walk(n, func(n ir.Node) bool {
			if x, ok := n.(*ir.Name); ok && w.twin[tree.From(x)] != nil {
				w.carry(x)
			}
			return true
		})
	}
	for _, it := range s.Items {
		keep(it)
	}
	for _, e := range []ir.Expr{s.Where, s.Having} {
		if e != nil {
			keep(e)
		}
	}
	for _, o := range append(append([]*ir.OrderItem(nil), s.GroupBy...), s.OrderBy...) {
		if !s.Siblings || !slices.Contains(s.OrderBy, o) {
			keep(o)
		}
	}
	for _, d := range s.Windows {
		keep(d)
	}
	each(s, func(e ir.Expr) ir.Expr {
		if s.Siblings && slices.ContainsFunc(s.OrderBy, func(o *ir.OrderItem) bool { return o.Expr == e }) {
			return e
		}
		return ir.MapExprs(e, w.fromWalk)
	})
}

// itemsOf is what an item of ORDER SIBLINGS BY stands for.
func itemsOf(s *ir.Select, o *ir.OrderItem) ir.Expr {
	if o.Position > 0 && o.Position <= len(s.Items) {
		return ir.Clone(s.Items[o.Position-1].Expr)
	}
	return ir.MapExprs(o.Expr, func(e ir.Expr) ir.Expr {
		if n, ok := e.(*ir.Name); ok {
			if a, ok := n.Ref.(*ir.AliasRef); ok {
				return ir.Clone(a.Item.Expr)
			}
		}
		return e
	})
}

// stars writes * out: the walk has more columns.
func (w *walk) stars() {
	var out []*ir.SelectItem
	for _, it := range w.s.Items {
		st, ok := it.Expr.(*ir.Star)
		if !ok {
			out = append(out, it)
			continue
		}
		for _, t := range w.leaves {
			if q := st.Qualifier; len(q) > 0 && q[len(q)-1].Text != tree.NameOf(t) {
				continue
			}
			for _, n := range columnsOf(t) {
				n.Span = it.Span
				out = append(out, tree.Item(n, ""))
			}
		}
	}
	w.s.Items = out
}

// columnsOf are the columns that * shows of a table or query.
func columnsOf(t ir.TableExpr) (out []*ir.Name) {
	switch t := t.(type) {
	case *ir.TableRef:
		if t.Table != nil && t.CTE == nil {
			for _, c := range t.Table.Columns {
				if !c.Hidden() {
					out = append(out, tree.Column(t.Table, c, t, tree.NameOf(t)))
				}
			}
			return out
		}
		if t.CTE != nil && t.CTE.Query != nil {
			return outputs(t, t.CTE.Query, t.CTE.Columns)
		}
	case *ir.Derived:
		return outputs(t, t.Query, t.Columns)
	}
	return nil
}

func outputs(t ir.TableExpr, q ir.Query, names []ir.Ident) (out []*ir.Name) {
	row := q.Columns()
	if row == nil {
		return nil
	}
	for i, typ := range row.Types {
		name := row.Names[i]
		if i < len(names) {
			name = names[i].Text
		}
		n := tree.Output(tree.NameOf(t), name, typ)
		n.Ref.(*ir.OutputRef).From = t
		out = append(out, n)
	}
	return out
}

// walked is a column of the walk in the query.
func (w *walk) walked(name string, like ir.Expr, t types.Type) ir.Expr {
	n := tree.Output(tree.NameOf(w.out), name, t)
	n.Span = like.Base().Span
	n.Ref.(*ir.OutputRef).From = w.out
	return n
}

// outside replaces what the query asks of the walk by columns of the walk.
func (w *walk) outside(e ir.Expr) ir.Expr {
	switch x := e.(type) {
	case *ir.Pseudo:
		switch x.Name {
		case "level":
			return w.walked("level", x, types.Decimal{})
		case "connect_by_isleaf":
			return w.walked("is_leaf", x, types.Decimal{})
		case "connect_by_iscycle":
			return w.walked("is_cycle", x, types.Decimal{})
		}
	case *ir.Prior:
		t := unlimited(x.X.TypeOf())
		return w.extra("prior", x, x.X, t, build.Cast(build.Null(x, t), t, code), w.prior(x.X, t))
	case *ir.RootOf:
		t := unlimited(x.X.TypeOf())
		first := build.Cast(w.first(x.X), t, code)
		return w.extra("root", x, x.X, t, first, nil)
	case *ir.Call:
		if isPath(x) {
			return w.path(x)
		}
	}
	return e
}

// extra is a value of the walk; next is nil for that of the row above.
func (w *walk) extra(kind string, like, x ir.Expr, t types.Type, first, next ir.Expr) ir.Expr {
	base := kind
	if n, ok := ir.Bare(x).(*ir.Name); ok {
		base += "_" + strings.ToLower(n.Parts[len(n.Parts)-1].Text)
	}
	for _, old := range w.extras {
		if strings.HasPrefix(old.name, kind) && tree.Equal(old.x, x) {
			return w.walked(old.name, like, t)
		}
	}
	v := &extra{x: ir.Clone(x), name: w.name(base), first: first, next: next, t: t}
	if next == nil {
		v.next = w.above(v.name, like, t)
	}
	w.extras = append(w.extras, v)
	return w.walked(v.name, like, t)
}

// path is SYS_CONNECT_BY_PATH: it begins with the separator, and a value that is NULL adds nothing but that.
func (w *walk) path(x *ir.Call) ir.Expr {
	w.p.Report(separated, x.Span, "values without %s are assumed", x.Name)
	text := types.Text{EmptyIsNull: true}
	value, sep := x.Args[0], x.Args[1]
	first := build.Make(&ir.Concat{Args: []ir.Expr{ir.Clone(sep), w.first(value)}, Null: ir.NullSkipped}, x, text, code)
	name := w.name("path")
	args := []ir.Expr{w.above(name, x, text), ir.Clone(sep), w.following(value)}
	next := build.Make(&ir.Concat{Args: args, Null: ir.NullSkipped}, x, text, code)
	w.extras = append(w.extras, &extra{x: x, name: name, first: build.Cast(first, text, code), next: build.Cast(next, text, code), t: text})
	return w.walked(name, x, text)
}

// unlimited is the type of a value in a column of the walk: both parts of it must agree on limits of length and digits.
func unlimited(t types.Type) types.Type {
	switch t := t.(type) {
	case types.Decimal, types.Int:
		return types.Decimal{}
	case types.Text:
		if !t.Fixed {
			t.N, t.MaxBytes = 0, 0
		}
		return t
	}
	return t
}

// above is a column of the row above.
func (w *walk) above(name string, like ir.Expr, t types.Type) ir.Expr {
	n := tree.Output(w.cte.Name.Text, name, t)
	n.Span = like.Base().Span
	n.Ref.(*ir.OutputRef).From = w.ref
	return n
}

// first is a value in the first rows.
func (w *walk) first(e ir.Expr) ir.Expr {
	return ir.MapExprs(ir.Clone(e), func(x ir.Expr) ir.Expr {
		if isPseudo(x, "level") || w.isLevel(x) {
			return build.Int(1)
		}
		if n, ok := x.(*ir.Name); ok && w.twin[tree.From(n)] != nil && len(n.Parts) > 2 {
			n.Parts = n.Parts[len(n.Parts)-2:]
		}
		return x
	})
}

func (w *walk) isLevel(x ir.Expr) bool {
	n, ok := x.(*ir.Name)
	if !ok || w.out == nil {
		return false
	}
	r, ok := n.Ref.(*ir.OutputRef)
	return ok && r.From == ir.TableExpr(w.out) && r.Column == "level"
}

// following is a value in the following rows.
func (w *walk) following(e ir.Expr) ir.Expr {
	return ir.MapExprs(ir.Clone(e), func(x ir.Expr) ir.Expr {
		if isPseudo(x, "level") || w.isLevel(x) {
			up := w.above("level", x, types.Decimal{})
			return build.Make(&ir.Binary{Op: ir.Add, L: up, R: build.Int(1)}, x, types.Decimal{}, code)
		}
		if p, ok := x.(*ir.Prior); ok {
			return ir.MapExprs(p.X, w.toAbove)
		}
		if c, ok := x.(*ir.RootOf); ok {
			w.refuse(c, "CONNECT_BY_ROOT in a condition of the walk")
		}
		return w.toTwin(x)
	})
}

// toAbove makes a column of the row above of one of the following rows.
func (w *walk) toAbove(x ir.Expr) ir.Expr {
	n, ok := x.(*ir.Name)
	if !ok {
		return x
	}
	for leaf, twin := range w.twin {
		if f := tree.From(n); f == twin || f == leaf {
			n.Ref = refTo(n.Ref, leaf)
			return w.column(w.carry(n), n)
		}
	}
	return x
}

// column is a column of the tables as the walk has it in the row above.
func (w *walk) column(c *column, like *ir.Name) ir.Expr {
	n := ir.Clone(like)
	n.Parts = []ir.Ident{{Text: w.cte.Name.Text}, {Text: c.name}}
	ref := &ir.OutputRef{From: w.ref, Column: c.name}
	switch r := n.Ref.(type) {
	case *ir.ColumnRef:
		ref.Of = r.Column
	case *ir.OutputRef:
		ref.Of = r.Of
	}
	n.Ref = ref
	return n
}

func (w *walk) prior(x ir.Expr, t types.Type) ir.Expr {
	return build.Cast(ir.MapExprs(ir.Clone(x), w.toAbove), t, code)
}

// fromWalk lets a column of the tables come from the walk.
func (w *walk) fromWalk(x ir.Expr) ir.Expr {
	n, ok := x.(*ir.Name)
	if !ok || w.twin[tree.From(n)] == nil {
		return x
	}
	c := w.carry(n)
	if len(w.leaves) == 1 {
		if len(n.Parts) > 2 {
			n.Parts = n.Parts[len(n.Parts)-2:]
		}
		n.Ref = refTo(n.Ref, w.out)
		return n
	}
	out := tree.Output(w.cte.Name.Text, c.name, n.Type)
	out.Span = n.Span
	out.Ref.(*ir.OutputRef).From = w.out
	return out
}

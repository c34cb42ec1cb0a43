package runningnumbers

import (
	"sort"
	"strconv"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

// step is an item of a select list whose value a window function gives.
type step struct {
	item  *ir.SelectItem
	value ir.Expr
}

// reader finds out what the assignments of a select list mean.
type reader struct {
	l     *lowering
	q     *ir.Select
	start map[string]ir.Expr
	steps []step
	vars  map[string]bool
	// groups are the variables that hold the value of the row before, with that value.
	groups map[string]ir.Expr
	// ranks are the variables of groups that number rows within them.
	ranks map[string]bool
}

// names are the variables for a message.
func (r *reader) names() []string {
	var out []string
	for n := range r.vars {
		out = append(out, "@"+n)
	}
	sort.Strings(out)
	return out
}

// plan tells that every assignment of the query has a window function.
func (r *reader) plan() bool {
	q := r.q
	r.vars, r.groups, r.ranks = map[string]bool{}, map[string]ir.Expr{}, map[string]bool{}
	uses := 0
	for _, it := range q.Items {
		if ir.Find(it.Expr, func(n ir.Node) bool { _, ok := n.(*ir.AssignExpr); return ok }) {
			uses++
		}
	}
	if uses == 0 || q.Distinct || tree.Grouped(q) || q.Having != nil || len(q.Lock) > 0 || len(q.Into) > 0 || q.Rollup {
		return false
	}
	for _, it := range q.Items {
		if a, ok := it.Expr.(*ir.AssignExpr); ok && !ir.Find(a.Value, userVariable) && !tree.Volatile(a.Value) {
			r.groups[a.Target.Name] = a.Value
		}
	}
	for i, it := range q.Items {
		if !ir.Find(it.Expr, userVariable) {
			continue
		}
		v := r.item(i, it.Expr)
		if v == nil {
			return false
		}
		r.steps = append(r.steps, step{it, v})
	}
	for n := range r.groups {
		if r.vars[n] && !r.ranks[n] {
			return false // it is only assigned
		}
	}
	return r.closed()
}

// closed tells that nothing but the items uses the variables.
func (r *reader) closed() bool {
	q := r.q
	items := map[ir.Node]bool{}
	for _, it := range q.Items {
		items[it] = true
	}
	gone := map[ir.Node]bool{}
	for _, d := range deriveds(q.From) {
		gone[d] = true
		for _, it := range d.Query.(*ir.Select).Items {
			if !r.vars[it.Expr.(*ir.AssignExpr).Target.Name] {
				return false
			}
		}
	}
	used := false
	ir.Walk(q, func(n ir.Node) bool {
		if items[n] || gone[n] {
			return false
		}
		switch n := n.(type) {
		case *ir.UserVar:
			used = used || r.vars[n.Name]
		case *ir.Name:
			if o, ok := n.Ref.(*ir.OutputRef); ok && gone[o.From] {
				used = true
			}
			if a, ok := n.Ref.(*ir.AliasRef); ok && ir.Find(a.Item.Expr, userVariable) && r.group(a.Item) == nil {
				used = true
			}
		}
		return true
	})
	for _, o := range q.OrderBy {
		it := itemOf(q, o)
		used = used || it != nil && ir.Find(it.Expr, userVariable) && r.group(it) == nil
	}
	if used {
		return false
	}
	for n := range r.vars {
		if r.l.readElsewhere(n, q) && !r.keep(n) {
			return false
		}
	}
	return true
}

// keep lets a number or sum be assigned as well, for those who read the variable later: the last row leaves the value that the source
// leaves.
func (r *reader) keep(name string) bool {
	for i, s := range r.steps {
		a, ok := s.item.Expr.(*ir.AssignExpr)
		if !ok || a.Target.Name != name {
			continue
		}
		if _, ranked := a.Value.(*ir.Case); ranked || r.groups[name] != nil || len(r.q.OrderBy) == 0 {
			return false
		}
		c := &ir.AssignExpr{Target: a.Target, Value: s.value}
		c.ExprMeta = a.ExprMeta
		r.steps[i].value = c
		return true
	}
	return false
}

// group is the value of an item that holds the value of the row before, nil for others.
func (r *reader) group(it *ir.SelectItem) ir.Expr {
	if a, ok := it.Expr.(*ir.AssignExpr); ok {
		return r.groups[a.Target.Name]
	}
	return nil
}

// order is the query's order with expressions in place of aliases.
func (r *reader) order() []*ir.OrderItem {
	var out []*ir.OrderItem
	for _, o := range r.q.OrderBy {
		if it := itemOf(r.q, o); it != nil {
			e := it.Expr
			if g := r.group(it); g != nil {
				e = g
			}
			c := *o
			c.Expr, c.Position = e, 0
			o = &c
		}
		out = append(out, o)
	}
	return out
}

// item is the window function of an item, nil if there is none.
func (r *reader) item(i int, e ir.Expr) ir.Expr {
	switch x := e.(type) {
	case *ir.Cast:
		v := r.item(i, x.X)
		if v == nil || !x.Implicit {
			return nil
		}
		c := *x
		c.X = v
		return &c
	case *ir.AssignExpr:
		n := x.Target.Name
		if r.vars[n] {
			return nil // assigned twice
		}
		if v := r.groups[n]; v != nil {
			r.vars[n] = true
			return v
		}
		if c, ok := x.Value.(*ir.Case); ok {
			if r.ranked(i, c, x.Target.Name, false) {
				r.vars[n] = true
				return r.rank(c)
			}
			return nil
		}
		v := r.sum(x)
		if v != nil {
			r.vars[n] = true
		}
		return v
	case *ir.Case:
		if len(x.Whens) != 1 {
			return nil
		}
		a, ok := x.Whens[0].Then.(*ir.AssignExpr)
		if ok && !r.vars[a.Target.Name] && r.ranked(i, x, a.Target.Name, true) {
			r.vars[a.Target.Name] = true
			return r.rank(x)
		}
	}
	return nil
}

// sum is @n := @n + x as a number or a sum over the rows so far.
func (r *reader) sum(a *ir.AssignExpr) ir.Expr {
	start, ok := r.from(a.Target.Name)
	if !ok {
		return nil
	}
	if s, ok := stepOf(a); ok {
		return plus(start, times(s, window(rowNumber(), r.order(), nil)))
	}
	b, ok := a.Value.(*ir.Binary)
	if !ok || b.Op != ir.Add || !isVariable(b.L, a.Target.Name) || ir.Find(b.R, userVariable) || tree.Volatile(b.R) || !tree.NotNull(b.R, r.q) || len(r.q.OrderBy) == 0 {
		return nil
	}
	t := b.R.TypeOf()
	switch t.(type) {
	case types.Int, types.Decimal:
	default:
		return nil
	}
	w := &ir.Aggregate{Op: op.Sum, Name: "SUM", Args: []ir.Expr{b.R}}
	w.Type = a.TypeOf()
	w = window(w, r.order(), nil)
	w.Over.Frame = &ir.Frame{Unit: "rows", Start: &ir.FrameBound{Kind: "unbounded preceding"}}
	return plus(start, w)
}

// from is the whole number that a variable begins with.
func (r *reader) from(name string) (int64, bool) {
	if v, ok := r.start[name]; ok {
		return whole(v)
	}
	return r.l.given(name)
}

// ranked tells that a choice is IF(@g = x, @r + 1, 1) for a later item @g := x, in the order of x. inner tells that the branches assign.
func (r *reader) ranked(i int, c *ir.Case, name string, inner bool) bool {
	if c.Operand != nil || len(c.Whens) != 1 || c.Else == nil {
		return false
	}
	then, els := c.Whens[0].Then, c.Else
	if inner {
		a, ok := then.(*ir.AssignExpr)
		b, ok2 := els.(*ir.AssignExpr)
		if !ok || !ok2 || a.Target.Name != name || b.Target.Name != name {
			return false
		}
		then, els = a.Value, b.Value
	}
	one, ok := whole(els)
	up, ok2 := then.(*ir.Binary)
	if !ok || one != 1 || !ok2 || up.Op != ir.Add || !isVariable(up.L, name) {
		return false
	}
	if n, ok := whole(up.R); !ok || n != 1 {
		return false
	}
	g, e := compared(c.Whens[0].Cond)
	if g == "" || len(r.q.OrderBy) == 0 || !r.later(i, g, e) || !tree.Equal(r.order()[0].Expr, e) {
		return false
	}
	// The first row begins a group, or its number is counted from 0.
	first, set := r.start[g]
	if !set {
		return false
	}
	if _, null := first.(*ir.Null); null {
		return true
	}
	n, ok := whole(r.start[name])
	return ok && n == 0
}

// later tells that an item behind the i-th assigns the value to the variable.
func (r *reader) later(i int, name string, e ir.Expr) bool {
	for _, it := range r.q.Items[i+1:] {
		if a, ok := it.Expr.(*ir.AssignExpr); ok && a.Target.Name == name {
			return tree.Equal(ir.Bare(a.Value), ir.Bare(e))
		}
	}
	return false
}

// compared splits @g = x.
func compared(e ir.Expr) (string, ir.Expr) {
	c, ok := e.(*ir.Compare)
	if !ok || c.Op != ir.Eq {
		return "", nil
	}
	if v, ok := ir.Bare(c.L).(*ir.UserVar); ok {
		return v.Name, ir.Bare(c.R)
	}
	if v, ok := ir.Bare(c.R).(*ir.UserVar); ok {
		return v.Name, ir.Bare(c.L)
	}
	return "", nil
}

func (r *reader) rank(c *ir.Case) ir.Expr {
	g, e := compared(c.Whens[0].Cond)
	r.ranks[g] = true
	w := window(rowNumber(), r.order(), e)
	if tree.NotNull(e, r.q) {
		return w
	}
	// NULL is equal to nothing: each of its rows begins again.
	null := &ir.IsNull{X: ir.Clone(e)}
	null.Type = types.Bool{}
	one := control.Int("1")
	x := &ir.Case{Whens: []*ir.When{{Cond: null, Then: one}}, Else: w}
	x.Type = w.Type
	return x
}

func isVariable(e ir.Expr, name string) bool {
	v, ok := ir.Bare(e).(*ir.UserVar)
	return ok && v.Name == name
}

// stepOf is the number that @n := @n + number adds.
func stepOf(a *ir.AssignExpr) (int64, bool) {
	b, ok := ir.Bare(a.Value).(*ir.Binary)
	if !ok || b.Op != ir.Add {
		return 0, false
	}
	l, r := b.L, b.R
	if !isVariable(l, a.Target.Name) {
		l, r = r, l
	}
	if !isVariable(l, a.Target.Name) {
		return 0, false
	}
	return whole(r)
}

// whole is the value of an integer literal.
func whole(e ir.Expr) (int64, bool) {
	switch x := bareOrNil(e).(type) {
	case *ir.Number:
		v, err := strconv.ParseInt(x.Text, 10, 64)
		return v, err == nil && x.Kind == ir.IntNumber
	case *ir.Unary:
		v, ok := whole(x.X)
		return -v, ok && x.Op == ir.Neg
	}
	return 0, false
}

func bareOrNil(e ir.Expr) ir.Expr {
	if e == nil {
		return nil
	}
	return ir.Bare(e)
}

// window gives a function the query's order.
func window(w *ir.Aggregate, by []*ir.OrderItem, partition ir.Expr) *ir.Aggregate {
	w.Over = &ir.WindowDef{}
	if partition != nil {
		w.Over.PartitionBy = []ir.Expr{ir.Clone(partition)}
	}
	for _, o := range by {
		c := ir.Clone(o)
		c.Position = 0
		w.Over.OrderBy = append(w.Over.OrderBy, c)
	}
	return w
}

func plus(start int64, e ir.Expr) ir.Expr {
	if start == 0 {
		return e
	}
	n := control.Int(strconv.FormatInt(start, 10))
	b := &ir.Binary{Op: ir.Add, L: n, R: e}
	b.Type = e.TypeOf()
	return b
}

func times(step int64, e ir.Expr) ir.Expr {
	if step == 1 {
		return e
	}
	b := &ir.Binary{Op: ir.Mul, L: e, R: control.Int(strconv.FormatInt(step, 10))}
	b.Type = e.TypeOf()
	return b
}

// given is the whole number that the statement before sets a variable to.
func (l *lowering) given(name string) (int64, bool) {
	v, ok := l.known[name]
	return v, ok
}

// constants are the variables that a SET sets to whole numbers; nil if the statement is none, or does more than set variables to
// constants.
func constants(s ir.Stmt) map[string]int64 {
	set, ok := s.(*ir.SetVar)
	if !ok {
		return nil
	}
	out := map[string]int64{}
	for _, it := range set.Items {
		v, ok := it.Target.(*ir.UserVar)
		if !ok || !constant(it.Value) {
			return nil
		}
		delete(out, v.Name)
		if n, ok := whole(it.Value); ok {
			out[v.Name] = n
		}
	}
	return out
}

// notePrior notes for the statements of a routine what the SET statements directly before them set variables to.
func (l *lowering) notePrior(root ir.Stmt) {
	note := func(list []ir.Stmt) {
		known := map[string]int64{}
		for _, s := range list {
			if c := constants(s); c != nil {
				for n, v := range c {
					known[n] = v
				}
				continue
			}
			if len(known) > 0 {
				l.prior[s] = known
			}
			known = map[string]int64{}
		}
	}
	ir.Walk(root, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Block:
			note(n.Body)
		case *ir.Branch:
			note(n.Body)
		case *ir.If:
			note(n.Else)
		case *ir.CaseStmt:
			note(n.Else)
		case *ir.Loop:
			note(n.Body)
		}
		return true
	})
}

// scriptPrior are the values that the SET statements directly before the unit give.
func (l *lowering) scriptPrior() map[string]int64 {
	m, _ := l.p.Session.Values[given].(map[*ir.Unit]map[string]int64)
	out := map[string]int64{}
	for i := l.p.Session.At - 1; i >= 0 && i < len(l.p.Session.Script); i-- {
		c := m[l.p.Session.Script[i]]
		if c == nil {
			break
		}
		for n, v := range c {
			if _, later := out[n]; !later {
				out[n] = v
			}
		}
	}
	return out
}

// readElsewhere tells that a variable is read outside of a query.
func (l *lowering) readElsewhere(name string, q ir.Node) bool {
	if reads(l.p.Unit.Stmts, q)[name] {
		return true
	}
	m, _ := l.p.Session.Values[readers].(map[string][]*ir.Unit)
	for _, u := range m[name] {
		if u != l.p.Unit {
			return true
		}
	}
	for _, u := range l.p.Session.Script[min(l.p.Session.At+1, len(l.p.Session.Script)):] {
		if reads(u.Stmts, nil)[name] {
			return true
		}
		if len(u.Stmts) == 1 && setsAgain(u.Stmts[0], name) {
			break
		}
	}
	return false
}

// setsAgain tells that a SET gives a variable a value that no other depends on.
func setsAgain(s ir.Stmt, name string) bool {
	set, ok := s.(*ir.SetVar)
	if !ok {
		return false
	}
	for _, it := range set.Items {
		if v, ok := it.Target.(*ir.UserVar); ok && v.Name == name && constant(it.Value) {
			return true
		}
	}
	return false
}

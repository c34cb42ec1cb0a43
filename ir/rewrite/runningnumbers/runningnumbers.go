// Package runningnumbers holds the rule for user variables that number or add up the rows of a query.
package runningnumbers

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

const code = "DS0210"

var (
	inOrder = &diag.Code{
		ID: "DS0211", Title: "Rows are numbered by a window function", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `The source's manual does not define the order in which a query evaluates assignments. Assumed: it takes the rows in the order of the result, and the select list from left to
right, as its servers do where no temporary table is needed. Where no statement of the script reads the variable afterwards, it is not set.`,
		Next: "Write the window function on the source as well, and compare.",
	}
	orderedUpdate = &diag.Code{
		ID: "DS0212", Title: "An UPDATE in order with a running variable", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "The rows get numbers in the order that ORDER BY gives. The target's UPDATE has no order, and the variable is used in a way that no window function has.",
		Next:  "Number the rows in a subquery by row_number() OVER (ORDER BY ...), and join it to the table by its key.",
		Learn: 0.3, Each: 0.5,
	}
	sortedBy = &diag.Code{
		ID: "DS0213", Title: "A query that sorts or groups by what it assigns", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "The select list assigns a variable from row to row, and the rows are sorted, grouped or made distinct. The target may evaluate the assignments before the rows are in order, so that the variables would hold values of other rows.",
		Next:  "Use a window function (row_number, sum, lag) over the order that is meant.",
		Learn: 0.3, Each: 0.5,
	}
)

// Rule is DS0210.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "running-numbers",
		Doc: `@n := @n + 1 in a select list numbers the rows, @s := @s + x adds them up, and IF(@g = x, @r + 1, 1) with @g := x numbers them within a group (MySQL Reference Manual,
"User-Defined Variables"). Where the variables are used for nothing else these become row_number() and sum() over the query's order. The subquery that sets the
variables (SELECT @n := 0) is carried out before the query, for the target may read it once for each row.`,
		Examples: []rewrite.Example{
			{
				Setup:  "CREATE TABLE t (id INT PRIMARY KEY, v INT NOT NULL);",
				Source: "SELECT @n := @n + 1 AS rn, id FROM t, (SELECT @n := 0) AS init ORDER BY v DESC;",
				Target: "SELECT row_number() OVER (ORDER BY v DESC) AS rn, id FROM t ORDER BY v DESC;",
			},
			{
				Setup:  "CREATE TABLE t (id INT PRIMARY KEY, g INT NOT NULL);",
				Source: "SELECT id, @r := IF(@g = g, @r + 1, 1) AS rk, @g := g AS g FROM t, (SELECT @r := 0, @g := NULL) AS init ORDER BY g, id;",
				Target: "SELECT id, row_number() OVER (PARTITION BY g ORDER BY g, id) AS rk, g AS g FROM t ORDER BY g, id;",
			},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{inOrder, orderedUpdate, sortedBy},
		After:    map[string]string{"session": "it follows saved settings"},
		Looks:    ir.Kinds(ir.KindAssignExpr, ir.KindUserVar),
		Prepare:  prepare,
		Run:      run,
	}
}

// readers is the key of the routines that read a user variable which they do not set first, by name; given is that of the whole numbers
// that a SET of constants gives to variables, by unit.
const (
	readers = "runningnumbers.readers"
	given   = "runningnumbers.given"
)

// prepare notes which variables a unit reads.
func prepare(p *rewrite.Pass) {
	m, _ := p.Session.Values[readers].(map[string][]*ir.Unit)
	if m == nil {
		m = map[string][]*ir.Unit{}
		p.Session.Values[readers] = m
	}
	if len(p.Unit.Stmts) != 1 {
		return
	}
	if control.IsProgram(p.Unit.Stmts[0]) { // what calls it is not followed
		for n := range reads(p.Unit.Stmts, nil) {
			m[n] = append(m[n], p.Unit)
		}
	}
	if c := constants(p.Unit.Stmts[0]); c != nil {
		g, _ := p.Session.Values[given].(map[*ir.Unit]map[string]int64)
		if g == nil {
			g = map[*ir.Unit]map[string]int64{}
			p.Session.Values[given] = g
		}
		g[p.Unit] = c
	}
}

// reads are the variables that statements read outside of one node, but for queries that set them first.
func reads(list []ir.Stmt, but ir.Node) map[string]bool {
	out := map[string]bool{}
	var look func(n ir.Node, set map[string]bool)
	look = func(root ir.Node, set map[string]bool) {
		targets := map[*ir.UserVar]bool{}
		ir.Walk(root, func(n ir.Node) bool {
			if but != nil && n == but {
				return false
			}
			switch n := n.(type) {
			case *ir.Select:
				if own := starts(n.From); n != root && len(own) > 0 {
					for k := range set {
						own[k] = nil
					}
					names := map[string]bool{}
					for k := range own {
						names[k] = true
					}
					look(n, names)
					return false
				}
			case *ir.SetItem:
				if v, ok := n.Target.(*ir.UserVar); ok {
					targets[v] = true
				}
			case *ir.AssignExpr:
				targets[n.Target] = true
			case *ir.UserVar:
				if !targets[n] && !set[n.Name] {
					out[n.Name] = true
				}
			}
			return true
		})
	}
	for _, s := range list {
		look(s, nil)
	}
	return out
}

type lowering struct {
	p *rewrite.Pass
	// before are the assignments that a statement's queries carry out first.
	before []*ir.SetItem
	// prior are the values that the statements before those of a routine give to variables, known those of the statement at hand.
	prior map[ir.Stmt]map[string]int64
	known map[string]int64
}

func run(p *rewrite.Pass) {
	l := &lowering{p: p, prior: map[ir.Stmt]map[string]int64{}, known: nil}
	var out []ir.Stmt
	for _, s := range p.Unit.Stmts {
		if control.IsProgram(s) {
			l.notePrior(s)
			out = append(out, ir.Map(s, l.inside))
			continue
		}
		switch s.(type) {
		case *ir.CreateView, *ir.CreateTable:
			out = append(out, s)
			continue
		}
		l.known = l.scriptPrior()
		s = l.queries(s)
		out = append(append(out, l.first(s)...), s)
	}
	if !p.Refused() {
		p.Unit.Stmts = out
	}
}

// first are the assignments before a statement.
func (l *lowering) first(s ir.Stmt) []ir.Stmt {
	if len(l.before) == 0 {
		return nil
	}
	set := &ir.SetVar{Items: l.before}
	set.Span = s.Base().Span
	set.Made(code)
	l.before = nil
	return []ir.Stmt{set}
}

// inside rewrites the statements of a routine that hold queries.
func (l *lowering) inside(n ir.Node) ir.Node {
	switch s := n.(type) {
	case *ir.ReturnRows, *ir.SelectInto, *ir.Insert, *ir.Update, *ir.Perform:
		l.known = l.prior[s.(ir.Stmt)]
		x := l.queries(s.(ir.Stmt))
		if set := l.first(x); set != nil {
			sp := &ir.Splice{Stmts: append(set, x)}
			sp.Span = x.Base().Span
			return sp
		}
		return x
	}
	return n
}

// queries rewrites the queries of a statement.
func (l *lowering) queries(s ir.Stmt) ir.Stmt {
	if u, ok := s.(*ir.Update); ok {
		l.update(u)
	}
	ir.Walk(s, func(n ir.Node) bool {
		if q, ok := n.(*ir.Select); ok {
			l.query(q)
		}
		return true
	})
	return s
}

// query numbers the rows of a select by window functions where it can, and takes out the subqueries that set its variables.
func (l *lowering) query(q *ir.Select) {
	set := starts(q.From)
	r := &reader{l: l, q: q, start: set}
	if r.plan() {
		for _, a := range r.steps {
			a.item.Expr = a.value
			a.item.Made(code)
		}
		q.From = without(q.From)
		l.p.Report(inOrder, q.Span, "%s", strings.Join(r.names(), ", "))
		return
	}
	if assignsInOrder(q) {
		rewrite.Refuse(l.p, sortedBy, q.Span, "the query sorts or groups rows and assigns %s", strings.Join(assigned(q), ", "))
		return
	}
	for _, d := range deriveds(q.From) {
		for _, it := range d.Query.(*ir.Select).Items {
			a := it.Expr.(*ir.AssignExpr)
			i := &ir.SetItem{Target: a.Target, Value: a.Value}
			i.Span = a.Span
			l.before = append(l.before, i)
		}
	}
	q.From = without(q.From)
}

// assignsInOrder tells that the select list assigns variables which the target may evaluate before it has the rows in order.
func assignsInOrder(q *ir.Select) bool {
	list := assigned(q)
	if len(list) == 0 {
		return false
	}
	for _, o := range q.OrderBy {
		it := itemOf(q, o)
		if it != nil && ir.Find(it.Expr, userVariable) || ir.Find(o.Expr, userVariable) {
			return true
		}
	}
	return q.Distinct || len(q.GroupBy) > 0
}

// itemOf is the select item that an item of ORDER BY stands for, nil if it is an expression of its own.
func itemOf(q *ir.Select, o *ir.OrderItem) *ir.SelectItem {
	if o.Position > 0 && o.Position <= len(q.Items) {
		return q.Items[o.Position-1]
	}
	if n, ok := o.Expr.(*ir.Name); ok {
		if a, ok := n.Ref.(*ir.AliasRef); ok {
			return a.Item
		}
	}
	return nil
}

// assigned are the variables that the select list assigns, outside of its subqueries.
func assigned(q *ir.Select) []string {
	var out []string
	for _, it := range q.Items {
		ir.Walk(it.Expr, func(n ir.Node) bool {
			switch n := n.(type) {
			case ir.Query:
				return false
			case *ir.AssignExpr:
				if ir.Find(n.Value, userVariable) || !constant(n.Value) {
					out = append(out, "@"+n.Target.Name)
				}
			}
			return true
		})
	}
	return out
}

// deriveds are the subqueries of FROM that only set variables to constants.
func deriveds(from []ir.TableExpr) []*ir.Derived {
	var out []*ir.Derived
	for i, f := range from {
		switch f := f.(type) {
		case *ir.Derived:
			if sets(f) && len(from) > 1 && i >= 0 {
				out = append(out, f)
			}
		case *ir.Join:
			out = append(out, joined(f)...)
		}
	}
	return out
}

func joined(j *ir.Join) []*ir.Derived {
	if (j.Kind != ir.InnerJoin && j.Kind != ir.CrossJoin) || j.On != nil || len(j.Using) > 0 || j.Natural {
		return nil
	}
	var out []*ir.Derived
	for _, side := range []ir.TableExpr{j.L, j.R} {
		switch x := side.(type) {
		case *ir.Derived:
			if sets(x) {
				out = append(out, x)
			}
		case *ir.Join:
			out = append(out, joined(x)...)
		}
	}
	return out
}

// sets tells that a derived table is a row of assignments of constants.
func sets(d *ir.Derived) bool {
	q, ok := d.Query.(*ir.Select)
	if !ok || len(q.From) > 0 || q.Where != nil || q.With != nil || q.Limit != nil || len(q.Items) == 0 {
		return false
	}
	for _, it := range q.Items {
		a, ok := it.Expr.(*ir.AssignExpr)
		if !ok || !constant(a.Value) {
			return false
		}
	}
	return true
}

func constant(e ir.Expr) bool {
	switch x := e.(type) {
	case *ir.Number, *ir.String, *ir.Null:
		return true
	case *ir.Unary:
		return x.Op == ir.Neg && constant(x.X)
	}
	return false
}

// starts are the values that subqueries of FROM set variables to.
func starts(from []ir.TableExpr) map[string]ir.Expr {
	out := map[string]ir.Expr{}
	for _, d := range deriveds(from) {
		for _, it := range d.Query.(*ir.Select).Items {
			a := it.Expr.(*ir.AssignExpr)
			out[a.Target.Name] = a.Value
		}
	}
	return out
}

// without takes the subqueries that only set variables out of FROM.
func without(from []ir.TableExpr) []ir.TableExpr {
	gone := map[ir.TableExpr]bool{}
	for _, d := range deriveds(from) {
		gone[d] = true
	}
	if len(gone) == 0 {
		return from
	}
	var out []ir.TableExpr
	for _, f := range from {
		if x := reduced(f, gone); x != nil {
			out = append(out, x)
		}
	}
	return out
}

func reduced(t ir.TableExpr, gone map[ir.TableExpr]bool) ir.TableExpr {
	if gone[t] {
		return nil
	}
	j, ok := t.(*ir.Join)
	if !ok {
		return t
	}
	if x := reduced(j.L, gone); x == nil {
		return reduced(j.R, gone)
	} else {
		j.L = x
	}
	x := reduced(j.R, gone)
	if x == nil {
		return j.L
	}
	j.R = x
	return j
}

// update gives the rows of UPDATE ... ORDER BY with a running number their numbers in a subquery.
func (l *lowering) update(u *ir.Update) {
	var found []*ir.AssignExpr
	for _, a := range u.Sets {
		ir.Walk(a.Value, func(n ir.Node) bool {
			if x, ok := n.(*ir.AssignExpr); ok {
				found = append(found, x)
			}
			return true
		})
	}
	if len(found) == 0 || len(u.OrderBy) == 0 && u.Limit == nil {
		return
	}
	if !l.numbered(u, found) {
		rewrite.Refuse(l.p, orderedUpdate, u.Span, "UPDATE ... ORDER BY assigns @%s", found[0].Target.Name)
	}
}

func (l *lowering) numbered(u *ir.Update, found []*ir.AssignExpr) bool {
	if len(found) != 1 || len(u.Tables) != 1 || len(u.OrderBy) == 0 || u.With != nil || u.WhereCurrentOf != "" {
		return false
	}
	t, ok := u.Tables[0].(*ir.TableRef)
	if !ok || t.Table == nil || t.Table.PrimaryKey() == nil {
		return false
	}
	a := found[0]
	step, ok := stepOf(a)
	start, known := l.given(a.Target.Name)
	if !ok || !known || l.readElsewhere(a.Target.Name, u) || ir.Find(u.Where, userVariable) || tree.Touches(t.Table, u.Sets) {
		return false
	}
	inner := ir.Clone(t)
	q := &ir.Select{From: []ir.TableExpr{inner}, Where: ir.Clone(u.Where)}
	q.Span, q.Limit = u.Span, u.Limit
	q.OrderBy = nil
	if u.Limit != nil {
		for _, o := range u.OrderBy {
			q.OrderBy = append(q.OrderBy, ir.Clone(o))
		}
	}
	name := tree.Unused(l.p.Unit.Stmts, "numbered")
	id := tree.RowID(t.Table, inner, tree.NameOf(inner))
	for _, n := range id {
		q.Items = append(q.Items, &ir.SelectItem{Expr: n})
	}
	w := window(rowNumber(), u.OrderBy, nil)
	q.Items = append(q.Items, &ir.SelectItem{Expr: w, Alias: ir.Ident{Text: "row_number"}})
	d := &ir.Derived{Query: q, Alias: ir.Ident{Text: name}}
	d.Span = u.Span
	var same ir.Expr
	for _, n := range tree.RowID(t.Table, t, tree.NameOf(t)) {
		last := n.Parts[len(n.Parts)-1].Text
		same = tree.And(same, tree.Compare(ir.Eq, n, tree.Output(name, last, n.Type)))
	}
	u.From = []ir.TableExpr{d}
	u.Where, u.OrderBy, u.Limit = same, nil, nil
	u.Made(code)
	value := plus(start, times(step, tree.Output(name, "row_number", types.Int{Bits: 64})))
	for _, s := range u.Sets {
		s.Value = ir.Map(s.Value, func(n ir.Node) ir.Node {
			if n == ir.Node(a) {
				return value
			}
			return n
		})
	}
	l.p.Report(inOrder, u.Span, "@%s", a.Target.Name)
	return true
}

func userVariable(n ir.Node) bool {
	_, ok := n.(*ir.UserVar)
	return ok
}

func rowNumber() *ir.Aggregate {
	w := &ir.Aggregate{Op: op.RowNumber, Name: "ROW_NUMBER"}
	w.Type = types.Int{Bits: 64}
	return w
}

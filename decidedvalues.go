package godwit

import (
	"slices"
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/op"
)

// value is the value of an expression, if it is known.
func (r *deciding) value(e ir.Expr) (known, bool) { return r.of(e, nil) }

// of is the same where COUNT(*) of the query around may be asked for.
func (r *deciding) of(e ir.Expr, count func() (known, bool)) (known, bool) {
	switch x := e.(type) {
	case *ir.String:
		return known{text: x.Value}, true
	case *ir.Number:
		n, err := strconv.ParseInt(x.Text, 10, 32)
		return known{n: n, number: true}, err == nil && x.Kind == ir.IntNumber
	case *ir.Bool:
		return truthOf(x.Value, false), true
	case *ir.Null:
		return known{null: true}, true
	case *ir.UserVar:
		v, ok := r.d.vars[key(x)]
		return r.seen(v), ok
	case *ir.Name:
		v, ok := r.locals[key(x)]
		return r.seen(v), ok && key(x) != ""
	case *ir.Concat:
		return r.joined(x, count)
	case *ir.Compare:
		return r.compared(x, count)
	case *ir.Unary:
		v, ok := r.of(x.X, count)
		yes, is := v.truth()
		if !ok || !is || x.Op != ir.Not || v.null {
			return known{}, false
		}
		return truthOf(!yes, v.asked), true
	case *ir.Binary:
		return r.logic(x, count)
	case *ir.IsNull:
		v, ok := r.of(x.X, count)
		return truthOf(v.null != x.Not, v.asked), ok
	case *ir.Case:
		return r.chosen(x, count)
	case *ir.Call:
		return r.function(x, count)
	case *ir.Exists:
		s, ok := x.Query.(*ir.Select)
		if !ok || slices.ContainsFunc(s.Items, func(it *ir.SelectItem) bool { return aggregates(it.Expr) }) {
			return known{}, false
		}
		n, ok := r.count(s)
		return truthOf((n > 0) != x.Not, true), ok
	case *ir.Subquery:
		s, ok := x.Query.(*ir.Select)
		if !ok || len(s.Items) != 1 || x.Array {
			return known{}, false
		}
		return r.item(s, s.Items[0].Expr)
	case *ir.Aggregate:
		if count != nil && x.Op == op.Count && !x.Distinct && len(x.Args) == 1 && x.Filter == nil && countsAll(x.Args[0]) {
			return count()
		}
	}
	return known{}, false
}

// countsAll tells what COUNT counts all rows by.
func countsAll(e ir.Expr) bool {
	switch e.(type) {
	case *ir.Star, *ir.Number, *ir.String, *ir.Bool:
		return true
	}
	return false
}

func (r *deciding) seen(v known) known {
	r.asked = r.asked || v.asked
	return v
}

// aggregates tells an expression with an aggregate of the query around it.
func aggregates(e ir.Expr) (found bool) {
	ir.Walk(e, func(n ir.Node) bool {
		switch n.(type) {
		case *ir.Aggregate:
			found = true
		case ir.Query:
			return false
		}
		return !found
	})
	return found
}

func truthOf(yes, asked bool) known {
	v := known{number: true, asked: asked}
	if yes {
		v.n = 1
	}
	return v
}

// item is the value of the only item of a query with one row, NULL without a row.
func (r *deciding) item(s *ir.Select, e ir.Expr) (known, bool) {
	if len(s.From) == 0 {
		if s.Where != nil || len(s.GroupBy) > 0 || s.Having != nil || s.Limit != nil || s.Offset != nil || aggregates(e) {
			return known{}, false
		}
		return r.value(e)
	}
	if aggregates(e) {
		if s.Limit != nil || s.Offset != nil {
			return known{}, false
		}
		return r.of(e, func() (known, bool) {
			n, ok := r.count(s)
			return known{n: n, number: true, asked: true}, ok
		})
	}
	n, ok := r.count(s)
	if !ok || !countsAll(e) || n > 1 || len(s.Into) > 0 {
		return known{}, false
	}
	if n == 0 {
		return known{null: true, asked: true}, true
	}
	v, ok := r.value(e)
	v.asked = true
	return v, ok
}

// maxText is the length up to which texts that a script builds are followed, in bytes.
const maxText = 64 << 10

func (r *deciding) joined(x *ir.Concat, count func() (known, bool)) (known, bool) {
	var out known
	if x.Null != ir.NullPropagates {
		return out, false
	}
	for _, a := range x.Args {
		v, ok := r.of(a, count)
		if !ok || v.null || v.current {
			return out, false
		}
		if v.number {
			v.text = strconv.FormatInt(v.n, 10)
		}
		if out.text += v.text; len(out.text) > maxText {
			return out, false
		}
		out.asked = out.asked || v.asked
	}
	return out, true
}

func (r *deciding) compared(x *ir.Compare, count func() (known, bool)) (known, bool) {
	a, ok := r.of(x.L, count)
	b, ok2 := r.of(x.R, count)
	asked := a.asked || b.asked
	if !ok || !ok2 || a.current || b.current {
		return known{}, false
	}
	if x.Op != ir.NullSafeEq && (a.null || b.null) {
		return known{null: true, asked: asked}, true
	}
	if a.number && b.number {
		switch x.Op {
		case ir.Eq, ir.NullSafeEq:
			return truthOf(a.n == b.n, asked), true
		case ir.Ne:
			return truthOf(a.n != b.n, asked), true
		case ir.Lt:
			return truthOf(a.n < b.n, asked), true
		case ir.Le:
			return truthOf(a.n <= b.n, asked), true
		case ir.Gt:
			return truthOf(a.n > b.n, asked), true
		case ir.Ge:
			return truthOf(a.n >= b.n, asked), true
		}
	}
	if a.number || b.number || a.null || b.null || x.Op != ir.Eq && x.Op != ir.Ne || !plainWord(a.text) || !plainWord(b.text) {
		return known{}, false
	}
	if a.text != b.text && strings.EqualFold(a.text, b.text) {
		return known{}, false // as the collation has it
	}
	return truthOf((a.text == b.text) == (x.Op == ir.Eq), asked), true
}

// plainWord tells a text that all collations compare alike, but for upper and lower case.
func plainWord(s string) bool {
	return !strings.ContainsFunc(s, func(c rune) bool {
		return c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')
	})
}

func (r *deciding) logic(x *ir.Binary, count func() (known, bool)) (known, bool) {
	a, ok := r.of(x.L, count)
	b, ok2 := r.of(x.R, count)
	ta, isA := a.truth()
	tb, isB := b.truth()
	if !ok || !ok2 || !isA || !isB || a.null || b.null {
		return known{}, false
	}
	switch x.Op {
	case ir.And:
		return truthOf(ta && tb, a.asked || b.asked), true
	case ir.Or:
		return truthOf(ta || tb, a.asked || b.asked), true
	case ir.Add:
		if a.n < 1<<31 && b.n < 1<<31 {
			return known{n: a.n + b.n, number: true, asked: a.asked || b.asked}, true
		}
	}
	return known{}, false
}

// chosen is IF and CASE.
func (r *deciding) chosen(x *ir.Case, count func() (known, bool)) (known, bool) {
	if x.Operand != nil {
		return known{}, false
	}
	asked := false
	for _, w := range x.Whens {
		c, ok := r.of(w.Cond, count)
		yes, is := c.truth()
		if !ok || !is {
			return known{}, false
		}
		asked = asked || c.asked
		if yes {
			v, ok := r.of(w.Then, count)
			v.asked = v.asked || asked
			return v, ok
		}
	}
	if x.Else == nil {
		return known{null: true, asked: asked}, true
	}
	v, ok := r.of(x.Else, count)
	v.asked = v.asked || asked
	return v, ok
}

func (r *deciding) function(x *ir.Call, count func() (known, bool)) (known, bool) {
	switch x.Op {
	case op.CurrentSchema:
		if s := r.d.tables.schema; s != "" {
			return known{text: s}, true
		}
		return known{current: true}, true
	case op.Coalesce:
		for _, a := range x.Args {
			v, ok := r.of(a, count)
			if !ok || !v.null {
				return v, ok
			}
		}
		return known{null: true}, true
	}
	return known{}, false
}

// count is how many rows of information_schema a query finds, if the script tells.
func (r *deciding) count(s *ir.Select) (int64, bool) {
	if len(s.From) != 1 || len(s.GroupBy) > 0 || s.Having != nil || s.Distinct || s.With != nil || s.Offset != nil || s.Rollup {
		return 0, false
	}
	t, ok := s.From[0].(*ir.TableRef)
	if !ok || !strings.EqualFold(t.Name.Schema(), "information_schema") || s.Where == nil {
		return 0, false
	}
	of := strings.ToLower(t.Name.Name())
	if told[of] == nil {
		return 0, false
	}
	q := &question{r: r, of: of, a: asked{}}
	if !q.where(s.Where) {
		return 0, false
	}
	n, ok := r.d.tables.count(of, q.a, q.schemas)
	if s.Limit != nil {
		most, known := r.value(s.Limit)
		if !known || !most.number {
			return 0, false
		}
		n = min(n, most.n)
	}
	r.asked = r.asked || ok
	return n, ok
}

// question is the condition of a query of information_schema.
type question struct {
	r       *deciding
	of      string
	a       asked
	schemas []string // nil for all
}

func (q *question) where(e ir.Expr) bool {
	switch x := e.(type) {
	case *ir.Binary:
		return x.Op == ir.And && q.where(x.L) && q.where(x.R)
	case *ir.Compare:
		if x.Op != ir.Eq {
			return false
		}
		if c := q.column(x.L); c != "" {
			return q.is(c, x.R)
		}
		if c := q.column(x.R); c != "" {
			return q.is(c, x.L)
		}
	case *ir.In:
		if c := q.column(x.X); c != "" && !x.Not && x.Query == nil {
			return q.is(c, x.List...)
		}
	}
	return false
}

// column is the column that a name means, "" if it means none. Variables come first.
func (q *question) column(e ir.Expr) string {
	n, ok := e.(*ir.Name)
	if !ok {
		return ""
	}
	if len(n.Parts) == 1 {
		if _, local := q.r.declared[strings.ToLower(n.Parts[0].Text)]; local {
			return ""
		}
	}
	return strings.ToLower(n.Parts[len(n.Parts)-1].Text)
}

func (q *question) is(column string, values ...ir.Expr) bool {
	var list []string
	for _, e := range values {
		v, ok := q.r.value(e)
		if !ok || v.null {
			return false
		}
		if v.number {
			v.text = strconv.FormatInt(v.n, 10)
		}
		if column != "non_unique" && v.number {
			return false
		}
		list = append(list, v.text) // "" is the database in use, where it has no name
		if v.current && column != "table_schema" && column != "constraint_schema" || !v.current && v.text == "" {
			return false
		}
	}
	switch {
	case column == "table_schema" && q.of != "referential_constraints", column == "constraint_schema" || column == "index_schema":
		if q.schemas != nil && !slices.Equal(q.schemas, list) {
			return false
		}
		q.schemas = list
		return true
	case q.a[column] != nil:
		return false
	case column == "table_name":
		q.a[column] = list
		return true
	case !slices.Contains(told[q.of], column):
		return false
	}
	for i, v := range list {
		list[i] = strings.TrimRight(strings.ToLower(v), " ")
	}
	q.a[column] = list
	return true
}

// Package recursivecolumns holds the rule for the column types of recursive common table expressions.
package recursivecolumns

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

const code = "QY0018"

var (
	fits = &diag.Code{
		ID: "QY0113", Title: "texts of a recursive expression are assumed to fit", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `The first part of a recursive common table expression sets the length of its columns (MySQL Reference Manual, "WITH (Common Table Expressions)"); in strict
mode a longer text is an error. The converted query keeps the longer text.`,
		Each: 0.01,
	}
	untyped = &diag.Code{
		ID: "QY0141", Title: "NULL in the first part of a recursive expression", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The first part gives the column its type; of a bare NULL that is a text of length 0, into which nothing of the recursive part fits.",
		Next: "Cast NULL to the type that the recursive part yields.", Learn: 0.1, Each: 0.1,
	}
	starred = &diag.Code{
		ID: "QY0140", Title: "* in a recursive expression", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The columns of both parts must have one type on PostgreSQL, and those of * cannot be converted.",
		Next: "List the columns.", Learn: 0.2, Each: 0.2,
	}
)

// Rule is QY0018.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "recursive-columns",
		Doc: `The first part of a recursive common table expression sets the types of its columns; what the recursive part yields is converted to them (MySQL Reference
Manual, "WITH (Common Table Expressions)"). PostgreSQL wants both parts to have the very same types, lengths and collations, so casts are added where
they can differ. Integers become 64 bits wide where the recursive part computes more than a count.`,
		Fidelity: diag.Exact,
		Examples: []rewrite.Example{
			{
				Setup:  "CREATE TABLE n (id INT PRIMARY KEY, pid INT, nm VARCHAR(5));",
				Source: "WITH RECURSIVE t AS (SELECT id, CAST(nm AS CHAR(50)) AS path, 1 AS lvl FROM n WHERE pid IS NULL UNION ALL SELECT n.id, CONCAT(t.path, '/', n.nm), t.lvl + 1 FROM t JOIN n ON n.pid = t.id) SELECT id, path, lvl FROM t;",
				Target: "WITH RECURSIVE t AS (SELECT id, nm::text AS path, 1 AS lvl FROM n WHERE pid IS NULL UNION ALL SELECT n.id, t.path || '/' || n.nm, t.lvl + 1 FROM t JOIN n ON n.pid = t.id) SELECT id, path, lvl FROM t;",
			},
			{
				Source: "WITH RECURSIVE f AS (SELECT 1 AS n, 1 AS p UNION ALL SELECT n + 1, p * (n + 1) FROM f WHERE n < 9) SELECT p FROM f;",
				Target: "WITH RECURSIVE f AS (SELECT 1 AS n, 1::bigint AS p UNION ALL SELECT n + 1, (p * (n + 1))::bigint FROM f WHERE n < 9) SELECT p FROM f;",
			},
		},
		Findings: []*diag.Code{fits, untyped, starred},
		After: map[string]string{
			"cast":               "conversions of the source are done",
			"concat":             "joined text is text",
			"division":           "quotients have been rounded",
			"date-add":           "dates have the types that the target computes",
			"temporal-functions": "dates have the types that the target computes",
			"integer-arithmetic": "integers have been widened where they must be",
			"collation":          "comparisons have their collations",
			"aggregates":         "aggregates have the target's types",
		},
		Looks: ir.Kinds(ir.KindWith),
		Run:   run,
	}
}

func run(p *rewrite.Pass) {
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			if w, ok := n.(*ir.With); ok && w.Recursive {
				for _, c := range w.CTEs {
					lower(p, c)
				}
			}
			return !p.Refused()
		})
	}
}

// column is one column of the parts of a recursive expression.
type column struct {
	p     *rewrite.Pass
	d     *build.Deriver
	cte   *ir.CTE
	index int
	name  string
	want  types.Type
	first []*ir.Expr // of the parts that do not refer to the expression
	rest  []*ir.Expr
}

func lower(p *rewrite.Pass, c *ir.CTE) {
	if c.Query == nil {
		return
	}
	var first, rest []*ir.Select
	for _, q := range terms(c.Query) {
		s, ok := q.(*ir.Select)
		switch {
		case !ok && refers(q, c):
			return
		case !ok:
			return // VALUES: literals only
		case refers(s, c):
			rest = append(rest, s)
		default:
			first = append(first, s)
		}
	}
	if len(first) == 0 || len(rest) == 0 {
		return
	}
	for _, s := range append(append([]*ir.Select(nil), first...), rest...) {
		for _, it := range s.Items {
			if _, star := it.Expr.(*ir.Star); star {
				rewrite.Refuse(p, starred, it.Span, "* stands in the recursive expression %s", c.Name.Text)
				return
			}
		}
	}
	for i := range first[0].Items {
		col := &column{p: p, d: &build.Deriver{P: p}, cte: c, index: i}
		if r := c.Query.Columns(); r != nil && i < len(r.Names) {
			col.name = r.Names[i]
		}
		if i < len(c.Columns) {
			col.name = c.Columns[i].Text
		}
		for _, s := range first {
			if i < len(s.Items) {
				col.first = append(col.first, &s.Items[i].Expr)
			}
		}
		for _, s := range rest {
			if i < len(s.Items) {
				col.rest = append(col.rest, &s.Items[i].Expr)
			}
		}
		col.want = (*col.first[0]).TypeOf()
		if r := first[0].Columns(); r != nil && i < len(r.Types) && sameKind(r.Types[i], col.want) {
			col.want = r.Types[i]
		}
		col.convert()
	}
}

func terms(q ir.Query) []ir.Query {
	if s, ok := q.(*ir.SetOp); ok && s.Kind == ir.Union {
		return append(terms(s.L), terms(s.R)...)
	}
	return []ir.Query{q}
}

func refers(q ir.Query, c *ir.CTE) bool {
	return ir.Find(q, func(n ir.Node) bool {
		t, ok := n.(*ir.TableRef)
		return ok && (t.CTE == c || t.CTE != nil && strings.EqualFold(t.CTE.Name.Text, c.Name.Text))
	})
}

func sameKind(a, b types.Type) bool {
	switch a.(type) {
	case types.Int:
		_, ok := b.(types.Int)
		return ok
	case types.Decimal:
		_, ok := b.(types.Decimal)
		return ok
	case types.Text:
		_, ok := b.(types.Text)
		return ok
	}
	return false
}

// itself tells that a value is the column as the step before yielded it.
func (c *column) itself(e ir.Expr) bool {
	n, ok := e.(*ir.Name)
	if !ok {
		return false
	}
	r, ok := n.Ref.(*ir.OutputRef)
	if !ok || !strings.EqualFold(r.Column, c.name) {
		return false
	}
	t, ok := r.From.(*ir.TableRef)
	return ok && t.CTE != nil && strings.EqualFold(t.CTE.Name.Text, c.cte.Name.Text)
}

// counts tells that a value is the column itself, or the column and a literal.
func (c *column) counts(e ir.Expr) bool {
	if b, ok := e.(*ir.Binary); ok && (b.Op == ir.Add || b.Op == ir.Sub) {
		if _, lit := build.IntLiteral(b.R); lit {
			return c.itself(b.L)
		}
		_, lit := build.IntLiteral(b.L)
		return lit && b.Op == ir.Add && c.itself(b.R)
	}
	return c.itself(e)
}

// stored is the type of a column of a table.
func stored(e ir.Expr) types.Type {
	n, ok := e.(*ir.Name)
	if !ok {
		return nil
	}
	switch r := n.Ref.(type) {
	case *ir.ColumnRef:
		if r.Column != nil {
			return r.Column.Type
		}
	}
	return nil
}

// alike tells that all parts yield columns of tables of one type, or the column itself.
func (c *column) alike() bool {
	t := stored(*c.first[0])
	if t == nil {
		return false
	}
	for _, list := range [][]*ir.Expr{c.first, c.rest} {
		for _, e := range list {
			if s := stored(*e); !c.itself(*e) && (s == nil || !physical(s, t)) {
				return false
			}
		}
	}
	return true
}

func physical(a, b types.Type) bool {
	x, ok := a.(types.Text)
	y, ok2 := b.(types.Text)
	if ok && ok2 {
		return x.N == y.N && x.MaxBytes == y.MaxBytes && x.Collation.Name == y.Collation.Name
	}
	return a != nil && b != nil && a.String() == b.String()
}

func (c *column) each(f func(ir.Expr) ir.Expr) {
	for _, list := range [][]*ir.Expr{c.first, c.rest} {
		for _, e := range list {
			if !c.itself(*e) {
				*e = f(*e)
			}
		}
	}
}

func (c *column) convert() {
	if c.alike() {
		return
	}
	switch t := c.want.(type) {
	case types.Null:
		c.null()
	case types.Int:
		c.integer(t)
	case types.Year:
		c.each(func(e ir.Expr) ir.Expr { return build.As(e, "smallint", t, code) })
	case types.Decimal:
		c.each(func(e ir.Expr) ir.Expr { return build.Cast(e, t, code) })
	case types.Float:
		c.each(func(e ir.Expr) ir.Expr { return build.Cast(e, t, code) })
	case types.Text:
		c.text(t)
	case types.Enum, types.Set:
		c.each(func(e ir.Expr) ir.Expr { return build.As(e, "text", e.TypeOf(), code) })
	case types.Date, types.DateTime, types.Timestamp, types.Time:
		c.each(func(e ir.Expr) ir.Expr {
			if _, isDate := t.(types.Date); isDate && e.TypeOf() == t {
				return e
			}
			return build.Cast(e, t, code)
		})
	}
}

// null: a literal NULL gives the column no length; whatever the recursive part yields is cut to nothing, or an error.
func (c *column) null() {
	for _, e := range c.rest {
		if _, null := (*e).TypeOf().(types.Null); !null && !c.itself(*e) {
			rewrite.Refuse(c.p, untyped, (*c.first[0]).Base().Span, "column %s is NULL in the first part", c.name)
			return
		}
	}
}

func (c *column) integer(t types.Int) {
	plain := true
	for _, e := range c.rest {
		plain = plain && c.counts(*e)
	}
	width := 0
	for _, e := range c.first {
		w := build.Width(*e)
		_, lit := build.IntLiteral(*e)
		plain = plain && w > 0 && (width == 0 || w == width) && (!lit || build.Bounded(*e))
		width = w
	}
	switch {
	case plain:
	case t.Unsigned && t.Bits == 64:
		c.each(func(e ir.Expr) ir.Expr { return build.As(e, "numeric", t, code) })
	default:
		c.each(func(e ir.Expr) ir.Expr { return build.As(e, "bigint", types.Int{Bits: 64}, code) })
	}
}

func (c *column) text(t types.Text) {
	strict := tree.Strict(c.p.Settings)
	for _, e := range c.rest {
		if t.N == 0 || c.itself(*e) || shorter(*e, t.N) {
			continue
		}
		if strict && t.N < 25 { // short enough to be too short by mistake
			*e = c.p.Helper("fitting_text", *e, *e, build.Int(int64(t.N)))
			(*e).SetType(types.Text{Charset: t.Charset, Collation: t.Collation})
			continue
		}
		if strict {
			c.p.Report(fits, (*e).Base().Span, "the texts of column %s are assumed to have %d characters at most", c.name, t.N)
			continue
		}
		*e = build.Call("left", *e, t, code, *e, build.Int(int64(t.N)))
	}
	c.each(asText)
	c.collate(t)
}

// shorter tells that a text surely has no more characters.
func shorter(e ir.Expr, n int) bool {
	if s, ok := e.(*ir.String); ok {
		return len([]rune(s.Value)) <= n
	}
	s, ok := stored(e).(types.Text)
	return ok && s.N > 0 && s.N <= n
}

// asText makes text without a length of a value, unless it is one.
func asText(e ir.Expr) ir.Expr {
	switch x := e.(type) {
	case *ir.String:
		return e
	case *ir.Concat:
		if len(x.Args) > 1 {
			return e
		}
	case *ir.TargetCall:
		if x.Name == "left" {
			return e
		}
	case *ir.HelperCall:
		return e
	}
	return build.As(e, "text", e.TypeOf(), code)
}

// collate gives all parts the collation of the column where they would have different ones.
func (c *column) collate(t types.Text) {
	names := map[string]bool{}
	for _, list := range [][]*ir.Expr{c.first, c.rest} {
		for _, e := range list {
			if !c.itself(*e) {
				x := c.d.Derive(*e)
				names[x.Name] = true
				if x.Strength == build.Conflict {
					names["conflict"] = true
				}
			}
		}
	}
	name, _, ok := c.p.Lower.Collation(t.Collation)
	if len(names) < 2 && !names["conflict"] || !ok {
		return
	}
	if c.d.Citext() { // plain texts until they are compared: a value keeps its collation when it is cast to the type
		name = ir.Qualified("", "default")
	}
	c.each(func(e ir.Expr) ir.Expr { return build.Collated(e, name, types.Collation{}, code) })
}

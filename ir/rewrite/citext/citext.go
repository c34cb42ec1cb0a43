// Package citext holds the rule that spells case-insensitive texts with the type citext, by the policy collations=citext.
package citext

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

const code = "TY0744"

var (
	folded = &diag.Code{
		ID: "EX0746", Title: "citext folds case and nothing else", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `By the policy collations=citext case-insensitive texts are of the type citext, which compares lower(value) by the database's collation (PostgreSQL manual, citext). The source's
collations take letters with accents and without them, and other variants of a character, for equal as well, unless their names have _as_ (MySQL Reference Manual, "Collation Naming Conventions").
Assumed: texts that are compared differ in case only, the database's LC_CTYPE folds their letters, and its collation sorts as the source does. A text that is too long for its column violates a
CHECK constraint (23514), where varchar(n) would raise 22001 or cut blanks.`,
		Each: 0.01,
	}
	lengths = &diag.Code{
		ID: "EX0749", Title: "citext has no lengths", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc: `By the policy collations=citext the lengths of case-insensitive columns are CHECK constraints. A text that is too long raises 23514 there, which handlers see as a number that is out of
range (22003, 1264); the source raises 22001, error 1406 (MySQL Error Message Reference, ER_DATA_TOO_LONG). The routine looks at errors by their numbers.`,
		Next: "let the handler take 23514 for texts that are too long, or convert with --collations icu", Learn: 0.25, Each: 0.1,
	}
	accents = &diag.Code{
		ID: "EX0748", Title: "citext tells accents apart", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc: `A literal with letters beyond ASCII is compared by a collation of the source that ignores accents and variants of letters (MySQL Reference Manual, "Collation Naming Conventions");
citext ignores case only, and that as far as the database's LC_CTYPE knows the letters.`,
		Next: "convert with --collations icu where accents must not count", Learn: 0.25, Each: 0.1,
	}
)

// Rule is TY0744.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "citext",
		Doc: `By the policy collations=citext a case-insensitive comparison is one of values of the type citext. Columns are of that type; other values are cast to it, since citext beside a plain text
compares as one. Functions get plain text: the extension has case-insensitive versions of replace, strpos, split_part, translate and of those of regular expressions, where the source's functions tell
case apart (PostgreSQL manual, citext). The extension is made in pg_catalog, so that no session's search_path misses its operators.`,
		Fidelity: diag.Exact,
		Examples: []rewrite.Example{{
			Policy: rewrite.Policy{Collations: "citext"},
			Setup:  "CREATE TABLE w (ci VARCHAR(20) COLLATE utf8mb4_0900_as_ci, n INT);",
			Source: "SELECT ci FROM w WHERE ci = 'a' AND CONCAT(ci, 'x') = 'bX' AND REPLACE(ci, 'a', 'b') <> ci ORDER BY ci;",
			Target: `SELECT ci FROM w WHERE ci = 'a' AND (ci || 'x')::citext = 'bX' AND replace(ci::text, 'a', 'b')::citext <> ci
ORDER BY ci NULLS FIRST;`,
		}},
		Findings: []*diag.Code{folded, accents, lengths},
		After: map[string]string{
			"collation":           "comparisons have their collations",
			"explicit-collations": "choices have their collations",
			"aggregates":          "aggregates have their collations",
			"columntypes":         "columns have their types",
			"keys":                "keys over the beginning of a text are expressions",
			"recursive-columns":   "columns of recursive queries have their collations",
			"routines":            "variables have their types",
			"replace":             "it compares keys with values",
			"on-duplicate-key":    "it compares keys with values",
			"joined-update":       "it compares rows with themselves",
			"joined-delete":       "it compares rows with themselves",
			"limited-change":      "it compares rows with themselves",
			"self-references":     "it compares rows with themselves",
			"affected-rows":       "it compares values as they were and as they are",
			"triggers":            "they compare values as they were and as they are",
		},
		Looks:  ir.Kinds(ir.KindName, ir.KindCollate, ir.KindColumnDef, ir.KindCompare, ir.KindIn, ir.KindLike),
		Needed: func(p *rewrite.Pass) bool { return p.Policy.Collations == build.Citext },
		Run:    run,
	}
}

type lowering struct {
	p *rewrite.Pass
	d *build.Deriver
}

func run(p *rewrite.Pass) {
	if p.Policy.Collations != build.Citext {
		return
	}
	l := &lowering{p, &build.Deriver{P: p}}
	l.report()
	l.numbered()
	p.Nodes(func(n ir.Node) ir.Node {
		switch n := n.(type) {
		case *ir.KeyPart:
			l.key(n)
			return n
		case *ir.CallProc:
			l.plain(n)
			return n
		case *ir.Select:
			l.sorted(n)
		case *ir.Compare:
			l.agree(n.Collation, &n.L, &n.R)
		case *ir.In:
			if n.Query == nil {
				ops := []*ir.Expr{&n.X}
				for i := range n.List {
					ops = append(ops, &n.List[i])
				}
				l.agree(n.Collation, ops...)
			}
		case *ir.Collate:
			if n.Name.String() == build.Citext {
				return l.typed(n)
			}
		}
		if e, ok := n.(ir.Expr); ok && !keeps(e) {
			l.plain(e)
		}
		return n
	})
}

// sorted keeps a sort key from being taken for an item of the list that has the column's name and is a plain text: the target calls c::text c.
func (l *lowering) sorted(s *ir.Select) {
	named := map[string]bool{}
	for _, i := range s.Items {
		if n := under(i.Expr); n != nil && i.Alias.Text == "" {
			named[strings.ToLower(n.Parts[len(n.Parts)-1].Text)] = true
		}
	}
	for _, o := range s.OrderBy {
		n, ok := o.Expr.(*ir.Name)
		if ok && len(n.Parts) == 1 && named[strings.ToLower(n.Parts[0].Text)] && l.d.Derive(n).Folds() {
			o.Expr = build.As(n, build.Citext, n.Type, code)
			l.p.Unit.NeedHelper(build.Citext)
		}
	}
}

// under is the name that an item casts; nil for others.
func under(e ir.Expr) *ir.Name {
	c, ok := e.(*ir.Cast)
	if !ok {
		return nil
	}
	if n, ok := c.X.(*ir.Name); ok {
		return n
	}
	return under(c.X)
}

// numbered reports routines that look at the numbers of errors.
func (l *lowering) numbered() {
	for _, s := range l.p.Unit.Stmts {
		if control.Body(s) == nil {
			continue
		}
		text := l.p.Unit.Span.Text()
		asks := ir.Find(s, func(n ir.Node) bool {
			h, ok := n.(*ir.HelperCall)
			return ok && (h.Name == "sqlstate" || h.Name == "errno")
		})
		if asks || strings.Contains(text, "22001") || strings.Contains(text, "1406") {
			l.p.Report(lengths, s.Base().Span, "a text that is too long for its column raises 23514")
			return
		}
	}
}

// agree makes a comparison one of the type where a column of it takes part, those that rules have written behind the rule of collations as well.
func (l *lowering) agree(c types.Collation, ops ...*ir.Expr) {
	for _, o := range ops {
		x := l.d.Derive(*o)
		switch (*o).TypeOf().(type) {
		case types.Text, types.Set, types.Null, nil:
		default:
			return
		}
		if x.Strength == build.Explicit && !x.Folds() {
			return
		}
		if t, ok := types.CollationOf((*o).TypeOf()); c.IsZero() && ok && x.Folds() {
			c = t
		}
	}
	if !l.d.Of(c, build.Implicit).Folds() {
		return
	}
	for _, o := range ops {
		if l.d.Derive(*o).Name == build.Citext || build.IsConstant(*o) {
			continue
		}
		*o = build.As(*o, build.Citext, (*o).TypeOf(), code)
		l.p.Unit.NeedHelper(build.Citext)
	}
}

// typed is a value that is of the type.
func (l *lowering) typed(n *ir.Collate) ir.Expr {
	l.p.Unit.NeedHelper(build.Citext)
	x := n.X
	if c, ok := x.(*ir.Cast); ok && c.Target { // x::text::citext
		if t, named := c.To.(types.Named); named && t.Name == "text" {
			if _, text := c.X.TypeOf().(types.Text); text {
				x = c.X
			}
		}
	}
	return build.As(x, build.Citext, n.Type, code)
}

// key makes a key over an expression compare as the column does.
func (l *lowering) key(n *ir.KeyPart) {
	if n.Expr == nil {
		return
	}
	if t, ok := n.Expr.TypeOf().(types.Text); ok && l.d.Of(t.Collation, build.Implicit).Folds() && l.d.Derive(n.Expr).Name != build.Citext {
		n.Expr = build.As(n.Expr, build.Citext, t, code)
	}
}

// keeps tells expressions in which a part may be of the type: what compares or chooses, and functions that know plain text only.
func keeps(e ir.Expr) bool {
	switch e := e.(type) {
	case *ir.Compare, *ir.Between, *ir.In, *ir.Quantified, *ir.Like, *ir.Case, *ir.IsNull, *ir.RowExpr, *ir.Exists, *ir.Subquery, *ir.Truth, *ir.BoolValue, *ir.Concat:
		return true
	case *ir.Call:
		return e.Op == op.Coalesce || e.Op == op.IfNull || e.Op == op.Grouping
	case *ir.TargetCall:
		return build.KeepsType(e.Name) || plainOnly[e.Name]
	case *ir.Aggregate:
		return e.Op == op.Min || e.Op == op.Max || e.Op == op.Count || e.TargetName == "array_agg" || e.Op == op.Grouping // a value of GROUP BY as it is written
	case *ir.Cast:
		switch t := e.To.(type) {
		case types.Named:
			return t.Name == "text" || t.Name == build.Citext
		case types.Text:
			return e.Target && t.N == 0
		}
	}
	return false
}

// plainOnly are functions of the target that take text and have no version for citext.
var plainOnly = map[string]bool{
	"char_length": true, "octet_length": true, "lower": true, "upper": true, "left": true, "right": true, "substring": true, "substr": true, "lpad": true, "rpad": true,
	"btrim": true, "ltrim": true, "rtrim": true, "md5": true, "ascii": true, "reverse": true, "repeat": true, "convert_to": true, "initcap": true,
}

// plain makes plain texts of the parts of a node.
func (l *lowering) plain(n ir.Node) {
	parts := map[ir.Node]bool{}
	ir.Children(n, func(c ir.Node) {
		if e, ok := c.(ir.Expr); ok && l.d.Derive(e).Folds() {
			parts[c] = true
		}
	})
	if len(parts) == 0 {
		return
	}
	ir.MapPre(n, func(c ir.Node) bool { return c == n || parts[c] }, func(c ir.Node) ir.Node {
		if parts[c] {
			return l.d.PlainText(c.(ir.Expr), code)
		}
		return c
	})
}

// report tells, once a unit, what is assumed of texts that compare by the type, and of literals that it may tell apart.
func (l *lowering) report() {
	told, strange := false, false
	for _, s := range l.p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			if strange {
				return false
			}
			c, at := l.compares(n)
			if !l.d.Of(c, build.Implicit).Folds() {
				return true
			}
			if !told {
				told = true
				l.p.Report(folded, at.Base().Span, "texts of %s compare by citext", c.Name)
			}
			if e, ok := n.(ir.Expr); ok && c.AccentInsensitive && beyond(e) {
				strange = true
				l.p.Report(accents, at.Base().Span, "a literal is compared by %s", c.Name)
			}
			return true
		})
	}
}

// compares tells by which collation a node compares or stores texts.
func (l *lowering) compares(n ir.Node) (types.Collation, ir.Node) {
	var c types.Collation
	switch n := n.(type) {
	case *ir.ColumnDef:
		if _, enum := n.Type.(types.Enum); !enum {
			c, _ = types.CollationOf(n.Type)
		}
	case *ir.Compare:
		c = n.Collation
	case *ir.Between:
		c = n.Collation
	case *ir.In:
		c = n.Collation
	case *ir.Quantified:
		c = n.Collation
	case *ir.Like:
		c = n.Collation
	case *ir.Case:
		c = n.Collation
	case *ir.HelperCall:
		c, _ = types.CollationOf(n.Type)
	case *ir.Name:
		if l.d.Derive(n).Folds() {
			c, _ = types.CollationOf(n.Type)
		}
	case *ir.Collate:
		if n.Name.String() == build.Citext {
			c, _ = types.CollationOf(n.Type)
		}
	}
	return c, n
}

// beyond tells that an expression has a literal with letters beyond ASCII, or is made of one.
func beyond(e ir.Expr) bool {
	return ir.Find(e, func(n ir.Node) bool {
		s, ok := n.(*ir.String)
		return ok && strings.ContainsFunc(s.Value, func(r rune) bool { return r > 127 })
	})
}

// Package collation holds the rule that makes text compare by the source's collation.
package collation

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

const code = "EX0330"

var padSpace = &diag.Code{
	ID: "EX0331", Title: "trailing blanks in comparisons", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `With a PAD SPACE collation (all before utf8mb4_0900_*) blanks at the end of a text do not count in comparisons (MySQL Reference Manual,
"The binary Collation Compared to _bin Collations"). PostgreSQL counts them. Assumed: no compared value ends in blanks.`,
	Each: 0.01,
}

var blankRows = &diag.Code{
	ID: "EX0332", Title: "texts with trailing blanks are different rows", Severity: diag.Review, Fidelity: diag.Approximate,
	Doc: `The column holds texts that end in blanks: the scripts store such a literal. With its PAD SPACE collation MySQL takes texts that differ in these blanks only for equal (Reference Manual,
"The CHAR and VARCHAR Types"); PostgreSQL keeps them apart in groups, distinct rows, unions and lists from a query. Comparisons and COUNT(DISTINCT) are converted with rtrim.`,
	Next: "store the texts without trailing blanks, or write rtrim(column) into the query", Learn: 0.25, Each: 0.1,
}

// Rule is EX0330.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "collation",
		Doc: `Each comparison of text has a collation by MySQL's coercibility (Reference Manual, "Collation Coercibility in Expressions"). Columns and variables carry the matching
collation on PostgreSQL; parameters, literals and results of functions do not. Where PostgreSQL would compare by another collation, or find a conflict, one operand gets an explicit COLLATE.
Equality by bytes needs none.`,
		Fidelity: diag.Exact,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE w (ci VARCHAR(20) COLLATE utf8mb4_0900_ai_ci, bin VARCHAR(20) COLLATE utf8mb4_0900_bin);",
			Source: "SELECT ci FROM w WHERE ci = 'a' AND bin = 'b' AND ci COLLATE utf8mb4_0900_bin = 'c';",
			Target: `SELECT ci FROM w WHERE ci = 'a' AND bin = 'b' AND ci COLLATE "C" = 'c';`,
		}},
		Findings: []*diag.Code{padSpace, blankRows, exactText, untypedText},
		After: map[string]string{
			"having":         "aliases have become what they stand for",
			"cast":           "casts to text have no collation",
			"like":           "it looks at the operands as they were written",
			"regexp":         "it looks at the operands as they were written",
			"concat":         "joined text has the collation of its parts",
			"flow-functions": "choices between texts have the collations that they compare by",
			"text-functions": "the collation of a function's result depends on its arguments",
		},
		Looks: ir.Kinds(ir.KindCollate, ir.KindCompare, ir.KindBetween, ir.KindIn, ir.KindQuantified, ir.KindCase, ir.KindLike, ir.KindJoin, ir.KindOrderItem, ir.KindWindowDef, ir.KindAggregate, ir.KindSelect, ir.KindSetOp, ir.KindCreateView, ir.KindCreateTable, ir.KindColumnDef, ir.KindCall, ir.KindHelperCall, ir.KindTargetCall),
		Run:   run,
	}
}

type lowering struct {
	d      *build.Deriver
	p      *rewrite.Pass
	padded bool
	// wrapped are the collations that this rule has added to sort keys.
	wrapped map[*ir.Collate]bool
}

func run(p *rewrite.Pass) {
	if p.Policy.Collations == "none" {
		reportExact(p)
	}
	l := &lowering{d: &build.Deriver{P: p}, p: p, wrapped: map[*ir.Collate]bool{}}
	p.Nodes(func(n ir.Node) ir.Node {
		switch n := n.(type) {
		case *ir.Collate:
			return l.named(n)
		case *ir.Compare:
			l.rows(n)
			l.agree(n.Collation, n.Op == ir.Eq || n.Op == ir.Ne || n.Op == ir.NullSafeEq, &n.L, &n.R)
		case *ir.Between:
			l.against(n.Collation, false, &n.X, &n.Lo, &n.Hi)
		case *ir.In:
			l.in(n)
		case *ir.Quantified:
			l.quantified(n)
		case *ir.Join:
			l.using(n)
		case *ir.Case:
			if n.Operand != nil {
				l.simpleCase(n)
			}
		case *ir.Concat:
			l.explicit(n.Args)
		case *ir.Call:
			l.explicit(n.Args)
		case *ir.TargetCall:
			l.choice(n)
			l.explicit(n.Args)
		case *ir.HelperCall:
			l.explicit(n.Args)
		case *ir.Like:
			l.like(n)
		case *ir.OrderItem:
			l.order(n)
		case *ir.WindowDef:
			for i := range n.PartitionBy {
				l.ofType(&n.PartitionBy[i])
			}
		case *ir.Aggregate:
			for i := range n.Args {
				if n.Distinct {
					l.trim(&n.Args[i])
					l.ofType(&n.Args[i])
				}
			}
		case *ir.Select:
			l.grouped(n)
			l.distinct(n)
		case *ir.SetOp:
			if !n.All {
				l.united(n)
			}
		case *ir.CreateView:
			l.stored(n.Query)
		case *ir.CreateTable:
			if n.As != nil {
				l.stored(n.As)
				l.stars(leaves(n.As), "a table made by a query")
			}
		}
		return n
	})
}

// explicit gives the arguments of a function one explicit collation where they have several, which the target does not take.
func (l *lowering) explicit(args []ir.Expr) {
	if len(args) < 2 {
		return
	}
	first := ""
	for i, a := range args {
		x := l.d.Derive(a)
		switch {
		case x.Strength != build.Explicit || x.Folds():
		case first == "":
			first = x.Name
		case x.Name != first:
			for j := range args[:i+1] {
				if l.d.Derive(args[j]).Strength == build.Explicit {
					args[j] = build.Collated(args[j], ir.Qualified("", "C"), types.Collation{}, code)
				}
			}
			first = ir.Qualified("", "C").String()
		}
	}
}

// choice makes a function that chooses among texts compare by the collation of its result: rules before this one may have given an
// argument another one to search in it.
func (l *lowering) choice(n *ir.TargetCall) {
	switch n.Name {
	case "greatest", "least", "nullif":
	default:
		return
	}
	t, ok := n.TypeOf().(types.Text)
	if !ok || t.Collation.IsZero() || !allText(pointers(n.Args)) {
		return
	}
	if l.d.Citext() {
		l.d.Agree(t.Collation, false, code, pointers(n.Args)...)
		return
	}
	if x := l.d.Merge(n.Args...); x.Name == l.d.Of(t.Collation, build.Implicit).Name && x.Strength < build.Conflict {
		return
	}
	for i, a := range n.Args {
		// What is compared by bytes only to search in it comes from COLLATE "C" deep in the argument.
		if x := l.d.Derive(a); x.Strength == build.Explicit && x.Name == ir.Qualified("", "C").String() {
			if _, outer := a.(*ir.Collate); !outer {
				n.Args[i] = l.wrap(a, t.Collation)
			}
		}
	}
}

func pointers(list []ir.Expr) (out []*ir.Expr) {
	for i := range list {
		out = append(out, &list[i])
	}
	return out
}

// ofType gives a value of which only equality counts the collation of its type.
func (l *lowering) ofType(e *ir.Expr) {
	if t, ok := (*e).TypeOf().(types.Text); ok && !t.Collation.IsZero() && !build.IsConstant(*e) {
		l.d.Agree(t.Collation, true, code, e)
	}
}

// named puts the target's name into an explicit collation of the source.
func (l *lowering) named(n *ir.Collate) ir.Node {
	if n.Collation.IsZero() {
		return n
	}
	name, _, ok := l.p.Lower.Collation(n.Collation)
	if !ok {
		return n.X
	}
	n.Name, n.Collation = name, types.Collation{}
	return n
}

func (l *lowering) like(n *ir.Like) {
	if n.Collation.IsZero() || !types.IsText(n.X.TypeOf()) {
		return
	}
	// A text and a pattern that compare by bytes already, or (where the target can) by the collation itself.
	if x := l.d.Merge(n.X, n.Pattern); x.Strength == build.Conflict {
		n.Pattern = build.Collated(n.Pattern, ir.Qualified("", "C"), types.Collation{}, code)
		n.X = build.Collated(n.X, ir.Qualified("", "C"), types.Collation{}, code)
	}
}

// rows makes the texts of two rows compare by the collations that they have in the source.
func (l *lowering) rows(n *ir.Compare) {
	a, ok := n.L.(*ir.RowExpr)
	b, ok2 := n.R.(*ir.RowExpr)
	if q, query := n.R.(*ir.Subquery); ok && query && l.d.Citext() {
		l.rowsInQuery(a, q.Query)
	}
	for i := 0; ok && ok2 && i < min(len(a.Items), len(b.Items)); i++ {
		if t, text := a.Items[i].TypeOf().(types.Text); text {
			l.agree(t.Collation, n.Op == ir.Eq || n.Op == ir.Ne || n.Op == ir.NullSafeEq, &a.Items[i], &b.Items[i])
		}
	}
}

// rowsIn does so for a list of rows.
func (l *lowering) rowsIn(n *ir.In) {
	x, ok := n.X.(*ir.RowExpr)
	if ok && n.Query != nil && l.d.Citext() {
		l.rowsInQuery(x, n.Query)
	}
	if !ok || n.Query != nil {
		return
	}
	for i := range x.Items {
		t, text := x.Items[i].TypeOf().(types.Text)
		var list []*ir.Expr
		for _, v := range n.List {
			if r, ok := v.(*ir.RowExpr); ok && i < len(r.Items) {
				list = append(list, &r.Items[i])
			}
		}
		if text && len(list) == len(n.List) {
			l.against(t.Collation, true, &x.Items[i], list...)
		}
	}
}

func (l *lowering) in(n *ir.In) {
	l.rowsIn(n)
	ops := []*ir.Expr{&n.X}
	for i := range n.List {
		ops = append(ops, &n.List[i])
	}
	if n.Query != nil && types.IsText(n.X.TypeOf()) {
		l.lookIn(n)
		l.agreeWithQuery(n)
		return
	}
	l.against(n.Collation, true, &n.X, ops[1:]...)
}

// against makes comparisons of one value with each of several: an explicit collation stands on that value.
func (l *lowering) against(c types.Collation, equality bool, x *ir.Expr, list ...*ir.Expr) {
	if c.IsZero() || !allText(append([]*ir.Expr{x}, list...)) {
		return
	}
	l.pad(c, append([]*ir.Expr{x}, list...))
	l.d.Against(c, equality, code, x, list...)
}

// simpleCase: the target compares the operand as if its explicit collation were that of a column, so that the values get theirs.
func (l *lowering) simpleCase(n *ir.Case) {
	ops := []*ir.Expr{&n.Operand}
	for _, w := range n.Whens {
		ops = append(ops, &w.Cond)
	}
	if n.Collation.IsZero() || !allText(ops) {
		return
	}
	l.pad(n.Collation, ops)
	l.d.Choices(n.Collation, code, &n.Operand, ops[1:]...)
}

func (l *lowering) agreeWithQuery(n *ir.In) {
	sub := &ir.Subquery{Query: n.Query}
	if l.d.Citext() && !n.Collation.IsZero() {
		l.typedQuery(n.Collation, n.Query, 0)
		l.agree(n.Collation, true, &n.X)
		return
	}
	if row := n.Query.Columns(); row != nil && len(row.Types) == 1 {
		sub.Type = row.Types[0]
	}
	var other ir.Expr = sub
	l.agree(n.Collation, true, &n.X, &other)
	if other != ir.Expr(sub) {
		n.X = l.wrap(n.X, n.Collation)
	}
}

func (l *lowering) wrap(e ir.Expr, c types.Collation) ir.Expr {
	name, _, ok := l.p.Lower.Collation(c)
	if !ok {
		return e
	}
	return build.Collated(e, name, c, code)
}

// agree makes the operands of a comparison compare by a collation. equality tells that only equal and unequal matter.
func (l *lowering) agree(c types.Collation, equality bool, ops ...*ir.Expr) {
	if c.IsZero() || !allText(ops) {
		return
	}
	l.pad(c, ops)
	l.d.Agree(c, equality, code, ops...)
}

// allText tells whether every operand is text or NULL: an ENUM that compares as such has no collation on the target.
func allText(ops []*ir.Expr) bool {
	text := false
	for _, o := range ops {
		switch (*o).TypeOf().(type) {
		case types.Text, types.Set:
			text = true
		case types.Null:
		default:
			return false
		}
	}
	return text
}

// pad drops trailing blanks of literals, and records the assumption about other values.
func (l *lowering) pad(c types.Collation, ops []*ir.Expr) {
	if !c.PadSpace {
		return
	}
	trim := false
	for _, o := range ops {
		trim = trim || l.blanks(*o)
	}
	for _, o := range ops {
		if s, ok := (*o).(*ir.String); ok {
			if v := strings.TrimRight(s.Value, " "); v != s.Value {
				*o = build.Make(&ir.String{Value: v, Charset: s.Charset}, s, s.Type, code)
			}
			continue
		}
		switch {
		case trim:
			*o = build.Call("rtrim", *o, (*o).TypeOf(), code, *o)
		case !l.padded:
			l.padded = true
			l.p.Report(padSpace, (*o).Base().Span, "texts compared by %s are assumed not to end in blanks", c.Name)
		}
	}
}

// order gives a sort key the collation of its type where the target would sort by another one.
func (l *lowering) order(n *ir.OrderItem) {
	if n.Position > 0 || n.Expr == nil {
		return
	}
	t, ok := n.Expr.TypeOf().(types.Text)
	if !ok || t.Collation.IsZero() || build.IsConstant(n.Expr) {
		return
	}
	want, got := l.d.Of(t.Collation, build.Implicit), l.d.Derive(n.Expr)
	if want.Name == "" || got.Name == want.Name && got.Strength < build.Conflict {
		return
	}
	if a, alias := aliasOf(n.Expr); alias { // an alias cannot stand inside an expression there
		a.Item.Expr = l.wrap(a.Item.Expr, t.Collation)
		return
	}
	n.Expr = l.wrap(n.Expr, t.Collation)
	if c, ok := n.Expr.(*ir.Collate); ok {
		l.wrapped[c] = true
	}
}

func aliasOf(e ir.Expr) (*ir.AliasRef, bool) {
	n, ok := e.(*ir.Name)
	if !ok {
		return nil, false
	}
	a, ok := n.Ref.(*ir.AliasRef)
	return a, ok
}

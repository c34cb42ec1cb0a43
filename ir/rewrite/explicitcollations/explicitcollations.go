// Package explicitcollations holds the rule for values with several explicit collations in one place.
package explicitcollations

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

const code = "EX0394"

// Rule is EX0394.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "explicit-collations",
		Doc: `Functions of texts need explicit collations on PostgreSQL, which their results keep; a choice or a set operation over results with different ones is an error there
(PostgreSQL manual, "Collation Support"). They get the collation that MySQL finds for the choice (MySQL Reference Manual, "Collation Coercibility in Expressions").`,
		Fidelity: diag.Exact,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE t (a VARCHAR(9) COLLATE utf8mb4_bin, b VARCHAR(9) COLLATE utf8mb4_0900_ai_ci);",
			Source: "SELECT LOWER(a) FROM t UNION ALL SELECT SUBSTRING_INDEX(b, ',', 1) FROM t;",
			Target: `SELECT lower(a COLLATE "und-x-icu") COLLATE "C" FROM t UNION ALL SELECT split_part(b COLLATE "C", ',', 1) FROM t;`,
		}},
		After: map[string]string{
			"collation":      "comparisons have their collations",
			"text-functions": "functions of texts have the collations that they need",
			"flow-functions": "choices have the collations that they need",
			"regexp":         "regular expressions have the collations that they need",
			"union-columns":  "the columns of set operations have their types",
		},
		Looks: ir.Kinds(ir.KindCollate, ir.KindTargetCall, ir.KindHelperCall),
		Run: func(p *rewrite.Pass) {
			l := &lowering{p, &build.Deriver{P: p}}
			p.Nodes(func(n ir.Node) ir.Node {
				switch n := n.(type) {
				case *ir.Case:
					l.choice(n)
				case *ir.Call:
					if n.Op == op.Coalesce || n.Op == op.IfNull {
						l.call(n.Type, n.Args)
					}
				case *ir.TargetCall:
					switch n.Name {
					case "coalesce", "nullif", "greatest", "least":
						l.call(n.Type, n.Args)
					}
				case *ir.SetOp:
					l.united(n)
				}
				return n
			})
		},
	}
}

type lowering struct {
	p *rewrite.Pass
	d *build.Deriver
}

func (l *lowering) choice(n *ir.Case) {
	var list []*ir.Expr
	for _, w := range n.Whens {
		list = append(list, &w.Then)
	}
	if n.Else != nil {
		list = append(list, &n.Else)
	}
	l.agree(n.Type, list)
}

func (l *lowering) call(t types.Type, args []ir.Expr) {
	var list []*ir.Expr
	for i := range args {
		list = append(list, &args[i])
	}
	l.agree(t, list)
}

// agree gives values with explicit collations the one of the type, if there are several.
func (l *lowering) agree(t types.Type, list []*ir.Expr) {
	text, ok := t.(types.Text)
	if !ok || len(list) < 2 {
		return
	}
	names := map[string]bool{}
	var explicit []*ir.Expr
	for _, e := range list {
		if x := l.d.Derive(*e); x.Strength == build.Explicit {
			names[x.Name] = true
			explicit = append(explicit, e)
		}
	}
	name, _, ok := l.p.Lower.Collation(text.Collation)
	if len(names) < 2 || !ok {
		return
	}
	want := l.d.Of(text.Collation, build.Explicit).Name
	for _, e := range explicit {
		if l.d.Derive(*e).Name == want {
			continue
		}
		*e = build.Collated(*e, name, types.Collation{}, code)
	}
}

// united does so for each column of a set operation.
func (l *lowering) united(q *ir.SetOp) {
	list := leaves(q)
	if q.Row == nil || list == nil {
		return
	}
	for i, t := range q.Row.Types {
		var items []*ir.Expr
		for _, s := range list {
			if len(s.Items) != len(q.Row.Types) {
				return // a star: its columns have no explicit collations
			}
			items = append(items, &s.Items[i].Expr)
		}
		l.agree(t, items)
		l.column(t, items)
	}
}

// column gives the column of a set operation its collation: the target takes an explicit one of the first two queries, and does not find one
// between the result of these and a third query.
func (l *lowering) column(t types.Type, list []*ir.Expr) {
	text, ok := t.(types.Text)
	if !ok {
		return
	}
	name, _, ok := l.p.Lower.Collation(text.Collation)
	if !ok {
		return
	}
	want := l.d.Of(text.Collation, build.Explicit).Name
	other, explicit := false, false
	for _, e := range list {
		x := l.d.Derive(*e)
		other = other || x.Strength >= build.Implicit && x.Name != want
		explicit = explicit || x.Strength == build.Explicit && x.Name != want
	}
	if !other || !explicit && len(list) < 3 {
		return
	}
	for _, e := range list {
		if x := l.d.Derive(*e); x.Strength == build.Implicit && x.Name != want || x.Strength > build.Implicit && (x.Name != want || x.Strength != build.Explicit) {
			*e = build.Collated(*e, name, types.Collation{}, code)
		}
	}
}

// leaves are the queries of a set operation, nil if one of them is none that lists its columns.
func leaves(q ir.Query) []*ir.Select {
	switch q := q.(type) {
	case *ir.Select:
		return []*ir.Select{q}
	case *ir.SetOp:
		l, r := leaves(q.L), leaves(q.R)
		if l == nil || r == nil {
			return nil
		}
		return append(l, r...)
	}
	return nil
}

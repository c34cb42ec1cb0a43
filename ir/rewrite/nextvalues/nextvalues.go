// Package nextvalues holds the rule for several numbers of one sequence in one row.
package nextvalues

import (
	"slices"
	"strconv"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

const code = "QY0380"

var unclear = &diag.Code{
	ID: "QY0381", Title: "several numbers of one sequence in a row", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  `All references to NEXTVAL of a sequence in one row are one number, and CURRVAL beside it is the same (Oracle SQL Language Reference, "Sequence Pseudocolumns"). PostgreSQL takes a number for each. In an UPDATE, beside DEFAULT, and inside of larger expressions of queries over tables this is not converted.`,
	Next: "Name NEXTVAL once, in a subquery.", Each: 0.25,
}

var taken = &diag.Code{
	ID: "PL0572", Title: "a number of a sequence that only some rows need", Severity: diag.Review, Fidelity: diag.Approximate,
	Doc:  `Each row takes a number of a sequence that its statement names, whatever becomes of it (Oracle SQL Language Reference, "Sequence Pseudocolumns"). In CASE, DECODE and COALESCE the target takes numbers for those rows only that come there: later numbers are smaller.`,
	Next: "Nothing, unless numbers are compared with those of the source.", Each: 0.1,
}

// Rule takes one number for all places of a row.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "next-values",
		Doc: `NEXTVAL of one sequence, named several times in a row, is one number; so is CURRVAL beside it (SQL Language Reference, "Sequence Pseudocolumns"). A subquery takes the number.`,
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Setup: "CREATE SEQUENCE s;\nCREATE TABLE t (a NUMBER, b NUMBER);", Source: "INSERT INTO t VALUES (s.NEXTVAL, s.CURRVAL);",
			Target: "INSERT INTO t SELECT next.n, next.n FROM (SELECT nextval('s') AS n) AS next;",
		}},
		Fidelity: diag.Exact,
		After:    map[string]string{"nvl": "its values are both computed"},
		Findings: []*diag.Code{unclear, taken},
		Looks:    ir.Kinds(ir.KindNextValue),
		Needed:   func(p *rewrite.Pass) bool { return p.Unit.PLSQL },
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.Insert:
				if v, ok := n.Source.(*ir.Values); ok {
					if q := values(p, v); q != nil {
						n.Source = q
					}
				}
			case *ir.Select:
				query(p, n)
			case *ir.Update:
				sets(p, n.Sets)
			case *ir.MergeUpdate:
				sets(p, n.Sets)
			case *ir.MergeInsert:
				if len(shared(n.Values)) > 0 {
					rewrite.Refuse(p, unclear, n.Span, "NEXTVAL named several times in a MERGE")
				}
				sometimes(p, n.Values)
			}
			return !p.Refused()
		})
	}
}

// sometimes reports numbers that only some rows take.
func sometimes(p *rewrite.Pass, items []ir.Expr) {
	for _, e := range items {
		for _, x := range perhaps(e) {
			p.Report(taken, x.Span, "%s", x.Sequence)
		}
	}
}

// rowNumbers are those, and the numbers that stand on some ways through a value only.
func rowNumbers(items []ir.Expr) []*ir.NextValue { return numbers(items, true) }

// shared are the sequences of which a row takes a number and names it again.
func shared(items []ir.Expr) []*ir.NextValue { return numbers(items, false) }

func numbers(items []ir.Expr, some bool) (out []*ir.NextValue) {
	next, all := map[string]*ir.NextValue{}, map[string]int{}
	for _, e := range items {
		for _, x := range perhaps(e) {
			if !some {
				break
			}
			all[x.Sequence.String()]++ // a row takes its number whether it needs it or not
		}

		ir.Walk(e, func(n ir.Node) bool {
			if _, q := n.(ir.Query); q {
				return false
			}
			if x, ok := n.(*ir.NextValue); ok && len(x.Set) == 0 {
				k := x.Sequence.String()
				all[k]++
				if !x.Previous && next[k] == nil {
					next[k] = x
					out = append(out, x)
				}
			}
			return true
		})
	}
	kept := out[:0]
	for _, x := range out {
		if all[x.Sequence.String()] > 1 {
			kept = append(kept, x)
		}
	}
	return kept
}

// perhaps are the numbers in an expression that the target takes on some ways through it only.
func perhaps(e ir.Expr) (out []*ir.NextValue) {
	within := func(n ir.Node) {
		ir.Walk(n, func(x ir.Node) bool {
			if _, q := x.(ir.Query); q {
				return false
			}
			if v, ok := x.(*ir.NextValue); ok && !v.Previous && len(v.Set) == 0 {
				out = append(out, v)
			}
			return true
		})
	}
	ir.Walk(e, func(n ir.Node) bool {
		switch x := n.(type) {
		case *ir.Case:
			within(x)
			return false
		case *ir.Call:
			if x.Op == op.Coalesce {
				for _, a := range x.Args[1:] {
					within(a)
				}
				return false
			}
		case *ir.Subquery:
			return false
		}
		return true
	})
	return out
}

func values(p *rewrite.Pass, v *ir.Values) ir.Query {
	if len(v.Rows) != 1 {
		return nil
	}
	items := v.Rows[0].Items
	list := rowNumbers(items)
	if len(list) == 0 {
		return nil
	}
	for _, e := range items {
		if ir.Find(e, func(n ir.Node) bool { _, d := n.(*ir.Default); return d }) {
			rewrite.Refuse(p, unclear, v.Span, "NEXTVAL named several times beside DEFAULT")
			return nil
		}
	}
	s := &ir.Select{}
	s.Span, s.Row = v.Span, v.Row
	for _, e := range items {
		it := tree.Item(e, "")
		s.Items = append(s.Items, it)
	}
	once(s, list)
	return s
}

func query(p *rewrite.Pass, s *ir.Select) {
	var items []ir.Expr
	for _, it := range s.Items {
		items = append(items, it.Expr)
	}
	if len(s.From) == 0 {
		if list := rowNumbers(items); len(list) > 0 {
			once(s, list)
		}
		return
	}
	list := shared(items)
	if len(list) == 0 {
		sometimes(p, items)
		return
	}
	if plain := len(s.Windows) == 0 && s.Connect == nil && s.Limit == nil && len(s.OrderBy) == 0; !plain || !separate(s, list) {
		rewrite.Refuse(p, unclear, s.Span, "NEXTVAL named several times in a query over tables")
		return
	}
	within(s, list)
}

// sets are the assignments of an UPDATE, where a subquery would take one number for all rows.
func sets(p *rewrite.Pass, list []*ir.Assign) {
	var items []ir.Expr
	for _, a := range list {
		items = append(items, a.Value)
	}
	if len(shared(items)) > 0 {
		rewrite.Refuse(p, unclear, list[0].Span, "NEXTVAL named several times in an UPDATE")
	}
	sometimes(p, items)
}

// separate tells whether the shared numbers of a query are items by themselves.
func separate(s *ir.Select, list []*ir.NextValue) bool {
	for _, it := range s.Items {
		if _, alone := it.Expr.(*ir.NextValue); !alone && ir.Find(it.Expr, func(n ir.Node) bool { return among(n, list) }) {
			return false
		}
		if _, all := it.Expr.(*ir.Star); all {
			return false
		}
	}
	return true
}

// among tells whether a node is a number of one of the sequences.
func among(n ir.Node, list []*ir.NextValue) bool {
	x, ok := n.(*ir.NextValue)
	return ok && slices.ContainsFunc(list, func(y *ir.NextValue) bool { return y.Sequence.String() == x.Sequence.String() })
}

// within lets a subquery read the tables and take the numbers beside their values.
func within(s *ir.Select, list []*ir.NextValue) {
	in := &ir.Select{Distinct: s.Distinct, From: s.From, Where: s.Where, GroupBy: s.GroupBy, Having: s.Having, Hints: s.Hints}
	in.Span, in.Row = s.Span, &types.Row{}
	s.Distinct, s.Where, s.GroupBy, s.Having, s.Hints = false, nil, nil, nil, nil
	once(s, list)
	d := s.From[0].(*ir.Derived)
	in.Items, in.Row.Names, in.Row.Types = d.Query.(*ir.Select).Items, d.Query.(*ir.Select).Row.Names, d.Query.(*ir.Select).Row.Types
	d.Query = in
	for i, it := range s.Items {
		if n, ok := it.Expr.(*ir.Name); ok && fromDerived(n, d) {
			continue
		}
		name := "v" + strconv.Itoa(i+1)
		tree.AddColumn(in, it.Expr, name)
		n := tree.Output("next", name, it.Expr.TypeOf())
		n.Span = it.Span
		n.Ref.(*ir.OutputRef).From = d
		it.Expr = n
	}
}

func fromDerived(n *ir.Name, d *ir.Derived) bool {
	r, ok := n.Ref.(*ir.OutputRef)
	return ok && r.From == ir.TableExpr(d)
}

// once lets a subquery take the numbers.
func once(s *ir.Select, list []*ir.NextValue) {
	in := &ir.Select{}
	in.Span, in.Row = s.Span, &types.Row{}
	d := &ir.Derived{Query: in, Alias: ir.Ident{Text: "next"}}
	d.Span = s.Span
	d.Made(code)
	names := map[string]string{}
	for i, x := range list {
		name := "n"
		if i > 0 {
			name += strconv.Itoa(i + 1)
		}
		names[x.Sequence.String()] = name
		tree.AddColumn(in, ir.Clone(x), name)
	}
	for _, it := range s.Items {
		it.Expr = tree.Numbers(it.Expr, names, d)
	}
	s.From = []ir.TableExpr{d}
}

// Package nullcolumns holds the rule for columns of queries that are always NULL.
package nullcolumns

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

const code = "QY0620"

// Rule is QY0620.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "null-columns",
		Doc: `A column that is NULL in every row has no type of its own in Oracle, and goes with every other (SQL Language Reference, "Data Type Comparison Rules"). PostgreSQL takes it for a text: where such a column is
compared, stored or one of several values, NULL itself stands there, and a set operation whose first parts are NULL has the type of a later one by a cast.`,
		Fidelity: diag.Exact,
		Examples: []rewrite.Example{
			{From: dialect.Oracle, Setup: "CREATE TABLE t (d DATE);", Source: "SELECT NULL AS n FROM dual UNION ALL SELECT NULL FROM dual UNION ALL SELECT d FROM t;",
				Target: "SELECT NULL::timestamp(0) AS n UNION ALL SELECT NULL UNION ALL SELECT d FROM t;"},
			{From: dialect.Oracle, Setup: "CREATE TABLE t (n NUMBER);", Source: "INSERT INTO t SELECT x FROM (SELECT NULL x FROM dual);",
				Target: "INSERT INTO t SELECT NULL AS x FROM (SELECT NULL AS x) AS q;"},
		},
		Looks: ir.Kinds(ir.KindSetOp, ir.KindDerived, ir.KindCTE, ir.KindSubquery, ir.KindSelect),
		Run:   run,
	}
}

func run(p *rewrite.Pass) {
	p.Nodes(func(n ir.Node) ir.Node {
		switch n := n.(type) {
		case *ir.SelectItem:
			n.Expr = item(n)
		case *ir.Compare:
			n.L, n.R = null(n.L), null(n.R)
			subquery(n.L, n.R)
			subquery(n.R, n.L)
		case *ir.Assign:
			assigned(n)
		case *ir.MergeInsert:
			nulls(n.Values)
			for i, c := range n.Columns {
				if i < len(n.Values) {
					subquery(n.Values[i], c)
				}
			}
		case *ir.Insert:
			inserted(n)
		case *ir.Between:
			n.X, n.Lo, n.Hi = null(n.X), null(n.Lo), null(n.Hi)
		case *ir.In:
			n.X = null(n.X)
			nulls(n.List)
		case *ir.Case:
			n.Operand, n.Else = null(n.Operand), null(n.Else)
			for _, w := range n.Whens {
				w.Cond, w.Then = null(w.Cond), null(w.Then)
			}
		case *ir.Call:
			switch n.Op {
			case op.Coalesce, op.NullIf, op.OraGreatest, op.OraLeast:
				nulls(n.Args)
			}
		case *ir.TargetCall:
			switch n.Name {
			case "coalesce", "nullif", "greatest", "least":
				nulls(n.Args)
			}
		}
		return n
	})
	for _, s := range p.Unit.Stmts {
		within := map[ir.Query]bool{} // parts of set operations, which are settled with the whole
		ir.Walk(s, func(n ir.Node) bool {
			if q, ok := n.(*ir.SetOp); ok {
				within[q.L], within[q.R] = true, true
				if !within[q] {
					parts(q)
				}
			}
			return true
		})
	}
}

// assigned gives what is assigned to columns their types.
func assigned(a *ir.Assign) {
	if a.Value = null(a.Value); a.Columns == nil {
		subquery(a.Value, a.Column)
		return
	}
	if s, ok := a.Value.(*ir.Subquery); ok {
		for i, c := range a.Columns {
			typed(s.Query, i, c.TypeOf())
		}
	}
}

// inserted gives values of rows, and columns of a query whose types the target settles before it stores them, the types of the columns.
func inserted(n *ir.Insert) {
	list := columnTypes(n)
	switch q := n.Source.(type) {
	case *ir.Values:
		for _, r := range q.Rows {
			nulls(r.Items)
			for i, x := range r.Items {
				if s, ok := x.(*ir.Subquery); ok && i < len(list) {
					typed(s.Query, 0, list[i])
				}
			}
		}
	case *ir.Select:
		for i := 0; q.Distinct && i < len(list); i++ {
			typed(q, i, list[i])
		}
	case *ir.SetOp:
		for i, t := range list {
			if empty(q, i) {
				typed(q, i, t)
			}
		}
	}
}

// columnTypes are those of the columns that an INSERT fills, nil if they are not known.
func columnTypes(n *ir.Insert) (list []types.Type) {
	for _, c := range n.Columns {
		list = append(list, c.TypeOf())
	}
	if n.Columns == nil && n.Table != nil && n.Table.Table != nil {
		for _, c := range n.Table.Table.Columns {
			if !c.Hidden() {
				list = append(list, c.Type)
			}
		}
	}
	return list
}

// typed gives NULL as the i-th column of a query a type.
func typed(q ir.Query, i int, t types.Type) {
	switch q := q.(type) {
	case *ir.SetOp:
		typed(q.L, i, t)
	case *ir.Select:
		switch t.(type) {
		case nil, types.Null, types.Text:
			return
		}
		if !types.IsUnknown(t) && empty(q, i) {
			q.Items[i].Expr = build.Cast(q.Items[i].Expr, t, code)
		}
	}
}

func nulls(list []ir.Expr) {
	for i := range list {
		list[i] = null(list[i])
	}
}

// null is NULL for a name that stands for a column which is NULL in every row, and the expression itself otherwise.
func null(e ir.Expr) ir.Expr {
	if s, ok := e.(*ir.Subquery); ok { // SELECT NULL FROM dual
		if q, ok := s.Query.(*ir.Select); ok && len(q.Items) == 1 && len(q.From) == 0 && q.Where == nil && q.Connect == nil && empty(q, 0) {
			return build.Make(&ir.Null{}, e, types.Null{}, code)
		}
	}
	n, ok := e.(*ir.Name)
	if !ok {
		return e
	}
	if _, output := n.Ref.(*ir.OutputRef); !output {
		return e
	}
	if _, always := n.Type.(types.Null); !always {
		return e
	}
	return build.Make(&ir.Null{}, n, types.Null{}, code)
}

// subquery gives NULL as the value of a subquery the type of what it is compared with.
func subquery(e, other ir.Expr) {
	s, ok := e.(*ir.Subquery)
	if ok && other != nil {
		typed(s.Query, 0, other.TypeOf())
	}
}

// item keeps the name of the column.
func item(it *ir.SelectItem) ir.Expr {
	x := null(it.Expr)
	if n, ok := it.Expr.(*ir.Name); ok && x != it.Expr && it.Alias.Text == "" {
		it.Alias = n.Parts[len(n.Parts)-1]
	}
	return x
}

// parts gives the first NULL of a set operation its type where both sides are NULL: the target settles the type of each pair of
// parts by itself, and takes two NULLs for texts.
func parts(q *ir.SetOp) {
	row := q.Columns()
	if row == nil {
		return
	}
	for i, t := range row.Types {
		switch t.(type) {
		case nil, types.Null, types.Text:
			continue
		}
		if types.IsUnknown(t) {
			continue
		}
		bare := map[ir.Query]bool{}
		if empties(q, i, bare); len(bare) > 0 {
			settle(q, i, t, bare)
		}
	}
}

// empties notes the parts of a query in which a column is the word NULL.
func empties(q ir.Query, i int, bare map[ir.Query]bool) bool {
	is := false
	if s, ok := q.(*ir.SetOp); ok {
		l, r := empties(s.L, i, bare), empties(s.R, i, bare)
		is = l && r
	} else {
		is = empty(q, i)
	}
	if is {
		bare[q] = true
	}
	return is
}

// settle casts the first NULL of the column in each pair of parts that has nothing else.
func settle(q ir.Query, i int, t types.Type, bare map[ir.Query]bool) {
	s, ok := q.(*ir.SetOp)
	if !ok {
		return
	}
	if !bare[s] {
		settle(s.L, i, t, bare)
		settle(s.R, i, t, bare)
		return
	}
	var first ir.Query = s
	for {
		op, ok := first.(*ir.SetOp)
		if !ok {
			break
		}
		first = op.L
	}
	if l, ok := first.(*ir.Select); ok {
		l.Items[i].Expr = build.Cast(l.Items[i].Expr, t, code)
	}
}

// empty tells that a column is the word NULL in all parts of a query.
func empty(q ir.Query, i int) bool {
	switch q := q.(type) {
	case *ir.SetOp:
		return empty(q.L, i) && empty(q.R, i)
	case *ir.Select:
		if i >= len(q.Items) || q.Row == nil || len(q.Items) != len(q.Row.Types) {
			return false
		}
		_, ok := q.Items[i].Expr.(*ir.Null)
		return ok
	}
	return false
}

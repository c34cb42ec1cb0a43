// Package multiinserts holds the rule for INSERT ALL and INSERT FIRST.
package multiinserts

import (
	"strconv"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

const code = "QY0360"

var unclear = &diag.Code{
	ID: "QY0361", Title: "INSERT into several tables that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  `INSERT ALL and INSERT FIRST become one statement with an INSERT for each table. Numbers of sequences among the values of an INTO with a condition, DEFAULT, LOG ERRORS, and routines that ask for the number of rows are not converted (Oracle SQL Language Reference, "INSERT", multi_table_insert).`,
	Next: "Write an INSERT for each table.", Each: 0.5,
}

// Rule makes an INSERT for each table.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "multi-inserts",
		Doc: `The rows of the query are read once, by a common table expression, and each INTO is an INSERT of those rows that fulfil its condition; with FIRST, and in ELSE, those that fulfil no condition before it (SQL Language Reference, "INSERT", multi_table_insert).`,
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Setup: "CREATE TABLE src (id NUMBER, a NUMBER);\nCREATE TABLE t (id NUMBER);\nCREATE TABLE u (id NUMBER);",
			Source: "INSERT FIRST WHEN a > 1 THEN INTO t VALUES (id) ELSE INTO u VALUES (id) SELECT id, a FROM src;",
			Target: "WITH rows AS MATERIALIZED (SELECT id, a FROM src), inserted AS (INSERT INTO t SELECT id FROM rows WHERE a > 1 RETURNING 1) INSERT INTO u SELECT id FROM rows WHERE (a > 1) IS NOT TRUE;",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{unclear},
		Looks:    ir.Kinds(ir.KindMultiInsert),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	p.Statements(func(n ir.Node) ir.Node {
		m, ok := n.(*ir.MultiInsert)
		if !ok || p.Refused() {
			return n
		}
		if s := split(p, m); s != nil {
			return s
		}
		rewrite.Refuse(p, unclear, m.Span, "INSERT into several tables")
		return n
	})
}

// odd tells what makes the conversion inexact.
func odd(n ir.Node) bool {
	switch x := n.(type) {
	case *ir.NextValue, *ir.Default, *ir.LogErrors, *ir.RoutineCall:
		return true
	case *ir.CursorAttr:
		return x.Cursor == nil
	}
	return false
}

func split(p *rewrite.Pass, m *ir.MultiInsert) ir.Stmt {
	numbered(m)
	for _, b := range m.Branches {
		if ir.Find(b, odd) {
			return nil
		}
	}
	if p.Counted(m) {
		return nil
	}
	for _, s := range p.Unit.Stmts {
		if ir.Find(s, func(n ir.Node) bool { c, ok := n.(*ir.CursorAttr); return ok && c.Cursor == nil }) {
			return nil
		}
	}
	yes := true
	rows := &ir.CTE{Name: ir.Ident{Text: "rows"}, Query: m.Query, Materialized: &yes}
	rows.Span = m.Query.Base().Span
	rows.Made(code)
	var list []*ir.Insert
	var before []ir.Expr
	for _, b := range m.Branches {
		cond := b.When
		switch {
		case b.Else:
			cond = tree.And(no(before)...)
		case m.First && cond != nil:
			cond = tree.And(append(no(before), ir.Clone(cond))...)
		case cond != nil:
			cond = ir.Clone(cond)
		}
		for _, i := range b.Inserts {
			if !from(i, m, rows, cond) {
				return nil
			}
			list = append(list, i)
		}
		if b.When != nil {
			before = append(before, b.When)
		}
	}
	if len(list) == 0 {
		return nil
	}
	w := &ir.With{CTEs: []*ir.CTE{rows}}
	w.Span = m.Span
	for k, i := range list[:len(list)-1] {
		name := "inserted"
		if k > 0 {
			name += "_" + strconv.Itoa(k+1)
		}
		c := tree.Changing(name, i)
		c.Span = i.Span
		c.Made(code)
		w.CTEs = append(w.CTEs, c)
	}
	out := list[len(list)-1]
	out.Meta = m.Meta
	out.With = w
	out.Made(code)
	return out
}

// no are conditions that do not hold.
func no(list []ir.Expr) (out []ir.Expr) {
	for _, e := range list {
		x := &ir.IsTruth{Not: true, Value: ir.IsTrue, X: ir.Clone(e)}
		x.Span, x.Type = e.Base().Span, types.Bool{}
		out = append(out, x)
	}
	return out
}

// from lets the INSERT of a branch take its rows from the common table expression.
func from(i *ir.Insert, m *ir.MultiInsert, rows *ir.CTE, cond ir.Expr) bool {
	ref := tree.CTERef("rows")
	ref.CTE, ref.Span = rows, i.Span
	s := &ir.Select{From: []ir.TableExpr{ref}, Where: cond}
	s.Span = i.Span
	s.Row = &types.Row{}
	if !i.Span.IsValid() {
		i.Span = m.Span
	}
	switch v := i.Source.(type) {
	case nil:
		st := &ir.Star{}
		st.Span, st.Type = i.Span, types.Row{}
		s.Items, s.Row = []*ir.SelectItem{tree.Item(st, "")}, m.Query.Columns()
	case *ir.Values:
		if len(v.Rows) != 1 {
			return false
		}
		for _, x := range v.Rows[0].Items {
			s.Items = append(s.Items, tree.Item(x, ""))
			s.Row.Names, s.Row.Types = append(s.Row.Names, ""), append(s.Row.Types, x.TypeOf())
		}
	default:
		return false
	}
	i.Source = s
	ir.Walk(s, func(n ir.Node) bool {
		if x, ok := n.(*ir.Name); ok {
			if r, ok := x.Ref.(*ir.OutputRef); ok && r.From == nil {
				x.Parts, r.From = x.Parts[len(x.Parts)-1:], ref
			}
		}
		return true
	})
	return true
}

// Package joinviews holds the rule for changes of a query in the place of a table.
package joinviews

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/tree"
)

const code = "QY0385"

var unclear = &diag.Code{
	ID: "QY0364", Title: "DELETE from or INSERT into a view over a join", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  `DELETE from a view over a join deletes rows of the first of its tables whose key the rows of the view keep, INSERT adds a row to the table of the columns (SQL Language Reference, "CREATE VIEW"). PostgreSQL changes views over one table only. Here no key of the tables tells which it is, or the joins are outer joins.`,
	Next: "Change the table, or write an INSTEAD OF trigger.", Each: 0.3,
}

// whole refuses DELETE from a view over a join where its table is not known.
func whole(p *rewrite.Pass, d *ir.Delete, from []ir.TableExpr) {
	if len(d.From) != 1 || len(from) != 1 {
		return
	}
	if _, still := d.From[0].(*ir.Derived); !still {
		return
	}
	if t, ok := from[0].(*ir.TableRef); ok {
		rewrite.Refuse(p, unclear, d.Span, "DELETE from view %s", t.Table.Name)
	}
}

// Rule changes the tables of a query in their place.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "join-views",
		Doc: `UPDATE (SELECT ...) changes the table whose key the rows of the query keep, DELETE FROM (SELECT ...) deletes from the first such table, and INSERT INTO a view over a join from the table of its columns: the tables of the query stand in its place, its condition beside that of the statement, and what it selects in the place of its columns (SQL Language Reference, "UPDATE").`,
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Setup: "CREATE TABLE t (id NUMBER PRIMARY KEY, a NUMBER);", Source: "UPDATE (SELECT id, a AS x FROM t WHERE id > 1) SET x = x + 1 WHERE id < 9;",
			Target: "UPDATE t SET a = a + 1 WHERE id > 1 AND id < 9;",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{unclear},
		Looks:    ir.Kinds(ir.KindUpdate, ir.KindInsert, ir.KindDelete, ir.KindCreateView, ir.KindCreateTrigger),
		Needed: func(p *rewrite.Pass) bool {
			return p.Unit.PLSQL && (p.May(ir.KindDerived) || p.Session.Values[key] != nil)
		},
		Prepare: prepare,
		Run:     run,
	}
}

func run(p *rewrite.Pass) {
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.Update:
				if len(n.Returning) == 0 {
					n.Tables = inline(p, n, n.Tables)
				}
				update(n)
			case *ir.Insert:
				insert(p, n)
			case *ir.Delete:
				from := n.From
				n.From = inline(p, n, n.From)
				remove(n)
				removeJoined(n)
				whole(p, n, from)
			}
			return !p.Refused()
		})
	}
}

const key = "join-views"

// prepare keeps the queries of views over joins, which PostgreSQL cannot change; a view with a trigger is left to it.
func prepare(p *rewrite.Pass) {
	if !p.Unit.PLSQL {
		return
	}
	for _, s := range p.Unit.Stmts {
		switch s := s.(type) {
		case *ir.CreateView:
			q, ok := s.Query.(*ir.Select)
			if !ok || s.Object == nil || s.CheckOption != "" || s.ReadOnly || len(tree.Leaves(q.From)) < 2 {
				continue
			}
			c := own(q)
			for i, it := range c.Items {
				if i < len(s.Columns) {
					it.Alias = s.Columns[i]
				}
			}
			views(p)[s.Object] = c
			m := named(p)
			m[s.Object.Name] = append(m[s.Object.Name], s.Object)
		case *ir.CreateTrigger:
			all, m := views(p), named(p)
			if s.Table == nil {
				continue
			}
			for _, t := range m[s.Table.Name.Name()] {
				delete(all, t)
			}
			delete(m, s.Table.Name.Name())
		}
	}
}

func views(p *rewrite.Pass) map[*catalog.Table]*ir.Select {
	m, ok := p.Session.Values[key].(map[*catalog.Table]*ir.Select)
	if !ok {
		m = map[*catalog.Table]*ir.Select{}
		p.Session.Values[key] = m
	}
	return m
}

// named are the views by name: a script has thousands of views and of triggers.
func named(p *rewrite.Pass) map[string][]*catalog.Table {
	const key = "join-views:named"
	m, ok := p.Session.Values[key].(map[string][]*catalog.Table)
	if !ok {
		m = map[string][]*catalog.Table{}
		p.Session.Values[key] = m
	}
	return m
}

// inline puts the query of a view over a join in its place.
func inline(p *rewrite.Pass, u ir.Node, list []ir.TableExpr) []ir.TableExpr {
	if len(list) != 1 {
		return list
	}
	t, ok := list[0].(*ir.TableRef)
	m, known := p.Session.Values[key].(map[*catalog.Table]*ir.Select)
	if !ok || !known || t.Table == nil || m[t.Table] == nil {
		return list
	}
	d := &ir.Derived{Query: own(m[t.Table]), Alias: ir.Ident{Text: tree.NameOf(t)}}
	d.Meta = t.Meta
	ir.Walk(u, func(n ir.Node) bool {
		if x, ok := n.(*ir.Name); ok {
			if r, ok := x.Ref.(*ir.ColumnRef); ok && r.From == ir.TableExpr(t) {
				x.Ref = &ir.OutputRef{From: d, Column: r.Column.Name, Of: r.Column}
			}
		}
		return true
	})
	return []ir.TableExpr{d}
}

// own is a copy of a query whose columns come from its own tables.
func own(q *ir.Select) *ir.Select {
	c := ir.Clone(q)
	a, b := tree.Leaves(q.From), tree.Leaves(c.From)
	ir.Walk(c, func(n ir.Node) bool {
		x, ok := n.(*ir.Name)
		if !ok {
			return true
		}
		for i := range a {
			if tree.From(x) != a[i] {
				continue
			}
			switch r := x.Ref.(type) {
			case *ir.ColumnRef:
				y := *r
				y.From = b[i]
				x.Ref = &y
			case *ir.OutputRef:
				y := *r
				y.From = b[i]
				x.Ref = &y
			}
			break
		}
		return true
	})
	return c
}

// view is the query that is changed, and what its columns stand for; nil if it is none that can be changed.
type view struct {
	d *ir.Derived
	s *ir.Select
}

func viewOf(list []ir.TableExpr) *view {
	if len(list) != 1 {
		return nil
	}
	d, ok := list[0].(*ir.Derived)
	if !ok || len(d.Columns) > 0 {
		return nil
	}
	s, ok := d.Query.(*ir.Select)
	if !ok || s.Distinct || len(s.GroupBy) > 0 || s.Having != nil || s.Limit != nil || s.Offset != nil || s.With != nil || s.Connect != nil || len(s.Windows) > 0 || len(s.Lock) > 0 {
		return nil
	}
	return &view{d: d, s: s}
}

// shows is what a column of the query stands for, nil if that is not known.
func (v *view) shows(n *ir.Name) ir.Expr {
	r, ok := n.Ref.(*ir.OutputRef)
	if !ok || r.From != ir.TableExpr(v.d) {
		return nil
	}
	return v.item(r.Column)
}

// item is what the query selects under a name, nil if that is not known.
func (v *view) item(column string) ir.Expr {
	for _, it := range v.s.Items {
		name := it.Alias.Text
		if x, ok := it.Expr.(*ir.Name); ok && name == "" {
			name = x.Parts[len(x.Parts)-1].Text
		}
		if star, ok := it.Expr.(*ir.Star); ok {
			return v.starred(star, column)
		}
		if name == column {
			return it.Expr
		}
	}
	return nil
}

// known tells that everything that the node asks of the query is known.
func (v *view) known(n ir.Node) bool {
	return !ir.Find(n, func(n ir.Node) bool {
		x, ok := n.(*ir.Name)
		return ok && tree.From(x) == ir.TableExpr(v.d) && v.shows(x) == nil
	})
}

func (v *view) replaced(e ir.Expr) ir.Expr {
	if e == nil {
		return nil
	}
	return ir.MapExprs(e, func(x ir.Expr) ir.Expr {
		if n, ok := x.(*ir.Name); ok {
			if y := v.shows(n); y != nil {
				return ir.Clone(y)
			}
		}
		return x
	})
}

func update(u *ir.Update) {
	v := viewOf(u.Tables)
	if v == nil || len(u.Returning) > 0 || u.SetRow != nil || u.WhereCurrentOf != "" || u.Where != nil && !v.known(u.Where) {
		return
	}
	columns := make([]*ir.Name, len(u.Sets))
	for i, a := range u.Sets {
		n, ok := v.shows(a.Column).(*ir.Name)
		if !ok || len(a.Columns) > 0 || !v.known(a.Value) {
			return
		}
		if _, ok := n.Ref.(*ir.ColumnRef); !ok {
			return
		}
		columns[i] = ir.Clone(n)
	}
	for i, a := range u.Sets {
		a.Column, a.Value = columns[i], v.replaced(a.Value)
	}
	u.Where = tree.And(v.s.Where, v.replaced(u.Where))
	u.Tables = v.s.From
	u.Made(code)
}

func remove(d *ir.Delete) {
	v := viewOf(d.From)
	if v == nil || len(v.s.From) != 1 || len(d.Returning) > 0 || d.WhereCurrentOf != "" || d.Where != nil && !v.known(d.Where) {
		return
	}
	if _, ok := v.s.From[0].(*ir.TableRef); !ok {
		return
	}
	d.Where = tree.And(v.s.Where, v.replaced(d.Where))
	d.From = v.s.From
	d.Made(code)
}

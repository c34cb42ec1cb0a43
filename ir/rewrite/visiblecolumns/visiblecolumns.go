// Package visiblecolumns holds the rule for * over tables with invisible columns, or with columns in another order.
package visiblecolumns

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/tree"
)

var merged = &diag.Code{
	ID: "QY0133", Title: "* over a join that merges columns of a table with invisible ones", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:   "An asterisk leaves invisible columns out, so it has to be written out; over NATURAL JOIN and USING it gives common columns once, in an order of their own.",
	Next:  "List the columns.",
	Learn: 0.1, Each: 0.2,
}

// Rule is QY0024.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: "QY0024", Name: "visible-columns",
		Doc: `An asterisk does not give invisible columns (MySQL Reference Manual, "Invisible Columns"). PostgreSQL has no such columns: over a table
that has some, the asterisk is written out, in queries and in RETURNING. So it is over a table whose columns stand in another order on the
target, as ALTER TABLE placed one by FIRST or AFTER.`,
		Examples: []rewrite.Example{
			{Setup: "CREATE TABLE h (id INT PRIMARY KEY, hid INT INVISIBLE, v INT); CREATE TABLE p (id INT);", Source: "SELECT h.*, p.* FROM h, p;", Target: "SELECT h.id, h.v, p.* FROM h, p;"},
			{Setup: "CREATE TABLE h (id INT PRIMARY KEY, hid INT INVISIBLE, v INT); CREATE TABLE p (id INT);", Source: "SELECT * FROM p;", Target: "SELECT * FROM p;"},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{merged},
		Looks:    ir.Kinds(ir.KindStar),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.Select:
				n.Items = items(p, n.Items, n.From)
			case *ir.Insert:
				n.Returning = items(p, n.Returning, []ir.TableExpr{n.Table})
			case *ir.Delete:
				n.Returning = items(p, n.Returning, n.From)
			}
			return !p.Refused()
		})
	}
}

func items(p *rewrite.Pass, list []*ir.SelectItem, from []ir.TableExpr) []*ir.SelectItem {
	var out []*ir.SelectItem
	for _, it := range list {
		st, ok := it.Expr.(*ir.Star)
		if !ok {
			out = append(out, it)
			continue
		}
		out = append(out, star(p, it, st, from)...)
	}
	return out
}

// star is what an asterisk stands for; the item itself where it stands for all columns.
func star(p *rewrite.Pass, it *ir.SelectItem, st *ir.Star, from []ir.TableExpr) []*ir.SelectItem {
	leaves := tree.Leaves(from)
	if len(st.Qualifier) > 0 {
		q := st.Qualifier[len(st.Qualifier)-1].Text
		for _, l := range leaves {
			if strings.EqualFold(tree.NameOf(l), q) {
				if hides(l) {
					return written(p, l, it, true)
				}
				break
			}
		}
		return []*ir.SelectItem{it}
	}
	some := false
	for _, l := range leaves {
		some = some || hides(l)
	}
	if !some {
		return []*ir.SelectItem{it}
	}
	if tree.Merges(from) {
		rewrite.Refuse(p, merged, it.Span, "* over a join with common columns")
		return []*ir.SelectItem{it}
	}
	var out []*ir.SelectItem
	for _, l := range leaves {
		if hides(l) {
			out = append(out, written(p, l, it, len(leaves) > 1)...)
			continue
		}
		s := &ir.Star{Qualifier: []ir.Ident{{Text: tree.NameOf(l)}}}
		s.Span, s.Type = it.Span, st.Type
		out = append(out, tree.Item(s, ""))
	}
	return out
}

func hides(t ir.TableExpr) bool {
	r, ok := t.(*ir.TableRef)
	if !ok || r.Table == nil || r.CTE != nil {
		return false
	}
	if r.Table.Reordered {
		return true
	}
	for _, c := range r.Table.Columns {
		if c.Invisible {
			return true
		}
	}
	return false
}

func written(p *rewrite.Pass, t ir.TableExpr, it *ir.SelectItem, qualified bool) []*ir.SelectItem {
	r, ok := t.(*ir.TableRef)
	if !ok {
		return []*ir.SelectItem{it}
	}
	return tree.Columns(r, it, qualified, p.Rule.Code)
}

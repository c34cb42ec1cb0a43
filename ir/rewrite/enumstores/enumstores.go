// Package enumstores holds the rule for rows that are copied between ENUM columns.
package enumstores

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/define"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

const code = "TY0470"

// Rule is TY0470.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "enum-stores",
		Doc: `Each ENUM column has a type of its own on the target. Where INSERT ... SELECT copies values from one to another they go through text; an asterisk is
written out for it.`,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE a (e ENUM('x','y')); CREATE TABLE b (e ENUM('x','y'));",
			Source: "INSERT INTO b SELECT * FROM a;",
			Target: "INSERT INTO b SELECT e::text::b_e FROM a;",
		}},
		Fidelity: diag.Exact,
		Looks:    ir.Kinds(ir.KindInsert),
		After:    map[string]string{"insert-columns": "it writes the columns of the table out", "visible-columns": "it writes asterisks out"},
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			if i, ok := n.(*ir.Insert); ok && i.Table != nil && i.Table.Table != nil {
				if q, ok := i.Source.(*ir.Select); ok {
					insert(p, i, q)
				}
			}
			return true
		})
	}
}

func insert(p *rewrite.Pass, i *ir.Insert, q *ir.Select) {
	cols := targets(i)
	enums := false
	for _, c := range cols {
		e, ok := c.(types.Enum)
		enums = enums || ok && e.Name != ""
	}
	if !enums {
		return
	}
	items := expand(q)
	if len(items) != len(cols) {
		return
	}
	changed := false
	for k, it := range items {
		to, ok := cols[k].(types.Enum)
		from, is := it.Expr.TypeOf().(types.Enum)
		if !ok || !is || to.Name == "" || from.Name == "" || to.Name == from.Name {
			continue
		}
		x := *it
		text, kind := define.Cast(it.Expr, types.Text{}), types.Named{Name: to.Name}
		if x.Expr = define.Cast(text, kind); !to.Collation.Binary && !to.Holds(from.Values) { // some are written in another way there
			null := &ir.Null{}
			null.Type = to
			x.Expr = p.Helper("to_enum", it.Expr, define.Cast(null, kind), text)
		}
		x.Expr.Base().Made(code)
		items[k], changed = &x, true
	}
	if changed {
		q.Items = items
	}
}

// targets are the types of the columns that take values.
func targets(i *ir.Insert) []types.Type {
	var out []types.Type
	if i.Columns != nil {
		for _, c := range i.Columns {
			out = append(out, c.Type)
			if r, ok := c.Ref.(*ir.ColumnRef); ok && r.Column != nil {
				out[len(out)-1] = r.Column.Type
			}
		}
		return out
	}
	for _, c := range i.Table.Table.Columns {
		if !c.Invisible {
			out = append(out, c.Type)
		}
	}
	return out
}

// expand writes a lone asterisk over one table out.
func expand(q *ir.Select) []*ir.SelectItem {
	items := append([]*ir.SelectItem(nil), q.Items...)
	if len(items) != 1 || len(q.From) != 1 {
		return items
	}
	r, table := q.From[0].(*ir.TableRef)
	if _, star := items[0].Expr.(*ir.Star); !star || !table || r.Table == nil || r.CTE != nil {
		return items
	}
	var out []*ir.SelectItem
	for _, c := range r.Table.Columns {
		if c.Invisible {
			continue
		}
		n := tree.Column(r.Table, c, r, "")
		n.Span = items[0].Span
		out = append(out, tree.Item(n, ""))
	}
	return out
}

package plsql

import (
	"strings"

	"godwit/ir"
	"godwit/ir/types"
)

// pivot gives the columns that are neither aggregated nor pivoted, and one per value and aggregate.
func (r *Resolver) pivot(sc *scope, p *ir.Pivot) {
	in := &scope{outer: sc.outer, ctes: sc.ctes, block: sc.block, sql: true}
	r.tableExpr(in, p.X)
	it := &item{node: p, name: p.Alias.Text, open: anyOpen(in.items)}
	used := map[string]bool{}
	note := func(n ir.Node) bool {
		if x, ok := n.(*ir.Name); ok {
			used[x.Parts[len(x.Parts)-1].Text] = true
		}
		return true
	}
	for _, x := range p.Items {
		ir.Walk(x.Expr, note)
		x.Expr = r.value(in, x.Expr)
	}
	for i, n := range p.For {
		note(n)
		if b, ok := r.name(in, n).(*ir.Name); ok {
			p.For[i] = b
		}
	}
	for _, x := range in.items {
		for _, c := range visible(in, x, true) {
			if !used[c.name] {
				it.cols = append(it.cols, column{name: c.name, typ: c.typ})
			}
		}
	}
	r.pivoted(in, p, it)
	sc.items = append(sc.items, it)
}

// pivoted adds the columns of the values: alias of the value, then of the aggregate.
func (r *Resolver) pivoted(in *scope, p *ir.Pivot, it *item) {
	for _, v := range p.In {
		label := v.Alias.Text
		if label == "" {
			label = pivotLabel(v.Expr)
		}
		v.Expr = r.grouping(in, v.Expr)
		for _, a := range p.Items {
			name := label
			if a.Alias.Text != "" {
				name += "_" + a.Alias.Text
			}
			it.cols = append(it.cols, column{name: name, typ: a.Expr.TypeOf()})
		}
	}
}

// pivotLabel is the name that a value without alias gives its columns: the value as written, texts with their quotes.
func pivotLabel(e ir.Expr) string {
	switch e := e.(type) {
	case *ir.String:
		return "'" + e.Value + "'"
	case *ir.Number:
		return e.Text
	case *ir.RowExpr:
		parts := make([]string, len(e.Items))
		for i, x := range e.Items {
			parts[i] = pivotLabel(x)
		}
		return strings.Join(parts, "_")
	case *ir.Null:
		return "NULL"
	}
	return strings.ToUpper(e.Base().Span.Text())
}

// unpivot gives the columns that are not turned into rows, then the names and the values.
func (r *Resolver) unpivot(sc *scope, u *ir.Unpivot) {
	in := &scope{outer: sc.outer, ctes: sc.ctes, block: sc.block, sql: true}
	r.tableExpr(in, u.X)
	it := &item{node: u, name: u.Alias.Text, open: anyOpen(in.items)}
	used := map[string]bool{}
	values := make([][]types.Type, len(u.Columns))
	names := make([][]types.Type, len(u.For))
	for _, x := range u.In {
		for i, n := range x.Columns {
			used[n.Parts[len(n.Parts)-1].Text] = true
			if b, ok := r.name(in, n).(*ir.Name); ok {
				x.Columns[i] = b
			}
			if i < len(values) {
				values[i] = append(values[i], x.Columns[i].TypeOf())
			}
		}
		for i := range x.Values {
			x.Values[i] = r.value(in, x.Values[i])
			if i < len(names) {
				names[i] = append(names[i], x.Values[i].TypeOf())
			}
		}
	}
	for _, x := range in.items {
		for _, c := range visible(in, x, true) {
			if !used[c.name] {
				it.cols = append(it.cols, column{name: c.name, typ: c.typ})
			}
		}
	}
	for i, n := range u.For {
		it.cols = append(it.cols, column{name: n.Text, typ: r.together(names[i], textOf(128))})
	}
	for i, n := range u.Columns {
		it.cols = append(it.cols, column{name: n.Text, typ: r.together(values[i], types.Unknown{Why: "no columns"})})
	}
	sc.items = append(sc.items, it)
}

func (r *Resolver) together(list []types.Type, none types.Type) types.Type {
	if len(list) == 0 {
		return none
	}
	return r.commonType(list)
}

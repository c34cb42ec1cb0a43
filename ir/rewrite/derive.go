package rewrite

import "godwit/ir"

// Derive puts a query in the place of each item of FROM for which query gives one, under the alias that it gives, and lets the names of its
// columns follow. An item for which it gives nil stays.
func (p *Pass) Derive(code string, query func(ir.TableExpr) (*ir.Select, ir.Ident)) {
	became := map[ir.TableExpr]ir.TableExpr{}
	p.Nodes(func(n ir.Node) ir.Node {
		t, ok := n.(ir.TableExpr)
		if !ok {
			return n
		}
		q, alias := query(t)
		if q == nil {
			return n
		}
		d := &ir.Derived{Query: q, Alias: alias, Lateral: true}
		d.Meta = *t.Base()
		d.Made(code)
		became[t] = d
		return d
	})
	p.NamesFollow(became)
}

// NamesFollow lets names of columns of items of FROM mean those of the items that took their places.
func (p *Pass) NamesFollow(became map[ir.TableExpr]ir.TableExpr) {
	if len(became) == 0 {
		return
	}
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			if x, ok := n.(*ir.Name); ok {
				if r, ok := x.Ref.(*ir.OutputRef); ok && became[r.From] != nil {
					r.From = became[r.From]
				}
			}
			return true
		})
	}
}

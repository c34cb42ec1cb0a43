package collections

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/datatypes"
	"godwit/ir/types"
)

// table is TABLE(collection), or a table function.
func (r *run) table(t *ir.CollectionTable) ir.Node {
	c, ok := t.X.TypeOf().(types.Collection)
	if !ok {
		r.refuse(t, "TABLE of something that is no collection")
		return t
	}
	datatypes.SQL(r.Pass, c)
	f := &ir.TableFunc{Alias: t.Alias}
	f.Span = t.Span
	f.Made(code)
	call, routine := t.X.(*ir.RoutineCall)
	switch {
	case routine && isPipelined(r, call.Routine):
		f.Call = call
	case datatypes.FormOf(c) == datatypes.Array:
		f.Call = build.Call("unnest", t.X, c, code, t.X)
	default:
		if f.Call = r.rowsOf(t.X, c); f.Call == nil {
			r.refuse(t, "TABLE of "+c.String())
			return t
		}
	}
	switch c.Elem.(type) {
	case types.Object, types.Record:
	default:
		f.Columns = []ir.Ident{{Text: "column_value", Quoted: true}}
		if f.Alias.Text == "" {
			f.Alias = ir.Ident{Text: "elements", Quoted: true}
		}
	}
	if t.Outer {
		r.outer[f] = true
	}
	return f
}

const pipelinedKey = "collections.pipelined"

func isPipelined(r *run, o *catalog.Routine) bool {
	m, _ := r.Session.Values[pipelinedKey].(map[*catalog.Routine]bool)
	return o != nil && m[o]
}

// pipelined notes the pipelined functions of a unit for those that call them.
func pipelined(p *rewrite.Pass) {
	m, _ := p.Session.Values[pipelinedKey].(map[*catalog.Routine]bool)
	if m == nil {
		m = map[*catalog.Routine]bool{}
		p.Session.Values[pipelinedKey] = m
	}
	for _, s := range p.Unit.Stmts {
		ir.WalkStatements(s, func(n ir.Node) bool {
			if x, ok := n.(*ir.Routine); ok && x.Pipelined && x.Object != nil {
				m[x.Object] = true
			}
			return true
		})
	}
}

// joined makes outer joins of TABLE(...)(+) with what stands before it.
func (r *run) joined(s *ir.Select) {
	var out []ir.TableExpr
	for _, t := range s.From {
		if !r.outer[t] {
			out = append(out, t)
			continue
		}
		if len(out) == 0 {
			r.refuse(t, "TABLE(...)(+) with nothing before it")
			return
		}
		j := &ir.Join{Kind: ir.LeftJoin, L: out[len(out)-1], R: t, On: truth(true)}
		j.Span = t.Base().Span
		j.Made(code)
		out[len(out)-1] = j
	}
	s.From = out
}

// piped makes a pipelined function return its rows.
func (r *run) piped(x *ir.Routine) {
	if !x.Pipelined {
		return
	}
	c, ok := x.Returns.(types.Collection)
	sql := ""
	if ok && c.CollectionDecl != nil {
		sql = datatypes.Loose(r.Pass, c.Elem)
	}
	if sql == "" || len(x.Using.Parts) > 0 {
		r.refuse(x, "a pipelined function of such rows")
		return
	}
	for _, p := range x.Params {
		if p.Mode != catalog.In {
			r.refuse(x, "a pipelined function that gives values back")
		}
	}
	x.Pipelined, x.Returns = false, types.Named{Name: "SETOF " + sql}
}

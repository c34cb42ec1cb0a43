package collections

import (
	"godwit/ir"
	"godwit/ir/catalog"
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
		r.refuse(t, "TABLE of "+c.String())
		return t
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
		r.refuse(t, "TABLE(...)(+)")
	}
	return f
}

const pipelinedKey = "collections.pipelined"

func isPipelined(r *run, o *catalog.Routine) bool {
	m, _ := r.Session.Values[pipelinedKey].(map[*catalog.Routine]bool)
	return o != nil && m[o]
}

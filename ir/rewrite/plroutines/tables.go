package plroutines

import (
	"strings"

	"godwit/ir"
	"godwit/ir/types"
)

// tables gathers the names by which the queries of a body call their tables: c.x in a query is ambiguous on the target where the record of a
// loop is called c as well.
func tables(b ir.Stmt) map[string]bool {
	out := map[string]bool{}
	ir.Walk(b, func(n ir.Node) bool {
		alias := ""
		switch x := n.(type) {
		case *ir.TableRef:
			if alias = x.Alias.Text; alias == "" {
				alias = x.Name.Name()
			}
		case *ir.Derived:
			alias = x.Alias.Text
		case *ir.JSONTable:
			alias = x.Alias.Text
		case *ir.TableFunc:
			alias = x.Alias.Text
		case *ir.CollectionTable:
			alias = x.Alias.Text
		case *ir.XMLTable:
			alias = x.Alias.Text
		}
		if alias != "" {
			out[strings.ToLower(alias)] = true
		}
		return true
	})
	return out
}

// tableParam tells that a parameter with fields has the name of a table in a query of its routine. Calls may use its name, so that it stays, and
// the query takes the column.
func tableParam(r *ir.Routine) bool {
	if r.Body == nil || r.Target == nil {
		return false
	}
	var names map[string]bool
	for _, d := range r.Params {
		switch d.Type.(type) {
		case types.Record, types.Row, types.Object:
			if names == nil {
				names = tables(r.Body)
			}
			if names[strings.ToLower(d.Name.Text)] {
				return true
			}
		}
	}
	return false
}

package names

import (
	"strings"

	"godwit/ir"
	"godwit/ir/types"
)

// relations gathers the names by which the queries of a program call their tables.
func relations(s ir.Stmt) map[string]bool {
	out := map[string]bool{}
	add := func(n ir.Ident) {
		if n.Text != "" {
			out[strings.ToLower(n.Text)] = true
		}
	}
	ir.Walk(s, func(n ir.Node) bool {
		switch x := n.(type) {
		case *ir.TableRef:
			if x.Alias.Text == "" {
				out[strings.ToLower(x.Name.Name())] = true
			}
			add(x.Alias)
		case *ir.Derived:
			add(x.Alias)
		case *ir.JSONTable:
			add(x.Alias)
		case *ir.TableFunc:
			add(x.Alias)
		case *ir.CollectionTable:
			add(x.Alias)
		case *ir.XMLTable:
			add(x.Alias)
		}
		return true
	})
	return out
}

// hasFields tells a variable with fields: a name of two parts may mean one of them.
func hasFields(n ir.Node) bool {
	d, ok := n.(*ir.VarDecl)
	if !ok {
		return false
	}
	switch d.Type.(type) {
	case types.Record, types.Row, types.Object:
		return true
	}
	return d.TypeSQL == "record" || strings.HasSuffix(d.TypeSQL, "%ROWTYPE")
}

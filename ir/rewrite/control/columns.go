package control

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
)

// ColumnNames are the names of columns and select items, folded, that the statements of the program could mean.
func ColumnNames(s ir.Node) map[string]bool {
	out := map[string]bool{}
	add := func(n string) {
		if n != "" {
			out[strings.ToLower(n)] = true
		}
	}
	seen := map[*catalog.Table]bool{}
	ir.Walk(s, func(n ir.Node) bool {
		switch x := n.(type) {
		case *ir.TableRef:
			if x.Table != nil && !seen[x.Table] {
				seen[x.Table] = true
				for _, c := range x.Table.Columns {
					add(c.Name)
					add(c.Target)
				}
			}
		case *ir.SelectItem:
			add(x.Alias.Text)
		case *ir.CTE:
			for _, c := range x.Columns {
				add(c.Text)
			}
		case *ir.Derived:
			for _, c := range x.Columns {
				add(c.Text)
			}
		case *ir.JSONColumn:
			add(x.Name.Text)
		case *ir.ColumnDef:
			add(x.Name.Text)
		case *ir.Name:
			switch r := x.Ref.(type) {
			case *ir.ColumnRef:
				if r.Column != nil {
					add(r.Column.Name)
				}
			case *ir.OutputRef:
				add(r.Column)
			}
		}
		return true
	})
	return out
}

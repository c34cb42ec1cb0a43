package control

import "godwit/ir"

// Lists calls f for a list of statements and for every list inside its statements, the inner ones first.
func Lists(list *[]ir.Stmt, f func(*[]ir.Stmt)) {
	for _, s := range *list {
		switch n := s.(type) {
		case *ir.Block:
			Lists(&n.Body, f)
			for _, a := range n.Except {
				Lists(&a.Body, f)
			}
		case *ir.If:
			for _, b := range n.Branches {
				Lists(&b.Body, f)
			}
			Lists(&n.Else, f)
		case *ir.CaseStmt:
			for _, b := range n.Branches {
				Lists(&b.Body, f)
			}
			Lists(&n.Else, f)
		case *ir.Loop:
			Lists(&n.Body, f)
		}
	}
	f(list)
}

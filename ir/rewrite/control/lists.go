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

// Below gives f the lists right inside an IF, CASE or loop.
func Below(s ir.Stmt, f func([]ir.Stmt) []ir.Stmt) {
	switch n := s.(type) {
	case *ir.If:
		for _, b := range n.Branches {
			b.Body = f(b.Body)
		}
		n.Else = f(n.Else)
	case *ir.CaseStmt:
		for _, b := range n.Branches {
			b.Body = f(b.Body)
		}
		n.Else = f(n.Else)
	case *ir.Loop:
		n.Body = f(n.Body)
	}
}

// EachList gives f every list of statements, the inner ones first.
func EachList(s ir.Node, f func([]ir.Stmt) []ir.Stmt) {
	ir.Children(s, func(c ir.Node) {
		if ir.HoldsStatements(c) {
			EachList(c, f)
		}
	})
	switch n := s.(type) {
	case *ir.Block:
		n.Body = f(n.Body)
	case *ir.Catch:
		n.Body = f(n.Body)
	case *ir.ExceptArm:
		n.Body = f(n.Body)
	case *ir.If:
		n.Else = f(n.Else)
	case *ir.Branch:
		n.Body = f(n.Body)
	case *ir.CaseStmt:
		n.Else = f(n.Else)
	case *ir.Loop:
		n.Body = f(n.Body)
	}
}

package oracle

import (
	"godwit/ir"
	"godwit/ir/catalog"
)

// describe says what a unit makes.
func describe(u *ir.Unit, s ir.Stmt) {
	switch s := s.(type) {
	case *ir.Routine:
		kind := "procedure"
		if s.Kind == catalog.Function {
			kind = "function"
		}
		setObject(u, kind, s.Name)
	case *ir.Package:
		setObject(u, withBody("package", s.Body), s.Name)
	case *ir.ObjectType:
		setObject(u, "type", s.Name)
	case *ir.TypeBody:
		setObject(u, "type body", s.Name)
	case *ir.CreateTrigger:
		setObject(u, "trigger", s.Name)
	case *ir.CreateTable:
		setObject(u, "table", s.Name)
	case *ir.CreateView:
		setObject(u, "view", s.Name)
	case *ir.MaterializedView:
		setObject(u, "materialized view", s.Name)
	case *ir.CreateSequence:
		if !s.Alter {
			setObject(u, "sequence", s.Name)
		}
	case *ir.Synonym:
		setObject(u, "synonym", s.Name)
	case *ir.CreateIndex:
		setObject(u, "index", ir.QName{Parts: []ir.Ident{s.Key.Name}})
	case *ir.Insert, *ir.MultiInsert, *ir.Update, *ir.Delete, *ir.Merge:
		u.Kind = "data"
	case *ir.QueryStmt:
		u.Kind = "query"
	}
}

func withBody(kind string, body bool) string {
	if body {
		return kind + " body"
	}
	return kind
}

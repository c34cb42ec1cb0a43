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
		u.Make(kind, s.Name)
	case *ir.Package:
		u.Make(withBody("package", s.Body), s.Name)
	case *ir.ObjectType:
		u.Make("type", s.Name)
	case *ir.TypeBody:
		u.Make("type body", s.Name)
	case *ir.CreateTrigger:
		if at := u.Schema; s.Table != nil && s.Table.Name.Schema() == "" && s.Name.Schema() != "" && at != "" && at != s.Name.Schema() {
			q := ir.Qualified(at, s.Table.Name.Name()) // the table is the session's, not the trigger's owner's (PL/SQL Language Reference, CREATE TRIGGER)
			q.Span = s.Table.Name.Span
			s.Table.Name = q
		}
		u.Make("trigger", s.Name)
	case *ir.CreateTable:
		u.Make("table", s.Name)
	case *ir.CreateView:
		u.Make("view", s.Name)
	case *ir.MaterializedView:
		u.Make("materialized view", s.Name)
	case *ir.CreateSequence:
		if !s.Alter {
			u.Make("sequence", s.Name)
		}
	case *ir.Synonym:
		u.Make("synonym", s.Name)
	case *ir.CreateIndex:
		u.Make("index", ir.QName{Parts: []ir.Ident{s.Key.Name}})
	case *ir.Insert, *ir.MultiInsert, *ir.Update, *ir.Delete, *ir.Merge:
		u.Kind = "data"
	case *ir.QueryStmt:
		u.Kind = "query"
	case *ir.Grant:
		u.Kind, u.Name, u.Object = "grants", "grants", "grants"
	}
}

func withBody(kind string, body bool) string {
	if body {
		return kind + " body"
	}
	return kind
}

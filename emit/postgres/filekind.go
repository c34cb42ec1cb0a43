package postgres

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
)

// FileKind says where a statement belongs when each object has a file of its own: kind is schema, type, sequence, table,
// index, constraint, view, function, procedure, trigger, data, query or other; schema and name are the target's, unquoted.
// Comments and parts of a table belong to the object they are about; foreign keys are constraints of their table.
func (e *Emitter) FileKind(s ir.Stmt) (kind, schema, name string) {
	of := func(kind string, q ir.QName) (string, string, string) {
		return kind, e.schema(q.Schema()), e.fold(q.Name())
	}
	switch s := s.(type) {
	case *ir.CreateSchema:
		return "schema", "", e.schema(s.Name.Text)
	case *ir.CreateType:
		return of("type", s.Name)
	case *ir.CreateSequence:
		return of("sequence", s.Name)
	case *ir.CreateTable:
		return e.tableKind("table", s.Name, s.Object)
	case *ir.CreatePartition:
		return e.tableKind("table", s.Of, s.Object)
	case *ir.CreateIndex:
		kind, schema, _ = e.tableKind("index", s.Table.Name, s.Table.Table)
		return kind, schema, e.fold(s.Key.Name.Text)
	case *ir.CreateView:
		return e.tableKind("view", s.Name, s.Object)
	case *ir.MaterializedView:
		return e.tableKind("view", s.Name, s.Object)
	case *ir.AlterTable:
		return e.tableKind(alterKind(s), s.Table.Name, s.Table.Table)
	case *ir.Routine:
		kind = "procedure"
		if s.Target != nil && s.Target.Function || s.Target == nil && s.Kind == catalog.Function {
			kind = "function"
		}
		if s.Object != nil && s.Object.Target != "" {
			return kind, s.Object.TargetSchema, s.Object.Target
		}
		return of(kind, s.Name)
	case *ir.CreateTrigger:
		_, schema, table := e.tableKind("", s.Table.Name, s.Table.Table)
		if s.TargetName != "" {
			return "trigger", schema, table + "." + s.TargetName
		}
		return "trigger", schema, table + "." + e.fold(s.Name.Name())
	case *ir.CommentOn:
		return e.commentKind(s)
	case *ir.Drop:
		if s.Kind == "index" && len(s.Names) == 1 {
			return of("index", s.Names[0])
		}
	case *ir.Insert, *ir.Update, *ir.Delete, *ir.Truncate:
		return "data", "", ""
	case *ir.QueryStmt:
		return "query", "", ""
	}
	return "other", "", ""
}

func (e *Emitter) tableKind(kind string, q ir.QName, t *catalog.Table) (string, string, string) {
	if t != nil && t.Target != "" {
		return kind, t.TargetSchema, t.Target
	}
	return kind, e.schema(q.Schema()), e.fold(q.Name())
}

// alterKind is "constraint" for an ALTER TABLE that only adds foreign keys, drops constraints, or adds CHECKs that leave old rows alone: they
// come after all tables and the load. A CHECK goes where it came from, so that it can be added again.
func alterKind(s *ir.AlterTable) string {
	for _, a := range s.Actions {
		switch {
		case a.Kind == "add foreign", a.Kind == "drop constraint" && !a.OfCheck, a.Kind == "add check" && a.Check.NotValid:
		default:
			return "table"
		}
	}
	return "constraint"
}

func (e *Emitter) commentKind(s *ir.CommentOn) (kind, schema, name string) {
	q := s.Name
	switch kind = strings.ToLower(s.Kind); kind {
	case "column":
		kind = "table"
		if s.Table != nil && s.Table.Kind == catalog.ViewTable {
			kind = "view"
		}
	case "materialized view":
		kind = "view"
	case "constraint", "trigger":
		if s.On != nil {
			q, kind = *s.On, "table"
		}
	}
	return e.tableKind(kind, q, s.Table)
}

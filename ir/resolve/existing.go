package resolve

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
)

// objects follows which objects are there where the declarations stand, for IF NOT EXISTS. The catalog does not tell it: it knows no
// triggers and events, and keeps what was dropped for the statements in front of the DROP. The value is the table of a trigger or check.
type objects map[string]string

func objectKey(kind, schema, name string) string {
	return kind + "\x00" + strings.ToLower(schema+"\x00"+name)
}

// definedObject is the key of what a statement creates, "" if that is not followed here; unless tells IF NOT EXISTS.
func (r *Resolver) definedObject(s ir.Stmt) (key, table string, unless bool) {
	at := func(kind string, q ir.QName) string { return objectKey(kind, r.schemaOf(q), q.Name()) }
	switch s := s.(type) {
	case *ir.CreateView:
		return at("view", s.Name), "", s.IfNotExists
	case *ir.CreateSequence:
		if s.Alter {
			return "", "", false
		}
		return at("sequence", s.Name), "", s.IfNotExists
	case *ir.Routine:
		return at(routineKind(s.Kind), s.Name), "", s.IfNotExists
	case *ir.CreateEvent:
		return at("event", s.Name), "", s.IfNotExists
	case *ir.CreateTrigger:
		schema := s.Name.Schema()
		if schema == "" {
			schema = r.schemaOf(s.Table.Name)
		}
		return objectKey("trigger", schema, s.Name.Name()), at("table", s.Table.Name), s.IfNotExists
	case *ir.CreateIndex:
		return "", "", s.IfNotExists
	}
	return "", "", false
}

func routineKind(k catalog.RoutineKind) string {
	if k == catalog.Function {
		return "function"
	}
	return "procedure"
}

// unlessThere is what a statement with IF NOT EXISTS does whose object is there: nothing. It is nil for all other statements, whose
// objects are there from now on.
func (r *Resolver) unlessThere(s ir.Stmt) ir.Stmt {
	key, table, unless := r.definedObject(s)
	_, there := r.live[key]
	if x, ok := s.(*ir.CreateIndex); ok && unless {
		t := r.findTable(x.Table.Name)
		there = t != nil && hasKey(t, x.Key.Name.Text)
	}
	if v, ok := s.(*ir.CreateView); ok && unless && !there {
		t := r.cat.Table(r.schemaOf(v.Name), v.Name.Name())
		there = t != nil && t.Kind == catalog.BaseTable && !r.gone[t]
		v.IfNotExists = false
	}
	if unless && there {
		return nothingToDo(s, "it is there already")
	}
	if key != "" {
		r.live[key] = table
	}
	return nil
}

func nothingToDo(s ir.Stmt, why string) ir.Stmt {
	c := &ir.CommentStmt{Text: why + ": " + s.Base().Span.Text()}
	*c.Base() = *s.Base()
	return c
}

func hasKey(t *catalog.Table, name string) bool {
	return slices.ContainsFunc(t.Keys, func(k *catalog.Key) bool { return strings.EqualFold(k.Name, name) })
}

// leave notes that what a DROP names is there no more; with a table go its triggers.
func (r *Resolver) leave(s *ir.Drop) {
	for _, q := range s.Names {
		key := objectKey(s.Kind, r.schemaOf(q), q.Name())
		delete(r.live, key)
		if s.Kind != "table" || s.Temporary {
			continue
		}
		for k, table := range r.live {
			if table == key {
				delete(r.live, k)
			}
		}
	}
}

// unneeded tells that an action of ALTER TABLE does nothing: it has IF NOT EXISTS and what it adds is there, or IF EXISTS and what it
// changes is not.
func (r *Resolver) unneeded(t *catalog.Table, a *ir.AlterAction) bool {
	if !a.IfExists {
		return false
	}
	switch a.Kind {
	case "add column":
		return a.Column != nil && t.Column(a.Column.Name.Text) != nil
	case "add key":
		return a.Key != nil && a.Key.Name.Text != "" && hasKey(t, a.Key.Name.Text)
	case "add foreign":
		return a.Foreign != nil && a.Foreign.Name.Text != "" && slices.ContainsFunc(t.ForeignKeys, func(f *catalog.ForeignKey) bool { return strings.EqualFold(f.Name, a.Foreign.Name.Text) })
	case "add check":
		_, there := r.live[objectKey("check", t.Schema+"\x00"+t.Name, a.Check.Name.Text)]
		return there
	case "drop column", "modify column", "change column", "rename column", "alter default":
		return t.Column(a.Old.Text) == nil
	case "rename key":
		return !hasKey(t, a.Old.Text)
	}
	return false
}

// check follows the CHECK constraints that have a name.
func (r *Resolver) check(t *catalog.Table, c *ir.CheckDef) {
	if c != nil && c.Name.Text != "" {
		r.live[objectKey("check", t.Schema+"\x00"+t.Name, c.Name.Text)] = objectKey("table", t.Schema, t.Name)
	}
}

package godwit

import (
	"slices"

	"godwit/ir"
	"godwit/ir/diag"
)

// In a folder of scripts a table may stand behind what is said of it: the files are read by their names, not in the order in which they were
// run. Its comments and constraints wait until it is made, so that its own file is loaded without an error. Other changes are
// refused: a column that is dropped before the table is made belongs to an older table.

// makes tells for each table and view that the units make that they do.
func (l *layout) makes(units []*Unit) map[string]bool {
	out := map[string]bool{}
	for _, u := range units {
		if u.Status == diag.Refused || u.Name == "" || len(u.Stmts) == 0 {
			continue
		}
		if (u.Kind == "table" || u.Kind == "view") && makesObject(u) {
			out[l.key(u.Kind, l.conv.fold(u.Schema), l.conv.fold(u.Name))] = true
		}
	}
	return out
}

// ahead tells that a unit has to wait for its table or view, and for which.
func (l *layout) ahead(u *Unit) (key string, wait bool) {
	if !aboutObject(u) {
		return "", false
	}
	schema, name := aboutPlace(u.Stmts[0])
	if name == "" {
		return "", false
	}
	for _, kind := range []string{"table", "view"} {
		if key := l.key(kind, schema, name); l.later[key] {
			return key, !l.arrivedAt[key]
		}
	}
	return "", false
}

// aboutPlace names the table or view that a comment or a constraint belongs to.
func aboutPlace(s ir.Stmt) (schema, name string) {
	switch s := s.(type) {
	case *ir.AlterTable:
		return tablePlace(s.Table)
	case *ir.CommentOn:
		if s.Table != nil {
			return s.Table.TargetSchema, s.Table.Target
		}
	}
	return "", ""
}

// aboutObject tells that a unit adds nothing but comments and constraints.
func aboutObject(u *Unit) bool {
	for _, s := range u.Stmts {
		switch s := s.(type) {
		case *ir.CommentOn:
		case *ir.AlterTable:
			if slices.ContainsFunc(s.Actions, func(a *ir.AlterAction) bool {
				return a.Kind != "add key" && a.Kind != "add foreign" && a.Kind != "add check"
			}) {
				return false
			}
		default:
			return false
		}
	}
	return len(u.Stmts) > 0
}

// arrived lays out what has waited for an object.
func (l *layout) arrived(key string) {
	l.arrivedAt[key] = true
	waited := l.waiting[key]
	delete(l.waiting, key)
	for _, u := range waited {
		l.unit(u)
	}
}

// rest lays out what has waited in vain.
func (l *layout) rest() {
	l.later = nil
	keys := make([]string, 0, len(l.waiting))
	for k := range l.waiting {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		l.arrived(k)
	}
}

func makesObject(u *Unit) bool {
	return slices.ContainsFunc(u.Stmts, func(s ir.Stmt) bool {
		switch s.(type) {
		case *ir.CreateTable, *ir.CreateView:
			return true
		}
		return false
	})
}

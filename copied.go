package godwit

import (
	"godwit/ir"
	"godwit/ir/catalog"
)

// CREATE TABLE AS SELECT becomes a table and an INSERT. The tables of a folder are made first, the rows of other tables come behind them: the
// INSERT has to stand where they are there, and what changes them behind it must not come before it.

// makesTable tells that a unit makes a table that stays.
func makesTable(u *Unit) bool {
	for _, s := range u.Stmts {
		if t, ok := s.(*ir.CreateTable); ok {
			return !t.Temporary
		}
	}
	return false
}

// copied is the place of the rows that a table is made with: among the rows of tables, if they come from such alone, else in the script.
func (l *layout) copied(s ir.Stmt) (kind, schema, name string) {
	in, ok := s.(*ir.Insert)
	if !ok || l.script || l.used(in) {
		l.script = true
		return "other", "", "script"
	}
	l.copies = true
	schema, name = tablePlace(in.Table)
	return "data", l.conv.fold(schema), l.conv.fold(name)
}

// used tells that rows come from views, functions or sequences, which are made behind the rows of tables.
func (l *layout) used(in *ir.Insert) bool {
	return ir.Find(in, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.TableRef:
			return n.Table != nil && n.Table.Kind == catalog.ViewTable || n.Table == nil && n.CTE == nil
		case *ir.RoutineCall, *ir.CallProc:
			return true
		}
		return false
	})
}

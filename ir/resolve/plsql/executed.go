package plsql

import (
	"godwit/ir"
	"godwit/ir/catalog"
)

// DeclareExecuted enters what a definition makes whose text a program executes. Whether and when it runs is not known: what it makes is there
// for what follows, but nothing that the script defines is replaced, changed or taken away by it.
func (r *Resolver) DeclareExecuted(u *ir.Unit) {
	if len(u.Stmts) != 1 {
		return
	}
	switch s := u.Stmts[0].(type) {
	case *ir.CreateTable:
		r.declareBeside(u, s.Name)
	case *ir.CreateView:
		r.declareBeside(u, s.Name)
	case *ir.MaterializedView:
		r.declareBeside(u, s.Name)
	case *ir.CreateSequence:
		if r.findSequence(s.Name) == nil || s.Alter {
			r.Declare(u)
		}
	case *ir.Synonym:
		if r.synonym(s.Name) == nil {
			r.Declare(u)
		}
	case *ir.AlterTable:
		r.begin(u)
		r.inUse[u] = r.schema
		if s.Table.Table = r.findTable(s.Table.Name); s.Table.Table != nil {
			r.switches(s.Table.Table, s, true)
			r.addedColumns(s)
		}
		r.end(u)
	case *ir.CreateIndex:
		r.begin(u)
		r.inUse[u] = r.schema
		s.Table.Table = r.findTable(s.Table.Name)
		r.end(u)
	default: // nothing that the catalog holds
		r.begin(u)
		r.inUse[u] = r.schema
		r.end(u)
	}
}

// declareBeside declares a table or view; one of that name that is there stays.
func (r *Resolver) declareBeside(u *ir.Unit, q ir.QName) {
	old := r.cat.Table(r.schemaOf(q), q.Name())
	r.Declare(u)
	if old != nil {
		r.addTable(old)
	}
}

// addedColumns enters the columns that ALTER TABLE adds; for the other actions the table stays as the script defines it.
func (r *Resolver) addedColumns(s *ir.AlterTable) {
	t := s.Table.Table
	for _, a := range s.Actions {
		if a.Kind == "add column" && a.Column != nil && columnOfTable(t, a.Column.Name.Text) == nil {
			r.alterAction(t, a)
			r.perhaps[columnOfTable(t, a.Column.Name.Text)] = true
			continue
		}
		x := *t // the action is applied to a copy: what it stands for gets its objects
		x.Columns = append([]*catalog.Column(nil), t.Columns...)
		for i, c := range x.Columns {
			x.Columns[i] = copyOf(c)
		}
		x.Keys = append([]*catalog.Key(nil), t.Keys...)
		x.Constraints = append([]*catalog.Constraint(nil), t.Constraints...)
		if a.Kind != "rename" {
			r.alterAction(&x, a)
			delete(r.pending, &x)
		}
	}
}

package godwit

import (
	"slices"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
)

// oldColumn is a statement with the old name of a column that another column gets later.
var oldColumn = &diag.Code{
	ID: "NM0681", Title: "Old name of a column that another one gets later", Severity: diag.Error, Fidelity: diag.Refused,
	Doc: "A column is renamed, and the table gets another one of the old name. A folder's statements run behind both, where the name means the new column. Statements about several tables, and programs, between the table and the " +
		"RENAME that may mean the old one are not converted.",
	Next: "Write the column's last name into the statement.", Each: 0.25,
}

// lastColumns gives columns that a script renames their last names, as lastNames does for relations: in the statement that makes the table, and
// in what the statements between it and the RENAME say about that table alone. It runs behind lastNames.
func (p *pipeline) lastColumns(us []*Unit) {
	if p.opt.From != dialect.Oracle {
		return
	}
	renamed := map[string]bool{}
	for _, u := range us {
		if table, _, _, ok := columnRename(u); ok {
			renamed[relationKey(u, table)] = true
		}
	}
	if len(renamed) == 0 {
		return
	}
	l := newScriptLog(us)
	l.mention(renamed)
	for j, u := range us {
		table, from, to, ok := columnRename(u)
		if !ok {
			continue
		}
		key := relationKey(u, table)
		i := l.makerOf(key, j)
		if i < 0 || !plainTable(us[i]) {
			continue
		}
		if !slices.ContainsFunc(between(l.tables[key], i, j), func(x int) bool { return givesColumn(us[x], key, from.Text) }) {
			continue // what would have made it was refused
		}
		taken := slices.ContainsFunc(between(l.tables[key], j+1, len(us)), func(x int) bool { return addsColumn(us[x], key, from.Text) })
		for _, at := range between(l.mentions[key], i, j) {
			x := us[at]
			n := &columnRenaming{table: key, from: from.Text, to: to, unit: x}
			if done := n.statement(); !done && taken && n.mentioned() {
				x.Report(oldColumn.New(x.Source, "column %s of %s", from.Text, table.Name()))
				p.refuse(x, oldColumn.ID, "old name of a column")
			}
		}
		u.Report(lastName.New(u.Source, "column %s is %s from the start", from.Text, to.Text))
		u.empty()
	}
}

// columnRename tells a statement that does nothing but to rename a column.
func columnRename(u *Unit) (table ir.QName, from, to ir.Ident, ok bool) {
	s, is := onlyAlter(u)
	if !is || len(s.Actions) != 1 || s.Actions[0].Kind != "rename column" || len(s.Actions[0].New.Parts) != 1 {
		return table, from, to, false
	}
	a := s.Actions[0]
	return s.Table.Name, a.Old, a.New.Parts[0], true
}

// plainTable tells a table with a list of columns of its own.
func plainTable(u *Unit) bool {
	t, ok := u.Stmts[0].(*ir.CreateTable)
	return ok && t.As == nil && t.Like == nil && len(t.OfType.Parts) == 0 && len(t.Columns) > 0
}

// givesColumn tells a statement that makes a table with a column, or adds it.
func givesColumn(u *Unit, table, name string) bool {
	if len(u.Stmts) != 1 {
		return false
	}
	if t, ok := u.Stmts[0].(*ir.CreateTable); ok {
		return relationKey(u, t.Name) == table && slices.ContainsFunc(t.Columns, func(c *ir.ColumnDef) bool { return c.Name.Text == name })
	}
	return addsColumn(u, table, name)
}

// addsColumn tells a statement by which a table gets a column of a name.
func addsColumn(u *Unit, table, name string) bool {
	s, ok := onlyAlter(u)
	return ok && relationKey(u, s.Table.Name) == table && slices.ContainsFunc(s.Actions, func(a *ir.AlterAction) bool {
		return a.Kind == "add column" && a.Column != nil && a.Column.Name.Text == name ||
			a.Kind == "rename column" && a.New.Name() == name
	})
}

// columnRenaming puts the new name of a column into a statement.
type columnRenaming struct {
	table string // by relationKey
	from  string
	to    ir.Ident
	unit  *Unit
}

func (n *columnRenaming) is(q ir.QName) bool {
	return len(q.Parts) > 0 && relationKey(n.unit, q) == n.table
}

func (n *columnRenaming) ident(i *ir.Ident) {
	if i.Text == n.from {
		*i = n.to
	}
}

func (n *columnRenaming) idents(list []ir.Ident) {
	for i := range list {
		n.ident(&list[i])
	}
}

// statement renames what the statement says of the table, and tells that nothing else in it can mean the column.
func (n *columnRenaming) statement() bool {
	if len(n.unit.Stmts) != 1 {
		return len(n.unit.Stmts) == 0
	}
	switch s := n.unit.Stmts[0].(type) {
	case *ir.CreateTable:
		own := n.is(s.Name)
		if own {
			n.all(s)
		}
		for _, f := range s.ForeignKeys {
			n.foreign(f, own)
		}
		for _, c := range s.Columns {
			if c.References != nil {
				n.foreign(c.References, own)
			}
		}
		return s.As == nil
	case *ir.AlterTable:
		own := s.Table != nil && n.is(s.Table.Name)
		if own {
			n.all(s)
		}
		for _, a := range s.Actions {
			if own && columnActions[a.Kind] {
				n.ident(&a.Old)
			}
			if a.Foreign != nil {
				n.foreign(a.Foreign, own)
			}
		}
	case *ir.CreateIndex:
		if n.is(s.Table.Name) {
			n.all(s)
		}
	case *ir.CommentOn:
		if n.is(s.Name) {
			n.ident(&s.Column)
		}
	case *ir.Insert, *ir.Update, *ir.Delete, *ir.QueryStmt:
		if !n.alone(s) {
			return false
		}
		n.all(s)
	default:
		return false
	}
	return true
}

// columnActions are the kinds of ALTER TABLE whose old name is that of a column.
var columnActions = map[string]bool{"modify column": true, "alter column": true, "drop column": true, "alter default": true, "rename column": true}

func (n *columnRenaming) foreign(f *ir.ForeignKeyDef, own bool) {
	if own {
		n.idents(f.Columns)
	}
	if n.is(f.RefTable) {
		n.idents(f.RefColumns)
	}
}

// alone tells that a statement reads and changes no other table.
func (n *columnRenaming) alone(s ir.Stmt) bool {
	there := false
	other := ir.Find(s, func(x ir.Node) bool {
		switch x := x.(type) {
		case *ir.TableRef:
			if n.is(x.Name) && x.Link.Text == "" {
				there = true
				return false
			}
			return true
		case *ir.CTE, *ir.Derived, *ir.TableFunc:
			return true
		}
		return false
	})
	return there && !other
}

// all renames the column wherever a node about the table alone names one.
func (n *columnRenaming) all(s ir.Node) {
	ir.Walk(s, func(x ir.Node) bool {
		switch x := x.(type) {
		case *ir.Name:
			if last := len(x.Parts) - 1; last >= 0 && x.Parts[last].Text == n.from {
				x.Parts = slices.Clone(x.Parts)
				x.Parts[last] = n.to
			}
		case *ir.ColumnDef:
			n.ident(&x.Name)
		case *ir.KeyPart:
			n.ident(&x.Column)
		}
		return true
	})
}

// mentioned tells that a statement has the old name of the column and that of the table, wherever.
func (n *columnRenaming) mentioned() bool {
	name, table := false, false
	for _, s := range n.unit.Stmts {
		ir.Walk(s, func(x ir.Node) bool {
			switch x := x.(type) {
			case *ir.Name:
				name = name || slices.ContainsFunc(x.Parts, func(i ir.Ident) bool { return i.Text == n.from })
			case *ir.TableRef:
				table = table || n.is(x.Name)
			case *ir.CreateTrigger:
				table = table || x.Table != nil && n.is(x.Table.Name)
			}
			return true
		})
	}
	return name && table
}

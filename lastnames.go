package godwit

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/dialect"
)

// A folder makes what a script renames with its last name. The statements that ran between the two used the old name: they get the new one
// here, before names are bound, for the old one may be made anew behind the RENAME. Definitions that the source keeps as text (views,
// programs, synonyms) are left as they are: there they fail behind the RENAME as well, or mean what is made anew.

// lastNames gives relations of a script the names that it gives them last.
func (p *pipeline) lastNames(us []*Unit) {
	if p.opt.From != dialect.Oracle {
		return
	}
	renamed := map[string]bool{}
	for _, u := range us {
		if from, _, ok := renameOf(u); ok {
			renamed[relationKey(u, from)] = true
		}
	}
	if len(renamed) == 0 {
		return
	}
	l := newScriptLog(us)
	l.mention(renamed)
	for j, u := range us {
		from, to, ok := renameOf(u)
		if !ok {
			continue
		}
		was, is := relationKey(u, from), relationKey(u, to)
		i := l.makerOf(was, j)
		if i < 0 || l.madeBefore(is, j) {
			continue
		}
		for _, at := range between(l.mentions[was], i+1, j) {
			n := &renaming{from: was, to: to, unit: us[at], old: from.Parts[len(from.Parts)-1]}
			n.statement()
		}
		maker := us[i]
		maker.Report(lastName.New(maker.Source, "%s is %s from the start", objectWords(maker.Stmts[0]), to.Name()))
		madeAs(maker, to)
		u.empty()
		l.moveMentions(was, is, i, j)
	}
}

// renameOf tells the names of a statement that does nothing but to rename a relation.
func renameOf(u *Unit) (from, to ir.QName, ok bool) {
	if len(u.Stmts) != 1 {
		return from, to, false
	}
	switch s := u.Stmts[0].(type) {
	case *ir.RenameTables:
		if len(s.Pairs) == 1 {
			from, to, ok = s.Pairs[0][0], s.Pairs[0][1], true
		}
	case *ir.AlterTable:
		if s.Table != nil && len(s.Actions) == 1 && s.Actions[0].Kind == "rename" {
			from, to, ok = s.Table.Name, s.Actions[0].New, true
		}
	}
	if !ok || len(from.Parts) == 0 || len(to.Parts) == 0 {
		return from, to, false
	}
	name := ir.Qualified(from.Schema(), to.Name())
	name.Span = to.Span
	return from, name, true
}

// relationKey names a relation as a unit does.
func relationKey(u *Unit, q ir.QName) string {
	schema := q.Schema()
	if schema == "" {
		schema = u.Schema
	}
	return strings.ToUpper(schema) + "\x00" + q.Name()
}

// makes is the name of the relation that a unit makes.
func makes(u *Unit) (q ir.QName, ok bool) {
	if len(u.Stmts) != 1 {
		return q, false
	}
	switch s := u.Stmts[0].(type) {
	case *ir.CreateTable:
		return s.Name, !s.IfNotExists
	case *ir.CreateView:
		return s.Name, !s.IfNotExists
	case *ir.MaterializedView:
		return s.Name, !s.Prebuilt
	case *ir.CreateSequence:
		return s.Name, !s.Alter && !s.IfNotExists
	}
	return q, false
}

func drops(u *Unit, key string) bool {
	if len(u.Stmts) != 1 {
		return false
	}
	s, ok := u.Stmts[0].(*ir.Drop)
	return ok && slices.ContainsFunc(s.Names, func(q ir.QName) bool { return relationKey(u, q) == key })
}

// madeAs gives what a unit makes another name.
func madeAs(u *Unit, to ir.QName) {
	named := func(q ir.QName) ir.QName {
		out := ir.Qualified(q.Schema(), to.Name())
		out.Span = q.Span
		return out
	}
	switch s := u.Stmts[0].(type) {
	case *ir.CreateTable:
		s.Name = named(s.Name)
	case *ir.CreateView:
		s.Name = named(s.Name)
	case *ir.MaterializedView:
		s.Name = named(s.Name)
	case *ir.CreateSequence:
		s.Name = named(s.Name)
	case *ir.CreateIndex:
		s.Key.Name.Text = to.Name()
	}
	kind, schema := u.Kind, u.Schema
	u.Kind, u.Object = "", ""
	u.Make(kind, to)
	u.Schema = schema
}

// renaming puts the new name of a relation into a statement.
type renaming struct {
	from string // the old name, by relationKey
	to   ir.QName
	unit *Unit
	old  ir.Ident
}

func (n *renaming) is(q ir.QName) bool { return len(q.Parts) > 0 && relationKey(n.unit, q) == n.from }

func (n *renaming) name(q *ir.QName) {
	if n.is(*q) {
		out := ir.Qualified(q.Schema(), n.to.Name())
		out.Span = q.Span
		*q = out
	}
}

// statement renames what a statement of the script uses by name when it runs, and what follows the relation.
func (n *renaming) statement() {
	if len(n.unit.Stmts) != 1 {
		return
	}
	switch s := n.unit.Stmts[0].(type) {
	case *ir.CreateView, *ir.MaterializedView, *ir.Routine, *ir.Package, *ir.TypeBody, *ir.ObjectType, *ir.Synonym, *ir.Unsupported:
	case *ir.CreateTrigger:
		if s.Table != nil {
			n.name(&s.Table.Name)
		}
	case *ir.CreateTable:
		for _, f := range s.ForeignKeys {
			n.name(&f.RefTable)
		}
		for _, c := range s.Columns {
			if c.References != nil {
				n.name(&c.References.RefTable)
			}
		}
		if s.As != nil {
			n.uses(s.As)
		}
	default:
		n.named(s)
		n.uses(s)
	}
}

// named renames the object that a statement is about.
func (n *renaming) named(s ir.Stmt) {
	switch s := s.(type) {
	case *ir.AlterTable:
		for _, a := range s.Actions {
			if a.Foreign != nil {
				n.name(&a.Foreign.RefTable)
			}
		}
	case *ir.CommentOn:
		n.name(&s.Name)
	case *ir.Grant:
		if s.Plain && n.is(ir.Qualified(s.Schema, s.Object)) {
			s.Object = n.to.Name()
		}
	case *ir.CreateSequence:
		if s.Alter {
			n.name(&s.Name)
		}
	}
}

// uses renames the tables and sequences that a statement reads and changes. Columns that are written with the old name of their table
// get it as an alias. A common table expression of that name hides the table.
func (n *renaming) uses(s ir.Node) {
	if ir.Find(s, func(x ir.Node) bool { c, ok := x.(*ir.CTE); return ok && c.Name.Text == n.old.Text }) {
		return
	}
	qualified := ir.Find(s, func(x ir.Node) bool {
		switch x := x.(type) {
		case *ir.Name:
			return len(x.Parts) > 1 && x.Parts[0].Text == n.old.Text
		case *ir.Star:
			return len(x.Qualifier) > 0 && x.Qualifier[0].Text == n.old.Text
		}
		return false
	})
	ir.Walk(s, func(x ir.Node) bool {
		switch x := x.(type) {
		case *ir.TableRef:
			if n.is(x.Name) && x.Link.Text == "" {
				n.name(&x.Name)
				if qualified && x.Alias.Text == "" {
					x.Alias = n.old
				}
			}
		case *ir.NextValue:
			n.name(&x.Sequence)
		case *ir.Name: // sequence.NEXTVAL
			if last := len(x.Parts) - 1; last > 0 && (x.Parts[last].Text == "NEXTVAL" || x.Parts[last].Text == "CURRVAL") && n.is(ir.QName{Parts: x.Parts[:last]}) {
				parts := slices.Clone(x.Parts)
				parts[last-1].Text = n.to.Name()
				x.Parts = parts
			}
		}
		return true
	})
}

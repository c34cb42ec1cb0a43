package altertable

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
)

var boundColumn = &diag.Code{
	ID: "DD0791", Title: "change of a column that a generated column or a trigger reads", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  "The target changes no type of a column that a generated column is computed from, or that UPDATE OF or WHEN of a trigger name (PostgreSQL: \"cannot alter type of a column used by a generated column\"). The source does.",
	Next: "Make the column with its last type, or drop the generated column or the trigger first and make it again behind the change.", Each: 0.25,
}

// bound tells what keeps the target from changing the type of a column: a generated column, or a trigger that is there already.
func (l *lowering) bound(c *catalog.Column) string {
	if l.p.Session == nil || c == nil || l.s.Table == nil {
		return ""
	}
	session := l.p.Session
	k, _ := session.Values[keptKey].(*keepers)
	if k == nil || !k.of(session.Script) {
		k = newKeepers(session.Script)
		session.Values[keptKey] = k
	}
	for _, x := range k.computed[c] {
		if x.there(session) {
			return x.what
		}
	}
	if session.InOrder { // in a folder triggers are made behind tables
		for _, x := range k.triggers[l.s.Table] {
			if x.there(session) && x.reads[strings.ToLower(c.Name)] {
				return x.what
			}
		}
	}
	return ""
}

// keepers are the statements of a script that keep the target from changing the type of a column.
type keepers struct {
	script   []*ir.Unit
	computed map[*catalog.Column][]keeper // generated columns
	triggers map[*catalog.Table][]keeper
}

type keeper struct {
	at    int // the place in the script
	what  string
	reads map[string]bool // columns that a trigger names, in lower case
}

const keptKey = "altertable keepers"

// there tells that the statement has run when the one at hand does.
func (k keeper) there(s *rewrite.Session) bool { return !s.InOrder || k.at < s.At }

// of tells that the keepers are those of a script.
func (k *keepers) of(script []*ir.Unit) bool {
	return len(k.script) == len(script) && (len(script) == 0 || &k.script[0] == &script[0])
}

func newKeepers(script []*ir.Unit) *keepers {
	k := &keepers{script, map[*catalog.Column][]keeper{}, map[*catalog.Table][]keeper{}}
	for i, u := range script {
		for _, s := range u.Stmts {
			switch s := s.(type) {
			case *ir.CreateTable:
				for _, d := range s.Columns {
					k.generated(i, d)
				}
			case *ir.AlterTable:
				for _, a := range s.Actions {
					if a.Column != nil {
						k.generated(i, a.Column)
					}
				}
			case *ir.CreateTrigger:
				if s.Table != nil {
					k.triggers[s.Table.Table] = append(k.triggers[s.Table.Table], keeper{i, "trigger " + s.Name.Name(), named(s)})
				}
			}
		}
	}
	return k
}

func (k *keepers) generated(i int, d *ir.ColumnDef) {
	if d.Generated == nil {
		return
	}
	ir.Walk(d.Generated, func(n ir.Node) bool {
		if x, ok := n.(*ir.Name); ok && x.Column() != nil {
			k.computed[x.Column()] = append(k.computed[x.Column()], keeper{at: i, what: "column " + d.Name.Text})
		}
		return true
	})
}

// named are the columns that UPDATE OF and WHEN of a trigger name, in lower case.
func named(s *ir.CreateTrigger) map[string]bool {
	out := map[string]bool{}
	for _, x := range s.Columns {
		out[strings.ToLower(x.Text)] = true
	}
	if s.When != nil {
		ir.Walk(s.When, func(n ir.Node) bool {
			if x, ok := n.(*ir.Name); ok {
				out[strings.ToLower(x.Parts[len(x.Parts)-1].Text)] = true
			}
			return true
		})
	}
	return out
}

// computed is the generated column that is computed from a column of the table.
func (l *lowering) computed(c *catalog.Column) string {
	if l.s.Table == nil || c == nil {
		return ""
	}
	for _, g := range l.s.Table.Columns {
		if g.Generated == catalog.NotGenerated || g == c {
			continue
		}
		formula, ok := g.Formula.(ir.Expr)
		if !ok || ir.Find(formula, func(n ir.Node) bool {
			x, ok := n.(*ir.Name)
			return ok && len(x.Parts) > 0 && strings.EqualFold(x.Parts[len(x.Parts)-1].Text, c.Name)
		}) {
			return "column " + g.Name
		}
	}
	return ""
}

package valueerrors

import (
	"slices"
	"strconv"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

// Numbers of errors that are one condition of the target, two by two: a missing parent and children that are there, and a violated CHECK and too many
// digits, where a CHECK of the digits stands for those of NUMBER(p).
const (
	noParent, childrenThere   = -2291, -2292
	violated, tooManyDigits   = -2290, -1438
	nullInserted, nullUpdated = -1400, -1407
)

// nulled is told where both changes of rows may store a NULL.
var nulled = &diag.Code{
	ID: "EH0795", Title: "A NULL that INSERT or UPDATE stores", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc:  "A NULL in a column that takes none is ORA-01400 for INSERT and ORA-01407 for UPDATE (Database Error Messages), and one condition of the target. The statements of the block may do both; assumed: it is that of INSERT where SQLCODE or SQLERRM is asked.",
	Next: "Nothing, if the program does not compare the number; else put the UPDATE into a block of its own.", Each: 0.05,
}

// nulls tells SQLCODE in a handler which change of rows stores a NULL where none may be.
func (w *sides) nulls(p *rewrite.Pass, c *ir.Catch) {
	if takes(c, nullUpdated) && w.inserts || takes(c, nullInserted) && w.updates {
		p.Report(nulled, c.Span, "the handler takes both")
		return
	}
	switch caught := c.Others || slices.Contains(c.States, "not_null_violation"); {
	case !caught || !w.updates:
	case w.inserts:
		p.Report(nulled, c.Span, "the block inserts rows and updates columns that are NOT NULL")
	default:
		c.Updated = true
	}
}

// takesNoNull tells that storing a value in a column can fail because it is NULL.
func takesNoNull(c *catalog.Column, value ir.Expr) bool {
	if c == nil {
		return true
	}
	switch v := ir.Bare(value).(type) {
	case *ir.Number:
		return false
	case *ir.String:
		return !c.Nullable && v.Value == ""
	}
	return !c.Nullable
}

// leavesOut tells that an INSERT names too few columns: one that takes no NULL has no value.
func leavesOut(n *ir.Insert) bool {
	if n.Table == nil || n.Table.Table == nil {
		return true
	}
	return slices.ContainsFunc(n.Table.Table.Columns, func(c *catalog.Column) bool {
		return !c.Nullable && !c.HasDefault && !c.AutoIncrement && c.Generated == 0 && !slices.ContainsFunc(n.Columns, func(m *ir.Name) bool { return m.Column() == c })
	})
}

const checkViolated = "check_violation"

func hasSibling(c *ir.Catch) bool {
	return slices.ContainsFunc(c.Codes, func(n int) bool {
		return n == noParent || n == childrenThere || n == violated || n == tooManyDigits || n == nullInserted || n == nullUpdated
	})
}

// siblings makes the handler that stands first for one of two errors ask which it is, where the block can raise the other one too.
func (w *sides) siblings(b *ir.Block) {
	w.between(b, noParent, childrenThere, w.parents, w.children)
	if !w.digits {
		return
	}
	for _, c := range b.Catches {
		if takes(c, violated) {
			break // takes all that a CHECK refuses
		}
		if takes(c, tooManyDigits) {
			c.States = append(slices.Clone(c.States), checkViolated)
			break
		}
	}
	w.between(b, violated, tooManyDigits, true, true)
}

func takes(c *ir.Catch, number int) bool { return slices.Contains(c.Codes, number) }

// between tells one number from another; mayOne and mayOther tell what the block can raise.
func (w *sides) between(b *ir.Block, one, other int, mayOne, mayOther bool) {
	first := slices.IndexFunc(b.Catches, func(c *ir.Catch) bool { return takes(c, one) || takes(c, other) })
	if first < 0 {
		return
	}
	c := b.Catches[first]
	meant, not := one, other
	if takes(c, other) {
		meant, not, mayOther = other, one, mayOne
	}
	if takes(c, not) || !mayOther {
		return
	}
	x := &ir.Compare{Op: ir.Ne, L: numberOf(c), R: control.Int(strconv.Itoa(meant))}
	rest := instead(b.Catches[first+1:], func(c *ir.Catch) bool { return takes(c, not) })
	if len(c.Names) > 1 { // the handler is for others as well
		x.Op, x.R = ir.Eq, control.Int(strconv.Itoa(not))
	}
	x.Type, x.Span = types.Bool{}, c.Span
	guard(c, x, rest)
}

// raised is RAISE of an exception that has such a number.
func (w *sides) raised(state string) {
	switch state {
	case "foreign_key_violation":
		w.parents, w.children = true, true
	case checkViolated, tooLarge:
		w.digits = true
	}
}

// references notes which sides of foreign keys a change of rows can hurt.
func (w *sides) references(t *catalog.Table, inserts, deletes bool, sets []*ir.Assign) {
	if t == nil || w.code.Fires(t) {
		w.parents, w.children, w.digits, w.inserts, w.updates = true, true, true, true, true
		return
	}
	w.parents = w.parents || len(t.ForeignKeys) > 0 && (inserts || len(sets) > 0)
	w.children = w.children || deletes
	for _, a := range sets {
		var c *catalog.Column
		if a.Columns == nil {
			c = a.Column.Column()
		}
		w.updates = w.updates || takesNoNull(c, a.Value)
		w.children = w.children || c == nil || slices.ContainsFunc(t.UniqueKeys(), func(k *catalog.Key) bool {
			return slices.ContainsFunc(k.Parts, func(p catalog.KeyPart) bool { return p.Column == c.Name })
		})
	}
}

// hasDigits tells a column that has a CHECK of its digits on the target.
func hasDigits(c *catalog.Column) bool { return c == nil || c.Integral() && !c.Counts() }

// changed is the table whose rows a statement changes, nil if it is not known or a view.
func changed(list []ir.TableExpr) *catalog.Table {
	if len(list) != 1 {
		return nil
	}
	t, ok := list[0].(*ir.TableRef)
	if !ok || t == nil || t.Table == nil || t.Table.Kind == catalog.ViewTable {
		return nil
	}
	return t.Table
}

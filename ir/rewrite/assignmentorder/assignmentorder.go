// Package assignmentorder holds the rule for assignments that see one another.
package assignmentorder

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/feature"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

var twice = &diag.Code{
	ID: "QY0111", Title: "an assignment reads a column that was set before to a value that differs at each evaluation", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:   "Assignments run from left to right on the source, so a later one reads the new value. PostgreSQL evaluates all over the old row; the earlier value would have to be computed twice, and would differ.",
	Next:  "Compute the value first, or split the statement.",
	Learn: 0.2, Each: 0.3,
}

var dropped = &diag.Code{
	ID: "QY0777", Title: "A column that is set twice", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc:  "MySQL stores both values one after the other (Reference Manual, \"UPDATE Statement\"), and a first one that does not fit is an error. The target sets a column once, to the last value. Assumed: the first value fits.",
	Next: "Leave the first assignment out.", Each: 0.02,
}

// Rule is QY0010.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: "QY0010", Name: "assignment-order", Feature: feature.LeftToRightAssignments,
		Doc: `The assignments of an UPDATE are evaluated from left to right, and later ones see the new values of earlier ones (MySQL Reference Manual,
"UPDATE Statement"; the same holds for ON DUPLICATE KEY UPDATE). PostgreSQL evaluates them all over the old row. Where a later
assignment reads a column that was set before, the expression that was assigned takes its place.`,
		Examples: []rewrite.Example{
			{Setup: "CREATE TABLE pair (id INT PRIMARY KEY, a INT, b INT);", Source: "UPDATE pair SET a = b, b = a WHERE id = 1;", Target: "UPDATE pair SET a = b, b = b WHERE id = 1;"},
			{Setup: "CREATE TABLE pair (id INT PRIMARY KEY, a DECIMAL(5,1), b DECIMAL(9,4));", Source: "UPDATE pair SET a = 1.25, b = a, a = 2;", Target: "UPDATE pair SET b = 1.25::numeric(5,1), a = 2;"},
			{Setup: "CREATE TABLE pair (id INT PRIMARY KEY, a INT, b INT);", Source: "UPDATE pair SET a = 1, b = 2 WHERE id = 1;", Target: "UPDATE pair SET a = 1, b = 2 WHERE id = 1;"},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{twice, dropped},
		After:    map[string]string{"implicit-default": "a later assignment reads what is stored: the default where NULL cannot be"},
		Looks:    ir.Kinds(ir.KindUpdate, ir.KindInsert),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.Update:
				if n.Order == ir.LeftToRight && oneTable(n) {
					sequence(p, n.Sets)
					n.Sets = last(p, n.Sets)
					n.Order = ir.Simultaneous
				}
			case *ir.Insert:
				sequence(p, n.OnDuplicate)
				n.OnDuplicate = last(p, n.OnDuplicate)
			}
			return !p.Refused()
		})
	}
}

// oneTable tells that an UPDATE is not over a join: there the order of assignments is not defined, see the rule joined-update.
func oneTable(u *ir.Update) bool {
	if len(u.Tables) != 1 {
		return false
	}
	_, ok := u.Tables[0].(*ir.TableRef)
	return ok
}

// last leaves the last assignment of each column; the earlier ones are in the values that read them.
func last(p *rewrite.Pass, sets []*ir.Assign) []*ir.Assign {
	var out []*ir.Assign
	for k, a := range sets {
		again := false
		for _, b := range sets[k+1:] {
			again = again || tree.Equal(a.Column, b.Column)
		}
		switch {
		case !again:
			out = append(out, a)
		case tree.Volatile(a.Value):
			rewrite.Refuse(p, twice, a.Span, "%s is set again, and the first value does something else as well", a.Column.Span.Text())
		default:
			p.Report(dropped, a.Span, "the first value of %s is assumed to fit the column", a.Column.Span.Text())
		}
	}
	return out
}

// sequence makes assignments independent of their order.
func sequence(p *rewrite.Pass, sets []*ir.Assign) {
	type key struct {
		column *catalog.Column
		from   ir.TableExpr
	}
	now := map[key]ir.Expr{}
	for _, a := range sets {
		if len(now) > 0 {
			a.Value = ir.MapPre(a.Value, notInserted, func(n ir.Node) ir.Node {
				nm, ok := n.(*ir.Name)
				if !ok {
					return n
				}
				r, ok := nm.Ref.(*ir.ColumnRef)
				if !ok {
					return n
				}
				v, set := now[key{r.Column, r.From}]
				if !set {
					return n
				}
				if tree.Volatile(v) || tree.IsDefault(v) || rounds(nm.Type) {
					rewrite.Refuse(p, twice, a.Span, "%s is set before and read again", r.Column.Name)
					return n
				}
				x := stored(ir.Clone(v), nm)
				x.Base().Made(p.Rule.Code)
				return x
			})
		}
		if r, ok := a.Column.Ref.(*ir.ColumnRef); ok {
			now[key{r.Column, r.From}] = a.Value
		}
	}
}

// rounds tells the type of a column of doubles with digits, which rounds what it stores.
func rounds(t types.Type) bool { f, ok := t.(types.Float); return ok && f.Digits > 0 }

// notInserted keeps out of VALUES(column), which is no column of the row.
func notInserted(n ir.Node) bool { _, ins := n.(*ir.Inserted); return !ins }

// stored is a value as the column gives it back: with the conversion that the store makes.
func stored(v ir.Expr, column *ir.Name) ir.Expr {
	if c, ok := v.(*ir.Cast); ok && c.Store {
		c.Store = false
		return v
	}
	switch t := column.Type.(type) {
	case types.Float:
		if n, ok := v.(*ir.Number); !ok || n.Kind != ir.FloatNumber {
			c := &ir.Cast{X: v, To: t, Target: true}
			c.Span, c.Type = v.Base().Span, t
			return c
		}
	case types.Decimal:
		if x := tree.Stored(v, column.Type); x != v {
			return x
		}
	}
	if tree.IsNull(v) {
		v.SetType(column.Type)
	}
	return v
}

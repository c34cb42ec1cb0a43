package plsql

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/types"
)

// roundedFraction is told of values that a profile has not seen.
var roundedFraction = &diag.Code{
	ID: "TY0703", Title: "a fraction may come into a column that is whole by its profile", Severity: diag.Review, Fidelity: diag.Approximate,
	Doc:  "The profile shows whole numbers in the column, which becomes bigint, but what is stored here is a quotient, has decimals, or is a variable of a type with decimals: the source would keep a fraction, and the target rounds it.",
	Next: "Round the value where it is always whole; otherwise leave the column's line out of the profile.",
	Each: 0.02,
}

// fractions tells where a statement stores what may have a fraction in a column that a profile shows to be whole.
func (r *Resolver) fractions(s ir.Stmt) {
	ir.Walk(s, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Insert:
			if n.Columns != nil || n.Table != nil && n.Table.Table != nil {
				r.stored(n.Takes(), n.Source)
			}
		case *ir.Assign:
			if q, ok := n.Value.(*ir.Subquery); ok && n.Columns != nil {
				r.stored(columnsOf(n.Columns), q.Query)
			} else if n.Columns == nil {
				r.fraction(n.Column.Column(), n.Value)
			}
		case *ir.MergeInsert:
			for i, c := range n.Columns {
				if i < len(n.Values) {
					r.fraction(c.Column(), n.Values[i])
				}
			}
		case *ir.SetItem:
			if x, ok := n.Target.(*ir.Name); ok {
				r.fraction(x.Column(), n.Value)
			}
		}
		return true
	})
}

func columnsOf(names []*ir.Name) []*catalog.Column {
	out := make([]*catalog.Column, len(names))
	for i, n := range names {
		out[i] = n.Column()
	}
	return out
}

// stored looks at the columns of a query whose rows go to columns.
func (r *Resolver) stored(columns []*catalog.Column, q ir.Query) {
	switch q := q.(type) {
	case *ir.Values:
		for _, row := range q.Rows {
			for i := 0; i < len(row.Items) && i < len(columns); i++ {
				r.fraction(columns[i], row.Items[i])
			}
		}
	case *ir.SetOp:
		r.stored(columns, q.L)
		r.stored(columns, q.R)
	case *ir.Select:
		for i := 0; i < len(q.Items) && i < len(columns); i++ {
			if _, star := q.Items[i].Expr.(*ir.Star); star {
				return
			}
			r.fraction(columns[i], q.Items[i].Expr)
		}
	}
}

func (r *Resolver) fraction(c *catalog.Column, e ir.Expr) {
	if c != nil && c.Whole && c.Counts() && fractional(e) {
		r.note(roundedFraction, e.Base().Span, "column %s", c.Name)
	}
}

// fractional tells a value that is evidently not always whole.
func fractional(e ir.Expr) bool {
	switch e := e.(type) {
	case *ir.Number:
		_, behind, point := strings.Cut(e.Text, ".")
		return point && strings.Trim(behind, "0") != ""
	case *ir.Div:
		return true
	case *ir.Unary:
		return fractional(e.X)
	case *ir.Binary:
		return fractional(e.L) || fractional(e.R)
	case *ir.Cast:
		d, ok := e.To.(types.Decimal)
		return !(ok && d.Precision > 0 && d.Scale <= 0) && fractional(e.X)
	case *ir.Case:
		for _, w := range e.Whens {
			if fractional(w.Then) {
				return true
			}
		}
		return e.Else != nil && fractional(e.Else)
	case *ir.Call:
		return (e.Op == op.Coalesce || e.Op == op.IfNull || e.Op == op.Greatest || e.Op == op.Least) && slices.ContainsFunc(e.Args, fractional)
	case *ir.Name:
		switch t := e.Type.(type) {
		case types.Decimal:
			return t.Scale > 0
		case types.Float:
			return true
		}
	}
	return false
}

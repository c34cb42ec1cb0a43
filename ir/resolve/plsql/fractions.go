package plsql

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
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
			r.insertedFractions(n)
		case *ir.Assign:
			if n.Columns == nil {
				r.fraction(columnOf(n.Column), n.Value)
			}
		case *ir.MergeInsert:
			for i, c := range n.Columns {
				if i < len(n.Values) {
					r.fraction(columnOf(c), n.Values[i])
				}
			}
		case *ir.SetItem:
			r.fraction(heldBy(n.Target), n.Value)
		}
		return true
	})
}

func (r *Resolver) insertedFractions(n *ir.Insert) {
	var columns []*catalog.Column
	for _, c := range n.Columns {
		columns = append(columns, columnOf(c))
	}
	if n.Columns == nil && n.Table != nil && n.Table.Table != nil {
		for _, c := range n.Table.Table.Columns {
			if !c.Hidden() {
				columns = append(columns, c)
			}
		}
	}
	switch q := n.Source.(type) {
	case *ir.Values:
		for _, row := range q.Rows {
			for i := 0; i < len(row.Items) && i < len(columns); i++ {
				r.fraction(columns[i], row.Items[i])
			}
		}
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

// heldBy is the column that a field of a row is, nil if it is none.
func heldBy(target ir.Expr) *catalog.Column {
	n, ok := target.(*ir.Name)
	if !ok {
		return nil
	}
	switch ref := n.Ref.(type) {
	case *ir.RowRef:
		return ref.Column
	case *ir.FieldRef:
		if ref.Of == nil {
			return nil
		}
		if rec, ok := ref.Of.TypeOf().(types.Record); ok && rec.RecordDecl != nil {
			if f := rec.Field(ref.Field); f != nil {
				c, _ := f.Column.(*catalog.Column)
				return c
			}
		}
	}
	return nil
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
	case *ir.Name:
		d, ok := e.Type.(types.Decimal)
		return ok && d.Scale > 0
	}
	return false
}

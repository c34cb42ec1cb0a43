package datatypes

import "godwit/ir"

// Inner is a field of a record that is itself a field: the target reads it from the record in parentheses.
func Inner(n *ir.Name) ir.Expr {
	ref, ok := n.Ref.(*ir.FieldRef)
	if !ok {
		return n
	}
	of, ok := ref.Of.(*ir.Name)
	if !ok {
		return n
	}
	if _, field := of.Ref.(*ir.FieldRef); !field {
		return n
	}
	f := &ir.Field{X: Inner(of), Name: Fold(ref.Field)}
	f.Span, f.Type = n.Span, n.Type
	return f
}

package datatypes

import "godwit/ir"

// FieldOf is the record or object that a name reads a field of, nil if it is no field or not of something that has a name.
func FieldOf(n *ir.Name) (*ir.FieldRef, *ir.Name) {
	ref, ok := n.Ref.(*ir.FieldRef)
	if !ok {
		return nil, nil
	}
	of, _ := ref.Of.(*ir.Name)
	return ref, of
}

// Inner is a field of a record that is itself a field: the target reads it from the record in parentheses.
func Inner(n *ir.Name) ir.Expr {
	ref, of := FieldOf(n)
	if of == nil {
		return n
	}
	if _, field := of.Ref.(*ir.FieldRef); !field {
		return n
	}
	f := &ir.Field{X: Inner(of), Name: Fold(ref.Field)}
	f.Span, f.Type = n.Span, n.Type
	return f
}

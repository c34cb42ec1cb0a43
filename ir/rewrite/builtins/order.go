package builtins

import (
	"godwit/ir"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

// sortKeys gives texts among sort keys the order of bytes.
func (l *lowering) sortKeys(items []*ir.OrderItem) {
	for _, o := range items {
		if o.Expr != nil && !l.done[o] && sortsAsText(o.Expr) {
			o.Expr = collated(o.Expr)
		}
		l.done[o] = true
	}
}

func sortsAsText(e ir.Expr) bool {
	return isText(e) && !ordered(e) && !build.IsConstant(e)
}

// window: the order of a window, and a range of days before a date.
func (l *lowering) window(w *ir.WindowDef) {
	l.sortKeys(w.OrderBy)
	if w.Frame == nil || w.Frame.Unit != "range" || len(w.OrderBy) != 1 {
		return
	}
	for _, b := range []*ir.FrameBound{w.Frame.Start, w.Frame.End} {
		if b == nil || b.Amount == nil {
			continue
		}
		switch w.OrderBy[0].Expr.TypeOf().(type) {
		case types.DateTime, types.Timestamp:
			if !types.IsNumeric(b.Amount.TypeOf()) {
				continue
			}
			if v, ok := constant(b.Amount); ok && v.Sign() >= 0 {
				b.Amount = span(v, b.Amount)
				continue
			}
			l.refuse(refusedExpression, b.Amount, "a range of days that is no literal")
		}
	}
}

// ordered gives the texts of ORDER BY the order of bytes. Where the target wants the key to be a column of the result, that column gets it.
func (l *lowering) ordered(s *ir.Select) {
	for _, o := range s.OrderBy {
		if l.done[o] {
			continue
		}
		l.done[o] = true
		it := itemOf(s, o)
		switch {
		case it == nil && o.Expr != nil && sortsAsText(o.Expr):
			o.Expr = collated(o.Expr)
			if s.Distinct {
				for _, x := range s.Items {
					if sameValue(x.Expr, o.Expr) && !ordered(x.Expr) {
						x.Expr = collated(x.Expr)
					}
				}
			}
		case it != nil && sortsAsText(it.Expr):
			if n, ok := it.Expr.(*ir.Name); ok && !s.Distinct {
				o.Expr, o.Position = collated(ir.Clone(n)), 0
				l.sel[o.Expr.(*ir.Collate).X.(*ir.Name)] = s
				continue
			}
			it.Expr = collated(it.Expr)
		}
	}
}

// itemOf is the select item that a sort key names by its place or alias, nil if it is an expression.
func itemOf(s *ir.Select, o *ir.OrderItem) *ir.SelectItem {
	if o.Position > 0 && o.Position <= len(s.Items) {
		return s.Items[o.Position-1]
	}
	if n, ok := o.Expr.(*ir.Name); ok {
		if a, ok := n.Ref.(*ir.AliasRef); ok {
			return a.Item
		}
	}
	return nil
}

// orderedSet: the result of a set operation is ordered by its columns, which are those of the first query.
func (l *lowering) orderedSet(s *ir.SetOp) {
	if len(s.OrderBy) == 0 {
		return
	}
	first := leftmost(s)
	if first == nil {
		return
	}
	for _, o := range s.OrderBy {
		if l.done[o] {
			continue
		}
		l.done[o] = true
		it := itemOf(first, o)
		if n, ok := o.Expr.(*ir.Name); ok && it == nil && len(n.Parts) == 1 {
			it = named(first, n.Parts[0].Text)
		}
		if it != nil && sortsAsText(it.Expr) {
			it.Expr = collated(it.Expr)
		}
	}
}

func named(s *ir.Select, name string) *ir.SelectItem {
	for _, it := range s.Items {
		text := it.Alias.Text
		if n, ok := it.Expr.(*ir.Name); ok && text == "" && len(n.Parts) > 0 {
			text = n.Parts[len(n.Parts)-1].Text
		}
		if text == name {
			return it
		}
	}
	return nil
}

func leftmost(q ir.Query) *ir.Select {
	for {
		switch x := q.(type) {
		case *ir.Select:
			return x
		case *ir.SetOp:
			q = x.L
		default:
			return nil
		}
	}
}

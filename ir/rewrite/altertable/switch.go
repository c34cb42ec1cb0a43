package altertable

import (
	"godwit/ir"
	"godwit/ir/rewrite"
)

// disable drops a constraint that resolve keeps the definition of: the target has none that it does not enforce.
func (l *lowering) disable(a *ir.AlterAction) {
	switch k := a.Dropped; {
	case k != nil && k.Target != "":
		l.dropKnown(a, k)
	case a.Old.Text != "" && a.Key == nil:
		l.do(a, &ir.AlterAction{Kind: "drop constraint", Old: ir.Ident{Text: fold(a.Old.Text)}, IfExists: a.IfExists, OfCheck: a.OfCheck, Text: cascade(a)})
	default:
		rewrite.Refuse(l.p, unknownAction, a.Span, "%s", a.Span.Text())
	}
}

// again drops the constraint that is about to be added where it may be there already.
func (l *lowering) again(a *ir.AlterAction) {
	if a.Again {
		l.disable(&ir.AlterAction{PartMeta: a.PartMeta, Old: a.Old, Dropped: a.Dropped, OfCheck: a.OfCheck, IfExists: true})
	}
}

// cascade is CASCADE of a drop that takes the foreign keys with it that refer to the key.
func cascade(a *ir.AlterAction) string {
	if a.Text == "cascade" {
		return a.Text
	}
	return ""
}

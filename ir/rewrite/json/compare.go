package json

import (
	"godwit/ir"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

// compare compares documents in the source's order.
func (l *lowering) compare(n *ir.Compare) ir.Node {
	if !isDocument(n.L) || !isDocument(n.R) {
		return n
	}
	if x := l.asTexts(n); x != nil {
		return x
	}
	switch n.Op {
	case ir.Eq, ir.Ne, ir.NullSafeEq:
		return n
	}
	h := l.p.Helper("json_compare", n, n.L, n.R)
	h.SetType(types.Int{Bits: 32})
	return build.Compare(n.Op, h, build.Int(0), n, code)
}

// asTexts compares a document of a source whose documents are texts with a number or a text; nil where both are documents.
func (l *lowering) asTexts(n *ir.Compare) ir.Node {
	doc, scalar := n.L, l.scalars[n.R]
	if l.scalars[n.L] != nil {
		doc, scalar = n.R, l.scalars[n.L]
	}
	if scalar == nil || !l.texts[doc] {
		return nil
	}
	var x ir.Expr
	switch scalar.TypeOf().(type) {
	case types.Int, types.Decimal, types.Float:
		h := l.p.Helper("json_number", doc, doc)
		h.SetType(types.Float{Bits: 64})
		x = h
	default:
		l.refuseAt(n, "comparing a document with a text (use JSON_VALUE or JSON_UNQUOTE)")
		return n
	}
	if doc == n.L {
		n.L, n.R = x, scalar
	} else {
		n.L, n.R = scalar, x
	}
	return n
}

// between refuses BETWEEN with documents, which the source compares by rules of its own.
func (l *lowering) between(n *ir.Between) ir.Node {
	if isDocument(n.X) || isDocument(n.Lo) || isDocument(n.Hi) {
		return l.refuseAt(n, "BETWEEN with a document (use two comparisons)")
	}
	return n
}

// in refuses a list in which documents of texts are compared with other values.
func (l *lowering) in(n *ir.In) {
	if !isDocument(n.X) {
		return
	}
	if l.texts[n.X] || n.Query != nil {
		l.refuseAt(n, "IN with a document (use JSON_VALUE or JSON_UNQUOTE)")
		return
	}
	for _, x := range n.List {
		if !isDocument(x) {
			if _, null := x.TypeOf().(types.Null); !null {
				l.refuseAt(n, "IN with documents and other values")
				return
			}
		}
	}
}

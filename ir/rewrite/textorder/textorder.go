// Package textorder holds the rule about the order of texts.
package textorder

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/types"
)

var (
	ordered = &diag.Code{
		ID: "EX0391", Title: "texts are ordered by another table of weights", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `Letters and digits have the same order under the collations of both servers. Punctuation and symbols do not: the *_general_ci collations of MySQL order them by
code point ('_' behind 'Z' and before 'a' ...), its *_unicode_ci and *_0900_* collations by older tables of the Unicode Collation Algorithm than ICU's (MySQL Reference Manual, "Unicode Character Sets").
It is assumed that no order, range or extreme value depends on punctuation, and that lists that a person reads may differ there.`,
		Next: "Use a binary collation where the order of punctuation matters.",
	}
	expanded = &diag.Code{
		ID: "EX0392", Title: "a letter that two letters equal", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  `Under *_general_ci one letter equals one letter: 'ß' equals 's'. Under ICU's collations 'ß' equals 'ss', and 'æ' equals 'ae' (MySQL Reference Manual, "Unicode Character Sets").`,
		Next: "Look whether the comparison wants the spelling with one letter or with two, and write that.", Each: 0.1,
	}
	identifiers = &diag.Code{
		ID: "EX0393", Title: "UUIDs are ordered by other bytes", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  `MariaDB orders UUIDs of the versions 1 to 5 by their last group first, so that those made one after another stand together. PostgreSQL orders all by their bytes from the left (MariaDB Knowledge Base, "UUID Data Type").`,
		Next: "Order by another column, or make sure that the order of UUIDs does not matter.", Each: 0.1,
	}
)

// Rule is EX0390.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: "EX0390", Name: "text-order",
		Doc: `ORDER BY, <, >, BETWEEN, MIN, MAX, GREATEST and LEAST of texts follow the collation (MySQL Reference Manual, "Character Sets, Collations, Unicode"). Where it is
no binary one, the target orders by ICU's root collation at the same strength. The rule changes nothing; it says so, once a statement, and finds literals with
letters that the collations expand differently.`,
		Examples: []rewrite.Example{{
			Setup: "CREATE TABLE t (v VARCHAR(10));", Source: "SELECT v FROM t WHERE v < 'm' ORDER BY v;", Target: "SELECT v FROM t WHERE v < 'm' ORDER BY v NULLS FIRST;",
		}},
		Fidelity: diag.Assumed,
		Findings: []*diag.Code{ordered, expanded, identifiers},
		Prepare:  look,
		Looks:    ir.Kinds(ir.KindCompare, ir.KindBetween, ir.KindOrderItem, ir.KindAggregate, ir.KindCall, ir.KindIn, ir.KindLike),
	}
}

// look runs before other rules: comparisons still have the source's collations.
func look(p *rewrite.Pass) {
	var first, letter, uuid ir.Node
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			if first == nil && orders(n) {
				first = n
			}
			if letter == nil && expands(n) {
				letter = n
			}
			if uuid == nil && ordersIdentifiers(n) {
				uuid = n
			}
			return true
		})
	}
	if first != nil {
		p.Report(ordered, first.Base().Span, "texts are ordered as ICU does: punctuation has another place")
	}
	if uuid != nil {
		p.Report(identifiers, uuid.Base().Span, "UUIDs are ordered by their bytes from the left")
	}
	if letter != nil {
		p.Report(expanded, letter.Base().Span, "a letter like ß equals one letter on the source and two on the target")
	}
}

// orders tells that the node needs the order of texts.
func orders(n ir.Node) bool {
	switch n := n.(type) {
	case *ir.Compare:
		switch n.Op {
		case ir.Lt, ir.Le, ir.Gt, ir.Ge:
			return linguistic(n.Collation)
		}
	case *ir.Between:
		return linguistic(n.Collation)
	case *ir.OrderItem:
		return linguisticText(n.Expr)
	case *ir.Aggregate:
		return (n.Op == op.Min || n.Op == op.Max) && len(n.Args) == 1 && linguisticText(n.Args[0])
	case *ir.Call:
		return (n.Op == op.Greatest || n.Op == op.Least || n.Op == op.Strcmp) && len(n.Args) > 0 && linguisticText(n.Args[0])
	}
	return false
}

// ordersIdentifiers tells that the node needs the order of UUIDs.
func ordersIdentifiers(n ir.Node) bool {
	is := func(e ir.Expr) bool {
		if e == nil {
			return false
		}
		_, ok := e.TypeOf().(types.UUID)
		return ok
	}
	switch n := n.(type) {
	case *ir.Compare:
		switch n.Op {
		case ir.Lt, ir.Le, ir.Gt, ir.Ge:
			return is(n.L) || is(n.R)
		}
	case *ir.Between:
		return is(n.X)
	case *ir.OrderItem:
		return is(n.Expr)
	case *ir.Aggregate:
		return (n.Op == op.Min || n.Op == op.Max) && len(n.Args) == 1 && is(n.Args[0])
	case *ir.Call:
		return (n.Op == op.Greatest || n.Op == op.Least) && len(n.Args) > 0 && is(n.Args[0])
	}
	return false
}

func linguistic(c types.Collation) bool { return !c.IsZero() && !c.Binary }

func linguisticText(e ir.Expr) bool {
	if e == nil {
		return false
	}
	t, ok := e.TypeOf().(types.Text)
	return ok && linguistic(t.Collation)
}

// letters are those that ICU's root collation takes for two.
const letters = "ßẞæÆœŒþÞĳĲŉǆǅǄǉǈǇǌǋǊﬀﬁﬂﬃﬄ"

// expands tells that the node compares with a literal that holds such a letter, under a collation that maps one letter to one.
func expands(n ir.Node) bool {
	var c types.Collation
	var parts []ir.Expr
	switch n := n.(type) {
	case *ir.Compare:
		c, parts = n.Collation, []ir.Expr{n.L, n.R}
	case *ir.Between:
		c, parts = n.Collation, []ir.Expr{n.X, n.Lo, n.Hi}
	case *ir.In:
		c, parts = n.Collation, append([]ir.Expr{n.X}, n.List...)
	case *ir.Like:
		c, parts = n.Collation, []ir.Expr{n.X, n.Pattern}
	}
	if !strings.HasSuffix(c.Name, "_general_ci") {
		return false
	}
	for _, e := range parts {
		if s, ok := e.(*ir.String); ok && strings.ContainsAny(s.Value, letters) {
			return true
		}
	}
	return false
}

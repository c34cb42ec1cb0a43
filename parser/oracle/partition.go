package oracle

import (
	"strings"

	"godwit/ir"
)

// tablePartitions reads PARTITION BY with its partitions.
func (p *parser) tablePartitions() *ir.PartitionBy {
	i := p.Pos
	p.Pos += 2
	n := &ir.PartitionBy{NullsHigh: true, Fixed: true}
	n.Kind, n.Exprs = p.partitionKind(i)
	switch n.Kind {
	case "reference":
		if len(n.Exprs) == 1 {
			if x, ok := n.Exprs[0].(*ir.Name); ok {
				n.Reference, n.Exprs = x.Parts[len(x.Parts)-1], nil
			}
		}
	case "range":
		if p.acceptWord("INTERVAL") {
			p.Expect(kLP)
			n.Interval = p.expr()
			p.Expect(kRP)
			p.storeIn()
		}
	case "list":
		if p.acceptWord("AUTOMATIC") {
			n.Automatic = true
			p.storeIn()
		}
	}
	if p.acceptWords("SUBPARTITION", "BY") {
		p.subpartitionBy(n, i)
	}
	if p.acceptWord("PARTITIONS") {
		if p.acceptWord("AUTO") {
			p.giveUp(i, codeConstruct, "PARTITIONS AUTO")
		}
		n.Count = p.number()
		p.storeIn()
	}
	if p.Kind() == kLP {
		n.Parts = p.partitions("PARTITION")
	}
	n.Span = p.SpanFrom(i)
	return n
}

// partitionKind reads the way rows are divided, with its columns.
func (p *parser) partitionKind(i int) (kind string, by []ir.Expr) {
	w := p.acceptAny("RANGE", "LIST", "HASH", "REFERENCE", "SYSTEM")
	switch w {
	case "":
		if p.is("CONSISTENT") {
			p.soup()
			p.giveUp(i, codeConstruct, "PARTITION BY CONSISTENT HASH")
		}
		p.Fail("RANGE", "LIST", "HASH", "REFERENCE", "SYSTEM")
	case "SYSTEM":
		return "system", nil
	}
	p.Expect(kLP)
	for more := true; more; more = p.Accept(kComma) {
		by = append(by, p.expr())
	}
	p.Expect(kRP)
	return strings.ToLower(w), by
}

// storeIn reads STORE IN (tablespaces).
func (p *parser) storeIn() {
	if p.acceptWords("STORE", "IN") {
		p.parens()
	}
}

// subpartitionBy reads on behind SUBPARTITION BY.
func (p *parser) subpartitionBy(n *ir.PartitionBy, i int) {
	n.SubKind, n.SubBy = p.partitionKind(i)
	switch {
	case p.acceptWord("SUBPARTITIONS"):
		n.SubNum = p.number()
		p.storeIn()
	case p.acceptWords("SUBPARTITION", "TEMPLATE"):
		if p.Kind() == kLP {
			n.SubTemplate = p.partitions("SUBPARTITION")
		} else {
			n.SubNum = p.number()
		}
	}
}

// partitions reads a list of partitions or subpartitions in parentheses.
func (p *parser) partitions(word string) []*ir.Partition {
	var out []*ir.Partition
	p.Expect(kLP)
	for more := true; more; more = p.Accept(kComma) {
		out = append(out, p.partition(word))
	}
	p.Expect(kRP)
	return out
}

// partition reads a partition or subpartition: PARTITION [name] [VALUES ...] options [(subpartitions)].
func (p *parser) partition(word string) *ir.Partition {
	i := p.expectWord(word)
	n := &ir.Partition{}
	if p.isName() && !p.is("VALUES") && !p.atPartitionOption() {
		n.Name = p.ident()
	}
	if p.Accept(kValues) {
		p.partitionValues(n)
	}
	for k := p.Kind(); k != kComma && k != kRP && k != kEOF && k != kSemi; k = p.Kind() {
		switch {
		case k == kLP && p.isAt(p.Pos+1, "SUBPARTITION"):
			n.Subs = p.partitions("SUBPARTITION")
		case k == kLP:
			p.parens()
		case p.acceptWords("EXTERNAL", "LOCATION"):
			p.giveUp(i, codeConstruct, "a partition outside of the database")
		default:
			p.Next()
		}
	}
	n.Span = p.SpanFrom(i)
	p.comments(n, i)
	return n
}

// atPartitionOption tells an option of a partition without a name from a name.
func (p *parser) atPartitionOption() bool {
	for _, w := range []string{"TABLESPACE", "SEGMENT", "PCTFREE", "PCTUSED", "INITRANS", "MAXTRANS", "STORAGE", "LOGGING", "NOLOGGING", "COMPRESS", "NOCOMPRESS", "LOB", "OVERFLOW"} {
		if p.is(w) {
			k := p.Ahead(1)
			return k != kValues && k != kComma && k != kRP || w == "LOGGING" || w == "NOLOGGING" || w == "COMPRESS" || w == "NOCOMPRESS"
		}
	}
	return false
}

// partitionValues reads on behind VALUES.
func (p *parser) partitionValues(n *ir.Partition) {
	less := p.acceptWords("LESS", "THAN")
	p.Expect(kLP)
	var l []ir.Expr
	for more := true; more; more = p.Accept(kComma) {
		i := p.Pos
		switch {
		case p.acceptWord("MAXVALUE"):
			l = append(l, &ir.Name{ExprMeta: p.sinceExpr(i), Parts: []ir.Ident{{Text: "MAXVALUE"}}})
		case p.Accept(kDefault):
			l = append(l, &ir.Default{ExprMeta: p.sinceExpr(i)})
		default:
			l = append(l, p.expr())
		}
	}
	p.Expect(kRP)
	if less {
		n.LessThan = l
	} else {
		n.In = l
	}
}

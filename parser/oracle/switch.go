package oracle

import (
	"strings"

	"godwit/ir"
	"godwit/ir/source"
)

// constraintChange reads MODIFY CONSTRAINT: which constraint, and its new state. What the state does not name stays.
func (p *parser) constraintChange(i int) *ir.AlterAction {
	a := p.constraintOf()
	from := p.Pos
	a.State = p.constraintState()
	named := func(words ...string) bool {
		for j := from; j < p.Pos; j++ {
			for _, w := range words {
				if p.isAt(j, w) {
					return true
				}
			}
		}
		return false
	}
	if named("CASCADE") {
		a.Text = "cascade"
	}
	switch {
	case named("DISABLE") && named("VALIDATE"):
		p.giveUp(i, codeConstruct, "DISABLE VALIDATE, which lets no row of the table be changed,")
	case named("DISABLE"):
		a.Kind = "disable constraint"
	case named("ENABLE"):
		a.Kind = "enable constraint"
	case named("INITIALLY"):
		a.Kind = "time constraint"
	case named("RELY", "NORELY"):
		a.Kind = "option"
	default:
		p.giveUp(i, codeConstruct, "MODIFY CONSTRAINT without ENABLE or DISABLE")
	}
	a.Span = p.SpanFrom(i)
	return a
}

// enableAction reads ENABLE and DISABLE.
func (p *parser) enableAction(i int) *ir.AlterAction {
	verb := strings.ToLower(p.upper(p.Next()))
	validate, novalidate := p.acceptWord("VALIDATE"), p.acceptWord("NOVALIDATE")
	switch {
	case p.acceptWord("CONSTRAINT"), p.isWords("PRIMARY", "KEY"), p.is("UNIQUE"):
		a := p.constraintOf()
		for p.is("CASCADE") || p.constraintStorage() {
			if p.acceptWord("CASCADE") {
				a.Text = "cascade"
			}
		}
		if validate && verb == "disable" {
			p.giveUp(i, codeConstruct, "DISABLE VALIDATE, which lets no row of the table be changed,")
		}
		a.Kind, a.State.NoValidate = verb+" constraint", novalidate
		return a
	case p.acceptWords("ALL", "TRIGGERS"):
		return &ir.AlterAction{Kind: verb + " triggers", Text: p.Source(i)}
	case p.acceptWords("ROW", "MOVEMENT"), p.acceptWords("TABLE", "LOCK"):
		return &ir.AlterAction{Kind: "option", Text: p.Source(i)}
	}
	p.Fail("CONSTRAINT", "ALL TRIGGERS", "ROW MOVEMENT")
	return nil
}

// splitPartition reads on behind SPLIT PARTITION: AT gives the bound of the first of two ranges, VALUES the values of the first of two lists.
func (p *parser) splitPartition(i int) *ir.AlterAction {
	if p.is("FOR") {
		p.soup()
		p.giveUp(i, codeConstruct, "a change of the partition for a value")
	}
	a := &ir.AlterAction{Kind: "split partition", Names: []ir.Ident{p.ident()}, Parts: []*ir.Partition{{}, {}}}
	first := a.Parts[0]
	switch {
	case p.acceptWord("AT"):
		p.Expect(kLP)
		for more := true; more; more = p.Accept(kComma) {
			first.LessThan = append(first.LessThan, p.expr())
		}
		p.Expect(kRP)
	case p.Accept(kValues):
		p.partitionValues(first)
	default:
		p.soup()
		p.giveUp(i, codeConstruct, "SPLIT PARTITION into partitions with bounds of their own")
	}
	if p.Accept(kInto) {
		p.Expect(kLP)
		a.Parts[0].Name, a.Parts[0].Span = p.namedPartition()
		p.Expect(kComma)
		a.Parts[1].Name, a.Parts[1].Span = p.namedPartition()
		p.Expect(kRP)
	}
	p.partitionTail(i)
	return a
}

// namedPartition reads PARTITION name and what is said of its storage.
func (p *parser) namedPartition() (id ir.Ident, at source.Span) {
	i := p.expectWord("PARTITION")
	if p.isName() && !p.atPartitionOption() {
		id = p.ident()
	}
	for k := p.Kind(); k != kComma && k != kRP && k != kEOF && k != kSemi; k = p.Kind() {
		if k == kLP {
			p.parens()
		} else {
			p.Next()
		}
	}
	return id, p.SpanFrom(i)
}

// mergePartitions reads on behind MERGE PARTITIONS.
func (p *parser) mergePartitions(i int) *ir.AlterAction {
	a := &ir.AlterAction{Kind: "merge partitions", Names: append([]ir.Ident(nil), p.identList()...), Parts: []*ir.Partition{{}}}
	if p.is("TO") || p.is("FOR") || len(a.Names) < 2 || !p.Accept(kInto) {
		p.soup()
		p.giveUp(i, codeConstruct, "MERGE PARTITIONS of this form")
	}
	from := p.expectWord("PARTITION")
	a.Parts[0].Name = p.ident()
	a.Parts[0].Span = p.SpanFrom(from)
	p.partitionTail(i)
	return a
}

// partitionTail reads what becomes of indexes and storage.
func (p *parser) partitionTail(i int) {
	for p.isWord() {
		switch {
		case p.acceptWords("UPDATE", "GLOBAL", "INDEXES"), p.acceptWords("UPDATE", "INDEXES"), p.acceptWords("INVALIDATE", "GLOBAL", "INDEXES"), p.acceptWord("ONLINE"), p.acceptWord("COMPRESS"),
			p.acceptWord("NOCOMPRESS"), p.acceptWord("PARALLEL"), p.acceptWord("NOPARALLEL"):
		case p.acceptWord("TABLESPACE"):
			p.ident()
		default:
			p.giveUp(i, codeConstruct, "a change of partitions with further clauses")
		}
	}
}

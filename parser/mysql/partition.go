package mysql

import (
	"strings"

	"godwit/ir"
)

// partitionBy reads PARTITION BY with the partitions.
func (p *parser) partitionBy() *ir.PartitionBy {
	i := p.Expect(kPartition)
	p.Expect(kBy)
	n := &ir.PartitionBy{}
	n.Kind, n.Exprs = p.partMethod()
	for p.partMore(n) {
	}
	if p.Kind() == kLP {
		n.Parts = p.partDefs()
	}
	n.Span = p.SpanFrom(i)
	return n
}

// partMethod reads the kind of partitioning, which is given in lower case, and what it partitions by.
func (p *parser) partMethod() (string, []ir.Expr) {
	i := p.Pos
	end := -1
words:
	for {
		switch p.Kind() {
		case kIdent:
			if next := p.Ahead(1); p.Pos > i && (next == kNumber || next == kBy) {
				break words
			}
		case kKey, kRange, kColumns:
		case kOption:
			if end < 0 {
				end = p.Pos
			}
		default:
			break words
		}
		p.Next()
	}
	if p.Pos == i {
		p.Fail("RANGE", "LIST", "HASH", "KEY")
	}
	if end < 0 {
		end = p.Pos
	}
	kind := strings.ToLower(p.wordsFrom(i, end))
	if p.Accept(kEq) {
		p.Expect(kNumber)
	}
	var by []ir.Expr
	if strings.HasPrefix(kind, "system_time") {
		for p.Kind() == kLimit || p.Kind() == kNumber {
			p.Next()
		}
	} else if p.Kind() == kLP {
		by = p.parenExprs()
	}
	if p.Accept(kInterval) {
		p.literal()
		if p.Kind() == kIdent && p.Ahead(1) != kNumber && p.Ahead(1) != kBy {
			p.Next()
		}
	}
	return kind, by
}

// partMore reads PARTITIONS n, SUBPARTITION BY ..., SUBPARTITIONS n, STARTS ...; false if nothing of that stands here.
func (p *parser) partMore(n *ir.PartitionBy) bool {
	if p.Accept(kEventBound) {
		p.literal()
		return true
	}
	if p.Kind() != kIdent {
		return false
	}
	w := p.upper(p.Next())
	switch p.Kind() {
	case kBy:
		p.Next()
		n.SubKind, n.SubBy = p.partMethod()
	default:
		ok := true
		k := (&typeSpec{args: []string{p.TextAt(p.Expect(kNumber))}}).num(0, 0, &ok)
		if w == "SUBPARTITIONS" {
			n.SubNum = k
		} else {
			n.Count = k
		}
	}
	return true
}

// partDefs reads the partitions in parentheses.
func (p *parser) partDefs() []*ir.Partition {
	var out []*ir.Partition
	p.Expect(kLP)
	for more := true; more; more = p.Accept(kComma) {
		out = append(out, p.partDef())
	}
	p.Expect(kRP)
	return out
}

func (p *parser) partDef() *ir.Partition {
	i := p.Expect(kPartition)
	n := &ir.Partition{Name: p.ident()}
	switch p.Kind() {
	case kValues:
		p.Next()
		p.partValues(n)
	case kDefault:
		n.In = []ir.Expr{&ir.Default{ExprMeta: expr(p.Span(p.Next()))}}
	case kIdent:
		if !p.atPartOption() {
			p.Next() // CURRENT, HISTORY
		}
	}
	for p.partOption(n) {
	}
	if p.Accept(kLP) {
		for more := true; more; more = p.Accept(kComma) {
			p.Expect(kIdent)
			p.ident()
			for p.partOption(&ir.Partition{}) {
			}
		}
		p.Expect(kRP)
	}
	n.Span = p.SpanFrom(i)
	return n
}

// partValues reads LESS THAN (...), LESS THAN MAXVALUE or IN (...).
func (p *parser) partValues(n *ir.Partition) {
	if p.Accept(kIn) {
		n.In = p.partList()
		return
	}
	p.Expect(kIdent)
	p.Expect(kIdent)
	if p.Kind() == kLP {
		n.LessThan = p.partList()
		return
	}
	i := p.Pos
	id := p.ident()
	n.LessThan = []ir.Expr{&ir.Name{ExprMeta: expr(p.Span(i)), Parts: []ir.Ident{id}}}
}

func (p *parser) partList() []ir.Expr {
	p.Expect(kLP)
	l := p.exprList()
	p.Expect(kRP)
	return l
}

// atPartOption tells an option of a partition from a word before it.
func (p *parser) atPartOption() bool {
	if p.Ahead(1) == kEq {
		return true
	}
	return p.atOptionValue(1) && p.Ahead(2) != kEq
}

// partOption reads one option of a partition; false if there is none.
func (p *parser) partOption(n *ir.Partition) bool {
	switch k := p.Kind(); k {
	case kIdent, kOption, kDataDirectory, kComment:
		p.Next()
		p.Accept(kEq)
		if v := p.optionValue(); k == kComment {
			n.Comment = v
		}
		return true
	}
	return false
}

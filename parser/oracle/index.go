package oracle

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
)

// createIndex reads CREATE INDEX from the word UNIQUE, BITMAP or INDEX on.
func (p *parser) createIndex(h *createHead) ir.Stmt {
	k := &ir.KeyDef{Kind: catalog.Index}
	switch {
	case p.Accept(kUnique):
		k.Kind, k.PartNulls = catalog.Unique, true
	case p.acceptWord("BITMAP"):
		k.Flavor = "bitmap"
	case p.acceptWord("MULTIVALUE"):
		p.soup()
		p.giveUp(h.start, codeConstruct, "a multivalue index")
	}
	p.Expect(kIndex)
	p.ifNotExists(h)
	name := p.qname()
	k.Name = name.Parts[len(name.Parts)-1]
	n := &ir.CreateIndex{Key: k, IfNotExists: h.ifNotExists}
	if p.acceptWord("ILM") {
		p.parens()
	}
	p.Expect(kOn)
	if p.acceptWord("CLUSTER") {
		p.soup()
		p.giveUp(h.start, codeConstruct, "an index of a cluster")
	}
	n.Table = p.plainTable()
	alias := ""
	if p.isAlias() && p.Kind() != kLP {
		alias = p.ident().Text
	}
	p.Expect(kLP)
	for more := true; more; more = p.Accept(kComma) {
		k.Parts = append(k.Parts, p.indexPart(n, alias))
	}
	p.Expect(kRP)
	if p.Kind() == kFrom {
		p.soup()
		p.giveUp(h.start, codeConstruct, "a bitmap index of a join")
	}
	from := p.Pos
	for p.Kind() != kEOF && p.Kind() != kSemi {
		if !p.atIndexOption() {
			p.Fail("an option of the index")
		}
		p.indexClause(k, from)
	}
	k.Span = p.SpanFrom(h.start)
	n.Span = k.Span
	return n
}

// indexPart reads an expression of an index with its order. NULLs stand behind all values.
func (p *parser) indexPart(n *ir.CreateIndex, alias string) *ir.KeyPart {
	i := p.Pos
	part := &ir.KeyPart{Nulls: ir.NullsLast}
	x := p.expr()
	name, plain := x.(*ir.Name)
	switch {
	case plain && len(name.Parts) == 1:
		part.Column = name.Parts[0]
	case plain && len(name.Parts) == 2 && (name.Parts[0].Text == alias || name.Parts[0].Text == n.Table.Name.Name()):
		part.Column = name.Parts[1]
	default:
		part.Expr = x
	}
	switch {
	case p.Accept(kDesc):
		part.Desc, part.Nulls = true, ir.NullsFirst
	default:
		p.Accept(kAsc)
	}
	part.PartMeta = p.sincePart(i)
	return part
}

// indexOptions are the first words of options of an index.
var indexOptions = makeWordSet("PCTFREE PCTUSED INITRANS MAXTRANS STORAGE TABLESPACE LOGGING NOLOGGING FILESYSTEM_LIKE_LOGGING COMPRESS NOCOMPRESS COMPUTE ONLINE PARALLEL " +
	"NOPARALLEL REVERSE NOREVERSE SORT NOSORT LOCAL GLOBAL INVISIBLE VISIBLE INDEXING DEFERRED IMMEDIATE UNUSABLE USABLE INDEXTYPE PARAMETERS PHYSICAL_ATTRIBUTES MONITORING NOMONITORING " +
	"XMLTABLE SEGMENT CELLMEMORY INMEMORY NOINMEMORY ANNOTATIONS FROM ROW")

func makeWordSet(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// atIndexOption tells that an option of an index stands here.
func (p *parser) atIndexOption() bool {
	k := p.Kind()
	return (k == kIdent || k >= kAll) && indexOptions[p.upper(p.Pos)]
}

// indexOption steps over an option of an index that enforces a constraint.
func (p *parser) indexOption() { p.indexClause(&ir.KeyDef{}, p.Pos) }

// indexClause reads an option of an index. What concerns storage is left out.
func (p *parser) indexClause(k *ir.KeyDef, from int) {
	i := p.Next()
	switch p.upper(i) {
	case "REVERSE":
		k.Flavor = "reverse"
	case "INVISIBLE":
		k.Invisible = true
	case "UNUSABLE":
		k.Unusable = true
	case "LOCAL":
		k.Local = true
		if p.Kind() == kLP {
			p.parens()
		}
		p.storeIn()
	case "GLOBAL":
		if p.acceptWords("PARTITION", "BY") {
			p.Next()
			p.parens()
			if p.acceptWord("PARTITIONS") {
				p.Expect(kNumber)
			}
			if p.Kind() == kLP {
				p.parens()
			}
			p.storeIn()
		}
	case "INDEXTYPE":
		p.Expect(kIs)
		k.Flavor = "domain"
		p.qname()
		k.Soup = p.Source(i)
	case "PARAMETERS":
		p.parens()
		k.Soup = p.Source(from)
	case "COMPUTE":
		p.expectWord("STATISTICS")
	case "DEFERRED", "IMMEDIATE":
		p.acceptWord("INVALIDATION")
		p.acceptWord("CREATION")
	default:
		p.storageValue()
	}
}

// storageValue steps over the value of an option of storage: a number, a name, a group in parentheses, or nothing.
func (p *parser) storageValue() {
	switch p.upper(p.Pos - 1) {
	case "TABLESPACE":
		if p.isWord() {
			p.Next()
		}
	case "INDEXING":
		p.acceptAny("FULL", "PARTIAL")
	case "SEGMENT":
		p.acceptWords("CREATION", "DEFERRED")
		p.acceptWords("CREATION", "IMMEDIATE")
	case "ROW":
		p.acceptWords("STORE", "COMPRESS")
		p.acceptAny("BASIC", "ADVANCED")
	}
	for p.Kind() == kNumber {
		p.Next()
	}
	if p.acceptWord("ADVANCED") {
		p.acceptAny("LOW", "HIGH")
	}
	p.acceptWord("BASIC")
	if p.Kind() == kLP {
		p.parens()
	}
	p.acceptWord("DEFAULT")
}

package mysql

import (
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/types"
)

// createTable reads what stands behind CREATE TABLE.
func (p *parser) createTable(i int, h *createHead) ir.Stmt {
	p.Next()
	t := &ir.CreateTable{Temporary: h.temporary, OrReplace: h.orReplace, IfNotExists: p.ifNotExists()}
	t.Name = p.qname()
	switch {
	case p.Accept(kLike):
		t.Like = p.likeName()
	case p.Kind() == kLP:
		p.tableParen(t)
		p.tableTail(t)
	default:
		p.tableTail(t)
	}
	t.Span = p.SpanFrom(i)
	return t
}

func (p *parser) likeName() *ir.QName {
	q := p.qname()
	return &q
}

// tableParen reads the parentheses of CREATE TABLE: columns and keys, LIKE, or a query.
func (p *parser) tableParen(t *ir.CreateTable) {
	p.Expect(kLP)
	switch {
	case p.Accept(kLike):
		t.Like = p.likeName()
	case p.atQuery():
		old := p.storing(false)
		t.As = p.query()
		p.stores = old
	default:
		for more := true; more; more = p.Accept(kComma) {
			p.tableElem(t)
		}
	}
	p.Expect(kRP)
}

// tableTail reads options, partitions and AS query.
func (p *parser) tableTail(t *ir.CreateTable) {
	for p.atTableOption() {
		p.tableOption(t)
		p.Accept(kComma)
	}
	if p.Kind() == kPartition {
		t.Partition = p.partitionBy()
	}
	switch {
	case p.Accept(kIgnore):
		t.AsMode = "ignore"
	case p.Accept(kReplace):
		t.AsMode = "replace"
	}
	if p.Accept(kAs) || t.AsMode != "" || p.atQuery() {
		old := p.storing(t.AsMode == "ignore")
		t.As = p.query()
		p.stores = old
	}
}

// ---- options ----

// option is an option of a table or schema as it was written.
type option struct {
	name  string // upper case; CHARSET for all spellings of that
	value string
	first int // its first token
}

func (p *parser) atTableOption() bool {
	switch p.Kind() {
	case kDefault, kCharset, kCollate, kIdent, kOption, kDataDirectory, kComment, kSequence, kUnion:
		return true
	case kWith:
		return p.Ahead(1) == kSystemVersioning
	case kQIdent: // an option of the engine, as MariaDB shows it
		return p.Ahead(1) == kEq
	}
	return false
}

// option reads one option.
func (p *parser) option() option {
	o := option{first: p.Pos}
	switch {
	case p.Kind() == kUnion:
		p.unionOption()
		o.name, o.value = "UNION", p.Source(o.first)
		return o
	case p.Kind() == kWith:
		p.Next()
		p.Expect(kSystemVersioning)
		o.name = "WITH SYSTEM VERSIONING"
		return o
	}
	p.Accept(kDefault)
	switch k := p.Kind(); k {
	case kCharset, kCollate:
		p.Next()
		p.Accept(kEq)
		o.name, o.value = "CHARSET", p.charsetName()
		if k == kCollate {
			o.name = "COLLATE"
		}
	case kIdent, kQIdent, kOption, kDataDirectory, kComment, kSequence:
		o.name = strings.ToUpper(p.plain(p.Next()))
		p.Accept(kEq)
		o.value = p.optionValue()
	default:
		p.Fail("an option")
	}
	return o
}

// unionOption reads UNION = (tables) of MERGE tables.
func (p *parser) unionOption() {
	p.Next()
	p.Accept(kEq)
	p.Expect(kLP)
	if p.Kind() != kRP {
		for more := true; more; more = p.Accept(kComma) {
			p.qname()
		}
	}
	p.Expect(kRP)
}

// atOptionValue tells that the token k places ahead can be the value of an option.
func (p *parser) atOptionValue(k int) bool {
	switch x := p.Ahead(k); x {
	case kString, kNumber, kHex, kDefault, kKeys, kOn, kNull:
		return true
	default:
		return nameKinds[x]
	}
}

func (p *parser) optionValue() string {
	if !p.atOptionValue(0) {
		p.Fail("a value")
	}
	return p.plain(p.Next())
}

func (p *parser) tableOption(t *ir.CreateTable) {
	switch o := p.option(); o.name {
	case "ENGINE", "TYPE":
		t.Engine = o.value
	case "CHARSET":
		t.Charset = o.value
	case "COLLATE":
		t.Collation = o.value
	case "COMMENT":
		t.Comment = o.value
	case "AUTO_INCREMENT":
		t.AutoStart = o.value
	case "WITH SYSTEM VERSIONING":
		t.Versioned = true
	case "UNION":
		t.Options = append(t.Options, o.value)
		p.report(codePart, p.SpanFrom(o.first), "a MERGE table is not converted")
	case "START":
	case "ENCRYPTION", "ENCRYPTED", "DATA DIRECTORY", "INDEX DIRECTORY", "TABLESPACE", "CONNECTION":
		p.report(codeOption, p.SpanFrom(o.first), "%s is left out: the target keeps its files in its own way", o.name)
		t.Options = append(t.Options, o.name+"="+o.value)
	default:
		t.Options = append(t.Options, o.name+"="+o.value)
	}
}

// ---- columns ----

// atConstraint tells that a key, foreign key or check stands here rather than a column.
func (p *parser) atConstraint() bool {
	switch p.Kind() {
	case kConstraint, kPrimary, kUnique, kIndex, kKey, kFulltext, kSpatial, kForeign, kCheck:
		return true
	}
	return false
}

func (p *parser) tableElem(t *ir.CreateTable) {
	switch {
	case p.Kind() == kPeriodFor:
		i := p.Pos
		id := p.period()
		p.report(codePart, p.SpanFrom(i), "PERIOD FOR %s is not converted", id.Text)
	case p.atConstraint():
		switch k := p.constraint().(type) {
		case *ir.KeyDef:
			if p.multiValued && k.Kind == catalog.Index {
				p.report(codeArrays, k.Span, "the index %s over the values of an array is left out", k.Name.Text)
				break
			}
			t.Keys = append(t.Keys, k)
		case *ir.ForeignKeyDef:
			t.ForeignKeys = append(t.ForeignKeys, k)
		case *ir.CheckDef:
			t.Checks = append(t.Checks, k)
		}
	default:
		if t.Columns == nil {
			t.Columns = make([]*ir.ColumnDef, 0, 8)
		}
		col := p.columnDef()
		t.Columns = append(t.Columns, col.def)
		t.Versioned = t.Versioned || col.versioned
	}
}

// period reads PERIOD FOR name (columns).
func (p *parser) period() ir.Ident {
	p.Expect(kPeriodFor)
	id := p.ident()
	p.parenIdents()
	return id
}

// column is a column definition with what ALTER TABLE adds to it.
type column struct {
	def      *ir.ColumnDef
	position string // "first", "after", ""
	after    ir.Ident
	// versioned tells WITH SYSTEM VERSIONING, which makes the table keep the history of this column.
	versioned bool
}

func (p *parser) columnDef() column {
	i := p.Pos
	if !p.isName() {
		p.Fail("a column", "a key")
	}
	col := column{def: &ir.ColumnDef{Name: p.ident()}}
	d := col.def
	t, spec := p.dataType()
	d.Type, d.Charset, d.Collation, d.BinaryAttr = t, spec.charset, spec.collation, spec.binary && spec.name != "BINARY"
	if spec.name == "SERIAL" {
		d.NotNull, d.AutoIncrement, d.Unique = true, true, true
	}
	for p.columnAttr(&col) {
	}
	d.Span = p.SpanFrom(i)
	if spec.typeOf != nil || spec.rowOf != nil {
		p.report(codePart, d.Span, "a column of TYPE OF is not converted")
	}
	p.comments(d, i)
	return col
}

// columnAttr reads one attribute of a column (CREATE TABLE Statement); false if there is none.
func (p *parser) columnAttr(col *column) bool {
	d, i := col.def, p.Pos
	switch p.Kind() {
	case kNot:
		p.Next()
		p.Expect(kNull)
		d.NotNull = true
	case kNull:
		p.Next()
		d.NullWord = true
	case kDefault:
		p.Next()
		p.columnDefault(d)
	case kPrimary, kKey:
		if p.Accept(kPrimary); !p.Accept(kKey) {
			p.Fail("KEY")
		}
		d.Primary, d.NotNull = true, true
	case kUnique:
		p.Next()
		p.Accept(kKey)
		d.Unique = true
	case kComment:
		p.Next()
		d.Comment = p.str()
	case kCollate:
		p.Next()
		d.Collation = p.charsetName()
	case kIdent:
		p.columnWord(col, i)
	case kAfter:
		p.Next()
		col.position, col.after = "after", p.ident()
	default:
		return p.columnClause(col, i)
	}
	return true
}

// columnClause reads the attributes that are clauses of their own.
func (p *parser) columnClause(col *column, i int) bool {
	d := col.def
	switch p.Kind() {
	case kOn:
		p.Next()
		p.Expect(kUpdate)
		if n, ok := p.primary().(*ir.Now); ok {
			d.OnUpdate = n
		} else {
			p.report(codePart, p.SpanFrom(i), "ON UPDATE of something else than the current time is not converted")
		}
	case kConstraint, kCheck:
		p.columnCheck(d, i)
	case kNotEnforced:
		p.Next()
		if n := len(d.Checks); n > 0 {
			d.Checks[n-1].NotEnforced = true
		}
	case kReferences:
		f := &ir.ForeignKeyDef{Columns: []ir.Ident{d.Name}}
		p.references(f)
		f.Span = p.SpanFrom(i)
		d.References = f
	case kGenerated, kAs:
		p.generated(d, i)
	case kWith:
		p.Next()
		p.Expect(kSystemVersioning)
		col.versioned = true
	case kOption:
		n := p.upper(p.Next())
		p.Accept(kEq)
		v := p.optionValue()
		if g, ok := d.Type.(types.Geometry); ok && (n == "SRID" || n == "REF_SYSTEM_ID") {
			g.SRID, _ = strconv.Atoi(v)
			d.Type = g
		} else {
			p.report(codeOption, p.SpanFrom(i), "the attribute %s of column %s is left out", n, d.Name.Text)
		}
	default:
		return false
	}
	return true
}

func (p *parser) columnCheck(d *ir.ColumnDef, i int) {
	k := &ir.CheckDef{}
	if p.Accept(kConstraint) && p.isName() {
		k.Name = p.ident()
	}
	p.Expect(kCheck)
	k.Expr = p.parenExpr()
	k.Span = p.SpanFrom(i)
	d.Checks = append(d.Checks, k)
}

// parenExpr reads one value in parentheses.
func (p *parser) parenExpr() ir.Expr {
	p.Expect(kLP)
	e := p.expr()
	p.Expect(kRP)
	return e
}

// generated reads [GENERATED ALWAYS] AS (expr), or AS ROW START of a versioned table.
func (p *parser) generated(d *ir.ColumnDef, i int) {
	if p.Accept(kGenerated) {
		p.Expect(kIdent)
	}
	p.Expect(kAs)
	if p.Accept(kRow) {
		if p.Kind() == kEnd {
			p.Next()
		} else {
			p.Expect(kIdent)
		}
		p.report(codePart, p.SpanFrom(i), "column %s tells the history of rows (AS ROW START or END), which is not kept", d.Name.Text)
		return
	}
	d.Generated = p.parenExpr()
	if d.GenKind == catalog.NotGenerated {
		d.GenKind = catalog.Virtual
	}
}

// columnWord reads an attribute that is told by its word.
func (p *parser) columnWord(col *column, i int) {
	d := col.def
	w := p.upper(p.Next())
	if p.Accept(kSystemVersioning) {
		return // WITHOUT: no history is kept anyway
	}
	switch w {
	case "AUTO_INCREMENT":
		d.AutoIncrement, d.NotNull = true, true
	case "VIRTUAL":
		d.GenKind = catalog.Virtual
	case "STORED", "PERSISTENT":
		d.GenKind = catalog.Stored
	case "INVISIBLE":
		d.Invisible = true
	case "VISIBLE", "ENFORCED", "RESTRICT":
	case "FIRST":
		col.position = "first"
	case "BINARY":
		d.BinaryAttr = true
	case "ASCII":
		d.Charset = "latin1"
	case "UNICODE":
		d.Charset = "ucs2"
	case "BYTE":
		p.byteColumn(d, i)
	case "COMPRESSED":
		if p.Accept(kEq) {
			p.ident()
		}
		p.report(codeOption, p.SpanFrom(i), "the attribute COMPRESSED of column %s is left out", d.Name.Text)
	default:
		p.report(codePart, p.SpanFrom(i), "the attribute %s of column %s is not converted", w, d.Name.Text)
	}
}

// byteColumn is the attribute BYTE: a character type becomes a binary one.
func (p *parser) byteColumn(d *ir.ColumnDef, i int) {
	t, ok := d.Type.(types.Text)
	if !ok {
		p.report(codePart, p.SpanFrom(i), "the attribute BYTE of column %s is not converted", d.Name.Text)
		return
	}
	d.Type = types.Binary{N: t.N, Fixed: t.Fixed, MaxBytes: t.MaxBytes}
}

// columnDefault reads the default of a column. DEFAULT VALUE of SERIAL is no value.
func (p *parser) columnDefault(d *ir.ColumnDef) {
	if p.Kind() == kValue && p.Ahead(1) != kLP {
		p.Next()
		d.NotNull, d.AutoIncrement, d.Unique = true, true, true
		return
	}
	d.Default = p.defaultValue()
}

func (p *parser) defaultValue() ir.Expr {
	i := p.Pos
	minus := p.Accept(kMinus)
	if !minus {
		p.Accept(kPlus)
	}
	e := p.primary()
	if minus {
		return &ir.Unary{ExprMeta: p.sinceExpr(i), Op: ir.Neg, X: e}
	}
	if iv, ok := e.(*interval); ok {
		return p.refuseExpr(iv.Span, "an interval as a value of its own")
	}
	return e
}

// ---- keys ----

// constraint reads a key, foreign key or check of a table.
func (p *parser) constraint() ir.Node {
	i := p.Pos
	var symbol ir.Ident
	p.unless = false
	if p.Accept(kConstraint) {
		if p.Kind() == kIf {
			p.unless = p.ifNotExists()
		}
		if p.isName() {
			symbol = p.ident()
		}
	}
	kind := p.Kind()
	switch kind {
	case kForeign:
		return p.foreignKey(i, symbol)
	case kCheck:
		p.Next()
		k := &ir.CheckDef{Name: symbol, Expr: p.parenExpr()}
		k.NotEnforced = p.Accept(kNotEnforced)
		p.Accept(kIdent)
		k.Span = p.SpanFrom(i)
		p.comments(k, i)
		return k
	case kPrimary, kUnique, kIndex, kKey, kFulltext, kSpatial:
	default:
		p.Fail("PRIMARY KEY", "UNIQUE", "INDEX", "FOREIGN KEY", "CHECK")
	}
	k := &ir.KeyDef{Kind: catalog.Index}
	p.Next()
	switch kind {
	case kPrimary:
		p.Expect(kKey)
	case kUnique, kFulltext, kSpatial:
		if p.Kind() == kIndex || p.Kind() == kKey {
			p.Next()
		}
	}
	own := p.keyName()
	k.Name = symbol
	if symbol.Text == "" {
		k.Name = own
	}
	switch kind {
	case kPrimary:
		k.Kind, k.Name = catalog.Primary, ir.Ident{}
	case kUnique:
		k.Kind = catalog.Unique
		if own.Text != "" {
			k.Name = own // the index name goes before the symbol
		}
	case kFulltext:
		k.Kind = catalog.Fulltext
	case kSpatial:
		k.Kind = catalog.Spatial
	}
	p.keyBody(k)
	k.Span = p.SpanFrom(i)
	p.comments(k, i)
	return k
}

func (p *parser) foreignKey(i int, symbol ir.Ident) ir.Node {
	p.Next()
	p.Expect(kKey)
	f := &ir.ForeignKeyDef{Name: symbol}
	if n := p.keyName(); symbol.Text == "" {
		f.Name, f.FromIndex = n, n.Text != ""
	}
	f.Columns = p.parenIdents()
	p.references(f)
	f.Span = p.SpanFrom(i)
	p.comments(f, i)
	return f
}

// keyName reads [IF NOT EXISTS] name; the text is "" if there is no name.
func (p *parser) keyName() ir.Ident {
	if p.ifNotExists() {
		p.unless = true
	}
	if p.isName() {
		return p.ident()
	}
	return ir.Ident{}
}

func (p *parser) references(f *ir.ForeignKeyDef) {
	p.Expect(kReferences)
	f.RefTable = p.qname()
	f.RefColumns = p.maybeParenIdents()
	if p.Accept(kMatch) {
		f.Match = p.upper(p.Expect(kIdent))
	}
	for p.Kind() == kOn && p.atRefAction() {
		p.Next()
		del := p.At(p.Next()).Kind == kDelete
		i := p.Pos
		switch p.Kind() {
		case kRestrict, kCascade:
			p.Next()
		case kSet:
			p.Next()
			if !p.Accept(kNull) {
				p.Expect(kDefault)
			}
		default:
			p.Expect(kIdent)
			p.Expect(kIdent)
		}
		if act := p.wordsFrom(i, p.Pos); del {
			f.OnDelete = act
		} else {
			f.OnUpdate = act
		}
	}
}

// atRefAction tells ON UPDATE CASCADE from ON UPDATE CURRENT_TIMESTAMP of a column.
func (p *parser) atRefAction() bool {
	switch p.Ahead(1) {
	case kDelete:
		return true
	case kUpdate:
		switch p.Ahead(2) {
		case kRestrict, kCascade, kSet:
			return true
		case kIdent:
			return p.Ahead(3) == kIdent && p.upper(p.Pos+2) == "NO"
		}
	}
	return false
}

func (p *parser) keyBody(k *ir.KeyDef) {
	if p.Accept(kUsing) {
		k.Using = strings.ToUpper(p.ident().Text)
	}
	i := p.Expect(kLP)
	p.inKey, p.multiValued = true, false
	for more := true; more; more = p.Accept(kComma) {
		k.Parts = append(k.Parts, p.keyPart())
	}
	p.inKey = false
	p.Expect(kRP)
	if p.multiValued && k.Kind != catalog.Index {
		p.report(codePart, p.SpanFrom(i), "a unique key over the values of an array is not converted")
	}
	for p.indexOption(k) {
	}
}

func (p *parser) keyPart() *ir.KeyPart {
	i := p.Pos
	n := &ir.KeyPart{Nulls: ir.NullsFirst}
	switch p.Kind() {
	case kLP:
		n.Expr = p.parenExpr()
	case kPeriodFor:
		p.Next()
		n.Expr = p.refuseExpr(p.SpanFrom(i), "a key over a period")
	default:
		if !p.isName() {
			p.Fail("a column")
		}
		n.Column = p.ident()
		if p.Accept(kLP) {
			ok := true
			n.Prefix = (&typeSpec{args: []string{p.TextAt(p.Expect(kNumber))}}).num(0, 0, &ok)
			p.Expect(kRP)
		}
	}
	if p.Kind() == kIdent && p.is("WITHOUT") {
		p.Next()
		p.Expect(kIdent)
		n.Span = p.SpanFrom(i)
		n.Expr = p.refuseExpr(n.Span, "a key WITHOUT OVERLAPS")
		n.Column = ir.Ident{}
		return n
	}
	if n.Desc = p.Accept(kDesc); n.Desc {
		n.Nulls = ir.NullsLast
	} else {
		p.Accept(kAsc)
	}
	n.Span = p.SpanFrom(i)
	return n
}

// indexOption reads one option of a key; false if there is none.
func (p *parser) indexOption(k *ir.KeyDef) bool {
	i := p.Pos
	switch p.Kind() {
	case kUsing:
		p.Next()
		k.Using = strings.ToUpper(p.ident().Text)
	case kWith:
		p.Next()
		p.Expect(kIdent)
		k.Parser = p.ident().Text
	case kComment:
		p.Next()
		p.Accept(kEq)
		k.Comment = p.str()
	case kLock, kOption:
		p.Next()
		p.Accept(kEq)
		p.optionValue()
	case kNot:
		p.Next()
		p.Expect(kIdent)
	case kIdent:
		switch w := p.upper(p.Next()); w {
		case "INVISIBLE", "IGNORED":
			k.Invisible = true
		case "VISIBLE":
		default:
			p.report(codePart, p.SpanFrom(i), "the option %s of an index is not converted", w)
		}
	default:
		return false
	}
	return true
}

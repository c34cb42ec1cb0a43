package mysql

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/source"
	g "godwit/parser/mysql/internal/gram"
	"godwit/parser/scan"
)

// createHead is what stands between CREATE and the kind of the object.
type createHead struct {
	orReplace bool
	temporary bool
	kind      catalog.KeyKind
	algorithm string
	definer   string
	security  string
}

func (h *createHead) routine(k catalog.RoutineKind, s source.Span) *ir.Routine {
	return &ir.Routine{StmtMeta: stmt(s), Kind: k, OrReplace: h.orReplace, Definer: h.definer, Security: h.security}
}

// definer is a user as written: name or name@host, without quotes.
func (b *builder) definer(c g.IUserSpecContext) string {
	t := b.tokens(c)
	u := plainText(&t[0])
	if c.USERVAR() != nil {
		u += "@" + strings.Trim(strings.TrimPrefix(c.USERVAR().GetText(), "@"), "'\"`")
	}
	return u
}

func (b *builder) createHead(l []g.ICreateModContext) *createHead {
	h := &createHead{kind: catalog.Index}
	for _, m := range l {
		switch {
		case m.REPLACE() != nil:
			h.orReplace = true
		case m.DEFINER() != nil:
			h.definer = b.definer(m.UserSpec())
		case m.OPT1() != nil:
			h.algorithm = strings.ToLower(b.ident(m.Ident()).Text)
		case m.SQL_SECURITY() != nil:
			h.security = strings.ToLower(b.ident(m.Ident()).Text)
		case m.TEMPORARY() != nil:
			h.temporary = true
		case m.UNIQUE() != nil:
			h.kind = catalog.Unique
		case m.FULLTEXT() != nil:
			h.kind = catalog.Fulltext
		case m.SPATIAL() != nil:
			h.kind = catalog.Spatial
		}
	}
	return h
}

func (b *builder) createStmt(c g.ICreateStmtContext) ir.Stmt {
	h, s, x := b.createHead(c.AllCreateMod()), b.span(c), c.CreateBody()
	switch {
	case x.CreateTable() != nil:
		return b.createTable(x.CreateTable(), h, s)
	case x.CreateIndex() != nil:
		return b.createIndex(x.CreateIndex(), h, s)
	case x.CreateView() != nil:
		return b.createView(x.CreateView(), h, s)
	case x.CreateDatabase() != nil:
		return b.createDatabase(x.CreateDatabase(), s)
	case x.CreateSequence() != nil:
		return b.createSequence(x.CreateSequence(), h, s)
	case x.CreateTrigger() != nil:
		return b.createTrigger(x.CreateTrigger(), h, s)
	case x.CreateEvent() != nil:
		return b.createEvent(x.CreateEvent(), h, s)
	case x.CreateProcedure() != nil:
		return b.createProcedure(x.CreateProcedure(), h, s)
	case x.CreateFunction() != nil:
		return b.createFunction(x.CreateFunction(), h, s)
	}
	t := b.tokens(x)
	if strings.EqualFold(t[0].Text, "aggregate") {
		return b.refuse(c, codeConstruct, "CREATE AGGREGATE FUNCTION")
	}
	return b.refuse(c, codeAdmin, "CREATE "+strings.ToUpper(t[0].Text))
}

// ---- tables ----

func (b *builder) createTable(c g.ICreateTableContext, h *createHead, s source.Span) ir.Stmt {
	t := &ir.CreateTable{StmtMeta: stmt(s), Name: b.qname(c.Qname(0)), Temporary: h.temporary, OrReplace: h.orReplace, IfNotExists: c.IfNotExists() != nil}
	if c.LIKE() != nil {
		q := b.qname(c.Qname(1))
		t.Like = &q
		return t
	}
	if p := c.CreateParen(); p != nil {
		switch {
		case p.LIKE() != nil:
			q := b.qname(p.Qname())
			t.Like = &q
		case p.Query() != nil:
			b.storing(false, func() { t.As = b.query(p.Query()) })
		}
		for _, e := range p.AllTableElem() {
			b.tableElem(t, e)
		}
	}
	b.createTail(t, c.CreateTail())
	return t
}

func (b *builder) createTail(t *ir.CreateTable, c g.ICreateTailContext) {
	for _, o := range c.AllTableOption() {
		b.tableOption(t, o)
	}
	if c.PartitionBy() != nil {
		t.Partition = b.partitionBy(c.PartitionBy())
	}
	if c.Query() != nil {
		b.storing(c.IGNORE() != nil, func() { t.As = b.query(c.Query()) })
		switch {
		case c.IGNORE() != nil:
			t.AsMode = "ignore"
		case c.REPLACE() != nil:
			t.AsMode = "replace"
		}
	}
}

// option is a table option's name in upper case and its value.
func (b *builder) option(c g.ITableOptionContext) (name, value string) {
	switch {
	case c.CHARSET() != nil:
		return "CHARSET", b.charsetName(c.CharsetName())
	case c.COLLATE() != nil:
		return "COLLATE", b.charsetName(c.CharsetName())
	case c.UNION() != nil:
		return "UNION", b.text(c)
	case c.SYSTEM_VERSIONING() != nil:
		return "WITH SYSTEM VERSIONING", ""
	}
	v := b.tokens(c.OptionValue())
	n := c.GetStart().GetText()
	if c.DEFAULT() != nil {
		n = b.tokens(c)[1].Text
	}
	return strings.ToUpper(n), plainText(&v[0])
}

func (b *builder) tableOption(t *ir.CreateTable, c g.ITableOptionContext) {
	switch n, v := b.option(c); n {
	case "ENGINE", "TYPE":
		t.Engine = v
	case "CHARSET":
		t.Charset = v
	case "COLLATE":
		t.Collation = v
	case "COMMENT":
		t.Comment = v
	case "AUTO_INCREMENT":
		t.AutoStart = v
	case "WITH SYSTEM VERSIONING":
		t.Versioned = true
	case "UNION":
		t.Options = append(t.Options, v)
		b.report(codePart, b.span(c), "a MERGE table is not converted")
	case "START":
	default:
		t.Options = append(t.Options, n+"="+v)
	}
}

func (b *builder) tableElem(t *ir.CreateTable, c g.ITableElemContext) {
	switch {
	case c.ColumnDef() != nil:
		t.Columns = append(t.Columns, b.columnDef(c.ColumnDef()).def)
	case c.ConstraintDef() != nil:
		switch k := b.constraint(c.ConstraintDef()).(type) {
		case *ir.KeyDef:
			t.Keys = append(t.Keys, k)
		case *ir.ForeignKeyDef:
			t.ForeignKeys = append(t.ForeignKeys, k)
		case *ir.CheckDef:
			t.Checks = append(t.Checks, k)
		}
	default:
		b.report(codePart, b.span(c), "PERIOD FOR %s is not converted", b.ident(c.Ident()).Text)
	}
}

// column is a column definition with what ALTER TABLE adds to it.
type column struct {
	def      *ir.ColumnDef
	position string // "first", "after", ""
	after    ir.Ident
}

func (b *builder) columnDef(c g.IColumnDefContext) *column {
	col := &column{def: &ir.ColumnDef{PartMeta: part(b.span(c)), Name: b.ident(c.Ident())}}
	d := col.def
	t, spec := b.dataType(c.DataType())
	d.Type, d.Charset, d.Collation, d.BinaryAttr = t, spec.charset, spec.collation, spec.binary && spec.name != "BINARY"
	if spec.typeOf != nil || spec.rowOf != nil {
		b.report(codePart, b.span(c), "a column of TYPE OF is not converted")
	}
	if spec.name == "SERIAL" {
		d.NotNull, d.AutoIncrement, d.Unique = true, true, true
	}
	attrs := c.AllColumnAttr()
	for i, a := range attrs {
		if w := a.IDENT(0); w != nil && a.GetChildCount() == 1 && strings.EqualFold(w.GetText(), "without") && i+1 < len(attrs) {
			b.report(codePart, b.span(a), "WITHOUT at a column is not converted")
			continue
		}
		b.columnAttr(col, a)
	}
	b.comments(d, c)
	return col
}

// columnAttr adds one attribute to a column (CREATE TABLE Statement).
func (b *builder) columnAttr(col *column, a g.IColumnAttrContext) {
	d := col.def
	switch {
	case a.PRIMARY() != nil, a.KEY() != nil && a.UNIQUE() == nil:
		d.Primary, d.NotNull = true, true
	case a.UNIQUE() != nil:
		d.Unique = true
	case a.NOT() != nil:
		d.NotNull = true
	case a.DefaultValue() != nil:
		b.columnDefault(d, a.DefaultValue())
	case a.UPDATE() != nil:
		if n, ok := b.primary(a.Primary()).(*ir.Now); ok {
			d.OnUpdate = n
		} else {
			b.report(codePart, b.span(a), "ON UPDATE of something else than the current time is not converted")
		}
	case a.COMMENT() != nil:
		d.Comment = b.stringOf(a.STRING())
	case a.COLLATE() != nil:
		d.Collation = b.charsetName(a.CharsetName())
	case a.CHECK() != nil:
		k := &ir.CheckDef{PartMeta: part(b.span(a)), Expr: b.expr(a.Expr())}
		if a.Ident() != nil {
			k.Name = b.ident(a.Ident())
		}
		d.Checks = append(d.Checks, k)
	case a.NOT_ENFORCED() != nil:
		if n := len(d.Checks); n > 0 {
			d.Checks[n-1].NotEnforced = true
		}
	case a.References() != nil:
		d.References = b.references(a.References(), &ir.ForeignKeyDef{PartMeta: part(b.span(a)), Columns: []ir.Ident{d.Name}})
	case a.ROW() != nil:
		b.report(codePart, b.span(a), "a column GENERATED ALWAYS AS ROW is not converted")
	case a.AS() != nil:
		d.Generated = b.expr(a.Expr())
		if d.GenKind == catalog.NotGenerated {
			d.GenKind = catalog.Virtual
		}
	case a.AFTER() != nil:
		col.position, col.after = "after", b.ident(a.Ident())
	case a.SYSTEM_VERSIONING() != nil:
		b.report(codePart, b.span(a), "SYSTEM VERSIONING of a column is not converted")
	case a.OPT1() != nil:
		b.columnOption(d, a)
	case a.IDENT(0) != nil:
		b.columnWord(col, a)
	case a.NULL() != nil:
		d.NullWord = true
	}
}

func (b *builder) columnOption(d *ir.ColumnDef, a g.IColumnAttrContext) {
	switch n := strings.ToUpper(a.OPT1().GetText()); n {
	case "SRID", "REF_SYSTEM_ID":
		b.report(codePart, b.span(a), "the attribute %s of column %s is not converted", n, d.Name.Text)
	default:
		b.report(codeOption, b.span(a), "the attribute %s of column %s is left out", n, d.Name.Text)
	}
}

// columnWord is an attribute of one word.
func (b *builder) columnWord(col *column, a g.IColumnAttrContext) {
	d := col.def
	switch w := strings.ToUpper(a.IDENT(0).GetText()); w {
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
	default:
		b.report(codePart, b.span(a), "the attribute %s of column %s is not converted", w, d.Name.Text)
	}
}

// columnDefault is the default of a column. DEFAULT VALUE of SERIAL is no value.
func (b *builder) columnDefault(d *ir.ColumnDef, c g.IDefaultValueContext) {
	if strings.EqualFold(b.text(c), "value") {
		d.NotNull, d.AutoIncrement, d.Unique = true, true, true
		return
	}
	d.Default = b.defaultValue(c)
}

func (b *builder) defaultValue(c g.IDefaultValueContext) ir.Expr {
	e := b.primary(c.Primary())
	if c.MINUS() != nil {
		return &ir.Unary{ExprMeta: expr(b.span(c)), Op: ir.Neg, X: e}
	}
	return e
}

// constraint is a key, foreign key or check of a table.
func (b *builder) constraint(c g.IConstraintDefContext) ir.Node {
	s := b.span(c)
	var symbol ir.Ident
	if c.CONSTRAINT() != nil && c.Ident() != nil {
		symbol = b.ident(c.Ident())
	}
	n := symbol
	if k := c.KeyName(); k != nil && k.Ident() != nil && n.Text == "" {
		n = b.ident(k.Ident())
	}
	switch {
	case c.FOREIGN() != nil:
		f := &ir.ForeignKeyDef{PartMeta: part(s), Name: n, Columns: b.parenIdents(c.ParenIdents())}
		b.comments(f, c)
		return b.references(c.References(), f)
	case c.CHECK() != nil:
		k := &ir.CheckDef{PartMeta: part(s), Name: symbol, Expr: b.expr(c.Expr()), NotEnforced: c.NOT_ENFORCED() != nil}
		b.comments(k, c)
		return k
	}
	k := &ir.KeyDef{PartMeta: part(s), Kind: catalog.Index, Name: n}
	switch {
	case c.PRIMARY() != nil:
		k.Kind, k.Name = catalog.Primary, ir.Ident{}
	case c.UNIQUE() != nil:
		k.Kind = catalog.Unique
		if kn := c.KeyName(); kn != nil && kn.Ident() != nil {
			k.Name = b.ident(kn.Ident()) // the index name goes before the symbol
		}
	case c.FULLTEXT() != nil:
		k.Kind = catalog.Fulltext
	case c.SPATIAL() != nil:
		k.Kind = catalog.Spatial
	}
	b.keyBody(k, c.KeyBody())
	b.comments(k, c)
	return k
}

func (b *builder) references(c g.IReferencesContext, f *ir.ForeignKeyDef) *ir.ForeignKeyDef {
	f.RefTable, f.RefColumns = b.qname(c.Qname()), b.parenIdents(c.ParenIdents())
	if c.MATCH() != nil {
		f.Match = strings.ToUpper(c.IDENT().GetText())
	}
	for _, a := range c.AllRefAction() {
		t := b.tokens(a)
		act := words(t[2:])
		if a.DELETE() != nil {
			f.OnDelete = act
		} else {
			f.OnUpdate = act
		}
	}
	return f
}

func (b *builder) keyBody(k *ir.KeyDef, c g.IKeyBodyContext) {
	if c.USING() != nil {
		k.Using = strings.ToUpper(b.ident(c.Ident()).Text)
	}
	for _, p := range c.AllKeyPart() {
		k.Parts = append(k.Parts, b.keyPart(p))
	}
	for _, o := range c.AllIndexOption() {
		b.indexOption(k, o)
	}
}

func (b *builder) keyPart(c g.IKeyPartContext) *ir.KeyPart {
	p := &ir.KeyPart{PartMeta: part(b.span(c)), Desc: c.DESC() != nil, Nulls: ir.NullsFirst}
	if p.Desc {
		p.Nulls = ir.NullsLast
	}
	switch {
	case c.Ident() != nil:
		p.Column = b.ident(c.Ident())
		if c.NUMBER() != nil {
			ok := true
			p.Prefix = (&typeSpec{args: []string{c.NUMBER().GetText()}}).num(0, 0, &ok)
		}
	case c.Expr() != nil:
		p.Expr = b.expr(c.Expr())
	default:
		p.Expr = b.refuseExpr(b.span(c), "a key over a period")
	}
	return p
}

func (b *builder) indexOption(k *ir.KeyDef, o g.IIndexOptionContext) {
	switch {
	case o.USING() != nil:
		k.Using = strings.ToUpper(b.ident(o.Ident()).Text)
	case o.COMMENT() != nil:
		k.Comment = b.stringOf(o.STRING())
	case o.WITH() != nil:
		k.Parser = b.ident(o.Ident()).Text
	case o.IDENT() != nil && o.NOT() == nil && o.OPT1() == nil:
		switch w := strings.ToUpper(o.IDENT().GetText()); w {
		case "INVISIBLE", "IGNORED":
			k.Invisible = true
		case "VISIBLE":
		default:
			b.report(codePart, b.span(o), "the option %s of an index is not converted", w)
		}
	}
}

// ---- partitions ----

func (b *builder) partitionBy(c g.IPartitionByContext) *ir.PartitionBy {
	p := &ir.PartitionBy{PartMeta: part(b.span(c))}
	p.Kind, p.Exprs = b.partMethod(c.PartMethod())
	for _, m := range c.AllPartMore() {
		switch {
		case m.PartMethod() != nil:
			p.SubKind, p.SubBy = b.partMethod(m.PartMethod())
		case m.NUMBER() != nil:
			ok := true
			n := (&typeSpec{args: []string{m.NUMBER().GetText()}}).num(0, 0, &ok)
			if strings.EqualFold(m.IDENT().GetText(), "subpartitions") {
				p.SubNum = n
			} else {
				p.Count = n
			}
		}
	}
	for _, d := range c.AllPartDef() {
		p.Parts = append(p.Parts, b.partDef(d))
	}
	return p
}

// partMethod is the kind of partitioning in lower case, and what it partitions by.
func (b *builder) partMethod(c g.IPartMethodContext) (string, []ir.Expr) {
	var w []string
	for _, t := range b.tokens(c) {
		if t.Type == g.MySQLParserLP || t.Type == g.MySQLParserOPT1 || t.Type == g.MySQLParserINTERVAL {
			break
		}
		w = append(w, strings.ToLower(t.Text))
	}
	return strings.Join(w, " "), b.exprs(c.ExprList())
}

func (b *builder) partDef(c g.IPartDefContext) *ir.Partition {
	p := &ir.Partition{PartMeta: part(b.span(c)), Name: b.ident(c.Ident(0))}
	switch {
	case c.IN() != nil:
		p.In = b.exprs(c.ExprList())
	case c.VALUES() != nil && c.ExprList() != nil:
		p.LessThan = b.exprs(c.ExprList())
	case c.VALUES() != nil:
		id := c.Ident(1)
		p.LessThan = []ir.Expr{&ir.Name{ExprMeta: expr(b.span(id)), Parts: []ir.Ident{b.ident(id)}}}
	case c.DEFAULT() != nil:
		p.In = []ir.Expr{&ir.Default{ExprMeta: expr(b.tokenSpan(c.DEFAULT()))}}
	}
	for _, o := range c.AllPartOption() {
		if o.COMMENT() != nil {
			p.Comment = plainText(&b.tokens(o.OptionValue())[0])
		}
	}
	return p
}

// ---- indexes, views, schemas, sequences ----

func (b *builder) createIndex(c g.ICreateIndexContext, h *createHead, s source.Span) ir.Stmt {
	i := &ir.CreateIndex{StmtMeta: stmt(s), Table: b.target(c.Qname(), nil), IfNotExists: c.IfNotExists() != nil, OrReplace: h.orReplace}
	i.Key = &ir.KeyDef{PartMeta: part(s), Kind: h.kind, Name: b.ident(c.Ident(0))}
	b.keyBody(i.Key, c.KeyBody())
	if c.USING() != nil && i.Key.Using == "" {
		i.Key.Using = strings.ToUpper(b.ident(c.Ident(1)).Text)
	}
	return i
}

func (b *builder) createView(c g.ICreateViewContext, h *createHead, s source.Span) ir.Stmt {
	v := &ir.CreateView{StmtMeta: stmt(s), Name: b.qname(c.Qname()), OrReplace: h.orReplace, IfNotExists: c.IfNotExists() != nil, Columns: b.parenIdents(c.ParenIdents()),
		Query: b.query(c.Query()), Algorithm: h.algorithm, Definer: h.definer, Security: h.security}
	if c.CHECK() != nil {
		v.CheckOption = "cascaded"
		if w := c.AllIDENT(); len(w) == 2 {
			v.CheckOption = strings.ToLower(w[0].GetText())
		}
	}
	return v
}

func (b *builder) createDatabase(c g.ICreateDatabaseContext, s source.Span) ir.Stmt {
	d := &ir.CreateSchema{StmtMeta: stmt(s), Name: b.ident(c.Ident()), IfNotExists: c.IfNotExists() != nil}
	for _, o := range c.AllTableOption() {
		switch n, v := b.option(o); n {
		case "CHARSET":
			d.Charset = v
		case "COLLATE":
			d.Collation = v
		}
	}
	return d
}

// alterDatabase is ALTER DATABASE with a charset or collation.
func (b *builder) alterDatabase(x g.IAlterBodyContext, s source.Span) ir.Stmt {
	d := &ir.CreateSchema{StmtMeta: stmt(s), Alter: true}
	if x.Ident() != nil {
		d.Name = b.ident(x.Ident())
	}
	for _, o := range x.AllTableOption() {
		switch n, v := b.option(o); n {
		case "CHARSET":
			d.Charset = v
		case "COLLATE":
			d.Collation = v
		}
	}
	return d
}

// createSequence is MariaDB's CREATE SEQUENCE; its options are words in any order.
func (b *builder) createSequence(c g.ICreateSequenceContext, h *createHead, s source.Span) ir.Stmt {
	q := &ir.CreateSequence{StmtMeta: stmt(s), Name: b.qname(c.Qname()), OrReplace: h.orReplace, IfNotExists: c.IfNotExists() != nil, Temp: h.temporary}
	if c.SoupTail().GetChildCount() == 0 {
		return q
	}
	b.sequenceOptions(q, b.tokens(c.SoupTail()), s)
	return q
}

// alterSequence is MariaDB's ALTER SEQUENCE.
func (b *builder) alterSequence(x g.IAlterBodyContext, s source.Span) ir.Stmt {
	q := &ir.CreateSequence{StmtMeta: stmt(s), Name: b.qname(x.Qname()), Alter: true, IfExists: x.IfExists() != nil}
	if x.SoupTail().GetChildCount() > 0 {
		b.sequenceOptions(q, b.tokens(x.SoupTail()), s)
	}
	return q
}

func (b *builder) sequenceOptions(q *ir.CreateSequence, t []scan.Token, s source.Span) {
	for i := 0; i < len(t); i++ {
		w := strings.ToUpper(t[i].Text)
		value := func() (v string) { v, i = sequenceNumber(t, i); return v }
		switch w {
		case "START":
			q.Start = value()
		case "INCREMENT":
			q.Increment = value()
		case "MINVALUE":
			q.Min = value()
		case "MAXVALUE":
			q.Max = value()
		case "CACHE":
			q.Cache = value()
		case "NOCACHE":
			q.NoCache = true
		case "CYCLE":
			q.Cycle = true
		case "NO":
			if i++; i < len(t) {
				noOption(q, strings.ToUpper(t[i].Text))
			}
		case "NOCYCLE", "NOMINVALUE", "NOMAXVALUE":
			noOption(q, strings.TrimPrefix(w, "NO"))
		case "RESTART":
			if q.Restart = value(); q.Restart == "" {
				q.Restart = "start"
			}
		case "ENGINE", "COMMENT":
			if i+1 < len(t) && t[i+1].Type == g.MySQLParserEQ {
				i++
			}
			i++
		default:
			b.report(codePart, s, "the option %s of a sequence is not converted", w)
			return
		}
	}
}

func noOption(q *ir.CreateSequence, w string) {
	switch w {
	case "CACHE":
		q.NoCache = true
	case "CYCLE":
		q.NoCycle = true
	case "MINVALUE":
		q.NoMin = true
	case "MAXVALUE":
		q.NoMax = true
	}
}

// sequenceNumber is the number behind an option at t[i], and the index of its last token.
func sequenceNumber(t []scan.Token, i int) (string, int) {
	for i+1 < len(t) && (t[i+1].Type == g.MySQLParserWITH || t[i+1].Type == g.MySQLParserBY || t[i+1].Type == g.MySQLParserEQ) {
		i++
	}
	v := ""
	for i+1 < len(t) && (t[i+1].Type == g.MySQLParserMINUS || t[i+1].Type == g.MySQLParserNUMBER) {
		i++
		v += t[i].Text
	}
	return v, i
}

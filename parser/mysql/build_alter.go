package mysql

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/source"
	g "godwit/parser/mysql/internal/gram"
)

func (b *builder) alterStmt(c g.IAlterStmtContext) ir.Stmt {
	s, x := b.span(c), c.AlterBody()
	h := &createHead{}
	ignore := false
	for _, m := range c.AllAlterMod() {
		switch {
		case m.OPT1() != nil:
			h.algorithm = strings.ToLower(b.ident(m.Ident()).Text)
		case m.DEFINER() != nil:
			h.definer = b.definer(m.UserSpec())
		case m.SQL_SECURITY() != nil:
			h.security = strings.ToLower(b.ident(m.Ident()).Text)
		case m.IGNORE() != nil:
			ignore = true
		}
	}
	switch {
	case x.TABLE() != nil:
		return b.alterTable(x, ignore, s)
	case x.CreateView() != nil:
		h.orReplace = true // ALTER VIEW replaces the definition
		return b.createView(x.CreateView(), h, s)
	case x.DATABASE() != nil:
		return b.alterDatabase(x, s)
	case x.SEQUENCE() != nil:
		return b.alterSequence(x, s)
	case x.CreateEvent() != nil:
		return b.refuse(c, codeConstruct, "ALTER EVENT")
	case x.PROCEDURE() != nil, x.FUNCTION() != nil:
		return b.refuse(c, codeConstruct, "ALTER PROCEDURE or FUNCTION")
	}
	return b.refuse(c, codeAdmin, "ALTER "+strings.ToUpper(b.tokens(x)[0].Text))
}

func (b *builder) alterTable(x g.IAlterBodyContext, ignore bool, s source.Span) ir.Stmt {
	t := &ir.AlterTable{StmtMeta: stmt(s), Table: b.target(x.Qname(), nil), Ignore: ignore}
	if x.WaitOpt() != nil {
		b.report(codeOption, s, "WAIT of ALTER TABLE is left out")
	}
	if x.AlterSpecs() == nil {
		return t
	}
	for _, a := range x.AlterSpecs().AllAlterSpec() {
		acts := b.alterSpec(a)
		if len(acts) > 0 {
			b.comments(acts[0], a)
		}
		t.Actions = append(t.Actions, acts...)
	}
	return t
}

// alterSpec is one action of ALTER TABLE; lists in it give several.
func (b *builder) alterSpec(a g.IAlterSpecContext) []*ir.AlterAction {
	n := &ir.AlterAction{PartMeta: part(b.span(a)), Text: b.text(a)}
	one := []*ir.AlterAction{n}
	t := b.tokens(a)
	switch t[0].Type {
	case g.MySQLParserADD:
		return b.alterAdd(a, n)
	case g.MySQLParserDROP:
		b.alterDrop(a, n)
	case g.MySQLParserCHANGE, g.MySQLParserMODIFY:
		col := b.columnDef(a.ColumnDef())
		n.Kind, n.Column, n.Position, n.After, n.IfExists = "modify column", col.def, col.position, col.after, a.IfExists() != nil
		n.Old = col.def.Name
		if a.CHANGE() != nil {
			n.Kind, n.Old = "change column", b.ident(a.Ident(0))
		}
	case g.MySQLParserALTER:
		b.alterAlter(a, n)
	case g.MySQLParserRENAME:
		b.alterRename(a, n)
	case g.MySQLParserCONVERT:
		n.Kind = "convert charset"
	case g.MySQLParserORDER, g.MySQLParserFORCE, g.MySQLParserLOCK:
		n.Kind = "option"
	default:
		return b.alterOther(a, n)
	}
	return one
}

func (b *builder) alterAdd(a g.IAlterSpecContext, n *ir.AlterAction) []*ir.AlterAction {
	n.IfExists = a.IfNotExists() != nil
	switch {
	case a.PARTITION() != nil:
		n.Kind = "add partition"
		for _, p := range a.AllPartDef() {
			n.Parts = append(n.Parts, b.partDef(p))
		}
		return []*ir.AlterAction{n}
	case a.SYSTEM_VERSIONING() != nil:
		n.Kind = "other"
		return []*ir.AlterAction{n}
	case a.ColumnDef() != nil:
		b.addColumn(a.ColumnDef(), n)
		return []*ir.AlterAction{n}
	}
	var out []*ir.AlterAction
	for _, e := range a.AllTableElem() {
		x := &ir.AlterAction{PartMeta: part(b.span(e)), Text: "ADD " + b.text(e), IfExists: n.IfExists}
		if len(a.AllTableElem()) == 1 {
			x.Span, x.Text = n.Span, n.Text
		}
		b.addElem(e, x)
		out = append(out, x)
	}
	return out
}

func (b *builder) addColumn(c g.IColumnDefContext, n *ir.AlterAction) {
	col := b.columnDef(c)
	n.Kind, n.Column, n.Position, n.After = "add column", col.def, col.position, col.after
}

func (b *builder) addElem(e g.ITableElemContext, n *ir.AlterAction) {
	switch {
	case e.ColumnDef() != nil:
		b.addColumn(e.ColumnDef(), n)
	case e.ConstraintDef() != nil:
		switch k := b.constraint(e.ConstraintDef()).(type) {
		case *ir.KeyDef:
			n.Kind, n.Key = "add key", k
		case *ir.ForeignKeyDef:
			n.Kind, n.Foreign = "add foreign", k
		case *ir.CheckDef:
			n.Kind, n.Check = "add check", k
		}
	default:
		n.Kind = "other"
	}
}

func (b *builder) alterDrop(a g.IAlterSpecContext, n *ir.AlterAction) {
	n.IfExists = a.IfExists() != nil
	if a.Ident(0) != nil {
		n.Old = b.ident(a.Ident(0))
	}
	switch {
	case a.PRIMARY() != nil:
		n.Kind = "drop primary"
	case a.FOREIGN() != nil:
		n.Kind = "drop foreign"
	case a.INDEX() != nil, a.KEY() != nil:
		n.Kind = "drop key"
	case a.CONSTRAINT() != nil:
		n.Kind = "drop constraint"
	case a.CHECK() != nil:
		n.Kind = "drop check"
	case a.PARTITION() != nil:
		n.Kind = "drop partition"
		for _, id := range a.IdentList().AllIdent() {
			n.Parts = append(n.Parts, &ir.Partition{PartMeta: part(b.span(id)), Name: b.ident(id)})
		}
	case a.PERIOD_FOR() != nil, a.SYSTEM_VERSIONING() != nil:
		n.Kind = "other"
	default:
		n.Kind = "drop column"
	}
}

func (b *builder) alterAlter(a g.IAlterSpecContext, n *ir.AlterAction) {
	n.IfExists = a.IfExists() != nil
	if a.Ident(0) != nil {
		n.Old = b.ident(a.Ident(0))
	}
	switch {
	case a.INDEX() != nil, a.CONSTRAINT() != nil, a.CHECK() != nil:
		n.Kind = "other"
	case a.DefaultValue() != nil:
		n.Kind, n.Expr = "alter default", b.defaultValue(a.DefaultValue())
	case a.DROP() != nil:
		n.Kind = "alter default"
	default: // SET VISIBLE or INVISIBLE
		n.Kind = "other"
	}
}

func (b *builder) alterRename(a g.IAlterSpecContext, n *ir.AlterAction) {
	switch {
	case a.COLUMN() != nil:
		n.Kind = "rename column"
	case a.INDEX() != nil, a.KEY() != nil:
		n.Kind = "rename key"
	default:
		n.Kind, n.New = "rename", b.qname(a.Qname())
		return
	}
	n.Old = b.ident(a.Ident(0))
	n.New = ir.QName{Parts: []ir.Ident{b.ident(a.Ident(1))}, Span: b.span(a.Ident(1))}
}

// alterOther is told by its words: table options, keys on and off, partition maintenance.
func (b *builder) alterOther(a g.IAlterSpecContext, n *ir.AlterAction) []*ir.AlterAction {
	switch w := strings.Join(strings.Fields(words(b.tokens(a))), " "); {
	case w == "DISABLE KEYS":
		n.Kind = "disable keys"
	case w == "ENABLE KEYS":
		n.Kind = "enable keys"
	case strings.HasPrefix(w, "TRUNCATE PARTITION"):
		n.Kind = "truncate partition"
		for _, t := range b.tokens(a)[2:] {
			if t.Type == g.MySQLParserIDENT || t.Type == g.MySQLParserQIDENT {
				n.Parts = append(n.Parts, &ir.Partition{PartMeta: part(b.ts.Span(t.Index(), t.Index())), Name: identOf(&t)})
			}
		}
	case len(a.AllTableOption()) > 0 && a.PartitionBy() == nil && !strings.HasPrefix(w, "REMOVE") && !strings.HasPrefix(w, "DISCARD") && !strings.HasPrefix(w, "IMPORT"):
		return b.alterOptions(a, n)
	default:
		n.Kind = "other"
	}
	return []*ir.AlterAction{n}
}

// alterOptions splits options that are written without commas.
func (b *builder) alterOptions(a g.IAlterSpecContext, n *ir.AlterAction) []*ir.AlterAction {
	var out []*ir.AlterAction
	for _, o := range a.AllTableOption() {
		x := &ir.AlterAction{PartMeta: part(b.span(o)), Kind: "option", Text: b.text(o)}
		if o.SYSTEM_VERSIONING() != nil || o.UNION() != nil {
			x.Kind = "other"
		}
		out = append(out, x)
	}
	return out
}

// ---- DROP, RENAME, TRUNCATE ----

func (b *builder) dropStmt(c g.IDropStmtContext) ir.Stmt {
	d := &ir.Drop{StmtMeta: stmt(b.span(c)), Temporary: c.TEMPORARY() != nil, IfExists: c.IfExists() != nil}
	for _, q := range c.AllQname() {
		d.Names = append(d.Names, b.qname(q))
	}
	if t := c.DropTail(); t != nil {
		d.Cascade = t.CASCADE() != nil
	}
	named := func(i g.IIdentContext) {
		d.Names = []ir.QName{{Parts: []ir.Ident{b.ident(i)}, Span: b.span(i)}}
	}
	switch {
	case c.PREPARE() != nil:
		return &ir.Deallocate{StmtMeta: d.StmtMeta, Name: b.ident(c.Ident())}
	case c.TABLE() != nil:
		d.Kind = "table"
	case c.VIEW() != nil:
		d.Kind = "view"
	case c.DATABASE() != nil:
		d.Kind = "schema"
		named(c.Ident())
	case c.INDEX() != nil:
		d.Kind = "index"
		named(c.Ident())
		d.On = b.target(c.Qname(0), nil)
	case c.PROCEDURE() != nil:
		d.Kind = "procedure"
	case c.FUNCTION() != nil:
		d.Kind = "function"
	case c.TRIGGER() != nil:
		d.Kind = "trigger"
	case c.EVENT() != nil:
		d.Kind = "event"
	case c.SEQUENCE() != nil:
		d.Kind = "sequence"
	default:
		return b.refuse(c, codeAdmin, "DROP "+strings.ToUpper(c.IDENT().GetText()))
	}
	return d
}

func (b *builder) renameStmt(c g.IRenameStmtContext) ir.Stmt {
	if c.TABLE() == nil {
		return b.refuse(c, codeAdmin, "RENAME "+strings.ToUpper(c.IDENT().GetText()))
	}
	r := &ir.RenameTables{StmtMeta: stmt(b.span(c))}
	for _, i := range c.AllRenameItem() {
		r.Pairs = append(r.Pairs, [2]ir.QName{b.qname(i.Qname(0)), b.qname(i.Qname(1))})
	}
	return r
}

// truncateStmt empties a table; its AUTO_INCREMENT starts again (TRUNCATE TABLE Statement).
func (b *builder) truncateStmt(c g.ITruncateStmtContext) ir.Stmt {
	return &ir.Truncate{StmtMeta: stmt(b.span(c)), Table: b.target(c.Qname(), nil), RestartIdentity: true}
}

// ---- what a unit makes ----

// describe names the object of a unit and its kind.
func describe(u *ir.Unit, s ir.Stmt) {
	switch s := s.(type) {
	case *ir.CreateTable:
		setObject(u, "table", s.Name)
	case *ir.CreateView:
		setObject(u, "view", s.Name)
	case *ir.CreateIndex:
		setObject(u, "index", ir.QName{Parts: append(s.Table.Name.Parts[:len(s.Table.Name.Parts)-1:len(s.Table.Name.Parts)-1], s.Key.Name)})
	case *ir.CreateSequence:
		setObject(u, "sequence", s.Name)
	case *ir.CreateTrigger:
		setObject(u, "trigger", s.Name)
	case *ir.CreateEvent:
		setObject(u, "event", s.Name)
	case *ir.Routine:
		if s.Kind == catalog.Function {
			setObject(u, "function", s.Name)
		} else {
			setObject(u, "procedure", s.Name)
		}
	case *ir.CreateSchema:
		u.Kind, u.Name, u.Object = "schema", s.Name.Text, "schema "+s.Name.Text
	case *ir.AlterTable:
		setObject(u, "table", s.Table.Name)
		u.Kind = "alter"
	case *ir.Insert, *ir.Update, *ir.Delete, *ir.Truncate:
		u.Kind = "data"
	case *ir.QueryStmt, *ir.SelectInto:
		u.Kind = "query"
	}
}

package postgres

import (
	"strings"

	"godwit/emit"
	"godwit/ir"
	"godwit/ir/catalog"
)

func (p *printer) createSchema(s *ir.CreateSchema) emit.Doc {
	if s.Alter {
		p.fail(s, "ALTER DATABASE")
	}
	return txt("CREATE SCHEMA " + not(s.IfNotExists, "", "IF NOT EXISTS ") + Quote(p.e.schema(s.Name.Text)))
}

func (p *printer) createTable(s *ir.CreateTable) emit.Doc {
	head := "CREATE " + not(s.Temporary, "", "TEMPORARY ") + "TABLE " + not(s.IfNotExists, "", "IF NOT EXISTS ") + p.tableName(s.Name, s.Object)
	d := []emit.Doc{txt(head)}
	if parts := p.tableParts(s); len(parts) > 0 {
		d = append(d, txt(" ("), emit.Nest(emit.Hard, emit.Join(emit.Cat(txt(","), emit.Hard), parts)), emit.Hard, txt(")"))
	} else if s.As == nil {
		d = append(d, txt(" ()"))
	}
	if s.Partition != nil {
		d = append(d, emit.Hard, p.partitionBy(s.Partition))
	}
	if s.OnCommit != "" {
		d = append(d, emit.Hard, txt("ON COMMIT "+upper(s.OnCommit)))
	}
	if s.As != nil {
		d = append(d, txt(" AS"), emit.Hard, p.query(s.As))
	}
	if why, ok := p.e.Expressible(s); !ok {
		p.fail(s, why)
	}
	return emit.Cat(d...)
}

func (p *printer) tableParts(s *ir.CreateTable) []emit.Doc {
	var parts []emit.Doc
	add := func(m *ir.Meta, d emit.Doc) { parts = append(parts, emit.Mark(m, d)) }
	if s.Like != nil {
		like := "LIKE " + p.qname(*s.Like, nil) + " INCLUDING ALL"
		if s.LikeKeys {
			like += " EXCLUDING INDEXES"
		}
		parts = append(parts, txt(like))
	}
	for _, c := range s.Columns {
		add(c.Base(), p.column(c))
	}
	for _, k := range s.Keys {
		add(k.Base(), p.constraintKey(k))
	}
	for _, f := range s.ForeignKeys {
		add(f.Base(), p.foreignKey(f))
	}
	for _, c := range s.Checks {
		add(c.Base(), p.check(c))
	}
	return parts
}

func (p *printer) defName(name ir.Ident, c *catalog.Column) string {
	if c != nil && c.Target != "" {
		return Quote(c.Target)
	}
	return p.ident(name)
}

func (p *printer) column(c *ir.ColumnDef) emit.Doc {
	d := []emit.Doc{txt(p.defName(c.Name, c.Object)), txt(p.columnType(c))}
	if c.CollationSQL != nil {
		d = append(d, txt("COLLATE "+p.collationName(*c.CollationSQL)))
	}
	if c.NotNull {
		d = append(d, txt("NOT NULL"))
	}
	switch {
	case c.Generated != nil:
		d = append(d, emit.Cat(txt("GENERATED ALWAYS AS "), emit.Enclose("(", p.any(c.Generated), ")"), txt(not(c.GenKind == catalog.Virtual, " STORED", " VIRTUAL"))))
	case c.Identity != nil:
		d = append(d, emit.Mark(c.Identity.Base(), txt(identity(c.Identity))))
	case c.Default != nil:
		d = append(d, emit.Cat(txt("DEFAULT "), p.bare(c.Default)))
	}
	if c.Primary {
		d = append(d, txt("PRIMARY KEY"))
	}
	if c.Unique {
		d = append(d, txt("UNIQUE"))
	}
	parts := []emit.Doc{emit.Words(d...)}
	for _, x := range c.Checks {
		parts = append(parts, emit.Mark(x.Base(), p.check(x)))
	}
	if why, ok := p.e.Expressible(c); !ok {
		p.fail(c, why)
	}
	return emit.Group(emit.Nest(emit.Join(emit.Line, parts)))
}

func (p *printer) columnType(c *ir.ColumnDef) string {
	if c.TypeSQL != "" {
		return c.TypeSQL
	}
	p.fail(c, "a column whose type is not lowered")
	return "text"
}

// bare prints a value where the grammar wants a b_expr: closed pieces as they are, everything else in parentheses.
func (p *printer) bare(x ir.Expr) emit.Doc {
	if c, ok := x.(*ir.Cast); ok && atomic(c.X) {
		return p.any(x)
	}
	if u, ok := x.(*ir.Unary); ok && u.Op == ir.Neg && atomic(u.X) {
		return p.any(x)
	}
	if atomic(x) {
		return p.any(x)
	}
	return parens(p.any(x))
}

func identity(x *ir.Identity) string {
	s := "GENERATED " + not(x.Always, "BY DEFAULT", "ALWAYS") + " AS IDENTITY"
	var options []string
	if x.Options != nil {
		options = counterOptions(x.Options)
	}
	if x.Start != "" && x.Start != "1" {
		options = append(options, "START WITH "+x.Start)
	}
	if len(options) > 0 {
		s += " (" + strings.Join(options, " ") + ")"
	}
	return s
}

func (p *printer) constraintName(name ir.Ident) string {
	if name.Text == "" {
		return ""
	}
	return "CONSTRAINT " + p.ident(name) + " "
}

func (p *printer) constraintKey(k *ir.KeyDef) emit.Doc {
	word := "PRIMARY KEY "
	switch k.Kind {
	case catalog.Primary:
	case catalog.Unique:
		word = "UNIQUE " + not(k.NullsNotDistinct, "", "NULLS NOT DISTINCT ")
	default:
		p.fail(k, "an index inside CREATE TABLE")
	}
	docs := make([]emit.Doc, len(k.Parts))
	for i, x := range k.Parts {
		if x.Expr != nil || x.Prefix > 0 || x.CollationSQL != nil {
			p.fail(x, "a key over a prefix or an expression as constraint")
		}
		docs[i] = emit.Mark(x.Base(), txt(p.ident(x.Column)))
	}
	return emit.Cat(txt(p.constraintName(k.Name)+word), emit.Enclose("(", emit.List(docs), ")"), txt(deferrable(" ", k.Deferrable, k.Deferred)))
}

func (p *printer) foreignKey(f *ir.ForeignKeyDef) emit.Doc {
	d := []emit.Doc{emit.Cat(txt(p.constraintName(f.Name)+"FOREIGN KEY "), emit.Enclose("(", p.idents(f.Columns), ")"))}
	ref := emit.Cat(txt("REFERENCES " + p.qname(f.RefTable, nil)))
	if len(f.RefColumns) > 0 {
		ref = emit.Cat(ref, txt(" "), emit.Enclose("(", p.idents(f.RefColumns), ")"))
	}
	d = append(d, ref)
	if f.Match != "" && !strings.EqualFold(f.Match, "simple") {
		d = append(d, txt("MATCH "+upper(f.Match)))
	}
	for _, a := range []struct{ word, action string }{{"ON DELETE ", f.OnDelete}, {"ON UPDATE ", f.OnUpdate}} {
		if a.action != "" && upper(a.action) != "NO ACTION" {
			d = append(d, txt(a.word+upper(a.action)))
		}
	}
	if f.Deferrable {
		d = append(d, txt(deferrable("", f.Deferrable, f.Deferred)))
	}
	if f.NotValid {
		d = append(d, txt("NOT VALID"))
	}
	return emit.Group(emit.Nest(emit.Join(emit.Line, d)))
}

func (p *printer) check(c *ir.CheckDef) emit.Doc {
	if c.NotEnforced {
		p.fail(c, "a check that is not enforced")
	}
	return emit.Cat(txt(p.constraintName(c.Name)+"CHECK "), emit.Enclose("(", p.any(c.Expr), ")"), txt(not(c.NotValid, "", " NOT VALID")))
}

// deferrable says when a constraint is checked, behind a blank or not.
func deferrable(blank string, can, does bool) string {
	if !can {
		return ""
	}
	return blank + "DEFERRABLE" + not(does, "", " INITIALLY DEFERRED")
}

func (p *printer) partitionBy(b *ir.PartitionBy) emit.Doc {
	kind, ok := map[string]string{"range": "RANGE", "list": "LIST", "hash": "HASH"}[b.Kind]
	if !ok || len(b.Parts) > 0 || b.SubKind != "" {
		p.fail(b, "partitioning by "+b.Kind+" with its partitions in CREATE TABLE")
	}
	docs := make([]emit.Doc, len(b.Exprs))
	for i, x := range b.Exprs {
		if n, ok := x.(*ir.Name); ok {
			docs[i] = emit.Mark(n.Base(), txt(p.columnName(n)))
		} else {
			docs[i] = parens(p.any(x))
		}
	}
	return emit.Mark(b.Base(), emit.Cat(txt("PARTITION BY "+kind+" "), emit.Enclose("(", emit.List(docs), ")")))
}

func (p *printer) createPartition(s *ir.CreatePartition) emit.Doc {
	head := "CREATE TABLE " + p.qname(s.Name, nil) + " PARTITION OF " + p.qname(s.Of, s.Object)
	if s.Attach {
		head = "ALTER TABLE " + p.qname(s.Of, s.Object) + " ATTACH PARTITION " + p.qname(s.Name, nil)
	}
	d := []emit.Doc{txt(head), emit.Line}
	switch {
	case s.Default:
		d = append(d, txt("DEFAULT"))
	case s.Range:
		d = append(d, txt("FOR VALUES FROM "), p.boundList(s.From), txt(" TO "), p.boundList(s.To))
	case len(s.In) > 0:
		d = append(d, txt("FOR VALUES IN "), p.boundList(s.In))
	case s.Modulus > 0:
		d = append(d, txtf("FOR VALUES WITH (MODULUS %d, REMAINDER %d)", s.Modulus, s.Remainder))
	default:
		p.fail(s, "a partition without bounds")
	}
	if s.Partition != nil {
		d = append(d, emit.Line, p.partitionBy(s.Partition))
	}
	return emit.Group(emit.Nest(d...))
}

func (p *printer) boundList(list []ir.Expr) emit.Doc {
	docs := make([]emit.Doc, len(list))
	for i, x := range list {
		docs[i] = p.any(x)
		if n, ok := x.(*ir.Name); ok && len(n.Parts) == 1 {
			if w := upper(n.Parts[0].Text); w == "MINVALUE" || w == "MAXVALUE" {
				docs[i] = txt(w)
			}
		}
	}
	return emit.Enclose("(", emit.List(docs), ")")
}

func (p *printer) alterTable(s *ir.AlterTable) emit.Doc {
	docs := make([]emit.Doc, len(s.Actions))
	for i, a := range s.Actions {
		docs[i] = emit.Mark(a.Base(), p.alterAction(a))
	}
	head := txt("ALTER TABLE " + not(s.IfExists, "", "IF EXISTS ") + p.tableName(s.Table.Name, s.Table.Table))
	return emit.Group(head, emit.Nest(emit.Line, emit.List(docs)))
}

func (p *printer) alterAction(a *ir.AlterAction) emit.Doc {
	ifExists := not(a.IfExists, "", "IF EXISTS ")
	old := p.ident(a.Old)
	alter := func(s string) emit.Doc { return txt("ALTER COLUMN " + old + s) }
	switch a.Kind {
	case "add column":
		return emit.Cat(txt("ADD COLUMN "+not(a.IfExists, "", "IF NOT EXISTS ")), p.column(a.Column))
	case "drop column":
		return txt("DROP COLUMN " + ifExists + old)
	case "rename column":
		return txt("RENAME COLUMN " + old + " TO " + Quote(p.e.fold(a.New.Name())))
	case "alter default":
		if a.Expr == nil {
			return alter(" DROP DEFAULT")
		}
		return emit.Cat(alter(" SET DEFAULT "), p.any(a.Expr))
	case "add key":
		return emit.Cat(txt("ADD "), p.constraintKey(a.Key))
	case "add foreign":
		return emit.Cat(txt("ADD "), p.foreignKey(a.Foreign))
	case "add check":
		return emit.Cat(txt("ADD "), p.check(a.Check))
	case "drop constraint":
		return txt("DROP CONSTRAINT " + ifExists + old + not(a.Text == "cascade", "", " CASCADE"))
	case "set type":
		return p.setType(a, old)
	case "set not null":
		return alter(" SET NOT NULL")
	case "drop not null":
		return alter(" DROP NOT NULL")
	case "set identity":
		return emit.Cat(alter(" ADD "), txt(identity(a.Column.Identity)))
	case "drop identity":
		return alter(" DROP IDENTITY IF EXISTS")
	case "restart identity":
		return alter(" RESTART WITH " + a.Text)
	case "rename":
		return txt("RENAME TO " + Quote(p.e.fold(a.New.Name())))
	case "rename constraint":
		return txt("RENAME CONSTRAINT " + old + " TO " + Quote(p.e.fold(a.New.Name())))
	case "set schema":
		return txt("SET SCHEMA " + Quote(p.e.schema(a.New.Name())))
	}
	p.fail(a, "the action "+a.Kind)
	return txt("NULL")
}

func (p *printer) setType(a *ir.AlterAction, old string) emit.Doc {
	d := []emit.Doc{txt("ALTER COLUMN " + old + " TYPE " + p.columnType(a.Column))}
	if c := a.Column.CollationSQL; c != nil {
		d = append(d, txt("COLLATE "+p.collationName(*c)))
	}
	if a.Expr != nil {
		d = append(d, emit.Cat(txt("USING "), p.any(a.Expr)))
	}
	return emit.Words(d...)
}

func (p *printer) createIndex(s *ir.CreateIndex) emit.Doc {
	k := s.Key
	if k.Kind != catalog.Unique && k.Kind != catalog.Index || s.OrReplace || k.Invisible {
		p.fail(s, "an index that is neither plain nor unique")
	}
	head := "CREATE " + not(k.Kind == catalog.Unique, "", "UNIQUE ") + "INDEX " + not(s.IfNotExists, "", "IF NOT EXISTS ") + p.ident(k.Name)
	on := "ON " + p.tableName(s.Table.Name, s.Table.Table)
	if k.Using != "" && !strings.EqualFold(k.Using, "btree") {
		on += " USING " + strings.ToLower(k.Using)
	}
	docs := make([]emit.Doc, len(k.Parts))
	for i, x := range k.Parts {
		docs[i] = emit.Mark(x.Base(), p.indexPart(x))
	}
	d := []emit.Doc{txt(head), txt(on), emit.Enclose("(", emit.List(docs), ")")}
	if k.NullsNotDistinct {
		d = append(d, txt("NULLS NOT DISTINCT"))
	}
	if s.Where != nil {
		d = append(d, p.condition("WHERE", s.Where))
	}
	return emit.Words(d...)
}

func (p *printer) indexPart(x *ir.KeyPart) emit.Doc {
	var d []emit.Doc
	switch y := x.Expr.(type) {
	case nil:
		d = append(d, txt(p.ident(x.Column)))
	case *ir.TargetCall, *ir.HelperCall, *ir.RoutineCall:
		d = append(d, p.any(y))
	default:
		d = append(d, parens(p.any(y)))
	}
	if x.Prefix > 0 {
		p.fail(x, "an index over a prefix")
	}
	if x.CollationSQL != nil {
		d = append(d, txt("COLLATE "+p.collationName(*x.CollationSQL)))
	}
	if x.Desc {
		d = append(d, txt("DESC"))
	}
	switch {
	case x.Nulls == ir.NullsFirst && !x.Desc:
		d = append(d, txt("NULLS FIRST"))
	case x.Nulls == ir.NullsLast && x.Desc:
		d = append(d, txt("NULLS LAST"))
	}
	return emit.Words(d...)
}

func (p *printer) createView(s *ir.CreateView) emit.Doc {
	d := []emit.Doc{txt("CREATE " + not(s.OrReplace, "", "OR REPLACE ") + "VIEW " + p.tableName(s.Name, s.Object))}
	if len(s.Columns) > 0 {
		d = append(d, txt(" "), emit.Enclose("(", p.idents(s.Columns), ")"))
	}
	if s.Security == "invoker" {
		d = append(d, txt(" WITH (security_invoker = true)"))
	}
	d = append(d, txt(" AS"), emit.Hard, p.query(s.Query))
	if s.CheckOption != "" {
		d = append(d, emit.Hard, txt("WITH "+upper(s.CheckOption)+" CHECK OPTION"))
	}
	if why, ok := p.e.Expressible(s); !ok {
		p.fail(s, why)
	}
	return emit.Cat(d...)
}

func (p *printer) materializedView(s *ir.MaterializedView) emit.Doc {
	d := []emit.Doc{txt("CREATE MATERIALIZED VIEW " + p.tableName(s.Name, s.Object))}
	if len(s.Columns) > 0 {
		d = append(d, txt(" "), emit.Enclose("(", p.idents(s.Columns), ")"))
	}
	d = append(d, txt(" AS"), emit.Hard, p.query(s.Query))
	if s.BuildDeferred {
		d = append(d, emit.Hard, txt("WITH NO DATA"))
	}
	return emit.Cat(d...)
}

func (p *printer) createSequence(s *ir.CreateSequence) emit.Doc {
	if s.Alter {
		return p.alterSequence(s)
	}
	d := []emit.Doc{txt("CREATE " + not(s.Temp, "", "TEMPORARY ") + "SEQUENCE " + not(s.IfNotExists, "", "IF NOT EXISTS ") + p.qname(s.Name, nil))}
	for _, o := range counterOptions(s) {
		d = append(d, txt(o))
	}
	if s.OrReplace {
		p.fail(s, "CREATE OR REPLACE SEQUENCE")
	}
	return emit.Group(emit.Nest(emit.Join(emit.Line, d)))
}

// counterOptions are the options of a sequence in the order of the target's manual.
func counterOptions(s *ir.CreateSequence) []string {
	var out []string
	add := func(word, v string) {
		if v != "" {
			out = append(out, word+" "+v)
		}
	}
	add("INCREMENT BY", s.Increment)
	add("MINVALUE", s.Min)
	add("MAXVALUE", s.Max)
	add("START WITH", s.Start)
	add("CACHE", s.Cache)
	if s.Cycle {
		out = append(out, "CYCLE")
	}
	return out
}

func (p *printer) alterSequence(s *ir.CreateSequence) emit.Doc {
	d := []emit.Doc{txt("ALTER SEQUENCE " + not(s.IfExists, "", "IF EXISTS ") + p.qname(s.Name, nil))}
	add := func(word, v string) {
		if v != "" {
			d = append(d, txt(word+" "+v))
		}
	}
	word := func(there bool, w string) {
		if there {
			d = append(d, txt(w))
		}
	}
	add("INCREMENT BY", s.Increment)
	add("MINVALUE", s.Min)
	word(s.NoMin, "NO MINVALUE")
	add("MAXVALUE", s.Max)
	word(s.NoMax, "NO MAXVALUE")
	add("START WITH", s.Start)
	if s.Restart == "start" {
		d = append(d, txt("RESTART"))
	} else {
		add("RESTART WITH", s.Restart)
	}
	word(s.Cycle, "CYCLE")
	word(s.NoCycle, "NO CYCLE")
	return emit.Group(emit.Nest(emit.Join(emit.Line, d)))
}

func (p *printer) createType(s *ir.CreateType) emit.Doc {
	if len(s.Fields) > 0 {
		docs := make([]emit.Doc, len(s.Fields))
		for i, f := range s.Fields {
			docs[i] = emit.Mark(f.Base(), txt(Quote(p.e.fold(f.Name.Text))+" "+p.declType(f, f.TypeSQL, f.Type)))
		}
		return emit.Cat(txt("CREATE TYPE "+p.qname(s.Name, nil)+" AS "), emit.Enclose("(", emit.List(docs), ")"))
	}
	docs := make([]emit.Doc, len(s.Values))
	for i, v := range s.Values {
		docs[i] = txt(literal(v))
	}
	return emit.Cat(txt("CREATE TYPE "+p.qname(s.Name, nil)+" AS ENUM "), emit.Enclose("(", emit.List(docs), ")"))
}

var dropWords = map[string]string{
	"table": "TABLE", "view": "VIEW", "index": "INDEX", "procedure": "PROCEDURE", "function": "FUNCTION",
	"trigger": "TRIGGER", "schema": "SCHEMA", "sequence": "SEQUENCE", "type": "TYPE", "routine": "ROUTINE",
}

func (p *printer) drop(s *ir.Drop) emit.Doc {
	word, ok := dropWords[strings.ToLower(s.Kind)]
	if !ok {
		p.fail(s, "DROP "+upper(s.Kind))
	}
	docs := make([]emit.Doc, len(s.Names))
	for i, n := range s.Names {
		docs[i] = txt(p.qname(n, nil))
		if word == "SCHEMA" {
			docs[i] = txt(Quote(p.e.schema(n.Name())))
		}
	}
	d := []emit.Doc{txt("DROP " + word + not(s.IfExists, " ", " IF EXISTS ")), emit.List(docs)}
	if s.On != nil {
		d = append(d, txt(" ON "+p.tableName(s.On.Name, s.On.Table)))
	}
	if s.Cascade {
		d = append(d, txt(" CASCADE"))
	}
	return emit.Group(d...)
}

func (p *printer) commentOn(s *ir.CommentOn) emit.Doc {
	name := p.qname(s.Name, nil)
	switch {
	case s.Table != nil && s.Kind == "column":
		name = p.tableName(s.Name, s.Table) + "." + p.ident(s.Column)
	case s.Table != nil && s.On == nil:
		name = p.tableName(s.Name, s.Table)
	case s.Kind == "column":
		name += "." + p.ident(s.Column)
	case s.Kind == "function" || s.Kind == "procedure" || s.Kind == "routine":
		name = p.routineName(s.Name, nil)
	case s.On != nil:
		name += " ON " + p.qname(*s.On, nil)
	}
	return emit.Group(txt("COMMENT ON "+upper(s.Kind)+" "+name+" IS"), emit.Nest(emit.Line, txt(literal(s.Text))))
}

// triggerFunction and trigger are the two statements of a trigger.
func (p *printer) triggerFunction(s *ir.CreateTrigger) emit.Doc {
	t := s.Target
	if t == nil || s.Function.Name() == "" {
		p.fail(s, "a trigger that is not lowered")
		return txt("NULL")
	}
	head := txt("CREATE OR REPLACE FUNCTION " + p.routineName(s.Function, nil) + "()")
	if t.Returns == "" {
		c := *t
		c.Returns = "trigger"
		t = &c
	}
	return p.declaration(head, t, s.Body)
}

func (p *printer) trigger(s *ir.CreateTrigger) emit.Doc {
	name := s.TargetName
	if name == "" {
		name = p.e.fold(s.Name.Name())
	}
	events := make([]string, len(s.Events))
	for i, x := range s.Events {
		events[i] = upper(x)
		if strings.EqualFold(x, "update") && len(s.Columns) > 0 {
			cols := make([]string, len(s.Columns))
			for j, c := range s.Columns {
				cols[j] = p.ident(c)
			}
			events[i] += " OF " + strings.Join(cols, ", ")
		}
	}
	d := []emit.Doc{
		txt("CREATE " + not(s.OrReplace, "", "OR REPLACE ") + "TRIGGER " + Quote(name)), emit.Line,
		txt(upper(s.Timing) + " " + strings.Join(events, " OR ") + " ON " + p.tableName(s.Table.Name, s.Table.Table)), emit.Line,
		txt("FOR EACH " + not(s.ForEachRow, "STATEMENT", "ROW")), emit.Line,
	}
	if s.When != nil {
		d = append(d, txt("WHEN "), emit.Enclose("(", p.any(s.When), ")"), emit.Line)
	}
	return emit.Group(emit.Nest(append(d, txt("EXECUTE FUNCTION "+p.routineName(s.Function, nil)+"()"))...))
}

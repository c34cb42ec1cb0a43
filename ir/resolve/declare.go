package resolve

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/types"
)

// declare enters what a statement creates, changes or drops.
func (r *Resolver) declare(u *ir.Unit, s ir.Stmt) {
	switch s := s.(type) {
	case *ir.Use:
		r.use(s.Schema.Text)
		u.Describe("use", "", "")
	case *ir.CreateSchema:
		r.declareSchema(s)
		u.Describe("schema", "", s.Name.Text)
	case *ir.CreateTable:
		r.declareTable(u, s)
	case *ir.CreateView:
		r.declareView(u, s)
	case *ir.AlterTable:
		r.declareAlter(u, s)
	case *ir.CreateIndex:
		r.declareIndex(u, s)
	case *ir.CreateSequence:
		schema := r.schemaOf(s.Name)
		if !s.Alter {
			r.cat.AddSequence(&catalog.Sequence{Schema: schema, Name: s.Name.Name(), Cycle: s.Cycle})
		} else if q := r.cat.Sequence(schema, s.Name.Name()); q != nil {
			q.Cycle = (q.Cycle || s.Cycle) && !s.NoCycle
		}
		u.Describe("sequence", schema, s.Name.Name())
	case *ir.Routine:
		r.declareRoutine(u, s)
	case *ir.CreateTrigger:
		r.declareTrigger(u, s)
	case *ir.CreateEvent:
		u.Describe("event", r.schemaOf(s.Name), s.Name.Name())
	case *ir.Drop:
		r.declareDrop(u, s)
	case *ir.RenameTables:
		for _, p := range s.Pairs {
			r.rename(p[0], p[1])
		}
		u.Describe("other", "", "")
	case *ir.Insert:
		r.noteBlanks(s)
		u.Describe("data", "", "")
	case *ir.Update, *ir.Delete, *ir.Truncate:
		u.Describe("data", "", "")
	case *ir.QueryStmt:
		u.Describe("query", "", "")
	default:
		u.Describe("other", "", "")
	}
}

func (r *Resolver) schemaOf(q ir.QName) string {
	if s := q.Schema(); s != "" {
		return s
	}
	return r.schema
}

func (r *Resolver) declareSchema(s *ir.CreateSchema) {
	if s.Alter && s.Name.Text == "" {
		s.Name.Text = r.schema
	}
	c := r.schemaCollation("")
	if s.Collation != "" {
		c = r.mustCollation(s.Collation, s)
	} else if s.Charset != "" {
		if d, ok := r.sem.DefaultOf(s.Charset); ok {
			c = d
		}
	}
	r.schemas[strings.ToLower(s.Name.Text)] = c
}

func (r *Resolver) mustCollation(name string, at ir.Node) types.Collation {
	c, ok := r.sem.Collation(name)
	if !ok {
		r.fail(unknownCollation, at.Base().Span, "collation %s is not known", name)
		return types.Collation{Name: name}
	}
	return c
}

// schemaCollation is the default collation of a database.
func (r *Resolver) schemaCollation(schema string) types.Collation {
	if schema == "" {
		schema = r.schema
	}
	if c, ok := r.schemas[strings.ToLower(schema)]; ok {
		return c
	}
	return r.connection()
}

func (r *Resolver) declareTable(u *ir.Unit, s *ir.CreateTable) {
	schema := r.schemaOf(s.Name)
	t := &catalog.Table{Schema: schema, Name: s.Name.Name(), Engine: s.Engine, Comment: s.Comment, AutoStart: s.AutoStart}
	if s.Temporary {
		t.Kind = catalog.TempTable
	}
	u.Describe("table", schema, t.Name)
	old := r.cat.Table(schema, t.Name)
	if old != nil && !r.gone[old] && s.IfNotExists && (old.Kind == catalog.TempTable) == s.Temporary {
		s.Object, s.Exists = old, r.made == nil
		return
	}
	r.tableDefaults(s, t)
	for _, c := range s.Columns {
		if f := r.columnRefers(c); f != nil {
			s.ForeignKeys = append(s.ForeignKeys, f)
		}
		t.Columns = append(t.Columns, r.declareColumn(t, c))
		t.Checked = t.Checked || len(c.Checks) > 0
	}
	t.Checked = t.Checked || len(s.Checks) > 0
	r.noteChecks(s, t)
	for _, k := range s.Keys {
		addKey(t, k)
	}
	for _, c := range s.Checks {
		r.check(t, c)
	}
	for _, f := range s.ForeignKeys {
		t.ForeignKeys = append(t.ForeignKeys, r.foreignKey(t, f))
	}
	if s.Like != nil {
		r.likeTable(s, t)
	}
	if s.As != nil {
		r.views[t] = &view{query: s.As, extra: len(t.Columns), unit: u, schema: r.schema}
	}
	if s.Temporary && old != nil && old.Kind != catalog.TempTable {
		r.hidden[t] = old
	}
	if s.Temporary && r.made == nil {
		r.temps = append(r.temps, t)
	}
	s.Object = t
	r.cat.AddTable(t)
	r.counters(t)
}

// noteChecks says that early versions of the source do not enforce CHECK constraints, which the target does.
func (r *Resolver) noteChecks(s *ir.CreateTable, t *catalog.Table) {
	if t.Checked && r.sem.EarlyChecksIgnored {
		r.note(earlyChecks, s.Span, "the CHECK constraints of %s are assumed to be enforced", t.Name)
	}
}

// counters tells the columns that refer to AUTO_INCREMENT columns, through any number of foreign keys: those of the table, and those
// of tables declared before it.
func (r *Resolver) counters(t *catalog.Table) {
	for _, f := range t.ForeignKeys {
		key := strings.ToLower(f.RefSchema + "\x00" + f.RefTable)
		if !slices.Contains(r.referring[key], t) {
			r.referring[key] = append(r.referring[key], t)
		}
		r.follow(t, f)
	}
	for _, child := range r.referrers(t) {
		for _, f := range child.ForeignKeys {
			if strings.EqualFold(f.RefTable, t.Name) && strings.EqualFold(f.RefSchema, t.Schema) {
				r.follow(child, f)
			}
		}
	}
}

// referrers are the tables whose foreign keys refer to a table, without those that another definition of their name took the place of:
// a script that makes the same tables many times has many of these.
func (r *Resolver) referrers(t *catalog.Table) []*catalog.Table {
	key := strings.ToLower(t.Schema + "\x00" + t.Name)
	all := r.referring[key]
	if slices.ContainsFunc(all, r.replaced) {
		all = slices.DeleteFunc(slices.Clone(all), r.replaced) // a caller further up may be reading the old list
		r.referring[key] = all
	}
	return all
}

// replaced tells that the catalog has another table, or none, of a table's name, and that no temporary table hides it.
func (r *Resolver) replaced(t *catalog.Table) bool {
	if r.cat.Table(t.Schema, t.Name) == t {
		return false
	}
	for _, h := range r.hidden {
		if h == t {
			return false
		}
	}
	return true
}

// follow tells the columns of one foreign key.
func (r *Resolver) follow(t *catalog.Table, f *catalog.ForeignKey) {
	parent := r.cat.Table(f.RefSchema, f.RefTable)
	if parent == nil {
		return
	}
	refs := f.RefColumns
	if k := parent.PrimaryKey(); len(refs) == 0 && k != nil {
		for _, p := range k.Parts {
			refs = append(refs, p.Column)
		}
	}
	changed := false
	for i, name := range f.Columns {
		c := t.Column(name)
		if i >= len(refs) || c == nil || c.Counter || c.AutoIncrement {
			continue
		}
		if o := parent.Column(refs[i]); o != nil && (o.AutoIncrement || o.Counter) {
			c.Counter, changed = true, true
		}
	}
	if changed && parent != t {
		r.counters(t)
	}
}

// tableDefaults takes the table's collation from its options, else from the database.
func (r *Resolver) tableDefaults(s *ir.CreateTable, t *catalog.Table) {
	t.Charset, t.Collation = s.Charset, r.schemaCollation(t.Schema)
	switch {
	case s.Collation != "":
		t.Collation = r.mustCollation(s.Collation, s)
	case s.Charset != "":
		c, ok := r.sem.DefaultOf(s.Charset)
		if !ok {
			r.fail(unknownCollation, s.Span, "charset %s is not known", s.Charset)
		}
		t.Collation = c
	}
	if t.Charset == "" {
		t.Charset = r.sem.Charset(t.Collation.Name)
	}
}

// declareColumn completes the type of a column definition and enters the column, with the keys that it declares.
func (r *Resolver) declareColumn(t *catalog.Table, c *ir.ColumnDef) *catalog.Column {
	c.Type = r.columnType(t, c)
	col := &catalog.Column{
		Name: c.Name.Text, Type: c.Type, Nullable: !c.NotNull && !c.Primary, HasDefault: c.Default != nil && !isNull(c.Default),
		AutoIncrement: c.AutoIncrement, OnUpdateNow: c.OnUpdate != nil, Generated: c.GenKind, Invisible: c.Invisible, Comment: c.Comment,
	}
	if c.Default != nil {
		col.Value = ir.Clone(c.Default)
	}
	if c.Generated != nil {
		col.Formula = ir.Clone(c.Generated)
	}
	if c.Generated != nil && c.GenKind == catalog.NotGenerated {
		col.Generated = catalog.Virtual
	}
	if c.Default != nil {
		col.Default = c.Default.Base().Span.Text()
	}
	if c.AutoIncrement {
		col.Nullable = false
	}
	c.Object = col
	part := []catalog.KeyPart{{Column: col.Name}}
	if c.Primary {
		t.Keys = append(t.Keys, &catalog.Key{Name: "PRIMARY", Kind: catalog.Primary, Parts: part})
	}
	if c.Unique {
		t.Keys = append(t.Keys, &catalog.Key{Name: freeKeyName(t, col.Name), Kind: catalog.Unique, Parts: part})
	}
	return col
}

// columnRefers takes the foreign key that a column declares itself; nil if it declares none.
func (r *Resolver) columnRefers(c *ir.ColumnDef) *ir.ForeignKeyDef {
	f := c.References
	if f == nil || !r.sem.ColumnsRefer {
		return nil
	}
	c.References = nil
	f.Columns = []ir.Ident{c.Name}
	return f
}

func isNull(e ir.Expr) bool { _, ok := e.(*ir.Null); return ok }

// columnType completes a column's type with its charset and collation: column, then table.
func (r *Resolver) columnType(t *catalog.Table, c *ir.ColumnDef) types.Type {
	set := func(charset string, coll types.Collation) (string, types.Collation) {
		if c.Charset != "" {
			charset = c.Charset
		}
		if c.Collation != "" {
			return r.sem.Charset(c.Collation), r.mustCollation(c.Collation, c)
		}
		charset, coll = r.charsetOf(charset, coll, t.Collation)
		if c.BinaryAttr {
			if b, ok := r.sem.BinaryOf(charset); ok {
				coll = b
			}
		}
		return charset, coll
	}
	switch x := c.Type.(type) {
	case types.Text:
		x.Charset, x.Collation = set(x.Charset, x.Collation)
		return x
	case types.Enum:
		x.Charset, x.Collation = set(x.Charset, x.Collation)
		x.Values = members(x.Values, x.Charset)
		return x
	case types.Set:
		x.Charset, x.Collation = set(x.Charset, x.Collation)
		x.Values = members(x.Values, x.Charset)
		return x
	case nil:
		return types.Unknown{Why: "the column has no type"}
	}
	return c.Type
}

// members are the values of an ENUM or SET, which lose blanks at the end unless they are bytes.
func members(values []string, charset string) []string {
	if strings.EqualFold(charset, "binary") {
		return values
	}
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = strings.TrimRight(v, " ")
	}
	return out
}

// addKey enters a key; the columns of a primary key are not nullable.
func addKey(t *catalog.Table, k *ir.KeyDef) {
	key := &catalog.Key{Name: k.Name.Text, Kind: k.Kind}
	for _, p := range k.Parts {
		key.Parts = append(key.Parts, catalog.KeyPart{Column: p.Column.Text, Prefix: p.Prefix, Desc: p.Desc})
	}
	switch {
	case k.Kind == catalog.Primary:
		key.Name = "PRIMARY"
		for _, p := range key.Parts {
			if c := t.Column(p.Column); c != nil {
				c.Nullable = false
			}
		}
	case key.Name == "" && len(key.Parts) > 0:
		key.Name = freeKeyName(t, key.Parts[0].Column)
	}
	k.Object = key
	t.Keys = append(t.Keys, key)
}

// freeKeyName is the name the source gives a key without one: its first column, with a number when that is taken.
func freeKeyName(t *catalog.Table, column string) string {
	if column == "" {
		column = "functional_index"
	}
	name := column
	for n := 2; ; n++ {
		taken := false
		for _, k := range t.Keys {
			taken = taken || strings.EqualFold(k.Name, name)
		}
		if !taken {
			return name
		}
		name = column + "_" + itoa(n)
	}
}

func texts(ids []ir.Ident) []string {
	out := make([]string, len(ids))
	for i, x := range ids {
		out[i] = x.Text
	}
	return out
}

func (r *Resolver) foreignKey(t *catalog.Table, f *ir.ForeignKeyDef) *catalog.ForeignKey {
	schema := f.RefTable.Schema()
	if schema == "" {
		schema = t.Schema
	}
	if f.Name.Text != "" {
		t.ForeignNames = append(t.ForeignNames, f.Name.Text)
	}
	return &catalog.ForeignKey{Name: f.Name.Text, Columns: texts(f.Columns), RefSchema: schema, RefTable: f.RefTable.Name(), RefColumns: texts(f.RefColumns), OnDelete: f.OnDelete, OnUpdate: f.OnUpdate}
}

// likeTable copies columns and keys (no foreign keys) of another table.
func (r *Resolver) likeTable(s *ir.CreateTable, t *catalog.Table) {
	from := r.findTable(*s.Like)
	if from == nil {
		r.missingTable(*s.Like, s.Like.Span)
		return
	}
	for _, c := range from.Columns {
		x := *c
		t.Columns = append(t.Columns, &x)
	}
	for _, k := range from.Keys {
		x := *k
		x.Target = ""
		x.Parts = append([]catalog.KeyPart(nil), k.Parts...)
		t.Keys = append(t.Keys, &x)
	}
	t.Engine, t.Charset, t.Collation, t.Reordered = from.Engine, from.Charset, from.Collation, from.Reordered
}

func (r *Resolver) declareView(u *ir.Unit, s *ir.CreateView) {
	schema := r.schemaOf(s.Name)
	u.Describe("view", schema, s.Name.Name())
	t := &catalog.Table{Schema: schema, Name: s.Name.Name(), Kind: catalog.ViewTable, Collation: r.schemaCollation(schema)}
	if old := r.cat.Table(schema, t.Name); s.OrReplace && old != nil && old.Kind == catalog.ViewTable && !r.gone[old] {
		s.Replaces = old
		r.columnsOf(old)
	}
	s.Object = t
	r.views[t] = &view{query: s.Query, names: s.Columns, unit: u, schema: r.schema, temporary: strings.EqualFold(s.Algorithm, "temptable")}
	r.cat.AddTable(t)
}

func (r *Resolver) declareIndex(u *ir.Unit, s *ir.CreateIndex) {
	schema := r.schemaOf(s.Table.Name)
	u.Describe("index", schema, s.Key.Name.Text)
	if t := r.findTable(s.Table.Name); t != nil {
		addKey(t, s.Key)
		t.Keys[len(t.Keys)-1].Index = true
	}
}

func (r *Resolver) declareTrigger(u *ir.Unit, s *ir.CreateTrigger) {
	schema := s.Name.Schema()
	if schema == "" {
		schema = r.schemaOf(s.Table.Name)
	}
	u.Describe("trigger", schema, s.Name.Name())
	if t := r.cat.Table(r.schemaOf(s.Table.Name), s.Table.Name.Name()); t != nil && slices.Contains(s.Events, "insert") {
		t.Triggered = true
	}
	r.orderTrigger(s, schema)
}

// declareRoutine completes the types of parameters and result and enters the routine.
func (r *Resolver) declareRoutine(u *ir.Unit, s *ir.Routine) {
	schema := r.schemaOf(s.Name)
	kind := "procedure"
	if s.Kind == catalog.Function {
		kind = "function"
	}
	u.Describe(kind, schema, s.Name.Name())
	o := &catalog.Routine{Schema: schema, Name: s.Name.Name(), Kind: s.Kind}
	coll := r.schemaCollation(schema)
	for _, p := range s.Params {
		if p.TypeOf != nil {
			p.Type = r.typeOf(*p.TypeOf, p)
		}
		p.Type = r.fill(p.Type, coll)
		o.Params = append(o.Params, catalog.Param{Name: p.Name.Text, Mode: p.Mode, Type: p.Type})
	}
	if s.Returns != nil {
		s.Returns = r.fill(s.Returns, coll)
		o.Returns = s.Returns
	}
	s.Object = o
	// Until the body is known, it may do anything.
	o.Facts = catalog.Facts{CanRaise: true, NoRow: true, Writes: true, ReadsState: true, Transaction: true, Results: -1}
	r.cat.AddRoutine(o)
	r.bodies[o] = s
	r.fresh = append(r.fresh, o)
}

func (r *Resolver) declareDrop(u *ir.Unit, s *ir.Drop) {
	r.leave(s)
	for _, q := range s.Names {
		schema := r.schemaOf(q)
		switch s.Kind {
		case "table", "view":
			t := r.dropped(schema, q.Name(), s.Temporary)
			s.Tables = append(s.Tables, t)
			if r.keepDropped(t) {
				continue
			}
			r.dropTable(schema, q.Name(), s.Temporary)
		case "procedure", "function", "sequence":
			if r.KeepDropped {
				continue
			}
		}
		switch s.Kind {
		case "procedure":
			r.cat.DropRoutine(catalog.Procedure, schema, q.Name())
		case "function":
			r.cat.DropRoutine(catalog.Function, schema, q.Name())
		case "sequence":
			r.cat.DropSequence(schema, q.Name())
		case "index":
			s.Dropped = r.dropKey(s.On, q.Name())
		}
	}
	u.Describe("other", "", "")
}

// keepDropped tells that a dropped table stays for the statements before the DROP; a table that is made later replaces it.
func (r *Resolver) keepDropped(t *catalog.Table) bool {
	if !r.KeepDropped || t == nil || t.Kind == catalog.TempTable {
		return false
	}
	r.gone[t] = true
	return true
}

// dropped is the table that a DROP of the name is about.
func (r *Resolver) dropped(schema, name string, temporary bool) *catalog.Table {
	t := r.cat.Table(schema, name)
	if t != nil && temporary && t.Kind != catalog.TempTable {
		return nil
	}
	return t
}

// dropTable removes a table; dropping a temporary one uncovers the table it hid.
func (r *Resolver) dropTable(schema, name string, temporary bool) {
	t := r.cat.Table(schema, name)
	if t == nil || temporary && t.Kind != catalog.TempTable {
		return
	}
	r.cat.DropTable(schema, name)
	if old := r.hidden[t]; old != nil {
		delete(r.hidden, t)
		r.cat.AddTable(old)
	}
}

func (r *Resolver) dropKey(on *ir.TableRef, name string) *catalog.Key {
	if on == nil {
		return nil
	}
	if t := r.findTable(on.Name); t != nil {
		return removeKey(t, name)
	}
	return nil
}

// removeKey takes a key away and returns it; nil if there is none of the name.
func removeKey(t *catalog.Table, name string) (gone *catalog.Key) {
	kept := t.Keys[:0:0]
	for _, k := range t.Keys {
		if strings.EqualFold(k.Name, name) {
			gone = k
			continue
		}
		kept = append(kept, k)
	}
	t.Keys = kept
	return gone
}

// rename gives a table another name.
func (r *Resolver) rename(from, to ir.QName) {
	if s := r.cat.Sequence(r.schemaOf(from), from.Name()); s != nil && r.cat.Table(r.schemaOf(from), from.Name()) == nil {
		r.cat.DropSequence(s.Schema, s.Name)
		r.cat.AddSequence(&catalog.Sequence{Schema: r.schemaOf(to), Name: to.Name(), Cycle: s.Cycle})
		return
	}
	t := r.findTable(from)
	if t == nil {
		return
	}
	r.cat.DropTable(r.schemaOf(from), from.Name())
	t.Schema, t.Name = r.schemaOf(to), to.Name()
	r.cat.AddTable(t)
}

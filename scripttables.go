package godwit

import (
	"fmt"
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
)

// scriptTables are the tables that a script has made up to a place, as far as information_schema asks about them there: what the
// script answers itself when its statements depend on it (see decided.go).
type scriptTables struct {
	schema string                    // of names without one
	byName map[string][]*scriptTable // by the name in lower case
	temps  map[string]bool           // names that temporary tables have had
	unsure map[string]bool           // names that are written in several ways
	forgot bool                      // there may be tables that are not known
}

// scriptTable is a table or view with its columns and keys, names of those in lower case.
type scriptTable struct {
	schema, name string
	view, gone   bool
	opaque       bool // what it is made of is not known
	columns      []string
	keys         []*scriptKey
	foreign      []scriptForeign
	checks       bool
	// vague are names that the source may have given to the indexes of foreign keys.
	vague map[string]bool
}

type scriptKey struct {
	name    string
	kind    catalog.KeyKind
	columns []string
}

// scriptForeign is a foreign key; its name is "" where the source gives it one.
type scriptForeign struct {
	name    string
	indexes bool // the name is certainly that of the index; the constraint may have another
	columns []string
}

func newScriptTables(schema string) *scriptTables {
	return &scriptTables{schema: schema, byName: map[string][]*scriptTable{}, temps: map[string]bool{}, unsure: map[string]bool{}}
}

// reset forgets all: something may have changed them.
func (s *scriptTables) reset() { s.byName, s.forgot = map[string][]*scriptTable{}, true }

func (s *scriptTables) schemaOf(q ir.QName) string {
	if x := q.Schema(); x != "" {
		return x
	}
	return s.schema
}

// find is a table by its name, nil if the script has not made one. A table that is dropped is there, and gone.
func (s *scriptTables) find(q ir.QName) *scriptTable {
	schema := s.schemaOf(q)
	for _, t := range s.byName[strings.ToLower(q.Name())] {
		if t.schema == schema && t.name == q.Name() {
			return t
		}
	}
	for _, t := range s.byName[strings.ToLower(q.Name())] {
		if strings.EqualFold(t.schema, schema) {
			s.unsure[tempKey(q)] = true // the server may take the two for one
		}
	}
	return nil
}

func (s *scriptTables) put(q ir.QName) *scriptTable {
	t := s.find(q)
	if t == nil {
		t = &scriptTable{}
		k := strings.ToLower(q.Name())
		s.byName[k] = append(s.byName[k], t)
	}
	*t = scriptTable{schema: s.schemaOf(q), name: q.Name(), vague: map[string]bool{}, opaque: s.temps[tempKey(q)]}
	return t
}

// apply notes what a statement does to tables. It tells whether that is known.
func (s *scriptTables) apply(st ir.Stmt) {
	switch n := st.(type) {
	case *ir.Use:
		s.schema = n.Schema.Text
	case *ir.CreateTable:
		s.create(n)
	case *ir.CreateView:
		t := s.put(n.Name)
		t.view, t.opaque = true, true
	case *ir.AlterTable:
		s.alter(n)
	case *ir.CreateIndex:
		if t := s.find(n.Table.Name); t != nil && !s.temps[tempKey(n.Table.Name)] {
			if n.OrReplace || n.IfNotExists {
				t.opaque = true
				return
			}
			t.add(n.Key)
		}
	case *ir.Drop:
		s.drop(n)
	case *ir.RenameTables:
		for _, p := range n.Pairs {
			s.rename(p[0], p[1])
		}
	case *ir.Unsupported:
		s.reset()
	}
}

func tempKey(q ir.QName) string { return strings.ToLower(q.Name()) }

// temporary notes the name of a temporary table, which hides others in some of what follows.
func (s *scriptTables) temporary(q ir.QName) {
	s.temps[tempKey(q)] = true
	for _, t := range s.byName[tempKey(q)] {
		t.opaque = true
	}
}

func (s *scriptTables) create(n *ir.CreateTable) {
	if n.Temporary {
		s.temporary(n.Name)
		return
	}
	if t := s.find(n.Name); t != nil && !t.gone && !n.OrReplace {
		t.opaque = t.opaque || !n.IfNotExists // one of the two fails
		return
	}
	var like scriptTable
	if n.Like != nil {
		o := s.find(*n.Like)
		if o == nil || o.gone || s.temps[tempKey(*n.Like)] {
			o = &scriptTable{opaque: true}
		}
		like = *o
	}
	t := s.put(n.Name)
	t.opaque = t.opaque || n.As != nil || like.opaque || n.IfNotExists && s.forgot || len(n.ForeignKeys) > 0 && n.Engine != "" && !strings.EqualFold(n.Engine, "InnoDB")
	t.columns = slices.Clone(like.columns)
	for _, k := range like.keys {
		c := *k
		c.columns = slices.Clone(k.columns)
		t.keys = append(t.keys, &c)
	}
	t.opaque = t.opaque || len(like.vague) > 0
	t.checks = like.checks || len(n.Checks) > 0
	for _, c := range n.Columns {
		t.column(c)
	}
	for _, k := range n.Keys {
		t.add(k)
	}
	for _, f := range n.ForeignKeys {
		t.refer(f)
	}
}

func (t *scriptTable) column(c *ir.ColumnDef) {
	name := strings.ToLower(c.Name.Text)
	if slices.Contains(t.columns, name) {
		t.opaque = true // the statement fails
		return
	}
	t.columns = append(t.columns, name)
	t.columnKeys(c)
}

// columnKeys adds the keys that stand at a column.
func (t *scriptTable) columnKeys(c *ir.ColumnDef) {
	t.checks = t.checks || len(c.Checks) > 0
	part := []*ir.KeyPart{{Column: c.Name}}
	if c.Primary {
		t.add(&ir.KeyDef{Kind: catalog.Primary, Parts: part})
	}
	if c.Unique {
		t.add(&ir.KeyDef{Kind: catalog.Unique, Parts: part})
	}
	t.opaque = t.opaque || c.References != nil // MariaDB makes a key of it, MySQL does not
}

func (t *scriptTable) key(name string) *scriptKey {
	for _, k := range t.keys {
		if k.name == name {
			return k
		}
	}
	return nil
}

// add adds a key. One without a name gets that of its first column (MySQL Reference Manual, "CREATE TABLE Statement").
func (t *scriptTable) add(d *ir.KeyDef) {
	k := &scriptKey{name: strings.ToLower(d.Name.Text), kind: d.Kind}
	for _, p := range d.Parts {
		k.columns = append(k.columns, strings.ToLower(p.Column.Text))
	}
	switch {
	case d.Kind == catalog.Primary:
		k.name = "primary"
	case k.name == "" && (len(k.columns) == 0 || k.columns[0] == ""):
		t.opaque = true
		return
	case k.name == "":
		k.name = k.columns[0]
		for i := 2; t.key(k.name) != nil || t.vague[k.name]; i++ {
			k.name = fmt.Sprintf("%s_%d", k.columns[0], i)
		}
	}
	if t.key(k.name) != nil {
		t.opaque = true // the statement fails
		return
	}
	t.keys = append(t.keys, k)
}

// refer adds a foreign key, and the names that its index may have.
func (t *scriptTable) refer(f *ir.ForeignKeyDef) {
	d := scriptForeign{name: strings.ToLower(f.Name.Text), indexes: f.FromIndex}
	for _, c := range f.Columns {
		d.columns = append(d.columns, strings.ToLower(c.Text))
	}
	t.opaque = t.opaque || d.name != "" && slices.ContainsFunc(t.foreign, func(f scriptForeign) bool { return f.name == d.name })
	t.foreign = append(t.foreign, d)
	for _, n := range append([]string{d.name}, d.columns...) {
		if n != "" {
			t.vague[n] = true
		}
	}
}

func (s *scriptTables) alter(n *ir.AlterTable) {
	if s.temps[tempKey(n.Table.Name)] {
		return
	}
	t := s.find(n.Table.Name)
	for _, a := range n.Actions {
		if a.Kind == "rename" {
			if len(n.Actions) > 1 && t != nil {
				t.opaque = true
			}
			s.rename(n.Table.Name, a.New)
			if x := s.find(a.New); x != nil && len(n.Actions) > 1 {
				x.opaque = true
			}
			continue
		}
		if t != nil {
			t.action(a)
		}
	}
}

func (t *scriptTable) action(a *ir.AlterAction) {
	old := strings.ToLower(a.Old.Text)
	switch a.Kind {
	case "add column":
		if a.IfExists && a.Column != nil && slices.Contains(t.columns, strings.ToLower(a.Column.Name.Text)) {
			t.opaque = true
			return
		}
		t.column(a.Column)
	case "modify column":
		t.columnKeys(a.Column)
	case "change column":
		t.renameColumn(old, strings.ToLower(a.Column.Name.Text))
		t.columnKeys(a.Column)
	case "rename column":
		t.renameColumn(old, strings.ToLower(a.New.Name()))
	case "drop column":
		t.dropColumn(old)
	case "add key":
		t.add(a.Key)
	case "drop key":
		t.dropKey(old)
	case "drop primary":
		t.dropKey("primary")
	case "rename key":
		if k := t.key(old); k != nil {
			k.name = strings.ToLower(a.New.Name())
		} else {
			t.opaque = true
		}
	case "add foreign":
		t.refer(a.Foreign)
	case "drop foreign":
		if i := slices.IndexFunc(t.foreign, func(f scriptForeign) bool { return f.name == old }); i >= 0 && old != "" && !t.foreign[i].indexes {
			t.foreign = slices.Delete(t.foreign, i, i+1)
		} else {
			t.opaque = true
		}
	case "add check":
		t.checks = true
	case "alter default", "option", "convert charset", "disable keys", "enable keys", "index visibility", "drop check":
	default:
		t.opaque = true
	}
}

func (t *scriptTable) renameColumn(old, name string) {
	i := slices.Index(t.columns, old)
	if i < 0 || old != name && slices.Contains(t.columns, name) {
		t.opaque = true
		return
	}
	t.columns[i] = name
	for _, k := range t.keys {
		for j, c := range k.columns {
			if c == old {
				k.columns[j] = name
			}
		}
	}
	for _, f := range t.foreign {
		for j, c := range f.columns {
			if c == old {
				f.columns[j] = name
			}
		}
	}
}

// dropColumn takes a column away, out of its keys as well; a key without columns goes.
func (t *scriptTable) dropColumn(old string) {
	i := slices.Index(t.columns, old)
	if i < 0 {
		t.opaque = true
		return
	}
	t.columns = slices.Delete(t.columns, i, i+1)
	for _, k := range t.keys {
		k.columns = slices.DeleteFunc(k.columns, func(c string) bool { return c == old })
	}
	t.keys = slices.DeleteFunc(t.keys, func(k *scriptKey) bool { return len(k.columns) == 0 })
}

func (t *scriptTable) dropKey(name string) {
	n := len(t.keys)
	t.keys = slices.DeleteFunc(t.keys, func(k *scriptKey) bool { return k.name == name })
	t.opaque = t.opaque || len(t.keys) == n && !t.vague[name]
	delete(t.vague, name)
}

func (s *scriptTables) drop(n *ir.Drop) {
	switch n.Kind {
	case "table", "view":
		for _, q := range n.Names {
			if t := s.find(q); t != nil && !n.Temporary && !s.temps[tempKey(q)] && t.view == (n.Kind == "view") {
				*t = scriptTable{schema: t.schema, name: t.name, gone: true}
			}
		}
	case "index":
		if n.On == nil || s.temps[tempKey(n.On.Name)] {
			return
		}
		if t := s.find(n.On.Name); t != nil && len(n.Names) == 1 {
			if n.IfExists {
				t.opaque = true
				return
			}
			t.dropKey(strings.ToLower(n.Names[0].Name()))
		}
	case "database", "schema":
		s.reset()
	}
}

func (s *scriptTables) rename(from, to ir.QName) {
	if s.temps[tempKey(from)] {
		s.temporary(to)
		return
	}
	t := s.find(from)
	if t == nil {
		if o := s.find(to); o != nil {
			o.opaque, o.gone = true, false
		}
		return
	}
	c := *t
	n := s.put(to)
	c.schema, c.name = n.schema, n.name
	*n = c
	*t = scriptTable{schema: t.schema, name: t.name, gone: true}
}

// asked is a question about the tables: which columns of the table of information_schema must have which values.
type asked map[string][]string

func (a asked) has(column, v string) bool {
	list, ok := a[column]
	return !ok || slices.Contains(list, v)
}

// count answers how many rows a table of information_schema has, if the script tells.
func (s *scriptTables) count(of string, a asked, schemas []string) (int64, bool) {
	names, ok := a["table_name"]
	if !ok {
		return 0, false
	}
	n := int64(0)
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			continue
		}
		list, known := s.tablesOf(name, schemas)
		if !known {
			return 0, false
		}
		for _, t := range list {
			x, ok := t.count(of, a)
			if !ok {
				return 0, false
			}
			n += x
		}
	}
	return n, true
}

// tablesOf are the tables of a name in the databases; false if the script does not tell that there are no others.
func (s *scriptTables) tablesOf(name string, schemas []string) ([]*scriptTable, bool) {
	if s.unsure[strings.ToLower(name)] || s.temps[strings.ToLower(name)] {
		return nil, false
	}
	var out []*scriptTable
	known := false
	for _, t := range s.byName[strings.ToLower(name)] {
		if t.name != name {
			return nil, false // whether they are the same depends on the source's server
		}
		if schemas != nil && !slices.Contains(schemas, t.schema) {
			if t.schema == "" || slices.Contains(schemas, "") {
				return nil, false
			}
			continue
		}
		known = true
		if !t.gone {
			out = append(out, t)
		}
	}
	return out, known
}

// told are the columns of the tables of information_schema that may be asked for, beside the table and the database.
var told = map[string][]string{
	"tables":                  {"table_type"},
	"columns":                 {"column_name"},
	"statistics":              {"index_name", "column_name", "non_unique"},
	"table_constraints":       {"constraint_name", "constraint_type"},
	"referential_constraints": {"constraint_name"},
	"key_column_usage":        {"constraint_name", "column_name"},
}

func (t *scriptTable) count(of string, a asked) (n int64, ok bool) {
	if of == "tables" {
		kind := "base table"
		if t.view {
			kind = "view"
		}
		if a.has("table_type", kind) {
			n++
		}
		return n, true
	}
	if t.opaque {
		return 0, false
	}
	switch of {
	case "columns":
		for _, c := range t.columns {
			if a.has("column_name", c) {
				n++
			}
		}
		return n, true
	case "statistics":
		return t.indexes(a)
	}
	return t.constraints(of, a)
}

func (t *scriptTable) indexes(a asked) (n int64, ok bool) {
	if names, given := a["index_name"]; !given && len(t.vague) > 0 || slices.ContainsFunc(names, func(x string) bool { return t.isVague(x) }) {
		return 0, false
	}
	for _, k := range t.keys {
		unique := "1"
		if k.kind == catalog.Primary || k.kind == catalog.Unique {
			unique = "0"
		}
		for _, c := range k.columns {
			if a.has("index_name", k.name) && a.has("column_name", c) && a.has("non_unique", unique) {
				n++
			}
		}
	}
	return n, true
}

// isVague tells a name that the index of a foreign key may have; such a name is that of a column, perhaps with a number.
func (t *scriptTable) isVague(name string) bool {
	if t.key(name) != nil {
		return false
	}
	base := strings.TrimRight(name, "0123456789")
	return t.vague[name] || t.vague[strings.TrimSuffix(base, "_")]
}

func (t *scriptTable) constraints(of string, a asked) (n int64, ok bool) {
	row := func(name, kind string, columns []string) {
		if !a.has("constraint_name", name) || of == "table_constraints" && !a.has("constraint_type", kind) {
			return
		}
		if of != "key_column_usage" {
			n++
			return
		}
		for _, c := range columns {
			if a.has("column_name", c) {
				n++
			}
		}
	}
	if of == "table_constraints" && t.checks && a.has("constraint_type", "check") {
		return 0, false // early versions have none
	}
	names, given := a["constraint_name"]
	for _, f := range t.foreign {
		if f.indexes && given {
			return 0, false
		}
		if f.name == "" && given && slices.ContainsFunc(names, func(x string) bool { return strings.Contains(x, "fk") || x == "1" }) && !t.named(names) {
			return 0, false // the source has given it a name
		}
		row(f.name, "foreign key", f.columns)
	}
	if of == "referential_constraints" {
		return n, true
	}
	for _, k := range t.keys {
		switch k.kind {
		case catalog.Primary:
			row(k.name, "primary key", k.columns)
		case catalog.Unique:
			row(k.name, "unique", k.columns)
		}
	}
	return n, true
}

// named tells that all names are those of constraints which the script has named.
func (t *scriptTable) named(names []string) bool {
	return !slices.ContainsFunc(names, func(x string) bool {
		return t.key(x) == nil && !slices.ContainsFunc(t.foreign, func(f scriptForeign) bool { return f.name == x })
	})
}

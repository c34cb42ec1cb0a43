// Package catalog describes the objects of a database by name, type and key, without any code.
//
// It is what name resolution looks in, and what the mover reads to know which rows go where. Each object carries
// its name on the source and, once the DDL has been lowered, its name and types on the target: one rename map for
// code, DDL and data.
package catalog

import (
	"sort"
	"strings"

	"godwit/ir/types"
)

// GenKind says whether and how a column is computed.
type GenKind int

// Kinds of generated columns.
const (
	NotGenerated GenKind = iota
	Virtual
	Stored
)

// Column is a column of a table or view.
type Column struct {
	Name          string
	Type          types.Type
	Nullable      bool
	HasDefault    bool   // an explicit DEFAULT other than NULL
	Default       string // the default's source text, for messages
	AutoIncrement bool
	OnUpdateNow   bool // ON UPDATE CURRENT_TIMESTAMP
	Generated     GenKind
	Invisible     bool
	// Dropped tells that a script which is taken as a whole drops the column: statements before that name it, and no star and no row has it.
	Dropped bool
	// Counter tells that the column refers by a foreign key to an AUTO_INCREMENT column, whose type it has on the target.
	Counter bool
	// Whole tells that a profile of the source shows whole numbers of at most 18 digits in the column.
	Whole bool
	// Wide tells that the column stays a decimal on the target although its digits fit an integer: a foreign key joins it with a column
	// that is none.
	Wide    bool
	Comment string
	// Value is the ir.Expr of the default, Formula that of a generated column, as the source has them; nil if there is none or it is not known.
	Value, Formula any
	Blanks         bool // a text that ends in blanks is known to be stored here

	Target     string // name on the target, unquoted; "" until lowered
	TargetType string // SQL text of the type on the target; "" until lowered
}

// Hidden tells a column that stars, rows and INSERT without a list leave out.
func (c *Column) Hidden() bool { return c.Invisible || c.Dropped }

// Integral tells a NUMBER that is an integer on the target.
func (c *Column) Integral() bool {
	d, ok := c.Type.(types.Decimal)
	return c.Counts() || ok && d.Integral() && !c.Wide
}

// Counts tells a column of whole numbers without digits that 64 bits would hold for sure, which is an integer of 64 bits on the target all the
// same: an identity has no other type there, and so has what refers to one; of others a profile of the source tells it.
func (c *Column) Counts() bool {
	d, ok := c.Type.(types.Decimal)
	return ok && (c.AutoIncrement || c.Counter || c.Whole) && d.Scale == 0 && !d.Integral()
}

// KeyKind is the kind of a key or index.
type KeyKind int

// Kinds of keys.
const (
	Primary KeyKind = iota
	Unique
	Index
	Fulltext
	Spatial
)

// KeyPart is one part of a key: a column, or an expression when Column is "".
type KeyPart struct {
	Column string
	Prefix int // characters or bytes of the column, 0 for all of it
	Desc   bool
}

// Key is a key or index of a table.
type Key struct {
	Name   string
	Kind   KeyKind
	Parts  []KeyPart
	Target string // name on the target
	// Implicit tells that the target gives the constraint its name by itself.
	Implicit bool
	// Index tells that CREATE INDEX made it: it is no constraint on the target.
	Index bool
	// Apart tells that the target has an index in place of the constraint; filled by rules.
	Apart bool
}

// ForeignKey is a reference to another table.
type ForeignKey struct {
	Name               string
	Columns            []string
	RefSchema          string
	RefTable           string
	RefColumns         []string
	OnDelete, OnUpdate string // CASCADE, SET NULL, RESTRICT, NO ACTION, SET DEFAULT or ""
	Target             string
}

// Constraint is a constraint that can be switched off and on again.
type Constraint struct {
	Name     string
	Columns  []string // of a key or NOT NULL
	Key      KeyKind  // of a key
	Def      any      // *ir.CheckDef, *ir.KeyDef or *ir.ForeignKeyDef as the source has it; nil of NOT NULL
	Disabled bool
}

// TableKind separates tables from what looks like them.
type TableKind int

// Kinds of tables.
const (
	BaseTable TableKind = iota
	ViewTable
	TempTable
	SequenceTable
)

// Table is a table or a view.
type Table struct {
	Schema, Name string
	Kind         TableKind
	Columns      []*Column
	Keys         []*Key
	ForeignKeys  []*ForeignKey
	ForeignNames []string // of all foreign keys that the table has or had
	Engine       string
	Charset      string
	Collation    types.Collation // default of the table's text columns
	Comment      string
	AutoStart    string // AUTO_INCREMENT = n, "" if not given
	Checked      bool   // has CHECK constraints
	// Constraints are the constraints of the table as the source defines them, those that are disabled too, where a dialect can switch them.
	Constraints []*Constraint
	// Base is the table that a view changes rows of, nil if it is none that takes rows; Of are the names of its columns that those of the view are.
	Base *Table
	Of   []string
	// Reordered tells that ALTER TABLE placed a column by FIRST or AFTER: the target, which adds columns at the end, has another order.
	Reordered bool
	// Triggered tells that the script has a trigger on the table, on INSERT.
	Triggered bool
	// PerSession tells that all sessions have the table, but each has rows of its own (Oracle's global temporary tables), and what COMMIT does with
	// them ("DELETE ROWS", "PRESERVE ROWS"); "" for all others.
	PerSession string
	// Dictionary tells a view of the server's own data dictionary that the target can show; tables of users may stand in the same schema.
	Dictionary bool
	// RowType is the type of the rows of an object table or view, nil for all others; ObjectKey are the columns that identify an object of a view.
	RowType   *ObjectType
	ObjectKey []string

	TargetSchema, Target string
}

// Column finds a column of exactly that name, or else one whose name differs in case only.
func (t *Table) Column(name string) *Column {
	for _, c := range t.Columns {
		if c.Name == name {
			return c
		}
	}
	for _, c := range t.Columns {
		if strings.EqualFold(c.Name, name) {
			return c
		}
	}
	return nil
}

// PrimaryKey is the primary key, nil if there is none.
func (t *Table) PrimaryKey() *Key {
	for _, k := range t.Keys {
		if k.Kind == Primary {
			return k
		}
	}
	return nil
}

// UniqueKeys lists the primary key first, then the unique keys in order of definition.
func (t *Table) UniqueKeys() []*Key {
	var out []*Key
	if pk := t.PrimaryKey(); pk != nil {
		out = append(out, pk)
	}
	for _, k := range t.Keys {
		if k.Kind == Unique {
			out = append(out, k)
		}
	}
	return out
}

// ParamMode is the direction of a parameter.
type ParamMode int

// Directions of parameters.
const (
	In ParamMode = iota
	Out
	InOut
)

// Param is a parameter of a routine.
type Param struct {
	Name string
	Mode ParamMode
	Type types.Type
	// Default tells that a call may leave the parameter out.
	Default bool
	Target  string // name on the target, "" if it is the same
}

// RoutineKind separates procedures from functions and triggers.
type RoutineKind int

// Kinds of routines.
const (
	Procedure RoutineKind = iota
	Function
	Trigger
	Event
)

// Facts are what is known of a routine or statement over the call graph. An unknown callee has all of them.
type Facts struct {
	CanRaise    bool // may end with an error
	NoRow       bool // may end with a condition of the class "no data"
	Writes      bool // changes rows or schema
	ReadsState  bool // reads session state (user variables, last insert id, found rows)
	Transaction bool // commits, rolls back or starts transactions
	// Results tells how many result sets a call returns: 0, 1 (exactly one on every path), -1 (varies or several).
	Results int
}

// Routine is a stored procedure or function.
type Routine struct {
	// Constant is the declaration (*ir.VarDecl) of a package's constant that the function gives, nil for all others; made by rules.
	Constant     any
	Schema, Name string
	Kind         RoutineKind
	Params       []Param
	Returns      types.Type // nil for procedures
	Facts        Facts
	// ResultShapes are the row types of the result sets in order, where they are known.
	ResultShapes []types.Row

	// Package is what the routine is a member of, nil if it stands alone; Overload counts those of one name in a package from 1.
	Package  *Package
	Overload int
	// Method is what the routine is to an object type, nil if it is no method.
	Method *Method

	TargetSchema, Target string
	// TargetAsFunction tells that a procedure is emitted as a function, and must be called with SELECT.
	TargetAsFunction bool
	// Apart tells that the routine is a transaction of its own: what it changes stays where its caller goes back.
	Apart bool
}

// Sequence is a sequence object.
type Sequence struct {
	Schema, Name         string
	Cycle                bool // begins anew behind its last number
	TargetSchema, Target string
}

// Catalog holds the objects of one source database server.
type Catalog struct {
	DefaultSchema string
	// FoldTables tells that table names are case-insensitive (lower_case_table_names 1 or 2).
	FoldTables  bool
	tables      map[string]*Table
	routines    map[string]*Routine
	sequences   map[string]*Sequence
	packages    map[string]*Package
	objectTypes map[string]*ObjectType
	synonyms    map[string]*Synonym
	changes     *Changes // nil unless watched
	// Members names members of packages that are no schemas of their own; nil where packages are schemas.
	Members *Members
}

// New makes an empty catalog.
func New(defaultSchema string) *Catalog {
	return &Catalog{DefaultSchema: defaultSchema, tables: map[string]*Table{}, routines: map[string]*Routine{}, sequences: map[string]*Sequence{},
		packages: map[string]*Package{}, objectTypes: map[string]*ObjectType{}, synonyms: map[string]*Synonym{}}
}

// Shared is a catalog with the same objects and a default schema of its own, for lookups by another goroutine while no object is added
// or removed.
func (c *Catalog) Shared() *Catalog {
	own := *c
	own.changes = nil
	return &own
}

func (c *Catalog) tableKey(schema, name string) string {
	if schema == "" {
		schema = c.DefaultSchema
	}
	if c.FoldTables {
		return strings.ToLower(schema + "\x00" + name)
	}
	return schema + "\x00" + name
}

func (c *Catalog) foldKey(kind, schema, name string) string {
	if schema == "" {
		schema = c.DefaultSchema
	}
	return kind + strings.ToLower(schema+"\x00"+name)
}

// AddTable adds or replaces a table or view.
func (c *Catalog) AddTable(t *Table) {
	k := c.tableKey(t.Schema, t.Name)
	c.leaves(k)
	c.tables[k] = c.touchedTable(t)
}

// DropTable removes a table or view.
func (c *Catalog) DropTable(schema, name string) {
	k := c.tableKey(schema, name)
	c.leaves(k)
	delete(c.tables, k)
}

// Table finds a table or view; an empty schema means the default one.
func (c *Catalog) Table(schema, name string) *Table {
	return c.touchedTable(c.tables[c.tableKey(schema, name)])
}

// Tables lists tables and views by schema and name.
func (c *Catalog) Tables() []*Table {
	out := make([]*Table, 0, len(c.tables))
	for _, t := range c.tables {
		out = append(out, t)
	}
	SortTables(out)
	return out
}

// SortTables orders tables by schema and name.
func SortTables(list []*Table) {
	sort.Slice(list, func(i, j int) bool {
		if list[i].Schema != list[j].Schema {
			return list[i].Schema < list[j].Schema
		}
		return list[i].Name < list[j].Name
	})
}

// routineSpace keeps procedures and functions apart: they have name spaces of their own.
func routineSpace(k RoutineKind) string {
	if k == Function {
		return "f"
	}
	return "p"
}

// AddRoutine adds or replaces a routine.
func (c *Catalog) AddRoutine(r *Routine) {
	k := c.foldKey(routineSpace(r.Kind), r.Schema, r.Name)
	c.routineLeaves(k)
	c.routines[k] = c.touchedRoutine(r)
}

// DropRoutine removes a routine.
func (c *Catalog) DropRoutine(k RoutineKind, schema, name string) {
	key := c.foldKey(routineSpace(k), schema, name)
	c.routineLeaves(key)
	delete(c.routines, key)
}

// Routine finds a procedure or function; names are case-insensitive.
func (c *Catalog) Routine(k RoutineKind, schema, name string) *Routine {
	return c.touchedRoutine(c.routines[c.foldKey(routineSpace(k), schema, name)])
}

// Routines lists routines by schema, kind and name.
func (c *Catalog) Routines() []*Routine {
	out := make([]*Routine, 0, len(c.routines))
	for _, r := range c.routines {
		out = append(out, r)
	}
	SortRoutines(out)
	return out
}

// SortRoutines orders routines by schema, kind and name.
func SortRoutines(list []*Routine) {
	sort.Slice(list, func(i, j int) bool {
		a, b := list[i], list[j]
		if a.Schema != b.Schema {
			return a.Schema < b.Schema
		}
		if a.Kind != b.Kind {
			return a.Kind < b.Kind
		}
		return a.Name < b.Name
	})
}

// AddSequence adds or replaces a sequence.
func (c *Catalog) AddSequence(s *Sequence) {
	k := c.foldKey("s", s.Schema, s.Name)
	c.sequenceLeaves(k)
	c.sequences[k] = c.touchedSequence(s)
}

// DropSequence removes a sequence.
func (c *Catalog) DropSequence(schema, name string) {
	k := c.foldKey("s", schema, name)
	c.sequenceLeaves(k)
	delete(c.sequences, k)
}

// Sequence finds a sequence.
func (c *Catalog) Sequence(schema, name string) *Sequence {
	return c.touchedSequence(c.sequences[c.foldKey("s", schema, name)])
}

// Sequences lists sequences by schema and name.
func (c *Catalog) Sequences() []*Sequence {
	out := make([]*Sequence, 0, len(c.sequences))
	for _, s := range c.sequences {
		out = append(out, s)
	}
	SortSequences(out)
	return out
}

// SortSequences orders sequences by schema and name.
func SortSequences(list []*Sequence) {
	sort.Slice(list, func(i, j int) bool {
		if list[i].Schema != list[j].Schema {
			return list[i].Schema < list[j].Schema
		}
		return list[i].Name < list[j].Name
	})
}

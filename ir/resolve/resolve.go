// Package resolve gives names, types, collations and casts to the IR of many units.
//
// Declare enters a unit's objects into the catalog, Resolve binds every name of a unit and types every expression,
// and Facts tells for every routine whether it may raise, writes, reads session state, handles transactions, and how
// many result sets it returns. After Resolve every expression has a type (types.Unknown with a finding if it
// could not be told), every predicate is types.Bool, and every conversion that the source does silently is a Cast.
package resolve

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/types"
)

// Resolver holds what is known of a source while its units are resolved in order. It is not safe for concurrent use.
type Resolver struct {
	// KeepDropped leaves what a DROP removes in the catalog: all units are declared before any is resolved, and statements
	// before the DROP use the object.
	KeepDropped bool
	// Spatial tells that the target has functions for geometries (PostGIS).
	Spatial bool
	gone    map[*catalog.Table]bool // dropped and kept
	live    objects
	// resolving tells that a unit is being resolved, and not declared; byName are all tables by lower-case name then; choice that the
	// unit has been told which database was chosen.
	resolving, choice bool
	byName            map[string][]*catalog.Table
	// referring are the tables whose foreign keys refer to a table, by its lower-case schema and name.
	referring map[string][]*catalog.Table
	cat       *catalog.Catalog
	sem       *Semantics
	// schema is the database in use.
	schema string
	// schemas are the default collations of databases by lower-case name.
	schemas map[string]types.Collation
	// hidden are base tables behind a temporary table of the same name.
	hidden map[*catalog.Table]*catalog.Table
	// temps are the temporary tables that statements of the session (not of routines) made.
	temps []*catalog.Table
	// views are the queries of views and of tables made from queries, whose columns are found on demand.
	views map[*catalog.Table]*view
	// vars are the types of user variables where the session (or the routine) stands now; nil for differing types.
	vars map[string]types.Type
	// changing: a strict change of rows is being resolved, in which what is no number is an error.
	changing bool
	// assigning: a value is being resolved that a strict session assigns in a routine.
	assigning bool
	// inRoutine: assignments to user variables join instead of replacing each other.
	inRoutine bool
	// handled: the routine has a handler that takes errors.
	handled bool
	// assigned collects what the routine being resolved assigns, nil outside routines.
	assigned map[string]types.Type
	// effects are the user variables that routines assign.
	effects map[*catalog.Routine]map[string]types.Type
	// bodies are the resolved routines, for facts.
	bodies map[*catalog.Routine]*ir.Routine
	// fresh are the routines whose facts have not been told yet.
	fresh []*catalog.Routine
	// triggers are the triggers by table, timing and event, in the order they fire in.
	triggers map[string][]*ir.CreateTrigger
	// inUse is the database in use where a declared unit stands.
	inUse map[*ir.Unit]string
	// made are the definitions in the routine that is being resolved, nil outside routines.
	made *bodyTables
	// openStar tells that a star stood for columns that are not known; openViews are the views with such columns.
	openStar  bool
	openViews map[*catalog.Table]bool
	// helps tells that the resolver is one of several that share what is known of views.
	helps bool
	// unit is the unit that is being resolved; refusal the first code that refuses it.
	unit    *ir.Unit
	refusal *diag.Code
}

// New makes a resolver over a catalog, which Declare fills.
func New(cat *catalog.Catalog, sem *Semantics) *Resolver {
	return &Resolver{
		cat: cat, sem: sem, schema: cat.DefaultSchema,
		schemas: map[string]types.Collation{},
		hidden:  map[*catalog.Table]*catalog.Table{},
		views:   map[*catalog.Table]*view{},
		vars:    map[string]types.Type{},
		effects: map[*catalog.Routine]map[string]types.Type{},
		bodies:  map[*catalog.Routine]*ir.Routine{},
		inUse:   map[*ir.Unit]string{},
		gone:    map[*catalog.Table]bool{},
		live:    objects{},

		referring: map[string][]*catalog.Table{},

		openViews: map[*catalog.Table]bool{},
	}
}

// Schema is the database in use where the resolver stands, "" if none.
func (r *Resolver) Schema() string { return r.schema }

// Renew begins a new session of the source over the same objects: user variables and temporary tables are gone.
func (r *Resolver) Renew() {
	r.vars = map[string]types.Type{}
	for _, t := range r.temps {
		if r.cat.Table(t.Schema, t.Name) == t {
			r.dropTable(t.Schema, t.Name, true)
		}
	}
	r.temps = nil
}

// mode tells whether sql-mode names a flag where the unit stands; other is the answer without the setting.
func mode(s dialect.Settings, flag string, other bool) bool {
	v, ok := s["sql-mode"]
	if !ok {
		return other
	}
	for m := range strings.SplitSeq(v, ",") {
		if strings.EqualFold(strings.TrimSpace(m), flag) {
			return true
		}
	}
	return false
}

// strict tells whether stores raise errors on bad values.
func (r *Resolver) strict(s dialect.Settings) bool {
	return mode(s, "STRICT_TRANS_TABLES", r.sem.StrictByDefault) || mode(s, "STRICT_ALL_TABLES", false) || mode(s, "TRADITIONAL", false)
}

// Declare enters the objects that the unit creates, changes or drops into the catalog, follows USE, and fills
// the unit's Object, Kind, Schema and Name where they are empty.
func (r *Resolver) Declare(u *ir.Unit) {
	r.begin(u)
	r.inUse[u] = r.schema
	for i, s := range u.Stmts {
		if c := r.unlessThere(s); c != nil {
			u.Stmts[i] = c
			continue
		}
		r.declare(u, s)
		if a, ok := s.(*ir.AlterTable); ok && len(a.Actions) == 0 {
			u.Stmts[i] = nothingToDo(s, "there is nothing to do")
		}
	}
	r.end(u)
}

// Resolve binds the names of the unit's statements and types their expressions. Where that fails there is a finding, and the unit
// is refused: its statements are replaced by one ir.Unsupported.
func (r *Resolver) Resolve(u *ir.Unit) {
	r.begin(u)
	if schema, ok := r.inUse[u]; ok {
		r.schema, r.cat.DefaultSchema = schema, schema
	}
	r.resolving = true
	defer func() { r.resolving = false }()
	for i, s := range u.Stmts {
		if use, ok := s.(*ir.Use); ok {
			r.use(use.Schema.Text)
			continue
		}
		u.Stmts[i] = r.statement(&scope{ctes: map[string]*cte{}}, s)
		markRows(u.Stmts[i])
	}
	r.end(u)
}

// markRows marks the statements at the top level whose rows are their result.
func markRows(s ir.Stmt) {
	switch s := s.(type) {
	case *ir.QueryStmt:
		c := common(s.Query)
		s.Rows = c != nil && len(c.Into) == 0 && c.IntoFile == ""
	case *ir.Insert:
		s.Rows = len(s.Returning) > 0
	case *ir.Delete:
		s.Rows = len(s.Returning) > 0
	case *ir.Update:
		s.Rows = len(s.Returning) > 0
	}
}

func (r *Resolver) begin(u *ir.Unit) { r.unit, r.refusal, r.openStar, r.choice = u, nil, false, false }

// end replaces the statements of a refused unit.
func (r *Resolver) end(u *ir.Unit) {
	if r.refusal == nil {
		return
	}
	s := &ir.Unsupported{Text: u.Span.Text(), Code: r.refusal.ID, What: r.refusal.Title}
	s.Span = u.Span
	if len(u.Stmts) > 0 {
		s.Lead = u.Stmts[0].Base().Lead
	}
	u.Stmts = []ir.Stmt{s}
}

// use makes a database the default one.
func (r *Resolver) use(schema string) {
	r.schema = schema
	r.cat.DefaultSchema = schema
}

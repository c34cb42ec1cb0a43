// Package plsql gives names, types and conversions to the IR of Oracle's SQL and PL/SQL.
//
// Declare enters a unit's objects into the catalog, Resolve binds every name of a unit and types every expression, and Facts tells for
// every routine whether it may raise, writes, reads session state and handles transactions. After Resolve every expression has a type
// (types.Unknown with a finding if it could not be told), every predicate is types.Bool, calls are told from elements of collections
// and from constructors, and every conversion that the source does silently is a Cast.
package plsql

import (
	"fmt"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/source"
	"godwit/ir/types"
)

// Resolver holds what is known of a source while its units are resolved in order. It is not safe for concurrent use.
type Resolver struct {
	// KeepDropped leaves what a DROP removes in the catalog: all units are declared before any is resolved, and statements
	// before the DROP use the object.
	KeepDropped bool
	// Profiled tells a column that holds whole numbers only, as a profile of the source shows; nil if there is none.
	Profiled    func(t *catalog.Table, column string) bool
	keysChanged bool // a foreign key was declared since joinKeys ran
	cat         *catalog.Catalog
	// schema is the schema in use (ALTER SESSION SET CURRENT_SCHEMA), "" for that of the user.
	schema string
	// inUse is the schema in use where a declared unit stands.
	inUse map[*ir.Unit]string
	// dual is the table of one row that every schema sees.
	dual *catalog.Table
	// dictionary are the views of the data dictionary that the target can show, by name.
	dictionary map[string]*catalog.Table
	declared
	// exceptions are the declarations of packages' exceptions; states counts those that have a private SQLSTATE.
	exceptions map[*catalog.Exception]*ir.ExceptionDecl
	states     int
	// triggers are the triggers by table, timing and event, in the order they are declared in.
	triggers map[string]*triggerList
	// bodies are the routines that have a body, for facts; fresh those whose facts have not been told yet.
	bodies map[*catalog.Routine]*ir.Routine
	fresh  []*catalog.Routine
	// unit is the unit that is being resolved; refusal the first code that refuses it.
	unit    *ir.Unit
	refusal *diag.Code
	// rejected says why the source itself refuses the statement, "" if it does not.
	rejected string
	// was are the types of a specification before it was declared again.
	was map[string]types.Type
	// partial tells that a record type lacks fields (see wholeRecords).
	partial bool
	// silent tells that findings are not wanted (a probe).
	silent int
	// asStatement is the call that the statement in the making is: of routines of one name it means a procedure.
	asStatement ir.Node
}

// declared is what was declared, and how far it is complete (settle.go).
type declared struct {
	// byName are all tables by name, for owners that are not given; nil before it is needed.
	byName map[string][]*catalog.Table
	// views are the queries of views and tables whose columns are found on demand; pending the tables that are not complete, with the schema
	// in use where they are declared.
	views   map[*catalog.Table]*view
	pending map[*catalog.Table]string
	// columns are those of tables as FROM shows them.
	columns map[*catalog.Table][]column
	// rows are the records of tables' rows, cursors those of declared cursors.
	rows    map[*catalog.Table]*types.RecordDecl
	cursors map[*ir.CursorDecl]*types.RecordDecl
	// named are the routines that stand alone, by name.
	named map[string][]*catalog.Routine
	// heads are the declarations of routines (their bodies, if they have one), linked the other way round; frames are those that the heads
	// stand in; open are the routines that are not complete, private those that only their package's body declares.
	heads         map[*catalog.Routine]*ir.Routine
	linked        map[*ir.Routine]*catalog.Routine
	frames        map[*catalog.Routine]*frame
	open, private map[*catalog.Routine]bool
	// ranges are those of variables of limited subtypes, subtypes those that packages declare, by upper-case name.
	ranges   map[ir.Node]*limit      // of variables and parameters
	inherits map[*ir.TypeDecl]*limit // of what subtypes are declared by
	results  map[*ir.Routine]*limit  // of functions
	subtypes map[*catalog.Package]map[string]*ir.TypeDecl
	// defaults are the default values of declarations whose bodies stand elsewhere.
	defaults map[*catalog.Routine][]ir.Expr
	// spelled are the parameters of declarations as they are written.
	spelled map[*catalog.Routine][]string
	// specs and packBodies are the specification and the body of a package, packUnits the unit of the last of them; settled are the packages
	// that are complete, queue those that may not be.
	specs, packBodies map[*catalog.Package]*ir.Package
	packUnits         map[*catalog.Package]*ir.Unit
	specUnits         map[*catalog.Package]*ir.Unit // of the specification
	settled           map[*catalog.Package]bool
	queue             []*catalog.Package
	// objects are the object types by their declaration; the rest as for packages.
	objects       map[*types.ObjectDecl]*catalog.ObjectType
	perhaps       map[*catalog.Column]bool        // columns that programs add when they run
	impossible    map[*ir.AlterTable]string       // changes that the source refuses itself, with the reason
	added         map[*catalog.Column]source.Span // columns that ALTER TABLE adds, with where it stands
	replaced      map[*catalog.Column]int         // columns that have the name of one that was dropped before, with the turn of that
	turns         map[*ir.Unit]int                // the order in which units were declared, from 1
	dropped       map[*catalog.Column]source.Span // columns that ALTER TABLE drops, with where it stands, where a script is taken as a whole
	superviews    map[*catalog.Table][]string     // object views with the views under them
	suppliedTypes map[string]*catalog.ObjectType
	schemaNames   map[string]bool // schemas that objects are in; nil before they are needed
	typeDecls     map[*catalog.ObjectType]*ir.ObjectType
	typeUnits     map[*catalog.ObjectType]*ir.Unit
	settledTypes  map[*catalog.ObjectType]bool
	typeQueue     []*catalog.ObjectType
}

func nothingDeclared() declared {
	return declared{
		views: map[*catalog.Table]*view{}, pending: map[*catalog.Table]string{},
		columns: map[*catalog.Table][]column{},
		rows:    map[*catalog.Table]*types.RecordDecl{}, cursors: map[*ir.CursorDecl]*types.RecordDecl{},
		named: map[string][]*catalog.Routine{}, heads: map[*catalog.Routine]*ir.Routine{}, linked: map[*ir.Routine]*catalog.Routine{},
		frames: map[*catalog.Routine]*frame{}, open: map[*catalog.Routine]bool{}, private: map[*catalog.Routine]bool{},
		ranges: map[ir.Node]*limit{}, inherits: map[*ir.TypeDecl]*limit{}, results: map[*ir.Routine]*limit{}, subtypes: map[*catalog.Package]map[string]*ir.TypeDecl{},
		defaults: map[*catalog.Routine][]ir.Expr{}, spelled: map[*catalog.Routine][]string{},
		specs: map[*catalog.Package]*ir.Package{}, packBodies: map[*catalog.Package]*ir.Package{},
		packUnits: map[*catalog.Package]*ir.Unit{}, specUnits: map[*catalog.Package]*ir.Unit{}, settled: map[*catalog.Package]bool{},
		objects: map[*types.ObjectDecl]*catalog.ObjectType{},
		added:   map[*catalog.Column]source.Span{},
		dropped: map[*catalog.Column]source.Span{},
		perhaps: map[*catalog.Column]bool{}, impossible: map[*ir.AlterTable]string{},
		replaced: map[*catalog.Column]int{}, turns: map[*ir.Unit]int{},
		superviews: map[*catalog.Table][]string{},
		typeDecls:  map[*catalog.ObjectType]*ir.ObjectType{}, typeUnits: map[*catalog.ObjectType]*ir.Unit{}, settledTypes: map[*catalog.ObjectType]bool{},
	}
}

// New makes a resolver over a catalog, which Declare fills.
func New(cat *catalog.Catalog) *Resolver {
	dummy := &catalog.Column{Name: "DUMMY", Type: textOf(1), Nullable: true}
	return &Resolver{
		cat: cat, schema: cat.DefaultSchema, declared: nothingDeclared(),
		inUse:      map[*ir.Unit]string{},
		dictionary: dictionary(),
		dual:       &catalog.Table{Schema: "SYS", Name: "DUAL", Columns: []*catalog.Column{dummy}},
		exceptions: map[*catalog.Exception]*ir.ExceptionDecl{},
		triggers:   map[string]*triggerList{},
		bodies:     map[*catalog.Routine]*ir.Routine{},
	}
}

// Schema is the schema in use where the resolver stands, "" for that of the user.
func (r *Resolver) Schema() string { return r.schema }

// Renew begins a new session of the source over the same objects.
func (r *Resolver) Renew() { r.use(r.cat.DefaultSchema) }

func (r *Resolver) use(schema string) { r.schema = schema }

// Declare enters the objects that the unit creates, changes or drops into the catalog, follows CURRENT_SCHEMA, and fills
// the unit's Object, Kind, Schema and Name where they are empty.
func (r *Resolver) Declare(u *ir.Unit) {
	r.begin(u)
	if r.turns[u] == 0 {
		r.turns[u] = len(r.turns) + 1
	}
	r.inUse[u] = r.schema
	for _, s := range u.Stmts {
		r.declare(u, s)
	}
	r.end(u)
}

// Resolve binds the names of the unit's statements and types their expressions. Where that fails there is a finding, and the unit
// is refused: its statements are replaced by one ir.Unsupported.
func (r *Resolver) Resolve(u *ir.Unit) {
	r.begin(u)
	if schema, ok := r.inUse[u]; ok {
		r.use(schema)
	}
	r.settleAll()
	for i, s := range u.Stmts {
		u.Stmts[i] = r.statement(r.top(), s)
		markRows(u.Stmts[i])
	}
	r.beforeReplaced(u)
	r.wholeRecords(u)
	if r.Profiled != nil {
		for _, s := range u.Stmts {
			r.fractions(s)
		}
	}
	r.end(u)
}

// markRows marks the statements at the top level whose rows are their result.
func markRows(s ir.Stmt) {
	if s, ok := s.(*ir.QueryStmt); ok {
		c := ir.Common(s.Query)
		s.Rows = c != nil && len(c.Into) == 0
	}
}

func (r *Resolver) begin(u *ir.Unit) {
	r.unit, r.refusal, r.rejected = u, nil, ""
	u.PLSQL = true
}

// end replaces the statements of a refused unit.
func (r *Resolver) end(u *ir.Unit) {
	if r.refusal == nil && r.rejected != "" {
		u.Stmts = []ir.Stmt{raising(u, r.rejected)}
		return
	}
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

// raising is a block that raises an error, as the source does for a statement that it refuses.
func raising(u *ir.Unit, why string) ir.Stmt {
	m := &ir.String{Value: why}
	m.Span, m.Type = u.Span, textOf(0)
	x := &ir.Raise{Level: "EXCEPTION", Message: m}
	x.Span = u.Span
	b := &ir.Block{Anonymous: true, Body: []ir.Stmt{x}}
	b.Span = u.Span
	if len(u.Stmts) > 0 {
		b.Lead = u.Stmts[0].Base().Lead
	}
	return b
}

// reject reports what the source refuses itself: a statement of a script raises an error then, a unit that is stored is refused.
func (r *Resolver) reject(at source.Span, format string, args ...any) {
	if r.silent > 0 {
		return
	}
	if r.unit.Name != "" {
		r.fail(wrongArguments, at, format, args...)
		return
	}
	r.note(rejectedStatement, at, format, args...)
	if r.rejected == "" {
		r.rejected = fmt.Sprintf(format, args...)
	}
}

// fail reports a finding that refuses the unit.
func (r *Resolver) fail(c *diag.Code, at source.Span, format string, args ...any) {
	if r.silent > 0 || c == unknownType && r.refusal != nil {
		return // a probe, or it follows from what is not known
	}
	r.unit.Report(c.New(at, format, args...))
	if r.refusal == nil {
		r.refusal = c
	}
}

// note reports a finding that does not refuse the unit.
func (r *Resolver) note(c *diag.Code, at source.Span, format string, args ...any) {
	if r.silent == 0 {
		r.unit.Report(c.New(at, format, args...))
	}
}

// quietly runs f without findings.
func (r *Resolver) quietly(f func()) {
	r.silent++
	defer func() { r.silent-- }()
	f()
}

// Whole tells that all units are declared before any is resolved: what a DROP removes stays known.
func (r *Resolver) Whole() { r.KeepDropped = true }

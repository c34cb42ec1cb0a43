// Package plsql gives names, types and conversions to the IR of Oracle's SQL and PL/SQL.
//
// Declare enters a unit's objects into the catalog, Resolve binds every name of a unit and types every expression, and Facts tells for
// every routine whether it may raise, writes, reads session state and handles transactions. After Resolve every expression has a type
// (types.Unknown with a finding if it could not be told), every predicate is types.Bool, calls are told from elements of collections
// and from constructors, and every conversion that the source does silently is a Cast.
package plsql

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/source"
)

// Resolver holds what is known of a source while its units are resolved in order. It is not safe for concurrent use.
type Resolver struct {
	// KeepDropped leaves what a DROP removes in the catalog: all units are declared before any is resolved, and statements
	// before the DROP use the object.
	KeepDropped bool
	cat         *catalog.Catalog
	// schema is the schema in use (ALTER SESSION SET CURRENT_SCHEMA), "" for that of the user.
	schema string
	// inUse is the schema in use where a declared unit stands.
	inUse map[*ir.Unit]string
	// byName are all tables by name, for owners that are not given; nil before it is needed.
	byName map[string][]*catalog.Table
	// views are the queries of views and tables whose columns are found on demand.
	views map[*catalog.Table]*view
	// heads are the declarations of routines; bodies those that have a body, for facts.
	heads, bodies map[*catalog.Routine]*ir.Routine
	// linked are the catalog's entries of declared routines.
	linked map[*ir.Routine]*catalog.Routine
	// fresh are the routines whose facts have not been told yet.
	fresh []*catalog.Routine
	// specs and packBodies are the specification and the body of a package.
	specs, packBodies map[*catalog.Package]*ir.Package
	// exceptions are the declarations of packages' exceptions; states counts those that have a private SQLSTATE.
	exceptions map[*catalog.Exception]*ir.ExceptionDecl
	states     int
	// methods are the declarations of the methods of object types; objects the types by their declaration.
	objects map[any]*catalog.ObjectType
	// triggers are the triggers by table, timing and event, in the order they fire in.
	triggers map[string][]*ir.CreateTrigger
	// unit is the unit that is being resolved; refusal the first code that refuses it.
	unit    *ir.Unit
	refusal *diag.Code
	// resolving tells that a unit is being resolved, and not declared; silent that findings are not wanted (a probe).
	resolving bool
	silent    int
	// depth counts what is looked up on the way to a type or a view's columns, against circles.
	depth int
}

// New makes a resolver over a catalog, which Declare fills.
func New(cat *catalog.Catalog) *Resolver {
	return &Resolver{
		cat: cat, schema: cat.DefaultSchema,
		inUse:      map[*ir.Unit]string{},
		views:      map[*catalog.Table]*view{},
		heads:      map[*catalog.Routine]*ir.Routine{},
		bodies:     map[*catalog.Routine]*ir.Routine{},
		linked:     map[*ir.Routine]*catalog.Routine{},
		specs:      map[*catalog.Package]*ir.Package{},
		packBodies: map[*catalog.Package]*ir.Package{},
		exceptions: map[*catalog.Exception]*ir.ExceptionDecl{},
		objects:    map[any]*catalog.ObjectType{},
		triggers:   map[string][]*ir.CreateTrigger{},
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
	r.resolving = true
	defer func() { r.resolving = false }()
	for i, s := range u.Stmts {
		u.Stmts[i] = r.statement(r.top(), s)
		markRows(u.Stmts[i])
	}
	r.end(u)
}

// markRows marks the statements at the top level whose rows are their result.
func markRows(s ir.Stmt) {
	if s, ok := s.(*ir.QueryStmt); ok {
		c := common(s.Query)
		s.Rows = c != nil && len(c.Into) == 0
	}
}

func (r *Resolver) begin(u *ir.Unit) { r.unit, r.refusal = u, nil }

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

func common(q ir.Query) *ir.QueryMeta {
	if c, ok := q.(interface{ Common() *ir.QueryMeta }); ok {
		return c.Common()
	}
	return nil
}

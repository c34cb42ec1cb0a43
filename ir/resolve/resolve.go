// Package resolve gives names, types, collations and casts to the IR of many units.
//
// Declare enters a unit's objects into the catalog, Resolve binds every name of a unit and types every expression,
// and Facts tells for every unit and routine whether it may raise, writes, reads session state, handles transactions, and how
// many result sets it returns. After Resolve every expression has a type (types.Unknown with a finding if it
// could not be told), every predicate is types.Bool, and every conversion that the source does silently is a Cast.
package resolve

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/dialect"
	"godwit/ir/types"
)

// Resolver holds what is known of a source while its units are resolved in order. It is not safe for concurrent use.
type Resolver struct {
	cat *catalog.Catalog
	sem *Semantics
	// schema is the database in use.
	schema string
	// schemas are the default collations of databases by lower-case name.
	schemas map[string]types.Collation
	// hidden are base tables behind a temporary table of the same name.
	hidden map[*catalog.Table]*catalog.Table
	// vars are the types of user variables where the session stands now.
	vars map[string]types.Type
	// routines are the bodies of the routines declared so far.
	routines map[*catalog.Routine]*ir.Routine
	// unit is the unit that is being resolved.
	unit *ir.Unit
}

// New makes a resolver over a catalog, which Declare fills.
func New(cat *catalog.Catalog, sem *Semantics) *Resolver {
	return &Resolver{
		cat: cat, sem: sem, schema: cat.DefaultSchema,
		schemas:  map[string]types.Collation{},
		hidden:   map[*catalog.Table]*catalog.Table{},
		vars:     map[string]types.Type{},
		routines: map[*catalog.Routine]*ir.Routine{},
	}
}

// Schema is the database in use where the resolver stands, "" if none.
func (r *Resolver) Schema() string { return r.schema }

// mode tells whether sql-mode names a flag where the unit stands; other is the answer without the setting.
func mode(s dialect.Settings, flag string, other bool) bool {
	v, ok := s["sql-mode"]
	if !ok {
		return other
	}
	for _, m := range strings.Split(v, ",") {
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
	r.unit = u
	for _, s := range u.Stmts {
		r.declare(u, s)
	}
}

// Resolve binds the names of the unit's statements and types their expressions. What could not be resolved is a finding,
// and the unit is refused.
func (r *Resolver) Resolve(u *ir.Unit) {
	r.unit = u
}

// Facts fills the facts of units and of the catalog's routines over the call graph. All units must be resolved.
func (r *Resolver) Facts(units []*ir.Unit) {}

func (r *Resolver) declare(u *ir.Unit, s ir.Stmt) {}

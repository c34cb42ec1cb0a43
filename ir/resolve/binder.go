package resolve

import "godwit/ir"

// Binder is the resolver of a dialect: it gives names, types and conversions to units, in the order of a session.
type Binder interface {
	// Declare enters the objects that the unit creates, changes or drops into the catalog.
	Declare(u *ir.Unit)
	// Resolve binds the names of the unit's statements and types their expressions; where that fails there is a finding, and the unit
	// is refused.
	Resolve(u *ir.Unit)
	// Facts tells what routines do, once those that they call are resolved.
	Facts()
	// Schema is the schema in use, "" if none.
	Schema() string
	// Renew begins a new session over the same objects.
	Renew()
	// Whole tells that all units are declared before any is resolved: what a DROP removes stays known.
	Whole()
}

// Whole implements Binder.
func (r *Resolver) Whole() { r.KeepDropped = true }

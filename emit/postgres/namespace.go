package postgres

import (
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/types"
)

// names is a set of names.
type names struct {
	set  map[string]bool
	tail map[string]int // the suffix to try next for a name that is taken
}

func newNames() names { return names{map[string]bool{}, map[string]int{}} }

// take adds a name; false if it is there already.
func (n names) take(name string) bool {
	if n.set[name] {
		return false
	}
	n.set[name] = true
	return true
}

func (n names) tails() map[string]int { return n.tail }

// space is a name space: what the objects of a catalog have, by how many have it, and what was given since that was counted.
type space struct {
	counted map[string]int
	given   names
	// members tells the names of members of packages that stand beside all else; nil where there are none.
	members func(name string) bool
}

func newSpace() *space { return &space{counted: map[string]int{}, given: newNames()} }

func (s *space) has(name string) bool {
	return s.given.set[name] || s.counted[name] > 0 || s.members != nil && s.members(name)
}

func (s *space) take(name string) bool {
	return s.counted[name] == 0 && (s.members == nil || !s.members(name)) && s.given.take(name)
}

func (s *space) tails() map[string]int { return s.given.tail }

// count adds n objects of each name.
func count(m map[string]int, list []string, n int) {
	for _, x := range list {
		m[x] += n
		if m[x] == 0 {
			delete(m, x)
		}
	}
}

// owned is what an object has in the name spaces, and what of a table that was made of (see ofParts).
type owned struct{ relations, routines, indexes, parts []string }

// Names gives the names of the objects of one catalog while statements change it. A call costs as much as the
// objects that the statements since the last call are about, however many there are.
type Names struct {
	a     *assigner
	owned map[any]owned // by *catalog.Table, *catalog.Routine, *catalog.Sequence
	last  []*catalog.Changes
}

// NewNames starts without any object.
func (e *Emitter) NewNames() *Names {
	return &Names{a: &assigner{e: e, relations: newSpace(), routines: newSpace(), repeated: map[string]int{}}, owned: map[any]owned{}}
}

// Begin gives all objects of the catalog their names, and watches it from now on.
func (n *Names) Begin(cat *catalog.Catalog) diag.List {
	cat.Watch()
	findings := n.a.e.packages(cat)
	n.beside(cat)
	return append(findings, n.assign(cat.Tables(), cat.Routines(), cat.Sequences())...)
}

// rounds is how many calls of Next look at an object again: rules rename the objects of their statement after the names were given.
const rounds = 3

// Next gives names as AssignNames does, to what may have changed.
func (n *Names) Next(cat *catalog.Catalog) diag.List {
	n.last = append(n.last, cat.Changes())
	findings := n.a.e.packages(cat)
	if len(n.last) > rounds {
		n.last = n.last[1:]
	}
	tables, routines, sequences := map[*catalog.Table]bool{}, map[*catalog.Routine]bool{}, map[*catalog.Sequence]bool{}
	for _, c := range n.last {
		merge(tables, c.Tables)
		merge(routines, c.Routines)
		merge(sequences, c.Sequences)
	}
	t, r, s := present(n, tables), present(n, routines), present(n, sequences)
	catalog.SortTables(t)
	catalog.SortRoutines(r)
	catalog.SortSequences(s)
	return append(findings, n.assign(t, r, s)...)
}

func merge[T comparable](into, from map[T]bool) {
	for k, v := range from {
		into[k] = v
	}
}

// present lists the objects that are there, and takes the names of the others away.
func present[T comparable](n *Names, m map[T]bool) []T {
	var out []T
	for o, there := range m {
		if there {
			out = append(out, o)
		} else {
			n.own(o, owned{})
		}
	}
	return out
}

// own replaces what an object has.
func (n *Names) own(object any, now owned) {
	old := n.owned[object]
	for _, x := range []struct {
		m        map[string]int
		old, now []string
	}{{n.a.relations.counted, old.relations, now.relations}, {n.a.routines.counted, old.routines, now.routines}, {n.a.repeated, old.indexes, now.indexes}} {
		count(x.m, x.old, -1)
		count(x.m, x.now, 1)
	}
	n.owned[object] = now
	if now.relations == nil && now.routines == nil && now.indexes == nil {
		delete(n.owned, object)
	}
}

// assign gives names to objects; what all others have is counted already.
func (n *Names) assign(tables []*catalog.Table, routines []*catalog.Routine, sequences []*catalog.Sequence) diag.List {
	n.count(tables, routines, sequences)
	findings := n.give(tables, routines, sequences)
	n.count(tables, routines, sequences)
	return findings
}

// give gives names to objects that are counted.
func (n *Names) give(tables []*catalog.Table, routines []*catalog.Routine, sequences []*catalog.Sequence) diag.List {
	a := n.a
	a.findings, a.relations.given, a.routines.given = nil, newNames(), newNames()
	var fresh []*catalog.Table
	for _, t := range tables {
		if t.Target == "" {
			a.table(t)
			fresh = append(fresh, t)
		}
	}
	for _, t := range fresh {
		n.own(t, n.a.e.ofTable(t)) // names of indexes are unique per schema on the target
	}
	for _, t := range tables {
		a.columns(t)
		a.keys(t)
	}
	for _, r := range routines {
		a.routine(r)
	}
	for _, s := range sequences {
		a.sequence(s)
	}
	return a.findings
}

// count notes what objects have now.
func (n *Names) count(tables []*catalog.Table, routines []*catalog.Routine, sequences []*catalog.Sequence) {
	for _, t := range tables {
		if old, ok := n.owned[t]; !ok || !old.still(t) {
			n.own(t, n.a.e.ofTable(t))
		}
	}
	for _, r := range routines {
		n.own(r, ofRoutine(r))
	}
	for _, s := range sequences {
		n.own(s, ofSequence(s))
	}
}

// ofParts calls f for what the names of a table are made of, until it says no.
func ofParts(t *catalog.Table, f func(string) bool) bool {
	if !f(t.TargetSchema) || !f(t.Target) {
		return false
	}
	for _, k := range t.Keys {
		if !f(k.Target) || !f(k.Name) {
			return false
		}
	}
	if !f("\x00") { // no name: what follows are types
		return false
	}
	for _, c := range t.Columns {
		if e, ok := c.Type.(types.Enum); ok && !f(e.Name) {
			return false
		}
	}
	return true
}

// still tells that a table has the same names as when o was made.
func (o *owned) still(t *catalog.Table) bool {
	i := 0
	same := ofParts(t, func(s string) bool {
		i++
		return i <= len(o.parts) && o.parts[i-1] == s
	})
	return same && i == len(o.parts)
}

func (e *Emitter) ofTable(t *catalog.Table) owned {
	o := owned{parts: make([]string, 0, 3+2*len(t.Keys))}
	ofParts(t, func(s string) bool {
		o.parts = append(o.parts, s)
		return true
	})
	if t.Target != "" {
		o.relations = append(o.relations, key(t.TargetSchema, t.Target))
		for _, k := range t.Keys {
			if k.Target != "" {
				o.relations = append(o.relations, key(t.TargetSchema, k.Target))
			}
		}
	}
	for _, c := range t.Columns {
		if e, ok := c.Type.(types.Enum); ok && e.Name != "" && t.Target != "" {
			o.relations = append(o.relations, key(t.TargetSchema, catalog.BaseName(e.Name)))
		}
	}
	for _, k := range t.Keys {
		o.indexes = append(o.indexes, key(t.TargetSchema, e.fold(k.Name)))
	}
	return o
}

func ofRoutine(r *catalog.Routine) owned {
	if r.Target == "" {
		return owned{}
	}
	return owned{routines: []string{key(r.TargetSchema, r.Target)}}
}

func ofSequence(s *catalog.Sequence) owned {
	if s.Target == "" {
		return owned{}
	}
	return owned{relations: []string{key(s.TargetSchema, s.Target)}}
}

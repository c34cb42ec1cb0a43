package catalog

// Changes are the objects that were added, removed or looked up since a moment; true for those that are still there. Whoever
// changes an object has looked it up before, so that all others are as they were.
type Changes struct {
	Tables    map[*Table]bool
	Routines  map[*Routine]bool
	Sequences map[*Sequence]bool
}

func newChanges() *Changes {
	return &Changes{Tables: map[*Table]bool{}, Routines: map[*Routine]bool{}, Sequences: map[*Sequence]bool{}}
}

// Watch begins to note changes. From now on the catalog must not be used by several goroutines, not even for lookups, until
// Unwatch.
func (c *Catalog) Watch() { c.changes = newChanges() }

// Unwatch ends Watch.
func (c *Catalog) Unwatch() { c.changes = nil }

// Changes are those since Watch or the last call.
func (c *Catalog) Changes() *Changes {
	out := c.changes
	c.changes = newChanges()
	return out
}

// touchedTable notes an object that is in the catalog; nil is none.
func (c *Catalog) touchedTable(t *Table) *Table {
	if c.changes != nil && t != nil {
		c.changes.Tables[t] = true
	}
	return t
}

// leaves notes that a table leaves its place.
func (c *Catalog) leaves(key string) {
	if c.changes == nil {
		return
	}
	if t := c.tables[key]; t != nil {
		c.changes.Tables[t] = false
	}
}

func (c *Catalog) touchedRoutine(r *Routine) *Routine {
	if c.changes != nil && r != nil {
		c.changes.Routines[r] = true
	}
	return r
}

func (c *Catalog) routineLeaves(key string) {
	if c.changes == nil {
		return
	}
	if r := c.routines[key]; r != nil {
		c.changes.Routines[r] = false
	}
}

func (c *Catalog) touchedSequence(s *Sequence) *Sequence {
	if c.changes != nil && s != nil {
		c.changes.Sequences[s] = true
	}
	return s
}

func (c *Catalog) sequenceLeaves(key string) {
	if c.changes == nil {
		return
	}
	if s := c.sequences[key]; s != nil {
		c.changes.Sequences[s] = false
	}
}

package fold

import (
	"godwit/runner/change"
)

// relation is a table with what connects it to others.
type relation struct {
	t        *change.Table
	place    int
	ordered  bool
	keys     [][]int // every list of columns whose values are unique or referred to
	parents  []link  // foreign keys of this table
	referred [][]int // columns that foreign keys of migrated tables refer to
}

// link is a foreign key of a table: its columns there and in the table that it refers to.
type link struct {
	parent   *relation
	columns  []int
	referred []int
}

// relate finds the foreign keys between tables. One that refers to a table or column that is not copied orders nothing.
func (f *Folder) relate(tables []*change.Table) {
	byName := map[string]*relation{}
	for _, t := range tables {
		byName[change.Key(t.Catalog.Schema, t.Catalog.Name)] = f.tables[t]
	}
	for _, t := range tables {
		for _, fk := range t.Catalog.ForeignKeys {
			schema := fk.RefSchema
			if schema == "" {
				schema = t.Catalog.Schema
			}
			p := byName[change.Key(schema, fk.RefTable)]
			if p == nil {
				continue
			}
			cols, ok := places(t, fk.Columns)
			ref, found := places(p.t, fk.RefColumns)
			if !ok || !found || len(cols) != len(ref) {
				continue
			}
			r := f.tables[t]
			r.parents = append(r.parents, link{p, cols, ref})
			p.referred = append(p.referred, ref)
		}
	}
}

func places(t *change.Table, names []string) (out []int, ok bool) {
	for _, n := range names {
		c := t.Catalog.Column(n)
		at := -1
		for i := range t.Columns {
			if c != nil && t.Columns[i] == c {
				at = i
			}
		}
		if at < 0 {
			return nil, false
		}
		out = append(out, at)
	}
	return out, len(out) > 0
}

// equal tells that two images are the same.
func (r *relation) equal(a, b change.Row) bool {
	for i := range a {
		if !equal(a[i], b[i]) {
			return false
		}
	}
	return true
}

// moves tells that a row's reference changes.
func (l *link) moves(e *entry) bool { return !same(l.columns, e.before, e.after) }

// changesReferred tells that an update changes a value that foreign keys refer to.
func (r *relation) changesReferred(e *entry) bool {
	for _, cols := range r.referred {
		if !same(cols, e.before, e.after) {
			return true
		}
	}
	return false
}

// hasNull tells that a value is NULL, which collides with nothing and refers to nothing.
func hasNull(cols []int, row change.Row) bool {
	for _, i := range cols {
		if row[i] == nil {
			return true
		}
	}
	return false
}

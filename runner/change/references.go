package change

import "godwit/ir/catalog"

// Key names a table for maps.
func Key(schema, name string) string { return schema + "\x00" + name }

// HasAction tells that a foreign key changes rows of its own table when the referred rows change.
func HasAction(fk *catalog.ForeignKey) bool { return action(fk.OnDelete) || action(fk.OnUpdate) }

func action(a string) bool {
	switch a {
	case "", "RESTRICT", "NO ACTION":
		return false
	}
	return true
}

// WithActions is the set of tables, by Key, that a foreign key with an action refers to.
func WithActions(tables []*Table) map[string]bool {
	out := map[string]bool{}
	for _, t := range tables {
		for _, fk := range t.Catalog.ForeignKeys {
			if HasAction(fk) {
				out[Key(refSchema(t, fk), fk.RefTable)] = true
			}
		}
	}
	return out
}

func refSchema(t *Table, fk *catalog.ForeignKey) string {
	if fk.RefSchema == "" {
		return t.Catalog.Schema
	}
	return fk.RefSchema
}

// Bound groups the tables that foreign keys with an action connect: their rows must be of one moment before changes are
// applied, because the target repeats the actions itself and repeats them exactly only on exact rows. Tables that no
// such key touches are in no group.
func Bound(tables []*Table) [][]*Table {
	byKey := map[string]*Table{}
	for _, t := range tables {
		byKey[Key(t.Catalog.Schema, t.Catalog.Name)] = t
	}
	parent := map[*Table]*Table{}
	var find func(*Table) *Table
	find = func(t *Table) *Table {
		if p := parent[t]; p != nil && p != t {
			return find(p)
		}
		return t
	}
	bound := map[*Table]bool{}
	for _, t := range tables {
		for _, fk := range t.Catalog.ForeignKeys {
			r := byKey[Key(refSchema(t, fk), fk.RefTable)]
			if r == nil || !HasAction(fk) {
				continue
			}
			bound[t], bound[r] = true, true
			if a, b := find(t), find(r); a != b {
				parent[a] = b
			}
		}
	}
	groups := map[*Table]int{}
	var out [][]*Table
	for _, t := range tables {
		if !bound[t] {
			continue
		}
		root := find(t)
		if _, ok := groups[root]; !ok {
			groups[root] = len(out)
			out = append(out, nil)
		}
		out[groups[root]] = append(out[groups[root]], t)
	}
	return out
}

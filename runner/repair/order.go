package repair

import (
	"godwit/runner/change"
	"godwit/runner/verify"
)

// inOrder puts rows that the target has too many first, children before parents, then the others, parents before
// children, so that foreign keys hold all the while.
func inOrder(items []*item, tables []*table) [][]*item {
	ordered := parentsFirst(tables)
	var out [][]*item
	pick := func(t *table, extra bool) {
		var list []*item
		for _, it := range items {
			if it.table == t && (it.diff.Kind == verify.Extraneous) == extra {
				list = append(list, it)
			}
		}
		if len(list) > 0 {
			out = append(out, list)
		}
	}
	for i := len(ordered) - 1; i >= 0; i-- {
		pick(ordered[i], true)
	}
	for _, t := range ordered {
		pick(t, false)
	}
	return out
}

// parentsFirst orders tables by their foreign keys; where those form a circle, some order is taken.
func parentsFirst(tables []*table) []*table {
	byKey := map[string]*table{}
	for _, t := range tables {
		byKey[change.Key(t.Catalog.Schema, t.Catalog.Name)] = t
	}
	seen := map[*table]bool{}
	var out []*table
	var visit func(*table)
	visit = func(t *table) {
		if seen[t] {
			return
		}
		seen[t] = true
		for _, fk := range t.Catalog.ForeignKeys {
			schema := fk.RefSchema
			if schema == "" {
				schema = t.Catalog.Schema
			}
			if p := byKey[change.Key(schema, fk.RefTable)]; p != nil {
				visit(p)
			}
		}
		out = append(out, t)
	}
	for _, t := range tables {
		visit(t)
	}
	return out
}

package fold

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"godwit/ir/catalog"
	"godwit/ir/types"
	"godwit/runner/change"
)

// model is a database in memory that checks what a target checks: the key and the unique keys with every row, foreign keys
// behind every statement, and that every row to change is there. Cascades are its own, as they are a target's.
type model struct {
	rows map[*change.Table][]change.Row
}

var errModel = errors.New("the model refuses")

func refuse(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errModel, fmt.Sprintf(format, args...))
}

// world is the tables of the tests: columns are integers, "-" in a row is NULL.
type world struct {
	parent, child, tree, bound, cascade, loose, keyless *change.Table
	tables                                              []*change.Table
}

func newWorld() *world {
	w := &world{}
	make := func(name, cols string, key []string, unique string, fks ...*catalog.ForeignKey) *change.Table {
		t := &catalog.Table{Schema: "s", Name: name, Target: name, ForeignKeys: fks}
		for _, c := range strings.Fields(cols) {
			t.Columns = append(t.Columns, &catalog.Column{Name: c, Target: c, Type: types.Int{Bits: 32}, Nullable: true})
		}
		add := func(kind catalog.KeyKind, names ...string) {
			k := &catalog.Key{Kind: kind}
			for _, n := range names {
				k.Parts = append(k.Parts, catalog.KeyPart{Column: n})
			}
			t.Keys = append(t.Keys, k)
		}
		if key != nil {
			add(catalog.Primary, key...)
		}
		if unique != "" {
			add(catalog.Unique, unique)
		}
		ct, err := change.NewTable(t)
		if err != nil {
			panic(err)
		}
		w.tables = append(w.tables, ct)
		return ct
	}
	fk := func(col, to, action string) *catalog.ForeignKey {
		return &catalog.ForeignKey{Name: col, Columns: []string{col}, RefTable: to, RefColumns: []string{"id"}, OnDelete: action}
	}
	id := []string{"id"}
	w.child = make("child", "id p u x", id, "u", fk("p", "parent", ""))
	w.parent = make("parent", "id u x", id, "u")
	w.tree = make("tree", "id up x", id, "", fk("up", "tree", "RESTRICT"))
	w.cascade = make("cascade", "id b x", id, "", fk("b", "bound", "CASCADE"))
	w.bound = make("bound", "id x", id, "")
	w.loose = make("loose", "id b p", id, "", fk("b", "bound", ""), fk("p", "parent", ""))
	w.keyless = make("keyless", "a b", nil, "")
	return w
}

func newModel() *model { return &model{rows: map[*change.Table][]change.Row{}} }

func (m *model) clone() *model {
	out := newModel()
	for t, r := range m.rows {
		out.rows[t] = slices.Clone(r)
	}
	return out
}

func sameRow(a, b change.Row) bool {
	return slices.EqualFunc(a, b, func(x, y change.Value) bool { return bytes.Equal(x, y) && (x == nil) == (y == nil) })
}

func (m *model) find(t *change.Table, want change.Row) int {
	return slices.IndexFunc(m.rows[t], func(r change.Row) bool {
		if len(t.Key) == 0 {
			return sameRow(r, want)
		}
		return same(t.Key, r, want)
	})
}

func (m *model) put(t *change.Table, r change.Row, except int) error {
	for i, o := range m.rows[t] {
		if i == except {
			continue
		}
		for _, u := range append([][]int{t.Key}, t.Uniques...) {
			if len(u) > 0 && !hasNull(u, r) && same(u, o, r) {
				return refuse("%s: a unique value of %s is taken by %s", t.Name(), text(r), text(o))
			}
		}
	}
	if except < 0 {
		m.rows[t] = append(m.rows[t], r)
	} else {
		m.rows[t][except] = r
	}
	return nil
}

// apply makes one change, statement by statement as an applier does: updates that change a unique key are single.
func (m *model) apply(w *world, c *change.Change) error {
	if c.Kind == change.Truncate {
		m.rows[c.Table] = nil
		return m.references(w)
	}
	for i := range c.Rows() {
		if err := m.one(w, c, i); err != nil {
			return err
		}
	}
	return m.references(w)
}

func (m *model) one(w *world, c *change.Change, i int) error {
	if c.Kind == change.Insert {
		return m.put(c.Table, c.After[i], -1)
	}
	at := m.find(c.Table, c.Before[i])
	if at < 0 {
		return refuse("%s: no row %s", c.Table.Name(), text(c.Before[i]))
	}
	if c.Kind == change.Update {
		return m.put(c.Table, c.After[i], at)
	}
	id := m.rows[c.Table][at][0]
	m.rows[c.Table] = slices.Delete(m.rows[c.Table], at, at+1)
	if c.Table == w.bound {
		m.rows[w.cascade] = slices.DeleteFunc(m.rows[w.cascade], func(r change.Row) bool { return equal(r[1], id) })
	}
	return nil
}

// references checks all foreign keys.
func (m *model) references(w *world) error {
	for _, t := range w.tables {
		for _, fk := range t.Catalog.ForeignKeys {
			col, _ := places(t, fk.Columns)
			parent := w.parent
			for _, p := range w.tables {
				if p.Catalog.Name == fk.RefTable {
					parent = p
				}
			}
			for _, r := range m.rows[t] {
				if v := r[col[0]]; v != nil && !slices.ContainsFunc(m.rows[parent], func(p change.Row) bool { return equal(p[0], v) }) {
					return refuse("%s: %s refers to no row", t.Name(), text(r))
				}
			}
		}
	}
	return nil
}

func text(r change.Row) string {
	out := make([]string, len(r))
	for i, v := range r {
		out[i] = "-"
		if v != nil {
			out[i] = string(v)
		}
	}
	return strings.Join(out, " ")
}

// dump is all rows, sorted.
func (m *model) dump(w *world) string {
	var out []string
	for _, t := range w.tables {
		for _, r := range m.rows[t] {
			out = append(out, t.Catalog.Name+" "+text(r))
		}
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

func rowOf(values ...int) change.Row {
	out := make(change.Row, len(values))
	for i, v := range values {
		if v >= 0 {
			out[i] = change.Value(strconv.Itoa(v))
		}
	}
	return out
}

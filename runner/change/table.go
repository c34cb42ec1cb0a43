package change

import (
	"fmt"

	"godwit/ir/catalog"
)

// Table is a table whose rows are moved.
type Table struct {
	Catalog *catalog.Table
	Columns []*catalog.Column // the columns that are copied: all but generated ones
	// Ordinals gives each of Columns its place among the source table's stored columns (the change stream's order).
	Ordinals []int
	// Key lists the places in Columns of the key that locates a row: the primary key, else the first unique key
	// whose columns are not nullable and whole. Empty if there is none.
	Key []int
	// Uniques are the places in Columns of every other unique key that has whole, copied columns only.
	Uniques [][]int
}

// NewTable prepares a table of the catalog for moving. The target's names must be set.
func NewTable(t *catalog.Table) (*Table, error) {
	if t.Target == "" {
		return nil, fmt.Errorf("table %s.%s has no name on the target: convert the schema first", t.Schema, t.Name)
	}
	out := &Table{Catalog: t}
	for i, c := range t.Columns {
		if c.Generated != catalog.NotGenerated {
			continue
		}
		if c.Target == "" {
			return nil, fmt.Errorf("column %s.%s.%s has no name on the target: convert the schema first", t.Schema, t.Name, c.Name)
		}
		out.Columns = append(out.Columns, c)
		out.Ordinals = append(out.Ordinals, i)
	}
	if len(out.Columns) == 0 {
		return nil, fmt.Errorf("table %s.%s has no column to copy", t.Schema, t.Name)
	}
	out.keys()
	return out, nil
}

func (t *Table) keys() {
	for _, k := range t.Catalog.UniqueKeys() {
		cols, notNull, ok := t.places(k)
		if !ok {
			continue
		}
		if t.Key == nil && notNull {
			t.Key = cols
			continue
		}
		t.Uniques = append(t.Uniques, cols)
	}
}

// places finds a key's columns; ok is false when a part is an expression, a prefix or a generated column.
func (t *Table) places(k *catalog.Key) (cols []int, notNull, ok bool) {
	notNull = true
	for _, p := range k.Parts {
		i := t.place(p.Column)
		if p.Column == "" || p.Prefix > 0 || i < 0 {
			return nil, false, false
		}
		if t.Columns[i].Nullable && k.Kind != catalog.Primary {
			notNull = false
		}
		cols = append(cols, i)
	}
	return cols, notNull, len(cols) > 0
}

func (t *Table) place(name string) int {
	c := t.Catalog.Column(name)
	for i := range t.Columns {
		if t.Columns[i] == c && c != nil {
			return i
		}
	}
	return -1
}

// Name is schema.table on the source, for messages.
func (t *Table) Name() string { return t.Catalog.Schema + "." + t.Catalog.Name }

// KeyOf shows the values of the locating key of a row for messages, "" when there is no key.
func (t *Table) KeyOf(r Row) string {
	s := ""
	for n, i := range t.Key {
		if n > 0 {
			s += ", "
		}
		s += t.Columns[i].Name + "="
		if r[i] == nil {
			s += "NULL"
			continue
		}
		s += fmt.Sprintf("%.64q", []byte(r[i]))
	}
	return s
}

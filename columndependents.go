package godwit

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
)

// tableColumn is a column that an ALTER TABLE adds or gives another name: what names it needs that statement.
type tableColumn struct {
	table *catalog.Table
	name  string // in lower case
}

// adds notes the columns that an ALTER TABLE brings.
func (d *dependents) adds(u *Unit, s *ir.AlterTable) {
	t := s.Table.Table
	if t == nil {
		t = d.cat.Table(orElse(s.Table.Name.Schema(), u.Schema), s.Table.Name.Name())
	}
	if t == nil || t.Kind == catalog.TempTable {
		return
	}
	for _, a := range s.Actions {
		name := ""
		switch {
		case a.Kind == "add column" && a.Column != nil, a.Kind == "change column" && a.Column != nil && !strings.EqualFold(a.Column.Name.Text, a.Old.Text):
			name = a.Column.Name.Text
		case a.Kind == "rename column":
			name = a.New.Name()
		default:
			continue
		}
		c := tableColumn{t, strings.ToLower(name)}
		if d.added[c] != nil && d.added[c] != u {
			delete(d.refused, c) // another statement adds it again
		}
		d.added[c] = u
		d.columns[u] = append(d.columns[u], c)
	}
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// column notes a column that an ALTER TABLE has brought.
func (d *dependents) column(t *catalog.Table, name string, note func(any)) {
	if len(d.added) == 0 || t == nil {
		return
	}
	if c := (tableColumn{t, strings.ToLower(name)}); d.added[c] != nil {
		note(c)
	}
}

// keyColumns notes the columns of a key.
func (d *dependents) keyColumns(t *catalog.Table, k *ir.KeyDef, note func(any)) {
	if k == nil {
		return
	}
	for _, p := range k.Parts {
		d.column(t, p.Column.Text, note)
	}
}

// altered notes the columns that an action of ALTER TABLE names.
func (d *dependents) altered(t *catalog.Table, a *ir.AlterAction, note func(any)) {
	d.keyColumns(t, a.Key, note)
	if a.Foreign != nil {
		for _, c := range a.Foreign.Columns {
			d.column(t, c.Text, note)
		}
	}
	switch a.Kind {
	case "drop column", "change column", "rename column", "alter default":
		d.column(t, a.Old.Text, note)
	case "modify column":
		if a.Column != nil {
			d.column(t, a.Column.Name.Text, note)
		}
	}
}

package catalog

import "godwit/ir/types"

// RowKey is the column that can stand for the ROWID of a table's rows: the one of the primary key, if that is a number or a short text; nil if there is
// none.
func (t *Table) RowKey() *Column {
	if t == nil || t.Kind != BaseTable {
		return nil
	}
	pk := t.PrimaryKey()
	if pk == nil || len(pk.Parts) != 1 {
		return nil
	}
	c := t.Column(pk.Parts[0].Column)
	if c == nil {
		return nil
	}
	switch x := c.Type.(type) {
	case types.Decimal, types.Int:
		return c
	case types.Text:
		if !x.Fixed && x.N > 0 && x.N <= 18 {
			return c
		}
	}
	return nil
}

package resolve

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/types"
)

// noteBlanks notes at the columns which literals that end in blanks are stored in them. CHAR columns lose such blanks.
func (r *Resolver) noteBlanks(s *ir.Insert) {
	v, ok := s.Source.(*ir.Values)
	if !ok || s.Table == nil {
		return
	}
	t := r.cat.Table(r.schemaOf(s.Table.Name), s.Table.Name.Name())
	if t == nil {
		return
	}
	columns := insertedColumns(t, s.Columns)
	for _, row := range v.Rows {
		for i, x := range row.Items {
			l, ok := x.(*ir.String)
			if !ok || !strings.HasSuffix(l.Value, " ") || i >= len(columns) || columns[i] == nil {
				continue
			}
			if t, ok := columns[i].Type.(types.Text); ok && !t.Fixed {
				columns[i].Blanks = true
			}
		}
	}
}

// insertedColumns are the columns that the values of an INSERT go to, in order.
func insertedColumns(t *catalog.Table, names []*ir.Name) []*catalog.Column {
	var out []*catalog.Column
	for _, n := range names {
		out = append(out, t.Column(n.Parts[len(n.Parts)-1].Text))
	}
	if names == nil {
		for _, c := range t.Columns {
			if !c.Invisible {
				out = append(out, c)
			}
		}
	}
	return out
}

package plsql

import (
	"godwit/ir/catalog"
	"godwit/ir/types"
)

// joinKeys tells the columns that refer to a counter, and those that cannot be integers on the target because a foreign key joins
// them with columns that are none, over all foreign keys. Types of tables that the target has already stay.
func (r *Resolver) joinKeys() {
	if !r.keysChanged {
		return
	}
	r.keysChanged = false
	type pair struct{ child, parent *catalog.Column }
	var pairs []pair
	for _, t := range r.cat.Tables() {
		for _, f := range t.ForeignKeys {
			for i, c := range f.Columns {
				child, parent := t.Column(c), r.referred(f, i)
				if child != nil && parent != nil {
					pairs = append(pairs, pair{child, parent})
				}
			}
		}
	}
	for again := true; again; { // a profile that does not tell of the column referred to has seen rows that this one lacks
		again = false
		for _, x := range pairs {
			if x.child.Whole && plainNumber(x.parent) {
				x.child.Whole, again = false, true
			}
		}
	}
	for again := true; again; {
		again = false
		for _, x := range pairs {
			switch c, o := x.child, x.parent; {
			case o.AutoIncrement || o.Counter || o.Whole:
				if !c.Counter && !c.AutoIncrement {
					c.Counter, again = true, true
				}
			case !r.KeepDropped:
			case plainNumber(c) != plainNumber(o):
				child, parent := makeWide(c), makeWide(o)
				again = again || child || parent
			}
		}
	}
}

// makeWide notes that a column cannot be an integer; it tells whether that is new.
func makeWide(c *catalog.Column) bool {
	fresh := !c.Wide
	c.Wide = true
	return fresh
}

// referred is the i-th column that a foreign key refers to, nil if it is not known.
func (r *Resolver) referred(f *catalog.ForeignKey, i int) *catalog.Column {
	parent := r.cat.Table(f.RefSchema, f.RefTable)
	if parent == nil {
		return nil
	}
	if len(f.RefColumns) > 0 {
		if i < len(f.RefColumns) {
			return parent.Column(f.RefColumns[i])
		}
		return nil
	}
	if k := parent.PrimaryKey(); k != nil && i < len(k.Parts) {
		return parent.Column(k.Parts[i].Column)
	}
	return nil
}

// plainNumber tells a number that no integer type of the target holds.
func plainNumber(c *catalog.Column) bool {
	d, ok := c.Type.(types.Decimal)
	return ok && !c.Counts() && (c.Wide || !d.Integral())
}

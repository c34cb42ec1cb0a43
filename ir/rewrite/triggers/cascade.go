package triggers

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

// Cascaded is the condition that a foreign key changes the row that a trigger is about, and no statement: the row that it refers to is
// gone. As long as a statement changes the row the other one is there, which the foreign key sees to. It is nil where no foreign key acts;
// all tells that the condition tells of each that does.
func Cascaded(cat *catalog.Catalog, table *catalog.Table, event string) (cond ir.Expr, all bool) {
	all = true
	for _, f := range table.ForeignKeys {
		if !acting(f, event) {
			continue
		}
		c := orphan(cat, table, f)
		switch {
		case c == nil:
			all = false
		case cond == nil:
			cond = c
		default:
			cond = tree.Or(cond, c)
		}
	}
	return cond, all
}

// acting tells that a foreign key changes rows of its table on an event.
func acting(f *catalog.ForeignKey, event string) bool {
	switch event {
	case "delete":
		return strings.EqualFold(f.OnDelete, "CASCADE")
	case "update":
		return changes(f.OnUpdate) || strings.EqualFold(f.OnDelete, "SET NULL") || strings.EqualFold(f.OnDelete, "SET DEFAULT")
	}
	return false
}

// orphan is the condition for one foreign key; nil if the parent is not known, or the target has no such foreign key.
func orphan(cat *catalog.Catalog, table *catalog.Table, f *catalog.ForeignKey) ir.Expr {
	parent := cat.Table(f.RefSchema, f.RefTable)
	if parent == nil || parent.Kind != catalog.BaseTable {
		return nil
	}
	refs := f.RefColumns
	if k := parent.PrimaryKey(); len(refs) == 0 && k != nil {
		for _, p := range k.Parts {
			refs = append(refs, p.Column)
		}
	}
	if len(refs) != len(f.Columns) || !unique(parent, refs) {
		return nil
	}
	ref := &ir.TableRef{Name: ir.Qualified(parent.Schema, parent.Name), Table: parent, Alias: ir.Ident{Text: "parent"}}
	var conds, same []ir.Expr
	for i, name := range f.Columns {
		own, other := table.Column(name), parent.Column(refs[i])
		if own == nil || other == nil {
			return nil
		}
		old := &ir.Name{Parts: []ir.Ident{{Text: "OLD"}, {Text: own.Name}}, Ref: &ir.RowRef{Table: table, Column: own}}
		old.Type = own.Type
		if own.Nullable {
			known := &ir.IsNull{X: old, Not: true}
			known.Type = types.Bool{}
			conds = append(conds, known)
		}
		same = append(same, tree.Compare(ir.Eq, tree.Column(parent, other, ref, "parent"), old))
	}
	none := &ir.Exists{Not: true, Query: tree.Select([]*ir.SelectItem{tree.Item(tree.Int("1"), "")}, []ir.TableExpr{ref}, tree.And(same...))}
	none.Type = types.Bool{}
	return tree.And(append(conds, none)...)
}

// unique tells that a key is over these columns and no others, so that the target has the foreign key.
func unique(t *catalog.Table, columns []string) bool {
	for _, k := range t.Keys {
		if k.Kind != catalog.Primary && k.Kind != catalog.Unique || len(k.Parts) != len(columns) {
			continue
		}
		if !slices.ContainsFunc(k.Parts, func(p catalog.KeyPart) bool {
			return p.Prefix > 0 || !slices.ContainsFunc(columns, func(c string) bool { return strings.EqualFold(c, p.Column) })
		}) {
			return true
		}
	}
	return false
}

// spared leaves the body of a trigger out for rows that a foreign key changes. It tells whether it is left out for all of them.
func spared(cat *catalog.Catalog, t *ir.CreateTrigger) bool {
	cond, all := Cascaded(cat, t.Table.Table, t.Events[0])
	b, ok := t.Body.(*ir.Block)
	if cond == nil || !ok || len(b.Body) == 0 {
		return all && cond == nil
	}
	last, ok := b.Body[len(b.Body)-1].(*ir.Return)
	if !ok {
		return false
	}
	leave := ir.Clone(last)
	guard := &ir.If{Branches: []*ir.Branch{{Cond: cond, Body: []ir.Stmt{leave}}}}
	guard.Span = t.Span
	guard.Made(code)
	b.Body = append([]ir.Stmt{guard}, b.Body...)
	return all
}

package altertable

import (
	"reflect"
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/columntypes"
	"godwit/ir/rewrite/keys"
	"godwit/ir/rewrite/views"
	"godwit/ir/types"
)

// alterColumn changes what is named of a column; the rest stays.
func (l *lowering) alterColumn(a *ir.AlterAction) {
	c, name := a.Column, l.column(a.Column.Name)
	if c.Object == nil || a.Was == nil || c.Generated != nil || c.Identity != nil {
		rewrite.Refuse(l.p, unknownAction, a.Span, "%s", a.Span.Text())
		return
	}
	act := func(x *ir.AlterAction) {
		x.Old = name
		l.do(a, x)
	}
	if !l.unchanged(a.Was, c) {
		if v := views.Reader(l.p, c.Object); v != nil {
			rewrite.Refuse(l.p, readColumn, a.Span, "column %s, which view %s reads", name.Text, v.Name)
			return
		}
		if why := l.bound(c.Object); why != "" {
			rewrite.Refuse(l.p, boundColumn, a.Span, "column %s, which %s reads", name.Text, why)
			return
		}
		text, bytes := a.Was.Type.(types.Text)
		switch bytes = bytes && text.Unit == types.Bytes && !text.Fixed; {
		case bytes, narrowed(a.Was): // with a CHECK of the digits or the length
			check := columntypes.Recheck(l.p, l.s, c.Object, name.Text)
			l.do(a, &ir.AlterAction{Kind: "drop constraint", IfExists: true, Old: ir.Ident{Text: check}})
		}
		act(&ir.AlterAction{Kind: "set type", Column: c})
		for _, k := range c.Checks {
			l.do(a, &ir.AlterAction{Kind: "add check", Check: k})
		}
	}
	switch {
	case c.NotNull:
		act(&ir.AlterAction{Kind: "set not null"})
	case c.NullWord:
		act(&ir.AlterAction{Kind: "drop not null"})
	}
	switch {
	case c.Default != nil:
		act(&ir.AlterAction{Kind: "alter default", Expr: c.Default})
	case a.Was != nil && a.Was.HasDefault && c.Object != nil && !c.Object.HasDefault: // DEFAULT NULL
		act(&ir.AlterAction{Kind: "alter default"})
	}
	for _, k := range inlineKeys(c) {
		l.addKey(a, k)
	}
}

// narrowed tells that the target may have given the column a CHECK of its digits or its length. In a folder everything is resolved before
// types are chosen: what the column was is known by its type on the source only.
func narrowed(was *catalog.Column) bool {
	if was.TargetType != "" {
		return slices.Contains([]string{"smallint", "integer", "bigint", "bytea"}, was.TargetType)
	}
	switch t := was.Type.(type) {
	case types.Decimal:
		return t.Precision > 0 && t.Scale <= 0
	case types.Binary, types.Int:
		return true
	}
	return false
}

// unchanged tells that the column keeps its type, and the CHECK that belongs to it.
func (l *lowering) unchanged(was *catalog.Column, c *ir.ColumnDef) bool {
	if was.Type == nil || c.Type == nil || was.TargetType != "" && !narrowed(was) {
		return l.sameType(was, c)
	}
	return reflect.DeepEqual(was.Type, c.Type)
}

// triggers switches the triggers of a table off or on.
func (l *lowering) triggers(word string) {
	l.add(&ir.RawStmt{Text: "ALTER TABLE " + quote(l.s.Target()) + " " + word + " TRIGGER USER"})
}

// renameConstraint renames a constraint; of keys the catalog has the new name on the source already.
func (l *lowering) renameConstraint(a *ir.AlterAction) {
	from, to := fold(a.Old.Text), fold(a.New.Name())
	if a.IfExists {
		l.p.Report(ignoredOption, a.Span, "constraint %s has no name on the target", a.Old.Text)
		return
	}
	if l.s.Table != nil {
		for _, k := range l.s.Table.Keys {
			if k.Index || k.Name != a.Old.Text && k.Name != a.New.Name() || k.Target == "" {
				continue
			}
			from, k.Target, k.Name = k.Target, to, a.New.Name()
			if constraint, _ := keys.Held(l.s.Table, k); !constraint {
				l.add(&ir.RawStmt{Text: "ALTER INDEX " + quote(l.s.Beside(from)) + " RENAME TO " + quote(ir.Qualified("", to))})
				return
			}
		}
		for _, f := range l.s.Table.ForeignKeys {
			if (f.Name == a.Old.Text || f.Name == a.New.Name()) && f.Target != "" {
				from, f.Target, f.Name = f.Target, to, a.New.Name()
			}
		}
	}
	l.do(a, &ir.AlterAction{Kind: "rename constraint", Old: ir.Ident{Text: from}, New: ir.Qualified("", to)})
}

// dropUnique drops the unique key over the columns that are named.
func (l *lowering) dropUnique(a *ir.AlterAction) {
	if l.s.Table != nil && a.Key != nil {
		for _, k := range l.s.Table.Keys {
			if k.Kind == catalog.Unique && !k.Index && over(k, a.Key) && k.Target != "" {
				l.dropKnown(a, k)
				return
			}
		}
	}
	rewrite.Refuse(l.p, unknownAction, a.Span, "%s", a.Span.Text())
}

func over(k *catalog.Key, d *ir.KeyDef) bool {
	if len(k.Parts) != len(d.Parts) {
		return false
	}
	for i, part := range d.Parts {
		if k.Parts[i].Column != part.Column.Text {
			return false
		}
	}
	return true
}

// fold is the name of a constraint on the target.
func fold(s string) string {
	if s == strings.ToUpper(s) {
		return strings.ToLower(s)
	}
	return s
}

package altertable

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/partitions"
	"godwit/ir/rewrite/views"
	"godwit/ir/types"
)

// recode is CONVERT TO CHARACTER SET: columns whose comparisons change get the other collation. The target has one encoding.
func (l *lowering) recode(a *ir.AlterAction) {
	if l.s.Table == nil {
		l.p.Report(charset, a.Span, "%s", a.Span.Text())
		return
	}
	changed := false
	for _, x := range a.Recoded {
		if _, enum := x.Type.(types.Enum); enum {
			continue // a type of its own
		}
		was, _ := types.CollationOf(x.Was.Type)
		is, _ := types.CollationOf(x.Type)
		from, _, ok := l.p.Lower.Collation(was)
		to, deterministic, known := l.p.Lower.Collation(is)
		sql, typed := l.p.Lower.TypeSQL(x.Type)
		switch {
		case ok && known && strings.EqualFold(from.String(), to.String()):
			continue
		case !ok || !known || !typed:
			l.p.Report(charset, a.Span, "column %s: %s", x.Was.Name, a.Span.Text())
			continue
		case generated(l.s.Table) || partitions.Divided(l.p, l.s.Table):
			rewrite.Refuse(l.p, unknownAction, a.Span, "%s of a table with generated columns or partitions", a.Span.Text())
			return
		}
		c := l.s.Table.Column(x.Was.Name)
		if v := views.Reader(l.p, c); v != nil {
			rewrite.Refuse(l.p, readColumn, a.Span, "column %s, which view %s reads", x.Was.Name, v.Name)
			return
		}
		if !deterministic {
			l.p.Unit.NeedHelper(to.Name())
		}
		name := l.column(ir.Ident{Text: x.Was.Name})
		if target, _, typed := l.p.Lower.ColumnSQL(x.Type); typed && target == to.String() || from.String() == build.Citext { // a type stands for the collation
			rewrite.Refuse(l.p, unknownAction, a.Span, "%s where texts are of the type %s", a.Span.Text(), build.Citext)
			return
		}
		def := &ir.ColumnDef{Name: name, Type: x.Type, TypeSQL: sql, CollationSQL: &to, Object: c}
		def.Span = a.Span
		l.do(a, &ir.AlterAction{Kind: "set type", Old: name, Column: def})
		changed = true
	}
	if !changed {
		l.p.Report(ignoredOption, a.Span, "%s", a.Span.Text())
	}
}

func generated(t *catalog.Table) bool {
	for _, c := range t.Columns {
		if c.Generated != catalog.NotGenerated {
			return true
		}
	}
	return false
}

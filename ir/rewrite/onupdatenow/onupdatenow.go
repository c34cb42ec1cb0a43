// Package onupdatenow turns ON UPDATE CURRENT_TIMESTAMP into a trigger.
package onupdatenow

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/feature"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/define"
	"godwit/ir/rewrite/triggers"
	"godwit/ir/types"
)

var sameValue = &diag.Code{
	ID: "DD0131", Title: "ON UPDATE CURRENT_TIMESTAMP sees values, not the SET list", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: "The source leaves the column alone when the UPDATE names it in SET, even with its old value (SET changed = changed). The trigger sees values only: such an UPDATE that changes another column " +
		"also sets the column (MySQL Reference Manual, Automatic Initialization and Updating for TIMESTAMP and DATETIME).",
	Next: "Look for UPDATEs of the application that set the column to itself.",
}

// Rule turns ON UPDATE CURRENT_TIMESTAMP into a row trigger.
var Rule = &rewrite.Rule{
	Code: "DD0130",
	Name: "onupdatenow",
	Doc: "ON UPDATE CURRENT_TIMESTAMP becomes a BEFORE UPDATE trigger that fires before the table's other triggers: it sets the column when the row changed and the statement did not set the column " +
		"to another value. Rows are compared by their bytes, so that a change of case counts although the collation ignores it.",
	Examples: []rewrite.Example{{
		Source: "CREATE TABLE t (a INT, c DATETIME ON UPDATE CURRENT_TIMESTAMP)",
		Target: "CREATE TABLE t (\n  a integer,\n  c timestamp(0)\n);\nCREATE OR REPLACE FUNCTION t_on_update()\nRETURNS trigger\nLANGUAGE plpgsql\nAS $$\nBEGIN\n" +
			"  IF NEW *<> OLD AND NEW.c IS NOT DISTINCT FROM OLD.c THEN\n    NEW.c := date_trunc('second', statement_timestamp());\n  END IF;\n  RETURN NEW;\nEND;\n$$;\n" +
			"CREATE OR REPLACE TRIGGER _on_update_t BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION t_on_update()",
	}},
	Feature:  feature.OnUpdateColumns,
	Fidelity: diag.Assumed,
	Findings: []*diag.Code{sameValue},
	Looks:    ir.Kinds(ir.HasOnUpdate, ir.KindAlterTable),
	Run:      run,
}

func run(p *rewrite.Pass) {
	define.Tables(p, func(s *define.Site) {
		var cols []*ir.ColumnDef
		for _, c := range define.ColumnsOf(s.Stmt) {
			if c.OnUpdate != nil {
				cols = append(cols, c)
			}
		}
		if at, ok := s.Stmt.(*ir.AlterTable); ok {
			for _, c := range cols {
				p.Report(sameValue, c.Span, "column %s", c.Name.Text)
				c.OnUpdate = nil
			}
			altered(p, s, at, len(cols) > 0)
			return
		}
		if len(cols) == 0 {
			return
		}
		p.Report(sameValue, cols[0].Span, "column %s", cols[0].Name.Text)
		s.Behind(trigger(p, s, cols))
		for _, c := range cols {
			c.OnUpdate = nil
		}
	})
}

// altered makes the trigger anew from all columns of the table, where ALTER TABLE changes columns that it is about.
func altered(p *rewrite.Pass, s *define.Site, at *ir.AlterTable, added bool) {
	if s.Table == nil {
		return
	}
	var cols []*ir.ColumnDef
	for _, c := range s.Table.Columns {
		if c.OnUpdateNow {
			n := &ir.Now{Kind: types.DateTime{}, Precision: precision(c.Type)}
			n.Span = at.Span
			d := &ir.ColumnDef{Name: ir.Ident{Text: c.Name}, Type: c.Type, Object: c, OnUpdate: n}
			d.Span = at.Span
			cols = append(cols, d)
		}
	}
	had, touched := added, added
	for _, a := range at.Actions {
		switch {
		case a.Was != nil && a.Was.OnUpdateNow:
			had, touched = true, true
		case a.Column != nil || a.Was != nil:
			touched = touched || generated(s.Table) // the columns are listed
		}
	}
	switch {
	case len(cols) > 0 && touched:
		s.Behind(trigger(p, s, cols))
	case len(cols) == 0 && had:
		s.Before(&ir.Drop{Kind: "trigger", IfExists: true, Names: []ir.QName{ir.Qualified("", TriggerName(s.TargetName()))}, On: s.Ref()})
	}
}

func precision(t types.Type) int {
	switch t := t.(type) {
	case types.DateTime:
		return t.Precision
	case types.Timestamp:
		return t.Precision
	}
	return 0
}

func now(n *ir.Now) ir.Expr {
	x, ok := define.Now(n)
	if !ok {
		return n
	}
	return x
}

// TriggerName is the name of the table's trigger and, without the leading underscore that makes it fire first, of its function.
func TriggerName(table string) string { return "_on_update_" + table }

func trigger(p *rewrite.Pass, s *define.Site, cols []*ir.ColumnDef) *ir.CreateTrigger {
	var sets []ir.Stmt
	for _, c := range cols {
		same := define.Compare(row(s, c, true), ir.NullSafeEq, row(s, c, false))
		set := &ir.SetVar{Items: []*ir.SetItem{{Target: row(s, c, true), Value: now(c.OnUpdate)}}}
		sets = append(sets, define.At(&ir.If{Branches: []*ir.Branch{{Cond: same, Body: []ir.Stmt{set}}}}, c.Span, p.Rule.Code))
	}
	changed := &ir.If{Branches: []*ir.Branch{{Cond: rowChanged(s), Body: sets}}}
	if only, ok := sets[0].(*ir.If); ok && len(sets) == 1 {
		b := only.Branches[0]
		both := &ir.Binary{Op: ir.And, L: rowChanged(s), R: b.Cond}
		both.Type = types.Bool{}
		changed.Branches[0].Cond, changed.Branches[0].Body = both, b.Body
	}
	body := &ir.Block{Body: []ir.Stmt{changed, &ir.Return{Value: whole("NEW")}}}
	if s.Table != nil {
		if cond, _ := triggers.Cascaded(p.Catalog, s.Table, "update"); cond != nil { // the actions of foreign keys leave the column alone
			leave := &ir.If{Branches: []*ir.Branch{{Cond: cond, Body: []ir.Stmt{&ir.Return{Value: whole("NEW")}}}}}
			body.Body = append([]ir.Stmt{leave}, body.Body...)
		}
	}
	name := s.TargetName()
	t := &ir.CreateTrigger{
		Name: ir.Qualified("", TriggerName(name)), TargetName: TriggerName(name), Timing: "before", Events: []string{"update"}, OrReplace: true,
		Table: s.Ref(), ForEachRow: true, Body: body, Object: s.Table, Function: s.Beside(name + "_on_update"),
		Target: &ir.TargetRoutine{Function: true, Language: "plpgsql", Returns: "trigger"},
	}
	t.Span = cols[0].Span
	return t
}

func row(s *define.Site, c *ir.ColumnDef, isNew bool) *ir.Name {
	word := "OLD"
	if isNew {
		word = "NEW"
	}
	n := &ir.Name{Parts: []ir.Ident{{Text: word}, c.Name}}
	n.Type, n.Span = c.Type, c.Span
	if c.Object != nil {
		n.Ref = &ir.RowRef{New: isNew, Table: s.Table, Column: c.Object}
	}
	return n
}

func whole(word string) *ir.Name {
	n := &ir.Name{Parts: []ir.Ident{{Text: word}}}
	n.Type = types.Row{}
	return n
}

// rowChanged compares the images of the two rows. Generated columns have no value yet in a BEFORE trigger: with such columns
// the others are compared one by one as rows.
func rowChanged(s *define.Site) ir.Expr {
	if s.Table == nil || !generated(s.Table) {
		return define.Op(whole("NEW"), "*<>", whole("OLD"), types.Bool{})
	}
	l, r := &ir.RowExpr{}, &ir.RowExpr{}
	l.Type, r.Type = types.Row{}, types.Row{}
	for _, c := range s.Table.Columns {
		if c.Generated == catalog.NotGenerated {
			d := &ir.ColumnDef{Name: ir.Ident{Text: c.Name}, Type: c.Type, Object: c}
			l.Items = append(l.Items, row(s, d, true))
			r.Items = append(r.Items, row(s, d, false))
		}
	}
	// The cast keeps them one value each: two row constructors are compared column by column, which *<> is not made for.
	return define.Op(build.As(l, "record", l.Type, "DD0130"), "*<>", build.As(r, "record", r.Type, "DD0130"), types.Bool{})
}

func generated(t *catalog.Table) bool {
	for _, c := range t.Columns {
		if c.Generated != catalog.NotGenerated {
			return true
		}
	}
	return false
}

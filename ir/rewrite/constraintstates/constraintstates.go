// Package constraintstates holds the rule for the states of constraints.
package constraintstates

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/define"
)

const code = "CN0400"

var (
	disabled = &diag.Code{
		ID: "CN0401", Title: "disabled constraint left out", Severity: diag.Info, Fidelity: diag.Exact,
		Doc:  "A constraint with DISABLE is not enforced. The target enforces all that it has, so that it is left out (Oracle SQL Language Reference, constraint, constraint_state).",
		Next: "Add the constraint when the rows meet it.",
	}
	deferred = &diag.Code{
		ID: "CN0402", Title: "CHECK or NOT NULL that waits for the end of the transaction", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  "The target checks CHECK and NOT NULL constraints with each row; they cannot be deferred (PostgreSQL manual, SET CONSTRAINTS).",
		Next: "Use a constraint trigger, which can be deferred, where transactions rely on it.", Each: 0.5,
	}
	unchecked = &diag.Code{
		ID: "CN0403", Title: "constraint that is not checked for old rows", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  "ENABLE NOVALIDATE leaves rows alone that break the constraint. The target can leave old rows unchecked for foreign keys and CHECK only, not for keys or NOT NULL.",
		Next: "Find the rows that break the constraint before the load.", Each: 0.25,
	}
)

// Rule lowers the states of constraints.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "constraintstates",
		Doc: "DISABLE leaves a constraint out. ENABLE NOVALIDATE makes foreign keys and CHECK constraints that are added by ALTER TABLE NOT VALID; in CREATE TABLE there are no rows yet. DEFERRABLE stays for keys and " +
			"foreign keys. RELY falls away: it is about the optimizer (Oracle SQL Language Reference, constraint).",
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Source: "CREATE TABLE t (a NUMBER, b NUMBER, CONSTRAINT t_ck CHECK (a > b) DISABLE);",
			Target: "CREATE TABLE t (\n  a numeric,\n  b numeric\n);",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{disabled, deferred, unchecked},
		Looks:    ir.Kinds(ir.KindCreateTable, ir.KindAlterTable),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	define.Tables(p, func(s *define.Site) {
		l := lowering{p: p, added: s.Create == nil}
		waiting(s.Stmt)
		for _, c := range define.ColumnsOf(s.Stmt) {
			l.column(c)
		}
		switch t := s.Stmt.(type) {
		case *ir.CreateTable:
			t.Keys, t.ForeignKeys, t.Checks = kept(t.Keys, l.key), kept(t.ForeignKeys, l.foreign), kept(t.Checks, l.check)
		case *ir.AlterTable:
			t.Actions = kept(t.Actions, l.action)
		}
	})
}

// waiting takes keys that can be deferred from their columns: there is no place for the state at a column.
func waiting(s ir.Stmt) {
	of := func(c *ir.ColumnDef) *ir.KeyDef {
		if !c.KeyState.Deferrable && !c.KeyState.Deferred || c.KeyState.Disabled || c.Primary == c.Unique {
			return nil
		}
		k := &ir.KeyDef{Kind: catalog.Unique, Name: c.KeyName, State: c.KeyState, PartNulls: true, Parts: []*ir.KeyPart{{Column: c.Name, Nulls: ir.NullsLast}}}
		if c.Primary {
			k.Kind, k.PartNulls = catalog.Primary, false
		}
		k.Span, k.Parts[0].Span = c.Span, c.Span
		c.Primary, c.Unique, c.KeyState, c.KeyName = false, false, ir.ConstraintState{}, ir.Ident{}
		return k
	}
	switch t := s.(type) {
	case *ir.CreateTable:
		for _, c := range t.Columns {
			if k := of(c); k != nil {
				t.Keys = append(t.Keys, k)
			}
		}
	case *ir.AlterTable:
		out := t.Actions[:0:0]
		for _, a := range t.Actions {
			out = append(out, a)
			if a.Column == nil {
				continue
			}
			if k := of(a.Column); k != nil {
				more := &ir.AlterAction{Kind: "add key", Key: k}
				more.Span = k.Span
				out = append(out, more)
			}
		}
		t.Actions = out
	}
}

// lowering lowers the constraints of a table; added tells that it has rows.
type lowering struct {
	p     *rewrite.Pass
	added bool
}

// kept are the elements that f keeps.
func kept[T any](list []T, f func(T) bool) []T {
	out := list[:0:0]
	for _, x := range list {
		if f(x) {
			out = append(out, x)
		}
	}
	return out
}

func (l lowering) column(c *ir.ColumnDef) {
	if st := c.NullState; st != (ir.ConstraintState{}) {
		switch {
		case st.Disabled && c.NotNull:
			l.p.Report(disabled, c.Span, "NOT NULL of column %s", c.Name.Text)
			c.NotNull = false
		case st.Deferred:
			l.p.Report(deferred, c.Span, "NOT NULL of column %s", c.Name.Text)
		case st.NoValidate && l.added:
			l.p.Report(unchecked, c.Span, "NOT NULL of column %s", c.Name.Text)
		}
		c.NullState = ir.ConstraintState{}
	}
	if c.KeyState.Disabled {
		l.p.Report(disabled, c.Span, "key of column %s", c.Name.Text)
		c.Primary, c.Unique = false, false
	}
	c.KeyState = ir.ConstraintState{}
	if r := c.References; r != nil && !l.foreign(r) {
		c.References = nil
	}
	c.Checks = kept(c.Checks, l.check)
}

func (l lowering) key(k *ir.KeyDef) bool {
	st := k.State
	k.State = ir.ConstraintState{}
	switch {
	case st.Disabled:
		l.p.Report(disabled, k.Span, "key %s", k.Name.Text)
		return false
	case st.NoValidate && l.added:
		l.p.Report(unchecked, k.Span, "key %s", k.Name.Text)
	}
	k.Deferrable, k.Deferred = k.Deferrable || st.Deferrable || st.Deferred, st.Deferred
	return true
}

func (l lowering) foreign(f *ir.ForeignKeyDef) bool {
	st := f.State
	f.State = ir.ConstraintState{}
	if st.Disabled {
		l.p.Report(disabled, f.Span, "foreign key %s", f.Name.Text)
		return false
	}
	f.NotValid = f.NotValid || st.NoValidate && l.added
	f.Deferrable, f.Deferred = f.Deferrable || st.Deferrable || st.Deferred, st.Deferred
	return true
}

func (l lowering) check(c *ir.CheckDef) bool {
	st := c.State
	c.State = ir.ConstraintState{}
	switch {
	case st.Disabled:
		l.p.Report(disabled, c.Span, "constraint %s", c.Name.Text)
		return false
	case st.Deferred:
		l.p.Report(deferred, c.Span, "constraint %s", c.Name.Text)
	}
	c.NotValid = st.NoValidate && l.added
	return true
}

func (l lowering) action(a *ir.AlterAction) bool {
	switch {
	case a.Key != nil:
		return l.key(a.Key)
	case a.Foreign != nil:
		return l.foreign(a.Foreign)
	case a.Check != nil:
		return l.check(a.Check)
	}
	return true
}

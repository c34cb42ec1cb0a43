package foreignkeys

import (
	"slices"
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/calls"
	"godwit/ir/rewrite/ddlcommit"
	"godwit/ir/rewrite/define"
	"godwit/ir/rewrite/session"
	"godwit/ir/rewrite/transactions"
	"godwit/ir/rewrite/triggers"
)

var (
	suspended = &diag.Code{
		ID: "CN0208", Title: "foreign keys are dropped while their checks are off", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: "Where a script switches foreign_key_checks off, the foreign keys of the tables that it changes then are dropped, and added again as NOT VALID where the script switches the checks on, or ends: " +
			"rows of that time are not looked at, and no action of a key runs, as on the source. Other sessions do not have the keys meanwhile.",
		Next: "Order the statements so that parents come first and leave the switch out; run VALIDATE CONSTRAINT where all rows have their parents.", Each: 0.1,
	}
	cannotSuspend = &diag.Code{
		ID: "CN0209", Title: "checks of foreign keys are switched off inside a transaction", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc: "A switch of foreign_key_checks outlives a ROLLBACK on the source; what the target does instead (dropping the keys and adding them again) is part of the transaction. The keys stay: " +
			"statements that break one fail, and actions (CASCADE, SET NULL) run.",
		Next: "Switch the checks off before the transaction begins, and on behind its end.", Learn: 0.2, Each: 0.2,
	}
)

// suspendedKey is the key of the session's state for the foreign keys that are dropped while checks are off; present while they are off.
const suspendedKey = "foreignkeys.suspended"

// gone is a foreign key that is dropped while checks are off.
type gone struct {
	table *catalog.Table
	key   *catalog.ForeignKey
	name  string
}

func (g gone) parent(p *rewrite.Pass) *catalog.Table {
	schema := g.key.RefSchema
	if schema == "" {
		schema = g.table.Schema
	}
	return p.Catalog.Table(schema, g.key.RefTable)
}

// switches tells that the unit switches checks off or on, or is the last while they are off.
func switches(p *rewrite.Pass) bool {
	if !p.Session.Ordered() {
		return false
	}
	off := session.ChecksOff(p.Session, "foreign_key_checks")
	_, was := p.Session.State[suspendedKey]
	return off != was || off && p.Session.At+1 >= len(p.Session.Script)
}

// switched drops foreign keys behind the unit that switches checks off, and adds them again behind the one that switches them on, or that is
// the last.
func switched(p *rewrite.Pass) {
	list, was := p.Session.State[suspendedKey].([]gone)
	if !was {
		p.Session.State[suspendedKey] = suspend(p)
		return
	}
	delete(p.Session.State, suspendedKey)
	resume(p, list)
}

func suspend(p *rewrite.Pass) []gone {
	touches := touched(p)
	if touches == nil {
		return nil
	}
	var list []gone
	for _, g := range keysTo(p, func(f *catalog.ForeignKey, _ *catalog.Table) bool { return true }) {
		if (touches(g.table.Name) || touches(g.key.RefTable)) && lowered(p, g) != nil {
			list = append(list, g)
		}
	}
	if len(list) == 0 {
		return nil
	}
	if !apart(p) {
		p.Report(cannotSuspend, p.Unit.Span, "foreign_key_checks and a transaction end inside one another")
		return nil
	}
	p.Report(suspended, p.Unit.Span, "%d foreign keys", len(list))
	for _, g := range list {
		put(p, g, &ir.AlterAction{Kind: "drop constraint", Old: ir.Ident{Text: g.name}})
	}
	return list
}

func resume(p *rewrite.Pass, list []gone) {
	for _, g := range list {
		if p.Catalog.Table(g.table.Schema, g.table.Name) != g.table {
			continue // dropped since
		}
		if f := lowered(p, g); f != nil {
			f.NotValid = true
			put(p, g, &ir.AlterAction{Kind: "add foreign", Foreign: f})
		} else {
			p.Report(notUnique, p.Unit.Span, "%s of table %s, whose key was dropped", g.name, g.table.Name)
		}
	}
}

func site(p *rewrite.Pass, g gone) *define.Site {
	stmt := &ir.AlterTable{}
	stmt.Span = p.Unit.Span
	return &define.Site{Pass: p, Stmt: stmt, Table: g.table, Name: ir.Qualified(g.table.TargetSchema, g.table.Target)}
}

func put(p *rewrite.Pass, g gone, a *ir.AlterAction) {
	a.Span = p.Unit.Span
	x := &ir.AlterTable{Table: site(p, g).Ref(), Actions: []*ir.AlterAction{a}}
	x.Span = p.Unit.Span
	x.Made(p.Rule.Code)
	p.Unit.Stmts = append(p.Unit.Stmts, x)
}

// Detached makes the statements that take foreign keys away which stand on a unique key of the table, and those that add them again when the key is
// gone: on the target a foreign key needs the very key that it was made on. One that has no other to stand on is left out, with a finding.
func Detached(p *rewrite.Pass, t *catalog.Table, k *catalog.Key) (before, behind []ir.Stmt) {
	if t == nil || !p.Session.Ordered() {
		return nil, nil
	}
	away, _ := p.Session.State[suspendedKey].([]gone)
	alter := func(g gone, a *ir.AlterAction) ir.Stmt {
		a.Span = p.Unit.Span
		x := &ir.AlterTable{Table: site(p, g).Ref(), Actions: []*ir.AlterAction{a}}
		x.Span = p.Unit.Span
		return x
	}
	for _, g := range keysTo(p, func(f *catalog.ForeignKey, parent *catalog.Table) bool { return parent == t && over(k, f) }) {
		if slices.Contains(away, g) {
			continue
		}
		f := lowered(p, g) // where it is nil, it may never have been made
		before = append(before, alter(g, &ir.AlterAction{Kind: "drop constraint", Old: ir.Ident{Text: g.name}, IfExists: f == nil}))
		if f != nil {
			behind = append(behind, alter(g, &ir.AlterAction{Kind: "add foreign", Foreign: f}))
		} else {
			p.Report(notUnique, p.Unit.Span, "%s of table %s, whose key %s is dropped", g.name, g.table.Name, k.Name)
		}
	}
	return before, behind
}

// over tells that a foreign key names the columns of a key that rows are unique by.
func over(k *catalog.Key, f *catalog.ForeignKey) bool {
	if k.Kind != catalog.Primary && k.Kind != catalog.Unique || len(k.Parts) != len(f.RefColumns) {
		return false
	}
	for _, part := range k.Parts {
		if part.Column == "" || part.Prefix > 0 || !slices.ContainsFunc(f.RefColumns, func(c string) bool { return strings.EqualFold(c, part.Column) }) {
			return false
		}
	}
	return true
}

// keysTo are the foreign keys of the catalog that f takes, with the names that they have on the target.
func keysTo(p *rewrite.Pass, f func(*catalog.ForeignKey, *catalog.Table) bool) []gone {
	var list []gone
	for _, t := range p.Catalog.Tables() {
		unnamed := 0
		for _, k := range t.ForeignKeys {
			g := gone{t, k, strings.ToLower(k.Name)}
			if k.Name == "" {
				unnamed++
				g.name = strings.ToLower(t.Name) + "_ibfk_" + strconv.Itoa(unnamed)
			}
			if t.Kind == catalog.BaseTable && f(k, g.parent(p)) {
				list = append(list, g)
			}
		}
	}
	return list
}

// lowered is the foreign key as the target has it, nil if it does not.
func lowered(p *rewrite.Pass, g gone) *ir.ForeignKeyDef {
	f := &ir.ForeignKeyDef{Name: ir.Ident{Text: g.name}, RefTable: ir.Qualified(g.key.RefSchema, g.key.RefTable), OnDelete: g.key.OnDelete, OnUpdate: g.key.OnUpdate}
	f.Span = p.Unit.Span
	for _, c := range g.key.Columns {
		f.Columns = append(f.Columns, ir.Ident{Text: c})
	}
	for _, c := range g.key.RefColumns {
		f.RefColumns = append(f.RefColumns, ir.Ident{Text: c})
	}
	parent := g.parent(p)
	if parent == nil || noForeignKeys[strings.ToLower(g.table.Engine)] || !Unique(parent, f) || otherEnum(g.table, parent, f) != nil {
		return nil
	}
	return lower(p, site(p, g), f, 0, parent)
}

// touched tells by its name whether a table is changed while checks are off; nil if none is.
func touched(p *rewrite.Pass) func(name string) bool {
	var texts []string
	any := p.Session.Unseen
	for _, u := range p.Session.Script[min(p.Session.At+1, len(p.Session.Script)):] {
		if on, _ := sets(u); on {
			break
		}
		text := strings.ToLower(u.Span.Text())
		for _, s := range u.Stmts {
			switch s.(type) {
			case *ir.QueryStmt, *ir.SetVar, *ir.SetNames, *ir.Transaction, *ir.CreateTable, *ir.CommentStmt, *ir.Drop, *ir.Unsupported, *ir.Routine, *ir.CreateTrigger, *ir.CreateView:
				continue
			case *ir.CallProc, *ir.Execute:
				any = true
			}
			texts = append(texts, text)
			for _, t := range p.Catalog.Tables() {
				any = any || t.Kind == catalog.ViewTable && strings.Contains(text, strings.ToLower(t.Name))
			}
		}
	}
	if len(texts) == 0 && !any {
		return nil
	}
	any = any || triggers.Any(p)
	return func(name string) bool {
		if any {
			return true
		}
		for _, text := range texts {
			if strings.Contains(text, strings.ToLower(name)) {
				return true
			}
		}
		return false
	}
}

// sets tells that a unit sets foreign_key_checks, to on or off, or autocommit.
func sets(u *ir.Unit) (on, commits bool) {
	for _, s := range u.Stmts {
		set, ok := s.(*ir.SetVar)
		if !ok {
			continue
		}
		for _, it := range set.Items {
			v, ok := it.Target.(*ir.SysVar)
			if !ok {
				continue
			}
			switch v.Name {
			case "foreign_key_checks":
				value, known := transactions.Truth(it.Value)
				on = !known || value
			case "autocommit":
				commits = true
			}
		}
	}
	return on, commits
}

// apart tells that the time without checks and transactions do not end inside one another.
func apart(p *rewrite.Pass) bool {
	if !transactions.Autocommit(p.Session) {
		return false
	}
	began := calls.InTransaction(p)
	open := began
	for _, u := range p.Session.Script[min(p.Session.At+1, len(p.Session.Script)):] {
		on, commits := sets(u)
		if commits {
			return false
		}
		if on {
			return open == began
		}
		for _, s := range u.Stmts {
			t, ok := s.(*ir.Transaction)
			switch {
			case !ok && !ddlcommit.Commits(s):
				continue
			case began:
				return false
			case !ok:
				open = false
			case t.Kind == ir.BeginTransaction:
				open = true
			case t.Kind == ir.CommitTransaction || t.Kind == ir.RollbackTransaction:
				open = t.Chain
			}
		}
	}
	return !open
}

// filledKey is the key of the session's values for what filled has read of the script.
const filledKey = "foreignkeys.filled"

// fills are the statements of a script up to a place that may give tables rows: their texts in lower case, and for the names that were
// asked for how many of these were searched.
type fills struct {
	of       []*ir.Unit
	at       int // of the script
	texts    []string
	any      bool // a statement may give any table rows
	searched map[string]int
	found    map[string]bool
}

// read goes on up to a place.
func (f *fills) read(at int) {
	for ; f.at < at && !f.any; f.at++ {
		text := f.of[f.at].Span.Text()
		switch fillVerb(text) {
		case "call", "execute":
			f.any = true
		case "insert", "replace", "load":
			f.texts = append(f.texts, strings.ToLower(text))
		}
	}
}

// fillVerb is the verb at the start of a statement that may give a table rows, "" for other statements.
func fillVerb(text string) string {
	for _, verb := range []string{"insert", "replace", "load", "call", "execute"} {
		if len(text) >= len(verb) && strings.EqualFold(text[:len(verb)], verb) {
			return verb
		}
	}
	return ""
}

// names tells that one of the statements names a table.
func (f *fills) names(name string) bool {
	if !f.found[name] {
		f.found[name] = slices.ContainsFunc(f.texts[f.searched[name]:], func(text string) bool { return strings.Contains(text, name) })
		f.searched[name] = len(f.texts)
	}
	return f.found[name]
}

// filled tells that the script has given a table rows, or may have.
func filled(p *rewrite.Pass, s *define.Site) bool {
	if p.Session.Unseen {
		return true
	}
	script, at := p.Session.Script, min(p.Session.At, len(p.Session.Script))
	f, _ := p.Session.Values[filledKey].(*fills)
	if f == nil || f.at > at || len(f.of) != len(script) || len(script) > 0 && f.of[0] != script[0] {
		f = &fills{of: script, searched: map[string]int{}, found: map[string]bool{}}
		p.Session.Values[filledKey] = f
	}
	f.read(at)
	return f.any || f.names(strings.ToLower(s.Name.Name()))
}

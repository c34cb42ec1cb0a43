// Package altertable splits ALTER TABLE into the statements and actions of the target.
package altertable

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/columntypes"
	"godwit/ir/rewrite/define"
	"godwit/ir/rewrite/foreignkeys"
	"godwit/ir/rewrite/identity"
	"godwit/ir/rewrite/keys"
	"godwit/ir/rewrite/partitions"
	"godwit/ir/rewrite/tree"
	"godwit/ir/rewrite/views"
	"godwit/ir/types"
)

// Findings of the rule.
var (
	unknownAction = &diag.Code{
		ID: "DD0201", Title: "action of ALTER TABLE without a counterpart", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The action has no form on the target.",
		Next: "Write the change by hand.", Learn: 0.5, Each: 0.25,
	}
	columnOrder = &diag.Code{
		ID: "DD0202", Title: "column stands in another place", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "PostgreSQL adds columns at the end: FIRST and AFTER are not obeyed. In converted statements SELECT * and INSERT without a list of columns name the columns in the source's order; other clients see the target's.",
		Next: "Name the columns in such statements of clients, or create the table anew.",
	}
	charset = &diag.Code{
		ID: "DD0203", Title: "change of charset or collation of a table", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  "The target stores all text in one encoding, and the collation of a table's columns is fixed when they are made: columns that exist keep their collation.",
		Next: "Change the collation of the columns: ALTER TABLE ... ALTER COLUMN ... TYPE text COLLATE ...", Each: 0.25,
	}
	otherValues = &diag.Code{
		ID: "DD0207", Title: "values that may become others under the new type", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  "Rows that are there keep their values under the new type of a column, converted by each server in its own way: numbers with a fraction as text, the order of the labels of a SET, the bytes that fill a BINARY, what is cut or rounded. It is not known that both come to the same.",
		Next: "Compare the column where the table has rows, and write the conversion into USING.", Each: 0.1,
	}
	readColumn = &diag.Code{
		ID: "DD0205", Title: "change of a column that views read", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The target changes neither the type of a column that a view reads, nor drops it; the source does both and lets the view fail afterwards, or show the new type.",
		Next: "Drop the views first, and make them again behind the change.", Each: 0.25,
	}
	history = &diag.Code{
		ID: "DD0206", Title: "history of rows that is not kept", Severity: diag.Warning, Fidelity: diag.Approximate,
		Doc:  "ADD SYSTEM VERSIONING makes the source keep the rows that are changed and deleted from then on. The target keeps the rows of today only (MariaDB Knowledge Base, System-Versioned Tables).",
		Next: "Keep history in a second table filled by a trigger, or use the temporal_tables extension.", Learn: 8, Each: 4,
	}
	ignoredOption = &diag.Code{
		ID: "DD0204", Title: "option of ALTER TABLE falls away", Severity: diag.Info, Fidelity: diag.Exact,
		Doc:  "Storage engine, row format and the like have no meaning on the target.",
		Next: "Nothing.",
	}
)

// Rule splits ALTER TABLE.
var Rule = &rewrite.Rule{
	Code: "DD0200",
	Name: "altertable",
	Doc: "Each action of ALTER TABLE becomes the actions of the target with the same effect, in the same order: MODIFY is a change of type, of NULL and of default; ADD COLUMN NOT NULL without a default fills " +
		"existing rows with the implicit default of the type; indexes are statements of their own (MySQL Reference Manual, ALTER TABLE Statement).",
	Examples: []rewrite.Example{{
		Setup:  "CREATE TABLE t (a INT)",
		Source: "ALTER TABLE t RENAME COLUMN a TO b",
		Target: "ALTER TABLE t RENAME COLUMN a TO b",
	}},
	Fidelity: diag.Exact,
	Findings: []*diag.Code{unknownAction, columnOrder, charset, readColumn, boundColumn, otherValues, numberedRows, ignoredOption, history},
	After: map[string]string{
		"columntypes":    "the columns of the actions must have their target types",
		"columndefaults": "and defaults",
		"identity":       "and identity",
		"generated":      "and kinds of generation",
		"onupdatenow":    "and triggers",
		"comments":       "and comments",
		"checks":         "and constraints",
		"tablestorage":   "and the triggers of tables that take no changes",
	},
	Looks: ir.Kinds(ir.KindAlterTable),
	Run:   run,
}

func run(p *rewrite.Pass) {
	p.Statements(func(n ir.Node) ir.Node {
		at, ok := n.(*ir.AlterTable)
		if !ok || rewritten(p, at) {
			return n
		}
		l := &lowering{p: p, at: at, s: &define.Site{Pass: p, Stmt: at, Table: at.Table.Table, Name: at.Table.Name}}
		l.numbered()
		var behind []ir.Stmt
		for _, a := range at.Actions {
			if k := a.Dropped; k != nil && l.s.Table != nil && strings.HasPrefix(a.Kind, "drop") {
				before, after := foreignkeys.Detached(p, l.s.Table, k)
				for _, x := range before {
					l.add(x)
				}
				behind = append(behind, after...)
			}
		}
		for _, a := range at.Actions {
			l.action(a)
		}
		for _, x := range behind {
			l.add(x)
		}
		if len(l.out) == 0 {
			l.add(&ir.CommentStmt{Text: "nothing to do: " + at.Span.Text()})
		}
		l.out[0].Base().Lead = at.Lead
		l.out[len(l.out)-1].Base().Trail = at.Trail
		return &ir.Splice{Stmts: l.out}
	})
}

// rewritten tells that a rule made the statement for the target.
func rewritten(p *rewrite.Pass, at *ir.AlterTable) bool { return len(at.Origin) > 0 }

type lowering struct {
	p   *rewrite.Pass
	at  *ir.AlterTable
	s   *define.Site
	out []ir.Stmt
}

func (l *lowering) add(x ir.Stmt) {
	m := x.Base()
	if !m.Span.IsValid() {
		m.Span = l.at.Span
	}
	m.Made(l.p.Rule.Code)
	l.out = append(l.out, x)
}

// alone is for actions that the target wants in a statement of their own.
var alone = map[string]bool{"rename": true, "rename column": true, "rename constraint": true, "set schema": true}

// do adds an action to the last ALTER TABLE, or begins one.
func (l *lowering) do(from *ir.AlterAction, a *ir.AlterAction) {
	a.Span = from.Span
	if n := len(l.out); n > 0 && !alone[a.Kind] {
		if last, ok := l.out[n-1].(*ir.AlterTable); ok && (last.Table.Table == nil || last.Table.Table == l.s.Table) && !alone[last.Actions[len(last.Actions)-1].Kind] && !l.apart(last, a) {
			last.Actions = append(last.Actions, a)
			return
		}
	}
	l.add(&ir.AlterTable{Table: l.s.Ref(), Actions: []*ir.AlterAction{a}})
}

// apart tells that foreign keys stand in statements of their own: files of a folder have them behind all tables.
func (l *lowering) apart(last *ir.AlterTable, a *ir.AlterAction) bool {
	foreign := func(x *ir.AlterAction) bool { return x.Kind == "add foreign" }
	return l.p.Session != nil && !l.p.Session.InOrder && foreign(last.Actions[len(last.Actions)-1]) != foreign(a)
}

func (l *lowering) action(a *ir.AlterAction) {
	switch a.Kind {
	case "add column":
		l.addColumn(a)
	case "drop column":
		if v := views.Reader(l.p, a.Gone); v != nil {
			rewrite.Refuse(l.p, readColumn, a.Span, "column %s, which view %s reads", a.Old.Text, v.Name)
			return
		}
		l.do(a, &ir.AlterAction{Kind: "drop column", Old: l.dropped(a), IfExists: a.IfExists})
		l.dropType(a)
	case "alter column":
		l.alterColumn(a)
	case "enable triggers":
		l.triggers("ENABLE")
	case "disable triggers":
		l.triggers("DISABLE")
	case "rename constraint":
		l.renameConstraint(a)
	case "drop unique":
		l.dropUnique(a)
	case "modify column":
		l.modify(a, l.column(a.Column.Name))
	case "change column":
		l.change(a)
	case "rename column":
		l.renameColumn(a)
	case "alter default":
		l.do(a, &ir.AlterAction{Kind: "alter default", Old: l.column(a.Old), Expr: a.Expr})
	case "add key":
		l.again(a)
		l.addKey(a, a.Key)
	case "drop key", "drop constraint", "drop foreign", "drop check", "drop primary":
		l.dropKey(a)
	case "disable constraint":
		l.disable(a)
	case "add foreign":
		l.again(a)
		if f, retyped := foreignkeys.Joined(l.p, l.s, a.Foreign, l.number(a)); f != nil {
			for _, x := range retyped {
				l.add(x)
			}
			l.do(a, &ir.AlterAction{Kind: "add foreign", Foreign: f})
		}
	case "add check":
		if !a.Check.NotEnforced {
			l.again(a)
			l.do(a, &ir.AlterAction{Kind: "add check", Check: a.Check})
		}
	case "rename":
		l.rename(a)
	case "rename key":
		l.renameKey(a)
	case "add partition", "drop partition", "truncate partition", "reorganize partition", "split partition", "merge partitions", "rename partition":
		l.partition(a)
	case "convert charset":
		l.recode(a)
	case "option":
		l.option(a)
	case "disable keys", "enable keys":
		l.p.Report(ignoredOption, a.Span, "%s", a.Span.Text())
	default:
		l.other(a)
	}
}

// other is told by its words.
func (l *lowering) other(a *ir.AlterAction) {
	w := strings.Fields(strings.ToUpper(a.Span.Text()))
	begins := func(words ...string) bool { return len(w) >= len(words) && slices.Equal(w[:len(words)], words) }
	hash := partitions.Hash(l.p, l.s.Table)
	switch {
	case begins("ALTER", "INDEX"), begins("ALTER", "KEY"), begins("REBUILD", "PARTITION"), begins("FORCE"),
		hash && begins("COALESCE", "PARTITION"):
		l.p.Report(ignoredOption, a.Span, "%s", a.Span.Text())
	case (begins("ALTER", "CHECK") || begins("ALTER", "CONSTRAINT")) && len(w) == 5 && w[3] == "NOT" && w[4] == "ENFORCED":
		name := strings.ToLower(l.word(a, 2))
		if l.p.Session != nil {
			l.p.Session.Values[l.unenforced(name)] = true
		}
		l.do(a, &ir.AlterAction{Kind: "drop constraint", Old: ir.Ident{Text: name}, IfExists: true})
	case begins("PARTITION", "BY") && l.s.Table != nil && len(w) > 2 && (hashWord(w[2]) || w[2] == "LINEAR") && !partitions.Divided(l.p, l.s.Table):
		l.p.Report(ignoredOption, a.Span, "partitions by a hash, in which the rows are the same")
	case hash && begins("REMOVE", "PARTITIONING"):
		l.p.Report(ignoredOption, a.Span, "partitions by a hash stay, in which the rows are the same")
	case begins("ADD", "SYSTEM", "VERSIONING"):
		l.p.Report(history, a.Span, "table %s", l.s.Name)
	case begins("DROP", "SYSTEM", "VERSIONING"):
		l.p.Report(ignoredOption, a.Span, "%s", a.Span.Text())
	default:
		rewrite.Refuse(l.p, unknownAction, a.Span, "%s", a.Span.Text())
	}
}

func hashWord(w string) bool { return strings.HasPrefix(w, "HASH") || strings.HasPrefix(w, "KEY") }

// word is a word of an action without its quotes.
func (l *lowering) word(a *ir.AlterAction, n int) string {
	return strings.Trim(strings.Fields(a.Span.Text())[n], "`")
}

// renameKey renames the index that a key became; the catalog's key has the new name on the source already.
func (l *lowering) renameKey(a *ir.AlterAction) {
	from, to := strings.ToLower(a.Old.Text), strings.ToLower(a.New.Name())
	if l.s.Table != nil {
		for _, k := range l.s.Table.Keys {
			if !strings.EqualFold(k.Name, a.New.Name()) || k.Target == "" {
				continue
			}
			if _, there := keys.Held(l.s.Table, k); !there {
				l.p.Report(ignoredOption, a.Span, "index %s was left out", a.Old.Text)
				return
			}
			from, k.Target = k.Target, to
		}
	}
	l.add(&ir.RawStmt{Text: "ALTER INDEX " + quote(l.s.Beside(from)) + " RENAME TO " + quote(ir.Qualified("", to))})
}

// quote writes a folded name for a statement that has no node.
func quote(q ir.QName) string {
	parts := make([]string, len(q.Parts))
	for i, x := range q.Parts {
		parts[i] = `"` + strings.ReplaceAll(x.Text, `"`, `""`) + `"`
	}
	return strings.Join(parts, ".")
}

// column is the target's name of a column.
func (l *lowering) column(name ir.Ident) ir.Ident {
	if l.s.Table != nil {
		if c := l.s.Table.Column(name.Text); c != nil && c.Target != "" {
			return ir.Ident{Text: c.Target}
		}
	}
	return name
}

// dropped is the target's name of a column that is gone from the catalog.
func (l *lowering) dropped(a *ir.AlterAction) ir.Ident {
	if a.Was != nil && a.Was.Target != "" {
		return ir.Ident{Text: a.Was.Target}
	}
	return l.column(a.Old)
}

func (l *lowering) addColumn(a *ir.AlterAction) {
	c := a.Column
	if a.Position != "" {
		l.p.Report(columnOrder, a.Span, "column %s", c.Name.Text)
	}
	keyed := inlineKeys(c)
	// Rows that exist get the implicit default, which is no default for later rows.
	fill := c.NotNull && c.Default == nil && c.Identity == nil && c.Generated == nil
	if fill {
		if fill = implicit(c) != nil; fill {
			c.Default = implicit(c)
		}
	}
	l.do(a, &ir.AlterAction{Kind: "add column", Column: c, IfExists: a.IfExists})
	if c.Identity != nil {
		identity.Remember(l.p, l.s, c.Name.Text, true)
	}
	if fill { // in a statement of its own: within one the target drops before it adds
		drop := &ir.AlterAction{Kind: "alter default", Old: l.column(c.Name)}
		drop.Span = a.Span
		l.add(&ir.AlterTable{Table: l.s.Ref(), Actions: []*ir.AlterAction{drop}})
	}
	for _, k := range keyed {
		l.addKey(a, k)
	}
}

func inlineKeys(c *ir.ColumnDef) []*ir.KeyDef {
	var out []*ir.KeyDef
	if c.Primary {
		out = append(out, &ir.KeyDef{Kind: catalog.Primary, Parts: []*ir.KeyPart{{Column: c.Name}}})
	}
	if c.Unique {
		out = append(out, &ir.KeyDef{Kind: catalog.Unique, Name: c.Name, Parts: []*ir.KeyPart{{Column: c.Name}}})
	}
	c.Primary, c.Unique = false, false
	return out
}

// implicit is the implicit default of a type (MySQL Reference Manual, Data Type Default Values); nil where the target cannot hold it.
func implicit(c *ir.ColumnDef) ir.Expr {
	switch t := c.Type.(type) {
	case types.Int, types.Decimal, types.Float, types.Year:
		return define.Num("0")
	case types.Text, types.Set, types.Binary:
		return define.Str("")
	case types.Enum:
		if len(t.Values) > 0 {
			return define.Str(t.Values[0])
		}
	case types.Time:
		return define.Str("00:00:00")
	case types.Bit:
		return define.Str(strings.Repeat("0", max(t.N, 1)))
	}
	return nil
}

// modify changes type, NULL and default of a column that stays under its name.
func (l *lowering) modify(a *ir.AlterAction, name ir.Ident) {
	c := a.Column
	if a.Position != "" {
		l.p.Report(columnOrder, a.Span, "column %s", c.Name.Text)
	}
	act := func(x *ir.AlterAction) {
		x.Old = name
		l.do(a, x)
	}
	if c.Generated != nil {
		rewrite.Refuse(l.p, unknownAction, a.Span, "a change of a generated column")
		return
	}
	had := identity.Known(l.p, l.s, name.Text)
	switch {
	case had && c.Identity == nil:
		act(&ir.AlterAction{Kind: "drop identity"})
	case !had:
		act(&ir.AlterAction{Kind: "alter default"})
	}
	identity.Remember(l.p, l.s, name.Text, c.Identity != nil)
	if !convertible(a.Was, c.Type) {
		rewrite.Refuse(l.p, unknownAction, a.Span, "a change of column %s from %s to %s", name.Text, a.Was.Type, c.Type)
		return
	}
	if a.Was != nil && !l.p.Unit.PLSQL && !Keeps(a.Was.Type, c.Type, tree.Strict(l.p.Settings), true) {
		l.p.Report(otherValues, a.Span, "column %s from %s to %s", name.Text, a.Was.Type, c.Type)
	}
	check := columntypes.Recheck(l.p, l.s, c.Object, name.Text)
	l.do(a, &ir.AlterAction{Kind: "drop constraint", IfExists: true, Old: ir.Ident{Text: check}})
	if !l.sameType(a.Was, c) {
		if v := views.Reader(l.p, c.Object); v != nil {
			rewrite.Refuse(l.p, readColumn, a.Span, "column %s, which view %s reads", name.Text, v.Name)
			return
		}
		if why := l.computed(c.Object); why != "" {
			rewrite.Refuse(l.p, boundColumn, a.Span, "column %s, which %s reads", name.Text, why)
			return
		}
		act(&ir.AlterAction{Kind: "set type", Column: c, Expr: l.using(a.Was, c, name)})
	}
	switch {
	case c.NotNull:
		act(&ir.AlterAction{Kind: "set not null"})
	case c.Object == nil || c.Object.Nullable:
		act(&ir.AlterAction{Kind: "drop not null"})
	}
	if c.Identity != nil && !had {
		if !c.NotNull {
			act(&ir.AlterAction{Kind: "set not null"})
		}
		act(&ir.AlterAction{Kind: "set identity", Column: c})
		l.add(l.behindRows(name, ""))
	} else if c.Default != nil {
		act(&ir.AlterAction{Kind: "alter default", Expr: c.Default})
	}
	for _, k := range c.Checks {
		l.do(a, &ir.AlterAction{Kind: "add check", Check: k})
	}
	for _, k := range inlineKeys(c) {
		l.addKey(a, k)
	}
	l.dropType(a)
}

// convertible tells whether the target converts the values of a column as the source does: an ENUM becomes a number by its position.
func convertible(was *catalog.Column, now types.Type) bool {
	if was == nil {
		return true
	}
	_, from := was.Type.(types.Enum)
	_, to := now.(types.Enum)
	text := func(t types.Type) bool {
		switch t.(type) {
		case types.Text, types.Set, types.Enum, types.Null:
			return true
		}
		return false
	}
	return !from && !to || text(was.Type) && text(now)
}

// sameType tells that a column keeps its type and collation.
func (l *lowering) sameType(was *catalog.Column, c *ir.ColumnDef) bool {
	if was == nil || l.targetType(was) != c.TypeSQL {
		return false
	}
	if t, ok := was.Type.(types.Text); ok {
		n, ok := c.Type.(types.Text)
		return ok && t.Collation.Name == n.Collation.Name
	}
	_, set := was.Type.(types.Set)
	return !set
}

// targetType is the type of a column on the target, "" if it is not known. Where the whole script was resolved before, it is that of the column's type:
// only those that keys and counters may make wider are not.
func (l *lowering) targetType(was *catalog.Column) string {
	if was.TargetType != "" || l.p.Unit.PLSQL {
		return was.TargetType
	}
	switch t := was.Type.(type) {
	case types.Int:
		if t.Bits == 64 && t.Unsigned {
			return ""
		}
	case types.Text, types.Date, types.DateTime, types.Timestamp, types.Float:
	default:
		return ""
	}
	sql, ok := l.p.Lower.TypeSQL(was.Type)
	if !ok {
		return ""
	}
	return sql
}

// dropType drops the type of an ENUM column that is there no more or has another type.
func (l *lowering) dropType(a *ir.AlterAction) {
	if a.Was == nil {
		return
	}
	e, ok := a.Was.Type.(types.Enum)
	if !ok || e.Name == "" {
		return
	}
	if q, own := columntypes.Leave(l.p, l.s.Target(), catalog.BaseName(e.Name)); own {
		l.add(&ir.Drop{Kind: "type", Names: []ir.QName{q}})
	}
}

// behindRows lets a counter go on behind the rows that exist, or with the number that is asked for if that is higher (MySQL Reference Manual, ALTER
// TABLE: "You cannot reset the counter to a value less than or equal to the value that is currently in use").
func (l *lowering) behindRows(name ir.Ident, asked string) ir.Stmt {
	table, column := quote(l.s.Target()), quote(ir.Qualified("", strings.ToLower(name.Text)))
	text := func(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
	next := "coalesce(max(" + column + "), 0) + 1"
	if asked != "" {
		next = "greatest(" + asked + ", max(" + column + ") + 1, 1)"
	}
	return &ir.RawStmt{Text: "SELECT setval(pg_get_serial_sequence(" + text(table) + ", " + text(strings.ToLower(name.Text)) + "), " + next + ", false) FROM " + table}
}

// using converts the values that exist. Text is left to the assignment, which refuses what is too long; an explicit cast would cut it.
func (l *lowering) using(was *catalog.Column, c *ir.ColumnDef, name ir.Ident) ir.Expr {
	x := &ir.Name{Parts: []ir.Ident{name}}
	x.Type = c.Type
	switch c.Type.(type) {
	case types.Text, types.Set:
		return nil
	case types.Enum:
		text := define.Cast(x, types.Text{})
		if !otherLabels(was, c.Type) {
			return define.Cast(text, types.Named{Name: c.TypeSQL})
		}
		kind := &ir.Null{}
		kind.Type = c.Type
		return l.p.Helper("to_enum", x, define.Cast(kind, types.Named{Name: c.TypeSQL}), text)
	}
	if _, duration := c.Type.(types.Time); duration && was != nil {
		switch was.Type.(type) {
		case types.DateTime, types.Timestamp:
			return define.Cast(define.Cast(x, types.Named{Name: "time"}), types.Named{Name: c.TypeSQL}) // no cast leads from moments to intervals
		}
	}
	return define.Cast(x, types.Named{Name: c.TypeSQL})
}

// otherLabels tells that values of a column may be labels of an ENUM that are written in another way: the source compares them by their collation.
func otherLabels(was *catalog.Column, now types.Type) bool {
	e, ok := now.(types.Enum)
	if !ok || e.Collation.Binary || was == nil {
		return false
	}
	switch from := was.Type.(type) {
	case types.Text:
		return true
	case types.Enum:
		return !e.Holds(from.Values)
	}
	return false
}

func (l *lowering) change(a *ir.AlterAction) {
	if strings.EqualFold(a.Old.Text, a.Column.Name.Text) {
		l.modify(a, a.Column.Name)
		return
	}
	at := len(l.out)
	l.renamed(a, a.Old, a.Column.Name.Text)
	rename := l.out[len(l.out)-1]
	l.modify(a, a.Column.Name)
	if at == 0 && a.Was != nil && len(l.out) == 2 {
		l.nameLast(a, rename)
	}
}

// nameLast gives the column its name behind the other changes: these may fail, and the statements for the target are not one.
func (l *lowering) nameLast(a *ir.AlterAction, rename ir.Stmt) {
	first, ok := rename.(*ir.AlterTable)
	changes, ok2 := l.out[1].(*ir.AlterTable)
	if !ok || !ok2 || len(changes.Actions) == 0 {
		return
	}
	old := first.Actions[0].Old
	for _, x := range changes.Actions {
		switch x.Kind {
		case "alter default", "set not null", "drop not null":
		case "drop constraint":
			if !x.IfExists {
				return
			}
		case "set type":
		default:
			return
		}
	}
	for _, x := range changes.Actions {
		if x.Kind == "drop constraint" {
			continue
		}
		if x.Expr != nil && x.Kind == "set type" {
			ir.Walk(x.Expr, func(n ir.Node) bool {
				if c, ok := n.(*ir.Name); ok && len(c.Parts) == 1 && strings.EqualFold(c.Parts[0].Text, x.Old.Text) {
					c.Parts[0] = old
				}
				return true
			})
		}
		x.Old = old
	}
	l.out[0], l.out[1] = changes, rename
}

func (l *lowering) renameColumn(a *ir.AlterAction) {
	l.renamed(a, a.Old, a.New.Name())
}

// renamed gives a column another name. The catalog's column has the new name on the source already, and gets it on the target.
func (l *lowering) renamed(a *ir.AlterAction, old ir.Ident, name string) {
	from := old
	if a.Was != nil && a.Was.Target != "" && !strings.HasPrefix(old.Text, ir.ThirdName) {
		from = ir.Ident{Text: a.Was.Target}
	}
	if l.s.Table != nil {
		if c := l.s.Table.Column(name); c != nil {
			l.p.Changing()
			c.Target = strings.ToLower(name)
		}
	}
	l.do(a, &ir.AlterAction{Kind: "rename column", Old: from, New: ir.Qualified("", name)})
}

func (l *lowering) addKey(a *ir.AlterAction, k *ir.KeyDef) {
	if !k.Span.IsValid() {
		k.Span = a.Span
	}
	if !keys.Constraint(l.p, l.s.Table, k) {
		if x := keys.Separate(l.p, l.s, k); x != nil {
			l.add(x)
		}
		return
	}
	keys.Name(k, keys.Find(l.s.Table, k, nil))
	for _, part := range k.Parts {
		part.Column = l.column(part.Column)
	}
	l.do(a, &ir.AlterAction{Kind: "add key", Key: k})
}

// dropKey drops a constraint or an index: which of them a unique key became is not always known, so what is there is dropped.
func (l *lowering) dropKey(a *ir.AlterAction) {
	name := strings.ToLower(a.Old.Text)
	if k := a.Dropped; k != nil && k.Target != "" {
		l.dropKnown(a, k)
		return
	}
	switch {
	case a.Kind == "drop primary" || a.Kind == "drop constraint" && name == "primary":
		l.do(a, &ir.AlterAction{Kind: "drop constraint", Old: ir.Ident{Text: l.s.TargetName() + "_pkey"}, IfExists: a.IfExists, Text: cascade(a)})
	case a.Kind == "drop key" && !keys.Implied(l.s.Table, a.Old.Text):
		l.add(&ir.Drop{Kind: "index", IfExists: a.IfExists, Names: []ir.QName{l.s.Beside(name)}}) // which fails, as on the source
	case a.Kind == "drop key":
		l.do(a, &ir.AlterAction{Kind: "drop constraint", Old: ir.Ident{Text: name}, IfExists: true})
		l.add(&ir.Drop{Kind: "index", IfExists: true, Names: []ir.QName{l.s.Beside(name)}})
	default:
		gone := l.p.Session != nil && l.p.Session.Values[l.unenforced(name)] != nil
		l.do(a, &ir.AlterAction{Kind: "drop constraint", Old: ir.Ident{Text: name}, IfExists: a.IfExists || gone, OfCheck: a.OfCheck, Text: cascade(a)})
	}
}

// unenforced is the session's key of a CHECK that is not enforced any more, and so not there on the target.
func (l *lowering) unenforced(name string) string {
	return "altertable:unenforced:" + l.s.Target().String() + "." + name
}

// number is how many foreign keys without a name the table has when the action is done.
func (l *lowering) number(a *ir.AlterAction) int {
	n, behind := 0, false
	if l.s.Table != nil {
		for _, f := range l.s.Table.ForeignKeys {
			if f.Name == "" {
				n++
			}
		}
	}
	for _, o := range l.at.Actions {
		if behind && o.Kind == "add foreign" && o.Foreign.Name.Text == "" {
			n--
		}
		behind = behind || o == a
	}
	return max(n, 1)
}

// dropKnown drops what a key of the catalog became, by the name that it got.
func (l *lowering) dropKnown(a *ir.AlterAction, k *catalog.Key) {
	switch constraint, there := keys.Held(l.s.Table, k); {
	case !there:
		l.p.Report(ignoredOption, a.Span, "index %s was left out", k.Name)
	case constraint:
		l.do(a, &ir.AlterAction{Kind: "drop constraint", Old: ir.Ident{Text: k.Target}, IfExists: a.IfExists, Text: cascade(a)})
	default:
		l.add(&ir.Drop{Kind: "index", IfExists: a.IfExists, Names: []ir.QName{l.s.Beside(k.Target)}})
	}
}

func (l *lowering) rename(a *ir.AlterAction) {
	l.out = append(l.out, Rename(l.p, l.at.Span, l.s.Target(), a.New, l.s.Table)...)
}

// partition adds, drops, empties and divides partitions, which are tables of their own.
func (l *lowering) partition(a *ir.AlterAction) {
	names := make([]ir.Ident, len(a.Parts))
	for i, x := range a.Parts {
		names[i] = x.Name
	}
	if a.Kind == "drop partition" || a.Kind == "truncate partition" {
		names = append(names, a.Names...)
	}
	var list []ir.Stmt
	why := ""
	switch a.Kind {
	case "add partition":
		list, why = partitions.Add(l.p, l.s, a.Parts)
	case "drop partition":
		list, why = partitions.Drop(l.p, l.s, names, a.IfExists)
	case "truncate partition":
		if !l.truncated(a) {
			return
		}
		list, why = partitions.Truncate(l.p, l.s, names)
	case "split partition":
		list, why = partitions.Split(l.p, l.s, a.Names[0], a.Parts)
	case "rename partition":
		list, why = partitions.Rename(l.p, l.s, a.Old.Text, a.New.Name())
	case "merge partitions":
		list, why = partitions.Merge(l.p, l.s, a.Names, a.Parts[0])
	case "reorganize partition":
		list, why = partitions.Reorganize(l.p, l.s, a.Names, a.Parts)
	}
	if why != "" {
		rewrite.Refuse(l.p, unknownAction, a.Span, "%s of %s", strings.ToUpper(a.Kind), why)
	}
	for _, x := range list {
		l.add(x)
	}
}

// truncated handles TRUNCATE PARTITION ALL, and refuses lists that are not read completely; go on if it is true.
func (l *lowering) truncated(a *ir.AlterAction) bool {
	words := strings.Fields(a.Span.Text())
	switch {
	case len(a.Names) > 0:
		return true
	case len(a.Parts) == 0 && len(words) == 3 && strings.EqualFold(words[2], "ALL"):
		l.add(&ir.Truncate{Table: l.s.Ref()})
		return false
	case len(a.Parts) != strings.Count(a.Span.Text(), ",")+1:
		rewrite.Refuse(l.p, unknownAction, a.Span, "%s", a.Span.Text())
		return false
	}
	return true
}

func (l *lowering) option(a *ir.AlterAction) {
	name, value, is := strings.Cut(a.Text, "=")
	if w := strings.Fields(a.Text); !is && len(w) == 2 { // the sign may be left out
		name, value = w[0], w[1]
	}
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "auto_increment":
		if c := l.identityColumn(); c != nil {
			l.add(l.behindRows(ir.Ident{Text: c.Target}, strings.TrimSpace(value)))
			return
		}
		l.p.Report(ignoredOption, a.Span, "%s of a table without such a column", a.Text)
	case "comment":
		l.add(&ir.CommentOn{Kind: "table", Name: l.s.Target(), Text: unquote(strings.TrimSpace(value))})
	case "charset", "character set", "collate", "default charset", "default character set", "default collate":
		l.p.Report(charset, a.Span, "%s", a.Text)
	default:
		l.p.Report(ignoredOption, a.Span, "%s", a.Text)
	}
}

func unquote(s string) string {
	if len(s) > 1 && (s[0] == '\'' || s[0] == '"') && s[len(s)-1] == s[0] {
		q := s[:1]
		return strings.ReplaceAll(s[1:len(s)-1], q+q, q)
	}
	return s
}

func (l *lowering) identityColumn() *catalog.Column {
	if l.s.Table == nil {
		return nil
	}
	for _, c := range l.s.Table.Columns {
		if c.AutoIncrement {
			return c
		}
	}
	return nil
}

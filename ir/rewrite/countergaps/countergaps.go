// Package countergaps holds the rule for the numbers that statements reserve and do not use.
package countergaps

import (
	"slices"
	"sort"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/autoincrement"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/lateerrors"
	"godwit/ir/rewrite/tree"
	"godwit/ir/rewrite/triggers"
	"godwit/ir/types"
)

const code = "QY0027"

const setup = "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, n INT); CREATE TABLE s (n INT);"

// Rule is QY0027.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "counter-gaps",
		Doc: `An INSERT reserves numbers of an AUTO_INCREMENT column for its rows before they are there: 1, 2, 4, ... for the rows of a query, as many as there are
rows of VALUES, also where some rows give a number or the statement fails (MySQL Reference Manual, "AUTO_INCREMENT Handling in InnoDB", innodb_autoinc_lock_mode = 2).
An identity column counts the rows that came. In a script whose later statements take numbers of the same table, the helper numbers_taken moves the counter
in front of the next statement that looks at it. Elsewhere the gaps are left out.`,
		Examples: []rewrite.Example{
			{Setup: setup, Source: "INSERT INTO t (n) SELECT n FROM s;\nINSERT INTO t (n) VALUES (1);",
				Target: "SELECT godwit_mysql.numbers_taken('t', 'id', NULL, TRUE);\nINSERT INTO t (n) SELECT n FROM s;\nSELECT godwit_mysql.numbers_taken('t', 'id', '{}', NULL);\nSELECT godwit_mysql.numbers_taken('t', 'id', NULL, NULL);\nINSERT INTO t (n) VALUES (1);"},
			{Setup: setup, Source: "INSERT INTO t (n) SELECT n FROM s;", Target: "INSERT INTO t (n) SELECT n FROM s;"},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{inRoutine},
		After: map[string]string{
			"auto-increment":   "it tells which rows take a number",
			"insert-ignore":    "it makes the target's form of the statement",
			"on-duplicate-key": "as above",
			"replace":          "as above",
			"last-insert-id":   "it keeps the number of the statement as it stands",
			"affected-rows":    "it counts the rows of the statement as it stands",
		},
		Needed:  func(p *rewrite.Pass) bool { return p.Session != nil && p.Session.InOrder },
		Prepare: prepare,
		Run:     run,
	}
}

// plan is what a statement reserves.
type plan struct {
	table  *catalog.Table
	column *catalog.Column
	query  bool
	given  []string // for each row of VALUES the number it gives, NULL where it takes one
	always bool
	mixed  bool // some rows give numbers
}

// maxRows is how many rows of one statement are looked at.
const maxRows = 1000

// Keys: the plans of units, and the tables whose counter has to be moved.
const (
	plans   = "countergaps.plans"
	pending = "countergaps.pending"
)

var inRoutine = &diag.Code{
	ID: "QY0029", Title: "Numbers that a routine's INSERT leaves out", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `The source reserves numbers of an AUTO_INCREMENT column before the rows of a query or of a list are there, and those that it reserved in vain are left out; the identity column of the target counts the rows
that came. In a script the counter is moved; in a routine it is not. Assumed: nobody minds which numbers are left out.`,
	Next: "Nothing, unless programs know the numbers.",
}

// programs reports inserts of routines that reserve more numbers than they use.
func programs(p *rewrite.Pass) {
	for _, s := range p.Unit.Stmts {
		if !control.IsProgram(s) {
			continue
		}
		ir.Walk(s, func(n ir.Node) bool {
			i, ok := n.(*ir.Insert)
			if !ok || i.Table == nil || i.Table.Table == nil || i.Table.Table.Kind == catalog.ViewTable {
				return true
			}
			if c := tree.AutoIncrement(i.Table.Table); c != nil && planOf(p, i, c) != nil {
				p.Report(inRoutine, i.Span, "the INSERT may leave numbers of %s.%s out on the source", i.Table.Table.Name, c.Name)
			}
			return true
		})
	}
}

func prepare(p *rewrite.Pass) {
	programs(p)
	if p.Session == nil || !p.Session.InOrder || len(p.Unit.Stmts) != 1 {
		return
	}
	i, ok := p.Unit.Stmts[0].(*ir.Insert)
	if !ok || i.Table == nil || i.Table.Table == nil || i.Table.Table.Kind == catalog.ViewTable {
		return
	}
	c := tree.AutoIncrement(i.Table.Table)
	if c == nil {
		return
	}
	if x := planOf(p, i, c); x != nil {
		m, _ := p.Session.Values[plans].(map[*ir.Unit]*plan)
		if m == nil {
			m = map[*ir.Unit]*plan{}
			p.Session.Values[plans] = m
		}
		m[p.Unit] = x
	}
}

func planOf(p *rewrite.Pass, i *ir.Insert, c *catalog.Column) *plan {
	zero := tree.Mode(p.Settings, "NO_AUTO_VALUE_ON_ZERO", false)
	at := autoincrement.Position(i, c)
	takes := func(e ir.Expr) bool {
		e = ir.Bare(e)
		return tree.IsNull(e) || (tree.IsDefault(e) || tree.IsZero(e)) && !zero
	}
	x := &plan{table: i.Table.Table, column: c}
	switch q := i.Source.(type) {
	case *ir.Values:
		return x.values(p, i, q, at, takes)
	case *ir.Select:
		if at >= 0 && (at >= len(q.Items) || !takes(q.Items[at].Expr)) {
			return nil
		}
		x.query = true
		x.always = !mayFail(p, i, c) // a row that fails then did so before it took its number
		return x
	}
	return nil
}

// values looks at rows of VALUES; nil means that the target's counter stands where the source's does.
func (x *plan) values(p *rewrite.Pass, i *ir.Insert, v *ir.Values, at int, takes func(ir.Expr) bool) *plan {
	first, gives := -1, false
	if len(v.Rows) > maxRows {
		return nil
	}
	for k, r := range v.Rows {
		if at < 0 || at >= len(r.Items) || takes(r.Items[at]) {
			if first < 0 {
				first = k
			}
			x.given = append(x.given, "NULL")
			continue
		}
		if tree.IsDefault(r.Items[at]) {
			return nil
		}
		n, ok := ir.Clone(ir.Bare(r.Items[at])).(*ir.Number)
		if !ok || n.Kind != ir.IntNumber || len(n.Text) > 18 {
			return nil
		}
		gives = true
		if i.OnError == ir.IgnoreErrors && !tree.IsZero(n) {
			n.Text = "-" + n.Text // whether the row comes is seen behind the statement
		}
		x.given = append(x.given, n.Text)
	}
	if first < 0 {
		return nil
	}
	bad := -1
	for k, r := range v.Rows {
		if bad < 0 && fails(p, i, r, len(v.Rows)) {
			bad = k
		}
	}
	switch {
	case bad >= 0 && bad <= first:
		x.given = x.given[:bad]
		x.always = true
		return x
	case bad >= 0:
		x.always = true
		return x
	case gives:
		x.mixed = true
		return x
	case i.Replace && p.Catalog != nil && tree.Held(p.Catalog, i.Table.Table) && mayFail(p, i, x.column):
		x.always = true // the row that is replaced may be held by a foreign key, which is seen behind the number
		return x
	case len(v.Rows) > 1 && mayFail(p, i, x.column):
		return x
	}
	return nil
}

// mayFail tells that a row may meet another by a key that is not counted, or be refused by a foreign key or a trigger.
func mayFail(p *rewrite.Pass, i *ir.Insert, c *catalog.Column) bool {
	for _, k := range i.Table.Table.UniqueKeys() {
		if len(k.Parts) != 1 || !strings.EqualFold(k.Parts[0].Column, c.Name) {
			return true
		}
	}
	_, fires := triggers.Sets(p, i.Table.Name, "insert")
	return fires || len(i.Table.Table.ForeignKeys) > 0
}

// fails tells that a row of literals is refused before it takes a number: by NULL, or a value that does not fit.
func fails(p *rewrite.Pass, i *ir.Insert, r *ir.RowExpr, rows int) bool {
	strict := tree.Strict(p.Settings)
	if i.OnError == ir.IgnoreErrors || !strict {
		return false
	}
	set, _ := triggers.Sets(p, i.Table.Name, "insert")
	has := map[*catalog.Column]bool{}
	for k, c := range i.Takes() {
		if c == nil || k >= len(r.Items) {
			continue
		}
		has[c] = true
		e := ir.Bare(r.Items[k])
		if c.AutoIncrement {
			continue
		}
		if tree.IsDefault(e) {
			has[c] = false // as if it was not listed
			continue
		}
		if tree.IsNull(e) {
			if !c.Nullable && !set[strings.ToLower(c.Name)] {
				return true
			}
			continue
		}
		if lateerrors.Misfit(e, c.Type) {
			return true
		}
	}
	for _, c := range i.Table.Table.Columns {
		_, enum := c.Type.(types.Enum)
		if !has[c] && !c.Nullable && !c.HasDefault && !c.AutoIncrement && !enum && c.Generated == catalog.NotGenerated && !set[strings.ToLower(c.Name)] {
			return true
		}
	}
	return false
}

func run(p *rewrite.Pass) {
	if p.Session == nil || !p.Session.InOrder || len(p.Unit.Stmts) == 0 {
		return
	}
	wait, _ := p.Session.State[pending].(map[string]*plan)
	m, _ := p.Session.Values[plans].(map[*ir.Unit]*plan)
	x := m[p.Unit]
	if x == nil && len(wait) == 0 {
		return
	}
	if x != nil && !later(p, x.table) {
		x = nil
	}
	if wait == nil {
		wait = map[string]*plan{}
		p.Session.State[pending] = wait
	}
	var calls []ir.Stmt
	own := ""
	if x != nil {
		own = strings.ToLower(x.table.Name)
	}
	for _, name := range looksAt(p, wait) {
		if name != own {
			calls = append(calls, settle(p, wait[name], true, false))
		}
		delete(wait, name)
	}
	if x != nil {
		calls = append(calls, settle(p, x, false, false))
		wait[own] = x
	}
	if len(calls) == 0 {
		return
	}
	calls[0].Base().Lead, p.Unit.Stmts[0].Base().Lead = p.Unit.Stmts[0].Base().Lead, nil
	p.Unit.Stmts = append(calls, p.Unit.Stmts...)
	if x != nil && x.query {
		eachParent(p)
	}
	if x != nil && (x.mixed || x.query) {
		p.Unit.Stmts = append(p.Unit.Stmts, settle(p, x, true, true))
	}
}

// eachParent inserts the rows of a query one by one where a foreign key may refuse one: the target looks at keys behind the statement, when all
// rows have taken their numbers.
func eachParent(p *rewrite.Pass) {
	at := len(p.Unit.Stmts) - 1
	i, ok := p.Unit.Stmts[at].(*ir.Insert)
	if !ok || len(i.Returning) > 0 || i.With != nil || i.Conflict != nil {
		return
	}
	q, ok := i.Source.(*ir.Select)
	cols := i.Takes()
	if !ok || len(q.Items) != len(cols) || slices.Contains(cols, nil) {
		return
	}
	row := map[string]ir.Expr{}
	for k, it := range q.Items {
		if _, star := it.Expr.(*ir.Star); star {
			return
		}
		row[strings.ToLower(cols[k].Name)] = ir.Bare(it.Expr)
	}
	for _, f := range i.Table.Table.ForeignKeys {
		given := len(f.Columns) > 0
		for _, name := range f.Columns {
			e := row[strings.ToLower(name)]
			given = given && e != nil && !tree.IsNull(e)
		}
		if given {
			p.Unit.Stmts[at] = tree.EachSource(p.Unit.Stmts, i, code, func(row *ir.Values) []ir.Stmt {
				i.Source = row
				return []ir.Stmt{i}
			})
			return
		}
	}
}

// later tells that a statement behind this one may take a number of the table.
func later(p *rewrite.Pass, t *catalog.Table) bool {
	for _, u := range p.Session.Script[min(p.Session.At+1, len(p.Session.Script)):] {
		text := strings.ToLower(u.Span.Text())
		if strings.Contains(text, strings.ToLower(t.Name)) && (strings.Contains(text, "insert") || strings.Contains(text, "replace")) {
			return true
		}
	}
	return false
}

// looksAt are the tables with a counter to move that the unit may count in, change, or drop.
func looksAt(p *rewrite.Pass, wait map[string]*plan) []string {
	var out []string
	text := strings.ToLower(p.Unit.Span.Text())
	writes := false
	for _, s := range p.Unit.Stmts {
		switch s.(type) {
		case *ir.Routine, *ir.CreateTrigger, *ir.QueryStmt, *ir.CommentStmt, *ir.Transaction:
		default:
			writes = true
		}
	}
	if !writes {
		return nil
	}
	fires := triggers.Any(p) || strings.Contains(text, "call") || strings.Contains(text, "execute")
	for _, name := range sorted(wait) {
		if fires || strings.Contains(text, name) {
			out = append(out, name)
		}
	}
	return out
}

func sorted(m map[string]*plan) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

// settle is the call of the helper; end announces no statement, done tells that the statement before did not fail.
func settle(p *rewrite.Pass, x *plan, end, done bool) ir.Stmt {
	null := func() ir.Expr {
		n := &ir.Null{}
		n.Type, n.Span = types.Null{}, p.Unit.Span
		return n
	}
	given, always := null(), null()
	if !end {
		b := &ir.Bool{Value: x.always}
		b.Type = types.Bool{}
		always = b
	}
	if !end && !x.query {
		given = tree.Text("{" + strings.Join(x.given, ",") + "}")
	}
	if done {
		given = tree.Text("{}")
	}
	name := x.column.Target
	if name == "" {
		name = strings.ToLower(x.column.Name)
	}
	h := p.Helper("numbers_taken", nil, tree.Text(autoincrement.Regclass(x.table)), tree.Text(name), given, always)
	h.Type = types.Null{}
	h.Span = p.Unit.Stmts[0].Base().Span
	s := &ir.Perform{Expr: h}
	s.Span = h.Span
	s.Made(code)
	return s
}

// Package autoincrement holds the rule for values given to AUTO_INCREMENT columns.
package autoincrement

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/insertcolumns"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

var mixed = &diag.Code{
	ID: "QY0112", Title: "numbers that are generated beside numbers that are given", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc:  "The rows of a statement with RETURNING give some numbers and leave others to the counter. The source moves the counter past each given number at once, the target behind the statement; a generated number may so meet a given one, which raises a unique violation.",
	Next: "Split the statement where that can happen.",
}

var gaps = &diag.Code{
	ID: "QY0137", Title: "numbers that the source leaves out", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `InnoDB reserves numbers before it knows how many rows come: for INSERT ... SELECT 1, 2, 4, 8 and so on, for several rows of INSERT IGNORE or ON DUPLICATE KEY UPDATE one for
each, of which it gives those of rows that are not inserted to the next row (MySQL Reference Manual, "AUTO_INCREMENT Handling in InnoDB"). A sequence takes one for each row. It
is assumed that nobody counts on which numbers are left out; those of later rows may differ from the source's.`,
	Next: "Nothing, unless numbers are compared with those of the source.",
}

// Rule is QY0013.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: "QY0013", Name: "auto-increment",
		Doc: `0 and NULL given to an AUTO_INCREMENT column take the next number (0 not under NO_AUTO_VALUE_ON_ZERO), and a number that is given moves
the counter past it (MySQL Reference Manual, "Using AUTO_INCREMENT"). In PostgreSQL only DEFAULT takes the next number, and the
counter of an identity column stays where it is. So 0 and NULL become DEFAULT, values that may be 0 or NULL are tested, and behind a
statement that gives numbers, or changes them, the helper identity_moved sets the counter. Rows that give and rows that take numbers are
inserted one after another, in one block.`,
		Examples: []rewrite.Example{
			{Setup: "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, n INT);", Source: "INSERT INTO t VALUES (0, 1), (NULL, 2);", Target: "INSERT INTO t VALUES (DEFAULT, 1), (DEFAULT, 2);"},
			{Setup: "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, n INT);", Source: "INSERT INTO t VALUES (500, 1);", Target: "INSERT INTO t VALUES (500, 1);\nSELECT godwit_mysql.identity_moved('t', 'id');"},
			{Setup: "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, n INT);", Source: "INSERT INTO t VALUES (5, 1), (NULL, 2);",
				Target: "DO $$ BEGIN INSERT INTO t VALUES (5, 1); PERFORM godwit_mysql.identity_moved('t', 'id'); INSERT INTO t VALUES (DEFAULT, 2); END; $$;"},
			{Setup: "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, n INT);", Source: "INSERT INTO t (n) VALUES (1);", Target: "INSERT INTO t (n) VALUES (1);"},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{mixed, gaps},
		After: map[string]string{
			"insert-columns":    "the column list is complete",
			"insert-references": "a value may read columns before it",
		},
		Looks: ir.Kinds(ir.KindInsert, ir.KindUpdate),
		Run:   run,
	}
}

func run(p *rewrite.Pass) {
	zero := tree.Mode(p.Settings, "NO_AUTO_VALUE_ON_ZERO", false)
	p.Nodes(func(n ir.Node) ir.Node {
		switch n := n.(type) {
		case *ir.Insert:
			if n.Table.Table == nil {
				return n
			}
			if n.Table.Table.Base != nil {
				return through(p, n, n.Table.Table)
			}
			c := tree.AutoIncrement(n.Table.Table)
			if c == nil {
				return n
			}
			return insert(p, n, c, zero)
		case *ir.Update:
			if t, c := sets(n.Sets); c != nil {
				return moved(p, n, t, c)
			}
		}
		return n
	})
}

// through is an INSERT of rows into a view: a number that is given moves the counter of the view's table.
func through(p *rewrite.Pass, i *ir.Insert, view *catalog.Table) ir.Node {
	c := tree.AutoIncrement(view.Base)
	if c == nil || len(view.Of) != len(view.Columns) {
		return i
	}
	for k, name := range view.Of {
		if strings.EqualFold(name, c.Name) && Position(i, view.Columns[k]) >= 0 {
			return moved(p, i, view.Base, c)
		}
	}
	return i
}

func insert(p *rewrite.Pass, i *ir.Insert, c *catalog.Column, zero bool) ir.Node {
	moves := lower(p, i, c, zero)
	if !moves && reserves(i) && (p.Session == nil || !p.Session.InOrder) { // counter-gaps leaves the numbers out in a script
		p.Report(gaps, i.Span, "numbers of %s that the source leaves out behind this statement", i.Table.Table.Name)
	}
	if b := runs(p, i, c); b != nil {
		return b
	}
	if _, set := sets(i.OnDuplicate); moves || set != nil {
		return moved(p, i, i.Table.Table, c)
	}
	return i
}

// reserves tells that the source sets aside more numbers than rows come.
func reserves(i *ir.Insert) bool {
	v, ok := i.Source.(*ir.Values)
	if !ok {
		return i.Source != nil
	}
	return len(v.Rows) > 1 && (i.OnError == ir.IgnoreErrors || len(i.OnDuplicate) > 0)
}

// sets tells that one of the assignments gives the counted column another value; the source then moves the counter as well.
func sets(list []*ir.Assign) (*catalog.Table, *catalog.Column) {
	for _, a := range list {
		r, ok := a.Column.Ref.(*ir.ColumnRef)
		if !ok || !r.Column.AutoIncrement || r.Table == nil || tree.Equal(a.Value, a.Column) {
			continue
		}
		if x, ok := a.Value.(*ir.Call); ok && x.Op == op.LastInsertID && len(x.Args) == 1 && tree.Equal(x.Args[0], a.Column) {
			continue
		}
		return r.Table, r.Column
	}
	return nil, nil
}

// kind is how a row comes to its number.
type kind int

const (
	takes  kind = iota // from the counter
	gives              // by a literal
	either             // by a value that may be NULL or 0
)

func kindOf(e ir.Expr) kind {
	if tree.IsDefault(e) {
		return takes
	}
	if _, computed := e.(*ir.TargetCall); computed {
		return either
	}
	return gives
}

// runs splits rows of which some give numbers and others take them: the counter has moved before the next rows take theirs. It is
// nil where all rows are of one kind, and where rows are returned.
func runs(p *rewrite.Pass, i *ir.Insert, c *catalog.Column) *ir.Block {
	v, ok := i.Source.(*ir.Values)
	at := Position(i, c)
	if !ok || at < 0 || len(v.Rows) < 2 {
		return nil
	}
	var parts [][]*ir.RowExpr
	last, mixes := kind(-1), false
	for _, r := range v.Rows {
		if at >= len(r.Items) {
			return nil
		}
		k := kindOf(r.Items[at])
		mixes = mixes || k == either || last >= 0 && k != last
		if k == either || k != last || k == gives && p.Session != nil && p.Session.InOrder { // the counter stays moved where a later row fails
			parts = append(parts, nil)
		}
		parts[len(parts)-1] = append(parts[len(parts)-1], r)
		last = k
	}
	if !mixes && !(last == gives && len(i.Returning) == 0 && len(i.OnDuplicate) == 0 && i.OnError == ir.RaiseErrors && !i.Replace && halfway(p, i, at)) {
		return nil
	}
	if len(i.Returning) > 0 {
		p.Report(mixed, i.Span, "some rows give %s, others leave it to the counter", c.Name)
		return nil
	}
	b := &ir.Block{}
	b.Span, b.Lead, b.Trail = i.Span, i.Lead, i.Trail
	b.Made(p.Rule.Code)
	for _, rows := range parts {
		one := ir.Clone(i)
		one.Table = i.Table // columns of the assignments refer to it
		one.Lead, one.Trail = nil, nil
		one.Source = &ir.Values{Rows: rows}
		one.Source.Base().Span = i.Span
		b.Body = append(b.Body, one)
		if kindOf(rows[0].Items[at]) != takes {
			b.Body = append(b.Body, call(p, i, i.Table.Table, c))
		}
	}
	return b
}

// halfway tells that rows which give their numbers may fail behind others, whose numbers stay behind the counter then, and that the script takes
// numbers of the table later. The first rows of a table that differ in their numbers are taken to be right.
func halfway(p *rewrite.Pass, i *ir.Insert, at int) bool {
	v := i.Source.(*ir.Values)
	if p.Session == nil || !p.Session.InOrder || len(v.Rows) > maxRows || len(p.Unit.Stmts) != 1 || p.Unit.Stmts[0] != ir.Stmt(i) {
		return false
	}
	name := strings.ToLower(i.Table.Table.Name)
	names := func(u *ir.Unit, verbs ...string) bool {
		text := strings.ToLower(u.Span.Text())
		for _, verb := range verbs {
			if strings.Contains(text, verb) && strings.Contains(text, name) {
				return true
			}
		}
		return false
	}
	later := false
	for _, u := range p.Session.Script[min(p.Session.At+1, len(p.Session.Script)):] {
		later = later || names(u, "insert", "replace")
	}
	if !later {
		return false
	}
	seen := map[string]bool{}
	for _, r := range v.Rows {
		n, ok := ir.Bare(r.Items[at]).(*ir.Number)
		if !ok || seen[n.Text] {
			return true
		}
		seen[n.Text] = true
	}
	made := false
	for _, u := range p.Session.Script[:min(p.Session.At, len(p.Session.Script))] {
		switch {
		case names(u, "create table"):
			made = true
		case names(u, "insert", "replace", "load", "trigger", "rename"):
			return true
		}
	}
	return !made
}

// Position is the place of the column among the values, -1 if it takes none.
func Position(i *ir.Insert, c *catalog.Column) int {
	if i.Columns == nil {
		k := 0
		for _, o := range i.Table.Table.Columns {
			if o == c {
				return k
			}
			if !o.Invisible {
				k++
			}
		}
		return -1
	}
	for k, n := range i.Columns {
		if r, ok := n.Ref.(*ir.ColumnRef); ok && r.Column == c {
			return k
		}
	}
	return -1
}

// lower replaces values that take the next number; it tells whether numbers are given that move the counter.
func lower(p *rewrite.Pass, i *ir.Insert, c *catalog.Column, zero bool) bool {
	at := Position(i, c)
	if at < 0 || i.Source == nil {
		return false
	}
	switch q := i.Source.(type) {
	case *ir.Values:
		return values(p, i, q, c, at, zero)
	case *ir.Select:
		if at >= len(q.Items) {
			insertcolumns.List(i)
			return true
		}
		it := q.Items[at]
		if _, star := it.Expr.(*ir.Star); star {
			return true
		}
		if tree.IsNull(it.Expr) || tree.IsZero(it.Expr) && !zero {
			insertcolumns.List(i)
			i.Columns = append(i.Columns[:at:at], i.Columns[at+1:]...)
			q.Items = append(q.Items[:at:at], q.Items[at+1:]...)
			return false
		}
		if !given(it.Expr, zero, q) {
			it.Expr = next(p, i, c, it.Expr, zero)
		}
	}
	return true
}

func values(p *rewrite.Pass, i *ir.Insert, v *ir.Values, c *catalog.Column, at int, zero bool) bool {
	gives := false
	for _, r := range v.Rows {
		if at >= len(r.Items) {
			continue
		}
		e := r.Items[at]
		switch {
		case tree.IsDefault(e) && zero:
			n := tree.Int("0") // the keyword gives the column's default there
			n.Base().Span = e.Base().Span
			n.Base().Made(p.Rule.Code)
			r.Items[at], gives = n, true
		case tree.IsDefault(e):
		case tree.IsNull(e), tree.IsZero(e) && !zero:
			d := tree.Default(c.Type)
			d.Span = e.Base().Span
			d.Made(p.Rule.Code)
			r.Items[at] = d
		case given(e, zero, nil):
			gives = true
		default:
			r.Items[at], gives = next(p, i, c, e, zero), true
		}
	}
	return gives
}

// given tells that a value is neither NULL nor 0.
func given(e ir.Expr, zero bool, s *ir.Select) bool {
	if !tree.NotNull(e, s) {
		return false
	}
	if zero {
		return true
	}
	if n, ok := e.(*ir.Name); ok {
		if r, ok := n.Ref.(*ir.ColumnRef); ok && r.Column.AutoIncrement {
			return true
		}
	}
	switch e := e.(type) {
	case *ir.Number:
		return !tree.IsZero(e)
	case *ir.Unary:
		return tree.Literal(e)
	}
	return false
}

// next is the value, or the next number where that is NULL or 0.
func next(p *rewrite.Pass, i *ir.Insert, c *catalog.Column, e ir.Expr, zero bool) ir.Expr {
	v := e
	if !zero {
		v = tree.Call("nullif", e.TypeOf(), e, tree.Int("0"))
	}
	seq := tree.Call("pg_get_serial_sequence", types.Text{}, tree.Text(Regclass(i.Table.Table)), tree.Text(target(c.Target, c.Name)))
	x := tree.Call("coalesce", c.Type, v, tree.Call("nextval", types.Int{Bits: 64}, seq))
	x.Span = e.Base().Span
	x.Made(p.Rule.Code)
	return x
}

// moved puts the call that sets the counter behind the statement.
func moved(p *rewrite.Pass, s ir.Stmt, t *catalog.Table, c *catalog.Column) ir.Node {
	sp := &ir.Splice{Stmts: []ir.Stmt{s, call(p, s, t, c)}}
	sp.Span = s.Base().Span
	return sp
}

// call sets the counter past the greatest number.
func call(p *rewrite.Pass, s ir.Stmt, t *catalog.Table, c *catalog.Column) ir.Stmt {
	return counter(p, "identity_moved", s, t, c)
}

// counter calls a helper that moves the counter of a column.
func counter(p *rewrite.Pass, helper string, s ir.Stmt, t *catalog.Table, c *catalog.Column) ir.Stmt {
	x := p.Helper(helper, nil, tree.Text(Regclass(t)), tree.Text(target(c.Target, c.Name)))
	x.Type = types.Null{}
	x.Span = s.Base().Span
	after := &ir.Perform{Expr: x}
	after.Span = x.Span
	after.Made(p.Rule.Code)
	return after
}

// Takes tells that all rows of VALUES take their number from the counter.
func Takes(i *ir.Insert, c *catalog.Column) bool {
	at := Position(i, c)
	v, ok := i.Source.(*ir.Values)
	if !ok {
		return false
	}
	for _, r := range v.Rows {
		if at >= 0 && (at >= len(r.Items) || !tree.IsDefault(r.Items[at])) {
			return false
		}
	}
	return true
}

// Shares tells that several rows of a statement of a script take numbers, and that one that is there already leaves its number to the next.
func Shares(p *rewrite.Pass, i *ir.Insert) bool {
	c := tree.AutoIncrement(i.Table.Table)
	v, ok := i.Source.(*ir.Values)
	return p.Session != nil && p.Session.InOrder && c != nil && ok && len(v.Rows) > 1 && len(v.Rows) <= maxRows && len(i.Returning) == 0 && Takes(i, c)
}

// maxRows is how many rows of one statement are inserted one by one because of their numbers.
const maxRows = 100

// Back gives the last number back: the row that took it is there already, and the next row of the statement takes it.
func Back(p *rewrite.Pass, s ir.Stmt, t *catalog.Table, c *catalog.Column) ir.Stmt {
	return counter(p, "number_back", s, t, c)
}

func target(t, name string) string {
	if t != "" {
		return t
	}
	return strings.ToLower(name)
}

// Regclass is the text that names a table on the target for a cast to regclass.
func Regclass(t *catalog.Table) string {
	name := quote(target(t.Target, t.Name))
	if t.TargetSchema != "" && t.Kind != catalog.TempTable {
		return quote(t.TargetSchema) + "." + name
	}
	return name
}

// quote quotes a name unless it is plain: keywords need no quotes in a text.
func quote(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == "" && (s[0] < '0' || s[0] > '9') {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}

// Package onduplicate holds the rule for ON DUPLICATE KEY UPDATE.
package onduplicate

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/autoincrement"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/insertcolumns"
	"godwit/ir/rewrite/lastinsertid"
	"godwit/ir/rewrite/rowcount"
	"godwit/ir/rewrite/tree"
	"godwit/ir/rewrite/triggers"
	"godwit/ir/types"
)

var (
	unclear = &diag.Code{
		ID: "QY0119", Title: "ON DUPLICATE KEY UPDATE that cannot be told by its keys", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "A unique key over a prefix or an expression, or with a default that takes part, or the keys of the table behind a view: which row is updated is not known before the rows are inserted.",
		Next:  "Name the key that is meant: INSERT ... ON CONFLICT (columns).",
		Learn: 0.5, Each: 0.5,
	}
	reads = &diag.Code{
		ID: "QY0120", Title: "ON DUPLICATE KEY UPDATE reads the tables of the inserted query", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "The update may use columns of the tables that the rows come from. PostgreSQL knows the inserted values only.",
		Next:  "Insert the value as well, and read it by VALUES().",
		Learn: 0.3, Each: 0.3,
	}
	race = &diag.Code{
		ID: "QY0121", Title: "an upsert over several unique keys", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "The keys are looked up in their order before the row is inserted. A row that another session inserts in between raises a unique violation instead of being updated.",
		Next: "Repeat the statement when it fails so, or keep one unique key.",
	}
	repeated = &diag.Code{
		ID: "QY0122", Title: "rows of one upsert with the same key", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "The source works row by row, so a row may update one that the same statement inserted. PostgreSQL raises an error in that case (ON CONFLICT DO UPDATE cannot affect a row a second time).",
		Next: "Check that the rows differ in their key.",
	}
)

// Rule is QY0017.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: "QY0017", Name: "on-duplicate-key",
		Doc: `A row that meets an existing one through any unique key updates it instead; with several keys the first that matches counts (MySQL Reference
Manual, "INSERT ... ON DUPLICATE KEY UPDATE Statement"). With one key that can match, ON CONFLICT (columns) DO UPDATE is the same: VALUES(c) is
excluded.c. With several, a block inserts the row unless another is in the way (ON CONFLICT DO NOTHING), and else changes the first row that the keys find in
their order (the primary key, keys without NULLs, the others). Rows that may meet one another are inserted one by one in a block.
Assignments of a column to itself alone mean DO NOTHING.`,
		Examples: []rewrite.Example{
			{Setup: "CREATE TABLE h (page VARCHAR(10) PRIMARY KEY, n INT NOT NULL);", Source: "INSERT INTO h VALUES ('a', 1) ON DUPLICATE KEY UPDATE n = n + VALUES(n);", Target: "INSERT INTO h VALUES ('a', 1) ON CONFLICT (page) DO UPDATE SET n = h.n::bigint + excluded.n;"},
			{Setup: "CREATE TABLE h (page VARCHAR(10) PRIMARY KEY, n INT NOT NULL);", Source: "INSERT INTO h (page, n) VALUES ('a', 1) AS new (p, m) ON DUPLICATE KEY UPDATE n = h.n - new.m, page = p;", Target: "INSERT INTO h (page, n) VALUES ('a', 1) ON CONFLICT (page) DO UPDATE SET n = h.n::bigint - excluded.n, page = excluded.page;"},
			{Setup: "CREATE TABLE u (id INT PRIMARY KEY, mail VARCHAR(20) NOT NULL, n INT, UNIQUE (mail));", Source: "INSERT INTO u VALUES (1, 'c', 1) ON DUPLICATE KEY UPDATE n = 5;",
				Target: "DO $$ BEGIN INSERT INTO u (id, mail, n) VALUES (1, 'c', 1) ON CONFLICT DO NOTHING; IF NOT found THEN " +
					"IF EXISTS (SELECT 1 FROM u WHERE id = 1) THEN UPDATE u SET n = 5 WHERE id = 1; ELSE UPDATE u SET n = 5 WHERE mail = 'c'; END IF; END IF; END; $$;"},
			{Setup: "CREATE TABLE u (id INT PRIMARY KEY, mail VARCHAR(20) NOT NULL, n INT, UNIQUE (mail));", Source: "INSERT INTO u VALUES (1, 'c', 1) ON DUPLICATE KEY UPDATE id = id;", Target: "INSERT INTO u VALUES (1, 'c', 1) ON CONFLICT DO NOTHING;"},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{unclear, reads, race, repeated},
		After: map[string]string{
			"assignment-order": "assignments see the old row only",
			"auto-increment":   "0 and NULL have become DEFAULT",
			"implicit-default": "all columns that take values are listed",
		},
		Looks: ir.Kinds(ir.KindInsert),
		Run:   run,
	}
}

func run(p *rewrite.Pass) {
	p.Nodes(func(n ir.Node) ir.Node {
		if i, ok := n.(*ir.Insert); ok && len(i.OnDuplicate) > 0 && i.Table.Table != nil {
			return lower(p, i)
		}
		return n
	})
}

func lower(p *rewrite.Pass, i *ir.Insert) ir.Node {
	i.Made(p.Rule.Code)
	i.RowAlias, i.ColumnAliases = ir.Ident{}, nil
	sets := i.OnDuplicate
	t := i.Table.Table
	if t.Kind == catalog.ViewTable {
		rewrite.Refuse(p, unclear, i.Span, "%s is a view, whose table has the keys", t.Name)
		return i
	}
	ignore := i.OnError == ir.IgnoreErrors && (tree.Touches(t, sets) || len(t.ForeignKeys) > 0 || tree.Referenced(p.Catalog, t))
	i.OnError = ir.RaiseErrors
	v, isValues := i.Source.(*ir.Values)
	rows := []tree.Row{anyRow(i)}
	if isValues {
		rows = tree.Rows(i, v)
	}
	for k := range rows {
		rows[k] = tree.Complete(t, rows[k])
	}
	keys, ok := active(t, rows)
	switch {
	case ok && len(keys) == 0 && !ignore:
		i.OnDuplicate = nil
	case noChange(t, sets) && !ignore:
		i.OnDuplicate = nil
		i.Conflict = &ir.Conflict{Nothing: true}
		i.Conflict.Span = i.Span
	case !ok:
		rewrite.Refuse(p, unclear, i.Span, "a unique key of %s is not given plainly", t.Name)
	case len(keys) == 1 && !ignore && !asked(p, i) && !autoincrement.Shares(p, i):
		return oneKey(p, i, keys[0], rows, isValues)
	case len(i.Returning) > 0:
		rewrite.Refuse(p, unclear, i.Span, "the rows of an upsert over several unique keys are returned")
	case p.Counted(i):
		rewrite.Refuse(p, unclear, i.Span, "the routine reads how many rows an upsert over several unique keys changed")
	case !isValues:
		return eachRow(p, i, keys, ignore)
	default:
		return severalKeys(p, i, v, keys, ignore)
	}
	return i
}

// anyRow stands for the rows of a query: every listed column is given.
func anyRow(i *ir.Insert) tree.Row {
	row := tree.Row{}
	for _, c := range i.Takes() {
		if c != nil {
			row[c] = tree.Output("", c.Name, c.Type)
		}
	}
	return row
}

// active are the keys through which a row can meet another; ok is false where that is not known.
func active(t *catalog.Table, rows []tree.Row) (keys []*catalog.Key, ok bool) {
	for _, k := range tree.KeysInOrder(t) {
		can := false
		for _, row := range rows {
			switch tree.Clashes(t, k, row) {
			case tree.Unclear:
				return nil, false
			case tree.Always:
				can = true
			}
		}
		if can {
			keys = append(keys, k)
		}
	}
	return keys, true
}

// asked tells that the script asks what the statement did: the number of rows, or the number that it generated.
func asked(p *rewrite.Pass, i *ir.Insert) bool {
	if p.Session == nil || !p.Session.InOrder {
		return false
	}
	return rowcount.Asked(p) || tree.AutoIncrement(i.Table.Table) != nil && lastinsertid.Read(p.Session)
}

// noChange tells that every assignment gives a column its own value.
func noChange(t *catalog.Table, sets []*ir.Assign) bool {
	for _, a := range sets {
		n, ok := a.Value.(*ir.Name)
		if !ok || !sameColumn(n, a.Column) {
			return false
		}
	}
	return true
}

func sameColumn(a, b *ir.Name) bool {
	x, ok := a.Ref.(*ir.ColumnRef)
	y, ok2 := b.Ref.(*ir.ColumnRef)
	return ok && ok2 && x.Column == y.Column
}

// oneKey is ON CONFLICT (columns) DO UPDATE.
func oneKey(p *rewrite.Pass, i *ir.Insert, k *catalog.Key, rows []tree.Row, isValues bool) ir.Node {
	t := i.Table.Table
	if v, ok := i.Source.(*ir.Values); ok && len(rows) > 1 && !tree.Distinct(t, k, rows) && len(i.Returning) == 0 && !p.Counted(i) {
		b := tree.InPlace(i, p.Rule.Code)
		for _, one := range tree.Apart(i, v) {
			oneKey(p, one, k, rows[:1], true)
			b.Body = append(b.Body, one)
		}
		return b
	}
	if len(rows) > 1 && !tree.Distinct(t, k, rows) || !isValues && !differ(t, k, i) {
		p.Report(repeated, i.Span, "the rows may have the same key")
	}
	c := &ir.Conflict{Sets: i.OnDuplicate}
	c.Span = i.Span
	for _, col := range tree.KeyColumns(t, k) {
		c.Columns = append(c.Columns, tree.Column(t, col, i.Table, ""))
	}
	for _, a := range c.Sets {
		a.Value = values(p, i, a.Value)
	}
	i.OnDuplicate, i.Conflict = nil, c
	return i
}

// differ tells that the rows of a query have different keys: it groups by what goes into the key.
func differ(t *catalog.Table, k *catalog.Key, i *ir.Insert) bool {
	q, ok := i.Source.(*ir.Select)
	cols := i.Takes()
	if !ok || len(q.GroupBy) == 0 || q.Rollup || len(q.Items) != len(cols) {
		return false
	}
	key := map[*catalog.Column]bool{}
	for _, c := range tree.KeyColumns(t, k) {
		key[c] = true
	}
	for _, g := range q.GroupBy {
		found := false
		for n, it := range q.Items {
			nm, ok := it.Expr.(*ir.Name)
			if !ok || cols[n] == nil || !key[cols[n]] {
				continue
			}
			a, _ := types.CollationOf(nm.Type)
			b, _ := types.CollationOf(cols[n].Type)
			found = found || tree.Equal(nm, g.Expr) && a == b
		}
		if !found {
			return false
		}
	}
	return true
}

// values prepares an assigned value: columns of the table are qualified, columns of the source query become inserted values,
// LAST_INSERT_ID(id) for the number itself stays for the rule about it.
func values(p *rewrite.Pass, i *ir.Insert, e ir.Expr) ir.Expr {
	name := tree.NameOf(i.Table)
	source := map[ir.TableExpr]bool{}
	if q, ok := i.Source.(*ir.Select); ok {
		for _, l := range tree.Leaves(q.From) {
			source[l] = true
		}
	}
	return ir.MapPre(e, func(n ir.Node) bool { _, ins := n.(*ir.Inserted); return !ins }, func(n ir.Node) ir.Node {
		nm, ok := n.(*ir.Name)
		if !ok {
			return n
		}
		switch from := tree.From(nm); {
		case from == ir.TableExpr(i.Table):
			nm.Parts = []ir.Ident{{Text: name}, nm.Parts[len(nm.Parts)-1]}
		case source[from]:
			return fromSource(p, i, nm)
		}
		return nm
	})
}

// fromSource turns a column of the inserted query's tables into the inserted value that holds it.
func fromSource(p *rewrite.Pass, i *ir.Insert, nm *ir.Name) ir.Node {
	q, ok := i.Source.(*ir.Select)
	cols := i.Takes()
	if ok && len(q.Items) == len(cols) {
		for k, it := range q.Items {
			if tree.Equal(it.Expr, nm) && cols[k] != nil {
				x := &ir.Inserted{Column: tree.Column(i.Table.Table, cols[k], nil, "")}
				x.Span, x.Type = nm.Span, nm.Type
				return x
			}
		}
	}
	rewrite.Refuse(p, reads, nm.Span, "%s is no inserted value", nm.Parts[len(nm.Parts)-1].Text)
	return nm
}

// severalKeys makes one statement for each row.
func severalKeys(p *rewrite.Pass, i *ir.Insert, v *ir.Values, keys []*catalog.Key, ignore bool) ir.Node {
	insertcolumns.List(i)
	if len(keys) > 1 {
		p.Report(race, i.Span, "%s has %d unique keys that can match", i.Table.Table.Name, len(keys))
	}
	b := tree.InPlace(i, p.Rule.Code)
	for _, one := range tree.Apart(i, v) {
		b.Body = append(b.Body, upsert(p, one, one.Source.(*ir.Values), keys, ignore, len(v.Rows) > 1)...)
	}
	return b
}

// eachRow loops over the rows of a query.
func eachRow(p *rewrite.Pass, i *ir.Insert, keys []*catalog.Key, ignore bool) ir.Node {
	insertcolumns.List(i)
	p.Report(race, i.Span, "%s has %d unique keys that can match", i.Table.Table.Name, len(keys))
	if slices.Contains(i.Takes(), nil) {
		return i
	}
	for _, a := range i.OnDuplicate {
		a.Value = values(p, i, a.Value)
	}
	return tree.EachSource(p.Unit.Stmts, i, p.Rule.Code, func(row *ir.Values) []ir.Stmt { return upsert(p, i, row, keys, ignore, true) })
}

// upsert inserts a row, unless another is in the way: then it changes the first that one of the keys finds, in their order.
func upsert(p *rewrite.Pass, i *ir.Insert, v *ir.Values, keys []*catalog.Key, ignore, several bool) []ir.Stmt {
	t := i.Table.Table
	given := tree.Complete(t, tree.Rows(i, v)[0])
	row := tree.Keyed(given)
	set, fires := triggers.Sets(p, i.Table.Name, "insert")
	if ignore && fires {
		rewrite.Refuse(p, unclear, i.Span, "IGNORE with triggers, whose changes stay when the row is left out")
	}
	var changes []ir.Stmt
	var conds []ir.Expr
	for _, k := range keys {
		if tree.Clashes(t, k, row) != tree.Always {
			continue
		}
		for _, c := range tree.KeyColumns(t, k) {
			if set[strings.ToLower(c.Name)] || tree.Volatile(row[c]) {
				rewrite.Refuse(p, unclear, i.Span, "the value of %s is not known before the row is there", c.Name)
				return nil
			}
		}
		match := tree.KeyMatch(t, k, nil, "", func(c *catalog.Column) ir.Expr { return ir.Clone(row[c]) })
		u := &ir.Update{Tables: []ir.TableExpr{plain(i.Table)}, Order: ir.Simultaneous, Where: match}
		u.Span = i.Span
		for _, a := range i.OnDuplicate {
			u.Sets = append(u.Sets, &ir.Assign{Column: ir.Clone(a.Column), Value: inserted(p, i, ir.Clone(a.Value), given, set)})
		}
		u.Made(p.Rule.Code)
		changes, conds = append(changes, u), append(conds, ir.Clone(match))
	}
	list := i.OnDuplicate
	i.Source, i.OnDuplicate = v, nil
	if len(changes) == 0 && !ignore {
		return []ir.Stmt{i}
	}
	i.Conflict = &ir.Conflict{Nothing: true}
	i.Conflict.Span = i.Span
	switch {
	case (len(changes) == 0 || noChange(t, list)) && ignore:
		return []ir.Stmt{tree.Passing(i, []ir.Stmt{i})}
	case noChange(t, list):
		return []ir.Stmt{i}
	}
	other := changes[len(changes)-1]
	if len(changes) > 1 {
		f := &ir.If{Else: []ir.Stmt{other}}
		f.Span = i.Span
		for k, c := range changes[:len(changes)-1] {
			from := &ir.TableRef{Name: i.Table.Name, Table: t}
			there := &ir.Exists{Query: tree.Select([]*ir.SelectItem{tree.Item(tree.Int("1"), "")}, []ir.TableExpr{from}, conds[k])}
			there.Type = types.Bool{}
			b := &ir.Branch{Cond: there, Body: []ir.Stmt{c}}
			b.Span = i.Span
			f.Branches = append(f.Branches, b)
		}
		other = f
	}
	missing := control.When(control.Negate(control.Found()), other)
	if c := tree.AutoIncrement(t); c != nil && several && autoincrement.Takes(i, c) && p.Session != nil && p.Session.InOrder {
		missing.Branches[0].Body = append([]ir.Stmt{autoincrement.Back(p, i, t, c)}, other)
	}
	missing.Span = i.Span
	out := []ir.Stmt{i, missing}
	if !ignore {
		return out
	}
	return []ir.Stmt{tree.Passing(i, out)}
}

func plain(t *ir.TableRef) *ir.TableRef {
	c := ir.Clone(t)
	c.Alias = ir.Ident{}
	return c
}

// inserted replaces VALUES(c) by the value that the row gives to the column.
func inserted(p *rewrite.Pass, i *ir.Insert, e ir.Expr, row tree.Row, set map[string]bool) ir.Expr {
	return ir.Map(e, func(n ir.Node) ir.Node {
		switch n := n.(type) {
		case *ir.Inserted:
			r, ok := n.Column.Ref.(*ir.ColumnRef)
			if !ok || row[r.Column] == nil || tree.IsDefault(row[r.Column]) {
				rewrite.Refuse(p, unclear, n.Span, "VALUES() of a column that takes its default")
				return n
			}
			if tree.Volatile(row[r.Column]) {
				rewrite.Refuse(p, unclear, n.Span, "VALUES() of a number that is counted")
				return n
			}
			if set[strings.ToLower(r.Column.Name)] {
				rewrite.Refuse(p, unclear, n.Span, "VALUES() of a column that a trigger sets")
				return n
			}
			return tree.Stored(ir.Clone(row[r.Column]), r.Column.Type)
		}
		return n
	})
}

// Package limitedchange holds the rule for UPDATE and DELETE with ORDER BY and LIMIT.
package limitedchange

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/feature"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/selfreferences"
	"godwit/ir/rewrite/tree"
	"godwit/ir/rewrite/triggers"
	"godwit/ir/types"
)

var (
	unordered = &diag.Code{
		ID: "QY0128", Title: "LIMIT without an order", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "Which rows an UPDATE or DELETE with LIMIT changes is not defined without ORDER BY; the source takes them as it reads them, mostly by the primary key. The conversion orders by the primary key, where there is one.",
		Next: "Add ORDER BY where it matters which rows are taken.",
	}
	behind = &diag.Code{
		ID: "QY0142", Title: "a condition that may fail, and LIMIT", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "The source reads rows until the limit is reached, and raises no error for what stands in rows behind it. The target may evaluate the condition for all rows before it sorts them.",
		Next: "Write the condition so that it cannot fail, if such rows occur.",
	}
	order = &diag.Code{
		ID: "QY0129", Title: "the order of a change is left out", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "ORDER BY without LIMIT says in which order rows are changed, which only triggers and foreign keys of the table to itself can tell. PostgreSQL checks foreign keys behind the statement, so no order is needed for them.",
		Next: "Check triggers of the table that depend on the order.",
	}
	shape = &diag.Code{
		ID: "QY0130", Title: "a change with ORDER BY or LIMIT that the target cannot express", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "The rows are chosen first and found again by their key: not possible for views. Rows that are moved along a unique key one by one have no count of rows, and no RETURNING.",
		Next:  "Choose the rows in a subquery by hand.",
		Learn: 0.3, Each: 0.3,
	}
	shift = &diag.Code{
		ID: "QY0131", Title: "values of a unique key are moved without an order", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "Both sides check a unique key row by row, so it depends on the order of the rows whether such an UPDATE meets a value that is not moved yet. The source takes the rows by the index that it reads: the conversion orders by the key column that WHERE compares, or the primary key. A different order raises a unique violation, never wrong rows.",
		Next: "Add ORDER BY to the statement.",
	}
)

// Rule is QY0022.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: "QY0022", Name: "limited-change", Feature: feature.LimitedUpdate,
		Doc: `UPDATE and DELETE take ORDER BY and LIMIT (MySQL Reference Manual, "UPDATE Statement", "DELETE Statement"). The rows are chosen, and locked,
in a common table expression that is computed once, and found again by the primary key, or by ctid without one. ORDER BY without LIMIT has a meaning
of its own where an UPDATE moves the values of a unique key, which both sides check row by row: there the rows are changed one by one in that order.`,
		Examples: []rewrite.Example{
			{Setup: setup, Source: "UPDATE job SET st = 'r' ORDER BY prio DESC LIMIT 2;",
				Target: "WITH chosen AS MATERIALIZED (SELECT id FROM job ORDER BY prio DESC NULLS LAST LIMIT 2 FOR UPDATE) UPDATE job SET st = 'r' WHERE job.id IN (SELECT chosen.id FROM chosen);"},
			{Setup: setup, Source: "DELETE FROM job WHERE id = 4 LIMIT 1;", Target: "DELETE FROM job WHERE id = 4;"},
			{Setup: setup, Source: "DELETE FROM job ORDER BY prio;", Target: "DELETE FROM job;"},
			{Setup: setup, Source: "UPDATE job SET id = id + 1 ORDER BY id DESC;",
				Target: "DO $$ DECLARE moved record; BEGIN FOR moved IN SELECT id FROM job ORDER BY id DESC FOR UPDATE LOOP UPDATE job SET id = id + 1 WHERE job.id = moved.id; END LOOP; END; $$;"},
			{Setup: setup, Source: "UPDATE job SET id = 9 WHERE id = 1;", Target: "UPDATE job SET id = 9 WHERE id = 1;"},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{unordered, order, shape, shift, behind},
		After: map[string]string{
			"null-order":    "the places of NULLs are settled",
			"joined-update": "one table is left",
			"joined-delete": "one table is left",
		},
		Prepare: prepare,
		Looks:   ir.Kinds(ir.KindUpdate, ir.KindDelete),
		Run:     run,
	}
}

// prepare looks before other rules whether rows behind the limit, which the source does not read, can raise an error.
func prepare(p *rewrite.Pass) {
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.Update:
				raises(p, n.Where, n.Limit)
			case *ir.Delete:
				raises(p, n.Where, n.Limit)
			}
			return true
		})
	}
}

func raises(p *rewrite.Pass, where, limit ir.Expr) {
	if limit != nil && control.OfExpr(where)&control.Errors != 0 {
		p.Report(behind, where.Base().Span, "the condition is assumed to raise no error for rows behind the limit")
	}
}

const setup = "CREATE TABLE job (id INT PRIMARY KEY, prio INT, st CHAR(1));"

func run(p *rewrite.Pass) {
	p.Nodes(func(n ir.Node) ir.Node {
		if p.Refused() {
			return n
		}
		switch n := n.(type) {
		case *ir.Update:
			return update(p, n)
		case *ir.Delete:
			return remove(p, n)
		}
		return n
	})
}

// passes tells that the rule about IGNORE wants a loop that passes over errors.
func passes(s ir.Stmt) bool { return slices.Contains(s.Base().Origin, "QY0015") }

func update(p *rewrite.Pass, u *ir.Update) ir.Node {
	t, ok := single(u.Tables)
	if !ok || u.WhereCurrentOf != "" || len(u.From) > 0 {
		return u
	}
	if passes(u) {
		by := u.OrderBy
		if len(by) == 0 && u.Limit == nil {
			by = likely(t, u.Where, moved(t, u))
		}
		return eachRow(p, u, t, by, true)
	}
	if positive(u.Limit) && pinned(t, u.Where) {
		u.Limit, u.OrderBy = nil, nil
	}
	moves := moved(t, u)
	if p.Unit.PLSQL && len(u.OrderBy) == 0 && len(moves) == 1 && upwards(u) {
		u.OrderBy = []*ir.OrderItem{{Expr: tree.Column(t.Table, moves[0], t, ""), Desc: true}} // the source checks the key when all rows are changed
	}
	switch {
	case len(moves) > 0 && (len(u.OrderBy) > 0 || shifts(moves) && !pinned(t, u.Where)):
		return oneByOne(p, u, t, moves)
	case inTurn(p, u, t, "update", u.OrderBy):
		return eachRow(p, u, t, u.OrderBy, false)
	case u.Limit != nil:
		if w, where, ok := chosen(p, u, t, u.With, u.Where, u.OrderBy, u.Limit); ok {
			u.With, u.Where, u.OrderBy, u.Limit = w, where, nil, nil
			u.Made(p.Rule.Code)
		}
	case len(u.OrderBy) > 0:
		p.Report(order, u.Span, "UPDATE of %s", t.Name)
		u.OrderBy = nil
		u.Made(p.Rule.Code)
	}
	return u
}

func remove(p *rewrite.Pass, d *ir.Delete) ir.Node {
	t, ok := single(d.From)
	if !ok || len(d.Targets) > 0 || d.WhereCurrentOf != "" {
		return d
	}
	if passes(d) {
		return removeEach(p, d, t, true)
	}
	if positive(d.Limit) && pinned(t, d.Where) {
		d.Limit, d.OrderBy = nil, nil
	}
	switch {
	case inTurn(p, d, t, "delete", d.OrderBy):
		return removeEach(p, d, t, false)
	case d.Limit != nil:
		if w, where, ok := chosen(p, d, t, d.With, d.Where, d.OrderBy, d.Limit); ok {
			d.With, d.Where, d.OrderBy, d.Limit = w, where, nil, nil
			d.Made(p.Rule.Code)
		}
	case len(d.OrderBy) > 0:
		p.Report(order, d.Span, "DELETE from %s", t.Name)
		d.OrderBy = nil
		d.Made(p.Rule.Code)
	}
	return d
}

// removeEach deletes the rows in a loop over their keys that passes over those that others refer to.
func removeEach(p *rewrite.Pass, d *ir.Delete, t *ir.TableRef, pass bool) ir.Node {
	if _, ok := tree.Changeable(t); !ok || len(d.Returning) > 0 || d.With != nil {
		rewrite.Refuse(p, shape, d.Span, "%s is changed row by row", t.Name)
		return d
	}
	if !pass && d.Limit == nil && len(d.Using) == 0 && selfreferences.Holds(p, t.Table) && pinned(t, d.Where) {
		b := tree.InPlace(d, p.Rule.Code)
		d.OrderBy = nil
		d.Made(p.Rule.Code)
		b.Body = []ir.Stmt{selfreferences.Guard(p, t.Table, unaliased(t, d.Where), d), d}
		return b
	}
	q, row, where := keysOf(p, d, t, d.Where, d.OrderBy, d.Limit)
	if len(d.Using) > 0 {
		id := tree.RowID(t.Table, t, tree.NameOf(t))
		q.Items, q.OrderBy = tree.Identity(id, tree.RowNames(id, "")), byKey(t, id)
		q.From, d.Using = append(q.From, d.Using...), nil
		q.Lock[0].Of = []ir.Ident{{Text: tree.NameOf(t)}}
	}
	d.Made(p.Rule.Code)
	lead, trail := d.Lead, d.Trail
	d.Lead, d.Trail = nil, nil
	d.OrderBy, d.Limit, d.Where = nil, nil, where
	body := []ir.Stmt{d}
	if selfreferences.Holds(p, t.Table) {
		body = []ir.Stmt{selfreferences.Guard(p, t.Table, unaliased(t, where), d), d}
	}
	if pass {
		body = []ir.Stmt{tree.Passing(d, body)}
	}
	return loop(p, d, q, row, body, lead, trail)
}

// unaliased is the condition for a row of the table itself, without the statement's name for it.
func unaliased(t *ir.TableRef, where ir.Expr) ir.Expr {
	return ir.Map(ir.Clone(where), func(n ir.Node) ir.Node {
		if nm, ok := n.(*ir.Name); ok && tree.From(nm) == ir.TableExpr(t) {
			nm.Parts = []ir.Ident{{Text: t.Table.Name}, nm.Parts[len(nm.Parts)-1]}
		}
		return n
	})
}

// inTurn tells a statement whose triggers see the rows in an order: that of ORDER BY, or in a script that of the primary key. One row has none.
// Keys of a table that refers to itself are checked with each row as well.
func inTurn(p *rewrite.Pass, s ir.Stmt, t *ir.TableRef, event string, by []*ir.OrderItem) bool {
	var where ir.Expr
	plain, itself := false, false
	switch n := s.(type) {
	case *ir.Update:
		where, plain = n.Where, len(n.Returning) == 0 && n.With == nil
		itself = selfreferences.Moves(p, n, t.Table)
	case *ir.Delete:
		where, plain = n.Where, len(n.Returning) == 0 && n.With == nil
		itself = selfreferences.Holds(p, t.Table)
		plain = plain && (itself || len(n.Using) == 0)
	}
	if _, ok := tree.Changeable(t); !ok || !plain || p.Counted(s) || t.Table.PrimaryKey() == nil || pinned(t, where) && !itself || !itself && !triggers.On(p, t.Name, event) {
		return false
	}
	alone := p.Session != nil && p.Session.InOrder && len(p.Unit.Stmts) > 0 && !control.IsProgram(p.Unit.Stmts[0])
	return itself || len(by) > 0 || alone
}

func single(list []ir.TableExpr) (*ir.TableRef, bool) {
	if len(list) != 1 {
		return nil, false
	}
	t, ok := list[0].(*ir.TableRef)
	return t, ok && t.Table != nil && t.CTE == nil
}

// choice is the query for the keys of the rows to change, in order and locked.
func choice(p *rewrite.Pass, t *ir.TableRef, where ir.Expr, by []*ir.OrderItem, limit ir.Expr, at ir.Node) *ir.Select {
	id := tree.RowID(t.Table, t, "")
	q := tree.Select(tree.Identity(id, tree.RowNames(id, "")), []ir.TableExpr{ir.Clone(t)}, where)
	q.OrderBy, q.Limit = by, limit
	if len(by) == 0 {
		p.Report(unordered, at.Base().Span, "the rows of %s", t.Name)
		q.OrderBy = byKey(t, id)
	}
	lock := &ir.Locking{}
	lock.Span = at.Base().Span
	q.Lock = []*ir.Locking{lock}
	q.Span = at.Base().Span
	return q
}

func byKey(t *ir.TableRef, id []*ir.Name) []*ir.OrderItem {
	if t.Table.PrimaryKey() == nil {
		return nil
	}
	var out []*ir.OrderItem
	for _, n := range id {
		o := &ir.OrderItem{Expr: ir.Clone(n), Nulls: ir.NullsAny}
		o.Span = n.Span
		out = append(out, o)
	}
	return out
}

// chosen makes the common table expression and the condition that reads it.
func chosen(p *rewrite.Pass, s ir.Stmt, t *ir.TableRef, w *ir.With, where ir.Expr, by []*ir.OrderItem, limit ir.Expr) (*ir.With, ir.Expr, bool) {
	if _, ok := tree.Changeable(t); !ok {
		rewrite.Refuse(p, shape, s.Base().Span, "%s is no base table", t.Name)
		return nil, nil, false
	}
	name := tree.Unused(p.Unit.Stmts, "chosen")
	q := choice(p, t, where, by, limit, s)
	id := tree.RowID(t.Table, t, tree.NameOf(t))
	return tree.AddCTE(w, tree.Materialized(name, q)), tree.AmongOutputs(id, name, tree.RowNames(id, "")), true
}

// moved are the columns of unique keys whose new value depends on the old row.
func moved(t *ir.TableRef, u *ir.Update) []*catalog.Column {
	var out []*catalog.Column
	for _, k := range t.Table.UniqueKeys() {
		for _, part := range k.Parts {
			for _, a := range u.Sets {
				r, ok := a.Column.Ref.(*ir.ColumnRef)
				if ok && strings.EqualFold(r.Column.Name, part.Column) && !tree.Constant(a.Value) && !itself(a) {
					out = append(out, r.Column)
				}
			}
		}
	}
	return out
}

// upwards tells that the one assignment of a moved key adds a number to it: the highest value has to move first.
func upwards(u *ir.Update) bool {
	for _, a := range u.Sets {
		if tree.Constant(a.Value) {
			continue
		}
		b, ok := a.Value.(*ir.Binary)
		if !ok || b.Op != ir.Add || !tree.Equal(b.L, a.Column) {
			continue
		}
		if n, ok := b.R.(*ir.Number); ok && !tree.IsZero(n) {
			return true
		}
	}
	return false
}

// shifts tells that a column holds values that are moved along: numbers and moments.
func shifts(moves []*catalog.Column) bool {
	for _, c := range moves {
		switch c.Type.(type) {
		case types.Int, types.Decimal, types.Float, types.Date, types.DateTime, types.Timestamp, types.Time, types.Year:
			return true
		}
	}
	return false
}

func itself(a *ir.Assign) bool {
	n, ok := a.Value.(*ir.Name)
	return ok && tree.Equal(n, a.Column)
}

// positive tells that a limit is a number above zero: one row at most needs no other.
func positive(limit ir.Expr) bool {
	n, ok := limit.(*ir.Number)
	return ok && !tree.IsZero(n)
}

// pinned tells that a condition leaves one row at most.
func pinned(t *ir.TableRef, where ir.Expr) bool {
	for _, k := range t.Table.UniqueKeys() {
		cols := tree.KeyColumns(t.Table, k)
		all := len(cols) > 0
		for _, c := range cols {
			all = all && fixed(t, where, c)
		}
		if all {
			return true
		}
	}
	return false
}

// fixed tells that a condition compares a column for equality with something that reads no column.
func fixed(t *ir.TableRef, where ir.Expr, c *catalog.Column) bool {
	for _, e := range tree.Conjuncts(where) {
		x, ok := e.(*ir.Compare)
		if !ok || x.Op != ir.Eq {
			continue
		}
		if isColumn(x.L, c) && tree.Constant(x.R) || isColumn(x.R, c) && tree.Constant(x.L) {
			return true
		}
	}
	return false
}

func isColumn(e ir.Expr, c *catalog.Column) bool {
	n, ok := e.(*ir.Name)
	if !ok {
		return false
	}
	r, ok := n.Ref.(*ir.ColumnRef)
	return ok && r.Column == c
}

// oneByOne changes the rows in a loop over their keys.
func oneByOne(p *rewrite.Pass, u *ir.Update, t *ir.TableRef, moves []*catalog.Column) ir.Node {
	if _, ok := tree.Changeable(t); !ok || len(u.Returning) > 0 || u.With != nil || p.Counted(u) {
		rewrite.Refuse(p, shape, u.Span, "%s is changed row by row", t.Name)
		return u
	}
	by := u.OrderBy
	if len(by) == 0 {
		p.Report(shift, u.Span, "%s of %s", moves[0].Name, t.Name)
		by = likely(t, u.Where, moves)
	}
	return eachRow(p, u, t, by, false)
}

// eachRow changes the rows in a loop over their keys, and may pass over those that break a key.
func eachRow(p *rewrite.Pass, u *ir.Update, t *ir.TableRef, by []*ir.OrderItem, pass bool) ir.Node {
	if _, ok := tree.Changeable(t); !ok || len(u.Returning) > 0 || u.With != nil {
		rewrite.Refuse(p, shape, u.Span, "%s is changed row by row", t.Name)
		return u
	}
	q, row, where := keysOf(p, u, t, u.Where, by, u.Limit)
	u.Made(p.Rule.Code)
	lead, trail := u.Lead, u.Trail
	u.Lead, u.Trail = nil, nil
	u.OrderBy, u.Limit, u.Where = nil, nil, where
	body := []ir.Stmt{u}
	if pass {
		body = []ir.Stmt{tree.Passing(u, body)}
	}
	return loop(p, u, q, row, body, lead, trail)
}

// keysOf is the query for the keys of the rows, the variable that takes one, and the condition that finds the row again.
func keysOf(p *rewrite.Pass, at ir.Stmt, t *ir.TableRef, cond ir.Expr, by []*ir.OrderItem, limit ir.Expr) (q *ir.Select, row *ir.VarDecl, where ir.Expr) {
	name := tree.Unused(p.Unit.Stmts, "moved")
	if len(by) == 0 && limit == nil {
		by = byKey(t, tree.RowID(t.Table, t, ""))
	}
	q = choice(p, t, cond, by, limit, at)
	row = &ir.VarDecl{Name: ir.Ident{Text: name}, TypeSQL: "record", Type: types.Row{}}
	row.Span = at.Base().Span
	row.Made(p.Rule.Code)
	var conds []ir.Expr
	id := tree.RowID(t.Table, t, tree.NameOf(t))
	for i, n := range id {
		conds = append(conds, tree.Compare(ir.Eq, n, tree.Output(name, tree.RowNames(id, "")[i], n.Type)))
	}
	return q, row, tree.And(conds...)
}

// loop is the block around the loop over the rows.
func loop(p *rewrite.Pass, at ir.Stmt, q *ir.Select, row *ir.VarDecl, body []ir.Stmt, lead, trail []ir.Comment) ir.Node {
	l := &ir.Loop{Kind: ir.QueryLoop, Var: row, Query: q, Body: body}
	l.Span = at.Base().Span
	b := &ir.Block{Decls: []ir.Decl{row}, Body: []ir.Stmt{l}}
	b.Span, b.Lead, b.Trail = at.Base().Span, lead, trail
	b.Made(p.Rule.Code)
	return b
}

// likely is the order in which the source reads the rows: by the moved column that the condition compares, or by the primary key.
func likely(t *ir.TableRef, where ir.Expr, moves []*catalog.Column) []*ir.OrderItem {
	for _, c := range moves {
		if where != nil && ir.Find(where, func(n ir.Node) bool { e, ok := n.(ir.Expr); return ok && isColumn(e, c) }) {
			o := &ir.OrderItem{Expr: tree.Column(t.Table, c, t, "")}
			return []*ir.OrderItem{o}
		}
	}
	return byKey(t, tree.RowID(t.Table, t, ""))
}

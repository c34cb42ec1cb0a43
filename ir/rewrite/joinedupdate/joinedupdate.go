// Package joinedupdate holds the rule for UPDATE over several tables.
package joinedupdate

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/feature"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/tree"
	"godwit/ir/source"
)

var (
	shape = &diag.Code{
		ID: "QY0123", Title: "an UPDATE over a join that the target cannot express", Severity: diag.Error, Fidelity: diag.Refused,
		Doc: "The rows to change have to be found again by their key. That cannot be done for views and derived tables behind an outer join, for " +
			"one table that is changed under two names, and for tables that are tied by a foreign key over the changed columns.",
		Next:  "Write one UPDATE for each table, with the conditions in a subquery.",
		Learn: 0.5, Each: 0.5,
	}
	crossed = &diag.Code{
		ID: "QY0124", Title: "an UPDATE over a join reads what it sets", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "In which order an UPDATE over a join makes its assignments is not defined on the source (MySQL Reference Manual, \"UPDATE Statement\"): whether the old or the new value is read depends on the order in which it joins the tables.",
		Next:  "Write one UPDATE for each table in the order that is meant.",
		Learn: 0.3, Each: 0.3,
	}
	several = &diag.Code{
		ID: "QY0125", Title: "several rows may join the row that is changed", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "Each row is changed once, on both sides, with the values of one of the rows that join it; which one is not defined. No unique key shows here that there is one only.",
		Next: "Check that one row joins each changed row, or aggregate the values.",
	}
	twice = &diag.Code{
		ID: "QY0840", Title: "several rows may join the row that is changed, which the source refuses", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "UPDATE ... FROM and DELETE ... FROM of Oracle 23ai raise ORA-30926 where several rows join the row that is changed. PostgreSQL takes one of them without a word. No unique key shows here that there is one only.",
		Next: "Join by a unique key, write MERGE, or WHERE ... IN (SELECT ...) where nothing but the rows is asked for.", Each: 0.2,
	}
	limited = &diag.Code{
		ID: "QY0126", Title: "an UPDATE or DELETE over a join with ORDER BY or LIMIT", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "The limit counts the combinations of rows, of which several may be one row of the changed table.",
		Next:  "Choose the rows in a subquery.",
		Learn: 0.3, Each: 0.3,
	}
)

// Twice refuses a change of a table whose rows several rows of the others may join, where the source does not take them either.
func Twice(p *rewrite.Pass, t ir.TableExpr, from []ir.TableExpr, where ir.Expr, at source.Span) {
	leaves := tree.Leaves(from)
	known := tree.Determined(t, leaves, append(tree.Conditions(from), where))
	for _, f := range leaves {
		if f != t && !known[f] {
			rewrite.Refuse(p, twice, at, "several rows of %s may join a row of %s", tree.NameOf(f), tree.NameOf(t))
			return
		}
	}
}

// Limited is the finding for a join with ORDER BY or LIMIT.
func Limited() *diag.Code { return limited }

// Rule is QY0020.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: "QY0020", Name: "joined-update", Feature: feature.MultiTableUpdate,
		Doc: `An UPDATE over a join changes each row that the join yields once, in every table that SET names (MySQL Reference Manual, "UPDATE
Statement"). Over inner joins with one table to change, the others become FROM, and the conditions of the joins go to WHERE. With an
outer join the join stays whole in FROM, and the changed table stands beside it once more, tied by its primary key, or by ctid
without one. Several tables are changed in one statement: a common table expression holds keys and new values, the changes
read it.`,
		Examples: []rewrite.Example{
			{Setup: setup, Source: "UPDATE o JOIN c ON c.id = o.cust SET o.total = o.total + 1 WHERE c.vip = 1;",
				Target: "UPDATE o SET total = o.total + 1 FROM c WHERE c.id = o.cust AND c.vip = 1;"},
			{Setup: setup, Source: "UPDATE c LEFT JOIN o ON o.cust = c.id SET c.vip = 2 WHERE o.id IS NULL;",
				Target: "UPDATE c AS changed SET vip = 2 FROM c LEFT JOIN o ON o.cust = c.id WHERE changed.id = c.id AND o.id IS NULL;"},
			{Setup: setup, Source: "UPDATE o, c SET o.total = 1, c.vip = o.cust WHERE c.id = o.cust;",
				Target: "WITH joined AS MATERIALIZED (SELECT o.id AS o_id, c.id AS c_id, o.cust AS new_vip FROM o, c WHERE c.id = o.cust), " +
					"changed_1 AS (UPDATE o SET total = 1 FROM joined WHERE o.id = joined.o_id RETURNING 1) UPDATE c SET vip = joined.new_vip FROM joined WHERE c.id = joined.c_id;"},
			{Setup: setup, Source: "UPDATE o SET total = 1;", Target: "UPDATE o SET total = 1;"},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{shape, crossed, several, twice, limited},
		After: map[string]string{
			"assignment-order": "assignments see the old row only",
			"implicit-default": "values are complete",
			"insert-ignore":    "IGNORE is settled by the keys",
			"join-views":       "a query in the place of the tables is gone",
		},
		Looks: ir.Kinds(ir.KindUpdate),
		Run:   run,
	}
}

const setup = "CREATE TABLE o (id INT PRIMARY KEY, cust INT, total INT); CREATE TABLE c (id INT PRIMARY KEY, vip INT);"

func run(p *rewrite.Pass) {
	p.Nodes(func(n ir.Node) ir.Node {
		u, ok := n.(*ir.Update)
		if !ok || p.Refused() {
			return n
		}
		if len(u.Tables) == 1 {
			if _, plain := u.Tables[0].(*ir.TableRef); plain {
				return n
			}
		}
		lower(p, u)
		return u
	})
}

// target is a table that is changed, with its assignments.
type target struct {
	ref  *ir.TableRef
	sets []*ir.Assign
}

func lower(p *rewrite.Pass, u *ir.Update) {
	if u.Limit != nil || len(u.OrderBy) > 0 {
		rewrite.Refuse(p, limited, u.Span, "UPDATE over a join with ORDER BY or LIMIT")
		return
	}
	list, ok := targets(u)
	if !ok || len(list) == 0 {
		rewrite.Refuse(p, shape, u.Span, "SET names a column of something that is no table")
		return
	}
	if reads(p, u, list) {
		return
	}
	if u.Once {
		Twice(p, list[0].ref, u.Tables, u.Where, u.Span)
	}
	u.Order = ir.Simultaneous
	u.Made(p.Rule.Code)
	if len(list) == 1 {
		one(p, u, list[0])
		return
	}
	many(p, u, list)
}

func targets(u *ir.Update) ([]*target, bool) {
	var out []*target
	at := map[ir.TableExpr]*target{}
	for _, a := range u.Sets {
		r, ok := a.Column.Ref.(*ir.ColumnRef)
		if !ok {
			return nil, false
		}
		t, ok := r.From.(*ir.TableRef)
		if !ok || t.Table == nil || t.CTE != nil {
			return nil, false
		}
		if at[t] == nil {
			at[t] = &target{ref: t}
			out = append(out, at[t])
		}
		at[t].sets = append(at[t].sets, a)
	}
	return out, true
}

// ambiguous reports values that come from a table of which several rows may join.
func ambiguous(p *rewrite.Pass, u *ir.Update, t *target) {
	conds := append(tree.Conditions(u.Tables), u.Where)
	known := tree.Determined(t.ref, tree.Leaves(u.Tables), conds)
	for _, a := range t.sets {
		for _, f := range tree.Leaves(u.Tables) {
			if !known[f] && tree.Sources(a.Value)[f] {
				p.Report(several, a.Span, "%s is set from %s, of which several rows may join", a.Column.Parts[len(a.Column.Parts)-1].Text, tree.NameOf(f))
				return
			}
		}
	}
}

// one changes a single table.
func one(p *rewrite.Pass, u *ir.Update, t *target) {
	ambiguous(p, u, t)
	leaves, conds, plain := tree.Flatten(u.Tables)
	if plain {
		u.From = nil
		for _, l := range leaves {
			if l != ir.TableExpr(t.ref) {
				u.From = append(u.From, l)
			}
		}
		u.Tables = []ir.TableExpr{t.ref}
		u.Where = tree.And(append(conds, u.Where)...)
		return
	}
	if _, ok := tree.Changeable(t.ref); !ok {
		rewrite.Refuse(p, shape, u.Span, "%s is no base table", tree.NameOf(t.ref))
		return
	}
	again := tree.Renamed(t.ref, tree.Unused(p.Unit.Stmts, "changed"))
	u.From = u.Tables
	u.Tables = []ir.TableExpr{again}
	u.Where = tree.And(tree.SameRow(again, t.ref), u.Where)
}

// many changes several tables over one snapshot.
func many(p *rewrite.Pass, u *ir.Update, list []*target) {
	if why := unfit(list); why != "" {
		rewrite.Refuse(p, shape, u.Span, "%s", why)
		return
	}
	name := tree.Unused(p.Unit.Stmts, "joined")
	joined := &ir.Select{From: u.Tables, Where: u.Where}
	joined.Span = u.Span
	ids := make([][]string, len(list))
	used := map[string]bool{}
	for k, t := range list {
		ambiguous(p, u, t)
		id := tree.RowID(t.ref.Table, t.ref, tree.NameOf(t.ref))
		ids[k] = tree.RowNames(id, strings.ToLower(tree.NameOf(t.ref))+"_")
		for _, n := range ids[k] {
			used[n] = true
		}
		joined.Items = append(joined.Items, tree.Identity(id, ids[k])...)
	}
	var changes []*ir.Update
	for k, t := range list {
		changes = append(changes, change(u, t, joined, name, ids[k], used))
	}
	w := tree.AddCTE(u.With, tree.Materialized(name, joined))
	last := changes[len(changes)-1]
	for k, c := range changes[:len(changes)-1] {
		w.CTEs = append(w.CTEs, tree.Changing(tree.Unused(p.Unit.Stmts, "changed_"+string(rune('1'+k))), c))
	}
	u.With, u.Tables, u.From, u.Sets, u.Where = w, last.Tables, last.From, last.Sets, last.Where
}

// change is the UPDATE of one of several tables; values that read columns are computed in the common table expression.
func change(u *ir.Update, t *target, joined *ir.Select, name string, ids []string, used map[string]bool) *ir.Update {
	c := &ir.Update{Tables: []ir.TableExpr{t.ref}, From: []ir.TableExpr{tree.CTERef(name)}, Order: ir.Simultaneous}
	c.Span = u.Span
	for _, a := range t.sets {
		if !tree.IsDefault(a.Value) && !tree.Constant(a.Value) {
			out := "new_" + strings.ToLower(a.Column.Parts[len(a.Column.Parts)-1].Text)
			for used[out] {
				out += "_2"
			}
			used[out] = true
			joined.Items = append(joined.Items, tree.Item(a.Value, out))
			a.Value = tree.Output(name, out, a.Value.TypeOf())
		}
		c.Sets = append(c.Sets, a)
	}
	id := tree.RowID(t.ref.Table, t.ref, tree.NameOf(t.ref))
	var conds []ir.Expr
	for i, n := range id {
		conds = append(conds, tree.Compare(ir.Eq, n, tree.Output(name, ids[i], n.Type)))
	}
	c.Where = tree.And(conds...)
	return c
}

// unfit tells why the tables cannot be changed in one statement, "" if they can.
func unfit(list []*target) string {
	if len(list) > 9 {
		return "more than nine tables are changed"
	}
	seen := map[*catalog.Table]bool{}
	for _, t := range list {
		switch _, ok := tree.Changeable(t.ref); {
		case !ok:
			return tree.NameOf(t.ref) + " is no base table"
		case seen[t.ref.Table]:
			return t.ref.Table.Name + " is changed under two names"
		}
		seen[t.ref.Table] = true
	}
	for _, t := range list {
		for _, o := range list {
			if t != o && tied(t, o) {
				return "a foreign key of " + t.ref.Table.Name + " refers to changed columns of " + o.ref.Table.Name
			}
		}
	}
	return ""
}

// tied tells that a foreign key of one table refers to columns that are set in another.
func tied(t, parent *target) bool {
	for _, f := range t.ref.Table.ForeignKeys {
		if !strings.EqualFold(f.RefTable, parent.ref.Table.Name) {
			continue
		}
		for _, c := range f.RefColumns {
			for _, a := range parent.sets {
				if strings.EqualFold(a.Column.Parts[len(a.Column.Parts)-1].Text, c) {
					return true
				}
			}
		}
	}
	return false
}

// reads tells, with a refusal, that a value reads a column that is set in another table, or before in its own: whether it is the
// old or the new value depends on the order in which the source joins the tables.
func reads(p *rewrite.Pass, u *ir.Update, list []*target) bool {
	for _, t := range list {
		for k, a := range t.sets {
			for _, o := range list {
				sets := o.sets
				if o == t {
					if u.Order == ir.Simultaneous {
						continue
					}
					sets = t.sets[:k]
				}
				if set(o.ref, sets, a.Value) {
					rewrite.Refuse(p, crossed, a.Span, "%s is set from a column of %s that the statement sets as well", a.Column.Parts[len(a.Column.Parts)-1].Text, tree.NameOf(o.ref))
					return true
				}
			}
		}
	}
	return false
}

func set(t *ir.TableRef, sets []*ir.Assign, value ir.Expr) bool {
	return ir.Find(value, func(n ir.Node) bool {
		nm, ok := n.(*ir.Name)
		if !ok {
			return false
		}
		r, ok := nm.Ref.(*ir.ColumnRef)
		if !ok || r.From != ir.TableExpr(t) {
			return false
		}
		for _, a := range sets {
			if c, ok := a.Column.Ref.(*ir.ColumnRef); ok && c.Column == r.Column {
				return true
			}
		}
		return false
	})
}

// Package joineddelete holds the rule for DELETE over several tables.
package joineddelete

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/feature"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/joinedupdate"
	"godwit/ir/rewrite/tree"
)

var shape = &diag.Code{
	ID: "QY0127", Title: "a DELETE over a join that the target cannot express", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:   "The rows to delete have to be found again by their key, which cannot be done for views behind an outer join and for derived tables.",
	Next:  "Write one DELETE for each table, with the conditions in a subquery.",
	Learn: 0.5, Each: 0.5,
}

var related = &diag.Code{
	ID: "QY0708", Title: "DELETE from tables with a foreign key between them", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `The source deletes from the tables in the order that its optimizer chooses, and fails where a parent goes before its children (MySQL Reference Manual, "DELETE Statement", Multi-Table Deletes). The converted
statement deletes from all of them first, and looks at foreign keys then. Assumed: nobody relies on the error.`,
	Next: "Nothing, or delete from the child first, in a statement of its own.", Each: 0.01,
}

// Rule is QY0021.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: "QY0021", Name: "joined-delete", Feature: feature.MultiTableUpdate,
		Doc: `A DELETE over a join deletes the rows that the join yields, from every table that it names (MySQL Reference Manual, "DELETE
Statement"). Over inner joins with one such table the others become USING, and the conditions of the joins go to WHERE. With an outer
join the join stays whole, and the table stands beside it once more, tied by its primary key, or by ctid without one. Rows of
several tables are deleted in one statement, which finds their keys in a common table expression first; foreign keys between
them are looked at when all are gone.`,
		Examples: []rewrite.Example{
			{Setup: setup, Source: "DELETE o FROM o JOIN c ON c.id = o.cust WHERE c.vip = 1;", Target: "DELETE FROM o USING c WHERE c.id = o.cust AND c.vip = 1;"},
			{Setup: setup, Source: "DELETE FROM o USING o LEFT JOIN c ON c.id = o.cust WHERE c.id IS NULL;",
				Target: "DELETE FROM o AS deleted USING o LEFT JOIN c ON c.id = o.cust WHERE deleted.id = o.id AND c.id IS NULL;"},
			{Setup: setup, Source: "DELETE o, c FROM o JOIN c ON c.id = o.cust WHERE c.id = 2;",
				Target: "WITH joined AS MATERIALIZED (SELECT o.id AS o_id, c.id AS c_id FROM o JOIN c ON c.id = o.cust WHERE c.id = 2), " +
					"deleted_1 AS (DELETE FROM o WHERE o.id IN (SELECT joined.o_id FROM joined) RETURNING 1) DELETE FROM c WHERE c.id IN (SELECT joined.c_id FROM joined);"},
			{Setup: setup, Source: "DELETE FROM o WHERE id = 1;", Target: "DELETE FROM o WHERE id = 1;"},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{shape, joinedupdate.Limited(), related},
		After:    map[string]string{"insert-ignore": "IGNORE is settled by the keys"},
		Looks:    ir.Kinds(ir.KindDelete),
		Run:      run,
	}
}

const setup = "CREATE TABLE o (id INT PRIMARY KEY, cust INT, total INT); CREATE TABLE c (id INT PRIMARY KEY, vip INT);"

func run(p *rewrite.Pass) {
	p.Nodes(func(n ir.Node) ir.Node {
		if d, ok := n.(*ir.Delete); ok && len(d.Targets) > 0 && !p.Refused() {
			lower(p, d)
		}
		return n
	})
}

func lower(p *rewrite.Pass, d *ir.Delete) {
	if d.Limit != nil || len(d.OrderBy) > 0 {
		rewrite.Refuse(p, joinedupdate.Limited(), d.Span, "DELETE over a join with ORDER BY or LIMIT")
		return
	}
	var list []*ir.TableRef
	for _, t := range d.Targets {
		r := leaf(d, t)
		if r == nil || r.Table == nil || r.CTE != nil {
			rewrite.Refuse(p, shape, t.Span, "%s is no table of the statement", t.Name)
			return
		}
		list = append(list, r)
	}
	if d.Once {
		joinedupdate.Twice(p, list[0], d.From, d.Where, d.Span)
	}
	d.Made(p.Rule.Code)
	d.Targets = nil
	leaves, conds, plain := tree.Flatten(d.From)
	if len(list) == 1 && plain {
		d.From, d.Using = []ir.TableExpr{list[0]}, nil
		for _, l := range leaves {
			if l != ir.TableExpr(list[0]) {
				d.Using = append(d.Using, l)
			}
		}
		d.Where = tree.And(append(conds, d.Where)...)
		return
	}
	for _, t := range list {
		if _, ok := tree.Changeable(t); !ok {
			rewrite.Refuse(p, shape, d.Span, "%s is no base table", tree.NameOf(t))
			return
		}
	}
	if len(list) == 1 {
		again := tree.Renamed(list[0], tree.Unused(p.Unit.Stmts, "deleted"))
		d.Using = d.From
		d.From = []ir.TableExpr{again}
		d.Where = tree.And(tree.SameRow(again, list[0]), d.Where)
		return
	}
	apart(p, d, list)
	many(p, d, list)
}

// apart tells a foreign key between two tables that lose rows, unless it lets the children go.
func apart(p *rewrite.Pass, d *ir.Delete, list []*ir.TableRef) {
	for _, child := range list {
		for _, k := range child.Table.ForeignKeys {
			for _, parent := range list {
				action := strings.ToUpper(k.OnDelete)
				if parent.Table != child.Table && strings.EqualFold(k.RefTable, parent.Table.Name) && action != "CASCADE" && action != "SET NULL" {
					p.Report(related, d.Span, "%s refers to %s, and both lose rows", child.Table.Name, parent.Table.Name)
					return
				}
			}
		}
	}
}

// leaf finds the item of FROM that a target means: by alias, or by the table's name.
func leaf(d *ir.Delete, t *ir.TableRef) *ir.TableRef {
	var byTable *ir.TableRef
	for _, l := range tree.Leaves(d.From) {
		r, ok := l.(*ir.TableRef)
		if !ok {
			continue
		}
		if strings.EqualFold(tree.NameOf(r), t.Name.Name()) && (t.Table == nil || r.Table == t.Table) {
			return r
		}
		if byTable == nil && r.Table != nil && r.Table == t.Table {
			byTable = r
		}
	}
	return byTable
}

// many deletes from several tables; a table that is named twice loses the rows of both.
func many(p *rewrite.Pass, d *ir.Delete, list []*ir.TableRef) {
	name := tree.Unused(p.Unit.Stmts, "joined")
	joined := &ir.Select{From: d.From, Where: d.Where}
	joined.Span = d.Span
	var order []*catalog.Table
	conds := map[*catalog.Table]ir.Expr{}
	for _, t := range list {
		id := tree.RowID(t.Table, t, tree.NameOf(t))
		names := tree.RowNames(id, strings.ToLower(tree.NameOf(t))+"_")
		joined.Items = append(joined.Items, tree.Identity(id, names)...)
		if conds[t.Table] == nil {
			order = append(order, t.Table)
		}
		plain := tree.Renamed(t, "")
		own := tree.RowID(t.Table, plain, tree.NameOf(plain))
		conds[t.Table] = tree.Or(conds[t.Table], tree.AmongOutputs(own, name, names))
	}
	w := tree.AddCTE(d.With, tree.Materialized(name, joined))
	for k, t := range order {
		one := &ir.Delete{From: []ir.TableExpr{tree.Renamed(refOf(list, t), "")}, Where: conds[t]}
		one.Span = d.Span
		if k < len(order)-1 {
			w.CTEs = append(w.CTEs, tree.Changing(tree.Unused(p.Unit.Stmts, "deleted_"+string(rune('1'+k%9))), one))
			continue
		}
		d.With, d.From, d.Using, d.Where = w, one.From, nil, one.Where
	}
}

func refOf(list []*ir.TableRef, t *catalog.Table) *ir.TableRef {
	for _, r := range list {
		if r.Table == t {
			return r
		}
	}
	return nil
}

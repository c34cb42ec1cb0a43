package plsql

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/types"
	"maps"
)

// column is a column as an item of FROM shows it.
type column struct {
	name   string
	typ    types.Type
	of     *catalog.Column // nil if it is not a column of a table, unchanged
	hidden bool            // invisible: not part of a star
}

// item is an item of FROM as names see it.
type item struct {
	node   ir.TableExpr
	name   string // alias, or the table's name; "" if it has none
	schema string // schema of a table without alias, "" otherwise
	table  *catalog.Table
	cols   []column
	open   bool       // it has columns that are not known
	object types.Type // what a row is as an object, nil if it is none
}

// column finds a column by its name, -1 if there is none.
func (it *item) column(name string) int {
	for i := range it.cols {
		if it.cols[i].name == name {
			return i
		}
	}
	return -1
}

// merged is a column that USING or NATURAL made of two: for a bare name and in a star.
type merged struct {
	name string
	from *item // whose value it shows
	col  int
	all  []*item // the items whose columns of that name it stands for
}

// cte is a common table expression in scope.
type cte struct {
	node *ir.CTE
	cols []column
	open bool
}

// scope is where names of a statement are looked up: one query or statement, what is around it, and the block that it stands in.
// Outside of SQL statements it has no items: only block counts.
type scope struct {
	outer  *scope // the query around, nil if none
	items  []*item
	merged []*merged
	ctes   map[string]*cte
	sel    *ir.Select // nil outside a select
	// aliases are the select items by alias, seen in ORDER BY only.
	aliases map[string]*ir.SelectItem
	groups  map[string]bool // names of the columns of GROUP BY, likewise
	block   *frame          // nil outside PL/SQL
	sql     bool            // inside an SQL statement
	inAgg   bool            // inside the argument of an aggregate
	given   bool            // in the default of a parameter, which its caller computes
}

// frame is a block, routine, package, cursor loop or trigger with what it declares.
type frame struct {
	outer   *frame
	label   string // of the block or loop, or the routine's name
	loop    bool
	unit    bool // of a routine or trigger, whose name label is
	names   map[string]*entity
	routine *ir.Routine      // whose parameters and declarations these are, nil otherwise
	pack    *catalog.Package // whose members these are, nil otherwise
	object  *catalog.ObjectType
	trigger *trigger
	catch   *ir.Catch // the handler that is being resolved
}

// trigger is what the names of the old and new row stand for.
type trigger struct {
	node     *ir.CreateTrigger
	table    *catalog.Table
	old, new string // in upper case, without colon
	when     bool   // in WHEN, where the names have no colon
	timing   string // of the trigger or the section
}

// entity is what a name of a frame stands for; one field is set, routines for all overloads together.
type entity struct {
	variable  *ir.VarDecl
	param     *ir.ParamDecl
	cursor    *ir.CursorDecl
	exception *ir.ExceptionDecl
	typ       types.Type // of a declared type
	subtype   *ir.TypeDecl
	routines  []*catalog.Routine
	member    *catalog.PackageVar // of a package
	pack      *catalog.Package
}

// top is the scope of a statement at the top level.
func (r *Resolver) top() *scope { return &scope{} }

func newFrame(outer *frame) *frame { return &frame{outer: outer, names: map[string]*entity{}} }

// plain is the scope of expressions of a block, outside of SQL statements.
func (f *frame) plain() *scope { return &scope{block: f} }

// enclosing is the routine that a frame belongs to, nil outside routines.
func (f *frame) enclosing() *ir.Routine {
	for ; f != nil; f = f.outer {
		if f.routine != nil {
			return f.routine
		}
	}
	return nil
}

// inner is the scope of a query inside sc; it is in SQL.
func (sc *scope) inner() *scope { return &scope{outer: sc, block: sc.block, sql: true} }

// inSQL is the scope of a statement of SQL in a block.
func (sc *scope) inSQL() *scope {
	if sc.sql {
		return sc
	}
	n := *sc
	n.sql = true
	return &n
}

// aggregate is the same scope inside the argument of an aggregate. Where it stands in ORDER BY, an alias of what holds an aggregate itself is not
// meant, as aggregates are not nested there: SELECT SUM(a) a ... ORDER BY SUM(a) orders by the sums.
func (sc *scope) aggregate() *scope {
	n := *sc
	n.inAgg = true
	n.aliases = maps.Clone(sc.aliases)
	maps.DeleteFunc(n.aliases, func(_ string, it *ir.SelectItem) bool {
		return ir.Find(it.Expr, func(x ir.Node) bool { _, agg := x.(*ir.Aggregate); return agg })
	})
	return &n
}

// grouped is the same scope inside the argument of GROUPING, where a column of GROUP BY is meant and no alias of its name.
func (sc *scope) grouped() *scope {
	n := *sc
	n.aliases = maps.Clone(sc.aliases)
	maps.DeleteFunc(n.aliases, func(name string, _ *ir.SelectItem) bool { return sc.groups[name] })
	return &n
}

func (sc *scope) cte(name string) *cte {
	for ; sc != nil; sc = sc.outer {
		if c := sc.ctes[name]; c != nil {
			return c
		}
	}
	return nil
}

// withAliases is the same scope where aliases of the select list are seen (ORDER BY).
func (sc *scope) withAliases(items []*ir.SelectItem, groups []*ir.OrderItem) *scope {
	n := *sc
	for _, g := range groups {
		ir.Walk(g.Expr, func(x ir.Node) bool {
			if c, ok := x.(*ir.Name); ok {
				if n.groups == nil {
					n.groups = map[string]bool{}
				}
				n.groups[c.Parts[len(c.Parts)-1].Text] = true
			}
			_, sets := x.(*ir.GroupingSet)
			return sets
		})
	}
	n.aliases = map[string]*ir.SelectItem{}
	for _, it := range items {
		if it.Alias.Text != "" {
			n.aliases[it.Alias.Text] = it
		}
	}
	return &n
}

// found is a column found in a scope.
type found struct {
	item *item
	col  int
}

func (f found) column() column { return f.item.cols[f.col] }

// lookup finds columns by qualifier ("" for none) in this scope only.
func (r *Resolver) lookup(sc *scope, schema, table, name string) []found {
	var out []found
	var covered []*item
	if table == "" {
		for _, m := range sc.merged {
			if m.name == name {
				out = append(out, found{m.from, m.col})
				covered = append(covered, m.all...)
			}
		}
	}
	for _, it := range sc.items {
		if table != "" && it.name != table || schema != "" && !r.ownerIs(it, schema) || contains(covered, it) {
			continue
		}
		if i := it.column(name); i >= 0 {
			out = append(out, found{it, i})
		}
	}
	return out
}

// ownerIs tells that a qualifier may be the owner of an item's table.
func (r *Resolver) ownerIs(it *item, schema string) bool {
	return it.table != nil && (it.schema == schema || it.schema == "" && (r.schema == "" || r.schema == schema))
}

func contains(list []*item, it *item) bool {
	for _, x := range list {
		if x == it {
			return true
		}
	}
	return false
}

package resolve

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/types"
)

// column is a column as an item of FROM shows it.
type column struct {
	name      string
	typ       types.Type
	of        *catalog.Column // nil if it is not a column of a table, unchanged
	invisible bool
}

// item is an item of FROM as names see it.
type item struct {
	node   ir.TableExpr
	name   string // alias, or the table's name
	schema string // schema of a table without alias, "" otherwise
	table  *catalog.Table
	cols   []column
	open   bool // it has columns that are not known
}

func (it *item) column(name string) (int, bool) {
	for i, c := range it.cols {
		if strings.EqualFold(c.name, name) {
			return i, true
		}
	}
	return 0, false
}

// merged is a column that USING or NATURAL made of two: for a bare name and in *.
type merged struct {
	name string
	from *item // whose value it shows
	col  int
	all  []*item // the items whose columns of that name it stands for
}

// clause says in which clause of a query a name stands, which decides whether aliases of the select list are seen.
type clause int

const (
	plainClause clause = iota // only columns
	groupClause               // columns first, then aliases
	havingClause
	orderClause // aliases first where the name stands alone
)

// scope is where names are looked up: one query or statement, and what is around it.
type scope struct {
	outer  *scope
	items  []*item
	merged []*merged
	ctes   map[string]*cte
	sel    *ir.Select // nil outside a select
	clause clause
	alone  bool     // the name is the whole of an ORDER BY or GROUP BY item
	inAgg  bool     // inside the argument of an aggregate
	where  bool     // in WHERE, where no aggregate of this query can stand
	proc   *program // variables around, nil outside routines
	// inserted is the row alias of INSERT ... ON DUPLICATE KEY UPDATE, with the names of its columns.
	inserted     string
	insertedCols map[string]*ir.Name
	// changed is where VALUES(column) and DEFAULT(column) look their column up, nil for the tables in scope.
	changed *scope
}

// cte is a common table expression in scope.
type cte struct {
	node *ir.CTE
	cols []column
	open bool // it has columns that are not known
}

// program is the declarations of one block of a routine, or its parameters.
type program struct {
	outer      *program
	vars       map[string]*ir.VarDecl
	params     map[string]*ir.ParamDecl
	cursors    map[string]*ir.CursorDecl
	conditions map[string]*ir.ConditionDecl
	label      string
	trigger    *catalog.Table // the table of NEW and OLD, nil outside triggers
	events     []string       // of the trigger
	routine    *ir.Routine
}

func newProgram(outer *program) *program {
	p := &program{outer: outer, vars: map[string]*ir.VarDecl{}, params: map[string]*ir.ParamDecl{}, cursors: map[string]*ir.CursorDecl{}, conditions: map[string]*ir.ConditionDecl{}}
	if outer != nil {
		p.trigger, p.events, p.routine = outer.trigger, outer.events, outer.routine
	}
	return p
}

// variable finds a variable or parameter; both are nil if there is none.
func (p *program) variable(name string) (*ir.VarDecl, *ir.ParamDecl) {
	name = strings.ToLower(name)
	for ; p != nil; p = p.outer {
		if v := p.vars[name]; v != nil {
			return v, nil
		}
		if v := p.params[name]; v != nil {
			return nil, v
		}
	}
	return nil, nil
}

func (p *program) cursor(name string) *ir.CursorDecl {
	for ; p != nil; p = p.outer {
		if c := p.cursors[strings.ToLower(name)]; c != nil {
			return c
		}
	}
	return nil
}

func (p *program) condition(name string) *ir.ConditionDecl {
	for ; p != nil; p = p.outer {
		if c := p.conditions[strings.ToLower(name)]; c != nil {
			return c
		}
	}
	return nil
}

func (p *program) hasLabel(name string) bool {
	for ; p != nil; p = p.outer {
		if p.label != "" && strings.EqualFold(p.label, name) {
			return true
		}
	}
	return false
}

// inner is a scope for a query inside sc.
func (sc *scope) inner() *scope {
	n := &scope{outer: sc, ctes: map[string]*cte{}}
	if sc != nil {
		n.proc = sc.proc
	}
	return n
}

// in is the same scope for another clause.
func (sc *scope) in(c clause) *scope {
	n := *sc
	n.clause, n.alone, n.inAgg = c, false, false
	return &n
}

// filter is the same scope for WHERE.
func (sc *scope) filter() *scope {
	n := sc.in(plainClause)
	n.where = true
	return n
}

func (sc *scope) single() *scope {
	n := *sc
	n.alone = true
	return &n
}

func (sc *scope) nested() *scope {
	if !sc.alone {
		return sc
	}
	n := *sc
	n.alone = false
	return &n
}

func (sc *scope) aggregate() *scope {
	n := *sc
	n.alone, n.inAgg = false, true
	return &n
}

func (sc *scope) cte(name string) *cte {
	for ; sc != nil; sc = sc.outer {
		if c := sc.ctes[strings.ToLower(name)]; c != nil {
			return c
		}
	}
	return nil
}

// sameTable compares names of tables or aliases: exactly, or without case where the server folds them.
func (r *Resolver) sameTable(a, b string) bool {
	return a == b || r.cat.FoldTables && strings.EqualFold(a, b)
}

func (r *Resolver) sameSchema(a, b string) bool {
	if a == "" {
		a = r.schema
	}
	if b == "" {
		b = r.schema
	}
	return strings.EqualFold(a, b)
}

// found is a column found in a scope.
type found struct {
	item *item
	col  int
}

func (f found) column() column { return f.item.cols[f.col] }

// lookup finds columns by qualifier ("" for none) in this scope only.
func (r *Resolver) lookup(sc *scope, schema, table, name string) []found {
	if table == "" {
		for _, m := range sc.merged {
			if strings.EqualFold(m.name, name) {
				return append([]found{{m.from, m.col}}, r.others(sc, m, name)...)
			}
		}
	}
	var out []found
	for _, it := range sc.items {
		if table != "" && !r.sameTable(it.name, table) && !(r.isSystem(it.table) && strings.EqualFold(it.name, table)) {
			continue
		}
		if schema != "" && (it.schema == "" && it.table == nil || !r.sameSchema(it.schema, schema)) {
			continue
		}
		if i, ok := it.column(name); ok {
			out = append(out, found{it, i})
		}
	}
	return out
}

func (r *Resolver) others(sc *scope, m *merged, name string) []found {
	var out []found
	for _, it := range sc.items {
		covered := false
		for _, a := range m.all {
			covered = covered || a == it
		}
		if i, ok := it.column(name); ok && !covered {
			out = append(out, found{it, i})
		}
	}
	return out
}

// Package systemtables holds the rule for the tables of information_schema that describe the objects of a schema.
package systemtables

import (
	"sort"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

const code = "NM0020"

var (
	described = &diag.Code{
		ID: "NM0021", Title: "information_schema describes the target's objects", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `The query asks for the objects that are there, and gets those of the target: their names are in lower case there, the schemas of the server itself are left out, and temporary tables
and partitions are no tables of their own. Names that the query compares with are put in lower case.`,
		Next: "Compare names in lower case where the application reads them.",
	}
	fromTarget = &diag.Code{
		ID: "NM0022", Title: "a column of information_schema that the target fills in its own way", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc: `Names of indexes and constraints are those that the conversion gave them. Types are told from the target's types, which are fewer: a TINYINT is a smallint. Foreign keys of the
source have an index of their own, and an index over the beginning of a column is one over an expression. A procedure may be a function on the target. What these columns show differs in such cases.`,
		Next: "Check what depends on the value.", Each: 0.1,
	}
	noColumn = &diag.Code{
		ID: "NM0023", Title: "a column of information_schema without a counterpart", Severity: diag.Error, Fidelity: diag.Refused,
		Doc: `The column tells about the source's storage (engines, sizes, numbers of rows, formats, times of change) or gives text in the source's language (definitions, types). The target has
no value that means the same.`,
		Next:  "Leave the column out, or use the target's own functions: pg_total_relation_size (sizes), pg_stat_user_tables.n_live_tup (rows), pg_get_functiondef and pg_get_viewdef (definitions), format_type (types).",
		Learn: 0.2, Each: 0.3,
	}
	wholeRow = &diag.Code{
		ID: "NM0024", Title: "all columns of a table of information_schema", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The tables of information_schema have columns about the source's server that the target does not have, so that * cannot mean the same.",
		Next: "Name the columns that are needed.", Each: 0.2,
	}
)

// Rule is NM0020.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "system-tables",
		Doc: `The tables of information_schema that describe schemas, tables, columns, indexes, keys and routines (MySQL Reference Manual, "INFORMATION_SCHEMA Tables") become views of
the helper schema, which show the target's objects with the source's columns and words: a primary key is called PRIMARY, a table's type is BASE TABLE. Columns that have no
counterpart are refused by name, and so are all other system tables.`,
		Examples: []rewrite.Example{
			{
				Source: "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'Orders';",
				Target: `SELECT count(*) FROM godwit_mysql.information_tables WHERE table_schema = current_schema() AND table_name = 'orders';`,
			},
			{
				Source: "SELECT c.COLUMN_NAME FROM information_schema.COLUMNS c WHERE c.TABLE_NAME = 'film' ORDER BY c.ORDINAL_POSITION;",
				Target: "SELECT c.column_name FROM godwit_mysql.information_columns AS c WHERE c.table_name = 'film' ORDER BY c.ordinal_position;",
			},
		},
		Fidelity: diag.Assumed,
		Findings: []*diag.Code{described, fromTarget, noColumn, wholeRow},
		Looks:    ir.Kinds(ir.HasSystemTable),
		Run: func(p *rewrite.Pass) {
			l := &lowering{p: p, approximate: map[string]bool{}, exists: map[*ir.Select]bool{}}
			for _, s := range p.Unit.Stmts {
				ir.Walk(s, l.look)
			}
			if !l.found || p.Refused() {
				return
			}
			p.Nodes(l.fold)
			l.report()
		},
	}
}

type lowering struct {
	p           *rewrite.Pass
	found       bool
	at          ir.Node
	exists      map[*ir.Select]bool
	approximate map[string]bool
}

// view tells how the target shows a table, nil if it does not.
func view(t *catalog.Table) map[string]kind {
	if t == nil || !strings.EqualFold(t.Schema, "information_schema") {
		return nil
	}
	return columns(strings.ToLower(t.Name))
}

// look finds the system tables and what of them the target does not have.
func (l *lowering) look(n ir.Node) bool {
	switch n := n.(type) {
	case *ir.TableRef:
		if view(n.Table) == nil {
			break
		}
		if !l.found {
			l.found, l.at = true, n
		}
		l.p.Unit.NeedHelper(n.Table.Target)
	case *ir.Exists:
		if s, ok := n.Query.(*ir.Select); ok {
			l.exists[s] = true
		}
	case *ir.Select:
		l.stars(n)
	case *ir.Name:
		t, c := column(n)
		if t == nil {
			break
		}
		switch view(t)[strings.ToLower(c)] {
		case missing:
			rewrite.Refuse(l.p, noColumn, n.Span, "column %s of information_schema.%s has no counterpart", strings.ToUpper(c), strings.ToUpper(t.Name))
		case ownName, ownWord, ownLow, ownValue:
			l.approximate[strings.ToLower(c)] = true
		default:
			if l.p.Policy.Collations == build.Citext && strings.EqualFold(c, "character_maximum_length") { // a CHECK constraint there
				l.approximate[strings.ToLower(c)] = true
			}
		}
	}
	return true
}

// stars refuses * over a system table, but for EXISTS, which looks at no column.
func (l *lowering) stars(s *ir.Select) {
	if l.exists[s] {
		return
	}
	tree.EachStar(s, func(st *ir.Star, t *catalog.Table) {
		if view(t) != nil {
			rewrite.Refuse(l.p, wholeRow, st.Span, "* stands for all columns of information_schema.%s", strings.ToUpper(t.Name))
		}
	})
}

// column tells the table and the column of a name that is one of a system table, unchanged.
func column(e ir.Expr) (*catalog.Table, string) {
	n, ok := e.(*ir.Name)
	if !ok {
		return nil, ""
	}
	r, ok := n.Ref.(*ir.ColumnRef)
	if !ok || view(r.Table) == nil {
		return nil, ""
	}
	return r.Table, r.Column.Name
}

// kindOf is what the values of an expression are: names or words of a system table.
func kindOf(e ir.Expr) kind {
	switch x := e.(type) {
	case *ir.Cast:
		if x.Implicit {
			return kindOf(x.X)
		}
	case *ir.Name:
		if t, c := column(x); t != nil {
			return view(t)[strings.ToLower(c)]
		}
	}
	return missing
}

// fold puts what names and words are compared with in the case that the target has them in.
func (l *lowering) fold(n ir.Node) ir.Node {
	switch n := n.(type) {
	case *ir.Compare:
		l.both(&n.L, &n.R)
	case *ir.Like:
		l.both(&n.X, &n.Pattern)
	case *ir.Between:
		l.both(&n.X, &n.Lo)
		l.both(&n.X, &n.Hi)
	case *ir.In:
		for i := range n.List {
			l.both(&n.X, &n.List[i])
		}
		if s, ok := n.Query.(*ir.Select); ok && len(s.Items) == 1 {
			l.both(&n.X, &s.Items[0].Expr)
		}
	}
	return n
}

func (l *lowering) both(a, b *ir.Expr) {
	ka, kb := kindOf(*a), kindOf(*b)
	switch {
	case ka != missing && kb == missing:
		l.pair(ka, a, b)
	case kb != missing && ka == missing:
		l.pair(kb, b, a)
	}
}

// pair compares a column with a value. PRIMARY is the only name of a key that is not in lower case.
func (l *lowering) pair(k kind, column, value *ir.Expr) {
	if s, ok := (*value).(*ir.String); ok && k == ownName && strings.EqualFold(s.Value, "primary") {
		s.Value = "PRIMARY"
		return
	}
	*value = l.in(k, *value)
	if c, ok := (*value).(*ir.Call); ok && k == ownName && c.Op == op.Lower {
		*column = build.Make(&ir.Call{Op: op.Lower, Name: "LOWER", Args: []ir.Expr{*column}}, *column, (*column).TypeOf(), code)
	}
}

// in is an expression in lower or upper case.
func (l *lowering) in(k kind, e ir.Expr) ir.Expr {
	var f func(string) string
	o := op.Lower
	switch k {
	case name, ownName, lowWord, ownLow:
		f = strings.ToLower
	case word, ownWord:
		f, o = strings.ToUpper, op.Upper
	default:
		return e
	}
	switch x := e.(type) {
	case *ir.String:
		x.Value = f(x.Value)
		return x
	case *ir.Null:
		return e
	case *ir.Call:
		if x.Op == op.CurrentSchema || x.Op == o {
			return e
		}
	}
	if !types.IsText(e.TypeOf()) {
		return e
	}
	c := build.Make(&ir.Call{Op: o, Name: strings.ToUpper(string(o)), Args: []ir.Expr{e}}, e, e.TypeOf(), code)
	return c
}

func (l *lowering) report() {
	l.p.Report(described, l.at.Base().Span, "information_schema is answered from the target's catalog")
	if len(l.approximate) == 0 {
		return
	}
	list := make([]string, 0, len(l.approximate))
	for c := range l.approximate {
		list = append(list, c)
	}
	sort.Strings(list)
	l.p.Report(fromTarget, l.at.Base().Span, "%s as the target has it", strings.Join(list, ", "))
}

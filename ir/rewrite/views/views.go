// Package views gives views the names of their columns, and the options of the target.
package views

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/tree"
)

// Findings of the rule.
var (
	definer = &diag.Code{
		ID: "DD0301", Title: "view runs with the rights of its owner", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: "A view of the source runs with the rights of its DEFINER. On the target it runs with those of its owner, who is the role that runs the script " +
			"(MySQL Reference Manual, Stored Object Access Control; PostgreSQL manual, CREATE VIEW).",
		Next: "Give the view to a role with the rights of the definer: ALTER VIEW ... OWNER TO.",
	}
	ifNotExists = &diag.Code{
		ID: "DD0302", Title: "CREATE VIEW IF NOT EXISTS", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The target replaces a view or fails; it cannot leave an existing one alone.",
		Next: "Use CREATE OR REPLACE VIEW.", Each: 0.1,
	}
)

// Findings about what a view is made of.
var (
	itself = &diag.Code{
		ID: "DD0303", Title: "view of itself", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The query of the view reads the view, which neither server allows.",
		Next: "Name the table that is meant.", Each: 0.25,
	}
	otherColumns = &diag.Code{
		ID: "DD0304", Title: "view is dropped before it is made again", Severity: diag.Info, Fidelity: diag.Exact,
		Doc:  "CREATE OR REPLACE VIEW of the target only adds columns behind those that are there. A view whose columns change is dropped first, which fails while other views read it (PostgreSQL manual, CREATE VIEW).",
		Next: "Grant the rights on the view again; drop and create the views that read it, too.",
	}
)

var rejected = &diag.Code{
	ID: "DD0872", Title: "A view that rejects rows of a table with generated numbers", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc:  "The source looks at WITH CHECK OPTION before a row gets its number; on the target the row has taken the number that it would have had, and the next row gets a higher one. Assumed: nobody minds numbers that are left out.",
	Next: "Nothing, unless numbers without gaps are needed.",
}

var readByOthers = &diag.Code{
	ID: "DD0305", Title: "other columns for a view that views read", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  "The target changes the columns of a view by dropping it and making it anew, which it does not do while other views read it.",
	Next: "Drop the views that read it first, and make them again behind it.", Each: 0.25,
}

// Rule lowers CREATE VIEW.
var Rule = &rewrite.Rule{
	Code: "DD0300",
	Name: "views",
	Doc: "Columns of a view without an alias get the name that the source gives them, which is the text of the expression. SQL SECURITY INVOKER becomes security_invoker; ALGORITHM falls away " +
		"(MySQL Reference Manual, CREATE VIEW Statement).",
	Examples: []rewrite.Example{{
		Setup:  "CREATE TABLE t (a INT, b INT)",
		Source: "CREATE VIEW v AS SELECT a - b FROM t",
		Target: "CREATE VIEW v AS\nSELECT a::bigint - b AS \"a - b\" FROM t",
	}},
	Fidelity: diag.Exact,
	Findings: []*diag.Code{definer, ifNotExists, itself, otherColumns, readByOthers, rejected},
	Looks:    ir.Kinds(ir.KindCreateView),
	Run:      run,
}

func run(p *rewrite.Pass) {
	p.Statements(func(n ir.Node) ir.Node {
		v, ok := n.(*ir.CreateView)
		if !ok {
			return n
		}
		if v.IfNotExists {
			rewrite.Refuse(p, ifNotExists, v.Span, "view %s", v.Name)
			return v
		}
		if v.Object != nil && ir.Find(v.Query, func(n ir.Node) bool {
			r, ok := n.(*ir.TableRef)
			return ok && r.Table != nil && (r.Table == v.Object || r.Table == v.Replaces)
		}) {
			rewrite.Refuse(p, itself, v.Span, "view %s", v.Name)
			return v
		}
		if v.Definer != "" && v.Security != "invoker" && !strings.EqualFold(v.Definer, "current_user") {
			p.Report(definer, v.Span, "view %s, definer %s", v.Name, v.Definer)
		}
		if t := numbered(v); t != nil {
			p.Report(rejected, v.Span, "a row of %s that view %s rejects has taken a number on the target", t.Name, v.Name)
		}
		remember(p, v)
		v.Definer, v.Algorithm = "", ""
		if v.Security == "definer" {
			v.Security = ""
		}
		if len(v.Columns) == 0 {
			alias(v.Query, v.Object)
		}
		if old := v.Replaces; v.OrReplace && old != nil && v.Object != nil && !extends(v.Object, old) {
			if list := Fall(p, []*catalog.Table{old, v.Object}); len(list) > 0 {
				rewrite.Refuse(p, readByOthers, v.Span, "view %s, which view %s reads", v.Name, list[0].Name)
				return v
			}
			v.OrReplace = false
			p.Report(otherColumns, v.Span, "view %s", v.Name)
			drop := &ir.Drop{Kind: "view", IfExists: true, Names: []ir.QName{v.Name}}
			drop.Span, drop.Lead, v.Lead = v.Span, v.Lead, nil
			drop.Made(p.Rule.Code)
			return &ir.Splice{Stmts: []ir.Stmt{drop, v}}
		}
		return v
	})
}

// numbered is the table with generated numbers that gets the rows of a view with a check option, nil if there is none.
func numbered(v *ir.CreateView) *catalog.Table {
	q, ok := v.Query.(*ir.Select)
	if !ok || v.CheckOption == "" {
		return nil
	}
	for _, x := range tree.Leaves(q.From) {
		if r, ok := x.(*ir.TableRef); ok && r.Table != nil && tree.AutoIncrement(r.Table) != nil {
			return r.Table
		}
	}
	return nil
}

// remember notes in the session which tables and views the view reads.
func remember(p *rewrite.Pass, v *ir.CreateView) {
	if p.Session == nil || v.Object == nil {
		return
	}
	m, _ := p.Session.Values[readersKey].(map[*catalog.Table][]*catalog.Table)
	if m == nil {
		m = map[*catalog.Table][]*catalog.Table{}
		p.Session.Values[readersKey] = m
	}
	c, _ := p.Session.Values[columnsKey].(map[*catalog.Column]*catalog.Table)
	if c == nil {
		c = map[*catalog.Column]*catalog.Table{}
		p.Session.Values[columnsKey] = c
	}
	stars, _ := p.Session.Values[starsKey].(map[*catalog.Column]*catalog.Table)
	if stars == nil {
		stars = map[*catalog.Column]*catalog.Table{}
		p.Session.Values[starsKey] = stars
	}
	if v.Replaces != nil {
		m[v.Object] = m[v.Replaces]
		delete(m, v.Replaces)
	}
	ir.Walk(v.Query, func(n ir.Node) bool {
		if x, ok := n.(*ir.Name); ok {
			if f, ok := x.Ref.(*ir.ColumnRef); ok && f.Column != nil {
				c[f.Column] = v.Object
			}
		}
		if q, ok := n.(*ir.Select); ok {
			for _, col := range starred(q) {
				stars[col] = v.Object
			}
		}
		if r, ok := n.(*ir.TableRef); ok && r.Table != nil && !slices.Contains(m[r.Table], v.Object) {
			m[r.Table] = append(m[r.Table], v.Object)
		}
		return true
	})
}

// starred are the columns that stars of a query stand for.
func starred(q *ir.Select) []*catalog.Column {
	var out []*catalog.Column
	for _, it := range q.Items {
		star, ok := it.Expr.(*ir.Star)
		if !ok {
			continue
		}
		for _, x := range tree.Leaves(q.From) {
			r, ok := x.(*ir.TableRef)
			if !ok || r.Table == nil {
				continue
			}
			if n := len(star.Qualifier); n == 0 || strings.EqualFold(star.Qualifier[n-1].Text, tree.NameOf(r)) {
				out = append(out, r.Table.Columns...)
			}
		}
	}
	return out
}

const (
	readersKey = "views:readers"
	columnsKey = "views:columns"
	starsKey   = "views:stars"
)

// Reader is a view that reads a column and is still there, nil if none is known.
func Reader(p *rewrite.Pass, c *catalog.Column) *catalog.Table {
	if p.Session == nil || c == nil {
		return nil
	}
	m, _ := p.Session.Values[columnsKey].(map[*catalog.Column]*catalog.Table)
	if v := m[c]; v != nil && p.Catalog.Table(v.Schema, v.Name) == v {
		return v
	}
	if p.Session.Ordered() { // otherwise a folder changes the columns first
		m, _ = p.Session.Values[starsKey].(map[*catalog.Column]*catalog.Table)
		if v := m[c]; v != nil && p.Catalog.Table(v.Schema, v.Name) == v {
			return v
		}
	}
	return nil
}

// Fall lists the views that read what is dropped, through any number of views, and takes them out of the session: those that are
// still there and are not dropped themselves.
func Fall(p *rewrite.Pass, dropped []*catalog.Table) []*catalog.Table {
	if p.Session == nil {
		return nil
	}
	m, _ := p.Session.Values[readersKey].(map[*catalog.Table][]*catalog.Table)
	var out []*catalog.Table
	todo := slices.Clone(dropped)
	for len(todo) > 0 {
		t := todo[0]
		todo = todo[1:]
		for _, v := range m[t] {
			if p.Catalog.Table(v.Schema, v.Name) != v || slices.Contains(dropped, v) || slices.Contains(out, v) {
				continue
			}
			out = append(out, v)
			todo = append(todo, v)
		}
		delete(m, t)
	}
	return out
}

// extends tells whether a view has the columns of the old one and perhaps more behind them.
func extends(now, old *catalog.Table) bool {
	if len(now.Columns) < len(old.Columns) {
		return false
	}
	for i, c := range old.Columns {
		d := now.Columns[i]
		if !strings.EqualFold(c.Name, d.Name) || c.Type == nil || d.Type == nil || c.Type.String() != d.Type.String() {
			return false
		}
	}
	return true
}

// alias names the columns of the query's first branch, which names the columns of all.
func alias(q ir.Query, view *catalog.Table) {
	for {
		s, ok := q.(*ir.SetOp)
		if !ok {
			break
		}
		q = s.L
	}
	s, ok := q.(*ir.Select)
	if !ok {
		return
	}
	for _, it := range s.Items {
		if it.Alias.Text != "" {
			continue
		}
		switch x := it.Expr.(type) {
		case *ir.Star:
			continue
		case *ir.Name:
			if own := x.Parts[len(x.Parts)-1].Text; it.Label == "" || strings.EqualFold(own, it.Label) {
				continue
			}
		}
		if it.Label != "" {
			it.Alias = ir.Ident{Text: it.Label, Quoted: true}
		}
	}
}

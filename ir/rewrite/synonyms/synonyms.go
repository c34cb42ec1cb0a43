// Package synonyms holds the rule for synonyms.
package synonyms

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/define"
)

const code = "NM0310"

var (
	resolved = &diag.Code{
		ID: "NM0311", Title: "synonym of something that is no table", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "Converted code calls what the synonym stands for by its own name. The target has no synonyms: other clients must do the same (Oracle SQL Language Reference, CREATE SYNONYM).",
		Next: "Use the object's own name in SQL that is not converted, or put its schema into the search_path.",
	}
	elsewhere = &diag.Code{
		ID: "NM0312", Title: "synonym of an object of another database", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The synonym stands for an object behind a database link.",
		Next: "Create a foreign table of that name with oracle_fdw or postgres_fdw.", Learn: 1, Each: 0.5,
	}
)

// Rule makes views of synonyms.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "synonyms",
		Doc: "Converted code names what a synonym stands for. For other clients a synonym of a table or view becomes a view with the same columns, through which rows can be changed as well " +
			"(Oracle SQL Language Reference, CREATE SYNONYM; PostgreSQL manual, Updatable Views).",
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Setup: "CREATE TABLE base_t (id NUMBER, v VARCHAR2(5 CHAR));", Source: "CREATE SYNONYM syn_t FOR base_t;",
			Target: "CREATE OR REPLACE VIEW syn_t AS\nSELECT id, v FROM base_t;",
		}},
		Fidelity: diag.Assumed,
		Findings: []*diag.Code{resolved, elsewhere},
		Looks:    ir.Kinds(ir.KindSynonym),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	p.Statements(func(n ir.Node) ir.Node {
		s, ok := n.(*ir.Synonym)
		if !ok {
			return n
		}
		if s.Link.Text != "" {
			rewrite.Refuse(p, elsewhere, s.Span, "%s stands for %s@%s", s.Name, s.For, s.Link.Text)
			return s
		}
		t := p.Catalog.Table(s.For.Schema(), s.For.Name())
		if t == nil || len(t.Columns) == 0 || s.Name.Name() == s.For.Name() {
			p.Report(resolved, s.Span, "%s stands for %s", s.Name, s.For)
			return define.At(&ir.CommentStmt{Text: s.Span.Text()}, s.Span, code)
		}
		return view(s, t)
	})
}

// view shows all columns of the table.
func view(s *ir.Synonym, t *catalog.Table) ir.Node {
	from := &ir.TableRef{Name: s.For, Table: t}
	from.Span = s.Span
	q := &ir.Select{From: []ir.TableExpr{from}}
	q.Span = s.Span
	for _, c := range t.Columns {
		if c.Dropped {
			continue
		}
		x := &ir.Name{Parts: []ir.Ident{{Text: c.Name}}, Ref: &ir.ColumnRef{Table: t, Column: c, From: from}}
		x.Type, x.Span = c.Type, s.Span
		it := &ir.SelectItem{Expr: x}
		it.Span = s.Span
		q.Items = append(q.Items, it)
	}
	v := &ir.CreateView{Name: s.Name, OrReplace: true, Query: q}
	v.Lead = s.Lead
	return define.At(v, s.Span, code)
}

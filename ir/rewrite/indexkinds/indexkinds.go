// Package indexkinds holds the rule for kinds of indexes that the target does not have.
package indexkinds

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/define"
)

const code = "DD0440"

var (
	plain = &diag.Code{
		ID: "DD0441", Title: "index of another kind", Severity: diag.Info, Fidelity: diag.Exact,
		Doc: "A bitmap or reverse-key index becomes an index of the target's usual kind: queries return the same rows. The target makes bitmaps from several indexes by itself while it runs a query " +
			"(Oracle SQL Language Reference, CREATE INDEX; PostgreSQL manual, 11.5 Combining Multiple Indexes).",
		Next: "Nothing; consider BRIN for large tables whose rows come in the order of the column.",
	}
	unusable = &diag.Code{
		ID: "DD0442", Title: "UNUSABLE index", Severity: diag.Info, Fidelity: diag.Exact,
		Doc:  "An index that is UNUSABLE is not maintained and no query reads it, until it is built again. It is left out.",
		Next: "Create the index where it is wanted.",
	}
	domain = &diag.Code{
		ID: "DD0443", Title: "domain index", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "A domain index has an index type that an extension of the source brings, such as Oracle Text or Spatial, with operators of its own (Oracle SQL Language Reference, CREATE INDEX, domain_index_clause).",
		Next: "Use the target's full text search (GIN over to_tsvector) or PostGIS.", Learn: 4, Each: 2,
	}
)

// Rule lowers the kinds of indexes.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "indexkinds",
		Doc: "Constants among the columns of an index fall away. BITMAP, REVERSE, LOCAL and GLOBAL say how an index is stored: the target's index holds the same keys. An index of a partitioned table is divided like its table on the target, whatever the source says. " +
			"UNUSABLE indexes are left out, domain indexes refused (Oracle SQL Language Reference, CREATE INDEX).",
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Setup: "CREATE TABLE t (a NUMBER);", Source: "CREATE BITMAP INDEX t_a ON t (a) LOCAL;",
			Target: "CREATE INDEX t_a ON t (a);",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{plain, unusable, domain},
		Looks:    ir.Kinds(ir.KindKeyDef),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	p.Nodes(func(n ir.Node) ir.Node {
		switch n := n.(type) {
		case *ir.KeyDef:
			key(p, n)
		case *ir.CreateIndex:
			if n.Key != nil && n.Key.Unusable {
				return leftOut(p, n)
			}
		}
		return n
	})
}

// key takes away what concerns storage.
func key(p *rewrite.Pass, k *ir.KeyDef) {
	switch k.Flavor {
	case "":
	case "bitmap", "reverse":
		p.Report(plain, k.Span, "%s index %s", k.Flavor, k.Name.Text)
		k.Flavor, k.Soup = "", ""
	case "domain":
		rewrite.Refuse(p, domain, k.Span, "index %s: %s", k.Name.Text, strings.Join(strings.Fields(k.Soup), " "))
	}
	k.Local = false
	if k.Kind == catalog.Index {
		constants(k)
	}
}

// constants takes constants away that stand behind columns: on the source they let rows into the index whose columns are NULL, which
// the target's has anyway.
func constants(k *ir.KeyDef) {
	kept := k.Parts[:0:0]
	for _, part := range k.Parts {
		if lit, _ := define.Literal(part.Expr); part.Expr == nil || lit == nil {
			kept = append(kept, part)
		}
	}
	if len(kept) > 0 {
		k.Parts = kept
	}
}

// leftOut is a comment in the place of an index. One that is unique is kept: the source refuses changes of rows rather than keys that repeat.
func leftOut(p *rewrite.Pass, x *ir.CreateIndex) ir.Node {
	x.Key.Unusable = false
	if x.Key.Kind == catalog.Unique {
		return x
	}
	p.Report(unusable, x.Span, "index %s", x.Key.Name.Text)
	c := &ir.CommentStmt{Text: x.Span.Text()}
	c.Span, c.Lead = x.Span, x.Lead
	c.Made(code)
	return c
}

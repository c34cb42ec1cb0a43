// Package generated gives generated columns the form that the target has.
package generated

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/feature"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/define"
)

var storedNow = &diag.Code{
	ID: "DD0141", Title: "virtual column is stored", Severity: diag.Info, Fidelity: diag.Exact,
	Doc:  "PostgreSQL before 18 has stored generated columns only. The values are the same; the table needs more room.",
	Next: "Nothing, or compute the column in a view.",
}

// Rule makes virtual columns stored where the target has no virtual ones.
var Rule = &rewrite.Rule{
	Code: "DD0140",
	Name: "generated",
	Doc: "A VIRTUAL generated column becomes a STORED one on targets before PostgreSQL 18, and on any version when the column has a key or a foreign key, or its expression calls a routine of ours, which virtual columns cannot have " +
		"(MySQL Reference Manual, CREATE TABLE and Generated Columns; PostgreSQL manual, 5.4 Generated Columns).",
	Examples: []rewrite.Example{{
		Source: "CREATE TABLE t (a INT, b INT AS (a * 2) VIRTUAL)",
		Target: "CREATE TABLE t (\n  a integer,\n  b integer GENERATED ALWAYS AS (a::bigint * 2) STORED\n)",
	}},
	Fidelity: diag.Exact,
	Findings: []*diag.Code{storedNow},
	Looks:    ir.Kinds(ir.HasGenerated),
	Run:      run,
}

func run(p *rewrite.Pass) {
	define.Columns(p, func(s *define.Site, c *ir.ColumnDef) {
		if c.Generated != nil {
			c.Generated = ir.Map(c.Generated, func(n ir.Node) ir.Node {
				if x, ok := n.(*ir.Call); ok && x.Op == op.ConcatWS {
					return p.Helper("join_texts", x, x.Args...) // concat_ws is not immutable there
				}
				return n
			})
		}
		if c.Generated == nil || c.GenKind == catalog.Stored {
			return
		}
		if c.GenKind == catalog.NotGenerated {
			c.GenKind = catalog.Virtual
		}
		if p.Features.Has(feature.VirtualColumns) && !keyed(s, c) && !enumerated(c) {
			return
		}
		c.GenKind = catalog.Stored
		p.Report(storedNow, c.Span, "column %s", c.Name.Text)
	})
}

func keyed(s *define.Site, c *ir.ColumnDef) bool {
	if s.Table == nil || c.Primary || c.Unique {
		return true
	}
	for _, k := range s.Table.Keys {
		for _, part := range k.Parts {
			if s.Table.Column(part.Column) == c.Object {
				return true
			}
		}
	}
	return false
}

// enumerated tells whether the column's type or expression is of the user's making: PostgreSQL 18 has no virtual columns with those.
func enumerated(c *ir.ColumnDef) bool {
	return ir.Find(c.Generated, func(n ir.Node) bool {
		switch n.(type) {
		case *ir.HelperCall, *ir.RoutineCall, *ir.Call, *ir.Collate, *ir.Cast:
			return true
		}
		return false
	})
}

// Package generated gives generated columns the form that the target has.
package generated

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/feature"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/define"
	"godwit/ir/types"
)

var storedNow = &diag.Code{
	ID: "DD0141", Title: "virtual column is stored", Severity: diag.Info, Fidelity: diag.Exact,
	Doc:  "PostgreSQL before 18 has stored generated columns only, and none has keys and indexes on virtual ones. The values are the same; the table needs more room.",
	Next: "Nothing, or compute the column in a view.",
}

// Rule makes virtual columns stored where the target has no virtual ones.
var Rule = &rewrite.Rule{
	Code: "DD0140",
	Name: "generated",
	Doc: "A VIRTUAL generated column becomes a STORED one on targets before PostgreSQL 18, and on any version when the column has a key a foreign key or an index, or its expression calls a routine of ours, which virtual columns cannot have " +
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
				switch x := n.(type) { // neither concat_ws nor concat is immutable there
				case *ir.Call:
					if x.Op == op.ConcatWS {
						return p.Helper("join_texts", x, x.Args...)
					}
				case *ir.Concat:
					if x.Null == ir.NullSkipped {
						return p.Helper("concat_text", x, x.Args...)
					}
				case *ir.TargetCall:
					if x.Name == "concat" && p.Unit.PLSQL {
						return p.Helper("concat_text", x, x.Args...)
					}
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
		if p.Features.Has(feature.VirtualColumns) && !keyed(s, c) && !indexed(s, c) && !enumerated(c, p.Unit.PLSQL) && !folds(p, c) {
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

// indexed tells that the script makes an index of the column, or of an expression with it: no version of PostgreSQL has indexes on
// virtual columns.
func indexed(s *define.Site, c *ir.ColumnDef) bool {
	same := func(name string) bool { return strings.EqualFold(name, c.Name.Text) }
	for _, u := range s.Pass.Session.Script {
		for _, x := range u.Stmts {
			i, ok := x.(*ir.CreateIndex)
			if !ok || i.Key == nil || i.Table == nil || !strings.EqualFold(i.Table.Name.Name(), s.Name.Name()) {
				continue
			}
			for _, part := range i.Key.Parts {
				if same(part.Column.Text) || part.Expr != nil && ir.Find(part.Expr, func(n ir.Node) bool {
					x, ok := n.(*ir.Name)
					return ok && same(x.Parts[len(x.Parts)-1].Text)
				}) {
					return true
				}
			}
		}
	}
	return false
}

// folds tells whether the column is of a type that stands for case-insensitive collations, or is computed of such texts: the type is none of the
// target's own.
func folds(p *rewrite.Pass, c *ir.ColumnDef) bool {
	if p.Policy.Collations != build.Citext {
		return false
	}
	is := func(t types.Type) bool {
		c, text := types.CollationOf(t)
		return text && c.CaseInsensitive
	}
	return is(c.Type) || ir.Find(c.Generated, func(n ir.Node) bool {
		e, ok := n.(ir.Expr)
		return ok && is(e.TypeOf())
	})
}

// enumerated tells whether the column's type or expression is of the user's making: PostgreSQL 18 has no virtual columns with those.
// Quotients of Oracle and its sums of dates become such calls later.
func enumerated(c *ir.ColumnDef, plsql bool) bool {
	return ir.Find(c.Generated, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.HelperCall, *ir.RoutineCall, *ir.Call, *ir.TargetCall, *ir.Collate, *ir.Cast:
			return true
		case *ir.Div, *ir.Temporal:
			return plsql
		case *ir.Binary:
			return plsql && !types.IsNumeric(n.Type)
		}
		return false
	})
}

// Package readonlyviews holds the rule for views through which no rows may be changed.
package readonlyviews

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
)

const code = "DD0400"

// Rule gives views WITH READ ONLY a trigger that refuses changes.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "readonlyviews",
		Doc: "A view WITH READ ONLY takes no INSERT, UPDATE or DELETE. The target lets rows be changed through every view that is simple enough; an INSTEAD OF trigger raises the error " +
			"(Oracle SQL Language Reference, CREATE VIEW, subquery_restriction_clause; PostgreSQL manual, CREATE VIEW, Updatable Views).",
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Setup: "CREATE TABLE t (id NUMBER);", Source: "CREATE VIEW v AS SELECT id FROM t WITH READ ONLY;",
			Target: "CREATE VIEW v AS\nSELECT id FROM t;\nCREATE OR REPLACE TRIGGER _read_only\n  INSTEAD OF INSERT OR UPDATE OR DELETE ON v\n  FOR EACH ROW\n  EXECUTE FUNCTION godwit_oracle.read_only();",
		}},
		Fidelity: diag.Exact,
		Looks:    ir.Kinds(ir.KindCreateView),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	p.Statements(func(n ir.Node) ir.Node {
		v, ok := n.(*ir.CreateView)
		if !ok || !v.ReadOnly {
			return n
		}
		v.ReadOnly = false
		p.Unit.NeedHelper("read_only")
		t := &ir.CreateTrigger{
			Name: ir.Qualified("", "_read_only"), TargetName: "_read_only", OrReplace: true, Timing: "instead of", Events: []string{"insert", "update", "delete"},
			Table: &ir.TableRef{Name: v.Name, Table: v.Object}, ForEachRow: true, Function: ir.Qualified(p.HelperSchema(), "read_only"),
		}
		t.Span, t.Table.Span = v.Span, v.Span
		t.Made(code)
		return &ir.Splice{Stmts: []ir.Stmt{v, t}}
	})
}

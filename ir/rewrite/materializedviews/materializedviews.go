// Package materializedviews holds the rule for materialized views.
package materializedviews

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
)

const code = "DD0410"

var (
	onDemand = &diag.Code{
		ID: "DD0411", Title: "materialized view that is refreshed on demand", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: "The view holds what its query gave when it was refreshed last, on both sides. DBMS_MVIEW.REFRESH becomes REFRESH MATERIALIZED VIEW; a schedule (START WITH, NEXT) is not made on the target " +
			"(Oracle SQL Language Reference, CREATE MATERIALIZED VIEW).",
		Next: "Schedule REFRESH MATERIALIZED VIEW with pg_cron or another scheduler.", Each: 0.25,
	}
	onCommit = &diag.Code{
		ID: "DD0412", Title: "materialized view that follows its tables", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc: "REFRESH ON COMMIT brings the view up to date whenever its tables change. The target refreshes a materialized view by a statement only: until then it shows old rows " +
			"(PostgreSQL manual, REFRESH MATERIALIZED VIEW).",
		Next: "Use a plain view, or triggers that refresh it, or the extension pg_ivm.", Learn: 2, Each: 1,
	}
	prebuilt = &diag.Code{
		ID: "DD0413", Title: "materialized view on a prebuilt table", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "ON PREBUILT TABLE makes a view of a table that is there. The target's materialized views have their own storage.",
		Next: "Drop the table on the target and create the view without the clause.", Each: 0.5,
	}
)

// Rule makes materialized views of the target.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "materializedviews",
		Doc: "A materialized view stays one. BUILD DEFERRED becomes WITH NO DATA. How it is refreshed is told by findings: the target knows REFRESH MATERIALIZED VIEW only " +
			"(Oracle SQL Language Reference, CREATE MATERIALIZED VIEW; PostgreSQL manual, CREATE MATERIALIZED VIEW).",
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Setup: "CREATE TABLE s (g NUMBER, v NUMBER);",
			Source: "CREATE MATERIALIZED VIEW m REFRESH COMPLETE ON DEMAND AS SELECT g, v FROM s;",
			Target: "CREATE MATERIALIZED VIEW m AS\nSELECT g, v FROM s;",
		}},
		Fidelity: diag.Assumed,
		Findings: []*diag.Code{onDemand, onCommit, prebuilt},
		Looks:    ir.Kinds(ir.KindMaterializedView),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	p.Statements(func(n ir.Node) ir.Node {
		v, ok := n.(*ir.MaterializedView)
		if !ok {
			return n
		}
		switch {
		case v.Prebuilt:
			rewrite.Refuse(p, prebuilt, v.Span, "%s", v.Name)
		case v.OnCommit:
			p.Report(onCommit, v.Span, "%s", v.Name)
		case v.Refresh != "never":
			p.Report(onDemand, v.Span, "%s", v.Name)
		}
		v.OnCommit, v.Refresh, v.Schedule, v.Rewrite = false, "", "", false
		return v
	})
}

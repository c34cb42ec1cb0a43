// Package spatial calls the spatial functions of PostGIS, by the policy spatial=postgis.
package spatial

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

const code = "TY0460"

// Findings of the rule.
var (
	postgis = &diag.Code{
		ID: "TY0461", Title: "geometries by PostGIS", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc: "By the policy spatial=postgis geometries are of PostGIS's type geometry, and the functions of the same name are called. Results on invalid geometries, of geographic reference systems (distances in " +
			"degrees, not metres) and digits of coordinates differ (MySQL Reference Manual, Spatial Analysis Functions).",
		Next: "Compare results of the queries that matter on both servers.", Learn: 2, Each: 0.25,
	}
	axes = &diag.Code{
		ID: "TY0462", Title: "axis order of a geographic reference system", Severity: diag.Warning, Fidelity: diag.Approximate,
		Doc: "MySQL 8 reads and writes coordinates of geographic reference systems such as 4326 in the order latitude, longitude; PostGIS and MariaDB take longitude, latitude (MySQL Reference Manual, " +
			"Spatial Reference System Support).",
		Next: "Turn the coordinates of MySQL 8: ST_FlipCoordinates(...); do so for the rows, too.", Learn: 2, Each: 0.5,
	}
)

// Rule is TY0460.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "spatial",
		Doc: `By the policy spatial=postgis the functions that PostGIS spells the same are called; predicates give 1 and 0.`,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE g (id INT PRIMARY KEY, p POINT);",
			Source: "SELECT id FROM g WHERE ST_X(p) > 1;",
			Target: "SELECT id FROM g WHERE st_x(p) > 1;",
			Policy: rewrite.Policy{Spatial: "postgis"},
		}},
		Fidelity: diag.Approximate,
		Findings: []*diag.Code{postgis, axes},
		Looks:    ir.Kinds(ir.CallsSpatial),
		Needed:   func(p *rewrite.Pass) bool { return p.Policy.Spatial == "postgis" },
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	if p.Policy.Spatial != "postgis" {
		return
	}
	told := false
	p.Exprs(func(e ir.Expr) ir.Expr {
		c, ok := e.(*ir.Call)
		if !ok || !op.IsSpatial(c.Op) {
			return e
		}
		f, ok := op.SpatialOf(c.Op)
		if !ok {
			return e
		}
		if !told {
			told = true
			p.Unit.NeedHelper("postgis")
			p.Report(postgis, c.Span, "%s", c.Name)
		}
		if f.Texts && len(c.Args) > 1 && !plane(c.Args[1]) {
			p.Report(axes, c.Span, "%s", c.Span.Text())
		}
		if !f.Boolean {
			return build.Call(f.Target, c, c.Type, code, c.Args...)
		}
		return build.As(build.Call(f.Target, c, types.Bool{}, code, c.Args...), "integer", c.Type, code)
	})
}

// plane tells that a reference system is 0.
func plane(e ir.Expr) bool {
	n, ok := build.IntLiteral(e)
	return ok && n == 0
}

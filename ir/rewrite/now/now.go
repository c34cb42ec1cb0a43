// Package now holds the rule for the current date and time.
package now

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

const code = "EX0340"

var refused = &diag.Code{
	ID: "EX0341", Title: "current time of an unknown zone or kind", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  `The current time is asked for in a zone or type that the rule does not know.`,
	Next: "write the expression by hand", Each: 0.1,
}

var inProcedure = &diag.Code{
	ID: "EX0344", Title: "current time in a procedure", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `Within a procedure each statement of MySQL takes the time anew; the converted code takes the time at which the client's statement, the CALL, began. Assumed:
nothing depends on time that passes while the procedure runs.`,
}

// Rule is EX0340.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "now",
		Doc: `NOW() is the moment at which the client's statement began, in the session's zone and cut to whole seconds unless digits are asked for; SYSDATE() moves on
with each call (MySQL Reference Manual, "Date and Time Functions"). PostgreSQL's CURRENT_TIMESTAMP is the start of the transaction, with microseconds, and rounds when digits are asked for; so
statement_timestamp and clock_timestamp are used and cut.`,
		Fidelity: diag.Exact,
		Examples: []rewrite.Example{{
			Source: "SELECT NOW() AS a, CURDATE() AS b, UTC_TIMESTAMP() AS c;",
			Target: `SELECT date_trunc('second', statement_timestamp())::timestamp AS a, statement_timestamp()::date AS b,
date_trunc('second', statement_timestamp()) AT TIME ZONE 'UTC' AS c;`,
		}},
		Findings: []*diag.Code{refused, inProcedure},
		Looks:    ir.Kinds(ir.KindNow),
		Run: func(p *rewrite.Pass) {
			proc := procedure(p)
			p.Exprs(func(e ir.Expr) ir.Expr {
				if n, ok := e.(*ir.Now); ok && proc && n.At == ir.AtStatement {
					p.Report(inProcedure, n.Span, "the time is that of the CALL")
					proc = false
				}
				switch e := e.(type) {
				case *ir.Now:
					return lower(p, e)
				case *ir.Compare:
					e.L, e.R = instant(e.L, e.R), instant(e.R, e.L)
				}
				return e
			})
		},
	}
}

// instant takes the zone's clock off the current time when it is compared with an instant.
func instant(x, other ir.Expr) ir.Expr {
	c, ok := x.(*ir.Cast)
	if _, with := other.TypeOf().(types.Timestamp); !ok || !with || !c.Target {
		return x
	}
	if t, ok := c.To.(types.Named); ok && t.Name == "timestamp" && len(c.Origin) > 0 && c.Origin[len(c.Origin)-1] == code {
		return c.X
	}
	return x
}

// procedure tells that the unit's code may run for more than one statement.
func procedure(p *rewrite.Pass) bool {
	for _, s := range p.Unit.Stmts {
		switch s := s.(type) {
		case *ir.Routine:
			return s.Kind == catalog.Procedure
		case *ir.CreateEvent, *ir.Block:
			return true
		}
	}
	return false
}

func lower(p *rewrite.Pass, n *ir.Now) ir.Expr {
	name := map[ir.Moment]string{ir.AtStatement: "statement_timestamp", ir.AtTransaction: "transaction_timestamp", ir.AtCall: "clock_timestamp"}[n.At]
	if name == "" || n.Zone != ir.SessionZone && n.Zone != ir.UTC {
		rewrite.Refuse(p, refused, n.Span, "%s", refused.Title)
		return n
	}
	var x ir.Expr = build.Call(name, n, types.Timestamp{Precision: 6}, code)
	if _, date := n.Kind.(types.Date); !date {
		x = cut(x, n)
	}
	target := "timestamp"
	switch n.Kind.(type) {
	case types.Date:
		target = "date"
	case types.Time:
		target = "time"
	case types.DateTime, types.Timestamp:
	default:
		rewrite.Refuse(p, refused, n.Span, "%s", refused.Title)
		return n
	}
	if n.Zone == ir.UTC {
		x = build.Op("AT TIME ZONE", n, types.DateTime{Precision: n.Precision}, code, x, build.Text("UTC"))
		if target == "timestamp" {
			x.SetType(n.Type)
			return x
		}
	}
	if _, instant := n.Kind.(types.Timestamp); instant {
		x.SetType(n.Type)
		return x
	}
	x = build.As(x, target, n.Type, code)
	if target == "time" {
		x = build.As(x, "interval", n.Type, code)
	}
	return x
}

// cut drops the digits of the fraction that are not asked for.
func cut(x ir.Expr, n *ir.Now) ir.Expr {
	t := types.Timestamp{Precision: n.Precision}
	switch n.Precision {
	case 6:
		return x
	case 0:
		return build.Call("date_trunc", n, t, code, build.Text("second"), x)
	case 3:
		return build.Call("date_trunc", n, t, code, build.Text("milliseconds"), x)
	}
	width := map[int]string{1: "100 milliseconds", 2: "10 milliseconds", 4: "100 microseconds", 5: "10 microseconds"}[n.Precision]
	return build.Call("date_bin", n, t, code, build.Text(width), x, build.Text("epoch"))
}

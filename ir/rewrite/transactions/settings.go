package transactions

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
)

var setInside = &diag.Code{
	ID: "TX0801", Title: "autocommit is set in a procedure", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `SET autocommit = 0 begins a transaction that SET autocommit = 1 commits (MySQL Reference Manual, "autocommit, Commit, and Rollback"). Assumed: the procedure is called with autocommit on, and a caller
that an error reaches in between sets it again, and rolls back.`,
	Next: "Nothing, if callers do so; else use START TRANSACTION.",
}

// Settings is TX0800.
func Settings() *rewrite.Rule {
	return &rewrite.Rule{
		Code: "TX0800", Name: "autocommit-settings",
		Doc: `SET autocommit = 0 ... SET autocommit = 1 in the outermost statements of a procedure is a transaction: the first begins it, the second commits what is open (MySQL Reference Manual, "autocommit,
Commit, and Rollback"). It is refused where the session may be left without autocommit, or where something is written behind the end of the first transaction.`,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE t (id INT);",
			Source: "DELIMITER //\nCREATE PROCEDURE p() SQL SECURITY INVOKER BEGIN SET autocommit = 0; UPDATE t SET id = 1; COMMIT; SET autocommit = 1; END//",
			Target: "CREATE OR REPLACE PROCEDURE p()\nLANGUAGE plpgsql\nAS $$\nBEGIN\n  UPDATE t SET id = 1;\n  COMMIT;\nEND;\n$$;",
		}},
		Fidelity: diag.Assumed,
		Findings: []*diag.Code{setInside},
		Looks:    ir.Kinds(ir.KindTransaction),
		Run: func(p *rewrite.Pass) {
			for _, s := range p.Unit.Stmts {
				if !control.IsProgram(s) {
					continue
				}
				ir.Walk(s, func(n ir.Node) bool {
					if t, ok := n.(*ir.Transaction); ok && t.Setting {
						p.Report(setInside, t.Span, "the procedure is assumed to be called with autocommit on, which is off while it runs")
						t.Made("TX0800")
					}
					return true
				})
			}
		},
	}
}

// Package errorlogs holds the rule for LOG ERRORS.
package errorlogs

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
)

const code = "QY0714"

var stops = &diag.Code{
	ID: "QY0712", Title: "A change without its log of errors", Severity: diag.Review, Fidelity: diag.Approximate,
	Doc: `With LOG ERRORS, rows that violate a constraint or do not fit are written to a table of errors, and the others are changed (Oracle SQL Language Reference, "INSERT", error_logging_clause). ` +
		`PostgreSQL has nothing like it: the statement is converted without the clause, and fails as a whole where a row fails. Where no row fails, nothing differs.`,
	Next: "Clean the rows before the statement, or write a loop with a handler that notes the rows that fail.", Each: 0.5,
}

// Rule takes LOG ERRORS away.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "error-logs", Language: rewrite.PLSQL,
		Doc: `LOG ERRORS is left out of INSERT, UPDATE, DELETE and MERGE, with a finding: the statement fails where the source notes the row in a table and goes on (SQL Language Reference, "INSERT", error_logging_clause).`,
		Examples: []rewrite.Example{
			{From: dialect.Oracle, Setup: "CREATE TABLE t (id NUMBER);\nCREATE TABLE s (id NUMBER);", Source: "INSERT INTO t SELECT id FROM s LOG ERRORS INTO err$_t ('load') REJECT LIMIT UNLIMITED;",
				Target: "INSERT INTO t SELECT id FROM s;"},
		},
		Fidelity: diag.Approximate,
		Findings: []*diag.Code{stops},
		Looks:    ir.Kinds(ir.KindLogErrors),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	take := func(l **ir.LogErrors, n ir.Node) {
		if *l != nil {
			p.Report(stops, n.Base().Span, "LOG ERRORS")
			*l = nil
			n.Base().Made(code)
		}
	}
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.Insert:
				take(&n.LogErrors, n)
			case *ir.Update:
				take(&n.LogErrors, n)
			case *ir.Delete:
				take(&n.LogErrors, n)
			case *ir.Merge:
				take(&n.LogErrors, n)
			}
			return true
		})
	}
}

// Package sequences lowers MariaDB's sequences.
package sequences

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
)

var previousValue = &diag.Code{
	ID: "DD0311", Title: "previous value of a sequence that was not used in the session", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc:  "LASTVAL and PREVIOUS VALUE FOR are NULL before the session has used the sequence; currval of the target raises an error then.",
	Next: "Use the sequence before asking for its last value.",
}

// Rule lowers sequences.
var Rule = &rewrite.Rule{
	Code: "DD0310",
	Name: "sequences",
	Doc: "CREATE SEQUENCE keeps start, increment, bounds and cycle. The default cache of 1000 numbers falls away: it is about speed, and leaves gaps after a restart " +
		"(MariaDB Knowledge Base, CREATE SEQUENCE; PostgreSQL manual, CREATE SEQUENCE).",
	Examples: []rewrite.Example{{
		Source: "CREATE SEQUENCE s START WITH 100 INCREMENT BY 10",
		Target: "CREATE SEQUENCE s INCREMENT BY 10 START WITH 100",
	}},
	Fidelity: diag.Exact,
	Findings: []*diag.Code{previousValue},
	Run:      run,
}

func run(p *rewrite.Pass) {
	p.Nodes(func(n ir.Node) ir.Node {
		switch s := n.(type) {
		case *ir.NextValue:
			if s.Previous {
				p.Report(previousValue, s.Span, "sequence %s", s.Sequence)
			}
		case *ir.CreateSequence:
			s.Cache, s.NoCache = "", false
			if s.OrReplace {
				s.OrReplace = false
				d := &ir.Drop{Kind: "sequence", IfExists: true, Names: []ir.QName{s.Name}}
				d.Span = s.Span
				d.Made(p.Rule.Code)
				return &ir.Splice{Stmts: []ir.Stmt{d, s}}
			}
		}
		return n
	})
}

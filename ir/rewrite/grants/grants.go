// Package grants keeps GRANT and REVOKE as comments.
package grants

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
)

var kept = &diag.Code{
	ID: "DD0331", Title: "rights are not converted", Severity: diag.Review, Fidelity: diag.Approximate,
	Doc:  "Accounts of the source are a user and a host, roles of the target are not, and the privileges differ. The statement is kept as a comment.",
	Next: "Create roles on the target and grant them what the comment says.", Learn: 1, Each: 0.1,
}

// Rule keeps GRANT and REVOKE as comments.
var Rule = &rewrite.Rule{
	Code:     "DD0330",
	Name:     "grants",
	Doc:      "GRANT and REVOKE are kept as comments (MySQL Reference Manual, Access Control and Account Management).",
	Examples: []rewrite.Example{{Source: "GRANT SELECT ON a.* TO 'u'@'%'", Target: "-- GRANT SELECT ON a.* TO 'u'@'%'"}},
	Fidelity: diag.Approximate,
	Findings: []*diag.Code{kept},
	Looks:    ir.Kinds(ir.KindGrant),
	Run:      run,
}

func run(p *rewrite.Pass) {
	p.Nodes(func(n ir.Node) ir.Node {
		g, ok := n.(*ir.Grant)
		if !ok {
			return n
		}
		p.Report(kept, g.Span, "%s", first(g.Text))
		c := &ir.CommentStmt{StmtMeta: g.StmtMeta, Text: g.Text}
		c.Made(p.Rule.Code)
		return c
	})
}

func first(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

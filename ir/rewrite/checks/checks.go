// Package checks lowers CHECK constraints.
package checks

import (
	"fmt"
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/define"
)

var notEnforced = &diag.Code{
	ID: "CN0301", Title: "CHECK that is not enforced", Severity: diag.Info, Fidelity: diag.Exact,
	Doc:  "NOT ENFORCED keeps a constraint as documentation. It is left out on the target, which would enforce it.",
	Next: "Add the constraint with NOT VALID if it is wanted for new rows.",
}

// Rule lowers CHECK constraints.
var Rule = &rewrite.Rule{
	Code: "CN0300",
	Name: "checks",
	Doc: "CHECK constraints stay; those NOT ENFORCED are left out. A constraint without a name gets the name that the source gives it, table_chk_n " +
		"(MySQL Reference Manual, CHECK Constraints).",
	Examples: []rewrite.Example{{
		Source: "CREATE TABLE t (a INT CHECK (a > 0))",
		Target: "CREATE TABLE t (\n  a integer CONSTRAINT t_chk_1 CHECK (a > 0)\n)",
	}},
	Fidelity: diag.Exact,
	Findings: []*diag.Code{notEnforced},
	After:    map[string]string{"constraintstates": "it leaves out what is disabled"},
	Looks:    ir.Kinds(ir.KindCheckDef),
	Run:      run,
}

func run(p *rewrite.Pass) {
	define.Tables(p, func(s *define.Site) {
		n := 0
		for _, c := range define.ColumnsOf(s.Stmt) {
			c.Checks = lower(p, s, c.Checks, &n)
		}
		if s.Create != nil {
			s.Create.Checks = lower(p, s, s.Create.Checks, &n)
		}
	})
}

func lower(p *rewrite.Pass, s *define.Site, list []*ir.CheckDef, n *int) []*ir.CheckDef {
	kept := list[:0:0]
	for _, c := range list {
		if len(c.Origin) > 0 { // made by a rule
			kept = append(kept, c)
			continue
		}
		if c.Name.Text == "" && s.Create != nil && !p.Unit.PLSQL { // Oracle's names of their own, SYS_C…, are nothing to keep
			*n++
			c.Name.Text = fmt.Sprintf("%s_chk_%d", strings.ToLower(s.Name.Name()), *n)
		}
		if c.NotEnforced {
			p.Report(notEnforced, c.Span, "constraint %s of %s", c.Name.Text, s.Name)
			continue
		}
		kept = append(kept, c)
	}
	return kept
}

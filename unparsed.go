package godwit

import (
	"slices"

	"godwit/emit/postgres"
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite/datatypes"
)

// withoutUnparsed converts a body again without the members whose text the target's grammar refuses, which is known when the text is there only. False tells that it stays
// refused.
func (p *pipeline) withoutUnparsed(u *Unit) bool {
	unparsed := func(f diag.Finding) bool { return f.Code == postgres.NotAccepted.ID && f.Fidelity == diag.Refused }
	for range maxRounds {
		if u.tree == nil || !slices.ContainsFunc(u.Findings, unparsed) || !u.takeOut() {
			return false
		}
		u.Stmts, u.Outputs, u.Helpers = []ir.Stmt{ir.Clone(u.tree)}, nil, nil
		datatypes.Forget(p.session, u.Unit)
		p.guard(u, "declare", func() { p.res.Declare(u.Unit) })
		p.renewed(u)
		p.resolve(p.res, u)
		if !isRefused(u.Unit) {
			p.res.Facts()
			p.renewPrograms(u)
			p.runRules(u)
		}
		if isRefused(u.Unit) {
			return false
		}
		p.print(u)
		u.Findings = u.Findings.Sort()
		u.Status = u.Findings.Worst()
		if u.Status != diag.Refused {
			return true
		}
	}
	return false
}

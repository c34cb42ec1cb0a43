package rewrite

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/source"
)

// Refuse gives up on the pass's unit: its source is kept as a comment and a finding of the code names the construct.
// A part that is refused inside a routine refuses the routine. Refusal sticks: whatever a rule that is still
// running puts into the unit afterwards is dropped.
func Refuse(p *Pass, c *diag.Code, span source.Span, format string, args ...any) {
	f := c.New(span, format, args...)
	f.Severity, f.Fidelity = diag.Error, diag.Refused
	p.Unit.Report(f)
	if p.refused == nil {
		s := &ir.Unsupported{Text: p.Unit.Span.Text(), Code: c.ID, What: c.Title}
		s.Span = p.Unit.Span
		if len(p.Unit.Stmts) > 0 {
			s.Lead = p.Unit.Stmts[0].Base().Lead
		}
		if p.Rule != nil {
			s.Made(p.Rule.Code)
		}
		p.refused = s
	}
	p.Unit.Stmts = []ir.Stmt{p.refused}
}

// Refused tells that the unit was refused by a rule of this pass.
func (p *Pass) Refused() bool { return p.refused != nil }

// settle puts the refusal back in case a rule overwrote it.
func (p *Pass) settle() {
	if p.refused != nil {
		p.Unit.Stmts = []ir.Stmt{p.refused}
	}
}

// Package sessionzones holds the rule for ALTER SESSION SET TIME_ZONE.
package sessionzones

import (
	"regexp"
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
)

const code = "SE0720"

var unknown = &diag.Code{
	ID: "SE0721", Title: "Zone of a session that the target does not know", Severity: diag.Warning, Fidelity: diag.Approximate,
	Doc:  "DBTIMEZONE is the zone of the source's database, of which the target knows nothing. The statement is left out: moments of zones are told in the target's zone.",
	Next: "Name the zone.", Each: 0.1,
}

// Rule is SE0720.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "session-zones", Language: rewrite.PLSQL,
		Doc: `ALTER SESSION SET TIME_ZONE sets the zone of the session (SQL Language Reference, "ALTER SESSION"), as SET TIME ZONE does on the target. An offset is an interval there: as a text its sign
would be taken the other way round.`,
		Examples: []rewrite.Example{
			{From: dialect.Oracle, Source: "ALTER SESSION SET TIME_ZONE = '-05:30';", Target: "SET TIME ZONE INTERVAL '-05:30' HOUR TO MINUTE;"},
			{From: dialect.Oracle, Source: "ALTER SESSION SET TIME_ZONE = 'Europe/Berlin';", Target: "SET TIME ZONE 'Europe/Berlin';"},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{unknown},
		Looks:    ir.Kinds(ir.KindSysVar),
		Run: func(p *rewrite.Pass) {
			for i, s := range p.Unit.Stmts {
				if v, ok := s.(*ir.SetVar); ok && len(v.Items) == 1 {
					p.Unit.Stmts[i] = zone(p, v)
				}
			}
		},
	}
}

var offset = regexp.MustCompile(`^[+-]?\d{1,2}:\d{2}$`)

func zone(p *rewrite.Pass, s *ir.SetVar) ir.Stmt {
	v, ok := s.Items[0].Target.(*ir.SysVar)
	if !ok || v.Name != "time_zone" {
		return s
	}
	name, _ := s.Items[0].Value.(*ir.String)
	var text string
	switch {
	case name == nil:
		text = "SET TIME ZONE LOCAL"
	case strings.EqualFold(name.Value, "DBTIMEZONE"):
		p.Report(unknown, s.Span, "%s", s.Span.Text())
		c := &ir.CommentStmt{Text: s.Span.Text()}
		c.Meta = *s.Base()
		c.Made(code)
		return c
	case offset.MatchString(name.Value):
		text = "SET TIME ZONE INTERVAL '" + name.Value + "' HOUR TO MINUTE"
	default:
		text = "SET TIME ZONE '" + strings.ReplaceAll(name.Value, "'", "''") + "'"
	}
	r := &ir.RawStmt{Text: text}
	r.Meta = *s.Base()
	r.Made(code)
	return r
}

// Package events holds the rule for scheduled events.
package events

import (
	"fmt"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
)

const code = "PL0601"

var notScheduled = &diag.Code{
	ID: "PL0602", Title: "An event is not scheduled", Severity: diag.Warning, Fidelity: diag.Approximate,
	Doc:  "PostgreSQL has no scheduler of its own. The event's body becomes a procedure; a comment shows the call that schedules it with the extension pg_cron, which many services offer.",
	Next: "Schedule the procedure with pg_cron or with the system's scheduler.", Learn: 1, Each: 0.3,
}

// Rule is PL0601.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "events",
		Doc: `CREATE EVENT (MySQL Reference Manual, "CREATE EVENT Statement") runs a statement by a schedule. Its body becomes a procedure, and
a comment names the schedule and the statement that would enter it into pg_cron.`,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE t (id INT PRIMARY KEY, v INT);",
			Source: "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t WHERE v = 1;",
			Target: "CREATE OR REPLACE PROCEDURE e_event()\nLANGUAGE plpgsql\nAS $$\nBEGIN\n  DELETE FROM t WHERE v = 1;\nEND;\n$$;\n-- Event e: ON SCHEDULE EVERY 1 DAY\n-- SELECT cron.schedule('e', '0 0 * * *', 'CALL e_event()');;",
		}},
		Fidelity: diag.Approximate,
		Findings: []*diag.Code{notScheduled},
		Looks:    ir.Kinds(ir.KindCreateEvent),
		Run: func(p *rewrite.Pass) {
			var out []ir.Stmt
			for _, s := range p.Unit.Stmts {
				e, ok := s.(*ir.CreateEvent)
				if !ok {
					out = append(out, s)
					continue
				}
				out = append(out, event(p, e)...)
			}
			p.Unit.Stmts = out
		},
	}
}

func event(p *rewrite.Pass, e *ir.CreateEvent) []ir.Stmt {
	p.Report(notScheduled, e.Span, "event %s (%s) becomes a procedure that nothing calls yet", e.Name, e.Schedule)
	name := ir.QName{Parts: append([]ir.Ident(nil), e.Name.Parts...), Span: e.Name.Span}
	last := &name.Parts[len(name.Parts)-1]
	last.Text = strings.ToLower(last.Text) + "_event"
	r := &ir.Routine{Kind: catalog.Procedure, Name: name, Body: e.Body, Security: "invoker", Comment: e.Comment}
	r.StmtMeta = e.StmtMeta
	r.Made(code)
	return []ir.Stmt{r, note(e, name)}
}

func note(e *ir.CreateEvent, name ir.QName) ir.Stmt {
	text := fmt.Sprintf("Event %s: ON SCHEDULE %s", e.Name, e.Schedule)
	if e.Status == "disable" {
		text += " (disabled)"
	}
	if cron := cronOf(e.Schedule); cron != "" {
		text += fmt.Sprintf("\nSELECT cron.schedule('%s', '%s', 'CALL %s()');", strings.ToLower(e.Name.Name()), cron, strings.ToLower(name.String()))
	} else {
		text += fmt.Sprintf("\nSchedule CALL %s() by hand.", strings.ToLower(name.String()))
	}
	c := &ir.CommentStmt{Text: text}
	c.Span = e.Span
	c.Made(code)
	return c
}

// cronOf is the schedule in cron's notation, "" if it has none.
func cronOf(schedule string) string {
	w := strings.Fields(strings.ToUpper(schedule))
	if len(w) < 3 || w[0] != "EVERY" {
		return ""
	}
	n := strings.Trim(w[1], "'")
	every := func(field string) string {
		if n == "1" {
			return "*"
		}
		return "*/" + field
	}
	switch w[2] {
	case "MINUTE":
		return every(n) + " * * * *"
	case "HOUR":
		return "0 " + every(n) + " * * *"
	case "DAY":
		return "0 0 " + every(n) + " * *"
	case "WEEK":
		if n == "1" {
			return "0 0 * * 0"
		}
	case "MONTH":
		return "0 0 1 " + every(n) + " *"
	}
	return ""
}

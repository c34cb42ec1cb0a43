// Package events holds the rule for scheduled events.
package events

import (
	"fmt"
	"strconv"
	"strings"
	"time"

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
			Target: "CREATE OR REPLACE PROCEDURE e_event()\nLANGUAGE plpgsql\nAS $$\nBEGIN\n  DELETE FROM t WHERE v = 1;\nEND;\n$$;\n-- Event e: ON SCHEDULE EVERY 1 DAY\n-- SELECT cron.schedule('e', '0 0 * * *', 'CALL e_event()');\n-- The source counts from the moment the event is made; cron's times are those of the clock.;",
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
	name := procedure(p, e)
	r := &ir.Routine{Kind: catalog.Procedure, Name: name, Body: e.Body, Security: "invoker", Comment: e.Comment}
	r.StmtMeta = e.StmtMeta
	r.Made(code)
	return []ir.Stmt{r, note(e, name)}
}

// procedure is the name of an event's procedure: in the event's schema, and none of a routine that is there.
func procedure(p *rewrite.Pass, e *ir.CreateEvent) ir.QName {
	schema := e.Name.Schema()
	if schema == "" {
		schema = p.Unit.Schema
	}
	base := strings.ToLower(e.Name.Name()) + "_event"
	last := base
	for n := 2; p.Catalog.Routine(catalog.Procedure, schema, last) != nil || p.Catalog.Routine(catalog.Function, schema, last) != nil; n++ {
		last = base + strconv.Itoa(n)
	}
	name := ir.Qualified(schema, last)
	name.Span = e.Name.Span
	return name
}

func note(e *ir.CreateEvent, name ir.QName) ir.Stmt {
	text := fmt.Sprintf("Event %s: ON SCHEDULE %s", e.Name, e.Schedule)
	if e.Status == "disable" {
		text += " (disabled)"
	}
	call := strings.ToLower(name.String()) + "()"
	sc, why := parse(e.Schedule)
	cron := ""
	if why == "" {
		cron, why = sc.cron()
	}
	switch {
	case cron != "":
		text += fmt.Sprintf("\nSELECT cron.schedule('%s', '%s', 'CALL %s');", strings.ToLower(e.Name.Name()), cron, call)
		if sc.starts == "" {
			text += "\nThe source counts from the moment the event is made; cron's times are those of the clock."
		}
		if sc.starts != "" {
			text += "\nNot before " + sc.starts + "."
		}
		if sc.ends != "" {
			text += fmt.Sprintf("\nEnds %s: SELECT cron.unschedule('%s');", sc.ends, strings.ToLower(e.Name.Name()))
		}
	default:
		text += fmt.Sprintf("\nCron cannot say this (%s): schedule CALL %s by hand.", why, call)
	}
	if !e.Preserve && sc.at != "" {
		text += "\nThe source drops the event when it has run."
	}
	c := &ir.CommentStmt{Text: text}
	c.Span = e.Span
	c.Made(code)
	return c
}

// schedule is ON SCHEDULE taken apart.
type schedule struct {
	at, starts, ends string
	n                int
	unit             string
}

// parse reads EVERY n unit [STARTS t] [ENDS t] and AT t; why tells what is not read.
func parse(text string) (s schedule, why string) {
	w := strings.Fields(text)
	if len(w) == 0 {
		return s, "no schedule"
	}
	if strings.EqualFold(w[0], "AT") {
		s.at = strings.Join(w[1:], " ")
		return s, ""
	}
	if len(w) < 3 || !strings.EqualFold(w[0], "EVERY") {
		return s, "the schedule is not known"
	}
	n, err := strconv.Atoi(strings.Trim(w[1], "'\""))
	if err != nil || n < 1 {
		return s, "the interval is no whole number"
	}
	s.n, s.unit = n, strings.ToUpper(w[2])
	into := (*string)(nil)
	for _, x := range w[3:] {
		switch strings.ToUpper(x) {
		case "STARTS":
			into = &s.starts
		case "ENDS":
			into = &s.ends
		default:
			if into == nil {
				return s, "the schedule is not known"
			}
			*into = strings.TrimSpace(*into + " " + x)
		}
	}
	return s, ""
}

// cron is the schedule in cron's notation; why tells why it has none. Cron's steps begin anew with each hour, day and month, so that
// only divisors of 60 and 24 are the same intervals.
func (s schedule) cron() (cron, why string) {
	if s.at != "" {
		return "", "it runs once, at " + s.at
	}
	minute, hour, day, month, weekday := 0, 0, 1, 1, 0
	if s.starts != "" {
		t, err := time.Parse("2006-01-02 15:04:05", strings.Trim(strings.TrimPrefix(strings.TrimSpace(s.starts), "TIMESTAMP"), " '\""))
		if err != nil {
			if t, err = time.Parse("2006-01-02", strings.Trim(s.starts, " '\"")); err != nil {
				return "", "it starts at " + s.starts
			}
		}
		if t.Second() != 0 && s.unit != "SECOND" {
			return "", "it starts within a minute"
		}
		minute, hour, day, month, weekday = t.Minute(), t.Hour(), t.Day(), int(t.Month()), int(t.Weekday())
	}
	step := func(from, around int) (string, bool) {
		switch {
		case s.n == 1:
			return "*", true
		case around%s.n != 0:
			return "", false
		case from%s.n == 0:
			return fmt.Sprintf("*/%d", s.n), true
		}
		return fmt.Sprintf("%d-%d/%d", from%s.n, around-1, s.n), true
	}
	switch s.unit {
	case "SECOND":
		if s.n < 60 {
			return fmt.Sprintf("%d seconds", s.n), ""
		}
	case "MINUTE":
		if f, ok := step(minute, 60); ok {
			return f + " * * * *", ""
		}
	case "HOUR":
		if f, ok := step(hour, 24); ok {
			return fmt.Sprintf("%d %s * * *", minute, f), ""
		}
	case "DAY":
		if s.n == 1 {
			return fmt.Sprintf("%d %d * * *", minute, hour), ""
		}
	case "WEEK":
		if s.n == 1 {
			return fmt.Sprintf("%d %d * * %d", minute, hour, weekday), ""
		}
	case "MONTH", "QUARTER":
		if s.unit == "QUARTER" {
			s.n *= 3
		}
		if f, ok := step(month-1, 12); ok && day <= 28 {
			if s.n > 1 {
				f = fmt.Sprintf("%d-12/%d", (month-1)%s.n+1, s.n)
			}
			return fmt.Sprintf("%d %d %d %s *", minute, hour, day, f), ""
		}
	case "YEAR":
		if s.n == 1 && day <= 28 {
			return fmt.Sprintf("%d %d %d %d *", minute, hour, day, month), ""
		}
	}
	return "", fmt.Sprintf("every %d %s", s.n, strings.ToLower(s.unit))
}

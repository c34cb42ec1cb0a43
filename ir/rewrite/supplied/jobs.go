package supplied

import (
	"fmt"
	"strings"

	"godwit/ir"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
)

// job is a call that makes or drops a job: a comment with the call of pg_cron, where it stands in a script.
func (r *run) job(s *ir.Invocation, c *ir.Call, name string) ir.Stmt {
	text := r.scheduled(c, name)
	switch {
	case text == "":
		rewrite.Refuse(r.Pass, unnamed, s.Span, "%s with values that are no literals", c.Name)
		return s
	case r.inBody(s) && !r.script():
		rewrite.Refuse(r.Pass, unnamed, s.Span, "%s in a routine", c.Name)
		return s
	}
	r.Report(job, s.Span, "%s", c.Name)
	n := &ir.CommentStmt{Text: text}
	n.Span = s.Span
	n.Made(code)
	if !r.inBody(s) {
		return n
	}
	r.notes = append(r.notes, n)
	return r.nothing(s)
}

// script tells that the unit is a block that a script runs.
func (r *run) script() bool {
	for _, s := range r.Unit.Stmts {
		if _, ok := s.(*ir.Block); !ok {
			return false
		}
	}
	return true
}

// scheduled is the call of pg_cron for a job, "" if its values are no literals.
func (r *run) scheduled(c *ir.Call, name string) string {
	arg := func(i int) string {
		if i >= len(c.Args) {
			return ""
		}
		v, _ := build.TextLiteral(c.Args[i])
		return v
	}
	switch {
	case name == "DROP_JOB" && arg(0) != "":
		return fmt.Sprintf("SELECT cron.unschedule('%s');", strings.ToLower(arg(0)))
	case name == "ENABLE" && arg(0) != "", name == "DISABLE" && arg(0) != "":
		return fmt.Sprintf("SELECT cron.alter_job(jobid, active := %t) FROM cron.job WHERE jobname = '%s';", name == "ENABLE", strings.ToLower(arg(0)))
	case name == "SUBMIT" && arg(1) != "":
		return note("job", "PLSQL_BLOCK", arg(1), arg(3), everyExpression(arg(3)))
	case name == "CREATE_JOB" && arg(0) != "" && arg(2) != "":
		return note(strings.ToLower(arg(0)), strings.ToUpper(arg(1)), arg(2), arg(5), calendar(arg(5)))
	}
	return ""
}

func note(name, kind, action, when, cron string) string {
	text := fmt.Sprintf("Job %s (%s) runs: %s", name, kind, strings.Join(strings.Fields(action), " "))
	if when != "" {
		text += "\nby the schedule " + when
	}
	call := called(kind, action)
	if cron == "" || call == "" {
		return text + "\nSchedule its converted form by hand, with cron.schedule of pg_cron or the system's scheduler."
	}
	return text + fmt.Sprintf("\nSELECT cron.schedule('%s', '%s', '%s');", name, cron, strings.ReplaceAll(call, "'", "''"))
}

// called is the statement of the target that runs a job's action: a procedure without arguments. "" for other actions.
func called(kind, action string) string {
	a := strings.TrimSpace(action)
	if kind == "PLSQL_BLOCK" {
		if len(a) > 5 && strings.EqualFold(a[:5], "begin") {
			a = strings.TrimSpace(a[5:])
			a = strings.TrimSuffix(a, ";")
			a = strings.TrimSpace(a)
			if !strings.HasSuffix(strings.ToLower(a), "end") {
				return ""
			}
			a = strings.TrimSpace(a[:len(a)-3])
		}
	} else if kind != "STORED_PROCEDURE" {
		return ""
	}
	a = strings.TrimSuffix(strings.TrimSuffix(a, ";"), "()")
	for _, r := range a {
		if r != '.' && r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
			return ""
		}
	}
	if a == "" {
		return ""
	}
	return "CALL " + strings.ToLower(a) + "()"
}

// calendar is a calendar expression of DBMS_SCHEDULER in cron's notation, "" if cron cannot say it.
func calendar(text string) string {
	part := map[string]string{}
	for _, p := range strings.Split(strings.ToUpper(strings.ReplaceAll(text, " ", "")), ";") {
		if k, v, ok := strings.Cut(p, "="); ok {
			part[k] = v
		} else if p != "" {
			return ""
		}
	}
	for k := range part {
		switch k {
		case "FREQ", "INTERVAL", "BYHOUR", "BYMINUTE", "BYSECOND", "BYDAY", "BYMONTHDAY":
		default:
			return ""
		}
	}
	step := part["INTERVAL"]
	if step == "" {
		step = "1"
	}
	if s := part["BYSECOND"]; s != "" && s != "0" {
		return ""
	}
	minute, hour := or(part["BYMINUTE"], "0"), or(part["BYHOUR"], "0")
	divides := func(of int) bool {
		n := 0
		_, err := fmt.Sscan(step, &n)
		return err == nil && n > 0 && of%n == 0
	}
	switch {
	case part["FREQ"] == "MINUTELY" && divides(60):
		return "*/" + step + " * * * *"
	case part["FREQ"] == "HOURLY" && divides(24):
		return minute + " */" + step + " * * *"
	case step != "1":
		return ""
	case part["FREQ"] == "DAILY":
		return minute + " " + hour + " * * " + or(weekdays(part["BYDAY"]), "*")
	case part["FREQ"] == "WEEKLY" && part["BYDAY"] != "" && weekdays(part["BYDAY"]) != "":
		return minute + " " + hour + " * * " + weekdays(part["BYDAY"])
	case part["FREQ"] == "MONTHLY" && part["BYMONTHDAY"] != "" && !strings.Contains(part["BYMONTHDAY"], "-"):
		return minute + " " + hour + " " + part["BYMONTHDAY"] + " * *"
	}
	return ""
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

var weekday = map[string]string{"SUN": "0", "MON": "1", "TUE": "2", "WED": "3", "THU": "4", "FRI": "5", "SAT": "6"}

func weekdays(list string) string {
	if list == "" {
		return ""
	}
	var out []string
	for _, d := range strings.Split(list, ",") {
		n, ok := weekday[d]
		if !ok {
			return ""
		}
		out = append(out, n)
	}
	return strings.Join(out, ",")
}

// everyExpression is the interval of DBMS_JOB in cron's notation, "" for other expressions than whole days at a time of day.
func everyExpression(text string) string {
	switch strings.ToUpper(strings.ReplaceAll(text, " ", "")) {
	case "TRUNC(SYSDATE)+1", "TRUNC(SYSDATE+1)":
		return "0 0 * * *"
	case "SYSDATE+1/24", "SYSDATE+(1/24)":
		return "0 * * * *"
	case "SYSDATE+1/1440", "SYSDATE+1/24/60", "SYSDATE+(1/1440)":
		return "* * * * *"
	}
	return ""
}

// finish puts the comments of jobs in front of the block that made them.
func (r *run) finish() {
	if len(r.notes) == 0 || r.Refused() {
		return
	}
	r.Unit.Stmts = append(r.notes, r.Unit.Stmts...)
}

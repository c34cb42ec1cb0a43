// Package timezone holds the rule for settings of the session that dates and times depend on.
package timezone

import (
	"regexp"
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
)

const code = "EX0346"

var (
	refused = &diag.Code{
		ID: "EX0347", Title: "setting of dates and times that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
		Doc: `The zone of the session is set to a value that is not known before the statement runs, another setting of dates and times is set to a value
that changes results, or such a setting is read.`,
		Next: "set the zone by a literal, or by SET TIME ZONE in the target's code", Learn: 0.2, Each: 0.2,
	}
	serverZone = &diag.Code{
		ID: "EX0348", Title: "zone of the server", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `SYSTEM and DEFAULT mean the zone of the source's server (MySQL Reference Manual, "MySQL Server Time Zone Support"); SET TIME ZONE DEFAULT means the
one that the target's server, database or role is configured with. Assumed: they are the same.`,
		Next: "set TimeZone on the target: ALTER DATABASE ... SET TimeZone = ...",
	}
)

// Rule is EX0346.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "time-zone",
		Doc: `SET time_zone sets the zone in which instants (TIMESTAMP) and the current time are told (MySQL Reference Manual, "MySQL Server Time Zone
Support"). PostgreSQL reads the sign of an offset in a plain text the other way round, so that offsets are written as intervals; names of zones are the same. lc_time_names
in English, default_week_format and div_precision_increment are taken into account where expressions are converted, and fall away.`,
		Fidelity: diag.Exact,
		Examples: []rewrite.Example{
			{Source: "SET time_zone = '+05:00';", Target: "SET TIME ZONE INTERVAL '+05:00' HOUR TO MINUTE;"},
			{Source: "SET SESSION time_zone = 'Europe/Berlin';", Target: "SET TIME ZONE 'Europe/Berlin';"},
			{
				Source: "SET @OLD_TIME_ZONE = @@TIME_ZONE;\nSET TIME_ZONE = '+00:00';\nSET TIME_ZONE = @OLD_TIME_ZONE;",
				Target: "-- SET @OLD_TIME_ZONE = @@TIME_ZONE;\nSET TIME ZONE INTERVAL '+00:00' HOUR TO MINUTE;\nSET TIME ZONE DEFAULT;",
			},
		},
		Findings: []*diag.Code{refused, serverZone},
		Looks:    ir.Kinds(ir.KindSysVar, ir.KindUserVar),
		Run:      run,
	}
}

// Keys of the session's state: the SET TIME ZONE that is in force, "" at the start, and by user variable the one that it holds.
const (
	current = "timezone.current"
	saved   = "timezone.saved"
)

type lowering struct {
	*rewrite.Pass
	program bool
}

func run(p *rewrite.Pass) {
	l := &lowering{Pass: p}
	var out []ir.Stmt
	for _, s := range p.Unit.Stmts {
		l.program = control.IsProgram(s)
		out = append(out, l.stmt(s)...)
	}
	if p.Refused() {
		return
	}
	p.Unit.Stmts = out
	for _, s := range out {
		l.reads(s)
	}
}

func (l *lowering) stmt(s ir.Stmt) []ir.Stmt {
	if n, ok := s.(*ir.SetVar); ok {
		return l.set(n)
	}
	if !l.program {
		return []ir.Stmt{s}
	}
	return []ir.Stmt{ir.Map(s, func(n ir.Node) ir.Node {
		v, ok := n.(*ir.SetVar)
		if !ok {
			return n
		}
		list := l.set(v)
		if len(list) == 1 {
			return list[0]
		}
		sp := &ir.Splice{Stmts: list}
		sp.Span = v.Span
		return sp
	})}
}

// set takes the settings of dates and times out of a SET.
func (l *lowering) set(n *ir.SetVar) []ir.Stmt {
	var kept []*ir.SetItem
	var out []ir.Stmt
	for _, it := range n.Items {
		l.save(it)
		v, ok := it.Target.(*ir.SysVar)
		if !ok || v.Scope == "global" {
			kept = append(kept, it)
			continue
		}
		switch v.Name {
		case "time_zone":
			out = append(out, l.zone(n, it))
		case "lc_time_names":
			s, ok := text(it.Value)
			l.falls(it, it.Value == nil || ok && strings.HasPrefix(strings.ToLower(s), "en_") || l.savedAs(it) == "lc_time_names", "names of days and months in another language than English")
		case "default_week_format", "div_precision_increment":
			_, ok := text(it.Value)
			l.falls(it, ok && !l.program, "%s set to a value that is not known", v.Name)
		case "timestamp":
			l.falls(it, it.Value == nil || isZero(it.Value), "the current time set by hand")
		default:
			kept = append(kept, it)
		}
	}
	switch {
	case len(kept) == len(n.Items):
		return []ir.Stmt{n}
	case len(kept) > 0:
		n.Items = kept
		return append(out, n)
	case len(out) == 0 && l.program:
		out = []ir.Stmt{&ir.Nothing{}}
	case len(out) == 0:
		out = []ir.Stmt{&ir.CommentStmt{Text: n.Span.Text()}}
	}
	control.Take(code, n, out...)
	return out
}

// falls drops a setting, or refuses it when it changes results in a way that was not taken into account.
func (l *lowering) falls(it *ir.SetItem, ok bool, format string, args ...any) {
	if !ok {
		rewrite.Refuse(l.Pass, refused, it.Span, format, args...)
	}
}

func isZero(e ir.Expr) bool {
	s, ok := text(e)
	return ok && (s == "0" || strings.EqualFold(s, "default"))
}

func text(e ir.Expr) (string, bool) {
	switch e := e.(type) {
	case *ir.String:
		return e.Value, true
	case *ir.Number:
		return e.Text, true
	}
	return "", false
}

// save notes SET @old = @@time_zone.
func (l *lowering) save(it *ir.SetItem) {
	u, ok := it.Target.(*ir.UserVar)
	if !ok || l.program {
		return
	}
	list := l.savedVars()
	delete(list, u.Name)
	if v, ok := it.Value.(*ir.SysVar); ok && v.Scope != "global" && (v.Name == "time_zone" || v.Name == "lc_time_names") {
		now, _ := l.Session.State[current].(string)
		if now == "" || v.Name != "time_zone" {
			now = "SET TIME ZONE DEFAULT"
		}
		list[u.Name] = keptValue{v.Name, now}
	}
}

type keptValue struct{ name, stmt string }

func (l *lowering) savedVars() map[string]keptValue {
	m, ok := l.Session.State[saved].(map[string]keptValue)
	if !ok {
		m = map[string]keptValue{}
		l.Session.State[saved] = m
	}
	return m
}

// savedAs names the setting whose value a user variable holds.
func (l *lowering) savedAs(it *ir.SetItem) string {
	if u, ok := it.Value.(*ir.UserVar); ok && !l.program {
		return l.savedVars()[u.Name].name
	}
	return ""
}

var (
	offset   = regexp.MustCompile(`^([-+])([0-9]{1,2}):([0-9]{2})$`)
	zoneName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_+/-]*$`)
)

// zone is the statement that sets the zone.
func (l *lowering) zone(n *ir.SetVar, it *ir.SetItem) ir.Stmt {
	stmt, ok := l.zoneStmt(it)
	if !ok {
		rewrite.Refuse(l.Pass, refused, it.Span, "the zone of the session is set to a value that is not known, or to none")
		return n
	}
	if strings.HasSuffix(stmt, "DEFAULT") {
		l.Report(serverZone, it.Span, "the zone of the server is that of the source's")
	}
	if !l.program {
		l.Session.State[current] = stmt
		if !l.Session.InOrder {
			return &ir.CommentStmt{Text: n.Span.Text()}
		}
	}
	return &ir.RawStmt{Text: stmt}
}

func (l *lowering) zoneStmt(it *ir.SetItem) (string, bool) {
	if it.Value == nil {
		return "SET TIME ZONE DEFAULT", true
	}
	if u, ok := it.Value.(*ir.UserVar); ok && !l.program {
		k := l.savedVars()[u.Name]
		return k.stmt, k.name == "time_zone"
	}
	s, ok := it.Value.(*ir.String)
	switch {
	case !ok:
		return "", false
	case strings.EqualFold(s.Value, "SYSTEM"), strings.EqualFold(s.Value, "DEFAULT"):
		return "SET TIME ZONE DEFAULT", true
	}
	if m := offset.FindStringSubmatch(s.Value); m != nil {
		h, _ := strconv.Atoi(m[2])
		min, _ := strconv.Atoi(m[3])
		if min > 59 || h*60+min > 14*60 {
			return "", false
		}
		hours := strconv.Itoa(h)
		if h < 10 {
			hours = "0" + hours
		}
		return "SET TIME ZONE INTERVAL '" + m[1] + hours + ":" + m[3] + "' HOUR TO MINUTE", true
	}
	return "SET TIME ZONE '" + s.Value + "'", zoneName.MatchString(s.Value)
}

// reads refuses settings of dates and times as values.
func (l *lowering) reads(s ir.Stmt) {
	ir.Walk(s, func(n ir.Node) bool {
		if it, ok := n.(*ir.SetItem); ok {
			if u, ok := it.Target.(*ir.UserVar); ok && l.savedVars()[u.Name].name != "" {
				return false
			}
		}
		if v, ok := n.(*ir.SysVar); ok && !l.Refused() {
			switch v.Name {
			case "time_zone", "system_time_zone", "lc_time_names", "timestamp":
				rewrite.Refuse(l.Pass, refused, v.Span, "@@%s is read", v.Name)
			}
		}
		return true
	})
}

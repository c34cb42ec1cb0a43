package assess

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/olekukonko/tablewriter"

	"godwit/ir/diag"
)

// WriteText prints the report for a terminal.
func (r *Report) WriteText(w io.Writer) error {
	p := &printer{w: w}
	p.f("godwit assessment: %s → %s\n\n", r.Input.Source, r.Input.Target)
	seen := ""
	if len(r.Input.Unseen) > 0 {
		seen = " that could be read"
	}
	if r.ByObject.Whole == 0 {
		p.f("No object is defined%s.\n", strings.Replace(seen, " that", " in what", 1))
	} else {
		p.f("%.1f %% of %d objects%s convert automatically (%.1f %% of %d lines).\n", r.ByObject.Percent(), r.ByObject.Whole, seen, r.ByLines.Percent(), r.ByLines.Whole)
		p.f("%d exact, %d exact under recorded assumptions, %d approximate with findings, %d refused by name.\n", r.Outcomes[diag.Exact], r.Outcomes[diag.Assumed], r.Outcomes[diag.Approximate], r.Outcomes[diag.Refused])
	}
	p.f("Manual work: %s.\n", r.Hours.text())
	for _, u := range r.Input.Unseen {
		p.f("Not seen: %s\n", u)
	}
	p.f("\n")
	p.kinds(r)
	p.statements(r)
	p.codes("What needs a person", r.Codes, true)
	p.codes("Assumptions to check", r.Assumptions, false)
	p.refused(r)
	return p.err
}

func (h Hours) text() string {
	if h.Expected == 0 {
		return "none expected"
	}
	return fmt.Sprintf("about %s hours (%s to %s)", hours(h.Expected), hours(h.Low), hours(h.High))
}

func hours(h float64) string {
	if h >= 10 {
		return fmt.Sprintf("%.0f", h)
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", h), ".0")
}

type printer struct {
	w   io.Writer
	err error
}

func (p *printer) f(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

func (p *printer) table(head []string, rows [][]string) {
	if p.err != nil || len(rows) == 0 {
		return
	}
	t := tablewriter.NewTable(p.w)
	t.Header(head)
	for _, r := range rows {
		if p.err = t.Append(r); p.err != nil {
			return
		}
	}
	p.err = t.Render()
}

func (p *printer) kinds(r *Report) {
	var rows [][]string
	for _, k := range r.Kinds {
		rows = append(rows, []string{k.Kind, fmt.Sprint(k.Total), fmt.Sprint(k.Grades[0]), fmt.Sprint(k.Grades[1]), fmt.Sprint(k.Grades[2]), fmt.Sprint(k.Grades[3]), fmt.Sprint(k.Lines)})
	}
	p.table([]string{"kind", "objects", "automatic", "simple", "medium", "significant", "lines"}, rows)
}

// maxReasons is how many codes of loose statements the text names.
const maxReasons = 8

// statements prints what becomes of the statements that define no object.
func (p *printer) statements(r *Report) {
	if len(r.Statements) == 0 {
		return
	}
	p.f("\nStatements that define no object (not part of the percentage):\n")
	var rows [][]string
	for _, s := range r.Statements {
		o := s.Outcomes
		rows = append(rows, []string{s.Kind.String(), fmt.Sprint(s.Total), fmt.Sprint(s.Fine()), fmt.Sprint(o[diag.Approximate]), fmt.Sprint(o[diag.Refused])})
	}
	p.table([]string{"statements", "number", "converted", "approximate", "refused"}, rows)
	for _, s := range r.Statements {
		for i, x := range s.Reasons {
			if i == maxReasons {
				p.f("  and %d more codes\n", len(s.Reasons)-i)
				break
			}
			p.f("  %s: %s %s, %s, first at %s: %s. %s\n", s.Kind, x.Code, x.Title, plural(x.Count, "time"), x.Where, x.Message, x.Next)
		}
	}
}

func (p *printer) codes(title string, codes []CodeRow, priced bool) {
	if len(codes) == 0 {
		return
	}
	p.f("\n%s:\n", title)
	var rows [][]string
	for _, c := range codes {
		row := []string{c.Code, c.Title, fmt.Sprint(c.Occurrences), fmt.Sprint(c.Objects)}
		if priced {
			row = append(row, c.Severity.String(), hours(c.Total().Expected))
		}
		rows = append(rows, row)
	}
	head := []string{"code", "what", "places", "objects"}
	if priced {
		head = append(head, "severity", "hours")
	}
	p.table(head, rows)
}

func (p *printer) refused(r *Report) {
	first := true
	for _, o := range r.Objects {
		if o.Status != diag.Refused {
			continue
		}
		if first {
			p.f("\nNot converted:\n")
			first = false
		}
		p.f("  %s %s (%s:%d)\n", o.Kind, diag.Visible(o.FullName()), o.File, o.Line)
		for _, f := range distinct(o.Findings) {
			if f.Severity != diag.Error {
				continue
			}
			times := ""
			if f.Times > 1 {
				times = fmt.Sprintf(" (%d times)", f.Times)
			}
			p.f("    %s: %s%s. %s\n", f.Code, f.Message, times, f.Next)
		}
	}
}

// counted is a finding with how often an object has it.
type counted struct {
	diag.Finding
	Times int
}

// distinct joins findings that say the same, in the order in which they came first.
func distinct(list []diag.Finding) []counted {
	var out []counted
	at := map[[2]string]int{}
	for _, f := range list {
		key := [2]string{f.Code, f.Message}
		i, there := at[key]
		if !there {
			at[key] = len(out)
			out = append(out, counted{f, 1})
			continue
		}
		out[i].Times++
	}
	return out
}

// FullName is schema.name, or name.
func (o Object) FullName() string {
	if o.Schema == "" {
		return o.Name
	}
	return o.Schema + "." + o.Name
}

// WriteJSON prints the whole report as JSON.
func (r *Report) WriteJSON(w io.Writer) error {
	type finding struct {
		Code     string        `json:"code"`
		Severity diag.Severity `json:"severity"`
		File     string        `json:"file"`
		Line     int           `json:"line"`
		Message  string        `json:"message"`
		Next     string        `json:"next,omitempty"`
	}
	type object struct {
		Kind     string        `json:"kind"`
		Schema   string        `json:"schema,omitempty"`
		Name     string        `json:"name"`
		Status   diag.Fidelity `json:"status"`
		Grade    Grade         `json:"grade"`
		Hours    Hours         `json:"hours"`
		Lines    int           `json:"lines"`
		Findings []finding     `json:"findings"`
	}
	type reason struct {
		Code     string        `json:"code"`
		Severity diag.Severity `json:"severity"`
		Count    int           `json:"count"`
		Where    string        `json:"first_at"`
		Message  string        `json:"message"`
		Next     string        `json:"next,omitempty"`
	}
	type loose struct {
		Kind        StatementKind `json:"kind"`
		Total       int           `json:"total"`
		Exact       int           `json:"exact"`
		Assumed     int           `json:"assumed"`
		Approximate int           `json:"approximate"`
		Refused     int           `json:"refused"`
		Reasons     []reason      `json:"reasons"`
	}
	out := struct {
		Source      string   `json:"source"`
		Target      string   `json:"target"`
		Automatic   float64  `json:"automatic_percent"`
		AutoLines   float64  `json:"automatic_lines_percent"`
		Hours       Hours    `json:"hours"`
		Unseen      []string `json:"unseen"`
		Objects     []object `json:"objects"`
		Statements  []loose  `json:"statements"`
		GodwitBuild string   `json:"godwit"`
	}{Source: r.Input.Source, Target: r.Input.Target, Automatic: r.ByObject.Percent(), AutoLines: r.ByLines.Percent(), Hours: r.Hours,
		Unseen: append([]string{}, r.Input.Unseen...), GodwitBuild: r.Input.Version, Objects: []object{}, Statements: []loose{}}
	for _, o := range r.Objects {
		j := object{Kind: o.Kind, Schema: o.Schema, Name: o.Name, Status: o.Status, Grade: o.Grade, Hours: o.Hours, Lines: o.SourceLines, Findings: []finding{}}
		for _, f := range o.Findings {
			file := ""
			if f.Span.File != nil {
				file = f.Span.File.Name
			}
			j.Findings = append(j.Findings, finding{f.Code, f.Severity, file, f.Span.Line(), f.Message, f.Next})
		}
		out.Objects = append(out.Objects, j)
	}
	for _, s := range r.Statements {
		o := s.Outcomes
		l := loose{s.Kind, s.Total, o[diag.Exact], o[diag.Assumed], o[diag.Approximate], o[diag.Refused], []reason{}}
		for _, x := range s.Reasons {
			l.Reasons = append(l.Reasons, reason{x.Code, x.Severity, x.Count, x.Where, x.Message, x.Next})
		}
		out.Statements = append(out.Statements, l)
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(out)
}

// Package check examines the two ends of a migration before it starts: log format, rights, keys, types, settings and
// what already lies on the target. Every result says what was found, why it matters, and the exact fix.
package check

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"godwit/runner/change"
	"godwit/runner/extract"
)

// Status is the outcome of one check.
type Status string

// The outcomes.
const (
	Passed  Status = "passed"
	Failed  Status = "failed"  // the migration would stop or lose something
	Warning Status = "warning" // the migration runs; something will be slower, unseen or needs care
	Skipped Status = "skipped" // it does not apply, or could not be examined; Found says why
)

// Result is the outcome of one check.
type Result struct {
	ID      string   `json:"id"`
	End     string   `json:"end"` // source or target
	Title   string   `json:"title"`
	Status  Status   `json:"status"`
	Found   string   `json:"found"`
	Objects []string `json:"objects,omitempty"`
	Why     string   `json:"why,omitempty"` // not for passed checks
	Fix     string   `json:"fix,omitempty"`
}

// Report is the outcome of all checks.
type Report struct {
	Results []Result `json:"results"`
}

// OK tells that nothing failed.
func (r *Report) OK() bool {
	return !slices.ContainsFunc(r.Results, func(x Result) bool { return x.Status == Failed })
}

// Count counts the results of a status.
func (r *Report) Count(s Status) int {
	n := 0
	for _, x := range r.Results {
		if x.Status == s {
			n++
		}
	}
	return n
}

// Querier runs a query and gives its rows as texts, NULL as "".
type Querier interface {
	Query(ctx context.Context, q string, args ...any) ([][]string, error)
}

// Table is a table that is to be moved.
type Table struct {
	Schema, Name         string // on the source
	TargetSchema, Target string // on the target
}

// Options say what is to be moved. The zero value is usable.
type Options struct {
	Schemas []string
	// Match tells which tables of the schemas are moved; nil means all.
	Match func(schema, table string) bool
	// Tables gives the names on the target; nil means they are the source's.
	Tables []Table
	// Policy gives the task's policies for values of a column that the target cannot hold; nil means that all are stop.
	Policy func(schema, table, column string) change.Policy
	// Resumes tells that the target holds progress of this task, so that its tables may have rows.
	Resumes bool
	// LoadOnly leaves out what only a change stream needs.
	LoadOnly bool
	// BytesPerSecond is the expected speed of the full load, for the log's retention; 20 MB/s if 0.
	BytesPerSecond int64
	// Connections is what the migration opens on the target; 8 if 0.
	Connections int
}

func (o *Options) defaults() {
	if o.Match == nil {
		o.Match = func(string, string) bool { return true }
	}
	if o.Policy == nil {
		o.Policy = func(string, string, string) change.Policy {
			return change.Policy{ZeroDates: change.Stop, NUL: change.Stop, InvalidText: change.Stop}
		}
	}
	if o.BytesPerSecond <= 0 {
		o.BytesPerSecond = 20 << 20
	}
	if o.Connections <= 0 {
		o.Connections = 8
	}
}

// outcome is what a check says about what it found.
type outcome struct {
	status  Status
	found   string
	fix     string
	objects []string
}

func pass(format string, args ...any) outcome {
	return outcome{status: Passed, found: fmt.Sprintf(format, args...)}
}

func skip(format string, args ...any) outcome {
	return outcome{status: Skipped, found: fmt.Sprintf(format, args...)}
}

func bad(s Status, fix, format string, args ...any) outcome {
	return outcome{status: s, found: fmt.Sprintf(format, args...), fix: fix}
}

// examine is one check over an end E.
type examine[E any] struct {
	id, title, why string
	stream         bool // only a change stream needs it
	run            func(context.Context, E) (outcome, error)
}

// Run examines both ends; a nil Querier leaves its end out. A check that could not be made is failed, never passed.
func Run(ctx context.Context, source, target Querier, o Options) (*Report, error) {
	o.defaults()
	out := &Report{}
	var src *sourceEnd
	if source != nil {
		var err error
		if src, err = newSource(ctx, source, &o); err != nil {
			return nil, fmt.Errorf("check the source: %w", err)
		}
		out.Results = append(out.Results, runAll(ctx, "source", src, sourceChecks, o.LoadOnly)...)
	}
	if target != nil {
		t := &targetEnd{q: target, o: &o}
		if src != nil {
			t.sourceBytes, t.tables = src.bytes(), src.targets()
		} else {
			t.tables = o.Tables
		}
		out.Results = append(out.Results, runAll(ctx, "target", t, targetChecks, o.LoadOnly)...)
	}
	return out, ctx.Err()
}

func runAll[E any](ctx context.Context, end string, e E, checks []examine[E], loadOnly bool) []Result {
	out := make([]Result, 0, len(checks))
	for _, c := range checks {
		r := Result{ID: c.id, End: end, Title: c.title}
		o, err := outcome{}, error(nil)
		if c.stream && loadOnly {
			o = skip("only a change stream needs it")
		} else if o, err = c.run(ctx, e); err != nil {
			o = bad(Failed, "grant the right that the message names, or repair the server, and check again", "could not be examined: %v", err)
		}
		r.Status, r.Found, r.Objects = o.status, o.found, o.objects
		if o.status != Passed && o.status != Skipped {
			r.Why, r.Fix = c.why, o.fix
		}
		out = append(out, r)
	}
	return out
}

// Text lays the report out for a terminal: what needs attention first is not hidden, passed checks are one line each.
func (r *Report) Text() string {
	var b strings.Builder
	end := ""
	for _, x := range r.Results {
		if x.End != end {
			end = x.End
			fmt.Fprintf(&b, "%s\n", strings.ToUpper(end))
		}
		fmt.Fprintf(&b, "  %-8s %-28s %s\n", x.Status, x.ID, x.Found)
		for i, o := range x.Objects {
			if i == 10 {
				fmt.Fprintf(&b, "%39s ... and %d more\n", "", len(x.Objects)-i)
				break
			}
			fmt.Fprintf(&b, "%39s %s\n", "", o)
		}
		if x.Why != "" {
			fmt.Fprintf(&b, "%39s why: %s\n", "", x.Why)
		}
		if x.Fix != "" {
			fmt.Fprintf(&b, "%39s fix: %s\n", "", strings.ReplaceAll(x.Fix, "\n", "\n"+strings.Repeat(" ", 45)))
		}
	}
	fmt.Fprintf(&b, "%d passed, %d failed, %d warnings, %d skipped\n", r.Count(Passed), r.Count(Failed), r.Count(Warning), r.Count(Skipped))
	return b.String()
}

// hours prints a duration for a person.
func hours(d time.Duration) string {
	if d >= 48*time.Hour {
		return fmt.Sprintf("%.1f days", d.Hours()/24)
	}
	return fmt.Sprintf("%.1f hours", d.Hours())
}

// quoted writes a name of the source.
func quoted(s string) string { return "`" + strings.ReplaceAll(s, "`", "``") + "`" }

// ident writes a name of the target.
func ident(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// rights are the rights of the source's user.
type rights = extract.Grants

// Package diag defines findings: what the tool has to say about a conversion, each with a documented code.
package diag

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"godwit/ir/source"
)

// Severity orders findings by what the reader has to do.
type Severity int

// The severities. Review and above count as noise when the conversion turns out right.
const (
	Info    Severity = iota // for the record: an assumption in the ledger, a note
	Review                  // a person should look: behaviour may differ in the named situation
	Warning                 // behaviour differs in the named situation
	Error                   // not converted; the source stands as a comment
)

var severityNames = [...]string{"info", "review", "warning", "error"}

func (s Severity) String() string {
	if s < Info || s > Error {
		return fmt.Sprintf("severity(%d)", int(s))
	}
	return severityNames[s]
}

// MarshalText writes the severity's name.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the severity's name.
func (s *Severity) UnmarshalText(b []byte) error {
	for i, n := range severityNames {
		if n == string(b) {
			*s = Severity(i)
			return nil
		}
	}
	return fmt.Errorf("unknown severity %q", b)
}

// Fidelity is the outcome of a conversion: one of four, never a fifth.
type Fidelity int

// The four outcomes.
const (
	Exact       Fidelity = iota // same behaviour
	Assumed                     // same behaviour under a recorded, checkable assumption
	Approximate                 // differs in a way that a finding names
	Refused                     // not converted, by name; the source is kept as a comment
)

var fidelityNames = [...]string{"exact", "assumed", "approximate", "refused"}

func (f Fidelity) String() string {
	if f < Exact || f > Refused {
		return fmt.Sprintf("fidelity(%d)", int(f))
	}
	return fidelityNames[f]
}

// MarshalText writes the outcome's name.
func (f Fidelity) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// Code documents one kind of finding. ID is two letters and four digits and is never reused:
// TY types, NM names, DD DDL, CN constraints, EX expressions, FN functions, QY queries, PL procedural, EH errors,
// TX transactions, TR triggers, PK packages, DS dynamic SQL, SE grants, PF performance, SY syntax.
type Code struct {
	ID       string
	Title    string   // one line, no full stop
	Severity Severity // usual severity
	Fidelity Fidelity // what the finding makes of its object
	Doc      string   // what differs and why, with the manual section
	Next     string   // the next step a person takes
	Learn    float64  // hours to design an answer, once per project
	Each     float64  // hours per occurrence
}

// Finding is one thing said about one place.
type Finding struct {
	Code     string
	Severity Severity
	Fidelity Fidelity
	Span     source.Span
	Object   string // "kind schema.name" of the object it belongs to, "" for none
	Message  string // names the construct
	Next     string // what to do
}

// New makes a finding of the code at the span; the message names the construct.
func (c *Code) New(span source.Span, format string, args ...any) Finding {
	return Finding{Code: c.ID, Severity: c.Severity, Fidelity: c.Fidelity, Span: span, Message: Visible(fmt.Sprintf(format, args...)), Next: c.Next}
}

// Visible shows what does not print as Go would write it: names and texts of a source may hold anything, and messages go to terminals.
func Visible(s string) string {
	hidden := func(r rune) bool { return r == utf8.RuneError || r != '\n' && r != '\t' && !unicode.IsPrint(r) }
	if strings.IndexFunc(s, hidden) < 0 {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		switch _, n := utf8.DecodeRuneInString(s[i:]); {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r != utf8.RuneError && hidden(r):
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// List collects findings.
type List []Finding

// Add appends findings.
func (l *List) Add(f ...Finding) { *l = append(*l, f...) }

// Worst is the outcome that the findings leave: the least exact of them.
func (l List) Worst() Fidelity {
	w := Exact
	for _, f := range l {
		w = max(w, f.Fidelity)
	}
	return w
}

// Sort orders findings by file, offset, code and message, and drops exact duplicates.
func (l List) Sort() List {
	sort.SliceStable(l, func(i, j int) bool { return less(l[i], l[j]) })
	out := l[:0]
	for i, f := range l {
		if i > 0 && same(f, l[i-1]) {
			continue
		}
		out = append(out, f)
	}
	return out
}

func fileName(s source.Span) string {
	if s.File == nil {
		return ""
	}
	return s.File.Name
}

func less(a, b Finding) bool {
	if x, y := fileName(a.Span), fileName(b.Span); x != y {
		return x < y
	}
	if a.Span.Start != b.Span.Start {
		return a.Span.Start < b.Span.Start
	}
	if a.Code != b.Code {
		return a.Code < b.Code
	}
	return a.Message < b.Message
}

func same(a, b Finding) bool {
	return a.Code == b.Code && a.Span == b.Span && a.Message == b.Message && a.Object == b.Object
}

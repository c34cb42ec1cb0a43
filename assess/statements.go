package assess

import (
	"fmt"
	"sort"

	"godwit/ir/diag"
)

// StatementKind is what a loose statement is for.
type StatementKind int

// Kinds of loose statements.
const (
	Rows     StatementKind = iota // rows of constants
	Changes                       // other changes of rows, and calls
	Queries                       // what returns rows
	Commands                      // for the client program, or about the session
)

var statementNames = [...]string{"rows of data", "changes and calls", "queries", "commands and settings"}

func (k StatementKind) String() string { return statementNames[k] }

// MarshalText writes the kind's name.
func (k StatementKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Statement is a statement that defines no object.
type Statement struct {
	Kind     StatementKind
	Status   diag.Fidelity
	Findings diag.List
	File     string
	Line     int
}

// StatementRow sums up the loose statements of a kind.
type StatementRow struct {
	Kind     StatementKind
	Total    int
	Outcomes [4]int
	Reasons  []Reason // why some are approximate or refused, most frequent first
}

// Fine is how many of them need nobody.
func (s StatementRow) Fine() int { return s.Outcomes[diag.Exact] + s.Outcomes[diag.Assumed] }

// Reason is a code that occurs in loose statements.
type Reason struct {
	Code     string
	Title    string
	Severity diag.Severity
	Count    int
	Where    string // the first place
	Message  string
	Next     string
}

// countStatements sums up the loose statements. What hundreds of rows have in common is a matter of their file: a code is paid once for each
// file there, and for commands, and once for each place in other statements.
func countStatements(in Input, codes map[string]*CodeRow, m *Model) []StatementRow {
	var rows [len(statementNames)]StatementRow
	var reasons [len(statementNames)]map[string]*Reason
	paid := map[string]bool{}
	for _, s := range in.Statements {
		row := &rows[s.Kind]
		row.Kind = s.Kind
		row.Total++
		row.Outcomes[s.Status]++
		if reasons[s.Kind] == nil {
			reasons[s.Kind] = map[string]*Reason{}
		}
		for _, f := range s.Findings {
			once := s.Kind == Rows || s.Kind == Commands
			key := f.Code + "\x00" + s.File
			countCodes(codes, diag.List{f}, in.Codes, m, false, !once || !paid[key])
			paid[key] = paid[key] || once
			if f.Severity == diag.Info {
				continue
			}
			x := reasons[s.Kind][f.Code]
			if x == nil {
				x = &Reason{Code: f.Code, Title: f.Code, Severity: f.Severity, Where: fmt.Sprintf("%s:%d", s.File, s.Line), Message: f.Message, Next: f.Next}
				if d := in.Codes[f.Code]; d != nil {
					x.Title = d.Title
				}
				reasons[s.Kind][f.Code] = x
			}
			x.Count++
		}
	}
	for outcome, n := range in.MoreRows {
		rows[Rows].Kind = Rows
		rows[Rows].Total += n
		rows[Rows].Outcomes[outcome] += n
	}
	var out []StatementRow
	for k, row := range rows {
		if row.Total == 0 {
			continue
		}
		for _, x := range reasons[k] {
			row.Reasons = append(row.Reasons, *x)
		}
		sort.Slice(row.Reasons, func(i, j int) bool {
			a, b := row.Reasons[i], row.Reasons[j]
			if a.Count != b.Count {
				return a.Count > b.Count
			}
			return a.Code < b.Code
		})
		out = append(out, row)
	}
	return out
}

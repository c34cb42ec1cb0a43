// Package assess tells how much of a database converts by itself and what the rest costs.
//
// It detects nothing: it groups the findings of a conversion by object and code and prices them with a table that the
// user may edit. What the conversion could not see is stated, because the percentages would be wrong without it.
package assess

import (
	"math"
	"sort"
	"time"

	"godwit/ir/diag"
)

// Object is one object or loose statement of the source with what its conversion found.
type Object struct {
	Kind, Schema, Name string
	Status             diag.Fidelity
	SourceLines        int
	TargetLines        int
	File               string
	Line               int
	Findings           diag.List
}

// Input is what a report is made of.
type Input struct {
	Source, Target string // "MariaDB 10.11 at 127.0.0.1", "PostgreSQL 15"
	Objects        []Object
	Statements     []Statement           // that define no object
	MoreRows       [diag.Refused + 1]int // further statements with rows, of which there is no more to tell, by outcome
	Codes          map[string]*diag.Code // every code that can occur
	Unseen         []string              // what could not be read, with the reason
	Made           time.Time
	Version        string // of godwit
}

// Grade is how much work an object is.
type Grade int

// The grades, with the hours that separate them.
const (
	Automatic   Grade = iota // nothing to do
	Simple                   // under 2 hours
	Medium                   // 2 to 6 hours
	Significant              // over 6 hours
)

var gradeNames = [...]string{"automatic", "simple", "medium", "significant"}

func (g Grade) String() string { return gradeNames[g] }

// MarshalText writes the grade's name.
func (g Grade) MarshalText() ([]byte, error) { return []byte(g.String()), nil }

// Hours is an estimate with its range.
type Hours struct {
	Low      float64 `json:"low"`
	Expected float64 `json:"expected"`
	High     float64 `json:"high"`
}

func (h Hours) plus(o Hours) Hours {
	return Hours{h.Low + o.Low, h.Expected + o.Expected, h.High + o.High}
}

// GradedObject is an object with its grade and price.
type GradedObject struct {
	Object
	Grade Grade
	Hours Hours // without the one-off cost of learning a code
}

// KindRow sums up one kind of object.
type KindRow struct {
	Kind   string
	Total  int
	Grades [4]int
	Lines  int
}

// CodeRow sums up one code.
type CodeRow struct {
	Code        string
	Title       string
	Severity    diag.Severity
	Fidelity    diag.Fidelity
	Occurrences int
	Objects     int
	Learn       Hours
	Work        Hours // of all occurrences
	Next        string
	Doc         string
}

// Total is the price of the code.
func (c CodeRow) Total() Hours { return c.Learn.plus(c.Work) }

// Report is the assessment of a source.
type Report struct {
	Input       Input
	Objects     []GradedObject
	Kinds       []KindRow
	Codes       []CodeRow // review and above, dearest first
	Assumptions []CodeRow // info: the ledger
	Statements  []StatementRow
	Hours       Hours
	ByObject    Share
	ByLines     Share
	Outcomes    [4]int // objects by fidelity
}

// Share is a part of a whole.
type Share struct{ Part, Whole int }

// Percent is the share in percent, 100 when there is nothing to share.
func (s Share) Percent() float64 {
	if s.Whole == 0 {
		return 100
	}
	return math.Floor(1000*float64(s.Part)/float64(s.Whole)) / 10
}

// kindOrder is the order of kinds in a report: storage first, then code.
var kindOrder = map[string]int{"schema": 1, "sequence": 2, "type": 3, "table": 4, "index": 5, "constraint": 6, "view": 7,
	"function": 8, "procedure": 9, "package": 10, "package body": 11, "package routine": 12,
	"trigger": 13, "event": 14, "data": 15, "query": 16, "other": 17}

// Make computes the report.
func Make(in Input, model *Model) *Report {
	r := &Report{Input: in}
	kinds := map[string]*KindRow{}
	codes := map[string]*CodeRow{}
	for _, o := range in.Objects {
		g := grade(o, model)
		r.Objects = append(r.Objects, g)
		r.Outcomes[o.Status]++
		k := kinds[o.Kind]
		if k == nil {
			k = &KindRow{Kind: o.Kind}
			kinds[o.Kind] = k
		}
		k.Total++
		k.Grades[g.Grade]++
		k.Lines += o.SourceLines
		r.ByObject.Whole++
		r.ByLines.Whole += o.SourceLines
		if g.Grade == Automatic {
			r.ByObject.Part++
			r.ByLines.Part += o.SourceLines
		}
		countCodes(codes, o.Findings, in.Codes, model, true, true)
	}
	r.Statements = countStatements(in, codes, model)
	for _, k := range kinds {
		r.Kinds = append(r.Kinds, *k)
	}
	sort.Slice(r.Kinds, func(i, j int) bool { return kindLess(r.Kinds[i].Kind, r.Kinds[j].Kind) })
	for _, c := range codes {
		if c.Severity == diag.Info {
			r.Assumptions = append(r.Assumptions, *c)
		} else {
			r.Codes = append(r.Codes, *c)
		}
	}
	sortCodes(r.Codes)
	for _, c := range r.Codes { // in order: sums of fractions depend on it
		r.Hours = r.Hours.plus(c.Total())
	}
	sortCodes(r.Assumptions)
	sort.SliceStable(r.Objects, func(i, j int) bool { return objectLess(r.Objects[i], r.Objects[j]) })
	return r
}

func kindLess(a, b string) bool {
	x, y := kindOrder[a], kindOrder[b]
	if x == 0 {
		x = 99
	}
	if y == 0 {
		y = 99
	}
	if x != y {
		return x < y
	}
	return a < b
}

func objectLess(a, b GradedObject) bool {
	if a.Kind != b.Kind {
		return kindLess(a.Kind, b.Kind)
	}
	if a.Schema != b.Schema {
		return a.Schema < b.Schema
	}
	return a.Name < b.Name
}

func sortCodes(c []CodeRow) {
	sort.Slice(c, func(i, j int) bool {
		x, y := c[i].Total().Expected, c[j].Total().Expected
		if x != y {
			return x > y
		}
		if c[i].Occurrences != c[j].Occurrences {
			return c[i].Occurrences > c[j].Occurrences
		}
		return c[i].Code < c[j].Code
	})
}

func grade(o Object, m *Model) GradedObject {
	g := GradedObject{Object: o}
	worst := diag.Info
	for _, f := range o.Findings {
		worst = max(worst, f.Severity)
		if f.Severity > diag.Info {
			g.Hours = g.Hours.plus(m.Each(f.Code))
		}
	}
	switch {
	case worst == diag.Info && o.Status != diag.Refused:
		g.Grade = Automatic
	case g.Hours.Expected < 2:
		g.Grade = Simple
	case g.Hours.Expected <= 6:
		g.Grade = Medium
	default:
		g.Grade = Significant
	}
	return g
}

// countCodes adds the findings of an object, or of a loose statement, to the codes; a repeated one costs nothing more.
func countCodes(codes map[string]*CodeRow, list diag.List, docs map[string]*diag.Code, m *Model, object, paid bool) {
	seen := map[string]bool{}
	for _, f := range list {
		c := codes[f.Code]
		if c == nil {
			c = &CodeRow{Code: f.Code, Title: f.Code, Next: f.Next, Severity: f.Severity}
			if d := docs[f.Code]; d != nil {
				c.Title, c.Doc = d.Title, d.Doc
				if d.Next != "" {
					c.Next = d.Next
				}
			}
			if f.Severity > diag.Info {
				c.Learn = m.Learn(f.Code)
			}
			codes[f.Code] = c
		}
		c.Severity = max(c.Severity, f.Severity)
		c.Fidelity = max(c.Fidelity, f.Fidelity)
		c.Occurrences++
		if object && !seen[f.Code] {
			seen[f.Code] = true
			c.Objects++
		}
		if f.Severity > diag.Info {
			if c.Learn == (Hours{}) {
				c.Learn = m.Learn(f.Code)
			}
			if paid {
				c.Work = c.Work.plus(m.Each(f.Code))
			}
		}
	}
}

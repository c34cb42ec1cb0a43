package godwit

import (
	"sort"

	"godwit/emit/postgres"
	"godwit/ir/diag"
	"godwit/ir/resolve"
	"godwit/ir/resolve/plsql"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/rules"
	"godwit/parser"
)

// Codes are all codes that a finding can have, by ID.
func Codes() map[string]*diag.Code {
	out := map[string]*diag.Code{}
	for _, c := range allCodes() {
		out[c.ID] = c
	}
	return out
}

// allCodes lists the codes of all packages; one that several rules report is listed for each.
func allCodes() []*diag.Code {
	out := []*diag.Code{internalError, notExpressible, tooDeep, missingObject, moreFindings, memberLeft, routineLeft, definedAnew, definedBefore, droppedAfter, droppedBefore, lastName, lastState, actsNoMore, oldColumn, notMadeYet, madeAgain, ofTheFirst, cleansUp, dropsWhatFollows, dropsOthers, keyHasIndex, bringsForm, unknownProfiled, metName, typeChanged, lostVariable, withoutBody, unboundName, takenInTurn, OldLines, toldByScript, calledOnce}
	out = append(out, parser.Codes()...)
	out = append(out, resolve.Codes()...)
	out = append(out, plsql.Codes()...)
	out = append(out, postgres.Codes()...)
	for _, r := range rules.All() {
		out = append(out, r.Findings...)
	}
	return out
}

// CodeDoc documents a code or a rule.
type CodeDoc struct {
	ID       string            `json:"id"`
	Title    string            `json:"title"`
	Doc      string            `json:"doc"`
	Severity string            `json:"severity,omitempty"` // "" for a rule without a finding
	Outcome  string            `json:"outcome"`
	Next     string            `json:"next,omitempty"`
	Examples []rewrite.Example `json:"examples,omitempty"`
}

// Docs documents every code and rule, by ID. A rule and a finding may share an ID: they are one entry then.
func Docs() []CodeDoc {
	docs := map[string]*CodeDoc{}
	for id, c := range Codes() {
		docs[id] = &CodeDoc{ID: id, Title: c.Title, Doc: c.Doc, Severity: c.Severity.String(), Outcome: c.Fidelity.String(), Next: c.Next}
	}
	for _, r := range rules.All() {
		d := docs[r.Code]
		if d == nil {
			d = &CodeDoc{ID: r.Code, Title: r.Name, Outcome: r.Fidelity.String()}
			docs[r.Code] = d
		}
		if d.Doc != "" && d.Doc != r.Doc {
			d.Doc = r.Doc + "\n\n" + d.Doc
		} else {
			d.Doc = r.Doc
		}
		d.Examples = r.Examples
	}
	out := make([]CodeDoc, 0, len(docs))
	for _, d := range docs {
		out = append(out, *d)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ID < out[j].ID })
	return out
}

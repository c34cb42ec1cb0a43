package assess

import (
	"bytes"
	"strings"
	"testing"

	"godwit/ir/diag"
	"godwit/ir/source"
)

func sample() (Input, map[string]*diag.Code) {
	codes := map[string]*diag.Code{
		"EX9001": {ID: "EX9001", Title: "An assumption", Severity: diag.Info, Fidelity: diag.Assumed},
		"EX9002": {ID: "EX9002", Title: "A difference", Severity: diag.Warning, Fidelity: diag.Approximate, Learn: 3, Each: 1},
		"EX9003": {ID: "EX9003", Title: "Not converted", Severity: diag.Error, Fidelity: diag.Refused, Learn: 2, Each: 8, Next: "write it by hand"},
	}
	f := source.NewFile("a.sql", "CREATE VIEW v AS\nSELECT <b>;\n")
	sp := source.Span{File: f, Start: 17, End: 27}
	in := Input{Source: "MariaDB 10.11", Target: "PostgreSQL 15", Codes: codes, Unseen: []string{"bodies of 2 routines: no right to read mysql.proc."}, Objects: []Object{
		{Kind: "table", Schema: "s", Name: "t", SourceLines: 5, Status: diag.Assumed, Findings: diag.List{codes["EX9001"].New(sp, "blanks")}},
		{Kind: "view", Schema: "s", Name: "v", SourceLines: 2, Status: diag.Approximate, Findings: diag.List{codes["EX9002"].New(sp, "one"), codes["EX9002"].New(sp, "two")}},
		{Kind: "procedure", Schema: "s", Name: "p", SourceLines: 9, Status: diag.Refused, File: "a.sql", Line: 2, Findings: diag.List{codes["EX9003"].New(sp, "no <b>")}},
		{Kind: "table", Schema: "s", Name: "u", SourceLines: 4, Status: diag.Exact},
	}}
	return in, codes
}

func TestMakeGradesAndPrices(t *testing.T) {
	in, codes := sample()
	r := Make(in, NewModel(codes))
	if r.ByObject != (Share{2, 4}) || r.ByObject.Percent() != 50 {
		t.Errorf("by object = %v", r.ByObject)
	}
	if r.ByLines != (Share{9, 20}) {
		t.Errorf("by lines = %v", r.ByLines)
	}
	// Learning once (3 + 2) and per place (2 × 1 + 1 × 8).
	if r.Hours.Expected != 15 || r.Hours.Low != 7.5 || r.Hours.High != 30 {
		t.Errorf("hours = %+v", r.Hours)
	}
	grades := map[string]Grade{}
	for _, o := range r.Objects {
		grades[o.Name] = o.Grade
	}
	want := map[string]Grade{"t": Automatic, "u": Automatic, "v": Medium, "p": Significant}
	for n, g := range want {
		if grades[n] != g {
			t.Errorf("grade of %s = %v, want %v", n, grades[n], g)
		}
	}
	if len(r.Assumptions) != 1 || r.Assumptions[0].Code != "EX9001" || r.Codes[0].Code != "EX9003" {
		t.Errorf("codes = %+v, assumptions = %+v", r.Codes, r.Assumptions)
	}
}

func TestReportsNameWhatMatters(t *testing.T) {
	in, codes := sample()
	r := Make(in, NewModel(codes))
	var text, html, js bytes.Buffer
	for _, err := range []error{r.WriteText(&text), r.WriteHTML(&html), r.WriteJSON(&js)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"50.0 %", "bodies of 2 routines", "EX9003", "procedure s.p", "write it by hand"} {
		for name, out := range map[string]string{"text": text.String(), "html": html.String()} {
			if !strings.Contains(out, want) {
				t.Errorf("%s report lacks %q", name, want)
			}
		}
	}
	if strings.Contains(html.String(), "no <b>") || !strings.Contains(html.String(), "no &lt;b&gt;") {
		t.Error("the page must escape what comes from the source")
	}
	for _, outside := range []string{"http://", "https://", "<script", "<link"} {
		if strings.Contains(html.String(), outside) {
			t.Errorf("the page is not self-contained: %s", outside)
		}
	}
	if !strings.Contains(js.String(), `"grade": "significant"`) {
		t.Error("JSON lacks the grade")
	}
}

package godwit

import (
	"encoding/json"
	"testing"

	"godwit/ir/diag"
)

func TestFindingsText(t *testing.T) {
	add := func(object, message, next string) *diag.Code {
		return &diag.Code{ID: "XX0001", Title: message, Severity: diag.Review, Fidelity: diag.Approximate, Next: next, Doc: object}
	}
	for name, codes := range map[string][]*diag.Code{
		"none": nil,
		"one":  {add("table a.b", "it is so", "do that")},
		"several": {
			add("view \"x\"", "<a> & 'b'\n\tünï \u2028 \x01 \xff", ""), add("", "", "next\\"), add("t", "m", "n"),
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := &Conversion{}
			for _, k := range codes {
				f := diag.Finding{Code: k.ID, Severity: k.Severity, Fidelity: k.Fidelity, Object: k.Doc, Message: k.Title, Next: k.Next}
				c.General = append(c.General, f)
			}
			want, err := json.MarshalIndent(c.Findings(), "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			if got := c.findingsText(); got != string(want)+"\n" {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

package godwit

import (
	"bytes"
	"fmt"
	"testing"

	"godwit/ir/dialect"
	"godwit/ir/rewrite/rules"
	"godwit/ir/source"
)

// allOutput is all that comes out of a text, converted both ways.
func allOutput(t *testing.T, setup, text string, opt Options) string {
	t.Helper()
	var b bytes.Buffer
	files := []*source.File{source.NewFile("setup.sql", setup), source.NewFile("x.sql", text)}
	c, err := Convert(files, opt)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range c.Files() {
		fmt.Fprintf(&b, "%s\n%s\n", f.Path, f.Text)
	}
	fmt.Fprintln(&b, c.Findings())
	if c, err = Translate(files, opt); err != nil {
		t.Fatal(err)
	}
	if err := c.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestRulesLook holds that a rule that is left out, since a unit has none of the nodes that it names in Looks, would have done nothing.
func TestRulesLook(t *testing.T) {
	opt := Options{From: dialect.MySQL, To: dialect.Postgres, ToVersion: 15}
	check := func(name, setup, text string) {
		t.Helper()
		every := opt
		every.everyRule = true
		if got, want := allOutput(t, setup, text, opt), allOutput(t, setup, text, every); got != want {
			t.Errorf("%s: a rule is left out that would do something; see its Looks:\n%s\nwith all rules:\n%s", name, firstDifference(got, want), firstDifference(want, got))
		}
	}
	for _, r := range rules.All() {
		for i, e := range r.Examples {
			check(fmt.Sprintf("%s, example %d", r.Name, i+1), e.Setup, e.Source)
		}
	}
	for name, text := range scriptTexts(t) {
		if len(text) < 20_000 {
			check(name, "", text)
		}
	}
}

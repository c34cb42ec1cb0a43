package godwit

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/runner/enginetest"
)

// TestCollationPolicies runs every case of MySQL and MariaDB that the policy for case-insensitive texts changes, with types of citext and without any, on
// the oldest and the newest target. Where the answer differs from the source's, a finding says so: one that asks for a look, or the assumption that texts
// differ in case only, if the case has letters beyond ASCII.
func TestCollationPolicies(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the cases of two sources four times")
	}
	for _, policy := range []string{"citext", "none"} {
		for _, version := range []int{15, 18} {
			t.Run(policy+"-"+map[int]string{15: "15", 18: "18"}[version], func(t *testing.T) {
				enginetest.Postgres(t, version)
				url := enginetest.FreshPostgres(t, version, "collations")
				n := map[string]int{}
				for _, folder := range []string{"mysql", "own"} {
					paths, err := filepath.Glob("testdata/cases/" + folder + "/*.txtar")
					if err != nil {
						t.Fatal(err)
					}
					for _, p := range paths {
						c := readCase(t, p)
						c.version = version
						asIs := c.script(t)
						c.collations = policy
						if c.script(t) == asIs {
							continue
						}
						t.Run(folder+"-"+c.name, func(t *testing.T) { n[c.inPolicy(t, url)]++ })
					}
				}
				t.Logf("%v", n)
				if sum := n["right"] + n["flagged"] + n["rejected"]; sum > 50 && n["right"] < 100 {
					t.Errorf("%d cases of %d are right", n["right"], sum)
				}
			})
		}
	}
}

// script is what the case becomes.
func (c behaviourCase) script(t *testing.T) string {
	t.Helper()
	opt := Options{From: dialect.Name(c.from), To: dialect.Postgres, ToVersion: c.version, Settings: c.settings}
	opt.Policy.Collations = c.collations
	conv, err := Translate([]*source.File{source.NewFile("source.sql", c.source+"\n"+c.run)}, opt)
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	for _, u := range conv.Translated() {
		for _, x := range u.Target {
			b.WriteString(x.SQL + "\n")
		}
	}
	return b.String()
}

// inPolicy runs a case whose answer may differ where a finding says so.
func (c behaviourCase) inPolicy(t *testing.T, url string) string {
	t.Helper()
	exact := c
	exact.collations = ""
	clearDatabase(t, url)
	if o := exact.judge(t, url); o.outcome != "right" {
		return "not right as it is"
	}
	clearDatabase(t, url)
	o := c.judge(t, url)
	switch {
	case o.outcome == "right" || o.outcome == "refused":
	case o.outcome == "rejected" && !(c.collations == "none" && o.noisy): // an error that the case is about, and rows that are told apart
		t.Errorf("%s", o.why)
	case !o.noisy && !(slices.Contains(o.codes, "EX0746") && strings.ContainsFunc(c.source+c.run, func(r rune) bool { return r > 127 })):
		t.Errorf("no finding says of a difference (%s): %s", o.outcome, o.why)
	}
	return o.outcome
}

// reviewed are the codes of a conversion.
func reviewed(list ...*Conversion) (codes []string) {
	for _, c := range list {
		for _, u := range c.Units {
			for _, f := range u.Findings {
				if f.Fidelity >= diag.Assumed {
					codes = append(codes, f.Code)
				}
			}
		}
	}
	return codes
}

package godwit

import (
	"cmp"
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"godwit/emit/postgres"
	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/runner/enginetest"
	"godwit/runner/enginetest/rows"
)

// TestCasesByFolder converts the scripts of the cases to folders, loads these file by file, and runs what the cases ask: a folder does what its script
// does in the order of its statements. Where it cannot, a finding says so.
func TestCasesByFolder(t *testing.T) {
	if testing.Short() {
		t.Skip("runs all cases")
	}
	enginetest.Postgres(t, 15)
	url := enginetest.FreshPostgres(t, 15, "byfolder")
	n := map[string]int{}
	for _, g := range caseGroups {
		paths, err := filepath.Glob("testdata/cases/" + g.folder + "/*.txtar")
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range paths {
			c := readCase(t, p)
			t.Run(g.folder+"-"+c.name, func(t *testing.T) {
				clearDatabase(t, url)
				o := c.byFolder(t, url)
				n[g.folder+" "+o.outcome]++
				if o.outcome == "wrong" || o.outcome == "rejected" {
					t.Errorf("%s: %s", o.outcome, o.why)
				} else if o.outcome != "right" {
					t.Logf("%s: %s", o.outcome, o.why)
				}
			})
		}
	}
	t.Logf("%v", n)
}

// byFolder is judge with a folder for the definitions.
func (c behaviourCase) byFolder(t *testing.T, url string) caseOutcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	opt := Options{From: dialect.Name(c.from), To: dialect.Postgres, ToVersion: cmp.Or(c.version, 15), Settings: c.settings}
	opt.Policy.Packages, opt.Policy.Collations, opt.Policy.Autonomous = c.packages, c.collations, c.autonomous
	if c.autonomous != "" && !linked(t, ctx, url) {
		t.Skip("the server has no extension dblink")
	}
	src, err := Convert([]*source.File{source.NewFile("source.sql", c.source)}, opt)
	if err != nil {
		return caseOutcome{outcome: "rejected", why: err.Error()}
	}
	opt.Catalog = []*source.File{source.NewFile("source.sql", c.source)}
	run, err := Translate([]*source.File{source.NewFile("run.sql", c.run)}, opt)
	if err != nil {
		return caseOutcome{outcome: "rejected", why: err.Error()}
	}
	s1 := rows.Connect(t, ctx, url)
	for _, f := range src.Files() {
		if !f.Load {
			continue
		}
		for _, x := range postgres.Split(f.Text) {
			if strings.TrimSpace(x) != "" {
				s1.Entry(ctx, []rows.Statement{{SQL: x}})
			}
		}
	}
	s1.Close(ctx)
	s2 := rows.Connect(t, ctx, url)
	got := runAll(ctx, s2, run)
	s2.Close(ctx)
	return c.classify(rows.Compare(c.want, got), src, run, append(s1.Errors, s2.Errors...))
}

package godwit

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/runner/enginetest"
	"godwit/runner/enginetest/rows"
)

var withMembers = regexp.MustCompile(`(?i)create\s+(or\s+replace\s+)?((non)?editionable\s+)?(package|type\s+body|trigger[^;]*?compound\s+trigger)`)

// TestPackagesPrefixed runs every case of Oracle that has packages or methods in both forms: packages as schemas, and as prefixed names. Both
// give the same, and the second makes no schema.
func TestPackagesPrefixed(t *testing.T) {
	enginetest.Postgres(t, 15)
	url := enginetest.FreshPostgres(t, 15, "prefixed")
	n := 0
	for _, folder := range []string{"oracle", "oracle-own"} {
		paths, err := filepath.Glob("testdata/cases/" + folder + "/*.txtar")
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range paths {
			text, err := os.ReadFile(p)
			if err != nil {
				t.Fatal(err)
			}
			if !withMembers.Match(text) {
				continue
			}
			n++
			t.Run(folder+"-"+strings.TrimSuffix(filepath.Base(p), ".txtar"), func(t *testing.T) {
				c := readCase(t, p)
				a, b := c.inForm(t, url, ""), c.inForm(t, url, "prefix")
				if diff := rows.Compare(a.blocks, b.blocks); diff != "" {
					t.Errorf("as prefixed names: %s\nerrors: %q\nas schemas: %q", diff, b.errors, a.errors)
				}
				if x, y := states(a.errors), states(b.errors); x != y {
					t.Errorf("errors as schemas: %s\nas prefixed names: %s\n%q", x, y, b.errors)
				}
				if b.refused != a.refused {
					t.Errorf("%d statements are refused as schemas, %d as prefixed names", a.refused, b.refused)
				}
				if b.schemas != "" {
					t.Errorf("schemas were made: %s", b.schemas)
				}
			})
		}
	}
	if n < 80 {
		t.Errorf("%d cases have packages", n)
	}
}

// formOutcome is what a case gives in one form.
type formOutcome struct {
	blocks  []rows.Block
	errors  []string
	refused int
	schemas string // that were made beside those of the script
}

// inForm runs a case with packages in one form.
func (c behaviourCase) inForm(t *testing.T, url, packages string) (o formOutcome) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	clearDatabase(t, url)
	opt := Options{From: dialect.Name(c.from), To: dialect.Postgres, ToVersion: 15, Settings: c.settings}
	opt.Policy.Packages, opt.Policy.Autonomous = packages, c.autonomous
	if c.autonomous != "" && !linked(t, ctx, url) {
		t.Skip("the server has no extension dblink")
	}
	for _, x := range []string{c.source, c.run} {
		conv, err := Translate([]*source.File{source.NewFile("source.sql", x)}, opt)
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range conv.Units {
			if isRefused(u.Unit) {
				o.refused++
			}
		}
		s := rows.Connect(t, ctx, url)
		o.blocks = append(o.blocks, runAll(ctx, s, conv)...)
		o.errors = append(o.errors, s.Errors...)
		s.Close(ctx)
		opt.Catalog = []*source.File{source.NewFile("source.sql", c.source)}
	}
	s := rows.Connect(t, ctx, url)
	defer s.Close(ctx)
	list := s.Entry(ctx, []rows.Statement{{Rows: true, SQL: `SELECT coalesce(string_agg(nspname, ' '), '') FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public', 'godwit_oracle')`}})
	if len(list) == 1 && len(list[0].Rows) == 1 {
		for _, n := range strings.Fields(*list[0].Rows[0][0]) {
			if !regexp.MustCompile(`(?i)\b` + n + `\.\w+\b`).MatchString(c.source) || packages == "" {
				o.schemas += n + " "
			}
		}
	}
	return o
}

func states(errors []string) string {
	var out []string
	for _, e := range errors {
		out = append(out, e[:min(5, len(e))])
	}
	return strings.Join(out, " ")
}

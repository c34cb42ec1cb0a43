package godwit

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
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
				a.same(t, p, b)
			})
		}
	}
	if n < 80 {
		t.Errorf("%d cases have packages", n)
	}
}

// inForm runs a case with packages in one form.
func (c behaviourCase) inForm(t *testing.T, url, packages string) formOutcome {
	t.Helper()
	opt := Options{From: dialect.Name(c.from), To: dialect.Postgres, ToVersion: 15, Settings: c.settings}
	opt.Policy.Packages, opt.Policy.Autonomous = packages, c.autonomous
	return inForm(t, url, opt, nil, c.source, c.run)
}

// TestConstructsPrefixed does the same with the constructs of Oracle, on the newest version of the target.
func TestConstructsPrefixed(t *testing.T) {
	enginetest.Postgres(t, 18)
	url := enginetest.FreshPostgres(t, 18, "prefixed")
	paths, err := filepath.Glob("testdata/oracle/constructs/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range paths {
		section := readConstructs(t, p)
		t.Run(strings.TrimSuffix(section.file, ".txt"), func(t *testing.T) {
			for _, c := range section.items {
				if !withMembers.MatchString(c.text) {
					continue
				}
				opt := Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: 18, Settings: c.settings}
				opt.Policy.Autonomous = c.autonomous
				a := inForm(t, url, opt, c.roles, c.text)
				opt.Policy.Packages = "prefix"
				a.same(t, c.place, inForm(t, url, opt, c.roles, c.text))
			}
		})
	}
}

// formOutcome is what scripts give in one form.
type formOutcome struct {
	blocks  []rows.Block
	errors  []string
	refused int
	schemas string // that were made beside those of the script
	texts   string
}

// same compares what packages as schemas give with what they give as prefixed names.
func (o formOutcome) same(t *testing.T, place string, prefixed formOutcome) {
	t.Helper()
	if diff := rows.Compare(o.blocks, prefixed.blocks); diff != "" {
		t.Errorf("%s: as prefixed names: %s\nerrors: %q\nas schemas: %q\n%s", place, diff, prefixed.errors, o.errors, prefixed.texts)
	}
	if x, y := states(o.errors), states(prefixed.errors); x != y {
		t.Errorf("%s: errors as schemas: %s\nas prefixed names: %s\n%q", place, x, y, prefixed.errors)
	}
	if prefixed.refused != o.refused {
		t.Errorf("%s: %d statements are refused as schemas, %d as prefixed names", place, o.refused, prefixed.refused)
	}
	if prefixed.schemas != "" {
		t.Errorf("%s: schemas were made: %s", place, prefixed.schemas)
	}
}

// inForm translates and runs scripts, each over those before it, in a session of its own.
func inForm(t *testing.T, url string, opt Options, roles []string, scripts ...string) (o formOutcome) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	clearDatabase(t, url)
	if opt.Policy.Autonomous != "" && !linked(t, ctx, url) {
		t.Skip("the server has no extension dblink")
	}
	opt.Include = func(_, name string, _ bool) (*source.File, error) {
		return source.NewFile(name, "CREATE TABLE made_by_other (n NUMBER);\n"), nil
	}
	made := &construct{roles: roles}
	for _, x := range scripts {
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
		made.dropRoles(ctx, s)
		o.blocks = append(o.blocks, runAll(ctx, s, conv)...)
		o.errors, o.texts = append(o.errors, s.Errors...), emittedText(conv)
		s.Close(ctx)
		opt.Catalog = append(opt.Catalog, source.NewFile("source.sql", x))
	}
	s := rows.Connect(t, ctx, url)
	defer s.Close(ctx)
	defer made.dropRoles(ctx, s)
	list := s.Entry(ctx, []rows.Statement{{Rows: true, SQL: `SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public', 'godwit_oracle')`}})
	if opt.Policy.Packages == "" || len(list) != 1 {
		return o
	}
	for _, r := range list[0].Rows {
		if text := strings.Join(scripts, " "); !regexp.MustCompile(`(?i)(user|schema)\s*=?\s*"?` + *r[0] + `\b`).MatchString(text) {
			o.schemas += *r[0] + " "
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

// TestPrefixedNames converts a script whose members meet in several orders: the names are the same, and no two objects get one.
func TestPrefixedNames(t *testing.T) {
	c := readCase(t, "testdata/cases/oracle-own/1201-packages-prefixed.txtar")
	opt := Options{From: dialect.Oracle, To: dialect.Postgres}
	opt.Policy.Packages = "prefix"
	names := func(conv *Conversion, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		maker := map[string]string{}
		for _, u := range conv.Units {
			if isRefused(u.Unit) {
				t.Errorf("refused: %s", u.Text)
			}
			for _, o := range u.Outputs {
				if o.Kind == "other" || o.Kind == "query" {
					continue
				}
				n := strings.Replace(o.Kind, "procedure", "function", 1) + " " + o.Name
				if by := maker[n]; by != "" && by != u.Name {
					t.Errorf("%s is made for %s and %s", n, by, u.Name)
				}
				maker[n] = u.Name
			}
		}
		return strings.Join(slices.Sorted(maps.Keys(maker)), "\n")
	}
	var files, reversed []*source.File
	for i, part := range strings.Split(c.source, "\n/\n") {
		files = append(files, source.NewFile(fmt.Sprintf("%d.sql", i), part+"\n/\n"))
	}
	for _, f := range files {
		reversed = append([]*source.File{f}, reversed...)
	}
	first := names(Convert(files, opt))
	if second := names(Convert(reversed, opt)); second != first {
		t.Errorf("the other way round the names are\n%s\nnot\n%s", second, first)
	}
	if third := names(Translate(files, opt)); third != first {
		t.Errorf("in order the names are\n%s\nnot\n%s", third, first)
	}
}

package godwit

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/runner/enginetest"
	"godwit/runner/enginetest/rows"
)

var update = flag.Bool("update", false, "write golden files and testdata/cases/SCORE.md")

// behaviourCase is one file of testdata/cases: what a piece of source SQL does, and so what its conversion must do.
type behaviourCase struct {
	name       string
	from       string
	tags       []string
	settings   dialect.Settings
	source     string
	run        string
	want       []rows.Block
	server     string // what wrote want: mysql or mariadb
	autonomous string // the policy of that name
	packages   string // the same
	collations string // the same
	version    int    // of the target; 0 for 15
	group      string // its folder of testdata/cases: mysql, own, oracle or oracle-own
}

func readCase(t *testing.T, path string) behaviourCase {
	t.Helper()
	a, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	c := parseCase(t, path, a)
	if c.run == "" || len(c.want) == 0 {
		t.Fatalf("%s: no run.sql or no want", path)
	}
	return c
}

func parseCase(t *testing.T, path string, a *txtar.Archive) behaviourCase {
	t.Helper()
	c := behaviourCase{name: strings.TrimSuffix(filepath.Base(path), ".txtar"), settings: dialect.Settings{}}
	c.group = filepath.Base(filepath.Dir(path))
	for _, l := range strings.Split(string(a.Comment), "\n") {
		k, v, ok := strings.Cut(l, ":")
		if !ok || strings.HasPrefix(l, "#") {
			continue
		}
		v = strings.TrimSpace(v)
		switch k {
		case "from":
			c.from, c.server = v, v
		case "server":
			c.server = v
		case "autonomous":
			c.autonomous = v
		case "packages":
			c.packages = v
		case "tags":
			c.tags = strings.Fields(v)
		case "assume":
			for _, s := range strings.Fields(v) {
				if !strings.Contains(s, "=") {
					continue // prose
				}
				n, val, err := dialect.ParseSetting(s)
				if err != nil {
					t.Fatalf("%s: %v", path, err)
				}
				c.settings[n] = val
			}
		}
	}
	for _, f := range a.Files {
		switch f.Name {
		case "source.sql":
			c.source = string(f.Data)
		case "run.sql":
			c.run = string(f.Data)
		case "want":
			c.want = rows.ParseWant(string(f.Data))
		}
	}
	return c
}

// caseOutcome is how a case ended.
type caseOutcome struct {
	name, outcome, why string
	noisy              bool
	group, noise       string
	codes              []string // of what is not exact
}

func (c behaviourCase) has(tag string) bool {
	for _, t := range c.tags {
		if t == tag {
			return true
		}
	}
	return false
}

// judge runs a case on a fresh database.
func (c behaviourCase) judge(t *testing.T, url string) (o caseOutcome) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	o.name = c.name
	opt := Options{From: dialect.Name(c.from), To: dialect.Postgres, ToVersion: cmp.Or(c.version, 15), Settings: c.settings}
	opt.Policy.Packages, opt.Policy.Collations = c.packages, c.collations
	if opt.Policy.Autonomous = c.autonomous; c.autonomous != "" && !linked(t, ctx, url) {
		t.Skip("the server has no extension dblink")
	}
	src, err := Translate([]*source.File{source.NewFile("source.sql", c.source)}, opt)
	if err != nil {
		return caseOutcome{name: c.name, outcome: "rejected", why: err.Error()}
	}
	opt.Catalog = []*source.File{source.NewFile("source.sql", c.source)}
	run, err := Translate([]*source.File{source.NewFile("run.sql", c.run)}, opt)
	if err != nil {
		return caseOutcome{name: c.name, outcome: "rejected", why: err.Error()}
	}
	s1 := rows.Connect(t, ctx, url)
	runAll(ctx, s1, src)
	s1.Close(ctx)
	s2 := rows.Connect(t, ctx, url)
	got := runAll(ctx, s2, run)
	s2.Close(ctx)
	diff := rows.Compare(c.want, got)
	return c.classify(diff, src, run, append(s1.Errors, s2.Errors...))
}

// blanket are codes of the ledger that stand at nearly every object of their kind: they excuse no difference.
var blanket = map[string]bool{"TY0170": true, "TY0173": true, "PL0463": true, "EH0225": true, "FN0831": true}

func (c behaviourCase) classify(diff string, src, run *Conversion, errs []string) caseOutcome {
	o := caseOutcome{name: c.name, codes: reviewed(src, run)}
	refused, flagged, cause := "", "", ""
	for _, conv := range []*Conversion{src, run} {
		for _, u := range conv.Units {
			for _, f := range u.Findings {
				if f.Severity >= diag.Review {
					o.noisy, o.noise = true, f.Code+": "+f.Message
				}
				if f.Fidelity >= diag.Assumed && flagged == "" && !blanket[f.Code] {
					flagged = f.Code + ": " + f.Message
				}
				if f.Fidelity == diag.Refused && refused == "" {
					refused = f.Code + ": " + f.Message
				}
				if f.Severity == diag.Error && f.Code != "NM0110" && cause == "" { // what others are refused for
					cause = f.Code + ": " + f.Message
				}
			}
		}
	}
	switch {
	case diff == "":
		o.outcome = "right"
	case refused != "" && c.has("refuse-ok"):
		o.outcome = "right"
	case refused != "":
		o.outcome, o.why = "refused", cmp.Or(cause, refused)
	case len(errs) > 0 && rejects(errs):
		o.outcome, o.why = "rejected", diff+"; "+strings.Join(errs, "; ")
	case flagged != "":
		o.outcome, o.why = "flagged", diff+"; "+flagged
	default:
		o.outcome, o.why = "wrong", diff
	}
	return o
}

// rejects tells whether an error means that the target refuses the text (syntax, names, types), not a row.
func rejects(errs []string) bool {
	for _, e := range errs {
		if strings.HasPrefix(e, "42") || strings.HasPrefix(e, "0A") {
			return true
		}
	}
	return false
}

// runAll executes every entry of a conversion in one session; an entry that fails gives one error.
func runAll(ctx context.Context, s *rows.Session, c *Conversion) []rows.Block {
	var out []rows.Block
	for _, t := range c.Translated() {
		var list []rows.Statement
		for _, x := range t.Target {
			list = append(list, rows.Statement{SQL: x.SQL, Rows: x.Rows})
		}
		out = append(out, s.Entry(ctx, list)...)
	}
	return out
}

// caseGroups are the folders of testdata/cases, with the least number of cases that each has.
var caseGroups = []struct {
	folder string
	least  int
}{{"mysql", 80}, {"own", 100}, {"oracle", 170}, {"oracle-own", 30}}

// TestBehaviourCases runs every case and holds the summary against testdata/cases/SCORE.md.
func TestBehaviourCases(t *testing.T) {
	enginetest.Postgres(t, 15)
	url := "" // of the database that cases share, one after the other
	var all []caseOutcome
	cases := 0
	for _, g := range caseGroups {
		paths, err := filepath.Glob("testdata/cases/" + g.folder + "/*.txtar")
		if err != nil || len(paths) < g.least {
			t.Fatalf("found %d cases of %s: %v", len(paths), g.folder, err)
		}
		cases += len(paths)
		for _, p := range paths {
			c := readCase(t, p)
			name := c.name
			if strings.HasPrefix(g.folder, "oracle") {
				name = g.folder + "-" + name
			}
			shared := func() string { // of the whole test
				if url == "" {
					url = enginetest.FreshPostgres(t, 15, "case")
				}
				return url
			}
			ok := t.Run(name, func(t *testing.T) {
				all = append(all, c.verdict(t, shared))
			})
			if !ok && (len(all) == 0 || all[len(all)-1].name != c.name || all[len(all)-1].group != c.group) {
				all = append(all, caseOutcome{name: c.name, group: c.group, outcome: "rejected", why: "the test failed before a verdict"})
			}
		}
	}
	if len(all) != cases {
		return // a part of the cases was chosen with -run
	}
	checkGolden(t, "testdata/cases/SCORE.md", scoreText(all)+readability(t))
}

// verdict judges a case on a database of its own, or on the one that cases share.
func (c behaviourCase) verdict(t *testing.T, shared func() string) caseOutcome {
	t.Helper()
	url := ""
	if c.group == "mysql" {
		url = enginetest.FreshPostgres(t, 15, "case")
	} else {
		url = shared()
		clearDatabase(t, url)
	}
	o := c.judge(t, url)
	o.group = c.group
	switch {
	case o.outcome == "wrong":
		t.Errorf("%s WRONG: %s", c.name, o.why)
	case o.outcome != "right":
		t.Logf("%s %s: %s", c.name, o.outcome, o.why)
	case o.noisy:
		t.Logf("%s noisy: %s", c.name, o.noise)
	}
	return o
}

// clearDatabase drops every schema of a database, which is cheaper than a database for each case.
func clearDatabase(t *testing.T, url string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	s := rows.Connect(t, ctx, url)
	defer s.Close(ctx)
	s.Entry(ctx, []rows.Statement{{SQL: `DO $$ DECLARE n text; BEGIN
  FOR n IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
    EXECUTE format('DROP SCHEMA %I CASCADE', n);
  END LOOP;
  CREATE SCHEMA public;
END $$`}})
	if len(s.Errors) > 0 {
		t.Fatal(s.Errors)
	}
}

func checkGolden(t *testing.T, path, text string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; write it with `go test -run %s -update .`", err, t.Name())
	}
	if string(old) != text {
		t.Errorf("%s is stale; look at the difference and run `go test -run %s -update .`\n%s", path, t.Name(), text)
	}
}

var caseOutcomes = []string{"right", "flagged", "refused", "rejected", "wrong"}

func scoreText(all []caseOutcome) string {
	groups := map[string][]caseOutcome{}
	for _, o := range all {
		groups[o.group] = append(groups[o.group], o)
	}
	var b strings.Builder
	b.WriteString("# Behaviour cases\n\nWritten by `go test -run TestBehaviourCases -update .`; the target is PostgreSQL 15.\n")
	for _, g := range []struct{ name, title, about string }{
		{"mysql", "MySQL and MariaDB", "The cases of `testdata/cases/mysql`."},
		{"own", "Our own cases of MySQL and MariaDB", "The cases of `testdata/cases/own`; what they must give was recorded on MySQL 8.0.15 or MariaDB 10.11."},
		{"oracle", "Oracle", "The cases of `testdata/cases/oracle`; what they must give was derived from Oracle's manuals."},
		{"oracle-own", "Our own cases of Oracle", "The cases of `testdata/cases/oracle-own`; what they must give was derived from Oracle's manuals."},
	} {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n", g.title, g.about)
		scoreTable(&b, groups[g.name])
		b.WriteString("Not right are:\n\n| case | outcome | why |\n|---|---|---|\n")
		scoreList(&b, groups[g.name])
	}
	return b.String()
}

// scoreTable writes how many cases ended in each way.
func scoreTable(b *strings.Builder, all []caseOutcome) {
	n := map[string]int{}
	noisy := 0
	for _, o := range all {
		n[o.outcome]++
		if o.outcome == "right" && o.noisy {
			noisy++
		}
	}
	b.WriteString("| outcome | cases | share |\n|---|---:|---:|\n")
	for _, k := range caseOutcomes {
		name := k
		if k == "wrong" {
			name = "**wrong**"
		}
		fmt.Fprintf(b, "| %s | %d | %.1f %% |\n", name, n[k], 100*float64(n[k])/float64(len(all)))
	}
	fmt.Fprintf(b, "| all | %d | |\n\nNoise: %d of %d right cases carry a finding of severity review or above (%.1f %%).\n\n", len(all), noisy, n["right"], 100*float64(noisy)/float64(max(1, n["right"])))
}

func scoreList(b *strings.Builder, all []caseOutcome) {
	for _, o := range all {
		if o.outcome != "right" {
			why := strings.ReplaceAll(strings.Join(strings.Fields(o.why), " "), "|", "\\|")
			if r := []rune(why); len(r) > 160 {
				why = string(r[:160]) + " …"
			}
			fmt.Fprintf(b, "| %s | %s | %s |\n", o.name, o.outcome, why)
		}
	}
}

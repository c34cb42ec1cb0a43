package godwit

import (
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/rules"
	"godwit/ir/source"
)

// translateText runs the pipeline over setup and source and returns what the source became, one statement after another.
func translateText(t *testing.T, setup, text string, opt Options) (string, *Conversion) {
	t.Helper()
	if opt.From == "" {
		opt.From = dialect.MySQL
	}
	opt.To = dialect.Postgres
	if setup != "" {
		opt.Catalog = []*source.File{source.NewFile("setup.sql", setup)}
	}
	c, err := Translate([]*source.File{source.NewFile("source.sql", text)}, opt)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, u := range c.Units {
		if u.Status == diag.Refused {
			out = append(out, "-- refused")
			continue
		}
		for _, o := range u.Outputs {
			out = append(out, o.SQL+";")
		}
	}
	return strings.Join(out, "\n"), c
}

// squeeze makes texts comparable that differ in layout only.
func squeeze(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	s = strings.NewReplacer("( ", "(", " )", ")", " ;", ";").Replace(s)
	return strings.TrimSuffix(s, ";")
}

var codeRE = regexp.MustCompile(`^(TY|NM|DD|CN|EX|FN|QY|PL|EH|TX|TR|PK|DS|SE|PF|SY)\d{4}$`)

func TestRulesAreDocumented(t *testing.T) {
	if _, err := rewrite.Order(rules.All()); err != nil {
		t.Fatal(err)
	}
	seen, titles := map[string]string{}, map[string]string{}
	for _, r := range rules.All() {
		if !codeRE.MatchString(r.Code) {
			t.Errorf("rule %s: code %q", r.Name, r.Code)
		}
		if other := seen[r.Code]; other != "" {
			t.Errorf("rules %s and %s share the code %s", r.Name, other, r.Code)
		}
		seen[r.Code] = r.Name
		if r.Doc == "" || r.Run == nil && r.Prepare == nil {
			t.Errorf("rule %s lacks Doc, or both Run and Prepare", r.Name)
		}
		if len(r.Examples) == 0 {
			t.Errorf("rule %s has no example", r.Name)
		}
		for _, c := range r.Findings {
			if other := titles[c.ID]; other != "" && other != c.Title {
				t.Errorf("the code %s means %q and %q", c.ID, other, c.Title)
			}
			titles[c.ID] = c.Title
		}
	}
	for id, c := range Codes() {
		if !codeRE.MatchString(id) || c.Title == "" || c.Doc == "" {
			t.Errorf("code %s lacks a title or documentation", id)
		}
		if c.Severity > diag.Info && c.Next == "" {
			t.Errorf("code %s names no next step", id)
		}
		if c.Severity == diag.Error && c.Fidelity != diag.Refused {
			t.Errorf("code %s is an error but not a refusal", id)
		}
	}
}

func TestRuleExamples(t *testing.T) {
	for _, r := range rules.All() {
		t.Run(r.Name, func(t *testing.T) {
			for _, e := range r.Examples {
				got, c := translateText(t, e.Setup, e.Source, Options{From: e.From, Policy: e.Policy})
				if squeeze(got) != squeeze(e.Target) {
					t.Errorf("source:\n%s\ngot:\n%s\nwant:\n%s\nfindings: %v", e.Source, got, e.Target, messages(c))
				}
			}
		})
	}
}

func messages(c *Conversion) []string {
	var out []string
	for _, u := range c.Units {
		for _, f := range u.Findings {
			out = append(out, f.Code+" "+f.Severity.String()+": "+f.Message)
		}
	}
	return out
}

// TestRuleCases runs ir/rewrite/*/testdata/*.txtar. The comment may hold "expect: CODE ..." (findings or rules that must
// show), "expect-not: CODE ...", "from: mariadb", "to: 16" and "set: name=value". Sections: setup.sql, source.sql and the
// golden file postgres.sql.
func TestRuleCases(t *testing.T) {
	paths, err := filepath.Glob("ir/rewrite/*/testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	sort.Strings(paths)
	for _, p := range paths {
		t.Run(strings.TrimSuffix(strings.TrimPrefix(p, "ir/rewrite/"), ".txtar"), func(t *testing.T) { ruleCase(t, p) })
	}
}

func ruleCase(t *testing.T, path string) {
	a, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range a.Files {
		files[f.Name] = string(f.Data)
	}
	opt := Options{Settings: dialect.Settings{}}
	var expect, expectNot []string
	for _, l := range strings.Split(string(a.Comment), "\n") {
		k, v, _ := strings.Cut(l, ":")
		v = strings.TrimSpace(v)
		switch k {
		case "expect":
			expect = append(expect, strings.Fields(v)...)
		case "expect-not":
			expectNot = append(expectNot, strings.Fields(v)...)
		case "from":
			opt.From = dialect.Name(v)
		case "to":
			_, opt.ToVersion, err = ParseTarget("postgres" + v)
			if err != nil {
				t.Fatal(err)
			}
		case "set":
			n, val, err := dialect.ParseSetting(v)
			if err != nil {
				t.Fatal(err)
			}
			opt.Settings[n] = val
		}
	}
	got, c := translateText(t, files["setup.sql"], files["source.sql"], opt)
	codes := shownCodes(c)
	for _, e := range expect {
		if !codes[e] {
			t.Errorf("%s does not show; findings: %v", e, messages(c))
		}
	}
	for _, e := range expectNot {
		if codes[e] {
			t.Errorf("%s must not show; findings: %v", e, messages(c))
		}
	}
	if *update {
		setSection(a, "postgres.sql", got+"\n")
		if err := os.WriteFile(path, txtar.Format(a), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want, ok := files["postgres.sql"]; !ok || strings.TrimSpace(want) != strings.TrimSpace(got) {
		t.Errorf("got:\n%s\nwant:\n%s\nfindings: %v", got, want, messages(c))
	}
}

// shownCodes are the codes of findings and of rules that left their mark in the output.
func shownCodes(c *Conversion) map[string]bool {
	out := map[string]bool{}
	for _, u := range c.Units {
		for _, f := range u.Findings {
			out[f.Code] = true
		}
		for _, o := range u.Outputs {
			for l := range o.Lines.All() {
				for _, r := range l.Rules {
					out[r] = true
				}
			}
		}
	}
	return out
}

func setSection(a *txtar.Archive, name, text string) {
	for i := range a.Files {
		if a.Files[i].Name == name {
			a.Files[i].Data = []byte(text)
			return
		}
	}
	a.Files = append(a.Files, txtar.File{Name: name, Data: []byte(text)})
}

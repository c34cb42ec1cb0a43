package godwit

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/runner/enginetest"
	"godwit/runner/enginetest/rows"
)

// construct is one item of testdata/oracle/constructs: something that Oracle's users write, what becomes of it, and a script that
// shows it.
type construct struct {
	name       string
	answers    []constructAnswer // by version of the target, the first from 15 on
	note       string            // what it becomes or why, for the reader
	settings   dialect.Settings
	autonomous string   // the policy of that name
	roles      []string // that the script makes; they are dropped before and after
	text       string
	want       []rows.Block // of the last results; nil if none are compared
	place      string       // file:line
}

// constructAnswer is what becomes of a construct from a version of the target on.
type constructAnswer struct {
	from  int
	class string // converted, flagged or refused
	codes []string
}

// constructSection is one file.
type constructSection struct {
	title string
	file  string
	items []*construct
}

// constructAnswers are the classes, in the order of the summary.
var constructAnswers = []string{"converted", "flagged", "refused"}

// readConstructs reads a file of items:
//
//	# Title of the section
//
//	== the construct's name
//	answer: converted | converted, code TY0171 | flagged DD0401 QY0301 | refused TY0501
//	to: postgres18          (the answers behind it hold from that version on)
//	note: one sentence.     (what it becomes, or why)
//	set: nls-sort=binary    (settings, as --set takes them)
//	roles: app_reader       (roles that the script makes)
//	autonomous: dblink      (the policy of that name)
//	CREATE TABLE ...;       (the script)
//	-- rows
//	1|a                     (what the last statements give; blocks are separated by ---, as in behaviour cases)
func readConstructs(t *testing.T, path string) constructSection {
	t.Helper()
	s := constructSection{file: filepath.Base(path)}
	var cur *construct
	var body []string
	end := func() {
		if cur != nil {
			cur.script(t, body)
		}
		body = nil
	}
	version := 15
	for i, l := range strings.Split(readText(t, path), "\n") {
		if title, ok := strings.CutPrefix(l, "# "); ok && cur == nil {
			s.title = title
			continue
		}
		if name, ok := strings.CutPrefix(l, "== "); ok {
			end()
			version = 15
			cur = &construct{name: name, place: fmt.Sprintf("%s:%d", s.file, i+1), settings: dialect.Settings{}}
			s.items = append(s.items, cur)
			continue
		}
		if cur == nil || len(body) > 0 || !cur.header(t, l, &version) {
			body = append(body, l)
		}
	}
	end()
	if s.title == "" || len(s.items) == 0 {
		t.Fatalf("%s has no title or no items", path)
	}
	return s
}

// header takes a line of an item's head; false if it is none.
func (c *construct) header(t *testing.T, line string, version *int) bool {
	t.Helper()
	k, v, _ := strings.Cut(line, ":")
	v = strings.TrimSpace(v)
	switch k {
	case "answer":
		f := strings.FieldsFunc(v, func(r rune) bool { return r == ' ' || r == ',' })
		if len(f) == 0 || !slices.Contains(constructAnswers, f[0]) {
			t.Fatalf("%s: no such answer: %s", c.place, v)
		}
		codes := slices.DeleteFunc(f[1:], func(s string) bool { return s == "code" || s == "codes" })
		sort.Strings(codes)
		c.answers = append(c.answers, constructAnswer{*version, f[0], codes})
	case "to":
		n, err := strconv.Atoi(strings.TrimPrefix(v, "postgres"))
		if err != nil {
			t.Fatalf("%s: no such target: %s", c.place, v)
		}
		*version = n
	case "note":
		c.note = v
	case "autonomous":
		c.autonomous = v
	case "roles":
		c.roles = strings.Fields(v)
	case "set":
		for _, s := range strings.Fields(v) {
			n, val, err := dialect.ParseSetting(s)
			if err != nil {
				t.Fatalf("%s: %v", c.place, err)
			}
			c.settings[n] = val
		}
	default:
		return false
	}
	return true
}

// script splits the lines behind the head into source text and expected rows.
func (c *construct) script(t *testing.T, lines []string) {
	t.Helper()
	text, want, has := strings.Cut(strings.TrimSpace(strings.Join(lines, "\n"))+"\n", "\n-- rows\n")
	c.text = text
	if has {
		c.want = rows.ParseWant(strings.TrimRight(want, "\n") + "\n")
	}
	if len(c.answers) == 0 || strings.TrimSpace(c.text) == "" {
		t.Fatalf("%s: %s has no answer or no script", c.place, c.name)
	}
}

// at is the answer for a version of the target.
func (c *construct) at(version int) constructAnswer {
	a := c.answers[0]
	for _, x := range c.answers {
		if x.from <= version {
			a = x
		}
	}
	return a
}

// translated converts the item for a version of the target.
func (c *construct) translated(t *testing.T, version int) *Conversion {
	t.Helper()
	opt := Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: version, Settings: c.settings}
	opt.Include = func(_, name string, _ bool) (*source.File, error) {
		return source.NewFile(name, "CREATE TABLE made_by_other (n NUMBER);\n"), nil
	}
	opt.Policy.Autonomous = c.autonomous
	conv, err := Translate([]*source.File{source.NewFile(c.place, c.text)}, opt)
	if err != nil {
		t.Fatal(err)
	}
	return conv
}

// answered is what a conversion says: its class, the codes that make it so, and all codes. What is left out with a note for the
// record alone has no consequence.
func answered(c *Conversion) (class string, codes, all []string) {
	class = "converted"
	for _, u := range c.Units {
		for _, f := range u.Findings {
			all = append(all, f.Code)
			switch {
			case f.Fidelity == diag.Refused || f.Severity == diag.Error:
				class = "refused"
			case f.Severity >= diag.Review && class != "refused":
				class = "flagged"
			case f.Severity < diag.Review:
				continue
			}
			codes = append(codes, f.Code)
		}
	}
	sort.Strings(codes)
	return class, slices.Compact(codes), all
}

// check holds a conversion against the stated answer.
func (c *construct) check(t *testing.T, conv *Conversion, version int) {
	t.Helper()
	want := c.at(version)
	class, codes, all := answered(conv)
	bad := class != want.class
	if class == "converted" {
		for _, code := range want.codes {
			bad = bad || !slices.Contains(all, code)
		}
	} else {
		bad = bad || !slices.Equal(codes, want.codes)
	}
	if !bad {
		return
	}
	var why []string
	for _, u := range conv.Units {
		for _, f := range u.Findings {
			why = append(why, fmt.Sprintf("%s (%s): %s", f.Code, f.Severity, f.Message))
		}
	}
	t.Errorf("%s: %s: the answer for PostgreSQL %d is %s %s, stated is %s %s\n%s", c.place, c.name, version, class, strings.Join(codes, " "), want.class, strings.Join(want.codes, " "), strings.Join(why, "\n"))
}

// run executes what an item became; all of it must be accepted, and the last results must be the stated ones.
func (c *construct) run(t *testing.T, url string, version int, conv *Conversion) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if c.autonomous != "" && !linked(t, ctx, url) {
		t.Logf("%s: the server has no extension dblink", c.place)
		return
	}
	s := rows.Connect(t, ctx, url)
	defer s.Close(ctx)
	c.dropRoles(ctx, s)
	defer c.dropRoles(ctx, s)
	got := runAll(ctx, s, conv)
	first := max(0, len(got)-len(c.want))
	for _, b := range got[:first] {
		if b.Failed {
			t.Errorf("%s: %s on PostgreSQL %d: %s\n%s", c.place, c.name, version, strings.Join(s.Errors, "\n"), emittedText(conv))
			return
		}
	}
	if c.want == nil {
		return
	}
	if diff := rows.Compare(c.want, got[first:]); diff != "" {
		t.Errorf("%s: %s on PostgreSQL %d: %s %s\n%s", c.place, c.name, version, diff, strings.Join(s.Errors, "\n"), emittedText(conv))
	}
}

func (c *construct) dropRoles(ctx context.Context, s *rows.Session) {
	for _, r := range c.roles {
		q := fmt.Sprintf(`DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '%s') THEN DROP OWNED BY "%s" CASCADE; DROP ROLE "%s"; END IF; END $$`, r, r, r)
		s.Entry(ctx, []rows.Statement{{SQL: q}})
	}
}

func emittedText(c *Conversion) string {
	var out []string
	for _, u := range c.Units {
		for _, o := range u.Outputs {
			out = append(out, o.SQL+";")
		}
	}
	return strings.Join(out, "\n")
}

// TestOracleConstructs holds docs/oracle.md to what the pipeline makes of every construct, and shows it on servers.
func TestOracleConstructs(t *testing.T) {
	paths, err := filepath.Glob("testdata/oracle/constructs/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no constructs: %v", err)
	}
	var sections []constructSection
	for _, p := range paths {
		sections = append(sections, readConstructs(t, p))
	}
	var ran atomic.Int32
	ok := t.Run("answers", func(t *testing.T) {
		for _, s := range sections {
			t.Run(strings.TrimSuffix(s.file, ".txt"), func(t *testing.T) {
				t.Parallel()
				ran.Add(1)
				for _, c := range s.items {
					for version := 15; version <= 18; version++ {
						c.check(t, c.translated(t, version), version)
					}
				}
			})
		}
	})
	if ok && int(ran.Load()) == len(sections) {
		checkGolden(t, "docs/oracle.md", oraclePage(t, sections))
	}
	for _, version := range []int{15, 18} {
		t.Run(fmt.Sprintf("postgres%d", version), func(t *testing.T) {
			enginetest.Postgres(t, version)
			for _, s := range sections {
				t.Run(strings.TrimSuffix(s.file, ".txt"), func(t *testing.T) {
					t.Parallel()
					s.run(t, version)
				})
			}
		})
	}
}

// run executes the items of a section, one after the other in one database.
func (s constructSection) run(t *testing.T, version int) {
	t.Helper()
	url := enginetest.FreshPostgres(t, version, "constructs")
	for i, c := range s.items {
		if c.at(version).class == "refused" {
			continue
		}
		t.Run(fmt.Sprint(i+1), func(t *testing.T) {
			clearDatabase(t, url)
			c.run(t, url, version, c.translated(t, version))
		})
	}
}

// oraclePage writes the answers for readers.
func oraclePage(t *testing.T, sections []constructSection) string {
	var b strings.Builder
	b.WriteString("# Oracle's constructs and what becomes of them\n\nWritten by `go test -run TestOracleConstructs -update .`; every line is an example of `testdata/oracle/constructs` that the test converts, " +
		"and runs on PostgreSQL 15 and 18. *Converted* means exact, or exact under an assumption of the ledger; *flagged* comes with a finding for review; *refused* is left out by name. " +
		"The column *finding* leads to what is said, and to the next step.\n\n")
	n := map[string]int{}
	for _, s := range sections {
		for _, c := range s.items {
			n[c.at(15).class]++
		}
	}
	for _, k := range constructAnswers {
		fmt.Fprintf(&b, "%d %s. ", n[k], k)
	}
	b.WriteString("\n")
	links, titles := findingLinks()
	for _, s := range sections {
		fmt.Fprintf(&b, "\n## %s\n\n| construct | answer | finding | becomes, or why |\n|---|---|---|---|\n", s.title)
		for _, c := range s.items {
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", cell(c.name), c.words(), c.links(links), c.becomes(t, titles))
		}
	}
	return b.String()
}

func cell(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(s), " "), "|", `\|`)
}

// words tells the answer, with versions where it differs.
func (c *construct) words() string {
	out := c.answers[0].class
	for _, a := range c.answers[1:] {
		out += fmt.Sprintf("; from %d %s", a.from, a.class)
	}
	return out
}

func (c *construct) links(links map[string]string) string {
	var out []string
	for _, a := range c.answers {
		for _, code := range a.codes {
			if l := links[code]; !slices.Contains(out, l) {
				out = append(out, l)
			}
		}
	}
	return strings.Join(out, ", ")
}

// becomes is the note, or what the last statement became if that is short, or what the finding says.
func (c *construct) becomes(t *testing.T, titles map[string]string) string {
	if c.note != "" {
		return cell(c.note)
	}
	conv := c.translated(t, 15)
	if class, _, _ := answered(conv); class != "converted" {
		for _, u := range conv.Units {
			for _, f := range u.Findings {
				if f.Severity >= diag.Review {
					return cell(titles[f.Code] + ": " + f.Message)
				}
			}
		}
	}
	last := conv.Units[len(conv.Units)-1]
	if len(last.Outputs) == 1 {
		if s := cell(last.Outputs[0].SQL); len(s) <= 120 && !strings.Contains(s, "`") {
			return "`" + s + "`"
		}
	}
	return ""
}

// findingLinks are links to the findings of docs/rules.md by their codes, and their titles.
func findingLinks() (links, titles map[string]string) {
	links, titles = map[string]string{}, map[string]string{}
	for _, d := range Docs() {
		anchor := strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-' || r == '_' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
				return r
			}
			return -1
		}, strings.ToLower(d.ID+" "+d.Title))
		titles[d.ID] = d.Title
		links[d.ID] = fmt.Sprintf("[%s](rules.md#%s)", d.ID, anchor)
	}
	return links, titles
}

// TestConstructLinks tells whether README.md leads to the page.
func TestConstructLinks(t *testing.T) {
	b, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(b), "(docs/oracle.md)") {
		t.Error("README.md does not link docs/oracle.md")
	}
}

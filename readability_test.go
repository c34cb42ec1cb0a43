package godwit

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	pg "github.com/pganalyze/pg_query_go/v6"
	"golang.org/x/tools/txtar"

	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite/rules"
	"godwit/ir/source"
	"godwit/runner/enginetest/fuzz"
)

// corpus is code that is converted as a whole, or piece by piece.
type corpus struct {
	name string
	runs []func() (*Conversion, error)
}

func (c *corpus) add(opt Options, files ...*source.File) {
	opt.To, opt.ToVersion = dialect.Postgres, 15
	c.runs = append(c.runs, func() (*Conversion, error) { return Convert(files, opt) })
}

// corpora are the sample databases, the behaviour cases, and the routines that answer like the source.
func corpora(t *testing.T) []*corpus {
	t.Helper()
	var out []*corpus
	for _, s := range samples {
		c := &corpus{name: s.name}
		c.add(Options{From: dialect.MySQL, Schema: s.schema}, s.read(t)...)
		out = append(out, c)
	}
	library := &corpus{name: "library"}
	for _, s := range libraries(t) {
		if strings.HasPrefix(s.files[0], "testdata/") {
			library.add(Options{From: dialect.MySQL, Schema: s.schema}, s.read(t)...)
		}
	}
	cases := &corpus{name: "cases"}
	for _, p := range paths(t, "testdata/cases/mysql/*.txtar", "testdata/cases/own/*.txtar") {
		c := readCase(t, p)
		cases.add(Options{From: dialect.Name(c.from), Settings: c.settings}, source.NewFile(c.name+".sql", c.source))
	}
	routines := &corpus{name: "routines"}
	for _, p := range paths(t, "testdata/routines/*.txtar") {
		a, err := txtar.ParseFile(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range a.Files {
			if f.Name == "setup.sql" {
				routines.add(Options{From: dialect.MariaDB}, source.NewFile(filepath.Base(p), string(f.Data)))
			}
		}
	}
	return append(out, library, cases, routines)
}

func paths(t *testing.T, patterns ...string) []string {
	t.Helper()
	var out []string
	for _, p := range patterns {
		list, err := filepath.Glob(p)
		if err != nil || len(list) == 0 {
			t.Fatalf("%s: no files (%v)", p, err)
		}
		out = append(out, list...)
	}
	return out
}

// reading is how routines look on both sides.
type reading struct {
	style
	routines, source, target int
	calls, long              int // calls of helper routines, lines of more than 100 characters
	guarded, plain           int // routines with handlers or cursors, and those of them without emulation
}

// style is what to look for in the routines of a source: its handlers and cursors, and what stands on the target for those that have no plain form.
type style struct {
	helper, handler, cursor, emulated *regexp.Regexp
}

var (
	exception  = regexp.MustCompile(`(?m)^\s*EXCEPTION$`)
	mysqlStyle = style{
		helper:  regexp.MustCompile(`godwit_mysql\.\w+\(`),
		handler: regexp.MustCompile(`(?i)\bDECLARE\s+(CONTINUE|EXIT)\s+HANDLER\b`),
		cursor:  regexp.MustCompile(`(?i)\bDECLARE\s+\w+\s+CURSOR\b`),
		// A cursor that is opened and fetched by hand, and a variable for the next row.
		emulated: regexp.MustCompile(`(?m)^\s*(\w+ refcursor|next_\w+ .*);$`),
	}
	oracleStyle = style{
		helper:  regexp.MustCompile(`godwit_oracle\.\w+\(`),
		handler: regexp.MustCompile(`(?i)\bEXCEPTION\s+WHEN\b`),
		cursor:  regexp.MustCompile(`(?i)\bCURSOR\s+\w+[^;]*?\bIS\b`),
		// The same, and calls of the second forms of routines, which give errors as values.
		emulated: regexp.MustCompile(`(?m)^\s*next_\w+ .*;$|\w_try\(`),
	}
)

func (r *reading) add(c *Conversion) {
	for _, u := range c.Units {
		switch u.Kind {
		case "procedure", "function", "trigger", "event", "package body", "type body":
		default:
			continue
		}
		if u.Status == diag.Refused {
			continue
		}
		var b strings.Builder
		for _, o := range u.Outputs {
			if o.Kind == "function" || o.Kind == "procedure" || o.Kind == "trigger" {
				b.WriteString(o.SQL + "\n")
			}
		}
		r.routine(u.Text, b.String())
	}
}

func (r *reading) routine(from, to string) {
	r.routines++
	r.source += len(written(from))
	lines := written(to)
	r.target += len(lines)
	r.calls += len(r.helper.FindAllString(to, -1))
	for _, l := range lines {
		if utf8.RuneCountInString(l) > 100 {
			r.long++
		}
	}
	handlers := len(r.handler.FindAllString(from, -1))
	if handlers+len(r.cursor.FindAllString(from, -1)) == 0 {
		return
	}
	r.guarded++
	if len(exception.FindAllString(to, -1)) <= handlers && !r.emulated.MatchString(to) {
		r.plain++
	}
}

// written are the lines that are not blank.
func written(s string) []string {
	var out []string
	for _, l := range strings.Split(s, "\n") {
		if strings.TrimSpace(l) != "" {
			out = append(out, l)
		}
	}
	return out
}

const readabilityHead = "\n# Readability\n"

// readability is the section about the look of converted routines.
func readability(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(readabilityHead + "\nRoutines, triggers and events that are converted, counted without blank lines. A routine with handlers or cursors is plain if it has no more\n" +
		"EXCEPTION blocks than the source has handlers, and neither fetches by hand nor needs variables for the next row.\n\n" +
		"| corpus | routines | source lines | converted lines | ratio | helper calls per 1,000 lines | lines over 100 characters | with handlers or cursors | of them plain |\n" +
		"|---|---:|---:|---:|---:|---:|---:|---:|---:|\n")
	b.WriteString(readings(t, mysqlStyle, corpora(t)))
	return b.String()
}

// readings are the rows of a table about the look of the routines of corpora.
func readings(t *testing.T, s style, list []*corpus) string {
	t.Helper()
	var b strings.Builder
	for _, c := range list {
		r := reading{style: s}
		for _, run := range c.runs {
			conv, err := run()
			if err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			r.add(conv)
		}
		plain := "–"
		if r.guarded > 0 {
			plain = fmt.Sprintf("%d (%.0f %%)", r.plain, 100*float64(r.plain)/float64(r.guarded))
		}
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %.2f | %.1f | %d | %d | %s |\n", c.name, r.routines, r.source, r.target,
			float64(r.target)/float64(max(1, r.source)), 1000*float64(r.calls)/float64(max(1, r.target)), r.long, r.guarded, plain)
	}
	return b.String()
}

// TestReadability holds the section on readability of testdata/cases/SCORE.md.
func TestReadability(t *testing.T) {
	const path = "testdata/cases/SCORE.md"
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(string(old), readabilityHead)
	checkGolden(t, path, head+readability(t))
}

// TestOracleReadability holds testdata/oracle/readability.golden.md: the same measures of the routines in Oracle's sample databases.
func TestOracleReadability(t *testing.T) {
	var list []*corpus
	for _, s := range oracleSamples {
		c := &corpus{name: s.name}
		c.add(Options{From: dialect.Oracle, Schema: s.schema}, readOracle(t, s)...)
		list = append(list, c)
	}
	checkGolden(t, "testdata/oracle/readability.golden.md", "# Readability\n\nWritten by `go test -run TestOracleReadability -update .`: routines, triggers, and bodies of packages and types that are converted, counted without blank lines.\n"+
		"One with handlers or cursors is plain if it has no more EXCEPTION blocks than the source has handlers, and neither needs variables for the next row\nnor second forms of routines that give errors as values.\n\n"+
		"| corpus | units | source lines | converted lines | ratio | helper calls per 1,000 lines | lines over 100 characters | with handlers or cursors | of them plain |\n"+
		"|---|---:|---:|---:|---:|---:|---:|---:|---:|\n"+readings(t, oracleStyle, list))
}

// TestSameTwice converts everything twice and compares the bytes.
func TestSameTwice(t *testing.T) {
	for _, c := range corpora(t) {
		for _, run := range c.runs {
			a, err := run()
			if err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			b, err := run()
			if err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			sameTwice(t, a, b)
		}
	}
	for _, text := range randomTexts(60) {
		if a, b := strings.Join(translated(t, text), ";\n"), strings.Join(translated(t, text), ";\n"); a != b {
			t.Errorf("differs the second time: %s\n%s\n%s", text, a, b)
		}
	}
}

// TestEverythingParses reads all that is emitted with PostgreSQL's parser once more, whole files at a time.
func TestEverythingParses(t *testing.T) {
	parse := func(what, text string, statements int) {
		tree, err := pg.Parse(text)
		if err != nil {
			t.Errorf("%s: %v\n%s", what, err, text)
		} else if statements >= 0 && len(tree.Stmts) != statements {
			t.Errorf("%s: %d statements, %d emitted\n%s", what, len(tree.Stmts), statements, text)
		}
	}
	for _, c := range corpora(t) {
		for _, run := range c.runs {
			conv, err := run()
			if err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			for _, f := range conv.Files() {
				if strings.HasSuffix(f.Path, ".sql") {
					parse(c.name+" "+f.Path, f.Text, -1)
				}
			}
		}
	}
	for _, r := range rules.All() {
		for _, e := range r.Examples {
			got, _ := translateText(t, e.Setup, e.Source, Options{Policy: e.Policy})
			parse(r.Name, got, -1)
		}
	}
	n := 0
	for _, text := range randomTexts(300) {
		list := translated(t, text)
		n += len(list)
		parse("of "+text, strings.Join(list, ";\n"), len(list))
	}
	if n < 1000 {
		t.Errorf("%d statements from random texts: too few", n)
	}
}

// randomTexts are queries, scripts and procedures of n seeds.
func randomTexts(n int) []string {
	var out []string
	for i := range n {
		for _, f := range []func(*fuzz.Generator) *fuzz.Node{
			(*fuzz.Generator).Query, (*fuzz.Generator).Change, (*fuzz.Generator).Script, (*fuzz.Generator).Routine, (*fuzz.Generator).Procedure,
		} {
			out = append(out, f(fuzz.New(uint64(i))).String())
		}
	}
	return out
}

// translated are the statements that a random text becomes; refused ones, which are comments, are left out.
func translated(t *testing.T, text string) []string {
	t.Helper()
	opt := Options{From: dialect.MariaDB, To: dialect.Postgres, ToVersion: 15, Catalog: []*source.File{source.NewFile("setup.sql", fuzz.Setup+fuzz.MoreSetup)}}
	c, err := Translate([]*source.File{source.NewFile("random.sql", text)}, opt)
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	var out []string
	for _, u := range c.Units {
		if u.Status == diag.Refused {
			continue
		}
		for _, o := range u.Outputs {
			if !onlyComment(o.SQL) {
				out = append(out, o.SQL)
			}
		}
	}
	return out
}

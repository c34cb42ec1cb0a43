package mysql

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/parser/scan"
)

const samples = "../../testdata/"

// sampleFiles lists the scripts below a folder of the sample schemas.
func sampleFiles(t testing.TB, folder string) []string {
	t.Helper()
	var out []string
	err := filepath.Walk(samples+folder, func(p string, i os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		switch filepath.Ext(strings.TrimSuffix(p, ".gz")) {
		case ".sql", ".tab", ".vw":
			out = append(out, p)
		}
		return nil
	})
	if err != nil || len(out) == 0 {
		t.Fatalf("no samples in %s: %v", folder, err)
	}
	return out
}

func readSample(t testing.TB, p string) string {
	t.Helper()
	d, err := os.ReadFile(p)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasSuffix(p, ".gz") {
		z, err := gzip.NewReader(bytes.NewReader(d))
		if err != nil {
			t.Fatal(err)
		}
		if d, err = io.ReadAll(z); err != nil {
			t.Fatal(err)
		}
	}
	return string(d)
}

func parseText(t testing.TB, name, text string, o scan.Options) []*ir.Unit {
	t.Helper()
	us, err := Parse(source.NewFile(name, text), o)
	if err != nil {
		t.Fatal(err)
	}
	return us
}

// brokenSamples are statements of the samples that the source refuses as well.
var brokenSamples = map[string]bool{"name_data.sql:1626": true} // the ";" before it is missing

func TestSampleSchemas(t *testing.T) {
	for _, folder := range []string{"sakila", "employees", "dms_sample/mysql"} {
		for _, p := range sampleFiles(t, folder) {
			name := filepath.Base(p)
			us := parseText(t, name, readSample(t, p), scan.Options{Charset: charsetOf(name)})
			if len(us) == 0 && name != "show_elapsed.sql" {
				t.Errorf("%s: no statements", name)
			}
			for _, u := range us {
				for _, f := range u.Findings {
					at := strings.Join(strings.SplitN(f.Span.String(), ":", 3)[:2], ":")
					switch f.Code {
					case codeClient.ID, codeNotRead.ID, codeAdmin.ID:
					default:
						if !brokenSamples[at] {
							t.Errorf("%s %s: %s", f.Span, f.Code, f.Message)
						}
					}
				}
			}
		}
	}
}

// charsetOf is the charset of a sample: one of them is not UTF-8.
func charsetOf(name string) string {
	if name == "mlb_data.sql" {
		return "latin1"
	}
	return ""
}

func TestBehaviourCases(t *testing.T) {
	files, err := filepath.Glob(samples + "cases/mysql/*.txtar")
	if err != nil || len(files) < 50 {
		t.Fatalf("%d cases: %v", len(files), err)
	}
	for _, f := range files {
		a, err := txtar.ParseFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range a.Files {
			if s.Name != "source.sql" && s.Name != "run.sql" {
				continue
			}
			for _, u := range parseText(t, filepath.Base(f)+"/"+s.Name, string(s.Data), caseOptions(string(a.Comment))) {
				for _, x := range u.Findings {
					if x.Code != codeOracle.ID {
						t.Errorf("%s %s: %s", x.Span, x.Code, x.Message)
					}
				}
			}
		}
	}
}

func caseOptions(header string) scan.Options {
	o := scan.Options{Dialect: dialect.MySQL}
	if strings.Contains(header, "from: mariadb") {
		o.Dialect = dialect.MariaDB
	}
	for _, l := range strings.Split(header, "\n") {
		if r, ok := strings.CutPrefix(l, "assume: sql_mode="); ok {
			o.Settings = dialect.Settings{sqlMode: strings.TrimSpace(r)}
		}
	}
	return o
}

func TestAcceptedStatements(t *testing.T) {
	for _, c := range []struct {
		file string
		d    dialect.Name
	}{{"accepted.sql", dialect.MySQL}, {"accepted.sql", dialect.MariaDB}, {"accepted_mysql.sql", dialect.MySQL}, {"accepted_mariadb.sql", dialect.MariaDB}} {
		d, err := os.ReadFile("testdata/" + c.file)
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range parseText(t, c.file, string(d), scan.Options{Dialect: c.d}) {
			for _, f := range u.Findings {
				if f.Code != codeOption.ID {
					t.Errorf("%s %s %s: %s", c.d, f.Span, f.Code, f.Message)
				}
			}
			if u.Span.Text() == "" || len(u.Stmts) != 1 {
				t.Errorf("%s: a unit of %d statements", u.Span, len(u.Stmts))
			}
		}
	}
}

func TestRefusedStatements(t *testing.T) {
	d, err := os.ReadFile("testdata/refused.sql")
	if err != nil {
		t.Fatal(err)
	}
	us := parseText(t, "refused.sql", string(d), scan.Options{Dialect: dialect.MariaDB})
	if n := strings.Count(string(d), ";\n"); len(us) != n {
		t.Errorf("%d units of %d statements", len(us), n)
	}
	for _, u := range us {
		if u.Findings.Worst() != diag.Refused {
			t.Errorf("%s is not refused: %s", u.Span, u.Span.Text())
		}
		for _, f := range u.Findings {
			if f.Code == codeSyntax.ID || f.Code == codeInternal.ID {
				t.Errorf("%s %s: %s", f.Span, f.Code, f.Message)
			}
		}
	}
}

// Every node has its place in the source.
func TestSpans(t *testing.T) {
	for _, p := range sampleFiles(t, "sakila") {
		if strings.HasSuffix(p, ".gz") {
			continue
		}
		for _, u := range parseText(t, filepath.Base(p), readSample(t, p), scan.Options{}) {
			ir.Walk(u.Stmts[0], func(n ir.Node) bool {
				if s := n.Base().Span; !s.IsValid() || s.Start < u.Span.Start || s.End > u.Span.End || s.Start >= s.End {
					t.Errorf("%T in %s has the span %v", n, u.Span, s)
					return false
				}
				return true
			})
		}
	}
}

func BenchmarkParseSchema(b *testing.B) {
	benchmarkFile(b, samples+"sakila/mysql-sakila-schema.sql")
}

func BenchmarkParseData(b *testing.B) { benchmarkFile(b, samples+"sakila/mysql-sakila-data.sql.gz") }

func benchmarkFile(b *testing.B, p string) {
	text := readSample(b, p)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if len(parseText(b, "x", text, scan.Options{Workers: 1})) == 0 {
			b.Fatal("no units")
		}
	}
	b.ReportMetric(float64(strings.Count(text, "\n")*b.N)/b.Elapsed().Seconds(), "lines/s")
}

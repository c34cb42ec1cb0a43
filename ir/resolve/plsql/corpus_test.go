package plsql_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/dialect"
	"godwit/ir/resolve/plsql"
	"godwit/ir/source"
	"godwit/parser/oracle"
	"godwit/parser/scan"
)

// load reads a script, declares all of its units and resolves them.
func load(t *testing.T, name, text string) ([]*ir.Unit, *plsql.Resolver) {
	t.Helper()
	units, err := oracle.Parse(source.NewFile(name, text), scan.Options{Dialect: dialect.Name("oracle")})
	if err != nil {
		t.Fatal(err)
	}
	r := plsql.New(catalog.New(""))
	r.KeepDropped = true
	for _, u := range units {
		r.Declare(u)
	}
	for _, u := range units {
		r.Resolve(u)
	}
	r.Facts()
	return units, r
}

// untyped are the expressions that Resolve left without a type, and calls that it left open.
func untyped(u *ir.Unit) []string {
	var out []string
	for _, s := range u.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			if e, ok := n.(ir.Expr); ok && e.TypeOf() == nil {
				out = append(out, fmt.Sprintf("%T %s has no type", e, e.Base().Span.Text()))
			}
			if _, ok := n.(*ir.Invoke); ok {
				if _, cursor := n.(*ir.Invoke).X.(*ir.Name); !cursor {
					out = append(out, "an open call "+n.Base().Span.Text())
				}
			}
			return true
		})
	}
	return out
}

// TestCases resolves the behaviour cases: every expression has a type, and refusals are counted.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("../../../testdata/cases/oracle/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	refused := map[string]int{}
	good, quiet := 0, os.Getenv("GODWIT_SHOW") == ""
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		text := ""
		for _, x := range txtar.Parse(b).Files {
			if x.Name == "source.sql" || x.Name == "run.sql" {
				text += string(x.Data) + "\n"
			}
		}
		units, _ := load(t, filepath.Base(f), text)
		bad := false
		for _, u := range units {
			for _, x := range u.Findings {
				if x.Severity >= 3 {
					bad = true
					refused[x.Code]++
					if !quiet {
						fmt.Printf("%s %s %s\n", x.Span, x.Code, x.Message)
					}
				}
			}
			for _, x := range untyped(u) {
				t.Errorf("%s: %s", f, x)
			}
		}
		if !bad {
			good++
		}
	}
	var codes []string
	for c, n := range refused {
		codes = append(codes, fmt.Sprintf("%s %d", c, n))
	}
	sort.Strings(codes)
	if good*100 < len(files)*95 {
		t.Errorf("only %d of %d cases resolve", good, len(files))
	}
	t.Logf("%d of %d cases resolve; refusals: %s", good, len(files), strings.Join(codes, ", "))
}

// TestCorpus resolves the scripts of a folder that the environment names, and says what is refused.
func TestCorpus(t *testing.T) {
	dir := os.Getenv("GODWIT_CORPUS")
	if dir == "" {
		t.Skip("GODWIT_CORPUS names no folder")
	}
	text := ""
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() || !strings.Contains(".sql .tab .vw .prc .fnc .pkg .pks .pkb .tps .tpb .trg", filepath.Ext(path)) {
			return err
		}
		b, err := os.ReadFile(path)
		text += string(b) + "\n"
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	units, _ := load(t, filepath.Base(dir), text)
	bad := 0
	for _, u := range units {
		worst := false
		for _, x := range u.Findings {
			if x.Severity >= 2 {
				worst = true
				fmt.Printf("%s %s %s %s\n", x.Span, u.Object, x.Code, x.Message)
			}
		}
		if worst {
			bad++
		}
		for _, x := range untyped(u) {
			t.Errorf("%s: %s", u.Object, x)
		}
	}
	t.Logf("%d of %d units are refused", bad, len(units))
}

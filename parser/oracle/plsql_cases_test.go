package oracle

import (
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"godwit/ir"
	"godwit/ir/source"
	"godwit/parser/scan"
)

// caseScripts are the scripts of the behaviour cases and of the trees of PL/SQL, by their names.
func caseScripts(t testing.TB) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, pattern := range []string{"../../testdata/cases/oracle/*.txtar", "testdata/plsql/*.txtar"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("no files %s: %v", pattern, err)
		}
		for _, f := range files {
			a, err := txtar.ParseFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range a.Files {
				if filepath.Ext(x.Name) == ".sql" && x.Name != "example.postgres.sql" {
					out[filepath.Base(f)+"/"+x.Name] = string(x.Data)
				}
			}
		}
	}
	return out
}

// The behaviour cases hold nothing that is not read.
func TestCasesAreRead(t *testing.T) {
	for name, text := range caseScripts(t) {
		if strings.HasPrefix(name, "errors.txtar") {
			continue
		}
		us, err := Parse(source.NewFile(name, text), scan.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range us {
			for _, f := range u.Findings {
				if f.Code == codeSyntax.ID || f.Code == codeInternal.ID {
					t.Errorf("%s %s: %s", f.Span, f.Code, f.Message)
				}
			}
		}
	}
}

// Every node has its place in the source, within its unit.
func TestNodesHavePlaces(t *testing.T) {
	for name, text := range caseScripts(t) {
		us, err := Parse(source.NewFile(name, text), scan.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range us {
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

// Every comment of a unit that is built belongs to exactly one node. Hints belong to their query, and are none.
func TestCommentsAreKept(t *testing.T) {
	for name, text := range caseScripts(t) {
		us, err := Parse(source.NewFile(name, text), scan.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range us {
			if _, refused := u.Stmts[0].(*ir.Unsupported); refused || strings.Contains(u.Span.Text(), "$") {
				continue
			}
			kept := map[int]int{}
			ir.Walk(u.Stmts[0], func(n ir.Node) bool {
				for _, c := range append(n.Base().Lead[:len(n.Base().Lead):len(n.Base().Lead)], n.Base().Trail...) {
					kept[c.Span.Start]++
				}
				return true
			})
			var l lexer
			for _, c := range l.lex(u.Span.File, u.Span.Start, u.Span.End).Comments {
				if !c.Hint && kept[c.Start] != 1 {
					t.Errorf("%s: the comment %q is kept %d times", u.Span, u.Span.File.Text[c.Start:c.End], kept[c.Start])
				}
			}
		}
	}
}

// Broken statements are errors of the text, never of the parser.
func TestBrokenTexts(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for name, text := range caseScripts(t) {
		for range 20 {
			broken := breakText(r, text)
			us, err := Parse(source.NewFile(name, broken), scan.Options{Workers: 1})
			if err != nil {
				t.Fatal(err)
			}
			for _, u := range us {
				for _, f := range u.Findings {
					if f.Code == codeInternal.ID {
						t.Errorf("%s: %s\n%s", f.Span, f.Message, u.Span.Text())
					}
				}
			}
		}
	}
}

// breakText takes a token away, puts another one in its place, or ends the text there.
func breakText(r *rand.Rand, text string) string {
	var l lexer
	ts := l.lex(source.NewFile("x", text), 0, len(text)).List
	a, b := ts[r.Intn(len(ts))], ts[r.Intn(len(ts))]
	switch r.Intn(3) {
	case 0:
		return text[:a.Start] + " " + text[a.End:]
	case 1:
		return text[:a.Start] + " " + text[b.Start:b.End] + " " + text[a.End:]
	}
	return text[:a.Start]
}

// The PL/SQL of the folder that GODWIT_CORPUS names holds nothing that is not read.
func TestCorpusIsRead(t *testing.T) {
	root := os.Getenv("GODWIT_CORPUS")
	if root == "" {
		t.Skip("GODWIT_CORPUS names no folder")
	}
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		switch filepath.Ext(path) {
		case ".pkb", ".pks", ".pls", ".plb", ".trg", ".prc", ".fnc":
		default:
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		us, err := Parse(source.NewFile(path, string(text)), scan.Options{})
		if err != nil {
			return err
		}
		for _, u := range us {
			for _, f := range u.Findings {
				if f.Code == codeSyntax.ID || f.Code == codeInternal.ID {
					t.Errorf("%s %s: %s", f.Span, f.Code, f.Message)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

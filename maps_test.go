package godwit

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"godwit/ir/dialect"
	"godwit/ir/source"
)

// TestReadMap holds that what is read of the maps of a folder is what was written, for files of all kinds and names, and for files that
// are larger than an object of a map.
func TestReadMap(t *testing.T) {
	long := "CREATE PROCEDURE `läng \"er\"`() BEGIN DECLARE x INT;\n" + strings.Repeat("SET x = x + 1;\n", 3*mapBlock) + "END"
	texts := []*source.File{source.NewFile("x.sql", dumpText), source.NewFile("a \"b\"\\ü.sql", "CREATE TABLE `ta b` (i INT UNSIGNED);\nDELIMITER //\n"+long+"//\n")}
	c, err := Convert(texts, Options{From: dialect.MySQL, To: dialect.Postgres, ToVersion: 15})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := c.WriteFolder(dir); err != nil {
		t.Fatal(err)
	}
	lines, kinds := 0, map[string]bool{}
	for _, f := range c.Files() {
		got, err := ReadMap(filepath.Join(dir, filepath.FromSlash(f.Path)))
		if f.Map == nil || len(f.Map.Lines) == 0 {
			if !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s: no error for a file without a map: %v", f.Path, err)
			}
			continue
		}
		if err != nil {
			t.Error(err)
			continue
		}
		if d := cmp.Diff(f.Map.Lines, got.Lines); d != "" {
			t.Errorf("%s:\n%s", f.Path, d)
		}
		if got.File != f.Path {
			t.Errorf("the map of %s is of %s", f.Path, got.File)
		}
		lines += len(got.Lines)
		kinds[f.kind] = true
	}
	if lines <= 3*mapBlock || !kinds["data"] || !kinds["other"] || !kinds["table"] || !kinds["procedure"] {
		t.Errorf("%d lines of %v", lines, kinds)
	}
}

// TestEveryLineHasItsSource: every line of a converted file that is no comment leads back to a line of the source, rows by the first
// line of their statement. godwit's own helpers have no source.
func TestEveryLineHasItsSource(t *testing.T) {
	lines := 0
	for folder, from := range map[string]dialect.Name{"mysql": dialect.MariaDB, "own": dialect.MariaDB, "oracle": dialect.Oracle, "oracle-own": dialect.Oracle} {
		paths, err := filepath.Glob("testdata/cases/" + folder + "/*5-*.txtar")
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range paths {
			text := readCase(t, p).source
			c, err := Convert([]*source.File{source.NewFile("x.sql", text)}, Options{From: from, To: dialect.Postgres, ToVersion: 15})
			if err != nil {
				t.Fatal(err)
			}
			last := strings.Count(text, "\n") + 1
			for _, f := range c.Files() {
				if strings.HasPrefix(f.Path, "godwit_") {
					continue
				}
				if f.Map == nil {
					t.Errorf("%s: %s has no map", p, f.Path)
					continue
				}
				at := map[int]int{}
				for _, l := range f.Map.Lines {
					at[l.Line] = l.SourceLine
				}
				for i, l := range strings.Split(f.Text, "\n") {
					if l = strings.TrimSpace(l); l == "" || strings.HasPrefix(l, "--") {
						continue
					}
					lines++
					if f.kind == "data" && at[i+1] == 0 {
						at[i+1] = at[i]
					}
					if n := at[i+1]; n < 1 || n > last {
						t.Errorf("%s: %s:%d is of line %d: %.80s", p, f.Path, i+1, n, l)
					}
				}
			}
		}
	}
	t.Logf("%d lines", lines)
	if lines < 1000 {
		t.Errorf("%d lines", lines)
	}
}

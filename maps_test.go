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

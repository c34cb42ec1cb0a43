package godwit

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"godwit/ir/dialect"
	"godwit/ir/source"
)

// TestScriptOrder holds that files which change tables may stand in front of the files that make them, and that the index of a constraint is
// made once.
func TestScriptOrder(t *testing.T) {
	files := []*source.File{
		source.NewFile("a_constraints.sql", "ALTER TABLE g.t ADD (CONSTRAINT t_uk UNIQUE (a) USING INDEX g.t_uk);\nALTER TABLE g.t ADD (late VARCHAR2(10));\n"),
		source.NewFile("b_indexes.sql", "CREATE UNIQUE INDEX g.t_uk ON g.t (a) TABLESPACE x;\nCREATE INDEX g.t_b ON g.t (b);\n"),
		source.NewFile("c_tables.sql", "CREATE TABLE g.t (a NUMBER(5) NOT NULL, b NUMBER(5) NOT NULL);\nINSERT INTO g.t VALUES (1, 2, 'x');\n"),
		source.NewFile("d_view.sql", "CREATE VIEW g.v AS SELECT late FROM g.t;\n"),
	}
	opt := Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: 15}
	c, err := Convert(files, opt)
	if err != nil {
		t.Fatal(err)
	}
	checkOrdered(t, "files", filesText(c))
	dir := t.TempDir()
	if _, err := ConvertFolder(filesAsScripts(files), opt, dir); err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range []string{"g/table/t.sql", "g/data/t.sql", "g/index/t_b.sql", "g/view/v.sql"} {
		b, err := os.ReadFile(filepath.Join(dir, f))
		if err != nil {
			t.Fatal(err)
		}
		all.Write(b)
	}
	if _, err := os.Stat(filepath.Join(dir, "g/index/t_uk.sql")); err == nil {
		t.Error("the index of the constraint is made as well")
	}
	checkOrdered(t, "folder", all.String())
}

func checkOrdered(t *testing.T, what, text string) {
	t.Helper()
	made, altered := strings.Index(text, "CREATE TABLE g.t"), strings.Index(text, "ADD COLUMN late")
	if made < 0 || altered < made {
		t.Errorf("%s: the table is not made before it is changed:\n%s", what, text)
	}
	for want, n := range map[string]int{"ADD CONSTRAINT t_uk UNIQUE (a)": 1, "CREATE UNIQUE INDEX": 0, "INDEX t_b ": 1, "SELECT late FROM g.t": 1} {
		if got := strings.Count(text, want); got != n {
			t.Errorf("%s: %q stands there %d times, not %d:\n%s", what, want, got, n, text)
		}
	}
}

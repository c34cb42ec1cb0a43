package godwit

import (
	"strings"
	"testing"

	"godwit/ir/dialect"
	"godwit/ir/source"
)

// A folder makes tables with their last names and those of their columns, and does not rename what it made so.
func TestFolderOfRenamedTables(t *testing.T) {
	const script = `CREATE TABLE t (id NUMBER(5) PRIMARY KEY, b VARCHAR2(5));
ALTER TABLE t RENAME TO t2;
CREATE TABLE u (a NUMBER, b NUMBER);
RENAME u TO u2;
ALTER TABLE u2 RENAME COLUMN b TO c;
CREATE VIEW v AS SELECT t2.id, u2.c FROM t2, u2;
`
	whole, err := Convert([]*source.File{source.NewFile("in.sql", script)}, Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: 15})
	if err != nil {
		t.Fatal(err)
	}
	var text []string
	for _, f := range whole.Files() {
		text = append(text, f.Text)
	}
	all := strings.Join(text, "\n")
	for _, want := range []string{"CREATE TABLE t2 (", "CREATE TABLE u2 (\n  a numeric,\n  c numeric\n)", "SELECT t2.id, u2.c FROM t2, u2"} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in\n%s", want, all)
		}
	}
	if strings.Contains(all, "RENAME") {
		t.Errorf("something is renamed:\n%s", all)
	}
}

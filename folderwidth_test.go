package godwit

import (
	"strings"
	"testing"

	"godwit/ir/dialect"
	"godwit/ir/source"
)

// In a folder a column is what the script makes it at last: CHECKs of what it was before are dropped, and columns of tables made of queries change too.
func TestFolderOfWiderColumns(t *testing.T) {
	const script = `CREATE TABLE k (a NUMBER(3), b NUMBER(6), c NUMBER(9) NOT NULL, r RAW(2));
ALTER TABLE k MODIFY (a NUMBER(4), b NUMBER(12), r RAW(20));
ALTER TABLE k MODIFY c NULL;
CREATE TABLE m AS SELECT a, CAST(NULL AS DATE) AS d FROM k;
ALTER TABLE m MODIFY d DEFAULT DATE '2024-01-01';
`
	c, err := Convert([]*source.File{source.NewFile("in.sql", script)}, Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: 15})
	if err != nil {
		t.Fatal(err)
	}
	var text []string
	for _, f := range c.Files() {
		text = append(text, f.Text)
	}
	all := strings.Join(text, "\n")
	for _, want := range []string{"DROP CONSTRAINT IF EXISTS k_a_check", "DROP CONSTRAINT IF EXISTS k_b_check", "DROP CONSTRAINT IF EXISTS k_r_check",
		"ALTER TABLE k ALTER COLUMN c DROP NOT NULL;", "ALTER TABLE m ALTER COLUMN d SET DEFAULT"} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in\n%s", want, all)
		}
	}
}

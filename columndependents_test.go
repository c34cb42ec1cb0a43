package godwit

import (
	"slices"
	"testing"

	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/source"
)

// TestColumnsOfRefusedStatements holds that statements about a column are refused by name where the ALTER TABLE that adds it is, and
// that those about other columns are not.
func TestColumnsOfRefusedStatements(t *testing.T) {
	const script = `CREATE TABLE t (id INT, a INT);
ALTER TABLE t ADD COLUMN v NOSUCHTYPE(3), ADD COLUMN b INT;
INSERT INTO t (id, a) VALUES (1, 2);
INSERT INTO t (id, b) VALUES (1, 2);
CREATE INDEX ix_a ON t (a);
CREATE INDEX ix_b ON t (b);
ALTER TABLE t ADD UNIQUE KEY ix_ab (a, b);
UPDATE t SET a = 1 WHERE b = 2;
ALTER TABLE t DROP COLUMN b;
UPDATE t SET a = 1;
ALTER TABLE t ADD COLUMN b INT;
UPDATE t SET b = 1;
`
	refused := []int{2, 4, 6, 7, 8, 9}
	c, err := Translate([]*source.File{source.NewFile("script.sql", script)}, Options{From: dialect.MySQL, To: dialect.Postgres})
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range c.Units {
		if got, want := u.Status == diag.Refused, slices.Contains(refused, u.Source.Line()); got != want {
			t.Errorf("line %d: refused %v, expected %v: %v", u.Source.Line(), got, want, u.Findings)
		}
	}
}

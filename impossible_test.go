package godwit

import (
	"strings"
	"testing"

	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/source"
)

// TestImpossibleChanges holds that changes of tables which the source refuses itself are refused by name, and cost nothing else: the target
// refused them.
func TestImpossibleChanges(t *testing.T) {
	text := `CREATE TABLE a (x NUMBER, y NUMBER);
ALTER TABLE a DROP COLUMN q;
ALTER TABLE a ADD z NUMBER;
ALTER TABLE a RENAME COLUMN zz TO ww;
ALTER TABLE a DROP COLUMN z;
ALTER TABLE a DROP COLUMN z;
ALTER TABLE a ADD z NUMBER;
BEGIN EXECUTE IMMEDIATE 'ALTER TABLE a ADD d NUMBER'; END;
/
ALTER TABLE a ADD d NUMBER;
CREATE VIEW v AS SELECT x, y, z FROM a;
`
	f := source.NewFile("a.sql", text)
	c, err := Convert([]*source.File{f}, Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: 15})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range c.Findings() {
		if f.Outcome == diag.Refused {
			got = append(got, f.Code+" "+f.Message)
		}
	}
	want := "DD0820 table A: it has no column Q, DD0820 table A: it has no column ZZ, DD0820 table A: it has no column Z"
	if s := strings.Join(got, ", "); s != want {
		t.Errorf("got %s", s)
	}
}

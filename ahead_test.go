package godwit

import (
	"strings"
	"testing"

	"godwit/ir/dialect"
	"godwit/ir/source"
)

// Comments and constraints of a table or view that a later file makes are loaded behind it; other changes are refused.
func TestFolderOfTablesBehindTheirConstraints(t *testing.T) {
	const script = `ALTER TABLE t ADD PRIMARY KEY (id);
COMMENT ON TABLE t IS 'rows';
COMMENT ON COLUMN v.id IS 'number';
ALTER TABLE t DROP COLUMN gone;
CREATE TABLE t (id NUMBER(5), b VARCHAR2(5), gone NUMBER);
COMMENT ON COLUMN t.b IS 'text';
CREATE VIEW v AS SELECT id FROM t;
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
	at := -1
	for _, want := range []string{"CREATE TABLE t (", "ADD PRIMARY KEY", "COMMENT ON TABLE t", "COMMENT ON COLUMN t.b", "CREATE VIEW v", "COMMENT ON COLUMN v.id", "-- ALTER TABLE t DROP COLUMN"} {
		i := strings.Index(all, want)
		if i <= at {
			t.Errorf("%q stands at %d, behind %d is right, in\n%s", want, i, at, all)
		}
		at = i
	}
}

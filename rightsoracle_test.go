package godwit

import (
	"strings"
	"testing"

	"godwit/ir/dialect"
	"godwit/ir/source"
)

// TestRightsOfOracleStandApart holds that users, roles and rights of a script are in no file that order.txt lists, and that they mean the objects of the
// session's schema.
func TestRightsOfOracleStandApart(t *testing.T) {
	script := "CREATE USER ann IDENTIFIED BY x;\nCREATE TABLE t (id NUMBER(5) PRIMARY KEY);\nINSERT INTO t VALUES (1);\nUPDATE t SET id = 2;\nGRANT SELECT ON t TO app_read;\n" +
		"CONNECT ann/x\nCREATE TABLE u (id NUMBER(5) PRIMARY KEY);\nGRANT SELECT ON u TO app_read;\n"
	c, err := Convert([]*source.File{source.NewFile("a.sql", script)}, Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: 15})
	if err != nil {
		t.Fatal(err)
	}
	var rights []string
	for _, f := range c.Files() {
		switch {
		case f.Path == "grants.sql":
			rights = append(rights, f.Text)
			if f.Load {
				t.Error("grants.sql is in order.txt")
			}
		case strings.Contains(f.Text, "GRANT") || strings.Contains(f.Text, "CREATE ROLE"):
			t.Errorf("%s: %s", f.Path, f.Text)
		}
	}
	want := []string{"CREATE ROLE ann LOGIN;", "GRANT SELECT ON TABLE t TO app_read;", "GRANT USAGE ON SCHEMA ann TO app_read;", "GRANT SELECT ON TABLE ann.u TO app_read;"}
	if len(rights) != 1 {
		t.Fatalf("%d files of rights", len(rights))
	}
	for _, w := range want {
		if !strings.Contains(rights[0], w) {
			t.Errorf("no %s in\n%s", w, rights[0])
		}
	}
}

package godwit_test

import (
	"strings"
	"testing"

	"godwit"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/source"
)

func oracleSys(t *testing.T, script string) []godwit.Translated {
	t.Helper()
	c, err := godwit.Translate([]*source.File{source.NewFile("s.sql", script)}, godwit.Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: 15})
	if err != nil {
		t.Fatal(err)
	}
	return c.Translated()
}

// TestTablesOfSys: tables that users make in SYS are no views of the data dictionary, so that no helper is asked for by their names.
func TestTablesOfSys(t *testing.T) {
	all := oracleSys(t, "CONNECT sys/x AS SYSDBA\nCREATE TABLE config (a NUMBER);\nINSERT INTO config VALUES (1);\nSELECT COUNT(*) FROM config;\nSELECT COUNT(*) FROM user_tables;\n")
	last := all[len(all)-1].Target
	if got := last[len(last)-1].SQL; got != "SELECT count(*) FROM godwit_oracle.user_tables" {
		t.Errorf("got %s", got)
	}
}

// TestHelpersBehindRefusals: helper routines stand in front of the first statement that runs.
func TestHelpersBehindRefusals(t *testing.T) {
	all := oracleSys(t, "SELECT nothing(1) FROM dual;\nSELECT COUNT(*) FROM user_tables;\n")
	if all[0].Status != diag.Refused || len(all[0].Target) > 0 {
		t.Fatalf("got %+v", all[0])
	}
	if got := all[1].Target[0].SQL; !strings.HasPrefix(got, "CREATE SCHEMA") {
		t.Errorf("got %s", got)
	}
}

package godwit

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/runner/enginetest"
	"godwit/runner/enginetest/rows"
)

// TestStoredTypes makes tables of all types on the source and, converted, on the target, stores the same values in both, the
// smallest, the largest and those that do not fit, and compares what is read.
func TestStoredTypes(t *testing.T) {
	text, err := os.ReadFile("testdata/stored/types.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, version := range []int{15, 18} {
		storedTypes(t, string(text), version)
	}
}

func storedTypes(t *testing.T, text string, version int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	_, db := enginetest.FreshMariaDB(t, "stored")
	maria, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer maria.Close()
	for _, s := range []string{"SET time_zone = '+00:00'", "SET NAMES utf8mb4 COLLATE utf8mb4_general_ci"} {
		if _, err := maria.ExecContext(ctx, s); err != nil {
			t.Fatal(err)
		}
	}
	c, err := Translate([]*source.File{source.NewFile("types.sql", text)}, Options{From: dialect.MariaDB, To: dialect.Postgres, ToVersion: version})
	if err != nil {
		t.Fatal(err)
	}
	s := rows.Connect(t, ctx, enginetest.FreshPostgres(t, version, "stored"))
	defer s.Close(ctx)
	s.Entry(ctx, []rows.Statement{{SQL: "SET TimeZone = 'UTC'"}})
	compared, failures := 0, 0
	for _, x := range c.Translated() {
		want, err := rows.MySQL(ctx, maria, strings.TrimSuffix(x.Source, ";"))
		if err != nil {
			t.Fatalf("%s: %v", x.Source, err)
		}
		failed := len(want) == 1 && want[0].Failed
		if failed {
			failures++
		}
		if x.Status == diag.Refused {
			if !failed {
				t.Errorf("line %d is refused: %v\n%s", x.Line, x.Findings, x.Source)
			}
			continue
		}
		before := len(s.Errors)
		var list []rows.Statement
		for _, y := range x.Target {
			list = append(list, rows.Statement{SQL: y.SQL, Rows: y.Rows})
		}
		got := s.Entry(ctx, list)
		if raised := len(s.Errors) > before; raised != failed {
			t.Errorf("PostgreSQL %d, line %d: an error is %t on the source, %t on the target: %v\n%s", version, x.Line, failed, raised, s.Errors[before:], x.Source)
		}
		if strings.HasPrefix(x.Source, "SELECT") {
			compared++
			if diff := rows.Compare(want, got); diff != "" {
				t.Errorf("PostgreSQL %d, line %d: %s\n%s", version, x.Line, diff, x.Source)
			}
		}
	}
	t.Logf("PostgreSQL %d: %d statements, %d that fail, %d results", version, len(c.Units), failures, compared)
	if compared == 0 {
		t.Error("no rows were compared")
	}
}

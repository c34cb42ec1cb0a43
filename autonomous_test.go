package godwit

import (
	"context"
	"os"
	"strings"
	"testing"

	"godwit/runner/enginetest"
	"godwit/runner/enginetest/rows"
)

// linked lets sessions of a database connect to it a second time, as --autonomous dblink needs; false where the server lacks the extension.
func linked(t *testing.T, ctx context.Context, url string) bool {
	t.Helper()
	s := rows.Connect(t, ctx, url)
	defer s.Close(ctx)
	has := s.Entry(ctx, []rows.Statement{{SQL: "SELECT count(*) FROM pg_available_extensions WHERE name = 'dblink'", Rows: true}})
	if len(has) != 1 || has[0].Failed || len(has[0].Rows) != 1 || *has[0].Rows[0][0] != "1" {
		return false
	}
	set := "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET godwit_oracle.dblink = %L', current_database(), '" + strings.ReplaceAll(url, "'", "''") + "'); END $$"
	if out := s.Entry(ctx, []rows.Statement{{SQL: set}}); len(out) == 1 && out[0].Failed {
		t.Fatal(s.Errors)
	}
	return true
}

// TestAutonomousEverywhere runs a script with autonomous transactions on each version of the target, and without the setting, whose absence is an error.
func TestAutonomousEverywhere(t *testing.T) {
	c := readCase(t, "testdata/cases/oracle-own/600-autonomous-forms.txtar")
	for _, version := range []int{15, 16, 17, 18} {
		t.Run("postgres"+string(rune('0'+version/10))+string(rune('0'+version%10)), func(t *testing.T) {
			enginetest.Postgres(t, version)
			if o := c.judge(t, enginetest.FreshPostgres(t, version, "autonomous")); o.outcome != "right" {
				t.Errorf("%s: %s", o.outcome, o.why)
			}
		})
	}
}

// TestAutonomousHelper says what is missing where the session cannot connect a second time.
func TestAutonomousHelper(t *testing.T) {
	enginetest.Postgres(t, 15)
	ctx := context.Background()
	s := rows.Connect(t, ctx, enginetest.FreshPostgres(t, 15, "autonomous_unset"))
	defer s.Close(ctx)
	text, err := os.ReadFile("emit/postgres/helpers/oracle/autonomous.sql")
	if err != nil {
		t.Fatal(err)
	}
	call := []rows.Statement{{SQL: "SELECT godwit_oracle.autonomous('SELECT 1', 1)"}}
	for _, step := range []struct{ before, want string }{
		{"CREATE SCHEMA godwit_oracle; " + string(text), "autonomous transactions need the extension dblink"},
		{"CREATE EXTENSION dblink", "autonomous transactions need the setting godwit_oracle.dblink"},
		{"SET datestyle = 'German'", "autonomous transactions need datestyle ISO"},
	} {
		out := s.Entry(ctx, []rows.Statement{{SQL: step.before}})
		if len(out) == 1 && out[0].Failed {
			if strings.Contains(s.Errors[len(s.Errors)-1], "0A000") || strings.Contains(s.Errors[len(s.Errors)-1], "58P01") {
				t.Skip("the server has no extension dblink")
			}
			t.Fatal(s.Errors)
		}
		s.Entry(ctx, call)
		if last := s.Errors[len(s.Errors)-1]; !strings.HasPrefix(last, "55000 "+step.want) {
			t.Errorf("behind %.40q: %s, want %s", step.before, last, step.want)
		}
	}
}

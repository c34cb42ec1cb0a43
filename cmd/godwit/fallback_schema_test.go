package main

import (
	"strings"
	"testing"

	"godwit/runner/enginetest"
)

// TestFallbackSchemaChange: a column that the target got behind the switch ends the way back by name, with all in front of it
// applied and with a next step that there is: none of those of the way there.
func TestFallbackSchemaChange(t *testing.T) {
	w := newErrandOf(t, 15, enginetest.FreshMariaDB, []string{"CREATE TABLE a (id INT PRIMARY KEY, n INT)", "INSERT INTO a VALUES (1, 1)"})
	w.target("INSERT INTO a VALUES (2, 2)", "ALTER TABLE a ADD COLUMN later int", "INSERT INTO a VALUES (3, 3, 3)")
	for range 2 {
		code, _, told := godwitRun("fallback", "run", w.path, "--until-caught-up")
		if code != exitFailed || !strings.Contains(told, "columns that the other side lacks: later") || !strings.Contains(told, "godwit fallback disarm") || strings.Contains(told, "ddl:") {
			t.Errorf("exit code %d: %s", code, told)
		}
		w.target("ALTER TABLE a DROP COLUMN IF EXISTS later") // the log has it all the same
	}
	if got := w.lines("SELECT CONCAT(id, n) FROM a ORDER BY id"); got != "11\n22" {
		t.Errorf("the source has %s", got)
	}
	w.godwit(0, "fallback", "disarm", w.path)
}

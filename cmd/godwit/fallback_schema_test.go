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
		if code != exitFailed || !strings.Contains(told, "columns that the other side lacks: later") || !strings.Contains(told, "fallback.added_columns: leave") || !strings.Contains(told, "godwit fallback disarm") || strings.Contains(told, "ddl:") {
			t.Errorf("exit code %d: %s", code, told)
		}
		w.target("ALTER TABLE a DROP COLUMN IF EXISTS later") // the log has it all the same
	}
	if got := w.lines("SELECT CONCAT(id, n) FROM a ORDER BY id"); got != "11\n22" {
		t.Errorf("the source has %s", got)
	}
	w.godwit(0, "fallback", "disarm", w.path)
	for range 2 { // there is nothing any more that could be given up
		if out := w.godwit(0, "fallback", "disarm", w.path); !strings.HasPrefix(out, "nothing to do: ") {
			t.Errorf("disarmed once more: %s", out)
		}
	}
}

// TestFallbackLeavesColumns: where the task says so, columns that the target got behind the switch stay there, in a run that was
// stopped by them too: all others go back, the run tells of them, and the switch back goes through.
func TestFallbackLeavesColumns(t *testing.T) {
	eachWay(t, func(t *testing.T, version int, fresh freshSource) {
		w := newErrandOf(t, version, fresh, []string{"CREATE TABLE a (id INT PRIMARY KEY, n INT)", "CREATE TABLE k (n INT)", "INSERT INTO a VALUES (1, 1)", "INSERT INTO k VALUES (1), (2)"})
		if out := w.godwit(0, "fallback", "switch", w.path, "--abort"); !strings.HasPrefix(out, "nothing to do: ") {
			t.Errorf("taken back without a switch: %s", out)
		}
		w.target("INSERT INTO a VALUES (2, 2)", "ALTER TABLE a ADD COLUMN later int NOT NULL DEFAULT 7; ALTER TABLE k ADD COLUMN more text", "INSERT INTO a VALUES (3, 3, 3)")
		w.godwit(exitFailed, "fallback", "run", w.path, "--until-caught-up")
		w.more("added_columns: leave")
		w.target("UPDATE a SET later = 8", "UPDATE a SET n = 9, later = 9 WHERE id = 2", "DELETE FROM a WHERE id = 1", "UPDATE k SET more = 'x'", "INSERT INTO k VALUES (3, 'y')", "DELETE FROM k WHERE n = 2")
		if _, _, told := godwitRun("fallback", "run", w.path, "--until-caught-up"); !strings.Contains(told, "columns that the other side lacks: later") || !strings.Contains(told, "columns that the other side lacks: more") {
			t.Errorf("the run tells\n%s", told)
		}
		if got := w.lines("SELECT CONCAT(id, n) FROM a UNION ALL SELECT n FROM k ORDER BY 1"); got != "1\n29\n3\n33" {
			t.Errorf("the source has %s", got)
		}
		w.target("INSERT INTO a VALUES (4, 4, 4)")
		w.godwit(0, "fallback", "switch", w.path, "--apps-stopped", "--quiet", "50ms")
		if got := w.lines("SELECT CONCAT(id, n) FROM a ORDER BY id"); got != "29\n33\n44" {
			t.Errorf("the source has %s", got)
		}
	})
}

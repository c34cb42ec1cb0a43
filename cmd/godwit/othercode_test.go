package main

import (
	"fmt"
	"strings"
	"testing"
)

// TestChangedCode: views, routines and events that the source has made, changed or dropped since the task began, and triggers that
// fire in another order, are told by name and stop the cutover until a person has decided; what is as it was does not.
func TestChangedCode(t *testing.T) {
	eachSource(t, func(t *testing.T, fresh freshSource) {
		s := newSchemaTask(t, fresh, "apply")
		s.source("CREATE VIEW v AS SELECT id, s FROM a", "CREATE VIEW v2 AS SELECT id FROM v", "CREATE VIEW gone AS SELECT 1 AS one",
			"CREATE PROCEDURE p () UPDATE a SET n = n + 1", "CREATE FUNCTION f () RETURNS INT DETERMINISTIC RETURN 1", "CREATE FUNCTION g () RETURNS INT DETERMINISTIC RETURN 1",
			"CREATE EVENT e ON SCHEDULE EVERY 1 YEAR DO DELETE FROM a WHERE id < 0",
			"CREATE TRIGGER one BEFORE INSERT ON a FOR EACH ROW SET NEW.n = 1", "CREATE TRIGGER two BEFORE INSERT ON a FOR EACH ROW SET NEW.n = NEW.n + 1")
		godwitOK(t, "migrate", s.path, "--until", "verified")
		// Made anew as it was, and made and dropped again: no difference.
		s.source("DROP VIEW v2", "CREATE VIEW v2 AS SELECT id FROM v", "DROP FUNCTION g", "CREATE FUNCTION g () RETURNS INT DETERMINISTIC RETURN 1", "CREATE PROCEDURE late () SELECT 1", "DROP PROCEDURE late")
		godwitOK(t, "migrate", s.path, "--until", "verified")
		if text := godwitOK(t, "status", s.path); strings.Contains(text, "code   ") || strings.Contains(text, "triggers ") {
			t.Errorf("nothing has changed:\n%s", text)
		}
		godwitOK(t, "cutover", s.path, "--dry-run")

		for _, c := range []struct{ change, want, undo string }{
			{"ALTER VIEW v AS SELECT id, UPPER(s) AS s FROM a", "changed view NAME.v", "ALTER VIEW v AS SELECT id, s FROM a"},
			{"ALTER EVENT e ON SCHEDULE EVERY 2 YEAR", "changed event NAME.e", ""},
			{"CREATE VIEW late AS SELECT 1 AS one", "made view NAME.late", "DROP VIEW late"},
			{"CREATE PROCEDURE late () SELECT 1", "made procedure NAME.late", "DROP PROCEDURE late"},
		} {
			s.source(c.change)
			want := strings.ReplaceAll(c.want, "NAME", s.schema)
			if text := godwitOK(t, "status", s.path); !strings.Contains(text, "code        the source has ") || !strings.Contains(text, want) {
				t.Errorf("%s: the status does not say %q:\n%s", c.change, want, text)
			}
			if c.undo != "" {
				s.source(c.undo)
			}
		}
		// The sessions' settings are a part of what a routine does.
		s.source("SET SESSION sql_mode = 'ANSI_QUOTES'", "DROP PROCEDURE p", "CREATE PROCEDURE p () UPDATE a SET n = n + 1", "DROP VIEW gone", "DROP FUNCTION f",
			"DROP TRIGGER one", "CREATE TRIGGER one BEFORE INSERT ON a FOR EACH ROW SET NEW.n = 1", "SET SESSION sql_mode = DEFAULT")
		want := fmt.Sprintf("dropped function %[1]s.f, view %[1]s.gone; changed event %[1]s.e, procedure %[1]s.p", s.schema)
		order := fmt.Sprintf("reordered before insert of %[1]s.a (now %[1]s.two, %[1]s.one)", s.schema)
		if text := godwitOK(t, "status", s.path); !strings.Contains(text, want) || !strings.Contains(text, order) {
			t.Errorf("the status does not say %q and %q:\n%s", want, order, text)
		}
		for _, flag := range [][]string{nil, {"--folder-triggers"}, {"--folder-code"}} {
			code, told, _ := godwitRun(append([]string{"cutover", s.path, "--dry-run"}, flag...)...)
			triggers, objects := len(flag) == 0 || flag[0] != "--folder-triggers", len(flag) == 0 || flag[0] != "--folder-code"
			if code != exitDiffer || strings.Contains(told, want) != objects || strings.Contains(told, order) != triggers {
				t.Errorf("%v: code %d\n%s", flag, code, told)
			}
		}
		if code, _, told := godwitRun("cutover", s.path, "--apps-stopped"); code != exitFailed || !strings.Contains(told, want) || !strings.Contains(told, "godwit apply --replace") || !strings.Contains(told, "--folder-code") {
			t.Errorf("code %d\n%s", code, told)
		}
		godwitOK(t, "cutover", s.path, "--apps-stopped", "--folder-triggers", "--folder-code")
	})
}

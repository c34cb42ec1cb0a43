package main

import (
	"strings"
	"testing"
)

// TestSupersededTriggers: triggers of the converted folder whose table or column a schema change renamed, dropped or changed are
// those of the schema change behind the cutover, not the folder's older ones.
func TestSupersededTriggers(t *testing.T) {
	eachSource(t, func(t *testing.T, fresh freshSource) {
		s := newSchemaTask(t, fresh, "apply")
		const upd = "TIMESTAMP NULL DEFAULT NULL ON UPDATE CURRENT_TIMESTAMP"
		for _, table := range []string{"r", "p", "m", "n", "o"} {
			s.source("CREATE TABLE "+table+" (id INT PRIMARY KEY, v VARCHAR(20), upd "+upd+")", "INSERT INTO "+table+" VALUES (1, 'x', NULL)")
		}
		s.source("CREATE TRIGGER own BEFORE UPDATE ON n FOR EACH ROW SET NEW.v = CONCAT(NEW.v, '!')")
		godwitOK(t, "migrate", s.path, "--until", "verified")
		s.source("ALTER TABLE r CHANGE upd moved "+upd, "ALTER TABLE p DROP COLUMN upd", "ALTER TABLE m MODIFY upd TIMESTAMP NULL DEFAULT NULL",
			"RENAME TABLE n TO tmp", "RENAME TABLE o TO n", "ALTER TABLE tmp RENAME n2", "UPDATE r SET v = 'y'", "UPDATE p SET v = 'y'", "UPDATE n2 SET v = 'y'", "UPDATE n SET v = 'y'", "UPDATE n SET upd = NULL", "UPDATE n2 SET upd = NULL, v = 'y'",
			"UPDATE r SET moved = NULL", "UPDATE m SET v = 'y'")
		godwitOK(t, "migrate", s.path, "--until", "verified")
		s.source("DROP TRIGGER own", "CREATE TRIGGER late BEFORE INSERT ON r FOR EACH ROW SET NEW.v = 'l'")
		want := "dropped " + s.schema + ".own; made " + s.schema + ".late"
		if text := godwitOK(t, "status", s.path); !strings.Contains(text, want) {
			t.Errorf("the status does not say %q:\n%s", want, text)
		}
		if code, told, _ := godwitRun("cutover", s.path, "--dry-run"); code != exitDiffer || !strings.Contains(told, want) {
			t.Errorf("the dry run does not say %q:\n%s", want, told)
		}
		if code, _, told := godwitRun("cutover", s.path, "--apps-stopped"); code != exitFailed || !strings.Contains(told, want) {
			t.Errorf("the cutover does not say %q:\n%s", want, told)
		}
		godwitOK(t, "cutover", s.path, "--apps-stopped", "--folder-triggers")
		for _, table := range []string{"r", "p", "m", "n", "n2"} {
			s.target("UPDATE SHOP." + table + " SET v = 'z' RETURNING v")
		}
		s.holds("SELECT concat(v, ' ', moved IS NULL) FROM SHOP.r", "z f")
		s.holds("SELECT v FROM SHOP.p", "z")
		s.holds("SELECT concat(v, ' ', upd IS NULL) FROM SHOP.m", "z t")
		s.holds("SELECT concat(v, ' ', upd IS NULL) FROM SHOP.n", "z f")
		s.holds("SELECT concat(v, ' ', upd IS NULL) FROM SHOP.n2", "z! f")
	})
}

// TestChangedTriggers: a trigger that the source has made anew with another body, timing or mode stops the cutover; one that is as
// it was, on a table with another name, does not, nor one that went with its table.
func TestChangedTriggers(t *testing.T) {
	eachSource(t, func(t *testing.T, fresh freshSource) {
		s := newSchemaTask(t, fresh, "apply")
		for _, table := range []string{"r", "p", "gone"} {
			s.source("CREATE TABLE "+table+" (id INT PRIMARY KEY, v VARCHAR(20))", "CREATE TRIGGER of_"+table+" BEFORE INSERT ON "+table+" FOR EACH ROW SET NEW.v = CONCAT(NEW.v, '!')")
		}
		godwitOK(t, "migrate", s.path, "--until", "verified")
		s.source("RENAME TABLE r TO r2", "DROP TABLE gone", "DROP TRIGGER of_p", "CREATE TRIGGER of_p BEFORE INSERT ON p FOR EACH ROW SET NEW.v = CONCAT(NEW.v, '!')",
			"CREATE TRIGGER elsewhere BEFORE INSERT ON unrelated FOR EACH ROW SET NEW.id = NEW.id")
		godwitOK(t, "migrate", s.path, "--until", "verified")
		if text := godwitOK(t, "status", s.path); strings.Contains(text, "triggers ") {
			t.Error(text)
		}
		godwitOK(t, "cutover", s.path, "--dry-run")
		for _, again := range []string{"BEFORE INSERT ON p FOR EACH ROW SET NEW.v = CONCAT(NEW.v, '?')", "BEFORE UPDATE ON p FOR EACH ROW SET NEW.v = CONCAT(NEW.v, '!')"} {
			s.source("DROP TRIGGER of_p", "CREATE TRIGGER of_p "+again)
			if text := godwitOK(t, "status", s.path); !strings.Contains(text, "changed "+s.schema+".of_p since") {
				t.Errorf("%s:\n%s", again, text)
			}
			if code, told, _ := godwitRun("cutover", s.path, "--dry-run"); code != exitDiffer || !strings.Contains(told, "changed "+s.schema+".of_p;") {
				t.Errorf("%s:\n%s", again, told)
			}
		}
	})
}

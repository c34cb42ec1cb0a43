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
		_, _, told := godwitRun("cutover", s.path, "--dry-run")
		for _, want := range []string{"has dropped triggers since the task began, and the cutover makes them: " + s.schema + ".own;", "and the cutover does not: " + s.schema + ".late;"} {
			if !strings.Contains(told, want) {
				t.Errorf("the cutover does not say %q:\n%s", want, told)
			}
		}
		godwitOK(t, "cutover", s.path, "--apps-stopped")
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

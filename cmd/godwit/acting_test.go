package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"godwit/runner/enginetest"
)

// TestActingForeignKeys: a foreign key that changes rows and that the target will not have is told by check, and before anything is
// loaded.
func TestActingForeignKeys(t *testing.T) {
	s := newSchemaTask(t, enginetest.FreshMariaDB, "apply")
	s.source("CREATE TABLE p (id INT PRIMARY KEY, code INT NOT NULL, KEY (code))", "CREATE TABLE q (id INT PRIMARY KEY)",
		"CREATE TABLE c (id INT PRIMARY KEY, code INT, `Qid` INT, CONSTRAINT c_code FOREIGN KEY (code) REFERENCES p (code) ON DELETE CASCADE ON UPDATE SET NULL, "+
			"CONSTRAINT c_q FOREIGN KEY (`Qid`) REFERENCES q (id) ON DELETE SET NULL ON UPDATE CASCADE)", "INSERT INTO p VALUES (1, 10)", "INSERT INTO c VALUES (1, 10, NULL)")
	code, out, _ := godwitRun("check", s.path)
	if code != exitDiffer || !strings.Contains(out, "source-actions") || !strings.Contains(out, "c_code (code) to ") || strings.Contains(out, "c_q") {
		t.Errorf("exit code %d\n%s", code, out)
	}
	for _, args := range [][]string{{"migrate", s.path}, {"migrate", s.path, "--skip-check", "--until", "caught-up"}} {
		if code, _, err := godwitRun(args...); code == 0 || !strings.Contains(err, "c_code (code) to ") {
			t.Errorf("%v: exit code %d\n%s", args, code, err)
		}
	}
	s.holds("SELECT count(*)::text FROM pg_tables WHERE tablename IN ('c', 'p')", "0")
	// The way out.
	s.source("ALTER TABLE p ADD UNIQUE KEY (code)")
	if err := os.RemoveAll(filepath.Join(filepath.Dir(s.path), "shop")); err != nil {
		t.Fatal(err)
	}
	godwitOK(t, "migrate", s.path, "--until", "caught-up")
	s.source("DELETE FROM p")
	godwitOK(t, "migrate", s.path, "--until", "verified")
	s.holds("SELECT count(*)::text FROM SHOP.c", "0")
}

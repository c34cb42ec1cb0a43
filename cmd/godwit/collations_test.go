package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"godwit/runner/enginetest"
)

// TestMigrateCollations moves tables whose keys are texts under each policy for case-insensitive texts: loaded, followed and verified. Where texts
// are told apart that the source takes for equal, all of its rows still have a place.
func TestMigrateCollations(t *testing.T) {
	for _, policy := range []string{"icu", "citext", "none"} {
		t.Run(policy, func(t *testing.T) { moveTexts(t, policy) })
	}
}

func moveTexts(t *testing.T, policy string) {
	src, my := enginetest.FreshMariaDB(t, "collations")
	dst := enginetest.FreshPostgres(t, 15, "collations")
	exec := func(list ...string) {
		t.Helper()
		for _, q := range list {
			if _, err := my.Exec(q); err != nil {
				t.Fatalf("%s: %v", q, err)
			}
		}
	}
	exec("CREATE TABLE country (code VARCHAR(3) PRIMARY KEY, name VARCHAR(40) NOT NULL, UNIQUE KEY (name)) DEFAULT CHARSET utf8mb4",
		"CREATE TABLE city (id INT PRIMARY KEY, country VARCHAR(3), name VARCHAR(40) COLLATE utf8mb4_bin, tags SET('a','B'), size ENUM('S','m'), about TEXT, "+
			"UNIQUE KEY (about(6)), FOREIGN KEY (country) REFERENCES country (code) ON UPDATE CASCADE) DEFAULT CHARSET utf8mb4",
		"CREATE TABLE word (a VARCHAR(20), b VARCHAR(20), n INT, PRIMARY KEY (a, b)) DEFAULT CHARSET utf8mb4",
		"INSERT INTO country VALUES ('de', 'Deutschland'), ('FR', 'France'), ('ö', 'Österreich')",
		"INSERT INTO city VALUES (1, 'de', 'Köln', 'a,B', 'S', 'Rhine'), (2, 'FR', 'Lyon', '', 'm', 'rhône')",
		"INSERT INTO word SELECT CONCAT(CHAR(97 + seq MOD 26 - 32 * (seq MOD 2)), seq), CONCAT('x', seq), seq FROM seq_1_to_3000")
	task := filepath.Join(t.TempDir(), "collations.yaml")
	text := fmt.Sprintf("name: collations\nsource: {url: %q}\ntarget: {url: %q}\nload: {workers: 2, chunk_rows: 500}\nconvert: {collations: %s}\n", src, dst, policy)
	if err := os.WriteFile(task, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	godwitOK(t, "migrate", task, "--until", "caught-up")
	exec("UPDATE country SET code = 'DE' WHERE code = 'de'", // the same key to the source, another text; the foreign key follows
		"UPDATE word SET a = UPPER(a) WHERE n MOD 3 = 0", "DELETE FROM word WHERE a LIKE 'B%' AND n > 2000", "UPDATE word SET n = n + 1 WHERE a = 'c2'",
		"INSERT INTO city VALUES (3, 'ö', 'wien', 'B', 's', 'Donau')")
	godwitOK(t, "migrate", task, "--until", "caught-up")
	out := godwitOK(t, "verify", task, "--static")
	if !strings.Contains(out, "3 tables verified") || strings.Contains(out, "mismatch: ") {
		t.Errorf("verify: %s", out)
	}
	godwitOK(t, "cutover", task, "--apps-stopped", "--quiet", "0s")
}

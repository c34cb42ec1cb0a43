package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"godwit/runner/enginetest"
)

// TestSwappedNames: columns that exchange their names in one ALTER TABLE do so on the target.
func TestSwappedNames(t *testing.T) {
	eachSource(t, func(t *testing.T, fresh freshSource) {
		s := newSchemaTask(t, fresh, "apply")
		s.source("CREATE TABLE w (id INT PRIMARY KEY, x INT, y VARCHAR(10), z INT UNSIGNED, UNIQUE KEY (x))", "INSERT INTO w VALUES (1, 10, 'ten', 100)")
		godwitOK(t, "migrate", s.path, "--until", "verified")
		s.source("ALTER TABLE w RENAME COLUMN x TO Y, RENAME COLUMN y TO x", "INSERT INTO w (id, x, y, z) VALUES (2, 'two', 20, 200)")
		godwitOK(t, "migrate", s.path, "--until", "verified")
		s.holds("SELECT concat_ws('|', id, x, y, z) FROM SHOP.w ORDER BY id", "1|ten|10|100, 2|two|20|200")
		s.source("ALTER TABLE w CHANGE x y VARCHAR(20), CHANGE y z INT, CHANGE z x INT UNSIGNED", "INSERT INTO w (id, x, y, z) VALUES (3, 300, 'three', 30)",
			"UPDATE w SET x = x + 1")
		godwitOK(t, "migrate", s.path, "--until", "verified")
		s.holds("SELECT concat_ws('|', id, x, y, z) FROM SHOP.w ORDER BY id", "1|101|ten|10, 2|201|two|20, 3|301|three|30")
		s.holds("SELECT string_agg(attname, ',' ORDER BY attname) FROM pg_attribute WHERE attrelid = 'SHOP.w'::regclass AND attnum > 0", "id,x,y,z")
	})
}

// TestSwappedNamesAmongOthers: columns exchange their names in an ALTER TABLE that does other things as well.
func TestSwappedNamesAmongOthers(t *testing.T) {
	eachSource(t, func(t *testing.T, fresh freshSource) {
		s := newSchemaTask(t, fresh, "apply")
		s.source("CREATE TABLE w (id INT PRIMARY KEY, x INT, y VARCHAR(10), z INT, q INT, UNIQUE KEY ux (x), KEY iz (z))", "INSERT INTO w VALUES (1, 10, 'ten', 100, 1)")
		godwitOK(t, "migrate", s.path, "--until", "verified")
		s.source("ALTER TABLE w ADD COLUMN k INT NOT NULL DEFAULT 7, RENAME COLUMN x TO y, DROP INDEX iz, RENAME COLUMN y TO x, ADD INDEX ix (x), MODIFY z BIGINT",
			"INSERT INTO w (id, x, y, z, k) VALUES (2, 'two', 20, 5000000000, 8)", "UPDATE w SET z = z + 1 WHERE y = 10")
		godwitOK(t, "migrate", s.path, "--until", "verified")
		s.holds("SELECT concat_ws('|', id, x, y, z, k) FROM SHOP.w ORDER BY id", "1|ten|10|101|7, 2|two|20|5000000000|8")
		s.holds("SELECT regexp_replace(indexdef, '^.* USING', '') FROM pg_indexes WHERE schemaname = '"+s.schema+"' AND tablename = 'w' ORDER BY 1", " btree (id),  btree (x),  btree (y)")
		s.source("ALTER TABLE w CHANGE x y VARCHAR(30), CHANGE y x BIGINT, ADD UNIQUE KEY (y, z), DROP COLUMN k, ALTER COLUMN q SET DEFAULT 5",
			"INSERT INTO w (id, x, y, z) VALUES (3, 6000000000, 'three', 3)")
		godwitOK(t, "migrate", s.path, "--until", "verified")
		s.holds("SELECT concat_ws('|', id, x, y, z, q) FROM SHOP.w ORDER BY id", "1|10|ten|101|1, 2|20|two|5000000000, 3|6000000000|three|3|5")
		// What another action means by a name that is on the move is not guessed.
		s.source("ALTER TABLE w RENAME COLUMN x TO y, RENAME COLUMN y TO z, RENAME COLUMN z TO x, ADD COLUMN k BIGINT AS (x + 1)")
		if code, _, told := godwitRun("migrate", s.path, "--until", "caught-up"); code != exitFailed || !strings.Contains(told, "make the change on the target by hand") {
			t.Errorf("code %d\n%s", code, told)
		}
	})
}

// TestRenamedInCycles: columns that the server sets by itself and columns with a range exchange their names in cycles, and change
// their types afterwards: each keeps its own range, and none that was another's.
func TestRenamedInCycles(t *testing.T) {
	eachSource(t, func(t *testing.T, fresh freshSource) {
		s := newSchemaTask(t, fresh, "apply")
		s.source("SET SESSION time_zone = '+00:00'", `CREATE TABLE w (id INT PRIMARY KEY, n INT, u TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
			v TIMESTAMP NULL ON UPDATE CURRENT_TIMESTAMP, d DATETIME, a INT UNSIGNED, b TINYINT, c SMALLINT UNSIGNED)`, "INSERT INTO w VALUES (1, 1, '2026-01-01', '2026-01-02', '2026-01-03', 4000000000, 1, 60000)")
		godwitOK(t, "migrate", s.path, "--until", "verified")
		s.source("ALTER TABLE w RENAME COLUMN u TO v, RENAME COLUMN v TO d, RENAME COLUMN d TO u", "UPDATE w SET n = 2",
			"ALTER TABLE w RENAME COLUMN a TO b, RENAME COLUMN b TO c, RENAME COLUMN c TO a", "INSERT INTO w (id, n, v, a, b, c) VALUES (2, 2, '2026-02-01', 60000, 4000000000, -5)")
		godwitOK(t, "migrate", s.path, "--until", "verified")
		// A column that takes the old name of another, and types that change: the range that goes is the column's own.
		s.source("ALTER TABLE w RENAME COLUMN b TO e", "ALTER TABLE w ADD COLUMN b SMALLINT UNSIGNED NULL", "UPDATE w SET b = 65535",
			"ALTER TABLE w MODIFY b INT", "UPDATE w SET b = -70000", "UPDATE w SET n = 3", "ALTER TABLE w MODIFY c BIGINT", "UPDATE w SET c = -5000000000, e = 7")
		godwitOK(t, "migrate", s.path, "--until", "verified")
		s.holds("SELECT concat_ws('|', id, n, u::date, a, b, c, e) FROM SHOP.w ORDER BY id", "1|3|2026-01-03|60000|-70000|-5000000000|7, 2|3|60000|-70000|-5000000000|7")
		s.holds("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'SHOP.w'::regclass AND contype = 'c' ORDER BY 1",
			"CHECK (((a >= 0) AND (a <= 65535))), CHECK (((e >= 0) AND (e <= '4294967295'::bigint)))")
	})
}

// TestPoliciesOfSwappedNames: columns whose policies differ and that exchange their names stop the task: the file means the columns as they were.
func TestPoliciesOfSwappedNames(t *testing.T) {
	s := newSchemaTask(t, enginetest.FreshMariaDB, "apply")
	text, err := os.ReadFile(s.path)
	if err != nil {
		t.Fatal(err)
	}
	policies := fmt.Sprintf("values: {columns: {%[1]s.p.X: {zero_dates: \"null\"}, %[1]s.p.y: {zero_dates: \"null\"}}}\n", s.schema)
	if err := os.WriteFile(s.path, append(text, policies...), 0o644); err != nil {
		t.Fatal(err)
	}
	s.source("CREATE TABLE p (id INT PRIMARY KEY, X DATE, y DATE, z DATE)", "SET SESSION sql_mode = ''", "INSERT INTO p VALUES (1, '0000-00-00', '2026-01-01', '2026-01-02')")
	godwitOK(t, "migrate", s.path, "--until", "verified")
	s.source("ALTER TABLE p RENAME COLUMN X TO y, RENAME COLUMN y TO X", "INSERT INTO p VALUES (2, '2026-01-01', '0000-00-00', NULL)")
	godwitOK(t, "migrate", s.path, "--until", "verified")
	s.holds("SELECT concat_ws('|', id, coalesce(x::text, '-'), coalesce(y::text, '-')) FROM SHOP.p ORDER BY id", "1|2026-01-01|-, 2|-|2026-01-01")
	s.source("ALTER TABLE p CHANGE y z DATE, CHANGE z y DATE")
	var out, errOut bytes.Buffer
	code := run(context.Background(), []string{"migrate", s.path, "--until", "caught-up"}, strings.NewReader(""), &out, &errOut)
	if text := errOut.String(); code != exitFailed || !strings.Contains(text, "which has other policies in values.columns") || !strings.Contains(text, s.schema+".p.z") {
		t.Errorf("code %d\n%s", code, text)
	}
}

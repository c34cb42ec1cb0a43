package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"godwit/runner/enginetest"
)

// errandSource is what the tests of refused rows move: keyed with values of several kinds, without key, and a large one.
var errandSource = []string{
	"CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(20) CHARACTER SET latin1, day DATE, at DATETIME(3), n DECIMAL(6,2), code VARCHAR(20) UNIQUE, f FLOAT, size ENUM('s','l'), j JSON, b VARBINARY(10))",
	"CREATE TABLE line (item INT, note VARCHAR(40) CHARACTER SET latin1)",
	"CREATE TABLE big (id INT PRIMARY KEY, body LONGTEXT CHARACTER SET latin1)",
	"INSERT INTO item (id, name, code) VALUES (1, 'one', 'a'), (2, 'two', 'b'), (3, 'three', 'c')",
	"INSERT INTO line VALUES (1, 'x'), (1, 'x'), (2, 'y')",
}

// newErrand moves a small source and cuts over with the way back armed.
func newErrand(t *testing.T, version int, fresh freshSource) *way {
	t.Helper()
	return newErrandOf(t, version, fresh, errandSource)
}

func newErrandOf(t *testing.T, version int, fresh freshSource, source []string) *way {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	t.Cleanup(cancel)
	w := &way{mySource: newMySource(t, fresh, "errand"), ctx: ctx, dst: enginetest.FreshPostgres(t, version, "errand")}
	for _, q := range source {
		w.source(q)
	}
	state := w.schema + "_g"
	t.Cleanup(func() { w.my.Exec("DROP DATABASE IF EXISTS `" + state + "`") })
	w.path = filepath.Join(t.TempDir(), "errand.yaml")
	w.policy("stop")
	w.godwit(0, "migrate", w.path, "--until", "verified")
	w.godwit(0, "cutover", w.path, "--apps-stopped", "--quiet", "50ms", "--fallback")
	return w
}

// policy writes the task file with a policy for refused rows of the way back.
func (w *way) policy(onError string) {
	w.t.Helper()
	text := fmt.Sprintf("name: errand\nsource: {url: %q}\ntarget: {url: %q}\nload: {workers: 1}\nfallback: {database: %s_g, on_error: %s}\n", w.url, w.dst, w.schema, onError)
	if err := os.WriteFile(w.path, []byte(text), 0o644); err != nil {
		w.t.Fatal(err)
	}
}

// more adds a setting of the way back to the task file.
func (w *way) more(setting string) {
	w.t.Helper()
	text, err := os.ReadFile(w.path)
	if err == nil {
		err = os.WriteFile(w.path, []byte(strings.Replace(string(text), "fallback: {", "fallback: {"+setting+", ", 1)), 0o644)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// target runs transactions on PostgreSQL, one for each argument.
func (w *way) target(list ...string) {
	w.t.Helper()
	conn, err := pgx.Connect(w.ctx, w.dst)
	if err != nil {
		w.t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(w.ctx, fmt.Sprintf("SET search_path = %s", pgx.Identifier{w.schema}.Sanitize())); err != nil {
		w.t.Fatal(err)
	}
	for _, q := range list {
		if _, err := conn.Exec(w.ctx, q, pgx.QueryExecModeSimpleProtocol); err != nil {
			w.t.Fatalf("%.200s: %v", q, err)
		}
	}
}

// lines are the rows of one column on the source.
func (w *way) lines(q string) string {
	w.t.Helper()
	rows, err := w.my.Query(q)
	if err != nil {
		w.t.Fatalf("%s: %v", q, err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			w.t.Fatal(err)
		}
		out = append(out, s)
	}
	if err := rows.Err(); err != nil {
		w.t.Fatal(err)
	}
	return strings.Join(out, "\n")
}

// TestFallbackRefusedRows: rows that the old source refuses on the way back end its stream by name, with all in front of them
// applied; or exactly they are set aside, and what follows of them, and a way back of which rows are missing does not switch.
func TestFallbackRefusedRows(t *testing.T) {
	eachWay(t, func(t *testing.T, version int, fresh freshSource) {
		w := newErrand(t, version, fresh)
		w.stopped()
		w.setAside()
		w.large()
		w.mended()
	})
}

// stopped has rows of each kind refused one after the other under the policy stop.
func (w *way) stopped() {
	for _, c := range []struct{ bad, undo, says string }{
		{"INSERT INTO item (id, name) VALUES (11, '日本')", "DELETE FROM item WHERE id = 11", `table NAME.item`},
		{"INSERT INTO item (id, day) VALUES (11, 'infinity')", "DELETE FROM item WHERE id = 11", "column day"},
	} {
		w.target("INSERT INTO item (id, name) VALUES (10, 'ten') ON CONFLICT (id) DO UPDATE SET name = item.name || '!'", c.bad)
		w.godwit(exitFailed, "fallback", "run", w.path, "--until-caught-up")
		if text := w.err.String(); !strings.Contains(text, strings.ReplaceAll(c.says, "NAME", w.schema)) {
			w.t.Errorf("%s:\n%s", c.bad, text)
		}
		if got := w.lines("SELECT id FROM item WHERE id > 9 ORDER BY id"); got != "10" {
			w.t.Errorf("%s: the source has %q", c.bad, got)
		}
		w.policy("except")
		w.target(c.undo)
		if text := w.godwit(0, "fallback", "run", w.path, "--until-caught-up"); !strings.Contains(text, "2 rows were set aside in the table "+w.schema+"_g.exceptions") {
			w.t.Errorf("%s:\n%s", c.bad, text)
		}
		w.source("DELETE FROM `" + w.schema + "_g`.exceptions")
		w.policy("stop")
	}
}

// setAside has rows refused among others.
func (w *way) setAside() {
	t := w.t
	w.policy("except")
	w.source("DELETE FROM item WHERE id = 2")
	w.source("INSERT INTO item (id, code) VALUES (90, 'taken')")
	w.target("BEGIN; INSERT INTO item (id, name) VALUES (20, 'good'); INSERT INTO item (id, name) VALUES (21, '日本'); INSERT INTO item (id, name) VALUES (22, 'too'); UPDATE item SET name = 'new' WHERE id = 1; COMMIT",
		"UPDATE item SET n = 5 WHERE id = 21", // of a row that is not there
		"UPDATE item SET name = 'back' WHERE id = 2",
		"INSERT INTO item (id, code) VALUES (23, 'taken'), (24, 'free')",
		"INSERT INTO item (id, day) VALUES (25, '0044-03-15 BC'), (26, 'infinity'), (27, '2026-01-01')",
		"INSERT INTO item (id, at) VALUES (28, '12026-01-01 10:00:00'), (29, '2026-01-01 10:00:00.125')",
		"INSERT INTO item (id, f) VALUES (30, 'NaN'), (31, 'Infinity'), (32, 1.5)",
		"INSERT INTO item (id, n) VALUES (33, 'NaN'), (34, 1.25)",
		`INSERT INTO item (id, b) VALUES (36, '\xff00')`,
		"INSERT INTO line VALUES (7, '日本'), (7, 'z')", "DELETE FROM line WHERE item = 7 AND note = '日本'", "UPDATE line SET note = 'w' WHERE ctid = (SELECT min(ctid) FROM line WHERE item = 1)",
		"DELETE FROM item WHERE id = 22")
	w.godwit(0, "fallback", "run", w.path, "--until-caught-up")
	aside := w.lines("SELECT CONCAT_WS(' ', SUBSTRING_INDEX(CONVERT(tbl USING utf8mb4), '.', -1), kind, row_key, COALESCE(code, '-')) FROM `" + w.schema + "_g`.exceptions ORDER BY id")
	want := `item insert id="21" 1366
item update id="21" -
item update id="2" -
item insert id="23" 1062
item insert id="25" -
item insert id="26" -
item insert id="28" -
item insert id="30" -
item insert id="31" -
item insert id="33" -
line insert  1366
line delete  -`
	if aside != want {
		t.Errorf("set aside:\n%s\nwant\n%s", aside, want)
	}
	if got, want := w.lines("SELECT CONCAT_WS(' ', id, name, day, at, n, code, f, HEX(b)) FROM item ORDER BY id"), `1 new a
3 three c
10 ten!
20 good
24 free
27 2026-01-01
29 2026-01-01 10:00:00.125
32 1.5
34 1.25
36 FF00
90 taken`; got != want {
		t.Errorf("the source has\n%s\nwant\n%s", got, want)
	}
	if got := w.lines("SELECT CONCAT_WS(' ', item, note) FROM line ORDER BY item, note"); got != "1 w\n1 x\n2 y\n7 z" {
		t.Errorf("the source has %q", got)
	}
	image := w.lines("SELECT CONCAT(after_image) FROM `" + w.schema + "_g`.exceptions WHERE row_key LIKE '%25%' OR row_key LIKE '%30%' ORDER BY id")
	if !strings.Contains(image, `"day":"0044-03-15 BC"`) || !strings.Contains(image, `"f":"NaN"`) {
		t.Errorf("images:\n%s", image)
	}
	if text := w.godwit(0, "fallback", "status", w.path); !strings.Contains(text, "aside    12 rows, see the table "+w.schema+"_g.exceptions on the old source") {
		t.Errorf("status:\n%s", text)
	}
}

// large has a row refused in the middle of a transaction that comes in pieces.
func (w *way) large() {
	before := w.count("SELECT COUNT(*) FROM `" + w.schema + "_g`.exceptions")
	w.target("INSERT INTO big SELECT g, CASE g WHEN 2000 THEN '日本' ELSE repeat('x', 1000) END FROM generate_series(1, 4000) g")
	w.godwit(0, "fallback", "run", w.path, "--until-caught-up")
	if n := w.count("SELECT COUNT(*) FROM big WHERE LENGTH(body) = 1000"); n != 3999 {
		w.t.Errorf("%d of 3999 rows", n)
	}
	if n := w.count("SELECT COUNT(*) FROM `" + w.schema + "_g`.exceptions"); n != before+1 {
		w.t.Errorf("%d rows were set aside", n-before)
	}
}

// mended: the switch stops at the rows that are missing, can be taken back, and goes through when both sides are the same.
func (w *way) mended() {
	t := w.t
	w.godwit(exitFailed, "fallback", "switch", w.path, "--apps-stopped", "--quiet", "50ms")
	if text := w.err.String(); !strings.Contains(text, w.schema+".item is different") || !strings.Contains(text, w.schema+"_g.exceptions") {
		t.Errorf("the switch says\n%s", text)
	}
	w.godwit(0, "fallback", "switch", w.path, "--abort")
	w.target("DELETE FROM item WHERE id IN (2, 21, 23, 25, 26, 28, 30, 31, 33)", "DELETE FROM big WHERE id = 2000")
	w.source("DELETE FROM item WHERE id = 90")
	w.godwit(0, "fallback", "run", w.path, "--until-caught-up")
	w.godwit(0, "fallback", "switch", w.path, "--apps-stopped", "--quiet", "50ms")
	w.godwit(0, "verify", w.path, "--static")
}

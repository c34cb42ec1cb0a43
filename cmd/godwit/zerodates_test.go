package main

import (
	"os"
	"strings"
	"testing"

	"godwit/runner/enginetest"
)

// TestZeroDatesStepByStep: a load that zero dates stop says what to write, also where what was written does not fit the column; the
// task can go on under any policy while no row is there, and under no other one afterwards.
func TestZeroDatesStepByStep(t *testing.T) {
	s := newSchemaTask(t, enginetest.FreshMariaDB, "apply")
	s.source("SET SESSION sql_mode = ''", "CREATE TABLE post (id INT PRIMARY KEY, published DATETIME NOT NULL, edited DATE)", "INSERT INTO post VALUES (1, '2026-01-01', '2026-01-02'), (2, '0000-00-00', '0000-00-00')")
	text, err := os.ReadFile(s.path)
	if err != nil {
		t.Fatal(err)
	}
	step := func(values string, code int, want ...string) {
		t.Helper()
		if err := os.WriteFile(s.path, append(text[:len(text):len(text)], values+"\n"...), 0o644); err != nil {
			t.Fatal(err)
		}
		got, _, told := godwitRun("migrate", s.path, "--until", "verified")
		for _, w := range want {
			if !strings.Contains(told, strings.ReplaceAll(w, "NAME", s.schema)) {
				t.Errorf("%s: %q is not in\n%s", values, w, told)
			}
		}
		if got != code {
			t.Fatalf("%s: code %d\n%s", values, got, told)
		}
	}
	step("", exitFailed, "NAME.post", `row id="2"`, "set values.zero_dates")
	step(`values: {zero_dates: "null"}`, exitFailed, "the source has a zero date in NAME.post.published", `{NAME.post.published: {zero_dates: "0001-01-01"}}`)
	step(`values: {zero_dates: "null", columns: {`+s.schema+`.post.published: {zero_dates: "0001-01-01"}}}`, 0)
	s.holds("SELECT concat_ws('|', id, published, edited) FROM SHOP.post ORDER BY id", "1|2026-01-01 00:00:00|2026-01-02, 2|0001-01-01 00:00:00")
	step(`values: {zero_dates: "0002-02-02"}`, exitFailed, "changed since it was started")
}

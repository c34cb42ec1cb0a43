package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"godwit/bench/sakila"
)

// files reads all that generate wrote.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		out[e.Name()] = string(text)
	}
	return out
}

func TestRowsDependOnSeedAndNumberAlone(t *testing.T) {
	var runs []map[string]string
	for _, seed := range []uint64{1, 1, 2} {
		dir := t.TempDir()
		if err := generate(dir, 500, seed); err != nil {
			t.Fatal(err)
		}
		runs = append(runs, files(t, dir))
	}
	if len(runs[0]) != 9 {
		t.Errorf("%d files, want 9", len(runs[0]))
	}
	for name := range runs[0] {
		if runs[0][name] != runs[1][name] {
			t.Errorf("%s differs between two runs", name)
		}
	}
	if runs[0]["load_salaries2.dump"] == runs[2]["load_salaries2.dump"] {
		t.Error("the seed changes nothing")
	}
}

func TestTooFewEmployees(t *testing.T) {
	if err := run([]string{"--employees", "3", t.TempDir()}); err == nil {
		t.Error("3 employees for 9 departments were accepted")
	}
}

func TestTheScriptsLoad(t *testing.T) {
	server := os.Getenv("GODWIT_TEST_MARIADB")
	if server == "" {
		if os.Getenv("GODWIT_TEST_REQUIRE") == "1" {
			t.Fatal("GODWIT_TEST_MARIADB is not set; run the tests with scripts/test")
		}
		t.Skip("skipped: mariadb: GODWIT_TEST_MARIADB is not set")
	}
	const n = 2000
	dir := t.TempDir()
	if err := generate(dir, n, 1); err != nil {
		t.Fatal(err)
	}
	dumps := files(t, dir)
	script, err := os.ReadFile("../../testdata/employees/employees.sql")
	if err != nil {
		t.Fatal(err)
	}
	objects, err := os.ReadFile("../../testdata/employees/objects.sql")
	if err != nil {
		t.Fatal(err)
	}
	// "source" is followed here, so that the client need not run in dir.
	text := string(script)
	for name, rows := range dumps {
		text = strings.ReplaceAll(text, fmt.Sprintf("source %s ;", name), rows)
	}
	if strings.Contains(text, "\nsource ") {
		t.Fatal("the script sources a file that was not generated")
	}
	ctx := context.Background()
	if err := sakila.RunScript(ctx, server, bytes.NewBufferString(text+"\n"+string(objects))); err != nil {
		t.Fatal(err)
	}
	db, err := sakila.Open(server, "employees")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	check(t, db, n)
	if _, err := db.Exec("DROP DATABASE employees"); err != nil {
		t.Error(err)
	}
}

// check looks at what the rows must be: all there, each employee in one
// department now at most, no gap between two salaries.
func check(t *testing.T, db *sql.DB, n int) {
	t.Helper()
	for query, want := range map[string]int{
		"SELECT COUNT(*) FROM employees.employees":                                                                          n,
		"SELECT COUNT(*) FROM employees.departments":                                                                        9,
		"SELECT COUNT(*) FROM employees.dept_manager":                                                                       9,
		"SELECT COUNT(DISTINCT emp_no) FROM employees.dept_emp":                                                             n,
		"SELECT COUNT(DISTINCT emp_no) FROM employees.titles":                                                               n,
		"SELECT COUNT(DISTINCT emp_no) FROM employees.salaries":                                                             n,
		"SELECT COUNT(*) FROM employees.salaries WHERE to_date < from_date":                                                 0,
		"SELECT COUNT(*) FROM employees.titles WHERE to_date < from_date":                                                   0,
		"SELECT COUNT(*) FROM employees.dept_emp WHERE to_date < from_date":                                                 0,
		"SELECT COUNT(*) FROM (SELECT emp_no FROM employees.dept_emp WHERE to_date > NOW() GROUP BY 1 HAVING COUNT(*)>1) x": 0,
	} {
		var got int
		if err := db.QueryRow(query).Scan(&got); err != nil || got != want {
			t.Errorf("%s = %d, %v; want %d", query, got, err, want)
		}
	}
}

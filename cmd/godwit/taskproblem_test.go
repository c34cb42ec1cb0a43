package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"godwit/runner/enginetest"
)

// TestTaskFileMistakes: what is wrong with a task file is told by its place, in the words of the file, with what would be right.
func TestTaskFileMistakes(t *testing.T) {
	const ends = "name: a\nsource: {url: \"mysql://u@h/shop\"}\ntarget: {url: \"postgres://u@h/shop\"}\n"
	for _, c := range []struct{ text, want string }{
		{ends + "table: {exclude: [x]}\n", "line 4: there is no field table at this place; did you mean tables?"},
		{ends + "tables: {exlude: [x]}\n", "line 4: there is no field exlude at this place; did you mean tables.exclude?"},
		{ends + "nonsense: 1\n", "line 4: there is no field nonsense at this place; docs/task.md"},
		{ends + "apply: {wait: 20}\n", "line 4: 20 stands where a duration with its unit, such as 20ms, 5s or 1h, is wanted"},
		{ends + "apply: {lanes: many}\n", "line 4: many stands where a number is wanted"},
		{ends + "verify: {continuous: perhaps}\n", "line 4: perhaps stands where true or false is wanted"},
		{ends + "ddl: [stop]\n", "line 4: a list stands where a text is wanted"},
		{ends + "tables: all\n", "line 4: all stands where a section with fields of its own is wanted"},
		{ends + "tables: {exclude: x}\n", "line 4: x stands where a list is wanted"},
		{"name: a\nsource:\n\turl: x\n", "indent with blanks, not tabs"},
		{strings.Replace(ends, "h/shop\"}\nt", "h/\"}\nt", 1), "source.url: names no database; write it behind the server, as in mysql://user@host:3306/shop, or list the schemas in tables.schemas"},
	} {
		path := filepath.Join(t.TempDir(), "a.yaml")
		if err := os.WriteFile(path, []byte(c.text), 0o644); err != nil {
			t.Fatal(err)
		}
		code, _, told := godwitRun("status", path)
		if code != exitUsage || !strings.Contains(told, c.want) || strings.Contains(told, "main.") || strings.Contains(told, "!!") {
			t.Errorf("%s\ncode %d: %s\nwant %s", c.text, code, told, c.want)
		}
	}
}

// TestIncludedTableIsThere: a table that is included by its name and not there is told with those that are; it is not left behind.
func TestIncludedTableIsThere(t *testing.T) {
	s := newSchemaTask(t, enginetest.FreshMariaDB, "apply")
	text, err := os.ReadFile(s.path)
	if err != nil {
		t.Fatal(err)
	}
	include := func(list string) {
		t.Helper()
		if err := os.WriteFile(s.path, []byte(strings.Replace(string(text), "exclude: [unrelated*]", "include: ["+list+"]", 1)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	include("a, bb, " + s.schema + ".c")
	for _, command := range []string{"check", "migrate"} {
		code, out, told := godwitRun(command, s.path)
		want := "tables.include has bb, " + s.schema + ".c, and the source has no such table; it has " + s.schema + ".a, " + s.schema + ".b, " + s.schema + ".unrelated"
		if code != exitDiffer || !strings.Contains(out+told, want) || !strings.Contains(out+told, "correct the section tables of the task file") {
			t.Errorf("%s: code %d, want %q\n%s%s", command, code, want, out, told)
		}
	}
	include("a, b, later_*")
	godwitOK(t, "migrate", s.path, "--until", "verified")
	// A table that went later is none that was misspelt.
	s.source("DROP TABLE b", "INSERT INTO a (s) VALUES ('more')")
	godwitOK(t, "migrate", s.path, "--until", "caught-up")
	godwitOK(t, "migrate", s.path, "--until", "verified")
}

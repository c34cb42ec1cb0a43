package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestIncluded looks for called scripts as the clients do.
func TestIncluded(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"install.sql": "@sub/a\n", "sub/a.sql": "-- a of sub\n", "a.sql": "-- a of root\n", "sub/Code.PKS": "-- code\n", "sub/b.txt": "-- b\n"} {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	script, folder := filepath.ToSlash(filepath.Join(dir, "install.sql")), filepath.ToSlash(dir)
	for _, c := range []struct {
		arg, from, name string
		beside          bool
		want            string // the text, "" for an input, or the end of an error
	}{
		{script, script, "a.sql", false, "-- a of root\n"},
		{script, folder + "/sub/a.sql", "a.sql", false, "-- a of root\n"},
		{script, folder + "/sub/a.sql", "a.sql", true, "-- a of sub\n"},
		{script, script, `sub\code.pks`, false, "-- code\n"},
		{script, script, folder + "/sub/b.txt", false, "-- b\n"},
		{script, script, "nothing.sql", true, "!nothing.sql is not in " + folder + " or the current folder"},
		{script, script, "http://example.com/x.sql", false, "!http://example.com/x.sql is not a file"},
		{script, script, "sub", false, "!sub is not in " + folder + " or the current folder"},
		{script, script, "include_test.go", false, "-- this"}, // in the current folder
		{folder, script, "sub/a.sql", false, ""},
		{folder, script, "sub/b.txt", false, "-- b\n"},
	} {
		open, err := included(c.arg)
		if err != nil {
			t.Fatal(err)
		}
		f, err := open(c.from, c.name, c.beside)
		got := ""
		switch {
		case err != nil:
			got = "!" + err.Error()
		case f != nil:
			got = f.Text
			if c.name == "include_test.go" {
				got = "-- this"
			}
		}
		if got != c.want {
			t.Errorf("%s in %s: %q, want %q", c.name, strings.TrimPrefix(c.from, folder), got, c.want)
		}
	}
}

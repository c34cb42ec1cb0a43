package main

import (
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestInputThatIsNoScript gives commands what people give by mistake: each is told what it is, and what to do.
func TestInputThatIsNoScript(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	var packed strings.Builder
	w := gzip.NewWriter(&packed)
	if _, err := w.Write([]byte("CREATE TABLE t (a int PRIMARY KEY);\n")); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		path, from string
		code       int
		out, err   string
	}{
		{put("d.sql.gz", packed.String()), "mysql", exitOK, "", ""},
		{put("half.sql.gz", packed.String()[:30]), "mysql", exitFailed, "", "half.sql.gz: unexpected EOF; copy it again"},
		{put("wide.sql", "\xff\xfe"+strings.ReplaceAll("CREATE TABLE t (a int PRIMARY KEY);\n", "", "\x00")[1:]), "mysql", exitOK, "", ""},
		{put("half.sql", "\xff\xfeS\x00E"), "mysql", exitFailed, "", "half.sql is not valid UTF-16 throughout: copy it again"},
		{put("x.dmp", "\x03\x03iEXPORT:V11.02.00\nDSCOTT\x00"), "oracle", exitFailed, "", "x.dmp is an export of Oracle (exp): make a script"},
		{put("a.out", "\x7fELF\x00\x01"), "mysql", exitFailed, "", "a.out is not text (a zero byte at offset 4)"},
		{put("empty.sql", "-- nothing\n"), "mysql", exitOK, "holds no statement", ""},
		{put("letter.sql", "Dear Sir;\nyours faithfully;\n"), "oracle", exitFailed, "could be read as Oracle", "none of the 2 statements of"},
	} {
		for _, args := range [][]string{{"assess", x.path}, {"convert", x.path, "-o", filepath.Join(dir, "out")}} {
			code, out, errOut := godwitRun(append(args, "--from", x.from)...)
			if code != x.code || !strings.Contains(out, x.out) || !strings.Contains(errOut, x.err) || x.err == "" && errOut != "" {
				t.Errorf("%s %s: code %d\n%s\n%s", args[0], filepath.Base(x.path), code, out, errOut)
			}
			if strings.Contains(out, "of 0 objects") {
				t.Errorf("%s %s: a share of nothing\n%s", args[0], filepath.Base(x.path), out)
			}
		}
	}
}

// TestFolderWithNoScript holds that one file that is no text leaves the others of a folder as they are, and is named on the report's first page.
func TestFolderWithNoScript(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a.sql": "CREATE TABLE t (a int PRIMARY KEY);\n",
		"b.sql": "-- an old Macintosh\rCREATE TABLE u (a int);\r" + strings.Repeat("-- and more\r", 500) + "-- one line\n",
		"c.sql": "PK\x03\x04\x14\x00",
		"d.sql": "-- an older Macintosh\rCREATE TABLE v (a int);\r",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"assess", dir}, {"convert", dir, "-o", filepath.Join(t.TempDir(), "out")}} {
		code, out, errOut := godwitRun(append(args, "--from", "mysql")...)
		if code != exitOK || !strings.Contains(out, "b.sql has lines that end with a carriage return alone, and others") || !strings.Contains(out, "c.sql is a ZIP archive") {
			t.Errorf("%s: code %d\n%s\n%s", args[0], code, out, errOut)
		}
	}
	out := filepath.Join(t.TempDir(), "out")
	if code, _, errOut := godwitRun("convert", filepath.Join(dir, "d.sql"), "-o", out, "--from", "mysql"); code != exitOK || errOut != "" {
		t.Errorf("code %d\n%s", code, errOut)
	}
	told, err := os.ReadFile(filepath.Join(out, "findings.json"))
	if _, made := os.Stat(filepath.Join(out, "public/table/v.sql")); err != nil || made != nil || !strings.Contains(string(told), "SY0020") {
		t.Errorf("%v, %v\n%s", err, made, told)
	}
	for _, name := range []string{"a.sql", "d.sql"} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if code, _, errOut := godwitRun("assess", dir, "--from", "mysql"); code != exitFailed || !strings.Contains(errOut, ".sql ") {
		t.Errorf("code %d\n%s", code, errOut)
	}
}

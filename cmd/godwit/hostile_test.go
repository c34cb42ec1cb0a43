package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

func writeScript(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestCutDump holds that a dump that was cut off, between two of its statements too, is told on page one and is a failure.
func TestCutDump(t *testing.T) {
	dir := t.TempDir()
	begin := "-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)\n--\nCREATE TABLE t (a int PRIMARY KEY);\n"
	long := begin + strings.Repeat("INSERT INTO t VALUES (1);\n", 200_000)
	packed := func(text string) string {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		if _, err := w.Write([]byte(text)); err != nil || w.Close() != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	const end = "-- Dump completed on 2026-11-23 10:00:00\n"
	for i, x := range []struct {
		name, text string
		code       int
	}{
		{"whole.sql", begin + end, exitOK}, {"cut.sql", begin, exitFailed}, {"long.sql", long, exitFailed}, {"longwhole.sql", long + end, exitOK},
		{"long.sql.gz", packed(long + strings.Repeat("-- "+fmt.Sprint(digits(3000))+"\n", 1000)), exitFailed}, {"whole.sql.gz", packed(long + end), exitOK},
		{"nodump.sql", "CREATE TABLE t (a int);\n", exitOK},
	} {
		path := writeScript(t, filepath.Join(dir, x.name), x.text)
		for _, args := range [][]string{{"assess", path}, {"convert", path, "-o", filepath.Join(dir, fmt.Sprint("out", i))}} {
			code, out, errOut := godwitRun(args...)
			told := strings.Contains(out, "the end of "+path) && strings.Contains(errOut, "the dump is cut off")
			if code != x.code || told != (x.code == exitFailed) {
				t.Errorf("%s %s: code %d\n%s\n%s", args[0], x.name, code, out, errOut)
			}
		}
	}
}

// digits are digits that gzip cannot shorten much.
func digits(n int) string {
	var b strings.Builder
	for x := uint64(1); b.Len() < n; {
		x = x*6364136223846793005 + 1442695040888963407
		fmt.Fprint(&b, x>>33)
	}
	return b.String()
}

// TestConvertedFoldersAreNoSource holds that what godwit has written is not read as a source, nor written over one.
func TestConvertedFoldersAreNoSource(t *testing.T) {
	dir := t.TempDir()
	writeScript(t, filepath.Join(dir, "a.sql"), "CREATE TABLE t (a ENUM('x'));\n")
	out := filepath.Join(dir, "out")
	for range 2 {
		if code, text, errOut := godwitRun("convert", dir, "-o", out); code != exitOK || !strings.Contains(text, "1 exact, 0 exact under assumptions, 0 approximate, 0 refused") {
			t.Errorf("code %d\n%s%s", code, text, errOut)
		}
	}
	writeScript(t, filepath.Join(out, "mine.sql"), "CREATE TABLE u (a int);\n") // is read
	if code, text, errOut := godwitRun("convert", dir, "-o", out); code != exitOK || !strings.Contains(text, "2 exact") {
		t.Errorf("code %d\n%s%s", code, text, errOut)
	}
	if code, _, errOut := godwitRun("convert", dir, "-o", dir+"/."); code != exitUsage || !strings.Contains(errOut, "is the source folder") {
		t.Errorf("code %d: %s", code, errOut)
	}
}

// TestHalfFolder holds that a conversion that fails leaves no folder that looks whole.
func TestHalfFolder(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "out")
	small := writeScript(t, filepath.Join(dir, "a.sql"), "CREATE TABLE t (a int);\n")
	large := writeScript(t, filepath.Join(dir, "b.sql"), "CREATE TABLE t (a int);\n"+strings.Repeat("INSERT INTO t VALUES (1);\n", 200_000))
	for _, x := range []struct{ script, gone string }{{small, "public/table/t.sql"}, {large, "public/data/t.sql"}} {
		if code, _, errOut := godwitRun("convert", x.script, "-o", out); code != exitOK {
			t.Fatal(errOut)
		}
		blocked := filepath.Join(out, x.gone)
		if err := errors.Join(os.Remove(blocked), os.MkdirAll(filepath.Join(blocked, "x"), 0o755)); err != nil {
			t.Fatal(err)
		}
		if code, _, errOut := godwitRun("convert", x.script, "-o", out, "--force"); code != exitFailed || !strings.Contains(errOut, x.gone) {
			t.Errorf("code %d: %s", code, errOut)
		}
		if _, err := os.Stat(filepath.Join(out, "order.txt")); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("order.txt is there: %v", err)
		}
		if err := os.RemoveAll(out); err != nil {
			t.Fatal(err)
		}
	}
}

// TestPipes holds that a pipe is read once and whole where it is SOURCE, and not waited for in a folder.
func TestPipes(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("no /dev/fd")
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := w.WriteString("CREATE TABLE t (a int);\n"); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	if code, out, errOut := godwitRun("convert", fmt.Sprintf("/dev/fd/%d", r.Fd()), "-o", filepath.Join(t.TempDir(), "out")); code != exitOK || !strings.HasPrefix(out, "1 exact") {
		t.Errorf("code %d\n%s%s", code, out, errOut)
	}
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, "x.sql"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errOut := godwitRun("assess", dir); code != exitFailed || !strings.Contains(errOut, "x.sql is no file") {
		t.Errorf("code %d: %s", code, errOut)
	}
}

// full is a disk without space.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// TestFullDisk holds that a result that cannot be printed is a failure.
func TestFullDisk(t *testing.T) {
	script := writeScript(t, filepath.Join(t.TempDir(), "a.sql"), "CREATE TABLE t (a NUMBER);\n")
	for _, args := range [][]string{{"translate", script}, {"translate", script, "--json"}, {"explain"}, {"explain", "SY0001"}, {"schema"}, {"assess", script}, {"profile", script, "--from", "oracle"},
		{"convert", script, "-o", filepath.Join(t.TempDir(), "out")}, {"--help"}} {
		var errOut bytes.Buffer
		if code := run(context.Background(), args, strings.NewReader(""), full{}, &errOut); code == exitOK || !strings.Contains(errOut.String(), "no space left") {
			t.Errorf("%v: code %d: %s", args, code, errOut.String())
		}
	}
}

// TestInterrupted holds that commands that compute end when they are interrupted.
func TestInterrupted(t *testing.T) {
	dir := t.TempDir()
	script := writeScript(t, filepath.Join(dir, "a.sql"), "CREATE TABLE t (a int);\n"+strings.Repeat("CREATE OR REPLACE VIEW v AS SELECT a + 1 AS b FROM t WHERE a > 1;\n", 2000))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, args := range [][]string{{"convert", script, "-o", "/dev/null/out"}, {"assess", script}, {"translate", script}} {
		var out, errOut bytes.Buffer
		if code := run(ctx, args, strings.NewReader(""), &out, &errOut); code != exitCanceled || !strings.Contains(errOut.String(), "interrupted: there is no result") {
			t.Errorf("%v: code %d: %s", args, code, errOut.String())
		}
	}
}

// TestTranslatedComments holds that a carriage return of what is refused does not end the comment that it stands in.
func TestTranslatedComments(t *testing.T) {
	script := writeScript(t, filepath.Join(t.TempDir(), "a.sql"), "FROBNICATE a \r DROP TABLE b\r\nc;\n")
	_, out, _ := godwitRun("translate", script)
	for _, l := range strings.FieldsFunc(out, func(r rune) bool { return r == '\n' || r == '\r' }) {
		if !strings.HasPrefix(l, "-- ") {
			t.Errorf("line %q of\n%q", l, out)
		}
	}
}

// TestEditsAreKept converts twice into a folder, where somebody has edited a file in between.
func TestEditsAreKept(t *testing.T) {
	dir := t.TempDir()
	rows := strings.Repeat("INSERT INTO t VALUES (1, 'a row of some length, so that there are some bytes of them');\n", 5000) // some of which stream
	out := filepath.Join(dir, "out")
	convert := func(script string, more ...string) (int, string) {
		code, _, errOut := godwitRun(append([]string{"convert", script, "-o", out}, more...)...)
		return code, errOut
	}
	for _, text := range []string{"CREATE TABLE t (a int, b varchar(200));\n", "CREATE TABLE t (a int, b varchar(200));\n" + rows} {
		script := writeScript(t, filepath.Join(dir, "a.sql"), text)
		for range 2 {
			if code, errOut := convert(script, "--force"); code != exitOK {
				t.Fatal(errOut)
			}
		}
		if code, errOut := convert(script); code != exitOK {
			t.Fatalf("nothing was edited: %s", errOut)
		}
		table := filepath.Join(out, "public/table/t.sql")
		writeScript(t, table, "CREATE TABLE t (a bigint);\n")
		if code, errOut := convert(script); code != exitUsage || !strings.Contains(errOut, "into it: public/table/t.sql; give another folder, or --force") {
			t.Errorf("code %d: %s", code, errOut)
		}
		if b, err := os.ReadFile(table); err != nil || string(b) != "CREATE TABLE t (a bigint);\n" {
			t.Errorf("the edit is gone: %s", b)
		}
	}
}

// TestUsageOfSmallThings holds errors that were none.
func TestUsageOfSmallThings(t *testing.T) {
	dir := t.TempDir()
	script, out := writeScript(t, filepath.Join(dir, "a.sql"), "CREATE TABLE t (a int);\n"), filepath.Join(dir, "out")
	if code, _, errOut := godwitRun("convert", script, "-o", out, "--line-width", "-5"); code != exitUsage || !strings.Contains(errOut, "want 20 at least") {
		t.Errorf("code %d: %s", code, errOut)
	}
	for _, x := range [][3]string{
		{"mysql", "sqlmode=ANSI", "div-precision-increment, group-concat-max-len"}, {"oracle", "sql_mode=ANSI", "nls-date-format"}, {"oracle", "week_start=tuesday", "want one of sunday"},
	} {
		code, _, errOut := godwitRun("convert", script, "-o", out, "--from", x[0], "--set", x[1])
		if code != exitUsage || !strings.Contains(errOut, "--set "+x[1]) || !strings.Contains(errOut, x[2]) {
			t.Errorf("%s, code %d: %s", x[1], code, errOut)
		}
	}
	for _, set := range []string{"sql_mode=ANSI", "GROUP_CONCAT_MAX_LEN=10"} {
		if code, _, errOut := godwitRun("convert", script, "-o", out, "--set", set); code != exitOK {
			t.Fatal(errOut)
		}
	}
	if code, text, errOut := godwitRun("why", filepath.Join(out, "public/table/t.sql")+":1600"); code != exitFailed || !strings.Contains(errOut, "the file has 3 lines") {
		t.Errorf("code %d: %s%s", code, text, errOut)
	}
	if code, _, errOut := godwitRun("assess", "oracle://scott@db1/x"); code == exitOK || !strings.Contains(errOut, "Oracle is not read live") {
		t.Errorf("code %d: %s", code, errOut)
	}
}

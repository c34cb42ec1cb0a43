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
		{put("wide.sql", "\xff\xfeS\x00E\x00"), "mysql", exitFailed, "", "wide.sql is UTF-16: convert it to UTF-8 first"},
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

package textfile_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"godwit/parser/textfile"
)

const script = "CREATE TABLE t (a int); -- hé\nSELECT 1;\n"

func write(t *testing.T, text []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.sql")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func zipped(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestText(t *testing.T) {
	long := strings.Repeat(script, 1000)
	bzipped := "BZh91AY&SY\xbe7\xc6\xe5\x00\x00\x04^\x00\x00\x10@\x00 \x08\n\x04\x0c\x00 \x00\"\x06\x86\xd4 \xc9\x88B\xcee\xb3\xc5\xdc\x91N\x14$/\x8d\xf1\xb9@"
	for name, x := range map[string]struct {
		bytes []byte
		want  string
	}{
		"plain":                   {[]byte(script), script},
		"empty":                   {nil, ""},
		"byte order mark":         {[]byte("\xef\xbb\xbf" + script), "\xef\xbb\xbf" + script},
		"gzip":                    {zipped(t, long), long},
		"bzip2":                   {[]byte(bzipped), "SELECT 1;\n"},
		"a zero in a late string": {[]byte(long + "INSERT INTO t VALUES ('\x00');"), long + "INSERT INTO t VALUES ('\x00');"},
		"latin1":                  {[]byte("SELECT '\xe9';"), "SELECT '\xe9';"},
	} {
		got, err := textfile.ReadFile(write(t, x.bytes))
		if err != nil || string(got) != x.want {
			t.Errorf("%s: %d bytes, %v; want %d", name, len(got), err, len(x.want))
		}
	}
}

// TestUTF16 holds that both orders of bytes are read, and that what is not valid is an error with the file's name.
func TestUTF16(t *testing.T) {
	text := strings.Repeat("INSERT INTO t VALUES ('Zoë 😀');\r\n", 3000)
	little, big := []byte("\xff\xfe"), []byte("\xfe\xff")
	for _, u := range utf16.Encode([]rune(text)) {
		little, big = append(little, byte(u), byte(u>>8)), append(big, byte(u>>8), byte(u))
	}
	for _, b := range [][]byte{little, big, zipped(t, string(big))} {
		if got, err := textfile.ReadFile(write(t, b)); err != nil || string(got) != "\xef\xbb\xbf"+text {
			t.Errorf("%d bytes, %v", len(got), err)
		}
	}
	lone := append(append([]byte(nil), little[:20002]...), 0, 0xd8, 'x', 0)
	for _, b := range [][]byte{little[:len(little)-1], append(lone, little[20002:]...)} {
		path := write(t, b)
		if _, err := textfile.ReadFile(path); err == nil || !strings.HasPrefix(err.Error(), path+" is not valid UTF-16") {
			t.Error(err)
		}
	}
}

func TestNotText(t *testing.T) {
	var wide []byte
	for _, u := range utf16.Encode([]rune(script)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	for want, x := range map[string][]byte{
		"seems to be UTF-16 without a byte order mark: convert it to UTF-8 first (iconv -f utf-16le": wide,
		"seems to be UTF-16 without a byte order mark: convert it to UTF-8 first (iconv -f utf-16be": append([]byte{0}, wide[:len(wide)-1]...),
		"has lines that end with a carriage return alone":                                            []byte(strings.ReplaceAll(script, "\n", "\r")),
		"is compressed by xz: unpack it first":                                                       []byte("\xfd7zXZ\x00\x00\x04"),
		"is a ZIP archive":                                                                           []byte("PK\x03\x04\x14\x00"),
		"is an export of Oracle (expdp): make a script of it":                                        append(make([]byte, 40), "\"SCOTT\".\"SYS_EXPORT_SCHEMA_01\""...),
		"is an export of Oracle (exp)":                                                               []byte("\x03\x03iEXPORT:V11.02.00\nDSCOTT\x00"),
		"is not text (a zero byte at offset 4): give a script of":                                    []byte("\x7fELF\x00\x01"),
	} {
		path := write(t, x)
		for _, p := range []string{path, write(t, zipped(t, string(x)))} {
			_, err := textfile.Open(p)
			var not *textfile.NotTextError
			if !errors.As(err, &not) || !strings.HasPrefix(err.Error(), p+" "+want) {
				t.Errorf("want %q, got %v", want, err)
			}
		}
	}
}

func TestTruncated(t *testing.T) {
	whole := zipped(t, strings.Repeat(script, 5000))
	for _, n := range []int{5, 30, len(whole) - 4} {
		path := write(t, whole[:n])
		_, err := textfile.ReadFile(path)
		if err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
	if _, err := textfile.Open(filepath.Join(t.TempDir(), "none.sql")); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

func TestPacked(t *testing.T) {
	if textfile.Packed(write(t, []byte("S"))) || !textfile.Packed(write(t, zipped(t, "S"))) || textfile.Packed("/nonexistent") {
		t.Error("wrong")
	}
}

// TestCut holds that the end of a dump is looked for in files of every size.
func TestCut(t *testing.T) {
	begin, end := "-- MariaDB dump 10.19  Distrib 10.11\n", "-- Dump completed on 2026-11-23\n"
	for _, n := range []int{0, 10, 4000, 200_000} {
		body := strings.Repeat("SELECT 1;\n", n)
		for text, want := range map[string]bool{begin + body: true, begin + body + end: false, body: false, body + end: false} {
			for _, b := range [][]byte{[]byte(text), zipped(t, text)} {
				if got, err := textfile.FileCut(write(t, b)); got != want || err != nil {
					t.Errorf("%d lines: %v, %v; want %v", n, got, err, want)
				}
			}
			if got := textfile.CutDump([]byte(text)); got != want {
				t.Errorf("%d lines: %v, want %v", n, got, want)
			}
		}
	}
}

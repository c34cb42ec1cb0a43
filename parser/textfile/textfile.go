// Package textfile opens scripts. Files that are compressed by gzip or bzip2 are unpacked on the way, and those of UTF-16 with a byte order mark become
// UTF-8 with one; what is no text is told by the name
// of what it is, with what to do, rather than as a syntax error of each of its lines.
package textfile

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// NotTextError says that a file is not a script.
type NotTextError struct {
	Name string // of the file
	What string // what it is, or why it is not text
	Next string // what to do
}

func (e *NotTextError) Error() string { return fmt.Sprintf("%s %s: %s", e.Name, e.What, e.Next) }

// headBytes are enough to know a file by.
const headBytes = 4 << 10

// Open opens a script. A file that is not text is a *NotTextError.
func Open(path string) (io.ReadCloser, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	r, err := Reader(f, path)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return file{r, f}, nil
}

// OpenScript is Open, and takes a carriage return alone for the end of a line in a file that has no other ends of lines; old tells that it does.
func OpenScript(path string) (r io.ReadCloser, old bool, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, false, err
	}
	text, old, err := reader(f, path)
	if err != nil {
		return nil, false, errors.Join(err, f.Close())
	}
	if old {
		text = &oldLines{text, path}
	}
	return file{text, f}, old, nil
}

// oldLines makes line feeds of carriage returns. That one of them is none is seen where a line feed comes.
type oldLines struct {
	r    io.Reader
	name string
}

func (o *oldLines) Read(b []byte) (int, error) {
	n, err := o.r.Read(b)
	for i, c := range b[:n] {
		switch c {
		case '\r':
			b[i] = '\n'
		case '\n':
			return 0, &NotTextError{o.name, "has lines that end with a carriage return alone, and others that end with a line feed", oldNext}
		}
	}
	return n, err
}

const oldNext = "put line feeds there first (tr '\\r' '\\n')"

type file struct {
	io.Reader
	io.Closer
}

// ReadFile is the text of a script.
func ReadFile(path string) ([]byte, error) {
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(f)
	return text, errors.Join(err, f.Close())
}

// Reader gives the text of a script; name is what errors call it.
func Reader(r io.Reader, name string) (io.Reader, error) {
	text, old, err := reader(r, name)
	if err == nil && old {
		err = &NotTextError{name, "has lines that end with a carriage return alone, so that its first comment would be all of it", oldNext}
	}
	if err != nil {
		return nil, err
	}
	return text, nil
}

// reader is Reader, which tells besides that no line feed ends a line near the start.
func reader(r io.Reader, name string) (text io.Reader, old bool, err error) {
	in := bufio.NewReaderSize(r, headBytes)
	head, err := in.Peek(headBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, false, fmt.Errorf("read %s: %w", name, err)
	}
	if unpacked, err := unpack(in, head); err != nil {
		return nil, false, fmt.Errorf("unpack %s: %w", name, err)
	} else if unpacked != nil {
		in = bufio.NewReaderSize(&packed{unpacked, name}, headBytes)
		if head, err = in.Peek(headBytes); err != nil && !errors.Is(err, io.EOF) {
			return nil, false, err
		}
	}
	if what, next := notText(head); what != "" {
		return nil, false, &NotTextError{name, what, next}
	}
	if isUTF16(head) {
		return io.MultiReader(strings.NewReader(mark), &decoded{transform.NewReader(in, unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder()), name, nil}), false, nil
	}
	return in, bytes.IndexByte(head, '\r') >= 0 && bytes.IndexByte(head, '\n') < 0, nil
}

// mark is the byte order mark of UTF-8.
const mark = "\xef\xbb\xbf"

func isUTF16(head []byte) bool {
	return bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff"))
}

// decoded is the text of a file of UTF-16. What is not valid there becomes U+FFFD, which is an error.
type decoded struct {
	r    io.Reader
	name string
	last []byte // of the text before
}

func (d *decoded) Read(b []byte) (int, error) {
	n, err := d.r.Read(b)
	d.last = append(d.last, b[:n]...)
	if bytes.Contains(d.last, []byte("\uFFFD")) {
		return 0, fmt.Errorf("%s is not valid UTF-16 throughout: copy it again from where it was made, or convert it to UTF-8 (iconv -f utf-16 -t utf-8)", d.name)
	}
	d.last = append(d.last[:0], d.last[max(0, len(d.last)-2):]...)
	return n, err
}

// Packed tells that a file is compressed in a way that Open unpacks.
func Packed(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false // who reads it next says so
	}
	defer f.Close()
	head := make([]byte, 3)
	n, _ := io.ReadFull(f, head)
	return isGzip(head[:n]) || isBzip2(head[:n])
}

func isGzip(head []byte) bool  { return bytes.HasPrefix(head, []byte("\x1f\x8b")) }
func isBzip2(head []byte) bool { return bytes.HasPrefix(head, []byte("BZh")) }

// unpack is nil for what is not compressed.
func unpack(in *bufio.Reader, head []byte) (io.Reader, error) {
	switch {
	case isGzip(head):
		return gzip.NewReader(in)
	case isBzip2(head):
		return bzip2.NewReader(in), nil
	}
	return nil, nil
}

// packed names the file in errors of what is compressed, which its end that is missing is one of.
type packed struct {
	r    io.Reader
	name string
}

func (p *packed) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("unpack %s: %w; copy it again from where it was made", p.name, err)
	}
	return n, err
}

// kinds are files that are given for scripts by mistake, by how they begin or what they hold near their start.
var kinds = []struct{ begins, holds, what, next string }{
	{begins: "\xfd7zXZ\x00", what: "is compressed by xz", next: "unpack it first (xz -d)"},
	{begins: "\x28\xb5\x2f\xfd", what: "is compressed by zstd", next: "unpack it first (zstd -d)"},
	{begins: "\x04\x22\x4d\x18", what: "is compressed by lz4", next: "unpack it first (lz4 -d)"},
	{begins: "7z\xbc\xaf\x27\x1c", what: "is a 7-Zip archive", next: "unpack it first and give the folder of its scripts"},
	{begins: "PK\x03\x04", what: "is a ZIP archive", next: "unpack it first and give the folder of its scripts"},
	{begins: "\xfebin", what: "is a binary log of MySQL", next: "give a script (mysqldump --no-data --routines --events) or the server's URL"},
	{begins: "XBSTCK01", what: "is a backup of data files (xbstream)", next: "give a script (mysqldump --no-data --routines --events) or the server's URL"},
	{begins: "PGDMP", what: "is an archive of pg_dump", next: "PostgreSQL is the target; give the source's script"},
	{begins: "SQLite format 3\x00", what: "is a database of SQLite", next: "give a script of the source's DDL"},
	{holds: "EXPORT:V", what: "is an export of Oracle (exp)", next: "make a script of it: imp SHOW=Y, or DBMS_METADATA.GET_DDL at the source"},
	{holds: "SYS_EXPORT_", what: "is an export of Oracle (expdp)", next: "make a script of it: impdp SQLFILE=ddl.sql"},
}

// nearStart is where a zero byte tells that a file is not text; later ones may stand in the bytes of a literal.
const nearStart = 512

// notText tells what a file is that is not text, and what to do; what is "" for text.
func notText(head []byte) (what, next string) {
	zero := bytes.IndexByte(head[:min(len(head), nearStart)], 0)
	for _, k := range kinds {
		switch {
		case k.begins != "" && bytes.HasPrefix(head, []byte(k.begins)), k.holds != "" && zero >= 0 && bytes.Contains(head, []byte(k.holds)):
			return k.what, k.next
		}
	}
	switch {
	case isUTF16(head):
		return "", ""
	case zero < 0:
		return "", ""
	case everyOther(head, 0):
		return utf16Unmarked, "convert it to UTF-8 first (iconv -f utf-16be -t utf-8)"
	case everyOther(head, 1):
		return utf16Unmarked, "convert it to UTF-8 first (iconv -f utf-16le -t utf-8)"
	}
	return fmt.Sprintf("is not text (a zero byte at offset %d)", zero), "give a script of SQL statements"
}

const utf16Unmarked = "seems to be UTF-16 without a byte order mark"

// everyOther tells that nearly every other byte is zero, the first or the second of each two, as in UTF-16 of western text.
func everyOther(head []byte, which int) bool {
	var zeros [2]int
	for i, b := range head {
		if b == 0 {
			zeros[i%2]++
		}
	}
	half := len(head) / 2
	return half > 0 && zeros[which] > half*9/10 && zeros[1-which] == 0
}

// Dumps of mysqldump and mariadb-dump name themselves near their start, and say at their end that all was written, unless comments are left out.
var (
	dumpBegins = regexp.MustCompile(`(?m)^-- (MySQL|MariaDB) dump [0-9]`)
	dumpEnds   = []byte("-- Dump completed")
)

// CutDump tells that a text begins as a dump and does not end as one: it was cut off, by a full disk or a connection that broke.
func CutDump(text []byte) bool {
	return dumpBegins.Match(text[:min(len(text), headBytes)]) && !bytes.Contains(text[max(0, len(text)-headBytes):], dumpEnds)
}

// FileCut is CutDump for the text of a file.
func FileCut(path string) (bool, error) {
	f, err := Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	last, err := io.ReadAll(io.LimitReader(f, headBytes))
	if err != nil || !dumpBegins.Match(last) {
		return false, err
	}
	// The end of what is compressed is found by reading all.
	buf := make([]byte, 1<<20)
	for err == nil {
		var n int
		n, err = f.Read(buf)
		last = append(last, buf[:n]...)
		last = append(last[:0], last[max(0, len(last)-headBytes):]...)
	}
	if !errors.Is(err, io.EOF) {
		return false, err
	}
	return !bytes.Contains(last, dumpEnds), nil
}

package scan

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"godwit/ir/source"
)

// ByteOrderMark may stand at the start of a script in UTF-8.
const ByteOrderMark = "\xEF\xBB\xBF"

const firstRead = 64 << 10

// Input is a script that is read bit by bit: what was read of it and is not yet cut into statements.
type Input struct {
	Text string // what was read and not yet cut
	EOF  bool   // nothing follows the text

	name  string
	r     io.Reader
	chunk int   // bytes that are read at a time, unless a statement is longer
	base  int64 // offset of the text in the script
	line  int   // line of its first byte
	col   int   // characters before it on the line
}

// NewInput reads the script of a name; the options give its charset and how much is read at a time.
func NewInput(r io.Reader, name string, o Options) *Input {
	if isLatin1(o.Charset) {
		marked := bufio.NewReader(r)
		if r = marked; !isMarked(marked) {
			r = charmap.Windows1252.NewDecoder().Reader(r)
		}
	}
	in := &Input{r: r, chunk: o.Chunk, name: name, line: 1}
	if in.chunk <= 0 {
		in.chunk = firstRead
	}
	return in
}

// isMarked tells that a script says by a byte order mark that it is in UTF-8, whatever the charset of the others is.
func isMarked(r *bufio.Reader) bool {
	head, _ := r.Peek(len(ByteOrderMark)) // an error comes again when it is read
	return string(head) == ByteOrderMark
}

// Start is where the text begins behind a byte order mark.
func (in *Input) Start() int {
	if in.base == 0 {
		return TextStart(in.Text)
	}
	return 0
}

// File is a file of a copy of the first n bytes, which knows where they stand, so that a unit does not keep all that was read with it.
func (in *Input) File(n int) *source.File {
	return &source.File{Name: in.name, Text: strings.Clone(in.Text[:n]), Base: in.base, Line: in.line, Column: in.col}
}

// Rest is a file of all that was read and not cut.
func (in *Input) Rest() *source.File {
	return &source.File{Name: in.name, Text: in.Text, Base: in.base, Line: in.line, Column: in.col}
}

// Pass leaves the first n bytes behind.
func (in *Input) Pass(n int) {
	done := in.Text[:n]
	in.base += int64(n)
	if nl := strings.LastIndexByte(done, '\n'); nl >= 0 {
		in.line += strings.Count(done, "\n")
		in.col, done = 0, done[nl+1:]
	}
	in.col += utf8.RuneCountInString(done)
	in.Text = in.Text[n:]
}

// Fill reads more, twice as much each time a statement is still not complete, so that the work stays linear.
func (in *Input) Fill() error {
	buf := make([]byte, max(in.chunk, len(in.Text)))
	k, err := io.ReadFull(in.r, buf)
	in.Text += string(buf[:k])
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		in.EOF = true
		return nil
	}
	return err
}

// TextStart is where a text begins behind a byte order mark.
func TextStart(text string) int {
	if strings.HasPrefix(text, ByteOrderMark) {
		return len(ByteOrderMark)
	}
	return 0
}

func isLatin1(charset string) bool {
	switch strings.ToLower(charset) {
	case "latin1", "cp1252", "windows-1252", "we8mswin1252", "we8iso8859p1":
		return true
	}
	return false
}

// Decode converts the text of a file to UTF-8, which one with a byte order mark is in already. Charsets have MySQL's and Oracle's names.
func Decode(f *source.File, charset string) (*source.File, error) {
	switch strings.ToLower(charset) {
	case "", "utf-8", "utf8", "utf8mb4", "utf8mb3", "al32utf8":
		return f, nil
	}
	if !isLatin1(charset) {
		return nil, fmt.Errorf("charset %q of %s is not known; use utf-8 or latin1", charset, f.Name)
	}
	if strings.HasPrefix(f.Text, ByteOrderMark) {
		return f, nil // it says of itself that it is in UTF-8
	}
	t, err := charmap.Windows1252.NewDecoder().String(f.Text)
	if err != nil {
		return nil, fmt.Errorf("decode %s as latin1: %w", f.Name, err)
	}
	return &source.File{Name: f.Name, Text: t, Base: f.Base, Line: f.Line}, nil
}

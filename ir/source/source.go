// Package source holds source files and byte-exact positions in them.
package source

import (
	"fmt"
	"sort"
	"sync"
	"unicode/utf8"
)

// File is one input text. Offsets everywhere are byte offsets into Text.
type File struct {
	Name string // as given by the user, or a URL without credentials
	Text string
	Base int64 // byte offset of Text[0] in the original input, for streamed inputs
	Line int   // line number of Text[0] in the original input, counted from 1; 0 means 1
	// Column is the number of characters before Text[0] on its line in the original input.
	Column int

	once  sync.Once
	lines []int // byte offset of each line start
}

// NewFile returns a file with the given name and text.
func NewFile(name, text string) *File { return &File{Name: name, Text: text} }

func (f *File) index() {
	f.once.Do(func() {
		f.lines = []int{0}
		for i := 0; i < len(f.Text); i++ {
			if f.Text[i] == '\n' {
				f.lines = append(f.lines, i+1)
			}
		}
	})
}

// Position returns line and column of a byte offset, both from 1; the column counts characters.
func (f *File) Position(off int) (line, col int) {
	f.index()
	if off > len(f.Text) {
		off = len(f.Text)
	}
	i := sort.SearchInts(f.lines, off+1) - 1
	start := f.lines[i]
	base := f.Line
	if base == 0 {
		base = 1
	}
	col = utf8.RuneCountInString(f.Text[start:off]) + 1
	if i == 0 {
		col += f.Column
	}
	return base + i, col
}

// line is the line of a byte offset. It does not count the characters before it, which are many where rows stand in one line.
func (f *File) line(off int) int {
	f.index()
	return max(f.Line, 1) + sort.SearchInts(f.lines, min(off, len(f.Text))+1) - 1
}

// Span is a half-open byte range of a file. The zero Span is unknown (made by a rule, say).
type Span struct {
	File       *File
	Start, End int
}

// IsValid tells whether the span points into a file.
func (s Span) IsValid() bool { return s.File != nil }

// Text is the source text of the span, "" when unknown.
func (s Span) Text() string {
	if s.File == nil || s.Start < 0 || s.End > len(s.File.Text) || s.Start > s.End {
		return ""
	}
	return s.File.Text[s.Start:s.End]
}

// Line is the line of the span's start, from 1; 0 when unknown.
func (s Span) Line() int {
	if s.File == nil {
		return 0
	}
	return s.File.line(s.Start)
}

// EndLine is the line of the span's last byte, from 1; 0 when unknown.
func (s Span) EndLine() int {
	if s.File == nil {
		return 0
	}
	e := s.End
	if e > s.Start {
		e--
	}
	return s.File.line(e)
}

// String is file:line:column.
func (s Span) String() string {
	if s.File == nil {
		return "-"
	}
	l, c := s.File.Position(s.Start)
	return fmt.Sprintf("%s:%d:%d", s.File.Name, l, c)
}

// Place is the span's start in a file without text: it tells file, line and column, and keeps no text in memory.
func (s Span) Place() Span {
	if s.File == nil {
		return s
	}
	line, col := s.File.Position(s.Start)
	return Span{File: &File{Name: s.File.Name, Base: s.File.Base + int64(s.Start), Line: line, Column: col - 1}}
}

// Cover is the smallest span holding both; an unknown span is ignored.
func Cover(a, b Span) Span {
	switch {
	case a.File == nil:
		return b
	case b.File == nil || a.File != b.File:
		return a
	}
	return Span{a.File, min(a.Start, b.Start), max(a.End, b.End)}
}

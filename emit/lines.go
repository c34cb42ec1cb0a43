package emit

import (
	"iter"
	"slices"

	"godwit/ir/source"
)

// Lines are the origins of the lines of a text. A large script has as many as it has lines, all of which are kept until they are written,
// so that they are small and hold no pointers of their own.
type Lines struct {
	at    []lineAt
	files []*source.File // in which spans lie; that of number 0 is unknown
	rules [][]string     // lists of codes that lines have; that of number 0 is empty
}

// lineAt is a LineMap with the numbers of its file and codes. No statement is as long as the 4 GB that offsets reach to.
type lineAt struct {
	line, start, end, file, rules uint32
}

// linesOf packs lines.
func linesOf(list []LineMap) Lines {
	if len(list) == 0 {
		return Lines{}
	}
	l := Lines{at: make([]lineAt, len(list))}
	for i := range list {
		m := &list[i]
		at := &l.at[i]
		at.line, at.rules = uint32(m.Line), l.rulesOf(m.Rules)
		if m.Span.IsValid() {
			at.file, at.start, at.end = l.fileOf(m.Span.File), uint32(m.Span.Start), uint32(m.Span.End)
		}
	}
	return l
}

func (l *Lines) fileOf(f *source.File) uint32 {
	for i := len(l.files) - 1; i > 0; i-- {
		if l.files[i] == f {
			return uint32(i)
		}
	}
	if l.files == nil {
		l.files = append(make([]*source.File, 0, 2), nil)
	}
	l.files = append(l.files, f)
	return uint32(len(l.files) - 1)
}

// lookBack is among how many lists that lines had last the same list is looked for.
const lookBack = 8

func (l *Lines) rulesOf(list []string) uint32 {
	if len(list) == 0 {
		return 0
	}
	for i := len(l.rules) - 1; i > 0 && i >= len(l.rules)-lookBack; i-- {
		if slices.Equal(l.rules[i], list) {
			return uint32(i)
		}
	}
	if l.rules == nil {
		l.rules = append(l.rules, nil)
	}
	l.rules = append(l.rules, list)
	return uint32(len(l.rules) - 1)
}

// Len is how many lines there are.
func (l *Lines) Len() int { return len(l.at) }

// At is line i of those that are there.
func (l *Lines) At(i int) LineMap {
	at := l.at[i]
	m := LineMap{Line: int(at.line)}
	if at.file > 0 {
		m.Span = source.Span{File: l.files[at.file], Start: int(at.start), End: int(at.end)}
	}
	if at.rules > 0 {
		m.Rules = l.rules[at.rules]
	}
	return m
}

// All gives the lines in order.
func (l *Lines) All() iter.Seq[LineMap] {
	return func(yield func(LineMap) bool) {
		for i := range l.at {
			if !yield(l.At(i)) {
				return
			}
		}
	}
}

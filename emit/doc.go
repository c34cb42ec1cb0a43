package emit

import (
	"strings"
	"unicode/utf8"

	"godwit/ir"
	"godwit/ir/source"
)

// Doc is a document: text with places where lines may break. It has no width until Layout.
type Doc interface{ doc() }

type (
	text string
	// line is a break: flat text if its group fits on the line, a new line otherwise.
	line struct {
		flat string
		hard bool
	}
	concat []Doc
	nest   struct{ list concat }
	group  struct {
		list concat
		size size
	}
	mark struct {
		meta *ir.Meta
		d    Doc
	}
	// deferred is a comment written at the end of the line on which it is met.
	deferred string
)

func (text) doc()     {}
func (line) doc()     {}
func (concat) doc()   {}
func (*nest) doc()    {}
func (*group) doc()   {}
func (*mark) doc()    {}
func (deferred) doc() {}

// Breaks: Line is a blank or a new line, Soft nothing or a new line, Hard always a new line.
var (
	Line Doc = line{flat: " "}
	Soft Doc = line{}
	Hard Doc = line{hard: true}
	// Empty prints nothing.
	Empty Doc = text("")
)

// Text is printed as it is; line breaks in it are kept without indentation (they stand in literals and comments).
func Text(s string) Doc { return text(s) }

// Cat joins documents without anything between them.
func Cat(d ...Doc) Doc { return concat(d) }

// Nest indents the lines that begin in d by one step.
func Nest(d ...Doc) Doc { return &nest{d} }

// Group prints d on one line if it fits there, and otherwise breaks all lines of d that are in no inner group.
func Group(d ...Doc) Doc {
	if len(d) == 1 {
		if g, ok := d[0].(*group); ok {
			return g
		}
	}
	return &group{d, measureAll(d)}
}

// size is what a document takes on one line.
type size struct {
	width   int
	hard    bool // it holds a Hard break, or a comment that runs to the end of its line and so should be followed by one
	newline bool // a text in it has a line break
}

func (s size) plus(o size) size {
	return size{s.width + o.width, s.hard || o.hard, s.newline || o.newline}
}

// measure is the size of a document; groups know theirs.
func measure(d Doc) size {
	switch d := d.(type) {
	case text:
		return size{width: utf8.RuneCountInString(string(d)), newline: strings.IndexByte(string(d), '\n') >= 0}
	case line:
		return size{width: len(d.flat), hard: d.hard}
	case concat:
		return measureAll(d)
	case *nest:
		return measureAll(d.list)
	case *group:
		return d.size
	case *mark:
		return measure(d.d)
	case deferred:
		return size{hard: strings.HasPrefix(string(d), "--")}
	}
	return size{}
}

func measureAll(list []Doc) size {
	var s size
	for _, x := range list {
		s = s.plus(measure(x))
	}
	return s
}

// Join puts sep between documents.
func Join(sep Doc, list []Doc) Doc {
	if len(list) == 1 {
		return list[0]
	}
	c := make(concat, 0, max(2*len(list)-1, 0))
	for i, d := range list {
		if i > 0 {
			c = append(c, sep)
		}
		c = append(c, d)
	}
	return c
}

// List is docs separated by a comma and a Line.
func List(list []Doc) Doc { return Join(comma, list) }

var comma Doc = concat{text(","), Line}

// Words joins documents with blanks, leaving out nil ones.
func Words(list ...Doc) Doc {
	c := make(concat, 0, 2*len(list))
	for _, d := range list {
		if d == nil {
			continue
		}
		if len(c) > 0 {
			c = append(c, text(" "))
		}
		c = append(c, d)
	}
	return c
}

// Enclose is open, d indented, close: on one line if it fits.
func Enclose(open string, d Doc, closing string) Doc {
	return Group(Text(open), Nest(Soft, d), Soft, Text(closing))
}

// Pack is Enclose for a list of short items: between broken brackets they stand on one line if they fit there.
func Pack(open string, items []Doc, closing string) Doc {
	return Enclose(open, Group(List(items)), closing)
}

// Mark notes that d is the print of the node with this Meta: for the source map and its comments.
func Mark(m *ir.Meta, d Doc) Doc {
	if len(m.Lead) == 0 && len(m.Trail) == 0 {
		return &mark{m, d}
	}
	return &mark{m, Cat(Lead(m.Lead), d, Trail(m.Trail))}
}

// Map gives the document with each of its texts replaced.
func Map(d Doc, f func(string) string) Doc {
	switch d := d.(type) {
	case text:
		return text(f(string(d)))
	case concat:
		return concat(mapAll(d, f))
	case *nest:
		return &nest{mapAll(d.list, f)}
	case *group:
		return Group(mapAll(d.list, f)...)
	case *mark:
		return &mark{d.meta, Map(d.d, f)}
	}
	return d
}

func mapAll(list []Doc, f func(string) string) []Doc {
	out := make([]Doc, len(list))
	for i, d := range list {
		out[i] = Map(d, f)
	}
	return out
}

// Lead are comments before a construct: those that had a line of their own get one, the others go to the end of the line.
func Lead(list []ir.Comment) Doc {
	var c concat
	for _, x := range list {
		t := comment(x.Text)
		switch {
		case x.OwnLine:
			c = append(c, ownLines(t, x.Span)...)
		case strings.HasPrefix(t, "--"):
			c = append(c, deferred(t))
		default:
			c = append(c, text(t), text(" "))
		}
	}
	return c
}

// ownLines puts the lines of a comment below one another as they stood below its first one in the source.
func ownLines(t string, from source.Span) []Doc {
	if !strings.Contains(t, "\n") {
		return []Doc{text(t), Hard}
	}
	column := 0
	if from.IsValid() && from.File != nil {
		_, column = from.File.Position(from.Start)
		column--
	}
	var out []Doc
	for i, line := range strings.Split(t, "\n") {
		if i > 0 {
			lead := len(line) - len(strings.TrimLeft(line, " \t"))
			line = line[min(lead, max(column, 0)):]
		}
		out = append(out, text(strings.TrimRight(line, " \t\r")), Hard)
	}
	return out
}

// Trail are comments behind a construct: they go to the end of the line.
func Trail(list []ir.Comment) Doc {
	var c concat
	for _, x := range list {
		if t := comment(x.Text); strings.Trim(t, "-*/ ") != "" { // a bare "--" says nothing behind a construct
			c = append(c, deferred(t))
		}
	}
	return c
}

// comment gives a comment standard delimiters: "#" becomes "--"; marks inside a block comment that would nest or
// turn it into an optimizer hint are broken up by a blank.
func comment(s string) string {
	s = strings.ReplaceAll(strings.TrimRight(s, " \t\r\n"), "\x00", "\uFFFD")
	switch {
	case strings.HasPrefix(s, "/*"):
		in := strings.TrimSuffix(strings.TrimPrefix(s, "/*"), "*/")
		if in != "" && strings.ContainsRune("!+", rune(in[0])) {
			in = " " + in
		}
		return "/*" + closed(in) + "*/"
	case strings.HasPrefix(s, "#"):
		return strings.TrimRight("-- "+strings.TrimLeft(oneLine(s[1:]), " \t#"), " ")
	case strings.HasPrefix(s, "--"):
		return oneLine(s)
	}
	return "-- " + oneLine(s)
}

// oneLine keeps text of a comment on one line. A carriage return alone is no end of a line for the sources, and one for PostgreSQL, which would
// run what stands behind it.
func oneLine(s string) string { return strings.ReplaceAll(s, "\r", " ") }

// CommentLines are the lines of a text, such as that of a refused statement, as comments. Bytes that are no characters, and NUL, become U+FFFD: a
// script with them is not read at all.
func CommentLines(text string) []string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight("-- "+oneLine(strings.TrimRight(l, "\r")), " ")
	}
	return lines
}

// closed breaks comment marks in the inside of a block comment.
func closed(in string) string {
	in = strings.ReplaceAll(in, "/*", "/ *")
	in = strings.ReplaceAll(in, "*/", "* /")
	if strings.HasSuffix(in, "/") {
		in += " "
	}
	return in
}

// Block turns any comment into a block comment, which may stand before other text on its line.
func block(s string) string {
	if strings.HasPrefix(s, "--") {
		return "/* " + strings.TrimSpace(closed(s[2:])) + " */"
	}
	return s
}

// Holds tells whether a text or comment of the document holds the character.
func Holds(d Doc, c byte) bool {
	switch d := d.(type) {
	case text:
		return strings.IndexByte(string(d), c) >= 0
	case deferred:
		return strings.IndexByte(string(d), c) >= 0
	case concat:
		return anyHolds(d, c)
	case *nest:
		return anyHolds(d.list, c)
	case *group:
		return anyHolds(d.list, c)
	case *mark:
		return Holds(d.d, c)
	}
	return false
}

func anyHolds(list []Doc, c byte) bool {
	for _, d := range list {
		if Holds(d, c) {
			return true
		}
	}
	return false
}

package emit

import (
	"strings"
	"unicode/utf8"

	"godwit/ir"
	"godwit/ir/source"
)

// Options of a layout.
type Options struct {
	Width  int // of a line in characters
	Indent int // blanks of one step
}

// Layout prints a document, and says for each line where it came from.
func Layout(d Doc, opt Options) Result {
	var p Printer
	return p.Layout(d, opt)
}

// Printer prints documents one after the other, in memory that it keeps. The zero Printer is ready.
type Printer struct {
	opt     Options
	out     []byte
	col     int
	line    int
	lines   []LineMap
	pending []string // comments waiting for the end of the line
	// rest holds the lists around the current document, each from what follows there.
	rest []concat
	// marks are the nodes around the current document; noted is the last of them that the current line knows of.
	marks []*ir.Meta
	noted *ir.Meta
}

// Layout prints a document as the function Layout does.
func (p *Printer) Layout(d Doc, opt Options) Result {
	*p = Printer{opt: opt, line: 1, out: p.out[:0], lines: p.lines[:0], pending: p.pending[:0], rest: p.rest[:0], marks: p.marks[:0]}
	p.print(d, 0, false)
	p.finish()
	r := Result{Text: string(p.out), Lines: linesOf(p.lines)}
	// What is kept must not hold on to sources and documents.
	clear(p.lines)
	clear(p.rest[:cap(p.rest)])
	clear(p.marks[:cap(p.marks)])
	return r
}

func (p *Printer) print(d Doc, depth int, flat bool) {
	switch d := d.(type) {
	case text:
		p.text(string(d), true)
	case deferred:
		p.pending = append(p.pending, string(d))
		p.note()
	case line:
		if flat && !d.hard {
			p.text(d.flat, false)
		} else {
			p.newline(depth)
		}
	case concat:
		p.all(d, depth, flat)
	case *nest:
		p.all(d.list, depth+1, flat)
	case *mark:
		p.marks = append(p.marks, d.meta)
		p.print(d.d, depth, flat)
		p.marks = p.marks[:len(p.marks)-1]
	case *group:
		p.all(d.list, depth, flat || p.fits(d))
	}
}

func (p *Printer) all(list concat, depth int, flat bool) {
	n := len(p.rest)
	p.rest = append(p.rest, nil)
	for i, d := range list {
		p.rest[n] = list[i+1:]
		p.print(d, depth, flat)
	}
	p.rest = p.rest[:n]
}

// maxSteps is how many parts of a document fits looks at: a line has far fewer.
const maxSteps = 4000

// ahead looks at what stands on the rest of a line.
type ahead struct{ left, steps int }

// fits tells whether the group printed flat, and what follows it up to the next break, fits on the line. No group around it is flat.
func (p *Printer) fits(g *group) bool {
	a := ahead{left: p.opt.Width - p.col}
	if g.size.hard || !g.size.newline && g.size.width > a.left {
		return false
	}
	if g.size.newline {
		if a.all(g.list, true) {
			return a.left >= 0
		}
	} else {
		a.left -= g.size.width
	}
	for i := len(p.rest) - 1; i >= 0; i-- {
		if a.all(p.rest[i], false) {
			break
		}
	}
	return a.left >= 0
}

// all takes a list from what is left of the line, and tells whether the line ends in it.
func (a *ahead) all(list concat, flat bool) bool {
	for _, d := range list {
		if a.doc(d, flat) {
			return true
		}
	}
	return false
}

// What is nested so deep that its first words are far inside does not fit, and is not looked through again at every level.
func (a *ahead) doc(d Doc, flat bool) bool {
	if a.steps++; a.steps > maxSteps {
		a.left = -1
		return true
	}
	switch d := d.(type) {
	case text:
		if i := strings.IndexByte(string(d), '\n'); i >= 0 {
			a.left -= utf8.RuneCountInString(string(d)[:i])
			return true
		}
		a.left -= utf8.RuneCountInString(string(d))
	case line:
		if !flat || d.hard {
			return true
		}
		a.left -= len(d.flat)
	case concat:
		return a.all(d, flat)
	case *nest:
		return a.all(d.list, flat)
	case *mark:
		return a.doc(d.d, flat)
	case *group:
		return a.all(d.list, flat && !d.size.hard)
	}
	return a.left < 0
}

func (p *Printer) text(s string, note bool) {
	if s == "" {
		return
	}
	if note {
		p.note()
	}
	for {
		i := strings.IndexByte(s, '\n')
		if i < 0 {
			break
		}
		p.out = append(p.out, s[:i+1]...)
		p.nextLine()
		p.col = 0
		s = s[i+1:]
		if s != "" && note {
			p.note()
		}
	}
	p.out = append(p.out, s...)
	p.col += utf8.RuneCountInString(s)
}

func (p *Printer) newline(depth int) {
	p.flush(false)
	p.trim()
	p.out = append(p.out, '\n')
	p.nextLine()
	p.col = depth * p.opt.Indent
	for range p.col {
		p.out = append(p.out, ' ')
	}
}

func (p *Printer) nextLine() {
	p.line++
	p.noted = nil
}

// flush writes the waiting comments. Only the last one may run to the end of the line, and none may at the end of the
// output, where a semicolon can follow.
func (p *Printer) flush(end bool) {
	for i, c := range p.pending {
		if end || i < len(p.pending)-1 {
			c = block(c)
		}
		p.out = append(p.out, ' ')
		p.text(c, false)
	}
	p.pending = p.pending[:0]
}

func (p *Printer) finish() {
	p.flush(true)
	p.trim()
	for len(p.out) > 0 && p.out[len(p.out)-1] == '\n' {
		p.out = p.out[:len(p.out)-1]
		p.trim()
	}
}

func (p *Printer) trim() {
	for len(p.out) > 0 && p.out[len(p.out)-1] == ' ' {
		p.out = p.out[:len(p.out)-1]
	}
}

// note maps the current line to the innermost node with a place in the source, and adds the rules that made the node.
func (p *Printer) note() {
	if len(p.marks) == 0 {
		return
	}
	m := p.marks[len(p.marks)-1]
	if m == p.noted {
		return
	}
	p.noted = m
	if n := len(p.lines); n == 0 || p.lines[n-1].Line != p.line {
		p.lines = append(p.lines, LineMap{Line: p.line})
	}
	l := &p.lines[len(p.lines)-1]
	if !l.Span.IsValid() {
		l.Span = p.placed()
	}
	for _, code := range m.Origin {
		l.Rules = p.addRule(l.Rules, code)
	}
}

func (p *Printer) placed() source.Span {
	for i := len(p.marks) - 1; i >= 0; i-- {
		if s := p.marks[i].Span; s.IsValid() {
			return s
		}
	}
	return source.Span{}
}

// addRule adds a code to those of the last line. Lines with the same codes as the line before share a list with it.
func (p *Printer) addRule(list []string, code string) []string {
	for _, x := range list {
		if x == code {
			return list
		}
	}
	n := len(list)
	if k := len(p.lines); k > 1 {
		if before := p.lines[k-2].Rules; len(before) > n && before[n] == code && same(before[:n], list) {
			return before[: n+1 : n+1]
		}
	}
	return append(list[:n:n], code)
}

func same(a, b []string) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

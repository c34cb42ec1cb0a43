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

// chain is a node with the nodes around it.
type chain struct {
	meta *ir.Meta
	up   *chain
}

type item struct {
	depth int
	flat  bool
	in    *chain
	d     Doc
}

type printer struct {
	opt     Options
	out     []byte
	col     int
	line    int
	lines   []LineMap
	pending []string // comments waiting for the end of the line
}

// Layout prints a document, and says for each line where it came from.
func Layout(d Doc, opt Options) Result {
	p := &printer{opt: opt, line: 1}
	stack := []item{{d: d}}
	for len(stack) > 0 {
		it := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		stack = p.step(it, stack)
	}
	p.finish()
	return Result{Text: string(p.out), Lines: p.lines}
}

func (p *printer) step(it item, stack []item) []item {
	switch d := it.d.(type) {
	case text:
		p.text(string(d), it.in)
	case deferred:
		p.pending = append(p.pending, string(d))
		p.note(it.in)
	case line:
		if it.flat && !d.hard {
			p.text(d.flat, nil)
		} else {
			p.newline(it.depth)
		}
	case concat:
		for i := len(d) - 1; i >= 0; i-- {
			it.d = d[i]
			stack = append(stack, it)
		}
	case *nest:
		it.depth, it.d = it.depth+1, d.d
		return append(stack, it)
	case *mark:
		it.in, it.d = &chain{d.meta, it.in}, d.d
		return append(stack, it)
	case *group:
		it.d = d.d
		if !it.flat {
			it.flat = !d.hard && (d.size.newline || d.size.width <= p.opt.Width-p.col) && p.fits(it, stack)
		}
		return append(stack, it)
	}
	return stack
}

// maxSteps is how many parts of a document fits looks at: a line has far fewer.
const maxSteps = 4000

// fits tells whether the document printed flat, and what follows it up to the next break, fits on the line.
func (p *printer) fits(first item, rest []item) bool {
	left := p.opt.Width - p.col
	first.flat = true
	work := []item{first}
	// What is nested so deep that its first words are far inside does not fit, and is not looked through again at every level.
	for steps := 0; left >= 0 && steps < maxSteps; steps++ {
		var it item
		switch {
		case len(work) > 0:
			it = work[len(work)-1]
			work = work[:len(work)-1]
		case len(rest) > 0:
			it = rest[len(rest)-1]
			rest = rest[:len(rest)-1]
		default:
			return true
		}
		switch d := it.d.(type) {
		case text:
			if i := strings.IndexByte(string(d), '\n'); i >= 0 {
				return left >= utf8.RuneCountInString(string(d)[:i])
			}
			left -= utf8.RuneCountInString(string(d))
		case line:
			if !it.flat || d.hard {
				return true
			}
			left -= len(d.flat)
		case concat:
			for i := len(d) - 1; i >= 0; i-- {
				it.d = d[i]
				work = append(work, it)
			}
		case *nest:
			it.d = d.d
			work = append(work, it)
		case *mark:
			it.d = d.d
			work = append(work, it)
		case *group:
			it.d = d.d
			it.flat = it.flat && !d.hard
			work = append(work, it)
		}
	}
	return false
}

func (p *printer) text(s string, in *chain) {
	if s == "" {
		return
	}
	if in != nil {
		p.note(in)
	}
	for {
		i := strings.IndexByte(s, '\n')
		if i < 0 {
			break
		}
		p.out = append(p.out, s[:i+1]...)
		p.line++
		p.col = 0
		s = s[i+1:]
		if s != "" && in != nil {
			p.note(in)
		}
	}
	p.out = append(p.out, s...)
	p.col += utf8.RuneCountInString(s)
}

func (p *printer) newline(depth int) {
	p.flush(false)
	p.trim()
	p.out = append(p.out, '\n')
	p.line++
	p.col = depth * p.opt.Indent
	p.out = append(p.out, strings.Repeat(" ", p.col)...)
}

// flush writes the waiting comments. Only the last one may run to the end of the line, and none may at the end of the
// output, where a semicolon can follow.
func (p *printer) flush(end bool) {
	for i, c := range p.pending {
		if end || i < len(p.pending)-1 {
			c = block(c)
		}
		p.out = append(p.out, ' ')
		p.text(c, nil)
	}
	p.pending = p.pending[:0]
}

func (p *printer) finish() {
	p.flush(true)
	p.trim()
	for len(p.out) > 0 && p.out[len(p.out)-1] == '\n' {
		p.out = p.out[:len(p.out)-1]
		p.trim()
	}
}

func (p *printer) trim() {
	for len(p.out) > 0 && p.out[len(p.out)-1] == ' ' {
		p.out = p.out[:len(p.out)-1]
	}
}

// note maps the current line to the innermost node with a place in the source, and adds the rules that made the node.
func (p *printer) note(in *chain) {
	if in == nil {
		return
	}
	if len(p.lines) == 0 || p.lines[len(p.lines)-1].Line != p.line {
		p.lines = append(p.lines, LineMap{Line: p.line})
	}
	l := &p.lines[len(p.lines)-1]
	if !l.Span.IsValid() {
		l.Span = placed(in)
	}
	for _, code := range in.meta.Origin {
		l.Rules = addOnce(l.Rules, code)
	}
}

func placed(in *chain) source.Span {
	for ; in != nil; in = in.up {
		if in.meta.Span.IsValid() {
			return in.meta.Span
		}
	}
	return source.Span{}
}

func addOnce(list []string, s string) []string {
	for _, x := range list {
		if x == s {
			return list
		}
	}
	return append(list, s)
}

package godwit

import (
	"io"
	"strings"
	"sync"

	"godwit/ir/source"
	"godwit/parser"
	"godwit/parser/scan"
)

// statics are the constants of package specifications of the input, which choose branches of conditional compilation and lengths in
// other files. They are read when the first one is asked for, which most inputs never do.
type statics struct {
	once    sync.Once
	scripts []Script
	opt     scan.Options
	values  map[string]any
	unclear map[string]bool // specifications of one name say different things
}

// staticPiece is a piece that may declare such constants.
type staticPiece interface {
	Statics(o scan.Options, f func(name string, value any))
}

// value is that of PACKAGE.CONSTANT.
func (s *statics) value(name string) (any, bool) {
	s.once.Do(s.read)
	v, ok := s.values[name]
	return v, ok && !s.unclear[name]
}

func (s *statics) read() {
	s.values, s.unclear = map[string]any{}, map[string]bool{}
	for _, sc := range s.scripts {
		s.script(sc)
	}
}

// script notes the constants of a script. What cannot be read is told by those who convert it.
func (s *statics) script(sc Script) {
	r, err := sc.Open()
	if err != nil {
		return
	}
	defer r.Close()
	pieces, err := parser.Pieces(r, sc.Name, s.opt)
	if err != nil {
		return
	}
	for piece, err := range pieces {
		if err != nil {
			return
		}
		if p, ok := piece.(staticPiece); ok {
			p.Statics(s.opt, s.note)
		}
	}
}

func (s *statics) note(name string, value any) {
	if old, ok := s.values[name]; ok && old != value {
		s.unclear[name] = true
	}
	s.values[name] = value
}

// scriptOf is a script that is in memory.
func scriptOf(f *source.File) Script {
	return Script{Name: f.Name, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(f.Text)), nil }}
}

func filesAsScripts(files []*source.File) []Script {
	out := make([]Script, len(files))
	for i, f := range files {
		out[i] = scriptOf(f)
	}
	return out
}

// knowStatics tells the pipeline where constants are declared.
func (p *pipeline) knowStatics(scripts []Script) {
	o := p.scanOptions(p.opt.Settings)
	o.Static = nil
	p.static = &statics{scripts: append(filesAsScripts(p.opt.Catalog), scripts...), opt: o}
}

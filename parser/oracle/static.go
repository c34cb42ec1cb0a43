package oracle

import (
	"cmp"
	"strings"

	"godwit/parser/scan"
)

// Statics calls f for the constants of the piece whose values are known when code is compiled, if the piece is the specification of a
// package (PL/SQL Language Reference, Static Constants). Names are PACKAGE.CONSTANT; the value is nil, a bool, an int or a string.
func (p *Piece) Statics(o scan.Options, f func(name string, value any)) {
	text := p.file.Text[p.first:p.end]
	if p.command != "" || len(p.missing) > 0 || len(text) < 6 || !strings.EqualFold(text[:6], "CREATE") || !hasConstant(text) {
		return
	}
	q := newParser(o)
	ts := q.lexer.lex(p.file, p.start, p.end)
	if _, _, bad := invalidBytes(ts.Span(0, 0), ts); bad {
		return
	}
	u := p.unit(statementSpan(ts))
	name(u, q, ts)
	if u.Kind != "package" || u.Name == "" {
		return
	}
	found := map[string]staticValue{}
	known := func(name string) (any, bool) { v, ok := found[name]; return v, ok }
	if q.lexer.directives {
		if c, _, _ := compile(ts, p.settings, o.Version, known); c != nil {
			return
		}
	}
	for i := range ts.List {
		constant, at := declaredConstant(ts, i)
		if constant == "" {
			continue
		}
		if v, ok := staticAt(ts, at, p.settings, o, u.Name, known); ok {
			found[u.Name+"."+constant] = v
			f(u.Name+"."+constant, v)
		}
	}
}

// hasConstant tells that a text may declare constants of a package; data and tables need no look at their tokens.
func hasConstant(s string) bool {
	head := strings.ToUpper(s[:min(len(s), 200)])
	return strings.Contains(head, "PACKAGE") && strings.Contains(strings.ToUpper(s), "CONSTANT")
}

// declaredConstant is the name of the constant whose declaration has CONSTANT as the i-th token, and where its value begins.
func declaredConstant(ts *scan.Tokens, i int) (name string, at int) {
	if i == 0 || !strings.EqualFold(ts.Text(&ts.List[i]), "CONSTANT") || ts.List[i-1].Kind == kDot {
		return "", 0
	}
	for at = i + 1; at < len(ts.List); at++ {
		switch t := &ts.List[at]; {
		case t.Kind == kSemi, t.Kind == kEOF:
			return "", 0
		case t.Kind == kAssign, t.Kind == kDefault:
			return nameOf(ts, i-1), at + 1
		}
	}
	return "", 0
}

func nameOf(ts *scan.Tokens, i int) string {
	t := &ts.List[i]
	if t.Kind == kQIdent {
		return strings.Trim(ts.Text(t), `"`)
	}
	return strings.ToUpper(ts.Text(t))
}

// staticAt is the value of the static expression that begins at a token and ends at a semicolon; ok is false if it is none.
func staticAt(ts *scan.Tokens, at int, settings map[string]string, o scan.Options, pack string, known func(string) (any, bool)) (v staticValue, ok bool) {
	defer func() {
		if r := recover(); r != nil {
			if _, is := r.(*stop); !is {
				panic(r)
			}
			ok = false
		}
	}()
	k := newCompiler(ts, settings, o.Version, known)
	k.i, k.pack = at, pack
	v = k.or()
	return v, k.in[k.i].Kind == kSemi
}

// size reads the number in the type of a text: a literal, or since 12.2 an expression of literals and constants of packages.
func (p *parser) size() int {
	if p.Kind() == kNumber && (p.Ahead(1) == kRP || p.Ahead(1) == kIdent) {
		return p.number()
	}
	i := p.Pos
	k := newCompiler(p.Tokens, p.state.settings, p.opts.Version, p.sizeConstant)
	k.i, k.pack = i, cmp.Or(p.packageName(), noPackage)
	v, ok := k.value()
	n, isNumber := v.(int)
	if !ok || !isNumber || n <= 0 {
		if k.i == i {
			p.FailAt(i, "a number")
		}
		p.giveUp(i, codeSize, p.wordsFrom(i, k.i))
	}
	p.Pos = k.i
	return n
}

// noPackage stands before the names of constants of a unit that is no package.
const noPackage = "?"

// sizeConstant is the value of a constant in the size of a type: one of the packages of the input, or one that the unit declares itself.
func (p *parser) sizeConstant(name string) (any, bool) {
	if p.opts.Static != nil {
		if v, ok := p.opts.Static(name); ok {
			return v, true
		}
	}
	pack, constant, _ := strings.Cut(name, ".")
	if pack != cmp.Or(p.packageName(), noPackage) {
		return nil, false
	}
	v, ok := p.declaredConstants()[constant]
	return v, ok
}

// declaredConstants are the constants of numbers that the unit declares once, by name, with their values: one that is declared twice may be
// another one at the place in question.
func (p *parser) declaredConstants() map[string]int {
	if p.constants != nil {
		return p.constants
	}
	p.constants = map[string]int{}
	twice := map[string]bool{}
	for i := range p.Tokens.List {
		constant, at := declaredConstant(p.Tokens, i)
		if constant == "" {
			continue
		}
		v, ok := staticAt(p.Tokens, at, p.state.settings, p.opts, p.packageName(), p.opts.Static)
		n, isNumber := v.(int)
		if _, known := p.constants[constant]; known || twice[constant] || !ok || !isNumber {
			twice[constant] = true
			delete(p.constants, constant)
			continue
		}
		p.constants[constant] = n
	}
	return p.constants
}

// value reads an expression; ok is false if its value is not known.
func (k *compiler) value() (v staticValue, ok bool) {
	defer func() {
		if r := recover(); r != nil {
			if _, is := r.(*stop); !is {
				panic(r)
			}
			ok = false
		}
	}()
	return k.sum(), true
}

// packageName is the name of the package whose specification or body is read, "" for everything else.
func (p *parser) packageName() string {
	for i := range min(len(p.Tokens.List), 8) {
		if !strings.EqualFold(p.TextAt(i), "PACKAGE") {
			continue
		}
		i++
		if strings.EqualFold(p.TextAt(i), "BODY") {
			i++
		}
		for i+2 < len(p.Tokens.List) && p.At(i+1).Kind == kDot {
			i += 2
		}
		return nameOf(p.Tokens, i)
	}
	return ""
}

package verify

import (
	"errors"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"
)

// canonicalJSON writes a document in one normal form: members sorted, numbers as exact decimals, strings with the
// fewest escapes. Duplicate members are all kept, and what is no character stays an escape, so that a loss shows.
func canonicalJSON(s string) (string, error) {
	p := &jsonReader{s: s}
	p.blank()
	v, err := p.value(0)
	if err != nil {
		return "", fmt.Errorf("at byte %d: %w", p.i, err)
	}
	p.blank()
	if p.i < len(s) {
		return "", fmt.Errorf("at byte %d: text after the document", p.i)
	}
	return v, nil
}

// maxJSONDepth is above MySQL's limit of 100 and far from the stack's.
const maxJSONDepth = 2000

type jsonReader struct {
	s string
	i int
}

func (p *jsonReader) blank() {
	for p.i < len(p.s) && strings.IndexByte(" \t\r\n", p.s[p.i]) >= 0 {
		p.i++
	}
}

func (p *jsonReader) peek() byte {
	if p.i < len(p.s) {
		return p.s[p.i]
	}
	return 0
}

func (p *jsonReader) value(depth int) (string, error) {
	if depth > maxJSONDepth {
		return "", errors.New("nested too deeply")
	}
	switch c := p.peek(); {
	case c == '{':
		return p.list(depth, '}', p.member)
	case c == '[':
		return p.list(depth, ']', p.value)
	case c == '"':
		return p.str()
	case c == '-' || c >= '0' && c <= '9':
		return p.number()
	}
	for _, w := range []string{"true", "false", "null"} {
		if strings.HasPrefix(p.s[p.i:], w) {
			p.i += len(w)
			return w, nil
		}
	}
	return "", errors.New("not a JSON value")
}

// list reads an array or an object; members of an object are sorted by their text.
func (p *jsonReader) list(depth int, end byte, item func(int) (string, error)) (string, error) {
	open := p.s[p.i : p.i+1]
	p.i++
	var items []string
	p.blank()
	for p.peek() != end {
		if len(items) > 0 {
			if p.peek() != ',' {
				return "", errors.New("no comma between values")
			}
			p.i++
			p.blank()
		}
		v, err := item(depth + 1)
		if err != nil {
			return "", err
		}
		items = append(items, v)
		p.blank()
	}
	p.i++
	if end == '}' {
		sort.Strings(items)
	}
	return open + strings.Join(items, ",") + string(end), nil
}

func (p *jsonReader) member(depth int) (string, error) {
	if p.peek() != '"' {
		return "", errors.New("a member has no name")
	}
	name, err := p.str()
	if err != nil {
		return "", err
	}
	p.blank()
	if p.peek() != ':' {
		return "", errors.New("no colon after a member's name")
	}
	p.i++
	p.blank()
	v, err := p.value(depth)
	return name + ":" + v, err
}

// number normalises to sign, digits without outer zeros and a power of ten: 1.50e3 and 1500 are 15e2.
func (p *jsonReader) number() (string, error) {
	start := p.i
	for p.i < len(p.s) && strings.IndexByte("+-.eE0123456789", p.s[p.i]) >= 0 {
		p.i++
	}
	text := p.s[start:p.i]
	mantissa, exponent, hasExp := strings.Cut(strings.ToLower(text), "e")
	exp := 0
	if hasExp {
		var err error
		if exp, err = strconv.Atoi(exponent); err != nil {
			return "", fmt.Errorf("number %q: %w", text, err)
		}
	}
	mantissa, negative := strings.CutPrefix(mantissa, "-")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	if strings.Trim(whole+fraction, "0123456789") != "" || whole == "" {
		return "", fmt.Errorf("number %q is not valid", text)
	}
	exp -= len(fraction)
	trimmed := strings.TrimRight(digits, "0")
	exp += len(digits) - len(trimmed)
	if trimmed == "" {
		return "0", nil
	}
	if negative {
		trimmed = "-" + trimmed
	}
	return trimmed + "e" + strconv.Itoa(exp), nil
}

// str reads a string and writes it with raw characters; only quotes, backslashes, control characters and halves of
// surrogate pairs are escaped.
func (p *jsonReader) str() (string, error) {
	var b strings.Builder
	b.WriteByte('"')
	p.i++
	for p.i < len(p.s) {
		c := p.s[p.i]
		switch {
		case c == '"':
			p.i++
			b.WriteByte('"')
			return b.String(), nil
		case c == '\\':
			r, err := p.escape()
			if err != nil {
				return "", err
			}
			writeJSONRune(&b, r)
		default:
			r, n := utf8.DecodeRuneInString(p.s[p.i:])
			if r == utf8.RuneError && n <= 1 {
				return "", errors.New("not valid UTF-8")
			}
			p.i += n
			writeJSONRune(&b, r)
		}
	}
	return "", errors.New("a string does not end")
}

func writeJSONRune(b *strings.Builder, r rune) {
	switch {
	case r == '"' || r == '\\':
		b.WriteByte('\\')
		b.WriteRune(r)
	case r < 0x20 || r >= 0xd800 && r <= 0xdfff:
		fmt.Fprintf(b, "\\u%04x", r)
	default:
		b.WriteRune(r)
	}
}

var jsonEscapes = map[byte]rune{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

func (p *jsonReader) escape() (rune, error) {
	if p.i+1 >= len(p.s) {
		return 0, errors.New("a string does not end")
	}
	c := p.s[p.i+1]
	if r, ok := jsonEscapes[c]; ok {
		p.i += 2
		return r, nil
	}
	hi, err := p.unicode()
	if err != nil {
		return 0, err
	}
	if hi < 0xd800 || hi > 0xdbff {
		return hi, nil
	}
	at := p.i
	if lo, err := p.unicode(); err == nil && lo >= 0xdc00 && lo <= 0xdfff {
		return (hi-0xd800)<<10 + (lo - 0xdc00) + 0x10000, nil
	}
	p.i = at
	return hi, nil
}

// unicode reads \uXXXX.
func (p *jsonReader) unicode() (rune, error) {
	if p.i+6 > len(p.s) || p.s[p.i:p.i+2] != `\u` {
		return 0, errors.New("not a valid escape")
	}
	n, err := strconv.ParseUint(p.s[p.i+2:p.i+6], 16, 32)
	if err != nil {
		return 0, errors.New("not a valid escape")
	}
	p.i += 6
	return rune(n), nil
}

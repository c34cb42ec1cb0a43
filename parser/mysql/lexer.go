package mysql

import (
	"strings"

	"godwit/ir/source"
	"godwit/parser/scan"
)

// lexer turns a byte range of a file into tokens. It never fails: what it does not know becomes a token kBad. It can be used again.
type lexer struct {
	src     string
	pos     int
	end     int
	mode    Mode
	mariadb bool
	version int
	words   *wordTable
	exec    int // depth of executable comments that are open
	out     scan.Tokens
}

// lex scans src[start:end] of the file in the given mode.
func lex(f *source.File, start, end int, m Mode, mariadb bool, version int) *scan.Tokens {
	var l lexer
	return l.lex(f, start, end, m, mariadb, version)
}

// lex scans src[start:end] of the file. The tokens are valid until the next call.
func (l *lexer) lex(f *source.File, start, end int, m Mode, mariadb bool, version int) *scan.Tokens {
	l.src, l.pos, l.end, l.mode, l.mariadb, l.version, l.exec = f.Text[:end], start, end, m, mariadb, version, 0
	l.words = theWords()
	l.out.File, l.out.List, l.out.Comments = f, l.out.List[:0], l.out.Comments[:0]
	if room := (end-start)/5 + 2; cap(l.out.List) < room {
		l.out.List = make([]scan.Token, 0, room)
	}
	for l.next() {
	}
	l.out.List = append(l.out.List, scan.Token{Start: end, End: end})
	context(&l.out, l)
	return &l.out
}

func (l *lexer) peek(n int) byte {
	if l.pos+n < l.end {
		return l.src[l.pos+n]
	}
	return 0
}

func (l *lexer) emit(k scan.Kind, start int) { l.emitWord(k, 0, start) }

func (l *lexer) emitWord(k scan.Kind, word uint16, start int) {
	l.out.List = append(l.out.List, scan.Token{Kind: k, Word: word, Start: start, End: l.pos})
}

// next scans one token or comment; false at the end.
func (l *lexer) next() bool {
	for l.pos < l.end && isSpace(l.src[l.pos]) {
		l.pos++
	}
	if l.pos >= l.end {
		return false
	}
	start, c := l.pos, l.src[l.pos]
	switch {
	case isIdentStart(c):
		l.word(start)
	case isDigit(c):
		l.number(start)
	case c == '\'':
		l.str(start, '\'')
	case c == '`':
		l.quoted(start, '`')
	case c == '"':
		if l.mode.ANSIQuotes {
			l.quoted(start, '"')
		} else {
			l.str(start, '"')
		}
	default:
		l.special(start, c)
	}
	return true
}

// special scans variables, comments and operators.
func (l *lexer) special(start int, c byte) {
	switch {
	case c == '@':
		l.variable(start)
	case c == '#':
		l.lineComment(start)
	case c == '-' && l.peek(1) == '-' && (l.pos+2 >= l.end || isSpace(l.peek(2)) || l.peek(2) < ' '):
		l.lineComment(start)
	case c == '/' && l.peek(1) == '*':
		l.blockComment(start)
	case c == '*' && l.peek(1) == '/' && l.exec > 0:
		l.pos += 2
		l.exec--
	case c == '.' && isDigit(l.peek(1)) && !l.afterName():
		l.number(start)
	case c == '\\' && l.peek(1) == 'N' && !isIdentPart(l.peek(2)):
		l.pos += 2
		l.emit(kNull, start)
	default:
		l.operator(start, c)
	}
}

// afterName tells that the token before ends right here and is a name, so that ".5" is not a number.
func (l *lexer) afterName() bool {
	n := len(l.out.List)
	if n == 0 {
		return false
	}
	t := &l.out.List[n-1]
	return t.End == l.pos && (t.Kind == kIdent || t.Kind == kQIdent || t.Kind >= kAdd)
}

func (l *lexer) afterDot() bool {
	n := len(l.out.List)
	return n > 0 && l.out.List[n-1].Kind == kDot
}

func (l *lexer) word(start int) {
	h := uint32(0)
	if l.pos > start { // a word that begins with digits
		h = scan.HashWord(h, l.src[start:l.pos])
	}
	for l.pos < l.end {
		c := l.src[l.pos]
		if !isIdentPart(c) {
			break
		}
		h = h*31 + uint32(c|0x20)
		l.pos++
	}
	text := l.src[start:l.pos]
	if l.afterDot() {
		l.emit(kIdent, start)
		return
	}
	if l.pos < l.end && l.src[l.pos] == '\'' && len(text) == 1 {
		switch text[0] {
		case 'x', 'X':
			l.literal(start, kHex)
			return
		case 'b', 'B':
			l.literal(start, kBit)
			return
		case 'n', 'N':
			l.str(start, '\'')
			return
		}
	}
	if text[0] == '_' && len(text) > 2 && l.introduces() {
		l.emit(kIntroducer, start)
		return
	}
	w := l.words.Lookup(text, h)
	l.emitWord(l.words.list[w].kind, w, start)
}

// introduces tells that a literal follows, so that _utf8mb4 is an introducer.
func (l *lexer) introduces() bool {
	if !isCharset(l.lastWord()) {
		return false
	}
	i := l.pos
	for i < l.end && isSpace(l.src[i]) {
		i++
	}
	if i >= l.end {
		return false
	}
	switch c := l.src[i]; c {
	case '\'':
		return true
	case '"':
		return !l.mode.ANSIQuotes
	case 'x', 'X', 'b', 'B':
		return i+1 < l.end && l.src[i+1] == '\''
	case '0':
		return i+1 < l.end && (l.src[i+1] == 'x' || l.src[i+1] == 'b')
	}
	return false
}

func (l *lexer) lastWord() string {
	i := l.pos
	for i > 0 && isIdentPart(l.src[i-1]) {
		i--
	}
	return strings.ToLower(l.src[i:l.pos])
}

// literal scans the quoted part of x'..' and b'..'.
func (l *lexer) literal(start int, k scan.Kind) {
	i := strings.IndexByte(l.src[l.pos+1:l.end], '\'')
	if i < 0 {
		l.pos = l.end
		l.emit(kBad, start)
		return
	}
	l.pos += i + 2
	l.emit(k, start)
}

// str scans a string; l.pos is at the opening quote or before it when start is an N prefix. Adjacent strings are one literal.
func (l *lexer) str(start int, q byte) {
	ok, plain := l.skipString(q)
	if !ok {
		l.emit(kBad, start)
		return
	}
	n := len(l.out.List)
	if n > 0 && l.out.List[n-1].Kind == kString && l.src[start] == q {
		t := &l.out.List[n-1]
		t.End, t.Word = l.pos, 0
		return
	}
	if plain && l.src[start] == q {
		l.emitWord(kString, plainString, start)
		return
	}
	l.emit(kString, start)
}

// skipString steps over a quoted text at l.pos. ok is false if it does not end; plain tells that nothing in it stands for something else.
func (l *lexer) skipString(q byte) (ok, plain bool) {
	i := l.pos + 1
	plain = true
	for i < l.end {
		c := l.src[i]
		if c != '\\' && c != q {
			i++
			continue
		}
		if c == '\\' {
			plain = false
			if !l.mode.NoBackslashEscapes {
				i++
			}
			i++
			continue
		}
		if i+1 < l.end && l.src[i+1] == q {
			plain = false
			i += 2
			continue
		}
		l.pos = i + 1
		return true, plain
	}
	l.pos = l.end
	return false, false
}

// quoted scans a quoted name.
func (l *lexer) quoted(start int, q byte) {
	l.pos++
	for l.pos < l.end {
		if l.src[l.pos] == q {
			l.pos++
			if l.peek(0) != q || l.pos >= l.end {
				l.emit(kQIdent, start)
				return
			}
		}
		l.pos++
	}
	l.emit(kBad, start)
}

// number scans a number, or an identifier that begins with digits.
func (l *lexer) number(start int) {
	s, n := l.src, l.end
	if s[start] == '0' && start+2 < n && (s[start+1] == 'x' || s[start+1] == 'b') {
		if l.prefixed(start, s[start+1] == 'x') {
			return
		}
	}
	i := start
	for i < n && isDigit(s[i]) {
		i++
	}
	if i < n && isIdentPart(s[i]) && s[start] != '.' && !isExponent(s, i, n) || l.afterDot() {
		l.pos = i
		l.word(start)
		return
	}
	if i < n && s[i] == '.' && !(i+1 < n && s[i+1] == '.') {
		i++
		for i < n && isDigit(s[i]) {
			i++
		}
	}
	if i < n && isExponent(s, i, n) {
		i++
		if s[i] == '+' || s[i] == '-' {
			i++
		}
		for i < n && isDigit(s[i]) {
			i++
		}
	}
	l.pos = i
	l.emit(kNumber, start)
}

// isExponent tells that an exponent of a number begins at i. 1e5 is a number, 1e and 1e5x are names.
func isExponent(s string, i, n int) bool {
	if s[i] != 'e' && s[i] != 'E' {
		return false
	}
	i++
	if i < n && (s[i] == '+' || s[i] == '-') {
		return i+1 < n && isDigit(s[i+1])
	}
	j := i
	for j < n && isDigit(s[j]) {
		j++
	}
	return j > i && (j >= n || !isIdentPart(s[j]))
}

// prefixed scans 0x1F and 0b01; false if it is a name.
func (l *lexer) prefixed(start int, hex bool) bool {
	i := start + 2
	for i < l.end && (isDigit(l.src[i]) && (hex || l.src[i] < '2') || hex && isHexLetter(l.src[i])) {
		i++
	}
	if i == start+2 || i < l.end && isIdentPart(l.src[i]) {
		return false
	}
	l.pos = i
	if hex {
		l.emit(kHex, start)
	} else {
		l.emit(kBit, start)
	}
	return true
}

// variable scans @name, @'name', @@name and @@scope.name.
func (l *lexer) variable(start int) {
	l.pos++
	typ := kUserVar
	if l.peek(0) == '@' {
		typ = kSysVar
		l.pos++
	}
	switch c := l.peek(0); {
	case c == '`' || typ == kUserVar && (c == '\'' || c == '"'):
		if ok, _ := l.skipString(c); !ok {
			typ = kBad
		}
	default:
		for l.pos < l.end && (isIdentPart(l.src[l.pos]) || l.src[l.pos] == '.') {
			l.pos++
		}
	}
	l.emit(typ, start)
}

func (l *lexer) comment(start int, hint bool) {
	own := true
	for i := start - 1; i >= 0 && l.src[i] != '\n'; i-- {
		if !isSpace(l.src[i]) {
			own = false
			break
		}
	}
	l.out.Comments = append(l.out.Comments, scan.Comment{Start: start, End: l.pos, Before: len(l.out.List), OwnLine: own, Hint: hint})
}

func (l *lexer) lineComment(start int) {
	for l.pos < l.end && l.src[l.pos] != '\n' {
		l.pos++
	}
	end := l.pos
	for l.pos > start && l.src[l.pos-1] == '\r' {
		l.pos--
	}
	l.comment(start, false)
	l.pos = end
}

// blockComment steps over a comment, or into an executable one (MySQL Reference Manual, Comments).
func (l *lexer) blockComment(start int) {
	if n, run := execPrefix(l.src[l.pos:l.end], l.mariadb, l.version); n > 0 {
		if run {
			l.pos += n
			l.exec++
			return
		}
		l.skipNested()
		l.comment(start, false)
		return
	}
	hint := l.peek(2) == '+'
	if i := strings.Index(l.src[l.pos+2:l.end], "*/"); i >= 0 {
		l.pos += i + 4
	} else {
		l.pos = l.end
	}
	l.comment(start, hint)
}

// skipNested steps over an executable comment that does not apply; comments may be nested in it.
func (l *lexer) skipNested() {
	depth := 0
	for l.pos < l.end {
		switch {
		case l.src[l.pos] == '*' && l.peek(1) == '/':
			l.pos += 2
			if depth--; depth == 0 {
				return
			}
		case l.src[l.pos] == '/' && l.peek(1) == '*':
			l.pos += 2
			depth++
		default:
			l.pos++
		}
	}
}

// execPrefix tells whether s begins an executable comment: its length up to the contents (0 if it is none), and whether the contents count.
func execPrefix(s string, mariadb bool, version int) (n int, run bool) {
	maria := strings.HasPrefix(s, "/*M!")
	if !maria && !strings.HasPrefix(s, "/*!") {
		return 0, false
	}
	n = 3
	if maria {
		n = 4
	}
	v, d := 0, 0
	for d < 6 && n+d < len(s) && isDigit(s[n+d]) {
		v = v*10 + int(s[n+d]-'0')
		d++
	}
	switch {
	case d < 5:
		v, d = 0, 0
	case d == 6 && !maria && !mariadb && v >= 200000:
		v, d = v/10, 5 // five digits are the version, the sixth belongs to the text
	}
	n += d
	switch {
	case maria && !mariadb:
		return n, false
	case v == 0:
		return n, true
	case mariadb && !maria && v >= 50700 && v <= 99999:
		return n, false // MariaDB ignores MySQL's later versions
	}
	return n, v <= version
}

// operators are the kinds of single characters.
var operators = [128]scan.Kind{
	'(': kLP, ')': kRP, ',': kComma, '.': kDot, ';': kSemi, '*': kStar, '+': kPlus, '-': kMinus, '/': kSlash, '%': kPercent, '=': kEq, '<': kLT, '>': kGT,
	'&': kAmp, '|': kPipe, '^': kCaret, '~': kTilde, '!': kBang, '{': kLBrace, '}': kRBrace, ':': kColon, '?': kParam,
}

func (l *lexer) operator(start int, c byte) {
	k := kBad
	if c < 128 && operators[c] != kEOF {
		k = operators[c]
	}
	l.pos++
	if k != kComma && k != kLP && k != kRP && k != kBad {
		k = l.longOperator(k, c)
	}
	l.emit(k, start)
}

// longOperator takes what follows the first character of an operator.
func (l *lexer) longOperator(k scan.Kind, c byte) scan.Kind {
	n, third := l.peek(0), l.peek(1)
	two := func(x scan.Kind) scan.Kind { l.pos++; return x }
	switch {
	case c == '-' && n == '>' && third == '>':
		l.pos += 2
		return kArrow2
	case c == '<' && n == '=' && third == '>':
		l.pos += 2
		return kNSEq
	case c == '-' && n == '>':
		return two(kArrow)
	case c == '<' && n == '=':
		return two(kLE)
	case c == '>' && n == '=':
		return two(kGE)
	case c == '<' && n == '>', c == '!' && n == '=':
		return two(kNE)
	case c == '<' && n == '<':
		return two(kShl)
	case c == '>' && n == '>':
		return two(kShr)
	case c == ':' && n == '=':
		return two(kAssign)
	case c == '&' && n == '&':
		return two(kAndAnd)
	case c == '|' && n == '|' && l.mode.PipesAsConcat:
		return two(kConcat)
	case c == '|' && n == '|':
		return two(kOrOr)
	case c == '.' && n == '.':
		return two(kDotDot)
	}
	return k
}

// Classes of bytes.
const (
	classSpace = 1 << iota
	classDigit
	classStart // of an identifier
	classPlain // of no literal, comment or name
)

var classes = makeClasses()

func makeClasses() (t [256]uint8) {
	for i := range t {
		c := byte(i)
		switch {
		case c == ' ' || c >= '\t' && c <= '\r':
			t[i] = classSpace
		case c >= '0' && c <= '9':
			t[i] = classDigit
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '$' || c >= 0x80:
			t[i] = classStart
		case strings.IndexByte("\"'`#-/\\", c) < 0:
			t[i] = classPlain
		}
	}
	return t
}

func isSpace(c byte) bool      { return classes[c]&classSpace != 0 }
func isDigit(c byte) bool      { return classes[c]&classDigit != 0 }
func isIdentStart(c byte) bool { return classes[c]&classStart != 0 }
func isIdentPart(c byte) bool  { return classes[c]&(classStart|classDigit) != 0 }
func isHexLetter(c byte) bool {
	return c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// isCharset tells whether the word, with its underscore, is an introducer (MySQL Reference Manual, Character Set Introducers).
func isCharset(w string) bool {
	switch strings.TrimPrefix(w, "_") {
	case "binary", "ascii", "latin1", "latin2", "latin5", "latin7", "utf8", "utf8mb3", "utf8mb4", "ucs2", "utf16", "utf16le", "utf32", "cp1250", "cp1251", "cp1256", "cp1257",
		"cp850", "cp852", "cp866", "cp932", "big5", "gb2312", "gbk", "gb18030", "sjis", "ujis", "eucjpms", "euckr", "tis620", "greek", "hebrew", "hp8", "dec8", "keybcs2",
		"koi8r", "koi8u", "macce", "macroman", "swe7", "armscii8", "geostd8":
		return true
	}
	return false
}

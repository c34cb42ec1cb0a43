package oracle

import (
	"strings"

	"godwit/ir/source"
	"godwit/parser/scan"
)

// lexer turns a byte range of a file into tokens. It never fails: what it does not know becomes a token kBad. It can be used again.
type lexer struct {
	src   string
	pos   int
	end   int
	words *wordTable
	// directives tells that there is conditional compilation, inquiries that $$name stands somewhere.
	directives, inquiries bool
	out                   scan.Tokens
}

// lex scans the bytes from start to end of the file. The tokens are valid until the next call.
func (l *lexer) lex(f *source.File, start, end int) *scan.Tokens {
	l.src, l.pos, l.end, l.directives, l.inquiries = f.Text[:end], start, end, false, false
	l.words = theWords()
	l.out.File, l.out.List, l.out.Comments = f, l.out.List[:0], l.out.Comments[:0]
	if room := (end-start)/5 + 2; cap(l.out.List) < room {
		l.out.List = make([]scan.Token, 0, room)
	}
	for l.next() {
	}
	l.out.List = append(l.out.List, scan.Token{Start: end, End: end})
	return &l.out
}

func (l *lexer) peek(n int) byte {
	if l.pos+n < l.end {
		return l.src[l.pos+n]
	}
	return 0
}

func (l *lexer) emit(k scan.Kind, start int) {
	l.out.List = append(l.out.List, scan.Token{Kind: k, Start: start, End: l.pos})
}

func (l *lexer) emitWord(k scan.Kind, word uint16, start int) {
	l.out.List = append(l.out.List, scan.Token{Kind: k, Word: word, Start: start, End: l.pos})
}

// next scans one token or comment; false at the end.
func (l *lexer) next() bool {
	s, pos := l.src, l.pos
	for pos < len(s) && classes[s[pos]]&classSpace != 0 {
		pos++
	}
	l.pos = pos
	if pos >= len(s) {
		return false
	}
	start, c := pos, s[pos]
	switch {
	case isIdentStart(c):
		l.word(start)
	case isDigit(c):
		l.number(start)
	case c == '\'':
		l.str(start)
	case c == '"':
		l.quoted(start)
	default:
		l.special(start, c)
	}
	return true
}

// special scans comments, directives, variables and operators.
func (l *lexer) special(start int, c byte) {
	switch {
	case c == '-' && l.peek(1) == '-':
		l.lineComment(start)
	case c == '/' && l.peek(1) == '*':
		l.blockComment(start)
	case c == '.' && isDigit(l.peek(1)) && !l.afterName():
		l.number(start)
	case c == ':' && (isIdentPart(l.peek(1)) || l.peek(1) == '"'):
		l.bind(start)
	case c == '$' && (isIdentStart(l.peek(1)) || l.peek(1) == '$' && isIdentStart(l.peek(2))):
		l.directive(start)
	case c == '(' && l.plusMark():
		l.emit(kPlusMark, start)
	case c == '#' && l.command(start):
	default:
		l.operator(start, c)
	}
}

// command passes the line of a command of SQL*Plus that stands within a statement, which the server never sees (SQL*Plus
// User's Guide, SET SQLPREFIX): commands that pause and show only.
func (l *lexer) command(start int) bool {
	line := l.src[start:]
	if i := strings.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	before := strings.TrimRight(l.src[:start], " \t")
	w := words{s: line[1:]}
	switch name := commandName(w.next(), &w); {
	case before != "" && before[len(before)-1] != '\n':
		return false
	case name == "PAUSE", name == "PROMPT", name == "REMARK", name == "CLEAR":
		l.pos = start + len(line)
		return true
	}
	return false
}

// afterName tells that the token before ends right here and is a name, so that ".5" is not a number.
func (l *lexer) afterName() bool {
	n := len(l.out.List)
	if n == 0 {
		return false
	}
	t := &l.out.List[n-1]
	return t.End == l.pos && (t.Kind == kIdent || t.Kind == kQIdent || t.Kind >= kAll || t.Kind == kRP)
}

// member tells that the token before is a dot or a percent sign: what follows is a name whatever word it is.
func (l *lexer) member() bool {
	n := len(l.out.List)
	return n > 0 && (l.out.List[n-1].Kind == kDot || l.out.List[n-1].Kind == kPercent)
}

func (l *lexer) word(start int) {
	s, pos, h := l.src, l.pos, uint32(0)
	for pos < len(s) {
		c := s[pos]
		if classes[c]&(classStart|classDigit|classMark) == 0 {
			break
		}
		h = h*31 + uint32(c|0x20)
		pos++
	}
	l.pos = pos
	if pos < len(s) && s[pos] == '\'' && pos-start <= 2 && l.prefixed(start, s[start:pos]) {
		return
	}
	w := l.words.Lookup(s[start:pos], h)
	k := l.words.list[w].kind
	if k != kIdent && l.member() {
		k = kIdent
	}
	l.emitWord(k, w, start)
}

// prefixed scans n'..', q'[..]' and nq'[..]', l.pos being at the quote.
func (l *lexer) prefixed(start int, prefix string) bool {
	switch prefix {
	case "n", "N":
		l.skipString()
		l.emit(l.stringKind(start), start)
		return true
	case "q", "Q", "nq", "nQ", "Nq", "NQ":
		n := alternativeQuote(l.src[l.pos:])
		if n < 0 {
			l.pos = l.end
			l.emit(kBad, start)
			return true
		}
		l.pos += n
		l.emit(kString, start)
		return true
	}
	return false
}

// stringKind is the kind of a text that reaches to l.pos.
func (l *lexer) stringKind(start int) scan.Kind {
	if l.pos-start < 2 || l.src[l.pos-1] != '\'' {
		return kBad
	}
	return kString
}

// alternativeQuote is the length of '[..]' at the start of s, with its quotes; -1 if it does not end.
func alternativeQuote(s string) int {
	if len(s) < 2 {
		return -1
	}
	end := s[1]
	switch end {
	case '[':
		end = ']'
	case '(':
		end = ')'
	case '{':
		end = '}'
	case '<':
		end = '>'
	}
	mark := string([]byte{end, '\''})
	from := 2
	if end >= 0x80 { // a delimiter of several bytes
		for from < len(s) && s[from]&0xC0 == 0x80 {
			from++
		}
		mark = s[1:from] + "'"
	}
	i := strings.Index(s[from:], mark)
	if i < 0 {
		return -1
	}
	return from + i + len(mark)
}

// str scans a text.
func (l *lexer) str(start int) {
	closed, plain := l.skipString()
	switch {
	case !closed:
		l.emit(kBad, start)
	case plain:
		l.emitWord(kString, plainString, start)
	default:
		l.emit(kString, start)
	}
}

// skipString steps over a text at l.pos. closed is false if it does not end; plain tells that it holds no quotes.
func (l *lexer) skipString() (closed, plain bool) {
	s, i := l.src, l.pos+1
	plain = true
	for {
		n := strings.IndexByte(s[i:], '\'')
		if n < 0 {
			l.pos = l.end
			return false, false
		}
		i += n + 1
		if i < len(s) && s[i] == '\'' {
			plain = false
			i++
			continue
		}
		l.pos = i
		return true, plain
	}
}

// quoted scans a quoted name.
func (l *lexer) quoted(start int) {
	i := strings.IndexByte(l.src[l.pos+1:], '"')
	if i < 0 {
		l.pos = l.end
		l.emit(kBad, start)
		return
	}
	l.pos += i + 2
	l.emit(kQIdent, start)
}

// number scans a number; the dots of a range do not belong to it.
func (l *lexer) number(start int) {
	s, i := l.src, start
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	if i < len(s) && s[i] == '.' && !(i+1 < len(s) && s[i+1] == '.') {
		i++
		for i < len(s) && isDigit(s[i]) {
			i++
		}
	}
	i = exponent(s, i)
	if i < len(s) && strings.IndexByte("fFdD", s[i]) >= 0 && (i+1 >= len(s) || !isIdentPart(s[i+1])) {
		i++
	}
	l.pos = i
	l.emit(kNumber, start)
}

// exponent steps over the exponent of a number at i, if there is one.
func exponent(s string, i int) int {
	if i >= len(s) || s[i]|0x20 != 'e' {
		return i
	}
	j := i + 1
	if j < len(s) && (s[j] == '+' || s[j] == '-') {
		j++
	}
	if j >= len(s) || !isDigit(s[j]) {
		return i
	}
	for j < len(s) && isDigit(s[j]) {
		j++
	}
	return j
}

// bind scans :name, :1 and :"name".
func (l *lexer) bind(start int) {
	l.pos++
	if l.peek(0) == '"' {
		i := strings.IndexByte(l.src[l.pos+1:], '"')
		if i < 0 {
			l.pos = l.end
			l.emit(kBad, start)
			return
		}
		l.pos += i + 2
		l.emit(kBind, start)
		return
	}
	for l.pos < l.end && isIdentPart(l.src[l.pos]) {
		l.pos++
	}
	l.emit(kBind, start)
}

// directive scans $IF and its likes, and $$name.
func (l *lexer) directive(start int) {
	k := kDirective
	l.pos++
	if l.src[l.pos] == '$' {
		k = kInquiry
		l.pos++
	}
	for l.pos < l.end && isIdentPart(l.src[l.pos]) {
		l.pos++
	}
	l.directives = l.directives || k == kDirective
	l.inquiries = l.inquiries || k == kInquiry
	l.emit(k, start)
}

// plusMark steps over (+), which may hold blanks.
func (l *lexer) plusMark() bool {
	s, i := l.src, l.pos+1
	for i < len(s) && isSpace(s[i]) {
		i++
	}
	if i >= len(s) || s[i] != '+' {
		return false
	}
	for i++; i < len(s) && isSpace(s[i]); i++ {
	}
	if i >= len(s) || s[i] != ')' {
		return false
	}
	l.pos = i + 1
	return true
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
	end := l.end
	if i := strings.IndexByte(l.src[start:], '\n'); i >= 0 {
		end = start + i
	}
	l.pos = end
	for l.pos > start && l.src[l.pos-1] == '\r' {
		l.pos--
	}
	l.comment(start, start+2 < l.end && l.src[start+2] == '+')
	l.pos = end
}

func (l *lexer) blockComment(start int) {
	hint := l.peek(2) == '+'
	if i := strings.Index(l.src[l.pos+2:], "*/"); i >= 0 {
		l.pos += i + 4
		l.comment(start, hint)
		return
	}
	l.pos = l.end
	l.emit(kBad, start) // what never ends would hide the rest of the statement
}

// operators are the kinds of single characters.
var operators = [128]scan.Kind{
	'(': kLP, ')': kRP, '[': kLBracket, ']': kRBracket, '{': kLBrace, '}': kRBrace, ',': kComma, '.': kDot, ';': kSemi, '*': kStar, '+': kPlus, '-': kMinus, '/': kSlash,
	'%': kPercent, '=': kEq, '<': kLT, '>': kGT, '|': kBar, '@': kAt, ':': kColon, '?': kParam,
}

func (l *lexer) operator(start int, c byte) {
	k := kBad
	if c < 128 && operators[c] != kEOF {
		k = operators[c]
	}
	l.pos++
	if k != kComma && k != kLP && k != kRP && k != kSemi {
		k = l.longOperator(k, c)
	}
	l.emit(k, start)
}

// longOperators are the kinds of two characters.
var longOperators = map[[2]byte]scan.Kind{
	{'<', '='}: kLE, {'>', '='}: kGE, {'<', '>'}: kNE, {'!', '='}: kNE, {'^', '='}: kNE, {'~', '='}: kNE, {':', '='}: kAssign, {'=', '>'}: kArrow, {'|', '|'}: kConcat,
	{'*', '*'}: kPower, {'.', '.'}: kDotDot, {'<', '<'}: kLabelOpen, {'>', '>'}: kLabelClose,
}

// longOperator takes what follows the first character of an operator; blanks may stand within <>, <= and their likes.
func (l *lexer) longOperator(k scan.Kind, c byte) scan.Kind {
	n := l.peek(0)
	switch n {
	case '=', '>', '|', '*', '.', '<':
		if x, ok := longOperators[[2]byte{c, n}]; ok {
			l.pos++
			return x
		}
	case ' ':
		i := l.pos
		for i < l.end && l.src[i] == ' ' {
			i++
		}
		if i < l.end && spacedOperator(c, l.src[i]) {
			l.pos = i + 1
			return longOperators[[2]byte{c, l.src[i]}]
		}
	}
	return k
}

// spacedOperator tells that the server reads the two characters as one operator also with blanks between them.
func spacedOperator(a, b byte) bool {
	switch a {
	case '<':
		return b == '=' || b == '>'
	case '>', '!', '^', '~':
		return b == '='
	}
	return false
}

// Classes of bytes.
const (
	classSpace = 1 << iota
	classDigit
	classStart // of a name
	classMark  // $ and #, within a name
	classPlain // of no literal, comment or name, and no end of a statement
)

var classes = makeClasses()

func makeClasses() (t [256]uint8) {
	for i := range t {
		c := byte(i)
		switch {
		case c == ' ' || c >= '\t' && c <= '\r' || c == 0:
			t[i] = classSpace
		case c >= '0' && c <= '9':
			t[i] = classDigit
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80:
			t[i] = classStart
		case c == '$' || c == '#':
			t[i] = classMark
		case strings.IndexByte("\"'-/;.", c) < 0:
			t[i] = classPlain
		}
	}
	return t
}

func isSpace(c byte) bool      { return classes[c]&classSpace != 0 }
func isDigit(c byte) bool      { return classes[c]&classDigit != 0 }
func isIdentStart(c byte) bool { return classes[c]&classStart != 0 }
func isIdentPart(c byte) bool  { return classes[c]&(classStart|classDigit|classMark) != 0 }

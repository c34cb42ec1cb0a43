package postgres

import (
	_ "embed"
	"strings"
	"sync"
)

// Texts that differ in names and constants alone are accepted by the grammar alike, so that each shape of text is read by PostgreSQL's
// parser once. The parser, with the scanner and the PL/pgSQL compiler behind it, can look at a name in three ways: it compares it with
// words of its own, with other names of the text, and it takes its length if it is too long. A shape therefore keeps
//
//	the words that stand in the parser's own source, keywords and names of types and conditions among them, as they are (knownWords);
//	which of the other names are the same, by numbering them in order of their first occurrence, and which are in quotes;
//	all signs, and texts and numbers in routines as they are: RAISE counts the places in its text, EXCEPTION reads codes;
//	that there is a text or a number elsewhere, and which kind of number: there, the grammar looks at numbers in FLOAT(n) and SET
//	STATISTICS n only, and at texts in UESCAPE only, which are kept.
//
// Texts with names that are too long, with characters that none of this tells of, or with more tokens than a tree may have levels have
// no shape. TestShapes holds that no two texts of the same shape are judged differently.

// known_words.txt lists the words in the library's source that its parser could compare names with; TestKnownWords writes it.
//
//go:embed known_words.txt
var knownWordsText string

// wordSet is a set of words that is asked for each word of a text.
type wordSet struct{ slots []string }

// knownWords is the set of known_words.txt.
var knownWords = sync.OnceValue(func() *wordSet {
	set := &wordSet{make([]string, 1<<13)}
	for w := range strings.FieldsSeq(knownWordsText) {
		at := hashOf([]byte(w))
		for set.slots[at&(1<<13-1)] != "" {
			at++
		}
		set.slots[at&(1<<13-1)] = w
	}
	return set
})

const (
	hashStart  = 2166136261
	hashFactor = 16777619
)

func hashOf(w []byte) uint32 {
	h := uint32(hashStart)
	for _, c := range w {
		h = (h ^ uint32(c)) * hashFactor
	}
	return h ^ h>>15
}

// wordBytes are the bytes of words in lower case, by the bytes as they stand; 0 for all others.
var wordBytes = func() (t [256]byte) {
	for c := range t {
		if nameByte(byte(c)) {
			t[c] = lowerByte(byte(c))
		}
	}
	return t
}()

// has tells whether a word of a hash is in the set.
func (s *wordSet) has(w []byte, hash uint32) bool {
	for at := hash & (1<<13 - 1); s.slots[at] != ""; at = (at + 1) & (1<<13 - 1) {
		if s.slots[at] == string(w) {
			return true
		}
	}
	return false
}

// nameTable numbers names. Its slots hold what was numbered since the last renewal.
type nameTable struct {
	slots [1 << 13]struct {
		name  string
		round uint32
		n     int32
	}
	round uint32
	count int
}

func (t *nameTable) renew() { t.round, t.count = t.round+1, 0 }

func (t *nameTable) number(name string, hash uint32) int {
	for at := hash & (1<<13 - 1); ; at = (at + 1) & (1<<13 - 1) {
		x := &t.slots[at]
		if x.round != t.round {
			x.name, x.round, x.n = name, t.round, int32(t.count)
			t.count++
			return t.count - 1
		}
		if x.name == name {
			return int(x.n)
		}
	}
}

const (
	maxShapeTokens = 2900 // a tree may have maxLevels levels
	maxShapeBytes  = 64 << 10
	maxShapesKept  = 8 << 20 // bytes of all shapes that are kept
)

// accepted are the shapes of texts that the target's parser has accepted.
type accepted struct {
	mu     sync.RWMutex
	shapes map[string]struct{}
	bytes  int
	pool   sync.Pool // of *shaper
}

// parse reads a text as Parse does, unless one of the same shape was accepted before.
func (a *accepted) parse(sql string) error {
	s, ok := a.pool.Get().(*shaper)
	if !ok {
		s = newShaper()
	}
	defer a.pool.Put(s)
	shape := s.shape(sql)
	if shape == nil {
		return Parse(sql)
	}
	a.mu.RLock()
	_, seen := a.shapes[string(shape)]
	a.mu.RUnlock()
	if seen {
		return nil
	}
	if err := Parse(sql); err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.bytes += len(shape); a.bytes > maxShapesKept {
		a.shapes, a.bytes = nil, len(shape)
	}
	if a.shapes == nil {
		a.shapes = map[string]struct{}{}
	}
	a.shapes[string(shape)] = struct{}{}
	return nil
}

// shaper makes shapes, in memory that it keeps.
type shaper struct {
	known   *wordSet
	names   nameTable
	text    string
	at      int
	out     []byte
	lower   [maxName + 1]byte
	tokens  int
	verbose bool // texts and numbers are kept
	before  byte // kind of the last token: one of the marks below, or a sign
}

func newShaper() *shaper { return &shaper{known: knownWords()} }

// Marks in a shape. Texts with these characters have none.
const (
	markName   = 1
	markQuoted = 2
	markText   = 3
	markWhole  = 4 // a number that fits 32 bits
	markPoint  = 5 // a number with a point
	markWord   = 6 // a known word; only in shaper.before
	markOther  = 7 // only in shaper.before
)

// shape is the shape of a text, nil if it has none. It is valid until the next call.
func (s *shaper) shape(sql string) []byte {
	if len(sql) > maxShapeBytes || !shapeable(sql) {
		return nil
	}
	s.verbose = false
	ok, again := s.run(sql)
	if again {
		s.verbose = true
		ok, _ = s.run(sql)
	}
	if !ok {
		return nil
	}
	return s.out
}

// shapeable tells that a text has no block comments and no characters that are marks in shapes.
func shapeable(sql string) bool {
	for i := range len(sql) {
		c := sql[i]
		if c >= ' ' {
			continue
		}
		if c != '\n' && c != '\t' && c != '\r' && c != '\f' {
			return false
		}
	}
	return !strings.Contains(sql, "/*")
}

// run makes the shape; again tells that texts and numbers are to be kept.
func (s *shaper) run(sql string) (ok, again bool) {
	s.text, s.at, s.out, s.tokens, s.before = sql, 0, s.out[:0], 0, 0
	s.names.renew()
	for s.at < len(sql) {
		if s.blank() {
			continue
		}
		if s.tokens++; s.tokens > maxShapeTokens {
			return false, false
		}
		switch c := sql[s.at]; {
		case c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_':
			ok, again = s.plain()
		case c >= '0' && c <= '9':
			ok = s.number()
		case c == '\'':
			ok = s.string()
		case c == '"':
			ok = s.quoted()
		case c == '$':
			ok, again = s.dollar()
		case c >= 0x80:
			ok = s.foreign()
		default:
			s.keep(1, c)
			ok = true
		}
		if !ok || again {
			return false, again && !s.verbose
		}
	}
	return true, false
}

// keep takes n bytes as they are.
func (s *shaper) keep(n int, before byte) {
	s.out = append(s.out, s.text[s.at:s.at+n]...)
	s.at += n
	s.before = before
}

// blank takes blanks and comments for one blank: where it is matters, what it is does not, except that texts go on behind a line break.
func (s *shaper) blank() bool {
	from := s.at
	for s.at < len(s.text) {
		switch c := s.text[s.at]; {
		case c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f':
			s.at++
			continue
		case c == '-' && strings.HasPrefix(s.text[s.at:], "--"):
			n := strings.IndexByte(s.text[s.at:], '\n')
			if n < 0 {
				n = len(s.text) - s.at
			}
			if strings.IndexByte(s.text[s.at:s.at+n], '$') >= 0 || strings.IndexByte(s.text[s.at:s.at+n], '\r') >= 0 {
				s.keep(n, markOther)
				continue
			}
			s.at += n
			continue
		}
		break
	}
	if s.at == from {
		return false
	}
	b := byte(' ')
	if s.before == markText && strings.IndexByte(s.text[from:s.at], '\n') >= 0 {
		b = '\n'
	}
	s.out = append(s.out, b)
	return true
}

func nameByte(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '_'
}

func lowerByte(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c | 0x20
	}
	return c
}

// plain takes a word.
func (s *shaper) plain() (ok, again bool) {
	i, text, n := s.at, s.text, 0
	hash := uint32(hashStart)
	for ; i < len(text); i++ {
		c := wordBytes[text[i]]
		if c == 0 {
			break
		}
		if n < len(s.lower) {
			s.lower[n] = c
			hash = (hash ^ uint32(c)) * hashFactor
			n++
		}
	}
	hash ^= hash >> 15
	if n > maxName || i < len(text) && (text[i] == '$' || text[i] >= 0x80) {
		return false, false
	}
	if i < len(text) && text[i] == '\'' || i+1 < len(text) && text[i] == '&' && (text[i+1] == '\'' || text[i+1] == '"') {
		return s.prefixed(i), false
	}
	w := s.lower[:n]
	if !s.known.has(w, hash) {
		name := text[s.at:i]
		if string(w) != name {
			name = string(w)
		}
		s.at = i
		s.name(name, hash, markName)
		return true, false
	}
	if !s.verbose {
		switch string(w) {
		case "function", "procedure", "do", "language", "statistics", "uescape", "float":
			return true, true
		}
	}
	s.out = append(s.out, w...)
	s.at, s.before = i, markWord
	return true, false
}

// name writes the number of a name.
func (s *shaper) name(w string, hash uint32, mark byte) {
	n := s.names.number(w, hash)
	s.out = append(s.out, mark, byte(n>>6)+' ', byte(n&0x3f)+' ')
	s.before = mark
}

// prefixed keeps a text whose quotes have a prefix, up to i: E'…', B'…', X'…', N'…', U&'…' or U&"…". Other words in front of a quote
// are rare, and so are texts at the very end, which may not be closed.
func (s *shaper) prefixed(i int) bool {
	if i-s.at != 1 || strings.IndexByte("ebxnu", s.text[s.at]|0x20) < 0 {
		return false
	}
	w := words{text: s.text, at: i}
	if s.text[i] == '&' {
		w.at++
	}
	w.quoted(wordString, s.text[w.at], w.at, s.text[s.at]|0x20 == 'e')
	s.keep(w.at-s.at, markText)
	return s.at < len(s.text)
}

func (s *shaper) number() bool {
	i := s.at
	for i < len(s.text) && s.text[i] >= '0' && s.text[i] <= '9' {
		i++
	}
	whole, point := i-s.at, false
	if i+1 < len(s.text) && s.text[i] == '.' && s.text[i+1] >= '0' && s.text[i+1] <= '9' {
		point = true
		for i++; i < len(s.text) && s.text[i] >= '0' && s.text[i] <= '9'; i++ {
		}
	}
	if s.verbose || whole > 9 || s.before == '.' || i < len(s.text) && (s.text[i] == '.' || nameByte(s.text[i]) || s.text[i] == '$' || s.text[i] >= 0x80) {
		for i < len(s.text) && nameByte(s.text[i]) {
			i++
		}
		s.keep(i-s.at, markOther)
		return true
	}
	s.at, s.before = i, markWhole
	if point {
		s.before = markPoint
	}
	s.out = append(s.out, s.before)
	return true
}

func (s *shaper) string() bool {
	w := words{text: s.text, at: s.at}
	w.quoted(wordString, '\'', s.at, false)
	text := s.text[s.at:w.at]
	if w.at == len(s.text) && (len(text) < 2 || strings.Count(text, "'")%2 != 0) {
		return false // it is not closed
	}
	if s.verbose || strings.IndexByte(text, '$') >= 0 {
		s.keep(len(text), markText)
		return true
	}
	s.at, s.before = w.at, markText
	s.out = append(s.out, markText)
	return true
}

// quoted takes a name in quotes.
func (s *shaper) quoted() bool {
	n := strings.IndexByte(s.text[s.at+1:], '"')
	if n <= 0 || n > maxName {
		return false
	}
	i := s.at + 1 + n
	w := s.text[s.at+1 : i]
	if i+1 < len(s.text) && s.text[i+1] == '"' {
		return false
	}
	for j := range len(w) {
		if w[j] == '$' || w[j] >= 0x80 {
			s.keep(n+2, markQuoted)
			return true
		}
	}
	for j := range n {
		s.lower[j] = lowerByte(w[j])
	}
	hash := hashOf(s.lower[:n])
	if s.known.has(s.lower[:n], hash) {
		s.keep(n+2, markQuoted)
		return true
	}
	s.at = i + 1
	s.name(w, hash, markQuoted)
	return true
}

// dollar takes the quotes of a body; what stands between them is read as the text around it is.
func (s *shaper) dollar() (ok, again bool) {
	i := s.at + 1
	for i < len(s.text) && nameByte(s.text[i]) {
		i++
	}
	if i < len(s.text) && s.text[i] == '$' {
		i++
		if !s.verbose {
			return true, true
		}
	}
	if i < len(s.text) && s.text[i] >= 0x80 {
		return false, false
	}
	s.keep(i-s.at, markOther)
	return true, false
}

// foreign keeps a word with letters of other alphabets.
func (s *shaper) foreign() bool {
	i := s.at
	for i < len(s.text) && (nameByte(s.text[i]) || s.text[i] >= 0x80 || s.text[i] == '$') {
		i++
	}
	if i-s.at > maxName {
		return false
	}
	s.keep(i-s.at, markOther)
	return true
}

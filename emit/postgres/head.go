package postgres

import "strings"

// bodyKind says what a statement has of a body in another language.
type bodyKind uint8

const (
	noBody bodyKind = iota
	plBody          // PL/pgSQL between quotes
	unsure          // only the tree can tell
)

// head is what the words of a statement outside of brackets and quotes say.
type head struct {
	body   bodyKind
	single bool // no semicolon outside of brackets and quotes
}

// headOf reads the words of a statement that the grammar accepts.
func headOf(sql string) head {
	s := words{text: sql}
	first := s.next()
	switch {
	case first.is("do"):
		return s.options("plpgsql", true)
	case !first.is("create"):
		return head{}
	}
	w := s.next()
	if w.is("or") {
		s.next() // REPLACE
		w = s.next()
	}
	if !w.is("function") && !w.is("procedure") {
		return head{}
	}
	return s.options("", false)
}

// options reads the options of a routine, or of DO.
func (s *words) options(language string, do bool) head {
	body, single := false, true
	for {
		w := s.next()
		switch {
		case w.kind == wordEnd:
			return head{body: bodyOf(language, body), single: single}
		case w.kind == wordOther && w.text == ";":
			single = false
		case w.kind == wordString:
			body = body || do
		case w.is("language"):
			language = languageOf(s.next())
		case w.is("as"):
			body = body || s.next().kind == wordString
		case w.is("begin"), w.is("return"):
			return head{body: unsure}
		}
	}
}

// languageOf is a language as the server takes it: it folds the case of plain words only.
func languageOf(w word) string {
	if w.kind == wordPlain {
		return strings.ToLower(w.text)
	}
	return w.text
}

func bodyOf(language string, body bool) bodyKind {
	switch {
	case language == "sql":
		return noBody
	case body && language == "plpgsql":
		return plBody
	}
	return unsure
}

type wordKind uint8

const (
	wordEnd wordKind = iota
	wordPlain
	wordQuoted // an identifier in quotes
	wordString // without its quotes if they are plain ones
	wordOther
)

type word struct {
	kind wordKind
	text string
}

func (w word) is(keyword string) bool {
	return w.kind == wordPlain && len(w.text) == len(keyword) && strings.EqualFold(w.text, keyword)
}

// words reads a text of PostgreSQL's word by word, and brackets as one word.
type words struct {
	text string
	at   int
}

// next is the next word outside of brackets.
func (s *words) next() word {
	depth := 0
	for {
		w := s.token()
		switch {
		case w.kind == wordEnd:
			return w
		case w.kind == wordOther && w.text == "(":
			depth++
		case w.kind == wordOther && w.text == ")":
			if depth--; depth <= 0 {
				return word{wordOther, ")"}
			}
		case depth == 0:
			return w
		}
	}
}

// token is the next token of the text.
func (s *words) token() word {
	s.at += FirstWord(s.text[s.at:])
	if s.at == len(s.text) {
		return word{}
	}
	from := s.at
	switch c := s.text[from]; {
	case c == '\'':
		return s.quoted(wordString, '\'', from, false)
	case c == '"':
		return s.quoted(wordQuoted, '"', from, false)
	case c == '$':
		return s.dollar()
	case !letter(c):
		s.at++
		return word{wordOther, s.text[from:s.at]}
	}
	for s.at < len(s.text) && (letter(s.text[s.at]) || s.text[s.at] == '$') {
		s.at++
	}
	w := word{wordPlain, s.text[from:s.at]}
	if s.at < len(s.text) && s.text[s.at] == '\'' && len(w.text) == 1 { // E'…', B'…', X'…', N'…'
		return s.quoted(wordString, '\'', from, w.text[0]|0x20 == 'e')
	}
	return w
}

// quoted reads up to the closing quote.
func (s *words) quoted(kind wordKind, quote byte, from int, escapes bool) word {
	for i := s.at + 1; i < len(s.text); i++ {
		switch {
		case escapes && s.text[i] == '\\':
			i++
		case s.text[i] == quote && i+1 < len(s.text) && s.text[i+1] == quote:
			i++
		case s.text[i] == quote:
			text := s.text[s.at+1 : i]
			s.at = i + 1
			return word{kind, text}
		}
	}
	s.at = len(s.text)
	return word{kind, s.text[from:]}
}

// dollar reads a string in dollar quotes, or a parameter.
func (s *words) dollar() word {
	from := s.at
	i := from + 1
	for i < len(s.text) && letter(s.text[i]) {
		i++
	}
	if i == len(s.text) || s.text[i] != '$' {
		s.at = i
		return word{wordOther, s.text[from:i]}
	}
	tag := s.text[from : i+1]
	n := strings.Index(s.text[i+1:], tag)
	if n < 0 {
		s.at = len(s.text)
		return word{wordString, s.text[from:]}
	}
	s.at = i + 1 + n + len(tag)
	return word{wordString, s.text[i+1 : i+1+n]}
}

func letter(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '_' || c >= 0x80
}

// FirstWord is the offset in bytes behind the blanks and comments that a statement begins with.
func FirstWord(s string) int {
	at := 0
	for at < len(s) {
		n := 0
		switch c := s[at]; {
		case c == ' ' || c >= '\t' && c <= '\r':
			n = 1
		case strings.HasPrefix(s[at:], "--"):
			n = strings.IndexByte(s[at:], '\n') + 1
			if n == 0 {
				n = len(s) - at
			}
		case strings.HasPrefix(s[at:], "/*"):
			n = commentLen(s[at:])
		}
		if n == 0 {
			break
		}
		at += n
	}
	return at
}

// commentLen is the length of the block comment that a text begins with; they nest.
func commentLen(s string) int {
	depth := 0
	for i := 0; i+1 < len(s); i++ {
		switch s[i : i+2] {
		case "/*":
			depth++
			i++
		case "*/":
			depth--
			i++
			if depth == 0 {
				return i + 1
			}
		}
	}
	return len(s)
}

// A tree with maxLevels levels needs as many tokens in one another; shorter texts have none.
const maxLevels = 3_000

// deep tells that the tree of a statement may be deeper than the library hands over. Of the tokens, only those since the last comma
// of each open bracket can stand in one another.
func deep(sql string) bool {
	if len(sql) < 2*maxLevels {
		return false
	}
	s := words{text: sql}
	open := []int{0} // tokens since the last comma, in each open bracket
	level := 0       // their sum
	for {
		w := s.token()
		if w.kind == wordEnd {
			return false
		}
		last := len(open) - 1
		switch {
		case w.kind == wordOther && w.text == ",":
			level -= open[last]
			open[last] = 0
			continue
		case w.kind == wordOther && w.text == "(":
			open = append(open, 0)
			last++
		case w.kind == wordOther && w.text == ")" && last > 0:
			level -= open[last]
			open = open[:last]
			continue
		}
		open[last]++
		if level++; level > maxLevels {
			return true
		}
	}
}

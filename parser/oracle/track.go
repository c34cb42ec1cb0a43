package oracle

// tracker counts the blocks of PL/SQL, so that its end is found where no line with "/" tells it.
type tracker struct {
	open   []opened
	parens int
	head   opened // what the header at hand opens with IS or AS; none outside of headers
	// headParens is the depth of parentheses that the header stands in.
	headParens int
	with       bool // WITH FUNCTION: a query has to come
	selected   bool
	used       bool   // something was opened
	choices    int    // $IF whose $END is to come
	last       string // the words before, "" if something else stood there
	before     string
}

// opened is something that END closes.
type opened byte

const (
	nothingOpen opened = iota
	plainBlock         // BEGIN, IF, LOOP, CASE
	routineHead        // a routine or DECLARE whose BEGIN is to come
	packageHead        // a package, type body or compound trigger; BEGIN may come
	begun              // either of them behind its BEGIN
)

func (t *tracker) top() opened {
	if n := len(t.open); n > 0 {
		return t.open[n-1]
	}
	return nothingOpen
}

func (t *tracker) push(o opened) { t.open, t.used = append(t.open, o), true }

func (t *tracker) pop() {
	if n := len(t.open); n > 0 {
		t.open = t.open[:n-1]
	}
}

// word notes a word of the statement.
func (t *tracker) word(w string) {
	u := blockWord(w)
	switch u {
	case "BEGIN":
		if top := t.top(); top == routineHead || top == packageHead {
			t.open[len(t.open)-1] = begun
		} else {
			t.push(plainBlock)
		}
		t.head = nothingOpen
	case "DECLARE":
		t.push(routineHead)
	case "IF", "LOOP":
		if t.last != "END" && len(t.open) > 0 {
			t.push(plainBlock)
		}
	case "CASE":
		if t.last != "END" {
			t.push(plainBlock)
		}
	case "END":
		t.pop()
	case "SELECT":
		t.selected = t.selected || len(t.open) == 0
	case "LANGUAGE", "EXTERNAL", "MLE":
		if (t.last == "IS" || t.last == "AS") && t.top() == routineHead {
			t.pop()
			t.used = len(t.open) > 0
		}
	default:
		t.header(u)
	}
	t.before, t.last = t.last, u
}

// directive notes the word behind a dollar sign.
func (t *tracker) directive(w string) {
	switch blockWord(w) {
	case "IF":
		t.choices++
	case "END":
		t.choices = max(t.choices-1, 0)
	}
}

// header follows the headers of routines, packages and their likes.
func (t *tracker) header(u string) {
	switch u {
	case "PROCEDURE", "FUNCTION":
		if top := t.top(); top != plainBlock && top != begun && t.last != "END" && t.head == nothingOpen { // not in ACCESSIBLE BY (PROCEDURE p)
			t.head, t.headParens = routineHead, t.parens
		}
	case "PACKAGE":
		if len(t.open) == 0 && t.head == nothingOpen {
			t.head, t.headParens = packageHead, t.parens
		}
	case "BODY":
		if t.last == "TYPE" && len(t.open) == 0 {
			t.head, t.headParens = packageHead, t.parens
		}
	case "TRIGGER":
		if t.last == "COMPOUND" {
			t.push(packageHead)
		}
	case "IS", "AS":
		switch {
		case t.head != nothingOpen && t.parens == t.headParens:
			t.push(t.head)
			t.head = nothingOpen
		case (t.last == "STATEMENT" || t.last == "ROW") && t.top() == packageHead:
			t.push(routineHead)
		}
	}
}

// blockWords are the words that the tracker looks at.
var blockWords = makeBlockWords()

func makeBlockWords() map[string]string {
	m := map[string]string{}
	for _, w := range []string{"BEGIN", "DECLARE", "IF", "LOOP", "CASE", "END", "SELECT", "LANGUAGE", "EXTERNAL", "MLE", "PROCEDURE", "FUNCTION", "PACKAGE", "BODY", "TYPE",
		"TRIGGER", "COMPOUND", "IS", "AS", "STATEMENT", "ROW"} {
		m[w] = w
	}
	return m
}

// blockWord is the word in upper case if the tracker looks at it, else "?".
func blockWord(w string) string {
	if len(w) > 9 {
		return "?"
	}
	var b [9]byte
	for i := 0; i < len(w); i++ {
		c := w[i]
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		b[i] = c
	}
	if u, ok := blockWords[string(b[:len(w)])]; ok {
		return u
	}
	return "?"
}

// other notes a character that belongs to no word.
func (t *tracker) other(c byte) {
	switch c {
	case '(':
		t.parens++
	case ')':
		t.parens--
	}
	t.before, t.last = "", ""
}

// semicolon tells that the statement ends with the semicolon before i: nothing is open, and the end of the script or a statement
// follows; more is true when the text has to be longer to tell.
func (t *tracker) semicolon(s string, i int, eof bool) (done, more bool) {
	ended := !t.used || t.selected || t.last == "END" || t.before == "END"
	if t.parens <= t.headParens {
		t.head = nothingOpen
	}
	t.before, t.last = "", ""
	if !ended || t.choices > 0 || len(t.open) > 0 || t.parens > 0 || t.with && !t.selected {
		return false, false
	}
	return startsStatement(s, i, eof)
}

// startsStatement tells that what stands at i begins a statement or a command, or that nothing stands there. A line with "/" is none:
// it ends the statement by itself.
func startsStatement(s string, i int, eof bool) (yes, more bool) {
	w := words{s: s, i: i, eof: eof}
	first := w.next()
	if w.cut && !eof {
		return false, true
	}
	switch first {
	case "", "@", "!", "<":
		return true, false
	case "CREATE", "ALTER", "DROP", "GRANT", "REVOKE", "COMMENT", "INSERT", "UPDATE", "DELETE", "MERGE", "SELECT", "WITH", "TRUNCATE", "RENAME", "COMMIT", "ROLLBACK",
		"SAVEPOINT", "SET", "LOCK", "CALL", "EXPLAIN", "ANALYZE", "AUDIT", "NOAUDIT", "PURGE", "FLASHBACK", "BEGIN", "DECLARE":
		return true, false
	}
	yes = commandName(first, &w) != ""
	return yes, w.cut && !eof
}

package regexp

import (
	"fmt"
	"strings"
)

// translated is a pattern for the target.
type translated struct {
	pattern string
	// lines tells that the pattern treats line breaks in another way on the target ("." and "$").
	lines bool
	// longest tells that the target may choose a longer match (alternatives, lazy quantifiers); whether it matches is the same.
	longest bool
}

// translate turns a pattern of the source's library into an advanced regular expression. An error names what has no counterpart.
func translate(pattern, flavor string) (translated, error) {
	t := &translator{in: pattern, perl: flavor != "henry-spencer"}
	for t.i < len(t.in) {
		if err := t.next(); err != nil {
			return translated{}, err
		}
	}
	return translated{pattern: t.out.String(), lines: t.lines, longest: t.longest}, nil
}

type translator struct {
	in    string
	i     int
	out   strings.Builder
	perl  bool
	lines bool
	// longest: see translated.
	longest bool
}

func (t *translator) take(n int) {
	t.out.WriteString(t.in[t.i : t.i+n])
	t.i += n
}

func (t *translator) rest() string { return t.in[t.i:] }

func (t *translator) next() error {
	switch t.in[t.i] {
	case '\\':
		return t.escape(false)
	case '[':
		return t.bracket()
	case '(':
		return t.group()
	case '.', '$':
		t.lines = true
	case '|':
		t.longest = true
	case '*', '+', '?', '}':
		return t.quantifier()
	case '{':
		return t.bound()
	}
	t.take(1)
	return nil
}

// bound copies {n}, {n,} and {n,m}; any other brace stands for itself in the source.
func (t *translator) bound() error {
	end := strings.IndexByte(t.rest(), '}')
	if end < 2 || strings.Trim(t.in[t.i+1:t.i+end], "0123456789,") != "" || t.in[t.i+1] == ',' {
		t.out.WriteString(`\{`)
		t.i++
		return nil
	}
	t.take(end)
	return t.quantifier()
}

// quantifier copies a quantifier and the mark behind it; a possessive one has no counterpart.
func (t *translator) quantifier() error {
	t.take(1)
	if t.i >= len(t.in) || !t.perl {
		return nil
	}
	switch t.in[t.i] {
	case '+':
		return fmt.Errorf("a possessive quantifier")
	case '?':
		t.longest = true
		t.take(1)
	}
	return nil
}

func (t *translator) group() error {
	r := t.rest()
	if !strings.HasPrefix(r, "(?") {
		t.take(1)
		return nil
	}
	for _, p := range []string{"(?:", "(?=", "(?!", "(?<=", "(?<!"} {
		if strings.HasPrefix(r, p) {
			t.take(len(p))
			return nil
		}
	}
	if strings.HasPrefix(r, "(?i)") && t.i == 0 {
		t.take(4)
		return nil
	}
	return fmt.Errorf("the group %.4q", r)
}

// escape translates a backslash and what follows.
func (t *translator) escape(inBracket bool) error {
	if t.i+1 >= len(t.in) {
		return fmt.Errorf("a backslash at the end")
	}
	c := t.in[t.i+1]
	letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
	switch {
	case !letter && (c < '0' || c > '9'):
		t.take(2)
		return nil
	case !t.perl:
		if letter {
			t.out.WriteByte(c) // the old library knows no classes: the letter stands for itself
			t.i += 2
			return nil
		}
		return fmt.Errorf("a back reference")
	case strings.IndexByte("dwsntrfv", c) >= 0:
		t.take(2)
	case inBracket:
		return fmt.Errorf(`\%c inside brackets`, c)
	case c == 'D' || c == 'W' || c == 'S' || c == 'A':
		t.take(2)
	case c == 'b':
		t.put(`\y`)
	case c == 'B':
		t.put(`\Y`)
	case c == 'z':
		t.put(`\Z`)
	case c == 'Z':
		t.lines = true
		t.put(`\Z`)
	case c >= '1' && c <= '9':
		t.take(2)
	default:
		return fmt.Errorf(`\%c`, c)
	}
	return nil
}

func (t *translator) put(s string) {
	t.out.WriteString(s)
	t.i += 2
}

// bracket copies a bracket expression.
func (t *translator) bracket() error {
	for _, p := range []string{"[[:<:]]", "[[:>:]]"} {
		if strings.HasPrefix(t.rest(), p) {
			t.take(len(p))
			return nil
		}
	}
	t.take(1)
	if t.i < len(t.in) && t.in[t.i] == '^' {
		t.take(1)
	}
	first := true
	for t.i < len(t.in) {
		r := t.rest()
		switch {
		case r[0] == ']' && !first:
			t.take(1)
			return nil
		case t.perl && (strings.HasPrefix(r, "[.") || strings.HasPrefix(r, "[=")):
			return fmt.Errorf("a collating element")
		case strings.HasPrefix(r, "[:"), strings.HasPrefix(r, "[."), strings.HasPrefix(r, "[="):
			end := strings.Index(r, r[1:2]+"]")
			if end < 0 {
				return fmt.Errorf("an open class")
			}
			t.take(end + 2)
		case r[0] == '[':
			t.out.WriteString(`\[`)
			t.i++
		case r[0] == '\\' && t.perl:
			if err := t.escape(true); err != nil {
				return err
			}
		case r[0] == '\\':
			t.out.WriteString(`\\`)
			t.i++
		case strings.HasPrefix(r, "&&"), strings.HasPrefix(r, "--"):
			return fmt.Errorf("set operations inside brackets")
		default:
			t.take(1)
		}
		first = false
	}
	return fmt.Errorf("an open bracket")
}

// replacement turns the replacement text of the source into the target's: \n refers to a group in both spellings. An error names
// what the source refuses or reads in different ways.
func replacement(s, flavor string) (string, error) {
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		digit := i+1 < len(s) && s[i+1] >= '0' && s[i+1] <= '9'
		switch {
		case c == '\\' && flavor == "pcre" && digit, c == '$' && flavor == "icu" && digit:
			i++
			if s[i] == '0' {
				out.WriteString(`\&`)
			} else {
				out.WriteString(`\` + string(s[i]))
			}
		case c == '\\' && i+1 < len(s):
			i++
			if s[i] == '\\' {
				out.WriteByte('\\')
			}
			out.WriteByte(s[i])
		case c == '\\':
			return "", fmt.Errorf("a backslash at the end")
		case c == '$' && flavor == "icu":
			return "", fmt.Errorf("a $ without the number of a group")
		default:
			out.WriteByte(c)
		}
	}
	return out.String(), nil
}

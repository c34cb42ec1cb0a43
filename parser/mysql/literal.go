package mysql

import (
	"encoding/hex"
	"strings"
)

// unquoteName removes the quotes of a name.
func unquoteName(s string) string {
	if len(s) < 2 || s[0] != '`' && s[0] != '"' {
		return s
	}
	q := s[:1]
	return strings.ReplaceAll(s[1:len(s)-1], q+q, q)
}

// userVarName is the name of @x, @'x', @"x" or @`x`, in lower case.
func userVarName(s string) string {
	s = strings.TrimPrefix(s, "@")
	if len(s) >= 2 && (s[0] == '\'' || s[0] == '"' || s[0] == '`') {
		q := s[:1]
		s = strings.ReplaceAll(s[1:len(s)-1], q+q, q)
	}
	return strings.ToLower(s)
}

// sysVarName splits @@scope.name; the scope is "" when none is given. A structured variable keeps its dot.
func sysVarName(s string) (scope, name string) {
	s = strings.ToLower(strings.TrimPrefix(s, "@@"))
	if sc, n, ok := strings.Cut(s, "."); ok {
		switch sc {
		case "local":
			return "session", strings.Trim(n, "`")
		case "session", "global", "persist", "persist_only":
			return sc, strings.Trim(n, "`")
		}
	}
	return "", strings.Trim(s, "`")
}

// decodeString is the value of a string token: one or several adjacent literals, the first perhaps with the prefix N.
// MySQL Reference Manual, String Literals.
func decodeString(s string, m Mode) string {
	if s != "" && (s[0] == 'N' || s[0] == 'n') {
		s = s[1:]
	}
	if len(s) >= 2 && simpleLiteral(s) {
		return s[1 : len(s)-1]
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		if s[i] != '\'' && s[i] != '"' {
			i++
			continue
		}
		i = decodePart(&b, s, i, m)
	}
	return b.String()
}

// simpleLiteral tells that the text is one literal without escapes.
func simpleLiteral(s string) bool {
	q := s[0]
	for i := 1; i < len(s)-1; i++ {
		if s[i] == q || s[i] == '\\' {
			return false
		}
	}
	return s[len(s)-1] == q
}

// decodePart decodes the literal whose opening quote is at i, and returns the index behind its closing quote.
func decodePart(b *strings.Builder, s string, i int, m Mode) int {
	q := s[i]
	i++
	for i < len(s) {
		c := s[i]
		switch {
		case c == q && i+1 < len(s) && s[i+1] == q:
			b.WriteByte(q)
			i += 2
		case c == q:
			return i + 1
		case c == '\\' && !m.NoBackslashEscapes && i+1 < len(s):
			escape(b, s[i+1])
			i += 2
		default:
			b.WriteByte(c)
			i++
		}
	}
	return i
}

func escape(b *strings.Builder, c byte) {
	switch c {
	case '0':
		b.WriteByte(0)
	case 'b':
		b.WriteByte('\b')
	case 'n':
		b.WriteByte('\n')
	case 'r':
		b.WriteByte('\r')
	case 't':
		b.WriteByte('\t')
	case 'Z':
		b.WriteByte(26)
	case '%', '_':
		b.WriteByte('\\') // kept: they matter to LIKE only
		b.WriteByte(c)
	default:
		b.WriteByte(c)
	}
}

// hexBytes is the value of x'1F', 0x1F; ok is false for an odd number of digits in the quoted form.
func hexBytes(s string) (v []byte, ok bool) {
	quoted := s[0] == 'x' || s[0] == 'X'
	d := s[2:]
	if quoted {
		d = s[2 : len(s)-1]
	}
	if len(d)%2 == 1 {
		if quoted {
			return nil, false
		}
		d = "0" + d
	}
	v, err := hex.DecodeString(d)
	return v, err == nil
}

// bitBytes is the value of b'101', 0b101.
func bitBytes(s string) (v []byte, ok bool) {
	d := s[2:]
	if s[0] == 'b' || s[0] == 'B' {
		d = s[2 : len(s)-1]
	}
	v = make([]byte, (len(d)+7)/8)
	for i := range len(d) {
		c := d[len(d)-1-i]
		if c != '0' && c != '1' {
			return nil, false
		}
		if c == '1' {
			v[len(v)-1-i/8] |= 1 << (i % 8)
		}
	}
	return v, true
}

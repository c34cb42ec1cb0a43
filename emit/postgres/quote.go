package postgres

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"godwit/emit"
	"godwit/emit/postgres/helpers"
)

// maxName is NAMEDATALEN - 1: longer names are cut by the server with only a notice.
const maxName = 63

// Fold is the name on the target of a name of the source: lower case, and where it is longer than 63 bytes
// cut and given a suffix that depends on all of it.
func Fold(name string) string { return shorten(strings.ToLower(name)) }

// Fold is the target's name for a name of the source (see fold).
func (e *Emitter) Fold(name string) string { return e.fold(name) }

// fold is the target's name for a name of the source: in lower case and short enough. Sources that fold names to upper case tell
// by a lower-case letter that a name was quoted; such a name keeps its spelling.
func (e *Emitter) fold(name string) string {
	if e.opt.Family == helpers.Oracle && strings.ToUpper(name) != name {
		return shorten(name)
	}
	return Fold(name)
}

func shorten(s string) string {
	if len(s) <= maxName {
		return s
	}
	sum := sha256.Sum256([]byte(s))
	cut := s[:maxName-9]
	for !utf8.ValidString(cut) {
		cut = cut[:len(cut)-1]
	}
	return cut + "_" + hex.EncodeToString(sum[:4])
}

// Quote writes a name as an identifier, with quotes where the server would read the bare word otherwise.
func Quote(name string) string {
	if plainName(name) && keywords[name] == 0 && !plWords[name] {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// quoteFunction is Quote for the name of a function: the class of keywords that may name one is another.
func quoteFunction(name string) string {
	if plainName(name) && (keywords[name] == 0 || keywords[name] == 'T') {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// quoteLabel is Quote for what stands behind AS in a select list, where every keyword may stand bare.
func quoteLabel(name string) string {
	if plainName(name) {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

func quoteAll(names []string) string {
	q := make([]string, len(names))
	for i, n := range names {
		q[i] = Quote(n)
	}
	return strings.Join(q, ".")
}

func plainName(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z' || c == '_':
		case i > 0 && (c >= '0' && c <= '9' || c == '$'):
		default:
			return false
		}
	}
	return s != ""
}

// plWords are PL/pgSQL's reserved words that SQL does not reserve (PostgreSQL manual, PL/pgSQL source pl_reserved_kwlist).
var plWords = map[string]bool{
	"begin": true, "by": true, "declare": true, "execute": true, "foreach": true, "if": true, "loop": true,
	"strict": true, "while": true,
}

// literal writes a character literal; the E form only where a control character would not survive a text file.
func literal(s string) string {
	if strings.ContainsAny(s, "\r\x00\x1a\b") {
		return escaped(s)
	}
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}

func escaped(s string) string {
	var b strings.Builder
	b.WriteString("E'")
	for _, r := range s {
		switch r {
		case '\'':
			b.WriteString("''")
		case '\\':
			b.WriteString(`\\`)
		case '\r':
			b.WriteString(`\r`)
		case '\n':
			b.WriteString(`\n`)
		case '\b':
			b.WriteString(`\b`)
		case '\x1a':
			b.WriteString(`\x1a`)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteString("'")
	return b.String()
}

// dollarTag finds a tag for the quotes around a body.
func (p *printer) dollarTag(body emit.Doc) string {
	if !emit.Holds(body, '$') {
		return "$$"
	}
	return dollarTag(emit.Layout(body, p.e.look()).Text)
}

// dollarTag finds a tag whose quotes do not occur in the body.
func dollarTag(body string) string {
	if !strings.Contains(body, "$$") && !strings.HasSuffix(body, "$") {
		return "$$"
	}
	for i := 0; ; i++ {
		tag := "$body$"
		if i > 0 {
			tag = "$body" + strings.Repeat("_", i) + "$"
		}
		if !strings.Contains(body, tag) && !strings.Contains(body, tag[:len(tag)-1]) {
			return tag
		}
	}
}

package postgres

import (
	"strings"

	"godwit/emit"
)

// Literal writes a text as a character literal, as it stands in all that is emitted.
func Literal(s string) string { return literal(s) }

// AppendLiteral is Literal behind what buf holds.
func AppendLiteral(buf []byte, s string) []byte {
	if strings.ContainsAny(s, "'\r\x00\x1a\b") {
		return append(buf, literal(s)...)
	}
	return append(append(append(buf, '\''), s...), '\'')
}

// rawText is text of the target as rules made it. Its lines are indented like all others, but where a line break stands in quotes.
func rawText(s string) emit.Doc {
	lines := strings.Split(s, "\n")
	if len(lines) == 1 || strings.Contains(s, "$") {
		return txt(s)
	}
	quotes := 0
	docs := make([]emit.Doc, len(lines))
	for i, l := range lines {
		docs[i] = txt(l)
		if quotes += strings.Count(l, "'"); quotes%2 == 1 {
			return txt(s)
		}
	}
	return emit.Join(emit.Hard, docs)
}

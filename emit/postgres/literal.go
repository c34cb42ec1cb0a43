package postgres

import "strings"

// Literal writes a text as a character literal, as it stands in all that is emitted.
func Literal(s string) string { return literal(s) }

// AppendLiteral is Literal behind what buf holds.
func AppendLiteral(buf []byte, s string) []byte {
	if strings.ContainsAny(s, "'\r\x00\x1a\b") {
		return append(buf, literal(s)...)
	}
	return append(append(append(buf, '\''), s...), '\'')
}

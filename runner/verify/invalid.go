package verify

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"godwit/ir/catalog"
	"godwit/ir/types"
)

// Text that is none in its column's character set, under the policy that replaces it. A server's own conversion puts '?' in
// its place, or nothing at all, so the columns are read here where the servers' hashes differ: the bytes as they are stored,
// and the server's conversion of them. The mover decodes by tables of its own; here the server's conversion is walked along
// with the bytes, and what is '?' there and not in the bytes is none.

// invalidText compares such a column.
type invalidText struct {
	charset string
	with    Values
	// quick is a hash made by the servers: equal ones are a proof, others are not.
	quick *canon
}

// withCharset is a type of text that names its character set.
func withCharset(t *catalog.Table, typ types.Type) types.Type {
	text, ok := typ.(types.Text)
	if !ok || text.Charset != "" {
		return typ
	}
	text.Charset = t.Charset
	if c, _ := types.CollationOf(text); c.Name != "" {
		text.Charset, _, _ = strings.Cut(c.Name, "_")
	}
	return text
}

func (v Values) canonInvalid(m, p, charset string) canon {
	charset = strings.ToLower(charset)
	text := v.text(m, charset)
	quick := "MD5(" + text + ")"
	if !rawUTF8(charset) && charset != "" {
		// A conversion that cannot be undone has lost something, and what it gives is no proof.
		quick = fmt.Sprintf("IF(CAST(CONVERT(CONVERT(%s USING utf8mb4) USING %s) AS BINARY) = CAST(%s AS BINARY), %s, IF(%s IS NULL, NULL, 'invalid'))", m, charset, m, quick, m)
	}
	return canon{
		mysql:  fmt.Sprintf("CONCAT(HEX(%s), ' ', IFNULL(HEX(CONVERT(%s USING utf8mb4)), ''))", m, m),
		pg:     p + "::text",
		digest: true,
		invalid: &invalidText{charset: charset, with: v,
			quick: &canon{mysql: quick, pg: "md5(" + p + "::text)", digest: true}},
	}
}

// rawUTF8 tells the sets whose bytes asUTF8 takes as they are.
func rawUTF8(charset string) bool {
	switch charset {
	case "utf8mb4", "utf8mb3", "utf8", "ascii":
		return true
	}
	return false
}

// digest is the hash of the text that the target should have; on the target, of the one it has.
func (iv *invalidText) digest(s string, source bool) (string, error) {
	if source {
		stored, converted, _ := strings.Cut(s, " ")
		raw, err := hex.DecodeString(stored)
		if err != nil {
			return "", fmt.Errorf("read stored text: %w", err)
		}
		conv, err := hex.DecodeString(converted)
		if err != nil {
			return "", fmt.Errorf("read converted text: %w", err)
		}
		s = iv.text(string(raw), string(conv))
		if n := iv.with.NUL; n != "stop" {
			with, _ := strings.CutPrefix(n, "replace:")
			if n == "strip" {
				with = ""
			}
			s = strings.ReplaceAll(s, "\x00", with)
		}
	}
	h := md5.Sum([]byte(s))
	return hex.EncodeToString(h[:]), nil
}

// text is what stands for stored bytes, of which the server has made conv.
func (iv *invalidText) text(raw, conv string) string {
	var b strings.Builder
	switch iv.charset {
	case "utf8mb4", "utf8mb3", "utf8":
		return wellFormed(raw)
	case "ucs2", "utf16":
		return fromUnits(raw, 0, 1)
	case "utf16le":
		return fromUnits(raw, 1, 0)
	case "utf32":
		for i := 0; i+3 < len(raw); i += 4 {
			b.WriteRune(rune(raw[i])<<24 | rune(raw[i+1])<<16 | rune(raw[i+2])<<8 | rune(raw[i+3])) // a surrogate becomes U+FFFD
		}
		return b.String()
	}
	// Here the server makes one character of each of its own.
	for i := 0; i < len(raw) && conv != ""; {
		r, n := utf8.DecodeRuneInString(conv)
		conv = conv[n:]
		size := iv.size(raw[i:])
		if r == '?' && !(size == 1 && raw[i] == '?') {
			r = utf8.RuneError
		}
		b.WriteRune(r)
		i += size
	}
	return b.String()
}

// size is how many bytes the first character takes.
func (iv *invalidText) size(s string) int {
	if len(s) < 2 {
		return 1
	}
	c := s[0]
	switch iv.charset {
	case "sjis", "cp932":
		if c >= 0x81 && c <= 0x9f || c >= 0xe0 {
			return 2
		}
	case "gbk", "gb2312", "big5", "euckr":
		if c > 0x80 {
			return 2
		}
	}
	return 1
}

// wellFormed replaces what is no UTF-8. What servers store of that kind are surrogates of three bytes; they count them as
// one character.
func wellFormed(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 && surrogate(s[i:]) {
			n = 3
		}
		b.WriteRune(r)
		i += n
	}
	return b.String()
}

func surrogate(s string) bool {
	return len(s) >= 3 && s[0] == 0xed && s[1]>>5 == 5 && s[2]>>6 == 2
}

// fromUnits reads units of two bytes, of which the high and the low byte stand at the given places.
func fromUnits(s string, high, low int) string {
	var units []uint16
	for i := 0; i+1 < len(s); i += 2 {
		units = append(units, uint16(s[i+high])<<8|uint16(s[i+low]))
	}
	return string(utf16.Decode(units))
}

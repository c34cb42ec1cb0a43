package mysql

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-mysql-org/go-mysql/client"
)

// decoder turns a column's bytes into UTF-8. It fails on bytes that are no text in the character set; mend puts U+FFFD in
// the place of each character, as the server counts them, that is none.
type decoder interface {
	decode(dst, src []byte) ([]byte, error)
	mend(dst, src []byte) []byte
}

var errEncoding = errors.New("bytes are not valid in the column's character set")

// utf8Text is utf8mb4 and utf8mb3 (and utf8, its old name).
type utf8Text struct{}

func (utf8Text) decode(dst, src []byte) ([]byte, error) {
	if !utf8.Valid(src) {
		return nil, errEncoding
	}
	return append(dst, src...), nil
}

// asciiText is ascii.
type asciiText struct{}

func (asciiText) decode(dst, src []byte) ([]byte, error) {
	for _, b := range src {
		if b >= 0x80 {
			return nil, errEncoding
		}
	}
	return append(dst, src...), nil
}

// utf16Text is utf16, utf16le and ucs2.
type utf16Text struct{ order binary.ByteOrder }

func (t utf16Text) decode(dst, src []byte) ([]byte, error) {
	if len(src)%2 != 0 {
		return nil, errEncoding
	}
	for i := 0; i < len(src); i += 2 {
		r := rune(t.order.Uint16(src[i:]))
		if utf16.IsSurrogate(r) {
			i += 2
			if i >= len(src) {
				return nil, errEncoding
			}
			if r = utf16.DecodeRune(r, rune(t.order.Uint16(src[i:]))); r == utf8.RuneError {
				return nil, errEncoding
			}
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst, nil
}

// utf32Text is utf32.
type utf32Text struct{}

func (utf32Text) decode(dst, src []byte) ([]byte, error) {
	if len(src)%4 != 0 {
		return nil, errEncoding
	}
	for i := 0; i < len(src); i += 4 {
		r := binary.BigEndian.Uint32(src[i:])
		if r > utf8.MaxRune || !utf8.ValidRune(rune(r)) {
			return nil, errEncoding
		}
		dst = utf8.AppendRune(dst, rune(r))
	}
	return dst, nil
}

// tableText is a character set of one or two bytes per character, with the server's own conversion to Unicode.
type tableText struct {
	one [256]string       // "" where the byte is no character by itself
	two map[uint16]string // nil for a set of single bytes; "" where two bytes are one character that Unicode does not have
}

func (t *tableText) decode(dst, src []byte) ([]byte, error) {
	for i := 0; i < len(src); i++ {
		s := t.one[src[i]]
		if s == "" {
			if t.two == nil || i+1 >= len(src) {
				return nil, errEncoding
			}
			s = t.two[uint16(src[i])<<8|uint16(src[i+1])]
			if s == "" {
				return nil, errEncoding
			}
			i++
		}
		dst = append(dst, s...)
	}
	return dst, nil
}

// algorithmic are the character sets that need no table.
func algorithmic(charset string) decoder {
	switch charset {
	case "utf8mb4", "utf8mb3", "utf8":
		return utf8Text{}
	case "ascii":
		return asciiText{}
	case "ucs2", "utf16":
		return utf16Text{binary.BigEndian}
	case "utf16le":
		return utf16Text{binary.LittleEndian}
	case "utf32":
		return utf32Text{}
	}
	return nil
}

// maxLen is the longest character of the sets whose table is asked from the server.
var maxLen = map[string]int{
	"big5": 2, "dec8": 1, "cp850": 1, "hp8": 1, "koi8r": 1, "latin1": 1, "latin2": 1, "swe7": 1, "sjis": 2, "hebrew": 1,
	"tis620": 1, "euckr": 2, "koi8u": 1, "gb2312": 2, "greek": 1, "cp1250": 1, "gbk": 2, "latin5": 1, "armscii8": 1,
	"cp866": 1, "keybcs2": 1, "macce": 1, "macroman": 1, "cp852": 1, "latin7": 1, "cp1251": 1, "cp1256": 1, "cp1257": 1,
	"geostd8": 1, "cp932": 2,
}

// loadDecoder makes the decoder of a character set. For the older sets it asks the server for its own conversion
// table, so that the result is what the server itself would show, whatever its version.
func loadDecoder(ctx context.Context, c *client.Conn, charset string) (decoder, error) {
	charset = strings.ToLower(charset)
	if d := algorithmic(charset); d != nil {
		return d, nil
	}
	n, ok := maxLen[charset]
	if !ok {
		return nil, fmt.Errorf("character set %q is not supported: convert the column to utf8mb4 on the source, or exclude the table", charset)
	}
	t := &tableText{}
	if err := t.single(ctx, c, charset); err != nil {
		return nil, fmt.Errorf("read the conversion table of character set %s: %w", charset, err)
	}
	if n == 2 {
		if err := t.double(ctx, c, charset); err != nil {
			return nil, fmt.Errorf("read the conversion table of character set %s: %w", charset, err)
		}
	}
	return t, nil
}

const hexDigits = "(SELECT 0 n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 " +
	"UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9 UNION ALL SELECT 10 UNION ALL SELECT 11 " +
	"UNION ALL SELECT 12 UNION ALL SELECT 13 UNION ALL SELECT 14 UNION ALL SELECT 15)"

// single fills the characters of one byte. What has no conversion comes back as '?', the real one is known, or as
// U+FFFD, which no such set has.
func (t *tableText) single(ctx context.Context, c *client.Conn, charset string) error {
	sql := "SELECT a.n*16+b.n, HEX(CONVERT(CONVERT(CHAR(a.n*16+b.n) USING " + charset + ") USING utf8mb4)), 1 FROM " +
		hexDigits + " a, " + hexDigits + " b"
	return t.fill(ctx, c, sql, func(code uint64, s string, _ bool) { t.one[code] = s })
}

func (t *tableText) double(ctx context.Context, c *client.Conn, charset string) error {
	t.two = map[uint16]string{}
	code := "(128+p.n*16+q.n)*256+a.n*16+b.n"
	sql := "SELECT " + code + ", HEX(CONVERT(CONVERT(CHAR(" + code + ") USING " + charset + ") USING utf8mb4)), " +
		"CHAR_LENGTH(CONVERT(CHAR(" + code + ") USING " + charset + ")) FROM " +
		hexDigits + " p, " + hexDigits + " q, " + hexDigits + " a, " + hexDigits + " b WHERE p.n < 8"
	return t.fill(ctx, c, sql, func(code uint64, s string, character bool) {
		if character || utf8.RuneCountInString(s) == 1 {
			t.two[uint16(code)] = s
		}
	})
}

func (t *tableText) fill(ctx context.Context, c *client.Conn, sql string, set func(code uint64, s string, character bool)) error {
	return query(ctx, c, sql, func(r row) error {
		var code uint64
		if _, err := fmt.Sscan(r.str(0), &code); err != nil {
			return err
		}
		b, err := hex.DecodeString(r.str(1))
		if err != nil {
			return err
		}
		s := string(b)
		if s == "?" && code != '?' || s == replacement {
			s = ""
		}
		set(code, s, r.str(2) == "1")
		return nil
	})
}

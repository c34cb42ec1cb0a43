package mysql

import (
	"fmt"
	"unicode/utf16"
	"unicode/utf8"

	"godwit/ir/catalog"
	"godwit/ir/types"
	"godwit/runner/change"
)

// Columns hold bytes that are no text. Servers take any byte into a set of single bytes, though ascii, greek, cp1257 and
// others have no character for some, and any pair of the right ranges into sjis, gbk, big5, gb2312 and euckr; MariaDB takes
// surrogates into utf8, all of them take surrogates into ucs2 and utf32. They send them as they are, in rows and in the log.

const replacement = "\uFFFD"

var (
	errInvalidText = fmt.Errorf("%w: set values.invalid_text, or the column's own in values.columns, to replace or except, or correct the row on the source", errEncoding)
	errInvalidKey  = fmt.Errorf("%w, and it belongs to a primary or unique key, in which nothing is replaced: correct the row on the source", errEncoding)
)

// setInvalid sets what becomes of invalid text, behind the choice of the lane.
func (c *column) setInvalid(policy string, t *catalog.Table) {
	c.invalid = errEncoding
	if _, ok := c.col.Type.(types.Text); !ok {
		return
	}
	switch {
	case policy == change.Except:
		c.dec, c.except = aside{c.dec}, true
	case policy != change.Stop:
		c.dec, c.invalid = mending{c.dec}, nil
	case change.InUniqueKey(t, c.col.Name):
		c.invalid = errInvalidKey
	default:
		c.invalid = errInvalidText
	}
}

// mending is a decoder that never fails.
type mending struct{ decoder }

func (m mending) decode(dst, src []byte) ([]byte, error) {
	start := len(dst)
	out, err := m.decoder.decode(dst, src)
	if err == errEncoding {
		return m.mend(dst[:start], src), nil
	}
	return out, err
}

// mend counts a surrogate as one character, as the servers that store them do, and every other byte that does not fit.
func (utf8Text) mend(dst, src []byte) []byte {
	for len(src) > 0 {
		r, n := utf8.DecodeRune(src)
		switch {
		case r != utf8.RuneError || n > 1:
			dst = append(dst, src[:n]...)
		case len(src) > 2 && src[0] == 0xed && src[1] >= 0xa0 && src[1] <= 0xbf && src[2] >= 0x80 && src[2] <= 0xbf:
			dst, n = append(dst, replacement...), 3
		default:
			dst = append(dst, replacement...)
		}
		src = src[n:]
	}
	return dst
}

func (asciiText) mend(dst, src []byte) []byte {
	for _, b := range src {
		if b >= 0x80 {
			dst = append(dst, replacement...)
		} else {
			dst = append(dst, b)
		}
	}
	return dst
}

func (t utf16Text) mend(dst, src []byte) []byte {
	i := 0
	for ; i+1 < len(src); i += 2 {
		r := rune(t.order.Uint16(src[i:]))
		if utf16.IsSurrogate(r) {
			pair := rune(utf8.RuneError)
			if i+3 < len(src) {
				pair = utf16.DecodeRune(r, rune(t.order.Uint16(src[i+2:])))
			}
			if r = pair; r != utf8.RuneError {
				i += 2
			}
		}
		dst = utf8.AppendRune(dst, r)
	}
	if i < len(src) {
		dst = append(dst, replacement...)
	}
	return dst
}

func (utf32Text) mend(dst, src []byte) []byte {
	for ; len(src) >= 4; src = src[4:] {
		r := uint32(src[0])<<24 | uint32(src[1])<<16 | uint32(src[2])<<8 | uint32(src[3])
		if r > utf8.MaxRune {
			r = utf8.RuneError
		}
		dst = utf8.AppendRune(dst, rune(r)) // U+FFFD for a surrogate
	}
	if len(src) > 0 {
		dst = append(dst, replacement...)
	}
	return dst
}

func (t *tableText) mend(dst, src []byte) []byte {
	for i := 0; i < len(src); i++ {
		s := t.one[src[i]]
		if s == "" && i+1 < len(src) {
			pair, character := t.two[uint16(src[i])<<8|uint16(src[i+1])]
			if character {
				s = pair
				i++
			}
		}
		if s == "" {
			s = replacement
		}
		dst = append(dst, s...)
	}
	return dst
}

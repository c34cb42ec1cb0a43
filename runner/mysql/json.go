package mysql

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/go-mysql-org/go-mysql/mysql"
)

// jsonText says how a server spells JSON.
type jsonText struct {
	noPoint bool // doubles without a fraction are written without ".0": MySQL before 8.0
}

// appendTo writes MySQL's binary JSON as the text that the server itself would return for it, character by
// character: order of members, spacing, the look of numbers.
// The format: https://dev.mysql.com/doc/dev/mysql-server/latest/json__binary_8h.html
func (j jsonText) appendTo(dst, b []byte) ([]byte, error) {
	if len(b) == 0 { // INSERT IGNORE of NULL into a NOT NULL column; the server reads it as null
		return append(dst, "null"...), nil
	}
	return j.value(dst, b[0], b[1:], 0)
}

const (
	jsonSmallObject = 0x00
	jsonLargeObject = 0x01
	jsonSmallArray  = 0x02
	jsonLargeArray  = 0x03
	jsonLiteral     = 0x04
	jsonInt16       = 0x05
	jsonUint16      = 0x06
	jsonInt32       = 0x07
	jsonUint32      = 0x08
	jsonInt64       = 0x09
	jsonUint64      = 0x0a
	jsonDouble      = 0x0b
	jsonString      = 0x0c
	jsonOpaque      = 0x0f
)

// jsonDepth is the deepest nesting that the server accepts.
const jsonDepth = 100

var errJSON = errors.New("malformed JSON value in the binary log")

func (j jsonText) value(dst []byte, kind byte, b []byte, depth int) ([]byte, error) {
	if depth > jsonDepth {
		return dst, errJSON
	}
	if n := jsonFixed[kind]; n > len(b) {
		return dst, errJSON
	}
	switch kind {
	case jsonSmallObject, jsonLargeObject, jsonSmallArray, jsonLargeArray:
		return j.container(dst, kind, b, depth)
	case jsonLiteral:
		return jsonWord(dst, b[0])
	case jsonInt16:
		return appendInt(dst, b[:2], false), nil
	case jsonUint16:
		return appendInt(dst, b[:2], true), nil
	case jsonInt32:
		return appendInt(dst, b[:4], false), nil
	case jsonUint32:
		return appendInt(dst, b[:4], true), nil
	case jsonInt64:
		return appendInt(dst, b[:8], false), nil
	case jsonUint64:
		return appendInt(dst, b[:8], true), nil
	case jsonDouble:
		return j.number(dst, math.Float64frombits(little(b[:8]))), nil
	case jsonString:
		s, err := jsonBytes(b)
		if err != nil {
			return dst, err
		}
		return jsonQuoted(dst, s)
	case jsonOpaque:
		return jsonOther(dst, b)
	}
	return dst, fmt.Errorf("%w: type %d", errJSON, kind)
}

// jsonFixed is the least number of bytes of each type.
var jsonFixed = [256]int{jsonLiteral: 1, jsonInt16: 2, jsonUint16: 2, jsonInt32: 4, jsonUint32: 4, jsonInt64: 8, jsonUint64: 8, jsonDouble: 8, jsonOpaque: 1}

func jsonWord(dst []byte, b byte) ([]byte, error) {
	switch b {
	case 0:
		return append(dst, "null"...), nil
	case 1:
		return append(dst, "true"...), nil
	case 2:
		return append(dst, "false"...), nil
	}
	return dst, fmt.Errorf("%w: literal %d", errJSON, b)
}

func (j jsonText) container(dst []byte, kind byte, b []byte, depth int) ([]byte, error) {
	object := kind == jsonSmallObject || kind == jsonLargeObject
	w := 2
	if kind == jsonLargeObject || kind == jsonLargeArray {
		w = 4
	}
	if len(b) < 2*w {
		return dst, errJSON
	}
	count, size := int(little(b[:w])), int(little(b[w:2*w]))
	if size > len(b) {
		return dst, errJSON
	}
	keys := b[2*w:]
	values := keys
	head := count * (1 + w)
	if object {
		head += count * (w + 2)
		values = keys[min(len(keys), count*(w+2)):]
	}
	if 2*w+head > size {
		return dst, errJSON
	}
	open, end := byte('['), byte(']')
	if object {
		open, end = '{', '}'
	}
	dst = append(dst, open)
	var err error
	for i := range count {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		if object {
			if dst, err = jsonKey(dst, keys[i*(w+2):], b[:size], w); err != nil {
				return dst, err
			}
		}
		if dst, err = j.entry(dst, values[i*(1+w):], b[:size], w, depth); err != nil {
			return dst, err
		}
	}
	return append(dst, end), nil
}

func jsonKey(dst, entry, b []byte, w int) ([]byte, error) {
	at, n := int(little(entry[:w])), int(little(entry[w:w+2]))
	if at+n > len(b) {
		return dst, errJSON
	}
	dst, err := jsonQuoted(dst, b[at:at+n])
	return append(dst, ": "...), err
}

// entry writes a value of a container: small ones are inside the entry, others at an offset.
func (j jsonText) entry(dst, entry, b []byte, w, depth int) ([]byte, error) {
	kind := entry[0]
	switch {
	case kind == jsonLiteral, kind == jsonInt16, kind == jsonUint16, w == 4 && (kind == jsonInt32 || kind == jsonUint32):
		return j.value(dst, kind, entry[1:1+w], depth)
	}
	at := int(little(entry[1 : 1+w]))
	if at > len(b) {
		return dst, errJSON
	}
	return j.value(dst, kind, b[at:], depth+1)
}

// jsonBytes reads a length of seven bits per byte, then as many bytes.
func jsonBytes(b []byte) ([]byte, error) {
	n := 0
	for i := 0; i < len(b) && i < 5; i++ {
		n |= int(b[i]&0x7f) << (7 * i)
		if b[i]&0x80 == 0 {
			if i+1+n > len(b) {
				return nil, errJSON
			}
			return b[i+1 : i+1+n], nil
		}
	}
	return nil, errJSON
}

// number writes a double as the server does: the shortest digits that read back the same, without exponent from
// 1e-15 to 1e15 and where digits stand behind the point, and with ".0" when it would look like an integer.
func (j jsonText) number(dst []byte, f float64) []byte {
	var buf [32]byte
	e := strconv.AppendFloat(buf[:0], f, 'e', -1, 64) // d.ddde±dd
	mark := len(e) - 1
	for e[mark] != 'e' {
		mark--
	}
	exp, _ := strconv.Atoi(string(e[mark+1:]))
	digits := len(bytes.Trim(e[:mark], "-")) - bytes.Count(e[:mark], []byte{'.'})
	if f == 0 || exp >= -15 && (exp < 15 || digits > exp+1) {
		dst = strconv.AppendFloat(dst, f, 'f', -1, 64)
		if f == math.Trunc(f) && !j.noPoint {
			dst = append(dst, ".0"...)
		}
		return dst
	}
	dst = append(dst, e[:mark+1]...)
	return strconv.AppendInt(dst, int64(exp), 10)
}

const hexLower = "0123456789abcdef"

func jsonQuoted(dst, s []byte) ([]byte, error) {
	if !utf8.Valid(s) {
		return dst, errEncoding
	}
	dst = append(dst, '"')
	for _, c := range s {
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c >= 0x20:
			dst = append(dst, c)
		case c == '\b':
			dst = append(dst, `\b`...)
		case c == '\t':
			dst = append(dst, `\t`...)
		case c == '\n':
			dst = append(dst, `\n`...)
		case c == '\f':
			dst = append(dst, `\f`...)
		case c == '\r':
			dst = append(dst, `\r`...)
		default:
			dst = append(dst, `\u00`...)
			dst = append(dst, hexLower[c>>4], hexLower[c&15])
		}
	}
	return append(dst, '"'), nil
}

// jsonOther writes values that JSON has no type for: decimals as numbers, dates and times as text, bytes as base64.
func jsonOther(dst, b []byte) ([]byte, error) {
	kind := b[0]
	data, err := jsonBytes(b[1:])
	if err != nil {
		return dst, err
	}
	switch kind {
	case mysql.MYSQL_TYPE_NEWDECIMAL:
		if len(data) < 2 || len(data)-2 < decimalSize(int(data[0]), int(data[1])) || data[0] == 0 || data[1] > data[0] {
			return dst, errJSON
		}
		return appendDecimal(dst, data[2:], int(data[0]), int(data[1])), nil
	case mysql.MYSQL_TYPE_DATE, mysql.MYSQL_TYPE_DATETIME, mysql.MYSQL_TYPE_TIMESTAMP, mysql.MYSQL_TYPE_TIME:
		if len(data) != 8 {
			return dst, errJSON
		}
		dst = append(dst, '"')
		dst = jsonTemporal(dst, kind, int64(little(data)))
		return append(dst, '"'), nil
	}
	dst = append(dst, fmt.Sprintf(`"base64:type%d:`, kind)...)
	dst = base64.StdEncoding.AppendEncode(dst, data)
	return append(dst, '"'), nil
}

func jsonTemporal(dst []byte, kind byte, n int64) []byte {
	if n < 0 {
		dst, n = append(dst, '-'), -n
	}
	frac := uint64(n & (1<<24 - 1))
	u := uint64(n >> 24)
	if kind != mysql.MYSQL_TYPE_TIME {
		ymd := u >> 17
		dst = appendYMD(dst, ymd>>5/13, ymd>>5%13, ymd&31)
		if kind == mysql.MYSQL_TYPE_DATE {
			return dst
		}
		dst = append(dst, ' ')
		u &= 1<<17 - 1
	}
	dst = appendHMS(dst, u>>12&1023, u>>6&63, u&63)
	return appendDigits(append(dst, '.'), frac, 6)
}

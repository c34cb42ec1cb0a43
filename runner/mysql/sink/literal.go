package sink

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"godwit/ir/types"
	"godwit/runner/change"
)

// literal appends a value as SQL. Whatever is not checked here is quoted, so that the server's strict mode judges it.
func (c *targetColumn) literal(dst []byte, v change.Value) ([]byte, error) {
	if v == nil {
		if !c.nullable {
			// The server would give a TIMESTAMP the present time, and a counter its next value.
			return dst, fmt.Errorf("%w: it is NULL and the column is NOT NULL", ErrValue)
		}
		return append(dst, "NULL"...), nil
	}
	if bare, marked := change.Marked(c.typ, v); marked {
		return dst, fmt.Errorf("%w: %.60q", ErrValue, []byte(bare))
	}
	switch ty := c.typ.(type) {
	case types.Int, types.Year, types.Decimal:
		if !isDecimal(v) {
			return dst, fmt.Errorf("%w: it is no number", ErrValue)
		}
		return append(dst, v...), nil
	case types.Float:
		return float(dst, v, ty)
	case types.Bit:
		u, err := strconv.ParseUint(string(v), 2, 64)
		if err != nil {
			return dst, fmt.Errorf("%w: it is no row of bits", ErrValue)
		}
		return strconv.AppendUint(dst, u, 10), nil
	case types.Binary, types.Geometry:
		return appendText(append(dst, "_binary"...), v), nil
	case types.Text:
		return c.text(dst, v, ty.Fixed)
	case types.Enum:
		if !slices.Contains(ty.Values, string(v)) {
			// A label that looks like a number would be taken for a place in the list.
			return dst, fmt.Errorf("%w: it is none of the column's values", ErrValue)
		}
	case types.Set:
		for _, m := range strings.Split(string(v), ",") {
			if len(v) > 0 && !slices.Contains(ty.Values, m) {
				return dst, fmt.Errorf("%w: %q is none of the column's values", ErrValue, m)
			}
		}
	case types.JSON:
		if c.data == "json" {
			if err := exactJSON(v); err != nil {
				return dst, err
			}
		}
	}
	return appendQuoted(dst, v)
}

func appendQuoted(dst, v []byte) ([]byte, error) {
	if !utf8.Valid(v) {
		return dst, fmt.Errorf("%w: it is no UTF-8", ErrValue)
	}
	return appendText(dst, v), nil
}

// appendText quotes bytes, whatever they are.
func appendText(dst, v []byte) []byte {
	dst = append(dst, '\'')
	for {
		i := bytes.IndexByte(v, '\'')
		if i < 0 {
			break
		}
		dst = append(append(dst, v[:i+1]...), '\'')
		v = v[i+1:]
	}
	return append(append(dst, v...), '\'')
}

// text refuses blanks at the end that the server would take away without a word.
func (c *targetColumn) text(dst []byte, v change.Value, fixed bool) ([]byte, error) {
	if len(v) > 0 && v[len(v)-1] == ' ' {
		if c.data == "char" && !fixed {
			return dst, fmt.Errorf("%w: a CHAR keeps no blanks at the end", ErrValue)
		}
		if c.length > 0 && int64(utf8.RuneCount(v)) > c.length {
			return dst, fmt.Errorf("%w: it is longer than %d characters", ErrValue, c.length)
		}
	}
	return appendQuoted(dst, v)
}

// isDecimal tells whether v is [-]digits[.digits].
func isDecimal(v []byte) bool {
	v = bytes.TrimPrefix(v, []byte("-"))
	whole, frac, point := bytes.Cut(v, []byte("."))
	return digits(whole) && (!point || digits(frac))
}

func digits(v []byte) bool {
	for _, b := range v {
		if b < '0' || b > '9' {
			return false
		}
	}
	return len(v) > 0
}

// float writes a number with an exponent, which makes it a DOUBLE for the server. One of 32 bits is written with all digits of
// the same number in 64 bits, so that nothing is rounded twice.
func float(dst []byte, v change.Value, ty types.Float) ([]byte, error) {
	bits := 64
	if ty.Bits == 32 && ty.Digits == 0 {
		bits = 32
	}
	f, err := strconv.ParseFloat(string(v), bits)
	if err != nil || f-f != 0 {
		return dst, fmt.Errorf("%w: it is no finite number", ErrValue)
	}
	if ty.Digits > 0 {
		if !isDecimal(v) {
			return dst, fmt.Errorf("%w: it is no number", ErrValue)
		}
		return append(dst, v...), nil
	}
	return strconv.AppendFloat(dst, f, 'e', -1, 64), nil
}

// exactJSON refuses what MySQL's JSON would change without a word: numbers beyond 64 bits, which become the nearest double, and
// members of the same name, of which the last one stays.
func exactJSON(v change.Value) error {
	dec := json.NewDecoder(bytes.NewReader(v))
	dec.UseNumber()
	if err := jsonValue(dec); err != nil {
		if errors.Is(err, ErrValue) {
			return err
		}
		return fmt.Errorf("%w: it is no JSON document: %w", ErrValue, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: there is text behind the JSON document", ErrValue)
	}
	return nil
}

func jsonValue(dec *json.Decoder) error {
	tok, err := dec.Token()
	if err != nil {
		return err
	}
	switch tok := tok.(type) {
	case json.Number:
		if !exactNumber(string(tok)) {
			return fmt.Errorf("%w: JSON number %.60s is beyond 64 bits", ErrValue, tok)
		}
	case json.Delim:
		names := map[string]bool{}
		for dec.More() {
			if tok == '{' {
				name, err := dec.Token()
				if err != nil {
					return err
				}
				s, _ := name.(string)
				if names[s] {
					return fmt.Errorf("%w: JSON member %.60q is there twice", ErrValue, s)
				}
				names[s] = true
			}
			if err := jsonValue(dec); err != nil {
				return err
			}
		}
		_, err = dec.Token()
	}
	return err
}

// exactNumber tells whether the number, read as a 64-bit integer or as a double, prints as the same number again.
func exactNumber(s string) bool {
	if !strings.ContainsAny(s, ".eE") {
		_, err := strconv.ParseInt(s, 10, 64)
		_, err2 := strconv.ParseUint(s, 10, 64)
		if err == nil || err2 == nil {
			return true
		}
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return false
	}
	return plainNumber(s) == plainNumber(strconv.FormatFloat(f, 'e', -1, 64))
}

// plainNumber is sign, digits without outer zeros, and a power of ten.
func plainNumber(s string) string {
	mantissa, exp, _ := strings.Cut(strings.ToLower(s), "e")
	e, err := strconv.Atoi(exp)
	if exp != "" && err != nil {
		return s
	}
	sign := ""
	if strings.HasPrefix(mantissa, "-") {
		sign, mantissa = "-", mantissa[1:]
	}
	whole, frac, _ := strings.Cut(mantissa, ".")
	all := strings.TrimLeft(whole+frac, "0")
	e -= len(frac)
	trimmed := strings.TrimRight(all, "0")
	if trimmed == "" {
		return "0"
	}
	return fmt.Sprintf("%s%se%d", sign, trimmed, e+len(all)-len(trimmed))
}

// equal appends a condition that the column holds exactly the value: bytes are compared, not what a collation makes of them.
func (c *targetColumn) equal(dst []byte, v change.Value) ([]byte, error) {
	if v == nil {
		return append(append(dst, c.name...), " IS NULL"...), nil
	}
	switch c.typ.(type) {
	case types.Text, types.Enum, types.Set:
		dst = append(append(append(dst, "CAST(CONVERT("...), c.name...), " USING utf8mb4) AS BINARY) = CAST("...)
		dst, err := appendQuoted(dst, v)
		return append(dst, " AS BINARY)"...), err
	case types.Geometry:
		dst = append(append(append(dst, "HEX("...), c.name...), ") = '"...)
		dst = append(dst, bytes.ToUpper(hex.AppendEncode(nil, v))...)
		return append(dst, '\''), nil
	case types.JSON:
		if c.data == "json" {
			dst = append(append(dst, c.name...), " = CAST("...)
			dst, err := appendQuoted(dst, v)
			return append(dst, " AS JSON)"...), err
		}
		dst = append(append(append(dst, "CAST("...), c.name...), " AS BINARY) = CAST("...)
		dst, err := appendQuoted(dst, v)
		return append(dst, " AS BINARY)"...), err
	}
	return c.literal(append(append(dst, c.name...), " = "...), v)
}

package postgres

import (
	"encoding/binary"
	"errors"
	"math"
	"strconv"
	"unsafe"

	"godwit/ir/types"
)

// COPY's binary format spares the target the reading of text, which is the larger part of what a COPY costs there. It is
// used for tables whose columns are all of known pairs of types. The target's own input functions still check lengths,
// precisions and labels: they belong to the type, not to the format.
// See https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format"; the layouts are those of each type's
// receive function.

// ErrValue tells that a value is not of its column's type on the target.
var ErrValue = errors.New("the value does not fit the column's type on the target: change the type in the converted folder, or correct the row on the source")

// binaryForm appends a canonical value as the target's type has it, without its length.
type binaryForm func(dst, v []byte) ([]byte, error)

// binaryOf is how a type of the source is written for a type of the target, nil if that is not known; asIs tells that it is
// the value itself.
func binaryOf(ty types.Type, base string, enum bool) (f binaryForm, asIs bool) {
	switch ty.(type) {
	case types.Text, types.Set:
		asIs = isText(base)
	case types.Enum:
		asIs = enum || isText(base)
	case types.JSON:
		asIs = isText(base) || base == "json"
	case types.Binary, types.Geometry:
		asIs = base == "bytea"
	}
	if asIs {
		return appendAsIs, true
	}
	return computedForm(ty, base), false
}

// computedForm is the form of types that are written otherwise than they are read.
func computedForm(ty types.Type, base string) binaryForm {
	switch ty := ty.(type) {
	case types.Int, types.Year:
		return intForms[base]
	case types.Decimal:
		if base == "numeric" {
			return appendNumeric
		}
	case types.Float:
		if ty.Digits > 0 && base == "numeric" {
			return appendNumeric
		}
		return floatForms[base]
	case types.Bit:
		if base == `"bit"` || base == "bit" || base == "bit varying" {
			return appendBitString
		}
	case types.JSON:
		if base == "jsonb" {
			return appendJSONB
		}
	case types.Date:
		if base == "date" {
			return appendDate
		}
	case types.DateTime:
		if base == "timestamp without time zone" {
			return appendTimestamp
		}
	case types.Timestamp:
		if base == "timestamp with time zone" {
			return appendTimestamp
		}
	case types.Time:
		return timeForms[base]
	}
	return nil
}

var intForms = map[string]binaryForm{
	"smallint": func(dst, v []byte) ([]byte, error) {
		n, ok := parseInt(v)
		if !ok || n < math.MinInt16 || n > math.MaxInt16 {
			return dst, ErrValue
		}
		return binary.BigEndian.AppendUint16(dst, uint16(n)), nil
	},
	"integer": func(dst, v []byte) ([]byte, error) {
		n, ok := parseInt(v)
		if !ok || n < math.MinInt32 || n > math.MaxInt32 {
			return dst, ErrValue
		}
		return binary.BigEndian.AppendUint32(dst, uint32(n)), nil
	},
	"bigint": func(dst, v []byte) ([]byte, error) {
		n, ok := parseInt(v)
		if !ok {
			return dst, ErrValue
		}
		return binary.BigEndian.AppendUint64(dst, uint64(n)), nil
	},
	"numeric": appendNumeric,
}

// parseInt reads decimal digits; ok is false when they are none or do not fit.
func parseInt(v []byte) (n int64, ok bool) {
	digits := v
	if len(v) > 0 && v[0] == '-' {
		digits = v[1:]
	}
	if len(digits) == 0 || len(digits) > 18 { // may not fit
		n, err := strconv.ParseInt(text(v), 10, 64)
		return n, err == nil
	}
	for _, c := range digits {
		c -= '0'
		if c > 9 {
			return 0, false
		}
		n = n*10 + int64(c)
	}
	if len(digits) < len(v) {
		n = -n
	}
	return n, true
}

// text is v as a string for a call that does not keep it.
func text(v []byte) string { return unsafe.String(unsafe.SliceData(v), len(v)) }

var floatForms = map[string]binaryForm{
	"real": func(dst, v []byte) ([]byte, error) {
		f, err := strconv.ParseFloat(text(v), 32)
		if err != nil {
			return dst, ErrValue
		}
		return binary.BigEndian.AppendUint32(dst, math.Float32bits(float32(f))), nil
	},
	"double precision": func(dst, v []byte) ([]byte, error) {
		f, err := strconv.ParseFloat(text(v), 64)
		if err != nil {
			return dst, ErrValue
		}
		return binary.BigEndian.AppendUint64(dst, math.Float64bits(f)), nil
	},
}

// appendJSONB writes the version of the format in front of the text.
func appendJSONB(dst, v []byte) ([]byte, error) { return append(append(dst, 1), v...), nil }

func isText(base string) bool {
	switch base {
	case "text", "character varying", "character", "bpchar":
		return true
	}
	return false
}

func appendAsIs(dst, v []byte) ([]byte, error) { return append(dst, v...), nil }

func appendBitString(dst, v []byte) ([]byte, error) {
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(v)))
	for len(v) > 0 {
		n := min(len(v), 8)
		var b byte
		for i, c := range v[:n] {
			if c -= '0'; c > 1 {
				return dst, ErrValue
			}
			b |= c << (7 - i)
		}
		dst, v = append(dst, b), v[n:]
	}
	return dst, nil
}

// appendNumeric writes the groups of four digits on both sides of the point.
func appendNumeric(dst, v []byte) ([]byte, error) {
	sign := uint16(0)
	if len(v) > 0 && v[0] == '-' {
		sign, v = 0x4000, v[1:]
	}
	whole := len(v)
	for i, c := range v {
		if c == '.' {
			whole = i
			break
		}
	}
	var fraction []byte
	if whole < len(v) {
		fraction = v[whole+1:]
	}
	if whole == 0 || len(v) > 1000 || whole+1 == len(v) {
		return dst, ErrValue
	}
	groups := (whole + 3) / 4
	dst = binary.BigEndian.AppendUint16(dst, uint16(groups+(len(fraction)+3)/4))
	dst = binary.BigEndian.AppendUint16(dst, uint16(groups-1))
	dst = binary.BigEndian.AppendUint16(dst, sign)
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(fraction)))
	bad := false
	group := func(digits []byte, scale uint16) {
		n := uint16(0)
		for _, c := range digits {
			c -= '0'
			bad = bad || c > 9
			n = n*10 + uint16(c)
		}
		dst = binary.BigEndian.AppendUint16(dst, n*scale)
	}
	for at := 0; at < whole; {
		end := whole - (whole-at-1)/4*4
		group(v[at:end], 1)
		at = end
	}
	for ; len(fraction) >= 4; fraction = fraction[4:] {
		group(fraction[:4], 1)
	}
	if n := len(fraction); n > 0 {
		group(fraction, [...]uint16{1: 1000, 2: 100, 3: 10}[n])
	}
	if bad {
		return dst, ErrValue
	}
	return dst, nil
}

// two reads two digits; what is none gives 100 or more.
func two(v []byte) int {
	a, b := v[0]-'0', v[1]-'0'
	if a > 9 || b > 9 {
		return 100
	}
	return int(a)*10 + int(b)
}

// days counts the days from 2000-01-01 to YYYY-MM-DD; ok is false when the calendar has no such day.
func days(v []byte) (n int, ok bool) {
	if len(v) < 10 || v[4] != '-' || v[7] != '-' {
		return 0, false
	}
	century, year, m, d := two(v), two(v[2:]), two(v[5:]), two(v[8:])
	if century > 99 || year > 99 || m < 1 || m > 12 || d < 1 {
		return 0, false
	}
	y := century*100 + year
	last := [...]int{0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[m]
	if m == 2 && (y%4 == 0 && y%100 != 0 || y%400 == 0) {
		last = 29
	}
	if y < 1 || d > last {
		return 0, false
	}
	// Years begin in March, so that the leap day is their last.
	if m <= 2 {
		y--
		m += 12
	}
	return 365*y + y/4 - y/100 + y/400 + (153*(m-3)+2)/5 + d - 1 - 730425, true
}

func appendDate(dst, v []byte) ([]byte, error) {
	n, ok := days(v)
	if !ok || len(v) != 10 {
		return dst, ErrValue
	}
	return binary.BigEndian.AppendUint32(dst, uint32(n)), nil
}

const (
	perSecond = 1_000_000
	perDay    = 86_400 * perSecond
)

func appendTimestamp(dst, v []byte) ([]byte, error) {
	n, ok := days(v)
	if !ok || len(v) < 19 || v[10] != ' ' {
		return dst, ErrValue
	}
	us, ok := clock(v[11:], 2)
	if !ok || us >= perDay {
		return dst, ErrValue
	}
	return binary.BigEndian.AppendUint64(dst, uint64(int64(n)*perDay+us)), nil
}

// clock reads hours of some digits, :MM:SS and a fraction, in microseconds.
func clock(v []byte, digits int) (us int64, ok bool) {
	if len(v) < digits+6 || v[digits] != ':' || v[digits+3] != ':' {
		return 0, false
	}
	h, good := parseInt(v[:digits])
	m, s := two(v[digits+1:]), two(v[digits+4:])
	if !good || h < 0 || m > 59 || s > 59 {
		return 0, false
	}
	us = ((h*60+int64(m))*60 + int64(s)) * perSecond
	v = v[digits+6:]
	if len(v) == 0 {
		return us, true
	}
	if v[0] != '.' || len(v) < 2 || len(v) > 7 {
		return 0, false
	}
	scale := int64(perSecond)
	for _, c := range v[1:] {
		if c -= '0'; c > 9 {
			return 0, false
		}
		scale /= 10
		us += int64(c) * scale
	}
	return us, true
}

var timeForms = map[string]binaryForm{
	"interval": func(dst, v []byte) ([]byte, error) {
		us, ok := duration(v)
		if !ok {
			return dst, ErrValue
		}
		dst = binary.BigEndian.AppendUint64(dst, uint64(us))
		return append(dst, 0, 0, 0, 0, 0, 0, 0, 0), nil // no days, no months
	},
	"time without time zone": func(dst, v []byte) ([]byte, error) {
		us, ok := duration(v)
		if !ok || us < 0 || us > perDay {
			return dst, ErrValue
		}
		return binary.BigEndian.AppendUint64(dst, uint64(us)), nil
	},
}

// duration reads [-]HH:MM:SS with two or three digits of hours.
func duration(v []byte) (us int64, ok bool) {
	minus := len(v) > 0 && v[0] == '-'
	if minus {
		v = v[1:]
	}
	digits := 2
	if len(v) > 3 && v[3] == ':' {
		digits = 3
	}
	if us, ok = clock(v, digits); minus {
		us = -us
	}
	return us, ok
}

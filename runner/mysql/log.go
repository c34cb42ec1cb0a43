package mysql

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/go-mysql-org/go-mysql/mysql"

	"godwit/ir/types"
)

// logValue is how a column is stored in the binary log: its type there and the type's metadata.
// See https://dev.mysql.com/doc/dev/mysql-server/latest/classmysql_1_1binlog_1_1event_1_1Table__map__event.html
type logValue struct {
	c      *column // nil for a column that is not copied
	kind   byte
	meta   uint16
	length int // length bytes or packed length, by kind
}

var errShort = errors.New("row event is shorter than its table map says")

// newLogValue resolves the packed forms of MYSQL_TYPE_STRING and checks that the column of the log is the column of
// the catalog.
func newLogValue(c *column, kind byte, meta uint16) (logValue, error) {
	v := logValue{c: c, kind: kind, meta: meta}
	if kind == mysql.MYSQL_TYPE_STRING {
		hi, lo := byte(meta>>8), byte(meta)
		switch {
		case meta < 256:
			v.length = int(meta)
		case hi&0x30 != 0x30: // lengths of 256 and more hide two bits in the type
			v.length = int(lo) | int((hi&0x30)^0x30)<<4
			v.kind = hi | 0x30
		default:
			v.length = int(lo)
			v.kind = hi
		}
	}
	if c == nil {
		return v, nil
	}
	return v, v.check()
}

// check compares the type in the log with the type in the catalog.
func (v *logValue) check() error {
	ok := false
	k := v.kind
	switch ty := v.c.col.Type.(type) {
	case types.Int:
		want := map[int]byte{8: mysql.MYSQL_TYPE_TINY, 16: mysql.MYSQL_TYPE_SHORT, 24: mysql.MYSQL_TYPE_INT24, 32: mysql.MYSQL_TYPE_LONG, 64: mysql.MYSQL_TYPE_LONGLONG}
		ok = k == want[ty.Bits]
	case types.Decimal:
		ok = k == mysql.MYSQL_TYPE_NEWDECIMAL && int(v.meta>>8) == ty.Precision && int(v.meta&0xff) == ty.Scale
	case types.Float:
		ok = ty.Bits == 32 && k == mysql.MYSQL_TYPE_FLOAT || ty.Bits == 64 && k == mysql.MYSQL_TYPE_DOUBLE
	case types.Bit:
		ok = k == mysql.MYSQL_TYPE_BIT && int(v.meta>>8)*8+int(v.meta&0xff) == ty.N
	case types.Year:
		ok = k == mysql.MYSQL_TYPE_YEAR
	case types.Text, types.Binary:
		ok = (k == mysql.MYSQL_TYPE_VARCHAR || k == mysql.MYSQL_TYPE_VAR_STRING || k == mysql.MYSQL_TYPE_STRING || k == mysql.MYSQL_TYPE_BLOB) && v.lengthFits()
	case types.Date:
		ok = k == mysql.MYSQL_TYPE_DATE || k == mysql.MYSQL_TYPE_NEWDATE
	case types.DateTime:
		ok = k == mysql.MYSQL_TYPE_DATETIME2 && int(v.meta) == ty.Precision || k == mysql.MYSQL_TYPE_DATETIME && ty.Precision == 0
	case types.Timestamp:
		ok = k == mysql.MYSQL_TYPE_TIMESTAMP2 && int(v.meta) == ty.Precision || k == mysql.MYSQL_TYPE_TIMESTAMP && ty.Precision == 0
	case types.Time:
		ok = k == mysql.MYSQL_TYPE_TIME2 && int(v.meta) == ty.Precision || k == mysql.MYSQL_TYPE_TIME && ty.Precision == 0
	case types.Enum:
		ok = k == mysql.MYSQL_TYPE_ENUM && v.lengthFits()
	case types.Set:
		ok = k == mysql.MYSQL_TYPE_SET && v.lengthFits()
	case types.JSON:
		ok = ty.Kind == types.JSONBinary && k == mysql.MYSQL_TYPE_JSON || ty.Kind == types.JSONText && k == mysql.MYSQL_TYPE_BLOB
	case types.Geometry:
		ok = k == mysql.MYSQL_TYPE_GEOMETRY
	}
	if !ok {
		return fmt.Errorf("the binary log has type %d (metadata %d) where the schema has %.200v", v.kind, v.meta, v.c.col.Type)
	}
	return nil
}

// size is the number of bytes the value takes in data, its length bytes included.
func (v *logValue) size(data []byte) (prefix, length int, err error) {
	switch v.kind {
	case mysql.MYSQL_TYPE_TINY, mysql.MYSQL_TYPE_YEAR:
		length = 1
	case mysql.MYSQL_TYPE_SHORT:
		length = 2
	case mysql.MYSQL_TYPE_INT24, mysql.MYSQL_TYPE_DATE, mysql.MYSQL_TYPE_NEWDATE, mysql.MYSQL_TYPE_TIME:
		length = 3
	case mysql.MYSQL_TYPE_LONG, mysql.MYSQL_TYPE_FLOAT, mysql.MYSQL_TYPE_TIMESTAMP:
		length = 4
	case mysql.MYSQL_TYPE_LONGLONG, mysql.MYSQL_TYPE_DOUBLE, mysql.MYSQL_TYPE_DATETIME:
		length = 8
	case mysql.MYSQL_TYPE_NEWDECIMAL:
		length = decimalSize(int(v.meta>>8), int(v.meta&0xff))
	case mysql.MYSQL_TYPE_BIT:
		length = int(v.meta>>8) + (int(v.meta&0xff)+7)/8
	case mysql.MYSQL_TYPE_TIMESTAMP2:
		length = 4 + (int(v.meta)+1)/2
	case mysql.MYSQL_TYPE_DATETIME2:
		length = 5 + (int(v.meta)+1)/2
	case mysql.MYSQL_TYPE_TIME2:
		length = 3 + (int(v.meta)+1)/2
	case mysql.MYSQL_TYPE_ENUM, mysql.MYSQL_TYPE_SET:
		length = v.length
	case mysql.MYSQL_TYPE_STRING:
		return prefixed(data, lengthBytes(v.length))
	case mysql.MYSQL_TYPE_VARCHAR, mysql.MYSQL_TYPE_VAR_STRING:
		return prefixed(data, lengthBytes(int(v.meta)))
	case mysql.MYSQL_TYPE_BLOB, mysql.MYSQL_TYPE_GEOMETRY, mysql.MYSQL_TYPE_JSON, mysql.MYSQL_TYPE_VECTOR:
		return prefixed(data, int(v.meta))
	default:
		return 0, 0, fmt.Errorf("type %d of the binary log is not supported (compressed column?): exclude the table", v.kind)
	}
	if len(data) < length {
		return 0, 0, errShort
	}
	return 0, length, nil
}

func lengthBytes(maxLength int) int {
	if maxLength < 256 {
		return 1
	}
	return 2
}

func prefixed(data []byte, n int) (prefix, length int, err error) {
	if n < 1 || n > 4 || len(data) < n {
		return 0, 0, errShort
	}
	for i := n - 1; i >= 0; i-- {
		length = length<<8 | int(data[i])
	}
	if len(data) < n+length {
		return 0, 0, errShort
	}
	return n, length, nil
}

// appendValue appends the canonical form of the bytes b, which are the value without its length bytes.
func (v *logValue) appendValue(dst, b []byte) ([]byte, error) {
	switch ty := v.c.col.Type.(type) {
	case types.Int:
		return appendInt(dst, b, ty.Unsigned), nil
	case types.Year:
		if b[0] == 0 {
			return append(dst, '0'), nil
		}
		return strconv.AppendInt(dst, int64(b[0])+1900, 10), nil
	case types.Decimal:
		return appendDecimal(dst, b, ty.Precision, ty.Scale), nil
	case types.Float:
		if ty.Bits == 32 {
			return appendFloat(dst, float64(math.Float32frombits(binary.LittleEndian.Uint32(b))), ty), nil
		}
		return appendFloat(dst, math.Float64frombits(binary.LittleEndian.Uint64(b)), ty), nil
	case types.Bit:
		return appendBits(dst, b, ty.N), nil
	case types.Text:
		return v.c.appendChars(dst, b, ty.Fixed)
	case types.Binary:
		return appendPadded(dst, b, ty), nil
	case types.Geometry:
		return append(dst, b...), nil
	case types.Date:
		return appendDate(dst, little(b)), nil
	case types.DateTime:
		return v.appendDateTime(dst, b), nil
	case types.Timestamp:
		return v.appendTimestamp(dst, b), nil
	case types.Time:
		return v.appendTime(dst, b), nil
	case types.Enum, types.Set:
		return v.c.appendLabels(dst, little(b))
	case types.JSON:
		if v.kind == mysql.MYSQL_TYPE_JSON {
			return v.c.json.appendTo(dst, b)
		}
		return v.c.dec.decode(dst, b)
	}
	return dst, fmt.Errorf("type %v has no codec", v.c.col.Type)
}

func little(b []byte) uint64 {
	var u uint64
	for i := len(b) - 1; i >= 0; i-- {
		u = u<<8 | uint64(b[i])
	}
	return u
}

func bigEndian(b []byte) uint64 {
	var u uint64
	for _, x := range b {
		u = u<<8 | uint64(x)
	}
	return u
}

func appendInt(dst, b []byte, unsigned bool) []byte {
	u := little(b)
	if unsigned {
		return strconv.AppendUint(dst, u, 10)
	}
	shift := 64 - 8*len(b)
	return strconv.AppendInt(dst, int64(u<<shift)>>shift, 10)
}

func appendEnum(dst []byte, i uint64, labels []string) ([]byte, error) {
	switch {
	case i == 0: // the error value that an invalid INSERT stores
		return dst, nil
	case i > uint64(len(labels)):
		return dst, fmt.Errorf("enum value %d of %d labels: the schema in use is not the schema of the log", i, len(labels))
	}
	return append(dst, labels[i-1]...), nil
}

func appendSet(dst []byte, bits uint64, labels []string) ([]byte, error) {
	start := len(dst)
	for i, l := range labels {
		if bits&(1<<i) == 0 {
			continue
		}
		if len(dst) > start {
			dst = append(dst, ',')
		}
		dst = append(dst, l...)
		bits &^= 1 << i
	}
	if bits != 0 {
		return dst, fmt.Errorf("set value has members beyond its %d labels: the schema in use is not the schema of the log", len(labels))
	}
	return dst, nil
}

// digitsSize is the number of bytes that a group of 0 to 9 digits takes in a packed decimal.
var digitsSize = [...]int{0, 1, 1, 2, 2, 3, 3, 4, 4, 4}

func decimalSize(precision, scale int) int {
	whole := precision - scale
	if whole < 0 {
		return 0
	}
	return whole/9*4 + digitsSize[whole%9] + scale/9*4 + digitsSize[scale%9]
}

// appendDecimal reads MySQL's packed decimal: groups of nine digits in four bytes, big endian, the sign in the first
// bit, negative numbers inverted.
func appendDecimal(dst, src []byte, precision, scale int) []byte {
	b := append(make([]byte, 0, 32), src...)
	negative := b[0]&0x80 == 0
	b[0] ^= 0x80
	if negative {
		for i := range b {
			b[i] = ^b[i]
		}
	}
	start := len(dst)
	whole := precision - scale
	if negative {
		dst = append(dst, '-')
	}
	digits := len(dst)
	take := func(n int) {
		size := digitsSize[n]
		dst = appendDigits(dst, bigEndian(b[:size]), n)
		b = b[size:]
	}
	if whole%9 > 0 {
		take(whole % 9)
	}
	for range whole / 9 {
		take(9)
	}
	kept := trimZeros(dst[digits:])
	if len(kept) == 0 {
		kept = []byte{'0'}
	}
	dst = append(dst[:digits], kept...)
	if scale > 0 {
		dst = append(dst, '.')
		for range scale / 9 {
			take(9)
		}
		if scale%9 > 0 {
			take(scale % 9)
		}
	}
	if negative && isZero(dst[digits:]) {
		dst = append(dst[:start], dst[digits:]...)
	}
	return dst
}

func isZero(s []byte) bool {
	for _, c := range s {
		if c != '0' && c != '.' {
			return false
		}
	}
	return true
}

// appendDigits writes u with at least n digits.
func appendDigits(dst []byte, u uint64, n int) []byte {
	var buf [20]byte
	i := len(buf)
	for u > 0 || n > 0 {
		i--
		buf[i] = byte('0' + u%10)
		u /= 10
		n--
	}
	return append(dst, buf[i:]...)
}

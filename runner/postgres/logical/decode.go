package logical

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"godwit/ir/types"
)

// ErrValue tells of a value that the column's type, which is that of the other database, cannot hold.
var ErrValue = errors.New("the value has no place in the other database's type")

// pgType is the type of a column as the server's catalog describes it, below domains.
type pgType struct {
	oid    uint32 // of the column itself, a domain's own
	base   string // pg_type.typname
	schema string
	kind   byte // b base, e enum, c composite, r range
}

func (t pgType) is(names ...string) bool {
	return t.schema == "pg_catalog" && slices.Contains(names, t.base)
}

func (t pgType) text() bool {
	return t.is("text", "varchar", "bpchar", "name") || t.base == "citext" || t.kind == 'e'
}

// decoder appends the canonical form (see change.Value) of a value that the server printed.
type decoder func(dst, src []byte) ([]byte, error)

// decoderFor finds how values of the server's type t become values of typ; a pair that is not known is an error.
func decoderFor(typ types.Type, t pgType) (decoder, error) {
	var d decoder
	switch typ := typ.(type) {
	case types.Int, types.Year:
		d = integer(t)
	case types.Decimal:
		if t.is("numeric", "int2", "int4", "int8") {
			d = func(dst, src []byte) ([]byte, error) { return fixed(dst, src, typ.Scale) }
		}
	case types.Float:
		d = float(typ, t)
	case types.Bit:
		d = bits(typ, t)
	case types.Text:
		d = chars(typ.Fixed, t)
	case types.Enum:
		if t.text() {
			d = label(typ.Values, t)
		}
	case types.Set:
		d = set(typ.Values, t)
	case types.Binary:
		d = raw(typ, t)
	case types.Geometry:
		d = raw(types.Binary{}, pgTypeOnly(t, "bytea"))
	case types.Date:
		if t.is("date") {
			d = date
		}
	case types.DateTime:
		if t.is("timestamp") {
			d = func(dst, src []byte) ([]byte, error) { return moment(dst, src, typ.Precision) }
		}
	case types.Timestamp:
		d = instant(typ.Precision, t)
	case types.Time:
		d = span(typ.Precision, t)
	case types.JSON:
		if t.is("json", "jsonb") || t.text() {
			d = verbatim
		}
	case types.UUID:
		if t.is("uuid") || t.text() {
			d = verbatim
		}
	case types.Inet:
		if t.is("inet") || t.text() {
			d = verbatim
		}
	}
	if d == nil {
		return nil, fmt.Errorf("values of type %s cannot become %v", t.base, typ)
	}
	return d, nil
}

// pgTypeOnly is t if it has that name, else a type that nothing is known of.
func pgTypeOnly(t pgType, name string) pgType {
	if t.is(name) {
		return t
	}
	return pgType{}
}

func verbatim(dst, src []byte) ([]byte, error) { return append(dst, src...), nil }

func refuse(src []byte, why string) error {
	return fmt.Errorf("%w: %.60q: %s", ErrValue, src, why)
}

// integer takes whole numbers and truth values.
func integer(t pgType) decoder {
	switch {
	case t.is("int2", "int4", "int8"):
		return verbatim
	case t.is("numeric"):
		return func(dst, src []byte) ([]byte, error) { return fixed(dst, src, 0) }
	case t.is("bool"):
		return func(dst, src []byte) ([]byte, error) {
			if string(src) == "t" {
				return append(dst, '1'), nil
			}
			return append(dst, '0'), nil
		}
	}
	return nil
}

// fixed writes a decimal number with exactly scale places.
func fixed(dst, src []byte, scale int) ([]byte, error) {
	whole, frac, _ := bytes.Cut(src, []byte("."))
	if digits := bytes.TrimPrefix(whole, []byte("-")); len(digits) == 0 || digits[0] < '0' || digits[0] > '9' {
		return dst, refuse(src, "it is no number") // NaN, Infinity
	}
	if len(frac) > scale {
		if len(bytes.Trim(frac[scale:], "0")) > 0 {
			return dst, refuse(src, fmt.Sprintf("there are %d places behind the point", scale))
		}
		frac = frac[:scale]
	}
	dst = append(dst, whole...)
	if scale == 0 {
		return dst, nil
	}
	dst = append(append(dst, '.'), frac...)
	for range scale - len(frac) {
		dst = append(dst, '0')
	}
	return dst, nil
}

func float(typ types.Float, t pgType) decoder {
	if !t.is("float4", "float8", "numeric") {
		return nil
	}
	return func(dst, src []byte) ([]byte, error) {
		f, err := strconv.ParseFloat(string(src), 64)
		if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			return dst, refuse(src, "it is no finite number")
		}
		if typ.Digits > 0 {
			if t.is("numeric") {
				return fixed(dst, src, typ.Decimals)
			}
			return fixed(dst, strconv.AppendFloat(nil, f, 'f', typ.Decimals, 64), typ.Decimals)
		}
		if typ.Bits != 32 {
			return strconv.AppendFloat(dst, f, 'g', -1, 64), nil
		}
		g, err := strconv.ParseFloat(string(src), 32)
		if err != nil || t.is("float8") && g != f {
			return dst, refuse(src, "a number of 32 bits cannot hold it")
		}
		return strconv.AppendFloat(dst, g, 'g', -1, 32), nil
	}
}

func bits(typ types.Bit, t pgType) decoder {
	switch {
	case t.is("bit", "varbit"):
		return func(dst, src []byte) ([]byte, error) {
			if len(src) != typ.N {
				return dst, refuse(src, fmt.Sprintf("there must be %d bits", typ.N))
			}
			return append(dst, src...), nil
		}
	case t.is("bool", "int2", "int4", "int8", "numeric"):
		number := integer(t)
		return func(dst, src []byte) ([]byte, error) {
			text, err := number(nil, src)
			if err != nil {
				return dst, err
			}
			u, err := strconv.ParseUint(string(text), 10, 64)
			if err != nil || typ.N < 64 && u >= 1<<typ.N {
				return dst, refuse(src, fmt.Sprintf("%d bits cannot hold it", typ.N))
			}
			return fmt.Appendf(dst, "%0*b", typ.N, u), nil
		}
	case t.is("bytea"):
		return func(dst, src []byte) ([]byte, error) {
			b, err := fromHex(nil, src)
			if err != nil || len(b) != (typ.N+7)/8 {
				return dst, refuse(src, fmt.Sprintf("there must be %d bits", typ.N))
			}
			for i := typ.N - 1; i >= 0; i-- {
				dst = append(dst, '0'+b[len(b)-1-i/8]>>(i%8)&1)
			}
			return dst, nil
		}
	}
	return nil
}

// chars takes text. Blanks at the end of a CHAR, of either database, are padding.
func chars(fixed bool, t pgType) decoder {
	if !t.text() && !t.is("json", "jsonb") {
		return nil
	}
	if !fixed && !t.is("bpchar") {
		return verbatim
	}
	return func(dst, src []byte) ([]byte, error) { return append(dst, bytes.TrimRight(src, " ")...), nil }
}

func label(values []string, t pgType) decoder {
	return func(dst, src []byte) ([]byte, error) {
		if t.is("bpchar") {
			src = bytes.TrimRight(src, " ")
		}
		if !slices.Contains(values, string(src)) {
			return dst, refuse(src, "it is none of the column's values")
		}
		return append(dst, src...), nil
	}
}

// set writes the members in the order of the type, as the other database does.
func set(values []string, t pgType) decoder {
	array := strings.HasPrefix(t.base, "_")
	if !array && !t.text() {
		return nil
	}
	return func(dst, src []byte) ([]byte, error) {
		members := strings.Split(string(src), ",")
		if array {
			var err error
			if members, err = arrayElements(string(src)); err != nil {
				return dst, err
			}
		} else if len(src) == 0 {
			members = nil
		}
		for _, m := range members {
			if !slices.Contains(values, m) {
				return dst, refuse(src, fmt.Sprintf("%q is none of the column's values", m))
			}
		}
		first := true
		for _, v := range values {
			if !slices.Contains(members, v) {
				continue
			}
			if !first {
				dst = append(dst, ',')
			}
			dst, first = append(dst, v...), false
		}
		return dst, nil
	}
}

// arrayElements takes a one-dimensional array of texts apart. See "Array Input and Output Syntax" in the manual.
func arrayElements(s string) ([]string, error) {
	if len(s) < 2 || s[0] != '{' || s[len(s)-1] != '}' {
		return nil, refuse([]byte(s), "it is no list")
	}
	var out []string
	for s = s[1 : len(s)-1]; s != ""; {
		var b strings.Builder
		i, quoted := 0, s[0] == '"'
		if quoted {
			i = 1
		}
		for ; i < len(s) && (quoted && s[i] != '"' || !quoted && s[i] != ','); i++ {
			if s[i] == '{' && !quoted {
				return nil, refuse([]byte(s), "it is a list of lists")
			}
			if s[i] == '\\' && i+1 < len(s) {
				i++
			}
			b.WriteByte(s[i])
		}
		if quoted {
			i++
		}
		if !quoted && strings.EqualFold(b.String(), "NULL") {
			return nil, refuse([]byte(s), "a member is NULL")
		}
		out = append(out, b.String())
		if i < len(s) {
			i++ // the comma
		}
		s = s[min(i, len(s)):]
	}
	return out, nil
}

func fromHex(dst, src []byte) ([]byte, error) {
	if len(src) < 2 || src[0] != '\\' || src[1] != 'x' {
		return dst, refuse(src, "bytes must be printed as hexadecimal digits")
	}
	dst, err := hex.AppendDecode(dst, src[2:])
	if err != nil {
		return dst, refuse(src, "bytes must be printed as hexadecimal digits")
	}
	return dst, nil
}

func raw(typ types.Binary, t pgType) decoder {
	switch {
	case t.is("bytea"):
		return func(dst, src []byte) ([]byte, error) {
			start := len(dst)
			dst, err := fromHex(dst, src)
			for typ.Fixed && len(dst)-start < typ.N {
				dst = append(dst, 0)
			}
			return dst, err
		}
	case t.is("uuid"):
		return func(dst, src []byte) ([]byte, error) {
			return hex.AppendDecode(dst, bytes.ReplaceAll(src, []byte("-"), nil))
		}
	}
	return nil
}

// dated tells that a text begins with a date of the years 1 to 9999, the only ones that both databases hold.
func dated(src []byte) bool {
	return len(src) >= 10 && src[4] == '-' && src[7] == '-' && !bytes.HasSuffix(src, []byte("BC"))
}

const noDate = "the date is before the year 1, behind the year 9999, or infinite"

func date(dst, src []byte) ([]byte, error) {
	if !dated(src) || len(src) != 10 {
		return dst, refuse(src, noDate)
	}
	return append(dst, src...), nil
}

// moment takes YYYY-MM-DD HH:MM:SS[.ffffff].
func moment(dst, src []byte, precision int) ([]byte, error) {
	if !dated(src) || len(src) < 19 {
		return dst, refuse(src, noDate)
	}
	dst = append(dst, src[:19]...)
	return fraction(dst, src, src[19:], precision)
}

// fraction writes .ffffff with exactly precision digits, or nothing.
func fraction(dst, whole, frac []byte, precision int) ([]byte, error) {
	if len(frac) > 0 && frac[0] != '.' {
		return dst, refuse(whole, "it is no time")
	}
	frac = bytes.TrimPrefix(frac, []byte("."))
	if len(frac) > precision {
		if len(bytes.Trim(frac[precision:], "0")) > 0 {
			return dst, refuse(whole, fmt.Sprintf("seconds have %d places behind the point", precision))
		}
		frac = frac[:precision]
	}
	if precision == 0 {
		return dst, nil
	}
	dst = append(append(dst, '.'), frac...)
	for range precision - len(frac) {
		dst = append(dst, '0')
	}
	return dst, nil
}

// instant takes timestamps with zone, which a session in UTC prints with +00, and those without.
func instant(precision int, t pgType) decoder {
	switch {
	case t.is("timestamptz"):
		return func(dst, src []byte) ([]byte, error) {
			text, utc := bytes.CutSuffix(src, []byte("+00"))
			if !utc {
				return dst, refuse(src, noDate)
			}
			return moment(dst, text, precision)
		}
	case t.is("timestamp"):
		return func(dst, src []byte) ([]byte, error) { return moment(dst, src, precision) }
	}
	return nil
}

// span takes times of day and intervals of days and smaller units; a day has 24 hours.
func span(precision int, t pgType) decoder {
	switch {
	case t.is("time"):
		return func(dst, src []byte) ([]byte, error) {
			if len(src) < 8 {
				return dst, refuse(src, "it is no time")
			}
			return fraction(append(dst, src[:8]...), src, src[8:], precision)
		}
	case t.is("interval"):
		return func(dst, src []byte) ([]byte, error) { return interval(dst, src, precision) }
	}
	return nil
}

// interval reads the style "postgres": [N day[s]] [[+-]H:MM:SS[.f]], years and months only if they are there.
func interval(dst, src []byte, precision int) ([]byte, error) {
	var days, clock int64 // clock in microseconds
	words := strings.Fields(string(src))
	for i := 0; i < len(words); i++ {
		if strings.Contains(words[i], ":") {
			c, err := clockMicros(words[i])
			if err != nil || i != len(words)-1 {
				return dst, refuse(src, "it is no span of time")
			}
			clock = c
			continue
		}
		n, err := strconv.ParseInt(words[i], 10, 64)
		if err != nil || i+1 == len(words) {
			return dst, refuse(src, "it is no span of time")
		}
		i++
		if words[i] != "day" && words[i] != "days" {
			return dst, refuse(src, "months have no fixed length")
		}
		days = n
	}
	if days > 36 || days < -36 || clock > maxSpan || clock < -maxSpan {
		return dst, refuse(src, "times end at 838:59:59")
	}
	total := days*24*3600*1e6 + clock
	if total < 0 {
		dst, total = append(dst, '-'), -total
	}
	if total > 838*3600e6+59*60e6+59*1e6+999999 {
		return dst, refuse(src, "times end at 838:59:59")
	}
	s := total / 1e6
	dst = fmt.Appendf(dst, "%02d:%02d:%02d", s/3600, s/60%60, s%60)
	return fraction(dst, src, fmt.Appendf(nil, ".%06d", total%1e6), precision)
}

// maxSpan keeps sums far from overflow.
const maxSpan = 1e16

func clockMicros(s string) (int64, error) {
	text, neg := strings.CutPrefix(s, "-")
	text = strings.TrimPrefix(text, "+")
	part := strings.Split(text, ":")
	if len(part) != 3 {
		return 0, ErrValue
	}
	sec, frac, _ := strings.Cut(part[2], ".")
	var total int64
	for _, p := range []string{part[0], part[1], sec} {
		n, err := strconv.ParseUint(p, 10, 32)
		if err != nil {
			return 0, err
		}
		total = total*60 + int64(n)
	}
	total *= 1e6
	if frac != "" {
		n, err := strconv.ParseUint((frac + "000000")[:6], 10, 32)
		if err != nil || len(frac) > 6 {
			return 0, ErrValue
		}
		total += int64(n)
	}
	if neg {
		total = -total
	}
	return total, nil
}

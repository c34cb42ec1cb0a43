package godwit

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"godwit/emit/postgres"
	"godwit/ir/catalog"
	"godwit/ir/rewrite/builtins"
	"godwit/ir/rewrite/cast"
	"godwit/ir/types"
	"godwit/parser/scan"
)

// class is a class of constants of one type of column: all of a class are written in the same way, so that one of them tells for all.
// It is a bit, so that those of a column are a set.
type class uint32

const (
	noClass   class = 0
	nullValue class = 1 << (iota - 1)
	zeroNumber
	positive
	negative
	fraction
	negativeFraction
	exponent
	plainText
	emptyText
	escapedText
	brokenText // with line breaks
	blankText  // with blanks at its end
	dayOnly
	moment
	momentFraction
	longTime
	zeroDate
	quotedNumber
	quotedFraction
	negativeExponent
	truth
	byDefault
	bitDigits
	byteDigits
	binaryText
	binaryBytes
	noWhole
	negativeNoWhole
	readDay
	readMoment
	readCall
	joinedText
)

// long are the classes that are written as calls or chains of literals, which the printer breaks where they are too long for a line.
const long = readCall | joinedText

// appendConstant writes a constant as the target has it in a column, if it is of a class that is known to pass by the rule of its class.
// zeroDates is what becomes of zero dates by the policy, "" if that is not a date; helpers is the schema of helper routines.
func appendConstant(buf []byte, k scan.Constant, c *catalog.Column, zeroDates, helpers string) ([]byte, class) {
	if k.Kind == scan.NullConstant {
		if !c.Nullable || c.AutoIncrement {
			return buf, noClass
		}
		return append(buf, "NULL"...), nullValue
	}
	if k.Kind == scan.DefaultConstant && !c.AutoIncrement {
		return append(buf, "DEFAULT"...), byDefault
	}
	switch t := c.Type.(type) {
	case types.Int, types.Decimal, types.Float, types.Year:
		return appendNumber(buf, k, c)
	case types.Text:
		if k.Kind == scan.JoinedConstant {
			return appendJoined(buf, k, t)
		}
		if k.Kind != scan.TextConstant || !utf8.ValidString(k.Text) {
			return buf, noClass
		}
		if k.Text == "" && t.EmptyIsNull {
			if !c.Nullable {
				return buf, noClass
			}
			return append(buf, "NULL"...), emptyText
		}
		return postgres.AppendLiteral(buf, k.Text), textClass(k.Text, t)
	case types.JSON:
		return appendDocument(buf, k, t)
	case types.Bit:
		return appendBits(buf, k, t)
	case types.Binary:
		return appendBytes(buf, k, t)
	case types.Enum:
		return postgres.AppendLiteral(buf, k.Text), member(k, t.Values)
	case types.Set:
		return postgres.AppendLiteral(buf, k.Text), members(k, t.Values)
	case types.Date, types.DateTime, types.Timestamp, types.Time:
		if k.Kind == scan.TextConstant && zeroDay(k.Text, t) && zeroDates != "" {
			return append(append(append(buf, "date '"...), zeroDates...), '\''), zeroDate
		}
		if k.Kind == scan.ReadDateConstant || k.Kind == scan.ReadTimestampConstant {
			return appendRead(buf, k, t, helpers)
		}
		word, cl := temporalClass(k, t)
		return append(append(append(append(buf, word...), " '"...), k.Text...), '\''), cl
	}
	return buf, noClass
}

// appendRead writes a moment that is read by a format, if the target can tell it, or the call that reads it.
func appendRead(buf []byte, k scan.Constant, t types.Type, helpers string) ([]byte, class) {
	to, ok := t.(types.DateTime)
	toDate := k.Kind == scan.ReadDateConstant
	if !ok || !toDate && to.Precision == 0 || k.Text == "" || strings.ContainsAny(k.Text+k.Model, "\x00\r\n\x1a\b") || !utf8.ValidString(k.Text) || !ascii(k.Model) {
		return buf, noClass
	}
	value, calls := builtins.ReadMoment(k.Text, k.Model, toDate)
	if value != "" {
		cl := readDay
		if len(value) > len(time.DateOnly) {
			cl = readMoment
		}
		return append(append(append(buf, "timestamp '"...), value...), '\''), cl
	}
	if !calls || toDate {
		return buf, noClass
	}
	buf = postgres.AppendLiteral(append(append(buf, helpers...), ".to_timestamp("...), k.Text)
	return append(postgres.AppendLiteral(append(buf, ", "...), k.Model), ')'), readCall
}

// appendJoined writes a text that is joined of several.
func appendJoined(buf []byte, k scan.Constant, t types.Text) ([]byte, class) {
	if len(k.Parts) < 2 || t.Fixed {
		return buf, noClass
	}
	n := 0
	for i, p := range k.Parts {
		if i > 0 {
			buf = append(buf, joiner...)
		}
		if n++; p.Code > 0 {
			buf = append(strconv.AppendInt(append(buf, "chr("...), int64(p.Code), 10), ')')
			continue
		}
		if textClass(p.Text, t) != plainText && !strings.HasSuffix(p.Text, " ") || strings.ContainsAny(p.Text, "\n\r\x1a\b\x00") || !utf8.ValidString(p.Text) {
			return buf, noClass
		}
		n += len(p.Text)
		buf = postgres.AppendLiteral(buf, p.Text)
	}
	if t.N > 0 && n > t.N {
		return buf, noClass
	}
	return buf, joinedText
}

// joiner stands between the parts of a text that is joined.
const joiner = " || "

// appendNumber writes a number. Dumps have decimals in quotes as well.
func appendNumber(buf []byte, k scan.Constant, c *catalog.Column) ([]byte, class) {
	cl := noClass
	switch k.Kind {
	case scan.NumberConstant:
		cl = numberClass(k.Text, c.Type)
	case scan.TextConstant:
		if _, ok := c.Type.(types.Decimal); !ok || !number(strings.Replace(k.Text, ".", "", 1)) {
			break
		}
		switch numberClass(k.Text, c.Type) {
		case positive:
			cl = quotedNumber
		case fraction:
			cl = quotedFraction
		}
	case scan.TruthConstant:
		if _, ok := c.Type.(types.Int); ok {
			cl = truth
		}
	}
	if cl == noClass || c.AutoIncrement && cl != positive {
		return buf, noClass
	}
	return append(buf, k.Text...), cl
}

// appendDocument writes a JSON document.
func appendDocument(buf []byte, k scan.Constant, t types.JSON) ([]byte, class) {
	if k.Kind != scan.TextConstant || t.Kind == types.JSONText || !utf8.ValidString(k.Text) || !json.Valid([]byte(k.Text)) {
		return buf, noClass
	}
	return append(postgres.AppendLiteral(buf, cast.ShortNumbers(k.Text)), "::jsonb"...), textClass(k.Text, types.Text{})
}

// appendBits writes bits that a number of 31 bits holds.
func appendBits(buf []byte, k scan.Constant, t types.Bit) ([]byte, class) {
	var v uint64
	var err error
	cl := noClass
	switch k.Kind {
	case scan.BitsConstant:
		v, err = strconv.ParseUint(k.Text, 2, 31)
		cl = bitDigits
	case scan.BytesConstant:
		v, err = strconv.ParseUint(k.Text, 16, 31)
		cl = byteDigits
	case scan.NumberConstant:
		v, err = strconv.ParseUint(k.Text, 10, 31)
		cl = numberClass(k.Text, types.Int{Bits: 32})
	case scan.BinaryConstant:
		for i := range len(k.Text) {
			v = v<<8 | uint64(k.Text[i])
		}
		if cl = binaryText; len(k.Text) == 0 || len(k.Text) > 4 {
			cl = noClass
		}
	}
	if err != nil || t.N < 32 && v >= 1<<t.N || v >= 1<<31 {
		return buf, noClass
	}
	buf = append(strconv.AppendUint(buf, v, 10), "::bit("...)
	return append(strconv.AppendInt(buf, int64(t.N), 10), ')'), cl
}

// appendBytes writes bytes.
func appendBytes(buf []byte, k scan.Constant, t types.Binary) ([]byte, class) {
	n, cl := len(k.Text), plainText
	switch k.Kind {
	case scan.BytesConstant:
		n, cl = n/2, byteDigits
	case scan.BinaryConstant:
		if cl = binaryText; !ascii(k.Text) {
			cl = binaryBytes
		}
	case scan.TextConstant: // what is neither ASCII nor bytes that are no characters may be in the charset of the connection
		if !ascii(k.Text) {
			cl = escapedText
			if utf8.ValidString(k.Text) {
				return buf, noClass
			}
		}
	default:
		return buf, noClass
	}
	if t.Fixed && n != t.N || t.N > 0 && n > t.N || t.MaxBytes > 0 && int64(n) > t.MaxBytes {
		return buf, noClass
	}
	buf = append(buf, `'\x`...)
	if k.Kind == scan.BytesConstant {
		buf = append(buf, strings.ToLower(k.Text)...)
	} else {
		buf = hex.AppendEncode(buf, []byte(k.Text))
	}
	if n == 0 {
		switch k.Kind {
		case scan.TextConstant:
			cl = emptyText
		case scan.BinaryConstant:
			cl = blankText
		default:
			cl = noClass
		}
	}
	return append(buf, "'::bytea"...), cl
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// digits are the parts of a number that is written without an exponent.
type digits struct {
	all         string // without the sign
	whole, rest int    // how many are in front of the point and behind it
	neg, point  bool
	zero        bool // there is no other digit
}

// readDigits takes a number apart; ok is false if there is more to it.
func readDigits(s string) (d digits, ok bool) {
	d.zero = true
	if s != "" && s[0] == '-' {
		d.neg, s = true, s[1:]
	}
	d.all = s
	i := 0
	for ; i < len(s) && '0' <= s[i] && s[i] <= '9'; i++ {
		d.zero = d.zero && s[i] == '0'
	}
	d.whole = i
	if i < len(s) && s[i] == '.' {
		d.point = true
		for i++; i < len(s) && '0' <= s[i] && s[i] <= '9'; i++ {
			d.zero = d.zero && s[i] == '0'
		}
		d.rest = i - d.whole - 1
	}
	return d, i == len(s)
}

// numberClass is the class of a number that is written in the plainest way and that the type holds as it is.
func numberClass(s string, t types.Type) class {
	d, ok := readDigits(s)
	if !ok {
		if strings.ContainsAny(d.all, "eE") {
			return exponentClass(d.neg, t)
		}
		return noClass
	}
	if x, ok := t.(types.Decimal); ok && d.whole == 0 && d.rest > 0 && x.Precision == 0 && d.rest <= 38 && !d.zero {
		if d.neg {
			return negativeNoWhole
		}
		return noWhole
	}
	if d.whole == 0 || d.whole > 1 && d.all[0] == '0' || len(d.all) > 60 || d.point && d.rest == 0 || d.zero && d.neg || !asItIs(t, s, d) {
		return noClass
	}
	switch {
	case d.point && d.neg:
		return negativeFraction
	case d.point:
		return fraction
	case d.zero:
		return zeroNumber
	case d.neg:
		return negative
	}
	return positive
}

// exponentClass is the class of a number with an exponent.
func exponentClass(neg bool, t types.Type) class {
	f, ok := t.(types.Float)
	switch {
	case !ok || f.Bits != 64 || f.Digits != 0 || neg && f.Unsigned:
		return noClass
	case neg:
		return negativeExponent
	}
	return exponent
}

// asItIs tells that a type holds a number as it is.
func asItIs(t types.Type, s string, d digits) bool {
	switch t := t.(type) {
	case types.Int:
		return !d.point && inRange(s, t)
	case types.Year:
		return !d.point && !d.neg && len(d.all) == 4 && d.all >= "1901" && d.all <= "2155"
	case types.Decimal:
		if t.Precision == 0 { // any number
			return len(d.all) <= 38 && t.Scale == 0
		}
		whole := d.whole
		if d.all[0] == '0' {
			whole = 0
		}
		return !(d.neg && t.Unsigned) && d.rest <= t.Scale && whole <= t.Precision-t.Scale
	case types.Float:
		return !(d.neg && t.Unsigned) && t.Digits == 0 && len(d.all) <= 18
	}
	return true
}

// inRange tells that an integer type holds a number, other than the least of all, whose digits alone are too large for the type.
func inRange(s string, t types.Int) bool {
	if t.Bits >= 8 && len(s) <= 2 || t.Bits >= 32 && len(s) <= 9 {
		return !t.Unsigned || s[0] != '-'
	}
	if t.Unsigned {
		_, err := strconv.ParseUint(s, 10, t.Bits)
		return err == nil
	}
	v, err := strconv.ParseInt(s, 10, t.Bits)
	return err == nil && v > -1<<(t.Bits-1)
}

func textClass(s string, t types.Text) class {
	if t.MaxBytes > 0 && int64(len(s)) > t.MaxBytes || t.N > 0 && len(s) > t.N && (t.Unit == types.Bytes || utf8.RuneCountInString(s) > t.N) {
		return noClass
	}
	switch {
	case s == "":
		return emptyText
	case strings.IndexByte(s, 0) >= 0:
		return noClass
	case s[len(s)-1] == ' ':
		if t.Fixed {
			return noClass
		}
		return blankText
	case strings.ContainsAny(s, "\r\x1a\b"):
		return escapedText
	case strings.IndexByte(s, '\n') >= 0:
		return brokenText
	}
	return plainText
}

// member is the class of a label of an ENUM, as it is declared.
func member(k scan.Constant, labels []string) class {
	if k.Kind != scan.TextConstant || special(k.Text) {
		return noClass
	}
	for _, l := range labels {
		if l == k.Text {
			return plainText
		}
		if strings.EqualFold(l, k.Text) {
			return noClass
		}
	}
	return noClass
}

// members is the class of a list of labels of a SET, as they are declared and in their order.
func members(k scan.Constant, labels []string) class {
	if k.Kind != scan.TextConstant || special(k.Text) {
		return noClass
	}
	if k.Text == "" {
		return emptyText
	}
	for rest := k.Text; ; {
		one, more, comma := strings.Cut(rest, ",")
		at := -1
		for i, l := range labels {
			if l == one {
				at = i
				break
			}
			if strings.EqualFold(l, one) {
				return noClass
			}
		}
		if at < 0 {
			return noClass
		}
		if !comma {
			return plainText
		}
		labels, rest = labels[at+1:], more
	}
}

// special tells that a label is none that is written as it stands.
func special(s string) bool {
	return strings.ContainsAny(s, "\x00\r\n\x1a\b") || strings.HasSuffix(s, " ") || strings.HasPrefix(s, " ")
}

// temporalClass is the word in front of a date or time in its usual form, and its class.
func temporalClass(k scan.Constant, t types.Type) (string, class) {
	s := k.Text
	switch k.Kind {
	case scan.TextConstant:
	case scan.DateConstant, scan.TimestampConstant:
		return typedMoment(k, t)
	default:
		return "", noClass
	}
	if x, ok := t.(types.Time); ok {
		if len(s) == 8 && x.Duration && clock(s) {
			return "interval", moment
		}
		if x.Duration && longClock(s) {
			return "interval", longTime
		}
		return "", noClass
	}
	if len(s) < 10 || !day(s[:10]) {
		return "", noClass
	}
	word, precision := "timestamp", 0
	switch x := t.(type) {
	case types.Date:
		if len(s) == 10 {
			return "date", dayOnly
		}
		return "", noClass
	case types.DateTime:
		if len(s) == 10 {
			return "date", dayOnly
		}
		precision = x.Precision
	case types.Timestamp:
		word, precision = "timestamptz", x.Precision
		if s < "1971" || s > "2037" {
			return "", noClass
		}
	}
	switch {
	case len(s) < 19 || s[10] != ' ' || !clock(s[11:19]):
		return "", noClass
	case len(s) == 19:
		return word, moment
	case s[19] != '.' || len(s) == 20 || len(s)-20 > precision || strings.Trim(s[20:], "0123456789") != "":
		return "", noClass
	}
	return word, momentFraction
}

// typedMoment is temporalClass for a constant that says what it is.
func typedMoment(k scan.Constant, t types.Type) (string, class) {
	to, ok := t.(types.DateTime)
	s := k.Text
	switch {
	case !ok || len(s) < 10 || !day(s[:10]):
	case k.Kind == scan.DateConstant:
		if len(s) == 10 {
			return "timestamp", dayOnly
		}
	case to.Precision == 0 || len(s) < 19 || s[10] != ' ' || !clock(s[11:19]):
	case len(s) == 19:
		return "timestamp", moment
	case s[19] == '.' && len(s) > 20 && len(s)-20 <= min(to.Precision, 6) && number(s[20:]):
		return "timestamp", momentFraction
	}
	return "", noClass
}

// day tells that a text is a day of the calendar from the year 1000 on: YYYY-MM-DD.
func day(s string) bool {
	if !number(s[:4]) || s[4] != '-' || !number(s[5:7]) || s[7] != '-' || !number(s[8:]) || s[0] == '0' {
		return false
	}
	m, d := two(s[5:]), two(s[8:])
	if m < 1 || m > 12 || d < 1 || d > 31 {
		return false
	}
	if d <= 28 {
		return true
	}
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// clock tells that a text is a time of the day: HH:MM:SS.
func clock(s string) bool {
	return number(s[:2]) && s[2] == ':' && number(s[3:5]) && s[5] == ':' && number(s[6:]) && two(s) < 24 && two(s[3:]) < 60 && two(s[6:]) < 60
}

// longClock tells that a text is a time below zero or above 24 hours: -HH:MM:SS or HHH:MM:SS.
func longClock(s string) bool {
	s = strings.TrimPrefix(s, "-")
	if len(s) != 8 && len(s) != 9 || !number(s[:len(s)-6]) || s[0] == '0' && len(s) == 9 || !clock("00"+s[len(s)-6:]) {
		return false
	}
	h, err := strconv.Atoi(s[:len(s)-6])
	return err == nil && h < 838
}

// zeroDay tells that a text is the zero date of a type in its usual form.
func zeroDay(s string, t types.Type) bool {
	const zero = "0000-00-00 00:00:00"
	switch t := t.(type) {
	case types.Date:
		return s == zero[:10]
	case types.DateTime:
		return s == zero || t.Precision > 0 && s == zero+"."+"000000"[:t.Precision]
	case types.Timestamp:
		return s == zero || t.Precision > 0 && s == zero+"."+"000000"[:t.Precision]
	}
	return false
}

func two(s string) int { return int(s[0]-'0')*10 + int(s[1]-'0') }

func number(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// Layout of rows, as the printer's documents have it: a list of rows is on one line if that fits, otherwise each row has a line; a row that
// is too long for it has a line for its values, or one for each. Where a text has line breaks, what counts is the line up to the first.
const rowIndent = 2 // blanks of one step

// rowWriter writes the rows of one INSERT.
type rowWriter struct {
	head  string // up to VALUES, in lines
	width int
	multi bool // more than one row

	out  []byte // one row on a line, or less
	flat []byte // all rows on one line
	over bool   // they do not fit
	rows int

	row  []byte // the row at hand, on one line
	ends []int  // where its values end
	// wide are the values of the row that are calls or chains and may be too long for a line.
	wide []wideValue
}

// wideValue is a value of a row by its number.
type wideValue struct {
	at    int
	class class
}

// long tells that the value at hand, which starts at a place of the row, is a call or a chain.
func (w *rowWriter) long(start int, c class) {
	if len(w.row)-start > w.width-4*rowIndent {
		w.wide = append(w.wide, wideValue{len(w.ends), c})
	}
}

// value begins a value of the row: what is appended to w.row until the next call.
func (w *rowWriter) value() {
	if len(w.row) == 0 {
		w.row = append(w.row, '(')
		return
	}
	w.ends = append(w.ends, len(w.row))
	w.row = append(w.row, ", "...)
}

// lineWidth is the number of characters up to the first line break.
func lineWidth(s []byte) (n int, broken bool) {
	i := bytes.IndexByte(s, '\n')
	if i < 0 {
		return utf8.RuneCount(s), false
	}
	return utf8.RuneCount(s[:i]), true
}

// end ends a row; last tells that none follows.
func (w *rowWriter) end(last bool) {
	w.ends = append(w.ends, len(w.row))
	w.row = append(w.row, ')')
	if !w.over {
		if w.rows > 0 {
			w.flat = append(w.flat, ", "...)
		} else {
			w.flat = append(w.flat[:0], "VALUES "...)
		}
		w.flat = append(w.flat, w.row...)
		n, _ := lineWidth(w.flat) // what has a line break on its first line fits, however much follows
		w.over = n > w.width
	}
	w.layRow(last)
	w.rows++
	w.row, w.ends, w.wide = w.row[:0], w.ends[:0], w.wide[:0]
}

func (w *rowWriter) layRow(last bool) {
	depth, col := 0, len("VALUES ")
	if w.multi {
		depth, col = 1, rowIndent
		w.newline(depth)
	}
	n, broken := lineWidth(w.row)
	if !broken && !last {
		n++ // the comma
	}
	if col+n <= w.width {
		w.out = append(w.out, w.row...)
	} else {
		w.out = append(w.out, '(')
		inner := w.row[1 : len(w.row)-1]
		w.newline(depth + 1)
		if n, _ := lineWidth(inner); (depth+1)*rowIndent+n <= w.width {
			w.out = append(w.out, inner...)
		} else {
			w.list(depth + 1)
		}
		w.newline(depth)
		w.out = append(w.out, ')')
	}
	if !last {
		w.out = append(w.out, ',')
	}
}

// list writes each value on a line.
func (w *rowWriter) list(depth int) {
	from, wide := 1, w.wide
	for i, end := range w.ends {
		if i > 0 {
			w.out = append(w.out, ',')
			w.newline(depth)
		}
		value := w.row[from:end]
		if len(wide) > 0 && wide[0].at == i {
			w.layLong(value, wide[0].class, depth, i == len(w.ends)-1)
			wide = wide[1:]
		} else {
			w.out = append(w.out, value...)
		}
		from = end + len(", ")
	}
}

// layLong writes a call of literals, with each argument on a line where it does not fit on one, or a chain of literals and such calls,
// with each operand on a line. last tells that no comma follows.
func (w *rowWriter) layLong(value []byte, c class, depth int, last bool) {
	n := utf8.RuneCount(value)
	if !last {
		n++
	}
	switch {
	case depth*rowIndent+n <= w.width:
		w.out = append(w.out, value...)
	case c == joinedText:
		w.layParts(value, joiner, "", joiner[1:], depth+1)
	default:
		open := bytes.IndexByte(value, '(') + 1
		w.out = append(w.out, value[:open]...)
		w.newline(depth + 1)
		w.layParts(value[open:len(value)-1], ", ", ",", "", depth+1)
		w.newline(depth)
		w.out = append(w.out, ')')
	}
}

// layParts writes literals with a line break for each separator between them, and what stands of that in front of it and behind it.
func (w *rowWriter) layParts(parts []byte, sep, before, behind string, depth int) {
	quoted := false
	for at := 0; at < len(parts); at++ {
		c := parts[at]
		if c == '\'' {
			quoted = !quoted
		}
		if quoted || c != sep[0] || string(parts[at:min(at+len(sep), len(parts))]) != sep {
			w.out = append(w.out, c)
			continue
		}
		w.out = append(w.out, before...)
		w.newline(depth)
		w.out = append(w.out, behind...)
		at += len(sep) - 1
	}
}

func (w *rowWriter) newline(depth int) {
	w.out = append(w.out, '\n')
	for range depth * rowIndent {
		w.out = append(w.out, ' ')
	}
}

// text is the statement.
func (w *rowWriter) text() []byte {
	n, _ := lineWidth(w.flat)
	switch one := !strings.Contains(w.head, "\n"); {
	case !w.over && one && utf8.RuneCountInString(w.head)+1+n <= w.width:
		return append([]byte(w.head+" "), w.flat...)
	case !w.over && w.multi:
		return append([]byte(w.head+"\n"), w.flat...)
	}
	return w.out
}

// newRowWriter begins a statement. What it writes of size bytes takes some half more.
func newRowWriter(head string, width, size int, multi bool) *rowWriter {
	w := &rowWriter{head: head, width: width, multi: multi, out: make([]byte, 0, len(head)+size+size*3/4)}
	w.out = append(append(w.out, head...), "\nVALUES"...)
	if !multi {
		w.out = append(w.out, ' ')
	}
	return w
}

package text

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

// encodings are the target's names of charsets with the same bytes.
var encodings = map[string]string{
	"": "UTF8", "utf8mb4": "UTF8", "utf8mb3": "UTF8", "utf8": "UTF8", "ascii": "UTF8", "latin1": "WIN1252", "latin2": "LATIN2", "latin5": "LATIN5",
	"cp1250": "WIN1250", "cp1251": "WIN1251", "cp1256": "WIN1256", "cp1257": "WIN1257", "koi8r": "KOI8R", "koi8u": "KOI8U", "greek": "ISO_8859_7", "hebrew": "ISO_8859_8",
	"cp866": "WIN866", "gbk": "GBK", "euckr": "EUC_KR", "sjis": "SJIS", "big5": "BIG5",
}

// charset is the charset of a text in the source; a text that is ASCII has the same bytes in all.
func charset(x ir.Expr) string {
	if ascii(x) {
		return "ascii"
	}
	switch t := x.TypeOf().(type) {
	case types.Text:
		return strings.ToLower(t.Charset)
	case types.Set:
		return strings.ToLower(t.Charset)
	}
	return ""
}

// encoded is the byte string of a text in the source's charset; ok is false when the target does not know it.
func encoded(x ir.Expr) (ir.Expr, bool) {
	switch kindOf(x) {
	case bytes:
		return x, true
	case other:
		return nil, false
	}
	enc, ok := encodings[charset(x)]
	if !ok {
		return nil, false
	}
	return build.Call("convert_to", x, types.Binary{}, code, x, build.Text(enc)), true
}

// literalBytes are the bytes of a literal.
func literalBytes(x ir.Expr) ([]byte, bool) {
	switch x := x.(type) {
	case *ir.Bytes:
		return x.Value, true
	case *ir.String:
		switch cs := charset(x); {
		case encodings[cs] == "UTF8":
			return []byte(x.Value), true
		case cs == "latin1":
			b, err := charmap.Windows1252.NewEncoder().String(x.Value)
			return []byte(b), err == nil
		}
	}
	return nil, false
}

// decode reads bytes of a charset; ok is false when they are no text that the target can hold.
func decode(b []byte, cs string) (string, bool) {
	s := string(b)
	if strings.ContainsRune(s, 0) {
		return "", false
	}
	switch cs = strings.ToLower(cs); {
	case cs == "ascii":
		return s, asciiText(s)
	case encodings[cs] == "UTF8":
		return s, utf8.ValidString(s)
	case cs == "latin1":
		s, err := charmap.Windows1252.NewDecoder().String(s)
		return s, err == nil
	}
	return "", false
}

// singleByte are charsets in which every character is one byte.
var singleByte = map[string]bool{
	"latin1": true, "latin2": true, "latin5": true, "latin7": true, "cp1250": true, "cp1251": true, "cp1256": true, "cp1257": true,
	"koi8r": true, "koi8u": true, "greek": true, "hebrew": true, "cp850": true, "cp852": true, "cp866": true, "macroman": true, "macce": true,
	"hp8": true, "dec8": true, "swe7": true, "tis620": true, "keybcs2": true, "geostd8": true, "armscii8": true,
}

// document tells a column that keeps a document as the text that was written, in utf8mb4.
func document(e ir.Expr) bool {
	t, ok := e.TypeOf().(types.JSON)
	n, name := e.(*ir.Name)
	if !ok || !name || t.Kind != types.JSONText {
		return false
	}
	_, column := n.Ref.(*ir.ColumnRef)
	return column
}

// charLength: of a byte string it is the number of bytes.
func (l *lowering) charLength(e *ir.Call) ir.Expr {
	if document(e.Args[0]) {
		return e
	}
	switch kindOf(e.Args[0]) {
	case bytes:
		return build.Make(&ir.Call{Op: op.OctetLength, Name: e.Name, Args: e.Args}, e, e.Type, code)
	case other:
		return l.wrong(e)
	}
	return e
}

// octetLength is LENGTH and BIT_LENGTH: of the bytes in the source's charset.
func (l *lowering) octetLength(e *ir.Call) ir.Expr {
	x := e.Args[0]
	if document(x) {
		return e
	}
	switch kindOf(x) {
	case bytes:
		return e
	case other:
		return l.wrong(e)
	}
	cs := charset(x)
	switch {
	case encodings[cs] == "UTF8":
		return e
	case singleByte[cs] && e.Op == op.OctetLength:
		return build.Make(&ir.Call{Op: op.CharLength, Name: e.Name, Args: e.Args}, e, e.Type, code)
	}
	b, ok := encoded(x)
	if !ok {
		return l.refuse(e, "%s of a text in the charset %s", e.Name, cs)
	}
	e.Args[0] = b
	return e
}

// firstByte is ASCII, the first byte, and ORD, the bytes of the first character.
func (l *lowering) firstByte(e *ir.Call) ir.Expr {
	x := e.Args[0]
	if b, ok := literalBytes(x); ok && len(b) > 0 && b[0] < 0x80 {
		if b[0] == 0 {
			return build.Int(0)
		}
		if _, text := x.(*ir.String); text {
			return l.fn("ascii", e, x)
		}
	}
	switch {
	case kindOf(x) == other:
		return l.wrong(e)
	case ascii(x) && kindOf(x) == chars:
		return l.fn("ascii", e, x)
	case e.Op == op.Ord && kindOf(x) == chars && encodings[charset(x)] == "UTF8":
		return l.help("ord", e, x)
	}
	b, ok := encoded(x)
	if !ok || e.Op == op.Ord && kindOf(x) == chars && !singleByte[charset(x)] {
		return l.refuse(e, "%s of a text in the charset %s", e.Name, charset(x))
	}
	return l.help("first_byte", e, b)
}

// char is CHAR(n, ...): bytes, or with USING a text.
func (l *lowering) char(e *ir.Call) ir.Expr {
	var value []byte
	literal := true
	for i, a := range e.Args {
		if _, null := a.(*ir.Null); null {
			continue
		}
		n, ok := build.IntLiteral(a)
		literal = literal && ok
		for shift := 24; shift >= 0; shift -= 8 {
			if v := uint32(n); v>>shift != 0 || shift == 0 {
				value = append(value, byte(v>>shift))
			}
		}
		e.Args[i] = long(a)
		if t, is := a.TypeOf().(types.Int); is && t.Unsigned && t.Bits == 64 && !ok {
			e.Args[i] = l.p.Helper("to_bits", a, a)
		}
	}
	enc, known := encodings[strings.ToLower(e.Word)]
	switch {
	case e.Name == "CHR" && (!literal || len(value) != 1 || value[0] > 127):
		return l.refuse(e, "CHR of a number that is no literal below 128, whose character depends on the charset of the database")
	case e.Word == "binary", e.Word == "":
		if literal {
			return build.Make(&ir.Bytes{Value: value}, e, e.Type, code)
		}
		return l.help("char_bytes", e, e.Args...)
	case literal:
		if e.Name != "CHR" && !strings.Contains(strings.ToUpper(e.Span.Text()), "USING") {
			l.p.Report(separator, e.Span, "%s is a text", e.Span.Text())
		}
		s, ok := decode(value, e.Word)
		if !ok {
			return l.refuse(e, "%s with numbers that are no characters of %s", e.Name, e.Word)
		}
		return build.Make(&ir.String{Value: s}, e, types.Text{N: len([]rune(s)), Charset: e.Word}, code)
	case !known:
		return l.refuse(e, "%s in the charset %s", e.Name, e.Word)
	}
	h := l.help("char_bytes", e, e.Args...)
	h.SetType(types.Binary{})
	return build.Call("convert_from", e, types.Text{Charset: e.Word}, code, h, build.Text(enc))
}

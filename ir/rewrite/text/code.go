package text

import (
	"encoding/hex"
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

// hex is HEX: of the bytes of a text, or of a number as 64 bits.
func (l *lowering) hex(e *ir.Call) ir.Expr {
	x := e.Args[0]
	if b, ok := literalBytes(x); ok {
		return build.Make(&ir.String{Value: strings.ToUpper(hex.EncodeToString(b))}, e, e.Type, code)
	}
	if v, ok := build.IntLiteral(x); ok {
		return build.Make(&ir.String{Value: strings.ToUpper(strconv.FormatUint(uint64(v), 16))}, e, e.Type, code)
	}
	if n, ok := bits(l, x); ok {
		return l.fn("upper", e, build.Call("to_hex", e, e.Type, code, n))
	}
	if whole(x) {
		return l.fn("upper", e, build.Call("to_hex", e, e.Type, code, build.Bigint(x, code)))
	}
	if _, float := x.TypeOf().(types.Float); float {
		return l.refuse(e, "%s of a floating point number, which MySQL and MariaDB round in different ways", e.Name)
	}
	if s, ok := l.text(x); ok {
		x = s
	}
	b, ok := encoded(x)
	if !ok {
		return l.wrong(e)
	}
	return l.fn("upper", e, build.Call("encode", e, e.Type, code, b, build.Text("hex")))
}

// bits is an exact number as 64 bits.
func bits(l *lowering, x ir.Expr) (ir.Expr, bool) {
	switch t := x.TypeOf().(type) {
	case types.Int:
		if v, ok := atLeast(x); ok && v >= 0 && fits(x) {
			return wide(x), true
		}
		if t.Unsigned && t.Bits == 64 || build.Width(x) == 0 && !fits(x) {
			return l.p.Helper("to_bits", x, x), true
		}
		return build.Bigint(x, code), true
	case types.Year:
		return wide(x), true
	case types.Bit:
		return build.As(x, "bigint", types.Int{Bits: 64}, code), true
	case types.Decimal:
		return l.p.Helper("to_bits", x, x), true
	}
	return nil, false
}

// wide is an integer of at least 32 bits.
func wide(x ir.Expr) ir.Expr {
	if build.Width(x) == 16 {
		return build.As(x, "integer", types.Int{Bits: 32}, code)
	}
	return x
}

// text is a value of a simple type as text, in the source's format.
func (l *lowering) text(x ir.Expr) (ir.Expr, bool) {
	t := types.Text{Charset: "ascii"}
	switch xt := x.TypeOf().(type) {
	case types.Text, types.Set, types.Null:
		return x, true
	case types.Enum:
		return build.As(x, "text", types.Text{Charset: xt.Charset, Collation: xt.Collation}, code), true
	case types.Int:
		return build.As(x, "text", t, code), !xt.ZeroFill
	case types.Decimal:
		return build.As(x, "text", t, code), !xt.ZeroFill
	case types.Date:
		return build.As(x, "text", t, code), true
	case types.DateTime:
		return build.As(x, "text", t, code), xt.Precision == 0
	case types.Bit:
		return build.As(build.As(x, "bigint", types.Int{Bits: 64}, code), "text", t, code), true
	case types.Float:
		if xt.Bits == 64 && xt.Digits == 0 && xt.Decimals == 0 {
			h := l.p.Helper("float_text", x, x)
			h.Type = t
			return h, true
		}
	case types.JSON:
		return build.As(x, "text", types.Text{}, code), xt.Kind == types.JSONText
	}
	return nil, false
}

// unhex gives bytes; a literal becomes one.
func (l *lowering) unhex(e *ir.Call) ir.Expr {
	x := e.Args[0]
	if kindOf(x) != chars {
		return l.wrong(e)
	}
	if s, ok := build.TextLiteral(x); ok {
		if len(s)%2 == 1 {
			s = "0" + s
		}
		if b, err := hex.DecodeString(s); err == nil {
			return build.Make(&ir.Bytes{Value: b}, e, e.Type, code)
		}
	}
	return l.help("unhex", e, x)
}

// conv is CONV, BIN and OCT, which read the text of a value.
func (l *lowering) conv(e *ir.Call) ir.Expr {
	x, ok := l.text(e.Args[0])
	if !ok {
		return l.wrong(e)
	}
	from, to := build.Int(10), build.Int(2)
	switch e.Op {
	case op.Oct:
		to = build.Int(8)
	case op.Conv:
		from, to = long(e.Args[1]), long(e.Args[2])
	}
	return l.help("conv", e, x, from, to)
}

// format is FORMAT(x, digits, locale); floats are rounded as ROUND does it.
func (l *lowering) format(e *ir.Call) ir.Expr {
	x, n := e.Args[0], long(e.Args[1])
	if len(e.Args) > 2 {
		if s, ok := build.TextLiteral(e.Args[2]); !ok || notations[strings.ToLower(s)] == unknown {
			return l.refuse(e, "%s in the notation of %s", e.Name, e.Args[2].Base().Span.Text())
		}
	}
	if v, ok := build.IntLiteral(e.Args[1]); ok && v < 0 {
		n, e.Args[1] = build.Int(0), build.Int(0)
	} else if ok && v > 30 {
		n, e.Args[1] = build.Int(30), build.Int(30)
	}
	switch x.TypeOf().(type) {
	case types.Int, types.Decimal, types.Year:
	case types.Float:
		l.p.Report(minus, e.Span, "%s is assumed not to be of a negative number that is rounded to zero", e.Name)
		h := l.p.Helper("round_float", x, x, ir.Clone(short(e.Args[1])))
		h.Type = types.Float{Bits: 64}
		x = build.As(h, "numeric", types.Decimal{}, code)
	default:
		return l.wrong(e)
	}
	out := l.help("format_number", e, x, n)
	if len(e.Args) > 2 {
		if name, ok := build.TextLiteral(e.Args[2]); ok {
			switch notations[strings.ToLower(name)] {
			case swapped:
				return build.Call("translate", e, e.Type, code, out, build.Text(",."), build.Text(".,"))
			case comma:
				return build.Call("translate", e, e.Type, code, out, build.Text(".,"), build.Text(","))
			}
		}
	}
	return out
}

// digest is a function of bytes: MD5, SHA1, CRC32, TO_BASE64.
func (l *lowering) digest(e *ir.Call) ir.Expr {
	x := e.Args[0]
	b, ok := encoded(x)
	switch {
	case !ok:
		return l.refuse(e, "%s of %s", e.Name, x.TypeOf())
	case e.Op == op.MD5 && kindOf(x) == chars && encodings[charset(x)] == "UTF8":
		return e
	case e.Op == op.MD5:
		return l.fn("md5", e, b)
	}
	name := map[op.Op]string{op.SHA1: "sha1", op.CRC32: "crc32", op.ToBase64: "to_base64"}[e.Op]
	return l.help(name, e, b)
}

func (l *lowering) sha2(e *ir.Call) ir.Expr {
	n, known := build.IntLiteral(e.Args[1])
	b, ok := encoded(e.Args[0])
	switch {
	case !ok || !known:
		return l.refuse(e, "%s of %s with a length that is no literal", e.Name, e.Args[0].TypeOf())
	case n == 0:
		n = 256
	case n != 224 && n != 256 && n != 384 && n != 512:
		return build.Null(e, e.Type)
	}
	return l.fn("encode", e, build.Call("sha"+strconv.FormatInt(n, 10), e, types.Binary{}, code, b), build.Text("hex"))
}

func (l *lowering) fromBase64(e *ir.Call) ir.Expr {
	if kindOf(e.Args[0]) != chars {
		return l.wrong(e)
	}
	return l.help("from_base64", e, e.Args[0])
}

// address is the family of functions for network addresses.
func (l *lowering) address(e *ir.Call) ir.Expr {
	x := e.Args[0]
	switch e.Op {
	case op.InetNTOA:
		return l.help("inet_ntoa", e, long(x))
	case op.Inet6NTOA:
		b, ok := encoded(x)
		if !ok {
			return l.wrong(e)
		}
		return l.help("inet6_ntoa", e, b)
	}
	if kindOf(x) != chars {
		return l.wrong(e)
	}
	switch e.Op {
	case op.InetATON:
		return l.help("inet_aton", e, x)
	case op.Inet6ATON:
		return l.help("inet6_aton", e, x)
	case op.IsUUID:
		return l.help("is_uuid", e, x)
	case op.IsIPv4:
		return l.help("is_ipv4", e, x)
	}
	size := build.Call("octet_length", e, types.Int{Bits: 32}, code, l.p.Helper("inet6_aton", e, x))
	no := build.Make(&ir.Bool{}, e, types.Bool{}, "")
	known := build.Call("coalesce", e, types.Bool{}, code, build.Compare(ir.Eq, size, build.Int(16), e, code), no)
	return build.Make(&ir.BoolValue{X: known}, e, e.Type, code)
}

func (l *lowering) uuid(e *ir.Call) ir.Expr {
	switch e.Op {
	case op.UUID, op.SysGUID:
		l.p.Report(identifier, e.Span, "%s becomes gen_random_uuid()", e.Name)
		s := build.As(build.Call("gen_random_uuid", e, types.UUID{}, code), "text", e.Type, code)
		if e.Op == op.UUID {
			return s
		}
		return l.fn("upper", e, build.Call("replace", e, e.Type, code, s, build.Text("-"), build.Text("")))
	}
	swap := int64(0)
	if len(e.Args) > 1 {
		v, ok := build.IntLiteral(e.Args[1])
		if !ok {
			return l.refuse(e, "%s with a second argument that is no literal", e.Name)
		}
		swap = v
	}
	x := e.Args[0]
	if e.Op == op.UUIDToBin {
		if kindOf(x) != chars {
			return l.wrong(e)
		}
		b := l.fn("uuid_send", e, build.As(x, "uuid", types.UUID{}, code))
		if swap != 0 {
			return l.help("uuid_swapped", e, b)
		}
		return b
	}
	if kindOf(x) != bytes {
		return l.wrong(e)
	}
	if swap != 0 {
		h := l.help("uuid_unswapped", e, x)
		h.SetType(types.Binary{N: 16})
		x = h
	}
	id := build.As(build.Call("encode", e, types.Text{}, code, x, build.Text("hex")), "uuid", types.UUID{}, code)
	return build.As(id, "text", e.Type, code)
}

// notation is how a locale writes numbers.
type notation int

const (
	unknown notation = iota
	english          // 1,234.5
	swapped          // 1.234,5
	comma            // 1234,5
)

var notations = map[string]notation{
	"en_us": english, "en_gb": english, "ja_jp": english, "de_de": swapped, "da_dk": swapped,
	"it_it": comma, "es_es": comma, "pt_br": comma, "nl_nl": comma, "pl_pl": comma, "de_at": comma,
}

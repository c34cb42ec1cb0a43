package text

import (
	"strings"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

// counts are functions of the target, and operations that it spells, whose results are 32-bit integers not below zero.
var counts = map[string]bool{
	"strpos": true, "char_length": true, "octet_length": true, "bit_length": true, "ascii": true,
	"locate": true, "locate_text": true, "find_in_set": true, "find_in_list": true, "first_byte": true,
}

func isCount(e ir.Expr) bool {
	switch e := e.(type) {
	case *ir.Call:
		switch e.Op {
		case op.CharLength, op.OctetLength, op.BitLength:
			return true
		}
	case *ir.TargetCall:
		return counts[e.Name]
	case *ir.HelperCall:
		return counts[e.Name]
	}
	return false
}

// atLeast is a number below which an integer never is; ok is false when none is known.
func atLeast(e ir.Expr) (int64, bool) {
	if v, ok := build.IntLiteral(e); ok {
		return v, true
	}
	if isCount(e) {
		return 0, true
	}
	switch e := e.(type) {
	case *ir.Name:
		t, ok := e.Type.(types.Int)
		return 0, ok && t.Unsigned
	case *ir.Binary:
		a, okA := atLeast(e.L)
		b, okB := atLeast(e.R)
		switch {
		case !okA || !okB:
			return 0, false
		case e.Op == ir.Add && small(a) && small(b):
			return a + b, true
		case e.Op == ir.Mul && a >= 0 && b >= 0 && small(a) && small(b):
			return a * b, true
		}
	case *ir.Cast:
		if e.Target && build.Width(e) > 0 {
			return atLeast(e.X)
		}
	}
	return 0, false
}

func small(v int64) bool { return v > -1<<30 && v < 1<<30 }

// fits tells that the target has a 32-bit integer for an expression.
func fits(e ir.Expr) bool {
	if isCount(e) {
		return true
	}
	switch e := e.(type) {
	case *ir.Binary:
		return (e.Op == ir.Add || e.Op == ir.Sub || e.Op == ir.Mul) && fits(e.L) && fits(e.R)
	case *ir.Unary:
		return e.Op == ir.Neg && fits(e.X)
	case *ir.Param:
		return true
	}
	w := build.Width(e)
	return w > 0 && w <= 32
}

// short is an integer for a function of the target that takes 32 bits.
func short(e ir.Expr) ir.Expr {
	if fits(e) {
		return e
	}
	return build.As(e, "integer", types.Int{Bits: 32}, code)
}

// long is an integer for a helper routine, which takes 64 bits.
func long(e ir.Expr) ir.Expr {
	if fits(e) || build.Width(e) == 64 {
		return e
	}
	if t, ok := e.TypeOf().(types.Int); ok && t.Unsigned && t.Bits == 64 {
		n := &ir.Number{Text: "9223372036854775807"}
		n.Type = types.Int{Bits: 64}
		least := build.Make(&ir.Case{Whens: []*ir.When{{Cond: build.Compare(ir.Gt, e, n, e, code), Then: n}}, Else: ir.Clone(e)}, e, e.TypeOf(), code)
		return build.As(least, "bigint", types.Int{Bits: 64}, code)
	}
	return build.As(e, "bigint", types.Int{Bits: 64}, code)
}

// ascii tells that a text surely holds nothing but ASCII characters.
func ascii(e ir.Expr) bool {
	switch e := e.(type) {
	case *ir.String:
		return asciiText(e.Value)
	case *ir.Collate:
		return ascii(e.X)
	case *ir.Cast:
		switch t := e.X.TypeOf().(type) {
		case types.Int, types.Decimal, types.Float, types.Date, types.DateTime, types.Timestamp, types.Year, types.UUID, types.Inet, types.Bit:
			return true
		case types.Enum:
			return asciiText(strings.Join(t.Values, ""))
		}
	case *ir.TargetCall:
		switch e.Name {
		case "encode", "md5", "to_hex", "host":
			return true
		case "upper", "lower", "trim", "ltrim", "rtrim", "substring", "lpad", "rpad", "replace":
			return allASCII(e.Args)
		}
	case *ir.Call:
		if e.Op == op.MD5 {
			return true
		}
	case *ir.HelperCall:
		switch e.Name {
		case "conv", "sha1", "to_base64", "inet_ntoa", "inet6_ntoa", "float_text", "real_text", "time_text", "format_number":
			return true
		}
	case *ir.Concat:
		return allASCII(e.Args)
	}
	switch t := e.TypeOf().(type) {
	case types.Text:
		return t.Charset == "ascii"
	case types.Set:
		return asciiText(strings.Join(t.Values, ""))
	}
	return false
}

// allASCII tells that the texts among several values are ASCII.
func allASCII(list []ir.Expr) bool {
	for _, x := range list {
		if kindOf(x) == chars && !ascii(x) {
			return false
		}
	}
	return true
}

func asciiText(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

package op

import "godwit/ir/types"

// Operations on numbers.
const (
	Abs      Op = "num.abs"
	ACos     Op = "num.acos"
	ASin     Op = "num.asin"
	ATan     Op = "num.atan"
	ATan2    Op = "num.atan2"
	Bin      Op = "num.bin"
	BitCount Op = "num.bit_count"
	Ceil     Op = "num.ceil"
	Conv     Op = "num.conv"
	Cos      Op = "num.cos"
	Cot      Op = "num.cot"
	CRC32    Op = "num.crc32"
	Degrees  Op = "num.degrees"
	Exp      Op = "num.exp"
	Floor    Op = "num.floor"
	Hex      Op = "num.hex"
	Ln       Op = "num.ln"
	Log      Op = "num.log"
	Log10    Op = "num.log10"
	Log2     Op = "num.log2"
	Oct      Op = "num.oct"
	Pi       Op = "num.pi"
	Pow      Op = "num.pow"
	Radians  Op = "num.radians"
	Rand     Op = "num.rand"
	Round    Op = "num.round"
	Sign     Op = "num.sign"
	Sin      Op = "num.sin"
	Sqrt     Op = "num.sqrt"
	Tan      Op = "num.tan"
	Truncate Op = "num.truncate"
)

func numberOps() []Info {
	f, n, i := FloatArg, NumberArg, IntArg
	fl := fixed(floatResult)
	return []Info{
		{Op: Abs, Min: 1, Max: 1, Args: []ArgClass{n}, CanRaise: true, result: absType, Doc: "The absolute value in the argument's own kind of number; an error when the smallest 64-bit integer overflows."},
		{Op: ACos, Min: 1, Max: 1, Args: []ArgClass{f}, result: fl, Doc: "Arc cosine; NULL outside -1..1."},
		{Op: ASin, Min: 1, Max: 1, Args: []ArgClass{f}, result: fl, Doc: "Arc sine; NULL outside -1..1."},
		{Op: ATan, Min: 1, Max: 1, Args: []ArgClass{f}, result: fl, Doc: "Arc tangent."},
		{Op: ATan2, Min: 2, Max: 2, Args: []ArgClass{f}, result: fl, Doc: "Arc tangent of y/x by the signs of both (also ATAN with two arguments)."},
		{Op: Bin, Min: 1, Max: 1, Args: []ArgClass{AnyArg}, result: fixed(text(64)), Doc: "Binary digits of the argument's text, read as num.conv does; of a bit string as a number."},
		{Op: BitCount, Min: 1, Max: 1, Args: []ArgClass{i}, result: fixed(bigResult), Doc: "The number of bits set in the 64-bit unsigned number; of a binary value in all of its bytes (MySQL 8)."},
		{Op: Ceil, Min: 1, Max: 1, Args: []ArgClass{n}, result: ceilType, Doc: "The smallest integer not below the number; exact numbers stay exact."},
		{Op: Conv, Min: 3, Max: 3, Args: []ArgClass{AnyArg, i, i}, Nulls: NullOwn, result: fixed(text(64)), Doc: "A 64-bit unsigned number from one base to another (signed when a base is negative): leading digits count, 0 when there are none, saturates on overflow; NULL when a base is outside 2..36."},
		{Op: Cos, Min: 1, Max: 1, Args: []ArgClass{f}, result: fl, Doc: "Cosine."},
		{Op: Cot, Min: 1, Max: 1, Args: []ArgClass{f}, CanRaise: true, result: fl, Doc: "Cotangent; an error for 0."},
		{Op: CRC32, Min: 1, Max: 1, Args: []ArgClass{BytesArg}, result: fixed(types.Int{Bits: 32, Unsigned: true}), Doc: "The CRC-32 (IEEE) of the bytes."},
		{Op: Degrees, Min: 1, Max: 1, Args: []ArgClass{f}, result: fl, Doc: "Radians to degrees."},
		{Op: Exp, Min: 1, Max: 1, Args: []ArgClass{f}, CanRaise: true, result: fl, Doc: "e to the power; an error when the result is out of range, 0 when it is too small."},
		{Op: Floor, Min: 1, Max: 1, Args: []ArgClass{n}, result: ceilType, Doc: "The largest integer not above the number; exact numbers stay exact."},
		{Op: Hex, Min: 1, Max: 1, Args: []ArgClass{AnyArg}, result: hexType, Doc: "Upper case hexadecimal: of the bytes of text and binary values, of a number as 64-bit unsigned (decimals rounded)."},
		{Op: Ln, Min: 1, Max: 1, Args: []ArgClass{f}, result: fl, Doc: "Natural logarithm; NULL for 0 and below."},
		{Op: Log, Min: 1, Max: 2, Args: []ArgClass{f}, result: fl, Doc: "LOG(x) is num.ln; LOG(b, x) is the logarithm to base b: NULL when x or b is not positive or b is 1."},
		{Op: Log10, Min: 1, Max: 1, Args: []ArgClass{f}, result: fl, Doc: "Logarithm to base 10; NULL for 0 and below."},
		{Op: Log2, Min: 1, Max: 1, Args: []ArgClass{f}, result: fl, Doc: "Logarithm to base 2; NULL for 0 and below."},
		{Op: Oct, Min: 1, Max: 1, Args: []ArgClass{AnyArg}, result: fixed(text(64)), Doc: "Octal digits of the argument's text, read as num.conv does; of a bit string as a number."},
		{Op: Pi, result: fl, Doc: "Pi as Float."},
		{Op: Pow, Min: 2, Max: 2, Args: []ArgClass{f}, CanRaise: true, result: fl, Doc: "x to the power y as Float; an error when the result is no finite number."},
		{Op: Radians, Min: 1, Max: 1, Args: []ArgClass{f}, result: fl, Doc: "Degrees to radians."},
		{Op: Rand, Max: 1, Args: []ArgClass{i}, Nulls: NullNever, Volatility: Volatile, result: fl, Doc: "A random Float from 0 to below 1; with a seed a repeatable series of the engine."},
		{Op: Round, Min: 1, Max: 2, Args: []ArgClass{n, i}, CanRaise: true, result: roundType, Doc: "Rounded to d digits (0), half away from zero on exact numbers, by the C library (nearest, ties to even for d = 0) on Float."},
		{Op: Sign, Min: 1, Max: 1, Args: []ArgClass{n}, result: fixed(intResult), Doc: "-1, 0 or 1."},
		{Op: Sin, Min: 1, Max: 1, Args: []ArgClass{f}, result: fl, Doc: "Sine."},
		{Op: Sqrt, Min: 1, Max: 1, Args: []ArgClass{f}, result: fl, Doc: "Square root; NULL for negative numbers."},
		{Op: Tan, Min: 1, Max: 1, Args: []ArgClass{f}, result: fl, Doc: "Tangent."},
		{Op: Truncate, Min: 2, Max: 2, Args: []ArgClass{n, i}, result: roundType, Doc: "Cut to d digits toward zero; negative d makes digits before the point zero."},
	}
}

func eltType(c Call) types.Type {
	if len(c.Types) < 2 {
		return nil
	}
	n := 0
	for _, t := range c.Types[1:] {
		l := TextLen(t)
		if l == 0 {
			n = 0
			break
		}
		n = max(n, l)
	}
	return textOver(c.Types[1:], n)
}

func hexType(c Call) types.Type {
	t := c.arg(0)
	if types.IsNumeric(t) {
		return text(16)
	}
	return text(2 * 4 * TextLen(t))
}

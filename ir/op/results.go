package op

import "godwit/ir/types"

// result makes the type of a call.
type result = func(Call) types.Type

func fixed(t types.Type) result { return func(Call) types.Type { return t } }

var (
	intResult    = types.Int{Bits: 32}
	bigResult    = types.Int{Bits: 64}
	floatResult  = types.Float{Bits: 64}
	asciiResult  = types.Text{}
	dateResult   = types.Date{}
	binaryResult = types.Binary{}
)

func text(n int) types.Text { return types.Text{N: n} }

// like is the type of an argument.
func like(i int) result { return func(c Call) types.Type { return single(c.arg(i)) } }

// textLike is text with the charset and collation of an argument and no limit of length; binary stays binary.
func textLike(is ...int) result {
	return func(c Call) types.Type {
		if len(is) == 0 {
			return textOver(c.Types, 0)
		}
		var ts []types.Type
		for _, i := range is {
			ts = append(ts, c.arg(i))
		}
		return textOver(ts, 0)
	}
}

// textSame is textLike that keeps the length of the argument.
func textSame(i int) result {
	return func(c Call) types.Type { return textOver([]types.Type{c.arg(i)}, TextLen(c.arg(i))) }
}

// textOver is the text type of a result computed from several values: binary when one is binary, else with the
// charset and collation of the first that has one (ir/resolve corrects the collation by its precedence).
func textOver(ts []types.Type, n int) types.Type {
	out := types.Text{N: n}
	for _, t := range ts {
		switch x := single(t).(type) {
		case types.Unknown:
			return nil
		case types.Binary:
			return types.Binary{N: n}
		case types.Text:
			if out.Charset == "" {
				out.Charset = x.Charset
			}
			if out.Collation.IsZero() {
				out.Collation = x.Collation
			}
		}
	}
	return out
}

// left is text cut to the length that an argument tells.
func cutTo(i int) result {
	return func(c Call) types.Type {
		n := TextLen(c.arg(0))
		if v, ok := c.lit(i); ok && v > 0 && (n == 0 || v < int64(n)) && v <= 65535 {
			n = int(v)
		}
		return textOver([]types.Type{c.arg(0)}, n)
	}
}

// padTo is text of the length that the second argument tells.
func padTo(c Call) types.Type {
	n := 0
	if v, ok := c.lit(1); ok && v > 0 && v <= 65535 {
		n = int(v)
	}
	return textOver(append([]types.Type{c.arg(0)}, c.Types[min(2, len(c.Types)):]...), n)
}

// common is the common type of the arguments from the given one on.
func common(from int) result {
	return func(c Call) types.Type {
		if from > len(c.Types) {
			return nil
		}
		return Common(c.Types[from:])
	}
}

// number is the numeric type of an argument after its conversion.
func number(t types.Type) types.Type {
	if n := asNumber(t); n != nil {
		return n
	}
	switch t.(type) {
	case types.Null:
		return types.Null{}
	case types.Date, types.DateTime, types.Timestamp, types.Time:
		p, s := DecimalOf(t)
		if s == 0 {
			return bigResult
		}
		return types.Decimal{Precision: p, Scale: s}
	case types.Text, types.Enum, types.Set, types.Binary, types.JSON:
		return floatResult
	}
	return nil
}

// absType is the argument's own numeric type; integers become 64 bits.
func absType(c Call) types.Type {
	switch t := number(c.arg(0)).(type) {
	case types.Int:
		return types.Int{Bits: 64, Unsigned: t.Unsigned}
	case types.Decimal:
		return t
	case types.Float:
		if t.Bits == 32 && t.Digits == 0 {
			return floatResult // computed as a double
		}
		return t
	case types.Null:
		return floatResult
	}
	return nil
}

// ceilType is a 64-bit integer for exact numbers of up to 18 digits before the point, a decimal above, else Float.
func ceilType(c Call) types.Type {
	switch t := number(c.arg(0)).(type) {
	case types.Int:
		return types.Int{Bits: 64, Unsigned: t.Unsigned}
	case types.Decimal:
		if t.Precision > 0 && t.Precision-t.Scale <= 17 {
			return bigResult
		}
		return types.Decimal{Precision: max(t.Precision-t.Scale+1, 1)}
	case types.Float, types.Null:
		return floatResult
	}
	return nil
}

// roundType is the type of ROUND and TRUNCATE: exact numbers stay exact, with the scale that a literal tells. Float keeps
// the literal as Decimals, so many digits are shown in text.
func roundType(c Call) types.Type {
	d, known := int64(0), true
	if len(c.Types) > 1 {
		d, known = c.lit(1)
	}
	switch t := number(c.arg(0)).(type) {
	case types.Int:
		return types.Int{Bits: 64, Unsigned: t.Unsigned}
	case types.Decimal:
		if t.Precision == 0 || !known {
			return t
		}
		s := int(min(max(d, 0), 30))
		return types.Decimal{Precision: min(65, t.Precision-t.Scale+s+1), Scale: s}
	case types.Float, types.Null:
		if known && d > 0 && d <= 30 {
			return types.Float{Bits: 64, Decimals: int(d)}
		}
		return floatResult
	}
	return nil
}

func secondsType(c Call) types.Type {
	if len(c.Types) == 0 {
		return bigResult
	}
	switch t := c.arg(0).(type) {
	case types.Date, types.Int, types.Null:
		return bigResult
	case types.DateTime:
		return seconds(t.Precision)
	case types.Timestamp:
		return seconds(t.Precision)
	case types.Time:
		return seconds(t.Precision)
	case types.Unknown:
		return nil
	}
	return types.Decimal{Precision: 18, Scale: 6}
}

func seconds(p int) types.Type {
	if p == 0 {
		return bigResult
	}
	return types.Decimal{Precision: 12 + p, Scale: p}
}

func precisionOr6(t types.Type) int {
	switch t := t.(type) {
	case types.Date, types.Int, types.Null, types.Year:
		return 0
	case types.DateTime, types.Timestamp, types.Time:
		return Precision(t)
	case types.Decimal:
		return min(t.Scale, 6)
	}
	return 6
}

func timeResult(i int) result {
	return func(c Call) types.Type { return types.Time{Precision: precisionOr6(c.arg(i)), Duration: true} }
}

// addTimeType is the type of ADDTIME and SUBTIME: that of the first argument; text stays text.
func addTimeType(c Call) types.Type {
	p := max(precisionOr6(c.arg(0)), precisionOr6(c.arg(1)))
	switch c.arg(0).(type) {
	case types.DateTime, types.Timestamp, types.Date:
		return types.DateTime{Precision: p}
	case types.Time, types.Int, types.Decimal:
		return types.Time{Precision: p, Duration: true}
	case types.Text, types.Enum, types.Set:
		return text(26)
	}
	return nil
}

func sumType(c Call) types.Type {
	switch t := number(c.arg(0)).(type) {
	case types.Int:
		return types.Decimal{Precision: min(65, intDigits(t)+22)}
	case types.Decimal:
		if t.Precision == 0 {
			return t
		}
		return types.Decimal{Precision: min(65, t.Precision+22), Scale: t.Scale}
	case types.Float, types.Null:
		return floatResult
	}
	return nil
}

func avgType(c Call) types.Type {
	switch t := number(c.arg(0)).(type) {
	case types.Int:
		return types.Decimal{Precision: intDigits(t) + 4, Scale: 4}
	case types.Decimal:
		if t.Precision == 0 {
			return t
		}
		s := min(t.Scale+4, 30)
		return types.Decimal{Precision: min(65, t.Precision-t.Scale+s), Scale: s}
	case types.Float, types.Null:
		return floatResult
	}
	return nil
}

// minType is the argument's own type: MIN of an ENUM is the ENUM's text.
func minType(c Call) types.Type {
	switch t := c.arg(0).(type) {
	case types.Bool:
		return intResult
	default:
		return t
	}
}

func jsonResult(Call) types.Type { return types.JSON{Kind: types.JSONBinary} }

// jsonLike is a document of the kind of the first argument: MariaDB's are text.
func jsonLike(c Call) types.Type {
	for _, t := range c.Types {
		if j, ok := t.(types.JSON); ok {
			return j
		}
	}
	return types.JSON{Kind: types.JSONBinary}
}

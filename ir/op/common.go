package op

import (
	"reflect"

	"godwit/ir/types"
)

// Common is the type that several values have together: in COALESCE, CASE, GREATEST, UNION and the like.
// NULLs do not count; nil means that one of the types is unknown.
//
// The rules are those of MySQL (Flow Control Functions, Result Type): numbers stay numbers, temporals stay temporals,
// and everything else becomes text, or binary where one of the values is binary.
func Common(ts []types.Type) types.Type {
	var acc types.Type
	n := 0
	for _, t := range ts {
		if types.IsUnknown(t) {
			return nil
		}
		if _, ok := t.(types.Null); ok {
			continue
		}
		n++
		if acc == nil {
			acc = single(t)
			continue
		}
		acc = common2(acc, single(t))
		if acc == nil {
			return nil
		}
	}
	if acc == nil {
		return types.Null{}
	}
	return acc
}

// single is the type of one value as the result of a function: ENUM and SET become text, predicates numbers.
func single(t types.Type) types.Type {
	switch t := t.(type) {
	case types.Enum:
		return types.Text{N: longest(t.Values), Charset: t.Charset, Collation: t.Collation}
	case types.Set:
		n := 0
		for _, v := range t.Values {
			n += len([]rune(v)) + 1
		}
		return types.Text{N: max(n-1, 1), Charset: t.Charset, Collation: t.Collation}
	case types.Bool:
		return types.Int{Bits: 32}
	case types.Text:
		t.Fixed = false
		return t
	case types.Binary:
		t.Fixed = false
		return t
	case types.Int:
		t.Width, t.ZeroFill = 0, false
		return t
	case types.Decimal:
		t.ZeroFill = false
		return t
	}
	return t
}

func longest(values []string) int {
	n := 1
	for _, v := range values {
		n = max(n, len([]rune(v)))
	}
	return n
}

func common2(a, b types.Type) types.Type {
	if reflect.DeepEqual(a, b) {
		return a
	}
	if t := commonNumber(a, b); t != nil {
		return t
	}
	if types.IsTemporal(a) && types.IsTemporal(b) {
		return commonTemporal(a, b)
	}
	_, ba := a.(types.Binary)
	_, bb := b.(types.Binary)
	if ba || bb {
		return types.Binary{N: commonLen(a, b)}
	}
	if isScalar(a) && isScalar(b) {
		return commonText(a, b)
	}
	return nil
}

func isScalar(t types.Type) bool {
	switch t.(type) {
	case types.Text, types.Int, types.Decimal, types.Float, types.Bit, types.Year, types.JSON, types.UUID, types.Inet:
		return true
	}
	return types.IsTemporal(t)
}

func commonLen(a, b types.Type) int {
	x, y := TextLen(a), TextLen(b)
	if x == 0 || y == 0 {
		return 0
	}
	return max(x, y)
}

func commonText(a, b types.Type) types.Type {
	out := types.Text{N: commonLen(a, b)}
	for _, t := range []types.Type{a, b} {
		x, ok := t.(types.Text)
		if !ok {
			continue
		}
		if out.Charset == "" {
			out.Charset = x.Charset
		}
		if out.Collation.IsZero() {
			out.Collation = x.Collation
		}
	}
	return out
}

func commonTemporal(a, b types.Type) types.Type {
	p := max(Precision(a), Precision(b))
	if _, ok := a.(types.Date); ok {
		if _, ok := b.(types.Date); ok {
			return types.Date{}
		}
	}
	x, xt := a.(types.Time)
	if _, yt := b.(types.Time); xt && yt {
		return types.Time{Precision: p, Duration: x.Duration}
	}
	_, sa := a.(types.Timestamp)
	_, sb := b.(types.Timestamp)
	if sa && sb {
		return types.Timestamp{Precision: p}
	}
	return types.DateTime{Precision: p}
}

// commonNumber is nil when one of them is no number.
func commonNumber(a, b types.Type) types.Type {
	a, b = asNumber(a), asNumber(b)
	if a == nil || b == nil {
		return nil
	}
	fa, xa := a.(types.Float)
	fb, xb := b.(types.Float)
	if xa || xb {
		if xa && xb && fa.Bits == 32 && fb.Bits == 32 {
			return types.Float{Bits: 32}
		}
		return types.Float{Bits: 64}
	}
	ia, xa := a.(types.Int)
	ib, xb := b.(types.Int)
	if xa && xb {
		return commonInt(ia, ib)
	}
	pa, sa := DecimalOf(a)
	pb, sb := DecimalOf(b)
	s := max(sa, sb)
	return types.Decimal{Precision: min(65, max(pa-sa, pb-sb)+s), Scale: min(38, s)}
}

func commonInt(a, b types.Int) types.Type {
	if a.Unsigned == b.Unsigned {
		return types.Int{Bits: max(a.Bits, b.Bits), Unsigned: a.Unsigned}
	}
	u, s := a, b
	if b.Unsigned {
		u, s = b, a
	}
	if u.Bits < s.Bits {
		return types.Int{Bits: s.Bits}
	}
	switch u.Bits {
	case 8:
		return types.Int{Bits: 16}
	case 16:
		return types.Int{Bits: 24}
	case 24:
		return types.Int{Bits: 32}
	case 32:
		return types.Int{Bits: 64}
	}
	return types.Decimal{Precision: 20}
}

// asNumber maps the numeric types to Int, Decimal or Float; nil for others.
func asNumber(t types.Type) types.Type {
	switch t := t.(type) {
	case types.Int:
		return types.Int{Bits: t.Bits, Unsigned: t.Unsigned}
	case types.Decimal:
		return types.Decimal{Precision: t.Precision, Scale: t.Scale}
	case types.Float:
		return types.Float{Bits: t.Bits}
	case types.Year:
		return types.Int{Bits: 16, Unsigned: true}
	case types.Bit:
		return types.Int{Bits: 64, Unsigned: true}
	case types.Bool:
		return types.Int{Bits: 32}
	}
	return nil
}

// Precision is the number of digits of the second's fraction of a temporal type, 0 for others.
func Precision(t types.Type) int {
	switch t := t.(type) {
	case types.Time:
		return t.Precision
	case types.DateTime:
		return t.Precision
	case types.Timestamp:
		return t.Precision
	}
	return 0
}

// DecimalOf tells how many digits, and how many of them behind the point, hold every value of an exact numeric type.
// For other types it is what MySQL assumes.
func DecimalOf(t types.Type) (precision, scale int) {
	switch t := t.(type) {
	case types.Decimal:
		if t.Precision == 0 {
			return 65, 30
		}
		return t.Precision, t.Scale
	case types.Int:
		return intDigits(t), 0
	case types.Year:
		return 4, 0
	case types.Bit:
		return 20, 0
	case types.Bool:
		return 1, 0
	case types.Date:
		return 8, 0
	case types.DateTime:
		return 14 + t.Precision, t.Precision
	case types.Timestamp:
		return 14 + t.Precision, t.Precision
	case types.Time:
		return 7 + t.Precision, t.Precision
	}
	return 65, 30
}

func intDigits(t types.Int) int {
	switch t.Bits {
	case 8:
		return 3
	case 16:
		return 5
	case 24:
		if t.Unsigned {
			return 8
		}
		return 7
	case 32:
		return 10
	}
	if t.Unsigned {
		return 20
	}
	return 19
}

// TextLen is the largest number of characters of a value shown as text, 0 when unlimited or unknown.
func TextLen(t types.Type) int {
	switch t := t.(type) {
	case types.Text:
		return t.N
	case types.Binary:
		return t.N
	case types.Int:
		if t.Unsigned {
			return max(intDigits(t), t.Width)
		}
		return max(intDigits(t)+1, t.Width)
	case types.Decimal:
		if t.Precision == 0 {
			return 0
		}
		n := t.Precision
		if t.Scale > 0 {
			n++
		}
		if t.Scale == t.Precision {
			n++
		}
		if !t.Unsigned {
			n++
		}
		return n
	case types.Float:
		if t.Bits == 32 {
			return 12
		}
		return 23
	case types.Enum:
		return longest(t.Values)
	case types.Set:
		if x, ok := single(t).(types.Text); ok {
			return x.N
		}
	case types.Year:
		return 4
	case types.Bool:
		return 1
	case types.Bit:
		return (t.N + 7) / 8
	case types.Date:
		return 10
	case types.DateTime:
		return 19 + fraction(t.Precision)
	case types.Timestamp:
		return 19 + fraction(t.Precision)
	case types.Time:
		return 10 + fraction(t.Precision)
	case types.UUID:
		return 36
	case types.Inet:
		return 39
	}
	return 0
}

func fraction(p int) int {
	if p == 0 {
		return 0
	}
	return p + 1
}

// AsText is the type of a value shown as text: the same charset and collation if it is text, no collation otherwise.
func AsText(t types.Type) types.Text {
	if x, ok := single(t).(types.Text); ok {
		return x
	}
	return types.Text{N: TextLen(t)}
}

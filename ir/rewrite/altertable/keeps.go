package altertable

import (
	"reflect"
	"slices"

	"godwit/ir/types"
)

// Keeps tells that the target makes of a column's values what the source does when it gets another type, or fails. strict says that
// the source refuses what does not fit, and sameZone that instants are turned into times of a zone, and back, as the source does it.
func Keeps(was, is types.Type, strict, sameZone bool) bool {
	return keeping{strict, sameZone}.keeps(was, is)
}

type keeping struct{ strict, sameZone bool }

func (r keeping) keeps(was, is types.Type) bool {
	was, is = settled(was), settled(is)
	if reflect.DeepEqual(was, is) {
		return true
	}
	switch was := was.(type) {
	case types.Int:
		return r.keepsInt(was, is)
	case types.Decimal:
		switch is := is.(type) {
		case types.Int, types.Decimal:
			return true
		case types.Float:
			return is.Bits == 64 && is.Digits == 0
		case types.Text:
			return !was.ZeroFill && !is.Fixed && r.fits(is.MaxBytes)
		}
	case types.Float:
		switch is := is.(type) {
		case types.Float:
			return was.Digits == 0 && is.Digits == 0
		case types.Int:
			return was.Digits == 0
		}
	case types.Bit:
		_, ok := is.(types.Int)
		return ok
	case types.Year:
		_, ok := is.(types.Int)
		return ok
	case types.Text:
		return r.keepsText(was, is)
	case types.Enum:
		switch is := is.(type) {
		case types.Enum:
			return true
		case types.Text:
			return !is.Fixed && r.fits(is.MaxBytes)
		}
	case types.Set:
		switch is := is.(type) {
		case types.Set:
			return len(is.Values) >= len(was.Values) && slices.Equal(is.Values[:len(was.Values)], was.Values)
		case types.Text:
			return !is.Fixed && r.fits(is.MaxBytes)
		}
	case types.Binary:
		b, ok := is.(types.Binary)
		return ok && !b.Fixed && r.strict
	}
	return r.keepsTime(was, is)
}

// fits tells that what is longer than so many bytes is an error on the source, not cut.
func (r keeping) fits(maxBytes int64) bool { return maxBytes == 0 || r.strict }

func (r keeping) keepsInt(was types.Int, is types.Type) bool {
	switch is := is.(type) {
	case types.Int, types.Decimal, types.Bool:
		return true
	case types.Float: // one rounding, not two
		return is.Digits == 0 && (is.Bits == 64 || was.Bits <= 32)
	case types.Bit:
		return r.strict
	case types.Text:
		return !was.ZeroFill && !is.Fixed && r.fits(is.MaxBytes)
	}
	return false
}

func (r keeping) keepsText(was types.Text, is types.Type) bool {
	switch is := is.(type) {
	case types.Text: // blanks at the end of CHAR are not kept
		return (!is.Fixed || was.Fixed) && Recodes(was, is) && r.fits(is.MaxBytes)
	case types.Enum:
		return Recodes(was, is)
	case types.Int, types.Decimal:
		return r.strict // what is no number is an error on both sides
	}
	return false
}

func (r keeping) keepsTime(was, is types.Type) bool {
	utc := r.sameZone
	switch was := was.(type) {
	case types.Date:
		switch is.(type) {
		case types.DateTime:
			return true
		case types.Timestamp:
			return utc
		}
	case types.DateTime:
		switch is := is.(type) {
		case types.DateTime:
			return is.Precision >= was.Precision
		case types.Timestamp:
			return utc && is.Precision >= was.Precision
		case types.Date:
			return was.Precision == 0
		}
	case types.Timestamp:
		switch is := is.(type) {
		case types.Timestamp:
			return is.Precision >= was.Precision
		case types.DateTime:
			return utc && is.Precision >= was.Precision
		}
	case types.Time:
		t, ok := is.(types.Time)
		return ok && t.Precision >= was.Precision
	}
	return false
}

// settled is a type without what the session added to it, and without what only matters to comparisons.
func settled(t types.Type) types.Type {
	switch t := t.(type) {
	case types.DateTime:
		t.Truncate = false
		return t
	case types.Timestamp:
		t.Truncate = false
		return t
	case types.Time:
		t.Truncate = false
		return t
	case types.Text:
		t.Collation = types.Collation{}
		return t
	case types.Enum:
		t.Collation, t.Name = types.Collation{}, ""
		return t
	case types.Set:
		t.Collation = types.Collation{}
		return t
	}
	return t
}

// Recodes tells that the characters of one type's charset are all in the other's.
func Recodes(was, is types.Type) bool {
	from, to := charsetOf(was), charsetOf(is)
	return from == to || to == "utf8mb4" || from == "ascii" || (to == "utf8" || to == "utf8mb3") && from != "utf8mb4" && from != "binary"
}

func charsetOf(t types.Type) string {
	switch t := t.(type) {
	case types.Text:
		return t.Charset
	case types.Enum:
		return t.Charset
	case types.Set:
		return t.Charset
	}
	return "utf8mb4"
}

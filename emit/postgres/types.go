package postgres

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/types"
)

// TypeSQL spells a type for variables, parameters, casts and columns; ok is false if the target has no such type.
// An ENUM is its named type where it has one, else text; a SET is text; the ranges of unsigned and narrower integers
// are constraints of the column (PostgreSQL manual, chapter 8).
func (e *Emitter) TypeSQL(t types.Type) (sql string, ok bool) {
	switch t := t.(type) {
	case types.Int:
		return intSQL(t)
	case types.Decimal:
		return decimalSQL(t.Precision, t.Scale), true
	case types.Float:
		return floatSQL(t)
	case types.Bool:
		return "boolean", true
	case types.Bit:
		return fmt.Sprintf("bit(%d)", max(t.N, 1)), true
	case types.Text:
		return textSQL(t), true
	case types.Binary:
		return "bytea", true
	case types.Date:
		return "date", true
	case types.Time:
		if t.Duration {
			return fmt.Sprintf("interval(%d)", t.Precision), true
		}
		return fmt.Sprintf("time(%d)", t.Precision), true
	case types.DateTime:
		return fmt.Sprintf("timestamp(%d)", min(t.Precision, maxFraction)), true
	case types.Timestamp:
		return fmt.Sprintf("timestamptz(%d)", min(t.Precision, maxFraction)), true
	case types.Year:
		return "smallint", true
	case types.Interval:
		if t.Whole || t.Precision > 0 && t.Precision < 6 {
			return fmt.Sprintf("interval(%d)", t.Precision), true
		}
		return "interval", true
	case types.Enum:
		if t.Name != "" {
			return t.Name, true
		}
		return "text", true
	case types.Set:
		return "text", true
	case types.JSON:
		if t.Kind == types.JSONText {
			return "text", true
		}
		return "jsonb", true
	case types.UUID:
		return "uuid", true
	case types.Inet:
		return "inet", true
	case types.Geometry:
		switch {
		case e.opt.Spatial != "postgis":
			return "", false
		case t.SRID > 0:
			return "geometry(" + cmp.Or(t.Kind, "GEOMETRY") + ", " + strconv.Itoa(t.SRID) + ")", true
		case t.Kind == "" || t.Kind == "GEOMETRY":
			return "geometry", true
		}
		return "geometry(" + t.Kind + ")", true
	case types.Array:
		elem, ok := e.TypeSQL(t.Elem)
		return elem + "[]", ok
	case types.Null:
		return "text", true
	case types.Named:
		return t.Name, t.Name != ""
	case types.XML:
		return "xml", true
	case types.Cursor:
		return "refcursor", true
	case types.Record:
		if t.Target == "" {
			return "record", true
		}
		return quoteDotted(t.Target), true
	case types.Object:
		return quoteDotted(t.Target), t.Target != ""
	case types.Collection:
		return t.Target, t.Target != ""
	}
	return "", false // Row, Ref, Unknown
}

// maxFraction is the number of digits of a second that the target keeps.
const maxFraction = 6

// quoteDotted quotes the parts of a name.
func quoteDotted(name string) string { return quoteAll(strings.Split(name, ".")) }

// narrow are the integer types that hold all whole numbers of so many digits, in order.
var narrow = []struct {
	digits int
	name   string
}{{4, "smallint"}, {9, "integer"}, {18, "bigint"}}

// ColumnSQL spells the type of a column. Where whole numbers are made integers, a decimal type without digits behind the point is of the
// integer type that holds them; limited then tells that it holds others as well.
func (e *Emitter) ColumnSQL(t types.Type) (sql string, limited, ok bool) {
	if d, isDecimal := t.(types.Decimal); isDecimal && e.opt.Integers == "narrow" && d.Precision > 0 && d.Scale == 0 {
		for _, n := range narrow {
			if d.Precision <= n.digits {
				return n.name, true, true
			}
		}
	}
	if c, text := types.CollationOf(t); text && e.opt.Collations == citext && c.CaseInsensitive {
		if _, enum := t.(types.Enum); !enum {
			return citext, false, true
		}
	}
	sql, ok = e.TypeSQL(t)
	return sql, false, ok
}

// citext is the policy by which case-insensitive texts are of the type of the extension of that name.
const citext = "citext"

func intSQL(t types.Int) (string, bool) {
	switch {
	case t.Bits <= 8, t.Bits == 16 && !t.Unsigned:
		return "smallint", true
	case t.Bits == 16, t.Bits == 24, t.Bits == 32 && !t.Unsigned:
		return "integer", true
	case t.Bits == 32, t.Bits == 64 && !t.Unsigned:
		return "bigint", true
	case t.Bits == 64:
		return "numeric(20)", true
	}
	return "", false
}

func decimalSQL(precision, scale int) string {
	switch {
	case precision == 0:
		return "numeric"
	case scale == 0:
		return fmt.Sprintf("numeric(%d)", precision)
	}
	return fmt.Sprintf("numeric(%d,%d)", precision, scale)
}

func floatSQL(t types.Float) (string, bool) {
	switch {
	case t.Digits > 0:
		return decimalSQL(t.Digits, t.Decimals), true
	case t.Bits == 32:
		return "real", true
	}
	return "double precision", true
}

func textSQL(t types.Text) string {
	if t.Fixed && t.EmptyIsNull && t.N > 0 { // read with its blanks
		return fmt.Sprintf("char(%d)", t.N)
	}
	if t.N > 0 && t.MaxBytes == 0 {
		return fmt.Sprintf("varchar(%d)", t.N)
	}
	return "text"
}

// Collation names the collation with the same comparison: nondeterministic ICU collations of the helper schema for
// case-insensitive text, the root locale for case-sensitive text, "C" for binary collations. With the policy "none"
// there is no collation to name: text compares by the database's default. With the policy "citext" the name is that of a type.
func (e *Emitter) Collation(c types.Collation) (name ir.QName, deterministic, ok bool) {
	switch {
	case c.IsZero():
		return ir.QName{}, true, false
	case c.Binary:
		return ir.Qualified("", "C"), true, true
	case e.opt.Collations == "none":
		return ir.QName{}, true, false
	case e.opt.Collations == citext && c.CaseInsensitive:
		return ir.Qualified("", citext), false, true
	case c.CaseInsensitive && c.AccentInsensitive:
		return ir.Qualified(e.opt.HelperSchema, "ai_ci"), false, true
	case c.CaseInsensitive:
		return ir.Qualified(e.opt.HelperSchema, "as_ci"), false, true
	case c.AccentInsensitive:
		return ir.QName{}, false, false // no MySQL collation is so
	}
	return ir.Qualified("", "und-x-icu"), true, true
}

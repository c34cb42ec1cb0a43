// Package types holds the data types of the IR: what a value can be, independent of any dialect's spelling.
//
// The same types describe columns for DDL, expressions for the resolver and rows for the mover, so that the
// three cannot disagree.
package types

import (
	"fmt"
	"slices"
	"strings"
)

// Type is a sealed sum; every implementation is a struct in this package and is used by value.
type Type interface {
	String() string // a canonical, dialect-free spelling for messages and dumps
	typ()
}

// Int is an integer of 8, 16, 24, 32 or 64 bits.
type Int struct {
	Bits     int
	Unsigned bool
	Width    int  // display width, 0 if none; has a meaning only with ZeroFill
	ZeroFill bool // pads with zeros to Width when shown as text
	Wraps    bool // SIMPLE_INTEGER: +, - and * wrap around
}

// Decimal is an exact number of Precision digits, Scale of them behind the point.
// Precision 0 means unlimited (a target's plain numeric).
type Decimal struct {
	Precision, Scale int
	Unsigned         bool
	ZeroFill         bool
}

// Integral tells whole numbers of at most 18 digits, all of which an integer of 64 bits holds.
func (d Decimal) Integral() bool { return d.Precision > 0 && d.Precision <= 18 && d.Scale == 0 }

// Float is a binary floating point number of 32 or 64 bits. With Digits > 0 it is MySQL's FLOAT(M,D):
// stored values are rounded to Decimals places.
type Float struct {
	Bits             int
	Digits, Decimals int
	Unsigned         bool
}

// Bool is a target's or a predicate's truth value with three states.
type Bool struct{}

// Bit is a string of exactly N bits.
type Bit struct{ N int }

// Unit says what a text length counts.
type Unit int

// Units of lengths.
const (
	Chars Unit = iota
	Bytes
	UTF16
)

// Collation says how text compares. Name is the source's name; the axes are what matters to rules.
type Collation struct {
	Name              string
	CaseInsensitive   bool
	AccentInsensitive bool
	PadSpace          bool // trailing blanks do not count in comparisons
	Binary            bool // compares code points or bytes
}

// IsZero tells that no collation is known.
func (c Collation) IsZero() bool { return c.Name == "" }

// Text is character data. N is the declared length in Unit, 0 when unlimited (or only limited by MaxBytes).
type Text struct {
	N           int
	Unit        Unit
	Fixed       bool  // CHAR: declared blank padded
	MaxBytes    int64 // limit of a LOB kind (TINYTEXT 255), 0 if none
	Charset     string
	Collation   Collation
	EmptyIsNull bool // Oracle's varchar2
}

// Binary is a byte string. N is the declared length, 0 when unlimited.
type Binary struct {
	N        int
	Fixed    bool // BINARY(n): padded with zero bytes
	MaxBytes int64
}

// Date is a calendar date without time.
type Date struct{}

// Time is a time of day; with Duration it is MySQL's TIME, a signed span of up to 838:59:59.
type Time struct {
	Precision int // digits of the second's fraction
	Duration  bool
	Truncate  bool // a store truncates the fraction instead of rounding it
}

// DateTime is a date and time without zone.
type DateTime struct {
	Precision int
	Truncate  bool // a store truncates the fraction instead of rounding it
	Stamp     bool // Oracle's TIMESTAMP without a fraction, which is no DATE
}

// Timestamp is an instant, shown in the session's zone, or with Zoned in the zone that it was written with.
type Timestamp struct {
	Precision int
	Truncate  bool
	Zoned     bool
	Local     bool // Oracle's WITH LOCAL TIME ZONE: another type only where a form of a routine is chosen
}

// Year is MySQL's YEAR: 0 and 1901 to 2155.
type Year struct{}

// Interval is a span of time: of years and months with Months, else of days and seconds.
type Interval struct {
	Precision int // digits of the second's fraction
	Months    bool
	Whole     bool // SECOND(0): Precision is 0 because it is given
	Digits    int  // digits of the years or days in front that its text has at least; 0 for two
}

// Enum is one of a list of values, ordered by position.
type Enum struct {
	Values    []string
	Charset   string
	Collation Collation
	Name      string // name of the type on the target, set when the DDL is lowered
}

// Holds tells that all the values are labels, as they are written.
func (e Enum) Holds(values []string) bool {
	return !slices.ContainsFunc(values, func(v string) bool { return !slices.Contains(e.Values, v) })
}

// Set is any subset of a list of values, written in the list's order and separated by commas.
type Set struct {
	Values    []string
	Charset   string
	Collation Collation
}

// JSONKind says what a JSON column keeps.
type JSONKind int

// Kinds of JSON.
const (
	JSONBinary JSONKind = iota // a normalised document (MySQL JSON, jsonb)
	JSONText                   // the text as written (MariaDB's alias, json)
)

// JSON is a JSON document.
type JSON struct{ Kind JSONKind }

// UUID is a 128-bit identifier.
type UUID struct{}

// Inet is an address of version 4 or 6; 0 is either.
type Inet struct{ Version int }

// Geometry is a spatial value; Kind is GEOMETRY, POINT, ... in upper case.
type Geometry struct {
	Kind string
	SRID int
}

// Row is a composite: a row value, a record, a table's row.
type Row struct {
	Names []string // "" where a field has no name
	Types []Type
}

// Array is a target's array.
type Array struct{ Elem Type }

// Null is the type of a bare NULL.
type Null struct{}

// Ref is a type by the name that the source gives it, before resolution: a user's type, a subtype, or with Attr "TYPE" or "ROWTYPE" that of a column,
// variable, table or cursor. Name has its parts joined by dots.
type Ref struct{ Name, Attr string }

// Record is a record of named fields; two are the same type only when they are the same declaration.
type Record struct{ *RecordDecl }

// RecordDecl is the declaration of a record type, or the row of a table or cursor.
type RecordDecl struct {
	Name   string // as messages show it
	Fields []Field
	// Target is the composite type on the target, schema and name joined by a dot; "" if there is none (a row without a type).
	Target string
	// Of is the *catalog.Table whose row it is, nil for others.
	Of any
	// Partial tells that fields are left out, as nothing of the target stands for them: it has no positions.
	Partial bool
}

// Field is a field of a record.
type Field struct {
	Name    string
	Type    Type
	NotNull bool
	// Target is the name on the target, "" before lowering.
	Target string
	// Column is the *catalog.Column whose value it holds, nil if it is none or not known.
	Column any
}

// Field finds a field by name; nil if there is none.
func (d *RecordDecl) Field(name string) *Field {
	for i := range d.Fields {
		if strings.EqualFold(d.Fields[i].Name, name) {
			return &d.Fields[i]
		}
	}
	return nil
}

// Collection is a nested table, an array or a map of elements.
type Collection struct{ *CollectionDecl }

// CollectionDecl is the declaration of a collection type.
type CollectionDecl struct {
	Name string // as messages show it
	Elem Type
	Key  Type // of an associative array, nil otherwise
	Max  int  // of a VARRAY, 0 otherwise
	// Schema tells a type of the schema, which columns can have.
	Schema bool
	Target string // on the target, "" before lowering
}

// Object is an object type of the schema with attributes and methods.
type Object struct{ *ObjectDecl }

// ObjectDecl is the declaration of an object type.
type ObjectDecl struct {
	Name   string // with its schema, as the catalog has it
	Super  *ObjectDecl
	Fields []Field // inherited ones first
	// Of is the *catalog.ObjectType that it belongs to, nil if that is not known.
	Of     any
	Target string
}

// Cursor is a cursor or a cursor variable; Row is what it yields, nil if that is not known.
type Cursor struct{ Row *RecordDecl }

// XML is an XML document.
type XML struct{}

// Unknown is a type that could not be told; whoever needs it must emit a finding. Why names the reason.
type Unknown struct{ Why string }

// Named is a type known by name only (a target's type, a user's type).
type Named struct{ Name string }

func (Int) typ()        {}
func (Decimal) typ()    {}
func (Float) typ()      {}
func (Bool) typ()       {}
func (Bit) typ()        {}
func (Text) typ()       {}
func (Binary) typ()     {}
func (Date) typ()       {}
func (Time) typ()       {}
func (DateTime) typ()   {}
func (Timestamp) typ()  {}
func (Year) typ()       {}
func (Interval) typ()   {}
func (Enum) typ()       {}
func (Set) typ()        {}
func (JSON) typ()       {}
func (UUID) typ()       {}
func (Inet) typ()       {}
func (Geometry) typ()   {}
func (Row) typ()        {}
func (Array) typ()      {}
func (Null) typ()       {}
func (Unknown) typ()    {}
func (Named) typ()      {}
func (Ref) typ()        {}
func (Record) typ()     {}
func (Collection) typ() {}
func (Object) typ()     {}
func (Cursor) typ()     {}
func (XML) typ()        {}

func unsigned(u bool) string {
	if u {
		return " unsigned"
	}
	return ""
}

func (t Int) String() string { return fmt.Sprintf("int%d%s", t.Bits, unsigned(t.Unsigned)) }
func (t Decimal) String() string {
	if t.Precision == 0 {
		return "decimal" + unsigned(t.Unsigned)
	}
	return fmt.Sprintf("decimal(%d,%d)%s", t.Precision, t.Scale, unsigned(t.Unsigned))
}
func (t Float) String() string {
	if t.Digits > 0 {
		return fmt.Sprintf("float%d(%d,%d)%s", t.Bits, t.Digits, t.Decimals, unsigned(t.Unsigned))
	}
	return fmt.Sprintf("float%d%s", t.Bits, unsigned(t.Unsigned))
}
func (Bool) String() string  { return "bool" }
func (t Bit) String() string { return fmt.Sprintf("bit(%d)", t.N) }
func (t Text) String() string {
	s := "text"
	if t.Fixed {
		s = "char"
	}
	if t.N > 0 {
		s += fmt.Sprintf("(%d)", t.N)
	}
	if !t.Collation.IsZero() {
		s += " collate " + t.Collation.Name
	}
	return s
}
func (t Binary) String() string {
	if t.N > 0 {
		return fmt.Sprintf("binary(%d)", t.N)
	}
	return "binary"
}
func (Date) String() string { return "date" }
func (t Time) String() string {
	if t.Duration {
		return fmt.Sprintf("duration(%d)", t.Precision)
	}
	return fmt.Sprintf("time(%d)", t.Precision)
}
func (t DateTime) String() string { return fmt.Sprintf("datetime(%d)", t.Precision) }
func (t Timestamp) String() string {
	if t.Local {
		return fmt.Sprintf("local timestamp(%d)", t.Precision)
	}
	return fmt.Sprintf("timestamp(%d)", t.Precision)
}
func (Year) String() string { return "year" }
func (t Interval) String() string {
	if t.Months {
		return "interval of months"
	}
	return fmt.Sprintf("interval(%d)", t.Precision)
}
func (t Enum) String() string { return "enum(" + strings.Join(t.Values, ",") + ")" }
func (t Set) String() string  { return "set(" + strings.Join(t.Values, ",") + ")" }
func (t JSON) String() string {
	if t.Kind == JSONText {
		return "json text"
	}
	return "json"
}
func (UUID) String() string   { return "uuid" }
func (t Inet) String() string { return fmt.Sprintf("inet%d", t.Version) }
func (t Geometry) String() string {
	return strings.ToLower(t.Kind)
}
func (t Row) String() string {
	var b strings.Builder
	b.WriteString("row(")
	for i, e := range t.Types {
		if i > 0 {
			b.WriteString(", ")
		}
		if i < len(t.Names) && t.Names[i] != "" {
			b.WriteString(t.Names[i] + " ")
		}
		b.WriteString(e.String())
	}
	return b.String() + ")"
}
func (t Array) String() string   { return t.Elem.String() + "[]" }
func (Null) String() string      { return "null" }
func (t Unknown) String() string { return "unknown" }
func (t Named) String() string   { return t.Name }
func (t Ref) String() string {
	if t.Attr != "" {
		return t.Name + "%" + t.Attr
	}
	return t.Name
}
func (t Record) String() string     { return "record " + t.Name }
func (t Collection) String() string { return "collection " + t.Name }
func (t Object) String() string     { return "object " + t.Name }
func (Cursor) String() string       { return "cursor" }
func (XML) String() string          { return "xml" }

// IsNumeric tells whether values are numbers without any conversion.
func IsNumeric(t Type) bool {
	switch t.(type) {
	case Int, Decimal, Float, Year, Bit:
		return true
	}
	return false
}

// IsText tells whether values are character strings (ENUM and SET included).
func IsText(t Type) bool {
	switch t.(type) {
	case Text, Enum, Set:
		return true
	}
	return false
}

// IsTemporal tells whether values are dates or times.
func IsTemporal(t Type) bool {
	switch t.(type) {
	case Date, Time, DateTime, Timestamp:
		return true
	}
	return false
}

// IsUnknown tells whether the type could not be told; a nil Type is unknown.
func IsUnknown(t Type) bool {
	if t == nil {
		return true
	}
	_, ok := t.(Unknown)
	return ok
}

// CollationOf returns the collation of a text type; ok is false for other types.
func CollationOf(t Type) (c Collation, ok bool) {
	switch t := t.(type) {
	case Text:
		return t.Collation, true
	case Enum:
		return t.Collation, true
	case Set:
		return t.Collation, true
	}
	return Collation{}, false
}

package resolve

import (
	"strings"

	"godwit/ir/catalog"
	"godwit/ir/types"
)

// SystemSchema is what a schema that comes with the source's server is for.
type SystemSchema int

// Kinds of system schemas; the zero value is no system schema.
const (
	_            SystemSchema = iota
	Descriptions              // describes objects: information_schema
	Measurements              // measures the server: performance_schema
	ServerData                // accounts, rights, logs: mysql
	Diagnoses                 // views and routines over the measures: sys
)

// Semantics are the facts of a source dialect that names and types depend on. The front end's package constructs it;
// nothing in this package asks for a dialect's name.
type Semantics struct {
	// Collations lists the known collations by lower-case name.
	Collations map[string]types.Collation
	// CharsetOf tells the charset of a collation by lower-case name.
	CharsetOf map[string]string
	// CharsetDefault is the default collation of a charset, both in lower case.
	CharsetDefault map[string]string
	// CharsetBytes is the greatest number of bytes of one character by charset.
	CharsetBytes map[string]int
	// Unicode names the charsets that hold every character, so that they win over others when texts meet.
	Unicode map[string]bool
	// DefaultCollation is the collation of databases and of literals when no setting says otherwise.
	DefaultCollation string
	// StrictByDefault tells that stores raise errors on bad values when the setting sql-mode is not given.
	StrictByDefault bool
	// LaxGroupByDefault is set when columns outside GROUP BY are allowed without the setting sql-mode.
	LaxGroupByDefault bool
	// DivScale is the number of digits that an exact division and AVG add to the scale of the dividend.
	DivScale int
	// MaxPrecision and MaxScale limit exact numbers.
	MaxPrecision, MaxScale int
	// VariablesHideColumns tells that a local variable or parameter wins over a column of the same name.
	VariablesHideColumns bool
	// NumbersAreConditions tells that a number is a condition (true when not zero) and a predicate a number.
	NumbersAreConditions bool
	// TimesCompareAsText tells that a time and a text that is no literal of a time compare as text.
	TimesCompareAsText bool
	// LastOfEqualTexts tells that GREATEST gives the last of texts that compare as equal, and not the first.
	LastOfEqualTexts bool
	// ExtremesCompareAsText tells that GREATEST and LEAST of numbers and texts compare all of them as texts.
	ExtremesCompareAsText bool
	// EmptyPaddingEmpties tells that LPAD and RPAD with an empty padding give an empty text where there is something to pad.
	EmptyPaddingEmpties bool
	// BitsRoundAway tells that operators on bits round halves of a double away from zero, and not to the even number.
	BitsRoundAway bool
	// NumbersCompareAsDates tells that a number that is no literal, compared with a date, is taken for a date.
	NumbersCompareAsDates bool
	// ConstantsAreStored tells that a constant that is compared with a column of dates or years is what the column would hold of it, and
	// that dates and numbers compare as numbers otherwise.
	ConstantsAreStored bool
	// EarlyErrors tells that early versions answer some queries in other ways than the manual says, which is worth a note.
	EarlyErrors bool
	// DayNamesCount tells that the name of a day, used as a number, is the number of the day from 0 for Monday.
	DayNamesCount bool
	// DeletesAreLax tells that DELETE, unlike INSERT and UPDATE, raises no errors for bad values in its expressions.
	DeletesAreLax bool
	// LabelsAreIntegers tells that an ENUM or SET is a whole number where it is computed with, and not a double.
	LabelsAreIntegers bool
	// BlankIsZero tells that a text without characters is zero where a strict change of rows computes with it as a double, and no error.
	BlankIsZero bool
	// ConditionsFoldQuietly tells that literals which are compared in WHERE of a change raise nothing: they are compared before it begins.
	ConditionsFoldQuietly bool
	// BinaryCastsCountCharacters tells that CAST(text AS BINARY(n)) keeps n characters, not n bytes.
	BinaryCastsCountCharacters bool
	// CopiesTruncate tells that a VARCHAR column or variable which is too long for the one that it is copied into raises an error of state 01000.
	CopiesTruncate bool
	// DecimalPrefixesTruncate tells that a text which begins with a number raises an error of state 01000 for a DECIMAL too.
	DecimalPrefixesTruncate bool
	// BytesAreNumbers tells that a hexadecimal literal that is cast to a number is a big-endian number, and not text.
	BytesAreNumbers bool
	// RanksTakeNoFrame tells that functions which look at the whole partition are an error with a window frame.
	RanksTakeNoFrame bool
	// WindowsTakeNoPositions tells that an integer in PARTITION BY or ORDER BY of a window is an error.
	WindowsTakeNoPositions bool
	// ExtendedWindowsWhole tells that the frame of a window that extends a named one and has no order of its own is the whole partition.
	ExtendedWindowsWhole bool
	// Builtins are the names of all built-in functions in upper case, converted or not.
	Builtins map[string]bool
	// AssignmentsAreStrict tells that text which is no number raises an error in a strict assignment of a routine also where nothing
	// asks for the conversion.
	AssignmentsAreStrict bool
	// CastsCutQuietly tells that CAST(... AS CHAR(n)) cuts without an error in strict changes of rows too.
	CastsCutQuietly bool
	// ZeroIsADate tells that the number 0 is stored as a date without parts, and no error.
	ZeroIsADate bool
	// MomentsAreTexts tells that a date or time that is computed is stored as a number by its text, and a date in a column or variable by
	// the digits of its moment.
	MomentsAreTexts bool
	// DatesAddAsTimes tells that ADDTIME and SUBTIME take a date for a time of its digits, or midnight.
	DatesAddAsTimes bool
	// DatesRound tells that a moment that is stored as a date is rounded to seconds first.
	DatesRound bool
	// EarlyChecksIgnored tells that early versions read CHECK constraints and do not enforce them.
	EarlyChecksIgnored bool
	// OffsetSkipsEqualRows tells that OFFSET behind DISTINCT counts rows that are equal, where all columns are constants.
	OffsetSkipsEqualRows bool
	// ColumnsRefer tells that REFERENCES at a column makes a foreign key; otherwise it means nothing.
	ColumnsRefer bool
	// JSON is the type behind the word JSON.
	JSON types.JSONKind
	// SystemSchemas are the schemas that come with the server, by lower-case name, and SystemTables those of their tables that rules
	// know, by "schema.table" in lower case.
	SystemSchemas map[string]SystemSchema
	SystemTables  map[string]*catalog.Table
	// SourceTable is the name of the table without rows or columns that queries may name in FROM, in upper case ("DUAL").
	SourceTable string
}

// Collation finds a collation by name; names are case-insensitive.
func (s *Semantics) Collation(name string) (types.Collation, bool) {
	c, ok := s.Collations[strings.ToLower(name)]
	return c, ok
}

// Charset is the charset of a collation, "" if it is not known.
func (s *Semantics) Charset(collation string) string { return s.CharsetOf[strings.ToLower(collation)] }

// DefaultOf is the default collation of a charset.
func (s *Semantics) DefaultOf(charset string) (types.Collation, bool) {
	return s.Collation(s.CharsetDefault[strings.ToLower(charset)])
}

// BinaryOf is the collation of a charset that compares code points.
func (s *Semantics) BinaryOf(charset string) (types.Collation, bool) {
	return s.Collation(strings.ToLower(charset) + "_bin")
}

// Package semantics holds the facts of MySQL and MariaDB that names and types depend on.
package semantics

import (
	"godwit/ir/resolve"
	"godwit/ir/types"
	"godwit/parser/mysql/builtins"
)

// MySQL are the semantics of MySQL 8.
func MySQL() *resolve.Semantics {
	s := common()
	s.EarlyChecksIgnored = true
	s.DatesRound = true
	s.DatesAddAsTimes = true
	s.MomentsAreTexts = true
	s.DefaultCollation = "utf8mb4_0900_ai_ci"
	s.JSON = types.JSONBinary
	s.TimesCompareAsText = true
	s.LastOfEqualTexts = true
	s.ExtremesCompareAsText = true
	s.WindowsTakeNoPositions = true
	s.EmptyPaddingEmpties = true
	s.BytesAreNumbers = true
	s.CopiesTruncate = true
	s.ExtendedWindowsWhole = true
	s.ConstantsAreStored = true
	s.EarlyErrors = true
	s.DayNamesCount = true
	s.BlankIsZero = true
	return s
}

// MariaDB are the semantics of MariaDB 10.
func MariaDB() *resolve.Semantics {
	s := common()
	s.DefaultCollation = "utf8mb4_general_ci"
	s.CharsetDefault["utf8mb4"] = "utf8mb4_general_ci"
	s.LaxGroupByDefault = true
	s.ZeroIsADate = true
	s.BitsRoundAway = true
	s.NumbersCompareAsDates = true
	s.DeletesAreLax = true
	s.CastsCutQuietly = true
	s.DecimalPrefixesTruncate = true
	s.ConditionsFoldQuietly = true
	s.LabelsAreIntegers = true
	s.AssignmentsAreStrict = true
	s.BinaryCastsCountCharacters = true
	s.RanksTakeNoFrame = true
	s.JSON = types.JSONText
	s.ColumnsRefer = true
	s.OffsetSkipsEqualRows = true
	return s
}

func common() *resolve.Semantics {
	s := &resolve.Semantics{
		Collations: map[string]types.Collation{}, CharsetOf: map[string]string{},
		CharsetDefault: map[string]string{}, CharsetBytes: map[string]int{},
		Unicode:         map[string]bool{"utf8mb4": true, "utf8mb3": true, "utf8": true, "ucs2": true, "utf16": true, "utf16le": true, "utf32": true},
		StrictByDefault: true, DivScale: 4, MaxPrecision: 65, MaxScale: 30,
		VariablesHideColumns: true, NumbersAreConditions: true, SourceTable: "DUAL",
	}
	s.Builtins = builtins.Names()
	addCollations(s)
	addSystem(s)
	return s
}

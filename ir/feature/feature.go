// Package feature says what each target can express, by version. Code asks for a feature, never for an engine.
package feature

import "godwit/ir/dialect"

// Feature is something that a target may or may not have.
type Feature string

// The features that rules ask for.
const (
	VirtualColumns           Feature = "virtual generated columns"
	NondeterministicLike     Feature = "LIKE on nondeterministic collations"
	NullsNotDistinct         Feature = "UNIQUE NULLS NOT DISTINCT"
	MergeStatement           Feature = "MERGE"
	MergeReturning           Feature = "MERGE ... RETURNING"
	ReturningOld             Feature = "RETURNING OLD"
	AnyValue                 Feature = "any_value aggregate"
	UnnamedSubqueries        Feature = "subqueries in FROM without a name"
	JSONTable                Feature = "JSON_TABLE"
	IsJSON                   Feature = "IS JSON"
	SessionVariablesInQuery  Feature = "assignment inside an expression"
	ContinueHandlers         Feature = "handlers that continue"
	StatementUndo            Feature = "handlers that undo one statement only"
	ResultSetsFromProcedures Feature = "result sets from procedures"
	LeftToRightAssignments   Feature = "left-to-right UPDATE assignments"
	MultiTableUpdate         Feature = "UPDATE of several tables"
	LimitedUpdate            Feature = "UPDATE and DELETE with ORDER BY and LIMIT"
	UpsertAnyKey             Feature = "upsert on any unique key"
	LaxGroupBy               Feature = "columns outside GROUP BY"
	NumbersAsConditions      Feature = "numbers as conditions"
	UnsignedIntegers         Feature = "unsigned integers"
	EnumByPosition           Feature = "ENUM with positions as numbers"
	OnUpdateColumns          Feature = "ON UPDATE CURRENT_TIMESTAMP"
	PrefixIndexes            Feature = "prefix indexes"
	TriggerBodies            Feature = "triggers with a body of their own"
	CaseInsensitiveByDefault Feature = "case-insensitive text"
	PadSpaceComparison       Feature = "comparison that ignores trailing blanks"
)

// Set is what one target version has.
type Set map[Feature]bool

// Has tells whether the target has the feature.
func (s Set) Has(f Feature) bool { return s[f] }

// since lists for each target the first major version with a feature.
var since = map[dialect.Name]map[Feature]int{
	dialect.Postgres: {
		VirtualColumns:       18,
		NondeterministicLike: 18,
		NullsNotDistinct:     15,
		MergeStatement:       15,
		MergeReturning:       17,
		ReturningOld:         18,
		AnyValue:             16,
		UnnamedSubqueries:    16,
		JSONTable:            17,
		IsJSON:               16,
	},
}

// Of folds the table into the set of one target version.
func Of(target dialect.Name, v dialect.Version) Set {
	s := Set{}
	for f, major := range since[target] {
		if v.Major >= major {
			s[f] = true
		}
	}
	return s
}

package resolve

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/source"
	"godwit/ir/types"
)

// Codes that resolution reports.
var (
	unknownName = &diag.Code{
		ID: "NM0001", Title: "a name for which nothing was found", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "A column, variable, alias, label, cursor or condition is not declared in any scope that the source searches, so its type and meaning are not known.",
		Next:  "Check the spelling, or give the converter the definition of the object.",
		Learn: 0.1, Each: 0.2,
	}
	unknownTable = &diag.Code{
		ID: "NM0002", Title: "a table that is not in the catalog", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "The table or view is not among the converted objects; the types of its columns are not known.",
		Next:  "Add the table's definition to the input or to the catalog.",
		Learn: 0.1, Each: 0.3,
	}
	unknownRoutine = &diag.Code{
		ID: "NM0003", Title: "a routine that is not in the catalog", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "The function or procedure is neither built in nor among the converted objects; its result and effects are not known.",
		Next:  "Add the routine's definition to the input or to the catalog.",
		Learn: 0.1, Each: 0.3,
	}
	ambiguousName = &diag.Code{
		ID: "NM0004", Title: "a name that fits several columns", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "Several tables of the statement have a column of that name and the name is not qualified; the source refuses the statement as well.",
		Next:  "Qualify the name with its table.",
		Learn: 0.1, Each: 0.1,
	}
	wrongArguments = &diag.Code{
		ID: "NM0005", Title: "a call with a number of arguments that the routine does not take", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "The source refuses such a call as well.",
		Next:  "Correct the call.",
		Learn: 0.1, Each: 0.1,
	}
	unknownType = &diag.Code{
		ID: "TY0001", Title: "a value whose type could not be told", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "Without the type, conversions, collations and results of the expression cannot be told, so that any conversion would be a guess.",
		Next:  "Cast the value explicitly, or give the converter the definitions that it depends on.",
		Learn: 0.2, Each: 0.3,
	}
	collationConflict = &diag.Code{
		ID: "TY0002", Title: "texts of different collations are compared without a rule that decides", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "Two values of equal coercibility have different collations; the source raises \"Illegal mix of collations\" (Collation Coercibility in Expressions).",
		Next:  "Add a COLLATE clause to one of the operands.",
		Learn: 0.2, Each: 0.2,
	}
	earlyChecks = &diag.Code{
		ID: "NM0027", Title: "CHECK constraints that early versions do not enforce", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "Before MySQL 8.0.16 the server reads CHECK constraints and forgets them. The target enforces them: rows that break one are not loaded, and statements that store such rows fail (MySQL Reference Manual, CHECK Constraints).",
		Next: "Look for rows that break a constraint if the server is older than 8.0.16.",
	}
	dynamicVariable = &diag.Code{
		ID: "TY0003", Title: "a user variable whose type depends on what ran before", Severity: diag.Info, Fidelity: diag.Approximate,
		Doc:   "A user variable takes the type of the last value assigned to it. Where the assignments cannot all be seen, or have different types, the variable is read as text, and numbers made of it are floating point.",
		Next:  "Check what the statement does with the variable, or cast it at the place of use.",
		Learn: 0.3, Each: 0.2,
	}
	unknownCollation = &diag.Code{
		ID: "TY0004", Title: "a collation that is not known", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "How text compares under this collation is not known.",
		Next:  "Choose one of the documented collations on the source, or state how it compares.",
		Learn: 0.2, Each: 0.1,
	}
	mixedClasses = &diag.Code{
		ID: "TY0005", Title: "values of classes that have no common meaning", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "The source converts between these classes of values by rules that depend on the moment or on the server (a time against a date, say).",
		Next:  "Cast one of the values explicitly.",
		Learn: 0.3, Each: 0.3,
	}
)

var spatialFunction = &diag.Code{
	ID: "TY0450", Title: "spatial function", Severity: diag.Error, Fidelity: diag.Refused,
	Doc: "PostgreSQL itself has no spatial functions for geometries of this kind (MySQL Reference Manual, \"Spatial Analysis Functions\"); the extension PostGIS has, with differences in axis " +
		"order, reference systems and results on invalid geometries that have to be judged case by case.",
	Next:  "Install PostGIS, move the columns to its type geometry, and write the expression with its functions of the same name.",
	Learn: 2, Each: 0.5,
}

var unconvertedBuiltin = &diag.Code{
	ID: "NM0095", Title: "a built-in function without a conversion", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:   "The function is built into the source: it belongs to the server's own tables, to replication or plugins, or to formats that the target does not have (docs/functions.md lists all of them).",
	Next:  "Leave the call out, or write a function of that name for the target.",
	Learn: 0.5, Each: 0.5,
}

var mixedChoice = &diag.Code{
	ID: "TY0012", Title: "a choice between dates and numbers", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc:  "The result of CASE, IF, COALESCE or UNION with dates and numbers is text (MySQL Reference Manual, \"Flow Control Functions\"); where it is used as a number within the same query, the source may take the date's number instead. Assumed: it is used as text.",
	Next: "Nothing, or cast the values to one type.",
	Each: 0.01,
}

var variableDigits = &diag.Code{
	ID: "TY0011", Title: "digits of a number in a user variable", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc:  "A user variable keeps more or fewer digits of a computed DECIMAL than a query shows (1 / 3 is 0.333333333). Assumed: the number is used, not shown.",
	Next: "Nothing, or cast the value to the digits that are wanted.",
	Each: 0.01,
}

var extendedWindow = &diag.Code{
	ID: "QY0096", Title: "a window that extends a named one", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc:  "A definition in WINDOW that extends another one takes its order, so that its frame ends at the current row (MySQL Reference Manual, \"Named Windows\"). MySQL 8.0 computes over the whole partition instead, unless the definition has an order of its own.",
	Next: "Nothing, or write OVER w, which all versions understand alike.",
	Each: 0.01,
}

var labelWindow = &diag.Code{
	ID: "QY0097", Title: "a window in the order of an ENUM", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: "The rows up to the current one count in a window that is ordered by an ENUM (MySQL Reference Manual, \"Window Function Frame Specification\"). Early versions of MySQL 8.0 take rows with different " +
		"labels there for equal ones: COUNT(*) OVER (ORDER BY e, id) jumps to the last row. Assumed: what the manual says is wanted.",
	Next: "Nothing, or order by e + 0, which all versions understand alike.",
	Each: 0.01,
}

var emptyNumber = &diag.Code{
	ID: "TY0013", Title: "text that is used as a number in an assignment", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `A strict session raises an error where an assignment in a routine uses a text that is no number as one: for literals, variables, columns and results of stored functions, and not for what other
functions make of texts. The empty text counts as 0 there; the target raises an error for it too.`,
	Next: "Nothing, if the text is a number; else test it before.", Each: 0.1,
}

var chosenDatabase = &diag.Code{
	ID: "NM0025", Title: "no database is in use", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc:  "The statement names a table without its database, and no USE stands before it. The table is assumed to be the only one of its name among all databases of the input.",
	Next: "Nothing; or name the database with --schema.",
}

var computedBits = &diag.Code{
	ID: "TY0870", Title: "bits that a function gives", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `MIN, MAX, IFNULL, IF, CASE, window functions and subqueries of BIT columns give bits in MySQL, which it sends and joins to texts as bytes or as the digits of a number, by the function and
by the plan of the query (MySQL Reference Manual, "Bit-Value Type - BIT"). They are bits on the target. Assumed: they are used as numbers or bits.`,
	Next: "Write the column + 0 where a number is wanted.", Each: 0.02,
}

// noteBits tells of bits that are no column.
func (r *Resolver) noteBits(e ir.Expr) {
	if _, bits := e.TypeOf().(types.Bit); bits {
		r.note(computedBits, e.Base().Span, "%s is assumed to be used as a number or as bits", e.Base().Span.Text())
	}
}

// Codes lists the codes of findings that this package reports.
func Codes() []*diag.Code {
	return []*diag.Code{unknownName, unknownTable, unknownRoutine, ambiguousName, wrongArguments, unknownType, collationConflict, dynamicVariable, unknownCollation, mixedClasses, spatialFunction,
		measuredTable, serverTable, describingTable, diagnosingObject, unknownOutput, extendedWindow, labelWindow, chosenDatabase, changedView, variableDigits, misfit, quotientText, zeroText, zeroNumber, filteredDigits, joinedFraction, timeDigits, outerAggregate, earlyAggregate, rankDigits, returnGoesOn, returnFits, unconvertedBuiltin, mixedChoice, earlyChecks, emptyNumber, chosenDigits,
		innerTruth, equalNull, narrowKey, emptyKey, peers, equalKeys, nullIfDate, boundWithout, equalRows, clipped, anyValue, uncaught, computedBits, allCounted, partMaximum, reachedText, cutResult, lostDays, nullIfWhole, unsignedRange, twoZeros, oddLiteral}
}

// fail reports a finding that refuses the unit.
func (r *Resolver) fail(c *diag.Code, at source.Span, format string, args ...any) {
	if c == unknownType && r.refusal != nil {
		return // it follows from what is not known
	}
	r.unit.Report(c.New(at, format, args...))
	if r.refusal == nil {
		r.refusal = c
	}
}

// note reports a finding that does not refuse the unit.
func (r *Resolver) note(c *diag.Code, at source.Span, format string, args ...any) {
	r.unit.Report(c.New(at, format, args...))
}

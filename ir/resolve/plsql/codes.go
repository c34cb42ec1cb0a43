package plsql

import "godwit/ir/diag"

// Codes that resolution reports: NM0300 to NM0399 about names, TY0500 to TY0549 about types. PK0200, PL0400, QY0300 stand where they are
// used, those of expressions in expr.go.
var (
	unknownName = &diag.Code{
		ID: "NM0300", Title: "a name for which nothing was found", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "A column, variable, parameter, label, cursor or exception is not declared in any scope that the source searches, so its type and meaning are not known.",
		Next:  "Check the spelling, or give the converter the definition of the object.",
		Learn: 0.1, Each: 0.2,
	}
	droppedLater = &diag.Code{
		ID: "NM0682", Title: "Statement with a column that is dropped behind it", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The statement names a column that the script drops later, or gives it a value. In a folder tables have their last form when statements run.",
		Next: "Leave the column out, and name the columns of an INSERT.", Each: 0.1,
	}
	impossibleChange = &diag.Code{
		ID: "DD0820", Title: "ALTER TABLE that the source refuses itself", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The statement adds a column that the table has at this place of the script, or drops or renames one that it does not have (ORA-01430, ORA-00904). A folder with the scripts of several versions of a schema holds such statements: the definition of the table has the change already.",
		Next: "Nothing, if the definition of the table is the newest one; else take the statement and the definition from one version.", Each: 0.1,
	}
	unknownTable = &diag.Code{
		ID: "NM0301", Title: "a table that is not in the catalog", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "The table or view is not among the converted objects, and may exist outside of them; the types of its columns are not known.",
		Next:  "Add the table's definition to the input or to the catalog.",
		Learn: 0.1, Each: 0.3,
	}
	unknownRoutine = &diag.Code{
		ID: "NM0302", Title: "a routine that is not in the catalog", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "The function or procedure is neither built in nor among the converted objects, and may exist outside of them; its result and effects are not known.",
		Next:  "Add the routine's definition to the input or to the catalog.",
		Learn: 0.1, Each: 0.3,
	}
	schemaAssumed = &diag.Code{
		ID: "NM0847", Title: "a name in front of a routine is taken for its schema", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "The call names a routine of the input with another name in front of it, which no statement of the input makes a package or uses as a schema. Assumed: it is the schema of the routine, which the input leaves out, and not a package outside of the input.",
		Next: "Where it is a package, add its specification to the input or to the catalog.",
		Each: 0.05,
	}
	ambiguousName = &diag.Code{
		ID: "NM0303", Title: "a name that fits several columns", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "Several tables of the statement have a column of that name and the name is not qualified; the source refuses the statement as well (ORA-00918).",
		Next:  "Qualify the name with its table.",
		Learn: 0.1, Each: 0.1,
	}
	wrongArguments = &diag.Code{
		ID: "NM0304", Title: "a call that fits no form of the routine", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "The number, names or types of the arguments fit none of the routines of that name, or several of them equally well (PL/SQL Language Reference, \"Overloaded Subprograms\").",
		Next:  "Correct the call, or name the arguments.",
		Learn: 0.1, Each: 0.1,
	}
	rejectedStatement = &diag.Code{
		ID: "NM0306", Title: "a statement that the source refuses", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "The number or types of values or arguments fit not what takes them, so that the source raises an error before it runs the statement. In its place stands a block that raises an error.",
		Next: "Correct the statement, or leave it out.",
		Each: 0.1,
	}
	unknownType = &diag.Code{
		ID: "TY0500", Title: "a value whose type could not be told", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "Without the type, conversions and results of the expression cannot be told, so that any conversion would be a guess.",
		Next:  "Convert the value explicitly, or give the converter the definitions that it depends on.",
		Learn: 0.2, Each: 0.3,
	}
	unknownTypeName = &diag.Code{
		ID: "TY0501", Title: "a type that is not in the catalog", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "The type, or the column, variable or cursor that %TYPE or %ROWTYPE names, is not among the converted objects, and may exist outside of them.",
		Next:  "Add its definition to the input or to the catalog.",
		Learn: 0.1, Each: 0.3,
	}
	nullElement = &diag.Code{
		ID: "PK0247", Title: "Elements of a collection of objects as rows", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "VALUE(t), or an object's method, over TABLE(collection) gives NULL for an element that is NULL. On the target such an element is a row of NULLs, which is told from nothing. Assumed: no element is NULL.",
		Next: "Nothing, or leave NULL elements out of the collection.",
	}
)

// Codes lists the codes of findings that this package reports.
func Codes() []*diag.Code {
	list := []*diag.Code{partialRecord, noReference, rowsOfObjects, underView, superView, unknownName, unknownTable, unknownView, unknownRoutine, schemaAssumed, ambiguousName, wrongArguments, rejectedStatement, unknownType, unknownTypeName, remoteTable, opaqueTable, unsupportedType,
		uncheckedRange, missingSpec, droppedLater, impossibleChange, groupAllItem, convertedFetch, nullElement, roundedFraction}
	return append(list, expressionCodes()...)
}

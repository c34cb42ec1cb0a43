package oracle

import "godwit/ir/diag"

// Codes of PL/SQL.
var (
	codeNoInto = &diag.Code{
		ID: "SY0370", Title: "Query without INTO in a block", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "A block has to say where the rows of a query go. The source does not compile it either.",
		Next: "Add INTO, or open a cursor for the query.", Each: 0.2,
	}
	codeIterator = &diag.Code{
		ID: "SY0371", Title: "Iteration that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "Loops over ranges with a step, queries and cursors are converted, with WHEN and WHILE. Loops over collections, pairs, single values, texts, or several iterations are not.",
		Next: "Write the loop as one over the indexes of the collection, or as several loops.", Each: 0.5,
	}
	codeExternal = &diag.Code{
		ID: "SY0372", Title: "Routine in another language", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The routine is a name for code in C, Java or JavaScript that stands outside of the database's own languages.",
		Next: "Write the routine anew in PL/pgSQL, or in a language that the target has as an extension.", Each: 4,
	}
	codeAccess = &diag.Code{
		ID: "SY0373", Title: "List of who may call is left out", Severity: diag.Info, Fidelity: diag.Exact,
		Doc:  "ACCESSIBLE BY lets only the named units call. Calls that the source compiles work the same; the target does not hold others back.",
		Next: "Revoke the right to execute from those who must not call the routine.",
	}
	codeMacro = &diag.Code{
		ID: "SY0374", Title: "Macro or polymorphic function", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The function's result is a text that becomes part of the query which calls it, or its columns depend on the call. The target has nothing like it.",
		Next: "Write the text of the macro into the queries that call it, or make it a view or a plain function.", Each: 2,
	}
	codeTriggerKind = &diag.Code{
		ID: "SY0375", Title: "Kind of trigger that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "Triggers on nested tables and of editions have no counterpart.",
		Next: "Convert by hand what the trigger does.", Each: 2,
	}
	codeTypeKind = &diag.Code{
		ID: "SY0376", Title: "Kind of type that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "Types whose values are held by code outside of the database (opaque types, classes of Java) have no counterpart.",
		Next: "Convert by hand what the type is for.", Each: 2,
	}
	codeAggregate = &diag.Code{
		ID: "SY0377", Title: "Aggregate function of the user", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The function is computed by the methods of an object type.",
		Next: "Write the states of the aggregate as functions and make it by CREATE AGGREGATE.", Each: 3,
	}
)

// plsqlCodes are the codes of PL/SQL.
func plsqlCodes() []*diag.Code {
	return []*diag.Code{codeNoInto, codeIterator, codeExternal, codeAccess, codeMacro, codeTriggerKind, codeTypeKind, codeAggregate}
}

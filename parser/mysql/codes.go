package mysql

import "godwit/ir/diag"

// Codes that reading a source reports.
var (
	codeSyntax = &diag.Code{
		ID: "SY0001", Title: "Syntax error", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The statement is not one of the source dialect. It is kept as a comment; all other statements go on.",
		Next: "Correct the statement, or convert it by hand.", Each: 0.5,
	}
	codeDepth = &diag.Code{
		ID: "SY0002", Title: "Statement nested too deeply", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "More than 3,000 parentheses, calls, queries, blocks or prefix operators stand in one another. Lists, sums and ELSEIF chains may be of any length.",
		Next: "Split the statement: compute inner parts in statements or routines of their own.", Each: 1,
	}
	codeBytes = &diag.Code{
		ID: "SY0003", Title: "Bytes that are not valid in the input's charset", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The input is read as UTF-8, and these bytes are not. Reading them as something else would be a guess.",
		Next: "Name the charset of the input (latin1), or convert the file to UTF-8.", Each: 0.1,
	}
	codeMode = &diag.Code{
		ID: "SY0004", Title: "A value of sql_mode that cannot be told", Severity: diag.Warning, Fidelity: diag.Approximate,
		Doc:  "The statement sets sql_mode to something that depends on the running server. sql_mode decides how quotes, || and others are read; the mode before the statement stays in force (Server SQL Modes).",
		Next: "Replace the expression by the value that it has on the source.", Each: 0.1,
	}
	codeAdmin = &diag.Code{
		ID: "SY0005", Title: "Statement of administration", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "SHOW, FLUSH, RESET, KILL, XA, table maintenance, users and servers: the target has commands of its own for these, and they belong to its operation rather than to a schema.",
		Next: "Use the target's own command where it is needed.", Each: 0.2,
	}
	codeClient = &diag.Code{
		ID: "SY0006", Title: "Command of the client program", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The line is carried out by the mysql client and never reaches the server.",
		Next: "Drop the line, or do by hand what it does.", Each: 0.1,
	}
	codeCalled = &diag.Code{
		ID: "SY0017", Title: "Another script is called", Severity: diag.Info, Fidelity: diag.Exact,
		Doc:  "The mysql client reads the file that SOURCE names here. It is among the files that are converted, and is read there.",
		Next: "Nothing, if the order of the files is right.", Each: 0.1,
	}
	codeNotRead = &diag.Code{
		ID: "SY0018", Title: "A script that is called cannot be read", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "SOURCE and \\. read another file in the place where they stand (MySQL Reference Manual, \"mysql Client Commands\"): beside the script that is converted, or beside the one that calls it. That file is not there, or calls itself.",
		Next: "Put the file there, or drop the line.", Each: 0.2,
	}
	codeOracle = &diag.Code{
		ID: "SY0007", Title: "Routine in sql_mode=ORACLE", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "Under sql_mode=ORACLE MariaDB reads PL/SQL: packages, blocks with EXCEPTION, := and %TYPE. This front end reads the SQL/PSM form only.",
		Next: "Convert the routine by hand, or with the Oracle front end.", Each: 3,
	}
	codeConstruct = &diag.Code{
		ID: "SY0008", Title: "Construct that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The statement is understood, but has no counterpart among the constructs that are converted.",
		Next: "Convert this statement by hand.", Each: 1,
	}
	codeType = &diag.Code{
		ID: "SY0009", Title: "Unknown data type", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The name is no data type of the source dialect, or has arguments that the type does not take.",
		Next: "Correct the type, or convert the object by hand.", Each: 0.3,
	}
	codePart = &diag.Code{
		ID: "SY0010", Title: "Part of a statement that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "An expression or clause within the statement is understood, but has no counterpart among the constructs that are converted.",
		Next: "Convert this statement by hand.", Each: 0.5,
	}
	codeInternal = &diag.Code{
		ID: "SY0011", Title: "Internal error while reading", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The front end failed on this statement. All other statements went on.",
		Next: "Report it with the statement; convert this one by hand meanwhile.", Each: 2,
	}
	codeOption = &diag.Code{
		ID: "SY0012", Title: "Option that is left out", Severity: diag.Info, Fidelity: diag.Exact,
		Doc:  "The option concerns storage or statistics of the source and changes no result.",
		Next: "Nothing to do.",
	}
	codeArrays = &diag.Code{
		ID: "SY0016", Title: "Multi-valued index that is left out", Severity: diag.Info, Fidelity: diag.Exact,
		Doc:  "An index over the values of an array in a document (MySQL Reference Manual, Multi-Valued Indexes) makes MEMBER OF and JSON_CONTAINS faster and changes no result.",
		Next: "Create a GIN index over the array on the target: CREATE INDEX ... USING gin ((column -> 'path')).", Each: 0.1,
	}
	codeBehaviour = &diag.Code{
		ID: "SY0013", Title: "Option that is left out although it changes behaviour", Severity: diag.Warning, Fidelity: diag.Approximate,
		Doc:  "The clause changes what the source does in the situation that the message names, and is not converted.",
		Next: "Check whether that situation can occur.", Each: 0.3,
	}
)

// Codes are all codes that this front end reports.
func Codes() []*diag.Code {
	return []*diag.Code{codeSyntax, codeDepth, codeBytes, codeMode, codeAdmin, codeClient, codeCalled, codeNotRead, codeOracle, codeConstruct, codeType, codePart, codeInternal, codeOption, codeBehaviour, codeShow, codeLoad, codeArrays}
}

package oracle

import "godwit/ir/diag"

// Codes that reading a source reports.
var (
	codeSyntax = &diag.Code{
		ID: "SY0300", Title: "Syntax error", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The statement is not one of Oracle's SQL, PL/SQL or SQL*Plus. It is kept as a comment; all other statements go on.",
		Next: "Correct the statement, or convert it by hand.", Each: 0.5,
	}
	codeDepth = &diag.Code{
		ID: "SY0301", Title: "Statement nested too deeply", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "More than 3,000 parentheses, calls, queries, blocks or prefix operators stand in one another. Lists, sums and ELSIF chains may be of any length.",
		Next: "Split the statement: compute inner parts in statements or routines of their own.", Each: 1,
	}
	codeBytes = &diag.Code{
		ID: "SY0302", Title: "Bytes that are not valid in the input's charset", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The input is read as UTF-8, and these bytes are not. Reading them as something else would be a guess.",
		Next: "Name the charset of the input (latin1), or convert the file to UTF-8.", Each: 0.1,
	}
	codeInternal = &diag.Code{
		ID: "SY0303", Title: "Internal error while reading", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The front end failed on this statement. All other statements went on.",
		Next: "Report it with the statement; convert this one by hand meanwhile.", Each: 2,
	}
	codeConstruct = &diag.Code{
		ID: "SY0304", Title: "Construct that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The statement is understood, but has no counterpart among the constructs that are converted.",
		Next: "Convert this statement by hand.", Each: 1,
	}
	codeRef = &diag.Code{
		ID: "PK0270", Title: "A pointer to an object is text", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "A value of REF type points to a row of an object table or view (Object-Relational Developer's Guide, \"REF Data Type\"). On the target it is a text of the table and the row's key, which REF(alias) and MAKE_REF make and which compares as the source's does. Assumed: the keys of object tables are neither changed nor used again, and no program looks at the digits of a REF. DEREF, and attributes behind a REF, are refused where they stand.",
		Next: "Nothing, or use the key itself in place of the REF.", Each: 0.05,
	}
	codePart = &diag.Code{
		ID: "SY0305", Title: "Part of a statement that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "An expression or clause within the statement is understood, but has no counterpart among the constructs that are converted.",
		Next: "Convert this statement by hand.", Each: 0.5,
	}
	codeAdmin = &diag.Code{
		ID: "SY0306", Title: "Statement of administration", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "Users, tablespaces, directories, profiles, auditing, the server and its sessions: the target has commands of its own for these, and they belong to its operation rather than to a schema.",
		Next: "Use the target's own command where it is needed.", Each: 0.2,
	}
	codeCommand = &diag.Code{
		ID: "SY0307", Title: "Command of the client program", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The line is carried out by SQL*Plus and never reaches the server, and what it does is not known here.",
		Next: "Drop the line, or do what it does in the target's client.", Each: 0.1,
	}
	codeInclude = &diag.Code{
		ID: "SY0308", Title: "Another script is called", Severity: diag.Info, Fidelity: diag.Exact,
		Doc:  "SQL*Plus reads the named file here. It is among the files that are converted, and is read there.",
		Next: "Nothing, if the order of the files is right.", Each: 0.1,
	}
	codeNotRead = &diag.Code{
		ID: "SY0326", Title: "A script that is called cannot be read", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "@, @@ and START read another file in the place where they stand: beside the script that is converted, or beside the one that calls it (SQL*Plus User's Guide and Reference). That file is not there, calls itself, or its name is not known.",
		Next: "Put the file there, or give a value to the variables in its name (--set define.NAME=value).", Each: 0.2,
	}
	codeConnect = &diag.Code{
		ID: "SY0309", Title: "Change of the connection", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "What follows is read as statements of the user that is named. The connection of the target is not changed.",
		Next: "Convert the scripts of different users one by one, with their schemas.", Each: 0.1,
	}
	codeVariable = &diag.Code{
		ID: "SY0310", Title: "Substitution variable without a value", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "SQL*Plus asks for the value of the variable and puts it into the statement before it is read.",
		Next: "Give the value: DEFINE name = value in the script, or --set define.name=value; or SET DEFINE OFF where & is meant.", Each: 0.1,
	}
	codeAmpersand = &diag.Code{
		ID: "SY0311", Title: "Text that looks like a substitution variable", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "The text holds & with a name behind it, and nothing gives that name a value. It is taken as it stands, as under SET DEFINE OFF.",
		Next: "Put SET DEFINE OFF into the script if that is meant, or give the value by --set define.name=value.", Each: 0.05,
	}
	codeRepeat = &diag.Code{
		ID: "SY0312", Title: "Statement that a slash runs again", Severity: diag.Review, Fidelity: diag.Exact,
		Doc:  "A line with / runs the statement before it, which ended with a semicolon and was run by that. SQL*Plus runs it twice, and so does the result.",
		Next: "Take the slash away where the statement is meant to run once.", Each: 0.05,
	}
	codeExit = &diag.Code{
		ID: "SY0313", Title: "Statement behind EXIT", Severity: diag.Review, Fidelity: diag.Assumed,
		Doc:  "SQL*Plus ends at EXIT and never reads what stands behind it. It is converted all the same.",
		Next: "Take away the EXIT, or what stands behind it.", Each: 0.1,
	}
	codeWrapped = &diag.Code{
		ID: "SY0314", Title: "Wrapped code", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The source of the object was hidden by the wrap utility. It holds nothing that could be read.",
		Next: "Convert the object from its original source.", Each: 4,
	}
	codeCondition = &diag.Code{
		ID: "SY0315", Title: "Condition of conditional compilation that cannot be told", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "What a $IF chooses depends on a constant of a package or on a flag that is not known here.",
		Next: "Give the flags: --set plsql-ccflags='name:value,...'; or keep only the branch that is compiled.", Each: 0.3,
	}
	codeDirective = &diag.Code{
		ID: "SY0316", Title: "Compilation that is stopped by $ERROR", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The branch that is compiled holds $ERROR, so that the unit does not compile on the source.",
		Next: "Correct the flags of conditional compilation.", Each: 0.3,
	}
	codeOption = &diag.Code{
		ID: "SY0317", Title: "Option that is left out", Severity: diag.Info, Fidelity: diag.Exact,
		Doc:  "The option concerns storage, performance or statistics of the source and changes no result.",
		Next: "Nothing to do.",
	}
	codeBehaviour = &diag.Code{
		ID: "SY0318", Title: "Option that is left out although it changes behaviour", Severity: diag.Warning, Fidelity: diag.Approximate,
		Doc:  "The clause changes what the source does in the situation that the message names, and is not converted.",
		Next: "Check whether that situation can occur.", Each: 0.3,
	}
	codeType = &diag.Code{
		ID: "SY0319", Title: "Data type that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The type has no counterpart on the target: pointers to rows and files, values of any type, spatial and vector types.",
		Next: "Change the type on the source, or convert the object by hand.", Each: 1,
	}
	codeSize = &diag.Code{
		ID: "SY0610", Title: "Length that cannot be told", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The length of a text is an expression of constants of packages, and one of them is not in the input or differs between specifications of one name.",
		Next: "Add the specification of the package to the input, or write the length as a number.", Each: 0.3,
	}
	codeRowID = &diag.Code{
		ID: "SY0320", Title: "Address of a row kept as text", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  "ROWID and UROWID hold the physical address of a row of the source. The text stays the same, and addresses nothing on the target.",
		Next: "Use the key of the table instead.", Each: 0.5,
	}
	codeZone = &diag.Code{
		ID: "SY0321", Title: "Time zone that is not stored", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "TIMESTAMP WITH TIME ZONE stores the moment and its zone; the target's timestamptz stores the moment, and shows it in the session's zone.",
		Next: "Keep the zone in a column of its own where it is read.", Each: 0.3,
	}
	codeLeading = &diag.Code{
		ID: "SY0830", Title: "Digits of years and days of an interval", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "An interval has as many digits of years or days as its type says, two if it says nothing; more are ORA-01873 (SQL Language Reference, INTERVAL Data Types). The target's interval takes them. Assumed: nobody relies on the error.",
		Next: "Add a CHECK where the error is wanted.", Each: 0.02,
	}
	codeLink = &diag.Code{
		ID: "SY0322", Title: "Database link", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The statement reads, changes or calls something in another database.",
		Next: "Use a foreign data wrapper on the target, and convert the statement by hand.", Each: 2,
	}
	codeRounds = &diag.Code{
		ID: "SY0324", Title: "Number with few binary digits", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  "FLOAT(n) rounds what is stored to n binary digits. The target's numeric keeps all digits.",
		Next: "Round where values are stored, or check that the values have no more digits.", Each: 0.2,
	}
	codeDigits = &diag.Code{
		ID: "SY0325", Title: "Number with many binary digits", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "REAL and FLOAT(n) round what is stored to n binary digits, 16 decimal digits or more. The target's numeric keeps all digits.",
		Next: "Check that the values have no more digits.", Each: 0.05,
	}
	codeDash = &diag.Code{
		ID: "SY0323", Title: "Dash at the end of a line", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "SQL*Plus takes a dash at the end of a line for a mark that the line goes on, and leaves it out. All other tools send it, and it subtracts.",
		Next: "Put the dash at the start of the next line where it subtracts.", Each: 0.05,
	}
)

// Codes are all codes that this front end reports.
func Codes() []*diag.Code {
	list := []*diag.Code{codeRef, codeSize, codeSyntax, codeDepth, codeBytes, codeInternal, codeConstruct, codePart, codeAdmin, codeCommand, codeInclude, codeNotRead, codeConnect, codeVariable, codeAmpersand,
		codeRepeat, codeExit, codeWrapped, codeCondition, codeDirective, codeOption, codeBehaviour,
		codeType, codeRowID, codeZone, codeLeading, codeLink, codeDash, codeRounds, codeDigits}
	return append(append(list, plsqlCodes()...), sqlCodes()...)
}

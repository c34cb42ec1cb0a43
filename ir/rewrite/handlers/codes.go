package handlers

import "godwit/ir/diag"

var (
	warningHandler = &diag.Code{
		ID: "EH0102", Title: "A handler for warnings", Severity: diag.Info, Fidelity: diag.Approximate,
		Doc:  "The source runs a handler for SQLWARNING or for a state of class 01 when a statement leaves a warning. The target has no conditions for warnings: what is a warning on the source passes in silence or is an error.",
		Next: "Find out which warning the handler waits for and test for it explicitly.", Learn: 1, Each: 1,
	}
	keptByZero = &diag.Code{
		ID: "EH0119", Title: "Variables after a handled error of SELECT ... INTO", Severity: diag.Info, Fidelity: diag.Approximate,
		Doc:  "When a value does not fit its variable, the source has assigned the variables before it and makes this one NULL, and then raises the error; the target leaves all of them as they were. A handler, and what runs after it, can see the difference.",
		Next: "Read each value by a query of its own if the variables are read afterwards.", Each: 0.2,
	}
	unknownCondition = &diag.Code{
		ID: "EH0103", Title: "A condition without a counterpart", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The handler, SIGNAL or RESIGNAL names an error number, an SQLSTATE or a condition for which no condition of the target is known.",
		Next: "Name the SQLSTATE or class that is meant, or convert the handler by hand.", Learn: 0.5, Each: 0.5,
	}
	undoHandler = &diag.Code{
		ID: "EH0104", Title: "An UNDO handler", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "UNDO handlers are not supported by the source either.",
		Next: "Use EXIT.", Each: 0.5,
	}
	callUndone = &diag.Code{
		ID: "EH0105", Title: "A failing call is undone as a whole", Severity: diag.Info, Fidelity: diag.Approximate,
		Doc:  "A CALL under a handler becomes a block with exception arms. When the called procedure fails after it has written something, the source keeps those writes, the target undoes them with the block.",
		Next: "Check whether the earlier writes of the called procedure have to stay when it fails.", Learn: 1, Each: 1,
	}
	callCommits = &diag.Code{
		ID: "EH0106", Title: "A call that ends transactions, under a handler", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "PL/pgSQL cannot COMMIT or ROLLBACK while a block with exception arms is open around the call (Transaction Management).",
		Next: "Move the transaction statements to the caller, or return the outcome as a parameter instead of raising an error.", Learn: 2, Each: 2,
	}
	serverMessage = &diag.Code{
		ID: "EH0107", Title: "The text of a server error is read", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "MESSAGE_TEXT of an error that the server itself raises has other words on the target. Texts set by SIGNAL are kept. It is assumed that nothing depends on the words.",
		Next: "Look for comparisons with the text.", Each: 0.1,
	}
	lostWrites = &diag.Code{
		ID: "EH0108", Title: "A handler writes and raises again", Severity: diag.Info, Fidelity: diag.Approximate,
		Doc:  "In autocommit the source keeps what a handler wrote (a log, say) although the routine then ends with an error. The target undoes everything of a call that ends with an error.",
		Next: "Let the caller write the log, or return the outcome instead of raising.", Learn: 1, Each: 1,
	}
	ownTransaction = &diag.Code{
		ID: "EH0109", Title: "The transaction of a block becomes that of the call", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "START TRANSACTION ... COMMIT with a handler that begins with ROLLBACK becomes a block whose exception arms undo it; the call commits when it ends. It is assumed that the procedure is called on its own, not inside another transaction (there START TRANSACTION would commit the caller's work on the source).",
		Next: "Check that callers do not open a transaction around the call.", Each: 0.1,
	}
	innerNotFound = &diag.Code{
		ID: "EH0110", Title: "NOT FOUND that a called procedure leaves behind", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "When the last statement of a called procedure found no row and nobody handled it, the source runs the caller's handler for NOT FOUND after the CALL. Versions differ in when it does. It is assumed that nothing depends on it.",
		Next: "Check whether the called procedure ends with a SELECT ... INTO that may find nothing.", Each: 0.2,
	}
	hardDiagnostics = &diag.Code{
		ID: "EH0111", Title: "Diagnostics that the target does not keep", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "Only ROW_COUNT and, in a handler, RETURNED_SQLSTATE, MESSAGE_TEXT and MYSQL_ERRNO of condition 1 have a counterpart.",
		Next: "Remove the item, or convert the statement by hand.", Each: 0.5,
	}
	oneCondition = &diag.Code{
		ID: "EH0743", Title: "How many conditions a handler finds", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `GET DIAGNOSTICS ... = NUMBER at the beginning of a handler counts the error that it runs for, and the warnings that the statement left before it failed (MySQL Reference Manual, "GET DIAGNOSTICS
Statement"). Assumed: there are none, so that it is 1.`,
		Next: "Nothing, unless statements with warnings fail as well.",
	}
	pushedCondition = &diag.Code{
		ID: "EH0112", Title: "RESIGNAL with another condition", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `RESIGNAL with a condition puts it behind the one that the handler runs for: on the source GET DIAGNOSTICS CONDITION 1 of a handler around, or of the caller, still finds the first
error's SQLSTATE, number and text. On the target it finds those of RESIGNAL. Which handler runs is the same on both.`,
		Next: "Read the diagnostics where the first error is handled, if a handler around needs them.", Each: 0.1,
	}
	clearedDiagnostics = &diag.Code{
		ID: "EH0114", Title: "GET DIAGNOSTICS behind other statements of a handler", Severity: diag.Info, Fidelity: diag.Approximate,
		Doc: `Versions differ in what GET DIAGNOSTICS CONDITION finds in a handler behind another statement, a condition or a declaration: MariaDB has the error that the handler runs for, MySQL 8.0 nothing (a
warning, and the variables keep their values). The target reads the error that the handler runs for.`,
		Next: "Put GET DIAGNOSTICS first in the handler, or write GET STACKED DIAGNOSTICS.", Each: 0.1,
	}
	nothingFound = &diag.Code{
		ID: "EH0117", Title: "GET DIAGNOSTICS that finds nothing", Severity: diag.Info, Fidelity: diag.Exact,
		Doc: `Behind another statement, a condition or a declaration of a variable in a handler, the current diagnostics area of MySQL is empty: GET DIAGNOSTICS CONDITION 1 finds no condition there, and the variables
keep their values (MySQL Reference Manual, "GET DIAGNOSTICS Statement"). The converted routine leaves the statement out.`,
		Next: "Nothing, if the routine does what it should. Else put GET DIAGNOSTICS first in the handler, or write GET STACKED DIAGNOSTICS.", Each: 0.1,
	}
	sharedCondition = &diag.Code{
		ID: "EH0118", Title: "Errors that the target does not tell apart", Severity: diag.Info, Fidelity: diag.Approximate,
		Doc:  "The target has one condition for both ends of a foreign key (1451 and 1452), one for columns that are NULL or left out (1048 and 1364), and one for a row that is not found and SIGNAL of 02000 in a called routine (1329 and 1643). Which is meant is known by the statement that fails; here it may be either.",
		Next: "Give the statements blocks with handlers of their own.", Each: 0.2,
	}
	firstOfTwo = &diag.Code{
		ID: "EH0892", Title: "A changed key that other tables refer to, and that is taken", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "Where a new value of a key is taken, and rows of other tables refer to the old one, the source tells the foreign key (1451) and the target the duplicate (23505): each finds its own first. Assumed: both do not happen at once, or handlers and programs do not tell them apart.",
		Next: "Nothing, if the errors are treated alike; else test for the rows that refer to the key first.", Each: 0.1,
	}
	halfDone = &diag.Code{
		ID: "EH0115", Title: "Half of a failed change stays in functions", Severity: diag.Info, Fidelity: diag.Approximate,
		Doc: `In functions and triggers the source undoes nothing of a statement that fails and whose error a handler takes: rows that it changed before stay, and so does what triggers wrote for
the row that failed. The target undoes the statement, as both do in procedures.`,
		Next: "Nothing, unless half of the change is wanted.", Each: 0.2,
	}
	badLabel = &diag.Code{
		ID: "EH0121", Title: "A value that an ENUM or SET does not have, under a handler", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc: `In strict mode the source raises error 1265 for such a value, whose SQLSTATE is 01000: handlers for SQLEXCEPTION do not take it, and those for SQLWARNING and 01000 do. The
target raises an error that handlers for SQLEXCEPTION take.`,
		Next: "Check the value before it is stored, if handlers are to tell it.", Each: 0.1,
	}
	badDouble = &diag.Code{
		ID: "EH0773", Title: "A text that is no number for a double, under a handler", Severity: diag.Info, Fidelity: diag.Approximate,
		Doc: `In strict mode the source raises error 1265 where a text that is no number goes into a FLOAT or DOUBLE, whose SQLSTATE is 01000: handlers for SQLEXCEPTION do not take it, and those for
SQLWARNING and 01000 do. The target raises an error that handlers for SQLEXCEPTION take.`,
		Next: "Convert the text to a DECIMAL before, or check it.", Each: 0.1,
	}
	failedFetch = &diag.Code{
		ID: "EH0123", Title: "A FETCH whose values may not fit, under a handler that goes on", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc: `Where a value that FETCH reads does not fit into its variable, MySQL and MariaDB make the variable NULL, leave those behind it as they were, and read two rows at the next FETCH, so that one of
them is lost (measured on MySQL 8.0.15 and MariaDB 10.11). The converted routine runs the handler, leaves all variables as they were, and goes on with the next row.`,
		Next: "Declare the variables with the types of the columns that they take.", Each: 0.2,
	}
	failedNumber = &diag.Code{
		ID: "EH0122", Title: "The number of a row that fails", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `A row that fails because a value does not fit, is NULL, or is left out takes no number of an AUTO_INCREMENT column on the source; on the target the number is taken, and the next row
gets the one behind it. (Rows that break a key take their numbers on both.) Assumed: nobody minds gaps.`,
		Next: "Nothing, unless the numbers have to follow one another.",
	}
	doubleHandler = &diag.Code{
		ID: "EH0116", Title: "Two handlers for one condition", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The source accepts no block with two handlers for the same condition.",
		Next: "Remove one of the handlers.", Each: 0.2,
	}
	raisingCase = &diag.Code{
		ID: "EH0113", Title: "CASE whose conditions can fail, under a handler", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The source goes on behind a CASE statement whose condition raised a handled error. The conditions would have to be evaluated in statements of their own.",
		Next: "Assign the condition to a variable before the CASE.", Each: 0.5,
	}
)

package oracle

import "godwit/ir/diag"

// Codes that reading expressions and queries reports: SY0340 to SY0369.
var (
	codeLikeUnits = &diag.Code{
		ID: "SY0340", Title: "LIKE that counts in other units", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "LIKEC counts complete characters and LIKE2 units of 16 bits, where LIKE counts characters (SQL Language Reference, LIKE Condition). They differ only for an underscore that meets a combining character, or one outside of the basic plane.",
		Next: "Check that the texts have no such characters.",
	}
	codeHint = &diag.Code{
		ID: "SY0341", Title: "Hint that changes what a statement does", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "IGNORE_ROW_ON_DUPKEY_INDEX, CHANGE_DUPKEY_ERROR_INDEX and RETRY_ON_ROW_CHANGE are written as hints, but change which rows are stored and which errors are raised (SQL Language Reference, Hints).",
		Next: "Convert the statement by hand: INSERT ... ON CONFLICT DO NOTHING skips rows whose key exists.", Each: 0.3,
	}
)

// sqlCodes are the codes of this file.
func sqlCodes() []*diag.Code { return []*diag.Code{codeLikeUnits, codeHint} }

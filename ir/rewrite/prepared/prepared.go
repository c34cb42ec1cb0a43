// Package prepared holds the rule for prepared statements whose text is not known.
package prepared

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
)

const code = "DS0100"

var (
	builtText = &diag.Code{
		ID: "DS0101", Title: "A statement whose text is built at run time", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "PREPARE or EXECUTE IMMEDIATE runs a text that is put together from values, or that is set on another path or in another routine. The converter converts texts that are known from the statements before. A text in the source's dialect cannot be run on the target.",
		Next:  "Build the statement in the target's dialect with format() and EXECUTE ... USING.",
		Learn: 1, Each: 1.5,
	}
	unknownStatement = &diag.Code{
		ID: "DS0102", Title: "A prepared statement that is not known", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "EXECUTE or DEALLOCATE names a statement that was not prepared before in the same script or routine with a known text, that has another number of parameters, or whose names are also names of variables of the routine.",
		Next: "Write the statement itself in place of EXECUTE.", Each: 0.5,
	}
)

// KnownNames and PlainValues are what conversions of built texts assume.
var (
	KnownNames = &diag.Code{
		ID: "DS0103", Title: "A prepared text with names in variables", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `The text that is prepared names a table or a column by a variable. It becomes one statement for each table or column that it can be, chosen by the variable's value. Assumed:
the tables and columns are those that were converted, and the variable holds a name (or ASC or DESC) and nothing else. Any other value raises the source's error for unknown names.`,
		Next: "Look at the values that the application passes.", Each: 0.1,
	}
	PlainValues = &diag.Code{
		ID: "DS0104", Title: "A prepared text with values in its literals", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `The text that is prepared has a variable's value between quotes. The converted statement compares with the value itself. Assumed: the value is not NULL and has no quotes and no
backslashes, which would change the text (an SQL injection).`,
		Next: "Pass the value by EXECUTE ... USING.", Each: 0.1,
	}
)

// Rule is DS0100.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "prepared",
		Doc: `PREPARE, EXECUTE and DEALLOCATE PREPARE (MySQL Reference Manual, "Prepared Statements"). A text that is known where it is executed (a literal, or a variable that
was set to one, CONCAT included) stands in place of EXECUTE before names are resolved, with the values of USING in place of its parameters; PREPARE
and DEALLOCATE fall away. What is left here is refused.`,
		Examples: []rewrite.Example{{
			Setup: "CREATE TABLE t (id INT);", Source: "SET @q = 'DELETE FROM t WHERE id = ?';\nPREPARE s FROM @q;\nSET @i = 1;\nEXECUTE s USING @i;\nDEALLOCATE PREPARE s;",
			Target: "SELECT godwit_mysql.var_set('q', 'DELETE FROM t WHERE id = ?');\n-- PREPARE s FROM @q;\nSELECT godwit_mysql.var_set('i', '1');\nDELETE FROM t WHERE id = godwit_mysql.var_get('i')::bigint;\n-- DEALLOCATE PREPARE s;",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{builtText, unknownStatement, KnownNames, PlainValues},
		Looks:    ir.Kinds(ir.KindPrepare, ir.KindExecute, ir.KindDeallocate),
		Run: func(p *rewrite.Pass) {
			for _, s := range p.Unit.Stmts {
				refuse(p, s)
			}
		},
	}
}

func refuse(p *rewrite.Pass, s ir.Stmt) {
	ir.Walk(s, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Prepare:
			rewrite.Refuse(p, builtText, n.Span, "the text of prepared statement %s is built at run time", n.Name.Text)
		case *ir.Execute:
			switch {
			case len(n.Origin) > 0:
			case n.Text != nil:
				rewrite.Refuse(p, builtText, n.Span, "the text of EXECUTE IMMEDIATE is built at run time, or has names of variables")
			case !p.Refused():
				rewrite.Refuse(p, unknownStatement, n.Span, "prepared statement %s is not known here", n.Name.Text)
			}
		case *ir.Deallocate:
			if !p.Refused() {
				rewrite.Refuse(p, unknownStatement, n.Span, "prepared statement %s is not known here", n.Name.Text)
			}
		}
		return true
	})
}

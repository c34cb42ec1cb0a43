package godwit

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
)

// unboundName is what is told of a bind variable to which nobody gives a value.
var unboundName = &diag.Code{
	ID: "SY0820", Title: "Bind variable without a value", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  "A statement of the script has a bind variable (:name) that no VARIABLE declares. SQL*Plus refuses it (SP2-0552), other clients ask for the value; a script has none.",
	Next: "Put the value in its place, or declare it: VARIABLE name NUMBER, EXECUTE :name := value.", Each: 0.1,
}

// unbound refuses statements of a script with bind variables that have no value: the target has no parameter of that number.
func (p *pipeline) unbound(us []*Unit) {
	if p.opt.From != dialect.Oracle {
		return
	}
	for _, u := range us {
		if len(u.Stmts) != 1 {
			continue
		}
		switch u.Stmts[0].(type) {
		case *ir.QueryStmt, *ir.Insert, *ir.Update, *ir.Delete, *ir.Merge, *ir.MultiInsert:
		default:
			continue
		}
		var found *ir.Param
		ir.Walk(u.Stmts[0], func(n ir.Node) bool {
			if x, ok := n.(*ir.Param); ok && x.Name != "" && found == nil {
				found = x
			}
			return found == nil
		})
		if found != nil {
			u.Report(unboundName.New(found.Span, ":%s has no value", found.Name))
		}
	}
}

// Package signal holds the rule that makes RAISE of SIGNAL.
package signal

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

const code = "EH0201"

var (
	hardSignal = &diag.Code{
		ID: "EH0202", Title: "SIGNAL without a counterpart", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The target raises states of five digits or upper-case letters outside class 00, with a text. Conditions named by an error number, RESIGNAL outside a handler, and further items of SIGNAL are not converted.",
		Next: "Name an SQLSTATE, or convert the statement by hand.", Learn: 0.3, Each: 0.3,
	}
)

// Rule is EH0201.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "signal",
		Doc: `SIGNAL (MySQL Reference Manual, "SIGNAL Statement") raises a condition with an SQLSTATE and a text: RAISE EXCEPTION with the
same state. An error number of its own (MYSQL_ERRNO) goes into the detail of the error, where handlers read it. A state of class 01 is a warning and the routine goes on; a state of class 02 that nobody handles is an error.`,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE t (id INT PRIMARY KEY, v INT);",
			Source: "CREATE PROCEDURE p() SQL SECURITY INVOKER SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no';",
			Target: "CREATE OR REPLACE PROCEDURE p()\nLANGUAGE plpgsql\nAS $$\nBEGIN\n  RAISE EXCEPTION 'no' USING ERRCODE = '45000';\nEND;\n$$;",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{hardSignal},
		After:    map[string]string{"handlers": "it looks up named conditions and gives RESIGNAL its place"},
		Looks:    ir.Kinds(ir.KindSignal),
		Run: func(p *rewrite.Pass) {
			p.Nodes(func(n ir.Node) ir.Node {
				if s, ok := n.(*ir.Signal); ok {
					return raise(p, s)
				}
				return n
			})
		},
	}
}

func raise(p *rewrite.Pass, s *ir.Signal) ir.Node {
	if s.Resignal {
		rewrite.Refuse(p, hardSignal, s.Span, "RESIGNAL outside a handler")
		return s
	}
	if s.Condition == nil || s.Condition.Kind != ir.ByState || !control.ValidState(s.Condition.State) {
		rewrite.Refuse(p, hardSignal, s.Span, "SIGNAL of a condition without a valid SQLSTATE")
		return s
	}
	x := &ir.Raise{Level: "EXCEPTION", State: s.Condition.State, Message: control.Text(defaultText(s.Condition.State))}
	if control.IsWarning(x.State) {
		x.Level = "WARNING"
	}
	for _, i := range s.Items {
		switch i.Name {
		case "MESSAGE_TEXT":
			x.Message = Text(p, i.Value)
		case "MYSQL_ERRNO":
			x.Detail = Number(i.Value)
		default:
			rewrite.Refuse(p, hardSignal, i.Span, "SIGNAL SET %s", i.Name)
			return s
		}
	}
	return control.Take(code, s, x)
}

// Number is the MYSQL_ERRNO of a condition as the detail of an error.
func Number(e ir.Expr) ir.Expr {
	if n, ok := e.(*ir.Number); ok {
		return control.Text(n.Text)
	}
	c := &ir.Cast{X: e, To: types.Text{}, Target: true}
	c.Type, c.Span = types.Text{}, e.Base().Span
	return c
}

// Text is the MESSAGE_TEXT of a condition. One that may be NULL raises another error then, on the source as well.
func Text(p *rewrite.Pass, e ir.Expr) ir.Expr {
	if _, ok := e.(*ir.String); ok {
		return e
	}
	n := &ir.Null{}
	n.Type, n.Span = types.Text{}, e.Base().Span
	if types.IsText(e.TypeOf()) {
		return p.Helper("signal_text", n, e)
	}
	c := &ir.Cast{X: e, To: types.Text{}, Target: true}
	c.Type, c.Span = types.Text{}, e.Base().Span
	return p.Helper("signal_text", n, c)
}

// defaultText is the text of a condition raised without MESSAGE_TEXT (errors 1642 to 1644).
func defaultText(state string) string {
	switch {
	case control.IsWarning(state):
		return "Unhandled user-defined warning condition"
	case control.IsNotFound(state):
		return "Unhandled user-defined not found condition"
	}
	return "Unhandled user-defined exception condition"
}

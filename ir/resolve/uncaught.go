package resolve

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/types"
)

var uncaught = &diag.Code{
	ID: "EH0800", Title: "A value that does not fit passes the handlers for errors", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `In strict mode a text that only begins with a number raises error 1265 where it is stored as a number, and on MySQL so does a VARCHAR column or variable that is copied into a shorter one. The SQLSTATE of that error
is 01000: handlers for SQLEXCEPTION do not take it, those for SQLWARNING do (MySQL Reference Manual, "DECLARE ... HANDLER Statement"). The target's error is one that handlers for SQLEXCEPTION take. Assumed: the values fit.`,
	Next: "Nothing, if the values fit; else check them before they are stored.", Each: 0.02,
}

// noteUncaught tells stores whose error is one of state 01000 on the source, in a routine with handlers for errors.
func (r *Resolver) noteUncaught(e ir.Expr, t types.Type, s storing) {
	if !r.handled || !s.strict {
		return
	}
	from, text := e.TypeOf().(types.Text)
	if !text {
		return
	}
	if _, literal := e.(*ir.String); literal {
		return // its error is told by its text
	}
	switch t := t.(type) {
	case types.Decimal:
		if !r.sem.DecimalPrefixesTruncate {
			return
		}
	case types.Int:
	case types.Float:
		if s.tight {
			return // handlers tells it
		}
	case types.Text:
		if _, copied := e.(*ir.Name); !copied || !r.sem.CopiesTruncate || t.N == 0 || t.Fixed || from.Fixed || from.N <= t.N {
			return
		}
	default:
		return
	}
	r.note(uncaught, e.Base().Span, "%s is assumed to fit %s: the error of one that does not would pass the handlers of the source", e.Base().Span.Text(), t)
}

// takesErrors tells a body with a handler that takes errors.
func takesErrors(s ir.Node) bool {
	return ir.Find(s, func(n ir.Node) bool {
		h, ok := n.(*ir.Handler)
		if !ok {
			return false
		}
		for _, c := range h.Conditions {
			if takesError(c) {
				return true
			}
		}
		return false
	})
}

func takesError(c ir.Condition) bool {
	return c.Kind != ir.NotFound && c.Kind != ir.SQLWarning && (c.Kind != ir.ByState || c.State != "02000" && c.State < "40000")
}

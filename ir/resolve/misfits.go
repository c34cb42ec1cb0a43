package resolve

import (
	"slices"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/types"
)

// Findings of values that are stored in another class of types.
var (
	misfit = &diag.Code{
		ID: "TY0730", Title: "value stored in a type of another class", Severity: diag.Error, Fidelity: diag.Refused,
		Doc: "What a column, a variable, a parameter or the result of a function makes of a value of another class depends on the version and on how the value was made: a date becomes a number " +
			"by its text, its digits or the digits of its moment, a number is an error as a document, and bits are bytes or a number (MySQL Reference Manual, \"Data Type Conversion\").",
		Next:  "Convert the value explicitly: CAST(DATE_FORMAT(d, '%Y%m%d') AS SIGNED), CAST(n AS JSON), b + 0.",
		Learn: 0.2, Each: 0.1,
	}
	quotientText = &diag.Code{
		ID: "TY0731", Title: "digits of a quotient that is stored as text", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "A quotient or average that is stored as text has all digits that it was computed with, nine behind the point or a multiple of nine, and not those that a query shows: 1 / 3 is 0.333333333 (MySQL Reference Manual, \"Arithmetic Operators\"). Assumed: the text is not compared with such digits.",
		Next: "Round the value to the digits that are wanted.",
		Each: 0.02,
	}
	zeroText = &diag.Code{
		ID: "TY0775", Title: "zero of a sum or difference that is stored as text", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: "A decimal that is computed as zero loses the digits behind the point where it is stored as text: 1.50 - 1.50 is 0, and not 0.00; of products and remainders versions differ " +
			"(MySQL Reference Manual, \"Precision Math\"). The target keeps the digits. Assumed: nobody compares the text of such a zero.",
		Next: "Cast the value to a DECIMAL before it is stored, which gives it the digits.",
		Each: 0.01,
	}
	zeroNumber = &diag.Code{
		ID: "TY0733", Title: "number that is stored as a date", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "The number 0 is stored as 0000-00-00 where the SQL mode does not have NO_ZERO_DATE (MariaDB documentation, \"SQL_MODE\"); the target has no such date and raises an error. Assumed: the number is that of a date.",
		Next: "Nothing, or store NULL for 0.",
		Each: 0.01,
	}
	returnGoesOn = &diag.Code{
		ID: "EH0732", Title: "RETURN of a value that may not fit, beside a handler", Severity: diag.Error, Fidelity: diag.Refused,
		Doc: "Where the conversion of a value to the type of a function's result fails and a CONTINUE handler takes the error, MySQL goes on behind RETURN and still returns at the end what it could make of the value, " +
			"a zero or a part of it; and the target checks the bounds of types it does not have behind the routine, where no handler takes the error (MySQL Reference Manual, \"DECLARE ... HANDLER Statement\").",
		Next:  "Assign the value to a variable of the result's type first, and return the variable.",
		Learn: 0.2, Each: 0.2,
	}
)

var returnFits = &diag.Code{
	ID: "EH0776", Title: "RETURN of a number or text beside a CONTINUE handler", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: "Where a value is out of the range of a function's result, or too long for it, and a CONTINUE handler takes the error, MySQL runs the handler and returns the nearest value or the beginning of the text " +
		"(MySQL Reference Manual, \"DECLARE ... HANDLER Statement\"). The target raises an error. Assumed: the value fits.",
	Next: "Nothing, if the value fits the result's type.",
	Each: 0.02,
}

// checkClass refuses to store values in types of other classes where no rule tells what becomes of them.
func (r *Resolver) checkClass(e ir.Expr, t types.Type) {
	from := e.TypeOf()
	if r.classFits(e, from, t) {
		return
	}
	r.fail(misfit, e.Base().Span, "a value of type %s is stored as %s", from, t)
}

func (r *Resolver) classFits(e ir.Expr, from, t types.Type) bool {
	switch kindOf(from) {
	case temporalKind:
		return r.momentFits(e, from, t)
	case bitKind:
		return !textual(t)
	case jsonKind:
		switch t.(type) {
		case types.Time, types.Bit, types.Year:
			return false
		}
	case binaryKind:
		doc, ok := t.(types.JSON)
		return !ok || doc.Kind != types.JSONText
	case enumKind, setKind:
		doc, ok := t.(types.JSON)
		return !ok || doc.Kind == types.JSONText
	case numberKind:
		r.noteZeroDate(e, t)
		return numberFits(e, from, t)
	}
	return true
}

// textual tells types that hold characters.
func textual(t types.Type) bool {
	switch t.(type) {
	case types.Text, types.Enum, types.Set, types.JSON:
		return true
	}
	return false
}

// momentFits: the digits of a date, or of a time with a fraction, are not always those of the number that is stored.
func (r *Resolver) momentFits(e ir.Expr, from, t types.Type) bool {
	switch t.(type) {
	case types.Year, types.Bit:
		return false
	case types.Int, types.Decimal, types.Float:
	case types.Time:
		_, name := e.(*ir.Name)
		_, date := from.(types.Date)
		return name || !date || !r.sem.MomentsAreTexts
	default:
		return true
	}
	if op.Precision(from) > 0 {
		return false
	}
	if _, literal := e.(*ir.Temporal); literal || !r.sem.MomentsAreTexts {
		return true
	}
	_, name := e.(*ir.Name)
	return name
}

// noteZeroDate tells of numbers that are stored as dates where 0 is the date without parts, which the target does not have.
func (r *Resolver) noteZeroDate(e ir.Expr, t types.Type) {
	switch t.(type) {
	case types.Date, types.DateTime, types.Timestamp:
		if r.sem.ZeroIsADate && !isLiteral(e) {
			r.note(zeroNumber, e.Base().Span, "%s is assumed not to be 0, which would be a date without parts", e.Base().Span.Text())
		}
	}
}

func numberFits(e ir.Expr, from, t types.Type) bool {
	_, double := from.(types.Float)
	switch to := t.(type) {
	case types.JSON:
		return to.Kind == types.JSONText
	case types.Year, types.Bit:
		return !double || isLiteral(e)
	case types.Time:
		return !double
	}
	return true
}

// isLiteral tells a number as it is written.
func isLiteral(e ir.Expr) bool {
	_, ok := e.(*ir.Number)
	return ok
}

// noteQuotient tells of the digits of a quotient that is stored as text.
func (r *Resolver) noteQuotient(e ir.Expr) {
	d, dec := e.TypeOf().(types.Decimal)
	if dec && d.Scale > 0 && loses(e) {
		r.note(zeroText, e.Base().Span, "the text of %s is assumed not to be looked at where it is zero", e.Base().Span.Text())
	}
	if !dec || !keepsDigits(e) {
		return
	}
	r.note(quotientText, e.Base().Span, "the text of %s is assumed not to be looked at behind the digits that a query shows", e.Base().Span.Text())
}

// loses tells a value that is computed by an operation which forgets the digits of a zero.
func loses(e ir.Expr) bool {
	switch e := e.(type) {
	case *ir.Binary, *ir.Mod:
		return true
	case *ir.Unary:
		return loses(e.X)
	case *ir.Case:
		for _, w := range e.Whens {
			if loses(w.Then) {
				return true
			}
		}
		return e.Else != nil && loses(e.Else)
	case *ir.Subquery:
		q, ok := e.Query.(*ir.Select)
		return !ok || len(q.Items) == 1 && loses(q.Items[0].Expr)
	case *ir.Call:
		switch e.Op {
		case op.Coalesce, op.IfNull, op.Greatest, op.Least, op.NullIf, op.Abs:
			return slices.ContainsFunc(e.Args, loses)
		}
	}
	return false
}

// keepsDigits tells a value that is computed of a quotient or an average without being rounded.
func keepsDigits(e ir.Expr) bool {
	switch e := e.(type) {
	case *ir.Div:
		return e.Kind == ir.DivExact
	case *ir.Aggregate:
		return e.Op == op.Avg || len(e.Args) == 1 && keepsDigits(e.Args[0])
	case *ir.Binary:
		return keepsDigits(e.L) || keepsDigits(e.R)
	case *ir.Mod:
		return keepsDigits(e.L) || keepsDigits(e.R)
	case *ir.Unary:
		return keepsDigits(e.X)
	case *ir.Case:
		for _, w := range e.Whens {
			if keepsDigits(w.Then) {
				return true
			}
		}
		return e.Else != nil && keepsDigits(e.Else)
	case *ir.Subquery:
		q, ok := e.Query.(*ir.Select)
		return !ok || len(q.Items) == 1 && keepsDigits(q.Items[0].Expr)
	case *ir.Call:
		switch e.Op {
		case op.Coalesce, op.IfNull, op.Greatest, op.Least, op.NullIf, op.Abs:
			for _, a := range e.Args {
				if keepsDigits(a) {
					return true
				}
			}
		}
	}
	return false
}

// caught converts the value of RETURN within the routine, so that its handlers see the error, and not behind it, where the target converts.
func (r *Resolver) caught(p *program, e ir.Expr, t types.Type) ir.Expr {
	goesOn, stops := handles(p.routine)
	if !goesOn && !stops {
		return e
	}
	c, cast := e.(*ir.Cast)
	if cast && c.Store && c.Fail == ir.FailError && !goesOn && bounded(t) {
		return e // handlers lets a variable take it
	}
	if cast && goesOn && sameKind(c.X.TypeOf(), t) && (!stops || !bounded(t)) {
		r.note(returnFits, e.Base().Span, "%s is assumed to fit the result type %s", e.Base().Span.Text(), t)
		return e
	}
	if cast && c.Fail == ir.FailError && (goesOn || bounded(t)) {
		r.fail(returnGoesOn, e.Base().Span, "%s may not fit the result type %s", e.Base().Span.Text(), t)
		return e
	}
	if cast && c.Store && c.Fail == ir.FailError {
		c.Store = false // the target's conversion at the end of the routine comes too late
	}
	return e
}

// sameKind tells a number that is returned as a number, or a text as a text.
func sameKind(from, to types.Type) bool {
	return types.IsNumeric(from) && types.IsNumeric(to) || types.IsText(from) && types.IsText(to)
}

// bounded tells integer types whose bounds the target checks behind the routine only.
func bounded(t types.Type) bool {
	i, ok := t.(types.Int)
	return ok && (i.Unsigned || i.Bits == 8 || i.Bits == 24)
}

// handles tells the handlers of a routine that take errors: those that go on behind the statement, and those that leave their block.
func handles(routine *ir.Routine) (goesOn, stops bool) {
	if routine == nil {
		return false, false
	}
	ir.Walk(routine, func(n ir.Node) bool {
		h, ok := n.(*ir.Handler)
		if !ok {
			return true
		}
		for _, c := range h.Conditions {
			if !takesError(c) {
				continue
			}
			goesOn = goesOn || h.Action == ir.ContinueHandler
			stops = stops || h.Action != ir.ContinueHandler
		}
		return true
	})
	return goesOn, stops
}

package resolve

import (
	"strconv"
	"time"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/source"
	"godwit/ir/types"
)

// change resolves a statement that changes rows.
func (r *Resolver) change(s ir.Stmt, p ir.ErrorPolicy, resolve func()) {
	outer := r.changing
	r.changing = r.strict(r.unit.Settings) && p != ir.IgnoreErrors
	resolve()
	if r.changing {
		r.strictReads(s)
	}
	r.changing = outer
}

// strictReads makes the conversions inside a strict change of rows fail, not only those of what is stored: a query would go on with
// the digits in front of what is no number, and a warning (Server SQL Modes, "Strict SQL Mode").
func (r *Resolver) strictReads(s ir.Stmt) {
	whole := map[*ir.Cast]bool{}
	quiet := map[*ir.Compare]bool{}
	if r.sem.ConditionsFoldQuietly {
		quiet = conditions(s)
	}
	ir.Walk(s, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Compare:
			r.strictCompare(n, quiet[n])
			r.quietWhole(n.L, n.R, whole)
			r.quietWhole(n.R, n.L, whole)
		case *ir.Call:
			if n.Op == op.Field {
				r.strictField(n)
			}
		case *ir.In:
			r.strictDates(n.Span, append([]ir.Expr{n.X}, n.List...)...)
		case *ir.Between:
			r.strictDates(n.Span, n.X, n.Lo, n.Hi)
			r.quietWhole(n.X, n.Lo, whole)
			r.quietWhole(n.X, n.Hi, whole)
		case *ir.Cast:
			if !whole[n] {
				r.strictCast(n)
			}
			if cuts(n.To) && !n.Implicit && !n.Store && n.TooLong == ir.CutLong && !r.sem.CastsCutQuietly {
				n.TooLong = ir.ErrorLong
			}
		}
		return true
	})
	if r.sem.BlankIsZero {
		noBlanks(s)
	}
	r.reached(s)
}

// noBlanks: where the double becomes a whole number or a decimal, a text without characters is an error.
func noBlanks(s ir.Stmt) {
	clear := func(es ...ir.Expr) {
		for _, e := range es {
			if c, ok := e.(*ir.Cast); ok {
				c.Blank = false
			}
		}
	}
	ir.Walk(s, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Cast:
			if _, double := n.To.(types.Float); !double {
				clear(n.X)
			}
		case *ir.Binary:
			switch n.Op {
			case ir.BitAnd, ir.BitOr, ir.BitXor, ir.ShiftLeft, ir.ShiftRight:
				clear(n.L, n.R)
			}
		case *ir.Div:
			if n.Kind == ir.DivInt {
				clear(n.L, n.R)
			}
		case *ir.Unary:
			if n.Op == ir.BitNot {
				clear(n.X)
			}
		}
		return true
	})
}

// cuts tells types whose casts cut what is longer.
func cuts(t types.Type) bool {
	switch t.(type) {
	case types.Text, types.Binary:
		return true
	}
	return false
}

// strictly resolves a value that a local variable takes or a routine returns.
func (r *Resolver) strictly(sc *scope, e ir.Expr) ir.Expr {
	outer := r.assigning
	r.assigning = r.inRoutine && r.strict(r.unit.Settings)
	e = r.value(sc, e)
	r.assigning = outer
	return e
}

// raisesText tells text whose conversion to a number is checked in assignments where not all are: literals, variables, results of stored functions, and
// choices among them; what functions make of texts is converted without a warning.
func raisesText(e ir.Expr) bool {
	switch e := e.(type) {
	case *ir.String, *ir.RoutineCall:
		return true
	case *ir.Name:
		return true
	case *ir.Cast:
		return e.Implicit && raisesText(e.X)
	case *ir.Case:
		some := e.Else != nil && raisesText(e.Else)
		for _, w := range e.Whens {
			some = some || raisesText(w.Then)
		}
		return some
	case *ir.Call:
		if e.Op == op.Elt {
			return anyOf(e.Args[1:], raisesText)
		}
		return e.Op == op.NullIf && raisesText(e.Args[0])
	}
	return false
}

// quietText tells a text that a function makes, whose number MySQL takes without a warning.
func quietText(e ir.Expr) bool {
	switch e := e.(type) {
	case *ir.Call:
		return e.Op != op.Elt && e.Op != op.NullIf || len(e.Args) > 0 && quietText(e.Args[len(e.Args)-1]) && quietText(e.Args[0])
	case *ir.Concat, *ir.Collate, *ir.Subquery:
		return true
	case *ir.Cast:
		return !e.Implicit || quietText(e.X)
	case *ir.Case:
		for _, w := range e.Whens {
			if !quietText(w.Then) {
				return false
			}
		}
		return e.Else != nil && quietText(e.Else)
	}
	return false
}

// checked tells that an implicit conversion in an assignment raises what is no number; variables are assumed to hold no empty text there.
func (r *Resolver) checked(c *ir.Cast) bool {
	if r.sem.AssignmentsAreStrict {
		return true
	}
	if kindOf(c.X.TypeOf()) != textKind || kindOf(c.To) != numberKind || c.Fail != ir.FailPrefix {
		return false
	}
	if _, literal := c.X.(*ir.String); !literal {
		r.note(emptyNumber, c.Span, "%s is assumed to be a number, and not the empty text", c.X.Base().Span.Text())
	}
	return raisesText(c.X)
}

// strictValue makes the casts of a value fail that a strict session assigns to a local variable or returns: there the source raises what is a
// warning in a query. Queries inside the value stay as they are.
func (r *Resolver) strictValue(e ir.Expr) {
	if e == nil || !r.inRoutine || !r.strict(r.unit.Settings) {
		return
	}
	ir.Walk(e, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Subquery, *ir.Exists:
			return false
		case *ir.Cast:
			if n.Store || n.Implicit && !r.checked(n) {
				return true
			}
			r.strictCast(n)
			if _, text := n.To.(types.Text); text && !n.Implicit && n.TooLong == ir.CutLong && !r.sem.CastsCutQuietly {
				n.TooLong = ir.ErrorLong
			}
		}
		return true
	})
}

func (r *Resolver) strictCast(c *ir.Cast) {
	if c.Fail != ir.FailPrefix {
		return
	}
	k := kindOf(c.X.TypeOf())
	if k == textKind && c.Implicit && !r.sem.AssignmentsAreStrict && quietText(c.X) {
		switch c.To.(type) {
		case types.Int, types.Float, types.Decimal:
			return
		}
	}
	switch c.To.(type) {
	case types.Decimal:
		if k == textKind || (k == numberKind || k == temporalKind) && !c.Implicit {
			c.Fail = ir.FailError
		}
	case types.Int, types.Float:
		if k == textKind {
			c.Fail = ir.FailError
			_, double := c.To.(types.Float)
			c.Blank = double && c.Implicit && r.sem.BlankIsZero && r.changing
		}
	case types.Date, types.DateTime, types.Timestamp, types.Time:
		if c.Implicit {
			c.Fail = ir.FailError
		}
	}
}

// conditions are the comparisons in the WHERE of a change of rows that are there.
func conditions(s ir.Stmt) map[*ir.Compare]bool {
	out := map[*ir.Compare]bool{}
	below := func(e ir.Expr) {
		if e == nil {
			return
		}
		ir.Walk(e, func(n ir.Node) bool {
			if c, ok := n.(*ir.Compare); ok {
				out[c] = true
			}
			return true
		})
	}
	switch s := s.(type) {
	case *ir.Update:
		below(s.Where)
	case *ir.Delete:
		below(s.Where)
	}
	return out
}

// strictCompare: in conditions of some sources literals are compared before the change begins, so that they raise nothing.
func (r *Resolver) strictCompare(c *ir.Compare, quiet bool) {
	l, rt := bareLiteral(c.L), bareLiteral(c.R)
	if l != nil && rt != nil && quiet {
		c.L, c.R = folded(c.L, l), folded(c.R, rt)
	}
	r.strictDates(c.Span, c.L, c.R)
}

// bareLiteral is the literal below implicit conversions, nil if it is none.
func bareLiteral(e ir.Expr) ir.Expr {
	for {
		switch x := e.(type) {
		case *ir.Number, *ir.String, *ir.Bytes, *ir.Null, *ir.Temporal:
			return e
		case *ir.Cast:
			if !x.Implicit {
				return nil
			}
			e = x.X
		default:
			return nil
		}
	}
}

// folded is the number that an implicit conversion of the literal gives.
func folded(e, lit ir.Expr) ir.Expr {
	if c, ok := e.(*ir.Cast); ok && c.X == lit {
		if _, number := c.To.(types.Float); number {
			if n := foldNumber(lit); n != nil {
				return n
			}
		}
	}
	return e
}

// strictDates refuses dates that are compared with numbers: those that are no dates raise an error there.
func (r *Resolver) strictDates(at source.Span, es ...ir.Expr) {
	for _, e := range es {
		c, ok := e.(*ir.Cast)
		if !ok || !c.Implicit || kindOf(c.X.TypeOf()) != temporalKind {
			continue
		}
		if k := kindOf(c.To); k == numberKind && !validNumbers(c.X.TypeOf(), es) {
			r.fail(mixedClasses, at, "a date is compared with numbers in a strict change of rows, which fails for those that are no dates")
			return
		}
	}
}

// validNumbers tells that all numbers among the values are literals that are dates or, beside a time, times.
func validNumbers(t types.Type, es []ir.Expr) bool {
	for _, e := range es {
		if c, ok := e.(*ir.Cast); ok && c.Implicit && kindOf(c.X.TypeOf()) == temporalKind && isTime(c.X.TypeOf()) == isTime(t) {
			continue
		}
		n, ok := bareLiteral(e).(*ir.Number)
		if !ok || n.Kind != ir.IntNumber {
			return false
		}
		if isTime(t) {
			v, err := strconv.Atoi(n.Text)
			if err != nil || v > 8385959 || v%100 > 59 || v/100%100 > 59 {
				return false
			}
			continue
		}
		layout := map[int]string{8: "20060102", 14: "20060102150405"}[len(n.Text)]
		if _, err := time.Parse(layout, n.Text); layout == "" || err != nil || n.Text < "1000" {
			return false
		}
	}
	return true
}

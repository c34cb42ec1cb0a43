package plsql

import (
	"strings"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/types"
)

func isMoment(t types.Type) bool {
	switch t.(type) {
	case types.DateTime, types.Timestamp:
		return true
	}
	return false
}

// isDate tells DATE, which has no fraction of the second.
func isDate(t types.Type) bool {
	d, ok := t.(types.DateTime)
	return ok && d.Precision == 0 && !d.Stamp
}

func isInterval(t types.Type) bool    { _, ok := t.(types.Interval); return ok }
func isInt(t types.Type) bool         { _, ok := t.(types.Int); return ok }
func isNullType(t types.Type) bool    { _, ok := t.(types.Null); return ok }
func nullValue(e ir.Expr) bool        { return isNullType(e.TypeOf()) }
func isBinaryFloat(t types.Type) bool { _, ok := t.(types.Float); return ok }

func isFloat(e ir.Expr) bool { _, ok := e.TypeOf().(types.Float); return ok }

// isCLOB tells a text that may be empty without being NULL.
func isCLOB(t types.Type) bool {
	x, ok := t.(types.Text)
	return ok && !x.EmptyIsNull
}

// emptyIsNull tells a text of which the empty one is NULL.
func emptyIsNull(t types.Type) bool {
	x, ok := t.(types.Text)
	return ok && x.EmptyIsNull
}

// convert makes an implicit conversion explicit: between classes of types, and where rounding or padding can be seen. Values of the same
// class stay as they are.
func (r *Resolver) convert(e ir.Expr, to types.Type) ir.Expr {
	from := e.TypeOf()
	if types.IsUnknown(from) || types.IsUnknown(to) || isNullType(to) {
		return e
	}
	if isNullType(from) || sameClass(from, to) {
		return e
	}
	if !castable(from, to) {
		r.fail(noConversion, e.Base().Span, "%s (%s) cannot become %s", text(e), typeName(from), typeName(to))
		return e
	}
	if types.IsNumeric(from) && types.IsNumeric(to) || isMoment(from) && isMoment(to) && !isDate(to) {
		if _, float := to.(types.Float); !float && !isBinaryFloat(from) {
			return e // the target converts in the same way where it compares
		}
	}
	return r.cast(e, to)
}

// castable tells that the source has an implicit conversion.
func castable(from, to types.Type) bool {
	switch to.(type) {
	case types.Text:
		switch from.(type) {
		case types.Text, types.Decimal, types.Int, types.Float, types.DateTime, types.Timestamp, types.Interval, types.Binary:
			return true
		}
		return types.IsText(from)
	case types.Decimal, types.Int, types.Float:
		return types.IsNumeric(from) || types.IsText(from)
	case types.DateTime, types.Timestamp:
		return isMoment(from) || types.IsText(from)
	case types.Interval:
		return types.IsText(from)
	case types.Binary:
		return types.IsText(from)
	}
	return false
}

// cast is an implicit conversion.
func (r *Resolver) cast(e ir.Expr, to types.Type) ir.Expr {
	c := &ir.Cast{X: e, To: to, Round: ir.RoundHalfAway, TooLong: ir.ErrorLong, Fail: ir.FailError, Implicit: true}
	c.Span, c.Type = e.Base().Span, to
	r.masked(c)
	return c
}

// masked gives a conversion between a text and a moment its format model.
func (r *Resolver) masked(c *ir.Cast) {
	from, to := c.X.TypeOf(), c.To
	moment := to
	switch {
	case types.IsText(from) && isMoment(to):
	case isMoment(from) && types.IsText(to):
		moment = from
	default:
		return
	}
	model, given := r.mask(moment)
	c.Mask = model
	if !given && !literalMoment(c.X) {
		r.note(byFormat, c.Span, "%s is converted by the format %s", text(c), model)
	}
}

// literalMoment tells a value for which the finding would say nothing.
func literalMoment(ir.Expr) bool { return false }

// toText converts an operand of a function or operator of texts.
func (r *Resolver) toText(e ir.Expr) ir.Expr {
	t := e.TypeOf()
	if types.IsText(t) || isNullType(t) || types.IsUnknown(t) {
		return e
	}
	if _, ok := t.(types.XML); ok {
		return xmlAs("text", e, varchar(0), e)
	}
	if !castable(t, types.Text{}) {
		r.fail(noConversion, e.Base().Span, "%s (%s) is used as a text", text(e), typeName(t))
		return e
	}
	return r.cast(e, varchar(textLength(t)))
}

// textLength is how long a value is as text at most, 0 if that is not known.
func textLength(t types.Type) int {
	switch t := t.(type) {
	case types.Text:
		return t.N
	case types.Decimal:
		if t.Precision > 0 && t.Scale >= 0 {
			return t.Precision + 2
		}
		return 40
	case types.Int:
		return 11
	case types.Float:
		return 40
	case types.Binary:
		return 2 * t.N
	}
	return 0
}

// numeric converts an operand of arithmetic.
func (r *Resolver) numeric(e ir.Expr) ir.Expr {
	t := e.TypeOf()
	switch {
	case types.IsNumeric(t), types.IsUnknown(t):
		return e
	case isNullType(t):
		return typed(e, number)
	case types.IsText(t):
		return r.cast(e, number)
	}
	r.fail(noConversion, e.Base().Span, "%s (%s) is used as a number", text(e), typeName(t))
	return e
}

// toDate makes a DATE of a moment or text.
func (r *Resolver) toDate(e ir.Expr) ir.Expr {
	t := e.TypeOf()
	if isDate(t) || types.IsUnknown(t) || isNullType(t) {
		return e
	}
	return r.convert(e, types.DateTime{})
}

// toMoment makes a moment of an operand of a function of dates; moments stay.
func (r *Resolver) toMoment(e ir.Expr) ir.Expr {
	t := e.TypeOf()
	if isMoment(t) || types.IsUnknown(t) || isNullType(t) {
		return e
	}
	return r.convert(e, types.DateTime{})
}

// store converts a resolved value implicitly to the type of the column, variable, parameter or result that takes it.
func (r *Resolver) store(e ir.Expr, to types.Type) ir.Expr {
	if e == nil || to == nil {
		return e
	}
	from := e.TypeOf()
	switch x := e.(type) {
	case *ir.Default, *ir.Null:
		return e
	case *ir.Name:
		_ = x
	}
	if from == nil || types.IsUnknown(from) || types.IsUnknown(to) || isNullType(from) {
		return e
	}
	if _, ok := to.(types.Ref); ok {
		return e
	}
	zone := carriesZone(e, to)
	if sameClass(from, to) && !changesMoment(from, to) && !zone && !overlong(e, to) && !losesBlanks(from, to) && !(isCLOB(from) && emptyIsNull(to)) {
		return e
	}
	if toBoolean(from, to) {
		return supplied(e, "TO_BOOLEAN", []ir.Expr{e}, types.Bool{})
	}
	if !castable(from, to) {
		if structured(from) && structured(to) || namedType(from) || namedType(to) {
			return e // records, collections and objects are another's concern
		}
		r.fail(noConversion, e.Base().Span, "%s (%s) is stored as %s", text(e), typeName(from), typeName(to))
		return e
	}
	switch {
	case types.IsNumeric(from) && types.IsNumeric(to):
		if !isBinaryFloat(from) || isBinaryFloat(to) {
			return e // the target rounds in the same way
		}
	case isMoment(from) && isMoment(to) && !changesMoment(from, to) && !zone:
		return e
	}
	c := r.cast(e, to).(*ir.Cast)
	c.Store = true
	return c
}

// toBoolean tells a text or a number that becomes a BOOLEAN, which Oracle 23ai allows (SQL Language Reference, "Boolean Data Type").
func toBoolean(from, to types.Type) bool {
	_, is := to.(types.Bool)
	return is && (types.IsNumeric(from) || types.IsText(from))
}

// changesMoment tells that digits of a second's fraction are cut.
func changesMoment(from, to types.Type) bool {
	if !isMoment(from) || !isMoment(to) {
		return false
	}
	return isDate(to) && !isDate(from)
}

// carriesZone tells a moment that is written with a zone of its own, whose clock a TIMESTAMP takes.
func carriesZone(e ir.Expr, to types.Type) bool {
	if _, ok := e.TypeOf().(types.Timestamp); !ok {
		return false
	}
	if _, ok := to.(types.DateTime); !ok {
		return false
	}
	switch e := e.(type) {
	case *ir.Temporal:
		return true
	case *ir.Call:
		return e.Op == op.OraFromTZ || e.Op == op.OraToTimestampTZ
	}
	return false
}

// losesBlanks tells a CHAR that goes into a VARCHAR2, where its blanks count.
func losesBlanks(from, to types.Type) bool {
	f, ok := from.(types.Text)
	t, text := to.(types.Text)
	return ok && text && f.Fixed && f.N > 1 && !t.Fixed
}

// blanked makes a CHAR one of several values with a common type: where that is VARCHAR2 its blanks count from here on.
func (r *Resolver) blanked(e ir.Expr, to types.Type) ir.Expr {
	if _, literal := ir.Bare(e).(*ir.String); !literal && losesBlanks(e.TypeOf(), to) {
		return r.cast(e, varchar(e.TypeOf().(types.Text).N))
	}
	return r.convert(e, to)
}

// overlong tells a text that may be too long only by blanks at its end, which the target would cut.
func overlong(e ir.Expr, to types.Type) bool {
	t, text := to.(types.Text)
	if !text || t.N == 0 {
		return false
	}
	if s, ok := e.(*ir.String); ok {
		return len([]rune(s.Value)) > t.N
	}
	from, text := e.TypeOf().(types.Text)
	return text && (from.N == 0 || from.N > t.N) && endsInBlanks(e)
}

// endsInBlanks tells a text that is padded by what makes it: a CHAR, RPAD, blanks behind another text. A word with a blank behind it is none: texts
// that programs put together of such pieces are left readable.
func endsInBlanks(e ir.Expr) bool {
	switch x := ir.Bare(e).(type) {
	case *ir.String:
		return x.Value != "" && strings.Trim(x.Value, " ") == ""
	case *ir.Call:
		if x.Op == op.OraRPad {
			return len(x.Args) < 3 || endsInBlanks(x.Args[2])
		}
	case *ir.Concat:
		return len(x.Args) > 0 && endsInBlanks(x.Args[len(x.Args)-1])
	}
	t, ok := e.TypeOf().(types.Text)
	return ok && t.Fixed && t.N > 1
}

func structured(t types.Type) bool {
	switch t.(type) {
	case types.Record, types.Collection, types.Object, types.Row, types.Array, types.Cursor:
		return true
	}
	return false
}

func namedType(t types.Type) bool {
	switch t.(type) {
	case types.Named, types.XML, types.JSON, types.Ref:
		return true
	}
	return false
}

// explicitCast resolves CAST(x AS type [DEFAULT value ON CONVERSION ERROR]).
func (r *Resolver) explicitCast(sc *scope, e *ir.Cast) ir.Expr {
	if m, ok := e.X.(*ir.Multiset); ok {
		e.X = r.expr(sc, m)
		e.To = r.typeOf(sc.block, e.To, e)
		r.multisetOf(m, e.To)
		if c, ok := e.To.(types.Collection); ok && types.IsText(c.Elem) {
			m.Type = c // what does not fit its elements is an error
		}
		return typed(e, e.To)
	}
	e.X = r.value(sc, e.X)
	e.To = r.typeOf(sc.block, e.To, e)
	e.Type = e.To
	if len(e.Format) > 0 {
		return r.castByFormat(sc, e)
	}
	e.Round, e.TooLong, e.Fail = ir.RoundHalfAway, ir.CutLong, ir.FailError
	if e.OnError != nil {
		e.OnError = r.store(r.value(sc, e.OnError), e.To)
	}
	r.collected(e)
	from := e.X.TypeOf()
	if toBoolean(from, e.To) && !isNullType(from) && e.OnError == nil {
		return supplied(e, "TO_BOOLEAN", []ir.Expr{e.X}, types.Bool{})
	}
	switch {
	case types.IsUnknown(from):
		e.Type = from
	case isNullType(from), structured(e.To), namedType(e.To), structured(from), namedType(from): // a text becomes JSON, and JSON a text
	case sameClass(from, e.To), castable(from, e.To), e.Implicit, isInterval(e.To) && isDifference(e.X):
	default:
		r.fail(noConversion, e.Span, "%s: %s cannot become %s", text(e), typeName(from), typeName(e.To))
	}
	r.masked(e)
	return e
}

// collected makes the elements that CAST(COLLECT(x) AS type) gathers those of the type.
func (r *Resolver) collected(e *ir.Cast) {
	a, ok := e.X.(*ir.Aggregate)
	if !ok || a.Op != op.OraCollect || len(a.Args) != 1 {
		return
	}
	if to, ok := e.To.(types.Collection); ok && to.Key == nil {
		a.Args[0], a.Type = r.store(a.Args[0], to.Elem), to
	}
}

// isDifference tells a difference of dates, which (d - e) DAY TO SECOND makes an interval of.
func isDifference(e ir.Expr) bool {
	c, ok := e.(*ir.Call)
	return ok && c.Op == op.OraDaysBetween
}

// castByFormat is CAST(x AS type, format, nls): TO_CHAR, TO_DATE or TO_NUMBER.
func (r *Resolver) castByFormat(sc *scope, e *ir.Cast) ir.Expr {
	r.list(sc, e.Format)
	args := append([]ir.Expr{e.X}, e.Format...)
	o := op.OraToNumber
	switch e.To.(type) {
	case types.Text:
		o = op.OraToChar
	case types.DateTime:
		o = op.OraToTimestamp
		if isDate(e.To) {
			o = op.OraToDate
		}
	case types.Timestamp:
		o = op.OraToTimestampTZ
	case types.Decimal, types.Int:
	default:
		r.fail(noConversion, e.Span, "%s: a format for %s", text(e), typeName(e.To))
	}
	if o != op.OraToChar {
		args[0] = r.toText(args[0])
	}
	inv := &ir.Invoke{ExprMeta: e.ExprMeta, OnError: e.OnError}
	c := call(inv, o, "CAST", e.To, args...)
	e.Format, e.OnError = nil, nil
	if inv.OnError != nil {
		return r.onError(sc, inv, c)
	}
	switch e.To.(type) {
	case types.Text, types.Decimal, types.Int:
		e.X = c
		c.Type = number
		if o == op.OraToChar {
			c.Type = varchar(0)
		}
		e.Round, e.TooLong, e.Fail = ir.RoundHalfAway, ir.CutLong, ir.FailError
		return e
	}
	return c
}

// atZone resolves x AT TIME ZONE zone and x AT LOCAL.
func (r *Resolver) atZone(sc *scope, e *ir.AtZone) ir.Expr {
	e.X = r.toMoment(r.value(sc, e.X))
	if e.Zone != nil {
		e.Zone = r.toText(r.value(sc, e.Zone))
	}
	return typed(e, types.Timestamp{Precision: 9})
}

// convertible tells how well a value of one type fits a parameter of another: 0 the same, higher is worse, -1 not at all.
func convertible(from, to types.Type) int {
	switch {
	case from == nil || to == nil || types.IsUnknown(from) || types.IsUnknown(to):
		return 5
	case isNullType(from):
		return 1
	case isInt(from) && isInt(to):
		return 0
	case isInt(from) && isBinaryFloat(to):
		return 2 // behind a NUMBER
	case isInt(from) && types.IsNumeric(to), isInt(to) && types.IsNumeric(from):
		return 1
	case isCLOB(from) != isCLOB(to) && types.IsText(from) && types.IsText(to):
		return 2
	case isCLOB(to) && !types.IsText(from) && castable(from, to):
		return 6 // the source has no such conversion, and takes the form with a VARCHAR2
	case structured(from) && structured(to):
		return likeness(from, to)
	case twoZones(from, to):
		return 1
	case sameClass(from, to):
		return 0
	case types.IsNumeric(from) && types.IsNumeric(to):
		return 2
	case isMoment(from) && isMoment(to):
		return 2
	case castable(from, to):
		return 4
	}
	return -1
}

package resolve

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/op"
	"godwit/ir/types"
)

// class says as what two values compare.
type class int

const (
	asIs         class = iota // nothing to convert
	asText                    // both become text
	asNumber                  // both become numbers
	asTemporal                // both become temporals of the target type
	asBinary                  // both become byte strings
	asCharacters              // both become text: the collation of a column wins over bytes of a literal
	asJSON                    // both become documents
	asLabel                   // an enumeration against literals that are labels of it
	asOther                   // both become the target type
)

// kind sorts types into classes of values.
type kind int

const (
	noKind kind = iota
	textKind
	enumKind
	setKind
	numberKind
	bitKind
	temporalKind
	binaryKind
	jsonKind
	rowKind
	otherKind
)

func kindOf(t types.Type) kind {
	switch t := t.(type) {
	case types.Text:
		return textKind
	case types.Enum:
		return enumKind
	case types.Set:
		return setKind
	case types.Int, types.Decimal, types.Float, types.Year, types.Bool:
		return numberKind
	case types.Bit:
		return bitKind
	case types.Date, types.Time, types.DateTime, types.Timestamp:
		return temporalKind
	case types.Binary:
		return binaryKind
	case types.JSON:
		if t.Kind == types.JSONText {
			return textKind
		}
		return jsonKind
	case types.Row:
		return rowKind
	case types.UUID, types.Inet:
		return otherKind
	}
	return noKind
}

// class tells as what two resolved values compare (MySQL manual, Type Conversion in Expression Evaluation).
func (r *Resolver) class(a, b ir.Expr) (class, types.Type) {
	ta, tb := a.TypeOf(), b.TypeOf()
	ka, kb := kindOf(ta), kindOf(tb)
	if ka == noKind || kb == noKind || ka == rowKind || kb == rowKind {
		return asIs, nil
	}
	if ka > kb {
		a, b, ta, tb, ka, kb = b, a, tb, ta, kb, ka
	}
	switch {
	case kb == jsonKind && ka == jsonKind:
		return asIs, nil
	case kb == jsonKind:
		return asJSON, nil
	case kb == otherKind:
		if ka == otherKind && ta == tb {
			return asIs, nil
		}
		if ka == otherKind {
			return asText, nil
		}
		return asOther, tb
	case ka == enumKind && kb == enumKind && sameLabels(ta, tb):
		return asIs, nil
	case ka == textKind && kb == enumKind && isLabel(a, tb):
		return asLabel, tb
	case ka == bitKind && kb == bitKind && ta != tb:
		return asNumber, nil // the target pads bits on the right
	case ka == textKind && kb == textKind, ka == setKind && kb == setKind, ka == bitKind && kb == bitKind:
		return asIs, nil
	case kb <= setKind:
		return asText, nil
	case kb == binaryKind:
		return r.binaryClass(a, b, ka)
	case kb == temporalKind:
		return r.temporalClass(a, b, ka)
	case ka == numberKind && kb == numberKind:
		return asIs, nil
	}
	return asNumber, nil
}

// binaryClass: a byte string compares with text as bytes, with a number as a number.
func (r *Resolver) binaryClass(a, b ir.Expr, ka kind) (class, types.Type) {
	switch ka {
	case binaryKind:
		return asIs, nil
	case numberKind, bitKind:
		return asNumber, nil
	case temporalKind:
		return asTemporal, a.TypeOf()
	}
	if r.weakBytes(b) && r.derive(a).level < literalLevel {
		return asCharacters, nil
	}
	return asBinary, nil
}

// weakBytes tells bytes of a literal, or what a function makes of one: beside a text with a stronger collation they are text.
func (r *Resolver) weakBytes(e ir.Expr) bool {
	switch e := e.(type) {
	case *ir.Bytes, *ir.String:
		return true
	case *ir.Call:
		if kindOf(e.TypeOf()) != binaryKind {
			return false
		}
		if e.Op == op.Unhex || e.Op == op.FromBase64 || e.Op == op.Char {
			return true
		}
		return r.allWeak(e.Args)
	case *ir.Concat:
		return r.allWeak(e.Args)
	case *ir.Case:
		arms := []ir.Expr{e.Else}
		for _, w := range e.Whens {
			arms = append(arms, w.Then)
		}
		return r.allWeak(arms)
	case *ir.Cast:
		return e.Implicit && (kindOf(e.X.TypeOf()) == textKind && r.derive(e.X).level >= literalLevel || r.weakBytes(e.X))
	}
	return false
}

// allWeak tells that there are bytes among values, and all of them weak.
func (r *Resolver) allWeak(es []ir.Expr) bool {
	found := false
	for _, a := range es {
		if a != nil && kindOf(a.TypeOf()) == binaryKind {
			if !r.weakBytes(a) {
				return false
			}
			found = true
		}
	}
	return found
}

// characters makes text of weak bytes that stand beside a text whose collation is stronger.
func (r *Resolver) characters(es ...*ir.Expr) {
	stronger := false
	for _, e := range es {
		k := kindOf((*e).TypeOf())
		if k == binaryKind && !r.weakBytes(*e) {
			return
		}
		stronger = stronger || k == textKind && r.derive(*e).level < literalLevel
	}
	for _, e := range es {
		if stronger && kindOf((*e).TypeOf()) == binaryKind {
			*e = r.asCharacters(*e)
		}
	}
}

func (r *Resolver) asCharacters(e ir.Expr) ir.Expr {
	if kindOf(e.TypeOf()) != binaryKind {
		return r.text(e)
	}
	if b, ok := e.(*ir.Bytes); ok && utf8.Valid(b.Value) && !strings.ContainsRune(string(b.Value), 0) {
		s := &ir.String{Value: string(b.Value)}
		s.Meta = b.Meta
		s.Type = r.stringType(s)
		return s
	}
	return implicit(e, r.textOf(types.Text{}), ir.FailError)
}

// temporalClass: b is a temporal. Text becomes a temporal, a number literal too, other numbers compare as numbers.
func (r *Resolver) temporalClass(a, b ir.Expr, ka kind) (class, types.Type) {
	_, time := b.TypeOf().(types.Time)
	switch ka {
	case temporalKind:
		_, otherTime := a.TypeOf().(types.Time)
		if time != otherTime {
			return asTemporal, types.DateTime{Precision: max(op.Precision(a.TypeOf()), op.Precision(b.TypeOf()))}
		}
		return asIs, nil
	case textKind, enumKind, setKind:
		if time && r.sem.TimesCompareAsText && !timeLiteral(a, b) {
			return asText, nil
		}
		return asTemporal, comparedAs(a, b.TypeOf())
	}
	if r.sem.ConstantsAreStored && !time {
		return r.dateNumber(a, b)
	}
	if n, ok := a.(*ir.Number); ok && n.Kind == ir.IntNumber && !time && (len(n.Text) == 8 || len(n.Text) == 14) {
		return asTemporal, b.TypeOf()
	} else if ok && n.Kind == ir.IntNumber && !time && len(n.Text) > 4 && len(n.Text) < 14 {
		r.fail(mixedClasses, n.Span, "a date is compared with the number %s, which may be a date with a year of two digits", n.Text)
	} else if ok && n.Kind != ir.IntNumber && !time {
		r.fail(mixedClasses, n.Span, "a date is compared with the number %s, which has a fraction", n.Text)
	}
	if _, literal := intLiteral(a); !literal && !time && ka == numberKind && r.sem.NumbersCompareAsDates {
		r.fail(mixedClasses, a.Base().Span, "a date is compared with a number, which is taken for a date")
	}
	switch a.TypeOf().(type) {
	case types.Decimal, types.Float:
		if _, lit := a.(*ir.Number); !lit && !time {
			r.fail(mixedClasses, a.Base().Span, "a date is compared with numbers that may have a fraction")
		}
	}
	return asNumber, nil
}

// dateNumber tells as what a number compares with a date or moment: as numbers, but a constant beside a column is a date.
func (r *Resolver) dateNumber(a, b ir.Expr) (class, types.Type) {
	column, known := isColumn(b)
	n, literal := a.(*ir.Number)
	_, date := b.TypeOf().(types.Date)
	switch {
	case !known && literal && n.Kind == ir.IntNumber && (date && len(n.Text) == 8 || !date && len(n.Text) == 14):
		return asTemporal, b.TypeOf() // the same in both ways
	case !known && isConstant(a):
		r.fail(mixedClasses, a.Base().Span, "a constant is compared with what may be a column of dates or not")
	case !column || !isConstant(a):
	case literal && n.Kind == ir.IntNumber && (len(n.Text) == 8 || len(n.Text) == 14):
		return asTemporal, b.TypeOf()
	case literal && n.Kind == ir.IntNumber && len(n.Text) > 4 && len(n.Text) < 14:
		r.fail(mixedClasses, n.Span, "a date is compared with the number %s, which may be a date with a year of two digits", n.Text)
	case literal && n.Kind != ir.IntNumber:
		r.fail(mixedClasses, n.Span, "a date is compared with the number %s, which has a fraction", n.Text)
	case !literal:
		if _, whole := intLiteral(a); !whole {
			r.fail(mixedClasses, a.Base().Span, "a date is compared with a constant expression, which is taken for a date")
		}
	}
	return asNumber, nil
}

// isColumn tells a column of a table; known is false where a query's output may be one or not.
func isColumn(e ir.Expr) (column, known bool) {
	n, ok := e.(*ir.Name)
	if !ok {
		return false, true
	}
	switch ref := n.Ref.(type) {
	case *ir.ColumnRef:
		return true, ref.Table != nil && ref.Table.Kind != catalog.ViewTable
	case *ir.OutputRef:
		return ref.Of != nil, ref.Of != nil
	case *ir.VarRef, *ir.ParamRef, *ir.RowRef:
		return false, true
	}
	return false, false
}

// isConstant tells a value that reads no rows.
func isConstant(e ir.Expr) bool {
	return !ir.Find(e, func(n ir.Node) bool {
		switch n.(type) {
		case *ir.Name, *ir.Subquery, *ir.Exists, *ir.Quantified, *ir.RoutineCall, *ir.UserVar, *ir.Aggregate:
			return true
		}
		return false
	})
}

// timeLiteral tells a literal of a time that is compared with a column or variable, and so is a time.
func timeLiteral(a, b ir.Expr) bool {
	s, text := a.(*ir.String)
	_, name := b.(*ir.Name)
	return text && name && strings.ContainsAny(s.Value, "0123456789")
}

// comparedAs is the temporal type that text compared with a temporal gets: a date only where the text is the literal of a date.
func comparedAs(text ir.Expr, t types.Type) types.Type {
	switch t := t.(type) {
	case types.Date:
		if s, ok := text.(*ir.String); ok {
			if v, isDate := readTemporal(s.Value); v != "" && isDate {
				return t
			}
		}
		return types.DateTime{Precision: 6}
	case types.Timestamp:
		return types.Timestamp{Precision: 6}
	case types.Time:
		return types.Time{Precision: 6, Duration: t.Duration}
	}
	return types.DateTime{Precision: 6}
}

// wider is the temporal type that holds both.
func wider(a, b types.Type) types.Type {
	if a == nil || b == nil || a == b {
		if a == nil {
			return b
		}
		return a
	}
	_, da := a.(types.Date)
	_, db := b.(types.Date)
	switch {
	case da:
		return b
	case db:
		return a
	}
	return a
}

// convert brings a value to the class in which it compares with the other value.
func (r *Resolver) convert(e ir.Expr, c class, target types.Type, other ir.Expr) ir.Expr {
	if y := r.yearLiteral(e, other); y != nil {
		return y
	}
	r.noYear(e, other)
	if c == asTemporal {
		r.noDate(e, other)
	}
	switch c {
	case asText:
		return r.text(e)
	case asNumber:
		return r.number(e)
	case asBinary:
		return r.bytes(e)
	case asCharacters:
		return r.asCharacters(e)
	case asJSON:
		return r.jsonOperand(e)
	case asLabel:
		return label(e, target)
	case asTemporal:
		x := r.temporal(e, target)
		if k := kindOf(e.TypeOf()); k == textKind || k == enumKind || k == setKind {
			if c, ok := x.(*ir.Cast); ok && c.Implicit {
				c.Fail = ir.FailPrefix // what is no date compares as the zero date
			}
		}
		return x
	case asOther:
		if kindOf(e.TypeOf()) == otherKind || kindOf(e.TypeOf()) == noKind {
			return e
		}
		return implicit(e, target, ir.FailNull)
	}
	return e
}

// implicit is the conversion that the source does silently.
func implicit(e ir.Expr, to types.Type, fail ir.CastFailure) ir.Expr {
	c := &ir.Cast{X: e, To: to, Implicit: true, Fail: fail, TooLong: ir.CutLong}
	c.Span, c.Type = e.Base().Span, to
	if _, ok := e.TypeOf().(types.Float); ok {
		c.Round = ir.RoundHalfEven
	}
	return c
}

// dayShape is text that begins like a date.
var dayShape = regexp.MustCompile(`^\s*\d+[-/.^]\d+[-/.^]\d+`)

// digitShape is text that begins like a number, as a year or a month alone does; zeros are left to the zero date.
var digitShape = regexp.MustCompile(`^\s*0*[1-9]`)

// noDate refuses literals that are compared with a date and look like one without being one, and dates that are compared with a time:
// versions of the source compare them as texts, or make times of them.
func (r *Resolver) noDate(e, other ir.Expr) {
	s, ok := e.(*ir.String)
	_, time := other.TypeOf().(types.Time)
	if !ok || !dayShape.MatchString(s.Value) && (time || !digitShape.MatchString(s.Value)) {
		return
	}
	if v, _ := readTemporal(s.Value); time || v == "" && types.IsTemporal(other.TypeOf()) && !strings.HasPrefix(s.Value, "0000-00-00") {
		r.fail(mixedClasses, e.Base().Span, "%s is compared with a %s, and is none", e.Base().Span.Text(), other.TypeOf())
	}
}

// noYear refuses a literal that is compared with a YEAR and is none: the source makes a year of it.
func (r *Resolver) noYear(e, other ir.Expr) {
	if _, ok := other.TypeOf().(types.Year); !ok {
		return
	}
	column, known := isColumn(other)
	if r.sem.ConstantsAreStored && known && !types.IsTemporal(e.TypeOf()) {
		if _, stored := storedYear(e); !column || stored || isText(e) && numberPrefix.FindString(e.(*ir.String).Value) == "" {
			return
		}
	}
	switch n := e.(type) {
	case *ir.Number:
		if n.Kind == ir.IntNumber {
			return
		}
	case *ir.String:
		if len(n.Value) == 4 && strings.Trim(n.Value, "0123456789") == "" {
			return
		}
	case *ir.Bytes:
	default:
		if !types.IsTemporal(e.TypeOf()) && !(column && smallConstant(e)) {
			return
		}
	}
	r.fail(mixedClasses, e.Base().Span, "a year is compared with %s, which is no whole number of four digits", e.Base().Span.Text())
}

// smallConstant tells a computed constant that may be below 100, which the source would make a year of: no year of a date, nor a sum that is
// a year, nor what depends on a row or a variable.
func smallConstant(e ir.Expr) bool {
	if v, ok := sumOf(e); ok {
		return v < 1901 || v > 2155
	}
	if q, ok := e.(*ir.Subquery); ok {
		s, plain := q.Query.(*ir.Select)
		return plain && len(s.From) == 0 && len(s.Items) == 1 && smallConstant(s.Items[0].Expr)
	}
	return !ir.Find(e, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Name, *ir.Subquery, *ir.UserVar, *ir.SysVar, *ir.RoutineCall, *ir.Aggregate, *ir.Null:
			return true
		case *ir.Call:
			return n.Op == op.Year || n.Op == op.Extract
		}
		return false
	})
}

// sumOf is the value of a sum or product of integer literals.
func sumOf(e ir.Expr) (int64, bool) {
	b, ok := e.(*ir.Binary)
	if !ok {
		return intLiteral(e)
	}
	l, ok := sumOf(b.L)
	r, ok2 := sumOf(b.R)
	if !ok || !ok2 || max(l, -l, r, -r) > 1<<30 {
		return 0, false
	}
	switch b.Op {
	case ir.Add:
		return l + r, true
	case ir.Sub:
		return l - r, true
	case ir.Mul:
		return l * r, true
	}
	return 0, false
}

// yearLiteral is the year of a number or text literal of one or two digits that is compared with a YEAR; nil for everything else.
func (r *Resolver) yearLiteral(e, other ir.Expr) ir.Expr {
	if _, ok := other.TypeOf().(types.Year); !ok {
		return nil
	}
	if column, known := isColumn(other); r.sem.ConstantsAreStored {
		if y, ok := storedYear(e); column && known && ok {
			return y
		}
		if !column && known {
			return nil
		}
	}
	v, ok := intLiteral(e)
	s, text := e.(*ir.String)
	if text && len(s.Value) > 0 && len(s.Value) <= 2 {
		n, err := strconv.Atoi(s.Value)
		v, ok = int64(n), err == nil
	}
	if !ok || v < 0 || v > 99 || v == 0 && !text {
		return nil
	}
	if v < 70 {
		return numberOf(e, strconv.FormatInt(v+2000, 10))
	}
	return numberOf(e, strconv.FormatInt(v+1900, 10))
}

func isText(e ir.Expr) bool { _, ok := e.(*ir.String); return ok }

// storedYear is the year that a column holds of a literal with a fraction or of a text, which takes its place where it is compared with the
// column; ok is false where the literal compares as it is, or its year is not known here.
func storedYear(e ir.Expr) (year ir.Expr, ok bool) {
	text, s := "", ""
	switch n := e.(type) {
	case *ir.Number:
		if n.Kind != ir.DecimalNumber {
			return nil, false
		}
		text = n.Text
	case *ir.String:
		s = n.Value
		text = numberPrefix.FindString(s)
	}
	v, _, err := big.ParseFloat(strings.TrimSpace(text), 10, 200, big.ToNearestEven)
	if err != nil || v.Sign() < 0 {
		return nil, false
	}
	whole, _ := v.Add(v, big.NewFloat(0.5)).Int64()
	switch {
	case whole > 2155 || whole > 99 && whole < 1901:
		return nil, false
	case whole == 0 && s != "" && len(s) != 4, whole > 0 && whole < 70:
		whole += 2000
	case whole > 0 && whole < 100:
		whole += 1900
	}
	return numberOf(e, strconv.FormatInt(whole, 10)), true
}

func sameLabels(a, b types.Type) bool {
	x, ok := a.(types.Enum)
	y, ok2 := b.(types.Enum)
	if !ok || !ok2 || len(x.Values) != len(y.Values) || x.Name != y.Name {
		return false
	}
	for i := range x.Values {
		if x.Values[i] != y.Values[i] {
			return false
		}
	}
	return true
}

// isLabel tells whether a literal is one of the labels of an enumeration.
func isLabel(e ir.Expr, t types.Type) bool {
	_, ok := findLabel(e, t)
	return ok
}

func findLabel(e ir.Expr, t types.Type) (string, bool) {
	s, ok := e.(*ir.String)
	en, ok2 := t.(types.Enum)
	if !ok || !ok2 {
		return "", false
	}
	v := strings.TrimRight(s.Value, " ")
	for _, l := range en.Values {
		if l == s.Value || en.Collation.CaseInsensitive && strings.EqualFold(l, v) {
			return l, true
		}
	}
	return "", false
}

// label turns a literal into the label of the enumeration.
func label(e ir.Expr, t types.Type) ir.Expr {
	l, ok := findLabel(e, t)
	if !ok {
		return e
	}
	s := &ir.String{Value: l}
	s.Meta = *e.Base()
	s.Type = t
	return s
}

// allLabels tells whether every literal of a list is a label, so that the enumeration need not become text.
func (r *Resolver) allLabels(x ir.Expr, list []ir.Expr) bool {
	for _, v := range list {
		if c, _ := r.class(x, v); c != asLabel {
			return false
		}
	}
	return true
}

var numberPrefix = regexp.MustCompile(`^[ \t\n\r\f\v]*([-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)`)

// number converts a value to a number: text by its leading digits.
func (r *Resolver) number(e ir.Expr) ir.Expr {
	switch t := e.TypeOf().(type) {
	case types.Int, types.Decimal, types.Float, types.Year, types.Null, types.Unknown, nil:
		return e
	case types.Bool:
		return r.asValue(e)
	case types.Bit:
		return implicit(e, types.Int{Bits: 64, Unsigned: true}, ir.FailClamp)
	case types.Enum, types.Set:
		switch e.(type) {
		case *ir.Aggregate, *ir.Subquery: // only a column has a number, the greatest and the one of a subquery are texts
			if _, set := t.(types.Set); set || r.sem.LabelsAreIntegers {
				r.fail(misfit, e.Base().Span, "the greatest or a chosen value of type %s is used as a number", t)
				return e
			}
			return r.number(r.text(e))
		}
		return implicit(e, types.Int{Bits: 64, Unsigned: true}, ir.FailClamp)
	case types.Date, types.DateTime, types.Timestamp, types.Time:
		if r.sem.ConstantsAreStored && choosesOthers(e) {
			r.note(mixedChoice, e.Base().Span, "dates and moments in a choice that is used as a number are assumed to count as moments")
		}
		p, s := op.DecimalOf(t)
		if s == 0 {
			return implicit(e, types.Int{Bits: 64}, ir.FailClamp)
		}
		return implicit(e, types.Decimal{Precision: p, Scale: s}, ir.FailClamp)
	case types.Row:
		r.fail(mixedClasses, e.Base().Span, "a row value is used as a number")
		return e
	}
	if day := r.dayNumber(e); day != nil {
		return day
	}
	if choosesOthers(e) {
		r.note(mixedChoice, e.Base().Span, "dates and labels in a choice that is used as a number are assumed to count as text")
	}
	if s, ok := e.(*ir.String); ok && (r.changing || r.assigning && strings.TrimSpace(s.Value) != "") && !cleanNumber.MatchString(s.Value) {
		return implicit(e, types.Float{Bits: 64}, ir.FailPrefix) // an error where it is evaluated
	}
	if b, ok := e.(*ir.Bytes); ok && !r.sem.BytesAreNumbers && quotedHex(b) {
		return numberOf(e, leadingNumber(string(b.Value)))
	}
	if n := foldNumber(e); n != nil {
		return n
	}
	return implicit(e, types.Float{Bits: 64}, ir.FailPrefix)
}

// dayNumber is the number that the name of a day counts as where it is computed with or compared with a number; nil for everything else.
func (r *Resolver) dayNumber(e ir.Expr) ir.Expr {
	c, ok := e.(*ir.Call)
	if !ok || c.Op != op.DayName || !r.sem.DayNamesCount {
		return nil
	}
	n := &ir.Call{Op: op.Weekday, Name: "WEEKDAY", Args: c.Args}
	n.Meta = c.Meta
	n.Type = types.Int{Bits: 32}
	return n
}

// choosesOthers tells a choice between texts, one of which is an enumeration, a set or a date that became text for it: used as a
// number, the source takes that value's own number.
func choosesOthers(e ir.Expr) bool {
	switch c := e.(type) {
	case *ir.Case:
	case *ir.Call:
		if c.Op != op.Coalesce && c.Op != op.IfNull {
			return false
		}
	default:
		return false
	}
	found := false
	look := func(n ir.Node) {
		if b, ok := n.(*ir.Bytes); ok && hexLiteral(b) {
			found = true
		}
		c, ok := n.(*ir.Cast)
		if ok && c.Implicit {
			k := kindOf(c.X.TypeOf())
			found = found || k == enumKind || k == setKind || k == temporalKind
		}
		if x, ok := n.(ir.Expr); ok {
			found = found || choosesOthers(x)
		}
	}
	ir.Children(e, func(n ir.Node) {
		if w, ok := n.(*ir.When); ok {
			look(w.Then)
			return
		}
		look(n)
	})
	return found
}

// quotedHex tells a literal x'41', which some dialects take for text only, from 0x41 and b'1'.
func quotedHex(b *ir.Bytes) bool {
	s := b.Span.Text()
	return len(s) > 1 && (s[0] == 'x' || s[0] == 'X') && s[1] == '\''
}

// hexLiteral tells a literal of digits from text that is made bytes (_binary 'x').
func hexLiteral(b *ir.Bytes) bool {
	s := strings.ToLower(b.Span.Text())
	if strings.HasPrefix(s, "_") {
		_, s, _ = strings.Cut(strings.Replace(s, "'", " '", 1), " ")
		s = strings.TrimSpace(s)
	}
	return s == "" || b.Bit || strings.HasPrefix(s, "0x") || strings.HasPrefix(s, "x") || strings.HasPrefix(s, "b") || strings.HasPrefix(s, "0b")
}

// cleanNumber is text that is a number and nothing else.
var cleanNumber = regexp.MustCompile(`^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$`)

// foldNumber computes the number of a literal; nil if it is none.
func foldNumber(e ir.Expr) ir.Expr {
	switch e := e.(type) {
	case *ir.String:
		return numberOf(e, leadingNumber(e.Value))
	case *ir.Bytes:
		if !hexLiteral(e) {
			return numberOf(e, leadingNumber(string(e.Value)))
		}
		if len(e.Value) > 8 {
			return nil
		}
		n := numberOf(e, new(big.Int).SetBytes(e.Value).String())
		n.SetType(types.Int{Bits: 64, Unsigned: true})
		return n
	}
	return nil
}

func leadingNumber(s string) string {
	m := numberPrefix.FindStringSubmatch(s)
	if m == nil {
		return "0"
	}
	return strings.TrimSuffix(m[1], ".")
}

// numberOf makes a number node of digits with a sign.
func numberOf(at ir.Expr, text string) ir.Expr {
	neg := strings.HasPrefix(text, "-")
	n := &ir.Number{Text: strings.TrimLeft(text, "+-")}
	n.Meta = *at.Base()
	switch {
	case strings.ContainsAny(n.Text, "eE"):
		n.Kind = ir.FloatNumber
	case strings.Contains(n.Text, "."):
		n.Kind = ir.DecimalNumber
		if strings.HasPrefix(n.Text, ".") {
			n.Text = "0" + n.Text
		}
	}
	if n.Kind == ir.IntNumber {
		if v := strings.TrimLeft(n.Text, "0"); v != "" {
			n.Text = v
		} else {
			n.Text = "0"
		}
	}
	n.Type = numberType(n)
	if !neg {
		return n
	}
	u := &ir.Unary{Op: ir.Neg, X: n}
	u.Span, u.Type = n.Span, n.Type
	return u
}

// operand converts a value to a number to compute with: the number of a text literal is a double.
func (r *Resolver) operand(e ir.Expr) ir.Expr {
	n := r.number(e)
	switch k := kindOf(e.TypeOf()); {
	case (k == enumKind || k == setKind) && r.sem.LabelsAreIntegers:
		return implicit(e, types.Int{Bits: 64}, ir.FailClamp)
	case k == enumKind || k == setKind:
		return implicit(n, types.Float{Bits: 64}, ir.FailClamp)
	case k == textKind:
		return asDouble(n)
	}
	return n
}

// asDouble makes doubles of number literals.
func asDouble(e ir.Expr) ir.Expr {
	switch n := e.(type) {
	case *ir.Number:
		n.Kind, n.Type = ir.FloatNumber, types.Float{Bits: 64}
	case *ir.Unary:
		n.X, n.Type = asDouble(n.X), types.Float{Bits: 64}
	}
	return e
}

// float converts a value to a binary floating point number.
func (r *Resolver) float(e ir.Expr) ir.Expr {
	e = r.number(e)
	switch e.TypeOf().(type) {
	case types.Float, types.Null, types.Unknown, nil:
		return e
	}
	return implicit(e, types.Float{Bits: 64}, ir.FailPrefix)
}

// wholeText reads the integer at the beginning of a text, without what stands behind a point; nil if the value is no text.
func (r *Resolver) wholeText(e ir.Expr) ir.Expr {
	if day := r.dayNumber(e); day != nil {
		return day
	}
	if kindOf(e.TypeOf()) != textKind || r.changing || r.assigning {
		return nil
	}
	s, ok := e.(*ir.String)
	if !ok {
		return implicit(e, types.Int{Bits: 64}, ir.FailPrefix)
	}
	whole, _, _ := strings.Cut(strings.ToLower(leadingNumber(s.Value)), ".")
	whole, _, _ = strings.Cut(whole, "e")
	if strings.Trim(whole, "+-") == "" {
		whole = "0"
	}
	if len(whole) > 18 {
		return nil
	}
	return numberOf(s, whole)
}

// integer converts a value to a 64-bit integer, rounding half away from zero.
func (r *Resolver) integer(e ir.Expr) ir.Expr {
	if x := r.wholeText(e); x != nil {
		return x
	}
	e = r.number(e)
	switch e.TypeOf().(type) {
	case types.Int, types.Year, types.Null, types.Unknown, nil:
		return e
	}
	return implicit(e, types.Int{Bits: 64}, ir.FailClamp)
}

// text converts a value to text in the source's format; byte strings stay.
func (r *Resolver) text(e ir.Expr) ir.Expr {
	switch t := e.TypeOf().(type) {
	case types.Text, types.Binary, types.Null, types.Unknown, nil:
		return e
	case types.Bool:
		return r.text(r.asValue(e))
	case types.Row:
		r.fail(mixedClasses, e.Base().Span, "a row value is used as text")
		return e
	case types.Enum, types.Set:
		return implicit(e, op.AsText(t), ir.FailError)
	case types.Bit:
		return implicit(e, types.Binary{N: (t.N + 7) / 8}, ir.FailError)
	case types.Int, types.Decimal:
		if s := foldText(e); s != nil {
			s.SetType(r.stringType(s))
			return s
		}
	}
	return implicit(e, r.textOf(e.TypeOf()), ir.FailError)
}

// textOf is the type of a value shown as text.
func (r *Resolver) textOf(t types.Type) types.Type {
	x := op.AsText(t)
	x.Collation = r.connection()
	x.Charset = r.sem.Charset(x.Collation.Name)
	return x
}

// foldText writes a number literal as text; nil if it is none.
func foldText(e ir.Expr) *ir.String {
	neg := ""
	if u, ok := e.(*ir.Unary); ok && u.Op == ir.Neg {
		neg, e = "-", u.X
	}
	n, ok := e.(*ir.Number)
	if !ok || n.Kind == ir.FloatNumber || n.Kind == ir.IntNumber && len(n.Text) > 1 && n.Text[0] == '0' {
		return nil
	}
	if strings.Trim(n.Text, "0.") == "" {
		neg = ""
	}
	s := &ir.String{Value: neg + plainDigits(n.Text)}
	s.Meta = n.Meta
	return s
}

// plainDigits writes a number without exponent as the source shows it: .5 is 0.5, 4. is 4 and 07.5 is 7.5.
func plainDigits(s string) string {
	if !strings.Contains(s, ".") {
		return s
	}
	s = strings.TrimSuffix(strings.TrimLeft(s, "0"), ".")
	if s == "" || s[0] == '.' {
		s = "0" + s
	}
	return s
}

// bytes converts a value to a byte string.
func (r *Resolver) bytes(e ir.Expr) ir.Expr {
	e = r.text(e)
	switch e.TypeOf().(type) {
	case types.Text:
		return implicit(e, types.Binary{}, ir.FailError)
	}
	return e
}

// json converts text to a document.
func (r *Resolver) json(e ir.Expr) ir.Expr {
	switch t := e.TypeOf().(type) {
	case types.JSON:
		if t.Kind == types.JSONBinary {
			return e
		}
	case types.Null, types.Unknown, nil:
		return e
	}
	if k := kindOf(e.TypeOf()); (k == numberKind || k == bitKind || k == temporalKind || k == binaryKind) && r.sem.JSON == types.JSONBinary {
		r.fail(mixedClasses, e.Base().Span, "a %s is no text of a document, which the source refuses", e.TypeOf())
		return e
	}
	return implicit(r.text(e), types.JSON{Kind: types.JSONBinary}, ir.FailError)
}

// jsonOperand converts a value that is compared with a document to a document: text to a JSON string, numbers to numbers.
func (r *Resolver) jsonOperand(e ir.Expr) ir.Expr {
	switch t := e.TypeOf().(type) {
	case types.JSON:
		if t.Kind == types.JSONBinary {
			return e
		}
	case types.Null, types.Unknown, nil:
		return e
	}
	c := &ir.Call{Op: op.JSONScalar, Name: "JSON", Args: []ir.Expr{e}}
	c.Span, c.Type = e.Base().Span, types.JSON{Kind: types.JSONBinary}
	return c
}

// dateTime converts text and numbers to a date and time; dates and times stay.
func (r *Resolver) dateTime(e ir.Expr) ir.Expr {
	if s, ok := e.(*ir.String); ok {
		if v, isDate := readTemporal(s.Value); v != "" {
			return temporalLiteral(s, v, isDate)
		}
	}
	return r.temporal(e, types.DateTime{Precision: 6})
}

// time converts text and numbers to a time.
func (r *Resolver) time(e ir.Expr) ir.Expr {
	switch e.TypeOf().(type) {
	case types.Time, types.DateTime, types.Timestamp, types.Date:
		return e
	}
	return r.temporal(e, types.Time{Precision: 6, Duration: true})
}

// temporal converts a value to a temporal type. A value that is one already stays, unless a time meets a date.
func (r *Resolver) temporal(e ir.Expr, t types.Type) ir.Expr {
	switch et := e.TypeOf().(type) {
	case types.Null, types.Unknown, nil:
		return e
	case types.Date, types.DateTime, types.Timestamp:
		return e
	case types.Time:
		if _, ok := t.(types.Time); !ok {
			return implicit(e, types.DateTime{Precision: op.Precision(et)}, ir.FailNull)
		}
		return e
	case types.Row:
		r.fail(mixedClasses, e.Base().Span, "a row value is used as a %s", t)
		return e
	case types.JSON:
		if et.Kind == types.JSONBinary {
			r.fail(mixedClasses, e.Base().Span, "a document is used as a %s", t)
			return e
		}
	case types.Float, types.Decimal, types.Int, types.Year, types.Bit, types.Bool:
		_, time := t.(types.Time)
		if v, ok := intLiteral(e); ok && time && (v > 8385959 || v < -8385959) && v < 10000000000 {
			r.fail(mixedClasses, e.Base().Span, "the number %s is beyond all times: NULL or the greatest one, by version", e.Base().Span.Text())
		}
		if n, ok := e.(*ir.Number); ok && n.Kind == ir.IntNumber && (!time || len(n.Text) > 8) {
			if v, isDate := readDigits(n.Text); v != "" {
				return temporalLiteral(n, v, isDate)
			}
		}
		return implicit(r.number(e), shaped(t, et), ir.FailNull)
	}
	if s, ok := e.(*ir.String); ok {
		if l := literalOf(s, t); l != nil {
			return l
		}
	}
	return implicit(r.text(e), t, ir.FailNull)
}

// shaped is the temporal type that a number gives.
func shaped(t, from types.Type) types.Type {
	if _, ok := from.(types.Int); !ok {
		return t
	}
	switch t := t.(type) {
	case types.DateTime:
		return types.DateTime{}
	case types.Time:
		return types.Time{Duration: t.Duration}
	}
	return t
}

// literalOf reads a text literal as a temporal of the given type; nil if it is not plainly one.
func literalOf(s *ir.String, t types.Type) ir.Expr {
	if time, ok := t.(types.Time); ok {
		if !plainTime.MatchString(s.Value) {
			return nil
		}
		l := &ir.Temporal{Kind: time, Value: s.Value}
		l.Meta = s.Meta
		l.Type = temporalType(l)
		return l
	}
	v, isDate := readTemporal(s.Value)
	if v == "" {
		return nil
	}
	l := temporalLiteral(s, v, isDate)
	if _, ok := t.(types.Timestamp); ok && !isDate {
		if x, ok := l.(*ir.Temporal); ok {
			x.Kind, x.Type = types.Timestamp{}, types.Timestamp{Precision: op.Precision(x.Type)}
		}
	}
	return l
}

func temporalLiteral(at ir.Expr, v string, isDate bool) ir.Expr {
	l := &ir.Temporal{Kind: types.DateTime{}, Value: v}
	if isDate {
		l.Kind = types.Date{}
	}
	l.Meta = *at.Base()
	l.Type = temporalType(l)
	return l
}

// unify converts a value to the common type of several (CASE, COALESCE, UNION) where it is of another class.
func (r *Resolver) unify(e ir.Expr, t types.Type) ir.Expr {
	if t == nil || types.IsUnknown(t) {
		return e
	}
	ke, kt := kindOf(e.TypeOf()), kindOf(t)
	if ke == noKind || ke == rowKind {
		return e
	}
	if ke == bitKind && (kt == textKind || kt == binaryKind) {
		r.fail(mixedClasses, e.Base().Span, "bits are chosen among or united with other values, as bytes or as a number, by the place where they stand")
		return e
	}
	if ke == bitKind && kt == bitKind && e.TypeOf() != t {
		r.fail(mixedClasses, e.Base().Span, "bits of different lengths are chosen among or united")
		return e
	}
	switch kt {
	case textKind:
		if ke == textKind {
			return e
		}
		return r.text(e)
	case numberKind:
		if d, ok := t.(types.Float); ok && d.Bits == 64 && floatLiteral(e) {
			return implicit(e, types.Float{Bits: 64}, ir.FailClamp) // the target would take it for a decimal
		}
		if f, ok := e.TypeOf().(types.Float); ok && f.Bits == 32 && f.Digits == 0 {
			if d, ok := t.(types.Float); ok && d.Bits == 64 {
				return implicit(e, d, ir.FailClamp)
			}
		}
		if ke == numberKind {
			return e
		}
		return r.number(e)
	case binaryKind:
		return r.bytes(e)
	case temporalKind:
		if sameTemporal(e.TypeOf(), t) {
			return e
		}
		return implicit(e, t, ir.FailNull)
	}
	return e
}

// floatLiteral tells a number literal with an exponent.
func floatLiteral(e ir.Expr) bool {
	switch e := e.(type) {
	case *ir.Number:
		return e.Kind == ir.FloatNumber
	case *ir.Unary:
		return e.Op == ir.Neg && floatLiteral(e.X)
	}
	return false
}

// scaled writes a literal with the digits behind the point that the common type of the values shows: 0 beside 1.50 is 0.00.
func scaled(e ir.Expr, t types.Type) ir.Expr {
	d, ok := t.(types.Decimal)
	if u, neg := e.(*ir.Unary); neg && u.Op == ir.Neg && ok {
		if x := scaled(u.X, t); x != u.X {
			u.X, u.Type = x, x.TypeOf()
		}
		return e
	}
	n, lit := e.(*ir.Number)
	if !ok || !lit || n.Kind == ir.FloatNumber || d.Precision == 0 {
		return e
	}
	whole, fraction, _ := strings.Cut(n.Text, ".")
	if len(fraction) >= d.Scale || whole == "" {
		return e
	}
	out := &ir.Number{Text: whole + "." + fraction + strings.Repeat("0", d.Scale-len(fraction)), Kind: ir.DecimalNumber}
	out.Meta = n.Meta
	out.Type = types.Decimal{Precision: len(whole) + d.Scale, Scale: d.Scale}
	return out
}

// sameTemporal tells that a value needs no conversion to be of the type (its precision aside).
func sameTemporal(a, b types.Type) bool {
	switch a.(type) {
	case types.Date:
		_, ok := b.(types.Date)
		return ok
	case types.Time:
		_, ok := b.(types.Time)
		return ok
	case types.DateTime:
		_, ok := b.(types.DateTime)
		return ok
	case types.Timestamp:
		_, ok := b.(types.Timestamp)
		return ok
	}
	return false
}

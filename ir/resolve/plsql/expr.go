package plsql

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/types"
)

// Codes of findings about expressions: TY0550 to TY0599, EX0500 to EX0519, FN0500 to FN0519.
var (
	noConversion = &diag.Code{
		ID: "TY0550", Title: "types that do not fit", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  `The source has no implicit conversion between the types (SQL Language Reference, "Data Conversion"), or which one it takes depends on the values.`,
		Next: "Convert one of the values explicitly.", Learn: 0.2, Each: 0.1,
	}
	byFormat = &diag.Code{
		ID: "TY0551", Title: "a date and a text are converted by the session's format", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `A date that is used as a text, or a text as a date, without a format model is converted by NLS_DATE_FORMAT or NLS_TIMESTAMP_FORMAT of the session (SQL Language Reference, "Implicit Data
Conversion"). Assumed: the sessions have the default formats, or those that the settings nls-date-format and nls-timestamp-format name.`,
		Next: "Set nls-date-format to the format of the sessions, or convert with TO_CHAR and TO_DATE and a format model.",
	}
	notCondition = &diag.Code{
		ID: "EX0500", Title: "a value where a condition is expected", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "Conditions are comparisons and the like, or BOOLEAN values (PL/SQL Language Reference, \"Expressions\").",
		Next: "Write a comparison.", Learn: 0.1, Each: 0.1,
	}
	unknownOperator = &diag.Code{
		ID: "EX0501", Title: "an expression that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The expression has no counterpart that is known to give the same values.",
		Next: "Write it in another way.", Learn: 0.5, Each: 0.5,
	}
	unknownFunction = &diag.Code{
		ID: "FN0500", Title: "a built-in function that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  `The function is one of the source (SQL Language Reference, "Functions", or PL/SQL Packages and Types Reference) and has no counterpart that is known to give the same values.`,
		Next: "Write the expression without the function, or write a routine of your own with that meaning.", Learn: 1, Each: 0.3,
	}
	wrongCount = &diag.Code{
		ID: "FN0501", Title: "a built-in function with arguments that it does not take", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The number or the kind of the arguments is none that the function has.",
		Next: "Correct the call.", Learn: 0.1, Each: 0.1,
	}
)

func expressionCodes() []*diag.Code {
	return []*diag.Code{noConversion, byFormat, notCondition, unknownOperator, unknownFunction, wrongCount, noOrder, keyOfRow}
}

// number is NUMBER.
var number types.Type = types.Decimal{}

// varchar is a text of a length, 0 for one that is not known.
func varchar(n int) types.Text { return types.Text{N: n, EmptyIsNull: true} }

// typed sets the type of an expression.
func typed[T ir.Expr](e T, t types.Type) T {
	e.SetType(t)
	return e
}

func unknown(why string) types.Type { return types.Unknown{Why: why} }

// value is expr for a place of SQL or PL/SQL that takes a value.
func (r *Resolver) value(sc *scope, e ir.Expr) ir.Expr { return r.expr(sc, e) }

// condition is expr for a place that takes a condition: the result has types.Bool.
func (r *Resolver) condition(sc *scope, e ir.Expr) ir.Expr {
	if e == nil {
		return nil
	}
	e = r.expr(sc, e)
	switch e.TypeOf().(type) {
	case types.Bool:
	case types.Null:
		e.SetType(types.Bool{})
	case types.Unknown:
	default:
		r.fail(notCondition, e.Base().Span, "%s is no condition", text(e))
	}
	return e
}

// text is the source text of a node, for messages.
func text(n ir.Node) string {
	s := strings.Join(strings.Fields(n.Base().Span.Text()), " ")
	if len(s) > 80 {
		s = s[:77] + "..."
	}
	return s
}

// list resolves the expressions of a list in place.
func (r *Resolver) list(sc *scope, es []ir.Expr) {
	for i := range es {
		if es[i] != nil {
			es[i] = r.value(sc, es[i])
		}
	}
}

// expr resolves an expression and gives what it becomes; a predicate keeps types.Bool. It never returns nil for an expression.
func (r *Resolver) expr(sc *scope, e ir.Expr) ir.Expr {
	if e == nil {
		return nil
	}
	x := r.resolved(sc, e)
	if x.TypeOf() == nil {
		r.fail(unknownOperator, x.Base().Span, "%s is not understood", text(x))
		x.SetType(unknown("not understood"))
	}
	return x
}

// resolved is expr without the check that there is a type.
func (r *Resolver) resolved(sc *scope, e ir.Expr) ir.Expr {
	switch e := e.(type) {
	case *ir.Null:
		return typed(e, types.Null{})
	case *ir.Number:
		return typed(e, numberType(e))
	case *ir.String:
		if e.Type == nil || !isCLOB(e.Type) {
			e.Type = varchar(len([]rune(e.Value)))
		}
		return e
	case *ir.Bytes:
		return typed(e, types.Binary{N: len(e.Value)})
	case *ir.Bool:
		return typed(e, types.Bool{})
	case *ir.Temporal:
		return typed(e, temporalType(e))
	case *ir.Now:
		return typed(e, e.Kind)
	case *ir.IntervalLit:
		return typed(e, types.Interval{Precision: intervalPrecision(e), Months: e.From == "year" || e.From == "month", Digits: max(e.Leading, 0)})
	case *ir.Name:
		return r.name(sc, e)
	case *ir.Invoke:
		return r.invoke(sc, e)
	case *ir.Subscript:
		return r.subscripted(sc, e)
	case *ir.Param:
		if e.Type == nil {
			e.Type = unknown("a placeholder")
		}
		return e
	case *ir.Star:
		return typed(e, types.Row{})
	case *ir.Default:
		if e.Type == nil {
			e.Type = types.Null{}
		}
		return e
	case *ir.Subquery:
		return r.subquery(sc, e)
	case *ir.Exists:
		e.Query = r.query(sc, e.Query)
		return typed(e, types.Bool{})
	case *ir.Call:
		return r.special(sc, e)
	case *ir.Aggregate:
		return r.aggregate(sc, e)
	case *ir.Cast:
		return r.explicitCast(sc, e)
	case *ir.Case:
		return r.caseExpr(sc, e)
	case *ir.Unary, *ir.Binary, *ir.Div, *ir.Mod, *ir.Concat, *ir.Compare, *ir.Between, *ir.In, *ir.Like, *ir.IsNull, *ir.IsTruth, *ir.Quantified, *ir.Regexp:
		return r.operator(sc, e)
	}
	return r.other(sc, e)
}

// other resolves the expressions that are seldom.
func (r *Resolver) other(sc *scope, e ir.Expr) ir.Expr {
	switch e := e.(type) {
	case *ir.RowExpr:
		r.list(sc, e.Items)
		row := types.Row{}
		for _, x := range e.Items {
			row.Names, row.Types = append(row.Names, ""), append(row.Types, x.TypeOf())
		}
		return typed(e, row)
	case *ir.GroupingSet:
		r.list(sc, e.Items)
		return typed(e, types.Row{})
	case *ir.Collate:
		e.X = r.value(sc, e.X)
		return typed(e, e.X.TypeOf())
	case *ir.Prior:
		e.X = r.value(sc, e.X)
		return typed(e, e.X.TypeOf())
	case *ir.RootOf:
		e.X = r.value(sc, e.X)
		return typed(e, e.X.TypeOf())
	case *ir.OuterMark:
		e.X = r.value(sc, e.X)
		return typed(e, e.X.TypeOf())
	case *ir.AtZone:
		return r.atZone(sc, e)
	case *ir.JSONExpr:
		return r.json(sc, e)
	case *ir.XMLExpr:
		return r.xml(sc, e)
	case *ir.Treat:
		e.X = r.value(sc, e.X)
		if x := r.treatDocument(e, strings.ToUpper(typeName(e.To))); x != nil {
			return x
		}
		return typed(e, r.typeOf(sc.block, e.To, e))
	case *ir.IsOf:
		e.X = r.value(sc, e.X)
		for i := range e.List {
			e.List[i] = r.typeOf(sc.block, e.List[i], e)
		}
		return typed(e, types.Bool{})
	case *ir.MultisetOp:
		e.L, e.R = r.value(sc, e.L), r.value(sc, e.R)
		return typed(e, e.L.TypeOf())
	case *ir.CollectionTest:
		e.X, e.Of = r.value(sc, e.X), r.expr(sc, e.Of)
		return typed(e, types.Bool{})
	case *ir.Multiset:
		e.Query = r.query(sc, e.Query)
		return typed(e, multisetType(e.Query))
	case *ir.UnsupportedExpr:
		return typed(e, unknown("it is not supported"))
	}
	if x, ok := r.part(sc, e); ok {
		return x
	}
	r.fail(unknownOperator, e.Base().Span, "%s is not converted", text(e))
	return typed(e, unknown("not understood"))
}

func multisetType(q ir.Query) types.Type {
	if row := q.Columns(); row != nil {
		return types.Array{Elem: *row}
	}
	return unknown("a query without known columns")
}

// numberType is the type of a numeric literal: NUMBER, or binary with a suffix.
func numberType(n *ir.Number) types.Type {
	if n.Kind == ir.FloatNumber { // 1d
		return types.Float{Bits: 64}
	}
	return number
}

// temporalType is the type of DATE '...' and TIMESTAMP '...': with a zone where the text has one.
func temporalType(t *ir.Temporal) types.Type {
	switch t.Kind.(type) {
	case types.Date:
		return types.DateTime{}
	case types.DateTime, types.Timestamp:
		if d, ok := t.Kind.(types.DateTime); ok && d.Precision == 0 && len(strings.TrimSpace(t.Value)) <= 10 {
			return d
		}
		date, rest, _ := strings.Cut(strings.TrimSpace(t.Value), " ")
		_ = date
		if strings.ContainsAny(rest, "+-") || strings.ContainsAny(strings.ToUpper(rest), "ABCDEFGHIJKLMNOPQRSTUVWXYZ") {
			return types.Timestamp{Precision: 9}
		}
		return types.DateTime{Precision: 9}
	}
	return unknown("a literal of a time without date")
}

func intervalPrecision(e *ir.IntervalLit) int {
	if e.Fraction >= 0 {
		return e.Fraction
	}
	return 6
}

// subquery resolves a query that is used as a value.
func (r *Resolver) subquery(sc *scope, e *ir.Subquery) ir.Expr {
	e.Query = r.query(sc, e.Query)
	row := e.Query.Columns()
	switch {
	case row == nil:
		return typed(e, unknown("a query without known columns"))
	case len(row.Types) == 1:
		return typed(e, row.Types[0])
	}
	return typed(e, *row)
}

// setting is a setting of the source where the unit stands, and whether it is given.
func (r *Resolver) setting(name, other string) (string, bool) {
	if v, ok := r.unit.Settings[name]; ok && v != "" {
		return v, true
	}
	return other, false
}

// mask is the format model by which the session converts a moment of the type.
func (r *Resolver) mask(t types.Type) (model string, given bool) {
	switch t.(type) {
	case types.DateTime:
		if isDate(t) {
			return r.setting("nls-date-format", "DD-MON-RR")
		}
		return r.setting("nls-timestamp-format", "DD-MON-RR HH.MI.SSXFF AM")
	case types.Timestamp:
		return r.setting("nls-timestamp-tz-format", "DD-MON-RR HH.MI.SSXFF AM TZR")
	}
	return "", true
}

// supplied makes a call of a routine of a supplied package.
func supplied(inv ir.Expr, name string, args []ir.Expr, t types.Type) *ir.Call {
	c := &ir.Call{Op: op.OraSupplied, Name: name, Args: args}
	c.Meta, c.Type = *inv.Base(), t
	return c
}

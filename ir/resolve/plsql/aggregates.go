package plsql

import (
	"strings"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/types"
)

// aggregateFunction describes an aggregate or window function; args and result are as in function, '1' is a result with the first argument's type,
// 'o' that of the value in ORDER BY of WITHIN GROUP.
type aggregateFunction struct {
	op       op.Op
	min, max int
	args     string
	result   byte
}

var aggregates = map[string]aggregateFunction{
	"COUNT": {op.Count, 1, 1, "x", 'n'}, "SUM": {op.Sum, 1, 1, "n", 'N'}, "AVG": {op.Avg, 1, 1, "n", 'N'}, "MIN": {op.Min, 1, 1, "x", '1'}, "MAX": {op.Max, 1, 1, "x", '1'},
	"ANY_VALUE": {op.AnyValue, 1, 1, "x", '1'}, "APPROX_COUNT_DISTINCT": {op.Count, 1, 1, "x", 'n'},
	"STDDEV": {op.OraStdDev, 1, 1, "n", 'N'}, "STDDEV_POP": {op.StdDevPop, 1, 1, "n", 'N'}, "STDDEV_SAMP": {op.StdDevSamp, 1, 1, "n", 'N'},
	"VARIANCE": {op.OraVariance, 1, 1, "n", 'N'}, "VAR_POP": {op.VarPop, 1, 1, "n", 'N'}, "VAR_SAMP": {op.VarSamp, 1, 1, "n", 'N'},
	"COVAR_POP": {op.OraCovarPop, 2, 2, "n", 'N'}, "COVAR_SAMP": {op.OraCovarSamp, 2, 2, "n", 'N'}, "CORR": {op.OraCorr, 2, 2, "n", 'N'},
	"REGR_SLOPE": {op.OraRegression, 2, 2, "n", 'N'}, "REGR_INTERCEPT": {op.OraRegression, 2, 2, "n", 'N'}, "REGR_COUNT": {op.OraRegression, 2, 2, "n", 'n'},
	"REGR_R2": {op.OraRegression, 2, 2, "n", 'N'}, "REGR_AVGX": {op.OraRegression, 2, 2, "n", 'N'}, "REGR_AVGY": {op.OraRegression, 2, 2, "n", 'N'},
	"REGR_SXX": {op.OraRegression, 2, 2, "n", 'N'}, "REGR_SYY": {op.OraRegression, 2, 2, "n", 'N'}, "REGR_SXY": {op.OraRegression, 2, 2, "n", 'N'},
	"LISTAGG": {op.OraListAgg, 1, 2, "t", 't'}, "WM_CONCAT": {op.OraWMConcat, 1, 1, "t", 't'}, "MEDIAN": {op.OraMedian, 1, 1, "x", 'M'},
	"PERCENTILE_CONT": {op.OraPercentileCont, 1, 1, "n", 'o'}, "PERCENTILE_DISC": {op.OraPercentileDisc, 1, 1, "n", 'o'},
	"STATS_MODE": {op.OraStatsMode, 1, 1, "x", '1'}, "RATIO_TO_REPORT": {op.OraRatio, 1, 1, "n", 'N'}, "COLLECT": {op.OraCollect, 1, 1, "x", 'c'}, "XMLAGG": {op.OraXMLAgg, 1, 1, "x", '1'},
	"GROUPING": {op.Grouping, 1, 1, "x", 'n'}, "GROUPING_ID": {op.OraGroupingID, 1, -1, "x", 'n'}, "GROUP_ID": {op.OraGroupID, 0, 0, "", 'n'},
	"ROW_NUMBER": {op.RowNumber, 0, 0, "", 'n'}, "RANK": {op.Rank, 0, -1, "x", 'n'}, "DENSE_RANK": {op.DenseRank, 0, -1, "x", 'n'},
	"PERCENT_RANK": {op.PercentRank, 0, -1, "x", 'n'}, "CUME_DIST": {op.CumeDist, 0, -1, "x", 'n'}, "NTILE": {op.NTile, 1, 1, "n", 'n'},
	"LAG": {op.Lag, 1, 3, "x", '1'}, "LEAD": {op.Lead, 1, 3, "x", '1'}, "FIRST_VALUE": {op.FirstValue, 1, 1, "x", '1'}, "LAST_VALUE": {op.LastValue, 1, 1, "x", '1'},
	"NTH_VALUE":       {op.NthValue, 2, 2, "x", '1'},
	"BOOLEAN_AND_AGG": {op.OraBooleans, 1, 1, "x", '1'}, "BOOLEAN_OR_AGG": {op.OraBooleans, 1, 1, "x", '1'}, "EVERY": {op.OraBooleans, 1, 1, "x", '1'},
	"APPROX_MEDIAN": {op.OraMedian, 1, 1, "x", 'M'}, "APPROX_PERCENTILE": {op.OraPercentileDisc, 1, 1, "n", 'o'},
	"BIT_AND_AGG": {op.OraBits, 1, 1, "n", 'n'}, "BIT_OR_AGG": {op.OraBits, 1, 1, "n", 'n'}, "BIT_XOR_AGG": {op.OraBits, 1, 1, "n", 'n'},
}

func isAggregate(name string) bool { _, ok := aggregates[name]; return ok }

// aggregate resolves an aggregate or window function. What is none that is known may be a user's.
func (r *Resolver) aggregate(sc *scope, e *ir.Aggregate) ir.Expr {
	f, ok := aggregates[e.Name]
	if !ok {
		r.fail(unknownFunction, e.Span, "the aggregate %s is not converted", e.Name)
		return typed(e, unknown("the aggregate "+e.Name+" is not converted"))
	}
	e.Op = f.op
	if n := len(e.Args); n < f.min || f.max >= 0 && n > f.max {
		r.fail(wrongCount, e.Span, "%s with %d arguments", e.Name, n)
		return typed(e, unknown("its arguments do not fit"))
	}
	in := sc
	if e.Over == nil {
		in = sc.aggregate()
	}
	if e.Op == op.Grouping || e.Op == op.OraGroupingID {
		in = in.grouped()
	}
	r.aggregateArgs(in, e, f)
	r.orderBy(in, e.OrderBy)
	if e.Keep != nil {
		r.orderBy(in, e.Keep.OrderBy)
	}
	if e.Filter != nil {
		e.Filter = r.condition(in, e.Filter)
	}
	if e.Overflow != nil && e.Overflow.Text != nil {
		e.Overflow.Text = r.toText(r.value(in, e.Overflow.Text))
	}
	r.window(sc, e.Over)
	if e.Name == "APPROX_COUNT_DISTINCT" {
		e.Distinct = true
	}
	e.Type = r.aggregateType(e, f.result)
	return r.spread(e, plainValues(e.Args)...)
}

// plainValues are arguments other than a star.
func plainValues(args []ir.Expr) []ir.Expr {
	var out []ir.Expr
	for _, a := range args {
		if _, star := a.(*ir.Star); !star {
			out = append(out, a)
		}
	}
	return out
}

func (r *Resolver) aggregateArgs(sc *scope, e *ir.Aggregate, f aggregateFunction) {
	if len(e.Args) == 1 {
		if s, ok := e.Args[0].(*ir.Star); ok {
			s.Type = types.Row{}
			return
		}
	}
	if f.args == "" {
		return
	}
	r.convertArgs(sc, e.Args, f.args)
	switch e.Op {
	case op.Lag, op.Lead:
		if len(e.Args) > 1 {
			e.Args[1] = r.numeric(e.Args[1])
		}
		if len(e.Args) > 2 {
			e.Args[2] = r.convert(e.Args[2], e.Args[0].TypeOf())
		}
	case op.NthValue:
		e.Args[1] = r.numeric(e.Args[1])
	case op.OraMedian:
		if t := e.Args[0].TypeOf(); types.IsText(t) {
			e.Args[0] = r.numeric(e.Args[0])
		}
	}
}

func (r *Resolver) aggregateType(e *ir.Aggregate, kind byte) types.Type {
	first := func() types.Type {
		if len(e.Args) == 0 {
			return number
		}
		return e.Args[0].TypeOf()
	}
	switch kind {
	case 'n':
		return number
	case 'N':
		if f, ok := first().(types.Float); ok {
			return f
		}
		return number
	case 't':
		return varchar(0)
	case '1':
		return first()
	case 'M':
		return averaged(first())
	case 'o':
		if len(e.OrderBy) != 1 {
			return unknown(e.Name + " needs one value in ORDER BY")
		}
		t := e.OrderBy[0].Expr.TypeOf()
		if e.Op == op.OraPercentileCont {
			return averaged(t)
		}
		return t
	case 'c':
		return types.Collection{CollectionDecl: &types.CollectionDecl{Name: "COLLECT", Elem: first()}}
	}
	return unknown("the result of " + e.Name + " is not known")
}

// averaged is the type of a mean of values.
func averaged(t types.Type) types.Type {
	switch t.(type) {
	case types.Decimal, types.Int:
		return number
	}
	return t
}

// json resolves a JSON function with its clauses.
func (r *Resolver) json(sc *scope, e *ir.JSONExpr) ir.Expr {
	r.list(sc, e.Args)
	r.list(sc, e.Keys)
	native := r.nativeDocument(e)
	if e.Name == "json_transform" { // the operation before this one gives its text on
		if c, ok := e.Args[0].(*ir.Cast); ok {
			if inner, ok := c.X.(*ir.Cast); ok && inner.Implicit {
				if x, ok := inner.X.(*ir.JSONExpr); ok {
					e.Args[0] = x
				}
			}
		}
	}
	for _, d := range []*ir.JSONDefault{e.OnError, e.OnEmpty} {
		if d != nil && d.Value != nil {
			d.Value = r.value(sc, d.Value)
		}
	}
	for _, p := range e.Passing {
		p.Expr = r.value(sc, p.Expr)
	}
	r.orderBy(sc, e.OrderBy)
	if e.Returning != nil {
		e.Returning = r.typeOf(sc.block, e.Returning, e)
	}
	switch e.Name {
	case "is_json", "json_exists", "json_equal":
		return typed(e, types.Bool{})
	case "json_serialize":
		if x := serialized(e); native && x != nil {
			return x
		}
	}
	if _, is := e.Returning.(types.JSON); is || native && e.Returning == nil && givesDocument[e.Name] {
		e.Returning = nil
		return r.cast(typed(e, varchar(4000)), types.JSON{})
	}
	if e.Returning != nil {
		return typed(e, e.Returning)
	}
	if e.Name == "json_transform" && isCLOB(e.Args[0].TypeOf()) {
		return typed(e, e.Args[0].TypeOf())
	}
	switch e.Name {
	case "json_value":
		return typed(e, varchar(4000))
	case "json_query", "json_object", "json_array", "json_objectagg", "json_arrayagg", "json_mergepatch", "json_transform", "json_serialize", "json_scalar":
		return typed(e, varchar(4000))
	}
	r.fail(unknownFunction, e.Span, "%s is not converted", e.Name)
	return typed(e, unknown(e.Name+" is not converted"))
}

// givesDocument are functions that give JSON where they are given JSON, and nothing says otherwise (SQL Language Reference, JSON_QUERY, JSON_MERGEPATCH).
var givesDocument = map[string]bool{"json_query": true, "json_mergepatch": true, "json_transform": true}

// nativeDocument makes documents of the type JSON texts, which the functions read, and tells that there are such.
func (r *Resolver) nativeDocument(e *ir.JSONExpr) bool {
	native := false
	for i, a := range e.Args {
		if _, is := a.TypeOf().(types.JSON); is {
			native = native || i == 0
			if e.Args[i] = documentText(a); strings.HasPrefix(e.Name, "json_object") || strings.HasPrefix(e.Name, "json_array") {
				for len(e.Formatted) < len(e.Args) {
					e.Formatted = append(e.Formatted, false)
				}
				e.Formatted[i] = true
				e.Args[i].(*ir.Cast).Implicit = false // without blanks
			}
		}
	}
	return native
}

// serialized is JSON_SERIALIZE of JSON without clauses but RETURNING: the document as text, without blanks.
func serialized(e *ir.JSONExpr) ir.Expr {
	if len(e.Args) != 1 || e.Text != "" || e.Pretty || e.OnError != nil || e.OnEmpty != nil || e.Returning != nil && !types.IsText(e.Returning) {
		return nil
	}
	t := types.Type(varchar(4000))
	if e.Returning != nil {
		t = e.Returning
	}
	c := &ir.Cast{X: e.Args[0].(*ir.Cast).X, To: t, Round: ir.RoundHalfAway, TooLong: ir.CutLong, Fail: ir.FailError}
	c.Meta = e.Meta
	return typed(c, t)
}

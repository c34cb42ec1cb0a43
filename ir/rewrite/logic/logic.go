// Package logic holds the rule for conditions that are numbers, and numbers that are conditions.
package logic

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

const code = "EX0305"

var fractions = &diag.Code{
	ID: "EX0326", Title: "fractions as conditions", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `Every number but zero is true (Reference Manual, "Logical Operators"), and so it is in the converted code. MySQL before 8.0.17 cuts the fraction of a number that is a whole
condition of WHERE, ON or HAVING, or an operand of AND, OR and XOR in it, so that 0.5 is false there. Assumed: no such value lies between -1 and 1 but zero.`,
}

// Rule is EX0305.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "numbers-as-conditions",
		Doc: `In MySQL every number is a condition (true when it is not zero) and every condition a number (Reference Manual, "Logical Operators").
PostgreSQL keeps them apart: a number becomes a comparison with 0, a condition in the place of a value a cast to integer. Literals become TRUE and FALSE,
XOR becomes <> between conditions.`,
		Fidelity: diag.Exact,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE b (n INT, m INT);",
			Source: "SELECT (n > 0) + 10 AS a, n XOR m AS x FROM b WHERE NOT n AND 1;",
			Target: "SELECT (n > 0)::integer + 10 AS a, ((n <> 0) <> (m <> 0))::integer AS x FROM b WHERE n = 0 AND TRUE;",
		}},
		Findings: []*diag.Code{fractions},
		Looks:    ir.Kinds(ir.KindTruth, ir.KindBoolValue, ir.HasLogic),
		Run: func(p *rewrite.Pass) {
			noted := false
			p.Exprs(func(e ir.Expr) ir.Expr {
				if t, ok := e.(*ir.Truth); ok && !noted && fraction(t.X) {
					noted = true
					p.Report(fractions, e.Base().Span, "no condition is assumed to be a number between -1 and 1 but zero")
				}
				return expr(e)
			})
		},
	}
}

// fraction tells a value of a type with digits behind the point.
func fraction(e ir.Expr) bool {
	if _, literal := e.(*ir.Number); literal {
		return false
	}
	switch t := e.TypeOf().(type) {
	case types.Decimal:
		return t.Precision == 0 || t.Scale > 0
	case types.Float:
		return true
	}
	return false
}

func expr(e ir.Expr) ir.Expr {
	switch e := e.(type) {
	case *ir.Truth:
		return truth(e)
	case *ir.BoolValue:
		if t, ok := e.X.(*ir.Truth); ok {
			if v, known := build.IsZero(t.X); known {
				return build.Int(map[bool]int64{true: 0, false: 1}[v])
			}
		}
	case *ir.Unary:
		if e.Op == ir.Not {
			return not(e)
		}
	case *ir.Binary:
		if e.Op == ir.Xor {
			return build.Compare(ir.Ne, e.L, e.R, e, code)
		}
	}
	return e
}

func truth(e *ir.Truth) ir.Expr {
	switch x := e.X.(type) {
	case *ir.BoolValue:
		return x.X
	case *ir.Bool:
		return x
	case *ir.Null:
		return build.As(x, "boolean", types.Bool{}, code)
	}
	if _, null := e.X.TypeOf().(types.Null); null {
		return build.As(e.X, "boolean", types.Bool{}, code)
	}
	if zero, known := build.IsZero(e.X); known {
		return build.Make(&ir.Bool{Value: !zero}, e, types.Bool{}, code)
	}
	return e
}

func not(e *ir.Unary) ir.Expr {
	switch x := e.X.(type) {
	case *ir.Bool:
		return build.Make(&ir.Bool{Value: !x.Value}, e, types.Bool{}, code)
	case *ir.Truth:
		return build.Compare(ir.Eq, x.X, build.Int(0), e, code)
	}
	return e
}

// Package unioncolumns holds the rule for the digits of numbers in set operations.
package unioncolumns

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

const code = "QY0019"

// Rule is QY0019.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "union-columns",
		Doc: `The columns of a set operation have one type: the digits behind the point are those of the side that has most (MySQL Reference Manual, "UNION Clause"). PostgreSQL
keeps the digits of each row, so numbers with fewer digits are cast. A column of a derived table that has become NULL keeps its type by a cast, and so does one in a sum: PostgreSQL takes NULL for a text.`,
		Fidelity: diag.Exact,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE t (a INT, n DECIMAL(8,2));",
			Source: "SELECT a FROM t UNION ALL SELECT n FROM t UNION ALL SELECT 1;",
			Target: "SELECT a::numeric(12,2) AS a FROM t UNION ALL SELECT n FROM t UNION ALL SELECT 1.00;",
		}},
		After: map[string]string{
			"cast":               "conversions of the source are done",
			"division":           "quotients have been rounded",
			"recursive-columns":  "it converts the columns of recursive expressions",
			"aggregates":         "aggregates have the target's types",
			"json-functions":     "functions of documents that are always NULL are so",
			"temporal-functions": "functions of dates that are always NULL are so",
		},
		Looks: ir.Kinds(ir.KindSetOp, ir.KindDerived, ir.KindCTE, ir.KindAggregate),
		Run:   run,
	}
}

func run(p *rewrite.Pass) {
	inner := map[ir.Query]bool{}
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.With:
				if n.Recursive {
					for _, c := range n.CTEs {
						if c.Query != nil {
							inner[c.Query] = true
						}
					}
				}
			case *ir.Aggregate:
				for i, a := range n.Args {
					if _, null := a.(*ir.Null); null && (n.Op == op.Sum || n.Op == op.Avg) {
						n.Args[i] = build.As(a, "numeric", types.Null{}, code)
					}
				}
			case *ir.Derived:
				typed(n.Query)
			case *ir.CTE:
				typed(n.Query)
			case *ir.SetOp:
				if !inner[n] && n.Row != nil {
					branch(n, n.Row.Types)
				}
				inner[n.L], inner[n.R] = true, true
			}
			return true
		})
	}
}

// typed gives columns that are always NULL the type that the query around them counts on.
func typed(q ir.Query) {
	switch q := q.(type) {
	case *ir.SetOp:
		typed(q.L)
		typed(q.R)
	case *ir.Select:
		for _, it := range q.Items {
			n, ok := it.Expr.(*ir.Null)
			if !ok {
				continue
			}
			switch n.Type.(type) {
			case types.Int, types.Decimal, types.Float, types.Year, types.Date, types.Time, types.DateTime, types.Timestamp, types.Binary, types.Bit, types.JSON:
				it.Expr = build.Cast(n, n.Type, code)
			}
		}
	}
}

func branch(q ir.Query, want []types.Type) {
	switch q := q.(type) {
	case *ir.SetOp:
		branch(q.L, want)
		branch(q.R, want)
	case *ir.Select:
		if len(q.Items) != len(want) {
			return
		}
		for i, it := range q.Items {
			d, ok := want[i].(types.Decimal)
			if !ok || d.Precision == 0 || d.Scale == 0 {
				continue
			}
			x := digits(it.Expr, d)
			if n, name := it.Expr.(*ir.Name); name && x != it.Expr && it.Alias.Text == "" {
				it.Alias = n.Parts[len(n.Parts)-1]
			}
			it.Expr = x
		}
	}
}

// digits brings a number to the digits of the column.
func digits(e ir.Expr, d types.Decimal) ir.Expr {
	switch t := e.TypeOf().(type) {
	case types.Decimal:
		if t.Scale == d.Scale {
			return e
		}
	case types.Int:
	default:
		return e
	}
	if n, ok := e.(*ir.Number); ok && n.Kind != ir.FloatNumber {
		whole, fraction, _ := strings.Cut(n.Text, ".")
		if len(fraction) <= d.Scale {
			return build.Make(&ir.Number{Text: whole + "." + fraction + strings.Repeat("0", d.Scale-len(fraction)), Kind: ir.DecimalNumber}, n, d, code)
		}
	}
	return build.Cast(e, d, code)
}

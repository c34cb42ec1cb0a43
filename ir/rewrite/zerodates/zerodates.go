// Package zerodates holds the rule for literals of dates whose year, month or day is zero.
package zerodates

import (
	"regexp"
	"strings"
	"time"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

const code = "EX0350"

var (
	stored = &diag.Code{
		ID: "EX0351", Title: "zero date is stored", Severity: diag.Error, Fidelity: diag.Refused,
		Doc: `A date whose year, month or day is zero is stored while the modes NO_ZERO_DATE and NO_ZERO_IN_DATE are off (MySQL Reference Manual, "Date and Time
Data Types"). PostgreSQL has no such dates.`,
		Next: "choose the policy that makes NULL or another date of zero dates, or store NULL", Learn: 0.5, Each: 0.2,
	}
	asNull = &diag.Code{
		ID: "EX0352", Title: "zero dates are NULL", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc: `By the policy for zero dates they become NULL. A comparison with the zero date looks for NULL on the target, and finds the rows that were NULL on the
source too; a stored zero date is NULL, which counts, sorts and compares in another way.`,
		Next: "check whether NULL and the zero date mean different things in this column", Learn: 0.25, Each: 0.1,
	}
)

// Rule is EX0350.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "zero-dates",
		Doc: `MySQL stores 0000-00-00 and 2024-00-00 where the modes NO_ZERO_DATE and NO_ZERO_IN_DATE allow it; they come before all other dates (MySQL Reference Manual,
"Date and Time Data Types"). PostgreSQL has no such dates. By the policy their store is refused, or they become NULL, or a given date; a row that takes one from the column's
default stores it too. In comparisons the zero date is
-infinity, which no column of the target holds but which comes before all dates as well; with the policy NULL a search for zero dates becomes one for NULL.`,
		Fidelity: diag.Exact,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE t (id INT, d DATE);",
			Source: "SELECT id FROM t WHERE d <> '0000-00-00';",
			Target: "SELECT id FROM t WHERE d <> date '-infinity';",
		}},
		Findings: []*diag.Code{stored, asNull},
		Looks:    ir.Kinds(ir.KindCast, ir.KindCompare, ir.KindInsert, ir.KindUpdate),
		Run: func(p *rewrite.Pass) {
			defaults(p)
			if p.Refused() || p.Policy.ZeroDates != "null" && !p.May(ir.HasMomentCast) {
				return
			}
			p.Exprs(func(e ir.Expr) ir.Expr {
				switch e := e.(type) {
				case *ir.Cast:
					return lower(p, e)
				case *ir.Compare:
					return search(p, e)
				}
				return e
			})
		},
	}
}

// Replacement is the date (or -infinity) that stands for zero dates by the policy, "" if there is none.
func Replacement(p *rewrite.Pass) string {
	if p.Policy.ZeroDates == "-infinity" {
		return p.Policy.ZeroDates
	}
	if _, err := time.Parse(time.DateOnly, p.Policy.ZeroDates); err != nil {
		return ""
	}
	return p.Policy.ZeroDates
}

var (
	allZero  = regexp.MustCompile(`^\s*0+(?:[-/.:]0+[-/.:]0+(?:[ T]0+(?::0+(?::0+(?:\.0+)?)?)?)?)?\s*$`)
	partZero = regexp.MustCompile(`^\s*([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[ T][0-9:.]*)?\s*$`)
)

// Is tells a literal of a date with a zero part; whole tells that all of it is zero.
func Is(s string) (zero, whole bool) {
	if allZero.MatchString(s) && strings.Count(s, "0") >= 3 {
		return true, true
	}
	m := partZero.FindStringSubmatch(s)
	return m != nil && (strings.Trim(m[2], "0") == "" || strings.Trim(m[3], "0") == ""), false
}

func literal(e ir.Expr) (string, bool) {
	if n, ok := e.(*ir.Number); ok && n.Kind == ir.IntNumber {
		return "000000", strings.Trim(n.Text, "0") == ""
	}
	return build.TextLiteral(e)
}

// lower replaces the zero date where a literal becomes a date.
func lower(p *rewrite.Pass, e *ir.Cast) ir.Expr {
	switch e.To.(type) {
	case types.Date, types.DateTime, types.Timestamp:
	default:
		return e
	}
	s, ok := literal(e.X)
	if !ok || e.Target {
		return e
	}
	zero, whole := Is(s)
	switch {
	case !zero:
		return e
	case e.Store:
		return store(p, e, whole)
	case e.Fail != ir.FailPrefix:
		return e
	case !whole:
		rewrite.Refuse(p, stored, e.Span, "a comparison with the date '%s'", s)
		return e
	}
	if d := Replacement(p); d != "" {
		return date(e, d)
	}
	return date(e, "-infinity")
}

func date(e *ir.Cast, value string) ir.Expr {
	return build.Make(&ir.Temporal{Kind: types.Date{}, Value: value}, e, types.Date{}, code)
}

// store is a zero date on its way into a column or variable.
func store(p *rewrite.Pass, e *ir.Cast, whole bool) ir.Expr {
	if fails(p, e, whole) {
		return e
	}
	switch d := Replacement(p); {
	case d != "":
		return date(e, d)
	case p.Policy.ZeroDates == "null":
		p.Report(asNull, e.Span, "a zero date is stored as NULL")
		return build.Null(e, e.Type)
	}
	rewrite.Refuse(p, stored, e.Span, "a date with a zero part is stored")
	return e
}

// fails tells a store that is an error on both sides.
func fails(p *rewrite.Pass, e *ir.Cast, whole bool) bool {
	mode := strings.ToUpper(p.Settings["sql-mode"])
	return e.Fail == ir.FailError && (whole && strings.Contains(mode, "NO_ZERO_DATE") || !whole && strings.Contains(mode, "NO_ZERO_IN_DATE"))
}

// search makes a search for NULL of a search for zero dates where the policy says so.
func search(p *rewrite.Pass, e *ir.Compare) ir.Expr {
	if p.Policy.ZeroDates != "null" || e.Op != ir.Eq && e.Op != ir.NullSafeEq {
		return e
	}
	for _, side := range [][2]ir.Expr{{e.L, e.R}, {e.R, e.L}} {
		if t, ok := side[0].(*ir.Temporal); ok && t.Value == "-infinity" {
			p.Report(asNull, e.Span, "a search for zero dates becomes one for NULL")
			return build.Make(&ir.IsNull{X: side[1]}, e, types.Bool{}, code)
		}
	}
	return e
}

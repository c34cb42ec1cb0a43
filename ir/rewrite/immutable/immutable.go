// Package immutable gives the expressions of generated columns and of indexes a form that the target takes.
package immutable

import (
	"regexp"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/define"
	"godwit/ir/rewrite/plsql"
	"godwit/ir/types"
)

// Findings of the rule.
var (
	changing = &diag.Code{
		ID: "DD0146", Title: "expression of a column or index that depends on settings of the session", Severity: diag.Error, Fidelity: diag.Refused,
		Doc: "The target keeps the values of generated columns and of indexes over expressions, and takes only functions whose result never changes. What is made of a TIMESTAMP depends on the time zone of " +
			"the session there, and the bytes of a text are not known to be the same (PostgreSQL manual, Generated Columns; Function Volatility Categories).",
		Next: "Compute the value in a BEFORE INSERT OR UPDATE trigger, or in a view.", Learn: 0.5, Each: 0.5,
	}
	changingRoutine = &diag.Code{
		ID: "DD0148", Title: "function of a column or index that is not known to depend on its arguments only", Severity: diag.Error, Fidelity: diag.Refused,
		Doc: "The target keeps the values of generated columns and of indexes over expressions, and takes only functions that are IMMUTABLE. A function that is DETERMINISTIC on the source becomes that where it does " +
			"nothing but compute: it reads no tables, no settings of the session and no state of packages (PostgreSQL manual, Function Volatility Categories).",
		Next: "Where the promise holds, make the function IMMUTABLE by hand and create the index or column after it.", Learn: 0.5, Each: 0.5,
	}
	ownCall = &diag.Code{
		ID: "DD0149", Title: "format of dates in a column or index", Severity: diag.Info, Fidelity: diag.Exact,
		Doc: "The target's to_char depends on settings for some formats, so that indexes and generated columns cannot call it. They call a routine that gives the same for this format. Queries call to_char, so that an index " +
			"over the expression keeps it unique but answers no queries (PostgreSQL manual, Function Volatility Categories; Indexes on Expressions).",
		Next: "Where queries search by the expression, write them as a range of dates, or call the routine of the index in them.", Each: 0.1,
	}
	unknownColumn = &diag.Code{
		ID: "DD0147", Title: "generated column that reads a generated column of another statement", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "A generated column of the target cannot read another one. Within one CREATE TABLE the expression of the other column takes its place.",
		Next: "Write the expression of the other column in its place.", Each: 0.25,
	}
)

// Rule makes expressions immutable.
var Rule = &rewrite.Rule{
	Code: "TY0290", // late: what comes before it must not come before the rules for definitions
	Name: "immutable",
	Doc: "In generated columns and indexes the target takes only immutable functions. Dates become text by a routine of ours that has one format, ENUM values by a CASE over the values. A generated column that " +
		"reads another one has its expression instead, cast to the other's type (PostgreSQL manual, 5.4 Generated Columns).",
	Examples: []rewrite.Example{{
		Source: "CREATE TABLE t (a INT, b INT AS (a + 1) STORED, c INT AS (b * 2) STORED)",
		Target: "CREATE TABLE t (\n  a integer,\n  b integer GENERATED ALWAYS AS (a + 1) STORED,\n  c integer GENERATED ALWAYS AS ((a + 1)::integer::bigint * 2) STORED\n)",
	}, {
		From: dialect.Oracle, Setup: "CREATE TABLE t (a DATE);",
		Source: "CREATE UNIQUE INDEX i ON t (TO_CHAR(a, 'YYYYMM'))",
		Target: "CREATE UNIQUE INDEX i ON t (godwit_oracle.to_char(a, 'YYYYMM'))",
	}},
	Fidelity: diag.Exact,
	Findings: []*diag.Code{changing, changingRoutine, ownCall, unknownColumn},
	After: map[string]string{
		"cast": "it makes the conversions", "generated": "it says what is stored", "columntypes": "types must be known", "keys": "it makes the indexes",
		"temporal-functions": "functions of dates become functions of the target", "date-add": "and sums of dates", "concat": "texts are put together",
		"text-functions": "functions of texts become functions of the target", "collation": "collations are settled", "json-functions": "and documents",
	},
	Looks: ir.Kinds(ir.HasGenerated, ir.HasKeyExpr),
	Run:   run,
}

func run(p *rewrite.Pass) {
	define.Columns(p, func(_ *define.Site, c *ir.ColumnDef) {
		if c.Generated != nil {
			c.Generated = lower(p, c.Generated)
		}
	})
	define.Tables(p, func(s *define.Site) { chain(p, s) })
	p.Statements(func(n ir.Node) ir.Node {
		if x, ok := n.(*ir.CreateIndex); ok {
			for _, part := range x.Key.Parts {
				if part.Expr != nil {
					part.Expr = lower(p, part.Expr)
				}
			}
			if x.Where != nil {
				x.Where = lower(p, x.Where)
			}
		}
		return n
	})
}

func lower(p *rewrite.Pass, e ir.Expr) ir.Expr {
	return ir.Map(e, func(n ir.Node) ir.Node {
		switch x := n.(type) {
		case *ir.Cast:
			if isText(x.To) {
				switch t := x.X.TypeOf().(type) {
				case types.Date:
					return dateText(p, x, x.X, "%Y-%m-%d")
				case types.DateTime:
					if t.Precision == 0 {
						return dateText(p, x, x.X, "%Y-%m-%d %H:%i:%s")
					}
				case types.Enum:
					return enumText(x, t)
				}
			}
			if instant(x.To) || ir.Find(x.X, isInstant) {
				rewrite.Refuse(p, changing, x.Span, "%s", x.Span.Text())
			}
		case *ir.TargetCall:
			return call(p, x)
		case *ir.Concat:
			if x.Null == ir.NullSkipped {
				return joined(p, x)
			}
		case *ir.Call:
			if i := op.Lookup(x.Op); x.Op != op.Coalesce && (ir.Find(x, isInstant) || i != nil && i.Volatility != op.Immutable) {
				rewrite.Refuse(p, changing, x.Span, "%s", x.Span.Text())
			}
		case *ir.HelperCall:
			if fixed := wholeDate(p, x); fixed != nil {
				return fixed
			}
			if ir.Find(n, isInstant) || !p.Lower.Immutable(x.Name, "") {
				rewrite.Refuse(p, changing, n.Base().Span, "%s", n.Base().Span.Text())
			}
		case *ir.TargetOp:
			if ir.Find(n, isInstant) {
				rewrite.Refuse(p, changing, n.Base().Span, "%s", n.Base().Span.Text())
			}
		case *ir.RoutineCall:
			if x.Routine != nil && !plsql.Computes(p, x.Routine) {
				rewrite.Refuse(p, changingRoutine, n.Base().Span, "%s", n.Base().Span.Text())
			}
		}
		return n
	})
}

func isText(t types.Type) bool {
	switch t := t.(type) {
	case types.Text:
		return true
	case types.Named:
		return t.Name == "text" || strings.HasPrefix(t.Name, "varchar")
	}
	return false
}

func instant(t types.Type) bool {
	if n, ok := t.(types.Named); ok {
		return strings.HasPrefix(n.Name, "timestamptz")
	}
	_, ok := t.(types.Timestamp)
	return ok
}

func isInstant(n ir.Node) bool {
	x, ok := n.(*ir.Name)
	if !ok {
		return false
	}
	return instant(x.Type)
}

// dateText writes a date by a routine that knows one format only, as the target's own conversion obeys DateStyle.
func dateText(p *rewrite.Pass, like ir.Expr, x ir.Expr, format string) ir.Expr {
	if _, date := x.TypeOf().(types.Date); date {
		x = build.Cast(x, types.DateTime{}, p.Rule.Code)
	}
	return p.Helper("date_format", like, x, define.Str(format))
}

func enumText(like *ir.Cast, t types.Enum) ir.Expr {
	c := &ir.Case{Operand: like.X}
	c.Type, c.Span = like.Type, like.Span
	for _, v := range t.Values {
		c.Whens = append(c.Whens, &ir.When{Cond: define.Str(v), Then: define.Str(v)})
	}
	return c
}

// masks are the formats that conversions of dates with a fraction make.
var masks = map[string]string{
	"YYYY-MM-DD HH24:MI:SS":    "%Y-%m-%d %H:%i:%s",
	"YYYY-MM-DD HH24:MI:SS.US": "%Y-%m-%d %H:%i:%s.%f",
	"YYYY-MM-DD HH24:MI:SS.MS": "%Y-%m-%d %H:%i:%s.%f",
}

// common are formats that mean the same on the source and the target, and name no part that depends on settings.
var common = regexp.MustCompile(`^(YYYY|IYYY|MM|DDD|DD|HH24|HH12|MI|SS|IW|Q|[-/:., ])+$`)

// wholeDate reads a date by a routine that never changes where the format names year, month and day: what a format lacks comes from the clock.
func wholeDate(p *rewrite.Pass, x *ir.HelperCall) ir.Node {
	if x.Name != "to_date" || len(x.Args) != 2 {
		return nil
	}
	mask, ok := x.Args[1].(*ir.String)
	if !ok || !common.MatchString(mask.Value) || ir.Find(x.Args[0], isInstant) {
		return nil
	}
	for _, part := range []string{"YYYY", "MM", "DD"} {
		if strings.Count(mask.Value, part) != 1 {
			return nil
		}
	}
	for _, part := range []string{"I", "Q", "DDD"} { // what is no part of a date that is read, or says the day a second time
		if strings.Contains(strings.ReplaceAll(mask.Value, "MI", ""), part) {
			return nil
		}
	}
	return p.Helper("to_date_whole", x, x.Args[0], mask)
}

func call(p *rewrite.Pass, x *ir.TargetCall) ir.Node {
	if x.Name == "to_char" && len(x.Args) == 2 {
		if mask, ok := x.Args[1].(*ir.String); ok {
			if _, plain := x.Args[0].TypeOf().(types.DateTime); plain && masks[mask.Value] != "" && !ir.Find(x.Args[0], isInstant) {
				out := dateText(p, x, x.Args[0], masks[mask.Value])
				if strings.HasSuffix(mask.Value, ".MS") {
					return define.Call("left", x.Type, out, define.Num("23"))
				}
				return out
			}
			if _, plain := x.Args[0].TypeOf().(types.DateTime); plain && p.Unit.PLSQL && common.MatchString(mask.Value) && !ir.Find(x.Args[0], isInstant) {
				p.Report(ownCall, x.Span, "%s", x.Span.Text())
				return p.Helper("to_char", x, x.Args[0], mask)
			}
			if width := strings.TrimPrefix(mask.Value, "FM"); strings.Trim(width, "0") == "" {
				if _, year := x.Args[0].TypeOf().(types.Year); year {
					return define.Call("lpad", x.Type, define.Cast(x.Args[0], types.Named{Name: "text"}), define.Num("4"), define.Str("0"))
				}
			}
		}
	}
	if !p.Lower.Immutable("", x.Name) || ir.Find(x, isInstant) {
		rewrite.Refuse(p, changing, x.Span, "%s", x.Span.Text())
	}
	return x
}

// joined puts texts together by an operator: concat is not immutable.
func joined(p *rewrite.Pass, x *ir.Concat) ir.Node {
	var out ir.Expr
	for _, a := range x.Args {
		switch t := a.TypeOf().(type) {
		case types.Text, types.Named:
		case types.Int, types.Decimal:
			a = define.Cast(a, types.Named{Name: "text"})
		default:
			rewrite.Refuse(p, changing, x.Span, "%s of %s", x.Span.Text(), t)
			return x
		}
		if _, literal := a.(*ir.String); !literal {
			a = define.Call("coalesce", x.Type, a, define.Str(""))
		}
		if out == nil {
			out = a
			continue
		}
		out = build.Op("||", x, x.Type, p.Rule.Code, out, a)
	}
	return out
}

// chain puts the expressions of generated columns in the place of their names in other generated columns.
func chain(p *rewrite.Pass, s *define.Site) {
	defs := map[*catalog.Column]*ir.ColumnDef{}
	columns := define.ColumnsOf(s.Stmt)
	for _, c := range columns {
		if c.Generated != nil && c.Object != nil {
			defs[c.Object] = c
		}
	}
	for range columns { // each round resolves one level
		changed := false
		for _, c := range columns {
			if c.Generated != nil {
				changed = inline(p, defs, c) || changed
			}
		}
		if !changed {
			return
		}
	}
}

func inline(p *rewrite.Pass, defs map[*catalog.Column]*ir.ColumnDef, c *ir.ColumnDef) (changed bool) {
	c.Generated = ir.Map(c.Generated, func(n ir.Node) ir.Node {
		x, ok := n.(*ir.Name)
		if !ok {
			return n
		}
		ref, ok := x.Ref.(*ir.ColumnRef)
		if !ok || ref.Column == nil || ref.Column.Generated == catalog.NotGenerated || ref.Column == c.Object {
			return n
		}
		d := defs[ref.Column]
		if d == nil || d.TypeSQL == "" {
			rewrite.Refuse(p, unknownColumn, x.Span, "column %s", ref.Column.Name)
			return n
		}
		changed = true
		c.GenKind = catalog.Stored
		v := ir.Expr(define.Cast(ir.Clone(d.Generated), types.Named{Name: d.TypeSQL}))
		if d.CollationSQL != nil {
			k := &ir.Collate{X: v, Name: *d.CollationSQL}
			k.Type = d.Type
			v = k
		}
		return define.At(v, x.Span, p.Rule.Code)
	})
	return changed
}

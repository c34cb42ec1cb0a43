// Package builtins holds the rule for the expressions of Oracle's SQL and PL/SQL: conversions, arithmetic, built-in functions and aggregates.
package builtins

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/source"
	"godwit/ir/types"
)

const code = "EX0520"

// Findings of the rule: EX0520 to EX0599, FN0520 to FN0599.
var (
	refusedFunction = &diag.Code{
		ID: "FN0520", Title: "built-in function that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  `The function, or this way of calling it, has no counterpart that is known to give the same values (SQL Language Reference, "Functions").`,
		Next: "write the expression in another way, or write a routine of your own with that meaning", Learn: 0.5, Each: 0.3,
	}
	refusedModel = &diag.Code{
		ID: "FN0521", Title: "format model that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  `An element of the format model is not known (SQL Language Reference, "Format Models"), or is one without a counterpart.`,
		Next: "take another format model", Learn: 0.2, Each: 0.2,
	}
	refusedConversion = &diag.Code{
		ID: "EX0521", Title: "conversion that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  `A conversion between the two types has no counterpart that is known to give the same values (SQL Language Reference, "Data Conversion").`,
		Next: "convert through another type", Learn: 0.2, Each: 0.2,
	}
	refusedExpression = &diag.Code{
		ID: "EX0522", Title: "expression that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  `The expression has no counterpart that is known to give the same values.`,
		Next: "write it in another way", Learn: 0.5, Each: 0.3,
	}
	otherLanguage = &diag.Code{
		ID: "FN0522", Title: "NLS parameter of a conversion", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  `The third argument of TO_CHAR and its likes names a language, territory or calendar other than the default (SQL Language Reference, "TO_CHAR (datetime)"); names of months and days are English.`,
		Next: "take the American names, or translate them", Learn: 0.5, Each: 0.2,
	}
	shortened = &diag.Code{
		ID: "EX0523", Title: "more than six digits of a second's fraction", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  `Moments have up to nine digits behind the second in the source (SQL Language Reference, "TIMESTAMP Data Type") and six on the target. Assumed: no value has more than six.`,
		Next: "check the data for such values", Each: 0.01,
	}
	joinedLong = &diag.Code{
		ID: "FN0523", Title: "results of LISTAGG are not limited", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  `LISTAGG raises ORA-01489 for a result of more than 4000 bytes (SQL Language Reference, "LISTAGG"), string_agg joins them all. Assumed: nobody relies on the error. In a program with handlers the error is raised, as MAX_STRING_SIZE = STANDARD has it.`,
		Next: "use the helper routine listagg_checked where the error is wanted", Each: 0.01,
	}
	tooLong = &diag.Code{
		ID: "FN0830", Title: "Joined or replaced texts of more than 4000 bytes in SQL", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  `In SQL a text that is no CLOB has at most 4000 bytes: || and CONCAT raise ORA-01489 for more, and so does REPLACE (SQL Language Reference, "Concatenation Operator", "Extended Data Types"). The lengths that the operands are declared with allow more; on the target the result has all of it. Assumed: nobody relies on the error.`,
		Next: "Nothing, if the values are shorter; else test octet_length of the result.", Each: 0.01,
	}
	upperCase = &diag.Code{
		ID: "FN0831", Title: "Upper case of letters that have more than one capital", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  `UPPER maps each letter for itself, and leaves ß as it is (SQL Language Reference, "UPPER"). On the target a database whose collation provider is ICU, or the builtin PG_UNICODE_FAST, makes SS of it, and several letters of ligatures; one with LC_CTYPE C maps only ASCII. Assumed: no such letters are met, and the database is none of LC_CTYPE C.`,
		Next: "Where ß and its like are met, use the provider libc with a UTF-8 locale, or builtin with C.UTF-8 (17 and later).", Each: 0.01,
	}
	paddedLong = &diag.Code{
		ID: "FN0725", Title: "LPAD and RPAD to more than 4000 bytes in SQL", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  `In SQL a text has at most 4000 bytes: LPAD and RPAD stop there (SQL Language Reference, "Data Types", "Extended Data Types"). Assumed: MAX_STRING_SIZE is STANDARD, which is the default. With EXTENDED it is 32767 bytes. In PL/SQL the length is as it is written.`,
		Next: "Write the length by hand where the source has MAX_STRING_SIZE = EXTENDED.", Each: 0.01,
	}
	microseconds = &diag.Code{
		ID: "EX0715", Title: "six digits of an interval", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  `An interval times a number with a fraction, or divided by a number, has up to nine digits of a second in the source (SQL Language Reference, "Interval Expressions") and six on the target, where it is rounded. Assumed: nobody needs the other three.`,
		Next: "Compute with seconds as a number where they matter.", Each: 0.01,
	}
	noCrypto = &diag.Code{
		ID: "FN0713", Title: "encryption without an extension", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  `PostgreSQL encrypts by an extension only (PL/SQL Packages and Types Reference, "DBMS_CRYPTO"; PostgreSQL manual, "pgcrypto").`,
		Next: "Install pgcrypto on the target and convert with --crypto pgcrypto: AES with CBC and PKCS5 is converted, and other types raise an error when they are used.", Each: 0.1,
	}
	withoutZone = &diag.Code{
		ID: "EX0524", Title: "a moment of another zone without its zone", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  `AT TIME ZONE gives a moment with a zone, which the source shows with it (SQL Language Reference, "Datetime Expressions"); on the target it is what the clock of the zone shows, without a zone.`,
		Next: "check what reads the value; compare and compute with the moment itself", Each: 0.1,
	}
	digits = &diag.Code{
		ID: "FN0524", Title: "fewer digits of a statistic", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  `Deviations, variances and the like have up to 40 digits in the source (SQL Language Reference, "NUMBER Data Type") and 15 to 20 on the target. Assumed: nobody compares the digits behind.`,
		Next: "round the results where they are compared", Each: 0.01,
	}
)

// Rule is EX0520.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "oracle-expressions", Language: rewrite.PLSQL,
		Doc: `Expressions of Oracle's SQL and PL/SQL (SQL Language Reference, "Expressions", "Functions", "Data Conversion"). NUMBER is computed exactly: columns that are integers on the target become numeric
before a result could overflow, and a division keeps 38 digits wherever they can be seen. An empty text is NULL: functions whose result may be empty get nullif(..., ''). Texts compare and sort by
bytes: COLLATE "C" where the order shows. Conversions between texts, numbers and moments follow the format models of the session. What the target has with the same meaning is taken from it, and
helper routines do the rest.`,
		Fidelity: diag.Exact,
		After: map[string]string{
			"json-documents": "methods of documents are calls until then",
			"connect-by":     "the values that a walk carries are expressions", "searches": "it sorts by values", "join-views": "columns are those of tables", "rowids": "a ROWID is no text", "next-values": "numbers come from a subquery", "nvl": "NVL is told from COALESCE", "group-ids": "GROUP_ID is gone where it can be", "pivots": "its aggregates get conditions", "json-tables": "its columns are JSON functions", "xml-tables": "its columns are XML functions",
			"multi-inserts": "its values are those of queries", "dictionary": "it looks for the user", "returned-aggregates": "aggregates stand in a query",
		},
		Findings: []*diag.Code{refusedFunction, refusedModel, refusedConversion, refusedExpression, otherLanguage, shortened, joinedLong, digits, withoutZone, zoneNotKept, noCrypto, microseconds, paddedLong, tooLong, upperCase, oftenest, gatheredNulls, tooShort, filtered, patched, xmlForm, xmlNodes, xmlDate},
		Examples: examples(),
		Run:      run,
	}
}

func examples() []rewrite.Example {
	setup := "CREATE TABLE e (id NUMBER(9) NOT NULL, n NUMBER, name VARCHAR2(20) NOT NULL, note VARCHAR2(20), d DATE);"
	return []rewrite.Example{
		{
			From: dialect.Oracle, Setup: setup,
			Source: "SELECT id + 1 AS a, id * id AS b, id / 2 AS c, n / 3 AS d, ROUND(AVG(n), 2) AS e FROM e GROUP BY id, n;",
			Target: "SELECT id + 1 AS a, id::numeric * id AS b, id::numeric / 2 AS c, godwit_oracle.divide(n, 3) AS d, round(avg(n), 2) AS e FROM e GROUP BY id, n;",
		},
		{
			From: dialect.Oracle, Setup: setup,
			Source: "SELECT name || '-' || id AS a, name || note AS b, TRIM(note) AS c, SUBSTR(name, 1, 3) AS d, NVL(n, 0) AS e FROM e WHERE note > 'a' ORDER BY name;",
			Target: `SELECT name || '-' || id AS a, concat(name, note) AS b, nullif(trim(note), '') AS c, substr(name, 1, 3) AS d, coalesce(n, 0) AS e
FROM e WHERE note COLLATE "C" > 'a' ORDER BY name COLLATE "C";`,
		},
		{
			From: dialect.Oracle, Setup: setup,
			Source: "SELECT d + 1 AS a, TRUNC(d, 'MM') AS b, TO_CHAR(d, 'YYYY-MM-DD') AS c, d - DATE '2024-01-01' AS e FROM e WHERE d > TO_DATE('2024-02-01', 'YYYY-MM-DD');",
			Target: `SELECT d + interval '1 day' AS a, date_trunc('month', d) AS b, to_char(d, 'YYYY-MM-DD') AS c, godwit_oracle.days_between(d, timestamp '2024-01-01') AS e
FROM e WHERE d > timestamp '2024-02-01';`,
		},
	}
}

// lowering is one run of the rule.
type lowering struct {
	p *rewrite.Pass
	// sel is the select that a name stands in.
	sel map[*ir.Name]*ir.Select
	// bare are the values inside of nullif(value, '') that the rule made: functions to which an empty text is as good as NULL take them.
	bare map[ir.Expr]ir.Expr
	// quotients are divisions with all digits, with the plain division that has at least 16: what rounds or compares takes that.
	quotients map[ir.Expr]ir.Expr
	once      map[*diag.Code]bool
	// clocks are moments as the clock of a zone tells them.
	clocks map[ir.Expr]*clockOf
	// zones are moments with a zone of their own.
	zones map[ir.Expr]*zoneOf
	// probes are conversions that VALIDATE_CONVERSION tries.
	probes map[*ir.Cast]bool
	// taken are conversions of what SELECT takes INTO variables.
	taken map[*ir.Cast]bool
	// xmls are what is known of XML that the rule made.
	xmls map[ir.Expr]*xmlParts
	// done are order items that have been dealt with.
	done map[*ir.OrderItem]bool
	// counts are the variables of loops over numbers.
	counts map[*ir.VarDecl]bool
}

func run(p *rewrite.Pass) {
	l := &lowering{p: p, sel: map[*ir.Name]*ir.Select{}, bare: map[ir.Expr]ir.Expr{}, quotients: map[ir.Expr]ir.Expr{}, once: map[*diag.Code]bool{}, done: map[*ir.OrderItem]bool{}, probes: map[*ir.Cast]bool{}, taken: map[*ir.Cast]bool{},
		clocks: map[ir.Expr]*clockOf{}, zones: map[ir.Expr]*zoneOf{}, counts: map[*ir.VarDecl]bool{}}
	l.loops()
	if p.May(ir.KindAggregate) {
		p.Nodes(l.nested)
	}
	if p.May(ir.KindSelect, ir.KindCall) {
		for _, s := range p.Unit.Stmts {
			l.selects(s, nil)
		}
	}
	if p.May(ir.KindConcat, ir.KindCall) {
		for _, s := range p.Unit.Stmts {
			l.lengths(s)
		}
	}
	p.Nodes(l.node)
	for e, c := range l.clocks {
		if !c.used {
			l.note(withoutZone, e.Base().Span, "%s", e.Base().Span.Text())
		}
	}
}

// selects notes the select that each name stands in.
func (l *lowering) selects(n ir.Node, in *ir.Select) {
	ir.Walk(n, func(c ir.Node) bool {
		switch c := c.(type) {
		case *ir.Select:
			l.intoNumbers(c)
			if ir.Node(c) != n {
				l.selects(c, c)
				return false
			}
		case *ir.Name:
			if in != nil {
				l.sel[c] = in
			}
		case *ir.Call:
			switch c.Op {
			case op.OraIsValid:
				if x, ok := c.Args[0].(*ir.Cast); ok {
					l.probes[x] = true
				}
			case op.OraLPad, op.OraRPad:
				l.limitPad(c, in)
			}
		}
		return true
	})
}

func (l *lowering) node(n ir.Node) ir.Node {
	switch n := n.(type) {
	case ir.Expr:
		return l.expr(n)
	case *ir.Select:
		l.ordered(n)
		n.Where, n.Having = l.holds(n.Where), l.holds(n.Having)
	case *ir.Update:
		n.Where = l.holds(n.Where)
	case *ir.Delete:
		n.Where = l.holds(n.Where)
	case *ir.Branch:
		n.Cond = l.holds(n.Cond)
	case *ir.CaseStmt:
		if n.Operand != nil {
			var list []*ir.Expr
			for _, b := range n.Branches {
				list = append(list, &b.Cond)
			}
			l.paddedAll(&n.Operand, list...)
		}
	case *ir.SetOp:
		l.orderedSet(n)
	case *ir.WindowDef:
		l.window(n)
	case *ir.Invocation:
		return l.procedure(n)
	case *ir.SetVar:
		for _, it := range n.Items {
			if it.Value != nil {
				narrowed(it.Value, it.Target.TypeOf())
			}
		}
	case *ir.VarDecl:
		narrowed(n.Default, n.Type)
	}
	return n
}

// refuse gives up on the unit.
func (l *lowering) refuse(c *diag.Code, e ir.Expr, format string, args ...any) ir.Expr {
	rewrite.Refuse(l.p, c, e.Base().Span, format, args...)
	return e
}

// note reports a finding once for a unit.
func (l *lowering) note(c *diag.Code, at source.Span, format string, args ...any) {
	if !l.once[c] {
		l.once[c] = true
		l.p.Report(c, at, format, args...)
	}
}

func (l *lowering) expr(e ir.Expr) ir.Expr {
	switch e := e.(type) {
	case *ir.Number:
		if f, ok := e.Type.(types.Float); ok && e.Kind == ir.FloatNumber {
			return build.Cast(e, f, code)
		}
	case *ir.Temporal:
		return l.moment(e)
	case *ir.IntervalLit:
		return l.interval(e)
	case *ir.Now:
		return l.now(e)
	case *ir.Cast:
		if !e.Target && !l.probes[e] {
			return l.cast(e)
		}
	case *ir.Call:
		return l.call(e)
	case *ir.Concat:
		return l.concat(e)
	case *ir.Binary:
		return l.binary(e)
	case *ir.Div:
		return l.divide(e)
	case *ir.Compare:
		return l.compare(e)
	case *ir.Between:
		l.paddedAll(&e.X, &e.Lo, &e.Hi)
		x := e.X
		if coarse(e.Lo) && coarse(e.Hi) {
			e.X = l.plain(x)
		}
		if coarse(x) {
			e.Lo, e.Hi = l.plain(e.Lo), l.plain(e.Hi)
		}
		e.X = l.byBytes(e.X, e.Lo, e.Hi)
	case *ir.In:
		list := make([]*ir.Expr, len(e.List))
		for i := range e.List {
			list[i] = &e.List[i]
		}
		l.paddedAll(&e.X, list...)
	case *ir.Case:
		if _, literal := e.Operand.(*ir.String); e.Operand == nil || literal { // as DECODE has it, which pads nothing
			return e
		}
		var list []*ir.Expr
		for _, w := range e.Whens {
			list = append(list, &w.Cond)
		}
		l.paddedAll(&e.Operand, list...)
	case *ir.Like:
		return l.like(e)
	case *ir.Quantified:
		return l.quantified(e)
	case *ir.Aggregate:
		return l.aggregate(e)
	case *ir.AtZone:
		return l.atZone(e)
	case *ir.Pseudo:
		if e.Name == "user" {
			return l.user(e)
		}
	case *ir.JSONExpr:
		return l.json(e)
	case *ir.XMLExpr:
		return l.xml(e)
	}
	return e
}

// target is a call of a function of the target.
func (l *lowering) target(name string, like ir.Expr, args ...ir.Expr) ir.Expr {
	return build.Call(name, like, like.TypeOf(), code, args...)
}

// helper is a call of a helper routine.
func (l *lowering) helper(name string, like ir.Expr, args ...ir.Expr) ir.Expr {
	return l.p.Helper(name, like, args...)
}

// procedure makes a statement of a call of a supplied procedure.
func (l *lowering) procedure(s *ir.Invocation) ir.Node {
	switch s.X.(type) {
	case *ir.HelperCall, *ir.TargetCall:
		n := &ir.Perform{Expr: s.X}
		n.Meta = s.Meta
		n.Made(code)
		return n
	}
	return s
}

// isText tells a text.
func isText(e ir.Expr) bool { return types.IsText(e.TypeOf()) }

func isFloat(e ir.Expr) bool { _, ok := e.TypeOf().(types.Float); return ok }

// isLOB tells a text that may be empty.
func isLOB(e ir.Expr) bool {
	t, ok := e.TypeOf().(types.Text)
	return ok && !t.EmptyIsNull
}

// isNull tells the literal NULL.
func isNull(e ir.Expr) bool { _, ok := ir.Bare(e).(*ir.Null); return ok }

// fixed is the length of a CHAR, 0 for other values.
func fixed(e ir.Expr) int {
	if t, ok := e.TypeOf().(types.Text); ok && t.Fixed {
		return t.N
	}
	return 0
}

// Package supplied holds the rule for procedures of supplied packages that are no calls on the target.
package supplied

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/datatypes"
	"godwit/ir/types"
)

const code = "PL0540"

var (
	locator = &diag.Code{
		ID: "PL0541", Title: "A LOB of a row is changed through its locator", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "A variable that holds the LOB of a row is a locator: DBMS_LOB changes the row through it. On the target it is a copy of the value.",
		Next: "Put the new value together in a variable and store it with UPDATE.", Each: 0.5,
	}
	diagnostics = &diag.Code{
		ID: "PL0542", Title: "The text of an error stack", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  "FORMAT_ERROR_STACK becomes the message of the error; FORMAT_ERROR_BACKTRACE and FORMAT_CALL_STACK name the routine without its line. Both are for people who read logs.",
		Next: "Take GET STACKED DIAGNOSTICS ... PG_EXCEPTION_CONTEXT where the place of an error is needed.", Learn: 0.25,
	}
	statistics = &diag.Code{
		ID: "PL0543", Title: "Statistics are gathered with ANALYZE", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "DBMS_STATS becomes ANALYZE, its options are left out. The source commits before and after; ANALYZE does not.",
		Next: "Autovacuum gathers statistics by itself; leave the call out where it is not needed.",
	}
	idle = &diag.Code{
		ID: "PL0842", Title: "A call that only tells the source's server how to work is left out", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "Statistics that are set, locked or copied, traces, memory, the progress of long operations and the like have no counterpart, and change no result. Many of these calls commit in the source, which is left out with them.",
		Next: "Nothing, unless the program relies on the COMMIT.",
	}
	unnamed = &diag.Code{
		ID: "PL0544", Title: "A call of a supplied package that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The call stands where it has no form on the target, names its object only at run time, or names one that the input does not have.",
		Next: "Write the statement with the object's name.", Each: 0.25,
	}
	job = &diag.Code{
		ID: "PL0546", Title: "A job is not scheduled", Severity: diag.Warning, Fidelity: diag.Approximate,
		Doc:  "PostgreSQL has no scheduler of its own. A comment holds the call that enters the job into the extension pg_cron, which many services offer.",
		Next: "Run the call of the comment where pg_cron is installed, or enter the job into the system's scheduler.", Learn: 1, Each: 0.3,
	}
	context = &diag.Code{
		ID: "PL0545", Title: "Attributes of application contexts are not protected", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "In the source only the package that CREATE CONTEXT names may set a context; on the target every session may call the helper routine that does. What is set lasts as long as the session.",
		Next: "Where a policy depends on the context, revoke EXECUTE on the helper routine dbms_session_set_context from PUBLIC.",
	}
)

// Rule is PL0540.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "supplied",
		Doc: `Procedures of supplied packages (PL/SQL Packages and Types Reference). Those of DBMS_LOB that change a LOB are assignments of its new value; DBMS_STATS is ANALYZE, DBMS_MVIEW.REFRESH is REFRESH
MATERIALIZED VIEW; DBMS_OUTPUT.ENABLE does nothing; jobs become comments for pg_cron. The others are helper routines of the same names.`,
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Setup: "CREATE TABLE t (c CLOB);",
			Source: "DECLARE d CLOB; BEGIN DBMS_LOB.CREATETEMPORARY(d, TRUE); DBMS_LOB.APPEND(d, 'x'); INSERT INTO t VALUES (d); END;",
			Target: "DO $$\nDECLARE\n  d text;\nBEGIN\n  d := '';\n  d := godwit_oracle.dbms_lob_append(d, 'x');\n  INSERT INTO t VALUES (d);\nEND;\n$$;",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{locator, diagnostics, statistics, idle, unnamed, job, context, notSmaller},
		Looks:    ir.Kinds(ir.KindInvocation, ir.KindCall),
		Run: func(p *rewrite.Pass) {
			r := &run{Pass: p}
			p.Statements(func(n ir.Node) ir.Node {
				s, ok := n.(*ir.Invocation)
				if !ok || p.Refused() {
					return n
				}
				return r.statement(s)
			})
			if !p.Refused() {
				p.Exprs(r.expr)
			}
			r.finish()
		},
	}
}

// In lowers what stands in a block that a rule behind this one has read: text of dynamic SQL.
func In(p *rewrite.Pass, b *ir.Block) *ir.Block {
	r := &run{Pass: p}
	b = ir.MapPre(b, ir.HoldsStatements, func(n ir.Node) ir.Node {
		s, ok := n.(*ir.Invocation)
		if !ok || p.Refused() {
			return n
		}
		return r.statement(s)
	})
	if p.Refused() {
		return b
	}
	b = ir.MapExprs(b, r.expr)
	if len(r.notes) > 0 { // they would stand in front of the program, which makes a job each time it runs
		rewrite.Refuse(p, unnamed, b.Span, "a job of a text that is run")
	}
	return b
}

type run struct {
	*rewrite.Pass
	notes []ir.Stmt // comments of jobs
}

// suppliedCall is the call of a supplied package that an expression is.
func suppliedCall(e ir.Expr) *ir.Call {
	c, ok := e.(*ir.Call)
	if !ok || c.Op != op.OraSupplied {
		return nil
	}
	return c
}

func (r *run) statement(s *ir.Invocation) ir.Stmt {
	c := suppliedCall(s.X)
	if c == nil {
		return s
	}
	pkg, name, _ := strings.Cut(c.Name, ".")
	switch pkg {
	case "UPKEEP":
		r.Report(idle, s.Span, "%s", name)
		return r.nothing(s)
	case "DBMS_LOB":
		return r.lob(s, c, name)
	case "DBMS_STATS":
		return r.analyze(s, c, name)
	case "DBMS_MVIEW", "DBMS_SNAPSHOT":
		return r.refresh(s, c)
	case "DBMS_JOB", "DBMS_SCHEDULER":
		return r.job(s, c, name)
	}
	switch c.Name {
	case "UTL_COMPRESS.LZ_COMPRESS", "UTL_COMPRESS.LZ_UNCOMPRESS": // procedures that fill a LOB
		rewrite.Refuse(r.Pass, unnamed, s.Span, "%s as a procedure", c.Name)
		return s
	case "DBMS_UTILITY.COMMA_TO_TABLE", "DBMS_UTILITY.TABLE_TO_COMMA":
		return r.commas(s, c)
	case "DBMS_SESSION.SET_NLS":
		return r.setNLS(s, c)
	case "DBMS_UTILITY.ANALYZE_SCHEMA":
		return r.analyze(s, c, name)
	case "DBMS_APPLICATION_INFO.READ_MODULE":
		return control.Take(code, s, r.set(s, c.Args[0], r.userenv(c, "MODULE")), r.set(s, c.Args[1], r.userenv(c, "ACTION")))
	case "DBMS_APPLICATION_INFO.READ_CLIENT_INFO":
		return r.set(s, c.Args[0], r.userenv(c, "CLIENT_INFO"))
	case "DBMS_OUTPUT.ENABLE", "DBMS_UTILITY.COMPILE_SCHEMA":
		return r.nothing(s)
	case "DBMS_LOCK.ALLOCATE_UNIQUE": // the name is the handle
		return r.set(s, c.Args[1], c.Args[0])
	case "DBMS_SESSION.SET_CONTEXT", "DBMS_SESSION.CLEAR_CONTEXT", "DBMS_SESSION.CLEAR_ALL_CONTEXT":
		r.Report(context, s.Span, "%s", c.Name)
	}
	return s
}

// userenv is a value of the session.
func (r *run) userenv(c *ir.Call, name string) ir.Expr {
	return r.Helper("sys_context", build.Make(&ir.Null{}, c, types.Text{EmptyIsNull: true}, code), build.Text("USERENV"), build.Text(name))
}

// nothing is a statement that does nothing.
func (r *run) nothing(s ir.Stmt) ir.Stmt {
	if !r.inBody(s) {
		n := &ir.CommentStmt{Text: "Nothing is to be done."}
		n.Span = s.Base().Span
		n.Made(code)
		return n
	}
	n := &ir.Nothing{}
	n.Meta = *s.Base()
	n.Made(code)
	return n
}

// inBody tells that a statement is part of a program, where assignments and NULL may stand.
func (r *run) inBody(s ir.Stmt) bool {
	for _, x := range r.Unit.Stmts {
		if x == s {
			return false
		}
	}
	return true
}

func (r *run) raw(s ir.Stmt, text string) ir.Stmt {
	n := &ir.RawStmt{Text: text}
	n.Meta = *s.Base()
	n.Made(code)
	return n
}

func (r *run) set(s ir.Stmt, target, value ir.Expr) ir.Stmt {
	if !r.inBody(s) {
		rewrite.Refuse(r.Pass, unnamed, s.Base().Span, "a call outside of a block")
		return s
	}
	n := control.Set(target, value)
	n.Meta = *s.Base()
	n.Items[0].Span = n.Span
	n.Made(code)
	return n
}

// expr lowers functions that are no helper routines.
func (r *run) expr(e ir.Expr) ir.Expr {
	c := suppliedCall(e)
	if c == nil {
		return e
	}
	switch c.Name {
	case "DBMS_LOB.ISTEMPORARY":
		is := build.Make(&ir.IsNull{X: c.Args[0]}, c, types.Bool{}, code)
		return build.If(is, control.Int("0"), control.Int("1"), c, c.Type, code)
	case "UTL_COMPRESS.LZ_COMPRESS":
		r.Report(notSmaller, c.Span, "%s stores the bytes as they are", c.Name)
	case "DBMS_UTILITY.FORMAT_ERROR_STACK":
		r.Report(diagnostics, c.Span, "FORMAT_ERROR_STACK is the message of the error")
		return build.Make(&ir.Call{Op: op.OraSQLErrM, Name: "SQLERRM"}, c, c.Type, code)
	case "DBMS_UTILITY.FORMAT_ERROR_BACKTRACE":
		r.Report(diagnostics, c.Span, "FORMAT_ERROR_BACKTRACE names the routine without its line")
		return build.Make(control.Text("ORA-06512: at "+r.place()), c, c.Type, code)
	case "DBMS_UTILITY.FORMAT_CALL_STACK":
		r.Report(diagnostics, c.Span, "FORMAT_CALL_STACK names the routine without its line")
		return build.Make(control.Text("----- PL/SQL Call Stack -----\n"+r.place()), c, c.Type, code)
	}
	return e
}

// place names the program that is converted as the source does in its stacks.
func (r *run) place() string {
	for _, s := range r.Unit.Stmts {
		switch n := s.(type) {
		case *ir.Routine:
			return `"` + strings.ToUpper(n.Name.String()) + `"`
		case *ir.Package:
			return `"` + strings.ToUpper(n.Name.String()) + `"`
		case *ir.CreateTrigger:
			return `"` + strings.ToUpper(n.Name.String()) + `"`
		}
	}
	return "anonymous block"
}

// analyze is DBMS_STATS.GATHER_..._STATS.
func (r *run) analyze(s *ir.Invocation, c *ir.Call, name string) ir.Stmt {
	if name == "GATHER_TABLE_STATS" {
		if table, ok := build.TextLiteral(c.Args[1]); ok {
			owner, _ := build.TextLiteral(c.Args[0])
			name, known := r.relation(owner, table)
			if !known {
				r.Report(idle, s.Span, "%s of %s, which is not in the catalog", c.Name, table)
				return r.nothing(s)
			}
			r.Report(statistics, s.Span, "%s becomes ANALYZE", c.Name)
			return r.raw(s, "ANALYZE "+name)
		}
	}
	r.Report(statistics, s.Span, "%s becomes ANALYZE", c.Name)
	return r.raw(s, "ANALYZE")
}

// relation is the name on the target of a table, view or materialized view that a text names, of an owner ("" if none is named); false if the catalog
// has none of the name.
func (r *run) relation(owner, text string) (string, bool) {
	name := text
	if o, n, ok := strings.Cut(text, "."); ok {
		owner, name = o, n
	}
	for _, schema := range []string{ofText(owner), r.Unit.Schema, ""} {
		if t := r.Catalog.Table(schema, ofText(name)); t != nil && t.Target != "" {
			return datatypes.Qualified(t.TargetSchema, t.Target), true
		}
	}
	return "", false
}

// ofText is the name that stands in a text: in upper case, unless it is quoted.
func ofText(name string) string {
	if name = strings.TrimSpace(name); strings.HasPrefix(name, `"`) {
		return strings.Trim(name, `"`)
	}
	return strings.ToUpper(name)
}

// refresh is DBMS_MVIEW.REFRESH of views that a literal names.
func (r *run) refresh(s *ir.Invocation, c *ir.Call) ir.Stmt {
	list, ok := build.TextLiteral(c.Args[0])
	if !ok {
		rewrite.Refuse(r.Pass, unnamed, s.Span, "%s of a view that is not named by a literal", c.Name)
		return s
	}
	var out []ir.Stmt
	for _, v := range strings.Split(list, ",") {
		name, known := r.relation("", v)
		if !known {
			rewrite.Refuse(r.Pass, unnamed, s.Span, "%s of %s, which is not in the catalog", c.Name, strings.TrimSpace(v))
			return s
		}
		x := &ir.RawStmt{Text: "REFRESH MATERIALIZED VIEW " + name}
		x.Span = s.Span
		x.Made(code)
		out = append(out, x)
	}
	if len(out) > 1 && !r.inBody(s) {
		rewrite.Refuse(r.Pass, unnamed, s.Span, "%s of several views outside of a block", c.Name)
		return s
	}
	return control.Take(code, s, out...)
}

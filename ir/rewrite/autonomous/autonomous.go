// Package autonomous holds the rule for routines, triggers and blocks that are transactions of their own.
package autonomous

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/plsql"
	"godwit/ir/types"
)

const code = "TX0320"

var (
	sessionState = &diag.Code{
		ID: "TX0321", Title: "An autonomous transaction that uses the state of its session", Severity: diag.Error, Fidelity: diag.Refused,
		Doc: `An autonomous routine runs on a second connection (--autonomous dblink). Variables of packages, temporary tables, CURRVAL, application contexts, locks of DBMS_LOCK and what the session is called belong to
the session of the caller, which the other one does not see. What the routine calls and the triggers that it fires count.`,
		Next: "Hand the values over as parameters.", Learn: 0.5, Each: 0.5,
	}
	apart = &diag.Code{
		ID: "TX0322", Title: "An autonomous transaction runs on a second connection", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `The routine is called by dblink on a connection that the session keeps. The setting godwit_oracle.dblink of the database, role or session says how to connect: a connection string, or the name of a foreign server
of dblink_fdw. Roles that are no superusers need a password there, or in the user mapping. Where the routine waits for a lock that its caller holds, the target cancels it and raises ORA-00060 in the caller after a
second; the source raises it in the routine. Assumed: no handler of the routine waits for that error, and texts that it executes use no state of the session.`,
		Next: "Set godwit_oracle.dblink with ALTER DATABASE, or ALTER ROLE, and allow a second connection for each session.", Learn: 0.25,
	}
	form = &diag.Code{
		ID: "TX0323", Title: "An autonomous transaction in a form that a second connection cannot have", Severity: diag.Error, Fidelity: diag.Refused,
		Doc: `Cursors stay in the session that opened them, so that they are no parameters or results of an autonomous routine; rows of a pipelined function are not handed over. A routine that is declared in a block, a method
or a section of a compound trigger is not called from another session, and UPDATING with a column asks for the statement of the caller.`,
		Next: "Make a standalone procedure of it.", Learn: 0.25, Each: 0.5,
	}
	output = &diag.Code{
		ID: "TX0324", Title: "DBMS_OUTPUT in an autonomous transaction", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  "Lines of DBMS_OUTPUT are notices on the target. Those of the second connection, on which the routine runs, do not reach the client: they stand in the server's log at most.",
		Next: "Write the lines in the caller.", Each: 0.1,
	}
	unended = &diag.Code{
		ID: "TX0325", Title: "An autonomous transaction that may be left open, beside NEXTVAL", Severity: diag.Error, Fidelity: diag.Refused,
		Doc: `The source raises ORA-06519 where an autonomous routine ends with changes that are neither committed nor rolled back. The target tells them by the number of the transaction, which NEXTVAL may have given it
as well.`,
		Next: "Put COMMIT or ROLLBACK in front of each end of the routine.", Each: 0.1,
	}
)

// Rule is TX0320.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "autonomous",
		Doc: `PRAGMA AUTONOMOUS_TRANSACTION (PL/SQL Language Reference, "Autonomous Transactions") by the switch --autonomous dblink; without it the routine is refused. The body becomes a procedure with _autonomous
behind its name. The routine itself calls that procedure on a second connection to the same database (extension dblink), which the session keeps: it commits and rolls back apart from the caller, sees what the caller
has committed, and its errors come back with state and message. Arguments and results go as texts of their types. A trigger hands its rows over. A block at the top of a script needs no second connection. Where a path
may end without COMMIT or ROLLBACK, a check raises ORA-06519.`,
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Setup: "CREATE TABLE log_t (m VARCHAR2(20));", Policy: rewrite.Policy{Autonomous: "dblink"},
			Source: "CREATE PROCEDURE log_it(m VARCHAR2) AUTHID CURRENT_USER IS\n  PRAGMA AUTONOMOUS_TRANSACTION;\nBEGIN\n  INSERT INTO log_t VALUES (log_it.m);\n  COMMIT;\nEND;\n/",
			Target: "CREATE OR REPLACE PROCEDURE log_it_autonomous(m text)\nLANGUAGE plpgsql\nAS $$\n#variable_conflict use_column\nBEGIN\n  INSERT INTO log_t VALUES (log_it_autonomous.m);\n  COMMIT;\nEND;\n$$;\nCREATE OR REPLACE PROCEDURE log_it(m text)\nLANGUAGE plpgsql\nAS $$\nBEGIN\n  PERFORM godwit_oracle.autonomous(format('CALL log_it_autonomous(%L::text)', m));\nEND;\n$$;",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{sessionState, apart, form, output, unended},
		After: map[string]string{
			"packages":     "routines of packages are routines of their own",
			"object-types": "so are methods",
		},
		Prepare: func(p *rewrite.Pass) {
			if p.Policy.Autonomous != "" {
				note(p)
			}
		},
		Needed: func(p *rewrite.Pass) bool { return p.Policy.Autonomous != "" },
		Looks:  ir.Kinds(ir.KindRoutine, ir.KindCreateTrigger, ir.KindBlock),
		Run:    func(p *rewrite.Pass) { (&run{Pass: p}).statements() },
	}
}

type run struct{ *rewrite.Pass }

func (r *run) statements() {
	if r.Unit.Executed {
		return
	}
	var out []ir.Stmt
	for _, s := range r.Unit.Stmts {
		switch n := s.(type) {
		case *ir.Routine:
			if inner := r.routine(n); inner != nil {
				out = append(out, inner)
			}
		case *ir.CreateTrigger:
			if inner := r.trigger(n); inner != nil {
				out = append(out, inner)
			}
		case *ir.Block:
			r.block(n)
		}
		if r.Refused() {
			return
		}
		out = append(out, s)
		if control.IsProgram(s) {
			r.local(s)
		}
	}
	if !r.Refused() {
		r.Unit.Stmts = out
	}
}

// local refuses routines of a block that are transactions of their own.
func (r *run) local(s ir.Stmt) {
	ir.WalkStatements(s, func(n ir.Node) bool {
		if d, ok := n.(*ir.RoutineDecl); ok && d.Routine != nil && d.Routine.Autonomous {
			rewrite.Refuse(r.Pass, form, d.Span, "%s is declared in a block", d.Routine.Name)
		}
		return !r.Refused()
	})
}

// taken takes the pragma from the declarations of a body, and tells that it was there.
func taken(body ir.Stmt) bool {
	b, ok := body.(*ir.Block)
	if !ok {
		return false
	}
	for i, d := range b.Decls {
		if x, ok := d.(*ir.Pragma); ok && x.Name == "AUTONOMOUS_TRANSACTION" {
			b.Decls = append(b.Decls[:i:i], b.Decls[i+1:]...)
			return true
		}
	}
	return false
}

// routine makes the procedure that does the work of an autonomous routine, which becomes a call of it; nil for other routines.
func (r *run) routine(x *ir.Routine) ir.Stmt {
	if x.Body == nil || !taken(x.Body) {
		return nil
	}
	x.Autonomous = false
	switch {
	case x.Pipelined:
		rewrite.Refuse(r.Pass, form, x.Span, "%s is a pipelined function", x.Name)
		return nil
	case x.Object == nil || x.Object.Method != nil:
		rewrite.Refuse(r.Pass, form, x.Span, "%s is a method", x.Name)
		return nil
	}
	r.uses(x.Object, x)
	inner := r.inner(x.Name, x.Object, x)
	inner.Params, inner.Body, inner.Security, inner.Comment = x.Params, x.Body, x.Security, x.Comment
	x.Params = ir.Clone(x).Params
	for i, d := range inner.Params {
		sql := r.parameter(d)
		if r.Refused() {
			return nil
		}
		d.Default, d.TypeSQL, x.Params[i].TypeSQL = nil, sql, sql
	}
	c := &call{run: r, like: x, schema: x.Object.TargetSchema, name: inner.Object.Target}
	for i, d := range x.Params {
		c.add(d.Mode, inner.Params[i].TypeSQL, paramName(d))
	}
	if x.Kind == catalog.Function {
		v := r.resultOf(x, inner)
		if r.Refused() {
			return nil
		}
		c.add(catalog.Out, v.TypeSQL, nil)
	}
	r.end(inner)
	x.Body = c.body(x.Body)
	r.Report(apart, x.Span, "%s", x.Name)
	return inner
}

// inner is the head of the procedure that does the work of a program.
func (r *run) inner(name ir.QName, o *catalog.Routine, at ir.Stmt) *ir.Routine {
	own := *o
	own.Name, own.Kind, own.Returns, own.Package, own.Overload = o.Name+"_AUTONOMOUS", catalog.Procedure, nil, nil, 0
	own.Facts.Transaction = true
	target := o.Target
	if target == "" {
		target = strings.ToLower(name.Name())
	}
	own.Target = short(target, "_autonomous")
	if o.Package.Prefixed() {
		own.Target = o.Package.Beside(target, "_autonomous")
	}
	for r.Catalog.Routine(catalog.Procedure, o.Schema, strings.ToUpper(own.Target)) != nil || r.Catalog.Routine(catalog.Function, o.Schema, strings.ToUpper(own.Target)) != nil {
		own.Target = short(own.Target, "_2")
	}
	x := &ir.Routine{Kind: catalog.Procedure, OrReplace: true, Object: &own, Facts: own.Facts}
	x.Name.Parts = append([]ir.Ident(nil), name.Parts...)
	x.Name.Parts[len(x.Name.Parts)-1] = ir.Ident{Text: own.Target, Quoted: true}
	x.Span, x.Lead = at.Base().Span, at.Base().Lead
	at.Base().Lead = nil
	x.Made(code)
	return x
}

// short is a name with a suffix that fits into 63 bytes.
func short(name, suffix string) string {
	if n := 63 - len(suffix); len(name) > n {
		name = name[:n]
	}
	return name + suffix
}

// parameter spells the type of a parameter for the call.
func (r *run) parameter(d *ir.ParamDecl) string {
	sql := ""
	switch d.Type.(type) {
	case types.Record, types.Collection, types.Object, types.XML, types.Cursor:
		sql = r.spell(d.Type)
	default:
		sql, _ = plsql.ParamType(d.Mode, d.Type, r.Lower.TypeSQL)
	}
	if sql == "" || sql == "refcursor" || sql == "record" {
		rewrite.Refuse(r.Pass, form, d.Span, "parameter %s is of type %s", d.Name.Text, typeName(d.Type))
	}
	return sql
}

func typeName(t types.Type) string {
	if t == nil {
		return "?"
	}
	return t.String()
}

// resultOf gives the procedure a parameter for the result of the function that it does the work of.
func (r *run) resultOf(x, inner *ir.Routine) *ir.ParamDecl {
	names := make([]string, len(x.Params))
	for i, d := range x.Params {
		names[i] = d.Name.Text
	}
	name := plsql.ResultName(names)
	v := &ir.ParamDecl{Name: ir.Ident{Text: name}, Mode: catalog.Out, Type: x.Returns, TypeSQL: r.spell(x.Returns), TargetName: name}
	v.Span = x.Span
	v.Made(code)
	if v.TypeSQL == "" || v.TypeSQL == "refcursor" || v.TypeSQL == "record" {
		rewrite.Refuse(r.Pass, form, x.Span, "the result of %s is of type %s", x.Name, typeName(x.Returns))
	}
	inner.Params = append(inner.Params, v)
	inner.Body = ir.MapPre(inner.Body, notNested, func(n ir.Node) ir.Node {
		s, ok := n.(*ir.Return)
		if !ok || s.Value == nil {
			return n
		}
		set := control.Set(paramName(v), s.Value)
		set.Span = s.Span
		s.Value = nil
		return control.Take(code, s, set, s)
	})
	return v
}

func notNested(n ir.Node) bool {
	_, decl := n.(*ir.RoutineDecl)
	return !decl && ir.HoldsStatements(n)
}

func paramName(d *ir.ParamDecl) *ir.Name {
	n := &ir.Name{Parts: []ir.Ident{d.Name}, Ref: &ir.ParamRef{Param: d}}
	n.Type, n.Span = d.Type, d.Span
	return n
}

// block drops the pragma of a block at the top of a script: it begins with no transaction open, and is one of its own.
func (r *run) block(b *ir.Block) {
	if !taken(b) {
		return
	}
	r.Unit.Stmts = append([]ir.Stmt(nil), r.Unit.Stmts...)
	x := &ir.Routine{Body: b}
	x.Span = b.Span
	r.end(x)
	if x.Body != ir.Stmt(b) {
		*b = ir.Block{StmtMeta: b.StmtMeta, Anonymous: b.Anonymous, Body: x.Body.(*ir.Block).Body, Decls: x.Body.(*ir.Block).Decls}
	}
}

// Package outcalls holds the rule for calls of PL/SQL: named arguments, defaults, and values that come back through parameters.
package outcalls

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/datatypes"
	"godwit/ir/rewrite/plsql"
	"godwit/ir/types"
)

const code = "PL0450"

var (
	badTarget = &diag.Code{
		ID: "PL0451", Title: "An argument that cannot take a value back", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The argument for an OUT or IN OUT parameter has to be a variable.",
		Next: "Pass a variable.", Each: 0.1,
	}
	inExpression = &diag.Code{
		ID: "PL0452", Title: "A function with OUT parameters in an expression that may not call it", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "On the target such a function is called in a statement of its own in front of the expression. That is not the same where CASE, AND, OR or COALESCE may leave the call out, or where the expression reads a variable that the call changes.",
		Next: "Assign the function's result to a variable before.", Each: 0.3,
	}
	noDefault = &diag.Code{
		ID: "PL0453", Title: "A default that the call cannot state", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The target needs values for all parameters in front of one without a default. The default of a parameter that the call leaves out is not known here, or depends on what is known in the routine only.",
		Next: "State the argument in the call.", Each: 0.1,
	}
	noRow = &diag.Code{
		ID: "PL0455", Title: "A function in a query that may end with NO_DATA_FOUND", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  "Where a function that a query calls ends with NO_DATA_FOUND, its value is NULL on the source. On the target the query fails.",
		Next: "Handle NO_DATA_FOUND in the function: RETURN NULL.", Each: 0.2,
	}
	changesRows = &diag.Code{
		ID: "PL0796", Title: "A query that calls a function which changes rows", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  "A function that a query calls may not change rows on the source: where it tries, the query ends with ORA-14551 (Database Error Messages). On the target it changes them.",
		Next: "Call the function in PL/SQL, or take the query out if it never worked.", Each: 0.2,
	}
)

// Rule is PL0450.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "out-calls",
		Doc: `Calls of procedures and functions (PL/SQL Language Reference, "Subprogram Invocations"). Named arguments stay named where one is left out. A default in front of a parameter without one is
written at the call, as the target has defaults at the end only. A function with OUT parameters is a function with one row as its result on the target: it is called by SELECT ... INTO in front of the
expression. An argument of another type than the parameter goes through a variable.`,
		Examples: []rewrite.Example{
			{From: dialect.Oracle, Setup: "CREATE FUNCTION f(n IN OUT NUMBER) RETURN NUMBER AUTHID CURRENT_USER IS BEGIN n := n + 1; RETURN n; END;\n/",
				Source: "DECLARE\n  a NUMBER := 1;\n  b NUMBER;\nBEGIN\n  b := f(a) + 1;\nEND;\n/",
				Target: "DO $$\nDECLARE\n  a numeric := 1;\n  b numeric;\n  f_result numeric;\nBEGIN\n  SELECT * INTO a, f_result FROM f(a);\n  b := f_result + 1;\nEND;\n$$;"},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{badTarget, inExpression, noDefault, noRow, changesRows},
		Looks:    ir.Kinds(ir.KindCallProc, ir.KindRoutineCall),
		After:    map[string]string{"pl-cursors": "arguments may be attributes of cursors"},
		Run: func(p *rewrite.Pass) {
			list := p.Unit.Stmts // a refusal replaces the unit's
			empties := map[*catalog.Routine]*catalog.Routine{}
			var made []ir.Stmt
			for i, s := range list {
				if !p.Refused() {
					list[i], made = program(p, s, empties, made)
				}
			}
			if len(made) > 0 && !p.Refused() {
				p.Unit.Stmts = append(made, p.Unit.Stmts...)
			}
		},
	}
}

type run struct {
	*rewrite.Pass
	root ir.Stmt
	code *plsql.Code
	top  *ir.Block // where variables are declared
	// around are nested routines with defaults that read variables around them.
	around map[*catalog.Routine]bool
	// empties are functions that stand for others in queries, made their definitions.
	empties map[*catalog.Routine]*catalog.Routine
	made    []ir.Stmt
	// changing is what is known of functions that change rows.
	changing map[changing]bool
}

func program(p *rewrite.Pass, s ir.Stmt, empties map[*catalog.Routine]*catalog.Routine, made []ir.Stmt) (ir.Stmt, []ir.Stmt) {
	r := &run{Pass: p, root: s, code: plsql.Of(p, s), empties: empties, made: made}
	defer r.captured(s)()
	ir.Walk(s, func(n ir.Node) bool {
		if c, ok := n.(*ir.RoutineCall); ok && c.Routine != nil {
			c.Args = r.arguments(c.Routine, c.Args, c)
		}
		return true
	})
	r.queries(s)
	if !control.IsProgram(s) {
		return s, r.made
	}
	var each func(owner ir.Stmt)
	each = func(owner ir.Stmt) {
		ir.WalkStatements(owner, func(n ir.Node) bool {
			if d, ok := n.(*ir.RoutineDecl); ok && d.Routine != nil && d.Routine.Body != nil && ir.Stmt(d.Routine) != owner {
				each(d.Routine)
				return false
			}
			return true
		})
		body := control.Body(owner)
		b, ok := body.(*ir.Block)
		if !ok {
			if body == nil {
				return
			}
			b = &ir.Block{Body: []ir.Stmt{body}}
			b.Span = body.Base().Span
			control.SetBody(owner, b)
		}
		r.top = b
		r.block(b)
	}
	each(s)
	return s, r.made
}

// queries gives functions in statements of SQL that may end with NO_DATA_FOUND their second form, which is NULL then.
func (r *run) queries(s ir.Stmt) {
	seen := map[*catalog.Routine]bool{}
	ir.Walk(s, func(n ir.Node) bool {
		var inside ir.Node
		switch n := n.(type) {
		case ir.Query:
			inside = n
		case *ir.Insert, *ir.Update, *ir.Delete, *ir.Merge:
			inside = n
		default:
			return true
		}
		ir.Walk(inside, func(x ir.Node) bool {
			c, ok := x.(*ir.RoutineCall)
			if _, query := n.(ir.Query); ok && query && c.Routine != nil && !seen[c.Routine] && r.changes(c.Routine, false) {
				seen[c.Routine] = true
				r.Report(changesRows, c.Span, "function %s changes rows", c.Name)
			}
			if !ok || c.Routine == nil || c.Routine.Kind != catalog.Function || !c.Routine.Facts.NoRow || !r.escapes(c.Routine) {
				return true
			}
			if x := r.orEmpty(c); x != nil {
				c.Routine = x
				c.Name.Parts = slices.Clone(c.Name.Parts)
				c.Name.Parts[len(c.Name.Parts)-1].Text += orNull
			} else if !seen[c.Routine] {
				seen[c.Routine] = true
				r.Report(noRow, c.Span, "function %s may end with NO_DATA_FOUND", c.Name)
			}
			return true
		})
		return false
	})
}

// escapes tells that NO_DATA_FOUND may leave a function.
func (r *run) escapes(o *catalog.Routine) bool {
	d := r.code.Body(o)
	return d == nil || d.Body == nil || r.code.OfStmt(d.Body)&plsql.NoRow != 0
}

// block rewrites the calls of a routine's block, without those of routines that it declares.
func (r *run) block(b *ir.Block) {
	h := &plsql.Hoist{
		Picks: func(c *ir.RoutineCall) bool { return plsql.HasOut(c.Routine) && c.Routine.Kind == catalog.Function },
		Take:  r.take,
		Refuse: func(n ir.Node) {
			rewrite.Refuse(r.Pass, inExpression, n.Base().Span, "the call stands where it may be left out")
		},
	}
	enter := func(n ir.Node) bool {
		_, decl := n.(*ir.RoutineDecl)
		return !decl && ir.HoldsStatements(n)
	}
	out := ir.MapPre[ir.Stmt](b, enter, func(n ir.Node) ir.Node {
		if c, ok := n.(*ir.CallProc); ok {
			return r.call(c, h)
		}
		return h.Statements(n)
	})
	_ = out
}

// call is a call of a procedure as a statement, or of a function whose result is thrown away.
func (r *run) call(c *ir.CallProc, h *plsql.Hoist) ir.Node {
	if _, own := plsql.ApplicationError(c); own || c.Routine == nil {
		return h.Statements(c)
	}
	c.Args = r.arguments(c.Routine, c.Args, c)
	if c.Routine.Kind == catalog.Function && plsql.HasOut(c.Routine) {
		x := &ir.RoutineCall{Name: c.Name, Args: c.Args, Routine: c.Routine}
		x.Span, x.Type = c.Span, c.Routine.Returns
		list, _ := r.take(x, nil)
		list[0].Base().Lead = c.Lead
		return &ir.Splice{Stmts: list}
	}
	var before, after []ir.Stmt
	for i, a := range c.Args {
		p, value, named := control.Param(c.Routine, i, a)
		if p == nil || p.Mode == catalog.In {
			continue
		}
		if !r.assignable(value) {
			rewrite.Refuse(r.Pass, badTarget, a.Base().Span, "the argument for %s cannot take a value", p.Name)
			return c
		}
		if r.fits(value, p) {
			continue
		}
		v := r.variable(p.Name, p.Type, a)
		if p.Mode == catalog.InOut {
			read := value
			if n, ok := value.(*ir.Name); ok {
				read = datatypes.Inner(n)
			}
			before = append(before, control.Set(control.Var(v), read))
		}
		after = append(after, control.Set(ir.Clone(value), control.Var(v)))
		if named != nil {
			named.Value = control.Var(v)
		} else {
			c.Args[i] = control.Var(v)
		}
	}
	n := h.Statements(c)
	if len(before)+len(after) == 0 {
		return n
	}
	list := []ir.Stmt{c}
	if sp, ok := n.(*ir.Splice); ok {
		list = sp.Stmts
	}
	out := &ir.Splice{Stmts: append(append(before, list...), after...)}
	out.Span = c.Span
	m := out.Stmts[0].Base()
	if m != c.Base() {
		m.Lead, c.Lead = append(c.Lead, m.Lead...), nil
	}
	return out
}

func (r *run) assignable(e ir.Expr) bool {
	switch x := e.(type) {
	case *ir.Name:
		switch x.Ref.(type) {
		case *ir.VarRef, *ir.ParamRef, *ir.FieldRef, *ir.RowRef, *ir.PackageRef:
			return true
		}
	case *ir.Element, *ir.Field, *ir.Subscript:
		return true
	}
	return false
}

// fits tells that the target's call takes the variable as it stands: it is a plain variable whose type becomes the parameter's by itself.
func (r *run) fits(e ir.Expr, p *catalog.Param) bool {
	if control.Target(e) == nil {
		return false
	}
	if reads, ok := control.Target(e).(*ir.ParamDecl); ok && reads.Mode == catalog.In {
		return false
	}
	from, to, known := r.bases(e, p)
	return !known || from == to
}

// alike tells that a call of a function finds it by the type of the variable: the type becomes the parameter's by itself where a function is looked for.
func (r *run) alike(e ir.Expr, p *catalog.Param) bool {
	from, to, known := r.bases(e, p)
	return !known || from == to || texts[from] && texts[to] || wholes[from] && to == "numeric"
}

// bases are the target's types of an argument and of its parameter, without lengths. They are not known of rows, collections and cursors, which are of one
// type or refused.
func (r *run) bases(e ir.Expr, p *catalog.Param) (from, to string, known bool) {
	from, ok := r.Lower.TypeSQL(e.TypeOf())
	if d, is := control.Target(e).(*ir.ParamDecl); is {
		from, ok = plsql.ParamType(d.Mode, d.Type, r.Lower.TypeSQL)
	}
	to, known = plsql.ParamType(p.Mode, p.Type, r.Lower.TypeSQL)
	return base(from), base(to), ok && known
}

var (
	texts  = map[string]bool{"text": true, "varchar": true, "char": true, "bpchar": true}
	wholes = map[string]bool{"smallint": true, "integer": true, "bigint": true}
)

func base(sql string) string {
	if i := strings.IndexByte(sql, '('); i >= 0 {
		sql = sql[:i]
	}
	return sql
}

func (r *run) variable(name string, t types.Type, like ir.Node) *ir.VarDecl {
	v := &ir.VarDecl{Name: ir.Ident{Text: control.Unused(r.root, strings.ToLower(name))}, Type: plsql.Unlimited(t)}
	if sql, ok := plsql.ParamType(catalog.Out, t, r.Lower.TypeSQL); ok {
		v.TypeSQL = sql
	}
	v.Span = like.Base().Span
	v.Made(code)
	r.top.Decls = append(r.top.Decls, v)
	return v
}

// arguments puts the arguments of a call into the order that the target takes, with defaults where it has none.
func (r *run) arguments(o *catalog.Routine, args []ir.Expr, at ir.Node) []ir.Expr {
	values := make([]ir.Expr, len(o.Params))
	plain := true
	from := len(values) // a name in its place tells forms of one name apart
	for i, a := range args {
		p, v, named := control.Param(o, i, a)
		plain = plain && named == nil
		for k := range o.Params {
			if p == &o.Params[k] {
				values[k] = v
				if named != nil && k == i {
					from = min(from, k)
				}
			}
		}
		if p == nil {
			return args // more arguments than parameters: made by another rule
		}
	}
	if plain && len(args) == len(o.Params) {
		return args
	}
	var out []ir.Expr
	gap := false
	for k, v := range values {
		switch {
		case v == nil && plsql.KeepsDefault(o, k):
			gap = true
		case v == nil:
			d := r.defaultOf(o, k)
			if d == nil {
				rewrite.Refuse(r.Pass, noDefault, at.Base().Span, "the default of %s is not known here", o.Params[k].Name)
				return args
			}
			d.Base().Span = at.Base().Span
			if values[k] = d; k >= from {
				d = &ir.NamedArg{Name: ir.Ident{Text: o.Params[k].Name}, Value: d}
				*d.Base() = *values[k].Base()
			}
			out = append(out, d)
		case gap || k >= from:
			n := &ir.NamedArg{Name: ir.Ident{Text: o.Params[k].Name}, Value: v}
			n.Span, n.Type = v.Base().Span, v.TypeOf()
			out = append(out, n)
		default:
			out = append(out, v)
		}
	}
	return out
}

func (r *run) defaultOf(o *catalog.Routine, k int) ir.Expr {
	d := r.code.Body(o)
	if d == nil || k >= len(d.Params) || d.Params[k].Default == nil || plsql.InUse(d.Params[k].Default) && !r.around[o] {
		return nil
	}
	return ir.Clone(d.Params[k].Default)
}

// take makes SELECT * INTO of a call of a function with OUT parameters.
func (r *run) take(c *ir.RoutineCall, into ir.Expr) ([]ir.Stmt, ir.Expr) {
	var in, outs []ir.Expr
	var before, after []ir.Stmt
	var columns, names []string
	for _, p := range c.Routine.Params {
		names = append(names, p.Name)
	}
	for i, a := range c.Args {
		p, v, named := control.Param(c.Routine, i, a)
		if p == nil {
			continue
		}
		own := v
		if p.Mode == catalog.InOut && r.assignable(v) && !r.alike(v, p) { // the target finds no function that takes the variable's type
			read := v
			if n, ok := v.(*ir.Name); ok {
				read = datatypes.Inner(n)
			}
			d := r.variable(p.Name, p.Type, a)
			before = append(before, control.Set(control.Var(d), read))
			after = append(after, control.Set(ir.Clone(own), control.Var(d)))
			if named != nil {
				named.Value = control.Var(d)
			} else {
				a = control.Var(d)
			}
			in, outs, columns = append(in, a), append(outs, control.Var(d)), append(columns, p.Name)
			continue
		}
		if p.Mode != catalog.Out {
			if n, ok := v.(*ir.Name); ok && p.Mode == catalog.InOut { // it is read here, and assigned behind the call
				v = datatypes.Inner(n)
			}
			if named == nil {
				a = v
			}
			in = append(in, a)
			if named != nil {
				named.Value = v
			}
		}
		if p.Mode == catalog.In {
			continue
		}
		if !r.assignable(v) {
			rewrite.Refuse(r.Pass, badTarget, a.Base().Span, "the argument for %s cannot take a value", p.Name)
			continue
		}
		target := ir.Clone(own)
		if control.Target(v) == nil {
			d := r.variable(p.Name, p.Type, a)
			after = append(after, control.Set(target, control.Var(d)))
			target = control.Var(d)
		}
		outs, columns = append(outs, target), append(columns, p.Name)
	}
	result := into
	if into == nil || control.Target(into) == nil || slices.ContainsFunc(outs, func(e ir.Expr) bool { return control.Target(e) == control.Target(into) }) {
		into = nil
		v := r.variable(c.Name.Name()+"_result", c.Routine.Returns, c)
		result = control.Var(v)
	}
	call := &ir.RoutineCall{Name: c.Name, Args: in, Routine: c.Routine}
	call.Span, call.Type = c.Span, c.Type
	star := &ir.Star{}
	star.Type = types.Null{}
	q := &ir.Select{Items: []*ir.SelectItem{{Expr: star}}, From: []ir.TableExpr{&ir.TableFunc{Call: call}}}
	q.Span = c.Span
	q.Into = append(outs, result)
	s := &ir.SelectInto{Query: q}
	s.Span = c.Span
	s.Made(code)
	if d, sets := plsql.ByRow(r.root, q, append(columns, plsql.ResultName(names)), c); d != nil {
		d.Made(code)
		r.top.Decls = append(r.top.Decls, d)
		after = append(sets, after...)
	}
	list := append(append(before, s), after...)
	if into != nil && result == into {
		return list, nil
	}
	return list, ir.Clone(result)
}

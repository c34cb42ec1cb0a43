// Package uservariables holds the rule for user variables, @name.
package uservariables

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/feature"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

const code = "DS0201"

var perRow = &diag.Code{
	ID: "DS0202", Title: "A user variable is assigned inside a query", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc:  "The order in which a query evaluates expressions with assignments is not defined on either side. It is assumed that rows come in the query's order and that a select list is evaluated from left to right.",
	Next: "Use a window function (row_number, sum) instead.", Each: 0.3,
}

var together = &diag.Code{
	ID: "DS0203", Title: "Variables that are assigned from one another", Severity: diag.Error, Fidelity: diag.Refused,
	Doc: "SET outside of routines computes all values before the first variable changes, so that SET @a = @b, @b = @a exchanges them. The target assigns one after the other; there is no order of these " +
		"assignments that gives the same.",
	Next: "Use a third variable.", Each: 0.1,
}

// Rule is DS0201.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "user-variables",
		Doc: `A user variable (MySQL Reference Manual, "User-Defined Variables") lives as long as the session, keeps its value over a ROLLBACK,
and takes the type of what is assigned. The target has no such variables; settings (set_config) follow the transaction. The helpers
var_set and var_get keep the values in prepared statements, which do not. The value is kept as text; each use converts it to
the type that the assignments give it. A query INTO user variables goes through local variables. SET computes all values before it assigns; assignments
are put in an order in which none reads what another has changed.`,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE t (id INT PRIMARY KEY, v INT);",
			Source: "SET @x = 1;\nSELECT @x + 1 AS y;",
			Target: "SELECT godwit_mysql.var_set('x', '1');\nSELECT godwit_mysql.var_get('x')::bigint + 1 AS y;",
		}},
		Feature:  feature.SessionVariablesInQuery,
		Fidelity: diag.Exact,
		Findings: []*diag.Code{perRow, together},
		After: map[string]string{
			"session": "it follows saved settings",

			"running-numbers": "what it makes of assignments needs no variables",
			"calls":           "it stores OUT arguments in user variables",
			"handlers":        "it makes assignments of GET DIAGNOSTICS",
		},
		Looks: ir.Kinds(ir.KindUserVar, ir.KindAssignExpr, ir.KindGetDiagnostics),
		Run: func(p *rewrite.Pass) {
			r := &run{p: p, targets: map[*ir.UserVar]bool{}}
			var out []ir.Stmt
			for _, s := range p.Unit.Stmts {
				out = append(out, r.statement(s)...)
			}
			p.Unit.Stmts = out
			for _, s := range out {
				ir.Walk(s, func(n ir.Node) bool {
					if a, ok := n.(*ir.AssignExpr); ok {
						r.targets[a.Target] = true
					}
					return true
				})
			}
			p.Exprs(r.expr)
		},
	}
}

type run struct {
	p *rewrite.Pass
	// targets are the variables that assignments inside expressions assign.
	targets map[*ir.UserVar]bool
}

// statement splits what assigns user variables at the top level.
func (r *run) statement(s ir.Stmt) []ir.Stmt {
	if control.IsProgram(s) {
		return []ir.Stmt{ir.Map(s, r.inside)}
	}
	switch n := s.(type) {
	case *ir.SetVar:
		return r.set(n)
	case *ir.Do:
		return []ir.Stmt{n}
	}
	return []ir.Stmt{s}
}

// set makes SELECT var_set(...) of each user variable that a SET at the top level assigns.
func (r *run) set(n *ir.SetVar) []ir.Stmt {
	var out []ir.Stmt
	var kept []*ir.SetItem
	items, ok := atOnce(n.Items)
	if !ok {
		rewrite.Refuse(r.p, together, n.Span, "%s", n.Span.Text())
		return []ir.Stmt{n}
	}
	for _, i := range items {
		v, ok := i.Target.(*ir.UserVar)
		if !ok {
			kept = append(kept, i)
			continue
		}
		x := &ir.Perform{Expr: r.store(v, i.Value)}
		x.Span = i.Span
		out = append(out, x)
	}
	if len(out) == 0 {
		return []ir.Stmt{n}
	}
	if len(kept) > 0 {
		n.Items = kept
		return append([]ir.Stmt{n}, out...)
	}
	control.Take(code, n, out...)
	return out
}

// atOnce puts assignments in an order in which they may run one after the other: each behind those that read its
// variable. ok is false if there is none.
func atOnce(items []*ir.SetItem) (out []*ir.SetItem, ok bool) {
	left := append([]*ir.SetItem(nil), items...)
	for len(left) > 0 {
		at := -1
		for k, i := range left {
			if at < 0 && free(left, k, i) {
				at = k
			}
		}
		if at < 0 {
			return nil, false
		}
		out = append(out, left[at])
		left = append(left[:at:at], left[at+1:]...)
	}
	return out, true
}

// free tells that no other assignment reads the variable of the one at k, or has to come before it.
func free(left []*ir.SetItem, k int, i *ir.SetItem) bool {
	v, ok := i.Target.(*ir.UserVar)
	if !ok {
		return true
	}
	for o, x := range left {
		if o == k {
			continue
		}
		if y, ok := x.Target.(*ir.UserVar); ok && strings.EqualFold(y.Name, v.Name) && o < k {
			return false
		}
		if x.Value != nil && ir.Find(x.Value, func(n ir.Node) bool {
			y, ok := n.(*ir.UserVar)
			return ok && strings.EqualFold(y.Name, v.Name)
		}) {
			return false
		}
	}
	return true
}

// store is var_set('name', value as text).
func (r *run) store(v *ir.UserVar, value ir.Expr) ir.Expr {
	if value == nil {
		value = &ir.Null{}
		value.SetType(types.Null{})
	}
	h := r.p.Helper("var_set", v, control.Text(v.Name), asText(value))
	h.Type = types.Text{}
	return h
}

// asText is the value as the store keeps it.
func asText(e ir.Expr) ir.Expr {
	switch x := e.(type) {
	case *ir.String, *ir.Null:
		return e
	case *ir.Number:
		s := control.Text(x.Text)
		s.Span = x.Span
		return s
	}
	c := &ir.Cast{X: e, To: types.Text{}, Implicit: true}
	c.Span, c.Type = e.Base().Span, types.Text{}
	switch t := e.TypeOf().(type) {
	case types.Text:
		if t.N == 0 {
			return e
		}
		c.Target = true
	case types.Int, types.Decimal, types.Binary, types.Null:
		c.Target = true
	case types.Float:
		c.Target = true // the shortest form that reads back the same
	}
	c.Made(code)
	return c
}

// inside rewrites the statements of a routine that assign user variables.
func (r *run) inside(n ir.Node) ir.Node {
	switch s := n.(type) {
	case *ir.SetVar:
		return r.assignments(s)
	case *ir.SelectInto:
		return r.through(s, control.Into(s.Query))
	case *ir.FetchCursor:
		return r.through(s, s.Into)
	case *ir.Execute:
		return r.through(s, s.Into)
	case *ir.GetDiagnostics:
		return r.diagnostics(s)
	}
	return n
}

// assignments keeps the order of a SET with user variables among its targets.
func (r *run) assignments(n *ir.SetVar) ir.Node {
	found := false
	for _, i := range n.Items {
		_, is := i.Target.(*ir.UserVar)
		found = found || is
	}
	if !found {
		return n
	}
	var out []ir.Stmt
	for _, i := range n.Items {
		if v, ok := i.Target.(*ir.UserVar); ok {
			x := &ir.Perform{Expr: r.store(v, i.Value)}
			x.Span = i.Span
			out = append(out, x)
			continue
		}
		x := &ir.SetVar{Items: []*ir.SetItem{i}}
		x.Span = i.Span
		out = append(out, x)
	}
	return control.Take(code, n, out...)
}

// through lets a statement assign local variables, and stores these. They begin with the old values, so that a
// statement that assigns nothing changes nothing.
func (r *run) through(s ir.Stmt, into []ir.Expr) ir.Node {
	b := &ir.Block{Body: []ir.Stmt{s}}
	for i, e := range into {
		v, ok := e.(*ir.UserVar)
		if !ok {
			continue
		}
		t := v.Type
		if t == nil {
			t = types.Text{}
		}
		d := &ir.VarDecl{Name: ir.Ident{Text: "new_" + localName(v.Name)}, Type: t}
		if _, always := s.(*ir.SelectInto); !always { // which assigns, or leaves by an error
			d.Default = ir.Clone(v)
		}
		d.Span = v.Span
		d.Made(code)
		b.Decls = append(b.Decls, d)
		into[i] = control.Var(d)
		x := &ir.Perform{Expr: r.store(v, control.Var(d))}
		x.Span = v.Span
		b.Body = append(b.Body, x)
	}
	if len(b.Decls) == 0 {
		return s
	}
	control.Take(code, s, b)
	return b
}

// diagnostics reads into a local variable first.
func (r *run) diagnostics(n *ir.GetDiagnostics) ir.Node {
	into := make([]ir.Expr, len(n.Items))
	for i, it := range n.Items {
		into[i] = it.Target
	}
	out := r.through(n, into)
	for i, it := range n.Items {
		it.Target = into[i]
	}
	return out
}

// localName is the variable's name with everything replaced that a bare name cannot hold.
func localName(s string) string {
	return strings.Map(func(c rune) rune {
		if c == '_' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			return c
		}
		return '_'
	}, strings.ToLower(s))
}

// expr replaces reads, and assignments inside expressions.
func (r *run) expr(e ir.Expr) ir.Expr {
	switch x := e.(type) {
	case *ir.UserVar:
		if r.targets[x] {
			return x
		}
		return typed(r.p.Helper("var_get", x, control.Text(x.Name)), x.Type)
	case *ir.AssignExpr:
		r.p.Report(perRow, x.Span, "@%s is assigned inside a query", x.Target.Name)
		return typed(r.store(x.Target, x.Value), x.Type)
	}
	return e
}

// typed reads the stored text as the type that the variable has.
func typed(e ir.Expr, t types.Type) ir.Expr {
	e.SetType(types.Text{})
	switch t.(type) {
	case nil, types.Text, types.Null, types.Unknown:
		if t != nil {
			e.SetType(t)
		}
		return e
	}
	c := &ir.Cast{X: e, To: t, Target: true}
	c.Span, c.Type = e.Base().Span, t
	c.Made(code)
	return c
}

// Package calls holds the rule for CALL.
package calls

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/resultsets"
	"godwit/ir/types"
)

const code = "PL0501"

var badTarget = &diag.Code{
	ID: "PL0502", Title: "An OUT argument that is no variable", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  "The argument for an OUT or INOUT parameter has to be a variable; the source refuses such a call as well.",
	Next: "Pass a variable.", Each: 0.1,
}

// Rule is PL0501.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "calls",
		Doc: `CALL with OUT and INOUT arguments (MySQL Reference Manual, "CALL Statement") assigns to variables. At the top level these are user
variables: a DO block calls the procedure with variables of its own and stores them. In a routine, a variable of another type than the
parameter goes through one of the parameter's type. A procedure whose result sets are cursors is called in a transaction, and each cursor is
fetched before it ends.`,
		Examples: []rewrite.Example{{
			Setup:  "DELIMITER //\nCREATE PROCEDURE p(OUT x INT) SQL SECURITY INVOKER SET x = 1//",
			Source: "CALL p(@x);",
			Target: "DO $$\nDECLARE\n  x integer;\nBEGIN\n  CALL p(x);\n  PERFORM godwit_mysql.var_set('x', x::text);\nEND;\n$$;",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{badTarget},
		After: map[string]string{
			"resultsets": "it passes on the rows of called procedures",
			"handlers":   "a call and what stores its results stand in one protected block",
		},
		Looks: ir.Kinds(ir.KindCallProc),
		Run: func(p *rewrite.Pass) {
			var out []ir.Stmt
			for _, s := range p.Unit.Stmts {
				c, ok := s.(*ir.CallProc)
				if !ok {
					out = append(out, nested(p, s))
					continue
				}
				out = append(out, top(p, c)...)
			}
			p.Unit.Stmts = out
		},
	}
}

// top rewrites a CALL that is a statement of the script.
func top(p *rewrite.Pass, c *ir.CallProc) []ir.Stmt {
	f := resultsets.FormOf(p, c.Routine)
	outs := hasOut(c)
	if f == nil {
		f = &resultsets.Form{}
	}
	switch f.Kind {
	case resultsets.Function:
		c.Rows = true
		c.Made(code)
		return []ir.Stmt{c}
	case resultsets.OutRow:
		for range f.Slots[0].Params {
			n := &ir.Null{}
			n.Type = types.Null{}
			c.Args = append(c.Args, n)
		}
		c.Rows = true
		c.Made(code)
		return []ir.Stmt{c}
	case resultsets.Cursors:
		return fetching(p, c, f, outs)
	}
	if !outs {
		return []ir.Stmt{c}
	}
	return []ir.Stmt{withOuts(p, c)}
}

func hasOut(c *ir.CallProc) bool {
	if c.Routine == nil {
		return false
	}
	for i := range c.Args {
		if i < len(c.Routine.Params) && c.Routine.Params[i].Mode != catalog.In {
			return true
		}
	}
	return false
}

// fetching calls a procedure with cursors and fetches each of them.
func fetching(p *rewrite.Pass, c *ir.CallProc, f *resultsets.Form, outs bool) []ir.Stmt {
	for _, s := range f.Slots {
		c.Args = append(c.Args, control.Text(s.Name))
	}
	var call ir.Stmt = c
	if outs {
		call = withOuts(p, c)
	}
	var list []ir.Stmt
	open := InTransaction(p) || f.Held
	if !open {
		list = append(list, &ir.Transaction{Kind: ir.BeginTransaction})
	}
	list = append(list, call)
	for _, s := range f.Slots {
		x := &ir.FetchCursor{Name: s.Name, All: true}
		x.Rows = true
		list = append(list, x)
	}
	if open {
		for _, s := range f.Slots {
			list = append(list, &ir.CloseCursor{Name: s.Name})
		}
	} else {
		list = append(list, &ir.Transaction{Kind: ir.CommitTransaction})
	}
	for _, s := range list {
		s.Base().Made(code)
		if !s.Base().Span.IsValid() {
			s.Base().Span = c.Span
		}
	}
	return list
}

// TransactionOpen is the key of the session's state under which the rule for transactions keeps whether one is open.
const TransactionOpen = "transaction.open"

// InTransaction tells that the session has a transaction open before the unit; the rule for transactions keeps it.
func InTransaction(p *rewrite.Pass) bool {
	if p.Session == nil {
		return false
	}
	open, _ := p.Session.State[TransactionOpen].(bool)
	return open
}

// withOuts is a DO block that calls the procedure with variables of its own and stores them in the arguments.
func withOuts(p *rewrite.Pass, c *ir.CallProc) ir.Stmt {
	b := &ir.Block{}
	b.Span = c.Span
	w := &writer{p: p, used: map[string]bool{}}
	list, decls := w.call(c, true)
	for _, d := range append(decls, w.cursors(c)...) {
		b.Decls = append(b.Decls, d)
	}
	b.Body = list
	control.Take(code, c, b)
	return b
}

// cursors gives the cursor parameters variables: in a block the arguments must be writable.
func (w *writer) cursors(c *ir.CallProc) []*ir.VarDecl {
	if c.Routine == nil {
		return nil
	}
	var out []*ir.VarDecl
	for i := len(c.Routine.Params); i < len(c.Args); i++ {
		name, ok := c.Args[i].(*ir.String)
		if !ok {
			continue
		}
		t := types.Named{Name: "refcursor"}
		d := &ir.VarDecl{Name: ir.Ident{Text: w.fresh(name.Value)}, Type: t, TypeSQL: t.Name, Default: name}
		d.Span = c.Span
		d.Made(code)
		c.Args[i] = control.Var(d)
		out = append(out, d)
	}
	return out
}

type writer struct {
	p    *rewrite.Pass
	used map[string]bool
}

// call redirects OUT arguments that cannot be passed as they are; all also those of the right type.
func (w *writer) call(c *ir.CallProc, all bool) (list []ir.Stmt, decls []*ir.VarDecl) {
	list = []ir.Stmt{c}
	for i, a := range c.Args {
		if c.Routine == nil || i >= len(c.Routine.Params) || c.Routine.Params[i].Mode == catalog.In {
			continue
		}
		m := c.Routine.Params[i]
		a = ir.Bare(a)
		if !assignable(a) {
			rewrite.Refuse(w.p, badTarget, a.Base().Span, "argument %d of %s is no variable", i+1, c.Name)
			return list, nil
		}
		if !all && w.fits(a, m.Type) {
			c.Args[i] = a
			continue
		}
		d := &ir.VarDecl{Name: ir.Ident{Text: w.fresh(m.Name)}, Type: m.Type}
		d.Span = c.Span
		d.Made(code)
		if m.Mode == catalog.InOut {
			d.Default = convert(ir.Clone(a), m.Type)
		}
		decls = append(decls, d)
		v := control.Var(d)
		v.Span = a.Base().Span
		c.Args[i] = v
		list = append(list, store(a, d))
	}
	return list, decls
}

func assignable(e ir.Expr) bool {
	switch x := e.(type) {
	case *ir.UserVar:
		return true
	case *ir.Name:
		if _, row := x.Ref.(*ir.RowRef); row {
			return true
		}
		return control.Target(x) != nil
	}
	return false
}

// fits tells that the variable can stand for the parameter.
func (w *writer) fits(a ir.Expr, t types.Type) bool {
	if control.Target(a) == nil {
		return false
	}
	x, ok1 := w.p.Lower.TypeSQL(resultsets.Column(a.TypeOf()))
	y, ok2 := w.p.Lower.TypeSQL(resultsets.Column(t))
	return ok1 && ok2 && x == y
}

func (w *writer) fresh(name string) string {
	n := name
	for i := 2; w.used[n]; i++ {
		n = name + "_" + string(rune('0'+i%10))
	}
	w.used[n] = true
	return n
}

// convert makes a value of the parameter's type of a user variable's.
func convert(e ir.Expr, t types.Type) ir.Expr {
	if e.TypeOf() == t {
		return e
	}
	c := &ir.Cast{X: e, To: t, Fail: ir.FailPrefix}
	if _, n := e.TypeOf().(types.Null); n {
		c.Target = true
	}
	switch t.(type) {
	case types.Text:
		c.Target = true
	}
	c.Span, c.Type = e.Base().Span, t
	return c
}

func store(target ir.Expr, d *ir.VarDecl) ir.Stmt {
	s := control.Set(target, control.Var(d))
	s.Made(code)
	return s
}

// nested rewrites the calls inside a routine.
func nested(p *rewrite.Pass, s ir.Stmt) ir.Stmt {
	if !control.IsProgram(s) {
		return s
	}
	w := &writer{p: p, used: map[string]bool{}}
	ir.Walk(s, func(n ir.Node) bool {
		switch d := n.(type) {
		case *ir.VarDecl:
			w.used[d.Name.Text] = true
		case *ir.ParamDecl:
			w.used[d.Name.Text] = true
		}
		return true
	})
	return ir.Map(s, func(n ir.Node) ir.Node {
		c, ok := n.(*ir.CallProc)
		if !ok {
			return n
		}
		list, decls := w.call(c, false)
		if len(list) == 1 {
			return c
		}
		b := &ir.Block{Body: list}
		for _, d := range decls {
			b.Decls = append(b.Decls, d)
		}
		return control.Take(code, c, b)
	})
}

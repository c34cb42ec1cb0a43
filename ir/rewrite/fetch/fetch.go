// Package fetch holds the rule for FETCH that finds no row, and for the form of cursors.
package fetch

import (
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
)

const code = "PL0103"

// Rule is PL0103.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "fetch",
		Doc: `FETCH behind the last row (MySQL Reference Manual, "Cursor FETCH Statement") leaves the variables as they are and raises the
condition "no data", which ends the routine with an error unless a handler takes it. PL/pgSQL sets the variables to NULL and FOUND to false.
The handler's action goes behind the FETCH as IF NOT FOUND; where a handler goes on and the old values may still be read, the row is fetched
into variables of its own first.`,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE t (id INT PRIMARY KEY, v INT);",
			Source: "DELIMITER //\nCREATE PROCEDURE p(OUT x INT) SQL SECURITY INVOKER BEGIN DECLARE c CURSOR FOR SELECT id FROM t; OPEN c; FETCH c INTO x; CLOSE c; END//",
			Target: "CREATE OR REPLACE PROCEDURE p(OUT x integer)\nLANGUAGE plpgsql\nAS $$\nDECLARE\n  c refcursor;\nBEGIN\n  OPEN c FOR\n    SELECT id FROM t;\n  FETCH c INTO x;\n  IF NOT found THEN\n    RAISE EXCEPTION 'No data - zero rows fetched, selected, or processed' USING ERRCODE = '02000';\n  END IF;\n  CLOSE c;\nEND;\n$$;",
		}},
		Fidelity: diag.Exact,
		After: map[string]string{
			"cursor-loop": "a FETCH at the head of a cursor loop is done there",
		},
		Looks: ir.Kinds(ir.KindFetchCursor),
		Run: func(p *rewrite.Pass) {
			for i, s := range p.Unit.Stmts {
				if control.IsProgram(s) {
					p.Unit.Stmts[i] = program(s)
				}
			}
		},
	}
}

func program(s ir.Stmt) ir.Stmt {
	r := &run{root: s, next: map[ir.Node]*ir.VarDecl{}, handled: hasHandler(s)}
	s = ir.Map(s, func(n ir.Node) ir.Node {
		f, ok := n.(*ir.FetchCursor)
		if !ok || f.All || control.Done(f) {
			return n
		}
		return r.fetch(f)
	})
	r.declare(s)
	return s
}

func hasHandler(s ir.Stmt) bool {
	return ir.Find(s, func(n ir.Node) bool { _, ok := n.(*ir.Handler); return ok })
}

type run struct {
	root ir.Stmt
	// handled tells that the routine has handlers: without them a FETCH that finds no row ends it.
	handled bool
	// next holds for a variable the one that takes the next row's value.
	next  map[ir.Node]*ir.VarDecl
	order []*ir.VarDecl
}

func (r *run) fetch(f *ir.FetchCursor) ir.Node {
	mark := control.NoRowSignal(control.FetchMark, f)
	var keep []ir.Stmt
	if !f.Direct && r.handled {
		keep = r.keep(f)
	}
	var test *ir.If
	if len(keep) > 0 {
		test = control.When(control.Found(), keep...)
		test.Else = []ir.Stmt{mark}
	} else {
		test = control.When(control.Negate(control.Found()), mark)
	}
	test.Span = f.Span
	return control.Take(code, f, f, test)
}

// keep redirects a FETCH into variables of its own where old values may be read, and returns the assignments.
func (r *run) keep(f *ir.FetchCursor) []ir.Stmt {
	assigns := Redirect(r.root, f, r.next, &r.order)
	return assigns
}

func (r *run) declare(s ir.Stmt) { Declare(s, r.order) }

// Redirect makes a FETCH read into new variables and returns the assignments to its targets. The new variables are
// kept in next and appended to order.
func Redirect(root ir.Node, f *ir.FetchCursor, next map[ir.Node]*ir.VarDecl, order *[]*ir.VarDecl) []ir.Stmt {
	var out []ir.Stmt
	for i, e := range f.Into {
		d := control.Target(e)
		if d == nil {
			continue
		}
		v := next[d]
		if v == nil {
			v = &ir.VarDecl{Name: ir.Ident{Text: unused(root, "next_"+nameOf(d), *order)}, Type: e.TypeOf()}
			v.Span = e.Base().Span
			v.Made(code)
			next[d] = v
			*order = append(*order, v)
		}
		n := control.Var(v)
		n.Span = e.Base().Span
		f.Into[i] = n
		out = append(out, control.Set(e, control.Var(v)))
	}
	return out
}

// unused is a name that neither the program nor one of the new variables has.
func unused(root ir.Node, name string, order []*ir.VarDecl) string {
	out := control.Unused(root, name)
	for i := 2; ; i++ {
		taken := false
		for _, v := range order {
			taken = taken || strings.EqualFold(v.Name.Text, out)
		}
		if !taken {
			return out
		}
		out = control.Unused(root, name+"_"+strconv.Itoa(i))
	}
}

// Declare puts variables into the outermost block of a program.
func Declare(s ir.Stmt, vars []*ir.VarDecl) {
	if len(vars) == 0 {
		return
	}
	body := control.Body(s)
	b, ok := body.(*ir.Block)
	if !ok {
		b = &ir.Block{Body: []ir.Stmt{body}}
		b.Span = body.Base().Span
		control.SetBody(s, b)
	}
	var decls []ir.Decl
	for _, v := range vars {
		decls = append(decls, v)
	}
	b.Decls = append(decls, b.Decls...)
}

func nameOf(d ir.Node) string {
	switch d := d.(type) {
	case *ir.VarDecl:
		return d.Name.Text
	case *ir.ParamDecl:
		return d.Name.Text
	}
	return "value"
}

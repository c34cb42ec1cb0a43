package nested

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
)

const withCode = "DD0720"

// With is DD0720. Its code puts it before all rules for routines, which then see routines like others.
func With() *rewrite.Rule {
	return &rewrite.Rule{
		Code: withCode, Name: "with-functions",
		Doc: `Functions and procedures that a query declares (SQL Language Reference, "SELECT", plsql_declarations) become routines in the schema for temporary objects, made in front of the statement;
those of a view are routines of the view's schema, with the view's name in front.`,
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Setup: "CREATE TABLE t (id NUMBER);",
			Source: "WITH FUNCTION twice(n NUMBER) RETURN NUMBER IS BEGIN RETURN n * 2; END;\nSELECT twice(id) AS d FROM t;\n/",
			Target: "CREATE OR REPLACE FUNCTION pg_temp.twice(n numeric) RETURNS numeric\nLANGUAGE plpgsql\nAS $$\nBEGIN\n  RETURN n * 2;\nEND;\n$$;\nSELECT pg_temp.twice(id) AS d FROM t;",
		}},
		Fidelity: diag.Exact,
		Looks:    ir.Kinds(ir.KindRoutine),
		Run: func(p *rewrite.Pass) {
			var out []ir.Stmt
			for _, s := range p.Unit.Stmts {
				out = append(append(out, declared(p, s)...), s)
			}
			p.Unit.Stmts = out
		},
	}
}

// declared takes the routines out of WITH in a statement.
func declared(p *rewrite.Pass, s ir.Stmt) []ir.Stmt {
	if control.IsProgram(s) {
		return nil // queries of programs cannot declare any
	}
	r := &run{Pass: p, root: s, of: map[*catalog.Routine]*sub{}, taken: map[string]bool{}}
	ir.Walk(s, func(n ir.Node) bool {
		w, ok := n.(*ir.With)
		if !ok {
			return true
		}
		for _, f := range w.Functions {
			x := &sub{Routine: f}
			r.subs = append(r.subs, x)
			if f.Object != nil {
				r.of[f.Object] = x
			}
		}
		return true
	})
	if len(r.subs) == 0 {
		return nil
	}
	schema, owner := owner(s)
	var out []ir.Stmt
	for _, x := range r.subs {
		r.place(x, schema, owner)
		if owner == "" {
			out = append(out, r.drop(x)...)
		}
		x.Security = "invoker"
		x.Made(withCode)
		out = append(out, x.Routine)
	}
	r.bare(s)
	for _, x := range r.subs {
		r.named(x.Routine)
	}
	return out
}

// owner tells the schema and the name in front of routines that a statement declares: those of a view last as long as the view.
func owner(s ir.Stmt) (schema, name string) {
	switch n := s.(type) {
	case *ir.CreateView:
		return n.Name.Schema(), n.Name.Name()
	case *ir.MaterializedView:
		return n.Name.Schema(), n.Name.Name()
	}
	return "pg_temp", ""
}

// place names a routine.
func (r *run) place(x *sub, schema, owner string) {
	var like ir.Stmt = &ir.Block{}
	if owner != "" {
		like, x.owner = &ir.Routine{Name: ir.Qualified(schema, owner)}, ownerName(&ir.Routine{Name: ir.Qualified("", owner)})
	}
	r.rename(x, like)
}

// bare takes the routines out of the statement that declares them, and names them where it calls them.
func (r *run) bare(s ir.Stmt) {
	ir.Walk(s, func(n ir.Node) bool {
		if q, ok := n.(ir.Query); ok {
			if w := q.Common().With; w != nil {
				if w.Functions = nil; len(w.CTEs) == 0 {
					q.Common().With = nil
				}
			}
		}
		return true
	})
	r.named(s)
}

// named gives calls the routines' names.
func (r *run) named(s ir.Stmt) {
	ir.Walk(s, func(n ir.Node) bool {
		x := r.callee(n)
		if x == nil {
			return true
		}
		switch c := n.(type) {
		case *ir.RoutineCall:
			c.Name = x.Name
		case *ir.CallProc:
			c.Name = x.Name
		}
		return true
	})
}

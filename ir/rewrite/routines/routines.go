// Package routines holds the rule that declares procedures and functions on the target.
package routines

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/ranges"
	"godwit/ir/rewrite/resultsets"
	"godwit/ir/types"
)

const code = "PL0001"

var (
	noType = &diag.Code{
		ID: "PL0002", Title: "A variable or parameter whose type the target lacks", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "A parameter, variable or result of the routine has a type that is not known or that the target does not have.",
		Next: "Change the type, or convert the routine by hand.", Each: 0.5,
	}
	rights = &diag.Code{
		ID: "SE0101", Title: "A routine runs with the rights of its caller", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "On the source a routine runs with the rights of its definer unless it says SQL SECURITY INVOKER. On the target it is created with the rights of its caller, because SECURITY DEFINER forbids transaction statements and needs a fixed search_path. It is assumed that callers have the rights on the tables.",
		Next: "Grant the callers what they need, or add SECURITY DEFINER with a search_path.", Each: 0.05,
	}
	aggregate = &diag.Code{
		ID: "PL0003", Title: "A stored aggregate function", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "CREATE AGGREGATE FUNCTION with FETCH GROUP NEXT ROW becomes a state function and CREATE AGGREGATE on the target; this is not converted.",
		Next: "Write the aggregate by hand.", Learn: 1, Each: 3,
	}
	rowVariable = &diag.Code{
		ID: "PL0004", Title: "A routine that returns or takes a row", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "Parameters and results of type ROW are not converted.",
		Next: "Pass the fields as parameters of their own.", Each: 1,
	}
)

// Rule is PL0001.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "routines",
		Doc: `CREATE PROCEDURE and CREATE FUNCTION become routines in PL/pgSQL. A function is VOLATILE, whatever the source declared: DETERMINISTIC
and READS SQL DATA are not checked there, and a STABLE function would not see what its caller wrote before. Variables of text carry the collation
with which the source compares them where they are compared. A procedure's OUT parameters stay OUT; CALL on the target names a
value (NULL) for each of them. PostgreSQL drops the digits in a parameter's type, so that arguments are rounded where the routine begins, except where
they are only stored in something of the same type.`,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE t (id INT PRIMARY KEY, v INT);",
			Source: "CREATE FUNCTION f(x INT) RETURNS INT SQL SECURITY INVOKER RETURN x * 2;",
			Target: "CREATE OR REPLACE FUNCTION f(x integer)\nRETURNS integer\nLANGUAGE plpgsql\nAS $$\nBEGIN\n  RETURN x * 2;\nEND;\n$$;",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{noType, rights, aggregate, rowVariable, longText},
		After: map[string]string{
			"resultsets": "a procedure that returns rows becomes a function or gets parameters",
			"handlers":   "it declares variables",
			"fetch":      "it declares variables",
			"ranges":     "some have the domains that it gives them",
			"events":     "the body of an event becomes a procedure",
			"calls":      "it declares variables",
		},
		Looks: ir.Kinds(ir.KindRoutine, ir.KindCreateTrigger, ir.KindBlock),
		Run: func(p *rewrite.Pass) {
			for _, s := range p.Unit.Stmts {
				switch n := s.(type) {
				case *ir.Routine:
					routine(p, n)
				case *ir.CreateTrigger:
					declarations(p, n)
				case *ir.Block:
					declarations(p, n)
				}
			}
			comment(p)
		},
	}
}

func routine(p *rewrite.Pass, r *ir.Routine) {
	if r.Aggregate {
		rewrite.Refuse(p, aggregate, r.Span, "aggregate function %s", r.Name)
		return
	}
	t := &ir.TargetRoutine{Function: r.Kind == catalog.Function, Language: "plpgsql"}
	t.Span = r.Span
	t.Made(code)
	if t.Function {
		if t.Returns = ranges.Result(p, r); t.Returns == "" {
			t.Returns = typeSQL(p, r, r.Returns, "the result of "+r.Name.String())
		}
	}
	f := resultsets.FormOf(p, r.Object)
	if f != nil && f.Kind == resultsets.Function {
		t.Function, t.Returns, t.ConflictUseColumn = true, f.Returns(p), true
	}
	r.Target = t
	for _, d := range r.Params {
		if d.TypeSQL == "" {
			d.TypeSQL = typeSQL(p, d, d.Type, "parameter "+d.Name.Text)
		}
	}
	declarations(p, r)
	precision(p, r)
	if r.Security != "invoker" {
		p.Report(rights, r.Span, "%s ran with the rights of its definer", r.Name)
	}
}

func typeSQL(p *rewrite.Pass, at ir.Node, t types.Type, what string) string {
	if _, row := t.(types.Row); row {
		rewrite.Refuse(p, rowVariable, at.Base().Span, "%s is a row", what)
		return "record"
	}
	if t != nil && !types.IsUnknown(t) {
		if s, ok := p.Lower.TypeSQL(t); ok {
			return s
		}
	}
	name := "of an unknown type"
	if t != nil {
		name = "of type " + t.String()
	}
	rewrite.Refuse(p, noType, at.Base().Span, "%s is %s", what, name)
	return "text"
}

// declarations spells the types of variables and gives compared texts their collation.
func declarations(p *rewrite.Pass, s ir.Stmt) {
	compared := map[ir.Node]bool{}
	ir.Walk(s, func(n ir.Node) bool {
		if compares(n) {
			markNames(n, compared)
		}
		return true
	})
	records(s)
	withoutEmpty(s)
	ir.Walk(s, func(n ir.Node) bool {
		d, ok := n.(*ir.VarDecl)
		if !ok || d.TypeSQL == "record" {
			return true
		}
		if d.RowOf != nil {
			d.TypeSQL = rowType(p, d)
			return true
		}
		if d.TypeSQL == "" {
			d.TypeSQL = typeSQL(p, d, d.Type, "variable "+d.Name.Text)
		}
		if c, text := types.CollationOf(d.Type); text && compared[d] && !p.Unit.PLSQL {
			if name, deterministic, ok := p.Lower.Collation(c); ok && name.String() != build.Citext {
				d.CollationSQL = &name
				if !deterministic {
					p.Unit.NeedHelper(name.Name())
				}
			}
		}
		return true
	})
}

// withoutEmpty takes away IF NOT found THEN NULL: nobody handles that no row was found.
func withoutEmpty(s ir.Stmt) {
	body := control.Body(s)
	if body == nil {
		return
	}
	b, ok := ir.Map[ir.Node](body, func(n ir.Node) ir.Node {
		x, ok := n.(*ir.If)
		if !ok || len(x.Branches) != 1 || x.Else != nil || len(x.Lead) > 0 || len(x.Trail) > 0 {
			return n
		}
		for _, y := range x.Branches[0].Body {
			if _, nothing := y.(*ir.Nothing); !nothing {
				return n
			}
		}
		u, ok := x.Branches[0].Cond.(*ir.Unary)
		if !ok {
			return n
		}
		v, ok := u.X.(*ir.Name)
		if !ok {
			return n
		}
		if ref, ok := v.Ref.(*ir.VarRef); !ok || ref.Decl.TargetName != "found" {
			return n
		}
		return &ir.Splice{}
	}).(ir.Stmt)
	if ok {
		control.SetBody(s, b)
	}
}

// records declares the variables of loops over queries: the target takes any row into a record.
func records(s ir.Stmt) {
	var list []ir.Decl
	seen := map[string]bool{}
	ir.Walk(s, func(n ir.Node) bool {
		l, ok := n.(*ir.Loop)
		if !ok || l.Kind != ir.QueryLoop || l.Var == nil || len(l.Targets) > 0 {
			return true
		}
		l.Var.TypeSQL = "record"
		if name := strings.ToLower(l.Var.Name.Text); !seen[name] {
			seen[name] = true
			list = append(list, l.Var)
		}
		return true
	})
	if len(list) == 0 {
		return
	}
	b, ok := control.Body(s).(*ir.Block)
	if !ok {
		b = &ir.Block{Body: []ir.Stmt{control.Body(s)}}
		b.Span = s.Base().Span
		control.SetBody(s, b)
	}
	b.Decls = append(b.Decls, list...)
}

// rowType is table%ROWTYPE of a ROW TYPE OF variable.
func rowType(p *rewrite.Pass, d *ir.VarDecl) string {
	t := p.Catalog.Table(d.RowOf.Schema(), d.RowOf.Name())
	if t == nil || t.Target == "" {
		rewrite.Refuse(p, rowVariable, d.Span, "variable %s is a row of %s, which is not known", d.Name.Text, d.RowOf)
		return "record"
	}
	if t.TargetSchema != "" {
		return t.TargetSchema + "." + t.Target + "%ROWTYPE"
	}
	return t.Target + "%ROWTYPE"
}

func compares(n ir.Node) bool {
	switch x := n.(type) {
	case *ir.Compare, *ir.Like, *ir.Regexp, *ir.Between, *ir.In, *ir.Quantified, *ir.CaseStmt, *ir.OrderItem, *ir.Call, *ir.Aggregate:
		return true
	case *ir.Case:
		return x.Operand != nil
	}
	return false
}

// markNames notes the variables that stand in the operands of a comparison.
func markNames(n ir.Node, out map[ir.Node]bool) {
	if c, ok := n.(*ir.CaseStmt); ok {
		if c.Operand != nil {
			markNames(c.Operand, out)
		}
		return
	}
	ir.Walk(n, func(x ir.Node) bool {
		if name, ok := x.(*ir.Name); ok {
			if d := control.Target(name); d != nil {
				out[d] = true
			}
		}
		return true
	})
}

// comment makes COMMENT ON of a routine's comment.
func comment(p *rewrite.Pass) {
	var out []ir.Stmt
	for _, s := range p.Unit.Stmts {
		out = append(out, s)
		r, ok := s.(*ir.Routine)
		if !ok || r.Comment == "" || r.Target == nil {
			continue
		}
		c := &ir.CommentOn{Kind: "procedure", Name: r.Name, Text: r.Comment}
		if r.Target.Function {
			c.Kind = "function"
		}
		if o := r.Object; o != nil && o.Target != "" {
			c.Name = ir.Qualified(o.TargetSchema, o.Target)
		}
		c.Span = r.Span
		c.Made(code)
		out = append(out, c)
	}
	p.Unit.Stmts = out
}

// Package plroutines holds the rule that declares procedures, functions and blocks of PL/SQL on the target.
package plroutines

import (
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

const code = "PL0461"

var (
	noType = &diag.Code{
		ID: "PL0462", Title: "A variable, parameter or result whose type the target lacks", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "A parameter, variable or result of the routine has a type that is not known or that the target does not have.",
		Next: "Change the type, or convert the routine by hand.", Each: 0.5,
	}
	rights = &diag.Code{
		ID: "PL0463", Title: "A routine runs with the rights of its caller", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "A routine runs with the rights of its owner unless it says AUTHID CURRENT_USER. On the target it is created with the rights of its caller, because SECURITY DEFINER forbids transaction statements and needs a fixed search_path. It is assumed that callers have the rights on the tables.",
		Next: "Grant the callers what they need, or add SECURITY DEFINER with a search_path.", Each: 0.05,
	}
	external = &diag.Code{
		ID: "PL0464", Title: "A routine in another language, or an aggregate of an object type", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "LANGUAGE C and JAVA, aggregate functions of object types and SQL macros are not converted.",
		Next: "Write the routine by hand.", Learn: 1, Each: 3,
	}
)

// Rule is PL0461.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "pl-routines",
		Doc: `CREATE PROCEDURE, CREATE FUNCTION and anonymous blocks (PL/SQL Language Reference, "PL/SQL Subprograms") become routines in PL/pgSQL and DO. A function is VOLATILE unless it is
DETERMINISTIC and computes from its arguments alone. Parameters keep their names, as calls may use them; where one has the name of a column in a statement of the routine it is written with the
routine's name in front. A default stays where all parameters behind it have one. A function with OUT parameters returns its result as the last of them.`,
		Examples: []rewrite.Example{
			{From: dialect.Oracle, Setup: "CREATE TABLE t (id NUMBER);",
				Source: "CREATE PROCEDURE p(id NUMBER DEFAULT 1) AUTHID CURRENT_USER IS\nBEGIN\n  DELETE FROM t WHERE t.id = p.id;\nEND;\n/",
				Target: "CREATE OR REPLACE PROCEDURE p(id numeric DEFAULT 1)\nLANGUAGE plpgsql\nAS $$\n#variable_conflict use_column\nBEGIN\n  DELETE FROM t WHERE t.id = p.id;\nEND;\n$$;"},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{noType, rights, external},
		Looks:    ir.Kinds(ir.KindRoutine, ir.KindCreateTrigger, ir.KindBlock),
		After: map[string]string{
			"catches":            "it declares variables",
			"nested-subprograms": "they become routines of their own",
		},
		Prepare: plsql.NoteComputing,
		Run: func(p *rewrite.Pass) {
			for _, s := range p.Unit.Stmts {
				if p.Refused() {
					return
				}
				switch n := s.(type) {
				case *ir.Routine:
					routine(p, n)
				case *ir.CreateTrigger, *ir.Block:
					code := control.Body(n)
					if code != nil {
						declarations(p, n)
					}
				}
			}
		},
	}
}

func routine(p *rewrite.Pass, r *ir.Routine) {
	if r.Target != nil {
		return // made by another rule
	}
	if r.External != "" || r.Aggregate || len(r.Using.Parts) > 0 {
		rewrite.Refuse(p, external, r.Span, "routine %s", r.Name)
		return
	}
	if r.Body == nil {
		return
	}
	t := &ir.TargetRoutine{Function: r.Kind == catalog.Function, Language: "plpgsql", Strict: r.NullOnNull}
	t.Span = r.Span
	t.Made(code)
	r.Target = t
	if t.Function && plsql.Computes(p, r.Object) {
		t.Volatility = "IMMUTABLE"
	}
	parameters(p, r)
	if t.Function {
		results(p, r, t)
	}
	declarations(p, r)
	if r.Security != "invoker" {
		p.Report(rights, r.Span, "%s ran with the rights of its owner", r.Name)
	}
}

// parameters spells the types of parameters; defaults stay where the target can have them.
func parameters(p *rewrite.Pass, r *ir.Routine) {
	last := true
	for i := len(r.Params) - 1; i >= 0; i-- {
		d := r.Params[i]
		if d.TypeSQL == "" {
			if sql, ok := plsql.ParamType(d.Mode, d.Type, p.Lower.TypeSQL); ok && d.Type != nil && !types.IsUnknown(d.Type) {
				d.TypeSQL = sql
			} else {
				d.TypeSQL = typeSQL(p, d, plsql.Unlimited(d.Type), "parameter "+d.Name.Text)
			}
		}
		if d.Mode == catalog.Out {
			last = last && r.Kind == catalog.Function // OUT parameters of a procedure do not stand behind one with a default
			continue
		}
		last = last && d.Default != nil
		if !last {
			d.Default = nil
		}
	}
}

// results spells the result of a function. With OUT parameters it is the last of these.
func results(p *rewrite.Pass, r *ir.Routine, t *ir.TargetRoutine) {
	if t.Returns != "" {
		return
	}
	returns := typeSQL(p, r, plsql.Unlimited(r.Returns), "the result of "+r.Name.String())
	out := false
	for _, d := range r.Params {
		out = out || d.Mode != catalog.In
	}
	if !out {
		t.Returns = returns
		return
	}
	names := make([]string, len(r.Params))
	for i, d := range r.Params {
		names[i] = d.Name.Text
	}
	name := plsql.ResultName(names)
	v := &ir.ParamDecl{Name: ir.Ident{Text: name}, Mode: catalog.Out, Type: r.Returns, TypeSQL: returns, TargetName: name}
	v.Span = r.Span
	v.Made(code)
	r.Params = append(r.Params, v)
	r.Body, _ = ir.Map[ir.Node](r.Body, func(n ir.Node) ir.Node {
		x, ok := n.(*ir.Return)
		if !ok || x.Value == nil {
			return n
		}
		to := &ir.Name{Parts: []ir.Ident{v.Name}, Ref: &ir.ParamRef{Param: v}}
		to.Span, to.Type = x.Span, r.Returns
		set := control.Set(to, x.Value)
		set.Span = x.Span
		x.Value = nil
		return control.Take(code, x, set, x)
	}).(ir.Stmt)
}

func typeSQL(p *rewrite.Pass, at ir.Node, t types.Type, what string) string {
	switch x := t.(type) {
	case types.Cursor:
		return "refcursor"
	case types.Record:
		if x.RecordDecl != nil && x.Target != "" {
			datatypes.OfDictionary(p, x.RecordDecl)
			return x.Target
		}
		return "record"
	case types.Collection:
		if x.CollectionDecl != nil && x.Target != "" {
			return x.Target
		}
	case types.Object:
		if x.ObjectDecl != nil && x.Target != "" {
			return x.Target
		}
	case types.XML:
		return "xml"
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

// declarations spells the types of variables, declares those of loops, and tells names of parameters from columns.
func declarations(p *rewrite.Pass, s ir.Stmt) {
	forgotten(s)
	records(s)
	ir.Walk(s, func(n ir.Node) bool {
		switch d := n.(type) {
		case *ir.VarDecl:
			if d.TypeSQL == "" {
				d.TypeSQL = typeSQL(p, d, d.Type, "variable "+d.Name.Text)
			}
		case *ir.Name:
			qualifiers(d)
		}
		return true
	})
	columns(s)
}

// qualifiers takes labels and names of routines away in front of variables: no two of them have the same name on the target.
func qualifiers(n *ir.Name) {
	switch n.Ref.(type) {
	case *ir.VarRef, *ir.ParamRef:
		n.Parts = n.Parts[len(n.Parts)-1:]
	}
}

// columns writes the routine's name in front of parameters that have the name of a column.
func columns(s ir.Stmt) {
	r, ok := s.(*ir.Routine)
	if !ok {
		return
	}
	taken := control.ColumnNames(s)
	clash := map[*ir.ParamDecl]bool{}
	for _, d := range r.Params {
		if d.TargetName == "" {
			d.TargetName = fold(d.Name)
		}
		if taken[strings.ToLower(d.Name.Text)] {
			clash[d] = true
		}
	}
	if tableParam(r) {
		r.Target.ConflictUseColumn = true
	}
	if len(clash) == 0 {
		return
	}
	name := r.Name.Name()
	if r.Object != nil && r.Object.Target != "" {
		name = r.Object.Target
	}
	r.Target.ConflictUseColumn = true
	ir.Walk(r.Body, func(n ir.Node) bool {
		_, query := n.(ir.Query)
		if s, ok := n.(ir.Stmt); !query && !(ok && isSQL(s)) {
			return true
		}
		ir.Walk(n, func(x ir.Node) bool {
			m, ok := x.(*ir.Name)
			if !ok || len(m.Parts) != 1 {
				return true
			}
			if ref, ok := m.Ref.(*ir.ParamRef); ok && clash[ref.Param] {
				m.Parts = []ir.Ident{{Text: name, Quoted: name != strings.ToUpper(name)}, m.Parts[0]}
			}
			return true
		})
		return false
	})
}

func isSQL(s ir.Stmt) bool {
	switch s.(type) {
	case *ir.Insert, *ir.Update, *ir.Delete, *ir.Merge, *ir.SelectInto, *ir.OpenCursor, *ir.MultiInsert, *ir.Perform, *ir.ReturnRows:
		return true
	}
	return false
}

// fold is the name that an identifier has on the target.
func fold(x ir.Ident) string {
	if x.Text == strings.ToUpper(x.Text) {
		return strings.ToLower(x.Text)
	}
	if x.Quoted {
		return x.Text
	}
	return strings.ToLower(x.Text)
}

// records declares the variables of loops over queries: the target takes any row into a record.
func records(s ir.Stmt) {
	body := control.Body(s)
	if body == nil {
		return
	}
	b, ok := body.(*ir.Block)
	if !ok {
		b = &ir.Block{Body: []ir.Stmt{body}}
		b.Span = body.Base().Span
		control.SetBody(s, b)
	}
	blockRecords(b, tables(b))
}

// blockRecords declares the records of the loops of a block. around are the names that are declared around it.
func blockRecords(b *ir.Block, around map[string]bool) {
	names := map[string]bool{}
	for k := range around {
		names[k] = true
	}
	own := map[*ir.VarDecl]bool{}
	for _, d := range b.Decls {
		switch d := d.(type) {
		case *ir.VarDecl:
			names[nameOf(d)] = true
			own[d] = true
		case *ir.CursorDecl:
			names[strings.ToLower(d.Name.Text)] = true
		}
	}
	done := map[string]bool{} // records of loops that are over
	var walk func(n ir.Node, in map[string]bool)
	walk = func(n ir.Node, in map[string]bool) {
		switch x := n.(type) {
		case *ir.Block:
			if x != b {
				inner := map[string]bool{}
				for k := range names {
					inner[k] = true
				}
				for k := range in {
					inner[k] = true
				}
				blockRecords(x, inner)
				return
			}
		case *ir.Loop:
			if x.Kind != ir.QueryLoop || x.Var == nil || len(x.Targets) > 0 || own[x.Var] {
				break
			}
			x.Var.TypeSQL = "record"
			name := nameOf(x.Var)
			for i := 2; names[name] || in[name]; i++ {
				name = nameOf(x.Var) + "_" + string(rune('0'+i%10))
			}
			if name != nameOf(x.Var) {
				x.Var.TargetName = name
			}
			if !done[name] {
				done[name] = true
				b.Decls = append(b.Decls, x.Var)
			}
			inner := map[string]bool{name: true}
			for k := range in {
				inner[k] = true
			}
			in = inner
		}
		ir.Children(n, func(c ir.Node) {
			if ir.HoldsStatements(c) {
				walk(c, in)
			}
		})
	}
	walk(b, map[string]bool{})
}

func nameOf(d *ir.VarDecl) string {
	if d.TargetName != "" {
		return d.TargetName
	}
	return strings.ToLower(d.Name.Text)
}

// forgotten takes declarations away that the target does not need: exceptions are states, subtypes and cursor types are the types behind them.
func forgotten(s ir.Stmt) {
	ir.WalkStatements(s, func(n ir.Node) bool {
		b, ok := n.(*ir.Block)
		if !ok {
			return true
		}
		var keep []ir.Decl
		for _, d := range b.Decls {
			switch x := d.(type) {
			case *ir.ExceptionDecl, *ir.Pragma:
				continue
			case *ir.TypeDecl:
				if x.Kind == ir.CursorType || x.Kind == ir.Subtype {
					continue
				}
			case *ir.CursorDecl:
				if !x.Unbound && x.Query == nil {
					continue
				}
				if !x.Unbound && !opened(s, x) {
					continue
				}
			}
			keep = append(keep, d)
		}
		b.Decls = keep
		return true
	})
}

// opened tells that a cursor is opened by its name.
func opened(s ir.Stmt, c *ir.CursorDecl) bool {
	return ir.Find(s, func(n ir.Node) bool {
		o, ok := n.(*ir.OpenCursor)
		return ok && strings.EqualFold(o.Name, c.Name.Text)
	})
}

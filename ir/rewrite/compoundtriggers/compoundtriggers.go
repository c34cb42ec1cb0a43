// Package compoundtriggers holds the rule for variables that the sections of a compound trigger share.
package compoundtriggers

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/datatypes"
	"godwit/ir/types"
)

const code = "TR0231"

var (
	compound = &diag.Code{
		ID: "TR0202", Title: "A compound trigger whose sections share declarations", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "Declarations of a kind that cannot be kept in the session are shared by the sections of a compound trigger. Triggers of the target are functions of their own.",
		Next: "Use a trigger FOR EACH STATEMENT with transition tables (REFERENCING NEW TABLE) in place of the collected rows.", Learn: 1, Each: 2,
	}
	nested = &diag.Code{
		ID: "TR0232", Title: "A compound trigger that fires itself", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The variables of a compound trigger belong to one statement. On the target they are kept in the session, where a statement of the trigger that changes its own table would begin them anew.",
		Next: "Use a trigger FOR EACH STATEMENT with transition tables (REFERENCING NEW TABLE) in place of the collected rows.", Learn: 1, Each: 2,
	}
)

// Rule is TR0231.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "compound-triggers",
		Doc: `The declarations of a compound trigger (PL/SQL Language Reference, "Compound DML Triggers") are shared by its sections, and begin anew with each statement. They become the variables of a
package of their own, to which the section BEFORE STATEMENT gives their first values. The sections become triggers.`,
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Setup: "CREATE TABLE t (id NUMBER);\nCREATE TABLE l (n NUMBER);",
			Source: "CREATE TRIGGER g FOR INSERT ON t COMPOUND TRIGGER\n  n NUMBER := 0;\n  AFTER EACH ROW IS BEGIN n := n + 1; END AFTER EACH ROW;\n  AFTER STATEMENT IS BEGIN INSERT INTO l VALUES (n); END AFTER STATEMENT;\nEND g;\n/",
			Target: `CREATE SCHEMA IF NOT EXISTS g_state;
CREATE OR REPLACE FUNCTION g_state.n()
RETURNS numeric
LANGUAGE plpgsql
AS $$
BEGIN
  RETURN godwit_oracle.state_get('g_state.n')::numeric;
END;
$$;
CREATE OR REPLACE FUNCTION g_state.set_n(value numeric)
RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
  PERFORM godwit_oracle.state_set('g_state.n', value::text);
END;
$$;
CREATE OR REPLACE FUNCTION t_g_before_statement()
RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  PERFORM g_state.set_n(0);
  RETURN NULL;
END;
$$;
CREATE TRIGGER g_before_statement BEFORE INSERT ON t FOR EACH STATEMENT EXECUTE FUNCTION t_g_before_statement();
CREATE OR REPLACE FUNCTION t_g_after_row()
RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  PERFORM g_state.set_n(g_state.n() + 1);
  RETURN NULL;
END;
$$;
CREATE TRIGGER g_after_row AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION t_g_after_row();
CREATE OR REPLACE FUNCTION t_g_after_statement()
RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO l VALUES (g_state.n());
  RETURN NULL;
END;
$$;
CREATE TRIGGER g_after_statement AFTER INSERT ON t FOR EACH STATEMENT EXECUTE FUNCTION t_g_after_statement();`,
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{compound, nested},
		Looks:    ir.Kinds(ir.KindCreateTrigger),
		Run: func(p *rewrite.Pass) {
			var out []ir.Stmt
			for _, s := range p.Unit.Stmts {
				t, ok := s.(*ir.CreateTrigger)
				if !ok || len(t.Sections) == 0 {
					out = append(out, s)
					continue
				}
				if k := share(p, t); k != nil {
					out = append(out, k)
				}
				list := sections(p, t)
				if p.Refused() {
					return
				}
				out = append(out, list...)
			}
			p.Unit.Stmts = out
		},
	}
}

// share makes a package of the variables and types of a trigger, nil if it has no variables.
func share(p *rewrite.Pass, t *ir.CreateTrigger) *ir.Package {
	var vars []*ir.VarDecl
	var kinds, kept []ir.Decl
	for _, d := range t.Decls {
		switch x := d.(type) {
		case *ir.VarDecl:
			if !x.Constant {
				vars = append(vars, x)
				continue
			}
		case *ir.TypeDecl:
			if x.Kind != ir.CursorType && x.Kind != ir.Subtype {
				kinds = append(kinds, d)
				continue
			}
		}
		kept = append(kept, d)
	}
	if len(vars)+len(kinds) == 0 {
		return nil
	}
	if changesOwn(t) {
		rewrite.Refuse(p, nested, t.Span, "trigger %s changes its own table", t.Name)
		return nil
	}
	name := stateName(p, t)
	object := &catalog.Package{Name: strings.ToUpper(name), Types: map[string]types.Type{}, Exceptions: map[string]*catalog.Exception{}}
	p.Catalog.Place(object, beside(t), name)
	k := &ir.Package{Name: ir.Qualified("", object.Name), OrReplace: true, Object: object, Decls: kinds}
	k.Span = t.Span
	k.Made(code)
	refs := map[*ir.VarDecl]*ir.PackageRef{}
	for _, v := range vars {
		m := &catalog.PackageVar{Name: v.Name.Text, Type: v.Type, Decl: v, Target: object.TargetName(catalog.RoutineSpace, datatypes.Fold(v.Name.Text))}
		v.Package = m
		object.Vars = append(object.Vars, m)
		refs[v] = &ir.PackageRef{Package: object, Member: m}
	}
	for _, s := range t.Sections {
		rename(s.Body, refs)
	}
	for _, d := range kept {
		rename(d, refs)
	}
	start(p, t, vars, refs)
	for _, v := range vars {
		k.Decls = append(k.Decls, v)
	}
	t.Decls = kept
	return k
}

const statesKey = "compound-triggers.states"

// stateName names the package: after the trigger, and after its owner too where another owner has a trigger of that name.
func stateName(p *rewrite.Pass, t *ir.CreateTrigger) string {
	m, _ := p.Session.Values[statesKey].(map[string]string) // owners by names of packages
	if m == nil {
		m = map[string]string{}
		p.Session.Values[statesKey] = m
	}
	owner := t.Name.Schema()
	if x := t.Table.Table; owner == "" && x != nil {
		owner = x.Schema
	}
	owner = datatypes.Fold(owner)
	name := datatypes.Fold(t.Name.Name()) + "_state"
	if first, taken := m[name]; taken && first != owner {
		name = owner + "_" + name
	}
	m[name] = owner
	return name
}

// beside is the schema of a trigger's table.
func beside(t *ir.CreateTrigger) string {
	if x := t.Table.Table; x != nil && x.Target != "" {
		return x.TargetSchema
	}
	return t.Table.Name.Schema()
}

// changesOwn tells that a trigger changes the table it belongs to, which fires it again.
func changesOwn(t *ir.CreateTrigger) bool {
	own := func(x *ir.TableRef) bool { return x != nil && x.Table != nil && x.Table == t.Table.Table }
	for _, s := range t.Sections {
		if ir.Find(s.Body, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.Insert:
				return own(n.Table)
			case *ir.Update:
				return ir.Find(n, func(x ir.Node) bool { r, ok := x.(*ir.TableRef); return ok && own(r) })
			case *ir.Delete:
				return ir.Find(n, func(x ir.Node) bool { r, ok := x.(*ir.TableRef); return ok && own(r) })
			case *ir.Merge:
				return ir.Find(n, func(x ir.Node) bool { r, ok := x.(*ir.TableRef); return ok && own(r) })
			}
			return false
		}) {
			return true
		}
	}
	return false
}

// rename makes names of the variables names of the package's.
func rename(n ir.Node, refs map[*ir.VarDecl]*ir.PackageRef) {
	ir.Walk(n, func(x ir.Node) bool {
		if name, ok := x.(*ir.Name); ok {
			renamed(name, refs)
		}
		return true
	})
}

func renamed(n *ir.Name, refs map[*ir.VarDecl]*ir.PackageRef) {
	switch ref := n.Ref.(type) {
	case *ir.VarRef:
		if r := refs[ref.Decl]; r != nil {
			n.Ref = r
		}
	case *ir.FieldRef:
		if b, ok := ref.Of.(*ir.Name); ok {
			renamed(b, refs)
		}
	}
}

// start gives the variables their first values before the statement.
func start(p *rewrite.Pass, t *ir.CreateTrigger, vars []*ir.VarDecl, refs map[*ir.VarDecl]*ir.PackageRef) {
	var list []ir.Stmt
	for _, v := range vars {
		list = append(list, first(p, v, refs))
		v.Default = nil
	}
	if len(list) == 0 {
		return
	}
	for _, s := range t.Sections {
		if s.Timing == "before statement" {
			inner := *s.Body
			outer := &ir.Block{Body: append(list, &inner)}
			outer.Span = s.Body.Span
			if len(inner.Decls)+len(inner.Catches) == 0 && inner.Label == "" {
				outer.Body = append(list, inner.Body...)
			}
			s.Body = outer
			return
		}
	}
	b := &ir.Block{Body: list}
	b.Span = t.Span
	s := &ir.TriggerSection{Timing: "before statement", Body: b}
	s.Span = t.Span
	t.Sections = append([]*ir.TriggerSection{s}, t.Sections...)
}

// first is the statement that gives a variable its first value.
func first(p *rewrite.Pass, v *ir.VarDecl, refs map[*ir.VarDecl]*ir.PackageRef) ir.Stmt {
	n := &ir.Name{Parts: []ir.Ident{v.Name}, Ref: refs[v]}
	n.Span, n.Type = v.Span, v.Type
	value := v.Default
	rec, record := v.Type.(types.Record)
	switch {
	case value != nil:
		rename(value, refs)
	case record && rec.RecordDecl != nil && rec.Of == nil: // its type is not made yet
		value = build.Make(&ir.Construct{Name: ir.Qualified("", rec.Name)}, n, v.Type, code)
	default:
		if value = datatypes.Initial(p, v.Type, v, code); value == nil {
			value = build.Null(n, v.Type)
		}
	}
	s := control.Set(n, value)
	s.Span, s.Items[0].Span = v.Span, v.Span
	s.Made(code)
	return s
}

// sections makes a trigger of each section, with the declarations that are left.
func sections(p *rewrite.Pass, t *ir.CreateTrigger) []ir.Stmt {
	for _, d := range t.Decls {
		switch d.(type) {
		case *ir.VarDecl, *ir.ExceptionDecl, *ir.Pragma, *ir.CursorDecl, *ir.RoutineDecl:
		default:
			rewrite.Refuse(p, compound, d.Base().Span, "trigger %s has declarations that its sections share", t.Name)
			return nil
		}
	}
	var out []ir.Stmt
	for _, s := range t.Sections {
		x := *t
		x.Sections, x.Decls = nil, nil
		x.Events = slices.Clone(t.Events)
		x.TargetName = datatypes.Fold(t.Name.Name()) + "_" + strings.ReplaceAll(strings.ReplaceAll(s.Timing, " each", ""), " ", "_")
		s.TargetName = x.TargetName
		x.Timing, x.ForEachRow = "before", strings.Contains(s.Timing, "each row")
		switch {
		case strings.HasPrefix(s.Timing, "after"):
			x.Timing = "after"
		case strings.HasPrefix(s.Timing, "instead"):
			x.Timing = "instead of"
		}
		if !x.ForEachRow {
			x.When = nil
		} else if t.When != nil {
			x.When = ir.Clone(t.When)
		}
		x.Lead, x.Trail = s.Lead, nil
		if len(out) == 0 {
			x.Lead = append(append([]ir.Comment(nil), t.Lead...), s.Lead...)
		}
		body := s.Body
		var decls []ir.Decl
		for _, d := range t.Decls {
			if used(d, body) {
				decls = append(decls, copied(d))
			}
		}
		body.Decls = append(decls, body.Decls...)
		x.Body = body
		out = append(out, &x)
	}
	return out
}

// used tells that a section may need a declaration: all but the routines that it does not call.
func used(d ir.Decl, body *ir.Block) bool {
	r, ok := d.(*ir.RoutineDecl)
	if !ok || r.Routine == nil {
		return true
	}
	return ir.Find(body, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.CallProc:
			return n.Routine == r.Routine.Object
		case *ir.RoutineCall:
			return n.Routine == r.Routine.Object
		}
		return false
	})
}

// copied is a declaration of its own: names in it stand for what it declares itself.
func copied(d ir.Decl) ir.Decl {
	c := ir.Clone(d)
	old, made := inside(d), inside(c)
	of := map[ir.Node]ir.Node{}
	for i := range old {
		of[old[i]] = made[i]
	}
	ir.Walk(c, func(n ir.Node) bool {
		if name, ok := n.(*ir.Name); ok {
			again(name, of)
		}
		return true
	})
	return c
}

// inside lists the variables, parameters and cursors that a node declares.
func inside(n ir.Node) (out []ir.Node) {
	ir.Walk(n, func(x ir.Node) bool {
		switch x.(type) {
		case *ir.VarDecl, *ir.ParamDecl, *ir.CursorDecl:
			out = append(out, x)
		}
		return true
	})
	return out
}

func again(n *ir.Name, of map[ir.Node]ir.Node) {
	switch ref := n.Ref.(type) {
	case *ir.VarRef:
		if d, ok := of[ref.Decl].(*ir.VarDecl); ok {
			n.Ref = &ir.VarRef{Decl: d}
		}
	case *ir.ParamRef:
		if d, ok := of[ref.Param].(*ir.ParamDecl); ok {
			n.Ref = &ir.ParamRef{Param: d}
		}
	case *ir.CursorRef:
		if d, ok := of[ref.Decl].(*ir.CursorDecl); ok {
			n.Ref = &ir.CursorRef{Decl: d}
		}
	case *ir.FieldRef:
		if b, ok := ref.Of.(*ir.Name); ok {
			again(b, of)
		}
	}
}

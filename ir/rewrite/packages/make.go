package packages

import (
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/datatypes"
	"godwit/ir/rewrite/plsql"
	"godwit/ir/types"
)

func itoa(n int) string { return strconv.Itoa(n) }

func returns(e ir.Expr, at ir.Node) ir.Stmt {
	s := &ir.Return{Value: e}
	s.Span = at.Base().Span
	s.Made(code)
	return s
}

func isNull(e ir.Expr) bool { _, ok := e.(*ir.Null); return ok }

func castTo(e ir.Expr, sql string) ir.Expr { return build.As(e, sql, e.TypeOf(), code) }

// converted is the text that holds a variable as a value of its type.
func converted(h *ir.HelperCall, sql string, d *ir.VarDecl) ir.Expr {
	h.Span, h.Type = d.Span, types.Text{}
	if t, ok := d.Type.(types.Text); ok && !t.Fixed {
		h.Type = d.Type
		return h
	}
	return build.As(h, sql, d.Type, code)
}

// key is the name by which the session holds a variable.
func (r *run) key(v *catalog.PackageVar) string {
	return r.pack.StateName(r.pack.OwnName(catalog.RoutineSpace, v.Target))
}

// setter is the name of the function that assigns a variable.
func setter(p *rewrite.Pass, k *catalog.Package, v *catalog.PackageVar) string {
	name := "set_" + k.OwnName(catalog.RoutineSpace, v.Target)
	for taken(k, strings.ToUpper(name)) {
		name += "_value"
	}
	return k.TargetName(catalog.RoutineSpace, p.Lower.Fold(name))
}

// notNull raises the error of a NULL in a variable that takes none.
func notNull(n *ir.Name, d *ir.VarDecl) ir.Stmt {
	is := &ir.IsNull{X: ir.Clone(n)}
	is.Type, is.Span = types.Bool{}, d.Span
	x := &ir.Raise{Level: "EXCEPTION", State: "22004", Message: control.Text("ORA-06502: PL/SQL: numeric or value error")}
	x.Span = d.Span
	x.Made(code)
	return control.When(is, x)
}

// store keeps a value in the session.
func (r *run) store(v *catalog.PackageVar, value ir.Expr, at ir.Node) ir.Stmt {
	if _, ok := value.TypeOf().(types.Text); !ok {
		value = castTo(value, "text")
	}
	h := r.Helper("state_set", nil, control.Text(r.key(v)), value)
	h.Type, h.Span = types.Null{}, at.Base().Span
	s := &ir.Perform{Expr: h}
	s.Span = at.Base().Span
	s.Made(code)
	return s
}

// initialize makes the procedures that give variables their first values.
func (r *run) initialize(vars []*ir.VarDecl) []ir.Stmt {
	o, session := r.info.start, r.pack.StateName("")
	if r.unit.Body {
		o = r.info.body
	}
	if o == nil {
		return nil
	}
	var list []ir.Stmt
	if !r.unit.Body {
		set := r.Helper("state_set", nil, control.Text(session), control.Text("initialized"))
		set.Type = types.Null{}
		list = append(list, &ir.Perform{Expr: set})
	}
	for _, d := range vars {
		v := d.Package
		if v == nil {
			v = r.pack.Var(d.Name.Text)
		}
		if d.Constant && plsql.Fixed(d) || v == nil {
			continue
		}
		first := d.Default
		if first == nil {
			first = datatypes.Initial(r.Pass, d.Type, d, code)
		}
		if rec, ok := d.Type.(types.Record); ok && first == nil && rec.RecordDecl != nil {
			first = build.Null(&ir.Name{}, d.Type)
		}
		if first == nil {
			first = build.Null(&ir.Name{}, types.Text{})
		}
		n := &ir.Name{Parts: []ir.Ident{{Text: d.Name.Text}}, Ref: &ir.PackageRef{Package: r.pack, Member: v}}
		n.Span, n.Type = d.Span, d.Type
		if d.Constant {
			value := first
			if sql := datatypes.SQL(r.Pass, d.Type); value.TypeOf() == nil || sql != "" {
				value = castTo(value, sql)
			}
			list = append(list, r.store(v, value, d))
			continue
		}
		list = append(list, control.Set(n, ir.Clone(first)))
	}
	if !r.unit.Body {
		if r.info.body != nil {
			list = append(list, callOf(r.info.body, r.unit))
		}
		known := r.Helper("state_known", nil, control.Text(session))
		known.Type = types.Bool{}
		list = []ir.Stmt{control.When(control.Negate(known), list...)}
	} else if r.unit.Init != nil {
		list = append(list, r.unit.Init)
	}
	for _, s := range list {
		if !s.Base().Span.IsValid() {
			s.Base().Span = r.unit.Span
		}
	}
	x := &ir.Routine{Kind: catalog.Procedure, Name: ir.Qualified(r.pack.TargetSchema, o.Target), Object: o, OrReplace: true, Security: "invoker"}
	x.Span = r.unit.Span
	b := &ir.Block{Body: list}
	b.Span = x.Span
	x.Body = b
	return []ir.Stmt{x}
}

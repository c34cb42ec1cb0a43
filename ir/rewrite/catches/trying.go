package catches

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/plsql"
	"godwit/ir/types"
)

const (
	tryingKey = "catches.trying"
	suffix    = "_TRY"
)

// trying is the second form of a routine: it keeps its work where it fails, and hands the error back in two parameters. Callers that handle
// the error call it, outside of exception arms. nil if the routine needs none or can have none.
func trying(p *rewrite.Pass, known *plsql.Code, o *catalog.Routine) *catalog.Routine {
	if o == nil || known.Nested(o) != nil {
		return nil
	}
	m, _ := p.Session.Values[tryingKey].(map[*catalog.Routine]*catalog.Routine)
	if m == nil {
		m = map[*catalog.Routine]*catalog.Routine{}
		p.Session.Values[tryingKey] = m
	}
	x, told := m[o]
	if !told {
		if mentionsOf(p).protected(o.Name) && canTry(p, known, o) {
			x = secondObject(o)
			isSecond(p, x, o)
			promised(p)[fullName(o)] = true
		}
		m[o] = x
	}
	if x == nil {
		return nil
	}
	if name := o.Package.Beside(o.Target, strings.ToLower(suffix)); x.Target != name || x.TargetSchema != o.TargetSchema { // written once: units that are printed beside read it
		x.TargetSchema, x.Target = o.TargetSchema, name
	}
	return x
}

// canTry tells that a call of the routine may end with an exception after it wrote something, and that the routine can have a second form.
func canTry(p *rewrite.Pass, known *plsql.Code, o *catalog.Routine) bool {
	d := known.Body(o)
	if d == nil || d.Body == nil || d.Autonomous || d.Pipelined || d.External != "" || len(o.Package.OwnName(catalog.RoutineSpace, o.Target))+len(suffix) > 63 {
		return false
	}
	if o.Package != nil && len(o.Package.Named(o.Name)) > 1 {
		return false
	}
	if o.Package == nil && p.Catalog.Routine(catalog.Procedure, o.Schema, o.Name+suffix) != nil || o.Package != nil && len(o.Package.Named(o.Name+suffix)) > 0 {
		return false
	}
	return tryable(known, o, d) && (known.Transactional(d.Body) || known.Loses([]ir.Stmt{d.Body}, plsql.Any))
}

// tryable tells that a routine may end with an exception, and that its body can stand in a second form.
func tryable(known *plsql.Code, o *catalog.Routine, d *ir.Routine) bool {
	if known.Quiet(o) || o.Kind == catalog.Function && plsql.HasOut(o) {
		return false
	}
	return !ir.Find(d.Body, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Transaction: // arms go back to savepoints
			return n.Kind == ir.SetSavepoint || n.Kind == ir.RollbackToSavepoint
		case *ir.Catch: // ORA-20000 stands for a class beside OTHERS
			for _, s := range n.States {
				if s == "ZX000" {
					return true
				}
			}
		}
		return false
	})
}

func secondObject(o *catalog.Routine) *catalog.Routine {
	x := *o
	x.Name, x.Kind, x.Returns = o.Name+suffix, catalog.Procedure, nil
	x.Facts.CanRaise, x.Facts.NoRow = false, false
	var outs []catalog.Param
	if o.Kind == catalog.Function {
		outs = append(outs, catalog.Param{Name: "RESULT", Mode: catalog.Out, Type: o.Returns})
	}
	for _, name := range []string{"ERROR_STATE", "ERROR_MESSAGE"} {
		outs = append(outs, catalog.Param{Name: name, Mode: catalog.Out, Type: types.Text{}})
	}
	x.Params = ordered(o, append([]catalog.Param(nil), o.Params...), outs)
	return &x
}

// ordered puts what gives the outcome back behind a routine's own parameters: in front where those have defaults, as the target takes no
// OUT parameter of a procedure behind one with a default.
func ordered[T any](o *catalog.Routine, own, outs []T) []T {
	if inFront(o) {
		return append(outs, own...)
	}
	return append(own, outs...)
}

func inFront(o *catalog.Routine) bool {
	return slices.ContainsFunc(o.Params, func(p catalog.Param) bool { return p.Default })
}

// second makes the second form of a routine; nil if there is none.
func second(p *rewrite.Pass, s ir.Stmt) (*ir.Routine, *ir.Catch) {
	r, ok := s.(*ir.Routine)
	if !ok || r.Body == nil || r.Target != nil {
		return nil, nil
	}
	known := plsql.Of(p, s)
	o := trying(p, known, r.Object)
	if o == nil && r.Object != nil && gone(r) && promised(p)[fullName(r.Object)] {
		o = secondObject(r.Object)
		isSecond(p, o, r.Object)
		o.TargetSchema, o.Target = r.Object.TargetSchema, r.Object.Package.Beside(r.Object.Target, strings.ToLower(suffix))
	}
	if o == nil {
		return nil, nil
	}
	x, c, _ := secondForm(p, known, r, o)
	return x, c
}

const promisedKey = "catches.promised"

// promised are the routines whose second forms units call that were converted before the routine turned out to be one that is refused.
func promised(p *rewrite.Pass) map[string]bool {
	m, _ := p.Session.Values[promisedKey].(map[string]bool)
	if m == nil {
		m = map[string]bool{}
		p.Session.Values[promisedKey] = m
	}
	return m
}

func fullName(o *catalog.Routine) string {
	if o.Package != nil {
		return o.Package.Schema + "." + o.Package.Name + "." + o.Name
	}
	return o.Schema + "." + o.Name
}

// gone tells a routine whose body was refused: it raises the reason, an error that no handler takes.
func gone(r *ir.Routine) bool {
	b, ok := r.Body.(*ir.Block)
	if !ok || len(b.Body) == 0 {
		return false
	}
	x, ok := b.Body[len(b.Body)-1].(*ir.Raise)
	return ok && x.State == "P0004" && len(b.Body) <= 2
}

// secondForm is the routine with its body in a block that hands every error back; c is the handler that does.
func secondForm(p *rewrite.Pass, known *plsql.Code, r *ir.Routine, o *catalog.Routine) (x *ir.Routine, c *ir.Catch, from *copied) {
	x, from = copyRoutine(r)
	x.Object, x.Kind, x.Returns, x.OrReplace, x.Deterministic = o, catalog.Procedure, nil, true, false
	x.Name.Parts = append([]ir.Ident(nil), x.Name.Parts...)
	x.Name.Parts[len(x.Name.Parts)-1].Text += suffix
	x.Lead = []ir.Comment{{Text: "-- hands an error of " + strings.ToLower(r.Name.Name()) + " back as a value", OwnLine: true}}
	x.Trail = nil
	x.Made(code)
	var outs []*ir.ParamDecl
	if r.Kind == catalog.Function {
		sql, _ := plsql.ParamType(catalog.Out, r.Returns, p.Lower.TypeSQL)
		v := outParam(r, "RESULT", r.Returns, sql)
		outs = append(outs, v)
		x.Body = returning(x.Body, v)
	}
	state, message := outParam(r, "ERROR_STATE", types.Text{}, "text"), outParam(r, "ERROR_MESSAGE", types.Text{}, "text")
	x.Params = ordered(r.Object, x.Params, append(outs, state, message))
	c = &ir.Catch{Others: true, Body: []ir.Stmt{control.Set(param(state), control.State()), control.Set(param(message), control.Message()), &ir.Return{}}}
	c.Span = r.Span
	b := &ir.Block{Body: []ir.Stmt{x.Body}, Catches: []*ir.Catch{c}}
	if in, ok := x.Body.(*ir.Block); ok && len(in.Catches) == 0 && in.Label == "" && safe(known, in.Decls) {
		b.Decls, b.Body = in.Decls, in.Body
	}
	b.Span = r.Body.Base().Span
	for _, n := range append([]ir.Stmt{b}, c.Body...) {
		n.Base().Made(code)
		if !n.Base().Span.IsValid() {
			n.Base().Span = b.Span
		}
	}
	x.Body = b
	return x, c, from
}

// safe tells that the first values of variables cannot fail.
func safe(known *plsql.Code, list []ir.Decl) bool {
	for _, d := range list {
		if v, ok := d.(*ir.VarDecl); ok && v.Default != nil && known.OfStmt(control.Set(control.Var(v), v.Default)) != 0 {
			return false
		}
	}
	return true
}

func outParam(r *ir.Routine, name string, t types.Type, sql string) *ir.ParamDecl {
	d := &ir.ParamDecl{Name: ir.Ident{Text: control.Unused(r, name)}, Mode: catalog.Out, Type: t, TypeSQL: sql}
	d.TargetName = strings.ToLower(d.Name.Text)
	d.Span = r.Span
	d.Made(code)
	return d
}

func param(d *ir.ParamDecl) *ir.Name {
	n := &ir.Name{Parts: []ir.Ident{d.Name}, Ref: &ir.ParamRef{Param: d}}
	n.Type, n.Span = d.Type, d.Span
	return n
}

// returning assigns the result of a function to a parameter; what nested functions return is their own.
func returning(body ir.Stmt, v *ir.ParamDecl) ir.Stmt {
	own := map[*ir.Return]bool{}
	ir.WalkStatements(body, func(n ir.Node) bool {
		if x, ok := n.(*ir.Return); ok && x.Value != nil {
			own[x] = true
		}
		_, nested := n.(*ir.RoutineDecl)
		return !nested
	})
	out, _ := ir.Map[ir.Node](body, func(n ir.Node) ir.Node {
		x, ok := n.(*ir.Return)
		if !ok || !own[x] {
			return n
		}
		set := control.Set(param(v), x.Value)
		set.Span = x.Span
		x.Value = nil
		return control.Take(code, x, set, x)
	}).(ir.Stmt)
	return out
}

// second is the second form of a routine, nil if it has none.
func (r *run) second(o *catalog.Routine) *catalog.Routine {
	if x := r.inner[o]; x != nil {
		return x
	}
	return trying(r.Pass, r.code, o)
}

// attempt calls the second form of a routine outside of exception arms, and raises the error that comes back where the handlers see it.
func (r *run) attempt(s ir.Stmt, g *guard) []ir.Stmt {
	t := &attempt{run: r, guard: g, at: s}
	var o, x *catalog.Routine
	var args []ir.Expr
	var name ir.QName
	if n, ok := s.(*ir.CallProc); ok && n.Routine != nil && n.Routine.Kind == catalog.Procedure {
		o, args, name = n.Routine, n.Args, n.Name
		if x = r.second(o); x == nil {
			if list := t.quiet(o); list != nil {
				return list
			}
		}
	}
	var into *ir.RoutineCall
	if x == nil {
		if into = r.callIn(s); into == nil {
			return nil
		}
		o, args, name = into.Routine, into.Args, into.Name
		x = r.second(o)
	}
	args, ok := t.stated(o, x, args)
	if !ok {
		return nil
	}
	call := &ir.CallProc{Name: name, Routine: x}
	call.Name.Parts = append([]ir.Ident(nil), name.Parts...)
	call.Name.Parts[len(name.Parts)-1].Text += suffix
	named := false
	for i, a := range args {
		call.Args = append(call.Args, t.argument(o, i, a))
		_, is := a.(*ir.NamedArg)
		named = named || is
	}
	var outs []string
	var values []*ir.VarDecl
	if into != nil {
		sql, _ := plsql.ParamType(catalog.Out, o.Returns, t.Lower.TypeSQL) // CALL takes no other type for it
		v := t.variable(control.Unused(r.root, strings.ToLower(o.Name)+"_result"), plsql.Unlimited(o.Returns), sql)
		outs = append(outs, "RESULT")
		values = append(values, v)
		t.after = append(t.after, ir.MapExprs(s, func(e ir.Expr) ir.Expr {
			if e == ir.Expr(into) {
				return control.Var(v)
			}
			return e
		}))
	}
	state := t.variable("error_state", types.Text{}, "text")
	message := t.variable("error_message", types.Text{}, "text")
	call.Args = t.arguments(o, call.Args, named, append(outs, "ERROR_STATE", "ERROR_MESSAGE"), append(values, state, message))
	raise := &ir.Raise{Level: "EXCEPTION", Code: control.Var(state), Message: control.Var(message)}
	failed := &ir.IsNull{Not: true, X: control.Var(state)}
	failed.Type = types.Bool{}
	test := control.When(failed, raise)
	for _, n := range []ir.Stmt{call, raise, test} {
		n.Base().Span = s.Base().Span
		n.Base().Made(code)
	}
	if into == nil {
		call.Lead, call.Trail = s.Base().Lead, s.Base().Trail
	}
	list := append(r.list(t.before, g), call)
	list = append(list, r.list([]ir.Stmt{test}, g)...)
	list = append(list, r.list(t.after, g)...)
	return with(t.decls, list, s)
}

// quiet calls a procedure that no exception leaves: its arguments alone may fail, and are computed before.
func (t *attempt) quiet(o *catalog.Routine) []ir.Stmt {
	n, ok := t.at.(*ir.CallProc)
	if !ok || !t.code.Quiet(o) {
		return nil
	}
	for i, a := range n.Args {
		n.Args[i] = t.argument(o, i, a)
	}
	return with(t.decls, append(t.list(t.before, t.guard), n), n)
}

// attempt is a call of a second form that is being made.
type attempt struct {
	*run
	guard         *guard
	at            ir.Stmt
	decls         []ir.Decl
	before, after []ir.Stmt
}

func (t *attempt) variable(name string, of types.Type, sql string) *ir.VarDecl {
	v := &ir.VarDecl{Name: ir.Ident{Text: control.Unused(t.root, name)}, Type: of, TypeSQL: sql}
	v.Span = t.at.Base().Span
	v.Made(code)
	t.decls = append(t.decls, v)
	return v
}

// pass names an argument where others are named, or left out.
func (t *attempt) pass(named bool, name string, e ir.Expr) ir.Expr {
	if !named {
		return e
	}
	n := &ir.NamedArg{Name: ir.Ident{Text: name}, Value: e}
	n.Span, n.Type = t.at.Base().Span, e.TypeOf()
	return n
}

// argument is what the second form gets: a variable that takes a value keeps its own where the call fails, and a value that may fail is
// computed before.
func (t *attempt) argument(o *catalog.Routine, i int, a ir.Expr) ir.Expr {
	p, value, named := control.Param(o, i, a)
	if p == nil || p.Mode == catalog.In && t.code.OfExpr(value) == 0 {
		return a
	}
	sql, ok := plsql.ParamType(p.Mode, p.Type, t.Lower.TypeSQL)
	if !ok {
		sql = ""
	}
	v := t.variable(strings.ToLower(p.Name), plsql.Unlimited(p.Type), sql)
	if p.Mode != catalog.Out {
		t.before = append(t.before, t.set(control.Var(v), value))
	}
	if p.Mode != catalog.In {
		t.after = append(t.after, t.set(ir.Clone(value), control.Var(v)))
	}
	if named != nil {
		return t.pass(true, named.Name.Text, control.Var(v))
	}
	return control.Var(v)
}

// arguments adds the variables that take the outcome to the arguments of a call.
func (t *attempt) arguments(o *catalog.Routine, own []ir.Expr, named bool, names []string, values []*ir.VarDecl) []ir.Expr {
	var outs []ir.Expr
	for i, v := range values {
		outs = append(outs, t.pass(named && !inFront(o), names[i], control.Var(v)))
	}
	return ordered(o, own, outs)
}

// stated adds the defaults of arguments that a call leaves out and the second form does not keep. ok is false where a default would have to
// be computed where the routine is, or may fail: no handler would see it.
func (t *attempt) stated(o, x *catalog.Routine, args []ir.Expr) (all []ir.Expr, ok bool) {
	given := map[*catalog.Param]bool{}
	for i, a := range args {
		p, _, _ := control.Param(o, i, a)
		given[p] = true
	}
	d := t.code.Body(o)
	all = slices.Clip(args)
	for k := range o.Params {
		p := &o.Params[k]
		if given[p] || !p.Default {
			continue
		}
		if d == nil || k >= len(d.Params) {
			return nil, false
		}
		value := d.Params[k].Default
		if plsql.KeepsDefault(x, len(x.Params)-len(o.Params)+k) && value != nil && t.calm(value) && plsql.Fits(value, plsql.Unlimited(p.Type)) {
			continue
		}
		if !plain(value) {
			return nil, false
		}
		v := ir.Clone(value)
		v.Base().Span = t.at.Base().Span
		all = append(all, t.pass(true, p.Name, v))
	}
	return all, true
}

// plain tells a default that may stand at a call: a literal. An empty one is NULL in a program of Oracle.
func plain(e ir.Expr) bool {
	if s, ok := e.(*ir.String); ok && s.Value == "" {
		return false
	}
	return ir.IsLiteral(e)
}

func (t *attempt) set(target, value ir.Expr) ir.Stmt {
	s := control.Set(target, value)
	s.Span = t.at.Base().Span
	s.Made(code)
	return s
}

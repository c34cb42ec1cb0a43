package plsql

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/types"
)

var convertedFetch = &diag.Code{
	ID: "PL0400", Title: "a fetch into variables of other types", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:   "The value of a column is converted to another class of type (a date into a text, say) on the way into the variable; the target converts it in another way.",
	Next:  "Convert the value in the query of the cursor.",
	Learn: 0.2, Each: 0.1,
}

// block resolves a block in the frame around it: declarations in order, statements, handlers.
func (r *Resolver) block(outer *frame, s *ir.Block) {
	f := newFrame(outer)
	f.label = s.Label
	if f.label == "" && outer != nil && outer.unit {
		f.label = outer.label // the name of a routine stands for what its outermost block declares, too
	}
	r.decls(f, s.Decls)
	s.Body = r.stmts(f, s.Body)
	r.catches(f, s.Catches)
}

// catches resolves handlers. An error in one of them is not handled by the same block.
func (r *Resolver) catches(f *frame, list []*ir.Catch) {
	for _, c := range list {
		r.catch(f, c)
		in := newFrame(f)
		in.catch = c
		c.Body = r.stmts(in, c.Body)
	}
}

// stmts resolves the statements of a list; one may become several.
func (r *Resolver) stmts(f *frame, body []ir.Stmt) []ir.Stmt {
	out := body[:0:0]
	for _, s := range body {
		s = r.bodyStmt(f, s)
		if x, several := s.(*ir.Splice); several {
			out = append(out, x.Stmts...)
			continue
		}
		out = append(out, s)
	}
	return out
}

// decls resolves declarations in order. Heads of routines and exceptions come first, for they may be used before.
func (r *Resolver) decls(f *frame, list []ir.Decl) {
	for _, d := range list {
		if x, ok := d.(*ir.ExceptionDecl); ok {
			r.newException(x)
			f.names[x.Name.Text] = &entity{exception: x}
		}
	}
	r.pragmas(list, func(name string) *ir.ExceptionDecl {
		if e := f.names[name]; e != nil {
			return e.exception
		}
		return nil
	})
	for _, d := range list {
		r.decl(f, d)
	}
	for _, d := range list {
		if x, ok := d.(*ir.RoutineDecl); ok && !x.Forward {
			r.routineBody(f, x.Routine)
		}
	}
}

func (r *Resolver) decl(f *frame, d ir.Decl) {
	switch d := d.(type) {
	case *ir.VarDecl:
		r.varDecl(f, d)
		f.names[d.Name.Text] = &entity{variable: d}
	case *ir.TypeDecl:
		r.typeDecl(f, d)
		f.names[d.Name.Text] = &entity{typ: d.Defined}
		if d.Kind == ir.Subtype {
			f.names[d.Name.Text].subtype = d
		}
	case *ir.CursorDecl:
		r.cursorDecl(f, d)
		f.names[d.Name.Text] = &entity{cursor: d}
	case *ir.RoutineDecl:
		r.localRoutine(f, d.Routine)
	case *ir.Pragma:
		r.pragmaArgs(d)
		if d.Name == "AUTONOMOUS_TRANSACTION" {
			if s := f.enclosing(); s != nil {
				s.Autonomous = true
			}
		}
	case *ir.ExceptionDecl:
	}
}

// pragmaArgs types the arguments of a pragma; names among them are no values.
func (r *Resolver) pragmaArgs(d *ir.Pragma) {
	for i, a := range d.Args {
		if n, ok := a.(*ir.Name); ok {
			n.Ref, n.Type = &ir.Unresolved{}, types.Null{}
			continue
		}
		d.Args[i] = r.value(r.top(), a)
	}
}

func (r *Resolver) varDecl(f *frame, d *ir.VarDecl) {
	if l := r.limitOf(f, d.Type); l != nil {
		r.ranges[d] = l
	}
	d.Type = r.typeOf(f, d.Type, d)
	if d.Default != nil {
		d.Default = r.store(r.value(f.plain(), d.Default), d.Type)
	}
}

// typeDecl completes a declared type; its parts keep the resolved types as well.
func (r *Resolver) typeDecl(f *frame, d *ir.TypeDecl) {
	if d.Defined == nil {
		r.newType(d, "")
	}
	for _, x := range d.Fields {
		x.Type = r.typeOf(f, x.Type, x)
		if x.Default != nil {
			x.Default = r.store(r.value(f.plain(), x.Default), x.Type)
		}
	}
	if d.Elem != nil {
		if l := r.limitOf(f, d.Elem); l != nil && d.Kind == ir.Subtype {
			r.inherits[d] = l
		}
		d.Elem = r.typeOf(f, d.Elem, d)
	}
	if d.Key != nil {
		d.Key = r.typeOf(f, d.Key, d)
	}
	for _, e := range []*ir.Expr{&d.Max, &d.Lo, &d.Hi} {
		if *e != nil {
			*e = r.value(f.plain(), *e)
		}
	}
	if d.Kind == ir.Subtype && (d.Lo != nil || d.NotNull) {
		r.note(uncheckedRange, d.Span, "subtype %s", d.Name.Text)
	}
	r.settleType(f, d)
}

func (r *Resolver) cursorDecl(f *frame, d *ir.CursorDecl) {
	if d.Row != nil {
		d.Row = r.typeOf(f, d.Row, d)
	}
	in := newFrame(f)
	in.label = d.Name.Text
	for _, p := range d.Params {
		r.param(f, p)
		in.names[p.Name.Text] = &entity{param: p}
	}
	if d.Query == nil {
		r.cursorRow(f, d)
		return
	}
	d.Query = r.query(in.plain().inSQL(), d.Query)
	if _, known := r.cursors[d]; !known {
		if rec, ok := d.Row.(types.Record); ok {
			r.cursors[d] = rec.RecordDecl
		} else {
			r.cursors[d] = recordOf(d.Name.Text+"%ROWTYPE", d.Query)
		}
	}
}

// bodyStmt resolves one statement of a block.
func (r *Resolver) bodyStmt(f *frame, s ir.Stmt) ir.Stmt {
	sc := f.plain()
	switch s := s.(type) {
	case nil:
	case *ir.Block:
		r.block(f, s)
	case *ir.If:
		for _, b := range s.Branches {
			b.Cond = r.condition(sc, b.Cond)
			b.Body = r.stmts(f, b.Body)
		}
		s.Else = r.stmts(f, s.Else)
	case *ir.CaseStmt:
		r.caseStmt(f, s)
	case *ir.Loop:
		r.loop(f, s)
	case *ir.Leave:
		r.jump(f, s.Label, s)
		if s.When != nil {
			s.When = r.condition(sc, s.When)
		}
	case *ir.Iterate:
		r.jump(f, s.Label, s)
		if s.When != nil {
			s.When = r.condition(sc, s.When)
		}
	case *ir.Return:
		r.returns(f, s)
		return r.returned(f, s)
	case *ir.SetVar:
		r.set(f, s)
		return r.limited(s)
	case *ir.Invocation:
		return r.invocation(f, s)
	case *ir.RaiseNamed:
		r.raise(f, s)
	case *ir.PipeRow:
		r.pipe(f, s)
	case *ir.Forall:
		r.forall(f, s)
	case *ir.OpenCursor:
		r.openCursor(f, s)
	case *ir.FetchCursor:
		return r.fetchCursor(f, s)
	case *ir.CloseCursor:
		r.boundCursor(f, s.Name, &s.X, s)
	case *ir.LabelStmt, *ir.Goto, *ir.Nothing:
	default:
		return r.statement(sc, s)
	}
	return s
}

// caseStmt resolves CASE. With an operand each value is compared with it, as the operator = does.
func (r *Resolver) caseStmt(f *frame, s *ir.CaseStmt) {
	sc := f.plain()
	if s.Operand != nil {
		r.caseOperand(sc, s)
	}
	for _, b := range s.Branches {
		if s.Operand == nil {
			b.Cond = r.condition(sc, b.Cond)
		}
		b.Body = r.stmts(f, b.Body)
	}
	s.Else = r.stmts(f, s.Else)
}

// caseOperand gives the operand and the values of a CASE statement one class, by comparing copies of them.
func (r *Resolver) caseOperand(sc *scope, s *ir.CaseStmt) {
	x := s.Operand
	s.Operand = r.value(sc, ir.Clone(x))
	for _, b := range s.Branches {
		c := &ir.Compare{Op: ir.Eq, L: ir.Clone(x), R: b.Cond}
		c.Span = b.Cond.Base().Span
		out, ok := r.condition(sc, c).(*ir.Compare)
		if !ok {
			r.fail(unknownType, b.Span, "the value %s of CASE", text(b.Cond))
			continue
		}
		if l, converted := out.L.(*ir.Cast); converted && l.Implicit {
			s.Operand = out.L // all values are compared in the type of this one
		}
		b.Cond = out.R
	}
}

func (r *Resolver) loop(outer *frame, s *ir.Loop) {
	f := newFrame(outer)
	f.label, f.loop = s.Label, true
	sc := outer.plain()
	switch s.Kind {
	case ir.QueryLoop:
		r.queryLoop(outer, s)
	case ir.RangeLoop:
		for _, e := range []*ir.Expr{&s.Lo, &s.Hi, &s.Step} {
			if *e != nil {
				*e = r.store(r.value(sc, *e), types.Int{Bits: 32})
			}
		}
		if s.Var != nil {
			if s.Var.Type == nil {
				s.Var.Type = types.Int{Bits: 32}
			}
			s.Var.Type = r.typeOf(outer, s.Var.Type, s.Var)
		}
	}
	if s.Var != nil {
		f.names[s.Var.Name.Text] = &entity{variable: s.Var}
	}
	if s.Cond != nil {
		s.Cond = r.condition(sc, s.Cond)
	}
	s.Body = r.stmts(f, s.Body)
}

// queryLoop resolves a loop over a query or a declared cursor: its variable is a record of the rows.
func (r *Resolver) queryLoop(f *frame, s *ir.Loop) {
	var row *types.RecordDecl
	switch {
	case s.Query != nil:
		s.Query = r.query(f.plain().inSQL(), s.Query)
		name := "row"
		if s.Var != nil {
			name = s.Var.Name.Text
		}
		row = recordOf(name, s.Query)
	case s.Cursor != nil:
		s.Cursor = r.cursorValue(f, s.Cursor)
		if t, ok := s.Cursor.TypeOf().(types.Cursor); ok {
			row = t.Row
		}
		if row == nil {
			r.fail(unknownType, s.Cursor.Base().Span, "the rows of cursor %s", text(s.Cursor))
		}
	}
	if s.Var == nil {
		return
	}
	if row == nil || len(row.Fields) == 0 {
		s.Var.Type = types.Unknown{Why: "the rows are not known"}
		return
	}
	s.Var.Type = types.Record{RecordDecl: row}
}

// cursorValue resolves what names a cursor, with its arguments if there are any.
func (r *Resolver) cursorValue(f *frame, e ir.Expr) ir.Expr {
	x := r.value(f.plain(), e)
	if n, ok := x.(*ir.Name); ok {
		if d := cursorOf(n); d != nil && missing(d) {
			r.reject(n.Span, "cursor %s needs arguments", n.Dotted())
		}
	}
	return x
}

func cursorOf(n *ir.Name) *ir.CursorDecl {
	switch ref := n.Ref.(type) {
	case *ir.CursorRef:
		return ref.Decl
	case *ir.PackageRef:
		d, _ := ref.Member.Decl.(*ir.CursorDecl)
		return d
	}
	return nil
}

// missing tells that a cursor has parameters without a default.
func missing(d *ir.CursorDecl) bool {
	for _, p := range d.Params {
		if p.Default == nil {
			return true
		}
	}
	return false
}

func (r *Resolver) jump(f *frame, label string, at ir.Node) {
	if label == "" {
		return
	}
	for ; f != nil; f = f.outer {
		if f.label == label && f.pack == nil {
			return
		}
	}
	r.fail(unknownName, at.Base().Span, "no block or loop is labelled %s here", label)
}

func (r *Resolver) returns(f *frame, s *ir.Return) {
	if s.Value == nil {
		return
	}
	s.Value = r.value(f.plain(), s.Value)
	if fn := f.enclosing(); fn != nil && fn.Returns != nil {
		s.Value = r.store(s.Value, unlimited(fn.Returns))
	}
}

func (r *Resolver) pipe(f *frame, s *ir.PipeRow) {
	s.Value = r.value(f.plain(), s.Value)
	if fn := f.enclosing(); fn != nil {
		if c, ok := fn.Returns.(types.Collection); ok {
			s.Value = r.store(s.Value, c.Elem)
		}
	}
}

func (r *Resolver) set(f *frame, s *ir.SetVar) {
	for _, it := range s.Items {
		it.Target = r.target(f, it.Target)
		if it.Value == nil {
			continue
		}
		it.Value = r.value(f.plain(), it.Value)
		if t := it.Target.TypeOf(); !types.IsUnknown(t) {
			it.Value = r.store(it.Value, t)
		}
	}
}

// target resolves what is assigned to: a variable, parameter, field or element, or a column of the new row of a trigger.
func (r *Resolver) target(f *frame, e ir.Expr) ir.Expr {
	sc := f.plain()
	switch x := e.(type) {
	case *ir.Name:
		out := r.name(sc, x)
		if n, ok := out.(*ir.Name); ok {
			return n
		}
		r.fail(unknownName, x.Span, "%s cannot be assigned to", x.Dotted())
		return out
	case *ir.Param:
		if x.Type == nil {
			x.Type = types.Unknown{Why: "a placeholder"}
		}
		return x
	}
	out := r.value(sc, e)
	switch out.(type) {
	case *ir.Element, *ir.Field, *ir.Name:
	default:
		r.fail(unknownName, e.Base().Span, "%s cannot be assigned to", text(e))
	}
	return out
}

// invocation resolves a call as a statement: of a procedure it becomes a CallProc.
func (r *Resolver) invocation(f *frame, s *ir.Invocation) ir.Stmt {
	inv, ok := s.X.(*ir.Invoke)
	if !ok {
		inv = &ir.Invoke{X: s.X}
		inv.Meta = *s.X.Base()
	}
	r.asStatement = inv
	s.X = r.invoke(f.plain(), inv)
	if set := changedDocument(s); set != nil {
		return set
	}
	c, ok := s.X.(*ir.RoutineCall)
	if !ok {
		return s
	}
	out := &ir.CallProc{Name: c.Name, Args: c.Args, Routine: c.Routine}
	out.Meta = s.Meta
	return out
}

func (r *Resolver) forall(outer *frame, s *ir.Forall) {
	sc := outer.plain()
	for _, e := range []*ir.Expr{&s.Lo, &s.Hi} {
		if *e != nil {
			*e = r.store(r.value(sc, *e), types.Int{Bits: 32})
		}
	}
	for _, e := range []*ir.Expr{&s.Indices, &s.Values} {
		if *e != nil {
			*e = r.value(sc, *e)
		}
	}
	f := newFrame(outer)
	if s.Var != nil {
		s.Var.Type = types.Int{Bits: 32}
		f.names[s.Var.Name.Text] = &entity{variable: s.Var}
	}
	s.Body = r.bodyStmt(f, s.Body)
}

// boundCursor binds the cursor of OPEN, FETCH or CLOSE and tells its rows.
func (r *Resolver) boundCursor(f *frame, name string, x *ir.Expr, at ir.Node) (ir.Expr, *types.RecordDecl) {
	e := *x
	if e == nil {
		n := &ir.Name{Parts: []ir.Ident{{Text: name}}}
		n.Span = at.Base().Span
		e = n
	}
	e = r.value(f.plain(), e)
	if *x != nil {
		*x = e
	}
	t, ok := e.TypeOf().(types.Cursor)
	if !ok && !types.IsUnknown(e.TypeOf()) {
		r.fail(unknownName, at.Base().Span, "%s is no cursor", text(e))
	}
	return e, t.Row
}

func (r *Resolver) openCursor(f *frame, s *ir.OpenCursor) {
	e, _ := r.boundCursor(f, s.Name, &s.X, s)
	sc := f.plain()
	if n, ok := e.(*ir.Name); ok && s.Query == nil && s.Dynamic == nil {
		if d := cursorOf(n); d != nil {
			s.Args = r.passTo(sc, paramsOf(d.Params), s.Args, s)
		}
	}
	if s.Query != nil {
		s.Query = r.query(sc.inSQL(), s.Query)
	}
	if s.Dynamic != nil {
		s.Dynamic = r.value(sc, s.Dynamic)
	}
	for i := range s.Using {
		s.Using[i] = r.value(sc, s.Using[i])
	}
}

func (r *Resolver) fetchCursor(f *frame, s *ir.FetchCursor) ir.Stmt {
	_, row := r.boundCursor(f, s.Name, &s.X, s)
	for i := range s.Into {
		s.Into[i] = r.target(f, s.Into[i])
	}
	if s.Limit != nil {
		s.Limit = r.store(r.value(f.plain(), s.Limit), types.Int{Bits: 32})
	}
	if row == nil {
		return s
	}
	if len(s.Into) == 1 && len(fieldsOf(taken(s.Into[0], s.Bulk))) > 0 {
		return s
	}
	if len(s.Into) != len(row.Fields) {
		r.reject(s.Span, "%d columns are fetched into %d variables", len(row.Fields), len(s.Into))
		return s
	}
	return r.converted(f, s, row)
}

// taken is the type of what a target takes of one row: with BULK COLLECT the element of the collection.
func taken(target ir.Expr, bulk bool) types.Type {
	t := target.TypeOf()
	if c, ok := t.(types.Collection); ok && bulk {
		return c.Elem
	}
	return t
}

// plainlyTaken refuses a conversion between classes of types that stands nowhere.
func (r *Resolver) plainlyTaken(from, to types.Type, at ir.Node) {
	if class(from) != 0 && class(to) != 0 && class(from) != class(to) {
		r.fail(convertedFetch, at.Base().Span, "%s is fetched into %s", from, to)
	}
}

// class tells classes of types apart between which values are converted, 0 for those that are not known.
func class(t types.Type) int {
	switch t.(type) {
	case types.Int, types.Decimal, types.Float:
		return 1
	case types.Text:
		return 2
	case types.DateTime, types.Timestamp:
		return 3
	case types.Interval:
		return 4
	case types.Binary:
		return 5
	}
	return 0
}

// localRoutine enters a routine that a block declares; its definition belongs to the head that was declared before.
func (r *Resolver) localRoutine(f *frame, s *ir.Routine) {
	name := s.Name.Name()
	e := f.names[name]
	if e == nil || e.routines == nil {
		e = &entity{}
		f.names[name] = e
	}
	for _, o := range e.routines {
		if h := r.heads[o]; h != s && h.Body == nil && len(h.Params) == len(s.Params) && (sameHead(h, s) || slices.Equal(r.spelled[o], spelling(s))) {
			r.takeDefaults(o, s)
			r.link(o, s)
			r.settleRoutine(o)
			return
		}
	}
	o := r.routineObject(s, "", name)
	r.frames[o] = f
	o.Overload = len(e.routines) + 1
	e.routines = append(e.routines, o)
	r.settleRoutine(o)
}

// param resolves a parameter's type and default in the frame around the routine.
func (r *Resolver) param(f *frame, p *ir.ParamDecl) {
	if l := r.limitOf(f, p.Type); l != nil {
		r.ranges[p] = l
	}
	p.Type = formal(r.typeOf(f, p.Type, p))
	if p.Default != nil {
		sc := f.plain()
		sc.given = true
		p.Default = r.store(r.value(sc, p.Default), unlimited(p.Type))
	}
}

// formal is a type as a parameter or a result: a CHAR has the length of what comes in (PL/SQL Language Reference, "Formal Parameters of Constrained
// Subtypes").
func formal(t types.Type) types.Type {
	if c, ok := t.(types.Text); ok && c.Fixed {
		c.N = 0
		return c
	}
	return t
}

// routineBody resolves a routine in the frame around it.
func (r *Resolver) routineBody(outer *frame, s *ir.Routine) {
	f := newFrame(outer)
	f.label, f.routine, f.unit = s.Name.Name(), s, true
	for _, p := range s.Params {
		r.param(outer, p)
		f.names[p.Name.Text] = &entity{param: p}
	}
	if s.Returns != nil {
		if l := r.limitOf(outer, s.Returns); l != nil {
			r.results[s] = l
		}
		s.Returns = formal(r.typeOf(outer, s.Returns, s))
	}
	if s.Body != nil {
		s.Body = r.bodyStmt(f, s.Body)
		r.entry(s)
	}
}

// selfFrame is the frame of a method: attributes and SELF are seen.
func (r *Resolver) selfFrame(o *catalog.ObjectType, m *ir.Method) *frame {
	f := newFrame(nil)
	f.object = o
	if m.Kind == "static" {
		f.object = nil
		return f
	}
	if m.Kind == "constructor" {
		f.names["SELF"] = &entity{variable: r.newSelf(o, m)}
		return f
	}
	if len(m.Routine.Params) > 0 && strings.EqualFold(m.Routine.Params[0].Name.Text, "SELF") {
		f.names["SELF"] = &entity{param: m.Routine.Params[0]}
	}
	return f
}

// newSelf declares the object that a constructor makes as the first variable of its body: all of its attributes are NULL. RETURN alone returns it.
func (r *Resolver) newSelf(o *catalog.ObjectType, m *ir.Method) *ir.VarDecl {
	d := &ir.VarDecl{Name: ir.Ident{Text: "SELF"}, Type: o.Type}
	d.Span = m.Routine.Span
	c := &ir.Construct{Name: ir.Qualified(o.Schema, o.Name)}
	c.Span, c.Type = d.Span, o.Type
	for range fieldsOf(o.Type) {
		x := &ir.Null{}
		x.Type = types.Null{}
		c.Args = append(c.Args, x)
	}
	b, ok := m.Routine.Body.(*ir.Block)
	if !ok {
		return d
	}
	d.Default = c
	b.Decls = append([]ir.Decl{d}, b.Decls...)
	ir.Walk(b, func(n ir.Node) bool {
		if x, ok := n.(*ir.Return); ok && x.Value == nil {
			self := &ir.Name{Parts: []ir.Ident{{Text: "SELF"}}, Ref: &ir.VarRef{Decl: d}}
			self.Span, self.Type = x.Span, o.Type
			x.Value = self
		}
		_, nested := n.(*ir.RoutineDecl)
		return !nested
	})
	return d
}

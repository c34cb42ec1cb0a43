package plsql

import (
	"fmt"
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/types"
)

var missingSpec = &diag.Code{
	ID: "PK0200", Title: "a package or type body without its specification", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:   "What the body declares cannot be told from what other units may use, and its public variables, types and cursors are not known.",
	Next:  "Add the specification to the input or to the catalog.",
	Learn: 0.1, Each: 0.2,
}

// routineObject makes the catalog's entry of a routine, whose types are completed later.
func (r *Resolver) routineObject(s *ir.Routine, schema, name string) *catalog.Routine {
	o := &catalog.Routine{Schema: schema, Name: name, Kind: s.Kind}
	r.link(o, s)
	if s.Body == nil {
		r.keepDefaults(o, s)
		r.spelled[o] = spelling(s)
	}
	return o
}

// link tells that a catalog's entry is declared by s.
func (r *Resolver) link(o *catalog.Routine, s *ir.Routine) {
	o.Params = o.Params[:0:0]
	for _, p := range s.Params {
		o.Params = append(o.Params, catalog.Param{Name: p.Name.Text, Mode: p.Mode, Type: p.Type, Default: p.Default != nil})
	}
	o.Returns = s.Returns
	o.Facts = catalog.Facts{CanRaise: true, Writes: true, ReadsState: true, Transaction: true, NoRow: true}
	s.Object = o
	r.heads[o] = s
	r.linked[s] = o
	r.open[o] = true
	if s.Body != nil {
		if r.bodies[o] != s { // one that is declared anew as well: its facts begin anew
			r.fresh = append(r.fresh, o)
		}
		r.bodies[o] = s
	}
}

func (r *Resolver) declareRoutine(u *ir.Unit, s *ir.Routine) {
	schema := r.schemaOf(s.Name)
	kind, other := "procedure", catalog.Function
	if s.Kind == catalog.Function {
		kind, other = "function", catalog.Procedure
	}
	u.Describe(kind, schema, s.Name.Name())
	o := r.routineObject(s, schema, s.Name.Name())
	r.frames[o] = nil
	r.cat.DropRoutine(other, schema, o.Name)
	r.cat.AddRoutine(o)
	r.named[o.Name] = append(r.named[o.Name], o)
}

// declarePackage enters a specification, or a body into its specification.
func (r *Resolver) declarePackage(u *ir.Unit, s *ir.Package) {
	schema := r.schemaOf(s.Name)
	kind := "package"
	if s.Body {
		kind = "package body"
	}
	u.Describe(kind, schema, s.Name.Name())
	p := r.cat.Package(schema, s.Name.Name())
	if s.Body && p == nil && s.Name.Schema() == "" {
		p = r.onlyPackage(s.Name.Name())
	}
	if s.Body && p == nil {
		r.fail(missingSpec, s.Span, "package body %s", s.Name)
		return
	}
	r.was = nil
	if !s.Body {
		if p != nil && r.specUnits[p] == u {
			r.was = p.Types
		}
		p = &catalog.Package{Schema: schema, Name: s.Name.Name(), Types: map[string]types.Type{}, Exceptions: map[string]*catalog.Exception{}}
		r.cat.AddPackage(p)
		r.specs[p], r.specUnits[p] = s, u
	} else {
		r.forgetBody(p)
		p.HasBody, p.Init = true, s.Init != nil
		r.packBodies[p] = s
	}
	s.Object = p
	r.packUnits[p] = u
	delete(r.settled, p)
	r.queue = append(r.queue, p)
	f := r.packFrame(p)
	for _, d := range s.Decls {
		r.declareMember(f, p, d, s.Body)
	}
	r.pragmas(s.Decls, func(name string) *ir.ExceptionDecl {
		if x := p.Exceptions[strings.ToUpper(name)]; x != nil {
			return r.exceptions[x]
		}
		return nil
	})
	for _, x := range p.Exceptions {
		x.Code, x.State = r.exceptions[x].Code, r.exceptions[x].State
	}
}

// forgetBody takes the private members of an earlier body out of a package.
func (r *Resolver) forgetBody(p *catalog.Package) {
	if r.packBodies[p] == nil {
		return
	}
	p.Keep(func(v *catalog.PackageVar) bool { return !v.Private }, func(o *catalog.Routine) bool { return !r.private[o] })
}

// packFrame is the frame of a package's members, as its own code sees them.
func (r *Resolver) packFrame(p *catalog.Package) *frame {
	f := newFrame(nil)
	f.label, f.pack = p.Name, p
	return f
}

// declareMember enters one declaration of a package; private tells that it stands in the body.
func (r *Resolver) declareMember(f *frame, p *catalog.Package, d ir.Decl, private bool) {
	switch d := d.(type) {
	case *ir.VarDecl:
		v := &catalog.PackageVar{Name: d.Name.Text, Type: d.Type, Constant: d.Constant, Private: private, Decl: d}
		d.Package = v
		p.Vars = append(p.Vars, v)
	case *ir.CursorDecl:
		if v := p.Var(d.Name.Text); v != nil && private && d.Query != nil {
			v.Decl = d // the query of a cursor that the specification declares
			return
		}
		p.Vars = append(p.Vars, &catalog.PackageVar{Name: d.Name.Text, Type: types.Cursor{}, Private: private, Decl: d})
	case *ir.TypeDecl:
		r.newType(d, p.Name+".")
		r.sameType(d)
		p.Types[strings.ToUpper(d.Name.Text)] = d.Defined
		r.noteSubtype(p, d)
	case *ir.ExceptionDecl:
		x := &catalog.Exception{Name: d.Name.Text}
		r.newException(d)
		r.exceptions[x] = d
		p.Exceptions[strings.ToUpper(d.Name.Text)] = x
	case *ir.RoutineDecl:
		r.declarePackaged(f, p, d, private)
	}
}

// declarePackaged enters a routine of a package; the body of one that was declared before belongs to that one.
func (r *Resolver) declarePackaged(f *frame, p *catalog.Package, d *ir.RoutineDecl, private bool) {
	s := d.Routine
	if private && !d.Forward {
		if o := r.headOf(p, s); o != nil {
			defaults := o.Params
			r.takeDefaults(o, s)
			r.link(o, s)
			for i := range o.Params {
				o.Params[i].Default = o.Params[i].Default || defaults[i].Default
			}
			return
		}
	}
	o := r.routineObject(s, p.Schema, s.Name.Name())
	o.Package, o.Overload = p, len(p.Named(o.Name))+1
	r.frames[o] = f
	r.private[o] = private
	p.Routines = append(p.Routines, o)
}

// keepDefaults keeps the default values of a declaration whose body may leave them out.
func (r *Resolver) keepDefaults(o *catalog.Routine, s *ir.Routine) {
	var kept []ir.Expr
	some := false
	for _, p := range s.Params {
		kept = append(kept, nil)
		if p.Default != nil {
			kept[len(kept)-1], some = ir.Clone(p.Default), true
		}
	}
	if some {
		r.defaults[o] = kept
	}
}

// takeDefaults gives the parameters of a body the default values that only its declaration has.
func (r *Resolver) takeDefaults(o *catalog.Routine, body *ir.Routine) {
	kept := r.defaults[o]
	if len(kept) != len(body.Params) {
		return
	}
	for i, p := range body.Params {
		if kept[i] == nil || p.Default != nil {
			continue
		}
		p.Default = ir.Clone(kept[i])
		ir.Walk(p.Default, func(n ir.Node) bool {
			n.Base().Span = p.Span
			return true
		})
	}
}

// headOf finds the routine of a package whose head is that of s and which has no body yet.
func (r *Resolver) headOf(p *catalog.Package, s *ir.Routine) *catalog.Routine {
	var loose []*catalog.Routine
	for _, o := range p.Named(s.Name.Name()) {
		h := r.heads[o]
		if o.Kind != s.Kind || h == nil || r.bodyOf(p, o) || len(h.Params) != len(s.Params) {
			continue
		}
		if sameHead(h, s) || slices.Equal(r.spelled[o], spelling(s)) {
			return o
		}
		loose = append(loose, o)
	}
	if len(loose) == 1 {
		return loose[0]
	}
	return nil
}

// bodyOf tells that the package's body, as far as it is declared, has the routine's body.
func (r *Resolver) bodyOf(p *catalog.Package, o *catalog.Routine) bool {
	h, b := r.heads[o], r.packBodies[p]
	if h == nil || b == nil || h.Body == nil {
		return false
	}
	for _, d := range b.Decls {
		if x, ok := d.(*ir.RoutineDecl); ok && x.Routine == h {
			return true
		}
	}
	return false
}

// spelling are the parameters of a routine as they are written: types of the declaration may be resolved when its body comes.
func spelling(s *ir.Routine) []string {
	out := []string{"("}
	for _, p := range s.Params {
		out = append(out, fmt.Sprintf("%s %d %s", p.Name.Text, p.Mode, typeText(p.Type)))
	}
	return out
}

func sameHead(a, b *ir.Routine) bool {
	for i, p := range a.Params {
		q := b.Params[i]
		if p.Name.Text != q.Name.Text || p.Mode != q.Mode || typeText(p.Type) != typeText(q.Type) {
			return false
		}
	}
	return true
}

func typeText(t types.Type) string {
	if t == nil {
		return ""
	}
	return t.String()
}

// newType makes the type that a declaration stands for, whose parts are completed later.
func (r *Resolver) newType(d *ir.TypeDecl, before string) types.Type {
	name := before + d.Name.Text
	switch d.Kind {
	case ir.RecordType:
		rec := &types.RecordDecl{Name: name, Partial: d.Partial}
		r.partial = r.partial || d.Partial
		for _, f := range d.Fields {
			rec.Fields = append(rec.Fields, types.Field{Name: f.Name.Text, Type: f.Type, NotNull: f.NotNull})
		}
		d.Defined = types.Record{RecordDecl: rec}
	case ir.NestedTable, ir.VaryingArray, ir.AssociateArray:
		d.Defined = types.Collection{CollectionDecl: &types.CollectionDecl{Name: name, Elem: d.Elem, Key: d.Key, Max: literalInt(d.Max)}}
	case ir.CursorType:
		d.Defined = types.Cursor{}
	case ir.Subtype:
		d.Defined = d.Elem
	}
	return d.Defined
}

// sameType lets a type of a specification that is declared again be the one that other units know.
func (r *Resolver) sameType(d *ir.TypeDecl) {
	switch was := r.was[strings.ToUpper(d.Name.Text)].(type) {
	case types.Record:
		now, ok := d.Defined.(types.Record)
		if ok && d.Kind == ir.RecordType && was.RecordDecl != nil && was.Of == nil && was.Name == now.Name {
			now.Target = was.Target
			*was.RecordDecl = *now.RecordDecl
			d.Defined = was
		}
	case types.Collection:
		now, ok := d.Defined.(types.Collection)
		if ok && d.Kind != ir.Subtype && was.CollectionDecl != nil && was.Name == now.Name {
			now.Target = was.Target
			*was.CollectionDecl = *now.CollectionDecl
			d.Defined = was
		}
	}
}

// literalInt is the value of an integer literal, 0 for others.
func literalInt(e ir.Expr) int {
	n, ok := e.(*ir.Number)
	if !ok {
		return 0
	}
	v := 0
	for _, c := range n.Text {
		if c < '0' || c > '9' {
			return 0
		}
		v = v*10 + int(c-'0')
	}
	return v
}

func (r *Resolver) declareObjectType(u *ir.Unit, s *ir.ObjectType) {
	schema := r.schemaOf(s.Name)
	u.Describe("type", schema, s.Name.Name())
	o := r.cat.ObjectType(schema, s.Name.Name())
	if o == nil {
		o = &catalog.ObjectType{Schema: schema, Name: s.Name.Name()}
		r.cat.AddObjectType(o)
	}
	if s.Object == o && r.typeDecls[o] == s {
		return // declared ahead of its turn
	}
	s.Object = o
	r.typeUnits[o] = u
	title := ir.Qualified(schema, o.Name).String()
	switch s.Kind {
	case ir.ObjectTable, ir.ObjectArray:
		o.Type = types.Collection{CollectionDecl: &types.CollectionDecl{Name: title, Elem: s.Elem, Max: literalInt(s.Max), Schema: true}}
	default:
		d := &types.ObjectDecl{Name: title}
		if old, ok := o.Type.(types.Object); ok {
			d = old.ObjectDecl
		}
		d.Fields, d.Super, d.Of = nil, nil, o
		o.Type = types.Object{ObjectDecl: d}
		r.objects[d] = o
	}
	if s.Kind == ir.Incomplete {
		return
	}
	r.typeDecls[o] = s
	delete(r.settledTypes, o)
	r.typeQueue = append(r.typeQueue, o)
	o.Final, o.Abstract, o.Security = !s.NotFinal, s.NotInstantiable, s.Security
	o.PlaceUnder(nil)
	o.Methods, o.Members = nil, &catalog.Package{Schema: o.Schema, Name: o.Name}
	for _, m := range s.Methods {
		r.declareMethod(o, m)
	}
}

// declareMethod enters a method; the object is the first parameter of a member.
func (r *Resolver) declareMethod(o *catalog.ObjectType, m *ir.Method) *catalog.Routine {
	r.addSelf(o, m)
	x := r.routineObject(m.Routine, o.Schema, m.Routine.Name.Name())
	x.Package, x.Overload = o.Members, 1
	for _, other := range o.Methods {
		if other.Name == x.Name {
			x.Overload++
		}
	}
	x.Method = &catalog.Method{Of: o, Kind: m.Kind, Overriding: m.Overriding, Final: o.Final || m.Final, Abstract: m.NotInstantiable}
	if isMember(x) {
		d := *x
		d.Facts, d.Facts.NoRow = all, false // of bodies that are not known yet
		x.Method.Dispatch = &d
	}
	if m.Kind == "map member" || m.Kind == "order member" {
		c := *x
		c.Facts = all
		x.Method.Comparison = &c
	}
	if m.Kind == "order member" {
		x.Method.Place = &catalog.Routine{Schema: o.Schema, Name: x.Name, Kind: catalog.Function, Package: o.Members, Returns: types.Decimal{}, Method: &catalog.Method{Of: o, Kind: "place"}}
	}
	f := newFrame(nil)
	f.object = o
	r.frames[x] = f
	o.Methods = append(o.Methods, x)
	if o.Members != nil {
		o.Members.Routines = append(o.Members.Routines, x)
	}
	return x
}

// isMember tells that a method is called of an object.
func isMember(o *catalog.Routine) bool {
	return o.Method != nil && o.Method.Kind != "static" && o.Method.Kind != "constructor"
}

// addSelf gives a member the parameter SELF, if it is not written. A constructor has it as a variable.
func (r *Resolver) addSelf(o *catalog.ObjectType, m *ir.Method) {
	written := len(m.Routine.Params) > 0 && m.Routine.Params[0].Name.Text == "SELF"
	switch {
	case m.Kind == "constructor" && written:
		m.Routine.Params = m.Routine.Params[1:]
	case m.Kind == "static" || m.Kind == "constructor" || written:
	default:
		self := &ir.ParamDecl{Name: ir.Ident{Text: "SELF"}, Type: o.Type}
		self.Span = m.Routine.Span
		if m.Routine.Kind == catalog.Procedure {
			self.Mode = catalog.InOut
		}
		m.Routine.Params = append([]*ir.ParamDecl{self}, m.Routine.Params...)
	}
}

func (r *Resolver) declareTypeBody(u *ir.Unit, s *ir.TypeBody) {
	schema := r.schemaOf(s.Name)
	u.Describe("type body", schema, s.Name.Name())
	o := r.findTypeQuietly(schema, s.Name.Name())
	if o == nil {
		r.fail(missingSpec, s.Span, "type body %s", s.Name)
		return
	}
	s.Object, o.HasBody = o, true
	r.typeUnits[o] = u
	delete(r.settledTypes, o)
	r.typeQueue = append(r.typeQueue, o)
	done, rest := map[*catalog.Routine]bool{}, slices.Clone(s.Methods)
	for _, m := range rest {
		r.addSelf(o, m)
	}
	// None takes the place of a form that another one is: what is written alike comes first.
	for _, find := range []func(*catalog.ObjectType, *ir.Method, map[*catalog.Routine]bool) *catalog.Routine{r.spelledMethod, r.methodOf, r.onlyMethod} {
		rest = slices.DeleteFunc(rest, func(m *ir.Method) bool {
			x := find(o, m, done)
			if x != nil {
				done[x] = true
				defaults := x.Params
				r.takeDefaults(x, m.Routine)
				r.link(x, m.Routine)
				for i := range x.Params {
					x.Params[i].Default = x.Params[i].Default || i < len(defaults) && defaults[i].Default
				}
			}
			return x != nil
		})
	}
	for _, m := range rest {
		done[r.declareMethod(o, m)] = true
	}
}

func (r *Resolver) findTypeQuietly(schema, name string) *catalog.ObjectType {
	return find(r, schema, name, r.cat.ObjectType)
}

// spelledMethod is the method of a type whose head is written as that of a body's is, nil if there is none.
func (r *Resolver) spelledMethod(o *catalog.ObjectType, m *ir.Method, done map[*catalog.Routine]bool) *catalog.Routine {
	for _, x := range o.Methods {
		if x.Name == m.Routine.Name.Name() && !done[x] && x.Kind == m.Routine.Kind && x.Method.Kind == m.Kind && slices.Equal(r.spelled[x], spelling(m.Routine)) {
			return x
		}
	}
	return nil
}

// methodOf is the method of a type that a body declares with the same head, nil if there is none.
func (r *Resolver) methodOf(o *catalog.ObjectType, m *ir.Method, done map[*catalog.Routine]bool) *catalog.Routine {
	for _, x := range o.Methods {
		h := r.heads[x]
		if x.Name == m.Routine.Name.Name() && !done[x] && x.Kind == m.Routine.Kind && x.Method.Kind == m.Kind && len(h.Params) == len(m.Routine.Params) && sameHead(h, m.Routine) {
			return x
		}
	}
	return nil
}

// onlyMethod is the method that a body's can only be, although its head is written in another way; nil if there are several.
func (r *Resolver) onlyMethod(o *catalog.ObjectType, m *ir.Method, done map[*catalog.Routine]bool) *catalog.Routine {
	var only *catalog.Routine
	for _, x := range o.Methods {
		if x.Name == m.Routine.Name.Name() && !done[x] && x.Kind == m.Routine.Kind && !x.Method.Gone && len(r.heads[x].Params) == len(m.Routine.Params) {
			if only != nil {
				return nil
			}
			only = x
		}
	}
	return only
}

// Package packages holds the rules for packages: what a package declares becomes a schema with routines and types, and its variables
// become state of the session.
package packages

import (
	"slices"

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

const code = "PK0210"

var (
	state = &diag.Code{
		ID: "PK0211", Title: "Variables of a package are state of the session", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "The variables of a package live as long as the session, and ROLLBACK does not undo what is assigned to them (PL/SQL Language Reference, Package State). On the target a prepared statement holds each of them. DISCARD ALL and DEALLOCATE ALL forget them, and a pool that gives transactions of one client to several sessions mixes them up.",
		Next: "Pool sessions, not transactions, where the package is used.", Each: 0.05,
	}
	serially = &diag.Code{
		ID: "PK0212", Title: "A package whose state lasts for one call", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "PRAGMA SERIALLY_REUSABLE gives variables of the package their first values anew for each call of the server.",
		Next: "Take the pragma away, or write the package by hand.", Each: 0.5,
	}
	noType = &diag.Code{
		ID: "PK0213", Title: "A member of a package whose type the target lacks", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "A variable or a record of the package has a type that is not known, that the target does not have, or that cannot be kept in the session.",
		Next: "Change the type, or convert the package by hand.", Each: 0.5,
	}
	missing = &diag.Code{
		ID: "PK0214", Title: "A package that was not resolved", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The specification of the package is not part of the input.",
		Next: "Add the specification to the input or to the catalog.", Each: 0.5,
	}
)

var noBody = &diag.Code{
	ID: "PK0830", Title: "A routine that the package declares and does not define", Severity: diag.Review, Fidelity: diag.Approximate,
	Doc: "The specification declares the routine, and the package's body does not define it, or is not part of the input. On the source such a body does not compile (PLS-00323), and the package cannot be used until there is one (ORA-04063, ORA-04067); " +
		"on the target the other members work, and a call of this one fails, as there is no such routine.",
	Next: "Add the body of the routine to the input, or take the routine out of the specification.", Each: 0.2,
}

var prefixed = &diag.Code{
	ID: "PK0706", Title: "A package whose members have prefixed names", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: "With --packages prefix a package is no schema: its routines and types stand in the schema of its owner as package_member. Whoever may use that schema may run routines that nobody has been granted, also those " +
		"that only the package's body declares; views of the data dictionary list them as functions and procedures of the owner.",
	Next: "Revoke EXECUTE from PUBLIC where roles that use the schema shall not run what is in the package.",
}

// Rule is PK0210.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "packages",
		Doc: `CREATE PACKAGE and CREATE PACKAGE BODY (PL/SQL Language Reference, "PL/SQL Packages") become a schema of the package's name with the routines and types in it. A variable is read by a
function of its name and assigned by set_ and its name; a constant is a function. Where variables have first values that are computed, or the body has an initialisation part, the procedure initialize
gives them these values when the session first uses the package.`,
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Source: "CREATE PACKAGE p AS c CONSTANT NUMBER := 5; END;",
			Target: "CREATE SCHEMA IF NOT EXISTS p;\nCREATE OR REPLACE FUNCTION p.c()\nRETURNS numeric\nLANGUAGE plpgsql\nIMMUTABLE\nAS $$\nBEGIN\n  RETURN 5;\nEND;\n$$;",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{state, serially, noType, missing, prefixed, noBody},
		Looks:    ir.Kinds(ir.KindPackage),
		After:    map[string]string{"compound-triggers": "what the sections of a trigger share becomes a package"},
		Prepare:  nameTypes,
		Run: func(p *rewrite.Pass) {
			var out []ir.Stmt
			for _, s := range p.Unit.Stmts {
				if k, ok := s.(*ir.Package); ok && !p.Refused() {
					out = append(out, unpack(p, k)...)
					continue
				}
				out = append(out, s)
			}
			if !p.Refused() {
				p.Unit.Stmts = out
			}
		},
	}
}

// info is what the session keeps of a package.
type info struct {
	start *catalog.Routine // initialize, nil if the package needs none
	body  *catalog.Routine // the part of it that the body declares, nil if there is none
	block bool             // it runs statements: every call of the package does
	// writes tells that these statements may change rows.
	writes bool
	of     *catalog.Package
}

const infoKey = "packages.info"

func infoOf(p *rewrite.Pass, k *catalog.Package) *info {
	m, _ := p.Session.Values[infoKey].(map[*catalog.Package]*info)
	if m == nil {
		m = map[*catalog.Package]*info{}
		p.Session.Values[infoKey] = m
	}
	if m[k] == nil {
		i := anew(p, k)
		if i == nil {
			i = learn(p, k)
		}
		m[k] = i
		named(p)[k.Schema+"."+k.Name] = i
	}
	return m[k]
}

const namedKey = "packages.info.named"

func named(p *rewrite.Pass) map[string]*info {
	m, _ := p.Session.Values[namedKey].(map[string]*info)
	if m == nil {
		m = map[string]*info{}
		p.Session.Values[namedKey] = m
	}
	return m
}

// anew is what was learned of a package whose specification is declared again, without a member that is refused, behind its body: that is
// converted by then, and calls what initialises the package.
func anew(p *rewrite.Pass, k *catalog.Package) *info {
	old := named(p)[k.Schema+"."+k.Name]
	if old == nil || old.body == nil || k.HasBody {
		return nil
	}
	for _, u := range bodiesOf(p, k.Name) {
		for _, s := range u.Stmts {
			if b, ok := s.(*ir.Package); ok && b.Body && b.Name.Name() == k.Name {
				return nil
			}
		}
	}
	i := *old
	i.of = k
	return &i
}

// learn tells whether a package has to be initialised. The body may be a unit that comes later.
func learn(p *rewrite.Pass, k *catalog.Package) *info {
	i := &info{of: k, writes: changes(p, k)}
	spec, body := false, k.Init
	i.block = k.Init
	for _, v := range k.Vars {
		d, ok := v.Decl.(*ir.VarDecl)
		if !ok || plsql.Fixed(d) {
			continue
		}
		if v.Private {
			body = true
		} else {
			spec = true
		}
		i.block = i.block || callsRoutine(d.Default)
	}
	if !k.HasBody {
		for _, u := range bodiesOf(p, k.Name) {
			for _, s := range u.Stmts {
				b, ok := s.(*ir.Package)
				if !ok || !b.Body || b.Name.Name() != k.Name {
					continue
				}
				i.block = i.block || b.Init != nil
				body = body || b.Init != nil
				for _, d := range b.Decls {
					if v, ok := d.(*ir.VarDecl); ok && !((v.Default == nil || ir.IsLiteral(v.Default)) && simple(v.Type)) {
						body = true
						i.block = i.block || ir.Find(v.Default, func(n ir.Node) bool { _, is := n.(*ir.Invoke); return is })
					}
				}
			}
		}
	}
	if spec || body {
		i.start = starter(k, "initialize", i.writes)
	}
	if body {
		i.body = starter(k, "initialize_body", i.writes)
	}
	return i
}

// changes tells that the statements that initialise a package may change rows: those of a body that the script does not have, may.
func changes(p *rewrite.Pass, k *catalog.Package) bool {
	for _, u := range append([]*ir.Unit{p.Unit}, bodiesOf(p, k.Name)...) {
		for _, s := range u.Stmts {
			b, ok := s.(*ir.Package)
			if !ok || !b.Body || b.Name.Name() != k.Name {
				continue
			}
			known := plsql.Of(p, b)
			writes := b.Init != nil && known.Writes(b.Init)
			for _, d := range b.Decls {
				if v, ok := d.(*ir.VarDecl); ok && v.Default != nil {
					writes = writes || known.Writes(v.Default)
				}
			}
			return writes
		}
	}
	return k.Init
}

func starter(k *catalog.Package, name string, writes bool) *catalog.Routine {
	for taken(k, name) {
		name += "_package"
	}
	return &catalog.Routine{Name: name, Kind: catalog.Procedure, TargetSchema: k.TargetSchema, Target: k.TargetName(catalog.RoutineSpace, name), Facts: catalog.Facts{CanRaise: true, Writes: writes, ReadsState: true}}
}

func taken(k *catalog.Package, name string) bool {
	return k.Var(name) != nil || len(k.Named(name)) > 0
}

func simple(t types.Type) bool {
	switch t.(type) {
	case nil, types.Ref, types.Record, types.Collection, types.Object:
		return false
	}
	return true
}

func callsRoutine(e ir.Expr) bool {
	return e != nil && ir.Find(e, func(n ir.Node) bool { _, is := n.(*ir.RoutineCall); return is })
}

type run struct {
	*rewrite.Pass
	pack *catalog.Package
	info *info
	unit *ir.Package
	kept bool // it has state
}

func unpack(p *rewrite.Pass, k *ir.Package) []ir.Stmt {
	if k.Object == nil {
		rewrite.Refuse(p, missing, k.Span, "package %s", k.Name)
		return nil
	}
	datatypes.Overloads(p, k.Object)
	r := &run{Pass: p, pack: k.Object, info: infoOf(p, k.Object), unit: k}
	var out []ir.Stmt
	if !k.Body && k.Object.Prefixed() {
		p.Report(prefixed, k.Span, "package %s", k.Name)
	} else if !k.Body {
		s := &ir.CreateSchema{Name: ir.Ident{Text: k.Object.TargetSchema, Quoted: true}, IfNotExists: true}
		s.Lead = k.Lead
		out = append(out, s)
	}
	var vars []*ir.VarDecl
	var routines []ir.Stmt
	for _, d := range k.Decls {
		switch d := d.(type) {
		case *ir.VarDecl:
			vars = append(vars, d)
		case *ir.TypeDecl:
			if s := r.typeDecl(d); s != nil {
				out = append(out, s)
			}
		case *ir.Pragma:
			if d.Name == "SERIALLY_REUSABLE" {
				rewrite.Refuse(p, serially, d.Span, "package %s", k.Name)
				return nil
			}
		case *ir.RoutineDecl:
			if d.Routine == nil || d.Forward || d.Routine.Body == nil && d.Routine.External == "" {
				continue
			}
			routines = append(routines, r.routine(d))
		}
	}
	r.undefined()
	for _, d := range vars {
		out = append(out, r.variable(d)...)
	}
	out = append(out, r.initialize(vars)...)
	if r.kept {
		p.Report(state, k.Span, "package %s", k.Name)
	}
	out = append(out, routines...)
	for i, s := range out {
		m := s.Base()
		if !m.Span.IsValid() {
			m.Span = k.Span
		}
		if i == 0 && (k.Body || k.Object.Prefixed()) {
			m.Lead = append(append([]ir.Comment(nil), k.Lead...), m.Lead...)
		}
		m.Made(code)
	}
	if len(out) == 0 {
		c := &ir.CommentStmt{Text: "package " + k.Name.String()}
		c.Span = k.Span
		if k.Object.Prefixed() {
			c.Lead = k.Lead
		}
		out = append(out, c)
	}
	return out
}

const externalKey = "packages.external"

// undefined reports the routines of a package that no body defines: at its body, or at the specification if the input has no body.
func (r *run) undefined() {
	external, _ := r.Session.Values[externalKey].(map[*catalog.Routine]bool)
	if external == nil {
		external = map[*catalog.Routine]bool{}
		r.Session.Values[externalKey] = external
	}
	defined := map[*catalog.Routine]bool{}
	for _, d := range r.unit.Decls {
		if x, ok := d.(*ir.RoutineDecl); ok && x.Routine != nil {
			external[x.Routine.Object] = external[x.Routine.Object] || x.Routine.External != ""
			defined[x.Routine.Object] = defined[x.Routine.Object] || x.Routine.Body != nil
		}
	}
	if !r.unit.Body && (r.pack.HasBody || len(bodiesOf(r.Pass, r.pack.Name)) > 0) {
		return
	}
	for _, o := range r.pack.Routines {
		if !defined[o] && !external[o] {
			r.Report(noBody, r.unit.Span, "%s.%s", r.pack.Name, o.Name)
		}
	}
}

// nameTypes names the types of records before any statement is converted: those in front of the package use them too. Rows of tables have
// to wait for what becomes of the tables.
func nameTypes(p *rewrite.Pass) {
	for _, s := range p.Unit.Stmts {
		k, ok := s.(*ir.Package)
		if !ok || k.Object == nil {
			continue
		}
		for _, d := range k.Decls {
			if t, ok := d.(*ir.TypeDecl); ok && t.Kind == ir.RecordType {
				rec, ok := t.Defined.(types.Record)
				switch {
				case !ok || rec.RecordDecl == nil || rec.Target != "":
				case slices.ContainsFunc(rec.Fields, func(f types.Field) bool { return waits(f.Type) }):
					datatypes.Later(p, rec.RecordDecl, k.Object.TargetSchema, typeName(k.Object, t))
				default:
					datatypes.Composite(p, rec.RecordDecl, k.Object.TargetSchema, typeName(k.Object, t), code, t)
				}
			}
		}
	}
}

// typeName is the name of a record that a package declares.
func typeName(k *catalog.Package, d *ir.TypeDecl) string {
	return k.TargetName(catalog.RelationSpace, datatypes.Fold(d.Name.Text))
}

// waits tells that a type holds the row of a table, or a record that has no name yet.
func waits(t types.Type) bool {
	switch x := t.(type) {
	case types.Record:
		return x.RecordDecl == nil || x.Of != nil || x.Target == ""
	case types.Collection:
		return x.CollectionDecl == nil || waits(x.Elem)
	}
	return false
}

// typeDecl gives a declared type its type on the target; a record is created there.
func (r *run) typeDecl(d *ir.TypeDecl) ir.Stmt {
	switch t := d.Defined.(type) {
	case types.Record:
		if d.Kind != ir.RecordType || t.RecordDecl == nil {
			return nil
		}
		if c := datatypes.Composite(r.Pass, t.RecordDecl, r.pack.TargetSchema, typeName(r.pack, d), code, d); c != nil {
			c.Lead = d.Lead
			reads := &refs{Pass: r.Pass}
			for _, f := range d.Fields { // other units use them, too late for their own names
				if f.Default != nil {
					f.Default = ir.MapExprs(f.Default, reads.lowered)
				}
			}
			datatypes.Defaults(r.Pass, t.RecordDecl, d.Fields)
			return c
		}
	case types.Collection:
		if d.Kind == ir.Subtype || datatypes.SQL(r.Pass, t) != "" {
			return nil
		}
	default:
		return nil
	}
	rewrite.Refuse(r.Pass, noType, d.Span, "type %s", d.Name.Text)
	return nil
}

func (r *run) routine(d *ir.RoutineDecl) ir.Stmt {
	x := d.Routine
	x.OrReplace = true
	if x.Object != nil {
		x.Name = ir.Qualified(r.pack.TargetSchema, x.Object.Target)
	}
	if x.Security == "" {
		x.Security = r.unit.Security
	}
	x.Lead = append(append([]ir.Comment(nil), d.Lead...), x.Lead...)
	x.Trail = append(x.Trail, d.Trail...)
	if !x.Span.IsValid() {
		x.Span = d.Span
	}
	if r.info.block && r.info.start != nil && x.Body != nil && r.public(x.Object) {
		b, ok := x.Body.(*ir.Block)
		if !ok {
			b = &ir.Block{Body: []ir.Stmt{x.Body}}
			b.Span = x.Span
			x.Body = b
		}
		b.Body = append([]ir.Stmt{callOf(r.info.start, x)}, b.Body...)
	}
	return x
}

// public tells that a routine is declared in the specification.
func (r *run) public(o *catalog.Routine) bool {
	for _, d := range r.unit.Decls {
		if x, ok := d.(*ir.RoutineDecl); ok && x.Forward && x.Routine != nil && x.Routine.Object == o {
			return true // may be private; the call costs little
		}
	}
	return true
}

func callOf(o *catalog.Routine, at ir.Node) ir.Stmt {
	c := &ir.CallProc{Name: ir.Qualified(o.TargetSchema, o.Target), Routine: o}
	c.Span = at.Base().Span
	c.Made(code)
	return c
}

// function declares a small routine of the target.
func (r *run) function(name string, params []*ir.ParamDecl, t *ir.TargetRoutine, body []ir.Stmt, at ir.Node) *ir.Routine {
	o := &catalog.Routine{Name: name, Kind: catalog.Function, TargetSchema: r.pack.TargetSchema, Target: name}
	if !t.Function {
		o.Kind = catalog.Procedure
	}
	x := &ir.Routine{Kind: o.Kind, Name: ir.Qualified(o.TargetSchema, name), Params: params, Object: o, OrReplace: true, Target: t, Security: "invoker"}
	x.Span = at.Base().Span
	t.Language = "plpgsql"
	t.Span = x.Span
	b := &ir.Block{Body: body}
	b.Span = x.Span
	x.Body = b
	return x
}

// variable makes the routines that read and assign a variable.
func (r *run) variable(d *ir.VarDecl) []ir.Stmt {
	v := d.Package
	if v == nil {
		v = r.pack.Var(d.Name.Text)
	}
	sql := datatypes.SQL(r.Pass, d.Type)
	if v == nil || sql == "" || sql == "refcursor" {
		rewrite.Refuse(r.Pass, noType, d.Span, "variable %s is of type %s", d.Name.Text, d.Type)
		return nil
	}
	if d.Constant && plsql.Fixed(d) {
		get := r.function(v.Target, nil, &ir.TargetRoutine{Function: true, Returns: datatypes.Loose(r.Pass, d.Type), Volatility: "IMMUTABLE"}, []ir.Stmt{returns(ir.Clone(d.Default), d)}, d)
		get.Lead = d.Lead
		return []ir.Stmt{get}
	}
	r.kept = true
	key := control.Text(r.key(v))
	value := converted(r.Helper("state_get", nil, key), sql, d)
	var body []ir.Stmt
	first := d.Default
	if first == nil {
		first = datatypes.Initial(r.Pass, d.Type, d, code)
	}
	if r.info.start != nil {
		body = append(body, callOf(r.info.start, d))
	}
	// initialize sets the variables of a body only where one of them is computed or the body runs statements: else their first values are told here.
	if (r.info.start == nil || r.unit.Body && r.info.body == nil) && first != nil && !isNull(first) {
		known := r.Helper("state_known", nil, control.Text(r.key(v)))
		known.Type = types.Bool{}
		body = append(body, control.When(control.Negate(known), returns(ir.Clone(first), d)))
	}
	body = append(body, returns(value, d))
	get := r.function(v.Target, nil, &ir.TargetRoutine{Function: true, Returns: datatypes.Loose(r.Pass, d.Type)}, body, d)
	get.Lead = d.Lead
	if d.Constant {
		return []ir.Stmt{get}
	}
	p := &ir.ParamDecl{Name: ir.Ident{Text: "VALUE"}, Type: d.Type, TypeSQL: datatypes.Loose(r.Pass, d.Type), TargetName: "value"}
	p.Span = d.Span
	set := r.function(setter(r.Pass, r.pack, v), []*ir.ParamDecl{p}, &ir.TargetRoutine{Function: true, Returns: "void"}, r.setting(v, d, p, sql), d)
	return []ir.Stmt{get, set}
}

// setting are the statements that assign a variable; its length and digits are those of its type.
func (r *run) setting(v *catalog.PackageVar, d *ir.VarDecl, p *ir.ParamDecl, sql string) []ir.Stmt {
	var body []ir.Stmt
	if r.info.start != nil {
		body = append(body, callOf(r.info.start, d))
	}
	n := &ir.Name{Parts: []ir.Ident{p.Name}, Ref: &ir.ParamRef{Param: p}}
	n.Type, n.Span = d.Type, d.Span
	var value ir.Expr = n
	if d.NotNull {
		body = append(body, notNull(n, d))
	}
	if t, ok := d.Type.(types.Text); ok && t.N > 0 {
		h := r.Helper("fitting", n, n, control.Int(itoa(t.N)))
		h.Type = types.Text{}
		value = h
	} else if sql != p.TypeSQL {
		value = castTo(value, sql)
	}
	return append(body, r.store(v, value, d))
}

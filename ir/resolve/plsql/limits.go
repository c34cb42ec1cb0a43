package plsql

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/source"
	"godwit/ir/types"
)

// limit is the range of a subtype; nil bounds are open.
type limit struct {
	lo, hi  ir.Expr
	notNull bool
}

func whole(n string) ir.Expr {
	x := &ir.Number{Text: strings.TrimPrefix(n, "-")}
	x.Type = types.Int{Bits: 32}
	if n[0] != '-' {
		return x
	}
	u := &ir.Unary{Op: ir.Neg, X: x}
	u.Type = types.Int{Bits: 32}
	return u
}

// limitOf is the limit of a type that is not resolved yet, nil if it has none.
func (r *Resolver) limitOf(f *frame, t types.Type) *limit {
	ref, ok := t.(types.Ref)
	if !ok || ref.Attr != "" {
		return nil
	}
	switch strings.ToUpper(ref.Name) {
	case "NATURAL":
		return &limit{lo: whole("0")}
	case "NATURALN":
		return &limit{lo: whole("0"), notNull: true}
	case "POSITIVE":
		return &limit{lo: whole("1")}
	case "POSITIVEN":
		return &limit{lo: whole("1"), notNull: true}
	case "SIGNTYPE":
		return &limit{lo: whole("-1"), hi: whole("1")}
	case "SIMPLE_INTEGER":
		return &limit{notNull: true}
	}
	d := r.subtype(f, strings.Split(ref.Name, "."))
	if d == nil {
		return nil
	}
	base := r.inherits[d] // what it is a subtype of
	if d.Lo == nil && !d.NotNull {
		return base
	}
	l := &limit{lo: d.Lo, hi: d.Hi, notNull: d.NotNull}
	if base != nil {
		l.notNull = l.notNull || base.notNull
		if l.lo == nil && l.hi == nil {
			l.lo, l.hi = base.lo, base.hi
		}
	}
	return l
}

// subtype is the declaration of a subtype by its name, nil if it is none.
func (r *Resolver) subtype(f *frame, parts []string) *ir.TypeDecl {
	name := parts[len(parts)-1]
	for g := f; g != nil; g = g.outer {
		if e := g.names[name]; e != nil && len(parts) == 1 {
			return e.subtype
		}
		if g.pack != nil && len(parts) == 1 {
			return r.subtypes[g.pack][strings.ToUpper(name)]
		}
	}
	if len(parts) == 2 {
		if p := r.findPackage("", parts[0]); p != nil {
			return r.subtypes[p][strings.ToUpper(name)]
		}
	}
	return nil
}

// noteSubtype remembers a subtype of a package.
func (r *Resolver) noteSubtype(p *catalog.Package, d *ir.TypeDecl) {
	if d.Kind != ir.Subtype {
		return
	}
	if r.subtypes[p] == nil {
		r.subtypes[p] = map[string]*ir.TypeDecl{}
	}
	r.subtypes[p][strings.ToUpper(d.Name.Text)] = d
}

// limited puts the test of a subtype's range before an assignment, or behind it where the value must not be computed twice: a value outside
// of the range raises VALUE_ERROR.
func (r *Resolver) limited(s *ir.SetVar) ir.Stmt {
	if len(s.Items) != 1 || s.Items[0].Value == nil {
		return s
	}
	it := s.Items[0]
	l := r.limitOfTarget(it.Target)
	if l == nil || fits(it.Value, l) {
		return s
	}
	before := twice(it.Value)
	x := it.Target
	if before {
		x = it.Value
	}
	test := l.test(x, s.Span)
	if test == nil {
		return s
	}
	out := &ir.Splice{Stmts: []ir.Stmt{s, test}}
	if before {
		out.Stmts = []ir.Stmt{test, s}
	}
	return out
}

// twice tells that an expression may be computed twice.
func twice(e ir.Expr) bool {
	facts := NodeFacts(e)
	return !facts.Writes && !facts.ReadsState && !ir.Find(e, func(n ir.Node) bool { _, call := n.(*ir.RoutineCall); return call })
}

// returned puts the test of the range of a function's result before a RETURN.
func (r *Resolver) returned(f *frame, s *ir.Return) ir.Stmt {
	fn := f.enclosing()
	if fn == nil || s.Value == nil {
		return s
	}
	l := r.results[fn]
	if l == nil || fits(s.Value, l) || !twice(s.Value) {
		return s
	}
	if test := l.test(s.Value, s.Span); test != nil {
		return &ir.Splice{Stmts: []ir.Stmt{test, s}}
	}
	return s
}

// entry tests what a routine is given before anything of its body runs, outside of its handlers: the source raises the error at the call
// (PL/SQL Language Reference, "Formal Parameters of Constrained Subtypes").
func (r *Resolver) entry(s *ir.Routine) {
	var tests []ir.Stmt
	for _, p := range s.Params {
		l := r.ranges[p]
		if l == nil || p.Mode == catalog.Out {
			continue
		}
		n := &ir.Name{Parts: []ir.Ident{p.Name}, Ref: &ir.ParamRef{Param: p}}
		n.Span, n.Type = p.Span, p.Type
		if t := l.test(n, p.Span); t != nil {
			tests = append(tests, t)
		}
	}
	if len(tests) == 0 {
		return
	}
	if b, ok := s.Body.(*ir.Block); ok && len(b.Catches) == 0 && !slices.ContainsFunc(b.Decls, computed) {
		b.Body = append(tests, b.Body...)
		return
	}
	b := &ir.Block{Body: append(tests, s.Body)}
	b.Span = s.Body.Base().Span
	s.Body = b
}

// computed tells that a declaration has a first value that is no literal.
func computed(d ir.Decl) bool {
	v, ok := d.(*ir.VarDecl)
	if !ok || v.Default == nil {
		return false
	}
	switch ir.Bare(v.Default).(type) {
	case *ir.Number, *ir.String, *ir.Null, *ir.Bool:
		return false
	}
	return true
}

// limitOfTarget is the limit of a variable, or of a field that is declared NOT NULL.
func (r *Resolver) limitOfTarget(e ir.Expr) *limit {
	var of types.Type
	field := ""
	switch x := e.(type) {
	case *ir.Name:
		switch ref := x.Ref.(type) {
		case *ir.VarRef:
			return r.ranges[ref.Decl]
		case *ir.ParamRef:
			return r.ranges[ref.Param]
		case *ir.FieldRef:
			of, field = ref.Of.TypeOf(), ref.Field
		}
	case *ir.Field:
		of, field = x.X.TypeOf(), x.Name
	}
	if rec, ok := of.(types.Record); ok && rec.RecordDecl != nil {
		if f := rec.Field(field); f != nil && f.NotNull {
			return &limit{notNull: true}
		}
	}
	return nil
}

// fits tells that a literal is in the range.
func fits(e ir.Expr, l *limit) bool {
	v, ok := signedInt(ir.Bare(e))
	if !ok {
		return false
	}
	if l.lo != nil {
		if lo, ok := signedInt(ir.Bare(l.lo)); !ok || v < lo {
			return false
		}
	}
	if l.hi != nil {
		if hi, ok := signedInt(ir.Bare(l.hi)); !ok || v > hi {
			return false
		}
	}
	return true
}

// test raises VALUE_ERROR where x is outside of the range.
func (l *limit) test(x ir.Expr, at source.Span) ir.Stmt {
	var cond ir.Expr
	or := func(c ir.Expr) {
		c.Base().Span = at
		c.SetType(types.Bool{})
		if cond == nil {
			cond = c
			return
		}
		b := &ir.Binary{Op: ir.Or, L: cond, R: c}
		b.Span, b.Type = at, types.Bool{}
		cond = b
	}
	if l.lo != nil {
		or(&ir.Compare{Op: ir.Lt, L: ir.Clone(x), R: ir.Clone(l.lo)})
	}
	if l.hi != nil {
		or(&ir.Compare{Op: ir.Gt, L: ir.Clone(x), R: ir.Clone(l.hi)})
	}
	if l.notNull {
		or(&ir.IsNull{X: ir.Clone(x)})
	}
	if cond == nil {
		return nil
	}
	p := predefinedExceptions["VALUE_ERROR"]
	raise := &ir.RaiseNamed{Name: ir.Qualified("", "VALUE_ERROR")}
	raise.Exception = &ir.ExceptionDecl{Name: ir.Ident{Text: "VALUE_ERROR"}, Code: p.code, State: raisedState(p.code)}
	raise.Span = at
	b := &ir.Branch{Cond: cond, Body: []ir.Stmt{raise}}
	b.Span = at
	s := &ir.If{Branches: []*ir.Branch{b}}
	s.Span = at
	return s
}

package outcalls

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/types"
)

// orNull is behind the name of a function that stands for another one in queries.
const orNull, orNullTarget = "_OR_NULL", "_or_null"

// noRow is the condition of the target for NO_DATA_FOUND.
const noDataFound = "no_data_found"

// orEmpty is the function that a query calls in place of one that may end with NO_DATA_FOUND: it is NULL then (PL/SQL Language Reference, "Predefined
// Exceptions": NO_DATA_FOUND does not propagate from a function that a SQL statement calls). nil where the call cannot be told so: a handler
// undoes what the function changed before.
func (r *run) orEmpty(c *ir.RoutineCall) *catalog.Routine {
	o := c.Routine
	if o.Method != nil || o.Target == "" || r.code.Nested(o) != nil || r.changes(o, true) || len(c.Args) != len(o.Params) || !plain(o.Returns) ||
		len(o.Package.OwnName(catalog.RoutineSpace, o.Target))+len(orNullTarget) > 63 || slices.ContainsFunc(o.Params, func(p catalog.Param) bool { return p.Mode != catalog.In || !plain(p.Type) }) ||
		slices.ContainsFunc(c.Args, func(a ir.Expr) bool { _, named := a.(*ir.NamedArg); return named }) {
		return nil
	}
	if x := r.empties[o]; x != nil {
		return x
	}
	if o.Package == nil && r.Catalog.Routine(catalog.Function, o.Schema, o.Name+orNull) != nil || o.Package != nil && (len(o.Package.Named(o.Name)) > 1 || len(o.Package.Named(o.Name+orNull)) > 0) {
		return nil
	}
	x := *o
	x.Name, x.Target = o.Name+orNull, o.Package.Beside(o.Target, orNullTarget)
	x.Facts.NoRow = false
	x.Params = slices.Clone(o.Params)
	for i := range x.Params {
		x.Params[i].Default = false
	}
	r.empties[o] = &x
	r.made = append(r.made, r.emptyForm(c, o, &x))
	return &x
}

// StandsIn tells a definition that orEmpty made: of one function it is the same wherever it is made.
func StandsIn(f *ir.Routine) bool {
	return slices.Contains(f.Origin, code) && strings.HasSuffix(f.Name.Name(), orNull)
}

// plain tells a type that a parameter of the target takes as it is.
func plain(t types.Type) bool {
	switch t.(type) {
	case types.Text, types.Decimal, types.Int, types.DateTime, types.Timestamp, types.Float, types.Interval, types.Collection, types.Object:
		return true
	}
	return false
}

// emptyForm is the definition: the other function in a block that handles NO_DATA_FOUND.
func (r *run) emptyForm(at *ir.RoutineCall, o, x *catalog.Routine) *ir.Routine {
	call := &ir.RoutineCall{Name: ir.QName{Parts: slices.Clone(at.Name.Parts)}, Routine: o}
	call.Type, call.Span = o.Returns, at.Span
	f := &ir.Routine{Kind: catalog.Function, OrReplace: true, Returns: o.Returns, Object: x, Facts: x.Facts}
	f.Name = ir.QName{Parts: slices.Clone(at.Name.Parts)}
	f.Name.Parts[len(f.Name.Parts)-1].Text += orNull
	f.Span = at.Span
	f.Made(code)
	for _, p := range o.Params {
		d := &ir.ParamDecl{Name: ir.Ident{Text: p.Name}, Type: p.Type, TargetName: p.Target}
		d.Span = at.Span
		f.Params = append(f.Params, d)
		n := &ir.Name{Parts: []ir.Ident{d.Name}, Ref: &ir.ParamRef{Param: d}}
		n.Type, n.Span = p.Type, at.Span
		call.Args = append(call.Args, n)
	}
	null := &ir.Null{}
	null.Type, null.Span = types.Null{}, at.Span
	c := &ir.ExceptArm{Conditions: []string{noDataFound}, Body: []ir.Stmt{&ir.Return{Value: null}}} // the target's form: what it undoes is nothing, as variables of packages stay
	b := &ir.Block{Body: []ir.Stmt{&ir.Return{Value: call}}, Except: []*ir.ExceptArm{c}}
	c.Span, b.Span = at.Span, at.Span
	for _, s := range []ir.Stmt{b.Body[0], c.Body[0]} {
		s.Base().Span = at.Span
	}
	f.Body = b
	return f
}

// changes tells a function that changes rows, or, if unknown is set, one that may; a transaction of its own does not count.
func (r *run) changes(o *catalog.Routine, unknown bool) bool {
	if !o.Facts.Writes && !o.Facts.Transaction {
		return false
	}
	key := changing{o, unknown}
	if found, told := r.changing[key]; told {
		return found
	}
	seen := map[*catalog.Routine]bool{}
	var in func(o *catalog.Routine) bool
	in = func(o *catalog.Routine) bool {
		if o == nil || seen[o] || o.Apart {
			return o == nil && unknown
		}
		seen[o] = true
		d := r.code.Body(o)
		if d == nil || d.Body == nil {
			return unknown
		}
		return !d.Autonomous && ir.Find(d.Body, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.Insert, *ir.Update, *ir.Delete, *ir.Merge, *ir.MultiInsert:
				return true
			case *ir.Execute, *ir.Transaction, *ir.Invoke, *ir.Invocation:
				return unknown
			case *ir.CallProc:
				return in(n.Routine)
			case *ir.RoutineCall:
				return in(n.Routine)
			}
			return false
		})
	}
	found := in(o)
	if r.changing == nil {
		r.changing = map[changing]bool{}
	}
	r.changing[key] = found
	return found
}

// changing is what changes has been asked.
type changing struct {
	routine *catalog.Routine
	unknown bool
}

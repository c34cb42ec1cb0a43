package routines

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

var longText = &diag.Code{
	ID: "PL0005", Title: "A text that may be longer than declared", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: "The target drops the length of a parameter's or result's type: VARCHAR(10) takes any text there, where the source raises an error in strict mode and cuts the text otherwise. " +
		"It is assumed that no longer text is returned, and that programs hand over none, where the parameter does more than to go into columns and variables of its own type.",
	Next: "Check the length where the value is made.", Each: 0.02,
}

// precision rounds the arguments that the source rounds when they are handed over, and finds the values of an ENUM that they mean.
func precision(p *rewrite.Pass, r *ir.Routine) {
	var first []ir.Stmt
	for _, d := range r.Params {
		value := handedOver(p, r, d)
		if value == nil {
			continue
		}
		it := &ir.SetItem{Target: param(d), Value: value}
		it.Span = d.Span
		s := &ir.SetVar{Items: []*ir.SetItem{it}}
		s.Span = d.Span
		s.Made(code)
		first = append(first, s)
	}
	long(p, r)
	if len(first) == 0 {
		return
	}
	b, ok := control.Body(r).(*ir.Block)
	if !ok || early(b) {
		b = &ir.Block{Body: []ir.Stmt{control.Body(r)}}
		b.Span = r.Span
		control.SetBody(r, b)
	}
	b.Body = append(first, b.Body...)
}

// handedOver is what the source makes of an argument, nil if that is the argument itself.
func handedOver(p *rewrite.Pass, r *ir.Routine, d *ir.ParamDecl) ir.Expr {
	if d.Mode == catalog.Out {
		return nil
	}
	x := param(d)
	switch t := d.Type.(type) {
	case types.Enum:
		if t.Name == "" { // a text: programs may hand over any, and the source takes 'OPEN' for 'open'
			return p.Helper("to_label", x, labels(t), x)
		}
		return nil
	}
	if !rounds(d.Type) || onlyStored(r, d) {
		return nil
	}
	return build.Cast(x, d.Type, code)
}

// labels are the values of an ENUM.
func labels(t types.Enum) ir.Expr {
	a := &ir.ArrayExpr{}
	for _, v := range t.Values {
		a.Items = append(a.Items, build.Text(v))
	}
	a.Type = types.Array{Elem: types.Text{}}
	return a
}

// early tells a block whose declarations may read a parameter, or whose handlers would take an error of the caller's argument: the
// parameters are rounded in a block around it.
func early(b *ir.Block) bool {
	if len(b.Except) > 0 {
		return true
	}
	for _, d := range b.Decls {
		switch d := d.(type) {
		case *ir.Handler:
			return true
		case *ir.VarDecl:
			if d.Default != nil && ir.Find(d.Default, isParam) {
				return true
			}
		}
	}
	return false
}

func isParam(n ir.Node) bool {
	x, ok := n.(*ir.Name)
	if !ok {
		return false
	}
	_, ok = x.Ref.(*ir.ParamRef)
	return ok
}

func param(d *ir.ParamDecl) *ir.Name {
	n := &ir.Name{Parts: []ir.Ident{d.Name}, Ref: &ir.ParamRef{Param: d}}
	n.Span, n.Type = d.Span, d.Type
	return n
}

// rounds tells the types of the source that round what is handed over, and whose digits the target drops.
func rounds(t types.Type) bool {
	switch t := t.(type) {
	case types.Decimal:
		return t.Precision > 0
	case types.Float:
		return t.Digits > 0
	case types.DateTime, types.Timestamp, types.Time:
		return op.Precision(t) < 6
	}
	return false
}

// onlyStored tells that a parameter only goes into columns and variables of its own type, which round it again.
func onlyStored(r *ir.Routine, d *ir.ParamDecl) bool {
	all, stored := 0, 0
	is := func(e ir.Expr, t types.Type) {
		n, ok := e.(*ir.Name)
		if !ok || t == nil || t != d.Type {
			return
		}
		if ref, ok := n.Ref.(*ir.ParamRef); ok && ref.Param == d {
			stored++
		}
	}
	ir.Walk(r.Body, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Name:
			if ref, ok := n.Ref.(*ir.ParamRef); ok && ref.Param == d {
				all++
			}
		case *ir.Assign:
			is(n.Value, n.Column.TypeOf())
		case *ir.VarDecl:
			is(n.Default, n.Type)
		case *ir.SetItem:
			if v, ok := n.Target.(*ir.Name); ok {
				if _, param := v.Ref.(*ir.ParamRef); !param {
					is(n.Value, v.TypeOf())
				}
			}
		case *ir.Insert:
			insertedValues(n, is)
		}
		return true
	})
	return all == stored
}

// insertedValues shows the values of INSERT ... VALUES with the types of their columns.
func insertedValues(s *ir.Insert, is func(ir.Expr, types.Type)) {
	v, ok := s.Source.(*ir.Values)
	if !ok || s.Table == nil || s.Table.Table == nil {
		return
	}
	var cols []types.Type
	for _, n := range s.Columns {
		cols = append(cols, n.TypeOf())
	}
	if s.Columns == nil {
		for _, c := range s.Table.Table.Columns {
			cols = append(cols, c.Type)
		}
	}
	for _, row := range v.Rows {
		for i, e := range row.Items {
			if i < len(cols) {
				is(e, cols[i])
			}
		}
	}
}

// long reports texts that are returned, or handed over, and may be longer than declared.
func long(p *rewrite.Pass, r *ir.Routine) {
	for _, d := range r.Params {
		if t, ok := d.Type.(types.Text); ok && t.N > 0 && d.Mode != catalog.Out && !onlyStored(r, d) {
			p.Report(longText, d.Span, "programs are assumed to hand over at most %d characters as %s", t.N, d.Name.Text)
			break
		}
	}
	seen := false
	report := func(e ir.Expr, t types.Type) {
		text, ok := t.(types.Text)
		if seen || !ok || text.N == 0 || e == nil {
			return
		}
		if from, ok := e.TypeOf().(types.Text); !ok || from.N > 0 && from.N <= text.N {
			return
		}
		if n := op.TextLen(e.TypeOf()); n > 0 && n <= text.N {
			return
		}
		seen = true
		p.Report(longText, e.Base().Span, "%s is assumed to have at most %d characters", e.Base().Span.Text(), text.N)
	}
	ir.Walk(r.Body, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Return:
			report(n.Value, r.Returns)
		case *ir.SetItem:
			if v, ok := n.Target.(*ir.Name); ok {
				if ref, ok := v.Ref.(*ir.ParamRef); ok {
					report(n.Value, ref.Param.Type)
				}
			}
		}
		return true
	})
}

package supplied

import (
	"slices"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

var notSmaller = &diag.Code{
	ID: "PL0780", Title: "Bytes are compressed without getting smaller", Severity: diag.Review, Fidelity: diag.Approximate,
	Doc:  "UTL_COMPRESS.LZ_COMPRESS becomes a helper routine that gives the form of gzip, with the same head and checksum, and stores the bytes in it as they are: what reads gzip or zip reads it, but its length and its bytes are others than those of the source.",
	Next: "Compress in the application where the size matters; columns of the target compress long values by themselves.", Each: 0.1,
}

// converted is CONVERTTOBLOB and CONVERTTOCLOB (dest, source, amount, dest_offset, src_offset, charset, language, warning): the destination gets its new value and the offsets
// move behind what was written and read. There is never a warning: what does not convert raises an error.
func (r *run) converted(s *ir.Invocation, c *ir.Call) ir.Stmt {
	dest, source, amount, to, from, charset, warning := c.Args[0], c.Args[1], c.Args[2], c.Args[3], c.Args[4], c.Args[5], c.Args[7]
	_, toBytes := dest.TypeOf().(types.Binary)
	_, ofBytes := source.TypeOf().(types.Binary)
	switch {
	case !r.inBody(s):
		rewrite.Refuse(r.Pass, unnamed, s.Span, "%s outside of a block", c.Name)
		return s
	case toBytes == ofBytes, toBytes != (c.Name == "DBMS_LOB.CONVERTTOBLOB"):
		rewrite.Refuse(r.Pass, unnamed, s.Span, "%s with values of these types", c.Name)
		return s
	case r.ofRow(dest):
		rewrite.Refuse(r.Pass, locator, s.Span, "%s changes a row", c.Name)
		return s
	case !apart(dest, to, from, warning) || !unchanged([]ir.Expr{source, amount, charset}, dest, to, from):
		rewrite.Refuse(r.Pass, unnamed, s.Span, "%s with arguments that depend on each other or call routines", c.Name)
		return s
	}
	whole := r.Helper("dbms_lob_convert_into", dest, ir.Clone(dest), ir.Clone(to), ir.Clone(source), ir.Clone(amount), ir.Clone(from), ir.Clone(charset))
	whole.Type = dest.TypeOf()
	part := r.Helper("dbms_lob_converted", dest, ir.Clone(source), ir.Clone(amount), ir.Clone(from), ir.Clone(charset))
	part.Type = dest.TypeOf()
	written := r.Helper("dbms_lob_getlength", to, part)
	written.Type = to.TypeOf()
	rest := ir.Clone(amount)
	left := build.Make(&ir.Binary{Op: ir.Add, L: &ir.Binary{Op: ir.Sub, L: r.size(source, from), R: ir.Clone(from)}, R: control.Int("1")}, from, from.TypeOf(), code)
	left.L.SetType(from.TypeOf())
	read := build.Call("least", from, from.TypeOf(), code, rest, build.Call("greatest", from, from.TypeOf(), code, left, control.Int("0")))
	list := []ir.Stmt{
		control.Set(dest, whole), // what raises an error comes first, with nothing changed
		control.Set(to, plus(to, written)),
		control.Set(from, plus(from, read)),
		control.Set(warning, control.Int("0")),
	}
	for _, x := range list {
		v := x.(*ir.SetVar)
		v.Span, v.Items[0].Span = s.Span, s.Span
		v.Made(code)
	}
	return control.Take(code, s, list...)
}

func (r *run) size(source, like ir.Expr) ir.Expr {
	h := r.Helper("dbms_lob_getlength", like, ir.Clone(source))
	h.Type = like.TypeOf()
	return h
}

func plus(a, b ir.Expr) ir.Expr {
	return build.Make(&ir.Binary{Op: ir.Add, L: ir.Clone(a), R: b}, a, a.TypeOf(), code)
}

// apart tells that the expressions are variables, each another.
func apart(list ...ir.Expr) bool {
	var seen []ir.Node
	for _, e := range list {
		d := control.Target(e)
		if d == nil || slices.Contains(seen, d) {
			return false
		}
		seen = append(seen, d)
	}
	return true
}

// unchanged tells that expressions may be computed again and give the same after the variables have changed.
func unchanged(list []ir.Expr, written ...ir.Expr) bool {
	var targets []ir.Node
	for _, e := range written {
		targets = append(targets, control.Target(e))
	}
	for _, e := range list {
		if ir.Find(e, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.RoutineCall, *ir.Subquery, *ir.Construct:
				return true
			case *ir.Call:
				return n.Op == op.OraSupplied && n.Name != "DBMS_LOB.GETLENGTH"
			case *ir.Name:
				return slices.Contains(targets, control.Target(n))
			}
			return false
		}) {
			return false
		}
	}
	return true
}

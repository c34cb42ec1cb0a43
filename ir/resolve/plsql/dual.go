package plsql

import "godwit/ir"

// The target has no DUAL. Where nothing of it is asked for it leaves FROM; else a query of one row takes its place.

// withoutDual takes DUAL out of the FROM of a select.
func (r *Resolver) withoutDual(sc *scope, s *ir.Select) {
	if len(s.From) == 0 {
		s.From = dualOfStar(s)
	}
	if !r.hasDual(s.From) {
		return
	}
	asked := asksForDummy(s)
	kept := s.From[:0:0]
	for _, t := range s.From {
		if r.isDual(t) && !asked && sc.cte("DUAL") == nil {
			continue
		}
		kept = append(kept, r.dualReplaced(t))
	}
	s.From = kept
}

// dualOfStar is DUAL where a star stands alone, or its column: the front end leaves DUAL out where nothing is attached to it.
func dualOfStar(s *ir.Select) []ir.TableExpr {
	for _, it := range s.Items {
		if st, ok := it.Expr.(*ir.Star); ok {
			t := &ir.TableRef{Name: ir.Qualified("", "DUAL")}
			t.Span = st.Span
			return []ir.TableExpr{t}
		}
	}
	for _, it := range s.Items {
		if n, ok := it.Expr.(*ir.Name); ok && len(n.Parts) == 1 && n.Parts[0].Text == "DUMMY" {
			t := &ir.TableRef{Name: ir.Qualified("", "DUAL")}
			t.Span = n.Span
			return []ir.TableExpr{t}
		}
	}
	return nil
}

func (r *Resolver) hasDual(list []ir.TableExpr) bool {
	for _, t := range list {
		if j, ok := t.(*ir.Join); ok && r.hasDual([]ir.TableExpr{j.L, j.R}) || r.isDual(t) {
			return true
		}
	}
	return false
}

// isDual tells that a node is the table DUAL.
func (r *Resolver) isDual(n ir.Node) bool {
	t, ok := n.(*ir.TableRef)
	return ok && t.Name.Name() == "DUAL" && t.Link.Text == "" && r.findTable(t.Name) == r.dual
}

// asksForDummy tells that the select may read the column of DUAL.
func asksForDummy(s *ir.Select) bool {
	return ir.Find(s, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Star:
			return true
		case *ir.Name:
			return n.Parts[len(n.Parts)-1].Text == "DUMMY"
		}
		return false
	})
}

// dualReplaced puts SELECT 'X' AS DUMMY in the place of DUAL.
func (r *Resolver) dualReplaced(t ir.TableExpr) ir.TableExpr {
	switch t := t.(type) {
	case *ir.Join:
		t.L, t.R = r.dualReplaced(t.L), r.dualReplaced(t.R)
	case *ir.TableRef:
		if !r.isDual(t) {
			return t
		}
		x := &ir.String{Value: "X"}
		x.Span = t.Span
		it := &ir.SelectItem{Expr: x, Alias: ir.Ident{Text: "DUMMY"}}
		it.Span = t.Span
		q := &ir.Select{Items: []*ir.SelectItem{it}}
		q.Span = t.Span
		d := &ir.Derived{Query: q, Alias: t.Alias}
		d.Meta = t.Meta
		if d.Alias.Text == "" {
			d.Alias = ir.Ident{Text: "DUAL"}
		}
		return d
	}
	return t
}

package rowids

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

var asKey = &diag.Code{
	ID: "QY0755", Title: "ROWID is the primary key", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `A ROWID that is read and used by a later statement becomes the value of the table's primary key, a single column: it finds the row again as long as its key stays (SQL Language Reference, "ROWID Pseudocolumn"). ` +
		`Assumed: nobody changes the key of a row, or deletes the row and makes it anew, while its ROWID is kept, and nobody shows a ROWID or takes it apart.`,
	Next: "Read the key itself, and find the row by it.", Each: 0.1,
}

// keys are the ROWIDs of a unit with the columns that stand for them.
type keys struct {
	of   map[*ir.Pseudo]*ir.Name
	lost bool // one of them belongs to no table with a primary key of one column
	cols map[*catalog.Column]bool
}

// keyed makes values of primary keys of the ROWIDs of a unit; false if one of them cannot be.
func keyed(p *rewrite.Pass, s ir.Stmt) bool {
	if _, shown := s.(*ir.QueryStmt); shown {
		return false
	}
	k := &keys{of: map[*ir.Pseudo]*ir.Name{}, cols: map[*catalog.Column]bool{}}
	k.visit(s, nil)
	if k.lost || len(k.of) == 0 || k.moved(s) {
		return false
	}
	p.Report(asKey, s.Base().Span, "the primary key stands for ROWID")
	ir.Walk(s, func(n ir.Node) bool {
		if it, ok := n.(*ir.SelectItem); ok && it.Alias.Text == "" && isRowid(it.Expr) {
			it.Alias = ir.Ident{Text: "ROWID"} // what fields of a record are called by
		}
		return true
	})
	p.Exprs(func(e ir.Expr) ir.Expr {
		c, ok := e.(*ir.Compare)
		if !ok {
			return e
		}
		c.L, c.R = k.pair(c.Op, c.L, c.R), k.pair(c.Op, c.R, c.L)
		return c
	})
	p.Exprs(func(e ir.Expr) ir.Expr {
		x, ok := e.(*ir.Pseudo)
		if !ok || k.of[x] == nil {
			return e
		}
		return text(k.of[x])
	})
	return true
}

// text is a key as the text that a ROWID is.
func text(n *ir.Name) ir.Expr {
	if types.IsText(n.Type) {
		return n
	}
	c := &ir.Cast{X: n, To: types.Text{N: 18, EmptyIsNull: true}, Implicit: true}
	c.Span, c.Type = n.Span, c.To
	c.Made(code)
	return c
}

// bare takes off what stands around a text that is compared.
func bare(e ir.Expr) ir.Expr {
	if c, ok := e.(*ir.Collate); ok {
		e = c.X
	}
	return ir.Bare(e)
}

// pair is a side of a comparison: a key is compared as what it is, so that its index is used.
func (k *keys) pair(o ir.CompareOp, e, other ir.Expr) ir.Expr {
	x, own := bare(e).(*ir.Pseudo)
	y, also := bare(other).(*ir.Pseudo)
	own, also = own && k.of[x] != nil, also && k.of[y] != nil
	if o != ir.Eq && o != ir.Ne || own == also {
		return e
	}
	if own {
		return k.of[x]
	}
	if types.IsText(k.of[y].Type) {
		return bare(e)
	}
	if c := k.of[y].Column(); c != nil && c.Integral() { // an integer on the target, whose index takes no numeric
		return build.As(bare(e), "bigint", types.Int{Bits: 64}, code)
	}
	c := &ir.Cast{X: bare(e), To: types.Decimal{}, Implicit: true, Fail: ir.FailError}
	c.Span, c.Type = e.Base().Span, c.To
	c.Made(code)
	return c
}

// visit finds the tables of ROWIDs. around are the items of FROM that are seen, the nearest last.
func (k *keys) visit(n ir.Node, around [][]ir.TableExpr) {
	if k.lost {
		return
	}
	var items []ir.TableExpr
	switch n := n.(type) {
	case *ir.Select:
		items = tree.Leaves(n.From)
	case *ir.Update:
		items = tree.Leaves(n.Tables)
	case *ir.Delete:
		items = tree.Leaves(n.From)
	case *ir.Insert:
		if n.Table != nil {
			items = []ir.TableExpr{n.Table}
		}
	case *ir.Merge, *ir.MultiInsert, *ir.CreateTable, *ir.CreateTrigger:
		k.lost = has(n)
		return
	case *ir.Pseudo:
		if isRowid(n) {
			k.bind(n, around)
		}
		return
	}
	if items != nil {
		around = append(around[:len(around):len(around)], items)
	}
	ir.Children(n, func(c ir.Node) { k.visit(c, around) })
}

// bind finds the key of a ROWID's table.
func (k *keys) bind(x *ir.Pseudo, around [][]ir.TableExpr) {
	k.lost = true
	for i := len(around) - 1; i >= 0; i-- {
		for _, t := range around[i] {
			if len(x.Qualifier) > 0 && tree.NameOf(t) != x.Qualifier[len(x.Qualifier)-1].Text {
				continue
			}
			r, ok := t.(*ir.TableRef)
			if !ok || r.CTE != nil || len(x.Qualifier) == 0 && len(around[i]) > 1 {
				return
			}
			c := r.Table.RowKey()
			if c == nil {
				return
			}
			n := tree.Column(r.Table, c, r, tree.NameOf(r))
			n.Span = x.Span
			n.Made(code)
			k.of[x], k.cols[c], k.lost = n, true, false
			return
		}
		if len(x.Qualifier) == 0 {
			return
		}
	}
}

// moved tells that the unit itself changes a key that stands for a ROWID.
func (k *keys) moved(s ir.Stmt) bool {
	return ir.Find(s, func(n ir.Node) bool {
		a, ok := n.(*ir.Assign)
		if !ok {
			return false
		}
		for _, x := range append([]*ir.Name{a.Column}, a.Columns...) {
			if x == nil {
				continue
			}
			if r, ok := x.Ref.(*ir.ColumnRef); ok && k.cols[r.Column] {
				return true
			}
		}
		return false
	})
}

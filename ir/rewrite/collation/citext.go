package collation

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

var untypedText = &diag.Code{
	ID: "EX0747", Title: "texts that meet as columns of citext and as plain text", Severity: diag.Review, Fidelity: diag.Approximate,
	Doc: `By the policy collations=citext columns of the source's case-insensitive collations are of the type citext, and other values that compare so are cast to it. Here the values
have no place for a cast: a star, or the columns of USING and NATURAL, where one side is computed. Beside a plain text, citext compares as one: with regard to case (PostgreSQL manual, citext).`,
	Next: "name the columns, or write ON with a cast to citext", Learn: 0.25, Each: 0.1,
}

// quantified is x = ANY (query).
func (l *lowering) quantified(n *ir.Quantified) {
	if n.Query != nil && l.d.Citext() {
		l.typedQuery(n.Collation, n.Query, 0)
	}
	if l.d.Citext() && n.List != nil {
		l.against(n.Collation, false, &n.X, pointers(n.List)...)
		return
	}
	l.agree(n.Collation, n.Op == ir.Eq || n.Op == ir.Ne, &n.X)
}

// typedQuery casts a column of a query that is compared with.
func (l *lowering) typedQuery(c types.Collation, q ir.Query, at int) {
	if c.IsZero() {
		return
	}
	list := leaves(q)
	for _, s := range list {
		if at >= len(s.Items) || isStar(s.Items[at].Expr) {
			l.stars([]*ir.Select{s}, "a query that is compared with")
			return
		}
		if e := &s.Items[at].Expr; types.IsText((*e).TypeOf()) {
			l.d.Agree(c, true, code, e)
		}
	}
}

// rowsInQuery is (a, b) IN (query).
func (l *lowering) rowsInQuery(x *ir.RowExpr, q ir.Query) {
	for i := range x.Items {
		if t, ok := x.Items[i].TypeOf().(types.Text); ok && !t.Collation.IsZero() {
			l.typedQuery(t.Collation, q, i)
			l.agree(t.Collation, true, &x.Items[i])
		}
	}
}

func isStar(e ir.Expr) bool { _, ok := e.(*ir.Star); return ok }

// cast gives every value the type, literals as well.
func (l *lowering) cast(c types.Collation, ops []*ir.Expr) {
	if l.d.Of(c, build.Implicit).Name != build.Citext {
		return
	}
	for _, o := range ops {
		if _, literal := (*o).(*ir.String); literal {
			*o = build.Collated(*o, ir.Qualified("", build.Citext), c, code)
		}
	}
}

// stars reports stars whose columns may be of either type.
func (l *lowering) stars(list []*ir.Select, what string) {
	if !l.d.Citext() {
		return
	}
	for _, s := range list {
		for _, f := range s.From {
			if !stored(f) {
				l.p.Report(untypedText, s.Span, "the columns of a star in %s may be of citext or plain text", what)
				return
			}
		}
	}
}

// stored tells that all columns of an item of FROM are columns of tables.
func stored(f ir.TableExpr) bool {
	switch f := f.(type) {
	case *ir.TableRef:
		return f.CTE == nil && f.Table != nil && (f.Table.Kind == catalog.BaseTable || f.Table.Kind == catalog.TempTable)
	case *ir.Join:
		return stored(f.L) && stored(f.R)
	}
	return false
}

// using reports USING and NATURAL over texts that may be of either type.
func (l *lowering) using(j *ir.Join) {
	if !l.d.Citext() || stored(j.L) && stored(j.R) {
		return
	}
	for _, n := range j.Using {
		t := columnOf(j.L, n.Text)
		if t == nil {
			t = columnOf(j.R, n.Text)
		}
		if c, text := types.CollationOf(t); t == nil || text && c.CaseInsensitive {
			l.p.Report(untypedText, j.Span, "column %s of USING may be of citext or plain text", n.Text)
		}
	}
	if j.Natural {
		l.p.Report(untypedText, j.Span, "the columns of a natural join may be of citext or plain text")
	}
}

// columnOf is the type of a column of an item of FROM; nil if it is not told.
func columnOf(f ir.TableExpr, name string) types.Type {
	switch f := f.(type) {
	case *ir.TableRef:
		if f.Table != nil {
			if c := f.Table.Column(name); c != nil {
				return c.Type
			}
		}
	case *ir.Derived:
		if row := f.Query.Columns(); row != nil {
			for i, n := range row.Names {
				if strings.EqualFold(n, name) {
					return row.Types[i]
				}
			}
		}
	case *ir.Join:
		if t := columnOf(f.L, name); t != nil {
			return t
		}
		return columnOf(f.R, name)
	}
	return nil
}

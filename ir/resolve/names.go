package resolve

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/types"
)

// name binds a name used as a value. It may become another node: the inserted value of a row alias, a field of a record.
func (r *Resolver) name(sc *scope, n *ir.Name) ir.Expr {
	if n.Ref != nil {
		if n.Type == nil {
			n.Type = types.Unknown{Why: "bound without a type"}
		}
		return n
	}
	switch len(n.Parts) {
	case 1:
		if x := insertedAlias(sc, n); x != nil {
			return x
		}
		if r.bareName(sc, n) {
			return n
		}
	case 2:
		if e := r.rowName(sc, n); e != nil {
			return e
		}
		if r.columnName(sc, n, "", n.Parts[0].Text, n.Parts[1].Text) {
			return n
		}
	case 3:
		if r.columnName(sc, n, n.Parts[0].Text, n.Parts[1].Text, n.Parts[2].Text) {
			return n
		}
	}
	if n.Ref == nil && r.hasOpen(sc, n) {
		openName(n)
	}
	if n.Ref == nil {
		r.unresolved(n, "column or variable")
	}
	return n
}

// insertedAlias is a column alias of the row alias of an upsert that no column of the tables is called by; nil if it is none.
func insertedAlias(sc *scope, n *ir.Name) ir.Expr {
	name := strings.ToLower(n.Parts[0].Text)
	for s := sc; s != nil; s = s.outer {
		c := s.insertedCols[name]
		if c == nil {
			continue
		}
		for _, it := range s.items {
			if _, has := it.column(name); has {
				return nil
			}
		}
		x := &ir.Inserted{Column: ir.Clone(c)}
		x.Span, x.Type = n.Span, c.Type
		return x
	}
	return nil
}

func (r *Resolver) unresolved(n *ir.Name, what string) {
	n.Ref = &ir.Unresolved{}
	n.Type = types.Unknown{Why: "nothing is called " + n.Dotted()}
	r.fail(unknownName, n.Span, "no %s is called %q here", what, n.Dotted())
}

// bareName binds a name without qualifier; false if nothing has it.
func (r *Resolver) bareName(sc *scope, n *ir.Name) bool {
	name := n.Parts[0].Text
	if r.sem.VariablesHideColumns && r.bindVariable(sc.proc, n, name) {
		return true
	}
	for s := sc; s != nil; s = s.outer {
		if r.bareIn(s, n, name) {
			return true
		}
	}
	return r.bindVariable(sc.proc, n, name)
}

// bareIn looks a bare name up in one scope, aliases of the select list included.
func (r *Resolver) bareIn(s *scope, n *ir.Name, name string) bool {
	switch {
	case s.clause == orderClause && s.alone:
		return r.bindAlias(s, n, name, true) || r.bindColumn(n, r.lookup(s, "", "", name))
	case s.clause == havingClause && !s.inAgg:
		return r.bindGrouped(s, n, name) || r.bindAlias(s, n, name, true) && r.noteFilteredDigits(n) || r.bindColumn(n, r.lookup(s, "", "", name))
	case s.clause == groupClause || s.clause == orderClause || s.clause == havingClause:
		return r.bindColumn(n, r.lookup(s, "", "", name)) || r.bindAlias(s, n, name, false)
	}
	return r.bindColumn(n, r.lookup(s, "", "", name))
}

// bindAlias binds to a select item by alias. With plain, an item that is a bare column of that name counts as well: then the name is
// that column.
func (r *Resolver) bindAlias(s *scope, n *ir.Name, name string, plain bool) bool {
	if s.sel == nil {
		return false
	}
	for _, it := range s.sel.Items {
		if it.Alias.Text != "" && strings.EqualFold(it.Alias.Text, name) {
			if it.Expr.TypeOf() == nil {
				return false
			}
			n.Ref, n.Type = &ir.AliasRef{Item: it}, it.Expr.TypeOf()
			return true
		}
	}
	if !plain {
		return false
	}
	for _, it := range s.sel.Items {
		if c, ok := strip(it.Expr).(*ir.Name); ok && it.Alias.Text == "" && strings.EqualFold(c.Parts[len(c.Parts)-1].Text, name) {
			if c.Ref == nil {
				continue
			}
			n.Ref, n.Type = c.Ref, c.Type
			return true
		}
	}
	return false
}

// strip takes off the conversion between predicates and numbers.
func strip(e ir.Expr) ir.Expr {
	if b, ok := e.(*ir.BoolValue); ok {
		return b.X
	}
	return e
}

// bindGrouped binds to a column of GROUP BY, which HAVING prefers to aliases.
func (r *Resolver) bindGrouped(s *scope, n *ir.Name, name string) bool {
	if s.sel == nil {
		return false
	}
	for _, g := range s.sel.GroupBy {
		c, ok := g.Expr.(*ir.Name)
		if a, alias := refOf(c).(*ir.AliasRef); ok && alias {
			c, ok = strip(a.Item.Expr).(*ir.Name)
		} else if g.Position > 0 && g.Position <= len(s.sel.Items) {
			c, ok = strip(s.sel.Items[g.Position-1].Expr).(*ir.Name)
		}
		if !ok || !strings.EqualFold(c.Parts[len(c.Parts)-1].Text, name) {
			continue
		}
		switch c.Ref.(type) {
		case *ir.ColumnRef, *ir.OutputRef:
			n.Ref, n.Type = c.Ref, c.Type
			return true
		}
	}
	return false
}

func refOf(n *ir.Name) ir.Ref {
	if n == nil {
		return nil
	}
	return n.Ref
}

// columnName binds a qualified name.
func (r *Resolver) columnName(sc *scope, n *ir.Name, schema, table, name string) bool {
	for s := sc; s != nil; s = s.outer {
		if r.bindColumn(n, r.lookup(s, schema, table, name)) {
			return true
		}
	}
	return false
}

func (r *Resolver) bindColumn(n *ir.Name, fs []found) bool {
	switch {
	case len(fs) == 0:
		return false
	case len(fs) > 1:
		n.Ref, n.Type = &ir.Unresolved{}, types.Unknown{Why: "ambiguous"}
		r.fail(ambiguousName, n.Span, "%q is a column of %s and of %s", n.Dotted(), fs[0].item.name, fs[1].item.name)
		return true
	}
	f := fs[0]
	c := f.column()
	n.Type = c.typ
	if f.item.table != nil && c.of != nil {
		n.Ref = &ir.ColumnRef{Table: f.item.table, Column: c.of, From: f.item.node}
	} else {
		n.Ref = &ir.OutputRef{From: f.item.node, Column: c.name, Of: c.of}
	}
	if types.IsUnknown(c.typ) {
		r.unknownColumn(n, f)
	}
	return true
}

func why(t types.Type) string {
	if u, ok := t.(types.Unknown); ok && u.Why != "" {
		return u.Why
	}
	return "no type"
}

// bindVariable binds to a local variable or parameter.
func (r *Resolver) bindVariable(p *program, n *ir.Name, name string) bool {
	v, param := p.variable(name)
	switch {
	case v != nil:
		n.Ref, n.Type = &ir.VarRef{Decl: v}, v.Type
	case param != nil:
		n.Ref, n.Type = &ir.ParamRef{Param: param}, param.Type
	default:
		return false
	}
	if n.Type == nil {
		n.Type = types.Unknown{Why: "its declaration has no type"}
	}
	return true
}

// rowName binds NEW.x, OLD.x, record.x and the row alias of an upsert; nil if it is none of them.
func (r *Resolver) rowName(sc *scope, n *ir.Name) ir.Expr {
	q, name := n.Parts[0].Text, n.Parts[1].Text
	for s := sc; s != nil; s = s.outer {
		if s.inserted != "" && strings.EqualFold(s.inserted, q) {
			if c := s.insertedCols[strings.ToLower(name)]; c != nil {
				x := &ir.Inserted{Column: ir.Clone(c)}
				x.Span, x.Type = n.Span, c.Type
				return x
			}
		}
	}
	if sc.proc != nil && sc.proc.trigger != nil {
		isNew := strings.EqualFold(q, "new")
		if isNew || strings.EqualFold(q, "old") {
			return r.triggerRow(sc.proc.trigger, n, isNew, name)
		}
	}
	if v, _ := sc.proc.variable(q); v != nil {
		if row, ok := v.Type.(types.Row); ok {
			return r.recordField(n, v, row, name)
		}
	}
	return nil
}

func (r *Resolver) triggerRow(t *catalog.Table, n *ir.Name, isNew bool, name string) ir.Expr {
	c := t.Column(name)
	if c == nil {
		r.unresolved(n, "column of "+t.Name)
		return n
	}
	n.Ref, n.Type = &ir.RowRef{New: isNew, Table: t, Column: c}, c.Type
	return n
}

func (r *Resolver) recordField(n *ir.Name, v *ir.VarDecl, row types.Row, name string) ir.Expr {
	for i, f := range row.Names {
		if strings.EqualFold(f, name) {
			rec := &ir.Name{Parts: n.Parts[:1], Ref: &ir.VarRef{Decl: v}}
			rec.Span, rec.Type = n.Span, row
			x := &ir.Field{X: rec, Name: f}
			x.Span, x.Type = n.Span, row.Types[i]
			return x
		}
	}
	r.unresolved(n, "field")
	return n
}

// column binds the column on the left of an assignment or in a column list: variables do not count there.
func (r *Resolver) target(sc *scope, n *ir.Name) {
	if n.Ref != nil {
		return
	}
	var schema, table string
	switch len(n.Parts) {
	case 2:
		table = n.Parts[0].Text
	case 3:
		schema, table = n.Parts[0].Text, n.Parts[1].Text
	}
	if !r.bindColumn(n, r.lookup(sc, schema, table, n.Parts[len(n.Parts)-1].Text)) {
		if r.hasOpen(sc, n) {
			openName(n)
			return
		}
		r.unresolved(n, "column")
	}
}

package plsql

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/types"
)

// name binds a name used as a value. It may become another node: a call without parentheses, the count of a collection, the next
// number of a sequence. It never returns nil.
func (r *Resolver) name(sc *scope, n *ir.Name) ir.Expr {
	if n.Ref != nil {
		if n.Type == nil {
			n.Type = types.Unknown{Why: "bound without a type"}
		}
		return n
	}
	if e := r.bound(sc, n); e != nil {
		return e
	}
	return r.unresolved(n, "column, variable or function")
}

// bound is what a name stands for, nil if nothing was found.
func (r *Resolver) bound(sc *scope, n *ir.Name) ir.Expr {
	if e := r.rowName(sc, n); e != nil {
		return e
	}
	if sc.sql {
		if e := r.columnName(sc, n); e != nil {
			return e
		}
	}
	if e := r.framedName(sc, n); e != nil {
		return e
	}
	if e := r.packagedName(sc, n); e != nil {
		return e
	}
	if e := r.triggerEvent(sc, n, nil, n); e != nil {
		return e
	}
	if e := r.standardName(sc, n); e != nil {
		return e
	}
	if sc.sql && r.mayBeOpen(sc, n) {
		n.Ref, n.Type = &ir.Unresolved{}, types.Unknown{Why: n.Dotted()}
		return n
	}
	return nil
}

// unresolved reports a name for which nothing was found.
func (r *Resolver) unresolved(n *ir.Name, what string) ir.Expr {
	n.Ref, n.Type = &ir.Unresolved{}, types.Unknown{Why: n.Dotted()}
	r.fail(unknownName, n.Span, "no %s is called %s here", what, n.Dotted())
	return n
}

// mayBeOpen tells that a table whose columns are not known may have the column; there is a finding about the table.
func (r *Resolver) mayBeOpen(sc *scope, n *ir.Name) bool {
	q := ""
	if len(n.Parts) > 1 {
		q = n.Parts[len(n.Parts)-2].Text
	}
	for s := sc; s != nil; s = s.outer {
		for _, it := range s.items {
			if it.open && (q == "" || it.name == q) {
				return true
			}
		}
	}
	return false
}

// rowName binds :NEW.column and :OLD.column of a trigger; nil if the name is none of these.
func (r *Resolver) rowName(sc *scope, n *ir.Name) ir.Expr {
	if len(n.Parts) == 0 {
		return nil
	}
	first := n.Parts[0].Text
	colon := strings.HasPrefix(first, ":")
	t := sc.block.rows()
	if t == nil || !colon && !t.when && len(n.Parts) < 2 {
		return nil
	}
	which := strings.TrimPrefix(first, ":")
	if !colon && !t.when || which != t.new && which != t.old {
		return nil
	}
	if len(n.Parts) < 2 {
		n.Type = r.rowOfTable(t.table)
		n.Ref = &ir.RowRef{New: which == t.new, Table: t.table}
		return n
	}
	for _, c := range r.columnsOf(t.table) {
		if c.name == n.Parts[1].Text {
			n.Ref, n.Type = &ir.RowRef{New: which == t.new, Table: t.table, Column: c.of}, c.typ
			if len(n.Parts) > 2 {
				base := prefix(n, 2)
				base.Ref, base.Type = n.Ref, n.Type
				n.Ref = nil
				return r.fields(sc, base, n, 2)
			}
			return n
		}
	}
	if e := r.triggerRowid(t, n, which == t.new); e != nil {
		return e
	}
	return r.unresolved(n, "column of the trigger's table")
}

// rows is the trigger around a frame, nil outside triggers.
func (f *frame) rows() *trigger {
	for ; f != nil; f = f.outer {
		if f.trigger != nil {
			return f.trigger
		}
	}
	return nil
}

// prefix is a name of the first k parts.
func prefix(n *ir.Name, k int) *ir.Name {
	p := &ir.Name{Parts: n.Parts[:k:k]}
	p.Span = n.Span
	return p
}

// columnName binds a column of the query or of one around it; nil if there is none.
func (r *Resolver) columnName(sc *scope, n *ir.Name) ir.Expr {
	for s := sc; s != nil; s = s.outer {
		if len(n.Parts) == 1 {
			if it := s.aliases[n.Parts[0].Text]; it != nil {
				n.Ref, n.Type = &ir.AliasRef{Item: it}, it.Expr.TypeOf()
				return n
			}
		}
		for k := 1; k <= 3 && k <= len(n.Parts); k++ {
			if e := r.columnOfScope(s, n, k); e != nil {
				return e
			}
		}
	}
	return nil
}

// columnOfScope binds the first k parts of a name as a column of the scope, and what follows as attributes of it.
func (r *Resolver) columnOfScope(sc *scope, n *ir.Name, k int) ir.Expr {
	schema, table := "", ""
	switch k {
	case 2:
		table = n.Parts[0].Text
	case 3:
		schema, table = n.Parts[0].Text, n.Parts[1].Text
	}
	if k == 1 && len(n.Parts) > 1 {
		return nil // attributes of a column need an alias before it
	}
	list := r.lookup(sc, schema, table, n.Parts[k-1].Text)
	if len(list) == 0 {
		return nil
	}
	if len(list) > 1 {
		r.fail(ambiguousName, n.Span, "%s is a column of %s and of %s", n.Dotted(), itemTitle(list[0].item), itemTitle(list[1].item))
	}
	if len(n.Parts) == k {
		bindColumn(n, list[0])
		return n
	}
	base := prefix(n, k)
	bindColumn(base, list[0])
	return r.fields(sc, base, n, k)
}

func itemTitle(it *item) string {
	if it.name != "" {
		return it.name
	}
	return "a subquery"
}

func bindColumn(n *ir.Name, f found) {
	c := f.column()
	n.Type = c.typ
	if f.item.table != nil && c.of != nil {
		n.Ref = &ir.ColumnRef{Table: f.item.table, Column: c.of, From: f.item.node}
		return
	}
	n.Ref = &ir.OutputRef{From: f.item.node, Column: c.name, Of: c.of}
}

// member is what a frame itself declares by a name, nil if nothing.
func (r *Resolver) member(f *frame, name string) *entity {
	if e := f.names[name]; e != nil {
		return e
	}
	if f.pack != nil {
		return r.packageMember(f.pack, name, true)
	}
	return nil
}

// packageMember is what a package declares by a name; inside tells that members of its body are seen.
func (r *Resolver) packageMember(p *catalog.Package, name string, inside bool) *entity {
	if v := p.Var(name); v != nil && (inside || !v.Private) {
		return &entity{member: v, pack: p}
	}
	upper := strings.ToUpper(name)
	if t := p.Types[upper]; t != nil {
		return &entity{typ: t}
	}
	if x := p.Exceptions[upper]; x != nil {
		return &entity{exception: r.exceptions[x]}
	}
	var list []*catalog.Routine
	for _, o := range p.Named(name) {
		if inside || !r.private[o] {
			list = append(list, o)
		}
	}
	if list != nil {
		return &entity{routines: list, pack: p}
	}
	return nil
}

// framedName binds a name that a block, routine, package or loop around declares; nil if there is none.
func (r *Resolver) framedName(sc *scope, n *ir.Name) ir.Expr {
	for f := sc.block; f != nil; f = f.outer {
		if e := r.member(f, n.Parts[0].Text); e != nil {
			if x := r.entityValue(sc, e, n, 1); x != nil {
				return x
			}
		}
		if len(n.Parts) > 1 && f.label == n.Parts[0].Text {
			if e := r.member(f, n.Parts[1].Text); e != nil {
				if x := r.entityValue(sc, e, n, 2); x != nil {
					return x
				}
			}
		}
		if x := r.attributeOfSelf(sc, f, n); x != nil {
			return x
		}
		if len(n.Parts) == 1 {
			if x := r.methodOfSelf(sc, f, n.Parts[0].Text, nil, n); x != nil {
				return x
			}
		}
	}
	return nil
}

// attributeOfSelf binds an attribute of the object in one of its methods.
func (r *Resolver) attributeOfSelf(sc *scope, f *frame, n *ir.Name) ir.Expr {
	if f.object == nil {
		return nil
	}
	o, ok := f.object.Type.(types.Object)
	self := f.names["SELF"]
	if !ok || self == nil || !hasField(o.Fields, n.Parts[0].Text) {
		return nil
	}
	full := &ir.Name{Parts: append([]ir.Ident{{Text: "SELF"}}, n.Parts...)}
	full.Meta = n.Meta
	return r.entityValue(sc, self, full, 1)
}

func hasField(list []types.Field, name string) bool {
	for _, f := range list {
		if strings.EqualFold(f.Name, name) {
			return true
		}
	}
	return false
}

// entityValue is the value of what the first k parts of a name stand for, with the fields that follow; nil if it is no value.
func (r *Resolver) entityValue(sc *scope, e *entity, n *ir.Name, k int) ir.Expr {
	ref, t := r.entityRef(e)
	switch {
	case ref != nil:
	case e.routines != nil:
		x := r.callNamed(sc, e.routines, prefixed(n, k), nil, n)
		if k == len(n.Parts) {
			return x
		}
		return r.fields(sc, x, n, k)
	default:
		return nil
	}
	if t == nil {
		t = types.Unknown{Why: n.Parts[k-1].Text}
	}
	if k == len(n.Parts) {
		n.Ref, n.Type = ref, t
		return n
	}
	base := prefix(n, k)
	base.Ref, base.Type = ref, t
	return r.fields(sc, base, n, k)
}

func (r *Resolver) entityRef(e *entity) (ir.Ref, types.Type) {
	switch {
	case e.variable != nil:
		return &ir.VarRef{Decl: e.variable}, e.variable.Type
	case e.param != nil:
		return &ir.ParamRef{Param: e.param}, e.param.Type
	case e.cursor != nil:
		return &ir.CursorRef{Decl: e.cursor}, types.Cursor{Row: r.cursors[e.cursor]}
	case e.member != nil:
		return &ir.PackageRef{Package: e.pack, Member: e.member}, e.member.Type
	}
	return nil, nil
}

func prefixed(n *ir.Name, k int) ir.QName { return ir.QName{Parts: n.Parts[:k:k], Span: n.Span} }

// fields follows the parts of n from the k-th on as fields, attributes or methods of base.
func (r *Resolver) fields(sc *scope, base ir.Expr, n *ir.Name, k int) ir.Expr {
	for ; k < len(n.Parts); k++ {
		next := r.field(sc, base, n.Parts[k], n, k+1)
		if next == nil {
			if x := r.dotted(sc, base, n, k); x != nil {
				return x
			}
			return r.unresolved(n, "field")
		}
		base = next
	}
	return base
}

// collectionMethods are the methods of collections; those that change it are procedures.
var collectionMethods = map[string]bool{"COUNT": true, "FIRST": true, "LAST": true, "LIMIT": true, "NEXT": true, "PRIOR": true, "EXISTS": true, "EXTEND": true, "TRIM": true, "DELETE": true}

// field is one field, attribute or parameterless method of a value; nil if it has none of that name. n is the whole name of which the first k parts are
// used then.
func (r *Resolver) field(sc *scope, base ir.Expr, part ir.Ident, n *ir.Name, k int) ir.Expr {
	t := base.TypeOf()
	if c, ok := t.(types.Collection); ok {
		_ = c
		return r.collectionMethod(sc, base, part.Text, nil, n)
	}
	for _, f := range fieldsOf(t) {
		if strings.EqualFold(f.Name, part.Text) {
			return fieldOf(base, part, f, n, k)
		}
	}
	if o, ok := t.(types.Object); ok {
		return r.method(sc, base, o, part.Text, nil, n)
	}
	if _, ok := t.(types.XML); ok {
		return r.xmlMethod(sc, base, part.Text, nil, n)
	}
	if isDocument(t) {
		return r.docMethod(sc, base, part.Text, nil, n)
	}
	if types.IsUnknown(t) {
		n.Ref, n.Type = &ir.Unresolved{}, types.Unknown{Why: n.Dotted()}
		return n
	}
	return nil
}

// fieldOf is base.field: a name where base is one.
func fieldOf(base ir.Expr, part ir.Ident, f types.Field, n *ir.Name, k int) ir.Expr {
	b, ok := base.(*ir.Name)
	if !ok {
		x := &ir.Field{X: base, Name: part.Text}
		x.Span, x.Type = base.Base().Span, f.Type
		return x
	}
	out := n
	if n == nil || k < len(n.Parts) {
		out = &ir.Name{Parts: append(b.Parts[:len(b.Parts):len(b.Parts)], part)}
		out.Span = b.Span
	}
	out.Ref, out.Type = &ir.FieldRef{Of: b, Field: f.Name}, f.Type
	return out
}

// packagedName binds what is found by the name of a package, sequence or schema; nil if there is none.
func (r *Resolver) packagedName(sc *scope, n *ir.Name) ir.Expr {
	last := n.Parts[len(n.Parts)-1].Text
	if len(n.Parts) > 1 && (last == "NEXTVAL" || last == "CURRVAL") {
		q := prefixed(n, len(n.Parts)-1)
		if s := r.findSequence(q); s != nil {
			x := &ir.NextValue{Sequence: q, Previous: last == "CURRVAL", Ref: s}
			x.Meta, x.Type = n.Meta, types.Decimal{}
			return x
		}
	}
	for k := 1; k <= 2 && k < len(n.Parts); k++ {
		q := prefixed(n, k)
		if p := r.findPackage(q.Schema(), q.Name()); p != nil {
			if e := r.packageMember(p, n.Parts[k].Text, false); e != nil {
				return r.entityValue(sc, e, n, k+1)
			}
		}
	}
	for k := 1; k <= 2 && k <= len(n.Parts); k++ {
		q := prefixed(n, k)
		if o := r.findRoutine(q.Schema(), q.Name()); o != nil && o.Kind == catalog.Function {
			r.takenForSchema(n.Span, q, o)
			if x := r.entityValue(sc, &entity{routines: []*catalog.Routine{o}}, n, k); x != nil {
				return x
			}
		}
	}
	return nil
}

// standardName binds what the server declares: a built-in function without arguments, a value of the row or session.
func (r *Resolver) standardName(sc *scope, n *ir.Name) ir.Expr {
	name := strings.ToUpper(n.Dotted())
	name = strings.TrimPrefix(strings.TrimPrefix(name, "SYS."), "STANDARD.")
	if n.Parts[len(n.Parts)-1].Quoted {
		return nil
	}
	if e := r.rowValue(sc, n, name); e != nil {
		return e
	}
	inv := &ir.Invoke{X: n}
	inv.Meta = n.Meta
	return r.builtin(sc, inv, name)
}

// pseudoColumns are the values of a row or session that are no columns, with their types.
var pseudoColumns = map[string]types.Type{
	"ROWNUM": types.Decimal{}, "LEVEL": types.Decimal{}, "CONNECT_BY_ISLEAF": types.Decimal{}, "CONNECT_BY_ISCYCLE": types.Decimal{},
	"ROWID": textOf(18), "ORA_ROWSCN": types.Decimal{}, "USER": textOf(128), "UID": types.Decimal{},
}

// seesItem tells an item of FROM; x.ROWID of another name is a field of a record.
func seesItem(sc *scope, name string) bool {
	for ; sc != nil; sc = sc.outer {
		if slices.ContainsFunc(sc.items, func(it *item) bool { return it.name == name }) {
			return true
		}
	}
	return false
}

func (r *Resolver) rowValue(sc *scope, n *ir.Name, name string) ir.Expr {
	q := n.Parts[: len(n.Parts)-1 : len(n.Parts)-1]
	last := strings.ToUpper(n.Parts[len(n.Parts)-1].Text)
	if len(q) > 0 && last == "ROWID" && sc.sql && seesItem(sc, q[len(q)-1].Text) {
		name = last
	} else {
		q = nil
	}
	t, ok := pseudoColumns[name]
	if !ok || !sc.sql && name != "USER" && name != "UID" {
		return nil
	}
	x := &ir.Pseudo{Name: strings.ToLower(name), Qualifier: q}
	x.Meta, x.Type = n.Meta, t
	return x
}

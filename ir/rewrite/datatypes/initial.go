package datatypes

import (
	"godwit/ir"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

const defaultsKey = "datatypes.defaults"

func defaultsOf(p *rewrite.Pass) map[*types.RecordDecl]map[string]ir.Expr {
	m, _ := p.Session.Values[defaultsKey].(map[*types.RecordDecl]map[string]ir.Expr)
	if m == nil {
		m = map[*types.RecordDecl]map[string]ir.Expr{}
		p.Session.Values[defaultsKey] = m
	}
	return m
}

// Defaults notes the first values that the declaration of a record gives its fields.
func Defaults(p *rewrite.Pass, d *types.RecordDecl, fields []*ir.FieldDecl) {
	for _, f := range fields {
		if f.Default == nil {
			continue
		}
		m := defaultsOf(p)
		if m[d] == nil {
			m[d] = map[string]ir.Expr{}
		}
		m[d][f.Name.Text] = ir.Clone(f.Default)
	}
}

// Initial is the value of a variable of the type before anything is assigned to it, nil if that is NULL: an associative array is empty, and
// a record has the first values of its fields (PL/SQL Language Reference, Collection Types, Record Variables). The type must have its
// name on the target.
func Initial(p *rewrite.Pass, t types.Type, like ir.Node, code string) ir.Expr {
	at := &ir.Name{}
	at.Span = like.Base().Span
	switch t := t.(type) {
	case types.Collection:
		if t.CollectionDecl != nil && t.Key != nil {
			return build.As(build.Text("{}"), JSON, t, code)
		}
	case types.Record:
		if t.RecordDecl == nil || !starts(p, t) {
			return nil
		}
		row := &ir.RowExpr{}
		for _, f := range t.Fields {
			e := InitialField(p, t.RecordDecl, f, like, code)
			if e == nil {
				e = build.Null(at, types.Null{})
			}
			row.Items = append(row.Items, e)
		}
		return build.As(build.Make(row, at, t, ""), t.Target, t, code)
	}
	return nil
}

// InitialField is the first value of a record's field, nil if that is NULL.
func InitialField(p *rewrite.Pass, d *types.RecordDecl, f types.Field, like ir.Node, code string) ir.Expr {
	e := defaultsOf(p)[d][f.Name]
	if e == nil {
		return Initial(p, f.Type, like, code)
	}
	ir.Walk(e, func(n ir.Node) bool {
		if h, ok := n.(*ir.HelperCall); ok {
			p.Unit.NeedHelper(h.Name)
		}
		return true
	})
	return ir.Clone(e)
}

// starts tells that a variable of the type is not NULL, or has fields that are not, before anything is assigned to it.
func starts(p *rewrite.Pass, t types.Type) bool {
	switch t := t.(type) {
	case types.Collection:
		return t.CollectionDecl != nil && t.Key != nil
	case types.Record:
		if t.RecordDecl == nil {
			return false
		}
		if len(defaultsOf(p)[t.RecordDecl]) > 0 {
			return true
		}
		for _, f := range t.Fields {
			if starts(p, f.Type) {
				return true
			}
		}
	}
	return false
}

// Package tree makes and compares nodes for rules: names of columns, conjunctions, simple queries. What it makes carries the
// types that the makers are given, and no span unless a function says so.
package tree

import (
	"reflect"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/source"
	"godwit/ir/types"
)

// Int is an integer literal.
func Int(text string) *ir.Number {
	n := &ir.Number{Text: text}
	n.Type = types.Int{Bits: 32}
	return n
}

// Text is a character literal.
func Text(v string) *ir.String {
	s := &ir.String{Value: v}
	s.Type = types.Text{}
	return s
}

// Column is a column of a table by its item of FROM, qualified when qualifier is not empty.
func Column(t *catalog.Table, c *catalog.Column, from ir.TableExpr, qualifier string) *ir.Name {
	n := &ir.Name{Parts: parts(qualifier, c.Name), Ref: &ir.ColumnRef{Table: t, Column: c, From: from}}
	n.Type = c.Type
	return n
}

// Output is a column of a derived table or common table expression.
func Output(qualifier, name string, t types.Type) *ir.Name {
	n := &ir.Name{Parts: parts(qualifier, name), Ref: &ir.OutputRef{Column: name}}
	n.Type = t
	return n
}

func parts(qualifier, name string) []ir.Ident {
	if qualifier == "" {
		return []ir.Ident{{Text: name}}
	}
	return []ir.Ident{{Text: qualifier}, {Text: name}}
}

// Call is a function of the target.
func Call(name string, t types.Type, args ...ir.Expr) *ir.TargetCall {
	c := &ir.TargetCall{Name: name, Args: args}
	c.Type = t
	return c
}

// Compare is l op r.
func Compare(o ir.CompareOp, l, r ir.Expr) *ir.Compare {
	c := &ir.Compare{Op: o, L: l, R: r}
	c.Type = types.Bool{}
	if x, ok := types.CollationOf(l.TypeOf()); ok {
		c.Collation = x
	} else if x, ok := types.CollationOf(r.TypeOf()); ok {
		c.Collation = x
	}
	return c
}

// And joins conditions; nil ones do not count. It is nil without any.
func And(es ...ir.Expr) ir.Expr { return join(ir.And, es) }

// Or joins conditions; nil ones do not count. It is nil without any.
func Or(es ...ir.Expr) ir.Expr { return join(ir.Or, es) }

func join(o ir.BinaryOp, es []ir.Expr) ir.Expr {
	var out ir.Expr
	for _, e := range es {
		if e == nil {
			continue
		}
		if out == nil {
			out = e
			continue
		}
		b := &ir.Binary{Op: o, L: out, R: e}
		b.Type = types.Bool{}
		b.Span = e.Base().Span
		out = b
	}
	return out
}

// Item is a select item.
func Item(e ir.Expr, alias string) *ir.SelectItem {
	it := &ir.SelectItem{Expr: e, Alias: ir.Ident{Text: alias}}
	it.Span = e.Base().Span
	return it
}

// CountStar is count(*).
func CountStar() *ir.Aggregate {
	a := &ir.Aggregate{Name: "COUNT", Args: []ir.Expr{star()}, TargetName: "count"}
	a.Type = types.Int{Bits: 64}
	return a
}

func star() *ir.Star {
	s := &ir.Star{}
	s.Type = types.Row{}
	return s
}

// Select is a query over items of FROM.
func Select(items []*ir.SelectItem, from []ir.TableExpr, where ir.Expr) *ir.Select {
	s := &ir.Select{Items: items, From: from, Where: where}
	row := &types.Row{}
	for _, it := range items {
		row.Names = append(row.Names, it.Alias.Text)
		row.Types = append(row.Types, it.Expr.TypeOf())
	}
	s.Row = row
	return s
}

// Scalar is a query used as a value.
func Scalar(q ir.Query, t types.Type) *ir.Subquery {
	s := &ir.Subquery{Query: q}
	s.Type = t
	return s
}

// Leaves lists the items of FROM that are no joins, in order.
func Leaves(list []ir.TableExpr) []ir.TableExpr {
	var out []ir.TableExpr
	for _, t := range list {
		if j, ok := t.(*ir.Join); ok {
			out = append(out, Leaves([]ir.TableExpr{j.L, j.R})...)
			continue
		}
		out = append(out, t)
	}
	return out
}

// HasOuterJoin tells whether an outer join is among the items.
func HasOuterJoin(list []ir.TableExpr) bool {
	for _, t := range list {
		if j, ok := t.(*ir.Join); ok {
			if j.Kind == ir.LeftJoin || j.Kind == ir.RightJoin || j.Kind == ir.FullJoin || HasOuterJoin([]ir.TableExpr{j.L, j.R}) {
				return true
			}
		}
	}
	return false
}

// NameOf is what columns of an item of FROM are qualified with.
func NameOf(t ir.TableExpr) string {
	switch t := t.(type) {
	case *ir.TableRef:
		if t.Alias.Text != "" {
			return t.Alias.Text
		}
		return t.Name.Name()
	case *ir.Derived:
		return t.Alias.Text
	case *ir.JSONTable:
		return t.Alias.Text
	case *ir.TableFunc:
		return t.Alias.Text
	}
	return ""
}

// From is the item of FROM that a name belongs to, nil if it is no column.
func From(n *ir.Name) ir.TableExpr {
	switch r := n.Ref.(type) {
	case *ir.ColumnRef:
		return r.From
	case *ir.OutputRef:
		return r.From
	}
	return nil
}

// Equal tells whether two expressions are the same, apart from positions, comments and types. Names are the same when they mean
// the same column or variable, however they are written.
func Equal(a, b ir.Expr) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return equal(reflect.ValueOf(a), reflect.ValueOf(b))
}

var metaType = reflect.TypeOf(ir.Meta{})
var exprMetaType = reflect.TypeOf(ir.ExprMeta{})
var partMetaType = reflect.TypeOf(ir.PartMeta{})
var spanType = reflect.TypeOf(source.Span{})

func equal(a, b reflect.Value) bool {
	if a.Kind() == reflect.Interface || a.Kind() == reflect.Pointer {
		if a.IsNil() || b.IsNil() {
			return a.IsNil() && b.IsNil()
		}
	}
	if a.Kind() == reflect.Interface {
		a, b = a.Elem(), b.Elem()
	}
	if a.Type() != b.Type() {
		return false
	}
	if a.Kind() == reflect.Pointer {
		if a.Pointer() == b.Pointer() {
			return true
		}
		if x, ok := a.Interface().(*ir.Name); ok {
			y, _ := b.Interface().(*ir.Name)
			return sameName(x, y)
		}
		if _, isQuery := a.Interface().(ir.Query); isQuery {
			return false
		}
		if _, isNode := a.Interface().(ir.Node); !isNode {
			return false
		}
		return equal(a.Elem(), b.Elem())
	}
	switch a.Kind() {
	case reflect.Struct:
		return equalStruct(a, b)
	case reflect.Slice:
		if a.Len() != b.Len() {
			return false
		}
		for i := 0; i < a.Len(); i++ {
			if !equal(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(a.Interface(), b.Interface())
}

func equalStruct(a, b reflect.Value) bool {
	if _, isType := a.Interface().(types.Type); isType {
		return reflect.DeepEqual(a.Interface(), b.Interface())
	}
	for i := 0; i < a.NumField(); i++ {
		switch a.Field(i).Type() {
		case metaType, exprMetaType, partMetaType, spanType:
			continue
		}
		if !equal(a.Field(i), b.Field(i)) {
			return false
		}
	}
	return true
}

func sameName(a, b *ir.Name) bool {
	switch x := a.Ref.(type) {
	case *ir.ColumnRef:
		y, ok := b.Ref.(*ir.ColumnRef)
		return ok && x.Column == y.Column && x.From == y.From
	case *ir.OutputRef:
		y, ok := b.Ref.(*ir.OutputRef)
		return ok && x.From == y.From && strings.EqualFold(x.Column, y.Column)
	case *ir.VarRef:
		y, ok := b.Ref.(*ir.VarRef)
		return ok && x.Decl == y.Decl
	case *ir.ParamRef:
		y, ok := b.Ref.(*ir.ParamRef)
		return ok && x.Param == y.Param
	case *ir.RowRef:
		y, ok := b.Ref.(*ir.RowRef)
		return ok && x.New == y.New && x.Column == y.Column
	case *ir.AliasRef:
		y, ok := b.Ref.(*ir.AliasRef)
		return ok && x.Item == y.Item
	}
	return false
}

var boolType types.Type = types.Bool{}

// ExistsIn is [NOT] EXISTS (SELECT 1 FROM a common table expression).
func ExistsIn(not bool, name string) ir.Expr {
	e := &ir.Exists{Not: not, Query: Select([]*ir.SelectItem{Item(Int("1"), "")}, []ir.TableExpr{CTERef(name)}, nil)}
	e.Type = boolType
	return e
}

// CTERef is a common table expression in FROM.
func CTERef(name string) *ir.TableRef {
	return &ir.TableRef{Name: ir.Qualified("", name), CTE: &ir.CTE{Name: ir.Ident{Text: name}}}
}

// Changing is a common table expression that changes rows and returns one value for each.
func Changing(name string, s ir.Stmt) *ir.CTE {
	items := []*ir.SelectItem{Item(Int("1"), "")}
	switch s := s.(type) {
	case *ir.Update:
		s.Returning = items
	case *ir.Delete:
		s.Returning = items
	case *ir.Insert:
		s.Returning = items
	}
	return &ir.CTE{Name: ir.Ident{Text: name}, Stmt: s}
}

// InSelects walks n and tells for each node the innermost Select that it stands in, nil outside of one. A Select stands in
// itself.
func InSelects(n ir.Node, f func(n ir.Node, in *ir.Select) bool) {
	inSelect(n, nil, f)
}

func inSelect(n ir.Node, in *ir.Select, f func(ir.Node, *ir.Select) bool) {
	ir.Walk(n, func(c ir.Node) bool {
		if s, ok := c.(*ir.Select); ok && s != in {
			inSelect(s, s, f)
			return false
		}
		return f(c, in)
	})
}

package plsql

import (
	"strings"

	"godwit/ir"
	"godwit/ir/types"
)

// xml resolves an XML function with its clauses.
func (r *Resolver) xml(sc *scope, e *ir.XMLExpr) ir.Expr {
	for _, list := range [][]*ir.SelectItem{e.Items, e.Attrs} {
		for _, it := range list {
			it.Expr = r.value(sc, it.Expr)
		}
	}
	switch e.Name {
	case "xmlelement", "xmlforest", "xmlcomment", "xmlcdata":
		r.xmlNumbers(e.Items)
		r.xmlNumbers(e.Attrs)
	}
	if e.Type != nil {
		e.Type = r.typeOf(sc.block, e.Type, e)
	}
	switch e.Name {
	case "xmlexists":
		e.ExprMeta.Type = types.Bool{}
	case "existsnode", "extractvalue", "text": // resolved before
	case "xmlserialize", "xmlcast":
		e.ExprMeta.Type = e.Type
		if e.Type == nil {
			e.ExprMeta.Type = types.Text{}
		}
	default:
		if e.ExprMeta.Type == nil {
			e.ExprMeta.Type = types.XML{}
		}
	}
	return e
}

// xmlNumbers makes texts of numbers that become parts of elements.
func (r *Resolver) xmlNumbers(list []*ir.SelectItem) {
	for _, it := range list {
		switch it.Expr.TypeOf().(type) {
		case types.Decimal, types.Int:
			it.Expr = r.toText(it.Expr)
		}
	}
}

// xmlAs is a function over XML that the resolver makes: text, extract, extractvalue, existsnode, xmlsequence, xmlparse.
func xmlAs(name string, at ir.Expr, t types.Type, args ...ir.Expr) *ir.XMLExpr {
	x := &ir.XMLExpr{Name: name}
	for _, a := range args {
		it := &ir.SelectItem{Expr: a}
		it.Span = a.Base().Span
		x.Items = append(x.Items, it)
	}
	x.Span, x.ExprMeta.Type = at.Base().Span, t
	return x
}

// xmlMethod is a method of XMLTYPE; nil if there is none of that name that is known.
func (r *Resolver) xmlMethod(sc *scope, base ir.Expr, name string, args []ir.Expr, at ir.Expr) ir.Expr {
	for i := range args {
		args[i] = r.value(sc, args[i])
	}
	switch name = strings.ToUpper(name); {
	case name == "GETSTRINGVAL" && len(args) == 0:
		return xmlAs("text", at, varchar(0), base)
	case name == "GETCLOBVAL" && len(args) == 0:
		return xmlAs("text", at, types.Text{Collation: binaryText}, base)
	case name == "GETNUMBERVAL" && len(args) == 0:
		x := xmlAs("text", at, varchar(0), base)
		x.Word = "number" // has no character that is written in several ways
		return r.numeric(x)
	case name == "EXTRACT" && (len(args) == 1 || len(args) == 2):
		return xmlAs("extract", at, types.XML{}, append([]ir.Expr{base}, args...)...)
	case name == "EXISTSNODE" && (len(args) == 1 || len(args) == 2):
		return xmlAs("existsnode", at, number, append([]ir.Expr{base}, args...)...)
	}
	return nil
}

// xmlPath is EXTRACT, EXTRACTVALUE or EXISTSNODE of a document.
func (r *Resolver) xmlPath(inv *ir.Invoke, name string) ir.Expr {
	if _, ok := inv.Args[0].TypeOf().(types.XML); !ok {
		r.fail(noConversion, inv.Span, "%s from %s", name, typeName(inv.Args[0].TypeOf()))
	}
	var t types.Type = types.XML{}
	switch name {
	case "EXTRACTVALUE":
		t = varchar(4000)
	case "EXISTSNODE":
		t = number
	}
	return xmlAs(strings.ToLower(name), inv, t, inv.Args...)
}

// xmlSequence is the nodes of a fragment as a collection.
func (r *Resolver) xmlSequence(inv *ir.Invoke, name string) ir.Expr {
	if _, ok := inv.Args[0].TypeOf().(types.XML); !ok {
		r.fail(unknownFunction, inv.Span, "%s of %s", name, typeName(inv.Args[0].TypeOf()))
	}
	return xmlAs("xmlsequence", inv, types.Collection{CollectionDecl: &types.CollectionDecl{Name: "XMLSEQUENCETYPE", Elem: types.XML{}}}, inv.Args...)
}

// xmlText is a document as text, by a call with the name of the type.
func (r *Resolver) xmlText(inv *ir.Invoke, name string) ir.Expr {
	if _, ok := inv.Args[0].TypeOf().(types.XML); !ok {
		r.fail(unknownFunction, inv.Span, "%s of %s", name, typeName(inv.Args[0].TypeOf()))
	}
	return xmlAs("text", inv, types.Text{EmptyIsNull: name == "XMLTYPE.GETSTRINGVAL", Collation: binaryText}, inv.Args[0])
}

func (r *Resolver) xmlType(inv *ir.Invoke, name string) ir.Expr {
	if len(inv.Args) > 1 {
		r.fail(unknownFunction, inv.Span, "%s with several arguments", name)
	}
	if !types.IsText(inv.Args[0].TypeOf()) { // a BLOB has a character set, a cursor and an object have a form of their own
		r.fail(unknownFunction, inv.Span, "%s of %s", name, typeName(inv.Args[0].TypeOf()))
	}
	x := xmlAs("xmlparse", inv, types.XML{}, inv.Args[0])
	x.Word = "document"
	return x
}

// scalarRow is VALUE(alias) of an item of FROM whose rows are values without attributes, as numbers or nodes of XML; nil for all else.
func scalarRow(sc *scope, alias string, at ir.Node) ir.Expr {
	for ; sc != nil; sc = sc.outer {
		for _, it := range sc.items {
			if it.name != alias || it.object != nil || len(it.cols) != 1 || it.cols[0].name != "COLUMN_VALUE" {
				continue
			}
			n := &ir.Name{Parts: []ir.Ident{{Text: alias}, {Text: "COLUMN_VALUE"}}}
			n.Span = at.Base().Span
			bindColumn(n, found{it, 0})
			return n
		}
	}
	return nil
}

// Package indexable holds the rule for conditions that an index can answer.
package indexable

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

const code = "QY0700"

// Rule lets indexes of integers answer conditions on NUMBERs.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "indexable",
		Doc: `A column of whole numbers that becomes an integer is compared with a NUMBER as numeric on the target, and its indexes hold integers: the server would read the whole table. Where the column has a key or an index, the
NUMBER becomes the integer that finds the same rows. A variable of a package is read once, in a subquery, as the source gives statements the values of variables. A variable of NUMBER(p) is whole already; of one with decimals, or too large, there are no equal rows, and for <, <=, > and >= the next whole number stands in its place
(PostgreSQL manual, "Operator Type Resolution", "Operator Classes and Operator Families").`,
		Fidelity: diag.Exact,
		Examples: []rewrite.Example{
			{From: dialect.Oracle, Setup: "CREATE TABLE t (id NUMBER(10) PRIMARY KEY);",
				Source: "CREATE PROCEDURE p (x NUMBER) IS v t.id%TYPE := 1; BEGIN DELETE FROM t WHERE id = x OR id = v; END;",
				Target: "CREATE OR REPLACE PROCEDURE p(x numeric) LANGUAGE plpgsql AS $$ DECLARE v numeric(10) := 1; BEGIN DELETE FROM t WHERE id = godwit_oracle.whole(x) OR id = v::bigint; END; $$;"},
			{From: dialect.Oracle, Setup: "CREATE TABLE t (id NUMBER(10) PRIMARY KEY);",
				Source: "CREATE PROCEDURE p (x NUMBER) IS BEGIN DELETE FROM t WHERE id > x; END;",
				Target: "CREATE OR REPLACE PROCEDURE p(x numeric) LANGUAGE plpgsql AS $$ BEGIN DELETE FROM t WHERE id > godwit_oracle.whole_below(x); END; $$;"},
			{From: dialect.Oracle, Setup: "CREATE TABLE t (id NUMBER GENERATED ALWAYS AS IDENTITY PRIMARY KEY);",
				Source: "CREATE PROCEDURE p (x NUMBER) IS BEGIN DELETE FROM t WHERE id = x; END;",
				Target: "CREATE OR REPLACE PROCEDURE p(x numeric) LANGUAGE plpgsql AS $$ BEGIN DELETE FROM t WHERE id = godwit_oracle.whole(x); END; $$;"},
		},
		Looks:  ir.Kinds(ir.KindSelect, ir.KindUpdate, ir.KindDelete, ir.KindMerge),
		After:  map[string]string{"dynamic-sql": "texts become statements"},
		Needed: func(p *rewrite.Pass) bool { return p.Policy.Integers == "narrow" },
		Run:    run,
	}
}

func run(p *rewrite.Pass) {
	done := map[*ir.Name]bool{}
	look := func(e ir.Expr) ir.Expr {
		if e == nil {
			return nil
		}
		condition(p, e)
		return once(e, done)
	}
	p.Nodes(func(n ir.Node) ir.Node {
		switch n := n.(type) {
		case *ir.Select:
			if len(n.From) > 0 {
				n.Where = look(n.Where)
			}
		case *ir.Update:
			n.Where = look(n.Where)
		case *ir.Delete:
			n.Where = look(n.Where)
		case *ir.Join:
			n.On = look(n.On)
		case *ir.Merge:
			n.On = look(n.On)
		}
		return n
	})
}

// once reads the variables of packages in subqueries, which are run once for the statement: a variable is a value that the statement is given.
func once(e ir.Expr, done map[*ir.Name]bool) ir.Expr {
	return ir.MapExprs(e, func(e ir.Expr) ir.Expr {
		n, ok := e.(*ir.Name)
		if !ok || done[n] || !packaged(n) {
			return e
		}
		done[n] = true
		s := tree.Select([]*ir.SelectItem{tree.Item(n, "")}, nil, nil)
		s.Span = n.Span
		s.Row = &types.Row{Names: []string{""}, Types: []types.Type{n.Type}}
		return build.Make(&ir.Subquery{Query: s}, n, n.Type, code)
	})
}

// packaged tells a variable of a package, or a field of one, that has a single value. = ANY ((SELECT ...)) would compare with rows.
func packaged(n *ir.Name) bool {
	switch n.Type.(type) {
	case types.Collection, types.Record, types.Object:
		return false
	}
	return member(n)
}

func member(n *ir.Name) bool {
	switch ref := n.Ref.(type) {
	case *ir.PackageRef:
		d, ok := ref.Member.Decl.(*ir.VarDecl)
		return ok && !d.Constant
	case *ir.FieldRef:
		of, ok := ref.Of.(*ir.Name)
		return ok && member(of)
	}
	return false
}

// condition looks at a condition of which false and NULL mean the same.
func condition(p *rewrite.Pass, e ir.Expr) {
	switch e := e.(type) {
	case *ir.Binary:
		if e.Op == ir.And || e.Op == ir.Or {
			condition(p, e.L)
			condition(p, e.R)
		}
	case *ir.Compare:
		switch {
		case indexed(e.L):
			e.R = bound(p, e.Op, e.R)
		case indexed(e.R):
			e.L = bound(p, turned(e.Op), e.L)
		}
	case *ir.Between:
		if !e.Not && indexed(e.X) {
			e.Lo, e.Hi = bound(p, ir.Ge, e.Lo), bound(p, ir.Le, e.Hi)
		}
	case *ir.In:
		if !e.Not && indexed(e.X) {
			for i := range e.List {
				e.List[i] = bound(p, ir.Eq, e.List[i])
			}
		}
	}
}

// turned is the comparison with its sides changed.
func turned(o ir.CompareOp) ir.CompareOp {
	switch o {
	case ir.Lt:
		return ir.Gt
	case ir.Le:
		return ir.Ge
	case ir.Gt:
		return ir.Lt
	case ir.Ge:
		return ir.Le
	}
	return o
}

// indexed tells a column of a table that becomes an integer, and that a key or an index has.
func indexed(e ir.Expr) bool {
	n, ok := e.(*ir.Name)
	if !ok {
		return false
	}
	ref, ok := n.Ref.(*ir.ColumnRef)
	if !ok || ref.Table == nil || ref.Column == nil || !ref.Column.Integral() {
		return false
	}
	return slices.ContainsFunc(ref.Table.Keys, func(k *catalog.Key) bool {
		return slices.ContainsFunc(k.Parts, func(part catalog.KeyPart) bool { return strings.EqualFold(part.Column, ref.Column.Name) })
	})
}

// whole tells a NUMBER(p) that an integer of 64 bits holds.
func whole(t types.Type) bool {
	d, ok := t.(types.Decimal)
	return ok && d.Integral()
}

// bound is the integer with which a comparison finds the same rows as with the NUMBER e; e itself if it is none, or not the same for all rows.
func bound(p *rewrite.Pass, o ir.CompareOp, e ir.Expr) ir.Expr {
	if _, number := e.TypeOf().(types.Decimal); !number || !free(e) {
		return e
	}
	if n, ok := e.(*ir.Name); ok && counted(n) {
		return e
	}
	if n, ok := e.(*ir.Name); ok && whole(n.Type) {
		switch n.Ref.(type) {
		case *ir.VarRef, *ir.PackageRef:
			return build.Cast(e, types.Int{Bits: 64}, code)
		case *ir.RowRef:
			return e // an integer as the column
		case *ir.FieldRef:
			return field(n)
		}
	}
	switch o {
	case ir.Eq:
		return integer(p, "whole", e)
	case ir.Lt, ir.Ge:
		return integer(p, "whole_above", e)
	case ir.Le, ir.Gt:
		return integer(p, "whole_below", e)
	}
	return e
}

// counted tells a value of a row that is an integer on the target, though its NUMBER has no digits. Types that a program declares keep NUMBERs.
func counted(n *ir.Name) bool {
	c := n.Column()
	if c == nil || !c.Counts() {
		return false
	}
	switch ref := n.Ref.(type) {
	case *ir.RowRef:
		return true
	case *ir.FieldRef:
		r, _ := ref.Of.TypeOf().(types.Record)
		return r.Target == "" || r.Of != nil
	}
	return false
}

// field is a field of a record: an integer if the record is a row of a query or a table, a number of a type that a program declares.
func field(n *ir.Name) ir.Expr {
	of := n.Ref.(*ir.FieldRef).Of
	if of == nil {
		return n
	}
	if r, ok := of.TypeOf().(types.Record); ok && r.RecordDecl != nil && r.Target != "" && r.Of == nil {
		return build.Cast(n, types.Int{Bits: 64}, code)
	}
	return n
}

func integer(p *rewrite.Pass, helper string, e ir.Expr) ir.Expr {
	h := p.Helper(helper, e, e)
	h.Type = types.Int{Bits: 64}
	return h
}

// free tells an expression of variables: one that is computed once for the statement. A plain whole literal is an integer already.
func free(e ir.Expr) bool {
	switch e := e.(type) {
	case *ir.Name:
		switch ref := e.Ref.(type) {
		case *ir.VarRef, *ir.ParamRef, *ir.FieldRef, *ir.RowRef:
			return true
		case *ir.PackageRef: // a constant that is a literal stands as itself
			d, ok := ref.Member.Decl.(*ir.VarDecl)
			return ok && !(d.Constant && ir.IsLiteral(d.Default))
		case *ir.OutputRef: // a value that a subquery brings, as that of MERGE does
			return ref.Of == nil
		}
	case *ir.TargetCall:
		return plain[e.Name] && all(e.Args)
	case *ir.HelperCall:
		return plain[e.Name] && all(e.Args)
	case *ir.Call:
		return e.Op == op.Coalesce && all(e.Args)
	case *ir.Unary:
		return e.Op == ir.Neg && free(e.X)
	case *ir.Binary:
		return (e.Op == ir.Add || e.Op == ir.Sub || e.Op == ir.Mul) && operand(e.L) && operand(e.R)
	}
	return false
}

// plain are functions of the target, and helpers, that give the same for the same arguments.
var plain = map[string]bool{"coalesce": true, "abs": true, "round": true, "trunc": true, "ceil": true, "floor": true, "to_number": true}

func all(list []ir.Expr) bool {
	return len(list) > 0 && !slices.ContainsFunc(list, func(e ir.Expr) bool { return !operand(e) })
}

func operand(e ir.Expr) bool { return ir.IsLiteral(e) || free(e) }

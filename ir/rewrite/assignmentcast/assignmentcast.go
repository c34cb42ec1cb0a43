// Package assignmentcast holds the rule that leaves conversions to the target's assignments.
package assignmentcast

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/types"
)

// Rule is QY0011.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: "QY0011", Name: "assignment-cast",
		Doc: `In strict mode a store rounds decimals half away from zero and raises an error for a value out of range or too long (MySQL Reference
Manual, "Server SQL Modes"). PostgreSQL's assignments between exact numbers, from a floating point number to an exact one, and between
dates and times without zone do the same, so no cast is written.`,
		Examples: []rewrite.Example{{
			Setup: "CREATE TABLE t (a INT, d DECIMAL(10,4) NOT NULL);", Source: "UPDATE t SET a = d;", Target: "UPDATE t SET a = d;",
		}},
		Fidelity: diag.Exact,
		After: map[string]string{
			"assignment-order": "a value that is read again keeps its conversion",
		},
		Run: run,
	}
}

func run(p *rewrite.Pass) {
	// Columns have a check for the range of narrower and unsigned integers; variables do not.
	p.Nodes(func(n ir.Node) ir.Node {
		switch n := n.(type) {
		case *ir.Insert, *ir.Update:
			return ir.Map(n, func(c ir.Node) ir.Node { return drop(c, true) })
		}
		return n
	})
	p.Nodes(func(n ir.Node) ir.Node { return drop(n, false) })
}

func drop(n ir.Node, checked bool) ir.Node {
	c, ok := n.(*ir.Cast)
	if !ok || !c.Store || !c.Implicit || c.Fail != ir.FailError || !same(c.X.TypeOf(), c.To) {
		return n
	}
	if !checked && narrower(c.To) {
		return n
	}
	return c.X
}

// narrower tells that the type's range is smaller than that of the target's type for it.
func narrower(t types.Type) bool {
	switch t := t.(type) {
	case types.Int:
		return t.Unsigned || t.Bits == 8 || t.Bits == 24
	case types.Decimal:
		return t.Unsigned
	case types.Float:
		return t.Unsigned
	}
	return false
}

// same tells that the target's assignment converts as the source's store does.
func same(from, to types.Type) bool {
	switch to := to.(type) {
	case types.Int:
		switch from.(type) {
		case types.Int, types.Decimal, types.Year:
			return true
		case types.Float:
			return to.Bits > 8
		}
	case types.Decimal:
		switch from.(type) {
		case types.Int, types.Decimal, types.Year:
			return to.Precision > 0
		}
	case types.Float:
		switch from.(type) {
		case types.Int, types.Decimal, types.Float, types.Year:
			return to.Digits == 0
		}
	case types.Date:
		d, ok := from.(types.DateTime)
		return ok && d.Precision == 0
	case types.DateTime:
		_, ok := from.(types.DateTime)
		return ok && !to.Truncate
	case types.Timestamp:
		switch from.(type) {
		case types.Timestamp, types.DateTime:
			return !to.Truncate
		}
	}
	return false
}

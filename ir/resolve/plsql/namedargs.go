package plsql

import (
	"strings"

	"godwit/ir"
	"godwit/ir/types"
)

// builtinParams are the parameters of built-in functions that PL/SQL may call with named arguments, in order, each with the default that stands
// where a later one is given: name=number or name=FALSE, or the name alone where it must be given or is NULL (package STANDARD).
var builtinParams = map[string]string{
	"REGEXP_LIKE":    "SRCSTR PATTERN MODIFIER",
	"REGEXP_COUNT":   "SRCSTR PATTERN POSITION=1 MODIFIER",
	"REGEXP_SUBSTR":  "SRCSTR PATTERN POSITION=1 OCCURRENCE=1 MODIFIER SUBEXPRESSION=0",
	"REGEXP_INSTR":   "SRCSTR PATTERN POSITION=1 OCCURRENCE=1 RETURNPARAM=0 MODIFIER SUBEXPRESSION=0",
	"REGEXP_REPLACE": "SRCSTR PATTERN REPLACESTR POSITION=1 OCCURRENCE=0 MODIFIER",
	"XMLTYPE":        "XMLDATA SCHEMA VALIDATED=0 WELLFORMED=0", "XMLTYPE.CREATEXML": "XMLDATA SCHEMA VALIDATED=0 WELLFORMED=0",
}

// namedBuiltin puts the named arguments of a built-in function into their places. What does not fit is left as it is, and refused by name.
func namedBuiltin(inv *ir.Invoke, name string) {
	params := strings.Fields(builtinParams[name])
	if len(params) == 0 || !anyNamed(inv.Args) {
		return
	}
	out := make([]ir.Expr, len(params))
	last := -1
	for i, a := range inv.Args {
		at, value := i, a
		if n, ok := a.(*ir.NamedArg); ok {
			at, value = paramAt(params, n.Name.Text), n.Value
		}
		if at < 0 || at >= len(params) || out[at] != nil {
			return
		}
		out[at], last = value, max(last, at)
	}
	if out[0] == nil || out[1] == nil && params[1] == "PATTERN" {
		return
	}
	out = out[:last+1]
	for i := range out {
		if out[i] == nil {
			out[i] = defaultOf(inv, params[i])
		}
	}
	inv.Args = out
}

func anyNamed(args []ir.Expr) bool {
	for _, a := range args {
		if _, ok := a.(*ir.NamedArg); ok {
			return true
		}
	}
	return false
}

// paramAt is the place of a parameter, -1 if none has the name.
func paramAt(params []string, name string) int {
	for i, p := range params {
		if n, _, _ := strings.Cut(p, "="); strings.EqualFold(n, name) {
			return i
		}
	}
	return -1
}

// defaultOf is the value of a parameter that a call leaves out.
func defaultOf(inv *ir.Invoke, param string) ir.Expr {
	_, v, ok := strings.Cut(param, "=")
	switch {
	case v == "FALSE":
		b := &ir.Bool{}
		b.Meta, b.Type = inv.Meta, types.Bool{}
		return b
	case ok:
		n := &ir.Number{Text: v}
		n.Meta, n.Type = inv.Meta, types.Decimal{Precision: 1}
		return n
	}
	n := &ir.Null{}
	n.Meta, n.Type = inv.Meta, types.Null{}
	return n
}

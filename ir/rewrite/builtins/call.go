package builtins

import (
	"strings"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

// call lowers a built-in function.
func (l *lowering) call(c *ir.Call) ir.Expr {
	switch c.Op {
	case op.OraSQLCode, op.OraSQLErrM, op.OraRaise, op.OraConnectPath:
		return c // of handlers, of statements that raise, and of hierarchical queries
	}
	for _, lower := range []func(*ir.Call) (ir.Expr, bool){l.number, l.text, l.dateFunction, l.conversion, l.other} {
		if x, ok := lower(c); ok {
			return x
		}
	}
	return l.refuse(refusedFunction, c, "%s", strings.TrimSpace(c.Name+" "+string(c.Op)))
}

// other lowers the rest; ok is false for what is not known.
func (l *lowering) other(c *ir.Call) (ir.Expr, bool) {
	switch c.Op {
	case op.Coalesce:
		return l.coalesce(c), true
	case op.NullIf:
		l.padded(&c.Args[0], &c.Args[1])
		if isNull(c.Args[1]) {
			return c.Args[0], true
		}
		return l.target("nullif", c, c.Args...), true
	case op.OraGreatest, op.OraLeast:
		return l.extreme(c), true
	case op.OraUser:
		return l.user(c), true
	case op.OraSysGUID:
		return l.helper("sys_guid", c), true
	case op.OraSysContext:
		return l.helper("sys_context", c, c.Args[:2]...), true
	case op.OraUserEnv:
		return l.helper("userenv", c, c.Args...), true
	case op.OraSupplied:
		return l.supplied(c), true
	}
	return nil, false
}

// coalesce: NVL and COALESCE without the NULLs among the values.
func (l *lowering) coalesce(c *ir.Call) ir.Expr {
	var args []ir.Expr
	for _, a := range c.Args {
		if !isNull(a) {
			args = append(args, a)
		}
		if build.IsConstant(a) && !isNull(a) {
			break
		}
	}
	switch len(args) {
	case 0:
		return build.Make(&ir.Null{}, c, c.Type, code)
	case 1:
		return args[0]
	}
	for i := range args {
		if fixed(c) == 0 {
			args[i] = l.blanks(args[i])
		}
	}
	return l.target("coalesce", c, args...)
}

// supplied calls the helper routine of a supplied package's routine.
func (l *lowering) supplied(c *ir.Call) ir.Expr {
	if (c.Name == "DBMS_CRYPTO.ENCRYPT" || c.Name == "DBMS_CRYPTO.DECRYPT") && l.p.Policy.Crypto != "pgcrypto" {
		return l.refuse(noCrypto, c, "%s", c.Name)
	}
	name := strings.ToLower(strings.ReplaceAll(c.Name, ".", "_"))
	if name == "dbms_session_sleep" {
		name = "dbms_lock_sleep"
	}
	args := make([]ir.Expr, len(c.Args))
	for i, a := range c.Args {
		switch {
		case types.IsNumeric(a.TypeOf()):
			args[i] = decimalArgument(a)
			if kindOf(a) == small {
				args[i] = argument(a)
			}
		case isText(a):
			args[i] = l.blanks(a)
		default:
			args[i] = a
		}
	}
	h := l.p.Helper(name, c, args...)
	return h
}

func (l *lowering) quantified(e *ir.Quantified) ir.Expr {
	if e.Query != nil {
		return e
	}
	word := "ANY"
	if e.All {
		word = "ALL"
	}
	o := map[ir.CompareOp]string{ir.Eq: "=", ir.Ne: "<>", ir.Lt: "<", ir.Le: "<=", ir.Gt: ">", ir.Ge: ">="}[e.Op]
	if _, row := e.X.(*ir.RowExpr); row || o == "" {
		return l.refuse(refusedExpression, e, "%s of a list of rows", word)
	}
	x := e.X
	if e.Op != ir.Eq && e.Op != ir.Ne {
		x = l.byBytes(x, e.List...)
	}
	list := build.Make(&ir.ArrayExpr{Items: e.List}, e, types.Array{Elem: e.X.TypeOf()}, code)
	return build.Op(o, e, types.Bool{}, code, x, build.Call(word, e, types.Array{Elem: e.X.TypeOf()}, code, list))
}

package plsql

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/types"
)

// The stubs of this file are replaced by expr.go, convert.go, functions.go: what the rest of the package expects of them.

// expr resolves an expression and gives what it becomes; a predicate keeps types.Bool. It never returns nil for an expression.
func (r *Resolver) expr(sc *scope, e ir.Expr) ir.Expr { return e }

// value is expr for a place of SQL or PL/SQL that takes a value.
func (r *Resolver) value(sc *scope, e ir.Expr) ir.Expr { return r.expr(sc, e) }

// condition is expr for a place that takes a condition: the result has types.Bool.
func (r *Resolver) condition(sc *scope, e ir.Expr) ir.Expr { return r.expr(sc, e) }

// store converts a resolved value implicitly to the type of the column, variable, parameter or result that takes it.
func (r *Resolver) store(e ir.Expr, to types.Type) ir.Expr { return e }

// builtin makes a built-in function or aggregate of a call whose arguments are not resolved yet; name is in upper case, without SYS.STANDARD.
// It returns nil if no built-in function (or value, such as SYSDATE) has that name.
func (r *Resolver) builtin(sc *scope, inv *ir.Invoke, name string) ir.Expr { return nil }

// common is the type that the values of a column of a set operation, of CASE and the like have together.
func (r *Resolver) commonType(list []types.Type) types.Type { return list[0] }

// convertible tells how well a value of one type fits a parameter of another: 0 the same, higher is worse, -1 not at all.
func convertible(from, to types.Type) int { return 0 }

func expressionCodes() []*diag.Code { return nil }

package plsql

import (
	"godwit/ir"
	"godwit/ir/types"
)

// view is the query of a view whose columns are found on demand.
type view struct{ query ir.Query }

func (r *Resolver) declare(u *ir.Unit, s ir.Stmt)               {}
func (r *Resolver) statement(sc *scope, s ir.Stmt) ir.Stmt       { return s }

// name binds a name used as a value. It may become another node: a call without parentheses, the count of a collection, the next
// number of a sequence. It never returns nil.
func (r *Resolver) name(sc *scope, n *ir.Name) ir.Expr { return n }

// invoke tells what x(args) is: a user's routine, an element or method of a collection, a constructor, else r.builtin. Its arguments are
// resolved by it, except those of built-in functions, which r.builtin resolves. It never returns nil.
func (r *Resolver) invoke(sc *scope, inv *ir.Invoke) ir.Expr { return inv }

// query resolves a query that stands in sc and fills its row type.
func (r *Resolver) query(sc *scope, q ir.Query) ir.Query { return q }

// part resolves the nodes of expressions that depend on names of objects: Field, Element, Construct, CursorAttr, NextValue, Pseudo,
// CollectionCall, CursorExpr, Subquery (its query only), NamedArg (its value). ok is false for other nodes.
func (r *Resolver) part(sc *scope, e ir.Expr) (x ir.Expr, ok bool) { return e, false }

// typeOf gives the type that a Ref stands for, and fills in what a built-in type leaves open (collations). The frame may be nil.
func (r *Resolver) typeOf(f *frame, t types.Type, at ir.Node) types.Type { return t }

package control

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
)

// Target is the declaration behind a name: *ir.VarDecl or *ir.ParamDecl, nil for anything else.
func Target(e ir.Expr) ir.Node {
	n, ok := e.(*ir.Name)
	if !ok {
		return nil
	}
	switch r := n.Ref.(type) {
	case *ir.VarRef:
		return r.Decl
	case *ir.ParamRef:
		return r.Param
	}
	return nil
}

// Written lists the expressions that a node itself assigns or changes: variables, parameters, parts of these, and user variables.
func Written(n ir.Node) []ir.Expr {
	switch n := n.(type) {
	case *ir.SetItem:
		return []ir.Expr{n.Target}
	case *ir.FetchCursor:
		return n.Into
	case *ir.DiagItem:
		return []ir.Expr{n.Target}
	case *ir.Execute:
		out := append(n.Into[:len(n.Into):len(n.Into)], n.Returning...)
		for i, m := range n.Modes {
			if m != catalog.In {
				out = append(out, n.Using[i])
			}
		}
		return out
	case *ir.Insert:
		return n.Into
	case *ir.Update:
		return n.Into
	case *ir.Delete:
		return n.Into
	case *ir.Select:
		return n.Into
	case *ir.SetOp:
		return n.Into
	case *ir.Values:
		return n.Into
	case *ir.Loop:
		return n.Targets
	case *ir.CallProc:
		if n.Routine == nil { // all arguments, perhaps
			return n.Args
		}
		return outArgs(n.Routine, n.Args)
	case *ir.RoutineCall:
		return outArgs(n.Routine, n.Args)
	case *ir.Invocation:
		if c, ok := n.X.(*ir.CollectionCall); ok {
			return []ir.Expr{c.X}
		}
	}
	return nil
}

// outArgs are the arguments that a call may change.
func outArgs(o *catalog.Routine, args []ir.Expr) []ir.Expr {
	if o == nil {
		return nil
	}
	var out []ir.Expr
	for i, a := range args {
		if p, value, _ := Param(o, i, a); p != nil && p.Mode != catalog.In {
			out = append(out, value)
		}
	}
	return out
}

// Param is the parameter that an argument stands for, nil if there is none, and the argument's value.
func Param(o *catalog.Routine, i int, a ir.Expr) (*catalog.Param, ir.Expr, *ir.NamedArg) {
	n, ok := a.(*ir.NamedArg)
	if !ok {
		if i >= len(o.Params) {
			return nil, a, nil
		}
		return &o.Params[i], a, nil
	}
	for k := range o.Params {
		if strings.EqualFold(o.Params[k].Name, n.Name.Text) {
			return &o.Params[k], n.Value, n
		}
	}
	return nil, n.Value, n
}

// Root is the name that an assigned expression begins with: m of m(2).x; nil if it does not begin with one. The name itself may be
// one of a field (*ir.FieldRef).
func Root(e ir.Expr) *ir.Name {
	switch x := e.(type) {
	case *ir.Name:
		return x
	case *ir.Element:
		return Root(x.X)
	case *ir.Field:
		return Root(x.X)
	case *ir.Subscript:
		return Root(x.X)
	case *ir.NamedArg:
		return Root(x.Value)
	}
	return nil
}

// DeclOf is the declaration of the variable or parameter that the name is, or is a field of.
func DeclOf(n *ir.Name) ir.Node {
	for {
		f, ok := n.Ref.(*ir.FieldRef)
		if !ok {
			return Target(n)
		}
		of, ok := f.Of.(*ir.Name)
		if !ok {
			return nil
		}
		n = of
	}
}

// Uses lists the names at or below n that read and that assign the declaration, in textual order. An argument that a call
// may change, and a variable of which a part is assigned, count as both.
func Uses(n ir.Node, decl ir.Node) (reads, writes []*ir.Name) {
	assigned := map[ir.Node]bool{}
	both := map[ir.Node]bool{}
	ir.Walk(n, func(x ir.Node) bool {
		for _, e := range Written(x) {
			root := Root(e)
			if root == nil {
				continue
			}
			assigned[root] = true
			switch x := x.(type) {
			case *ir.CallProc, *ir.RoutineCall, *ir.Invocation:
				both[root] = true
			case *ir.Execute:
				both[root] = slices.Contains(x.Using, e)
			}
			if _, field := root.Ref.(*ir.FieldRef); field || ir.Expr(root) != e {
				both[root] = true
			}
		}
		name, ok := x.(*ir.Name)
		if !ok || DeclOf(name) != decl {
			return true
		}
		if assigned[name] {
			writes = append(writes, name)
		}
		if !assigned[name] || both[name] {
			reads = append(reads, name)
		}
		return true
	})
	return reads, writes
}

// Writes tells that running n changes rows or objects of the database, or may do so.
func Writes(n ir.Node) bool {
	return ir.Find(n, writes)
}

func writes(x ir.Node) bool {
	switch x := x.(type) {
	case *ir.Insert, *ir.Update, *ir.Delete, *ir.Truncate, *ir.CreateTable, *ir.AlterTable, *ir.CreateIndex,
		*ir.Drop, *ir.RenameTables, *ir.CreateView, *ir.Execute, *ir.LockTables, *ir.Grant:
		return true
	case *ir.RawStmt:
		return !strings.HasSuffix(x.Text, emptyResult)
	case *ir.CallProc:
		return x.Routine == nil || x.Routine.Facts.Writes
	case *ir.RoutineCall:
		return x.Routine == nil || x.Routine.Facts.Writes
	}
	return false
}

// Transactional tells that n starts or ends transactions itself (in a callee: if it is known to do so).
func Transactional(n ir.Node) bool {
	return ir.Find(n, func(x ir.Node) bool {
		switch x := x.(type) {
		case *ir.Transaction:
			return true
		case *ir.CallProc:
			return x.Routine != nil && x.Routine.Facts.Transaction
		}
		return false
	})
}

// Leaves tells that control never reaches the end of the list: its last statement returns, raises or jumps.
func Leaves(list []ir.Stmt) bool {
	if len(list) == 0 {
		return false
	}
	switch n := list[len(list)-1].(type) {
	case *ir.Return, *ir.Signal, *ir.Iterate:
		return true
	case *ir.Leave:
		return n.When == nil
	case *ir.Raise:
		return n.Level == "" || n.Level == "EXCEPTION"
	case *ir.Block:
		return n.Label == "" && len(n.Except) == 0 && Leaves(n.Body)
	case *ir.If:
		for _, b := range n.Branches {
			if !Leaves(b.Body) {
				return false
			}
		}
		return n.Else != nil && Leaves(n.Else)
	}
	return false
}

// List is the statements of a body: those of a block without declarations, label and handlers, or the statement itself.
func List(s ir.Stmt) []ir.Stmt {
	if s == nil {
		return nil
	}
	if b, ok := s.(*ir.Block); ok && len(b.Decls) == 0 && len(b.Except) == 0 && (b.Label == "" || !LeavesLabel(b.Body, b.Label)) {
		return b.Body
	}
	return []ir.Stmt{s}
}

// LeavesLabel tells that a statement of the list leaves the label.
func LeavesLabel(list []ir.Stmt, label string) bool {
	for _, s := range list {
		if ir.Find(s, func(n ir.Node) bool {
			l, ok := n.(*ir.Leave)
			return ok && l.Label == label
		}) {
			return true
		}
	}
	return false
}

// Copy clones a statement so that names in the copy refer to the copy's own declarations.
func Copy(s ir.Stmt) ir.Stmt {
	c := ir.CloneOwn(s)
	var from, to []*ir.VarDecl
	collect := func(out *[]*ir.VarDecl) func(ir.Node) bool {
		return func(n ir.Node) bool {
			if v, ok := n.(*ir.VarDecl); ok {
				*out = append(*out, v)
			}
			return true
		}
	}
	ir.Walk(s, collect(&from))
	ir.Walk(c, collect(&to))
	if len(from) == 0 || len(from) != len(to) {
		return c
	}
	m := map[*ir.VarDecl]*ir.VarDecl{}
	for i := range from {
		m[from[i]] = to[i]
	}
	ir.Walk(c, func(n ir.Node) bool {
		if name, ok := n.(*ir.Name); ok {
			if r, ok := name.Ref.(*ir.VarRef); ok && m[r.Decl] != nil {
				name.Ref = &ir.VarRef{Decl: m[r.Decl]}
			}
		}
		return true
	})
	return c
}

// Into lists the targets of a query's INTO.
func Into(q ir.Query) []ir.Expr {
	if m := ir.Common(q); m != nil {
		return m.Into
	}
	return nil
}

// IsProgram tells that the statement holds procedural code: a routine, a trigger, an event, an anonymous block.
func IsProgram(s ir.Stmt) bool {
	switch s.(type) {
	case *ir.Routine, *ir.CreateTrigger, *ir.CreateEvent, *ir.Block:
		return true
	}
	return false
}

// Body is the code of a program, nil if there is none.
func Body(s ir.Stmt) ir.Stmt {
	switch n := s.(type) {
	case *ir.Routine:
		return n.Body
	case *ir.CreateTrigger:
		return n.Body
	case *ir.CreateEvent:
		return n.Body
	case *ir.Block:
		return n
	}
	return nil
}

// SetBody replaces the code of a program.
func SetBody(s, body ir.Stmt) {
	switch n := s.(type) {
	case *ir.Routine:
		n.Body = body
	case *ir.CreateTrigger:
		n.Body = body
	case *ir.CreateEvent:
		n.Body = body
	}
}

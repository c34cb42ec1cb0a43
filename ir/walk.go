package ir

import "fmt"

// Walk calls f for n and everything below it, parents first; f returns false to skip what is below.
func Walk(n Node, f func(Node) bool) {
	if n != nil {
		n.walk(f)
	}
}

// WalkStatements is Walk for statements, declarations and what they stand in: nothing else is visited or entered. Statements of a
// query's WITH are part of the query.
func WalkStatements(n Node, f func(Node) bool) {
	Walk(n, func(c Node) bool { return HoldsStatements(c) && f(c) })
}

// HoldsStatements tells that n is a statement or a declaration, or that such can stand below it.
func HoldsStatements(n Node) bool { return statementKinds.Has(n.NodeKind()) }

// Children calls f for every direct child of n, in source order of the fields.
func Children(n Node, f func(Node)) { n.children(f) }

// Find tells whether any node at or below n satisfies f.
func Find(n Node, f func(Node) bool) bool {
	found := false
	Walk(n, func(c Node) bool {
		if !found && f(c) {
			found = true
		}
		return !found
	})
	return found
}

// Splice stands for several statements (or none) where one stood; a map function returns it for a Stmt in a list.
// It never stays in a tree.
type Splice struct {
	StmtMeta
	Stmts []Stmt
}

// flat are the statements of a splice, in place of splices among them their statements.
func (s *Splice) flat() []Stmt {
	var out []Stmt
	for i, x := range s.Stmts {
		inner, nested := x.(*Splice)
		switch {
		case nested && out == nil:
			out = append(append(make([]Stmt, 0, len(s.Stmts)+4), s.Stmts[:i]...), inner.flat()...)
		case nested:
			out = append(out, inner.flat()...)
		case out != nil:
			out = append(out, x)
		}
	}
	if out == nil {
		return s.Stmts
	}
	return out
}

// mapper is what a tree is mapped by: expr takes the expressions, post what it does not take.
type mapper struct {
	pre  func(Node) bool
	post func(Node) Node
	expr func(Expr) Expr
}

// Map rewrites the tree bottom-up: every node below n, then n itself, is replaced by what f makes of it.
// f returns the node itself to keep it, a node of the same class to replace it, nil to remove it from a list,
// or, for a statement in a list, a *Splice to put several statements in its place.
// Where a field takes a concrete type (*Name, *Select), f must return that type.
func Map[T Node](n T, f func(Node) Node) T { return MapPre(n, nil, f) }

// MapPre is Map with a pre function: where it returns false the node is kept as it is and not entered.
func MapPre[T Node](n T, pre func(Node) bool, f func(Node) Node) T {
	m := &mapper{pre: pre, post: f}
	r, same := n.mapped(m)
	if same {
		return n
	}
	return as[T](r, n)
}

// MapStmts is MapPre for a list of statements; the list itself is kept as it is.
func MapStmts(list []Stmt, pre func(Node) bool, f func(Node) Node) []Stmt {
	m := &mapper{pre: pre, post: f}
	for i, s := range list {
		if r, same := s.mapped(m); !same {
			return mapRest(m, list, i, r)
		}
	}
	return list
}

// MapExprs is Map for expressions only: every other node is kept.
func MapExprs[T Node](n T, f func(Expr) Expr) T {
	m := &mapper{expr: f}
	r, same := n.mapped(m)
	if same {
		return n
	}
	return as[T](r, n)
}

// as is what became of old.
func as[T Node](r Node, old Node) T {
	if r == nil {
		var zero T
		return zero
	}
	t, ok := r.(T)
	if ok {
		return t
	}
	if s, isSplice := r.(*Splice); isSplice {
		return one[T](s, old)
	}
	panic(fmt.Sprintf("ir: a rule put %T where %T stood", r, old))
}

// one is what became of old where a single node stands. A single statement (a body, a branch) may become several: they go into a
// block without declarations.
func one[T Node](r Node, old Node) T {
	if s, isSplice := r.(*Splice); isSplice {
		b := &Block{Body: s.flat()}
		b.Span = old.Base().Span
		r = b
	}
	return as[T](r, old)
}

// mapRest makes a new list of one whose element i, the first to change, became r: what is before it is kept, what is behind
// it is mapped.
func mapRest[T Node](m *mapper, list []T, i int, r Node) []T {
	out := make([]T, i, len(list))
	copy(out, list)
	out = put(out, r, list[i])
	for _, n := range list[i+1:] {
		if isNil(n) {
			out = append(out, n)
			continue
		}
		if r, same := n.mapped(m); same {
			out = append(out, n)
		} else {
			out = put(out, r, n)
		}
	}
	return out
}

// put adds what became of old.
func put[T Node](out []T, r Node, old T) []T {
	switch r := r.(type) {
	case nil:
		return out
	case *Splice:
		for _, s := range r.flat() {
			out = append(out, as[T](s, old))
		}
		return out
	}
	return append(out, as[T](r, old))
}

// Clone copies a tree. References (Ref, Object, Table) still point to the same declarations and catalog entries.
func Clone[T Node](n T) T {
	if isNil(n) {
		return n
	}
	return n.clone().(T)
}

// CloneOwn is Clone with names that mean columns of the copy's own items of FROM, and aliases of its own items of SELECT: rules that look for
// the names of an item of FROM find them in the copy as they do in the original.
func CloneOwn[T Node](n T) T {
	c := Clone(n)
	if isNil(n) {
		return c
	}
	var from, to []Node
	owners := func(out *[]Node) func(Node) bool {
		return func(n Node) bool {
			switch n.(type) {
			case TableExpr, *SelectItem:
				*out = append(*out, n)
			}
			return true
		}
	}
	Walk(n, owners(&from))
	Walk(c, owners(&to))
	if len(from) == 0 || len(from) != len(to) {
		return c
	}
	own := make(map[Node]Node, len(from))
	for i := range from {
		own[from[i]] = to[i]
	}
	Walk(c, func(n Node) bool {
		if x, ok := n.(*Name); ok {
			x.Ref = ownRef(x.Ref, own)
		}
		return true
	})
	return c
}

// ownRef is what a name of a copy stands for, where the copy has what the original's name stands for.
func ownRef(r Ref, own map[Node]Node) Ref {
	switch r := r.(type) {
	case *ColumnRef:
		if t, ok := own[r.From].(TableExpr); ok && r.From != nil {
			return &ColumnRef{Table: r.Table, Column: r.Column, From: t}
		}
	case *OutputRef:
		if t, ok := own[r.From].(TableExpr); ok && r.From != nil {
			return &OutputRef{From: t, Column: r.Column, Of: r.Of}
		}
	case *AliasRef:
		if i, ok := own[r.Item].(*SelectItem); ok && r.Item != nil {
			return &AliasRef{Item: i}
		}
	}
	return r
}

func isNil[T Node](n T) bool {
	var zero T
	return any(n) == any(zero)
}

func cloneList[T Node](list []T) []T {
	if list == nil {
		return nil
	}
	out := make([]T, len(list))
	for i, n := range list {
		out[i] = Clone(n)
	}
	return out
}

func cloneMeta(m *Meta) {
	m.Lead = append(m.Lead[:0:0], m.Lead...)
	m.Trail = append(m.Trail[:0:0], m.Trail...)
	m.Origin = append(m.Origin[:0:0], m.Origin...)
}

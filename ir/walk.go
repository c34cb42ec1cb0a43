package ir

import "fmt"

func unknownNode(n Node) string { return fmt.Sprintf("ir: no case for node %T", n) }

// Walk calls f for n and everything below it, parents first; f returns false to skip what is below.
func Walk(n Node, f func(Node) bool) {
	if n == nil || !f(n) {
		return
	}
	Children(n, func(c Node) { Walk(c, f) })
}

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

type mapper struct {
	pre  func(Node) bool
	post func(Node) Node
}

func (m *mapper) do(n Node) Node {
	if m.pre != nil && !m.pre(n) {
		return n
	}
	mapChildren(n, m)
	return m.post(n)
}

// Map rewrites the tree bottom-up: every node below n, then n itself, is replaced by what f makes of it.
// f returns the node itself to keep it, a node of the same class to replace it, nil to remove it from a list,
// or, for a statement in a list, a *Splice to put several statements in its place.
// Where a field takes a concrete type (*Name, *Select), f must return that type.
func Map[T Node](n T, f func(Node) Node) T { return MapPre(n, nil, f) }

// MapPre is Map with a pre function: where it returns false the node is kept as it is and not entered.
func MapPre[T Node](n T, pre func(Node) bool, f func(Node) Node) T {
	m := &mapper{pre: pre, post: f}
	return as[T](m.do(n), n)
}

func as[T Node](r Node, old Node) T {
	if r == nil {
		var zero T
		return zero
	}
	t, ok := r.(T)
	if ok {
		return t
	}
	// A single statement (a body, a branch) may become several: they go into a block without declarations.
	if s, isSplice := r.(*Splice); isSplice {
		b := &Block{Body: s.Stmts}
		b.Span = old.Base().Span
		if t, ok := Node(b).(T); ok {
			return t
		}
	}
	panic(fmt.Sprintf("ir: a rule put %T where %T stood", r, old))
}

func mapOne[T Node](m *mapper, n T) T { return as[T](m.do(n), n) }

func mapList[T Node](m *mapper, list []T) []T {
	if list == nil {
		return nil
	}
	out := make([]T, 0, len(list))
	for _, n := range list {
		r := m.do(n)
		switch r := r.(type) {
		case nil:
		case *Splice:
			for _, s := range r.Stmts {
				out = append(out, as[T](s, n))
			}
		default:
			out = append(out, as[T](r, n))
		}
	}
	return out
}

// Clone copies a tree. References (Ref, Object, Table) still point to the same declarations and catalog entries.
func Clone[T Node](n T) T {
	if isNil(n) {
		return n
	}
	return cloneNode(n).(T)
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

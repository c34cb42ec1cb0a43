package ir

import "strconv"

// NodeKind is the number of a type of node: KindInsert, KindCall, ...; or of a trait: HasHints, CallsText, ...
type NodeKind uint16

// String is the name of the node's type, or the number of a trait.
func (k NodeKind) String() string {
	if k < nodeKinds {
		return NodeNames[k]
	}
	return "trait " + strconv.Itoa(int(k-nodeKinds))
}

// nodeMethods are what ir/gen writes for every node.
type nodeMethods interface {
	walk(f func(Node) bool)
	children(f func(Node))
	// look adds the kinds and traits of the node and of everything below it.
	look(s *NodeKinds)
	// mapped is what m makes of the node, and whether that is the node itself.
	mapped(m *mapper) (r Node, same bool)
	clone() Node
}

// NodeKinds is a set of kinds and traits.
type NodeKinds [(lastTrait + 63) / 64]uint64

// Kinds makes a set.
func Kinds(list ...NodeKind) NodeKinds {
	var s NodeKinds
	for _, k := range list {
		s.Add(k)
	}
	return s
}

// Add puts a kind into the set.
func (s *NodeKinds) Add(k NodeKind) { s[k/64] |= 1 << (k % 64) }

// Has tells whether a kind is in the set.
func (s *NodeKinds) Has(k NodeKind) bool { return s[k/64]&(1<<(k%64)) != 0 }

// Meets tells whether the sets have a kind in common.
func (s *NodeKinds) Meets(o *NodeKinds) bool {
	for i := range s {
		if s[i]&o[i] != 0 {
			return true
		}
	}
	return false
}

// Join puts all kinds of another set into the set.
func (s *NodeKinds) Join(o NodeKinds) {
	for i := range s {
		s[i] |= o[i]
	}
}

// IsEmpty tells that the set has no kind.
func (s *NodeKinds) IsEmpty() bool { return *s == NodeKinds{} }

// Look adds the kinds and traits of n and everything below it to the set.
func (s *NodeKinds) Look(n Node) {
	if n != nil {
		n.look(s)
	}
}

package ir

// Violation is a node that is left although the target cannot express it.
type Violation struct {
	Node Node
	Why  string
}

// Verify proves that only what the target can express is left in a unit after the last rule; expressible is the
// emitter's own list. A refused statement (Unsupported) is not looked into.
func Verify(u *Unit, expressible func(Node) (why string, ok bool)) []Violation {
	var bad []Violation
	for _, s := range u.Stmts {
		Walk(s, func(n Node) bool {
			if why, ok := expressible(n); !ok {
				bad = append(bad, Violation{Node: n, Why: why})
				return false
			}
			return true
		})
	}
	return bad
}
